# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ECS services: what items say, what AWS takes and shows, and what is wrong. Pure functions; AWS is not involved."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Dict, Iterator, List

from ansible_collections.groundwork.aws.plugins.module_utils import ecs_capacity, ecs_deployments, ecs_releases
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definition_rules as rules
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definitions as definitions

OPTIONS: Dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "task_definition": {
        "type": "dict",
        "options": {"family": {"type": "str", "required": True}, **definitions.DEFINITION_OPTIONS},
    },
    "release_container": {"type": "str"},
    "bootstrap": {
        "type": "dict",
        "options": {
            "image": {"type": "str", "required": True},
            "command": {"type": "list", "elements": "str"},
            "health_check": definitions.CONTAINER_OPTIONS["health_check"],
        },
    },
    "desired_count": {"type": "int", "default": 1},
    "platform_version": {"type": "str", "default": "LATEST"},
    "subnet_ids": {"type": "list", "elements": "str"},
    "security_group_ids": {"type": "list", "elements": "str"},
    "assign_public_ip": {"type": "bool", "default": False},
    "load_balancers": {
        "type": "list",
        "elements": "dict",
        "options": {
            "target_group_arn": {"type": "str", "required": True},
            "container": {"type": "str", "required": True},
            "port": {"type": "int", "required": True},
        },
    },
    "health_check_grace_period_seconds": {"type": "int"},
    "minimum_healthy_percent": {"type": "int"},
    "maximum_percent": {"type": "int"},
    "circuit_breaker": {
        "type": "dict",
        "apply_defaults": True,
        "options": {"enable": {"type": "bool", "default": True}, "rollback": {"type": "bool", "default": True}},
    },
    "alarm_names": {"type": "list", "elements": "str"},
    "enable_execute_command": {"type": "bool"},
    "propagate_tags": {"type": "str", "choices": ["SERVICE", "TASK_DEFINITION", "NONE"], "default": "SERVICE"},
    "enable_ecs_managed_tags": {"type": "bool"},
    "availability_zone_rebalancing": {"type": "str", "choices": ["ENABLED", "DISABLED"]},
    "capacity_provider_strategy": ecs_capacity.STRATEGY,
    "tags": {"type": "dict"},
}

# Fields that are parameters of the API as they are.
_PLAIN = {
    "platform_version": "platformVersion",
    "health_check_grace_period_seconds": "healthCheckGracePeriodSeconds",
    "enable_execute_command": "enableExecuteCommand",
    "propagate_tags": "propagateTags",
    "enable_ecs_managed_tags": "enableECSManagedTags",
    "availability_zone_rebalancing": "availabilityZoneRebalancing",
}
_DEPLOYMENT = ("minimum_healthy_percent", "maximum_percent", "circuit_breaker", "alarm_names")
_NETWORK = {"subnet_ids": "subnets", "security_group_ids": "securityGroups"}
_BALANCER = {"target_group_arn": "targetGroupArn", "container": "containerName", "port": "containerPort"}
# AWS changes these for tasks that start later only; a failed rollout is tried again only by force.
FORCING = {"enable_execute_command", "capacity_provider_strategy", "rollout"}


# What AWS shows


def fields(described: dict) -> Dict[str, Any]:
    """What a converge compares of a service beside its task definition."""
    deployment = described.get("deploymentConfiguration") or {}
    breaker = deployment.get("deploymentCircuitBreaker") or {}
    alarms = deployment.get("alarms") or {}
    return {
        **{ours: described.get(aws) for ours, aws in _PLAIN.items()},
        "health_check_grace_period_seconds": described.get("healthCheckGracePeriodSeconds") or 0,
        "propagate_tags": described.get("propagateTags") or "NONE",
        "enable_execute_command": bool(described.get("enableExecuteCommand")),
        "enable_ecs_managed_tags": bool(described.get("enableECSManagedTags")),
        "network": _network(described),
        "load_balancers": [
            {ours: one.get(aws) for ours, aws in _BALANCER.items()} for one in described.get("loadBalancers") or []
        ],
        "capacity_provider_strategy": ecs_capacity.from_aws(described.get("capacityProviderStrategy")),
        "minimum_healthy_percent": deployment.get("minimumHealthyPercent"),
        "maximum_percent": deployment.get("maximumPercent"),
        "circuit_breaker": {key: bool(breaker.get(key)) for key in ("enable", "rollback")},
        "alarm_names": alarms.get("alarmNames", []) if alarms.get("enable") else [],
        "rollout": ecs_deployments.primary(described).get("rolloutState"),
    }


