# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparing what is wanted with what is there. Pure functions; AWS is not involved."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, NamedTuple, Optional

from ansible_collections.amazon.aws.plugins.module_utils.policy import compare_policies


class Change(NamedTuple):
    """A field's value now, and the value it should have."""

    before: Any
    after: Any


def canonical(value: Any) -> Any:
    """The value with every list in a fixed order, since AWS keeps the order of hardly any list."""
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return sorted((canonical(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


def same(before: Any, after: Any) -> bool:
    """Whether two values are equal when order does not count."""
    return canonical(before) == canonical(after)


def difference(
    current: Dict[str, Any],
    wanted: Dict[str, Any],
    equal: Optional[Dict[str, Callable[[Any, Any], bool]]] = None,
) -> Dict[str, Change]:
    """The fields that have to change.

    A field that is V(None) or absent in C(wanted) is not managed and therefore left alone.
    C(equal) names fields that need a comparison of their own, such as policies.
    """
    changes = {}
    for field, after in wanted.items():
        if after is None:
            continue
        before = current.get(field)
        if not (equal or {}).get(field, same)(before, after):
            changes[field] = Change(before, after)
    return changes


def same_policy(before: Optional[dict], after: Optional[dict]) -> bool:
    """Whether two IAM policy documents mean the same; no document is the same as an empty one only."""
    return bool(before) == bool(after) and not compare_policies(before or {}, after or {})


def split(before: Any, after: Any) -> tuple:
    """What to add to and what to remove from a list, as two lists; items may be unhashable."""
    present = [canonical(item) for item in before or []]
    wanted = [canonical(item) for item in after or []]
    add = [item for item in after or [] if canonical(item) not in present]
    remove = [item for item in before or [] if canonical(item) not in wanted]
    return add, remove


def final_tags(current: Dict[str, str], wanted: Optional[Dict[str, Any]], purge: bool) -> Optional[Dict[str, str]]:
    """The tags a resource should end up with; V(None) where tags are not managed.

    Keys that begin with C(aws:) belong to AWS and are never touched
    (U(https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html)).
    """
    if wanted is None:
        return None
    kept = {key: value for key, value in current.items() if not purge or key.startswith("aws:")}
    return {**kept, **{key: str(value) for key, value in wanted.items()}}
