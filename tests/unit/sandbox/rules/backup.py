# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Backup refuses."""

import json

from tests.unit.sandbox.governance import key, role
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/aws-backup/latest/devguide"
WRONG, GONE, NOT_NOW = "InvalidParameterValueException", "ResourceNotFoundException", "InvalidRequestException"
TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders"
POINTS = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}


def _vault(world):
    world.backup.create_backup_vault(BackupVaultName="main")


def _filled(world):
    """Two vaults, the first one with a recovery point in it."""
    for name in ("main", "empty"):
        world.backup.create_backup_vault(BackupVaultName=name)
    arn = role(world.iam, "backup", "backup.amazonaws.com")
    world.backup.start_backup_job(BackupVaultName="main", ResourceArn=TABLE, IamRoleArn=arn)


def _plan(**settings):
    rule = {"RuleName": "daily", "TargetBackupVaultName": "main", **settings}
    return {"BackupPlan": {"BackupPlanName": "nightly", "Rules": [rule]}}


def _lifecycle(cold, delete):
    return {"Lifecycle": {"MoveToColdStorageAfterDays": cold, "DeleteAfterDays": delete}}


def _roles(world):
    _vault(world)
    good, bad = (role(world.iam, name, f"{name}.amazonaws.com") for name in ("backup", "ec2"))
    return good, bad, world.backup.create_backup_plan(**_plan())["BackupPlanId"]


def _selected(number, arn):
    selection = {"SelectionName": "all", "IamRoleArn": arn, "Resources": ["*"]}
    return {"BackupPlanId": number, "BackupSelection": selection}


def _selection(world):
    good, _bad, number = _roles(world)
    made = world.backup.create_backup_selection(**_selected(number, good))["SelectionId"]
    return {"BackupPlanId": number, "SelectionId": made}


def _job(arn, vault="main"):
    return {"BackupVaultName": vault, "ResourceArn": TABLE, "IamRoleArn": arn}


def _test(name, **selection):
    plan = {"RestoreTestingPlanName": name, "ScheduleExpression": "cron(0 5 ? * SUN *)"}
    return {"RestoreTestingPlan": {**plan, "RecoveryPointSelection": {**POINTS, **selection}}}


def _tested(world):
    arn = role(world.iam, "backup", "backup.amazonaws.com")
    world.backup.create_restore_testing_plan(**_test("weekly"))
    selection = {"RestoreTestingSelectionName": "all", "IamRoleArn": arn, "ProtectedResourceType": "RDS"}
    of = {"RestoreTestingPlanName": "weekly"}
    world.backup.create_restore_testing_selection(**of, RestoreTestingSelection=selection)
    return {**of, "RestoreTestingSelectionName": "all"}


POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})

