# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of deployments."""

from moto.backends import get_backend

from ...errors import missing
from .. import answer, backend
from . import progress, revisions
from .configs import find_config
from .group_checks import check_alarms, check_rollback
from .model import Run
from .shared import check_batch, find_application, find_deployment, find_group, page, refused

COUNTED = ("Pending", "InProgress", "Succeeded", "Failed", "Skipped", "Ready")
DESCRIPTION = 256  # characters, https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
KEPT = ("description", "autoRollbackConfiguration", "overrideAlarmConfiguration")


@answer("codedeploy", "CreateDeployment")
def create(call):
    """moto keeps it as it is created, for ever."""
    parameters, application = call.parameters, find_application(call)
    if not parameters.get("deploymentGroupName"):
        raise refused("DeploymentGroupNameRequiredException", "The deployment group name was not specified.")
    group = find_group(call, application, parameters["deploymentGroupName"])
    if not parameters.get("revision"):
        raise refused("RevisionRequiredException", "The revision was not specified.")
    revision = revisions.checked(call, application, parameters["revision"])
    if application.platform != "ECS":
        raise missing(call, f"deployments to {application.platform}, only to ECS")
    revisions.text(call, revision)  # which has to be there
    if len(parameters.get("description") or "") > DESCRIPTION:
        message = f"The description can be up to {DESCRIPTION} characters in length."
        raise refused("DescriptionTooLongException", message)
    config = find_config(call, parameters.get("deploymentConfigName") or group.written["deploymentConfigName"])
    if config["computePlatform"] != application.platform:
        message = f"The deployment configuration is for {config['computePlatform']}."
        raise refused("InvalidDeploymentConfigNameException", message)
    check_alarms(parameters.get("overrideAlarmConfiguration"))
    check_rollback(parameters.get("autoRollbackConfiguration"))
    run = Run(group, revision, config, {name: parameters[name] for name in KEPT if parameters.get(name) is not None})
    _enqueue(call, run)
    revisions.note_use(application, revision, group.name)
    return {"deploymentId": run.id}


def _enqueue(call, run):
    known = backend(call).deployments
    for other in known.values():
        if other.group is run.group and other.going_on:
            raise refused(
                "DeploymentLimitExceededException",
                f"The Deployment Group '{run.group.name}' already has an active Deployment '{other.id}'",
            )
        if other.group is run.group and other.status == "Succeeded":
            run.previous_revision = other.revision
    known[run.id] = run
    progress.watch(call)


@answer("codedeploy", "GetDeployment")
def get(call):
    """How far it has come."""
    return {"deploymentInfo": _view(find_deployment(call))}


@answer("codedeploy", "BatchGetDeployments")
def batch_get(call):
    """Those that are there."""
    numbers = call.parameters["deploymentIds"]
    check_batch(numbers, 25)
    known = backend(call).deployments
    return {"deploymentsInfo": [_view(known[number]) for number in numbers if number in known]}


@answer("codedeploy", "ListDeployments")
def list_deployments(call):
    """The latest is first."""
    parameters = call.parameters
    application, group = parameters.get("applicationName"), parameters.get("deploymentGroupName")
    if group and not application:
        raise refused("ApplicationNameRequiredException", "A deployment group needs its application.")
    if application and not group:
        raise refused("DeploymentGroupNameRequiredException", "An application needs its deployment group.")
    if application:
        find_group(call, find_application(call), group)
    since, until = _range(parameters.get("createTimeRange") or {})
    found = [
        run.id
        for run in reversed(backend(call).deployments.values())
        if application in (None, run.application_name)
        and group in (None, run.group_name)
        and run.status in (parameters.get("includeOnlyStatuses") or [run.status])
        and (since is None or since <= run.dates["createTime"].timestamp())
        and (until is None or until >= run.dates["createTime"].timestamp())
    ]
    return page(call, "deployments", found)


def _range(given):
    since, until = (given[name].timestamp() if given.get(name) else None for name in ("start", "end"))
    if since is not None and until is not None and since > until:
        raise refused("InvalidTimeRangeException", "The start time must be earlier than the end time.")
    return since, until


