#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_network_acls
version_added: 1.0.0
short_description: Manage the network ACLs of a VPC
description:
  - Creates, changes, deletes or reads network ACLs with their rules and subnets, found by their Name tag inside the
    VPC. All network ACLs of the VPC are read in one call.
  - Exists beside M(amazon.aws.ec2_vpc_nacl) because that module takes rules as lists of eight positions, of which
    shorter ones pass check mode and fail in the run, and returns no id in check mode on an empty account.
options:
  vpc_id:
    description:
      - The VPC. Required with O(state=present).
    type: str
  network_acls:
    description:
      - The network ACLs. Others in the VPC are left alone, except that a listed subnet is taken from them.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The value of the Name tag.
        type: str
        required: true
      subnet_ids:
        description:
          - All subnets that use the network ACL. One that uses another is moved; one that is not listed goes back to
            the default network ACL of the VPC, as do all when the network ACL is deleted.
        type: list
        elements: str
      ingress:
        description:
          - All rules for traffic into the subnets; others are removed. What no rule allows is denied.
          - AWS allows 20 rules a direction by default
            (U(https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)).
            Network ACLs keep no state, so answers need a rule in the other direction.
        type: list
        elements: dict
        suboptions:
          rule_number:
            description: The rule with the lowest number that matches decides. V(1) to V(32766).
            type: int
            required: true
          protocol:
            description:
              - V(tcp), V(udp), V(icmp), V(icmpv6), V(all), or a number
                (U(https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml)).
            type: str
            default: all
          action:
            description: What happens to the traffic.
            type: str
            choices: [allow, deny]
            default: allow
          cidr:
            description: The IPv4 CIDR block at the other end. A rule has this or an IPv6 one.
            type: str
          ipv6_cidr:
            description: The IPv6 CIDR block at the other end.
            type: str
          ports:
            description: The first and the last port, with V(tcp) and V(udp) only. All ports where neither is given.
            type: list
            elements: int
          port:
            description: The one port, with V(tcp) and V(udp) only.
            type: int
          icmp_type:
            description: The ICMP type, with V(icmp) and V(icmpv6) only. V(-1), which is the default, is every type.
            type: int
          icmp_code:
            description: The ICMP code, with V(icmp) and V(icmpv6) only. V(-1), which is the default, is every code.
            type: int
      egress:
        description:
          - All rules for traffic out of the subnets, 20 by default; others are removed. What no rule allows is denied.
        type: list
        elements: dict
        suboptions:
          rule_number:
            description: The rule with the lowest number that matches decides. V(1) to V(32766).
            type: int
            required: true
          protocol:
            description: V(tcp), V(udp), V(icmp), V(icmpv6), V(all), or a number.
            type: str
            default: all
          action:
            description: What happens to the traffic.
            type: str
            choices: [allow, deny]
            default: allow
          cidr:
            description: The IPv4 CIDR block at the other end. A rule has this or an IPv6 one.
            type: str
          ipv6_cidr:
            description: The IPv6 CIDR block at the other end.
            type: str
          ports:
            description: The first and the last port, with V(tcp) and V(udp) only. All ports where neither is given.
            type: list
            elements: int
          port:
            description: The one port, with V(tcp) and V(udp) only.
            type: int
          icmp_type:
            description: The ICMP type, with V(icmp) and V(icmpv6) only. V(-1), which is the default, is every type.
            type: int
          icmp_code:
            description: The ICMP code, with V(icmp) and V(icmpv6) only. V(-1), which is the default, is every code.
            type: int
      tags:
        description: Tags of this network ACL beside O(tags).
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
  - name: CreateNetworkAclEntry in the EC2 API reference
    description: What a rule is made of.
    link: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
"""

EXAMPLES = r"""
- name: Let the database subnets talk to the VPC only
  groundwork.aws.ec2_network_acls:
    vpc_id: vpc-0123456789abcdef0
    network_acls:
      - name: dougust-production-database
        ingress:
          - {rule_number: 100, protocol: tcp, port: 5432, cidr: 10.0.0.0/16}
        egress:
          - {rule_number: 100, protocol: tcp, ports: [1024, 65535], cidr: 10.0.0.0/16}
        subnet_ids:
          - subnet-0123456789abcdef0
          - subnet-0123456789abcdef1
"""

RETURN = r"""
network_acls:
  description:
    - The network ACLs by name. Rules are without the last one that denies everything, and without fields that do not
      apply to their protocol.
  returned: always
  type: dict
  sample:
    dougust-production-database:
      name: dougust-production-database
      network_acl_id: acl-0123456789abcdef0
      subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      ingress:
        - {rule_number: 100, protocol: tcp, action: allow, cidr: 10.0.0.0/16, ports: [5432, 5432]}
      egress:
        - {rule_number: 100, protocol: tcp, action: allow, cidr: 10.0.0.0/16, ports: [1024, 65535]}
      tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import compare, lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.acl_rules import canonical_rules, rule_to_aws, rules_of
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.ec2 import Ec2Kind
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

