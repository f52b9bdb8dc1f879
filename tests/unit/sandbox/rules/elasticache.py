# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ElastiCache refuses."""

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg"

SERVICE = "elasticache"
TOKEN = "correct-horse-battery"
SMALL = {"CacheNodeType": "cache.t4g.small"}


def _group(**settings):
    """A replication group in a subnet group of two zones."""
    usual = {"ReplicationGroupId": "app", "ReplicationGroupDescription": "d", "CacheSubnetGroupName": "private"}
    return usual | SMALL | settings


def _user(**settings):
    return {"UserId": "app", "UserName": "app", "Engine": "redis", "AccessString": "on ~* +@all"} | settings


def _private(world):
    """A subnet group; its VPC."""
    vpc = world.vpc()
    subnets = world.subnets(vpc)
    name, text = "private", "p"
    world.elasticache.create_cache_subnet_group(
        CacheSubnetGroupName=name, CacheSubnetGroupDescription=text, SubnetIds=subnets
    )
    return subnets


def _made(**settings):
    """A replication group in a subnet group."""

    def make(world):
        subnets = _private(world)
        world.elasticache.create_replication_group(**_group(**settings))
        return subnets

    return make


def _parameter_group(world):
    family = {"CacheParameterGroupFamily": "redis7", "Description": "d"}
    world.elasticache.create_cache_parameter_group(CacheParameterGroupName="own", **family)


def _used_parameter_group(world):
    _private(world)
    _parameter_group(world)
    for name in ("used", "free"):
        family = {"CacheParameterGroupFamily": "redis7", "Description": "d"}
        world.elasticache.create_cache_parameter_group(CacheParameterGroupName=name, **family)
    world.elasticache.create_replication_group(**_group(CacheParameterGroupName="used"))


def _parameter(name, value):
    values = [{"ParameterName": name, "ParameterValue": value}]
    return {"CacheParameterGroupName": "own", "ParameterNameValues": values}


def _creation(says, code, refused, accepted, page="API_CreateReplicationGroup.html", given=_private):
    """A rule about new replication groups."""
    return Rule(
        says=says,
        page=page if page.startswith("https") else f"{API}/{page}",
        operation="create_replication_group",
        code=code,
        given=given,
        refused=_group(**refused),
        accepted=_group(**accepted),
    )


def _on_group(says, operation, code, refused, accepted, given, page):
    """A rule about a replication group that is there."""
    name = {"ReplicationGroupId": "app"}
    return Rule(says, f"{API}/{page}", operation, code, name | refused, name | accepted, given)


def _with_users(world):
    for name in ("one", "two"):
        world.elasticache.create_user(**_user(UserId=name, UserName="default"), NoPasswordRequired=True)
    world.elasticache.create_user(**_user(UserId="three", UserName="three"), NoPasswordRequired=True)


def _used_user_group(world):
    _private(world)
    for name in ("used", "free"):
        world.elasticache.create_user_group(UserGroupId=name, Engine="redis", UserIds=["default"])
    settings = {"TransitEncryptionEnabled": True, "UserGroupIds": ["used"]}
    world.elasticache.create_replication_group(**_group(**settings))


def _two_vpcs(world):
    first = world.subnets(world.vpc())
    other = world.vpc("10.1.0.0/16")
    subnet = world.ec2.create_subnet(VpcId=other, CidrBlock="10.1.0.0/24", AvailabilityZone="eu-central-1b")
    return [*first, subnet["Subnet"]["SubnetId"]]


def _security_groups(world):
    """The ids of a security group of the subnet group's VPC, and of one of another."""
    subnets = _private(world)
    vpc = world.ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["VpcId"]
    return [
        world.ec2.create_security_group(GroupName="g", Description="d", VpcId=number)["GroupId"]
        for number in (vpc, world.vpc("10.1.0.0/16"))
    ]


def _being_made(world):
    """A group that is available, and one that is not yet."""
    _made()(world)
    world.sandbox.delays(replication_group_create=600)
    world.elasticache.create_replication_group(**_group(ReplicationGroupId="new"))


def _memcached(world):
    _private(world)
    settings = {"CacheSubnetGroupName": "private", **SMALL}
    world.elasticache.create_cache_cluster(CacheClusterId="many", Engine="memcached", **settings, NumCacheNodes=2)
    world.elasticache.create_cache_cluster(CacheClusterId="one", Engine="redis", **settings)


