# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services: created, changed, deleted and read back whole."""

from ...errors import AwsError
from .. import answer, backend
from .model import REVISED, Service
from .foreign import begin, check_controller, controller, taken_over, update_foreign
from .network import check_network
from .scheduler import watch
from .service_checks import check_placement, check_service
from .service_views import view
from .shared import cluster_of, find_service, invalid, page, short, usable_definition

DEPLOYMENT = {"maximumPercent": 200, "minimumHealthyPercent": 100, "strategy": "ROLLING", "bakeTimeInMinutes": 0}
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
SHIFTING = {
    "LINEAR": ("linearConfiguration", {"stepPercent": 10.0, "stepBakeTimeInMinutes": 6}),
    "CANARY": ("canaryConfiguration", {"canaryPercent": 5.0, "canaryBakeTimeInMinutes": 10}),
}
CHANGEABLE = (
    "capacityProviderStrategy", "deploymentConfiguration", "availabilityZoneRebalancing", "networkConfiguration",
    "placementConstraints", "placementStrategy", "platformVersion", "healthCheckGracePeriodSeconds",
    "deploymentController", "enableExecuteCommand", "enableECSManagedTags", "loadBalancers", "propagateTags",
    "serviceRegistries", "serviceConnectConfiguration", "volumeConfigurations",
)  # fmt: skip
KEPT = (*CHANGEABLE, "launchType", "schedulingStrategy", "role")


@answer("ecs", "CreateService")
def create(call):
    """moto keeps half of it, checks little and starts nothing."""
    state, parameters = backend(call), call.parameters
    cluster, name = cluster_of(call), parameters["serviceName"]
    existing = state.services.get(f"{cluster.name}:{name}")
    if existing is not None and existing.status == "ACTIVE":
        if existing.token and parameters.get("clientToken") == existing.token:
            return {"service": view(existing)}
        raise invalid("Creation of service was not idempotent.")
    if existing is not None and existing.status == "DRAINING":
        raise invalid("Unable to Start a service that is still Draining.")
    settings = _defaults(parameters, cluster)
    check_controller(call, settings)
    definition = None
    if controller(settings) != "EXTERNAL":  # whose task sets have a definition each
        definition = usable_definition(state, parameters.get("taskDefinition") or "")
        settings["taskDefinition"] = definition.arn
        check_placement(cluster, definition, settings)
        _check_all(call, definition, settings)
    watch(call)
    service = Service(state, cluster, name, settings, parameters.get("desiredCount") or 0, parameters.get("tags") or [])
    service.token = parameters.get("clientToken")
    begin(service, definition)
    state.services[f"{cluster.name}:{name}"] = service
    return {"service": view(service)}


def _check_all(call, definition, settings):
    check_service(call, definition, settings)
    network = check_network(call, definition, settings.get("networkConfiguration"))
    if network is not None:
        settings["networkConfiguration"] = {
            "awsvpcConfiguration": {"securityGroups": [], "assignPublicIp": "DISABLED", **network}
        }


def _defaults(parameters, cluster):
    settings = _given(parameters, KEPT)
    if not settings.get("launchType") and not settings.get("capacityProviderStrategy"):
        settings["capacityProviderStrategy"] = cluster.default_capacity_provider_strategy
    if not settings.get("capacityProviderStrategy"):
        settings.pop("capacityProviderStrategy", None)
        settings.setdefault("launchType", "EC2")
    defaults = {
        "schedulingStrategy": "REPLICA", "deploymentController": {"type": "ECS"}, "propagateTags": "NONE",
        "enableECSManagedTags": False, "enableExecuteCommand": False, "availabilityZoneRebalancing": "ENABLED",
        "loadBalancers": [], "serviceRegistries": [], "placementConstraints": [], "placementStrategy": [],
        "platformVersion": "LATEST",
    }  # fmt: skip
    settings = {**defaults, **settings}
    if settings["loadBalancers"]:
        settings.setdefault("healthCheckGracePeriodSeconds", 0)
    _normalize(settings)
    return settings


def _given(parameters, names):
    return {name: parameters[name] for name in names if parameters.get(name) is not None}


