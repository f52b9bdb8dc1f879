# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of replication groups: settings, replicas, shards, and failover."""

from datetime import datetime, timezone

from ...errors import AwsError
from .. import answer
from .catalog import check_node_type, check_upgrade, full_version, short_version
from .groups import (
    KIND,
    MOST_REPLICAS,
    MOST_SHARDS,
    add_members,
    check_failover,
    drop_members,
    members_of,
    slots_of,
    user_groups,
    view_of,
)
from .nodes import dress_interfaces, pick_zones
from .settings import (
    check_times,
    check_token,
    group_view,
    merged_logs,
    parameter_group,
    security_groups,
)
from .shared import at_end, clash, invalid, note, require, require_ready
from .subnets import require_group as require_subnet_group

# Described by the group and by every member.
SHARED = ("AutoMinorVersionUpgrade", "IpDiscovery", "SnapshotRetentionLimit", "SnapshotWindow")
MODES = {
    "disabled": ("disabled", "compatible"),
    "compatible": ("disabled", "compatible", "enabled"),
    "enabled": ("enabled",),
}


@answer("elasticache", "ModifyReplicationGroup")
def modify_group(call):
    """moto changes five things, and drops the others."""
    parameters, group = call.parameters, require(call, KIND, call.parameters["ReplicationGroupId"])
    require_ready(group)
    check_times(parameters)
    wanted = _wanted(call, group)
    nodes, promoted = _nodes_wanted(group, parameters), _promoted(group, parameters.get("PrimaryClusterId"))
    nodes |= _group_wanted(call, group, nodes)
    _apply_at_once(call, group)
    if nodes and not parameters.get("ApplyImmediately"):
        shown = {name: nodes[name] for name in ("CacheNodeType", "EngineVersion") if name in nodes}
        for cluster in members_of(call, group):
            cluster.view["PendingModifiedValues"] |= shown
        nodes = {}
    group.own["wanted"] = wanted, nodes
    group.own["promoted"] = promoted
    group.begin("modifying", "replication-group-modify", "group modified")
    note(call, group, "modified")
    return {"ReplicationGroup": view_of(call, group)}


def _wanted(call, group):
    """What is described by the group alone, and takes a while."""
    parameters, wanted = call.parameters, {}
    for name, member in (("AutomaticFailoverEnabled", "AutomaticFailover"), ("MultiAZEnabled", "MultiAZ")):
        if parameters.get(name) is not None:
            wanted[member] = "enabled" if parameters[name] else "disabled"
    check_failover(group.view | wanted, [len(shard["members"]) for shard in group.own["shards"]])
    mode = parameters.get("ClusterMode")
    if mode and mode not in MODES[group.view["ClusterMode"]]:
        raise clash(f"The cluster mode cannot go from {group.view['ClusterMode']} to {mode}.")
    if mode:
        wanted |= {"ClusterMode": mode, "ClusterEnabled": mode == "enabled"}
    for name in ("TransitEncryptionEnabled", "TransitEncryptionMode"):
        if parameters.get(name) is not None:
            wanted[name] = parameters[name]
    encrypted = wanted.get("TransitEncryptionEnabled", group.view["TransitEncryptionEnabled"])
    return wanted | _access(call, group, encrypted)


def _access(call, group, encrypted):
    """Who may use the group: a token, or the users of user groups."""
    parameters = call.parameters
    token, strategy = parameters.get("AuthToken"), parameters.get("AuthTokenUpdateStrategy")
    if strategy in ("ROTATE", "SET") and not token:
        raise clash("AuthTokenUpdateStrategy must be specified with AuthToken.")
    check_token(token, encrypted)
    names = [name for name in group.view["UserGroupIds"] if name not in (parameters.get("UserGroupIdsToRemove") or [])]
    names = [] if parameters.get("RemoveUserGroups") else names
    names += [name for name in user_groups(call, parameters.get("UserGroupIdsToAdd"), encrypted) if name not in names]
    wanted = {"UserGroupIds": names} if names != group.view["UserGroupIds"] else {}
    if token:
        wanted |= {"AuthTokenEnabled": True, "AuthTokenLastModifiedDate": datetime.now(timezone.utc)}
    return wanted | ({"AuthTokenEnabled": False} if strategy == "DELETE" or names else {})


