# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudWatch refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring"
ALARM = {
    "AlarmName": "high", "Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Statistic": "Average", "Period": 60,
    "EvaluationPeriods": 3, "Threshold": 80.0, "ComparisonOperator": "GreaterThanThreshold",
}  # fmt: skip
METRIC = {"Metric": {"Namespace": "AWS/ECS", "MetricName": "CPUUtilization"}, "Period": 60, "Stat": "Sum"}
MATH = {"AlarmName": "rate", "EvaluationPeriods": 1, "Threshold": 5.0, "ComparisonOperator": "GreaterThanThreshold"}
QUERIES = [
    {"Id": "m1", "MetricStat": METRIC, "ReturnData": False},
    {"Id": "e1", "Expression": "m1 / 60", "ReturnData": True},
]
STREAM = {
    "Name": "s", "FirehoseArn": "arn:aws:firehose:eu-central-1:123456789012:deliverystream/m",
    "RoleArn": "arn:aws:iam::123456789012:role/streams", "OutputFormat": "json",
}  # fmt: skip
FILTERS = [{"Namespace": "AWS/ECS"}]


def _without(*names):
    return {name: value for name, value in ALARM.items() if name not in names}


def _alarm(world):
    world.cloudwatch.put_metric_alarm(**ALARM)


def _both(world):
    _alarm(world)
    world.cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(high)")


def _widgets(kind):
    return json.dumps({"widgets": [{"type": kind, "properties": {"markdown": "x"}}]})


def _topic(region):
    return [f"arn:aws:sns:{region}:123456789012:alerts"]


