# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets of target groups: how healthy they are, which ECS decides for those of its tasks."""

import ipaddress

from moto.backends import get_backend

from ... import delays
from ...errors import AwsError
from .. import after, answer, backend, check
from .shared import find_group, refused

DESCRIPTIONS = {
    "Elb.RegistrationInProgress": "Target registration is in progress",
    "Target.ResponseCodeMismatch": "Health checks failed with these codes: [500]",
    "Target.DeregistrationInProgress": "Target deregistration is in progress",
    "Target.NotRegistered": "Target is not registered to the target group",
    "Target.NotInUse": "Target group is not configured to receive traffic from the load balancer",
}


def group_of(task, arn):
    """The target group that a task of ECS is a target of, if it is still there."""
    return get_backend("elbv2")[task.account_id][task.region_name].target_groups.get(arn)


def _states(group):
    return group.__dict__.setdefault("sandbox_states", {})


def register(group, address, port, zone):
    """Begin to check a new target."""
    group.targets[address] = {"Id": address, "Port": port, "AvailabilityZone": zone}
    _states(group)[address] = ("initial", "Elb.RegistrationInProgress", delays.ready_at("target-health"))


def deregister(group, address):
    """Begin to drain a target."""
    if group.targets.get(address):
        _states(group)[address] = (
            "draining", "Target.DeregistrationInProgress", delays.ready_at("target-deregistration")
        )  # fmt: skip


def settle(group):
    """Forget the targets that have drained."""
    for address, (state, _reason, moment) in list(_states(group).items()):
        if state == "draining" and delays.is_past(moment):
            del group.sandbox_states[address]
            group.targets.pop(address, None)


def judge(group, address, well):
    """Whether a target is healthy, as of now; None while nothing is known yet."""
    state, _reason, moment = _states(group).get(address, ("draining", None, 0))
    if state == "draining" or (state == "initial" and not delays.is_past(moment)):
        return None
    reason = None if well else "Target.ResponseCodeMismatch"
    group.sandbox_states[address] = ("healthy" if well else "unhealthy", reason, moment)
    return well


# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html: "Target type"
OUTSIDE = [ipaddress.ip_network(block) for block in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")]


@check("elbv2", "RegisterTargets")
def check_targets(call):
    """Addresses of the VPC, or private ones; instances that run."""
    group, network = find_group(call), get_backend("ec2")[call.account][call.region]
    for target in call.parameters["Targets"]:
        if group.target_type == "ip" and not _may_be_target(target["Id"], group.vpc_id, network):
            message = f"The IP address '{target['Id']}' is not within the VPC, nor within the allowed private ranges"
            raise refused("InvalidTarget", message)
        instances = {instance.id: instance for instance in network.all_instances()}
        if group.target_type == "instance" and not _runs(instances.get(target["Id"])):
            message = f"The following targets are not in a running state and cannot be registered: '{target['Id']}'"
            raise refused("InvalidTarget", message)


def _runs(instance):
    return instance is not None and instance.state in ("pending", "running")


def _may_be_target(text, vpc_id, network):
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    vpc = network.vpcs.get(vpc_id)
    own = [block["cidr_block"] for block in vpc.get_cidr_block_association_set()] if vpc else []
    return address.version == 6 or any(address in block for block in [*OUTSIDE, *map(ipaddress.ip_network, own)])


@after("elbv2", "RegisterTargets", "DeregisterTargets")
def forget_state(call):
    """What a caller does by hand is healthy, or gone, at once."""
    group = backend(call).target_groups[call.parameters["TargetGroupArn"]]
    for target in call.parameters["Targets"]:
        _states(group).pop(target["Id"], None)


@answer("elbv2", "DescribeTargetHealth")
def describe(call):
    """moto takes every target for healthy."""
    group = backend(call).target_groups.get(call.parameters["TargetGroupArn"])
    if group is None:
        raise AwsError("TargetGroupNotFound", "One or more target groups not found", 400)
    settle(group)
    wanted = call.parameters.get("Targets") or list(group.targets.values())
    return {"TargetHealthDescriptions": [_view(group, target) for target in wanted]}


def _view(group, target):
    known = group.targets.get(target["Id"])
    state, reason = _health(group, target["Id"], known)
    shown = {"Id": target["Id"], "Port": int((known or target).get("Port") or group.port or 0)}
    if known and known.get("AvailabilityZone"):
        shown["AvailabilityZone"] = known["AvailabilityZone"]
    health = {"State": state}
    if reason:
        health.update(Reason=reason, Description=DESCRIPTIONS[reason])
    port = group.health_check_port
    return {
        "Target": shown,
        "HealthCheckPort": str(shown["Port"]) if port in (None, "traffic-port") else str(port),
        "TargetHealth": health,
    }


def _health(group, address, known):
    if known is None:
        return "unused", "Target.NotRegistered"
    if not group.load_balancer_arns:
        return "unused", "Target.NotInUse"
    return _states(group).get(address, ("healthy", None, None))[:2]


def is_healthy(group, address):
    """Whether a target gets requests."""
    return _health(group, address, group.targets.get(address))[0] == "healthy"
