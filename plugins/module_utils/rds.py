# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the kinds of RDS resources have in common: names, ARNs, tags."""

from __future__ import annotations

import re
from typing import Any, Dict, List

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle, planned
from ansible_collections.groundwork.aws.plugins.module_utils.api import rds as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError


def is_identifier(name: str, longest: int) -> bool:
    """Whether RDS takes a name and keeps it as it is: it turns capitals into small letters."""
    return bool(re.fullmatch(r"[a-z](?:-?[a-z0-9])*", name)) and len(name) <= longest


class RdsKind(lifecycle.Kind):
    """A kind of RDS resource, tagged by its ARN."""

    service = "rds"
    arn_type = ""  # what stands before the name in the ARN
    longest_name = 255

    def validate(self, items: List[dict]) -> None:
        for item in items:
            problem = self.flaw(item)
            if problem:
                raise UserError(f"{self.label(item['name'])} {problem}.")

    def flaw(self, item: dict) -> str:
        """What is wrong with an item; empty when nothing is."""
        if is_identifier(item["name"], self.longest_name):
            return ""
        return (
            "has no name that RDS takes. To fix: small letters, digits and single hyphens, beginning with a letter, "
            f"not ending with a hyphen, at most {self.longest_name}"
        )

    def planned(self, item: dict) -> Dict[str, Any]:
        region, account_id = self.module.region or "", self.params["account_id"]
        return {"arn": planned.arn("rds", region, account_id, f"{self.arn_type}:{item['name']}")}

    def set_tags(self, resource: lifecycle.Resource, tags: Dict[str, str]) -> None:
        api.add_tags_to_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource: lifecycle.Resource, keys: List[str]) -> None:
        api.remove_tags_from_resource(self.client, resource["arn"], keys)
