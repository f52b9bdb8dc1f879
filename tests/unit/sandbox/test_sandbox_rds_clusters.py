# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Aurora clusters: the states that they pass through, who writes, and what belongs to a cluster and what to an instance."""

import json

import pytest

from tests.unit.sandbox.rule import World
from tests.unit.sandbox.rules.rds import private

NAME = {"DBClusterIdentifier": "app"}
ENGINE = {"Engine": "aurora-postgresql"}
CLUSTER = {**NAME, **ENGINE, "EngineVersion": "15.12", "MasterUsername": "app", "DBSubnetGroupName": "private"}
PASSWORD = {"MasterUserPassword": "correct-horse-9"}
NOW = {"ApplyImmediately": True}


@pytest.fixture
def rds(sandbox):
    """RDS, with a subnet group."""
    private(World(sandbox))
    return sandbox.client("rds")


def cluster(rds):
    """The cluster as it is now."""
    return rds.describe_db_clusters(**NAME)["DBClusters"][0]


def join(rds, *names, **settings):
    """Let instances join the cluster."""
    for name in names:
        wanted = {"DBInstanceIdentifier": name, "DBInstanceClass": "db.r7g.large", **NAME, **ENGINE}
        rds.create_db_instance(**wanted, **settings)


def writer(rds):
    """The name of the instance that writes."""
    return next(
        (item["DBInstanceIdentifier"] for item in cluster(rds)["DBClusterMembers"] if item["IsClusterWriter"]), None
    )


def wait(rds, name, **names):
    """Let botocore wait, and say at once if it would have to."""
    rds.get_waiter(name).wait(**names, WaiterConfig={"Delay": 0, "MaxAttempts": 1})


def test_states(sandbox, rds, refused):
    sandbox.delays(db_cluster_create=180, db_instance_create=600)
    assert rds.create_db_cluster(**CLUSTER, **PASSWORD)["DBCluster"]["Status"] == "creating"
    assert cluster(rds)["Status"] == "creating"
    assert refused(rds.modify_db_cluster, **NAME, DeletionProtection=True) == "InvalidDBClusterStateFault"
    join(rds, "one")
    sandbox.advance(181)
    wait(rds, "db_cluster_available", **NAME)
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "creating"
    sandbox.advance(420)
    wait(rds, "db_instance_available", DBInstanceIdentifier="one")
    sandbox.delays(db_instance_delete=300, db_cluster_delete=120)
    rds.delete_db_instance(DBInstanceIdentifier="one")
    rds.delete_db_cluster(**NAME, SkipFinalSnapshot=True)
    assert cluster(rds)["Status"] == "deleting"
    sandbox.advance(301)
    wait(rds, "db_cluster_deleted", **NAME)
    wait(rds, "db_instance_deleted", DBInstanceIdentifier="one")


def test_who_writes(sandbox, rds):
    rds.create_db_cluster(**CLUSTER, **PASSWORD)
    assert writer(rds) is None
    join(rds, "one")
    join(rds, "two", PromotionTier=2)
    join(rds, "three", PromotionTier=0)
    assert writer(rds) == "one"
    sandbox.delays(db_cluster_failover=30)
    rds.failover_db_cluster(**NAME, TargetDBInstanceIdentifier="two")
    assert (cluster(rds)["Status"], writer(rds)) == ("failing-over", "one")
    sandbox.advance(31)
    assert (cluster(rds)["Status"], writer(rds)) == ("available", "two")
    rds.delete_db_instance(DBInstanceIdentifier="two")
    assert writer(rds) == "three"


def test_instances_are_spread(rds):
    rds.create_db_cluster(**CLUSTER, **PASSWORD)
    join(rds, "one", "two")
    found = rds.describe_db_instances(Filters=[{"Name": "db-cluster-id", "Values": ["app"]}])["DBInstances"]
    assert {item["AvailabilityZone"] for item in found} == {"eu-central-1a", "eu-central-1b"}
    assert cluster(rds)["MultiAZ"]


def test_a_version_reaches_the_instances(rds):
    rds.create_db_cluster(**CLUSTER, **PASSWORD)
    join(rds, "one")
    rds.modify_db_cluster(**NAME, EngineVersion="16.8", AllowMajorVersionUpgrade=True, **NOW)
    assert cluster(rds)["DBClusterParameterGroup"] == "default.aurora-postgresql16"
    assert rds.describe_db_instances()["DBInstances"][0]["EngineVersion"] == "16.8"


