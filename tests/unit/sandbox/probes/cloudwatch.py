# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what CloudWatch has."""

import json

TAGS = [{"Key": "a", "Value": "b"}]
TOPIC = "arn:aws:sns:eu-central-1:123456789012:alerts"
ALARM = {
    "AlarmName": "high", "Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Statistic": "Average", "Period": 60,
    "EvaluationPeriods": 3, "Threshold": 80.0, "ComparisonOperator": "GreaterThanThreshold",
    "Dimensions": [{"Name": "ClusterName", "Value": "c"}], "TreatMissingData": "breaching", "DatapointsToAlarm": 2,
    "AlarmDescription": "d", "AlarmActions": [TOPIC], "OKActions": [TOPIC], "InsufficientDataActions": [TOPIC],
}  # fmt: skip
BOTH = {"AlarmTypes": ["CompositeAlarm"], "AlarmNames": ["both"]}


def alarm(probe):
    cloudwatch = probe.client("cloudwatch")
    probe.does(cloudwatch.put_metric_alarm, **ALARM, Tags=TAGS)
    found = probe.shows(ALARM, cloudwatch.describe_alarms, "MetricAlarms.0", AlarmNames=["high"])
    arn = {"ResourceARN": found["AlarmArn"]}
    probe.shows(TAGS, cloudwatch.list_tags_for_resource, "Tags", **arn)
    probe.does(cloudwatch.tag_resource, **arn, Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*TAGS, {"Key": "c", "Value": "d"}], cloudwatch.list_tags_for_resource, "Tags", **arn)
    probe.does(cloudwatch.untag_resource, **arn, TagKeys=["a"])
    probe.shows([{"Key": "c", "Value": "d"}], cloudwatch.list_tags_for_resource, "Tags", **arn)
    probe.does(cloudwatch.put_metric_alarm, **{**ALARM, "Threshold": 90.0})
    probe.shows({"Threshold": 90.0}, cloudwatch.describe_alarms, "MetricAlarms.0")
    probe.does(cloudwatch.disable_alarm_actions, AlarmNames=["high"])
    probe.shows({"ActionsEnabled": False}, cloudwatch.describe_alarms, "MetricAlarms.0")
    probe.does(cloudwatch.enable_alarm_actions, AlarmNames=["high"])
    probe.shows({"ActionsEnabled": True}, cloudwatch.describe_alarms, "MetricAlarms.0")
    metric = {name: ALARM[name] for name in ("MetricName", "Namespace", "Dimensions")}
    probe.shows(
        {"AlarmName": "high", "Threshold": 90.0}, cloudwatch.describe_alarms_for_metric, "MetricAlarms.0", **metric
    )
    probe.does(cloudwatch.delete_alarms, AlarmNames=["high"])
    probe.lacks(cloudwatch.describe_alarms, path="MetricAlarms")


