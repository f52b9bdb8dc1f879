# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a key can be used for, and when."""

from ...errors import AwsError
from .. import backend, check
from .shared import key_in, key_of

USES = {
    "Encrypt": "ENCRYPT_DECRYPT", "Decrypt": "ENCRYPT_DECRYPT", "ReEncrypt": "ENCRYPT_DECRYPT",
    "GenerateDataKey": "ENCRYPT_DECRYPT", "GenerateDataKeyWithoutPlaintext": "ENCRYPT_DECRYPT",
    "GenerateDataKeyPair": "ENCRYPT_DECRYPT", "GenerateDataKeyPairWithoutPlaintext": "ENCRYPT_DECRYPT",
    "Sign": "SIGN_VERIFY", "Verify": "SIGN_VERIFY", "GenerateMac": "GENERATE_VERIFY_MAC",
    "VerifyMac": "GENERATE_VERIFY_MAC",
}  # fmt: skip
SYMMETRIC = "SYMMETRIC_DEFAULT"
# https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
NOT_WHEN_DISABLED = (
    *USES,
    "CreateGrant",
    "EnableKeyRotation",
    "DisableKeyRotation",
    "RotateKeyOnDemand",
    "ReplicateKey",
)
# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html: KeyUsage
USAGES = {
    "SYMMETRIC_DEFAULT": ("ENCRYPT_DECRYPT",), "HMAC": ("GENERATE_VERIFY_MAC",),
    "RSA": ("ENCRYPT_DECRYPT", "SIGN_VERIFY"), "ECC_NIST": ("SIGN_VERIFY", "KEY_AGREEMENT"),
    "ECC_SECG": ("SIGN_VERIFY",), "SM2": ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"),
}  # fmt: skip
ROTATIONS = 25


@check("kms", *NOT_WHEN_DISABLED)
def check_enabled(call):
    """A key that is disabled can be described and changed, not used."""
    key = key_of(call)
    if key is not None and key.key_state == "Disabled":
        raise AwsError("DisabledException", f"{key.arn} is disabled.")
    if key is not None and key.key_state == "PendingImport":
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending import.")


@check("kms", *USES)
def check_usage(call):
    """A key does what it was made for."""
    key = key_of(call)
    wanted = USES[call.operation]
    if key is None or key.key_usage == wanted and _is_fit(call, key):
        return
    message = f"{key.arn} key usage is {key.key_usage} which is not valid for {call.operation}."
    raise AwsError("InvalidKeyUsageException", message)


def _is_fit(call, key):
    return key.key_spec == SYMMETRIC or not call.operation.startswith("GenerateDataKey")


@check("kms", "Decrypt")
def check_right_key(call):
    """Who names a key names the one that it was encrypted with."""
    key = key_of(call)
    if key is None or key.key_spec != SYMMETRIC:
        return
    plaintext = backend(call).decrypt(call.parameters["CiphertextBlob"], call.parameters.get("EncryptionContext") or {})
    if plaintext[1] != key.arn:
        message = "The key ID in the request does not identify a CMK that can perform this operation."
        raise AwsError("IncorrectKeyException", message)


@check("kms", "CreateKey")
def check_creation(call):
    """A usage that the spec has; only symmetric keys for encryption have a usual one."""
    parameters = call.parameters
    spec = parameters.get("KeySpec") or parameters.get("CustomerMasterKeySpec") or SYMMETRIC
    usage = parameters.get("KeyUsage") or ("ENCRYPT_DECRYPT" if spec == SYMMETRIC else None)
    if usage is None:
        message = "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
        raise AwsError("ValidationException", message)
    family = next(name for name in USAGES if spec.startswith(name))
    if usage not in USAGES[family]:
        raise AwsError("ValidationException", f"KeyUsage {usage} is not compatible with KeySpec {spec}.")


@check("kms", "EnableKeyRotation", "RotateKeyOnDemand")
def check_rotation(call):
    """KMS rotates the material that it has made itself, of symmetric keys."""
    key = key_of(call)
    if key is None:
        return
    if key.key_spec != SYMMETRIC or (key.origin != "AWS_KMS" and call.operation == "EnableKeyRotation"):
        raise AwsError("UnsupportedOperationException", f"{key.arn} cannot be rotated.")
    if call.operation == "RotateKeyOnDemand" and len(key.rotations) >= ROTATIONS:
        message = f"On-demand rotation limit of {ROTATIONS} exceeded for {key.arn}."
        raise AwsError("LimitExceededException", message)


@check("kms", "CreateAlias")
def check_aliases(call):
    """A key has few names, and none of AWS's."""
    key, name = key_of(call), call.parameters["AliasName"]
    if name.startswith("alias/aws/"):
        raise AwsError("NotAuthorizedException", f"{name} begins with alias/aws/, which is reserved.")
    if key is not None and len(key.aliases) >= 50:
        raise AwsError("LimitExceededException", f"{key.arn} has 50 aliases.")


@check("kms", "UpdateAlias")
def check_target(call):
    """An alias goes from one key to another that does the same."""
    state, target = backend(call), key_of(call)
    old = key_in(state, call.parameters["AliasName"])
    if old is None or target is None:
        return
    if (old.key_usage, old.key_spec == SYMMETRIC) != (target.key_usage, target.key_spec == SYMMETRIC):
        message = f"Alias {call.parameters['AliasName']} cannot be changed from {old.key_usage} to {target.key_usage}."
        raise AwsError("ValidationException", message)


@check("kms", "ScheduleKeyDeletion")
def check_window(call):
    """A key waits for 7 to 30 days."""
    days = call.parameters.get("PendingWindowInDays")
    if days is not None and not 7 <= days <= 30:
        raise AwsError("ValidationException", "PendingWindowInDays must be between 7 and 30 (inclusive).")


@check("kms", "CreateKey", "TagResource", "ReplicateKey")
def check_tags(call):
    """Keys of tags are unique, and not AWS's."""
    keys = [tag["TagKey"] for tag in call.parameters.get("Tags") or []]
    if len(set(keys)) < len(keys) or any(key.lower().startswith("aws:") for key in keys):
        raise AwsError("TagException", "Tag keys are unique and do not begin with aws:.")
