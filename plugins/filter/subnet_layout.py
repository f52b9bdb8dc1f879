# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter subnet_layout."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.groundwork.aws.plugins.plugin_utils import subnets


def subnet_layout(
    vpc_cidr: str, tiers: t.Sequence[t.Mapping[str, t.Any]], zones: t.Sequence[str]
) -> list[dict[str, str]]:
    """Return the subnets of a VPC, as Ansible wants its errors."""
    try:
        return subnets.subnet_layout(vpc_cidr, tiers, zones)
    except subnets.LayoutError as error:
        raise AnsibleFilterError(f"groundwork.aws.subnet_layout: {error}") from error


class FilterModule:
    """Tell Ansible which filters are here."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"subnet_layout": subnet_layout}
