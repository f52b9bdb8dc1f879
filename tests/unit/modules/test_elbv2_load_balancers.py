# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""elbv2_load_balancers against moto: created, changed in place, protected, and gone with their interfaces."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import elbv2, planned

MODULE = "elbv2_load_balancers"
NAME = "dougust-test"
TAGS = {"Platform": "dougust", "Environment": "test"}
ATTRIBUTES = {
    "deletion_protection.enabled": False,
    "idle_timeout.timeout_seconds": 120,
    "access_logs.s3.enabled": True,
    "access_logs.s3.bucket": "dougust-logs",
}


@pytest.fixture
def group_ids(cloud, vpc_id):
    """Two security groups in the VPC."""
    return [
        cloud.client("ec2").create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"]
        for name in ("one", "two")
    ]


@pytest.fixture
def params(subnet_ids, group_ids):
    """The module's parameters for one load balancer."""
    balancer = {
        "name": NAME,
        "scheme": "internet-facing",
        "subnet_ids": subnet_ids[:2],
        "security_group_ids": group_ids[:1],
        "ip_address_type": "ipv4",
        "attributes": ATTRIBUTES,
    }
    return {"load_balancers": [balancer], "tags": TAGS}


def with_change(params, **change):
    return {**params, "load_balancers": [{**params["load_balancers"][0], **change}]}


def described(cloud):
    return cloud.client("elbv2").describe_load_balancers()["LoadBalancers"][0]


def attributes(cloud):
    listed = cloud.client("elbv2").describe_load_balancer_attributes(
        LoadBalancerArn=described(cloud)["LoadBalancerArn"]
    )
    return {one["Key"]: one["Value"] for one in listed["Attributes"]}


def test_the_whole_life(cloud, life_cycle, params, vpc_id):
    balancer = life_cycle(MODULE, "load_balancers", **params)[NAME]
    assert balancer["arn"].endswith(f":loadbalancer/{balancer['arn_suffix']}")
    assert balancer["arn_suffix"].startswith(f"app/{NAME}/")
    assert (balancer["state"], balancer["vpc_id"], balancer["type"]) == ("active", vpc_id, "application")
    assert balancer["attributes"]["idle_timeout.timeout_seconds"] == "120"


def test_check_mode_predicts_what_others_need(cloud, params):
    subnets = [planned.ec2_id("subnet", zone) for zone in "ab"]
    planned_params = with_change(params, subnet_ids=subnets, security_group_ids=[planned.ec2_id("sg", "one")])
    balancer = cloud.run(MODULE, check_mode=True, account_id="123456789012", **planned_params)["load_balancers"][NAME]
    assert balancer["arn"].startswith("arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/")
    for key in ("arn", "arn_suffix", "dns_name", "canonical_zone_id"):
        assert planned.is_planned(balancer[key]), key
    assert cloud.operations == ["DescribeLoadBalancers"]
    assert "planned id of a --check run" in cloud.run_failing(MODULE, **planned_params)["msg"]


def test_one_call_creates_it_with_its_tags_and_one_sets_the_attributes(cloud, params):
    created = cloud.run(MODULE, **params)
    assert cloud.mutations == ["CreateLoadBalancer", "ModifyLoadBalancerAttributes"]
    (call,) = cloud.parameters("CreateLoadBalancer")
    assert {"Key": "Platform", "Value": "dougust"} in call["Tags"]
    assert created["actions"][0]["action"] == "create"
    assert attributes(cloud)["access_logs.s3.enabled"] == "true"


def test_a_killed_run_is_finished(cloud, params):
    cloud.run(MODULE, **with_change(params, attributes=None))
    result = cloud.run(MODULE, **params)
    assert (result["actions"][0]["fields"], cloud.mutations) == (["attributes"], ["ModifyLoadBalancerAttributes"])


def test_fields_change_in_place(cloud, params, subnet_ids, group_ids):
    cloud.run(MODULE, **params)
    for change, call in [
        ({"subnet_ids": subnet_ids}, "SetSubnets"),
        ({"security_group_ids": group_ids}, "SetSecurityGroups"),
        ({"ip_address_type": "dualstack"}, "SetIpAddressType"),
        ({"attributes": {"idle_timeout.timeout_seconds": "30"}}, "ModifyLoadBalancerAttributes"),
        ({"tags": {"Tier": "edge"}}, "AddTags"),
    ]:
        params = with_change(params, **change)
        fields = list(change)
        assert cloud.run(MODULE, check_mode=True, **params)["actions"][0]["fields"] == fields
        assert cloud.mutations == []
        assert cloud.run(MODULE, **params)["actions"][0]["fields"] == fields
        assert cloud.mutations == [call]
        assert not cloud.run(MODULE, **params)["changed"]
    balancer = described(cloud)
    assert {zone["SubnetId"] for zone in balancer["AvailabilityZones"]} == set(subnet_ids)
    assert set(balancer["SecurityGroups"]) == set(group_ids)
    assert (balancer["IpAddressType"], attributes(cloud)["idle_timeout.timeout_seconds"]) == ("dualstack", "30")
    cloud.run(MODULE, **with_change(params, tags=None))
    assert cloud.mutations == ["RemoveTags"]


