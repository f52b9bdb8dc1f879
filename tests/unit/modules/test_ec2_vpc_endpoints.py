# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_vpc_endpoints against moto."""

from __future__ import annotations

import json

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned
from ansible_collections.groundwork.aws.plugins.modules import ec2_vpc_endpoints as module

TAGS = {"Platform": "dougust", "Environment": "test"}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["*"]},
    ],
}


@pytest.fixture
def tables(cloud, vpc_id):
    return [cloud.client("ec2").create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"] for number in range(2)]


@pytest.fixture
def groups(cloud, vpc_id):
    return [
        cloud.client("ec2").create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"]
        for name in ("one", "two")
    ]


@pytest.fixture
def params(vpc_id, subnet_ids, tables, groups):
    gateway = {"name": "t-s3", "service": "s3", "type": "Gateway", "route_table_ids": tables[:1]}
    interface = {
        "name": "t-logs",
        "service": "logs",
        "type": "Interface",
        "subnet_ids": subnet_ids[:2],
        "security_group_ids": groups[:1],
        "private_dns_enabled": True,
    }
    return {"vpc_id": vpc_id, "vpc_endpoints": [gateway, interface], "tags": TAGS}


def with_gateway(params, **fields):
    gateway, interface = params["vpc_endpoints"]
    return {**params, "vpc_endpoints": [{**gateway, **fields}, interface]}


def with_interface(params, **fields):
    gateway, interface = params["vpc_endpoints"]
    return {**params, "vpc_endpoints": [gateway, {**interface, **fields}]}


def changed_fields(result):
    return [(one["name"], one["action"], one["fields"]) for one in result["actions"]]


def set_state(state):
    def change(answer):
        for endpoint in answer.get("VpcEndpoints", [answer.get("VpcEndpoint")]):
            endpoint["State"] = state

    return change


def test_life_cycle(life_cycle, cloud, params, subnet_ids, groups):
    endpoints = life_cycle("ec2_vpc_endpoints", "vpc_endpoints", **params)
    assert endpoints["t-s3"]["service"] == "com.amazonaws.us-east-1.s3"
    assert endpoints["t-logs"]["subnet_ids"] == subnet_ids[:2]
    assert endpoints["t-logs"]["security_group_ids"] == groups[:1]
    assert endpoints["t-logs"]["private_dns_enabled"] is True
    assert {endpoint["state"] for endpoint in endpoints.values()} == {"available"}


@pytest.mark.parametrize(
    "field, parameter",
    [("route_table_ids", "RouteTableIds"), ("subnet_ids", "SubnetIds"), ("security_group_ids", "SecurityGroupIds")],
)
def test_lists_change_in_one_call(cloud, params, tables, subnet_ids, groups, field, parameter):
    cloud.run("ec2_vpc_endpoints", **params)
    change = with_gateway if field == "route_table_ids" else with_interface
    old, new = {
        "route_table_ids": (tables[0], tables[1]),
        "subnet_ids": (subnet_ids[0], subnet_ids[2]),
        "security_group_ids": (groups[0], groups[1]),
    }[field]
    kept = [subnet_ids[1]] if field == "subnet_ids" else []
    wanted = change(params, **{field: [new, *kept]})
    assert changed_fields(cloud.run("ec2_vpc_endpoints", check_mode=True, **wanted))[0][2] == [field]
    assert cloud.mutations == []
    assert changed_fields(cloud.run("ec2_vpc_endpoints", **wanted))[0][1:] == ("update", [field])
    (call,) = cloud.parameters("ModifyVpcEndpoint")
    assert (call[f"Add{parameter}"], call[f"Remove{parameter}"]) == ([new], [old])
    assert not cloud.run("ec2_vpc_endpoints", **wanted)["changed"]


def test_a_removed_route_table_is_restored(cloud, params, tables):
    created = cloud.run("ec2_vpc_endpoints", **params)["vpc_endpoints"]["t-s3"]
    client = cloud.client("ec2")
    client.modify_vpc_endpoint(VpcEndpointId=created["vpc_endpoint_id"], RemoveRouteTableIds=tables[:1])
    result = cloud.run("ec2_vpc_endpoints", **params)
    assert changed_fields(result) == [("t-s3", "update", ["route_table_ids"])]
    (call,) = cloud.parameters("ModifyVpcEndpoint")
    assert call["AddRouteTableIds"] == tables[:1] and "RemoveRouteTableIds" not in call


def test_private_dns_changes_in_place(cloud, params):
    cloud.run("ec2_vpc_endpoints", **params)
    result = cloud.run("ec2_vpc_endpoints", **with_interface(params, private_dns_enabled=False))
    assert changed_fields(result) == [("t-logs", "update", ["private_dns_enabled"])]
    assert cloud.parameters("ModifyVpcEndpoint")[0]["PrivateDnsEnabled"] is False


def test_policies_are_compared_by_meaning(cloud, params):
    cloud.run("ec2_vpc_endpoints", **params)
    limited = with_gateway(params, policy=POLICY)
    assert changed_fields(cloud.run("ec2_vpc_endpoints", **limited)) == [("t-s3", "update", ["policy"])]
    assert json.loads(cloud.parameters("ModifyVpcEndpoint")[0]["PolicyDocument"]) == POLICY
    assert not cloud.run("ec2_vpc_endpoints", **limited)["changed"]
    assert not cloud.run("ec2_vpc_endpoints", **params)["changed"]
    statement = {**POLICY["Statement"][0], "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*"}
    same = {**POLICY, "Statement": [{**statement, "Principal": {"AWS": "*"}}]}
    assert not cloud.run("ec2_vpc_endpoints", **with_gateway(params, policy=same))["changed"]


@pytest.mark.parametrize("field, value", [("service", "dynamodb"), ("type", "Interface")])
def test_service_and_type_cannot_change(cloud, params, field, value):
    cloud.run("ec2_vpc_endpoints", **params)
    gateway = {"name": "t-s3", "service": "s3", "type": "Gateway", field: value}
    failed = cloud.run_failing("ec2_vpc_endpoints", **{**params, "vpc_endpoints": [gateway]})
    assert f"{field} is " in failed["msg"] and "To fix: put the old value back" in failed["msg"]
    assert cloud.mutations == []


def test_all_are_started_before_any_is_waited_for_in_whatever_case_aws_writes(cloud, params):
    cloud.adjust("CreateVpcEndpoint", set_state("Pending"))
    cloud.adjust("DescribeVpcEndpoints", set_state("Available"))
    result = cloud.run("ec2_vpc_endpoints", **params)
    assert cloud.operations == [
        "DescribeVpcEndpoints",
        "CreateVpcEndpoint",
        "CreateVpcEndpoint",
        "DescribeVpcEndpoints",
    ]
    assert {endpoint["state"] for endpoint in result["vpc_endpoints"].values()} == {"available"}
    assert not cloud.run("ec2_vpc_endpoints", **params)["changed"]


def test_what_its_owner_has_to_accept_is_not_waited_for(cloud, params):
    cloud.adjust("CreateVpcEndpoint", set_state("pendingAcceptance"))
    result = cloud.run("ec2_vpc_endpoints", **params)
    assert {endpoint["state"] for endpoint in result["vpc_endpoints"].values()} == {"pendingacceptance"}
    assert cloud.operations.count("DescribeVpcEndpoints") == 1


@pytest.mark.parametrize("state", ["deleted", "Deleting", "failed", "rejected"])
def test_what_is_gone_or_useless_does_not_count(cloud, params, state):
    cloud.run("ec2_vpc_endpoints", **params)
    cloud.adjust("DescribeVpcEndpoints", set_state(state))
    result = cloud.run("ec2_vpc_endpoints", check_mode=True, **params)
    assert [one["action"] for one in result["actions"]] == ["create", "create"]


def test_an_answer_that_says_unsuccessful_is_a_failure(cloud, params):
    cloud.run("ec2_vpc_endpoints", **params)
    error = {"Code": "OperationNotPermitted", "Message": "The endpoint is managed by another service."}
    cloud.answer("DeleteVpcEndpoints", lambda call: {"Unsuccessful": [{"ResourceId": "x", "Error": error}]})
    failed = cloud.run_failing("ec2_vpc_endpoints", **{**params, "state": "absent"})
    assert "Could not delete vpce-" in failed["msg"]
    assert "OperationNotPermitted: The endpoint is managed by another service" in failed["msg"]


def test_one_that_is_gone_already_is_no_failure(cloud, params):
    cloud.run("ec2_vpc_endpoints", **params)
    error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": "gone"}
    cloud.answer("DeleteVpcEndpoints", lambda call: {"Unsuccessful": [{"ResourceId": "x", "Error": error}]})
    assert cloud.run("ec2_vpc_endpoints", **{**params, "state": "absent", "wait": False})["changed"]


@pytest.mark.parametrize(
    "item, message",
    [
        ({"name": "t"}, "VPC endpoint t has no service and no type. To fix:"),
        ({"name": "t", "service": "s3", "type": "Gateway", "subnet_ids": ["subnet-1"]}, "subnet_ids cannot be set on"),
        (
            {"name": "t", "service": "s3", "type": "Interface", "route_table_ids": ["rtb-1"]},
            "route_table_ids cannot be",
        ),
    ],
)
def test_endpoints_that_cannot_be_are_refused_before_any_call(cloud, params, item, message):
    failed = cloud.run_failing("ec2_vpc_endpoints", **{**params, "vpc_endpoints": [item]})
    assert message in failed["msg"] and cloud.calls == []


def test_planned_vpc(planned_vpc):
    endpoint = {
        "name": "t",
        "service": "s3",
        "type": "Gateway",
        "route_table_ids": [planned.ec2_id("rtb", "t")],
        "policy": POLICY,
    }
    endpoints = planned_vpc("ec2_vpc_endpoints", "vpc_endpoints", vpc_endpoints=[endpoint])
    assert endpoints["t"]["service"] == "com.amazonaws.us-east-1.s3"
    assert endpoints["t"]["route_table_ids"] == endpoint["route_table_ids"]


def test_a_failed_call_is_one_clear_message(cloud, params):
    cloud.fail("CreateVpcEndpoint", "VpcEndpointLimitExceeded", "The maximum number has been reached.")
    failed = cloud.run_failing("ec2_vpc_endpoints", **params)
    assert "Could not create an endpoint for com.amazonaws.us-east-1.s3 in vpc-" in failed["msg"]
    assert "VpcEndpointLimitExceeded: The maximum number has been reached. To fix: ask AWS" in failed["msg"]


def test_tags(cloud, params):
    cloud.run("ec2_vpc_endpoints", **params)
    result = cloud.run("ec2_vpc_endpoints", **{**params, "tags": {**TAGS, "Team": "us"}})
    assert [one[2] for one in changed_fields(result)] == [["tags"], ["tags"]]


# Pure functions


@pytest.mark.parametrize(
    "service, full",
    [
        ("ecr.api", "com.amazonaws.eu-west-1.ecr.api"),
        ("com.amazonaws.vpce.eu-west-1.vpce-svc-0123", "com.amazonaws.vpce.eu-west-1.vpce-svc-0123"),
        ("cn.com.amazonaws.cn-north-1.ecr.api", "cn.com.amazonaws.cn-north-1.ecr.api"),
        (None, None),
    ],
)
def test_short_names_of_services(service, full):
    assert module.service_name(service, "eu-west-1") == full


def test_what_is_not_given_is_left_to_aws():
    fields = dict.fromkeys(module.CHANGEABLE)
    assert module.creation_params(fields) == {}
    assert module.creation_params({**fields, "subnet_ids": [], "private_dns_enabled": False}) == {
        "PrivateDnsEnabled": False
    }
