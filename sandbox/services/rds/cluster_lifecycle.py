# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters: creation, description, changes, stops and deletion."""

from ...errors import AwsError
from .. import answer, backend, check, correct
from .catalog import AURORA, family_of, full_version, major_of, number_of, page_of
from .cluster_copies import take_cluster_snapshot
from .cluster_settings import TAKEN, check_settings, complete_cluster, refuse_taken_cluster
from .clusters import (
    begin,
    cluster_view,
    clusters,
    default_settings,
    members_of,
    require_available,
    require_cluster,
    start_cluster,
)
from .instances import dress_interfaces, fill_secret
from .lifecycle import check_credentials, check_final
from .rules import check_password, clash, invalid, key_arn

CHANGED = (TAKEN - {"DatabaseName", "KmsKeyId", "ManageMasterUserPassword", "MasterUserSecretKmsKeyId"}) - {
    "MasterUsername", "StorageEncrypted",
}  # fmt: skip


@answer("rds", "CreateDBCluster")
def create_cluster(call):
    """Clusters of Aurora PostgreSQL are ours; moto has those of other engines."""
    parameters = call.parameters
    if parameters["Engine"] != AURORA:
        return None
    refuse_taken_cluster(call, parameters["DBClusterIdentifier"])
    check_credentials(parameters | {"DBName": parameters.get("DatabaseName")})
    settings = default_settings(full_version(parameters.get("EngineVersion"), AURORA))
    complete_cluster(call, settings)
    cluster = start_cluster(call, parameters["DBClusterIdentifier"], settings, parameters.get("Tags") or [])
    return {"DBCluster": cluster_view(call, cluster)}


@answer("rds", "DescribeDBClusters")
def describe_clusters(call):
    """Ours; moto describes those of other engines, where there are any."""
    parameters, state = call.parameters, backend(call)
    if len(clusters(state)) < len(state.clusters):
        return None
    name = parameters.get("DBClusterIdentifier")
    found = [require_cluster(state, name)] if name else clusters(state)
    filters = {item["Name"]: item["Values"] for item in parameters.get("Filters") or []}
    if "engine" in filters and AURORA not in filters["engine"]:
        found = []
    names = [value.split(":")[-1] for value in filters.get("db-cluster-id") or []]
    found = [cluster for cluster in found if not names or cluster.db_cluster_identifier in names]
    page, following = page_of(call, found)
    return {"DBClusters": [cluster_view(call, cluster) for cluster in page], **following}


@correct("rds", "DescribeDBClusters")
def describe_ours(call, parsed):
    """Ours among those of moto."""
    ours = {cluster.db_cluster_identifier: cluster for cluster in clusters(backend(call))}
    parsed["DBClusters"] = [
        cluster_view(call, ours[item["DBClusterIdentifier"]]) if item["DBClusterIdentifier"] in ours else item
        for item in parsed["DBClusters"]
    ]


@answer("rds", "ModifyDBCluster")
def modify_cluster(call):
    """A new version waits for the maintenance window unless it is to apply immediately."""
    parameters, state = call.parameters, backend(call)
    cluster = require_cluster(state, parameters["DBClusterIdentifier"])
    if cluster is None:
        return None
    require_available(cluster)
    wanted = _wanted(call, cluster)
    merged = cluster.sandbox_settings | wanted
    _check_version(cluster, merged, wanted, parameters)
    check_settings(call, merged)
    _check_password(cluster, parameters)
    changed = {name: value for name, value in merged.items() if cluster.sandbox_settings.get(name) != value}
    if parameters.get("NewDBClusterIdentifier"):
        refuse_taken_cluster(call, parameters["NewDBClusterIdentifier"])
        changed["DBClusterIdentifier"] = parameters["NewDBClusterIdentifier"].lower()
    _apply(call, cluster, changed)
    return {"DBCluster": cluster_view(call, cluster)}


def _wanted(call, cluster):
    parameters, settings = call.parameters, cluster.sandbox_settings
    wanted = {name: parameters[name] for name in CHANGED if parameters.get(name) not in (None, [], {})}
    if parameters.get("VpcSecurityGroupIds"):
        wanted["VpcSecurityGroupIds"] = parameters["VpcSecurityGroupIds"]
    if parameters.get("EngineVersion"):
        wanted["EngineVersion"] = full_version(parameters["EngineVersion"], AURORA)
    if wanted.get("ServerlessV2ScalingConfiguration"):
        present = settings.get("ServerlessV2ScalingConfiguration") or {}
        wanted["ServerlessV2ScalingConfiguration"] = present | wanted["ServerlessV2ScalingConfiguration"]
    if wanted.get("EnablePerformanceInsights"):
        wanted.setdefault("PerformanceInsightsKMSKeyId", key_arn(call, "alias/aws/rds"))
        wanted.setdefault("PerformanceInsightsRetentionPeriod", 7)
    exports = parameters.get("CloudwatchLogsExportConfiguration") or {}
    if exports:
        logs = settings["EnableCloudwatchLogsExports"] + (exports.get("EnableLogTypes") or [])
        gone = exports.get("DisableLogTypes") or []
        wanted["EnableCloudwatchLogsExports"] = sorted({name for name in logs if name not in gone})
    return wanted


