# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made from an instance: snapshots, restored instances and read replicas."""

from ...errors import AwsError
from .. import answer, backend, check, correct
from .instances import (
    change_status,
    default_settings,
    is_member,
    refuse_taken,
    require_instance,
    require_status,
    start_instance,
    take_snapshot,
)
from .lifecycle import complete, refuse_taken_snapshot
from .rules import clash, invalid, key_arn
from .views import snapshot_view, view

# AWS does not hand these on to what is restored.
NOT_RESTORED = (
    "DBParameterGroupName", "DBSubnetGroupName", "DeletionProtection", "MaxAllocatedStorage", "MonitoringInterval",
    "MonitoringRoleArn", "PubliclyAccessible", "VpcSecurityGroupIds", "EnablePerformanceInsights",
    "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod", "EnableCloudwatchLogsExports",
    "AvailabilityZone", "MultiAZ", "ManageMasterUserPassword", "MasterUserSecretKmsKeyId",
)  # fmt: skip


@answer("rds", "CreateDBSnapshot")
def create_snapshot(call):
    """A snapshot of an available instance."""
    state, name = backend(call), call.parameters["DBSnapshotIdentifier"]
    database = require_instance(state, call.parameters["DBInstanceIdentifier"])
    if database is None:
        return None
    if is_member(database):
        raise clash("The instance is a member of a cluster: please use the CreateDBClusterSnapshot API instead.")
    state.validate_db_snapshot_identifier(name, "DBSnapshotIdentifier")
    refuse_taken_snapshot(state, name)
    require_status(database, "available")
    snapshot = take_snapshot(state, database, name, tags=call.parameters.get("Tags") or None)
    return {"DBSnapshot": snapshot_view(snapshot)}


@answer("rds", "CopyDBSnapshot")
def copy_snapshot(call):
    """A copy may have another key; moto's could not be restored as ours are."""
    state, parameters = backend(call), call.parameters
    source = state.database_snapshots.get(parameters["SourceDBSnapshotIdentifier"].split(":snapshot:")[-1])
    name = parameters["TargetDBSnapshotIdentifier"]
    if not hasattr(source, "sandbox_settings"):
        return None
    if source.status != "available":
        raise AwsError("InvalidDBSnapshotState", f"DBSnapshot {source.db_snapshot_identifier} is {source.status}.")
    state.validate_db_snapshot_identifier(name, "TargetDBSnapshotIdentifier")
    refuse_taken_snapshot(state, name)
    tags = parameters.get("Tags") or (source.tags if parameters.get("CopyTags") else [])
    copy = type(source)(state, source.database, name, "manual", tags)
    copy.tags, copy.sandbox_settings = tags, dict(source.sandbox_settings)
    copy.sandbox_vpc, copy.sandbox_zones = source.sandbox_vpc, source.sandbox_zones
    copy.sandbox_instance_created = source.sandbox_instance_created
    if parameters.get("KmsKeyId"):
        copy.sandbox_settings |= {"KmsKeyId": key_arn(call, parameters["KmsKeyId"]), "StorageEncrypted": True}
    change_status(copy, "creating", "db-snapshot-create")
    state.database_snapshots[copy.db_snapshot_identifier] = copy
    return {"DBSnapshot": snapshot_view(copy)}


@check("rds", "DeleteDBSnapshot", "DescribeDBSnapshots")
def require_snapshot(call):
    """moto names the error in a way of its own."""
    name = call.parameters.get("DBSnapshotIdentifier")
    if name and name.split(":snapshot:")[-1] not in backend(call).database_snapshots:
        raise AwsError("DBSnapshotNotFound", f"DBSnapshot {name} not found.")


@check("rds", "DeleteDBSnapshot")
def refuse_snapshot_in_use(call):
    """Snapshots that are being made stay, and so do those that RDS makes itself."""
    snapshot = backend(call).database_snapshots[call.parameters["DBSnapshotIdentifier"]]
    if snapshot.status != "available" or snapshot.snapshot_type != "manual":
        message = f"Cannot delete the snapshot {snapshot.db_snapshot_identifier}: it is {snapshot.status}"
        raise AwsError("InvalidDBSnapshotState", f"{message} and {snapshot.snapshot_type}.")
    call.sandbox_snapshot = snapshot


@correct("rds", "DeleteDBSnapshot")
def answer_deleted(call, parsed):
    """The snapshot as it was."""
    if not hasattr(call.sandbox_snapshot, "sandbox_settings"):
        return False
    parsed["DBSnapshot"] = snapshot_view(call.sandbox_snapshot) | {"Status": "deleted"}
    return True


