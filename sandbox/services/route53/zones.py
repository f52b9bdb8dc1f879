# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosted zones: name servers of their own, delegation that a test decides on, and changes that take effect."""

import random
import re
import string
from datetime import datetime, timezone

from ... import delays
from ...errors import AwsError
from .. import after, answer, backend, check, correct, store
from .records import find, name_of, place, put, records_of

ZONE = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+")
SERVERS = (("com", 0), ("net", 512), ("org", 1024), ("co.uk", 1536))

_delegated = store()  # zone name: True
_changes = store()  # id: when it will be in sync


def delegate(name, wanted):
    """Whether the parent of a zone points to the zones of that name in the account."""
    if wanted:
        _delegated[name_of(name)] = True
    else:
        _delegated.pop(name_of(name), None)


def resolves(zones, name, kind, value):
    """Whether the public DNS has a record: in the closest zone that its parents know."""
    name = name_of(name)
    known = [zone for zone in _delegated if name == zone or name.endswith(f".{zone}")]
    if not known:
        return False
    closest = max(known, key=len)
    served = [zone for zone in zones.values() if name_of(zone.name) == closest and not zone.private_zone]
    records = (find(zone, name, kind) for zone in served)
    wanted = name_of(value)
    return any(name_of(item) == wanted for record in records for item in _values(record))


def _values(record):
    return [item["Value"] for item in (record or {}).get("ResourceRecords", [])]


def _new_change():
    number = "C" + "".join(random.choices(string.ascii_uppercase + string.digits, k=20))
    _changes[number] = delays.ready_at("dns-change")
    return number


def change_info(number=None):
    """What Route 53 says about a change; a new one without a number."""
    new = number is None
    number = number or _new_change()
    status = "PENDING" if new or not delays.is_past(_changes[number]) else "INSYNC"
    return {"Id": f"/change/{number}", "Status": status, "SubmittedAt": datetime.now(timezone.utc)}


@answer("route53", "GetChange")
def get_change(call):
    """moto knows every change."""
    number = call.parameters["Id"].removeprefix("/change/")
    if number not in _changes:
        raise AwsError("NoSuchChange", f"Could not find resource with ID: {number}")
    return {"ChangeInfo": change_info(number)}


@check("route53", "CreateHostedZone")
def check_zone(call):
    """A caller's reference is used once, whatever it is used for."""
    name, reference = call.parameters["Name"], call.parameters["CallerReference"]
    if not ZONE.fullmatch(name_of(name)):
        raise AwsError("InvalidDomainName", f"{name} is not a valid domain name.")
    if any(zone.caller_reference == reference for zone in backend(call).zones.values()):
        message = f"A hosted zone has already been created with the specified caller reference: {reference}"
        raise AwsError("HostedZoneAlreadyExists", message)


def new_servers():
    """Four name servers."""
    return [f"ns-{base + random.randrange(512)}.awsdns-{random.randrange(64):02}.{end}" for end, base in SERVERS]


@correct("route53", "CreateHostedZone")
def give_servers(call, parsed):
    """moto gives every zone the same servers."""
    zone = backend(call).zones[parsed["HostedZone"]["Id"].removeprefix("/hostedzone/")]
    zone.name = parsed["HostedZone"]["Name"] = name_of(zone.name)
    reused = vars(backend(call)).get("sandbox_delegation_sets", {}).get(zone.delegation_set.id.rpartition("/")[2])
    servers = reused["NameServers"] if reused else new_servers()
    if not zone.private_zone:
        zone.delegation_set.name_servers = parsed["DelegationSet"]["NameServers"] = servers
    place(zone, servers)
    parsed["ChangeInfo"] = change_info()


