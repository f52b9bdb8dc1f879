#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_subnets
version_added: 1.0.0
short_description: Manage the subnets of a VPC
description:
  - Creates, changes, deletes or reads subnets, found by their Name tag inside the VPC.
  - Exists beside M(amazon.aws.ec2_vpc_subnet) because that module returns no id in check mode on an empty
    account; and one run here describes all subnets in one call.
options:
  vpc_id:
    description:
      - The VPC. Required with O(state=present).
    type: str
  subnets:
    description:
      - The subnets. Others in the VPC are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The value of the Name tag.
        type: str
        required: true
      cidr_block:
        description: The IPv4 CIDR block. Cannot be changed afterwards.
        type: str
      availability_zone:
        description: The Availability Zone, such as V(us-east-1a). Cannot be changed afterwards.
        type: str
      map_public_ip_on_launch:
        description: Whether network interfaces created in the subnet get a public address.
        type: bool
      tags:
        description: Tags of this subnet beside O(tags), such as those by which load balancer controllers find it.
        type: dict
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
- name: Create two subnets
  groundwork.aws.ec2_subnets:
    vpc_id: vpc-0123456789abcdef0
    subnets:
      - name: dougust-production-public-a
        cidr_block: 10.0.0.0/20
        availability_zone: us-east-1a
      - name: dougust-production-public-b
        cidr_block: 10.0.16.0/20
        availability_zone: us-east-1b
"""

RETURN = r"""
subnets:
  description: The subnets by name.
  returned: always
  type: dict
  sample:
    dougust-production-public-a:
      name: dougust-production-public-a
      subnet_id: subnet-0123456789abcdef0
      state: available
      cidr_block: 10.0.0.0/20
      availability_zone: us-east-1a
      map_public_ip_on_launch: false
      tags: {Platform: dougust}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.ec2 import Ec2Kind

ARGUMENT_SPEC = {
    "vpc_id": {"type": "str"},
    "subnets": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "cidr_block": {"type": "str"},
            "availability_zone": {"type": "str"},
            "map_public_ip_on_launch": {"type": "bool"},
            "tags": {"type": "dict"},
        },
    },
}


class Subnet(Ec2Kind):
    type = "subnet"
    result = "subnets"
    items = "subnets"
    id_field = "subnet_id"
    id_prefix = "subnet"
    available_waiter = ("subnet_available", "SubnetIds")
    describe = staticmethod(api.describe_subnets)

    def from_aws(self, described):
        return {
            **self.identified(described),
            "subnet_id": described["SubnetId"],
            "state": described["State"],
            "cidr_block": described["CidrBlock"],
            "availability_zone": described["AvailabilityZone"],
            "map_public_ip_on_launch": described.get("MapPublicIpOnLaunch", False),
        }

    def fixed(self, item):
        return {"cidr_block": item["cidr_block"], "availability_zone": item["availability_zone"]}

    def desired(self, item):
        return {"map_public_ip_on_launch": item["map_public_ip_on_launch"]}

    def create(self, item):
        zone = {"AvailabilityZone": item["availability_zone"]} if item["availability_zone"] else {}
        created = api.create_subnet(
            self.client, self.creation_tags(item), VpcId=self.params["vpc_id"], CidrBlock=item["cidr_block"], **zone
        )
        return self.from_aws(created)

    def update_map_public_ip_on_launch(self, resource, before, after):
        api.modify_subnet_attribute(self.client, SubnetId=resource["subnet_id"], MapPublicIpOnLaunch={"Value": after})

    def delete(self, resource):
        api.delete_subnet(self.client, resource["subnet_id"])


def main():
    lifecycle.run(Subnet, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