def _network(described: dict) -> dict:
    network = (described.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    ids = {ours: network.get(aws, []) for ours, aws in _NETWORK.items()}
    return {**ids, "assign_public_ip": network.get("assignPublicIp") == "ENABLED"}


def progress(described: dict) -> Dict[str, Any]:
    """What a service is doing, for results."""
    events = described.get("events") or []
    return {
        "status": described["status"],
        "desired_count": described["desiredCount"],
        "running_count": described["runningCount"],
        "pending_count": described["pendingCount"],
        "deployments": [_deployment(one) for one in described.get("deployments") or []],
        "stable": ecs_deployments.is_steady(described),
        "last_event": events[0]["message"] if events else None,
    }


def _deployment(described: dict) -> dict:
    return {
        "status": described["status"],
        "rollout_state": described.get("rolloutState"),
        "task_definition": ecs_releases.revision_of(described["taskDefinition"]),
        "failed_tasks": described.get("failedTasks", 0),
        "since": described["createdAt"].isoformat(),
    }


# What AWS takes


def desired(item: dict) -> Dict[str, Any]:
    """The fields that an item asks for beside its task definition; V(None): not managed."""
    plain = {field: item[field] for field in (*_PLAIN, *_DEPLOYMENT, "load_balancers", "capacity_provider_strategy")}
    network = {field: item[field] for field in _NETWORK}
    return {**plain, "network": {**network, "assign_public_ip": item["assign_public_ip"]}}


def params(wanted: Dict[str, Any], current: Dict[str, Any]) -> Dict[str, Any]:
    """The parameters that creating and updating have in common, for the fields in C(wanted)."""
    given = {aws: wanted[ours] for ours, aws in _PLAIN.items() if wanted.get(ours) is not None}
    if wanted.get("network") is not None:
        network = {aws: wanted["network"][ours] for ours, aws in _NETWORK.items()}
        network["assignPublicIp"] = "ENABLED" if wanted["network"]["assign_public_ip"] else "DISABLED"
        given["networkConfiguration"] = {"awsvpcConfiguration": network}
    if wanted.get("load_balancers") is not None:
        given["loadBalancers"] = [
            {aws: one[ours] for ours, aws in _BALANCER.items()} for one in wanted["load_balancers"]
        ]
    if wanted.get("capacity_provider_strategy") is not None:
        given["capacityProviderStrategy"] = ecs_capacity.params(wanted["capacity_provider_strategy"])
    if any(wanted.get(field) is not None for field in _DEPLOYMENT):
        # Always whole: what is left out could fall back to AWS's default.
        given["deploymentConfiguration"] = _deployment_params({**current, **_known(wanted)}, bool(current))
    return given


def _known(values: Dict[str, Any]) -> Dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _deployment_params(given: Dict[str, Any], exists: bool) -> dict:
    names = given.get("alarm_names") or []
    values = {
        "deploymentCircuitBreaker": given.get("circuit_breaker"),
        "minimumHealthyPercent": given.get("minimum_healthy_percent"),
        "maximumPercent": given.get("maximum_percent"),
        "alarms": {"alarmNames": names, "enable": bool(names), "rollback": bool(names)} if names or exists else None,
    }
    return _known(values)


def client_token(*parts: Any) -> str:
    """The token by which ECS knows that a creation was asked for twice."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


# What is wrong


def flaw(item: dict) -> str:
    """What is wrong with an item; empty when nothing is."""
    return next(_flaws(item), "")


def _flaws(item: dict) -> Iterator[str]:
    if not re.fullmatch(rules.NAME, item["name"]):
        yield "is no name of a service. To fix: letters, digits, _ and -, at most 255"
    for key in ("task_definition", "release_container", "bootstrap", "subnet_ids", "security_group_ids"):
        if not item[key]:
            yield f"has no {key}. To fix: give it"
    yield from _definition_flaws(item, item["task_definition"])
    yield from _balancer_flaws(item)
    yield from _deployment_flaws(item)
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
    if len(item["subnet_ids"]) > 16 or len(item["security_group_ids"]) > 5:
        yield "is in too many subnets or security groups. To fix: at most 16 and 5"
    if not 0 <= item["desired_count"] <= 5000:
        yield "has an impossible desired_count. To fix: 0 to 5000"
    if not 0 <= (item["health_check_grace_period_seconds"] or 0) <= 2147483647:
        yield "has an impossible health_check_grace_period_seconds. To fix: 0 to 2147483647"
    if ecs_releases.own_tags(item["tags"] or {}):
        yield f"has tags that begin with {ecs_releases.PREFIX}. To fix: leave them to releases"


def _definition_flaws(item: dict, definition: dict) -> Iterator[str]:
    name = item["release_container"]
    own = [container for container in definition["containers"] or [] if container["name"] == name]
    if not re.fullmatch(rules.NAME, definition["family"]):
        yield "has an impossible family. To fix: letters, digits, _ and -, at most 255"
    if not own:
        yield f"has no container {name} to release. To fix: name one of its containers as release_container"
    if own[0]["image"]:
        yield f"has an image in its container {name}. To fix: leave it out, releases and bootstrap bring it"
    if not own[0]["essential"]:
        yield f"has a container {name} that is not essential. To fix: essential: true for what is released"
    for variant in (
        definitions.with_image(definition, name, "live"),
        definitions.with_bootstrap(definition, name, item["bootstrap"]),
    ):
        if rules.flaw(variant):
            yield rules.flaw(variant)


def _balancer_flaws(item: dict) -> Iterator[str]:
    balancers: List[dict] = item["load_balancers"] or []
    ports = {container["name"]: container["port"] for container in item["task_definition"]["containers"]}
    for one in balancers:
        if ports.get(one["container"]) != one["port"]:
            yield f"has no port {one['port']} in a container {one['container']}. To fix: name a container and its port"
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html
    if len(balancers) > 5:
        yield "has too many load_balancers. To fix: at most 5 target groups"


def _deployment_flaws(item: dict) -> Iterator[str]:
    least, most = item["minimum_healthy_percent"], item["maximum_percent"]
    if not 0 <= (least or 0) <= 100 or not 100 <= (200 if most is None else most) <= 200:
        yield "has impossible percentages. To fix: minimum_healthy_percent 0 to 100, maximum_percent 100 to 200"
    if (100 if least is None else least) == 100 and most == 100:
        yield "could not replace a task with these percentages. To fix: raise maximum_percent, or lower the minimum"
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
    if item["availability_zone_rebalancing"] == "ENABLED" and most == 100:
        yield "cannot rebalance zones with maximum_percent 100. To fix: raise it, or switch rebalancing off"
    if ecs_capacity.flaw(item["capacity_provider_strategy"] or []):
        yield ecs_capacity.flaw(item["capacity_provider_strategy"] or [])
