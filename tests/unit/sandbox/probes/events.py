# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what EventBridge has."""

import json
from datetime import datetime

ACCOUNT = "eu-central-1:123456789012"
TAGS = [{"Key": "a", "Value": "b"}]
GONE = "ResourceNotFoundException"
PATTERN = json.dumps({"source": ["aws.ecs"], "detail-type": ["ECS Task State Change"]})


def event_bus(probe):
    events, kms = probe.client("events"), probe.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    wanted = {
        "Name": "orders", "Description": "d", "KmsKeyIdentifier": key,
        "DeadLetterConfig": {"Arn": f"arn:aws:sqs:{ACCOUNT}:dead"},
    }  # fmt: skip
    probe.does(events.create_event_bus, **wanted, Tags=TAGS)
    arn = f"arn:aws:events:{ACCOUNT}:event-bus/orders"
    probe.shows({**wanted, "Arn": arn}, events.describe_event_bus, Name="orders")
    probe.shows({"Name": "orders", "Arn": arn}, events.list_event_buses, "EventBuses.0", NamePrefix="ord")
    probe.shows(TAGS, events.list_tags_for_resource, "Tags", ResourceARN=arn)
    probe.does(events.update_event_bus, Name="orders", Description="e", DeadLetterConfig=wanted["DeadLetterConfig"])
    probe.shows(
        {"Description": "e", "DeadLetterConfig": wanted["DeadLetterConfig"]}, events.describe_event_bus, Name="orders"
    )
    statement = {"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    probe.does(events.put_permission, EventBusName="orders", Policy=policy)
    probe.shows({"Policy": policy}, events.describe_event_bus, Name="orders")
    probe.does(events.remove_permission, EventBusName="orders", StatementId="s")
    probe.lacks(events.describe_event_bus, path="Policy", Name="orders")
    probe.does(events.delete_event_bus, Name="orders")
    probe.lacks(events.describe_event_bus, GONE, Name="orders")


def rule(probe):
    events = probe.client("events")
    wanted = {
        "Name": "stopped", "EventPattern": PATTERN, "Description": "d", "State": "DISABLED",
        "RoleArn": "arn:aws:iam::123456789012:role/events",
    }  # fmt: skip
    arn = probe.does(events.put_rule, **wanted, Tags=TAGS)["RuleArn"]
    probe.shows({**wanted, "Arn": arn, "EventBusName": "default"}, events.describe_rule, Name="stopped")
    probe.shows([wanted], events.list_rules, "Rules", NamePrefix="stop")
    probe.shows(TAGS, events.list_tags_for_resource, "Tags", ResourceARN=arn)
    probe.does(events.tag_resource, ResourceARN=arn, Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*TAGS, {"Key": "c", "Value": "d"}], events.list_tags_for_resource, "Tags", ResourceARN=arn)
    probe.does(events.untag_resource, ResourceARN=arn, TagKeys=["a"])
    probe.shows([{"Key": "c", "Value": "d"}], events.list_tags_for_resource, "Tags", ResourceARN=arn)
    probe.does(events.enable_rule, Name="stopped")
    probe.shows({"State": "ENABLED"}, events.describe_rule, Name="stopped")
    probe.does(events.disable_rule, Name="stopped")
    probe.shows({"State": "DISABLED"}, events.describe_rule, Name="stopped")
    change = {"Name": "stopped", "ScheduleExpression": "rate(5 minutes)"}
    probe.does(events.put_rule, **change, Tags=[{"Key": "ignored", "Value": "x"}])
    probe.shows({**change, "EventPattern": None, "Description": None}, events.describe_rule, Name="stopped")
    probe.shows([{"Key": "c", "Value": "d"}], events.list_tags_for_resource, "Tags", ResourceARN=arn)
    probe.does(events.delete_rule, Name="stopped")
    probe.lacks(events.describe_rule, GONE, Name="stopped")


def targets(probe):
    events = probe.client("events")
    events.put_rule(Name="stopped", EventPattern=PATTERN)
    network = {"awsvpcConfiguration": {"Subnets": ["subnet-1"], "AssignPublicIp": "DISABLED"}}
    task = {
        "Id": "task", "Arn": f"arn:aws:ecs:{ACCOUNT}:cluster/c", "RoleArn": "arn:aws:iam::123456789012:role/events",
        "EcsParameters": {
            "TaskDefinitionArn": f"arn:aws:ecs:{ACCOUNT}:task-definition/f", "TaskCount": 1, "LaunchType": "FARGATE",
            "NetworkConfiguration": network, "PropagateTags": "TASK_DEFINITION", "EnableExecuteCommand": False,
        },
        "Input": '{"containerOverrides": []}', "RetryPolicy": {"MaximumRetryAttempts": 2},
        "DeadLetterConfig": {"Arn": f"arn:aws:sqs:{ACCOUNT}:dead"},
    }  # fmt: skip
    topic = {
        "Id": "topic", "Arn": f"arn:aws:sns:{ACCOUNT}:alerts",
        "InputTransformer": {"InputPathsMap": {"a": "$.detail.lastStatus"}, "InputTemplate": '"task <a>"'},
    }  # fmt: skip
    probe.does(events.put_targets, Rule="stopped", Targets=[task, topic])
    probe.shows([task, topic], events.list_targets_by_rule, "Targets", Rule="stopped")
    probe.shows(["stopped"], events.list_rule_names_by_target, "RuleNames", TargetArn=topic["Arn"])
    probe.does(events.put_targets, Rule="stopped", Targets=[{**task, "Input": "{}"}])
    probe.shows([{"Input": "{}"}, topic], events.list_targets_by_rule, "Targets", Rule="stopped")
    probe.does(events.remove_targets, Rule="stopped", Ids=["task", "topic"])
    probe.lacks(events.list_targets_by_rule, path="Targets", Rule="stopped")


