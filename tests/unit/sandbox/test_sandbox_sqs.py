# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queues over time: names that are free again, messages that are moved, and what changes beside what is told."""

import json

import pytest

ARN = "arn:aws:sqs:eu-central-1:123456789012"


@pytest.fixture
def sqs(sandbox):
    """SQS."""
    return sandbox.client("sqs")


def moves(sqs):
    return sqs.list_message_move_tasks(SourceArn=f"{ARN}:dead", MaxResults=10)["Results"]


def bodies(sqs, url):
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return sorted(message["Body"] for message in found)


def test_a_name_is_free_again_after_a_minute(sandbox, sqs, refused):
    sandbox.delays(sqs_queue_name_reuse=60)
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.delete_queue(QueueUrl=url)
    sandbox.advance(59)
    assert refused(sqs.create_queue, QueueName="q") == "AWS.SimpleQueueService.QueueDeletedRecently"
    sqs.create_queue(QueueName="other")
    sandbox.advance(1)
    sqs.create_queue(QueueName="q")


def test_messages_go_back_to_where_they_came_from(sandbox, sqs, refused):
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    policy = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": f"{ARN}:dead", "maxReceiveCount": 1})}
    urls = {
        name: sqs.create_queue(QueueName=name, Attributes={**policy, "VisibilityTimeout": "0"})["QueueUrl"]
        for name in ("one", "two")
    }
    for name, url in urls.items():
        sqs.send_message(QueueUrl=url, MessageBody=name)
        for _time in range(2):
            sqs.receive_message(QueueUrl=url)
    sandbox.delays(sqs_message_move=30)
    sqs.start_message_move_task(SourceArn=f"{ARN}:dead")
    assert [(item["Status"], item["ApproximateNumberOfMessagesToMove"]) for item in moves(sqs)] == [("RUNNING", 2)]
    sandbox.advance(30)
    (task,) = moves(sqs)
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 2)
    assert "TaskHandle" not in task and bodies(sqs, dead) == []
    assert {name: bodies(sqs, url) for name, url in urls.items()} == {"one": ["one"], "two": ["two"]}


def test_a_cancelled_move_moves_nothing(sandbox, sqs, refused):
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    policy = json.dumps({"deadLetterTargetArn": f"{ARN}:dead", "maxReceiveCount": 1})
    sqs.create_queue(QueueName="q", Attributes={"RedrivePolicy": policy})
    sqs.send_message(QueueUrl=dead, MessageBody="m")
    sandbox.delays(sqs_message_move=30)
    handle = {
        "TaskHandle": sqs.start_message_move_task(SourceArn=f"{ARN}:dead", DestinationArn=f"{ARN}:q")["TaskHandle"]
    }
    sqs.cancel_message_move_task(**handle)
    sandbox.advance(30)
    assert bodies(sqs, dead) == ["m"] and moves(sqs)[0]["Status"] == "CANCELLED"
    assert refused(sqs.cancel_message_move_task, **handle) == "AWS.SimpleQueueService.UnsupportedOperation"
    assert refused(sqs.cancel_message_move_task, TaskHandle="none") == "ResourceNotFoundException"


def test_a_policy_stays_when_something_else_changes(sqs):
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": f"{ARN}:q"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = sqs.create_queue(QueueName="q", Attributes={"Policy": policy})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "5"})
    shown = {"QueueUrl": url, "AttributeNames": ["Policy"]}
    assert sqs.get_queue_attributes(**shown)["Attributes"]["Policy"] == policy
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert "Attributes" not in sqs.get_queue_attributes(**shown)


def test_a_redrive_ends(sqs):
    sqs.create_queue(QueueName="dead")
    policy = json.dumps({"deadLetterTargetArn": f"{ARN}:dead", "maxReceiveCount": 1})
    url = sqs.create_queue(QueueName="q", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": ""})
    assert "RedrivePolicy" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    dead = sqs.get_queue_url(QueueName="dead")["QueueUrl"]
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == []


def test_regions_are_apart(sandbox, sqs, refused):
    sqs.create_queue(QueueName="dead")
    policy = json.dumps({"deadLetterTargetArn": f"{ARN}:dead", "maxReceiveCount": 1})
    west = sandbox.client("sqs", "eu-west-1")
    code = refused(west.create_queue, QueueName="q", Attributes={"RedrivePolicy": policy})
    assert code == "InvalidParameterValue"
