# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables and tags that look like a role's and are none: usually a slip of the pen that Ansible ignores."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, nearest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.roles import owner

ANSIBLE_TAGS = {"all", "always", "never", "tagged", "untagged"}


def is_allowed(variable: str, allowed: t.Iterable[str]) -> bool:
    """Tell whether a variable is named, or matched as a whole, by the allow-list."""
    return any(variable == entry or re.fullmatch(entry, variable) for entry in allowed)


def bad_patterns(variable: str, allowed: t.Iterable[str]) -> list[Problem]:
    """Refuse entries of the allow-list that are no regular expressions."""
    problems = []
    for entry in allowed:
        try:
            re.compile(entry)
        except re.error as error:
            wrong = f"{entry!r} is no regular expression ({error})"
            problems.append(Problem(variable, wrong, "write a variable's name or a Python regular expression"))
    return problems


def unknown_variables(
    variables: t.Iterable[str], options: t.Mapping[str, t.Iterable[str]], allowed: t.Sequence[str]
) -> list[Problem]:
    """Refuse variables that begin with a role's prefix and are in no spec of that role.

    ``options`` are the known variables by prefix. What a role sets itself at run time must not be
    passed in: an internal such as ``networking__state`` is unknown here, because it came from outside.
    """
    problems = []
    known = {option for names in options.values() for option in names}
    for variable in sorted(variables):
        prefix = owner(variable, options)
        if prefix is None or variable in known or variable == f"{prefix}_outputs" or is_allowed(variable, allowed):
            continue
        problems.append(unknown_variable(variable, prefix, options[prefix]))
    return problems


def unknown_variable(variable: str, prefix: str, options: t.Iterable[str]) -> Problem:
    """Say what an unknown variable may have been meant to be."""
    if variable.startswith(f"{prefix}__"):
        return Problem(variable, f"it is an internal variable of role {prefix} and cannot be set", "remove it")
    near = nearest(variable, options)
    fix = f"did you mean {near}? Otherwise remove it" if near else "remove it"
    wrong = f"it begins with {prefix}_ and is no variable of {prefix}"
    return Problem(variable, wrong, f"{fix}, or name it in preflight_allow_unknown")


def tag_problems(tags: t.Iterable[str], roles: t.Collection[str]) -> list[Problem]:
    """Refuse tags that nothing has: Ansible would do nothing and report success."""
    problems = []
    for tag in sorted(set(tags) - set(roles) - ANSIBLE_TAGS):
        near = nearest(tag, roles)
        fix = f"did you mean {near}" if near else f"the tags are {', '.join(sorted(roles))}"
        problems.append(Problem(f"tag {tag}", "nothing has it, so this run would do nothing", fix))
    return problems