def _normalize(settings):
    given = settings.get("deploymentConfiguration") or {}
    breaker = given.get("deploymentCircuitBreaker") or {"enable": False, "rollback": False}
    deployment = {**DEPLOYMENT, **given, "deploymentCircuitBreaker": breaker}
    for strategy, (name, usual) in SHIFTING.items():
        if deployment["strategy"] == strategy:
            deployment[name] = {**usual, **(deployment.get(name) or {})}
        else:
            deployment.pop(name, None)
    settings["deploymentConfiguration"] = deployment
    if settings.get("capacityProviderStrategy"):
        settings["capacityProviderStrategy"] = [
            {"weight": 0, "base": 0, **item} for item in settings["capacityProviderStrategy"]
        ]


@answer("ecs", "UpdateService")
def update(call):
    """A new deployment begins where tasks would be started from something else than before."""
    service = find_service(call)
    wanted = (call.parameters.get("deploymentController") or {}).get("type")
    if controller(service.settings) == "ECS":
        if wanted not in (None, "ECS"):
            raise invalid(f"The deployment controller cannot be changed from ECS to {wanted}.")
        _update(call, service)
    elif wanted == "ECS":
        with taken_over(service):
            _update(call, service)
    else:
        update_foreign(call, service)
    return {"service": view(service)}


def _update(call, service):
    parameters = call.parameters
    settings = {**service.settings, **_given(parameters, (*CHANGEABLE, "taskDefinition"))}
    if parameters.get("deploymentConfiguration"):
        settings["deploymentConfiguration"] = {
            **service.settings["deploymentConfiguration"], **parameters["deploymentConfiguration"]
        }  # fmt: skip
    if parameters.get("capacityProviderStrategy"):
        settings.pop("launchType", None)
    definition = service.primary.revision.definition  # which may have been deregistered since
    if parameters.get("taskDefinition") or parameters.get("forceNewDeployment"):
        definition = usable_definition(backend(call), settings["taskDefinition"])
    settings["taskDefinition"] = definition.arn
    _normalize(settings)
    check_placement(cluster_of(call), definition, settings)
    _check_all(call, definition, settings)
    if parameters.get("desiredCount") is not None:
        service.desired_count = service.primary.desired_count = parameters["desiredCount"]
        service.steady = False
    changed = any(settings.get(name) != service.settings.get(name) for name in REVISED)
    service.settings = settings
    if changed or parameters.get("forceNewDeployment"):
        service.deploy(definition)


@answer("ecs", "DeleteService")
def delete(call):
    """A service drains before it is inactive."""
    service = find_service(call, active=False)
    if service.status == "INACTIVE":
        raise AwsError("ServiceNotActiveException", "Service was not ACTIVE.")
    if service.desired_count > 0 and not call.parameters.get("force"):
        raise invalid("The service cannot be stopped while it is scaled above 0.")
    service.status, service.desired_count = "DRAINING", 0
    for deployment in service.deployments[:1]:
        deployment.desired_count = 0
    return {"service": view(service)}


@answer("ecs", "DescribeServices")
def describe(call):
    """Deleted services stay known for a while."""
    state, cluster, found, failures = backend(call), cluster_of(call), [], []
    names = call.parameters["services"]
    if not 1 <= len(names) <= 10:
        raise invalid("Services cannot be empty." if not names else "Services cannot have more than 10 elements.")
    for name in names:
        service = state.services.get(f"{cluster.name}:{short(name)}")
        if service is None:
            arn = name if ":" in name else f"arn:aws:ecs:{call.region}:{call.account}:service/{cluster.name}/{name}"
            failures.append({"arn": arn, "reason": "MISSING"})
        else:
            found.append(view(service, call.parameters.get("include") or []))
    return {"services": found, "failures": failures}


@answer("ecs", "ListServices")
def list_services(call):
    """Services that are deleted are not listed."""
    parameters, cluster = call.parameters, cluster_of(call)
    wanted = {name: parameters[name] for name in ("launchType", "schedulingStrategy") if parameters.get(name)}
    found = [
        service.arn
        for service in backend(call).services.values()
        if service.cluster_name == cluster.name
        and service.status == "ACTIVE"
        and all(service.settings.get(name) == value for name, value in wanted.items())
    ]
    arns, token = page(call, sorted(found), 10)
    return {"serviceArns": arns, "nextToken": token}
