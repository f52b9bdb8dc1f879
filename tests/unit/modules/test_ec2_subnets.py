# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_subnets against moto."""

from __future__ import annotations

import pytest

A = {"name": "t-public-a", "cidr_block": "10.0.0.0/20", "availability_zone": "us-east-1a"}
B = {"name": "t-public-b", "cidr_block": "10.0.16.0/20", "availability_zone": "us-east-1b"}
TAGS = {"Platform": "dougust", "Environment": "test"}


@pytest.fixture
def params(vpc_id):
    return {"vpc_id": vpc_id, "subnets": [{**A, "map_public_ip_on_launch": True}, B], "tags": TAGS}


def test_life_cycle(life_cycle, params):
    subnets = life_cycle("ec2_subnets", "subnets", **params)
    assert list(subnets) == ["t-public-a", "t-public-b"]
    assert subnets["t-public-a"]["map_public_ip_on_launch"] is True
    assert subnets["t-public-b"]["cidr_block"] == "10.0.16.0/20"


def test_all_subnets_are_read_in_one_call(cloud, params):
    cloud.run("ec2_subnets", **params)
    cloud.run("ec2_subnets", **params)
    assert cloud.operations == ["DescribeSubnets"]


def test_more_names_than_a_filter_takes_are_read_in_several_calls(cloud, vpc_id):
    subnets = [{"name": f"t-{number}"} for number in range(201)]
    cloud.run("ec2_subnets", state="gathered", vpc_id=vpc_id, subnets=subnets)
    names = [call["Filters"][1]["Values"] for call in cloud.parameters("DescribeSubnets")]
    assert [len(some) for some in names] == [200, 1]


def test_public_addresses_change_in_place(cloud, params):
    cloud.run("ec2_subnets", **params)
    changed = cloud.run("ec2_subnets", **{**params, "subnets": [{**A, "map_public_ip_on_launch": False}, B]})
    assert [(one["name"], one["fields"]) for one in changed["actions"]] == [("t-public-a", ["map_public_ip_on_launch"])]
    assert cloud.mutations == ["ModifySubnetAttribute"]


def test_tags_of_an_item_come_beside_those_of_all(cloud, params):
    cloud.run("ec2_subnets", **params)
    tagged = {**params, "subnets": [A, {**B, "tags": {"kubernetes.io/role/elb": "1"}}]}
    changed = cloud.run("ec2_subnets", **tagged)
    assert [(one["name"], one["fields"]) for one in changed["actions"]] == [("t-public-b", ["tags"])]
    assert changed["subnets"]["t-public-b"]["tags"] == {**TAGS, "kubernetes.io/role/elb": "1"}
    assert not cloud.run("ec2_subnets", **tagged)["changed"]
    assert cloud.run("ec2_subnets", **params)["subnets"]["t-public-b"]["tags"] == TAGS


def test_what_is_missing_is_added_beside_what_is_there(cloud, params):
    cloud.run("ec2_subnets", **{**params, "subnets": [A]})
    added = cloud.run("ec2_subnets", **{**params, "subnets": [A, B]})
    assert [(one["name"], one["action"]) for one in added["actions"]] == [("t-public-b", "create")]


def test_a_subnet_cannot_move_and_nothing_else_is_done_before_it_is_said(cloud, params):
    cloud.run("ec2_subnets", **{**params, "subnets": [B]})
    failed = cloud.run_failing("ec2_subnets", **{**params, "subnets": [A, {**B, "cidr_block": "10.0.32.0/20"}]})
    assert "subnet t-public-b: cidr_block is 10.0.16.0/20 and cannot become 10.0.32.0/20. To fix:" in failed["msg"]
    assert cloud.mutations == []


def test_planned_vpc(planned_vpc):
    assert planned_vpc("ec2_subnets", "subnets", subnets=[A, B])["t-public-a"]["cidr_block"] == "10.0.0.0/20"


def test_without_a_vpc(cloud):
    assert "vpc_id is not known" in cloud.run_failing("ec2_subnets", subnets=[A])["msg"]
    assert cloud.run("ec2_subnets", state="absent", subnets=[A])["changed"] is False
    assert cloud.run("ec2_subnets", state="gathered", subnets=[A])["subnets"] == {}


def test_two_of_one_name_in_the_list(cloud, params):
    failed = cloud.run_failing("ec2_subnets", **{**params, "subnets": [A, A]})
    assert failed["msg"] == "subnet t-public-a is listed twice. To fix: give each its own name."


def test_a_failure_says_what_was_done_before_it(cloud, params):
    cloud.fail("CreateSubnet", "InvalidSubnet.Conflict", when=lambda call: call["CidrBlock"] == B["cidr_block"])
    failed = cloud.run_failing("ec2_subnets", **params)
    assert "Could not create a subnet with 10.0.16.0/20 in vpc-" in failed["msg"]
    assert (failed["changed"], failed["actions"][0]["name"], list(failed["subnets"])) == (
        True,
        "t-public-a",
        ["t-public-a"],
    )


def test_a_vpc_that_aws_does_not_see_yet_is_asked_for_again(cloud, params, no_sleep):
    cloud.fail("CreateSubnet", "InvalidVpcID.NotFound", times=3)
    assert cloud.run("ec2_subnets", **params)["changed"]
    assert len(no_sleep) == 3
