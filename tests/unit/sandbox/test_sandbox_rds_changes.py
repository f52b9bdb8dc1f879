# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RDS: changes of instances, parameter groups, snapshots, restores and replicas."""

import pytest


@pytest.fixture
def rds(sandbox):
    """RDS."""
    return sandbox.client("rds")


@pytest.fixture
def db(rds):
    """The name of an available instance in the default VPC."""
    rds.create_db_parameter_group(DBParameterGroupName="own", DBParameterGroupFamily="postgres15", Description="d")
    rds.create_db_instance(
        DBInstanceIdentifier="db", DBInstanceClass="db.t3.medium", Engine="postgres", EngineVersion="15.10",
        AllocatedStorage=100, MaxAllocatedStorage=1000, StorageType="gp3", MasterUsername="dougust",
        MasterUserPassword="correct-horse-9", DBParameterGroupName="own", CopyTagsToSnapshot=True,
        Tags=[{"Key": "a", "Value": "b"}],
    )  # fmt: skip
    return "db"


def get(rds, name="db"):
    """An instance."""
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def modify(rds, **changes):
    """The answer to a change that applies immediately."""
    return rds.modify_db_instance(DBInstanceIdentifier="db", ApplyImmediately=True, **changes)["DBInstance"]


def test_modify_immediately(sandbox, rds, db, refused):
    sandbox.delays(db_instance_modify=600)
    assert get(rds)["DBInstanceStatus"] == "available"
    assert modify(rds, DBInstanceClass="db.t3.large")["DBInstanceStatus"] == "modifying"
    assert get(rds)["DBInstanceClass"] == "db.t3.medium"
    assert refused(modify, rds=rds, MultiAZ=True) == "InvalidDBInstanceState"


def test_modified_in_the_end(rds, db):
    assert modify(rds, DBInstanceClass="db.t3.large", MultiAZ=True)["DBInstanceStatus"] == "modifying"
    found = get(rds)
    assert (found["DBInstanceStatus"], found["DBInstanceClass"]) == ("available", "db.t3.large")
    assert found["MultiAZ"] and found["SecondaryAvailabilityZone"] != found["AvailabilityZone"]
    assert modify(rds, DBInstanceClass="db.t3.large")["DBInstanceStatus"] == "available"


def test_modify_later(rds, db):
    change = {"DBInstanceIdentifier": db, "DBInstanceClass": "db.t3.large", "PreferredBackupWindow": "01:00-02:00"}
    changed = rds.modify_db_instance(**change)["DBInstance"]
    assert changed["DBInstanceStatus"] == "available" and changed["PreferredBackupWindow"] == "01:00-02:00"
    assert get(rds)["PendingModifiedValues"] == {"DBInstanceClass": "db.t3.large"}
    assert get(rds)["DBInstanceClass"] == "db.t3.medium"
    rds.modify_db_instance(DBInstanceIdentifier=db, DBInstanceClass="db.t3.medium")
    assert get(rds)["PendingModifiedValues"] == {}
    rds.modify_db_instance(DBInstanceIdentifier=db, MultiAZ=True)
    modify(rds)
    assert get(rds)["MultiAZ"] and get(rds)["PendingModifiedValues"] == {}


def test_storage(sandbox, rds, db, refused):
    assert refused(modify, rds=rds, AllocatedStorage=50) == "InvalidParameterCombination"
    modify(rds, AllocatedStorage=105)
    assert get(rds)["AllocatedStorage"] == 110
    sandbox.grow_storage("db", 200)
    assert get(rds)["AllocatedStorage"] == 200
    with pytest.raises(ValueError, match="cannot grow"):
        sandbox.grow_storage("db", 2000)
    with pytest.raises(ValueError, match="there is no"):
        sandbox.grow_storage("other", 2000)
    modify(rds, AllocatedStorage=400)
    assert (get(rds)["Iops"], get(rds)["StorageThroughput"]) == (12000, 500)
    assert refused(modify, rds=rds, AllocatedStorage=500) == "InvalidParameterCombination"
    modify(rds, AllocatedStorage=500, Iops=13000, StorageThroughput=600)
    assert (get(rds)["Iops"], get(rds)["StorageThroughput"]) == (13000, 600)
    modify(rds, MaxAllocatedStorage=500)
    assert "MaxAllocatedStorage" not in get(rds)