def _promoted(group, name):
    """The replica that is to be the primary."""
    if name and name not in group.own["shards"][0]["members"]:
        raise AwsError("CacheClusterNotFound", f"{name} is no member of {group.id}.")
    return name


def _nodes_wanted(group, parameters):
    """What the nodes are made of, which may wait for the maintenance window."""
    found = {}
    if parameters.get("CacheNodeType"):
        check_node_type(parameters["CacheNodeType"])
        found["CacheNodeType"] = parameters["CacheNodeType"]
    engine = parameters.get("Engine") or group.view["Engine"]
    if parameters.get("EngineVersion"):
        found["EngineVersion"] = full_version(engine, parameters["EngineVersion"])[0]
    if engine != group.view["Engine"]:
        if (group.view["Engine"], engine) != ("redis", "valkey"):
            raise clash(f"{group.view['Engine']} cannot be upgraded to {engine}.")
        found |= {"Engine": engine, "EngineVersion": found.get("EngineVersion") or full_version(engine, None)[0]}
    settings = group.own["settings"]
    if engine == settings["Engine"] and "EngineVersion" in found:
        check_upgrade(settings["EngineVersion"], found["EngineVersion"])
    return {name: value for name, value in found.items() if settings[name] != value}


def _group_wanted(call, group, nodes):
    """A default parameter group follows the version to another family; AWS does not choose among others."""
    present, settings = group.own["settings"]["CacheParameterGroup"]["CacheParameterGroupName"], group.own["settings"]
    engine = nodes.get("Engine") or settings["Engine"]
    family = full_version(engine, short_version(engine, nodes.get("EngineVersion") or settings["EngineVersion"]))[1]
    if family == _family(group) or call.parameters.get("CacheParameterGroupName"):
        return {}
    clustered = ".cluster.on" if group.view["ClusterEnabled"] else ""
    usual = f"default.{family}{clustered}" if present.startswith("default.") else present
    return {"CacheParameterGroup": group_view(parameter_group(call, usual, family))}


def _apply_at_once(call, group):
    parameters, view, shared = call.parameters, group.view, {}
    shared |= {name: parameters[name] for name in SHARED if parameters.get(name) is not None}
    shared["LogDeliveryConfigurations"] = merged_logs(view["LogDeliveryConfigurations"], parameters)
    if parameters.get("CacheParameterGroupName"):
        engine, version = parameters.get("Engine") or view["Engine"], parameters.get("EngineVersion")
        family = full_version(engine, version)[1] if version else _family(group)
        shared["CacheParameterGroup"] = group_view(parameter_group(call, parameters["CacheParameterGroupName"], family))
    if parameters.get("SecurityGroupIds"):
        vpc_id = require_subnet_group(call, group.own["settings"]["CacheSubnetGroupName"]).view["VpcId"]
        shared["SecurityGroups"] = security_groups(call, parameters["SecurityGroupIds"], vpc_id)
    if parameters.get("PreferredMaintenanceWindow"):
        shared["PreferredMaintenanceWindow"] = parameters["PreferredMaintenanceWindow"]
    if parameters.get("NotificationTopicArn"):
        status = parameters.get("NotificationTopicStatus") or "active"
        shared["NotificationConfiguration"] = {"TopicArn": parameters["NotificationTopicArn"], "TopicStatus": status}
    if parameters.get("SnapshottingClusterId"):
        view["SnapshottingClusterId"] = require(call, "cluster", parameters["SnapshottingClusterId"]).id
    view["Description"] = parameters.get("ReplicationGroupDescription") or view["Description"]
    _spread(call, group, shared)


def _family(group):
    engine, version = group.own["settings"]["Engine"], group.own["settings"]["EngineVersion"]
    return full_version(engine, short_version(engine, version))[1]


