# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""application_autoscaling_targets against moto, which knows no tags of targets: those the tests keep."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned

MODULE = "application_autoscaling_targets"
NAME = "service/main/api"
TAGS = {"Platform": "dougust", "Environment": "test"}
CPU = {
    "name": "cpu",
    "metric": "ECSServiceAverageCPUUtilization",
    "target_value": 70,
    "scale_in_cooldown": 300,
    "scale_out_cooldown": 300,
}
MEMORY = {"name": "memory", "metric": "ECSServiceAverageMemoryUtilization", "target_value": 80}
QUEUE = {
    "name": "queue",
    "custom_metric": {
        "namespace": "App",
        "name": "Backlog",
        "statistic": "Average",
        "dimensions": {"Queue": "a", "B": 2},
    },
    "target_value": 10,
}
MORNING = {"name": "morning", "schedule": "cron(0 7 * * ? *)", "timezone": "Europe/Berlin", "min_capacity": 4}
TARGET = {
    "name": NAME,
    "min_capacity": 2,
    "max_capacity": 10,
    "policies": [CPU, MEMORY],
    "scheduled_actions": [MORNING],
}


@pytest.fixture
def scaling(cloud):
    """The client, in an account with an ECS service; the tags of all targets are those of the tests."""
    ecs = cloud.client("ecs")
    ecs.create_cluster(clusterName="main")
    container = {"name": "api", "image": "api", "memory": 128}
    ecs.register_task_definition(family="api", containerDefinitions=[container])
    for service in ("api", "worker"):
        ecs.create_service(cluster="main", serviceName=service, taskDefinition="api", desiredCount=0)
    tags = dict(TAGS)
    cloud.answer("ListTagsForResource", lambda params: {"Tags": dict(tags)})
    cloud.answer("TagResource", lambda params: tags.update(params["Tags"]) or {})
    cloud.answer("UntagResource", lambda params: [tags.pop(key) for key in params["TagKeys"]] and {})
    return cloud.client("application-autoscaling")


def run(cloud, **changes):
    return cloud.run(MODULE, targets=[{**TARGET, **changes}], tags=TAGS)


def policies(scaling):
    found = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    return {one["PolicyName"]: one.get("TargetTrackingScalingPolicyConfiguration") for one in found}


def target(scaling):
    (found,) = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    return found


def test_life_cycle(life_cycle, scaling):
    found = life_cycle(MODULE, "targets", targets=[TARGET], tags=TAGS)[NAME]
    assert (found["min_capacity"], found["max_capacity"], found["suspended"]) == (2, 10, [])
    assert [one["name"] for one in found["policies"]] == ["cpu", "memory"]
    assert all(name.startswith("TargetTracking-") for name in found["alarms"]["cpu"] + found["alarms"]["memory"])
    assert found["scheduled_actions"] == [{**MORNING, "max_capacity": None}]
    assert found["tags"] == TAGS


def test_what_is_sent(cloud, scaling):
    run(cloud, suspended=["scheduled"], policies=[CPU, QUEUE])
    (registered,) = cloud.parameters("RegisterScalableTarget")
    assert (registered["Tags"], registered["ScalableDimension"]) == (TAGS, "ecs:service:DesiredCount")
    assert (registered["MinCapacity"], registered["MaxCapacity"]) == (2, 10)
    assert registered["SuspendedState"] == {
        "DynamicScalingInSuspended": False,
        "DynamicScalingOutSuspended": False,
        "ScheduledScalingSuspended": True,
    }
    assert policies(scaling) == {
        "cpu": {
            "TargetValue": 70.0,
            "DisableScaleIn": False,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
            "ScaleInCooldown": 300,
            "ScaleOutCooldown": 300,
        },
        "queue": {
            "TargetValue": 10.0,
            "DisableScaleIn": False,
            "CustomizedMetricSpecification": {
                "Namespace": "App",
                "MetricName": "Backlog",
                "Statistic": "Average",
                "Dimensions": [{"Name": "B", "Value": "2"}, {"Name": "Queue", "Value": "a"}],
            },
        },
    }
    assert not run(cloud, suspended=["scheduled"], policies=[QUEUE, CPU])["changed"]


def test_check_mode_predicts_an_arn_and_asks_nothing_of_a_service_that_is_to_come(cloud):
    result = cloud.run(MODULE, check_mode=True, account_id="123456789012", targets=[TARGET], tags=TAGS)
    arn = result["targets"][NAME]["arn"]
    assert arn.startswith("arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/dec1a4ed-")
    assert cloud.operations == ["DescribeScalableTargets"]


