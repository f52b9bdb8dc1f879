# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services, their revisions, and the deployments that bring a revision about."""

import random
import uuid

from moto.core.utils import utcnow

from ... import delays
from . import traffic
from .shared import make_arn
from .shift import Shift

# What a task is started from: a change of any of these makes a new revision, and a deployment of it.
REVISED = (
    "taskDefinition", "launchType", "capacityProviderStrategy", "platformVersion", "loadBalancers",
    "serviceRegistries", "networkConfiguration", "serviceConnectConfiguration", "volumeConfigurations",
)  # fmt: skip
EVENTS_KEPT = 100


class Revision:
    """What a service's settings were when a deployment began; it never changes."""

    def __init__(self, service, definition):
        self.definition = definition
        number = str(random.randint(10**18, 10**19 - 1))
        self.arn = make_arn(service.state, "service-revision", service.cluster_name, service.name, number)
        self.settings = {name: service.settings[name] for name in REVISED if service.settings.get(name) is not None}
        self.created_at = utcnow()


class Deployment:
    """One attempt to run a revision; its tasks carry its id."""

    def __init__(self, revision, desired):
        self.id = f"ecs-svc/{random.randint(10**18, 10**19 - 1)}"
        self.revision, self.desired_count, self.failed_tasks = revision, desired, 0
        self.side = 0  # which of the two target groups of a load balancer its tasks are in
        self.status, self.rollout_state = "PRIMARY", "IN_PROGRESS"
        self.reason = f"ECS deployment {self.id} in progress."
        self.created_at = self.updated_at = utcnow()
        self.stable_at = delays.ready_at("ecs-service-stable")

    def turn(self, state, reason):
        """Enter another state."""
        self.rollout_state, self.reason, self.updated_at = state, reason, utcnow()


class Rollout:
    """A service deployment as ListServiceDeployments has it: a deployment, and the one that undoes it."""

    def __init__(self, service, deployment, source):
        number = deployment.id.removeprefix("ecs-svc/")
        self.arn = make_arn(service.state, "service-deployment", service.cluster_name, service.name, number)
        self.deployment, self.source, self.rollback = deployment, source, None
        self.settings = service.settings["deploymentConfiguration"]
        self.status, self.reason, self.ringing = "IN_PROGRESS", None, []
        self.shift = None  # of traffic, unless the strategy is ROLLING
        self.dates = {"createdAt": utcnow(), "startedAt": utcnow(), "updatedAt": utcnow()}

    def turn(self, status, reason=None, *dates):
        """Enter another status."""
        self.status, self.reason = status, reason
        self.dates.update({name: utcnow() for name in ("updatedAt", *dates)})


class Service:
    """A service; moto's own code reads some of its attributes, which are therefore named as moto's are."""

    def __init__(self, state, cluster, name, settings, desired, tags):
        self.state, self.name, self.settings, self.desired_count = state, name, settings, desired
        self.cluster_name, self.cluster_arn = cluster.name, cluster.arn
        self.arn = self.physical_resource_id = make_arn(state, "service", cluster.name, name)
        self.status, self.tags, self.created_at = "ACTIVE", list(tags), utcnow()
        self.deployments, self.rollouts, self.events, self.task_sets = [], [], [], []
        self.steady, self.token = False, None

    @property
    def primary(self):
        """The deployment that is to win."""
        return self.deployments[0]

    @property
    def rollout(self):
        """The service deployment that is going on, or the last one."""
        return self.rollouts[-1]

    def tasks(self, deployment=None):
        """Its tasks that are to run, or those of one deployment."""
        ids = [item.id for item in (*self.deployments, *self.task_sets)] if deployment is None else [deployment.id]
        return [task for task in self.all_tasks() if task.started_by in ids and task.desired_status == "RUNNING"]

    def all_tasks(self):
        """Every task that it ever had."""
        known = self.state.tasks.get(self.cluster_name, {}).values()
        return [task for task in known if task.group == f"service:{self.name}"]

    @property
    def shift(self):
        """The shift of traffic that is under way, or None."""
        shift = self.rollouts[-1].shift if self.rollouts else None
        return shift if shift is not None and shift.under_way and self.rollout.status == "IN_PROGRESS" else None

    def _completed(self):
        return next((item for item in self.deployments if item.rollout_state == "COMPLETED"), None)

    def deploy(self, definition):
        """Begin to bring about the present settings."""
        source = self._completed()
        superseded = bool(self.rollouts) and self.rollout.status in ("IN_PROGRESS", "ROLLBACK_IN_PROGRESS")
        if superseded:
            self.rollout.turn("STOPPED", "Service deployment superseded by a newer one.", "finishedAt", "stoppedAt")
        deployment = self._begin(Revision(self, definition))
        self.rollouts.append(Rollout(self, deployment, source.revision if source else None))
        deployment.side = source.side if source else 0
        if self.settings["deploymentConfiguration"]["strategy"] == "ROLLING":
            return
        if source:
            self.rollout.shift = Shift(self, source, deployment, superseded)
        else:
            for kind in ("production", "test"):
                traffic.shift(self, kind, deployment.side, 100.0)

    def _begin(self, revision):
        for item in self.deployments:
            item.status, item.updated_at = "ACTIVE", utcnow()
        self.deployments.insert(0, Deployment(revision, self.desired_count))
        self.steady = False
        return self.primary

    def roll_back(self, reason):
        """Bring about the revision that was completed last; False where there is none."""
        good, shift = self._completed(), self.shift
        if good is None:
            return False
        self.settings = {**self.settings, **good.revision.settings}
        deployment = self._begin(good.revision) if shift is None else self._resume(good)
        if shift is None:
            deployment.side = good.side
        else:
            shift.undo(self)
        deployment.reason = f"{reason}: rolling back to deploymentId {good.id}."
        self.rollout.rollback = deployment
        self.rollout.turn("ROLLBACK_IN_PROGRESS", reason)
        self.tell(f"(service {self.name}) rolling back to deployment {good.id}.")
        return True

    def _resume(self, deployment):
        """Make a deployment, whose tasks still run, the one that is to win."""
        for item in self.deployments:
            item.status = "ACTIVE"
        self.deployments.remove(deployment)
        self.deployments.insert(0, deployment)
        deployment.status, deployment.rollout_state, deployment.failed_tasks = "PRIMARY", "IN_PROGRESS", 0
        self.steady = False
        return deployment

    def tell(self, message):
        """Add an event; the latest is first."""
        self.events.insert(0, {"id": str(uuid.uuid4()), "createdAt": utcnow(), "message": message})
        del self.events[EVENTS_KEPT:]
