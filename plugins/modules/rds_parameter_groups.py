#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: rds_parameter_groups
version_added: 1.0.0
short_description: Manage the parameter groups of RDS instances
description:
  - Creates, changes, deletes or reads DB parameter groups and what they set.
  - Names are held against what AWS knows before anything changes. A dynamic parameter is applied at once, a static one
    when its instances are rebooted, which is not this module's business.
  - Exists beside M(amazon.aws.rds_instance_param_group) because that module fails in check mode where the group does not
    exist, reports no change of parameters there, and never resets what the inventory no longer names.
options:
  parameter_groups:
    description:
      - The parameter groups. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, of small letters, digits and single hyphens, beginning with a letter.
        type: str
        required: true
      family:
        description:
          - The family, such as V(postgres15). Required to create a group; cannot be changed.
        type: str
      description:
        description: What the group is for. A new group without one gets its name. AWS never changes it afterwards.
        type: str
      parameters:
        description:
          - The parameters that differ from AWS's defaults, all of them. What somebody set beside them gets its default.
          - V(true) is V(1), V(false) is V(0), the elements of a list are separated by commas.
        type: dict
      tags:
        description: Tags of this parameter group beside O(tags).
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
- name: Accept encrypted connections only, and log them
  groundwork.aws.rds_parameter_groups:
    parameter_groups:
      - name: dougust-production
        family: postgres15
        parameters:
          rds.force_ssl: true
          log_connections: true
          log_min_duration_statement: 1000
"""

RETURN = r"""
parameter_groups:
  description: The parameter groups by name, with the parameters where they are given.
  returned: always
  type: dict
  sample:
    dougust-production:
      name: dougust-production
      arn: arn:aws:rds:us-east-1:123456789012:pg:dougust-production
      family: postgres15
      description: dougust-production
      parameters: {rds.force_ssl: "1", log_connections: "1"}
      tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle, rds_parameters
from ansible_collections.groundwork.aws.plugins.module_utils.api import rds as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError
from ansible_collections.groundwork.aws.plugins.module_utils.rds import RdsKind

ARGUMENT_SPEC = {
    "parameter_groups": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "family": {"type": "str"},
            "description": {"type": "str"},
            "parameters": {"type": "dict"},
            "tags": {"type": "dict"},
        },
    },
    "account_id": {"type": "str", "default": "000000000000"},
}


def wanted_parameters(item):
    """The parameters of an item as AWS writes them; V(None) where they are not managed."""
    given = item["parameters"]
    return None if given is None else {name: rds_parameters.as_text(value) for name, value in given.items()}


class ParameterGroup(RdsKind):
    type = "pg"
    arn_type = "pg"
    result = "parameter_groups"
    items = "parameter_groups"
    tagged_as = "rds:pg"

    def __init__(self, module):
        super().__init__(module)
        self.catalogs = {}  # what AWS says about all parameters, by the name of the group

    def label(self, name):
        return f"DB parameter group {name}"

    def flaw(self, item):
        if not item["family"]:
            return "has no family. To fix: name one, such as postgres15"
        empty = [name for name, value in (item["parameters"] or {}).items() if value is None or isinstance(value, dict)]
        if empty:
            return f"has no usable value for {empty[0]}. To fix: give text, a number, true, false or a list"
        return super().flaw(item)

    def find(self, items):
        found = {}
        for item in items:
            for described in api.describe_db_parameter_groups(self.client, item["name"]):
                tags = api.list_tags_for_resource(self.client, described["DBParameterGroupArn"])
                found[item["name"]] = self.from_aws(described, tags)
                self.refuse_foreign(found[item["name"]])
            self.read_parameters(item, found.get(item["name"]))
        return found

    def read_parameters(self, item, group):
        """Read what the item manages; everything AWS knows only where something differs, since that is four calls."""
        name, wanted = item["name"], wanted_parameters(item)
        if wanted is None:
            return
        if group:
            group["parameters"] = rds_parameters.current(
                wanted, api.describe_db_parameters(self.client, name, Source="user")
            )
        if self.params["state"] != "present" or (group and group["parameters"] == wanted):
            return
        if group:
            self.catalogs[name] = api.describe_db_parameters(self.client, name)
            group["parameters"] = rds_parameters.current(wanted, self.catalogs[name])
        elif wanted:
            self.catalogs[name] = api.describe_engine_default_parameters(self.client, item["family"])
        problem = rds_parameters.flaw(wanted, self.catalogs.get(name, []))
        if problem:
            raise UserError(f"{self.label(name)} {problem}.")

    def from_aws(self, described, tags):
        return {
            "name": described["DBParameterGroupName"],
            "arn": described["DBParameterGroupArn"],
            "family": described["DBParameterGroupFamily"],
            "description": described["Description"],
            "tags": tags,
        }

    def planned(self, item):
        return {**super().planned(item), "description": item["description"] or item["name"]}

    def fixed(self, item):
        return {"family": item["family"]}

    def desired(self, item):
        return {"parameters": wanted_parameters(item)}

    def create(self, item):
        tags = self.tags(item) or {}
        description = item["description"] or item["name"]
        created = api.create_db_parameter_group(
            self.client, item["name"], tags, DBParameterGroupFamily=item["family"], Description=description
        )
        managed = {} if item["parameters"] is None else {"parameters": {}}
        return {**self.from_aws(created, tags), **managed}

    def update_parameters(self, resource, before, after):
        name, catalog = resource["name"], self.catalogs.get(resource["name"], [])
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        for batch in rds_parameters.batches(changed, catalog):
            api.modify_db_parameter_group(self.client, name, batch)
        for batch in rds_parameters.batches({key: None for key in before if key not in after}, catalog):
            api.reset_db_parameter_group(self.client, name, batch)

    def delete(self, resource):
        api.delete_db_parameter_group(self.client, resource["name"])


def main():
    lifecycle.run(ParameterGroup, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