PUT = {"page": f"{API}/API_PutMetricAlarm.html", "operation": "put_metric_alarm"}
SERVICE = "cloudwatch"
RULES = [
    Rule(
        says="a period is 10, 20, 30 or a multiple of 60 seconds",
        code="ValidationError",
        refused={**ALARM, "Period": 90},
        accepted={**ALARM, "Period": 120},
        **PUT,
    ),
    Rule(
        says="periods shorter than an hour are evaluated across a day at most",
        code="ValidationError",
        refused={**ALARM, "Period": 300, "EvaluationPeriods": 289},
        accepted={**ALARM, "Period": 300, "EvaluationPeriods": 288},
        **PUT,
    ),
    Rule(
        says="no more datapoints to alarm than periods",
        code="ValidationError",
        refused={**ALARM, "DatapointsToAlarm": 4},
        accepted={**ALARM, "DatapointsToAlarm": 3},
        **PUT,
    ),
    Rule(
        says="missing data is treated in one of four ways",
        code="ValidationError",
        refused={**ALARM, "TreatMissingData": "bad"},
        accepted={**ALARM, "TreatMissingData": "notBreaching"},
        **PUT,
    ),
    Rule(
        says="a statistic or an extended one, not both",
        code="InvalidParameterCombination",
        refused={**ALARM, "ExtendedStatistic": "p90"},
        accepted={**_without("Statistic"), "ExtendedStatistic": "p90"},
        **PUT,
    ),
    Rule(
        says="an extended statistic is a percentile or the like",
        code="InvalidParameterValue",
        refused={**_without("Statistic"), "ExtendedStatistic": "x90"},
        accepted={**_without("Statistic"), "ExtendedStatistic": "tm90"},
        **PUT,
    ),
    Rule(
        says="a threshold is needed for a static comparison",
        code="MissingParameter",
        refused=_without("Threshold"),
        accepted=ALARM,
        **PUT,
    ),
    Rule(
        says="an action is an ARN that can be one",
        code="ValidationError",
        refused={**ALARM, "AlarmActions": ["alerts"]},
        accepted={**ALARM, "AlarmActions": _topic("eu-central-1")},
        **PUT,
    ),
    Rule(
        says="a topic is in the alarm's region",
        code="ValidationError",
        refused={**ALARM, "OKActions": _topic("eu-west-1")},
        accepted={**ALARM, "OKActions": _topic("eu-central-1")},
        **PUT,
    ),
    Rule(
        says="a metric or metric math, not both",
        code="InvalidParameterCombination",
        refused={**ALARM, "Metrics": QUERIES},
        accepted={**MATH, "Metrics": QUERIES},
        **PUT,
    ),
    Rule(
        says="one of the metrics returns data",
        code="ValidationError",
        refused={**MATH, "Metrics": [QUERIES[0], {**QUERIES[1], "ReturnData": False}]},
        accepted={**MATH, "Metrics": QUERIES},
        **PUT,
    ),
    Rule(
        says="an expression is about metrics of the alarm",
        code="ValidationError",
        refused={**MATH, "Metrics": [QUERIES[0], {**QUERIES[1], "Expression": "m1 / m2"}]},
        accepted={**MATH, "Metrics": QUERIES},
        **PUT,
    ),
    Rule(
        says="the alarm whose state is set exists",
        page=f"{API}/API_SetAlarmState.html",
        operation="set_alarm_state",
        code="ResourceNotFound",
        given=_alarm,
        refused={"AlarmName": "low", "StateValue": "ALARM", "StateReason": "x"},
        accepted={"AlarmName": "high", "StateValue": "ALARM", "StateReason": "x"},
    ),
    Rule(
        says="the data of a state's reason is JSON",
        page=f"{API}/API_SetAlarmState.html",
        operation="set_alarm_state",
        code="InvalidFormat",
        given=_alarm,
        refused={"AlarmName": "high", "StateValue": "ALARM", "StateReason": "x", "StateReasonData": "{"},
        accepted={"AlarmName": "high", "StateValue": "ALARM", "StateReason": "x", "StateReasonData": "{}"},
    ),
    Rule(
        says="a composite alarm is of alarms that exist",
        page=f"{API}/API_PutCompositeAlarm.html",
        operation="put_composite_alarm",
        code="ValidationError",
        given=_alarm,
        refused={"AlarmName": "both", "AlarmRule": "ALARM(high) OR ALARM(low)"},
        accepted={"AlarmName": "both", "AlarmRule": "ALARM(high)"},
    ),
    Rule(
        says="a composite alarm's rule is well formed",
        page=f"{API}/API_PutCompositeAlarm.html",
        operation="put_composite_alarm",
        code="ValidationError",
        given=_alarm,
        refused={"AlarmName": "both", "AlarmRule": "ALARM(high) XOR OK(high)"},
        accepted={"AlarmName": "both", "AlarmRule": "ALARM(high) AND NOT OK(high)"},
    ),
    Rule(
        says="a suppressor of actions comes with its periods",
        page=f"{API}/API_PutCompositeAlarm.html",
        operation="put_composite_alarm",
        code="ValidationError",
        given=_alarm,
        refused={"AlarmName": "both", "AlarmRule": "ALARM(high)", "ActionsSuppressor": "high"},
        accepted={
            "AlarmName": "both",
            "AlarmRule": "ALARM(high)",
            "ActionsSuppressor": "high",
            "ActionsSuppressorWaitPeriod": 60,
            "ActionsSuppressorExtensionPeriod": 60,
        },
    ),
    Rule(
        says="an alarm stays while a composite one is made of it",
        page=f"{API}/API_DeleteAlarms.html",
        operation="delete_alarms",
        code="ValidationError",
        given=_both,
        refused={"AlarmNames": ["high"]},
        accepted={"AlarmNames": ["both"]},
    ),
    Rule(
        says="alarms are described by names or by a prefix",
        page=f"{API}/API_DescribeAlarms.html",
        operation="describe_alarms",
        code="InvalidParameterCombination",
        refused={"AlarmNames": ["high"], "AlarmNamePrefix": "h"},
        accepted={"AlarmNamePrefix": "h"},
    ),
    Rule(
        says="a dashboard's name has letters, digits, dashes and underscores",
        page=f"{API}/API_PutDashboard.html",
        operation="put_dashboard",
        code="InvalidParameterInput",
        refused={"DashboardName": "my board", "DashboardBody": _widgets("text")},
        accepted={"DashboardName": "my-board", "DashboardBody": _widgets("text")},
    ),
    Rule(
        says="a widget is of a type that exists",
        page=f"{API}/CloudWatch-Dashboard-Body-Structure.html",
        operation="put_dashboard",
        code="InvalidParameterInput",
        refused={"DashboardName": "d", "DashboardBody": _widgets("picture")},
        accepted={"DashboardName": "d", "DashboardBody": _widgets("text")},
    ),
    Rule(
        says="a metric stream includes or excludes",
        page=f"{API}/API_PutMetricStream.html",
        operation="put_metric_stream",
        code="InvalidParameterCombination",
        refused={**STREAM, "IncludeFilters": FILTERS, "ExcludeFilters": FILTERS},
        accepted={**STREAM, "ExcludeFilters": FILTERS},
    ),
    Rule(
        says="a detector that is deleted exists",
        page=f"{API}/API_DeleteAnomalyDetector.html",
        operation="delete_anomaly_detector",
        code="ResourceNotFoundException",
        given=lambda world: world.cloudwatch.put_anomaly_detector(Namespace="n", MetricName="m", Stat="Sum"),
        refused={"Namespace": "n", "MetricName": "m", "Stat": "Average"},
        accepted={"Namespace": "n", "MetricName": "m", "Stat": "Sum"},
    ),
]
