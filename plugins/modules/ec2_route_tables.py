#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_route_tables
version_added: 1.0.0
short_description: Manage the route tables of a VPC
description:
  - Creates, changes, deletes or reads route tables with their routes and subnets, found by their Name tag inside the
    VPC. All tables of the VPC are read in one call.
  - Exists beside M(amazon.aws.ec2_vpc_route_table) because that module fails or returns a fake id in check mode on an
    empty account, and reads the account again for each table, subnet and gateway.
options:
  vpc_id:
    description:
      - The VPC. Required with O(state=present).
    type: str
  route_tables:
    description:
      - The route tables. Others in the VPC are left alone, except that a listed subnet is taken from them.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The value of the Name tag.
        type: str
        required: true
      routes:
        description:
          - All routes of the table; others are removed, and a route whose target changed is replaced without a gap.
          - Not counted are local routes, routes that a virtual private gateway or a route server propagates, and the
            routes to gateway endpoints, which belong to the endpoint (see M(groundwork.aws.ec2_vpc_endpoints)).
          - AWS allows 500 routes in a table by default
            (U(https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)).
        type: list
        elements: dict
        suboptions:
          destination:
            description:
              - An IPv4 or IPv6 CIDR block, or the id of a managed prefix list (C(pl-)).
              - AWS clears the bits behind the prefix length, V(100.68.0.18/18) is the same as V(100.68.0.0/18).
            type: str
            required: true
          target:
            description:
              - The id of what the traffic is sent to. Its prefix says what it is, one of C(igw-), C(vgw-), C(nat-),
                C(eigw-), C(pcx-), C(tgw-), C(eni-), C(vpce-) (Gateway Load Balancer endpoint), C(lgw-), C(cagw-);
                or the ARN of a Cloud WAN core network.
            type: str
            required: true
      subnet_ids:
        description:
          - All subnets that use the table. One that uses another table explicitly is moved; one that is not listed
            falls back to the main table of the VPC.
        type: list
        elements: str
      tags:
        description: Tags of this route table beside O(tags).
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
  - name: CreateRoute in the EC2 API reference
    description: Destinations and targets.
    link: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
"""

EXAMPLES = r"""
- name: Route the public subnets to the internet and the private ones through a NAT gateway
  groundwork.aws.ec2_route_tables:
    vpc_id: vpc-0123456789abcdef0
    route_tables:
      - name: dougust-production-public
        routes:
          - destination: 0.0.0.0/0
            target: igw-0123456789abcdef0
        subnet_ids:
          - subnet-0123456789abcdef0
      - name: dougust-production-private-a
        routes:
          - destination: 0.0.0.0/0
            target: nat-0123456789abcdef0
        subnet_ids:
          - subnet-0123456789abcdef1

- name: Keep a table without any route of its own
  groundwork.aws.ec2_route_tables:
    vpc_id: vpc-0123456789abcdef0
    route_tables:
      - name: dougust-production-isolated
        routes: []
"""

RETURN = r"""
route_tables:
  description: The route tables by name. Routes are only those that the module manages.
  returned: always
  type: dict
  sample:
    dougust-production-public:
      name: dougust-production-public
      route_table_id: rtb-0123456789abcdef0
      routes:
        - {destination: 0.0.0.0/0, target: igw-0123456789abcdef0}
      subnet_ids: [subnet-0123456789abcdef0]
      tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import compare, lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.ec2 import Ec2Kind
from ansible_collections.groundwork.aws.plugins.module_utils.routes import (
    canonical_routes,
    destination_parameter,
    managed_routes,
    target_parameter,
)

ARGUMENT_SPEC = {
    "vpc_id": {"type": "str"},
    "route_tables": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "routes": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "destination": {"type": "str", "required": True},
                    "target": {"type": "str", "required": True},
                },
            },
            "subnet_ids": {"type": "list", "elements": "str"},
            "tags": {"type": "dict"},
        },
    },
}


def associations_of(tables):
    """Which table each subnet uses explicitly: subnet id to association id and table id."""
    return {
        association["SubnetId"]: (association["RouteTableAssociationId"], table["RouteTableId"])
        for table in tables
        for association in table.get("Associations", [])
        if association.get("SubnetId")
        and association.get("AssociationState", {}).get("State", "associated") in ("associating", "associated")
    }


class RouteTable(Ec2Kind):
    type = "route-table"
    result = "route_tables"
    items = "route_tables"
    id_field = "route_table_id"
    id_prefix = "rtb"

    def __init__(self, module):
        super().__init__(module)
        self.associations = {}

    def validate(self, items):
        for item in items:
            canonical_routes(item["routes"])

    def find(self, items):
        tables = api.describe_route_tables(self.client, Filters=api.filters(vpc_id=self.params["vpc_id"]))
        self.associations = associations_of(tables)
        return self.keyed(items, tables)

    def from_aws(self, described):
        return {
            **self.identified(described),
            "route_table_id": described["RouteTableId"],
            "routes": managed_routes(described["Routes"]),
            "subnet_ids": list(associations_of([described])),
        }

    def desired(self, item):
        return {"routes": canonical_routes(item["routes"]), "subnet_ids": item["subnet_ids"]}

    def create(self, item):
        return self.from_aws(api.create_route_table(self.client, self.params["vpc_id"], self.creation_tags(item)))

    def update_routes(self, resource, before, after):
        old = {route["destination"]: route["target"] for route in before}
        new = {route["destination"]: route["target"] for route in after}
        for destination, target in new.items():
            if old.get(destination, target) != target:
                self._route(api.replace_route, resource, destination, target)
            elif destination not in old:
                self._route(api.create_route, resource, destination, target)
        for destination in sorted(old.keys() - new.keys()):
            self._route(api.delete_route, resource, destination)

    def _route(self, change, resource, destination, target=None):
        params = {"RouteTableId": resource["route_table_id"], **destination_parameter(destination)}
        if target is None:
            change(self.client, destination, **params)
        else:
            change(self.client, f"{destination} to {target}", **params, **target_parameter(target))

    def update_subnet_ids(self, resource, before, after):
        add, remove = compare.split(before, after)
        for subnet_id in add:
            self._associate(resource["route_table_id"], subnet_id)
        for subnet_id in remove:
            self._disassociate(resource["route_table_id"], subnet_id)

    def _associate(self, table_id, subnet_id):
        if subnet_id in self.associations:
            elsewhere = self.associations[subnet_id][0]
            association_id = api.replace_route_table_association(self.client, elsewhere, table_id)
        else:
            association_id = api.associate_route_table(self.client, table_id, subnet_id)
        self.associations[subnet_id] = (association_id, table_id)

    def _disassociate(self, table_id, subnet_id):
        association_id, user = self.associations[subnet_id]
        if user == table_id:  # else another table of this run took the subnet over
            api.disassociate_route_table(self.client, association_id)
            del self.associations[subnet_id]

    def delete(self, resource):
        for subnet_id in resource["subnet_ids"]:
            self._disassociate(resource["route_table_id"], subnet_id)
        api.delete_route_table(self.client, resource["route_table_id"])


def main():
    lifecycle.run(RouteTable, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
