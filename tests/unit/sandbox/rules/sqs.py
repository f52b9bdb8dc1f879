# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SQS refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide"
ARN = "arn:aws:sqs:eu-central-1:123456789012"
GONE = "AWS.SimpleQueueService.NonExistentQueue"


def _queue(name="dead", **attributes):
    return lambda world: world.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def _redrive(target="dead", count=3, name="jobs"):
    policy = {"deadLetterTargetArn": f"{ARN}:{target}", "maxReceiveCount": count}
    return {"QueueName": name, "Attributes": {"RedrivePolicy": json.dumps(policy)}}


def _attributes(name="jobs", **attributes):
    return {"QueueName": name, "Attributes": attributes}


def _used_dead_letters(world):
    world.sqs.create_queue(QueueName="dead")
    world.sqs.create_queue(**_redrive())


def _moving(world):
    _used_dead_letters(world)
    world.sandbox.delays(sqs_message_move=60)
    return world.sqs.start_message_move_task(SourceArn=f"{ARN}:dead")


def _deleted(world):
    world.sandbox.delays(sqs_queue_name_reuse=60)
    world.sqs.delete_queue(QueueUrl=_queue("jobs")(world))


def _purged(world):
    world.sandbox.delays(sqs_queue_purge=60)
    url = _queue("jobs")(world)
    world.sqs.purge_queue(QueueUrl=url)
    return {"QueueUrl": url}


def _guarded(world, **policy):
    text = json.dumps(policy)
    return world.sqs.create_queue(QueueName="dead", Attributes={"RedriveAllowPolicy": text})


def _later(seconds, request):
    """The same request, after some time."""
    return lambda world: world.sandbox.advance(seconds) and (request(world) if callable(request) else request)


