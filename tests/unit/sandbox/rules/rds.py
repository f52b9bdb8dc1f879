# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon RDS refuses of instances, and of the groups that they need."""

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"

SERVICE = "rds"
VALUE, CLASH = "InvalidParameterValue", "InvalidParameterCombination"
NAME = {"DBInstanceIdentifier": "db"}
NOW = {"ApplyImmediately": True}
GONE = {"SkipFinalSnapshot": True}


def an_instance(**settings):
    """A small instance in a subnet group."""
    usual = {"DBInstanceIdentifier": "db", "DBInstanceClass": "db.t4g.medium", "Engine": "postgres"}
    usual |= {"EngineVersion": "15", "AllocatedStorage": 100, "StorageType": "gp3", "MasterUsername": "app"}
    usual |= {"MasterUserPassword": "correct-horse-9", "DBSubnetGroupName": "private"}
    return usual | settings


def private(world):
    """A subnet group in two zones; the ids of its subnets."""
    subnets = world.subnets()
    names = {"DBSubnetGroupName": "private", "DBSubnetGroupDescription": "p"}
    world.rds.create_db_subnet_group(**names, SubnetIds=subnets)
    return subnets


def made(*others, **settings):
    """A function that makes an instance, and others by their names; it returns the ids of the subnets."""

    def make(world):
        subnets = private(world)
        for name in ("db", *others):
            world.rds.create_db_instance(**an_instance(DBInstanceIdentifier=name, **settings))
        return subnets

    return make


def _protected(world):
    made("free")(world)
    world.rds.modify_db_instance(**NAME, DeletionProtection=True)


def _being_made(world):
    made("free")(world)
    world.sandbox.delays(db_instance_create=600)
    world.rds.create_db_instance(**an_instance(DBInstanceIdentifier="new"))


def _snapshot(world):
    made()(world)
    world.rds.create_db_snapshot(**NAME, DBSnapshotIdentifier="first")


def _parameter_group(world):
    for name in ("own", "free"):
        world.rds.create_db_parameter_group(
            DBParameterGroupName=name, DBParameterGroupFamily="postgres15", Description="d"
        )


def _used_parameter_group(world):
    _parameter_group(world)
    made(DBParameterGroupName="own")(world)


def _used_subnet_group(world):
    subnets = made()(world)
    world.rds.create_db_subnet_group(DBSubnetGroupName="free", DBSubnetGroupDescription="d", SubnetIds=subnets)
    return subnets


def _security_groups(world):
    """The ids of a security group of the subnet group's VPC, and of one of another."""
    subnets = private(world)
    vpc = world.ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["VpcId"]
    return [
        world.ec2.create_security_group(GroupName="g", Description="d", VpcId=number)["GroupId"]
        for number in (vpc, world.vpc("10.1.0.0/16"))
    ]


def _parameter(name, value, method="immediate"):
    parameter = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}
    return {"DBParameterGroupName": "own", "Parameters": [parameter]}


def _creation(says, refused, accepted, code=VALUE, given=private, page=f"{API}/API_CreateDBInstance.html"):
    """A rule about new instances."""
    return Rule(says, page, "create_db_instance", code, an_instance(**refused), an_instance(**accepted), given)


def _change(says, refused, accepted, code=CLASH, given=None, page=f"{API}/API_ModifyDBInstance.html"):
    """A rule about changes of an instance."""
    return Rule(says, page, "modify_db_instance", code, NAME | refused, NAME | accepted, given or made())


def _deletion(says, refused, accepted, code=CLASH, given=None):
    """A rule about the deletion of an instance."""
    page = f"{API}/API_DeleteDBInstance.html"
    return Rule(says, page, "delete_db_instance", code, refused, accepted, given or made("free"))


