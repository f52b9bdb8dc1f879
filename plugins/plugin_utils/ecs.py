# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the variables of the ecs role to the items of its modules, and from what is there to its outputs. Pure functions.

C(settings) are the inputs of the role beside its services, and its C(state).
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.groundwork.aws.plugins.plugin_utils import fargate
from ansible_collections.groundwork.aws.plugins.plugin_utils.names import resource_name

Settings = Dict[str, Any]

DEFAULTS: Dict[str, Any] = {
    "port": None,
    "command": [],
    "environment": {},
    "secrets": {},
    "target_group": "",
    "health_check_grace_seconds": 60,
    "desired_count": 1,
    "cpu_target": 70,
    "memory_target": 80,
    "scale_in_cooldown": 300,
    "scale_out_cooldown": 300,
    "user": "1000",
    "read_only_root_filesystem": True,
    "writable_paths": ["/tmp"],
    "ephemeral_storage_gib": 0,
    "task_policy": [],
    "managed_policies": [],
    "minimum_healthy_percent": 100,
    "maximum_percent": 200,
    "container_health_check": [],
    "migration": {},
    "smoke_tests": [],
    "repository": "",
}
# What the agent of ECS Exec writes:
# U(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html)
EXEC_PATHS = ["/var/lib/amazon", "/var/log/amazon"]
EXEC_CHANNELS = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"]
TARGETS = {"cpu": "ECSServiceAverageCPUUtilization", "memory": "ECSServiceAverageMemoryUtilization"}
PROGRESS = ("status", "running_count", "desired_count", "stable", "last_event", "image")

# Reads the request, at most as long as its sender writes, and answers it. The shell is BusyBox's, whose read knows -t.
BOOTSTRAP_ANSWER = (
    "while IFS= read -r -t 10 line && [ ${#line} -gt 1 ]; do :; done; "
    'body="No release yet"; '
    r'printf "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s" '
    '"${#body}" "$body"'
)


def bootstrap_command(port: Optional[int]) -> List[str]:
    """What answers 200 to every request, writes no file and needs no root: BusyBox's nc, a process for each request.

    What listens on no port only stays.
    """
    if not port:
        return ["tail", "-f", "/dev/null"]
    return ["nc", "-ll", "-p", str(port), "-e", "sh", "-c", BOOTSTRAP_ANSWER]


def plain(service: dict, settings: Settings) -> dict:
    """A service with everything that the inventory leaves to the role."""
    name = service["name"]
    family = resource_name(settings["prefix"], name, fargate.FAMILY_LIMIT)
    own = {
        "service_name": family,
        "family": family,
        "container": name,
        "log_group": f"/ecs/{settings['prefix']}/{name}",
        "execute_command": settings["execute_command"],
        "security_group_ids": settings["security_group_ids"],
    }
    given = {key: value for key, value in service.items() if value is not None and value != ""}
    return {
        **DEFAULTS,
        **own,
        **given,
        "execution_role": _role(name, settings, "execution"),
        "task_role": _role(name, settings, "task"),
    }


def _role(name: str, settings: Settings, kind: str) -> str:
    return resource_name(settings["prefix"], f"{name}-{kind}", fargate.ROLE_LIMIT)


def log_group_names(services: List[dict], settings: Settings) -> Dict[str, str]:
    """The log groups by service."""
    return {service["name"]: plain(service, settings)["log_group"] for service in services}


def log_group_items(services: List[dict], settings: Settings) -> List[dict]:
    """Items for logs_log_groups: those of the services, and the one that AWS would make and keep for ever."""
    names = list(log_group_names(services, settings).values())
    if settings["container_insights"] != "disabled" or settings["state"] == "absent":
        names.append(f"/aws/ecs/containerinsights/{settings['cluster']}/performance")
    kept = {"retention_days": settings["log_retention_days"], "kms_key_arn": settings["logs_kms_key_arn"] or None}
    return [{"name": name, **kept} for name in names]


# Roles


