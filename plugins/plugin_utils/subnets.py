# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a VPC is cut into subnets: one block a tier, one subnet a tier and zone."""

from __future__ import annotations

import ipaddress
import re
import typing as t

FEW_TIERS = 4
MOST_TIERS = 8
MOST_ZONES = 4
SMALLEST_SUBNET = 28
INTERNET = ("gateway", "nat", "none")
ZONE = re.compile(r"(?P<region>[a-z]+(?:-[a-z]+)+-\d+)(?P<suffix>[a-z])")


class LayoutError(ValueError):
    """The network that was asked for cannot be laid out."""


def parse_network(cidr: t.Any, what: str) -> ipaddress.IPv4Network:
    """Return an IPv4 network; host bits, IPv6 and nonsense are refused by name."""
    try:
        return ipaddress.IPv4Network(str(cidr))
    except ValueError as error:
        raise LayoutError(f"{what} {cidr!r} is no IPv4 network: {error}") from error


def parse_vpc(cidr: t.Any) -> ipaddress.IPv4Network:
    """Return the VPC's network; AWS takes /16 to /28, and subnets need room inside."""
    network = parse_network(cidr, "the VPC")
    if not 16 <= network.prefixlen <= 24:
        raise LayoutError(f"the VPC {network} must be between /16 and /24, so that a subnet is never below /28")
    return network


def zone_suffixes(zones: t.Sequence[str]) -> list[str]:
    """Return the letter of each zone: us-east-1a gives a."""
    if not zones:
        raise LayoutError("no availability zones are given")
    if len(zones) > MOST_ZONES:
        raise LayoutError(f"{len(zones)} availability zones are given, a layout has room for {MOST_ZONES}")
    matches = [ZONE.fullmatch(str(zone)) for zone in zones]
    for zone, match in zip(zones, matches):
        if not match:
            raise LayoutError(f"{zone!r} is no availability zone such as us-east-1a (local zones are not supported)")
    if len({match["region"] for match in matches if match}) > 1:
        raise LayoutError(f"the availability zones {', '.join(zones)} are not all in one region")
    suffixes = [match["suffix"] for match in matches if match]
    if len(set(suffixes)) < len(suffixes):
        raise LayoutError(f"an availability zone is named twice in {', '.join(zones)}")
    return suffixes


def tier_blocks(vpc: ipaddress.IPv4Network, count: int) -> list[ipaddress.IPv4Network]:
    """Cut the VPC into 4 blocks, or 8 when there are more tiers, so that a tier can be appended."""
    if count > MOST_TIERS:
        raise LayoutError(f"{count} tiers are given, a layout has room for {MOST_TIERS}")
    bits = 2 if count <= FEW_TIERS else 3
    if vpc.prefixlen + bits + 2 > SMALLEST_SUBNET:
        raise LayoutError(f"the VPC {vpc} is too small for {count} tiers: a subnet would be below /{SMALLEST_SUBNET}")
    return list(vpc.subnets(prefixlen_diff=bits))


def explicit_subnets(vpc: ipaddress.IPv4Network, tier: str, cidrs: t.Any, zones: int) -> list[ipaddress.IPv4Network]:
    """Return the subnets a tier names itself: one a zone, inside the VPC, of a size AWS takes."""
    if not isinstance(cidrs, (list, tuple)) or len(cidrs) != zones:
        count = len(cidrs) if isinstance(cidrs, (list, tuple)) else 1
        raise LayoutError(f"tier {tier} names {count} cidrs for {zones} availability zones: it needs one for each")
    networks = [parse_network(cidr, f"subnet of tier {tier}") for cidr in cidrs]
    for network in networks:
        if not network.subnet_of(vpc):
            raise LayoutError(f"subnet {network} of tier {tier} is outside the VPC {vpc}")
        if not 16 <= network.prefixlen <= SMALLEST_SUBNET:
            raise LayoutError(f"subnet {network} of tier {tier} must be between /16 and /{SMALLEST_SUBNET}")
    return networks


def check_tiers(tiers: t.Sequence[t.Mapping[str, t.Any]]) -> None:
    """Refuse tiers without a name of their own or with an unknown way to the internet."""
    if not tiers:
        raise LayoutError("no tiers are given")
    seen: set[str] = set()
    for tier in tiers:
        name = tier.get("name")
        if not name:
            raise LayoutError("a tier has no name")
        if name in seen:
            raise LayoutError(f"tier {name} is given twice")
        if tier.get("internet") not in INTERNET:
            raise LayoutError(
                f"tier {name} has internet {tier.get('internet')!r}, it must be one of {', '.join(INTERNET)}"
            )
        seen.add(name)


def check_overlaps(subnets: t.Sequence[t.Mapping[str, t.Any]]) -> None:
    """Refuse subnets of one VPC that overlap, which explicit cidrs make possible."""
    ordered = sorted(subnets, key=lambda subnet: ipaddress.IPv4Network(subnet["cidr"]))
    for first, second in zip(ordered, ordered[1:]):
        if ipaddress.IPv4Network(first["cidr"]).overlaps(ipaddress.IPv4Network(second["cidr"])):
            raise LayoutError(
                f"subnets {first['name']} ({first['cidr']}) and {second['name']} ({second['cidr']}) overlap"
            )


def subnet_layout(
    vpc_cidr: str, tiers: t.Sequence[t.Mapping[str, t.Any]], zones: t.Sequence[str]
) -> list[dict[str, str]]:
    """Return every subnet of a VPC; a zone or a tier that is appended moves none that exists.

    A tier with explicit cidrs keeps its block, so that its neighbours stay where they are.
    """
    vpc = parse_vpc(vpc_cidr)
    suffixes = zone_suffixes(zones)
    check_tiers(tiers)
    subnets = []
    for tier, block in zip(tiers, tier_blocks(vpc, len(tiers))):
        cut: t.Iterable[ipaddress.IPv4Network] = block.subnets(prefixlen_diff=2)
        if tier.get("cidrs"):
            cut = explicit_subnets(vpc, tier["name"], tier["cidrs"], len(zones))
        for zone, suffix, network in zip(zones, suffixes, cut):
            subnets.append(
                {
                    "name": f"{tier['name']}-{suffix}",
                    "tier": tier["name"],
                    "zone": zone,
                    "cidr": str(network),
                    "internet": tier["internet"],
                }
            )
    check_overlaps(subnets)
    return subnets
