# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Blue/green, linear and canary deployments: the stages in which traffic goes from one revision to the next."""

from ... import delays
from . import traffic
from .hooks import Hook

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
STAGES = (
    "PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP",
)  # fmt: skip
MINUTE = "ecs-deployment-minute"
PRE_SHIFT, SHIFT = "PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"


class Shift:
    """How far a deployment beside the running one has come."""

    def __init__(self, service, blue, green, superseded):
        self.blue, self.green = blue, green
        self.settings = service.settings["deploymentConfiguration"]
        self.production = self.test = 0.0  # percent that the new revision gets
        self.until, self.hooks = 0.0, []
        green.side = 1 - blue.side
        self.left = self._steps()
        self._enter("RECONCILE_SERVICE" if superseded else STAGES[0])
        self._send(service)

    @property
    def under_way(self):
        """Whether both revisions are to run."""
        return self.stage != STAGES[-1]

    @property
    def scaled_up(self):
        """Whether the new revision's tasks are to run."""
        return self.stage not in ("RECONCILE_SERVICE", STAGES[0])

    def _steps(self):
        """The percentages of traffic that are still to come, each with the minutes that it is watched."""
        strategy = self.settings["strategy"]
        if strategy == "CANARY":
            canary = self.settings["canaryConfiguration"]
            first = [(canary["canaryPercent"], canary["canaryBakeTimeInMinutes"])]
            return [*(first if canary["canaryPercent"] < 100 else ()), (100.0, 0)]
        if strategy == "LINEAR":
            linear = self.settings["linearConfiguration"]
            number = int(99.999 // linear["stepPercent"])
            steps = [(round(linear["stepPercent"] * count, 1), linear["stepBakeTimeInMinutes"])
                     for count in range(1, number + 1)]  # fmt: skip
            return [*steps, (100.0, 0)]
        return [(100.0, 0)]

    def _hooks(self, stage):
        return [item for item in self.settings.get("lifecycleHooks") or [] if stage in item["lifecycleStages"]]

    def _enter(self, stage):
        self.stage, self.hooks = stage, [Hook(item) for item in self._hooks(stage)]

    def _send(self, service):
        traffic.shift(service, "production", self.green.side, self.production)
        traffic.shift(service, "test", self.green.side, self.test)

    def undo(self, service):
        """All traffic goes back, at once."""
        self.production = self.test = 0.0
        self._enter(STAGES[-1])
        self._send(service)

    def hook(self, number):
        """A hook that waits, by its id."""
        return next((hook for hook in self.hooks if hook.id == number and hook.outcome() is None), None)

    def failed(self):
        """Whether a hook wants the deployment undone."""
        return any(hook.outcome() == "ROLLBACK" for hook in self.hooks)

    def advance(self, service, ready):
        """Go on to the next stage, if the time for it has come; whether it has."""
        held = any(hook.outcome() != "CONTINUE" for hook in self.hooks)
        if not self.under_way or held or not delays.is_past(self.until) or (self.stage == "SCALE_UP" and not ready):
            return False
        if self.stage in ("POST_TEST_TRAFFIC_SHIFT", PRE_SHIFT, SHIFT) and self.left:
            self._shift_more(service)
            return True
        self._enter(STAGES[STAGES.index(self.stage) + 1] if self.stage in STAGES else STAGES[0])
        if self.stage == "TEST_TRAFFIC_SHIFT":
            self.test = 100.0
            self._send(service)
        self.until = delays.ready_at(MINUTE, self.settings["bakeTimeInMinutes"]) if self.stage == "BAKE_TIME" else 0.0
        return True

    def _shift_more(self, service):
        if self.stage != PRE_SHIFT and self._hooks(PRE_SHIFT):
            self._enter(PRE_SHIFT)
            return
        self.production, minutes = self.left.pop(0)
        self._enter(SHIFT)
        self._send(service)
        self.until = delays.ready_at(MINUTE, minutes)
