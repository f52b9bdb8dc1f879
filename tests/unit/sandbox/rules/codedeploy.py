# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS CodeDeploy refuses."""

from tests.unit.sandbox.code_deploy import NAMES, STYLE, CodeDeploy
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/codedeploy/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/codedeploy/latest/userguide"
LINEAR = "CodeDeployDefault.ECSLinear10PercentEvery1Minutes"


def _shop(world):
    return CodeDeploy(world.sandbox)


def _group(world):
    return CodeDeploy(world.sandbox).group()


def _application(world):
    return world.codedeploy.create_application(applicationName="shop", computePlatform="ECS")


def _two_applications(world):
    _application(world)
    world.codedeploy.create_application(applicationName="store", computePlatform="ECS")


def _two_services(world):
    shop = CodeDeploy(world.sandbox).group()
    another = shop.balancers(shop.green)
    shop.fargate.service(serviceName="site", deploymentController={"type": "CODE_DEPLOY"}, loadBalancers=another)
    return shop


def _rolling_service(world):
    shop = CodeDeploy(world.sandbox)
    shop.fargate.service(serviceName="rolling")
    return shop


def _roles(world):
    shop = CodeDeploy(world.sandbox)
    shop.other = shop.new_role("ecs-tasks")
    return shop


def _going_on(world):
    """A deployment that shifts traffic, for minutes."""
    shop = CodeDeploy(world.sandbox).group(deploymentConfigName=LINEAR)
    world.sandbox.delays(codedeploy_minute=60)
    shop.number = shop.deploy()
    shop.look(shop.number)
    return shop


def _finished(world):
    """A deployment that is over, and one that goes on."""
    shop = CodeDeploy(world.sandbox).group()
    shop.over = shop.deploy()
    shop.look(shop.over)
    world.sandbox.delays(codedeploy_minute=60)
    shop.number = shop.deploy(deploymentConfigName=LINEAR)
    shop.look(shop.number)
    return shop


def _terminating(world):
    wait = {"action": "TERMINATE", "terminationWaitTimeInMinutes": 5}
    shop = CodeDeploy(world.sandbox).group(
        blueGreenDeploymentConfiguration={"terminateBlueInstancesOnDeploymentSuccess": wait}
    )
    world.sandbox.delays(codedeploy_minute=60)
    shop.number = shop.deploy()
    shop.look(shop.number)
    return shop


def _hook(world):
    shop = CodeDeploy(world.sandbox).group()
    shop.function("test")
    world.sandbox.delays(codedeploy_minute=60)
    hooks = {"AfterInstall": "test", "AfterAllowTraffic": "test"}
    shop.number = shop.deploy(shop.revision(shop.fargate.definition("nginx:2"), hooks))
    shop.look(shop.number)
    (asked,) = world.sandbox.waiting_hooks()
    shop.asked = {"deploymentId": shop.number, "lifecycleEventHookExecutionId": asked["LifecycleEventHookExecutionId"]}
    return shop


def _hook_that_agreed(world):
    shop = _hook(world)
    shop.over = shop.asked
    world.codedeploy.put_lifecycle_event_hook_execution_status(**shop.over, status="Succeeded")
    shop.look(shop.number)
    (asked,) = world.sandbox.waiting_hooks()
    shop.asked = {**shop.over, "lifecycleEventHookExecutionId": asked["LifecycleEventHookExecutionId"]}
    return shop


def _config(**settings):
    usual = {
        "deploymentConfigName": "slow", "computePlatform": "ECS",
        "trafficRoutingConfig": {
            "type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 5}
        },
    }  # fmt: skip
    return usual | settings


def _canary(percentage=10, interval=5):
    shift = {"canaryPercentage": percentage, "canaryInterval": interval}
    return {"type": "TimeBasedCanary", "timeBasedCanary": shift}


def _linear(percentage, interval):
    shift = {"linearPercentage": percentage, "linearInterval": interval}
    return {"type": "TimeBasedLinear", "timeBasedLinear": shift}


def _alarms(*names):
    return {"enabled": True, "alarms": [{"name": name} for name in names]}


def _many_alarms(number):
    return _alarms(*(f"alarm-{position}" for position in range(number)))


