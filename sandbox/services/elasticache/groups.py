# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replication groups: their shards, members and endpoints, creation, description and deletion."""

from datetime import datetime, timezone

from ...errors import AwsError
from .. import answer
from .catalog import short_version
from .nodes import domain, endpoint_of, make_cluster, pick_zones
from .nodes import forget_cluster as forget_node
from .parameters import is_clustered, require_group
from .settings import check_mode, check_name, key_arn, settings_of
from .shared import (
    Thing,
    add,
    at_end,
    clash,
    described,
    invalid,
    refuse_taken,
    remove,
    require,
    require_ready,
    things,
)
from .snapshots import take_snapshot

KIND = "replicationgroup"
SLOTS = 16384
MOST_REPLICAS = 5
MOST_SHARDS = 90
MOST_NODES = 90
FROM_SETTINGS = (
    "AtRestEncryptionEnabled", "AuthTokenEnabled", "AutoMinorVersionUpgrade", "CacheNodeType", "Engine", "IpDiscovery",
    "LogDeliveryConfigurations", "NetworkType", "SnapshotRetentionLimit", "SnapshotWindow", "TransitEncryptionEnabled",
)  # fmt: skip


@answer("elasticache", "CreateReplicationGroup")
def create_group(call):
    """moto repeats members, and has shards only where cluster mode is said in so many words."""
    parameters = call.parameters
    check_name(parameters["ReplicationGroupId"], 40, "ReplicationGroupId")
    refuse_taken(call, KIND, parameters["ReplicationGroupId"])
    primary = _take_from_primary(call) if parameters.get("PrimaryClusterId") else None
    if parameters.get("SnapshotName"):
        _take_from_snapshot(call)
    wanted = _shards_wanted(parameters)
    clustered = _is_clustered(call, len(wanted))
    settings = settings_of(call, parameters, clustered)
    if settings["Engine"] == "memcached":
        raise invalid("Memcached has no replication groups.")
    check_mode(require_group(call, settings["CacheParameterGroup"]["CacheParameterGroupName"]), len(wanted) > 1)
    group = _group(call, settings, clustered)
    check_failover(group.view, [1 + shard["replicas"] for shard in wanted])
    _plan(call, group, wanted)
    if primary:
        _attach(group, primary)
    for shard, plan in zip(group.own["shards"], wanted, strict=True):
        plan["zones"] = plan["zones"][len(shard["members"]) :]
        add_members(call, group, shard, plan["zones"])
    group.begin("creating", "replication-group-create", "available")
    return {"ReplicationGroup": view_of(call, add(call, group))}


def _take_from_primary(call):
    """A group around a cluster that is there has its settings."""
    parameters, primary = call.parameters, require(call, "cluster", call.parameters["PrimaryClusterId"])
    require_ready(primary)
    view = primary.view
    if view["Engine"] == "memcached" or view.get("ReplicationGroupId"):
        message = f"{primary.id} is of Memcached or in a replication group already."
        raise AwsError("InvalidCacheClusterState", message)
    for name in ("CacheNodeType", "CacheSubnetGroupName", "Engine"):
        parameters[name] = view[name]
    parameters |= {"EngineVersion": short_version(view["Engine"], view["EngineVersion"]), "Port": primary.own["port"]}
    parameters["CacheParameterGroupName"] = parameters.get("CacheParameterGroupName") or primary.own["group"]
    groups = [item["SecurityGroupId"] for item in view["SecurityGroups"]]
    parameters["SecurityGroupIds"] = parameters.get("SecurityGroupIds") or groups
    return primary


def _attach(group, primary):
    primary.view |= {"ReplicationGroupId": group.id, "ReplicationGroupLogDeliveryEnabled": False}
    group.own["shards"][0].update(members=[primary.id], primary=primary.id)


def _take_from_snapshot(call):
    """A restored group is as its source was, where the call says nothing else."""
    parameters, snapshot = call.parameters, require(call, "snapshot", call.parameters["SnapshotName"])
    require_ready(snapshot)
    for name in ("CacheNodeType", "Engine", "CacheSubnetGroupName", "NumNodeGroups", "Port"):
        if not parameters.get(name) and snapshot.view.get(name):
            parameters[name] = snapshot.view[name]
    if not parameters.get("EngineVersion"):
        parameters["EngineVersion"] = short_version(snapshot.view["Engine"], snapshot.view["EngineVersion"])
    if parameters.get("NumCacheClusters") and parameters["NumNodeGroups"] == 1:
        del parameters["NumNodeGroups"]


