# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers that AWS takes, and nothing beyond them."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.items import Platform, is_number
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, listed


class Range(t.NamedTuple):
    """The least and the most; 0 may stand for none besides."""

    least: int
    most: int
    or_none: bool = False


PORT = Range(1, 65535)
PERCENT = Range(1, 100, or_none=True)
TASKS = Range(0, 5000)
SECONDS = Range(0, 2147483647)
STORAGE = Range(21, 200, or_none=True)

# Sources: the API references of KMS, Secrets Manager, RDS, Elastic Load Balancing, WAF, ECS and ECR.
VARIABLES = {
    "encryption_deletion_window_days": Range(7, 30),
    "encryption_rotation_period_days": Range(90, 2560),
    "secrets_recovery_window_days": Range(7, 30),
    "database_backup_retention_days": Range(1, 35),
    "database_port": Range(1150, 65535),
    "database_secret_recovery_window_days": Range(7, 30),
    "load_balancer_idle_timeout": Range(1, 4000),
    "waf_rate_limit": Range(10, 2_000_000_000, or_none=True),
}
FARGATE = {"ephemeral_storage_gib": STORAGE, "port": PORT}
ITEMS: dict[str, dict[str, Range]] = {
    "registry_repositories": {"keep_images": Range(1, 100000), "untagged_days": Range(1, 100000)},
    "load_balancer_target_groups": {
        "port": PORT,
        "health_check_interval": Range(5, 300),
        "health_check_timeout": Range(2, 120),
        "healthy_threshold": Range(2, 10),
        "unhealthy_threshold": Range(2, 10),
        "deregistration_delay": Range(0, 3600),
        "slow_start": Range(30, 900, or_none=True),
        "stickiness_seconds": Range(1, 604800, or_none=True),
    },
    "load_balancer_rules": {"priority": Range(1, 50000)},
    "ecs_services": {
        **FARGATE,
        "health_check_grace_seconds": SECONDS,
        "desired_count": TASKS,
        "min_count": TASKS,
        "max_count": TASKS,
        "cpu_target": PERCENT,
        "memory_target": PERCENT,
        "scale_in_cooldown": SECONDS,
        "scale_out_cooldown": SECONDS,
        "minimum_healthy_percent": Range(0, 100),
        "maximum_percent": Range(100, 200),
    },
    "schedules_tasks": FARGATE,
    "schedules_database_exports": FARGATE,
}
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION = re.compile(r".*_logs?_retention_days")
PERIODS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]
PERIODS += [1096, 1827, 2192, 2557, 2922, 3288, 3653]


def range_problems(path: str, value: t.Any, allowed: Range) -> list[Problem]:
    """Refuse a number that is out of its range; what is no number is not for here."""
    if not is_number(value) or allowed.least <= value <= allowed.most or (allowed.or_none and value == 0):
        return []
    none = ", or 0 for none" if allowed.or_none else ""
    return [Problem(path, f"AWS does not take {value}", f"choose {allowed.least} to {allowed.most}{none}")]


def retention_problems(path: str, value: t.Any) -> list[Problem]:
    """Refuse a retention that CloudWatch Logs does not have."""
    if not is_number(value) or value in PERIODS:
        return []
    wrong = f"CloudWatch Logs cannot keep logs for {value} days"
    near = min(PERIODS, key=lambda period: (abs(period - value), -period))
    return [Problem(path, wrong, f"did you mean {near}? Choose one of {listed(PERIODS)}")]


def problems_of(platform: Platform) -> list[Problem]:
    """Return every number that AWS would refuse."""
    problems = []
    for variable, allowed in VARIABLES.items():
        problems += range_problems(variable, platform.known(variable), allowed)
    for option, ranges in ITEMS.items():
        for path, item in platform.items(option):
            for key, allowed in ranges.items():
                problems += range_problems(f"{path}.{key}", item.get(key), allowed)
    for path, secret in platform.items("secrets_secrets"):
        generate = secret.get("generate")
        if isinstance(generate, t.Mapping):
            problems += range_problems(f"{path}.generate.length", generate.get("length"), Range(16, 4096))
    for variable, value in platform.values.items():
        if RETENTION.fullmatch(variable):
            problems += retention_problems(variable, value)
    return problems