@answer("codedeploy", "StopDeployment")
def stop(call):
    """What goes on is stopped, and rolled back if the call or the deployment group says so."""
    run, wanted = _going_on(call), call.parameters.get("autoRollbackEnabled")
    wanted = "DEPLOYMENT_STOP_ON_REQUEST" in run.rollback_events if wanted is None else wanted
    progress.end(call, run, "Stopped", "MANUAL_STOP", "The deployment was stopped by a user.", wanted)
    return {"status": "Succeeded", "statusMessage": "The deployment was stopped."}


def _going_on(call):
    run = find_deployment(call)
    if not run.going_on:
        raise refused("DeploymentAlreadyCompletedException", f"The deployment {run.id} is already complete.")
    return run


@answer("codedeploy", "ContinueDeployment")
def go_on(call):
    """Neither traffic nor what is to be terminated waits any longer."""
    run, kind = _going_on(call), call.parameters.get("deploymentWaitType") or "READY_WAIT"
    if kind == "READY_WAIT" and run.status != "Ready" or kind == "TERMINATION_WAIT" and not run.termination_started:
        message = f"The deployment {run.id} does not wait in {kind}."
        raise refused("DeploymentIsNotInReadyStateException", message)
    run.continued, run.until = True, 0.0
    return {}


@answer("codedeploy", "SkipWaitTimeForInstanceTermination")
def skip_wait(call):
    """What ContinueDeployment has replaced."""
    run = _going_on(call)
    if not run.termination_started:
        raise refused("DeploymentNotStartedException", f"The deployment {run.id} does not wait to terminate anything.")
    run.until = 0.0
    return {}


@answer("codedeploy", "PutLifecycleEventHookExecutionStatus")
def put_status(call):
    """What the function of a hook says that CodeDeploy waits for."""
    run, parameters = find_deployment(call), call.parameters
    status, number = parameters.get("status"), parameters.get("lifecycleEventHookExecutionId")
    if status not in ("Succeeded", "Failed"):
        raise refused("InvalidLifecycleEventHookExecutionStatusException", "It should be Succeeded or Failed.")
    event = next((item for item in run.events if item.execution_id and item.execution_id == number), None)
    if event is None:
        raise refused("InvalidLifecycleEventHookExecutionIdException", "The execution id of the hook is not valid.")
    if event.status != "InProgress" or event.told:
        raise refused("LifecycleEventAlreadyCompletedException", f"The event {event.name} is already complete.")
    event.told = status
    return {"lifecycleEventHookExecutionId": number}


def waiting_hooks(account, region):
    """What Lambda would be asked: the events whose functions have not yet said anything."""
    return [
        {
            "DeploymentId": run.id, "LifecycleEventHookExecutionId": event.execution_id,
            "LifecycleEvent": event.name, "Function": event.function,
        }
        for run in get_backend("codedeploy")[account][region].deployments.values()
        for event in run.events
        if event.function and event.status == "InProgress" and event.told is None
    ]  # fmt: skip


def _view(run):
    shown = {
        "applicationName": run.application_name, "deploymentGroupName": run.group_name, "deploymentId": run.id,
        "deploymentConfigName": run.config["deploymentConfigName"], "revision": run.revision, "status": run.status,
        **run.dates, "deploymentOverview": _overview(run), "creator": run.creator, "computePlatform": "ECS",
        "ignoreApplicationStopFailures": False, "updateOutdatedInstancesOnly": False,
        "instanceTerminationWaitTimeStarted": run.termination_started, "fileExistsBehavior": "DISALLOW",
        "deploymentStyle": run.settings["deploymentStyle"], "deploymentStatusMessages": [],
        "blueGreenDeploymentConfiguration": run.waits, "loadBalancerInfo": run.settings["loadBalancerInfo"],
    }  # fmt: skip
    optional = {
        **run.written, "errorInformation": run.error, "rollbackInfo": run.rollback,
        "previousRevision": run.previous_revision,
    }  # fmt: skip
    optional.setdefault("autoRollbackConfiguration", run.settings.get("autoRollbackConfiguration"))
    return shown | {name: value for name, value in optional.items() if value}


def target_status(run):
    """How the only target of a deployment does."""
    return {"Created": "Pending", "Queued": "Pending", "Stopped": "Failed"}.get(run.status, run.status)


def _overview(run):
    return {name: int(target_status(run) == name) for name in COUNTED}
