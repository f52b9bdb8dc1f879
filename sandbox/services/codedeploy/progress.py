# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of deployments as time passes: one step after the other, for each call that comes."""

from ... import delays
from ...errors import AwsError
from .. import backend, before, lock, store
from ..ecs.scheduler import advance_ecs, ringing_alarms
from ..ecs.task_set_model import make_primary
from . import install, traffic
from .model import HOOK_SECONDS, Run

STEPS = 200
PATIENCE = 60  # minutes in which the replacement task set has to become healthy
STOPPED_BY_ALARM = (
    "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, "
    "and the affected deployments have been stopped. Activated alarms: {names}"
)

_regions = store()  # (account, region) with a deployment: True


def watch(call):
    """From now on there is something to deploy."""
    _regions[call.account, call.region] = True


@before("codedeploy")
def advance_deployments(call):
    """Do what the time has come for, before anyone looks."""
    if (call.account, call.region) in _regions:
        with lock("ecs"):
            _advance(call)


@before("ecs")
@before("elbv2")
def advance_others(call):
    """Task sets and weights change with the deployments."""
    # Never waiting, because a call of CodeDeploy that has its lock wants those of the other two.
    if (call.account, call.region) in _regions and lock("codedeploy").acquire(blocking=False):
        try:
            if lock("ecs").acquire(blocking=False):
                try:
                    _advance(call)
                finally:
                    lock("ecs").release()
        finally:
            lock("codedeploy").release()


def _advance(call):
    runs = [run for run in backend(call, "codedeploy").deployments.values() if run.going_on]
    for run in runs:
        for _step in range(STEPS):
            advance_ecs(call)
            if not _Step(call, run).take():
                break
    if any(run.going_on for run in backend(call, "codedeploy").deployments.values() if run not in runs):
        _advance(call)  # one was rolled back


class _Step:
    """The next step of one deployment."""

    def __init__(self, call, run):
        self.call, self.run = call, run

    def take(self):
        """Take it, if it is time; whether anything changed."""
        run = self.run
        if not run.going_on:
            return False
        if run.service is not None and run.service.status != "ACTIVE":
            run.finish("Failed", "INVALID_ECS_SERVICE", "The ECS service has been deleted.")
            return True
        try:
            return self._take()
        except AwsError as error:  # somebody has changed the load balancer meanwhile
            return self._fail("ELASTIC_LOAD_BALANCING_INVALID", error.message)

    def _take(self):
        run = self.run
        if run.is_rollback:
            return self._undo()
        if run.status == "Created":
            return self._start()
        ringing = self._ringing()
        if ringing:
            message = STOPPED_BY_ALARM.format(names=", ".join(ringing))
            end(self.call, run, "Stopped", "ALARM_ACTIVE", message, "DEPLOYMENT_STOP_ON_ALARM" in run.rollback_events)
            return True
        if run.status == "Ready":
            return self._wait_for_agreement()
        if run.event is None:
            return self._terminate()
        return self._begin(run.event) if run.event.status == "Pending" else self._go_on(run.event)

    def _ringing(self):
        state = backend(self.call, "ecs")
        return ringing_alarms(state, {"alarms": {"enable": True, "alarmNames": self.run.alarms}})

    def _fail(self, code, message):
        end(self.call, self.run, "Failed", code, message, "DEPLOYMENT_FAILURE" in self.run.rollback_events)
        return True

    def _start(self):
        run = self.run
        if not delays.is_past(run.start_at):
            return False
        install.begin(run)
        try:
            install.prepare(self.call, run)
        except install.Impossible as error:
            return self._fail(error.code, error.message)
        return True

    def _begin(self, event):
        run = self.run
        if event.name == "BeforeAllowTraffic" and self._must_wait():
            run.status = "Ready"
            return True
        event.begin(HOOK_SECONDS)
        if event.name == "Install":
            try:
                install.install(self.call, run)
            except AwsError as error:
                message = f"The ECS service cannot be updated due to a client exception. {error.message}"
                return self._fail("ECS_UPDATE_ERROR", message)
            event.until = delays.ready_at("codedeploy-minute", PATIENCE)
        elif event.name == "AllowTestTraffic":
            traffic.shift(self.call, run, run.test_listener, 100)
        elif event.name == "AllowTraffic":
            run.shifts = _shifts(run.config["trafficRoutingConfig"])
        elif event.function and not install.has_function(self.call, event.function):
            return self._fail("HOOK_EXECUTION_FAILURE", f"The function {event.function} could not be invoked.")
        return True

    def _must_wait(self):
        run, option = self.run, self.run.waits["deploymentReadyOption"]
        if run.continued or option.get("actionOnTimeout") != "STOP_DEPLOYMENT":
            return False
        run.until = delays.ready_at("codedeploy-minute", option.get("waitTimeInMinutes") or 0)
        return True

    def _wait_for_agreement(self):
        run = self.run
        if run.continued:
            run.status = "InProgress"
            return True
        if not delays.is_past(run.until):
            return False
        end(self.call, run, "Stopped", "TIMEOUT", "The deployment was not continued within its wait time.", False)
        return True

    def _go_on(self, event):
        if event.name == "Install":
            return self._check_green(event)
        if event.name == "AllowTraffic":
            return self._shift(event)
        if event.function:
            return self._check_hook(event)
        event.end("Succeeded")
        return True

    def _check_green(self, event):
        green = self.run.green
        if green.stability == "STEADY_STATE":
            event.end("Succeeded")
            return True
        failing = green.failed_tasks or any(task.well() is False for task in green.service.tasks(green))
        if not failing or not delays.is_past(event.until):
            return False
        return self._fail(
            "TIMEOUT",
            "The deployment timed out while waiting for the replacement task set to become healthy. "
            f"This time out period is {PATIENCE} minutes.",
        )

    def _check_hook(self, event):
        if event.told == "Succeeded":
            event.end("Succeeded")
            return True
        if event.told or delays.is_past(event.until):
            return self._fail("HOOK_EXECUTION_FAILURE", f"The function {event.function} did not agree to {event.name}.")
        return False

    def _shift(self, event):
        run = self.run
        weight = [part for moment, part in run.shifts if delays.is_past(moment)][-1]
        changed = weight != run.weight
        if changed:
            run.weight = weight
            traffic.shift(self.call, run, run.prod_listener, weight)
        if weight == 100:
            make_primary(run.service, run.green)
            event.end("Succeeded")
            return True
        return changed

    def _terminate(self):
        run = self.run
        option = run.waits["terminateBlueInstancesOnDeploymentSuccess"]
        if not run.termination_started:
            run.termination_started = True
            run.until = delays.ready_at("codedeploy-minute", option.get("terminationWaitTimeInMinutes") or 0)
        if not delays.is_past(run.until):
            return False
        run.blue.turn(status="DRAINING")
        run.finish("Succeeded")
        return True

    def _undo(self):
        run = self.run
        if run.status == "Created":
            install.begin(run)
            restore(self.call, run)
            run.until = delays.ready_at("codedeploy-rollback")
            return True
        if not delays.is_past(run.until):
            return False
        for event in run.events:
            event.end("Succeeded")
        run.finish("Succeeded")
        return True


