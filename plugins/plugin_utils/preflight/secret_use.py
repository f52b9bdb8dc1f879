# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is given which secret: that it is there, and that it holds what is asked of it."""

from __future__ import annotations

import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.database import DEFAULT_SECRET
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.items import Platform, missing
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import WIRED, holds_wired

SECRETS = "secrets_secrets"
CREDENTIALS = "database_credentials"
# What a secret holds: a text without keys, a URL, a JSON object, or whatever an operator sets.
TEXT, URL, JSON, ANY = "text", "url", "json", "any"

Kinds = t.Dict[str, str]


def database_secret(platform: Platform) -> tuple[str, str] | None:
    """Return the name of the secret with the database's login, and what it holds."""
    given = platform.values.get(CREDENTIALS)
    if "database" not in platform.roles or given is WIRED or holds_wired(given):
        return None
    given = given or {}
    managed_by_rds = given.get("managed_by") == "rds"
    return given.get("secret") or DEFAULT_SECRET, JSON if managed_by_rds else given.get("format") or URL


def kinds(platform: Platform) -> Kinds | None:
    """Return what each secret of a platform holds, or None while nobody knows all of them."""
    if platform.names(SECRETS) is None or holds_wired(platform.values.get(CREDENTIALS)):
        return None
    found = {item["name"]: ANY if item.get("generate") is None else TEXT for _path, item in platform.items(SECRETS)}
    login = database_secret(platform)
    return {**found, login[0]: login[1]} if login else found


def reference_problems(path: str, reference: t.Any, known: Kinds) -> list[Problem]:
    """Refuse a reference, as name or name:key, to a secret or a key that is not there."""
    if not isinstance(reference, str):
        if reference is WIRED:
            return []
        return [Problem(path, "it is no name of a secret", "write the name, or name:key for a key of its JSON")]
    name, colon, key = reference.partition(":")
    if name not in known:
        return [missing(path, name, SECRETS, list(known))]
    if colon and not key:
        return [Problem(path, f"it names no key of {name}", f"write {name}, or {name}:key")]
    if key and known[name] in (TEXT, URL):
        form = "a URL" if known[name] == URL else "a generated text"
        return [Problem(path, f"{name} holds {form} and has no key {key}", f"name {name} alone")]
    return []


def given_problems(platform: Platform, known: Kinds) -> list[Problem]:
    """Return what is wrong with the secrets that containers are given."""
    problems = []
    for option in ("ecs_services", "schedules_tasks"):
        for path, item in platform.items(option):
            given = item.get("secrets")
            for variable, reference in (given.items() if isinstance(given, t.Mapping) else ()):
                problems += reference_problems(f"{path}.secrets.{variable}", reference, known)
    for path, item in platform.items("schedules_database_exports"):
        problems += export_problems(f"{path}.secret", item.get("secret"), known)
    return problems


def export_problems(path: str, name: t.Any, known: Kinds) -> list[Problem]:
    """Refuse an export whose secret holds no URL: it is taken apart into what pg_dump needs."""
    secret = name.partition(":")[0] if isinstance(name, str) else ""
    if known.get(secret, ANY) not in (URL, ANY):
        fix = "name the secret of the database, with format: url in database_credentials"
        return [Problem(path, f"{secret} holds no URL of a database, and an export needs one", fix)]
    return reference_problems(path, name, known) if secret else []


def twice_problems(platform: Platform) -> list[Problem]:
    """Refuse a secret that the roles secrets and database would both manage."""
    login = database_secret(platform)
    if not login or login[0] not in (platform.names(SECRETS) or []):
        return []
    fix = "remove it here, or set database_credentials.secret to another name"
    return [Problem(f"{SECRETS}[{login[0]}]", "it is the secret of the database, which the role database makes", fix)]


def problems_of(platform: Platform) -> list[Problem]:
    """Return everything that is wrong with secrets and who gets them."""
    known = kinds(platform)
    return twice_problems(platform) + ([] if known is None else given_problems(platform, known))
