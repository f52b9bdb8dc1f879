#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: elbv2_load_balancers
version_added: 1.0.0
short_description: Manage Application and Network Load Balancers
description:
  - Creates, changes, deletes or reads load balancers, found by their name, which is unique in an account and region.
    Their listeners are left to M(groundwork.aws.elbv2_listeners).
  - A load balancer whose Platform or Environment tag differs from the one in O(tags) belongs to somebody else; the
    module fails and changes nothing.
  - Deletion waits until AWS has removed the network interfaces, because security groups and subnets cannot be deleted
    before.
  - Exists beside M(amazon.aws.elb_application_lb) because that module owns all listeners, so that it turns back what a
    release has switched; returns no ARN in check mode on an empty account; and knows few attributes.
options:
  load_balancers:
    description:
      - The load balancers. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name, at most 32 letters, digits and single hyphens, without a hyphen at either end, not beginning with
            C(internal-).
        type: str
        required: true
      type:
        description: What it balances, requests or connections. Cannot be changed afterwards.
        type: str
        choices: [application, network]
        default: application
      scheme:
        description:
          - Whether it has public addresses. AWS starts with V(internet-facing). Cannot be changed afterwards.
        type: str
        choices: [internet-facing, internal]
      subnet_ids:
        description:
          - The subnets, one a zone; an application load balancer needs at least two. Required to create it.
        type: list
        elements: str
      security_group_ids:
        description:
          - The security groups. AWS takes the VPC's default group for an application load balancer without any.
        type: list
        elements: str
      ip_address_type:
        description: Which addresses clients can use. AWS starts with V(ipv4).
        type: str
        choices: [ipv4, dualstack, dualstack-without-public-ipv4]
      attributes:
        description:
          - Attributes as AWS calls them, such as C(deletion_protection.enabled), C(idle_timeout.timeout_seconds) or
            C(access_logs.s3.bucket); at most 20. Those that are not named are left alone.
        type: dict
      tags:
        description: Tags of this load balancer beside O(tags).
        type: dict
  force:
    description:
      - Whether to delete load balancers that are protected against deletion. The protection is switched off first.
    type: bool
    default: false
  account_id:
    description:
      - The account, for the ARN of a load balancer that check mode would create.
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
seealso:
  - module: groundwork.aws.elbv2_listeners
  - module: groundwork.aws.elbv2_target_groups
  - name: Attributes in the API reference
    description: All attributes, what they mean and how AWS sets them.
    link: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
"""

EXAMPLES = r"""
- name: Create a public load balancer
  groundwork.aws.elbv2_load_balancers:
    load_balancers:
      - name: dougust-production
        scheme: internet-facing
        subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
        security_group_ids: [sg-0123456789abcdef0]
        attributes:
          deletion_protection.enabled: true
          routing.http.drop_invalid_header_fields.enabled: true
          idle_timeout.timeout_seconds: 60
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
load_balancers:
  description:
    - The load balancers by name, with those attributes that are given.
    - C(arn_suffix) is the dimension LoadBalancer in CloudWatch, C(canonical_zone_id) what alias records name.
    - In check mode C(canonical_zone_id) of one that does not exist is a planned id, and C(vpc_id) is not known.
  returned: always
  type: dict
  sample:
    dougust-production:
      name: dougust-production
      arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/dougust-production/50dc6c495c0c9188
      arn_suffix: app/dougust-production/50dc6c495c0c9188
      dns_name: dougust-production-1234567890.us-east-1.elb.amazonaws.com
      canonical_zone_id: Z35SXDOTRQ7X7K
      state: active
      type: application
      scheme: internet-facing
      vpc_id: vpc-0123456789abcdef0
      subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      security_group_ids: [sg-0123456789abcdef0]
      ip_address_type: ipv4
      attributes: {deletion_protection.enabled: "true"}
      tags: {Platform: dougust, Environment: production}
