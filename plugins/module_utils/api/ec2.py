# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EC2: one function per API call (U(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/))."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

try:
    from botocore.exceptions import ClientError
except ImportError:
    pass  # AnsibleAWSModule reports that boto3 is missing.

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_specifications,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

# EC2 is eventually consistent: an id may be unknown for some seconds after its creation
# (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/query-api-troubleshooting.html#eventual-consistency).
VPC_UNKNOWN = ("InvalidVpcID.NotFound",)
SUBNET_UNKNOWN = ("InvalidSubnetID.NotFound", "InvalidSubnet")
GROUP_UNKNOWN = ("InvalidGroup.NotFound", "InvalidGroupId.NotFound")
ROUTE_TABLE_UNKNOWN = ("InvalidRouteTableID.NotFound",)
GATEWAY_UNKNOWN = ("InvalidInternetGatewayID.NotFound", "InvalidGatewayID.NotFound")
NAT_UNKNOWN = ("NatGatewayNotFound", "InvalidNatGatewayID.NotFound", "InvalidGatewayID.NotFound")
TARGET_UNKNOWN = tuple(dict.fromkeys(GATEWAY_UNKNOWN + NAT_UNKNOWN)) + (
    "InvalidVpcPeeringConnectionID.NotFound",
    "InvalidTransitGatewayID.NotFound",
    "InvalidNetworkInterfaceID.NotFound",
    "InvalidVpcEndpointId.NotFound",
)
ADDRESS_UNKNOWN = ("InvalidAllocationID.NotFound",)
ACL_UNKNOWN = ("InvalidNetworkAclID.NotFound",)
# A dependency that is being deleted holds on for some seconds more.
STILL_IN_USE = ("DependencyViolation",)


def filters(**values: Any) -> List[Dict[str, Any]]:
    """EC2 filters: C(vpc_id="vpc-1") becomes C({"Name": "vpc-id", "Values": ["vpc-1"]})."""
    return [
        {"Name": name.replace("_", "-"), "Values": value if isinstance(value, list) else [value]}
        for name, value in values.items()
    ]


def tag_filters(tags: Dict[str, Any]) -> List[Dict[str, Any]]:
    """EC2 filters for tags; a list of values means any of them."""
    return [
        {"Name": f"tag:{key}", "Values": value if isinstance(value, list) else [value]} for key, value in tags.items()
    ]


def _pages(client: Any, operation: str, key: str, **params: Any) -> List[dict]:
    return client.get_paginator(operation).paginate(**params).build_full_result().get(key, [])


def _raise_unsuccessful(operation: str, answer: dict) -> None:
    """Some calls answer with what they could not do instead of failing."""
    for entry in answer.get("Unsuccessful", []):
        raise ClientError({"Error": entry["Error"]}, operation)


def _tagged(resource_type: str, tags: Dict[str, str]) -> List[dict]:
    return boto3_tag_specifications(tags, types=[resource_type]) or []


# Tags


