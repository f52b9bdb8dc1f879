# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Secrets Manager refuses."""

import json

from tests.unit.sandbox.function import function
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference"
GUIDE = "https://docs.aws.amazon.com/secretsmanager/latest/userguide"
PRINCIPAL = "secretsmanager.amazonaws.com"


def _secret(world, name="app", **more):
    return world.secretsmanager.create_secret(Name=name, SecretString="one", **more)["ARN"]


def _deleted(world):
    _secret(world, "free")
    _secret(world)
    world.secretsmanager.delete_secret(SecretId="app", RecoveryWindowInDays=7)


def _replicated(world):
    _secret(world, "free")
    _secret(world, AddReplicaRegions=[{"Region": "eu-west-1"}])


def _functions(world):
    _secret(world)
    return function(world.sandbox, "private"), function(world.sandbox, "rotate", PRINCIPAL)


def _versions(world):
    _secret(world)
    first = world.secretsmanager.describe_secret(SecretId="app")["VersionIdsToStages"]
    second = world.secretsmanager.put_secret_value(SecretId="app", SecretString="two", VersionStages=["NEXT"])
    return next(iter(first)), second["VersionId"]


def _policy(principal):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _on(says, operation, code, refused, accepted, given=_secret, page=None):
    """A rule of a request about the secret ``app``, unless it says another one."""
    return Rule(
        says=says, page=page or f"{API}/API_{operation.title().replace('_', '')}.html", operation=operation, code=code,
        given=given, refused=_named(refused), accepted=_named(accepted),
    )  # fmt: skip


def _named(values):
    if callable(values):
        return lambda world: {"SecretId": "app", **values(world)}
    return {"SecretId": "app", **values}


