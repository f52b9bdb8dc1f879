# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic addresses: their names."""

from ...errors import AwsError
from .. import answer, backend


@answer("ec2", "ModifyAddressAttribute")
def name_address(call):
    """moto has no names of addresses."""
    address = _address(call, call.parameters["AllocationId"])
    name = call.parameters.get("DomainName")
    if not name:
        raise AwsError("MissingParameter", "The request must contain the parameter DomainName", 400)
    address.sandbox_name = f"{name.rstrip('.')}."
    return {"Address": _view(address)}


@answer("ec2", "ResetAddressAttribute")
def forget_name(call):
    """The name goes, the address stays."""
    address = _address(call, call.parameters["AllocationId"])
    address.sandbox_name = None
    return {"Address": _view(address)}


@answer("ec2", "DescribeAddressesAttribute")
def describe_names(call):
    """All of them, or those that are asked for."""
    wanted = call.parameters.get("AllocationIds") or [address.allocation_id for address in backend(call).addresses]
    return {"Addresses": [_view(_address(call, number)) for number in wanted]}


def _address(call, number):
    return backend(call).address_by_allocation([number])[0]


def _view(address):
    name = getattr(address, "sandbox_name", None)
    return {"AllocationId": address.allocation_id, "PublicIp": address.public_ip} | (
        {"PtrRecord": name} if name else {}
    )
