# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A first converge of Dougust production while AWS takes its time, against the longest chain of what needs what.

The local AWS takes a tenth of what AWS takes, so that minutes become seconds.
"""

import functools
import json

from common import account, play

# Seconds that the local AWS takes for each, about a tenth of AWS's.
SECONDS = {
    "db_instance_create": 60,
    "db_replica_create": 30,
    "nat_gateway_create": 20,
    "load_balancer_create": 25,
    "certificate_issue": 15,
    "ecs_service_stable": 20,
}
# What has to be there before it begins. Tasks come by images through the NAT gateways and are judged by a load balancer
# whose listener has its certificate. Before the first release no task needs the database.
NEEDS = {
    "db_instance_create": [],
    "db_replica_create": ["db_instance_create"],
    "nat_gateway_create": [],
    "load_balancer_create": [],
    "certificate_issue": [],
    "ecs_service_stable": ["nat_gateway_create", "load_balancer_create", "certificate_issue"],
}
REPLICAS = {"database_read_replicas": [{"name": "reader"}]}
# What issue 4 allows: a share of the longest chain, and seconds for everything that is not waiting.
SHARE, BESIDES = 1.2, 30


@functools.cache
def end(step):
    """When a step can be done at the earliest, and the chain of steps that takes so long."""
    before, chain = max((end(one) for one in NEEDS[step]), default=(0, ()))
    return before + SECONDS[step], (*chain, step)


def measure():
    """Rows of (what, value): the makespan, the longest chain, what the chain allows, and their ratio."""
    with account() as (sandbox, folder):
        sandbox.delays(**SECONDS)
        seconds = play(sandbox, folder, options=["-e", json.dumps(REPLICAS)], results=False).seconds
    longest, chain = max(end(step) for step in NEEDS)
    allowed = SHARE * longest + BESIDES
    return [
        ("first converge, seconds", f"{seconds:.0f}"),
        (f"longest chain, seconds ({', '.join(chain)})", f"{longest:.0f}"),
        ("all one after the other, seconds", f"{sum(SECONDS.values()):.0f}"),
        ("first converge against the longest chain", f"{seconds / longest:.2f}"),
        (f"allowed, seconds ({SHARE} times the chain and {BESIDES})", f"{allowed:.0f}"),
        ("within what is allowed", "yes" if seconds <= allowed else "no"),
    ]
