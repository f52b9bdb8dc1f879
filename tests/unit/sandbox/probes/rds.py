# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of instances of Amazon RDS, and of the groups that they need."""

NAME = {"DBInstanceIdentifier": "db"}
NOW = {"ApplyImmediately": True}
TAGS = [{"Key": "a", "Value": "b"}]


def subnets_of(probe, zones="ab"):
    """The ids of subnets in zones of a new VPC, and of a security group there."""
    ec2 = probe.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-central-1{zone}")
        for number, zone in enumerate(zones)
    ]
    group = ec2.create_security_group(GroupName="db", Description="db", VpcId=vpc)["GroupId"]
    return [subnet["Subnet"]["SubnetId"] for subnet in subnets], group


def _wanted(probe):
    """What an instance in a new subnet group is created with."""
    subnets, group = subnets_of(probe)
    names = {"DBSubnetGroupName": "private", "DBSubnetGroupDescription": "p"}
    probe.client("rds").create_db_subnet_group(**names, SubnetIds=subnets)
    wanted = {"DBInstanceClass": "db.t4g.medium", "Engine": "postgres", "EngineVersion": "15.12"}
    wanted |= {"AllocatedStorage": 100, "StorageType": "gp3", "MasterUsername": "app", **NAME}
    return wanted | {"DBSubnetGroupName": "private", "VpcSecurityGroupIds": [group]}


def _made(probe):
    """An instance."""
    probe.client("rds").create_db_instance(**_wanted(probe), MasterUserPassword="correct-horse-9")


def subnet_group(probe):
    rds = probe.client("rds")
    subnets, _group = subnets_of(probe, "abc")
    name = {"DBSubnetGroupName": "private"}
    wanted = {**name, "DBSubnetGroupDescription": "one"}
    probe.does(rds.create_db_subnet_group, **wanted, SubnetIds=subnets[:2], Tags=TAGS)
    found = probe.shows(wanted, rds.describe_db_subnet_groups, "DBSubnetGroups.0", **name)
    assert {item["SubnetIdentifier"] for item in found["Subnets"]} == set(subnets[:2])
    probe.shows(TAGS, rds.list_tags_for_resource, "TagList", ResourceName=found["DBSubnetGroupArn"])
    probe.does(rds.modify_db_subnet_group, **name, DBSubnetGroupDescription="two", SubnetIds=subnets)
    seen = {"DBSubnetGroupDescription": "two"}
    found = probe.shows(seen, rds.describe_db_subnet_groups, "DBSubnetGroups.0", **name)
    assert {item["SubnetIdentifier"] for item in found["Subnets"]} == set(subnets)
    probe.does(rds.delete_db_subnet_group, **name)
    probe.lacks(rds.describe_db_subnet_groups, "DBSubnetGroupNotFoundFault", **name)


def parameter_group(probe):
    rds, name = probe.client("rds"), {"DBParameterGroupName": "own"}
    wanted = {**name, "DBParameterGroupFamily": "postgres15", "Description": "d"}
    probe.does(rds.create_db_parameter_group, **wanted)
    found = probe.shows(wanted, rds.describe_db_parameter_groups, "DBParameterGroups.0", **name)
    parameters = [
        {"ParameterName": "autovacuum_naptime", "ParameterValue": "20", "ApplyMethod": "immediate"},
        {"ParameterName": "checkpoint_timeout", "ParameterValue": "60", "ApplyMethod": "pending-reboot"},
    ]
    probe.does(rds.modify_db_parameter_group, **name, Parameters=parameters)
    probe.shows(parameters, rds.describe_db_parameters, "Parameters", **name, Source="user")
    probe.does(rds.reset_db_parameter_group, **name, Parameters=parameters[:1])
    probe.shows(parameters[1:], rds.describe_db_parameters, "Parameters", **name, Source="user")
    probe.does(rds.add_tags_to_resource, ResourceName=found["DBParameterGroupArn"], Tags=TAGS)
    probe.shows(TAGS, rds.list_tags_for_resource, "TagList", ResourceName=found["DBParameterGroupArn"])
    probe.does(rds.remove_tags_from_resource, ResourceName=found["DBParameterGroupArn"], TagKeys=["a"])
    probe.lacks(rds.list_tags_for_resource, path="TagList", ResourceName=found["DBParameterGroupArn"])
    probe.does(rds.reset_db_parameter_group, **name, ResetAllParameters=True)
    usual = rds.describe_engine_default_parameters(DBParameterGroupFamily="postgres15")["EngineDefaults"]
    probe.shows(usual["Parameters"], rds.describe_db_parameters, "Parameters", **name)
    seen = {"Parameters": rds.describe_db_parameters(**name)["Parameters"]}
    probe.shows(seen, rds.describe_engine_default_parameters, "EngineDefaults", DBParameterGroupFamily="postgres15")
    copy = {"TargetDBParameterGroupIdentifier": "copy", "TargetDBParameterGroupDescription": "c"}
    probe.does(rds.copy_db_parameter_group, SourceDBParameterGroupIdentifier="own", **copy)
    seen = {"DBParameterGroupFamily": "postgres15", "Description": "c"}
    look = (rds.describe_db_parameter_groups, "DBParameterGroups.0")
    probe.shows(seen, *look, DBParameterGroupName="copy")
    probe.does(rds.delete_db_parameter_group, **name)
    probe.lacks(rds.describe_db_parameter_groups, "DBParameterGroupNotFound", **name)


