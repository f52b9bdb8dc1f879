# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service deployments and revisions: the history of a service, which moto does not have."""

from ...errors import AwsError
from .. import answer, backend
from .scheduler import threshold
from .service_views import counts
from .shared import find_service, invalid, page
from .startup import image_digest
from .traffic import group_on


def _all(call):
    for service in backend(call).services.values():
        for rollout in service.rollouts:
            yield service, rollout


@answer("ecs", "ListServiceDeployments")
def list_deployments(call):
    """The latest is first."""
    parameters, service = call.parameters, find_service(call, active=False)
    created = parameters.get("createdAt") or {}
    found = [
        _brief(service, rollout)
        for rollout in reversed(service.rollouts)
        if rollout.status in (parameters.get("status") or [rollout.status])
        and (created.get("after") or rollout.dates["createdAt"]) <= rollout.dates["createdAt"]
        and (created.get("before") or rollout.dates["createdAt"]) >= rollout.dates["createdAt"]
    ]
    items, token = page(call, found)
    return {"serviceDeployments": items, "nextToken": token}


def _brief(service, rollout):
    shown = {
        "serviceDeploymentArn": rollout.arn, "serviceArn": service.arn, "clusterArn": service.cluster_arn,
        "targetServiceRevisionArn": rollout.deployment.revision.arn, "status": rollout.status, **rollout.dates,
    }  # fmt: skip
    return shown | ({"statusReason": rollout.reason} if rollout.reason else {})


@answer("ecs", "DescribeServiceDeployments")
def describe_deployments(call):
    """What came of each deployment."""
    known = {rollout.arn: (service, rollout) for service, rollout in _all(call)}
    wanted = call.parameters["serviceDeploymentArns"]
    return {
        "serviceDeployments": [_view(*known[arn]) for arn in wanted if arn in known],
        "failures": [{"arn": arn, "reason": "MISSING"} for arn in wanted if arn not in known],
    }


def _view(service, rollout):
    breaker = rollout.settings["deploymentCircuitBreaker"]
    failed, limit = rollout.deployment.failed_tasks, threshold(service.desired_count)
    state, going_on = "DISABLED", rollout.status == "IN_PROGRESS"
    if breaker["enable"]:
        state = "TRIGGERED" if failed >= limit else "MONITORING" if going_on else "MONITORING_COMPLETE"
    shown = _brief(service, rollout)
    shown.pop("targetServiceRevisionArn")
    shown.update(
        targetServiceRevision=_target(service, rollout),
        sourceServiceRevisions=[_source(service, rollout)] if rollout.source else [],
        deploymentConfiguration=rollout.settings,
        deploymentCircuitBreaker={"status": state, "failureCount": failed, "threshold": limit},
    )
    alarms = rollout.settings.get("alarms") or {}
    if alarms.get("enable"):
        shown["alarms"] = {"alarmNames": alarms["alarmNames"], "triggeredAlarmNames": rollout.ringing}
        shown["alarms"]["status"] = (
            "TRIGGERED" if rollout.ringing else "MONITORING" if going_on else "MONITORING_COMPLETE"
        )
    if rollout.shift:
        shown.update(
            lifecycleStage=rollout.shift.stage, lifecycleHookDetails=[hook.view() for hook in rollout.shift.hooks]
        )
    if rollout.rollback:
        shown["rollback"] = {
            "reason": rollout.reason, "startedAt": rollout.rollback.created_at,
            "serviceRevisionArn": rollout.rollback.revision.arn,
        }  # fmt: skip
    return shown


def _target(service, rollout):
    shown, shift = _count(service, rollout.deployment), rollout.shift
    if shift:
        shown.update(requestedProductionTrafficWeight=shift.production, requestedTestTrafficWeight=shift.test)
    return shown


def _source(service, rollout):
    shift = rollout.shift
    if not shift:
        return {"arn": rollout.source.arn}
    shown = _count(service, shift.blue)
    shown.update(
        requestedProductionTrafficWeight=100.0 - shift.production, requestedTestTrafficWeight=100.0 - shift.test
    )
    return shown


def _count(service, deployment):
    number = counts(service.tasks(deployment))
    return {
        "arn": deployment.revision.arn, "requestedTaskCount": deployment.desired_count,
        "runningTaskCount": number["runningCount"], "pendingTaskCount": number["pendingCount"],
    }  # fmt: skip


def _find(call):
    arn = call.parameters["serviceDeploymentArn"]
    for service, rollout in _all(call):
        if rollout.arn == arn:
            return service, rollout
    raise AwsError("ServiceDeploymentNotFoundException", "The service deployment cannot be found.")


@answer("ecs", "StopServiceDeployment")
def stop(call):
    """A deployment that is going on is rolled back, which needs one that was completed, or left where it is."""
    service, rollout = _find(call)
    if rollout.status != "IN_PROGRESS":
        message = f"The service deployment is in status {rollout.status} and cannot be stopped."
        raise AwsError("ConflictException", message)
    failing, reason = service.primary, "Service deployment stopped by user"
    if call.parameters.get("stopType") == "ABORT":
        rollout.turn("STOPPED", reason, "finishedAt", "stoppedAt")
    elif not service.roll_back(reason):
        message = "The service has no completed deployment that it could be rolled back to."
        raise AwsError("ConflictException", message)
    failing.turn("FAILED", reason)
    return {"serviceDeploymentArn": rollout.arn}


@answer("ecs", "ContinueServiceDeployment")
def continue_deployment(call):
    """What a pause waits for; moto does not have it."""
    _service, rollout = _find(call)
    hook = rollout.shift.hook(call.parameters["hookId"]) if rollout.shift else None
    if hook is None or hook.kind != "PAUSE":
        raise invalid("The service deployment has no such hook that awaits an action.")
    hook.decided = call.parameters.get("action") or "CONTINUE"
    return {"serviceDeploymentArn": rollout.arn}


@answer("ecs", "DescribeServiceRevisions")
def describe_revisions(call):
    """What a service's settings were."""
    known = {rollout.deployment.revision.arn: (service, rollout) for service, rollout in _all(call)}
    wanted = call.parameters["serviceRevisionArns"]
    return {
        "serviceRevisions": [_revision(call, *known[arn]) for arn in wanted if arn in known],
        "failures": [{"arn": arn, "reason": "MISSING"} for arn in wanted if arn not in known],
    }


def _revision(call, service, rollout):
    revision = rollout.deployment.revision
    balancers = revision.settings.get("loadBalancers") or []
    images = [
        {
            "containerName": item["name"],
            "image": item["image"],
            "imageDigest": image_digest(call.account, item["image"])[1],
        }
        for item in revision.definition.container_definitions
    ]
    return {
        "serviceRevisionArn": revision.arn, "serviceArn": service.arn, "clusterArn": service.cluster_arn,
        "createdAt": revision.created_at, "platformFamily": "Linux", "guardDutyEnabled": False,
        "containerImages": [image for image in images if image["imageDigest"]], **revision.settings,
        "resolvedConfiguration": {"loadBalancers": [_resolved(item, rollout.deployment) for item in balancers]},
    }  # fmt: skip


def _resolved(balancer, deployment):
    rule = (balancer.get("advancedConfiguration") or {}).get("productionListenerRule")
    shown = {"targetGroupArn": group_on(balancer, deployment.side)}
    return shown | ({"productionListenerRule": rule} if rule else {})
