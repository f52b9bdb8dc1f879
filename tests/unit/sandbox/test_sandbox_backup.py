# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS Backup's jobs go on as time passes."""

import pytest

from tests.unit.sandbox.governance import role

TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders"
VAULT = {"BackupVaultName": "main"}


@pytest.fixture
def backup(sandbox):
    """A vault, and times as on AWS."""
    client = sandbox.client("backup")
    client.create_backup_vault(**VAULT)
    sandbox.delays(scale=1)
    return client


@pytest.fixture
def job(sandbox, backup):
    """The arguments of a backup."""
    arn = role(sandbox.client("iam"), "backup", "backup.amazonaws.com")
    return {**VAULT, "ResourceArn": TABLE, "IamRoleArn": arn}


def test_a_backup_takes_its_time(sandbox, backup, job):
    made = backup.start_backup_job(**job)
    of = {"BackupJobId": made["BackupJobId"]}
    assert backup.describe_backup_job(**of)["State"] == "CREATED"
    sandbox.advance(60)
    assert backup.describe_backup_job(**of)["State"] == "RUNNING"
    assert backup.list_recovery_points_by_backup_vault(**VAULT)["RecoveryPoints"] == []
    sandbox.advance(600)
    done = backup.describe_backup_job(**of)
    assert (done["State"], done["PercentDone"]) == ("COMPLETED", "100.0") and "CompletionDate" in done
    (point,) = backup.list_recovery_points_by_backup_vault(**VAULT)["RecoveryPoints"]
    assert (point["RecoveryPointArn"], point["Status"]) == (made["RecoveryPointArn"], "COMPLETED")
    assert backup.describe_backup_vault(**VAULT)["NumberOfRecoveryPoints"] == 1


def test_a_stopped_backup_leaves_nothing(sandbox, backup, job, refused):
    number = backup.start_backup_job(**job)["BackupJobId"]
    backup.stop_backup_job(BackupJobId=number)
    sandbox.advance(1000)
    assert backup.describe_backup_job(BackupJobId=number)["State"] == "ABORTED"
    assert backup.list_recovery_points_by_backup_vault(**VAULT)["RecoveryPoints"] == []
    assert refused(backup.stop_backup_job, BackupJobId=number) == "InvalidRequestException"


def test_a_restore_takes_its_time(sandbox, backup, job):
    point = backup.start_backup_job(**job)["RecoveryPointArn"]
    sandbox.advance(660)
    number = backup.start_restore_job(RecoveryPointArn=point, Metadata={}, IamRoleArn=job["IamRoleArn"])
    states = []
    for seconds in (0, 60, 900):
        sandbox.advance(seconds)
        states.append(backup.describe_restore_job(RestoreJobId=number["RestoreJobId"])["Status"])
    assert states == ["PENDING", "RUNNING", "COMPLETED"]


def test_jobs_are_saved(sandbox, backup, job, tmp_path):
    number = backup.start_backup_job(**job)["BackupJobId"]
    sandbox.save(tmp_path / "state")
    sandbox.reset()
    sandbox.restore(tmp_path / "state")
    sandbox.advance(660)
    assert backup.describe_backup_job(BackupJobId=number)["State"] == "COMPLETED"