def test_a_state_that_nobody_asked_for(sandbox, rds, db):
    sandbox.database_status("db", "storage-full")
    assert get(rds)["DBInstanceStatus"] == "storage-full"
    sandbox.database_status("db", "available")
    assert get(rds)["DBInstanceStatus"] == "available"
    with pytest.raises(ValueError, match="there is no"):
        sandbox.database_status("other", "storage-full")


def test_versions(rds, db, refused):
    assert refused(modify, rds=rds, EngineVersion="15.8") == "InvalidParameterCombination"
    assert refused(modify, rds=rds, EngineVersion="16") == "InvalidParameterCombination"
    both = {"EngineVersion": "16", "AllowMajorVersionUpgrade": True}
    assert refused(modify, rds=rds, **both) == "InvalidParameterCombination"
    modify(rds, EngineVersion="15.12")
    assert get(rds)["EngineVersion"] == "15.12"
    modify(rds, **both, DBParameterGroupName="default.postgres16")
    found = get(rds)
    assert found["EngineVersion"] == "16.11" and found["OptionGroupMemberships"][0]["OptionGroupName"].endswith("-16")


def test_logs_insights_and_password(sandbox, rds, db, refused):
    modify(rds, CloudwatchLogsExportConfiguration={"EnableLogTypes": ["postgresql", "upgrade"]})
    modify(rds, CloudwatchLogsExportConfiguration={"DisableLogTypes": ["upgrade"]}, EnablePerformanceInsights=True)
    found = get(rds)
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql"]
    assert found["PerformanceInsightsRetentionPeriod"] == 7 and found["PerformanceInsightsKMSKeyId"]
    assert sandbox.client("logs").describe_log_groups()["logGroups"]
    modify(rds, EnablePerformanceInsights=False)
    assert get(rds)["PerformanceInsightsEnabled"] is False
    waiting = modify(rds, MasterUserPassword="another-horse")["PendingModifiedValues"]
    assert waiting == {"MasterUserPassword": "****"} and get(rds)["PendingModifiedValues"] == {}
    assert refused(modify, rds=rds, MasterUserPassword="short") == "InvalidParameterValue"
    modify(rds, ManageMasterUserPassword=True)
    assert get(rds)["MasterUserSecret"]["SecretArn"]
    assert refused(modify, rds=rds, MasterUserPassword="another-horse") == "InvalidParameterCombination"
    modify(rds, ManageMasterUserPassword=False, MasterUserPassword="another-horse")
    assert "MasterUserSecret" not in get(rds)


def test_rename(rds, db, refused):
    modify(rds, NewDBInstanceIdentifier="renamed")
    assert get(rds, "renamed")["DBInstanceIdentifier"] == "renamed"
    assert refused(rds.describe_db_instances, DBInstanceIdentifier=db) == "DBInstanceNotFound"


