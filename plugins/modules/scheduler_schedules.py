#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: scheduler_schedules
version_added: 1.0.0
short_description: Manage schedules of EventBridge Scheduler that run ECS tasks on Fargate
description:
  - Creates, changes, deletes or reads the schedules of a group. AWS replaces a schedule as a whole, so what is not given has
    AWS's default.
  - With O(undeclared), whatever else is in the group counts as no longer declared, because a group belongs to one platform.
  - Exists because no collection has a module for EventBridge Scheduler, and M(amazon.aws.cloudwatchevent_rule) cannot say the
    network of a Fargate task.
options:
  group_name:
    description: The group of the schedules.
    type: str
    required: true
  schedules:
    description: The schedules.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, 1 to 64 letters, digits, C(-), C(_) and C(.).
        type: str
        required: true
      description:
        description: What is done.
        type: str
        default: ""
      expression:
        description: When, as V(rate(1 day\)), V(cron(0 5 ? * SUN *\)) or V(at(2026-12-24T18:00:00\)). Required to create one.
        type: str
      timezone:
        description: The time zone of the expression, such as V(Europe/Berlin).
        type: str
        default: UTC
      enabled:
        description: Whether it is done at all.
        type: bool
        default: true
      flexible_minutes:
        description: Within how many minutes after its time it may be done; V(0) at its time.
        type: int
        default: 0
      role_arn:
        description: The role that EventBridge Scheduler assumes. Required to create one.
        type: str
      cluster_arn:
        description: The ECS cluster. Required to create one.
        type: str
      task_definition_arn:
        description: The task definition. Required to create one.
        type: str
      subnet_ids:
        description: The subnets of the task. Required to create one.
        type: list
        elements: str
      security_group_ids:
        description: The security groups of the task, at most 5.
        type: list
        elements: str
      assign_public_ip:
        description: Whether the task gets a public address.
        type: bool
        default: false
      input:
        description: What the target is given, such as overrides of the task's containers.
        type: dict
      retry_attempts:
        description: How often a task that could not be started is tried again, V(0) to V(185).
        type: int
        default: 3
      retry_seconds:
        description: For how long, V(60) to V(86400).
        type: int
        default: 3600
      dead_letter_arn:
        description: The SQS queue that gets what was given up.
        type: str
      kms_key_arn:
        description: The key that encrypts the schedule.
        type: str
  account_id:
    description: The account, for the ARN of a schedule that check mode would create.
    type: str
    default: "000000000000"
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
seealso:
  - name: Schedule types
    description: How expressions are written.
    link: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

EXAMPLES = r"""
- name: Export every Sunday
  groundwork.aws.scheduler_schedules:
    group_name: dougust-production
    schedules:
      - name: weekly-export
        expression: cron(0 5 ? * SUN *)
        role_arn: arn:aws:iam::123456789012:role/dougust-production-scheduler
        cluster_arn: arn:aws:ecs:us-east-1:123456789012:cluster/dougust-production
        task_definition_arn: arn:aws:ecs:us-east-1:123456789012:task-definition/dougust-production-weekly-export:1
        subnet_ids: [subnet-0123456789abcdef0]
        security_group_ids: [sg-0123456789abcdef0]
"""

RETURN = r"""
schedules:
  description: The schedules by name.
  returned: always
  type: dict
  sample:
    weekly-export:
      name: weekly-export
      arn: arn:aws:scheduler:us-east-1:123456789012:schedule/dougust-production/weekly-export
      expression: cron(0 5 ? * SUN *)
      enabled: true
"""

import json
import re

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle, planned
from ansible_collections.groundwork.aws.plugins.module_utils.api import scheduler as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

NEEDED = ("expression", "role_arn", "cluster_arn", "task_definition_arn", "subnet_ids")
FIELDS = (
    *NEEDED,
    "description",
    "timezone",
    "enabled",
    "flexible_minutes",
    "security_group_ids",
    "assign_public_ip",
    "input",
    "retry_attempts",
    "retry_seconds",
    "dead_letter_arn",
    "kms_key_arn",
)

ARGUMENT_SPEC = {
    "group_name": {"type": "str", "required": True},
    "schedules": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "description": {"type": "str", "default": ""},
            "expression": {"type": "str"},
            "timezone": {"type": "str", "default": "UTC"},
            "enabled": {"type": "bool", "default": True},
            "flexible_minutes": {"type": "int", "default": 0},
            "role_arn": {"type": "str"},
            "cluster_arn": {"type": "str"},
            "task_definition_arn": {"type": "str"},
            "subnet_ids": {"type": "list", "elements": "str"},
            "security_group_ids": {"type": "list", "elements": "str"},
            "assign_public_ip": {"type": "bool", "default": False},
            "input": {"type": "dict"},
            "retry_attempts": {"type": "int", "default": 3},
            "retry_seconds": {"type": "int", "default": 3600},
            "dead_letter_arn": {"type": "str"},
            "kms_key_arn": {"type": "str", "no_log": False},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
}
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
EXPRESSION = re.compile(
    r"rate\(([1-9]\d*) (?:minutes?|hours?|days?)\)|cron\((?:\S+ ){5}\S+\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)"
)