RULE = {
    "rule_number": {"type": "int", "required": True},
    "protocol": {"type": "str", "default": "all"},
    "action": {"type": "str", "choices": ["allow", "deny"], "default": "allow"},
    "cidr": {"type": "str"},
    "ipv6_cidr": {"type": "str"},
    "ports": {"type": "list", "elements": "int"},
    "port": {"type": "int"},
    "icmp_type": {"type": "int"},
    "icmp_code": {"type": "int"},
}
RULES = {
    "type": "list",
    "elements": "dict",
    "options": RULE,
    "mutually_exclusive": [("cidr", "ipv6_cidr"), ("port", "ports")],
    "required_one_of": [("cidr", "ipv6_cidr")],
}
ARGUMENT_SPEC = {
    "vpc_id": {"type": "str"},
    "network_acls": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "subnet_ids": {"type": "list", "elements": "str"},
            "ingress": RULES,
            "egress": RULES,
            "tags": {"type": "dict"},
        },
    },
}

DEFAULT_QUOTA = 20  # rules a direction


class NetworkAcl(Ec2Kind):
    type = "network-acl"
    result = "network_acls"
    items = "network_acls"
    id_field = "network_acl_id"
    id_prefix = "acl"

    def __init__(self, module):
        super().__init__(module)
        self.associations = {}  # subnet id to association id and network ACL id
        self.default_id = None

    def label(self, name):
        return f"network ACL {name}"

    def validate(self, items):
        for item in items:
            for direction in ("ingress", "egress"):
                try:
                    canonical_rules(item[direction])
                except UserError as error:
                    raise UserError(f"{self.label(item['name'])}, {direction}: {error.message}") from error

    def find(self, items):
        acls = api.describe_network_acls(self.client, Filters=api.filters(vpc_id=self.params["vpc_id"]))
        self.default_id = next((acl["NetworkAclId"] for acl in acls if acl["IsDefault"]), None)
        self.associations = {
            association["SubnetId"]: (association["NetworkAclAssociationId"], acl["NetworkAclId"])
            for acl in acls
            for association in acl["Associations"]
        }
        return self.keyed(items, acls)

    def from_aws(self, described):
        return {
            **self.identified(described),
            "network_acl_id": described["NetworkAclId"],
            "subnet_ids": [association["SubnetId"] for association in described["Associations"]],
            "ingress": rules_of(described["Entries"], egress=False),
            "egress": rules_of(described["Entries"], egress=True),
        }

    def desired(self, item):
        return {
            "ingress": canonical_rules(item["ingress"]),
            "egress": canonical_rules(item["egress"]),
            "subnet_ids": item["subnet_ids"],
        }

    def create(self, item):
        return self.from_aws(api.create_network_acl(self.client, self.params["vpc_id"], self.creation_tags(item)))

    def update_ingress(self, resource, before, after):
        self._update_rules(resource["network_acl_id"], False, before, after)

    def update_egress(self, resource, before, after):
        self._update_rules(resource["network_acl_id"], True, before, after)

    def _update_rules(self, acl_id, egress, before, after):
        old = {rule["rule_number"]: rule for rule in before}
        new = {rule["rule_number"]: rule for rule in after}
        gone = sorted(old.keys() - new.keys())
        # Removing last keeps traffic flowing, where old and new rules together fit into the ACL.
        removed_first = gone if len(old.keys() | new.keys()) > DEFAULT_QUOTA else []
        self._remove_rules(acl_id, egress, removed_first)
        for number, rule in sorted(new.items()):
            if number not in old:
                change = api.create_network_acl_entry
            elif old[number] != rule:
                change = api.replace_network_acl_entry
            else:
                continue
            change(self.client, NetworkAclId=acl_id, RuleNumber=number, Egress=egress, **rule_to_aws(rule))
        self._remove_rules(acl_id, egress, [] if removed_first else gone)

    def _remove_rules(self, acl_id, egress, numbers):
        for number in numbers:
            api.delete_network_acl_entry(self.client, NetworkAclId=acl_id, RuleNumber=number, Egress=egress)

    def update_subnet_ids(self, resource, before, after):
        add, remove = compare.split(before, after)
        for subnet_id in add:
            self._move(subnet_id, resource["network_acl_id"])
        self._return_to_default(remove, resource["network_acl_id"])

    def _return_to_default(self, subnet_ids, acl_id):
        for subnet_id in subnet_ids:
            if self.associations[subnet_id][1] == acl_id:  # else another ACL of this run took the subnet over
                self._move(subnet_id, self.default_id)

    def _move(self, subnet_id, acl_id):
        if subnet_id not in self.associations:
            raise UserError(
                f"{subnet_id} uses no network ACL of {self.params['vpc_id']}. To fix: correct the subnet or the VPC; "
                "if the subnet was just created, run again."
            )
        association_id = api.replace_network_acl_association(self.client, self.associations[subnet_id][0], acl_id)
        self.associations[subnet_id] = (association_id, acl_id)

    def delete(self, resource):
        self._return_to_default(resource["subnet_ids"], resource["network_acl_id"])
        api.delete_network_acl(self.client, resource["network_acl_id"])


def main():
    lifecycle.run(NetworkAcl, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
