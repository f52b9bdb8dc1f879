# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what AWS Secrets Manager has."""

import json

from tests.unit.sandbox.function import function

A_TAG = [{"Key": "a", "Value": "b"}]
NAMED = {"SecretId": "app"}


def secret(probe):
    manager = probe.client("secretsmanager")
    key = probe.client("kms").create_key()["KeyMetadata"]["Arn"]
    wanted = {"Name": "app", "Description": "database", "KmsKeyId": key, "Tags": A_TAG}
    arn = probe.does(manager.create_secret, **wanted, SecretString="one")["ARN"]
    probe.shows({"ARN": arn, **wanted}, manager.describe_secret, **NAMED)
    shown = {"ARN": arn, "Name": "app", "SecretString": "one", "VersionStages": ["AWSCURRENT"]}
    first = probe.shows(shown, manager.get_secret_value, **NAMED)["VersionId"]
    probe.shows([{"Name": "app", "Description": "database", "Tags": A_TAG}], manager.list_secrets, "SecretList")
    second = probe.does(manager.put_secret_value, **NAMED, SecretString="two")["VersionId"]
    probe.shows({"SecretString": "two", "VersionId": second}, manager.get_secret_value, **NAMED)
    probe.shows({"SecretString": "one"}, manager.get_secret_value, **NAMED, VersionStage="AWSPREVIOUS")
    shown = [
        {"VersionId": first, "VersionStages": ["AWSPREVIOUS"]},
        {"VersionId": second, "VersionStages": ["AWSCURRENT"]},
    ]
    probe.shows(shown, manager.list_secret_version_ids, "Versions", **NAMED)
    moved = {"VersionStage": "AWSCURRENT", "MoveToVersionId": first, "RemoveFromVersionId": second}
    probe.does(manager.update_secret_version_stage, **NAMED, **moved)
    shown = {first: ["AWSCURRENT"], second: ["AWSPREVIOUS"]}
    probe.shows(shown, manager.describe_secret, "VersionIdsToStages", **NAMED)
    probe.does(manager.update_secret, **NAMED, Description="cache")
    probe.shows({"Description": "cache", "KmsKeyId": key, "Tags": A_TAG}, manager.describe_secret, **NAMED)
    probe.does(manager.tag_resource, **NAMED, Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*A_TAG, {"Key": "c", "Value": "d"}], manager.describe_secret, "Tags", **NAMED)
    probe.does(manager.untag_resource, **NAMED, TagKeys=["c"])
    probe.shows(A_TAG, manager.describe_secret, "Tags", **NAMED)
    probe.does(manager.delete_secret, **NAMED, RecoveryWindowInDays=7)
    probe.lacks(manager.list_secrets, path="SecretList")
    probe.does(manager.restore_secret, **NAMED)
    probe.lacks(manager.describe_secret, path="DeletedDate", **NAMED)
    manager.delete_secret(**NAMED, RecoveryWindowInDays=7)
    probe.sandbox.advance(7 * 86400)
    probe.lacks(manager.describe_secret, "ResourceNotFoundException", **NAMED)


def several(probe):
    manager = probe.client("secretsmanager")
    for name in ("a", "b"):
        manager.create_secret(Name=name, SecretString=name)
    shown = [{"Name": "a", "SecretString": "a"}, {"Name": "b", "SecretString": "b"}]
    probe.shows(shown, manager.batch_get_secret_value, "SecretValues", SecretIdList=["a", "b"])


def policy(probe):
    manager = probe.client("secretsmanager")
    manager.create_secret(Name="app", SecretString="one")
    statement = {
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:root"}, "Resource": "*",
        "Action": "secretsmanager:GetSecretValue",
    }  # fmt: skip
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    probe.shows({"PolicyValidationPassed": True}, manager.validate_resource_policy, ResourcePolicy=document)
    probe.does(manager.put_resource_policy, **NAMED, ResourcePolicy=document)
    probe.shows(document, manager.get_resource_policy, "ResourcePolicy", **NAMED)
    probe.does(manager.delete_resource_policy, **NAMED)
    probe.lacks(manager.get_resource_policy, path="ResourcePolicy", **NAMED)


def rotation(probe):
    manager = probe.client("secretsmanager")
    manager.create_secret(Name="app", SecretString=json.dumps({"username": "web", "password": "one"}))
    arn = function(probe.sandbox, "rotate", "secretsmanager.amazonaws.com")
    rules = {"ScheduleExpression": "rate(10 days)", "Duration": "3h"}
    probe.does(manager.rotate_secret, **NAMED, RotationLambdaARN=arn, RotationRules=rules)
    shown = {"RotationEnabled": True, "RotationLambdaARN": arn, "RotationRules": rules}
    probe.shows(shown, manager.describe_secret, **NAMED)
    value = json.loads(manager.get_secret_value(**NAMED)["SecretString"])
    assert value["username"] == "web" and value["password"] != "one"
    probe.does(manager.cancel_rotate_secret, **NAMED)
    probe.shows({"RotationEnabled": False}, manager.describe_secret, **NAMED)


def replicas(probe):
    manager, west = probe.client("secretsmanager"), probe.client("secretsmanager", "eu-west-1")
    manager.create_secret(Name="app", SecretString="one")
    regions = [{"Region": "eu-west-1"}, {"Region": "eu-west-2"}]
    probe.does(manager.replicate_secret_to_regions, **NAMED, AddReplicaRegions=regions)
    shown = [{"Region": "eu-west-1", "Status": "InSync"}, {"Region": "eu-west-2", "Status": "InSync"}]
    probe.shows(shown, manager.describe_secret, "ReplicationStatus", **NAMED)
    probe.shows({"PrimaryRegion": "eu-central-1", "Name": "app"}, west.describe_secret, **NAMED)
    probe.does(manager.remove_regions_from_replication, **NAMED, RemoveReplicaRegions=["eu-west-2"])
    probe.shows([{"Region": "eu-west-1"}], manager.describe_secret, "ReplicationStatus", **NAMED)
    probe.does(west.stop_replication_to_replica, **NAMED)
    probe.lacks(manager.describe_secret, path="ReplicationStatus", **NAMED)
    probe.lacks(west.describe_secret, path="PrimaryRegion", **NAMED)
    manager.put_secret_value(**NAMED, SecretString="two")
    probe.shows({"SecretString": "one"}, west.get_secret_value, **NAMED)
