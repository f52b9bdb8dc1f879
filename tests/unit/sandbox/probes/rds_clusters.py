# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of Amazon Aurora clusters, and of what they need and leave behind."""

from tests.unit.sandbox.probes.rds import NOW, TAGS, subnets_of

NAME = {"DBClusterIdentifier": "app"}
ENGINE = {"Engine": "aurora-postgresql"}


def _wanted(probe):
    """What a cluster in a new subnet group is created with."""
    subnets, group = subnets_of(probe)
    names = {"DBSubnetGroupName": "private", "DBSubnetGroupDescription": "p"}
    probe.client("rds").create_db_subnet_group(**names, SubnetIds=subnets)
    wanted = {**NAME, **ENGINE, "EngineVersion": "15.12", "MasterUsername": "app", "DBSubnetGroupName": "private"}
    return wanted | {"VpcSecurityGroupIds": [group]}


def _made(probe, *members):
    """A cluster with members."""
    rds = probe.client("rds")
    rds.create_db_cluster(**_wanted(probe), MasterUserPassword="correct-horse-9")
    for member in members:
        rds.create_db_instance(DBInstanceIdentifier=member, **NAME, **ENGINE, DBInstanceClass="db.r7g.large")


def cluster(probe):
    rds, wanted = probe.client("rds"), _wanted(probe)
    key = probe.client("kms").create_key()["KeyMetadata"]["Arn"]
    own = {"StorageEncrypted": True, "KmsKeyId": key, "BackupRetentionPeriod": 7, "DatabaseName": "app", "Port": 5433}
    own |= {"PreferredBackupWindow": "03:00-04:00", "PreferredMaintenanceWindow": "mon:04:00-mon:05:00"}
    own |= {"DeletionProtection": True, "CopyTagsToSnapshot": True}
    own |= {"ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 4.0}}
    other = {"EnableCloudwatchLogsExports": ["postgresql"], "Tags": TAGS, "EnableIAMDatabaseAuthentication": True}
    probe.does(rds.create_db_cluster, **wanted, **own, **other, ManageMasterUserPassword=True)
    seen = {**own, **NAME, **ENGINE, "EngineVersion": "15.12", "MasterUsername": "app", "DBSubnetGroup": "private"}
    seen |= {"Status": "available", "TagList": TAGS, "EnabledCloudwatchLogsExports": ["postgresql"]}
    seen |= {"IAMDatabaseAuthenticationEnabled": True, "DBClusterParameterGroup": "default.aurora-postgresql15"}
    seen |= {"VpcSecurityGroups": [{"VpcSecurityGroupId": wanted["VpcSecurityGroupIds"][0]}]}
    seen |= {"MasterUserSecret": {"SecretStatus": "active"}}
    look = (rds.describe_db_clusters, "DBClusters.0")
    found = probe.shows(seen, *look, **NAME)
    assert found["Endpoint"].startswith("app.cluster-") and found["ReaderEndpoint"].startswith("app.cluster-ro-")
    assert found["DBClusterMembers"] == []
    probe.shows(TAGS, rds.list_tags_for_resource, "TagList", ResourceName=found["DBClusterArn"])
    changed = {"BackupRetentionPeriod": 14, "DeletionProtection": False, "EngineVersion": "15.13"}
    changed |= {"ServerlessV2ScalingConfiguration": {"MinCapacity": 1.0, "MaxCapacity": 8.0}}
    changed |= {"PreferredBackupWindow": "05:00-06:00"}
    probe.does(rds.modify_db_cluster, **NAME, **changed, **NOW)
    probe.shows(changed, *look, **NAME)
    probe.does(rds.modify_db_cluster, **NAME, EngineVersion="15.14")
    probe.shows({"EngineVersion": "15.13", "PendingModifiedValues": {"EngineVersion": "15.14"}}, *look, **NAME)
    probe.does(rds.stop_db_cluster, **NAME)
    probe.shows({"Status": "stopped"}, *look, **NAME)
    probe.does(rds.start_db_cluster, **NAME)
    probe.shows({"Status": "available"}, *look, **NAME)
    probe.does(rds.delete_db_cluster, **NAME, FinalDBSnapshotIdentifier="last")
    probe.lacks(rds.describe_db_clusters, "DBClusterNotFoundFault", **NAME)
    seen = {"Status": "available", "EngineVersion": "15.13", **NAME, "TagList": TAGS}
    probe.shows(seen, rds.describe_db_cluster_snapshots, "DBClusterSnapshots.0", DBClusterSnapshotIdentifier="last")


def members(probe):
    rds = probe.client("rds")
    _made(probe)
    look, clusters = (rds.describe_db_instances, "DBInstances.0"), (rds.describe_db_clusters, "DBClusters.0")
    wanted = {**ENGINE, **NAME, "DBInstanceClass": "db.r7g.large", "PromotionTier": 2}
    wanted |= {"PreferredMaintenanceWindow": "mon:04:00-mon:05:00"}
    probe.does(rds.create_db_instance, DBInstanceIdentifier="one", **wanted, EnablePerformanceInsights=True)
    seen = {**wanted, "DBInstanceStatus": "available", "EngineVersion": "15.12", "PerformanceInsightsEnabled": True}
    probe.shows({**seen, "StorageType": "aurora", "MasterUsername": "app"}, *look, DBInstanceIdentifier="one")
    probe.does(rds.create_db_instance, DBInstanceIdentifier="two", **wanted)
    both = [
        {"DBInstanceIdentifier": "one", "IsClusterWriter": True, "PromotionTier": 2},
        {"DBInstanceIdentifier": "two", "IsClusterWriter": False, "PromotionTier": 2},
    ]
    probe.shows({"DBClusterMembers": both, "MultiAZ": True}, *clusters, **NAME)
    probe.does(rds.failover_db_cluster, **NAME)
    both = [{"DBInstanceIdentifier": name, "IsClusterWriter": name == "two"} for name in ("one", "two")]
    probe.shows({"DBClusterMembers": both, "Status": "available"}, *clusters, **NAME)
    changed = {"DBInstanceClass": "db.r7g.xlarge", "PromotionTier": 1}
    probe.does(rds.modify_db_instance, DBInstanceIdentifier="one", **changed, **NOW)
    probe.shows(changed, *look, DBInstanceIdentifier="one")
    probe.does(rds.delete_db_instance, DBInstanceIdentifier="two")
    probe.shows({"DBClusterMembers": [{"DBInstanceIdentifier": "one", "IsClusterWriter": True}]}, *clusters, **NAME)


def parameter_group(probe):
    rds, name = probe.client("rds"), {"DBClusterParameterGroupName": "own"}
    wanted = {**name, "DBParameterGroupFamily": "aurora-postgresql15", "Description": "d"}
    probe.does(rds.create_db_cluster_parameter_group, **wanted)
    probe.shows(wanted, rds.describe_db_cluster_parameter_groups, "DBClusterParameterGroups.0", **name)
    parameters = [
        {"ParameterName": "autovacuum_naptime", "ParameterValue": "20", "ApplyMethod": "immediate"},
        {"ParameterName": "checkpoint_timeout", "ParameterValue": "60", "ApplyMethod": "pending-reboot"},
    ]
    probe.does(rds.modify_db_cluster_parameter_group, **name, Parameters=parameters)
    probe.shows(parameters, rds.describe_db_cluster_parameters, "Parameters", **name, Source="user")
    probe.does(rds.reset_db_cluster_parameter_group, **name, ResetAllParameters=True)
    family = {"DBParameterGroupFamily": "aurora-postgresql15"}
    usual = rds.describe_engine_default_cluster_parameters(**family)["EngineDefaults"]["Parameters"]
    found = probe.shows(usual, rds.describe_db_cluster_parameters, "Parameters", **name)
    seen = {"Parameters": found}
    probe.shows(seen, rds.describe_engine_default_cluster_parameters, "EngineDefaults", **family)
    copy = {"TargetDBClusterParameterGroupIdentifier": "copy", "TargetDBClusterParameterGroupDescription": "c"}
    probe.does(rds.copy_db_cluster_parameter_group, SourceDBClusterParameterGroupIdentifier="own", **copy)
    look = (rds.describe_db_cluster_parameter_groups, "DBClusterParameterGroups.0")
    probe.shows({**family, "Description": "c"}, *look, DBClusterParameterGroupName="copy")
    probe.does(rds.delete_db_cluster_parameter_group, **name)
    probe.lacks(rds.describe_db_cluster_parameter_groups, "DBParameterGroupNotFound", **name)


def copies(probe):
    rds = probe.client("rds")
    _made(probe)
    name, look = {"DBClusterSnapshotIdentifier": "first"}, (rds.describe_db_cluster_snapshots, "DBClusterSnapshots.0")
    probe.does(rds.create_db_cluster_snapshot, **NAME, **name, Tags=TAGS)
    seen = {**name, **NAME, **ENGINE, "Status": "available", "SnapshotType": "manual", "EngineVersion": "15.12"}
    probe.shows({**seen, "TagList": TAGS, "MasterUsername": "app"}, *look, **name)
    names = {"SourceDBClusterSnapshotIdentifier": "first", "TargetDBClusterSnapshotIdentifier": "second"}
    probe.does(rds.copy_db_cluster_snapshot, **names)
    probe.shows({**NAME, "EngineVersion": "15.12"}, *look, DBClusterSnapshotIdentifier="second")
    place = {"DBSubnetGroupName": "private"}
    restored = {"DBClusterIdentifier": "again", "SnapshotIdentifier": "first", **ENGINE}
    probe.does(rds.restore_db_cluster_from_snapshot, **restored, **place, EngineVersion="15.13")
    seen = {"Status": "available", "EngineVersion": "15.13", "MasterUsername": "app", "DBSubnetGroup": "private"}
    probe.shows(seen, rds.describe_db_clusters, "DBClusters.0", DBClusterIdentifier="again")
    moment = {"UseLatestRestorableTime": True, "SourceDBClusterIdentifier": "app"}
    probe.does(rds.restore_db_cluster_to_point_in_time, DBClusterIdentifier="third", **moment, **place)
    seen |= {"EngineVersion": "15.12"}
    probe.shows(seen, rds.describe_db_clusters, "DBClusters.0", DBClusterIdentifier="third")
    probe.does(rds.delete_db_cluster_snapshot, **name)
    probe.lacks(rds.describe_db_cluster_snapshots, "DBClusterSnapshotNotFoundFault", **name)


def endpoint(probe):
    rds, name = probe.client("rds"), {"DBClusterEndpointIdentifier": "reports"}
    _made(probe, "one", "two")
    wanted = {**NAME, **name, "StaticMembers": ["two"]}
    probe.does(rds.create_db_cluster_endpoint, **wanted, EndpointType="READER")
    seen = {**wanted, "EndpointType": "CUSTOM", "CustomEndpointType": "READER", "Status": "available"}
    look = (rds.describe_db_cluster_endpoints, "DBClusterEndpoints.0")
    found = probe.shows(seen, *look, **name)
    probe.shows({"CustomEndpoints": [found["Endpoint"]]}, rds.describe_db_clusters, "DBClusters.0", **NAME)
    probe.does(rds.modify_db_cluster_endpoint, **name, EndpointType="ANY", ExcludedMembers=["one"])
    probe.shows({"CustomEndpointType": "ANY", "ExcludedMembers": ["one"], "StaticMembers": []}, *look, **name)
    probe.does(rds.delete_db_cluster_endpoint, **name)
    probe.lacks(rds.describe_db_cluster_endpoints, path="DBClusterEndpoints", **name)
