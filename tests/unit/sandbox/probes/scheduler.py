# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what EventBridge Scheduler has."""

import json

ACCOUNT = "eu-central-1:123456789012"
GONE = "ResourceNotFoundException"


def _role(probe):
    statement = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return probe.client("iam").create_role(RoleName="s", AssumeRolePolicyDocument=trust)["Role"]["Arn"]


def schedule(probe):
    scheduler = probe.client("scheduler")
    target = {
        "Arn": f"arn:aws:ecs:{ACCOUNT}:cluster/c", "RoleArn": _role(probe), "Input": "{}",
        "EcsParameters": {
            "TaskDefinitionArn": f"arn:aws:ecs:{ACCOUNT}:task-definition/f", "TaskCount": 2, "LaunchType": "FARGATE",
            "NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": ["subnet-1"], "AssignPublicIp": "DISABLED"}},
        },
        "RetryPolicy": {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 600},
        "DeadLetterConfig": {"Arn": f"arn:aws:sqs:{ACCOUNT}:dead"},
    }  # fmt: skip
    wanted = {
        "Name": "nightly", "ScheduleExpression": "cron(0 3 * * ? *)", "ScheduleExpressionTimezone": "Europe/Berlin",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}, "Description": "d",
        "State": "DISABLED", "ActionAfterCompletion": "NONE", "Target": target,
    }  # fmt: skip
    arn = probe.does(scheduler.create_schedule, **wanted)["ScheduleArn"]
    probe.shows({**wanted, "Arn": arn, "GroupName": "default"}, scheduler.get_schedule, Name="nightly")
    listed = {"Name": "nightly", "State": "DISABLED", "Target": {"Arn": target["Arn"]}}
    probe.shows([listed], scheduler.list_schedules, "Schedules", NamePrefix="night")
    change = {**wanted, "ScheduleExpression": "rate(1 hour)", "State": "ENABLED"}
    probe.does(scheduler.update_schedule, **change)
    probe.shows(change, scheduler.get_schedule, Name="nightly")
    probe.does(scheduler.delete_schedule, Name="nightly")
    probe.lacks(scheduler.get_schedule, GONE, Name="nightly")


def schedule_group(probe):
    scheduler = probe.client("scheduler")
    tags = [{"Key": "a", "Value": "b"}]
    arn = probe.does(scheduler.create_schedule_group, Name="jobs", Tags=tags)["ScheduleGroupArn"]
    probe.shows({"Name": "jobs", "Arn": arn, "State": "ACTIVE"}, scheduler.get_schedule_group, Name="jobs")
    probe.shows([{"Name": "jobs"}], scheduler.list_schedule_groups, "ScheduleGroups", NamePrefix="jobs")
    probe.shows(tags, scheduler.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(scheduler.tag_resource, ResourceArn=arn, Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*tags, {"Key": "c", "Value": "d"}], scheduler.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(scheduler.untag_resource, ResourceArn=arn, TagKeys=["a"])
    probe.shows([{"Key": "c", "Value": "d"}], scheduler.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(scheduler.delete_schedule_group, Name="jobs")
    probe.lacks(scheduler.get_schedule_group, GONE, Name="jobs")
