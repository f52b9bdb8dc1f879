# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What roles say of themselves: their argument specs and defaults."""

from __future__ import annotations

import dataclasses
import functools
import os
import typing as t

import yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Variables of the conventions begin with a word that is no role; preflight's spec describes them.
PLATFORM = "platform"


@dataclasses.dataclass(frozen=True)
class Role:
    """A role as preflight sees it."""

    name: str
    path: str
    options: t.Mapping[str, t.Mapping[str, t.Any]]
    described: bool = True


def short_name(name: str) -> str:
    """Return the short name of a role: groundwork.aws.networking gives networking."""
    return name.rsplit(".", 1)[-1]


@functools.lru_cache(maxsize=None)
def _parse(path: str, _stamp: int) -> t.Any:
    """Parse a YAML file once in a process, and again when it has changed."""
    with open(path, encoding="utf-8") as stream:
        return yaml.load(stream, Loader=Loader)


def parse(path: str) -> t.Any:
    """Return the content of a YAML file."""
    return _parse(path, os.stat(path).st_mtime_ns)


def find(name: str, folders: t.Sequence[str]) -> str | None:
    """Return the folder of a role, from the first of some folders that has it."""
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            return path
    return None


def available(folders: t.Sequence[str]) -> list[str]:
    """Return the names of every role in some folders."""
    names: set[str] = set()
    for folder in folders:
        if os.path.isdir(folder):
            names.update(entry.name for entry in os.scandir(folder) if entry.is_dir())
    return sorted(names)


def read(name: str, path: str) -> Role:
    """Read the spec of a role's main entry point; a role without one has no options."""
    for suffix in ("yml", "yaml"):
        spec = os.path.join(path, "meta", f"argument_specs.{suffix}")
        if os.path.isfile(spec):
            entry = ((parse(spec) or {}).get("argument_specs") or {}).get("main") or {}
            return Role(name, path, entry.get("options") or {})
    return Role(name, path, {}, described=False)


def defaults(path: str) -> dict[str, t.Any]:
    """Return a role's defaults as they are written."""
    for suffix in ("yml", "yaml"):
        file = os.path.join(path, "defaults", f"main.{suffix}")
        if os.path.isfile(file):
            return parse(file) or {}
    return {}


def mapped(value: t.Any, function: t.Callable[[str], t.Any]) -> t.Any:
    """Return a value with a function applied to every text in it."""
    if isinstance(value, dict):
        return {key: mapped(inner, function) for key, inner in value.items()}
    if isinstance(value, list):
        return [mapped(inner, function) for inner in value]
    return function(value) if isinstance(value, str) else value


def owner(variable: str, names: t.Iterable[str]) -> str | None:
    """Return the role that a variable belongs to by its prefix; the longest prefix wins."""
    owners = [name for name in names if variable.startswith(f"{name}_")]
    return max(owners, key=len) if owners else None
