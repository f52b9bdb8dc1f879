# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the lists of the certificates role to the items of its modules. Pure functions."""

from __future__ import annotations

from typing import Any, Dict, List

from ansible_collections.groundwork.aws.plugins.module_utils.planned import is_planned
from ansible_collections.groundwork.aws.plugins.plugin_utils.names import resource_name

NAME_LIMIT = 255  # of a tag's value
VALIDATION_TTL = 300


def certificate_items(certificates: List[dict], prefix: str) -> List[dict]:
    """Items for acm_certificates."""
    return [
        {
            "name": resource_name(prefix, one["name"], NAME_LIMIT),
            "domain_name": one["domain"],
            "alternative_names": one.get("alternative_domains") or [],
        }
        for one in certificates
    ]


def validation_records(certificates: Dict[str, dict]) -> List[dict]:
    """Items for route53_records; a domain and its wildcard are proved by the same record."""
    found = {
        (record["name"], record["type"]): {**record, "ttl": VALIDATION_TTL, "values": [record["value"]]}
        for certificate in certificates.values()
        for record in certificate.get("validation_records") or []
    }
    return [{key: value for key, value in record.items() if key != "value"} for record in found.values()]


def certificate_outputs(
    certificates: List[dict], items: List[dict], found: Dict[str, dict], provable: bool = False
) -> Dict[str, Any]:
    """What other roles may know: a certificate's ARN counts only once it is issued, before that nothing can use it.

    :param provable: whether AWS finds the records that prove the domains: check mode counts on what it would request,
        and it makes sense to wait for what is requested.
    """
    by_name = {one["name"]: found.get(item["name"]) for one, item in zip(certificates, items)}
    fields = ("arn", "status", "issued", "domain_name", "validation_records")
    known = {name: {key: one.get(key) for key in fields} for name, one in by_name.items() if one}
    for one in known.values():
        one["issued"] = bool(one["issued"] or (provable and is_planned(one["arn"])))
    arns = {name: known[name]["arn"] if name in known and known[name]["issued"] else None for name in by_name}
    unsettled = provable and not all(one["issued"] for one in known.values())
    return {"certificates": known, "arns": arns, "unsettled": unsettled}
