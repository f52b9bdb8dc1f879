#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: route53_zones
version_added: 1.0.0
short_description: Find public hosted zones, and create those that are asked for
description:
  - Finds the public hosted zone of a domain by its name.
  - A zone is usually older than the platform and shared by several environments, so the module creates one only where
    O(zones[].create) says so.
  - What another run or somebody else created is adopted as it is; its comment and its tags are left alone, and
    O(state=absent) does not delete it. What a run with the same Platform and Environment in O(tags) created belongs to
    that run, which the zone's caller reference and tags show.
  - Two runs that create the same zone at the same time create one.
  - O(state=absent) deletes no zone that has records besides those that AWS made.
  - Exists beside M(amazon.aws.route53_zone) because that module creates whatever it does not find, deletes zones that
    others share, returns no name servers, and predicts no zone in check mode.
options:
  zones:
    description:
      - The zones. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The domain.
        type: str
        required: true
      zone_id:
        description: The id of the zone. Required where there are two public zones of the same name.
        type: str
      create:
        description: Whether to create the zone when there is none.
        type: bool
        default: false
      comment:
        description: What the zone is for. At most 256 characters.
        type: str
      tags:
        description: Tags of this zone beside O(tags).
        type: dict
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Find the zone of a domain
  groundwork.aws.route53_zones:
    zones:
      - name: example.com
  register: dns

- name: Create the zone of a subdomain when there is none
  groundwork.aws.route53_zones:
    zones:
      - name: staging.example.com
        create: true
        comment: Staging
    tags:
      Platform: dougust
      Environment: staging
"""

RETURN = r"""
zones:
  description: The zones by name. One that does not exist and that nothing creates is there without an id.
  returned: always
  type: dict
  sample:
    example.com:
      name: example.com
      zone_id: Z0123456789ABCDEFGHIJ
      name_servers: [ns-1.awsdns-01.org, ns-2.awsdns-02.com, ns-3.awsdns-03.net, ns-4.awsdns-04.co.uk]
      comment: ""
      found: true
      created_here: false
      tags: {}
