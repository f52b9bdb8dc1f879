# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms, dashboards and detectors of anomalies."""

import json

import pytest

TOPIC = "arn:aws:sns:eu-central-1:123456789012:alerts"
ALARM = {
    "AlarmName": "high", "Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Statistic": "Average", "Period": 60,
    "EvaluationPeriods": 3, "Threshold": 80.0, "ComparisonOperator": "GreaterThanThreshold",
}  # fmt: skip
METRIC = {
    "Metric": {"Namespace": "AWS/ApplicationELB", "MetricName": "RequestCount",
               "Dimensions": [{"Name": "LoadBalancer", "Value": "app/a/1"}]},
    "Period": 300, "Stat": "Sum", "Unit": "Count",
}  # fmt: skip
MATH = {
    "AlarmName": "rate", "EvaluationPeriods": 1, "Threshold": 5.0, "ComparisonOperator": "GreaterThanThreshold",
    "Metrics": [
        {"Id": "m1", "MetricStat": METRIC, "ReturnData": False},
        {"Id": "m2", "MetricStat": METRIC, "ReturnData": False},
        {"Id": "e1", "Expression": "IF(m1 > 0, 100 * m2 / m1, 0)", "Label": "rate", "ReturnData": True},
    ],
}  # fmt: skip
BAND = {
    "AlarmName": "odd", "EvaluationPeriods": 2, "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
    "ThresholdMetricId": "ad1",
    "Metrics": [
        {"Id": "m1", "MetricStat": METRIC, "ReturnData": True},
        {"Id": "ad1", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "ReturnData": True},
    ],
}  # fmt: skip


@pytest.fixture
def cloudwatch(sandbox):
    """CloudWatch."""
    return sandbox.client("cloudwatch")


def only(cloudwatch):
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    return alarm


@pytest.mark.parametrize(
    "wanted",
    [
        {
            **ALARM, "AlarmDescription": "d", "DatapointsToAlarm": 2, "TreatMissingData": "breaching",
            "Dimensions": [{"Name": "ClusterName", "Value": "c"}], "Unit": "Percent", "ActionsEnabled": False,
            "AlarmActions": [TOPIC], "OKActions": [TOPIC], "InsufficientDataActions": [TOPIC],
        },
        {
            **{name: value for name, value in ALARM.items() if name != "Statistic"}, "ExtendedStatistic": "p95",
            "EvaluateLowSampleCountPercentile": "ignore",
        },
        {**{name: value for name, value in ALARM.items() if name != "Statistic"}, "ExtendedStatistic": "tm99"},
        MATH,
        BAND,
        {**ALARM, "Period": 3600, "EvaluationPeriods": 168},
    ],
)  # fmt: skip
def test_what_is_written_is_read(cloudwatch, wanted):
    cloudwatch.put_metric_alarm(**wanted)
    alarm = only(cloudwatch)
    assert {name: alarm[name] for name in wanted} == wanted
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"
    assert alarm["AlarmArn"].endswith(f":alarm:{wanted['AlarmName']}")
    assert alarm["AlarmConfigurationUpdatedTimestamp"] and alarm["ActionsEnabled"] is wanted.get("ActionsEnabled", True)


WRONG = [
    {"ComparisonOperator": "Above"}, {"Period": 45}, {"Period": 90}, {"Period": 300, "EvaluationPeriods": 289},
    {"Period": 3600, "EvaluationPeriods": 169}, {"DatapointsToAlarm": 4}, {"TreatMissingData": "bad"},
    {"EvaluateLowSampleCountPercentile": "ignore"}, {"Statistic": "Median"}, {"Unit": "Apples"},
    {"AlarmActions": ["alerts"]}, {"OKActions": ["arn:aws:sns:eu-west-1:123456789012:alerts"]},
    {"AlarmActions": [TOPIC] * 6}, {"AlarmName": "x" * 256}, {"ComparisonOperator": "GreaterThanUpperThreshold"},
]  # fmt: skip


