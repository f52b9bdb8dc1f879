#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_security_groups
version_added: 1.0.0
short_description: Manage the security groups of a VPC
description:
  - Creates, changes, deletes or reads security groups, found by their group name, which is unique in a VPC.
  - Creates all groups before the rules of any, so groups may refer to each other by name; deletes the rules
    between them before the groups.
  - Adds rules before it removes others, so that what was allowed before and is allowed afterwards is never
    interrupted. Both fit into the quota, by default 60 rules a direction and group, or AWS refuses the new ones.
  - Exists beside M(amazon.aws.ec2_security_group) because that module returns no id in check mode on an empty
    account, cannot create groups that refer to each other in one task, and manages one group a run.
options:
  vpc_id:
    description:
      - The VPC. Required with O(state=present).
    type: str
  security_groups:
    description:
      - The security groups. Others in the VPC are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name by which the result and rules of other groups refer to this one.
        type: str
        required: true
      group_name:
        description:
          - The group name in AWS, at most 255 characters, not beginning with V(sg-).
          - Defaults to the O(security_groups[].name).
          - The group V(default) comes with every VPC; it is never created or deleted, only its rules are managed.
        type: str
      description:
        description:
          - The description, at most 255 characters. Cannot be changed afterwards; that of V(default) is not compared.
          - A group that is created without one gets its group name.
        type: str
      ingress:
        description:
          - Which incoming traffic is allowed; an empty list allows none. Not managed when not given.
        type: list
        elements: dict
        suboptions: &rule
          protocol:
            description: V(tcp), V(udp), V(icmp), V(icmpv6), V(all), or the number of a protocol.
            type: str
            default: tcp
          port:
            description: The port; for ICMP the type. Required for TCP and UDP, unless C(ports) is given.
            type: int
          ports:
            description: The first and the last port; for ICMP the type and the code.
            type: list
            elements: int
          cidr:
            description: An IPv4 CIDR block. A rule has exactly one of the four sources (or destinations).
            type: str
          ipv6_cidr:
            description: An IPv6 CIDR block.
            type: str
          group:
            description:
              - A security group, by the O(security_groups[].name) of one in O(security_groups), or by its id; one in
                another account as C(account/sg-id).
            type: str
          prefix_list:
            description: A managed prefix list, by its id or by its name.
            type: str
          description:
            description:
              - What the rule is for. Changed without interrupting traffic; an empty one removes it; not compared
                when not given.
            type: str
      egress:
        description:
          - Which outgoing traffic is allowed; an empty list allows none. Not managed when not given.
          - A new group's rule that allows everything, which AWS adds, is a rule like others.
        type: list
        elements: dict
        suboptions: *rule
      tags:
        description: Tags of this group beside O(tags).
        type: dict
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
seealso:
  - name: Amazon VPC quotas
    description: How many rules a group can have. A prefix list counts with its maximum number of entries.
    link: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
"""

EXAMPLES = r"""
- name: Create the groups of a platform
  groundwork.aws.ec2_security_groups:
    vpc_id: vpc-0123456789abcdef0
    security_groups:
      - name: alb
        group_name: dougust-production-alb
        description: Load balancer
        ingress:
          - {port: 443, prefix_list: com.amazonaws.global.cloudfront.origin-facing}
        egress:
          - {port: 8000, group: app}
      - name: app
        group_name: dougust-production-app
        description: Application
        ingress:
          - {port: 8000, group: alb, description: From the load balancer}
      - name: database
        group_name: dougust-production-database
        description: Database
        ingress:
          - {port: 5432, group: app}
        egress: []

- name: Close the group that comes with the VPC
  groundwork.aws.ec2_security_groups:
    vpc_id: vpc-0123456789abcdef0
    security_groups:
      - {name: default, ingress: [], egress: []}
"""

RETURN = r"""
security_groups:
  description: The security groups by name. Rules have one source each; groups of this run appear by name.
  returned: always
  type: dict
  sample:
    app:
      name: app
      group_id: sg-0123456789abcdef0
      group_name: dougust-production-app
      description: Application
      ingress:
        - {protocol: tcp, ports: [8000, 8000], group: alb, description: From the load balancer}
      egress:
        - {protocol: all, cidr: 0.0.0.0/0}
      tags: {Platform: dougust}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils import security_group_rules as rules
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.ec2 import Ec2Kind
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

DEFAULT = "default"  # the group that AWS creates with every VPC

ARGUMENT_SPEC = {
    "vpc_id": {"type": "str"},
    "security_groups": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "group_name": {"type": "str"},
            "description": {"type": "str"},
            "ingress": rules.ARGUMENTS,
            "egress": rules.ARGUMENTS,
            "tags": {"type": "dict"},
        },
    },
}


def aws_name(item):
    """What AWS calls the group."""
    return item["group_name"] or item["name"]


def listed_rules(item):
    """All rules of an item, as the user wrote them."""
    return (item["ingress"] or []) + (item["egress"] or [])


def unknown_groups(item, names):
    """What rules refer to that is neither a group of this run nor an id."""
    groups = [rule["group"] for rule in listed_rules(item) if rule["group"]]
    return [group for group in groups if group not in names and not group.rpartition("/")[2].startswith("sg-")]


