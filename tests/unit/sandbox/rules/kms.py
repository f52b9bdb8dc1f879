# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Key Management Service refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/kms/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/kms/latest/developerguide"
ROOT = "arn:aws:iam::123456789012:root"


def _key(world, **more):
    return world.kms.create_key(**more)["KeyMetadata"]["KeyId"]


def _two(world, **more):
    """A usual key, and another one."""
    return _key(world), _key(world, **more)


def _signing(world):
    return _two(world, KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")


def _disabled(world):
    keys = _two(world)
    world.kms.disable_key(KeyId=keys[1])
    return keys


def _pending(world):
    keys = _two(world)
    world.kms.schedule_key_deletion(KeyId=keys[1], PendingWindowInDays=7)
    return keys


def _with_alias(world):
    keys = _two(world)
    world.kms.create_alias(AliasName="alias/data", TargetKeyId=keys[0])
    return keys


def _with_aliases(world):
    keys = _two(world)
    for number in range(50):
        world.kms.create_alias(AliasName=f"alias/a{number}", TargetKeyId=keys[1])
    return keys


def _encrypted(world):
    keys = _two(world)
    answer = world.kms.encrypt(KeyId=keys[0], Plaintext=b"secret", EncryptionContext={"app": "web"})
    return *keys, answer["CiphertextBlob"]


def _regional(world):
    return _two(world, MultiRegion=True)


def _replicated(world):
    key = _key(world, MultiRegion=True)
    world.kms.replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    return key


def _policy(principal, action="kms:*"):
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _on(says, operation, code, given, page=None, refused=None, accepted=None, **values):
    """A rule of a request about the second key that is given, and its neighbour about the first."""
    return Rule(
        says=says, page=page or f"{API}/API_{operation.title().replace('_', '')}.html", operation=operation, code=code,
        given=given,
        refused=lambda world: {"KeyId": world.given[1], **values, **(refused or {})},
        accepted=lambda world: {"KeyId": world.given[0], **values, **(accepted or {})},
    )  # fmt: skip


STATES = [
    _on(
        "a key that is disabled does not encrypt",
        "encrypt",
        "DisabledException",
        _disabled,
        page=f"{GUIDE}/key-state.html",
        Plaintext=b"a",
    ),
    _on(
        "a key that is disabled makes no data keys",
        "generate_data_key",
        "DisabledException",
        _disabled,
        page=f"{GUIDE}/key-state.html",
        KeySpec="AES_256",
    ),
    _on(
        "a key that is disabled is granted to nobody",
        "create_grant",
        "DisabledException",
        _disabled,
        page=f"{GUIDE}/key-state.html",
        GranteePrincipal=ROOT,
        Operations=["Decrypt"],
    ),
    _on(
        "a key that is disabled is not rotated",
        "enable_key_rotation",
        "DisabledException",
        _disabled,
        page=f"{GUIDE}/key-state.html",
    ),
    _on(
        "a key that waits for deletion does not encrypt",
        "encrypt",
        "KMSInvalidStateException",
        _pending,
        page=f"{GUIDE}/key-state.html",
        Plaintext=b"a",
    ),
    _on(
        "a key that waits for deletion is not enabled",
        "enable_key",
        "KMSInvalidStateException",
        _pending,
        page=f"{GUIDE}/key-state.html",
    ),
    _on(
        "a key that waits for deletion waits once",
        "schedule_key_deletion",
        "KMSInvalidStateException",
        _pending,
        page=f"{GUIDE}/key-state.html",
    ),
    Rule(
        says="a key that is taken back waits for deletion",
        page=f"{API}/API_CancelKeyDeletion.html",
        operation="cancel_key_deletion",
        code="KMSInvalidStateException",
        given=_pending,
        refused=lambda world: {"KeyId": world.given[0]},
        accepted=lambda world: {"KeyId": world.given[1]},
    ),
    Rule(
        says="a key waits for at least seven days",
        page=f"{API}/API_ScheduleKeyDeletion.html",
        operation="schedule_key_deletion",
        code="ValidationException",
        given=_key,
        refused=lambda world: {"KeyId": world.given, "PendingWindowInDays": 6},
        accepted=lambda world: {"KeyId": world.given, "PendingWindowInDays": 7},
    ),
    Rule(
        says="a key waits for at most 30 days",
        page=f"{API}/API_ScheduleKeyDeletion.html",
        operation="schedule_key_deletion",
        code="ValidationException",
        given=_key,
        refused=lambda world: {"KeyId": world.given, "PendingWindowInDays": 31},
        accepted=lambda world: {"KeyId": world.given, "PendingWindowInDays": 30},
    ),
]

USES = [
    _on("a key that signs does not encrypt", "encrypt", "InvalidKeyUsageException", _signing, Plaintext=b"a"),
    _on(
        "a key that encrypts does not sign",
        "sign",
        "InvalidKeyUsageException",
        lambda world: _signing(world)[::-1],
        Message=b"a",
        SigningAlgorithm="ECDSA_SHA_256",
    ),
    _on(
        "an asymmetric key makes no data keys",
        "generate_data_key",
        "InvalidKeyUsageException",
        lambda world: _two(world, KeyUsage="ENCRYPT_DECRYPT", KeySpec="RSA_2048"),
        KeySpec="AES_256",
    ),
    _on(
        "an asymmetric key is not rotated",
        "enable_key_rotation",
        "UnsupportedOperationException",
        _signing,
    ),
    Rule(
        says="what was encrypted with a context is decrypted with it",
        page=f"{GUIDE}/encrypt_context.html",
        operation="decrypt",
        code="InvalidCiphertextException",
        given=_encrypted,
        refused=lambda world: {"CiphertextBlob": world.given[2], "EncryptionContext": {"app": "api"}},
        accepted=lambda world: {"CiphertextBlob": world.given[2], "EncryptionContext": {"app": "web"}},
    ),
    Rule(
        says="what was encrypted with a key is not decrypted with another",
        page=f"{API}/API_Decrypt.html",
        operation="decrypt",
        code="IncorrectKeyException",
        given=_encrypted,
        refused=lambda world: {
            "KeyId": world.given[1],
            "CiphertextBlob": world.given[2],
            "EncryptionContext": {"app": "web"},
        },
        accepted=lambda world: {
            "KeyId": world.given[0],
            "CiphertextBlob": world.given[2],
            "EncryptionContext": {"app": "web"},
        },
    ),
    Rule(
        says="a data key has one length",
        page=f"{API}/API_GenerateDataKey.html",
        operation="generate_data_key",
        code="ValidationException",
        given=_key,
        refused=lambda world: {"KeyId": world.given, "KeySpec": "AES_256", "NumberOfBytes": 32},
        accepted=lambda world: {"KeyId": world.given, "NumberOfBytes": 32},
    ),
    Rule(
        says="a key of a curve does not encrypt",
        page=f"{API}/API_CreateKey.html",
        operation="create_key",
        code="ValidationException",
        refused={"KeySpec": "ECC_NIST_P256", "KeyUsage": "ENCRYPT_DECRYPT"},
        accepted={"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"},
    ),
    Rule(
        says="an asymmetric key says what it is for",
        page=f"{API}/API_CreateKey.html",
        operation="create_key",
        code="ValidationException",
        refused={"KeySpec": "RSA_2048"},
        accepted={"KeySpec": "SYMMETRIC_DEFAULT"},
    ),
    Rule(
        says="keys of tags do not begin with aws:",
        page=f"{API}/API_Tag.html",
        operation="create_key",
        code="TagException",
        refused={"Tags": [{"TagKey": "aws:team", "TagValue": "a"}]},
        accepted={"Tags": [{"TagKey": "team", "TagValue": "a"}]},
    ),
]

MATERIAL = [
    _on(
        "a key of KMS's own material gets no other",
        "get_parameters_for_import",
        "UnsupportedOperationException",
        lambda world: _two(world, Origin="EXTERNAL")[::-1],
        WrappingAlgorithm="RSAES_OAEP_SHA_256",
        WrappingKeySpec="RSA_2048",
    ),
    _on(
        "a key without material does not encrypt",
        "encrypt",
        "KMSInvalidStateException",
        lambda world: _two(world, Origin="EXTERNAL"),
        page=f"{GUIDE}/key-state.html",
        Plaintext=b"a",
    ),
]

POLICIES = [
    Rule(
        says="a key policy lets somebody change it",
        page=f"{GUIDE}/key-policy-default.html",
        operation="create_key",
        code="MalformedPolicyDocumentException",
        refused={"Policy": _policy(ROOT, "kms:Encrypt")},
        accepted={"Policy": _policy(ROOT)},
    ),
    Rule(
        says="a key policy locks nobody out unless that is meant",
        page=f"{API}/API_PutKeyPolicy.html",
        operation="put_key_policy",
        code="MalformedPolicyDocumentException",
        given=_key,
        refused=lambda world: {"KeyId": world.given, "Policy": _policy(ROOT, "kms:Encrypt")},
        accepted=lambda world: {
            "KeyId": world.given,
            "Policy": _policy(ROOT, "kms:Encrypt"),
            "BypassPolicyLockoutSafetyCheck": True,
        },
    ),
    Rule(
        says="a key policy names roles that exist",
        page=f"{API}/API_PutKeyPolicy.html",
        operation="put_key_policy",
        code="MalformedPolicyDocumentException",
        given=_key,
        refused=lambda world: {
            "KeyId": world.given,
            "Policy": _policy([ROOT, "arn:aws:iam::123456789012:role/nobody"]),
        },
        accepted=lambda world: {"KeyId": world.given, "Policy": _policy([ROOT])},
    ),
    Rule(
        says="a key policy is JSON with statements",
        page=f"{GUIDE}/key-policy-overview.html",
        operation="put_key_policy",
        code="MalformedPolicyDocumentException",
        given=_key,
        refused=lambda world: {"KeyId": world.given, "Policy": "{}"},
        accepted=lambda world: {"KeyId": world.given, "Policy": _policy(ROOT)},
    ),
]

ALIASES = [
    Rule(
        says="an alias is taken",
        page=f"{API}/API_CreateAlias.html",
        operation="create_alias",
        code="AlreadyExistsException",
        given=_with_alias,
        refused=lambda world: {"AliasName": "alias/data", "TargetKeyId": world.given[1]},
        accepted=lambda world: {"AliasName": "alias/logs", "TargetKeyId": world.given[1]},
    ),
    Rule(
        says="aliases that begin with aws/ are AWS's",
        page=f"{API}/API_CreateAlias.html",
        operation="create_alias",
        code="NotAuthorizedException",
        given=_key,
        refused=lambda world: {"AliasName": "alias/aws/data", "TargetKeyId": world.given},
        accepted=lambda world: {"AliasName": "alias/data", "TargetKeyId": world.given},
    ),
    Rule(
        says="an alias that is moved exists",
        page=f"{API}/API_UpdateAlias.html",
        operation="update_alias",
        code="NotFoundException",
        given=_with_alias,
        refused=lambda world: {"AliasName": "alias/nowhere", "TargetKeyId": world.given[1]},
        accepted=lambda world: {"AliasName": "alias/data", "TargetKeyId": world.given[1]},
    ),
    Rule(
        says="an alias that is deleted exists",
        page=f"{API}/API_DeleteAlias.html",
        operation="delete_alias",
        code="NotFoundException",
        given=_with_alias,
        refused={"AliasName": "alias/nowhere"},
        accepted={"AliasName": "alias/data"},
    ),
    Rule(
        says="a key has at most 50 aliases",
        page=f"{GUIDE}/resource-limits.html",
        operation="create_alias",
        code="LimitExceededException",
        given=_with_aliases,
        refused=lambda world: {"AliasName": "alias/more", "TargetKeyId": world.given[1]},
        accepted=lambda world: {"AliasName": "alias/more", "TargetKeyId": world.given[0]},
    ),
]

REGIONS = [
    Rule(
        says="a key of one Region is not replicated",
        page=f"{API}/API_ReplicateKey.html",
        operation="replicate_key",
        code="UnsupportedOperationException",
        given=_regional,
        refused=lambda world: {"KeyId": world.given[0], "ReplicaRegion": "eu-west-1"},
        accepted=lambda world: {"KeyId": world.given[1], "ReplicaRegion": "eu-west-1"},
    ),
    Rule(
        says="a key has one replica in a Region",
        page=f"{API}/API_ReplicateKey.html",
        operation="replicate_key",
        code="AlreadyExistsException",
        given=_replicated,
        refused=lambda world: {"KeyId": world.given, "ReplicaRegion": "eu-west-1"},
        accepted=lambda world: {"KeyId": world.given, "ReplicaRegion": "eu-west-2"},
    ),
]

SERVICE = "kms"
RULES = [*STATES, *USES, *MATERIAL, *POLICIES, *ALIASES, *REGIONS]
