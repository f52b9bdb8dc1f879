# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NAT gateways, which take time, and the elastic addresses that they use."""

import fnmatch

from ... import delays
from ...errors import AwsError
from .. import after, answer, backend, before, check, correct
from .shared import filters, forget_interface, manage_interface, subnet_address


@before("ec2")
def settle(call):
    """Let the gateways whose time has come be available, or gone."""
    for gateway in backend(call).nat_gateways.values():
        if gateway.state == "pending" and delays.is_past(gateway.sandbox_ready_at):
            gateway.state = "available"
        elif gateway.state == "deleting" and delays.is_past(gateway.sandbox_ready_at):
            _finish_deletion(gateway)


def _finish_deletion(gateway):
    state = gateway.ec2_backend
    gateway.state = "deleted"
    for address in state.addresses:
        if address.eni is not None and address.eni.id == gateway._eni.id:
            address.eni, address.association_id = None, None
    forget_interface(state, gateway._eni.id)


@check("ec2", "CreateNatGateway")
def require_address(call):
    """A public gateway needs an address that nothing else uses."""
    parameters = call.parameters
    if parameters.get("ConnectivityType", "public") == "public" and not parameters.get("AllocationId"):
        raise AwsError("MissingParameter", "The request must contain the parameter AllocationId", 400)
    if parameters.get("AllocationId"):
        # moto makes the interface first, and leaves it behind when the address turns out to be taken.
        address = backend(call).address_by_allocation([parameters["AllocationId"]])[0]
        if address.association_id:
            message = f"Resource {address.allocation_id} is already associated."
            raise AwsError("Resource.AlreadyAssociated", message, 400)


@correct("ec2", "CreateNatGateway")
def start_gateway(call, parsed):
    """A new gateway is pending, and its interface is one in the subnet that EC2 manages."""
    state = backend(call)
    gateway = state.nat_gateways[parsed["NatGateway"]["NatGatewayId"]]
    gateway.state, gateway.sandbox_ready_at = "pending", delays.ready_at("nat-gateway-create")
    gateway.connectivity_type = gateway.connectivity_type or "public"
    address = subnet_address(state, gateway.subnet_id)
    interface = gateway._eni
    interface.private_ip_address = address
    interface.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
    manage_interface(interface, "nat_gateway", f"Interface for NAT Gateway {gateway.id}", [])
    gateway.address_set[0].update(privateIp=address, isPrimary=True, status="succeeded")
    parsed["NatGateway"] = _view(gateway)
    parsed["ClientToken"] = call.parameters.get("ClientToken")


@check("ec2", "DeleteNatGateway")
def require_gateway(call):
    """moto crashes where there is no such gateway."""
    _require(call, [call.parameters["NatGatewayId"]])
    call.sandbox_state = backend(call).nat_gateways[call.parameters["NatGatewayId"]].state


@after("ec2", "DeleteNatGateway")
def start_deletion(call):
    """A gateway is deleting for a while; a deleted one stays deleted."""
    gateway = backend(call).nat_gateways[call.parameters["NatGatewayId"]]
    if call.sandbox_state in ("deleting", "deleted"):
        gateway.state = call.sandbox_state
        return
    gateway.state, gateway.sandbox_ready_at = "deleting", delays.ready_at("nat-gateway-delete")


@answer("ec2", "DescribeNatGateways")
def describe_gateways(call):
    """moto ignores tag filters, unknown ids and the type of a gateway."""
    wanted = call.parameters.get("NatGatewayIds") or []
    _require(call, wanted)
    gateways = [_view(gateway) for gateway in backend(call).nat_gateways.values()]
    return {
        "NatGateways": [
            gateway
            for gateway in gateways
            if (not wanted or gateway["NatGatewayId"] in wanted) and _matches(gateway, filters(call))
        ]
    }


@check("ec2", "ReleaseAddress")
def refuse_address_in_use(call):
    """An address stays while it is associated."""
    for address in backend(call).addresses:
        if address.allocation_id == call.parameters.get("AllocationId") and address.association_id:
            message = f"Address {address.public_ip} is in use."
            raise AwsError("InvalidIPAddress.InUse", message, 400)


def _require(call, ids):
    for number in ids:
        if number not in backend(call).nat_gateways:
            raise AwsError("NatGatewayNotFound", f"NAT gateway {number} was not found", 400)


def _view(gateway):
    addresses = [
        {name[0].upper() + name[1:]: value for name, value in address.items() if value is not None}
        for address in gateway.address_set
    ]
    return {
        "NatGatewayId": gateway.id,
        "State": gateway.state,
        "SubnetId": gateway.subnet_id,
        "VpcId": gateway.vpc_id,
        "CreateTime": gateway._created_at,
        "ConnectivityType": gateway.connectivity_type or "public",
        "NatGatewayAddresses": addresses,
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in gateway.get_tags()],
    }


FILTERED = {"nat-gateway-id": "NatGatewayId", "state": "State", "subnet-id": "SubnetId", "vpc-id": "VpcId"}


def _matches(gateway, wanted):
    tags = {tag["Key"]: tag["Value"] for tag in gateway["Tags"]}
    for name, patterns in wanted.items():
        if name.startswith("tag:"):
            found = [tags[name[4:]]] if name[4:] in tags else []
        elif name == "tag-key":
            found = list(tags)
        else:
            found = [gateway[FILTERED[name]]] if name in FILTERED else []
        if not any(fnmatch.fnmatchcase(value, pattern) for value in found for pattern in patterns):
            return False
    return True
