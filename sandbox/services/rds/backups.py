# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Automated backups of instances, and their copies in other regions."""

import hashlib
from datetime import datetime, timezone

from moto.backends import get_backend

from ...errors import AwsError
from .. import answer, backend
from .catalog import page_of
from .instances import is_member
from .rules import clash, invalid, key_arn


def _copies(state):
    """The backups that came from other regions, by their ARN."""
    return state.__dict__.setdefault("sandbox_backup_copies", {})


@answer("rds", "StartDBInstanceAutomatedBackupsReplication")
def start_replication(call):
    """The backups of an instance in another region are copied to the call's."""
    parameters = call.parameters
    arn = parameters["SourceDBInstanceArn"]
    region, name = arn.split(":")[3], arn.split(":")[-1]
    if region == call.region:
        raise clash("The source of the backups must be in another region.")
    database = get_backend("rds")[call.account][region].databases.get(name)
    if database is None or not hasattr(database, "sandbox_settings") or is_member(database):
        raise AwsError("DBInstanceNotFound", f"DBInstance {arn} not found.")
    settings = database.sandbox_settings
    if not settings["BackupRetentionPeriod"]:
        raise AwsError("InvalidDBInstanceState", f"Automated backups are not enabled for {name}.")
    if settings["StorageEncrypted"] and not parameters.get("KmsKeyId"):
        raise invalid("KmsKeyId is needed for the backups of an encrypted instance.")
    number = hashlib.md5(f"{arn}{call.region}".encode()).hexdigest()[:26]
    own = f"arn:aws:rds:{call.region}:{call.account}:auto-backup:ab-{number}"
    days = parameters.get("BackupRetentionPeriod") or 7
    view = _backup_view(database, own, region) | {"Status": "replicating", "BackupRetentionPeriod": days}
    if parameters.get("KmsKeyId"):
        view |= {"KmsKeyId": key_arn(call, parameters["KmsKeyId"])}
    _copies(backend(call))[own] = view
    return {"DBInstanceAutomatedBackup": view}


def _backup_view(database, own, region):
    settings = database.sandbox_settings
    names = (
        "AllocatedStorage", "BackupRetentionPeriod", "Engine", "EngineVersion", "Iops", "KmsKeyId", "LicenseModel",
        "MasterUsername", "OptionGroupName", "Port", "PreferredBackupWindow", "StorageThroughput", "StorageType",
    )  # fmt: skip
    now = datetime.now(timezone.utc)
    return {name: settings[name] for name in names if settings.get(name) is not None} | {
        "DBInstanceArn": database.arn,
        "DBInstanceIdentifier": database.db_instance_identifier,
        "DBInstanceAutomatedBackupsArn": own,
        "DbiResourceId": database.dbi_resource_id,
        "Region": region,
        "Status": "active",
        "Encrypted": settings["StorageEncrypted"],
        "InstanceCreateTime": database.sandbox_created,
        "RestoreWindow": {"EarliestTime": database.sandbox_created, "LatestTime": now},
        "BackupTarget": "region",
    }


@answer("rds", "StopDBInstanceAutomatedBackupsReplication")
def stop_replication(call):
    """What was copied goes with it."""
    arn, copies = call.parameters["SourceDBInstanceArn"], _copies(backend(call))
    for own, view in list(copies.items()):
        if view["DBInstanceArn"] == arn:
            return {"DBInstanceAutomatedBackup": copies.pop(own)}
    raise AwsError("DBInstanceNotFound", f"The backups of {arn} are not replicated to this region.")


@answer("rds", "DescribeDBInstanceAutomatedBackups")
def describe_backups(call):
    """Those of the region's instances, and those that came from elsewhere."""
    state, parameters = backend(call), call.parameters
    found = list(_copies(state).values())
    for database in state.databases.values():
        settings = getattr(database, "sandbox_settings", None)
        if settings and settings["BackupRetentionPeriod"] and not is_member(database) and database.sandbox_created:
            number = hashlib.md5(database.dbi_resource_id.encode()).hexdigest()[:26]
            own = f"arn:aws:rds:{call.region}:{call.account}:auto-backup:ab-{number}"
            found.append(_backup_view(database, own, call.region))
    names = ("DBInstanceIdentifier", "DbiResourceId", "DBInstanceAutomatedBackupsArn")
    found = [view for view in found if all(parameters.get(name) in (None, view[name]) for name in names)]
    page, following = page_of(call, found)
    return {"DBInstanceAutomatedBackups": page, **following}
