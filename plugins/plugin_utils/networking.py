# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a subnet layout to the items of the network modules. Pure functions.

A layout is what the filter subnet_layout returns: one entry a subnet, with name, tier, zone, cidr
and internet (gateway, nat or none).
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

EVERYWHERE = "0.0.0.0/0"


def suffix(subnet: dict) -> str:
    """The letter of a subnet's zone: C(a) of C(us-east-1a)."""
    return subnet["zone"][-1]


def subnets(layout: List[dict], prefix: str, tags: Optional[Dict[str, dict]] = None) -> List[dict]:
    """Items for ec2_subnets. No subnet hands out public addresses: what needs one asks for it.

    :param tags: further tags by tier.
    """
    return [
        {
            "name": f"{prefix}-{subnet['name']}",
            "cidr_block": subnet["cidr"],
            "availability_zone": subnet["zone"],
            "map_public_ip_on_launch": False,
            "tags": {"Tier": subnet["tier"], **(tags or {}).get(subnet["tier"], {})},
        }
        for subnet in layout
    ]


def nat_places(layout: List[dict], mode: str) -> List[dict]:
    """The subnets that get a NAT gateway: the first, or all, of those with an internet gateway.

    :param mode: none, single or per_zone. One a zone when several tiers face the internet.
    """
    by_zone: Dict[str, dict] = {}
    for subnet in layout:
        if subnet["internet"] == "gateway":
            by_zone.setdefault(subnet["zone"], subnet)
    places = list(by_zone.values())
    return {"none": [], "single": places[:1], "per_zone": places}[mode]


def elastic_ips(layout: List[dict], prefix: str, mode: str) -> List[dict]:
    """Items for ec2_elastic_ips: an address for each NAT gateway, called like it."""
    return [{"name": f"{prefix}-nat-{suffix(place)}"} for place in nat_places(layout, mode)]


def nat_gateways(
    layout: List[dict], prefix: str, mode: str, subnet_items: Dict[str, dict], addresses: Dict[str, dict]
) -> List[dict]:
    """Items for ec2_nat_gateways."""
    items = []
    for place in nat_places(layout, mode):
        name = f"{prefix}-nat-{suffix(place)}"
        items.append(
            {
                "name": name,
                "subnet_id": subnet_items.get(f"{prefix}-{place['name']}", {}).get("subnet_id"),
                "allocation_id": addresses.get(name, {}).get("allocation_id"),
            }
        )
    return items


def route_tables(
    layout: List[dict],
    prefix: str,
    mode: str,
    subnet_items: Dict[str, dict],
    internet_gateway_id: Optional[str],
    nat_gateway_items: Dict[str, dict],
) -> List[dict]:
    """Items for ec2_route_tables: one a tier and zone, with the way out that the tier has.

    Routes through a NAT gateway that is still pending are not named: the item leaves alone what there is.
    """
    nat_zones = [suffix(place) for place in nat_places(layout, mode)]

    def nat_gateway(subnet: dict) -> Dict[str, Any]:
        # A zone without a NAT gateway of its own uses the first one.
        zone = suffix(subnet) if suffix(subnet) in nat_zones else nat_zones[0]
        return nat_gateway_items.get(f"{prefix}-nat-{zone}", {})

    def routes(subnet: dict) -> Dict[str, List[dict]]:
        way_out = internet_gateway_id if subnet["internet"] == "gateway" else None
        if subnet["internet"] == "nat" and nat_zones:
            if nat_gateway(subnet).get("state") == "pending":
                return {}
            way_out = nat_gateway(subnet).get("nat_gateway_id")
        return {"routes": [{"destination": EVERYWHERE, "target": way_out}] if way_out else []}

    def item(subnet: dict) -> dict:
        name = f"{prefix}-{subnet['name']}"
        subnet_id = subnet_items.get(name, {}).get("subnet_id")
        return {"name": name, **routes(subnet), "subnet_ids": [subnet_id] if subnet_id else []}

    return [item(subnet) for subnet in layout]


def network_acls(acls: List[dict], layout: List[dict], prefix: str, subnet_items: Dict[str, dict]) -> List[dict]:
    """Items for ec2_network_acls: one a tier that has rules."""
    return [
        {
            "name": f"{prefix}-{acl['name']}",
            "ingress": acl["ingress"],
            "egress": acl["egress"],
            "subnet_ids": ids_of_tier(layout, prefix, acl["name"], subnet_items, "subnet_id"),
        }
        for acl in acls
        if any(subnet["tier"] == acl["name"] for subnet in layout)
    ]


def interface_endpoints(
    services: List[str], prefix: str, subnet_ids: List[str], security_groups: Dict[str, dict]
) -> List[dict]:
    """Items for ec2_vpc_endpoints: one a service, in the given subnets, guarded by the given groups."""
    return [
        {
            "name": f"{prefix}-{service.replace('.', '-')}",
            "service": service,
            "type": "Interface",
            "subnet_ids": subnet_ids,
            "security_group_ids": [group["group_id"] for group in security_groups.values()],
            "private_dns_enabled": True,
        }
        for service in services
    ]


def ids_of_tier(layout: List[dict], prefix: str, tier: str, resources: Dict[str, dict], id_field: str) -> List[str]:
    """The ids of a tier's resources that exist, in the order of the zones."""
    names = [f"{prefix}-{subnet['name']}" for subnet in layout if subnet["tier"] == tier]
    return [resources[name][id_field] for name in names if name in resources]


def ids_by_tier(layout: List[dict], prefix: str, resources: Dict[str, dict], id_field: str) -> Dict[str, Any]:
    """The ids of resources that are called like their subnets, by tier."""
    tiers = dict.fromkeys(subnet["tier"] for subnet in layout)
    return {tier: ids_of_tier(layout, prefix, tier, resources, id_field) for tier in tiers}
