# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECR, KMS, logs and IAM, where moto needs correcting."""

import json

import pytest

TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
EXCLUSIONS = [{"filterType": "WILDCARD", "filter": "latest*"}]


@pytest.fixture
def kms(sandbox):
    """KMS."""
    return sandbox.client("kms")


@pytest.fixture
def key(kms):
    """The id of a new key."""
    return kms.create_key(Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]["KeyId"]


@pytest.fixture
def logs(sandbox):
    """CloudWatch Logs."""
    return sandbox.client("logs")


def test_ecr_exclusions(sandbox, refused):
    ecr = sandbox.client("ecr")
    mode = {"imageTagMutability": "IMMUTABLE_WITH_EXCLUSION", "imageTagMutabilityExclusionFilters": EXCLUSIONS}
    ecr.create_repository(repositoryName="app", **mode)
    (repository,) = ecr.describe_repositories()["repositories"]
    assert {name: repository[name] for name in mode} == mode
    ecr.put_image_tag_mutability(repositoryName="app", imageTagMutability="IMMUTABLE")
    (repository,) = ecr.describe_repositories()["repositories"]
    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert not repository.get("imageTagMutabilityExclusionFilters")
    answer = ecr.put_image_tag_mutability(repositoryName="app", **mode)
    assert answer["imageTagMutabilityExclusionFilters"] == EXCLUSIONS
    for wrong in ({**mode, "imageTagMutability": "IMMUTABLE"}, {"imageTagMutability": "MUTABLE_WITH_EXCLUSION"}):
        code = refused(ecr.put_image_tag_mutability, repositoryName="app", **wrong)
        assert code == "InvalidParameterException"


def test_ecr_encryption_and_scanning(sandbox):
    ecr = sandbox.client("ecr")
    answer = ecr.create_repository(repositoryName="app", encryptionConfiguration={"encryptionType": "KMS"})
    assert answer["repository"]["encryptionConfiguration"]["kmsKey"].startswith("arn:aws:kms:eu-central-1:")
    assert ecr.describe_repositories()["repositories"][0]["encryptionConfiguration"]["kmsKey"]
    ecr.put_registry_scanning_configuration(scanType="ENHANCED")
    assert ecr.get_registry_scanning_configuration()["scanningConfiguration"]["scanType"] == "ENHANCED"


def test_ecr_keeps_repositories_with_images(sandbox, refused):
    ecr = sandbox.client("ecr")
    ecr.create_repository(repositoryName="app")
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = {"schemaVersion": 2, "mediaType": kind, "config": {"digest": "sha256:" + "0" * 64}, "layers": []}
    ecr.put_image(repositoryName="app", imageManifest=json.dumps(manifest), imageTag="v1")
    assert refused(ecr.delete_repository, repositoryName="app") == "RepositoryNotEmptyException"
    ecr.delete_repository(repositoryName="app", force=True)


def test_kms_rotation_period(kms, key):
    assert not kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    status = kms.get_key_rotation_status(KeyId=key)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)
    assert status["KeyId"].endswith(key) and status["NextRotationDate"]


def test_kms_policy_needs_no_name(kms, key):
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Id"] = "changed"
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
    assert json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Id"] == "changed"


def test_kms_pending_deletion(kms, key, refused):
    assert refused(kms.cancel_key_deletion, KeyId=key) == "KMSInvalidStateException"
    answer = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert (answer["KeyState"], answer["PendingWindowInDays"]) == ("PendingDeletion", 7)
    assert refused(kms.schedule_key_deletion, KeyId=key) == "KMSInvalidStateException"
    assert refused(kms.enable_key_rotation, KeyId=key) == "KMSInvalidStateException"
    assert refused(kms.create_alias, AliasName="alias/x", TargetKeyId=key) == "KMSInvalidStateException"
    assert kms.list_resource_tags(KeyId=key)["Tags"] == [{"TagKey": "a", "TagValue": "b"}]
    kms.cancel_key_deletion(KeyId=key)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"
    kms.enable_key(KeyId=key)


def test_logs_encryption_later(logs, kms):
    logs.create_log_group(logGroupName="/a")
    service = {"Service": "logs.eu-central-1.amazonaws.com"}
    statements = [
        {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
        for principal in (service, {"AWS": "arn:aws:iam::123456789012:root"})
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    arn = kms.create_key(Policy=policy)["KeyMetadata"]["Arn"]
    logs.associate_kms_key(logGroupName="/a", kmsKeyId=arn)
    assert logs.describe_log_groups()["logGroups"][0]["kmsKeyId"] == arn
    logs.disassociate_kms_key(resourceIdentifier="arn:aws:logs:eu-central-1:123456789012:log-group:/a:*")
    assert "kmsKeyId" not in logs.describe_log_groups()["logGroups"][0]


def test_logs_retention(logs, refused):
    logs.create_log_group(logGroupName="/a")
    code = refused(logs.put_retention_policy, logGroupName="/a", retentionInDays=17)
    assert code == "InvalidParameterException"
    logs.put_retention_policy(logGroupName="/a", retentionInDays=14)


def test_logs_class_and_protection(logs, refused):
    logs.create_log_group(logGroupName="/a", logGroupClass="INFREQUENT_ACCESS")
    logs.put_log_group_deletion_protection(logGroupIdentifier="/a", deletionProtectionEnabled=True)
    (group,) = logs.describe_log_groups(logGroupNamePattern="a")["logGroups"]
    assert (group["logGroupClass"], group["deletionProtectionEnabled"]) == ("INFREQUENT_ACCESS", True)
    assert refused(logs.delete_log_group, logGroupName="/a") == "ValidationException"
    logs.put_log_group_deletion_protection(logGroupIdentifier="/a", deletionProtectionEnabled=False)
    logs.delete_log_group(logGroupName="/a")


def test_iam_roles(sandbox, refused):
    iam = sandbox.client("iam")
    trust = json.dumps(TRUST)
    assert refused(iam.create_role, RoleName="r" * 65, AssumeRolePolicyDocument=trust) == "ValidationError"
    for text in ("{", "{}", '{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}'):
        code = refused(iam.create_role, RoleName="r", AssumeRolePolicyDocument=text)
        assert code == "MalformedPolicyDocument"
    iam.create_role(RoleName="r" * 64, AssumeRolePolicyDocument=trust)
    policy = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    iam.attach_role_policy(RoleName="r" * 64, PolicyArn=policy)
    assert refused(iam.update_assume_role_policy, RoleName="r" * 64, PolicyDocument="{") == "MalformedPolicyDocument"
