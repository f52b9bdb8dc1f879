#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_roles
version_added: 1.0.0
short_description: Manage IAM roles with their policies
description:
  - Creates, changes, deletes or reads IAM roles, with what they may do and who may assume them.
  - Exists beside M(amazon.aws.iam_role) and M(amazon.aws.iam_policy) because in check mode on an empty account the first
    returns no ARN and the second fails for want of the role; and neither says what would change.
options:
  roles:
    description:
      - The roles.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name of the role, unique in the account, at most 64 characters.
        type: str
        required: true
      description:
        description: What the role is for.
        type: str
      assume_role_policy:
        description: The policy document that says who may assume the role. Required to create it.
        type: dict
      inline_policies:
        description:
          - The role's own policy documents by name. Others are removed.
        type: dict
      managed_policy_arns:
        description:
          - The ARNs of the managed policies attached to the role. Others are detached.
        type: list
        elements: str
      max_session_duration:
        description: How long a session may last, in seconds, V(3600) to V(43200).
        type: int
      tags:
        description: Tags of this role beside O(tags).
        type: dict
  path:
    description:
      - The path of the roles. Cannot be changed afterwards.
    type: str
    default: /
  account_id:
    description:
      - The account, for the ARN of a role that check mode would create.
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
- name: Let VPC flow logs write to CloudWatch Logs
  groundwork.aws.iam_roles:
    roles:
      - name: dougust-production-flow-logs
        assume_role_policy:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: {Service: vpc-flow-logs.amazonaws.com}
              Action: sts:AssumeRole
        inline_policies:
          write-flow-logs:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [logs:CreateLogStream, logs:PutLogEvents]
                Resource: arn:aws:logs:us-east-1:123456789012:log-group:/aws/vpc/flow-logs/dougust-production:*
"""

RETURN = r"""
roles:
  description: The roles by name.
  returned: always
  type: dict
  sample:
    dougust-production-flow-logs:
      name: dougust-production-flow-logs
      arn: arn:aws:iam::123456789012:role/dougust-production-flow-logs
      description: ""
      max_session_duration: 3600
      managed_policy_arns: []
      tags: {Platform: dougust}
"""

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from ansible_collections.groundwork.aws.plugins.module_utils import compare, lifecycle, planned, side_by_side
from ansible_collections.groundwork.aws.plugins.module_utils.api import iam as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
NAME_LIMIT = 64

ARGUMENT_SPEC = {
    "roles": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "description": {"type": "str"},
            "assume_role_policy": {"type": "dict"},
            "inline_policies": {"type": "dict"},
            "managed_policy_arns": {"type": "list", "elements": "str"},
            "max_session_duration": {"type": "int"},
            "tags": {"type": "dict"},
        },
    },
    "path": {"type": "str", "default": "/"},
    "account_id": {"type": "str", "default": "000000000000"},
}


def same_policies(before, after):
    """Whether two sets of named policy documents mean the same."""
    before = before or {}
    return before.keys() == after.keys() and all(compare.same_policy(before[name], after[name]) for name in after)


class Role(lifecycle.Kind):
    service = "iam"
    type = "role"
    result = "roles"
    items = "roles"
    equal = {"assume_role_policy": compare.same_policy, "inline_policies": same_policies}

    def validate(self, items):
        for item in items:
            if len(item["name"]) > NAME_LIMIT:
                raise UserError(f"{self.label(item['name'])}: the name is longer than {NAME_LIMIT} characters.")
            if item["assume_role_policy"] is None:
                raise UserError(f"{self.label(item['name'])}: assume_role_policy is needed to create it.")

    def find_one(self, item):
        described = api.get_role(self.client, item["name"])
        if not described:
            return None
        role = self.from_aws(described)
        self.refuse_foreign(role)
        return {**role, **self.policies(item)}

    def policies(self, item):
        """The policies that the item manages: every list costs a call."""
        readers = {"inline_policies": self.inline_policies, "managed_policy_arns": api.list_attached_role_policies}
        managed = [field for field in readers if item[field] is not None]
        return side_by_side.by_name(lambda field: readers[field](self.client, item["name"]), managed)

    def inline_policies(self, client, role):
        names = api.list_role_policies(client, role)
        return side_by_side.by_name(lambda name: api.get_role_policy(client, role, name), names)

    def from_aws(self, described):
        return {
            "name": described["RoleName"],
            "arn": described["Arn"],
            "path": described["Path"],
            "description": described.get("Description", ""),
            "assume_role_policy": described["AssumeRolePolicyDocument"],
            "max_session_duration": described.get("MaxSessionDuration", 3600),
            "inline_policies": {},
            "managed_policy_arns": [],
            "tags": boto3_tag_list_to_ansible_dict(described.get("Tags")),
        }

    def planned(self, item):
        partition = planned.partition(self.module.region or "")
        return {"arn": f"arn:{partition}:iam::{self.params['account_id']}:role{self.params['path']}{item['name']}"}

    def fixed(self, item):
        return {"path": self.params["path"]}

    def desired(self, item):
        managed = (
            "description",
            "assume_role_policy",
            "inline_policies",
            "managed_policy_arns",
            "max_session_duration",
        )
        return {field: item[field] for field in managed}

    def create(self, item):
        optional = {"Description": item["description"], "MaxSessionDuration": item["max_session_duration"]}
        created = api.create_role(
            self.client,
            self.tags(item) or {},
            item["assume_role_policy"],
            RoleName=item["name"],
            Path=self.params["path"],
            **{key: value for key, value in optional.items() if value is not None},
        )
        # CreateRole answers without the tags it was given where AWS has not stored them yet.
        return {**self.from_aws(created), "tags": self.tags(item) or {}}

    def update_description(self, resource, before, after):
        self.update_role({**resource, "description": after})

    def update_max_session_duration(self, resource, before, after):
        self.update_role({**resource, "max_session_duration": after})

    def update_role(self, role):
        # UpdateRole resets what it is not given: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
        api.update_role(
            self.client,
            RoleName=role["name"],
            Description=role["description"],
            MaxSessionDuration=role["max_session_duration"],
        )

    def update_assume_role_policy(self, resource, before, after):
        api.update_assume_role_policy(self.client, resource["name"], after)

    def update_inline_policies(self, resource, before, after):
        for name, document in after.items():
            if name not in before or not compare.same_policy(before[name], document):
                api.put_role_policy(self.client, resource["name"], name, document)
        for name in before.keys() - after.keys():
            api.delete_role_policy(self.client, resource["name"], name)

    def update_managed_policy_arns(self, resource, before, after):
        attach, detach = compare.split(before, after)
        for arn in attach:
            api.attach_role_policy(self.client, resource["name"], arn)
        for arn in detach:
            api.detach_role_policy(self.client, resource["name"], arn)

    def set_tags(self, resource, tags):
        api.tag_role(self.client, resource["name"], tags)

    def remove_tags(self, resource, keys):
        api.untag_role(self.client, resource["name"], keys)

    def delete(self, resource):
        for arn in api.list_attached_role_policies(self.client, resource["name"]):
            api.detach_role_policy(self.client, resource["name"], arn)
        for name in api.list_role_policies(self.client, resource["name"]):
            api.delete_role_policy(self.client, resource["name"], name)
        api.delete_role(self.client, resource["name"])


def main():
    lifecycle.run(Role, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