def parameter(name, value, method="pending-reboot"):
    """A parameter as a change names it."""
    return {"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}


def parameters(rds, name="own", **wanted):
    """{name: parameter} of a group."""
    pages = rds.get_paginator("describe_db_parameters").paginate(DBParameterGroupName=name, **wanted)
    return {item["ParameterName"]: item for page in pages for item in page["Parameters"]}


def test_parameters(rds, db):
    found = parameters(rds, PaginationConfig={"PageSize": 20})
    assert len(found) > 60 and found == parameters(rds)
    assert found["rds.force_ssl"]["ParameterValue"] == "1" and found["max_connections"]["ApplyType"] == "static"
    assert parameters(rds, "default.postgres14")["rds.force_ssl"]["ParameterValue"] == "0"
    assert parameters(rds, Source="user") == {} and not found["ssl"]["IsModifiable"]
    change = [parameter("log_statement", "ddl", "immediate"), parameter("log_connections", "1", "immediate")]
    rds.modify_db_parameter_group(DBParameterGroupName="own", Parameters=change)
    changed = parameters(rds, Source="user")
    assert {name: item["ParameterValue"] for name, item in changed.items()} == {
        "log_statement": "ddl", "log_connections": "1",
    }  # fmt: skip
    assert get(rds)["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    rds.reset_db_parameter_group(DBParameterGroupName="own", Parameters=change[:1])
    assert set(parameters(rds, Source="user")) == {"log_connections"}
    rds.reset_db_parameter_group(DBParameterGroupName="own", ResetAllParameters=True)
    assert parameters(rds, Source="user") == {}


def test_pending_reboot(rds, db):
    change = [parameter("max_connections", "200")]
    rds.modify_db_parameter_group(DBParameterGroupName="own", Parameters=change)
    assert get(rds)["DBParameterGroups"][0]["ParameterApplyStatus"] == "pending-reboot"
    assert rds.reboot_db_instance(DBInstanceIdentifier=db)["DBInstance"]["DBInstanceStatus"] == "rebooting"
    assert get(rds)["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    rds.modify_db_parameter_group(DBParameterGroupName="own", Parameters=change)
    assert get(rds)["DBParameterGroups"][0]["ParameterApplyStatus"] == "in-sync"
    modify(rds, DBParameterGroupName="default.postgres15")
    assert get(rds)["DBParameterGroups"] == [
        {"DBParameterGroupName": "default.postgres15", "ParameterApplyStatus": "pending-reboot"}
    ]


@pytest.mark.parametrize(
    "wrong, code",
    [
        ([parameter("no_such", "1")], "InvalidParameterValue"),
        ([parameter("ssl", "0")], "InvalidParameterValue"),
        ([parameter("log_statement", "some")], "InvalidParameterValue"),
        ([parameter("work_mem", "1")], "InvalidParameterValue"),
        ([parameter("max_connections", "100", "immediate")], "InvalidParameterCombination"),
        ([parameter("log_statement", "ddl")] * 21, "InvalidParameterValue"),
        ([parameter("log_statement", "ddl"), parameter("no_such", "1")], "InvalidParameterValue"),
    ],
)
def test_parameters_refused(rds, db, refused, wrong, code):
    assert refused(rds.modify_db_parameter_group, DBParameterGroupName="own", Parameters=wrong) == code
    assert parameters(rds, Source="user") == {}


def test_parameter_groups(rds, db, refused):
    for function in (rds.describe_db_parameter_groups, rds.describe_db_parameters, rds.delete_db_parameter_group):
        assert refused(function, DBParameterGroupName="missing") == "DBParameterGroupNotFound"
    assert refused(rds.delete_db_parameter_group, DBParameterGroupName="own") == "InvalidDBParameterGroupState"
    wrong = {"DBParameterGroupName": "new", "DBParameterGroupFamily": "postgres99", "Description": "d"}
    assert refused(rds.create_db_parameter_group, **wrong) == "InvalidParameterValue"
    change = {"DBParameterGroupName": "default.postgres15", "Parameters": [parameter("log_statement", "ddl")]}
    assert refused(rds.modify_db_parameter_group, **change) == "InvalidParameterValue"
    rds.delete_db_instance(DBInstanceIdentifier=db, SkipFinalSnapshot=True)
    rds.delete_db_parameter_group(DBParameterGroupName="own")
    assert refused(rds.describe_db_parameters, DBParameterGroupName="own") == "DBParameterGroupNotFound"


def test_snapshots(sandbox, rds, db, refused):
    sandbox.delays(db_snapshot_create=600)
    names = {"DBInstanceIdentifier": db, "DBSnapshotIdentifier": "s"}
    made = rds.create_db_snapshot(**names)["DBSnapshot"]
    assert made["Status"] == "creating" and made["TagList"] == [{"Key": "a", "Value": "b"}]
    assert refused(rds.create_db_snapshot, **names) == "DBSnapshotAlreadyExists"
    assert refused(rds.delete_db_snapshot, DBSnapshotIdentifier="s") == "InvalidDBSnapshotState"
    restore = {"DBInstanceIdentifier": "new", "DBSnapshotIdentifier": "s"}
    assert refused(rds.restore_db_instance_from_db_snapshot, **restore) == "InvalidDBSnapshotState"
    final = {"DBInstanceIdentifier": db, "FinalDBSnapshotIdentifier": "s"}
    assert refused(rds.delete_db_instance, **final) == "DBSnapshotAlreadyExists"
    sandbox.delays(db_instance_modify=600)
    modify(rds, DBInstanceClass="db.t3.large")
    code = refused(rds.create_db_snapshot, DBInstanceIdentifier=db, DBSnapshotIdentifier="t")
    assert code == "InvalidDBInstanceState"


def test_snapshot_ends(rds, db, refused):
    rds.create_db_snapshot(DBInstanceIdentifier=db, DBSnapshotIdentifier="s")
    (found,) = rds.describe_db_snapshots(DBSnapshotIdentifier="s")["DBSnapshots"]
    assert (found["Status"], found["PercentProgress"], found["AllocatedStorage"]) == ("available", 100, 100)
    (automated,) = rds.describe_db_snapshots(SnapshotType="automated")["DBSnapshots"]
    code = refused(rds.delete_db_snapshot, DBSnapshotIdentifier=automated["DBSnapshotIdentifier"])
    assert code == "InvalidDBSnapshotState"
    assert rds.delete_db_snapshot(DBSnapshotIdentifier="s")["DBSnapshot"]["Status"] == "deleted"
    assert refused(rds.describe_db_snapshots, DBSnapshotIdentifier="s") == "DBSnapshotNotFound"
    assert refused(rds.delete_db_snapshot, DBSnapshotIdentifier="s") == "DBSnapshotNotFound"


def test_restore(rds, db, refused):
    rds.create_db_snapshot(DBInstanceIdentifier=db, DBSnapshotIdentifier="s")
    restore = {"DBInstanceIdentifier": "new", "DBSnapshotIdentifier": "s"}
    assert rds.restore_db_instance_from_db_snapshot(**restore)["DBInstance"]["DBInstanceStatus"] == "creating"
    found = get(rds, "new")
    assert (found["EngineVersion"], found["MasterUsername"]) == ("15.10", "dougust")
    assert found["DBParameterGroups"][0]["DBParameterGroupName"] == "default.postgres15"
    moment = {"SourceDBInstanceIdentifier": db, "TargetDBInstanceIdentifier": "newer"}
    assert refused(rds.restore_db_instance_to_point_in_time, **moment) == "InvalidParameterCombination"
    rds.restore_db_instance_to_point_in_time(**moment, UseLatestRestorableTime=True, DBInstanceClass="db.t3.large")
    assert get(rds, "newer")["DBInstanceClass"] == "db.t3.large"


def test_replica(rds, db, refused):
    replica = {"DBInstanceIdentifier": "replica", "SourceDBInstanceIdentifier": db}
    rds.create_db_instance_read_replica(**replica, DBInstanceClass="db.t3.large")
    found = get(rds, "replica")
    assert (found["ReadReplicaSourceDBInstanceIdentifier"], found["DBInstanceClass"]) == (db, "db.t3.large")
    assert get(rds)["ReadReplicaDBInstanceIdentifiers"] == ["replica"] and found["BackupRetentionPeriod"] == 0
    code = refused(modify, rds=rds, ManageMasterUserPassword=True)
    assert code == "InvalidParameterValue"
    rds.promote_read_replica(DBInstanceIdentifier="replica", BackupRetentionPeriod=7)
    assert "ReadReplicaSourceDBInstanceIdentifier" not in get(rds, "replica")
    modify(rds, ManageMasterUserPassword=True)
    another = {**replica, "DBInstanceIdentifier": "another"}
    get(rds)
    assert refused(rds.create_db_instance_read_replica, **another) == "InvalidParameterValue"


def test_replica_needs_backups(rds, db, refused):
    modify(rds, BackupRetentionPeriod=0)
    replica = {"DBInstanceIdentifier": "replica", "SourceDBInstanceIdentifier": db}
    assert get(rds)["BackupRetentionPeriod"] == 0
    assert refused(rds.create_db_instance_read_replica, **replica) == "InvalidDBInstanceState"


def test_engine_defaults(rds, refused):
    pages = rds.get_paginator("describe_engine_default_parameters").paginate(DBParameterGroupFamily="postgres14")
    found = {item["ParameterName"]: item for page in pages for item in page["EngineDefaults"]["Parameters"]}
    assert found["rds.force_ssl"]["ParameterValue"] == "0" and found["max_connections"]["DataType"] == "integer"
    wrong = {"DBParameterGroupFamily": "postgres99"}
    assert refused(rds.describe_engine_default_parameters, **wrong) == "InvalidParameterValue"


def test_tags_of_what_is_not_there(rds, db, refused):
    arn = get(rds)["DBInstanceArn"]
    for kind, code in (
        ("db", "DBInstanceNotFound"),
        ("pg", "DBParameterGroupNotFound"),
        ("snapshot", "DBSnapshotNotFound"),
        ("subgrp", "DBSubnetGroupNotFoundFault"),
    ):
        name = arn.replace(":db:db", f":{kind}:missing")
        assert refused(rds.list_tags_for_resource, ResourceName=name) == code
    own = [{"Key": "aws:own", "Value": "x"}]
    assert refused(rds.add_tags_to_resource, ResourceName=arn, Tags=own) == "InvalidParameterValue"


def test_tags(rds, db):
    arn = get(rds)["DBInstanceArn"]
    rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "c", "Value": "d"}])
    rds.remove_tags_from_resource(ResourceName=arn, TagKeys=["a"])
    assert (
        get(rds)["TagList"] == rds.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "c", "Value": "d"}]
    )