SERVICE = "secretsmanager"
RULES = [
    Rule(
        says="a secret's name has no spaces",
        page=f"{API}/API_CreateSecret.html",
        operation="create_secret",
        code="ValidationException",
        refused={"Name": "my app", "SecretString": "a"},
        accepted={"Name": "my/app_1+=.@-", "SecretString": "a"},
    ),
    Rule(
        says="a secret's name is taken",
        page=f"{API}/API_CreateSecret.html",
        operation="create_secret",
        code="ResourceExistsException",
        given=_secret,
        refused={"Name": "app", "SecretString": "a"},
        accepted={"Name": "app2", "SecretString": "a"},
    ),
    Rule(
        says="a secret's name is taken until its recovery window ends",
        page=f"{API}/API_DeleteSecret.html",
        operation="create_secret",
        code="InvalidRequestException",
        given=_deleted,
        refused={"Name": "app", "SecretString": "a"},
        accepted={"Name": "app2", "SecretString": "a"},
    ),
    Rule(
        says="a secret is text or binary",
        page=f"{API}/API_CreateSecret.html",
        operation="create_secret",
        code="InvalidParameterException",
        refused={"Name": "app", "SecretString": "a", "SecretBinary": b"a"},
        accepted={"Name": "app", "SecretBinary": b"a"},
    ),
    Rule(
        says="the key of a secret exists",
        page=f"{API}/API_CreateSecret.html",
        operation="create_secret",
        code="EncryptionFailure",
        given=lambda world: world.kms.create_key()["KeyMetadata"]["KeyId"],
        refused={"Name": "app", "SecretString": "a", "KmsKeyId": "alias/nowhere"},
        accepted=lambda world: {"Name": "app", "SecretString": "a", "KmsKeyId": world.given},
    ),
    _on(
        "a recovery window has at least 7 days",
        "delete_secret",
        "InvalidParameterException",
        {"RecoveryWindowInDays": 6},
        {"RecoveryWindowInDays": 7},
    ),
    _on(
        "a recovery window has at most 30 days",
        "delete_secret",
        "InvalidParameterException",
        {"RecoveryWindowInDays": 31},
        {"RecoveryWindowInDays": 30},
    ),
    _on(
        "what is deleted at once has no recovery window",
        "delete_secret",
        "InvalidParameterException",
        {"RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True},
        {"ForceDeleteWithoutRecovery": True},
    ),
    _on(
        "a secret with replicas is not deleted",
        "delete_secret",
        "InvalidParameterException",
        {},
        {"SecretId": "free"},
        given=_replicated,
    ),
    _on(
        "a secret that waits for deletion is not read",
        "get_secret_value",
        "InvalidRequestException",
        {},
        {"SecretId": "free"},
        given=_deleted,
        page=f"{API}/API_DeleteSecret.html",
    ),
    _on(
        "a secret that waits for deletion gets no other value",
        "put_secret_value",
        "InvalidRequestException",
        {"SecretString": "b"},
        {"SecretId": "free", "SecretString": "b"},
        given=_deleted,
        page=f"{API}/API_DeleteSecret.html",
    ),
    _on(
        "a version has one value",
        "put_secret_value",
        "ResourceExistsException",
        {"SecretString": "b", "ClientRequestToken": "1" * 32},
        {"SecretString": "b", "ClientRequestToken": "2" * 32},
        given=lambda world: _secret(world, ClientRequestToken="1" * 32),
    ),
    _on(
        "the current version is moved from where it is",
        "update_secret_version_stage",
        "InvalidParameterException",
        lambda world: {"VersionStage": "AWSCURRENT", "MoveToVersionId": world.given[1]},
        lambda world: {
            "VersionStage": "AWSCURRENT",
            "MoveToVersionId": world.given[1],
            "RemoveFromVersionId": world.given[0],
        },
        given=_versions,
    ),
    _on(
        "a secret that is rotated has a function",
        "rotate_secret",
        "InvalidRequestException",
        {"RotationRules": {"AutomaticallyAfterDays": 30}},
        lambda world: {"RotationRules": {"AutomaticallyAfterDays": 30}, "RotationLambdaARN": world.given[1]},
        given=_functions,
    ),
    _on(
        "a function that rotates exists",
        "rotate_secret",
        "ResourceNotFoundException",
        lambda world: {"RotationLambdaARN": world.given[1].replace(":rotate", ":nowhere")},
        lambda world: {"RotationLambdaARN": world.given[1]},
        given=_functions,
    ),
    _on(
        "a function that rotates lets Secrets Manager call it",
        "rotate_secret",
        "AccessDeniedException",
        lambda world: {"RotationLambdaARN": world.given[0]},
        lambda world: {"RotationLambdaARN": world.given[1]},
        given=_functions,
        page=f"{GUIDE}/troubleshoot_rotation.html",
    ),
    _on(
        "rotation has one schedule",
        "rotate_secret",
        "InvalidParameterException",
        lambda world: {
            "RotationLambdaARN": world.given[1],
            "RotationRules": {"AutomaticallyAfterDays": 30, "ScheduleExpression": "rate(10 days)"},
        },
        lambda world: {"RotationLambdaARN": world.given[1], "RotationRules": {"ScheduleExpression": "rate(10 days)"}},
        given=_functions,
        page=f"{API}/API_RotationRulesType.html",
    ),
    _on(
        "rotation is at most every four hours",
        "rotate_secret",
        "InvalidParameterException",
        lambda world: {"RotationLambdaARN": world.given[1], "RotationRules": {"ScheduleExpression": "rate(3 hours)"}},
        lambda world: {"RotationLambdaARN": world.given[1], "RotationRules": {"ScheduleExpression": "rate(4 hours)"}},
        given=_functions,
        page=f"{GUIDE}/rotate-secrets_schedule.html",
    ),
    _on(
        "a replica is in another region",
        "replicate_secret_to_regions",
        "InvalidParameterException",
        {"AddReplicaRegions": [{"Region": "eu-central-1"}]},
        {"AddReplicaRegions": [{"Region": "eu-west-1"}]},
    ),
    _on(
        "a region has one replica",
        "replicate_secret_to_regions",
        "InvalidParameterException",
        {"AddReplicaRegions": [{"Region": "eu-west-1"}]},
        {"AddReplicaRegions": [{"Region": "eu-west-2"}]},
        given=_replicated,
    ),
    _on(
        "a replica that is removed is there",
        "remove_regions_from_replication",
        "InvalidParameterException",
        {"RemoveReplicaRegions": ["eu-west-2"]},
        {"RemoveReplicaRegions": ["eu-west-1"]},
        given=_replicated,
    ),
    _on(
        "a policy is JSON with statements",
        "put_resource_policy",
        "MalformedPolicyDocumentException",
        {"ResourcePolicy": "{}"},
        {"ResourcePolicy": _policy({"AWS": "123456789012"})},
    ),
    _on(
        "a policy names roles that exist",
        "put_resource_policy",
        "MalformedPolicyDocumentException",
        {"ResourcePolicy": _policy({"AWS": "arn:aws:iam::123456789012:role/nobody"})},
        {"ResourcePolicy": _policy({"AWS": "arn:aws:iam::123456789012:root"})},
    ),
    _on(
        "a policy for everybody is blocked",
        "put_resource_policy",
        "PublicPolicyException",
        {"ResourcePolicy": _policy("*"), "BlockPublicPolicy": True},
        {"ResourcePolicy": _policy("*")},
    ),
    Rule(
        says="a password has characters to choose from",
        page=f"{API}/API_GetRandomPassword.html",
        operation="get_random_password",
        code="InvalidParameterException",
        refused={
            "ExcludeLowercase": True,
            "ExcludeUppercase": True,
            "ExcludeNumbers": True,
            "ExcludePunctuation": True,
        },
        accepted={"ExcludeLowercase": True, "ExcludeUppercase": True, "ExcludePunctuation": True},
    ),
]
