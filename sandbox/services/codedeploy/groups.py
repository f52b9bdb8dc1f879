# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployment groups: what is deployed to, how, and what ends a deployment early."""

import uuid

from .. import answer, backend
from . import tags
from .configs import USUAL
from .group_checks import check_group
from .shared import Group, check_batch, find_application, find_group, groups_of, page, refused

KEPT = (
    "deploymentConfigName", "ec2TagFilters", "onPremisesInstanceTagFilters", "serviceRoleArn",
    "triggerConfigurations", "alarmConfiguration", "autoRollbackConfiguration", "outdatedInstancesStrategy",
    "deploymentStyle", "blueGreenDeploymentConfiguration", "loadBalancerInfo", "ec2TagSet", "ecsServices",
    "onPremisesTagSet", "terminationHookEnabled", "autoScalingGroups",
)  # fmt: skip
DEFAULTS = {
    "ec2TagFilters": [], "onPremisesInstanceTagFilters": [], "autoScalingGroups": [], "triggerConfigurations": [],
    "outdatedInstancesStrategy": "UPDATE", "terminationHookEnabled": False,
}  # fmt: skip
STYLE = {"deploymentType": "IN_PLACE", "deploymentOption": "WITHOUT_TRAFFIC_CONTROL"}
WAITS = {
    "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": 0},
    "deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT", "waitTimeInMinutes": 0},
}


def _given(parameters):
    return {name: parameters[name] for name in KEPT if parameters.get(name) is not None}


def _normalize(group):
    written, platform = group.written, group.application.platform
    if platform == "ECS":
        waits = written.get("blueGreenDeploymentConfiguration") or {}
        written["blueGreenDeploymentConfiguration"] = {**WAITS, **waits}
    else:
        written.setdefault("deploymentStyle", STYLE)


@answer("codedeploy", "CreateDeploymentGroup")
def create(call):
    """moto checks nothing of it, and has the configuration of a Server for every platform."""
    parameters, application = call.parameters, find_application(call)
    name, known = parameters["deploymentGroupName"], groups_of(call, application)
    if name in known:
        raise refused("DeploymentGroupAlreadyExistsException", f"Deployment Group already exists: {name}")
    written = {**DEFAULTS, "deploymentConfigName": USUAL[application.platform], **_given(parameters)}
    group = Group(name, application, str(uuid.uuid4()), written)
    _normalize(group)
    check_group(call, group)
    tags.write(call, tags.group_arn(call, group))
    known[name] = group
    return {"deploymentGroupId": group.id}


@answer("codedeploy", "UpdateDeploymentGroup")
def update(call):
    """What is not given stays."""
    parameters, application = call.parameters, find_application(call)
    group = find_group(call, application, parameters["currentDeploymentGroupName"])
    known, name = groups_of(call, application), parameters.get("newDeploymentGroupName") or group.name
    if name != group.name and name in known:
        raise refused("DeploymentGroupAlreadyExistsException", f"Deployment Group already exists: {name}")
    before = group.written
    group.written = {**before, **_given(parameters)}
    _normalize(group)
    try:
        check_group(call, group)
    except Exception:
        group.written = before
        raise
    if name != group.name:
        tags.move(call, tags.group_arn(call, group), backend(call)._deployment_group_arn(application.name, name))
        known[name] = known.pop(group.name)
        group.name = name
    return {"hooksNotCleanedUp": []}


@answer("codedeploy", "GetDeploymentGroup")
def get(call):
    """With what was deployed last."""
    group = find_group(call, find_application(call), call.parameters["deploymentGroupName"])
    return {"deploymentGroupInfo": _view(call, group)}


@answer("codedeploy", "BatchGetDeploymentGroups")
def batch_get(call):
    """Those that are there; the others are named in the message."""
    application, names = find_application(call), call.parameters["deploymentGroupNames"]
    check_batch(names, 100)
    known = groups_of(call, application)
    answered = {"deploymentGroupsInfo": [_view(call, known[name]) for name in names if name in known]}
    missing = [name for name in names if name not in known]
    return answered | ({"errorMessage": f"No Deployment Group found for: {', '.join(missing)}"} if missing else {})


@answer("codedeploy", "ListDeploymentGroups")
def list_groups(call):
    """Those of an application."""
    application = find_application(call)
    names = sorted(groups_of(call, application))
    return {"applicationName": application.name, **page(call, "deploymentGroups", names)}


@answer("codedeploy", "DeleteDeploymentGroup")
def delete(call):
    """What is not there is gone already; its deployments stay known."""
    state, parameters = backend(call), call.parameters
    known = state.deployment_groups.get(parameters["applicationName"], {})
    group = known.pop(parameters["deploymentGroupName"], None)
    if group is not None:
        state.tagger.delete_all_tags_for_resource(tags.group_arn(call, group))
    return {"hooksNotCleanedUp": []}


def _view(call, group):
    runs = [item for item in backend(call).deployments.values() if item.group is group]
    shown = {
        "applicationName": group.application.name, "deploymentGroupId": group.id, "deploymentGroupName": group.name,
        "computePlatform": group.application.platform, **group.written,
        "autoScalingGroups": [{"name": name} for name in group.written["autoScalingGroups"]],
    }  # fmt: skip
    if runs:
        shown.update(lastAttemptedDeployment=_brief(runs[-1]))
    good = [item for item in runs if item.status == "Succeeded"]
    if good:
        shown.update(lastSuccessfulDeployment=_brief(good[-1]), targetRevision=good[-1].revision)
    return shown


def _brief(run):
    shown = {"deploymentId": run.id, "status": run.status, "createTime": run.dates["createTime"]}
    return shown | ({"endTime": run.dates["completeTime"]} if "completeTime" in run.dates else {})