def _spread(call, group, settings):
    """Let the group, its members and the members to come have settings."""
    group.own["settings"] |= settings
    group.view |= {name: value for name, value in settings.items() if name in group.view}
    for cluster in members_of(call, group):
        cluster.view |= settings
        cluster.own["group"] = cluster.view["CacheParameterGroup"]["CacheParameterGroupName"]
        dress_interfaces(call, cluster)


@at_end("group modified")
def finish_modification(call, group):
    """What was wanted is there."""
    wanted, nodes = group.own.pop("wanted")
    group.view |= wanted | {"Status": "available"}
    both = {"AuthTokenEnabled", "TransitEncryptionEnabled", "TransitEncryptionMode"} & set(wanted)
    _spread(call, group, nodes | {name: wanted[name] for name in both})
    for cluster in members_of(call, group) if nodes else ():
        cluster.view["PendingModifiedValues"] = {}
    group.own["shards"][0]["primary"] = group.own.pop("promoted", None) or group.own["shards"][0]["primary"]


@answer("elasticache", "IncreaseReplicaCount")
def increase_replicas(call):
    """moto does not have it."""
    group, counts = _replicas_wanted(call)
    _check_counts(group, counts, lambda present, wanted: wanted > present)
    for shard in group.own["shards"]:
        more = counts.get(shard["id"], 0) - (len(shard["members"]) - 1)
        if more > 0:
            zones = pick_zones(call, group.own["settings"], None, more, len(shard["members"]))
            add_members(call, group, shard, zones)
    return _change(call, group, "replicas added")


@answer("elasticache", "DecreaseReplicaCount")
def decrease_replicas(call):
    """moto does not have it."""
    group, counts = _replicas_wanted(call)
    _check_counts(group, counts, lambda present, wanted: wanted < present)
    needed = group.view["MultiAZ"] == "enabled" or (
        group.view["AutomaticFailover"] == "enabled" and not group.view["ClusterEnabled"]
    )
    if needed and 0 in counts.values():
        mode = "enabled" if group.view["ClusterEnabled"] else "disabled"
        raise invalid(f"Must have at least 1 replica when cluster mode is {mode} with auto failover enabled.")
    named = call.parameters.get("ReplicasToRemove") or []
    _check_named(group, named)
    for shard in group.own["shards"]:
        fewer = len(shard["members"]) - 1 - counts.get(shard["id"], len(shard["members"]) - 1)
        replicas = [name for name in shard["members"] if name != shard["primary"]]
        replicas.sort(key=lambda name: name not in named)
        chosen = [name for name in replicas if name in named][:fewer]
        chosen += [name for name in reversed(replicas) if name not in chosen][: fewer - len(chosen)]
        drop_members(call, shard, chosen)
    return _change(call, group, "replicas removed")


def _check_named(group, named):
    for shard in group.own["shards"]:
        if shard["primary"] in named:
            raise invalid(f"{shard['primary']} is a primary and cannot be removed.")
    known = {name for shard in group.own["shards"] for name in shard["members"]}
    for name in named:
        if name not in known:
            raise invalid(f"{name} is no replica of {group.id}.")


def _replicas_wanted(call):
    """The group, and how many replicas its shards are to have."""
    parameters, group = call.parameters, require(call, KIND, call.parameters["ReplicationGroupId"])
    require_ready(group)
    _require_at_once(parameters)
    given, count = parameters.get("ReplicaConfiguration") or [], parameters.get("NewReplicaCount")
    if parameters.get("ReplicasToRemove") and count is None and not given:
        left = {
            shard["id"]: set(shard["members"]) - set(parameters["ReplicasToRemove"]) for shard in group.own["shards"]
        }
        return group, {name: len(members) - 1 for name, members in left.items()}
    if bool(given) == (count is not None):
        raise clash("Exactly one of NewReplicaCount and ReplicaConfiguration must be specified.")
    if given:
        return group, {item["NodeGroupId"]: item["NewReplicaCount"] for item in given}
    return group, {shard["id"]: count for shard in group.own["shards"]}


