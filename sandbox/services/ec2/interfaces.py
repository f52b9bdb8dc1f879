# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network interfaces: their addresses."""

import ipaddress

from ...errors import AwsError
from .. import backend, check
from .shared import interfaces_of

RESERVED = 4  # at the beginning of a subnet; its last address is reserved, too


def check_address(state, subnet, address):
    """Refuse an address that a subnet does not have to give."""
    network, wanted = subnet.cidr, ipaddress.ip_address(address)
    if wanted not in network:
        raise AwsError(
            "InvalidParameterValue", f"Address does not fall within the subnet's address range: {address}", 400
        )
    if int(wanted) - int(network[0]) < RESERVED or wanted == network[-1]:
        message = f"Address {address} is in subnet's reserved address range"
        raise AwsError("InvalidParameterValue", message, 400)
    taken = [item["PrivateIpAddress"] for eni in interfaces_of(state, subnet.id) for item in eni.private_ip_addresses]
    if address in taken:
        raise AwsError("InvalidIPAddress.InUse", f"Address {address} is in use.", 400)


@check("ec2", "CreateNetworkInterface")
def check_interface(call):
    """An address of the subnet, that is free."""
    state, parameters = backend(call), call.parameters
    subnet, address = state.get_subnet(parameters["SubnetId"]), parameters.get("PrivateIpAddress")
    if address:
        check_address(state, subnet, address)
    for number in parameters.get("Groups") or []:
        group = state.get_security_group_from_id(number)
        if group is not None and group.vpc_id != subnet.vpc_id:
            message = f"Security group {number} and subnet {subnet.id} belong to different networks."
            raise AwsError("InvalidParameter", message, 400)
