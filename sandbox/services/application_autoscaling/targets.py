# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application Auto Scaling: targets that exist, policies with their alarms, and tags."""

from moto.backends import get_backend

from ...errors import AwsError
from .. import after, answer, backend, check, correct, lock
from .alarms import forget_alarms, replace_alarms

SERVICE = "application-autoscaling"
SUSPENDED = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")
ROLE = (
    "arn:aws:iam::{account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_ECSService"
)


def _invalid(message):
    return AwsError("ValidationException", message)


def _target(call):
    parameters = call.parameters
    targets = backend(call).targets.get(parameters["ScalableDimension"], {})
    return targets.get(parameters["ResourceId"])


def _require_target(call, what):
    if _target(call) is None:
        named = (
            "service namespace: {ServiceNamespace}, resource ID: {ResourceId}, scalable dimension: {ScalableDimension}"
        )
        message = f"No {what} found for {named.format(**call.parameters)}"
        raise AwsError("ObjectNotFoundException", message)


def _service(call):
    """The ECS service that a call is about, if it is about one and that is active."""
    parts = call.parameters["ResourceId"].split("/")
    if len(parts) != 3 or parts[0] != "service":
        return None
    service = get_backend("ecs")[call.account][call.region].services.get(f"{parts[1]}:{parts[2]}")
    return service if service is not None and service.status == "ACTIVE" else None


@check(SERVICE, "RegisterScalableTarget")
def check_target(call):
    """What is scaled exists, and its bounds fit each other."""
    parameters, present = call.parameters, _target(call)
    if parameters["ServiceNamespace"] == "ecs" and _service(call) is None:
        raise _invalid(f"ECS service doesn't exist: {parameters['ResourceId']}")
    bounds = [parameters.get("MinCapacity"), parameters.get("MaxCapacity")]
    if present is not None:
        bounds = [present.min_capacity if bounds[0] is None else bounds[0],
                  present.max_capacity if bounds[1] is None else bounds[1]]  # fmt: skip
        if parameters.get("Tags"):
            raise _invalid("Tags can be given for a new scalable target only; use TagResource for one that exists.")
    if None in bounds:
        raise _invalid("MinCapacity and MaxCapacity are required for a new scalable target.")
    if not 0 <= bounds[0] <= bounds[1]:
        raise _invalid("Maximum capacity cannot be less than minimum capacity")
    call.sandbox_suspended = present.suspended_state if present is not None else None


@after(SERVICE, "RegisterScalableTarget")
def complete_target(call):
    """AWS fills in what is left out, and brings the service up to the new minimum."""
    target = _target(call)
    before = call.sandbox_suspended or dict.fromkeys(SUSPENDED, False)
    target.suspended_state = before | (call.parameters.get("SuspendedState") or {})
    target.role_arn = target.role_arn or ROLE.format(account=call.account)
    if not hasattr(target, "sandbox_tags"):
        target.sandbox_tags = dict(call.parameters.get("Tags") or {})
    service = _service(call)
    if service is not None and service.desired_count < target.min_capacity:
        with lock("ecs"):
            service.desired_count, service.steady = target.min_capacity, False


@check(SERVICE, "DeregisterScalableTarget")
def check_deregistration(call):
    """moto has another code for it."""
    _require_target(call, "scalable target")


@after(SERVICE, "DeregisterScalableTarget")
def forget_policies(call):
    """The policies, their alarms and the scheduled actions go with the target."""
    state, named = backend(call), _named(call)
    for key, policy in list(state.policies.items()):
        if _identity(policy) == named:
            forget_alarms(state.policies.pop(key))
    state.scheduled_actions = [action for action in state.scheduled_actions if _identity(action) != named]


def _named(call):
    return tuple(call.parameters[name] for name in ("ServiceNamespace", "ResourceId", "ScalableDimension"))


def _identity(item):
    return item.service_namespace, item.resource_id, item.scalable_dimension


