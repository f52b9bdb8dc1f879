# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of events, and connections that are authorized in a while."""

import json

import pytest

ACCOUNT = "eu-central-1:123456789012"
EVENT = {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"id": 1})}


@pytest.fixture
def events(sandbox):
    """EventBridge."""
    return sandbox.client("events")


def test_events_reach_queues_past_what_does_not_run_here(sandbox, events):
    url = sandbox.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    events.put_rule(Name="orders", EventPattern=json.dumps({"source": ["shop"]}))
    targets = [
        {"Id": "function", "Arn": f"arn:aws:lambda:{ACCOUNT}:function:f"},
        {"Id": "topic", "Arn": f"arn:aws:sns:{ACCOUNT}:t"},
        {"Id": "queue", "Arn": f"arn:aws:sqs:{ACCOUNT}:q"},
    ]
    events.put_targets(Rule="orders", Targets=targets)
    answer = events.put_events(Entries=[EVENT, {**EVENT, "Source": "other"}, {**EVENT, "Detail": "{"}])
    assert answer["FailedEntryCount"] == 1
    assert [entry.get("ErrorCode") for entry in answer["Entries"]] == [None, None, "MalformedDetail"]
    messages = sandbox.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [json.loads(message["Body"])["detail"] for message in messages] == [{"id": 1}]
    assert [item["Id"] for item in events.list_targets_by_rule(Rule="orders")["Targets"]] == [
        "function",
        "topic",
        "queue",
    ]


def test_a_connection_is_authorized_in_a_while(sandbox, events):
    login = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}
    wanted = {"Name": "shop", "AuthorizationType": "BASIC", "AuthParameters": login}
    sandbox.delays(event_connection_authorize=10)
    assert events.create_connection(**wanted)["ConnectionState"] == "CREATING"
    sandbox.advance(10)
    found = events.describe_connection(Name="shop")
    assert found["ConnectionState"] == "AUTHORIZED"
    assert found["AuthParameters"] == {"BasicAuthParameters": {"Username": "u"}}


def test_a_destination_without_its_connection_is_not_active(events):
    login = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "s"}}
    arn = events.create_connection(Name="shop", AuthorizationType="API_KEY", AuthParameters=login)["ConnectionArn"]
    events.create_api_destination(
        Name="d", ConnectionArn=arn, InvocationEndpoint="https://example.com/", HttpMethod="POST"
    )
    events.delete_connection(Name="shop")
    assert events.describe_api_destination(Name="d")["ApiDestinationState"] == "INACTIVE"
