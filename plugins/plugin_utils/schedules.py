# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the variables of the schedules role to the items of its modules. Pure functions.

C(settings) are the inputs of the role beside its tasks, and its C(state). A job is a task or an export with everything
that the inventory leaves to the role.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List

from ansible_collections.groundwork.aws.plugins.plugin_utils import database_exports, fargate
from ansible_collections.groundwork.aws.plugins.plugin_utils.names import resource_name, shortened

Settings = Dict[str, Any]
Job = Dict[str, Any]

GROUP_LIMIT = 64
TIMES: Dict[str, Any] = {"description": "", "timezone": "UTC", "enabled": True}
TASK: Dict[str, Any] = {
    "cpu": 256,
    "memory": 512,
    "command": [],
    "environment": {},
    "secrets": {},
    "user": "1000",
    "read_only_root_filesystem": True,
    "writable_paths": ["/tmp"],
    "ephemeral_storage_gib": 0,
    "task_policy": [],
    "managed_policies": [],
}
EXPORT: Dict[str, Any] = {
    "prefix": "exports",
    "cpu": 1024,
    "memory": 2048,
    "ephemeral_storage_gib": 100,
    "managed_policies": [],
}
# U(https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html)
ECR_IMAGE = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+)")
SCHEDULE_FIELDS = ("name", "description", "expression", "timezone", "enabled")


def group_name(prefix: str) -> str:
    """The name of the platform's group of schedules."""
    return shortened(prefix, GROUP_LIMIT)


def jobs(tasks: List[dict], exports: List[dict], settings: Settings) -> List[Job]:
    """Everything that has a schedule; to remove a job its names are enough."""
    filled = [_filled(task, TASK, settings) for task in tasks]
    filled_exports = [_filled(export, EXPORT, settings) for export in exports]
    if settings["state"] != "present":
        return filled + filled_exports
    return [_task(one, settings) for one in filled] + [_export(one, settings) for one in filled_exports]


def _filled(given: dict, defaults: Dict[str, Any], settings: Settings) -> Job:
    name, prefix = given["name"], settings["prefix"]
    # Apart from services of the same name.
    part = f"schedule-{name}"
    return {
        **TIMES,
        **defaults,
        **{key: value for key, value in given.items() if value is not None},
        "family": resource_name(prefix, part, fargate.FAMILY_LIMIT),
        "log_group": f"/ecs/{prefix}/schedules/{name}",
        "roles": {
            kind: resource_name(prefix, f"{part}-{kind}", fargate.ROLE_LIMIT)
            for kind in ("execution", "task", "scheduler")
        },
    }


def _task(task: Job, settings: Settings) -> Job:
    references = fargate.secret_references(task["secrets"], settings["secret_arns"], f"task {task['name']}", True)
    container = {
        "name": task["name"],
        "image": task["image"],
        "user": task["user"],
        "read_only_root_filesystem": task["read_only_root_filesystem"],
        "environment": {key: str(value) for key, value in task["environment"].items()},
        "secrets": references,
        "log_group": task["log_group"],
        "init_process_enabled": True,
        **({"command": task["command"]} if task["command"] else {}),
    }
    paths = task["writable_paths"] if task["read_only_root_filesystem"] else []
    return {**task, "containers": [container], "paths": paths, "statements": task["task_policy"]}


def _export(export: Job, settings: Settings) -> Job:
    whose = f"export {export['name']}"
    references = fargate.secret_references({"DATABASE_URL": export["secret"]}, settings["secret_arns"], whose, True)
    names, arns = settings["bucket_names"], settings["bucket_arns"]
    if not arns.get(export["bucket"]):
        raise fargate.Unknown(
            f"{whose} needs the bucket {export['bucket']}, which is not there. "
            f"To fix: one of {', '.join(sorted(arns)) or 'the platform (there is none)'}, converged before."
        )
    images = {
        database_exports.DUMP: f"{settings['postgres_image']}:{str(export['postgres_version']).partition('.')[0]}",
        database_exports.UPLOAD: settings["upload_image"],
    }
    placed = {**export, "bucket_name": names[export["bucket"]]}
    return {
        **export,
        "containers": database_exports.containers(placed, settings, images, references["DATABASE_URL"]),
        "paths": [database_exports.FOLDER],
        "statements": database_exports.statements(
            arns[export["bucket"]], export["prefix"], settings, settings["kms_key_arn"]
        ),
    }


def log_group_items(found: List[Job], settings: Settings) -> List[dict]:
    """Items for logs_log_groups."""
    kept = {"retention_days": settings["log_retention_days"], "kms_key_arn": settings["logs_kms_key_arn"] or None}
    return [{"name": job["log_group"], **kept} for job in found]


# Roles


