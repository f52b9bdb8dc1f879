# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Target tracking policies and scheduled actions, in our words and in AWS's. Pure functions; AWS is not involved."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

TRACKING = "TargetTrackingScaling"
# Shape ScheduledActionName.
ACTION_NAME = r"(?! )[^\x00-\x1f\x7f-\x9f:/|]{1,256}(?<! )"
SCHEDULE = r"(?:at|rate|cron)\(.+\)"
LABEL = r"app/[^/]+/[0-9a-f]+/targetgroup/[^/]+/[0-9a-f]+"

# The options of a policy and of a scheduled action.
CUSTOM_METRIC = {
    "namespace": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "statistic": {
        "type": "str",
        "required": True,
        "choices": ["Average", "Minimum", "Maximum", "SampleCount", "Sum"],
    },
    "unit": {"type": "str"},
    "dimensions": {"type": "dict"},
}
POLICY = {
    "name": {"type": "str", "required": True},
    "metric": {"type": "str"},
    "resource_label": {"type": "str"},
    "custom_metric": {"type": "dict", "options": CUSTOM_METRIC},
    "target_value": {"type": "float", "required": True},
    "scale_in_cooldown": {"type": "int"},
    "scale_out_cooldown": {"type": "int"},
    "disable_scale_in": {"type": "bool"},
}
SCHEDULED_ACTION = {
    "name": {"type": "str", "required": True},
    "schedule": {"type": "str", "required": True},
    "timezone": {"type": "str"},
    "min_capacity": {"type": "int"},
    "max_capacity": {"type": "int"},
}


def key_of(thing: dict) -> tuple:
    """What identifies a target, in an item, a resource or an answer of AWS."""
    if "ResourceId" in thing:
        return thing["ServiceNamespace"], thing["ResourceId"], thing["ScalableDimension"]
    return thing["service_namespace"], thing["name"], thing["scalable_dimension"]


def parameters(thing: dict) -> Dict[str, str]:
    """The parameters of the API that identify a target."""
    return dict(zip(("ServiceNamespace", "ResourceId", "ScalableDimension"), key_of(thing)))


def of_target(things: List[dict], key: tuple) -> List[dict]:
    """Those of AWS's policies or actions that belong to a target."""
    return [thing for thing in things if key_of(thing) == key]


def policy_from_aws(described: dict) -> dict:
    """A policy in our words; of another type than target tracking its name and type alone."""
    if described["PolicyType"] != TRACKING:
        return {"name": described["PolicyName"], "type": described["PolicyType"]}
    config = described["TargetTrackingScalingPolicyConfiguration"]
    predefined = config.get("PredefinedMetricSpecification") or {}
    custom = config.get("CustomizedMetricSpecification")
    return {
        "name": described["PolicyName"],
        "metric": predefined.get("PredefinedMetricType"),
        "resource_label": predefined.get("ResourceLabel"),
        "custom_metric": _custom_from_aws(custom) if custom else None,
        "target_value": float(config["TargetValue"]),
        "scale_in_cooldown": config.get("ScaleInCooldown"),
        "scale_out_cooldown": config.get("ScaleOutCooldown"),
        "disable_scale_in": config.get("DisableScaleIn", False),
    }


def policy_to_aws(policy: dict) -> dict:
    """The parameter TargetTrackingScalingPolicyConfiguration for a policy in our words."""
    config: Dict[str, Any] = {"TargetValue": policy["target_value"], "DisableScaleIn": policy["disable_scale_in"]}
    if policy["metric"]:
        label = {"ResourceLabel": policy["resource_label"]} if policy["resource_label"] else {}
        config["PredefinedMetricSpecification"] = {"PredefinedMetricType": policy["metric"], **label}
    else:
        config["CustomizedMetricSpecification"] = _custom_to_aws(policy["custom_metric"])
    cooldowns = {"ScaleInCooldown": policy["scale_in_cooldown"], "ScaleOutCooldown": policy["scale_out_cooldown"]}
    return {**config, **{key: value for key, value in cooldowns.items() if value is not None}}


def wanted_policy(item: dict, current: Optional[dict]) -> dict:
    """The policy an item asks for; what it does not say stays as it is."""
    metric = {key: item[key] for key in ("metric", "resource_label", "custom_metric")}
    if metric["custom_metric"]:
        dimensions = {name: str(value) for name, value in (metric["custom_metric"]["dimensions"] or {}).items()}
        metric["custom_metric"] = {**metric["custom_metric"], "dimensions": dimensions}
    kept = {key: (current or {}).get(key) for key in ("scale_in_cooldown", "scale_out_cooldown", "disable_scale_in")}
    given = {key: item[key] for key in kept if item[key] is not None}
    wanted = {"name": item["name"], **metric, "target_value": float(item["target_value"]), **kept, **given}
    return {**wanted, "disable_scale_in": bool(wanted["disable_scale_in"])}


