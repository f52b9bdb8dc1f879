# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ECS refuses of blue/green, linear and canary deployments."""

from tests.unit.sandbox.conftest import Fargate
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"
RESOURCES = f"{GUIDE}/alb-resources-for-blue-green.html"
HOOK = f"{API}/API_DeploymentLifecycleHook.html"
ROLE = "arn:aws:iam::123456789012:role/balancer"
FUNCTION = {"hookTargetArn": "arn:aws:lambda:eu-central-1:123456789012:function:f", "roleArn": ROLE}
PAUSE = {"targetType": "PAUSE", "lifecycleStages": ["POST_SCALE_UP"]}


def _site(world):
    """A load balancer with two listeners, two target groups and what a service's settings are made of."""
    fargate = Fargate(world.sandbox, world.vpc())
    fargate.definition()
    balancer, fargate.blue = fargate.balancer()
    _other, fargate.green = fargate.balancer("green", listen=False)
    action = {"Type": "forward", "TargetGroupArn": fargate.blue}
    world.elbv2.create_listener(LoadBalancerArn=balancer, Protocol="HTTP", Port=8080, DefaultActions=[action])
    listeners = world.elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    production, test = (
        world.elbv2.describe_rules(ListenerArn=item["ListenerArn"])["Rules"][0]["RuleArn"] for item in listeners
    )
    fargate.advanced = {
        "alternateTargetGroupArn": fargate.green, "productionListenerRule": production, "testListenerRule": test,
        "roleArn": ROLE,
    }  # fmt: skip
    return fargate


def _new(deployment=None, advanced=None, **settings):
    """The parameters of a service that is deployed so, as a function of the world; what is None is left out."""

    def parameters(world):
        site = world.given
        changes = advanced(site) if callable(advanced) else advanced or {}
        with_changes = {name: value for name, value in {**site.advanced, **changes}.items() if value}
        behind = {"targetGroupArn": site.blue, "containerName": "web", "containerPort": 80}
        if advanced is not False:
            behind["advancedConfiguration"] = with_changes
        return {
            "cluster": "c", "serviceName": "web", "taskDefinition": "web", "launchType": "FARGATE", "desiredCount": 1,
            "networkConfiguration": site.network, "loadBalancers": [behind],
            "deploymentConfiguration": {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5, **(deployment or {})},
            **settings,
        }  # fmt: skip

    return parameters


def _linear(**settings):
    return _new({"strategy": "LINEAR", "linearConfiguration": settings})


def _canary(**settings):
    return _new({"strategy": "CANARY", "canaryConfiguration": settings})


def _hooks(*hooks):
    return _new({"lifecycleHooks": list(hooks)})


def _rule(says, page, refused, accepted):
    return Rule(says=says, page=page, operation="create_service", code="InvalidParameterException", given=_site,
                refused=refused, accepted=accepted)  # fmt: skip


def _waiting(world):
    """A service with the ARNs of its first deployment, which is done, and of its last one, which waits for a caller."""
    world.given = site = _site(world)
    world.ecs.create_service(**_hooks(PAUSE)(world))
    world.ecs.describe_services(cluster="c", services=["web"])
    site.definition("nginx:2")
    world.ecs.update_service(cluster="c", service="web", taskDefinition="web")
    found = world.ecs.list_service_deployments(cluster="c", service="web")["serviceDeployments"]
    site.done, site.last = found[-1]["serviceDeploymentArn"], found[0]["serviceDeploymentArn"]
    return site


def _hook(world):
    found = world.ecs.describe_service_deployments(serviceDeploymentArns=[world.given.last])["serviceDeployments"][0]
    return {"serviceDeploymentArn": world.given.last, "hookId": found["lifecycleHookDetails"][0]["hookId"]}


