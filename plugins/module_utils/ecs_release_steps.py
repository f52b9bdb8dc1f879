# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The releases of one ECS service: what its tags record, and the switch from one revision to another."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ansible_collections.groundwork.aws.plugins.module_utils import ecs_deployments, ecs_releases
from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definitions as definitions
from ansible_collections.groundwork.aws.plugins.module_utils.api import ecs as api
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_releases import LIVE, PENDING, PREVIOUS, Release
from ansible_collections.groundwork.aws.plugins.module_utils.errors import AwsCallError, UserError


class Service:
    """A service and its releases. L(read) comes first; what exists is in C(described)."""

    def __init__(self, client: Any, cluster: str, name: str, timeout: int):
        self.client = client
        self.cluster = cluster
        self.name = name
        self.timeout = timeout
        self.described: Dict[str, Any] = {}
        self.tags: Dict[str, str] = {}

    def read(self) -> None:
        """Ask AWS what there is now; a service that is being deleted does not count."""
        found = api.describe_services(self.client, self.cluster, [self.name])
        self.described = next((one for one in found if one["status"] == "ACTIVE"), {})
        self.tags = api.tags_of(self.described)

    def recorded(self, tag: str) -> Optional[Release]:
        """What a tag says."""
        return ecs_releases.parse(self.tags.get(tag))

    @property
    def running(self) -> str:
        """The revision that the service runs, or is heading for."""
        deployment = ecs_deployments.primary(self.described)
        return ecs_releases.revision_of(deployment.get("taskDefinition", self.described["taskDefinition"]))

    @property
    def live(self) -> Release:
        """The release that passed; before the first one, what the service ran then: the bootstrap revision."""
        return self.recorded(LIVE) or Release(self._completed(), ecs_releases.now())

    def _completed(self) -> str:
        complete = [one for one in self.described["deployments"] if one.get("rolloutState") == "COMPLETED"]
        return ecs_releases.revision_of(complete[0]["taskDefinition"]) if complete else self.running

    def definition(self, revision: str) -> dict:
        """A revision as AWS shows it; empty where it was deleted."""
        return api.describe_task_definition(self.client, revision) or {}

    def record(self, changes: Dict[str, Optional[Release]]) -> bool:
        """Let tags say what changed, V(None) removes one; whether there was anything to do."""
        wanted = {tag: ecs_releases.format_tag(release) for tag, release in changes.items() if release}
        to_set = {tag: value for tag, value in wanted.items() if self.tags.get(tag) != value}
        to_remove = [tag for tag, release in changes.items() if not release and tag in self.tags]
        if to_set:
            # What is removed says nothing from the same call on: a run may die before the next one.
            emptied = dict.fromkeys(to_remove, "")
            api.tag_resource(self.client, self.described["serviceArn"], {**to_set, **emptied})
        if to_remove:
            api.untag_resource(self.client, self.described["serviceArn"], to_remove)
        kept = {tag: value for tag, value in self.tags.items() if tag not in to_remove}
        self.tags = {**kept, **to_set}
        return bool(to_set or to_remove)

    def passed(self, revision: str) -> Dict[str, Optional[Release]]:
        """What the tags say once a revision passed. The bootstrap revision is nothing to roll back to."""
        live = self.live
        if live.revision == revision:
            return {LIVE: live, PENDING: None}
        definition = self.definition(live.revision)
        former = None if not definition or definitions.is_bootstrap(definition) else live
        return {LIVE: Release(revision, ecs_releases.now()), PREVIOUS: former, PENDING: None}

    def is_heading_for(self, revision: str) -> bool:
        """Whether the service runs a revision, or deploys it and has not failed."""
        failed = ecs_deployments.primary(self.described).get("rolloutState") == "FAILED"
        return self.running == revision and not failed

    def runs(self, revision: str) -> bool:
        """Whether the service runs a revision completely."""
        return self.running == revision and ecs_deployments.is_steady(self.described)

    def switch(self, revision: str) -> None:
        """Let the service run a revision, and wait until it does; if it fails to, return to what is live."""
        fallback = self.live.revision
        try:
            self._deploy(revision)
        except ecs_deployments.DeploymentError as error:
            self._return(fallback, revision, error)

    def _deploy(self, revision: str) -> None:
        begun = {}
        if not self.is_heading_for(revision):
            # A deployment of the same revision begins again only where that is said.
            force = {"forceNewDeployment": True} if self.running == revision else {}
            updated = api.update_service(self.client, self.cluster, self.name, taskDefinition=revision, **force)
            begun = {self.name: ecs_deployments.primary(updated)}
        ecs_deployments.await_stable(self.client, self.cluster, {self.name: revision}, self.timeout, begun)
        self.read()

    def _return(self, fallback: str, revision: str, error: ecs_deployments.DeploymentError) -> None:
        self.read()
        if not self.described:
            raise error
        if fallback == revision:
            raise UserError(f"{error.message} It is what was live before: there is nothing to return to.") from error
        try:
            self._deploy(fallback)
        except (AwsCallError, ecs_deployments.DeploymentError) as second:
            raise UserError(f"{error.message} The return to {fallback} failed as well: {second.message}") from error
        self.record({PENDING: None})
        raise UserError(f"{error.message} Live is {fallback} again.") from error
