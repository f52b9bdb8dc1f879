# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What RDS refuses, and what nobody wants in production."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight import database

DATABASE = [
    ("database_username", "admin", "database_username: it cannot have the username admin, which AWS reserves"),
    (
        "database_username",
        "user",
        "database_username: user is reserved by PostgreSQL or RDS. Fix: choose another, such as app_user.",
    ),
    ("database_username", "pg_app", "pg_app is reserved by PostgreSQL or RDS. Fix: choose another, such as app_app."),
    ("database_name", "admin", "database_name: admin is reserved by PostgreSQL or RDS"),
    ("database_name", "my-app", "database_name: it has no usable database_name"),
    ("database_log_exports", ["postgres"], "database_log_exports: it has no log postgres"),
    ("database_engine_version", "fifteen", "database_engine_version: it has engine_version fifteen"),
    (
        "database_instance_class",
        "t3.medium",
        "database_instance_class: 't3.medium' is no class of RDS instances. Fix: did you mean db.t3.medium?",
    ),
    ("database_instance_class", "db.t3.meduim", "did you mean db.t3.medium?"),
    ("database_instance_class", "big", "write for example db.t4g.medium"),
    ("database_allocated_storage", 10, "database_allocated_storage: gp3 storage has at least 20 GiB, not 10"),
    ("database_iops", 5000, "database_allocated_storage: it has too little storage for iops and storage_throughput"),
    (
        "database_max_allocated_storage",
        105,
        "AWS lets storage of 100 GiB grow to 110 GiB or more, not to 105. Fix: set 126 or more, as AWS advises.",
    ),
    (
        "database_backup_window",
        "01:00-03:00",
        "database_backup_window: 01:00-03:00 lies within database_maintenance_window sun:02:00-sun:04:00",
    ),
    ("database_backup_window", "1:00-2:00", "database_backup_window: '1:00-2:00' is no window of 30 minutes or more"),
    (
        "database_maintenance_window",
        "sun:04:00-sun:04:10",
        "database_maintenance_window: 'sun:04:00-sun:04:10' is no window",
    ),
    (
        "database_read_replicas",
        {"name": "a", "instance_class": "r6g.large"},
        "database_read_replicas[a].instance_class: 'r6g.large' is no class",
    ),
    (
        "database_read_replicas",
        [
            {"name": "r0"},
            {"name": "r1"},
            {"name": "r2"},
            {"name": "r3"},
            {"name": "r4"},
            {"name": "r5"},
            {"name": "r6"},
            {"name": "r7"},
            {"name": "r8"},
            {"name": "r9"},
            {"name": "r10"},
            {"name": "r11"},
            {"name": "r12"},
            {"name": "r13"},
            {"name": "r14"},
            {"name": "r15"},
        ],
        "an instance has at most 15 read replicas",
    ),
    ("database_credentials", {"managed_by": "rds"}, "RDS makes no replicas of an instance whose password it manages"),
    (
        "database_final_snapshot",
        False,
        "database_final_snapshot: it is false on a platform with platform_deletion_protection",
    ),
]


@pytest.mark.parametrize(("option", "change", "expected"), DATABASE)
def test_what_would_fail_later_is_refused(refused, option, change, expected):
    refused(option, change, expected)


@pytest.mark.parametrize(
    ("option", "change"),
    [
        ("database_backup_window", "04:00-05:00"),
        ("database_max_allocated_storage", 126),
        ("database_engine_version", "15.12"),
        ("database_username", "app_user"),
    ],
)
def test_what_works_is_accepted(platform, lines, option, change):
    assert lines(platform(**{option: change})) == []


def test_small_classes_have_no_performance_insights(platform, lines):
    small = {"database_instance_class": "db.t3.micro", "database_log_exports": []}
    found = lines(platform(database_engine="mysql", **small))
    assert "database_performance_insights: db.t3.micro has none with mysql. Fix: set false, or a bigger class." in found


def test_what_is_not_advisable_is_warned_of(platform, lines):
    relaxed = {"platform_deletion_protection": False, "database_final_snapshot": False, "database_multi_az": False}
    subject = platform(**relaxed, database_max_allocated_storage=110)
    assert lines(subject) == []
    assert database.warnings_of(subject) == [
        "database_max_allocated_storage: 110 GiB leave 100 GiB little room; AWS advises 126 or more."
    ]
    assert database.warnings_of(platform(database_multi_az=False)) == [
        "database_multi_az: it is false on a platform with platform_deletion_protection;"
        " the loss of one zone is an outage until AWS has it back."
    ]
    assert database.warnings_of(platform(without=["database"], database_multi_az=False)) == []
