# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what AWS Backup has."""

import json

from tests.unit.sandbox.governance import key, role

TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders"
GONE = "ResourceNotFoundException"


def vault(probe):
    backup = probe.client("backup")
    of, key_arn = {"BackupVaultName": "main"}, key(probe.client("kms"))
    made = probe.does(backup.create_backup_vault, **of, EncryptionKeyArn=key_arn, BackupVaultTags={"a": "b"})
    arn = made["BackupVaultArn"]
    shown = {**of, "BackupVaultArn": arn, "EncryptionKeyArn": key_arn, "NumberOfRecoveryPoints": 0}
    probe.shows(shown, backup.describe_backup_vault, **of)
    probe.shows([shown], backup.list_backup_vaults, "BackupVaultList")
    probe.shows({"a": "b"}, backup.list_tags, "Tags", ResourceArn=arn)
    probe.does(backup.tag_resource, ResourceArn=arn, Tags={"c": "d"})
    probe.shows({"a": "b", "c": "d"}, backup.list_tags, "Tags", ResourceArn=arn)
    probe.does(backup.untag_resource, ResourceArn=arn, TagKeyList=["a"])
    assert probe.shows({"c": "d"}, backup.list_tags, "Tags", ResourceArn=arn) == {"c": "d"}
    lock = {"MinRetentionDays": 7, "MaxRetentionDays": 30}
    probe.does(backup.put_backup_vault_lock_configuration, **of, **lock)
    probe.shows({"Locked": True, **lock}, backup.describe_backup_vault, **of)
    probe.does(backup.delete_backup_vault_lock_configuration, **of)
    probe.shows({"Locked": False}, backup.describe_backup_vault, **of)
    probe.does(backup.delete_backup_vault, **of)
    probe.lacks(backup.describe_backup_vault, GONE, **of)


def vault_policy_and_notifications(probe):
    backup = probe.client("backup")
    of = {"BackupVaultName": "main"}
    backup.create_backup_vault(**of)
    deny = {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    probe.does(backup.put_backup_vault_access_policy, **of, Policy=policy)
    probe.shows({**of, "Policy": policy}, backup.get_backup_vault_access_policy, **of)
    probe.does(backup.delete_backup_vault_access_policy, **of)
    probe.lacks(backup.get_backup_vault_access_policy, GONE, **of)
    topic = probe.client("sns").create_topic(Name="backups")["TopicArn"]
    wanted = {"SNSTopicArn": topic, "BackupVaultEvents": ["BACKUP_JOB_FAILED", "RESTORE_JOB_FAILED"]}
    probe.does(backup.put_backup_vault_notifications, **of, **wanted)
    probe.shows({**of, **wanted}, backup.get_backup_vault_notifications, **of)
    probe.does(backup.delete_backup_vault_notifications, **of)
    probe.lacks(backup.get_backup_vault_notifications, GONE, **of)


def plan(probe):
    backup = probe.client("backup")
    backup.create_backup_vault(BackupVaultName="main")
    rule = {
        "RuleName": "daily",
        "TargetBackupVaultName": "main",
        "ScheduleExpression": "cron(0 3 * * ? *)",
        "StartWindowMinutes": 60,
        "CompletionWindowMinutes": 180,
        "Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120},
        "RecoveryPointTags": {"a": "b"},
    }
    wanted = {"BackupPlanName": "nightly", "Rules": [rule]}
    made = probe.does(backup.create_backup_plan, BackupPlan=wanted, BackupPlanTags={"a": "b"})
    of = {"BackupPlanId": made["BackupPlanId"]}
    probe.shows(wanted, backup.get_backup_plan, "BackupPlan", **of)
    probe.shows([{**of, "BackupPlanName": "nightly"}], backup.list_backup_plans, "BackupPlansList")
    rule["Lifecycle"]["DeleteAfterDays"] = 365
    second = probe.does(backup.update_backup_plan, **of, BackupPlan=wanted)["VersionId"]
    probe.shows(wanted, backup.get_backup_plan, "BackupPlan", **of)
    versions = [{"VersionId": made["VersionId"]}, {"VersionId": second}]
    probe.shows(versions, backup.list_backup_plan_versions, "BackupPlanVersionsList", **of)
    probe.does(backup.delete_backup_plan, **of)
    probe.lacks(backup.get_backup_plan, GONE, **of)


def selection(probe):
    backup = probe.client("backup")
    backup.create_backup_vault(BackupVaultName="main")
    document = {"BackupPlanName": "p", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "main"}]}
    of = {"BackupPlanId": backup.create_backup_plan(BackupPlan=document)["BackupPlanId"]}
    wanted = {
        "SelectionName": "tagged",
        "IamRoleArn": role(probe.client("iam"), "backup", "backup.amazonaws.com"),
        "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "yes"}],
        "Resources": ["arn:aws:rds:*:*:db:*"],
    }
    number = probe.does(backup.create_backup_selection, **of, BackupSelection=wanted)["SelectionId"]
    one = {**of, "SelectionId": number}
    probe.shows({**one, "BackupSelection": wanted}, backup.get_backup_selection, **one)
    listed = [{**one, "SelectionName": "tagged", "IamRoleArn": wanted["IamRoleArn"]}]
    probe.shows(listed, backup.list_backup_selections, "BackupSelectionsList", **of)
    probe.does(backup.delete_backup_selection, **one)
    probe.lacks(backup.get_backup_selection, GONE, **one)


