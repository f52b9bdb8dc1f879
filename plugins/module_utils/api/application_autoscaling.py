# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Application Auto Scaling: one function per API call.

Source: U(https://docs.aws.amazon.com/autoscaling/application/APIReference/).
"""

from __future__ import annotations

from typing import Any, Dict, List

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

TARGET_UNKNOWN = ("ObjectNotFoundException",)
# Another change of the same target is under way.
BUSY = ("ConcurrentUpdateException",)
# What a service of a moment ago is answered with, and the service-linked role that the first target brings along.
SERVICE_UNKNOWN = ("ValidationException: ECS service doesn't exist", "ValidationException: Unable to assume IAM role")
ROLE_UNKNOWN = ("FailedResourceAccessException",)
RESOURCES_IN_ONE_CALL = 50  # shape ResourceIdsMaxLen1600


def _pages(client: Any, operation: str, key: str, **params: Any) -> List[dict]:
    return client.get_paginator(operation).paginate(**params).build_full_result().get(key, [])


# Targets


@aws_call("read scalable targets {resource_ids}", eventual=BUSY)
def describe_scalable_targets(client: Any, namespace: str, resource_ids: List[str]) -> List[dict]:
    found = []
    for start in range(0, len(resource_ids), RESOURCES_IN_ONE_CALL):
        part = resource_ids[start : start + RESOURCES_IN_ONE_CALL]
        found += _pages(
            client, "describe_scalable_targets", "ScalableTargets", ServiceNamespace=namespace, ResourceIds=part
        )
    return found


@aws_call("register scalable target {ResourceId}", eventual=BUSY + SERVICE_UNKNOWN)
def register_scalable_target(client: Any, **params: Any) -> str:
    """Create a target, or change what is given of an existing one; its ARN."""
    return client.register_scalable_target(**params)["ScalableTargetARN"]


@aws_call("deregister scalable target {ResourceId}", missing=TARGET_UNKNOWN, eventual=BUSY)
def deregister_scalable_target(client: Any, **target: str) -> None:
    """AWS deletes the policies and scheduled actions of the target with it."""
    client.deregister_scalable_target(**target)


# Policies


@aws_call("read the scaling policies of {namespace}", eventual=BUSY)
def describe_scaling_policies(client: Any, namespace: str) -> List[dict]:
    return _pages(client, "describe_scaling_policies", "ScalingPolicies", ServiceNamespace=namespace)


@aws_call("set scaling policy {PolicyName} of {ResourceId}", eventual=BUSY + TARGET_UNKNOWN + ROLE_UNKNOWN)
def put_scaling_policy(client: Any, **params: Any) -> dict:
    return client.put_scaling_policy(**params)


@aws_call("delete scaling policy {PolicyName} of {ResourceId}", missing=TARGET_UNKNOWN, eventual=BUSY)
def delete_scaling_policy(client: Any, **params: str) -> None:
    client.delete_scaling_policy(**params)


# Scheduled actions


@aws_call("read the scheduled actions of {namespace}", eventual=BUSY)
def describe_scheduled_actions(client: Any, namespace: str) -> List[dict]:
    return _pages(client, "describe_scheduled_actions", "ScheduledActions", ServiceNamespace=namespace)


@aws_call("set scheduled action {ScheduledActionName} of {ResourceId}", eventual=BUSY + TARGET_UNKNOWN)
def put_scheduled_action(client: Any, **params: Any) -> None:
    client.put_scheduled_action(**params)


@aws_call("delete scheduled action {ScheduledActionName} of {ResourceId}", missing=TARGET_UNKNOWN, eventual=BUSY)
def delete_scheduled_action(client: Any, **params: str) -> None:
    client.delete_scheduled_action(**params)


# Tags


@aws_call("read the tags of {arn}", missing=("ResourceNotFoundException",), default={})
def list_tags_for_resource(client: Any, arn: str) -> Dict[str, str]:
    return client.list_tags_for_resource(ResourceARN=arn)["Tags"]


@aws_call("tag {arn}", eventual=("ResourceNotFoundException",))
def tag_resource(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.tag_resource(ResourceARN=arn, Tags=tags)


@aws_call("remove tags {keys} from {arn}", eventual=("ResourceNotFoundException",))
def untag_resource(client: Any, arn: str, keys: List[str]) -> None:
    client.untag_resource(ResourceARN=arn, TagKeys=keys)
