# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets Manager, as AWS has it."""

import json
import re
import uuid

import pytest

PUBLIC = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:*", "Resource": "*"}]}


@pytest.fixture
def manager(sandbox):
    """Secrets Manager."""
    return sandbox.client("secretsmanager")


@pytest.fixture
def secret(manager):
    """The name of a secret."""
    manager.create_secret(Name="a/b", SecretString="one", Description="d", Tags=[{"Key": "k", "Value": "v"}])
    return "a/b"


def names(manager, **wanted):
    """The names of all secrets that are listed."""
    return [item["Name"] for item in manager.list_secrets(**wanted)["SecretList"]]


def test_arn(manager, secret):
    arn = manager.describe_secret(SecretId=secret)["ARN"]
    assert re.fullmatch(r"arn:aws:secretsmanager:eu-central-1:123456789012:secret:a/b-[A-Za-z0-9]{6}", arn)
    assert manager.get_secret_value(SecretId=arn)["SecretString"] == "one"


def test_names(manager, secret, refused):
    assert refused(manager.create_secret, Name="a b", SecretString="x") == "ValidationException"
    assert refused(manager.create_secret, Name=secret, SecretString="x") == "ResourceExistsException"
    assert refused(manager.get_secret_value, SecretId="other") == "ResourceNotFoundException"
    manager.create_secret(Name="empty")
    assert refused(manager.get_secret_value, SecretId="empty") == "ResourceNotFoundException"


def test_scheduled_for_deletion(manager, secret, refused):
    for days in (6, 31):
        code = refused(manager.delete_secret, SecretId=secret, RecoveryWindowInDays=days)
        assert code == "InvalidParameterException"
    both = {"RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": True}
    assert refused(manager.delete_secret, SecretId=secret, **both) == "InvalidParameterException"
    manager.delete_secret(SecretId=secret, RecoveryWindowInDays=7)
    assert names(manager) == [] and names(manager, IncludePlannedDeletion=True) == [secret]
    assert manager.describe_secret(SecretId=secret)["DeletedDate"]
    with pytest.raises(manager.exceptions.InvalidRequestException, match="already scheduled for deletion"):
        manager.create_secret(Name=secret, SecretString="x")
    for function, more in (
        (manager.get_secret_value, {}),
        (manager.put_secret_value, {"SecretString": "x"}),
        (manager.update_secret, {"Description": "x"}),
        (manager.tag_resource, {"Tags": [{"Key": "a", "Value": "b"}]}),
        (manager.put_resource_policy, {"ResourcePolicy": json.dumps(PUBLIC)}),
        (manager.delete_secret, {}),
    ):
        assert refused(function, SecretId=secret, **more) == "InvalidRequestException"
    manager.restore_secret(SecretId=secret)
    assert manager.get_secret_value(SecretId=secret)["SecretString"] == "one"
    assert "DeletedDate" not in manager.describe_secret(SecretId=secret)


def test_force_delete(manager, secret):
    first = manager.describe_secret(SecretId=secret)["ARN"]
    manager.delete_secret(SecretId=secret)
    manager.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)
    assert names(manager, IncludePlannedDeletion=True) == []
    assert manager.create_secret(Name=secret, SecretString="new")["ARN"] != first


def test_tokens(manager, refused):
    token = str(uuid.uuid4())
    first = manager.create_secret(Name="a", SecretString="one", ClientRequestToken=token)
    again = manager.create_secret(Name="a", SecretString="one", ClientRequestToken=token)
    assert (again["ARN"], again["VersionId"]) == (first["ARN"], token)
    other = {"SecretId": "a", "SecretString": "two", "ClientRequestToken": token}
    assert refused(manager.put_secret_value, **other) == "ResourceExistsException"
    token = str(uuid.uuid4())
    for _time in range(2):
        manager.put_secret_value(SecretId="a", SecretString="two", ClientRequestToken=token)
    stages = manager.describe_secret(SecretId="a")["VersionIdsToStages"]
    assert stages[token] == ["AWSCURRENT"] and stages[first["VersionId"]] == ["AWSPREVIOUS"] and len(stages) == 2


def test_update(sandbox, manager, secret, refused):
    key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
    before = manager.describe_secret(SecretId=secret)["VersionIdsToStages"]
    manager.update_secret(SecretId=secret, KmsKeyId=key, Description="")
    found = manager.describe_secret(SecretId=secret)
    assert found["KmsKeyId"] == key and not found.get("Description") and found["VersionIdsToStages"] == before
    assert found["Tags"] == [{"Key": "k", "Value": "v"}]
    assert refused(manager.update_secret, SecretId=secret, KmsKeyId="no-such-key") == "EncryptionFailure"
    both = {"SecretString": "a", "SecretBinary": b"b"}
    assert refused(manager.put_secret_value, SecretId=secret, **both) == "InvalidParameterException"


def test_list(manager, secret):
    manager.create_secret(Name="a/c", SecretString="x", Tags=[{"Key": "k", "Value": "w"}])
    manager.create_secret(Name="z", SecretString="x")
    for key, value, wanted in (
        ("name", "a/", ["a/b", "a/c"]),
        ("tag-key", "k", ["a/b", "a/c"]),
        ("tag-value", "w", ["a/c"]),
        ("name", "!a/", ["z"]),
    ):
        assert names(manager, Filters=[{"Key": key, "Values": [value]}]) == wanted
    pages = manager.get_paginator("list_secrets").paginate(PaginationConfig={"PageSize": 1})
    assert [len(page["SecretList"]) for page in pages] == [1, 1, 1]
    found = manager.batch_get_secret_value(SecretIdList=["a/b", "missing"])
    assert [item["SecretString"] for item in found["SecretValues"]] == ["one"]
    assert [item["ErrorCode"] for item in found["Errors"]] == ["ResourceNotFoundException"]


def test_random_password(manager, refused):
    password = manager.get_random_password(PasswordLength=40, ExcludePunctuation=True)["RandomPassword"]
    assert re.fullmatch(r"[A-Za-z0-9]{40}", password)
    assert refused(manager.get_random_password, PasswordLength=1) == "InvalidParameterException"


def test_policy(manager, secret, refused):
    policy = {**PUBLIC, "Statement": [{**PUBLIC["Statement"][0], "Principal": {"AWS": "123456789012"}}]}
    manager.put_resource_policy(SecretId=secret, ResourcePolicy=json.dumps(policy), BlockPublicPolicy=True)
    assert json.loads(manager.get_resource_policy(SecretId=secret)["ResourcePolicy"]) == policy
    public = {"SecretId": secret, "ResourcePolicy": json.dumps(PUBLIC), "BlockPublicPolicy": True}
    assert refused(manager.put_resource_policy, **public) == "PublicPolicyException"
    code = refused(manager.put_resource_policy, SecretId=secret, ResourcePolicy="{")
    assert code == "MalformedPolicyDocumentException"
    assert manager.validate_resource_policy(ResourcePolicy=json.dumps(policy))["PolicyValidationPassed"]
    assert not manager.validate_resource_policy(ResourcePolicy=json.dumps(PUBLIC))["PolicyValidationPassed"]
    policy["Statement"][0]["Principal"] = {"AWS": "arn:aws:iam::123456789012:role/missing"}
    code = refused(manager.put_resource_policy, SecretId=secret, ResourcePolicy=json.dumps(policy))
    assert code == "MalformedPolicyDocumentException"
    manager.delete_resource_policy(SecretId=secret)
    assert "ResourcePolicy" not in manager.get_resource_policy(SecretId=secret)
