# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made from a cluster: snapshots, and restored clusters."""

from ...errors import AwsError
from .. import answer, backend
from .catalog import AURORA, full_version, page_of
from .cluster_settings import complete_cluster, refuse_taken_cluster
from .clusters import cluster_view, default_settings, require_available, require_cluster, start_cluster
from .instances import change_status
from .parameters import check_name
from .rules import clash, key_arn

# AWS does not hand these on to what is restored.
NOT_RESTORED = (
    "BackupRetentionPeriod", "DBClusterParameterGroupName", "DBSubnetGroupName", "DeletionProtection",
    "EnableCloudwatchLogsExports", "EnablePerformanceInsights", "ManageMasterUserPassword",
    "MasterUserSecretKmsKeyId", "MonitoringInterval", "MonitoringRoleArn", "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod", "ServerlessV2ScalingConfiguration", "VpcSecurityGroupIds",
)  # fmt: skip


def _require_snapshot(state, name):
    found = state.cluster_snapshots.get(name.split(":")[-1])
    if found is None:
        raise AwsError("DBClusterSnapshotNotFoundFault", f"DBClusterSnapshot {name} not found.")
    return found


def _is_ours(snapshot):
    return hasattr(snapshot, "sandbox_settings")


def take_cluster_snapshot(call, cluster, name, tags=None):
    """A snapshot of a cluster as it is, which is being created."""
    from moto.rds.models import DBClusterSnapshot  # takes long, and not everybody uses RDS

    state, settings = backend(call), cluster.sandbox_settings
    _refuse_taken(state, name)
    cluster.copy_tags_to_snapshot = settings["CopyTagsToSnapshot"]
    snapshot = DBClusterSnapshot(state, cluster, name, "manual", tags)
    snapshot.sandbox_settings = dict(settings)
    snapshot.sandbox_vpc = state.subnet_groups[settings["DBSubnetGroupName"]].vpc_id
    snapshot.sandbox_zones = cluster_view(call, cluster)["AvailabilityZones"]
    snapshot.sandbox_source = None
    change_status(snapshot, "creating", "db-cluster-snapshot-create")
    state.cluster_snapshots[name.lower()] = snapshot
    return snapshot


def _refuse_taken(state, name):
    check_name("DBClusterSnapshotIdentifier", name, 63)
    if name in state.cluster_snapshots:
        message = f"Cannot create the snapshot because a snapshot with the identifier {name} already exists."
        raise AwsError("DBClusterSnapshotAlreadyExistsFault", message)


def _view(snapshot):
    settings = snapshot.sandbox_settings
    names = (
        "Engine", "EngineMode", "EngineVersion", "AllocatedStorage", "Port", "MasterUsername", "BackupRetentionPeriod",
        "StorageEncrypted", "KmsKeyId", "StorageType",
    )  # fmt: skip
    found = {name: settings[name] for name in names if settings.get(name) is not None}
    if snapshot.sandbox_source:
        found["SourceDBClusterSnapshotArn"] = snapshot.sandbox_source
    return found | {
        "DBClusterSnapshotIdentifier": snapshot.db_cluster_snapshot_identifier,
        "DBClusterSnapshotArn": snapshot.arn,
        "DBClusterIdentifier": snapshot.db_cluster_identifier,
        "DbClusterResourceId": snapshot.cluster.db_cluster_resource_id,
        "SnapshotCreateTime": snapshot.created,
        "ClusterCreateTime": snapshot.cluster.sandbox_created,
        "Status": snapshot.status,
        "PercentProgress": 100 if snapshot.status == "available" else 0,
        "SnapshotType": snapshot.snapshot_type,
        "VpcId": snapshot.sandbox_vpc,
        "AvailabilityZones": snapshot.sandbox_zones,
        "IAMDatabaseAuthenticationEnabled": settings["EnableIAMDatabaseAuthentication"],
        "LicenseModel": "postgresql-license",
        "TagList": snapshot.tags,
    }


@answer("rds", "CreateDBClusterSnapshot")
def create_snapshot(call):
    """A snapshot of an available cluster."""
    parameters = call.parameters
    cluster = require_cluster(backend(call), parameters["DBClusterIdentifier"])
    if cluster is None:
        return None
    require_available(cluster, "stopped")
    name, tags = parameters["DBClusterSnapshotIdentifier"], parameters.get("Tags") or None
    return {"DBClusterSnapshot": _view(take_cluster_snapshot(call, cluster, name, tags))}


