# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scheduler: starts, replaces and stops the tasks of services, one step for each call that comes."""

import math

from moto.backends import get_backend

from ... import delays
from .. import backend, before, lock, store
from ..elbv2 import targets as elbv2_targets
from . import traffic
from .capacity import UNAVAILABLE, place, provider_of
from .tasks import Task

BREAKER, ALARMS, HOOKS = "ECS deployment circuit breaker", "ECS deployment alarms", "ECS deployment lifecycle hook"
STEPS = 500

ROUNDS = {}  # deployment controller: the round of its services, if it is not that of ECS itself

_regions = store()  # (account, region) with a service or a task: True


def watch(call):
    """From now on there is something to schedule."""
    _regions[call.account, call.region] = True


@before("ecs")
def advance_ecs(call):
    """Do what the time has come for, before anyone looks."""
    _advance(call, relaunch=True)


@before("ec2")
@before("elbv2")
def advance_others(call):
    """Interfaces and targets change with the tasks; what failed is tried again when ECS is called."""
    # Never waiting, because a call of ECS that has its lock may want that of EC2, which this one has.
    if (call.account, call.region) in _regions and lock("ecs").acquire(blocking=False):
        try:
            _advance(call, relaunch=False)
        finally:
            lock("ecs").release()


def _advance(call, relaunch):
    if (call.account, call.region) not in _regions:
        return
    state = backend(call, "ecs")
    for tasks in list(state.tasks.values()):
        for task in [task for task in tasks.values() if task.one_off]:
            while task.advance():
                pass
    for service in state.services.values():
        if service.status != "INACTIVE":
            # What consists of task sets is another's to deploy.
            kind = service.settings["deploymentController"]["type"]
            ROUNDS.get(kind, Round)(service, relaunch).run()
    for group in backend(call, "elbv2").target_groups.values():
        elbv2_targets.settle(group)


