# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses in a service."""

import re

from moto.backends import get_backend

from .capacity import check_strategy
from .shared import check_command_role, check_platform, invalid
from .shift_checks import check_shift
from .traffic import target_groups


def check_placement(cluster, definition, settings):
    """A launch type or a strategy, of what the cluster and the task definition have."""
    strategy = settings.get("capacityProviderStrategy")
    if strategy and settings.get("launchType"):
        raise invalid("Specifying both a launch type and capacity provider strategy is not supported.")
    for item in strategy or []:
        if item["capacityProvider"] not in cluster.capacity_providers:
            raise invalid(
                "The specified capacity provider strategy cannot contain a capacity provider "
                "that is not associated with the cluster. Associate the capacity provider and try again."
            )
    check_strategy(strategy)
    fargate = strategy or settings.get("launchType") == "FARGATE"
    if fargate and settings.get("schedulingStrategy") == "DAEMON":
        raise invalid("The daemon scheduling strategy is not supported for tasks on Fargate.")
    if fargate and "FARGATE" not in (definition.requires_compatibilities or []):
        raise invalid("Task definition does not support launch_type FARGATE.")


def check_service(call, definition, settings):
    """Refuse what AWS refuses, but for the network."""
    name, desired = call.parameters.get("serviceName"), call.parameters.get("desiredCount")
    if name is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
        raise invalid("Service names can contain up to 255 letters, numbers, underscores, and hyphens.")
    if desired is not None and desired < 0:
        raise invalid("Desired count must not be negative.")
    if len(settings.get("serviceRegistries") or []) > 1:
        raise invalid("A service can have one service registry.")
    check_platform(settings.get("platformVersion"))
    what = "created" if call.operation == "CreateService" else "updated"
    check_command_role(definition, settings["enableExecuteCommand"], f"service couldn't be {what}")
    _check_deployment(call, settings)
    check_shift(call, settings)
    for balancer in settings["loadBalancers"]:
        _check_container(definition, balancer)
        for arn in target_groups(balancer):
            _check_target_group(call, arn, needs_balancer=arn == balancer["targetGroupArn"])


def _check_deployment(call, settings):
    deployment = settings["deploymentConfiguration"]
    least, most = deployment["minimumHealthyPercent"], deployment["maximumPercent"]
    if least >= 100 and most <= 100:
        raise invalid("The deployment configuration must let tasks be stopped or started: 100 and 100 lets neither.")
    if most < least:
        raise invalid("maximumPercent must not be less than minimumHealthyPercent.")
    if settings["availabilityZoneRebalancing"] == "ENABLED" and most <= 100:
        if call.parameters.get("availabilityZoneRebalancing") == "ENABLED" or call.operation == "UpdateService":
            raise invalid("availabilityZoneRebalancing needs a maximumPercent above 100.")
        settings["availabilityZoneRebalancing"] = "DISABLED"
    alarms = deployment.get("alarms")
    if alarms and alarms["enable"] and not alarms["alarmNames"]:
        raise invalid("Deployment alarms need the names of alarms.")
    known = get_backend("cloudwatch")[call.account][call.region].alarms
    missing = [name for name in (alarms or {}).get("alarmNames") or [] if name not in known]
    if missing and alarms["enable"]:
        raise invalid(f"The following alarms do not exist: {', '.join(missing)}")


def _check_container(definition, balancer):
    name, port = balancer.get("containerName"), balancer.get("containerPort")
    container = next((item for item in definition.container_definitions if item["name"] == name), None)
    if container is None:
        raise invalid(f"The container {name} does not exist in the task definition.")
    if port not in [mapping["containerPort"] for mapping in container["portMappings"]]:
        raise invalid(f"The container {name} did not have a container port {port} defined.")


def _check_target_group(call, arn, needs_balancer):
    group = get_backend("elbv2")[call.account][call.region].target_groups.get(arn)
    if group is None:
        raise invalid(f"The target group with targetGroupArn {arn} does not exist.")
    if group.target_type != "ip":
        raise invalid(
            f"The provided target group {arn} has target type {group.target_type}, which is incompatible with the "
            "awsvpc network mode specified in the task definition."
        )
    if needs_balancer and not group.load_balancer_arns:
        raise invalid(f"The target group with targetGroupArn {arn} does not have an associated load balancer.")
