# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Task definitions for Fargate: what to register, and what of it differs. Pure functions; AWS is not involved.

An item is what the user wrote, a request the parameters of RegisterTaskDefinition, and the normal form a flat dictionary
that is equal for a request and for what AWS shows of it. Its keys are those of items, with the container in front
where a container has it: C(cpu), C(api.environment).
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Optional

from ansible_collections.groundwork.aws.plugins.module_utils import compare
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_releases import BOOTSTRAP_LABEL

CONTAINER_OPTIONS = {
    "name": {"type": "str", "required": True},
    "image": {"type": "str"},
    "command": {"type": "list", "elements": "str"},
    "entry_point": {"type": "list", "elements": "str"},
    "essential": {"type": "bool", "default": True},
    "port": {"type": "int"},
    "user": {"type": "str"},
    "read_only_root_filesystem": {"type": "bool"},
    "environment": {"type": "dict"},
    "secrets": {"type": "dict", "no_log": False},
    "mount_points": {"type": "dict"},
    "depends_on": {"type": "dict"},
    "health_check": {
        "type": "dict",
        "options": {
            "command": {"type": "list", "elements": "str", "required": True},
            "interval": {"type": "int", "default": 30},
            "timeout": {"type": "int", "default": 5},
            "retries": {"type": "int", "default": 3},
            "start_period": {"type": "int"},
        },
    },
    "log_group": {"type": "str"},
    "log_stream_prefix": {"type": "str"},
    "init_process_enabled": {"type": "bool"},
    "docker_labels": {"type": "dict"},
    "cpu": {"type": "int"},
    "memory": {"type": "int"},
    "stop_timeout": {"type": "int"},
}
DEFINITION_OPTIONS = {
    "cpu": {"type": "int"},
    "memory": {"type": "int"},
    "task_role_arn": {"type": "str"},
    "execution_role_arn": {"type": "str"},
    "containers": {"type": "list", "elements": "dict", "options": CONTAINER_OPTIONS},
    "volumes": {"type": "list", "elements": "str"},
    "ephemeral_storage_gib": {"type": "int"},
    "cpu_architecture": {"type": "str", "choices": ["X86_64", "ARM64"], "default": "X86_64"},
}

# What RegisterTaskDefinition takes beside the family; the rest of a described revision is AWS's own.
_TASK_KEYS = {
    "cpu": "cpu",
    "memory": "memory",
    "taskRoleArn": "task_role_arn",
    "executionRoleArn": "execution_role_arn",
    "ephemeralStorage": "ephemeral_storage_gib",
    "runtimePlatform": "cpu_architecture",
    "volumes": "volumes",
    "networkMode": "network_mode",
    "requiresCompatibilities": "requires_compatibilities",
    "placementConstraints": "placement_constraints",
    "pidMode": "pid_mode",
    "ipcMode": "ipc_mode",
    "proxyConfiguration": "proxy_configuration",
    "enableFaultInjection": "enable_fault_injection",
}
_CONTAINER_KEYS = {
    "dependsOn": "depends_on",
    "dockerLabels": "docker_labels",
    "entryPoint": "entry_point",
    "healthCheck": "health_check",
    "linuxParameters": "init_process_enabled",
    "logConfiguration": "log",
    "mountPoints": "mount_points",
    "portMappings": "port",
    "readonlyRootFilesystem": "read_only_root_filesystem",
    "stopTimeout": "stop_timeout",
}
_HEALTH_CHECK = {"interval": 30, "timeout": 5, "retries": 3, "startPeriod": 0}  # AWS's defaults
_ORDERED = ("command", "entry_point")  # lists whose order counts


# Requests


def request(item: dict, region: str) -> dict:
    """The parameters of RegisterTaskDefinition beside family and tags, for Fargate."""
    params = {
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": str(item["cpu"]),
        "memory": str(item["memory"]),
        "taskRoleArn": item["task_role_arn"],
        "executionRoleArn": item["execution_role_arn"],
        "containerDefinitions": [_container(container, region) for container in item["containers"]],
        "volumes": [{"name": volume} for volume in item["volumes"] or []],
        "runtimePlatform": {"cpuArchitecture": item["cpu_architecture"], "operatingSystemFamily": "LINUX"},
    }
    if item["ephemeral_storage_gib"]:
        params["ephemeralStorage"] = {"sizeInGiB": item["ephemeral_storage_gib"]}
    return _given(params)


