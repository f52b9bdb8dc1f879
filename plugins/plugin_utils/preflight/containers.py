# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of what runs on Fargate: sizes, environments, counts, schedules."""

from __future__ import annotations

import re
import typing as t
import zoneinfo

from ansible_collections.groundwork.aws.plugins.module_utils.ecs_task_definition_rules import SIZES
from ansible_collections.groundwork.aws.plugins.plugin_utils import schedules
from ansible_collections.groundwork.aws.plugins.plugin_utils.fargate import volume_name
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.items import Item, Platform, inner, is_number
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, listed
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.unknown import bad_patterns, is_allowed
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import holds_wired

SERVICES = "ecs_services"
TASKS = "schedules_tasks"
EXPORTS = "schedules_database_exports"
DEFAULTS: dict[str, Item] = {TASKS: schedules.TASK}
ACCEPTED = "preflight_accept_plain_environment"

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
SECRET_NAME = re.compile(
    r"(^|.*_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|ACCESS_KEY_ID|APIKEY|KEY)", re.IGNORECASE
)
# What builds of web applications hand to every browser, and the half of a pair that everybody may have.
PUBLIC_NAME = re.compile(
    r"(NEXT_PUBLIC|NUXT_PUBLIC|REACT_APP|VITE|EXPO_PUBLIC|PUBLIC)_.*|(.*_)?PUBLIC_KEY", re.IGNORECASE
)
LOGIN_IN_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@", re.IGNORECASE)

# https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
RATE = re.compile(r"rate\([1-9]\d* (minute|hour|day)s?\)")
AT = re.compile(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)")
CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")


def size_problems(path: str, item: Item, defaults: Item) -> list[Problem]:
    """Refuse a combination of CPU and memory that Fargate does not have."""
    cpu, memory = ({**defaults, **item}.get(key) for key in ("cpu", "memory"))
    if not is_number(cpu):
        return []
    if cpu not in SIZES:
        return [Problem(f"{path}.cpu", f"Fargate has no {cpu} CPU units", f"choose one of {listed(SIZES)}")]
    if not is_number(memory) or memory in SIZES[cpu]:
        return []
    near = min(SIZES[cpu], key=lambda size: (abs(size - memory), size))
    wrong = f"Fargate has no {memory} MiB with {cpu} CPU units"
    return [Problem(f"{path}.memory", wrong, f"did you mean {near}? Choose one of {listed(SIZES[cpu])}")]


def environment_problems(path: str, environment: t.Any, accepted: t.Sequence[str]) -> list[Problem]:
    """Refuse variables that ECS does not take, and secrets in plain sight; no value is shown."""
    problems = []
    for name, value in environment.items() if isinstance(environment, t.Mapping) else ():
        where = f"{path}.{name}"
        if not VARIABLE.fullmatch(str(name)):
            fix = "write letters, digits and underscores, no digit first"
            problems.append(Problem(where, "it is no name of an environment variable", fix))
        elif holds_wired(value):
            continue
        elif not isinstance(value, str) and (isinstance(value, bool) or not isinstance(value, int)):
            wrong = "it is no text, and the container would get it as Python writes it"
            problems.append(Problem(where, wrong, "put it in quotes"))
        elif is_plain_secret(str(name), str(value)) and not is_allowed(str(name), accepted):
            wrong = "it looks like a secret, and everybody who may read task definitions would read it"
            fix = f"keep it in secrets_secrets and name it under secrets, or name {name} in {ACCEPTED}"
            problems.append(Problem(where, wrong, fix))
    return problems


def is_plain_secret(name: str, value: str) -> bool:
    """Tell whether an environment variable looks like a secret that stands in the inventory."""
    named = SECRET_NAME.fullmatch(name) and not PUBLIC_NAME.fullmatch(name)
    return bool(value) and bool(named or LOGIN_IN_URL.match(value))


def twice_problems(path: str, item: Item) -> list[Problem]:
    """Refuse a variable that is both in the environment and a secret."""
    environment, secrets = item.get("environment"), item.get("secrets")
    if not isinstance(environment, t.Mapping) or not isinstance(secrets, t.Mapping):
        return []
    twice = [str(name) for name in environment if name in secrets]
    return [Problem(f"{path}.environment.{name}", "it is under secrets too", "keep one of both") for name in twice]