def instance(probe):
    rds, wanted = probe.client("rds"), _wanted(probe)
    key = probe.client("kms").create_key()["KeyMetadata"]["Arn"]
    own = {"StorageEncrypted": True, "KmsKeyId": key, "MultiAZ": True, "BackupRetentionPeriod": 7, "DBName": "app"}
    own |= {"PreferredBackupWindow": "03:00-04:00", "PreferredMaintenanceWindow": "mon:04:00-mon:05:00"}
    own |= {"DeletionProtection": True, "MaxAllocatedStorage": 200, "CopyTagsToSnapshot": True}
    other = {"EnablePerformanceInsights": True, "EnableCloudwatchLogsExports": ["postgresql"], "Tags": TAGS}
    probe.does(rds.create_db_instance, **wanted, **own, **other, ManageMasterUserPassword=True)
    seen = {name: value for name, value in wanted.items() if name not in ("DBSubnetGroupName", "VpcSecurityGroupIds")}
    seen |= {**own, "DBInstanceStatus": "available", "PerformanceInsightsEnabled": True, "TagList": TAGS}
    seen |= {"EnabledCloudwatchLogsExports": ["postgresql"], "Endpoint": {"Port": 5432}, "Iops": 3000}
    seen |= {"DBSubnetGroup": {"DBSubnetGroupName": "private"}, "MasterUserSecret": {"SecretStatus": "active"}}
    seen |= {"VpcSecurityGroups": [{"VpcSecurityGroupId": wanted["VpcSecurityGroupIds"][0], "Status": "active"}]}
    look = (rds.describe_db_instances, "DBInstances.0")
    probe.shows(seen, *look, **NAME)
    changed = {"DBInstanceClass": "db.m7g.large", "AllocatedStorage": 120, "DeletionProtection": False}
    changed |= {"BackupRetentionPeriod": 14, "MultiAZ": False, "EngineVersion": "15.13"}
    probe.does(rds.modify_db_instance, **NAME, **changed, **NOW)
    probe.shows({**changed, "PendingModifiedValues": {}}, *look, **NAME)
    probe.does(rds.modify_db_instance, **NAME, DBInstanceClass="db.m7g.xlarge")
    seen = {"DBInstanceClass": "db.m7g.large", "PendingModifiedValues": {"DBInstanceClass": "db.m7g.xlarge"}}
    probe.shows(seen, *look, **NAME)
    probe.does(rds.delete_db_instance, **NAME, FinalDBSnapshotIdentifier="last")
    probe.lacks(rds.describe_db_instances, "DBInstanceNotFound", **NAME)
    seen = {"DBSnapshotIdentifier": "last", "Status": "available", "TagList": TAGS, "AllocatedStorage": 120}
    probe.shows(seen, rds.describe_db_snapshots, "DBSnapshots.0", DBSnapshotIdentifier="last")


