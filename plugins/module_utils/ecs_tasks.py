# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why tasks of ECS stopped, in plain words, and what to do about it. Pure functions; AWS is not involved."""

from __future__ import annotations

from collections import Counter
from typing import List

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
STOP_CODES = {
    "TaskFailedToStart": "it did not start",
    "EssentialContainerExited": "an essential container exited",
    "UserInitiated": "somebody stopped it",
    "ServiceSchedulerInitiated": "its service stopped it",
    "SpotInterruption": "AWS took the Spot capacity back",
    "TerminationNotice": "its instance was about to be terminated",
    "InfrastructureHealth": "AWS's infrastructure under it failed",
}
EXIT_CODES = {
    126: "its command cannot be executed",
    127: "its command was not found",
    134: "it aborted",
    137: "it was killed: out of memory, or still running when it had to stop",
    139: "it crashed",
    143: "it was asked to stop",
}
# What to do, by words of AWS's reasons in small letters; the first that fits is given.
REMEDIES = (
    ("cannotpull", "push the image, and let the subnets reach the registry (NAT, or endpoints of ECR and S3)"),
    (
        "resourceinitializationerror",
        "let the execution role read the secrets that the task definition names, and the subnets reach "
        "Secrets Manager, ECR and CloudWatch Logs (NAT or endpoints)",
    ),
    ("outofmemory", "give the task more memory"),
    ("was killed", "give the task more memory, or let it end on SIGTERM"),
    ("command was not found", "correct the command, or the image"),
    ("cannot be executed", "correct the command, or the image"),
    (
        "elb health checks",
        "let the application answer its health path in time, and the load balancer's security group reach its port",
    ),
    ("unhealthy in (target-group", "let the application answer its health path on its port in time"),
    ("health check", "let the container's health check succeed in time, or correct it"),
    ("capacity is unavailable", "run again later: Fargate has no capacity in these zones at the moment"),
    ("vcpu", "ask AWS for a higher quota of Fargate vCPUs (Service Quotas console)"),
    ("network interface", "run again; check that the subnets have free addresses"),
    ("exited with", "read the container's log, correct what it says and run again"),
)


def container_text(container: dict, known: str = "") -> str:
    """How a container ended, without a reason that is known already; empty where it ended well, or not at all."""
    code, reason = container.get("exitCode"), _line(container.get("reason", ""))
    hint = f" ({EXIT_CODES[code]})" if code in EXIT_CODES else ""
    texts = [f"exited with {code}{hint}" if code else "", reason if reason not in known else ""]
    return f"container {container['name']} {': '.join(filter(None, texts))}" if any(texts) else ""


def stop_text(task: dict) -> str:
    """Why a task stopped, with what its containers left."""
    why = STOP_CODES.get(task.get("stopCode", ""), "it stopped")
    reason = _line(task.get("stoppedReason", ""))
    containers = [container_text(container, reason) for container in task.get("containers", [])]
    return "; ".join(filter(None, [f"{why} ({reason})" if reason else why, *containers]))


def stop_texts(tasks: List[dict]) -> List[str]:
    """Why tasks stopped, each reason once, the most frequent first."""
    counted = Counter(map(stop_text, tasks)).most_common()
    return [f"{count} {'task' if count == 1 else 'tasks'}: {text}" for text, count in counted]


def remedy(text: str, otherwise: str) -> str:
    """What to do about a reason that AWS gave; C(otherwise) where it says nothing that we know."""
    return next((fix for words, fix in REMEDIES if words in text.lower()), otherwise)


def _line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
