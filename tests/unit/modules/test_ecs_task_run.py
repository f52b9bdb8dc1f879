# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ecs_task_run against moto, whose tasks run for ever: how they end, the tests say."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned

MODULE = "ecs_task_run"
LOG_GROUP = "/ecs/api"
BEGIN = datetime(2026, 11, 21, 9, 0, tzinfo=timezone.utc)
EXITED = {"stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited"}


def container(name, **fields):
    options = {"awslogs-group": LOG_GROUP, "awslogs-region": "us-east-1", "awslogs-stream-prefix": "api"}
    log = {"logDriver": "awslogs", "options": options}
    return {"name": name, "image": "api", "memory": 128, "logConfiguration": log, **fields}


@pytest.fixture
def params(cloud, subnet_ids, vpc_id):
    """What the module takes, with a cluster and a task definition of two containers, one essential."""
    ecs = cloud.client("ecs")
    ecs.create_cluster(clusterName="main")
    containers = [container("api"), container("proxy", essential=False)]
    ecs.register_task_definition(family="api", containerDefinitions=containers)
    cloud.client("logs").create_log_group(logGroupName=LOG_GROUP)
    group = cloud.client("ec2").create_security_group(GroupName="api", Description="api", VpcId=vpc_id)["GroupId"]
    where = {"cluster": "main", "subnet_ids": subnet_ids, "security_group_ids": [group]}
    return {**where, "name": "migration", "task_definition": "api:1"}


def ending(cloud, api=0, proxy=143, lines=(), running=1, **task):
    """Let tasks run in the first descriptions, then end as the test says, with these lines of the container api."""
    seen = []

    def end(answer):
        seen.append(1)
        for one in answer["tasks"]:
            one["createdAt"] = BEGIN
            one["containers"] = [{"name": "api", "exitCode": api}, {"name": "proxy", "exitCode": proxy}]
            if api is None:
                one["containers"] = [{"name": "api"}, {"name": "proxy"}]
            one["lastStatus"] = "RUNNING"
            if len(seen) > running:
                one.update(lastStatus="STOPPED", stoppedAt=BEGIN + timedelta(seconds=74), **{**EXITED, **task})
                if lines:
                    write(cloud, one["taskArn"], lines)

    cloud.adjust("DescribeTasks", end)


def write(cloud, arn, lines):
    stream = f"api/api/{arn.rpartition('/')[2]}"
    logs = cloud.client("logs")
    known = logs.describe_log_streams(logGroupName=LOG_GROUP, logStreamNamePrefix=stream)["logStreams"]
    if not known:
        logs.create_log_stream(logGroupName=LOG_GROUP, logStreamName=stream)
        now = int(time.time() * 1000)
        events = [{"timestamp": now + number, "message": f"{line}\n"} for number, line in enumerate(lines)]
        logs.put_log_events(logGroupName=LOG_GROUP, logStreamName=stream, logEvents=events)


def tasks(cloud):
    ecs = cloud.client("ecs")
    arns = ecs.list_tasks(cluster="main")["taskArns"]
    return ecs.describe_tasks(cluster="main", tasks=arns, include=["TAGS"])["tasks"] if arns else []


def test_check_mode_says_that_it_would_run_and_calls_nothing(cloud):
    params = {"cluster": "main", "task_definition": "api", "subnet_ids": [planned.ec2_id("subnet", "a")]}
    result = cloud.run(MODULE, check_mode=True, **params)
    action = {"service": "ecs", "type": "task", "name": "api", "action": "create", "fields": []}
    assert (result["changed"], result["actions"], result["task_arn"], cloud.calls) == (True, [action], None, [])
    assert "task api: a planned id of a --check run" in cloud.run_failing(MODULE, **params)["msg"]
    assert cloud.calls == []


def test_it_waits_for_the_end_and_returns_exit_codes_and_log(cloud, params):
    ending(cloud, lines=["Running migration 42", "Done"], running=2)
    result = cloud.run(MODULE, **params)
    assert cloud.operations[:4] == ["RunTask"] + ["DescribeTasks"] * 3
    assert (result["exit_code"], result["exit_codes"]) == (0, {"api": 0, "proxy": 143})
    assert (result["changed"], result["adopted"], result["seconds"]) == (True, False, 74)
    assert result["log"] == ["Running migration 42", "Done"]
    assert result["task_arn"] == tasks(cloud)[0]["taskArn"]
    assert [one["action"] for one in result["actions"]] == ["create"]


