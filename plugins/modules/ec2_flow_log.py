#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_flow_log
version_added: 1.0.0
short_description: Manage a flow log of a VPC
description:
  - Creates, replaces, tags, deletes or reads a flow log that writes to CloudWatch Logs, found by its Name tag on the
    VPC.
  - AWS cannot change a flow log, so one that differs is deleted and created again, with a gap of some seconds in the
    log.
  - A warning says so when AWS cannot deliver the log, for instance because the log group or the role is gone.
  - Exists because neither amazon.aws nor community.aws has a module for flow logs.
options:
  name:
    description:
      - The value of the Name tag.
    type: str
    required: true
  vpc_id:
    description:
      - The VPC whose traffic is logged. Required with O(state=present).
    type: str
  log_group_name:
    description:
      - The CloudWatch log group. Required with O(state=present).
    type: str
  deliver_logs_permission_arn:
    description:
      - The ARN of the role that may write to the log group and that C(vpc-flow-logs.amazonaws.com) may assume.
        Required with O(state=present). A role that was just created is waited for.
    type: str
  traffic_type:
    description:
      - Which traffic is logged.
    type: str
    choices: [ALL, ACCEPT, REJECT]
    default: ALL
  max_aggregation_interval:
    description:
      - For how many seconds at most packets are summed up in one record.
    type: int
    choices: [60, 600]
    default: 600
  log_format:
    description:
      - The fields of a record, such as V(${version} ${vpc-id} ${srcaddr} ${dstaddr}). AWS's default format where a flow
        log is created without.
    type: str
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
seealso:
  - name: Publish flow logs to CloudWatch Logs
    description: What the role has to allow.
    link: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-cwl.html
  - name: Flow log records
    description: The fields that a record can have.
    link: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
"""

EXAMPLES = r"""
- name: Log the traffic that is refused
  groundwork.aws.ec2_flow_log:
    name: dougust-production
    vpc_id: vpc-0123456789abcdef0
    log_group_name: /vpc/dougust-production
    deliver_logs_permission_arn: arn:aws:iam::123456789012:role/dougust-production-flow-logs
    traffic_type: REJECT
"""

RETURN = r"""
flow_log:
  description: The flow log; null when there is none.
  returned: always
  type: dict
  sample:
    name: dougust-production
    flow_log_id: fl-0123456789abcdef0
    vpc_id: vpc-0123456789abcdef0
    log_group_name: /vpc/dougust-production
    deliver_logs_permission_arn: arn:aws:iam::123456789012:role/dougust-production-flow-logs
    traffic_type: REJECT
    max_aggregation_interval: 600
    log_format: ${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr}
    tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.ec2 import Ec2Kind

ARGUMENT_SPEC = {
    "name": {"type": "str", "required": True},
    "vpc_id": {"type": "str"},
    "log_group_name": {"type": "str"},
    "deliver_logs_permission_arn": {"type": "str"},
    "traffic_type": {"type": "str", "choices": ["ALL", "ACCEPT", "REJECT"], "default": "ALL"},
    "max_aggregation_interval": {"type": "int", "choices": [60, 600], "default": 600},
    "log_format": {"type": "str"},
}

# Our fields, and what CreateFlowLogs and DescribeFlowLogs call them.
FIELDS = {
    "log_group_name": "LogGroupName",
    "deliver_logs_permission_arn": "DeliverLogsPermissionArn",
    "traffic_type": "TrafficType",
    "max_aggregation_interval": "MaxAggregationInterval",
    "log_format": "LogFormat",
}


class FlowLog(Ec2Kind):
    type = "vpc-flow-log"
    result = "flow_log"
    id_field = "flow_log_id"
    id_prefix = "fl"
    vpc_filter = "resource-id"
    describe = staticmethod(api.describe_flow_logs)
    replaceable = True

    def label(self, name):
        return f"flow log {name}"

    def from_aws(self, described):
        flow_log = {
            **self.identified(described),
            "flow_log_id": described["FlowLogId"],
            "vpc_id": described["ResourceId"],
            **{field: described.get(parameter) for field, parameter in FIELDS.items()},
        }
        if described.get("DeliverLogsStatus") == "FAILED":
            self.module.warn(
                f"{self.label(flow_log['name'])} ({flow_log['flow_log_id']}) delivers nothing: "
                f"{described.get('DeliverLogsErrorMessage')}. To fix: check that the log group "
                f"{flow_log['log_group_name']} exists and that {flow_log['deliver_logs_permission_arn']} may write to it."
            )
        return flow_log

    def fixed(self, item):
        return {"vpc_id": item["vpc_id"], **{field: item[field] for field in FIELDS}}

    def create(self, item):
        given = {parameter: item[field] for field, parameter in FIELDS.items() if item[field] is not None}
        flow_log_id = api.create_flow_logs(
            self.client,
            item["vpc_id"],
            self.creation_tags(item),
            ResourceType="VPC",
            LogDestinationType="cloud-watch-logs",
            **given,
        )
        fields = {"name": item["name"], "flow_log_id": flow_log_id, "tags": self.tags(item) or {}}
        return {**fields, **self.fixed(item)}

    def delete(self, resource):
        api.delete_flow_logs(self.client, resource["flow_log_id"])


def main():
    required = ["log_group_name", "deliver_logs_permission_arn"]
    lifecycle.run(FlowLog, ARGUMENT_SPEC, required_if=[("state", "present", required)])


if __name__ == "__main__":
    main()
