# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a platform has to what is watched of it: targets, alarms, topics. Pure functions.

A target is what has metrics: a namespace, the dimensions of its series, and facts that thresholds are made of.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.groundwork.aws.plugins.plugin_utils.names import resource_name

Target = Dict[str, Any]
Targets = Dict[str, Target]

# U(https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html),
# U(https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html).
ALARM_LIMIT = 255
TOPIC_LIMIT = 256
FILTER_LIMIT = 512

# A platform of which nobody answers may report nothing at all.
BREACHING = ("HealthyHostCount",)
BAND = "LessThanLowerOrGreaterThanUpperThreshold"


class UnknownTarget(ValueError):
    """An alarm is about what the platform does not have."""


def targets(
    more: Targets,
    networking: Optional[dict] = None,
    load_balancer: Optional[dict] = None,
    database: Optional[dict] = None,
    ecs: Optional[dict] = None,
    waf: Optional[dict] = None,
) -> Targets:
    """What can be watched, from the outputs of the roles; C(more) adds targets of one's own."""
    found = {
        **_of_load_balancer(load_balancer or {}),
        **_of_database(database or {}),
        **_of_services(ecs or {}),
        **_of_network(networking or {}),
        **_of_waf(waf or {}),
    }
    known = {name: target for name, target in found.items() if all(target["dimensions"].values())}
    return {**known, **more}


def _of_load_balancer(outputs: dict) -> Targets:
    balancer = {"LoadBalancer": outputs.get("arn_suffix")}
    groups = {
        f"target_group/{name}": {
            "namespace": "AWS/ApplicationELB",
            "dimensions": {"TargetGroup": suffix, **balancer},
        }
        for name, suffix in (outputs.get("target_group_suffixes") or {}).items()
    }
    return {"load_balancer": {"namespace": "AWS/ApplicationELB", "dimensions": balancer}, **groups}


def _of_database(outputs: dict) -> Targets:
    facts = {fact: outputs.get(fact) for fact in ("allocated_storage_bytes", "max_connections")}
    dimensions = {"DBInstanceIdentifier": outputs.get("identifier") if outputs.get("arn") else None}
    return {"database": {"namespace": "AWS/RDS", "dimensions": dimensions, "facts": facts}}


def _of_services(outputs: dict) -> Targets:
    return {
        f"service/{name}": {
            "namespace": "AWS/ECS",
            "dimensions": {"ClusterName": outputs.get("cluster"), "ServiceName": service.get("service_name")},
        }
        for name, service in (outputs.get("services") or {}).items()
    }


def _of_network(outputs: dict) -> Targets:
    return {
        f"nat/{name}": {"namespace": "AWS/NATGateway", "dimensions": {"NatGatewayId": gateway_id}}
        for name, gateway_id in (outputs.get("nat_gateway_ids") or {}).items()
    }


def _of_waf(outputs: dict) -> Targets:
    dimensions = {"WebACL": outputs.get("metric_name"), "Region": outputs.get("region"), "Rule": "ALL"}
    return {"web_acl": {"namespace": "AWS/WAFV2", "dimensions": dimensions}} if outputs.get("arn") else {}


def filter_items(filters: List[dict], prefix: str, namespace: str, log_groups: Dict[str, str]) -> List[dict]:
    """Items for logs_metric_filters. A log group may be named as an output names it, or in full."""
    return [
        {
            "name": resource_name(prefix, one["name"], FILTER_LIMIT),
            "log_group": log_groups.get(one["log_group"], one["log_group"]),
            "pattern": one["pattern"],
            "metric_name": one["metric"],
            "namespace": one.get("namespace") or namespace,
            "value": one.get("value", "1"),
            "default_value": one.get("default_value", 0.0),
            "unit": one.get("unit", "Count"),
        }
        for one in filters
    ]


def filter_targets(filters: List[dict], namespace: str) -> Targets:
    """The metrics that filters make, as targets."""
    return {
        f"filter/{one['name']}": {
            "namespace": one.get("namespace") or namespace,
            "dimensions": {},
            "metric": one["metric"],
        }
        for one in filters
    }


def topic_items(topics: List[dict], prefix: str, policy_of: dict, subscriptions: List[dict]) -> List[dict]:
    """Items for sns_topics. Subscriptions of the platform go to the first topic, beside its own.

    :param policy_of: C(account_id), C(region), C(partition) and C(kms_key_arn) of the topics.
    """
    items = []
    for index, topic in enumerate(topics):
        name = resource_name(prefix, topic["name"], TOPIC_LIMIT)
        own = topic.get("subscriptions") or []
        items.append(
            {
                "name": name,
                "display_name": topic.get("display_name") or name,
                "kms_key": policy_of["kms_key_arn"],
                "policy": topic_policy(name, policy_of["account_id"], policy_of["region"], policy_of["partition"]),
                "subscriptions": own + (subscriptions if index == 0 else []),
            }
        )
    return items