def _termination(minutes, action="TERMINATE"):
    return {"terminateBlueInstancesOnDeploymentSuccess": {"action": action, "terminationWaitTimeInMinutes": minutes}}


def _ready(action):
    return {"deploymentReadyOption": {"actionOnTimeout": action, "waitTimeInMinutes": 30}}


def _wanted(**settings):
    """A deployment group, of which functions of the shop make the settings."""
    return lambda world: world.given.wanted(
        **{name: value(world.given) if callable(value) else value for name, value in settings.items()}
    )


def _deployment(**settings):
    return lambda world: {**NAMES, "revision": world.given.revision(), **settings}


def _of_number(name="number", **settings):
    return lambda world: {"deploymentId": getattr(world.given, name), **settings}


def _group_rule(says, code, refused, accepted, page=f"{API}/API_CreateDeploymentGroup.html", given=_shop):
    return Rule(
        says=says, page=page, operation="create_deployment_group", code=code, given=given,
        refused=_wanted(**refused), accepted=_wanted(**accepted),
    )  # fmt: skip


def _config_rule(
    says, code, refused, accepted, page=f"{API}/API_CreateDeploymentConfig.html", given=lambda _world: None
):
    return Rule(
        says=says, page=page, operation="create_deployment_config", code=code, given=given,
        refused=_config(**refused), accepted=_config(**accepted),
    )  # fmt: skip


