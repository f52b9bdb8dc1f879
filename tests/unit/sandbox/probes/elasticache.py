# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon ElastiCache has."""

TAGS = [{"Key": "a", "Value": "b"}]


def _subnets(probe, zones="ab"):
    """The ids of subnets in zones of a new VPC, and of a security group there."""
    ec2 = probe.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-central-1{zone}")
        for number, zone in enumerate(zones)
    ]
    group = ec2.create_security_group(GroupName="cache", Description="cache", VpcId=vpc)["GroupId"]
    return [subnet["Subnet"]["SubnetId"] for subnet in subnets], group


def _network(probe):
    """What caches in a new subnet group named private are created with."""
    subnets, group = _subnets(probe)
    wanted = {"CacheSubnetGroupName": "private", "CacheSubnetGroupDescription": "p", "SubnetIds": subnets}
    probe.client("elasticache").create_cache_subnet_group(**wanted)
    return {"CacheSubnetGroupName": "private", "SecurityGroupIds": [group], "CacheNodeType": "cache.t4g.small"}


def subnet_group(probe):
    cache = probe.client("elasticache")
    subnets, _group = _subnets(probe, "abc")
    wanted = {"CacheSubnetGroupName": "private", "CacheSubnetGroupDescription": "one"}
    made = probe.does(cache.create_cache_subnet_group, **wanted, SubnetIds=subnets[:2], Tags=TAGS)["CacheSubnetGroup"]
    found = probe.shows(wanted, cache.describe_cache_subnet_groups, "CacheSubnetGroups.0")
    zones = {item["SubnetIdentifier"]: item["SubnetAvailabilityZone"]["Name"] for item in found["Subnets"]}
    assert zones == {subnets[0]: "eu-central-1a", subnets[1]: "eu-central-1b"} and found["VpcId"].startswith("vpc-")
    probe.shows(TAGS, cache.list_tags_for_resource, "TagList", ResourceName=made["ARN"])
    changed = {"CacheSubnetGroupName": "private", "CacheSubnetGroupDescription": "two"}
    probe.does(cache.modify_cache_subnet_group, **changed, SubnetIds=subnets)
    found = probe.shows(changed, cache.describe_cache_subnet_groups, "CacheSubnetGroups.0")
    assert [item["SubnetIdentifier"] for item in found["Subnets"]] == subnets
    probe.does(cache.delete_cache_subnet_group, CacheSubnetGroupName="private")
    code = "CacheSubnetGroupNotFoundFault"
    probe.lacks(cache.describe_cache_subnet_groups, code, CacheSubnetGroupName="private")


def parameter_group(probe):
    cache, name = probe.client("elasticache"), {"CacheParameterGroupName": "app"}
    wanted = {**name, "CacheParameterGroupFamily": "redis7", "Description": "for app"}
    probe.does(cache.create_cache_parameter_group, **wanted)
    probe.shows(wanted, cache.describe_cache_parameter_groups, "CacheParameterGroups.0", **name)
    parameters = [
        {"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"},
        {"ParameterName": "timeout", "ParameterValue": "60"},
    ]
    probe.does(cache.modify_cache_parameter_group, **name, ParameterNameValues=parameters)
    probe.shows(parameters, cache.describe_cache_parameters, "Parameters", **name, Source="user")
    reset = [{"ParameterName": "timeout", "ParameterValue": "0"}]
    probe.does(cache.reset_cache_parameter_group, **name, ParameterNameValues=reset)
    probe.shows(parameters[:1], cache.describe_cache_parameters, "Parameters", **name, Source="user")
    usual = cache.describe_engine_default_parameters(CacheParameterGroupFamily="redis7")["EngineDefaults"]["Parameters"]
    probe.does(cache.reset_cache_parameter_group, **name, ResetAllParameters=True)
    probe.shows(usual, cache.describe_cache_parameters, "Parameters", **name)
    probe.shows({"CacheParameterGroupFamily": "redis7"}, cache.describe_engine_default_parameters, "EngineDefaults",
                CacheParameterGroupFamily="redis7")  # fmt: skip
    probe.does(cache.delete_cache_parameter_group, **name)
    probe.lacks(cache.describe_cache_parameter_groups, "CacheParameterGroupNotFound", **name)