@pytest.mark.parametrize(
    "changes, fields, calls",
    [
        ({"min_capacity": 3, "max_capacity": 12}, ["max_capacity", "min_capacity"], ["RegisterScalableTarget"]),
        ({"suspended": ["scale_in", "scale_out"]}, ["suspended"], ["RegisterScalableTarget"]),
        ({"policies": [{**CPU, "target_value": 60}, MEMORY]}, ["policies"], ["PutScalingPolicy"]),
        ({"policies": [MEMORY]}, ["policies"], ["DeleteScalingPolicy"]),
        ({"policies": [CPU, QUEUE]}, ["policies"], ["PutScalingPolicy", "DeleteScalingPolicy"]),
        ({"policies": []}, ["policies"], ["DeleteScalingPolicy", "DeleteScalingPolicy"]),
        ({"scheduled_actions": [{**MORNING, "min_capacity": 5}]}, ["scheduled_actions"], ["PutScheduledAction"]),
        ({"scheduled_actions": []}, ["scheduled_actions"], ["DeleteScheduledAction"]),
        ({"tags": {"Tier": "app"}}, ["tags"], ["TagResource"]),
    ],
)
def test_each_change_is_its_call_and_lasts(cloud, scaling, changes, fields, calls):
    run(cloud)
    changed = run(cloud, **changes)
    assert ([one["fields"] for one in changed["actions"]], cloud.mutations) == ([fields], calls)
    again = run(cloud, **changes)
    assert (again["changed"], again["targets"]) == (False, changed["targets"])


def test_only_what_changed_is_sent(cloud, scaling):
    run(cloud, suspended=["scale_in"])
    run(cloud, min_capacity=1)
    (sent,) = cloud.parameters("RegisterScalableTarget")
    assert (sent["MinCapacity"], "MaxCapacity" in sent, "SuspendedState" in sent) == (1, False, False)
    assert target(scaling)["SuspendedState"]["DynamicScalingInSuspended"] is True


def test_what_is_not_given_is_left_alone(cloud, scaling):
    run(cloud, suspended=["scale_in"])
    result = cloud.run(MODULE, targets=[{"name": NAME, "min_capacity": 2, "max_capacity": 10}])
    assert (result["changed"], result["targets"][NAME]["suspended"]) == (False, ["scale_in"])
    short = {key: CPU[key] for key in ("name", "metric", "target_value")}
    assert not run(cloud, policies=[short, MEMORY], scheduled_actions=[{**MORNING, "timezone": None}])["changed"]
    run(cloud, policies=[{**short, "target_value": 50}, MEMORY])
    assert (policies(scaling)["cpu"]["TargetValue"], policies(scaling)["cpu"]["ScaleInCooldown"]) == (50.0, 300)


def test_drift_is_corrected(cloud, scaling):
    run(cloud)
    where = {"ServiceNamespace": "ecs", "ResourceId": NAME, "ScalableDimension": "ecs:service:DesiredCount"}
    scaling.register_scalable_target(**where, MaxCapacity=99)
    step = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [{"ScalingAdjustment": 1}]}
    for name in ("cpu", "by-hand"):
        scaling.put_scaling_policy(
            **where, PolicyName=name, PolicyType="StepScaling", StepScalingPolicyConfiguration=step
        )
    run(cloud)
    assert target(scaling)["MaxCapacity"] == 10
    assert set(policies(scaling)) == {"cpu", "memory"} and policies(scaling)["cpu"]["TargetValue"] == 70
    # A policy keeps its type: AWS has to forget the old one first.
    assert cloud.mutations == [
        "RegisterScalableTarget",
        "DeleteScalingPolicy",
        "PutScalingPolicy",
        "DeleteScalingPolicy",
    ]
    assert not run(cloud)["changed"]


def test_two_targets_keep_their_policies_apart_and_cost_one_description(cloud, scaling):
    both = [TARGET, {**TARGET, "name": "service/main/worker", "policies": [MEMORY], "scheduled_actions": None}]
    cloud.run(MODULE, targets=both, tags=TAGS)
    result = cloud.run(MODULE, targets=both, tags=TAGS)
    assert not result["changed"]
    reads = ["DescribeScalableTargets", "DescribeScalingPolicies", "DescribeScheduledActions"]
    # What is read side by side comes in any order.
    assert sorted(cloud.operations) == sorted(reads + ["ListTagsForResource"] * 2)
    assert [one["name"] for one in result["targets"]["service/main/worker"]["policies"]] == ["memory"]


