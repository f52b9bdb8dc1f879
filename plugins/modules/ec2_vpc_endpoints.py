#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_vpc_endpoints
version_added: 1.0.0
short_description: Manage the endpoints of AWS services in a VPC
description:
  - Creates, changes, deletes or reads gateway and interface endpoints, found by their Name tag inside the VPC.
  - Exists beside M(amazon.aws.ec2_vpc_endpoint) because that module changes neither route tables, subnets nor security
    groups of an endpoint that exists, cannot say whether its private DNS name is used, and returns no id in check mode.
options:
  vpc_id:
    description:
      - The VPC. Required with O(state=present).
    type: str
  vpc_endpoints:
    description:
      - The endpoints. Others in the VPC are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The value of the Name tag.
        type: str
        required: true
      service:
        description:
          - The service, either short, such as V(s3), V(ecr.api) or V(logs), which stands for
            C(com.amazonaws.<region>.<service>), or its full name. Required with O(state=present); cannot be changed.
          - Names are listed in U(https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html).
        type: str
      type:
        description:
          - V(Gateway) (S3 and DynamoDB; free of charge) or V(Interface). Required with O(state=present); cannot be
            changed afterwards.
        type: str
        choices: [Gateway, Interface]
      route_table_ids:
        description: All route tables that lead to the service through a gateway endpoint.
        type: list
        elements: str
      subnet_ids:
        description: All subnets that an interface endpoint has a network interface in, at most one a zone.
        type: list
        elements: str
      security_group_ids:
        description: All security groups of an interface endpoint. AWS uses the VPC's default group where none is given.
        type: list
        elements: str
      private_dns_enabled:
        description:
          - Whether the service's public DNS name leads to an interface endpoint inside the VPC. The VPC then needs
            DNS support and DNS host names.
        type: bool
      policy:
        description:
          - What may be done through the endpoint, compared by meaning. Without a policy AWS allows everything.
        type: dict
      tags:
        description: Tags of this endpoint beside O(tags).
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
  - name: CreateVpcEndpoint in the EC2 API reference
    description: What AWS asks for.
    link: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
"""

EXAMPLES = r"""
- name: Reach S3 and ECR without leaving the VPC
  groundwork.aws.ec2_vpc_endpoints:
    vpc_id: vpc-0123456789abcdef0
    vpc_endpoints:
      - name: dougust-production-s3
        service: s3
        type: Gateway
        route_table_ids:
          - rtb-0123456789abcdef0
      - name: dougust-production-ecr-api
        service: ecr.api
        type: Interface
        subnet_ids:
          - subnet-0123456789abcdef0
        security_group_ids:
          - sg-0123456789abcdef0
        private_dns_enabled: true
"""

RETURN = r"""
vpc_endpoints:
  description: The endpoints by name.
  returned: always
  type: dict
  sample:
    dougust-production-s3:
      name: dougust-production-s3
      vpc_endpoint_id: vpce-0123456789abcdef0
      state: available
      service: com.amazonaws.us-east-1.s3
      type: Gateway
      route_table_ids: [rtb-0123456789abcdef0]
      subnet_ids: []
      security_group_ids: []
      private_dns_enabled: false
      policy: {}
      tags: {Platform: dougust, Environment: production}