SERVICE = "sqs"
RULES = [
    Rule(
        says="a queue that is there has other attributes",
        page=f"{API}/API_CreateQueue.html",
        operation="create_queue",
        code="QueueAlreadyExists",
        given=_queue("jobs", DelaySeconds="1"),
        refused=_attributes(DelaySeconds="2"),
        accepted=_attributes(DelaySeconds="1"),
    ),
    Rule(
        says="a deleted queue's name is not free for a minute",
        page=f"{API}/API_DeleteQueue.html",
        operation="create_queue",
        code="AWS.SimpleQueueService.QueueDeletedRecently",
        given=_deleted,
        refused={"QueueName": "jobs"},
        accepted=_later(60, {"QueueName": "jobs"}),
    ),
    Rule(
        says="a FIFO queue's name ends with .fifo",
        page=f"{API}/API_CreateQueue.html",
        operation="create_queue",
        code="InvalidParameterValue",
        refused=_attributes(FifoQueue="true"),
        accepted=_attributes("jobs.fifo", FifoQueue="true"),
    ),
    Rule(
        says="a standard queue's name does not end with .fifo",
        page=f"{API}/API_CreateQueue.html",
        operation="create_queue",
        code="InvalidParameterValue",
        refused={"QueueName": "jobs.fifo"},
        accepted={"QueueName": "jobs-fifo"},
    ),
    Rule(
        says="a name has letters, digits, hyphens and underscores",
        page=f"{API}/API_CreateQueue.html",
        operation="create_queue",
        code="InvalidParameterValue",
        refused={"QueueName": "my jobs"},
        accepted={"QueueName": "my_jobs"},
    ),
    Rule(
        says="a name has at most 80 characters",
        page=f"{API}/API_CreateQueue.html",
        operation="create_queue",
        code="InvalidParameterValue",
        refused={"QueueName": "q" * 81},
        accepted={"QueueName": "q" * 80},
    ),
    Rule(
        says="an attribute exists",
        page=f"{API}/API_CreateQueue.html",
        operation="create_queue",
        code="InvalidAttributeName",
        refused=_attributes(Delay="1"),
        accepted=_attributes(DelaySeconds="1"),
    ),
    Rule(
        says="deduplication by content is for FIFO queues",
        page=f"{API}/API_CreateQueue.html",
        operation="create_queue",
        code="InvalidAttributeName",
        refused=_attributes(ContentBasedDeduplication="true"),
        accepted=_attributes("jobs.fifo", FifoQueue="true", ContentBasedDeduplication="true"),
    ),
    Rule(
        says="throughput per group needs deduplication per group",
        page=f"{GUIDE}/high-throughput-fifo.html",
        operation="create_queue",
        code="InvalidAttributeValue",
        refused=_attributes("jobs.fifo", FifoQueue="true", FifoThroughputLimit="perMessageGroupId"),
        accepted=_attributes(
            "jobs.fifo", FifoQueue="true", FifoThroughputLimit="perMessageGroupId", DeduplicationScope="messageGroup"
        ),
    ),
    *(
        Rule(
            says=f"{name} is at most {most}",
            page=f"{API}/API_SetQueueAttributes.html",
            operation="create_queue",
            code="InvalidAttributeValue",
            refused=_attributes(**{name: str(most + 1)}),
            accepted=_attributes(**{name: str(most)}),
        )
        for name, most in {
            "DelaySeconds": 900,
            "MaximumMessageSize": 1048576,
            "MessageRetentionPeriod": 1209600,
            "ReceiveMessageWaitTimeSeconds": 20,
            "VisibilityTimeout": 43200,
        }.items()
    ),
    Rule(
        says="an access policy has statements",
        page=f"{GUIDE}/sqs-creating-custom-policies.html",
        operation="create_queue",
        code="InvalidAttributeValue",
        refused=_attributes(Policy=json.dumps({"Version": "2012-10-17"})),
        accepted=_attributes(
            Policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": f"{ARN}:jobs"}
                    ],
                }
            )
        ),
    ),
    Rule(
        says="the dead-letter queue exists",
        page=f"{GUIDE}/sqs-dead-letter-queues.html",
        operation="create_queue",
        code="InvalidParameterValue",
        given=_queue(),
        refused=_redrive("none"),
        accepted=_redrive(),
    ),
    Rule(
        says="the dead-letter queue of a standard queue is one",
        page=f"{GUIDE}/sqs-dead-letter-queues.html",
        operation="create_queue",
        code="InvalidParameterValue",
        given=lambda world: (_queue("dead.fifo", FifoQueue="true")(world), _queue()(world)),
        refused=_redrive("dead.fifo"),
        accepted=_redrive(),
    ),
    Rule(
        says="a message is received at most 1000 times before it is a dead letter",
        page=f"{API}/API_SetQueueAttributes.html",
        operation="create_queue",
        code="InvalidParameterValue",
        given=_queue(),
        refused=_redrive(count=1001),
        accepted=_redrive(count=1000),
    ),
    Rule(
        says="a dead-letter queue may deny every source",
        page=f"{API}/API_SetQueueAttributes.html",
        operation="create_queue",
        code="InvalidParameterValue",
        given=lambda world: (_guarded(world, redrivePermission="denyAll"), _queue("other")(world)),
        refused=_redrive(),
        accepted=_redrive("other"),
    ),
    Rule(
        says="a dead-letter queue may name its sources",
        page=f"{API}/API_SetQueueAttributes.html",
        operation="create_queue",
        code="InvalidParameterValue",
        given=lambda world: _guarded(world, redrivePermission="byQueue", sourceQueueArns=[f"{ARN}:jobs"]),
        refused=_redrive(name="others"),
        accepted=_redrive(name="jobs"),
    ),
    Rule(
        says="sources are named where sources are allowed by name",
        page=f"{API}/API_SetQueueAttributes.html",
        operation="create_queue",
        code="InvalidParameterValue",
        refused=_attributes(RedriveAllowPolicy=json.dumps({"redrivePermission": "byQueue"})),
        accepted=_attributes(
            RedriveAllowPolicy=json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [f"{ARN}:a"]})
        ),
    ),
    Rule(
        says="a queue does not become a FIFO queue",
        page=f"{API}/API_SetQueueAttributes.html",
        operation="set_queue_attributes",
        code="InvalidAttributeName",
        given=_queue("jobs"),
        refused=lambda world: {"QueueUrl": world.given, "Attributes": {"FifoQueue": "true"}},
        accepted=lambda world: {"QueueUrl": world.given, "Attributes": {"DelaySeconds": "1"}},
    ),
    Rule(
        says="a queue is purged once a minute",
        page=f"{API}/API_PurgeQueue.html",
        operation="purge_queue",
        code="AWS.SimpleQueueService.PurgeQueueInProgress",
        given=_purged,
        refused=lambda world: world.given,
        accepted=_later(60, lambda world: world.given),
    ),
    Rule(
        says="a queue that is deleted is there",
        page=f"{API}/API_DeleteQueue.html",
        operation="delete_queue",
        code=GONE,
        given=_queue("jobs"),
        refused=lambda world: {"QueueUrl": f"{world.given}x"},
        accepted=lambda world: {"QueueUrl": world.given},
    ),
    Rule(
        says="a queue has at most 50 tags",
        page=f"{GUIDE}/sqs-queue-tags.html",
        operation="tag_queue",
        code="InvalidParameterValue",
        given=_queue("jobs"),
        refused=lambda world: {"QueueUrl": world.given, "Tags": {str(number): "x" for number in range(51)}},
        accepted=lambda world: {"QueueUrl": world.given, "Tags": {str(number): "x" for number in range(50)}},
    ),
    Rule(
        says="a message to a FIFO queue has a group",
        page=f"{API}/API_SendMessage.html",
        operation="send_message",
        code="MissingParameter",
        given=_queue("jobs.fifo", FifoQueue="true", ContentBasedDeduplication="true"),
        refused=lambda world: {"QueueUrl": world.given, "MessageBody": "m"},
        accepted=lambda world: {"QueueUrl": world.given, "MessageBody": "m", "MessageGroupId": "g"},
    ),
    Rule(
        says="a batch has at most ten messages",
        page=f"{API}/API_SendMessageBatch.html",
        operation="send_message_batch",
        code="AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        given=_queue("jobs"),
        refused=lambda world: {
            "QueueUrl": world.given,
            "Entries": [{"Id": str(n), "MessageBody": "m"} for n in range(11)],
        },
        accepted=lambda world: {
            "QueueUrl": world.given,
            "Entries": [{"Id": str(n), "MessageBody": "m"} for n in range(10)],
        },
    ),
    Rule(
        says="messages are moved out of a dead-letter queue",
        page=f"{API}/API_StartMessageMoveTask.html",
        operation="start_message_move_task",
        code="InvalidParameterValue",
        given=_used_dead_letters,
        refused={"SourceArn": f"{ARN}:jobs"},
        accepted={"SourceArn": f"{ARN}:dead"},
    ),
    Rule(
        says="messages are moved to a queue that is there",
        page=f"{API}/API_StartMessageMoveTask.html",
        operation="start_message_move_task",
        code="ResourceNotFoundException",
        given=_used_dead_letters,
        refused={"SourceArn": f"{ARN}:dead", "DestinationArn": f"{ARN}:none"},
        accepted={"SourceArn": f"{ARN}:dead", "DestinationArn": f"{ARN}:jobs"},
    ),
    Rule(
        says="one task at a time moves messages out of a queue",
        page=f"{API}/API_StartMessageMoveTask.html",
        operation="start_message_move_task",
        code="AWS.SimpleQueueService.UnsupportedOperation",
        given=_moving,
        refused={"SourceArn": f"{ARN}:dead"},
        accepted=_later(60, {"SourceArn": f"{ARN}:dead"}),
    ),
    Rule(
        says="messages are moved at up to 500 a second",
        page=f"{API}/API_StartMessageMoveTask.html",
        operation="start_message_move_task",
        code="InvalidParameterValue",
        given=_used_dead_letters,
        refused={"SourceArn": f"{ARN}:dead", "MaxNumberOfMessagesPerSecond": 501},
        accepted={"SourceArn": f"{ARN}:dead", "MaxNumberOfMessagesPerSecond": 500},
    ),
]
