# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task definitions: registered with AWS's defaults, read back whole, and never numbered twice."""

from moto.core.utils import utcnow

from .. import answer, backend
from .definition_checks import check_definition, task_size
from .shared import client_error, find_definition, page

CONTAINER_DEFAULTS = {
    "cpu": 0, "essential": True, "portMappings": [], "environment": [], "mountPoints": [], "volumesFrom": [],
    "systemControls": [],
}  # fmt: skip
HEALTH_DEFAULTS = {"interval": 30, "timeout": 5, "retries": 3}
KEPT = (
    "taskRoleArn", "executionRoleArn", "networkMode", "runtimePlatform", "requiresCompatibilities",
    "inferenceAccelerators", "pidMode", "ipcMode", "proxyConfiguration", "ephemeralStorage",
)  # fmt: skip


@answer("ecs", "RegisterTaskDefinition")
def register(call):
    """moto forgets some settings, numbers a revision anew after its deletion, and checks little."""
    state, parameters = backend(call), call.parameters
    check_definition(parameters)
    revisions = state.task_definitions.setdefault(parameters["family"], {})
    highest = state.__dict__.setdefault("sandbox_revisions", {})
    number = highest.get(parameters["family"], 0) + 1
    definition = state.register_task_definition(
        parameters["family"], [_container(item, parameters) for item in parameters["containerDefinitions"]],
        tags=list(parameters.get("tags") or []), memory=parameters.get("memory"),
        requires_compatibilities=parameters.get("requiresCompatibilities"),
        network_mode=parameters.get("networkMode"),
    )  # fmt: skip
    del revisions[definition.revision]
    definition.arn = f"{definition.arn.rsplit(':', 1)[0]}:{number}"
    definition.revision = highest[parameters["family"]] = number
    revisions[number] = definition
    definition.sandbox_request = _kept(parameters)
    definition.sandbox_dates = {"registeredAt": utcnow()}
    return {"taskDefinition": view(definition, call), "tags": definition.tags}


def _container(given, parameters):
    container = {**CONTAINER_DEFAULTS, **given}
    if given.get("healthCheck"):
        container["healthCheck"] = {**HEALTH_DEFAULTS, **given["healthCheck"]}
    container["portMappings"] = [_port(port, parameters) for port in container["portMappings"]]
    return container


def _port(given, parameters):
    port = {"protocol": "tcp", **given}
    if parameters.get("networkMode") == "awsvpc":
        port.setdefault("hostPort", port["containerPort"])
    return port


def _kept(parameters):
    kept = {name: parameters[name] for name in KEPT if parameters.get(name) is not None}
    cpu, memory = task_size(parameters)
    kept.update({name: str(value) for name, value in (("cpu", cpu), ("memory", memory)) if value is not None})
    kept["volumes"] = [_volume(volume) for volume in parameters.get("volumes") or []]
    kept["placementConstraints"] = parameters.get("placementConstraints") or []
    kept["enableFaultInjection"] = bool(parameters.get("enableFaultInjection"))
    return kept


def _volume(given):
    volume = dict(given)
    if not any(name.endswith("Configuration") or name in ("host", "configuredAtLaunch") for name in volume):
        volume["host"] = {}
    if "efsVolumeConfiguration" in volume:
        volume["efsVolumeConfiguration"] = {"rootDirectory": "/", **volume["efsVolumeConfiguration"]}
    return volume


def view(definition, call):
    """A task definition as AWS shows it."""
    return {
        "taskDefinitionArn": definition.arn, "family": definition.family, "revision": definition.revision,
        "status": definition.status, "containerDefinitions": definition.container_definitions,
        "compatibilities": definition.compatibilities,
        "registeredBy": f"arn:aws:iam::{call.account}:root",
        **definition.sandbox_request, **definition.sandbox_dates,
    }  # fmt: skip


@answer("ecs", "DescribeTaskDefinition")
def describe(call):
    """A family means its latest revision that is active."""
    definition = find_definition(backend(call), call.parameters["taskDefinition"])
    tags = {"tags": definition.tags} if "TAGS" in (call.parameters.get("include") or []) else {}
    return {"taskDefinition": view(definition, call), **tags}


@answer("ecs", "DeregisterTaskDefinition")
def deregister(call):
    """What is deregistered is inactive, and stays."""
    if ":" not in call.parameters["taskDefinition"].rsplit("/", 1)[-1]:
        raise client_error("Revision is missing.")
    definition = find_definition(backend(call), call.parameters["taskDefinition"])
    if definition.status != "ACTIVE":
        raise client_error("The specified task definition is inactive. You cannot deregister it again.")
    definition.status, definition.sandbox_dates["deregisteredAt"] = "INACTIVE", utcnow()
    return {"taskDefinition": view(definition, call)}


@answer("ecs", "DeleteTaskDefinitions")
def delete(call):
    """What is deleted goes once nothing uses it."""
    deleted, failures = backend(call).delete_task_definitions(call.parameters["taskDefinitions"])
    for definition in deleted:
        definition.sandbox_dates["deleteRequestedAt"] = utcnow()
    return {
        "taskDefinitions": [view(definition, call) for definition in deleted],
        "failures": [{"arn": failure.arn, "reason": failure.reason} for failure in failures],
    }


@answer("ecs", "ListTaskDefinitions")
def list_definitions(call):
    """moto knows neither the order nor pages."""
    parameters = call.parameters
    family, status = parameters.get("familyPrefix"), parameters.get("status") or "ACTIVE"
    found = [
        definition.arn
        for name, revisions in sorted(backend(call).task_definitions.items())
        for _number, definition in sorted(revisions.items())
        if definition.status == status and family in (None, name)
    ]
    arns, token = page(call, found[::-1] if parameters.get("sort") == "DESC" else found)
    return {"taskDefinitionArns": arns, "nextToken": token}


@answer("ecs", "ListTaskDefinitionFamilies")
def list_families(call):
    """moto does not have it."""
    status, prefix = call.parameters.get("status") or "ALL", call.parameters.get("familyPrefix") or ""
    found = []
    for family, revisions in sorted(backend(call).task_definitions.items()):
        active = any(definition.status == "ACTIVE" for definition in revisions.values())
        if revisions and family.startswith(prefix) and status in ("ALL", "ACTIVE" if active else "INACTIVE"):
            found.append(family)
    families, token = page(call, found)
    return {"families": families, "nextToken": token}
