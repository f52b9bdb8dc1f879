# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rds_instances against moto: the life of an instance, without its secret (test_rds_instances_credentials)."""

from __future__ import annotations

import json
import re

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned

from .rds_cloud import NAME, SECRET_NAME, TAGS, described, fail, instance, run, secret_text, teach_moto

KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE_ARN = "arn:aws:iam::123456789012:role/monitoring"


@pytest.fixture
def rds(cloud, monkeypatch):
    """What AWS says of instances beside what moto does."""
    return teach_moto(cloud, monkeypatch)


def test_check_mode_on_an_empty_account_predicts_the_instance(cloud):
    result = run(cloud, check_mode=True, account_id="123456789012")
    one = result["instances"][NAME]
    assert cloud.mutations == []
    assert one["arn"] == f"arn:aws:rds:us-east-1:123456789012:db:{NAME}"
    assert planned.is_planned(one["endpoint"]) and planned.is_planned(one["secret_arn"])
    assert (one["port"], one["max_connections"], one["allocated_storage_bytes"]) == (5432, 450, 100 * 1024**3)
    assert [action["action"] for action in result["actions"]] == ["create"]
    by_rds = run(cloud, instance(credentials={"managed_by": "rds"}), check_mode=True)["instances"][NAME]
    assert planned.is_planned(by_rds["master_secret_arn"]) and by_rds["secret_arn"] is None


def test_from_nothing_to_an_instance(cloud, rds):
    created = run(cloud)
    assert [action["action"] for action in created["actions"]] == ["create"]
    for check_mode in (False, True):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
        assert again["instances"] == created["instances"]
    one = created["instances"][NAME]
    assert one["status"] == "available" and one["endpoint"].startswith(f"{NAME}.")
    assert (one["engine_version"], one["instance_class"], one["storage_type"]) == ("15.12", "db.t3.medium", "gp3")
    assert (one["max_connections"], one["allocated_storage_bytes"]) == (450, 100 * 1024**3)
    assert one["tags"] == TAGS and one["resource_id"].startswith("db-")


def test_the_creating_call_says_everything(cloud, rds):
    wish = instance(
        kms_key_arn=KEY_ARN,
        performance_insights=True,
        performance_insights_kms_key_arn=KEY_ARN,
        cloudwatch_logs_exports=["postgresql"],
        monitoring_interval=60,
        monitoring_role_arn=ROLE_ARN,
        multi_az=True,
    )
    run(cloud, wish)
    (call,) = cloud.parameters("CreateDBInstance")
    assert call["EnablePerformanceInsights"] and call["PerformanceInsightsRetentionPeriod"] == 7
    assert call["StorageEncrypted"] is True and call["KmsKeyId"] == KEY_ARN
    assert call["PubliclyAccessible"] is False and call["MultiAZ"] is True
    assert call["EngineLifecycleSupport"] == "open-source-rds-extended-support-disabled"
    assert {tag["Key"]: tag["Value"] for tag in call["Tags"]} == TAGS
    assert "ModifyDBInstance" not in cloud.operations
    assert not run(cloud, wish)["changed"]


@pytest.mark.parametrize(
    "change, fields, sent",
    [
        ({"instance_class": "db.t3.large"}, ["instance_class"], {"DBInstanceClass": "db.t3.large"}),
        ({"allocated_storage": 200}, ["allocated_storage"], {"AllocatedStorage": 200}),
        ({"max_allocated_storage": 2000}, ["max_allocated_storage"], {"MaxAllocatedStorage": 2000}),
        ({"multi_az": True}, ["multi_az"], {"MultiAZ": True}),
        ({"port": 5433}, ["port"], {"DBPortNumber": 5433}),
        ({"backup_retention_days": 14}, ["backup_retention_days"], {"BackupRetentionPeriod": 14}),
        ({"backup_window": "10:00-11:00"}, ["backup_window"], {"PreferredBackupWindow": "10:00-11:00"}),
        ({"deletion_protection": True}, ["deletion_protection"], {"DeletionProtection": True}),
        ({"performance_insights": True}, ["performance_insights"], {"PerformanceInsightsRetentionPeriod": 7}),
        ({"engine_version": "15.14"}, ["engine_version"], {"EngineVersion": "15.14"}),
        (
            {"cloudwatch_logs_exports": ["upgrade"]},
            ["cloudwatch_logs_exports"],
            {"CloudwatchLogsExportConfiguration": {"EnableLogTypes": ["upgrade"], "DisableLogTypes": []}},
        ),
        (
            {"monitoring_interval": 30, "monitoring_role_arn": ROLE_ARN},
            ["monitoring_interval", "monitoring_role_arn"],
            {"MonitoringInterval": 30, "MonitoringRoleArn": ROLE_ARN},
        ),
    ],
)
def test_fields_change_in_one_call(cloud, rds, change, fields, sent):
    run(cloud)
    wish = instance(**change)
    assert run(cloud, wish, check_mode=True)["actions"][0]["fields"] == fields and cloud.mutations == []
    assert run(cloud, wish)["actions"][0]["fields"] == fields
    (call,) = cloud.parameters("ModifyDBInstance")
    assert {**call, **sent} == call and call["ApplyImmediately"] is True
    assert "MasterUserPassword" not in call
    again = run(cloud, wish)
    assert (again["changed"], cloud.mutations) == (False, [])