def replication_group(probe):
    cache, name = probe.client("elasticache"), {"ReplicationGroupId": "app"}
    network = _network(probe)
    key = probe.client("kms").create_key()["KeyMetadata"]["Arn"]
    own = {"SnapshotRetentionLimit": 7, "SnapshotWindow": "02:00-03:00", "AtRestEncryptionEnabled": True}
    own |= {"KmsKeyId": key, "TransitEncryptionEnabled": True, "AutoMinorVersionUpgrade": False}
    probe.does(
        cache.create_replication_group, **name, **own, **network, ReplicationGroupDescription="sessions", Port=6380,
        Engine="redis", EngineVersion="7.0", NumCacheClusters=2, AutomaticFailoverEnabled=True, MultiAZEnabled=True,
        AuthToken="correct-horse-battery", PreferredMaintenanceWindow="sun:04:00-sun:05:00", Tags=TAGS,
    )  # fmt: skip
    seen = {**name, **own, "Description": "sessions", "Status": "available", "MemberClusters": ["app-001", "app-002"]}
    seen |= {"AutomaticFailover": "enabled", "MultiAZ": "enabled", "ClusterEnabled": False, "AuthTokenEnabled": True}
    seen |= {"CacheNodeType": "cache.t4g.small", "TransitEncryptionMode": "required", "Engine": "redis"}
    found = probe.shows(seen, cache.describe_replication_groups, "ReplicationGroups.0", **name)
    members = {item["CacheClusterId"]: item["CurrentRole"] for item in found["NodeGroups"][0]["NodeGroupMembers"]}
    assert members == {"app-001": "primary", "app-002": "replica"}
    assert found["NodeGroups"][0]["PrimaryEndpoint"]["Port"] == 6380
    member = {"ReplicationGroupId": "app", "EngineVersion": "7.0.7", "CacheSubnetGroupName": "private"}
    member |= {"PreferredMaintenanceWindow": "sun:04:00-sun:05:00", "NumCacheNodes": 1}
    probe.shows(member, cache.describe_cache_clusters, "CacheClusters.1")
    probe.shows(TAGS, cache.list_tags_for_resource, "TagList", ResourceName=found["ARN"])
    changed = {"SnapshotRetentionLimit": 3, "SnapshotWindow": "05:00-06:00", "CacheNodeType": "cache.m7g.large"}
    changed |= {"AutoMinorVersionUpgrade": True}
    other = {"MultiAZEnabled": False, "EngineVersion": "7.1", "ReplicationGroupDescription": "other"}
    probe.does(cache.modify_replication_group, **name, **changed, **other, ApplyImmediately=True)
    seen = {**changed, "MultiAZ": "disabled", "Description": "other"}
    probe.shows(seen, cache.describe_replication_groups, "ReplicationGroups.0", **name)
    probe.shows({"EngineVersion": "7.1.0"}, cache.describe_cache_clusters, "CacheClusters.0", CacheClusterId="app-001")
    probe.does(cache.delete_replication_group, **name)
    probe.lacks(cache.describe_replication_groups, "ReplicationGroupNotFoundFault", **name)
    probe.lacks(cache.describe_cache_clusters, path="CacheClusters")


def replicas(probe):
    cache, name = probe.client("elasticache"), {"ReplicationGroupId": "app"}
    settings = {"NumCacheClusters": 2, "AutomaticFailoverEnabled": True, "ReplicationGroupDescription": "d"}
    probe.does(cache.create_replication_group, **name, **settings, **_network(probe))
    members, look = ["app-001", "app-002", "app-003"], (cache.describe_replication_groups, "ReplicationGroups.0")
    probe.does(cache.increase_replica_count, **name, NewReplicaCount=2, ApplyImmediately=True)
    probe.shows({"MemberClusters": members}, *look)
    probe.does(cache.test_failover, **name, NodeGroupId="0001")
    found = probe.shows({"Status": "available"}, *look)
    roles = {item["CacheClusterId"]: item["CurrentRole"] for item in found["NodeGroups"][0]["NodeGroupMembers"]}
    assert roles == {"app-001": "replica", "app-002": "primary", "app-003": "replica"}
    gone = {"NewReplicaCount": 1, "ReplicasToRemove": ["app-001"], "ApplyImmediately": True}
    probe.does(cache.decrease_replica_count, **name, **gone)
    probe.shows({"MemberClusters": ["app-002", "app-003"]}, *look)


def shards(probe):
    cache, name = probe.client("elasticache"), {"ReplicationGroupId": "app"}
    settings = {"NumNodeGroups": 2, "ReplicasPerNodeGroup": 1, "ReplicationGroupDescription": "d"}
    probe.does(cache.create_replication_group, **name, **settings, **_network(probe), AutomaticFailoverEnabled=True)
    look = (cache.describe_replication_groups, "ReplicationGroups.0")
    members = ["app-0001-001", "app-0001-002", "app-0002-001", "app-0002-002"]
    nodes = [{"NodeGroupId": "0001", "Slots": "0-8191"}, {"NodeGroupId": "0002", "Slots": "8192-16383"}]
    seen = {"MemberClusters": members, "ClusterEnabled": True, "ClusterMode": "enabled", "NodeGroups": nodes}
    found = probe.shows(seen, *look)
    assert found["ConfigurationEndpoint"]["Address"].startswith("app.")
    change = cache.modify_replication_group_shard_configuration
    probe.does(change, **name, NodeGroupCount=3, ApplyImmediately=True)
    slots = ["0-5461", "5462-10922", "10923-16383"]
    found = probe.shows({"NodeGroups": [{"Slots": item} for item in slots]}, *look)
    assert len(found["MemberClusters"]) == 6
    probe.does(change, **name, NodeGroupCount=1, NodeGroupsToRetain=["0001"], ApplyImmediately=True)
    probe.shows({"NodeGroups": [{"NodeGroupId": "0001", "Slots": "0-16383"}], "MemberClusters": members[:2]}, *look)


