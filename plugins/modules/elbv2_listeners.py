#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: elbv2_listeners
version_added: 1.0.0
short_description: Manage the listeners of a load balancer with their rules and certificates
description:
  - Creates, changes, deletes or reads listeners of one load balancer, found by their port. A listener whose port is
    not there, but whose name is, moves to the port.
  - What somebody changed by hand is corrected in place. Where releases own the weights of a forward, they are kept.
  - Exists beside M(amazon.aws.elb_application_lb) because that module owns the load balancer with all its listeners,
    turns back the weights that a release has set, always changes weighted default actions, and fails at a new listener
    with rules.
options:
  load_balancer_arn:
    description:
      - The load balancer.
    type: str
  listeners:
    description:
      - The listeners. Others are left alone, see O(undeclared).
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: What the listener is called; kept in its Name tag.
        type: str
        required: true
      port:
        description: The port. Required to create it.
        type: int
      protocol:
        description:
          - What clients speak. Required to create it. V(HTTP) and V(HTTPS) are for application load balancers, the
            others for network load balancers.
        type: str
        choices: [HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP]
      certificate_arns:
        description:
          - The certificates of V(HTTPS) and V(TLS), which need at least one. The first is the default; others are
            chosen by the name that the client asks for.
        type: list
        elements: str
      ssl_policy:
        description:
          - Which versions of TLS and which ciphers V(HTTPS) and V(TLS) allow. The default allows TLS 1.2 and 1.3, and
            is what AWS recommends.
        type: str
        default: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09
      default_action:
        description: What happens to requests that no rule is about. Required to create it.
        type: dict
        suboptions: &action
          redirect:
            description: Send the client elsewhere. What is not given stays as in the request.
            type: dict
            suboptions:
              protocol:
                description: The protocol.
                type: str
                choices: [HTTP, HTTPS, "#{protocol}"]
                default: "#{protocol}"
              port:
                description: The port.
                type: str
                default: "#{port}"
              host:
                description: The host.
                type: str
                default: "#{host}"
              path:
                description: The path.
                type: str
                default: "/#{path}"
              query:
                description: The query, without a question mark.
                type: str
                default: "#{query}"
              status_code:
                description: Whether it is permanent, V(301), or temporary, V(302).
                type: int
                choices: [301, 302]
                default: 301
          fixed_response:
            description: Answer without asking a target.
            type: dict
            suboptions:
              status_code:
                description: The status code, of 2xx, 4xx or 5xx.
                type: int
                required: true
              content_type:
                description: The type of the body.
                type: str
                choices: [text/plain, text/css, text/html, application/javascript, application/json]
                default: text/plain
              body:
                description: The body, at most 1024 characters.
                type: str
                default: ""
          forward:
            description: Ask the targets of one or several target groups.
            type: dict
            suboptions:
              target_group_arn:
                description: The only target group.
                type: str
              target_groups:
                description: At most five target groups that share the requests.
                type: list
                elements: dict
                suboptions:
                  arn:
                    description: The target group.
                    type: str
                    required: true
                  weight:
                    description: Its share, V(0) to V(999), in proportion to the others.
                    type: int
                    default: 1
              stickiness_seconds:
                description: How long a client stays with its target group; V(0) does not hold it.
                type: int
                default: 0
              keep_weights:
                description:
                  - Whether releases own the weights and the stickiness. The forward is then only corrected when it is
                    none, or leads to a target group that is not named here. What is given is what it begins with.
                type: bool
                default: false
      rules:
        description:
          - The rules, which come before the default action. Those that are not listed are removed.
        type: list
        elements: dict
        suboptions:
          name:
            description: What the rule is called; kept in its Name tag.
            type: str
            required: true
          priority:
            description: The order, V(1) to V(50000), lowest first.
            type: int
            required: true
          conditions:
            description: What a request must be like; all of them, with at most five values altogether.
            type: dict
            required: true
            suboptions:
              host_headers:
                description: One of these hosts; C(*) and C(?) are wildcards.
                type: list
                elements: str
              path_patterns:
                description: One of these paths; C(*) and C(?) are wildcards.
                type: list
                elements: str
              http_methods:
                description: One of these methods.
                type: list
                elements: str
              source_ips:
                description: From one of these networks.
                type: list
                elements: str
              query_strings:
                description: One of these in the query.
                type: list
                elements: dict
                suboptions:
                  key:
                    description: The key; without one, any.
                    type: str
                  value:
                    description: The value; C(*) and C(?) are wildcards.
                    type: str
                    required: true
              http_headers:
                description: All of these headers.
                type: list
                elements: dict
                suboptions:
                  name:
                    description: The header, any but Host.
                    type: str
                    required: true
                  values:
                    description: One of these values; C(*) and C(?) are wildcards.
                    type: list
                    elements: str
                    required: true
          action:
            description: What happens to such requests.
            type: dict
            required: true
            suboptions: *action
      tags:
        description: Tags of this listener and its rules beside O(tags).
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
  - module: groundwork.aws.elbv2_load_balancers
  - module: groundwork.aws.elbv2_target_groups
  - name: Security policies in the guide to Application Load Balancers
    description: Which policies there are, and which one AWS recommends.
    link: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