@pytest.mark.parametrize("change", WRONG, ids=lambda change: "-".join(change))
def test_alarms_that_are_refused(cloudwatch, refused, change):
    assert refused(cloudwatch.put_metric_alarm, **{**ALARM, **change}) == "ValidationError"
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_parameters_that_do_not_go_together(cloudwatch, refused):
    without = {name: value for name, value in ALARM.items() if name not in ("Statistic", "Threshold")}
    assert refused(cloudwatch.put_metric_alarm, **ALARM, ExtendedStatistic="p90") == "InvalidParameterCombination"
    assert refused(cloudwatch.put_metric_alarm, **ALARM, Metrics=MATH["Metrics"]) == "InvalidParameterCombination"
    assert refused(cloudwatch.put_metric_alarm, **BAND, Threshold=1.0) == "InvalidParameterCombination"
    assert refused(cloudwatch.put_metric_alarm, **without, Threshold=1.0) == "MissingParameter"
    assert refused(cloudwatch.put_metric_alarm, **without, Statistic="Sum") == "MissingParameter"
    code = refused(cloudwatch.put_metric_alarm, **without, Threshold=1.0, ExtendedStatistic="x1")
    assert code == "InvalidParameterValue"


def test_metric_math_that_is_refused(cloudwatch, refused):
    first, second, rate = MATH["Metrics"]
    for metrics in (
        [first, second, {**rate, "ReturnData": False}],
        [first, {**second, "ReturnData": True}, rate],
        [first, rate],
        [first, {**second, "Id": "m1"}, rate],
        [first, {**second, "Id": "M2"}, rate],
        [first, {**second, "Expression": "m1"}, rate],
        [first, {"Id": "m2", "ReturnData": False}, rate],
        [first, {**second, "MetricStat": {**METRIC, "Period": 7}}, rate],
        [first, {**second, "MetricStat": {**METRIC, "Stat": "Median"}}, rate],
    ):
        assert refused(cloudwatch.put_metric_alarm, **{**MATH, "Metrics": metrics}) == "ValidationError"
    for change in ({"ThresholdMetricId": "x"}, {"ComparisonOperator": "LessThanThreshold"}):
        assert refused(cloudwatch.put_metric_alarm, **{**BAND, **change}) == "ValidationError"


def test_state_and_history(cloudwatch, refused):
    cloudwatch.put_metric_alarm(**ALARM)
    cloudwatch.set_alarm_state(AlarmName="high", StateValue="ALARM", StateReason="test")
    cloudwatch.put_metric_alarm(**{**ALARM, "Threshold": 90.0})
    assert (only(cloudwatch)["StateValue"], only(cloudwatch)["StateReason"]) == ("ALARM", "test")
    assert cloudwatch.describe_alarms(StateValue="OK")["MetricAlarms"] == []
    items = cloudwatch.describe_alarm_history(AlarmName="high")["AlarmHistoryItems"]
    assert [(item["HistoryItemType"], item["HistorySummary"]) for item in items] == [
        ("ConfigurationUpdate", 'Alarm "high" updated'),
        ("StateUpdate", "Alarm updated from INSUFFICIENT_DATA to ALARM"),
        ("ConfigurationUpdate", 'Alarm "high" created'),
    ]
    states = cloudwatch.describe_alarm_history(AlarmName="high", HistoryItemType="StateUpdate")
    assert len(states["AlarmHistoryItems"]) == 1
    code = refused(cloudwatch.set_alarm_state, AlarmName="none", StateValue="OK", StateReason="x")
    assert code == "ResourceNotFound"


def test_actions_switched(cloudwatch):
    cloudwatch.put_metric_alarm(**ALARM)
    cloudwatch.disable_alarm_actions(AlarmNames=["high"])
    assert only(cloudwatch)["ActionsEnabled"] is False
    cloudwatch.enable_alarm_actions(AlarmNames=["high"])
    assert only(cloudwatch)["ActionsEnabled"] is True


def test_tags(cloudwatch, refused):
    tags = [{"Key": "a", "Value": "b"}]
    cloudwatch.put_metric_alarm(**ALARM, Tags=tags)
    arn = {"ResourceARN": only(cloudwatch)["AlarmArn"]}
    cloudwatch.put_metric_alarm(**ALARM, Tags=[{"Key": "ignored", "Value": "x"}])
    assert cloudwatch.list_tags_for_resource(**arn)["Tags"] == tags
    cloudwatch.tag_resource(**arn, Tags=[{"Key": "c", "Value": "d"}])
    cloudwatch.untag_resource(**arn, TagKeys=["a"])
    assert cloudwatch.list_tags_for_resource(**arn)["Tags"] == [{"Key": "c", "Value": "d"}]
    cloudwatch.delete_alarms(AlarmNames=["high"])
    assert refused(cloudwatch.list_tags_for_resource, **arn) == "ResourceNotFoundException"
    cloudwatch.put_metric_alarm(**ALARM)
    assert cloudwatch.list_tags_for_resource(**arn)["Tags"] == []


