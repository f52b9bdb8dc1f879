# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of hosted zones, and what Route 53 refuses in a batch of changes."""

import ipaddress
import re

from ...errors import AwsError

ACTIONS = ("CREATE", "DELETE", "UPSERT")
PLAIN = re.compile(r"[a-z0-9_.\\-]")
QUOTED = re.compile(r'("[^"]*"\s*)+')
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
MOST_VALUES, LONGEST_STRING = 1000, 255
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
ROUTING = (
    "Weight",
    "Region",
    "Failover",
    "GeoLocation",
    "MultiValueAnswer",
    "CidrRoutingConfig",
    "GeoProximityLocation",
)
FIELDS = {"MX": 2, "SRV": 4, "CAA": 3}
CLOUDFRONT = "Z2FDTNDATAQYW2"  # the zone of every distribution
KINDS = (
    "A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB",
    "TLSA", "TXT",
)  # fmt: skip


def name_of(name):
    """A name as Route 53 keeps it: in lower case, with its last dot, and with codes for what is special."""
    name = "".join(letter if PLAIN.match(letter) else f"\\{ord(letter):03o}" for letter in name.lower())
    return name if name.endswith(".") else f"{name}."


def records_of(zone):
    """{(name, type, set identifier): record} of a zone."""
    if not hasattr(zone, "sandbox_records"):
        zone.sandbox_records = {}
        for item in zone.rrsets:
            values = [value if isinstance(value, dict) else {"Value": value} for value in item.records]
            record = {"Name": name_of(item.name), "Type": item.type, "TTL": int(item.ttl), "ResourceRecords": values}
            zone.sandbox_records[_key(record)] = record
    return zone.sandbox_records


def find(zone, name, kind):
    """A record that is the only one of its name and type; None if there is none."""
    return records_of(zone).get((name_of(name), kind, None))


def place(zone, servers):
    """The records that a zone comes with."""
    soa = f"{servers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"
    rows = (("NS", 172800, [f"{server}." for server in servers]), ("SOA", 900, [soa]))
    zone.sandbox_records = {}
    for kind, ttl, values in rows:
        values = [{"Value": value} for value in values]
        record = {"Name": zone.name, "Type": kind, "TTL": ttl, "ResourceRecords": values}
        zone.sandbox_records[_key(record)] = record
    _sync(zone)


def put(zone, changes, zones, health_checks=()):
    """Apply a batch of changes to a zone, or refuse all of it."""
    records, seen = dict(records_of(zone)), set()
    _check_size(changes)
    for change in changes:
        action, record = change["Action"], _normal(change["ResourceRecordSet"])
        if action not in ACTIONS:
            raise AwsError("InvalidInput", f"Invalid action {action}: must be CREATE, DELETE or UPSERT.")
        _check_shape(zone, action, record)
        _check_routing(action, record, health_checks)
        if (action == "DELETE", _key(record)) in seen:
            kind, name = record["Type"], record["Name"]
            raise _refused(f"The request contains an invalid set of changes for a resource record set '{kind} {name}'")
        seen.add((action == "DELETE", _key(record)))
        _apply(zone, records, action, record)
    _check_all(zone, records, changes, zones)
    zone.sandbox_records = records
    _sync(zone)


def _sync(zone):
    """moto counts its own."""
    zone.rrsets = []
    for record in zone.sandbox_records.values():
        values = [item["Value"] for item in record.get("ResourceRecords", [])]
        zone.add_rrset(record | {"ResourceRecords": values})


def _key(record):
    return record["Name"], record["Type"], record.get("SetIdentifier")


def _normal(given):
    record = {name: value for name, value in given.items() if value not in (None, [], "")}
    record["Name"] = name_of(record["Name"])
    if "AliasTarget" in record:
        record["AliasTarget"] = record["AliasTarget"] | {"DNSName": name_of(record["AliasTarget"]["DNSName"])}
    return record


def _apply(zone, records, action, record):
    key, known = _key(record), records.get(_key(record))
    named = f"resource record set [name='{record['Name']}', type='{record['Type']}']"
    if action == "CREATE" and known:
        raise _refused(f"Tried to create {named} but it already exists")
    if action == "DELETE":
        if not known:
            raise _refused(f"Tried to delete {named} but it was not found")
        if _comparable(known) != _comparable(record):
            raise _refused(f"Tried to delete {named} but the values provided do not match the current values")
        if key[0] == zone.name and key[1] in ("NS", "SOA"):
            raise _refused(f"A HostedZone must contain at least one {key[1]} record for the zone itself.")
        del records[key]
    else:
        records[key] = record


def _comparable(record):
    values = sorted(item["Value"] for item in record.get("ResourceRecords", []))
    return {**record, "ResourceRecords": values}


