# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queues: attributes that SQS takes, and names that are not free again at once."""

from ... import delays
from ...errors import AwsError
from .. import after, answer, backend, check, correct
from .attributes import check_attributes

KEPT = "RedriveAllowPolicy"  # moto does not show it
MOST_TAGS = 50


@check("sqs", "CreateQueue")
def check_queue(call):
    """A name that was not deleted a moment ago, that says whether the queue is FIFO, and attributes that it can have."""
    name, attributes = call.parameters["QueueName"], call.parameters.get("Attributes") or {}
    if not delays.is_past(_deleted(call).get(name, 0)):
        message = "You must wait 60 seconds after deleting a queue before you can create another with the same name."
        raise AwsError("AWS.SimpleQueueService.QueueDeletedRecently", message, 400)
    fifo = attributes.get("FifoQueue") == "true"
    if fifo != name.endswith(".fifo"):
        message = "The name of a FIFO queue must end with the .fifo suffix, and no other name may have it."
        raise AwsError("InvalidParameterValue", message, 400)
    _check_tags(call.parameters.get("tags") or {})
    arn = f"arn:aws:sqs:{call.region}:{call.account}:{name}"
    check_attributes(backend(call), attributes, {}, arn, fifo)


@after("sqs", "CreateQueue")
def keep_attributes(call):
    """What moto forgets."""
    attributes = call.parameters.get("Attributes") or {}
    _keep(backend(call).get_queue(call.parameters["QueueName"]), attributes)


def _keep(queue, attributes):
    if KEPT in attributes:
        queue.sandbox_redrive_allow = attributes[KEPT]
    # Of the two kinds of encryption a queue has one, and what was asked for last counts.
    if attributes.get("KmsMasterKeyId"):
        queue.sqs_managed_sse_enabled = "false"
    elif str(attributes.get("SqsManagedSseEnabled")).lower() == "true":
        queue.kms_master_key_id = None


@answer("sqs", "SetQueueAttributes")
def set_attributes(call):
    """moto drops the policy whenever something else is set."""
    queue, attributes = queue_of(call), call.parameters["Attributes"]
    if "FifoQueue" in attributes:
        raise AwsError("InvalidAttributeName", "Unknown Attribute FifoQueue.", 400)
    check_attributes(backend(call), attributes, queue.attributes, queue.queue_arn, queue.fifo_queue)
    kept = {} if "Policy" in attributes else {"Policy": queue.policy}
    queue._set_attributes({**kept, **attributes})
    _keep(queue, attributes)
    return {}


@answer("sqs", "GetQueueAttributes")
def get_attributes(call):
    """What moto has no name for, too."""
    names, queue = call.parameters.get("AttributeNames") or [], queue_of(call)
    rest = [name for name in names if name != KEPT]
    found = backend(call).get_queue_attributes(queue.name, rest) if rest else {}
    kept = getattr(queue, "sandbox_redrive_allow", "")
    if kept and {"All", KEPT} & set(names):
        found[KEPT] = kept
    found = {name: str(value) for name, value in found.items() if value is not None}
    return {"Attributes": found} if found else {}


# --- what takes a minute -------------------------------------------------------------------------------------------


def _deleted(call):
    return vars(backend(call)).setdefault("sandbox_deleted", {})


@after("sqs", "DeleteQueue")
def note_deleted(call):
    """The name is free again after a minute."""
    _deleted(call)[_name(call)] = delays.ready_at("sqs-queue-name-reuse")


@answer("sqs", "PurgeQueue")
def purge(call):
    """Once a minute; moto's minute is not the sandbox's."""
    queue = queue_of(call)
    if not delays.is_past(getattr(queue, "sandbox_purged_until", 0)):
        message = f"Only one PurgeQueue operation on {queue.name} is allowed every 60 seconds."
        raise AwsError("AWS.SimpleQueueService.PurgeQueueInProgress", message, 403)
    queue.sandbox_purged_until = delays.ready_at("sqs-queue-purge")
    queue._messages, queue._pending_messages = [], set()
    return {}


# --- tags ----------------------------------------------------------------------------------------------------------


@check("sqs", "TagQueue")
def check_tags(call):
    """Those that are there count."""
    _check_tags({**queue_of(call).tags, **call.parameters["Tags"]})


def _check_tags(tags):
    if len(tags) > MOST_TAGS:
        raise AwsError("InvalidParameterValue", f"Too many tags: a queue has at most {MOST_TAGS}.", 400)
    if any(name.lower().startswith("aws:") for name in tags):
        raise AwsError("InvalidParameterValue", "Tag keys that begin with aws: are reserved.", 400)


@correct("sqs", "ListQueueTags")
def answer_tags(call, parsed):
    """Also of a queue that has none any more."""
    parsed.setdefault("Tags", {})
    return False


def queue_of(call):
    """The queue that a call names."""
    return backend(call).get_queue(_name(call))


def _name(call):
    return call.parameters["QueueUrl"].rpartition("/")[2]