def _shards_wanted(parameters):
    """How many replicas each shard is to have, and where: [{replicas, zones, slots, id}]."""
    clusters, count = parameters.get("NumCacheClusters"), parameters.get("NumNodeGroups")
    replicas, given = parameters.get("ReplicasPerNodeGroup"), parameters.get("NodeGroupConfiguration") or []
    if clusters is not None and (count or 1) > 1 or (clusters is not None and replicas is not None):
        raise clash("NumCacheClusters cannot be used with NumNodeGroups and ReplicasPerNodeGroup.")
    if given and len(given) != (count or len(given)):
        raise clash("NodeGroupConfiguration must have as many items as NumNodeGroups says.")
    shards = []
    for number in range(count or len(given) or 1):
        plan = given[number] if given else {}
        wanted = plan.get("ReplicaCount", replicas)
        wanted = (clusters or 1) - 1 if wanted is None else wanted
        if not 0 <= wanted <= MOST_REPLICAS:
            raise invalid(f"A node group has between 0 and {MOST_REPLICAS} replicas, not {wanted}.")
        zones = [plan["PrimaryAvailabilityZone"]] if plan.get("PrimaryAvailabilityZone") else []
        zones += plan.get("ReplicaAvailabilityZones") or []
        zones = zones or (parameters.get("PreferredCacheClusterAZs") or [])
        shards.append({"replicas": wanted, "zones": zones, "slots": plan.get("Slots"), "id": plan.get("NodeGroupId")})
    _check_quota(shards)
    return shards


def _check_quota(shards):
    if len(shards) > MOST_SHARDS:
        code, message = "NodeGroupsPerReplicationGroupQuotaExceeded", f"A replication group has at most {MOST_SHARDS}"
        raise AwsError(code, f"{message} node groups.")
    if sum(1 + shard["replicas"] for shard in shards) > MOST_NODES:
        raise AwsError("NodeQuotaForClusterExceeded", f"A replication group has at most {MOST_NODES} nodes.")


def _is_clustered(call, shards):
    parameters = call.parameters
    named = parameters.get("CacheParameterGroupName")
    if named:
        return is_clustered(require_group(call, named))
    return shards > 1 or parameters.get("ClusterMode") == "enabled"


def _group(call, settings, clustered):
    parameters = call.parameters
    encrypted = settings["TransitEncryptionEnabled"]
    view = {name: settings[name] for name in FROM_SETTINGS} | {
        "Description": parameters["ReplicationGroupDescription"],
        "PendingModifiedValues": {},
        "AutomaticFailover": "enabled" if parameters.get("AutomaticFailoverEnabled") else "disabled",
        "MultiAZ": "enabled" if parameters.get("MultiAZEnabled") else "disabled",
        "ClusterEnabled": clustered,
        "ClusterMode": parameters.get("ClusterMode") or ("enabled" if clustered else "disabled"),
        "DataTiering": "enabled" if parameters.get("DataTieringEnabled") else "disabled",
        "ReplicationGroupCreateTime": datetime.now(timezone.utc),
        "UserGroupIds": user_groups(call, parameters.get("UserGroupIds"), encrypted),
    }
    if encrypted:
        view["TransitEncryptionMode"] = parameters.get("TransitEncryptionMode") or "required"
        settings["TransitEncryptionMode"] = view["TransitEncryptionMode"]
    if parameters.get("AuthToken"):
        view["AuthTokenLastModifiedDate"] = datetime.now(timezone.utc)
    if view["UserGroupIds"] and view["AuthTokenEnabled"]:
        raise clash("Only one of AuthToken and UserGroupIds can be specified.")
    if parameters.get("KmsKeyId"):
        if not view["AtRestEncryptionEnabled"]:
            raise clash("A KMS key can only be specified when encryption at rest is enabled.")
        view["KmsKeyId"] = key_arn(call, parameters["KmsKeyId"])
    own = {"shards": [], "settings": settings, "port": parameters.get("Port")}
    return Thing(call, KIND, parameters["ReplicationGroupId"].lower(), view, **own)


def user_groups(call, wanted, encrypted):
    """The names of existing user groups; access control needs encryption in transit."""
    if wanted and not encrypted:
        message = "User group based access control requires encryption-in-transit to be enabled on the"
        raise clash(f"{message} replication group.")
    return [require(call, "usergroup", name).id for name in wanted or []]


def check_failover(view, sizes):
    """What failover needs: somebody to take over."""
    failover = view["AutomaticFailover"] == "enabled"
    if view["ClusterEnabled"] and not failover:
        raise clash("Automatic failover must be enabled for replication groups with cluster mode enabled.")
    if failover and not view["ClusterEnabled"] and min(sizes) < 2:
        raise clash("When using automatic failover, there must be at least 2 cache clusters in the replication group.")
    if view["MultiAZ"] == "enabled" and (not failover or min(sizes) < 2):
        raise clash("Multi-AZ needs automatic failover and at least one replica in each node group.")


def _plan(call, group, wanted):
    """Zones and slots, before anything is made."""
    slots, settings = slots_of(len(wanted)), group.own["settings"]
    for number, (plan, usual) in enumerate(zip(wanted, slots, strict=True)):
        plan["zones"] = pick_zones(call, settings, plan["zones"], 1 + plan["replicas"], number)
        shard = {"id": plan["id"] or f"{number + 1:04}", "members": [], "primary": None}
        group.own["shards"].append(shard | {"slots": plan["slots"] or usual})


