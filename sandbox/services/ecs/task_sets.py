# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations of task sets."""

from ...errors import AwsError
from .. import answer, backend
from .foreign import controller
from .network import check_network
from .service_checks import check_placement, check_service
from .shared import cluster_of, find_service, invalid, short, usable_definition
from .task_set_model import TaskSet, make_primary, view

MOST = 5  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
OPTIONS = (
    "networkConfiguration", "loadBalancers", "serviceRegistries", "launchType", "capacityProviderStrategy",
    "platformVersion",
)  # fmt: skip


def _service(call):
    service = find_service(call)
    if controller(service.settings) == "ECS":
        raise invalid(
            "Amazon ECS only supports task set management on services configured to use external deployment "
            "controllers."
        )
    return service


def _find(service, name):
    for task_set in service.task_sets:
        if name.endswith(task_set.id) or short(name) == short(task_set.id):
            return task_set
    raise AwsError("TaskSetNotFoundException", "The specified task set could not be found.")


@answer("ecs", "CreateTaskSet")
def create(call):
    """moto starts no tasks for it."""
    service, parameters = _service(call), call.parameters
    token = parameters.get("clientToken")
    for task_set in service.task_sets:
        if token and task_set.token == token:
            return {"taskSet": view(task_set)}
    if len(service.task_sets) >= MOST:
        raise invalid(
            f"{MOST} deployments exist on the service. "
            "Unable to create new TaskSet since this exceeds the maximum limit."
        )
    definition = usable_definition(backend(call), parameters["taskDefinition"])
    settings = _settings(call, service, definition)
    percent = _percent(parameters.get("scale") or {"value": 100.0})
    tags = parameters.get("tags") or []
    task_set = TaskSet(service, definition, settings, percent, parameters.get("externalId"), tags=tags)
    task_set.token = token
    service.task_sets.append(task_set)
    service.steady = False
    return {"taskSet": view(task_set)}


def _settings(call, service, definition):
    """What its tasks are started from; the service says the rest."""
    parameters, cluster = call.parameters, cluster_of(call)
    if len(parameters.get("loadBalancers") or []) > 1:
        raise invalid("CreateTaskSet cannot have more than 1 load balancer.")
    given = {name: parameters[name] for name in OPTIONS if parameters.get(name) is not None}
    if not given.get("launchType") and not given.get("capacityProviderStrategy"):
        strategy = cluster.default_capacity_provider_strategy
        given.update({"capacityProviderStrategy": strategy} if strategy else {"launchType": "EC2"})
    for item in given.get("capacityProviderStrategy") or []:
        item.update(weight=item.get("weight") or 0, base=item.get("base") or 0)
    settings = {name: value for name, value in service.settings.items() if name not in OPTIONS}
    settings |= {"platformVersion": "LATEST", "loadBalancers": [], **given}
    check_placement(cluster, definition, settings)
    check_service(call, definition, settings)
    network = check_network(call, definition)
    if network is not None:
        settings["networkConfiguration"] = {
            "awsvpcConfiguration": {"securityGroups": [], "assignPublicIp": "DISABLED", **network}
        }
    return settings


def _percent(scale):
    if not 0 <= scale.get("value", 100.0) <= 100:
        raise invalid("The scale of a task set must be between 0 and 100 percent.")
    return float(scale.get("value", 100.0))


@answer("ecs", "DescribeTaskSets")
def describe(call):
    """Those that are named, or all of the service."""
    service, parameters = _service(call), call.parameters
    known = {item.id: item for item in service.task_sets} | {item.task_set_arn: item for item in service.task_sets}
    names = parameters.get("taskSets") or [item.id for item in service.task_sets]
    return {
        "taskSets": [view(known[name], parameters.get("include") or []) for name in names if name in known],
        "failures": [{"arn": name, "reason": "MISSING"} for name in names if name not in known],
    }


@answer("ecs", "UpdateTaskSet")
def update(call):
    """Only its scale changes."""
    service = _service(call)
    task_set = _find(service, call.parameters["taskSet"])
    task_set.turn(percent=_percent(call.parameters["scale"]), stability="STABILIZING")
    service.steady = False
    return {"taskSet": view(task_set)}


@answer("ecs", "UpdateServicePrimaryTaskSet")
def update_primary(call):
    """The service shows what its primary task set is made of."""
    service = _service(call)
    task_set = _find(service, call.parameters["primaryTaskSet"])
    make_primary(service, task_set)
    return {"taskSet": view(task_set)}


@answer("ecs", "DeleteTaskSet")
def delete(call):
    """Its tasks drain before it is gone."""
    service = _service(call)
    task_set = _find(service, call.parameters["taskSet"])
    if task_set.percent > 0 and not call.parameters.get("force"):
        raise invalid("The TaskSet cannot be deleted while it is scaled above 0. Use force to delete it.")
    task_set.turn(status="DRAINING", stability="STABILIZING")
    service.steady = False
    return {"taskSet": view(task_set)}
