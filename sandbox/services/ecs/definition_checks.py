# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses in a task definition."""

import re

from .shared import client_error

GIB = 1024
# CPU units: the MiB that Fargate has for them.
FARGATE = {
    256: (512, 1024, 2048),
    512: range(1 * GIB, 4 * GIB + 1, GIB),
    1024: range(2 * GIB, 8 * GIB + 1, GIB),
    2048: range(4 * GIB, 16 * GIB + 1, GIB),
    4096: range(8 * GIB, 30 * GIB + 1, GIB),
    8192: range(16 * GIB, 60 * GIB + 1, 4 * GIB),
    16384: range(32 * GIB, 120 * GIB + 1, 8 * GIB),
}
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
NOT_ON_FARGATE = ("disableNetworking", "dockerSecurityOptions", "privileged")
NOT_WITH_INTERFACE = ("extraHosts", "hostname", "links")
FARGATE_LOGS = ("awsfirelens", "awslogs", "splunk")
LONGEST_STOP = 120
MOST_CONTAINERS = 10  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
HEALTH_RANGES = {"interval": (5, 300), "timeout": (2, 120), "retries": (1, 10), "startPeriod": (0, 300)}
ECR = re.compile(r"^\d{12}\.dkr\.ecr\.")
SIZE = re.compile(r"^\s*(\d*\.?\d+)\s*(vcpu|gb)?\s*$", re.IGNORECASE)


def task_size(parameters):
    """(CPU units, MiB) of a task, however they are written; None for what is not given."""
    return _units(parameters.get("cpu"), "cpu"), _units(parameters.get("memory"), "memory")


def _units(text, name):
    if text is None:
        return None
    match = SIZE.match(str(text))
    if match is None:
        raise client_error(f"Invalid '{name}' setting for task.")
    return int(float(match[1]) * (1024 if match[2] else 1))


