# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_route_tables against moto, and its routes as pure functions."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned, routes
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError
from ansible_collections.groundwork.aws.plugins.modules.ec2_route_tables import associations_of

TAGS = {"Platform": "dougust", "Environment": "test"}


@pytest.fixture
def igw(cloud, vpc_id):
    gateway_id = cloud.client("ec2").create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    cloud.client("ec2").attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    return gateway_id


@pytest.fixture
def nat(cloud, subnet_ids):
    created = cloud.client("ec2").create_nat_gateway(SubnetId=subnet_ids[0], ConnectivityType="private")
    return created["NatGateway"]["NatGatewayId"]


@pytest.fixture
def params(vpc_id, subnet_ids, igw, nat):
    public = {"name": "t-public", "routes": [everywhere(igw)], "subnet_ids": subnet_ids[:2]}
    private = {"name": "t-private", "routes": [everywhere(nat)], "subnet_ids": subnet_ids[2:]}
    return {"vpc_id": vpc_id, "route_tables": [public, private], "tags": TAGS}


def everywhere(target):
    return {"destination": "0.0.0.0/0", "target": target}


def changed_fields(result):
    return [(one["name"], one["action"], one["fields"]) for one in result["actions"]]


def with_public(params, **fields):
    public, private = params["route_tables"]
    return {**params, "route_tables": [{**public, **fields}, private]}


def users(cloud, table):
    found = cloud.client("ec2").describe_route_tables(RouteTableIds=[table["route_table_id"]])["RouteTables"][0]
    return [association["SubnetId"] for association in found["Associations"]]


def test_life_cycle(life_cycle, cloud, params, igw, subnet_ids):
    tables = life_cycle("ec2_route_tables", "route_tables", **params)
    assert tables["t-public"]["routes"] == [everywhere(igw)]
    assert sorted(tables["t-public"]["subnet_ids"]) == sorted(subnet_ids[:2])


def test_the_tables_of_the_vpc_are_read_once(cloud, params):
    cloud.run("ec2_route_tables", **params)
    assert cloud.operations.count("DescribeRouteTables") == 1
    cloud.run("ec2_route_tables", **params)
    assert cloud.operations == ["DescribeRouteTables"]


def test_a_route_added_by_hand_is_removed_and_a_removed_one_restored(cloud, params, igw):
    table = cloud.run("ec2_route_tables", **params)["route_tables"]["t-public"]["route_table_id"]
    client = cloud.client("ec2")
    client.create_route(RouteTableId=table, DestinationCidrBlock="192.0.2.0/24", GatewayId=igw)
    client.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    predicted = cloud.run("ec2_route_tables", check_mode=True, **params)
    assert (changed_fields(predicted), cloud.mutations) == ([("t-public", "update", ["routes"])], [])
    result = cloud.run("ec2_route_tables", **params)
    assert changed_fields(result) == changed_fields(predicted)
    assert cloud.mutations == ["CreateRoute", "DeleteRoute"]
    assert not cloud.run("ec2_route_tables", **params)["changed"]


def test_another_target_replaces_the_route(cloud, params, nat):
    cloud.run("ec2_route_tables", **params)
    result = cloud.run("ec2_route_tables", **with_public(params, routes=[everywhere(nat)]))
    assert cloud.mutations == ["ReplaceRoute"]
    assert cloud.parameters("ReplaceRoute")[0]["NatGatewayId"] == nat
    assert result["diff"][0]["after"] == {"routes": [everywhere(nat)]}
    assert not cloud.run("ec2_route_tables", **with_public(params, routes=[everywhere(nat)]))["changed"]


def test_what_is_not_given_is_left_alone(cloud, params, subnet_ids):
    cloud.run("ec2_route_tables", **params)
    names_only = {**params, "route_tables": [{"name": "t-public"}, {"name": "t-private"}]}
    assert not cloud.run("ec2_route_tables", **names_only)["changed"]


