# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reusable delegation sets: four name servers that several zones may have; moto counts those of every zone."""

import random
import string

from ...errors import AwsError
from .. import answer, backend, check
from .zones import new_servers, zone_of

MOST = 100  # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html


def sets_of(call):
    """Those of the account, by id."""
    return backend(call, "route53").__dict__.setdefault("sandbox_delegation_sets", {})


def find(call, number):
    """One by its id."""
    found = sets_of(call).get(number.removeprefix("/delegationset/"))
    if found is None:
        raise AwsError("NoSuchDelegationSet", f"No delegation set found with ID: {number}")
    return found


def _zones(call, known):
    """The zones with the servers of a set."""
    number = known["Id"].rpartition("/")[2]
    zones = backend(call).zones.values()
    return [zone for zone in zones if zone.delegation_set.id.rpartition("/")[2] == number]


@check("route53", "CreateHostedZone")
def require_set(call):
    """The set of a new zone is there."""
    if call.parameters.get("DelegationSetId"):
        find(call, call.parameters["DelegationSetId"])


@answer("route53", "CreateReusableDelegationSet")
def create(call):
    """New servers, or those of a zone."""
    reference, zone = call.parameters["CallerReference"], call.parameters.get("HostedZoneId")
    if any(known["CallerReference"] == reference for known in sets_of(call).values()):
        raise AwsError("DelegationSetAlreadyCreated", "A delegation set with the same caller reference exists.")
    if len(sets_of(call)) >= MOST:
        raise AwsError("LimitsExceeded", f"This account already has {MOST} reusable delegation sets.")
    number = "N" + "".join(random.choices(string.ascii_uppercase + string.digits, k=20))
    known = {"Id": f"/delegationset/{number}", "CallerReference": reference, "NameServers": _servers(call, zone)}
    if zone:
        zone_of(call, zone).delegation_set.id = known["Id"]
    sets_of(call)[number] = known
    return {"DelegationSet": known, "Location": f"https://route53.amazonaws.com/2013-04-01{known['Id']}"}


def _servers(call, number):
    if not number:
        return new_servers()
    delegation_set = zone_of(call, number).delegation_set
    if delegation_set.id:
        raise AwsError("DelegationSetAlreadyReusable", "The delegation set of the hosted zone is reusable already.")
    return delegation_set.name_servers


@answer("route53", "GetReusableDelegationSet")
def get(call):
    """One of them."""
    return {"DelegationSet": find(call, call.parameters["Id"])}


@answer("route53", "ListReusableDelegationSets")
def list_all(call):
    """All, a page at a time."""
    numbers, marker = list(sets_of(call)), call.parameters.get("Marker") or ""
    size, start = int(call.parameters.get("MaxItems") or 100), numbers.index(marker) if marker in numbers else 0
    following = {"NextMarker": numbers[start + size]} if start + size < len(numbers) else {}
    found = {"DelegationSets": [sets_of(call)[number] for number in numbers[start : start + size]], **following}
    return {**found, "Marker": marker, "IsTruncated": bool(following), "MaxItems": str(size)}


@answer("route53", "DeleteReusableDelegationSet")
def delete(call):
    """A set stays while a zone has it."""
    known = find(call, call.parameters["Id"])
    if _zones(call, known):
        raise AwsError("DelegationSetInUse", "The delegation set is associated with at least one hosted zone.")
    del sets_of(call)[known["Id"].rpartition("/")[2]]
    return {}


@answer("route53", "GetReusableDelegationSetLimit")
def limit(call):
    """How many zones may have it, and have it."""
    known = find(call, call.parameters["DelegationSetId"])
    return {"Limit": {"Type": call.parameters["Type"], "Value": 100}, "Count": len(_zones(call, known))}