def test_several_fields_and_tags_at_once(cloud, rds):
    run(cloud)
    changed = run(cloud, instance(multi_az=True, backup_retention_days=14, tags={"Tier": "data"}))
    assert changed["actions"][0]["fields"] == ["backup_retention_days", "credentials", "multi_az", "tags"]
    assert cloud.mutations.count("ModifyDBInstance") == 1 and "AddTagsToResource" in cloud.mutations
    assert {"Key": "Tier", "Value": "data"} in described(cloud)["TagList"]


def test_what_is_not_given_is_left_alone_and_drift_is_corrected(cloud, rds):
    run(cloud)
    assert not run(cloud, {"name": NAME}, tags=None)["changed"]
    cloud.client("rds").modify_db_instance(DBInstanceIdentifier=NAME, DBInstanceClass="db.t3.large", MultiAZ=True)
    assert run(cloud)["actions"][0]["fields"] == ["instance_class"]
    assert (described(cloud)["DBInstanceClass"], described(cloud)["MultiAZ"]) == ("db.t3.medium", True)


def test_growth_minor_versions_and_capitals_are_no_differences(cloud, rds):
    run(cloud)
    rds["AllocatedStorage"], rds["EngineVersion"] = 500, "15.17"
    for version in ("15", "15.12"):
        wish = instance(engine_version=version, maintenance_window="Sun:02:00-Sun:04:00")
        assert not run(cloud, wish)["changed"]
    assert run(cloud)["instances"][NAME]["allocated_storage_bytes"] == 500 * 1024**3
    assert cloud.mutations == []


def test_what_aws_was_asked_for_counts_as_done(cloud, rds):
    run(cloud)
    rds["PendingModifiedValues"] = {
        "DBInstanceClass": "db.t3.large",
        "AllocatedStorage": 200,
        "PendingCloudwatchLogsExports": {"LogTypesToEnable": ["upgrade"]},
    }
    wish = instance(instance_class="db.t3.large", allocated_storage=200, cloudwatch_logs_exports=["upgrade"])
    assert not run(cloud, wish, apply_immediately=False)["changed"]
    assert run(cloud, apply_immediately=False)["actions"][0]["fields"] == ["instance_class"]
    assert cloud.parameters("ModifyDBInstance")[0]["ApplyImmediately"] is False


def test_an_instance_that_is_being_modified_is_waited_for(cloud, rds):
    run(cloud)
    rds.script("modifying", "modifying", "available", "modifying", "available")
    assert run(cloud, instance(multi_az=True))["instances"][NAME]["status"] == "available"
    assert cloud.operations.index("ModifyDBInstance") > 3 and rds.states == ["available"]


def test_a_creation_is_waited_for_and_a_second_run_does_what_the_first_did_not(cloud, rds):
    rds.script("creating", "creating", "available")
    started = run(cloud, wait=False)["instances"][NAME]
    assert (started["status"], started["credentials"]) == ("creating", "waits for the instance")
    assert not run(cloud, instance(multi_az=True), wait=False)["changed"]
    settled = run(cloud)
    assert settled["instances"][NAME]["status"] == "available"
    assert settled["actions"][0]["fields"] == ["credentials"]
    assert not run(cloud)["changed"]


@pytest.mark.parametrize("status", ["incompatible-parameters", "storage-full", "failed"])
def test_a_state_without_end_is_named(cloud, rds, status):
    rds.script("creating", status)
    assert f"DB instance {NAME} is {status}. To fix: see its events" in fail(cloud)["msg"]


def test_a_wait_that_takes_too_long_says_so(cloud, rds):
    rds.script("creating")
    failed = fail(cloud, wait_timeout=30)
    assert f"Could not see DB instance {NAME} available within 30 seconds" in failed["msg"]
    assert failed["actions"][0]["action"] == "create"