def slots_of(count):
    """The slots of each of so many shards."""
    size, more = divmod(SLOTS, count)
    starts = [number * size + min(number, more) for number in range(count + 1)]
    return [f"{start}-{end - 1}" for start, end in zip(starts, starts[1:], strict=False)]


def add_members(call, group, shard, zones):
    """More nodes of a shard; the first one ever is its primary."""
    prefix = f"{group.id}-{shard['id']}" if group.view["ClusterEnabled"] else group.id
    # Of members with a name of their own only the number counts.
    named = [member.rsplit("-", 1) for member in shard["members"] if member.startswith(f"{prefix}-")]
    numbers = [int(end) for start, end in named if start == prefix and end.isdigit()]
    for number, zone in enumerate(zones, start=max([*numbers, len(shard["members"])]) + 1):
        name = f"{prefix}-{number:03}"
        make_cluster(call, name, group.own["settings"], [zone], group.own["port"], group.id)
        shard["members"].append(name)
        shard["primary"] = shard["primary"] or name


def drop_members(call, shard, members):
    """Fewer nodes of a shard."""
    for name in members:
        shard["members"].remove(name)
        forget_node(call, things(call, "cluster")[name])


def members_of(call, group):
    """The clusters of a group."""
    return [things(call, "cluster")[name] for shard in group.own["shards"] for name in shard["members"]]


def view_of(call, group):
    """A group as AWS describes it; endpoints are there once it is."""
    view = dict(group.view)
    view["MemberClusters"] = [cluster.id for cluster in members_of(call, group)]
    if group.status == "creating":
        return view
    random, rest = domain(call)
    port = members_of(call, group)[0].own["port"] if view["MemberClusters"] else group.own["port"]
    view["NodeGroups"] = [_shard_view(call, group, shard, port) for shard in group.own["shards"]]
    if view["ClusterEnabled"]:
        name = f"{group.id}.{random}.clustercfg"
        if view["TransitEncryptionEnabled"]:
            name = f"clustercfg.{group.id}.{random}"
        view["ConfigurationEndpoint"] = {"Address": f"{name}.{rest}", "Port": port}
    return view


def _shard_view(call, group, shard, port):
    random, rest = domain(call)
    clusters = [things(call, "cluster")[name] for name in shard["members"]]
    view = {"NodeGroupId": shard["id"], "Status": "available" if group.status == "available" else "modifying"}
    view["NodeGroupMembers"] = [_member_view(call, group, shard, cluster) for cluster in clusters]
    if group.view["ClusterEnabled"]:
        return view | {"Slots": shard["slots"]}
    plain = f"{random}.ng.{shard['id']}"
    names = {"PrimaryEndpoint": f"{group.id}.{plain}", "ReaderEndpoint": f"{group.id}-ro.{plain}"}
    if group.view["TransitEncryptionEnabled"]:
        names = {"PrimaryEndpoint": f"master.{group.id}.{random}", "ReaderEndpoint": f"replica.{group.id}.{random}"}
    return view | {name: {"Address": f"{address}.{rest}", "Port": port} for name, address in names.items()}


def _member_view(call, group, shard, cluster):
    zone = cluster.own["nodes"][0]["CustomerAvailabilityZone"]
    view = {"CacheClusterId": cluster.id, "CacheNodeId": "0001", "PreferredAvailabilityZone": zone}
    if not group.view["ClusterEnabled"]:
        view["CurrentRole"] = "primary" if cluster.id == shard["primary"] else "replica"
        view["ReadEndpoint"] = endpoint_of(call, cluster)
    return view


@answer("elasticache", "DescribeReplicationGroups")
def describe_groups(call):
    """With their shards, members and endpoints."""
    return described(call, KIND, view_of)


@answer("elasticache", "DeleteReplicationGroup")
def delete_group(call):
    """A group is deleting for a while, with its members, but for a primary that is to stay."""
    parameters, group = call.parameters, require(call, KIND, call.parameters["ReplicationGroupId"])
    require_ready(group)
    final, retain = parameters.get("FinalSnapshotIdentifier"), parameters.get("RetainPrimaryCluster")
    if final and retain:
        raise clash("A final snapshot cannot be taken while the primary cluster is retained.")
    if retain and group.view["ClusterEnabled"]:
        raise clash("The primary cluster cannot be retained with cluster mode enabled.")
    if final:
        take_snapshot(call, final, group)
    if retain:
        kept = things(call, "cluster")[group.own["shards"][0]["primary"]]
        group.own["shards"][0]["members"].remove(kept.id)
        del kept.view["ReplicationGroupId"], kept.view["ReplicationGroupLogDeliveryEnabled"]
    for cluster in members_of(call, group):
        cluster.begin("deleting", "replication-group-delete", "cluster gone")
    group.begin("deleting", "replication-group-delete", "group gone")
    return {"ReplicationGroup": view_of(call, group)}


@at_end("group gone")
def forget_group(call, group):
    """A deleted group has no members any more."""
    for cluster in members_of(call, group):
        forget_node(call, cluster)
    remove(call, group)
