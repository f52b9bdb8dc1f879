# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Topics: names and attributes that SNS takes."""

import json
import re

from moto.backends import get_backend
from moto.core.utils import camelcase_to_underscores

from ...errors import AwsError
from .. import backend, check, correct

NAME = re.compile(r"[a-zA-Z0-9_-]{1,256}")
FIFO_NAME = re.compile(r"[a-zA-Z0-9_-]{1,251}\.fifo")
CREATE_ONLY = {"FifoTopic"}
PLAIN = {
    "ArchivePolicy", "ContentBasedDeduplication", "DeliveryPolicy", "DisplayName", "FifoThroughputScope",
    "KmsMasterKeyId", "Policy", "SignatureVersion", "TracingConfig",
}  # fmt: skip
FEEDBACK = {
    protocol + part
    for protocol in ("HTTP", "Firehose", "Lambda", "Application", "SQS")
    for part in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
}
# What moto keeps and does not show.
KEPT = {"ArchivePolicy", "FifoThroughputScope", "SignatureVersion", "TracingConfig"} | FEEDBACK
VALUES = {
    "SignatureVersion": {"1", "2"}, "TracingConfig": {"PassThrough", "Active"},
    "FifoThroughputScope": {"Topic", "MessageGroup"},
}  # fmt: skip
# https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
POLICY_ACTIONS = {
    "addpermission", "deletetopic", "getdataprotectionpolicy", "gettopicattributes", "listsubscriptionsbytopic",
    "listtagsforresource", "publish", "putdataprotectionpolicy", "receive", "removepermission", "settopicattributes",
    "subscribe",
}  # fmt: skip


@check("sns", "CreateTopic")
def check_topic(call):
    """A name that fits the type, attributes that exist, and the same ones as a topic that is there already."""
    parameters = call.parameters
    name, attributes = parameters.get("Name", ""), parameters.get("Attributes") or {}
    fifo = str(attributes.get("FifoTopic")).lower() == "true"
    if not (FIFO_NAME if fifo else NAME).fullmatch(name):
        raise invalid("Topic Name")
    for attribute, value in attributes.items():
        _check_attribute(call, attribute, value, PLAIN | CREATE_ONLY)
    topic = backend(call).topics.get(f"arn:aws:sns:{call.region}:{call.account}:{name}")
    if topic is None:
        return
    if any(_attribute(topic, attribute) != value for attribute, value in attributes.items()):
        raise invalid("Attributes Reason: Topic already exists with different attributes")
    tags = {tag["Key"]: tag["Value"] for tag in parameters.get("Tags") or []}
    if tags and tags != topic._tags:
        raise invalid("Tags Reason: Topic already exists with different tags")


def _attribute(topic, name):
    value = getattr(topic, camelcase_to_underscores(name), "")
    if name == "Policy":
        return topic.policy
    return str(value).lower() if isinstance(value, bool) else value


@check("sns", "SetTopicAttributes")
def check_attribute(call):
    """Only what exists, and what can change."""
    topic_of(call)
    _check_attribute(call, call.parameters["AttributeName"], call.parameters.get("AttributeValue", ""), PLAIN)


def _check_attribute(call, name, value, allowed):
    if name not in allowed | FEEDBACK:
        raise invalid("AttributeName")
    if value and name in VALUES and value not in VALUES[name]:
        raise invalid(f"{name} Reason: Invalid value: {value}")
    if value and name == "KmsMasterKeyId":
        _require_key(call, value)
    if name == "Policy":
        _check_policy(value)
    if name == "DisplayName" and len(value) > 100:
        raise invalid("DisplayName Reason: must be at most 100 characters long")


def _require_key(call, name):
    """A key, or an alias; those of AWS exist in every account."""
    alias = name.rpartition(":")[2]
    keys = get_backend("kms")[call.account][call.region]
    try:
        known = alias.startswith("alias/aws/") or keys.get_key_id(keys.any_id_to_key_id(name)) in keys.keys
    except Exception:  # moto raises one of several for an alias that is not there
        known = False
    if not known:
        raise invalid(f"KmsMasterKeyId Reason: Key '{name}' does not exist")


def _check_policy(text):
    try:
        statements = json.loads(text)["Statement"]
        statements = [statements] if isinstance(statements, dict) else statements
        actions = [action for statement in statements for action in _listed(statement["Action"])]
        sound = all({"Effect", "Principal", "Resource"} <= set(statement) for statement in statements)
    except (ValueError, TypeError, KeyError) as error:
        raise invalid("Policy Error: null") from error
    if not sound:
        raise invalid("Policy Error: null")
    if not all(action.lower().removeprefix("sns:") in POLICY_ACTIONS for action in actions):
        raise invalid("Policy statement action out of service scope!")


def _listed(value):
    return value if isinstance(value, list) else [value]


@check("sns", "Publish")
def check_publish(call):
    """moto refuses this in words of SQS."""
    topic = backend(call).topics.get(call.parameters.get("TopicArn") or call.parameters.get("TargetArn"))
    if topic is not None and topic.name.endswith(".fifo") and not call.parameters.get("MessageGroupId"):
        raise invalid("The MessageGroupId parameter is required for FIFO topics")


@correct("sns", "GetTopicAttributes")
def answer_attributes(call, parsed):
    """What moto keeps and does not show, and how many subscriptions there are."""
    topic, attributes = topic_of(call), parsed["Attributes"]
    if not attributes.get("DeliveryPolicy"):
        attributes.pop("DeliveryPolicy", None)
    for name in KEPT:
        if _attribute(topic, name):
            attributes[name] = _attribute(topic, name)
    mine = [item for item in backend(call).subscriptions.values() if item.topic is topic]
    pending = sum(1 for item in mine if is_pending(item))
    attributes["SubscriptionsPending"] = str(pending)
    attributes["SubscriptionsConfirmed"] = str(len(mine) - pending)


def topic_of(call):
    """The topic that a call names; NotFound where there is none."""
    topic = backend(call).topics.get(call.parameters["TopicArn"])
    if topic is None:
        raise AwsError("NotFound", "Topic does not exist", 404)
    return topic


def invalid(text):
    """How SNS refuses parameters."""
    return AwsError("InvalidParameter", f"Invalid parameter: {text}", 400)


def is_pending(subscription):
    """Whether nobody has agreed to a subscription yet."""
    return subscription.attributes["PendingConfirmation"]
