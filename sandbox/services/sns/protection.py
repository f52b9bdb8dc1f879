# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies that keep personal data out of topics, which moto does not have."""

import json

from ...errors import AwsError
from .. import answer, backend
from .topics import invalid

VERSION = "2021-06-01"
MOST = 30720  # characters


@answer("sns", "PutDataProtectionPolicy")
def put_policy(call):
    """A policy of a topic; an empty one removes it."""
    text = call.parameters["DataProtectionPolicy"]
    if text:
        _check(text)
    _topic(call).sandbox_protection = text
    return {}


def _check(text):
    try:
        policy = json.loads(text)
        sound = policy["Version"] == VERSION and policy["Name"] and policy["Statement"]
        parts = {"DataDirection", "DataIdentifier", "Operation", "Principal"}
        sound = sound and all(parts <= set(statement) for statement in policy["Statement"])
    except (ValueError, TypeError, KeyError):
        sound = False
    if not sound or len(text) > MOST:
        raise invalid(f"DataProtectionPolicy Reason: it needs Name, Version {VERSION} and statements")


@answer("sns", "GetDataProtectionPolicy")
def get_policy(call):
    """As it was written."""
    text = getattr(_topic(call), "sandbox_protection", "")
    return {"DataProtectionPolicy": text} if text else {}


def _topic(call):
    topic = backend(call).topics.get(call.parameters["ResourceArn"])
    if topic is None:
        raise AwsError("NotFound", "Topic does not exist", 404)
    return topic
