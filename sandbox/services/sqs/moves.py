# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that move messages from a dead-letter queue to where they were, or elsewhere."""

import base64
import json
import time
import uuid

from ... import delays
from ...errors import AwsError
from .. import after, answer, backend, before
from .queues import queue_of

MOST_SHOWN, MOST_A_SECOND = 10, 500


def _tasks(call):
    return vars(backend(call)).setdefault("sandbox_moves", [])


@before("sqs")
def finish_moves(call):
    """What was to be moved has been, after a while."""
    for task in _tasks(call):
        if task["view"]["Status"] == "RUNNING" and delays.is_past(task["ready"]):
            _move(backend(call).queues, task["view"])


def _move(queues, view):
    by_arn = {queue.queue_arn: queue for queue in queues.values()}
    source = by_arn.get(view["SourceArn"])
    for message in list(source.messages) if source else ():
        target = by_arn.get(view.get("DestinationArn") or _origin(message, by_arn, source))
        if target is None:
            view.update(Status="FAILED", FailureReason="AWS.SimpleQueueService.NonExistentQueue")
            return
        source._messages.remove(message)
        message.approximate_receive_count = 0
        target.add_message(message)
        view["ApproximateNumberOfMessagesMoved"] += 1
    view["Status"] = "COMPLETED"


def _origin(message, by_arn, source):
    """The queue that a message came from; for one that SNS sent, a queue that uses this dead-letter queue."""
    users = (arn for arn, queue in by_arn.items() if queue.dead_letter_queue is source)
    return getattr(message, "sandbox_origin", None) or next(users, None)


@after("sqs", "SendMessage", "SendMessageBatch")
def note_origin(call):
    """moto does not know where a dead letter came from."""
    queue = queue_of(call)
    for message in reversed(queue._messages):
        if hasattr(message, "sandbox_origin"):
            return
        message.sandbox_origin = queue.queue_arn


@answer("sqs", "StartMessageMoveTask")
def start_move(call):
    """moto does not have it."""
    parameters, queues = call.parameters, backend(call).queues.values()
    source = _require(queues, parameters["SourceArn"], "SourceArn")
    if parameters.get("DestinationArn"):
        _require(queues, parameters["DestinationArn"], "DestinationArn")
    _check_start(call, source)
    text = json.dumps({"taskId": str(uuid.uuid4()), "sourceArn": source.queue_arn})
    handle = base64.b64encode(text.encode()).decode()
    optional = ("DestinationArn", "MaxNumberOfMessagesPerSecond")
    view = {
        "TaskHandle": handle,
        "Status": "RUNNING",
        "SourceArn": source.queue_arn,
        "ApproximateNumberOfMessagesMoved": 0,
        "ApproximateNumberOfMessagesToMove": len(source.messages),
        "StartedTimestamp": int(time.time() * 1000),
        **{name: parameters[name] for name in optional if parameters.get(name)},
    }
    _tasks(call).insert(0, {"view": view, "ready": delays.ready_at("sqs-message-move")})
    return {"TaskHandle": handle}


def _check_start(call, source):
    if not any(queue.dead_letter_queue is source for queue in backend(call).queues.values()):
        raise AwsError("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.", 400)
    if not 1 <= (call.parameters.get("MaxNumberOfMessagesPerSecond") or 1) <= MOST_A_SECOND:
        message = f"Value for parameter MaxNumberOfMessagesPerSecond must be between 1 and {MOST_A_SECOND}."
        raise AwsError("InvalidParameterValue", message, 400)
    if any(_is_running(task, source.queue_arn) for task in _tasks(call)):
        message = (
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
        )
        raise AwsError("AWS.SimpleQueueService.UnsupportedOperation", message, 400)


def _require(queues, arn, member):
    queue = next((queue for queue in queues if queue.queue_arn == arn), None)
    if queue is None:
        message = f"The resource that you specified for the {member} parameter doesn't exist."
        raise AwsError("ResourceNotFoundException", message, 404)
    return queue


def _is_running(task, arn):
    return task["view"]["SourceArn"] == arn and task["view"]["Status"] == "RUNNING"


@answer("sqs", "ListMessageMoveTasks")
def list_moves(call):
    """The newest first, and one unless more are asked for; a handle is for what can be cancelled."""
    arn, most = call.parameters["SourceArn"], call.parameters.get("MaxResults") or 1
    if not 1 <= most <= MOST_SHOWN:
        message = f"Value for parameter MaxResults must be between 1 and {MOST_SHOWN}."
        raise AwsError("InvalidParameterValue", message, 400)
    _require(backend(call).queues.values(), arn, "SourceArn")
    found = [dict(task["view"]) for task in _tasks(call) if task["view"]["SourceArn"] == arn][:most]
    for view in found:
        if view["Status"] != "RUNNING":
            del view["TaskHandle"]
    return {"Results": found}


@answer("sqs", "CancelMessageMoveTask")
def cancel_move(call):
    """What was moved stays where it is."""
    handle = call.parameters["TaskHandle"]
    view = next((task["view"] for task in _tasks(call) if task["view"]["TaskHandle"] == handle), None)
    if view is None:
        raise AwsError("ResourceNotFoundException", "Task does not exist.", 404)
    if view["Status"] != "RUNNING":
        message = "Only active tasks can be cancelled."
        raise AwsError("AWS.SimpleQueueService.UnsupportedOperation", message, 400)
    view["Status"] = "CANCELLED"
    return {"ApproximateNumberOfMessagesMoved": view["ApproximateNumberOfMessagesMoved"]}
