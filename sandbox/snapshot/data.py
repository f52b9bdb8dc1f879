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
    "cluster": ("describe_db_clusters", "DBClusters", "DBClusterIdentifier", "DBClusterArn"),
    "cluster-parameter-group": (
        "describe_db_cluster_parameter_groups", "DBClusterParameterGroups", "DBClusterParameterGroupName",
        "DBClusterParameterGroupArn",
    ),
    "cluster-snapshot": (
        "describe_db_cluster_snapshots", "DBClusterSnapshots", "DBClusterSnapshotIdentifier", "DBClusterSnapshotArn",
    ),
    "event-subscription": (
        "describe_event_subscriptions", "EventSubscriptionsList", "CustSubscriptionId", "EventSubscriptionArn",
    ),
}  # fmt: skip
PARAMETERS = {"parameter-group": "describe_db_parameters", "cluster-parameter-group": "describe_db_cluster_parameters"}
# Setting of a registry: the value that it has unless told otherwise
REGISTRY = {"BASIC_SCAN_TYPE_VERSION": "AWS_NATIVE", "BLOB_MOUNTING": "DISABLED", "REGISTRY_POLICY_SCOPE": "V2"}


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
            if kind in PARAMETERS:
                item["Parameters"] = view.all(PARAMETERS[kind], "Parameters", **{name: item[name]}, Source="user")
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
    for rule in view.all("describe_pull_through_cache_rules", "pullThroughCacheRules"):
        view.add("ecr/pull-through-cache-rule", rule["ecrRepositoryPrefix"], rule)
    for template in view.all("describe_repository_creation_templates", "repositoryCreationTemplates"):
        view.add("ecr/repository-creation-template", template["prefix"], template)
    _read_registry(view)


def _read_registry(view):
    settings = {name: view.part("get_account_setting", "value", name=name) for name in REGISTRY}
    rules = view.part("describe_registry", "replicationConfiguration")["rules"]
    scanning = view.part("get_registry_scanning_configuration", "scanningConfiguration")
    policy = view.part("get_registry_policy", "policyText")
    changed = settings != REGISTRY or rules or policy or scanning != {"scanType": "BASIC", "rules": []}
    if changed or view.defaults:
        registry = {"settings": settings, "replication": rules, "scanning": scanning, "policy": policy}
        view.add("ecr/registry", "registry", registry)


READERS = {"ecr": read_repositories, "kms": read_keys, "rds": read_databases, "secretsmanager": read_secrets}
GLOBAL_READERS = {"s3": read_buckets}
