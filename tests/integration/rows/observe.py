# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows: topic, alarms, dashboard, logs."""

import json
from typing import NamedTuple

from sandbox.client import ACCOUNT
from tests.integration.harness import REGION

GIB = 1024**3


class Alarm(NamedTuple):
    """What an alarm has to be."""

    metrics: set
    statistic: str
    seconds: int  # until it fires
    comparison: str
    threshold: float
    missing: str = "notBreaching"


ABOVE, BELOW = "GreaterThanThreshold", "LessThanThreshold"
ALARMS = {
    "api-unhealthy": Alarm({"UnHealthyHostCount"}, "Maximum", 180, ABOVE, 0),
    "api-no-healthy-target": Alarm({"HealthyHostCount"}, "Minimum", 120, BELOW, 1, "breaching"),
    "errors-5xx": Alarm({"HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"}, "Sum", 300, ABOVE, 10),
    "database-cpu": Alarm({"CPUUtilization"}, "Average", 300, ABOVE, 80),
    "database-storage": Alarm({"FreeStorageSpace"}, "Minimum", 300, BELOW, 20 * GIB),
    "database-connections": Alarm({"DatabaseConnections"}, "Maximum", 300, ABOVE, None),
    "api-cpu": Alarm({"CPUUtilization"}, "Average", 600, ABOVE, 85),
    "api-memory": Alarm({"MemoryUtilization"}, "Average", 600, ABOVE, 90),
    "application-errors": Alarm({"ApplicationErrors"}, "Sum", 300, ABOVE, 0),
}
OF_AWS = "TargetTracking-"
CHARTS = {
    "RequestCount", "TargetResponseTime", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count", "RunningTaskCount",
    "CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "BytesOutToDestination", "BytesInFromDestination",
}  # fmt: skip


def topic(dougust):
    found = dougust.one("sns/topic", "alerts")
    assert found["KmsMasterKeyId"] == dougust.key("alerts")
    publishers = [
        (statement["Principal"], statement["Condition"])
        for statement in json.loads(found["Policy"])["Statement"]
        if "Condition" in statement
    ]
    of_the_account = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert publishers == [({"Service": "cloudwatch.amazonaws.com"}, of_the_account)]


def alarms(dougust):
    found = _alarms(dougust)
    assert sorted(found) == dougust.prefixed(*ALARMS)
    topic_arn = dougust.one("sns/topic", "alerts")["TopicArn"]
    for name, wanted in ALARMS.items():
        alarm = found[f"{dougust.host}-{name}"]
        queries = _queries(alarm)
        assert {metric["MetricName"] for metric, _statistic, _period in queries} == wanted.metrics, name
        assert {statistic for _metric, statistic, _period in queries} == {wanted.statistic}, name
        (period,) = {period for _metric, _statistic, period in queries}
        assert period * alarm["EvaluationPeriods"] == wanted.seconds, name
        assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == (wanted.comparison, wanted.missing), name
        assert wanted.threshold in (None, alarm["Threshold"]), name
        assert alarm["AlarmActions"] == alarm["OKActions"] == [topic_arn] and alarm["ActionsEnabled"], name
    # 80 % of what the class allows, give or take what RDS keeps for itself.
    connections = found[f"{dougust.host}-database-connections"]["Threshold"]
    assert abs(connections - 0.8 * dougust.expected.max_connections) <= 1
    expressions = [
        metric["Expression"] for metric in found[f"{dougust.host}-errors-5xx"]["Metrics"] if "Expression" in metric
    ]
    assert expressions == ["FILL(target, 0) + FILL(balancer, 0)"]


def _alarms(dougust):
    every = dougust.account.of("cloudwatch/alarm")
    return {name: alarm for name, alarm in every.items() if not name.startswith(OF_AWS)}


def _queries(alarm):
    """(metric, statistic, period) of everything that an alarm looks at."""
    if "MetricName" in alarm:
        return [(alarm, alarm["Statistic"], alarm["Period"])]
    stats = [one["MetricStat"] for one in alarm["Metrics"] if "MetricStat" in one]
    return [(stat["Metric"], stat["Stat"], stat["Period"]) for stat in stats]