class SecurityGroup(Ec2Kind):
    type = "security-group"
    result = "security_groups"
    items = "security_groups"
    id_field = "group_id"
    id_prefix = "sg"
    equal = {"ingress": rules.same, "egress": rules.same}
    prefix_lists = None

    def validate(self, items):
        names = [item["name"] for item in items]
        for item in items:
            label = self.label(item["name"])
            if [aws_name(other) for other in items].count(aws_name(item)) > 1:
                raise UserError(f"{label} shares its group_name with another. To fix: give each its own.")
            try:
                for rule in listed_rules(item):
                    rules.parse(rule)
            except UserError as error:
                raise UserError(f"{label}: {error.message}") from error
            unknown = ", ".join(unknown_groups(item, names))
            if unknown:
                raise UserError(
                    f"{label}: a rule refers to {unknown}, which is neither a group of this run ({', '.join(names)}) "
                    "nor an id. To fix: correct the name, or list that group too."
                )

    def inherent(self, items):
        return {
            item["name"]: {
                "name": item["name"],
                "tags": {},
                **self.planned(item),
                "ingress": [{"protocol": "all", "group": item["name"]}],
            }
            for item in self.manageable(items)
            if aws_name(item) == DEFAULT
        }

    def manageable(self, items):
        """The items that can be in the wanted state: the default group cannot be absent."""
        return [item for item in items if aws_name(item) != DEFAULT or self.params["state"] != "absent"]

    def find(self, items):
        by_aws_name = {aws_name(item): item["name"] for item in self.manageable(items)}
        if not by_aws_name:
            return {}
        filters = api.filters(vpc_id=self.params["vpc_id"], group_name=list(by_aws_name))
        described = {
            by_aws_name[one["GroupName"]]: one for one in api.describe_security_groups(self.client, Filters=filters)
        }
        names = {one["GroupId"]: name for name, one in described.items()}
        return {name: self.from_aws(described[name], name, names) for name in by_aws_name.values() if name in described}

    def from_aws(self, described, name, names):
        return {
            **self.identified(described),
            "name": name,
            "group_id": described["GroupId"],
            "group_name": described["GroupName"],
            "description": described["Description"],
            "ingress": rules.from_aws(described["IpPermissions"], described["OwnerId"], names),
            "egress": rules.from_aws(described["IpPermissionsEgress"], described["OwnerId"], names),
        }

    def planned(self, item):
        known = {"group_name": aws_name(item), "ingress": [], "egress": [rules.EVERYTHING]}
        return {**super().planned(item), **known}

    def fixed(self, item):
        return {"description": None if aws_name(item) == DEFAULT else item["description"]}

    def desired(self, item):
        return {"ingress": self.wanted_rules(item["ingress"]), "egress": self.wanted_rules(item["egress"])}

    def wanted_rules(self, wanted):
        """The rules of an item, with groups of this run by name and prefix lists by id."""
        if wanted is None:
            return None
        names = {resource["group_id"]: name for name, resource in self.resources.items()}
        parsed = [rules.parse(rule) for rule in wanted]
        for rule in parsed:
            if "group" in rule:
                rule["group"] = names.get(rule["group"], rule["group"])
            if "prefix_list" in rule:
                rule["prefix_list"] = self.prefix_list_id(rule["prefix_list"])
        return list(rules.by_traffic(parsed).values())

    def prefix_list_id(self, name):
        """The id of a prefix list; all names of the run are looked up at once."""
        if name.startswith("pl-"):
            return name
        if self.prefix_lists is None:
            used = {rule["prefix_list"] for item in self.params["security_groups"] for rule in listed_rules(item)}
            filters = api.filters(prefix_list_name=sorted(used - {None}))
            described = api.describe_managed_prefix_lists(self.client, Filters=filters)
            self.prefix_lists = {one["PrefixListName"]: one["PrefixListId"] for one in described}
        if name not in self.prefix_lists:
            raise UserError(
                f"There is no prefix list {name} in {self.module.region}. To fix: correct its name or give its id."
            )
        return self.prefix_lists[name]

    def creation_tags(self, item):
        return {**super().creation_tags(item), "Name": aws_name(item)}

    def create(self, item):
        group_id = api.create_security_group(
            self.client,
            self.creation_tags(item),
            VpcId=self.params["vpc_id"],
            GroupName=aws_name(item),
            Description=item["description"] or aws_name(item),
        )
        # Read back, because AWS adds egress rules according to the VPC's address families.
        return self.from_aws(api.describe_security_group(self.client, group_id), item["name"], {})

    def update_ingress(self, resource, before, after):
        self.change_rules("ingress", resource, before, after)

    def update_egress(self, resource, before, after):
        self.change_rules("egress", resource, before, after)

    def change_rules(self, direction, resource, before, after):
        # Add first, so that traffic allowed both before and after is not interrupted.
        ids = {name: other["group_id"] for name, other in self.resources.items()}
        add, remove, describe = (rules.to_aws(part, ids) for part in rules.changes(before, after))
        self.send(api.authorize_security_group, direction, resource, add)
        if describe:
            api.describe_security_group_rules_as(self.client, direction, resource["group_id"], describe)
        self.send(api.revoke_security_group, direction, resource, remove)

    def send(self, call, direction, resource, permissions):
        """Send all rules at once; one by one where a killed run or somebody else has sent some already."""
        if permissions and not call(self.client, direction, resource["group_id"], permissions):
            for permission in permissions if len(permissions) > 1 else []:
                call(self.client, direction, resource["group_id"], [permission])

    def delete(self, resource):
        # AWS keeps a group that rules of another one refer to.
        ids = {resource["name"]: resource["group_id"]}
        for other in self.resources.values():
            for direction in ("ingress", "egress"):
                referring = [rule for rule in other[direction] if rule.get("group") == resource["name"]]
                self.send(api.revoke_security_group, direction, other, rules.to_aws(referring, ids))
        api.delete_security_group(self.client, resource["group_id"])


def main():
    lifecycle.run(SecurityGroup, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