def test_describing(cloudwatch, refused):
    for name in ("a1", "a2", "b1"):
        cloudwatch.put_metric_alarm(**{**ALARM, "AlarmName": name}, AlarmActions=[TOPIC] if name == "b1" else [])

    def names(**wanted):
        return [alarm["AlarmName"] for alarm in cloudwatch.describe_alarms(**wanted)["MetricAlarms"]]

    assert names() == ["a1", "a2", "b1"]
    assert names(AlarmNamePrefix="a") == ["a1", "a2"]
    assert names(AlarmNames=["b1", "none"]) == ["b1"]
    assert names(ActionPrefix="arn:aws:sns") == ["b1"]
    page = cloudwatch.describe_alarms(MaxRecords=2)
    assert len(page["MetricAlarms"]) == 2 and names(NextToken=page["NextToken"]) == ["b1"]
    assert refused(cloudwatch.describe_alarms, AlarmNames=["a1"], AlarmNamePrefix="a") == "InvalidParameterCombination"
    many = [f"n{number}" for number in range(101)]
    assert refused(cloudwatch.describe_alarms, AlarmNames=many) == "ValidationError"


def test_composite_alarms(cloudwatch, refused):
    for name in ("a1", "a2"):
        cloudwatch.put_metric_alarm(**{**ALARM, "AlarmName": name})
    rule = 'ALARM("a1") AND (NOT OK(a2) OR FALSE)'
    for wrong in ("ALARM(none)", "ALARM(a1) ALARM(a2)", "ALARM(a1) XOR OK(a2)", "(ALARM(a1)", "ALARM(both)"):
        assert refused(cloudwatch.put_composite_alarm, AlarmName="both", AlarmRule=wrong) == "ValidationError"
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule=rule, AlarmActions=[TOPIC], ActionsEnabled=False)
    assert [alarm["AlarmName"] for alarm in cloudwatch.describe_alarms()["MetricAlarms"]] == ["a1", "a2"]
    assert cloudwatch.describe_alarms()["CompositeAlarms"] == []
    (alarm,) = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert (alarm["AlarmRule"], alarm["AlarmActions"], alarm["ActionsEnabled"]) == (rule, [TOPIC], False)
    children = cloudwatch.describe_alarms(ChildrenOfAlarmName="both")["MetricAlarms"]
    assert [alarm["AlarmName"] for alarm in children] == ["a1", "a2"]
    parents = cloudwatch.describe_alarms(ParentsOfAlarmName="a1")["CompositeAlarms"]
    assert [alarm["AlarmName"] for alarm in parents] == ["both"]
    assert refused(cloudwatch.delete_alarms, AlarmNames=["a1"]) == "ValidationError"
    assert refused(cloudwatch.delete_alarms, AlarmNames=["both", "a1"]) == "ValidationError"
    assert refused(cloudwatch.put_metric_alarm, **{**ALARM, "AlarmName": "both"}) == "ValidationError"
    cloudwatch.delete_alarms(AlarmNames=["both"])
    cloudwatch.delete_alarms(AlarmNames=["a1", "a2"])


def test_alarms_of_target_tracking(sandbox, cloudwatch):
    scaling = sandbox.client("application-autoscaling")
    table = {
        "ServiceNamespace": "dynamodb", "ResourceId": "table/things", "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
    }  # fmt: skip
    key = {"AttributeName": "k", "AttributeType": "S"}
    sandbox.client("dynamodb").create_table(
        TableName="things", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}], AttributeDefinitions=[key],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )  # fmt: skip
    scaling.register_scalable_target(**table, MinCapacity=1, MaxCapacity=3)
    scaling.put_scaling_policy(
        **table, PolicyName="p", PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 70.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
        },
    )  # fmt: skip
    alarms = cloudwatch.describe_alarms(AlarmNamePrefix="TargetTracking")["MetricAlarms"]
    assert alarms and all(alarm["MetricName"] and alarm["AlarmActions"] for alarm in alarms)


