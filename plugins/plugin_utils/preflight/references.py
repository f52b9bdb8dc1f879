# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References by name: from one capability's items to another's, and from the wiring to items it takes for granted."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight import wiring
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.items import Platform, inner, missing
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import holds_wired

# An item's key, the list that has what it names, and that list's role.
REFERENCES = (
    ("ecs_services", "target_group", "load_balancer_target_groups", "load_balancer"),
    ("ecs_services", "repository", "registry_repositories", "registry"),
    ("load_balancer_rules", "target_group", "load_balancer_target_groups", "load_balancer"),
    ("schedules_database_exports", "bucket", "buckets_buckets", "buckets"),
    ("monitoring_alarms", "topic", "monitoring_topics", "monitoring"),
)
# Outputs that are keyed by the names of a list.
KEYED = {
    ("encryption", "key_arns"): "encryption_keys",
    ("networking", "subnet_ids"): "networking_tiers",
    ("security_groups", "group_ids"): "security_groups_groups",
    ("buckets", "names"): "buckets_buckets",
    ("buckets", "arns"): "buckets_buckets",
    ("certificates", "arns"): "certificates_certificates",
    ("registry", "repository_arns"): "registry_repositories",
    ("registry", "repository_uris"): "registry_repositories",
    ("secrets", "arns"): "secrets_secrets",
    ("load_balancer", "target_group_arns"): "load_balancer_target_groups",
}
METHODS = ("get", "items", "keys", "values")
# buckets_outputs.names.exports, (buckets_outputs | default({'names': {}})).names['exports']
KEY = re.compile(
    r"(?<![A-Za-z0-9_])([a-z][a-z0-9_]*?)_outputs(?:\s*\|\s*default\(\{.*?\}\)\s*\))?"
    r"\.([a-z_]+)(?:\.([A-Za-z_]\w*)|\[\s*['\"]([^'\"]+)['\"]\s*\])"
)
# The AWS service that uses a key on its own behalf, by how the variable ends that gets the key.
KEY_USERS = {"logs_kms_key_arn": "logs", "monitoring_kms_key_arn": "cloudwatch"}


class Wire(t.NamedTuple):
    """An item that the wiring of a variable names."""

    option: str
    name: str
    optional: bool


def texts(raw: t.Any) -> t.Iterator[str]:
    """Yield every text in a value as it is written."""
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, t.Mapping):
        for value in raw.values():
            yield from texts(value)
    elif isinstance(raw, (list, tuple)):
        for value in raw:
            yield from texts(value)


def wires(raw: t.Any) -> list[Wire]:
    """Return the items of other roles that a value names as it is written."""
    found = []
    for text in texts(raw):
        if "_outputs" not in text:
            continue
        optional = bool(wiring.DEFAULTED.search(text))
        for producer, output, dotted, quoted in KEY.findall(text):
            option = KEYED.get((producer, output))
            if option and dotted not in METHODS:
                found.append(Wire(option, dotted or quoted, optional))
    return found


def wiring_problems(platform: Platform) -> list[Problem]:
    """Refuse wiring to an item that is not there: a security group, a key, a tier."""
    problems = []
    for variable in platform.values:
        for wire in wires(platform.raw.get(variable)):
            names = platform.names(wire.option) if wire.option in platform.values else None
            if names is not None and wire.name not in names and not wire.optional:
                problem = missing(variable, wire.name, wire.option, names)
                fix = f"{problem.fix.removesuffix('.')}. Otherwise set {variable} itself"
                problems.append(Problem(variable, f"it is wired to {wire.name}, and {problem.wrong}", fix))
            elif wire.option == "encryption_keys":
                problems += key_user_problems(platform, variable, wire.name)
    return problems


def key_user_problems(platform: Platform, variable: str, name: str) -> list[Problem]:
    """Refuse a key that the AWS service behind a variable may not use."""
    service = next((user for ending, user in KEY_USERS.items() if variable.endswith(ending)), None)
    for path, key in platform.items("encryption_keys"):
        if service and key.get("name") == name and not holds_wired(key) and service not in inner(key, "services"):
            wrong = f"{variable} gets this key, and {service} may not use it"
            return [Problem(f"{path}.services", wrong, f"add {service}")]
    return []


def reference_problems(platform: Platform) -> list[Problem]:
    """Refuse an item that names what no other capability has."""
    problems = []
    for option, key, list_, role in REFERENCES:
        for path, item in platform.items(option):
            problems += named_problems(platform, f"{path}.{key}", item.get(key), list_, role)
    default = platform.values.get("load_balancer_default_target_group")
    place = "load_balancer_default_target_group"
    problems += named_problems(platform, place, default, "load_balancer_target_groups", "load_balancer")
    return problems


def named_problems(platform: Platform, path: str, name: t.Any, list_: str, role: str) -> list[Problem]:
    """Refuse one reference to an item of a list; an empty one names nothing."""
    if not isinstance(name, str) or not name:
        return []
    if role not in platform.roles:
        wrong = f"it names {name} of {list_}, and {role} is not among the roles of this platform"
        return [Problem(path, wrong, f"add {role} to platform_capabilities, or remove it")]
    names = platform.names(list_)
    return [] if names is None or name in names else [missing(path, name, list_, names)]


def problems_of(platform: Platform) -> list[Problem]:
    """Return every reference that leads nowhere."""
    return wiring_problems(platform) + reference_problems(platform)
