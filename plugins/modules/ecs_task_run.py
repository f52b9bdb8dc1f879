#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecs_task_run
version_added: 1.0.0
short_description: Run a one-off task on Fargate and judge it by its exit code
description:
  - Starts a task, such as a migration of a database, waits until it has stopped, and fails unless its containers exited
    with 0. The message says why the task stopped and ends with the last lines of its log.
  - With O(started_by) a task that a former run started, and that still runs, is waited for instead of started again; so
    a run whose controller died can be repeated.
  - Exists beside M(community.aws.ecs_task) because that module waits until a task runs, never until it has stopped, and
    reads no exit code.
options:
  name:
    description: What messages call the task. Without it they name the task definition.
    type: str
  cluster:
    description: The name or ARN of the cluster.
    type: str
    required: true
  task_definition:
    description: The family, for its newest revision; family and revision; or an ARN.
    type: str
    required: true
  subnet_ids:
    description: The subnets that the task may run in, at most 16.
    type: list
    elements: str
    required: true
  security_group_ids:
    description: The security groups of the task, at most five. Without them it gets the default one of the VPC.
    type: list
    elements: str
  assign_public_ip:
    description: Whether the task gets a public address; in a public subnet it needs one.
    type: bool
    default: false
  container:
    description:
      - The container whose exit code and log count, and that O(command) and O(environment) are for.
      - Without it all essential containers have to exit with 0.
    type: str
  command:
    description: The command of the container, instead of that of the task definition.
    type: list
    elements: str
  environment:
    description:
      - Environment variables of the container, beside those of the task definition. A boolean is passed as C(true) or
        C(false). Everybody who may describe tasks can read them; secrets belong to the task definition.
    type: dict
  started_by:
    description:
      - Whose the task is; at most 128 letters, digits, C(-), C(/) and C(_). A task of the same family with the
        same value that still runs is waited for instead of started again; one of another revision than that of
        O(task_definition) is waited for first, so that no two run beside each other.
    type: str
  tags:
    description: Tags of the task beside those of the task definition.
    type: dict
  wait:
    description: Whether to wait until the task has stopped, and to judge it.
    type: bool
    default: true
  wait_timeout:
    description: How long to wait, in seconds.
    type: int
    default: 900
  stop_on_timeout:
    description: Whether a task that runs longer than O(wait_timeout) is stopped. Otherwise it goes on.
    type: bool
    default: true
  show_log:
    description:
      - Whether the last lines of the container's log are returned. Turn it off for applications that log secrets; the
        log of a task with C(no_log) is not read.
    type: bool
    default: true
  log_lines:
    description: How many lines are returned at most.
    type: int
    default: 50
author:
  - groundwork.aws contributors (@groundwork-aws)
attributes:
  check_mode:
    description: Says that a task would run, and calls nothing.
    support: full
  diff_mode:
    description: A task is no state, so there is no difference to show.
    support: none
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: groundwork.aws.ecs_release
  - name: Stopped tasks in the ECS developer guide
    description: What the reasons of ECS mean.
    link: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

EXAMPLES = r"""
- name: Migrate the database before the release
  groundwork.aws.ecs_task_run:
    name: migration
    cluster: dougust-production
    task_definition: "{{ prepared.revision }}"
    container: api
    command: [npm, run, "migration:run"]
    subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    security_group_ids: [sg-0123456789abcdef0]
    started_by: dougust-production/migration
"""

RETURN = r"""
task_arn:
  description: The task. Null in check mode.
  returned: always
  type: str
  sample: arn:aws:ecs:us-east-1:123456789012:task/dougust-production/1234abcd12ab34cd56ef1234567890ab
adopted:
  description: Whether the task was started by a former run and only waited for by this one.
  returned: always
  type: bool
  sample: false
exit_code:
  description: The exit code of O(container), or the first one that is not 0. Null until the task has stopped.
  returned: always
  type: int
  sample: 0
exit_codes:
  description: The exit codes by container; null for one that never started.
  returned: always
  type: dict
  sample: {api: 0}
stopped_reason:
  description: Why the task stopped.
  returned: always
  type: str
  sample: an essential container exited (Essential container in task exited)
log:
  description: The last lines of the log, with O(show_log).
  returned: always
  type: list
  elements: str
  sample: [Running migration 42, Done]
seconds:
  description: How long the task took, from the call to its end.
  returned: always
  type: int
  sample: 74
actions:
  description: What was started, or in check mode would be, for the plan.
  returned: always
  type: list
  elements: dict
  sample: [{service: ecs, type: task, name: migration, action: create, fields: []}]
"""

