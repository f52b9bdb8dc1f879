# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a task definition for Fargate, before AWS is asked. Pure functions.

U(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html)
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, Optional

NAME = r"[a-zA-Z0-9_-]{1,255}"
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
SIZES: Dict[int, List[int]] = {
    256: [512, 1024, 2048],
    512: list(range(1024, 4097, 1024)),
    1024: list(range(2048, 8193, 1024)),
    2048: list(range(4096, 16385, 1024)),
    4096: list(range(8192, 30721, 1024)),
    8192: list(range(16384, 61441, 4096)),
    16384: list(range(32768, 122881, 8192)),
}
MOST_CONTAINERS = 10  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
# A secret, or a key in its JSON with or without stage and version; or a parameter of Systems Manager. See
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
REFERENCE = (
    r"arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:[^:]+(?::[^:]*:[^:]*:[^:]*)?|arn:[^:]+:ssm:[^:]+:\d{12}:parameter/.+"
)
CONDITIONS = ("START", "COMPLETE", "SUCCESS", "HEALTHY")
HEALTH_CHECK = {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "start_period": (0, 300)}


def flaw(item: dict) -> str:
    """What is wrong with a task definition; empty when nothing is. Containers need an image by now."""
    return next(_flaws(item), "")


def _flaws(item: dict) -> Iterator[str]:
    yield from _size_flaws(item)
    containers = item["containers"] or []
    names = [container["name"] for container in containers]
    if not 1 <= len(names) <= MOST_CONTAINERS or len(set(names)) < len(names):
        yield f"needs 1 to {MOST_CONTAINERS} containers. To fix: list them, each with its own name"
    if not any(container["essential"] for container in containers):
        yield "has no essential container. To fix: let one be essential, the task ends with it"
    ports = [container["port"] for container in containers if container["port"]]
    if len(set(ports)) < len(ports):
        yield "has two containers on one port. To fix: give each its own, they share one network"
    for container in containers:
        for text in _container_flaws(container, item):
            yield f"has a container {container['name']} that {text}"
    yield from _order_flaws({container["name"]: container for container in containers})


def _size_flaws(item: dict) -> Iterator[str]:
    if item["cpu"] not in SIZES:
        yield f"cannot have cpu {item['cpu']}. To fix: one of {', '.join(map(str, SIZES))}"
    elif item["memory"] not in SIZES[item["cpu"]]:
        fitting = ", ".join(map(str, SIZES[item["cpu"]]))
        yield f"cannot have memory {item['memory']} with cpu {item['cpu']}. To fix: one of {fitting}"
    for key in ("cpu", "memory"):
        total = sum(container[key] or 0 for container in item["containers"] or [])
        if total > (item[key] or 0):
            yield f"has containers with {key} {total} in all. To fix: at most the task's {item[key]}"
    if item["ephemeral_storage_gib"] is not None and not 21 <= item["ephemeral_storage_gib"] <= 200:
        yield "cannot have this ephemeral_storage_gib. To fix: 21 to 200, or leave it out for 20"
    if len(set(item["volumes"] or [])) < len(item["volumes"] or []):
        yield "lists a volume twice. To fix: list each once"
    if not all(re.fullmatch(NAME, volume) for volume in item["volumes"] or []):
        yield "has an impossible volume. To fix: name it with letters, digits, _ and -"


def _container_flaws(container: dict, item: dict) -> Iterator[str]:
    if not re.fullmatch(NAME, container["name"]):
        yield "cannot have this name. To fix: letters, digits, _ and -, at most 255"
    if not container["image"]:
        yield "has no image. To fix: name one"
    if container["port"] is not None and not 1 <= container["port"] <= 65535:
        yield "has an impossible port. To fix: 1 to 65535"
    if container["stop_timeout"] is not None and not 2 <= container["stop_timeout"] <= 120:
        yield "has an impossible stop_timeout. To fix: 2 to 120 seconds"
    if container["memory"] is not None and container["memory"] < 6:
        yield "has too little memory. To fix: at least 6 MiB"
    if container["log_stream_prefix"] and not container["log_group"]:
        yield "has a log_stream_prefix without log_group. To fix: name the log group"
    if (container["secrets"] or container["log_group"]) and not item["execution_role_arn"]:
        yield "needs an execution role for its secrets and logs. To fix: give execution_role_arn"
    yield from _environment_flaws(container)
    yield from _mount_flaws(container, item["volumes"] or [])
    yield from _health_flaws(container["health_check"])


def _environment_flaws(container: dict) -> Iterator[str]:
    environment, secrets = container["environment"] or {}, container["secrets"] or {}
    twice = sorted(set(environment) & set(secrets))
    if twice:
        yield f"has {', '.join(twice)} in environment and in secrets. To fix: keep one of both"
    unset = sorted(name for name, value in environment.items() if not name or value is None)
    if unset:
        yield f"has no value for {', '.join(unset)}. To fix: give a value, or leave the variable out"
    for name, reference in secrets.items():
        if not re.fullmatch(REFERENCE, str(reference)):
            yield f"has no reference to a secret in {name}. To fix: its ARN, or ARN:key:: for a key in its JSON"


def _mount_flaws(container: dict, volumes: List[str]) -> Iterator[str]:
    for volume, path in (container["mount_points"] or {}).items():
        if volume not in volumes:
            yield f"mounts {volume}, which is no volume. To fix: add it to volumes"
        if not str(path).startswith("/"):
            yield f"mounts {volume} at a relative path. To fix: begin it with /"


def _health_flaws(check: Optional[dict]) -> Iterator[str]:
    if not check:
        return
    if len(check["command"]) < 2 or check["command"][0] not in ("CMD", "CMD-SHELL"):
        yield "has an impossible health check. To fix: begin its command with CMD or CMD-SHELL"
    for key, (least, most) in HEALTH_CHECK.items():
        if check[key] is not None and not least <= check[key] <= most:
            yield f"has an impossible {key} of its health check. To fix: {least} to {most}"


def _order_flaws(containers: Dict[str, dict]) -> Iterator[str]:
    for name, container in containers.items():
        for other, condition in (container["depends_on"] or {}).items():
            text = _dependency_flaw(containers.get(other), other, condition)
            if text:
                yield f"has a container {name} that depends on {other}, {text}"
    if _has_circle({name: list(container["depends_on"] or {}) for name, container in containers.items()}):
        yield "has containers that wait for each other. To fix: break the circle of depends_on"


def _dependency_flaw(other: Optional[dict], name: str, condition: str) -> str:
    if other is None:
        return f"which is no container. To fix: one of the task's containers instead of {name}"
    if condition not in CONDITIONS:
        return f"on an unknown condition. To fix: one of {', '.join(CONDITIONS)}"
    if condition in ("COMPLETE", "SUCCESS") and other["essential"]:
        return f"on its end, though it is essential. To fix: essential: false for {name}"
    if condition == "HEALTHY" and not other["health_check"]:
        return f"which has no health check. To fix: give {name} one, or wait for START"
    return ""


def _has_circle(waits: Dict[str, List[str]]) -> bool:
    while waits:
        free = [name for name, others in waits.items() if not any(other in waits for other in others)]
        if not free:
            return True
        waits = {name: others for name, others in waits.items() if name not in free}
    return False
