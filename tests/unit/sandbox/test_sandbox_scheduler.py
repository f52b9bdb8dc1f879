# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EventBridge Scheduler."""

import json
from datetime import datetime, timezone

import pytest

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:q"
OFF = {"Mode": "OFF"}


@pytest.fixture
def scheduler(sandbox):
    """Scheduler."""
    return sandbox.client("scheduler")


def trust(service):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def role(sandbox):
    """The ARN of a role that the scheduler may assume."""
    document = trust("scheduler.amazonaws.com")
    return sandbox.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=document)["Role"]["Arn"]


@pytest.fixture
def wanted(role):
    """The least that a schedule needs."""
    return {
        "Name": "s", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": OFF,
        "Target": {"Arn": QUEUE, "RoleArn": role},
    }  # fmt: skip


def test_defaults(scheduler, wanted):
    arn = scheduler.create_schedule(**wanted)["ScheduleArn"]
    assert arn == "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/s"
    found = scheduler.get_schedule(Name="s")
    assert (found["Arn"], found["GroupName"], found["State"]) == (arn, "default", "ENABLED")
    assert (found["ScheduleExpressionTimezone"], found["ActionAfterCompletion"]) == ("UTC", "NONE")
    assert found["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
    assert found["CreationDate"] and "Description" not in found
    (listed,) = scheduler.list_schedules()["Schedules"]
    assert (listed["Name"], listed["GroupName"], listed["Target"]) == ("s", "default", {"Arn": QUEUE})


def full(wanted, role):
    """A schedule of a task in which everything is given."""
    ecs = {
        "TaskDefinitionArn": "arn:aws:ecs:eu-central-1:123456789012:task-definition/f:1", "TaskCount": 2,
        "LaunchType": "FARGATE", "PlatformVersion": "LATEST", "PropagateTags": "TASK_DEFINITION", "Group": "g",
        "EnableECSManagedTags": True, "EnableExecuteCommand": False, "Tags": [{"key": "a", "value": "b"}],
        "NetworkConfiguration": {
            "awsvpcConfiguration": {"Subnets": ["subnet-1"], "SecurityGroups": ["sg-1"], "AssignPublicIp": "DISABLED"}
        },
    }  # fmt: skip
    return {
        **wanted, "ScheduleExpression": "cron(0 3 ? * SUN *)", "ScheduleExpressionTimezone": "Europe/Berlin",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}, "State": "DISABLED",
        "Description": "d", "KmsKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/x",
        "ActionAfterCompletion": "DELETE", "EndDate": datetime(2999, 1, 1, tzinfo=timezone.utc),
        "Target": {
            "Arn": "arn:aws:ecs:eu-central-1:123456789012:cluster/c", "RoleArn": role, "EcsParameters": ecs,
            "DeadLetterConfig": {"Arn": QUEUE}, "Input": '{"containerOverrides": []}',
            "RetryPolicy": {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0},
        },
    }  # fmt: skip


def test_what_is_written_is_read(scheduler, wanted, role):
    everything = full(wanted, role)
    scheduler.create_schedule(**everything)
    found = scheduler.get_schedule(Name="s")
    assert {name: found[name] for name in everything} == everything


def test_update_replaces_all(scheduler, wanted, role):
    scheduler.create_schedule(**full(wanted, role))
    before = scheduler.get_schedule(Name="s")
    scheduler.update_schedule(**wanted)
    found = scheduler.get_schedule(Name="s")
    assert found["CreationDate"] == before["CreationDate"]
    assert (found["State"], found["ScheduleExpressionTimezone"]) == ("ENABLED", "UTC")
    assert not {"Description", "KmsKeyArn", "EndDate"} & set(found) and "EcsParameters" not in found["Target"]
    assert found["FlexibleTimeWindow"] == OFF and found["ActionAfterCompletion"] == "NONE"


def test_there_and_not_there(scheduler, wanted, refused):
    scheduler.create_schedule(**wanted)
    assert refused(scheduler.create_schedule, **wanted) == "ConflictException"
    scheduler.delete_schedule(Name="s")
    for function in (scheduler.get_schedule, scheduler.delete_schedule):
        assert refused(function, Name="s") == "ResourceNotFoundException"
    assert refused(scheduler.update_schedule, **wanted) == "ResourceNotFoundException"
    assert refused(scheduler.create_schedule, **wanted, GroupName="none") == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "change",
    [
        {"ScheduleExpression": "every day"}, {"ScheduleExpression": "rate(0 days)"},
        {"ScheduleExpression": "rate(1 week)"}, {"ScheduleExpression": "cron(0 3 * * *)"},
        {"ScheduleExpression": "cron(0 3 * * * *)"}, {"ScheduleExpression": "cron(0 3 ? * ? *)"},
        {"ScheduleExpression": "at(2030-13-01T00:00:00)"}, {"ScheduleExpressionTimezone": "Europe/Nowhere"},
        {"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, {"FlexibleTimeWindow": {**OFF, "MaximumWindowInMinutes": 5}},
        {"FlexibleTimeWindow": {"Mode": "SOMETIMES"}}, {"Name": "a b"}, {"Description": "x" * 513},
        {"State": "ON"}, {"KmsKeyArn": "alias/x"},
        {"StartDate": datetime(2031, 1, 1, tzinfo=timezone.utc), "EndDate": datetime(2030, 1, 1, tzinfo=timezone.utc)},
    ],
    ids=str,
)  # fmt: skip
def test_schedules_that_are_refused(scheduler, wanted, refused, change):
    assert refused(scheduler.create_schedule, **{**wanted, **change}) == "ValidationException"
    assert scheduler.list_schedules()["Schedules"] == []


