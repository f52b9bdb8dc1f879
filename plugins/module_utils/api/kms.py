# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KMS: one function per API call (U(https://docs.aws.amazon.com/kms/latest/APIReference/))."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

# KMS is eventually consistent: a key may be unknown, or in its former state, for some seconds
# (https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency).
KEY_UNKNOWN = ("NotFoundException",)
FORMER_STATE = ("KMSInvalidStateException", "DisabledException")
# A policy may name a role that IAM created a moment ago and KMS does not know yet.
PRINCIPAL_UNKNOWN = ("MalformedPolicyDocumentException",)
TAG = {"tag_name_key_name": "TagKey", "tag_value_key_name": "TagValue"}


def _pages(client: Any, operation: str, key: str, **params: Any) -> List[dict]:
    return client.get_paginator(operation).paginate(**params).build_full_result().get(key, [])


# Keys


@aws_call("list KMS keys")
def list_keys(client: Any) -> List[str]:
    return [key["KeyId"] for key in _pages(client, "list_keys", "Keys")]


@aws_call("read KMS key {key_id}", eventual=KEY_UNKNOWN)
def describe_key(client: Any, key_id: str) -> dict:
    return client.describe_key(KeyId=key_id)["KeyMetadata"]


@aws_call("read the KMS key of {alias}", missing=KEY_UNKNOWN)
def describe_alias(client: Any, alias: str) -> Optional[dict]:
    """The key of an alias; V(None) where there is no such alias."""
    return client.describe_key(KeyId=alias)["KeyMetadata"]


@aws_call("create a KMS key for {name}", eventual=PRINCIPAL_UNKNOWN)
def create_key(client: Any, name: str, tags: Dict[str, str], **params: Any) -> dict:
    return client.create_key(Tags=ansible_dict_to_boto3_tag_list({**tags, "Name": name}, **TAG), **params)[
        "KeyMetadata"
    ]


@aws_call("change the description of KMS key {key_id}", eventual=KEY_UNKNOWN + FORMER_STATE)
def update_key_description(client: Any, key_id: str, description: str) -> None:
    client.update_key_description(KeyId=key_id, Description=description)


@aws_call("cancel the deletion of KMS key {key_id}")
def cancel_key_deletion(client: Any, key_id: str) -> None:
    client.cancel_key_deletion(KeyId=key_id)


@aws_call("enable KMS key {key_id}", eventual=FORMER_STATE)
def enable_key(client: Any, key_id: str) -> None:
    client.enable_key(KeyId=key_id)


@aws_call("schedule the deletion of KMS key {key_id}", missing=KEY_UNKNOWN, default={})
def schedule_key_deletion(client: Any, key_id: str, pending_window_days: int) -> dict:
    return client.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=pending_window_days)


# Aliases


@aws_call("list KMS aliases")
def list_aliases(client: Any) -> Dict[str, str]:
    """The ids of the keys by alias; AWS has aliases without a key, for keys that it creates when needed."""
    aliases = _pages(client, "list_aliases", "Aliases")
    return {alias["AliasName"]: alias["TargetKeyId"] for alias in aliases if "TargetKeyId" in alias}


@aws_call(
    "create {alias} for KMS key {key_id}", missing=("AlreadyExistsException",), eventual=KEY_UNKNOWN + FORMER_STATE
)
def create_alias(client: Any, alias: str, key_id: str) -> None:
    client.create_alias(AliasName=alias, TargetKeyId=key_id)


@aws_call("delete {alias}", missing=KEY_UNKNOWN)
def delete_alias(client: Any, alias: str) -> None:
    client.delete_alias(AliasName=alias)


# Policy


@aws_call("read the policy of KMS key {key_id}", eventual=KEY_UNKNOWN)
def get_key_policy(client: Any, key_id: str) -> dict:
    return json.loads(client.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"])


@aws_call("set the policy of KMS key {key_id}", eventual=KEY_UNKNOWN + PRINCIPAL_UNKNOWN)
def put_key_policy(client: Any, key_id: str, policy: dict) -> None:
    client.put_key_policy(KeyId=key_id, PolicyName="default", Policy=json.dumps(policy))


# Rotation


@aws_call("read the rotation of KMS key {key_id}", eventual=KEY_UNKNOWN)
def get_key_rotation_status(client: Any, key_id: str) -> dict:
    return client.get_key_rotation_status(KeyId=key_id)


@aws_call("enable the rotation of KMS key {key_id}", eventual=KEY_UNKNOWN + FORMER_STATE)
def enable_key_rotation(client: Any, key_id: str, **period: int) -> None:
    client.enable_key_rotation(KeyId=key_id, **period)


@aws_call("disable the rotation of KMS key {key_id}", eventual=KEY_UNKNOWN + FORMER_STATE)
def disable_key_rotation(client: Any, key_id: str) -> None:
    client.disable_key_rotation(KeyId=key_id)


# Tags


@aws_call("read the tags of KMS key {key_id}", missing=("AccessDeniedException", "NotFoundException"))
def list_resource_tags(client: Any, key_id: str) -> Optional[Dict[str, str]]:
    """The tags; V(None) where the key's policy does not let the caller read them."""
    return boto3_tag_list_to_ansible_dict(
        _pages(client, "list_resource_tags", "Tags", KeyId=key_id), "TagKey", "TagValue"
    )


@aws_call("tag KMS key {key_id}", eventual=KEY_UNKNOWN + FORMER_STATE)
def tag_resource(client: Any, key_id: str, tags: Dict[str, str]) -> None:
    client.tag_resource(KeyId=key_id, Tags=ansible_dict_to_boto3_tag_list(tags, **TAG))


@aws_call("remove tags {keys} from KMS key {key_id}", eventual=FORMER_STATE)
def untag_resource(client: Any, key_id: str, keys: List[str]) -> None:
    client.untag_resource(KeyId=key_id, TagKeys=keys)
