# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Aurora PostgreSQL cluster: its settings, its members, its description, and what happens to it as time passes."""

from datetime import datetime, timedelta, timezone

from moto.moto_api._internal import mock_random

from ... import delays
from ...errors import AwsError
from .. import backend, before
from .catalog import AURORA, family_of
from .events import note
from .instances import UNIQUE, change_status, fill_secret, instances
from .views import secret_view

DESCRIBED = (
    "AllocatedStorage", "AutoMinorVersionUpgrade", "BackupRetentionPeriod", "CopyTagsToSnapshot",
    "DatabaseInsightsMode", "DatabaseName", "DeletionProtection", "Engine", "EngineLifecycleSupport", "EngineMode",
    "EngineVersion", "KmsKeyId", "MasterUsername", "MonitoringInterval", "MonitoringRoleArn", "NetworkType",
    "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod", "Port", "PreferredBackupWindow",
    "PreferredMaintenanceWindow", "ServerlessV2ScalingConfiguration", "StorageEncrypted", "StorageType",
)  # fmt: skip
RENAMED = {
    "DBClusterParameterGroupName": "DBClusterParameterGroup",
    "DBSubnetGroupName": "DBSubnetGroup",
    "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
    "EnableHttpEndpoint": "HttpEndpointEnabled",
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
}


def clusters(state):
    """The clusters that are ours; moto looks after those of other engines."""
    return [cluster for cluster in state.clusters.values() if hasattr(cluster, "sandbox_settings")]


def require_cluster(state, name):
    """A cluster by its identifier or ARN; None if it is one that moto looks after."""
    cluster = state.clusters.get(name.split(":")[-1])
    if cluster is None:
        raise AwsError("DBClusterNotFoundFault", f"DBCluster {name} not found.")
    return cluster if hasattr(cluster, "sandbox_settings") else None


def require_available(cluster, *others):
    """Refuse what a cluster in its present state cannot do."""
    if cluster.sandbox_status not in ("available", *others):
        name = cluster.db_cluster_identifier
        message = f"DbCluster {name} is not in available state, but {cluster.sandbox_status}."
        raise AwsError("InvalidDBClusterStateFault", message)


def members_of(state, cluster):
    """The instances of a cluster, oldest first."""
    name = cluster.db_cluster_identifier
    return [member for member in instances(state) if member.sandbox_settings.get("DBClusterIdentifier") == name]


def default_settings(version):
    """What AWS fills in for a cluster of a version."""
    return {
        "Engine": AURORA, "EngineVersion": version, "EngineMode": "provisioned", "BackupRetentionPeriod": 1,
        "PreferredBackupWindow": "04:11-04:41", "PreferredMaintenanceWindow": "mon:00:12-mon:00:42", "Port": 5432,
        "StorageEncrypted": False, "DBClusterParameterGroupName": f"default.{family_of(version, AURORA)}",
        "CopyTagsToSnapshot": False, "EnableIAMDatabaseAuthentication": False, "DeletionProtection": False,
        "EnableCloudwatchLogsExports": [], "NetworkType": "IPV4", "AutoMinorVersionUpgrade": True,
        "ManageMasterUserPassword": False, "StorageType": "aurora", "EnableHttpEndpoint": False, "AllocatedStorage": 1,
        "EnablePerformanceInsights": False, "MonitoringInterval": 0, "DatabaseInsightsMode": "standard",
        "EngineLifecycleSupport": "open-source-rds-extended-support", "PubliclyAccessible": False,
    }  # fmt: skip


def start_cluster(call, identifier, settings, tags, delay="db-cluster-create"):
    """A new cluster without members, which is being created."""
    from moto.rds.models import DBCluster  # takes long, and not everybody uses RDS

    state = backend(call)
    managed = settings["ManageMasterUserPassword"]
    given = {"engine": AURORA, "engine_version": settings["EngineVersion"], "tags": tags}
    given |= {"master_username": settings["MasterUsername"], "manage_master_user_password": managed}
    given |= {"master_user_secret_kms_key_id": settings.get("MasterUserSecretKmsKeyId")}
    # No call ever shows it, and what is restored has one that nobody told.
    given |= {"master_user_password": call.parameters.get("MasterUserPassword") or "unknown-unknown"}
    cluster = DBCluster(state, db_cluster_identifier=identifier, **given)
    cluster.db_cluster_resource_id = "cluster-" + "".join(mock_random.choices(UNIQUE, k=26))
    cluster.sandbox_settings, cluster.sandbox_pending, cluster.sandbox_applying = settings, {}, {}
    cluster.sandbox_writer, cluster.sandbox_endpoints, cluster.sandbox_subnets = None, {}, []
    cluster.sandbox_parameter_status, cluster.sandbox_created = "in-sync", datetime.now(timezone.utc)
    state.clusters[identifier.lower()] = cluster
    if managed:
        fill_secret(cluster)
    begin(cluster, "creating", delay)
    return cluster


def begin(cluster, status, delay):
    """Let something begin that takes its time."""
    change_status(cluster, status, delay)  # moto's own status, which its other calls ask for
    cluster.sandbox_status = status


@before("rds")
def settle_clusters(call):
    """Let what has taken its time be done."""
    state = backend(call, "rds")
    for cluster in clusters(state):
        if cluster.sandbox_status in FINISH and delays.is_past(cluster.sandbox_ready_at):
            FINISH[cluster.sandbox_status](call, cluster)
        _choose_writer(state, cluster)
    for snapshot in state.cluster_snapshots.values():
        if snapshot.status == "creating" and delays.is_past(snapshot.sandbox_ready_at):
            snapshot.status = "available"


