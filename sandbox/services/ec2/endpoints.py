# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPC endpoints."""

import json

from moto.ec2.models.vpcs import VPCEndPoint

from ...errors import AwsError
from .. import after, answer, backend, check, correct
from .shared import forget_interface, manage_interface, subnet_address


@check("ec2", "CreateVpcEndpoint")
def check_endpoint(call):
    """What AWS needs for a new endpoint, by its type."""
    state, parameters = backend(call), call.parameters
    vpc = state.get_vpc(parameters["VpcId"])
    _check_service(call)
    if _kind(parameters) == "Gateway":
        _refuse_second_gateway(state, vpc, parameters)
    elif parameters.get("PrivateDnsEnabled"):
        _require_dns(vpc)
        _refuse_second_name(state, vpc, parameters["ServiceName"])
    for subnet_id in parameters.get("SubnetIds") or []:
        state.get_subnet(subnet_id)
    for group_id in parameters.get("SecurityGroupIds") or []:
        _require_group(state, group_id)


def _check_service(call):
    """Services of AWS's are those of a region."""
    name = call.parameters.get("ServiceName") or ""
    region = call.parameters.get("ServiceRegion") or call.region
    if name.startswith("com.amazonaws.") and name.split(".")[2] not in (region, "global", "vpce", "s3-global"):
        raise AwsError("InvalidServiceName", f"The Vpc Endpoint Service '{name}' does not exist", 400)


def _refuse_second_name(state, vpc, service):
    for endpoint in state.vpc_end_points.values():
        if endpoint.vpc_id == vpc.id and endpoint.service_name == service and endpoint.private_dns_enabled:
            message = (
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{service} in the VPC {vpc.id}"
            )
            raise AwsError("InvalidParameter", message, 400)


def _refuse_second_gateway(state, vpc, parameters):
    for endpoint in state.vpc_end_points.values():
        both = set(endpoint.route_table_ids) & set(parameters.get("RouteTableIds") or [])
        if endpoint.vpc_id == vpc.id and endpoint.service_name == parameters["ServiceName"] and both:
            message = f"route table {min(both)} already has a route with destination-prefix-list-id of this service"
            raise AwsError("RouteAlreadyExists", message, 400)


def _require_dns(vpc):
    if not all(str(value).lower() == "true" for value in (vpc.enable_dns_support, vpc.enable_dns_hostnames)):
        message = (
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes "
            f"set to true for {vpc.id}"
        )
        raise AwsError("InvalidParameter", message, 400)


def _require_group(state, group_id):
    if state.get_security_group_from_id(group_id) is None:
        raise AwsError("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist", 400)


@correct("ec2", "CreateVpcEndpoint")
def complete_endpoint(call, parsed):
    """moto forgets the type of gateway endpoints, and what interfaces belong to."""
    state, view = backend(call), parsed["VpcEndpoint"]
    endpoint = state.vpc_end_points[view["VpcEndpointId"]]
    endpoint.vpc_endpoint_type = _kind(call.parameters)
    if endpoint.vpc_endpoint_type == "Gateway":
        endpoint.private_dns_enabled = False
    elif not endpoint.security_group_ids:
        endpoint.security_group_ids = [state.get_default_security_group(endpoint.vpc_id).id]
    _dress_interfaces(state, endpoint)
    view.update(
        VpcEndpointType=endpoint.vpc_endpoint_type,
        PrivateDnsEnabled=bool(endpoint.private_dns_enabled),
        Groups=endpoint.groups,
        RequesterManaged=False,
    )


def _kind(parameters):
    return parameters.get("VpcEndpointType") or "Gateway"


def _dress_interfaces(state, endpoint):
    groups = [state.get_security_group_from_id(number) for number in endpoint.security_group_ids]
    for number in endpoint.network_interface_ids:
        interface = state.enis[number]
        if interface.interface_type != "vpc_endpoint":
            address = subnet_address(state, interface.subnet.id)
            interface.private_ip_address = address
            interface.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": address}]
        manage_interface(interface, "vpc_endpoint", f"VPC Endpoint Interface {endpoint.id}", groups)


