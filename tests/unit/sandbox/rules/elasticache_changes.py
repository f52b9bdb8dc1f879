# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ElastiCache refuses of caches that are there."""

from tests.unit.sandbox.rule import Rule
from tests.unit.sandbox.rules.elasticache import (
    API,
    CLASH,
    CLUSTER,
    FAILOVER,
    NOW,
    SAFE,
    SHARDS,
    SMALL,
    TOKEN,
    VALUE,
    a_group,
    made,
    private,
)

SERVICE = "elasticache"


def _on_group(says, operation, code, refused, accepted, given, page):
    """A rule about a replication group that is there."""
    name = {"ReplicationGroupId": "app"}
    return Rule(says, f"{API}/{page}", operation, code, name | refused, name | accepted, given)


def _being_made(world):
    """A group that is available, and one that is not yet."""
    made()(world)
    world.sandbox.delays(replication_group_create=600)
    world.elasticache.create_replication_group(**a_group(ReplicationGroupId="new"))


def _memcached(world):
    private(world)
    settings = {"CacheSubnetGroupName": "private", **SMALL}
    world.elasticache.create_cache_cluster(CacheClusterId="many", Engine="memcached", **settings, NumCacheNodes=2)
    world.elasticache.create_cache_cluster(CacheClusterId="one", Engine="redis", **settings)


def _snapshot(world):
    made(NumCacheClusters=2)(world)
    world.elasticache.create_snapshot(SnapshotName="first", ReplicationGroupId="app")


MODIFY, REPLICAS = "API_ModifyReplicationGroup.html", "API_DecreaseReplicaCount.html"
SHARDING, FAILOVER_PAGE = "API_ModifyReplicationGroupShardConfiguration.html", "API_TestFailover.html"
CHANGES = [
    _on_group(
        "cluster mode goes to enabled by way of compatible",
        "modify_replication_group",
        CLASH,
        {"ClusterMode": "enabled"},
        {"ClusterMode": "compatible"},
        made(NumCacheClusters=2, **FAILOVER),
        MODIFY,
    ),
    Rule(
        says="a group's version does not go down",
        page="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html",
        operation="modify_replication_group",
        code=CLASH,
        given=made(EngineVersion="7.0"),
        refused={"ReplicationGroupId": "app", "EngineVersion": "6.2", **NOW},
        accepted={"ReplicationGroupId": "app", "EngineVersion": "7.1", **NOW},
    ),
    _on_group(
        "shards keep automatic failover",
        "modify_replication_group",
        CLASH,
        {"AutomaticFailoverEnabled": False},
        {"AutomaticFailoverEnabled": True},
        made(**SHARDS),
        MODIFY,
    ),
    _on_group(
        "a strategy comes with a token",
        "modify_replication_group",
        CLASH,
        {"AuthTokenUpdateStrategy": "ROTATE", **NOW},
        {"AuthToken": TOKEN, **NOW},
        made(**SAFE),
        MODIFY,
    ),
    _on_group(
        "a primary is a member",
        "modify_replication_group",
        "CacheClusterNotFound",
        {"PrimaryClusterId": "app-003"},
        {"PrimaryClusterId": "app-002"},
        made(NumCacheClusters=2),
        MODIFY,
    ),
    _on_group(
        "failover keeps a replica",
        "decrease_replica_count",
        VALUE,
        {"NewReplicaCount": 0, **NOW},
        {"NewReplicaCount": 1, **NOW},
        made(NumCacheClusters=3, **FAILOVER),
        REPLICAS,
    ),
    _on_group(
        "a primary is not removed",
        "decrease_replica_count",
        VALUE,
        {"NewReplicaCount": 1, "ReplicasToRemove": ["app-001"], **NOW},
        {"NewReplicaCount": 1, "ReplicasToRemove": ["app-002"], **NOW},
        made(NumCacheClusters=3),
        REPLICAS,
    ),
    _on_group(
        "there are at most five replicas",
        "increase_replica_count",
        VALUE,
        {"NewReplicaCount": 6, **NOW},
        {"NewReplicaCount": 5, **NOW},
        made(NumCacheClusters=2),
        "API_IncreaseReplicaCount.html",
    ),
    _on_group(
        "a number of replicas is another",
        "increase_replica_count",
        "NoOperationFault",
        {"NewReplicaCount": 1, **NOW},
        {"NewReplicaCount": 2, **NOW},
        made(NumCacheClusters=2),
        "API_IncreaseReplicaCount.html",
    ),
    _on_group(
        "replicas change at once",
        "increase_replica_count",
        VALUE,
        {"NewReplicaCount": 2, "ApplyImmediately": False},
        {"NewReplicaCount": 2, **NOW},
        made(NumCacheClusters=2),
        "API_IncreaseReplicaCount.html",
    ),
    _on_group(
        "shards that go are named",
        "modify_replication_group_shard_configuration",
        CLASH,
        {"NodeGroupCount": 1, **NOW},
        {"NodeGroupCount": 1, "NodeGroupsToRemove": ["0002"], **NOW},
        made(**SHARDS),
        SHARDING,
    ),
    _on_group(
        "a shard is there to be failed over",
        "test_failover",
        "NodeGroupNotFoundFault",
        {"NodeGroupId": "0002"},
        {"NodeGroupId": "0001"},
        made(NumCacheClusters=2, **FAILOVER),
        FAILOVER_PAGE,
    ),
    Rule(
        says="a group that is being made is not modified",
        page=f"{API}/{MODIFY}",
        operation="modify_replication_group",
        code="InvalidReplicationGroupState",
        given=_being_made,
        refused={"ReplicationGroupId": "new", "SnapshotRetentionLimit": 1},
        accepted={"ReplicationGroupId": "app", "SnapshotRetentionLimit": 1},
    ),
    _on_group(
        "the name of a final snapshot is taken",
        "delete_replication_group",
        "SnapshotAlreadyExistsFault",
        {"FinalSnapshotIdentifier": "first"},
        {"FinalSnapshotIdentifier": "last"},
        _snapshot,
        "API_DeleteReplicationGroup.html",
    ),
    _on_group(
        "a primary with shards is not retained",
        "delete_replication_group",
        CLASH,
        {"RetainPrimaryCluster": True},
        {"RetainPrimaryCluster": False},
        made(**SHARDS),
        "API_DeleteReplicationGroup.html",
    ),
]