@correct("rds", "DescribeDBSnapshots")
def describe_snapshots(call, parsed):
    """Ours instead of what moto makes of them."""
    known = backend(call).database_snapshots
    parsed["DBSnapshots"] = [
        (
            snapshot_view(known[item["DBSnapshotIdentifier"]])
            if hasattr(known.get(item["DBSnapshotIdentifier"]), "sandbox_settings")
            else item
        )
        for item in parsed["DBSnapshots"]
    ]


@answer("rds", "RestoreDBInstanceFromDBSnapshot")
def restore_snapshot(call):
    """A new instance from an available snapshot."""
    state, parameters = backend(call), call.parameters
    name = (parameters.get("DBSnapshotIdentifier") or "").split(":snapshot:")[-1]
    if name not in state.database_snapshots:
        raise AwsError("DBSnapshotNotFound", f"DBSnapshot {name} not found.")
    snapshot = state.database_snapshots[name]
    if not hasattr(snapshot, "sandbox_settings"):
        return None
    if snapshot.status != "available":
        raise AwsError("InvalidDBSnapshotState", f"DBSnapshot {name} is {snapshot.status}.")
    return _restore(call, snapshot.sandbox_settings, parameters["DBInstanceIdentifier"])


@answer("rds", "RestoreDBInstanceToPointInTime")
def restore_moment(call):
    """A new instance from the backups of another one."""
    parameters = call.parameters
    if bool(parameters.get("RestoreTime")) == bool(parameters.get("UseLatestRestorableTime")):
        raise clash("Exactly one of RestoreTime and UseLatestRestorableTime must be specified.")
    source = require_instance(backend(call), parameters.get("SourceDBInstanceIdentifier") or "")
    if source is None:
        return None
    if not source.sandbox_settings["BackupRetentionPeriod"]:
        message = f"Automated backups are not enabled for the instance {source.db_instance_identifier}."
        raise AwsError("PointInTimeRestoreNotEnabled", message)
    return _restore(call, source.sandbox_settings, parameters["TargetDBInstanceIdentifier"])


def _restore(call, settings, identifier):
    refuse_taken(call, identifier)
    smaller = call.parameters.get("AllocatedStorage") or settings["AllocatedStorage"]
    if smaller < settings["AllocatedStorage"]:
        message = "The allocated storage size can't be less than the source snapshot or backup size."
        raise invalid(message)
    kept = {name: value for name, value in settings.items() if name not in NOT_RESTORED}
    restored = default_settings(settings["EngineVersion"]) | kept
    complete(call, restored, call.parameters)
    database = start_instance(call, identifier, restored, call.parameters.get("Tags") or [])
    return {"DBInstance": view(call, database)}


@answer("rds", "CreateDBInstanceReadReplica")
def create_replica(call):
    """A replica has the settings of its source, but for what the call changes."""
    parameters = call.parameters
    source = require_instance(backend(call), parameters["SourceDBInstanceIdentifier"])
    if source is None:
        return None
    refuse_taken(call, parameters["DBInstanceIdentifier"])
    _check_source(source)
    own = {"BackupRetentionPeriod": 0, "MultiAZ": False, "DeletionProtection": False, "AvailabilityZone": None}
    settings = source.sandbox_settings | own | {"EnableCloudwatchLogsExports": []}
    for name in ("MaxAllocatedStorage", "PubliclyAccessible"):
        settings.pop(name, None)
    complete(call, settings, parameters)
    tags, identifier = parameters.get("Tags") or [], parameters["DBInstanceIdentifier"]
    replica = start_instance(call, identifier, settings, tags, source.db_instance_identifier)
    return {"DBInstance": view(call, replica)}


def _check_source(source):
    require_status(source, "available")
    if not source.sandbox_settings["BackupRetentionPeriod"] and not source.sandbox_source:
        message = (
            "Automated backups are not enabled for this database instance. To enable automated backups, use"
            " ModifyDBInstance to set the backup retention period to a non-zero value."
        )
        raise AwsError("InvalidDBInstanceState", message)
    if source.sandbox_settings["ManageMasterUserPassword"]:
        message = (
            "Creating read replicas for source instance with engine postgres where ManageMasterUserPassword is"
            " enabled is not supported."
        )
        raise invalid(message)


@answer("rds", "PromoteReadReplica")
def promote(call):
    """A replica becomes an instance of its own, with backups."""
    database = require_instance(backend(call), call.parameters["DBInstanceIdentifier"])
    if database is None:
        return None
    require_status(database, "available")
    if not database.sandbox_source:
        message = f"DB Instance is not a read replica: {database.db_instance_identifier}"
        raise AwsError("InvalidDBInstanceState", message)
    database.sandbox_source = None
    days = call.parameters.get("BackupRetentionPeriod")
    database.sandbox_applying = {"BackupRetentionPeriod": 1 if days is None else days}
    change_status(database, "modifying", "db-instance-modify")
    return {"DBInstance": view(call, database)}
