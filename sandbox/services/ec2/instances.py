# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances: what they need, and how they come and go."""

import re
from urllib.parse import parse_qsl, urlencode

from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import MetadataOptions

from ... import delays
from ...errors import AwsError
from .. import answer, backend, before, check, correct
from ..service_quotas.quotas import quota
from .launch_templates import find_template, find_version
from .shared import forget_interface

IMAGE = re.compile(r"ami-([0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:.+")
STANDARD = re.compile(r"[acdhimrtz]\d?[a-z0-9-]*\.")  # families that one quota counts
CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
ALIVE = ("pending", "running")
# Operation: (state on the way, state in the end, how long it takes)
CHANGES = {
    "RunInstances": ("pending", "running", "instance-start"),
    "StartInstances": ("pending", "running", "instance-start"),
    "StopInstances": ("stopping", "stopped", "instance-stop"),
    "TerminateInstances": ("shutting-down", "terminated", "instance-terminate"),
}


@before("ec2")
def settle(call):
    """Let the instances whose time has come be what they were to be."""
    for instance in backend(call).all_instances():
        end, moment = getattr(instance, "sandbox_end", (None, None))
        if end and delays.is_past(moment):
            _enter(instance, end)
            instance.sandbox_end = (None, None)
        if instance.state == "terminated" and not hasattr(instance, "sandbox_gone"):
            instance.sandbox_gone = True
            _forget_interfaces(instance)


def _enter(instance, state):
    instance._state.name, instance._state.code = state, CODES[state]


def _forget_interfaces(instance):
    """An interface that came with an instance goes with it, which moto forgets unless it is told."""
    for interface in instance.nics.values():
        if getattr(interface, "sandbox_kept", False):
            interface.instance, interface.attachment_id, interface.status = None, None, "available"
        else:
            forget_interface(instance.ec2_backend, interface.id)


@correct("ec2", "DescribeInstances")
def show_instances(_call, parsed):
    """What is terminated has no network any more."""
    for view in [item for reservation in parsed["Reservations"] for item in reservation["Instances"]]:
        if view["State"]["Name"] == "terminated":
            for name in ("NetworkInterfaces", "PrivateIpAddress", "SubnetId", "VpcId"):
                view.pop(name, None)


def _template_data(call):
    given = call.parameters.get("LaunchTemplate")
    return find_version(find_template(call, given), given.get("Version") or "$Default").data if given else {}


@check("ec2", "RunInstances")
def check_launch(call):
    """What moto takes without having it: keys, groups of other networks, more than there may be."""
    parameters, state = _template_data(call) | call.parameters, backend(call)
    image = parameters.get("ImageId")
    if not image:
        raise AwsError("MissingParameter", "The request must contain the parameter ImageId", 400)
    if not IMAGE.fullmatch(image):
        raise AwsError("InvalidAMIID.Malformed", f'Invalid id: "{image}"', 400)
    least, most = int(call.parameters["MinCount"]), int(call.parameters["MaxCount"])
    if not 1 <= least <= most:
        message = f"Invalid value '{least}' for minCount: it must be from 1 to maxCount, {most}."
        raise AwsError("InvalidParameterValue", message, 400)
    if parameters.get("KeyName") and parameters["KeyName"] not in state.key_pairs:
        message = f"The key pair '{parameters['KeyName']}' does not exist"
        raise AwsError("InvalidKeyPair.NotFound", message, 400)
    _check_networks(state, parameters)
    _check_capacity(call, parameters.get("InstanceType") or "m1.small", least)
    # moto launches the least that is asked for, AWS as many as it can.
    members = [
        (name, str(most) if name == "MinCount" else value) for name, value in parse_qsl(call.body.decode(), True)
    ]
    call.body = urlencode(members).encode()


def _check_networks(state, parameters):
    groups = [state.get_security_group_from_id(number) for number in parameters.get("SecurityGroupIds") or []]
    for subnet in [state.get_subnet(number) for number in [parameters.get("SubnetId")] if number]:
        for group in groups:
            if group is not None and group.vpc_id != subnet.vpc_id:
                message = f"Security group {group.id} and subnet {subnet.id} belong to different networks."
                raise AwsError("InvalidParameter", message, 400)


def _cores(kind):
    return INSTANCE_TYPES.get(kind, {}).get("VCpuInfo", {}).get("DefaultVCpus", 1)


