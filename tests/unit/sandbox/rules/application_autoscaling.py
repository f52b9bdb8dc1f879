# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Application Auto Scaling refuses."""

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/autoscaling/application/APIReference"
GUIDE = "https://docs.aws.amazon.com/autoscaling/application/userguide"
QUOTAS = f"{GUIDE}/application-auto-scaling-limits.html"
WHICH = {"ServiceNamespace": "ecs", "ResourceId": "service/c/web", "ScalableDimension": "ecs:service:DesiredCount"}
TABLE = {
    "ServiceNamespace": "dynamodb", "ResourceId": "table/things", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"
}  # fmt: skip
BOUNDS = {"MinCapacity": 1, "MaxCapacity": 4}
NIGHT = {**WHICH, "ScheduledActionName": "night"}
LESS = {"MinCapacity": 0, "MaxCapacity": 1}
CPU = {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}
REQUESTS = {"PredefinedMetricType": "ALBRequestCountPerTarget"}
LABEL = "app/web/1234567890123456/targetgroup/web/1234567890123456"
CUSTOM = {"MetricName": "m", "Namespace": "n", "Statistic": "Average"}


def _service(world):
    """A service that can be scaled."""
    world.ecs.create_cluster(clusterName="c")
    world.ecs.register_task_definition(
        family="web", cpu="256", memory="512", networkMode="awsvpc", requiresCompatibilities=["FARGATE"],
        containerDefinitions=[{"name": "web", "image": "nginx"}],
    )  # fmt: skip
    world.ecs.create_service(
        cluster="c", serviceName="web", taskDefinition="web", desiredCount=1, launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": world.subnets()}},
    )  # fmt: skip


def _target(world):
    _service(world)
    return world.application_autoscaling.register_scalable_target(**WHICH, **BOUNDS)["ScalableTargetARN"]


def _table(world):
    world.dynamodb.create_table(
        TableName="things", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}], BillingMode="PROVISIONED",
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )  # fmt: skip
    world.application_autoscaling.register_scalable_target(**TABLE, **BOUNDS)


def _tracking(which=None, target=50.0, **settings):
    tracking = {"TargetValue": target, **(settings or {"PredefinedMetricSpecification": CPU})}
    return {**(which or WHICH), "PolicyName": "p", "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": tracking}  # fmt: skip


def _steps(*bounds, which=None, kind="ChangeInCapacity", amount=1, **settings):
    names = ("MetricIntervalLowerBound", "MetricIntervalUpperBound")
    steps = [
        {"ScalingAdjustment": amount}
        | {name: value for name, value in zip(names, pair, strict=True) if value is not None}
        for pair in bounds or ((0.0, None),)
    ]
    return {**(which or WHICH), "PolicyName": "p", "PolicyType": "StepScaling",
            "StepScalingPolicyConfiguration": {"AdjustmentType": kind, "StepAdjustments": steps, **settings}}  # fmt: skip


def _action(schedule="cron(0 22 * * ? *)", change=None, **settings):
    return {**NIGHT, "Schedule": schedule, "ScalableTargetAction": change or LESS, **settings}


def _put(world, operation, times, **parameters):
    """Make a target, and as many of something as it may have."""
    _target(world)
    call = getattr(world.application_autoscaling, operation)
    for number in range(times):
        call(**{name: f"{value}{number}" if name.endswith("Name") else value for name, value in parameters.items()})


def _refusal(says, page, operation, refused, accepted, given=_target, code="ValidationException"):
    return Rule(
        says=says, page=page, operation=operation, code=code, given=given, refused=refused, accepted=accepted
    )  # fmt: skip


