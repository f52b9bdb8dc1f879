# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values against the argument specs of roles, more strictly than Ansible: nothing is converted.

Ansible converts values when it validates a role's arguments, and then hands the role the value as it
was. What is accepted here is therefore what a role can use as it is.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, listed, nearest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import WIRED, holds_wired

Spec = t.Mapping[str, t.Any]

TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "path": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "list": (list, tuple),
    "dict": (dict,),
}
WORDS = {
    "str": "text",
    "path": "a path",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "dict": "a mapping",
}
FIXES = {
    "str": "put it in quotes: YAML reads it unquoted as {got}, and leading zeros, final zeros or colons are lost",
    "path": "write it as text",
    "int": "write the number without quotes (on the command line: -e '{{\"{name}\": 3}}')",
    "float": "write the number without quotes (on the command line: -e '{{\"{name}\": 3}}')",
    "bool": "write true or false without quotes (on the command line: -e '{{\"{name}\": true}}')",
    "list": "write it as a list, one item a line",
    "dict": "write it as a mapping of keys to values",
}


def kind(value: t.Any) -> str:
    """Return in a word what YAML made of a value."""
    for type_, word in ((bool, "a boolean"), (int, "a number"), (float, "a number"), (str, "text")):
        if isinstance(value, type_):
            return word
    if isinstance(value, t.Mapping):
        return "a mapping"
    return "a list" if isinstance(value, (list, tuple)) else f"a {type(value).__name__}"


def shown(spec: Spec, value: t.Any) -> str:
    """Return a value for a message, unless the spec says that it is secret."""
    return "" if spec.get("no_log") else f" ({str(value)[:60]})"


def type_problem(path: str, wanted: str, spec: Spec, value: t.Any) -> Problem | None:
    """Refuse a value that Ansible would convert, or that is of another type altogether."""
    types = TYPES.get(wanted)
    if types is None or (isinstance(value, types) and (wanted == "bool" or not isinstance(value, bool))):
        return None
    scalar = shown(spec, value) if isinstance(value, (str, int, float)) else ""
    quotable = wanted != "str" or not isinstance(value, (t.Mapping, list, tuple))
    fix = FIXES[wanted].format(got=kind(value), name=path.split("[")[0].split(".")[0])
    wrong = f"it must be {WORDS[wanted]} and is {kind(value)}{scalar}"
    return Problem(path, wrong, fix if quotable else "write it as text")


def choice_problem(path: str, spec: Spec, value: t.Any) -> Problem | None:
    """Refuse a value that is none of the spec's choices."""
    choices = spec.get("choices")
    if not choices or value in choices:
        return None
    near = "" if spec.get("no_log") else nearest(str(value), [str(choice) for choice in choices])
    fix = f"did you mean {near}?" if near else ""
    return Problem(
        path, f"it is none of its choices{shown(spec, value)}", f"{fix} Choose one of {listed(choices)}".strip()
    )


def value_problems(path: str, spec: Spec, value: t.Any) -> list[Problem]:
    """Return everything that is wrong with a value and what is inside it."""
    if value is WIRED:
        return []
    if value is None:
        wrong = "it is null, and a value is required"
        return (
            [Problem(path, wrong, "set it, or remove the line if the role has a default")]
            if spec.get("required")
            else []
        )
    wanted = spec.get("type") or "str"
    wrong_type = type_problem(path, wanted, spec, value)
    if wrong_type:
        return [wrong_type]
    if wanted == "list":
        return list_problems(path, spec, value)
    if wanted == "dict" and spec.get("options"):
        return dict_problems(path, spec, value)
    wrong_choice = choice_problem(path, spec, value)
    return [wrong_choice] if wrong_choice else []


def item_path(path: str, index: int, item: t.Any) -> str:
    """Return where an item of a list is: by its name if it has one, as its author would say it."""
    name = item.get("name") if isinstance(item, t.Mapping) else None
    return f"{path}[{name if isinstance(name, str) else index}]"


