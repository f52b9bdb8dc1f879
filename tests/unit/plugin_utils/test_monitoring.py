# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a platform has to its alarms and its dashboard."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils import dashboard, monitoring

OUTPUTS = {
    "networking": {"nat_gateway_ids": {"nat-a": "nat-1", "nat-b": "nat-2"}},
    "load_balancer": {"arn_suffix": "app/x/1", "target_group_suffixes": {"api": "targetgroup/x/2"}},
    "database": {"arn": "arn", "identifier": "x", "allocated_storage_bytes": 1000, "max_connections": 410},
    "ecs": {"cluster": "x", "services": {"api": {"service_name": "x-api"}}},
    "waf": {"arn": "arn", "metric_name": "x", "region": "us-east-1"},
}
TARGETS = monitoring.targets({}, **OUTPUTS)
TOPICS = {"alerts": "arn:alerts", "security": "arn:security"}


def alarm(**changes):
    given = {"name": "cpu", "of": "database", "metric": "CPUUtilization", "threshold": 80}
    (item,) = monitoring.alarm_items([{**given, **changes}], "x", TARGETS, TOPICS)
    return item


def test_everything_that_a_platform_has_is_a_target():
    assert set(TARGETS) == {
        "load_balancer",
        "target_group/api",
        "service/api",
        "database",
        "nat/nat-a",
        "nat/nat-b",
        "web_acl",
    }
    assert TARGETS["target_group/api"]["dimensions"] == {"TargetGroup": "targetgroup/x/2", "LoadBalancer": "app/x/1"}
    assert TARGETS["service/api"]["dimensions"] == {"ClusterName": "x", "ServiceName": "x-api"}


def test_what_is_not_there_is_no_target():
    nothing = {"load_balancer": {"arn_suffix": None}, "database": {"identifier": "x", "arn": None}, "waf": {}}
    assert monitoring.targets({}, **nothing) == {}
    more = {"queue": {"namespace": "AWS/SQS", "dimensions": {"QueueName": "q"}}}
    assert monitoring.targets(more) == more


def test_an_alarm_on_a_metric():
    item = alarm(period=60, evaluation_periods=3, statistic="Maximum")
    assert item["name"] == "x-cpu"
    assert (item["namespace"], item["metric_name"], item["dimensions"]) == (
        "AWS/RDS",
        "CPUUtilization",
        {"DBInstanceIdentifier": "x"},
    )
    assert (item["period"], item["evaluation_periods"], item["statistic"], item["threshold"]) == (60, 3, "Maximum", 80)
    assert (item["comparison_operator"], item["treat_missing_data"]) == ("GreaterThanThreshold", "notBreaching")
    assert item["alarm_actions"] == item["ok_actions"] == ["arn:alerts"]


def test_an_alarm_tells_the_topic_that_it_names_and_may_keep_its_end_to_itself():
    item = alarm(topic="security", ok_actions=False)
    assert (item["alarm_actions"], item["ok_actions"]) == (["arn:security"], [])
    assert monitoring.alarm_items([{"name": "a", "threshold": 1}], "x", {}, {})[0]["alarm_actions"] == []


def test_no_healthy_host_reported_is_trouble_unless_said_otherwise():
    assert alarm(of="target_group/api", metric="HealthyHostCount")["treat_missing_data"] == "breaching"
    assert (
        alarm(of="target_group/api", metric="HealthyHostCount", missing_data="ignore")["treat_missing_data"] == "ignore"
    )


@pytest.mark.parametrize(
    "fact, percent, threshold", [("allocated_storage_bytes", 20, 200), ("max_connections", 80, 328)]
)
def test_a_threshold_may_be_a_share_of_a_fact(fact, percent, threshold):
    assert alarm(threshold_percent={"percent": percent, "of": fact})["threshold"] == threshold


def test_a_percentile_takes_the_place_of_the_statistic():
    item = alarm(of="load_balancer", metric="TargetResponseTime", percentile="p95")
    assert item["extended_statistic"] == "p95" and "statistic" not in item


def test_metric_math_names_targets_too():
    item = alarm(
        of=None,
        metric=None,
        metrics=[
            {"id": "a", "of": "load_balancer", "metric": "HTTPCode_Target_5XX_Count", "statistic": "Sum"},
            {"id": "all", "expression": "FILL(a, 0)", "label": "5xx", "return": True},
        ],
    )
    first, last = item["metrics"]
    assert first["dimensions"] == {"LoadBalancer": "app/x/1"} and first["period"] == 300
    assert last == {"id": "all", "expression": "FILL(a, 0)", "label": "5xx", "return_data": True}
    assert "metric_name" not in item


