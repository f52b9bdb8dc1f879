# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all EC2 kinds share: found by Name and identity tags, tagged in the call that creates them."""

from __future__ import annotations

from typing import Callable, Dict, List, Set, Tuple

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from ansible_collections.groundwork.aws.plugins.module_utils import planned, waiters
from ansible_collections.groundwork.aws.plugins.module_utils.api import ec2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError
from ansible_collections.groundwork.aws.plugins.module_utils.lifecycle import Kind, Resource


class Ec2Kind(Kind):
    """An EC2 resource that is identified by its tags, inside its VPC where it has one."""

    service = "ec2"
    parents = ("vpc_id",)
    id_field = ""  # vpc_id, subnet_id ...
    id_prefix = ""  # vpc, subnet ...: how the ids of this kind begin
    vpc_filter = "vpc-id"  # the name of the filter that limits a description to a VPC
    available_waiter: Tuple[str, str] = ("", "")  # row of waiters.WAITERS, and the parameter that takes the ids
    deleted_waiter: Tuple[str, str] = ("", "")
    describe: Callable[..., List[dict]]
    max_filter_values = 200  # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html

    def from_aws(self, described: dict) -> Resource:
        """The resource in our words: id, name, tags and every compared field."""
        raise NotImplementedError

    def find(self, items: List[dict]) -> Dict[str, Resource]:
        """Describe all items at once and key them by their Name tag."""
        names = [item["name"] for item in items]
        described: List[dict] = []
        for start in range(0, len(names), self.max_filter_values):
            some = names[start : start + self.max_filter_values]
            described += type(self).describe(self.client, Filters=self.find_filters(some))
        return self.keyed(items, described)

    def keyed(self, items: List[dict], described: List[dict]) -> Dict[str, Resource]:
        """Those of the described resources that are one of the items, by name."""
        names = {item["name"] for item in items}
        ours = [one for one in described if self._is_ours(one, names)]
        self.leaving = [self.from_aws(one) for one in ours if str(one.get("State")).lower() == "deleting"]
        found: Dict[str, Resource] = {}
        for resource in (self.from_aws(one) for one in ours if self.is_alive(one)):
            if resource["name"] in found:
                raise UserError(self._twice(resource["name"], found[resource["name"]], resource))
            found[resource["name"]] = resource
        return {item["name"]: found[item["name"]] for item in items if item["name"] in found}

    def _is_ours(self, described: dict, names: Set[str]) -> bool:
        tags = boto3_tag_list_to_ansible_dict(described.get("Tags"))
        return tags.get("Name") in names and all(tags.get(key) == value for key, value in self.identity().items())

    def find_filters(self, names: List[str]) -> List[dict]:
        """The filters that select the items."""
        inside = [{"Name": self.vpc_filter, "Values": [self.params["vpc_id"]]}] if "vpc_id" in self.parents else []
        return inside + api.tag_filters({"Name": names, **self.identity()})

    def is_alive(self, described: dict) -> bool:
        """Whether a described resource counts; AWS shows deleted ones for a while."""
        return True

    def identified(self, described: dict, tags_key: str = "Tags") -> Resource:
        """The part of from_aws that all kinds have in common."""
        tags = boto3_tag_list_to_ansible_dict(described.get(tags_key))
        return {"name": tags.pop("Name", ""), "tags": tags}

    def planned(self, item: dict) -> Resource:
        scope = [str(self.params.get(parent)) for parent in self.parents]
        state = {"state": "available"} if self.available_waiter[0] else {}
        return {self.id_field: planned.ec2_id(self.id_prefix, self.module.region or "", *scope, item["name"]), **state}

    def creation_tags(self, item: dict) -> Dict[str, str]:
        """The tags for the creating call: Name makes the resource findable from its first moment."""
        return {**(self.tags(item) or {}), "Name": item["name"]}

    def set_tags(self, resource: Resource, tags: Dict[str, str]) -> None:
        api.create_tags(self.client, resource[self.id_field], tags)

    def remove_tags(self, resource: Resource, keys: List[str]) -> None:
        api.delete_tags(self.client, resource[self.id_field], keys)

    def settle(self, resources: List[Resource], timeout: int) -> None:
        """Wait for those that were not available yet when they were last seen."""
        pending = [resource for resource in resources if resource.get("state") not in (None, "available")]
        self._wait(self.available_waiter, "available", pending, timeout)
        for resource in pending:
            resource["state"] = "available"

    def settle_deleted(self, resources: List[Resource], timeout: int) -> None:
        self._wait(self.deleted_waiter, "deleted", resources, timeout)

    def _wait(self, waiter: Tuple[str, str], state: str, resources: List[Resource], timeout: int) -> None:
        name, parameter = waiter
        if name and resources:
            what = f"{', '.join(self.label(resource['name']) for resource in resources)} {state}"
            ids = [resource[self.id_field] for resource in resources]
            waiters.wait(self.client, name, what, timeout, **{parameter: ids})

    def _twice(self, name: str, one: Resource, other: Resource) -> str:
        ids = f"{one[self.id_field]} and {other[self.id_field]}"
        return (
            f"There are two: {self.label(name)} is {ids}. To fix: delete the one that is not used, or change its Name "
            "tag; nothing was changed, because only you can tell which one it is."
        )
