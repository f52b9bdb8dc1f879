# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What capabilities need of each other by name, and names and numbers that AWS does not take."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight import references

REFERENCES = [
    (
        "ecs_services",
        {"target_group": "apii"},
        "ecs_services[api].target_group: there is no apii in load_balancer_target_groups. Fix: "
        "did you mean api? Its names are api.",
    ),
    (
        "ecs_services",
        {"repository": "web"},
        "ecs_services[api].repository: there is no web in registry_repositories. Fix: add it "
        "there. Its names are api.",
    ),
    (
        "ecs_services",
        {"secrets": {"A": "jwt-secrets"}},
        "ecs_services[api].secrets.A: there is no jwt-secrets in secrets_secrets. Fix: did you mean jwt-secret?",
    ),
    (
        "ecs_services",
        {"secrets": {"A": "database-url:password"}},
        "database-url holds a URL and has no key password. Fix: name database-url alone.",
    ),
    ("ecs_services", {"secrets": {"A": "jwt-secret:a"}}, "jwt-secret holds a generated text and has no key a"),
    ("ecs_services", {"secrets": {"A": "vendor:"}}, "it names no key of vendor"),
    ("ecs_services", {"secrets": {"A": 3}}, "ecs_services[api].secrets.A: it is no name of a secret"),
    (
        "schedules_database_exports",
        {"secret": "jwt-secret"},
        "schedules_database_exports[weekly].secret: jwt-secret holds no URL of a database",
    ),
    ("schedules_database_exports", {"secret": "databse-url"}, "did you mean database-url?"),
    (
        "database_credentials",
        {"format": "json"},
        "database-url holds no URL of a database, and an export needs one. Fix: name the secret "
        "of the database, with format: url",
    ),
    ("database_credentials", {"secret": "login"}, "there is no database-url in secrets_secrets"),
    (
        "secrets_secrets",
        {"name": "database-url"},
        "secrets_secrets[database-url]: it is the secret of the database, which the role database makes",
    ),
    (
        "schedules_database_exports",
        {"bucket": "export"},
        "there is no export in buckets_buckets. Fix: did you mean exports?",
    ),
    (
        "load_balancer_rules",
        {"target_group": "web"},
        "load_balancer_rules[static].target_group: there is no web in load_balancer_target_groups",
    ),
    (
        "load_balancer_default_target_group",
        "ap",
        "load_balancer_default_target_group: there is no ap in load_balancer_target_groups. Fix: did you mean api?",
    ),
    (
        "load_balancer_default_target_group",
        "",
        "it is empty, and requests that no rule is about would have nowhere to go",
    ),
    (
        "security_groups_groups",
        [{"name": "app"}, {"name": "database"}],
        "load_balancer_security_group_ids: it is wired to alb, and there is no alb in "
        "security_groups_groups. Fix: add it there. Its names are app, database. Otherwise set "
        "load_balancer_security_group_ids itself.",
    ),
    (
        "encryption_keys",
        [{"name": "data"}, {"name": "logs", "services": ["logs"]}],
        "monitoring_kms_key_arn: it is wired to alerts, and there is no alerts in encryption_keys",
    ),
    (
        "encryption_keys",
        [{"name": "data"}, {"name": "logs", "services": ["logs"]}, {"name": "alerts"}],
        "encryption_keys[alerts].services: monitoring_kms_key_arn gets this key, and cloudwatch "
        "may not use it. Fix: add cloudwatch.",
    ),
    (
        "encryption_keys",
        [{"name": "data"}, {"name": "logs"}, {"name": "alerts", "services": ["cloudwatch", "events"]}],
        "encryption_keys[logs].services: networking_flow_logs_kms_key_arn gets this key, and logs may not use it",
    ),
    (
        "networking_tiers",
        [{"name": "public"}, {"name": "private"}],
        "database_subnet_ids: it is wired to database, and there is no database in networking_tiers",
    ),
]
NAMES = [
    (
        "buckets_buckets",
        {"name": "Access_Logs"},
        "AWS does not take the name 'Access_Logs'. Fix: write lower-case letters",
    ),
    ("buckets_buckets", {"bucket_name": "192.168.1.1"}, "buckets_buckets[access-logs].bucket_name: AWS does not take"),
    ("buckets_buckets", {"bucket_name": "x--ol-s3"}, "none of the beginnings and ends that AWS reserves"),
    (
        "secrets_secrets",
        {"secret_name": "a b"},
        "secrets_secrets[jwt-secret].secret_name: AWS does not take the name 'a b'",
    ),
    ("load_balancer_target_groups", {"name": "a_b"}, "letters, digits and single hyphens"),
    ("registry_repositories", {"name": "API"}, "lower-case letters and digits, separated by"),
    ("monitoring_metric_filters", {"name": "a:b"}, "anything but : and *"),
    ("database_identifier", "1a", "database_identifier: AWS does not take the name '1a'. Fix: write a letter, then"),
    ("load_balancer_name", "internal-x", "load_balancer_name: AWS does not take the name 'internal-x'"),
    (
        "platform_prefix",
        "internal-a",
        "load_balancer_name: the load balancer would be called internal-a, and AWS keeps",
    ),
    (
        "buckets_buckets",
        [{"name": "exports", "bucket_name": "one"}, {"name": "other", "bucket_name": "one"}],
        "buckets_buckets[other].bucket_name: one is the bucket_name of buckets_buckets[exports] too",
    ),
]
NUMBERS = [
    ("database_backup_retention_days", 0, "database_backup_retention_days: AWS does not take 0. Fix: choose 1 to 35."),
    ("encryption_deletion_window_days", 5, "choose 7 to 30"),
    (
        "database_log_retention_days",
        31,
        "CloudWatch Logs cannot keep logs for 31 days. Fix: did you mean 30? Choose one of 1, 3, 5,",
    ),
    ("waf_rate_limit", 5, "choose 10 to 2000000000, or 0 for none"),
    (
        "load_balancer_target_groups",
        {"port": 0},
        "load_balancer_target_groups[api].port: AWS does not take 0. Fix: choose 1 to 65535.",
    ),
    ("load_balancer_target_groups", {"slow_start": 10}, "choose 30 to 900, or 0 for none"),
    ("load_balancer_target_groups", {"deregistration_delay": 4000}, "choose 0 to 3600"),
    ("ecs_services", {"cpu_target": 120}, "choose 1 to 100, or 0 for none"),
    ("ecs_services", {"ephemeral_storage_gib": 20}, "choose 21 to 200, or 0 for none"),
    (
        "secrets_secrets",
        {"generate": {"length": 8}},
        "secrets_secrets[jwt-secret].generate.length: AWS does not take 8",
    ),
]


