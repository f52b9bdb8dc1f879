# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What SNS refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/sns/latest/api"
GUIDE = "https://docs.aws.amazon.com/sns/latest/dg"
ACCOUNT = "eu-central-1:123456789012"
INVALID = "InvalidParameter"


def _topic(name="t", **attributes):
    return lambda world: world.sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]


def _attributes(name="t", **attributes):
    return {"Name": name, "Attributes": attributes}


def _subscription(protocol, endpoint, **attributes):
    wanted = {"Protocol": protocol, "Endpoint": endpoint, "Attributes": attributes}
    return lambda world: {"TopicArn": world.given, **wanted}


def _policy(action):
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": f"arn:aws:sns:{ACCOUNT}:t"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _pending(world):
    topic = _topic()(world)
    waiting = world.sns.subscribe(
        TopicArn=topic, Protocol="email", Endpoint="a@example.com", ReturnSubscriptionArn=True
    )
    queue = world.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{ACCOUNT}:q")
    return waiting["SubscriptionArn"], queue["SubscriptionArn"]


def _protection(version):
    statement = {
        "DataDirection": "Inbound", "Principal": ["*"], "Operation": {"Deny": {}},
        "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"],
    }  # fmt: skip
    text = json.dumps({"Name": "p", "Version": version, "Statement": [statement]})
    return lambda world: {"ResourceArn": world.given, "DataProtectionPolicy": text}


