# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application Auto Scaling of ECS services."""

import pytest

WHICH = {
    "ServiceNamespace": "ecs", "ResourceId": "service/c/web", "ScalableDimension": "ecs:service:DesiredCount"
}  # fmt: skip
CPU = {
    "TargetValue": 60.0,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
    "ScaleInCooldown": 300,
    "ScaleOutCooldown": 60,
}


@pytest.fixture
def scaling(fargate):
    """Application Auto Scaling, beside a service named ``web`` with two tasks."""
    fargate.definition()
    fargate.service()
    return fargate.sandbox.client("application-autoscaling")


def _track(scaling, name="cpu", which=None, **settings):
    return scaling.put_scaling_policy(
        **(which or WHICH), PolicyName=name, PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=CPU | settings,
    )  # fmt: skip


def _alarms(fargate):
    return fargate.sandbox.client("cloudwatch").describe_alarms(AlarmNamePrefix="TargetTracking-service/")[
        "MetricAlarms"
    ]


def test_target_needs_a_service(scaling, refused):
    wanted = {**WHICH, "ResourceId": "service/c/x", "MinCapacity": 1, "MaxCapacity": 2}
    assert refused(scaling.register_scalable_target, **wanted) == "ValidationException"
    wanted["ResourceId"] = "service/x/web"
    assert refused(scaling.register_scalable_target, **wanted) == "ValidationException"
    assert refused(scaling.register_scalable_target, **WHICH, MinCapacity=1) == "ValidationException"
    assert refused(scaling.register_scalable_target, **WHICH, MinCapacity=3, MaxCapacity=2) == "ValidationException"


def test_target_is_read_back(fargate, scaling, refused):
    scaling.register_scalable_target(**WHICH, MinCapacity=1, MaxCapacity=4, Tags={"a": "b"})
    suspended = {"DynamicScalingInSuspended": True}
    scaling.register_scalable_target(**WHICH, MaxCapacity=5, SuspendedState=suspended)
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 5)
    assert target["SuspendedState"] == {
        "DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": False, "ScheduledScalingSuspended": False
    }  # fmt: skip
    assert target["RoleARN"].endswith("AWSServiceRoleForApplicationAutoScaling_ECSService")
    arn = target["ScalableTargetARN"]
    scaling.tag_resource(ResourceARN=arn, Tags={"c": "d"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["a"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"c": "d"}
    assert refused(scaling.list_tags_for_resource, ResourceARN=arn + "x") == "ResourceNotFoundException"
    assert fargate.look()["desiredCount"] == 2


def test_minimum_lifts_the_service(fargate, scaling):
    scaling.register_scalable_target(**WHICH, MinCapacity=3, MaxCapacity=4)
    service = fargate.look()
    assert (service["desiredCount"], service["runningCount"]) == (3, 3)


def test_tracking_has_alarms(fargate, scaling, refused):
    assert refused(_track, scaling=scaling) == "ObjectNotFoundException"
    scaling.register_scalable_target(**WHICH, MinCapacity=1, MaxCapacity=4)
    first = _track(scaling)
    alarms = _alarms(fargate)
    assert {alarm["AlarmName"] for alarm in first["Alarms"]} == {alarm["AlarmName"] for alarm in alarms}
    assert sorted(alarm["Threshold"] for alarm in alarms) == [54.0, 60.0]
    second = _track(scaling, TargetValue=50.0)
    assert second["PolicyARN"] == first["PolicyARN"] and len(_alarms(fargate)) == 2
    (policy,) = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    assert policy["TargetTrackingScalingPolicyConfiguration"] == CPU | {"TargetValue": 50.0}
    assert policy["Alarms"] == second["Alarms"]


def test_policies_by_name_and_resource(fargate, scaling):
    fargate.service(serviceName="web2")
    other = {**WHICH, "ResourceId": "service/c/web2"}
    for which in (WHICH, other):
        scaling.register_scalable_target(**which, MinCapacity=1, MaxCapacity=4)
        _track(scaling, which=which)
    _track(scaling, "memory")
    describe = scaling.describe_scaling_policies
    assert len(describe(**other)["ScalingPolicies"]) == 1 and len(describe(**WHICH)["ScalingPolicies"]) == 2
    (policy,) = describe(**WHICH, PolicyNames=["memory"])["ScalingPolicies"]
    assert policy["PolicyName"] == "memory"


def test_requests_for_each_target(fargate, scaling, refused):
    scaling.register_scalable_target(**WHICH, MinCapacity=1, MaxCapacity=4)
    metric = {"PredefinedMetricType": "ALBRequestCountPerTarget"}
    assert refused(_track, scaling=scaling, PredefinedMetricSpecification=metric) == "ValidationException"
    metric["ResourceLabel"] = "app/web/1/targetgroup/web/2"
    _track(scaling, PredefinedMetricSpecification=metric, DisableScaleIn=True)
    (alarm,) = _alarms(fargate)
    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApplicationELB", "RequestCountPerTarget")
    assert alarm["Dimensions"] == [{"Name": "TargetGroup", "Value": "targetgroup/web/2"}]


def test_target_takes_everything_with_it(fargate, scaling, refused):
    scaling.register_scalable_target(**WHICH, MinCapacity=1, MaxCapacity=4)
    _track(scaling)
    action = {**WHICH, "ScheduledActionName": "night"}
    scaling.put_scheduled_action(**action, Schedule="cron(0 0 * * ? *)", ScalableTargetAction={"MinCapacity": 1})
    scaling.deregister_scalable_target(**WHICH)
    assert not _alarms(fargate)
    assert not scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    assert not scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
    assert refused(scaling.deregister_scalable_target, **WHICH) == "ObjectNotFoundException"
    assert refused(scaling.delete_scaling_policy, **WHICH, PolicyName="cpu") == "ObjectNotFoundException"
    assert refused(scaling.delete_scheduled_action, **action) == "ObjectNotFoundException"


def _step(scaling, kind="ChangeInCapacity", amount=2):
    steps = [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": amount}]
    return scaling.put_scaling_policy(
        **WHICH, PolicyName="step", PolicyType="StepScaling",
        StepScalingPolicyConfiguration={"AdjustmentType": kind, "StepAdjustments": steps},
    )["PolicyARN"]  # fmt: skip


@pytest.mark.parametrize("kind, amount, desired", [
    ("ChangeInCapacity", 2, 4), ("ChangeInCapacity", 9, 5), ("ExactCapacity", 3, 3), ("PercentChangeInCapacity", 50, 3),
    ("PercentChangeInCapacity", -10, 1),
])  # fmt: skip
def test_alarm_takes_a_step(fargate, scaling, kind, amount, desired):
    scaling.register_scalable_target(**WHICH, MinCapacity=1, MaxCapacity=5)
    cloudwatch = fargate.sandbox.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="busy", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", AlarmActions=[_step(scaling, kind, amount)],
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName="busy", StateValue="ALARM", StateReason="test")
    assert fargate.look()["runningCount"] == desired
    (activity,) = scaling.describe_scaling_activities(ServiceNamespace="ecs")["ScalingActivities"]
    assert "busy" in activity["Cause"] and activity["Description"].endswith(f"{desired}.")


def test_suspended_scaling_takes_no_step(fargate, scaling):
    suspended = {"DynamicScalingOutSuspended": True}
    scaling.register_scalable_target(**WHICH, MinCapacity=1, MaxCapacity=5, SuspendedState=suspended)
    cloudwatch = fargate.sandbox.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="busy", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", AlarmActions=[_step(scaling)],
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName="busy", StateValue="ALARM", StateReason="test")
    assert fargate.look()["desiredCount"] == 2
