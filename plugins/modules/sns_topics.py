#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: sns_topics
version_added: 1.0.0
short_description: Manage SNS topics and their subscriptions
description:
  - Creates, changes, deletes or reads standard topics, found by their name, which is unique in an account and region.
  - A topic whose Platform or Environment tag differs from the one in O(tags) belongs to somebody else; the module fails
    and changes nothing.
  - Of an endpoint that is a URL, results show the host and a digest, because the rest often is a key.
  - Exists beside M(community.aws.sns_topic) because that module fails in check mode on an empty account, cannot
    encrypt, shows URLs with their keys, and manages one topic a run.
options:
  topics:
    description:
      - The topics. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, 1 to 256 letters, digits, C(-) and C(_). FIFO topics are not supported.
        type: str
        required: true
      display_name:
        description: What recipients of mails and text messages read as the sender. At most 100 characters.
        type: str
      kms_key:
        description: The key that encrypts messages, by id, ARN or alias; an empty text switches encryption off.
        type: str
      policy:
        description: Who may publish and subscribe. Compared by meaning. Without one AWS's own is left alone.
        type: dict
      subscriptions:
        description:
          - Who receives the messages. The list is complete, confirmed subscriptions that are not in it are removed.
          - Mail and web endpoints confirm their subscription themselves. Until then it is no change, cannot be removed,
            and stands in C(pending) of RV(topics).
        type: list
        elements: dict
        suboptions:
          protocol:
            description: How the messages are sent.
            type: str
            choices: [email, email-json, http, https, lambda, sms, sqs]
            required: true
          endpoint:
            description: The address, URL or ARN.
            type: str
            required: true
          raw_message_delivery:
            description: Whether the message is sent without its envelope, to V(http), V(https) and V(sqs).
            type: bool
          filter_policy:
            description: Which messages the endpoint receives, by their attributes; V({}) means all.
            type: dict
      tags:
        description: Tags of this topic beside O(tags).
        type: dict
  account_id:
    description:
      - The account, for the ARN of a topic that check mode would create.
    type: str
    default: "000000000000"
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Create the topic of a platform's alarms
  groundwork.aws.sns_topics:
    topics:
      - name: dougust-production-alerts
        kms_key: alias/dougust-production
        subscriptions:
          - protocol: email
            endpoint: operations@example.com
          - protocol: https
            endpoint: "{{ monitoring_pagerduty_url }}"
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
topics:
  description: The topics by name, with the policy and the subscriptions where they are given.
  returned: always
  type: dict
  sample:
    dougust-production-alerts:
      name: dougust-production-alerts
      arn: arn:aws:sns:us-east-1:123456789012:dougust-production-alerts
      display_name: ""
      kms_key: alias/dougust-production
      subscriptions:
        - protocol: email
          endpoint: operations@example.com
        - protocol: https
          endpoint: https://events.pagerduty.com/****#5f1d3a90
      pending:
        - protocol: email
          endpoint: operations@example.com
      tags: {Platform: dougust, Environment: production}
