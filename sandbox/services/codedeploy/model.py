# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments to a service of Amazon ECS, and the events of their lives."""

import random
import string
import uuid

from moto.core.utils import utcnow

from ... import delays

# https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
BEFORE = ("BeforeInstall", "Install", "AfterInstall")
TEST = ("AllowTestTraffic", "AfterAllowTestTraffic")
AFTER = ("BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic")
HOOKS = ("BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AfterAllowTraffic")
HOOK_SECONDS = 3600  # in which the function of an event has to say what came of it
GOING_ON = ("Created", "Queued", "InProgress", "Ready")


class Event:
    """One step of a deployment, and the function that has to agree to it."""

    def __init__(self, name, function=None):
        self.name, self.function, self.status = name, function, "Pending"
        self.execution_id = str(uuid.uuid4()) if function else None
        self.started_at = self.ended_at = self.told = self.problem = None
        self.until = 0.0

    def begin(self, seconds=0.0):
        """It begins now, and fails after so many seconds."""
        self.status, self.started_at, self.until = "InProgress", utcnow(), delays.now() + seconds

    def end(self, status):
        """It is over."""
        self.started_at = self.started_at or utcnow()
        self.status, self.ended_at = status, utcnow()


class Run:
    """A deployment; ``blue`` is the task set that is replaced, ``green`` the one that replaces it."""

    def __init__(self, group, revision, config, written, creator="user"):
        self.id = "d-" + "".join(random.choices(string.ascii_uppercase + string.digits, k=9))
        self.group, self.revision, self.config, self.written = group, revision, config, written
        self.creator, self.status, self.error, self.rollback = creator, "Created", None, {}
        self.application_name, self.group_name = group.application.name, group.name
        self.settings = group.written  # as they were when it began
        self.previous_revision = None
        self.dates = {"createTime": utcnow()}
        self.start_at = delays.ready_at("codedeploy-start")
        self.service = self.blue = self.green = self.spec = None
        self.pair = {}  # "blue" and "green": ARN of the target group
        self.shifts = []  # (moment, percentage that green gets from then on)
        self.weight = 0  # what green gets now
        self.continued, self.termination_started, self.until = False, False, 0.0
        self.events = []

    @property
    def is_rollback(self):
        """Whether it undoes another one."""
        return self.creator == "codeDeployRollback"

    @property
    def going_on(self):
        """Whether anything is still to happen."""
        return self.status in GOING_ON

    @property
    def event(self):
        """The event that is going on, or comes next; None after the last one."""
        return next((event for event in self.events if event.status in ("Pending", "InProgress")), None)

    @property
    def target_id(self):
        """The id of its only target."""
        given = self.settings["ecsServices"][0]
        return f"{given.get('clusterName') or 'default'}:{given['serviceName']}"

    @property
    def prod_listener(self):
        """The ARN of the listener that gets the production traffic."""
        return self._pair_info["prodTrafficRoute"]["listenerArns"][0]

    @property
    def test_listener(self):
        """The ARN of the listener that gets the test traffic, if there is one."""
        arns = (self._pair_info.get("testTrafficRoute") or {}).get("listenerArns")
        return arns[0] if arns else None

    @property
    def _pair_info(self):
        return self.settings["loadBalancerInfo"]["targetGroupPairInfoList"][0]

    @property
    def group_names(self):
        """The names of the two target groups."""
        return [item["name"] for item in self._pair_info["targetGroups"]]

    @property
    def waits(self):
        """How long it waits, for what."""
        return self.settings["blueGreenDeploymentConfiguration"]

    @property
    def rollback_events(self):
        """What lets it be rolled back."""
        configuration = self.written.get("autoRollbackConfiguration")
        configuration = configuration or self.settings.get("autoRollbackConfiguration") or {}
        return configuration.get("events") or [] if configuration.get("enabled") else []

    @property
    def alarms(self):
        """The names of the alarms that end it; what undoes another one heeds none."""
        configuration = self.written.get("overrideAlarmConfiguration") or self.settings.get("alarmConfiguration") or {}
        heeded = configuration.get("enabled") and not self.is_rollback
        return [alarm["name"] for alarm in configuration.get("alarms") or []] if heeded else []

    def plan(self, hooks):
        """Say which events there will be, with the functions of some."""
        names = (*BEFORE, *(TEST if self.test_listener else ()), *AFTER)
        self.events = [Event(name, hooks.get(name) if name in HOOKS else None) for name in names]

    def finish(self, status, code=None, message=None):
        """It is over, for a reason if it is not well."""
        self.status, self.dates["completeTime"] = status, utcnow()
        if code:
            self.error = {"code": code, "message": message}
        for event in self.events:
            if event.status == "InProgress":
                event.end("Failed")
                event.problem = message
            elif event.status == "Pending":
                event.status = "Skipped"
