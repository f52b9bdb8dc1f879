# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the variables of the load_balancer role to the items of its modules. Pure functions."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.groundwork.aws.plugins.plugin_utils.names import resource_name, shortened

# U(https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html): 32 for both.
NAME_LIMIT = 32
LOGS_PREFIX = "load-balancer"
PENDING = "The certificate of this site is not issued yet."

Arns = Dict[str, Optional[str]]


def load_balancer_items(wanted: Dict[str, Any], prefix: str) -> List[dict]:
    """The item of elbv2_load_balancers, as a list.

    :param wanted: C(name), C(scheme), C(subnet_ids), C(security_group_ids), C(access_logs_bucket),
        C(deletion_protection), C(idle_timeout) and more C(attributes).
    """
    attributes = {
        "deletion_protection.enabled": wanted["deletion_protection"],
        "idle_timeout.timeout_seconds": wanted["idle_timeout"],
        "routing.http.drop_invalid_header_fields.enabled": True,
        "access_logs.s3.enabled": bool(wanted["access_logs_bucket"]),
    }
    if wanted["access_logs_bucket"]:
        attributes["access_logs.s3.bucket"] = wanted["access_logs_bucket"]
        attributes["access_logs.s3.prefix"] = LOGS_PREFIX
    return [
        {
            "name": wanted["name"] or shortened(prefix, NAME_LIMIT),
            "scheme": wanted["scheme"],
            "subnet_ids": wanted["subnet_ids"],
            "security_group_ids": wanted["security_group_ids"],
            "attributes": {**attributes, **wanted["attributes"]},
        }
    ]


def target_group_items(groups: List[dict], prefix: str) -> List[dict]:
    """Items for elbv2_target_groups."""
    return [
        {
            "name": resource_name(prefix, group["name"], NAME_LIMIT),
            "port": group["port"],
            "protocol": group.get("protocol", "HTTP"),
            "health_check": {
                "path": group.get("health_check_path", "/"),
                "matcher": group.get("health_check_matcher", "200"),
                "interval": group.get("health_check_interval", 30),
                "timeout": group.get("health_check_timeout", 5),
                "healthy_threshold": group.get("healthy_threshold", 2),
                "unhealthy_threshold": group.get("unhealthy_threshold", 3),
            },
            "attributes": _target_group_attributes(group),
        }
        for group in groups
    ]


def _target_group_attributes(group: dict) -> Dict[str, Any]:
    sticky = group.get("stickiness_seconds", 0)
    attributes = {
        "deregistration_delay.timeout_seconds": group.get("deregistration_delay", 30),
        "slow_start.duration_seconds": group.get("slow_start", 0),
        "stickiness.enabled": bool(sticky),
    }
    if sticky:
        attributes["stickiness.type"] = "lb_cookie"
        attributes["stickiness.lb_cookie.duration_seconds"] = sticky
    return attributes


def listener_items(wanted: Dict[str, Any], groups: Arns) -> List[dict]:
    """Items for elbv2_listeners.

    With domains, 443 serves and 80 leads there. Until the certificate is issued, 80 serves nothing, and each target
    group hangs on a rule that no request meets: ECS refuses a target group that is on no load balancer. Without
    domains, 80 serves.

    :param wanted: C(domains), C(certificate_arn), C(ssl_policy), C(default_target_group) and C(rules).
    :param groups: the ARNs of the target groups by name.
    """
    if not wanted["domains"]:
        return [{"name": "http", "port": 80, "protocol": "HTTP", **_serving(wanted, groups)}]
    if not wanted["certificate_arn"]:
        refusal = {"fixed_response": {"status_code": 503, "body": PENDING}}
        return [{"name": "http", "port": 80, "protocol": "HTTP", "default_action": refusal, "rules": _waiting(groups)}]
    redirect = {"redirect": {"protocol": "HTTPS", "port": "443", "status_code": 301}}
    secure = {
        "name": "https",
        "port": 443,
        "protocol": "HTTPS",
        "certificate_arns": [wanted["certificate_arn"]],
        **({"ssl_policy": wanted["ssl_policy"]} if wanted["ssl_policy"] else {}),
        **_serving(wanted, groups),
    }
    # 443 first, so that the target groups never hang on nothing.
    return [secure, {"name": "http", "port": 80, "protocol": "HTTP", "default_action": redirect, "rules": []}]


def _forward(arn: Optional[str]) -> dict:
    # Releases shift the weights, and a converge leaves them alone.
    return {"forward": {"target_group_arn": arn, "keep_weights": True}}


def _serving(wanted: Dict[str, Any], groups: Arns) -> dict:
    rules = [
        {
            "name": rule["name"],
            "priority": rule["priority"],
            "conditions": _conditions(rule),
            "action": _forward(groups.get(rule["target_group"])),
        }
        for rule in wanted["rules"]
    ]
    return {"default_action": _forward(groups.get(wanted["default_target_group"])), "rules": rules}


def _conditions(rule: dict) -> dict:
    given = {"path_patterns": rule.get("paths"), "host_headers": rule.get("hosts")}
    return {key: value for key, value in given.items() if value}


def _waiting(groups: Arns) -> List[dict]:
    return [
        {
            "name": f"{name}-waits",
            "priority": number,
            "conditions": {"host_headers": [f"{name}.invalid"]},
            "action": _forward(arn),
        }
        for number, (name, arn) in enumerate(sorted(groups.items()), start=1)
    ]


def alias_records(domains: List[str], balancer: Dict[str, Any]) -> List[dict]:
    """Items for route53_records: each domain leads to the load balancer, by IPv4 and IPv6."""
    alias = {
        "dns_name": balancer.get("dns_name") or "none.invalid",
        "zone_id": balancer.get("canonical_zone_id") or "none",
        "evaluate_target_health": True,
    }
    return [{"name": domain, "type": kind, "alias": alias} for domain in domains for kind in ("A", "AAAA")]


def target_health(groups: List[dict], items: List[dict], found: Dict[str, dict]) -> Dict[str, dict]:
    """How many targets of each group are healthy, and how many are not; nothing where that was not asked for."""
    counts = {group["name"]: found.get(item["name"], {}).get("target_counts") for group, item in zip(groups, items)}
    return {
        name: {"healthy": states.get("healthy", 0), "unhealthy": states.get("unhealthy", 0)}
        for name, states in counts.items()
        if states is not None
    }