"""

import json

from ansible_collections.groundwork.aws.plugins.module_utils import compare, lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.ec2 import Ec2Kind
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

ARGUMENT_SPEC = {
    "vpc_id": {"type": "str"},
    "vpc_endpoints": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "service": {"type": "str"},
            "type": {"type": "str", "choices": ["Gateway", "Interface"]},
            "route_table_ids": {"type": "list", "elements": "str"},
            "subnet_ids": {"type": "list", "elements": "str"},
            "security_group_ids": {"type": "list", "elements": "str"},
            "private_dns_enabled": {"type": "bool"},
            "policy": {"type": "dict"},
            "tags": {"type": "dict"},
        },
    },
}

CHANGEABLE = ("route_table_ids", "subnet_ids", "security_group_ids", "private_dns_enabled", "policy")
GATEWAY_ONLY = ("route_table_ids",)
INTERFACE_ONLY = ("subnet_ids", "security_group_ids", "private_dns_enabled")


def service_name(service, region):
    """The full name of a service."""
    if service is None or service.startswith(("com.", "cn.com.", "aws.")):
        return service
    return f"com.amazonaws.{region}.{service}"


def creation_params(fields):
    """Fields as parameters of CreateVpcEndpoint; what is not given is left to AWS."""
    names = {
        "route_table_ids": "RouteTableIds",
        "subnet_ids": "SubnetIds",
        "security_group_ids": "SecurityGroupIds",
        "private_dns_enabled": "PrivateDnsEnabled",
    }
    params = {names[field]: fields[field] for field in names if fields[field] not in (None, [])}
    if fields["policy"] is not None:
        params["PolicyDocument"] = json.dumps(fields["policy"])
    return params


class VpcEndpoint(Ec2Kind):
    type = "vpc-endpoint"
    result = "vpc_endpoints"
    items = "vpc_endpoints"
    id_field = "vpc_endpoint_id"
    id_prefix = "vpce"
    available_waiter = ("vpc_endpoint_available", "VpcEndpointIds")
    deleted_waiter = ("vpc_endpoint_deleted", "VpcEndpointIds")
    describe = staticmethod(api.describe_vpc_endpoints)
    equal = {"policy": compare.same_policy}

    def label(self, name):
        return f"VPC endpoint {name}"

    def validate(self, items):
        for item in items:
            lacking = [key for key in ("service", "type") if not item[key]]
            if lacking:
                raise UserError(f"{self.label(item['name'])} has no {' and no '.join(lacking)}. To fix: set it.")
            foreign = INTERFACE_ONLY if item["type"] == "Gateway" else GATEWAY_ONLY
            wrong = [key for key in foreign if item[key]]
            if wrong:
                raise UserError(
                    f"{self.label(item['name'])}: {', '.join(wrong)} cannot be set on the type {item['type']}. "
                    "To fix: remove it or correct the type."
                )

    def is_alive(self, described):
        return described["State"].lower() in ("pendingacceptance", "pending", "available")

    def from_aws(self, described):
        return {
            **self.identified(described),
            "vpc_endpoint_id": described["VpcEndpointId"],
            "state": described["State"].lower(),
            "service": described["ServiceName"],
            "type": described["VpcEndpointType"],
            "route_table_ids": described.get("RouteTableIds", []),
            "subnet_ids": described.get("SubnetIds", []),
            "security_group_ids": [group["GroupId"] for group in described.get("Groups", [])],
            "private_dns_enabled": described.get("PrivateDnsEnabled", False),
            "policy": json.loads(described.get("PolicyDocument") or "{}"),
        }

    def fixed(self, item):
        return {"service": service_name(item["service"], self.module.region), "type": item["type"]}

    def desired(self, item):
        return {field: item[field] for field in CHANGEABLE}

    def create(self, item):
        fixed, desired = self.fixed(item), self.desired(item)
        created = api.create_vpc_endpoint(
            self.client,
            self.creation_tags(item),
            VpcId=self.params["vpc_id"],
            ServiceName=fixed["service"],
            VpcEndpointType=fixed["type"],
            **creation_params(desired),
        )
        # What was asked for counts, not what AWS has got to by the time of its answer.
        given = {field: value for field, value in desired.items() if value is not None}
        return {**self.from_aws(created), **given}

    def _modify(self, resource, **params):
        api.modify_vpc_endpoint(
            self.client,
            VpcEndpointId=resource["vpc_endpoint_id"],
            **{parameter: value for parameter, value in params.items() if value != []},
        )

    def update_route_table_ids(self, resource, before, after):
        add, remove = compare.split(before, after)
        self._modify(resource, AddRouteTableIds=add, RemoveRouteTableIds=remove)

    def update_subnet_ids(self, resource, before, after):
        add, remove = compare.split(before, after)
        self._modify(resource, AddSubnetIds=add, RemoveSubnetIds=remove)

    def update_security_group_ids(self, resource, before, after):
        add, remove = compare.split(before, after)
        self._modify(resource, AddSecurityGroupIds=add, RemoveSecurityGroupIds=remove)

    def update_private_dns_enabled(self, resource, before, after):
        self._modify(resource, PrivateDnsEnabled=after)

    def update_policy(self, resource, before, after):
        self._modify(resource, PolicyDocument=json.dumps(after))

    def settle(self, resources, timeout):
        # The owner of the service accepts when they please.
        super().settle([one for one in resources if one.get("state") != "pendingacceptance"], timeout)

    def delete(self, resource):
        api.delete_vpc_endpoints(self.client, resource["vpc_endpoint_id"])


def main():
    lifecycle.run(VpcEndpoint, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
