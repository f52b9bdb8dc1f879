# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances: creation, description, restart and deletion."""

from ...errors import AwsError
from .. import answer, backend, correct
from .catalog import AURORA, ENGINE, full_version
from .cluster_members import create_member, delete_member
from .instances import (
    change_status,
    default_settings,
    instances,
    is_member,
    refuse_taken,
    require_instance,
    require_status,
    start_instance,
    take_snapshot,
)
from .rules import (
    check_names,
    check_password,
    check_performance,
    check_settings,
    clash,
    complete_storage,
    has_gateway,
    invalid,
    key_arn,
)
from .subnets import default_subnet_group, require_subnet_group
from .views import view

# In the settings under these names, as they come in a call that makes an instance.
TAKEN = {
    "AllocatedStorage", "AutoMinorVersionUpgrade", "AvailabilityZone", "BackupRetentionPeriod",
    "CACertificateIdentifier", "CopyTagsToSnapshot", "DBInstanceClass", "DBName", "DatabaseInsightsMode",
    "DedicatedLogVolume", "DeletionProtection", "EnableCloudwatchLogsExports", "EnableIAMDatabaseAuthentication",
    "EnablePerformanceInsights", "EngineLifecycleSupport", "Iops", "KmsKeyId", "LicenseModel",
    "ManageMasterUserPassword", "MasterUserSecretKmsKeyId", "MasterUsername", "MaxAllocatedStorage",
    "MonitoringInterval", "MonitoringRoleArn", "MultiAZ", "NetworkType", "OptionGroupName",
    "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod", "Port", "PreferredBackupWindow",
    "PreferredMaintenanceWindow", "PubliclyAccessible", "StorageEncrypted", "StorageThroughput", "StorageType",
}  # fmt: skip


@answer("rds", "CreateDBInstance")
def create_instance(call):
    """Instances of PostgreSQL and Aurora PostgreSQL are ours; moto has those of other engines."""
    parameters = call.parameters
    if parameters.get("Engine") == AURORA:
        return create_member(call)
    if parameters.get("Engine") != ENGINE or parameters.get("DBClusterIdentifier"):
        return None
    refuse_taken(call, parameters["DBInstanceIdentifier"])
    check_credentials(parameters)
    if not parameters.get("AllocatedStorage"):
        raise invalid("The parameter AllocatedStorage must be provided and must not be blank.")
    settings = default_settings(full_version(parameters.get("EngineVersion")))
    settings |= {"StorageType": "io1" if parameters.get("Iops") else "gp2"}
    complete(call, settings, parameters)
    database = start_instance(call, parameters["DBInstanceIdentifier"], settings, parameters.get("Tags") or [])
    return {"DBInstance": view(call, database)}


def complete(call, settings, parameters):
    """Put what a call asks for into settings, fill in what depends on it, and refuse what AWS refuses."""
    settings |= {name: parameters[name] for name in TAKEN if parameters.get(name) not in (None, [])}
    if parameters.get("DBParameterGroupName"):
        settings["DBParameterGroupName"] = parameters["DBParameterGroupName"].lower()
    check_performance(parameters, settings)
    complete_storage(settings, parameters)
    _complete_network(call, settings, parameters)
    _complete_keys(call, settings)
    maximum = settings.get("MaxAllocatedStorage")
    if maximum and maximum <= settings["AllocatedStorage"]:
        raise clash("Max storage size must be greater than storage size")
    check_settings(call, settings)


def _complete_network(call, settings, parameters):
    state, network = backend(call), backend(call, "ec2")
    named = parameters.get("DBSubnetGroupName") or settings.get("DBSubnetGroupName")
    group = require_subnet_group(state, named) if named else default_subnet_group(call)
    settings["DBSubnetGroupName"] = group.name
    groups = parameters.get("VpcSecurityGroupIds") or settings.get("VpcSecurityGroupIds")
    if not groups:
        groups = [network.get_default_security_group(group.vpc_id).id]
    settings["VpcSecurityGroupIds"] = list(dict.fromkeys(groups))
    settings.setdefault("PubliclyAccessible", has_gateway(network, group.vpc_id))


