# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The further addresses of NAT gateways."""

import uuid

from ...errors import AwsError
from .. import answer, backend
from ..service_quotas.quotas import quota
from .interfaces import check_address
from .shared import subnet_address


def _gateway(call):
    number = call.parameters["NatGatewayId"]
    gateway = backend(call).nat_gateways.get(number)
    if gateway is None:
        raise AwsError("NatGatewayNotFound", f"NAT gateway {number} was not found", 400)
    return gateway


def _answer(gateway, addresses):
    views = [{name[0].upper() + name[1:]: value for name, value in item.items()} for item in addresses]
    return {"NatGatewayId": gateway.id, "NatGatewayAddresses": views}


def _add(state, gateway, private):
    """A new private address of a gateway, of its subnet and its interface."""
    private = private or subnet_address(state, gateway.subnet_id)
    check_address(state, state.get_subnet(gateway.subnet_id), private)
    gateway._eni.private_ip_addresses.append({"Primary": False, "PrivateIpAddress": private})
    entry = {
        "privateIp": private, "isPrimary": False, "status": "succeeded", "networkInterfaceId": gateway._eni.id
    }  # fmt: skip
    gateway.address_set.append(entry)
    return entry


def _remove(gateway, entries):
    gone = {entry["privateIp"] for entry in entries}
    gateway.address_set = [entry for entry in gateway.address_set if entry not in entries]
    gateway._eni.private_ip_addresses = [
        item for item in gateway._eni.private_ip_addresses if item["PrivateIpAddress"] not in gone
    ]


@answer("ec2", "AssociateNatGatewayAddress")
def associate(call):
    """A second public address, each with a private one."""
    state, gateway = backend(call), _gateway(call)
    wanted = call.parameters["AllocationIds"]
    addresses = [state.address_by_allocation([number])[0] for number in wanted]
    public = [entry for entry in gateway.address_set if entry.get("allocationId")]
    if len(public) + len(wanted) > quota(call, "vpc", "L-5F53652F"):
        message = f"Maximum number of elastic IP addresses for NAT gateway {gateway.id} has been reached."
        raise AwsError("ResourceLimitExceeded", message, 400)
    if any(address.association_id for address in addresses):
        raise AwsError("Resource.AlreadyAssociated", f"Resource {wanted[0]} is already associated.", 400)
    private, added = iter(call.parameters.get("PrivateIpAddresses") or []), []
    for address in addresses:
        entry = _add(state, gateway, next(private, None))
        address.eni, address.association_id = gateway._eni, f"eipassoc-{uuid.uuid4().hex[:17]}"
        entry.update(
            allocationId=address.allocation_id, publicIp=address.public_ip, associationId=address.association_id
        )
        added.append(entry)
    return _answer(gateway, added)


@answer("ec2", "DisassociateNatGatewayAddress")
def disassociate(call):
    """All but the first."""
    state, gateway, wanted = backend(call), _gateway(call), call.parameters["AssociationIds"]
    entries = [entry for entry in gateway.address_set if entry.get("associationId") in wanted]
    if len(entries) < len(set(wanted)):
        raise AwsError("InvalidAssociationID.NotFound", f"The association ID '{wanted[0]}' does not exist", 400)
    if any(entry["isPrimary"] for entry in entries):
        raise AwsError("InvalidParameter", "You cannot disassociate the primary address of a NAT gateway", 400)
    for address in state.addresses:
        if address.association_id in wanted:
            address.eni, address.association_id = None, None
    _remove(gateway, entries)
    return _answer(gateway, [entry | {"status": "disassociating"} for entry in entries])


@answer("ec2", "AssignPrivateNatGatewayAddress")
def assign(call):
    """More private addresses, by name or by number."""
    state, gateway = backend(call), _gateway(call)
    wanted = call.parameters.get("PrivateIpAddresses") or [None] * (call.parameters.get("PrivateIpAddressCount") or 1)
    return _answer(gateway, [_add(state, gateway, private) for private in wanted])


@answer("ec2", "UnassignPrivateNatGatewayAddress")
def unassign(call):
    """All but the first."""
    gateway, wanted = _gateway(call), call.parameters["PrivateIpAddresses"]
    entries = [entry for entry in gateway.address_set if entry.get("privateIp") in wanted and not entry["isPrimary"]]
    if len(entries) < len(wanted):
        raise AwsError("InvalidParameterValue", f"The addresses {wanted} are no secondary ones of the NAT gateway", 400)
    _remove(gateway, entries)
    return _answer(gateway, [entry | {"status": "unassigning"} for entry in entries])
