#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: elbv2_target_groups
version_added: 1.0.0
short_description: Manage target groups of load balancers
description:
  - Creates, changes, deletes or reads target groups, found by their name, which is unique in an account and region.
    Which targets are registered is left to what runs them, such as an ECS service.
  - A target group whose Platform or Environment tag differs from the one in O(tags) belongs to somebody else; the
    module fails and changes nothing.
  - Exists beside M(community.aws.elb_target_group) because that module has no check mode, knows few attributes, and
    manages one target group a run.
options:
  vpc_id:
    description:
      - The VPC of the targets. Cannot be changed afterwards.
    type: str
  target_groups:
    description:
      - The target groups. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, at most 32 letters, digits and single hyphens, without a hyphen at either end.
        type: str
        required: true
      protocol:
        description: What targets speak. Cannot be changed afterwards.
        type: str
        choices: [HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP]
        default: HTTP
      protocol_version:
        description:
          - The version of HTTP that targets speak. AWS starts with V(HTTP1). Cannot be changed afterwards.
        type: str
        choices: [HTTP1, HTTP2, GRPC]
      port:
        description:
          - The port that targets listen at where their registration names no other. Required to create it; cannot be
            changed afterwards.
        type: int
      target_type:
        description: What targets are registered by. Cannot be changed afterwards.
        type: str
        choices: [ip, instance]
        default: ip
      health_check:
        description:
          - How load balancers find out whether a target is healthy. What is not given is left alone.
        type: dict
        suboptions:
          protocol:
            description: What the check speaks.
            type: str
            choices: [HTTP, HTTPS, TCP]
          port:
            description: The port that is checked; C(traffic-port) is the target's own.
            type: str
          path:
            description: The path that is asked for.
            type: str
          matcher:
            description:
              - The status codes of healthy targets, such as C(200), C(200,204) or C(200-299); with GRPC, those of gRPC.
            type: str
          interval:
            description: Seconds between two checks, V(5) to V(300).
            type: int
          timeout:
            description: Seconds after which a check has failed, V(2) to V(120).
            type: int
          healthy_threshold:
            description: After how many good checks a target is healthy, V(2) to V(10).
            type: int
          unhealthy_threshold:
            description: After how many bad checks a target is unhealthy, V(2) to V(10).
            type: int
      attributes:
        description:
          - Attributes as AWS calls them, such as C(deregistration_delay.timeout_seconds) or C(stickiness.enabled); at
            most 20. Those that are not named are left alone.
        type: dict
      tags:
        description: Tags of this target group beside O(tags).
        type: dict
  health:
    description:
      - Whether to read how the registered targets are, with O(state=gathered). One more call a target group.
    type: bool
    default: false
  account_id:
    description:
      - The account, for the ARN of a target group that check mode would create.
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
  - name: Attributes in the API reference
    description: All attributes and what they mean.
    link: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
"""

EXAMPLES = r"""
- name: Create the target groups of two colours
  groundwork.aws.elbv2_target_groups:
    vpc_id: vpc-0123456789abcdef0
    target_groups:
      - name: dougust-production-blue
        port: 3000
        health_check: &health_check
          path: /api/health
          matcher: "200"
          interval: 15
          timeout: 5
        attributes: &attributes
          deregistration_delay.timeout_seconds: 30
          stickiness.enabled: true
          stickiness.type: lb_cookie
          stickiness.lb_cookie.duration_seconds: 3600
      - name: dougust-production-green
        port: 3000
        health_check: *health_check
        attributes: *attributes
    tags:
      Platform: dougust
      Environment: production

- name: See how the targets are
  groundwork.aws.elbv2_target_groups:
    state: gathered
    vpc_id: vpc-0123456789abcdef0
    target_groups:
      - name: dougust-production-blue
    health: true
