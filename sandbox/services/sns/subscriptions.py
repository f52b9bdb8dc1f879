# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscriptions, which wait for their confirmation."""

import json
import re

from moto.backends import get_backend

from ...errors import AwsError
from .. import backend, check, correct
from .topics import invalid, is_pending, topic_of

ENDPOINTS = {  # protocol: what an endpoint of it looks like
    "application": r"arn:aws[a-z-]*:sns:.+", "email": r"[^@\s]+@[^@\s]+", "email-json": r"[^@\s]+@[^@\s]+",
    "firehose": r"arn:aws[a-z-]*:firehose:.+", "http": r"http://[^\s/]+.*", "https": r"https://[^\s/]+.*",
    "lambda": r"arn:aws[a-z-]*:lambda:.+", "sms": r"\+?[0-9. /-]+", "sqs": r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:\S+",
}  # fmt: skip
CONFIRMED_BY_HAND = {"email", "email-json", "http", "https"}
# https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-delivery.html
UNORDERED = {"application", "email", "email-json", "http", "https", "sms"}
RAW = {"firehose", "http", "https", "sqs"}
SUBSCRIPTION = {
    "DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy", "ReplayPolicy",
    "SubscriptionRoleArn",
}  # fmt: skip


@check("sns", "Subscribe")
def check_subscription(call):
    """A topic, a protocol, an endpoint of that protocol, and attributes that it has."""
    topic_of(call)
    parameters = call.parameters
    protocol, endpoint = parameters.get("Protocol"), parameters.get("Endpoint") or ""
    if protocol not in ENDPOINTS:
        raise invalid(f"Does not support this protocol string: {protocol}")
    if not re.fullmatch(ENDPOINTS[protocol], endpoint):
        raise invalid("Email address" if protocol.startswith("email") else f"{protocol.upper()} endpoint {endpoint}")
    _check_order(topic_of(call), protocol, endpoint)
    for name, value in (parameters.get("Attributes") or {}).items():
        _check_subscription_attribute(protocol, name, value)
    call.sandbox_known = set(backend(call).subscriptions)


def _check_order(topic, protocol, endpoint):
    fifo = topic.name.endswith(".fifo")
    if fifo and protocol in UNORDERED:
        raise invalid(f"Invalid protocol type: {protocol}")
    if not fifo and protocol == "sqs" and endpoint.endswith(".fifo"):
        raise invalid("Endpoint Reason: Please use FIFO SNS topic")


@check("sns", "SetSubscriptionAttributes")
def check_subscription_attribute(call):
    """The same later."""
    subscription = _subscription(call)
    _check_subscription_attribute(
        subscription.protocol, call.parameters["AttributeName"], call.parameters.get("AttributeValue", "")
    )


def _check_subscription_attribute(protocol, name, value):
    if name not in SUBSCRIPTION:
        raise invalid("AttributeName")
    if name == "RawMessageDelivery" and str(value).lower() == "true" and protocol not in RAW:
        raise invalid(f"Attributes Reason: Delivery protocol [{protocol}] does not support raw message delivery.")
    if name == "FilterPolicyScope" and value not in ("MessageAttributes", "MessageBody"):
        raise invalid("Attributes Reason: FilterPolicyScope: Invalid value")
    if name.endswith("Policy") and value:
        try:
            sound = isinstance(json.loads(value), dict)
        except ValueError:
            sound = False
        if not sound:
            raise invalid(f"Attributes Reason: {name}: failed to parse JSON.")


@correct("sns", "Subscribe")
def answer_pending(call, parsed):
    """Who has to agree is asked first; until then there is no ARN to see, unless it is asked for."""
    subscription = backend(call).subscriptions[parsed["SubscriptionArn"]]
    if subscription.arn not in call.sandbox_known:
        _set_pending(subscription, subscription.protocol in CONFIRMED_BY_HAND)
    if not is_pending(subscription) or call.parameters.get("ReturnSubscriptionArn"):
        return False
    parsed["SubscriptionArn"] = "pending confirmation"
    return True


@correct("sns", "ListSubscriptions", "ListSubscriptionsByTopic")
def list_pending(call, parsed):
    """Subscriptions that nobody agreed to have no ARN yet."""
    for view in parsed.get("Subscriptions", []):
        if is_pending(backend(call).subscriptions[view["SubscriptionArn"]]):
            view["SubscriptionArn"] = "PendingConfirmation"


@check("sns", "Unsubscribe", "GetSubscriptionAttributes")
def refuse_pending(call):
    """What was not confirmed cannot be undone; it goes by itself after two days."""
    arn = call.parameters["SubscriptionArn"]
    if arn.count(":") < 5:
        elements = arn.count(":") + 1
        raise invalid(f"SubscriptionArn Reason: An ARN must have at least 6 elements, not {elements}")
    subscription = backend(call).subscriptions.get(arn)
    if call.operation == "Unsubscribe" and subscription is not None and is_pending(subscription):
        raise invalid("This subscription is pending confirmation and cannot be deleted")


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


def _subscription(call):
    subscription = backend(call).subscriptions.get(call.parameters["SubscriptionArn"])
    if subscription is None:
        raise AwsError("NotFound", "Subscription does not exist", 404)
    return subscription
