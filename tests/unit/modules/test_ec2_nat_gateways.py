# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_nat_gateways against moto, which has neither pending nor failed gateways: those the tests make."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned
from ansible_collections.groundwork.aws.plugins.modules.ec2_nat_gateways import primary_address

TAGS = {"Platform": "dougust", "Environment": "test"}


@pytest.fixture
def params(cloud, vpc_id, subnet_ids):
    addresses = [cloud.client("ec2").allocate_address(Domain="vpc")["AllocationId"] for number in range(2)]
    gateways = [
        {"name": f"t-nat-{zone}", "subnet_id": subnet_id, "allocation_id": address}
        for zone, subnet_id, address in zip("ab", subnet_ids, addresses)
    ]
    return {"vpc_id": vpc_id, "nat_gateways": gateways, "tags": TAGS}


def set_state(state, **fields):
    """Changes the state of all gateways in an answer."""

    def change(answer):
        for gateway in answer.get("NatGateways", [answer.get("NatGateway")]):
            gateway.update(State=state, **fields)

    return change


def test_life_cycle(life_cycle, cloud, params):
    gateways = life_cycle("ec2_nat_gateways", "nat_gateways", **params)
    for item in params["nat_gateways"]:
        gateway = gateways[item["name"]]
        assert (gateway["subnet_id"], gateway["allocation_id"]) == (item["subnet_id"], item["allocation_id"])
        assert (gateway["connectivity_type"], gateway["state"]) == ("public", "available")


def test_all_are_started_before_any_is_waited_for(cloud, params):
    cloud.adjust("CreateNatGateway", set_state("pending"))
    result = cloud.run("ec2_nat_gateways", **params)
    assert cloud.operations == ["DescribeNatGateways", "CreateNatGateway", "CreateNatGateway", "DescribeNatGateways"]
    assert len(cloud.calls[-1][1]["NatGatewayIds"]) == 2
    assert {gateway["state"] for gateway in result["nat_gateways"].values()} == {"available"}


def test_without_wait_they_stay_pending_and_a_later_run_settles_them(cloud, params):
    cloud.adjust("CreateNatGateway", set_state("pending"))
    result = cloud.run("ec2_nat_gateways", wait=False, **params)
    assert {gateway["state"] for gateway in result["nat_gateways"].values()} == {"pending"}
    assert cloud.operations[-1] == "CreateNatGateway"
    described = []
    cloud.heal()
    cloud.adjust("DescribeNatGateways", lambda answer: described or (described.append(1), set_state("pending")(answer)))
    settled = cloud.run("ec2_nat_gateways", **params)
    assert (settled["changed"], cloud.operations) == (False, ["DescribeNatGateways", "DescribeNatGateways"])
    assert {gateway["state"] for gateway in settled["nat_gateways"].values()} == {"available"}


def test_one_that_fails_is_named_with_its_reason(cloud, params):
    cloud.adjust("CreateNatGateway", set_state("pending"))
    why = {"FailureCode": "Gateway.NotAttached", "FailureMessage": "Network vpc-1 has no Internet gateway attached"}
    cloud.adjust("DescribeNatGateways", set_state("failed", **why))
    failed = cloud.run_failing("ec2_nat_gateways", **params)
    assert "NAT gateway t-nat-a (nat-" in failed["msg"]
    assert "failed: Gateway.NotAttached: Network vpc-1 has no Internet gateway attached. To fix:" in failed["msg"]
    assert len(failed["actions"]) == 2


def test_one_that_takes_too_long_says_what_was_waited_for(cloud, params):
    cloud.adjust("CreateNatGateway", set_state("pending"))
    cloud.adjust("DescribeNatGateways", set_state("pending"))
    failed = cloud.run_failing("ec2_nat_gateways", wait_timeout=10, **params)
    assert "Could not see NAT gateway t-nat-a, NAT gateway t-nat-b available within 10 seconds" in failed["msg"]
    assert "To fix: run again" in failed["msg"]


