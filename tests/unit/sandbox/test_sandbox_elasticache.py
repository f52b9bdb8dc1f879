# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Caches: the states that they pass through, who they are when things fail over, and what their network holds."""

import pytest

from tests.unit.sandbox.rule import World
from tests.unit.sandbox.rules.elasticache import a_group, private

FAILOVER = {"NumCacheClusters": 2, "AutomaticFailoverEnabled": True, "MultiAZEnabled": True}
NOW = {"ApplyImmediately": True}


@pytest.fixture
def cache(sandbox):
    """ElastiCache, with a subnet group."""
    private(World(sandbox))
    return sandbox.client("elasticache")


def group(cache):
    """The replication group as it is now."""
    return cache.describe_replication_groups(ReplicationGroupId="app")["ReplicationGroups"][0]


def wait(cache, name, **names):
    """Let botocore wait, and say at once if it would have to."""
    cache.get_waiter(name).wait(**names, WaiterConfig={"Delay": 0, "MaxAttempts": 1})


def test_states(sandbox, cache, refused):
    sandbox.delays(replication_group_create=600, cache_cluster_create=300)
    made = cache.create_replication_group(**a_group(**FAILOVER))["ReplicationGroup"]
    assert (
        made["Status"] == "creating" and made["MemberClusters"] == ["app-001", "app-002"] and "NodeGroups" not in made
    )
    name = {"ReplicationGroupId": "app"}
    assert refused(cache.delete_replication_group, **name) == "InvalidReplicationGroupState"
    sandbox.advance(301)
    assert cache.describe_cache_clusters()["CacheClusters"][0]["CacheClusterStatus"] == "available"
    assert group(cache)["Status"] == "creating"
    sandbox.advance(300)
    wait(cache, "replication_group_available", **name)
    sandbox.delays(replication_group_modify=600, replication_group_delete=300)
    cache.modify_replication_group(**name, MultiAZEnabled=False, **NOW)
    assert (group(cache)["Status"], group(cache)["MultiAZ"]) == ("modifying", "enabled")
    sandbox.advance(601)
    assert (group(cache)["Status"], group(cache)["MultiAZ"]) == ("available", "disabled")
    cache.delete_replication_group(**name)
    assert group(cache)["Status"] == "deleting"
    sandbox.advance(301)
    wait(cache, "replication_group_deleted", **name)
    wait(cache, "cache_cluster_deleted", CacheClusterId="app-001")


def test_pending_changes(cache):
    cache.create_replication_group(**a_group(**FAILOVER, EngineVersion="7.0"))
    cache.modify_replication_group(ReplicationGroupId="app", EngineVersion="7.1", CacheNodeType="cache.m7g.large")
    member = cache.describe_cache_clusters(CacheClusterId="app-002")["CacheClusters"][0]
    assert member["PendingModifiedValues"] == {"EngineVersion": "7.1.0", "CacheNodeType": "cache.m7g.large"}
    assert member["EngineVersion"] == "7.0.7" and group(cache)["CacheNodeType"] == "cache.t4g.small"


def test_an_engine_brings_its_parameter_group(cache, refused):
    cache.create_replication_group(**a_group(**FAILOVER))
    valkey = {"ReplicationGroupId": "app", "Engine": "valkey", "EngineVersion": "8.0", **NOW}
    cache.modify_replication_group(**valkey)
    member = cache.describe_cache_clusters(CacheClusterId="app-002")["CacheClusters"][0]
    assert (group(cache)["Engine"], member["EngineVersion"]) == ("valkey", "8.0.1")
    assert member["CacheParameterGroup"]["CacheParameterGroupName"] == "default.valkey8"
    family = {"CacheParameterGroupFamily": "redis7", "Description": "d"}
    cache.create_cache_parameter_group(CacheParameterGroupName="own", **family)
    cache.create_replication_group(**a_group(ReplicationGroupId="b", CacheParameterGroupName="own"))
    assert (
        refused(cache.modify_replication_group, **{**valkey, "ReplicationGroupId": "b"})
        == "InvalidParameterCombination"
    )


def test_endpoints(cache):
    cache.create_replication_group(**a_group(**FAILOVER, TransitEncryptionEnabled=True))
    shard = group(cache)["NodeGroups"][0]
    assert shard["PrimaryEndpoint"]["Address"].startswith("master.app.")
    assert shard["ReaderEndpoint"]["Address"].startswith("replica.app.")
    assert shard["PrimaryEndpoint"]["Address"].endswith(".euc1.cache.amazonaws.com")
    plain = a_group(ReplicationGroupId="plain", **FAILOVER)
    cache.create_replication_group(**plain)
    found = cache.describe_replication_groups(ReplicationGroupId="plain")["ReplicationGroups"][0]
    assert found["NodeGroups"][0]["PrimaryEndpoint"]["Address"].startswith("plain.")