def _shifts(routing):
    """[(moment, percentage)] of what green gets from a moment on."""
    if routing["type"] == "AllAtOnce":
        return [(delays.now(), 100)]
    if routing["type"] == "TimeBasedCanary":
        canary = routing["timeBasedCanary"]
        second = delays.ready_at("codedeploy-minute", canary["canaryInterval"])
        return [(delays.now(), canary["canaryPercentage"]), (second, 100)]
    linear = routing["timeBasedLinear"]
    parts = [*range(linear["linearPercentage"], 100, linear["linearPercentage"]), 100]
    return [
        (delays.ready_at("codedeploy-minute", number * linear["linearInterval"]), part)
        for number, part in enumerate(parts)
    ]


def end(call, run, status, code, message, roll_back):
    """A deployment did not come to its end, and another one undoes it if it is to."""
    run.finish(status, code, message)
    if not roll_back or run.is_rollback or run.green is None:
        return
    undoing = Run(run.group, run.previous_revision or run.revision, run.config, {}, creator="codeDeployRollback")
    undoing.service, undoing.blue, undoing.green, undoing.pair = run.service, run.green, run.blue, _swapped(run.pair)
    undoing.plan({})
    undoing.rollback = {
        "rollbackTriggeringDeploymentId": run.id,
        "rollbackMessage": f"Deployment {run.id} is rolled back: {message}",
    }
    run.rollback = {"rollbackDeploymentId": undoing.id}
    backend(call, "codedeploy").deployments[undoing.id] = undoing


def _swapped(pair):
    return {"blue": pair["green"], "green": pair["blue"]}


def restore(call, run):
    """Lead all traffic back to what was there before, and remove what was to replace it."""
    for listener in filter(None, (run.prod_listener, run.test_listener)):
        traffic.shift(call, run, listener, 100)
    run.weight = 100
    if run.green.status != "PRIMARY":
        make_primary(run.service, run.green)
    run.blue.turn(status="DRAINING")
