#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: logs_metric_filters
version_added: 1.0.0
short_description: Manage metric filters of CloudWatch log groups
description:
  - Creates, changes, deletes or reads filters that make a metric of what is logged.
  - Exists beside M(amazon.aws.cloudwatchlogs_log_group_metric_filter) because a run of that module takes one filter, has no
    diff, and fails in check mode where the log group does not exist yet.
options:
  metric_filters:
    description: The filters. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, 1 to 512 characters without C(:) and C(*).
        type: str
        required: true
      log_group:
        description: The log group.
        type: str
        required: true
      pattern:
        description: What counts, in the language of filter patterns. Empty counts every event.
        type: str
      metric_name:
        description: The metric.
        type: str
      namespace:
        description: Its namespace.
        type: str
      value:
        description: The value of each event - a number, or a field such as V($.latency).
        type: str
        default: "1"
      default_value:
        description: The value of a minute without such an event. Without it there is no datapoint. Not with dimensions.
        type: float
      dimensions:
        description: Fields that become dimensions, at most three.
        type: dict
      unit:
        description: The unit of the metric.
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
  - name: Filter pattern syntax
    description: The language of patterns.
    link: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

EXAMPLES = r"""
- name: Count the errors of an application
  groundwork.aws.logs_metric_filters:
    metric_filters:
      - name: dougust-production-application-errors
        log_group: /ecs/dougust-production/api
        pattern: ERROR
        metric_name: ApplicationErrors
        namespace: dougust/production
        default_value: 0
"""

RETURN = r"""
metric_filters:
  description: The filters by name.
  returned: always
  type: dict
  sample:
    dougust-production-application-errors:
      name: dougust-production-application-errors
      log_group: /ecs/dougust-production/api
      pattern: ERROR
      metric_name: ApplicationErrors
      namespace: dougust/production
      value: "1"
      default_value: 0.0
"""

import os
import re

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle, side_by_side
from ansible_collections.groundwork.aws.plugins.module_utils.api import logs as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

FIELDS = {
    "metric_name": "metricName",
    "namespace": "metricNamespace",
    "value": "metricValue",
    "default_value": "defaultValue",
    "dimensions": "dimensions",
    "unit": "unit",
}

ARGUMENT_SPEC = {
    "metric_filters": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "log_group": {"type": "str", "required": True},
            "pattern": {"type": "str"},
            "metric_name": {"type": "str"},
            "namespace": {"type": "str"},
            "value": {"type": "str", "default": "1"},
            "default_value": {"type": "float"},
            "dimensions": {"type": "dict"},
            "unit": {"type": "str"},
        },
    },
}


def flaw(item):
    """What is wrong with an item; empty when nothing is. Limits: botocore's shapes of PutMetricFilter."""
    if not re.fullmatch(r"[^:*]{1,512}", item["name"]):
        return "has an impossible name. To fix: at most 512 characters, none of them : or *"
    for field in ("metric_name", "namespace"):
        if not re.fullmatch(r"[^:*$]{1,255}", item[field] or ""):
            return f"has an impossible {field}. To fix: 1 to 255 characters, none of them :, * or $"
    if item["pattern"] is None or len(item["pattern"]) > 1024:
        return "has no pattern, or too long a one. To fix: at most 1024 characters; an empty one counts every event"
    if item["dimensions"] and item["default_value"] is not None:
        return "has both dimensions and a default_value, which AWS refuses. To fix: leave one of them out"
    if len(item["dimensions"] or {}) > 3:
        return "has too many dimensions. To fix: at most three"
    return ""


class MetricFilter(lifecycle.Kind):
    service = "logs"
    type = "metric-filter"
    result = "metric_filters"
    items = "metric_filters"

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")

    def find(self, items):
        log_groups = sorted({item["log_group"] for item in items})
        names = {group: [item["name"] for item in items if item["log_group"] == group] for group in log_groups}
        read = side_by_side.each(lambda group: self.read(group, names[group]), log_groups)
        found = {name: metric_filter for some in read for name, metric_filter in some.items()}
        return {item["name"]: found[item["name"]] for item in items if item["name"] in found}

    def read(self, log_group, names):
        """The filters of a log group, in one call: AWS only searches by prefix, and a group has 100 at most."""
        described = api.describe_metric_filters(self.client, log_group, os.path.commonprefix(names))
        return {one["filterName"]: self.from_aws(one, log_group) for one in described if one["filterName"] in names}

    def from_aws(self, described, log_group):
        transformation = described["metricTransformations"][0]
        fields = {field: transformation.get(name) for field, name in FIELDS.items()}
        return {
            "name": described["filterName"],
            "log_group": log_group,
            "pattern": described.get("filterPattern", ""),
            **fields,
            # Nobody who asks for no unit means another one than AWS does.
            "unit": None if fields["unit"] == "None" else fields["unit"],
        }

    def fixed(self, item):
        return {"log_group": item["log_group"]}

    def desired(self, item):
        return {"pattern": item["pattern"], **{field: item[field] for field in FIELDS}}

    def create(self, item):
        form = {"pattern": item["pattern"], **{field: item[field] for field in FIELDS}}
        self.put(item["name"], item["log_group"], form)
        return {"name": item["name"], "log_group": item["log_group"], **form}

    def put(self, name, log_group, form):
        """Set a filter as a whole, which is the only way."""
        transformation = {key: form[field] for field, key in FIELDS.items() if form[field] is not None}
        api.put_metric_filter(
            self.client,
            logGroupName=log_group,
            filterName=name,
            filterPattern=form["pattern"],
            metricTransformations=[transformation],
        )

    def update(self, resource, changes):
        form = {field: resource[field] for field in ("pattern", *FIELDS)}
        form.update({field: change.after for field, change in changes.items()})
        self.put(resource["name"], resource["log_group"], form)

    def tags(self, item, current=None):
        # A filter has no tags; it goes with its log group.
        return None

    def delete(self, resource):
        api.delete_metric_filter(self.client, resource["log_group"], resource["name"])


def main():
    lifecycle.run(MetricFilter, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