def accepted_names(platform: Platform) -> list[str]:
    """Return the patterns of variables that may look like secrets."""
    return [entry for entry in platform.known(ACCEPTED, []) if isinstance(entry, str)]


def container_problems(platform: Platform, option: str, accepted: t.Sequence[str]) -> list[Problem]:
    """Return what is wrong with the containers of a list of services or tasks."""
    problems = []
    for path, item in platform.items(option):
        problems += size_problems(path, item, DEFAULTS.get(option, {}))
        problems += twice_problems(path, item) + path_problems(path, item)
        problems += environment_problems(f"{path}.environment", item.get("environment"), accepted)
    return problems


def count_problems(path: str, service: Item) -> list[Problem]:
    """Refuse a least number of tasks above the most, and a first one outside of both."""
    desired = service.get("desired_count", 1)
    least, most = (service.get(key) if service.get(key) is not None else desired for key in ("min_count", "max_count"))
    if not all(is_number(count) for count in (least, desired, most)):
        return []
    if least > most:
        fix = "set min_count, max_count or both" if least == desired or most == desired else "raise max_count"
        return [Problem(f"{path}.min_count", f"it is {least} and max_count is {most}", fix)]
    if not least <= desired <= most:
        wrong = f"{desired} is not between min_count {least} and max_count {most}"
        return [Problem(f"{path}.desired_count", wrong, "choose a number in between")]
    return []


def deployment_problems(path: str, service: Item) -> list[Problem]:
    """Refuse percentages that leave a deployment no task to replace."""
    if service.get("minimum_healthy_percent", 100) == 100 and service.get("maximum_percent", 200) == 100:
        wrong = "with 100 here and in minimum_healthy_percent no task could be replaced"
        return [Problem(f"{path}.maximum_percent", wrong, "raise it to 200, or lower minimum_healthy_percent")]
    return []


def serving_problems(path: str, service: Item) -> list[Problem]:
    """Refuse a service that is registered with a target group and listens nowhere."""
    if service.get("target_group") and service.get("port") is None:
        return [Problem(f"{path}.port", "it is not set, and the target group needs it", "set the container's port")]
    return []


def path_problems(path: str, service: Item) -> list[Problem]:
    """Refuse writable paths that cannot be volumes."""
    problems = []
    volumes: dict[str, str] = {}
    for index, folder in enumerate(inner(service, "writable_paths")):
        where = f"{path}.writable_paths[{index}]"
        if not isinstance(folder, str):
            continue
        if not folder.startswith("/") or not volume_name(folder) or "//" in folder:
            problems.append(Problem(where, f"{folder!r} is no folder in the container", "write a path such as /tmp"))
        elif volumes.setdefault(volume_name(folder), folder) != folder:
            wrong = f"{folder} and {volumes[volume_name(folder)]} would be one volume"
            problems.append(Problem(where, wrong, "keep one of both"))
    return problems


def command_problems(path: str, service: Item) -> list[Problem]:
    """Refuse health checks, migrations and smoke tests that cannot work."""
    problems = []
    check = inner(service, "container_health_check")
    if check and not holds_wired(check) and (len(check) < 2 or check[0] not in ("CMD", "CMD-SHELL")):
        fix = "begin it with CMD or CMD-SHELL, then the command"
        problems.append(Problem(f"{path}.container_health_check", "it is no health check of ECS", fix))
    migration = service.get("migration")
    if isinstance(migration, t.Mapping) and migration and not migration.get("command"):
        problems.append(Problem(f"{path}.migration.command", "it is empty", "name the command, word by word"))
    for index, test in enumerate(inner(service, "smoke_tests")):
        problems += smoke_test_problems(f"{path}.smoke_tests[{index}]", test)
    return problems


def smoke_test_problems(path: str, test: t.Any) -> list[Problem]:
    """Refuse a smoke test of no path, or for no status code."""
    if not isinstance(test, t.Mapping):
        return []
    asked, status = test.get("path"), test.get("status", 200)
    if isinstance(asked, str) and not asked.startswith("/"):
        return [Problem(f"{path}.path", f"{asked!r} does not begin with /", f"write /{asked}")]
    if is_number(status) and not 200 <= status <= 599:
        return [Problem(f"{path}.status", f"{status} is no status code of an answer", "choose 200 to 599")]
    return []