"""

import json

from ansible_collections.groundwork.aws.plugins.module_utils import compare, lifecycle, planned, side_by_side, sns
from ansible_collections.groundwork.aws.plugins.module_utils.api import sns as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

ATTRIBUTES = {"display_name": "DisplayName", "kms_key": "KmsMasterKeyId", "policy": "Policy"}

ARGUMENT_SPEC = {
    "topics": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "display_name": {"type": "str"},
            "kms_key": {"type": "str", "no_log": False},
            "policy": {"type": "dict"},
            "subscriptions": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "protocol": {"type": "str", "choices": list(sns.PROTOCOLS), "required": True},
                    "endpoint": {"type": "str", "required": True, "no_log": True},
                    "raw_message_delivery": {"type": "bool"},
                    "filter_policy": {"type": "dict"},
                },
            },
            "tags": {"type": "dict"},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
}


def is_confirmed(described):
    """Whether a subscription has an ARN; SNS writes words in its place while it waits."""
    return described["SubscriptionArn"].startswith("arn:")


class Topic(lifecycle.Kind):
    service = "sns"
    type = "topic"
    result = "topics"
    items = "topics"
    equal = {"policy": compare.same_policy, "kms_key": sns.same_key}
    tagged_as = "sns"

    def __init__(self, module):
        super().__init__(module)
        self.subscribed = {}  # the subscriptions of each topic as SNS describes them, by protocol and shown endpoint
        listed = [one["endpoint"] for item in self.params["topics"] for one in item["subscriptions"] or []]
        # Addresses and ARNs are no secrets: whoever has to confirm a subscription must be told.
        module.no_log_values.difference_update(endpoint for endpoint in listed if sns.shown(endpoint) == endpoint)

    def label(self, name):
        return f"SNS topic {name}"

    def validate(self, items):
        for item in items:
            if sns.flaw(item):
                raise UserError(f"{self.label(item['name'])} {sns.flaw(item)}.")

    def find(self, items):
        arns = {arn.rpartition(":")[2]: arn for arn in api.list_topics(self.client)}
        there = [item for item in items if item["name"] in arns]
        topics = side_by_side.each(lambda item: self.read(item, arns[item["name"]]), there)
        return {topic["name"]: topic for topic in topics}

    def read(self, item, arn):
        """The topic with what the item manages."""
        readers = (api.get_topic_attributes, api.list_tags_for_resource)
        attributes, tags = side_by_side.each(lambda read: read(self.client, arn), readers)
        topic = self.from_aws(item["name"], arn, attributes, tags)
        self.refuse_foreign(topic)
        if item["policy"] is not None:
            topic["policy"] = json.loads(attributes.get("Policy") or "{}")
        if item["subscriptions"] is not None:
            topic.update(self.read_subscriptions(item, arn))
        return topic

    def from_aws(self, name, arn, attributes, tags):
        return {
            "name": name,
            "arn": arn,
            "display_name": attributes.get("DisplayName", ""),
            "kms_key": attributes.get("KmsMasterKeyId", ""),
            "tags": tags,
        }

    def read_subscriptions(self, item, arn):
        """The subscriptions that count, and those of the item that are to be confirmed."""
        wanted = {sns.key(one): one for one in item["subscriptions"]}
        subscribed = self.subscribed[item["name"]] = {}
        for one in api.list_subscriptions_by_topic(self.client, arn):
            key = (one["Protocol"], sns.shown(one["Endpoint"]))
            if is_confirmed(one) or (key in wanted and one["SubscriptionArn"] == "PendingConfirmation"):
                subscribed[key] = one
        listed = side_by_side.each(
            lambda key: self.read_subscription(key, subscribed[key], wanted.get(key)), subscribed
        )
        return {"subscriptions": listed, "pending": self.pending(item["name"])}

    def read_subscription(self, key, described, wanted):
        """A subscription with what the item manages; one that is to be confirmed has what was asked for."""
        fields = sns.given(wanted) if wanted else {}
        if fields and is_confirmed(described):
            topic, arn = described["TopicArn"], described["SubscriptionArn"]
            fields = sns.from_aws(api.get_subscription_attributes(self.client, topic, arn), fields)
        return {"protocol": key[0], "endpoint": key[1], **fields}

    def pending(self, name):
        waiting = [key for key, one in self.subscribed[name].items() if not is_confirmed(one)]
        return [{"protocol": protocol, "endpoint": endpoint} for protocol, endpoint in sorted(waiting)]

    def planned(self, item):
        arn = planned.arn("sns", self.module.region or "", self.params["account_id"], item["name"])
        # What check mode cannot know: who confirms at once.
        return {"arn": arn, **({} if item["subscriptions"] is None else {"pending": []})}

    def desired(self, item):
        fields = {field: item[field] for field in ATTRIBUTES}
        return {**fields, "subscriptions": sns.wanted(item["subscriptions"])}

    def create(self, item):
        given = {aws: item[field] for field, aws in ATTRIBUTES.items() if item[field]}
        if item["policy"]:
            given["Policy"] = json.dumps(item["policy"])
        tags = self.tags(item) or {}
        arn = api.create_topic(self.client, item["name"], tags, given)
        topic = self.from_aws(item["name"], arn, given, tags)
        if item["policy"] is not None:
            topic["policy"] = item["policy"]
        if item["subscriptions"] is not None:
            self.subscribed[item["name"]] = {}
            topic.update(subscriptions=[], pending=[])
        return topic

    def update_display_name(self, resource, before, after):
        api.set_topic_attributes(self.client, resource["arn"], "DisplayName", after)

    def update_kms_key(self, resource, before, after):
        api.set_topic_attributes(self.client, resource["arn"], "KmsMasterKeyId", after)

    def update_policy(self, resource, before, after):
        api.set_topic_attributes(self.client, resource["arn"], "Policy", json.dumps(after))

    def update_subscriptions(self, resource, before, after):
        item = next(item for item in self.params["topics"] if item["name"] == resource["name"])
        subscribed = self.subscribed[resource["name"]]
        current = {(one["protocol"], one["endpoint"]): one for one in before}
        wanted = {sns.key(one): one for one in item["subscriptions"]}
        for key, one in wanted.items():
            if key in subscribed:
                self.update_subscription(subscribed[key], current[key], sns.given(one))
            else:
                subscribed[key] = self.subscribe(resource["arn"], one)
        for key in [key for key in subscribed if key not in wanted]:
            api.unsubscribe(self.client, resource["arn"], subscribed.pop(key)["SubscriptionArn"])
        resource["pending"] = self.pending(resource["name"])

    def subscribe(self, topic, wanted):
        attributes = sns.to_aws(sns.given(wanted))
        arn = api.subscribe(self.client, topic, wanted["protocol"], wanted["endpoint"], attributes)
        return {"SubscriptionArn": arn}

    def update_subscription(self, described, before, fields):
        changed = {field: value for field, value in fields.items() if not compare.same(before[field], value)}
        topic, arn = described["TopicArn"], described["SubscriptionArn"]
        for attribute, value in sns.to_aws(changed).items():
            api.set_subscription_attributes(self.client, topic, arn, attribute, value)

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["arn"], keys)

    def delete(self, resource):
        api.delete_topic(self.client, resource["arn"])


def main():
    lifecycle.run(Topic, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