def memcached(probe):
    cache, name = probe.client("elasticache"), {"CacheClusterId": "app"}
    network = _network(probe)
    wanted = {"Engine": "memcached", "NumCacheNodes": 2, "PreferredMaintenanceWindow": "sun:04:00-sun:05:00"}
    probe.does(cache.create_cache_cluster, **name, **wanted, **network, EngineVersion="1.6.17", AZMode="cross-az")
    look = (cache.describe_cache_clusters, "CacheClusters.0")
    zones = [
        {"CacheNodeId": f"000{n}", "CustomerAvailabilityZone": f"eu-central-1{z}"} for n, z in ((1, "a"), (2, "b"))
    ]
    seen = {**wanted, "CacheClusterStatus": "available", "EngineVersion": "1.6.17", "CacheNodes": zones}
    seen |= {"SecurityGroups": [{"SecurityGroupId": network["SecurityGroupIds"][0]}]}
    probe.shows(seen, *look, **name, ShowCacheNodeInfo=True)
    probe.does(cache.modify_cache_cluster, **name, NumCacheNodes=3, ApplyImmediately=True)
    probe.shows({"NumCacheNodes": 3}, *look, **name)
    gone = {"NumCacheNodes": 2, "CacheNodeIdsToRemove": ["0001"], "AutoMinorVersionUpgrade": False}
    probe.does(cache.modify_cache_cluster, **name, **gone, ApplyImmediately=True)
    found = probe.shows({"NumCacheNodes": 2, "AutoMinorVersionUpgrade": False}, *look, **name, ShowCacheNodeInfo=True)
    assert [node["CacheNodeId"] for node in found["CacheNodes"]] == ["0002", "0003"]
    probe.does(cache.reboot_cache_cluster, **name, CacheNodeIdsToReboot=["0002"])
    events = {"SourceType": "cache-cluster", "SourceIdentifier": "app"}
    found = probe.shows([events] * 4, cache.describe_events, "Events", **events)
    assert found[-1]["Message"] == "Cache cluster nodes 0002 rebooted"
    probe.does(cache.delete_cache_cluster, **name)
    probe.lacks(cache.describe_cache_clusters, "CacheClusterNotFound", **name)


def tags(probe):
    cache = probe.client("elasticache")
    wanted = {"UserId": "app", "UserName": "app", "Engine": "redis", "AccessString": "on ~* +@all"}
    arn = cache.create_user(**wanted, NoPasswordRequired=True)["ARN"]
    probe.does(cache.add_tags_to_resource, ResourceName=arn, Tags=[*TAGS, {"Key": "c", "Value": "d"}])
    probe.shows([*TAGS, {"Key": "c", "Value": "d"}], cache.list_tags_for_resource, "TagList", ResourceName=arn)
    probe.does(cache.remove_tags_from_resource, ResourceName=arn, TagKeys=["c"])
    probe.shows(TAGS, cache.list_tags_for_resource, "TagList", ResourceName=arn)


def users(probe):
    cache, name = probe.client("elasticache"), {"UserId": "app"}
    wanted = {**name, "UserName": "default", "Engine": "redis", "AccessString": "on ~app:* +@all"}
    probe.does(cache.create_user, **wanted, Passwords=["correct-horse-battery"])
    seen = {**wanted, "Status": "active", "Authentication": {"Type": "password", "PasswordCount": 1}}
    probe.shows(seen, cache.describe_users, "Users.0", **name)
    probe.does(cache.modify_user, **name, AppendAccessString="-@dangerous", NoPasswordRequired=True)
    seen = {"AccessString": "on ~app:* +@all -@dangerous", "Authentication": {"Type": "no-password"}}
    probe.shows(seen, cache.describe_users, "Users.0", **name)
    group = {"UserGroupId": "team", "Engine": "redis"}
    probe.does(cache.create_user_group, **group, UserIds=["app"])
    probe.shows({**group, "UserIds": ["app"], "Status": "active"}, cache.describe_user_groups, "UserGroups.0")
    probe.shows({"UserGroupIds": ["team"]}, cache.describe_users, "Users.0", **name)
    probe.does(cache.modify_user_group, UserGroupId="team", UserIdsToAdd=["default"], UserIdsToRemove=["app"])
    probe.shows({"UserIds": ["default"]}, cache.describe_user_groups, "UserGroups.0", UserGroupId="team")
    probe.does(cache.delete_user_group, UserGroupId="team")
    probe.lacks(cache.describe_user_groups, "UserGroupNotFound", UserGroupId="team")
    probe.does(cache.delete_user, **name)
    probe.lacks(cache.describe_users, "UserNotFound", **name)