def _check_capacity(call, kind, count):
    running = [item for item in backend(call).all_instances() if item.state in ALIVE]
    used = sum(_cores(item.instance_type) for item in running if STANDARD.match(item.instance_type))
    most = quota(call, "ec2", "L-1216C47A")
    if STANDARD.match(kind) and used + count * _cores(kind) > most:
        message = (
            f"You have requested more vCPU capacity than your current vCPU limit of {most:g} allows for the instance "
            "bucket that the specified instance type belongs to."
        )
        raise AwsError("VcpuLimitExceeded", message, 400)


@correct("ec2", "RunInstances")
def start_instances(call, parsed):
    """What moto drops on the way, and the beginning of their lives."""
    state = backend(call)
    parameters = _template_data(call) | call.parameters
    kept = [item["NetworkInterfaceId"] for item in _given_interfaces(parameters)]
    for view in parsed["Instances"]:
        instance = state.get_instance(view["InstanceId"])
        instance.disable_api_termination = bool(parameters.get("DisableApiTermination"))
        instance.metadata_options = MetadataOptions(parameters.get("MetadataOptions"))
        instance.monitoring_state = "enabled" if (parameters.get("Monitoring") or {}).get("Enabled") else "disabled"
        for interface in instance.nics.values():
            interface.sandbox_kept = interface.id in kept
        view["State"] = {"Code": CODES["pending"], "Name": "pending"}
        _begin(call, instance)


def _given_interfaces(parameters):
    return [item for item in parameters.get("NetworkInterfaces") or [] if item.get("NetworkInterfaceId")]


def _begin(call, instance):
    on_the_way, end, duration = CHANGES[call.operation]
    moment = delays.ready_at(duration)
    if not delays.is_past(moment):
        _enter(instance, on_the_way)
        instance.sandbox_end = (end, moment)


@check("ec2", "StartInstances", "StopInstances", "TerminateInstances", "RebootInstances")
def check_states(call):
    """What has ended does not start again, and what is protected stays; nothing is done by halves."""
    call.sandbox_done = {}
    for instance in backend(call).get_multi_instances_by_id(call.parameters["InstanceIds"]):
        call.sandbox_done[instance.id] = instance.state == CHANGES.get(call.operation, ("", "", ""))[1]
        gone = instance.state in ("terminated", "shutting-down")
        if gone and call.operation != "TerminateInstances":
            message = f"The instance '{instance.id}' is not in a state from which it can be changed."
            raise AwsError("IncorrectInstanceState", message, 400)
        if call.operation == "StartInstances" and instance.state == "stopping":
            message = f"The instance '{instance.id}' is not in a state from which it can be started."
            raise AwsError("IncorrectInstanceState", message, 400)
        if call.operation == "TerminateInstances" and instance.disable_api_termination is True:
            message = f"The instance '{instance.id}' may not be terminated. Modify its 'disableApiTermination'."
            raise AwsError("OperationNotPermitted", message, 400)


@correct("ec2", "StartInstances", "StopInstances", "TerminateInstances")
def change_states(call, parsed):
    """On the way, unless it was there before."""
    for view in next(value for value in parsed.values() if isinstance(value, list)):
        number = view["InstanceId"]
        if call.sandbox_done[number]:
            view["CurrentState"] = view["PreviousState"]
        else:
            _begin(call, backend(call).get_instance(number))


@check("ec2", "ModifyInstanceAttribute")
def check_change(call):
    """Another type needs a stopped instance."""
    parameters = call.parameters
    instance = backend(call).get_instance(parameters["InstanceId"])
    changes = parameters.get("InstanceType") or parameters.get("Attribute") == "instanceType"
    if changes and instance.state != "stopped":
        message = f"The instance '{instance.id}' is not in the 'stopped' state."
        raise AwsError("IncorrectInstanceState", message, 400)


@answer("ec2", "MonitorInstances", "UnmonitorInstances")
def monitor(call):
    """moto has no detailed monitoring."""
    instances = backend(call).get_multi_instances_by_id(call.parameters["InstanceIds"])
    enabled = call.operation == "MonitorInstances"
    for instance in instances:
        instance.monitoring_state = "enabled" if enabled else "disabled"
    on_the_way = "pending" if enabled else "disabling"
    return {"InstanceMonitorings": [{"InstanceId": item.id, "Monitoring": {"State": on_the_way}} for item in instances]}
