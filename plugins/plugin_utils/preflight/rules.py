# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of security groups: who may be reached by the whole internet, and who refers to whom."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, listed, nearest

Rule = t.Mapping[str, t.Any]

GROUPS = "security_groups_groups"
PROTOCOLS = ("tcp", "udp", "icmp", "all")
PEERS = ("cidr", "ipv6_cidr", "group", "prefix_list")
PUBLIC_PORTS = (80, 443)


def is_port(value: t.Any) -> bool:
    """Tell whether a value is a port."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 65535


def port_range(rule: Rule) -> tuple[t.Any, t.Any] | None:
    """Return the first and last port of a rule, or None when it has none."""
    ports = rule.get("ports")
    if rule.get("port") is not None:
        return rule["port"], rule["port"]
    if isinstance(ports, (list, tuple)) and len(ports) == 2:
        return ports[0], ports[1]
    return None


def port_problems(path: str, rule: Rule) -> list[Problem]:
    """Refuse ports that are none, and rules with both or neither way to say them."""
    if rule.get("protocol", "tcp") not in ("tcp", "udp"):
        return []
    given = [key for key in ("port", "ports") if rule.get(key) is not None]
    if len(given) != 1:
        wrong = "it has both port and ports" if given else "it has no port"
        return [Problem(path, wrong, "give port: 443, or ports: [1024, 65535]; protocol all needs neither")]
    numbers = port_range(rule)
    if numbers is None or not all(is_port(number) for number in numbers):
        return [
            Problem(
                f"{path}.{given[0]}", "a port is a number from 0 to 65535", "give port: 443, or ports: [1024, 65535]"
            )
        ]
    if numbers[0] > numbers[1]:
        return [
            Problem(
                f"{path}.ports",
                f"the range {numbers[0]} to {numbers[1]} is upside down",
                "write the smaller port first",
            )
        ]
    return []


def is_public(rule: Rule) -> bool:
    """Tell whether a rule is about the whole internet, however it is written."""
    for key in ("cidr", "ipv6_cidr"):
        try:
            if isinstance(rule.get(key), str) and ipaddress.ip_network(rule[key], strict=False).prefixlen == 0:
                return True
        except ValueError:
            continue
    return False


def public_problems(path: str, rule: Rule) -> list[Problem]:
    """Refuse ingress from the whole internet on anything but a web server's ports."""
    if not is_public(rule):
        return []
    numbers = port_range(rule)
    single = numbers is not None and numbers[0] == numbers[1] and numbers[0] in PUBLIC_PORTS
    if single and rule.get("protocol", "tcp") == "tcp":
        return []
    wrong = "it opens more than tcp 80 and 443 to the whole internet"
    return [Problem(path, wrong, "name the networks, group or prefix_list that need it")]


def peer_problems(path: str, rule: Rule, groups: t.Collection[str]) -> list[Problem]:
    """Refuse a rule without exactly one peer, with a malformed network or an unknown group."""
    given = [key for key in PEERS if rule.get(key) is not None]
    if len(given) != 1:
        wrong = f"it names {listed(given)}" if given else "it names nobody to talk to"
        return [Problem(path, wrong, f"name exactly one of {listed(PEERS)}")]
    key = given[0]
    value = rule[key]
    if not isinstance(value, str):
        return []
    if key == "group" and value not in groups:
        near = nearest(value, groups)
        fix = f"did you mean {near}?" if near else "add the group"
        return [
            Problem(f"{path}.group", f"there is no group {value} in {GROUPS}", f"{fix} Its groups are {listed(groups)}")
        ]
    return cidr_problems(f"{path}.{key}", value, 6 if key == "ipv6_cidr" else 4) if key.endswith("cidr") else []


def cidr_problems(path: str, cidr: str, version: int) -> list[Problem]:
    """Refuse a network that is none, or of the other IP version."""
    example = "10.0.0.0/16" if version == 4 else "2001:db8::/32"
    try:
        network = ipaddress.ip_network(cidr)
    except ValueError as error:
        return [Problem(path, str(error), f"write a network such as {example}")]
    if network.version != version:
        other = "ipv6_cidr" if version == 4 else "cidr"
        return [Problem(path, f"{cidr} is an IPv{network.version} network", f"put it in {other}")]
    return []


def rule_problems(path: str, rule: t.Any, groups: t.Collection[str], ingress: bool) -> list[Problem]:
    """Return everything that is wrong with a rule."""
    if not isinstance(rule, t.Mapping):
        return []
    protocol = rule.get("protocol", "tcp")
    if isinstance(protocol, str) and protocol not in PROTOCOLS:
        return [Problem(f"{path}.protocol", f"{protocol!r} is no protocol", f"choose one of {listed(PROTOCOLS)}")]
    problems = port_problems(path, rule) + peer_problems(path, rule, groups)
    return problems + (public_problems(path, rule) if ingress else [])


def security_group_problems(groups: t.Any) -> list[Problem]:
    """Return everything that is wrong with a platform's security groups."""
    if not isinstance(groups, (list, tuple)):
        return []
    sound = [group for group in groups if isinstance(group, t.Mapping)]
    names = [str(group.get("name")) for group in sound]
    problems = []
    for group in sound:
        for direction in ("ingress", "egress"):
            rules = group.get(direction)
            for index, rule in enumerate(rules if isinstance(rules, (list, tuple)) else []):
                path = f"{GROUPS}[{group.get('name')}].{direction}[{index}]"
                problems += rule_problems(path, rule, names, direction == "ingress")
    return problems