def test_a_run_that_was_killed_is_finished(cloud, scaling):
    cloud.fail("PutScalingPolicy", "AccessDeniedException", when=lambda params: params["PolicyName"] == "memory")
    failed = cloud.run_failing(MODULE, targets=[TARGET], tags=TAGS)
    assert f"Could not set scaling policy memory of {NAME}: AccessDeniedException" in failed["msg"]
    assert [one["action"] for one in failed["actions"]] == ["create"]
    cloud.heal()
    cloud.answer("ListTagsForResource", lambda params: {"Tags": TAGS})
    run(cloud)
    assert cloud.mutations == ["PutScalingPolicy", "PutScheduledAction"]
    assert set(policies(scaling)) == {"cpu", "memory"}


def test_a_new_service_and_a_busy_target_are_waited_for(cloud, scaling):
    cloud.fail("RegisterScalableTarget", "ValidationException", "ECS service doesn't exist: service/main/api", times=2)
    cloud.fail("PutScalingPolicy", "ConcurrentUpdateException", times=1)
    cloud.fail("PutScalingPolicy", "FailedResourceAccessException", times=1)
    cloud.fail("PutScheduledAction", "ObjectNotFoundException", times=1)
    assert run(cloud)["changed"]
    assert cloud.operations.count("RegisterScalableTarget") == 3
    cloud.heal()
    cloud.fail("RegisterScalableTarget", "ValidationException", "1 validation error detected", times=1)
    failed = cloud.run_failing(MODULE, targets=[{**TARGET, "name": "service/main/worker"}], tags=TAGS)
    assert "Could not register scalable target service/main/worker: ValidationException" in failed["msg"]


def test_somebody_elses_target_is_refused(cloud, scaling):
    run(cloud)
    cloud.heal()
    cloud.answer("ListTagsForResource", lambda params: {"Tags": {**TAGS, "Platform": "other"}})
    failed = cloud.run_failing(MODULE, targets=[TARGET], tags=TAGS)
    assert "belongs to somebody else: it is tagged Platform=other" in failed["msg"] and not cloud.mutations


def test_a_target_that_went_away_meanwhile_counts_as_deleted(cloud, scaling):
    run(cloud)
    cloud.fail("DeregisterScalableTarget", "ObjectNotFoundException")
    assert cloud.run(MODULE, state="absent", targets=[{"name": NAME}])["changed"]


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"name": "main/api"}, "is no id of an ECS service"),
        ({"name": "service/main"}, "is no id of an ECS service"),
        ({"service_namespace": "rds"}, "has no scalable_dimension of rds"),
        ({"min_capacity": None}, "needs min_capacity and max_capacity"),
        ({"max_capacity": 1}, "needs min_capacity and max_capacity"),
        ({"min_capacity": -1}, "needs min_capacity and max_capacity"),
        ({"policies": [CPU, CPU]}, "has two policies of one name"),
        ({"policies": [{**CPU, "name": "a" * 257}]}, "has a name of more than 256"),
        ({"policies": [{**CPU, "target_value": 0}]}, "has a target_value of 0 or less"),
        ({"policies": [{**CPU, "scale_in_cooldown": -1}]}, "or a negative cooldown"),
        ({"policies": [{**CPU, "metric": "ALBRequestCountPerTarget"}]}, "needs both or neither"),
        ({"policies": [{**CPU, "resource_label": "app/a/1/targetgroup/b/2"}]}, "needs both or neither"),
        (
            {"policies": [{**CPU, "metric": "ALBRequestCountPerTarget", "resource_label": "a"}]},
            "has an impossible resource_label",
        ),
        (
            {"scheduled_actions": [{**MORNING, "name": "a:b"}]},
            "has among its scheduled actions a:b, which has an impos",
        ),
        ({"scheduled_actions": [{**MORNING, "schedule": "0 7 * * *"}]}, "has an impossible schedule"),
        ({"scheduled_actions": [{**MORNING, "min_capacity": None}]}, "needs min_capacity, max_capacity or both"),
        ({"scheduled_actions": [{**MORNING, "max_capacity": 3}]}, "needs min_capacity, max_capacity or both"),
    ],
)
def test_what_aws_would_refuse_is_refused_before_any_call(cloud, changes, words):
    failed = cloud.run_failing(MODULE, targets=[{**TARGET, **changes}], tags=TAGS)
    assert words in failed["msg"] and "To fix:" in failed["msg"] and not cloud.calls


def test_a_planned_load_balancer_is_never_sent(cloud):
    label = f"app/api/{planned.elb_id('lb')}/targetgroup/api/{planned.elb_id('tg')}"
    requests = {"name": "requests", "metric": "ALBRequestCountPerTarget", "resource_label": label, "target_value": 100}
    params = {"targets": [{**TARGET, "policies": [requests]}], "tags": TAGS}
    assert cloud.run(MODULE, check_mode=True, **params)["targets"][NAME]["policies"][0]["resource_label"] == label
    assert "planned id" in cloud.run_failing(MODULE, **params)["msg"]
