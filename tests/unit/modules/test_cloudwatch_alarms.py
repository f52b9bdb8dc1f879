# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""cloudwatch_alarms against moto: single metrics, metric math, anomaly bands, and what is refused."""

from __future__ import annotations

import pytest

MODULE = "cloudwatch_alarms"
NAME = "dougust-test-database-cpu"
TOPIC = "arn:aws:sns:us-east-1:123456789012:alerts"
TAGS = {"Platform": "dougust", "Environment": "test"}
ALARM = {
    "name": NAME,
    "namespace": "AWS/RDS",
    "metric_name": "CPUUtilization",
    "dimensions": {"DBInstanceIdentifier": "dougust-test"},
    "statistic": "Average",
    "period": 300,
    "threshold": 80,
    "treat_missing_data": "notBreaching",
    "alarm_actions": [TOPIC],
}


def metric(name, **changes):
    given = {"namespace": "AWS/ApplicationELB", "metric_name": name, "statistic": "Sum", "period": 300}
    return {"id": name.lower(), "dimensions": {"LoadBalancer": "app/x/1"}, **given, **changes}


MATH = {
    "name": "dougust-test-5xx",
    "metrics": [
        metric("Target"),
        metric("Balancer"),
        {"id": "all", "expression": "FILL(target, 0) + FILL(balancer, 0)", "label": "5xx", "return_data": True},
    ],
    "threshold": 10,
}
BAND = {
    "name": "dougust-test-requests",
    "metrics": [
        metric("Requests", return_data=True),
        {"id": "band", "expression": "ANOMALY_DETECTION_BAND(requests, 2)", "return_data": True},
    ],
    "threshold_metric_id": "band",
    "comparison_operator": "LessThanLowerOrGreaterThanUpperThreshold",
    "evaluation_periods": 3,
}


def run(cloud, *alarms, **params):
    return cloud.run(MODULE, **{"alarms": list(alarms) or [ALARM], "tags": TAGS, **params})


def described(cloud, name=NAME):
    (alarm,) = cloud.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return alarm


def test_check_mode_on_an_empty_account_predicts_the_alarm(cloud):
    result = run(cloud, check_mode=True, account_id="123456789012")
    assert result["alarms"][NAME]["arn"] == f"arn:aws:cloudwatch:us-east-1:123456789012:alarm:{NAME}"
    assert ([action["action"] for action in result["actions"]], cloud.mutations) == (["create"], [])


