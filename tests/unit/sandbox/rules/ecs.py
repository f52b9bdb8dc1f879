# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ECS refuses of tasks and services."""

from tests.unit.sandbox.conftest import Fargate
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"
EXEC = f"{GUIDE}/ecs-exec.html"
INVALID, CLIENT = "InvalidParameterException", "ClientException"
REGISTRY = {"registryArn": "arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-1"}
SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
ON_FARGATE = [{"capacityProvider": "FARGATE", "weight": 1}]


def _fargate(world, **settings):
    fargate = Fargate(world.sandbox, world.vpc())
    fargate.arn = fargate.definition(**settings)
    return fargate


def _on_ec2(world):
    """A cluster with a task definition for EC2 and one for Fargate."""
    fargate = _fargate(world)
    fargate.definition(family="ec2", requiresCompatibilities=["EC2"])
    return fargate


def _running(world, **settings):
    """A service that has been deployed."""
    fargate = _fargate(world)
    fargate.service(**settings)
    fargate.look()
    return fargate


def _balanced(world):
    fargate = _fargate(world)
    _balancer, fargate.group = fargate.balancer()
    _other, fargate.unused = fargate.balancer("unused", listen=False)
    fargate.instances = fargate.elbv2.create_target_group(
        Name="instances", Protocol="HTTP", Port=80, VpcId=fargate.vpc
    )["TargetGroups"][0]["TargetGroupArn"]  # fmt: skip
    return fargate


def _grouped(world):
    """A cluster with six security groups in its VPC, and one in another VPC."""
    fargate = _fargate(world)
    vpcs = [*[fargate.vpc] * 6, world.vpc("10.1.0.0/16")]
    fargate.groups = [
        world.ec2.create_security_group(GroupName=f"g{number}", Description="d", VpcId=vpc)["GroupId"]
        for number, vpc in enumerate(vpcs)
    ]
    return fargate


def _in_groups(start, end):
    return lambda fargate: {
        "awsvpcConfiguration": {"subnets": fargate.subnets, "securityGroups": fargate.groups[start:end]}
    }


def _new(**settings):
    """The parameters of a service with those settings, as a function of the world."""
    usual = {"cluster": "c", "serviceName": "web", "taskDefinition": "web", "launchType": "FARGATE", "desiredCount": 1}

    def parameters(world):
        network = {"networkConfiguration": world.given.network}
        given = {name: value(world.given) if callable(value) else value for name, value in settings.items()}
        return {name: value for name, value in (usual | network | given).items() if value is not None}

    return parameters


def _task(**settings):
    """The parameters of a task, as a function of the world."""
    service = _new(serviceName=None, desiredCount=None, **settings)
    return service


def _behind(group="group", name="web", port=80):
    return lambda fargate: [{"targetGroupArn": getattr(fargate, group), "containerName": name, "containerPort": port}]


def _service(says, page, refused, accepted, given=_fargate, code=INVALID):
    return Rule(says=says, page=page, operation="create_service", code=code, given=given, refused=refused,
                accepted=accepted)  # fmt: skip


def _run(says, page, refused, accepted, given=_fargate, code=INVALID):
    return Rule(says=says, page=page, operation="run_task", code=code, given=given, refused=refused,
                accepted=accepted)  # fmt: skip


def _rule(says, page, operation, code, given, refused, accepted):
    return Rule(says=says, page=page, operation=operation, code=code, given=given, refused=refused, accepted=accepted)