def test_empty_lists_remove_all(cloud, params):
    cloud.run("ec2_route_tables", **params)
    result = cloud.run("ec2_route_tables", **with_public(params, routes=[], subnet_ids=[]))
    assert changed_fields(result) == [("t-public", "update", ["routes", "subnet_ids"])]
    assert cloud.mutations == ["DeleteRoute", "DisassociateRouteTable", "DisassociateRouteTable"]
    assert users(cloud, result["route_tables"]["t-public"]) == []


def test_subnets_change_tables_without_being_without_one(cloud, params, subnet_ids):
    cloud.run("ec2_route_tables", **params)
    public, private = params["route_tables"]
    swapped = {
        **params,
        "route_tables": [{**public, "subnet_ids": subnet_ids[2:]}, {**private, "subnet_ids": subnet_ids[:2]}],
    }
    result = cloud.run("ec2_route_tables", **swapped)
    tables = result["route_tables"]
    assert users(cloud, tables["t-public"]) == subnet_ids[2:]
    assert sorted(users(cloud, tables["t-private"])) == sorted(subnet_ids[:2])
    assert not cloud.run("ec2_route_tables", **swapped)["changed"]


def test_a_subnet_of_a_foreign_table_is_moved(cloud, params, vpc_id, subnet_ids):
    client = cloud.client("ec2")
    foreign = client.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    client.associate_route_table(RouteTableId=foreign, SubnetId=subnet_ids[0])
    result = cloud.run("ec2_route_tables", **params)
    assert cloud.mutations.count("ReplaceRouteTableAssociation") == 1
    assert sorted(users(cloud, result["route_tables"]["t-public"])) == sorted(subnet_ids[:2])


def test_blocks_are_compared_as_aws_writes_them(cloud, params, igw):
    written = [
        {"destination": "100.68.0.18/18", "target": igw},
        {"destination": "2001:DB8:0::1/32", "target": igw},
    ]
    result = cloud.run("ec2_route_tables", **with_public(params, routes=written))
    destinations = [route["destination"] for route in result["route_tables"]["t-public"]["routes"]]
    assert destinations == ["100.68.0.0/18", "2001:db8::/32"]
    assert not cloud.run("ec2_route_tables", **with_public(params, routes=written))["changed"]


def test_routes_of_gateway_endpoints_and_propagated_ones_stay(cloud, params):
    cloud.run("ec2_route_tables", **params)
    theirs = [
        {"DestinationPrefixListId": "pl-63a5400a", "GatewayId": "vpce-0123456789abcdef0", "Origin": "CreateRoute"},
        {"DestinationCidrBlock": "172.16.0.0/12", "GatewayId": "vgw-1", "Origin": "EnableVgwRoutePropagation"},
    ]
    cloud.adjust("DescribeRouteTables", lambda answer: [one["Routes"].extend(theirs) for one in answer["RouteTables"]])
    assert not cloud.run("ec2_route_tables", **params)["changed"]
    assert cloud.mutations == []


def test_an_update_to_a_planned_target_is_planned(cloud, params):
    cloud.run("ec2_route_tables", **params)
    planned_nat = planned.ec2_id("nat", "t")
    result = cloud.run("ec2_route_tables", check_mode=True, **with_public(params, routes=[everywhere(planned_nat)]))
    assert changed_fields(result) == [("t-public", "update", ["routes"])]


def test_planned_vpc(planned_vpc):
    table = {
        "name": "t",
        "routes": [everywhere(planned.ec2_id("igw", "t"))],
        "subnet_ids": [planned.ec2_id("subnet", "t")],
    }
    tables = planned_vpc("ec2_route_tables", "route_tables", route_tables=[table])
    assert tables["t"]["routes"] == table["routes"] and tables["t"]["subnet_ids"] == table["subnet_ids"]


def test_two_tables_of_one_name_are_refused(cloud, params, vpc_id):
    cloud.run("ec2_route_tables", **params)
    tags = [{"Key": key, "Value": value} for key, value in {"Name": "t-public", **TAGS}.items()]
    specification = [{"ResourceType": "route-table", "Tags": tags}]
    cloud.client("ec2").create_route_table(VpcId=vpc_id, TagSpecifications=specification)
    assert "There are two: route table t-public is rtb-" in cloud.run_failing("ec2_route_tables", **params)["msg"]


