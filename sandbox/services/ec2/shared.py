# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules about EC2 share."""

from ...errors import AwsError


def dependency(message):
    """What EC2 says when something is still needed by something else."""
    return AwsError("DependencyViolation", message, 400)


def filters(call):
    """The filters of a call as {name: [values]}; NAT gateways and flow logs spell it in the singular."""
    given = call.parameters.get("Filters") or call.parameters.get("Filter") or []
    return {item["Name"]: item.get("Values", []) for item in given}


def all_groups(state):
    """Every security group of a region."""
    return [group for groups in state.groups.values() for group in groups.values()]


def interfaces_of(state, subnet_id):
    """The network interfaces in a subnet."""
    return [interface for interface in state.enis.values() if interface.subnet.id == subnet_id]


def forget_interface(state, interface_id):
    """Delete a network interface that something managed, and free its address."""
    interface = state.enis.pop(interface_id, None)
    if interface is None:
        return
    for address in interface.private_ip_addresses:
        interface.subnet.del_subnet_ip(address["PrivateIpAddress"])


def manage_interface(interface, kind, description, groups):
    """Make an interface look like one that a service manages, as AWS shows it."""
    interface.interface_type, interface.description = kind, description
    interface.requester_managed, interface.status = True, "in-use"
    interface._group_set = groups


def subnet_address(state, subnet_id):
    """A free address of a subnet; moto would take one from anywhere in 10.0.0.0/8."""
    subnet = state.get_subnet(subnet_id)
    used = {
        address["PrivateIpAddress"] for eni in interfaces_of(state, subnet_id) for address in eni.private_ip_addresses
    }
    hosts = (str(host) for number, host in enumerate(subnet.cidr.hosts()) if number >= 3)
    return next(host for host in hosts if host not in used)


def page(call, items, usual):
    """The items of the page that a call asks for, and the token of the next."""
    first, size = int(call.parameters.get("NextToken") or 0), call.parameters.get("MaxResults") or usual
    following = {"NextToken": str(first + size)} if first + size < len(items) else {}
    return items[first : first + size], following
