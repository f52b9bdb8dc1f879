#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: wafv2_web_acls
version_added: 1.0.0
short_description: Manage WAF web ACLs, what they protect and their logging
description:
  - Creates, changes, deletes or reads web ACLs with managed rule groups and rate limits, found by their name, which is
    unique in a scope, account and region.
  - A web ACL whose Platform or Environment tag differs from the one in O(tags) belongs to somebody else, and so does
    a load balancer that another web ACL protects; the module fails and changes nothing.
  - Metrics and samples of requests are always on.
  - Exists beside M(community.aws.wafv2_web_acl) and M(community.aws.wafv2_resources) because in check mode on an empty
    account the first returns no ARN and the second does nothing without saying so; and none of them manages logging.
options:
  web_acls:
    description:
      - The web ACLs. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, 1 to 128 letters, digits, C(-) and C(_).
        type: str
        required: true
      description:
        description: What the web ACL is for, 3 to 256 characters.
        type: str
      default_action:
        description: What happens to requests that no rule is about. A new web ACL begins with V(allow).
        type: str
        choices: [allow, block]
      metric_name:
        description: The dimension WebACL in CloudWatch. A new web ACL begins with its name.
        type: str
      rules:
        description:
          - The rules. Those that are not listed are removed, but for the one that Shield Advanced adds.
        type: list
        elements: dict
        suboptions:
          name:
            description: The name, also of its metric.
            type: str
            required: true
          priority:
            description: The order, lowest first.
            type: int
            required: true
          managed_group:
            description: The managed rule group to apply, such as C(AWSManagedRulesCommonRuleSet).
            type: str
          vendor:
            description: Who manages the rule group.
            type: str
            default: AWS
          version:
            description: The version of the rule group; without one, the one that its vendor recommends.
            type: str
          count_rules:
            description: Rules of the rule group that only count.
            type: list
            elements: str
          override_action:
            description: Whether the whole rule group only counts.
            type: str
            choices: [none, count]
            default: none
          rate_limit:
            description: How many requests one address may make in O(web_acls[].rules[].evaluation_window_seconds).
            type: int
          evaluation_window_seconds:
            description: The time that O(web_acls[].rules[].rate_limit) is about.
            type: int
            choices: [60, 120, 300, 600]
            default: 300
          aggregate_key:
            description: Which address counts, that of the connection or the one in C(X-Forwarded-For).
            type: str
            choices: [IP, FORWARDED_IP]
            default: IP
          scope_down_path_prefix:
            description: Limit only requests whose path begins with this.
            type: str
          action:
            description: What happens to requests above O(web_acls[].rules[].rate_limit).
            type: str
            choices: [block, count]
            default: block
      associated_arns:
        description:
          - The application load balancers to protect; others are protected no more. Not for O(scope=CLOUDFRONT), where
            the distribution names its web ACL.
        type: list
        elements: str
      logging:
        description: Where requests are logged; V({}) stops it.
        type: dict
        suboptions:
          destination_arn:
            description:
              - The log group, without C(:*) at its end, the delivery stream or the bucket. Its name begins with
                C(aws-waf-logs-).
            type: str
          redacted_headers:
            description: Headers that the log does not show.
            type: list
            elements: str
            default: []
      tags:
        description: Tags of this web ACL beside O(tags).
        type: dict
  scope:
    description:
      - What the web ACLs protect, load balancers of the region or CloudFront distributions; V(CLOUDFRONT) only works
        in us-east-1.
    type: str
    choices: [REGIONAL, CLOUDFRONT]
    default: REGIONAL
  account_id:
    description:
      - The account, for the ARN of a web ACL that check mode would create.
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
  - module: groundwork.aws.elbv2_load_balancers
  - name: Managed rule groups in the WAF developer guide
    description: Which rule groups AWS manages, and what their rules are called.
    link: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
