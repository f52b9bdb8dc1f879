# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters: of Memcached with many nodes, of Redis OSS and Valkey with one, and the members of replication groups."""

from ...errors import AwsError
from .. import answer
from .catalog import check_node_type, full_version, short_version
from .groups import MOST_REPLICAS
from .nodes import add_nodes, dress_interfaces, drop_nodes, make_cluster, pick_zones, view_of
from .settings import (
    check_name,
    check_times,
    group_view,
    merged_logs,
    parameter_group,
    security_groups,
    settings_of,
)
from .shared import (
    add,
    at_end,
    clash,
    described,
    invalid,
    note,
    refuse_taken,
    require,
    require_ready,
)
from .snapshots import take_snapshot
from .subnets import require_group as require_subnet_group

KIND = "cluster"
MOST_NODES = 60
AT_ONCE = ("AutoMinorVersionUpgrade", "PreferredMaintenanceWindow", "SnapshotRetentionLimit", "SnapshotWindow")


@answer("elasticache", "CreateCacheCluster")
def create_cluster(call):
    """moto keeps no nodes, and forgets what it is not told."""
    parameters = call.parameters
    check_name(parameters["CacheClusterId"], 50, "CacheClusterId")
    refuse_taken(call, KIND, parameters["CacheClusterId"])
    if parameters.get("ReplicationGroupId"):
        return _create_replica(call)
    settings = settings_of(call, parameters)
    count = parameters.get("NumCacheNodes") or 1
    _check_count(settings["Engine"], count, parameters.get("AZMode"))
    wanted = parameters.get("PreferredAvailabilityZones") or []
    if parameters.get("PreferredAvailabilityZone"):
        wanted = [parameters["PreferredAvailabilityZone"]] * count
    zones = pick_zones(call, settings, wanted, count)
    if not wanted and parameters.get("AZMode") != "cross-az":
        zones = zones[:1] * count
    cluster = make_cluster(call, parameters["CacheClusterId"].lower(), settings, zones, parameters.get("Port"))
    return {"CacheCluster": view_of(call, add(call, cluster), False)}


def _create_replica(call):
    """Another replica of a group, under a name of its own."""
    parameters, group = call.parameters, require(call, "replicationgroup", call.parameters["ReplicationGroupId"])
    require_ready(group)
    shard, settings = group.own["shards"][0], group.own["settings"]
    if group.view["ClusterEnabled"]:
        raise clash("Replicas are added with IncreaseReplicaCount where cluster mode is enabled.")
    if len(shard["members"]) > MOST_REPLICAS:
        raise invalid(f"A replication group has at most {MOST_REPLICAS} replicas.")
    wanted = [parameters["PreferredAvailabilityZone"]] if parameters.get("PreferredAvailabilityZone") else None
    zones = pick_zones(call, settings, wanted, 1, len(shard["members"]))
    cluster = make_cluster(call, parameters["CacheClusterId"].lower(), settings, zones, group.own["port"], group.id)
    shard["members"].append(cluster.id)
    return {"CacheCluster": view_of(call, add(call, cluster), False)}


def _check_count(engine, count, mode):
    if engine != "memcached" and count != 1:
        raise clash(f"NumCacheNodes must be 1 if the engine is {engine}.")
    if not 1 <= count <= MOST_NODES:
        raise invalid(f"NumCacheNodes must be between 1 and {MOST_NODES}, not {count}.")
    if mode == "cross-az" and (engine != "memcached" or count < 2):
        raise clash("AZMode cross-az needs Memcached and more than one cache node.")


@answer("elasticache", "DescribeCacheClusters")
def describe_clusters(call):
    """The nodes are there if they are asked for."""
    alone = call.parameters.get("ShowCacheClustersNotInReplicationGroups")
    nodes = bool(call.parameters.get("ShowCacheNodeInfo"))
    return described(
        call,
        KIND,
        lambda call, cluster: view_of(call, cluster, nodes),
        lambda cluster: not (alone and cluster.view.get("ReplicationGroupId")),
    )


@answer("elasticache", "ModifyCacheCluster")
def modify_cluster(call):
    """moto does not have it."""
    parameters = call.parameters
    cluster = require(call, KIND, parameters["CacheClusterId"])
    require_ready(cluster)
    check_times(parameters)
    later = _later(call, cluster)
    _apply_at_once(call, cluster)
    if later and not parameters.get("ApplyImmediately"):
        cluster.view["PendingModifiedValues"] |= later
    elif later or parameters.get("ApplyImmediately"):
        cluster.own["wanted"] = cluster.view["PendingModifiedValues"] | later
        cluster.view["PendingModifiedValues"] = dict(cluster.own["wanted"])
        cluster.own["zones"] = parameters.get("NewAvailabilityZones") or []
        cluster.begin("modifying", "cache-cluster-modify", "cluster modified")
    note(call, cluster, "modified")
    return {"CacheCluster": view_of(call, cluster, False)}


