# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ECS refuses of services that it does not deploy itself, and of their task sets."""

from tests.unit.sandbox.conftest import Fargate
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"
IN_CLUSTER = {"cluster": "c", "service": "web"}


def _fargate(world):
    fargate = Fargate(world.sandbox, world.vpc())
    fargate.definition()
    return fargate


def _external(world):
    fargate = _fargate(world)
    world.ecs.create_service(
        cluster="c", serviceName="web", desiredCount=1, deploymentController={"type": "EXTERNAL"}
    )  # fmt: skip
    return fargate


def _balanced(world):
    fargate = _fargate(world)
    _arn, group = fargate.balancer()
    fargate.balancers = [{"targetGroupArn": group, "containerName": "web", "containerPort": 80}]
    return fargate


def _code_deploy(world):
    fargate = _balanced(world)
    fargate.service(deploymentController={"type": "CODE_DEPLOY"}, loadBalancers=fargate.balancers)
    fargate.definition("nginx:2")
    return fargate


def _task_set(world, number=1):
    fargate = _external(world)
    fargate.sets = [world.ecs.create_task_set(**_new_set(fargate))["taskSet"]["id"] for _set in range(number)]
    return fargate


def _new_set(fargate, **settings):
    usual = {"taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": fargate.network}
    return IN_CLUSTER | usual | settings


def _new_service(fargate, kind, **settings):
    usual = {
        "cluster": "c", "serviceName": "web", "taskDefinition": "web", "launchType": "FARGATE", "desiredCount": 1,
        "networkConfiguration": fargate.network, "deploymentController": {"type": kind},
    }  # fmt: skip
    return usual | settings


def _both_kinds(world):
    fargate = _external(world)
    fargate.service(serviceName="rolling")
    return fargate


