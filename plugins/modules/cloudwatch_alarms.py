#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_alarms
version_added: 1.0.0
short_description: Manage CloudWatch metric alarms
description:
  - Creates, changes, deletes or reads alarms on a metric, on metric math, or on an anomaly band.
  - AWS replaces an alarm as a whole, so what is not given has AWS's default; the state of the alarm stays.
  - Exists beside M(amazon.aws.cloudwatch_metric_alarm) because that module knows no anomaly bands and no tags, and reports
    alarms on metric math as changed in every run.
options:
  alarms:
    description: The alarms. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, 1 to 255 characters.
        type: str
        required: true
      description:
        description: What it means when the alarm fires.
        type: str
      namespace:
        description: The namespace of the metric, such as V(AWS/RDS).
        type: str
      metric_name:
        description: The metric.
        type: str
      dimensions:
        description: Which of the metric's series is watched.
        type: dict
      statistic:
        description: What is watched of the datapoints of a period.
        type: str
        choices: [SampleCount, Average, Sum, Minimum, Maximum]
      extended_statistic:
        description: A percentile or trimmed mean instead, such as V(p95).
        type: str
      period:
        description: The length of a period in seconds, V(10), V(20), V(30) or a multiple of 60.
        type: int
      unit:
        description: The unit of the metric. Without it any; with a wrong one the alarm never gets data.
        type: str
      metrics:
        description: Metrics and expressions that are computed, instead of one metric.
        type: list
        elements: dict
        suboptions:
          id:
            description: How expressions refer to it.
            type: str
            required: true
          expression:
            description: Metric math over other ids, such as V(a + b) or V(ANOMALY_DETECTION_BAND(m, 2\)).
            type: str
          label:
            description: How graphs call it.
            type: str
          return_data:
            description: Whether this is what the alarm watches.
            type: bool
            default: false
          namespace:
            description: The namespace of the metric.
            type: str
          metric_name:
            description: The metric.
            type: str
          dimensions:
            description: Which of the metric's series.
            type: dict
          statistic:
            description: A statistic, also an extended one.
            type: str
          period:
            description: The length of a period in seconds.
            type: int
          unit:
            description: The unit of the metric.
            type: str
      evaluation_periods:
        description: How many periods are looked at.
        type: int
        default: 1
      datapoints_to_alarm:
        description: How many of them have to be beyond the threshold; all by default.
        type: int
      threshold:
        description: The threshold.
        type: float
      threshold_metric_id:
        description: The id of the anomaly band, instead of a threshold.
        type: str
      comparison_operator:
        description: When a datapoint is beyond the threshold.
        type: str
        choices:
          - GreaterThanOrEqualToThreshold
          - GreaterThanThreshold
          - LessThanThreshold
          - LessThanOrEqualToThreshold
          - LessThanLowerOrGreaterThanUpperThreshold
          - LessThanLowerThreshold
          - GreaterThanUpperThreshold
        default: GreaterThanThreshold
      treat_missing_data:
        description: What a period without data means.
        type: str
        choices: [breaching, notBreaching, ignore, missing]
        default: missing
      evaluate_low_sample_count:
        description: Whether a percentile of few samples counts.
        type: str
        choices: [evaluate, ignore]
      alarm_actions:
        description: ARNs of what is told when the alarm fires, at most 5.
        type: list
        elements: str
      ok_actions:
        description: ARNs of what is told when it is over.
        type: list
        elements: str
      insufficient_data_actions:
        description: ARNs of what is told when there is no data.
        type: list
        elements: str
      actions_enabled:
        description: Whether anybody is told.
        type: bool
        default: true
      tags:
        description: Tags of this alarm beside O(tags).
        type: dict
  account_id:
    description: The account, for the ARN of an alarm that check mode would create.
    type: str
    default: "000000000000"
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Watch the processor of a database
  groundwork.aws.cloudwatch_alarms:
    alarms:
      - name: dougust-production-database-cpu
        namespace: AWS/RDS
        metric_name: CPUUtilization
        dimensions: {DBInstanceIdentifier: dougust-production}
        statistic: Average
        period: 300
        threshold: 80
        treat_missing_data: notBreaching
        alarm_actions: ["arn:aws:sns:us-east-1:123456789012:dougust-production-alerts"]

- name: Watch the share of errors
  groundwork.aws.cloudwatch_alarms:
    alarms:
      - name: dougust-production-error-rate
        metrics:
          - id: errors
            namespace: AWS/ApplicationELB
            metric_name: HTTPCode_Target_5XX_Count
            dimensions: {LoadBalancer: app/dougust-production/50dc6c495c0c9188}
            statistic: Sum
            period: 300
          - id: requests
            namespace: AWS/ApplicationELB
            metric_name: RequestCount
            dimensions: {LoadBalancer: app/dougust-production/50dc6c495c0c9188}
            statistic: Sum
            period: 300
          - {id: rate, expression: 100 * errors / requests, label: Errors, return_data: true}
        threshold: 1
