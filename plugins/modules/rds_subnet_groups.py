#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_subnet_groups
version_added: 1.0.0
short_description: Manage the subnet groups of RDS
description:
  - Creates, changes, deletes or reads DB subnet groups.
  - Exists beside M(amazon.aws.rds_subnet_group) because that module returns no group in check mode on an empty account
    and does not say which field differs.
options:
  subnet_groups:
    description:
      - The subnet groups. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, of small letters, digits and single hyphens, beginning with a letter.
        type: str
        required: true
      description:
        description: What the group is for. A new group without one gets its name.
        type: str
      subnet_ids:
        description:
          - The subnets, in two zones at least, all in one VPC. Required to create a group.
        type: list
        elements: str
      tags:
        description: Tags of this subnet group beside O(tags).
        type: dict
  account_id:
    description:
      - The account, for the ARN of a group that check mode would create.
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
- name: Put databases into the subnets made for them
  groundwork.aws.rds_subnet_groups:
    subnet_groups:
      - name: dougust-production
        description: Database subnets of dougust-production
        subnet_ids:
          - subnet-0123456789abcdef0
          - subnet-0123456789abcdef1
"""

RETURN = r"""
subnet_groups:
  description: The subnet groups by name.
  returned: always
  type: dict
  sample:
    dougust-production:
      name: dougust-production
      arn: arn:aws:rds:us-east-1:123456789012:subgrp:dougust-production
      description: Database subnets of dougust-production
      vpc_id: vpc-0123456789abcdef0
      subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import rds as api
from ansible_collections.groundwork.aws.plugins.module_utils.rds import RdsKind

ARGUMENT_SPEC = {
    "subnet_groups": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "description": {"type": "str"},
            "subnet_ids": {"type": "list", "elements": "str"},
            "tags": {"type": "dict"},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
}


class SubnetGroup(RdsKind):
    type = "subgrp"
    arn_type = "subgrp"
    result = "subnet_groups"
    items = "subnet_groups"
    tagged_as = "rds:subgrp"

    def label(self, name):
        return f"DB subnet group {name}"

    def flaw(self, item):
        if item["name"] == "default":
            return "has a name that AWS keeps for itself. To fix: choose another"
        if len(set(item["subnet_ids"] or [])) < 2:
            return "has fewer than two subnets. To fix: name subnets in two zones at least"
        return super().flaw(item)

    def find_one(self, item):
        described = api.describe_db_subnet_groups(self.client, item["name"])
        if not described:
            return None
        tags = api.list_tags_for_resource(self.client, described[0]["DBSubnetGroupArn"])
        subnet_group = self.from_aws(described[0], tags)
        self.refuse_foreign(subnet_group)
        return subnet_group

    def from_aws(self, described, tags):
        return {
            "name": described["DBSubnetGroupName"],
            "arn": described["DBSubnetGroupArn"],
            "description": described["DBSubnetGroupDescription"],
            "vpc_id": described.get("VpcId"),
            "subnet_ids": sorted(subnet["SubnetIdentifier"] for subnet in described["Subnets"]),
            "tags": tags,
        }

    def desired(self, item):
        return {"description": item["description"], "subnet_ids": item["subnet_ids"]}

    def create(self, item):
        tags = self.tags(item) or {}
        description = item["description"] or item["name"]
        created = api.create_db_subnet_group(
            self.client, item["name"], tags, DBSubnetGroupDescription=description, SubnetIds=item["subnet_ids"]
        )
        return self.from_aws(created, tags)

    def update(self, resource, changes):
        resource.update({field: change.after for field, change in changes.items()})
        if set(changes) - {"tags"}:
            # AWS asks for the subnets in every modification.
            api.modify_db_subnet_group(
                self.client,
                resource["name"],
                DBSubnetGroupDescription=resource["description"],
                SubnetIds=resource["subnet_ids"],
            )
        if "tags" in changes:
            self.update_tags(resource, *changes["tags"])

    def delete(self, resource):
        api.delete_db_subnet_group(self.client, resource["name"])


def main():
    lifecycle.run(SubnetGroup, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
