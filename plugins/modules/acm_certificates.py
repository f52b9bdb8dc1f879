#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: acm_certificates
version_added: 1.0.0
short_description: Request public certificates that are validated by DNS records
description:
  - Requests, reads or deletes public certificates of ACM, found by their Name tag and the Platform and Environment tags
    of O(tags). It returns the DNS records that prove the domains; M(groundwork.aws.route53_records) writes them.
  - A certificate cannot change its domains. Where they differ, a new one is requested under the same name, and the
    former one is deleted by a later run, once the new one is issued and nothing uses the former one any more.
  - A certificate that failed, expired, was revoked or timed out is requested again, and deleted where nothing uses it.
  - Exists because M(community.aws.acm_certificate) imports and deletes certificates but cannot request one.
options:
  certificates:
    description:
      - The certificates. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, which becomes the Name tag.
        type: str
        required: true
      domain_name:
        description: The domain, or V(*.example.com) for all of its subdomains. At most 64 characters. Required.
        type: str
      alternative_names:
        description: The other domains of the certificate. The list is complete.
        type: list
        elements: str
      key_algorithm:
        description: The algorithm of the key.
        type: str
        choices: [RSA_2048, EC_prime256v1, EC_secp384r1]
        default: RSA_2048
      tags:
        description: Tags of this certificate beside O(tags).
        type: dict
  wait_issued:
    description:
      - With O(wait) a run waits until AWS has told the DNS records; with this, until the certificates are issued.
      - That they are not after O(wait_timeout), because a domain is not delegated yet for example, is no failure;
        RV(certificates) says so.
    type: bool
    default: false
  account_id:
    description:
      - The account, for the ARN of a certificate that check mode would request.
    type: str
    default: "000000000000"
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
seealso:
  - module: groundwork.aws.route53_records
"""

EXAMPLES = r"""
- name: Request a certificate and learn its DNS records
  groundwork.aws.acm_certificates:
    certificates:
      - name: dougust-production
        domain_name: example.com
        alternative_names: ['*.example.com']
    tags:
      Platform: dougust
      Environment: production
  register: requested

- name: Prove the domains
  groundwork.aws.route53_records:
    zone_id: Z0123456789ABCDEFGHIJ
    records:
      - name: "{{ proof.name }}"
        type: "{{ proof.type }}"
        values: ["{{ proof.value }}"]
  vars:
    proof: "{{ requested.certificates['dougust-production'].validation_records | first }}"

- name: Wait until it is issued
  groundwork.aws.acm_certificates:
    certificates:
      - name: dougust-production
        domain_name: example.com
        alternative_names: ['*.example.com']
    tags:
      Platform: dougust
      Environment: production
    wait_issued: true
"""

RETURN = r"""
certificates:
  description: The certificates by name.
  returned: always
  type: dict
  sample:
    dougust-production:
      name: dougust-production
      arn: arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab
      status: ISSUED
      issued: true
      in_use: true
      domain_name: example.com
      alternative_names: ['*.example.com']
      key_algorithm: RSA_2048
      validation_records:
        - name: _d930b28be6c5927595552b219965053e.example.com
          type: CNAME
          value: _c9edd76ee4a0e2a74388032f3861cc50.ykybfrwcxw.acm-validations.aws
      superseded: []
      tags: {Platform: dougust, Environment: production}
