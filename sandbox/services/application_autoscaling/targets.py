# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scalable targets: things that exist, within bounds, with tags."""

import re

from moto.applicationautoscaling.models import FakeScalableTarget
from moto.backends import get_backend

from ...errors import AwsError
from .. import answer, backend
from .activities import scale
from .alarms import forget_alarms
from .shared import SERVICE, ecs_service, identity, invalid, named, page, require_target, target_of

SUSPENDED = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")
ROLES = {
    "dynamodb": "DynamoDBTable", "ecs": "ECSService", "elasticache": "ElastiCacheRG", "lambda": "LambdaConcurrency",
    "rds": "RDSCluster",
}  # fmt: skip
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
RESOURCES = {
    "dynamodb:index": r"table/[^/]+/index/[^/]+", "dynamodb:table": r"table/[^/]+",
    "ecs:service": r"service/[^/]+/[^/]+",
    "elasticache:cache-cluster": r"cache-cluster/.+", "elasticache:replication-group": r"replication-group/.+",
    "lambda:function": r"function:[^:]+:[^:]+", "neptune:cluster": r"cluster:.+", "rds:cluster": r"cluster:.+",
}  # fmt: skip
# Namespace: where moto has what is scaled.
THINGS = {"dynamodb": "tables", "elasticache": "replication_groups", "rds": "clusters"}
MOST_TAGS = 50


@answer(SERVICE, "RegisterScalableTarget")
def register(call):
    """moto knows neither defaults nor tags, and not everything that can be scaled."""
    parameters, target, state = call.parameters, target_of(call), backend(call)
    _check_resource(call)
    low, high = _bounds(parameters, target)
    if target is None:
        target = FakeScalableTarget(state, *named(call), low, high, _role(call), dict.fromkeys(SUSPENDED, False))
        target.sandbox_tags = dict(parameters.get("Tags") or {})
        state.targets.setdefault(target.scalable_dimension, {})[target.resource_id] = target
    target.update(low, high, target.suspended_state | (parameters.get("SuspendedState") or {}))
    service = ecs_service(call, target.resource_id)
    if service is not None and service.desired_count < low:
        scale(call, target, low, "minimum capacity was set")
    return {"ScalableTargetARN": target.arn}


def _check_resource(call):
    namespace, number, dimension = named(call)
    pattern = RESOURCES.get(dimension.rsplit(":", 1)[0], ".+")
    if not dimension.startswith(f"{namespace}:") or not re.fullmatch(pattern, number):
        raise invalid("Unsupported service namespace, resource type or scalable dimension")
    if namespace == "ecs" and ecs_service(call, number) is None:
        raise invalid(f"ECS service doesn't exist: {number}")
    if namespace in THINGS:
        known = getattr(get_backend(namespace)[call.account][call.region], THINGS[namespace])
        if re.split("[:/]", number)[1] not in known:
            raise invalid(f"The resource doesn't exist: {number}")


def _bounds(parameters, present):
    bounds = [parameters.get("MinCapacity"), parameters.get("MaxCapacity")]
    if present is not None:
        bounds = [present.min_capacity if bounds[0] is None else bounds[0],
                  present.max_capacity if bounds[1] is None else bounds[1]]  # fmt: skip
        if parameters.get("Tags"):
            raise invalid("Tags can be given for a new scalable target only; use TagResource for one that exists.")
    if None in bounds:
        raise invalid("MinCapacity and MaxCapacity are required for a new scalable target.")
    if not 0 <= bounds[0] <= bounds[1]:
        raise invalid("Maximum capacity cannot be less than minimum capacity")
    return bounds


def _role(call):
    namespace = call.parameters["ServiceNamespace"]
    return call.parameters.get("RoleARN") or (
        f"arn:aws:iam::{call.account}:role/aws-service-role/{namespace}.application-autoscaling.amazonaws.com/"
        f"AWSServiceRoleForApplicationAutoScaling_{ROLES.get(namespace, 'CustomResource')}"
    )


@answer(SERVICE, "DescribeScalableTargets")
def describe(call):
    """moto has no pages."""
    parameters = call.parameters
    found = [
        target
        for targets in backend(call).targets.values()
        for target in targets.values()
        if target.service_namespace == parameters["ServiceNamespace"]
        and target.resource_id in (parameters.get("ResourceIds") or [target.resource_id])
        and parameters.get("ScalableDimension") in (None, target.scalable_dimension)
    ]
    items, following = page(call, [_view(target) for target in found])
    return {"ScalableTargets": items, **following}


def _view(target):
    return {
        "ServiceNamespace": target.service_namespace, "ResourceId": target.resource_id,
        "ScalableDimension": target.scalable_dimension, "MinCapacity": target.min_capacity,
        "MaxCapacity": target.max_capacity, "RoleARN": target.role_arn, "CreationTime": target.creation_time,
        "SuspendedState": target.suspended_state, "ScalableTargetARN": target.arn,
    }  # fmt: skip


@answer(SERVICE, "DeregisterScalableTarget")
def deregister(call):
    """The policies, their alarms and the scheduled actions go with the target."""
    state, which = backend(call), named(call)
    target = require_target(call, "scalable target")
    del state.targets[target.scalable_dimension][target.resource_id]
    for key, policy in list(state.policies.items()):
        if identity(policy) == which:
            forget_alarms(state.policies.pop(key))
    state.scheduled_actions = [action for action in state.scheduled_actions if identity(action) != which]
    return {}


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
    tags = _tagged(call)
    if len({*tags, *call.parameters["Tags"]}) > MOST_TAGS:
        raise AwsError("TooManyTagsException", f"A scalable target can have {MOST_TAGS} tags.")
    tags.update(call.parameters["Tags"])
    return {}


@answer(SERVICE, "UntagResource")
def untag(call):
    """moto does not have it."""
    tags = _tagged(call)
    for key in call.parameters["TagKeys"]:
        tags.pop(key, None)
    return {}
