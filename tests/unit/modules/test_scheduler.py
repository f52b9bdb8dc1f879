# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""scheduler_groups and scheduler_schedules against moto."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

GROUPS, SCHEDULES = "scheduler_groups", "scheduler_schedules"
GROUP = "dougust-test"
TAGS = {"Platform": "dougust", "Environment": "test"}
SCHEDULE = {
    "name": "weekly-export",
    "expression": "cron(0 5 ? * SUN *)",
    "role_arn": "arn:aws:iam::123456789012:role/scheduler",
    "cluster_arn": "arn:aws:ecs:us-east-1:123456789012:cluster/dougust-test",
    "task_definition_arn": "arn:aws:ecs:us-east-1:123456789012:task-definition/export:1",
    "subnet_ids": ["subnet-1", "subnet-2"],
    "security_group_ids": ["sg-1"],
}


@pytest.fixture
def group(cloud):
    return cloud.run(GROUPS, groups=[{"name": GROUP}], tags=TAGS)["groups"][GROUP]


def run(cloud, *schedules, **params):
    return cloud.run(SCHEDULES, group_name=GROUP, schedules=list(schedules) or [SCHEDULE], **params)


def shown(cloud, name="weekly-export"):
    return cloud.client("scheduler").get_schedule(GroupName=GROUP, Name=name)


def test_a_group_from_nothing_and_back(cloud):
    params = {"groups": [{"name": GROUP}], "tags": TAGS, "account_id": "123456789012"}
    predicted = cloud.run(GROUPS, check_mode=True, **params)
    assert (predicted["actions"][0]["action"], cloud.mutations) == ("create", [])
    created = cloud.run(GROUPS, **params)
    assert created["groups"][GROUP]["arn"] == predicted["groups"][GROUP]["arn"]
    assert cloud.run(GROUPS, **params)["changed"] is False
    cloud.run(GROUPS, **{**params, "tags": {**TAGS, "Component": "schedules"}})
    assert cloud.mutations == ["TagResource"]
    assert cloud.run(GROUPS, state="absent", **params)["changed"] is True
    assert cloud.run(GROUPS, state="absent", **params)["changed"] is False


def test_a_group_that_is_going_is_waited_for(cloud, group, no_sleep):
    states = iter(["DELETING", "DELETING"])

    def get(params):
        for state in states:
            return {"Name": GROUP, "Arn": group["arn"], "State": state}
        raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "gone"}}, "GetScheduleGroup")

    cloud.client("scheduler").delete_schedule_group(Name=GROUP)
    cloud.answer("GetScheduleGroup", get)
    assert cloud.run(GROUPS, groups=[{"name": GROUP}], tags=TAGS)["actions"][0]["action"] == "create"
    assert cloud.operations.count("GetScheduleGroup") == 3


@pytest.mark.parametrize("name", ["a/b", "x" * 65, "default"])
def test_impossible_groups_are_refused(cloud, name):
    assert "To fix:" in cloud.run_failing(GROUPS, groups=[{"name": name}])["msg"]
    assert cloud.calls == []


def test_check_mode_works_before_the_group_exists(cloud):
    result = run(cloud, check_mode=True, account_id="123456789012")
    arn = f"arn:aws:scheduler:us-east-1:123456789012:schedule/{GROUP}/weekly-export"
    assert (result["schedules"]["weekly-export"]["arn"], cloud.mutations) == (arn, [])


def test_a_schedule_from_nothing_and_back(cloud, group):
    assert run(cloud)["actions"][0]["action"] == "create"
    target = shown(cloud)["Target"]
    network = target["EcsParameters"]["NetworkConfiguration"]["awsvpcConfiguration"]
    assert (target["Arn"], target["EcsParameters"]["LaunchType"]) == (SCHEDULE["cluster_arn"], "FARGATE")
    assert (network["Subnets"], network["SecurityGroups"]) == (["subnet-1", "subnet-2"], ["sg-1"])
    assert network["AssignPublicIp"] == "DISABLED"
    for check_mode in (True, False):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
    assert run(cloud, state="absent")["changed"] is True
    assert run(cloud, state="absent")["changed"] is False


@pytest.mark.parametrize(
    "field, value",
    [
        ("expression", "rate(1 day)"),
        ("timezone", "Europe/Berlin"),
        ("enabled", False),
        ("flexible_minutes", 15),
        ("task_definition_arn", SCHEDULE["task_definition_arn"].replace(":1", ":2")),
        ("subnet_ids", ["subnet-3"]),
        ("retry_attempts", 0),
        ("description", "Every Sunday"),
        ("input", {"containerOverrides": [{"name": "dump", "command": ["true"]}]}),
    ],
)
def test_a_changed_field_is_named_and_the_others_stay(cloud, group, field, value):
    run(cloud)
    assert run(cloud, {**SCHEDULE, field: value})["actions"][0]["fields"] == [field]
    assert cloud.mutations == ["UpdateSchedule"]
    assert run(cloud, {**SCHEDULE, field: value})["changed"] is False
    if field != "subnet_ids":
        shown_network = shown(cloud)["Target"]["EcsParameters"]["NetworkConfiguration"]["awsvpcConfiguration"]
        assert shown_network["Subnets"] == SCHEDULE["subnet_ids"]


def test_the_input_reaches_the_target_as_json(cloud, group):
    run(cloud, {**SCHEDULE, "input": {"a": [1]}})
    assert json.loads(shown(cloud)["Target"]["Input"]) == {"a": [1]}


def test_the_order_of_subnets_does_not_count(cloud, group):
    run(cloud)
    assert run(cloud, {**SCHEDULE, "subnet_ids": ["subnet-2", "subnet-1"]})["changed"] is False


def test_what_else_is_in_the_group_is_no_longer_declared(cloud, group):
    run(cloud, SCHEDULE, {**SCHEDULE, "name": "old"})
    assert [one["name"] for one in run(cloud, undeclared="report")["undeclared"]] == ["old"]
    assert run(cloud, undeclared="delete")["actions"][0]["name"] == "old"
    names = [one["Name"] for one in cloud.client("scheduler").list_schedules(GroupName=GROUP)["Schedules"]]
    assert names == ["weekly-export"]


def test_a_role_that_iam_has_not_told_everybody_about_is_waited_for(cloud, group, no_sleep):
    message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    cloud.fail("CreateSchedule", "ValidationException", message, times=2)
    run(cloud)
    assert cloud.operations.count("CreateSchedule") == 3 and no_sleep


def test_another_refusal_is_told_at_once(cloud, group):
    cloud.fail("CreateSchedule", "ValidationException", "Invalid Schedule Expression")
    failed = cloud.run_failing(SCHEDULES, group_name=GROUP, schedules=[SCHEDULE])
    assert "Could not create schedule weekly-export in group dougust-test" in failed["msg"]
    assert cloud.operations.count("CreateSchedule") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"name": "a/b"},
        {"expression": "every day"},
        {"expression": "rate(0 days)"},
        {"expression": "cron(0 5 * * *)"},
        {"subnet_ids": []},
        {"flexible_minutes": 1441},
        {"retry_attempts": 186},
        {"retry_seconds": 30},
        {"security_group_ids": [f"sg-{number}" for number in range(6)]},
    ],
)
def test_impossible_schedules_are_refused_before_the_first_call(cloud, change):
    failed = cloud.run_failing(SCHEDULES, group_name=GROUP, schedules=[{**SCHEDULE, **change}])
    assert "To fix:" in failed["msg"] and cloud.calls == []
