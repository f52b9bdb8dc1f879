# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source mappings, which are created, switched and deleted in a while."""

from ... import delays
from .. import after, backend, before, check, correct
from .shared import conflict, invalid, missing

DURATION = "lambda-event-source-mapping"
SQS_BATCH, SQS_FIFO_BATCH = 10000, 10
# What moto forgets when it changes.
KEPT = ("LoggingConfig", "ProvisionedPollerConfig", "ScalingConfig")


@before("lambda")
def finish_mappings(call):
    """A mapping that was deleted is gone after a while."""
    mappings = backend(call)._event_source_mappings
    for number, mapping in list(mappings.items()):
        if delays.is_past(getattr(mapping, "sandbox_gone_at", float("inf"))):
            del mappings[number]


@check("lambda", "CreateEventSourceMapping")
def check_mapping(call):
    """A source that is there, fits the function, and is not the function's already."""
    parameters, state = call.parameters, backend(call)
    function, arn = state.get_function(parameters["FunctionName"]), parameters.get("EventSourceArn")
    if not arn:
        return
    for mapping in state._event_source_mappings.values():
        if (mapping.event_source_arn, mapping.function_arn) == (arn, function.function_arn):
            raise conflict(
                f'An event source mapping with event source ("{arn}") and function ("{function.function_name}") already '
                f"exists. Please update or delete the existing mapping with UUID {mapping.uuid}"
            )
    if arn.split(":")[2] == "sqs":
        _check_queue(call, function, arn)
        _check_batch(parameters, arn.endswith(".fifo"))
    elif arn.split(":")[2] in ("dynamodb", "kinesis") and not parameters.get("StartingPosition"):
        raise invalid("StartingPosition is required for Kinesis and DynamoDB streams.")


def _check_queue(call, function, arn):
    queue = next((queue for queue in backend(call, "sqs").queues.values() if queue.queue_arn == arn), None)
    if queue is None:
        raise invalid("Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue.")
    if queue.visibility_timeout < function.timeout:
        raise invalid(
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than "
            f"Function timeout: {function.timeout} seconds"
        )


def _check_batch(parameters, fifo):
    size, window = parameters.get("BatchSize") or 10, parameters.get("MaximumBatchingWindowInSeconds") or 0
    if size > (SQS_FIFO_BATCH if fifo else SQS_BATCH):
        raise invalid(f"Maximum batch size of FIFO queues is {SQS_FIFO_BATCH}.")
    if fifo and window:
        raise invalid("Unsupported MaximumBatchingWindowInSeconds parameter for FIFO queues.")
    if size > 10 and not window:
        raise invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
    if parameters.get("StartingPosition"):
        raise invalid("StartingPosition is not valid for SQS event sources.")


@check("lambda", "GetEventSourceMapping", "UpdateEventSourceMapping", "DeleteEventSourceMapping")
def check_present(call):
    """moto has no error for what is not there, and takes changes at any time."""
    mapping = backend(call).get_event_source_mapping(call.parameters["UUID"])
    if mapping is None:
        raise missing("The resource you requested does not exist.")
    if call.operation == "GetEventSourceMapping":
        return
    if not delays.is_past(mapping.sandbox_ready_at) or hasattr(mapping, "sandbox_gone_at"):
        raise conflict("Cannot update or delete the event source mapping because it is in use.")
    if call.operation == "UpdateEventSourceMapping" and mapping.event_source_arn.split(":")[2] == "sqs":
        size = call.parameters.get("BatchSize") or mapping.batch_size
        window = call.parameters.get("MaximumBatchingWindowInSeconds", mapping.max_batch_window)
        given = {"BatchSize": size, "MaximumBatchingWindowInSeconds": window}
        _check_batch(given, mapping.event_source_arn.endswith(".fifo"))
    call.sandbox_mapping = mapping


@correct("lambda", "CreateEventSourceMapping")
def start_mapping(call, parsed):
    """A new mapping takes a while; it calls nothing, because no function runs here."""
    mapping = backend(call).get_event_source_mapping(parsed["UUID"])
    for source in _sources(call):
        source.lambda_event_source_mappings.pop(mapping.function_arn, None)
        source.lambda_event_source_mappings.pop(mapping.event_source_arn, None)
    _keep(mapping, call.parameters, "Creating")
    parsed.update(_view(mapping))


def _sources(call):
    yield from backend(call, "sqs").queues.values()
    yield from backend(call, "kinesis").streams.values()
    yield from backend(call, "dynamodb").tables.values()


@after("lambda", "UpdateEventSourceMapping")
def note_change(call):
    """A change takes a while, too."""
    switched = {True: "Enabling", False: "Disabling"}.get(call.parameters.get("Enabled"), "Updating")
    _keep(call.sandbox_mapping, call.parameters, switched)


def _keep(mapping, parameters, transition):
    written = getattr(mapping, "sandbox_written", {})
    given = {name: parameters[name] for name in KEPT if parameters.get(name) is not None}
    mapping.sandbox_written = {**written, **given}
    mapping.sandbox_transition, mapping.sandbox_ready_at = transition, delays.ready_at(DURATION)


@after("lambda", "DeleteEventSourceMapping")
def note_deleted(call):
    """It is being deleted for a while."""
    mapping = call.sandbox_mapping
    mapping.sandbox_transition, mapping.sandbox_gone_at = "Deleting", delays.ready_at(DURATION)
    mapping.sandbox_ready_at = mapping.sandbox_gone_at
    if not delays.is_past(mapping.sandbox_gone_at):
        backend(call)._event_source_mappings[mapping.uuid] = mapping


@correct("lambda", "GetEventSourceMapping", "UpdateEventSourceMapping")
def answer_mapping(call, parsed):
    """What moto forgets, and the state."""
    parsed.update(_view(backend(call).get_event_source_mapping(parsed["UUID"])))


@correct("lambda", "ListEventSourceMappings")
def answer_mappings(call, parsed):
    """The same in lists."""
    for view in parsed["EventSourceMappings"]:
        view.update(_view(backend(call).get_event_source_mapping(view["UUID"])))


def _view(mapping):
    state = "Enabled" if mapping.enabled else "Disabled"
    if not delays.is_past(mapping.sandbox_ready_at):
        state = mapping.sandbox_transition
    return {**mapping.sandbox_written, "State": state, "StateTransitionReason": "USER_INITIATED"}
