# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that are run on their own, and what is asked about any task."""

from ...errors import AwsError
from .. import answer, backend
from .capacity import UNAVAILABLE, check_strategy, place, provider_of
from .network import check_network
from .scheduler import watch
from .shared import (
    check_command_role,
    check_platform,
    cluster_of,
    find_service,
    invalid,
    page,
    short,
    usable_definition,
)
from .task_views import view
from .tasks import Task


@answer("ecs", "RunTask")
def run(call):
    """moto needs host names in the VPC and memory in each container, and runs for ever."""
    state, parameters = backend(call), call.parameters
    cluster = cluster_of(call)
    definition = usable_definition(state, parameters["taskDefinition"])
    options = _placement(cluster, definition, parameters)
    check_platform(parameters.get("platformVersion"))
    check_command_role(definition, parameters.get("enableExecuteCommand"), "task couldn't be run")
    _check_overrides(definition, parameters.get("overrides") or {})
    network = check_network(call, definition)
    if not 1 <= parameters.get("count", 1) <= 10:
        raise invalid("Task count must be between 1 and 10.")
    watch(call)
    tasks, failures = [], []
    for _number in range(parameters.get("count", 1)):
        options["capacityProviderName"] = provider_of(options["strategy"], tasks)
        placed = place(state, network, options)
        if placed is None:
            failures.append({"reason": UNAVAILABLE})
            continue
        group = parameters.get("group") or f"family:{definition.family}"
        tags = _tags(parameters, cluster, definition)
        tasks.append(Task(state, cluster, definition, placed, parameters.get("startedBy"), group, tags, options))
    return {"tasks": [view(task) for task in tasks], "failures": failures}


def _placement(cluster, definition, parameters):
    options = {name: parameters.get(name) for name in ("enableExecuteCommand", "overrides", "platformVersion")}
    strategy = parameters.get("capacityProviderStrategy")
    if strategy and parameters.get("launchType"):
        raise invalid("Specify either Launch Type or Capacity Provider Strategy, but not both.")
    if not parameters.get("launchType"):
        strategy = strategy or cluster.default_capacity_provider_strategy
    if strategy:
        check_strategy(strategy)
        if any(item["capacityProvider"] not in cluster.capacity_providers for item in strategy):
            raise invalid(
                "The specified capacity provider strategy cannot contain a capacity provider "
                "that is not associated with the cluster."
            )
    options["strategy"] = strategy
    options["launchType"] = "FARGATE" if strategy else parameters.get("launchType") or "EC2"
    if options["launchType"] != "FARGATE":
        raise invalid("No Container Instances were found in your cluster.")
    if "FARGATE" not in (definition.requires_compatibilities or []):
        raise invalid("Task definition does not support launch_type FARGATE.")
    return options


def _check_overrides(definition, overrides):
    names = {container["name"] for container in definition.container_definitions}
    for item in overrides.get("containerOverrides") or []:
        if item.get("name") not in names:
            raise invalid(f"Override for container named {item.get('name')} is not a container in the TaskDefinition.")


def _tags(parameters, cluster, definition):
    kept = {}
    if parameters.get("enableECSManagedTags"):
        kept["aws:ecs:clusterName"] = cluster.name
    if parameters.get("propagateTags") == "SERVICE":
        raise invalid("The propagateTags value SERVICE is only valid for services.")
    if parameters.get("propagateTags") == "TASK_DEFINITION":
        kept.update({tag["key"]: tag["value"] for tag in definition.tags})
    kept.update({tag["key"]: tag["value"] for tag in parameters.get("tags") or []})
    return [{"key": key, "value": value} for key, value in kept.items()]


def _find(call, name):
    return next((task for task in _tasks(call) if name in (task.id, task.task_arn)), None)


def _tasks(call):
    return list(backend(call).tasks.get(cluster_of(call).name, {}).values())


@answer("ecs", "StopTask")
def stop(call):
    """The task is told to stop, and does so a little later."""
    task = _find(call, call.parameters["task"])
    if task is None:
        raise invalid("The referenced task was not found.")
    task.stop("UserInitiated", call.parameters.get("reason") or "Task stopped by user")
    return {"task": view(task)}


@answer("ecs", "DescribeTasks")
def describe(call):
    """Stopped tasks stay known for a while."""
    if not call.parameters.get("tasks"):
        raise invalid("Tasks cannot be empty.")
    tasks, failures = [], []
    for name in call.parameters["tasks"]:
        task = _find(call, name)
        if task is None:
            arn = (
                name if ":" in name else f"arn:aws:ecs:{call.region}:{call.account}:task/{cluster_of(call).name}/{name}"
            )
            failures.append({"arn": arn, "reason": "MISSING"})
        else:
            tasks.append(view(task, call.parameters.get("include") or []))
    return {"tasks": tasks, "failures": failures}


@answer("ecs", "ListTasks")
def list_tasks(call):
    """moto cannot filter by service, and lists running and stopped ones together."""
    parameters = call.parameters
    wanted = {
        "desired_status": parameters.get("desiredStatus") or "RUNNING", "started_by": parameters.get("startedBy"),
        "launch_type": parameters.get("launchType"), "family": parameters.get("family"),
    }  # fmt: skip
    if parameters.get("serviceName"):
        call.parameters["service"] = parameters["serviceName"]
        wanted["group"] = f"service:{find_service(call, active=False).name}"
    if parameters.get("startedBy") and (parameters.get("family") or parameters.get("serviceName")):
        raise invalid("startedBy cannot be combined with another filter.")
    found = [task.task_arn for task in _tasks(call) if _matches(task, wanted)]
    arns, token = page(call, found)
    return {"taskArns": arns, "nextToken": token}


def _matches(task, wanted):
    facts = {
        "desired_status": task.desired_status, "started_by": task.started_by, "group": task.group,
        "launch_type": task.options.get("launchType"), "family": task.definition.family,
    }  # fmt: skip
    return all(value is None or facts[name] == value for name, value in wanted.items())


@answer("ecs", "ExecuteCommand")
def execute(call):
    """A session with a container, of a task that was started with that switched on."""
    parameters = call.parameters
    task = _find(call, short(parameters["task"]))
    if task is None or not task.options.get("enableExecuteCommand") or task.last_status != "RUNNING":
        raise invalid(
            "The execute command failed because execute command was not enabled when the task was run or the execute "
            "command agent isn't running. Wait and try again or run a new task with execute command enabled and try "
            "again."
        )
    named = [item for item in task.containers if item["name"] == (parameters.get("container") or item["name"])]
    if not named:
        raise AwsError("ClientException", f"There is no container {parameters['container']} in the task.")
    session = f"ecs-execute-command-{task.id[:17]}"
    return {
        "clusterArn": task.cluster_arn, "taskArn": task.task_arn, "containerArn": named[0]["containerArn"],
        "containerName": named[0]["name"], "interactive": parameters["interactive"],
        "session": {
            "sessionId": session, "tokenValue": "no-token",
            "streamUrl": f"wss://ssmmessages.{call.region}.amazonaws.com/v1/data-channel/{session}",
        },
    }  # fmt: skip