SERVICE = "application-autoscaling"
REGISTER = (f"{API}/API_RegisterScalableTarget.html", "register_scalable_target")
POLICY = (f"{API}/API_PutScalingPolicy.html", "put_scaling_policy")
TRACKING = (f"{API}/API_TargetTrackingScalingPolicyConfiguration.html", "put_scaling_policy")
STEPS = (f"{API}/API_StepScalingPolicyConfiguration.html", "put_scaling_policy")
STEP = (f"{API}/API_StepAdjustment.html", "put_scaling_policy")
ACTION = (f"{API}/API_PutScheduledAction.html", "put_scheduled_action")
NOT_FOUND = "ObjectNotFoundException"
RULES = [
    _refusal("a service that is scaled exists", *REGISTER,
             {**WHICH, **BOUNDS, "ResourceId": "service/c/other"}, {**WHICH, **BOUNDS}, given=_service),
    _refusal("a table that is scaled exists", *REGISTER,
             {**TABLE, **BOUNDS, "ResourceId": "table/other"}, {**TABLE, **BOUNDS}, given=_table),
    _refusal("a dimension is one of the resource", *REGISTER,
             {**WHICH, **BOUNDS, "ScalableDimension": "rds:cluster:ReadReplicaCount"}, {**WHICH, **BOUNDS}, given=_service),
    _refusal("a resource's id has the form of its kind", *REGISTER,
             {**WHICH, **BOUNDS, "ResourceId": "c/web"}, {**WHICH, **BOUNDS}, given=_service),
    _refusal("a new target has both bounds", *REGISTER, {**WHICH, "MinCapacity": 1}, {**WHICH, **BOUNDS}, given=_service),
    _refusal("a target's minimum is not above its maximum", *REGISTER,
             {**WHICH, "MinCapacity": 5}, {**WHICH, "MinCapacity": 4}),
    _refusal("tags are given to a new target only", *REGISTER,
             {**WHICH, "MaxCapacity": 5, "Tags": {"a": "b"}}, {**WHICH, "MaxCapacity": 5}),
    _refusal("a target has fifty tags", f"{API}/API_TagResource.html", "tag_resource",
             lambda world: {"ResourceARN": world.given, "Tags": {f"k{number}": "v" for number in range(51)}},
             lambda world: {"ResourceARN": world.given, "Tags": {f"k{number}": "v" for number in range(50)}},
             code="TooManyTagsException"),
    _refusal("what is tagged exists", f"{API}/API_TagResource.html", "tag_resource",
             lambda world: {"ResourceARN": f"{world.given[:-4]}0000", "Tags": {"a": "b"}},
             lambda world: {"ResourceARN": world.given, "Tags": {"a": "b"}}, code="ResourceNotFoundException"),
    _refusal("a target that goes exists", f"{API}/API_DeregisterScalableTarget.html", "deregister_scalable_target",
             {**WHICH, "ResourceId": "service/c/other"}, WHICH, code=NOT_FOUND),
    _refusal("a policy needs a target", *POLICY, _tracking({**WHICH, "ResourceId": "service/c/other"}), _tracking(),
             code=NOT_FOUND),
    _refusal("a policy has what its type needs", *POLICY,
             {**_tracking(), "PolicyType": "StepScaling"}, _tracking()),
    _refusal("a target has fifty policies", QUOTAS, "put_scaling_policy", _tracking(),
             {**_tracking(), "PolicyName": "p1"}, code="LimitExceededException",
             given=lambda world: _put(world, "put_scaling_policy", 50, **_tracking())),
    _refusal("tracking needs a metric", *TRACKING, _tracking(DisableScaleIn=True), _tracking()),
    _refusal("tracking has one metric", *TRACKING,
             _tracking(PredefinedMetricSpecification=CPU, CustomizedMetricSpecification=CUSTOM),
             _tracking(CustomizedMetricSpecification=CUSTOM)),
    _refusal("a tracked metric is one of the resource", f"{API}/API_PredefinedMetricSpecification.html",
             "put_scaling_policy",
             _tracking(PredefinedMetricSpecification={"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}),
             _tracking()),
    _refusal("requests are counted of a target group", f"{API}/API_PredefinedMetricSpecification.html",
             "put_scaling_policy", _tracking(PredefinedMetricSpecification=REQUESTS),
             _tracking(PredefinedMetricSpecification={**REQUESTS, "ResourceLabel": LABEL})),
    _refusal("only requests have a label", f"{API}/API_PredefinedMetricSpecification.html", "put_scaling_policy",
             _tracking(PredefinedMetricSpecification={**CPU, "ResourceLabel": LABEL}), _tracking()),
    _refusal("tables are not scaled by steps", f"{GUIDE}/application-auto-scaling-step-scaling-policies.html",
             "put_scaling_policy", _steps(which=TABLE),
             _tracking(TABLE, PredefinedMetricSpecification={"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}),
             given=_table),
    _refusal("a policy has twenty steps", QUOTAS, "put_scaling_policy",
             _steps(*((float(n), n + 1.0 if n < 20 else None) for n in range(21))),
             _steps(*((float(n), n + 1.0 if n < 19 else None) for n in range(20)))),
    _refusal("the least adjustment is for percentages", *STEPS, _steps(MinAdjustmentMagnitude=2),
             _steps(kind="PercentChangeInCapacity", MinAdjustmentMagnitude=2)),
    _refusal("an exact capacity is not negative", *STEP, _steps(kind="ExactCapacity", amount=-1),
             _steps(kind="ExactCapacity", amount=1)),
    _refusal("a step has a bound", *STEP, _steps((None, None)), _steps((0.0, None))),
    _refusal("steps have no gap", *STEP, _steps((0.0, 10.0), (20.0, None)), _steps((0.0, 10.0), (10.0, None))),
    _refusal("steps do not overlap", *STEP, _steps((0.0, 20.0), (10.0, None)), _steps((0.0, 20.0), (20.0, None))),
    _refusal("the highest step is open above", *STEP, _steps((0.0, 10.0)), _steps((0.0, None))),
    _refusal("the lowest step is open below", *STEP, _steps((-10.0, 0.0)), _steps((None, 0.0))),
    _refusal("a policy that goes exists", f"{API}/API_DeleteScalingPolicy.html", "delete_scaling_policy",
             {**WHICH, "PolicyName": "q0"}, {**WHICH, "PolicyName": "p0"}, code=NOT_FOUND,
             given=lambda world: _put(world, "put_scaling_policy", 1, **_tracking())),
    _refusal("a scheduled action needs a target", *ACTION, _action(ResourceId="service/c/other"), _action(),
             code=NOT_FOUND),
    _refusal("a new scheduled action has a schedule", *ACTION, {**NIGHT, "ScalableTargetAction": LESS}, _action()),
    _refusal("a schedule has six fields", *ACTION, _action("cron(0 22 * * *)"), _action("cron(0 22 * * ? *)")),
    _refusal("a moment is a moment", *ACTION, _action("at(2030-02-30T00:00:00)"), _action("at(2030-02-28T00:00:00)")),
    _refusal("a rate is above nothing", *ACTION, _action("rate(0 minutes)"), _action("rate(5 minutes)")),
    _refusal("a time zone is known", *ACTION, _action(Timezone="Europe/Entenhausen"), _action(Timezone="Europe/Berlin")),
    _refusal("a scheduled action changes a bound", f"{API}/API_ScalableTargetAction.html", "put_scheduled_action",
             {**NIGHT, "Schedule": "rate(5 minutes)", "ScalableTargetAction": {}}, _action("rate(5 minutes)")),
    _refusal("a scheduled minimum is not above the maximum", f"{API}/API_ScalableTargetAction.html",
             "put_scheduled_action", _action(change={"MinCapacity": 3, "MaxCapacity": 2}),
             _action(change={"MinCapacity": 2, "MaxCapacity": 2})),
    _refusal("a scheduled action ends after it begins", *ACTION, _action(StartTime=2000000000, EndTime=1999999999),
             _action(StartTime=2000000000, EndTime=2000000001)),
    _refusal("a scheduled action that goes exists", f"{API}/API_DeleteScheduledAction.html", "delete_scheduled_action",
             {**WHICH, "ScheduledActionName": "day0"}, {**WHICH, "ScheduledActionName": "night0"}, code=NOT_FOUND,
             given=lambda world: _put(world, "put_scheduled_action", 1, **_action())),
    _refusal("a target has two hundred scheduled actions", QUOTAS, "put_scheduled_action", _action(),
             _action(ScheduledActionName="night0"), code="LimitExceededException",
             given=lambda world: _put(world, "put_scheduled_action", 200, **_action())),
]  # fmt: skip
