# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_elastic_ips against moto."""

from __future__ import annotations

TAGS = {"Platform": "dougust", "Environment": "test"}
PARAMS = {"elastic_ips": [{"name": "t-nat-a"}, {"name": "t-nat-b"}], "tags": TAGS}


def test_life_cycle(life_cycle, cloud):
    addresses = life_cycle("ec2_elastic_ips", "elastic_ips", **PARAMS)
    assert addresses["t-nat-a"]["allocation_id"].startswith("eipalloc-")
    assert addresses["t-nat-a"]["public_ip"].count(".") == 3
    assert addresses["t-nat-a"]["tags"] == TAGS
    assert cloud.client("ec2").describe_addresses()["Addresses"] == []


def test_a_planned_address_has_no_number(cloud):
    addresses = cloud.run("ec2_elastic_ips", check_mode=True, **PARAMS)["elastic_ips"]
    assert [address["public_ip"] for address in addresses.values()] == [None, None]


def test_an_address_that_is_gone_is_allocated_again(cloud):
    addresses = cloud.run("ec2_elastic_ips", **PARAMS)["elastic_ips"]
    cloud.client("ec2").release_address(AllocationId=addresses["t-nat-a"]["allocation_id"])
    again = cloud.run("ec2_elastic_ips", **PARAMS)
    assert [one["name"] for one in again["actions"]] == ["t-nat-a"]
    assert again["elastic_ips"]["t-nat-b"] == addresses["t-nat-b"]


def test_tags_of_an_item(cloud):
    cloud.run("ec2_elastic_ips", **PARAMS)
    tagged = {**PARAMS, "elastic_ips": [{"name": "t-nat-a", "tags": {"Use": "nat"}}, {"name": "t-nat-b"}]}
    changed = cloud.run("ec2_elastic_ips", **tagged)
    assert [(one["name"], one["fields"]) for one in changed["actions"]] == [("t-nat-a", ["tags"])]
    assert not cloud.run("ec2_elastic_ips", **tagged)["changed"]


def test_the_address_of_another_environment_is_another_address(cloud):
    cloud.run("ec2_elastic_ips", **PARAMS)
    other = {**PARAMS, "tags": {"Platform": "dougust", "Environment": "production"}}
    assert cloud.run("ec2_elastic_ips", check_mode=True, **other)["changed"]


def test_an_address_that_a_gateway_still_holds_is_released_later(cloud, no_sleep):
    cloud.run("ec2_elastic_ips", **PARAMS)
    cloud.fail("ReleaseAddress", "InvalidIPAddress.InUse", times=2)
    assert cloud.run("ec2_elastic_ips", state="absent", **PARAMS)["changed"]
    assert len(no_sleep) == 2


def test_a_failed_call_is_one_clear_message(cloud):
    cloud.fail("AllocateAddress", "AddressLimitExceeded", "The maximum number of addresses has been reached.")
    failed = cloud.run_failing("ec2_elastic_ips", **PARAMS)
    assert "Could not allocate an Elastic IP address: AddressLimitExceeded: The maximum number" in failed["msg"]
    assert "To fix: ask AWS for a higher quota" in failed["msg"]