def _complete_keys(call, settings):
    if settings["StorageEncrypted"] and not settings.get("KmsKeyId"):
        settings["KmsKeyId"] = key_arn(call, "alias/aws/rds")
    if settings["EnablePerformanceInsights"]:
        settings.setdefault("PerformanceInsightsKMSKeyId", key_arn(call, "alias/aws/rds"))
        settings.setdefault("PerformanceInsightsRetentionPeriod", 7)


def check_credentials(parameters):
    """The rules for the master user of something new."""
    check_names(parameters)
    password = parameters.get("MasterUserPassword")
    if parameters.get("ManageMasterUserPassword"):
        if password:
            raise clash("You can't specify MasterUserPassword while ManageMasterUserPassword is enabled.")
        return
    if parameters.get("MasterUserSecretKmsKeyId"):
        raise clash("You can't specify MasterUserSecretKmsKeyId unless ManageMasterUserPassword is enabled.")
    if not password:
        raise invalid("The parameter MasterUserPassword must be provided and must not be blank.")
    check_password(password)


@correct("rds", "DescribeDBInstances")
def describe_instances(call, parsed):
    """Ours instead of what moto makes of them."""
    ours = {database.db_instance_identifier: database for database in instances(backend(call))}
    parsed["DBInstances"] = [
        view(call, ours[item["DBInstanceIdentifier"]]) if item["DBInstanceIdentifier"] in ours else item
        for item in parsed["DBInstances"]
    ]


@correct("rds", "StartDBInstance", "StopDBInstance")
def describe_instance(call, parsed):
    """moto starts and stops well, but describes badly."""
    database = require_instance(backend(call), call.parameters["DBInstanceIdentifier"])
    if database is None:
        return False
    parsed["DBInstance"] = view(call, database)
    return True


@answer("rds", "RebootDBInstance")
def reboot_instance(call):
    """A restart takes what waits for one in the parameter group."""
    database = require_instance(backend(call), call.parameters["DBInstanceIdentifier"])
    if database is None:
        return None
    require_status(database, "available")
    if call.parameters.get("ForceFailover") and not database.sandbox_settings["MultiAZ"]:
        raise clash("Cannot reboot with failover: the instance is not in several zones.")
    change_status(database, "rebooting", "db-instance-modify")
    return {"DBInstance": view(call, database)}


@answer("rds", "DeleteDBInstance")
def delete_instance(call):
    """An instance is deleting for a while, and its final snapshot is there from the beginning."""
    state, parameters = backend(call), call.parameters
    database = require_instance(state, parameters["DBInstanceIdentifier"])
    if database is None:
        return None
    if is_member(database):
        return delete_member(call, database)
    final = parameters.get("FinalDBSnapshotIdentifier")
    check_final(parameters.get("SkipFinalSnapshot"), final)
    require_status(database, "available", "stopped")
    if database.sandbox_settings["DeletionProtection"]:
        message = "Cannot delete protected DB Instance, please disable deletion protection and try again."
        raise clash(message)
    if final:
        state.validate_db_snapshot_identifier(final, "FinalDBSnapshotIdentifier")
        refuse_taken_snapshot(state, final)
        take_snapshot(state, database, final)
    if parameters.get("DeleteAutomatedBackups") is not False:
        _forget_backups(state, database)
    change_status(database, "deleting", "db-instance-delete")
    return {"DBInstance": view(call, database)}


def refuse_taken_snapshot(state, name):
    """Names of snapshots are unique."""
    if name in state.database_snapshots:
        message = f"Cannot create the snapshot because a snapshot with the identifier {name} already exists."
        raise AwsError("DBSnapshotAlreadyExists", message)


def check_final(skip, final):
    """A deletion says whether there is to be a final snapshot."""
    if not skip and not final:
        message = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        raise clash(message)
    if skip and final:
        raise clash("FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is specified.")


def _forget_backups(state, database):
    for name, snapshot in list(state.database_snapshots.items()):
        if snapshot.snapshot_type == "automated" and snapshot.dbi_resource_id == database.dbi_resource_id:
            del state.database_snapshots[name]
