# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Fargate has room for a task, which a test says."""

import fnmatch

from moto.backends import get_backend

from .. import store

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
UNAVAILABLE = "Capacity is unavailable at this time. Please try again later or in a different availability zone"

_told = store()  # "capacities": list of (provider, zone, available), the latest last


def tell(provider="*", zone="*", available=True):
    """Say whether a capacity provider has room in an Availability Zone; both may be patterns."""
    _told.setdefault("capacities", []).append((provider, zone, bool(available)))


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