SERVICE = "codedeploy"
RULES = [
    Rule(
        says="an application's name is taken",
        page=f"{API}/API_CreateApplication.html",
        operation="create_application",
        code="ApplicationAlreadyExistsException",
        given=_application,
        refused={"applicationName": "shop", "computePlatform": "ECS"},
        accepted={"applicationName": "shop2", "computePlatform": "ECS"},
    ),
    Rule(
        says="an application does not take the name of another one",
        page=f"{API}/API_UpdateApplication.html",
        operation="update_application",
        code="ApplicationAlreadyExistsException",
        given=_two_applications,
        refused={"applicationName": "shop", "newApplicationName": "store"},
        accepted={"applicationName": "shop", "newApplicationName": "site"},
    ),
    Rule(
        says="no more than 100 applications are looked at in one call",
        page=f"{GUIDE}/limits.html",
        operation="batch_get_applications",
        code="BatchLimitExceededException",
        given=_application,
        refused={"applicationNames": ["shop"] * 101},
        accepted={"applicationNames": ["shop"] * 100},
    ),
    _config_rule(
        "a deployment configuration's name is taken",
        "DeploymentConfigAlreadyExistsException",
        {},
        {"deploymentConfigName": "slow2"},
        given=lambda world: world.codedeploy.create_deployment_config(**_config()),
    ),
    _config_rule(
        "a configuration of one's own has no name of AWS's",
        "InvalidDeploymentConfigNameException",
        {"deploymentConfigName": "CodeDeployDefault.ECSSlow"},
        {"deploymentConfigName": "CodeDeployCustom.ECSSlow"},
        page=f"{GUIDE}/limits.html",
    ),
    _config_rule(
        "a configuration for ECS says how traffic is routed",
        "InvalidTrafficRoutingConfigurationException",
        {"trafficRoutingConfig": {}},
        {"trafficRoutingConfig": {"type": "AllAtOnce"}},
    ),
    _config_rule(
        "a canary has the settings of a canary",
        "InvalidTrafficRoutingConfigurationException",
        {"trafficRoutingConfig": {**_linear(10, 5), "type": "TimeBasedCanary"}},
        {"trafficRoutingConfig": _canary()},
        page=f"{API}/API_TrafficRoutingConfig.html",
    ),
    _config_rule(
        "a canary gets a part of the traffic",
        "InvalidTrafficRoutingConfigurationException",
        {"trafficRoutingConfig": _canary(percentage=100)},
        {"trafficRoutingConfig": _canary(percentage=99)},
        page=f"{API}/API_TimeBasedCanary.html",
    ),
    _config_rule(
        "traffic is shifted within 48 hours",
        "InvalidTrafficRoutingConfigurationException",
        {"trafficRoutingConfig": _canary(interval=2881)},
        {"trafficRoutingConfig": _canary(interval=2880)},
        page=f"{GUIDE}/limits.html",
    ),
    Rule(
        says="AWS's own configurations cannot be deleted",
        page=f"{API}/API_DeleteDeploymentConfig.html",
        operation="delete_deployment_config",
        code="InvalidOperationException",
        given=lambda world: world.codedeploy.create_deployment_config(**_config()),
        refused={"deploymentConfigName": LINEAR},
        accepted={"deploymentConfigName": "slow"},
    ),
    Rule(
        says="a configuration that a deployment group uses cannot be deleted",
        page=f"{API}/API_DeleteDeploymentConfig.html",
        operation="delete_deployment_config",
        code="DeploymentConfigInUseException",
        given=lambda world: [
            world.codedeploy.create_deployment_config(**_config()),
            world.codedeploy.create_deployment_config(**_config(deploymentConfigName="unused")),
            CodeDeploy(world.sandbox).group(deploymentConfigName="slow"),
        ],
        refused={"deploymentConfigName": "slow"},
        accepted={"deploymentConfigName": "unused"},
    ),
    _group_rule(
        "the application of a deployment group exists",
        "ApplicationDoesNotExistException",
        {"applicationName": "store"},
        {"applicationName": "shop"},
    ),
    _group_rule(
        "a deployment group's name is taken within its application",
        "DeploymentGroupAlreadyExistsException",
        {},
        {"deploymentGroupName": "site", "ecsServices": [{"clusterName": "c", "serviceName": "site"}]},
        given=_two_services,
    ),
    _group_rule(
        "the configuration of a deployment group exists",
        "DeploymentConfigDoesNotExistException",
        {"deploymentConfigName": "CodeDeployDefault.ECSLinear10PercentEvery2Minutes"},
        {"deploymentConfigName": LINEAR},
        page=f"{GUIDE}/deployment-configurations.html",
    ),
    _group_rule(
        "the service role is one that CodeDeploy may assume",
        "InvalidRoleException",
        {"serviceRoleArn": lambda shop: shop.other},
        {"serviceRoleArn": lambda shop: shop.role},
        page=f"{GUIDE}/getting-started-create-service-role.html",
        given=_roles,
    ),
    _group_rule(
        "a service of ECS is deployed blue/green, with traffic control",
        "InvalidDeploymentStyleException",
        {"deploymentStyle": {"deploymentType": "IN_PLACE", "deploymentOption": "WITHOUT_TRAFFIC_CONTROL"}},
        {"deploymentStyle": STYLE},
        page=f"{GUIDE}/deployment-groups-create-ecs.html",
    ),
    _group_rule(
        "the service has the deployment controller CODE_DEPLOY",
        "InvalidECSServiceException",
        {"ecsServices": [{"clusterName": "c", "serviceName": "rolling"}]},
        {"ecsServices": [{"clusterName": "c", "serviceName": "web"}]},
        page=f"{GUIDE}/deployment-groups-create-ecs.html",
        given=_rolling_service,
    ),
    _group_rule(
        "a service is deployed by one deployment group",
        "ECSServiceMappingLimitExceededException",
        {"deploymentGroupName": "again"},
        {"deploymentGroupName": "again", "ecsServices": [{"clusterName": "c", "serviceName": "site"}]},
        given=_two_services,
    ),
    _group_rule(
        "the load balancer of a service of ECS is given as a pair of target groups",
        "InvalidLoadBalancerInfoException",
        {"loadBalancerInfo": {"targetGroupInfoList": [{"name": "web"}]}},
        {"loadBalancerInfo": lambda shop: shop.pair()},
    ),
    _group_rule(
        "a pair has two target groups",
        "InvalidTargetGroupPairException",
        {"loadBalancerInfo": lambda shop: shop.pair(targetGroups=[{"name": "web"}])},
        {"loadBalancerInfo": lambda shop: shop.pair(targetGroups=[{"name": "web"}, {"name": "green"}])},
        page=f"{API}/API_TargetGroupPairInfo.html",
    ),
    _group_rule(
        "production traffic comes through one listener",
        "InvalidTargetGroupPairException",
        {"loadBalancerInfo": lambda shop: shop.pair(prodTrafficRoute={"listenerArns": []})},
        {"loadBalancerInfo": lambda shop: shop.pair(prodTrafficRoute={"listenerArns": [shop.prod]})},
        page=f"{API}/API_TrafficRoute.html",
    ),
    _group_rule(
        "the old tasks wait for two days at most",
        "InvalidBlueGreenDeploymentConfigurationException",
        {"blueGreenDeploymentConfiguration": _termination(2881)},
        {"blueGreenDeploymentConfiguration": _termination(2880)},
        page=f"{API}/API_BlueInstanceTerminationOption.html",
    ),
    _group_rule(
        "the old tasks do not stay",
        "InvalidBlueGreenDeploymentConfigurationException",
        {"blueGreenDeploymentConfiguration": _termination(5, "KEEP_ALIVE")},
        {"blueGreenDeploymentConfiguration": _termination(5, "TERMINATE")},
        page=f"{GUIDE}/deployment-groups-create-ecs.html",
    ),
    _group_rule(
        "only what stops in the end waits for an agreement",
        "InvalidBlueGreenDeploymentConfigurationException",
        {"blueGreenDeploymentConfiguration": _ready("CONTINUE_DEPLOYMENT")},
        {"blueGreenDeploymentConfiguration": _ready("STOP_DEPLOYMENT")},
        page=f"{API}/API_DeploymentReadyOption.html",
    ),
    _group_rule(
        "a service of ECS has no Auto Scaling groups",
        "InvalidAutoScalingGroupException",
        {"autoScalingGroups": ["web"]},
        {"autoScalingGroups": []},
        page=f"{GUIDE}/deployment-groups-create-ecs.html",
    ),
    _group_rule(
        "enabled alarms have names",
        "InvalidAlarmConfigException",
        {"alarmConfiguration": {"enabled": True, "alarms": []}},
        {"alarmConfiguration": _alarms("errors")},
    ),
    _group_rule(
        "an alarm is named once",
        "InvalidAlarmConfigException",
        {"alarmConfiguration": _alarms("errors", "errors")},
        {"alarmConfiguration": _alarms("errors", "latency")},
    ),
    _group_rule(
        "a deployment group has 50 alarms at most",
        "AlarmsLimitExceededException",
        {"alarmConfiguration": _many_alarms(51)},
        {"alarmConfiguration": _many_alarms(50)},
        page=f"{GUIDE}/limits.html",
    ),
    _group_rule(
        "automatic rollback has events",
        "InvalidAutoRollbackConfigException",
        {"autoRollbackConfiguration": {"enabled": True, "events": []}},
        {"autoRollbackConfiguration": {"enabled": True, "events": ["DEPLOYMENT_FAILURE"]}},
    ),
    Rule(
        says="an updated deployment group obeys the rules of a new one",
        page=f"{API}/API_UpdateDeploymentGroup.html",
        operation="update_deployment_group",
        code="DeploymentConfigDoesNotExistException",
        given=_group,
        refused={"applicationName": "shop", "currentDeploymentGroupName": "web", "deploymentConfigName": "slow"},
        accepted={"applicationName": "shop", "currentDeploymentGroupName": "web", "deploymentConfigName": LINEAR},
    ),
    Rule(
        says="a deployment names a deployment group that exists",
        page=f"{API}/API_CreateDeployment.html",
        operation="create_deployment",
        code="DeploymentGroupDoesNotExistException",
        given=_group,
        refused=_deployment(deploymentGroupName="site"),
        accepted=_deployment(),
    ),
    Rule(
        says="a deployment has a revision",
        page=f"{API}/API_CreateDeployment.html",
        operation="create_deployment",
        code="RevisionRequiredException",
        given=_group,
        refused=NAMES,
        accepted=_deployment(),
    ),
    Rule(
        says="a revision for ECS is an AppSpec file, not a repository",
        page=f"{API}/API_RevisionLocation.html",
        operation="create_deployment",
        code="InvalidRevisionException",
        given=_group,
        refused=_deployment(
            revision={"revisionType": "GitHub", "gitHubLocation": {"repository": "a/b", "commitId": "1" * 40}}
        ),
        accepted=_deployment(),
    ),
    Rule(
        says="a deployment group has one deployment at a time",
        page=f"{GUIDE}/limits.html",
        operation="create_deployment",
        code="DeploymentLimitExceededException",
        given=_going_on,
        refused=_deployment(),
        accepted=lambda world: world.sandbox.advance(540) and _deployment()(world),
    ),
    Rule(
        says="a description has 256 characters at most",
        page=f"{GUIDE}/limits.html",
        operation="create_deployment",
        code="DescriptionTooLongException",
        given=_group,
        refused=_deployment(description="a" * 257),
        accepted=_deployment(description="a" * 256),
    ),
    Rule(
        says="the configuration of a deployment exists",
        page=f"{API}/API_CreateDeployment.html",
        operation="create_deployment",
        code="DeploymentConfigDoesNotExistException",
        given=_group,
        refused=_deployment(deploymentConfigName="slow"),
        accepted=_deployment(deploymentConfigName=LINEAR),
    ),
    Rule(
        says="a deployment that is over cannot be stopped",
        page=f"{API}/API_StopDeployment.html",
        operation="stop_deployment",
        code="DeploymentAlreadyCompletedException",
        given=_finished,
        refused=_of_number("over"),
        accepted=_of_number("number"),
    ),
    Rule(
        says="only a deployment that waits can be continued",
        page=f"{API}/API_ContinueDeployment.html",
        operation="continue_deployment",
        code="DeploymentIsNotInReadyStateException",
        given=_terminating,
        refused=_of_number(deploymentWaitType="READY_WAIT"),
        accepted=_of_number(deploymentWaitType="TERMINATION_WAIT"),
    ),
    Rule(
        says="the id of a deployment has a form",
        page=f"{API}/API_GetDeployment.html",
        operation="get_deployment",
        code="InvalidDeploymentIdException",
        given=_going_on,
        refused={"deploymentId": "e-0123ABCDE"},
        accepted=_of_number(),
    ),
    Rule(
        says="a deployment has the targets that it deploys to",
        page=f"{API}/API_GetDeploymentTarget.html",
        operation="get_deployment_target",
        code="DeploymentTargetDoesNotExistException",
        given=_going_on,
        refused=_of_number(targetId="c:site"),
        accepted=_of_number(targetId="c:web"),
    ),
    Rule(
        says="a hook succeeds or fails",
        page=f"{API}/API_PutLifecycleEventHookExecutionStatus.html",
        operation="put_lifecycle_event_hook_execution_status",
        code="InvalidLifecycleEventHookExecutionStatusException",
        given=_hook,
        refused=lambda world: {**world.given.asked, "status": "Skipped"},
        accepted=lambda world: {**world.given.asked, "status": "Succeeded"},
    ),
    Rule(
        says="a hook says once what came of it",
        page=f"{API}/API_PutLifecycleEventHookExecutionStatus.html",
        operation="put_lifecycle_event_hook_execution_status",
        code="LifecycleEventAlreadyCompletedException",
        given=_hook_that_agreed,
        refused=lambda world: {**world.given.over, "status": "Failed"},
        accepted=lambda world: {**world.given.asked, "status": "Failed"},
    ),
    Rule(
        says="a time range begins before it ends",
        page=f"{API}/API_ListDeployments.html",
        operation="list_deployments",
        code="InvalidTimeRangeException",
        refused={"createTimeRange": {"start": 1700000001, "end": 1700000000}},
        accepted={"createTimeRange": {"start": 1700000000, "end": 1700000001}},
    ),
    Rule(
        says="a key prefix of revisions needs a bucket",
        page=f"{API}/API_ListApplicationRevisions.html",
        operation="list_application_revisions",
        code="BucketNameFilterRequiredException",
        given=_application,
        refused={"applicationName": "shop", "s3KeyPrefix": "app/"},
        accepted={"applicationName": "shop", "s3KeyPrefix": "app/", "s3Bucket": "specs"},
    ),
    Rule(
        says="only applications and deployment groups have tags",
        page=f"{API}/API_TagResource.html",
        operation="tag_resource",
        code="ArnNotSupportedException",
        given=_application,
        refused={
            "ResourceArn": "arn:aws:codedeploy:eu-central-1:123456789012:instance:shop",
            "Tags": [{"Key": "a", "Value": "b"}],
        },
        accepted={
            "ResourceArn": "arn:aws:codedeploy:eu-central-1:123456789012:application:shop",
            "Tags": [{"Key": "a", "Value": "b"}],
        },
    ),
]