"""

import hashlib
import re

from ansible_collections.groundwork.aws.plugins.module_utils import dns, lifecycle, planned, waiters
from ansible_collections.groundwork.aws.plugins.module_utils.api import acm as api
from ansible_collections.groundwork.aws.plugins.module_utils.api import tagging
from ansible_collections.groundwork.aws.plugins.module_utils.errors import AwsCallError, UserError, error_code

# botocore: DomainNameString; the first name becomes the common name, which X.509 keeps to 64 characters.
DOMAIN = r"(?=.{1,253}$)(\*\.)?(((?!-)[a-z0-9-]{0,62}[a-z0-9])\.)+((?!-)[a-z0-9-]{1,62}[a-z0-9])"
LONGEST_COMMON_NAME = 64
MOST_NAMES = 100
USABLE = ("PENDING_VALIDATION", "ISSUED")
# How often a token may lead to a certificate that is deleted: ACM remembers tokens for an hour.
TOKENS = 5
# https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html
FAILURES = {
    "ADDITIONAL_VERIFICATION_REQUIRED": "ask AWS Support to verify the domain",
    "CAA_ERROR": 'let a CAA record of the domain allow it: 0 issue "amazon.com"',
    "DOMAIN_NOT_ALLOWED": "ask AWS Support: the domain counts as unsafe",
    "DOMAIN_VALIDATION_DENIED": "ask AWS Support why the domain was denied",
    "INVALID_PUBLIC_DOMAIN": "choose a domain below a public one, such as .com",
}

ARGUMENT_SPEC = {
    "certificates": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "domain_name": {"type": "str"},
            "alternative_names": {"type": "list", "elements": "str"},
            "key_algorithm": {
                "type": "str",
                "choices": ["RSA_2048", "EC_prime256v1", "EC_secp384r1"],
                "default": "RSA_2048",
                "no_log": False,
            },
            "tags": {"type": "dict"},
        },
    },
    "wait_issued": {"type": "bool", "default": False},
    "account_id": {"type": "str", "default": "000000000000"},
}


def domain_of(item):
    """The first domain, as it is compared; None where the item names none."""
    return dns.normal_name(item["domain_name"]) if item["domain_name"] else None


def alternatives(domain, names):
    """The other domains of a certificate, as they are compared."""
    return sorted({dns.normal_name(name) for name in names} - {domain})


def flaw(item):
    """What is wrong with an item; empty when nothing is."""
    domain = domain_of(item)
    if not domain:
        return "has no domain_name. To fix: name its domain"
    names = [domain, *alternatives(domain, item["alternative_names"] or [])]
    wrong = [name for name in names if not re.fullmatch(DOMAIN, name)]
    if wrong:
        return f"is for {wrong[0]}, which is no domain. To fix: write it as example.com or *.example.com"
    if len(domain) > LONGEST_COMMON_NAME:
        return f"has too long a domain_name. To fix: at most {LONGEST_COMMON_NAME} characters; others may be longer"
    return f"has {len(names)} domains. To fix: at most {MOST_NAMES}" if len(names) > MOST_NAMES else ""


def validation_records(described):
    """The records that prove the domains; a domain and its wildcard share one."""
    found = {}
    for option in described.get("DomainValidationOptions", []):
        record = option.get("ResourceRecord")
        if record:
            name, value = dns.normal_name(record["Name"]), dns.normal_name(record["Value"])
            found[name] = {"name": name, "type": record["Type"], "value": value}
    return [found[name] for name in sorted(found)]


class Certificate(lifecycle.Kind):
    service = "acm"
    type = "certificate"
    result = "certificates"
    items = "certificates"
    tagged_as = "acm:certificate"

    def __init__(self, module):
        super().__init__(module)
        self.certificates = {}  # all that carry an item's name, as AWS describes them, newest first

    def name_of(self, arn, tags):
        return tags.get("Name", "")

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")

    def find(self, items):
        arns = self.tagged([item["name"] for item in items])
        found = {}
        for item in items:
            described = [api.describe_certificate(self.client, arn) for arn in arns.get(item["name"], [])]
            known = [one for one in described if one and one["Type"] == "AMAZON_ISSUED"]
            known.sort(key=lambda one: (one["CreatedAt"], one["CertificateArn"]), reverse=True)
            self.certificates[item["name"]] = known
            chosen = next((one for one in known if self.is_wanted(item, one)), None)
            if chosen and not self.is_needed(item, known):
                tags = api.list_tags_for_certificate(self.client, chosen["CertificateArn"])
                found[item["name"]] = self.from_aws(item["name"], chosen, tags)
        return found

    def tagged(self, names):
        """The ARNs of the certificates that carry one of these names, by name."""
        client = lifecycle.make_client(self.module, "resourcegroupstaggingapi")
        found = {}
        for arn, tags in tagging.get_resources(client, self.tagged_as, self.identity()).items():
            if tags.get("Name") in names:
                found.setdefault(tags["Name"], []).append(arn)
        return found

    def is_wanted(self, item, described):
        """Whether a certificate is what an item asks for; to be deleted, any is."""
        if self.params["state"] == "absent" or not item["domain_name"]:
            return True
        fields = self.from_aws(item["name"], described, {})
        same = all(fields[field] == value for field, value in self.fixed(item).items())
        return same and described["Status"] in USABLE

    def is_needed(self, item, known):
        """Whether something still uses what is not declared any more: its listener lets go of it later in a run."""
        deleting = self.params["state"] == "present" and self.params["undeclared"].startswith("delete")
        return deleting and not item["domain_name"] and any(one.get("InUseBy") for one in known)

    def from_aws(self, name, described, tags):
        domain = dns.normal_name(described["DomainName"])
        return {
            "name": name,
            "arn": described["CertificateArn"],
            "status": described["Status"],
            "issued": described["Status"] == "ISSUED",
            "in_use": bool(described.get("InUseBy")),
            "domain_name": domain,
            "alternative_names": alternatives(domain, described.get("SubjectAlternativeNames", [])),
            # AWS writes it as RSA-2048 in some answers.
            "key_algorithm": described["KeyAlgorithm"].replace("-", "_"),
            "validation_records": validation_records(described),
            "superseded": self.superseded(name, described),
            "tags": {key: value for key, value in tags.items() if key != "Name"},
        }

    def superseded(self, name, current):
        """The ARNs of the certificates of this name that can be deleted, because nothing uses or awaits them."""
        others = [one for one in self.certificates.get(name, []) if one["CertificateArn"] != current["CertificateArn"]]
        return [
            one["CertificateArn"]
            for one in others
            if not one.get("InUseBy") and (current["Status"] == "ISSUED" or one["Status"] not in USABLE)
        ]

    def planned(self, item):
        region = self.module.region or ""
        resource = f"certificate/{planned.uuid('acm', region, item['name'])}"
        arn = planned.arn("acm", region, self.params["account_id"], resource)
        state = {"status": "PENDING_VALIDATION", "issued": False, "in_use": False}
        return {"arn": arn, **state, "validation_records": [], "superseded": []}

    def fixed(self, item):
        domain = domain_of(item)
        names = alternatives(domain, item["alternative_names"] or [])
        return {"domain_name": domain, "alternative_names": names, "key_algorithm": item["key_algorithm"]}

    def desired(self, item):
        return {"superseded": []}

    def create(self, item):
        wanted = self.fixed(item)
        given = {"DomainName": wanted["domain_name"], "KeyAlgorithm": wanted["key_algorithm"]}
        if wanted["alternative_names"]:
            given["SubjectAlternativeNames"] = wanted["alternative_names"]
        tags = self.tags(item) or {}
        for number in range(TOKENS):
            token = self.token(item, number)
            arn = api.request_certificate(self.client, item["name"], tags, IdempotencyToken=token, **given)
            described = api.describe_new_certificate(self.client, arn)
            if described:
                return self.from_aws(item["name"], described, tags)
        raise UserError(
            f"{self.label(item['name'])} was requested and cannot be read. To fix: run again; ACM may need longer."
        )

    def token(self, item, number):
        """The same for a run that was killed and the next one; another one where what was requested is of no use."""
        former = sorted(one["CertificateArn"] for one in self.certificates.get(item["name"], []))
        parts = [self.identity(), item["name"], self.fixed(item), former, number]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    def update_superseded(self, resource, before, after):
        for arn in before:
            api.delete_certificate(self.client, arn)

    def set_tags(self, resource, tags):
        api.add_tags_to_certificate(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.remove_tags_from_certificate(self.client, resource["arn"], keys)

    def settle(self, resources, timeout):
        for resource in resources:
            waiter = self.awaited(resource)
            if waiter:
                self.wait_for(resource, waiter, timeout)

    def awaited(self, resource):
        if resource["issued"]:
            return None
        return "certificate_issued" if self.params["wait_issued"] else "certificate_records"

    def wait_for(self, resource, waiter, timeout):
        """Wait, and take over what there is; that a certificate is not issued in time is no failure."""
        what = f"{self.label(resource['name'])} {'issued' if waiter == 'certificate_issued' else 'with its records'}"
        slow = None
        try:
            waiters.wait(self.client, waiter, what, timeout, CertificateArn=resource["arn"])
        except AwsCallError as error:
            slow = error
        described = api.describe_new_certificate(self.client, resource["arn"]) or {"Status": "gone"}
        self.refuse_failed(resource["name"], described)
        if slow and (waiter == "certificate_records" or error_code(slow.exception) != "WaiterError"):
            raise slow
        resource.update({**self.from_aws(resource["name"], described, {}), "tags": resource["tags"]})

    def refuse_failed(self, name, described):
        if described["Status"] not in USABLE:
            cause = described.get("FailureReason", described["Status"])
            fix = FAILURES.get(
                cause, "see https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html"
            )
            raise UserError(
                f"{self.label(name)} was not issued: {cause}. To fix: {fix}, and run again; it is requested anew then."
            )

    def delete(self, resource):
        for described in self.certificates[resource["name"]]:
            if described.get("InUseBy") and self.params["wait"]:
                self.wait_until_unused(resource["name"], described)
            api.delete_certificate(self.client, described["CertificateArn"])

    def wait_until_unused(self, name, described):
        arn, timeout = described["CertificateArn"], self.params["wait_timeout"]
        try:
            waiters.wait(self.client, "certificate_unused", f"{self.label(name)} unused", timeout, CertificateArn=arn)
        except AwsCallError as error:
            users = ", ".join((api.describe_certificate(self.client, arn) or {}).get("InUseBy", []))
            raise UserError(
                f"{self.label(name)} cannot be deleted: it is used by {users}. To fix: delete what uses it, or give "
                "that another certificate, and run again; ACM notices it within minutes."
            ) from error


def main():
    lifecycle.run(Certificate, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