def policy_flaw(policy: dict) -> str:
    """What is wrong with a policy; empty when nothing is."""
    if not re.fullmatch(r"[^\x00-\x1f\x7f-\x9f]{1,256}", policy["name"]):
        return "has a name of more than 256 or of unprintable characters. To fix: shorten it"
    if bool(policy["resource_label"]) != (policy["metric"] == "ALBRequestCountPerTarget"):
        return "needs both or neither: metric ALBRequestCountPerTarget and resource_label. To fix: add the other"
    if policy["resource_label"] and not re.fullmatch(LABEL, policy["resource_label"]):
        return "has an impossible resource_label. To fix: app/<load balancer>/<id>/targetgroup/<target group>/<id>"
    if policy["target_value"] <= 0 or any((policy[f"scale_{way}_cooldown"] or 0) < 0 for way in ("in", "out")):
        return "has a target_value of 0 or less, or a negative cooldown. To fix: give positive numbers"
    return ""


def action_from_aws(described: dict) -> dict:
    """A scheduled action in our words."""
    bounds = described.get("ScalableTargetAction") or {}
    return {
        "name": described["ScheduledActionName"],
        "schedule": described["Schedule"],
        "timezone": described.get("Timezone") or "UTC",
        "min_capacity": bounds.get("MinCapacity"),
        "max_capacity": bounds.get("MaxCapacity"),
    }


def action_to_aws(action: dict) -> dict:
    """The parameters of PutScheduledAction for a scheduled action in our words."""
    bounds = {"MinCapacity": action["min_capacity"], "MaxCapacity": action["max_capacity"]}
    return {
        "ScheduledActionName": action["name"],
        "Schedule": action["schedule"],
        "Timezone": action["timezone"],
        "ScalableTargetAction": {key: value for key, value in bounds.items() if value is not None},
    }


def wanted_action(item: dict, current: Optional[dict]) -> dict:
    """The scheduled action an item asks for; what it does not say stays as it is."""
    given = {key: value for key, value in item.items() if value is not None}
    return {"timezone": "UTC", "min_capacity": None, "max_capacity": None, **(current or {}), **given}


def action_flaw(action: dict) -> str:
    """What is wrong with a scheduled action; empty when nothing is."""
    bounds = [action[key] for key in ("min_capacity", "max_capacity") if action[key] is not None]
    if not re.fullmatch(ACTION_NAME, action["name"]):
        return "has an impossible name. To fix: at most 256 characters, none of : / | and no space at its ends"
    if not re.fullmatch(SCHEDULE, action["schedule"]):
        return "has an impossible schedule. To fix: at(yyyy-mm-ddThh:mm:ss), rate(value unit) or cron(fields)"
    if not bounds or bounds != sorted(bounds) or bounds[0] < 0:
        return "needs min_capacity, max_capacity or both, from 0 up, the minimum not above the maximum. To fix: so"
    return ""


def flaw(item: dict) -> str:
    """What is wrong with the policies and scheduled actions of a target; empty when nothing is."""
    for part, fault in (("policies", policy_flaw), ("scheduled_actions", action_flaw)):
        parts, what = item[part] or [], part.replace("_", " ")
        if len(named(parts)) < len(parts):
            return f"has two {what} of one name. To fix: give each its own"
        for one in parts:
            if fault(one):
                return f"has among its {what} {one['name']}, which {fault(one)}"
    return ""


def alarm_names(answer: dict) -> List[str]:
    """The alarms that AWS made for a policy."""
    return [alarm["AlarmName"] for alarm in answer.get("Alarms") or []]


def named(things: List[dict]) -> Dict[str, dict]:
    """Policies or actions by their name."""
    return {thing["name"]: thing for thing in things}


def _custom_from_aws(custom: dict) -> dict:
    return {
        "namespace": custom.get("Namespace"),
        "name": custom.get("MetricName"),
        "statistic": custom.get("Statistic"),
        "unit": custom.get("Unit"),
        "dimensions": {one["Name"]: one["Value"] for one in custom.get("Dimensions") or []},
    }


def _custom_to_aws(custom: dict) -> dict:
    given = {
        "Namespace": custom["namespace"],
        "MetricName": custom["name"],
        "Statistic": custom["statistic"],
        "Unit": custom["unit"],
        "Dimensions": [{"Name": name, "Value": value} for name, value in sorted(custom["dimensions"].items())],
    }
    return {key: value for key, value in given.items() if value}