def job(probe):
    backup = probe.client("backup")
    of = {"BackupVaultName": "main"}
    backup.create_backup_vault(**of)
    arn = role(probe.client("iam"), "backup", "backup.amazonaws.com")
    wanted = {**of, "ResourceArn": TABLE, "IamRoleArn": arn}
    made = probe.does(backup.start_backup_job, **wanted, Lifecycle={"DeleteAfterDays": 7})
    shown = {**wanted, "State": "COMPLETED", "RecoveryPointArn": made["RecoveryPointArn"], "ResourceType": "DynamoDB"}
    probe.shows(shown, backup.describe_backup_job, BackupJobId=made["BackupJobId"])
    probe.shows([shown], backup.list_backup_jobs, "BackupJobs", ByState="COMPLETED")
    point = {**of, "RecoveryPointArn": made["RecoveryPointArn"]}
    shown = {**point, "ResourceArn": TABLE, "Status": "COMPLETED"}
    probe.shows({**shown, "Lifecycle": {"DeleteAfterDays": 7}}, backup.describe_recovery_point, **point)
    probe.shows([shown], backup.list_recovery_points_by_backup_vault, "RecoveryPoints", **of)
    probe.shows([point], backup.list_recovery_points_by_resource, "RecoveryPoints", ResourceArn=TABLE)
    probe.shows([{"ResourceArn": TABLE, "ResourceType": "DynamoDB"}], backup.list_protected_resources, "Results")
    probe.does(backup.update_recovery_point_lifecycle, **point, Lifecycle={"DeleteAfterDays": 14})
    probe.shows({"Lifecycle": {"DeleteAfterDays": 14}}, backup.describe_recovery_point, **point)
    metadata = backup.get_recovery_point_restore_metadata(**point)["RestoreMetadata"]
    restore = {"RecoveryPointArn": point["RecoveryPointArn"], "IamRoleArn": arn}
    number = probe.does(backup.start_restore_job, **restore, Metadata=metadata)["RestoreJobId"]
    shown = {**restore, "RestoreJobId": number, "Status": "COMPLETED", "SourceResourceArn": TABLE}
    probe.shows(shown, backup.describe_restore_job, RestoreJobId=number)
    probe.shows([shown], backup.list_restore_jobs, "RestoreJobs")
    probe.does(backup.delete_recovery_point, **point)
    probe.lacks(backup.describe_recovery_point, GONE, **point)


def stopped_job(probe):
    backup = probe.client("backup")
    backup.create_backup_vault(BackupVaultName="main")
    probe.sandbox.delays(scale=1)
    arn = role(probe.client("iam"), "backup", "backup.amazonaws.com")
    number = backup.start_backup_job(BackupVaultName="main", ResourceArn=TABLE, IamRoleArn=arn)["BackupJobId"]
    probe.does(backup.stop_backup_job, BackupJobId=number)
    probe.shows({"State": "ABORTED"}, backup.describe_backup_job, BackupJobId=number)


def region_settings(probe):
    backup = probe.client("backup")
    probe.does(backup.update_region_settings, ResourceTypeOptInPreference={"EFS": False})
    shown = {"EFS": False, "RDS": True}
    probe.shows(shown, backup.describe_region_settings, "ResourceTypeOptInPreference")


def restore_testing(probe):
    backup = probe.client("backup")
    of = {"RestoreTestingPlanName": "weekly"}
    points = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
    wanted = {**of, "RecoveryPointSelection": points, "ScheduleExpression": "cron(0 5 ? * SUN *)"}
    probe.does(backup.create_restore_testing_plan, RestoreTestingPlan=wanted)
    probe.shows(wanted, backup.get_restore_testing_plan, "RestoreTestingPlan", **of)
    probe.shows([of], backup.list_restore_testing_plans, "RestoreTestingPlans")
    probe.does(backup.update_restore_testing_plan, **of, RestoreTestingPlan={"StartWindowHours": 4})
    probe.shows({**wanted, "StartWindowHours": 4}, backup.get_restore_testing_plan, "RestoreTestingPlan", **of)
    one = {**of, "RestoreTestingSelectionName": "databases"}
    selected = {
        "RestoreTestingSelectionName": "databases",
        "IamRoleArn": role(probe.client("iam"), "backup", "backup.amazonaws.com"),
        "ProtectedResourceType": "RDS",
        "ProtectedResourceArns": ["*"],
    }
    probe.does(backup.create_restore_testing_selection, **of, RestoreTestingSelection=selected)
    probe.shows(selected, backup.get_restore_testing_selection, "RestoreTestingSelection", **one)
    probe.shows([one], backup.list_restore_testing_selections, "RestoreTestingSelections", **of)
    changed = {"ValidationWindowHours": 2}
    probe.does(backup.update_restore_testing_selection, **one, RestoreTestingSelection=changed)
    probe.shows(changed, backup.get_restore_testing_selection, "RestoreTestingSelection", **one)
    probe.does(backup.delete_restore_testing_selection, **one)
    probe.lacks(backup.get_restore_testing_selection, GONE, **one)
    probe.does(backup.delete_restore_testing_plan, **of)
    probe.lacks(backup.get_restore_testing_plan, GONE, **of)
