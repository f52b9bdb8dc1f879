# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The revisions of a task definition: the newest, one that says what is wanted, and the end of all of them."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ansible_collections.groundwork.aws.plugins.module_utils import ecs_task_definitions as definitions
from ansible_collections.groundwork.aws.plugins.module_utils.api import ecs as api


def newest(client: Any, family: str) -> Optional[dict]:
    """The newest active revision with its tags; V(None) where there is none."""
    described = api.describe_task_definition(client, family)
    return described if described and described["status"] == "ACTIVE" else None


def ensure(client: Any, family: str, request: dict, tags: Dict[str, str]) -> dict:
    """A revision that says what is requested: the newest, which a killed run may have left, or a new one."""
    described = newest(client, family)
    if described and definitions.same(definitions.comparable(described), definitions.comparable(request)):
        return described
    return api.register_task_definition(client, family, tags, **request)


def remove(client: Any, family: str) -> None:
    """Deregister all revisions and delete them: AWS keeps what is only deregistered."""
    active = api.list_task_definitions(client, family)
    for arn in active:
        api.deregister_task_definition(client, arn)
    inactive = api.list_task_definitions(client, family, "INACTIVE")
    api.delete_task_definitions(client, sorted({*active, *inactive}))
