# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ElastiCache refuses of new replication groups."""

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg"

SERVICE = "elasticache"
TOKEN = "correct-horse-battery"
SMALL = {"CacheNodeType": "cache.t4g.small"}


def a_group(**settings):
    """A replication group in a subnet group of two zones."""
    usual = {"ReplicationGroupId": "app", "ReplicationGroupDescription": "d", "CacheSubnetGroupName": "private"}
    return usual | SMALL | settings


def a_user(**settings):
    """A user without a way to authenticate."""
    return {"UserId": "app", "UserName": "app", "Engine": "redis", "AccessString": "on ~* +@all"} | settings


def private(world):
    """A subnet group in two zones; the ids of its subnets."""
    subnets = world.subnets()
    names = {"CacheSubnetGroupName": "private", "CacheSubnetGroupDescription": "p"}
    world.elasticache.create_cache_subnet_group(**names, SubnetIds=subnets)
    return subnets


def made(**settings):
    """A function that makes a replication group in a subnet group, and returns the ids of the subnets."""

    def make(world):
        subnets = private(world)
        world.elasticache.create_replication_group(**a_group(**settings))
        return subnets

    return make


def _creation(says, code, refused, accepted, page="API_CreateReplicationGroup.html", given=private):
    """A rule about new replication groups."""
    return Rule(
        says=says,
        page=page if page.startswith("https") else f"{API}/{page}",
        operation="create_replication_group",
        code=code,
        given=given,
        refused=a_group(**refused),
        accepted=a_group(**accepted),
    )


def used_user_group(world):
    private(world)
    for name in ("used", "free"):
        world.elasticache.create_user_group(UserGroupId=name, Engine="redis", UserIds=["default"])
    settings = {"TransitEncryptionEnabled": True, "UserGroupIds": ["used"]}
    world.elasticache.create_replication_group(**a_group(**settings))


def _security_groups(world):
    """The ids of a security group of the subnet group's VPC, and of one of another."""
    subnets = private(world)
    vpc = world.ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["VpcId"]
    return [
        world.ec2.create_security_group(GroupName="g", Description="d", VpcId=number)["GroupId"]
        for number in (vpc, world.vpc("10.1.0.0/16"))
    ]


CLUSTER = {"CacheClusterId": "app", "CacheSubnetGroupName": "private", **SMALL}
SAFE = {"TransitEncryptionEnabled": True}
FAILOVER = {"AutomaticFailoverEnabled": True}
SHARDS = {"NumNodeGroups": 2, "ReplicasPerNodeGroup": 0, **FAILOVER}
NOW = {"ApplyImmediately": True}
VALUE, CLASH = "InvalidParameterValue", "InvalidParameterCombination"