def _snapshot(world):
    _made(NumCacheClusters=2)(world)
    world.elasticache.create_snapshot(SnapshotName="first", ReplicationGroupId="app")


CLUSTER = {"CacheClusterId": "app", "CacheSubnetGroupName": "private", **SMALL}
SAFE = {"TransitEncryptionEnabled": True}
FAILOVER = {"AutomaticFailoverEnabled": True}
SHARDS = {"NumNodeGroups": 2, "ReplicasPerNodeGroup": 0, **FAILOVER}
NOW = {"ApplyImmediately": True}
VALUE, CLASH = "InvalidParameterValue", "InvalidParameterCombination"

CREATION = [
    _creation("a group's name has single hyphens inside", VALUE, {"ReplicationGroupId": "a--b"}, {"ReplicationGroupId": "a-b"}),
    _creation("a group's name has at most 40 characters", VALUE, {"ReplicationGroupId": "a" * 41}, {"ReplicationGroupId": "a" * 40}),
    _creation("a group's name is taken", "ReplicationGroupAlreadyExists", {}, {"ReplicationGroupId": "app2"}, given=_made()),
    _creation(
        "a node type is one of ElastiCache's", VALUE, {"CacheNodeType": "cache.t4g.huge"}, {"CacheNodeType": "cache.t4g.medium"},
        f"{GUIDE}/CacheNodes.SupportedTypes.html",
    ),
    _creation(
        "a version is one that the engine has", CLASH, {"EngineVersion": "7.3"}, {"EngineVersion": "7.1"},
        f"{GUIDE}/engine-versions.html",
    ),
    _creation(
        "from Redis OSS 6 on a version has no patch", VALUE, {"EngineVersion": "7.0.7"}, {"EngineVersion": "7.0"},
        f"{GUIDE}/engine-versions.html",
    ),
    _creation(
        "automatic failover needs a replica", CLASH, {"NumCacheClusters": 1, **FAILOVER}, {"NumCacheClusters": 2, **FAILOVER},
    ),
    _creation(
        "Multi-AZ needs automatic failover", CLASH, {"NumCacheClusters": 2, "MultiAZEnabled": True},
        {"NumCacheClusters": 2, "MultiAZEnabled": True, **FAILOVER}, f"{GUIDE}/AutoFailover.html",
    ),
    _creation(
        "shards need automatic failover", CLASH, {"NumNodeGroups": 2}, {"NumNodeGroups": 2, **FAILOVER},
    ),
    _creation("a group has at most five replicas", VALUE, {"NumCacheClusters": 7}, {"NumCacheClusters": 6}),
    _creation(
        "a shard has at most five replicas", VALUE, SHARDS | {"ReplicasPerNodeGroup": 6}, SHARDS | {"ReplicasPerNodeGroup": 5},
    ),
    _creation(
        "clusters are counted in one way", CLASH, {"NumCacheClusters": 2, **SHARDS}, SHARDS,
    ),
    _creation(
        "a group has at most 90 shards", "NodeGroupsPerReplicationGroupQuotaExceeded", SHARDS | {"NumNodeGroups": 91},
        SHARDS | {"NumNodeGroups": 90}, f"{GUIDE}/quota-limits.html",
    ),
    _creation(
        "a group has at most 90 nodes", "NodeQuotaForClusterExceeded",
        SHARDS | {"NumNodeGroups": 46, "ReplicasPerNodeGroup": 1}, SHARDS | {"NumNodeGroups": 45, "ReplicasPerNodeGroup": 1},
        f"{GUIDE}/quota-limits.html",
    ),
    _creation("a token needs encryption in transit", CLASH, {"AuthToken": TOKEN}, {"AuthToken": TOKEN, **SAFE}),
    _creation(
        "a token has at least 16 characters", VALUE, {"AuthToken": "a" * 15, **SAFE}, {"AuthToken": "a" * 16, **SAFE},
        f"{GUIDE}/auth.html",
    ),
    _creation(
        "a token has no slash", VALUE, {"AuthToken": f"{TOKEN}/", **SAFE}, {"AuthToken": f"{TOKEN}!", **SAFE}, f"{GUIDE}/auth.html",
    ),
    _creation(
        "a parameter group is there", "CacheParameterGroupNotFound", {"CacheParameterGroupName": "none"},
        {"CacheParameterGroupName": "default.redis7"},
    ),
    _creation(
        "a parameter group is of the version's family", CLASH, {"CacheParameterGroupName": "default.redis6.x"},
        {"CacheParameterGroupName": "default.redis6.x", "EngineVersion": "6.2"}, f"{GUIDE}/ParameterGroups.Redis.html",
    ),
    _creation(
        "shards need a parameter group with cluster mode", CLASH, SHARDS | {"CacheParameterGroupName": "default.redis7"},
        SHARDS | {"CacheParameterGroupName": "default.redis7.cluster.on"}, f"{GUIDE}/ParameterGroups.Redis.html",
    ),
    _creation(
        "a subnet group is there", "CacheSubnetGroupNotFoundFault", {"CacheSubnetGroupName": "none"}, {},
    ),
    _creation(
        "a node is in a zone of the subnet group", VALUE, {"PreferredCacheClusterAZs": ["eu-central-1c"]},
        {"PreferredCacheClusterAZs": ["eu-central-1b"]},
    ),
    _creation("snapshots are kept for at most 35 days", VALUE, {"SnapshotRetentionLimit": 36}, {"SnapshotRetentionLimit": 35}, f"{GUIDE}/backups-automatic.html"),
    _creation(
        "a snapshot window has at least an hour", VALUE, {"SnapshotWindow": "01:00-01:30"}, {"SnapshotWindow": "01:00-02:00"},
        f"{GUIDE}/backups-automatic.html",
    ),
    _creation(
        "a maintenance window has at least an hour", VALUE, {"PreferredMaintenanceWindow": "sun:01:00-sun:01:59"},
        {"PreferredMaintenanceWindow": "sun:01:00-sun:02:00"}, f"{GUIDE}/maintenance-window.html",
    ),
    _creation(
        "access control needs encryption in transit", CLASH, {"UserGroupIds": ["free"], "ReplicationGroupId": "b"},
        {"UserGroupIds": ["free"], "ReplicationGroupId": "b", **SAFE}, f"{GUIDE}/Clusters.RBAC.html", _used_user_group,
    ),
    _creation(
        "a user group is there", "UserGroupNotFound", {"UserGroupIds": ["none"], "ReplicationGroupId": "b", **SAFE},
        {"UserGroupIds": ["free"], "ReplicationGroupId": "b", **SAFE}, given=_used_user_group,
    ),
    _creation("Memcached has no replication groups", VALUE, {"Engine": "memcached"}, {"Engine": "valkey"}),
    Rule(
        says="a security group is of the subnet group's VPC",
        page=f"{API}/API_CreateReplicationGroup.html",
        operation="create_replication_group",
        code=VALUE,
        given=_security_groups,
        refused=lambda world: _group(SecurityGroupIds=[world.given[1]]),
        accepted=lambda world: _group(SecurityGroupIds=[world.given[0]]),
    ),
    Rule(
        says="a key is for encryption at rest",
        page=f"{GUIDE}/at-rest-encryption.html",
        operation="create_replication_group",
        code=CLASH,
        given=lambda world: (_private(world), world.kms.create_key()["KeyMetadata"]["Arn"])[1],
        refused=lambda world: _group(KmsKeyId=world.given),
        accepted=lambda world: _group(KmsKeyId=world.given, AtRestEncryptionEnabled=True),
    ),
]  # fmt: skip