@aws_call("tag {resource_id}", eventual=("InvalidID",))
def create_tags(client: Any, resource_id: str, tags: Dict[str, str]) -> None:
    client.create_tags(Resources=[resource_id], Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags {keys} from {resource_id}")
def delete_tags(client: Any, resource_id: str, keys: List[str]) -> None:
    client.delete_tags(Resources=[resource_id], Tags=[{"Key": key} for key in keys])


# VPCs


@aws_call("read VPCs", missing=VPC_UNKNOWN, default=[])
def describe_vpcs(client: Any, **params: Any) -> List[dict]:
    return _pages(client, "describe_vpcs", "Vpcs", **params)


@aws_call("read {attribute} of {vpc_id}", eventual=VPC_UNKNOWN)
def describe_vpc_attribute(client: Any, vpc_id: str, attribute: str) -> bool:
    answer = client.describe_vpc_attribute(VpcId=vpc_id, Attribute=attribute)
    return answer[attribute[0].upper() + attribute[1:]]["Value"]


@aws_call("create a VPC with {cidr_block}")
def create_vpc(client: Any, cidr_block: str, tags: Dict[str, str]) -> dict:
    return client.create_vpc(CidrBlock=cidr_block, TagSpecifications=_tagged("vpc", tags))["Vpc"]


@aws_call("change DNS settings of {vpc_id}", eventual=VPC_UNKNOWN)
def modify_vpc_attribute(client: Any, vpc_id: str, **attribute: Any) -> None:
    client.modify_vpc_attribute(VpcId=vpc_id, **attribute)


@aws_call("delete {vpc_id}", missing=VPC_UNKNOWN, eventual=STILL_IN_USE)
def delete_vpc(client: Any, vpc_id: str) -> None:
    client.delete_vpc(VpcId=vpc_id)


# Subnets


@aws_call("read subnets", missing=SUBNET_UNKNOWN, default=[])
def describe_subnets(client: Any, **params: Any) -> List[dict]:
    return _pages(client, "describe_subnets", "Subnets", **params)


@aws_call("create a subnet with {CidrBlock} in {VpcId}", eventual=VPC_UNKNOWN)
def create_subnet(client: Any, tags: Dict[str, str], **params: Any) -> dict:
    return client.create_subnet(TagSpecifications=_tagged("subnet", tags), **params)["Subnet"]


@aws_call("change {SubnetId}", eventual=SUBNET_UNKNOWN)
def modify_subnet_attribute(client: Any, **params: Any) -> None:
    client.modify_subnet_attribute(**params)


@aws_call("delete {subnet_id}", missing=SUBNET_UNKNOWN, eventual=STILL_IN_USE)
def delete_subnet(client: Any, subnet_id: str) -> None:
    client.delete_subnet(SubnetId=subnet_id)


# Internet gateways


@aws_call("read internet gateways", missing=GATEWAY_UNKNOWN, default=[])
def describe_internet_gateways(client: Any, **params: Any) -> List[dict]:
    return _pages(client, "describe_internet_gateways", "InternetGateways", **params)


@aws_call("create an internet gateway")
def create_internet_gateway(client: Any, tags: Dict[str, str]) -> dict:
    specification = _tagged("internet-gateway", tags)
    return client.create_internet_gateway(TagSpecifications=specification)["InternetGateway"]


@aws_call("attach {internet_gateway_id} to {vpc_id}", eventual=GATEWAY_UNKNOWN + VPC_UNKNOWN)
def attach_internet_gateway(client: Any, internet_gateway_id: str, vpc_id: str) -> None:
    client.attach_internet_gateway(InternetGatewayId=internet_gateway_id, VpcId=vpc_id)


@aws_call(
    "detach {internet_gateway_id} from {vpc_id}",
    missing=("Gateway.NotAttached",) + GATEWAY_UNKNOWN,
    eventual=STILL_IN_USE,
)
def detach_internet_gateway(client: Any, internet_gateway_id: str, vpc_id: str) -> None:
    client.detach_internet_gateway(InternetGatewayId=internet_gateway_id, VpcId=vpc_id)


@aws_call("delete {internet_gateway_id}", missing=GATEWAY_UNKNOWN, eventual=STILL_IN_USE)
def delete_internet_gateway(client: Any, internet_gateway_id: str) -> None:
    client.delete_internet_gateway(InternetGatewayId=internet_gateway_id)


# Elastic IP addresses


@aws_call("read Elastic IP addresses", missing=ADDRESS_UNKNOWN, default=[])
def describe_addresses(client: Any, **params: Any) -> List[dict]:
    return client.describe_addresses(**params)["Addresses"]


@aws_call("allocate an Elastic IP address")
def allocate_address(client: Any, tags: Dict[str, str]) -> dict:
    return client.allocate_address(Domain="vpc", TagSpecifications=_tagged("elastic-ip", tags))


@aws_call("release {allocation_id}", missing=ADDRESS_UNKNOWN, eventual=("InvalidIPAddress.InUse", "AuthFailure"))
def release_address(client: Any, allocation_id: str) -> None:
    client.release_address(AllocationId=allocation_id)


# NAT gateways


@aws_call("read NAT gateways", missing=NAT_UNKNOWN, default=[])
def describe_nat_gateways(client: Any, Filters: Sequence[dict] = (), **params: Any) -> List[dict]:
    # This operation calls its parameter Filter, as DescribeFlowLogs does.
    return _pages(client, "describe_nat_gateways", "NatGateways", Filter=list(Filters), **params)


@aws_call("create a NAT gateway in {SubnetId}", eventual=SUBNET_UNKNOWN + ADDRESS_UNKNOWN)
def create_nat_gateway(client: Any, tags: Dict[str, str], **params: Any) -> dict:
    return client.create_nat_gateway(TagSpecifications=_tagged("natgateway", tags), **params)["NatGateway"]


@aws_call("delete {nat_gateway_id}", missing=NAT_UNKNOWN)
def delete_nat_gateway(client: Any, nat_gateway_id: str) -> None:
    client.delete_nat_gateway(NatGatewayId=nat_gateway_id)


# Route tables


@aws_call("read route tables", missing=ROUTE_TABLE_UNKNOWN, default=[])
def describe_route_tables(client: Any, **params: Any) -> List[dict]:
    return _pages(client, "describe_route_tables", "RouteTables", **params)


@aws_call("create a route table in {vpc_id}", eventual=VPC_UNKNOWN)
def create_route_table(client: Any, vpc_id: str, tags: Dict[str, str]) -> dict:
    return client.create_route_table(VpcId=vpc_id, TagSpecifications=_tagged("route-table", tags))["RouteTable"]


@aws_call("add route {what} to {RouteTableId}", eventual=ROUTE_TABLE_UNKNOWN + TARGET_UNKNOWN)
def create_route(client: Any, what: str, **params: Any) -> None:
    client.create_route(**params)


@aws_call("change route {what} of {RouteTableId}", eventual=ROUTE_TABLE_UNKNOWN + TARGET_UNKNOWN)
def replace_route(client: Any, what: str, **params: Any) -> None:
    client.replace_route(**params)


@aws_call("remove route {what} from {RouteTableId}", missing=("InvalidRoute.NotFound",))
def delete_route(client: Any, what: str, **params: Any) -> None:
    client.delete_route(**params)


@aws_call("associate {route_table_id} with {subnet_id}", eventual=ROUTE_TABLE_UNKNOWN + SUBNET_UNKNOWN)
def associate_route_table(client: Any, route_table_id: str, subnet_id: str) -> str:
    return client.associate_route_table(RouteTableId=route_table_id, SubnetId=subnet_id)["AssociationId"]


@aws_call("move {association_id} to {route_table_id}", eventual=ROUTE_TABLE_UNKNOWN)
def replace_route_table_association(client: Any, association_id: str, route_table_id: str) -> str:
    answer = client.replace_route_table_association(AssociationId=association_id, RouteTableId=route_table_id)
    return answer["NewAssociationId"]


@aws_call("disassociate {association_id}", missing=("InvalidAssociationID.NotFound",))
def disassociate_route_table(client: Any, association_id: str) -> None:
    client.disassociate_route_table(AssociationId=association_id)


@aws_call("delete {route_table_id}", missing=ROUTE_TABLE_UNKNOWN, eventual=STILL_IN_USE)
def delete_route_table(client: Any, route_table_id: str) -> None:
    client.delete_route_table(RouteTableId=route_table_id)


# Network ACLs


@aws_call("read network ACLs", missing=ACL_UNKNOWN, default=[])
def describe_network_acls(client: Any, **params: Any) -> List[dict]:
    return _pages(client, "describe_network_acls", "NetworkAcls", **params)


@aws_call("create a network ACL in {vpc_id}", eventual=VPC_UNKNOWN)
def create_network_acl(client: Any, vpc_id: str, tags: Dict[str, str]) -> dict:
    return client.create_network_acl(VpcId=vpc_id, TagSpecifications=_tagged("network-acl", tags))["NetworkAcl"]


@aws_call("add entry {RuleNumber} to {NetworkAclId}", eventual=ACL_UNKNOWN)
def create_network_acl_entry(client: Any, **params: Any) -> None:
    client.create_network_acl_entry(**params)


@aws_call("change entry {RuleNumber} of {NetworkAclId}", eventual=ACL_UNKNOWN)
def replace_network_acl_entry(client: Any, **params: Any) -> None:
    client.replace_network_acl_entry(**params)


@aws_call("remove entry {RuleNumber} from {NetworkAclId}", missing=("InvalidNetworkAclEntry.NotFound",))
def delete_network_acl_entry(client: Any, **params: Any) -> None:
    client.delete_network_acl_entry(**params)


@aws_call("move {association_id} to {network_acl_id}", eventual=ACL_UNKNOWN + ("InvalidAssociationID.NotFound",))
def replace_network_acl_association(client: Any, association_id: str, network_acl_id: str) -> str:
    answer = client.replace_network_acl_association(AssociationId=association_id, NetworkAclId=network_acl_id)
    return answer["NewAssociationId"]


@aws_call("delete {network_acl_id}", missing=ACL_UNKNOWN, eventual=STILL_IN_USE)
def delete_network_acl(client: Any, network_acl_id: str) -> None:
    client.delete_network_acl(NetworkAclId=network_acl_id)


# VPC endpoints


@aws_call("read VPC endpoints", missing=("InvalidVpcEndpointId.NotFound",), default=[])
def describe_vpc_endpoints(client: Any, **params: Any) -> List[dict]:
    return _pages(client, "describe_vpc_endpoints", "VpcEndpoints", **params)


@aws_call(
    "create an endpoint for {ServiceName} in {VpcId}",
    eventual=VPC_UNKNOWN + SUBNET_UNKNOWN + GROUP_UNKNOWN + ROUTE_TABLE_UNKNOWN,
)
def create_vpc_endpoint(client: Any, tags: Dict[str, str], **params: Any) -> dict:
    return client.create_vpc_endpoint(TagSpecifications=_tagged("vpc-endpoint", tags), **params)["VpcEndpoint"]


@aws_call("change {VpcEndpointId}", eventual=SUBNET_UNKNOWN + GROUP_UNKNOWN + ROUTE_TABLE_UNKNOWN)
def modify_vpc_endpoint(client: Any, **params: Any) -> None:
    client.modify_vpc_endpoint(**params)


@aws_call("delete {vpc_endpoint_id}", missing=("InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"))
def delete_vpc_endpoints(client: Any, vpc_endpoint_id: str) -> None:
    _raise_unsuccessful("DeleteVpcEndpoints", client.delete_vpc_endpoints(VpcEndpointIds=[vpc_endpoint_id]))


# Flow logs


@aws_call("read flow logs")
def describe_flow_logs(client: Any, Filters: Sequence[dict] = (), **params: Any) -> List[dict]:
    return _pages(client, "describe_flow_logs", "FlowLogs", Filter=list(Filters), **params)


# A role that was just created cannot be assumed yet; a flow log that was just deleted may still count.
@aws_call(
    "create a flow log of {resource_id}",
    eventual=VPC_UNKNOWN + ("InvalidParameter: Unable to assume given IAM role", "FlowLogAlreadyExists"),
)
def create_flow_logs(client: Any, resource_id: str, tags: Dict[str, str], **params: Any) -> str:
    answer = client.create_flow_logs(
        ResourceIds=[resource_id], TagSpecifications=_tagged("vpc-flow-log", tags), **params
    )
    _raise_unsuccessful("CreateFlowLogs", answer)
    return answer["FlowLogIds"][0]


@aws_call("delete {flow_log_id}", missing=("InvalidFlowLogId.NotFound",))
def delete_flow_logs(client: Any, flow_log_id: str) -> None:
    _raise_unsuccessful("DeleteFlowLogs", client.delete_flow_logs(FlowLogIds=[flow_log_id]))


# Security groups and prefix lists


@aws_call("read security groups", missing=GROUP_UNKNOWN, default=[])
def describe_security_groups(client: Any, **params: Any) -> List[dict]:
    return _pages(client, "describe_security_groups", "SecurityGroups", **params)


@aws_call("create security group {GroupName} in {VpcId}", eventual=VPC_UNKNOWN)
def create_security_group(client: Any, tags: Dict[str, str], **params: Any) -> str:
    return client.create_security_group(TagSpecifications=_tagged("security-group", tags), **params)["GroupId"]


@aws_call("read security group {group_id}", eventual=GROUP_UNKNOWN)
def describe_security_group(client: Any, group_id: str) -> dict:
    return client.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]