SERVICE = "ecs"
RULES = [
    Rule(
        says="a service with an external controller has no task definition of its own",
        page=f"{GUIDE}/deployment-type-external.html",
        operation="create_service",
        code="InvalidParameterException",
        given=_fargate,
        refused=lambda world: _new_service(world.given, "EXTERNAL"),
        accepted={"cluster": "c", "serviceName": "web", "deploymentController": {"type": "EXTERNAL"}},
    ),
    Rule(
        says="an external controller does not support the DAEMON strategy",
        page=f"{GUIDE}/deployment-type-external.html",
        operation="create_service",
        code="InvalidParameterException",
        given=_fargate,
        refused={
            "cluster": "c", "serviceName": "web", "deploymentController": {"type": "EXTERNAL"},
            "schedulingStrategy": "DAEMON",
        },
        accepted={
            "cluster": "c", "serviceName": "web", "deploymentController": {"type": "EXTERNAL"},
            "schedulingStrategy": "REPLICA",
        },
    ),
    Rule(
        says="a service that CodeDeploy deploys has a load balancer",
        page=f"{API}/API_CreateService.html",
        operation="create_service",
        code="InvalidParameterException",
        given=_balanced,
        refused=lambda world: _new_service(world.given, "CODE_DEPLOY"),
        accepted=lambda world: _new_service(world.given, "CODE_DEPLOY", loadBalancers=world.given.balancers),
    ),
    Rule(
        says="only ECS's own controller has a circuit breaker",
        page=f"{API}/API_DeploymentCircuitBreaker.html",
        operation="create_service",
        code="InvalidParameterException",
        given=_balanced,
        refused=lambda world: _new_service(
            world.given, "CODE_DEPLOY", loadBalancers=world.given.balancers,
            deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
        ),
        accepted=lambda world: _new_service(
            world.given, "CODE_DEPLOY", loadBalancers=world.given.balancers,
            deploymentConfiguration={"deploymentCircuitBreaker": {"enable": False, "rollback": False}},
        ),
    ),
    Rule(
        says="CodeDeploy, not UpdateService, changes the task definition of its services",
        page=f"{API}/API_UpdateService.html",
        operation="update_service",
        code="InvalidParameterException",
        given=_code_deploy,
        refused={**IN_CLUSTER, "taskDefinition": "web:2"},
        accepted={**IN_CLUSTER, "desiredCount": 3},
    ),
    Rule(
        says="CodeDeploy, not UpdateService, changes the network of its services",
        page=f"{API}/API_UpdateService.html",
        operation="update_service",
        code="InvalidParameterException",
        given=_code_deploy,
        refused=lambda world: {**IN_CLUSTER, "networkConfiguration": world.given.network},
        accepted={**IN_CLUSTER, "healthCheckGracePeriodSeconds": 30},
    ),
    Rule(
        says="CodeDeploy, not UpdateService, begins a deployment of its services",
        page=f"{API}/API_UpdateService.html",
        operation="update_service",
        code="InvalidParameterException",
        given=_code_deploy,
        refused={**IN_CLUSTER, "forceNewDeployment": True},
        accepted={**IN_CLUSTER, "propagateTags": "SERVICE"},
    ),
    Rule(
        says="a task set, not UpdateService, brings another task definition to a service with an external controller",
        page=f"{API}/API_UpdateService.html",
        operation="update_service",
        code="InvalidParameterException",
        given=_external,
        refused={**IN_CLUSTER, "taskDefinition": "web"},
        accepted={**IN_CLUSTER, "desiredCount": 2},
    ),
    Rule(
        says="a service that ECS deploys has no task sets",
        page=f"{API}/API_CreateTaskSet.html",
        operation="create_task_set",
        code="InvalidParameterException",
        given=_both_kinds,
        refused=lambda world: _new_set(world.given, service="rolling"),
        accepted=lambda world: _new_set(world.given),
    ),
    Rule(
        says="a task set has a task definition that exists",
        page=f"{API}/API_CreateTaskSet.html",
        operation="create_task_set",
        code="ClientException",
        given=_external,
        refused=lambda world: _new_set(world.given, taskDefinition="web:2"),
        accepted=lambda world: _new_set(world.given, taskDefinition="web:1"),
    ),
    Rule(
        says="a task set in awsvpc mode names its subnets",
        page=f"{API}/API_CreateTaskSet.html",
        operation="create_task_set",
        code="InvalidParameterException",
        given=_external,
        refused={**IN_CLUSTER, "taskDefinition": "web", "launchType": "FARGATE"},
        accepted=lambda world: _new_set(world.given),
    ),
    Rule(
        says="a task set has a launch type or a strategy, not both",
        page=f"{API}/API_CreateTaskSet.html",
        operation="create_task_set",
        code="InvalidParameterException",
        given=_external,
        refused=lambda world: _new_set(world.given, capacityProviderStrategy=[{"capacityProvider": "FARGATE"}]),
        accepted=lambda world: _new_set(world.given),
    ),
    Rule(
        says="a scale is a part of the desired count",
        page=f"{API}/API_Scale.html",
        operation="create_task_set",
        code="InvalidParameterException",
        given=_external,
        refused=lambda world: _new_set(world.given, scale={"value": 101, "unit": "PERCENT"}),
        accepted=lambda world: _new_set(world.given, scale={"value": 100, "unit": "PERCENT"}),
    ),
    Rule(
        says="a service has five task sets at most",
        page=f"{API}/API_CreateTaskSet.html",
        operation="create_task_set",
        code="InvalidParameterException",
        given=lambda world: _task_set(world, 5),
        refused=lambda world: _new_set(world.given),
        accepted=lambda world: _room(world) or _new_set(world.given),
    ),
    Rule(
        says="a task set that is named exists",
        page=f"{API}/API_UpdateTaskSet.html",
        operation="update_task_set",
        code="TaskSetNotFoundException",
        given=_task_set,
        refused={**IN_CLUSTER, "taskSet": "ecs-svc/1", "scale": {"value": 50, "unit": "PERCENT"}},
        accepted=lambda world: {
            **IN_CLUSTER, "taskSet": world.given.sets[0], "scale": {"value": 50, "unit": "PERCENT"}
        },
    ),
    Rule(
        says="a task set with tasks goes by force only",
        page=f"{API}/API_DeleteTaskSet.html",
        operation="delete_task_set",
        code="InvalidParameterException",
        given=_task_set,
        refused=lambda world: {**IN_CLUSTER, "taskSet": world.given.sets[0]},
        accepted=lambda world: {**IN_CLUSTER, "taskSet": world.given.sets[0], "force": True},
    ),
    Rule(
        says="the primary task set is one of the service's",
        page=f"{API}/API_UpdateServicePrimaryTaskSet.html",
        operation="update_service_primary_task_set",
        code="TaskSetNotFoundException",
        given=_task_set,
        refused={**IN_CLUSTER, "primaryTaskSet": "ecs-svc/1"},
        accepted=lambda world: {**IN_CLUSTER, "primaryTaskSet": world.given.sets[0]},
    ),
]  # fmt: skip


def _room(world):
    world.ecs.delete_task_set(**IN_CLUSTER, taskSet=world.given.sets[0], force=True)
