# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The instances of an Aurora cluster, which have most of their settings from it."""

from ...errors import AwsError
from .. import answer, backend
from .catalog import AURORA, AURORA_CLASSES, SERVERLESS, family_of
from .clusters import (
    begin,
    cluster_view,
    members_of,
    require_available,
    require_cluster,
    shared_settings,
)
from .instances import change_status, default_settings, refuse_taken, start_instance
from .parameters import check_name
from .rules import check_member, clash, invalid, key_arn
from .views import view

OWN = {
    "AutoMinorVersionUpgrade", "AvailabilityZone", "CACertificateIdentifier", "CopyTagsToSnapshot", "DBInstanceClass",
    "EnablePerformanceInsights", "MonitoringInterval", "MonitoringRoleArn", "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod", "PreferredMaintenanceWindow", "PromotionTier", "PubliclyAccessible",
    "DBParameterGroupName",
}  # fmt: skip
OF_CLUSTER = {
    "BackupRetentionPeriod": "backup retention period", "DBName": "database name", "KmsKeyId": "KMS key",
    "ManageMasterUserPassword": "master user password", "MasterUserPassword": "master user password",
    "MasterUsername": "master user name", "PreferredBackupWindow": "backup window",
    "StorageEncrypted": "storage encryption", "VpcSecurityGroupIds": "VPC security groups",
}  # fmt: skip
HIGHEST_TIER = 15
QUIET = {"AutoMinorVersionUpgrade", "CopyTagsToSnapshot", "PreferredMaintenanceWindow", "PromotionTier"}


def create_member(call):
    """A new instance in a cluster."""
    parameters = call.parameters
    check_name("DBInstanceIdentifier", parameters["DBInstanceIdentifier"], 63)
    refuse_taken(call, parameters["DBInstanceIdentifier"])
    if not parameters.get("DBClusterIdentifier"):
        raise invalid(f"DBClusterIdentifier must be provided for an instance of {AURORA}.")
    cluster = require_cluster(backend(call), parameters["DBClusterIdentifier"])
    if cluster is None:
        raise clash(f"The engine of the cluster is not {AURORA}.")
    require_available(cluster, "creating", "modifying")
    _refuse_settings_of_cluster(cluster, parameters)
    settings = _settings(call, cluster)
    tags = parameters.get("Tags") or []
    member = start_instance(call, parameters["DBInstanceIdentifier"], settings, tags)
    cluster.sandbox_writer = cluster.sandbox_writer or member.db_instance_identifier
    return {"DBInstance": view(call, member)}


def _refuse_settings_of_cluster(cluster, parameters):
    for name, words in OF_CLUSTER.items():
        if parameters.get(name) not in (None, [], cluster.sandbox_settings.get(name)):
            raise clash(f"The requested DB Instance will be a member of a DB Cluster. Set {words} for the DB Cluster.")
    version, present = parameters.get("EngineVersion"), cluster.sandbox_settings["EngineVersion"]
    if version and version not in (present, present.split(".")[0]):
        raise clash(
            "The engine version that you requested for your DB instance does not match that of your DB cluster."
        )


def _settings(call, cluster):
    parameters, state = call.parameters, backend(call)
    version = cluster.sandbox_settings["EngineVersion"]
    settings = default_settings(version) | shared_settings(cluster)
    settings |= {"StorageType": "aurora", "AllocatedStorage": 1, "PromotionTier": 1, "PubliclyAccessible": False}
    settings |= {"DBParameterGroupName": f"default.{family_of(version, AURORA)}"}
    settings |= {"OptionGroupName": f"default:{AURORA}-{version.split('.')[0]}"}
    settings |= {"AvailabilityZone": _next_zone(state, cluster)}
    settings |= {name: parameters[name] for name in OWN if parameters.get(name) is not None}
    _complete(call, cluster, settings)
    return settings


def _next_zone(state, cluster):
    """The zone that has the fewest members."""
    group = state.subnet_groups[cluster.sandbox_settings["DBSubnetGroupName"]]
    used = [member.sandbox_zones[0] for member in members_of(state, cluster)]
    return min(sorted({subnet.availability_zone for subnet in group._subnets}), key=used.count)


