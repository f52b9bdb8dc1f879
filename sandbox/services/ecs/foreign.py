# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that ECS does not deploy itself: what they may be made of, and what of them UpdateService changes."""

import contextlib

from ...errors import AwsError
from .model import Deployment, Revision, Rollout
from .service_checks import check_service
from .shared import invalid
from .task_set_model import TaskSet, make_primary

OF_TASK_SETS = (
    "launchType", "capacityProviderStrategy", "platformVersion", "taskDefinition", "networkConfiguration",
)  # fmt: skip
CHANGEABLE = (
    "deploymentConfiguration", "placementConstraints", "placementStrategy", "healthCheckGracePeriodSeconds",
    "enableECSManagedTags", "propagateTags", "enableExecuteCommand", "availabilityZoneRebalancing",
)  # fmt: skip
REFUSED = {
    "taskDefinition": "task definition", "networkConfiguration": "network parameters",
    "loadBalancers": "load balancers", "platformVersion": "platform version",
    "serviceRegistries": "service registries", "capacityProviderStrategy": "capacity provider strategy",
}  # fmt: skip
INSTEAD = {
    "CODE_DEPLOY": "Use AWS CodeDeploy to trigger a new deployment.",
    "EXTERNAL": "Use CreateTaskSet to create a new task set.",
}


def controller(settings):
    """Who deploys a service."""
    return (settings.get("deploymentController") or {}).get("type") or "ECS"


def check_controller(call, settings):
    """Refuse what the controller of a new service does not do; what belongs to task sets is none of the service's."""
    kind, parameters = controller(settings), call.parameters
    if kind == "ECS":
        return
    if settings["schedulingStrategy"] == "DAEMON":
        raise invalid(f"The DAEMON scheduling strategy is not supported by the {kind} deployment controller.")
    _check_breaker(settings)
    if kind == "CODE_DEPLOY":
        if not settings["loadBalancers"]:
            raise invalid("A load balancer is required by services with a CODE_DEPLOY deployment controller.")
        return
    for name in (*OF_TASK_SETS, "loadBalancers", "serviceRegistries"):
        if parameters.get(name):
            raise invalid(f"{name[0].upper()}{name[1:]} must be blank.")
    for name in OF_TASK_SETS:
        settings.pop(name, None)
    check_service(call, None, settings)


def _check_breaker(settings):
    if settings["deploymentConfiguration"]["deploymentCircuitBreaker"]["enable"]:
        raise invalid("Deployment circuit breaker feature is only supported with the ECS deployment controller.")


def begin(service, definition):
    """Start a new service in its controller's way."""
    kind = controller(service.settings)
    if kind == "ECS":
        service.deploy(definition)
    elif kind == "CODE_DEPLOY":
        service.task_sets = [TaskSet(service, definition, service.settings)]
        make_primary(service, service.task_sets[0])


def update_foreign(call, service):
    """Change what is no matter of a deployment."""
    parameters, kind = call.parameters, controller(service.settings)
    for name, words in REFUSED.items():
        if parameters.get(name):
            raise invalid(f"Unable to update {words} on services with a {kind} deployment controller. {INSTEAD[kind]}")
    if parameters.get("forceNewDeployment"):
        raise invalid(f"Cannot force a new deployment on services with a {kind} deployment controller. {INSTEAD[kind]}")
    given = {name: parameters[name] for name in CHANGEABLE if parameters.get(name) is not None}
    if "deploymentConfiguration" in given:
        given["deploymentConfiguration"] = {
            **service.settings["deploymentConfiguration"], **given["deploymentConfiguration"]
        }  # fmt: skip
    settings = {**service.settings, **given}
    _check_breaker(settings)
    primary = _primary(service)
    check_service(call, primary.definition if primary else None, settings)
    service.settings = settings
    if parameters.get("desiredCount") is not None:
        service.desired_count, service.steady = parameters["desiredCount"], False


def _primary(service):
    return next((item for item in service.task_sets if item.status == "PRIMARY"), None)


@contextlib.contextmanager
def taken_over(service):
    """ECS deploys it from now on, unless what follows is refused: the primary task set is its first deployment."""
    task_sets, primary = service.task_sets, _primary(service)
    if primary is None or len(task_sets) > 1:
        raise invalid(
            "The deployment controller can only be changed while the service has one task set, its primary one."
        )
    deployment = Deployment(Revision(service, primary.definition), service.desired_count)
    deployment.id = primary.id  # which its tasks carry
    deployment.turn("COMPLETED", f"ECS deployment {deployment.id} completed.")
    service.task_sets, service.deployments = [], [deployment]
    service.rollouts = [Rollout(service, deployment, None)]
    service.rollout.turn("SUCCESSFUL", None, "finishedAt")
    try:
        yield
    except AwsError:
        service.task_sets, service.deployments, service.rollouts = task_sets, [], []
        raise
