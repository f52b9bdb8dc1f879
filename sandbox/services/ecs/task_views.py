# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks as AWS shows them."""

from .behaviour import behaviour

WAITING = ("PROVISIONING", "PENDING")


def counts(tasks):
    """How many tasks run, and how many are about to."""
    tasks = [task for task in tasks if task.desired_status == "RUNNING"]
    return {
        "runningCount": sum(task.last_status == "RUNNING" for task in tasks),
        "pendingCount": sum(task.last_status in WAITING for task in tasks),
    }


def view(task, include=("TAGS",)):
    """A task as AWS shows it."""
    request = task.definition.sandbox_request
    shown = {
        "taskArn": task.task_arn, "clusterArn": task.cluster_arn, "taskDefinitionArn": task.task_definition_arn,
        "group": task.group, "lastStatus": task.last_status, "desiredStatus": task.desired_status,
        "availabilityZone": task.zone, "connectivity": "CONNECTED", "version": 1,
        "attachments": [_attachment(task)], "attributes": [{"name": "ecs.cpu-architecture", "value": "x86_64"}],
        "containers": [_container(task, container) for container in task.containers],
        "cpu": request.get("cpu"), "memory": request.get("memory"), "healthStatus": _health(task),
        "inferenceAccelerators": [], "enableExecuteCommand": False, "platformFamily": "Linux",
        "ephemeralStorage": request.get("ephemeralStorage") or {"sizeInGiB": 20},
        "tags": task.tags if "TAGS" in include else [], **task.options, **task.dates, "overrides": _overrides(task),
    }  # fmt: skip
    shown["platformVersion"] = "1.4.0" if shown.get("platformVersion") in (None, "LATEST") else shown["platformVersion"]
    optional = {"startedBy": task.started_by, "stopCode": task.stop_code, "stoppedReason": task.stopped_reason}
    return shown | {name: value for name, value in optional.items() if value}


def _overrides(task):
    given = task.options.get("overrides") or {}
    overrides = {item["name"]: item for item in given.get("containerOverrides") or []}
    containers = [overrides.get(item["name"], {"name": item["name"]}) for item in task.containers]
    return {"inferenceAcceleratorOverrides": [], **given, "containerOverrides": containers}


def _attachment(task):
    status = {"RUNNING": "ATTACHED", "STOPPED": "DELETED"}.get(task.last_status, "ATTACHING")
    interface = task.interface
    details = {
        "subnetId": interface.subnet.id, "networkInterfaceId": interface.id, "macAddress": interface.mac_address,
        "privateDnsName": getattr(interface, "private_dns_name", None), "privateIPv4Address": task.address,
    }  # fmt: skip
    pairs = [{"name": name, "value": value} for name, value in details.items() if value]
    return {"id": task.attachment, "type": "ElasticNetworkInterface", "status": status, "details": pairs}


def _container(task, container):
    shown = {
        "containerArn": container["containerArn"], "taskArn": task.task_arn, "name": container["name"],
        "image": container["image"], "lastStatus": _status(task), "cpu": str(container.get("cpu") or 0),
        "networkBindings": [], "healthStatus": _container_health(task, container),
        "networkInterfaces": [{"attachmentId": task.attachment, "privateIpv4Address": task.address}],
    }  # fmt: skip
    if task.options.get("enableExecuteCommand"):
        shown["managedAgents"] = [_agent(task)]
    for name in ("memory", "memoryReservation"):
        if container.get(name):
            shown[name] = str(container[name])
    if task.since is not None:
        shown.update(
            imageDigest=container["imageDigest"], runtimeId=f"{task.id}-{abs(hash(container['name'])) % 10**9}"
        )
    if container["exitCode"] is not None:
        shown["exitCode"] = container["exitCode"]
    elif task.stop_code == "TaskFailedToStart" and task.stopped_reason.startswith("CannotPull"):
        shown["reason"] = task.stopped_reason
    return shown


def _agent(task):
    running = task.last_status == "RUNNING"
    status = "RUNNING" if running else "STOPPED" if task.last_status == "STOPPED" else "PENDING"
    shown = {"name": "ExecuteCommandAgent", "lastStatus": status}
    return shown | ({"lastStartedAt": task.dates["startedAt"]} if running else {})


def _status(task):
    return {"PROVISIONING": "PENDING", "DEPROVISIONING": "STOPPED"}.get(task.last_status, task.last_status)


def _container_health(task, container):
    if not container.get("healthCheck") or task.last_status != "RUNNING":
        return "UNKNOWN"
    return "HEALTHY" if behaviour(container).healthy else "UNHEALTHY"


def _health(task):
    states = {_container_health(task, item) for item in task.containers if item.get("essential", True)} - {"UNKNOWN"}
    return "UNHEALTHY" if "UNHEALTHY" in states else "HEALTHY" if states else "UNKNOWN"
