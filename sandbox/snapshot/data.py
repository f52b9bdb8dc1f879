# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds data, and what encrypts it."""

# What a bucket has beside its name: (name in the description, operation, member; None for the whole answer)
BUCKET = (
    ("Encryption", "get_bucket_encryption", "ServerSideEncryptionConfiguration"),
    ("IntelligentTiering", "list_bucket_intelligent_tiering_configurations", "IntelligentTieringConfigurationList"),
    ("Lifecycle", "get_bucket_lifecycle_configuration", "Rules"),
    ("Logging", "get_bucket_logging", "LoggingEnabled"),
    ("Notifications", "get_bucket_notification_configuration", None),
    ("ObjectLock", "get_object_lock_configuration", "ObjectLockConfiguration"),
    ("Ownership", "get_bucket_ownership_controls", "OwnershipControls"),
    ("Policy", "get_bucket_policy", "Policy"),
    ("PublicAccessBlock", "get_public_access_block", "PublicAccessBlockConfiguration"),
    ("Tags", "get_bucket_tagging", "TagSet"),
    ("Versioning", "get_bucket_versioning", None),
)
# Type: (operation, member with the list, member with the name, member with the ARN)
RDS = {
    "db": ("describe_db_instances", "DBInstances", "DBInstanceIdentifier", "DBInstanceArn"),
    "subnet-group": ("describe_db_subnet_groups", "DBSubnetGroups", "DBSubnetGroupName", "DBSubnetGroupArn"),
    "parameter-group": (
        "describe_db_parameter_groups", "DBParameterGroups", "DBParameterGroupName", "DBParameterGroupArn",
    ),
    "snapshot": ("describe_db_snapshots", "DBSnapshots", "DBSnapshotIdentifier", "DBSnapshotArn"),
}  # fmt: skip


def read_buckets(view):
    """Buckets of the regions of the snapshot."""
    for listed in view.client.list_buckets()["Buckets"]:
        name = {"Bucket": listed["Name"]}
        region = view.client.get_bucket_location(**name)["LocationConstraint"] or "us-east-1"
        if region not in view.regions:
            continue
        bucket = dict(listed)
        for part, operation, member in BUCKET:
            bucket[part] = view.part(operation, member, **name) if member else view.get(operation, **name)
        bucket["Objects"] = len(view.all("list_object_versions", "Versions", **name))
        view.add("s3/bucket", listed["Name"], bucket, region)


def read_databases(view):
    """Databases with their groups, and the snapshots that stay; those that AWS takes go with their database."""
    for kind, (operation, member, name, arn) in RDS.items():
        for item in view.all(operation, member):
            if _is_of_aws(item, item[name]) and not view.defaults:
                continue
            if kind == "parameter-group":
                group = {"DBParameterGroupName": item[name], "Source": "user"}
                item["Parameters"] = view.all("describe_db_parameters", "Parameters", **group)
            item["TagList"] = view.client.list_tags_for_resource(ResourceName=item[arn])["TagList"]
            view.add(f"rds/{kind}", item[name], item)


def _is_of_aws(item, name):
    return item.get("SnapshotType") == "automated" or name.startswith(("default.", "rds:"))


def read_secrets(view):
    """Secrets, never their values."""
    for listed in view.all("list_secrets", "SecretList", IncludePlannedDeletion=True):
        secret = view.get("describe_secret", SecretId=listed["ARN"])
        if secret.get("DeletedDate"):
            view.add("secretsmanager/pending-deletion", secret["Name"], secret)
            continue
        secret["Policy"] = view.part("get_resource_policy", "ResourcePolicy", SecretId=listed["ARN"])
        view.add("secretsmanager/secret", secret["Name"], secret)


def read_keys(view):
    """Keys but for those that AWS manages, and aliases."""
    for listed in view.all("list_keys", "Keys"):
        number = listed["KeyId"]
        key = view.client.describe_key(KeyId=number)["KeyMetadata"]
        if key["KeyManager"] != "CUSTOMER" and not view.defaults:
            continue
        key["Tags"] = view.client.list_resource_tags(KeyId=number)["Tags"]
        if key["KeyState"] == "PendingDeletion":
            view.add("kms/pending-deletion", number, key)
            continue
        rotation = view.client.get_key_rotation_status(KeyId=number)
        key["Rotation"] = {name: rotation.get(name) for name in ("KeyRotationEnabled", "RotationPeriodInDays")}
        key["Policy"] = view.client.get_key_policy(KeyId=number)["Policy"]
        view.add("kms/key", number, key)
    for alias in view.all("list_aliases", "Aliases"):
        if view.defaults or not alias["AliasName"].startswith("alias/aws/"):
            view.add("kms/alias", alias["AliasName"], alias)


def read_repositories(view):
    """Repositories of images."""
    for repository in view.all("describe_repositories", "repositories"):
        name = {"repositoryName": repository["repositoryName"]}
        repository["policy"] = view.part("get_repository_policy", "policyText", **name)
        repository["lifecyclePolicy"] = view.part("get_lifecycle_policy", "lifecyclePolicyText", **name)
        repository["images"] = view.all("list_images", "imageIds", **name)
        repository["tags"] = view.client.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
        view.add("ecr/repository", repository["repositoryName"], repository)


READERS = {"ecr": read_repositories, "kms": read_keys, "rds": read_databases, "secretsmanager": read_secrets}
GLOBAL_READERS = {"s3": read_buckets}
