# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of everything there may be: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html."""

from .. import backend, check
from ..service_quotas.quotas import refuse_above
from .acls import LAST
from .shared import all_groups


def _of_vpc(things, parameters):
    return sum(thing.vpc_id == parameters["VpcId"] for thing in things)


def _zone_gateways(state, parameters):
    zone = state.get_subnet(parameters["SubnetId"]).availability_zone
    gateways = [item for item in state.nat_gateways.values() if item.state != "deleted"]
    return sum(state.get_subnet(item.subnet_id).availability_zone == zone for item in gateways)


def _entries(state, parameters):
    entries = state.get_network_acl(parameters["NetworkAclId"]).network_acl_entries
    egress = str(parameters["Egress"]).lower()
    return sum(str(entry.egress).lower() == egress and int(entry.rule_number) != LAST for entry in entries)


def _subnets(state, parameters):
    return len(state.describe_subnets(filters={"vpc-id": [parameters["VpcId"]]}))


def _routes(state, parameters):
    """Routes of IPv4 and routes of IPv6 count separately."""
    routes = state.get_route_table(parameters["RouteTableId"]).routes
    modern = bool(parameters.get("DestinationIpv6CidrBlock"))
    return sum(bool(route.destination_ipv6_cidr_block) == modern for route in routes)


# Operation: (service, code of the quota, how many there are already, AWS's error)
LIMITS = {
    "AllocateAddress": ("ec2", "L-0263D0A3", lambda state, _wanted: len(state.addresses), "AddressLimitExceeded"),
    "CreateInternetGateway": (
        "vpc", "L-A4707A72", lambda state, _wanted: len(state.internet_gateways), "InternetGatewayLimitExceeded"
    ),
    "CreateNatGateway": ("vpc", "L-FE5A380F", _zone_gateways, "NatGatewayLimitExceeded"),
    "CreateNetworkAcl": (
        "vpc", "L-B4A6D682", lambda state, wanted: _of_vpc(state.network_acls.values(), wanted),
        "NetworkAclLimitExceeded",
    ),
    "CreateNetworkAclEntry": ("vpc", "L-2AEEBF1A", _entries, "NetworkAclEntryLimitExceeded"),
    "CreateRoute": ("vpc", "L-93826ACB", _routes, "RouteLimitExceeded"),
    "CreateRouteTable": (
        "vpc", "L-589F43AA", lambda state, wanted: _of_vpc(state.route_tables.values(), wanted),
        "RouteTableLimitExceeded",
    ),
    "CreateSecurityGroup": (
        "vpc", "L-E79EC296", lambda state, _wanted: len(all_groups(state)), "SecurityGroupLimitExceeded"
    ),
    "CreateSubnet": ("vpc", "L-407747CB", _subnets, "SubnetLimitExceeded"),
    "CreateVpc": ("vpc", "L-F678F1CE", lambda state, _wanted: len(state.vpcs), "VpcLimitExceeded"),
}  # fmt: skip
GROUPS = ("CreateNetworkInterface", "ModifyNetworkInterfaceAttribute", "RunInstances", "CreateVpcEndpoint")


@check("ec2", *LIMITS)
def refuse_one_more(call):
    """Nothing above the quota."""
    service, code, count, error = LIMITS[call.operation]
    refuse_above(call, service, code, count(backend(call), call.parameters) + 1, error)


@check("ec2", *GROUPS)
def refuse_more_groups(call):
    """An interface has five security groups at most."""
    groups = call.parameters.get("Groups") or call.parameters.get("SecurityGroupIds") or []
    refuse_above(call, "vpc", "L-2AFB9258", len(set(groups)), "SecurityGroupsPerInterfaceLimitExceeded")
