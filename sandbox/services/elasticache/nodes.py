# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes of clusters: their zones, addresses and interfaces, and how AWS describes them."""

import hashlib
from datetime import datetime, timezone

from .. import backend
from ..ec2.shared import forget_interface, manage_interface, subnet_address
from .settings import PORTS
from .shared import Thing, at_end, invalid, remove, require, things

DIRECTIONS = {"northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw"}


def domain(call):
    """The end of the names of all caches in a region of an account."""
    area, direction, number = call.region.split("-")[-3:]
    short = f"{area}{DIRECTIONS.get(direction, direction[0])}{number}"
    return hashlib.md5(f"{call.account}{call.region}".encode()).hexdigest()[:6], f"{short}.cache.amazonaws.com"


def zones_of(call, subnet_group):
    """The zones of a subnet group: {zone: id of a subnet}."""
    subnets = require(call, "subnetgroup", subnet_group).view["Subnets"]
    return {item["SubnetAvailabilityZone"]["Name"]: item["SubnetIdentifier"] for item in reversed(subnets)}


def pick_zones(call, settings, wanted, count, first=0):
    """As many zones as there are nodes: the wanted ones, or each in its turn."""
    known = zones_of(call, settings["CacheSubnetGroupName"])
    for zone in wanted or []:
        if zone not in known:
            group = settings["CacheSubnetGroupName"]
            raise invalid(f"The availability zone {zone} has no subnet in the cache subnet group {group}.")
    if wanted and len(wanted) != count:
        raise invalid(f"The number of availability zones must be that of the nodes: {count}.")
    ordered = sorted(known)
    return wanted or [ordered[(first + number) % len(ordered)] for number in range(count)]


def make_cluster(call, identifier, settings, zones, port=None, group=None):
    """A cluster with a node in each of the zones, which is being created."""
    view = {**settings, "PendingModifiedValues": {}, "CacheClusterCreateTime": datetime.now(timezone.utc)}
    view |= {"NumCacheNodes": 0, "PreferredAvailabilityZone": zones[0] if len(set(zones)) == 1 else "Multiple"}
    view["CacheParameterGroup"] = dict(settings["CacheParameterGroup"])
    if group:
        view |= {"ReplicationGroupId": group, "ReplicationGroupLogDeliveryEnabled": False}
    own = {"group": settings["CacheParameterGroup"]["CacheParameterGroupName"], "subnets": [], "nodes": []}
    cluster = Thing(call, "cluster", identifier, view, port=port or PORTS[settings["Engine"]], **own)
    add_nodes(call, cluster, zones)
    cluster.begin("creating", "cache-cluster-create", "available")
    things(call, "cluster")[identifier] = cluster
    return cluster


def add_nodes(call, cluster, zones):
    """More nodes, each with an interface in a subnet of its zone, which has the security groups."""
    network, subnets = backend(call, "ec2"), zones_of(call, cluster.view["CacheSubnetGroupName"])
    for zone in zones:
        number = subnets[zone]
        interface = network.create_network_interface(number, subnet_address(network, number))
        last = max([int(node["CacheNodeId"]) for node in cluster.own["nodes"]], default=0)
        node = {"CacheNodeId": f"{last + 1:04}", "CustomerAvailabilityZone": zone, "interface": interface.id}
        cluster.own["nodes"].append(node | {"CacheNodeCreateTime": datetime.now(timezone.utc)})
        cluster.own["subnets"].append(number)
    cluster.view["NumCacheNodes"] = len(cluster.own["nodes"])
    dress_interfaces(call, cluster)


def dress_interfaces(call, cluster):
    """Let the interfaces have the security groups of the cluster."""
    network = backend(call, "ec2")
    numbers = [item["SecurityGroupId"] for item in cluster.view["SecurityGroups"]]
    groups = [network.get_security_group_from_id(number) for number in numbers]
    for node in cluster.own["nodes"]:
        manage_interface(network.enis[node["interface"]], "interface", f"ElastiCache {cluster.id}", groups)


def drop_nodes(call, cluster, wanted):
    """Take nodes away."""
    kept = [node for node in cluster.own["nodes"] if node["CacheNodeId"] not in wanted]
    for node in cluster.own["nodes"]:
        if node not in kept:
            forget_interface(backend(call, "ec2"), node["interface"])
    subnets = zones_of(call, cluster.view["CacheSubnetGroupName"])
    cluster.own["nodes"] = kept
    cluster.own["subnets"] = [subnets[node["CustomerAvailabilityZone"]] for node in kept]
    cluster.view["NumCacheNodes"] = len(kept)


@at_end("cluster gone")
def forget_cluster(call, cluster):
    """A deleted cluster frees its addresses, and leaves its replication group."""
    drop_nodes(call, cluster, [node["CacheNodeId"] for node in cluster.own["nodes"]])
    group = things(call, "replicationgroup").get(cluster.view.get("ReplicationGroupId"))
    for shard in group.own["shards"] if group else ():
        if cluster.id in shard["members"]:
            shard["members"].remove(cluster.id)
    remove(call, cluster)


def view_of(call, cluster, nodes=True):
    """A cluster as AWS describes it; the nodes only if they are asked for."""
    view = dict(cluster.view)
    if nodes:
        view["CacheNodes"] = [_node_view(call, cluster, node) for node in cluster.own["nodes"]]
    if view["Engine"] == "memcached" and cluster.status != "creating":
        random, rest = domain(call)
        address = f"{cluster.id}.{random}.cfg.{rest}"
        view["ConfigurationEndpoint"] = {"Address": address, "Port": cluster.own["port"]}
    return view


def _node_view(call, cluster, node):
    view = {name: value for name, value in node.items() if name != "interface"}
    view |= {"CacheNodeStatus": cluster.status, "ParameterGroupStatus": "in-sync"}
    if cluster.status != "creating":
        view["Endpoint"] = endpoint_of(call, cluster, node["CacheNodeId"])
    return view


def endpoint_of(call, cluster, node="0001"):
    """Where a node answers."""
    random, rest = domain(call)
    group = cluster.view.get("ReplicationGroupId")
    encrypted = group and cluster.view["TransitEncryptionEnabled"]
    name = f"{cluster.id}.{group}.{random}" if encrypted else f"{cluster.id}.{random}.{node}"
    return {"Address": f"{name}.{rest}", "Port": cluster.own["port"]}
