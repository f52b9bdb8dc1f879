# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys: rotation periods, the default policy's name, and keys that wait for deletion."""

import json
from datetime import datetime, timedelta, timezone

from ...errors import AwsError
from .. import after, check, correct
from .shared import key_of

YEAR = 365
PENDING = ("PendingDeletion", "PendingReplicaDeletion")
UNUSABLE_WHEN_PENDING = (
    "CreateAlias", "CreateGrant", "Decrypt", "DisableKey", "DisableKeyRotation", "EnableKey", "EnableKeyRotation",
    "Encrypt", "GenerateDataKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext", "GenerateMac", "ReEncrypt", "ReplicateKey", "RotateKeyOnDemand",
    "ScheduleKeyDeletion", "Sign", "TagResource", "UntagResource", "UpdateAlias", "UpdateKeyDescription", "Verify",
    "VerifyMac",
)  # fmt: skip


@check("kms", "GetKeyPolicy", "PutKeyPolicy")
def name_policy(call):
    """A key has one policy, so its name may be left out."""
    body = json.loads(call.body)
    call.body = json.dumps({"PolicyName": "default", **body}).encode()


@check("kms", "CreateKey")
def name_usual(call):
    """moto describes a key as it was asked for, without what is usual."""
    body = json.loads(call.body)
    call.body = json.dumps({"KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": False, **body}).encode()


@check("kms", *UNUSABLE_WHEN_PENDING)
def refuse_pending(call):
    """A key that waits for deletion is read, rescued, or left alone."""
    key = key_of(call)
    if key is not None and key.key_state in PENDING:
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending deletion.")


@check("kms", "CancelKeyDeletion")
def require_pending(call):
    """Only what waits for deletion can be rescued."""
    key = key_of(call)
    if key is not None and key.key_state not in PENDING:
        raise AwsError("KMSInvalidStateException", f"{key.arn} is not pending deletion.")


@after("kms", "EnableKeyRotation")
def keep_period(call):
    """moto forgets the period; AWS keeps the last one when none is given."""
    key = key_of(call)
    period = call.parameters.get("RotationPeriodInDays")
    key.sandbox_rotation_period = period or getattr(key, "sandbox_rotation_period", YEAR)
    key.sandbox_rotation_since = datetime.now(timezone.utc)


@correct("kms", "GetKeyRotationStatus")
def answer_period(call, parsed):
    """The period and the next rotation, of keys that rotate."""
    key = key_of(call)
    parsed["KeyId"] = key.arn
    if parsed.get("KeyRotationEnabled"):
        parsed["RotationPeriodInDays"] = getattr(key, "sandbox_rotation_period", YEAR)
        since = getattr(key, "sandbox_rotation_since", datetime.now(timezone.utc))
        parsed["NextRotationDate"] = since + timedelta(days=parsed["RotationPeriodInDays"])


@correct("kms", "ScheduleKeyDeletion")
def answer_schedule(call, parsed):
    """AWS answers with the key's ARN, its state and the waiting period."""
    key = key_of(call)
    parsed.update(
        KeyId=key.arn, KeyState=key.key_state, PendingWindowInDays=call.parameters.get("PendingWindowInDays") or 30
    )


@correct("kms", "CancelKeyDeletion")
def answer_cancel(call, parsed):
    """AWS answers with the key's ARN."""
    parsed["KeyId"] = key_of(call).arn


@correct("kms", "GetPublicKey")
def answer_spec(call, parsed):
    """AWS says what the key is for."""
    key = key_of(call)
    parsed.update(KeyId=key.arn, KeySpec=key.key_spec, CustomerMasterKeySpec=key.key_spec, KeyUsage=key.key_usage)