def test_the_first_use_of_rds_waits_for_its_role(cloud, rds):
    cloud.fail(
        "CreateDBInstance",
        "InvalidParameterValue",
        "Unable to create the resource. Verify that you have permission to create service linked role.",
        times=2,
    )
    assert run(cloud)["changed"] and cloud.mutations.count("CreateDBInstance") == 3


def test_a_call_at_the_wrong_moment_is_explained(cloud, rds):
    run(cloud)
    cloud.fail("ModifyDBInstance", "InvalidDBInstanceState", "Database instance is not in available state.")
    assert fail(cloud, instance(multi_az=True))["msg"] == (
        f"Could not change DB instance {NAME}: InvalidDBInstanceState: Database instance is not in available state. "
        "To fix: wait until the instance is available (AWS still works on it) and run again. (region us-east-1)"
    )


def test_a_reboot_that_parameters_need_is_reported(cloud, rds):
    run(cloud)
    rds["DBParameterGroups"] = [{"DBParameterGroupName": "custom", "ParameterApplyStatus": "pending-reboot"}]
    again = run(cloud, instance(parameter_group_name="custom"))
    assert (again["changed"], again["instances"][NAME]["pending_reboot"]) == (False, True)
    assert "RebootDBInstance" not in cloud.operations


def test_deleted_with_a_snapshot_and_the_secret_after_it(cloud, rds):
    run(cloud)
    predicted = run(cloud, state="absent", check_mode=True)
    assert cloud.mutations == [] and predicted["final_snapshots"] == []
    deleted = run(cloud, state="absent")
    assert cloud.mutations == ["DeleteDBInstance", "DeleteSecret"]
    (snapshot,) = deleted["final_snapshots"]
    assert re.fullmatch(rf"{NAME}-final-\d{{14}}", snapshot)
    assert cloud.client("rds").describe_db_snapshots(DBSnapshotIdentifier=snapshot)["DBSnapshots"]
    assert [one["name"] for one in deleted["pending_deletion"]] == [SECRET_NAME]
    cloud.client("rds").copy_db_snapshot(SourceDBSnapshotIdentifier=snapshot, TargetDBSnapshotIdentifier="by-hand")
    for state, kept in (("absent", [snapshot]), ("gathered", [])):
        again = run(cloud, state=state)
        assert (again["changed"], again["instances"], cloud.mutations) == (False, {}, [])
        assert again["final_snapshots"] == kept
        assert [one["name"] for one in again["pending_deletion"]] == [SECRET_NAME]


def test_deleted_without_a_snapshot_when_told_so(cloud, rds):
    run(cloud)
    assert run(cloud, instance(final_snapshot=False), state="absent", recovery_window_days=0)["pending_deletion"] == []
    assert cloud.parameters("DeleteDBInstance") == [{"DBInstanceIdentifier": NAME, "SkipFinalSnapshot": True}]
    assert cloud.parameters("DeleteSecret") == [{"SecretId": SECRET_NAME, "ForceDeleteWithoutRecovery": True}]


def test_deletion_protection_holds_without_force(cloud, rds):
    run(cloud, instance(deletion_protection=True))
    for check_mode in (True, False):
        failed = fail(cloud, state="absent", check_mode=check_mode)
        assert f"DB instance {NAME} is protected from deletion. Nothing was changed. To fix:" in failed["msg"]
        assert cloud.mutations == []
    run(cloud, state="absent", force=True)
    assert cloud.mutations == ["ModifyDBInstance", "DeleteDBInstance", "DeleteSecret"]


def test_a_deletion_waits_for_what_aws_does(cloud, rds):
    run(cloud)
    rds.script("creating", "creating", "available")
    run(cloud, state="absent")
    assert cloud.operations.count("DescribeDBInstances") >= 4 and cloud.mutations[0] == "DeleteDBInstance"


def test_a_deletion_that_was_killed_is_finished(cloud, rds):
    run(cloud)
    cloud.client("rds").delete_db_instance(DBInstanceIdentifier=NAME, SkipFinalSnapshot=True)
    finished = run(cloud, state="absent")
    assert (finished["actions"][0]["action"], cloud.mutations) == ("delete", ["DeleteSecret"])
    assert not run(cloud, state="absent")["changed"]


@pytest.mark.parametrize("wait", [True, False])
def test_a_name_that_is_still_being_deleted(cloud, rds, wait):
    run(cloud)
    cloud.client("rds").delete_db_instance(DBInstanceIdentifier=NAME, SkipFinalSnapshot=True)
    going = {"DBInstances": [{**rds.last, "DBInstanceStatus": "deleting"}]}
    cloud.heal()
    cloud.answer("DescribeDBInstances", lambda params: going, times=2)
    if wait:
        assert run(cloud)["actions"][0]["action"] == "create"
    else:
        assert (
            f"DB instance {NAME} is being deleted. To fix: run again when it is gone" in fail(cloud, wait=False)["msg"]
        )