@check(SERVICE, "PutScalingPolicy", "PutScheduledAction")
def check_policy(call):
    """Both need a target; a policy needs what its type says."""
    _require_target(call, "scalable target registered")
    if call.operation == "PutScheduledAction":
        return
    parameters = call.parameters
    kind = parameters.get("PolicyType") or "StepScaling"
    if not parameters.get(f"{kind}PolicyConfiguration"):
        raise _invalid(f"{kind}PolicyConfiguration is required for a policy of type {kind}")
    tracking = parameters.get("TargetTrackingScalingPolicyConfiguration") or {}
    metric = tracking.get("PredefinedMetricSpecification") or {}
    if tracking and bool(metric) == bool(tracking.get("CustomizedMetricSpecification")):
        raise _invalid("Exactly one of a predefined and a customized metric must be specified.")
    if (metric.get("PredefinedMetricType") == "ALBRequestCountPerTarget") != bool(metric.get("ResourceLabel")):
        raise _invalid("A ResourceLabel is required for, and only allowed for, ALBRequestCountPerTarget.")
    call.sandbox_policy = _policy(call)


def _policy(call):
    name = call.parameters["PolicyName"]
    return next(
        (
            item
            for item in backend(call).policies.values()
            if _identity(item) == _named(call) and item.policy_name == name
        ),
        None,
    )


@correct(SERVICE, "PutScalingPolicy")
def complete_policy(call, parsed):
    """A policy that is changed keeps its ARN, and has one set of alarms, of what it tracks."""
    policy, old = _policy(call), call.sandbox_policy
    if old is not None:
        forget_alarms(old)
        policy.policy_arn, policy.creation_time = old.policy_arn, old.creation_time
    replace_alarms(policy)
    parsed.update(PolicyARN=policy.policy_arn, Alarms=_alarms(policy))


def _alarms(policy):
    return [{"AlarmName": alarm.name, "AlarmARN": alarm.alarm_arn} for alarm in policy.alarms]


@answer(SERVICE, "DescribeScalingPolicies")
def describe_policies(call):
    """moto ignores names, and takes a part of a resource's id for the whole."""
    parameters = call.parameters
    wanted = {
        "service_namespace": parameters["ServiceNamespace"], "resource_id": parameters.get("ResourceId"),
        "scalable_dimension": parameters.get("ScalableDimension"),
    }  # fmt: skip
    names = parameters.get("PolicyNames")
    return {
        "ScalingPolicies": [
            _view(policy)
            for policy in backend(call).policies.values()
            if all(value is None or getattr(policy, name) == value for name, value in wanted.items())
            and (not names or policy.policy_name in names)
        ]
    }


def _view(policy):
    shown = {
        "PolicyARN": policy.policy_arn, "PolicyName": policy.policy_name, "PolicyType": policy.policy_type,
        "ServiceNamespace": policy.service_namespace, "ResourceId": policy.resource_id,
        "ScalableDimension": policy.scalable_dimension, "CreationTime": policy.creation_time,
        "Alarms": _alarms(policy),
    }  # fmt: skip
    tracking = policy.target_tracking_scaling_policy_configuration
    if tracking:
        return shown | {"TargetTrackingScalingPolicyConfiguration": tracking}
    return shown | {"StepScalingPolicyConfiguration": policy.step_scaling_policy_configuration}


@check(SERVICE, "DeleteScalingPolicy")
def check_policy_deletion(call):
    """moto has another code for it."""
    if _policy(call) is None:
        message = f"No scaling policy found for policy name: {call.parameters['PolicyName']}"
        raise AwsError("ObjectNotFoundException", message)


@check(SERVICE, "DeleteScheduledAction")
def check_action_deletion(call):
    """moto deletes what is not there."""
    name, named = call.parameters["ScheduledActionName"], _named(call)
    actions = backend(call).scheduled_actions
    if not any(_identity(item) == named and item.scheduled_action_name == name for item in actions):
        raise AwsError("ObjectNotFoundException", f"No scheduled action found for scheduled action name: {name}")


def _tagged(call):
    for targets in backend(call).targets.values():
        for target in targets.values():
            if target.arn == call.parameters["ResourceARN"]:
                return target.sandbox_tags
    message = f"The resource doesn't exist: {call.parameters['ResourceARN']}"
    raise AwsError("ResourceNotFoundException", message)


@answer(SERVICE, "ListTagsForResource")
def list_tags(call):
    """moto does not have it."""
    return {"Tags": _tagged(call)}


@answer(SERVICE, "TagResource")
def tag(call):
    """moto does not have it."""
    _tagged(call).update(call.parameters["Tags"])
    return {}


@answer(SERVICE, "UntagResource")
def untag(call):
    """moto does not have it."""
    tags = _tagged(call)
    for key in call.parameters["TagKeys"]:
        tags.pop(key, None)
    return {}