def check_definition(parameters):
    """Refuse what AWS refuses."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", parameters["family"]):
        raise client_error(
            "Family contains invalid characters. Up to 255 letters (uppercase and lowercase), numbers, "
            "underscores, and hyphens are allowed."
        )
    containers = parameters["containerDefinitions"]
    names = [container.get("name") for container in containers]
    if len(containers) > MOST_CONTAINERS:
        raise client_error(f"A task definition can have at most {MOST_CONTAINERS} containers.")
    if not any(container.get("essential", True) for container in containers):
        raise client_error("Task definition must have at least one essential container.")
    if len(set(names)) < len(names):
        raise client_error("Container names must be unique within a task definition.")
    for container in containers:
        _check_container(container, parameters)
        _check_dependencies(container, {item["name"]: item for item in containers})
    _check_execution_role(parameters)
    if "FARGATE" in (parameters.get("requiresCompatibilities") or []):
        _check_fargate(parameters)


def _check_container(container, parameters):
    name = container.get("name")
    if not name or not container.get("image"):
        raise client_error(f"Container.{'image' if name else 'name'} should not be null or empty.")
    if parameters.get("networkMode") == "awsvpc":
        for setting in NOT_WITH_INTERFACE:
            if container.get(setting):
                raise client_error(f"{setting} is not supported when networkMode=awsvpc.")
        for port in container.get("portMappings") or []:
            if port.get("hostPort") not in (None, 0, port.get("containerPort")):
                raise client_error(
                    "When networkMode=awsvpc, the host ports and container ports in port mappings must match."
                )
    volumes = {volume["name"] for volume in parameters.get("volumes") or []}
    for mount in container.get("mountPoints") or []:
        if mount.get("sourceVolume") not in volumes:
            raise client_error(f"Unknown volume '{mount.get('sourceVolume')}'.")
    variables = [item["name"] for item in container.get("environment") or []]
    secrets = [item["name"] for item in container.get("secrets") or []]
    if len(set(secrets)) < len(secrets) or set(secrets) & set(variables):
        raise client_error(
            "The secret name must be unique and not shared with any new or existing environment variables "
            f"set on the container, such as '{next(iter(set(secrets) & set(variables)), secrets[0])}'."
        )
    for setting, (least, most) in HEALTH_RANGES.items():
        value = (container.get("healthCheck") or {}).get(setting)
        if value is not None and not least <= value <= most:
            raise client_error(f"Health check {setting} must be between {least} and {most}")


def _check_dependencies(container, containers):
    for dependency in container.get("dependsOn") or []:
        name, condition = dependency["containerName"], dependency["condition"]
        other = containers.get(name)
        if other is None or name == container["name"]:
            raise client_error(f"Invalid dependency of container '{container['name']}' on container '{name}'.")
        if condition in ("SUCCESS", "COMPLETE") and other.get("essential", True):
            raise client_error(
                f"A container that another one depends on with condition {condition} can not be essential: '{name}'."
            )
        if condition == "HEALTHY" and not other.get("healthCheck"):
            raise client_error(f"Container '{name}' must have a health check for a dependency on HEALTHY.")


def _check_execution_role(parameters):
    if parameters.get("executionRoleArn"):
        return
    for container in parameters["containerDefinitions"]:
        logging = container.get("logConfiguration") or {}
        if container.get("secrets") or logging.get("secretOptions"):
            raise client_error(
                "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
            )
        if "FARGATE" not in (parameters.get("requiresCompatibilities") or []):
            continue
        needed = "Fargate requires task definition to have execution role ARN to support"
        if logging.get("logDriver") == "awslogs":
            raise client_error(f"{needed} log driver awslogs.")
        if ECR.match(container["image"]):
            raise client_error(f"{needed} ECR images.")


def _check_fargate(parameters):
    if parameters.get("networkMode") != "awsvpc":
        raise client_error("Fargate only supports network mode 'awsvpc'.")
    cpu, memory = task_size(parameters)
    for value, name in ((cpu, "cpu"), (memory, "memory")):
        if value is None:
            raise client_error(f"Fargate requires that '{name}' be defined at the task level.")
    if memory not in FARGATE.get(cpu, ()):
        raise client_error("No Fargate configuration exists for given values.")
    storage = (parameters.get("ephemeralStorage") or {}).get("sizeInGiB", 21)
    if not 21 <= storage <= 200:
        raise client_error("The ephemeral storage size must be between 21 and 200 GiB.")
    if sum(container.get("cpu") or 0 for container in parameters["containerDefinitions"]) > cpu:
        raise client_error("Sum of container CPU units must not exceed the task CPU units.")
    if parameters.get("pidMode") == "host" or parameters.get("ipcMode") or parameters.get("placementConstraints"):
        raise client_error("Fargate supports neither pidMode 'host', ipcMode nor placement constraints.")
    if any(volume.get("dockerVolumeConfiguration") for volume in parameters.get("volumes") or []):
        raise client_error("Fargate does not support Docker volumes.")
    for container in parameters["containerDefinitions"]:
        _check_fargate_container(container, memory)


def _check_fargate_container(container, memory):
    name, linux = container["name"], container.get("linuxParameters") or {}
    if max(container.get("memory") or 0, container.get("memoryReservation") or 0) > memory:
        raise client_error(
            f"Invalid setting for container '{name}'. 'memory' and 'memoryReservation' must not exceed the task's."
        )
    unsupported = [item for item in NOT_ON_FARGATE if container.get(item)]
    if unsupported:
        raise client_error(f"Fargate does not support {unsupported[0]} for containers.")
    if any(item["type"] == "GPU" for item in container.get("resourceRequirements") or []):
        raise client_error("Fargate does not support GPUs.")
    if (container.get("stopTimeout") or 0) > LONGEST_STOP:
        raise client_error(f"The stopTimeout of container '{name}' must not exceed {LONGEST_STOP} seconds on Fargate.")
    driver = (container.get("logConfiguration") or {}).get("logDriver", FARGATE_LOGS[0])
    if driver not in FARGATE_LOGS:
        raise client_error(f"Log driver {driver} is not supported on Fargate.")
    unsupported = [item for item in ("devices", "sharedMemorySize", "maxSwap", "swappiness") if linux.get(item)]
    if unsupported or set((linux.get("capabilities") or {}).get("add") or []) - {"SYS_PTRACE"}:
        raise client_error(f"The linuxParameters of container '{name}' are not supported on Fargate.")
