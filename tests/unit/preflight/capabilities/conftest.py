# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A platform that preflight accepts, wired as group_vars wires it, and what its checks say of changes to it."""

from __future__ import annotations

import pathlib

import pytest
import yaml
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight import roles
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.host import CAPABILITIES
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.items import Platform
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import WIRED

WIRING = yaml.safe_load((pathlib.Path(__file__).parents[4] / "group_vars" / "all" / "wiring.yml").read_text())
PLACED = {name: WIRED for name, raw in WIRING.items() if "_outputs" in str(raw)}
ROLES = (
    "encryption networking security_groups registry secrets database buckets dns certificates load_balancer waf ecs "
    "schedules monitoring"
).split()

SERVICE = {
    "name": "api",
    "cpu": 512,
    "memory": 1024,
    "port": 3000,
    "target_group": "api",
    "repository": "api",
    "desired_count": 2,
    "min_count": 2,
    "max_count": 10,
    "environment": {"NODE_ENV": "production", "JWT_ACCESS_TOKEN_TTL": "15m", "URL": WIRED, "POOL": 10},
    "secrets": {"DATABASE_URL": "database-url", "JWT": "jwt-secret", "KEY": "vendor:key"},
    "writable_paths": ["/tmp", "/var/cache"],
    "container_health_check": ["CMD-SHELL", "true"],
    "migration": {"command": ["npm", "run", "migrate"], "environment": {"STEP": "up"}},
    "smoke_tests": [{"path": "/api/health"}],
}
EXPORT = {
    "name": "weekly",
    "expression": "cron(0 5 ? * SUN *)",
    "secret": "database-url",
    "bucket": "exports",
    "postgres_version": "15",
}
TASK = {
    "name": "cleanup",
    "expression": "rate(1 day)",
    "image": "public.ecr.aws/docker/library/busybox:1.37.0",
    "environment": {"STEP": "clean"},
    "secrets": {"DATABASE_URL": "database-url"},
}
ERRORS = {"name": "errors", "log_group": "api", "pattern": "?ERROR", "metric": "Errors"}
SUM = {
    "name": "5xx",
    "metrics": [
        {"id": "a", "of": "load_balancer", "metric": "HTTPCode_ELB_5XX_Count", "statistic": "Sum"},
        {"id": "all", "expression": "FILL(a, 0)", "return": True},
    ],
    "threshold": 10,
}
ALARMS = [
    {"name": "unhealthy", "of": "target_group/api", "metric": "UnHealthyHostCount", "threshold": 0},
    {"name": "cpu", "of": "service/api", "metric": "CPUUtilization", "threshold": 85, "topic": "alerts"},
    {"name": "nat", "of": "nat/dougust-production-nat-b", "metric": "ErrorPortAllocation", "threshold": 0},
    {"name": "errors", "of": "filter/errors", "statistic": "Sum", "threshold": 0},
    {"name": "latency", "of": "load_balancer", "metric": "TargetResponseTime", "percentile": "p95", "anomaly_band": 2},
    {
        "name": "connections",
        "of": "database",
        "metric": "DatabaseConnections",
        "threshold_percent": {"percent": 80, "of": "max_connections"},
    },
    {"name": "blocked", "of": "web_acl", "metric": "BlockedRequests", "threshold": 1000},
    SUM,
]
SOUND = {
    "platform_prefix": "dougust-production",
    "platform_deletion_protection": True,
    "preflight_accept_plain_environment": ["S3_.*"],
    "encryption_keys": [
        {"name": "data"},
        {"name": "logs", "services": ["logs"]},
        {"name": "alerts", "services": ["cloudwatch", "events"]},
    ],
    "networking_availability_zone_count": 2,
    "networking_availability_zones": [],
    "networking_nat_gateways": "per_zone",
    "networking_tiers": [{"name": "public"}, {"name": "private"}, {"name": "database"}],
    "security_groups_groups": [{"name": "alb"}, {"name": "app"}, {"name": "database"}],
    "registry_repositories": [{"name": "api", "keep_images": 10}],
    "secrets_secrets": [{"name": "jwt-secret", "generate": {"length": 64}}, {"name": "vendor"}],
    "database_engine": "postgres",
    "database_engine_version": "15",
    "database_instance_class": "db.t3.large",
    "database_allocated_storage": 100,
    "database_max_allocated_storage": 1000,
    "database_storage_type": "gp3",
    "database_iops": 0,
    "database_name": "dougust",
    "database_username": "dougust",
    "database_backup_retention_days": 7,
    "database_backup_window": "00:00-02:00",
    "database_maintenance_window": "sun:02:00-sun:04:00",
    "database_multi_az": True,
    "database_final_snapshot": True,
    "database_performance_insights": True,
    "database_log_exports": ["postgresql", "upgrade"],
    "database_log_retention_days": 30,
    "database_credentials": {},
    "database_read_replicas": [{"name": "reader", "instance_class": "db.r6g.large"}],
    "buckets_buckets": [{"name": "access-logs", "purpose": "load_balancer_logs"}, {"name": "exports"}],
    "dns_zone": "dougust.com",
    "certificates_certificates": [{"name": "load-balancer", "domain": "api.dougust.com"}],
    "load_balancer_name": "",
    "load_balancer_domains": ["api.dougust.com"],
    "load_balancer_default_target_group": "api",
    "load_balancer_target_groups": [
        {"name": "api", "port": 3000, "health_check_path": "/api/health", "stickiness_seconds": 86400}
    ],
    "load_balancer_rules": [{"name": "static", "priority": 1, "paths": ["/static/*"], "target_group": "api"}],
    "waf_enabled": True,
    "waf_rate_limit": 2000,
    "ecs_services": [SERVICE],
    "schedules_tasks": [TASK],
    "schedules_database_exports": [EXPORT],
    "monitoring_topics": [{"name": "alerts"}],
    "monitoring_metric_filters": [ERRORS],
    "monitoring_alarms": ALARMS,
}


def first(option, change):
    """A list whose first item is changed."""
    return [{**SOUND[option][0], **change}, *SOUND[option][1:]]


def changed(option, change):
    """A variable's value, of which a mapping changes the first item."""
    is_list = isinstance(SOUND.get(option), list)
    return first(option, change) if is_list and isinstance(change, dict) else change


def make(without=(), raw=None, **changes):
    """The sound platform with other values, and without some roles."""
    values = {**SOUND, **PLACED, **{option: changed(option, change) for option, change in changes.items()}}
    values = {name: value for name, value in values.items() if roles.owner(name, without) is None}
    return Platform([role for role in ROLES if role not in without], values, {**WIRING, **(raw or {})})


def said(subject):
    """What all checks say of a platform."""
    return [problem.line() for capability in CAPABILITIES for problem in capability.problems_of(subject)]


@pytest.fixture(name="sound")
def fixture_sound():
    """The variables of a platform without a flaw."""
    return SOUND


@pytest.fixture(name="platform")
def fixture_platform():
    """Makes the sound platform with changes."""
    return make


@pytest.fixture(name="lines")
def fixture_lines():
    """Returns what the checks say of a platform."""
    return said


@pytest.fixture(name="refused")
def fixture_refused():
    """Tells whether a platform with one change is refused with a text."""

    def refused(option, change, expected):
        found = said(make(**{option: change}))
        assert any(expected in line for line in found), found

    return refused
