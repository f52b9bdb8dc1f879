# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Topics and subscriptions."""

import json

import pytest

TAGS = [{"Key": "a", "Value": "b"}]
EMAIL = {"Protocol": "email", "Endpoint": "a@example.com"}
QUEUE = {"Protocol": "sqs", "Endpoint": "arn:aws:sqs:eu-central-1:123456789012:q"}


@pytest.fixture
def sns(sandbox):
    """SNS."""
    return sandbox.client("sns")


@pytest.fixture
def topic(sns):
    """The ARN of a new topic."""
    return sns.create_topic(Name="t", Tags=TAGS)["TopicArn"]


def shown(sns, topic):
    return sns.get_topic_attributes(TopicArn=topic)["Attributes"]


def test_names(sns, refused):
    for wrong in ({"Name": "a b"}, {"Name": "x" * 257}, {"Name": "x.fifo"}):
        assert refused(sns.create_topic, **wrong) == "InvalidParameter"
    assert refused(sns.create_topic, Name="x", Attributes={"FifoTopic": "true"}) == "InvalidParameter"
    fifo = sns.create_topic(Name="x.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    assert shown(sns, fifo)["FifoTopic"] == "true"


def test_created_twice(sns, refused):
    attributes = {"DisplayName": "d", "SignatureVersion": "2"}
    arn = sns.create_topic(Name="t", Attributes=attributes, Tags=TAGS)["TopicArn"]
    assert sns.create_topic(Name="t", Attributes=attributes, Tags=TAGS)["TopicArn"] == arn
    assert sns.create_topic(Name="t")["TopicArn"] == arn
    assert refused(sns.create_topic, Name="t", Attributes={"DisplayName": "e"}) == "InvalidParameter"
    assert refused(sns.create_topic, Name="t", Tags=[{"Key": "a", "Value": "c"}]) == "InvalidParameter"
    assert {name: shown(sns, arn)[name] for name in attributes} == attributes


def test_encryption(sandbox, sns, topic, refused):
    change = {"TopicArn": topic, "AttributeName": "KmsMasterKeyId"}
    assert refused(sns.set_topic_attributes, **change, AttributeValue="alias/none") == "InvalidParameter"
    key = sandbox.client("kms").create_key()["KeyMetadata"]
    sandbox.client("kms").create_alias(AliasName="alias/topics", TargetKeyId=key["KeyId"])
    for value in ("alias/aws/sns", "alias/topics", key["KeyId"], key["Arn"]):
        sns.set_topic_attributes(**change, AttributeValue=value)
        assert shown(sns, topic)["KmsMasterKeyId"] == value
    sns.set_topic_attributes(**change, AttributeValue="")
    assert "KmsMasterKeyId" not in shown(sns, topic)
    assert refused(sns.create_topic, Name="u", Attributes={"KmsMasterKeyId": "x"}) == "InvalidParameter"


def test_attributes(sns, topic, refused):
    assert "DeliveryPolicy" not in shown(sns, topic)
    for name, value in (("Nonsense", "x"), ("FifoTopic", "true"), ("TracingConfig", "x"), ("SignatureVersion", "3")):
        code = refused(sns.set_topic_attributes, TopicArn=topic, AttributeName=name, AttributeValue=value)
        assert code == "InvalidParameter"
    sns.set_topic_attributes(TopicArn=topic, AttributeName="TracingConfig", AttributeValue="Active")
    assert shown(sns, topic)["TracingConfig"] == "Active"
    role = "arn:aws:iam::123456789012:role/r"
    sns.set_topic_attributes(TopicArn=topic, AttributeName="HTTPFailureFeedbackRoleArn", AttributeValue=role)
    assert shown(sns, topic)["HTTPFailureFeedbackRoleArn"] == role
    code = refused(sns.set_topic_attributes, TopicArn=topic + "x", AttributeName="DisplayName", AttributeValue="d")
    assert code == "NotFound"


def test_policies(sns, topic, refused):
    statement = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Resource": topic}
    sound = json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Action": "sns:Publish"}]})
    change = {"TopicArn": topic, "AttributeName": "Policy"}
    for wrong in (
        "{",
        "{}",
        json.dumps({"Statement": [statement]}),
        json.dumps({"Statement": [{"Action": "sns:Publish", "Effect": "Allow"}]}),
        json.dumps({"Statement": [{**statement, "Action": "sqs:SendMessage"}]}),
        json.dumps({"Statement": [{**statement, "Action": ["sns:*"]}]}),
    ):
        assert refused(sns.set_topic_attributes, **change, AttributeValue=wrong) == "InvalidParameter"
    sns.set_topic_attributes(**change, AttributeValue=sound)
    assert json.loads(shown(sns, topic)["Policy"]) == json.loads(sound)


def test_confirmation(sandbox, sns, topic, refused):
    assert sns.subscribe(TopicArn=topic, **EMAIL)["SubscriptionArn"] == "pending confirmation"
    arn = sns.subscribe(TopicArn=topic, **EMAIL, ReturnSubscriptionArn=True)["SubscriptionArn"]
    (view,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (view["SubscriptionArn"], view["Endpoint"]) == ("PendingConfirmation", "a@example.com")
    assert sns.list_subscriptions()["Subscriptions"] == [view]
    assert (shown(sns, topic)["SubscriptionsPending"], shown(sns, topic)["SubscriptionsConfirmed"]) == ("1", "0")
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "true"
    for pending in (arn, "PendingConfirmation"):
        assert refused(sns.unsubscribe, SubscriptionArn=pending) == "InvalidParameter"
    assert refused(sns.get_subscription_attributes, SubscriptionArn="PendingConfirmation") == "InvalidParameter"
    assert sandbox.confirm_subscription(topic, "a@example.com") == arn
    (view,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert view["SubscriptionArn"] == arn
    assert (shown(sns, topic)["SubscriptionsPending"], shown(sns, topic)["SubscriptionsConfirmed"]) == ("0", "1")
    assert sns.subscribe(TopicArn=topic, **EMAIL)["SubscriptionArn"] == arn
    sns.unsubscribe(SubscriptionArn=arn)
    assert sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"] == []
    with pytest.raises(ValueError, match="there is no"):
        sandbox.confirm_subscription(topic, "a@example.com")


def test_confirmed_at_once(sns, topic):
    function = "arn:aws:lambda:eu-central-1:123456789012:function:f"
    for subscription in (QUEUE, {"Protocol": "lambda", "Endpoint": function}):
        arn = sns.subscribe(TopicArn=topic, **subscription)["SubscriptionArn"]
        assert arn.startswith(topic)
    assert shown(sns, topic)["SubscriptionsConfirmed"] == "2"


def test_subscriptions_that_are_refused(sns, topic, refused):
    for wrong in (
        {"Protocol": "fax", "Endpoint": "1"},
        {"Protocol": "email", "Endpoint": "nobody"},
        {"Protocol": "https", "Endpoint": "http://example.com"},
        {"Protocol": "sqs", "Endpoint": "q"},
        {**EMAIL, "Attributes": {"RawMessageDelivery": "true"}},
        {**QUEUE, "Attributes": {"FilterPolicy": "{"}},
        {**QUEUE, "Attributes": {"FilterPolicyScope": "x"}},
        {**QUEUE, "Attributes": {"Nonsense": "x"}},
    ):
        assert refused(sns.subscribe, TopicArn=topic, **wrong) == "InvalidParameter"
    assert refused(sns.subscribe, TopicArn=topic + "x", **EMAIL) == "NotFound"


def test_subscription_attributes(sns, topic, refused):
    policy = json.dumps({"level": ["high"]})
    arn = sns.subscribe(TopicArn=topic, **QUEUE, Attributes={"FilterPolicy": policy, "RawMessageDelivery": "true"})[
        "SubscriptionArn"
    ]
    found = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (found["FilterPolicy"], found["RawMessageDelivery"]) == (policy, "true")
    change = {"SubscriptionArn": arn, "AttributeName": "RawMessageDelivery"}
    sns.set_subscription_attributes(**change, AttributeValue="false")
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["RawMessageDelivery"] == "false"
    change["AttributeName"] = "Nonsense"
    assert refused(sns.set_subscription_attributes, **change, AttributeValue="x") == "InvalidParameter"


def test_messages_leave_the_sandbox_to_nobody(sandbox):
    sns, sqs = sandbox.client("sns"), sandbox.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    topic = sns.create_topic(Name="t")["TopicArn"]
    # Where moto calls an address, this one refuses the connection, which fails the whole call.
    for protocol, endpoint in (
        ("http", "http://127.0.0.1:9/"),
        ("lambda", "arn:aws:lambda:eu-central-1:123456789012:function:f"),
        ("sqs", "arn:aws:sqs:eu-central-1:123456789012:q"),
    ):
        sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)
    sandbox.confirm_subscription(topic, "http://127.0.0.1:9/")
    sns.publish(TopicArn=topic, Message="one")
    sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "two"}])
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert sorted(json.loads(message["Body"])["Message"] for message in found) == ["one", "two"]
    assert len(sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]) == 3
