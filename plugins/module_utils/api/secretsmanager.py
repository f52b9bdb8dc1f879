# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets Manager: one function per API call (U(https://docs.aws.amazon.com/secretsmanager/latest/apireference/))."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

SECRET_UNKNOWN = ("ResourceNotFoundException",)
# A deletion without recovery, and a restoration, take AWS some seconds; it still answers for the former state then.
STILL_DELETED = (
    "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled",
    "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion",
)
# A key that KMS created a moment ago.
KEY_UNKNOWN = ("EncryptionFailure",)
# A policy may name a role that IAM created a moment ago.
PRINCIPAL_UNKNOWN = ("MalformedPolicyDocumentException",)


# Secrets


@aws_call("read secret {name}", missing=SECRET_UNKNOWN)
def describe_secret(client: Any, name: str) -> Optional[dict]:
    """The secret without its value; also while it waits for its deletion."""
    return client.describe_secret(SecretId=name)


@aws_call("create secret {name}", eventual=STILL_DELETED + KEY_UNKNOWN)
def create_secret(client: Any, name: str, tags: Dict[str, str], **params: str) -> dict:
    return client.create_secret(Name=name, Tags=ansible_dict_to_boto3_tag_list(tags), **params)


@aws_call("change secret {name}", eventual=SECRET_UNKNOWN + STILL_DELETED + KEY_UNKNOWN)
def update_secret(client: Any, name: str, **params: str) -> None:
    client.update_secret(SecretId=name, **params)


@aws_call("restore secret {name}, which waits for its deletion")
def restore_secret(client: Any, name: str) -> None:
    client.restore_secret(SecretId=name)


@aws_call("delete secret {name}", missing=SECRET_UNKNOWN, default={})
def delete_secret(client: Any, name: str, recovery_window_days: int) -> dict:
    """Schedule the deletion; V(0) days delete at once."""
    if recovery_window_days:
        return client.delete_secret(SecretId=name, RecoveryWindowInDays=recovery_window_days)
    return client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


# Values


@aws_call("read the value of secret {name}", eventual=STILL_DELETED, missing=SECRET_UNKNOWN)
def get_secret_value(client: Any, name: str) -> Optional[str]:
    """The value; V(None) where the secret has none, or only bytes."""
    return client.get_secret_value(SecretId=name).get("SecretString")


@aws_call("store a value in secret {name}", eventual=SECRET_UNKNOWN + STILL_DELETED)
def put_secret_value(client: Any, name: str, value: str) -> None:
    client.put_secret_value(SecretId=name, SecretString=value)


# Policies


@aws_call("read the policy of secret {name}", missing=SECRET_UNKNOWN, default={})
def get_resource_policy(client: Any, name: str) -> dict:
    return json.loads(client.get_resource_policy(SecretId=name).get("ResourcePolicy") or "{}")


@aws_call("set the policy of secret {name}", eventual=SECRET_UNKNOWN + STILL_DELETED + PRINCIPAL_UNKNOWN)
def put_resource_policy(client: Any, name: str, policy: dict) -> None:
    client.put_resource_policy(SecretId=name, ResourcePolicy=json.dumps(policy), BlockPublicPolicy=True)


@aws_call("remove the policy of secret {name}", missing=SECRET_UNKNOWN)
def delete_resource_policy(client: Any, name: str) -> None:
    client.delete_resource_policy(SecretId=name)


# Tags


@aws_call("tag secret {name}", eventual=SECRET_UNKNOWN + STILL_DELETED)
def tag_resource(client: Any, name: str, tags: Dict[str, str]) -> None:
    client.tag_resource(SecretId=name, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags {keys} from secret {name}", eventual=STILL_DELETED)
def untag_resource(client: Any, name: str, keys: List[str]) -> None:
    client.untag_resource(SecretId=name, TagKeys=keys)
