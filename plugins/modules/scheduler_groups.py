#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: scheduler_groups
version_added: 1.0.0
short_description: Manage groups of EventBridge Scheduler
description:
  - Creates, changes the tags of, deletes or reads groups of schedules. AWS tags groups and not schedules, so a group is what
    says whose its schedules are. With a group its schedules are deleted.
  - Exists because no collection has a module for EventBridge Scheduler.
options:
  groups:
    description: The groups. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, 1 to 64 letters, digits, C(-), C(_) and C(.).
        type: str
        required: true
      tags:
        description: Tags of this group beside O(tags).
        type: dict
  account_id:
    description: The account, for the ARN of a group that check mode would create.
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
- name: Create the group of a platform
  groundwork.aws.scheduler_groups:
    groups:
      - name: dougust-production
    tags: {Platform: dougust, Environment: production}
"""

RETURN = r"""
groups:
  description: The groups by name.
  returned: always
  type: dict
  sample:
    dougust-production:
      name: dougust-production
      arn: arn:aws:scheduler:us-east-1:123456789012:schedule-group/dougust-production
      tags: {Platform: dougust}
"""

import re

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle, planned, waiters
from ansible_collections.groundwork.aws.plugins.module_utils.api import scheduler as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

ARGUMENT_SPEC = {
    "groups": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {"name": {"type": "str", "required": True}, "tags": {"type": "dict"}},
    },
    "account_id": {"type": "str", "default": "000000000000"},
}


class ScheduleGroup(lifecycle.Kind):
    service = "scheduler"
    type = "schedule-group"
    result = "groups"
    items = "groups"
    tagged_as = "scheduler:schedule-group"

    def validate(self, items):
        for item in items:
            if not re.fullmatch(r"[0-9a-zA-Z._-]{1,64}", item["name"]) or item["name"] == "default":
                raise UserError(
                    f"{self.label(item['name'])} has an impossible name. "
                    "To fix: 1 to 64 letters, digits, -, _ and ., and not default, which is AWS's."
                )

    def find(self, items):
        found = {}
        for item in items:
            described = api.get_schedule_group(self.client, item["name"])
            if described and described["State"] == "ACTIVE":
                tags = api.list_tags_for_resource(self.client, described["Arn"])
                found[item["name"]] = {"name": item["name"], "arn": described["Arn"], "tags": tags}
                self.refuse_foreign(found[item["name"]])
            elif described:
                self.leaving.append({"name": item["name"]})
        return found

    def planned(self, item):
        account_id = self.params["account_id"]
        arn = planned.arn("scheduler", self.module.region or "", account_id, f"schedule-group/{item['name']}")
        return {"arn": arn}

    def create(self, item):
        if any(gone["name"] == item["name"] for gone in self.leaving):
            self.settle_deleted([item], self.params["wait_timeout"])
        tags = self.tags(item) or {}
        return {"name": item["name"], "arn": api.create_schedule_group(self.client, item["name"], tags), "tags": tags}

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["arn"], keys)

    def delete(self, resource):
        api.delete_schedule_group(self.client, resource["name"])

    def settle_deleted(self, resources, timeout):
        for group in resources:
            what = f"{self.label(group['name'])} gone"
            waiters.wait(self.client, "schedule_group_deleted", what, timeout, Name=group["name"])


def main():
    lifecycle.run(ScheduleGroup, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