import json
import re

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.groundwork.aws.plugins.module_utils import ecs_tasks, lifecycle, planned, waiters
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definitions as definitions
from ansible_collections.groundwork.aws.plugins.module_utils.api import ecs as api
from ansible_collections.groundwork.aws.plugins.module_utils.api import logs
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_releases import revision_of
from ansible_collections.groundwork.aws.plugins.module_utils.errors import AwsCallError, UserError, error_code

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html, API_AwsVpcConfiguration.html,
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
STARTED_BY = r"[a-zA-Z0-9/_-]{1,128}"
MOST_SUBNETS = 16
MOST_GROUPS = 5
MOST_OVERRIDES = 8192
MOST_LINES = 10000
LATE_LOG = 15  # seconds that a log may come after its task
TOLD_LINES = 10  # lines of the log in a message

ARGUMENT_SPEC = {
    "name": {"type": "str"},
    "cluster": {"type": "str", "required": True},
    "task_definition": {"type": "str", "required": True},
    "subnet_ids": {"type": "list", "elements": "str", "required": True},
    "security_group_ids": {"type": "list", "elements": "str"},
    "assign_public_ip": {"type": "bool", "default": False},
    "container": {"type": "str"},
    "command": {"type": "list", "elements": "str"},
    "environment": {"type": "dict"},
    "started_by": {"type": "str"},
    "tags": {"type": "dict"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 900},
    "stop_on_timeout": {"type": "bool", "default": True},
    "show_log": {"type": "bool", "default": True},
    "log_lines": {"type": "int", "default": 50},
}


def overrides(params):
    """The parameter overrides of RunTask; empty where the task definition is run as it is."""
    override = {"name": params["container"]}
    if params["command"] is not None:
        override["command"] = params["command"]
    if params["environment"]:
        environment = sorted(params["environment"].items())
        override["environment"] = [{"name": name, "value": definitions.text(value)} for name, value in environment]
    return {"containerOverrides": [override]} if len(override) > 1 else {}


def flaw(params):
    """What is wrong with the parameters; empty when nothing is."""
    if params["started_by"] is not None and not re.fullmatch(STARTED_BY, params["started_by"]):
        return "has an impossible started_by. To fix: at most 128 letters, digits, -, / and _"
    if not 1 <= len(params["subnet_ids"]) <= MOST_SUBNETS or len(params["security_group_ids"] or []) > MOST_GROUPS:
        return (
            f"needs 1 to {MOST_SUBNETS} subnets and at most {MOST_GROUPS} security groups. To fix: list fewer or more"
        )
    if len(json.dumps(overrides(params))) > MOST_OVERRIDES:
        return f"has a command and environment of more than {MOST_OVERRIDES} characters. To fix: shorten them"
    if not 1 <= params["log_lines"] <= MOST_LINES or params["wait_timeout"] < 1:
        return f"needs log_lines from 1 to {MOST_LINES} and a wait_timeout above 0. To fix: so"
    return ""


