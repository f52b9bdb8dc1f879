# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for deployments of ECS services, and saying why one failed."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any, Dict, List, Optional

from ansible_collections.groundwork.aws.plugins.module_utils import ecs_tasks, waiters
from ansible_collections.groundwork.aws.plugins.module_utils.api import ecs as api
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_releases import revision_of
from ansible_collections.groundwork.aws.plugins.module_utils.errors import AwsCallError, UserError

ONE_CALL = 10  # how many services DescribeServices takes
TOLD = 4  # how many events and reasons a message names
TROUBLE = ("unable", "fail", "unhealthy", "rolling back", "error")  # words of the events that explain a failure


class DeploymentError(UserError):
    """A service does not run the revision that it should; the message says why, and which it runs."""


def primary(service: dict) -> dict:
    """The deployment that a service is heading for; empty where it has none."""
    return next((one for one in service.get("deployments", []) if one["status"] == "PRIMARY"), {})


def is_steady(service: dict) -> bool:
    """Whether the service's deployment is complete, with as many tasks as it should have."""
    complete = service["status"] == "ACTIVE" and primary(service).get("rolloutState") == "COMPLETED"
    return complete and service["runningCount"] == service["desiredCount"]


def await_stable(
    client: Any, cluster: str, revisions: Dict[str, str], timeout: int, begun: Optional[Dict[str, dict]] = None
) -> None:
    """Wait until services run their revisions and nothing else; L(DeploymentError) where one does not come to that.

    A deployment that ECS takes back is waited for until the former revision runs again.

    :param revisions: ARNs, or family and number, of task definitions by the name of their service.
    :param timeout: seconds for all of them together.
    :param begun: the deployments that were just begun, as the calls that began them answered, by service.
    """
    deadline = time.monotonic() + timeout
    started = {}
    for name, revision in revisions.items():
        # A description may be older than the change: it would show a former deployment, complete.
        seen = api.see_deployment(client, cluster, name, revision_of(revision), (begun or {}).get(name))
        started[name] = seen["createdAt"]
    for start in range(0, len(revisions), ONE_CALL):
        names = list(revisions)[start : start + ONE_CALL]
        _wait(client, cluster, names, max(1, int(deadline - time.monotonic())))
    services = {one["serviceName"]: one for one in api.describe_services(client, cluster, list(revisions))}
    for name, revision in revisions.items():
        service = services.get(name)
        if not service or not _runs(service, revision):
            raise DeploymentError(_message(client, cluster, service, name, revision, started[name], timeout))


def explain_failure(client: Any, cluster: str, service: dict, revision: str, since: Optional[datetime] = None) -> str:
    """Why the deployment of a revision failed: the service's events, and why its tasks stopped.

    :param service: the service as DescribeServices answers.
    :param since: what happened before does not count.
    """
    arns = api.list_tasks(client, cluster, serviceName=service["serviceName"], desiredStatus="STOPPED")
    tasks = [
        task
        for task in api.describe_tasks(client, cluster, list(arns)[:100])
        if revision_of(task["taskDefinitionArn"]) == revision_of(revision) and _counts(task, since)
    ]
    events = [_event_text(event["message"]) for event in service.get("events", []) if _counts(event, since)]
    # An event about one task says less than the task itself.
    told = [text for text in dict.fromkeys(events) if _is_trouble(text) and not (tasks and text.startswith("(task "))]
    return ". ".join(ecs_tasks.stop_texts(tasks)[:TOLD] + told[:TOLD]) or "ECS gives no reason"


def _wait(client: Any, cluster: str, names: List[str], timeout: int) -> None:
    what = f"ECS {'service' if len(names) == 1 else 'services'} {', '.join(names)} stable"
    try:
        waiters.wait(client, "services_stable", what, timeout, cluster=cluster, services=names)
    except AwsCallError as error:
        if type(error.exception).__name__ != "WaiterError":
            raise
        # Failed, or too late: which service it is, and why, is told from what AWS shows now.


def _runs(service: dict, revision: str) -> bool:
    return is_steady(service) and revision_of(service["taskDefinition"]) == revision_of(revision)


def _counts(event: dict, since: Optional[datetime]) -> bool:
    return since is None or event.get("createdAt", since) >= since


def _is_trouble(text: str) -> bool:
    return any(word in text for word in TROUBLE)


def _event_text(message: str) -> str:
    # "(service api) (deployment ecs-svc/1) deployment failed: tasks failed to start."
    return message.partition(") ")[2].rstrip(".") or message


def _message(
    client: Any, cluster: str, service: Optional[dict], name: str, revision: str, since: datetime, timeout: int
) -> str:
    label = f"ECS service {name} in cluster {cluster}"
    if service is None or service["status"] != "ACTIVE":
        return f"{label} was deleted while its deployment was waited for. To fix: converge, which creates it again."
    now = revision_of(primary(service).get("taskDefinition", service["taskDefinition"]))
    state = primary(service).get("rolloutState")
    why = explain_failure(client, cluster, service, revision, since)
    if now != revision_of(revision):
        end = f"failed and was taken back; {now} is live" + ("" if is_steady(service) else ", and not complete yet")
    elif state == "FAILED":
        end = "failed"
    else:
        counts = f"{service['runningCount']} of {service['desiredCount']} tasks run"
        end = f"is not complete after {timeout} seconds ({counts})"
    fix = ecs_tasks.remedy(why, "read the log of its tasks; raise wait_timeout if they are just slow to start")
    return f"{label}: the deployment of {revision_of(revision)} {end}. {why}. To fix: {fix}."
