# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What services and scheduled tasks on Fargate have in common: volumes, references to secrets, roles. Pure functions."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

Statement = Dict[str, Any]
Arns = Dict[str, Optional[str]]

ROLE_LIMIT = 64  # U(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)
FAMILY_LIMIT = 255
PREPARE = "prepare-volumes"
PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


class Unknown(ValueError):
    """The inventory refers to what the platform does not have."""


# Task definitions


def volume_name(path: str) -> str:
    """The name of the volume that is mounted at a path."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", path.strip("/"))


def mounts(paths: List[str]) -> Dict[str, str]:
    """The mount points of volumes at these paths."""
    return {volume_name(path): path for path in paths}


def preparation(paths: List[str], image: str, log_group: str) -> dict:
    """A container that lets everybody write into the volumes, and ends.

    Fargate mounts them as root's with mode 0755:
    U(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html).
    """
    return {
        "name": PREPARE,
        "image": image,
        "essential": False,
        "command": ["chmod", "1777", *paths],
        "user": "0",
        "read_only_root_filesystem": True,
        "mount_points": mounts(paths),
        "log_group": log_group,
    }


def definition(containers: List[dict], paths: List[str], sizes: Dict[str, Any], preparing: dict) -> dict:
    """A task definition without its family; every container can write at the paths.

    :param sizes: C(cpu), C(memory), C(ephemeral_storage_gib), C(cpu_architecture) and the ARNs of the roles.
    :param preparing: C(image) and C(log_group) of the container that prepares the volumes.
    """
    storage = {"ephemeral_storage_gib": sizes["ephemeral_storage_gib"]} if sizes["ephemeral_storage_gib"] else {}
    given = {key: value for key, value in sizes.items() if key != "ephemeral_storage_gib"}
    if not paths:
        return {**given, **storage, "containers": containers}
    mounted = [
        {
            **container,
            "mount_points": mounts(paths),
            "depends_on": {PREPARE: "SUCCESS", **container.get("depends_on", {})},
        }
        for container in containers
    ]
    prepare = preparation(paths, preparing["image"], preparing["log_group"])
    return {**given, **storage, "containers": [*mounted, prepare], "volumes": list(mounts(paths))}


# Secrets


def secret_references(references: Dict[str, str], arns: Arns, whose: str, needed: bool) -> Dict[str, Optional[str]]:
    """What ECS is given for each variable: the ARN, with the key of the JSON where there is one.

    :param references: for each variable C(name) of the secret, or C(name:key) of its JSON.
    :param needed: whether a secret that does not exist yet is refused.
    """
    found = {}
    for variable, reference in references.items():
        name, _colon, key = reference.partition(":")
        if name not in arns or (needed and not arns[name]):
            raise Unknown(
                f"{whose} needs the secret {name} for {variable}, which is not there. To fix: one of "
                f"{', '.join(sorted(arns)) or 'the platform (there is none)'}, converged before."
            )
        found[variable] = f"{arns[name]}:{key}::" if key and arns[name] else arns[name]
    return found


def secret_arn(reference: str) -> str:
    """The ARN in what ECS is given for a variable."""
    return ":".join(reference.split(":")[:7])


# Roles


def role_arn(place: Dict[str, str], name: str) -> str:
    """The ARN that a role of this name has, or is going to have."""
    return f"arn:{place['partition']}:iam::{place['account_id']}:role/{name}"


def trust(service: str, source: str, account_id: str) -> dict:
    """Who may assume a role: the service, for a resource of this account only.

    Source: U(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html).
    """
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}, "ArnLike": {"aws:SourceArn": source}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def tasks_trust(place: Dict[str, str]) -> dict:
    """The trust of the roles of tasks."""
    source = f"arn:{place['partition']}:ecs:{place['region']}:{place['account_id']}:*"
    return trust("ecs-tasks.amazonaws.com", source, place["account_id"])


def log_group_arn(place: Dict[str, str], name: str) -> str:
    """The ARN of a log group."""
    return f"arn:{place['partition']}:logs:{place['region']}:{place['account_id']}:log-group:{name}"


def use_of_key(place: Dict[str, str], key_arn: str, service: str, actions: List[str]) -> Statement:
    """That a key may be used, by way of one service only."""
    via = {"StringEquals": {"kms:ViaService": f"{service}.{place['region']}.amazonaws.com"}}
    return {"Sid": "Key", "Effect": "Allow", "Action": actions, "Resource": key_arn, "Condition": via}


def execution_statements(
    place: Dict[str, str], log_group: str, secrets: List[str], key_arn: Optional[str], repositories: List[str]
) -> List[Statement]:
    """What ECS needs to start a task: its images, its secrets, its log.

    Source: U(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).
    """
    streams = {
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"{log_group_arn(place, log_group)}:*",
    }
    statements: List[Statement] = [{"Sid": "Log", "Effect": "Allow", **streams}]
    if repositories:
        # AWS has no resource for the token.
        statements += [
            {"Sid": "RegistryToken", "Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
            {"Sid": "Images", "Effect": "Allow", "Action": PULL, "Resource": sorted(repositories)},
        ]
    if secrets:
        read = {"Action": "secretsmanager:GetSecretValue", "Resource": sorted(set(secrets))}
        statements.append({"Sid": "Secrets", "Effect": "Allow", **read})
    if secrets and key_arn:
        statements.append(use_of_key(place, key_arn, "secretsmanager", ["kms:Decrypt"]))
    return statements


def role(name: str, description: str, trusted: dict, statements: List[Statement], managed: List[str]) -> dict:
    """An item for iam_roles."""
    policies = {"access": {"Version": "2012-10-17", "Statement": statements}} if statements else {}
    return {
        "name": name,
        "description": description,
        "assume_role_policy": trusted,
        "inline_policies": policies,
        "managed_policy_arns": managed,
    }
