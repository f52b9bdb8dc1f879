# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task sets: what a service consists of that CodeDeploy or somebody else deploys."""

import math
import random

from moto.core.utils import utcnow

from .model import REVISED
from .shared import make_arn
from .task_views import counts

LAUNCHED_BY = ("launchType", "capacityProviderStrategy", "platformVersion", "networkConfiguration")


class TaskSet:
    """Tasks of one definition in a service; moto's own code reads its ARN and tags, named as moto's are."""

    side = 0  # traffic goes to other task sets, not to the other one of two target groups

    def __init__(self, service, definition, settings, percent=100.0, external_id=None, started_by=None, tags=()):
        self.service, self.definition, self.percent = service, definition, percent
        self.id = f"ecs-svc/{random.randint(10**18, 10**19 - 1)}"
        self.task_set_arn = make_arn(service.state, "task-set", service.cluster_name, service.name, self.id)
        self.settings = {name: settings[name] for name in REVISED if settings.get(name) is not None}
        self.settings["taskDefinition"] = definition.arn
        self.external_id, self.started_by, self.tags = external_id, started_by, list(tags)
        self.status, self.stability, self.failed_tasks, self.token = "ACTIVE", "STABILIZING", 0, None
        self.created_at = self.updated_at = self.stability_at = utcnow()

    @property
    def revision(self):
        """What its tasks are started from; a deployment of ECS has an object of its own for it."""
        return self

    @property
    def wanted(self):
        """How many tasks it is to have."""
        if self.status == "DRAINING":
            return 0
        return math.ceil(self.service.desired_count * self.percent / 100)

    def turn(self, **changes):
        """Change something of it."""
        vars(self).update(changes, updated_at=utcnow())

    def judge(self):
        """Say whether it is steady: all its tasks run and are well, and no others are left."""
        tasks = [task for task in self.service.all_tasks() if task.started_by == self.id]
        alive = [task for task in tasks if task.last_status != "STOPPED"]
        steady = len(alive) == self.wanted and all(task.well() for task in alive)
        stability = "STEADY_STATE" if steady else "STABILIZING"
        if stability != self.stability:
            self.stability, self.stability_at = stability, utcnow()


def make_primary(service, task_set):
    """The service takes over what its primary task set is made of."""
    for other in service.task_sets:
        if other.status == "PRIMARY":
            other.turn(status="ACTIVE")
    task_set.turn(status="PRIMARY")
    kept = {name: value for name, value in service.settings.items() if name not in REVISED}
    service.settings = {**kept, "loadBalancers": [], "serviceRegistries": [], **task_set.settings}


def view(task_set, include=("TAGS",)):
    """A task set as AWS shows it."""
    service, settings = task_set.service, task_set.settings
    shown = {
        "id": task_set.id, "taskSetArn": task_set.task_set_arn, "serviceArn": service.arn,
        "clusterArn": service.cluster_arn, "status": task_set.status, "taskDefinition": task_set.definition.arn,
        "computedDesiredCount": task_set.wanted, **counts(service.tasks(task_set)), "platformFamily": "Linux",
        "createdAt": task_set.created_at, "updatedAt": task_set.updated_at,
        "loadBalancers": settings.get("loadBalancers") or [],
        "serviceRegistries": settings.get("serviceRegistries") or [],
        "scale": {"value": task_set.percent, "unit": "PERCENT"},
        "stabilityStatus": task_set.stability, "stabilityStatusAt": task_set.stability_at,
        "tags": task_set.tags if "TAGS" in include else [],
    }  # fmt: skip
    optional = {"externalId": task_set.external_id, "startedBy": task_set.started_by}
    optional |= {name: settings.get(name) for name in LAUNCHED_BY}
    return shown | {name: value for name, value in optional.items() if value}