def _choose_writer(state, cluster):
    """The first member writes; when the writer goes, the one that is to be promoted first."""
    members = [member for member in members_of(state, cluster) if member.status != "deleting"]
    if cluster.sandbox_writer not in [member.db_instance_identifier for member in members]:
        ordered = sorted(members, key=lambda member: member.sandbox_settings["PromotionTier"])
        cluster.sandbox_writer = ordered[0].db_instance_identifier if ordered else None


def _finish(status, category, message):
    def finish(call, cluster):
        cluster.sandbox_status = cluster.status = status
        _export_logs(call, cluster)
        note(call, cluster.db_cluster_identifier, "db-cluster", category, message)

    return finish


def _finish_modification(call, cluster):
    wanted, state = cluster.sandbox_applying, backend(call, "rds")
    cluster.sandbox_applying = {}
    renamed = wanted.pop("DBClusterIdentifier", None)
    members = members_of(state, cluster)
    if renamed:
        state.clusters[renamed] = state.clusters.pop(cluster.db_cluster_identifier)
        cluster.db_cluster_identifier = renamed
    cluster.sandbox_settings.update(wanted)
    for member in members:
        member.sandbox_settings.update(shared_settings(cluster))
        member.db_cluster_identifier = cluster.db_cluster_identifier
    _finish("available", "configuration change", "Finished applying modification to DB cluster")(call, cluster)


def _finish_failover(call, cluster):
    cluster.sandbox_writer = cluster.sandbox_target
    message = f"Completed failover to DB instance: {cluster.sandbox_target}"
    _finish("available", "failover", message)(call, cluster)


def _finish_deletion(call, cluster):
    if cluster.sandbox_settings["ManageMasterUserPassword"]:
        cluster.master_user_secret.delete_secret()
    del backend(call, "rds").clusters[cluster.db_cluster_identifier]
    note(call, cluster.db_cluster_identifier, "db-cluster", "deletion", "DB cluster deleted")


FINISH = {
    "creating": _finish("available", "creation", "DB cluster created"),
    "starting": _finish("available", "notification", "DB cluster started"),
    "stopping": _finish("stopped", "notification", "DB cluster stopped"),
    "modifying": _finish_modification,
    "failing-over": _finish_failover,
    "deleting": _finish_deletion,
}


def _export_logs(call, cluster):
    groups = backend(call, "logs")
    for kind in cluster.sandbox_settings["EnableCloudwatchLogsExports"]:
        name = f"/aws/rds/cluster/{cluster.db_cluster_identifier}/{kind}"
        if name not in groups.groups:
            groups.create_log_group(name, {})


def shared_settings(cluster):
    """What the members of a cluster have from it."""
    names = (
        "BackupRetentionPeriod", "DBSubnetGroupName", "EnableIAMDatabaseAuthentication", "Engine", "EngineVersion",
        "KmsKeyId", "MasterUsername", "NetworkType", "Port", "PreferredBackupWindow", "StorageEncrypted",
        "VpcSecurityGroupIds",
    )  # fmt: skip
    shared = {name: cluster.sandbox_settings.get(name) for name in names}
    return shared | {"DBClusterIdentifier": cluster.db_cluster_identifier}


def cluster_view(call, cluster):
    """A cluster as AWS describes it."""
    settings, state, name = cluster.sandbox_settings, backend(call, "rds"), cluster.db_cluster_identifier
    found = {member: settings.get(member) for member in DESCRIBED}
    found |= {seen: settings[member] for member, seen in RENAMED.items()}
    found = {member: value for member, value in found.items() if value is not None}
    members, zones = members_of(state, cluster), state.subnet_groups[settings["DBSubnetGroupName"]].subnets
    address = f"c{cluster.account_id[:10]}x.{cluster.region}.rds.amazonaws.com"
    found |= {
        "DBClusterIdentifier": name,
        "DBClusterArn": cluster.arn,
        "DbClusterResourceId": cluster.db_cluster_resource_id,
        "Status": cluster.sandbox_status,
        "ClusterCreateTime": cluster.sandbox_created,
        "EarliestRestorableTime": cluster.sandbox_created,
        "LatestRestorableTime": max(cluster.sandbox_created, datetime.now(timezone.utc) - timedelta(minutes=5)),
        "AvailabilityZones": sorted({zone["SubnetAvailabilityZone"]["Name"] for zone in zones}),
        "MultiAZ": len({member.sandbox_zones[0] for member in members}) > 1,
        "Endpoint": f"{name}.cluster-{address}",
        "ReaderEndpoint": f"{name}.cluster-ro-{address}",
        "CustomEndpoints": [endpoint["Endpoint"] for endpoint in cluster.sandbox_endpoints.values()],
        "HostedZoneId": "Z1RLNUO7B9Q6NB",
        "DBClusterMembers": [_member_view(cluster, member) for member in members],
        "VpcSecurityGroups": [
            {"VpcSecurityGroupId": number, "Status": "active"} for number in settings["VpcSecurityGroupIds"]
        ],
        "ReadReplicaIdentifiers": [],
        "AssociatedRoles": [],
        "DomainMemberships": [],
        "CrossAccountClone": False,
        "ActivityStreamStatus": "stopped",
        "TagList": cluster.tags,
    }
    if settings["ManageMasterUserPassword"]:
        found["MasterUserSecret"] = secret_view(call, cluster)
    pending = cluster.sandbox_pending | cluster.sandbox_applying
    if "EngineVersion" in pending:
        found["PendingModifiedValues"] = {"EngineVersion": pending["EngineVersion"]}
    return found


def _member_view(cluster, member):
    return {
        "DBInstanceIdentifier": member.db_instance_identifier,
        "IsClusterWriter": member.db_instance_identifier == cluster.sandbox_writer,
        "DBClusterParameterGroupStatus": cluster.sandbox_parameter_status,
        "PromotionTier": member.sandbox_settings["PromotionTier"],
    }