def _container(item: dict, region: str) -> dict:
    return _given(
        {
            "name": item["name"],
            "image": item["image"],
            "essential": item["essential"],
            "command": item["command"],
            "entryPoint": item["entry_point"],
            "user": item["user"],
            "cpu": item["cpu"],
            "memory": item["memory"],
            "stopTimeout": item["stop_timeout"],
            "readonlyRootFilesystem": item["read_only_root_filesystem"],
            "environment": _pairs(item["environment"], "name", "value"),
            "secrets": _pairs(item["secrets"], "name", "valueFrom"),
            "mountPoints": _pairs(item["mount_points"], "sourceVolume", "containerPath"),
            "dependsOn": _pairs(item["depends_on"], "containerName", "condition"),
            "dockerLabels": {key: text(value) for key, value in (item["docker_labels"] or {}).items()},
            "portMappings": [{"containerPort": item["port"], "protocol": "tcp"}] if item["port"] else None,
            "linuxParameters": {"initProcessEnabled": True} if item["init_process_enabled"] else None,
            "healthCheck": _health_check(item["health_check"]),
            "logConfiguration": _logs(item, region),
        }
    )


def _health_check(item: Optional[dict]) -> Optional[dict]:
    if not item:
        return None
    names = {"start_period": "startPeriod"}
    return {names.get(key, key): value for key, value in item.items() if value is not None}


def _logs(item: dict, region: str) -> Optional[dict]:
    if not item["log_group"]:
        return None
    # Fargate requires the prefix (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html).
    prefix = item["log_stream_prefix"] or item["name"]
    options = {"awslogs-group": item["log_group"], "awslogs-region": region, "awslogs-stream-prefix": prefix}
    return {"logDriver": "awslogs", "options": options}


def text(value: Any) -> str:
    """A value of an environment variable or label: what YAML reads as a boolean is spelt as JSON does."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _pairs(values: Optional[dict], key: str, value: str) -> List[dict]:
    return [{key: one, value: text(other)} for one, other in sorted((values or {}).items())]


def _given(values: dict) -> dict:
    return {key: value for key, value in values.items() if value is not None and value != [] and value != {}}


# The normal form


def comparable(definition: dict) -> Dict[str, Any]:
    """The normal form of a request or of a described revision, in which AWS's defaults do not show."""
    form = {ours: _task_value(aws, definition.get(aws)) for aws, ours in _TASK_KEYS.items()}
    for container in definition["containerDefinitions"]:
        for key, value in container.items():
            if key != "name":
                form[f"{container['name']}.{_CONTAINER_KEYS.get(key, key)}"] = _container_value(key, value)
    return {key: value for key, value in form.items() if value not in (None, [], {}, "", 0, False)}


def _task_value(key: str, value: Any) -> Any:
    if key == "runtimePlatform":
        platform = value or {}
        system = platform.get("operatingSystemFamily", "LINUX")
        architecture = platform.get("cpuArchitecture", "X86_64")
        return architecture if system == "LINUX" else f"{system} {architecture}"
    if key == "ephemeralStorage":
        return (value or {}).get("sizeInGiB")
    if key == "volumes":
        # AWS shows an empty host with every volume of Fargate.
        return [_volume({part: one for part, one in volume.items() if one}) for volume in value or []]
    return value


def _volume(volume: dict) -> Any:
    return volume["name"] if list(volume) == ["name"] else volume


def _container_value(key: str, value: Any) -> Any:
    if key == "essential":
        return "no" if value is False else None
    if key == "versionConsistency":
        return None if value == "enabled" else value
    if key in _READERS:
        return _READERS[key](value) if value else None
    return value


def _read_port(mappings: List[dict]) -> Any:
    plain = [{**one, "protocol": one.get("protocol", "tcp")} for one in mappings]
    for one in plain:
        # In awsvpc mode the port of the host is that of the container.
        one.pop("hostPort", None)
        if one["protocol"] == "tcp":
            del one["protocol"]
    if len(plain) == 1 and list(plain[0]) == ["containerPort"]:
        return plain[0]["containerPort"]
    return plain


