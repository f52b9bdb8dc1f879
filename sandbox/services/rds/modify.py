# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of an instance: what applies at once, and what waits for the maintenance window."""

from ...errors import AwsError
from .. import answer, backend
from .catalog import family_of, full_version, major_of, number_of
from .cluster_members import modify_member
from .instances import (
    change_status,
    fill_secret,
    instances,
    is_member,
    refuse_taken,
    require_instance,
    require_status,
)
from .rules import (
    GP3_STRIPED,
    check_password,
    check_performance,
    check_settings,
    clash,
    complete_storage,
    invalid,
    key_arn,
)
from .views import view

# What waits for the maintenance window unless it is to apply immediately.
DEFERRED = {
    "AllocatedStorage", "CACertificateIdentifier", "DBInstanceClass", "DBInstanceIdentifier", "DBSubnetGroupName",
    "DedicatedLogVolume", "EnableIAMDatabaseAuthentication", "EngineVersion", "Iops", "LicenseModel", "MultiAZ",
    "OptionGroupName", "Port", "StorageThroughput", "StorageType",
}  # fmt: skip
AT_ONCE = {
    "AutoMinorVersionUpgrade", "BackupRetentionPeriod", "CopyTagsToSnapshot", "DBParameterGroupName",
    "DatabaseInsightsMode", "DeletionProtection", "EnablePerformanceInsights", "EngineLifecycleSupport",
    "MaxAllocatedStorage", "MonitoringInterval", "MonitoringRoleArn", "NetworkType", "PerformanceInsightsKMSKeyId",
    "PerformanceInsightsRetentionPeriod", "PreferredBackupWindow", "PreferredMaintenanceWindow",
    "PubliclyAccessible", "VpcSecurityGroupIds",
}  # fmt: skip
QUIET = {
    "AutoMinorVersionUpgrade", "CopyTagsToSnapshot", "DeletionProtection", "MaxAllocatedStorage",
    "PreferredBackupWindow", "PreferredMaintenanceWindow",
}  # fmt: skip
HIDDEN = "****"


@answer("rds", "ModifyDBInstance")
def modify_instance(call):
    """moto sets attributes; AWS checks, compares, and lets some changes wait."""
    parameters, state = call.parameters, backend(call)
    database = require_instance(state, parameters["DBInstanceIdentifier"])
    if database is None:
        return None
    require_status(database, "available")
    if is_member(database):
        return modify_member(call, database)
    settings = database.sandbox_settings
    wanted = _wanted(call, database)
    merged = settings | database.sandbox_pending | wanted
    _check(call, database, merged, wanted)
    changed = {name: merged[name] for name in merged if merged[name] != settings.get(name)}
    for name in wanted:
        database.sandbox_pending.pop(name, None)
    now = {name: value for name, value in changed.items() if not _waits(name, value, settings, parameters)}
    database.sandbox_pending |= {name: value for name, value in changed.items() if name not in now}
    if parameters.get("ApplyImmediately"):
        database.sandbox_pending = {}
    _apply(call, database, now)
    return {"DBInstance": view(call, database)}


def _waits(name, value, settings, parameters):
    if parameters.get("ApplyImmediately"):
        return False
    # Backups that begin or end need an outage, another number of days does not.
    return name in DEFERRED or (name == "BackupRetentionPeriod" and not (value and settings[name]))


def _apply(call, database, now):
    settings = database.sandbox_settings
    quiet = {name: now.pop(name) for name in QUIET & set(now)}
    settings |= quiet
    if settings.get("MaxAllocatedStorage") == settings["AllocatedStorage"]:
        settings["MaxAllocatedStorage"] = None  # AWS: equal to what is allocated ends autoscaling
    _apply_credentials(call, database, now)
    if "DBParameterGroupName" in now:
        database.sandbox_parameter_status = "pending-reboot"
    if now:
        database.sandbox_applying = now
        change_status(database, "modifying", "db-instance-modify")


def _apply_credentials(call, database, now):
    parameters, settings = call.parameters, database.sandbox_settings
    managed = parameters.get("ManageMasterUserPassword")
    if parameters.get("MasterUserPassword"):
        database.master_user_password = parameters["MasterUserPassword"]
        now["MasterUserPassword"] = HIDDEN
    if managed is not None and managed != settings["ManageMasterUserPassword"]:
        database.update(managed, parameters.get("MasterUserSecretKmsKeyId"))
        settings["ManageMasterUserPassword"] = managed
        now["MasterUserPassword"] = HIDDEN
        if managed:
            fill_secret(database)
    if parameters.get("RotateMasterUserPassword"):
        fill_secret(database)
        now["MasterUserPassword"] = HIDDEN


