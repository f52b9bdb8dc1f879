# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_vpc against moto: from nothing to a VPC, back, and what it refuses."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned

VPC = {
    "name": "dougust-test",
    "cidr_block": "10.0.0.0/16",
    "dns_support": True,
    "dns_hostnames": True,
    "tags": {"Platform": "dougust", "Environment": "test"},
}


def vpcs(cloud):
    filters = [{"Name": "tag:Name", "Values": ["dougust-test"]}]
    return cloud.client("ec2").describe_vpcs(Filters=filters)["Vpcs"]


def test_check_mode_on_an_empty_account_predicts_the_vpc(cloud):
    result = cloud.run("ec2_vpc", check_mode=True, **VPC)
    assert result["changed"]
    assert planned.is_planned(result["vpc"]["vpc_id"])
    assert result["vpc"]["dns_hostnames"] is True
    assert [action["action"] for action in result["actions"]] == ["create"]
    assert result["diff"][0]["after"]["cidr_block"] == "10.0.0.0/16"
    assert cloud.mutations == []


def test_create_then_nothing_to_do(cloud):
    created = cloud.run("ec2_vpc", **VPC)
    assert created["actions"] == [
        {"service": "ec2", "type": "vpc", "name": "dougust-test", "action": "create", "fields": []}
    ]
    (vpc,) = vpcs(cloud)
    assert created["vpc"]["vpc_id"] == vpc["VpcId"]
    assert {"Key": "Environment", "Value": "test"} in vpc["Tags"]
    for check_mode in (False, True):
        again = cloud.run("ec2_vpc", check_mode=check_mode, **VPC)
        assert (again["changed"], again["actions"], again["diff"], cloud.mutations) == (False, [], [], [])
        assert again["vpc"] == created["vpc"]


@pytest.mark.parametrize("field", ["dns_support", "dns_hostnames"])
def test_dns_settings_change_in_place(cloud, field):
    cloud.run("ec2_vpc", **VPC)
    planned_change = cloud.run("ec2_vpc", check_mode=True, **{**VPC, field: False})
    assert (planned_change["actions"][0]["fields"], cloud.mutations) == ([field], [])
    changed = cloud.run("ec2_vpc", **{**VPC, field: False})
    assert (changed["actions"][0]["fields"], cloud.mutations) == ([field], ["ModifyVpcAttribute"])
    assert not cloud.run("ec2_vpc", **{**VPC, field: False})["changed"]


def test_tags_are_set_and_removed_and_name_stays(cloud):
    cloud.run("ec2_vpc", **{**VPC, "tags": {**VPC["tags"], "Owner": "them"}})
    changed = cloud.run("ec2_vpc", **{**VPC, "tags": {**VPC["tags"], "Team": "us"}})
    assert changed["vpc"]["tags"] == {"Platform": "dougust", "Environment": "test", "Team": "us"}
    tags = {tag["Key"]: tag["Value"] for tag in vpcs(cloud)[0]["Tags"]}
    assert tags == {"Name": "dougust-test", "Platform": "dougust", "Environment": "test", "Team": "us"}
    assert not cloud.run("ec2_vpc", purge_tags=False, **VPC)["changed"]


def test_the_cidr_block_of_a_vpc_cannot_change(cloud):
    cloud.run("ec2_vpc", **VPC)
    failed = cloud.run_failing("ec2_vpc", **{**VPC, "cidr_block": "10.1.0.0/16", "dns_support": False})
    assert "cidr_block is 10.0.0.0/16 and cannot become 10.1.0.0/16. To fix:" in failed["msg"]
    assert cloud.mutations == []


def test_a_vpc_of_another_environment_is_another_vpc(cloud):
    cloud.run("ec2_vpc", **VPC)
    other = {**VPC, "tags": {"Platform": "dougust", "Environment": "production"}}
    assert cloud.run("ec2_vpc", state="gathered", **other)["vpc"] is None


def test_two_of_the_same_name_are_refused(cloud):
    cloud.run("ec2_vpc", **VPC)
    tags = [{"Key": "Name", "Value": "dougust-test"}, *({"Key": k, "Value": v} for k, v in VPC["tags"].items())]
    cloud.client("ec2").create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}])
    assert "There are two: vpc dougust-test is vpc-" in cloud.run_failing("ec2_vpc", **VPC)["msg"]


def test_delete_and_delete_again(cloud):
    cloud.run("ec2_vpc", **VPC)
    assert cloud.run("ec2_vpc", check_mode=True, state="absent", **VPC)["changed"]
    assert cloud.mutations == []
    deleted = cloud.run("ec2_vpc", state="absent", **VPC)
    assert ([action["action"] for action in deleted["actions"]], deleted["vpc"]) == (["delete"], None)
    assert vpcs(cloud) == []
    assert not cloud.run("ec2_vpc", state="absent", **VPC)["changed"]


def test_gathered_reads_by_name_or_by_id(cloud):
    assert cloud.run("ec2_vpc", state="gathered", name="dougust-test")["vpc"] is None
    created = cloud.run("ec2_vpc", **VPC)["vpc"]
    assert cloud.run("ec2_vpc", state="gathered", name="dougust-test")["vpc"] == created
    adopted = cloud.run("ec2_vpc", state="gathered", name="other", vpc_id=created["vpc_id"])
    assert (adopted["changed"], adopted["vpc"]["vpc_id"]) == (False, created["vpc_id"])
    failed = cloud.run_failing("ec2_vpc", state="gathered", name="other", vpc_id="vpc-0123456789abcdef0")
    assert "There is no VPC vpc-0123456789abcdef0 in us-east-1. To fix:" in failed["msg"]


def test_gathered_in_check_mode_plans_what_is_missing(cloud):
    result = cloud.run("ec2_vpc", check_mode=True, state="gathered", name="dougust-test")
    assert planned.is_planned(result["vpc"]["vpc_id"])
    assert not result["changed"]


def test_a_failed_call_is_one_clear_message(cloud):
    cloud.fail("CreateVpc", "VpcLimitExceeded", "The maximum number of VPCs has been reached.")
    failed = cloud.run_failing("ec2_vpc", **VPC)
    assert failed["msg"] == (
        "Could not create a VPC with 10.0.0.0/16: VpcLimitExceeded: The maximum number of VPCs has been reached. "
        "To fix: ask AWS for a higher quota (Service Quotas console) or delete what is not used. (region us-east-1)"
    )