def states(probe):
    rds = probe.client("rds")
    _made(probe)
    look = (rds.describe_db_instances, "DBInstances.0")
    group = {"DBParameterGroupName": "own", "DBParameterGroupFamily": "postgres15", "Description": "d"}
    rds.create_db_parameter_group(**group)
    probe.does(rds.modify_db_instance, **NAME, DBParameterGroupName="own", **NOW)
    seen = {"DBParameterGroupName": "own", "ParameterApplyStatus": "pending-reboot"}
    probe.shows({"DBParameterGroups": [seen]}, *look, **NAME)
    probe.does(rds.reboot_db_instance, **NAME)
    probe.shows({"DBParameterGroups": [{**seen, "ParameterApplyStatus": "in-sync"}]}, *look, **NAME)
    probe.does(rds.stop_db_instance, **NAME)
    probe.shows({"DBInstanceStatus": "stopped"}, *look, **NAME)
    probe.does(rds.start_db_instance, **NAME)
    probe.shows({"DBInstanceStatus": "available"}, *look, **NAME)


def copies(probe):
    rds = probe.client("rds")
    _made(probe)
    name = {"DBSnapshotIdentifier": "first"}
    probe.does(rds.create_db_snapshot, **NAME, **name, Tags=TAGS)
    seen = {**name, **NAME, "Status": "available", "SnapshotType": "manual", "AllocatedStorage": 100}
    seen |= {"EngineVersion": "15.12", "Engine": "postgres", "MasterUsername": "app", "TagList": TAGS}
    look = (rds.describe_db_snapshots, "DBSnapshots.0")
    probe.shows(seen, *look, **name)
    restored = {"DBSubnetGroupName": "private", "DBInstanceClass": "db.m7g.large"}
    probe.does(rds.restore_db_instance_from_db_snapshot, DBInstanceIdentifier="again", **name, **restored)
    seen = {"EngineVersion": "15.12", "DBInstanceClass": "db.m7g.large", "AllocatedStorage": 100}
    instances = (rds.describe_db_instances, "DBInstances.0")
    probe.shows(seen, *instances, DBInstanceIdentifier="again")
    moment = {"UseLatestRestorableTime": True, "SourceDBInstanceIdentifier": "db"}
    probe.does(rds.restore_db_instance_to_point_in_time, TargetDBInstanceIdentifier="third", **moment, **restored)
    probe.shows(seen, *instances, DBInstanceIdentifier="third")
    names = {"SourceDBSnapshotIdentifier": "first", "TargetDBSnapshotIdentifier": "second"}
    probe.does(rds.copy_db_snapshot, **names)
    probe.shows({**NAME, "EngineVersion": "15.12", "Status": "available"}, *look, DBSnapshotIdentifier="second")
    probe.does(rds.delete_db_snapshot, **name)
    probe.lacks(rds.describe_db_snapshots, "DBSnapshotNotFound", **name)


def replica(probe):
    rds = probe.client("rds")
    look = (rds.describe_db_instances, "DBInstances.0")
    _made(probe)
    probe.does(rds.create_db_instance_read_replica, DBInstanceIdentifier="replica", SourceDBInstanceIdentifier="db")
    probe.shows({"ReadReplicaSourceDBInstanceIdentifier": "db"}, *look, DBInstanceIdentifier="replica")
    probe.shows({"ReadReplicaDBInstanceIdentifiers": ["replica"]}, *look, **NAME)
    probe.does(rds.promote_read_replica, DBInstanceIdentifier="replica", BackupRetentionPeriod=3)
    found = probe.shows({"BackupRetentionPeriod": 3}, *look, DBInstanceIdentifier="replica")
    assert "ReadReplicaSourceDBInstanceIdentifier" not in found


def offers(probe):
    rds = probe.client("rds")
    arguments = {"Engine": "postgres", "EngineVersion": "15.12"}
    _made(probe)
    found = rds.describe_db_instances(**NAME)["DBInstances"][0]
    seen = {**arguments, "DBParameterGroupFamily": "postgres15"}
    probe.does(rds.modify_db_instance, **NAME, EngineVersion="15.13", **NOW)
    probe.shows({"EngineVersion": "15.13"}, rds.describe_db_instances, "DBInstances.0", **NAME)
    probe.shows(seen, rds.describe_db_engine_versions, "DBEngineVersions.0", **arguments)
    seen = {"DBInstanceClass": found["DBInstanceClass"], "Vpc": True}
    options = {**arguments, "DBInstanceClass": "db.t4g.medium"}
    probe.shows(seen, rds.describe_orderable_db_instance_options, "OrderableDBInstanceOptions.0", **options)


