# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter services_need_database."""

from __future__ import annotations

from typing import Callable, Dict

from ansible_collections.groundwork.aws.plugins.plugin_utils import platform


class FilterModule:
    """Tell Ansible which filter is here."""

    def filters(self) -> Dict[str, Callable]:
        """The filter by its name."""
        return {"services_need_database": platform.services_need_database}
