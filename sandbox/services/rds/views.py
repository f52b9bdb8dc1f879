# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How AWS describes an instance and a snapshot."""

from datetime import datetime, timedelta, timezone

from .. import backend
from .instances import instances, is_member
from .rules import key_arn
from .subnets import view_of as subnet_group_view

# Settings keep the names of CreateDBInstance; these are described under another.
RENAMED = {
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
}
UNSEEN = {
    "DBParameterGroupName", "DBSubnetGroupName", "ManageMasterUserPassword", "MasterUserSecretKmsKeyId",
    "OptionGroupName", "Port", "VpcSecurityGroupIds",
}  # fmt: skip
PENDING_VIEW = {
    "AllocatedStorage", "BackupRetentionPeriod", "CACertificateIdentifier", "DBInstanceClass",
    "DBInstanceIdentifier", "DBSubnetGroupName", "DedicatedLogVolume", "EngineVersion",
    "IAMDatabaseAuthenticationEnabled", "Iops", "LicenseModel", "MasterUserPassword", "MultiAZ", "Port",
    "StorageThroughput", "StorageType",
}  # fmt: skip
# What no instance of ours ever has otherwise.
FIXED = {
    "DbInstancePort": 0,
    "DBSecurityGroups": [],
    "BackupTarget": "region",
    "CustomerOwnedIpEnabled": False,
    "ActivityStreamStatus": "stopped",
    "DomainMemberships": [],
    "AssociatedRoles": [],
    "IsStorageConfigUpgradeAvailable": False,
}


def view(call, database):
    """An instance as AWS describes it."""
    settings, state = database.sandbox_settings, backend(call, "rds")
    found = {RENAMED.get(name, name): value for name, value in settings.items() if name not in UNSEEN}
    found = {name: value for name, value in found.items() if value is not None}
    found |= FIXED | _groups(state, database)
    found |= {
        "DBInstanceIdentifier": database.db_instance_identifier,
        "DBInstanceArn": database.arn,
        "DbiResourceId": database.dbi_resource_id,
        "DBInstanceStatus": database.status,
        "PendingModifiedValues": _pending_view(database),
        "ReadReplicaDBInstanceIdentifiers": [
            replica.db_instance_identifier
            for replica in instances(state)
            if replica.sandbox_source == database.db_instance_identifier
        ],
        "TagList": database.tags,
    }
    if database.status != "creating":
        found |= _view_when_created(database)
    if database.sandbox_source:
        found["ReadReplicaSourceDBInstanceIdentifier"] = database.sandbox_source
        found["StatusInfos"] = [{"StatusType": "read replication", "Normal": True, "Status": "replicating"}]
    if settings["ManageMasterUserPassword"]:
        found["MasterUserSecret"] = secret_view(call, database)
    return found


def _groups(state, database):
    settings = database.sandbox_settings
    parameters = {
        "DBParameterGroupName": settings["DBParameterGroupName"],
        "ParameterApplyStatus": database.sandbox_parameter_status,
    }
    return {
        "VpcSecurityGroups": [
            {"VpcSecurityGroupId": number, "Status": "active"} for number in settings["VpcSecurityGroupIds"]
        ],
        "DBParameterGroups": [parameters],
        "OptionGroupMemberships": [{"OptionGroupName": settings["OptionGroupName"], "Status": "in-sync"}],
        "DBSubnetGroup": subnet_group_view(state.subnet_groups[settings["DBSubnetGroupName"]]),
    }


def _view_when_created(database):
    settings, zones = database.sandbox_settings, database.sandbox_zones
    found = {
        "InstanceCreateTime": database.sandbox_created,
        "AvailabilityZone": settings.get("AvailabilityZone") or zones[0],
        "Endpoint": {
            "Address": f"{database.db_instance_identifier}.c{database.account_id[:10]}x.{database.region}"
            ".rds.amazonaws.com",
            "Port": settings["Port"],
            "HostedZoneId": "Z1RLNUO7B9Q6NB",
        },
        "CertificateDetails": {
            "CAIdentifier": settings["CACertificateIdentifier"],
            "ValidTill": database.sandbox_created + timedelta(days=365),
        },
    }
    if settings["MultiAZ"] and len(zones) > 1:
        found["SecondaryAvailabilityZone"] = zones[1]
    if settings["BackupRetentionPeriod"] and not is_member(database):
        found["LatestRestorableTime"] = datetime.now(timezone.utc) - timedelta(minutes=5)
    if settings["MonitoringInterval"]:
        stream = f"log-group:RDSOSMetrics:log-stream:{database.dbi_resource_id}"
        found["EnhancedMonitoringResourceArn"] = f"arn:aws:logs:{database.region}:{database.account_id}:{stream}"
    return found


def _pending_view(database):
    waiting = database.sandbox_pending | database.sandbox_applying
    waiting = {RENAMED.get(name, name): value for name, value in waiting.items()}
    return {name: value for name, value in waiting.items() if name in PENDING_VIEW}


def secret_view(call, database):
    """The secret of something whose password RDS manages."""
    secret = database.master_user_secret.secret
    status = "creating" if database.status == "creating" else "active"
    key = key_arn(call, secret.kms_key_id or "alias/aws/secretsmanager")
    return {"SecretArn": secret.arn, "SecretStatus": status, "KmsKeyId": key}


def snapshot_view(snapshot):
    """A snapshot as AWS describes it."""
    settings = snapshot.sandbox_settings
    kept = (
        "Engine", "AllocatedStorage", "Port", "MasterUsername", "EngineVersion", "LicenseModel", "Iops",
        "StorageThroughput", "OptionGroupName", "StorageType", "KmsKeyId", "BackupRetentionPeriod",
        "PreferredBackupWindow", "DedicatedLogVolume",
    )  # fmt: skip
    found = {name: settings[name] for name in kept if settings.get(name) is not None}
    return found | {
        "DBSnapshotIdentifier": snapshot.db_snapshot_identifier,
        "DBSnapshotArn": snapshot.arn,
        "DBInstanceIdentifier": snapshot.db_instance_identifier,
        "DbiResourceId": snapshot.dbi_resource_id,
        "SnapshotCreateTime": snapshot.created,
        "OriginalSnapshotCreateTime": snapshot.created,
        "InstanceCreateTime": snapshot.sandbox_instance_created,
        "Status": snapshot.status,
        "PercentProgress": 100 if snapshot.status == "available" else 0,
        "AvailabilityZone": settings.get("AvailabilityZone") or snapshot.sandbox_zones[0],
        "VpcId": snapshot.sandbox_vpc,
        "SnapshotType": snapshot.snapshot_type,
        "SnapshotTarget": "region",
        "Encrypted": settings["StorageEncrypted"],
        "IAMDatabaseAuthenticationEnabled": settings["EnableIAMDatabaseAuthentication"],
        "TagList": snapshot.tags,
    }
