#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_nat_gateways
version_added: 1.0.0
short_description: Manage the NAT gateways of a VPC
description:
  - Creates, tags, deletes or reads NAT gateways, found by their Name tag inside the VPC.
  - All missing gateways are created first and waited for together, since each takes a minute or two. With
    O(wait=false) they are returned while still V(pending); a route can refer to them already, and a later run
    with O(wait=true) waits for them.
  - A gateway that failed does not count as existing. A warning says why it failed, until AWS forgets it after
    about an hour (U(https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html)).
  - Exists beside M(amazon.aws.ec2_vpc_nat_gateway) because that module finds a gateway by its subnet alone, creates
    another one on every run unless told otherwise, waits for each before the next, and returns no id in check mode.
options:
  vpc_id:
    description:
      - The VPC. Required with O(state=present).
    type: str
  nat_gateways:
    description:
      - The NAT gateways. Others in the VPC are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The value of the Name tag.
        type: str
        required: true
      subnet_id:
        description: The subnet that the gateway is in. Required to create it; cannot be changed afterwards.
        type: str
      allocation_id:
        description:
          - The Elastic IP address, by its allocation id. Required to create a public gateway; cannot be changed
            afterwards. Secondary addresses are left alone.
        type: str
      connectivity_type:
        description: Whether the gateway leads to the internet or to other private networks only. Cannot be changed.
        type: str
        choices: [public, private]
        default: public
      tags:
        description: Tags of this NAT gateway beside O(tags).
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
  - module: groundwork.aws.ec2_elastic_ips
  - name: CreateNatGateway in the EC2 API reference
    description: What AWS asks for.
    link: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
"""

EXAMPLES = r"""
- name: Start a NAT gateway in each zone
  groundwork.aws.ec2_nat_gateways:
    vpc_id: vpc-0123456789abcdef0
    nat_gateways:
      - name: dougust-production-a
        subnet_id: subnet-0123456789abcdef0
        allocation_id: eipalloc-0123456789abcdef0
      - name: dougust-production-b
        subnet_id: subnet-0123456789abcdef1
        allocation_id: eipalloc-0123456789abcdef1
    wait: false
"""

RETURN = r"""
nat_gateways:
  description: The NAT gateways by name.
  returned: always
  type: dict
  sample:
    dougust-production-a:
      name: dougust-production-a
      nat_gateway_id: nat-0123456789abcdef0
      state: available
      subnet_id: subnet-0123456789abcdef0
      allocation_id: eipalloc-0123456789abcdef0
      public_ip: 203.0.113.10
      connectivity_type: public
      tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.ec2 import Ec2Kind
from ansible_collections.groundwork.aws.plugins.module_utils.errors import AwsCallError, UserError

ARGUMENT_SPEC = {
    "vpc_id": {"type": "str"},
    "nat_gateways": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "subnet_id": {"type": "str"},
            "allocation_id": {"type": "str"},
            "connectivity_type": {"type": "str", "choices": ["public", "private"], "default": "public"},
            "tags": {"type": "dict"},
        },
    },
}


def primary_address(described):
    """The address that the gateway was created with; AWS marks it, older answers have only one."""
    addresses = described.get("NatGatewayAddresses") or [{}]
    return next((address for address in addresses if address.get("IsPrimary")), addresses[0])


class NatGateway(Ec2Kind):
    type = "natgateway"
    result = "nat_gateways"
    items = "nat_gateways"
    id_field = "nat_gateway_id"
    id_prefix = "nat"
    available_waiter = ("nat_gateway_available", "NatGatewayIds")
    deleted_waiter = ("nat_gateway_deleted", "NatGatewayIds")
    describe = staticmethod(api.describe_nat_gateways)

    def label(self, name):
        return f"NAT gateway {name}"

    def validate(self, items):
        for item in items:
            if not item["subnet_id"]:
                raise UserError(f"{self.label(item['name'])} has no subnet_id. To fix: name the subnet it is to be in.")
            if item["connectivity_type"] == "public" and not item["allocation_id"]:
                raise UserError(
                    f"{self.label(item['name'])} is public and has no allocation_id. To fix: name the Elastic IP "
                    "address (ec2_elastic_ips allocates one), or set connectivity_type: private."
                )

    def is_alive(self, described):
        if described["State"] == "failed":
            name = self.identified(described)["name"]
            why = described.get("FailureMessage") or "AWS does not say why"
            self.module.warn(f"{self.label(name)} ({described['NatGatewayId']}) failed and does not count: {why}")
        return described["State"] in ("pending", "available")

    def from_aws(self, described):
        address = primary_address(described)
        return {
            **self.identified(described),
            "nat_gateway_id": described["NatGatewayId"],
            "state": described["State"],
            "subnet_id": described["SubnetId"],
            "allocation_id": address.get("AllocationId"),
            "public_ip": address.get("PublicIp"),
            "connectivity_type": described.get("ConnectivityType", "public"),
        }

    def planned(self, item):
        return {**super().planned(item), "public_ip": None}

    def fixed(self, item):
        return {key: item[key] for key in ("subnet_id", "allocation_id", "connectivity_type")}

    def create(self, item):
        params = {"SubnetId": item["subnet_id"], "ConnectivityType": item["connectivity_type"]}
        if item["allocation_id"]:
            params["AllocationId"] = item["allocation_id"]
        return self.from_aws(api.create_nat_gateway(self.client, self.creation_tags(item), **params))

    def settle(self, resources, timeout):
        try:
            super().settle(resources, timeout)
        except AwsCallError:
            self._refuse_failed(resources)
            raise

    def _refuse_failed(self, resources):
        ids = [resource["nat_gateway_id"] for resource in resources]
        for described in api.describe_nat_gateways(self.client, NatGatewayIds=ids):
            if described["State"] == "failed":
                raise UserError(
                    f"{self.label(self.identified(described)['name'])} ({described['NatGatewayId']}) failed: "
                    f"{described.get('FailureCode')}: {described.get('FailureMessage')}. "
                    "To fix: correct what AWS names and run again; a failed gateway is replaced by a new one."
                )

    def delete(self, resource):
        api.delete_nat_gateway(self.client, resource["nat_gateway_id"])


def main():
    lifecycle.run(NatGateway, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
