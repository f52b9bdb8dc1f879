# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of network ACLs: as users write them, in one spelling, and as AWS has them. Pure functions."""

from __future__ import annotations

import ipaddress
from typing import Any, Dict, List, Optional

from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

Rule = Dict[str, Any]

PROTOCOLS = {"all": "-1", "tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}
NAMES = {number: name for name, number in PROTOCOLS.items()}
LAST_RULE = 32767  # denies everything and cannot be changed


def canonical_rule(rule: dict) -> Rule:
    """A rule as rule_from_aws returns it: one spelling for each protocol, block and range of ports."""
    number, protocol = rule["rule_number"], NAMES.get(rule["protocol"].lower(), rule["protocol"].lower())
    if not 0 < number < LAST_RULE:
        raise UserError(f"Rule {number}: the number has to be from 1 to {LAST_RULE - 1}.")
    if protocol not in PROTOCOLS and not (protocol.isdigit() and int(protocol) < 256):
        raise UserError(f"Rule {number}: there is no protocol {protocol}. To fix: use one of {', '.join(PROTOCOLS)}.")
    family = "cidr" if rule["cidr"] else "ipv6_cidr"
    return {
        "rule_number": number,
        "protocol": protocol,
        "action": rule["action"],
        family: canonical_block(number, rule[family], family),
        **canonical_ports(number, protocol, rule),
        **canonical_icmp(number, protocol, rule),
    }


def canonical_block(number: int, block: str, family: str) -> str:
    """A CIDR block as AWS writes it, without bits behind the prefix length."""
    try:
        network = ipaddress.IPv4Network if family == "cidr" else ipaddress.IPv6Network
        return str(network(block, strict=False))
    except ValueError as error:
        raise UserError(f"Rule {number}: {family} {block} is no CIDR block: {error}.") from error


def canonical_ports(number: int, protocol: str, rule: dict) -> Rule:
    """The ports of a rule, where its protocol has any."""
    ports = rule["ports"] if rule["port"] is None else [rule["port"], rule["port"]]
    if protocol not in ("tcp", "udp"):
        if ports:
            raise UserError(f"Rule {number}: protocol {protocol} has no ports. To fix: set protocol: tcp or udp.")
        return {}
    ports = ports or [0, 65535]
    if len(ports) != 2 or not 0 <= ports[0] <= ports[1] <= 65535:
        raise UserError(f"Rule {number}: ports {ports} is no range. To fix: give first and last, from 0 to 65535.")
    return {"ports": ports}


def canonical_icmp(number: int, protocol: str, rule: dict) -> Rule:
    """The ICMP type and code of a rule, where its protocol has any."""
    given = {key: rule[key] for key in ("icmp_type", "icmp_code") if rule[key] is not None}
    if protocol in ("icmp", "icmpv6"):
        return {"icmp_type": -1, "icmp_code": -1, **given}
    if given:
        raise UserError(f"Rule {number}: protocol {protocol} has no ICMP types. To fix: set protocol: icmp or icmpv6.")
    return {}


def canonical_rules(rules: Optional[List[dict]]) -> Optional[List[Rule]]:
    """Rules in one spelling; V(None) stays."""
    if rules is None:
        return None
    by_number: Dict[int, Rule] = {}
    for rule in map(canonical_rule, rules):
        if rule["rule_number"] in by_number:
            raise UserError(f"There are two rules {rule['rule_number']} in one direction. To fix: number them apart.")
        by_number[rule["rule_number"]] = rule
    return list(by_number.values())


def rule_from_aws(entry: dict) -> Rule:
    """A described entry as a rule."""
    protocol = NAMES.get(entry["Protocol"], entry["Protocol"])
    rule = {"rule_number": entry["RuleNumber"], "protocol": protocol, "action": entry["RuleAction"]}
    if entry.get("CidrBlock"):
        rule["cidr"] = entry["CidrBlock"]
    if entry.get("Ipv6CidrBlock"):
        rule["ipv6_cidr"] = entry["Ipv6CidrBlock"]
    if protocol in ("tcp", "udp"):
        rule["ports"] = [entry["PortRange"]["From"], entry["PortRange"]["To"]]
    if protocol in ("icmp", "icmpv6"):
        rule["icmp_type"], rule["icmp_code"] = entry["IcmpTypeCode"]["Type"], entry["IcmpTypeCode"]["Code"]
    return rule


def rule_to_aws(rule: Rule) -> Dict[str, Any]:
    """A rule as parameters of CreateNetworkAclEntry and ReplaceNetworkAclEntry."""
    params = {"Protocol": PROTOCOLS.get(rule["protocol"], rule["protocol"]), "RuleAction": rule["action"]}
    params["CidrBlock" if "cidr" in rule else "Ipv6CidrBlock"] = rule.get("cidr") or rule["ipv6_cidr"]
    if "ports" in rule:
        params["PortRange"] = {"From": rule["ports"][0], "To": rule["ports"][1]}
    if "icmp_type" in rule:
        params["IcmpTypeCode"] = {"Type": rule["icmp_type"], "Code": rule["icmp_code"]}
    return params


def rules_of(entries: List[dict], egress: bool) -> List[Rule]:
    """The rules of one direction."""
    ours = [entry for entry in entries if entry["Egress"] == egress and entry["RuleNumber"] != LAST_RULE]
    return [rule_from_aws(entry) for entry in ours]