CLUSTERS = [
    Rule(
        says="Redis OSS has one node",
        page=f"{API}/API_CreateCacheCluster.html",
        operation="create_cache_cluster",
        code=CLASH,
        given=private,
        refused=CLUSTER | {"Engine": "redis", "NumCacheNodes": 2},
        accepted=CLUSTER | {"Engine": "memcached", "NumCacheNodes": 2},
    ),
    Rule(
        says="several zones need several nodes",
        page=f"{API}/API_CreateCacheCluster.html",
        operation="create_cache_cluster",
        code=CLASH,
        given=private,
        refused=CLUSTER | {"Engine": "memcached", "NumCacheNodes": 1, "AZMode": "cross-az"},
        accepted=CLUSTER | {"Engine": "memcached", "NumCacheNodes": 2, "AZMode": "cross-az"},
    ),
    Rule(
        says="a node is there to be restarted",
        page=f"{API}/API_RebootCacheCluster.html",
        operation="reboot_cache_cluster",
        code=VALUE,
        given=_memcached,
        refused={"CacheClusterId": "many", "CacheNodeIdsToReboot": ["0003"]},
        accepted={"CacheClusterId": "many", "CacheNodeIdsToReboot": ["0002"]},
    ),
    Rule(
        says="nodes that go are named",
        page=f"{API}/API_ModifyCacheCluster.html",
        operation="modify_cache_cluster",
        code=CLASH,
        given=_memcached,
        refused={"CacheClusterId": "many", "NumCacheNodes": 1, **NOW},
        accepted={"CacheClusterId": "many", "NumCacheNodes": 1, "CacheNodeIdsToRemove": ["0002"], **NOW},
    ),
    Rule(
        says="a primary is not deleted by itself",
        page=f"{API}/API_DeleteCacheCluster.html",
        operation="delete_cache_cluster",
        code="InvalidCacheClusterState",
        given=made(NumCacheClusters=2),
        refused={"CacheClusterId": "app-001"},
        accepted={"CacheClusterId": "app-002"},
    ),
    Rule(
        says="the last replica stays for failover",
        page=f"{API}/API_DeleteCacheCluster.html",
        operation="delete_cache_cluster",
        code="InvalidCacheClusterState",
        given=lambda world: (
            made(NumCacheClusters=2, **FAILOVER)(world),
            world.elasticache.create_replication_group(
                **a_group(ReplicationGroupId="b", NumCacheClusters=3, **FAILOVER)
            ),
        ),
        refused={"CacheClusterId": "app-002"},
        accepted={"CacheClusterId": "b-002"},
    ),
    Rule(
        says="Memcached has no snapshots",
        page=f"{API}/API_CreateSnapshot.html",
        operation="create_snapshot",
        code="SnapshotFeatureNotSupportedFault",
        given=_memcached,
        refused={"SnapshotName": "s", "CacheClusterId": "many"},
        accepted={"SnapshotName": "s", "CacheClusterId": "one"},
    ),
]

RULES = CHANGES + CLUSTERS
