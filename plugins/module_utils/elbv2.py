# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What load balancers, target groups and listeners share: their names, ARNs, tags and attributes."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from ansible_collections.groundwork.aws.plugins.module_utils import planned, side_by_side
from ansible_collections.groundwork.aws.plugins.module_utils.api import elbv2 as api
from ansible_collections.groundwork.aws.plugins.module_utils.lifecycle import Kind, Resource

# AWS takes 20 names of load balancers or target groups in a call.
NAMES_IN_ONE_CALL = 20
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyLoadBalancerAttributes.html
MOST_ATTRIBUTES = 20
# What AWS answers about a name of either kind that it refuses.
NAME = r"(?!.*--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?"


def attribute_value(value: Any) -> str:
    """An attribute's value as AWS keeps it: V(true), V(false), or any other text as it is."""
    text = str(value)
    return text.lower() if text.lower() in ("true", "false") else text


def wanted_attributes(given: Optional[Dict[str, Any]]) -> Optional[Dict[str, str]]:
    """The given attributes as AWS keeps them; V(None) where attributes are not managed."""
    if given is None:
        return None
    return {key: attribute_value(value) for key, value in given.items() if value is not None}


def attributes_to_send(before: Optional[Dict[str, str]], after: Dict[str, str]) -> Dict[str, str]:
    """The attributes that differ, with those of the same topic: AWS checks a topic such as access_logs as a whole."""
    changed = {key.split(".")[0] for key, value in after.items() if (before or {}).get(key) != value}
    return {key: value for key, value in after.items() if key.split(".")[0] in changed}


def arn_suffix(arn: str) -> str:
    """What CloudWatch calls a load balancer (C(app/name/id)) or a target group (C(targetgroup/name/id))."""
    return arn.rpartition(":")[2].removeprefix("loadbalancer/")


class Elbv2Kind(Kind):
    """A resource of Elastic Load Balancing: known by its ARN."""

    service = "elbv2"

    def set_tags(self, resource: Resource, tags: Dict[str, str]) -> None:
        api.add_tags(self.client, resource["arn"], tags)

    def remove_tags(self, resource: Resource, keys: List[str]) -> None:
        api.remove_tags(self.client, resource["arn"], keys)


class NamedElbv2Kind(Elbv2Kind):
    """A resource with attributes that an account and region have once by name: load balancer, target group."""

    name_key = ""  # LoadBalancerName, TargetGroupName
    arn_key = ""  # LoadBalancerArn, TargetGroupArn
    arn_prefix = ""  # what stands before the name in the ARN of a planned one
    describe: Callable[..., Optional[List[dict]]]
    read_attributes: Callable[..., Dict[str, str]]
    write_attributes: Callable[..., None]

    def from_aws(self, described: dict, tags: Dict[str, str]) -> Resource:
        """The resource in our words."""
        raise NotImplementedError

    def name_of(self, arn: str, tags: Dict[str, str]) -> str:
        return arn.split("/")[-2]

    def find(self, items: List[dict]) -> Dict[str, Resource]:
        described = {one[self.name_key]: one for one in self.described([item["name"] for item in items])}
        tags = api.describe_tags(self.client, [one[self.arn_key] for one in described.values()])
        there = [item for item in items if item["name"] in described]
        read = side_by_side.each(lambda item: self.read(described[item["name"]], tags, item), there)
        return {resource["name"]: resource for resource in read}

    def read(self, described: dict, tags: Dict[str, Dict[str, str]], item: dict) -> Resource:
        """The resource with what the item manages."""
        resource = self.from_aws(described, tags.get(described[self.arn_key], {}))
        self.refuse_foreign(resource)
        self.add_attributes(resource, item)
        return resource

    def described(self, names: List[str]) -> List[dict]:
        """What exists of the names. AWS answers a call with a name that does not exist with an error about it alone."""
        described: List[dict] = []
        for start in range(0, len(names), NAMES_IN_ONE_CALL):
            part = names[start : start + NAMES_IN_ONE_CALL]
            together = type(self).describe(self.client, part)
            if together is None and len(part) > 1:
                together = [one for name in part for one in type(self).describe(self.client, [name]) or []]
            described += together or []
        return described

    def add_attributes(self, resource: Resource, item: dict) -> None:
        """Read those attributes that the item manages."""
        wanted = wanted_attributes(item["attributes"])
        if wanted is not None:
            current = type(self).read_attributes(self.client, resource["arn"])
            # AWS leaves out what was never set, such as a prefix of logs.
            resource["attributes"] = {key: current.get(key, "") for key in wanted}

    def update_attributes(self, resource: Resource, before: Optional[dict], after: Dict[str, str]) -> None:
        """Set what differs, in one call."""
        type(self).write_attributes(self.client, resource["arn"], attributes_to_send(before, after))

    def planned_arn(self, name: str, prefix: str) -> str:
        """The ARN of a planned resource."""
        region, account_id = self.module.region or "", self.params["account_id"]
        path = f"{prefix}/{name}/{planned.elb_id(region, prefix, name)}"
        return planned.arn("elasticloadbalancing", region, account_id, path)
