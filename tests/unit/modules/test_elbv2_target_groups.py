# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""elbv2_target_groups against moto: created, checked, changed in place, and let go by their listeners."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned

MODULE = "elbv2_target_groups"
NAME = "dougust-test-blue"
TAGS = {"Platform": "dougust", "Environment": "test"}
CHECK = {"path": "/api/health", "matcher": "200", "interval": 15, "timeout": 5, "healthy_threshold": 3}
ATTRIBUTES = {"deregistration_delay.timeout_seconds": 30, "stickiness.enabled": True, "stickiness.type": "lb_cookie"}
GROUP = {"name": NAME, "port": 3000, "health_check": CHECK, "attributes": ATTRIBUTES}


@pytest.fixture
def params(vpc_id):
    """The module's parameters for one target group."""
    return {"target_groups": [GROUP], "vpc_id": vpc_id, "tags": TAGS}


def with_change(params, **change):
    return {**params, "target_groups": [{**params["target_groups"][0], **change}]}


def described(cloud):
    return cloud.client("elbv2").describe_target_groups()["TargetGroups"][0]


def attributes(cloud):
    arn = described(cloud)["TargetGroupArn"]
    listed = cloud.client("elbv2").describe_target_group_attributes(TargetGroupArn=arn)
    return {one["Key"]: one["Value"] for one in listed["Attributes"]}


def test_the_whole_life(life_cycle, params, vpc_id):
    group = life_cycle(MODULE, "target_groups", **params)[NAME]
    assert group["arn"].endswith(f":{group['arn_suffix']}")
    assert group["arn_suffix"].startswith(f"targetgroup/{NAME}/")
    assert (group["vpc_id"], group["target_type"], group["protocol_version"]) == (vpc_id, "ip", "HTTP1")
    assert (group["health_check"]["path"], group["health_check"]["unhealthy_threshold"]) == ("/api/health", 2)
    assert group["load_balancer_arns"] == []


def test_a_planned_vpc(planned_vpc):
    group = planned_vpc(MODULE, "target_groups", target_groups=[GROUP], account_id="123456789012")[NAME]
    assert group["arn"].startswith(f"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/{NAME}/")
    assert planned.is_planned(group["arn_suffix"])


def test_one_call_creates_it_and_one_sets_the_attributes(cloud, params):
    cloud.run(MODULE, **params)
    assert cloud.mutations == ["CreateTargetGroup", "ModifyTargetGroupAttributes"]
    (call,) = cloud.parameters("CreateTargetGroup")
    assert {"Key": "Environment", "Value": "test"} in call["Tags"]
    assert (call["HealthCheckPath"], call["Matcher"]) == ("/api/health", {"HttpCode": "200"})
    assert attributes(cloud)["stickiness.enabled"] == "true"


def test_a_killed_run_is_finished(cloud, params):
    cloud.run(MODULE, **with_change(params, attributes=None))
    result = cloud.run(MODULE, **params)
    assert (result["actions"][0]["fields"], cloud.mutations) == (["attributes"], ["ModifyTargetGroupAttributes"])


def test_fields_change_in_place(cloud, params):
    cloud.run(MODULE, **params)
    for change, call in [
        ({"health_check": {"path": "/ready", "interval": 20}}, "ModifyTargetGroup"),
        ({"attributes": {"stickiness.enabled": False}}, "ModifyTargetGroupAttributes"),
        ({"tags": {"Tier": "app"}}, "AddTags"),
    ]:
        params, fields = with_change(params, **change), list(change)
        assert cloud.run(MODULE, check_mode=True, **params)["actions"][0]["fields"] == fields
        assert cloud.mutations == []
        assert cloud.run(MODULE, **params)["actions"][0]["fields"] == fields
        assert cloud.mutations == [call]
        assert not cloud.run(MODULE, **params)["changed"]
    group = described(cloud)
    assert (group["HealthCheckPath"], group["HealthCheckIntervalSeconds"]) == ("/ready", 20)
    assert (group["HealthCheckTimeoutSeconds"], attributes(cloud)["stickiness.enabled"]) == (5, "false")
    cloud.run(MODULE, **with_change(params, tags=None))
    assert cloud.mutations == ["RemoveTags"]


def test_only_what_differs_of_a_health_check_is_sent(cloud, params):
    arn = cloud.run(MODULE, **params)["target_groups"][NAME]["arn"]
    cloud.client("elbv2").modify_target_group(TargetGroupArn=arn, HealthCheckPath="/by-hand")
    cloud.run(MODULE, **params)
    assert cloud.parameters("ModifyTargetGroup") == [{"TargetGroupArn": arn, "HealthCheckPath": "/api/health"}]


def test_a_matcher_of_grpc_is_its_own(cloud, params):
    cloud.run(MODULE, **with_change(params, protocol_version="GRPC", health_check={"matcher": "0"}))
    assert cloud.parameters("CreateTargetGroup")[0]["Matcher"] == {"GrpcCode": "0"}
    cloud.answer("ModifyTargetGroup", lambda call: {"TargetGroups": []})
    cloud.run(MODULE, **with_change(params, protocol_version="GRPC", health_check={"matcher": "0-5"}))
    assert cloud.parameters("ModifyTargetGroup")[0]["Matcher"] == {"GrpcCode": "0-5"}


