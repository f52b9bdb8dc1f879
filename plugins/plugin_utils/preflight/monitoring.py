# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of alarms and metric filters: that what they are about will be there, and that CloudWatch takes them."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.groundwork.aws.plugins.module_utils import alarms as cloudwatch
from ansible_collections.groundwork.aws.plugins.module_utils import rds_instances
from ansible_collections.groundwork.aws.plugins.plugin_utils import monitoring
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.items import (
    Item,
    Platform,
    flaw_problem,
    missing,
)
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, listed, nearest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import WIRED, holds_wired

ALARMS = "monitoring_alarms"
FILTERS = "monitoring_metric_filters"
LIMITS = ("threshold", "threshold_percent", "anomaly_band")
# What the wiring makes of the other roles' outputs, without targets of a platform's own.
FROM_OUTPUTS = re.compile(r"\{\{\s*\{\}\s*\|\s*groundwork\.aws\.monitoring_targets")
# Log groups that are called so in full.
IN_FULL = ("/", "aws-waf-logs-")
# What stands for a target of which only the name is known yet.
FACTS = {"allocated_storage_bytes": 1, "max_connections": 1}
SOME = {"namespace": "AWS", "dimensions": {"Name": "name"}, "metric": "metric", "facts": FACTS}


def listed_targets(platform: Platform, prefix: str, option: str) -> list[str] | None:
    """Return the targets that a list makes, or None while nobody knows its names."""
    names = platform.names(option)
    return None if names is None else [f"{prefix}/{name}" for name in names]


def targets(platform: Platform) -> list[str] | None:
    """Return what can be watched, but for NAT gateways; None while nobody knows all of it."""
    own = platform.values.get("monitoring_targets")
    filters = listed_targets(platform, "filter", FILTERS)
    if isinstance(own, t.Mapping) and filters is not None:
        return [*own, *filters]
    if own is not WIRED or not FROM_OUTPUTS.search(str(platform.raw.get("monitoring_targets"))):
        return None
    groups = listed_targets(platform, "target_group", "load_balancer_target_groups")
    services = listed_targets(platform, "service", "ecs_services")
    if filters is None or groups is None or services is None:
        return None
    found = [role for role in ("load_balancer", "database") if role in platform.roles]
    if "waf" in platform.roles and platform.values.get("waf_enabled") is not False:
        found.append("web_acl")
    return [*found, *groups, *services, *filters]


def is_nat_gateway(platform: Platform, name: str) -> bool:
    """Tell whether a target can be a NAT gateway of the platform; AWS may choose the zone that its name ends with."""
    prefix = platform.known("platform_prefix")
    beginning = re.escape(prefix) if prefix else ".*"
    has_some = "networking" in platform.roles and platform.values.get("networking_nat_gateways") != "none"
    return has_some and bool(re.fullmatch(rf"nat/{beginning}-nat-[a-z]", name))


def target_problems(platform: Platform, path: str, name: t.Any, known: t.Sequence[str] | None) -> list[Problem]:
    """Refuse a target that the platform will not have."""
    if not isinstance(name, str) or known is None or name in known or is_nat_gateway(platform, name):
        return []
    near = nearest(name, known)
    fix = f"did you mean {near}? " if near else ""
    wrong = f"the platform has no {name} to watch"
    return [Problem(path, wrong, f"{fix}It has {listed(known) or 'nothing yet'}")]


def shape_problems(path: str, alarm: Item) -> list[Problem]:
    """Refuse an alarm that does not say what it watches, or when it fires."""
    limits = [key for key in LIMITS if alarm.get(key) is not None]
    if len(limits) != 1:
        wrong = f"it has {listed(limits)}" if limits else "it does not say when it fires"
        return [Problem(path, wrong, f"give exactly one of {listed(LIMITS)}")]
    computed, single = bool(alarm.get("metrics")), bool(alarm.get("metric"))
    if computed and (single or alarm.get("anomaly_band") is not None):
        extra = "metric" if single else "anomaly_band"
        return [Problem(path, f"it has metrics and {extra}", "keep one of both")]
    if not computed and not single and not str(alarm.get("of")).startswith("filter/"):
        return [Problem(path, "it watches no metric", "give metric, or metrics that are computed")]
    band = alarm.get("anomaly_band")
    if band is not None and not band > 0:
        return [Problem(f"{path}.anomaly_band", f"{band} is no width of a band", "write for example 2")]
    return []