@aws_call(
    "allow {direction} traffic for {group_id}",
    missing=("InvalidPermission.Duplicate",),
    default=False,
    eventual=GROUP_UNKNOWN,
)
def authorize_security_group(client: Any, direction: str, group_id: str, permissions: List[dict]) -> bool:
    """Whether the rules were added; AWS adds none of them when it has one already."""
    getattr(client, f"authorize_security_group_{direction}")(GroupId=group_id, IpPermissions=permissions)
    return True


@aws_call(
    "revoke {direction} traffic of {group_id}", missing=("InvalidPermission.NotFound",) + GROUP_UNKNOWN, default=False
)
def revoke_security_group(client: Any, direction: str, group_id: str, permissions: List[dict]) -> bool:
    """Whether the rules were removed; AWS removes none of them when it lacks one."""
    getattr(client, f"revoke_security_group_{direction}")(GroupId=group_id, IpPermissions=permissions)
    return True


@aws_call("describe {direction} rules of {group_id}", eventual=("InvalidPermission.NotFound",) + GROUP_UNKNOWN)
def describe_security_group_rules_as(client: Any, direction: str, group_id: str, permissions: List[dict]) -> None:
    update = getattr(client, f"update_security_group_rule_descriptions_{direction}")
    update(GroupId=group_id, IpPermissions=permissions)


@aws_call("delete security group {group_id}", missing=GROUP_UNKNOWN, eventual=STILL_IN_USE)
def delete_security_group(client: Any, group_id: str) -> None:
    client.delete_security_group(GroupId=group_id)


@aws_call("read managed prefix lists")
def describe_managed_prefix_lists(client: Any, **params: Any) -> List[dict]:
    return _pages(client, "describe_managed_prefix_lists", "PrefixLists", **params)
