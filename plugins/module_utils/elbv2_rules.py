# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of listeners: as an item has them, as AWS has them, and what to change. Pure functions.

In between, a rule is a dictionary with name, priority, ARN, conditions, action and tags; a condition has a field,
values, and a name where it is about a header.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.groundwork.aws.plugins.module_utils import compare, elbv2_actions

Rule = Dict[str, Any]

# An item's word for a condition: its field, and the key of its values, in AWS's words.
CONDITIONS = {
    "host_headers": ("host-header", "HostHeaderConfig"),
    "path_patterns": ("path-pattern", "PathPatternConfig"),
    "http_methods": ("http-request-method", "HttpRequestMethodConfig"),
    "source_ips": ("source-ip", "SourceIpConfig"),
    "query_strings": ("query-string", "QueryStringConfig"),
    "http_headers": ("http-header", "HttpHeaderConfig"),
}
CONFIGS = dict(CONDITIONS.values())
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
MOST_VALUES = 5
LONGEST_VALUE = 128
LONGEST_HEADER = 40
LAST_PRIORITY = 50000

_STRINGS = {"type": "list", "elements": "str"}
ARGUMENTS = {
    "type": "list",
    "elements": "dict",
    "options": {
        "name": {"type": "str", "required": True},
        "priority": {"type": "int", "required": True},
        "conditions": {
            "type": "dict",
            "required": True,
            "required_one_of": [tuple(CONDITIONS)],
            "options": {
                "host_headers": _STRINGS,
                "path_patterns": _STRINGS,
                "http_methods": _STRINGS,
                "source_ips": _STRINGS,
                "query_strings": {
                    "type": "list",
                    "elements": "dict",
                    "no_log": False,
                    "options": {"key": {"type": "str", "no_log": False}, "value": {"type": "str", "required": True}},
                },
                "http_headers": {
                    "type": "list",
                    "elements": "dict",
                    "options": {
                        "name": {"type": "str", "required": True},
                        "values": {"type": "list", "elements": "str", "required": True},
                    },
                },
            },
        },
        "action": {**elbv2_actions.ARGUMENTS, "required": True},
    },
}


def flaw(rules: List[Dict[str, Any]], protocol: str) -> str:
    """What is wrong with an item's rules; empty when nothing is."""
    for key in ("name", "priority"):
        values = [rule[key] for rule in rules]
        if len(set(values)) != len(values):
            return f"has two rules of the same {key}. To fix: give each its own"
    for rule in rules:
        wrong = _rule_flaw(rule) or elbv2_actions.flaw(rule["action"], protocol)
        if wrong:
            return f"rule {rule['name']} {wrong}"
    return ""


def _rule_flaw(rule: Dict[str, Any]) -> str:
    if not 1 <= rule["priority"] <= LAST_PRIORITY:
        return f"has priority {rule['priority']}. To fix: 1 to {LAST_PRIORITY}"
    conditions = wanted_conditions(rule["conditions"])
    values = [value for condition in conditions for value in condition["values"]]
    if not conditions or not all(condition["values"] for condition in conditions) or len(values) > MOST_VALUES:
        return f"has {len(values)} values in its conditions. To fix: 1 to {MOST_VALUES} altogether, none empty"
    texts = [text for value in values for text in (value.values() if isinstance(value, dict) else [value])]
    if any(not text or len(text) > LONGEST_VALUE for text in texts):
        return f"has a condition without text, or a long one. To fix: 1 to {LONGEST_VALUE} characters"
    return next((wrong for condition in conditions if (wrong := _condition_flaw(condition))), "")


def _condition_flaw(condition: Dict[str, Any]) -> str:
    field, values = condition["field"], condition["values"]
    if field == "source-ip" and not all(_is_cidr(value) for value in values):
        return "has a source_ips that is no network. To fix: CIDR notation, such as 10.0.0.0/16"
    if field == "http-request-method" and not all(re.fullmatch(r"[A-Z_-]{1,40}", value) for value in values):
        return "has an impossible method. To fix: capital letters, such as GET"
    if field == "host-header" and not all("." in value for value in values):
        return "has a host without a dot. To fix: a name such as api.example.com or *.example.com"
    if field == "http-header" and (condition["name"].lower() == "host" or len(condition["name"]) > LONGEST_HEADER):
        return f"has an impossible header. To fix: host_headers for Host, at most {LONGEST_HEADER} characters"
    return ""