def _check_counts(group, counts, is_right):
    present = {shard["id"]: len(shard["members"]) - 1 for shard in group.own["shards"]}
    for name, count in counts.items():
        if name not in present:
            raise invalid(f"There is no node group {name} in {group.id}.")
        if not 0 <= count <= MOST_REPLICAS:
            raise invalid(f"A node group has between 0 and {MOST_REPLICAS} replicas, not {count}.")
    if counts == present:
        raise AwsError("NoOperationFault", "The number of replicas is the same as before.")
    for name, count in counts.items():
        if not is_right(present[name], count) and count != present[name]:
            raise invalid(f"The node group {name} has {present[name]} replicas already, {count} were asked for.")


def _require_at_once(parameters):
    if not parameters["ApplyImmediately"]:
        raise invalid("ApplyImmediately must be true: nothing else is supported.")


def _change(call, group, what):
    group.own["wanted"] = {}, {}
    group.begin("modifying", "replication-group-modify", "group modified")
    note(call, group, what)
    return {"ReplicationGroup": view_of(call, group)}


@answer("elasticache", "ModifyReplicationGroupShardConfiguration")
def change_shards(call):
    """moto does not have it."""
    parameters, group = call.parameters, require(call, KIND, call.parameters["ReplicationGroupId"])
    require_ready(group)
    _require_at_once(parameters)
    count, shards = parameters["NodeGroupCount"], group.own["shards"]
    if not group.view["ClusterEnabled"]:
        raise invalid("Shards can be changed with cluster mode enabled only.")
    if count > MOST_SHARDS:
        code = "NodeGroupsPerReplicationGroupQuotaExceeded"
        raise AwsError(code, f"A replication group has at most {MOST_SHARDS} node groups.")
    if count < 1:
        raise invalid("NodeGroupCount must be at least 1.")
    if count < len(shards):
        _drop_shards(call, group, count)
    _add_shards(call, group, count)
    for shard, slots in zip(group.own["shards"], slots_of(count), strict=True):
        shard["slots"] = slots
    return _change(call, group, "resharded")


def _drop_shards(call, group, count):
    shards, parameters = group.own["shards"], call.parameters
    gone, kept = parameters.get("NodeGroupsToRemove"), parameters.get("NodeGroupsToRetain")
    if bool(gone) == bool(kept):
        raise clash("To have fewer node groups, specify either NodeGroupsToRemove or NodeGroupsToRetain.")
    gone = gone or [shard["id"] for shard in shards if shard["id"] not in kept]
    known = [shard["id"] for shard in shards]
    if len(gone) != len(shards) - count or set(gone) - set(known):
        raise invalid(f"{len(shards) - count} of the node groups {', '.join(known)} must be named.")
    for shard in [shard for shard in shards if shard["id"] in gone]:
        drop_members(call, shard, list(shard["members"]))
        shards.remove(shard)


def _add_shards(call, group, count):
    shards, settings = group.own["shards"], group.own["settings"]
    size = len(shards[0]["members"])
    given = call.parameters.get("ReshardingConfiguration") or []
    wanted = {item.get("NodeGroupId"): item.get("PreferredAvailabilityZones") or [] for item in given}
    while len(shards) < count:
        number = max(int(shard["id"]) for shard in shards) + 1
        zones = pick_zones(call, settings, wanted.get(f"{number:04}"), size, number)
        shard = {"id": f"{number:04}", "members": [], "primary": None, "slots": None}
        shards.append(shard)
        add_members(call, group, shard, zones)


@answer("elasticache", "TestFailover")
def test_failover(call):
    """The first replica of a shard becomes its primary."""
    parameters, group = call.parameters, require(call, KIND, call.parameters["ReplicationGroupId"])
    require_ready(group)
    shards = {shard["id"]: shard for shard in group.own["shards"]}
    shard = shards.get(parameters["NodeGroupId"])
    if shard is None:
        raise AwsError("NodeGroupNotFoundFault", f"Node group {parameters['NodeGroupId']} not found in {group.id}.")
    if group.view["AutomaticFailover"] != "enabled" or len(shard["members"]) < 2:
        message = "Test failover is not available without automatic failover and a replica."
        raise AwsError("TestFailoverNotAvailableFault", message)
    shard["primary"] = next(name for name in shard["members"] if name != shard["primary"])
    return _change(call, group, f"failed over to {shard['primary']}")
