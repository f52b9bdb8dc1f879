# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Topics and subscriptions: how they are compared, what may be shown of them, what SNS refuses. Pure functions."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Dict, List, Optional, Tuple
from urllib.parse import urlsplit, urlunsplit

PROTOCOLS = ("email", "email-json", "http", "https", "lambda", "sms", "sqs")
WEB = ("http", "https")
RAW = WEB + ("sqs",)
# https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
ENDPOINTS = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "email-json": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "http": r"http://\S+",
    "https": r"https://\S+",
    "lambda": r"arn:[a-z-]+:lambda:\S+",
    "sms": r"\+?[0-9][0-9./-]+",
    "sqs": r"arn:[a-z-]+:sqs:\S+",
}
LONGEST_DISPLAY_NAME = 100
LONGEST_POLICY = 30720


def as_aws_shows(endpoint: str) -> str:
    """An endpoint as SNS lists it: with asterisks for the password of a URL."""
    parts = urlsplit(endpoint)
    if parts.scheme not in WEB or ":" not in parts.netloc.rpartition("@")[0]:
        return endpoint
    user, host = parts.netloc.rpartition("@")[0].partition(":")[0], parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:****@{host}"))


def shown(endpoint: str) -> str:
    """An endpoint without what makes it a secret: of a URL the host, and a digest that tells two of them apart."""
    parts = urlsplit(endpoint)
    host = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if parts.scheme not in WEB or endpoint.rstrip("/") == host:
        return endpoint
    return f"{host}/****#{hashlib.sha256(as_aws_shows(endpoint).encode()).hexdigest()[:8]}"


def key(subscription: dict) -> Tuple[str, str]:
    """What makes a subscription of a topic the one it is."""
    return subscription["protocol"], shown(subscription["endpoint"])


def given(subscription: dict) -> Dict[str, Any]:
    """What an item says about the settings of a subscription."""
    fields = ("raw_message_delivery", "filter_policy")
    return {field: subscription[field] for field in fields if subscription[field] is not None}


def wanted(subscriptions: Optional[List[dict]]) -> Optional[List[dict]]:
    """The subscriptions of an item as they are compared and shown."""
    if subscriptions is None:
        return None
    return [{"protocol": one["protocol"], "endpoint": shown(one["endpoint"]), **given(one)} for one in subscriptions]


def from_aws(attributes: Dict[str, str], fields: Dict[str, Any]) -> Dict[str, Any]:
    """Those settings of a subscription, as SNS has them."""
    found = {
        "raw_message_delivery": attributes.get("RawMessageDelivery", "false").lower() == "true",
        "filter_policy": json.loads(attributes.get("FilterPolicy") or "{}"),
    }
    return {field: found[field] for field in fields}


def to_aws(fields: Dict[str, Any]) -> Dict[str, str]:
    """Settings of a subscription as SNS wants them."""
    attributes = {}
    if "raw_message_delivery" in fields:
        attributes["RawMessageDelivery"] = str(fields["raw_message_delivery"]).lower()
    if "filter_policy" in fields:
        attributes["FilterPolicy"] = json.dumps(fields["filter_policy"])
    return attributes


def same_key(before: Optional[str], after: Optional[str]) -> bool:
    """Whether two names of KMS keys, ids, ARNs or aliases, mean the same; an alias is not resolved."""
    return _key_name(before) == _key_name(after)


def _key_name(name: Optional[str]) -> str:
    plain = (name or "").rpartition(":")[2]
    return plain.removeprefix("key/")


def flaw(item: dict) -> str:
    """What is wrong with an item; empty when nothing is."""
    subscriptions = item["subscriptions"] or []
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", item["name"]):
        return "is no name of a standard topic. To fix: 1 to 256 letters, digits, - and _"
    if len(item["display_name"] or "") > LONGEST_DISPLAY_NAME:
        return f"has too long a display_name. To fix: at most {LONGEST_DISPLAY_NAME} characters"
    if item["policy"] is not None and not 2 < len(json.dumps(item["policy"])) <= LONGEST_POLICY:
        return f"has an empty or too long a policy. To fix: at most {LONGEST_POLICY} bytes; leave it out for AWS's own"
    keys = [key(one) for one in subscriptions]
    if len(set(keys)) < len(keys):
        return "has a subscription twice. To fix: list each endpoint once"
    flaws = [subscription_flaw(one) for one in subscriptions if subscription_flaw(one)]
    return flaws[0] if flaws else ""


def subscription_flaw(subscription: dict) -> str:
    """What is wrong with a subscription; empty when nothing is. It names no address of a webhook."""
    protocol = subscription["protocol"]
    if not re.fullmatch(ENDPOINTS[protocol], subscription["endpoint"]):
        return (
            f"has an endpoint that is none for {protocol}. To fix: an address, a URL or an ARN, as the protocol needs"
        )
    if subscription["raw_message_delivery"] and protocol not in RAW:
        return f"has raw_message_delivery for {protocol}. To fix: only {', '.join(RAW)} can have it"
    return ""