def subscription(probe):
    rds, name = probe.client("rds"), {"SubscriptionName": "alerts"}
    topic = probe.client("sns").create_topic(Name="alerts")["TopicArn"]
    wanted = {"SnsTopicArn": topic, "SourceType": "db-instance", "Enabled": True}
    own = {"EventCategories": ["failover"], "SourceIds": ["db"]}
    probe.does(rds.create_event_subscription, **name, **wanted, **own)
    seen = {**wanted, "CustSubscriptionId": "alerts", "EventCategoriesList": ["failover"], "SourceIdsList": ["db"]}
    look = (rds.describe_event_subscriptions, "EventSubscriptionsList.0")
    probe.shows(seen, *look, **name)
    changed = {"EventCategories": ["deletion"], "Enabled": False}
    probe.does(rds.modify_event_subscription, **name, **changed)
    probe.does(rds.add_source_identifier_to_subscription, **name, SourceIdentifier="other")
    seen = {"EventCategoriesList": ["deletion"], "Enabled": False, "SourceIdsList": ["db", "other"]}
    probe.shows(seen, *look, **name)
    probe.does(rds.remove_source_identifier_from_subscription, **name, SourceIdentifier="db")
    probe.shows({"SourceIdsList": ["other"]}, *look, **name)
    probe.does(rds.delete_event_subscription, **name)
    probe.lacks(rds.describe_event_subscriptions, "SubscriptionNotFound", **name)


def events(probe):
    rds = probe.client("rds")
    _made(probe)
    probe.does(rds.reboot_db_instance, **NAME)
    source = {"SourceIdentifier": "db", "SourceType": "db-instance"}
    found = [{**source, "EventCategories": [name]} for name in ("creation", "availability")]
    probe.shows(found, rds.describe_events, "Events", **source)


def backups(probe):
    rds, other = probe.client("rds"), probe.client("rds", "eu-west-1")
    _made(probe)
    arn = rds.describe_db_instances(**NAME)["DBInstances"][0]["DBInstanceArn"]
    look = (other.describe_db_instance_automated_backups, "DBInstanceAutomatedBackups.0")
    probe.does(other.start_db_instance_automated_backups_replication, SourceDBInstanceArn=arn, BackupRetentionPeriod=9)
    seen = {**NAME, "DBInstanceArn": arn, "BackupRetentionPeriod": 9, "Status": "replicating", "Region": "eu-central-1"}
    probe.shows({**seen, "AllocatedStorage": 100}, *look, **NAME)
    probe.does(other.stop_db_instance_automated_backups_replication, SourceDBInstanceArn=arn)
    probe.lacks(other.describe_db_instance_automated_backups, path="DBInstanceAutomatedBackups")


def reservation(probe):
    rds, wanted = probe.client("rds"), {"DBInstanceClass": "db.m7g.large", "MultiAZ": True, "Duration": "1"}
    kind = {"OfferingType": "No Upfront"}
    offer = rds.describe_reserved_db_instances_offerings(**wanted, **kind)["ReservedDBInstancesOfferings"][0]
    name, number = {"ReservedDBInstanceId": "year"}, {
        "ReservedDBInstancesOfferingId": offer["ReservedDBInstancesOfferingId"]
    }
    probe.does(rds.purchase_reserved_db_instances_offering, **name, **number, DBInstanceCount=2)
    seen = {**name, **number, **kind, "DBInstanceCount": 2, "DBInstanceClass": "db.m7g.large", "State": "active"}
    found = probe.shows({**seen, "MultiAZ": True}, rds.describe_reserved_db_instances, "ReservedDBInstances.0", **name)
    seen = {"DBInstanceClass": found["DBInstanceClass"], "Duration": found["Duration"]}
    probe.shows(seen, rds.describe_reserved_db_instances_offerings, "ReservedDBInstancesOfferings.0", **number)