def fact_problems(platform: Platform, path: str, alarm: Item) -> list[Problem]:
    """Refuse a share of what nobody knows: only a database has facts, and only of known classes the connections."""
    share = alarm.get("threshold_percent")
    if not share:
        return []
    if alarm.get("of") != "database" and isinstance(alarm.get("of"), str):
        wrong = f"{alarm['of']} has no facts to take a share of"
        return [Problem(f"{path}.threshold_percent", wrong, "give a threshold")]
    if share["of"] not in FACTS:
        return [missing(f"{path}.threshold_percent.of", share["of"], "the facts of a database", list(FACTS))]
    name = platform.known("database_instance_class")
    if share["of"] != "max_connections" or not name or platform.known("database_max_connections"):
        return []
    if rds_instances.max_connections(platform.known("database_engine", "postgres"), name) is None:
        wrong = f"how many connections {name} allows is not known here"
        return [Problem(f"{path}.threshold_percent.of", wrong, "set database_max_connections, or give a threshold")]
    return []


def statistic_problems(path: str, alarm: Item) -> list[Problem]:
    """Refuse statistics that CloudWatch does not have, among metrics that are computed."""
    problems = []
    for query in alarm.get("metrics") or []:
        for key in ("statistic", "percentile"):
            value = query.get(key)
            if value and value not in cloudwatch.STATISTICS and not cloudwatch.EXTENDED.fullmatch(value):
                fix = f"write one of {listed(cloudwatch.STATISTICS)}, or p95 and the like"
                where = f"{path}.metrics[{query.get('id')}].{key}"
                problems.append(Problem(where, f"{value!r} is no statistic", fix))
    return problems


def alarm_problems(platform: Platform, path: str, alarm: Item, known: t.Sequence[str] | None) -> list[Problem]:
    """Return everything that is wrong with an alarm; CloudWatch's own rules are asked last."""
    queries = alarm.get("metrics") or []
    places = [(f"{path}.of", alarm.get("of"))]
    places += [(f"{path}.metrics[{one.get('id')}].of", one.get("of")) for one in queries]
    problems = shape_problems(path, alarm) + fact_problems(platform, path, alarm) + statistic_problems(path, alarm)
    for where, name in places:
        problems += target_problems(platform, where, name, known)
    if problems:
        return problems
    every = {name: SOME for _where, name in places if name}
    item = monitoring.alarm_items([dict(alarm)], "prefix", every, {})[0]
    return flaw_problem(path, cloudwatch.flaw(item))


def filter_problems(platform: Platform, path: str, one: Item) -> list[Problem]:
    """Refuse a metric filter on a log group that nobody makes, and names that CloudWatch does not take."""
    problems = []
    group, services = one.get("log_group"), platform.names("ecs_services")
    groups = platform.known("monitoring_log_groups")
    names = list(groups) if isinstance(groups, t.Mapping) else services
    if isinstance(group, str) and names is not None and group not in names and not group.startswith(IN_FULL):
        near = nearest(group, names)
        fix = f"did you mean {near}?" if near else f"name a service ({listed(names) or 'there is none'})"
        fix = f"{fix} {'Otherwise' if near else 'or'} write the log group in full, which begins with /"
        problems.append(Problem(f"{path}.log_group", f"{group} is no service and no log group", fix))
    for key in ("metric", "namespace"):
        value = one.get(key)
        if isinstance(value, str) and value and not re.fullmatch(r"[^:*$]{1,255}", value):
            fix = "write at most 255 characters, none of them :, * or $"
            problems.append(Problem(f"{path}.{key}", f"CloudWatch does not take {value!r}", fix))
    pattern = one.get("pattern")
    if isinstance(pattern, str) and len(pattern) > 1024:
        problems.append(Problem(f"{path}.pattern", f"it has {len(pattern)} characters", "write at most 1024"))
    return problems


def topic_problems(platform: Platform) -> list[Problem]:
    """Refuse alarms that nobody could be told of."""
    if platform.values.get("monitoring_topics") != [] or not platform.items(ALARMS):
        return []
    return [Problem("monitoring_topics", "it is empty, and nobody would be told of an alarm", "name a topic")]


def problems_of(platform: Platform) -> list[Problem]:
    """Return everything that is wrong with what watches a platform."""
    problems = topic_problems(platform)
    for path, one in platform.items(FILTERS):
        problems += filter_problems(platform, path, one)
    known = targets(platform)
    for path, alarm in platform.items(ALARMS):
        if not holds_wired(alarm):
            problems += alarm_problems(platform, path, alarm, known)
    return problems
