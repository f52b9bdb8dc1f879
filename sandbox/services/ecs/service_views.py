# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services as AWS shows them."""

from . import task_set_model
from .task_views import counts

SHOWN = (
    "loadBalancers", "serviceRegistries", "launchType", "capacityProviderStrategy", "platformVersion",
    "taskDefinition", "deploymentConfiguration", "placementConstraints", "placementStrategy",
    "networkConfiguration", "healthCheckGracePeriodSeconds", "schedulingStrategy", "deploymentController",
    "enableECSManagedTags", "propagateTags", "enableExecuteCommand", "availabilityZoneRebalancing",
)  # fmt: skip


def view(service, include=("TAGS",)):
    """A service as AWS shows it."""
    account = service.state.account_id
    linked = f"arn:aws:iam::{account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    shown = {
        "serviceArn": service.arn, "serviceName": service.name, "clusterArn": service.cluster_arn,
        "status": service.status, "desiredCount": service.desired_count, "platformFamily": "Linux",
        "roleArn": service.settings.get("role") or linked, "createdAt": service.created_at,
        "createdBy": f"arn:aws:iam::{account}:root", "events": service.events,
        "deployments": [_deployment(service, item) for item in service.deployments],
        "tags": service.tags if "TAGS" in include else [], **counts(service.all_tasks()),
    }  # fmt: skip
    shown.update({name: service.settings[name] for name in SHOWN if service.settings.get(name) is not None})
    if service.deployments:
        revisions = [_revision(service, item) for item in service.deployments if item.rollout_state != "FAILED"]
        shown["currentServiceRevisions"] = revisions
    if service.task_sets:
        shown["taskSets"] = [task_set_model.view(item) for item in service.task_sets]
    if service.rollouts and service.rollout.status in ("IN_PROGRESS", "ROLLBACK_IN_PROGRESS"):
        shown["currentServiceDeployment"] = service.rollout.arn
    return shown


def _deployment(service, deployment):
    settings = deployment.revision.settings
    shown = {
        "id": deployment.id, "status": deployment.status, "taskDefinition": settings["taskDefinition"],
        "desiredCount": deployment.desired_count, "failedTasks": deployment.failed_tasks,
        "createdAt": deployment.created_at, "updatedAt": deployment.updated_at, "platformFamily": "Linux",
        "rolloutState": deployment.rollout_state, "rolloutStateReason": deployment.reason,
        **counts(service.tasks(deployment)),
    }  # fmt: skip
    if shown["status"] == "ACTIVE":
        shown["desiredCount"] = 0 if deployment.rollout_state == "FAILED" else shown["runningCount"]
    names = ("launchType", "capacityProviderStrategy", "platformVersion", "networkConfiguration",
             "serviceConnectConfiguration", "volumeConfigurations")  # fmt: skip
    return shown | {name: settings[name] for name in names if settings.get(name)}


def _revision(service, deployment):
    number = counts(service.tasks(deployment))
    return {
        "arn": deployment.revision.arn, "requestedTaskCount": deployment.desired_count,
        "runningTaskCount": number["runningCount"], "pendingTaskCount": number["pendingCount"],
    }  # fmt: skip
