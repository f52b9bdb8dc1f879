# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployment configurations: how traffic is shifted. AWS's own are there from the beginning."""

import math
import uuid

from moto.core.utils import utcnow

from .. import answer, backend
from .shared import page, refused

OWN = "CodeDeployDefault."
USUAL = {"ECS": f"{OWN}ECSAllAtOnce", "Lambda": f"{OWN}LambdaAllAtOnce", "Server": f"{OWN}OneAtATime"}
LONGEST = 2880  # minutes between the first shift of traffic and the last
MOST = 50


def _all_at_once():
    return {"type": "AllAtOnce"}


def _canary(percentage, interval):
    return {
        "type": "TimeBasedCanary",
        "timeBasedCanary": {"canaryPercentage": percentage, "canaryInterval": interval},
    }


def _linear(percentage, interval):
    return {
        "type": "TimeBasedLinear",
        "timeBasedLinear": {"linearPercentage": percentage, "linearInterval": interval},
    }


# https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
ROUTES = {
    "ECSAllAtOnce": _all_at_once(), "LambdaAllAtOnce": _all_at_once(),
    **{f"ECSCanary10Percent{minutes}Minutes": _canary(10, minutes) for minutes in (5, 15)},
    **{f"LambdaCanary10Percent{minutes}Minutes": _canary(10, minutes) for minutes in (5, 10, 15, 30)},
    "ECSLinear10PercentEvery1Minutes": _linear(10, 1), "ECSLinear10PercentEvery3Minutes": _linear(10, 3),
    "LambdaLinear10PercentEvery1Minute": _linear(10, 1),
    **{f"LambdaLinear10PercentEvery{minutes}Minutes": _linear(10, minutes) for minutes in (2, 3, 10)},
}  # fmt: skip
HOSTS = {
    "AllAtOnce": {"type": "HOST_COUNT", "value": 0},
    "HalfAtATime": {"type": "FLEET_PERCENT", "value": 50},
    "OneAtATime": {"type": "HOST_COUNT", "value": 1},
}


def _predefined():
    for name, routing in ROUTES.items():
        platform = "ECS" if name.startswith("ECS") else "Lambda"
        yield f"{OWN}{name}", {"computePlatform": platform, "trafficRoutingConfig": routing}
    for name, hosts in HOSTS.items():
        yield f"{OWN}{name}", {"computePlatform": "Server", "minimumHealthyHosts": hosts}


PREDEFINED = {
    name: {"deploymentConfigId": str(uuid.uuid5(uuid.NAMESPACE_DNS, name)), "deploymentConfigName": name, **config}
    for name, config in _predefined()
}


def custom(call):
    """The configurations that the account has made, by name."""
    return vars(backend(call, "codedeploy")).setdefault("sandbox_configs", {})


def find_config(call, name):
    """A configuration by name."""
    found = PREDEFINED.get(name) or custom(call).get(name)
    if found is None:
        message = f"No Deployment Config found for name: {name}"
        raise refused("DeploymentConfigDoesNotExistException", message)
    return found


@answer("codedeploy", "CreateDeploymentConfig")
def create(call):
    """moto does not have it."""
    parameters, known = call.parameters, custom(call)
    name, platform = parameters["deploymentConfigName"], parameters.get("computePlatform") or "Server"
    if name in PREDEFINED or name in known:
        message = f"The deployment configuration {name} already exists."
        raise refused("DeploymentConfigAlreadyExistsException", message)
    if name.startswith(OWN):
        message = f"A deployment configuration name cannot begin with {OWN}"
        raise refused("InvalidDeploymentConfigNameException", message)
    if len(known) >= MOST:
        raise refused("DeploymentConfigLimitExceededException", "The deployment configurations limit was exceeded.")
    made = {
        "deploymentConfigId": str(uuid.uuid4()), "deploymentConfigName": name, "createTime": utcnow(),
        "computePlatform": platform,
    }  # fmt: skip
    if platform == "Server":
        made["minimumHealthyHosts"] = _hosts(parameters)
    else:
        made["trafficRoutingConfig"] = _routing(parameters)
    if parameters.get("zonalConfig"):
        made["zonalConfig"] = parameters["zonalConfig"]
    known[name] = made
    return {"deploymentConfigId": made["deploymentConfigId"]}


def _hosts(parameters):
    hosts = parameters.get("minimumHealthyHosts") or {}
    value = hosts.get("value")
    if not hosts.get("type") or value is None or value < 0 or (hosts["type"] == "FLEET_PERCENT" and value > 99):
        message = "The minimum healthy hosts need a type, and a value that leaves something to deploy to."
        raise refused("InvalidMinimumHealthyHostValueException", message)
    return hosts


def _routing(parameters):
    routing = parameters.get("trafficRoutingConfig") or {}
    kind = routing.get("type") or ""
    member = f"t{kind[1:]}"
    given = {name for name in ("timeBasedCanary", "timeBasedLinear") if routing.get(name)}
    if not kind or given != ({member} if kind != "AllAtOnce" else set()):
        raise _bad_routing("A traffic routing configuration needs a type, and the settings of that type only.")
    if kind == "TimeBasedCanary":
        _check_shifts(routing[member].get("canaryPercentage"), routing[member].get("canaryInterval"), all_at_once=True)
    elif kind == "TimeBasedLinear":
        _check_shifts(routing[member].get("linearPercentage"), routing[member].get("linearInterval"))
    return routing


def _check_shifts(percentage, interval, all_at_once=False):
    if percentage is None or not 1 <= percentage <= 99:
        raise _bad_routing("The percentage of a traffic shift must be between 1 and 99.")
    following = 1 if all_at_once else math.ceil(100 / percentage) - 1
    if interval is None or interval < 1 or following * interval > LONGEST:
        raise _bad_routing(f"The interval must be at least 1 minute, and all of them {LONGEST} minutes at most.")


def _bad_routing(message):
    return refused("InvalidTrafficRoutingConfigurationException", message)


@answer("codedeploy", "GetDeploymentConfig")
def get(call):
    """moto does not have it."""
    return {"deploymentConfigInfo": find_config(call, call.parameters["deploymentConfigName"])}


@answer("codedeploy", "ListDeploymentConfigs")
def list_configs(call):
    """AWS's own are listed, too."""
    return page(call, "deploymentConfigsList", sorted([*PREDEFINED, *custom(call)]))


@answer("codedeploy", "DeleteDeploymentConfig")
def delete(call):
    """What is not there is gone already."""
    name = call.parameters["deploymentConfigName"]
    if name in PREDEFINED:
        raise refused("InvalidOperationException", f"The predefined configuration {name} cannot be deleted.")
    for groups in backend(call).deployment_groups.values():
        if any(group.written["deploymentConfigName"] == name for group in groups.values()):
            message = f"The deployment configuration {name} is in use and cannot be deleted."
            raise refused("DeploymentConfigInUseException", message)
    custom(call).pop(name, None)
    return {}
