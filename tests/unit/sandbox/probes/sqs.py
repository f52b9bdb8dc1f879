# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what SQS has."""

import json

ARN = "arn:aws:sqs:eu-central-1:123456789012"


def queue(probe):
    sqs = probe.client("sqs")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": f"{ARN}:jobs"}
    written = {
        "DelaySeconds": "5", "MaximumMessageSize": "2048", "MessageRetentionPeriod": "3600",
        "ReceiveMessageWaitTimeSeconds": "10", "VisibilityTimeout": "60", "SqsManagedSseEnabled": "true",
        "RedriveAllowPolicy": json.dumps({"redrivePermission": "denyAll"}),
        "Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    }  # fmt: skip
    url = probe.does(sqs.create_queue, QueueName="jobs", Attributes=written, tags={"a": "b"})["QueueUrl"]
    every = {"QueueUrl": url, "AttributeNames": ["All"]}
    probe.shows({**written, "QueueArn": f"{ARN}:jobs"}, sqs.get_queue_attributes, "Attributes", **every)
    probe.shows(url, sqs.get_queue_url, "QueueUrl", QueueName="jobs")
    probe.shows([url], sqs.list_queues, "QueueUrls", QueueNamePrefix="job")
    probe.shows({"a": "b"}, sqs.list_queue_tags, "Tags", QueueUrl=url)
    change = {"VisibilityTimeout": "90", "KmsMasterKeyId": "alias/aws/sqs", "KmsDataKeyReusePeriodSeconds": "600"}
    probe.does(sqs.set_queue_attributes, QueueUrl=url, Attributes=change)
    now = {**written, **change, "SqsManagedSseEnabled": "false"}
    probe.shows(now, sqs.get_queue_attributes, "Attributes", **every)
    probe.does(sqs.tag_queue, QueueUrl=url, Tags={"c": "d"})
    probe.shows({"a": "b", "c": "d"}, sqs.list_queue_tags, "Tags", QueueUrl=url)
    probe.does(sqs.untag_queue, QueueUrl=url, TagKeys=["a"])
    probe.shows({"c": "d"}, sqs.list_queue_tags, "Tags", QueueUrl=url)
    probe.does(sqs.delete_queue, QueueUrl=url)
    probe.lacks(sqs.get_queue_url, "AWS.SimpleQueueService.NonExistentQueue", QueueName="jobs")
    probe.lacks(sqs.get_queue_attributes, "AWS.SimpleQueueService.NonExistentQueue", **every)


def fifo_queue(probe):
    sqs = probe.client("sqs")
    written = {
        "FifoQueue": "true", "ContentBasedDeduplication": "true", "DeduplicationScope": "messageGroup",
        "FifoThroughputLimit": "perMessageGroupId",
    }  # fmt: skip
    url = probe.does(sqs.create_queue, QueueName="jobs.fifo", Attributes=written)["QueueUrl"]
    probe.shows(written, sqs.get_queue_attributes, "Attributes", QueueUrl=url, AttributeNames=["All"])


def permission(probe):
    sqs = probe.client("sqs")
    url = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    probe.does(sqs.add_permission, QueueUrl=url, Label="them", AWSAccountIds=["210987654321"], Actions=["SendMessage"])
    policy = {"QueueUrl": url, "AttributeNames": ["Policy"]}
    text = sqs.get_queue_attributes(**policy)["Attributes"]["Policy"]
    (statement,) = json.loads(text)["Statement"]
    assert (statement["Sid"], statement["Action"]) == ("them", "SQS:SendMessage")
    probe.shows({"Policy": text}, sqs.get_queue_attributes, "Attributes", **policy)
    probe.does(sqs.remove_permission, QueueUrl=url, Label="them")
    probe.lacks(sqs.get_queue_attributes, path="Attributes", **policy)


def messages(probe):
    sqs = probe.client("sqs")
    url = sqs.create_queue(QueueName="jobs", Attributes={"VisibilityTimeout": "300"})["QueueUrl"]
    count = {"QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]}
    probe.does(sqs.send_message, QueueUrl=url, MessageBody="one")
    message = probe.shows({"Body": "one"}, sqs.receive_message, "Messages.0", QueueUrl=url)
    handle = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
    probe.does(sqs.change_message_visibility, **handle, VisibilityTimeout=0)
    message = probe.shows({"Body": "one"}, sqs.receive_message, "Messages.0", QueueUrl=url)
    probe.does(sqs.delete_message, QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    probe.lacks(sqs.receive_message, path="Messages", QueueUrl=url)
    entries = [{"Id": "1", "MessageBody": "one"}, {"Id": "2", "MessageBody": "two"}]
    probe.does(sqs.send_message_batch, QueueUrl=url, Entries=entries)
    probe.shows({"ApproximateNumberOfMessages": "2"}, sqs.get_queue_attributes, "Attributes", **count)
    probe.does(sqs.purge_queue, QueueUrl=url)
    probe.shows({"ApproximateNumberOfMessages": "0"}, sqs.get_queue_attributes, "Attributes", **count)


def dead_letters(probe):
    sqs = probe.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    policy = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": f"{ARN}:dead", "maxReceiveCount": 1})}
    usual = {"VisibilityTimeout": "0"}
    url = probe.does(sqs.create_queue, QueueName="jobs", Attributes={**policy, **usual})["QueueUrl"]
    probe.shows(policy, sqs.get_queue_attributes, "Attributes", QueueUrl=url, AttributeNames=["All"])
    probe.shows([url], sqs.list_dead_letter_source_queues, "queueUrls", QueueUrl=dead)
    sqs.send_message(QueueUrl=url, MessageBody="one")
    for _time in range(2):
        sqs.receive_message(QueueUrl=url)
    probe.does(sqs.start_message_move_task, SourceArn=f"{ARN}:dead", MaxNumberOfMessagesPerSecond=5)
    done = {
        "Status": "COMPLETED", "SourceArn": f"{ARN}:dead", "MaxNumberOfMessagesPerSecond": 5,
        "ApproximateNumberOfMessagesMoved": 1, "ApproximateNumberOfMessagesToMove": 1,
    }  # fmt: skip
    probe.shows(done, sqs.list_message_move_tasks, "Results.0", SourceArn=f"{ARN}:dead")
    probe.shows({"Body": "one"}, sqs.receive_message, "Messages.0", QueueUrl=url)
    probe.sandbox.delays(sqs_message_move=60)
    handle = probe.does(sqs.start_message_move_task, SourceArn=f"{ARN}:dead", DestinationArn=f"{ARN}:jobs")
    running = {"Status": "RUNNING", "DestinationArn": f"{ARN}:jobs", **_handle(handle)}
    probe.shows(running, sqs.list_message_move_tasks, "Results.0", SourceArn=f"{ARN}:dead")
    probe.does(sqs.cancel_message_move_task, **_handle(handle))
    probe.shows({"Status": "CANCELLED"}, sqs.list_message_move_tasks, "Results.0", SourceArn=f"{ARN}:dead")


def _handle(answer):
    return {"TaskHandle": answer["TaskHandle"]}