@answer("rds", "DescribeDBClusterSnapshots")
def describe_snapshots(call):
    """Ours; moto describes those of other engines, where there are any."""
    parameters, state = call.parameters, backend(call)
    if not all(_is_ours(snapshot) for snapshot in state.cluster_snapshots.values()):
        return None
    name, cluster = parameters.get("DBClusterSnapshotIdentifier"), parameters.get("DBClusterIdentifier")
    found = [_require_snapshot(state, name)] if name else state.cluster_snapshots.values()
    filters = {item["Name"]: item["Values"] for item in parameters.get("Filters") or []}
    wanted = {
        "DBClusterIdentifier": [cluster.split(":")[-1]] if cluster else filters.get("db-cluster-id"),
        "DBClusterSnapshotIdentifier": filters.get("db-cluster-snapshot-id"),
        "SnapshotType": (
            [parameters["SnapshotType"]] if parameters.get("SnapshotType") else filters.get("snapshot-type")
        ),
        "Engine": filters.get("engine"),
    }
    views = [_view(snapshot) for snapshot in found]
    views = [view for view in views if all(not values or view[name] in values for name, values in wanted.items())]
    page, following = page_of(call, views)
    return {"DBClusterSnapshots": page, **following}


@answer("rds", "CopyDBClusterSnapshot")
def copy_snapshot(call):
    """A copy may have another key."""
    parameters, state = call.parameters, backend(call)
    source = _require_snapshot(state, parameters["SourceDBClusterSnapshotIdentifier"])
    if not _is_ours(source):
        return None
    _require_available(source)
    _refuse_taken(state, parameters["TargetDBClusterSnapshotIdentifier"])
    tags = parameters.get("Tags") or (source.tags if parameters.get("CopyTags") else [])
    copy = type(source)(state, source.cluster, parameters["TargetDBClusterSnapshotIdentifier"], "manual", tags)
    copy.sandbox_settings, copy.sandbox_source = dict(source.sandbox_settings), source.arn
    copy.sandbox_vpc, copy.sandbox_zones = source.sandbox_vpc, source.sandbox_zones
    if parameters.get("KmsKeyId"):
        copy.sandbox_settings |= {"KmsKeyId": key_arn(call, parameters["KmsKeyId"]), "StorageEncrypted": True}
    change_status(copy, "creating", "db-cluster-snapshot-create")
    state.cluster_snapshots[copy.db_cluster_snapshot_identifier] = copy
    return {"DBClusterSnapshot": _view(copy)}


def _require_available(snapshot):
    if snapshot.status != "available":
        message = f"The snapshot {snapshot.db_cluster_snapshot_identifier} is {snapshot.status}."
        raise AwsError("InvalidDBClusterSnapshotStateFault", message)


@answer("rds", "DeleteDBClusterSnapshot")
def delete_snapshot(call):
    """It is gone at once."""
    state = backend(call)
    snapshot = _require_snapshot(state, call.parameters["DBClusterSnapshotIdentifier"])
    if not _is_ours(snapshot):
        return None
    _require_available(snapshot)
    del state.cluster_snapshots[snapshot.db_cluster_snapshot_identifier]
    return {"DBClusterSnapshot": _view(snapshot) | {"Status": "deleted"}}


@answer("rds", "RestoreDBClusterFromSnapshot")
def restore_snapshot(call):
    """A new cluster without members, from an available snapshot."""
    parameters = call.parameters
    snapshot = _require_snapshot(backend(call), parameters["SnapshotIdentifier"])
    if not _is_ours(snapshot):
        return None
    _require_available(snapshot)
    if parameters["Engine"] != AURORA:
        raise clash(f"The engine of the snapshot is {AURORA}, not {parameters['Engine']}.")
    return _restore(call, snapshot.sandbox_settings)


@answer("rds", "RestoreDBClusterToPointInTime")
def restore_moment(call):
    """A new cluster without members, from the backups of another one."""
    parameters = call.parameters
    if bool(parameters.get("RestoreToTime")) == bool(parameters.get("UseLatestRestorableTime")):
        raise clash("Exactly one of RestoreToTime and UseLatestRestorableTime must be specified.")
    source = require_cluster(backend(call), parameters.get("SourceDBClusterIdentifier") or "")
    return None if source is None else _restore(call, source.sandbox_settings)


def _restore(call, settings):
    parameters = call.parameters
    refuse_taken_cluster(call, parameters["DBClusterIdentifier"])
    version = full_version(parameters.get("EngineVersion") or settings["EngineVersion"], AURORA)
    kept = {name: value for name, value in settings.items() if name not in NOT_RESTORED}
    restored = default_settings(version) | kept | {"EngineVersion": version}
    if parameters.get("KmsKeyId"):
        restored["StorageEncrypted"] = True
    complete_cluster(call, restored)
    tags = parameters.get("Tags") or []
    cluster = start_cluster(call, parameters["DBClusterIdentifier"], restored, tags, "db-cluster-restore")
    return {"DBCluster": cluster_view(call, cluster)}