SERVICE = "ecs"
RULES = [
    _rule("a shift of traffic needs advancedConfiguration", RESOURCES, _new(advanced=False), _new()),
    _rule("a shift of traffic needs an alternate target group", RESOURCES,
          _new(advanced={"alternateTargetGroupArn": None}), _new()),
    _rule("a shift of traffic needs a production listener rule", RESOURCES,
          _new(advanced={"productionListenerRule": None}), _new(advanced={"testListenerRule": None})),
    _rule("a shift of traffic needs a role", f"{GUIDE}/AmazonECSInfrastructureRolePolicyForLoadBalancers.html",
          _new(advanced={"roleArn": None}), _new()),
    _rule("the alternate target group is another one", RESOURCES,
          _new(advanced=lambda site: {"alternateTargetGroupArn": site.blue}), _new()),
    _rule("the alternate target group exists", RESOURCES,
          _new(advanced=lambda site: {"alternateTargetGroupArn": f"{site.green}0"}), _new()),
    _rule("the production listener rule exists", f"{API}/API_AdvancedConfiguration.html",
          _new(advanced=lambda site: {"productionListenerRule": f"{site.advanced['productionListenerRule']}0"}), _new()),
    _rule("the test listener rule exists", f"{API}/API_AdvancedConfiguration.html",
          _new(advanced=lambda site: {"testListenerRule": f"{site.advanced['testListenerRule']}0"}), _new()),
    _rule("CodeDeploy has no strategies of ECS's", f"{API}/API_CanaryConfiguration.html",
          _new(deploymentController={"type": "CODE_DEPLOY"}), _new(deploymentController={"type": "ECS"})),
    _rule("steps are for linear deployments", f"{API}/API_LinearConfiguration.html",
          _new({"linearConfiguration": {"stepPercent": 10.0}}), _linear(stepPercent=10.0)),
    _rule("a linear step is at least three percent", f"{API}/API_LinearConfiguration.html",
          _linear(stepPercent=2.9), _linear(stepPercent=3.0)),
    _rule("a linear step bakes for a day", f"{API}/API_LinearConfiguration.html",
          _linear(stepBakeTimeInMinutes=1441), _linear(stepBakeTimeInMinutes=1440)),
    _rule("canaries are for canary deployments", f"{API}/API_CanaryConfiguration.html",
          _new({"canaryConfiguration": {"canaryPercent": 10.0}}), _canary(canaryPercent=10.0)),
    _rule("a canary is some traffic", f"{API}/API_CanaryConfiguration.html",
          _canary(canaryPercent=0.0), _canary(canaryPercent=0.1)),
    _rule("a canary is counted in tenths of a percent", f"{API}/API_CanaryConfiguration.html",
          _canary(canaryPercent=5.25), _canary(canaryPercent=5.2)),
    _rule("a canary bakes for a day", f"{API}/API_CanaryConfiguration.html",
          _canary(canaryBakeTimeInMinutes=1441), _canary(canaryBakeTimeInMinutes=1440)),
    _rule("a hook is a function", HOOK, _hooks({"roleArn": ROLE, "lifecycleStages": ["POST_SCALE_UP"]}),
          _hooks({**FUNCTION, "lifecycleStages": ["POST_SCALE_UP"]})),
    _rule("a function is called by a role", HOOK,
          _hooks({"hookTargetArn": FUNCTION["hookTargetArn"], "lifecycleStages": ["POST_SCALE_UP"]}),
          _hooks({**FUNCTION, "lifecycleStages": ["POST_SCALE_UP"]})),
    _rule("a pause calls nothing", HOOK, _hooks({**FUNCTION, **PAUSE}), _hooks(PAUSE)),
    Rule(
        says="a deployment that is stopped goes on",
        page=f"{API}/API_StopServiceDeployment.html",
        operation="stop_service_deployment",
        code="ConflictException",
        given=_waiting,
        refused=lambda world: {"serviceDeploymentArn": world.given.done},
        accepted=lambda world: {"serviceDeploymentArn": world.given.last},
    ),
    Rule(
        says="a deployment that is stopped exists",
        page=f"{API}/API_StopServiceDeployment.html",
        operation="stop_service_deployment",
        code="ServiceDeploymentNotFoundException",
        given=_waiting,
        refused=lambda world: {"serviceDeploymentArn": f"{world.given.last}0"},
        accepted=lambda world: {"serviceDeploymentArn": world.given.last},
    ),
    Rule(
        says="a pause that is ended is there",
        page=f"{GUIDE}/deployment-lifecycle-hooks.html",
        operation="continue_service_deployment",
        code="InvalidParameterException",
        given=_waiting,
        refused=lambda world: {**_hook(world), "hookId": "0"},
        accepted=_hook,
    ),
]  # fmt: skip
