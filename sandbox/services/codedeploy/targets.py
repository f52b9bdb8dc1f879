# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets of deployments: the service, with the task sets that change places."""

from .. import answer
from ..ecs.task_set_model import view as task_set_view
from .deployments import target_status
from .shared import check_batch, find_deployment, page, refused


def _started(call):
    run = find_deployment(call)
    if run.status in ("Created", "Queued"):
        raise refused("DeploymentNotStartedException", f"The deployment {run.id} has not started.")
    return run


def _check(run, number):
    if number != run.target_id:
        raise refused("DeploymentTargetDoesNotExistException", f"The deployment {run.id} has no target {number}.")


@answer("codedeploy", "ListDeploymentTargets")
def list_targets(call):
    """One service of ECS."""
    run, filters = _started(call), call.parameters.get("targetFilters") or {}
    wanted = target_status(run) in filters.get("TargetStatus", [target_status(run)])
    return page(call, "targetIds", [run.target_id] if wanted else [])


@answer("codedeploy", "GetDeploymentTarget")
def get(call):
    """How far a target has come."""
    run = _started(call)
    _check(run, call.parameters["targetId"])
    return {"deploymentTarget": _view(run)}


@answer("codedeploy", "BatchGetDeploymentTargets")
def batch_get(call):
    """How far some targets have come."""
    run, numbers = _started(call), call.parameters["targetIds"]
    check_batch(numbers, 25, "DeploymentTargetListSizeExceededException")
    for number in numbers:
        _check(run, number)
    return {"deploymentTargets": [_view(run) for _number in numbers]}


def _view(run):
    shown = {
        "deploymentId": run.id, "targetId": run.target_id, "status": target_status(run),
        "lifecycleEvents": [_event(event) for event in run.events],
        "lastUpdatedAt": run.dates.get("completeTime") or run.dates["startTime"], "taskSetsInfo": [],
    }  # fmt: skip
    if run.service is not None:
        shown["targetArn"] = run.service.arn
        shown["taskSetsInfo"] = [
            _task_set(run, task_set, label)
            for label, task_set in (("Blue", run.blue), ("Green", run.green))
            if task_set is not None
        ]
    return {"deploymentTargetType": "ECSTarget", "ecsTarget": shown}


def _event(event):
    shown = {"lifecycleEventName": event.name, "status": event.status}
    shown.update({"startTime": event.started_at} if event.started_at else {})
    if event.problem:
        diagnostics = {"errorCode": "UnknownError", "scriptName": event.function or "", "message": event.problem}
        shown.update(diagnostics=diagnostics)
    return shown | ({"endTime": event.ended_at} if event.ended_at else {})


def _task_set(run, task_set, label):
    known = task_set_view(task_set)
    arn = run.pair[label.lower()]
    return {
        "identifer": task_set.id, "desiredCount": known["computedDesiredCount"],  # AWS spells it so
        "pendingCount": known["pendingCount"], "runningCount": known["runningCount"], "status": task_set.status,
        "trafficWeight": float(run.weight if label == "Green" else 100 - run.weight), "taskSetLabel": label,
        "targetGroup": {"name": arn.split("/")[1]},
    }  # fmt: skip
