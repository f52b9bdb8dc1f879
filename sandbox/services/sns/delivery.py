# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages reach queues. They leave the sandbox to nobody: no address is called, no mail is sent, no function runs."""

import contextlib

from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.responses import SNSResponse

from .. import answer, backend


@contextlib.contextmanager
def inside(state):
    """While this lasts, topics have those subscriptions only to which the sandbox delivers; for whoever holds SNS's lock."""
    every = state.subscriptions
    state.subscriptions = type(every)((arn, item) for arn, item in every.items() if item.protocol == "sqs")
    try:
        yield
    finally:
        state.subscriptions = every


@answer("sns", "Publish")
def publish(call):
    """moto calls what listens, whoever it belongs to, and whether or not it has agreed."""
    parameters = call.parameters
    arn = parameters.get("TargetArn") or parameters.get("TopicArn")
    if not arn or ":endpoint/" in arn:
        return None
    with inside(backend(call)):
        try:
            number = backend(call).publish(
                parameters["Message"],
                arn=arn,
                subject=parameters.get("Subject"),
                message_attributes=_attributes(parameters),
                group_id=parameters.get("MessageGroupId"),
                deduplication_id=parameters.get("MessageDeduplicationId"),
                message_structure=parameters.get("MessageStructure"),
            )
        except ValueError as error:
            raise SNSInvalidParameter(str(error)) from error
    return {"MessageId": number}


@answer("sns", "PublishBatch")
def publish_batch(call):
    """The same for many."""
    entries = [
        {**{name: value for name, value in entry.items() if value is not None}, "MessageAttributes": _attributes(entry)}
        for entry in call.parameters["PublishBatchRequestEntries"]
    ]
    with inside(backend(call)):
        successful, failed = backend(call).publish_batch(call.parameters["TopicArn"], entries)
    return {"Successful": successful, "Failed": failed}


def _attributes(entry):
    given = (entry.get("MessageAttributes") or {}).items()
    known = {name: {part: value for part, value in item.items() if value is not None} for name, item in given}
    return SNSResponse()._transform_message_attributes(known)


@answer("sns", "DeleteTopic")
def delete_topic(call):
    """Not while a message is on its way, which needs the subscriptions to stay."""
    backend(call).delete_topic(call.parameters["TopicArn"])
    return {}
