# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnet groups: existing subnets of one VPC, and the clusters that use them."""

import re

from ...errors import AwsError
from .. import answer, backend
from .shared import Thing, add, described, invalid, note, plain, refuse_taken, remove, require, things

KIND = "subnetgroup"
RESERVED = "default"


@answer("elasticache", "CreateCacheSubnetGroup")
def create_group(call):
    """moto invents subnets that do not exist."""
    parameters = call.parameters
    name = parameters["CacheSubnetGroupName"]
    if not re.fullmatch(r"[A-Za-z0-9-]{1,255}", name) or name.lower() == RESERVED:
        raise invalid(f"The parameter CacheSubnetGroupName is not a valid identifier: {name}")
    refuse_taken(call, KIND, name)
    subnets = _subnets(call, parameters["SubnetIds"])
    view = {"CacheSubnetGroupDescription": parameters["CacheSubnetGroupDescription"]} | _network_view(subnets)
    return {"CacheSubnetGroup": add(call, Thing(call, KIND, name.lower(), view)).view}


def _subnets(call, numbers):
    if not numbers:
        raise invalid("The parameter SubnetIds must be provided and must not be blank.")
    network = backend(call, "ec2")
    known = {subnet.id: subnet for zone in network.subnets.values() for subnet in zone.values()}
    missing = [number for number in numbers if number not in known]
    if missing:
        raise invalid(f"Some input subnets in :{missing} are invalid.")
    subnets = [known[number] for number in dict.fromkeys(numbers)]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise AwsError("InvalidSubnet", "The subnets of a cache subnet group must be in the same VPC.")
    return subnets


def _network_view(subnets):
    return {
        "VpcId": subnets[0].vpc_id,
        "Subnets": [
            {
                "SubnetIdentifier": subnet.id,
                "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
                "SupportedNetworkTypes": ["ipv4"],
            }
            for subnet in subnets
        ],
        "SupportedNetworkTypes": ["ipv4"],
    }


def require_group(call, name):
    """A group by its name; that of the default VPC if none is named."""
    if name and name.lower() != RESERVED:
        return require(call, KIND, name)
    if RESERVED not in things(call, KIND):
        network = backend(call, "ec2")
        vpc = network.default_vpc
        if vpc is None:
            raise invalid("There is no default VPC: name a cache subnet group.")
        subnets = [item for zone in network.subnets.values() for item in zone.values() if item.vpc_id == vpc.id]
        view = {"CacheSubnetGroupDescription": "Default CacheSubnetGroup"} | _network_view(subnets)
        things(call, KIND)[RESERVED] = Thing(call, KIND, RESERVED, view)
    return things(call, KIND)[RESERVED]


@answer("elasticache", "DescribeCacheSubnetGroups")
def describe_groups(call):
    """As they were written."""
    return described(call, KIND, plain)


@answer("elasticache", "ModifyCacheSubnetGroup")
def modify_group(call):
    """moto does not have it."""
    group = require(call, KIND, call.parameters["CacheSubnetGroupName"])
    numbers, text = call.parameters.get("SubnetIds"), call.parameters.get("CacheSubnetGroupDescription")
    if numbers:
        found = _network_view(_subnets(call, numbers))
        if found["VpcId"] != group.view["VpcId"]:
            raise AwsError("InvalidSubnet", "The new subnets are not in the VPC of the cache subnet group.")
        used = {number for cluster in users_of(call, group) for number in cluster.own["subnets"]}
        if used - set(numbers):
            raise AwsError("SubnetInUse", f"The requested subnet is in use by a cluster: {sorted(used - set(numbers))}")
        group.view |= found
    if text:
        group.view["CacheSubnetGroupDescription"] = text
    note(call, group, "modified")
    return {"CacheSubnetGroup": group.view}


def users_of(call, group):
    """The clusters in a subnet group."""
    return [item for item in things(call, "cluster").values() if item.view["CacheSubnetGroupName"] == group.id]


@answer("elasticache", "DeleteCacheSubnetGroup")
def delete_group(call):
    """A group stays while a cluster is in it."""
    group = require(call, KIND, call.parameters["CacheSubnetGroupName"])
    if users_of(call, group) or group.id == RESERVED:
        message = f"Cache subnet group {group.id} is currently in use by a cache cluster."
        raise AwsError("CacheSubnetGroupInUse", message)
    remove(call, group)
    return {}