STORAGE, PASSWORDS = f"{GUIDE}/CHAP_Storage.html", f"{GUIDE}/CHAP_Limits.html"
SECRETS = f"{GUIDE}/rds-secrets-manager.html"
INSTANCES = [
    _creation(
        "an instance's identifier is taken", {}, {"DBInstanceIdentifier": "db2"}, "DBInstanceAlreadyExists", made()
    ),
    _creation("a class is one of RDS's", {"DBInstanceClass": "db.t4g.huge"}, {"DBInstanceClass": "db.t4g.large"}),
    _creation("a version is one that there is", {"EngineVersion": "15.99"}, {"EngineVersion": "15.10"}, CLASH),
    _creation("an instance has storage", {"AllocatedStorage": 0}, {"AllocatedStorage": 20}),
    _creation("gp3 has at least 20 GiB", {"AllocatedStorage": 19}, {"AllocatedStorage": 20}, CLASH, page=STORAGE),
    _creation(
        "small gp3 storage has no performance of its own",
        {"AllocatedStorage": 399, "Iops": 12000},
        {"AllocatedStorage": 400, "Iops": 12000},
        CLASH,
        page=STORAGE,
    ),
    _creation(
        "storage grows to more than it is",
        {"MaxAllocatedStorage": 100},
        {"MaxAllocatedStorage": 110},
        CLASH,
        page=f"{GUIDE}/USER_PIOPS.Autoscaling.html",
    ),
    _creation(
        "a password has at least eight characters",
        {"MasterUserPassword": "seven77"},
        {"MasterUserPassword": "eight888"},
        page=PASSWORDS,
    ),
    _creation(
        "a password has no slash", {"MasterUserPassword": "correct/horse"}, {"MasterUserPassword": "correct!horse"}
    ),
    _creation("some user names are reserved", {"MasterUsername": "rdsadmin"}, {"MasterUsername": "rdsadmins"}),
    _creation("backups are kept for at most 35 days", {"BackupRetentionPeriod": 36}, {"BackupRetentionPeriod": 35}),
    _creation(
        "backup and maintenance do not overlap",
        {"PreferredBackupWindow": "03:00-04:00", "PreferredMaintenanceWindow": "mon:03:30-mon:04:30"},
        {"PreferredBackupWindow": "03:00-04:00", "PreferredMaintenanceWindow": "mon:04:00-mon:05:00"},
    ),
    _creation(
        "several zones are not one zone",
        {"MultiAZ": True, "AvailabilityZone": "eu-central-1a"},
        {"MultiAZ": False, "AvailabilityZone": "eu-central-1a"},
        CLASH,
    ),
    _creation("monitoring has a role", {"MonitoringInterval": 60}, {"MonitoringInterval": 0}, CLASH),
    _creation("a port is at least 1150", {"Port": 1149}, {"Port": 1150}),
    _creation("a subnet group is there", {"DBSubnetGroupName": "none"}, {}, "DBSubnetGroupNotFoundFault"),
    _creation("a parameter group is there", {"DBParameterGroupName": "none"}, {}, "DBParameterGroupNotFound"),
    _creation(
        "a parameter group is of the version's family",
        {"DBParameterGroupName": "default.postgres16"},
        {"DBParameterGroupName": "default.postgres15"},
        CLASH,
        page=f"{GUIDE}/parameter-groups-overview.html",
    ),
    _creation(
        "a key is for encrypted storage",
        {"KmsKeyId": "alias/aws/rds", "StorageEncrypted": False},
        {"KmsKeyId": "alias/aws/rds", "StorageEncrypted": True},
        CLASH,
        page=f"{GUIDE}/Overview.Encryption.html",
    ),
    _creation(
        "insights are kept for whole months",
        {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 8},
        {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 31},
    ),
    _creation(
        "a managed password is not told",
        {"ManageMasterUserPassword": True},
        {"ManageMasterUserPassword": False},
        CLASH,
        page=SECRETS,
    ),
    _creation(
        "logs are of the engine's types",
        {"EnableCloudwatchLogsExports": ["error"]},
        {"EnableCloudwatchLogsExports": ["postgresql"]},
        CLASH,
    ),
    Rule(
        says="a security group is of the subnet group's VPC",
        page=f"{GUIDE}/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        operation="create_db_instance",
        code=CLASH,
        given=_security_groups,
        refused=lambda world: an_instance(VpcSecurityGroupIds=[world.given[1]]),
        accepted=lambda world: an_instance(VpcSecurityGroupIds=[world.given[0]]),
    ),
    _change("storage does not shrink", {"AllocatedStorage": 99, **NOW}, {"AllocatedStorage": 110, **NOW}),
    _change(
        "a new major version is allowed explicitly",
        {"EngineVersion": "16.8", **NOW},
        {"EngineVersion": "16.8", "AllowMajorVersionUpgrade": True, **NOW},
        page=f"{GUIDE}/USER_UpgradeDBInstance.PostgreSQL.html",
    ),
    _change(
        "a version does not go down",
        {"EngineVersion": "15.10", **NOW},
        {"EngineVersion": "15.15", **NOW},
        given=made(EngineVersion="15.12"),
        page=f"{GUIDE}/USER_UpgradeDBInstance.Upgrading.html",
    ),
    _change(
        "a password is rotated at once",
        {"RotateMasterUserPassword": True},
        {"RotateMasterUserPassword": True, **NOW},
        given=lambda world: made()(world)
        and world.rds.modify_db_instance(**NAME, ManageMasterUserPassword=True, ApplyImmediately=True),
        page=SECRETS,
    ),
    Rule(
        "what is being made is not changed",
        f"{API}/API_ModifyDBInstance.html",
        "modify_db_instance",
        "InvalidDBInstanceState",
        {"DBInstanceIdentifier": "new", "MultiAZ": True},
        {"DBInstanceIdentifier": "free", "MultiAZ": True},
        _being_made,
    ),
    Rule(
        "a failover needs several zones",
        f"{API}/API_RebootDBInstance.html",
        "reboot_db_instance",
        CLASH,
        NAME | {"ForceFailover": True},
        NAME | {"ForceFailover": False},
        made(),
    ),
    _deletion("a final snapshot is taken or skipped", NAME, NAME | {"FinalDBSnapshotIdentifier": "last"}),
    _deletion(
        "a protected instance is not deleted",
        NAME | GONE,
        {"DBInstanceIdentifier": "free", **GONE},
        given=_protected,
    ),
    _deletion(
        "the name of a final snapshot is taken",
        NAME | {"FinalDBSnapshotIdentifier": "first"},
        NAME | {"FinalDBSnapshotIdentifier": "last"},
        "DBSnapshotAlreadyExists",
        _snapshot,
    ),
    Rule(
        "a source of replicas has backups",
        f"{GUIDE}/USER_ReadRepl.html",
        "create_db_instance_read_replica",
        "InvalidDBInstanceState",
        {"DBInstanceIdentifier": "replica", "SourceDBInstanceIdentifier": "db"},
        {"DBInstanceIdentifier": "replica", "SourceDBInstanceIdentifier": "free"},
        lambda world: made("free")(world)
        and world.rds.modify_db_instance(**NAME, BackupRetentionPeriod=0, ApplyImmediately=True),
    ),
    Rule(
        "only a replica is promoted",
        f"{API}/API_PromoteReadReplica.html",
        "promote_read_replica",
        "InvalidDBInstanceState",
        NAME,
        {"DBInstanceIdentifier": "replica"},
        lambda world: made()(world)
        and world.rds.create_db_instance_read_replica(DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="db"),
    ),
    Rule(
        "a restore has one moment",
        f"{API}/API_RestoreDBInstanceToPointInTime.html",
        "restore_db_instance_to_point_in_time",
        CLASH,
        {"SourceDBInstanceIdentifier": "db", "TargetDBInstanceIdentifier": "new", "DBSubnetGroupName": "private"},
        {
            "SourceDBInstanceIdentifier": "db",
            "TargetDBInstanceIdentifier": "new",
            "DBSubnetGroupName": "private",
            "UseLatestRestorableTime": True,
        },
        made(),
    ),
    Rule(
        "a snapshot that is restored is there",
        f"{API}/API_RestoreDBInstanceFromDBSnapshot.html",
        "restore_db_instance_from_db_snapshot",
        "DBSnapshotNotFound",
        {"DBSnapshotIdentifier": "none", "DBInstanceIdentifier": "new", "DBSubnetGroupName": "private"},
        {"DBSnapshotIdentifier": "first", "DBInstanceIdentifier": "new", "DBSubnetGroupName": "private"},
        _snapshot,
    ),
]
GROUPS = [
    Rule(
        "a subnet group is in two zones",
        f"{API}/API_CreateDBSubnetGroup.html",
        "create_db_subnet_group",
        "DBSubnetGroupDoesNotCoverEnoughAZs",
        lambda world: {"DBSubnetGroupName": "a", "DBSubnetGroupDescription": "d", "SubnetIds": world.given[:1]},
        lambda world: {"DBSubnetGroupName": "a", "DBSubnetGroupDescription": "d", "SubnetIds": world.given},
        lambda world: world.subnets(),
    ),
    Rule(
        "a subnet group in use is not deleted",
        f"{API}/API_DeleteDBSubnetGroup.html",
        "delete_db_subnet_group",
        "InvalidDBSubnetGroupStateFault",
        {"DBSubnetGroupName": "private"},
        {"DBSubnetGroupName": "free"},
        _used_subnet_group,
    ),
    Rule(
        "a parameter has allowed values",
        f"{API}/API_ModifyDBParameterGroup.html",
        "modify_db_parameter_group",
        VALUE,
        _parameter("checkpoint_timeout", "29"),
        _parameter("checkpoint_timeout", "30"),
        _parameter_group,
    ),
    Rule(
        "a static parameter waits for a restart",
        f"{GUIDE}/USER_WorkingWithParamGroups.Modifying.html",
        "modify_db_parameter_group",
        CLASH,
        _parameter("autovacuum_max_workers", "5"),
        _parameter("autovacuum_max_workers", "5", "pending-reboot"),
        _parameter_group,
    ),
    Rule(
        "a parameter group in use is not deleted",
        f"{API}/API_DeleteDBParameterGroup.html",
        "delete_db_parameter_group",
        "InvalidDBParameterGroupState",
        {"DBParameterGroupName": "own"},
        {"DBParameterGroupName": "free"},
        _used_parameter_group,
    ),
    Rule(
        "a default parameter group is not deleted",
        f"{API}/API_DeleteDBParameterGroup.html",
        "delete_db_parameter_group",
        "InvalidDBParameterGroupState",
        {"DBParameterGroupName": "default.postgres15"},
        {"DBParameterGroupName": "free"},
        _parameter_group,
    ),
]
RULES = INSTANCES + GROUPS