def snapshots(probe):
    cache, name = probe.client("elasticache"), {"SnapshotName": "first"}
    network = _network(probe)
    settings = {"ReplicationGroupId": "app", "ReplicationGroupDescription": "d", "NumNodeGroups": 2}
    cache.create_replication_group(**settings, **network, AutomaticFailoverEnabled=True, ReplicasPerNodeGroup=0)
    probe.does(cache.create_snapshot, **name, ReplicationGroupId="app", Tags=TAGS)
    seen = {**name, "ReplicationGroupId": "app", "NumNodeGroups": 2, "SnapshotStatus": "available"}
    seen |= {"SnapshotSource": "manual", "CacheNodeType": "cache.t4g.small", "CacheSubnetGroupName": "private"}
    seen |= {"NodeSnapshots": [{"NodeGroupId": "0001"}, {"NodeGroupId": "0002"}]}
    found = probe.shows(seen, cache.describe_snapshots, "Snapshots.0", **name)
    probe.shows(TAGS, cache.list_tags_for_resource, "TagList", ResourceName=found["ARN"])
    probe.does(cache.copy_snapshot, SourceSnapshotName="first", TargetSnapshotName="second")
    probe.shows({"ReplicationGroupId": "app", "NumNodeGroups": 2}, cache.describe_snapshots, "Snapshots.0",
                SnapshotName="second")  # fmt: skip
    restored = {"ReplicationGroupId": "again", "ReplicationGroupDescription": "d", "SnapshotName": "first"}
    probe.does(cache.create_replication_group, **restored, AutomaticFailoverEnabled=True)
    seen = {"CacheNodeType": "cache.t4g.small", "NodeGroups": [{"NodeGroupId": "0001"}, {"NodeGroupId": "0002"}]}
    probe.shows(seen, cache.describe_replication_groups, "ReplicationGroups.0", ReplicationGroupId="again")
    probe.does(cache.delete_snapshot, **name)
    probe.lacks(cache.describe_snapshots, "SnapshotNotFoundFault", **name)


def serverless(probe):
    cache, name = probe.client("elasticache"), {"ServerlessCacheName": "app"}
    subnets, group = _subnets(probe)
    wanted = {**name, "Description": "one", "Engine": "valkey", "MajorEngineVersion": "8", "SubnetIds": subnets}
    wanted |= {"SecurityGroupIds": [group], "SnapshotRetentionLimit": 2, "DailySnapshotTime": "03:00"}
    wanted |= {"CacheUsageLimits": {"DataStorage": {"Maximum": 10, "Unit": "GB"}}}
    probe.does(cache.create_serverless_cache, **wanted)
    look = (cache.describe_serverless_caches, "ServerlessCaches.0")
    probe.shows({**wanted, "Status": "available", "Endpoint": {"Port": 6379}}, *look, **name)
    changed = {"Description": "two", "SnapshotRetentionLimit": 1}
    changed |= {"CacheUsageLimits": {"ECPUPerSecond": {"Maximum": 5000}}}
    probe.does(cache.modify_serverless_cache, **name, **changed)
    probe.shows(changed, *look, **name)
    probe.does(cache.delete_serverless_cache, **name)
    probe.lacks(cache.describe_serverless_caches, "ServerlessCacheNotFoundFault", **name)


def offers(probe):
    cache, name = probe.client("elasticache"), {"CacheClusterId": "app"}
    found = [{"EngineVersion": version} for version in ("7.2", "8.0", "8.1", "8.2")]
    probe.shows(found, cache.describe_cache_engine_versions, "CacheEngineVersions", Engine="valkey")
    cache.create_cache_cluster(**name, **_network(probe), Engine="redis")
    allowed = cache.list_allowed_node_type_modifications(**name)
    assert "cache.m7g.large" in allowed["ScaleUpModifications"]
    probe.does(cache.modify_cache_cluster, **name, CacheNodeType="cache.m7g.large", ApplyImmediately=True)
    probe.shows({"CacheNodeType": "cache.m7g.large"}, cache.describe_cache_clusters, "CacheClusters.0")
    probe.shows("cache.t2.micro", cache.list_allowed_node_type_modifications, "ScaleDownModifications.0", **name)
