# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Capacity providers: those of Fargate, which are always there, and those of Auto Scaling groups."""

import re

from moto.backends import get_backend

from .. import answer, backend
from .shared import client_error, invalid, make_arn, page, short

RESERVED = ("FARGATE", "FARGATE_SPOT")
SCALING = {
    "status": "DISABLED", "targetCapacity": 100, "minimumScalingStepSize": 1, "maximumScalingStepSize": 10000,
    "instanceWarmupPeriod": 300,
}  # fmt: skip


@answer("ecs", "CreateCapacityProvider")
def create(call):
    """moto takes any name and any Auto Scaling group, and loses the draining."""
    state, parameters = backend(call), call.parameters
    name = parameters["name"]
    if not re.fullmatch(r"(?!(?i:aws|ecs|fargate))[A-Za-z0-9_-]{1,255}", name):
        raise invalid("The capacity provider name has a character or a prefix (aws, ecs, fargate) that is not allowed.")
    if name in state.capacity_providers:
        raise client_error("The specified capacity provider already exists.")
    given = parameters.get("autoScalingGroupProvider")
    if not given:
        raise invalid("An autoScalingGroupProvider is required.")
    _check_group(call, given["autoScalingGroupArn"])
    wanted = _merged(given, {"managedTerminationProtection": "DISABLED", "managedDraining": "ENABLED"})
    provider = state.create_capacity_provider(name, wanted, list(parameters.get("tags") or []))
    return {"capacityProvider": _view(provider)}


def _check_group(call, arn):
    groups = get_backend("autoscaling")[call.account][call.region].autoscaling_groups.values()
    if not any(arn in (group.arn, group.name) for group in groups):
        raise client_error("The specified Auto Scaling group ARN was not found. Specify a valid ARN and try again.")


def _merged(given, known):
    wanted = {**known, **given}
    wanted["managedScaling"] = {**SCALING, **(known.get("managedScaling") or {}), **(given.get("managedScaling") or {})}
    if wanted["managedTerminationProtection"] == "ENABLED" and wanted["managedScaling"]["status"] != "ENABLED":
        raise invalid("Managed termination protection needs managed scaling.")
    return wanted


def _find(call, name):
    if short(name) in RESERVED:
        raise invalid("The specified capacity provider is reserved and cannot be changed.")
    for provider in backend(call).capacity_providers.values():
        if name in (provider.name, provider.capacity_provider_arn):
            return provider
    raise client_error("The specified capacity provider does not exist. Specify a valid name or ARN and try again.")


@answer("ecs", "UpdateCapacityProvider")
def update(call):
    """What is not given stays."""
    provider = _find(call, call.parameters["name"])
    given = call.parameters.get("autoScalingGroupProvider") or {}
    provider.auto_scaling_group_provider = _merged(given, provider.auto_scaling_group_provider)
    provider.update_status = "UPDATE_COMPLETE"
    return {"capacityProvider": _view(provider)}


@answer("ecs", "DeleteCapacityProvider")
def delete(call):
    """What a cluster has stays."""
    state, provider = backend(call), _find(call, call.parameters["capacityProvider"])
    used = [item.name for item in state.clusters.values()
            if item.status == "ACTIVE" and provider.name in (item.capacity_providers or [])]  # fmt: skip
    if used:
        raise client_error(
            "The capacity provider cannot be deleted because it is associated with a cluster. Remove it from "
            f"cluster {used[0]} and try again."
        )
    del state.capacity_providers[provider.name]
    provider.status, provider.update_status = "DEPROVISIONING", "DELETE_IN_PROGRESS"
    return {"capacityProvider": _view(provider)}


@answer("ecs", "DescribeCapacityProviders")
def describe(call):
    """moto does not know those of Fargate."""
    state, include = backend(call), call.parameters.get("include") or []
    known = {name: _reserved(state, name) for name in RESERVED}
    known.update({item.name: _view(item, include) for item in state.capacity_providers.values()})
    wanted = [short(name) for name in call.parameters.get("capacityProviders") or known]
    items, token = page(call, [known[name] for name in wanted if name in known], 10)
    missing = [make_arn(state, "capacity-provider", name) for name in wanted if name not in known]
    failures = [{"arn": arn, "reason": "MISSING"} for arn in missing]
    return {"capacityProviders": items, "failures": failures, "nextToken": token}


def _reserved(state, name):
    arn = make_arn(state, "capacity-provider", name)
    return {"capacityProviderArn": arn, "name": name, "status": "ACTIVE", "type": name, "tags": []}


def _view(provider, include=("TAGS",)):
    shown = {
        "capacityProviderArn": provider.capacity_provider_arn, "name": provider.name, "status": provider.status,
        "autoScalingGroupProvider": provider.auto_scaling_group_provider, "type": "EC2_AUTOSCALING",
        "tags": provider.tags if "TAGS" in include else [],
    }  # fmt: skip
    return shown | ({"updateStatus": provider.update_status} if provider.update_status else {})