"""

EXAMPLES = r"""
- name: Protect a load balancer
  groundwork.aws.wafv2_web_acls:
    web_acls:
      - name: dougust-production
        default_action: allow
        rules:
          - name: common
            priority: 10
            managed_group: AWSManagedRulesCommonRuleSet
            count_rules: [SizeRestrictions_BODY]
          - name: rate
            priority: 20
            rate_limit: 2000
        associated_arns: ["{{ load_balancer_arn }}"]
        logging:
          destination_arn: arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-dougust-production
          redacted_headers: [authorization, cookie]
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
web_acls:
  description:
    - The web ACLs by name; C(associated_arns) and C(logging) are there where they are given.
    - C(rules) are as AWS writes them.
    - C(capacity) is how many of its 5000 units the web ACL uses; not known in check mode before it exists.
  returned: always
  type: dict
  sample:
    dougust-production:
      name: dougust-production
      id: 1234abcd-12ab-34cd-56ef-1234567890ab
      arn: arn:aws:wafv2:us-east-1:123456789012:regional/webacl/dougust-production/1234abcd-12ab-34cd-56ef-1234567890ab
      description: null
      default_action: allow
      metric_name: dougust-production
      metrics: true
      sampled_requests: true
      capacity: 702
      rules: []
      associated_arns: []
      logging: {}
      tags: {Platform: dougust, Environment: production}