def test_what_is_sent(cloud, params):
    ending(cloud)
    more = {"command": ["npm", "run", "migrate"], "environment": {"B": True, "A": "x"}, "container": "api"}
    cloud.run(MODULE, **params, **more, started_by="dougust/1", tags={"Team": "us"}, show_log=False)
    (sent,) = cloud.parameters("RunTask")
    network = sent["networkConfiguration"]["awsvpcConfiguration"]
    assert (network["subnets"], network["assignPublicIp"]) == (params["subnet_ids"], "DISABLED")
    assert (sent["launchType"], sent["startedBy"], sent["count"]) == ("FARGATE", "dougust/1", 1)
    environment = [{"name": "A", "value": "x"}, {"name": "B", "value": "true"}]
    override = {"name": "api", "command": ["npm", "run", "migrate"], "environment": environment}
    assert sent["overrides"] == {"containerOverrides": [override]}
    assert sent["tags"] == [{"key": "Team", "value": "us"}] and sent["clientToken"]


def test_a_container_that_exits_with_an_error_is_explained_with_its_log(cloud, params):
    ending(cloud, api=1, lines=[f"line {number}" for number in range(30)])
    failed = cloud.run_failing(MODULE, **params, log_lines=20)
    assert "task migration (arn:aws:ecs:us-east-1:123456789012:task/main/" in failed["msg"]
    assert (
        ") failed: an essential container exited (Essential container in task exited); container api" in failed["msg"]
    )
    assert "container api exited with 1" in failed["msg"] and "To fix: read the container's log" in failed["msg"]
    assert failed["msg"].endswith("".join(f"\n  line {number}" for number in range(20, 30)))
    assert failed["log"] == [f"line {number}" for number in range(10, 30)]
    assert (failed["exit_code"], failed["changed"], len(failed["actions"])) == (1, True, 1)


def test_the_named_container_counts_alone(cloud, params):
    ending(cloud, api=1, proxy=0)
    assert cloud.run(MODULE, **params, container="proxy", show_log=False)["exit_code"] == 0
    assert "it has no container other" in cloud.run_failing(MODULE, **params, container="other")["msg"]


@pytest.mark.parametrize(
    "reason, fix",
    [
        ("CannotPullContainerError: pull image manifest has been retried", "To fix: push the image"),
        ("ResourceInitializationError: unable to pull secrets", "To fix: let the execution role read the secrets"),
    ],
)
def test_a_task_that_never_started(cloud, params, reason, fix):
    ending(cloud, api=None, stopCode="TaskFailedToStart", stoppedReason=reason)
    failed = cloud.run_failing(MODULE, **params)
    assert f"it did not start ({reason}); container api never ran. {fix}" in failed["msg"]
    assert failed["exit_codes"] == {"api": None, "proxy": None}
    assert "DescribeLogStreams" not in cloud.operations


def test_a_task_of_a_killed_run_is_waited_for_instead_of_started_again(cloud, params):
    first = cloud.run(MODULE, **params, started_by="dougust/1", wait=False)
    assert cloud.operations == ["ListTasks", "RunTask"]
    ending(cloud)
    result = cloud.run(MODULE, **params, started_by="dougust/1", show_log=False)
    assert (result["adopted"], result["changed"], result["task_arn"]) == (True, False, first["task_arn"])
    assert cloud.mutations == [] and len(tasks(cloud)) == 1
    again = cloud.run(MODULE, **params, started_by="dougust/1", show_log=False)
    assert (again["adopted"], again["task_arn"] != first["task_arn"]) == (False, True)


