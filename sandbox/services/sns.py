# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Topics, and subscriptions that wait for their confirmation."""

import json
import re

from moto.backends import get_backend
from moto.core.utils import camelcase_to_underscores

from ..errors import AwsError
from . import backend, check, correct

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
        raise _invalid("Topic Name")
    for attribute, value in attributes.items():
        _check_attribute(call, attribute, value, PLAIN | CREATE_ONLY)
    topic = backend(call).topics.get(f"arn:aws:sns:{call.region}:{call.account}:{name}")
    if topic is None:
        return
    if any(_attribute(topic, attribute) != value for attribute, value in attributes.items()):
        raise _invalid("Attributes Reason: Topic already exists with different attributes")
    tags = {tag["Key"]: tag["Value"] for tag in parameters.get("Tags") or []}
    if tags and tags != topic._tags:
        raise _invalid("Tags Reason: Topic already exists with different tags")


def _attribute(topic, name):
    value = getattr(topic, camelcase_to_underscores(name), "")
    if name == "Policy":
        return topic.policy
    return str(value).lower() if isinstance(value, bool) else value


@check("sns", "SetTopicAttributes")
def check_attribute(call):
    """Only what exists, and what can change."""
    _topic(call)
    _check_attribute(call, call.parameters["AttributeName"], call.parameters.get("AttributeValue", ""), PLAIN)


def _check_attribute(call, name, value, allowed):
    if name not in allowed | FEEDBACK:
        raise _invalid("AttributeName")
    if value and name in VALUES and value not in VALUES[name]:
        raise _invalid(f"{name} Reason: Invalid value: {value}")
    if value and name == "KmsMasterKeyId":
        _require_key(call, value)
    if name == "Policy":
        _check_policy(value)
    if name == "DisplayName" and len(value) > 100:
        raise _invalid("DisplayName Reason: must be at most 100 characters long")


def _require_key(call, name):
    """A key, or an alias; those of AWS exist in every account."""
    alias = name.rpartition(":")[2]
    keys = get_backend("kms")[call.account][call.region]
    try:
        known = alias.startswith("alias/aws/") or keys.get_key_id(keys.any_id_to_key_id(name)) in keys.keys
    except Exception:  # moto raises one of several for an alias that is not there
        known = False
    if not known:
        raise _invalid(f"KmsMasterKeyId Reason: Key '{name}' does not exist")


def _check_policy(text):
    try:
        statements = json.loads(text)["Statement"]
        statements = [statements] if isinstance(statements, dict) else statements
        actions = [action for statement in statements for action in _listed(statement["Action"])]
        sound = all({"Effect", "Principal", "Resource"} <= set(statement) for statement in statements)
    except (ValueError, TypeError, KeyError) as error:
        raise _invalid("Policy Error: null") from error
    if not sound:
        raise _invalid("Policy Error: null")
    if not all(action.lower().removeprefix("sns:") in POLICY_ACTIONS for action in actions):
        raise _invalid("Policy statement action out of service scope!")


def _listed(value):
    return value if isinstance(value, list) else [value]


@correct("sns", "GetTopicAttributes")
def answer_attributes(call, parsed):
    """What moto keeps and does not show, and how many subscriptions there are."""
    topic, attributes = _topic(call), parsed["Attributes"]
    if not attributes.get("DeliveryPolicy"):
        attributes.pop("DeliveryPolicy", None)
    for name in KEPT:
        if _attribute(topic, name):
            attributes[name] = _attribute(topic, name)
    mine = [item for item in backend(call).subscriptions.values() if item.topic is topic]
    pending = sum(1 for item in mine if _is_pending(item))
    attributes["SubscriptionsPending"] = str(pending)
    attributes["SubscriptionsConfirmed"] = str(len(mine) - pending)


# --- subscriptions -------------------------------------------------------------------------------------------------

ENDPOINTS = {  # protocol: what an endpoint of it looks like
    "application": r"arn:aws[a-z-]*:sns:.+", "email": r"[^@\s]+@[^@\s]+", "email-json": r"[^@\s]+@[^@\s]+",
    "firehose": r"arn:aws[a-z-]*:firehose:.+", "http": r"http://[^\s/]+.*", "https": r"https://[^\s/]+.*",
    "lambda": r"arn:aws[a-z-]*:lambda:.+", "sms": r"\+?[0-9. /-]+", "sqs": r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:\S+",
}  # fmt: skip
CONFIRMED_BY_HAND = {"email", "email-json", "http", "https"}
RAW = {"firehose", "http", "https", "sqs"}
SUBSCRIPTION = {
    "DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy", "ReplayPolicy",
    "SubscriptionRoleArn",
}  # fmt: skip


