# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RDS instances: what is refused, what is read back, what takes time."""

import json

import pytest

MINIMAL = {
    "DBInstanceIdentifier": "db",
    "DBInstanceClass": "db.t3.medium",
    "Engine": "postgres",
    "EngineVersion": "15",
    "AllocatedStorage": 100,
    "StorageType": "gp3",
    "MasterUsername": "dougust",
    "MasterUserPassword": "correct-horse-9",
    "DBSubnetGroupName": "private",
}


@pytest.fixture
def rds(sandbox):
    """RDS."""
    return sandbox.client("rds")


@pytest.fixture
def subnets(ec2, vpc):
    """The ids of subnets in two zones."""
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-central-1{zone}")["Subnet"][
            "SubnetId"
        ]
        for number, zone in enumerate("ab")
    ]


@pytest.fixture
def group(ec2, vpc):
    """The id of a security group."""
    return ec2.create_security_group(GroupName="db", Description="db", VpcId=vpc)["GroupId"]


@pytest.fixture
def minimal(rds, subnets, group):
    """What it takes to create an instance."""
    rds.create_db_subnet_group(DBSubnetGroupName="private", DBSubnetGroupDescription="p", SubnetIds=subnets)
    return {**MINIMAL, "VpcSecurityGroupIds": [group]}


@pytest.fixture
def db(rds, minimal):
    """The name of an available instance."""
    rds.create_db_instance(**minimal)
    return "db"