def schedule_problems(path: str, item: Item) -> list[Problem]:
    """Refuse expressions and time zones that EventBridge Scheduler does not know."""
    expression, zone = item.get("expression"), item.get("timezone")
    problems = expression_problems(f"{path}.expression", expression) if isinstance(expression, str) else []
    if isinstance(zone, str) and not is_time_zone(zone):
        wrong = f"{zone!r} is no time zone"
        problems.append(Problem(f"{path}.timezone", wrong, "write a name such as UTC or Europe/Berlin"))
    return problems


def is_time_zone(name: str) -> bool:
    """Tell whether a time zone exists; where this machine knows none, nothing can be said."""
    try:
        zoneinfo.ZoneInfo("America/New_York")
    except zoneinfo.ZoneInfoNotFoundError:
        return True
    try:
        return bool(zoneinfo.ZoneInfo(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False


def expression_problems(path: str, expression: str) -> list[Problem]:
    """Refuse what is no expression; cron's days of the month and of the week exclude each other."""
    fields = CRON.fullmatch(expression)
    if not fields:
        sound = RATE.fullmatch(expression) or AT.fullmatch(expression)
        fix = "write rate(1 day), cron(0 5 ? * SUN *) with its six fields, or at(2027-01-31T05:00:00)"
        return [] if sound else [Problem(path, f"{expression!r} is no schedule of EventBridge", fix)]
    if (fields[3] == "?") == (fields[5] == "?"):
        wrong = "exactly one of the days of the month and the days of the week must be ?"
        return [Problem(path, wrong, "write cron(0 5 ? * SUN *) or cron(0 5 1 * ? *)")]
    return []


def major(version: t.Any) -> int | None:
    """Return the first number of a version."""
    digits = re.match(r"\d+", str(version))
    return int(digits[0]) if digits else None


def export_problems(platform: Platform) -> list[Problem]:
    """Refuse exports by a pg_dump that is older than the server: it stops at once."""
    problems = []
    server = platform.known("database_engine_version")
    for path, export in platform.items(EXPORTS):
        version = export.get("postgres_version")
        client, least = major(version), major(server)
        if client is not None and least is not None and client < least:
            wrong = f"pg_dump {client} refuses a server of version {least}"
            problems.append(Problem(f"{path}.postgres_version", wrong, f"set {least} or newer"))
    engine = platform.known("database_engine", "postgres")
    if platform.items(EXPORTS) and "database" in platform.roles and engine != "postgres":
        problems.append(Problem(EXPORTS, f"exports are made by pg_dump, and the database is {engine}", "remove them"))
    return problems


def shared_name_problems(platform: Platform) -> list[Problem]:
    """Refuse a task and an export of one name, which would be one schedule."""
    tasks = platform.names(TASKS) or []
    wrong = f"{TASKS} has one of this name too"
    return [
        Problem(f"{path}.name", wrong, "give each a name of its own")
        for path, export in platform.items(EXPORTS)
        if export.get("name") in tasks
    ]


def problems_of(platform: Platform) -> list[Problem]:
    """Return everything that is wrong with services, scheduled tasks and exports."""
    accepted = accepted_names(platform)
    problems = bad_patterns(ACCEPTED, accepted)
    accepted = [] if problems else accepted
    problems += container_problems(platform, SERVICES, accepted) + container_problems(platform, TASKS, accepted)
    for path, service in platform.items(SERVICES):
        for check in (count_problems, deployment_problems, serving_problems, command_problems):
            problems += check(path, service)
        migration = service.get("migration")
        if isinstance(migration, t.Mapping):
            problems += environment_problems(f"{path}.migration.environment", migration.get("environment"), accepted)
    for path, item in platform.items(TASKS) + platform.items(EXPORTS):
        problems += schedule_problems(path, item)
    for path, item in platform.items(EXPORTS):
        problems += size_problems(path, item, schedules.EXPORT)
    return problems + export_problems(platform) + shared_name_problems(platform)