CREATE = {"operation": "create_topic", "code": INVALID, "page": f"{API}/API_CreateTopic.html"}
SUBSCRIBE = {"operation": "subscribe", "code": INVALID, "given": _topic(), "page": f"{API}/API_Subscribe.html"}
QUEUE, FUNCTION = f"arn:aws:sqs:{ACCOUNT}:q", f"arn:aws:lambda:{ACCOUNT}:function:f"
SERVICE = "sns"
RULES = [
    Rule(
        says="a name has letters, digits, hyphens and underscores",
        refused={"Name": "my topic"},
        accepted={"Name": "my_topic"},
        **CREATE,
    ),
    Rule(
        says="a FIFO topic's name ends with .fifo",
        refused=_attributes(FifoTopic="true"),
        accepted=_attributes("t.fifo", FifoTopic="true"),
        **CREATE,
    ),
    Rule(
        says="an attribute exists",
        refused=_attributes(Color="red"),
        accepted=_attributes(DisplayName="red"),
        **CREATE,
    ),
    Rule(
        says="a topic that is there has other attributes",
        given=_topic(DisplayName="a"),
        refused=_attributes(DisplayName="b"),
        accepted=_attributes(DisplayName="a"),
        **CREATE,
    ),
    Rule(
        says="a topic that is there has other tags",
        given=lambda world: world.sns.create_topic(Name="t", Tags=[{"Key": "a", "Value": "b"}]),
        refused={"Name": "t", "Tags": [{"Key": "a", "Value": "c"}]},
        accepted={"Name": "t", "Tags": [{"Key": "a", "Value": "b"}]},
        **CREATE,
    ),
    Rule(
        says="a topic's key exists",
        refused=_attributes(KmsMasterKeyId="alias/none"),
        accepted=_attributes(KmsMasterKeyId="alias/aws/sns"),
        **CREATE,
    ),
    Rule(
        says="a display name has 100 characters",
        refused=_attributes(DisplayName="x" * 101),
        accepted=_attributes(DisplayName="x" * 100),
        **CREATE,
    ),
    Rule(
        says="a policy is about SNS's actions",
        refused=_attributes(Policy=_policy("sqs:SendMessage")),
        accepted=_attributes(Policy=_policy("sns:Publish")),
        **{**CREATE, "page": f"{GUIDE}/sns-access-policy-language-api-permissions-reference.html"},
    ),
    Rule(
        says="a topic does not become a FIFO topic",
        page=f"{API}/API_SetTopicAttributes.html",
        operation="set_topic_attributes",
        code=INVALID,
        given=_topic(),
        refused=lambda world: {"TopicArn": world.given, "AttributeName": "FifoTopic", "AttributeValue": "true"},
        accepted=lambda world: {"TopicArn": world.given, "AttributeName": "DisplayName", "AttributeValue": "x"},
    ),
    Rule(
        says="a topic that is subscribed to exists",
        page=f"{API}/API_Subscribe.html",
        operation="subscribe",
        code="NotFound",
        given=_topic(),
        refused=lambda world: {"TopicArn": f"{world.given}2", "Protocol": "sqs", "Endpoint": QUEUE},
        accepted=_subscription("sqs", QUEUE),
    ),
    Rule(
        says="a protocol exists",
        refused=_subscription("pigeon", QUEUE),
        accepted=_subscription("sqs", QUEUE),
        **SUBSCRIBE,
    ),
    Rule(
        says="an endpoint is one of its protocol",
        refused=_subscription("https", "http://example.com"),
        accepted=_subscription("https", "https://example.com"),
        **SUBSCRIBE,
    ),
    Rule(
        says="raw messages are for queues and the like",
        refused=_subscription("lambda", FUNCTION, RawMessageDelivery="true"),
        accepted=_subscription("sqs", QUEUE, RawMessageDelivery="true"),
        **{**SUBSCRIBE, "page": f"{GUIDE}/sns-large-payload-raw-message-delivery.html"},
    ),
    Rule(
        says="a filter policy is JSON",
        refused=_subscription("sqs", QUEUE, FilterPolicy="kind=a"),
        accepted=_subscription("sqs", QUEUE, FilterPolicy='{"kind": ["a"]}'),
        **{**SUBSCRIBE, "page": f"{GUIDE}/sns-subscription-filter-policies.html"},
    ),
    Rule(
        says="a FIFO queue subscribes to a FIFO topic",
        refused=_subscription("sqs", f"{QUEUE}.fifo"),
        accepted=_subscription("sqs", QUEUE),
        **{**SUBSCRIBE, "page": f"{GUIDE}/fifo-topic-message-delivery.html"},
    ),
    Rule(
        says="a FIFO topic sends no email",
        refused=_subscription("email", "a@example.com"),
        accepted=_subscription("sqs", f"{QUEUE}.fifo"),
        **{
            **SUBSCRIBE,
            "given": _topic("t.fifo", FifoTopic="true"),
            "page": f"{GUIDE}/fifo-topic-message-delivery.html",
        },
    ),
    Rule(
        says="a subscription that waits for its confirmation stays",
        page=f"{API}/API_Unsubscribe.html",
        operation="unsubscribe",
        code=INVALID,
        given=_pending,
        refused=lambda world: {"SubscriptionArn": world.given[0]},
        accepted=lambda world: {"SubscriptionArn": world.given[1]},
    ),
    Rule(
        says="a message to a FIFO topic has a group",
        page=f"{API}/API_Publish.html",
        operation="publish",
        code=INVALID,
        given=_topic("t.fifo", FifoTopic="true", ContentBasedDeduplication="true"),
        refused=lambda world: {"TopicArn": world.given, "Message": "m"},
        accepted=lambda world: {"TopicArn": world.given, "Message": "m", "MessageGroupId": "g"},
    ),
    Rule(
        says="a message has 256 KB",
        page=f"{API}/API_Publish.html",
        operation="publish",
        code=INVALID,
        given=_topic(),
        refused=lambda world: {"TopicArn": world.given, "Message": "x" * 262145},
        accepted=lambda world: {"TopicArn": world.given, "Message": "x" * 262144},
    ),
    Rule(
        says="a data protection policy has the one version",
        page=f"{GUIDE}/sns-message-data-protection-operations.html",
        operation="put_data_protection_policy",
        code=INVALID,
        given=_topic(),
        refused=_protection("2012-10-17"),
        accepted=_protection("2021-06-01"),
    ),
]