def test_an_anomaly_band_takes_the_place_of_the_threshold():
    item = alarm(of="load_balancer", metric="RequestCount", statistic="Sum", anomaly_band=2, threshold=None)
    metric, band = item["metrics"]
    assert (metric["id"], metric["return_data"]) == ("metric", True)
    assert band["expression"] == "ANOMALY_DETECTION_BAND(metric, 2)"
    assert (item["threshold_metric_id"], item["comparison_operator"]) == ("band", monitoring.BAND)
    assert "threshold" not in item


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"of": "service/web"}, "about service/web, which the platform does not have"),
        ({"threshold_percent": {"percent": 1, "of": "disks"}}, "needs disks of database"),
        ({"of": "load_balancer", "threshold_percent": {"percent": 1, "of": "max_connections"}}, "it has none"),
    ],
)
def test_an_alarm_on_nothing_is_refused(changes, words):
    with pytest.raises(monitoring.UnknownTarget, match=words):
        alarm(**changes)


def test_a_name_is_enough_to_remove_an_alarm():
    assert monitoring.alarm_items([{"name": "cpu", "of": "gone"}], "x", {}, {}, True) == [{"name": "x-cpu"}]


def test_filters_name_log_groups_as_outputs_do_and_make_targets():
    wanted = {"name": "errors", "log_group": "api", "pattern": "ERROR", "metric": "Errors"}
    (item,) = monitoring.filter_items([wanted], "x", "x/ns", {"api": "/ecs/x/api"})
    assert (item["name"], item["log_group"], item["namespace"]) == ("x-errors", "/ecs/x/api", "x/ns")
    assert monitoring.filter_items([wanted], "x", "ns", {})[0]["log_group"] == "api"
    known = monitoring.filter_targets([wanted], "x/ns")
    (found,) = monitoring.alarm_items([{"name": "a", "of": "filter/errors", "threshold": 0}], "x", known, {})
    assert (found["namespace"], found["metric_name"], found["dimensions"]) == ("x/ns", "Errors", {})


def test_topics_let_cloudwatch_publish_for_this_account_only():
    place = {"account_id": "1", "region": "us-east-1", "partition": "aws", "kms_key_arn": "arn:key"}
    more = [{"protocol": "email", "endpoint": "a@example.com"}]
    first, second = monitoring.topic_items([{"name": "alerts"}, {"name": "security"}], "x", place, more)
    assert (first["subscriptions"], second["subscriptions"]) == (more, [])
    services = first["policy"]["Statement"][1]
    assert services["Condition"] == {"StringEquals": {"aws:SourceAccount": "1"}}
    assert services["Resource"] == "arn:aws:sns:us-east-1:1:x-alerts"
    assert first["kms_key"] == "arn:key"


def test_the_dashboard_shows_alarms_first_and_overlaps_nowhere():
    body = dashboard.body(TARGETS, ["arn:b", "arn:a"], "us-east-1")
    first, *others = body["widgets"]
    assert (first["type"], first["properties"]["alarms"]) == ("alarm", ["arn:a", "arn:b"])
    places = [(widget["x"], widget["y"]) for widget in body["widgets"]]
    assert len(set(places)) == len(places)
    assert all(widget["x"] + widget["width"] <= dashboard.COLUMNS for widget in others)
    titles = [widget["properties"]["title"] for widget in others]
    assert {"Requests", "Latency", "Errors", "Tasks", "CPU of the database", "Throughput of the NAT gateways"} <= set(
        titles
    )


def test_the_dashboard_has_no_widget_for_what_is_not_there():
    assert dashboard.body({}, [], "us-east-1") == {"widgets": []}
    (widget,) = dashboard.body({"web_acl": TARGETS["web_acl"]}, [], "us-east-1")["widgets"]
    assert widget["properties"]["title"] == "Web ACL"


def test_the_lines_of_a_chart_say_whose_they_are_when_there_are_several():
    widgets = dashboard.body(TARGETS, [], "us-east-1")["widgets"]
    (nat,) = [one["properties"]["metrics"] for one in widgets if "NAT" in one["properties"]["title"]]
    assert nat[0] == [
        "AWS/NATGateway",
        "BytesOutToDestination",
        "NatGatewayId",
        "nat-1",
        {"stat": "Sum", "label": "nat-a out"},
    ]
    (tasks,) = [one["properties"]["metrics"] for one in widgets if one["properties"]["title"] == "Tasks"]
    assert tasks[0][0] == "ECS/ContainerInsights" and tasks[0][-1]["label"] == "running"
