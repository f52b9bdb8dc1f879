# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that preflight holds against the variables of one host."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight import (
    aws_names,
    containers,
    conventions,
    database,
    edge,
    monitoring,
    network,
    ranges,
    references,
    roles,
    rules,
    secret_use,
    unknown,
    validate,
    versions,
    wiring,
)
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.items import Platform
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import (
    Problem,
    first_of_each,
    nearest,
)

Values = dict[str, t.Any]

VERSIONS = "preflight_versions"

# What is said of a platform's capabilities, in this order.
CAPABILITIES = (references, secret_use, aws_names, ranges, containers, database, edge, monitoring)
ADVISERS = (database, edge)


class CannotRender(Exception):
    """A value refers to what does not exist, or its template is broken."""


@dataclasses.dataclass
class Host:
    """What preflight needs to know of a host; ``render`` raises CannotRender."""

    name: str
    roles: list[str]
    folders: list[str]
    raw: t.Mapping[str, t.Any]
    from_inventory: t.Collection[str]
    render: t.Callable[[t.Any], t.Any]
    neighbours: t.Mapping[str, t.Mapping[str, t.Any]] = dataclasses.field(default_factory=dict)
    allow_unknown: list[str] = dataclasses.field(default_factory=list)
    accept_retired: list[str] = dataclasses.field(default_factory=list)
    versions: list[t.Any] = dataclasses.field(default_factory=list)


def read_roles(names: t.Sequence[str], folders: t.Sequence[str]) -> tuple[list[roles.Role], list[Problem]]:
    """Read the roles of a platform, and refuse those that do not exist or are named twice."""
    found, problems = [], []
    for index, name in enumerate(names):
        path = roles.find(name, folders)
        if names.index(name) < index:
            problems.append(Problem("platform_capabilities", f"role {name} is named twice", "name it once"))
        elif path is None:
            near = nearest(name, roles.available(folders))
            fix = f"did you mean {near}?" if near else "remove it"
            problems.append(Problem(f"platform_capabilities[{index}]", f"there is no role {name}", fix))
        else:
            found.append(roles.read(name, path))
    return found, problems


def resolve_option(host: Host, role: str, name: str, spec: t.Mapping[str, t.Any]) -> tuple[t.Any, list[Problem]]:
    """Render one variable of a role as far as it can be; what is wired is only placed."""
    if name not in host.raw:
        return wiring.OMITTED, []
    raw = host.raw[name]
    problems = wiring.order_problems(name, role, wiring.references(raw), host.roles)
    try:
        return wiring.resolve(raw, host.render), problems
    except CannotRender as error:
        indirect = wiring.references_in_error(str(error))
        if indirect:
            return wiring.WIRED, problems + wiring.order_problems(name, role, indirect, host.roles)
        why = "(no details: it is secret)" if validate.is_secret(spec) else f"({error})"
        wrong = f"it cannot be rendered {why}"
        return wiring.WIRED, [*problems, Problem(name, wrong, "define what it refers to, or correct the template")]


def missing_problems(role: str, name: str, spec: t.Mapping[str, t.Any]) -> list[Problem]:
    """Refuse a required variable that nobody sets."""
    if not spec.get("required"):
        return []
    return [Problem(name, f"role {role} requires it and it is not set", "set it in group_vars or host_vars")]


def role_problems(host: Host, role: roles.Role) -> tuple[Values, list[Problem]]:
    """Hold a host's variables against the spec of one role."""
    values: Values = {}
    problems: list[Problem] = []
    for name, spec in role.options.items():
        value, found = resolve_option(host, role.name, name, spec)
        problems += found
        if value is wiring.OMITTED:
            problems += missing_problems(role.name, name, spec)
        else:
            problems += [] if found else validate.option_problems(name, spec, value)
            values[name] = value
    return values, problems


