#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_internet_gateway
version_added: 1.0.0
short_description: Manage the internet gateway of a VPC
description:
  - Creates, attaches, deletes or reads the internet gateway of a VPC.
  - A VPC has at most one. Where one with another name is attached already, as in a VPC that was adopted, it is
    used as it is, and neither changed nor deleted.
  - A gateway of this name and these Platform and Environment tags that is attached to nothing, left by a run that
    was killed, is attached.
  - Exists beside M(amazon.aws.ec2_vpc_igw) because that module returns no id in check mode on an empty account,
    which leaves the routes to the gateway unplanned.
options:
  name:
    description:
      - The value of the Name tag.
    type: str
    required: true
  vpc_id:
    description:
      - The VPC. Required with O(state=present).
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
  - name: Internet gateways in the Amazon VPC User Guide
    description: What an internet gateway is, and that a VPC has one at most.
    link: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

EXAMPLES = r"""
- name: Give the VPC an internet gateway
  groundwork.aws.ec2_internet_gateway:
    name: dougust-production
    vpc_id: vpc-0123456789abcdef0
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
internet_gateway:
  description: The internet gateway; null when there is none.
  returned: always
  type: dict
  contains:
    name:
      description: The name that the module was called with.
      returned: always
      type: str
    internet_gateway_id:
      description: The id.
      returned: always
      type: str
    vpc_id:
      description: The VPC that the gateway is attached to.
      returned: always
      type: str
    owned:
      description: Whether the gateway carries this name and these identity tags. Others are only used.
      returned: always
      type: bool
    tags:
      description: The tags, except Name.
      returned: always
      type: dict
  sample:
    name: dougust-production
    internet_gateway_id: igw-0123456789abcdef0
    vpc_id: vpc-0123456789abcdef0
    owned: true
    tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.ec2 import Ec2Kind

ARGUMENT_SPEC = {
    "name": {"type": "str", "required": True},
    "vpc_id": {"type": "str"},
}


class InternetGateway(Ec2Kind):
    type = "internet-gateway"
    result = "internet_gateway"
    id_field = "internet_gateway_id"
    id_prefix = "igw"
    describe = staticmethod(api.describe_internet_gateways)
    adopted = False

    def find(self, items):
        inside = api.filters(**{"attachment.vpc-id": self.params["vpc_id"]})
        attached = api.describe_internet_gateways(self.client, Filters=inside)
        if not attached:
            return super().find(items)
        found = self.keyed(items, attached)
        if found or self.params["state"] == "absent":
            return found
        self.adopted = True
        name = items[0]["name"]
        return {name: {**self.from_aws(attached[0]), "name": name, "owned": False}}

    def find_filters(self, names):
        return api.tag_filters({"Name": names, **self.identity()})

    def is_alive(self, described):
        # One that is attached elsewhere is another VPC's, whatever its name.
        return all(attachment["VpcId"] == self.params["vpc_id"] for attachment in described.get("Attachments", []))

    def from_aws(self, described):
        attachments = described.get("Attachments") or [{}]
        return {
            **self.identified(described),
            "internet_gateway_id": described["InternetGatewayId"],
            "vpc_id": attachments[0].get("VpcId"),
            "owned": True,
        }

    def planned(self, item):
        return {**super().planned(item), "owned": True}

    def tags(self, item, current=None):
        return None if self.adopted else super().tags(item, current)

    def desired(self, item):
        return {"vpc_id": item["vpc_id"]}

    def create(self, item):
        return self.from_aws(api.create_internet_gateway(self.client, self.creation_tags(item)))

    def update_vpc_id(self, resource, before, after):
        api.attach_internet_gateway(self.client, resource["internet_gateway_id"], after)

    def delete(self, resource):
        if resource["vpc_id"]:
            api.detach_internet_gateway(self.client, resource["internet_gateway_id"], resource["vpc_id"])
        api.delete_internet_gateway(self.client, resource["internet_gateway_id"])


def main():
    lifecycle.run(InternetGateway, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
