# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Routes: as users write them, in one spelling, and as AWS has them. Pure functions."""

from __future__ import annotations

import ipaddress
from typing import Any, Dict, List, Optional

from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

Route = Dict[str, Any]

# The parameter of CreateRoute and ReplaceRoute by the prefix of the target's id.
TARGETS = {
    "igw-": "GatewayId",
    "vgw-": "GatewayId",
    "nat-": "NatGatewayId",
    "eigw-": "EgressOnlyInternetGatewayId",
    "pcx-": "VpcPeeringConnectionId",
    "tgw-": "TransitGatewayId",
    "eni-": "NetworkInterfaceId",
    "vpce-": "VpcEndpointId",
    "lgw-": "LocalGatewayId",
    "cagw-": "CarrierGatewayId",
    "arn:": "CoreNetworkArn",
}


def target_parameter(target: str) -> Dict[str, str]:
    """The parameter that takes a target."""
    for prefix, parameter in TARGETS.items():
        if target.startswith(prefix):
            return {parameter: target}
    raise UserError(
        f"{target} cannot be the target of a route. To fix: give an id that begins with {', '.join(TARGETS)}."
    )


def canonical_destination(destination: str) -> str:
    """The destination as AWS writes it."""
    if destination.startswith("pl-"):
        return destination
    try:
        return str(ipaddress.ip_network(destination, strict=False))
    except ValueError as error:
        raise UserError(
            f"{destination} cannot be the destination of a route: it is neither a CIDR block nor a prefix list (pl-). "
            "To fix: write it like 10.0.0.0/16."
        ) from error


def destination_parameter(destination: str) -> Dict[str, str]:
    """The parameter that takes a canonical destination."""
    if destination.startswith("pl-"):
        return {"DestinationPrefixListId": destination}
    return {"DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock": destination}


def canonical_routes(routes: Optional[List[dict]]) -> Optional[List[Route]]:
    """Routes as dictionaries that can be compared with those of managed_routes; V(None) stays."""
    if routes is None:
        return None
    by_destination: Dict[str, Route] = {}
    for route in routes:
        destination = canonical_destination(route["destination"])
        if destination in by_destination:
            raise UserError(f"There are two routes to {destination}. To fix: keep one of them.")
        by_destination[destination] = {"destination": destination, "target": route["target"]}
        target_parameter(route["target"])
    return list(by_destination.values())


def route_from_aws(route: dict) -> Route:
    """A described route; what has no id to send traffic to has no target."""
    destinations = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    # AWS names an instance's network interface beside the instance, and a Gateway Load Balancer's endpoint as gateway.
    targets = (*dict.fromkeys(TARGETS.values()), "InstanceId")
    return {
        "destination": next(route[key] for key in destinations if route.get(key)),
        "target": next((route[key] for key in targets if route.get(key)), None),
    }


def managed_routes(described: List[dict]) -> List[Route]:
    """The routes of a described table that somebody wrote into it."""
    routes = [route_from_aws(route) for route in described if route.get("Origin", "CreateRoute") == "CreateRoute"]
    return [route for route in routes if route["target"] != "local" and not belongs_to_endpoint(route)]


def belongs_to_endpoint(route: Route) -> bool:
    """Whether a gateway endpoint keeps this route."""
    return route["destination"].startswith("pl-") and (route["target"] or "").startswith("vpce-")