@check("sns", "Subscribe")
def check_subscription(call):
    """A topic, a protocol, an endpoint of that protocol, and attributes that it has."""
    _topic(call)
    parameters = call.parameters
    protocol, endpoint = parameters.get("Protocol"), parameters.get("Endpoint") or ""
    if protocol not in ENDPOINTS:
        raise _invalid(f"Does not support this protocol string: {protocol}")
    if not re.fullmatch(ENDPOINTS[protocol], endpoint):
        raise _invalid("Email address" if protocol.startswith("email") else f"{protocol.upper()} endpoint {endpoint}")
    for name, value in (parameters.get("Attributes") or {}).items():
        _check_subscription_attribute(protocol, name, value)
    call.sandbox_known = set(backend(call).subscriptions)


@check("sns", "SetSubscriptionAttributes")
def check_subscription_attribute(call):
    """The same later."""
    subscription = _subscription(call)
    _check_subscription_attribute(
        subscription.protocol, call.parameters["AttributeName"], call.parameters.get("AttributeValue", "")
    )


def _check_subscription_attribute(protocol, name, value):
    if name not in SUBSCRIPTION:
        raise _invalid("AttributeName")
    if name == "RawMessageDelivery" and str(value).lower() == "true" and protocol not in RAW:
        raise _invalid(f"Attributes Reason: Delivery protocol [{protocol}] does not support raw message delivery.")
    if name == "FilterPolicyScope" and value not in ("MessageAttributes", "MessageBody"):
        raise _invalid("Attributes Reason: FilterPolicyScope: Invalid value")
    if name.endswith("Policy") and value:
        try:
            sound = isinstance(json.loads(value), dict)
        except ValueError:
            sound = False
        if not sound:
            raise _invalid(f"Attributes Reason: {name}: failed to parse JSON.")


@correct("sns", "Subscribe")
def answer_pending(call, parsed):
    """Who has to agree is asked first; until then there is no ARN to see, unless it is asked for."""
    subscription = backend(call).subscriptions[parsed["SubscriptionArn"]]
    if subscription.arn not in call.sandbox_known:
        _set_pending(subscription, subscription.protocol in CONFIRMED_BY_HAND)
    if not _is_pending(subscription) or call.parameters.get("ReturnSubscriptionArn"):
        return False
    parsed["SubscriptionArn"] = "pending confirmation"
    return True


@correct("sns", "ListSubscriptions", "ListSubscriptionsByTopic")
def list_pending(call, parsed):
    """Subscriptions that nobody agreed to have no ARN yet."""
    for view in parsed.get("Subscriptions", []):
        if _is_pending(backend(call).subscriptions[view["SubscriptionArn"]]):
            view["SubscriptionArn"] = "PendingConfirmation"


@check("sns", "Unsubscribe", "GetSubscriptionAttributes")
def refuse_pending(call):
    """What was not confirmed cannot be undone; it goes by itself after two days."""
    arn = call.parameters["SubscriptionArn"]
    if arn.count(":") < 5:
        elements = arn.count(":") + 1
        raise _invalid(f"SubscriptionArn Reason: An ARN must have at least 6 elements, not {elements}")
    subscription = backend(call).subscriptions.get(arn)
    if call.operation == "Unsubscribe" and subscription is not None and _is_pending(subscription):
        raise _invalid("This subscription is pending confirmation and cannot be deleted")


def confirm(account, topic_arn, endpoint):
    """Agree to a pending subscription, as its endpoint does; its ARN. KeyError where there is none."""
    state = get_backend("sns")[account][topic_arn.split(":")[3]]
    for subscription in state.subscriptions.values():
        if (subscription.topic.arn, subscription.endpoint) == (topic_arn, endpoint):
            _set_pending(subscription, False)
            return subscription.arn
    raise KeyError(f"subscription of {endpoint} to {topic_arn}")


def _set_pending(subscription, pending):
    subscription.attributes["PendingConfirmation"] = pending
    subscription.attributes["ConfirmationWasAuthenticated"] = subscription.protocol not in CONFIRMED_BY_HAND


def _is_pending(subscription):
    return subscription.attributes["PendingConfirmation"]


def _topic(call):
    topic = backend(call).topics.get(call.parameters["TopicArn"])
    if topic is None:
        raise AwsError("NotFound", "Topic does not exist", 404)
    return topic


def _subscription(call):
    subscription = backend(call).subscriptions.get(call.parameters["SubscriptionArn"])
    if subscription is None:
        raise AwsError("NotFound", "Subscription does not exist", 404)
    return subscription


def _invalid(text):
    return AwsError("InvalidParameter", f"Invalid parameter: {text}", 400)
