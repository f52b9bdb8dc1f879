# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EventBridge Scheduler refuses."""

import json
from datetime import datetime, timezone

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/scheduler/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/scheduler/latest/UserGuide"
ACCOUNT = "eu-central-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role"
INVALID = "ValidationException"
QUEUE = {"Arn": f"arn:aws:sqs:{ACCOUNT}:q", "RoleArn": f"{ROLE}/scheduler"}
CLUSTER = f"arn:aws:ecs:{ACCOUNT}:cluster/c"
TASK = {"TaskDefinitionArn": f"arn:aws:ecs:{ACCOUNT}:task-definition/f"}
SOON, LATER = (datetime(year, 1, 1, tzinfo=timezone.utc) for year in (2040, 2041))


def _wanted(**settings):
    usual = {"Name": "s", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}, "Target": QUEUE}
    return {**usual, **settings}


def _target(**settings):
    return _wanted(Target={**QUEUE, **settings})


def _roles(world):
    for service in ("scheduler", "ecs-tasks"):
        principal = {"Service": f"{service}.amazonaws.com"}
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        world.iam.create_role(RoleName=service, AssumeRolePolicyDocument=trust)


def _schedule(world):
    _roles(world)
    world.scheduler.create_schedule(**_wanted())


def _window(mode, **settings):
    return _wanted(FlexibleTimeWindow={"Mode": mode, **settings})


CREATE = {"operation": "create_schedule", "code": INVALID, "given": _roles}
SERVICE = "scheduler"
RULES = [
    Rule(
        says="a schedule's name is taken",
        page=f"{API}/API_CreateSchedule.html",
        operation="create_schedule",
        code="ConflictException",
        given=_schedule,
        refused=_wanted(),
        accepted=_wanted(Name="s2"),
    ),
    Rule(
        says="an expression is a rate, a cron or a moment",
        page=f"{GUIDE}/schedule-types.html",
        refused=_wanted(ScheduleExpression="rate(1 week)"),
        accepted=_wanted(ScheduleExpression="rate(7 days)"),
        **CREATE,
    ),
    Rule(
        says="a cron expression has six fields",
        page=f"{GUIDE}/schedule-types.html",
        refused=_wanted(ScheduleExpression="cron(0 3 * * ?)"),
        accepted=_wanted(ScheduleExpression="cron(0 3 * * ? *)"),
        **CREATE,
    ),
    Rule(
        says="a time zone exists",
        page=f"{GUIDE}/schedule-types.html",
        refused=_wanted(ScheduleExpressionTimezone="Europe/Nowhere"),
        accepted=_wanted(ScheduleExpressionTimezone="Europe/Berlin"),
        **CREATE,
    ),
    Rule(
        says="a flexible window has a length",
        page=f"{API}/API_FlexibleTimeWindow.html",
        refused=_window("FLEXIBLE"),
        accepted=_window("FLEXIBLE", MaximumWindowInMinutes=5),
        **CREATE,
    ),
    Rule(
        says="a window that is off has no length",
        page=f"{API}/API_FlexibleTimeWindow.html",
        refused=_window("OFF", MaximumWindowInMinutes=5),
        accepted=_window("OFF"),
        **CREATE,
    ),
    Rule(
        says="the end comes after the start",
        page=f"{API}/API_CreateSchedule.html",
        refused=_wanted(StartDate=LATER, EndDate=SOON),
        accepted=_wanted(StartDate=SOON, EndDate=LATER),
        **CREATE,
    ),
    Rule(
        says="the role trusts the scheduler",
        page=f"{GUIDE}/setting-up.html",
        refused=_target(RoleArn=f"{ROLE}/ecs-tasks"),
        accepted=_target(),
        **CREATE,
    ),
    Rule(
        says="a cluster needs a task definition",
        page=f"{API}/API_Target.html",
        refused=_target(Arn=CLUSTER),
        accepted=_target(Arn=CLUSTER, EcsParameters=TASK),
        **CREATE,
    ),
    Rule(
        says="a launch type and capacity providers exclude each other",
        page=f"{API}/API_EcsParameters.html",
        refused=_target(
            Arn=CLUSTER,
            EcsParameters={
                **TASK,
                "LaunchType": "FARGATE",
                "CapacityProviderStrategy": [{"capacityProvider": "FARGATE"}],
            },
        ),
        accepted=_target(
            Arn=CLUSTER, EcsParameters={**TASK, "CapacityProviderStrategy": [{"capacityProvider": "FARGATE"}]}
        ),
        **CREATE,
    ),
    Rule(
        says="parameters are those of the target's service",
        page=f"{API}/API_Target.html",
        refused=_target(EcsParameters=TASK),
        accepted=_target(SqsParameters={"MessageGroupId": "g"}),
        **CREATE,
    ),
    Rule(
        says="the group of a schedule exists",
        page=f"{API}/API_CreateSchedule.html",
        operation="create_schedule",
        code="ResourceNotFoundException",
        given=_roles,
        refused=_wanted(GroupName="none"),
        accepted=_wanted(GroupName="default"),
    ),
    Rule(
        says="a group's name is taken",
        page=f"{API}/API_CreateScheduleGroup.html",
        operation="create_schedule_group",
        code="ConflictException",
        given=lambda world: world.scheduler.create_schedule_group(Name="g"),
        refused={"Name": "g"},
        accepted={"Name": "h"},
    ),
    Rule(
        says="the default group stays",
        page=f"{API}/API_DeleteScheduleGroup.html",
        operation="delete_schedule_group",
        code=INVALID,
        given=lambda world: world.scheduler.create_schedule_group(Name="g"),
        refused={"Name": "default"},
        accepted={"Name": "g"},
    ),
]