@pytest.fixture
def managed_role(sandbox):
    """The ARN of a role for enhanced monitoring."""
    trust = {"Effect": "Allow", "Principal": {"Service": "monitoring.rds.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam = sandbox.client("iam")
    return iam.create_role(RoleName="m", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))["Role"]["Arn"]


def get(rds, name="db"):
    """An instance."""
    return rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def test_life(sandbox, rds, minimal, refused):
    sandbox.delays(db_instance_create=600)
    created = rds.create_db_instance(**minimal)["DBInstance"]
    assert created["DBInstanceStatus"] == "creating" and "Endpoint" not in created
    assert "Endpoint" not in get(rds) and get(rds)["EngineVersion"] == "15.15"
    assert refused(rds.create_db_instance, **minimal) == "DBInstanceAlreadyExists"
    gone = {"DBInstanceIdentifier": "db", "SkipFinalSnapshot": True}
    assert refused(rds.delete_db_instance, **gone) == "InvalidDBInstanceState"
    assert refused(rds.modify_db_instance, DBInstanceIdentifier="db", MultiAZ=True) == "InvalidDBInstanceState"
    sandbox.reset()
    with pytest.raises(rds.exceptions.DBInstanceNotFoundFault):
        get(rds)


def test_creation_ends_and_deletion_begins(sandbox, rds, db, refused):
    found = get(rds)
    assert found["DBInstanceStatus"] == "available" and found["Endpoint"]["Port"] == 5432
    assert refused(rds.delete_db_instance, DBInstanceIdentifier=db) == "InvalidParameterCombination"
    both = {"SkipFinalSnapshot": True, "FinalDBSnapshotIdentifier": "x"}
    assert refused(rds.delete_db_instance, DBInstanceIdentifier=db, **both) == "InvalidParameterCombination"
    sandbox.delays(db_instance_delete=600)
    deleted = rds.delete_db_instance(DBInstanceIdentifier=db, FinalDBSnapshotIdentifier="final")["DBInstance"]
    assert deleted["DBInstanceStatus"] == get(rds)["DBInstanceStatus"] == "deleting"
    assert refused(rds.delete_db_instance, DBInstanceIdentifier=db, SkipFinalSnapshot=True) == "InvalidDBInstanceState"
    snapshots = rds.describe_db_snapshots(DBInstanceIdentifier=db)["DBSnapshots"]
    assert [(item["DBSnapshotIdentifier"], item["SnapshotType"]) for item in snapshots] == [("final", "manual")]


def test_deletion_frees_what_it_held(sandbox, rds, ec2, db, group, refused):
    assert refused(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    (interface,) = ec2.describe_network_interfaces(Filters=[{"Name": "group-id", "Values": [group]}])[
        "NetworkInterfaces"
    ]
    assert interface["RequesterManaged"] and interface["Description"] == "RDSNetworkInterface"
    assert refused(ec2.delete_subnet, SubnetId=interface["SubnetId"]) == "DependencyViolation"
    assert refused(rds.delete_db_subnet_group, DBSubnetGroupName="private") == "InvalidDBSubnetGroupStateFault"
    rds.modify_db_instance(DBInstanceIdentifier=db, DeletionProtection=True)
    code = refused(rds.delete_db_instance, DBInstanceIdentifier=db, SkipFinalSnapshot=True)
    assert code == "InvalidParameterCombination"
    rds.modify_db_instance(DBInstanceIdentifier=db, DeletionProtection=False)
    rds.delete_db_instance(DBInstanceIdentifier=db, SkipFinalSnapshot=True)
    assert rds.describe_db_instances()["DBInstances"] == []
    ec2.delete_security_group(GroupId=group)
    rds.delete_db_subnet_group(DBSubnetGroupName="private")
    assert refused(rds.describe_db_subnet_groups, DBSubnetGroupName="private") == "DBSubnetGroupNotFoundFault"


def test_read_back(sandbox, rds, minimal, managed_role):
    key = sandbox.client("kms").create_key()["KeyMetadata"]
    rds.create_db_parameter_group(DBParameterGroupName="Own", DBParameterGroupFamily="postgres15", Description="d")
    written = {
        "MaxAllocatedStorage": 1000, "MonitoringInterval": 60, "MonitoringRoleArn": managed_role, "MultiAZ": True,
        "StorageEncrypted": True, "KmsKeyId": key["Arn"], "PerformanceInsightsRetentionPeriod": 731,
        "PerformanceInsightsKMSKeyId": key["Arn"], "DatabaseInsightsMode": "advanced", "CopyTagsToSnapshot": True,
        "DeletionProtection": True, "PreferredBackupWindow": "01:00-02:00", "BackupRetentionPeriod": 7,
        "PreferredMaintenanceWindow": "sun:02:00-sun:04:00", "AutoMinorVersionUpgrade": False, "NetworkType": "IPV4",
        "EngineLifecycleSupport": "open-source-rds-extended-support-disabled", "DBName": "dougust",
        "CACertificateIdentifier": "rds-ca-rsa4096-g1", "PubliclyAccessible": False,
    }  # fmt: skip
    rds.create_db_instance(
        **minimal, **written, EnablePerformanceInsights=True, EnableIAMDatabaseAuthentication=True,
        EnableCloudwatchLogsExports=["postgresql", "upgrade"], DBParameterGroupName="own",
        Tags=[{"Key": "a", "Value": "b"}],
    )  # fmt: skip
    found = get(rds)
    assert {name: found.get(name) for name in written} == written
    assert (found["PerformanceInsightsEnabled"], found["IAMDatabaseAuthenticationEnabled"]) == (True, True)
    assert (found["Iops"], found["StorageThroughput"]) == (3000, 125)
    assert found["DBParameterGroups"] == [{"DBParameterGroupName": "own", "ParameterApplyStatus": "in-sync"}]
    assert found["OptionGroupMemberships"] == [{"OptionGroupName": "default:postgres-15", "Status": "in-sync"}]
    assert found["EnabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    assert found["TagList"] == [{"Key": "a", "Value": "b"}] and found["PendingModifiedValues"] == {}
    assert found["DBSubnetGroup"]["DBSubnetGroupName"] == "private" and found["SecondaryAvailabilityZone"]
    groups = sandbox.client("logs").describe_log_groups()["logGroups"]
    assert {item["logGroupName"] for item in groups} == {
        "/aws/rds/instance/db/postgresql", "/aws/rds/instance/db/upgrade",
    }  # fmt: skip


def test_resource_ids_differ(rds, db, minimal):
    rds.create_db_instance(**{**minimal, "DBInstanceIdentifier": "db2"})
    assert get(rds)["DbiResourceId"] != get(rds, "db2")["DbiResourceId"]


def test_default_network(rds):
    settings = {name: value for name, value in MINIMAL.items() if name != "DBSubnetGroupName"}
    rds.create_db_instance(**settings)
    found = get(rds)
    assert found["DBSubnetGroup"]["DBSubnetGroupName"] == "default" and found["VpcSecurityGroups"]


def test_keys_of_aws(sandbox, rds, minimal):
    rds.create_db_instance(**minimal, StorageEncrypted=True, EnablePerformanceInsights=True)
    found = get(rds)
    assert (
        found["KmsKeyId"] == found["PerformanceInsightsKMSKeyId"] and found["PerformanceInsightsRetentionPeriod"] == 7
    )
    key = sandbox.client("kms").describe_key(KeyId=found["KmsKeyId"])["KeyMetadata"]
    assert key["KeyManager"] == "AWS"


REFUSED = [
    ({"EngineVersion": "15.99"}, "InvalidParameterCombination"),
    ({"DBInstanceClass": "db.foo.large"}, "InvalidParameterValue"),
    ({"AllocatedStorage": 19}, "InvalidParameterCombination"),
    ({"MaxAllocatedStorage": 100}, "InvalidParameterCombination"),
    ({"Iops": 3000}, "InvalidParameterCombination"),
    ({"MasterUserPassword": "short"}, "InvalidParameterValue"),
    ({"MasterUserPassword": "with a space"}, "InvalidParameterValue"),
    ({"MasterUserPassword": "with/slash"}, "InvalidParameterValue"),
    ({"MasterUsername": "rdsadmin"}, "InvalidParameterValue"),
    ({"MasterUsername": "admin"}, "InvalidParameterValue"),
    ({"DBName": "my-db"}, "InvalidParameterValue"),
    ({"VpcSecurityGroupIds": ["sg-0123456789abcdef0"]}, "InvalidParameterValue"),
    ({"DBSubnetGroupName": "missing"}, "DBSubnetGroupNotFoundFault"),
    ({"DBParameterGroupName": "missing"}, "DBParameterGroupNotFound"),
    ({"DBParameterGroupName": "default.postgres16"}, "InvalidParameterCombination"),
    ({"MonitoringInterval": 60}, "InvalidParameterCombination"),
    ({"MonitoringInterval": 7}, "InvalidParameterValue"),
    ({"BackupRetentionPeriod": 36}, "InvalidParameterValue"),
    ({"StorageEncrypted": True, "KmsKeyId": "no-such-key"}, "KMSKeyNotAccessibleFault"),
    ({"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 8}, "InvalidParameterValue"),
    ({"PerformanceInsightsRetentionPeriod": 7}, "InvalidParameterCombination"),
    ({"DatabaseInsightsMode": "advanced"}, "InvalidParameterCombination"),
    ({"EnableCloudwatchLogsExports": ["slowquery"]}, "InvalidParameterCombination"),
    ({"CACertificateIdentifier": "rds-ca-2019"}, "CertificateNotFound"),
    ({"ManageMasterUserPassword": True}, "InvalidParameterCombination"),
    ({"MultiAZ": True, "AvailabilityZone": "eu-central-1a"}, "InvalidParameterCombination"),
    ({"OptionGroupName": "missing"}, "OptionGroupNotFoundFault"),
    ({"PubliclyAccessible": True}, "InvalidVPCNetworkStateFault"),
    (
        {"PreferredBackupWindow": "01:30-02:30", "PreferredMaintenanceWindow": "sun:02:00-sun:04:00"},
        "InvalidParameterValue",
    ),
    (
        {"PreferredBackupWindow": "03:30-04:30", "PreferredMaintenanceWindow": "sun:02:00-sun:04:00"},
        "InvalidParameterValue",
    ),
    ({"PreferredBackupWindow": "01:00-01:10"}, "InvalidParameterValue"),
    ({"PreferredMaintenanceWindow": "sunday"}, "InvalidParameterValue"),
]


@pytest.mark.parametrize("wrong, code", REFUSED, ids=lambda item: "-".join(item) if isinstance(item, dict) else item)
def test_refused(rds, minimal, refused, wrong, code):
    assert refused(rds.create_db_instance, **{**minimal, **wrong}) == code
    assert rds.describe_db_instances()["DBInstances"] == []


@pytest.mark.parametrize("missing", ["AllocatedStorage", "MasterUsername", "MasterUserPassword"])
def test_required(rds, minimal, refused, missing):
    del minimal[missing]
    assert refused(rds.create_db_instance, **minimal) == "InvalidParameterValue"


@pytest.mark.parametrize("backup", ["01:00-02:00", "04:00-05:00"])
def test_adjacent_windows(rds, minimal, backup):
    rds.create_db_instance(**minimal, PreferredBackupWindow=backup, PreferredMaintenanceWindow="sun:02:00-sun:04:00")
    assert get(rds)["PreferredBackupWindow"] == backup


def test_managed_password(sandbox, rds, minimal):
    del minimal["MasterUserPassword"]
    created = rds.create_db_instance(**minimal, ManageMasterUserPassword=True)["DBInstance"]
    assert created["MasterUserSecret"]["SecretStatus"] == "creating"
    secret = get(rds)["MasterUserSecret"]
    assert secret["SecretStatus"] == "active" and secret["KmsKeyId"].startswith("arn:aws:kms:")
    manager = sandbox.client("secretsmanager")
    value = json.loads(manager.get_secret_value(SecretId=secret["SecretArn"])["SecretString"])
    assert value["username"] == "dougust" and len(value["password"]) == 28
    rds.delete_db_instance(DBInstanceIdentifier="db", SkipFinalSnapshot=True)
    assert rds.describe_db_instances()["DBInstances"] == [] and manager.list_secrets()["SecretList"] == []


def test_versions_and_classes(rds):
    versions = rds.describe_db_engine_versions(Engine="postgres", EngineVersion="15")["DBEngineVersions"]
    assert versions[-1]["EngineVersion"] == "15.15" and versions[-1]["DBParameterGroupFamily"] == "postgres15"
    (default,) = rds.describe_db_engine_versions(Engine="postgres", DefaultOnly=True)["DBEngineVersions"]
    assert {target["EngineVersion"] for target in default["ValidUpgradeTarget"]} == {"18.1"}
    options = rds.get_paginator("describe_orderable_db_instance_options").paginate(
        Engine="postgres", EngineVersion="15.15", DBInstanceClass="db.t3.medium"
    )
    kinds = {option["StorageType"] for page in options for option in page["OrderableDBInstanceOptions"]}
    assert {"gp2", "gp3", "io1"} <= kinds


def test_subnet_groups(rds, ec2, vpc, subnets, refused):
    words = {"DBSubnetGroupName": "Private", "DBSubnetGroupDescription": "p"}
    code = refused(rds.create_db_subnet_group, **words, SubnetIds=subnets[:1])
    assert code == "DBSubnetGroupDoesNotCoverEnoughAZs"
    assert refused(rds.create_db_subnet_group, **words, SubnetIds=["subnet-1", *subnets]) == "InvalidSubnet"
    rds.create_db_subnet_group(**words, SubnetIds=subnets)
    assert refused(rds.create_db_subnet_group, **words, SubnetIds=subnets) == "DBSubnetGroupAlreadyExists"
    third = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.9.0/24", AvailabilityZone="eu-central-1c")["Subnet"][
        "SubnetId"
    ]
    rds.modify_db_subnet_group(DBSubnetGroupName="private", SubnetIds=[*subnets, third])
    (found,) = rds.describe_db_subnet_groups(DBSubnetGroupName="private")["DBSubnetGroups"]
    assert {item["SubnetIdentifier"] for item in found["Subnets"]} == {*subnets, third}
    assert found["DBSubnetGroupDescription"] == "p"