@answer("ec2", "ModifyVpcEndpoint")
def modify_endpoint(call):
    """moto changes lists, but neither routes, interfaces, private DNS nor a policy that is reset."""
    state, parameters = backend(call), call.parameters
    endpoint = state.describe_vpc_endpoints([parameters["VpcEndpointId"]])[0]
    if parameters.get("PrivateDnsEnabled") and not endpoint.private_dns_enabled:
        _require_dns(state.get_vpc(endpoint.vpc_id))
    for group_id in parameters.get("AddSecurityGroupIds") or []:
        _require_group(state, group_id)
    if parameters.get("ResetPolicy"):
        endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
    endpoint.policy_document = parameters.get("PolicyDocument") or endpoint.policy_document
    if parameters.get("PrivateDnsEnabled") is not None:
        endpoint.private_dns_enabled = parameters["PrivateDnsEnabled"]
    _change_route_tables(state, endpoint, parameters)
    _change_subnets(state, endpoint, parameters)
    endpoint.security_group_ids = _changed(endpoint.security_group_ids, parameters, "SecurityGroupIds")
    _dress_interfaces(state, endpoint)
    return {"Return": True}


def _changed(current, parameters, name):
    removed, added = parameters.get(f"Remove{name}") or [], parameters.get(f"Add{name}") or []
    return [item for item in dict.fromkeys([*(current or []), *added]) if item not in removed]


def _change_route_tables(state, endpoint, parameters):
    wanted = _changed(endpoint.route_table_ids, parameters, "RouteTableIds")
    prefix_list = endpoint.destination_prefix_list_id
    for table in set(wanted) - set(endpoint.route_table_ids):
        state.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list)
    for table in set(endpoint.route_table_ids) - set(wanted):
        state.delete_route(table, prefix_list)
    endpoint.route_table_ids = wanted


def _change_subnets(state, endpoint, parameters):
    wanted = _changed(endpoint.subnet_ids, parameters, "SubnetIds")
    for subnet_id in [item for item in wanted if item not in endpoint.subnet_ids]:
        interface = state.create_network_interface(subnet_id, subnet_address(state, subnet_id))
        endpoint.network_interface_ids.append(interface.id)
    for number in list(endpoint.network_interface_ids):
        if state.enis[number].subnet.id not in wanted:
            endpoint.network_interface_ids.remove(number)
            forget_interface(state, number)
    endpoint.subnet_ids = wanted


@answer("ec2", "DeleteVpcEndpoints")
def delete_endpoints(call):
    """moto crashes on gateway endpoints, and keeps every deleted one for ever."""
    state, missing = backend(call), []
    for number in call.parameters["VpcEndpointIds"]:
        endpoint = state.vpc_end_points.pop(number, None)
        if endpoint is None:
            message = f"The Vpc Endpoint Id '{number}' does not exist"
            missing.append({"ResourceId": number, "Error": {"Code": "InvalidVpcEndpoint.NotFound", "Message": message}})
            continue
        for interface in endpoint.network_interface_ids:
            forget_interface(state, interface)
        for table in endpoint.route_table_ids if endpoint.destination_prefix_list_id else []:
            if table in state.route_tables:
                state.delete_route(table, endpoint.destination_prefix_list_id)
        state.tags.pop(number, None)
    return {"Unsuccessful": missing}


@after("ec2", "DeleteRouteTable")
def leave_endpoints(call):
    """A deleted route table is no longer one of an endpoint's."""
    for endpoint in backend(call).vpc_end_points.values():
        if call.parameters["RouteTableId"] in endpoint.route_table_ids:
            endpoint.route_table_ids.remove(call.parameters["RouteTableId"])
