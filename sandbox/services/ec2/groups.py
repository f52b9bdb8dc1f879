# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Security groups: rules with descriptions, and what is refused."""

import re

from moto.ec2.models.security_groups import SecurityGroupRule

from ...errors import AwsError
from .. import after, answer, backend, check, correct
from ..service_quotas.quotas import refuse_above
from .shared import all_groups, dependency

PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
# Kind of peer: (list in IpPermissions, its member with the peer)
PEERS = {
    "cidr4": ("IpRanges", "CidrIp"),
    "cidr6": ("Ipv6Ranges", "CidrIpv6"),
    "group": ("UserIdGroupPairs", "GroupId"),
    "prefix-list": ("PrefixListIds", "PrefixListId"),
}
TEXT = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")  # a group's name or description, or a rule's


@check("ec2", "CreateSecurityGroup")
def check_new_group(call):
    """A name and a description of AWS's characters."""
    for member in ("GroupName", "Description"):
        _check_text(call.parameters[member])
    if call.parameters["GroupName"].startswith("sg-"):
        message = "Invalid security group name: group names may not be in the format sg-*"
        raise AwsError("InvalidParameterValue", message, 400)


def _check_text(text):
    if not TEXT.fullmatch(text or ""):
        message = (
            f"Value ({text}) is invalid. Valid descriptions are strings less than 256 characters from the following "
            "set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
        )
        raise AwsError("InvalidParameterValue", message, 400)


class Rule(SecurityGroupRule):
    """moto's rule with a description whatever its peer, which is no part of its identity."""

    sandbox_description = None

    @property
    def description(self):
        """What the caller said about the rule."""
        return self.sandbox_description

    @property
    def key(self):
        """What two rules must not share: protocol, ports and peer."""
        return _key(self.ip_protocol, self.from_port, self.to_port, *_peer(self))

    def describe(self, text):
        """Set the description, also where moto keeps one of its own."""
        self.sandbox_description = text or None
        for place in (self.ip_range, self.source_group):
            place.pop("Description", None)
            if text and place:
                place["Description"] = text

    def __eq__(self, other):
        return isinstance(other, SecurityGroupRule) and self.key == Rule.key.fget(other)

    __hash__ = None


def _key(protocol, first, last, kind, peer):
    protocol = PROTOCOLS.get(str(protocol).lower(), str(protocol).lower())
    ports = (None, None) if protocol == "-1" else (int(first or 0), int(last or 0))
    return (protocol, *ports, kind, peer)


def _peer(rule):
    if rule.prefix_list_id:
        return "prefix-list", rule.prefix_list_id
    if rule.source_group:
        return "group", rule.source_group.get("GroupId")
    return (
        ("cidr4", rule.ip_range["CidrIp"]) if rule.ip_range.get("CidrIp") else ("cidr6", rule.ip_range.get("CidrIpv6"))
    )


def _requested(call):
    """(key, description) of each rule that a call names by its content."""
    for permission in call.parameters.get("IpPermissions") or []:
        ports = (permission.get("IpProtocol"), permission.get("FromPort"), permission.get("ToPort"))
        for kind, (members, member) in PEERS.items():
            for item in permission.get(members) or []:
                yield _key(*ports, kind, item.get(member)), item.get("Description")


def _group(call):
    group = backend(call).get_security_group_from_id(call.parameters.get("GroupId", ""))
    if group is None:
        message = f"The security group '{call.parameters.get('GroupId')}' does not exist"
        raise AwsError("InvalidGroup.NotFound", message, 400)
    return group


def _rules(call, group):
    return group.egress_rules if call.operation.endswith("Egress") else group.ingress_rules


def _upgrade(group):
    """Turn the rules that moto made into ours."""
    for rule in [*group.ingress_rules, *group.egress_rules]:
        if not isinstance(rule, Rule):
            rule.__class__ = Rule
            rule.describe(rule.ip_range.get("Description") or rule.source_group.get("Description"))


