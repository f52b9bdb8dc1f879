# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups: what they launch, where, and how many."""

from moto.backends import get_backend

from ...errors import AwsError
from .. import after, backend, check
from ..ec2.launch_templates import find_template, find_version
from ..service_quotas.quotas import refuse_above
from .shared import find_group, invalid

SHORTEST_BEAT, LONGEST_BEAT = 30, 7200


@check("autoscaling", "CreateAutoScalingGroup")
def check_new_group(call):
    """A name of its own, somewhere to be, and sizes that fit together."""
    parameters, groups = call.parameters, backend(call).autoscaling_groups
    if parameters["AutoScalingGroupName"] in groups:
        message = "AutoScalingGroup by this name already exists - A group with the name already exists"
        raise AwsError("AlreadyExists", message, 400)
    refuse_above(call, "autoscaling", "L-CDE20ADC", len(groups) + 1, "LimitExceeded")
    if not parameters.get("VPCZoneIdentifier") and not parameters.get("AvailabilityZones"):
        raise invalid("At least one Availability Zone or VPC Subnet is required.")
    _check_sizes(int(parameters["MinSize"]), int(parameters["MaxSize"]), parameters.get("DesiredCapacity"))
    _check_launch(call)


@check("autoscaling", "UpdateAutoScalingGroup")
def check_group(call):
    """As a new one; what is left out stays, which moto forgets of a policy with several types."""
    group, parameters = find_group(call), call.parameters
    least, most = (parameters.get(name) for name in ("MinSize", "MaxSize"))
    least, most = group.min_size if least is None else least, group.max_size if most is None else most
    _check_sizes(int(least), int(most), parameters.get("DesiredCapacity"))
    _check_launch(call)
    call.sandbox_policy = group.mixed_instances_policy


@after("autoscaling", "UpdateAutoScalingGroup")
def keep_policy(call):
    """Until it is replaced."""
    given = ("MixedInstancesPolicy", "LaunchTemplate", "LaunchConfigurationName")
    if not any(call.parameters.get(name) for name in given):
        find_group(call).mixed_instances_policy = call.sandbox_policy


def _check_sizes(least, most, wanted):
    if least > most:
        raise invalid("Max bound, min bound and desired capacity must be consistent: min size is above max size")
    if wanted is not None and not least <= int(wanted) <= most:
        raise invalid(f"Desired capacity:{wanted} must be between the specified min size:{least} and max size:{most}")


def _check_launch(call):
    state, parameters = get_backend("ec2")[call.account][call.region], call.parameters
    for number in filter(None, (parameters.get("VPCZoneIdentifier") or "").split(",")):
        if not any(number in subnets for subnets in state.subnets.values()):
            raise invalid(f"The subnet ID '{number}' does not exist")
    given = parameters.get("LaunchTemplate")
    if given:
        check_template(call, given)


def check_template(call, given):
    """Refuse a launch template, or a version of one, that does not exist."""
    try:
        version = find_version(find_template(call, given), given.get("Version") or "$Default")
    except AwsError as error:
        raise invalid(f"You must use a valid fully-formed launch template. {error.message}") from error
    if not version.data.get("ImageId"):
        raise invalid(
            "You must use a valid fully-formed launch template. The request must contain the parameter ImageId"
        )


@check("autoscaling", "SetDesiredCapacity")
def check_capacity(call):
    """Within the group's bounds."""
    group, wanted = find_group(call), int(call.parameters["DesiredCapacity"])
    if wanted > group.max_size:
        raise invalid(
            f"New SetDesiredCapacity value {wanted} is above max value {group.max_size} for the AutoScalingGroup."
        )
    if wanted < group.min_size:
        raise invalid(
            f"New SetDesiredCapacity value {wanted} is below min value {group.min_size} for the AutoScalingGroup."
        )


@check("autoscaling", "DeleteAutoScalingGroup")
def refuse_full(call):
    """A group stays while it has instances, unless they are to go with it."""
    group = find_group(call)
    if group.instance_states and not call.parameters.get("ForceDelete"):
        message = "You cannot delete an AutoScalingGroup while there are instances still in the group."
        raise AwsError("ResourceInUse", message, 400)


@check("autoscaling", "CreateLaunchConfiguration")
def check_launch_configuration(call):
    """A name of its own."""
    configurations = backend(call).launch_configurations
    if call.parameters["LaunchConfigurationName"] in configurations:
        message = (
            "Launch Configuration by this name already exists - A launch configuration already exists with the name"
        )
        raise AwsError("AlreadyExists", message, 400)
    refuse_above(call, "autoscaling", "L-6B80B8FA", len(configurations) + 1, "LimitExceeded")


@check("autoscaling", "DeleteLaunchConfiguration")
def refuse_used(call):
    """It stays while a group uses it."""
    name = call.parameters["LaunchConfigurationName"]
    if any(
        getattr(group, "launch_configuration_name", None) == name for group in backend(call).autoscaling_groups.values()
    ):
        message = f"Cannot delete launch configuration {name} because it is attached to an AutoScalingGroup"
        raise AwsError("ResourceInUse", message, 400)


@check("autoscaling", "PutLifecycleHook")
def check_hook(call):
    """A new hook says when, and waits for half a minute to two hours."""
    group, parameters = find_group(call), call.parameters
    beat = parameters.get("HeartbeatTimeout")
    if beat is not None and not SHORTEST_BEAT <= int(beat) <= LONGEST_BEAT:
        raise invalid(f"Heartbeat timeout must be between {SHORTEST_BEAT} and {LONGEST_BEAT} seconds")
    known = backend(call).lifecycle_hooks.values()
    names = [hook.name for hook in known if hook.auto_scaling_group_name == group.name]
    if parameters["LifecycleHookName"] not in names and not parameters.get("LifecycleTransition"):
        raise invalid("LifecycleTransition is required for new lifecycle hooks")


@check("autoscaling", "PutScalingPolicy")
def check_policy(call):
    """Each type has its own parameters."""
    find_group(call)
    parameters, kind = call.parameters, call.parameters.get("PolicyType") or "SimpleScaling"
    needed = {
        "SimpleScaling": "ScalingAdjustment", "StepScaling": "StepAdjustments",
        "TargetTrackingScaling": "TargetTrackingConfiguration", "PredictiveScaling": "PredictiveScalingConfiguration",
    }  # fmt: skip
    if kind not in needed:
        raise invalid(f"Policy type '{kind}' is not one of {sorted(needed)}")
    if parameters.get(needed[kind]) in (None, []):
        raise invalid(f"{needed[kind]} must be specified for policies of the type {kind}")
    if kind in ("SimpleScaling", "StepScaling") and not parameters.get("AdjustmentType"):
        raise invalid(f"AdjustmentType must be specified for policies of the type {kind}")
