# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything in the account as a dict that can be compared: {"service/type": {"region/id": description}}.

Left out: what AWS keeps for a while after its deletion (NAT gateways, task definitions), what changes by itself, and,
unless asked for, what AWS itself provides: the default VPC with what came with it, default parameter groups, the
default group of schedules. What nothing can hurry or is meant to stay has a heading of its own: keys and secrets that
wait for their deletion, snapshots of databases.
"""

import functools

from . import care, compute, content, data, deploy, edge, identity, messages, network, observe, stores, visitors, watch
from .view import View

GLOBAL = "us-east-1"  # where global services are asked
# Networks come last: a call of another service may be what starts a task or a database, which takes an address.
REGIONAL = {
    **deploy.READERS, **compute.READERS, **data.READERS, **edge.READERS, **messages.READERS, **observe.READERS,
    **stores.READERS, **visitors.READERS, **watch.READERS, **care.READERS, **network.READERS,
}  # fmt: skip
EVERYWHERE = {
    **identity.READERS, **edge.GLOBAL_READERS, **data.GLOBAL_READERS, **content.GLOBAL_READERS, **care.GLOBAL_READERS,
}  # fmt: skip


def snapshot(client, regions, defaults=False, used=None):
    """The account, through ``client(service, region)``; of ``used`` services only: {service: its regions}."""
    found, account = {}, functools.cache(lambda: client("sts", GLOBAL).get_caller_identity()["Account"])
    for region in regions:
        for service, read in REGIONAL.items():
            # A region of a service that nobody used is empty, and asking would load moto's backend for up to a second.
            if used is None or region in used.get(service, ()):
                read(View(client(service, region), found, region, defaults, account))
    for service, read in EVERYWHERE.items():
        if used is None or service in used:
            view = View(client(service, GLOBAL), found, GLOBAL, defaults, account)
            view.regions = regions
            read(view)
    return {kind: dict(sorted(found[kind].items())) for kind in sorted(found)}