def test_attributes_are_sent_by_topic(cloud, params):
    cloud.run(MODULE, **params)
    arn = described(cloud)["LoadBalancerArn"]
    by_hand = [{"Key": "access_logs.s3.enabled", "Value": "false"}]
    cloud.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=by_hand)
    cloud.run(MODULE, **params)
    sent = cloud.parameters("ModifyLoadBalancerAttributes")[0]["Attributes"]
    assert [one["Key"] for one in sent] == ["access_logs.s3.enabled", "access_logs.s3.bucket"]


def test_what_is_not_given_is_left_alone(cloud, params):
    cloud.run(MODULE, **params)
    least = {"name": NAME, "subnet_ids": params["load_balancers"][0]["subnet_ids"]}
    assert not cloud.run(MODULE, load_balancers=[least])["changed"]
    assert cloud.operations == ["DescribeLoadBalancers", "DescribeTags"]


def test_what_aws_cannot_change_is_refused(cloud, params):
    cloud.run(MODULE, **params)
    failed = cloud.run_failing(MODULE, **with_change(params, scheme="internal"))
    assert f"load balancer {NAME}: scheme is internet-facing and cannot become internal. To fix:" in failed["msg"]
    assert cloud.mutations == []


@pytest.mark.parametrize("state", ["present", "absent"])
def test_somebody_elses_is_not_touched(cloud, params, state):
    cloud.run(MODULE, **{**params, "tags": {**TAGS, "Environment": "production"}})
    failed = cloud.run_failing(MODULE, **params, state=state)
    assert "belongs to somebody else: it is tagged Environment=production" in failed["msg"]
    assert cloud.mutations == []


def test_two_at_once_cost_one_description(cloud, params):
    other = {**params["load_balancers"][0], "name": "other", "attributes": None}
    both = {**params, "load_balancers": [*params["load_balancers"], other]}
    cloud.run(MODULE, **params)
    # AWS answers about the missing one alone; moto returns the others.
    cloud.fail("DescribeLoadBalancers", "LoadBalancerNotFound", when=lambda call: len(call["Names"]) > 1, times=1)
    assert list(cloud.run(MODULE, **both)["load_balancers"]) == [NAME, "other"]
    assert cloud.operations[:3] == ["DescribeLoadBalancers"] * 3
    cloud.run(MODULE, **both)
    assert cloud.operations.count("DescribeLoadBalancers") == cloud.operations.count("DescribeTags") == 1


def provisioning(answer):
    for one in answer["LoadBalancers"]:
        one["State"] = {"Code": "provisioning"}


def test_waits_until_it_is_active(cloud, params, no_sleep):
    states = iter(["provisioning", "active"])

    def describe(answer):
        for one in answer["LoadBalancers"]:
            one["State"] = {"Code": next(states)}

    cloud.adjust("CreateLoadBalancer", provisioning)
    cloud.run(MODULE, **params, wait=False)
    assert cloud.operations[-1] == "ModifyLoadBalancerAttributes"
    cloud.adjust("DescribeLoadBalancers", describe)
    assert cloud.run(MODULE, **params)["load_balancers"][NAME]["state"] == "active"
    assert cloud.operations.count("DescribeLoadBalancers") == 2


@pytest.mark.parametrize("first", ["provisioning", "failed"])
def test_a_failed_one_says_why(cloud, params, first):
    codes = [first]

    def describe(answer):
        for one in answer["LoadBalancers"]:
            one["State"] = {"Code": codes.pop() if codes else "failed", "Reason": "no free addresses"}

    cloud.run(MODULE, **params)
    cloud.adjust("DescribeLoadBalancers", describe)
    assert f"load balancer {NAME} failed: no free addresses. To fix:" in cloud.run_failing(MODULE, **params)["msg"]


def test_a_wait_that_takes_too_long_fails(cloud, params):
    cloud.run(MODULE, **params)
    cloud.adjust("DescribeLoadBalancers", provisioning)
    failed = cloud.run_failing(MODULE, **params, wait_timeout=10)
    assert f"Could not see load balancer {NAME} active within 10 seconds" in failed["msg"]