"""

EXAMPLES = r"""
- name: Listen, and leave it to releases which colour is live
  groundwork.aws.elbv2_listeners:
    load_balancer_arn: "{{ load_balancer_arn }}"
    listeners:
      - name: http
        port: 80
        protocol: HTTP
        default_action:
          redirect: {protocol: HTTPS, port: "443"}
      - name: https
        port: 443
        protocol: HTTPS
        certificate_arns: ["{{ certificate_arn }}"]
        default_action:
          forward:
            target_groups:
              - {arn: "{{ blue_arn }}", weight: 100}
              - {arn: "{{ green_arn }}", weight: 0}
            keep_weights: true
        rules:
          - name: maintenance
            priority: 10
            conditions:
              path_patterns: [/internal/*]
            action:
              fixed_response: {status_code: 404}
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
listeners:
  description:
    - The listeners by name; rules and certificates are there where they are given.
    - C(certificate_arn) is the default certificate. Conditions are named as AWS does.
  returned: always
  type: dict
  sample:
    https:
      name: https
      arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/dougust/50dc6c495c0c9188/f2f7dc8efc522ab2
      port: 443
      protocol: HTTPS
      ssl_policy: ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09
      certificate_arn: arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012
      additional_certificate_arns: []
      default_action:
        forward:
          target_groups:
            - arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/blue/73e2d6bc24d8a067
              weight: 100
          stickiness_seconds: 0
      rules:
        - name: maintenance
          priority: 10
          arn: arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/dougust/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee
          conditions: [{field: path-pattern, values: [/internal/*]}]
          action: {fixed_response: {status_code: 404, content_type: text/plain, body: ""}}
          tags: {Name: maintenance, Platform: dougust, Environment: production}
      tags: {Name: https, Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import (
    compare,
    elbv2,
    elbv2_actions,
    elbv2_rules,
    lifecycle,
    planned,
    side_by_side,
)
from ansible_collections.groundwork.aws.plugins.module_utils.api import elbv2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

SECURE = ("HTTPS", "TLS")
# AWS recommends it, and it allows TLS 1.2 and 1.3:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
MODIFIED_TOGETHER = {"port": "Port", "protocol": "Protocol", "ssl_policy": "SslPolicy"}

ARGUMENT_SPEC = {
    "load_balancer_arn": {"type": "str"},
    "listeners": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "port": {"type": "int"},
            "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"]},
            "certificate_arns": {"type": "list", "elements": "str"},
            "ssl_policy": {"type": "str", "default": SSL_POLICY},
            "default_action": elbv2_actions.ARGUMENTS,
            "rules": elbv2_rules.ARGUMENTS,
            "tags": {"type": "dict"},
        },
    },
}


def flaw(item):
    """What is wrong with an item; empty when nothing is."""
    if not item["port"] or not 1 <= item["port"] <= 65535 or not item["protocol"] or not item["default_action"]:
        return "is not complete. To fix: give it a port from 1 to 65535, a protocol and a default_action"
    certificates = item["certificate_arns"] or []
    if bool(certificates) != (item["protocol"] in SECURE):
        if certificates:
            return (
                f"has certificates, which {item['protocol']} does not use. To fix: remove them, or speak HTTPS or TLS"
            )
        return f"has no certificate, which {item['protocol']} needs. To fix: name one in certificate_arns"
    if len(set(certificates)) != len(certificates):
        return "names a certificate twice. To fix: name each once"
    if item["rules"] and item["protocol"] not in ("HTTP", "HTTPS"):
        return f"has rules, which {item['protocol']} does not know. To fix: remove them"
    wrong = elbv2_actions.flaw(item["default_action"], item["protocol"])
    return wrong or elbv2_rules.flaw(item["rules"] or [], item["protocol"])


class Listener(elbv2.Elbv2Kind):
    type = "listener"
    result = "listeners"
    items = "listeners"
    parents = ("load_balancer_arn",)

    def __init__(self, module):
        super().__init__(module)
        self.load_balancer_arn = self.params["load_balancer_arn"]
        self._described = None

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")
        ports = [item["port"] for item in items]
        if len(set(ports)) != len(ports):
            raise UserError("Two listeners have the same port. To fix: give each its own.")

    def find(self, items):
        described = self.describe(items)
        by_port = {one["port"]: one for one in described}
        found = {item["name"]: by_port[item["port"]] for item in items if item["port"] in by_port}
        taken = [one["arn"] for one in found.values()]
        by_name = {one["tags"].get("Name"): one for one in described if one["arn"] not in taken}
        found = {**{item["name"]: by_name[item["name"]] for item in items if item["name"] in by_name}, **found}
        there = [item for item in items if item["name"] in found]
        read = side_by_side.each(lambda item: self.read(found[item["name"]], item), there)
        return {listener["name"]: listener for listener in read}

    def read(self, described, item):
        """The listener with what the item manages."""
        listener = {**described, "name": item["name"]}
        self.refuse_foreign(listener)
        if item["rules"] is None:
            del listener["rules"]
        if item["certificate_arns"] and listener["protocol"] in SECURE and self.params["state"] != "absent":
            others = api.describe_listener_certificates(self.client, listener["arn"])
            # The default certificate may be among them as well, which changes nothing.
            listener["additional_certificate_arns"] = sorted(set(others) - {listener["certificate_arn"]})
        return listener

    def describe(self, items):
        """All listeners of the load balancer, with their rules where an item manages them."""
        if self._described is None:
            described = api.describe_listeners(self.client, self.load_balancer_arn)
            with_rules = self.params["state"] != "absent" and any(item["rules"] is not None for item in items)
            listed = side_by_side.each(self.describe_rules, described) if with_rules else [[] for _one in described]
            rules = {one["ListenerArn"]: some for one, some in zip(described, listed)}
            arns = [*rules, *(rule["RuleArn"] for some in rules.values() for rule in some)]
            tags = api.describe_tags(self.client, arns)
            self._described = [self.from_aws(one, tags, rules[one["ListenerArn"]]) for one in described]
        return self._described

    def describe_rules(self, described):
        return (
            api.describe_rules(self.client, described["ListenerArn"])
            if described["Protocol"] in ("HTTP", "HTTPS")
            else []
        )

    def from_aws(self, described, tags, rules):
        arn = described["ListenerArn"]
        certificates = described.get("Certificates") or [{}]
        return {
            "name": tags.get(arn, {}).get("Name", ""),
            "arn": arn,
            "port": described["Port"],
            "protocol": described["Protocol"],
            "ssl_policy": described.get("SslPolicy"),
            "certificate_arn": certificates[0].get("CertificateArn"),
            "default_action": elbv2_actions.from_aws(described["DefaultActions"]),
            "rules": sorted(
                (elbv2_rules.from_aws(rule, tags.get(rule["RuleArn"], {})) for rule in rules),
                key=lambda rule: rule["priority"],
            ),
            "tags": tags.get(arn, {}),
        }

    def owned(self):
        """From the listeners themselves: what another load balancer has cannot be found here."""
        wanted = {key: str((self.params["tags"] or {}).get(key)) for key in lifecycle.OWNER_TAGS}
        if not self.load_balancer_arn or any(key not in (self.params["tags"] or {}) for key in wanted):
            return []
        ours = [one for one in self.describe([]) if wanted.items() <= one["tags"].items()]
        return sorted(one["name"] for one in ours if one["arn"] not in self.declared_arns())

    def declared_arns(self):
        """The listeners that items are about, also under another name."""
        ports = {item["port"] for item in self.params["listeners"]}
        return {one["arn"] for one in self._described if one["port"] in ports}

    def tags(self, item, current=None):
        managed = super().tags(item, current)
        return {**((current or {}) if managed is None else managed), "Name": item["name"]}

    def planned(self, item):
        region = self.module.region or ""
        # Without a load balancer, gathered predicts as if one were planned.
        unknown = planned.arn("elasticloadbalancing", region, "0" * 12, f"loadbalancer/app/x/{planned.elb_id(region)}")
        arn = (self.load_balancer_arn or unknown).replace(":loadbalancer/", ":listener/")
        return {"arn": f"{arn}/{planned.elb_id(region, arn, item['name'])}"}

    def desired(self, item):
        live = self.resources.get(item["name"], {})
        certificates = item["certificate_arns"]
        return {
            "port": item["port"],
            "protocol": item["protocol"],
            "ssl_policy": item["ssl_policy"] if item["protocol"] in SECURE else None,
            "certificate_arn": certificates[0] if certificates else None,
            "additional_certificate_arns": sorted(certificates[1:]) if certificates else None,
            "default_action": elbv2_actions.wanted(item["default_action"], live.get("default_action")),
            "rules": None if item["rules"] is None else self.wanted_rules(item, live),
        }

    def wanted_rules(self, item, live):
        """The rules as they should be, with the ARNs of those that they are now."""
        rules = []
        for rule, now in elbv2_rules.pair(item["rules"], live.get("rules") or []):
            current = now["tags"] if now else None
            rules.append(
                {
                    "name": rule["name"],
                    "priority": rule["priority"],
                    "arn": now["arn"] if now else self.new_rule_arn(live, rule),
                    "conditions": elbv2_rules.wanted_conditions(rule["conditions"]),
                    "action": elbv2_actions.wanted(rule["action"], now and now["action"]),
                    "tags": self.tags({"name": rule["name"], "tags": item["tags"]}, current),
                }
            )
        return sorted(rules, key=lambda rule: rule["priority"])

    def new_rule_arn(self, listener, rule):
        """The ARN that check mode says a new rule is going to have."""
        if not self.check_mode:
            return None
        return f"{listener['arn'].replace(':listener/', ':listener-rule/')}/{planned.elb_id(rule['name'])}"

    def create(self, item):
        wanted = self.desired(item)
        params = {key: wanted[field] for field, key in MODIFIED_TOGETHER.items() if wanted[field] is not None}
        if wanted["certificate_arn"]:
            params["Certificates"] = [{"CertificateArn": wanted["certificate_arn"]}]
        tags = self.tags(item)
        actions = elbv2_actions.to_aws(wanted["default_action"])
        created = api.create_listener(
            self.client, tags, LoadBalancerArn=self.load_balancer_arn, DefaultActions=actions, **params
        )
        managed = {"rules": item["rules"], "additional_certificate_arns": item["certificate_arns"]}
        listener = self.from_aws(created, {created["ListenerArn"]: tags}, [])
        del listener["rules"]
        return {**listener, **{field: [] for field, value in managed.items() if value is not None}}

    def update(self, resource, changes):
        self.update_listener(resource, {field: change.after for field, change in changes.items()})
        if "additional_certificate_arns" in changes:
            self.update_certificates(resource, *changes["additional_certificate_arns"])
        if "rules" in changes:
            self.update_rules(resource, *changes["rules"])
        if "tags" in changes:
            self.update_tags(resource, *changes["tags"])

    def update_listener(self, resource, wanted):
        """What one call can set; a listener that becomes HTTPS needs its certificate and policy in it."""
        params = {key: wanted[field] for field, key in MODIFIED_TOGETHER.items() if field in wanted}
        if "certificate_arn" in wanted:
            params["Certificates"] = [{"CertificateArn": wanted["certificate_arn"]}]
        if "default_action" in wanted:
            params["DefaultActions"] = elbv2_actions.to_aws(wanted["default_action"])
        if params:
            api.modify_listener(self.client, ListenerArn=resource["arn"], **params)

    def update_certificates(self, resource, before, after):
        add, remove = compare.split(before, after)
        if add:
            api.add_listener_certificates(self.client, resource["arn"], add)
        if remove:
            api.remove_listener_certificates(self.client, resource["arn"], remove)

    def update_rules(self, resource, before, after):
        changes = elbv2_rules.changes(before or [], after)
        for rule in changes.delete:
            api.delete_rule(self.client, rule["arn"])
        if changes.move:
            api.set_rule_priorities(self.client, changes.move)
        live = {rule["arn"]: rule for rule in before or []}
        for rule, fields in changes.modify:
            self.modify_rule(live[rule["arn"]], rule, fields)
        for rule in changes.create:
            params = {"ListenerArn": resource["arn"], "Priority": rule["priority"], **elbv2_rules.to_aws(rule)}
            rule["arn"] = api.create_rule(self.client, rule["tags"], **params)

    def modify_rule(self, live, rule, fields):
        parts = {"conditions": "Conditions", "action": "Actions"}
        params = {parts[field]: elbv2_rules.to_aws(rule)[parts[field]] for field in fields if field in parts}
        if params:
            api.modify_rule(self.client, RuleArn=rule["arn"], **params)
        if "tags" in fields:
            self.update_tags(rule, live["tags"], rule["tags"])

    def delete(self, resource):
        api.delete_listener(self.client, resource["arn"])


def main():
    lifecycle.run(Listener, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
