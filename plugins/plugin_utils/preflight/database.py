# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the database: what RDS refuses, and what nobody wants in production."""

from __future__ import annotations

import collections
import re
import typing as t

from ansible_collections.groundwork.aws.plugins.module_utils import rds_instances as rds
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.items import Platform, flaw_problem, is_number
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, nearest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import holds_wired

# What rds_instances calls the variables that it can judge one by one.
ENGINE = {
    "database_engine_version": "engine_version",
    "database_username": "username",
    "database_name": "database_name",
    "database_log_exports": "cloudwatch_logs_exports",
}
# Key words that PostgreSQL reserves (https://www.postgresql.org/docs/current/sql-keywords-appendix.html), and what
# RDS keeps for itself.
RESERVED = frozenset("""
    admin rdsadmin template0 template1
    all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create
    current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc
    distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral
    leading limit localtime localtimestamp not null offset on only or order placing primary references returning select
    session_user some symmetric system_user table then to trailing true union unique user using variadic when where
    window with
    """.split())
CLASS = re.compile(r"db\.[a-z]+\d+[a-z]*\.(micro|small|medium|large|\d*xlarge)")
SIZES = ("micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
LEAST_STORAGE = {"gp2": 20, "gp3": 20, "io1": 100, "io2": 100}
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
ADVISED_GROWTH = 1.26
MOST_REPLICAS = 15


def wish(**values: t.Any) -> dict[str, t.Any]:
    """Return an item of rds_instances that says nothing but this."""
    return collections.defaultdict(lambda: None, values)


def engine_problems(platform: Platform) -> list[Problem]:
    """Refuse versions, names and logs that the engine does not have."""
    engine = platform.known("database_engine", "postgres")
    problems = []
    for variable, key in ENGINE.items():
        value = platform.known(variable)
        if value is not None and not holds_wired(value):
            problems += flaw_problem(variable, rds.engine_flaw(wish(engine=engine, **{key: value})))
    for variable in ("database_username", "database_name"):
        name = platform.known(variable, "").lower()
        if engine == "postgres" and (name in RESERVED or name.startswith("pg_")):
            wrong = f"{name} is reserved by PostgreSQL or RDS"
            problems.append(Problem(variable, wrong, f"choose another, such as app_{name.removeprefix('pg_')}"))
    return problems


def class_problems(path: str, name: t.Any) -> list[Problem]:
    """Refuse what is no class of instances."""
    if not isinstance(name, str) or not name or CLASS.fullmatch(name):
        return []
    stem, _dot, size = name.rpartition(".")
    near = f"{stem if stem.startswith('db.') else f'db.{stem}'}.{nearest(size, SIZES) or 'medium'}"
    fix = f"did you mean {near}?" if CLASS.fullmatch(near) else "write for example db.t4g.medium"
    return [Problem(path, f"{name!r} is no class of RDS instances", fix)]


def storage_problems(platform: Platform) -> list[Problem]:
    """Refuse storage that RDS does not give, or that could not grow."""
    size, most = platform.known("database_allocated_storage"), platform.known("database_max_allocated_storage")
    kind = platform.known("database_storage_type")
    least = LEAST_STORAGE.get(str(kind), 0)
    place = "database_allocated_storage"
    if is_number(size) and size < least:
        return [Problem(place, f"{kind} storage has at least {least} GiB, not {size}", f"set {least} or more")]
    provisioned = {key: platform.known(f"database_{key}") or None for key in ("iops", "storage_throughput")}
    problems = flaw_problem(place, rds.storage_flaw(wish(allocated_storage=size, storage_type=kind, **provisioned)))
    if is_number(size) and is_number(most) and 10 * most < 11 * size:
        wrong = f"AWS lets storage of {size} GiB grow to {-(-11 * size // 10)} GiB or more, not to {most}"
        fix = f"set {round(size * ADVISED_GROWTH + 0.5)} or more, as AWS advises"
        problems.append(Problem("database_max_allocated_storage", wrong, fix))
    return problems


def window_problems(platform: Platform) -> list[Problem]:
    """Refuse windows that are none, or that overlap; one may begin where the other ends."""
    texts = [platform.known(f"database_{kind}_window") for kind in ("backup", "maintenance")]
    if not all(isinstance(text, str) for text in texts):
        return []
    backup, maintenance = rds.backup_minutes(texts[0]), rds.maintenance_minutes(texts[1])
    if not backup or backup[1] < 30:
        wrong = f"{texts[0]!r} is no window of 30 minutes or more"
        return [Problem("database_backup_window", wrong, "write hh:mm-hh:mm in UTC, such as 03:00-04:00")]
    if not maintenance or not 30 <= maintenance[1] <= rds.DAY:
        wrong = f"{texts[1]!r} is no window of 30 minutes to a day"
        fix = "write ddd:hh:mm-ddd:hh:mm in UTC, such as sun:05:00-sun:07:00"
        return [Problem("database_maintenance_window", wrong, fix)]
    if rds.overlap(backup, maintenance):
        wrong = f"{texts[0]} lies within database_maintenance_window {texts[1]}"
        return [Problem("database_backup_window", wrong, "move one of both; one may begin where the other ends")]
    return []


def replica_problems(platform: Platform) -> list[Problem]:
    """Refuse replicas that RDS cannot make."""
    replicas = platform.items("database_read_replicas")
    problems = []
    for path, replica in replicas:
        problems += class_problems(f"{path}.instance_class", replica.get("instance_class"))
    if len(replicas) > MOST_REPLICAS:
        wrong = f"an instance has at most {MOST_REPLICAS} read replicas"
        problems.append(Problem("database_read_replicas", wrong, "remove some"))
    credentials = platform.known("database_credentials", {})
    if replicas and credentials.get("managed_by") == "rds":
        wrong = "RDS makes no replicas of an instance whose password it manages"
        problems.append(Problem("database_credentials.managed_by", wrong, "set module, or remove the replicas"))
    return problems


def insight_problems(platform: Platform) -> list[Problem]:
    """Refuse Performance Insights on a class that is too small for it."""
    engine, name = platform.known("database_engine", "postgres"), platform.known("database_instance_class", "")
    if not platform.known("database_performance_insights") or rds.has_performance_insights(engine, name):
        return []
    return [Problem("database_performance_insights", f"{name} has none with {engine}", "set false, or a bigger class")]


def snapshot_problems(platform: Platform) -> list[Problem]:
    """Refuse a protected platform whose database could go without a last snapshot."""
    if not platform.known("platform_deletion_protection") or platform.known("database_final_snapshot", True):
        return []
    wrong = "it is false on a platform with platform_deletion_protection, whose last data would be lost"
    return [Problem("database_final_snapshot", wrong, "set true")]


def problems_of(platform: Platform) -> list[Problem]:
    """Return everything that is wrong with the database."""
    if "database" not in platform.roles:
        return []
    problems = engine_problems(platform) + storage_problems(platform) + window_problems(platform)
    name = platform.known("database_instance_class")
    problems += class_problems("database_instance_class", name)
    return problems + replica_problems(platform) + insight_problems(platform) + snapshot_problems(platform)


def warnings_of(platform: Platform) -> list[str]:
    """Return what works and is not advisable."""
    if "database" not in platform.roles:
        return []
    warnings = []
    size, most = platform.known("database_allocated_storage"), platform.known("database_max_allocated_storage")
    if is_number(size) and is_number(most) and 11 * size <= 10 * most < 10 * ADVISED_GROWTH * size:
        warnings.append(
            f"database_max_allocated_storage: {most} GiB leave {size} GiB little room;"
            f" AWS advises {round(size * ADVISED_GROWTH + 0.5)} or more."
        )
    if platform.known("platform_deletion_protection") and platform.known("database_multi_az") is False:
        warnings.append(
            "database_multi_az: it is false on a platform with platform_deletion_protection;"
            " the loss of one zone is an outage until AWS has it back."
        )
    return warnings
