# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Fargate has room for a task, which a test says."""

import fnmatch

from moto.backends import get_backend

from .. import store
from .shared import invalid

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
UNAVAILABLE = "Capacity is unavailable at this time. Please try again later or in a different availability zone"

_told = store()  # "capacities": list of (provider, zone, available), the latest last


def tell(provider="*", zone="*", available=True):
    """Say whether a capacity provider has room in an Availability Zone; both may be patterns."""
    _told.setdefault("capacities", []).append((provider, zone, bool(available)))


def check_strategy(strategy):
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html"""
    if sum(bool(item.get("base")) for item in strategy or []) > 1:
        raise invalid("Only one capacity provider in a capacity provider strategy can have a base defined.")
    if len(strategy or []) > 1 and not any(item.get("weight") for item in strategy):
        raise invalid("The capacity provider strategy must have at least one provider with a weight above zero.")


def provider_of(strategy, tasks):
    """The capacity provider of the next task beside others: bases are filled first, then weights decide."""
    used = [task.options.get("capacityProviderName") for task in tasks]
    for item in strategy or []:
        if used.count(item["capacityProvider"]) < item.get("base", 0):
            return item["capacityProvider"]
    weighty = [item for item in strategy or [] if item.get("weight")] or strategy or []
    load = [
        ((used.count(item["capacityProvider"]) - item.get("base", 0)) / (item.get("weight") or 1), number)
        for number, item in enumerate(weighty)
    ]
    return weighty[min(load)[1]]["capacityProvider"] if load else None


def place(state, network, options):
    """The network of a task with a subnet first whose zone has room for it, or None."""
    provider, told = options.get("capacityProviderName") or options["launchType"], _told.get("capacities", [])
    if not told:
        return network
    subnets = {item.id: item for zones in _ec2(state).subnets.values() for item in zones.values()}
    for number in network["subnets"]:
        zone = subnets[number].availability_zone
        fitting = [there for name, place_, there in told
                   if fnmatch.fnmatchcase(provider, name) and fnmatch.fnmatchcase(zone, place_)]  # fmt: skip
        if not fitting or fitting[-1]:
            return {**network, "subnets": [number, *(item for item in network["subnets"] if item != number)]}
    return None


def _ec2(state):
    return get_backend("ec2")[state.account_id][state.region_name]