def flaw(item):
    """What is wrong with an item; empty when nothing is. Limits: botocore's shapes of CreateSchedule."""
    if not re.fullmatch(r"[0-9a-zA-Z._-]{1,64}", item["name"]):
        return "has an impossible name. To fix: 1 to 64 letters, digits, -, _ and ."
    lacking = [field for field in NEEDED if not item[field]]
    if lacking:
        return f"lacks {', '.join(lacking)}. To fix: give them"
    if not EXPRESSION.fullmatch(item["expression"]):
        return f"has an impossible expression {item['expression']}. To fix: rate(1 day), cron(0 5 ? * SUN *) or at(...)"
    if not 0 <= item["flexible_minutes"] <= 1440:
        return "may be too late. To fix: flexible_minutes at most 1440"
    if not 0 <= item["retry_attempts"] <= 185 or not 60 <= item["retry_seconds"] <= 86400:
        return "cannot be tried again so. To fix: retry_attempts at most 185, retry_seconds 60 to 86400"
    if len(item["security_group_ids"] or []) > 5 or len(item["subnet_ids"]) > 16:
        return "has too many security groups or subnets. To fix: at most 5 and 16"
    return ""


def wanted(item):
    """An item in the form that is compared; an empty value is AWS's default."""
    form = {field: item[field] for field in FIELDS}
    form["security_group_ids"] = form["security_group_ids"] or []
    return {field: "" if value is None else value for field, value in form.items()}


def described(schedule):
    """AWS's answer in the same form."""
    target = schedule["Target"]
    ecs = target.get("EcsParameters", {})
    network = ecs.get("NetworkConfiguration", {}).get("awsvpcConfiguration", {})
    return {
        "expression": schedule["ScheduleExpression"],
        "role_arn": target["RoleArn"],
        "cluster_arn": target["Arn"],
        "task_definition_arn": ecs.get("TaskDefinitionArn", ""),
        "subnet_ids": network.get("Subnets", []),
        "description": schedule.get("Description", ""),
        "timezone": schedule.get("ScheduleExpressionTimezone", "UTC"),
        "enabled": schedule.get("State", "ENABLED") == "ENABLED",
        "flexible_minutes": schedule["FlexibleTimeWindow"].get("MaximumWindowInMinutes", 0),
        "security_group_ids": network.get("SecurityGroups", []),
        "assign_public_ip": network.get("AssignPublicIp") == "ENABLED",
        "input": json.loads(target["Input"]) if target.get("Input") else "",
        "retry_attempts": target.get("RetryPolicy", {}).get("MaximumRetryAttempts", 185),
        "retry_seconds": target.get("RetryPolicy", {}).get("MaximumEventAgeInSeconds", 86400),
        "dead_letter_arn": target.get("DeadLetterConfig", {}).get("Arn", ""),
        "kms_key_arn": schedule.get("KmsKeyArn", ""),
    }


def network(form):
    """The network of the task as the API spells it."""
    configuration = {
        "Subnets": form["subnet_ids"],
        "AssignPublicIp": "ENABLED" if form["assign_public_ip"] else "DISABLED",
    }
    if form["security_group_ids"]:
        configuration["SecurityGroups"] = form["security_group_ids"]
    return {"awsvpcConfiguration": configuration}


def target_of(form):
    """The target as the API spells it."""
    target = {
        "Arn": form["cluster_arn"],
        "RoleArn": form["role_arn"],
        "EcsParameters": {
            "TaskDefinitionArn": form["task_definition_arn"],
            "TaskCount": 1,
            "LaunchType": "FARGATE",
            "NetworkConfiguration": network(form),
            "PropagateTags": "TASK_DEFINITION",
            "EnableECSManagedTags": True,
        },
        "RetryPolicy": {
            "MaximumRetryAttempts": form["retry_attempts"],
            "MaximumEventAgeInSeconds": form["retry_seconds"],
        },
    }
    if form["input"]:
        target["Input"] = json.dumps(form["input"], sort_keys=True)
    if form["dead_letter_arn"]:
        target["DeadLetterConfig"] = {"Arn": form["dead_letter_arn"]}
    return target


def request(form):
    """The parameters of CreateSchedule and UpdateSchedule."""
    minutes = form["flexible_minutes"]
    given = {
        "ScheduleExpression": form["expression"],
        "ScheduleExpressionTimezone": form["timezone"],
        "State": "ENABLED" if form["enabled"] else "DISABLED",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": minutes} if minutes else {"Mode": "OFF"},
        "Target": target_of(form),
    }
    optional = {"Description": form["description"], "KmsKeyArn": form["kms_key_arn"]}
    return {**given, **{key: value for key, value in optional.items() if value}}


class Schedule(lifecycle.Kind):
    service = "scheduler"
    type = "schedule"
    result = "schedules"
    items = "schedules"

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")

    def find_one(self, item):
        schedule = api.get_schedule(self.client, self.params["group_name"], item["name"])
        return {"name": item["name"], "arn": schedule["Arn"], **described(schedule)} if schedule else None

    def owned(self):
        # The group is the platform's own, so whatever is in it is too.
        return api.list_schedules(self.client, self.params["group_name"])

    def planned(self, item):
        name = f"schedule/{self.params['group_name']}/{item['name']}"
        return {"arn": planned.arn("scheduler", self.module.region or "", self.params["account_id"], name)}

    def desired(self, item):
        return wanted(item)

    def create(self, item):
        form = wanted(item)
        names = {"GroupName": self.params["group_name"], "Name": item["name"]}
        return {"name": item["name"], "arn": api.create_schedule(self.client, **names, **request(form)), **form}

    def update(self, resource, changes):
        form = {field: resource[field] for field in FIELDS}
        form.update({field: change.after for field, change in changes.items()})
        api.update_schedule(self.client, GroupName=self.params["group_name"], Name=resource["name"], **request(form))

    def tags(self, item, current=None):
        # AWS tags the group.
        return None

    def delete(self, resource):
        api.delete_schedule(self.client, self.params["group_name"], resource["name"])


def main():
    lifecycle.run(Schedule, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