def _later(call, cluster):
    """What may wait for the maintenance window."""
    parameters, view = call.parameters, cluster.view
    later = {}
    count, removed = parameters.get("NumCacheNodes"), parameters.get("CacheNodeIdsToRemove") or []
    if count:
        _check_count(view["Engine"], count, None)
        _check_removed(cluster, count, removed)
        later |= {"NumCacheNodes": count} | ({"CacheNodeIdsToRemove": removed} if removed else {})
    if parameters.get("CacheNodeType"):
        check_node_type(parameters["CacheNodeType"])
        if view["Engine"] == "memcached" and parameters["CacheNodeType"] != view["CacheNodeType"]:
            raise clash("The nodes of Memcached cannot have another type.")
        later["CacheNodeType"] = parameters["CacheNodeType"]
    if parameters.get("EngineVersion"):
        later["EngineVersion"] = full_version(view["Engine"], parameters["EngineVersion"])[0]
    return {name: value for name, value in later.items() if view.get(name) != value}


def _check_removed(cluster, count, removed):
    known = [node["CacheNodeId"] for node in cluster.own["nodes"]]
    if count < len(known) and len(removed) != len(known) - count:
        raise clash(f"CacheNodeIdsToRemove must name {len(known) - count} nodes.")
    unknown = [number for number in removed if number not in known]
    if unknown:
        raise invalid(f"There is no cache node {unknown[0]} in {cluster.id}.")


def _apply_at_once(call, cluster):
    parameters, view = call.parameters, cluster.view
    name = parameters.get("CacheParameterGroupName")
    if name:
        version = parameters.get("EngineVersion") or short_version(view["Engine"], view["EngineVersion"])
        group = parameter_group(call, name, full_version(view["Engine"], version)[1])
        view["CacheParameterGroup"], cluster.own["group"] = group_view(group), group.id
    if parameters.get("SecurityGroupIds"):
        vpc_id = require_subnet_group(call, view["CacheSubnetGroupName"]).view["VpcId"]
        view["SecurityGroups"] = security_groups(call, parameters["SecurityGroupIds"], vpc_id)
        dress_interfaces(call, cluster)
    view |= {name: parameters[name] for name in AT_ONCE if parameters.get(name) is not None}
    if parameters.get("NotificationTopicArn"):
        view["NotificationConfiguration"] = {"TopicArn": parameters["NotificationTopicArn"], "TopicStatus": "active"}
    if parameters.get("NotificationTopicStatus") and "NotificationConfiguration" in view:
        view["NotificationConfiguration"]["TopicStatus"] = parameters["NotificationTopicStatus"]
    view["LogDeliveryConfigurations"] = merged_logs(view["LogDeliveryConfigurations"], parameters)


@at_end("cluster modified")
def finish_modification(call, cluster):
    """What was wanted is there."""
    wanted, view = cluster.own.pop("wanted"), cluster.view
    count = wanted.pop("NumCacheNodes", view["NumCacheNodes"])
    drop_nodes(call, cluster, wanted.pop("CacheNodeIdsToRemove", []))
    if count > view["NumCacheNodes"]:
        more = count - view["NumCacheNodes"]
        add_nodes(call, cluster, pick_zones(call, view, cluster.own.pop("zones", None), more))
    view |= wanted | {"PendingModifiedValues": {}, "CacheClusterStatus": "available"}


@answer("elasticache", "RebootCacheCluster")
def reboot_cluster(call):
    """A restart takes what waits for one in the parameter group."""
    cluster, wanted = require(call, KIND, call.parameters["CacheClusterId"]), call.parameters["CacheNodeIdsToReboot"]
    require_ready(cluster)
    known = [node["CacheNodeId"] for node in cluster.own["nodes"]]
    for number in wanted:
        if number not in known:
            raise invalid(f"There is no cache node {number} in {cluster.id}.")
    cluster.begin("rebooting cluster nodes", "cache-cluster-reboot", "available")
    note(call, cluster, f"nodes {', '.join(wanted)} rebooted")
    return {"CacheCluster": view_of(call, cluster, False)}


@answer("elasticache", "DeleteCacheCluster")
def delete_cluster(call):
    """A cluster is deleting for a while; a primary stays, and the last replica that failover needs."""
    cluster = require(call, KIND, call.parameters["CacheClusterId"])
    require_ready(cluster)
    group_id = cluster.view.get("ReplicationGroupId")
    if group_id:
        _check_member(require(call, "replicationgroup", group_id), cluster)
    if call.parameters.get("FinalSnapshotIdentifier"):
        take_snapshot(call, call.parameters["FinalSnapshotIdentifier"], cluster)
    cluster.begin("deleting", "cache-cluster-delete", "cluster gone")
    return {"CacheCluster": view_of(call, cluster, False)}


def _check_member(group, cluster):
    if group.view["ClusterEnabled"]:
        message = f"Cache cluster {cluster.id} belongs to a replication group with cluster mode enabled."
        raise AwsError("InvalidCacheClusterState", message)
    shard = group.own["shards"][0]
    if cluster.id == shard["primary"]:
        message = f"Cache cluster {cluster.id} is serving as primary for replication group {group.id}"
        raise AwsError("InvalidCacheClusterState", f"{message} and cannot be deleted.")
    if len(shard["members"]) < 3 and group.view["AutomaticFailover"] == "enabled":
        message = f"Cache cluster {cluster.id} is the last replica of a group with automatic failover."
        raise AwsError("InvalidCacheClusterState", message)