def role_items(found: List[Job], settings: Settings) -> List[dict]:
    """Items for iam_roles: three a job, for ECS, for what runs in the task, and for what starts it."""
    if settings["state"] != "present":
        return [{"name": name} for job in found for name in job["roles"].values()]
    return [item for job in found for item in _roles(job, settings)]


def _roles(job: Job, settings: Settings) -> List[dict]:
    trusted, name, roles = fargate.tasks_trust(settings), job["name"], job["roles"]
    secrets = [fargate.secret_arn(one) for part in job["containers"] for one in part.get("secrets", {}).values()]
    execution = fargate.execution_statements(
        settings, job["log_group"], secrets, settings["kms_key_arn"], _repositories(job, settings)
    )
    # AWS asks for the group here, not for the schedule:
    # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    group = f"schedule-group/{group_name(settings['prefix'])}"
    source = f"arn:{settings['partition']}:scheduler:{settings['region']}:{settings['account_id']}:{group}"
    starting = fargate.trust("scheduler.amazonaws.com", source, settings["account_id"])
    managed = job["managed_policies"]
    return [
        fargate.role(roles["execution"], f"ECS starts the task {name}", trusted, execution, []),
        fargate.role(roles["task"], f"The containers of {name}", trusted, job["statements"], managed),
        fargate.role(roles["scheduler"], f"The schedule starts {name}", starting, _run_statements(job, settings), []),
    ]


def _repositories(job: Job, settings: Settings) -> List[str]:
    """The ARNs of the ECR repositories that the images are in; public ones need no permission."""
    matches = [ECR_IMAGE.match(container["image"]) for container in job["containers"]]
    return [f"arn:{settings['partition']}:ecr:{m[2]}:{m[1]}:repository/{m[3]}" for m in matches if m]


def _run_statements(job: Job, settings: Settings) -> List[fargate.Statement]:
    """Run the newest revisions of one family in one cluster, tagged, with the roles of the task.

    Source: U(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html).
    """
    place = f"arn:{settings['partition']}:ecs:{settings['region']}:{settings['account_id']}"
    cluster = {"ArnEquals": {"ecs:cluster": settings["cluster_arn"]}}
    tasks = f"{place}:task/{settings['cluster_arn'].rpartition('/')[2]}/*"
    passed = [fargate.role_arn(settings, job["roles"][kind]) for kind in ("execution", "task")]
    return [
        {
            "Sid": "Run",
            "Effect": "Allow",
            "Action": "ecs:RunTask",
            "Resource": f"{place}:task-definition/{job['family']}:*",
            "Condition": cluster,
        },
        {
            "Sid": "Tag",
            "Effect": "Allow",
            "Action": "ecs:TagResource",
            "Resource": tasks,
            "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        },
        {
            "Sid": "PassRoles",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": passed,
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
    ]


# Task definitions and schedules


def definition_items(found: List[Job], settings: Settings) -> List[dict]:
    """Items for ecs_task_definitions."""
    if settings["state"] != "present":
        return [{"name": job["family"]} for job in found]
    return [{"name": job["family"], **_definition(job, settings)} for job in found]


def _definition(job: Job, settings: Settings) -> dict:
    sizes = {
        "cpu": job["cpu"],
        "memory": job["memory"],
        "ephemeral_storage_gib": job["ephemeral_storage_gib"],
        "cpu_architecture": settings["cpu_architecture"],
        "execution_role_arn": fargate.role_arn(settings, job["roles"]["execution"]),
        "task_role_arn": fargate.role_arn(settings, job["roles"]["task"]),
    }
    preparing = {"image": settings["prepare_image"], "log_group": job["log_group"]}
    return fargate.definition(job["containers"], job["paths"], sizes, preparing)


def schedule_items(found: List[Job], settings: Settings, definitions: Dict[str, dict]) -> List[dict]:
    """Items for scheduler_schedules.

    :param definitions: the task definitions, as ecs_task_definitions returned them.
    """
    if settings["state"] != "present":
        return [{"name": job["name"]} for job in found]
    return [
        {
            **{field: job[field] for field in SCHEDULE_FIELDS},
            "role_arn": fargate.role_arn(settings, job["roles"]["scheduler"]),
            "cluster_arn": settings["cluster_arn"],
            "task_definition_arn": definitions[job["family"]]["arn"],
            "subnet_ids": settings["subnet_ids"],
            "security_group_ids": settings["security_group_ids"],
        }
        for job in found
    ]


def outputs(found: List[Job], schedules: Dict[str, dict], definitions: Dict[str, dict]) -> Dict[str, dict]:
    """The schedules by name, from what the modules returned."""
    return {
        job["name"]: {
            "arn": schedules.get(job["name"], {}).get("arn"),
            "expression": job["expression"],
            "timezone": job["timezone"],
            "enabled": job["enabled"],
            "task_definition": definitions.get(job["family"], {}).get("arn"),
            "log_group": job["log_group"],
        }
        for job in found
    }