def role_items(services: List[dict], settings: Settings) -> List[dict]:
    """Items for iam_roles: two a service, one for ECS and one for what runs in the task."""
    found = [plain(service, settings) for service in services]
    if settings["state"] == "absent":
        return [{"name": one[role]} for one in found for role in ("execution_role", "task_role")]
    return [item for one in found for item in _roles(one, settings)]


def _roles(service: dict, settings: Settings) -> List[dict]:
    trusted, name = fargate.tasks_trust(settings), service["name"]
    arns = settings["repository_arns"]
    repositories = [arns.get(service["repository"])] if service["repository"] else list(arns.values())
    secrets = [fargate.secret_arn(reference) for reference in _references(service, settings).values() if reference]
    execution = fargate.execution_statements(
        settings, service["log_group"], secrets, settings["kms_key_arn"], [arn for arn in repositories if arn]
    )
    task = [*service["task_policy"], *(_exec_statements(service, settings) if service["execute_command"] else [])]
    return [
        fargate.role(service["execution_role"], f"ECS starts the tasks of {name}", trusted, execution, []),
        fargate.role(service["task_role"], f"The containers of {name}", trusted, task, service["managed_policies"]),
    ]


def _exec_statements(service: dict, settings: Settings) -> List[dict]:
    """What ECS Exec needs. AWS has no resource for the channels."""
    group = fargate.log_group_arn(settings, service["log_group"])
    write = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    channels = [f"ssmmessages:{action}" for action in EXEC_CHANNELS]
    return [
        {"Sid": "ExecChannels", "Effect": "Allow", "Action": channels, "Resource": "*"},
        {"Sid": "ExecLogGroups", "Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
        {"Sid": "ExecLog", "Effect": "Allow", "Action": write, "Resource": f"{group}:*"},
    ]


def _references(service: dict, settings: Settings) -> Dict[str, Optional[str]]:
    needed = settings["state"] == "present"
    whose = f"service {service['name']}"
    return fargate.secret_references(service["secrets"], settings["secret_arns"], whose, needed)


# Services


def service_items(services: List[dict], settings: Settings) -> List[dict]:
    """Items for ecs_services; to remove a service, its name is enough."""
    found = [plain(service, settings) for service in services]
    if settings["state"] == "absent":
        return [{"name": one["service_name"]} for one in found]
    return [_service(one, settings) for one in found]


def _service(service: dict, settings: Settings) -> dict:
    balanced = bool(service["target_group"])
    return {
        "name": service["service_name"],
        "task_definition": {"family": service["family"], **_definition(service, settings)},
        "release_container": service["container"],
        "bootstrap": {"image": settings["bootstrap_image"], "command": bootstrap_command(service["port"])},
        "desired_count": service["desired_count"],
        "subnet_ids": settings["subnet_ids"],
        "security_group_ids": service["security_group_ids"],
        "load_balancers": [_balancer(service, settings)] if balanced else [],
        # AWS refuses a grace period without a load balancer.
        **({"health_check_grace_period_seconds": service["health_check_grace_seconds"]} if balanced else {}),
        "minimum_healthy_percent": service["minimum_healthy_percent"],
        "maximum_percent": service["maximum_percent"],
        "enable_execute_command": service["execute_command"],
        "enable_ecs_managed_tags": True,
        "availability_zone_rebalancing": "ENABLED" if service["maximum_percent"] > 100 else "DISABLED",
    }


def _balancer(service: dict, settings: Settings) -> dict:
    arns = settings["target_group_arns"]
    if service["target_group"] not in arns:
        raise fargate.Unknown(
            f"service {service['name']} needs the target group {service['target_group']}, which is not there. "
            f"To fix: one of {', '.join(sorted(arns)) or 'the load balancer (there is none)'}."
        )
    return {
        "target_group_arn": arns[service["target_group"]],
        "container": service["container"],
        "port": service["port"],
    }


def _definition(service: dict, settings: Settings) -> dict:
    container = {
        "name": service["container"],
        "port": service["port"],
        "user": service["user"],
        "read_only_root_filesystem": service["read_only_root_filesystem"],
        "environment": {key: str(value) for key, value in service["environment"].items()},
        "secrets": _references(service, settings),
        "log_group": service["log_group"],
        # Without it, an application that is process 1 and knows no signals is killed half a minute later.
        "init_process_enabled": True,
    }
    if service["command"]:
        container["command"] = service["command"]
    if service["container_health_check"]:
        container["health_check"] = {"command": service["container_health_check"]}
    sizes = {
        "cpu": service["cpu"],
        "memory": service["memory"],
        "ephemeral_storage_gib": service["ephemeral_storage_gib"],
        "cpu_architecture": settings["cpu_architecture"],
        "execution_role_arn": fargate.role_arn(settings, service["execution_role"]),
        "task_role_arn": fargate.role_arn(settings, service["task_role"]),
    }
    preparing = {"image": settings["bootstrap_image"], "log_group": service["log_group"]}
    return fargate.definition([container], _writable(service), sizes, preparing)


def _writable(service: dict) -> List[str]:
    """Where volumes have to be: elsewhere the image's own file system can be written."""
    if not service["read_only_root_filesystem"]:
        return []
    return service["writable_paths"] + (EXEC_PATHS if service["execute_command"] else [])


# Autoscaling


def scaling_items(services: List[dict], settings: Settings) -> List[dict]:
    """Items for application_autoscaling_targets, also of services that do not scale: it keeps their count."""
    found = [plain(service, settings) for service in services]
    return [{"name": _scalable(one, settings), **_scaling(one, settings)} for one in found]


def _scalable(service: dict, settings: Settings) -> str:
    return f"service/{settings['cluster']}/{service['service_name']}"


def _scaling(service: dict, settings: Settings) -> dict:
    if settings["state"] == "absent":
        return {}
    least = service.get("min_count", service["desired_count"])
    cooldowns = {key: service[key] for key in ("scale_in_cooldown", "scale_out_cooldown")}
    policies = [
        {"name": name, "metric": metric, "target_value": service[f"{name}_target"], **cooldowns}
        for name, metric in TARGETS.items()
        if service[f"{name}_target"]
    ]
    most = service.get("max_count", max(least, service["desired_count"]))
    return {"min_capacity": least, "max_capacity": most, "policies": policies}


# Outputs


def unsettled(found: Dict[str, dict]) -> List[str]:
    """The services that something has to wait for: a deployment, or the record of what is live behind one."""
    return [name for name, service in found.items() if not service["stable"] or _record_is_behind(service)]


def _record_is_behind(service: dict) -> bool:
    release = service["release"]
    return (
        bool(release["live"])
        and not release["pending"]
        and not service["task_definition"].endswith(f"/{release['live']}")
    )


def service_outputs(services: List[dict], settings: Settings, found: Dict[str, dict]) -> Dict[str, dict]:
    """The services by name, as releases, monitoring and status need them.

    :param found: what ecs_services returned.
    """
    plains = [plain(service, settings) for service in services]
    pairs = zip(plains, service_items(services, settings))
    return {one["name"]: _output(one, item, found.get(one["service_name"], {}), settings) for one, item in pairs}


def _output(service: dict, item: dict, found: dict, settings: Settings) -> dict:
    definition = item.get("task_definition")
    kept = {key: service[key] for key in ("container", "migration", "smoke_tests", "log_group", "security_group_ids")}
    return {
        **kept,
        **{key: found.get(key) for key in ("arn", *PROGRESS)},
        "service_name": service["service_name"],
        "port": service["port"],
        "repository": service["repository"] or None,
        "subnet_ids": settings["subnet_ids"],
        "task_definition": {"name": definition["family"], **_without_family(definition)} if definition else None,
        "task_definition_arn": found.get("task_definition"),
        "bootstrap": bool(found.get("bootstrap")),
        "release": found.get("release") or dict.fromkeys(("live", "live_since", "previous", "pending")),
    }


def _without_family(definition: dict) -> dict:
    return {key: value for key, value in definition.items() if key != "family"}


def role_arns(services: List[dict], settings: Settings, kind: str) -> Dict[str, str]:
    """The ARNs of the execution or task roles by service."""
    return {one["name"]: fargate.role_arn(settings, _role(one["name"], settings, kind)) for one in services}
