# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection of a service's tasks from being scaled in, which moto does not have."""

from datetime import timedelta

from moto.core.utils import utcnow

from ... import delays
from .. import answer, backend
from .shared import cluster_of, invalid, make_arn, short

USUAL, LONGEST, MOST = 120, 2880, 10


@answer("ecs", "UpdateTaskProtection")
def update(call):
    """For a while, which is two hours unless it is said."""
    minutes, names = call.parameters.get("expiresInMinutes", USUAL), call.parameters["tasks"]
    if not 1 <= minutes <= LONGEST:
        raise invalid(f"expiresInMinutes must be between 1 and {LONGEST}.")
    found, failures = _tasks(call, names)
    for task in found:
        task.protected_until = delays.now() + minutes * 60 if call.parameters["protectionEnabled"] else None
        task.protection_ends = utcnow() + timedelta(minutes=minutes)
    return {"protectedTasks": [_view(task) for task in found], "failures": failures}


@answer("ecs", "GetTaskProtection")
def get(call):
    """Of the tasks that are named, or of all in the cluster."""
    found, failures = _tasks(call, call.parameters.get("tasks"))
    return {"protectedTasks": [_view(task) for task in found], "failures": failures}


def _tasks(call, names):
    state = backend(call)
    known = {task.id: task for task in state.tasks.get(cluster_of(call).name, {}).values()}
    names = list(known) if names is None else [short(name) for name in names]
    if len(names) > MOST:
        raise invalid(f"tasks can have at most {MOST} items.")
    found, failures = [], []
    for name in names:
        task = known.get(name)
        if task is None or task.one_off:
            arn = task.task_arn if task else make_arn(state, "task", cluster_of(call).name, name)
            failures.append({"arn": arn, "reason": "TASK_NOT_VALID" if task else "MISSING"})
        else:
            found.append(task)
    return found, failures


def _view(task):
    shown = {"taskArn": task.task_arn, "protectionEnabled": task.protected}
    return shown | ({"expirationDate": task.protection_ends} if task.protected else {})
