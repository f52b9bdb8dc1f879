# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments of ECS services: waited for through states that a stubbed AWS answers, and explained when they fail."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import boto3
import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_deployments
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_deployments import DeploymentError, await_stable

ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/api:"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=timezone.utc)


def deployment(revision, state="COMPLETED", status="PRIMARY"):
    return {"status": status, "taskDefinition": f"{ARN}{revision}", "rolloutState": state, "createdAt": NOW}


def service(*deployments, running=2, status="ACTIVE", events=(), name="api"):
    return {
        "serviceName": name,
        "status": status,
        "taskDefinition": deployments[0]["taskDefinition"],
        "deployments": list(deployments),
        "desiredCount": 2,
        "runningCount": running,
        "events": [{"message": f"(service {name}) {text}", "createdAt": NOW} for text in events],
    }


def task(revision, minutes=1, **fields):
    created = NOW + timedelta(minutes=minutes)
    return {"taskDefinitionArn": f"{ARN}{revision}", "createdAt": created, "containers": [], **fields}


class Ecs:
    """Answers DescribeServices in turn, the last answer for ever; and the stopped tasks."""

    def __init__(self, monkeypatch):
        self.client = boto3.client(
            "ecs", region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        self.services = []
        self.stopped = []
        self.asked = []
        monkeypatch.setattr(self.client, "_make_api_call", self.answer)

    def answer(self, operation, params):
        self.asked.append((operation, params))
        if operation == "DescribeServices":
            now = self.services.pop(0) if len(self.services) > 1 else self.services[0]
            return {"services": [one for one in now if one["serviceName"] in params["services"]], "failures": []}
        arns = [str(number) for number in range(len(self.stopped))]
        return {"taskArns": arns} if operation == "ListTasks" else {"tasks": self.stopped}


@pytest.fixture
def ecs(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    return Ecs(monkeypatch)


def failure(ecs, revision="2", timeout=60):
    with pytest.raises(DeploymentError) as caught:
        await_stable(ecs.client, "main", {"api": f"{ARN}{revision}"}, timeout)
    return caught.value.message


def test_it_waits_past_old_descriptions_and_unfinished_deployments(ecs):
    going = deployment("2", "IN_PROGRESS")
    ecs.services = [
        [service(deployment("1"))],  # older than the change
        [service(going, deployment("1", status="ACTIVE"), running=3)],
        [service(going, deployment("1", status="ACTIVE"), running=2)],
        [service(deployment("2"), running=1)],
        [service(deployment("2"))],
    ]
    await_stable(ecs.client, "main", {"api": f"{ARN}2"}, 60)
    assert len(ecs.services) == 1
    assert {operation for operation, params in ecs.asked} == {"DescribeServices"}


def test_a_deployment_that_never_shows_is_an_error(ecs):
    ecs.services = [[service(deployment("1"))]]
    with pytest.raises(ecs_deployments.AwsCallError) as caught:
        await_stable(ecs.client, "main", {"api": f"{ARN}2"}, 60)
    assert "Could not see the deployment of api:2 by ECS service api" in caught.value.message


def test_a_deployment_that_was_taken_back_before_the_first_look_is_known_by_its_events(ecs):
    begun = {"api": {"id": "ecs-svc/2", "createdAt": NOW}}
    events = ["(deployment ecs-svc/2) deployment failed: tasks failed to start."]
    ecs.services = [[service(deployment("1"))], [service(deployment("1"), events=events)]]
    with pytest.raises(DeploymentError) as caught:
        await_stable(ecs.client, "main", {"api": "api:2"}, 60, begun)
    assert "the deployment of api:2 failed and was taken back; api:1 is live" in caught.value.message


def test_eleven_services_are_asked_for_in_two_calls(ecs):
    names = [f"api-{number}" for number in range(11)]
    ecs.services = [[service(deployment("2"), name=name) for name in names]]
    await_stable(ecs.client, "main", dict.fromkeys(names, "api:2"), 60)
    assert sorted(len(params["services"]) for operation, params in ecs.asked) == [1] * 13 + [10, 10]


def test_what_ecs_took_back_is_waited_for_and_explained(ecs):
    back = deployment("1", "IN_PROGRESS")
    events = [
        "has reached a steady state.",
        "(task 6d74) failed container health checks.",
        "rolling back to deployment ecs-svc/1.",
        "(deployment ecs-svc/2) deployment failed: tasks failed to start.",
    ]
    ecs.services = [
        [service(deployment("2", "IN_PROGRESS"), deployment("1", status="ACTIVE"))],
        [service(back, deployment("2", "FAILED", "ACTIVE"), running=1)],
        [service(deployment("1"), events=events)],
    ]
    exited = {"stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited"}
    ecs.stopped = [
        task("2", containers=[{"name": "api", "exitCode": 1}], **exited),
        task("2", containers=[{"name": "api", "exitCode": 1}], **exited),
        task("2", minutes=-5, stopCode="UserInitiated", stoppedReason="of a former attempt"),
        task("1", stopCode="UserInitiated", stoppedReason="of another revision"),
    ]
    message = failure(ecs)
    assert message == (
        "ECS service api in cluster main: the deployment of api:2 failed and was taken back; api:1 is live. "
        "2 tasks: an essential container exited (Essential container in task exited); container api exited with 1. "
        "rolling back to deployment ecs-svc/1. (deployment ecs-svc/2) deployment failed: tasks failed to start. "
        "To fix: read the container's log, correct what it says and run again."
    )


def test_a_failed_deployment_without_a_way_back(ecs):
    ecs.services = [[service(deployment("2", "FAILED"), running=0)]]
    ecs.stopped = [
        task(
            "2",
            stopCode="TaskFailedToStart",
            stoppedReason="CannotPullContainerError: pull image manifest has been retried\n1 time(s)",
        )
    ]
    message = failure(ecs)
    assert "the deployment of api:2 failed. 1 task: it did not start (CannotPullContainerError: pull image" in message
    assert "retried 1 time(s)). To fix: push the image, and let the subnets reach the registry" in message


def test_too_late_says_how_far_it_got(ecs):
    ecs.services = [
        [service(deployment("2", "IN_PROGRESS"), running=1, events=["(task 1) failed: unable", "was unable to place"])]
    ]
    message = failure(ecs, timeout=10)
    assert (
        "the deployment of api:2 is not complete after 10 seconds (1 of 2 tasks run). (task 1) failed: unable. was"
        in message
    )
    assert "raise wait_timeout" in message


def test_without_any_reason_it_says_so(ecs):
    ecs.services = [[service(deployment("2", "FAILED"), running=0)]]
    assert "failed. ECS gives no reason. To fix: read the log of its tasks" in failure(ecs)


@pytest.mark.parametrize("last", [[], [service(deployment("2"), status="DRAINING")]])
def test_a_service_that_is_deleted_meanwhile(ecs, last):
    ecs.services = [[service(deployment("2", "IN_PROGRESS"))], last]
    assert "was deleted while its deployment was waited for. To fix: converge" in failure(ecs)
