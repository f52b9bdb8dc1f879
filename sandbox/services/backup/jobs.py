# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that back up and restore, and the recovery points between them; both take their time."""

import uuid
from datetime import timedelta

from ... import delays
from .. import answer, before
from ..governance import chosen, clean, kept, now, page
from .plans import check_lifecycle, check_role
from .vaults import missing, not_now, points_of, vault_of, wrong

BAD = "InvalidParameterValueException"
# The types of resources, by how their ARNs go on after the account.
OF_ARN = {
    ("dynamodb", "table/"): "DynamoDB", ("ec2", "instance/"): "EC2", ("ec2", "volume/"): "EBS",
    ("elasticfilesystem", "file-system/"): "EFS", ("fsx", "file-system/"): "FSx", ("rds", "cluster:"): "Aurora",
    ("rds", "db:"): "RDS", ("s3", ""): "S3",
}  # fmt: skip
DONE = ("COMPLETED", "FAILED", "ABORTED")


def _type(arn):
    parts = arn.split(":", 5)
    if len(parts) == 6:
        for (service, start), kind in OF_ARN.items():
            if parts[2] == service and parts[5].startswith(start):
                return kind
    raise wrong(f"Invalid or unsupported resource ARN {arn}")


@before("backup")
def settle(call):
    """Jobs go on as time passes, and leave recovery points when they are done."""
    for job in kept(call, "jobs").values():
        state = job["State"]
        if state == "CREATED" and delays.is_past(job["runs_at"]):
            job.update(State="RUNNING", PercentDone="10.0")
        if job["State"] == "RUNNING" and delays.is_past(job["done_at"]):
            job.update(State="COMPLETED", PercentDone="100.0", CompletionDate=now())
            _add_point(call, job)
    for job in kept(call, "restores").values():
        if job["Status"] == "PENDING" and delays.is_past(job["runs_at"]):
            job.update(Status="RUNNING")
        if job["Status"] == "RUNNING" and delays.is_past(job["done_at"]):
            job.update(Status="COMPLETED", PercentDone="100.00%", CompletionDate=now())


def _times(start, run):
    """When a job starts to run, and when it is done."""
    runs_at = delays.ready_at(start)
    return {"runs_at": runs_at, "done_at": runs_at - delays.now() + delays.ready_at(run)}


def _shown(job):
    return {name: value for name, value in job.items() if name not in ("runs_at", "done_at", "tags")}


# --- backups -------------------------------------------------------------------------------------------------------


@answer("backup", "StartBackupJob")
def start_backup(call):
    """moto does not have it."""
    parameters, vault = call.parameters, vault_of(call)
    lifecycle = clean(parameters.get("Lifecycle") or {})
    check_role(call, parameters["IamRoleArn"])
    check_lifecycle(lifecycle)
    number = str(uuid.uuid4())
    job = kept(call, "jobs")[number] = {
        "AccountId": call.account,
        "BackupJobId": number,
        "BackupVaultName": vault.backup_vault_name,
        "BackupVaultArn": vault.backup_vault_arn,
        **chosen(parameters, "ResourceArn", "IamRoleArn", "BackupOptions"),
        "ResourceType": _type(parameters["ResourceArn"]),
        "RecoveryPointArn": _point_arn(call, parameters["ResourceArn"], number),
        "RecoveryPointLifecycle": lifecycle,
        "EncryptionKeyArn": vault.encryption_key_arn,
        "CreationDate": now(),
        "StartBy": now() + timedelta(minutes=parameters.get("StartWindowMinutes") or 480),
        "State": "CREATED",
        "PercentDone": "0.0",
        "tags": dict(parameters.get("RecoveryPointTags") or {}),
        **_times("backup-job-start", "backup-job-run"),
    }
    return chosen(job, "BackupJobId", "RecoveryPointArn", "CreationDate")


def _point_arn(call, resource, number):
    if _type(resource) in ("RDS", "Aurora"):
        kind = "snapshot" if ":db:" in resource else "cluster-snapshot"
        return f"arn:aws:rds:{call.region}:{call.account}:{kind}:awsbackup:job-{number}"
    if _type(resource) == "EBS":
        return f"arn:aws:ec2:{call.region}::snapshot/snap-{number.replace('-', '')[:17]}"
    return f"arn:aws:backup:{call.region}:{call.account}:recovery-point:{number}"


def _add_point(call, job):
    names = (
        "RecoveryPointArn", "BackupVaultName", "BackupVaultArn", "ResourceArn", "ResourceType", "IamRoleArn",
        "CreationDate", "CompletionDate", "EncryptionKeyArn",
    )  # fmt: skip
    point = {
        **chosen(job, *names),
        "Status": "COMPLETED",
        "StorageClass": "WARM",
        "VaultType": "BACKUP_VAULT",
        "IsEncrypted": True,
    }
    kept(call, "points")[job["RecoveryPointArn"]] = point
    _set_lifecycle(point, job["RecoveryPointLifecycle"])


def _set_lifecycle(point, lifecycle):
    moments = {"MoveToColdStorageAt": "MoveToColdStorageAfterDays", "DeleteAt": "DeleteAfterDays"}
    point["Lifecycle"] = lifecycle
    point["CalculatedLifecycle"] = {
        moment: point["CreationDate"] + timedelta(days=lifecycle[days])
        for moment, days in moments.items()
        if lifecycle.get(days) is not None
    }


def _job(jobs, number):
    if number not in jobs:
        raise missing(f"Could not find job {number}")
    return jobs[number]


@answer("backup", "DescribeBackupJob")
def describe_backup(call):
    """moto does not have it."""
    return _shown(_job(kept(call, "jobs"), call.parameters["BackupJobId"]))