CREATION = [
    _creation(
        "a group's name has single hyphens inside", VALUE, {"ReplicationGroupId": "a--b"}, {"ReplicationGroupId": "a-b"}
    ),
    _creation(
        "a group's name has at most 40 characters",
        VALUE,
        {"ReplicationGroupId": "a" * 41},
        {"ReplicationGroupId": "a" * 40},
    ),
    _creation(
        "a group's name is taken", "ReplicationGroupAlreadyExists", {}, {"ReplicationGroupId": "app2"}, given=made()
    ),
    _creation(
        "a node type is one of ElastiCache's",
        VALUE,
        {"CacheNodeType": "cache.t4g.huge"},
        {"CacheNodeType": "cache.t4g.medium"},
        f"{GUIDE}/CacheNodes.SupportedTypes.html",
    ),
    _creation(
        "a version is one that the engine has",
        CLASH,
        {"EngineVersion": "7.3"},
        {"EngineVersion": "7.1"},
        f"{GUIDE}/supported-engine-versions.html",
    ),
    _creation(
        "from Redis OSS 6 on a version has no patch",
        VALUE,
        {"EngineVersion": "7.0.7"},
        {"EngineVersion": "7.0"},
        f"{GUIDE}/supported-engine-versions.html",
    ),
    _creation(
        "automatic failover needs a replica",
        CLASH,
        {"NumCacheClusters": 1, **FAILOVER},
        {"NumCacheClusters": 2, **FAILOVER},
    ),
    _creation(
        "Multi-AZ needs automatic failover",
        CLASH,
        {"NumCacheClusters": 2, "MultiAZEnabled": True},
        {"NumCacheClusters": 2, "MultiAZEnabled": True, **FAILOVER},
        f"{GUIDE}/AutoFailover.html",
    ),
    _creation(
        "shards need automatic failover",
        CLASH,
        {"NumNodeGroups": 2},
        {"NumNodeGroups": 2, **FAILOVER},
    ),
    _creation("a group has at most five replicas", VALUE, {"NumCacheClusters": 7}, {"NumCacheClusters": 6}),
    _creation(
        "a shard has at most five replicas",
        VALUE,
        SHARDS | {"ReplicasPerNodeGroup": 6},
        SHARDS | {"ReplicasPerNodeGroup": 5},
    ),
    _creation(
        "clusters are counted in one way",
        CLASH,
        {"NumCacheClusters": 2, **SHARDS},
        SHARDS,
    ),
    _creation(
        "a group has at most 90 shards",
        "NodeGroupsPerReplicationGroupQuotaExceeded",
        SHARDS | {"NumNodeGroups": 91},
        SHARDS | {"NumNodeGroups": 90},
    ),
    _creation(
        "a group has at most 90 nodes",
        "NodeQuotaForClusterExceeded",
        SHARDS | {"NumNodeGroups": 46, "ReplicasPerNodeGroup": 1},
        SHARDS | {"NumNodeGroups": 45, "ReplicasPerNodeGroup": 1},
        "https://docs.aws.amazon.com/general/latest/gr/elasticache-service.html",
    ),
    _creation("a token needs encryption in transit", CLASH, {"AuthToken": TOKEN}, {"AuthToken": TOKEN, **SAFE}),
    _creation(
        "a token has at least 16 characters",
        VALUE,
        {"AuthToken": "a" * 15, **SAFE},
        {"AuthToken": "a" * 16, **SAFE},
        f"{GUIDE}/auth.html",
    ),
    _creation(
        "a token has no slash",
        VALUE,
        {"AuthToken": f"{TOKEN}/", **SAFE},
        {"AuthToken": f"{TOKEN}!", **SAFE},
        f"{GUIDE}/auth.html",
    ),
    _creation(
        "a parameter group is there",
        "CacheParameterGroupNotFound",
        {"CacheParameterGroupName": "none"},
        {"CacheParameterGroupName": "default.redis7"},
    ),
    _creation(
        "a parameter group is of the version's family",
        CLASH,
        {"CacheParameterGroupName": "default.redis6.x"},
        {"CacheParameterGroupName": "default.redis6.x", "EngineVersion": "6.2"},
        f"{GUIDE}/ParameterGroups.Engine.html",
    ),
    _creation(
        "shards need a parameter group with cluster mode",
        CLASH,
        SHARDS | {"CacheParameterGroupName": "default.redis7"},
        SHARDS | {"CacheParameterGroupName": "default.redis7.cluster.on"},
        f"{GUIDE}/ParameterGroups.Engine.html",
    ),
    _creation(
        "a subnet group is there",
        "CacheSubnetGroupNotFoundFault",
        {"CacheSubnetGroupName": "none"},
        {},
    ),
    _creation(
        "a node is in a zone of the subnet group",
        VALUE,
        {"PreferredCacheClusterAZs": ["eu-central-1c"]},
        {"PreferredCacheClusterAZs": ["eu-central-1b"]},
    ),
    _creation(
        "snapshots are kept for at most 35 days",
        VALUE,
        {"SnapshotRetentionLimit": 36},
        {"SnapshotRetentionLimit": 35},
        f"{GUIDE}/backups-automatic.html",
    ),
    _creation(
        "a snapshot window has at least an hour",
        VALUE,
        {"SnapshotWindow": "01:00-01:30"},
        {"SnapshotWindow": "01:00-02:00"},
        f"{GUIDE}/backups-automatic.html",
    ),
    _creation(
        "a maintenance window has at least an hour",
        VALUE,
        {"PreferredMaintenanceWindow": "sun:01:00-sun:01:59"},
        {"PreferredMaintenanceWindow": "sun:01:00-sun:02:00"},
        f"{GUIDE}/maintenance-window.html",
    ),
    _creation(
        "access control needs encryption in transit",
        CLASH,
        {"UserGroupIds": ["free"], "ReplicationGroupId": "b"},
        {"UserGroupIds": ["free"], "ReplicationGroupId": "b", **SAFE},
        f"{GUIDE}/Clusters.RBAC.html",
        used_user_group,
    ),
    _creation(
        "a user group is there",
        "UserGroupNotFound",
        {"UserGroupIds": ["none"], "ReplicationGroupId": "b", **SAFE},
        {"UserGroupIds": ["free"], "ReplicationGroupId": "b", **SAFE},
        given=used_user_group,
    ),
    _creation("Memcached has no replication groups", VALUE, {"Engine": "memcached"}, {"Engine": "valkey"}),
    Rule(
        says="a security group is of the subnet group's VPC",
        page=f"{API}/API_CreateReplicationGroup.html",
        operation="create_replication_group",
        code=VALUE,
        given=_security_groups,
        refused=lambda world: a_group(SecurityGroupIds=[world.given[1]]),
        accepted=lambda world: a_group(SecurityGroupIds=[world.given[0]]),
    ),
    Rule(
        says="a key is for encryption at rest",
        page=f"{GUIDE}/at-rest-encryption.html",
        operation="create_replication_group",
        code=CLASH,
        given=lambda world: (private(world), world.kms.create_key()["KeyMetadata"]["Arn"])[1],
        refused=lambda world: a_group(KmsKeyId=world.given),
        accepted=lambda world: a_group(KmsKeyId=world.given, AtRestEncryptionEnabled=True),
    ),
]

RULES = CREATION