@pytest.mark.parametrize(("option", "change", "expected"), REFERENCES + NAMES + NUMBERS)
def test_what_would_fail_later_is_refused(refused, option, change, expected):
    refused(option, change, expected)


@pytest.mark.parametrize("role", ["registry", "secrets", "buckets", "load_balancer"])
def test_a_reference_to_a_role_that_is_missing_is_refused(platform, lines, role):
    found = lines(platform(without=[role]))
    assert found and len({line.split(": ")[0] for line in found}) == len(found)


@pytest.mark.parametrize("role", ["encryption", "security_groups", "networking"])
def test_a_role_that_others_are_wired_to_is_the_wirings_business(platform, lines, role):
    alarms = [{"name": "a", "of": "database", "metric": "CPUUtilization", "threshold": 80}]
    assert lines(platform(without=[role], monitoring_alarms=alarms)) == []


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("{{ encryption_outputs.key_arns.data }}", [("encryption_keys", "data", False)]),
        (["{{ security_groups_outputs.group_ids['app'] }}"], [("security_groups_groups", "app", False)]),
        (
            "{{ (buckets_outputs | default({'names': {}})).names['access-logs'] | default('') }}",
            [("buckets_buckets", "access-logs", True)],
        ),
        ({"a": "{{ networking_outputs.subnet_ids.values() }}"}, []),
        ("{{ networking_outputs.vpc_id }}", []),
        (3, []),
    ],
)
def test_wiring_names_items(raw, expected):
    assert [tuple(wire) for wire in references.wires(raw)] == expected