def existing(dougust):
    """{namespace: the dimensions that name something that is there, as sets of pairs}."""
    balancer = {"LoadBalancer": dougust.one("elbv2/load-balancer")["LoadBalancerArn"].partition("loadbalancer/")[2]}
    group = {"TargetGroup": dougust.one("elbv2/target-group", "api")["TargetGroupArn"].rpartition(":")[2]}
    service = {
        "ClusterName": dougust.one("ecs/cluster")["clusterName"],
        "ServiceName": dougust.one("ecs/service", "api")["serviceName"],
    }
    gateways = [{"NatGatewayId": nat["NatGatewayId"]} for nat in dougust.account.of("ec2/natgateway").values()]
    acls = [
        {"WebACL": acl["Name"], "Region": REGION, "Rule": "ALL"} for acl in dougust.account.of("wafv2/web-acl").values()
    ]
    (filtered,) = dougust.one("logs/metric-filter", "application-errors")["metricTransformations"]
    series = {
        "AWS/ApplicationELB": [balancer, balancer | group],
        "AWS/ECS": [service],
        "ECS/ContainerInsights": [service],
        "AWS/RDS": [{"DBInstanceIdentifier": dougust.one("rds/db")["DBInstanceIdentifier"]}],
        "AWS/NATGateway": gateways,
        "AWS/WAFV2": acls,
        filtered["metricNamespace"]: [{}],
    }
    return {namespace: [frozenset(one.items()) for one in dimensions] for namespace, dimensions in series.items()}


def alarms_watch_what_is_there(dougust):
    known = existing(dougust)
    for name, alarm in dougust.account.of("cloudwatch/alarm").items():
        for metric, _statistic, _period in _queries(alarm):
            dimensions = frozenset((one["Name"], one["Value"]) for one in metric["Dimensions"])
            assert dimensions in known[metric["Namespace"]], name


def dashboard(dougust):
    """One a platform; every line is about something that is there, and all that PLATFORMS names is shown."""
    known, shown = existing(dougust), set()
    body = json.loads(dougust.one("cloudwatch/dashboard")["DashboardBody"])
    for widget in body["widgets"]:
        properties = widget["properties"]
        for namespace, metric, *dimensions in properties.get("metrics", []):
            if dimensions and isinstance(dimensions[-1], dict):
                dimensions.pop()
            assert frozenset(zip(dimensions[::2], dimensions[1::2])) in known[namespace], metric
            shown.add(metric)
        for arn in properties.get("alarms", []):
            assert arn.rpartition(":")[2] in _alarms(dougust)
    assert CHARTS <= shown


def logs(dougust):
    """Every log group has an end and a key, also those that AWS would make by itself."""
    groups, host = dougust.account.of("logs/log-group"), dougust.host
    needed = {f"/ecs/{host}/api", f"/aws/vpc/flow-logs/{host}", f"/aws/ecs/containerinsights/{host}/performance"}
    needed |= {f"/aws/rds/instance/{host}/{log}" for log in ("postgresql", "upgrade")}
    assert needed <= set(groups)
    for name, group in groups.items():
        assert group["retentionInDays"] > 0 and group["kmsKeyId"] == dougust.key("logs"), name
    assert groups[f"/ecs/{host}/api"]["retentionInDays"] == dougust.expected.log_retention
    definitions = dougust.account.of("ecs/task-definition").values()
    written = [
        container["logConfiguration"]["options"]["awslogs-group"]
        for one in definitions
        for container in one["containerDefinitions"]
    ]
    assert set(written) <= set(groups)


def metric_filter(dougust):
    found = dougust.one("logs/metric-filter", "application-errors")
    assert found["logGroupName"] == f"/ecs/{dougust.host}/api" and "?ERROR" in found["filterPattern"]


ROWS = [
    topic, alarms, alarms_watch_what_is_there, dashboard, logs, metric_filter,
]  # fmt: skip