MODIFY, REPLICAS = "API_ModifyReplicationGroup.html", "API_DecreaseReplicaCount.html"
SHARDING, FAILOVER_PAGE = "API_ModifyReplicationGroupShardConfiguration.html", "API_TestFailover.html"
CHANGES = [
    _on_group(
        "cluster mode goes to enabled by way of compatible", "modify_replication_group", CLASH, {"ClusterMode": "enabled"},
        {"ClusterMode": "compatible"}, _made(NumCacheClusters=2, **FAILOVER), MODIFY,
    ),
    _on_group(
        "shards keep automatic failover", "modify_replication_group", CLASH, {"AutomaticFailoverEnabled": False},
        {"AutomaticFailoverEnabled": True}, _made(**SHARDS), MODIFY,
    ),
    _on_group(
        "a token comes with a strategy", "modify_replication_group", CLASH, {"AuthToken": TOKEN, **NOW},
        {"AuthToken": TOKEN, "AuthTokenUpdateStrategy": "ROTATE", **NOW}, _made(**SAFE), MODIFY,
    ),
    _on_group(
        "a primary is a member", "modify_replication_group", "CacheClusterNotFound", {"PrimaryClusterId": "app-003"},
        {"PrimaryClusterId": "app-002"}, _made(NumCacheClusters=2), MODIFY,
    ),
    _on_group(
        "failover keeps a replica", "decrease_replica_count", VALUE, {"NewReplicaCount": 0, **NOW}, {"NewReplicaCount": 1, **NOW},
        _made(NumCacheClusters=3, **FAILOVER), REPLICAS,
    ),
    _on_group(
        "a primary is not removed", "decrease_replica_count", VALUE,
        {"NewReplicaCount": 1, "ReplicasToRemove": ["app-001"], **NOW},
        {"NewReplicaCount": 1, "ReplicasToRemove": ["app-002"], **NOW}, _made(NumCacheClusters=3), REPLICAS,
    ),
    _on_group(
        "there are at most five replicas", "increase_replica_count", VALUE, {"NewReplicaCount": 6, **NOW},
        {"NewReplicaCount": 5, **NOW}, _made(NumCacheClusters=2), "API_IncreaseReplicaCount.html",
    ),
    _on_group(
        "a number of replicas is another", "increase_replica_count", "NoOperationFault", {"NewReplicaCount": 1, **NOW},
        {"NewReplicaCount": 2, **NOW}, _made(NumCacheClusters=2), "API_IncreaseReplicaCount.html",
    ),
    _on_group(
        "replicas change at once", "increase_replica_count", VALUE, {"NewReplicaCount": 2, "ApplyImmediately": False},
        {"NewReplicaCount": 2, **NOW}, _made(NumCacheClusters=2), "API_IncreaseReplicaCount.html",
    ),
    _on_group(
        "shards that go are named", "modify_replication_group_shard_configuration", CLASH, {"NodeGroupCount": 1, **NOW},
        {"NodeGroupCount": 1, "NodeGroupsToRemove": ["0002"], **NOW}, _made(**SHARDS), SHARDING,
    ),
    _on_group(
        "a shard is there to be failed over", "test_failover", "NodeGroupNotFoundFault", {"NodeGroupId": "0002"},
        {"NodeGroupId": "0001"}, _made(NumCacheClusters=2, **FAILOVER), FAILOVER_PAGE,
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
        "the name of a final snapshot is taken", "delete_replication_group", "SnapshotAlreadyExistsFault",
        {"FinalSnapshotIdentifier": "first"}, {"FinalSnapshotIdentifier": "last"}, _snapshot,
        "API_DeleteReplicationGroup.html",
    ),
    _on_group(
        "a primary with shards is not retained", "delete_replication_group", CLASH, {"RetainPrimaryCluster": True},
        {"RetainPrimaryCluster": False}, _made(**SHARDS), "API_DeleteReplicationGroup.html",
    ),
]  # fmt: skip

