#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_vpc
version_added: 1.0.0
short_description: Manage a VPC
description:
  - Creates, changes, deletes or reads one VPC, found by its Name tag and, where O(tags) has them, its
    Platform and Environment tags; or adopts an existing one by O(vpc_id).
  - Exists beside M(amazon.aws.ec2_vpc_net) because that module returns no VPC in check mode on an
    empty account, which leaves everything inside the VPC unplanned.
options:
  name:
    description:
      - The value of the Name tag.
    type: str
    required: true
  cidr_block:
    description:
      - The primary IPv4 CIDR block, V(/16) to V(/28). Required to create the VPC; cannot be changed afterwards.
    type: str
  dns_support:
    description:
      - Whether the Amazon DNS server resolves names in the VPC.
    type: bool
  dns_hostnames:
    description:
      - Whether instances with public addresses get public host names. Interface endpoints with private DNS need both.
    type: bool
  vpc_id:
    description:
      - The id of an existing VPC to read. Only with O(state=gathered); fails when there is no such VPC.
    type: str
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
seealso:
  - name: CreateVpc in the EC2 API reference
    description: Limits of the CIDR block.
    link: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html
"""

EXAMPLES = r"""
- name: Create the VPC of a platform
  groundwork.aws.ec2_vpc:
    name: dougust-production
    cidr_block: 10.0.0.0/16
    dns_support: true
    dns_hostnames: true
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
vpc:
  description: The VPC; null when there is none.
  returned: always
  type: dict
  sample:
    name: dougust-production
    vpc_id: vpc-0123456789abcdef0
    state: available
    cidr_block: 10.0.0.0/16
    dns_support: true
    dns_hostnames: true
    tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle, side_by_side
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.ec2 import Ec2Kind
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

ARGUMENT_SPEC = {
    "name": {"type": "str", "required": True},
    "cidr_block": {"type": "str"},
    "dns_support": {"type": "bool"},
    "dns_hostnames": {"type": "bool"},
    "vpc_id": {"type": "str"},
}


class Vpc(Ec2Kind):
    type = "vpc"
    result = "vpc"
    id_field = "vpc_id"
    id_prefix = "vpc"
    parents = ()
    available_waiter = ("vpc_available", "VpcIds")
    describe = staticmethod(api.describe_vpcs)

    def find(self, items):
        if not self.params["vpc_id"]:
            return super().find(items)
        adopted = api.describe_vpcs(self.client, VpcIds=[self.params["vpc_id"]])
        if not adopted:
            raise UserError(
                f"There is no VPC {self.params['vpc_id']} in {self.module.region}. "
                "To fix: correct the id of the VPC to adopt, or the region."
            )
        return {items[0]["name"]: self.from_aws(adopted[0])}

    def from_aws(self, described):
        vpc_id = described["VpcId"]
        dns_support, dns_hostnames = side_by_side.each(
            lambda name: api.describe_vpc_attribute(self.client, vpc_id, name),
            ("enableDnsSupport", "enableDnsHostnames"),
        )
        return {
            **self.identified(described),
            "vpc_id": vpc_id,
            "state": described["State"],
            "cidr_block": described["CidrBlock"],
            "dns_support": dns_support,
            "dns_hostnames": dns_hostnames,
        }

    def fixed(self, item):
        return {"cidr_block": item["cidr_block"]}

    def desired(self, item):
        return {"dns_support": item["dns_support"], "dns_hostnames": item["dns_hostnames"]}

    def create(self, item):
        created = api.create_vpc(self.client, item["cidr_block"], self.creation_tags(item))
        return self.from_aws(created)

    def update_dns_support(self, resource, before, after):
        api.modify_vpc_attribute(self.client, resource["vpc_id"], EnableDnsSupport={"Value": after})

    def update_dns_hostnames(self, resource, before, after):
        api.modify_vpc_attribute(self.client, resource["vpc_id"], EnableDnsHostnames={"Value": after})

    def delete(self, resource):
        api.delete_vpc(self.client, resource["vpc_id"])


def main():
    lifecycle.run(Vpc, ARGUMENT_SPEC, required_if=[("state", "present", ["cidr_block"])])


if __name__ == "__main__":
    main()
