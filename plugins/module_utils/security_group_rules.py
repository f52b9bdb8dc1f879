# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules of security groups: as an item has them, as AWS has them, and what to change. Pure functions.

In between, a rule is a dictionary with a protocol, C(ports) where it has them, one of C(SOURCES), and a
description where it has one. AWS merges rules of the same ports into one permission; here each stands alone.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Dict, List, Optional, Tuple

from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

Rule = Dict[str, Any]

# A rule's source or destination: what we call it, the list that AWS puts it in, what AWS calls it there.
SOURCES = {
    "cidr": ("IpRanges", "CidrIp"),
    "ipv6_cidr": ("Ipv6Ranges", "CidrIpv6"),
    "group": ("UserIdGroupPairs", "GroupId"),
    "prefix_list": ("PrefixListIds", "PrefixListId"),
}
PROTOCOLS = {"-1": "all", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
ICMP = ("icmp", "icmpv6")
WITH_PORTS = ("tcp", "udp", *ICMP)
EVERYTHING = {"protocol": "all", "cidr": "0.0.0.0/0"}
ARGUMENTS = {
    "type": "list",
    "elements": "dict",
    "options": {
        "protocol": {"type": "str", "default": "tcp"},
        "port": {"type": "int"},
        "ports": {"type": "list", "elements": "int"},
        "cidr": {"type": "str"},
        "ipv6_cidr": {"type": "str"},
        "group": {"type": "str"},
        "prefix_list": {"type": "str"},
        "description": {"type": "str"},
    },
    "mutually_exclusive": [("port", "ports"), tuple(SOURCES)],
    "required_one_of": [tuple(SOURCES)],
}


def _rule(protocol: str, ports: List[Optional[int]], source: str, value: str, description: Optional[str]) -> Rule:
    """A rule without what AWS fills in or ignores."""
    shown = [-1 if port is None else port for port in ports] if protocol in ICMP else ports
    rule = {"protocol": protocol, "ports": shown, source: value, "description": description}
    if protocol not in WITH_PORTS:
        del rule["ports"]
    return {key: part for key, part in rule.items() if part is not None}


def _protocol(protocol: str) -> str:
    return PROTOCOLS.get(protocol.lower(), protocol.lower())


def parse(wanted: Dict[str, Any]) -> Rule:
    """The rule that an item asks for; UserError about one that AWS cannot have or would read otherwise."""
    protocol = _protocol(wanted["protocol"])
    ports = wanted["ports"] or [wanted["port"], None if protocol in ICMP else wanted["port"]]
    _refuse_ports(protocol, ports)
    source = next(source for source in SOURCES if wanted[source] is not None)
    value = wanted[source]
    if source in ("cidr", "ipv6_cidr"):
        value = canonical_cidr(value, 4 if source == "cidr" else 6)
    return _rule(protocol, ports, source, value, wanted["description"])


def _refuse_ports(protocol: str, ports: List[Optional[int]]) -> None:
    if protocol not in PROTOCOLS.values() and not (protocol.isdigit() and int(protocol) < 256):
        raise UserError(f"{protocol} is no protocol. To fix: tcp, udp, icmp, icmpv6, all, or a number.")
    if protocol not in WITH_PORTS and ports != [None, None]:
        raise UserError(f"a rule for protocol {protocol} has ports, which AWS would ignore. To fix: remove them.")
    known = [port for port in ports if port is not None]
    in_order = len(known) == 2 and 0 <= known[0] <= known[1] <= 65535
    if len(ports) != 2 or (protocol in ("tcp", "udp") and not in_order):
        raise UserError(f"a rule for {protocol} without valid ports. To fix: give port, or ports: [first, last].")


def canonical_cidr(cidr: str, version: int) -> str:
    """The CIDR block as AWS writes it: without host bits, IPv6 compressed."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError as error:
        raise UserError(f"{error}. To fix: write a CIDR block such as 10.0.0.0/16.") from error
    if network.version != version:
        raise UserError(f"{cidr} is not IPv{version}. To fix: IPv4 blocks are cidr, IPv6 blocks ipv6_cidr.")
    return str(network)


def from_aws(permissions: List[dict], owner: str, names: Dict[str, str]) -> List[Rule]:
    """AWS's permissions as rules, with groups by name where C(names) has their ids."""
    rules = []
    for permission in permissions:
        ports = [permission.get("FromPort"), permission.get("ToPort")]
        for source, (entries, key) in SOURCES.items():
            for entry in permission.get(entries) or []:
                value = names.get(entry[key], entry[key])
                if entry.get("UserId", owner) != owner:
                    value = f"{entry['UserId']}/{entry[key]}"
                description = entry.get("Description") or None
                rules.append(_rule(_protocol(permission["IpProtocol"]), ports, source, value, description))
    return rules


def to_aws(rules: List[Rule], ids: Dict[str, str]) -> List[dict]:
    """Rules as AWS takes them, one permission each; C(ids) has the ids of the groups that rules name."""
    return [_permission(rule, ids) for rule in rules]


def _permission(rule: Rule, ids: Dict[str, str]) -> dict:
    source = next(source for source in SOURCES if source in rule)
    entries, key = SOURCES[source]
    entry = {key: rule[source]}
    if source == "group":
        account, dummy, group_id = str(ids.get(rule[source], rule[source])).rpartition("/")
        entry = {key: group_id, **({"UserId": account} if account else {})}
    if rule.get("description"):
        entry["Description"] = rule["description"]
    ports = {"FromPort": rule["ports"][0], "ToPort": rule["ports"][1]} if "ports" in rule else {}
    return {"IpProtocol": "-1" if rule["protocol"] == "all" else rule["protocol"], **ports, entries: [entry]}


def by_traffic(rules: Optional[List[Rule]]) -> Dict[Tuple, Rule]:
    """Rules by what they allow, which is everything but the description."""
    return {tuple((key, str(rule[key])) for key in sorted(rule) if key != "description"): rule for rule in rules or []}


def changes(before: Optional[List[Rule]], after: Optional[List[Rule]]) -> Tuple[List[Rule], List[Rule], List[Rule]]:
    """The rules to add, those to remove, and those that only need another description."""
    present, wanted = by_traffic(before), by_traffic(after)
    add = [rule for traffic, rule in wanted.items() if traffic not in present]
    remove = [rule for traffic, rule in present.items() if traffic not in wanted]
    describe = [
        rule
        for traffic, rule in wanted.items()
        if traffic in present and rule.get("description") not in (None, present[traffic].get("description", ""))
    ]
    return add, remove, describe


def same(before: Optional[List[Rule]], after: Optional[List[Rule]]) -> bool:
    """Whether no rule has to change."""
    return not any(changes(before, after))