@answer("route53", "ListHostedZonesByName")
def list_by_name(call):
    """AWS begins at a name, where moto looks for it."""
    parameters = call.parameters
    zones = sorted(backend(call).zones.values(), key=_order)
    start = (_reversed(name_of(parameters.get("DNSName") or ".")), parameters.get("HostedZoneId") or "")
    zones = [zone for zone in zones if _order(zone) >= start]
    size = int(parameters.get("MaxItems") or 100)
    found = {"HostedZones": [_view(zone) for zone in zones[:size]], "IsTruncated": len(zones) > size}
    if parameters.get("DNSName"):
        found["DNSName"] = parameters["DNSName"]
    if len(zones) > size:
        found |= {"NextDNSName": zones[size].name, "NextHostedZoneId": zones[size].resource_id}
    return found | {"MaxItems": str(size)}


def _order(zone):
    return _reversed(zone.name), zone.resource_id


def _reversed(name):
    return name.strip(".").split(".")[::-1] if name != "." else []


def _view(zone):
    return {
        "Id": zone.id,
        "Name": zone.name,
        "CallerReference": zone.caller_reference,
        "Config": {name: value for name, value in zone.config.items() if value is not None},
        "ResourceRecordSetCount": len(records_of(zone)),
    }


@check("route53", "DeleteHostedZone")
def refuse_filled(call):
    """Only the records that came with a zone go with it."""
    zone = zone_of(call, call.parameters["Id"])
    apex = {(zone.name, "NS", None), (zone.name, "SOA", None)}
    if set(records_of(zone)) - apex:
        message = "The specified hosted zone contains non-required resource record sets and so cannot be deleted."
        raise AwsError("HostedZoneNotEmpty", message)


@after("route53", "DeleteHostedZone")
def forget_tags(call):
    """moto keeps them for ever."""
    backend(call).resource_tags.pop(call.parameters["Id"].removeprefix("/hostedzone/"), None)


@correct("route53", "DeleteHostedZone")
def answer_deletion(_call, parsed):
    """moto names the same change every time."""
    parsed["ChangeInfo"] = change_info()


@check("route53", "ListTagsForResource", "ListTagsForResources")
def require_tagged(call):
    """moto answers for zones that do not exist."""
    parameters = call.parameters
    if len(parameters.get("ResourceIds") or []) > 10:
        raise AwsError("InvalidInput", "The tags of at most 10 resources can be listed at once.")
    if parameters["ResourceType"] == "hostedzone":
        for number in parameters.get("ResourceIds") or [parameters["ResourceId"]]:
            zone_of(call, number)


def zone_of(call, number):
    """A zone by its id."""
    zone = backend(call).zones.get(number.removeprefix("/hostedzone/"))
    if zone is None:
        raise AwsError("NoSuchHostedZone", f"No hosted zone found with ID: {number}")
    return zone


@answer("route53", "ChangeResourceRecordSets")
def change_records(call):
    """All changes of a batch, or none."""
    zone = zone_of(call, call.parameters["HostedZoneId"])
    put(zone, call.parameters["ChangeBatch"]["Changes"], backend(call).zones, backend(call).health_checks)
    return {"ChangeInfo": change_info()}


@answer("route53", "ListResourceRecordSets")
def list_records(call):
    """The records in the order of their names, from a name and a type on."""
    parameters = call.parameters
    zone, start = zone_of(call, parameters["HostedZoneId"]), parameters.get("StartRecordName")
    if parameters.get("StartRecordType") and not start:
        raise AwsError("InvalidInput", "The input is not valid: StartRecordType needs StartRecordName.")
    first = (_reversed(name_of(start or ".")), parameters.get("StartRecordType") or "")
    first = (*first, parameters.get("StartRecordIdentifier") or "")
    records = sorted(records_of(zone).items(), key=_record_order)
    records = [record for record in records if _record_order(record) >= first]
    size = min(int(parameters.get("MaxItems") or 300), 300)
    found = {"ResourceRecordSets": [view for _key, view in records[:size]], "IsTruncated": len(records) > size}
    if len(records) > size:
        (name, kind, identifier), _view_ = records[size]
        found |= {"NextRecordName": name, "NextRecordType": kind}
        found |= {"NextRecordIdentifier": identifier} if identifier else {}
    return found | {"MaxItems": str(size)}


def _record_order(record):
    (name, kind, identifier), _record = record
    return _reversed(name), kind, identifier or ""
