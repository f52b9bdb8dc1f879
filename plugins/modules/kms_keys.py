#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kms_keys
version_added: 1.0.0
short_description: Manage KMS keys and their aliases
description:
  - Creates, changes, deletes or reads symmetric encryption keys, found by their alias.
  - Where the alias is missing, a key with the name as its Name tag and the Platform and Environment tags of O(tags) is
    taken instead, so that a run that was interrupted or a teardown leaves no second key behind. A key that is
    disabled or waits for its deletion is enabled again.
  - A deleted key can be taken back until O(pending_window_days) have passed; what it encrypted is lost afterwards.
  - Exists beside M(amazon.aws.kms_key) because that module returns no ARN in check mode on an empty account, does not
    know the period of rotation, and creates a second key where the first one lacks its alias.
options:
  keys:
    description:
      - The keys. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name; the alias is C(alias/) and this name.
          - Letters, digits, C(/), C(_) and C(-), not beginning with C(aws/).
        type: str
        required: true
      description:
        description: What the key is for.
        type: str
      policy:
        description:
          - The key policy. Without one a new key gets AWS's own, which leaves permissions to IAM policies.
          - AWS refuses a policy after which the caller could not change it any more.
        type: dict
      rotation:
        description: Whether AWS replaces the key material from time to time; what was encrypted stays readable.
        type: bool
      rotation_period_days:
        description: After how many days, V(90) to V(2560). AWS starts with V(365). Requires O(keys[].rotation).
        type: int
      tags:
        description: Tags of this key beside O(tags).
        type: dict
  multi_region:
    description:
      - Whether the keys are multi-Region primary keys. Without it they are single-Region keys when created, and what
        they are is not compared. Cannot be changed afterwards.
    type: bool
  pending_window_days:
    description:
      - How many days a deleted key can still be taken back, V(7) to V(30).
    type: int
    default: 30
  account_id:
    description:
      - The account, for the ARN of a key that check mode would create.
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
  - name: Deleting KMS keys
    description: What a deleted key means for the data that it encrypted.
    link: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
"""

EXAMPLES = r"""
- name: Create the key of a platform
  groundwork.aws.kms_keys:
    keys:
      - name: dougust-production
        description: Data of dougust-production
        rotation: true
        rotation_period_days: 180
    tags:
      Platform: dougust
      Environment: production

- name: Schedule its deletion
  groundwork.aws.kms_keys:
    keys:
      - name: dougust-production
    tags:
      Platform: dougust
      Environment: production
    pending_window_days: 7
    state: absent
"""

RETURN = r"""
kms_keys:
  description: The keys by name, with the policy and the rotation where they are given.
  returned: always
  type: dict
  sample:
    dougust-production:
      name: dougust-production
      key_id: 1234abcd-12ab-34cd-56ef-1234567890ab
      key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
      alias: alias/dougust-production
      state: Enabled
      enabled: true
      description: Data of dougust-production
      multi_region: false
      rotation: true
      rotation_period_days: 180
      tags: {Platform: dougust, Environment: production}
pending_deletion:
  description:
    - The keys that this run deleted, or that were deleted before, and that AWS keeps until O(pending_window_days) have
      passed. Check mode lists those that were deleted before.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      returned: always
      type: str
      sample: dougust-production
    key_id:
      description: The id.
      returned: always
      type: str
      sample: 1234abcd-12ab-34cd-56ef-1234567890ab
    deletion_date:
      description: When AWS deletes the key.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00+00:00"
"""

import json
import re


from ansible_collections.groundwork.aws.plugins.module_utils import compare, lifecycle, planned, side_by_side, waiters
from ansible_collections.groundwork.aws.plugins.module_utils.api import kms as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

# Which of several keys is the one: the order of preference.
STATES = ("Enabled", "Disabled", "PendingDeletion")

ARGUMENT_SPEC = {
    "keys": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "no_log": False,
        "options": {
            "name": {"type": "str", "required": True},
            "description": {"type": "str"},
            "policy": {"type": "dict"},
            "rotation": {"type": "bool"},
            "rotation_period_days": {"type": "int"},
            "tags": {"type": "dict"},
        },
        "required_by": {"rotation_period_days": ["rotation"]},
    },
    "multi_region": {"type": "bool"},
    "pending_window_days": {"type": "int", "default": 30},
    "account_id": {"type": "str", "default": "000000000000"},
}


def alias_of(item):
    """The alias of a key."""
    return f"alias/{item['name']}"


def preferred(keys):
    """The keys whose state is nearest to being usable."""
    ranks = [STATES.index(key["state"]) if key["state"] in STATES else 0 for key in keys]
    return [key for key, rank in zip(keys, ranks) if rank == min(ranks)]


def belongs(tags, names, identity):
    """Whether a key's tags say that it is one of these."""
    return tags.get("Name") in names and all(tags.get(key) == value for key, value in identity.items())