"""

import re

from ansible_collections.groundwork.aws.plugins.module_utils import elbv2, lifecycle, planned, waiters
from ansible_collections.groundwork.aws.plugins.module_utils.api import elbv2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import AwsCallError, UserError

PREFIXES = {"application": "app", "network": "net"}
PROTECTION = "deletion_protection.enabled"
CREATED_WITH = {
    "scheme": "Scheme",
    "subnet_ids": "Subnets",
    "security_group_ids": "SecurityGroups",
    "ip_address_type": "IpAddressType",
}

ARGUMENT_SPEC = {
    "load_balancers": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "type": {"type": "str", "choices": list(PREFIXES), "default": "application"},
            "scheme": {"type": "str", "choices": ["internet-facing", "internal"]},
            "subnet_ids": {"type": "list", "elements": "str"},
            "security_group_ids": {"type": "list", "elements": "str"},
            "ip_address_type": {"type": "str", "choices": ["ipv4", "dualstack", "dualstack-without-public-ipv4"]},
            "attributes": {"type": "dict"},
            "tags": {"type": "dict"},
        },
    },
    "force": {"type": "bool", "default": False},
    "account_id": {"type": "str", "default": "000000000000"},
}


def flaw(item):
    """What is wrong with an item; empty when nothing is."""
    if not re.fullmatch(elbv2.NAME, item["name"]) or item["name"].startswith("internal-"):
        return (
            "is no name of a load balancer. To fix: at most 32 letters, digits and single hyphens, no hyphen at "
            "either end, not beginning with internal-"
        )
    least = 2 if item["type"] == "application" else 1
    if len(item["subnet_ids"] or []) < least:
        return f"has too few subnet_ids. To fix: name at least {least}, each in another zone"
    if item["security_group_ids"] == []:
        return "has no security group. To fix: name one, or leave security_group_ids out"
    if len(item["attributes"] or {}) > elbv2.MOST_ATTRIBUTES:
        return f"has more than {elbv2.MOST_ATTRIBUTES} attributes. To fix: leave out those that AWS sets by itself"
    return ""


class LoadBalancer(elbv2.NamedElbv2Kind):
    type = "loadbalancer"
    result = "load_balancers"
    items = "load_balancers"
    name_key = "LoadBalancerName"
    arn_key = "LoadBalancerArn"
    tagged_as = "elasticloadbalancing:loadbalancer"
    describe = staticmethod(api.describe_load_balancers)
    read_attributes = staticmethod(api.describe_load_balancer_attributes)
    write_attributes = staticmethod(api.modify_load_balancer_attributes)

    def label(self, name):
        return f"load balancer {name}"

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")

    def find(self, items):
        found = super().find(items)
        # A run that was killed may have deleted the load balancer and not have waited for its network interfaces.
        missing = [item for item in items if item["name"] not in found]
        self.leaving = [
            {"name": one["name"], "arn_suffix": f"{PREFIXES[one['type']]}/{one['name']}/*"} for one in missing
        ]
        return found

    def from_aws(self, described, tags):
        return {
            "name": described["LoadBalancerName"],
            "arn": described["LoadBalancerArn"],
            "arn_suffix": elbv2.arn_suffix(described["LoadBalancerArn"]),
            "dns_name": described["DNSName"],
            "canonical_zone_id": described["CanonicalHostedZoneId"],
            "state": described["State"]["Code"],
            "type": described["Type"],
            "scheme": described["Scheme"],
            "vpc_id": described["VpcId"],
            "subnet_ids": sorted(zone["SubnetId"] for zone in described["AvailabilityZones"]),
            "security_group_ids": sorted(described.get("SecurityGroups") or []),
            "ip_address_type": described.get("IpAddressType", "ipv4"),
            "tags": tags,
        }

    def planned(self, item):
        region = self.module.region or ""
        arn = self.planned_arn(item["name"], f"loadbalancer/{PREFIXES[item['type']]}")
        return {
            "arn": arn,
            "arn_suffix": elbv2.arn_suffix(arn),
            "dns_name": planned.elb_host(item["name"], region),
            "canonical_zone_id": planned.zone_id(f"elb.{region}"),
            "state": "active",
            "vpc_id": None,
        }

    def fixed(self, item):
        return {"type": item["type"], "scheme": item["scheme"]}

    def desired(self, item):
        return {
            "subnet_ids": item["subnet_ids"] and sorted(item["subnet_ids"]),
            "security_group_ids": item["security_group_ids"] and sorted(item["security_group_ids"]),
            "ip_address_type": item["ip_address_type"],
            "attributes": elbv2.wanted_attributes(item["attributes"]),
        }

    def create(self, item):
        given = {key: item[field] for field, key in CREATED_WITH.items() if item[field] is not None}
        tags = self.tags(item) or {}
        created = api.create_load_balancer(self.client, tags, Name=item["name"], Type=item["type"], **given)
        return self.from_aws(created, tags)

    def update_subnet_ids(self, resource, before, after):
        api.set_subnets(self.client, resource["arn"], after)

    def update_security_group_ids(self, resource, before, after):
        api.set_security_groups(self.client, resource["arn"], after)

    def update_ip_address_type(self, resource, before, after):
        api.set_ip_address_type(self.client, resource["arn"], after)

    def settle(self, resources, timeout):
        pending = [one for one in resources if one["state"] not in ("active", "active_impaired", "failed")]
        if pending:
            self._wait_until_active(pending, timeout)
        self._refuse_failed([one["name"] for one in resources if one["state"] == "failed"])

    def _wait_until_active(self, pending, timeout):
        what = f"{', '.join(self.label(one['name']) for one in pending)} active"
        try:
            arns = [one["arn"] for one in pending]
            waiters.wait(self.client, "load_balancer_active", what, timeout, LoadBalancerArns=arns)
        except AwsCallError:
            self._refuse_failed([one["name"] for one in pending])
            raise
        for one in pending:
            one["state"] = "active"

    def _refuse_failed(self, names):
        failed = [one for one in self.described(names) if one["State"]["Code"] == "failed"]
        for one in failed:
            raise UserError(
                f"{self.label(one['LoadBalancerName'])} failed: {one['State'].get('Reason')}. "
                "To fix: correct what AWS names, delete the load balancer and run again."
            )

    def delete(self, resource):
        arn = resource["arn"]
        if self.params["force"] and api.describe_load_balancer_attributes(self.client, arn).get(PROTECTION) == "true":
            api.modify_load_balancer_attributes(self.client, arn, {PROTECTION: "false"})
        api.delete_load_balancer(self.client, arn)

    def settle_deleted(self, resources, timeout):
        what = f"the network interfaces of {', '.join(self.label(one['name']) for one in resources)} gone"
        descriptions = [f"ELB {one['arn_suffix']}" for one in resources]
        client = lifecycle.make_client(self.module, "ec2")
        interfaces = [{"Name": "description", "Values": descriptions}]
        waiters.wait(client, "network_interfaces_gone", what, timeout, Filters=interfaces)


def main():
    lifecycle.run(LoadBalancer, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