def _check_shape(zone, action, record):
    kind, name = record["Type"], record["Name"]
    if kind not in KINDS:
        raise AwsError("InvalidInput", f"Value '{kind}' at 'type' failed to satisfy constraint.")
    if name != zone.name and not name.endswith(f".{zone.name}"):
        raise _refused(f"RRSet with DNS name {name} is not permitted in zone {zone.name}")
    plain = "TTL" in record and "ResourceRecords" in record
    either = "TTL" in record or "ResourceRecords" in record
    if ("AliasTarget" in record) == plain or ("AliasTarget" in record and either):
        message = (
            "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or"
            f" TrafficPolicyInstanceId], but found {'more than one' if either else 'none'} in Change with"
            f" [Action={action}, Name={name}, Type={kind}, SetIdentifier={record.get('SetIdentifier', 'null')}]"
        )
        raise AwsError("InvalidInput", message)
    if "AliasTarget" in record:
        target = record["AliasTarget"]
        missing = [key for key in ("HostedZoneId", "DNSName", "EvaluateTargetHealth") if target.get(key) is None]
        if missing:
            raise AwsError("InvalidInput", f"Missing in AliasTarget: {', '.join(missing)}")
    for item in record.get("ResourceRecords", []):
        _check_value(kind, item["Value"])


def _check_size(changes):
    """What is created or replaced counts, and that twice if it may be either."""
    values = sum(
        (2 if change["Action"] == "UPSERT" else 1) * len(change["ResourceRecordSet"].get("ResourceRecords") or [])
        for change in changes
    )
    if values > MOST_VALUES:
        raise _refused(f"Number of records limit of {MOST_VALUES} exceeded.")


def _check_routing(action, record, health_checks):
    given = [name for name in ROUTING if record.get(name) is not None]
    named = record.get("SetIdentifier")
    where = f"in Change with [Action={action}, Name={record['Name']}, Type={record['Type']}"
    where += f", SetIdentifier={named or 'null'}]"
    if given and not named:
        raise AwsError("InvalidInput", f"Invalid request: Missing field 'SetIdentifier' {where}")
    if len(given) != bool(named):
        found = "more than one" if given else "none"
        message = f"Invalid request: Expected exactly one of [{', '.join(ROUTING)}], but found {found} {where}"
        raise AwsError("InvalidInput", message)
    number = record.get("HealthCheckId")
    if number and action != "DELETE" and number not in health_checks:
        raise AwsError("NoSuchHealthCheck", f"A health check with id {number} does not exist.")


def _check_value(kind, value):
    problem = None
    if kind in ("A", "AAAA") and not _is_address(value, 4 if kind == "A" else 6):
        problem = f"{kind}RRDATAIllegalIPv{4 if kind == 'A' else 6}Address (Value is not a valid address)"
    if kind in ("TXT", "SPF") and not QUOTED.fullmatch(value):
        problem = "InvalidCharacterString (Value should be enclosed in quotation marks)"
    if kind in ("TXT", "SPF") and any(len(part) > LONGEST_STRING for part in re.findall(r'"([^"]*)"', value)):
        problem = "CharacterStringTooLong (Value is too long)"
    if kind in FIELDS and len(value.split(None, FIELDS[kind] - 1)) != FIELDS[kind]:
        problem = f"{kind}RRDATANot{FIELDS[kind]}Fields (Value does not have the fields of the type)"
    if kind in ("CNAME", "NS", "PTR") and (not value.strip(".") or " " in value):
        problem = "DomainLabelEmpty (Domain label is empty)"
    if problem:
        raise _refused(f"Invalid Resource Record: 'FATAL problem: {problem} encountered with '{value}''")


def _is_address(value, version):
    try:
        return ipaddress.ip_address(value).version == version
    except ValueError:
        return False


def _check_all(zone, records, changes, zones):
    """What only the zone as it will be can tell."""
    names = {name_of(change["ResourceRecordSet"]["Name"]) for change in changes}
    for key, record in records.items():
        name, kind, identifier = key
        if name not in names:
            continue
        if kind == "CNAME" and name == zone.name:
            raise _refused(f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {zone.name}")
        others = {other for other in records if other[0] == name and other != key}
        if kind == "CNAME" and any(other[1] != "CNAME" for other in others):
            message = "is not permitted as it conflicts with other records with the same DNS name in zone"
            raise _refused(f"RRSet of type CNAME with DNS name {name} {message} {zone.name}")
        if any(other[1] == kind and bool(other[2]) != bool(identifier) for other in others):
            raise _refused(
                f"RRSet with DNS name {name}, type {kind} cannot be mixed with one of another routing policy."
            )
        if kind == "CNAME" and len(record.get("ResourceRecords", [])) > 1:
            raise _refused(f"The CNAME record set {name} has more than one value")
        _check_alias(record, records, zone, zones)


def _check_alias(record, records, zone, zones):
    """A target in a zone of the account is a record of that zone; one of CloudFront is a distribution's name."""
    target = record.get("AliasTarget")
    if target and target["HostedZoneId"] == CLOUDFRONT and not target["DNSName"].endswith(".cloudfront.net."):
        message = (
            f"Tried to create an alias that targets {target['DNSName']}, type {record['Type']} in zone {CLOUDFRONT}"
        )
        raise _refused(f"{message}, but the alias target name does not lie within the target zone")
    if not target or target["HostedZoneId"] not in zones:
        return
    other = zones[target["HostedZoneId"]]
    known = records if other is zone else records_of(other)
    if not any(key[:2] == (target["DNSName"], record["Type"]) for key in known):
        message = f"Tried to create an alias that targets {target['DNSName']}, type {record['Type']} in zone "
        raise _refused(f"{message}{target['HostedZoneId']}, but that target was not found")


def _refused(message):
    return AwsError("InvalidChangeBatch", f"[{message}]")