"""

RETURN = r"""
target_groups:
  description:
    - The target groups by name, with those attributes that are given.
    - C(arn_suffix) is the dimension TargetGroup in CloudWatch, C(load_balancer_arns) who forwards to it.
    - With O(health), C(targets) lists the registered targets and C(target_counts) says how many are in which state.
  returned: always
  type: dict
  sample:
    dougust-production-blue:
      name: dougust-production-blue
      arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/dougust-production-blue/73e2d6bc24d8a067
      arn_suffix: targetgroup/dougust-production-blue/73e2d6bc24d8a067
      protocol: HTTP
      protocol_version: HTTP1
      port: 3000
      target_type: ip
      vpc_id: vpc-0123456789abcdef0
      health_check:
        protocol: HTTP
        port: traffic-port
        path: /api/health
        matcher: "200"
        interval: 15
        timeout: 5
        healthy_threshold: 5
        unhealthy_threshold: 2
      attributes: {stickiness.enabled: "true"}
      load_balancer_arns: []
      targets:
        - {id: 10.0.1.10, port: 3000, zone: us-east-1a, state: healthy, reason: null}
      target_counts: {healthy: 1}
      tags: {Platform: dougust, Environment: production}
"""

import re
from collections import Counter

from ansible_collections.groundwork.aws.plugins.module_utils import elbv2, lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import elbv2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

HTTP = ("HTTP", "HTTPS")
HEALTH_CHECK = {
    "protocol": "HealthCheckProtocol",
    "port": "HealthCheckPort",
    "path": "HealthCheckPath",
    "interval": "HealthCheckIntervalSeconds",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthy_threshold": "HealthyThresholdCount",
    "unhealthy_threshold": "UnhealthyThresholdCount",
}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
RANGES = {"interval": (5, 300), "timeout": (2, 120), "healthy_threshold": (2, 10), "unhealthy_threshold": (2, 10)}
DEFAULT_TIMEOUT = 10  # seconds; 6 for HTTP
CODES = r"\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*"

ARGUMENT_SPEC = {
    "vpc_id": {"type": "str"},
    "target_groups": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "protocol": {
                "type": "str",
                "choices": ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"],
                "default": "HTTP",
            },
            "protocol_version": {"type": "str", "choices": ["HTTP1", "HTTP2", "GRPC"]},
            "port": {"type": "int"},
            "target_type": {"type": "str", "choices": ["ip", "instance"], "default": "ip"},
            "health_check": {
                "type": "dict",
                "options": {
                    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "TCP"]},
                    "port": {"type": "str"},
                    "path": {"type": "str"},
                    "matcher": {"type": "str"},
                    "interval": {"type": "int"},
                    "timeout": {"type": "int"},
                    "healthy_threshold": {"type": "int"},
                    "unhealthy_threshold": {"type": "int"},
                },
            },
            "attributes": {"type": "dict"},
            "tags": {"type": "dict"},
        },
    },
    "health": {"type": "bool", "default": False},
    "account_id": {"type": "str", "default": "000000000000"},
}


def given(health_check):
    """What an item says about the health check."""
    return {key: value for key, value in (health_check or {}).items() if value is not None}


def flaw(item):
    """What is wrong with an item; empty when nothing is."""
    if not re.fullmatch(elbv2.NAME, item["name"]):
        return "is no name of a target group. To fix: at most 32 letters, digits and single hyphens, none at either end"
    if item["port"] is None or not 1 <= item["port"] <= 65535:
        return "needs a port. To fix: a number from 1 to 65535"
    if item["protocol_version"] and item["protocol"] not in HTTP:
        return f"has a protocol_version, which {item['protocol']} has not. To fix: remove it"
    if len(item["attributes"] or {}) > elbv2.MOST_ATTRIBUTES:
        return f"has more than {elbv2.MOST_ATTRIBUTES} attributes. To fix: leave out those that AWS sets by itself"
    return health_check_flaw(item["protocol"], given(item["health_check"]))


def health_check_flaw(protocol, check):
    """What is wrong with a health check; empty when nothing is."""
    for key, (least, most) in RANGES.items():
        if key in check and not least <= check[key] <= most:
            return f"has health_check.{key} {check[key]}. To fix: a number from {least} to {most}"
    if check.get("timeout", DEFAULT_TIMEOUT) >= check.get("interval", 301):
        return "needs a health_check.timeout shorter than its interval. To fix: set the timeout, or a longer interval"
    if "path" in check and not re.fullmatch(r"/.{0,1023}", check["path"]):
        return "has an impossible health_check.path. To fix: begin it with /, at most 1024 characters"
    if "matcher" in check and not re.fullmatch(CODES, check["matcher"]):
        return "has an impossible health_check.matcher. To fix: codes such as 200, 200,204 or 200-299"
    if check.get("protocol") == "TCP" and protocol in HTTP:
        return f"checks by TCP, which AWS does not do for {protocol}. To fix: health_check.protocol HTTP or HTTPS"
    return ""


def target(described):
    """A registered target in our words."""
    return {
        "id": described["Target"]["Id"],
        "port": described["Target"].get("Port"),
        "zone": described["Target"].get("AvailabilityZone"),
        "state": described["TargetHealth"]["State"],
        "reason": described["TargetHealth"].get("Reason"),
    }


class TargetGroup(elbv2.NamedElbv2Kind):
    type = "targetgroup"
    result = "target_groups"
    items = "target_groups"
    parents = ("vpc_id",)
    name_key = "TargetGroupName"
    arn_key = "TargetGroupArn"
    tagged_as = "elasticloadbalancing:targetgroup"
    describe = staticmethod(api.describe_target_groups)
    read_attributes = staticmethod(api.describe_target_group_attributes)
    write_attributes = staticmethod(api.modify_target_group_attributes)

    def label(self, name):
        return f"target group {name}"

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")

    def find(self, items):
        found = super().find(items)
        if self.params["health"] and self.params["state"] == "gathered":
            for resource in found.values():
                resource["targets"] = [target(one) for one in api.describe_target_health(self.client, resource["arn"])]
                resource["target_counts"] = dict(Counter(one["state"] for one in resource["targets"]))
        return found

    def from_aws(self, described, tags):
        matcher = described.get("Matcher") or {}
        check = {field: described.get(key) for field, key in HEALTH_CHECK.items()}
        version = described.get("ProtocolVersion") or ("HTTP1" if described["Protocol"] in HTTP else None)
        return {
            "name": described["TargetGroupName"],
            "arn": described["TargetGroupArn"],
            "arn_suffix": elbv2.arn_suffix(described["TargetGroupArn"]),
            "protocol": described["Protocol"],
            "protocol_version": version,
            "port": described["Port"],
            "target_type": described["TargetType"],
            "vpc_id": described["VpcId"],
            "health_check": {**check, "matcher": matcher.get("GrpcCode") or matcher.get("HttpCode")},
            "load_balancer_arns": sorted(described.get("LoadBalancerArns") or []),
            "tags": tags,
        }

    def planned(self, item):
        arn = self.planned_arn(item["name"], "targetgroup")
        return {"arn": arn, "arn_suffix": elbv2.arn_suffix(arn), "load_balancer_arns": []}

    def fixed(self, item):
        own = {key: item[key] for key in ("protocol", "protocol_version", "port", "target_type")}
        return {**own, "vpc_id": self.params["vpc_id"]}

    def desired(self, item):
        current = self.resources.get(item["name"], {}).get("health_check") or {}
        wanted = {**current, **given(item["health_check"])}
        return {
            "health_check": wanted if item["health_check"] else None,
            "attributes": elbv2.wanted_attributes(item["attributes"]),
        }

    def create(self, item):
        fields = {"Protocol": item["protocol"], "Port": item["port"], "TargetType": item["target_type"]}
        if item["protocol_version"]:
            fields["ProtocolVersion"] = item["protocol_version"]
        fields.update(self.health_check_params(given(item["health_check"]), item["protocol_version"]))
        tags = self.tags(item) or {}
        created = api.create_target_group(self.client, tags, Name=item["name"], VpcId=self.params["vpc_id"], **fields)
        return self.from_aws(created, tags)

    def health_check_params(self, check, protocol_version):
        """The parameters of the API for a health check."""
        params = {HEALTH_CHECK[field]: value for field, value in check.items() if field != "matcher"}
        if "matcher" in check:
            params["Matcher"] = {"GrpcCode" if protocol_version == "GRPC" else "HttpCode": check["matcher"]}
        return params

    def update_health_check(self, resource, before, after):
        changed = {field: value for field, value in after.items() if value != (before or {}).get(field)}
        params = self.health_check_params(changed, resource["protocol_version"])
        api.modify_target_group(self.client, TargetGroupArn=resource["arn"], **params)

    def delete(self, resource):
        api.delete_target_group(self.client, resource["arn"])


def main():
    lifecycle.run(TargetGroup, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
