# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPCs, subnets, internet gateways and route tables."""

import ipaddress

from moto.ec2.models.security_groups import SecurityGroupRule

from ...errors import AwsError
from .. import after, backend, check, correct
from .shared import all_groups, dependency, interfaces_of


@correct("ec2", "CreateVpc")
def open_default_group(call, parsed):
    """A new VPC's default group lets its own members in, which moto leaves out."""
    state = backend(call)
    group = state.get_default_security_group(parsed["Vpc"]["VpcId"])
    itself = {"GroupId": group.id, "UserId": call.account, "OwnerId": call.account}
    group.ingress_rules.append(SecurityGroupRule(state, "-1", group.id, None, None, None, itself, is_egress=False))
    return False


@check("ec2", "DeleteVpc")
def refuse_vpc_in_use(call):
    """A VPC goes last."""
    state, vpc_id = backend(call), call.parameters["VpcId"]
    used = (
        [gateway for gateway in state.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id]
        + [group for group in all_groups(state) if group.vpc_id == vpc_id and group.name != "default"]
        + [acl for acl in state.network_acls.values() if acl.vpc_id == vpc_id and not acl.default]
        + [endpoint for endpoint in state.vpc_end_points.values() if endpoint.vpc_id == vpc_id]
    )
    if vpc_id in state.vpcs and used:
        raise dependency(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")


@after("ec2", "DeleteVpc")
def delete_with_vpc(call):
    """The default network ACL and the flow logs go with the VPC."""
    state, vpc_id = backend(call), call.parameters["VpcId"]
    for number in [acl.id for acl in state.network_acls.values() if acl.vpc_id == vpc_id]:
        del state.network_acls[number]


@after("ec2", "DisassociateVpcCidrBlock")
def forget_blocks(call):
    """A range that was taken away is gone; moto shows it for ever."""
    for vpc in backend(call).vpcs.values():
        blocks = vpc._cidr_block_association_set
        for number in [key for key, block in blocks.items() if block["cidr_block_state"]["state"] == "disassociated"]:
            del blocks[number]


@check("ec2", "CreateSubnet")
def refuse_overlap(call):
    """Subnets of a VPC do not overlap."""
    vpc_id, cidr = call.parameters.get("VpcId"), call.parameters.get("CidrBlock")
    try:
        network = ipaddress.IPv4Network(cidr or "", strict=True)
    except ValueError:
        return  # moto says what is wrong with it
    for subnet in backend(call).describe_subnets(filters={"vpc-id": [vpc_id]}):
        if subnet.cidr.overlaps(network):
            raise AwsError("InvalidSubnet.Conflict", f"The CIDR '{cidr}' conflicts with another subnet", 400)


@correct("ec2", "DescribeSubnets")
def show_state(_call, parsed):
    """moto writes the state of an IPv6 range as Python would."""
    blocks = [block for view in parsed["Subnets"] for block in view.get("Ipv6CidrBlockAssociationSet", [])]
    for block in blocks:
        block["Ipv6CidrBlockState"] = {"State": "associated"}
    return bool(blocks)


@check("ec2", "DeleteSubnet")
def refuse_subnet_in_use(call):
    """A subnet stays while anything has an interface in it."""
    subnet_id = call.parameters["SubnetId"]
    if interfaces_of(backend(call), subnet_id):
        raise dependency(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")


@after("ec2", "DeleteSubnet")
def dissociate_subnet(call):
    """The subnet's associations go with it."""
    state, subnet_id = backend(call), call.parameters["SubnetId"]
    for table in state.route_tables.values():
        for number in [number for number, target in table._associations.items() if target == subnet_id]:
            del table._associations[number]
    for acl in state.network_acls.values():
        for number in [number for number, item in acl._associations.items() if item.subnet_id == subnet_id]:
            del acl._associations[number]


@check("ec2", "DetachInternetGateway")
def refuse_detach(call):
    """A gateway stays while public addresses are mapped through it."""
    state, vpc_id = backend(call), call.parameters["VpcId"]
    gateway = state.internet_gateways.get(call.parameters["InternetGatewayId"])
    attached = gateway is not None and gateway.vpc is not None and gateway.vpc.id == vpc_id
    if attached and any(interface.public_ip and interface.vpc_id == vpc_id for interface in state.enis.values()):
        raise dependency(
            f"Network {vpc_id} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )


@check("ec2", "AttachInternetGateway")
def refuse_second_gateway(call):
    """A VPC has one internet gateway."""
    vpc_id = call.parameters["VpcId"]
    for gateway in backend(call).internet_gateways.values():
        if gateway.vpc and gateway.vpc.id == vpc_id and gateway.id != call.parameters["InternetGatewayId"]:
            message = f"Network {vpc_id} already has an internet gateway attached"
            raise AwsError("InvalidParameterValue", message, 400)


@check("ec2", "DeleteRouteTable")
def refuse_main_table(call):
    """The main route table goes with its VPC only."""
    table = backend(call).route_tables.get(call.parameters["RouteTableId"])
    if table is not None and table.main_association_id:
        raise dependency(f"The routeTable '{table.id}' has dependencies and cannot be deleted.")


@check("ec2", "AssociateRouteTable")
def refuse_second_table(call):
    """A subnet has one route table; moto would answer with the association to the other one."""
    state, subnet_id = backend(call), call.parameters.get("SubnetId")
    for table in state.route_tables.values():
        if subnet_id in table._associations.values() and table.id != call.parameters["RouteTableId"]:
            message = (
                f"the specified association for route table {call.parameters['RouteTableId']} "
                "conflicts with an existing association"
            )
            raise AwsError("Resource.AlreadyAssociated", message, 400)