def _check_version(cluster, merged, wanted, parameters):
    current, version = cluster.sandbox_settings["EngineVersion"], merged["EngineVersion"]
    if number_of(version) < number_of(current):
        raise clash(f"Cannot upgrade {AURORA} from {current} to {version}")
    if major_of(version) == major_of(current):
        return
    if not parameters.get("AllowMajorVersionUpgrade"):
        raise clash("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
    if "DBClusterParameterGroupName" not in wanted:
        merged["DBClusterParameterGroupName"] = f"default.{family_of(version, AURORA)}"


def _check_password(cluster, parameters):
    password, managed = parameters.get("MasterUserPassword"), parameters.get("ManageMasterUserPassword")
    present = cluster.sandbox_settings["ManageMasterUserPassword"]
    if password:
        check_password(password)
    if password and (managed or (present and managed is not False)):
        raise clash("You can't specify MasterUserPassword while ManageMasterUserPassword is enabled.")
    if managed is False and present and not password:
        raise invalid("You must specify MasterUserPassword when you disable ManageMasterUserPassword.")
    if parameters.get("RotateMasterUserPassword") and not (present and parameters.get("ApplyImmediately")):
        raise clash("Only a managed master user password is rotated, and only at once.")


def _apply(call, cluster, changed):
    parameters, settings = call.parameters, cluster.sandbox_settings
    managed = parameters.get("ManageMasterUserPassword")
    if managed is not None and managed != settings["ManageMasterUserPassword"]:
        _change_secret(cluster, managed, parameters.get("MasterUserSecretKmsKeyId"))
    elif parameters.get("RotateMasterUserPassword"):
        fill_secret(cluster)
    if parameters.get("ApplyImmediately"):
        changed, cluster.sandbox_pending = cluster.sandbox_pending | changed, {}
    elif "EngineVersion" in changed:
        names = {"EngineVersion", "DBClusterParameterGroupName"} & set(changed)
        cluster.sandbox_pending |= {name: changed.pop(name) for name in names}
    if "VpcSecurityGroupIds" in changed:
        for member in members_of(backend(call), cluster):
            member.sandbox_settings["VpcSecurityGroupIds"] = changed["VpcSecurityGroupIds"]
            dress_interfaces(backend(call, "ec2"), member)
    cluster.sandbox_applying = changed
    if changed:
        begin(cluster, "modifying", "db-cluster-modify")


def _change_secret(cluster, managed, key):
    from moto.rds.models import MasterUserSecret  # takes long, and not everybody uses RDS

    cluster.sandbox_settings["ManageMasterUserPassword"] = managed
    if managed:
        cluster.master_user_secret = MasterUserSecret(cluster, key)
        fill_secret(cluster)
    else:
        cluster.master_user_secret.delete_secret()


@answer("rds", "StopDBCluster")
def stop_cluster(call):
    """All members stop with their cluster."""
    return _switch(call, "available", "stopping")


@answer("rds", "StartDBCluster")
def start_stopped(call):
    """All members start with their cluster."""
    return _switch(call, "stopped", "starting")


def _switch(call, present, following):
    state = backend(call)
    cluster = require_cluster(state, call.parameters["DBClusterIdentifier"])
    if cluster is None:
        return None
    if cluster.sandbox_status != present:
        message = f"DbCluster {cluster.db_cluster_identifier} is in {cluster.sandbox_status} state, not in {present}."
        raise AwsError("InvalidDBClusterStateFault", message)
    begin(cluster, following, "db-cluster-stop")
    for member in members_of(state, cluster):
        member.status = {"stopping": "stopped", "starting": "available"}[following]
    return {"DBCluster": cluster_view(call, cluster)}


@answer("rds", "DeleteDBCluster")
def delete_cluster(call):
    """A cluster without members is deleting for a while, and its final snapshot is there from the beginning."""
    state, parameters = backend(call), call.parameters
    cluster = require_cluster(state, parameters["DBClusterIdentifier"])
    if cluster is None:
        return None
    final = parameters.get("FinalDBSnapshotIdentifier")
    check_final(parameters.get("SkipFinalSnapshot"), final)
    require_available(cluster, "stopped")
    if cluster.sandbox_settings["DeletionProtection"]:
        raise clash("Cannot delete protected Cluster, please disable deletion protection and try again.")
    if [member for member in members_of(state, cluster) if member.status != "deleting"]:
        message = "Cluster cannot be deleted, it still contains DB instances in non-deleting state."
        raise AwsError("InvalidDBClusterStateFault", message)
    if final:
        take_cluster_snapshot(call, cluster, final)
    begin(cluster, "deleting", "db-cluster-delete")
    return {"DBCluster": cluster_view(call, cluster)}


@check("rds", "StopDBInstance", "StartDBInstance")
def refuse_member(call):
    """Instances of a cluster stop and start with it."""
    database = backend(call).databases.get(call.parameters["DBInstanceIdentifier"])
    if database is not None and getattr(database, "sandbox_settings", {}).get("DBClusterIdentifier"):
        message = "Stopping and starting is for the cluster of an instance of Aurora."
        raise AwsError("InvalidDBClusterStateFault", message)