def topic_policy(name: str, account_id: str, region: str, partition: str) -> dict:
    """Who may publish: the account by its IAM policies, and CloudWatch on its behalf.

    Source: U(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html).
    """
    arn = f"arn:{partition}:sns:{region}:{account_id}:{name}"
    actions = ["sns:Publish", "sns:Subscribe", "sns:GetTopicAttributes", "sns:SetTopicAttributes"]
    actions += ["sns:ListSubscriptionsByTopic", "sns:DeleteTopic"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "IamOfTheAccount",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{partition}:iam::{account_id}:root"},
                "Action": actions,
                "Resource": arn,
            },
            {
                "Sid": "Alarms",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": arn,
                "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
            },
        ],
    }


def alarm_items(
    alarms: List[dict], prefix: str, known: Targets, topic_arns: Dict[str, Optional[str]], names_only: bool = False
) -> List[dict]:
    """Items for cloudwatch_alarms; an alarm on what the platform does not have is refused.

    :param names_only: to read or remove an alarm its name is enough, and what it was about may be gone.
    """
    if names_only:
        return [{"name": resource_name(prefix, alarm["name"], ALARM_LIMIT)} for alarm in alarms]
    return [_alarm(alarm, prefix, known, topic_arns) for alarm in alarms]


def _alarm(alarm: dict, prefix: str, known: Targets, topic_arns: Dict[str, Optional[str]]) -> dict:
    arn = topic_arns.get(alarm.get("topic") or next(iter(topic_arns), ""))
    told = [arn] if arn else []
    missing = "breaching" if alarm.get("metric") in BREACHING else "notBreaching"
    return {
        "name": resource_name(prefix, alarm["name"], ALARM_LIMIT),
        "description": alarm.get("description", ""),
        "evaluation_periods": alarm.get("evaluation_periods", 1),
        "treat_missing_data": alarm.get("missing_data") or missing,
        "alarm_actions": told,
        "ok_actions": told if alarm.get("ok_actions", True) else [],
        **({"datapoints_to_alarm": alarm["datapoints_to_alarm"]} if alarm.get("datapoints_to_alarm") else {}),
        **_watched(alarm, known),
    }


def _watched(alarm: dict, known: Targets) -> dict:
    """The metric of an alarm and when it fires."""
    period = alarm.get("period", 300)
    if alarm.get("anomaly_band"):
        source = _query({**alarm, "id": "metric", "return": True}, alarm["name"], known, period)
        expression = f"ANOMALY_DETECTION_BAND(metric, {alarm['anomaly_band']})"
        band = {"id": "band", "expression": expression, "label": "expected", "return_data": True}
        comparison = alarm.get("comparison") or BAND
        return {"metrics": [source, band], "threshold_metric_id": "band", "comparison_operator": comparison}
    compared = {
        "threshold": _threshold(alarm, known),
        "comparison_operator": alarm.get("comparison") or "GreaterThanThreshold",
    }
    if alarm.get("metrics"):
        return {"metrics": [_query(one, alarm["name"], known, period) for one in alarm["metrics"]], **compared}
    target = _target(alarm, alarm["name"], known)
    statistic = {"extended_statistic": alarm["percentile"]} if alarm.get("percentile") else {}
    return {
        "namespace": alarm.get("namespace") or target["namespace"],
        "metric_name": alarm.get("metric") or target.get("metric"),
        "dimensions": {**target["dimensions"], **(alarm.get("dimensions") or {})},
        "period": period,
        **(statistic or {"statistic": alarm.get("statistic", "Average")}),
        **compared,
    }


def _query(one: dict, alarm: str, known: Targets, period: int) -> dict:
    """An entry of an alarm's metrics as the module takes it."""
    given = {"id": one["id"], "return_data": bool(one.get("return"))}
    if one.get("label"):
        given["label"] = one["label"]
    if one.get("expression"):
        return {**given, "expression": one["expression"]}
    target = _target(one, alarm, known)
    return {
        **given,
        "namespace": one.get("namespace") or target["namespace"],
        "metric_name": one.get("metric") or target.get("metric"),
        "dimensions": {**target["dimensions"], **(one.get("dimensions") or {})},
        "statistic": one.get("percentile") or one.get("statistic", "Average"),
        "period": one.get("period") or period,
    }


def _target(one: dict, alarm: str, known: Targets) -> Target:
    if not one.get("of"):
        return {"namespace": None, "dimensions": {}}
    if one["of"] not in known:
        raise UnknownTarget(
            f"Alarm {alarm} is about {one['of']}, which the platform does not have. "
            f"To fix: name one of {', '.join(sorted(known)) or 'the targets of monitoring_targets'}."
        )
    return known[one["of"]]


def _threshold(alarm: dict, known: Targets) -> Any:
    percent = alarm.get("threshold_percent")
    if not percent:
        return alarm.get("threshold")
    facts = _target(alarm, alarm["name"], known).get("facts") or {}
    if not facts.get(percent["of"]):
        raise UnknownTarget(
            f"Alarm {alarm['name']} needs {percent['of']} of {alarm.get('of')}, which is not known. "
            f"To fix: name one of {', '.join(sorted(facts)) or 'no fact: it has none'}, or give a threshold."
        )
    return round(facts[percent["of"]] * percent["percent"] / 100, 4)
