# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where tasks run: subnets and security groups that must exist, in one VPC."""

from moto.backends import get_backend

from .shared import invalid


def check_network(call, definition, configuration=None):
    """The awsvpc configuration of a call, once everything in it exists."""
    configuration = configuration or call.parameters.get("networkConfiguration") or {}
    network = configuration.get("awsvpcConfiguration")
    if definition.sandbox_request.get("networkMode") != "awsvpc":
        if network:
            raise invalid("Network Configuration is not valid for the given networkMode of this task definition.")
        return None
    if not network:
        raise invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    if not 1 <= len(network["subnets"]) <= 16:
        raise invalid("subnets must have between 1 and 16 items.")
    if len(network.get("securityGroups") or []) > 5:
        raise invalid("securityGroups can have at most 5 items.")
    state = get_backend("ec2")[call.account][call.region]
    vpcs = {_subnet(state, number).vpc_id for number in network["subnets"]}
    vpcs |= {_group(state, number).vpc_id for number in network.get("securityGroups") or []}
    if len(vpcs) > 1:
        raise invalid("Invalid configuration: all subnets and security groups must belong to the same VPC.")
    return network


def _subnet(state, number):
    for subnets in state.subnets.values():
        if number in subnets:
            return subnets[number]
    raise invalid(
        f"Error retrieving subnet information for [{number}]: The subnet ID '{number}' does not exist "
        "(ErrorCode: InvalidSubnetID.NotFound)"
    )


def _group(state, number):
    group = state.get_security_group_from_id(number)
    if group is None:
        raise invalid(
            f"Error retrieving security group information for [{number}]: The security group '{number}' "
            "does not exist (ErrorCode: InvalidGroup.NotFound)"
        )
    return group