"""

RETURN = r"""
alarms:
  description: The alarms by name.
  returned: always
  type: dict
  sample:
    dougust-production-database-cpu:
      name: dougust-production-database-cpu
      arn: arn:aws:cloudwatch:us-east-1:123456789012:alarm:dougust-production-database-cpu
      state: OK
      namespace: AWS/RDS
      metric_name: CPUUtilization
      threshold: 80.0
"""

from ansible_collections.groundwork.aws.plugins.module_utils import alarms, lifecycle, planned, side_by_side
from ansible_collections.groundwork.aws.plugins.module_utils.api import cloudwatch as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

METRIC = {
    "id": {"type": "str", "required": True},
    "expression": {"type": "str"},
    "label": {"type": "str"},
    "return_data": {"type": "bool", "default": False},
    "namespace": {"type": "str"},
    "metric_name": {"type": "str"},
    "dimensions": {"type": "dict"},
    "statistic": {"type": "str"},
    "period": {"type": "int"},
    "unit": {"type": "str"},
}
COMPARISONS = [
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    *alarms.BANDS,
]
ARGUMENT_SPEC = {
    "alarms": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "description": {"type": "str"},
            "namespace": {"type": "str"},
            "metric_name": {"type": "str"},
            "dimensions": {"type": "dict"},
            "statistic": {"type": "str", "choices": list(alarms.STATISTICS)},
            "extended_statistic": {"type": "str"},
            "period": {"type": "int"},
            "unit": {"type": "str"},
            "metrics": {"type": "list", "elements": "dict", "options": METRIC},
            "evaluation_periods": {"type": "int", "default": 1},
            "datapoints_to_alarm": {"type": "int"},
            "threshold": {"type": "float"},
            "threshold_metric_id": {"type": "str"},
            "comparison_operator": {"type": "str", "choices": COMPARISONS, "default": "GreaterThanThreshold"},
            "treat_missing_data": {
                "type": "str",
                "choices": ["breaching", "notBreaching", "ignore", "missing"],
                "default": "missing",
            },
            "evaluate_low_sample_count": {"type": "str", "choices": ["evaluate", "ignore"]},
            "alarm_actions": {"type": "list", "elements": "str"},
            "ok_actions": {"type": "list", "elements": "str"},
            "insufficient_data_actions": {"type": "list", "elements": "str"},
            "actions_enabled": {"type": "bool", "default": True},
            "tags": {"type": "dict"},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
}


class Alarm(lifecycle.Kind):
    service = "cloudwatch"
    type = "alarm"
    result = "alarms"
    items = "alarms"
    tagged_as = "cloudwatch:alarm"

    def name_of(self, arn, tags):
        return arn.partition(":alarm:")[2]

    def validate(self, items):
        for item in items:
            if alarms.flaw(item):
                raise UserError(f"{self.label(item['name'])} {alarms.flaw(item)}.")

    def find(self, items):
        described = api.describe_alarms(self.client, [item["name"] for item in items])
        found = {alarm["name"]: alarm for alarm in side_by_side.each(self.from_aws, described)}
        for alarm in found.values():
            self.refuse_foreign(alarm)
        return {item["name"]: found[item["name"]] for item in items if item["name"] in found}

    def from_aws(self, described):
        return {
            "name": described["AlarmName"],
            "arn": described["AlarmArn"],
            "state": described["StateValue"],
            "tags": api.list_tags_for_resource(self.client, described["AlarmArn"]),
            **alarms.described(described),
        }

    def planned(self, item):
        return {"arn": self.arn(item), "state": "INSUFFICIENT_DATA"}

    def arn(self, item):
        """The ARN that AWS gives an alarm of this name."""
        region = self.module.region or ""
        return planned.arn("cloudwatch", region, self.params["account_id"], f"alarm:{item['name']}")

    def desired(self, item):
        return alarms.wanted(item)

    def create(self, item):
        tags = self.tags(item) or {}
        form = alarms.wanted(item)
        tag_list = {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {}
        api.put_metric_alarm(self.client, AlarmName=item["name"], **alarms.request(form), **tag_list)
        described = api.describe_alarms(self.client, [item["name"]])
        arn = described[0]["AlarmArn"] if described else self.arn(item)
        return {"name": item["name"], "arn": arn, "state": "INSUFFICIENT_DATA", "tags": tags, **form}

    def update(self, resource, changes):
        fields = {field: change.after for field, change in changes.items() if field != "tags"}
        if fields:
            form = {key: resource[key] for key in alarms.PARAMETERS}
            api.put_metric_alarm(self.client, AlarmName=resource["name"], **alarms.request({**form, **fields}))
        if "tags" in changes:
            self.update_tags(resource, *changes["tags"])

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["arn"], keys)

    def delete(self, resource):
        api.delete_alarm(self.client, resource["name"])


def main():
    lifecycle.run(Alarm, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
