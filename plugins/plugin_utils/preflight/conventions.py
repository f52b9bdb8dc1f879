# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the platform's conventions: names, accounts, regions."""

from __future__ import annotations

import functools
import re
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

# Imported here and not where it is used: what Ansible imports before it forks is paid for once.
try:
    from botocore.loaders import Loader
except ImportError:
    Loader = None

from ansible_collections.groundwork.aws.plugins.plugin_utils.names import clashing_names
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, listed, nearest

Values = t.Mapping[str, t.Any]

ACCOUNT = re.compile(r"[0-9]{12}")
NAME = re.compile(r"[a-z][a-z0-9-]*")
LONGEST_NAME = 20
# Said on the command line, where everything is text; what decides about deletions must not be guessed.
SWITCHES = ("prune", "prune_data")
# The shortest limit that AWS has for a name that is made of the prefix: load balancers and target groups.
SHORTEST_LIMIT = 32


@functools.lru_cache(maxsize=None)
def known_regions() -> frozenset[str]:
    """Return every region that botocore knows, read from its data without a network; none without botocore."""
    if Loader is None:
        return frozenset()
    partitions = Loader().load_data("partitions")["partitions"]
    names = {region for partition in partitions for region in partition["regions"]}
    return frozenset(name for name in names if not name.endswith("-global"))


def account_problems(values: Values) -> list[Problem]:
    """Refuse account ids that are none; the safety catch has nothing to compare without them."""
    name = "platform_account_ids"
    accounts = values.get(name)
    if not isinstance(accounts, (list, tuple)):
        return []
    if not accounts:
        return [
            Problem(
                name, "it is empty, so no account may be touched", "name the 12 digits of the environment's account"
            )
        ]
    problems = []
    for index, account in enumerate(accounts):
        if isinstance(account, str) and not ACCOUNT.fullmatch(account):
            wrong = f"{account!r} is no account id: it has 12 digits"
            fix = "copy it from the AWS console, in quotes, because YAML reads unquoted ids as numbers"
            problems.append(Problem(f"{name}[{index}]", wrong, fix))
    return problems


def switch_problems(values: Values) -> list[Problem]:
    """Refuse switches of the command line that are neither on nor off; a template is left to Ansible."""
    problems = []
    for name in SWITCHES:
        value = values.get(name, False)
        try:
            if not (isinstance(value, str) and "{{" in value):
                boolean(value)
        except TypeError:
            problems.append(
                Problem(name, f"{value!r} is neither true nor false", f"say -e {name}=true, or leave it out")
            )
    return problems


def region_problem(variable: str, region: t.Any, regions: t.Collection[str]) -> list[Problem]:
    """Refuse a region that AWS does not have; where no region is known, nothing can be said."""
    if not isinstance(region, str) or not regions or region in regions:
        return []
    near = nearest(region, regions)
    fix = f"did you mean {near}?" if near else "name a region such as us-east-1"
    return [Problem(variable, f"{region!r} is no AWS region", fix)]


def region_problems(values: Values, regions: t.Collection[str]) -> list[Problem]:
    """Refuse unknown regions, and a platform outside the regions of its environment."""
    name, allowed = "platform_region", values.get("platform_regions")
    region = values.get(name)
    problems = region_problem(name, region, regions)
    if not isinstance(allowed, (list, tuple)):
        return problems
    for index, one in enumerate(allowed):
        problems += region_problem(f"platform_regions[{index}]", one, regions)
    if isinstance(region, str) and region not in allowed:
        wrong = f"{region} is not among the regions of this environment ({listed(allowed) or 'none'})"
        problems.append(Problem(name, wrong, "change it, or add the region to platform_regions"))
    return problems


def name_problems(values: Values) -> list[Problem]:
    """Refuse names that cannot be part of every AWS name."""
    problems = []
    for variable in ("platform_name", "platform_environment"):
        name = values.get(variable)
        if not isinstance(name, str):
            continue
        if not NAME.fullmatch(name):
            wrong = f"{name!r} is no name: a lower-case letter, then lower-case letters, digits and hyphens"
            problems.append(Problem(variable, wrong, f"call it for example {slug(name)}"))
        elif len(name) > LONGEST_NAME or name.endswith("-") or "--" in name:
            wrong = f"{name!r} must have at most {LONGEST_NAME} characters, single hyphens, and not end in a hyphen"
            problems.append(Problem(variable, wrong, f"call it for example {slug(name)}"))
    return problems


def slug(name: str) -> str:
    """Return a name that would do."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-").lstrip("0123456789-")
    return words[:LONGEST_NAME].rstrip("-") or "platform"


def derived_name_problems(prefix: t.Any, option: str, items: t.Any) -> list[Problem]:
    """Refuse items whose AWS names would be equal once shortened, or differ in case alone."""
    if not isinstance(prefix, str) or not prefix or not isinstance(items, (list, tuple)):
        return []
    names = [item["name"] for item in items if isinstance(item, t.Mapping) and isinstance(item.get("name"), str)]
    distinct = [name for name in dict.fromkeys(names) if name]
    problems = []
    for group in clashing_names(prefix, distinct, SHORTEST_LIMIT):
        wrong = f"{' and '.join(group)} would get one and the same name in AWS"
        problems.append(Problem(option, wrong, "give them names that differ in more than upper and lower case"))
    return problems


def neighbour_problems(host: str, values: Values, neighbours: t.Mapping[str, Values]) -> list[Problem]:
    """Refuse two hosts whose resources would have the same names in one account and region."""
    problems = []
    mine = (values.get("platform_prefix"), values.get("platform_region"))
    if not all(isinstance(part, str) for part in mine):
        return []
    accounts = set(map(str, values.get("platform_account_ids") or []))
    for other, theirs in sorted(neighbours.items()):
        same = mine == (theirs.get("platform_prefix"), theirs.get("platform_region"))
        if other != host and same and accounts & set(map(str, theirs.get("platform_account_ids") or [])):
            wrong = f"host {other} has the same prefix {mine[0]} in {mine[1]} and an account in common"
            problems.append(
                Problem(
                    "platform_prefix", wrong, "give one of them another platform_name, environment, region or account"
                )
            )
    return problems
