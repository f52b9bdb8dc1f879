#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: route53_records
version_added: 1.0.0
short_description: Manage records of a hosted zone
description:
  - Creates, changes, deletes or reads records with simple routing, found by their name and type.
  - All changes of a run are sent as one, so that Route 53 carries out all of them or none.
  - Records have no tags. The named ones belong to the run; what another run or somebody else wrote there is replaced.
  - Names and values are compared as DNS reads them, in small letters and without the final dot.
  - Exists beside M(amazon.aws.route53) because that module changes one record a run, waits for each of them, and fails
    in check mode on a zone that does not exist yet.
options:
  zone_id:
    description:
      - The hosted zone.
    type: str
  records:
    description:
      - The records. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The full name, such as V(api.example.com) or V(*.example.com).
        type: str
        required: true
      type:
        description: The type.
        type: str
        choices: [A, AAAA, CAA, CNAME, DS, HTTPS, MX, NAPTR, NS, PTR, SPF, SRV, SSHFP, SVCB, TLSA, TXT]
        required: true
      ttl:
        description: How many seconds resolvers may remember the values.
        type: int
        default: 300
      values:
        description: The values, as they stand in a zone file; texts may be without quotes. Order never counts.
        type: list
        elements: str
      alias:
        description: The AWS resource that the record stands for, instead of O(records[].values).
        type: dict
        suboptions:
          dns_name:
            description: The DNS name of the resource.
            type: str
            required: true
          zone_id:
            description: The hosted zone of the resource, which the resource's service tells.
            type: str
            required: true
          evaluate_target_health:
            description: Whether Route 53 answers only while the resource is healthy.
            type: bool
            default: false
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
notes:
  - O(tags) and O(undeclared) have no effect, because records have no tags.
"""

EXAMPLES = r"""
- name: Let a name lead to a load balancer, and prove a domain to ACM
  groundwork.aws.route53_records:
    zone_id: Z0123456789ABCDEFGHIJ
    records:
      - name: api.example.com
        type: A
        alias:
          dns_name: dougust-production-1234567890.us-east-1.elb.amazonaws.com
          zone_id: Z35SXDOTRQ7X7K
          evaluate_target_health: true
      - name: _d930b28be6c5927595552b219965053e.api.example.com
        type: CNAME
        values: [_c9edd76ee4a0e2a74388032f3861cc50.ykybfrwcxw.acm-validations.aws]
"""

RETURN = r"""
records:
  description: The records, by name and type.
  returned: always
  type: dict
  sample:
    api.example.com A:
      name: api.example.com A
      record: api.example.com
      type: A
      alias:
        dns_name: dougust-production-1234567890.us-east-1.elb.amazonaws.com
        zone_id: Z35SXDOTRQ7X7K
        evaluate_target_health: true
