# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what SNS has."""

import json

ACCOUNT = "eu-central-1:123456789012"
TAGS = [{"Key": "a", "Value": "b"}]


def _compact(value):
    return json.dumps(value, separators=(",", ":"))


def topic(probe):
    sns = probe.client("sns")
    arn = f"arn:aws:sns:{ACCOUNT}:alerts"
    statement = {"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": arn}
    written = {
        "DisplayName": "Alerts", "KmsMasterKeyId": "alias/aws/sns", "TracingConfig": "Active", "SignatureVersion": "2",
        "Policy": _compact({"Version": "2012-10-17", "Statement": [statement]}),
        "SQSFailureFeedbackRoleArn": "arn:aws:iam::123456789012:role/feedback", "SQSSuccessFeedbackSampleRate": "50",
    }  # fmt: skip
    probe.does(sns.create_topic, Name="alerts", Attributes=written, Tags=TAGS)
    probe.shows({**written, "TopicArn": arn}, sns.get_topic_attributes, "Attributes", TopicArn=arn)
    probe.shows([{"TopicArn": arn}], sns.list_topics, "Topics")
    probe.shows(TAGS, sns.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(sns.tag_resource, ResourceArn=arn, Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*TAGS, {"Key": "c", "Value": "d"}], sns.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(sns.untag_resource, ResourceArn=arn, TagKeys=["a"])
    probe.shows([{"Key": "c", "Value": "d"}], sns.list_tags_for_resource, "Tags", ResourceArn=arn)
    change = {"AttributeName": "DisplayName", "AttributeValue": "Alarms"}
    probe.does(sns.set_topic_attributes, TopicArn=arn, **change)
    probe.shows({"DisplayName": "Alarms"}, sns.get_topic_attributes, "Attributes", TopicArn=arn)
    probe.does(sns.delete_topic, TopicArn=arn)
    probe.lacks(sns.get_topic_attributes, "NotFound", TopicArn=arn)


def fifo_topic(probe):
    sns = probe.client("sns")
    written = {"FifoTopic": "true", "ContentBasedDeduplication": "true", "FifoThroughputScope": "MessageGroup"}
    arn = probe.does(sns.create_topic, Name="orders.fifo", Attributes=written)["TopicArn"]
    probe.shows(written, sns.get_topic_attributes, "Attributes", TopicArn=arn)


def permission(probe):
    sns = probe.client("sns")
    arn = sns.create_topic(Name="alerts")["TopicArn"]
    them = {"AWSAccountId": ["210987654321"], "ActionName": ["Publish"]}
    probe.does(sns.add_permission, TopicArn=arn, Label="them", **them)
    text = sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]
    assert [item["Action"] for item in json.loads(text)["Statement"] if item["Sid"] == "them"] == ["SNS:Publish"]
    probe.shows({"Policy": text}, sns.get_topic_attributes, "Attributes", TopicArn=arn)
    probe.does(sns.remove_permission, TopicArn=arn, Label="them")
    left = json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])["Statement"]
    probe.shows(
        {"Policy": _compact({**json.loads(text), "Statement": left})},
        sns.get_topic_attributes,
        "Attributes",
        TopicArn=arn,
    )
    assert "them" not in [item["Sid"] for item in left]


def subscription(probe):
    sns, sqs = probe.client("sns"), probe.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    wanted = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": f"arn:aws:sqs:{ACCOUNT}:q"}
    written = {
        "RawMessageDelivery": "true", "FilterPolicy": json.dumps({"kind": ["a"]}),
        "FilterPolicyScope": "MessageAttributes",
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": f"arn:aws:sqs:{ACCOUNT}:dead"}),
    }  # fmt: skip
    arn = probe.does(sns.subscribe, **wanted, Attributes=written)["SubscriptionArn"]
    probe.shows({**wanted, **written}, sns.get_subscription_attributes, "Attributes", SubscriptionArn=arn)
    probe.shows([{**wanted, "SubscriptionArn": arn}], sns.list_subscriptions_by_topic, "Subscriptions", TopicArn=topic)
    probe.shows([wanted], sns.list_subscriptions, "Subscriptions")
    kind = {"kind": {"DataType": "String", "StringValue": "a"}}
    probe.does(sns.publish, TopicArn=topic, Message="one", MessageAttributes=kind)
    probe.shows([{"Body": "one"}], sqs.receive_message, "Messages", QueueUrl=url, VisibilityTimeout=300)
    entries = [{"Id": "1", "Message": "two", "MessageAttributes": kind}, {"Id": "2", "Message": "three"}]
    probe.does(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=entries)
    probe.shows([{"Body": "two"}], sqs.receive_message, "Messages", QueueUrl=url, MaxNumberOfMessages=10)
    change = {"AttributeName": "RawMessageDelivery", "AttributeValue": "false"}
    probe.does(sns.set_subscription_attributes, SubscriptionArn=arn, **change)
    probe.shows({"RawMessageDelivery": "false"}, sns.get_subscription_attributes, "Attributes", SubscriptionArn=arn)
    probe.does(sns.unsubscribe, SubscriptionArn=arn)
    probe.lacks(sns.get_subscription_attributes, "NotFound", SubscriptionArn=arn)
    probe.lacks(sns.list_subscriptions_by_topic, path="Subscriptions", TopicArn=topic)


def data_protection_policy(probe):
    sns = probe.client("sns")
    arn = sns.create_topic(Name="alerts")["TopicArn"]
    identifier = "arn:aws:dataprotection::aws:data-identifier/EmailAddress"
    statement = {
        "DataDirection": "Inbound", "Principal": ["*"], "DataIdentifier": [identifier], "Operation": {"Deny": {}}
    }  # fmt: skip
    policy = json.dumps({"Name": "p", "Version": "2021-06-01", "Statement": [statement]})
    probe.does(sns.put_data_protection_policy, ResourceArn=arn, DataProtectionPolicy=policy)
    probe.shows(policy, sns.get_data_protection_policy, "DataProtectionPolicy", ResourceArn=arn)