def unknown_problems(host: Host) -> list[Problem]:
    """Refuse variables that look like a role's and are none; only specs that are needed are read."""
    options: dict[str, t.Iterable[str]] = {}
    names = roles.available(host.folders)
    prefixes = {roles.owner(variable, [*names, roles.PLATFORM]) for variable in host.from_inventory}
    for prefix in sorted(prefix for prefix in prefixes if prefix):
        name = "preflight" if prefix == roles.PLATFORM else prefix
        path = roles.find(name, host.folders)
        role = roles.read(name, path) if path else None
        if role and role.described:
            options[prefix] = list(role.options)
    wrong = unknown.bad_patterns("preflight_allow_unknown", host.allow_unknown)
    return wrong or unknown.unknown_variables(host.from_inventory, options, host.allow_unknown)


def domain_problems(host: Host, values: Values, found: t.Sequence[roles.Role]) -> list[Problem]:
    """Return what only someone who knows AWS would see."""
    problems = conventions.name_problems(values) + conventions.account_problems(values)
    problems += conventions.region_problems(values, conventions.known_regions())
    problems += conventions.switch_problems(host.raw)
    problems += conventions.neighbour_problems(host.name, values, host.neighbours)
    problems += network.network_problems(values)
    problems += rules.security_group_problems(values.get(rules.GROUPS))
    for role in found:
        for name, spec in role.options.items():
            if spec.get("type") == "list" and "name" in (spec.get("options") or {}):
                problems += conventions.derived_name_problems(values.get("platform_prefix"), name, values.get(name))
    return problems


def sound_platform(host: Host, values: Values, problems: t.Sequence[Problem]) -> Platform:
    """Return a platform without what its specs refuse: nothing more can be said of that."""
    refused = {re.split(r"[.\[]", problem.variable)[0] for problem in problems}
    sound = {name: wiring.WIRED if name in refused else value for name, value in values.items()}
    return Platform(host.roles, sound, host.raw)


def used_versions(items: t.Any, used: t.Sequence[str], names: t.Sequence[str]) -> t.Any:
    """Return the versions without those of roles that a platform does not use: nothing says what they are."""
    if not isinstance(items, list):
        return items
    owners = [
        roles.owner(str(item.get("source") or ""), names) if isinstance(item, t.Mapping) else None for item in items
    ]
    return [item for item, owner in zip(items, owners) if owner is None or owner in used]


def rendered_versions(host: Host) -> tuple[list[t.Any], list[Problem]]:
    """Return the versions that a platform uses, as far as they can be rendered."""
    kept: list[t.Any] = []
    problems = []
    for item in host.versions:
        source = str(item.get("source") or "") if isinstance(item, t.Mapping) else ""
        try:
            rendered = wiring.resolve(item, host.render)
            kept += rendered if isinstance(rendered, list) else [rendered]
        except CannotRender as error:
            wrong = f"a version cannot be rendered ({error})"
            problems.append(Problem(source or VERSIONS, wrong, "define what it refers to"))
    return [item for item in kept if not wiring.holds_wired(item)], problems


def inspect(host: Host, catalogue: versions.Catalogue, today: datetime.date) -> tuple[list[Problem], list[str]]:
    """Return every problem of a host, one a variable, and the warnings."""
    names = roles.available(host.folders)
    raw = {**host.raw, VERSIONS: used_versions(host.raw.get(VERSIONS, []), host.roles, names)}
    host = dataclasses.replace(host, raw=raw, versions=used_versions(host.versions, host.roles, names))
    found, problems = read_roles(host.roles, host.folders)
    values: Values = {}
    for role in found:
        rendered, wrong = role_problems(host, role)
        values |= rendered
        problems += wrong
    platform = sound_platform(host, values, problems)
    problems += unknown_problems(host) + domain_problems(host, values, found)
    for capability in CAPABILITIES:
        problems += capability.problems_of(platform)
    items, wrong = rendered_versions(host)
    found_versions, warnings = versions.all_findings(items, today, catalogue, host.accept_retired)
    for adviser in ADVISERS:
        warnings += adviser.warnings_of(platform)
    return first_of_each([*problems, *wrong, *found_versions]), warnings