"""

from ansible_collections.groundwork.aws.plugins.module_utils import compare, dns, lifecycle, waiters
from ansible_collections.groundwork.aws.plugins.module_utils.api import route53 as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

LONGEST_TTL = 2147483647

ARGUMENT_SPEC = {
    "zone_id": {"type": "str"},
    "records": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "type": {
                "type": "str",
                "choices": ["A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR"]
                + ["NS", "PTR", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT"],
                "required": True,
            },
            "ttl": {"type": "int", "default": 300},
            "values": {"type": "list", "elements": "str"},
            "alias": {
                "type": "dict",
                "options": {
                    "dns_name": {"type": "str", "required": True},
                    "zone_id": {"type": "str", "required": True},
                    "evaluate_target_health": {"type": "bool", "default": False},
                },
            },
        },
        "mutually_exclusive": [("values", "alias")],
    },
}


def flaw(item):
    """What is wrong with an item; empty when nothing is."""
    if not dns.is_name(item["record"]):
        return "is no name of a host. To fix: write it as api.example.com"
    if not item["values"] and not item["alias"]:
        return "has nothing to answer. To fix: give it values or an alias"
    if not 0 <= item["ttl"] <= LONGEST_TTL:
        return f"has a ttl of {item['ttl']}. To fix: 0 to {LONGEST_TTL}"
    return dns.value_flaw(item["type"], item["values"] or [])


def to_aws(record):
    """A record as Route 53 wants it."""
    wanted = {"Name": record["record"], "Type": record["type"]}
    if record.get("alias"):
        alias = record["alias"]
        wanted["AliasTarget"] = {
            "DNSName": alias["dns_name"],
            "HostedZoneId": alias["zone_id"],
            "EvaluateTargetHealth": alias["evaluate_target_health"],
        }
        return wanted
    return {**wanted, "TTL": record["ttl"], "ResourceRecords": [{"Value": value} for value in record["values"]]}


def from_aws(name, found):
    """A record of Route 53 as this module returns it."""
    record = {"name": name, "record": dns.normal_name(found["Name"]), "type": found["Type"]}
    alias = found.get("AliasTarget")
    if alias:
        target = {"dns_name": alias["DNSName"], "zone_id": alias["HostedZoneId"]}
        return {
            **record,
            "alias": dns.normal_alias({**target, "evaluate_target_health": alias["EvaluateTargetHealth"]}),
        }
    values = [dns.normal_value(found["Type"], one["Value"]) for one in found.get("ResourceRecords", [])]
    return {**record, "ttl": found.get("TTL"), "values": values}


class Record(lifecycle.Kind):
    service = "route53"
    type = "record"
    result = "records"
    items = "records"
    parents = ("zone_id",)

    def __init__(self, module):
        super().__init__(module)
        self.found = {}  # the record sets as Route 53 answered them: what it deletes has to be equal
        self.change_id = None
        for item in self.params["records"]:
            item["record"] = dns.normal_name(item["name"])
            item["name"] = f"{item['record']} {item['type']}"

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")

    def find(self, items):
        for item in items:
            sets = api.list_resource_record_sets(self.client, self.params["zone_id"], item["record"], item["type"])
            for one in sets:
                if (dns.normal_name(one["Name"]), one["Type"]) == (item["record"], item["type"]):
                    self.refuse_routed(item["name"], one)
                    self.found[item["name"]] = one
        return {name: from_aws(name, one) for name, one in self.found.items()}

    def refuse_routed(self, name, found):
        if "SetIdentifier" in found and self.params["state"] != "gathered":
            raise UserError(
                f"{self.label(name)} is one of several with a routing policy ({found['SetIdentifier']}). Nothing was "
                "changed. To fix: delete those by hand, or choose another name."
            )

    def tags(self, item, current=None):
        return None

    def planned(self, item):
        return self.whole(item)

    def desired(self, item):
        if item["alias"]:
            return {"alias": dns.normal_alias(item["alias"])}
        values = [dns.normal_value(item["type"], value) for value in item["values"] or []]
        return {"ttl": item["ttl"], "values": values}

    def whole(self, item):
        return {"name": item["name"], "record": item["record"], "type": item["type"], **self.desired(item)}

    def create(self, item):
        self.write()
        return self.whole(item)

    def update(self, resource, changes):
        self.write()
        item = next(item for item in self.params["records"] if item["name"] == resource["name"])
        resource.clear()
        resource.update(self.whole(item))

    def delete(self, resource):
        changes = [{"Action": "DELETE", "ResourceRecordSet": one} for one in self.found.values()]
        self.send(changes)

    def write(self):
        """Send everything that this run has to write, at the first change that the life cycle asks for."""
        current = {name: from_aws(name, one) for name, one in self.found.items()}
        items = self.params["records"]
        differing = [item for item in items if compare.difference(current.get(item["name"], {}), self.desired(item))]
        self.send([{"Action": "UPSERT", "ResourceRecordSet": to_aws(self.whole(item))} for item in differing])

    def send(self, changes):
        if self.change_id is None:
            self.change_id = api.change_resource_record_sets(self.client, self.params["zone_id"], len(changes), changes)

    def settle(self, resources, timeout):
        if self.change_id:
            what = f"the records of hosted zone {self.params['zone_id']} at all name servers"
            waiters.wait(self.client, "records_in_sync", what, timeout, Id=self.change_id)

    def settle_deleted(self, resources, timeout):
        self.settle(resources, timeout)


def main():
    lifecycle.run(Record, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