def test_a_failed_one_does_not_count_and_is_warned_about(cloud, params):
    cloud.run("ec2_nat_gateways", **params)
    cloud.adjust("DescribeNatGateways", set_state("failed", FailureMessage="no Internet gateway"))
    result = cloud.run("ec2_nat_gateways", check_mode=True, **params)
    assert [one["action"] for one in result["actions"]] == ["create", "create"]
    warnings = [str(warning) for warning in result["warnings"]]
    assert any("t-nat-a (nat-" in text and "does not count: no Internet gateway" in text for text in warnings)


def test_what_is_being_deleted_does_not_count_but_is_waited_for_by_absent(cloud, params):
    cloud.run("ec2_nat_gateways", **params)
    cloud.run("ec2_nat_gateways", **{**params, "state": "absent", "wait": False})
    seen = []
    cloud.adjust("DescribeNatGateways", lambda answer: seen or (seen.append(1), set_state("deleting")(answer)))
    result = cloud.run("ec2_nat_gateways", **{**params, "state": "absent"})
    assert (result["changed"], cloud.operations) == (False, ["DescribeNatGateways", "DescribeNatGateways"])


@pytest.mark.parametrize("field", ["subnet_id", "allocation_id"])
def test_subnet_and_address_cannot_change(cloud, params, field):
    cloud.run("ec2_nat_gateways", **params)
    first, second = params["nat_gateways"]
    failed = cloud.run_failing("ec2_nat_gateways", **{**params, "nat_gateways": [{**first, field: second[field]}]})
    assert f"{field} is {first[field]} and cannot become {second[field]}. To fix:" in failed["msg"]
    assert cloud.mutations == []


def test_private_needs_no_address(cloud, params):
    private = {"name": "t", "subnet_id": params["nat_gateways"][0]["subnet_id"], "connectivity_type": "private"}
    result = cloud.run("ec2_nat_gateways", **{**params, "nat_gateways": [private]})
    assert "AllocationId" not in cloud.parameters("CreateNatGateway")[0]
    assert result["nat_gateways"]["t"]["connectivity_type"] == "private"
    assert not cloud.run("ec2_nat_gateways", **{**params, "nat_gateways": [private]})["changed"]


@pytest.mark.parametrize("field", ["subnet_id", "allocation_id"])
def test_what_is_needed_is_asked_for_before_any_call(cloud, params, field):
    params["nat_gateways"][1].pop(field)
    assert f"has no {field}. To fix:" in cloud.run_failing("ec2_nat_gateways", **params)["msg"]
    assert cloud.calls == []


def test_planned_vpc(planned_vpc):
    gateway = {
        "name": "t",
        "subnet_id": planned.ec2_id("subnet", "t"),
        "allocation_id": planned.ec2_id("eipalloc", "t"),
    }
    gateways = planned_vpc("ec2_nat_gateways", "nat_gateways", nat_gateways=[gateway])
    assert gateways["t"]["nat_gateway_id"].startswith("nat-0dec1a4ed")


def test_tags(cloud, params):
    cloud.run("ec2_nat_gateways", **params)
    changed = cloud.run("ec2_nat_gateways", **{**params, "tags": {**TAGS, "Team": "us"}})
    assert [one["fields"] for one in changed["actions"]] == [["tags"], ["tags"]]
    assert cloud.mutations == ["CreateTags", "CreateTags"]


def test_a_failed_call_is_one_clear_message(cloud, params):
    cloud.fail("CreateNatGateway", "NatGatewayLimitExceeded", "Performing this operation would exceed the limit of 5")
    failed = cloud.run_failing("ec2_nat_gateways", **params)
    assert f"Could not create a NAT gateway in {params['nat_gateways'][0]['subnet_id']}: " in failed["msg"]
    assert "To fix: ask AWS for a higher quota" in failed["msg"]


def test_the_primary_address_is_the_one_that_counts():
    secondary = {"AllocationId": "eipalloc-2", "IsPrimary": False}
    primary = {"AllocationId": "eipalloc-1", "IsPrimary": True}
    assert primary_address({"NatGatewayAddresses": [secondary, primary]}) == primary
    assert primary_address({"NatGatewayAddresses": [{"AllocationId": "eipalloc-3"}]}) == {"AllocationId": "eipalloc-3"}
    assert primary_address({}) == {}
