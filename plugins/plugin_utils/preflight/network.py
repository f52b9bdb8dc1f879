# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of a platform's network, before it exists."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem
from ansible_collections.groundwork.aws.plugins.plugin_utils.subnets import (
    LayoutError,
    parse_vpc,
    subnet_layout,
    zone_suffixes,
)

Values = t.Mapping[str, t.Any]

PRIVATE = [ipaddress.IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]
FEWEST_ZONES = 1
MOST_ZONES = 4


def vpc_problems(values: Values) -> list[Problem]:
    """Refuse a VPC that AWS would refuse, or that is not private."""
    name, cidr = "networking_vpc_cidr", values.get("networking_vpc_cidr")
    if not isinstance(cidr, str):
        return []
    try:
        network = parse_vpc(cidr)
    except LayoutError as error:
        return [Problem(name, str(error), "write for example 10.0.0.0/16")]
    if not any(network.subnet_of(private) for private in PRIVATE):
        wrong = f"{network} is not a private network"
        return [Problem(name, wrong, "take one inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10")]
    return []


def zone_count_problems(values: Values) -> list[Problem]:
    """Refuse a number of zones that the layout has no room for."""
    count = values.get("networking_availability_zone_count")
    if not isinstance(count, int) or isinstance(count, bool) or FEWEST_ZONES <= count <= MOST_ZONES:
        return []
    wrong = f"{count} is not between {FEWEST_ZONES} and {MOST_ZONES}"
    return [Problem("networking_availability_zone_count", wrong, "choose 2, or 3 where a third zone is asked for")]


def zone_problems(values: Values) -> list[Problem]:
    """Refuse explicit zones that are none, or that are in another region."""
    name, zones = "networking_availability_zones", values.get("networking_availability_zones")
    if not isinstance(zones, (list, tuple)) or not zones or not all(isinstance(zone, str) for zone in zones):
        return []
    try:
        zone_suffixes(zones)
    except LayoutError as error:
        return [Problem(name, str(error), "list two to four zones of the platform's region, such as us-east-1a")]
    region = values.get("platform_region")
    outside = [zone for zone in zones if isinstance(region, str) and zone[:-1] != region]
    if outside:
        return [Problem(name, f"{outside[0]} is not in {region}", "list zones of platform_region, or remove the list")]
    return []


def zones_of(values: Values) -> list[str]:
    """Return the zones that a layout can be tried with; any letters do where AWS will choose."""
    zones = values.get("networking_availability_zones")
    if isinstance(zones, (list, tuple)) and zones and all(isinstance(zone, str) for zone in zones):
        return list(zones)
    count = values.get("networking_availability_zone_count")
    return [f"us-east-1{letter}" for letter in "abcd"[: count if isinstance(count, int) else 2]]


def layout_problems(values: Values) -> list[Problem]:
    """Refuse tiers that cannot be laid out; without a VPC of its own a platform has no layout."""
    cidr, tiers = values.get("networking_vpc_cidr"), values.get("networking_tiers")
    if not isinstance(cidr, str) or not isinstance(tiers, (list, tuple)):
        return []
    if not all(
        isinstance(tier, t.Mapping)
        and all(isinstance(value, (str, list, tuple, type(None))) for value in tier.values())
        for tier in tiers
    ):
        return []
    try:
        subnet_layout(cidr, tiers, zones_of(values))
    except LayoutError as error:
        return [
            Problem("networking_tiers", str(error), "correct the tier, or leave out its cidrs to have them computed")
        ]
    return []


def peer_problems(values: Values) -> list[Problem]:
    """Refuse a VPC that overlaps one it is peered with: AWS cannot route between them."""
    cidr, peers = values.get("networking_vpc_cidr"), values.get("networking_peer_cidrs")
    if not isinstance(cidr, str) or not isinstance(peers, (list, tuple)):
        return []
    problems = []
    for index, peer in enumerate(peers):
        if not isinstance(peer, t.Mapping) or not isinstance(peer.get("cidr"), str):
            continue
        where = f"networking_peer_cidrs[{peer.get('name', index)}].cidr"
        try:
            if ipaddress.IPv4Network(peer["cidr"]).overlaps(ipaddress.IPv4Network(cidr)):
                wrong = f"{peer['cidr']} overlaps this platform's VPC {cidr}, and peered VPCs must not"
                problems.append(Problem(where, wrong, "change networking_vpc_cidr of one of the two"))
        except ValueError as error:
            problems.append(Problem(where, str(error), "write a network such as 10.1.0.0/16"))
    return problems


def network_problems(values: Values) -> list[Problem]:
    """Return everything that is wrong with a platform's network; a layout needs a sound VPC and zones."""
    problems = vpc_problems(values)
    zones = zone_count_problems(values) + zone_problems(values)
    if not problems and not zones:
        problems = layout_problems(values) + peer_problems(values)
    return problems + zones
