# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters: their settings and providers, and when they may go."""

from ...errors import AwsError
from .. import answer, backend, check
from .capacity import check_strategy
from .settings import setting
from .shared import find_cluster, invalid, page, short

PROVIDERS = ("FARGATE", "FARGATE_SPOT")
INSIGHTS = ("enabled", "disabled", "enhanced")


@answer("ecs", "CreateCluster")
def create(call):
    """A cluster that exists is answered with as it is; moto would replace it."""
    state, parameters = backend(call), call.parameters
    name = parameters.get("clusterName") or "default"
    existing = state.clusters.get(name)
    if existing is not None and existing.status == "ACTIVE":
        return {"cluster": view(state, existing)}
    _check_settings(parameters.get("settings"))
    _check_configuration(parameters.get("configuration"))
    providers, strategy = parameters.get("capacityProviders"), parameters.get("defaultCapacityProviderStrategy")
    _check_providers(state, providers or [], strategy or [])
    cluster = state.create_cluster(
        name, list(parameters.get("tags") or []), None, parameters.get("configuration"), providers or [],
        _strategy(strategy), service_connect_defaults=parameters.get("serviceConnectDefaults"),
    )  # fmt: skip
    cluster.settings = [{"name": "containerInsights", "value": setting(state, "containerInsights")}]
    _change_settings(cluster, parameters.get("settings"))
    return {"cluster": view(state, cluster)}


def _change_settings(cluster, given):
    merged = {item["name"]: item for item in [*cluster.settings, *(given or [])]}
    cluster.settings = list(merged.values())


def _strategy(given):
    return [{"weight": 0, "base": 0, **item} for item in given or []]


def _check_settings(given):
    for item in given or []:
        if item["name"] != "containerInsights" or item["value"] not in INSIGHTS:
            raise invalid(f"Invalid value '{item['value']}' for the cluster setting '{item['name']}'.")


def _check_configuration(configuration):
    command = (configuration or {}).get("executeCommandConfiguration") or {}
    logging, details = command.get("logging"), command.get("logConfiguration")
    if (logging == "OVERRIDE") != bool(details):
        raise invalid("executeCommandConfiguration: logging OVERRIDE and a logConfiguration need each other.")
    if details and not (details.get("cloudWatchLogGroupName") or details.get("s3BucketName")):
        raise invalid("The log configuration must name a CloudWatch log group or an S3 bucket.")


def _check_providers(state, providers, strategy):
    for provider in providers:
        if provider not in PROVIDERS and provider not in state.capacity_providers:
            raise invalid("The specified capacity provider was not found. Specify a valid name and try again.")
    check_strategy(strategy)
    for item in strategy:
        if item["capacityProvider"] not in providers:
            raise invalid(
                "The specified capacity provider strategy cannot contain a capacity provider "
                "that is not associated with the cluster."
            )


@answer("ecs", "UpdateCluster", "UpdateClusterSettings")
def update(call):
    """moto replaces the settings instead of merging them, and does not have the second operation."""
    state, parameters = backend(call), call.parameters
    cluster = find_cluster(state, parameters["cluster"])
    _check_settings(parameters.get("settings"))
    _check_configuration(parameters.get("configuration"))
    _change_settings(cluster, parameters.get("settings"))
    cluster.configuration = parameters.get("configuration") or cluster.configuration
    cluster.service_connect_defaults = parameters.get("serviceConnectDefaults") or cluster.service_connect_defaults
    return {"cluster": view(state, cluster)}


@answer("ecs", "PutClusterCapacityProviders")
def put_providers(call):
    """Both lists are replaced."""
    state, parameters = backend(call), call.parameters
    cluster = find_cluster(state, parameters["cluster"])
    strategy = parameters["defaultCapacityProviderStrategy"]
    _check_providers(state, parameters["capacityProviders"], strategy)
    removed = set(cluster.capacity_providers) - set(parameters["capacityProviders"])
    for service in state.services.values():
        used = {item["capacityProvider"] for item in service.settings.get("capacityProviderStrategy") or []}
        if service.cluster_name == cluster.name and service.status != "INACTIVE" and used & removed:
            message = "The specified capacity provider is in use and cannot be removed."
            raise AwsError("ResourceInUseException", message)
    cluster.capacity_providers = parameters["capacityProviders"]
    cluster.default_capacity_provider_strategy = _strategy(strategy)
    return {"cluster": view(state, cluster)}


@answer("ecs", "ListClusters")
def list_clusters(call):
    """Deleted clusters are not listed."""
    found = [cluster.arn for cluster in backend(call).clusters.values() if cluster.status == "ACTIVE"]
    arns, token = page(call, found)
    return {"clusterArns": arns, "nextToken": token}


@answer("ecs", "DescribeClusters")
def describe(call):
    """What is not asked for is left out, and deleted clusters are known for a while."""
    state, include = backend(call), call.parameters.get("include") or []
    clusters, failures = [], []
    for name in call.parameters.get("clusters") or ["default"]:
        if short(name) in state.clusters:
            clusters.append(view(state, state.clusters[short(name)], include))
        else:
            arn = f"arn:aws:ecs:{call.region}:{call.account}:cluster/{short(name)}"
            failures.append({"arn": arn, "reason": "MISSING"})
    return {"clusters": clusters, "failures": failures}


def view(state, cluster, include=("SETTINGS", "CONFIGURATIONS", "TAGS")):
    """A cluster as AWS shows it."""
    tasks = state.tasks.get(cluster.name, {}).values()
    services = [service for service in state.services.values() if service.cluster_name == cluster.name]
    shown = {
        "clusterArn": cluster.arn, "clusterName": cluster.name, "status": cluster.status,
        "registeredContainerInstancesCount": cluster.registered_container_instances_count,
        "runningTasksCount": sum(task.last_status == "RUNNING" for task in tasks),
        "pendingTasksCount": sum(task.last_status in ("PROVISIONING", "PENDING") for task in tasks),
        "activeServicesCount": sum(service.status == "ACTIVE" for service in services),
        "statistics": [], "capacityProviders": cluster.capacity_providers,
        "defaultCapacityProviderStrategy": cluster.default_capacity_provider_strategy,
        "settings": cluster.settings if "SETTINGS" in include else [],
        "tags": (cluster.tags or []) if "TAGS" in include else [],
    }  # fmt: skip
    if cluster.configuration and "CONFIGURATIONS" in include:
        shown["configuration"] = cluster.configuration
    if cluster.service_connect_defaults:
        shown["serviceConnectDefaults"] = cluster.service_connect_defaults
    return shown


@check("ecs", "DeleteCluster")
def refuse_used(call):
    """A cluster goes last."""
    state = backend(call)
    cluster = find_cluster(state, call.parameters["cluster"], active=False)
    if any(item.cluster_name == cluster.name and item.status != "INACTIVE" for item in state.services.values()):
        message = "The Cluster cannot be deleted while Services are active."
        raise AwsError("ClusterContainsServicesException", message)
    if any(task.last_status != "STOPPED" for task in state.tasks.get(cluster.name, {}).values()):
        message = "The Cluster cannot be deleted while Tasks are active."
        raise AwsError("ClusterContainsTasksException", message)


@answer("ecs", "DeleteCluster")
def delete(call):
    """A deleted cluster is inactive, and its tasks and services are forgotten."""
    state = backend(call)
    cluster = find_cluster(state, call.parameters["cluster"], active=False)
    cluster.status = "INACTIVE"
    state.tasks.pop(cluster.name, None)
    for key in [key for key, service in state.services.items() if service.cluster_name == cluster.name]:
        del state.services[key]
    return {"cluster": view(state, cluster)}
