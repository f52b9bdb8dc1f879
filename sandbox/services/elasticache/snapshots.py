# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of clusters and replication groups."""

from datetime import datetime, timezone

from ...errors import AwsError
from .. import answer
from .settings import check_name, key_arn
from .shared import (
    Thing,
    add,
    clash,
    described,
    invalid,
    refuse_taken,
    require,
    require_ready,
    set_tags,
    things,
)

KIND = "snapshot"
OF_CLUSTER = (
    "CacheNodeType", "Engine", "EngineVersion", "CacheSubnetGroupName", "PreferredMaintenanceWindow",
    "AutoMinorVersionUpgrade", "SnapshotRetentionLimit", "SnapshotWindow",
)  # fmt: skip


@answer("elasticache", "CreateSnapshot")
def create_snapshot(call):
    """A snapshot of all shards of a group, or of one cluster."""
    parameters = call.parameters
    group, cluster = parameters.get("ReplicationGroupId"), parameters.get("CacheClusterId")
    if bool(group) == bool(cluster):
        raise clash("Exactly one of CacheClusterId and ReplicationGroupId must be specified.")
    source = require(call, "replicationgroup", group) if group else require(call, "cluster", cluster)
    require_ready(source)
    return {"Snapshot": _view(take_snapshot(call, parameters["SnapshotName"], source))}


def take_snapshot(call, name, source, kind="manual"):
    """A snapshot of a cluster or a replication group, which is being created."""
    check_name(name, 255, "SnapshotName")
    refuse_taken(call, KIND, name)
    primaries = [source.id]
    if source.kind == "replicationgroup":
        primaries = [shard["primary"] for shard in source.own["shards"]]
    clusters = [things(call, "cluster")[number] for number in primaries]
    if clusters[0].view["Engine"] == "memcached":
        raise AwsError("SnapshotFeatureNotSupportedFault", "Memcached has no snapshots.")
    snapshot = Thing(call, KIND, name.lower(), _snapshot_of(call, source, clusters, kind))
    snapshot.begin("creating", "cache-snapshot-create", "available")
    things(call, KIND)[snapshot.id] = snapshot
    # The tags of a call that deletes the source are none.
    set_tags(call, snapshot.arn, call.parameters.get("Tags") or [])
    return snapshot


def _snapshot_of(call, source, clusters, kind):
    first = clusters[0]
    view = {name: first.view[name] for name in OF_CLUSTER} | {"SnapshotSource": kind, "Port": first.own["port"]}
    view |= {"CacheParameterGroupName": first.own["group"]}
    view["VpcId"] = require(call, "subnetgroup", first.view["CacheSubnetGroupName"]).view["VpcId"]
    view["NodeSnapshots"] = [_node_view(cluster) for cluster in clusters]
    if call.parameters.get("KmsKeyId"):
        view["KmsKeyId"] = key_arn(call, call.parameters["KmsKeyId"])
    if source.kind == "cluster":
        created = first.view["CacheClusterCreateTime"]
        return view | {"CacheClusterId": first.id, "NumCacheNodes": 1, "CacheClusterCreateTime": created}
    for node, shard in zip(view["NodeSnapshots"], source.own["shards"], strict=True):
        node["NodeGroupId"] = shard["id"]
    return view | {
        "ReplicationGroupId": source.id,
        "ReplicationGroupDescription": source.view["Description"],
        "NumNodeGroups": len(clusters),
        "AutomaticFailover": source.view["AutomaticFailover"],
    }


def _node_view(cluster):
    node, now = cluster.own["nodes"][0], datetime.now(timezone.utc)
    view = {"CacheClusterId": cluster.id, "CacheNodeId": node["CacheNodeId"], "CacheSize": "1 MB"}
    return view | {"CacheNodeCreateTime": node["CacheNodeCreateTime"], "SnapshotCreateTime": now}


def _view(snapshot):
    finished = snapshot.status != "creating"
    return snapshot.view if finished else {**snapshot.view, "NodeSnapshots": []}


@answer("elasticache", "DescribeSnapshots")
def describe_snapshots(call):
    """All, or those of a source, or of a kind of snapshot."""
    parameters, wanted = call.parameters, {"system": "automated", "user": "manual"}
    kind = wanted.get(parameters.get("SnapshotSource"))

    def is_wanted(snapshot):
        view = snapshot.view
        sources = ("ReplicationGroupId", "CacheClusterId")
        return kind in (None, view["SnapshotSource"]) and all(
            parameters.get(name) in (None, view.get(name)) for name in sources
        )

    return described(call, KIND, lambda _call, snapshot: _view(snapshot), is_wanted)


@answer("elasticache", "CopySnapshot")
def copy_snapshot(call):
    """moto does not have it."""
    parameters = call.parameters
    source, name = require(call, KIND, parameters["SourceSnapshotName"]), parameters["TargetSnapshotName"]
    check_name(name, 255, "TargetSnapshotName")
    require_ready(source)
    refuse_taken(call, KIND, name)
    if parameters.get("TargetBucket"):
        raise invalid("Exports of snapshots to S3 need a bucket that grants ElastiCache access.")
    copy = Thing(call, KIND, name.lower(), {**source.view, "SnapshotSource": "manual"})
    if parameters.get("KmsKeyId"):
        copy.view["KmsKeyId"] = key_arn(call, parameters["KmsKeyId"])
    copy.begin("creating", "cache-snapshot-create", "available")
    return {"Snapshot": _view(add(call, copy))}


@answer("elasticache", "DeleteSnapshot")
def delete_snapshot(call):
    """It is deleting for a while."""
    snapshot = require(call, KIND, call.parameters["SnapshotName"])
    require_ready(snapshot)
    snapshot.begin("deleting", "cache-snapshot-delete", "gone")
    return {"Snapshot": snapshot.view}