"""

import re

from ansible_collections.groundwork.aws.plugins.module_utils import (
    compare,
    lifecycle,
    planned,
    side_by_side,
    wafv2_rules,
)
from ansible_collections.groundwork.aws.plugins.module_utils.api import wafv2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

# https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
DESCRIPTION = r"[\w+=:#@/\-,.][\w+=:#@/\-,.\s]{1,254}[\w+=:#@/\-,.]"
METRIC = r"[\w#:.\-/]{1,255}"
# https://docs.aws.amazon.com/waf/latest/developerguide/logging-destinations.html
DESTINATION = (
    r"arn:[\w-]+:(?:logs:[\w-]+:\d{12}:log-group:|firehose:[\w-]+:\d{12}:deliverystream/|s3:::)aws-waf-logs-[^:*]+"
)
ACTIONS = {"allow": {"Allow": {}}, "block": {"Block": {}}}
# What UpdateWebACL changes, all at once.
WRITTEN_TOGETHER = ("description", "default_action", "metric_name", "metrics", "sampled_requests", "rules")

ARGUMENT_SPEC = {
    "web_acls": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "description": {"type": "str"},
            "default_action": {"type": "str", "choices": list(ACTIONS)},
            "metric_name": {"type": "str"},
            "rules": wafv2_rules.ARGUMENTS,
            "associated_arns": {"type": "list", "elements": "str"},
            "logging": {
                "type": "dict",
                "options": {
                    "destination_arn": {"type": "str"},
                    "redacted_headers": {"type": "list", "elements": "str", "default": []},
                },
            },
            "tags": {"type": "dict"},
        },
    },
    "scope": {"type": "str", "choices": ["REGIONAL", "CLOUDFRONT"], "default": "REGIONAL"},
    "account_id": {"type": "str", "default": "000000000000"},
}


def flaw(item, scope):
    """What is wrong with an item; empty when nothing is."""
    if not re.fullmatch(wafv2_rules.NAME, item["name"]):
        return "is no name of a web ACL. To fix: 1 to 128 letters, digits, - and _"
    if item["description"] is not None and not re.fullmatch(DESCRIPTION, item["description"], re.ASCII):
        return "has an impossible description. To fix: 3 to 256 letters, digits, spaces and +=:#@/-,._"
    metric = item["metric_name"] or item["name"]
    if not re.fullmatch(METRIC, metric, re.ASCII) or metric in wafv2_rules.RESERVED_METRICS:
        return (
            f"has the metric_name {metric}. To fix: at most 255 letters, digits and #:.-/_, not All or Default_Action"
        )
    if scope == "CLOUDFRONT" and item["associated_arns"] is not None:
        return "has associated_arns, which distributions do not use. To fix: name the web ACL in the distribution"
    if not all(":loadbalancer/app/" in arn for arn in item["associated_arns"] or []):
        return "is to protect something else than application load balancers. To fix: name only their ARNs"
    destination = (item["logging"] or {}).get("destination_arn")
    if destination and not re.fullmatch(DESTINATION, destination):
        return (
            "logs to an impossible destination_arn. To fix: a log group, delivery stream or bucket whose name begins "
            "with aws-waf-logs-, without :* at the end"
        )
    return wafv2_rules.flaw(item["rules"] or [])


def wanted_logging(logging):
    """The logging that an item asks for; empty where there is to be none."""
    if not logging or not logging["destination_arn"]:
        return {}
    headers = sorted({header.lower() for header in logging["redacted_headers"]})
    return {"destination_arn": logging["destination_arn"], "redacted_headers": headers}


def logging_from_aws(described):
    """The logging that AWS has; what no item can ask for has a key of its own."""
    if not described:
        return {}
    fields = described.get("RedactedFields") or []
    logging = {
        "destination_arn": described["LogDestinationConfigs"][0].removesuffix(":*"),
        "redacted_headers": sorted(one["SingleHeader"]["Name"].lower() for one in fields if "SingleHeader" in one),
    }
    others = [one for one in fields if "SingleHeader" not in one]
    return {**logging, **({"other_redacted_fields": others} if others else {})}


class WebAcl(lifecycle.Kind):
    service = "wafv2"
    type = "webacl"
    result = "web_acls"
    items = "web_acls"
    # Documentation does not spell the type of a web ACL, whose ARN has regional/webacl: name_of() selects.
    tagged_as = "wafv2"

    def label(self, name):
        return f"web ACL {name}"

    def name_of(self, arn, tags):
        _service, is_web_acl, name_and_id = arn.partition(f":{self.place()}/webacl/")
        return name_and_id.partition("/")[0] if is_web_acl else ""

    def place(self):
        """How the ARNs of a scope begin."""
        return "global" if self.params["scope"] == "CLOUDFRONT" else "regional"

    def validate(self, items):
        if self.params["scope"] == "CLOUDFRONT" and self.module.region != "us-east-1":
            raise UserError("Web ACLs for CloudFront live in us-east-1. To fix: set region: us-east-1.")
        for item in items:
            wrong = flaw(item, self.params["scope"])
            if wrong:
                raise UserError(f"{self.label(item['name'])} {wrong}.")

    def find(self, items):
        ids = api.list_web_acls(self.client, self.params["scope"])
        there = [item for item in items if item["name"] in ids]
        read = side_by_side.each(lambda item: self.read(item, ids[item["name"]]), there)
        found = {web_acl["name"]: web_acl for web_acl in read if web_acl}
        if self.params["state"] == "present":
            for item in items:
                self.refuse_protected(item, found.get(item["name"], {}).get("associated_arns") or [])
        return found

    def read(self, item, web_acl_id):
        """The web ACL with what the item manages; V(None) where it was just deleted."""
        described = api.get_web_acl(self.client, self.params["scope"], item["name"], web_acl_id)
        if not described:
            return None
        web_acl = self.from_aws(described, api.list_tags_for_resource(self.client, described["ARN"]))
        self.refuse_foreign(web_acl)
        if self.params["state"] == "absent":
            return web_acl
        readers = {"associated_arns": self.read_associated, "logging": self.read_logging}
        managed = [field for field in readers if item[field] is not None]
        return {**web_acl, **side_by_side.by_name(lambda field: readers[field](described["ARN"]), managed)}

    def read_associated(self, arn):
        return sorted(api.list_resources_for_web_acl(self.client, arn))

    def read_logging(self, arn):
        return logging_from_aws(api.get_logging_configuration(self.client, arn))

    def refuse_protected(self, item, associated):
        """Fail about a load balancer that another web ACL protects: AWS would silently replace it."""
        for arn in item["associated_arns"] or []:
            if arn in associated or planned.is_planned(arn):
                continue
            other = api.get_web_acl_for_resource(self.client, arn)
            if other and other["Name"] != item["name"]:
                raise UserError(
                    f"{self.label(item['name'])} is to protect {arn}, which web ACL {other['Name']} protects. Nothing "
                    "was changed. To fix: take it from the other one first, or remove it from associated_arns."
                )

    def from_aws(self, described, tags):
        visible = described["VisibilityConfig"]
        actions = [name for name, action in ACTIONS.items() if described["DefaultAction"] == action]
        return {
            "name": described["Name"],
            "id": described["Id"],
            "arn": described["ARN"],
            "description": described.get("Description") or None,
            "default_action": actions[0] if actions else described["DefaultAction"],
            "metric_name": visible["MetricName"],
            "metrics": visible["CloudWatchMetricsEnabled"],
            "sampled_requests": visible["SampledRequestsEnabled"],
            "capacity": described.get("Capacity"),
            "rules": wafv2_rules.from_aws(described.get("Rules") or []),
            "tags": tags,
        }

    def planned(self, item):
        region = self.module.region or ""
        web_acl_id = planned.uuid("wafv2", region, self.params["scope"], item["name"])
        path = f"{self.place()}/webacl/{item['name']}/{web_acl_id}"
        arn = planned.arn("wafv2", region, self.params["account_id"], path)
        begins = {"metric_name": item["name"], "default_action": "allow"}
        return {"id": web_acl_id, "arn": arn, "capacity": None, **begins}

    def desired(self, item):
        rules, logging, arns = item["rules"], item["logging"], item["associated_arns"]
        return {
            "description": item["description"],
            "default_action": item["default_action"],
            "metric_name": item["metric_name"],
            "metrics": True,
            "sampled_requests": True,
            "rules": None if rules is None else wafv2_rules.from_aws([wafv2_rules.to_aws(rule) for rule in rules]),
            "associated_arns": None if arns is None else sorted(set(arns)),
            "logging": None if logging is None else wanted_logging(logging),
        }

    def create(self, item):
        begins = {"default_action": "allow", "metric_name": item["name"], "rules": []}
        wanted = {**begins, **{field: value for field, value in self.desired(item).items() if value is not None}}
        tags = self.tags(item) or {}
        params = {"Name": item["name"], "Scope": self.params["scope"], **self.written(wanted, wanted, [])}
        summary = api.create_web_acl(self.client, tags, **params)
        # What the answer leaves out is what was sent, and what AWS counts.
        described = {**params, **summary, "Capacity": self.capacity(item["name"], summary["Id"])}
        return self.from_aws(described, tags)

    def capacity(self, name, web_acl_id):
        """The units that AWS counts; V(None) while it does not see the web ACL everywhere."""
        return (api.get_web_acl(self.client, self.params["scope"], name, web_acl_id) or {}).get("Capacity")

    def written(self, changed, wanted, live_rules):
        """The parameters of the API for what changed, which AWS's own rules survive."""
        params = {}
        if changed.get("description"):
            params["Description"] = changed["description"]
        if "default_action" in changed:
            params["DefaultAction"] = ACTIONS[changed["default_action"]]
        if "rules" in changed:
            params["Rules"] = changed["rules"] + [rule for rule in live_rules if wafv2_rules.is_of_aws(rule)]
        params["VisibilityConfig"] = {
            "SampledRequestsEnabled": wanted["sampled_requests"],
            "CloudWatchMetricsEnabled": wanted["metrics"],
            "MetricName": wanted["metric_name"],
        }
        return params

    def update(self, resource, changes):
        after = {field: change.after for field, change in changes.items()}
        changed = {field: after[field] for field in WRITTEN_TOGETHER if field in after}
        if changed:
            scope, name, web_acl_id = self.params["scope"], resource["name"], resource["id"]
            wanted = {**resource, **changed}
            api.update_web_acl(
                self.client,
                scope,
                name,
                web_acl_id,
                lambda live: self.written(changed, wanted, live.get("Rules") or []),
            )
            resource["capacity"] = self.capacity(name, web_acl_id)
        if "tags" in changes:
            self.update_tags(resource, *changes["tags"])
        if "logging" in changes:
            self.update_logging(resource, after["logging"])
        if "associated_arns" in changes:
            self.update_associations(resource, *changes["associated_arns"])

    def update_logging(self, resource, logging):
        if not logging:
            api.delete_logging_configuration(self.client, resource["arn"])
            return
        headers = [{"SingleHeader": {"Name": name}} for name in logging["redacted_headers"]]
        redacted = {"RedactedFields": headers} if headers else {}
        destination = [logging["destination_arn"]]
        api.put_logging_configuration(
            self.client, ResourceArn=resource["arn"], LogDestinationConfigs=destination, **redacted
        )

    def update_associations(self, resource, before, after):
        add, remove = compare.split(before, after)
        for arn in remove:
            api.disassociate_web_acl(self.client, arn)
        for arn in add:
            api.associate_web_acl(self.client, resource["arn"], arn)

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["arn"], keys)

    def delete(self, resource):
        if self.params["scope"] == "REGIONAL":
            for arn in api.list_resources_for_web_acl(self.client, resource["arn"]):
                api.disassociate_web_acl(self.client, arn)
        api.delete_logging_configuration(self.client, resource["arn"])
        api.delete_web_acl(self.client, self.params["scope"], resource["name"], resource["id"])


def main():
    lifecycle.run(WebAcl, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
