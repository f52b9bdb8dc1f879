# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life cycle of ECS services whose image belongs to releases: what M(groundwork.aws.ecs_services) manages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Callable, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.groundwork.aws.plugins.module_utils import compare, ecs_revisions, lifecycle, planned, waiters
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_deployments as deployments
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_releases as releases
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_services as services
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definitions as definitions
from ansible_collections.groundwork.aws.plugins.module_utils.api import ecs as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

Resource = Dict[str, Any]

SHOWN = ("name", "arn", "status", "cluster", "task_definition", "family", "revision", "image", "bootstrap") + (
    "desired_count",
    "running_count",
    "pending_count",
    "deployments",
    "stable",
    "release",
    "last_event",
    "tags",
)


class Service(lifecycle.Kind):
    """Services of one cluster, each with the task definition that it runs."""

    service = "ecs"
    type = "service"
    result = "services"
    items = "services"
    parents = ("cluster",)
    tagged_as = "ecs:service"

    def __init__(self, module: AnsibleAWSModule):
        super().__init__(module)
        self.equal: Dict[str, Callable[[Any, Any], bool]] = {}  # fields are named by their containers
        self.cluster: str = self.params["cluster"]
        self.live: Dict[str, dict] = {}  # the revisions that services run, as AWS shows them
        self.former: Dict[str, Optional[datetime]] = {}  # when deleted services of the same names were created
        self.begun: Dict[str, dict] = {}  # the deployments that this run asked for

    def label(self, name: str) -> str:
        return f"ECS service {name} in cluster {self.cluster}"

    def report(self) -> dict:
        # Beside what is shown, a resource has fields that only the comparison needs.
        shown = {name: {key: one[key] for key in SHOWN} for name, one in self.resources.items()}
        return {self.result: shown}

    def validate(self, items: List[dict]) -> None:
        for item in items:
            if services.flaw(item):
                raise UserError(f"{self.label(item['name'])} {services.flaw(item)}.")

    def tags(self, item: dict, current: Optional[dict] = None) -> Optional[Dict[str, str]]:
        wanted = super().tags(item, current)
        return None if wanted is None else {**releases.own_tags(current or {}), **wanted}

    # Reading

    def find(self, items: List[dict]) -> Dict[str, Resource]:
        wanted = {item["name"]: item for item in items}
        found = {}
        for described in api.describe_services(self.client, self.cluster, list(wanted)):
            name = described["serviceName"]
            if described["status"] == "ACTIVE":
                found[name] = self._read(described, wanted[name])
            elif described["status"] == "DRAINING":
                self.leaving.append({"name": name})
            else:
                self.former[name] = described.get("createdAt")
        return {name: found[name] for name in wanted if name in found}

    def _read(self, described: dict, item: dict) -> Resource:
        revision = api.describe_task_definition(self.client, described["taskDefinition"])
        self.live[item["name"]] = revision or {"containerDefinitions": []}
        resource = self._from_aws(described, item, api.tags_of(described))
        self.refuse_foreign(resource)
        if item["task_definition"] and not resource["image"] and self.params["state"] == "present":
            raise UserError(
                f"{self.label(item['name'])} runs {releases.revision_of(resource['task_definition'])}, which has no "
                f"container {item['release_container']}: which image is live is not known. Nothing was changed. "
                "To fix: put the container's old name back, or delete the service and release again under the new one."
            )
        return resource

    def _from_aws(self, described: dict, item: dict, tags: Dict[str, str]) -> Resource:
        definition = self.live[item["name"]]
        family, _colon, number = releases.revision_of(described["taskDefinition"]).rpartition(":")
        return {
            "name": item["name"],
            "arn": described["serviceArn"],
            "cluster": self.cluster,
            "task_definition": described["taskDefinition"],
            "family": family,
            "revision": int(number),
            "image": definitions.live_image(definition, item["release_container"]),
            "bootstrap": definitions.is_bootstrap(definition),
            "release": releases.summary(tags),
            "tags": tags,
            "deployment_controller": (described.get("deploymentController") or {}).get("type", "ECS"),
            **services.progress(described),
            **services.fields(described),
            **definitions.comparable(definition),
        }

    # Wishes

    def planned(self, item: dict) -> Resource:
        region, account_id = self.module.region or "", self.params["account_id"]
        family = item["task_definition"]["family"] if item["task_definition"] else item["name"]
        return {
            "arn": planned.arn("ecs", region, account_id, f"service/{self.cluster}/{item['name']}"),
            "status": "ACTIVE",
            "cluster": self.cluster,
            "task_definition": planned.arn("ecs", region, account_id, f"task-definition/{family}:1"),
            "family": family,
            "revision": 1,
            "image": item["bootstrap"]["image"] if item["bootstrap"] else None,
            "bootstrap": True,
            "desired_count": item["desired_count"],
            "running_count": 0,
            "pending_count": 0,
            "deployments": [],
            "stable": False,
            "release": releases.summary({}),
            "last_event": None,
        }

    def fixed(self, item: dict) -> Resource:
        return {"deployment_controller": "ECS"}

    def desired(self, item: dict) -> Resource:
        resource = self.resources[item["name"]]
        current = definitions.comparable(self.live.get(item["name"], {"containerDefinitions": []}))
        form = definitions.comparable(self._request(item, resource))
        self.equal = {**self.equal, **definitions.equal({**current, **form})}
        return {
            **services.desired(item),
            **definitions.wanted(current, form),
            "family": item["task_definition"]["family"],
            # ECS starts no more tasks for a deployment that failed, until it is asked again.
            "rollout": "COMPLETED" if resource.get("rollout") == "FAILED" else None,
        }

    def _request(self, item: dict, resource: Resource) -> dict:
        """What the service should run: with the image that is live, or before the first release the bootstrap."""
        definition, container = item["task_definition"], item["release_container"]
        if resource["bootstrap"]:
            wanted = definitions.with_bootstrap(definition, container, item["bootstrap"])
        else:
            wanted = definitions.with_image(definition, container, resource["image"])
        return definitions.request(wanted, self.module.region or "")

    # Changing

    def create(self, item: dict) -> Resource:
        name = item["name"]
        self._await_end([one["name"] for one in self.leaving if one["name"] == name], self.params["wait_timeout"])
        tags = self.tags(item) or {}
        request = self._request(item, {"bootstrap": True})
        self.live[name] = ecs_revisions.ensure(self.client, item["task_definition"]["family"], request, tags)
        params = services.params(services.desired(item), {})
        if not params.get("capacityProviderStrategy"):
            params["launchType"] = "FARGATE"
        params.update(taskDefinition=self.live[name]["taskDefinitionArn"], desiredCount=item["desired_count"])
        token = services.client_token(self.cluster, name, params, tags, self.former.get(name))
        created = api.create_service(
            self.client, tags, cluster=self.cluster, serviceName=name, clientToken=token, **params
        )
        self.begun[name] = deployments.primary(created)
        return self._from_aws(created, item, tags)

    def update(self, resource: Resource, changes: Dict[str, compare.Change]) -> None:
        wanted = {field: change.after for field, change in changes.items() if field != "tags"}
        if wanted:
            self._refuse_during_release(resource)
            self._update_service(resource, wanted)
        if "tags" in changes:
            self.update_tags(resource, *changes["tags"])

    def _update_service(self, resource: Resource, wanted: Dict[str, Any]) -> None:
        name = resource["name"]
        item = next(item for item in self.params["services"] if item["name"] == name)
        params = services.params(wanted, resource)
        if wanted.keys() - services.desired(item).keys() - {"rollout"}:
            request, tags = self._request(item, resource), self.tags(item) or {}
            self.live[name] = ecs_revisions.ensure(self.client, item["task_definition"]["family"], request, tags)
            params["taskDefinition"] = self.live[name]["taskDefinitionArn"]
        if wanted.keys() & services.FORCING:
            params["forceNewDeployment"] = True
        updated = api.update_service(self.client, self.cluster, name, **params)
        self.begun[name] = deployments.primary(updated)
        resource.update(self._from_aws(updated, item, resource["tags"]))

    def _refuse_during_release(self, resource: Resource) -> None:
        pending = resource["release"]["pending"]
        if pending and not resource["stable"]:
            raise UserError(
                f"{self.label(resource['name'])} is in the middle of a release: {pending} is not complete, and a "
                "converge would carry on with an image that may still be taken back. To fix: let the release end "
                "(run deploy again if it was interrupted), then converge."
            )

    def set_tags(self, resource: Resource, tags: Dict[str, str]) -> None:
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource: Resource, keys: List[str]) -> None:
        api.untag_resource(self.client, resource["arn"], keys)

    def delete(self, resource: Resource) -> None:
        # The revisions first: only the service says which family they are of.
        tags = api.tags_of(self.live[resource["name"]])
        if all(tags.get(key) == value for key, value in self.identity().items()):
            ecs_revisions.remove(self.client, resource["family"])
        api.delete_service(self.client, self.cluster, resource["name"])

    # Waiting

    def settle(self, resources: List[Resource], timeout: int) -> None:
        moving = {one["name"]: one for one in resources if not one["stable"]}
        if moving:
            wanted = {name: one["task_definition"] for name, one in moving.items()}
            deployments.await_stable(self.client, self.cluster, wanted, timeout, self.begun)
            for described in api.describe_services(self.client, self.cluster, list(moving)):
                moving[described["serviceName"]].update(services.progress(described))
        for resource in resources:
            self._follow_release(resource)

    def _follow_release(self, resource: Resource) -> None:
        """Let the tag of what is live name the revision that a converge made of it."""
        live = releases.parse(resource["tags"].get(releases.LIVE))
        now = releases.revision_of(resource["task_definition"])
        if not live or live.revision == now or resource["release"]["pending"]:
            return
        item = next(item for item in self.params["services"] if item["name"] == resource["name"])
        released = api.describe_task_definition(self.client, live.revision)
        if released and definitions.live_image(released, item["release_container"]) == resource["image"]:
            tag = {releases.LIVE: releases.format_tag(releases.Release(now, live.time))}
            self.set_tags(resource, tag)
            resource["tags"] = {**resource["tags"], **tag}
            resource["release"] = releases.summary(resource["tags"])

    def settle_deleted(self, resources: List[Resource], timeout: int) -> None:
        self._await_end([resource["name"] for resource in resources], timeout)

    def _await_end(self, names: List[str], timeout: int) -> None:
        for start in range(0, len(names), deployments.ONE_CALL):
            part = names[start : start + deployments.ONE_CALL]
            what = f"the end of ECS services {', '.join(part)}"
            waiters.wait(self.client, "services_inactive", what, timeout, cluster=self.cluster, services=part)