def test_what_is_not_given_is_left_alone(cloud, params):
    cloud.run(MODULE, **params)
    assert not cloud.run(MODULE, vpc_id=params["vpc_id"], target_groups=[{"name": NAME, "port": 3000}])["changed"]
    assert cloud.operations == ["DescribeTargetGroups", "DescribeTags"]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"port": 8080}, "port is 3000 and cannot become 8080"),
        ({"protocol": "HTTPS"}, "protocol is HTTP and cannot become HTTPS"),
        ({"protocol_version": "HTTP2"}, "protocol_version is HTTP1 and cannot become HTTP2"),
        ({"target_type": "instance"}, "target_type is ip and cannot become instance"),
    ],
)
def test_what_aws_cannot_change_is_refused(cloud, params, change, message):
    cloud.run(MODULE, **params)
    assert (
        f"target group {NAME}: {message}. To fix:" in cloud.run_failing(MODULE, **with_change(params, **change))["msg"]
    )
    assert cloud.mutations == []


def test_one_in_another_vpc_is_refused(cloud, params):
    cloud.run(MODULE, **params)
    other = cloud.client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    assert "vpc_id is" in cloud.run_failing(MODULE, **{**params, "vpc_id": other})["msg"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_somebody_elses_is_not_touched(cloud, params, state):
    cloud.run(MODULE, **{**params, "tags": {**TAGS, "Platform": "other"}})
    assert (
        "belongs to somebody else: it is tagged Platform=other"
        in cloud.run_failing(MODULE, **params, state=state)["msg"]
    )
    assert cloud.mutations == []


def test_the_health_of_targets_is_read_on_demand(cloud, params):
    cloud.run(MODULE, **params)
    health = [
        {
            "Target": {"Id": "10.0.0.1", "Port": 3000, "AvailabilityZone": "us-east-1a"},
            "TargetHealth": {"State": "healthy"},
        },
        {
            "Target": {"Id": "10.0.1.1", "Port": 3000},
            "TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout"},
        },
    ]
    cloud.answer("DescribeTargetHealth", lambda call: {"TargetHealthDescriptions": health})
    assert "targets" not in cloud.run(MODULE, **params, state="gathered")["target_groups"][NAME]
    group = cloud.run(MODULE, **params, state="gathered", health=True)["target_groups"][NAME]
    assert group["target_counts"] == {"healthy": 1, "unhealthy": 1}
    assert group["targets"] == [
        {"id": "10.0.0.1", "port": 3000, "zone": "us-east-1a", "state": "healthy", "reason": None},
        {"id": "10.0.1.1", "port": 3000, "zone": None, "state": "unhealthy", "reason": "Target.Timeout"},
    ]


def test_a_listener_lets_go_a_moment_later(cloud, params):
    cloud.run(MODULE, **params)
    cloud.fail(
        "DeleteTargetGroup", "ResourceInUse", "Target group is currently in use by a listener or a rule", times=2
    )
    assert cloud.run(MODULE, **params, state="absent")["changed"]
    assert cloud.operations.count("DeleteTargetGroup") == 3


def test_one_that_stays_in_use_is_a_clear_message(cloud, params):
    cloud.run(MODULE, **params)
    cloud.fail("DeleteTargetGroup", "ResourceInUse", "Target group is currently in use by a listener or a rule")
    failed = cloud.run_failing(MODULE, **params, state="absent")
    assert "Could not delete target group arn:" in failed["msg"] and "ResourceInUse" in failed["msg"]


def test_a_vpc_of_a_moment_ago_is_tried_again(cloud, params):
    cloud.fail("CreateTargetGroup", "ValidationError", f"The VPC ID '{params['vpc_id']}' is not found", times=1)
    assert cloud.run(MODULE, **params)["changed"]


def test_undeclared_ones_are_reported_and_deleted(cloud, params):
    tags = {**TAGS, "ManagedBy": "groundwork.aws", "Component": "load_balancer"}
    cloud.run(MODULE, **{**params, "tags": tags})
    others = with_change({**params, "tags": tags}, name="other")
    result = cloud.run(MODULE, **others, undeclared="report")
    assert [one["name"] for one in result["undeclared"]] == [NAME]
    assert not cloud.run(MODULE, **others, undeclared="delete")["target_groups"].get(NAME)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "a_b"}, "is no name of a target group. To fix:"),
        ({"port": None}, f"target group {NAME} needs a port. To fix:"),
        ({"port": 65536}, "needs a port. To fix:"),
        ({"protocol": "TCP", "protocol_version": "HTTP2"}, "has a protocol_version, which TCP has not. To fix:"),
        ({"attributes": {f"key.{number}": 1 for number in range(21)}}, "has more than 20 attributes. To fix:"),
        ({"health_check": {"interval": 4}}, "has health_check.interval 4. To fix: a number from 5 to 300"),
        ({"health_check": {"timeout": 121}}, "has health_check.timeout 121. To fix: a number from 2 to 120"),
        ({"health_check": {"healthy_threshold": 1}}, "has health_check.healthy_threshold 1. To fix:"),
        ({"health_check": {"interval": 5, "timeout": 5}}, "needs a health_check.timeout shorter than its interval."),
        ({"health_check": {"interval": 10}}, "needs a health_check.timeout shorter than its interval. To fix:"),
        ({"health_check": {"path": "health"}}, "has an impossible health_check.path. To fix:"),
        ({"health_check": {"matcher": "2xx"}}, "has an impossible health_check.matcher. To fix:"),
        ({"health_check": {"protocol": "TCP"}}, "checks by TCP, which AWS does not do for HTTP. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, params, change, message):
    assert message in cloud.run_failing(MODULE, **with_change(params, **change))["msg"]
    assert cloud.calls == []


def test_a_failed_call_is_one_clear_message(cloud, params):
    cloud.fail("CreateTargetGroup", "TooManyTargetGroups", "You have reached the limit")
    assert (
        f"Could not create target group {NAME}: TooManyTargetGroups: You" in cloud.run_failing(MODULE, **params)["msg"]
    )
