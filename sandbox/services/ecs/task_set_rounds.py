# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scheduler's round of a service that consists of task sets."""

from .scheduler import ROUNDS, Round, on_fargate


class TaskSetRound(Round):
    """Each task set has the tasks that it is to have; nobody here decides between them."""

    def _step(self):
        service, changed = self.service, self._advance_tasks()
        if service.status == "DRAINING":
            changed |= self._drain()
        if service.status == "INACTIVE":
            service.task_sets = []
            return False
        if service.status == "ACTIVE":
            for task_set in service.task_sets:
                changed |= self._fill(task_set) | self._shrink(task_set)
        self._judge()
        return changed

    def _fill(self, task_set):
        service = self.service
        missing = task_set.wanted - len(service.tasks(task_set))
        if missing <= 0 or not self.may_launch or not on_fargate(task_set.settings):
            return False
        return self._launch(task_set, missing, f"(service {service.name}, taskSet {task_set.id})")

    def _shrink(self, task_set):
        surplus = self.service.tasks(task_set)[task_set.wanted :]
        return self._stop(surplus, f"Scaling activity initiated by (taskSet {task_set.id})")

    def _judge(self):
        service = self.service
        for task_set in service.task_sets:
            task_set.judge()
        # A deleted task set is there until its last task has stopped.
        service.task_sets = [
            item for item in service.task_sets if item.status != "DRAINING" or item.stability != "STEADY_STATE"
        ]
        steady = bool(service.task_sets) and all(item.stability == "STEADY_STATE" for item in service.task_sets)
        if steady and not service.steady:
            service.tell(f"(service {service.name}) has reached a steady state.")
        service.steady = steady


ROUNDS.update(CODE_DEPLOY=TaskSetRound, EXTERNAL=TaskSetRound)