def test_gathered_returns_everything_and_reads_no_password(cloud, rds):
    created = run(cloud)["instances"][NAME]
    gathered = run(cloud, state="gathered")["instances"][NAME]
    assert gathered == {**created, "credentials": None}
    assert "GetSecretValue" not in cloud.operations


def test_a_replica_follows_its_source(cloud, rds):
    replica = instance(
        name="reader", replica_of=NAME, credentials=None, username=None, database_name=None, allocated_storage=None
    )
    created = run(cloud, instance(), replica)
    (call,) = cloud.parameters("CreateDBInstanceReadReplica")
    assert call["SourceDBInstanceIdentifier"] == NAME and "MasterUsername" not in call
    assert not {"EngineVersion", "BackupRetentionPeriod", "KmsKeyId", "MasterUserPassword"} & set(call)
    assert created["instances"]["reader"]["credentials"] is None
    assert not run(cloud, instance(), replica)["changed"]
    run(cloud, instance(), replica, state="absent")
    assert [
        (call["DBInstanceIdentifier"], call["SkipFinalSnapshot"]) for call in cloud.parameters("DeleteDBInstance")
    ] == [
        ("reader", True),
        (NAME, False),
    ]


def test_what_the_inventory_no_longer_names_holds_data(cloud, rds):
    run(cloud, instance(), instance(name="old", credentials={"secret_name": "old/url"}))
    reported = run(cloud, undeclared="delete")
    assert [one["name"] for one in reported["undeclared"]] == ["old"] and not reported["changed"]
    deleted = run(cloud, undeclared="delete_with_data")
    assert [(one["action"], one["name"]) for one in deleted["actions"]] == [("delete", "old")]
    assert len(deleted["final_snapshots"]) == 1


@pytest.mark.parametrize("state", ["present", "absent"])
def test_an_instance_of_somebody_else_is_not_touched(cloud, rds, state):
    run(cloud, instance(credentials={"managed_by": "rds"}), tags={**TAGS, "Platform": "other"})
    wish = instance(credentials={"managed_by": "rds"})
    assert f"DB instance {NAME} belongs to somebody else" in fail(cloud, wish, state=state)["msg"]
    assert cloud.mutations == []


@pytest.mark.parametrize(
    "change, message",
    [
        ({"database_name": "other"}, "database_name is dougust and cannot become other. To fix:"),
        ({"username": "other"}, "username is dougust and cannot become other. To fix:"),
        ({"kms_key_arn": KEY_ARN}, "kms_key_arn is "),
        ({"engine_version": "14"}, "runs version 15.12; AWS does not go back to 14. To fix:"),
        ({"engine_version": "16"}, "16 is a major upgrade, which interrupts the service. To fix:"),
    ],
)
def test_what_cannot_change_is_refused_before_anything_changes(cloud, rds, change, message):
    run(cloud)
    assert message in fail(cloud, instance(**change))["msg"]
    assert cloud.mutations == []


def test_a_major_upgrade_with_permission(cloud, rds):
    run(cloud)
    run(cloud, instance(engine_version="16"), allow_major_version_upgrade=True)
    (call,) = cloud.parameters("ModifyDBInstance")
    assert (call["EngineVersion"], call["AllowMajorVersionUpgrade"]) == ("16", True)


def test_what_a_new_instance_needs_is_asked_for_before_anything_changes(cloud):
    failed = fail(cloud, {"name": NAME})
    assert "does not exist yet and lacks instance_class, allocated_storage, credentials, username." in failed["msg"]
    assert cloud.mutations == []


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "two--hyphens"}, "has no name that RDS takes. To fix:"),
        ({"name": "x" * 64}, "at most 63"),
        ({"backup_window": "03:00-03:10"}, "has no usable backup_window. To fix:"),
        ({"backup_window": "02:30-03:00"}, "has a backup_window within its maintenance_window. To fix:"),
        ({"allocated_storage": 100, "iops": 12000}, "has too little storage for iops"),
        ({"credentials": {}}, "has credentials without secret_name. To fix:"),
        ({"username": "admin"}, "which AWS reserves. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    assert message in fail(cloud, instance(**change))["msg"]
    assert cloud.calls == []


def test_no_result_contains_the_password(cloud, rds):
    created = run(cloud)
    password = re.search(r":([^:@]+)@", secret_text(cloud)).group(1)
    changed = run(cloud, instance(multi_az=True))
    assert password not in json.dumps([created, changed])
