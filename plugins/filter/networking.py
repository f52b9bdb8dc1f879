# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters of the networking role: from a subnet layout to the items of the network modules."""

from __future__ import annotations

from typing import Callable, Dict

from ansible_collections.groundwork.aws.plugins.plugin_utils import networking


class FilterModule:
    """Tell Ansible which filters are here; each is documented in a file of its name."""

    def filters(self) -> Dict[str, Callable]:
        """The filters by name."""
        return {
            "networking_elastic_ips": networking.elastic_ips,
            "networking_ids_by_tier": networking.ids_by_tier,
            "networking_interface_endpoints": networking.interface_endpoints,
            "networking_nat_gateways": networking.nat_gateways,
            "networking_network_acls": networking.network_acls,
            "networking_route_tables": networking.route_tables,
            "networking_subnets": networking.subnets,
        }
