# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter resource_name."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.groundwork.aws.plugins.plugin_utils import names


def resource_name(prefix: str, part: str, limit: int = 64) -> str:
    """Return the name of a part of a platform, as Ansible wants its errors."""
    try:
        return names.resource_name(prefix, part, limit)
    except ValueError as error:
        raise AnsibleFilterError(f"groundwork.aws.resource_name: {error}") from error


class FilterModule:
    """Tell Ansible which filters are here."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        """Return the filters by name."""
        return {"resource_name": resource_name}