def _is_cidr(text: str) -> bool:
    try:
        return bool(ipaddress.ip_network(text)) and "/" in text
    except ValueError:
        return False


def wanted_conditions(given: Dict[str, Any]) -> List[Dict[str, Any]]:
    """The conditions that an item asks for. Several headers must all be there; of values, one."""
    conditions = []
    for word, (field, _config) in CONDITIONS.items():
        if word == "http_headers":
            conditions += [{"field": field, **header} for header in given[word] or []]
        elif word == "query_strings" and given[word] is not None:
            pairs = [{key: text for key, text in pair.items() if text is not None} for pair in given[word]]
            conditions.append({"field": field, "values": pairs})
        elif given[word] is not None:
            conditions.append({"field": field, "values": given[word]})
    return conditions


def _condition_from_aws(described: dict) -> Dict[str, Any]:
    field = described["Field"]
    config = described.get(CONFIGS.get(field, "")) or {}
    values = config.get("Values") or described.get("Values") or []
    if field == "query-string":
        values = [{key.lower(): text for key, text in pair.items()} for pair in values]
    condition = {"field": field, "values": values, "name": config.get("HttpHeaderName")}
    condition["regex_values"] = config.get("RegexValues") or described.get("RegexValues")
    return {key: value for key, value in condition.items() if value is not None}


def _condition_to_aws(condition: Dict[str, Any]) -> dict:
    values = condition["values"]
    if condition["field"] == "query-string":
        values = [{key.capitalize(): text for key, text in pair.items()} for pair in values]
    config = {"Values": values}
    if "name" in condition:
        config["HttpHeaderName"] = condition["name"]
    return {"Field": condition["field"], CONFIGS[condition["field"]]: config}


def from_aws(described: dict, tags: Dict[str, str]) -> Rule:
    """The rule that AWS has."""
    return {
        "name": tags.get("Name", ""),
        "priority": int(described["Priority"]),
        "arn": described["RuleArn"],
        "conditions": [_condition_from_aws(condition) for condition in described["Conditions"]],
        "action": elbv2_actions.from_aws(described["Actions"]),
        "tags": tags,
    }


def to_aws(rule: Rule) -> Dict[str, Any]:
    """The parameters of the API for what a rule says."""
    conditions = [_condition_to_aws(condition) for condition in rule["conditions"]]
    return {"Conditions": conditions, "Actions": elbv2_actions.to_aws(rule["action"])}


def pair(wanted: List[Dict[str, Any]], live: List[Rule]) -> List[Tuple[Dict[str, Any], Optional[Rule]]]:
    """Each wanted rule with the one it is now: of the same name and priority, else the name, else the priority."""
    left = list(live)
    found: Dict[str, Rule] = {}
    for keys in (("name", "priority"), ("name",), ("priority",)):
        for rule in wanted:
            same = [one for one in left if all(one[key] == rule[key] for key in keys)]
            if same and rule["name"] not in found:
                found[rule["name"]] = same[0]
                left.remove(same[0])
    return [(rule, found.get(rule["name"])) for rule in wanted]


class Changes(NamedTuple):
    """What to do to rules, in this order: freed priorities can be taken, and those of existing rules swapped."""

    delete: List[Rule]
    move: Dict[str, int]  # priorities by ARN
    modify: List[Tuple[Rule, List[str]]]  # the rule as it should be, and its fields that differ
    create: List[Rule]


def changes(before: List[Rule], after: List[Rule]) -> Changes:
    """What makes the rules before into those after, which carry the ARNs of those that they are now."""
    live = {rule["arn"]: rule for rule in before}
    kept = [rule for rule in after if rule["arn"] in live]
    modify = []
    for rule in kept:
        fields = ("conditions", "action", "tags")
        different = [field for field in fields if not compare.same(live[rule["arn"]][field], rule[field])]
        if different:
            modify.append((rule, different))
    return Changes(
        delete=[rule for arn, rule in live.items() if arn not in {one["arn"] for one in kept}],
        move={one["arn"]: one["priority"] for one in kept if live[one["arn"]]["priority"] != one["priority"]},
        modify=modify,
        create=[rule for rule in after if rule["arn"] not in live],
    )
