# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters of the encryption, security_groups and registry roles, and the one that shapes outputs."""

from __future__ import annotations

from typing import Callable, Dict

from ansible_collections.groundwork.aws.plugins.plugin_utils import capabilities


class FilterModule:
    """Tell Ansible which filters are here; each is documented in a file of its name."""

    def filters(self) -> Dict[str, Callable]:
        """The filters by name."""
        return {
            "encryption_keys": capabilities.encryption_keys,
            "outputs_by_name": capabilities.outputs_by_name,
            "registry_repositories": capabilities.registry_repositories,
            "security_group_items": capabilities.security_group_items,
        }
