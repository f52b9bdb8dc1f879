# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs on Fargate: sizes, environments, counts, schedules."""

from __future__ import annotations

import pytest

CONTAINERS = [
    ("schedules_tasks", {"cpu": 1024}, "schedules_tasks[cleanup].memory: Fargate has no 512 MiB with 1024 CPU units"),
    ("schedules_tasks", {"environment": {"A_SECRET": "x"}}, "schedules_tasks[cleanup].environment.A_SECRET: it looks"),
    ("schedules_tasks", {"secrets": {"A": "none"}}, "schedules_tasks[cleanup].secrets.A: there is no none"),
    ("schedules_tasks", {"expression": "daily"}, "schedules_tasks[cleanup].expression: 'daily' is no schedule"),
    ("schedules_tasks", {"name": "a.b"}, "AWS does not take the name 'a.b'. Fix: write at most 64 letters"),
    ("schedules_tasks", {"name": "weekly"}, "schedules_database_exports[weekly].name: schedules_tasks has one of this"),
    ("ecs_services", {"cpu": 300}, "ecs_services[api].cpu: Fargate has no 300 CPU units. Fix: choose one of 256, 512,"),
    (
        "ecs_services",
        {"memory": 1000},
        "ecs_services[api].memory: Fargate has no 1000 MiB with 512 CPU units. Fix: did you mean "
        "1024? Choose one of 1024, 2048",
    ),
    (
        "ecs_services",
        {"environment": {"JWT": "x"}},
        "ecs_services[api].environment.JWT: it is under secrets too. Fix: keep one of both.",
    ),
    (
        "ecs_services",
        {"environment": {"A": True}},
        "environment.A: it is no text, and the container would get it as Python writes it. Fix: put it in quotes.",
    ),
    ("ecs_services", {"environment": {"A": 1.5}}, "it is no text"),
    ("ecs_services", {"environment": {"1A": "x"}}, "it is no name of an environment variable"),
    (
        "ecs_services",
        {"environment": {"API_TOKEN": "x"}},
        "environment.API_TOKEN: it looks like a secret, and everybody who may read task "
        "definitions would read it. Fix: keep it in secrets_secrets and name it under secrets, "
        "or name API_TOKEN in preflight_accept_plain_environment.",
    ),
    ("ecs_services", {"environment": {"DB": "postgres://a:b@host/db"}}, "environment.DB: it looks like a secret"),
    (
        "ecs_services",
        {"migration": {"command": ["x"], "environment": {"DB_PASSWORD": "x"}}},
        "ecs_services[api].migration.environment.DB_PASSWORD: it looks like a secret",
    ),
    ("ecs_services", {"migration": {"command": []}}, "ecs_services[api].migration.command: it is empty"),
    ("ecs_services", {"min_count": 20}, "ecs_services[api].min_count: it is 20 and max_count is 10"),
    (
        "ecs_services",
        {"desired_count": 12},
        "ecs_services[api].desired_count: 12 is not between min_count 2 and max_count 10",
    ),
    (
        "ecs_services",
        {"maximum_percent": 100},
        "with 100 here and in minimum_healthy_percent no task could be replaced",
    ),
    ("ecs_services", {"port": None}, "ecs_services[api].port: it is not set, and the target group needs it"),
    (
        "ecs_services",
        {"writable_paths": ["tmp"]},
        "ecs_services[api].writable_paths[0]: 'tmp' is no folder in the container",
    ),
    ("ecs_services", {"writable_paths": ["/a/b", "/a-b"]}, "writable_paths[1]: /a-b and /a/b would be one volume"),
    ("ecs_services", {"container_health_check": ["true"]}, "it is no health check of ECS. Fix: begin it with CMD"),
    (
        "ecs_services",
        {"smoke_tests": [{"path": "api"}]},
        "ecs_services[api].smoke_tests[0].path: 'api' does not begin with /. Fix: write /api.",
    ),
    ("ecs_services", {"smoke_tests": [{"path": "/", "status": 99}]}, "99 is no status code of an answer"),
    (
        "schedules_database_exports",
        {"expression": "cron(0 5 * * SUN *)"},
        "exactly one of the days of the month and the days of the week must be ?",
    ),
    (
        "schedules_database_exports",
        {"expression": "cron(0 5 * * *)"},
        "'cron(0 5 * * *)' is no schedule of EventBridge",
    ),
    ("schedules_database_exports", {"timezone": "Europe/Belrin"}, "'Europe/Belrin' is no time zone"),
    (
        "schedules_database_exports",
        {"postgres_version": "14"},
        "schedules_database_exports[weekly].postgres_version: pg_dump 14 refuses a server of "
        "version 15. Fix: set 15 or newer.",
    ),
    (
        "schedules_database_exports",
        {"cpu": 1024, "memory": 1024},
        "schedules_database_exports[weekly].memory: Fargate has no 1024 MiB",
    ),
]


@pytest.mark.parametrize(("option", "change", "expected"), CONTAINERS)
def test_what_would_fail_later_is_refused(refused, option, change, expected):
    refused(option, change, expected)


@pytest.mark.parametrize(
    ("option", "change"),
    [
        (
            "ecs_services",
            {"environment": {"NEXT_PUBLIC_MAP_KEY": "x", "JWT_PUBLIC_KEY": "x", "TOKEN_TTL": "1", "SECRET": ""}},
        ),
        ("ecs_services", {"desired_count": 3, "min_count": None, "max_count": None}),
        ("ecs_services", {"minimum_healthy_percent": 0, "maximum_percent": 100}),
        ("ecs_services", {"target_group": "", "port": None}),
        ("schedules_database_exports", {"expression": "rate(1 day)", "timezone": "Europe/Berlin"}),
        ("schedules_database_exports", {"expression": "at(2027-01-31T05:00:00)"}),
        ("schedules_database_exports", {"postgres_version": "17"}),
        ("schedules_database_exports", {"secret": "vendor:url"}),
    ],
)
def test_what_works_is_accepted(platform, lines, option, change):
    assert lines(platform(**{option: change})) == []


def test_a_plain_variable_can_be_accepted(platform, lines):
    service = {"environment": {"S3_KEY": "a"}}
    assert lines(platform(ecs_services=service)) == []
    assert lines(platform(ecs_services=service, preflight_accept_plain_environment=["KEY"])) != []


def test_what_is_accepted_is_a_pattern(refused):
    refused("preflight_accept_plain_environment", ["*_KEY"], "'*_KEY' is no regular expression")


def test_no_value_of_an_environment_is_shown(platform, lines):
    environment = {"TOKEN": "swordfish", "DB": "postgres://a:swordfish@host/db", "B": 2.718281}
    found = "".join(lines(platform(ecs_services={"environment": environment})))
    assert "TOKEN" in found and "environment.B" in found
    assert "swordfish" not in found and "2.718281" not in found


def test_only_postgresql_is_exported(platform, lines):
    found = lines(platform(database_engine="mysql", database_log_exports=[]))
    assert any("exports are made by pg_dump, and the database is mysql" in line for line in found)
