# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling policies, with their alarms."""

import math
import time
import uuid
from types import SimpleNamespace

from ...errors import AwsError
from .. import answer, backend
from ..cloudwatch.states import acts
from .activities import scale
from .alarms import forget_alarms, make_alarms
from .policy_checks import check_policy
from .shared import SERVICE, ecs_service, identity, matching, missing, named, page, require_target

MOST = 50  # https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-limits.html


class Policy:
    """A scaling policy; what else reads it expects attributes named as moto's are."""

    def __init__(self, call):
        state = backend(call)
        self.account_id, self.region_name = state.account_id, state.region_name
        self.service_namespace, self.resource_id, self.scalable_dimension = named(call)
        self.policy_name = call.parameters["PolicyName"]
        self.policy_arn = (
            f"arn:aws:autoscaling:{call.region}:{call.account}:scalingPolicy:{uuid.uuid4()}:resource/"
            f"{self.service_namespace}/{self.resource_id}:policyName/{self.policy_name}"
        )
        self.creation_time, self.alarms = time.time(), []

    def change(self, kind, settings):
        """Do something else from now on."""
        self.policy_type, self.settings = kind, settings
        self.target_tracking_scaling_policy_configuration = settings if kind == "TargetTrackingScaling" else None
        forget_alarms(self)
        make_alarms(self)


@answer(SERVICE, "PutScalingPolicy")
def put(call):
    """A policy that is changed keeps its ARN, and has one set of alarms, of what it tracks."""
    require_target(call, "scalable target registered")
    state, policy = backend(call), _find(call)
    kind = call.parameters.get("PolicyType") or (policy.policy_type if policy else "StepScaling")
    settings = call.parameters.get(f"{kind}PolicyConfiguration")
    check_policy(call, kind, settings)
    if policy is None:
        if sum(identity(item) == named(call) for item in state.policies.values()) >= MOST:
            raise AwsError("LimitExceededException", f"A scalable target can have {MOST} scaling policies.")
        policy = Policy(call)
        state.policies[(*named(call), policy.policy_name)] = policy
    policy.change(kind, settings)
    return {"PolicyARN": policy.policy_arn, "Alarms": _alarms(policy)}


def _find(call):
    return backend(call).policies.get((*named(call), call.parameters["PolicyName"]))


def _alarms(policy):
    return [{"AlarmName": alarm.name, "AlarmARN": alarm.alarm_arn} for alarm in policy.alarms]


@answer(SERVICE, "DescribeScalingPolicies")
def describe(call):
    """moto ignores names, and takes a part of a resource's id for the whole."""
    names = call.parameters.get("PolicyNames")
    found = matching(call, backend(call).policies.values())
    items, following = page(call, [_view(item) for item in found if not names or item.policy_name in names])
    return {"ScalingPolicies": items, **following}


def _view(policy):
    return {
        "PolicyARN": policy.policy_arn, "PolicyName": policy.policy_name, "PolicyType": policy.policy_type,
        "ServiceNamespace": policy.service_namespace, "ResourceId": policy.resource_id,
        "ScalableDimension": policy.scalable_dimension, "CreationTime": policy.creation_time,
        "Alarms": _alarms(policy), f"{policy.policy_type}PolicyConfiguration": policy.settings,
    }  # fmt: skip


@answer(SERVICE, "DeleteScalingPolicy")
def delete(call):
    """moto has another code for what is not there."""
    policy = _find(call)
    if policy is None:
        raise missing(f"scaling policy {call.parameters['PolicyName']}", call)
    forget_alarms(backend(call).policies.pop((*named(call), policy.policy_name)))
    return {}


@acts(":scalingPolicy:")
def take_step(state, alarm, policy_arn):
    """An alarm that begins to ring scales by the steps of the policy that is its action."""
    where = SimpleNamespace(account=state.account_id, region=state.region_name)
    for policy in backend(where, SERVICE).policies.values():
        if policy.policy_arn == policy_arn and policy.policy_type == "StepScaling":
            _step(where, policy, alarm)


def _step(where, policy, alarm):
    target = backend(where, SERVICE).targets[policy.scalable_dimension][policy.resource_id]
    service = ecs_service(where, policy.resource_id)
    if service is None:
        return
    present = service.desired_count
    wanted = max(target.min_capacity, min(target.max_capacity, _adjusted(present, policy.settings)))
    way = "Out" if wanted > present else "In"
    if not target.suspended_state[f"DynamicScaling{way}Suspended"]:
        cause = f"monitor alarm {alarm.name} in state ALARM triggered policy {policy.policy_name}"
        scale(where, target, wanted, cause)


def _adjusted(present, settings):
    """The capacity after the step for a metric that has just reached its threshold."""
    steps = settings["StepAdjustments"]
    near = [
        step
        for step in steps
        if step.get("MetricIntervalLowerBound", 0) <= 0 <= step.get("MetricIntervalUpperBound", 0)
    ]
    amount, kind = (near or steps)[0]["ScalingAdjustment"], settings["AdjustmentType"]
    if kind == "ExactCapacity":
        return amount
    if kind == "PercentChangeInCapacity":
        part, least = present * amount / 100, settings.get("MinAdjustmentMagnitude") or 1
        amount = int(math.copysign(max(least, abs(part)), part))
    return present + amount