def test_protection_is_switched_off_only_by_force(cloud, params):
    params = with_change(params, attributes={"deletion_protection.enabled": True})
    cloud.run(MODULE, **params)
    message = "Load balancer cannot be deleted because deletion protection is enabled"
    cloud.fail("DeleteLoadBalancer", "OperationNotPermitted", message, times=1)
    failed = cloud.run_failing(MODULE, **params, state="absent")
    assert message in failed["msg"] and "teardown_force=true" in failed["msg"]
    cloud.run(MODULE, **params, state="absent", force=True)
    assert cloud.mutations == ["ModifyLoadBalancerAttributes", "DeleteLoadBalancer"]


def test_deletion_waits_for_the_network_interfaces(cloud, params):
    suffix = cloud.run(MODULE, **params)["load_balancers"][NAME]["arn_suffix"]
    left = [[{"NetworkInterfaceId": "eni-1"}], []]
    cloud.answer("DescribeNetworkInterfaces", lambda params: {"NetworkInterfaces": left.pop(0)})
    cloud.run(MODULE, **params, state="absent")
    asked = cloud.parameters("DescribeNetworkInterfaces")
    assert [one["Filters"] for one in asked] == [[{"Name": "description", "Values": [f"ELB {suffix}"]}]] * 2


def test_a_run_after_a_kill_waits_for_the_interfaces_too(cloud, params):
    cloud.answer("DescribeNetworkInterfaces", lambda params: {"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1"}]})
    failed = cloud.run_failing(MODULE, **params, state="absent", wait_timeout=10)
    assert f"see the network interfaces of load balancer {NAME} gone within 10 seconds" in failed["msg"]
    asked = cloud.parameters("DescribeNetworkInterfaces")[0]["Filters"]
    assert asked == [{"Name": "description", "Values": [f"ELB app/{NAME}/*"]}]
    assert not cloud.run(MODULE, **params, state="absent", wait=False)["changed"]


def test_undeclared_ones_are_deleted(cloud, params):
    tags = {**TAGS, "ManagedBy": "groundwork.aws", "Component": "load_balancer"}
    cloud.run(MODULE, **{**params, "tags": tags})
    cloud.answer("DescribeNetworkInterfaces", lambda params: {"NetworkInterfaces": []})
    other = with_change({**params, "tags": tags}, name="other", attributes=None)
    result = cloud.run(MODULE, **other, undeclared="delete")
    assert [(one["name"], one["action"]) for one in result["actions"]] == [("other", "create"), (NAME, "delete")]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "a" * 33}, "is no name of a load balancer. To fix:"),
        ({"name": "a--b"}, "is no name of a load balancer. To fix:"),
        ({"name": "a-"}, "is no name of a load balancer. To fix:"),
        ({"name": "internal-a"}, "is no name of a load balancer. To fix:"),
        ({"subnet_ids": ["subnet-1"]}, f"load balancer {NAME} has too few subnet_ids. To fix: name at least 2"),
        ({"subnet_ids": [], "type": "network"}, "has too few subnet_ids. To fix: name at least 1"),
        ({"security_group_ids": []}, "has no security group. To fix:"),
        ({"attributes": {f"key.{number}": 1 for number in range(21)}}, "has more than 20 attributes. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, params, change, message):
    assert message in cloud.run_failing(MODULE, **with_change(params, **change))["msg"]
    assert cloud.calls == []


def test_what_aws_does_not_know_yet_is_tried_again(cloud, params):
    invalid = "One or more security groups are invalid"
    cloud.fail("CreateLoadBalancer", "InvalidConfigurationRequest", invalid, times=1)
    cloud.fail("ModifyLoadBalancerAttributes", "InvalidConfigurationRequest", "Access Denied for bucket: x", times=1)
    assert cloud.run(MODULE, **params)["changed"]


def test_a_failed_call_is_one_clear_message(cloud, params):
    cloud.fail("CreateLoadBalancer", "InvalidConfigurationRequest", "A subnet must be in another zone")
    failed = cloud.run_failing(MODULE, **params)
    assert f"Could not create load balancer {NAME}: InvalidConfigurationRequest: A subnet" in failed["msg"]
    assert cloud.operations.count("CreateLoadBalancer") == 1


def test_values_of_attributes_are_those_of_aws():
    given = {"a.enabled": True, "b.enabled": "False", "c.seconds": 60, "d.prefix": "", "e.mode": "Strict", "f": None}
    assert elbv2.wanted_attributes(given) == {
        "a.enabled": "true",
        "b.enabled": "false",
        "c.seconds": "60",
        "d.prefix": "",
        "e.mode": "Strict",
    }
    assert elbv2.wanted_attributes(None) is None
    assert elbv2.attributes_to_send(None, {"a.b": "1"}) == {"a.b": "1"}
    assert elbv2.attributes_to_send({"a.b": "1", "a.c": "1", "d.e": "1"}, {"a.b": "2", "a.c": "1", "d.e": "1"}) == {
        "a.b": "2",
        "a.c": "1",
    }
