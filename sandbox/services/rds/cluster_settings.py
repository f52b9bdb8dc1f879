# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of a cluster: what a call asks for, what AWS fills in, and what it refuses."""

from ...errors import AwsError
from .. import backend
from .catalog import AURORA, family_of
from .cluster_parameters import require_cluster_group
from .parameters import check_name
from .rules import check_cluster, clash, invalid, key_arn
from .subnets import default_subnet_group, require_subnet_group

TAKEN = {
    "AutoMinorVersionUpgrade", "BackupRetentionPeriod", "CopyTagsToSnapshot", "DBClusterParameterGroupName",
    "DatabaseInsightsMode", "DatabaseName", "DeletionProtection", "EnableCloudwatchLogsExports", "EnableHttpEndpoint",
    "EnableIAMDatabaseAuthentication", "EnablePerformanceInsights", "EngineLifecycleSupport", "KmsKeyId",
    "ManageMasterUserPassword", "MasterUserSecretKmsKeyId", "MasterUsername", "MonitoringInterval",
    "MonitoringRoleArn", "NetworkType", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod", "Port",
    "PreferredBackupWindow", "PreferredMaintenanceWindow", "ServerlessV2ScalingConfiguration", "StorageEncrypted",
    "StorageType",
}  # fmt: skip
MOST_CAPACITY = 256
STORAGE_TYPES = ("aurora", "aurora-iopt1")


def refuse_taken_cluster(call, identifier):
    """Identifiers are unique whatever their case."""
    check_name("DBClusterIdentifier", identifier, 63)
    if identifier in backend(call).clusters:
        raise AwsError("DBClusterAlreadyExistsFault", f"DB Cluster {identifier} already exists")


def complete_cluster(call, settings):
    """Put what a call asks for into settings, fill in what depends on it, and refuse what AWS refuses."""
    parameters, state, network = call.parameters, backend(call), backend(call, "ec2")
    settings |= {name: parameters[name] for name in TAKEN if parameters.get(name) not in (None, [], {})}
    named = parameters.get("DBSubnetGroupName") or settings.get("DBSubnetGroupName")
    group = require_subnet_group(state, named) if named else default_subnet_group(call)
    settings["DBSubnetGroupName"] = group.name
    groups = parameters.get("VpcSecurityGroupIds") or settings.get("VpcSecurityGroupIds")
    settings["VpcSecurityGroupIds"] = groups or [network.get_default_security_group(group.vpc_id).id]
    if settings["StorageEncrypted"] and not settings.get("KmsKeyId"):
        settings["KmsKeyId"] = key_arn(call, "alias/aws/rds")
    if settings["EnablePerformanceInsights"]:
        settings.setdefault("PerformanceInsightsKMSKeyId", key_arn(call, "alias/aws/rds"))
        settings.setdefault("PerformanceInsightsRetentionPeriod", 7)
    check_settings(call, settings)


def check_settings(call, settings):
    """Refuse settings of a cluster that AWS refuses."""
    family = family_of(settings["EngineVersion"], AURORA)
    settings["DBClusterParameterGroupName"] = settings["DBClusterParameterGroupName"].lower()
    group = require_cluster_group(backend(call), settings["DBClusterParameterGroupName"])
    if group.family != family:
        message = f"The parameter group {group.name} with DBParameterGroupFamily {group.family} can't be used for this"
        raise clash(f"{message} cluster. Please use a parameter group with DBParameterGroupFamily {family}")
    if settings["StorageType"] not in STORAGE_TYPES:
        raise clash(f"Invalid storage type for {AURORA}: {settings['StorageType']}")
    _check_capacity(settings.get("ServerlessV2ScalingConfiguration"))
    check_cluster(call, settings)


def _check_capacity(scaling):
    if not scaling:
        return
    low, high = scaling.get("MinCapacity"), scaling.get("MaxCapacity")
    if low is None or high is None:
        raise clash("MinCapacity and MaxCapacity must both be specified for the Serverless v2 scaling configuration.")
    if not 0 <= low <= high or not 1 <= high <= MOST_CAPACITY or (low * 2) % 1 or (high * 2) % 1:
        message = f"Serverless v2 capacity is between 0 and {MOST_CAPACITY} ACUs in steps of 0.5, at least 1 at most"
        raise invalid(f"{message}, not {low} to {high}.")
