# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account holds, whatever its ids are: to compare accounts that went different ways."""

import json
import re

from .attribution import Directory

# Random, or about when something was made.
RANDOM = {
    "AttachTime", "CallerReference", "CreateDate", "CreateTime", "CreationDate", "CreationTime", "CreationTimestamp",
    "DbiResourceId", "LastUpdatedDate", "MacAddress", "NetworkInterfaceIds", "PrivateDnsName", "PrivateIp",
    "PrivateIpAddress", "PublicDnsName", "PublicIp", "RoleId", "Serial", "createdAt", "creationTime",
}  # fmt: skip
ANY_ID = re.compile(
    r"\b[a-z]{2,10}-[0-9a-f]{8,17}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b[0-9a-f]{16}\b|\b[0-9a-f]{32}\b|\b[A-Z0-9]{13,32}\b|(?<=-secret-)\w{6}\b|(?<=-url-)\w{6}\b"
    r"|(?<=:scalable-target/)\w+"
)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(?:Z|[+-]\d\d:\d\d)?")


def named(snapshot):
    """A snapshot with names for ids: {kind: [description]}."""
    known = Directory(snapshot).known
    return {kind: _ordered(_named(item, known) for item in items.values()) for kind, items in snapshot.items()}


def _named(value, known):
    if isinstance(value, dict):
        return {_named(key, known): _named(item, known) for key, item in value.items() if key not in RANDOM}
    if isinstance(value, list):
        return _ordered(_named(item, known) for item in value)
    if isinstance(value, str):
        text = TIME.sub("time", value)
        return ANY_ID.sub(lambda found: "/".join(known.get(found[0], ["id"])), text)
    return value


def _ordered(items):
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