def list_problems(path: str, spec: Spec, items: t.Sequence[t.Any]) -> list[Problem]:
    """Return what is wrong with the items of a list."""
    element = {key: spec[key] for key in ("options", "choices", "no_log") if key in spec}
    element |= {"type": spec.get("elements") or "raw", "required": True}
    problems = []
    if "name" in (spec.get("options") or {}):
        problems = duplicate_names(path, items)
    for index, item in enumerate(items):
        problems += value_problems(item_path(path, index, item), element, item)
    return problems


def duplicate_names(path: str, items: t.Sequence[t.Any]) -> list[Problem]:
    """Refuse two items of a list with one name: outputs are keyed by it."""
    names = [item.get("name") for item in items if isinstance(item, t.Mapping)]
    twice = sorted({name for name in names if isinstance(name, str) and names.count(name) > 1})
    return [Problem(path, f"more than one item is named {name}", "give each item a name of its own") for name in twice]


def known_keys(options: t.Mapping[str, Spec]) -> dict[str, str]:
    """Return every key a mapping may have, aliases too, with the option it stands for."""
    keys = {}
    for name, spec in options.items():
        keys.update({key: name for key in [name, *(spec.get("aliases") or [])]})
    return keys


def unknown_key(path: str, key: str, value: t.Any, keys: t.Iterable[str]) -> Problem:
    """Refuse a key that is in no spec; without a value it is the rest of a text that had a comma."""
    near = nearest(key, keys)
    fix = f"did you mean {near}? " if near else ""
    if value is None and not near:
        fix = "put the text before it in quotes if it has a comma; "
    return Problem(f"{path}.{key}", "there is no such key", f"{fix}Its keys are {listed(keys)}")


def dict_problems(path: str, spec: Spec, value: t.Mapping[str, t.Any]) -> list[Problem]:
    """Return what is wrong with the keys and values of a mapping."""
    options = spec["options"]
    keys = known_keys(options)
    problems = []
    for key in value:
        if key not in keys:
            problems.append(unknown_key(path, str(key), value[key], keys))
        else:
            problems += value_problems(f"{path}.{key}", options[keys[key]], value[key])
    given = {keys[key] for key in value if key in keys}
    for name, option in options.items():
        if option.get("required") and name not in given:
            problems.append(Problem(f"{path}.{name}", "it is required and missing", "set it"))
    return problems


RELATIONS = ("mutually_exclusive", "required_together", "required_one_of", "required_if", "required_by")


def needs_ansible(spec: Spec) -> bool:
    """Tell whether a spec says anything that only Ansible's own validation understands."""
    odd = (spec.get("type") or "str") not in TYPES or (spec.get("elements") or "str") not in TYPES
    related = any(spec.get(relation) for relation in RELATIONS)
    return odd or related or any(needs_ansible(option) for option in (spec.get("options") or {}).values())


def is_secret(spec: Spec) -> bool:
    """Tell whether a spec, or any option inside it, is secret."""
    return bool(spec.get("no_log")) or any(is_secret(option) for option in (spec.get("options") or {}).values())


def relation_problems(name: str, spec: Spec, value: t.Any) -> list[Problem]:
    """Return what Ansible's own validation adds: keys that exclude or need each other, odd types."""
    result = ArgumentSpecValidator({name: dict(spec)}).validate({name: value})
    if not result.error_messages:
        return []
    if is_secret(spec):
        return [
            Problem(
                name, "it does not fit its spec (no details: part of it is secret)", "compare it with the role's README"
            )
        ]
    return [Problem(name, result.error_messages[0].rstrip("."), "compare it with the role's README")]


def option_problems(name: str, spec: Spec, value: t.Any) -> list[Problem]:
    """Return everything that is wrong with a role's variable."""
    problems = value_problems(name, spec, value)
    if problems or value is None or not needs_ansible(spec) or holds_wired(value):
        return problems
    return relation_problems(name, spec, value)
