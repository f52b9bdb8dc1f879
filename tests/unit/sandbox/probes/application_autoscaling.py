# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Application Auto Scaling has."""

from datetime import datetime, timezone

WHICH = {"ServiceNamespace": "ecs", "ResourceId": "service/c/web", "ScalableDimension": "ecs:service:DesiredCount"}


def _target(probe, **settings):
    """Register a service with one task as a scalable target; its ARN."""
    ec2, ecs = probe.client("ec2"), probe.client("ecs")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    ecs.create_cluster(clusterName="c")
    ecs.register_task_definition(
        family="web", cpu="256", memory="512", networkMode="awsvpc", requiresCompatibilities=["FARGATE"],
        containerDefinitions=[{"name": "web", "image": "nginx"}],
    )  # fmt: skip
    ecs.create_service(
        cluster="c", serviceName="web", taskDefinition="web", desiredCount=1, launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet]}},
    )  # fmt: skip
    scaling = probe.client("application-autoscaling")
    wanted = {"MinCapacity": 1, "MaxCapacity": 4, **settings}
    return probe.does(scaling.register_scalable_target, **WHICH, **wanted)["ScalableTargetARN"]


def target(probe):
    scaling = probe.client("application-autoscaling")
    arn = _target(probe, Tags={"a": "b"})
    expected = {**WHICH, "MinCapacity": 1, "MaxCapacity": 4, "ScalableTargetARN": arn}
    found = {"ServiceNamespace": "ecs", "ResourceIds": ["service/c/web"]}
    probe.shows(expected, scaling.describe_scalable_targets, "ScalableTargets.0", **found)
    probe.shows({"a": "b"}, scaling.list_tags_for_resource, "Tags", ResourceARN=arn)
    probe.does(scaling.tag_resource, ResourceARN=arn, Tags={"c": "d"})
    probe.does(scaling.untag_resource, ResourceARN=arn, TagKeys=["a"])
    assert probe.shows({"c": "d"}, scaling.list_tags_for_resource, "Tags", ResourceARN=arn) == {"c": "d"}
    suspended = {"DynamicScalingInSuspended": True, "ScheduledScalingSuspended": False}
    probe.does(scaling.register_scalable_target, **WHICH, MinCapacity=2, SuspendedState=suspended)
    expected = {"MinCapacity": 2, "MaxCapacity": 4, "SuspendedState": suspended}
    probe.shows(expected, scaling.describe_scalable_targets, "ScalableTargets.0", **found)
    activity = {**WHICH, "StatusCode": "Successful", "Description": "Setting desired count to 2."}
    probe.shows([activity], scaling.describe_scaling_activities, "ScalingActivities", ServiceNamespace="ecs")
    probe.does(scaling.deregister_scalable_target, **WHICH)
    probe.lacks(scaling.describe_scalable_targets, path="ScalableTargets", **found)


def policy(probe):
    scaling = probe.client("application-autoscaling")
    _target(probe)
    metric = {"PredefinedMetricType": "ECSServiceAverageMemoryUtilization"}
    tracking = {"TargetValue": 50.0, "PredefinedMetricSpecification": metric, "ScaleInCooldown": 60,
                "ScaleOutCooldown": 30, "DisableScaleIn": False}  # fmt: skip
    step = {
        "AdjustmentType": "PercentChangeInCapacity", "Cooldown": 60, "MetricAggregationType": "Average",
        "MinAdjustmentMagnitude": 1, "StepAdjustments": [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 50}],
    }  # fmt: skip
    forecast = {
        "MetricSpecifications": [{"TargetValue": 50.0, "PredefinedMetricPairSpecification": {
            "PredefinedMetricType": "ECSServiceCPUUtilization"}}],
        "Mode": "ForecastOnly",
    }  # fmt: skip
    for kind, wanted in (("TargetTrackingScaling", tracking), ("StepScaling", step), ("PredictiveScaling", forecast)):
        named = {f"{kind}PolicyConfiguration": wanted, "PolicyName": kind, "PolicyType": kind}
        probe.does(scaling.put_scaling_policy, **WHICH, **named)
        probe.shows({**WHICH, **named}, scaling.describe_scaling_policies, "ScalingPolicies.0", **WHICH,
                    PolicyNames=[kind])  # fmt: skip
    changed = {"TargetTrackingScalingPolicyConfiguration": {**tracking, "TargetValue": 70.0}}
    probe.does(scaling.put_scaling_policy, **WHICH, PolicyName="TargetTrackingScaling",
               PolicyType="TargetTrackingScaling", **changed)  # fmt: skip
    probe.shows(changed, scaling.describe_scaling_policies, "ScalingPolicies.0", ServiceNamespace="ecs")
    probe.does(scaling.delete_scaling_policy, **WHICH, PolicyName="StepScaling")
    probe.lacks(scaling.describe_scaling_policies, path="ScalingPolicies", ServiceNamespace="ecs",
                PolicyNames=["StepScaling"])  # fmt: skip


def scheduled_action(probe):
    scaling = probe.client("application-autoscaling")
    _target(probe)
    wanted = {
        "ScheduledActionName": "night", "Schedule": "cron(0 22 * * ? *)", "Timezone": "Europe/Berlin",
        "StartTime": datetime(2030, 1, 1, tzinfo=timezone.utc), "EndTime": datetime(2031, 1, 1, tzinfo=timezone.utc),
        "ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 1},
    }  # fmt: skip
    probe.does(scaling.put_scheduled_action, **WHICH, **wanted)
    probe.shows({**WHICH, **wanted}, scaling.describe_scheduled_actions, "ScheduledActions.0", ServiceNamespace="ecs")
    probe.does(scaling.put_scheduled_action, **WHICH, ScheduledActionName="night", Schedule="cron(0 23 * * ? *)")
    probe.shows({**wanted, "Schedule": "cron(0 23 * * ? *)"}, scaling.describe_scheduled_actions, "ScheduledActions.0",
                **WHICH)  # fmt: skip
    probe.does(scaling.delete_scheduled_action, **WHICH, ScheduledActionName="night")
    probe.lacks(scaling.describe_scheduled_actions, path="ScheduledActions", ServiceNamespace="ecs")
