# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of web ACLs: as an item has them and as AWS has them. Pure functions."""

from __future__ import annotations

import re
from typing import Any, Dict, List

# https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
WINDOWS = [60, 120, 300, 600]
RATES = (10, 2_000_000_000)
MOST_OVERRIDES = 100
LONGEST_PREFIX = 200
NAME = r"[A-Za-z0-9_-]{1,128}"
# AWS's own metrics: https://docs.aws.amazon.com/waf/latest/APIReference/API_VisibilityConfig.html
RESERVED_METRICS = ("All", "Default_Action")
# Shield Advanced adds and removes a rule of its own, which has to stay:
# https://docs.aws.amazon.com/waf/latest/developerguide/ddos-automatic-app-layer-response-rg.html
SHIELD = "ShieldMitigationRuleGroup"
FORWARDED_IP = {"HeaderName": "X-Forwarded-For", "FallbackBehavior": "MATCH"}

ARGUMENTS = {
    "type": "list",
    "elements": "dict",
    "mutually_exclusive": [("managed_group", "rate_limit")],
    "required_one_of": [("managed_group", "rate_limit")],
    "options": {
        "name": {"type": "str", "required": True},
        "priority": {"type": "int", "required": True},
        "managed_group": {"type": "str"},
        "vendor": {"type": "str", "default": "AWS"},
        "version": {"type": "str"},
        "count_rules": {"type": "list", "elements": "str"},
        "override_action": {"type": "str", "choices": ["none", "count"], "default": "none"},
        "rate_limit": {"type": "int"},
        "evaluation_window_seconds": {"type": "int", "choices": WINDOWS, "default": 300},
        "aggregate_key": {"type": "str", "choices": ["IP", "FORWARDED_IP"], "default": "IP", "no_log": False},
        "scope_down_path_prefix": {"type": "str"},
        "action": {"type": "str", "choices": ["block", "count"], "default": "block"},
    },
}


def flaw(rules: List[Dict[str, Any]]) -> str:
    """What is wrong with an item's rules; empty when nothing is."""
    for key in ("name", "priority"):
        values = [rule[key] for rule in rules]
        if len(set(values)) != len(values):
            return f"has two rules of the same {key}. To fix: give each its own"
    return next((f"rule {rule['name']} {wrong}" for rule in rules if (wrong := _rule_flaw(rule))), "")


def _rule_flaw(rule: Dict[str, Any]) -> str:
    if not re.fullmatch(NAME, rule["name"]) or rule["name"] in RESERVED_METRICS:
        return "has an impossible name. To fix: 1 to 128 letters, digits, - and _, not All or Default_Action"
    if rule["priority"] < 0:
        return f"has priority {rule['priority']}. To fix: 0 or more"
    return _managed_flaw(rule) if rule["managed_group"] else _rate_flaw(rule)


def _managed_flaw(rule: Dict[str, Any]) -> str:
    if rule["scope_down_path_prefix"]:
        return "has a scope_down_path_prefix, which is for rate limits. To fix: remove it"
    if not re.fullmatch(NAME, rule["managed_group"]):
        return f"has the managed_group {rule['managed_group']}. To fix: a name such as AWSManagedRulesCommonRuleSet"
    if len(rule["count_rules"] or []) > MOST_OVERRIDES:
        return f"has more than {MOST_OVERRIDES} count_rules. To fix: use override_action: count"
    return ""


def _rate_flaw(rule: Dict[str, Any]) -> str:
    if rule["version"] or rule["count_rules"] or rule["override_action"] != "none":
        return "limits a rate, and has a version, count_rules or override_action. To fix: remove them"
    if not RATES[0] <= rule["rate_limit"] <= RATES[1]:
        return f"has rate_limit {rule['rate_limit']}. To fix: {RATES[0]} to {RATES[1]}"
    prefix = rule["scope_down_path_prefix"]
    if prefix is not None and not (prefix.startswith("/") and len(prefix.encode()) <= LONGEST_PREFIX):
        return f"has an impossible scope_down_path_prefix. To fix: begin it with /, at most {LONGEST_PREFIX} bytes"
    return ""


def to_aws(rule: Dict[str, Any]) -> Dict[str, Any]:
    """The rule that an item asks for, as AWS writes it."""
    metrics = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": rule["name"]}
    common = {"Name": rule["name"], "Priority": rule["priority"], "VisibilityConfig": metrics}
    if rule["managed_group"]:
        override: Dict[str, dict] = {rule["override_action"].capitalize(): {}}
        return {**common, "Statement": {"ManagedRuleGroupStatement": _managed(rule)}, "OverrideAction": override}
    return {**common, "Statement": {"RateBasedStatement": _rate(rule)}, "Action": {rule["action"].capitalize(): {}}}


def _managed(rule: Dict[str, Any]) -> Dict[str, Any]:
    statement: Dict[str, Any] = {"VendorName": rule["vendor"], "Name": rule["managed_group"]}
    if rule["version"]:
        statement["Version"] = rule["version"]
    if rule["count_rules"]:
        statement["RuleActionOverrides"] = [
            {"Name": name, "ActionToUse": {"Count": {}}} for name in sorted(set(rule["count_rules"]))
        ]
    return statement


def _rate(rule: Dict[str, Any]) -> Dict[str, Any]:
    statement = {
        "Limit": rule["rate_limit"],
        "EvaluationWindowSec": rule["evaluation_window_seconds"],
        "AggregateKeyType": rule["aggregate_key"],
    }
    if rule["aggregate_key"] == "FORWARDED_IP":
        statement["ForwardedIPConfig"] = FORWARDED_IP
    if rule["scope_down_path_prefix"]:
        statement["ScopeDownStatement"] = {
            "ByteMatchStatement": {
                "SearchString": rule["scope_down_path_prefix"],
                "FieldToMatch": {"UriPath": {}},
                "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
                "PositionalConstraint": "STARTS_WITH",
            }
        }
    return statement


def from_aws(described: List[dict]) -> List[Dict[str, Any]]:
    """The rules that are the inventory's, by priority, without what AWS fills in."""
    rules = [_plain(rule) for rule in described if not is_of_aws(rule)]
    for rule in rules:
        if "RateBasedStatement" in rule["Statement"]:
            rule["Statement"]["RateBasedStatement"].setdefault("EvaluationWindowSec", 300)
    return sorted(rules, key=lambda rule: rule["Priority"])


def is_of_aws(rule: dict) -> bool:
    """Whether AWS added the rule by itself."""
    return rule["Name"].startswith(SHIELD)


def _plain(value: Any) -> Any:
    """The value as JSON would have it; an empty list or nothing is the same as no key."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if part is not None and part != []}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value.decode() if isinstance(value, bytes) else value
