# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the lists of the encryption, security_groups and registry roles to the items of their modules. Pure functions."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.groundwork.aws.plugins.plugin_utils.names import resource_name

# AWS's limits: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html,
# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html,
# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html (256 with "alias/").
SECURITY_GROUP_LIMIT = 255
REPOSITORY_LIMIT = 256
ALIAS_LIMIT = 250

USE_OF_KEY = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]


def key_policy(services: List[str], account_id: str, region: str, partition: str) -> dict:
    """A key policy: IAM of the account decides, and the services may use the key for this account.

    Sources: U(https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html),
    U(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html).
    """
    statements: List[Dict[str, Any]] = [
        {
            "Sid": "IamOfTheAccount",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition}:iam::{account_id}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    for service in services:
        statements.append(_service_statement(service, account_id, region, partition))
    return {"Version": "2012-10-17", "Statement": statements}


def _service_statement(service: str, account_id: str, region: str, partition: str) -> Dict[str, Any]:
    if service == "logs":
        # CloudWatch Logs has a principal a region and names the log group in the encryption context.
        principal = f"logs.{region}.amazonaws.com"
        group = f"arn:{partition}:logs:{region}:{account_id}:log-group:*"
        condition: Dict[str, Any] = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": group}}
    else:
        principal = f"{service}.amazonaws.com"
        condition = {"StringEquals": {"aws:SourceAccount": account_id}}
    return {
        "Sid": f"Service{''.join(part.capitalize() for part in service.split('.'))}",
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": USE_OF_KEY,
        "Resource": "*",
        "Condition": condition,
    }


def encryption_keys(
    keys: List[dict], prefix: str, account_id: str, region: str, partition: str, rotation_period_days: int
) -> List[dict]:
    """Items for kms_keys."""
    return [
        {
            "name": resource_name(prefix, key["name"], ALIAS_LIMIT),
            "description": key.get("description", ""),
            "policy": key_policy(key.get("services", []), account_id, region, partition),
            "rotation": True,
            "rotation_period_days": rotation_period_days,
        }
        for key in keys
    ]


def security_group_items(groups: List[dict], prefix: str) -> List[dict]:
    """Items for ec2_security_groups; no rule means none, so a new group's open egress goes."""
    full = {group["name"]: resource_name(prefix, group["name"], SECURITY_GROUP_LIMIT) for group in groups}

    def rules(group: dict, direction: str) -> List[dict]:
        return [
            {**rule, "group": full.get(rule["group"], rule["group"])} if rule.get("group") else rule
            for rule in group.get(direction) or []
        ]

    return [
        {
            "name": full[group["name"]],
            "description": group["description"],
            "ingress": rules(group, "ingress"),
            "egress": rules(group, "egress"),
        }
        for group in groups
    ]


def lifecycle_policy(keep_images: int, untagged_days: int) -> dict:
    """An ECR lifecycle policy. The rule for any image has to come last.

    Source: U(https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html).
    """
    untagged = {
        "rulePriority": 1,
        "description": f"Untagged images expire after {untagged_days} days",
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": untagged_days,
        },
        "action": {"type": "expire"},
    }
    newest = {
        "rulePriority": 2,
        "description": f"The last {keep_images} images are kept",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": keep_images},
        "action": {"type": "expire"},
    }
    return {"rules": [untagged, newest]}


def repository_name(repository: dict, prefix: str) -> str:
    """A repository's name in ECR."""
    return repository.get("repository_name") or resource_name(prefix, repository["name"], REPOSITORY_LIMIT)


def registry_repositories(
    repositories: List[dict], prefix: str, tag_mutability: str, mutable_tags: List[str], kms_key_arn: Optional[str]
) -> List[dict]:
    """Items for ecr_repositories."""
    exclusions = mutable_tags if tag_mutability.endswith("WITH_EXCLUSION") else []
    return [
        {
            "name": repository_name(repository, prefix),
            "scan_on_push": repository.get("scan_on_push", True),
            "tag_mutability": tag_mutability,
            "tag_mutability_exclusions": exclusions,
            "kms_key_arn": kms_key_arn or None,
            "lifecycle_policy": lifecycle_policy(repository.get("keep_images", 10), repository.get("untagged_days", 7)),
        }
        for repository in repositories
    ]


def outputs_by_name(items: List[dict], resources: Dict[str, dict], field: str, names: List[dict]) -> Dict[str, Any]:
    """One field of each resource by the item's short name; null where there is no such resource.

    :param items: what the inventory lists, with C(name).
    :param names: the module's items in the same order, whose C(name) is the resource's.
    """
    return {item["name"]: resources.get(module_item["name"], {}).get(field) for item, module_item in zip(items, names)}