@pytest.mark.parametrize("alarm", [ALARM, MATH, BAND], ids=["metric", "math", "band"])
def test_create_then_nothing_to_do_then_delete_twice(cloud, alarm):
    assert [action["action"] for action in run(cloud, alarm)["actions"]] == ["create"]
    for check_mode in (False, True):
        again = run(cloud, alarm, check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
    assert run(cloud, alarm, state="gathered")["alarms"][alarm["name"]]["state"] in ("INSUFFICIENT_DATA", "OK")
    assert [action["action"] for action in run(cloud, alarm, state="absent")["actions"]] == ["delete"]
    assert run(cloud, alarm, state="absent")["changed"] is False
    assert cloud.client("cloudwatch").describe_alarms()["MetricAlarms"] == []


def test_aws_shows_what_was_asked_for(cloud):
    run(cloud, {**ALARM, "description": "Busy", "datapoints_to_alarm": 2, "evaluation_periods": 3})
    alarm = described(cloud)
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/RDS", "CPUUtilization", "Average")
    assert alarm["Dimensions"] == [{"Name": "DBInstanceIdentifier", "Value": "dougust-test"}]
    assert (alarm["Threshold"], alarm["Period"], alarm["EvaluationPeriods"]) == (80.0, 300, 3)
    assert (alarm["DatapointsToAlarm"], alarm["TreatMissingData"], alarm["AlarmActions"]) == (
        2,
        "notBreaching",
        [TOPIC],
    )
    tags = cloud.client("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == TAGS


def test_metric_math_reaches_aws_query_by_query(cloud):
    run(cloud, MATH)
    target, balancer, total = described(cloud, MATH["name"])["Metrics"]
    assert (target["Id"], target["MetricStat"]["Stat"], target["ReturnData"]) == ("target", "Sum", False)
    assert (total["Expression"], total["Label"], total["ReturnData"]) == (MATH["metrics"][2]["expression"], "5xx", True)


@pytest.mark.parametrize(
    "field, value",
    [
        ("threshold", 90),
        ("statistic", "Maximum"),
        ("dimensions", {"DBInstanceIdentifier": "other"}),
        ("treat_missing_data", "breaching"),
        ("alarm_actions", []),
        ("actions_enabled", False),
        ("description", "Busy"),
    ],
)
def test_a_changed_field_is_named_and_set_in_one_call(cloud, field, value):
    run(cloud)
    predicted = run(cloud, {**ALARM, field: value}, check_mode=True)
    assert (predicted["actions"][0]["fields"], cloud.mutations) == ([field], [])
    changed = run(cloud, {**ALARM, field: value})
    assert (changed["actions"], cloud.mutations) == (predicted["actions"], ["PutMetricAlarm"])
    assert run(cloud, {**ALARM, field: value})["changed"] is False


def test_an_alarm_may_become_one_on_metric_math_and_back(cloud):
    run(cloud)
    run(cloud, {**MATH, "name": NAME})
    assert "MetricName" not in described(cloud) or not described(cloud)["MetricName"]
    assert len(described(cloud)["Metrics"]) == 3
    run(cloud)
    assert (described(cloud)["MetricName"], described(cloud).get("Metrics", [])) == ("CPUUtilization", [])


def test_a_threshold_changed_by_hand_is_put_back(cloud):
    run(cloud)
    alarm = described(cloud)
    keys = ("AlarmName", "Namespace", "MetricName", "Statistic", "Period", "EvaluationPeriods", "ComparisonOperator")
    cloud.client("cloudwatch").put_metric_alarm(**{key: alarm[key] for key in keys}, Threshold=99)
    fields = run(cloud)["actions"][0]["fields"]
    assert {"threshold", "alarm_actions", "dimensions"} <= set(fields)
    assert described(cloud)["Threshold"] == 80


def test_tags_change_without_the_alarm(cloud):
    run(cloud)
    run(cloud, tags={**TAGS, "Component": "monitoring"})
    assert cloud.mutations == ["TagResource"]
    run(cloud)
    assert cloud.mutations == ["UntagResource"]


def test_another_platforms_alarm_is_refused(cloud):
    run(cloud)
    failed = cloud.run_failing(MODULE, alarms=[ALARM], tags={**TAGS, "Platform": "acme"})
    assert "belongs to somebody else" in failed["msg"] and cloud.mutations == []


def test_what_is_no_longer_declared_is_found_by_its_tags(cloud):
    owner = {**TAGS, "ManagedBy": "groundwork.aws", "Component": "monitoring"}
    run(cloud, ALARM, MATH, tags=owner)
    arn = described(cloud)["AlarmArn"]
    found = [{"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in owner.items()]}]
    cloud.answer("GetResources", lambda params: {"ResourceTagMappingList": found})
    assert [one["name"] for one in run(cloud, MATH, tags=owner, undeclared="report")["undeclared"]] == [NAME]
    (call,) = cloud.parameters("GetResources")
    assert call["ResourceTypeFilters"] == ["cloudwatch:alarm"]
    assert {one["Key"]: one["Values"] for one in call["TagFilters"]} == {key: [value] for key, value in owner.items()}
    assert run(cloud, MATH, tags=owner, undeclared="delete")["actions"][0]["action"] == "delete"
    assert cloud.client("cloudwatch").describe_alarms(AlarmNames=[NAME])["MetricAlarms"] == []


@pytest.mark.parametrize(
    "change, words",
    [
        ({"name": "x" * 256}, "impossible name"),
        ({"statistic": None}, "exactly one of"),
        ({"extended_statistic": "p95"}, "exactly one of"),
        ({"statistic": None, "extended_statistic": "p101"}, "no such statistic"),
        ({"metric_name": None}, "no metric"),
        ({"period": 45}, "period of 45"),
        ({"evaluation_periods": 300}, "looks back too far"),
        ({"datapoints_to_alarm": 2}, "more datapoints"),
        ({"threshold": None}, "needs a threshold"),
        ({"threshold_metric_id": "band"}, "mixes"),
        ({**MATH, "period": 300}, "metric of its own"),
        ({**MATH, "metrics": MATH["metrics"][:2]}, "which metric is watched"),
        ({**MATH, "metrics": [{"id": "A", "expression": "1", "return_data": True}]}, "a metric A"),
        ({**MATH, "metrics": [{"id": "a", "return_data": True}]}, "neither an expression nor a metric"),
        ({**BAND, "threshold_metric_id": "other"}, "no metric other"),
    ],
)
def test_what_cloudwatch_refuses_is_refused_before_the_first_call(cloud, change, words):
    alarm = change if "metrics" in change else {**ALARM, **change}
    for name in [key for key, value in {**alarm}.items() if value is None]:
        alarm = {key: value for key, value in alarm.items() if key != name}
    failed = cloud.run_failing(MODULE, alarms=[alarm])
    assert words in failed["msg"] and "To fix:" in failed["msg"] and cloud.calls == []


def test_a_failure_names_the_alarm_and_what_to_do(cloud):
    cloud.fail("PutMetricAlarm", "LimitExceeded")
    failed = cloud.run_failing(MODULE, alarms=[ALARM], tags=TAGS)
    assert f"Could not set alarm {NAME}" in failed["msg"] and "quota" in failed["msg"]