class Round:
    """What becomes of one service in one call."""

    def __init__(self, service, relaunch):
        self.service, self.may_launch = service, relaunch

    def run(self):
        """Take steps until one changes nothing."""
        for _step in range(STEPS):
            if not self._step():
                break
        for task in self.service.tasks():
            task.seen_unhealthy = task.well() is False

    def _step(self):
        changed = self._advance_tasks()
        if self.service.status == "DRAINING":
            return self._drain() or changed
        if self.service.status == "INACTIVE":
            return False
        changed |= self._give_up()
        shift = self.service.shift
        if shift is not None:
            return self._run_both(shift) or changed
        changed |= self._start_missing()
        changed |= self._stop_surplus()
        return self._complete() or changed

    def _run_both(self, shift):
        """While traffic is shifted, both revisions run in full."""
        service, changed = self.service, False
        wanted = [shift.blue, shift.green] if shift.scaled_up else [shift.blue]
        for deployment in wanted:
            deployment.desired_count = service.desired_count
            mine = service.tasks(deployment)
            changed |= self._start(deployment, service.desired_count - len(mine))
            changed |= self._stop(mine[service.desired_count :], "Scaling activity initiated by the service")
        superseded = [task for task in service.tasks() if task.started_by not in [item.id for item in wanted]]
        changed |= self._stop(superseded, f"Superseded by (deployment {shift.green.id})")
        mine = service.tasks(shift.green)
        ready = len(mine) == service.desired_count and all(task.well() for task in mine)
        return shift.advance(service, ready) or changed

    def _advance_tasks(self):
        changed = False
        for task in self.service.all_tasks():
            changed |= task.advance()
            if task.well() is False and self.may_launch:
                self._replace_unhealthy(task)
            if task.failed:
                task.failed = False
                self._count_failure(task)
        return changed

    def _replace_unhealthy(self, task):
        name, number = self.service.name, task.id
        reason = "Task failed container health checks"
        if task.targets:
            arn, port = task.targets[0]
            reason = f"Task failed ELB health checks in (target-group {arn})"
            codes = elbv2_targets.DESCRIPTIONS["Target.ResponseCodeMismatch"]
            self.service.tell(
                f"(service {name}) (port {port}) is unhealthy in (target-group {arn}) due to (reason {codes})."
            )
        # Without a circuit breaker it is left for one call, in which its bad health can be seen.
        if self._breaker_watches() or task.seen_unhealthy:
            task.stop("ServiceSchedulerInitiated", reason, failed=True)
            self.service.tell(f"(service {name}) has stopped 1 running tasks: (task {number}).")

    def _count_failure(self, task):
        for deployment in (*self.service.deployments, *self.service.task_sets):
            if deployment.id == task.started_by:
                deployment.failed_tasks += 1
        self.service.steady = False
        self.service.tell(
            f"(service {self.service.name}) (task {task.id}) failed: {task.stopped_reason}"
            if task.stop_code == "TaskFailedToStart"
            else f"(service {self.service.name}) (task {task.id}) stopped: {task.stopped_reason}"
        )
        # Without a circuit breaker this goes on for ever, so there is one attempt for each call.
        self.may_launch = self.may_launch and self._breaker_watches()

    def _breaker_watches(self):
        settings = self.service.settings["deploymentConfiguration"]["deploymentCircuitBreaker"]
        return settings["enable"] and self.service.primary.rollout_state == "IN_PROGRESS"

    def _failure(self):
        """(who stops the deployment, why, whether it is rolled back), or None while nobody does."""
        service, settings = self.service, self.service.settings["deploymentConfiguration"]
        if self._breaker_watches() and service.primary.failed_tasks >= threshold(service.desired_count):
            return BREAKER, "tasks failed to start.", settings["deploymentCircuitBreaker"]["rollback"]
        if service.shift is not None and service.shift.failed():
            return HOOKS, "a lifecycle hook failed.", True
        # A rollback goes on while the alarm that caused it still rings.
        going_on = service.primary.rollout_state == "IN_PROGRESS" and service.primary is not service.rollout.rollback
        ringing = ringing_alarms(service.state, settings) if going_on else []
        service.rollout.ringing = ringing or service.rollout.ringing
        return (ALARMS, f"alarm detected: {', '.join(ringing)}.", settings["alarms"]["rollback"]) if ringing else None

    def _give_up(self):
        failure, service, deployment = self._failure(), self.service, self.service.primary
        if failure is None:
            return False
        who, why, wanted = failure
        deployment.turn("FAILED", f"{who}: {why}")
        service.tell(f"(service {service.name}) (deployment {deployment.id}) deployment failed: {why}")
        self._stop(service.tasks(deployment), "Deployment failed")
        rolling_back = deployment is service.rollout.rollback
        if wanted and not rolling_back and service.roll_back(who):
            return True
        if service.shift is not None:
            service.shift.undo(service)
        deployment.desired_count = 0
        service.rollout.turn(
            "ROLLBACK_FAILED" if rolling_back else "STOPPED", f"{who}: {why}", "finishedAt", "stoppedAt"
        )
        return True

    def _start_missing(self):
        service, deployment = self.service, self.service.primary
        if deployment.rollout_state != "FAILED":
            deployment.desired_count = service.desired_count
        missing = deployment.desired_count - len(service.tasks(deployment))
        return self._start(deployment, min(missing, self._most() - len(service.tasks())))

    def _start(self, deployment, number):
        service = self.service
        if number <= 0 or not self.may_launch or not on_fargate(deployment.revision.settings):
            return False
        return self._launch(deployment, number, f"(service {service.name})")

    def _launch(self, owner, number, who):
        """Start tasks of a deployment or task set, as far as there is room for them."""
        service, tasks = self.service, [_launch(self.service, owner, index) for index in range(number)]
        tasks = [task for task in tasks if task]
        service.steady = False
        if tasks:
            names = " ".join(f"(task {task.id})" for task in tasks)
            service.tell(f"{who} has started {len(tasks)} tasks: {names}.")
        if len(tasks) < number:
            # AWS tries again and again; here it does in the next call.
            self.may_launch = False
            service.tell(
                f"{who} was unable to place a task. Reason: {UNAVAILABLE}. For more information, see the "
                "Troubleshooting section of the Amazon ECS Developer Guide."
            )
        return bool(tasks)

    def _most(self):
        percent = self.service.settings["deploymentConfiguration"]["maximumPercent"]
        return self.service.desired_count * percent // 100

    def _least(self):
        percent = self.service.settings["deploymentConfiguration"]["minimumHealthyPercent"]
        return math.ceil(self.service.desired_count * percent / 100)

    def _stop_surplus(self):
        service, deployment = self.service, self.service.primary
        mine = service.tasks(deployment)
        surplus = [task for task in mine if not task.protected][max(0, deployment.desired_count - _protected(mine)) :]
        others = [task for task in service.tasks() if task.started_by != deployment.id]
        if deployment.rollout_state != "FAILED":
            well = sum(task.well() is True for task in service.tasks()) - len(surplus)
            blocked = deployment.desired_count - len(mine) > 0 and len(service.tasks()) >= self._most()
            floor = self._least() if blocked else service.desired_count
            useless = [task for task in others if task.last_status != "RUNNING" or task.well() is False]
            useful = [task for task in others if task not in useless and not task.protected]
            surplus = surplus + useless + useful[: max(0, well - floor)]
        elif len(others) > service.desired_count:
            surplus = surplus + others[service.desired_count :]
        return self._stop(surplus, f"Scaling activity initiated by (deployment {deployment.id})")

    def _stop(self, tasks, reason):
        for task in tasks:
            task.stop("ServiceSchedulerInitiated", reason)
        if tasks:
            names = " ".join(f"(task {task.id})" for task in tasks)
            self.service.tell(f"(service {self.service.name}) has stopped {len(tasks)} running tasks: {names}.")
            self.service.steady = False
        return bool(tasks)

    def _complete(self):
        service, deployment = self.service, self.service.primary
        running = service.tasks()
        leaving = any(task.last_status != "STOPPED" for task in service.all_tasks() if task not in running)
        ready = len(running) == service.desired_count and all(
            task.started_by == deployment.id and task.well() for task in running
        )
        if service.steady or leaving or not ready or deployment.rollout_state == "FAILED":
            return False
        if deployment.rollout_state == "IN_PROGRESS" and not delays.is_past(deployment.stable_at):
            return False
        self._finish(deployment)
        service.steady = True
        service.tell(f"(service {service.name}) has reached a steady state.")
        return True

    def _finish(self, deployment):
        service = self.service
        service.deployments = [deployment]
        if deployment.rollout_state != "IN_PROGRESS":
            return
        service.tell(f"(service {service.name}) (deployment {deployment.id}) deployment completed.")
        rolled_back = deployment is service.rollout.rollback
        reason = deployment.reason if rolled_back else f"ECS deployment {deployment.id} completed."
        deployment.turn("COMPLETED", reason)
        service.rollout.turn(
            "ROLLBACK_SUCCESSFUL" if rolled_back else "SUCCESSFUL", service.rollout.reason, "finishedAt"
        )

    def _drain(self):
        tasks = [task for task in self.service.all_tasks() if task.last_status != "STOPPED"]
        running = [task for task in tasks if task.desired_status == "RUNNING"]
        for task in running:
            task.stop("ServiceSchedulerInitiated", "Service is draining")
        if not tasks:
            self.service.status, self.service.deployments = "INACTIVE", []
        return bool(running)