def _wanted(call, database):
    """What a call asks for, in the words of the settings."""
    parameters, settings = call.parameters, database.sandbox_settings
    wanted = {name: parameters[name] for name in DEFERRED | AT_ONCE if parameters.get(name) not in (None, [])}
    if parameters.get("DBPortNumber"):
        wanted["Port"] = parameters["DBPortNumber"]
    wanted.pop("DBInstanceIdentifier", None)
    if parameters.get("NewDBInstanceIdentifier"):
        refuse_taken(call, parameters["NewDBInstanceIdentifier"])
        wanted["DBInstanceIdentifier"] = parameters["NewDBInstanceIdentifier"].lower()
    if wanted.get("EngineVersion"):
        wanted["EngineVersion"] = full_version(wanted["EngineVersion"])
    if wanted.get("DBParameterGroupName"):
        wanted["DBParameterGroupName"] = wanted["DBParameterGroupName"].lower()
    if wanted.get("MonitoringInterval") == 0:
        wanted["MonitoringRoleArn"] = None
    exports = parameters.get("CloudwatchLogsExportConfiguration") or {}
    if exports:
        current = settings["EnableCloudwatchLogsExports"] + (exports.get("EnableLogTypes") or [])
        gone = exports.get("DisableLogTypes") or []
        wanted["EnableCloudwatchLogsExports"] = sorted({name for name in current if name not in gone})
    return wanted | _insights(call, settings, wanted)


def _insights(call, settings, wanted):
    """Performance Insights brings its key and retention, and takes them away."""
    if wanted.get("EnablePerformanceInsights") is False:
        return {"PerformanceInsightsRetentionPeriod": None, "PerformanceInsightsKMSKeyId": None}
    if not wanted.get("EnablePerformanceInsights") or settings["EnablePerformanceInsights"]:
        return {}
    usual = {"PerformanceInsightsRetentionPeriod": 7, "PerformanceInsightsKMSKeyId": key_arn(call, "alias/aws/rds")}
    return {name: wanted.get(name, value) for name, value in usual.items()}


def _check(call, database, merged, wanted):
    settings = database.sandbox_settings
    _check_version(settings, merged, wanted, call.parameters)
    _check_storage(settings, merged, wanted, call.parameters)
    _check_credentials(call, database)
    if merged.get("MaxAllocatedStorage") and merged["MaxAllocatedStorage"] < merged["AllocatedStorage"]:
        raise clash("Max storage size must be greater than storage size")
    check_settings(call, merged)


def _check_version(settings, merged, wanted, parameters):
    current, version = settings["EngineVersion"], merged["EngineVersion"]
    if number_of(version) < number_of(current):
        raise clash(f"Cannot upgrade postgres from {current} to {version}")
    if major_of(version) == major_of(current):
        return
    if not parameters.get("AllowMajorVersionUpgrade"):
        raise clash("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
    if settings["OptionGroupName"] == f"default:postgres-{major_of(current)}":
        merged["OptionGroupName"] = f"default:postgres-{major_of(version)}"
    if "DBParameterGroupName" in wanted:
        return
    if not settings["DBParameterGroupName"].startswith("default."):
        message = (
            f"Current Parameter Group ({settings['DBParameterGroupName']}) is non-default. You need to explicitly"
            " specify a new Parameter Group in this case (default or custom)"
        )
        raise clash(message)
    merged["DBParameterGroupName"] = f"default.{family_of(version)}"


def _check_storage(settings, merged, wanted, parameters):
    current, size = settings["AllocatedStorage"], merged["AllocatedStorage"]
    if size < current:
        raise clash(f"Invalid storage size: {size}. The storage of an instance cannot shrink below {current} GiB.")
    if size > current:
        merged["AllocatedStorage"] = max(size, -(-current * 11 // 10))  # AWS rounds up to 10 % more
    provisioned = settings["StorageType"] in ("io1", "io2") or (
        settings["StorageType"] == "gp3" and current >= GP3_STRIPED
    )
    if provisioned and size != current and not parameters.get("Iops"):
        message = (
            "You must specify both the storage size and iops when modifying the storage size or iops on a DB instance"
            " that has iops"
        )
        raise clash(message)
    check_performance(parameters, merged)
    if {"AllocatedStorage", "Iops", "StorageThroughput", "StorageType"} & set(wanted):
        complete_storage(merged, parameters)


def _check_credentials(call, database):
    parameters, settings = call.parameters, database.sandbox_settings
    managed = parameters.get("ManageMasterUserPassword")
    password = parameters.get("MasterUserPassword")
    name = database.db_instance_identifier
    if password:
        check_password(password)
    if password and (managed or (settings["ManageMasterUserPassword"] and managed is not False)):
        raise clash("You can't specify MasterUserPassword while ManageMasterUserPassword is enabled.")
    if managed is False and settings["ManageMasterUserPassword"] and not password:
        raise invalid("You must specify MasterUserPassword when you disable ManageMasterUserPassword.")
    if (password or managed) and database.sandbox_source:
        message = (
            "Cannot change master user password on an RDS postgres Read Replica because it uses physical replication"
            " and therefore cannot differ from its parent."
        )
        raise clash(message)
    if managed and any(replica.sandbox_source == name for replica in instances(backend(call))):
        raise AwsError("InvalidParameterValue", "ManageMasterUserPassword isn't supported for a source of replicas.")
    if parameters.get("RotateMasterUserPassword") and not parameters.get("ApplyImmediately"):
        raise clash("You must specify apply immediately when rotating the master user password.")
    if parameters.get("RotateMasterUserPassword") and not settings["ManageMasterUserPassword"]:
        raise clash("You can't rotate the master user password unless ManageMasterUserPassword is enabled.")
