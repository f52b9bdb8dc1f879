# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sns_topics against moto: topics, subscriptions that others confirm, and webhooks that nobody may read."""

from __future__ import annotations

import json

import pytest

MODULE = "sns_topics"
NAME = "dougust-test-alerts"
TAGS = {"Platform": "dougust", "Environment": "test"}
OWNED = {**TAGS, "ManagedBy": "groundwork", "Component": "monitoring"}
ARN = f"arn:aws:sns:us-east-1:123456789012:{NAME}"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:alerts"
SECRET = "0123456789abcdef0123456789abcdef"
WEBHOOK = f"https://events.pagerduty.com/integration/{SECRET}/enqueue"
MAIL = {"protocol": "email", "endpoint": "operations@example.com"}
PAGER = {"protocol": "https", "endpoint": WEBHOOK}
FILTERED = {
    "protocol": "sqs",
    "endpoint": QUEUE,
    "raw_message_delivery": True,
    "filter_policy": {"severity": ["critical", "high"]},
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Alarms",
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": ARN,
        }
    ],
}
TOPIC = {
    "name": NAME,
    "display_name": "Dougust",
    "kms_key": "alias/dougust-test",
    "policy": POLICY,
    "subscriptions": [MAIL, PAGER, FILTERED],
}


def run(cloud, *topics, **params):
    result = cloud.run(MODULE, **{"topics": list(topics) or [TOPIC], "tags": TAGS, **params})
    assert SECRET not in json.dumps(result)
    return result


def fail(cloud, *topics, **params):
    result = cloud.run_failing(MODULE, **{"topics": list(topics) or [TOPIC], "tags": TAGS, **params})
    assert SECRET not in json.dumps(result)
    return result


def attributes(cloud):
    return cloud.client("sns").get_topic_attributes(TopicArn=ARN)["Attributes"]


def subscriptions(cloud):
    found = cloud.client("sns").list_subscriptions_by_topic(TopicArn=ARN)["Subscriptions"]
    return {one["Endpoint"]: one["SubscriptionArn"] for one in found}


def let_wait(cloud, *endpoints):
    """Let SNS say that nobody has confirmed these endpoints."""

    def wait(answer):
        for one in answer["Subscriptions"]:
            if one["Endpoint"] in endpoints:
                one["SubscriptionArn"] = "PendingConfirmation"

    cloud.adjust("ListSubscriptionsByTopic", wait)


def test_check_mode_on_an_empty_account_predicts_the_topic(cloud):
    result = run(cloud, check_mode=True, account_id="123456789012")
    topic = result["topics"][NAME]
    assert (topic["arn"], topic["kms_key"], len(topic["subscriptions"])) == (ARN, "alias/dougust-test", 3)
    assert [action["action"] for action in result["actions"]] == ["create"]
    assert cloud.mutations == []


def test_create_then_nothing_to_do(cloud):
    created = run(cloud)
    assert cloud.mutations == ["CreateTopic"] + ["Subscribe"] * 3
    (call,) = cloud.parameters("CreateTopic")
    assert {"Key": "Platform", "Value": "dougust"} in call["Tags"]
    assert created["topics"][NAME]["arn"] == ARN
    found = attributes(cloud)
    assert (found["DisplayName"], found["KmsMasterKeyId"]) == ("Dougust", "alias/dougust-test")
    assert json.loads(found["Policy"]) == POLICY
    arn = subscriptions(cloud)[QUEUE]
    settings = cloud.client("sns").get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert settings["RawMessageDelivery"] == "true"
    assert json.loads(settings["FilterPolicy"]) == FILTERED["filter_policy"]
    for check_mode in (False, True):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
        assert key_order(again) == key_order(created)


def key_order(result):
    topic = result["topics"][NAME]
    return {**topic, "subscriptions": sorted(topic["subscriptions"], key=lambda one: one["endpoint"])}