def _read_mounts(mounts: List[dict]) -> Dict[str, str]:
    return {one["sourceVolume"]: one["containerPath"] + (":ro" if one.get("readOnly") else "") for one in mounts}


def _read_health_check(check: dict) -> dict:
    return {**_HEALTH_CHECK, **check}


def _read_linux(parameters: dict) -> Any:
    plain = {key: value for key, value in parameters.items() if value}
    return True if plain == {"initProcessEnabled": True} else plain


def _read_logs(configuration: dict) -> dict:
    return {key: value for key, value in configuration.items() if value}


_READERS: Dict[str, Callable[[Any], Any]] = {
    "environment": lambda pairs: {one["name"]: one["value"] for one in pairs},
    "secrets": lambda pairs: {one["name"]: one["valueFrom"] for one in pairs},
    "dependsOn": lambda pairs: {one["containerName"]: one["condition"] for one in pairs},
    "mountPoints": _read_mounts,
    "portMappings": _read_port,
    "healthCheck": _read_health_check,
    "linuxParameters": _read_linux,
    "logConfiguration": _read_logs,
}


def _same_words(before: Any, after: Any) -> bool:
    return before == after


def _same_value(before: Any, after: Any) -> bool:
    # A health check has a command among its values; its words have an order, as no other list has.
    if isinstance(before, dict) and isinstance(after, dict) and "command" in before:
        return before == after
    return compare.same(before, after)


def equal(keys: Iterable[str]) -> Dict[str, Callable[[Any, Any], bool]]:
    """How to compare the values of keys of the normal form."""
    return {key: _same_words if key.rpartition(".")[2] in _ORDERED else _same_value for key in keys}


def wanted(current: Dict[str, Any], form: Dict[str, Any]) -> Dict[str, Any]:
    """A normal form with an empty value for what only the current one has, so that a comparison finds it."""
    return {**{key: "" for key in current}, **form}


def same(one: Dict[str, Any], other: Dict[str, Any]) -> bool:
    """Whether two normal forms are equal."""
    return not compare.difference(one, wanted(one, other), equal({**one, **other}))


def images(definition: dict) -> Dict[str, str]:
    """The images of a request or a described revision, by container."""
    return {container["name"]: container["image"] for container in definition["containerDefinitions"]}


def is_bootstrap(definition: dict) -> bool:
    """Whether a described revision runs the bootstrap image in place of a release."""
    return _bootstrap_container(definition) is not None


def live_image(definition: dict, container: Optional[str]) -> Optional[str]:
    """The image that releases or bootstrap brought: that of the container, or where none is named of the first."""
    found = images(definition)
    name = _bootstrap_container(definition) or container or next(iter(found), "")
    return found.get(name)


def _bootstrap_container(definition: dict) -> Optional[str]:
    for container in definition["containerDefinitions"]:
        if (container.get("dockerLabels") or {}).get(BOOTSTRAP_LABEL) == "true":
            return container["name"]
    return None


# Variants of an item


def with_image(item: dict, container: str, image: str) -> dict:
    """The item with another image in one of its containers: what a release registers."""
    return _changed(item, container, image=image)


def with_bootstrap(item: dict, container: str, bootstrap: dict) -> dict:
    """The item as it runs before its first release: the bootstrap image in place of a container's own."""
    own = next(one for one in item["containers"] if one["name"] == container)
    labels = {**(own["docker_labels"] or {}), BOOTSTRAP_LABEL: "true"}
    plain = _changed(
        item,
        container,
        image=bootstrap["image"],
        command=bootstrap["command"],
        entry_point=None,
        health_check=bootstrap["health_check"],
        docker_labels=labels,
    )
    return plain if bootstrap["health_check"] else _without_health(plain, container)


def _changed(item: dict, container: str, **changes: Any) -> dict:
    containers = [{**one, **changes} if one["name"] == container else one for one in item["containers"]]
    return {**item, "containers": containers}


def _without_health(item: dict, container: str) -> dict:
    # Nothing can wait for the health of a container that has no health check.
    containers = []
    for one in item["containers"]:
        depends_on = dict(one["depends_on"] or {})
        if depends_on.get(container) == "HEALTHY":
            depends_on[container] = "START"
        containers.append({**one, "depends_on": depends_on})
    return {**item, "containers": containers}
