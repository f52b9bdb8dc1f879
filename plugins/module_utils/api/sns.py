# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SNS: one function per API call (U(https://docs.aws.amazon.com/sns/latest/api/)).

No message names an endpoint: the address of a webhook is as good as a password.
"""

from __future__ import annotations

from typing import Any, Dict, List

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

TOPIC_UNKNOWN = ("NotFound", "NotFoundException", "ResourceNotFound")
CHANGING = ("ConcurrentAccess", "ConcurrentAccessException")
# What SNS answers about a policy that names a role which IAM created a moment ago.
PRINCIPAL_UNKNOWN = ("InvalidParameter: Invalid parameter: Policy Error: PrincipalNotFound",)


# Topics


@aws_call("list SNS topics")
def list_topics(client: Any) -> List[str]:
    """The ARNs of all topics."""
    pages = client.get_paginator("list_topics").paginate().build_full_result()
    return [topic["TopicArn"] for topic in pages.get("Topics", [])]


@aws_call("read SNS topic {arn}", eventual=TOPIC_UNKNOWN)
def get_topic_attributes(client: Any, arn: str) -> Dict[str, str]:
    return client.get_topic_attributes(TopicArn=arn)["Attributes"]


@aws_call("create SNS topic {name}", eventual=CHANGING + PRINCIPAL_UNKNOWN)
def create_topic(client: Any, name: str, tags: Dict[str, str], attributes: Dict[str, str]) -> str:
    return client.create_topic(Name=name, Tags=ansible_dict_to_boto3_tag_list(tags), Attributes=attributes)["TopicArn"]


@aws_call("change {attribute} of SNS topic {arn}", eventual=TOPIC_UNKNOWN + PRINCIPAL_UNKNOWN)
def set_topic_attributes(client: Any, arn: str, attribute: str, value: str) -> None:
    client.set_topic_attributes(TopicArn=arn, AttributeName=attribute, AttributeValue=value)


@aws_call("delete SNS topic {arn}", missing=TOPIC_UNKNOWN, eventual=CHANGING)
def delete_topic(client: Any, arn: str) -> None:
    client.delete_topic(TopicArn=arn)


# Subscriptions


@aws_call("list the subscriptions of SNS topic {arn}", eventual=TOPIC_UNKNOWN)
def list_subscriptions_by_topic(client: Any, arn: str) -> List[dict]:
    pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
    return pages.build_full_result().get("Subscriptions", [])


@aws_call("read a subscription of SNS topic {topic}", eventual=TOPIC_UNKNOWN)
def get_subscription_attributes(client: Any, topic: str, arn: str) -> Dict[str, str]:
    return client.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]


@aws_call("subscribe an endpoint by {protocol} to SNS topic {arn}", eventual=TOPIC_UNKNOWN)
def subscribe(client: Any, arn: str, protocol: str, endpoint: str, attributes: Dict[str, str]) -> str:
    """The ARN of the subscription, or words that say that it is to be confirmed."""
    answer = client.subscribe(TopicArn=arn, Protocol=protocol, Endpoint=endpoint, Attributes=attributes)
    return answer["SubscriptionArn"]


@aws_call("change {attribute} of a subscription of SNS topic {topic}", eventual=TOPIC_UNKNOWN)
def set_subscription_attributes(client: Any, topic: str, arn: str, attribute: str, value: str) -> None:
    client.set_subscription_attributes(SubscriptionArn=arn, AttributeName=attribute, AttributeValue=value)


@aws_call("remove a subscription of SNS topic {topic}", missing=TOPIC_UNKNOWN)
def unsubscribe(client: Any, topic: str, arn: str) -> None:
    client.unsubscribe(SubscriptionArn=arn)


# Tags


@aws_call("read the tags of SNS topic {arn}", eventual=TOPIC_UNKNOWN)
def list_tags_for_resource(client: Any, arn: str) -> Dict[str, str]:
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(ResourceArn=arn).get("Tags", []))


@aws_call("tag SNS topic {arn}", eventual=TOPIC_UNKNOWN + CHANGING)
def tag_resource(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.tag_resource(ResourceArn=arn, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags {keys} from SNS topic {arn}", eventual=TOPIC_UNKNOWN + CHANGING)
def untag_resource(client: Any, arn: str, keys: List[str]) -> None:
    client.untag_resource(ResourceArn=arn, TagKeys=keys)