def _protected(tasks):
    return sum(task.protected for task in tasks)


def ringing_alarms(state, settings):
    """The names of the alarms that a deployment heeds and that ring."""
    alarms = settings.get("alarms") or {}
    known = get_backend("cloudwatch")[state.account_id][state.region_name].alarms if alarms.get("enable") else {}
    return [name for name in alarms.get("alarmNames") or [] if name in known and known[name].state_value == "ALARM"]


def threshold(desired):
    """How many failed tasks trip the circuit breaker."""
    return max(3, min(200, math.ceil(desired / 2)))


def on_fargate(settings):
    return settings.get("launchType") == "FARGATE" or bool(settings.get("capacityProviderStrategy"))


def _launch(service, deployment, index):
    settings, state = deployment.revision.settings, service.state
    definition = deployment.revision.definition
    network = dict(settings["networkConfiguration"]["awsvpcConfiguration"])
    start = index % len(network["subnets"])
    network["subnets"] = network["subnets"][start:] + network["subnets"][:start]
    strategy = settings.get("capacityProviderStrategy")
    options = {
        "launchType": "FARGATE", "platformVersion": settings.get("platformVersion"),
        "enableExecuteCommand": service.settings["enableExecuteCommand"],
        "capacityProviderName": provider_of(strategy, service.tasks(deployment)),
    }  # fmt: skip
    network = place(state, network, options)
    if network is None:
        return None
    cluster = state.clusters[service.cluster_name]
    group = f"service:{service.name}"
    task = Task(state, cluster, definition, network, deployment.id, group, _tags(service, definition), options)
    balancers = settings.get("loadBalancers") or []
    task.targets = [(traffic.group_on(item, deployment.side), item["containerPort"]) for item in balancers]
    return task


def _tags(service, definition):
    kept = {}
    if service.settings["enableECSManagedTags"]:
        kept = {"aws:ecs:clusterName": service.cluster_name, "aws:ecs:serviceName": service.name}
    source = {"SERVICE": service.tags, "TASK_DEFINITION": definition.tags}.get(service.settings["propagateTags"], [])
    kept.update({tag["key"]: tag["value"] for tag in source})
    return [{"key": key, "value": value} for key, value in kept.items()]
