# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CloudWatch Logs: one function per API call (U(https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/))."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

try:
    from botocore.exceptions import ClientError
except ImportError:
    pass  # AnsibleAWSModule reports that boto3 is missing.

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

UNKNOWN = ("ResourceNotFoundException",)
# Two changes of one log group at a time.
BUSY = ("OperationAbortedException",)
# A key, or its policy, of a moment ago: KMS is eventually consistent, and Logs refuses a key that it does not find
# (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html).
KEY_UNKNOWN = ("InvalidParameterException: The specified KMS ",)


@aws_call("read log groups that begin with {prefix}")
def describe_log_groups(client: Any, prefix: str) -> List[dict]:
    pages = client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
    return pages.build_full_result()["logGroups"]


def find_log_group(client: Any, name: str) -> Optional[dict]:
    """The log group of this name; AWS only searches by prefix."""
    return next((group for group in describe_log_groups(client, name) if group["logGroupName"] == name), None)


@aws_call("see log group {name}, which was just created", eventual=UNKNOWN)
def see_log_group(client: Any, name: str) -> dict:
    """A log group of a moment ago, which a description may not show yet."""
    found = find_log_group(client, name)
    if found is None:
        raise ClientError({"Error": {"Code": UNKNOWN[0], "Message": "no description shows it"}}, "DescribeLogGroups")
    return found


@aws_call("create log group {logGroupName}", eventual=BUSY + KEY_UNKNOWN)
def create_log_group(client: Any, **params: Any) -> None:
    client.create_log_group(**params)


@aws_call("set the retention of log group {name}", eventual=BUSY + UNKNOWN)
def put_retention_policy(client: Any, name: str, days: int) -> None:
    client.put_retention_policy(logGroupName=name, retentionInDays=days)


@aws_call("keep log group {name} for ever", missing=UNKNOWN, eventual=BUSY)
def delete_retention_policy(client: Any, name: str) -> None:
    client.delete_retention_policy(logGroupName=name)


@aws_call("encrypt log group {name} with {key_arn}", eventual=BUSY + UNKNOWN + KEY_UNKNOWN)
def associate_kms_key(client: Any, name: str, key_arn: str) -> None:
    client.associate_kms_key(logGroupName=name, kmsKeyId=key_arn)


@aws_call("read the tags of {arn}", missing=UNKNOWN, default={})
def list_tags_for_resource(client: Any, arn: str) -> Dict[str, str]:
    return client.list_tags_for_resource(resourceArn=arn)["tags"]


@aws_call("tag {arn}", eventual=BUSY + UNKNOWN)
def tag_resource(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.tag_resource(resourceArn=arn, tags=tags)


@aws_call("remove tags {keys} from {arn}", eventual=BUSY)
def untag_resource(client: Any, arn: str, keys: List[str]) -> None:
    client.untag_resource(resourceArn=arn, tagKeys=keys)


@aws_call("delete log group {name}", missing=UNKNOWN, eventual=BUSY)
def delete_log_group(client: Any, name: str) -> None:
    client.delete_log_group(logGroupName=name)


@aws_call("read the metric filters of log group {log_group}", missing=UNKNOWN, default=[])
def describe_metric_filters(client: Any, log_group: str, prefix: str) -> List[dict]:
    begins = {"filterNamePrefix": prefix} if prefix else {}
    pages = client.get_paginator("describe_metric_filters").paginate(logGroupName=log_group, **begins)
    return pages.build_full_result()["metricFilters"]


@aws_call("set metric filter {filterName} of log group {logGroupName}", eventual=BUSY + UNKNOWN)
def put_metric_filter(client: Any, **params: Any) -> None:
    client.put_metric_filter(**params)


@aws_call("delete metric filter {name} of log group {log_group}", missing=UNKNOWN, eventual=BUSY)
def delete_metric_filter(client: Any, log_group: str, name: str) -> None:
    client.delete_metric_filter(logGroupName=log_group, filterName=name)


# Events


@aws_call("read the last lines of {stream} in log group {group}", missing=UNKNOWN, default=())
def get_log_events(client: Any, group: str, stream: str, limit: int) -> List[dict]:
    """The newest events of a stream, the oldest of them first; none where there is no such stream."""
    return client.get_log_events(logGroupName=group, logStreamName=stream, limit=limit, startFromHead=False)["events"]
