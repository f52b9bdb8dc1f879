# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EventBridge Scheduler: one function per API call (U(https://docs.aws.amazon.com/scheduler/latest/APIReference/))."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

UNKNOWN = ("ResourceNotFoundException",)
# Something of the same name is still being deleted.
BUSY = ("ConflictException",)
# The role was made a moment ago, and IAM has not told everybody.
ROLE_UNKNOWN = ("ValidationException: The execution role you provide must allow ",)


@aws_call("read schedule group {name}", missing=UNKNOWN)
def get_schedule_group(client: Any, name: str) -> Optional[dict]:
    return client.get_schedule_group(Name=name)


@aws_call("create schedule group {name}", eventual=BUSY)
def create_schedule_group(client: Any, name: str, tags: Dict[str, str]) -> str:
    return client.create_schedule_group(Name=name, Tags=ansible_dict_to_boto3_tag_list(tags))["ScheduleGroupArn"]


@aws_call("delete schedule group {name}", missing=UNKNOWN, eventual=BUSY)
def delete_schedule_group(client: Any, name: str) -> None:
    client.delete_schedule_group(Name=name)


@aws_call("read the tags of {arn}", missing=UNKNOWN, default={})
def list_tags_for_resource(client: Any, arn: str) -> Dict[str, str]:
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(ResourceArn=arn)["Tags"])


@aws_call("tag {arn}", eventual=UNKNOWN)
def tag_resource(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.tag_resource(ResourceArn=arn, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags {keys} from {arn}", missing=UNKNOWN)
def untag_resource(client: Any, arn: str, keys: List[str]) -> None:
    client.untag_resource(ResourceArn=arn, TagKeys=keys)


@aws_call("list the schedules of group {group}", missing=UNKNOWN, default=[])
def list_schedules(client: Any, group: str) -> List[str]:
    pages = client.get_paginator("list_schedules").paginate(GroupName=group)
    return [schedule["Name"] for schedule in pages.build_full_result()["Schedules"]]


@aws_call("read schedule {name} of group {group}", missing=UNKNOWN)
def get_schedule(client: Any, group: str, name: str) -> Optional[dict]:
    return client.get_schedule(GroupName=group, Name=name)


@aws_call("create schedule {Name} in group {GroupName}", eventual=UNKNOWN + ROLE_UNKNOWN)
def create_schedule(client: Any, **params: Any) -> str:
    return client.create_schedule(**params)["ScheduleArn"]


@aws_call("change schedule {Name} of group {GroupName}", eventual=BUSY + ROLE_UNKNOWN)
def update_schedule(client: Any, **params: Any) -> None:
    client.update_schedule(**params)


@aws_call("delete schedule {name} of group {group}", missing=UNKNOWN, eventual=BUSY)
def delete_schedule(client: Any, group: str, name: str) -> None:
    client.delete_schedule(GroupName=group, Name=name)
