# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_flow_log against moto."""

from __future__ import annotations

import pytest

TAGS = {"Platform": "dougust", "Environment": "test"}
ROLE = "arn:aws:iam::123456789012:role/t-flow-logs"
FORMAT = "${version} ${vpc-id} ${srcaddr} ${dstaddr}"


@pytest.fixture
def params(cloud, vpc_id):
    for group in ("/vpc/t", "/vpc/other"):
        cloud.client("logs").create_log_group(logGroupName=group)
    names = {"name": "t", "vpc_id": vpc_id, "log_group_name": "/vpc/t", "deliver_logs_permission_arn": ROLE}
    return {**names, "tags": TAGS}


def flow_logs(cloud):
    return cloud.client("ec2").describe_flow_logs()["FlowLogs"]


def test_life_cycle(life_cycle, cloud, params):
    flow_log = life_cycle("ec2_flow_log", "flow_log", **{**params, "log_format": FORMAT})
    assert (flow_log["vpc_id"], flow_log["log_group_name"]) == (params["vpc_id"], "/vpc/t")
    assert (flow_log["traffic_type"], flow_log["max_aggregation_interval"]) == ("ALL", 600)
    assert (flow_log["log_format"], flow_logs(cloud)) == (FORMAT, [])


def test_the_default_format_is_no_change(cloud, params):
    cloud.run("ec2_flow_log", **params)
    assert not cloud.run("ec2_flow_log", **params)["changed"]


@pytest.mark.parametrize(
    "field, value",
    [
        ("traffic_type", "REJECT"),
        ("max_aggregation_interval", 60),
        ("log_group_name", "/vpc/other"),
        ("deliver_logs_permission_arn", ROLE + "-2"),
        ("log_format", FORMAT),
    ],
)
def test_what_differs_is_replaced(cloud, params, field, value):
    before = cloud.run("ec2_flow_log", **params)["flow_log"]["flow_log_id"]
    wanted = {**params, field: value}
    predicted = cloud.run("ec2_flow_log", check_mode=True, **wanted)
    assert ([(one["action"], one["fields"]) for one in predicted["actions"]]) == [("replace", [field])]
    assert cloud.mutations == []
    result = cloud.run("ec2_flow_log", **wanted)
    assert (result["actions"], cloud.mutations) == (predicted["actions"], ["DeleteFlowLogs", "CreateFlowLogs"])
    assert result["flow_log"]["flow_log_id"] != before and len(flow_logs(cloud)) == 1
    assert not cloud.run("ec2_flow_log", **wanted)["changed"]


def test_tags_change_in_place(cloud, params):
    cloud.run("ec2_flow_log", **params)
    result = cloud.run("ec2_flow_log", **{**params, "tags": {**TAGS, "Team": "us"}})
    assert (result["actions"][0]["fields"], cloud.mutations) == (["tags"], ["CreateTags"])


def test_a_new_role_is_waited_for(cloud, params, no_sleep):
    cloud.fail("CreateFlowLogs", "InvalidParameter", f"Unable to assume given IAM role: '{ROLE}'", times=3)
    assert cloud.run("ec2_flow_log", **params)["changed"]
    assert len(no_sleep) == 3


def test_another_invalid_parameter_is_not(cloud, params, no_sleep):
    cloud.fail("CreateFlowLogs", "InvalidParameter", "LogFormat has duplicate fields")
    failed = cloud.run_failing("ec2_flow_log", **params)
    assert f"Could not create a flow log of {params['vpc_id']}: InvalidParameter: LogFormat has" in failed["msg"]
    assert no_sleep == []


def unsuccessful(code, message):
    return lambda call: {
        "FlowLogIds": [],
        "Unsuccessful": [{"ResourceId": "x", "Error": {"Code": code, "Message": message}}],
    }


def test_an_answer_that_says_unsuccessful_is_a_failure(cloud, params):
    cloud.answer("CreateFlowLogs", unsuccessful("Access error", "The log destination is not accessible"))
    failed = cloud.run_failing("ec2_flow_log", **params)
    assert "Could not create a flow log of vpc-" in failed["msg"]
    assert "Access error: The log destination is not accessible" in failed["msg"]
    cloud.heal()
    cloud.run("ec2_flow_log", **params)
    cloud.answer("DeleteFlowLogs", unsuccessful("UnauthorizedOperation", "no"))
    failed = cloud.run_failing("ec2_flow_log", **{**params, "state": "absent"})
    assert "Could not delete fl-" in failed["msg"] and "To fix: grant the caller this action" in failed["msg"]
    cloud.heal()
    cloud.answer("DeleteFlowLogs", unsuccessful("InvalidFlowLogId.NotFound", "gone"))
    assert cloud.run("ec2_flow_log", **{**params, "state": "absent"})["changed"]


def test_a_flow_log_that_delivers_nothing_is_warned_about(cloud, params):
    cloud.run("ec2_flow_log", **params)
    failing = {"DeliverLogsStatus": "FAILED", "DeliverLogsErrorMessage": "Access error"}
    cloud.adjust("DescribeFlowLogs", lambda answer: answer["FlowLogs"][0].update(failing))
    result = cloud.run("ec2_flow_log", **params)
    assert not result["changed"]
    assert any("delivers nothing: Access error. To fix: check" in str(warning) for warning in result["warnings"])


def test_the_flow_log_of_another_vpc_is_another(cloud, params):
    cloud.run("ec2_flow_log", **params)
    other = cloud.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    assert cloud.run("ec2_flow_log", state="gathered", name="t", vpc_id=other)["flow_log"] is None


def test_planned_vpc(planned_vpc):
    flow_log = planned_vpc(
        "ec2_flow_log", "flow_log", name="t", log_group_name="/vpc/t", deliver_logs_permission_arn=ROLE
    )
    assert flow_log["traffic_type"] == "ALL"


def test_what_is_needed_is_asked_for(cloud, vpc_id):
    failed = cloud.run_failing("ec2_flow_log", name="t", vpc_id=vpc_id)
    assert "log_group_name, deliver_logs_permission_arn" in failed["msg"]
    assert cloud.run("ec2_flow_log", state="absent", name="t", vpc_id=vpc_id)["changed"] is False
