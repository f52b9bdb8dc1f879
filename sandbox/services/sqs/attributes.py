# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SQS demands of a queue's attributes."""

import json

from ...errors import AwsError

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
RANGES = {
    "DelaySeconds": (0, 900), "KmsDataKeyReusePeriodSeconds": (60, 86400), "MaximumMessageSize": (1024, 1048576),
    "MessageRetentionPeriod": (60, 1209600), "ReceiveMessageWaitTimeSeconds": (0, 20), "VisibilityTimeout": (0, 43200),
}  # fmt: skip
FIFO_ONLY = {"ContentBasedDeduplication", "DeduplicationScope", "FifoQueue", "FifoThroughputLimit"}
ALLOWED = {"KmsMasterKeyId", "Policy", "RedriveAllowPolicy", "RedrivePolicy", "SqsManagedSseEnabled"} | set(RANGES)
VALUES = {
    "ContentBasedDeduplication": ("true", "false"), "DeduplicationScope": ("messageGroup", "queue"),
    "FifoQueue": ("true",), "FifoThroughputLimit": ("perMessageGroupId", "perQueue"),
    "SqsManagedSseEnabled": ("true", "false"),
}  # fmt: skip
MOST_RECEIVES, MOST_SOURCES = 1000, 10


def check_attributes(state, attributes, present, arn, fifo):
    """Refuse attributes that a queue, FIFO or not, cannot have."""
    for name, value in attributes.items():
        if name not in ALLOWED | (FIFO_ONLY if fifo else set()):
            raise AwsError("InvalidAttributeName", f"Unknown Attribute {name}.", 400)
        if value and name in VALUES and value.lower() not in [allowed.lower() for allowed in VALUES[name]]:
            raise _invalid(name)
        if name in RANGES:
            _check_number(name, value)
    _check_throughput({**present, **attributes})
    if attributes.get("Policy"):
        _check_policy(attributes["Policy"])
    if attributes.get("RedriveAllowPolicy"):
        _check_allow(attributes["RedriveAllowPolicy"])
    if attributes.get("RedrivePolicy"):
        _check_redrive(state, attributes["RedrivePolicy"], arn, fifo)


def _check_number(name, value):
    least, most = RANGES[name]
    if not value.lstrip("-").isdigit() or not least <= int(value) <= most:
        raise _invalid(name)


def _check_throughput(attributes):
    if attributes.get("FifoThroughputLimit") == "perMessageGroupId":
        if attributes.get("DeduplicationScope") != "messageGroup":
            raise _invalid("FifoThroughputLimit")


def _check_policy(text):
    try:
        statements = json.loads(text)["Statement"]
        statements = [statements] if isinstance(statements, dict) else statements
        sound = all({"Effect", "Principal", "Action", "Resource"} <= set(statement) for statement in statements)
    except (ValueError, TypeError, KeyError):
        sound = False
    if not sound:
        raise _invalid("Policy")


def _check_allow(text):
    policy = _parsed("RedriveAllowPolicy", text)
    permission, sources = policy.get("redrivePermission"), policy.get("sourceQueueArns")
    if permission not in ("allowAll", "byQueue", "denyAll"):
        raise _reason("RedriveAllowPolicy", text, "redrivePermission must be allowAll, denyAll or byQueue.")
    if (permission == "byQueue") != bool(sources):
        raise _reason("RedriveAllowPolicy", text, "sourceQueueArns are what byQueue needs, and no other has.")
    if len(sources or []) > MOST_SOURCES:
        raise _reason("RedriveAllowPolicy", text, f"Only {MOST_SOURCES} source queues can be named.")


def _check_redrive(state, text, arn, fifo):
    policy = _parsed("RedrivePolicy", text)
    if not policy:
        return  # which ends the redrive
    target, count = policy.get("deadLetterTargetArn"), str(policy.get("maxReceiveCount"))
    if not target or not count.isdigit() or not 1 <= int(count) <= MOST_RECEIVES:
        raise _reason(
            "RedrivePolicy", text, f"It needs a deadLetterTargetArn and a maxReceiveCount of 1 to {MOST_RECEIVES}."
        )
    queue = next((item for item in state.queues.values() if item.queue_arn == target), None)
    if queue is None:
        raise _reason("RedrivePolicy", text, "Dead letter target does not exist.")
    if queue.fifo_queue != fifo:
        raise _reason("RedrivePolicy", text, "Dead-letter queue must be same type of queue as the source.")
    allow = json.loads(getattr(queue, "sandbox_redrive_allow", "") or "{}")
    permission = allow.get("redrivePermission", "allowAll")
    if permission == "denyAll" or (permission == "byQueue" and arn not in allow["sourceQueueArns"]):
        raise _reason("RedrivePolicy", text, "The dead-letter queue does not allow this source queue.")


def _parsed(name, text):
    try:
        policy = json.loads(text)
    except ValueError:
        policy = None
    if not isinstance(policy, dict):
        raise _reason(name, text, "It is not a JSON object.")
    return policy


def _reason(name, value, why):
    return AwsError("InvalidParameterValue", f"Value {value} for parameter {name} is invalid. Reason: {why}", 400)


def _invalid(name):
    return AwsError("InvalidAttributeValue", f"Invalid value for the parameter {name}.", 400)