@check("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def check_new_rules(call):
    """All or nothing: moto adds the rules before the first that it refuses, and misses some that it should."""
    if not call.parameters.get("IpPermissions"):
        return  # the old short form, which moto understands well enough
    state, group = backend(call), _group(call)
    _upgrade(group)
    _check_ports(call.parameters["IpPermissions"])
    known = {rule.key for rule in _rules(call, group)}
    for key, description in _requested(call):
        _check_text(description)
        if key in known:
            ports = f"from port: {key[1]}, to port: {key[2]}" if key[1] is not None else "ALL"
            message = f'the specified rule "peer: {key[4]}, {key[0].upper()}, {ports}, ALLOW" already exists'
            raise AwsError("InvalidPermission.Duplicate", message, 400)
        known.add(key)
        if key[3] == "prefix-list" and key[4] not in state.managed_prefix_lists:
            raise AwsError("InvalidPrefixListID.NotFound", f"The prefix list ID '{key[4]}' does not exist", 400)
    _check_number(call, known)


def _check_ports(permissions):
    for permission in permissions:
        ported = PROTOCOLS.get(permission["IpProtocol"].lower(), permission["IpProtocol"]) in ("tcp", "udp")
        first, last = permission.get("FromPort"), permission.get("ToPort")
        if ported and (first is None or last is None):
            message = "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
            raise AwsError("InvalidParameterValue", message, 400)
        if ported and not 0 <= int(first) <= int(last) <= 65535:
            raise AwsError("InvalidParameterValue", f"Invalid TCP/UDP port range ({first}:{last})", 400)


def _check_number(call, keys):
    """Sixty rules a direction, counted for IPv4 and IPv6; a prefix list counts as many as it may hold."""
    lists = backend(call).managed_prefix_lists
    for other in ("cidr6", "cidr4"):
        peers = [key[3:] for key in keys if key[3] != other]
        count = sum(int(lists[peer].max_entries or 1) if kind == "prefix-list" else 1 for kind, peer in peers)
        refuse_above(call, "vpc", "L-0EA8095F", count, "RulesPerSecurityGroupLimitExceeded")


@correct("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def keep_descriptions(call, parsed):
    """moto keeps the descriptions of address ranges only."""
    group = _group(call)
    _upgrade(group)
    described = dict(_requested(call))
    rules = {rule.id: rule for rule in _rules(call, group)}
    for view in parsed.get("SecurityGroupRules", []):
        rule = rules[view["SecurityGroupRuleId"]]
        rule.describe(described.get(rule.key, rule.description))
        view.update(_view(rule))


@answer("ec2", "DescribeSecurityGroupRules")
def describe_rules(call):
    """The rules with their descriptions."""
    state = backend(call)
    for group in all_groups(state):
        _upgrade(group)
    wanted = {item["Name"]: item.get("Values", []) for item in call.parameters.get("Filters") or []}
    rules = state.describe_security_group_rules(call.parameters.get("SecurityGroupRuleIds") or [], wanted)
    return {"SecurityGroupRules": [_view(rule) for rule in rules]}


def _view(rule):
    view = {
        "SecurityGroupRuleId": rule.id, "GroupId": rule.group_id, "GroupOwnerId": rule.owner_id,
        "IsEgress": rule.is_egress, "IpProtocol": rule.ip_protocol,
        "FromPort": -1 if rule.from_port is None else rule.from_port,
        "ToPort": -1 if rule.to_port is None else rule.to_port,
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in rule.get_tags()],
    }  # fmt: skip
    kind, peer = _peer(rule)
    if kind == "group":
        view["ReferencedGroupInfo"] = {"GroupId": peer, "UserId": rule.source_group.get("UserId") or rule.owner_id}
    else:
        view[{"cidr4": "CidrIpv4", "cidr6": "CidrIpv6", "prefix-list": "PrefixListId"}[kind]] = peer
    if rule.description:
        view["Description"] = rule.description
    return view


@correct("ec2", "DescribeSecurityGroups")
def describe_prefix_lists(call, parsed):
    """moto loses the descriptions of prefix lists."""
    state, changed = backend(call), False
    for view in parsed["SecurityGroups"]:
        group = state.get_security_group_from_id(view["GroupId"])
        for permissions, rules in (("IpPermissions", "ingress_rules"), ("IpPermissionsEgress", "egress_rules")):
            described = {
                rule.key: rule.description
                for rule in getattr(group, rules)
                if isinstance(rule, Rule) and rule.description
            }
            for permission in view.get(permissions, []):
                ports = (permission["IpProtocol"], permission.get("FromPort"), permission.get("ToPort"))
                for item in permission.get("PrefixListIds", []):
                    text = described.get(_key(*ports, "prefix-list", item["PrefixListId"]))
                    if text:
                        item["Description"], changed = text, True
    return changed


@answer("ec2", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress")
def update_descriptions(call):
    """moto updates the descriptions of address ranges only."""
    group = _group(call)
    _upgrade(group)
    rules = _rules(call, group)
    by_key, by_id = {rule.key: rule for rule in rules}, {rule.id: rule for rule in rules}
    items = call.parameters.get("SecurityGroupRuleDescriptions") or []
    wanted = [(by_id.get(item["SecurityGroupRuleId"]), item.get("Description")) for item in items]
    wanted += [(by_key.get(key), text) for key, text in _requested(call)]
    if not all(rule for rule, _text in wanted):
        message = "The specified rule does not exist in this security group."
        raise AwsError("InvalidPermission.NotFound", message, 400)
    for rule, text in wanted:
        rule.describe(text)
    return {"Return": True}


@after("ec2", "ModifySecurityGroupRules")
def keep_modified_descriptions(call):
    """moto replaces the peer, and the description of address ranges only."""
    group = _group(call)
    _upgrade(group)
    for item in call.parameters.get("SecurityGroupRules") or []:
        rule = group.get_rule(item["SecurityGroupRuleId"])
        if rule is not None:
            rule.describe(item.get("SecurityGroupRule", {}).get("Description"))


@check("ec2", "DeleteSecurityGroup")
def refuse_group_in_use(call):
    """A group stays while an interface, an endpoint or another group's rule needs it."""
    state, number = backend(call), call.parameters.get("GroupId")
    group = state.get_security_group_from_id(number or "")
    if group is None:
        return  # moto says so
    if group.name == "default":
        message = f'the specified group: "{number}" name: "default" cannot be deleted by a user'
        raise AwsError("CannotDelete", message, 400)
    used = (
        any(group in interface.group_set for interface in state.enis.values())
        or any(number in endpoint.security_group_ids for endpoint in state.vpc_end_points.values())
        or any(_refers(other, number) for other in all_groups(state) if other.id != number)
    )
    if used:
        raise dependency(f"resource {number} has a dependent object")


def _refers(group, number):
    return any(rule.source_group.get("GroupId") == number for rule in [*group.ingress_rules, *group.egress_rules])
