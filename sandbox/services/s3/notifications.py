# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notifications: whom S3 tells, who lets it, and of what."""

import fnmatch
import json
import uuid

from moto.backends import get_backend

from .. import answer
from .buckets import bucket_of, settings
from .errors import invalid

DESTINATIONS = {  # list: member with the ARN
    "TopicConfigurations": "TopicArn", "QueueConfigurations": "QueueArn",
    "LambdaFunctionConfigurations": "LambdaFunctionArn",
}  # fmt: skip
ACTIONS = {"sns": "sns:Publish", "sqs": "sqs:SendMessage", "lambda": "lambda:InvokeFunction"}
S3 = "s3.amazonaws.com"


@answer("s3", "PutBucketNotificationConfiguration")
def put_notifications(call):
    """Every destination exists and lets S3 in. moto forgets EventBridge and crashes on half a filter."""
    bucket = bucket_of(call)
    wanted = call.parameters.get("NotificationConfiguration") or {}
    kept = {}
    for member, arn in DESTINATIONS.items():
        for entry in wanted.get(member) or []:
            if not call.parameters.get("SkipDestinationValidation") and not _lets_in(call, bucket, entry[arn]):
                raise invalid("Unable to validate the following destination configurations")
            given = {name: value for name, value in entry.items() if value is not None}
            kept.setdefault(member, []).append({"Id": uuid.uuid4().hex, **given})
    _refuse_overlap([entry for entries in kept.values() for entry in entries])
    if wanted.get("EventBridgeConfiguration") is not None or b"EventBridgeConfiguration" in call.body:
        kept["EventBridgeConfiguration"] = {}
    settings(bucket)["Notifications"] = kept
    return {}


@answer("s3", "GetBucketNotificationConfiguration")
def get_notifications(call):
    """What was written."""
    return settings(bucket_of(call)).get("Notifications", {})


def _refuse_overlap(entries):
    """One event is told to one destination only."""
    for number, one in enumerate(entries):
        for other in entries[number + 1 :]:
            if _share_events(one, other) and all(_share_keys(one, other, name) for name in ("prefix", "suffix")):
                raise invalid(
                    "Configurations overlap. Configurations on the same bucket cannot share a common event type."
                )


def _share_events(one, other):
    return any(
        fnmatch.fnmatchcase(first, second) or fnmatch.fnmatchcase(second, first)
        for first in one["Events"]
        for second in other["Events"]
    )


def _share_keys(one, other, name):
    first, second = (_part(entry, name) for entry in (one, other))
    if name == "prefix":
        return first.startswith(second) or second.startswith(first)
    return first.endswith(second) or second.endswith(first)


def _part(entry, name):
    rules = ((entry.get("Filter") or {}).get("Key") or {}).get("FilterRules") or []
    return next((rule["Value"] for rule in rules if rule["Name"].lower() == name), "")


def _lets_in(call, bucket, arn):
    """Whether a destination is there, and its policy lets S3 write for this bucket."""
    statements = _policy(call, arn)
    return statements is not None and any(
        _allows(statement, ACTIONS[arn.split(":")[2]], f"arn:aws:s3:::{bucket.name}", call.account)
        for statement in statements
    )


def _policy(call, arn):
    """The statements about a destination, None if it does not exist."""
    _arn, _partition, service, region, account, name = arn.split(":", 5)
    state = get_backend(service)[account][region]
    if service == "sns":
        policy = state.topics[arn].policy if arn in state.topics else None
    elif service == "sqs":
        policy = (state.queues[name].policy or "{}") if name in state.queues else None
    else:
        functions = [item for item in state.list_functions() if item.function_name == name.split(":")[1]]
        policy = {"Statement": functions[0].policy.statements} if functions else None
    policy = json.loads(policy) if isinstance(policy, str) else policy
    return None if policy is None else _listed(policy.get("Statement") or [])


def _allows(statement, action, bucket, account):
    principal = statement.get("Principal")
    services = (
        _listed(principal.get("Service") or principal.get("AWS") or []) if isinstance(principal, dict) else [principal]
    )
    actions = [item.lower() for item in _listed(statement.get("Action") or [])]
    if statement.get("Effect") != "Allow" or not {S3, "*"} & set(services):
        return False
    if not any(fnmatch.fnmatchcase(action.lower(), pattern) for pattern in actions):
        return False
    facts = {"aws:sourcearn": bucket, "aws:sourceaccount": account}
    return all(
        any(fnmatch.fnmatchcase(facts.get(key.lower(), ""), pattern) for pattern in _listed(values))
        for operator, conditions in (statement.get("Condition") or {}).items()
        if operator.removesuffix("IfExists") in ("ArnEquals", "ArnLike", "StringEquals", "StringLike")
        for key, values in conditions.items()
    )


def _listed(value):
    return value if isinstance(value, list) else [value]
