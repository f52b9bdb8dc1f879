# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a platform before it exists: its roles, and their variables as far as they are sound."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, listed, nearest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.validate import item_path
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import WIRED

Item = t.Mapping[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Platform:
    """A platform as its variables describe it; what its specs refuse, and what waits for AWS, is WIRED."""

    roles: t.Collection[str]
    values: t.Mapping[str, t.Any]
    raw: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)

    def known(self, option: str, default: t.Any = None) -> t.Any:
        """Return a variable's value, or a default where nobody knows it yet."""
        value = self.values.get(option)
        return default if value is None or value is WIRED else value

    def items(self, option: str) -> list[tuple[str, Item]]:
        """Return the items of a list of mappings, each with where it is."""
        items = enumerate(self.known(option, []))
        return [(item_path(option, index, item), item) for index, item in items if isinstance(item, t.Mapping)]

    def names(self, option: str) -> list[str] | None:
        """Return the names of a list's items, or None while nobody knows all of them."""
        if self.values.get(option) is WIRED:
            return None
        items = self.known(option, [])
        names = [item.get("name") if isinstance(item, t.Mapping) else WIRED for item in items]
        texts = [name for name in names if isinstance(name, str)]
        return texts if len(texts) == len(names) else None


def is_number(value: t.Any) -> bool:
    """Tell whether a value is a number that can be compared."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def inner(item: Item, key: str) -> t.Sequence[t.Any]:
    """Return the list that an item has under a key; nothing where there is none yet."""
    value = item.get(key)
    return value if isinstance(value, (list, tuple)) else ()


def flaw_problem(path: str, flaw: str) -> list[Problem]:
    """Return what a module would say of an item as a problem; none where it has nothing to say."""
    wrong, _separator, fix = flaw.partition(". To fix: ")
    return [Problem(path, f"it {wrong}", fix)] if flaw else []


def missing(path: str, name: str, option: str, names: t.Collection[str]) -> Problem:
    """Refuse a reference to an item that a list does not have."""
    near = nearest(name, names)
    fix = f"did you mean {near}?" if near else f"add it there{'.' if names else ''}"
    known = f" Its names are {listed(names)}" if names else ""
    return Problem(path, f"there is no {name} in {option}", f"{fix}{known}")
