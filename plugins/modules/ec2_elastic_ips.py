#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_elastic_ips
version_added: 1.0.0
short_description: Manage Elastic IP addresses
description:
  - Allocates, tags, releases or reads Elastic IP addresses, found by their Name tag and, where O(tags) has them,
    their Platform and Environment tags. An address belongs to the account and region, not to a VPC.
  - Exists beside M(amazon.aws.ec2_eip) because that module finds an address only by what it is associated with or by
    a tag of its own, so that a run that was killed before the association allocates another one; and it returns no
    allocation id in check mode.
  - AWS allows 5 addresses in a region by default
    (U(https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html)).
options:
  elastic_ips:
    description:
      - The addresses. Others in the account are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The value of the Name tag.
        type: str
        required: true
      tags:
        description: Tags of this address beside O(tags).
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
- name: Allocate the addresses of two NAT gateways
  groundwork.aws.ec2_elastic_ips:
    elastic_ips:
      - name: dougust-production-nat-a
      - name: dougust-production-nat-b
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
elastic_ips:
  description: The addresses by name. In check mode, the public_ip of one that would be allocated is null.
  returned: always
  type: dict
  sample:
    dougust-production-nat-a:
      name: dougust-production-nat-a
      allocation_id: eipalloc-0123456789abcdef0
      public_ip: 203.0.113.10
      tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.ec2 import Ec2Kind

ARGUMENT_SPEC = {
    "elastic_ips": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "tags": {"type": "dict"},
        },
    },
}


class ElasticIp(Ec2Kind):
    type = "elastic-ip"
    result = "elastic_ips"
    items = "elastic_ips"
    id_field = "allocation_id"
    id_prefix = "eipalloc"
    parents = ()
    describe = staticmethod(api.describe_addresses)

    def from_aws(self, described):
        return {
            **self.identified(described),
            "allocation_id": described["AllocationId"],
            "public_ip": described["PublicIp"],
        }

    def planned(self, item):
        return {**super().planned(item), "public_ip": None}

    def create(self, item):
        # AllocateAddress does not repeat the tags that it set.
        created = self.from_aws(api.allocate_address(self.client, self.creation_tags(item)))
        return {**created, "name": item["name"], "tags": self.tags(item) or {}}

    def delete(self, resource):
        api.release_address(self.client, resource["allocation_id"])


def main():
    lifecycle.run(ElasticIp, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
