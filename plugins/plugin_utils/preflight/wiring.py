# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inputs that are wired from other roles' outputs: preflight cannot render them, only place them."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem

OUTPUTS = re.compile(r"(?<![A-Za-z0-9_])([a-z][a-z0-9_]*?)_outputs(?![A-Za-z0-9_])")
DEFAULTED = re.compile(r"\|\s*(?:ansible\.builtin\.)?default\s*\(")


class Wired:
    """Stands where a value will be once another role has returned it."""

    def __repr__(self) -> str:
        return "(wired)"


WIRED = Wired()
# What a template gives that says default(omit).
OMITTED = object()


@dataclasses.dataclass(frozen=True)
class Reference:
    """One role's outputs, as a value refers to them."""

    producer: str
    optional: bool = False


def is_template(value: t.Any) -> bool:
    """Tell whether a raw value is a text that Ansible would render."""
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def is_plain(raw: t.Any) -> bool:
    """Tell whether a raw value is what it says, so that rendering it would only cost time."""
    if isinstance(raw, t.Mapping):
        return all(is_plain(value) for value in raw.values())
    if isinstance(raw, (list, tuple)):
        return all(is_plain(value) for value in raw)
    return raw is None or (isinstance(raw, (str, int, float)) and not is_template(raw))


def references(raw: t.Any) -> frozenset[Reference]:
    """Return whose outputs a raw value refers to, anywhere inside; with a default they are optional."""
    if is_plain(raw):
        return frozenset()
    if isinstance(raw, t.Mapping):
        return frozenset().union(*(references(value) for value in raw.values()))
    if isinstance(raw, (list, tuple)):
        return frozenset().union(*(references(value) for value in raw))
    if not is_template(raw) or "_outputs" not in raw:
        return frozenset()
    optional = bool(DEFAULTED.search(raw))
    return frozenset(Reference(producer, optional) for producer in OUTPUTS.findall(raw))


def references_in_error(message: str) -> frozenset[Reference]:
    """Return whose outputs were missing when a variable that looks literal was rendered."""
    return frozenset(Reference(producer) for producer in OUTPUTS.findall(message))


def resolve(raw: t.Any, render: t.Callable[[t.Any], t.Any]) -> t.Any:
    """Render a raw value but for the parts that wait for another role."""
    if is_plain(raw):
        return raw
    if not references(raw):
        return render(raw)
    if isinstance(raw, t.Mapping):
        rendered = ((key, resolve(value, render)) for key, value in raw.items())
        return {key: value for key, value in rendered if value is not OMITTED}
    if isinstance(raw, (list, tuple)):
        return [value for value in (resolve(value, render) for value in raw) if value is not OMITTED]
    return WIRED


def holds_wired(value: t.Any) -> bool:
    """Tell whether any part of a value waits for another role."""
    if isinstance(value, t.Mapping):
        return any(holds_wired(inner) for inner in value.values())
    if isinstance(value, (list, tuple)):
        return any(holds_wired(inner) for inner in value)
    return value is WIRED


def order_problems(
    variable: str, consumer: str, wanted: t.Iterable[Reference], roles: t.Sequence[str]
) -> list[Problem]:
    """Refuse an input whose producer does not run, or runs too late."""
    problems = []
    place = roles.index(consumer) if consumer in roles else len(roles)
    for reference in sorted(wanted, key=lambda one: one.producer):
        producer = reference.producer
        if producer == "preflight" or (producer not in roles and reference.optional):
            continue
        if producer not in roles:
            wrong = f"it is wired to {producer}_outputs, and role {producer} is not among the roles of this platform"
            problems.append(
                Problem(
                    variable,
                    wrong,
                    f"add {producer} before {consumer} to platform_capabilities, or set the variable itself",
                )
            )
        elif roles.index(producer) >= place:
            wrong = f"it is wired to {producer}_outputs, and role {producer} does not run before role {consumer}"
            problems.append(Problem(variable, wrong, f"move {producer} before {consumer} in platform_capabilities"))
    return problems