SERVICE = "ecs"
TASKS = [
    _run("a task is on Fargate or on instances that are there", f"{API}/API_RunTask.html", _task(launchType="EC2"), _task()),
    _run("a task has a launch type or a strategy", f"{API}/API_RunTask.html",
         _task(capacityProviderStrategy=ON_FARGATE), _task()),
    _run("a task's definition fits Fargate", f"{GUIDE}/launch_types.html", _task(taskDefinition="ec2"), _task(),
         given=_on_ec2),
    _run("a task's definition exists", f"{API}/API_RunTask.html", _task(taskDefinition="other"), _task(), code=CLIENT),
    _run("a call runs ten tasks", f"{API}/API_RunTask.html", _task(count=11), _task(count=10)),
    _run("an awsvpc task says its network", f"{API}/API_RunTask.html", _task(networkConfiguration=None), _task()),
    _run("a task's subnets exist", f"{API}/API_AwsVpcConfiguration.html",
         _task(networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-0123456789abcdef0"]}}), _task()),
    _run("a task's security groups exist", f"{API}/API_AwsVpcConfiguration.html",
         _task(networkConfiguration=lambda fargate: {"awsvpcConfiguration": {
             "subnets": fargate.subnets, "securityGroups": ["sg-0123456789abcdef0"]}}), _task()),
    _run("a task has sixteen subnets", f"{API}/API_AwsVpcConfiguration.html",
         _task(networkConfiguration=lambda fargate: {"awsvpcConfiguration": {"subnets": fargate.subnets[:1] * 17}}),
         _task(networkConfiguration=lambda fargate: {"awsvpcConfiguration": {"subnets": fargate.subnets[:1] * 16}})),
    _run("a task has five security groups", f"{API}/API_AwsVpcConfiguration.html",
         _task(networkConfiguration=_in_groups(0, 6)),
         _task(networkConfiguration=_in_groups(0, 5)), given=_grouped),
    _run("a task is in one VPC", f"{API}/API_NetworkConfiguration.html",
         _task(networkConfiguration=_in_groups(5, 7)),
         _task(networkConfiguration=_in_groups(5, 6)), given=_grouped),
    _run("a platform version is known", f"{GUIDE}/platform-linux-fargate.html", _task(platformVersion="2.0.0"),
         _task(platformVersion="1.4.0"), code="PlatformUnknownException"),
    _run("an override is of a container of the task", f"{API}/API_ContainerOverride.html",
         _task(overrides={"containerOverrides": [{"name": "other", "command": ["x"]}]}),
         _task(overrides={"containerOverrides": [{"name": "web", "command": ["x"]}]})),
    _run("tags of a service are propagated to its tasks only", f"{API}/API_RunTask.html",
         _task(propagateTags="SERVICE"), _task(propagateTags="TASK_DEFINITION")),
    _run("sessions in a task need its role", EXEC, _task(enableExecuteCommand=True), _task(enableExecuteCommand=False)),
    _rule("sessions are in tasks that were started for them", EXEC, "execute_command", INVALID,
          lambda world: [
              world.sandbox.task_behaviour(seconds=600),
              fargate := _fargate(world, taskRoleArn="arn:aws:iam::123456789012:role/task"),
              fargate.run(), fargate.run(enableExecuteCommand=True),
          ],
          lambda world: {"cluster": "c", "task": world.given[2], "command": "sh", "interactive": True},
          lambda world: {"cluster": "c", "task": world.given[3], "command": "sh", "interactive": True}),
    _rule("a task that is stopped exists", f"{API}/API_StopTask.html", "stop_task", INVALID,
          lambda world: [world.sandbox.task_behaviour(seconds=600), _fargate(world).run()],
          lambda world: {"cluster": "c", "task": "0" * 32},
          lambda world: {"cluster": "c", "task": world.given[1]}),
    _rule("tasks are asked for by who started them alone", f"{API}/API_ListTasks.html", "list_tasks", INVALID, _fargate,
          {"cluster": "c", "startedBy": "me", "family": "web"}, {"cluster": "c", "startedBy": "me"}),
    _rule("a task is protected for two days", f"{API}/API_UpdateTaskProtection.html", "update_task_protection", INVALID,
          lambda world: [_running(world), world.ecs.list_tasks(cluster="c")["taskArns"]],
          lambda world: {"cluster": "c", "tasks": world.given[1], "protectionEnabled": True, "expiresInMinutes": 2881},
          lambda world: {"cluster": "c", "tasks": world.given[1], "protectionEnabled": True, "expiresInMinutes": 2880}),
]  # fmt: skip
SERVICES = [
    _service("a service's name has letters, digits, hyphens and underscores", f"{API}/API_CreateService.html",
             _new(serviceName="web.site"), _new(serviceName="web-site")),
    _service("a service's name is taken", f"{API}/API_CreateService.html", _new(desiredCount=2), _new(serviceName="web2"),
             given=_running),
    _service("a service's cluster exists", f"{API}/API_CreateService.html", _new(cluster="d"), _new(),
             code="ClusterNotFoundException"),
    _service("Fargate has no daemons", f"{GUIDE}/ecs_service-options.html",
             _new(schedulingStrategy="DAEMON", desiredCount=None), _new(schedulingStrategy="REPLICA")),
    _service("a service has one registry", f"{API}/API_CreateService.html",
             _new(serviceRegistries=[REGISTRY, {**REGISTRY, "registryArn": f"{REGISTRY['registryArn']}2"}]),
             _new(serviceRegistries=[REGISTRY])),
    _service("a service has a launch type or a strategy", f"{API}/API_CreateService.html",
             _new(capacityProviderStrategy=ON_FARGATE), _new()),
    _service("a service's strategy has the cluster's providers", f"{API}/API_CreateService.html",
             _new(launchType=None, capacityProviderStrategy=SPOT), _new()),
    _service("a service's definition is active", f"{API}/API_CreateService.html", _new(taskDefinition="web:1"), _new(),
             code=CLIENT,
             given=lambda world: [fargate := _fargate(world), fargate.definition(),
                                  world.ecs.deregister_task_definition(taskDefinition="web:1")][0]),
    _service("a service's target group exists", f"{API}/API_LoadBalancer.html",
             _new(loadBalancers=lambda fargate: [{**_behind()(fargate)[0], "targetGroupArn": f"{fargate.group}0"}]),
             _new(loadBalancers=_behind()), given=_balanced),
    _service("a service's target group has a load balancer", f"{API}/API_LoadBalancer.html",
             _new(loadBalancers=_behind("unused")), _new(loadBalancers=_behind()), given=_balanced),
    _service("targets of tasks are IP addresses", f"{GUIDE}/alb.html",
             _new(loadBalancers=_behind("instances")), _new(loadBalancers=_behind()), given=_balanced),
    _service("a load balancer leads to a container of the task", f"{API}/API_LoadBalancer.html",
             _new(loadBalancers=_behind(name="other")), _new(loadBalancers=_behind()), given=_balanced),
    _service("a load balancer leads to a port of the container", f"{API}/API_LoadBalancer.html",
             _new(loadBalancers=_behind(port=81)), _new(loadBalancers=_behind()), given=_balanced),
    _service("a deployment may stop tasks or start some", f"{API}/API_DeploymentConfiguration.html",
             _new(deploymentConfiguration={"minimumHealthyPercent": 100, "maximumPercent": 100}),
             _new(deploymentConfiguration={"minimumHealthyPercent": 50, "maximumPercent": 100})),
    _service("rebalancing needs room for more tasks", f"{GUIDE}/service-rebalancing.html",
             _new(availabilityZoneRebalancing="ENABLED",
                  deploymentConfiguration={"minimumHealthyPercent": 50, "maximumPercent": 100}),
             _new(availabilityZoneRebalancing="ENABLED",
                  deploymentConfiguration={"minimumHealthyPercent": 50, "maximumPercent": 101})),
    _service("alarms that stop a deployment exist", f"{GUIDE}/deployment-alarm-failure.html",
             _new(deploymentConfiguration={"alarms": {"alarmNames": ["a"], "enable": True, "rollback": True}}),
             _new(deploymentConfiguration={"alarms": {"alarmNames": ["a"], "enable": False, "rollback": True}})),
    _service("sessions in tasks of a service need their role", EXEC, _new(enableExecuteCommand=True), _new()),
    _rule("a service that is changed exists", f"{API}/API_UpdateService.html", "update_service",
          "ServiceNotFoundException", _running, {"cluster": "c", "service": "other", "desiredCount": 1},
          {"cluster": "c", "service": "web", "desiredCount": 1}),
    _rule("a service that is changed is active", f"{API}/API_UpdateService.html", "update_service",
          "ServiceNotActiveException",
          lambda world: [fargate := _fargate(world), fargate.service(serviceName="old"),
                         world.ecs.delete_service(cluster="c", service="old", force=True), fargate.service()],
          {"cluster": "c", "service": "old", "desiredCount": 1}, {"cluster": "c", "service": "web", "desiredCount": 1}),
    _rule("a service with tasks goes by force only", f"{API}/API_DeleteService.html", "delete_service", INVALID, _running,
          {"cluster": "c", "service": "web"}, {"cluster": "c", "service": "web", "force": True}),
    _rule("ten services are described at once", f"{API}/API_DescribeServices.html", "describe_services", INVALID,
          _fargate, {"cluster": "c", "services": [f"s{number}" for number in range(11)]},
          {"cluster": "c", "services": [f"s{number}" for number in range(10)]}),
]  # fmt: skip
RULES = [*TASKS, *SERVICES]