@pytest.mark.parametrize("expression", ["rate(5 minutes)", "cron(15 10 ? * 6L 2022-2023)", "at(2030-11-20T13:00:00)"])
def test_expressions(scheduler, wanted, expression):
    scheduler.create_schedule(**{**wanted, "ScheduleExpression": expression})
    assert scheduler.get_schedule(Name="s")["ScheduleExpression"] == expression


def test_targets_that_are_refused(scheduler, wanted, role, refused):
    ecs = "arn:aws:ecs:eu-central-1:123456789012:cluster/c"
    definition = {"TaskDefinitionArn": "arn:aws:ecs:eu-central-1:123456789012:task-definition/f"}
    function = "arn:aws:lambda:eu-central-1:123456789012:function:f"
    for change in (
        {"Arn": "queue"}, {"Arn": ecs}, {"EcsParameters": definition}, {"Arn": function, "Input": "{"},
        {"Arn": ecs, "EcsParameters": {**definition, "TaskCount": 11}},
        {"Arn": ecs, "EcsParameters": {**definition, "LaunchType": "MOON"}},
        {"Arn": ecs, "EcsParameters": {
            **definition, "LaunchType": "FARGATE", "CapacityProviderStrategy": [{"capacityProvider": "FARGATE"}]}},
        {"RetryPolicy": {"MaximumRetryAttempts": 186}}, {"RetryPolicy": {"MaximumEventAgeInSeconds": 86401}},
        {"DeadLetterConfig": {"Arn": "arn:aws:sns:eu-central-1:123456789012:t"}},
    ):  # fmt: skip
        target = {**wanted["Target"], **change}
        assert refused(scheduler.create_schedule, **{**wanted, "Target": target}) == "ValidationException"
    plain = {**wanted["Target"], "Input": "plain text"}
    scheduler.create_schedule(**{**wanted, "Target": plain})


def test_roles(sandbox, scheduler, wanted, role, refused):
    other = trust(["ecs.amazonaws.com"])
    wrong = sandbox.client("iam").create_role(RoleName="w", AssumeRolePolicyDocument=other)["Role"]["Arn"]
    for arn in (wrong, role + "x"):
        target = {"Arn": QUEUE, "RoleArn": arn}
        assert refused(scheduler.create_schedule, **{**wanted, "Target": target}) == "ValidationException"
    both = trust(["ecs.amazonaws.com", "scheduler.amazonaws.com"])
    sandbox.client("iam").update_assume_role_policy(RoleName="w", PolicyDocument=both)
    scheduler.create_schedule(**{**wanted, "Target": {"Arn": QUEUE, "RoleArn": wrong}})


def test_groups(sandbox, scheduler, wanted, refused):
    tags = [{"Key": "a", "Value": "b"}]
    arn = scheduler.create_schedule_group(Name="g", Tags=tags)["ScheduleGroupArn"]
    assert refused(scheduler.create_schedule_group, Name="g") == "ConflictException"
    assert refused(scheduler.create_schedule_group, Name="a b") == "ValidationException"
    assert scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"] == tags
    assert scheduler.get_schedule_group(Name="g")["State"] == "ACTIVE"
    scheduler.create_schedule(**wanted, GroupName="g")
    assert scheduler.get_schedule(Name="s", GroupName="g")["GroupName"] == "g"
    sandbox.delays(schedule_group_delete=60)
    scheduler.delete_schedule_group(Name="g")
    assert scheduler.get_schedule_group(Name="g")["State"] == "DELETING"
    assert [group["State"] for group in scheduler.list_schedule_groups()["ScheduleGroups"]] == ["ACTIVE", "DELETING"]
    assert refused(scheduler.create_schedule, **wanted, GroupName="g") == "ConflictException"
    assert refused(scheduler.create_schedule_group, Name="g") == "ConflictException"


def test_a_group_goes_with_its_schedules(scheduler, wanted, refused):
    arn = scheduler.create_schedule_group(Name="g")["ScheduleGroupArn"]
    scheduler.create_schedule(**wanted, GroupName="g")
    scheduler.delete_schedule_group(Name="g")
    assert scheduler.list_schedules()["Schedules"] == []
    assert refused(scheduler.get_schedule_group, Name="g") == "ResourceNotFoundException"
    assert refused(scheduler.list_tags_for_resource, ResourceArn=arn) == "ResourceNotFoundException"
    assert refused(scheduler.delete_schedule_group, Name="default") == "ValidationException"
    scheduler.create_schedule_group(Name="g")
    assert scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"] == []