"""

import hashlib

from ansible_collections.groundwork.aws.plugins.module_utils import dns, lifecycle, planned
from ansible_collections.groundwork.aws.plugins.module_utils.api import route53 as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

# How often a zone may have been deleted and be created again: AWS takes a caller reference once in a lifetime.
REFERENCES = 100

ARGUMENT_SPEC = {
    "zones": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "zone_id": {"type": "str"},
            "create": {"type": "bool", "default": False},
            "comment": {"type": "str"},
            "tags": {"type": "dict"},
        },
    },
}


def reference(name):
    """How the caller references of the zones of a domain begin: not by environment, since they would make one each."""
    return f"groundwork-{hashlib.sha256(dns.normal_name(name).encode()).hexdigest()[:32]}-"


class Zone(lifecycle.Kind):
    service = "route53"
    type = "hostedzone"
    result = "zones"
    items = "zones"

    def __init__(self, module):
        super().__init__(module)
        self.left_alone = set()  # the names of zones that are missing, or somebody else's

    def label(self, name):
        return f"hosted zone {name}"

    def validate(self, items):
        for item in items:
            name = dns.normal_name(item["name"])
            if not dns.is_name(name) or name.startswith("*"):
                raise UserError(f"{self.label(item['name'])} is no name of a domain. To fix: write it as example.com.")
            if len(item["comment"] or "") > 256:
                raise UserError(f"{self.label(item['name'])} has too long a comment. To fix: at most 256 characters.")

    def find(self, items):
        described = {item["name"]: self.describe(item) for item in items}
        zone_ids = [zone_id(one["HostedZone"]) for one in described.values() if one]
        tags = api.list_tags_for_resources(self.client, zone_ids)
        found = {}
        for item in items:
            one = described[item["name"]]
            if one:
                found[item["name"]] = self.from_aws(item, one, tags.get(zone_id(one["HostedZone"]), {}))
            elif not self.to_be_created(item):
                self.left_alone.add(item["name"])
                found[item["name"]] = self.missing(item)
        if self.params["state"] == "absent":
            return {name: zone for name, zone in found.items() if zone["created_here"]}
        return found

    def to_be_created(self, item):
        return item["create"] and (self.check_mode or self.params["state"] != "gathered")

    def describe(self, item):
        """The zone with its name servers, or None."""
        found = item["zone_id"] or self.id_by_name(item["name"])
        described = api.get_hosted_zone(self.client, found) if found else None
        if item["zone_id"] and self.params["state"] == "present":
            self.refuse_other(item, described)
        return described

    def id_by_name(self, name):
        wanted = dns.normal_name(name)
        zones = [
            zone
            for zone in api.list_hosted_zones_by_name(self.client, wanted)
            if dns.normal_name(zone["Name"]) == wanted and not zone["Config"].get("PrivateZone")
        ]
        if len(zones) > 1:
            ids = " and ".join(zone_id(zone) for zone in zones)
            raise UserError(
                f"There are two: {self.label(name)} is {ids}. To fix: name the one that the domain is delegated to as "
                "zone_id; nothing was changed, because only you can tell which one it is."
            )
        return zone_id(zones[0]) if zones else None

    def refuse_other(self, item, described):
        zone = described["HostedZone"] if described else {"Name": "nothing", "Config": {}}
        if dns.normal_name(zone["Name"]) != dns.normal_name(item["name"]) or zone["Config"].get("PrivateZone"):
            kind = "a private zone" if zone["Config"].get("PrivateZone") else zone["Name"]
            raise UserError(
                f"{self.label(item['name'])}: zone_id {item['zone_id']} is {kind}. To fix: give the id of the public "
                "zone of this domain, or leave it out."
            )

    def from_aws(self, item, described, tags):
        zone = described["HostedZone"]
        ours = self.is_ours(item, zone, tags)
        if not ours:
            self.left_alone.add(item["name"])
        return {
            "name": item["name"],
            "zone_id": zone_id(zone),
            "name_servers": described.get("DelegationSet", {}).get("NameServers", []),
            "comment": zone["Config"].get("Comment", ""),
            "found": True,
            "created_here": ours,
            "tags": tags,
        }

    def is_ours(self, item, zone, tags):
        """Whether this platform and environment created the zone, also when it was killed before tagging it."""
        if not zone["CallerReference"].startswith(reference(item["name"])):
            return False
        untagged = not any(key in tags for key in lifecycle.IDENTITY_TAGS)
        identity = self.identity()
        return item["create"] if untagged else bool(identity) and identity.items() <= tags.items()

    def missing(self, item):
        nothing = {"zone_id": None, "name_servers": [], "comment": "", "found": False, "created_here": False}
        return {"name": item["name"], **nothing, "tags": {}}

    def planned(self, item):
        name = dns.normal_name(item["name"])
        return {"zone_id": planned.zone_id(name), "name_servers": [], "found": True, "created_here": True}

    def desired(self, item):
        return {} if item["name"] in self.left_alone else {"comment": item["comment"]}

    def tags(self, item, current=None):
        return None if item["name"] in self.left_alone else super().tags(item, current)

    def create(self, item):
        wanted = {"Name": dns.normal_name(item["name"])}
        if item["comment"]:
            wanted["HostedZoneConfig"] = {"Comment": item["comment"]}
        for number in range(1, REFERENCES + 1):
            caller_reference = f"{reference(item['name'])}{number}"
            created = api.create_hosted_zone(self.client, CallerReference=caller_reference, **wanted)
            created = created or self.describe(item)  # the reference was used: by another run just now, or long ago
            if created:
                tags = api.list_tags_for_resources(self.client, [zone_id(created["HostedZone"])])
                return self.from_aws(item, created, tags.get(zone_id(created["HostedZone"]), {}))
        raise UserError(
            f"{self.label(item['name'])} has been created and deleted {REFERENCES} times, and AWS takes each caller "
            "reference once. To fix: create it by hand; it is adopted then."
        )

    def update_comment(self, resource, before, after):
        api.update_hosted_zone_comment(self.client, resource["zone_id"], after)

    def set_tags(self, resource, tags):
        api.add_tags(self.client, resource["zone_id"], tags)

    def remove_tags(self, resource, keys):
        api.remove_tags(self.client, resource["zone_id"], keys)

    def delete(self, resource):
        api.delete_hosted_zone(self.client, resource["name"], resource["zone_id"])


def zone_id(zone):
    """The id without the folder that Route 53 puts before it."""
    return zone["Id"].rpartition("/")[2]


def main():
    lifecycle.run(Zone, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
