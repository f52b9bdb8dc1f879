# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lifecycle rules of S3 buckets: between how users and how S3 write them, and what S3 refuses. Pure functions."""

from __future__ import annotations

from typing import Any, Dict, List

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html: an object
# moves down this list only, never from ONEZONE_IA to GLACIER_IR. It stays 30 days in STANDARD before an infrequent
# access class, and 30 days there before the next.
STORAGE_CLASSES = ("STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")
INFREQUENT_ACCESS = ("STANDARD_IA", "ONEZONE_IA")
INFREQUENT_ACCESS_DAYS = 30
MOST_RULES = 1000
ACTIONS = (
    "expiration_days",
    "transitions",
    "noncurrent_expiration_days",
    "noncurrent_transitions",
    "abort_incomplete_multipart_days",
)

_TRANSITION: Dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "options": {
        "days": {"type": "int", "required": True},
        "storage_class": {"type": "str", "choices": list(STORAGE_CLASSES), "required": True},
    },
}
# How users write a rule, as a part of a module's argument_spec.
RULE_SPEC = {
    "id": {"type": "str", "required": True},
    "prefix": {"type": "str", "default": ""},
    "enabled": {"type": "bool", "default": True},
    "expiration_days": {"type": "int"},
    "transitions": _TRANSITION,
    "noncurrent_expiration_days": {"type": "int"},
    "noncurrent_transitions": _TRANSITION,
    "abort_incomplete_multipart_days": {"type": "int"},
}


def given(rule: dict) -> dict:
    """A rule without what it does not say."""
    return {key: value for key, value in rule.items() if value is not None and value != []}


def to_aws(rule: dict) -> dict:
    """A rule as S3 wants it."""
    wanted: Dict[str, Any] = {
        "ID": rule["id"],
        "Filter": {"Prefix": rule["prefix"]},
        "Status": "Enabled" if rule["enabled"] else "Disabled",
    }
    if rule.get("expiration_days"):
        wanted["Expiration"] = {"Days": rule["expiration_days"]}
    if rule.get("transitions"):
        wanted["Transitions"] = [_to_transition("Days", one) for one in rule["transitions"]]
    if rule.get("noncurrent_expiration_days"):
        wanted["NoncurrentVersionExpiration"] = {"NoncurrentDays": rule["noncurrent_expiration_days"]}
    if rule.get("noncurrent_transitions"):
        moves = [_to_transition("NoncurrentDays", one) for one in rule["noncurrent_transitions"]]
        wanted["NoncurrentVersionTransitions"] = moves
    if rule.get("abort_incomplete_multipart_days"):
        wanted["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": rule["abort_incomplete_multipart_days"]}
    return wanted


def _to_transition(days: str, transition: dict) -> dict:
    return {days: transition["days"], "StorageClass": transition["storage_class"]}


def from_aws(rule: dict) -> dict:
    """A rule of S3 as users write it; what cannot be written so is under C(other), and therefore a difference."""
    rest = dict(rule)
    found: Dict[str, Any] = {"id": rest.pop("ID", ""), "enabled": rest.pop("Status") == "Enabled"}
    scope = dict(rest.pop("Filter", {}))
    found["prefix"] = scope.pop("Prefix", None) or rest.pop("Prefix", None) or ""
    found["expiration_days"] = _take(rest, "Expiration", "Days")
    found["noncurrent_expiration_days"] = _take(rest, "NoncurrentVersionExpiration", "NoncurrentDays")
    found["abort_incomplete_multipart_days"] = _take(rest, "AbortIncompleteMultipartUpload", "DaysAfterInitiation")
    found["transitions"] = _from_transitions(rest, "Transitions", "Days")
    found["noncurrent_transitions"] = _from_transitions(rest, "NoncurrentVersionTransitions", "NoncurrentDays")
    found["other"] = {key: str(value) for key, value in {"Filter": scope, **rest}.items() if value} or None
    return given(found)


def _take(rest: dict, action: str, field: str) -> Any:
    """The only thing that an action says; the action stays in C(rest) where it says more."""
    if list(rest.get(action, {})) == [field]:
        return rest.pop(action)[field]
    return None


def _from_transitions(rest: dict, action: str, days: str) -> List[dict]:
    moves = rest.get(action, [])
    if any(set(one) != {days, "StorageClass"} for one in moves):
        return []
    rest.pop(action, None)
    return [{"days": one[days], "storage_class": one["StorageClass"]} for one in moves]


def flaw(rules: List[dict]) -> str:
    """What is wrong with the rules of a bucket; empty when nothing is."""
    ids = [rule["id"] for rule in rules]
    if len(rules) > MOST_RULES:
        return f"has {len(rules)} lifecycle rules. To fix: at most {MOST_RULES}"
    doubled = sorted({one for one in ids if ids.count(one) > 1})
    if doubled:
        return f"has several lifecycle rules {doubled[0]}. To fix: give each its own id"
    flaws = [f"has an impossible lifecycle rule {rule['id']}: {rule_flaw(rule)}" for rule in rules if rule_flaw(rule)]
    return flaws[0] if flaws else ""


def rule_flaw(rule: dict) -> str:
    """What is wrong with one rule; empty when nothing is."""
    if not 1 <= len(rule["id"]) <= 255 or len(rule["prefix"]) > 1024:
        return "its id or its prefix is too short or too long. To fix: an id of 1 to 255 characters, a prefix of 1024"
    if not any(given(rule).get(action) is not None for action in ACTIONS):
        return "it does nothing. To fix: give it one of " + ", ".join(ACTIONS)
    for field in ("expiration_days", "noncurrent_expiration_days", "abort_incomplete_multipart_days"):
        if rule[field] is not None and rule[field] < 1:
            return f"{field} is {rule[field]}. To fix: at least 1"
    current = _transitions_flaw(rule["transitions"] or [], rule["expiration_days"])
    return current or _transitions_flaw(rule["noncurrent_transitions"] or [], rule["noncurrent_expiration_days"])


def _transitions_flaw(transitions: List[dict], expiration: Any) -> str:
    moves = sorted(transitions, key=lambda one: (one["days"], STORAGE_CLASSES.index(one["storage_class"])))
    for one in moves:
        least = INFREQUENT_ACCESS_DAYS if one["storage_class"] in INFREQUENT_ACCESS else 0
        if one["days"] < least:
            return f"{one['storage_class']} after {one['days']} days is too early. To fix: at least {least} days"
        if expiration is not None and expiration <= one["days"]:
            return f"expiration after {expiration} days is not after {one['storage_class']}. To fix: raise its days"
    for former, later in zip(moves, moves[1:]):
        step = (former["storage_class"], later["storage_class"])
        if STORAGE_CLASSES.index(step[0]) >= STORAGE_CLASSES.index(step[1]) or step == ("ONEZONE_IA", "GLACIER_IR"):
            return f"{former['storage_class']} cannot become {later['storage_class']}. To fix: a colder class later"
        stay = INFREQUENT_ACCESS_DAYS if former["storage_class"] in INFREQUENT_ACCESS else 1
        if later["days"] < former["days"] + stay:
            return f"{former['storage_class']} is left too early. To fix: {stay} days before {later['storage_class']}"
    return ""