def sent_events(probe):
    events, sqs = probe.client("events"), probe.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    events.put_rule(Name="orders", EventPattern=json.dumps({"source": ["shop"]}))
    events.put_targets(Rule="orders", Targets=[{"Id": "q", "Arn": f"arn:aws:sqs:{ACCOUNT}:q", "InputPath": "$"}])
    entry = {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"id": 1})}
    probe.does(events.put_events, Entries=[entry, {**entry, "Source": "other"}])
    (message,) = sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, MaxNumberOfMessages=10)["Messages"]
    assert json.loads(message["Body"])["detail"] == {"id": 1}
    probe.shows({"Body": message["Body"]}, sqs.receive_message, "Messages.0", QueueUrl=url)


def event_pattern(probe):
    events = probe.client("events")
    event = {
        "id": "1", "account": "1", "source": "aws.ecs", "time": "2026-01-01T00:00:00Z", "region": "eu-central-1",
        "resources": [], "detail-type": "ECS Task State Change", "detail": {},
    }  # fmt: skip
    probe.shows({"Result": True}, events.test_event_pattern, EventPattern=PATTERN, Event=json.dumps(event))
    other = json.dumps({**event, "source": "aws.ec2"})
    probe.shows({"Result": False}, events.test_event_pattern, EventPattern=PATTERN, Event=other)


def archive(probe):
    events = probe.client("events")
    source = f"arn:aws:events:{ACCOUNT}:event-bus/default"
    wanted = {
        "ArchiveName": "all",
        "EventSourceArn": source,
        "Description": "d",
        "RetentionDays": 7,
        "EventPattern": PATTERN,
    }
    archive_arn = probe.does(events.create_archive, **wanted)["ArchiveArn"]
    probe.shows({**wanted, "State": "ENABLED"}, events.describe_archive, ArchiveName="all")
    listed = {"ArchiveName": "all", "EventSourceArn": source, "RetentionDays": 7}
    probe.shows([listed], events.list_archives, "Archives")
    window = {"EventStartTime": datetime(2026, 1, 1), "EventEndTime": datetime(2026, 1, 2)}
    replay = {"ReplayName": "again", "EventSourceArn": archive_arn, "Destination": {"Arn": source}, "Description": "d"}
    probe.does(events.start_replay, **replay, **window)
    probe.shows({**replay, "State": "COMPLETED"}, events.describe_replay, ReplayName="again")
    probe.shows([{"ReplayName": "again", "EventSourceArn": archive_arn}], events.list_replays, "Replays")
    probe.does(events.update_archive, ArchiveName="all", RetentionDays=30)
    probe.shows({**wanted, "RetentionDays": 30}, events.describe_archive, ArchiveName="all")
    probe.does(events.delete_archive, ArchiveName="all")
    probe.lacks(events.describe_archive, GONE, ArchiveName="all")


def connection_and_destination(probe):
    events = probe.client("events")
    login = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "s"}}
    wanted = {"Name": "shop", "Description": "d", "AuthorizationType": "API_KEY"}
    arn = probe.does(events.create_connection, **wanted, AuthParameters=login)["ConnectionArn"]
    shown = {"AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": None}}}
    probe.shows({**wanted, **shown, "ConnectionState": "AUTHORIZED"}, events.describe_connection, Name="shop")
    probe.shows([{"Name": "shop", "AuthorizationType": "API_KEY"}], events.list_connections, "Connections")
    probe.does(events.update_connection, Name="shop", Description="e")
    probe.shows({**wanted, "Description": "e"}, events.describe_connection, Name="shop")
    target = {
        "Name": "orders", "Description": "d", "ConnectionArn": arn, "HttpMethod": "POST",
        "InvocationEndpoint": "https://shop.example.com/orders", "InvocationRateLimitPerSecond": 5,
    }  # fmt: skip
    probe.does(events.create_api_destination, **target)
    probe.shows({**target, "ApiDestinationState": "ACTIVE"}, events.describe_api_destination, Name="orders")
    listed = {name: value for name, value in target.items() if name != "Description"}
    probe.shows([listed], events.list_api_destinations, "ApiDestinations")
    probe.does(events.update_api_destination, Name="orders", HttpMethod="PUT")
    probe.shows({**target, "HttpMethod": "PUT"}, events.describe_api_destination, Name="orders")
    probe.does(events.delete_api_destination, Name="orders")
    probe.lacks(events.describe_api_destination, GONE, Name="orders")
    probe.does(events.delete_connection, Name="shop")
    probe.lacks(events.describe_connection, GONE, Name="shop")
