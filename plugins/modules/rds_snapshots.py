#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_snapshots
version_added: 1.0.0
short_description: Manage manual snapshots of RDS instances
description:
  - Creates, deletes or reads snapshots that somebody asked for; those that AWS makes by itself are left alone.
  - A snapshot that exists is not made again, so give each one a name of its own.
  - Exists beside M(amazon.aws.rds_instance_snapshot) because that module returns no snapshot in check mode and does not
    say what it would do in words that a plan could use.
options:
  snapshots:
    description:
      - The snapshots. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, of small letters, digits and single hyphens, beginning with a letter.
        type: str
        required: true
      instance:
        description: The instance to make a snapshot of. Required to create one; cannot be changed.
        type: str
      tags:
        description: Tags of this snapshot beside O(tags).
        type: dict
  account_id:
    description:
      - The account, for the ARN of a snapshot that check mode would create.
    type: str
    default: "000000000000"
  wait_timeout:
    description: How long to wait, in seconds. A first snapshot copies everything, later ones what changed.
    type: int
    default: 3600
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
- name: Keep the database as it is before a release
  groundwork.aws.rds_snapshots:
    snapshots:
      - name: dougust-production-before-v2-0-0
        instance: dougust-production
"""

RETURN = r"""
snapshots:
  description: The snapshots by name.
  returned: always
  type: dict
  sample:
    dougust-production-before-v2-0-0:
      name: dougust-production-before-v2-0-0
      arn: arn:aws:rds:us-east-1:123456789012:snapshot:dougust-production-before-v2-0-0
      instance: dougust-production
      status: available
      percent: 100
      created: "2026-01-31T12:00:00+00:00"
      tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle, waiters
from ansible_collections.groundwork.aws.plugins.module_utils.api import rds as api
from ansible_collections.groundwork.aws.plugins.module_utils.rds import RdsKind

ARGUMENT_SPEC = {
    "snapshots": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "instance": {"type": "str"},
            "tags": {"type": "dict"},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
    "wait_timeout": {"type": "int", "default": 3600},
}


class Snapshot(RdsKind):
    type = "snapshot"
    arn_type = "snapshot"
    result = "snapshots"
    items = "snapshots"
    holds_data = True

    def label(self, name):
        return f"DB snapshot {name}"

    def flaw(self, item):
        if not item["instance"]:
            return "has no instance. To fix: name the one to make a snapshot of"
        return super().flaw(item)

    def find(self, items):
        found = {}
        for item in items:
            for described in api.describe_db_snapshots(self.client, item["name"]):
                found[item["name"]] = self.from_aws(described)
                self.refuse_foreign(found[item["name"]])
        return found

    def from_aws(self, described):
        created = described.get("SnapshotCreateTime")  # AWS knows it when the snapshot has begun
        return {
            "name": described["DBSnapshotIdentifier"],
            "arn": described["DBSnapshotArn"],
            "instance": described["DBInstanceIdentifier"],
            "status": described["Status"],
            "percent": described.get("PercentProgress"),
            "created": created.isoformat() if created else None,
            "tags": boto3_tag_list_to_ansible_dict(described.get("TagList") or []),
        }

    def planned(self, item):
        return {**super().planned(item), "status": "available", "percent": 100, "created": None}

    def fixed(self, item):
        return {"instance": item["instance"]}

    def create(self, item):
        tags = self.tags(item) or {}
        created = api.create_db_snapshot(self.client, item["name"], item["instance"], tags)
        return {**self.from_aws(created), "tags": tags}

    def settle(self, resources, timeout):
        for snapshot in resources:
            if snapshot["status"] != "available":
                self.wait_until_available(snapshot["name"], timeout)
                for described in api.describe_db_snapshots(self.client, snapshot["name"]):
                    snapshot.update(self.from_aws(described))

    def wait_until_available(self, name, timeout):
        what = f"{self.label(name)} available"
        waiters.wait(self.client, "db_snapshot_available", what, timeout, DBSnapshotIdentifier=name)

    def settle_deleted(self, resources, timeout):
        for snapshot in resources:
            name = snapshot["name"]
            waiters.wait(
                self.client, "db_snapshot_deleted", f"{self.label(name)} gone", timeout, DBSnapshotIdentifier=name
            )

    def delete(self, resource):
        if resource["status"] == "creating" and self.params["wait"]:
            self.wait_until_available(resource["name"], self.params["wait_timeout"])
        api.delete_db_snapshot(self.client, resource["name"])


def main():
    lifecycle.run(Snapshot, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
