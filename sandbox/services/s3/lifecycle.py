# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What S3 demands of the rules of a life cycle."""

import uuid

from ...errors import AwsError
from .errors import invalid, malformed

# In the order in which objects can move.
CLASSES = ("STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")
INFREQUENT = {"STANDARD_IA", "ONEZONE_IA"}
SOONEST = 30
STAY = 30  # days between infrequent access and what follows it
MOST_RULES, MOST_VERSIONS = 1000, 100
ACTIONS = (
    "Expiration", "Transitions", "NoncurrentVersionExpiration", "NoncurrentVersionTransitions",
    "AbortIncompleteMultipartUpload",
)  # fmt: skip


def check_rules(rules):
    """Rules as they are kept, each with an id; an error for those that S3 refuses."""
    if not 1 <= len(rules) <= MOST_RULES:
        raise malformed()
    kept = [{"ID": uuid.uuid4().hex, **_given(rule)} for rule in rules]
    ids = [rule["ID"] for rule in kept]
    if len(set(ids)) < len(ids):
        raise invalid("Rule ID must be unique. Found same ID for more than one rule")
    for rule in kept:
        _check_rule(rule)
    return kept


def _given(members):
    return {name: value for name, value in members.items() if value is not None and value != []}


def _check_rule(rule):
    if len(rule["ID"]) > 255:
        raise invalid("ID length should not exceed allowed limit of 255")
    if rule.get("Status") not in ("Enabled", "Disabled") or ("Filter" in rule) == ("Prefix" in rule):
        raise malformed()
    if not any(rule.get(action) for action in ACTIONS):
        raise AwsError("InvalidRequest", "At least one action needs to be specified in a rule", 400)
    scope = _check_filter(rule.get("Filter") or {})
    _check_expiration(rule, scope)
    _check_transitions(rule.get("Transitions") or [], "Days", "Transition")
    _check_transitions(rule.get("NoncurrentVersionTransitions") or [], "NoncurrentDays", "NoncurrentVersionTransition")
    _check_versions(rule)
    upload = rule.get("AbortIncompleteMultipartUpload")
    if upload and scope & {"Tag", "Tags", "ObjectSizeGreaterThan", "ObjectSizeLessThan"}:
        message = "AbortIncompleteMultipartUpload cannot be specified with Tags or object sizes."
        raise AwsError("InvalidRequest", message, 400)
    if upload and (upload.get("DaysAfterInitiation") or 0) < 1:
        raise invalid("'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer")


def _check_filter(wanted):
    """The members of a filter; the ones that are combined must be combined with And."""
    members = _given(wanted)
    if len(members) > 1:
        raise malformed()
    both = _given(members.get("And") or {})
    if "And" in members and len(both) + max(0, len(both.get("Tags") or []) - 1) < 2:
        raise malformed()
    return set(both or members)


def _check_expiration(rule, scope):
    expiration = _given(rule.get("Expiration") or {})
    if not expiration:
        return
    if len(expiration) != 1:
        raise malformed()
    if "Days" in expiration and expiration["Days"] < 1:
        raise invalid("'Days' for Expiration action must be a positive integer")
    if "ExpiredObjectDeleteMarker" in expiration and scope & {"Tag", "Tags"}:
        raise AwsError("InvalidRequest", "ExpiredObjectDeleteMarker cannot be specified with Tags.", 400)
    days = [item["Days"] for item in rule.get("Transitions") or [] if item.get("Days") is not None]
    if "Days" in expiration and days and expiration["Days"] <= max(days):
        raise invalid("'Days' in the Expiration action must be greater than 'Days' in the Transition action")


def _check_transitions(transitions, member, action):
    names = [item.get("StorageClass") for item in transitions]
    if not set(names) <= set(CLASSES):
        raise malformed()
    if len(set(names)) < len(names):
        raise invalid(f"'StorageClass' must be different for '{action}' actions in same 'Rule'")
    for item in transitions:
        _check_transition(item, member, action)
    timed = sorted((item for item in transitions if item.get(member) is not None), key=lambda item: item[member])
    for first, second in zip(timed, timed[1:]):
        wait = STAY if first["StorageClass"] in INFREQUENT else 1
        later = CLASSES.index(second["StorageClass"]) > CLASSES.index(first["StorageClass"])
        if not later or second[member] - first[member] < wait:
            raise invalid(
                f"'{member}' in the '{action}' action for StorageClass '{second['StorageClass']}' must be "
                f"{wait} days more than '{member}' for StorageClass '{first['StorageClass']}'"
            )


def _check_transition(item, member, action):
    if member == "Days" and (item.get("Days") is None) == (item.get("Date") is None):
        raise malformed()
    if member != "Days" and item.get(member) is None:
        raise malformed()
    days = item.get(member)
    if days is not None and item["StorageClass"] in INFREQUENT and days < SOONEST:
        raise invalid(
            f"'{member}' in {action} action must be greater than or equal to {SOONEST} "
            f"for storageClass '{item['StorageClass']}'"
        )


def _check_versions(rule):
    expiration = _given(rule.get("NoncurrentVersionExpiration") or {})
    if expiration and (expiration.get("NoncurrentDays") or 0) < 1:
        raise invalid("'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer")
    for item in [expiration, *(rule.get("NoncurrentVersionTransitions") or [])]:
        newer = item.get("NewerNoncurrentVersions")
        if newer is not None and (not 1 <= newer <= MOST_VERSIONS or "Filter" not in rule):
            raise invalid(f"'NewerNoncurrentVersions' must be from 1 to {MOST_VERSIONS}, in a rule with a Filter")