def test_a_task_of_another_revision_has_to_stop_first(cloud, params):
    former = cloud.run(MODULE, **params, started_by="dougust", wait=False)["task_arn"]
    cloud.client("ecs").register_task_definition(family="api", containerDefinitions=[container("api")])
    now = {"lastStatus": "RUNNING"}
    cloud.adjust("DescribeTasks", lambda answer: [one.update(now) for one in answer["tasks"]])
    second = {**params, "task_definition": "api:2", "started_by": "dougust", "wait": False}
    failed = cloud.run_failing(MODULE, **second, wait_timeout=1)
    assert f"{former} of another revision stopped, which task migration must not run beside" in failed["msg"]
    assert "RunTask" not in cloud.operations
    now["lastStatus"] = "STOPPED"
    result = cloud.run(MODULE, **second)
    assert (result["adopted"], result["task_arn"] != former) == (False, True)


def test_a_task_of_another_family_is_not_adopted(cloud, params):
    cloud.run(MODULE, **params, started_by="dougust/1", wait=False)
    cloud.client("ecs").register_task_definition(family="api-2", containerDefinitions=[container("api")])
    cloud.run(MODULE, **{**params, "task_definition": "api-2"}, started_by="dougust/1", wait=False)
    assert cloud.mutations == ["RunTask"]


def failures(reason):
    return lambda request: {"tasks": [], "failures": [{"reason": reason}]}


def test_a_lack_of_capacity_is_waited_out(cloud, params):
    ending(cloud)
    cloud.answer("RunTask", failures("Capacity is unavailable at this time. Please try again later"), times=3)
    assert cloud.run(MODULE, **params, show_log=False)["changed"]
    assert cloud.operations.count("RunTask") == 4


def test_what_keeps_a_task_from_starting_is_explained(cloud, params):
    cloud.answer("RunTask", failures("You've reached the limit on the number of vCPUs you can run concurrently"))
    failed = cloud.run_failing(MODULE, **params)
    assert "Could not run a task of api:1 in cluster main: TaskNotStarted: You've reached the limit" in failed["msg"]
    assert "To fix: ask AWS for a higher quota of Fargate vCPUs" in failed["msg"]
    assert (failed["changed"], cloud.operations) == (False, ["RunTask"])


def test_one_that_takes_too_long_is_stopped_or_goes_on(cloud, params):
    ending(cloud, running=1000)
    failed = cloud.run_failing(MODULE, **params, wait_timeout=20)
    assert f"task migration ({failed['task_arn']}) still runs after 20 seconds, and was stopped." in failed["msg"]
    (stopped,) = cloud.parameters("StopTask")
    assert stopped["reason"] == "groundwork.aws.ecs_task_run: it ran longer than 20 seconds"
    failed = cloud.run_failing(MODULE, **params, wait_timeout=20, stop_on_timeout=False)
    assert "and goes on. To fix: run again" in failed["msg"] and "StopTask" not in cloud.operations


def test_a_log_that_does_not_come_is_a_warning(cloud, params):
    ending(cloud)
    result = cloud.run(MODULE, **params)
    assert result["log"] == []
    assert any("Could not see the log of task migration" in str(text) for text in result["warnings"])


@pytest.mark.parametrize("quiet", [{"show_log": False}, {"_ansible_no_log": True}])
def test_a_log_that_nobody_may_see_is_not_read(cloud, params, quiet):
    ending(cloud, api=1, lines=["a secret"])
    failed = cloud.run_failing(MODULE, **params, **quiet)
    assert "a secret" not in str(failed) and "GetLogEvents" not in cloud.operations


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"started_by": "a b"}, "has an impossible started_by"),
        ({"started_by": "a" * 129}, "has an impossible started_by"),
        ({"subnet_ids": []}, "needs 1 to 16 subnets"),
        ({"security_group_ids": ["sg-0123456789abcdef0"] * 6}, "at most 5 security groups"),
        ({"container": "api", "command": ["x" * 8193]}, "more than 8192 characters"),
        ({"log_lines": 0}, "needs log_lines from 1"),
        ({"wait_timeout": 0}, "a wait_timeout above 0"),
        ({"command": ["x"]}, "missing parameter(s) required by 'command': container"),
    ],
)
def test_what_aws_would_refuse_is_refused_before_any_call(cloud, changes, words):
    params = {"cluster": "main", "task_definition": "api", "subnet_ids": ["subnet-0123456789abcdef0"], **changes}
    assert words in cloud.run_failing(MODULE, **params)["msg"] and not cloud.calls
