# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A dashboard made from what a platform has. Pure functions.

Source: U(https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html).
"""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Sequence

Targets = Dict[str, Dict[str, Any]]

COLUMNS, WIDTH, HEIGHT = 24, 8, 6
PERIOD = 300
MOST_ALARMS = 100


class Chart(NamedTuple):
    """A widget: which kind of target it is about, and (metric, statistic, label) of each line."""

    title: str
    kind: str
    lines: Sequence[tuple]
    namespace: str = ""


CHARTS = (
    Chart("Requests", "load_balancer", [("RequestCount", "Sum", "requests")]),
    Chart("Latency", "load_balancer", [("TargetResponseTime", one, one) for one in ("p50", "p95", "p99")]),
    Chart(
        "Errors",
        "load_balancer",
        [
            ("HTTPCode_Target_4XX_Count", "Sum", "4xx"),
            ("HTTPCode_ELB_4XX_Count", "Sum", "4xx of the load balancer"),
            ("HTTPCode_Target_5XX_Count", "Sum", "5xx"),
            ("HTTPCode_ELB_5XX_Count", "Sum", "5xx of the load balancer"),
        ],
    ),
    Chart(
        "Targets",
        "target_group",
        [("HealthyHostCount", "Minimum", "healthy"), ("UnHealthyHostCount", "Maximum", "unhealthy")],
    ),
    Chart(
        "Tasks",
        "service",
        [("RunningTaskCount", "Average", "running"), ("DesiredTaskCount", "Average", "desired")],
        "ECS/ContainerInsights",
    ),
    Chart("CPU of the services", "service", [("CPUUtilization", "Average", "%")]),
    Chart("Memory of the services", "service", [("MemoryUtilization", "Average", "%")]),
    Chart("CPU of the database", "database", [("CPUUtilization", "Average", "%")]),
    Chart("Connections of the database", "database", [("DatabaseConnections", "Maximum", "connections")]),
    Chart("Free storage of the database", "database", [("FreeStorageSpace", "Minimum", "bytes")]),
    Chart(
        "Latency of the database",
        "database",
        [("ReadLatency", "Average", "read"), ("WriteLatency", "Average", "write")],
    ),
    Chart(
        "Throughput of the NAT gateways",
        "nat",
        [("BytesOutToDestination", "Sum", "out"), ("BytesInFromDestination", "Sum", "in")],
    ),
    Chart("Web ACL", "web_acl", [("AllowedRequests", "Sum", "allowed"), ("BlockedRequests", "Sum", "blocked")]),
    Chart("Logged", "filter", [("", "Sum", "events")]),
)


def body(targets: Targets, alarm_arns: List[str], region: str) -> Dict[str, Any]:
    """The body of the dashboard: alarms first, then a widget for everything that the platform has."""
    widgets = [widget for chart in CHARTS for widget in _widgets(chart, targets, region)]
    placed = [
        {
            "type": "metric",
            "x": index * WIDTH % COLUMNS,
            "y": HEIGHT * (index // (COLUMNS // WIDTH) + 1),
            "width": WIDTH,
            "height": HEIGHT,
            "properties": properties,
        }
        for index, properties in enumerate(widgets)
    ]
    alarms = {"title": "Alarms", "alarms": sorted(alarm_arns)[:MOST_ALARMS]}
    first = {"type": "alarm", "x": 0, "y": 0, "width": COLUMNS, "height": HEIGHT, "properties": alarms}
    return {"widgets": ([first] if alarm_arns else []) + placed}


def _widgets(chart: Chart, targets: Targets, region: str) -> List[Dict[str, Any]]:
    """The widget of a chart, or none where the platform has no such target."""
    about = {name: target for name, target in targets.items() if name.partition("/")[0] == chart.kind}
    metrics = [
        _line(target, line, chart, name.partition("/")[2], len(about) > 1)
        for name, target in sorted(about.items())
        for line in chart.lines
    ]
    if not metrics:
        return []
    return [{"title": chart.title, "view": "timeSeries", "region": region, "period": PERIOD, "metrics": metrics}]


def _line(target: Dict[str, Any], line: tuple, chart: Chart, name: str, several: bool) -> List[Any]:
    metric, statistic, label = line
    dimensions = [part for pair in sorted(target["dimensions"].items()) for part in pair]
    shown = f"{name} {label}" if several else label
    options = {"stat": statistic, "label": shown}
    return [chart.namespace or target["namespace"], metric or target["metric"], *dimensions, options]