def _complete(call, cluster, settings):
    settings["DBParameterGroupName"] = settings["DBParameterGroupName"].lower()
    _check_class(cluster, settings["DBInstanceClass"])
    if not 0 <= settings["PromotionTier"] <= HIGHEST_TIER:
        raise invalid(f"Invalid PromotionTier: {settings['PromotionTier']}. Must be between 0 and {HIGHEST_TIER}.")
    if settings["EnablePerformanceInsights"]:
        settings.setdefault("PerformanceInsightsKMSKeyId", key_arn(call, "alias/aws/rds"))
        settings.setdefault("PerformanceInsightsRetentionPeriod", 7)
    check_member(call, settings)


def _check_class(cluster, name):
    if name not in AURORA_CLASSES:
        version = cluster.sandbox_settings["EngineVersion"]
        message = "RDS does not support creating a DB instance with the following combination:"
        raise clash(f"{message} DBInstanceClass={name}, Engine={AURORA}, EngineVersion={version}.")
    if name == SERVERLESS and not cluster.sandbox_settings.get("ServerlessV2ScalingConfiguration"):
        message = "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2"
        raise clash(f"{message} DB instance.")


def modify_member(call, member):
    """Changes of an instance of a cluster; most of its settings are changed with the cluster."""
    parameters, settings = call.parameters, member.sandbox_settings
    cluster = require_cluster(backend(call), settings["DBClusterIdentifier"])
    for name, words in OF_CLUSTER.items():
        if parameters.get(name) not in (None, []):
            raise clash(f"The DB Instance is a member of a DB Cluster. Modify {words} for the DB Cluster.")
    wanted = {name: parameters[name] for name in OWN - {"AvailabilityZone"} if parameters.get(name) is not None}
    if wanted.get("EnablePerformanceInsights") is False:
        wanted |= {"PerformanceInsightsKMSKeyId": None, "PerformanceInsightsRetentionPeriod": None}
    if wanted.get("MonitoringInterval") == 0:
        wanted["MonitoringRoleArn"] = None
    merged = settings | wanted
    _complete(call, cluster, merged)
    changed = {name: value for name, value in merged.items() if settings.get(name) != value}
    if "DBInstanceClass" in changed and not parameters.get("ApplyImmediately"):
        member.sandbox_pending["DBInstanceClass"] = changed.pop("DBInstanceClass")
    if parameters.get("ApplyImmediately"):
        changed, member.sandbox_pending = member.sandbox_pending | changed, {}
    if "DBParameterGroupName" in changed:
        member.sandbox_parameter_status = "pending-reboot"
    settings |= {name: changed.pop(name) for name in QUIET & set(changed)}
    if changed:
        member.sandbox_applying = changed
        change_status(member, "modifying", "db-instance-modify")
    return {"DBInstance": view(call, member)}


def delete_member(call, member):
    """The storage, and with it the data, is the cluster's, so there is no final snapshot."""
    if call.parameters.get("FinalDBSnapshotIdentifier"):
        raise clash("FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance.")
    change_status(member, "deleting", "db-instance-delete")
    return {"DBInstance": view(call, member)}


@answer("rds", "FailoverDBCluster")
def fail_over(call):
    """A reader becomes the writer: the wanted one, or the one that is to be promoted first."""
    state, target = backend(call), call.parameters.get("TargetDBInstanceIdentifier")
    cluster = require_cluster(state, call.parameters["DBClusterIdentifier"])
    if cluster is None:
        return None
    require_available(cluster)
    members = sorted(members_of(state, cluster), key=lambda member: member.sandbox_settings["PromotionTier"])
    readers = [member.db_instance_identifier for member in members if member.status == "available"]
    readers = [name for name in readers if name != cluster.sandbox_writer]
    if not readers:
        raise AwsError("InvalidDBClusterStateFault", "A failover needs a cluster with at least two instances.")
    if target and target.lower() not in readers:
        raise invalid(f"{target} is no reader of the cluster {cluster.db_cluster_identifier}.")
    cluster.sandbox_target = target.lower() if target else readers[0]
    begin(cluster, "failing-over", "db-cluster-failover")
    return {"DBCluster": cluster_view(call, cluster)}
