# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnet groups: zones, one VPC, and the instances that use them."""

from ...errors import AwsError
from .. import answer, backend, check

RESERVED = "default"


def require_subnet_group(state, name):
    """A subnet group by name."""
    if name not in state.subnet_groups:
        raise AwsError("DBSubnetGroupNotFoundFault", f"DB subnet group '{name}' does not exist.")
    return state.subnet_groups[name]


def default_subnet_group(call):
    """The group of the default VPC, which AWS makes for the first instance that names none."""
    state, network = backend(call), backend(call, "ec2")
    if RESERVED not in state.subnet_groups:
        vpc = network.default_vpc
        if vpc is None:
            message = "No default subnet detected in VPC. Please contact AWS Support to recreate the default Subnets."
            raise AwsError("InvalidSubnet", message)
        from moto.rds.models import DBSubnetGroup  # takes long, and not everybody uses RDS

        subnets = [item for zone in network.subnets.values() for item in zone.values() if item.vpc_id == vpc.id]
        state.subnet_groups[RESERVED] = DBSubnetGroup(state, RESERVED, "default", subnets, [])
    return state.subnet_groups[RESERVED]


def users_of(state, name):
    """The instances and clusters in a subnet group."""
    everything = (*state.databases.values(), *state.clusters.values())
    databases = [database for database in everything if hasattr(database, "sandbox_settings")]
    return [item for item in databases if item.sandbox_settings["DBSubnetGroupName"].lower() == name.lower()]


def view_of(group):
    """A subnet group as AWS describes it."""
    return {
        "DBSubnetGroupName": group.name,
        "DBSubnetGroupDescription": group.description,
        "VpcId": group.vpc_id,
        "SubnetGroupStatus": "Complete",
        "Subnets": [
            {
                "SubnetIdentifier": subnet.id,
                "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
                "SubnetOutpost": {},
                "SubnetStatus": "Active",
            }
            for subnet in group._subnets
        ],
        "DBSubnetGroupArn": group.arn,
        "SupportedNetworkTypes": ["IPV4"],
    }


@check("rds", "CreateDBSubnetGroup")
def check_group(call):
    """moto overwrites a group of the same name, and takes any subnets that exist."""
    name = call.parameters["DBSubnetGroupName"]
    if name.lower() == RESERVED:
        raise AwsError("InvalidParameterValue", f"The parameter DBSubnetGroupName must not be {RESERVED}.")
    if name in backend(call).subnet_groups:
        raise AwsError("DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists.")
    _subnets(call)


def _subnets(call):
    network, numbers = backend(call, "ec2"), call.parameters["SubnetIds"]
    known = {subnet.id: subnet for zone in network.subnets.values() for subnet in zone.values()}
    missing = [number for number in numbers if number not in known]
    if missing:
        raise AwsError("InvalidSubnet", f"Some input subnets in :{missing} are invalid.")
    subnets = [known[number] for number in dict.fromkeys(numbers)]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        message = "Please ensure that the subnets of a DB Subnet Group are in the same VPC."
        raise AwsError("InvalidParameterValue", message)
    if len({subnet.availability_zone for subnet in subnets}) < 2:
        zones = sorted({subnet.availability_zone for subnet in subnets})
        message = (
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            f"Current AZ coverage: {', '.join(zones)}. Add subnets to cover at least 2 AZs."
        )
        raise AwsError("DBSubnetGroupDoesNotCoverEnoughAZs", message)
    return subnets


@answer("rds", "ModifyDBSubnetGroup")
def modify_group(call):
    """moto loses the group."""
    state = backend(call)
    group = require_subnet_group(state, call.parameters["DBSubnetGroupName"])
    subnets = _subnets(call)
    if subnets[0].vpc_id != group.vpc_id:
        message = "The new Subnets are not in the same Vpc as the existing subnet group"
        raise AwsError("InvalidParameterValue", message)
    kept = {subnet.id for subnet in subnets}
    used = {number for database in users_of(state, group.name) for number in database.sandbox_subnets}
    if used - kept:
        message = f"Some of the subnets to be deleted are currently in use: {', '.join(sorted(used - kept))}"
        raise AwsError("InvalidParameterValue", message)
    group.subnets = subnets
    group.description = call.parameters.get("DBSubnetGroupDescription") or group.description
    return {"DBSubnetGroup": view_of(group)}


@check("rds", "DeleteDBSubnetGroup")
def refuse_used(call):
    """A group stays while an instance is in it."""
    state = backend(call)
    group = require_subnet_group(state, call.parameters["DBSubnetGroupName"])
    users = users_of(state, group.name)
    if users or group.name == RESERVED:
        names = [database.resource_id for database in users]
        message = f"Cannot delete the subnet group '{group.name}' because at least one database instance: "
        raise AwsError("InvalidDBSubnetGroupStateFault", f"{message}{', '.join(names)} is still using it.")
