# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes and the tables that hold them: where they may lead."""

from ...errors import AwsError
from .. import backend, check

TARGETS = (
    "GatewayId", "NatGatewayId", "NetworkInterfaceId", "InstanceId", "TransitGatewayId", "VpcPeeringConnectionId",
    "EgressOnlyInternetGatewayId", "VpcEndpointId", "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn",
    "OdbNetworkArn", "LocalTarget",
)  # fmt: skip


@check("ec2", "CreateRoute", "ReplaceRoute")
def check_target(call):
    """One target, that exists and is the VPC's."""
    parameters, state = call.parameters, backend(call)
    if not any(parameters.get(name) for name in TARGETS):
        message = "The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, ..."
        raise AwsError("MissingParameter", message, 400)
    table = state.get_route_table(parameters["RouteTableId"])
    gateway, nat = parameters.get("GatewayId") or "", parameters.get("NatGatewayId")
    if gateway.startswith("igw-"):
        _check_gateway(state, table, gateway)
    if nat:
        found = state.nat_gateways.get(nat)
        if found is None or found.state == "deleted":
            raise AwsError("InvalidNatGatewayID.NotFound", f"The natGateway ID '{nat}' does not exist", 400)
        _require_same(table, found.vpc_id, "NAT gateway", nat)


def _check_gateway(state, table, number):
    gateway = state.internet_gateways.get(number)
    if gateway is None:
        raise AwsError("InvalidGatewayID.NotFound", f"The gateway ID '{number}' does not exist", 400)
    _require_same(table, gateway.vpc.id if gateway.vpc else None, "network gateway", number)


def _require_same(table, vpc_id, kind, number):
    if table.vpc_id != vpc_id:
        message = f"route table {table.id} and {kind} {number} belong to different networks"
        raise AwsError("InvalidParameterValue", message, 400)


@check("ec2", "AssociateRouteTable")
def check_subnet(call):
    """A subnet of the table's VPC."""
    state, subnet_id = backend(call), call.parameters.get("SubnetId")
    if subnet_id:
        table = state.get_route_table(call.parameters["RouteTableId"])
        _require_same(table, state.get_subnet(subnet_id).vpc_id, "subnet", subnet_id)