def test_a_new_name(rds):
    rds.create_db_cluster(**CLUSTER, **PASSWORD)
    join(rds, "one")
    rds.modify_db_cluster(**NAME, NewDBClusterIdentifier="other", **NOW)
    found = rds.describe_db_clusters(DBClusterIdentifier="other")["DBClusters"][0]
    assert [item["DBInstanceIdentifier"] for item in found["DBClusterMembers"]] == ["one"]
    assert rds.describe_db_instances()["DBInstances"][0]["DBClusterIdentifier"] == "other"


def test_the_secret(sandbox, rds):
    secrets = sandbox.client("secretsmanager")
    rds.create_db_cluster(**CLUSTER, ManageMasterUserPassword=True)
    arn = cluster(rds)["MasterUserSecret"]["SecretArn"]
    first = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    assert first["username"] == "app"
    rds.modify_db_cluster(**NAME, RotateMasterUserPassword=True, **NOW)
    assert json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])["password"] != first["password"]
    rds.modify_db_cluster(**NAME, ManageMasterUserPassword=False, **PASSWORD, **NOW)
    assert "MasterUserSecret" not in cluster(rds)


def test_logs(sandbox, rds):
    rds.create_db_cluster(**CLUSTER, **PASSWORD, EnableCloudwatchLogsExports=["postgresql"])
    rds.describe_db_clusters()
    groups = sandbox.client("logs").describe_log_groups()["logGroups"]
    assert [item["logGroupName"] for item in groups] == ["/aws/rds/cluster/app/postgresql"]


def test_stopped_instances(rds, refused):
    rds.create_db_cluster(**CLUSTER, **PASSWORD)
    join(rds, "one")
    assert refused(rds.stop_db_instance, DBInstanceIdentifier="one") == "InvalidDBClusterStateFault"
    rds.stop_db_cluster(**NAME)
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "stopped"
    rds.start_db_cluster(**NAME)
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "available"


def test_versions_of_aurora(rds):
    found = rds.describe_db_engine_versions(**ENGINE, EngineVersion="15")["DBEngineVersions"]
    assert found[-1]["EngineVersion"] == "15.15" and found[-1]["DBParameterGroupFamily"] == "aurora-postgresql15"
    assert "16.8" in [target["EngineVersion"] for target in found[-1]["ValidUpgradeTarget"]]


def test_tags(sandbox, rds, refused):
    rds.create_db_cluster(**CLUSTER, **PASSWORD, Tags=[{"Key": "a", "Value": "b"}])
    found = sandbox.client("resourcegroupstaggingapi").get_resources(ResourceTypeFilters=["rds:cluster"])
    arns = [item["ResourceARN"] for item in found["ResourceTagMappingList"]]
    assert arns == [cluster(rds)["DBClusterArn"]]
    assert refused(rds.list_tags_for_resource, ResourceName=f"{arns[0]}s") == "DBClusterNotFoundFault"


def test_a_restart_keeps_clusters(sandbox, rds, tmp_path):
    rds.create_db_cluster(**CLUSTER, **PASSWORD)
    join(rds, "one")
    rds.create_db_cluster_snapshot(**NAME, DBClusterSnapshotIdentifier="first")
    before = cluster(rds)
    sandbox.save(tmp_path / "state")
    sandbox.reset()
    assert rds.describe_db_clusters()["DBClusters"] == []
    sandbox.restore(tmp_path / "state")
    assert cluster(rds) | {"LatestRestorableTime": 0} == before | {"LatestRestorableTime": 0}
    assert rds.describe_db_cluster_snapshots()["DBClusterSnapshots"][0]["Status"] == "available"


def test_a_copied_snapshot_is_restored(rds):
    wanted = {"DBInstanceClass": "db.t4g.medium", "Engine": "postgres", "AllocatedStorage": 20}
    place = {"DBSubnetGroupName": "private"}
    rds.create_db_instance(DBInstanceIdentifier="db", **wanted, **place, **PASSWORD, MasterUsername="app")
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="first")
    rds.copy_db_snapshot(SourceDBSnapshotIdentifier="first", TargetDBSnapshotIdentifier="second")
    rds.restore_db_instance_from_db_snapshot(DBInstanceIdentifier="again", DBSnapshotIdentifier="second", **place)
    found = rds.describe_db_instances(DBInstanceIdentifier="again")["DBInstances"][0]
    assert (found["MasterUsername"], found["AllocatedStorage"]) == ("app", 20)