@pytest.mark.parametrize(
    "change, field, calls",
    [
        ({"display_name": "Other"}, "display_name", ["SetTopicAttributes"]),
        ({"kms_key": ""}, "kms_key", ["SetTopicAttributes"]),
        ({"kms_key": KEY_ID}, "kms_key", ["SetTopicAttributes"]),
        (
            {"policy": {**POLICY, "Statement": [{**POLICY["Statement"][0], "Sid": "X"}]}},
            "policy",
            ["SetTopicAttributes"],
        ),
        ({"subscriptions": [MAIL, FILTERED]}, "subscriptions", ["Unsubscribe"]),
        ({"subscriptions": []}, "subscriptions", ["Unsubscribe"] * 3),
        (
            {"subscriptions": [MAIL, PAGER, {**FILTERED, "raw_message_delivery": False, "filter_policy": {}}]},
            "subscriptions",
            ["SetSubscriptionAttributes"] * 2,
        ),
        (
            {"subscriptions": [MAIL, PAGER, FILTERED, {**MAIL, "endpoint": "more@example.com"}]},
            "subscriptions",
            ["Subscribe"],
        ),
        ({"tags": {"Tier": "monitoring"}}, "tags", ["TagResource"]),
    ],
)
def test_fields_change_in_place(cloud, change, field, calls):
    run(cloud)
    plan = run(cloud, {**TOPIC, **change}, check_mode=True)
    assert (plan["actions"][0]["fields"], cloud.mutations) == ([field], [])
    assert run(cloud, {**TOPIC, **change})["actions"] == plan["actions"]
    assert cloud.mutations == calls
    assert not run(cloud, {**TOPIC, **change})["changed"]


def test_tags_are_removed(cloud):
    run(cloud, {**TOPIC, "tags": {"Tier": "monitoring"}})
    run(cloud)
    assert cloud.mutations == ["UntagResource"]


def test_what_is_not_given_is_left_alone(cloud):
    run(cloud)
    left = cloud.run(MODULE, topics=[{"name": NAME}])
    assert not left["changed"]
    # The last two are read side by side.
    assert cloud.operations[0] == "ListTopics"
    assert sorted(cloud.operations[1:]) == ["GetTopicAttributes", "ListTagsForResource"]
    plain = {"protocol": "sqs", "endpoint": QUEUE}
    assert not run(cloud, {"name": NAME, "subscriptions": [MAIL, PAGER, plain]})["changed"]
    assert "GetSubscriptionAttributes" not in cloud.operations


def test_a_key_is_the_same_by_id_and_arn(cloud):
    run(cloud, {"name": NAME, "kms_key": KEY_ID})
    arn = f"arn:aws:kms:us-east-1:123456789012:key/{KEY_ID}"
    assert not run(cloud, {"name": NAME, "kms_key": arn})["changed"]


def test_the_policy_of_aws_stays(cloud):
    run(cloud, {"name": NAME})
    assert "__default_policy_ID" in attributes(cloud)["Policy"]
    assert not run(cloud, {"name": NAME})["changed"]


def test_of_a_webhook_only_the_host_is_shown(cloud):
    created = run(cloud)
    shown = [one["endpoint"] for one in created["topics"][NAME]["subscriptions"]]
    assert shown[0] == MAIL["endpoint"] and shown[2] == QUEUE
    assert shown[1].startswith("https://events.pagerduty.com/****#")
    changed = run(cloud, {**TOPIC, "subscriptions": [MAIL, {**PAGER, "endpoint": WEBHOOK.replace("0", "1")}, FILTERED]})
    assert cloud.mutations == ["Subscribe", "Unsubscribe"]
    assert changed["diff"][0]["before"] != changed["diff"][0]["after"]
    cloud.fail("Subscribe", "InvalidParameter", f"Invalid parameter: Endpoint {WEBHOOK}")
    run(cloud, state="absent")
    failed = fail(cloud, {"name": NAME, "subscriptions": [PAGER]})
    assert f"Could not subscribe an endpoint by https to SNS topic {ARN}: InvalidParameter" in failed["msg"]


def test_passwords_that_aws_masks_are_no_difference(cloud):
    hook = {"protocol": "https", "endpoint": "https://user:s3cr3t-w0rd@hooks.example.com/alerts"}
    created = run(cloud, {"name": NAME, "subscriptions": [hook]})
    assert not {"user", "s3cr3t-w0rd"} & set(json.dumps(created["topics"]).replace(":", "@").split("@"))
    cloud.adjust("ListSubscriptionsByTopic", mask)
    again = run(cloud, {"name": NAME, "subscriptions": [hook]})
    assert (again["changed"], again["topics"]) == (False, created["topics"])


def mask(answer):
    for one in answer["Subscriptions"]:
        one["Endpoint"] = one["Endpoint"].replace("s3cr3t-w0rd", "****")


