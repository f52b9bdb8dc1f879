# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys: rotation periods, the default policy's name, and keys that wait for deletion."""

import json
from datetime import datetime, timedelta, timezone

from ..errors import AwsError
from . import after, backend, check, correct

YEAR = 365
UNUSABLE_WHEN_PENDING = (
    "CreateAlias", "DisableKey", "DisableKeyRotation", "EnableKey", "EnableKeyRotation", "ScheduleKeyDeletion",
    "TagResource", "UntagResource", "UpdateKeyDescription",
)  # fmt: skip


@check("kms", "GetKeyPolicy", "PutKeyPolicy")
def name_policy(call):
    """A key has one policy, so its name may be left out."""
    body = json.loads(call.body)
    call.body = json.dumps({"PolicyName": "default", **body}).encode()


@check("kms", *UNUSABLE_WHEN_PENDING)
def refuse_pending(call):
    """A key that waits for deletion is read, rescued, or left alone."""
    key = _key(call)
    if key is not None and key.key_state == "PendingDeletion":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending deletion.")


@check("kms", "CancelKeyDeletion")
def require_pending(call):
    """Only what waits for deletion can be rescued."""
    key = _key(call)
    if key is not None and key.key_state != "PendingDeletion":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is not pending deletion.")


@after("kms", "EnableKeyRotation")
def keep_period(call):
    """moto forgets the period; AWS keeps the last one when none is given."""
    key = _key(call)
    period = call.parameters.get("RotationPeriodInDays")
    key.sandbox_rotation_period = period or getattr(key, "sandbox_rotation_period", YEAR)
    key.sandbox_rotation_since = datetime.now(timezone.utc)


@correct("kms", "GetKeyRotationStatus")
def answer_period(call, parsed):
    """The period and the next rotation, of keys that rotate."""
    key = _key(call)
    parsed["KeyId"] = key.arn
    if parsed.get("KeyRotationEnabled"):
        parsed["RotationPeriodInDays"] = getattr(key, "sandbox_rotation_period", YEAR)
        since = getattr(key, "sandbox_rotation_since", datetime.now(timezone.utc))
        parsed["NextRotationDate"] = since + timedelta(days=parsed["RotationPeriodInDays"])


@correct("kms", "ScheduleKeyDeletion")
def answer_schedule(call, parsed):
    """AWS answers with the key's ARN, its state and the waiting period."""
    key = _key(call)
    parsed.update(
        KeyId=key.arn, KeyState="PendingDeletion", PendingWindowInDays=call.parameters.get("PendingWindowInDays") or 30
    )


@correct("kms", "CancelKeyDeletion")
def answer_cancel(call, parsed):
    """AWS answers with the key's ARN."""
    parsed["KeyId"] = _key(call).arn


def _key(call):
    """The key that a call is about, or None where moto is to say that there is none."""
    state = backend(call)
    try:
        return state.keys[state.get_key_id(state.any_id_to_key_id(_named(call)))]
    except Exception:
        return None


def _named(call):
    return call.parameters.get("KeyId") or call.parameters.get("TargetKeyId")
