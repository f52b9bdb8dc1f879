# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets: those that wait for deletion, names, keys and resource policies."""

import json
import re

from ...errors import AwsError
from .. import after, answer, backend, check
from .shared import secret_of

NAME = re.compile(r"[A-Za-z0-9/_+=.@!-]{1,512}")
# A secret that waits for its deletion can be described, listed, restored, and nothing else.
NOT_WHEN_DELETED = (
    "CancelRotateSecret", "DeleteResourcePolicy", "GetResourcePolicy", "GetSecretValue", "PutResourcePolicy",
    "PutSecretValue", "ReplicateSecretToRegions", "RotateSecret", "TagResource", "UntagResource", "UpdateSecret",
    "UpdateSecretVersionStage",
)  # fmt: skip


@check("secretsmanager", *NOT_WHEN_DELETED)
def refuse_deleted(call):
    """moto lets most calls pass, or makes the secret live again."""
    secret = secret_of(call)
    if secret is not None and secret.is_deleted():
        message = "You can't perform this operation on the secret because it was marked for deletion."
        raise AwsError("InvalidRequestException", message)


@check("secretsmanager", "CreateSecret")
def check_creation(call):
    """Names have a pattern, and stay taken until the secret is gone."""
    name = call.parameters["Name"]
    if not NAME.fullmatch(name):
        message = (
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
        )
        raise AwsError("ValidationException", message)
    secret = dict.get(backend(call).secrets, name)
    if secret is not None and secret.is_deleted():
        message = "You can't create this secret because a secret with this name is already scheduled for deletion."
        raise AwsError("InvalidRequestException", message)


@check("secretsmanager", "CreateSecret", "PutSecretValue", "UpdateSecret")
def check_value(call):
    """A value is text or binary, and its key is there."""
    parameters = call.parameters
    if parameters.get("SecretString") and parameters.get("SecretBinary"):
        message = "You can't specify both a binary secret value and a string secret value in the same secret."
        raise AwsError("InvalidParameterException", message)
    key = parameters.get("KmsKeyId")
    if key and not key.startswith("alias/aws/") and not _is_usable(backend(call, "kms"), key):
        message = "Secrets Manager can't encrypt the protected secret text using the provided KMS key."
        raise AwsError("EncryptionFailure", message)


def _is_usable(state, key_id):
    try:
        return state.describe_key(key_id).key_state == "Enabled"
    except (KeyError, AttributeError):
        return False


@after("secretsmanager", "UpdateSecret")
def empty_description(call):
    """moto cannot take a description away."""
    if call.parameters.get("Description") == "":
        secret_of(call).description = ""


@check("secretsmanager", "PutResourcePolicy")
def check_policy(call):
    """moto stores any text, whoever it lets in."""
    document = _parsed(call.parameters["ResourcePolicy"])
    if document is None:
        raise AwsError("MalformedPolicyDocumentException", "This resource policy contains invalid Json.")
    unknown = _unknown_principals(call, document)
    if unknown:
        message = f"This resource policy contains an unsupported principal: {unknown[0]}"
        raise AwsError("MalformedPolicyDocumentException", message)
    if call.parameters.get("BlockPublicPolicy") and _is_public(document):
        message = "You can't set a public resource policy while BlockPublicPolicy is on."
        raise AwsError("PublicPolicyException", message)


def _unknown_principals(call, document):
    """The roles and users of the account that do not exist, as AWS resolves them when it stores a policy."""
    own = re.compile(rf'"(arn:aws:iam::{call.account}:(?:role|user)/[^"]+)"')
    state = backend(call, "iam")
    known = {item.arn for item in (*state.roles.values(), *state.users.values())}
    named = own.findall(json.dumps([statement.get("Principal") for statement in _statements(document)]))
    return [arn for arn in named if arn not in known]


@answer("secretsmanager", "ValidateResourcePolicy")
def validate_policy(call):
    """moto does not have it."""
    document, errors = _parsed(call.parameters["ResourcePolicy"]), []
    if document is None:
        raise AwsError("MalformedPolicyDocumentException", "This resource policy contains invalid Json.")
    if _is_public(document):
        text = "This resource policy grants broad access to the secret."
        errors.append({"CheckName": "BlockPublicPolicy", "ErrorMessage": text})
    return {"PolicyValidationPassed": not errors, "ValidationErrors": errors}


def _parsed(text):
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and document.get("Statement") else None


def _statements(document):
    statements = document["Statement"]
    return statements if isinstance(statements, list) else [statements]


def _is_public(document):
    return any(
        statement.get("Effect") == "Allow"
        and statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and not statement.get("Condition")
        for statement in _statements(document)
    )