# --- dashboards ----------------------------------------------------------------------------------------------------

WIDGETS = [
    {"type": "text", "x": 0, "y": 0, "width": 24, "height": 2, "properties": {"markdown": "# x"}},
    {"type": "metric", "properties": {
        "region": "eu-central-1", "metrics": [["AWS/ECS", "CPUUtilization", "ClusterName", "c", {"stat": "p95"}],
                                              [{"expression": "m1 / 2", "id": "e1"}], ["...", "d"], ["...", {"stat": "p99"}]]}},
    {"type": "alarm", "properties": {"alarms": ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:a"]}},
]  # fmt: skip
BODY = '{"widgets": []}'
WRONG_BODIES = [
    "{", "[]", "{}", '{"widgets": {}}', '{"widgets": [1]}', '{"widgets": [{"type": "text"}]}',
    '{"widgets": [{"type": "picture", "properties": {}}]}', '{"widgets": [{"type": "text", "properties": {}}]}',
    '{"widgets": [{"type": "metric", "properties": {"metrics": []}}]}',
    '{"widgets": [{"type": "metric", "properties": {"region": "eu-central-1", "metrics": [["AWS/ECS"]]}}]}',
    '{"widgets": [{"type": "text", "width": 25, "properties": {"markdown": ""}}]}',
]  # fmt: skip


def test_dashboards(cloudwatch, refused):
    body = json.dumps({"widgets": WIDGETS})
    assert cloudwatch.put_dashboard(DashboardName="one", DashboardBody=body)["DashboardValidationMessages"] == []
    cloudwatch.put_dashboard(DashboardName="two", DashboardBody='{"widgets": []}')
    assert json.loads(cloudwatch.get_dashboard(DashboardName="one")["DashboardBody"]) == {"widgets": WIDGETS}
    listed = cloudwatch.list_dashboards(DashboardNamePrefix="o")["DashboardEntries"]
    assert [entry["DashboardName"] for entry in listed] == ["one"]
    cloudwatch.delete_dashboards(DashboardNames=["one"])
    assert refused(cloudwatch.get_dashboard, DashboardName="one") == "ResourceNotFound"
    assert refused(cloudwatch.delete_dashboards, DashboardNames=["one"]) == "ResourceNotFound"


@pytest.mark.parametrize("body", WRONG_BODIES)
def test_dashboards_that_are_refused(cloudwatch, refused, body):
    assert refused(cloudwatch.put_dashboard, DashboardName="d", DashboardBody=body) == "InvalidParameterInput"
    assert refused(cloudwatch.put_dashboard, DashboardName="a b", DashboardBody=BODY) == "InvalidParameterInput"
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []


# --- detectors -----------------------------------------------------------------------------------------------------


def test_detectors(cloudwatch, refused):
    metric = {"Namespace": "n", "MetricName": "m", "Stat": "Average", "Dimensions": [{"Name": "a", "Value": "b"}]}
    cloudwatch.put_anomaly_detector(SingleMetricAnomalyDetector=metric)
    cloudwatch.put_anomaly_detector(**metric, Configuration={"MetricTimezone": "UTC", "ExcludedTimeRanges": []})
    (found,) = cloudwatch.describe_anomaly_detectors(Namespace="n")["AnomalyDetectors"]
    assert {name: found[name] for name in metric} == metric == found["SingleMetricAnomalyDetector"]
    assert found["Configuration"]["MetricTimezone"] == "UTC"
    assert cloudwatch.describe_anomaly_detectors(Namespace="other")["AnomalyDetectors"] == []
    cloudwatch.delete_anomaly_detector(SingleMetricAnomalyDetector=metric)
    assert refused(cloudwatch.delete_anomaly_detector, **metric) == "ResourceNotFoundException"
    assert refused(cloudwatch.put_anomaly_detector, Namespace="n", MetricName="m") == "MissingParameter"


def test_dashboards_have_tags_which_go_with_them(sandbox):
    cloudwatch = sandbox.client("cloudwatch")
    body = json.dumps({"widgets": []})
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body, Tags=[{"Key": "a", "Value": "1"}])
    arn = cloudwatch.get_dashboard(DashboardName="d")["DashboardArn"]
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body, Tags=[{"Key": "b", "Value": "2"}])
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "1"}]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "c", "Value": "3"}])
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "c", "Value": "3"}]
    cloudwatch.delete_dashboards(DashboardNames=["d"])
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body)
    assert cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"] == []


