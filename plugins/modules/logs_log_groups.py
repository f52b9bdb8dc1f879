#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: logs_log_groups
version_added: 1.0.0
short_description: Manage CloudWatch log groups
description:
  - Creates, changes, deletes or reads log groups.
  - Exists beside M(amazon.aws.cloudwatchlogs_log_group) because that module does not say what would change, so a
    plan could not name the field; and one run here manages all log groups of a role.
options:
  log_groups:
    description:
      - The log groups.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name of the log group.
        type: str
        required: true
      retention_days:
        description:
          - How long events are kept, in days; one of the periods that
            U(https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html) lists.
            V(0) keeps them for ever.
        type: int
        choices: [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
      kms_key_arn:
        description:
          - The ARN of the KMS key that encrypts new events. Its policy has to let CloudWatch Logs use it.
        type: str
      tags:
        description: Tags of this log group beside O(tags).
        type: dict
  account_id:
    description:
      - The account, for the ARN of a log group that check mode would create.
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
- name: Keep the flow logs of a VPC for a year
  groundwork.aws.logs_log_groups:
    log_groups:
      - name: /aws/vpc/flow-logs/dougust-production
        retention_days: 365
        kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
"""

RETURN = r"""
log_groups:
  description: The log groups by name.
  returned: always
  type: dict
  sample:
    /aws/vpc/flow-logs/dougust-production:
      name: /aws/vpc/flow-logs/dougust-production
      arn: arn:aws:logs:us-east-1:123456789012:log-group:/aws/vpc/flow-logs/dougust-production
      retention_days: 365
      kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
      tags: {Platform: dougust}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle, planned
from ansible_collections.groundwork.aws.plugins.module_utils.api import logs as api

PERIODS = [0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]
PERIODS += [1096, 1827, 2192, 2557, 2922, 3288, 3653]

ARGUMENT_SPEC = {
    "log_groups": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "retention_days": {"type": "int", "choices": PERIODS},
            "kms_key_arn": {"type": "str", "no_log": False},
            "tags": {"type": "dict"},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
}


class LogGroup(lifecycle.Kind):
    service = "logs"
    type = "log-group"
    result = "log_groups"
    items = "log_groups"

    def find_one(self, item):
        described = api.find_log_group(self.client, item["name"])
        if described is None:
            return None
        log_group = self.from_aws(described)
        self.refuse_foreign(log_group)
        return log_group

    def from_aws(self, described):
        # The field arn ends in ":*", which tagging refuses.
        arn = described["arn"][:-2] if described["arn"].endswith(":*") else described["arn"]
        return {
            "name": described["logGroupName"],
            "arn": arn,
            "retention_days": described.get("retentionInDays", 0),
            "kms_key_arn": described.get("kmsKeyId"),
            "tags": api.list_tags_for_resource(self.client, arn),
        }

    def planned(self, item):
        return {"arn": self.arn(item)}

    def arn(self, item):
        """The ARN that AWS gives a log group of this name."""
        return planned.arn("logs", self.module.region or "", self.params["account_id"], f"log-group:{item['name']}")

    def desired(self, item):
        return {"retention_days": item["retention_days"], "kms_key_arn": item["kms_key_arn"]}

    def create(self, item):
        key = {"kmsKeyId": item["kms_key_arn"]} if item["kms_key_arn"] else {}
        api.create_log_group(self.client, logGroupName=item["name"], tags=self.tags(item) or {}, **key)
        return self.from_aws(api.see_log_group(self.client, item["name"]))

    def update_retention_days(self, resource, before, after):
        if after:
            api.put_retention_policy(self.client, resource["name"], after)
        else:
            api.delete_retention_policy(self.client, resource["name"])

    def update_kms_key_arn(self, resource, before, after):
        api.associate_kms_key(self.client, resource["name"], after)

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["arn"], keys)

    def delete(self, resource):
        api.delete_log_group(self.client, resource["name"])


def main():
    lifecycle.run(LogGroup, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
