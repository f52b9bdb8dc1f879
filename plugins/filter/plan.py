# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter of the plan playbook."""

from __future__ import annotations

from typing import Callable, Dict

from ansible_collections.groundwork.aws.plugins.plugin_utils import plan


class FilterModule:
    """Tell Ansible which filters are here; each is documented in a file of its name."""

    def filters(self) -> Dict[str, Callable]:
        """The filters by name."""
        return {"plan_summary": plan.summary}