@answer("backup", "ListBackupJobs")
def list_backups(call):
    """moto does not have it."""
    told = {"ByResourceArn": "ResourceArn", "ByState": "State", "ByBackupVaultName": "BackupVaultName"}
    told["ByResourceType"] = "ResourceType"
    return page(call, "BackupJobs", _selected(call, kept(call, "jobs"), told), 1000, refusal=BAD)


def _selected(call, jobs, told):
    wanted = {member: call.parameters[name] for name, member in told.items() if call.parameters.get(name)}
    created = [item for item in jobs.values() if all(item[name] == value for name, value in wanted.items())]
    first, last = call.parameters.get("ByCreatedAfter"), call.parameters.get("ByCreatedBefore")
    return [
        _shown(item)
        for item in reversed(created)
        if (not first or item["CreationDate"] > first) and (not last or item["CreationDate"] < last)
    ]


@answer("backup", "StopBackupJob")
def stop_backup(call):
    """moto does not have it."""
    job = _job(kept(call, "jobs"), call.parameters["BackupJobId"])
    if job["State"] in DONE:
        raise not_now(f"Backup job {job['BackupJobId']} is already {job['State']}.")
    job.update(State="ABORTED", CompletionDate=now())
    return {}


# --- recovery points -----------------------------------------------------------------------------------------------


def _point(call):
    vault = vault_of(call)
    found = points_of(call, vault.backup_vault_name).get(call.parameters["RecoveryPointArn"])
    if found is None:
        raise missing(f"Cannot find recovery point {call.parameters['RecoveryPointArn']}")
    return found


@answer("backup", "DescribeRecoveryPoint")
def describe_point(call):
    """moto does not have it."""
    return _point(call)


@answer("backup", "ListRecoveryPointsByBackupVault")
def list_points(call):
    """moto does not have it."""
    found = points_of(call, vault_of(call).backup_vault_name)
    told = {"ByResourceArn": "ResourceArn", "ByResourceType": "ResourceType"}
    return page(call, "RecoveryPoints", _selected(call, found, told), 1000, refusal=BAD)


@answer("backup", "ListRecoveryPointsByResource")
def list_points_of(call):
    """moto does not have it."""
    names = ("RecoveryPointArn", "CreationDate", "Status", "EncryptionKeyArn", "BackupVaultName", "VaultType")
    wanted = call.parameters["ResourceArn"]
    found = [chosen(item, *names) for item in kept(call, "points").values() if item["ResourceArn"] == wanted]
    return page(call, "RecoveryPoints", found, 1000, refusal=BAD)


@answer("backup", "ListProtectedResources")
def list_protected(call):
    """moto does not have it."""
    last = {item["ResourceArn"]: item for item in kept(call, "points").values()}
    found = [
        {
            **chosen(item, "ResourceArn", "ResourceType"),
            "LastBackupTime": item["CreationDate"],
            "LastBackupVaultArn": item["BackupVaultArn"],
            "LastRecoveryPointArn": item["RecoveryPointArn"],
        }
        for item in last.values()
    ]
    return page(call, "Results", found, 1000, refusal=BAD)


@answer("backup", "UpdateRecoveryPointLifecycle")
def update_lifecycle(call):
    """moto does not have it."""
    point, lifecycle = _point(call), clean(call.parameters.get("Lifecycle") or {})
    check_lifecycle(lifecycle)
    _set_lifecycle(point, lifecycle)
    return chosen(point, "BackupVaultArn", "RecoveryPointArn", "Lifecycle", "CalculatedLifecycle")


@answer("backup", "GetRecoveryPointRestoreMetadata")
def restore_metadata(call):
    """moto does not have it."""
    point = _point(call)
    metadata = {"resourceArn": point["ResourceArn"], "encrypted": str(point["IsEncrypted"]).lower()}
    return {**chosen(point, "BackupVaultArn", "RecoveryPointArn", "ResourceType"), "RestoreMetadata": metadata}


@answer("backup", "DeleteRecoveryPoint")
def delete_point(call):
    """moto does not have it."""
    del kept(call, "points")[_point(call)["RecoveryPointArn"]]
    return {}


# --- restores ------------------------------------------------------------------------------------------------------


@answer("backup", "StartRestoreJob")
def start_restore(call):
    """moto does not have it."""
    parameters = call.parameters
    point = kept(call, "points").get(parameters["RecoveryPointArn"])
    if point is None:
        raise missing(f"Cannot find recovery point {parameters['RecoveryPointArn']}")
    if parameters.get("IamRoleArn"):
        check_role(call, parameters["IamRoleArn"])
    number = str(uuid.uuid4())
    kept(call, "restores")[number] = {
        "AccountId": call.account,
        "RestoreJobId": number,
        **chosen(point, "RecoveryPointArn", "BackupVaultArn", "ResourceType"),
        "SourceResourceArn": point["ResourceArn"],
        "RecoveryPointCreationDate": point["CreationDate"],
        **chosen(parameters, "IamRoleArn"),
        "CreationDate": now(),
        "Status": "PENDING",
        "PercentDone": "0.00%",
        **_times("restore-job-start", "restore-job-run"),
    }
    return {"RestoreJobId": number}


@answer("backup", "DescribeRestoreJob")
def describe_restore(call):
    """moto does not have it."""
    return _shown(_job(kept(call, "restores"), call.parameters["RestoreJobId"]))


@answer("backup", "ListRestoreJobs")
def list_restores(call):
    """moto does not have it."""
    told = {"ByResourceType": "ResourceType", "ByStatus": "Status"}
    return page(call, "RestoreJobs", _selected(call, kept(call, "restores"), told), 1000, refusal=BAD)
