# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudWatch: one function per API call (U(https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/))."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

UNKNOWN = ("ResourceNotFound", "ResourceNotFoundException", "DashboardNotFoundError")
ONE_CALL = 100  # how many names DescribeAlarms takes


@aws_call("read alarms {names}")
def describe_alarms(client: Any, names: List[str]) -> List[dict]:
    found: List[dict] = []
    for start in range(0, len(names), ONE_CALL):
        part = names[start : start + ONE_CALL]
        pages = client.get_paginator("describe_alarms").paginate(AlarmNames=part, AlarmTypes=["MetricAlarm"])
        found += pages.build_full_result()["MetricAlarms"]
    return found


@aws_call("set alarm {AlarmName}")
def put_metric_alarm(client: Any, **params: Any) -> None:
    client.put_metric_alarm(**params)


@aws_call("delete alarm {name}", missing=UNKNOWN)
def delete_alarm(client: Any, name: str) -> None:
    client.delete_alarms(AlarmNames=[name])


@aws_call("read dashboard {name}", missing=UNKNOWN)
def get_dashboard(client: Any, name: str) -> Optional[dict]:
    return client.get_dashboard(DashboardName=name)


@aws_call("set dashboard {name}")
def put_dashboard(client: Any, name: str, body: dict, tags: Optional[Dict[str, str]] = None) -> None:
    tag_list = {"Tags": ansible_dict_to_boto3_tag_list(tags)} if tags else {}
    client.put_dashboard(DashboardName=name, DashboardBody=json.dumps(body), **tag_list)


@aws_call("delete dashboard {name}", missing=UNKNOWN)
def delete_dashboard(client: Any, name: str) -> None:
    client.delete_dashboards(DashboardNames=[name])


@aws_call("read the tags of {arn}", missing=UNKNOWN, default={})
def list_tags_for_resource(client: Any, arn: str) -> Dict[str, str]:
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(ResourceARN=arn)["Tags"])


@aws_call("tag {arn}", eventual=UNKNOWN)
def tag_resource(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.tag_resource(ResourceARN=arn, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags {keys} from {arn}", missing=UNKNOWN)
def untag_resource(client: Any, arn: str, keys: List[str]) -> None:
    client.untag_resource(ResourceARN=arn, TagKeys=keys)