@pytest.mark.parametrize(
    "route, message",
    [
        ({"destination": "0.0.0.0/0", "target": "i-0123"}, "i-0123 cannot be the target of a route. To fix:"),
        ({"destination": "everywhere", "target": "igw-1"}, "everywhere cannot be the destination of a route"),
    ],
)
def test_routes_that_cannot_be_are_refused_before_any_call(cloud, params, route, message):
    failed = cloud.run_failing("ec2_route_tables", **with_public(params, routes=[route]))
    assert message in failed["msg"] and cloud.calls == []


def test_a_failed_call_is_one_clear_message(cloud, params, igw):
    cloud.fail("CreateRoute", "RouteLimitExceeded", "The maximum number of routes has been reached.")
    failed = cloud.run_failing("ec2_route_tables", **params)
    assert f"Could not add route 0.0.0.0/0 to {igw} to rtb-" in failed["msg"]
    assert "RouteLimitExceeded: The maximum number of routes has been reached. To fix: ask AWS" in failed["msg"]
    cloud.heal()
    assert cloud.run("ec2_route_tables", **params)["changed"]
    assert not cloud.run("ec2_route_tables", **params)["changed"]


def test_a_target_that_aws_does_not_see_yet_is_asked_for_again(cloud, params, no_sleep):
    cloud.fail("CreateRoute", "InvalidNatGatewayID.NotFound", times=2)
    assert cloud.run("ec2_route_tables", **params)["changed"]
    assert len(no_sleep) == 2


# Pure functions


@pytest.mark.parametrize(
    "target, parameter",
    [
        ("igw-1", "GatewayId"),
        ("vgw-1", "GatewayId"),
        ("nat-1", "NatGatewayId"),
        ("eigw-1", "EgressOnlyInternetGatewayId"),
        ("pcx-1", "VpcPeeringConnectionId"),
        ("tgw-1", "TransitGatewayId"),
        ("eni-1", "NetworkInterfaceId"),
        ("vpce-1", "VpcEndpointId"),
        ("lgw-1", "LocalGatewayId"),
        ("cagw-1", "CarrierGatewayId"),
        ("arn:aws:networkmanager::123456789012:core-network/core-network-1", "CoreNetworkArn"),
    ],
)
def test_the_prefix_of_a_target_chooses_the_parameter(target, parameter):
    assert routes.target_parameter(target) == {parameter: target}


@pytest.mark.parametrize(
    "destination, parameter",
    [
        ("10.0.0.0/8", "DestinationCidrBlock"),
        ("::/0", "DestinationIpv6CidrBlock"),
        ("pl-63a5400a", "DestinationPrefixListId"),
    ],
)
def test_the_form_of_a_destination_chooses_the_parameter(destination, parameter):
    assert routes.destination_parameter(routes.canonical_destination(destination)) == {parameter: destination}


def test_one_destination_has_one_target():
    with pytest.raises(UserError, match="There are two routes to 10.0.0.0/8"):
        routes.canonical_routes(
            [{"destination": "10.0.0.0/8", "target": "nat-1"}, {"destination": "10.1.0.0/8", "target": "igw-1"}]
        )


def test_an_instance_is_its_network_interface_and_an_unknown_target_is_none():
    block = {"DestinationCidrBlock": "10.0.0.0/8"}
    assert routes.route_from_aws({**block, "InstanceId": "i-1", "NetworkInterfaceId": "eni-1"})["target"] == "eni-1"
    assert routes.route_from_aws({**block, "OdbNetworkArn": "arn:aws:odb"})["target"] is None


def test_an_association_that_ended_does_not_count():
    ended = {"SubnetId": "subnet-1", "RouteTableAssociationId": "a", "AssociationState": {"State": "disassociating"}}
    begun = {"SubnetId": "subnet-2", "RouteTableAssociationId": "b", "AssociationState": {"State": "associating"}}
    main = {"Main": True, "RouteTableAssociationId": "c"}
    table = {"RouteTableId": "rtb-1", "Associations": [ended, begun, main]}
    assert associations_of([table]) == {"subnet-2": ("b", "rtb-1")}