class Key(lifecycle.Kind):
    service = "kms"
    type = "key"
    result = "kms_keys"
    items = "keys"
    equal = {"policy": compare.same_policy}
    tagged_as = "kms:key"
    holds_data = True

    def name_of(self, arn, tags):
        return tags.get("Name", "")

    def __init__(self, module):
        super().__init__(module)
        self.pending = []

    def report(self):
        return {"pending_deletion": self.pending}

    def validate(self, items):
        for item in items:
            if not re.fullmatch(r"(?!aws/)[a-zA-Z0-9/_-]{1,250}", item["name"]):
                raise UserError(
                    f"{self.label(item['name'])} cannot be the name of an alias. "
                    "To fix: only letters, digits, /, _ and -, not beginning with aws/."
                )
            if not 90 <= (item["rotation_period_days"] or 365) <= 2560:
                raise UserError(
                    f"{self.label(item['name'])} cannot rotate every {item['rotation_period_days']} days. "
                    "To fix: 90 to 2560 days."
                )

    def find(self, items):
        described = side_by_side.each(lambda item: api.describe_alias(self.client, alias_of(item)), items)
        aliased = {item["name"]: [key] for item, key in zip(items, described) if key}
        missing = [item["name"] for item in items if item["name"] not in aliased]
        keys = {**aliased, **self.tagged(missing)}
        there = [item for item in items if item["name"] in keys]
        read = side_by_side.each(lambda item: self.read_all(item, keys[item["name"]], item["name"] in aliased), there)
        counted = {item["name"]: self.without_pending(some) for item, some in zip(there, read)}
        return {name: self.only(some) for name, some in counted.items() if some}

    def tagged(self, names):
        """The customer keys whose tags say that they are one of these, by name."""
        if not names:
            return {}
        aws_managed = {key for alias, key in api.list_aliases(self.client).items() if alias.startswith("alias/aws/")}
        key_ids = [key_id for key_id in api.list_keys(self.client) if key_id not in aws_managed]
        tags = side_by_side.each(lambda key_id: api.list_resource_tags(self.client, key_id), key_ids)
        ours = [key for key, has in zip(key_ids, tags) if has and belongs(has, names, self.identity())]
        names_of = {key: has["Name"] for key, has in zip(key_ids, tags) if key in ours}
        described = side_by_side.each(lambda key_id: api.describe_key(self.client, key_id), ours)
        found = {}
        for key_id, key in zip(ours, described):
            found.setdefault(names_of[key_id], []).append(key)
        return found

    def read_all(self, item, described, aliased):
        """The keys with what the item manages."""
        return side_by_side.each(lambda one: self.read(item, one, alias_of(item) if aliased else None), described)

    def read(self, item, described, alias):
        key_id = described["KeyId"]
        tags = api.list_resource_tags(self.client, key_id) or {}
        key = self.from_aws(described, item["name"], alias, tags)
        self.refuse_foreign(key)
        readers = {"policy": api.get_key_policy, "rotation": api.get_key_rotation_status}
        managed = [field for field in readers if item[field] is not None]
        key.update(side_by_side.by_name(lambda field: readers[field](self.client, key_id), managed))
        if "rotation" in managed:
            status = key["rotation"]
            key["rotation"] = status["KeyRotationEnabled"]
            key["rotation_period_days"] = status.get("RotationPeriodInDays")
        return key

    def from_aws(self, described, name, alias, tags):
        return {
            "name": name,
            "key_id": described["KeyId"],
            "key_arn": described["Arn"],
            "alias": alias,
            "state": described["KeyState"],
            "enabled": described["KeyState"] not in ("Disabled", "PendingDeletion"),
            "description": described.get("Description", ""),
            "multi_region": described.get("MultiRegion", False),
            "tags": {key: value for key, value in tags.items() if key != "Name"},
            **({"deletion_date": described["DeletionDate"].isoformat()} if "DeletionDate" in described else {}),
        }

    def without_pending(self, keys):
        """The keys that count; one that AWS is about to delete does only where it is wanted back."""
        if self.params["state"] == "present":
            return keys
        for key in keys:
            if key["state"] == "PendingDeletion":
                self.note_pending(key)
        return [key for key in keys if key["state"] != "PendingDeletion"]

    def note_pending(self, key):
        self.pending.append({field: key.get(field) for field in ("name", "key_id", "deletion_date")})

    def only(self, keys):
        keys = preferred(keys)
        if len(keys) > 1:
            ids = " and ".join(key["key_id"] for key in keys)
            raise UserError(
                f"There are two: {self.label(keys[0]['name'])} is {ids}. To fix: give the one that is used the alias "
                f"alias/{keys[0]['name']}; nothing was changed, because only you can tell which one it is."
            )
        return keys[0]

    def planned(self, item):
        region = self.module.region or ""
        key_id = planned.uuid("kms", region, item["name"])
        arn = planned.arn("kms", region, self.params["account_id"], f"key/{key_id}")
        return {"key_id": key_id, "key_arn": arn, "state": "Enabled"}

    def fixed(self, item):
        return {"multi_region": self.params["multi_region"]}

    def desired(self, item):
        # In this order: KMS changes nothing about a key that it is about to delete.
        return {
            "enabled": True,
            "alias": alias_of(item),
            "description": item["description"],
            "policy": item["policy"],
            "rotation": item["rotation"],
            "rotation_period_days": item["rotation_period_days"] if item["rotation"] else None,
        }

    def create(self, item):
        wanted = {
            "Description": item["description"],
            "Policy": None if item["policy"] is None else json.dumps(item["policy"]),
            "MultiRegion": self.params["multi_region"],
        }
        given = {key: value for key, value in wanted.items() if value is not None}
        tags = self.tags(item) or {}
        created = api.create_key(self.client, item["name"], tags, **given)
        before = {"policy": item["policy"], "rotation": False}
        managed = {field: value for field, value in before.items() if item[field] is not None}
        return {**self.from_aws(created, item["name"], None, tags), **managed}

    def update_enabled(self, resource, before, after):
        if resource["state"] == "PendingDeletion":
            api.cancel_key_deletion(self.client, resource["key_id"])
        api.enable_key(self.client, resource["key_id"])
        resource["state"] = "Enabled"
        resource.pop("deletion_date", None)

    def update_alias(self, resource, before, after):
        api.create_alias(self.client, after, resource["key_id"])

    def update_description(self, resource, before, after):
        api.update_key_description(self.client, resource["key_id"], after)

    def update_policy(self, resource, before, after):
        api.put_key_policy(self.client, resource["key_id"], after)

    def update_rotation(self, resource, before, after):
        if after:
            api.enable_key_rotation(self.client, resource["key_id"])
        else:
            api.disable_key_rotation(self.client, resource["key_id"])

    def update_rotation_period_days(self, resource, before, after):
        api.enable_key_rotation(self.client, resource["key_id"], RotationPeriodInDays=after)

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["key_id"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["key_id"], keys)

    def settle(self, resources, timeout):
        for key in resources:
            if key["state"] != "Enabled":
                waiters.wait(
                    self.client, "key_enabled", f"{self.label(key['name'])} enabled", timeout, KeyId=key["key_id"]
                )
                key["state"] = "Enabled"

    def delete(self, resource):
        # The alias last: by it, also an untagged key is found when this is interrupted.
        days = self.params["pending_window_days"]
        answer = api.schedule_key_deletion(self.client, resource["key_id"], days)
        if answer:
            self.note_pending({**resource, "deletion_date": answer["DeletionDate"].isoformat()})
        if resource["alias"]:
            api.delete_alias(self.client, resource["alias"])


def main():
    lifecycle.run(Key, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