# --- states --------------------------------------------------------------------------------------------------------


def state(cloudwatch, name):
    found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    return (found["MetricAlarms"] + found["CompositeAlarms"])[0]["StateValue"]


def test_an_alarm_at_a_moment(sandbox, cloudwatch):
    cloudwatch.put_metric_alarm(**ALARM)
    sandbox.alarm("high", after_seconds=60)
    sandbox.alarm("high", "OK", after_seconds=90)
    assert state(cloudwatch, "high") == "INSUFFICIENT_DATA"
    sandbox.advance(60)
    assert state(cloudwatch, "high") == "ALARM"
    sandbox.advance(30)
    assert state(cloudwatch, "high") == "OK"
    with pytest.raises(ValueError, match="low"):
        sandbox.alarm("low")
    with pytest.raises(ValueError, match="LOUD"):
        sandbox.alarm("high", "LOUD")


def test_composite_alarms_follow_their_children(sandbox, cloudwatch):
    for name in ("a1", "a2"):
        cloudwatch.put_metric_alarm(**{**ALARM, "AlarmName": name})
    cloudwatch.put_composite_alarm(AlarmName="one", AlarmRule="ALARM(a1) AND NOT (ALARM(a2) OR FALSE)")
    cloudwatch.put_composite_alarm(AlarmName="above", AlarmRule="OK(one)")
    assert (state(cloudwatch, "one"), state(cloudwatch, "above")) == ("OK", "ALARM")
    sandbox.alarm("a1")
    assert (state(cloudwatch, "one"), state(cloudwatch, "above")) == ("ALARM", "OK")
    sandbox.alarm("a2")
    assert (state(cloudwatch, "one"), state(cloudwatch, "above")) == ("OK", "ALARM")
    # What is said of a composite alarm counts until a child changes.
    cloudwatch.set_alarm_state(AlarmName="one", StateValue="ALARM", StateReason="x")
    assert state(cloudwatch, "one") == "ALARM"
    sandbox.alarm("a1", "OK")
    assert state(cloudwatch, "one") == "OK"
    items = cloudwatch.describe_alarm_history(
        AlarmName="one", AlarmTypes=["CompositeAlarm"], HistoryItemType="StateUpdate", ScanBy="TimestampAscending"
    )["AlarmHistoryItems"]
    assert [json.loads(item["HistoryData"])["newState"]["stateValue"] for item in items] == [
        "OK", "ALARM", "OK", "ALARM", "OK",
    ]  # fmt: skip


def test_an_alarm_tells_its_topic(sandbox, cloudwatch):
    sns, sqs = sandbox.client("sns"), sandbox.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-central-1:123456789012:q")
    cloudwatch.put_metric_alarm(**ALARM, AlarmActions=[topic], OKActions=[f"{topic}-none"])
    sandbox.alarm("high")
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    told = json.loads(json.loads(message["Body"])["Message"])
    assert (told["AlarmName"], told["NewStateValue"]) == ("high", "ALARM")
    sandbox.alarm("high", "OK")
    cloudwatch.disable_alarm_actions(AlarmNames=["high"])
    sandbox.alarm("high")
    actions = cloudwatch.describe_alarm_history(AlarmName="high", HistoryItemType="Action")["AlarmHistoryItems"]
    assert [item["HistorySummary"].split()[0] for item in actions] == ["Failed", "Successfully"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_a_restart_forgets_no_moment(sandbox, cloudwatch, tmp_path):
    cloudwatch.put_metric_alarm(**ALARM)
    sandbox.alarm("high", after_seconds=60)
    sandbox.save(tmp_path / "state")
    sandbox.reset()
    sandbox.restore(tmp_path / "state")
    assert state(cloudwatch, "high") == "INSUFFICIENT_DATA"
    sandbox.advance(60)
    assert state(cloudwatch, "high") == "ALARM"
