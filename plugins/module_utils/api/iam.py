# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM: one function per API call (U(https://docs.aws.amazon.com/IAM/latest/APIReference/))."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

UNKNOWN = ("NoSuchEntity",)
# Another change of the same role is still on its way; a new role may not be known everywhere yet
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
BUSY = ("ConcurrentModification", "EntityTemporarilyUnmodifiable")


def _pages(client: Any, operation: str, key: str, **params: Any) -> List[Any]:
    return client.get_paginator(operation).paginate(**params).build_full_result().get(key, [])


@aws_call("read IAM role {name}", missing=UNKNOWN)
def get_role(client: Any, name: str) -> Optional[dict]:
    return client.get_role(RoleName=name)["Role"]


@aws_call("create IAM role {RoleName}", eventual=BUSY)
def create_role(client: Any, tags: Dict[str, str], assume_role_policy: dict, **params: Any) -> dict:
    document = json.dumps(assume_role_policy)
    tag_list = ansible_dict_to_boto3_tag_list(tags)
    return client.create_role(AssumeRolePolicyDocument=document, Tags=tag_list, **params)["Role"]


@aws_call("change IAM role {RoleName}", eventual=BUSY + UNKNOWN)
def update_role(client: Any, **params: Any) -> None:
    client.update_role(**params)


@aws_call("change who may assume IAM role {name}", eventual=BUSY + UNKNOWN)
def update_assume_role_policy(client: Any, name: str, document: dict) -> None:
    client.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(document))


@aws_call("delete IAM role {name}", missing=UNKNOWN, eventual=BUSY + ("DeleteConflict",))
def delete_role(client: Any, name: str) -> None:
    client.delete_role(RoleName=name)


@aws_call("tag IAM role {name}", eventual=BUSY + UNKNOWN)
def tag_role(client: Any, name: str, tags: Dict[str, str]) -> None:
    client.tag_role(RoleName=name, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags {keys} from IAM role {name}", eventual=BUSY)
def untag_role(client: Any, name: str, keys: List[str]) -> None:
    client.untag_role(RoleName=name, TagKeys=keys)


@aws_call("list the policies of IAM role {name}", missing=UNKNOWN, default=[])
def list_role_policies(client: Any, name: str) -> List[str]:
    return _pages(client, "list_role_policies", "PolicyNames", RoleName=name)


@aws_call("read policy {policy} of IAM role {name}", missing=UNKNOWN)
def get_role_policy(client: Any, name: str, policy: str) -> Optional[dict]:
    return client.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]


@aws_call("put policy {policy} on IAM role {name}", eventual=BUSY + UNKNOWN)
def put_role_policy(client: Any, name: str, policy: str, document: dict) -> None:
    client.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))


@aws_call("remove policy {policy} from IAM role {name}", missing=UNKNOWN, eventual=BUSY)
def delete_role_policy(client: Any, name: str, policy: str) -> None:
    client.delete_role_policy(RoleName=name, PolicyName=policy)


@aws_call("list the managed policies of IAM role {name}", missing=UNKNOWN, default=[])
def list_attached_role_policies(client: Any, name: str) -> List[str]:
    attached = _pages(client, "list_attached_role_policies", "AttachedPolicies", RoleName=name)
    return [policy["PolicyArn"] for policy in attached]


@aws_call("attach {policy_arn} to IAM role {name}", eventual=BUSY + UNKNOWN)
def attach_role_policy(client: Any, name: str, policy_arn: str) -> None:
    client.attach_role_policy(RoleName=name, PolicyArn=policy_arn)


@aws_call("detach {policy_arn} from IAM role {name}", missing=UNKNOWN, eventual=BUSY)
def detach_role_policy(client: Any, name: str, policy_arn: str) -> None:
    client.detach_role_policy(RoleName=name, PolicyArn=policy_arn)
