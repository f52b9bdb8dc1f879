# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_internet_gateway against moto: the gateway is found by the VPC first, by its name second."""

from __future__ import annotations

import pytest

TAGS = {"Platform": "dougust", "Environment": "test"}
NAMED = [{"Key": "Name", "Value": "t"}, *({"Key": key, "Value": value} for key, value in TAGS.items())]


@pytest.fixture
def params(vpc_id):
    return {"name": "t", "vpc_id": vpc_id, "tags": TAGS}


def gateways(cloud):
    return cloud.client("ec2").describe_internet_gateways()["InternetGateways"]


def make_gateway(cloud, tags, vpc_id=None):
    specification = [{"ResourceType": "internet-gateway", "Tags": tags}]
    created = cloud.client("ec2").create_internet_gateway(TagSpecifications=specification)
    gateway_id = created["InternetGateway"]["InternetGatewayId"]
    if vpc_id:
        cloud.client("ec2").attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    return gateway_id


def test_life_cycle(life_cycle, cloud, params):
    gateway = life_cycle("ec2_internet_gateway", "internet_gateway", **params)
    assert (gateway["vpc_id"], gateway["owned"]) == (params["vpc_id"], True)
    assert gateways(cloud) == []


def test_a_gateway_of_a_killed_run_is_attached(cloud, params):
    gateway_id = make_gateway(cloud, NAMED)
    result = cloud.run("ec2_internet_gateway", **params)
    assert result["internet_gateway"]["internet_gateway_id"] == gateway_id
    assert (result["actions"][0]["action"], result["actions"][0]["fields"]) == ("update", ["vpc_id"])
    assert cloud.mutations == ["AttachInternetGateway"]
    assert gateways(cloud)[0]["Attachments"][0]["VpcId"] == params["vpc_id"]


def test_one_that_was_detached_by_hand_is_attached_again(cloud, params):
    gateway_id = cloud.run("ec2_internet_gateway", **params)["internet_gateway"]["internet_gateway_id"]
    cloud.client("ec2").detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=params["vpc_id"])
    assert cloud.run("ec2_internet_gateway", check_mode=True, **params)["actions"][0]["fields"] == ["vpc_id"]
    assert cloud.run("ec2_internet_gateway", **params)["internet_gateway"]["internet_gateway_id"] == gateway_id


def test_one_that_was_never_attached_is_deleted(cloud, params):
    make_gateway(cloud, NAMED)
    cloud.run("ec2_internet_gateway", state="absent", **params)
    assert cloud.mutations == ["DeleteInternetGateway"]


@pytest.mark.parametrize("tags", [[{"Key": "Name", "Value": "theirs"}], [{"Key": "Name", "Value": "t"}]])
def test_another_gateway_of_the_vpc_is_used_and_left_alone(cloud, params, tags):
    gateway_id = make_gateway(cloud, tags, params["vpc_id"])
    for state in ("present", "gathered"):
        result = cloud.run("ec2_internet_gateway", state=state, **params)
        assert result["internet_gateway"]["internet_gateway_id"] == gateway_id
        assert (result["internet_gateway"]["owned"], result["internet_gateway"]["name"]) == (False, "t")
        assert (result["changed"], cloud.mutations) == (False, [])
    absent = cloud.run("ec2_internet_gateway", state="absent", **params)
    assert (absent["changed"], cloud.mutations, len(gateways(cloud))) == (False, [], 1)


def test_a_gateway_of_this_name_in_another_vpc_is_not_taken(cloud, params):
    other = cloud.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    theirs = make_gateway(cloud, NAMED, other)
    assert cloud.run("ec2_internet_gateway", **params)["internet_gateway"]["internet_gateway_id"] != theirs


def test_tags(cloud, params):
    cloud.run("ec2_internet_gateway", **params)
    changed = cloud.run("ec2_internet_gateway", **{**params, "tags": {**TAGS, "Team": "us"}})
    assert (changed["actions"][0]["fields"], cloud.mutations) == (["tags"], ["CreateTags"])


def test_planned_vpc(planned_vpc):
    gateway = planned_vpc("ec2_internet_gateway", "internet_gateway", name="t")
    assert gateway["owned"] is True


def test_a_failed_call_is_one_clear_message(cloud, params):
    cloud.fail("AttachInternetGateway", "UnauthorizedOperation", "You are not authorized to perform this operation.")
    failed = cloud.run_failing("ec2_internet_gateway", **params)
    assert "Could not attach igw-" in failed["msg"] and f"to {params['vpc_id']}: UnauthorizedOperation" in failed["msg"]
    assert "To fix: grant the caller this action" in failed["msg"]
    cloud.heal()
    assert cloud.run("ec2_internet_gateway", **params)["actions"][0]["fields"] == ["vpc_id"]