CLUSTERS = [
    Rule(
        says="Redis OSS has one node",
        page=f"{API}/API_CreateCacheCluster.html",
        operation="create_cache_cluster",
        code=CLASH,
        given=_private,
        refused=CLUSTER | {"Engine": "redis", "NumCacheNodes": 2},
        accepted=CLUSTER | {"Engine": "memcached", "NumCacheNodes": 2},
    ),
    Rule(
        says="several zones need several nodes",
        page=f"{API}/API_CreateCacheCluster.html",
        operation="create_cache_cluster",
        code=CLASH,
        given=_private,
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
        given=_made(NumCacheClusters=2),
        refused={"CacheClusterId": "app-001"},
        accepted={"CacheClusterId": "app-002"},
    ),
    Rule(
        says="the last replica stays for failover",
        page=f"{API}/API_DeleteCacheCluster.html",
        operation="delete_cache_cluster",
        code="InvalidCacheClusterState",
        given=lambda world: (
            _made(NumCacheClusters=2, **FAILOVER)(world),
            world.elasticache.create_replication_group(
                **_group(ReplicationGroupId="b", NumCacheClusters=3, **FAILOVER)
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

GROUPS = [
    Rule(
        says="a parameter group's family is one of an engine's",
        page=f"{API}/API_CreateCacheParameterGroup.html",
        operation="create_cache_parameter_group",
        code=VALUE,
        refused={"CacheParameterGroupName": "a", "CacheParameterGroupFamily": "redis7.x", "Description": "d"},
        accepted={"CacheParameterGroupName": "a", "CacheParameterGroupFamily": "redis7", "Description": "d"},
    ),
    Rule(
        says="a parameter has allowed values",
        page=f"{GUIDE}/ParameterGroups.Redis.html",
        operation="modify_cache_parameter_group",
        code=VALUE,
        given=_parameter_group,
        refused=_parameter("maxmemory-policy", "lru"),
        accepted=_parameter("maxmemory-policy", "allkeys-lru"),
    ),
    Rule(
        says="a parameter is one of the family's",
        page=f"{API}/API_ModifyCacheParameterGroup.html",
        operation="modify_cache_parameter_group",
        code=VALUE,
        given=_parameter_group,
        refused=_parameter("time-out", "60"),
        accepted=_parameter("timeout", "60"),
    ),
    Rule(
        says="some parameters cannot be modified",
        page=f"{GUIDE}/ParameterGroups.Redis.html",
        operation="modify_cache_parameter_group",
        code=VALUE,
        given=_parameter_group,
        refused=_parameter("maxclients", "100"),
        accepted=_parameter("slowlog-max-len", "100"),
    ),
    Rule(
        says="a default parameter group is not deleted",
        page=f"{API}/API_DeleteCacheParameterGroup.html",
        operation="delete_cache_parameter_group",
        code="InvalidCacheParameterGroupState",
        given=_parameter_group,
        refused={"CacheParameterGroupName": "default.redis7"},
        accepted={"CacheParameterGroupName": "own"},
    ),
    Rule(
        says="a parameter group in use is not deleted",
        page=f"{API}/API_DeleteCacheParameterGroup.html",
        operation="delete_cache_parameter_group",
        code="InvalidCacheParameterGroupState",
        given=_used_parameter_group,
        refused={"CacheParameterGroupName": "used"},
        accepted={"CacheParameterGroupName": "free"},
    ),
    Rule(
        says="the subnets of a group are there",
        page=f"{API}/API_CreateCacheSubnetGroup.html",
        operation="create_cache_subnet_group",
        code="InvalidSubnet",
        given=lambda world: world.subnets(),
        refused=lambda world: {
            "CacheSubnetGroupName": "a", "CacheSubnetGroupDescription": "d", "SubnetIds": ["subnet-00000000000000000"],
        },
        accepted=lambda world: {
            "CacheSubnetGroupName": "a", "CacheSubnetGroupDescription": "d", "SubnetIds": world.given[:1],
        },
    ),
    Rule(
        says="the subnets of a group are of one VPC",
        page=f"{API}/API_CreateCacheSubnetGroup.html",
        operation="create_cache_subnet_group",
        code="InvalidSubnet",
        given=_two_vpcs,
        refused=lambda world: {
            "CacheSubnetGroupName": "a", "CacheSubnetGroupDescription": "d", "SubnetIds": world.given,
        },
        accepted=lambda world: {
            "CacheSubnetGroupName": "a", "CacheSubnetGroupDescription": "d", "SubnetIds": world.given[:2],
        },
    ),
    Rule(
        says="a subnet group in use is not deleted",
        page=f"{API}/API_DeleteCacheSubnetGroup.html",
        operation="delete_cache_subnet_group",
        code="CacheSubnetGroupInUse",
        given=lambda world: world.elasticache.create_cache_subnet_group(
            CacheSubnetGroupName="free", CacheSubnetGroupDescription="d", SubnetIds=_made()(world),
        ),
        refused={"CacheSubnetGroupName": "private"},
        accepted={"CacheSubnetGroupName": "free"},
    ),
    Rule(
        says="a subnet in use stays in its group",
        page=f"{API}/API_ModifyCacheSubnetGroup.html",
        operation="modify_cache_subnet_group",
        code="SubnetInUse",
        given=_made(),
        refused=lambda world: {"CacheSubnetGroupName": "private", "SubnetIds": world.given[1:]},
        accepted=lambda world: {"CacheSubnetGroupName": "private", "SubnetIds": world.given[:1]},
    ),
]  # fmt: skip

USERS = [
    Rule(
        says="a user has a way to authenticate",
        page=f"{API}/API_CreateUser.html",
        operation="create_user",
        code=VALUE,
        refused=_user(),
        accepted=_user(NoPasswordRequired=True),
    ),
    Rule(
        says="a user has at most two passwords",
        page=f"{GUIDE}/Clusters.RBAC.html",
        operation="create_user",
        code=VALUE,
        refused=_user(Passwords=[TOKEN, TOKEN * 2, TOKEN * 3]),
        accepted=_user(Passwords=[TOKEN, TOKEN * 2]),
    ),
    Rule(
        says="a password has at least 16 characters",
        page=f"{GUIDE}/Clusters.RBAC.html",
        operation="create_user",
        code=VALUE,
        refused=_user(Passwords=["a" * 15]),
        accepted=_user(Passwords=["a" * 16]),
    ),
    Rule(
        says="an IAM user's name is its id",
        page=f"{GUIDE}/auth-iam.html",
        operation="create_user",
        code=VALUE,
        refused=_user(UserName="other", AuthenticationMode={"Type": "iam"}),
        accepted=_user(UserName="app", AuthenticationMode={"Type": "iam"}),
    ),
    Rule(
        says="a user group of Redis OSS has a default user",
        page=f"{GUIDE}/Clusters.RBAC.html",
        operation="create_user_group",
        code="DefaultUserRequired",
        given=_with_users,
        refused={"UserGroupId": "g", "Engine": "redis", "UserIds": ["three"]},
        accepted={"UserGroupId": "g", "Engine": "redis", "UserIds": ["one", "three"]},
    ),
    Rule(
        says="a user group has a user name once",
        page=f"{API}/API_CreateUserGroup.html",
        operation="create_user_group",
        code="DuplicateUserName",
        given=_with_users,
        refused={"UserGroupId": "g", "Engine": "redis", "UserIds": ["one", "two"]},
        accepted={"UserGroupId": "g", "Engine": "redis", "UserIds": ["one"]},
    ),
    Rule(
        says="a user group in use is not deleted",
        page=f"{API}/API_DeleteUserGroup.html",
        operation="delete_user_group",
        code="InvalidUserGroupState",
        given=_used_user_group,
        refused={"UserGroupId": "used"},
        accepted={"UserGroupId": "free"},
    ),
    Rule(
        says="the default user is not deleted",
        page=f"{GUIDE}/Clusters.RBAC.html",
        operation="delete_user",
        code=VALUE,
        given=lambda world: world.elasticache.create_user(**_user(), NoPasswordRequired=True),
        refused={"UserId": "default"},
        accepted={"UserId": "app"},
    ),
    Rule(
        says="a serverless cache is in two or three subnets",
        page=f"{API}/API_CreateServerlessCache.html",
        operation="create_serverless_cache",
        code=VALUE,
        given=lambda world: world.subnets(),
        refused=lambda world: {"ServerlessCacheName": "a", "Engine": "valkey", "SubnetIds": world.given[:1]},
        accepted=lambda world: {"ServerlessCacheName": "a", "Engine": "valkey", "SubnetIds": world.given},
    ),
    Rule(
        says="what is tagged is there",
        page=f"{API}/API_AddTagsToResource.html",
        operation="add_tags_to_resource",
        code="UserNotFound",
        given=lambda world: world.elasticache.create_user(**_user(), NoPasswordRequired=True)["ARN"],
        refused=lambda world: {"ResourceName": f"{world.given}s", "Tags": [{"Key": "a", "Value": "b"}]},
        accepted=lambda world: {"ResourceName": world.given, "Tags": [{"Key": "a", "Value": "b"}]},
    ),
    Rule(
        says="tag keys of AWS's own are refused",
        page=f"{GUIDE}/Tagging-Resources.html",
        operation="add_tags_to_resource",
        code=VALUE,
        given=lambda world: world.elasticache.create_user(**_user(), NoPasswordRequired=True)["ARN"],
        refused=lambda world: {"ResourceName": world.given, "Tags": [{"Key": "aws:a", "Value": "b"}]},
        accepted=lambda world: {"ResourceName": world.given, "Tags": [{"Key": "aws-a", "Value": "b"}]},
    ),
]

RULES = CREATION + CHANGES + CLUSTERS + GROUPS + USERS