SERVICE = "backup"
RULES = [
    Rule(
        says="a vault's name is taken",
        page=f"{API}/API_CreateBackupVault.html",
        operation="create_backup_vault",
        code="AlreadyExistsException",
        given=_vault,
        refused={"BackupVaultName": "main"},
        accepted={"BackupVaultName": "other"},
    ),
    Rule(
        says="the key of a vault exists",
        page=f"{API}/encryption.html",
        operation="create_backup_vault",
        code=WRONG,
        given=lambda world: key(world.kms),
        refused=lambda world: {"BackupVaultName": "main", "EncryptionKeyArn": f"{world.given[:-4]}0000"},
        accepted=lambda world: {"BackupVaultName": "main", "EncryptionKeyArn": world.given},
    ),
    Rule(
        says="only an empty vault can be deleted",
        page=f"{API}/API_DeleteBackupVault.html",
        operation="delete_backup_vault",
        code=NOT_NOW,
        given=_filled,
        refused={"BackupVaultName": "main"},
        accepted={"BackupVaultName": "empty"},
    ),
    Rule(
        says="a vault's policy is JSON",
        page=f"{API}/API_PutBackupVaultAccessPolicy.html",
        operation="put_backup_vault_access_policy",
        code=WRONG,
        given=_vault,
        refused={"BackupVaultName": "main", "Policy": f"{POLICY}}}"},
        accepted={"BackupVaultName": "main", "Policy": POLICY},
    ),
    Rule(
        says="notifications are of a vault that exists",
        page=f"{API}/API_PutBackupVaultNotifications.html",
        operation="put_backup_vault_notifications",
        code=GONE,
        given=_vault,
        refused={"BackupVaultName": "none", "SNSTopicArn": "t", "BackupVaultEvents": ["BACKUP_JOB_FAILED"]},
        accepted={"BackupVaultName": "main", "SNSTopicArn": "t", "BackupVaultEvents": ["BACKUP_JOB_FAILED"]},
    ),
    Rule(
        says="a lock can be changed for three days at least",
        page=f"{API}/API_PutBackupVaultLockConfiguration.html",
        operation="put_backup_vault_lock_configuration",
        code=WRONG,
        given=_vault,
        refused={"BackupVaultName": "main", "MinRetentionDays": 7, "ChangeableForDays": 2},
        accepted={"BackupVaultName": "main", "MinRetentionDays": 7, "ChangeableForDays": 3},
    ),
    Rule(
        says="the least retention of a lock is no more than the most",
        page=f"{API}/API_PutBackupVaultLockConfiguration.html",
        operation="put_backup_vault_lock_configuration",
        code=WRONG,
        given=_vault,
        refused={"BackupVaultName": "main", "MinRetentionDays": 31, "MaxRetentionDays": 30},
        accepted={"BackupVaultName": "main", "MinRetentionDays": 30, "MaxRetentionDays": 30},
    ),
    Rule(
        says="what moves to cold storage stays there for 90 days",
        page=f"{API}/API_Lifecycle.html",
        operation="create_backup_plan",
        code=WRONG,
        given=_vault,
        refused=_plan(**_lifecycle(30, 119)),
        accepted=_plan(**_lifecycle(30, 120)),
    ),
    Rule(
        says="continuous backups are kept for 35 days at most",
        page=f"{API}/point-in-time-recovery.html",
        operation="create_backup_plan",
        code=WRONG,
        given=_vault,
        refused=_plan(EnableContinuousBackup=True, Lifecycle={"DeleteAfterDays": 36}),
        accepted=_plan(EnableContinuousBackup=True, Lifecycle={"DeleteAfterDays": 35}),
    ),
    Rule(
        says="a job has an hour to start",
        page=f"{API}/API_BackupRuleInput.html",
        operation="create_backup_plan",
        code=WRONG,
        given=_vault,
        refused=_plan(StartWindowMinutes=59),
        accepted=_plan(StartWindowMinutes=60),
    ),
    Rule(
        says="schedules are cron expressions",
        page=f"{API}/API_BackupRuleInput.html",
        operation="create_backup_plan",
        code=WRONG,
        given=_vault,
        refused=_plan(ScheduleExpression="0 3 * * ? *"),
        accepted=_plan(ScheduleExpression="cron(0 3 * * ? *)"),
    ),
    Rule(
        says="the vault of a plan exists",
        page=f"{API}/API_BackupRuleInput.html",
        operation="create_backup_plan",
        code=WRONG,
        given=_vault,
        refused=_plan(TargetBackupVaultName="none"),
        accepted=_plan(),
    ),
    Rule(
        says="a plan goes after its selections",
        page=f"{API}/API_DeleteBackupPlan.html",
        operation="delete_backup_plan",
        code=NOT_NOW,
        given=_selection,
        refused=lambda world: {"BackupPlanId": world.given["BackupPlanId"]},
        accepted=lambda world: world.backup.delete_backup_selection(**world.given)
        and {"BackupPlanId": world.given["BackupPlanId"]},
    ),
    Rule(
        says="the role of a selection trusts AWS Backup",
        page=f"{API}/iam-service-roles.html",
        operation="create_backup_selection",
        code=WRONG,
        given=_roles,
        refused=lambda world: _selected(world.given[2], world.given[1]),
        accepted=lambda world: _selected(world.given[2], world.given[0]),
    ),
    Rule(
        says="a job's vault exists",
        page=f"{API}/API_StartBackupJob.html",
        operation="start_backup_job",
        code=GONE,
        given=_roles,
        refused=lambda world: _job(world.given[0], "none"),
        accepted=lambda world: _job(world.given[0]),
    ),
    Rule(
        says="names of restore tests have letters, digits and underscores",
        page=f"{API}/API_RestoreTestingPlanForCreate.html",
        operation="create_restore_testing_plan",
        code=WRONG,
        refused=_test("every-week"),
        accepted=_test("every_week"),
    ),
    Rule(
        says="restore tests look back for a year at most",
        page=f"{API}/API_RestoreTestingRecoveryPointSelection.html",
        operation="create_restore_testing_plan",
        code=WRONG,
        refused=_test("weekly", SelectionWindowDays=366),
        accepted=_test("weekly", SelectionWindowDays=365),
    ),
    Rule(
        says="a restore test goes after its selections",
        page=f"{API}/API_DeleteRestoreTestingPlan.html",
        operation="delete_restore_testing_plan",
        code=NOT_NOW,
        given=_tested,
        refused={"RestoreTestingPlanName": "weekly"},
        accepted=lambda world: world.backup.delete_restore_testing_selection(**world.given)
        and {"RestoreTestingPlanName": "weekly"},
    ),
]