def test_what_is_to_be_confirmed_is_reported_and_no_change(cloud):
    cloud.answer("Subscribe", lambda params: {"SubscriptionArn": "pending confirmation"}, times=1)
    raw = {**PAGER, "raw_message_delivery": True}
    topic = {**TOPIC, "subscriptions": [MAIL, raw]}
    created = run(cloud, topic)
    assert created["topics"][NAME]["pending"] == [MAIL]
    cloud.client("sns").subscribe(TopicArn=ARN, Protocol="email", Endpoint=MAIL["endpoint"])
    let_wait(cloud, MAIL["endpoint"], WEBHOOK)
    again = run(cloud, topic)
    assert (again["changed"], cloud.mutations) == (False, [])
    assert [one["protocol"] for one in again["topics"][NAME]["pending"]] == ["email", "https"]
    # What nobody confirmed cannot be removed, and SNS forgets it.
    gone = run(cloud, {**TOPIC, "subscriptions": []})
    assert (gone["changed"], gone["topics"][NAME]["pending"]) == (False, [])


def test_deleted_subscriptions_do_not_count(cloud):
    run(cloud)

    def deleted(answer):
        for one in answer["Subscriptions"]:
            one["SubscriptionArn"] = "Deleted"

    cloud.adjust("ListSubscriptionsByTopic", deleted)
    assert run(cloud, check_mode=True)["diff"][0]["before"] == {"subscriptions": []}


def test_a_killed_run_is_finished_by_the_next(cloud):
    cloud.fail("Subscribe", "InternalError", when=lambda params: params["Protocol"] == "sqs")
    assert [action["action"] for action in fail(cloud)["actions"]] == ["create"]
    cloud.heal()
    assert run(cloud)["actions"][0]["fields"] == ["subscriptions"]
    assert cloud.mutations == ["Subscribe"]
    assert not run(cloud)["changed"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_topic_of_somebody_else_is_not_touched(cloud, state):
    run(cloud, tags={**TAGS, "Environment": "production"})
    failed = fail(cloud, state=state)
    assert f"SNS topic {NAME} belongs to somebody else: it is tagged Environment=production." in failed["msg"]
    assert cloud.mutations == []


def test_delete_and_delete_again(cloud):
    run(cloud)
    assert run(cloud, state="absent", check_mode=True)["actions"][0]["action"] == "delete"
    assert cloud.mutations == []
    assert run(cloud, state="absent")["topics"] == {}
    assert cloud.client("sns").list_topics()["Topics"] == []
    assert not run(cloud, state="absent")["changed"]


def test_gathered_reads_and_plans_what_is_missing(cloud):
    assert run(cloud, state="gathered")["topics"] == {}
    assert run(cloud, state="gathered", check_mode=True)["topics"][NAME]["arn"]
    created = run(cloud)
    assert key_order(run(cloud, state="gathered")) == key_order(created)


def test_what_is_no_longer_declared_is_deleted(cloud):
    run(cloud, TOPIC, {"name": "old"}, tags=OWNED)
    deleted = run(cloud, tags=OWNED, undeclared="delete")
    assert [(action["name"], action["action"]) for action in deleted["actions"]] == [("old", "delete")]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "alerts.fifo"}, "SNS topic alerts.fifo is no name of a standard topic. To fix:"),
        ({"display_name": "x" * 101}, "has too long a display_name. To fix:"),
        ({"policy": {}}, "has an empty or too long a policy. To fix:"),
        ({"subscriptions": [PAGER, PAGER]}, "has a subscription twice. To fix:"),
        ({"subscriptions": [{**MAIL, "endpoint": "operations"}]}, "has an endpoint that is none for email. To fix:"),
        ({"subscriptions": [{**PAGER, "protocol": "http"}]}, "has an endpoint that is none for http. To fix:"),
        ({"subscriptions": [{**MAIL, "raw_message_delivery": True}]}, "has raw_message_delivery for email. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    assert message in fail(cloud, {**TOPIC, **change})["msg"]
    assert cloud.calls == []


def test_what_aws_does_not_know_yet_is_tried_again(cloud):
    cloud.fail("CreateTopic", "InvalidParameter", "Invalid parameter: Policy Error: PrincipalNotFound", times=1)
    cloud.fail("Subscribe", "NotFound", times=2)
    assert run(cloud)["changed"]
    cloud.fail("SetTopicAttributes", "InvalidParameter", "Invalid parameter: DisplayName")
    assert "InvalidParameter: Invalid parameter: DisplayName" in fail(cloud, {**TOPIC, "display_name": "x"})["msg"]
    assert cloud.operations.count("SetTopicAttributes") == 1