class TaskRun:
    """One run of a task: start or adopt it, wait, judge. C(result) also says what was done before a failure."""

    def __init__(self, module):
        self.module = module
        self.params = module.params
        self.cluster = self.params["cluster"]
        self.name = self.params["name"] or revision_of(self.params["task_definition"])
        self.client = None
        self.result = {"changed": False, "actions": [], "task_arn": None, "adopted": False, "exit_code": None}
        self.result.update(exit_codes={}, stopped_reason=None, log=[], seconds=None)

    def run(self):
        if flaw(self.params):
            raise UserError(f"task {self.name} {flaw(self.params)}.")
        if self.module.check_mode:
            self.note()
            return
        if planned.is_planned(self.params):
            raise UserError(
                f"task {self.name}: a planned id of a --check run was passed to a real one. "
                "To fix: converge the role that creates it first, or run without its tag's restriction."
            )
        self.client = lifecycle.make_client(self.module, "ecs")
        task = self.running() or self.start()
        self.result["task_arn"] = task["taskArn"]
        if self.params["wait"]:
            self.judge(self.stopped(task["taskArn"]))

    def note(self):
        action = {"service": "ecs", "type": "task", "name": self.name, "action": "create", "fields": []}
        self.result.update(changed=True, actions=[action])

    def running(self):
        """The newest task of a former run that still runs, if any. One of another revision has to stop first."""
        if not self.params["started_by"]:
            return None
        arns = api.list_tasks(self.client, self.cluster, startedBy=self.params["started_by"])
        wanted = revision_of(self.params["task_definition"])
        family, number = wanted.partition(":")[::2]
        ours = [
            task
            for task in api.describe_tasks(self.client, self.cluster, list(arns))
            if revision_of(task["taskDefinitionArn"]).startswith(f"{family}:") and task["lastStatus"] != "STOPPED"
        ]
        same = [task for task in ours if not number or revision_of(task["taskDefinitionArn"]) == wanted]
        self.result["adopted"] = bool(same)
        if ours and not same:
            self.await_former([task["taskArn"] for task in ours])
        return max(same, key=lambda task: task["createdAt"]) if same else None

    def await_former(self, arns):
        what = f"{', '.join(arns)} of another revision stopped, which task {self.name} must not run beside"
        waiters.wait(self.client, "tasks_stopped", what, self.params["wait_timeout"], cluster=self.cluster, tasks=arns)

    def start(self):
        network = {
            "subnets": self.params["subnet_ids"],
            "securityGroups": self.params["security_group_ids"] or [],
            "assignPublicIp": "ENABLED" if self.params["assign_public_ip"] else "DISABLED",
        }
        given = {"overrides": overrides(self.params), "startedBy": self.params["started_by"], "tags": self.tags()}
        try:
            task = api.run_task(
                self.client,
                cluster=self.cluster,
                taskDefinition=self.params["task_definition"],
                count=1,
                launchType="FARGATE",
                networkConfiguration={"awsvpcConfiguration": network},
                propagateTags="TASK_DEFINITION",
                **{key: value for key, value in given.items() if value},
            )
        except AwsCallError as error:
            if error_code(error.exception) != "TaskNotStarted":
                raise
            fix = ecs_tasks.remedy(str(error.message), "correct what AWS names and run again")
            raise UserError(f"{error.message}. To fix: {fix}.") from error
        self.note()
        return task

    def tags(self):
        return [{"key": key, "value": str(value)} for key, value in sorted((self.params["tags"] or {}).items())]

    def stopped(self, arn):
        """The task, once it has stopped."""
        timeout = self.params["wait_timeout"]
        try:
            what = f"task {self.name} ({arn}) stopped"
            waiters.wait(self.client, "tasks_stopped", what, timeout, cluster=self.cluster, tasks=[arn])
        except AwsCallError as error:
            if error_code(error.exception) != "WaiterError":
                raise
            raise UserError(self.too_late(arn)) from error
        (task,) = api.describe_tasks(self.client, self.cluster, [arn])
        return task

    def too_late(self, arn):
        text = f"task {self.name} ({arn}) still runs after {self.params['wait_timeout']} seconds"
        if not self.params["stop_on_timeout"]:
            return f"{text}, and goes on. To fix: run again, with the same started_by it is waited for; or stop it."
        reason = f"groundwork.aws.ecs_task_run: it ran longer than {self.params['wait_timeout']} seconds"
        api.stop_task(self.client, self.cluster, arn, reason)
        return f"{text}, and was stopped. To fix: raise wait_timeout if the task needs longer."

    def judge(self, task):
        definition = api.describe_task_definition(self.client, task["taskDefinitionArn"])
        codes = {container["name"]: container.get("exitCode") for container in task["containers"]}
        essential = [one["name"] for one in definition["containerDefinitions"] if one.get("essential", True)]
        judged = [self.params["container"]] if self.params["container"] else essential
        bad = [name for name in judged if codes.get(name) != 0]
        counts = (bad or judged)[0]
        self.result.update(exit_code=codes.get(counts), exit_codes=codes, stopped_reason=ecs_tasks.stop_text(task))
        self.result["seconds"] = int((task["stoppedAt"] - task["createdAt"]).total_seconds())
        if self.params["show_log"] and not self.module.no_log and codes.get(counts) is not None:
            self.result["log"] = self.log(definition, counts, task["taskArn"])
        if bad:
            raise UserError(self.failure(task, counts, counts in codes))

    def log(self, definition, container, arn):
        """The last lines that a container wrote to CloudWatch Logs."""
        described = next(one for one in definition["containerDefinitions"] if one["name"] == container)
        options = (described.get("logConfiguration") or {}).get("options", {})
        group, prefix = options.get("awslogs-group"), options.get("awslogs-stream-prefix")
        if not group or not prefix:
            return []
        client, stream = lifecycle.make_client(self.module, "logs"), f"{prefix}/{container}/{arn.rpartition('/')[2]}"
        try:
            where = {"logGroupName": group, "logStreamNamePrefix": stream}
            waiters.wait(client, "log_stream_written", f"the log of task {self.name}", LATE_LOG, **where)
            events = logs.get_log_events(client, group, stream, self.params["log_lines"])
        except AwsCallError as error:
            self.module.warn(str(error.message))  # the task counts, with or without its log
            return []
        return [event["message"].rstrip() for event in events]

    def failure(self, task, container, known):
        text = f"task {self.name} ({task['taskArn']}) failed: {self.result['stopped_reason']}"
        if not known:
            text += f"; it has no container {container}"
        elif self.result["exit_code"] is None:
            text += f"; container {container} never ran"
        fix = ecs_tasks.remedy(text, "correct what AWS names and run again")
        lines = "".join(f"\n  {line}" for line in self.result["log"][-TOLD_LINES:])
        return f"{text}. To fix: {fix}." + (f" The last lines of its log:{lines}" if lines else "")


def main():
    module = AnsibleAWSModule(
        argument_spec=ARGUMENT_SPEC,
        supports_check_mode=True,
        required_by={"command": ["container"], "environment": ["container"]},
    )
    run = TaskRun(module)
    try:
        run.run()
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error.message), **run.result)
    module.exit_json(**run.result)


if __name__ == "__main__":
    main()