def alarm_state(probe):
    cloudwatch = probe.client("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM)
    state = {"StateValue": "ALARM", "StateReason": "test", "StateReasonData": '{"a": 1}'}
    probe.does(cloudwatch.set_alarm_state, AlarmName="high", **state)
    probe.shows(state, cloudwatch.describe_alarms, "MetricAlarms.0", StateValue="ALARM")
    item = {"AlarmName": "high", "AlarmType": "MetricAlarm", "HistoryItemType": "StateUpdate"}
    states = {"AlarmName": "high", "HistoryItemType": "StateUpdate"}
    probe.shows(item, cloudwatch.describe_alarm_history, "AlarmHistoryItems.0", **states)


def composite_alarm(probe):
    cloudwatch = probe.client("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM)
    wanted = {
        "AlarmName": "both", "AlarmRule": "ALARM(high)", "AlarmActions": [TOPIC], "AlarmDescription": "d",
        "ActionsSuppressor": "high", "ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 30,
    }  # fmt: skip
    probe.does(cloudwatch.put_composite_alarm, **wanted, Tags=TAGS)
    probe.shows({**wanted, "StateValue": "OK"}, cloudwatch.describe_alarms, "CompositeAlarms.0", **BOTH)
    probe.does(cloudwatch.set_alarm_state, AlarmName="high", StateValue="ALARM", StateReason="test")
    probe.shows({"StateValue": "ALARM"}, cloudwatch.describe_alarms, "CompositeAlarms.0", **BOTH)
    probe.does(cloudwatch.delete_alarms, AlarmNames=["both"])
    probe.lacks(cloudwatch.describe_alarms, path="CompositeAlarms", **BOTH)


def dashboard(probe):
    cloudwatch = probe.client("cloudwatch")
    widgets = [{"type": "text", "x": 0, "y": 0, "width": 6, "height": 2, "properties": {"markdown": "a"}}]
    body = json.dumps({"widgets": widgets})
    probe.does(cloudwatch.put_dashboard, DashboardName="main", DashboardBody=body, Tags=TAGS)
    shown = {"DashboardName": "main", "DashboardBody": body}
    found = probe.shows(shown, cloudwatch.get_dashboard, DashboardName="main")
    probe.shows(TAGS, cloudwatch.list_tags_for_resource, "Tags", ResourceARN=found["DashboardArn"])
    probe.shows({"DashboardName": "main"}, cloudwatch.list_dashboards, "DashboardEntries.0")
    changed = body.replace('"a"', '"b"')
    probe.does(cloudwatch.put_dashboard, DashboardName="main", DashboardBody=changed)
    probe.shows({"DashboardBody": changed}, cloudwatch.get_dashboard, DashboardName="main")
    probe.does(cloudwatch.delete_dashboards, DashboardNames=["main"])
    probe.lacks(cloudwatch.get_dashboard, "ResourceNotFound", DashboardName="main")


def anomaly_detector(probe):
    cloudwatch = probe.client("cloudwatch")
    metric = {"Namespace": "n", "MetricName": "m", "Stat": "Average", "Dimensions": [{"Name": "a", "Value": "b"}]}
    detector = {"SingleMetricAnomalyDetector": metric}
    probe.does(cloudwatch.put_anomaly_detector, **detector, Configuration={"MetricTimezone": "UTC"})
    wanted = {**detector, "Configuration": {"MetricTimezone": "UTC"}}
    probe.shows(wanted, cloudwatch.describe_anomaly_detectors, "AnomalyDetectors.0", Namespace="n")
    probe.does(cloudwatch.put_anomaly_detector, **detector, Configuration={"MetricTimezone": "Europe/Berlin"})
    zone = {"Configuration": {"MetricTimezone": "Europe/Berlin"}}
    probe.shows(zone, cloudwatch.describe_anomaly_detectors, "AnomalyDetectors.0")
    probe.does(cloudwatch.delete_anomaly_detector, **detector)
    probe.lacks(cloudwatch.describe_anomaly_detectors, path="AnomalyDetectors")


def metric_stream(probe):
    cloudwatch = probe.client("cloudwatch")
    wanted = {
        "Name": "all", "FirehoseArn": "arn:aws:firehose:eu-central-1:123456789012:deliverystream/m",
        "RoleArn": "arn:aws:iam::123456789012:role/streams", "OutputFormat": "json",
        "IncludeFilters": [{"Namespace": "AWS/ECS", "MetricNames": ["CPUUtilization"]}],
        "StatisticsConfigurations": [
            {"IncludeMetrics": [{"Namespace": "AWS/ECS", "MetricName": "CPUUtilization"}], "AdditionalStatistics": ["p99"]}
        ],
        "IncludeLinkedAccountsMetrics": True,
    }  # fmt: skip
    arn = probe.does(cloudwatch.put_metric_stream, **wanted, Tags=TAGS)["Arn"]
    probe.shows({**wanted, "Arn": arn, "State": "running"}, cloudwatch.get_metric_stream, Name="all")
    probe.shows(TAGS, cloudwatch.list_tags_for_resource, "Tags", ResourceARN=arn)
    listed = {name: wanted[name] for name in ("Name", "FirehoseArn", "OutputFormat")}
    probe.shows(listed, cloudwatch.list_metric_streams, "Entries.0")
    probe.does(cloudwatch.stop_metric_streams, Names=["all"])
    probe.shows({"State": "stopped"}, cloudwatch.get_metric_stream, Name="all")
    probe.does(cloudwatch.start_metric_streams, Names=["all"])
    probe.shows({"State": "running"}, cloudwatch.get_metric_stream, Name="all")
    probe.does(cloudwatch.put_metric_stream, **{**wanted, "OutputFormat": "opentelemetry1.0"})
    probe.shows({"OutputFormat": "opentelemetry1.0"}, cloudwatch.get_metric_stream, Name="all")
    probe.does(cloudwatch.delete_metric_stream, Name="all")
    probe.lacks(cloudwatch.get_metric_stream, "ResourceNotFoundException", Name="all")


def insight_rule(probe):
    cloudwatch = probe.client("cloudwatch")
    definition = {
        "Schema": {"Name": "CloudWatchLogRule", "Version": 1}, "LogGroupNames": ["/app"], "LogFormat": "JSON",
        "Contribution": {"Keys": ["$.ip"], "Filters": []}, "AggregateOn": "Count",
    }  # fmt: skip
    definition = json.dumps(definition)
    probe.does(cloudwatch.put_insight_rule, RuleName="talkers", RuleDefinition=definition, Tags=TAGS)
    wanted = {"Name": "talkers", "Definition": definition, "State": "ENABLED"}
    probe.shows(wanted, cloudwatch.describe_insight_rules, "InsightRules.0")
    arn = "arn:aws:cloudwatch:eu-central-1:123456789012:insight-rule/talkers"
    probe.shows(TAGS, cloudwatch.list_tags_for_resource, "Tags", ResourceARN=arn)
    probe.does(cloudwatch.disable_insight_rules, RuleNames=["talkers"])
    probe.shows({"State": "DISABLED"}, cloudwatch.describe_insight_rules, "InsightRules.0")
    probe.does(cloudwatch.enable_insight_rules, RuleNames=["talkers"])
    probe.shows({"State": "ENABLED"}, cloudwatch.describe_insight_rules, "InsightRules.0")
    probe.does(cloudwatch.delete_insight_rules, RuleNames=["talkers"])
    probe.lacks(cloudwatch.describe_insight_rules, path="InsightRules")


def metric_data(probe):
    cloudwatch = probe.client("cloudwatch")
    metric = {"MetricName": "Orders", "Dimensions": [{"Name": "Shop", "Value": "a"}]}
    probe.does(cloudwatch.put_metric_data, Namespace="Shop", MetricData=[{**metric, "Value": 3.0, "Unit": "Count"}])
    probe.shows({"Namespace": "Shop", **metric}, cloudwatch.list_metrics, "Metrics.0", Namespace="Shop")
