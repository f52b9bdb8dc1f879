#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloudwatch_dashboards
version_added: 1.0.0
short_description: Manage CloudWatch dashboards
description:
  - Creates, changes, deletes or reads dashboards. A dashboard is compared as a whole, with the order of its widgets.
  - Exists because no collection has a module for dashboards.
options:
  dashboards:
    description: The dashboards. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, 1 to 255 letters, digits, C(-) and C(_).
        type: str
        required: true
      body:
        description: The dashboard, with V(widgets), as CloudWatch defines it.
        type: dict
      tags:
        description: Tags of this dashboard beside O(tags).
        type: dict
  account_id:
    description: The account, for the ARN of a dashboard that check mode would create.
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
seealso:
  - name: Dashboard body structure and syntax
    description: What a body may hold.
    link: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

EXAMPLES = r"""
- name: Show the requests of a load balancer
  groundwork.aws.cloudwatch_dashboards:
    dashboards:
      - name: dougust-production
        body:
          widgets:
            - type: metric
              width: 12
              height: 6
              properties:
                region: us-east-1
                title: Requests
                stat: Sum
                metrics: [[AWS/ApplicationELB, RequestCount, LoadBalancer, app/dougust-production/50dc6c495c0c9188]]
"""

RETURN = r"""
dashboards:
  description: The dashboards by name.
  returned: always
  type: dict
  sample:
    dougust-production:
      name: dougust-production
      arn: arn:aws:cloudwatch::123456789012:dashboard/dougust-production
      body: {widgets: []}
      tags: {Platform: dougust}
"""

import json
import operator
import re

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle, planned
from ansible_collections.groundwork.aws.plugins.module_utils.api import cloudwatch as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

MOST_WIDGETS = 500

ARGUMENT_SPEC = {
    "dashboards": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "body": {"type": "dict"},
            "tags": {"type": "dict"},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
}


class Dashboard(lifecycle.Kind):
    service = "cloudwatch"
    type = "dashboard"
    result = "dashboards"
    items = "dashboards"
    # Widgets without a place of their own stand in the order of the list.
    equal = {"body": operator.eq}
    tagged_as = "cloudwatch:dashboard"

    def validate(self, items):
        for item in items:
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", item["name"]):
                raise UserError(
                    f"{self.label(item['name'])} has an impossible name. To fix: 1 to 255 letters, digits, - and _."
                )
            if item["body"] is None or len(item["body"].get("widgets", [])) > MOST_WIDGETS:
                raise UserError(
                    f"{self.label(item['name'])} has no body, or too many widgets. To fix: at most {MOST_WIDGETS}."
                )

    def find_one(self, item):
        described = api.get_dashboard(self.client, item["name"])
        if not described:
            return None
        dashboard = {
            "name": item["name"],
            "arn": described["DashboardArn"],
            "body": json.loads(described["DashboardBody"]),
            "tags": api.list_tags_for_resource(self.client, described["DashboardArn"]),
        }
        self.refuse_foreign(dashboard)
        return dashboard

    def planned(self, item):
        return {"arn": self.arn(item)}

    def arn(self, item):
        """The ARN that AWS gives a dashboard of this name; dashboards have no region."""
        partition = planned.partition(self.module.region or "")
        return f"arn:{partition}:cloudwatch::{self.params['account_id']}:dashboard/{item['name']}"

    def desired(self, item):
        return {"body": item["body"]}

    def create(self, item):
        tags = self.tags(item) or {}
        api.put_dashboard(self.client, item["name"], item["body"], tags)
        return {"name": item["name"], "arn": self.arn(item), "body": item["body"], "tags": tags}

    def update_body(self, resource, before, after):
        api.put_dashboard(self.client, resource["name"], after)

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["arn"], keys)

    def delete(self, resource):
        api.delete_dashboard(self.client, resource["name"])


def main():
    lifecycle.run(Dashboard, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