def test_network(sandbox, cache, ec2, refused):
    subnets = cache.describe_cache_subnet_groups()["CacheSubnetGroups"][0]
    vpc = subnets["VpcId"]
    number = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    cache.create_replication_group(**a_group(**FAILOVER, SecurityGroupIds=[number]))
    zones = [item["PreferredAvailabilityZone"] for item in group(cache)["NodeGroups"][0]["NodeGroupMembers"]]
    assert zones == ["eu-central-1a", "eu-central-1b"]
    assert refused(ec2.delete_security_group, GroupId=number) == "DependencyViolation"
    cache.delete_replication_group(ReplicationGroupId="app")
    cache.describe_replication_groups()
    ec2.delete_security_group(GroupId=number)


def test_a_token_is_set_later(cache):
    cache.create_replication_group(**a_group(TransitEncryptionEnabled=True))
    token = {"AuthToken": "correct-horse-battery", "AuthTokenUpdateStrategy": "SET"}
    cache.modify_replication_group(ReplicationGroupId="app", **token, **NOW)
    assert group(cache)["AuthTokenEnabled"]
    assert all(item["AuthTokenEnabled"] for item in cache.describe_cache_clusters()["CacheClusters"])


def test_a_retained_primary(cache):
    cache.create_replication_group(**a_group(NumCacheClusters=2))
    cache.delete_replication_group(ReplicationGroupId="app", RetainPrimaryCluster=True)
    found = cache.describe_cache_clusters(ShowCacheClustersNotInReplicationGroups=True)["CacheClusters"]
    assert [item["CacheClusterId"] for item in found] == ["app-001"]


def test_final_snapshot(cache):
    cache.create_replication_group(**a_group(NumCacheClusters=2))
    cache.delete_replication_group(ReplicationGroupId="app", FinalSnapshotIdentifier="last")
    found = cache.describe_snapshots()["Snapshots"]
    assert [(item["SnapshotName"], item["ReplicationGroupId"]) for item in found] == [("last", "app")]


def test_a_restored_group_has_the_version(cache):
    cache.create_replication_group(**a_group(EngineVersion="6.2"))
    cache.create_snapshot(SnapshotName="first", ReplicationGroupId="app")
    cache.create_replication_group(**a_group(ReplicationGroupId="again", SnapshotName="first"))
    assert cache.describe_cache_clusters(CacheClusterId="again-001")["CacheClusters"][0]["EngineVersion"] == "6.2.6"


def test_a_group_becomes_clustered(cache):
    cache.create_replication_group(**a_group(**FAILOVER))
    for mode in ("compatible", "enabled"):
        cache.modify_replication_group(ReplicationGroupId="app", ClusterMode=mode, **NOW)
        assert group(cache)["ClusterMode"] == mode
    assert group(cache)["ConfigurationEndpoint"] and group(cache)["NodeGroups"][0]["Slots"] == "0-16383"


def test_regions_are_kept_apart(sandbox, cache):
    cache.create_cache_parameter_group(
        CacheParameterGroupName="own", CacheParameterGroupFamily="redis7", Description="d"
    )
    other = sandbox.client("elasticache", "eu-west-1").describe_cache_parameter_groups()["CacheParameterGroups"]
    assert "own" not in [item["CacheParameterGroupName"] for item in other]


def test_tags_can_be_searched(sandbox, cache):
    cache.create_replication_group(**a_group(), Tags=[{"Key": "a", "Value": "b"}])
    found = sandbox.client("resourcegroupstaggingapi").get_resources(ResourceTypeFilters=["elasticache"])
    arns = [item["ResourceARN"] for item in found["ResourceTagMappingList"]]
    assert arns == [group(cache)["ARN"]]


def test_a_restart_keeps_caches(sandbox, cache, tmp_path):
    cache.create_replication_group(**a_group(**FAILOVER))
    before = group(cache)
    sandbox.save(tmp_path / "state")
    sandbox.reset()
    assert cache.describe_replication_groups()["ReplicationGroups"] == []
    sandbox.restore(tmp_path / "state")
    assert group(cache) == before


def test_a_group_grows_around_a_cluster(cache):
    settings = {"CacheNodeType": "cache.t4g.small", "CacheSubnetGroupName": "private"}
    cache.create_cache_cluster(CacheClusterId="one", Engine="redis", EngineVersion="7.0", Port=6380, **settings)
    primary = {"PrimaryClusterId": "one", "NumCacheClusters": 2}
    cache.create_replication_group(ReplicationGroupId="app", ReplicationGroupDescription="d", **primary)
    assert group(cache)["MemberClusters"] == ["one", "app-002"]
    cache.create_cache_cluster(CacheClusterId="three", ReplicationGroupId="app")
    members = {
        item["CacheClusterId"]: item["CurrentRole"] for item in group(cache)["NodeGroups"][0]["NodeGroupMembers"]
    }
    assert members == {"one": "primary", "app-002": "replica", "three": "replica"}
    found = cache.describe_cache_clusters(CacheClusterId="three", ShowCacheNodeInfo=True)["CacheClusters"][0]
    assert (found["EngineVersion"], found["CacheNodes"][0]["Endpoint"]["Port"]) == ("7.0.7", 6380)
