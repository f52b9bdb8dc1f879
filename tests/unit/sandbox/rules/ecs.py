# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ECS refuses of clusters, task definitions, tasks and services."""

from tests.unit.sandbox.conftest import Fargate
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"
EXEC = f"{GUIDE}/ecs-exec.html"
FARGATE = f"{GUIDE}/fargate-tasks-services.html"
PARAMETERS = f"{GUIDE}/task_definition_parameters.html"
INVALID, CLIENT = "InvalidParameterException", "ClientException"
EXECUTION = "arn:aws:iam::123456789012:role/execution"
SECRET = {"name": "KEY", "valueFrom": "arn:aws:ssm:eu-central-1:123456789012:parameter/key"}
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


def _cluster(world):
    return world.ecs.create_cluster(clusterName="c", capacityProviders=["FARGATE"])


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


def _definition(container=None, **settings):
    """The parameters of a task definition, but for what is None."""
    usual = {
        "family": "web", "cpu": "256", "memory": "512", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]
    }  # fmt: skip
    containers = container if isinstance(container, list) else [{"name": "web", "image": "nginx", **(container or {})}]
    given = usual | {"containerDefinitions": containers} | settings
    return {name: value for name, value in given.items() if value is not None}


def _service(says, page, refused, accepted, given=_fargate, code=INVALID):
    return Rule(says=says, page=page, operation="create_service", code=code, given=given, refused=refused,
                accepted=accepted)  # fmt: skip


def _run(says, page, refused, accepted, given=_fargate, code=INVALID):
    return Rule(says=says, page=page, operation="run_task", code=code, given=given, refused=refused,
                accepted=accepted)  # fmt: skip


def _register(says, page, refused, accepted):
    return Rule(says=says, page=page, operation="register_task_definition", code=CLIENT, refused=_definition(**refused),
                accepted=_definition(**accepted))  # fmt: skip


def _rule(says, page, operation, code, given, refused, accepted):
    return Rule(says=says, page=page, operation=operation, code=code, given=given, refused=refused, accepted=accepted)


SERVICE = "ecs"
DEFINITIONS = [
    _register("Fargate has certain sizes", FARGATE, {"memory": "4096"}, {"memory": "2048"}),
    _register("Fargate wants the CPU of the task", FARGATE, {"cpu": None}, {"cpu": "256"}),
    _register("Fargate wants the memory of the task", FARGATE, {"memory": None}, {"memory": "512"}),
    _register("Fargate tasks have an own network interface", FARGATE, {"networkMode": "bridge"}, {}),
    _register("Fargate has no privileged containers", FARGATE,
              {"container": {"privileged": True}}, {"container": {"privileged": False}}),
    _register("Fargate adds one capability only", f"{API}/API_KernelCapabilities.html",
              {"container": {"linuxParameters": {"capabilities": {"add": ["NET_ADMIN"]}}}},
              {"container": {"linuxParameters": {"capabilities": {"add": ["SYS_PTRACE"]}}}}),
    _register("Fargate has no shared memory to size", f"{API}/API_LinuxParameters.html",
              {"container": {"linuxParameters": {"sharedMemorySize": 64}}},
              {"container": {"linuxParameters": {"initProcessEnabled": True}}}),
    _register("ephemeral storage begins at 21 GiB", f"{API}/API_EphemeralStorage.html",
              {"ephemeralStorage": {"sizeInGiB": 20}}, {"ephemeralStorage": {"sizeInGiB": 21}}),
    _register("containers share the CPU of their task", PARAMETERS,
              {"container": {"cpu": 257}}, {"container": {"cpu": 256}}),
    _register("a container's memory fits into its task", PARAMETERS,
              {"container": {"memory": 513}}, {"container": {"memory": 512}}),
    _register("a family's name has letters, digits, hyphens and underscores", PARAMETERS,
              {"family": "web.site"}, {"family": "web-site"}),
    _register("a task has an essential container", f"{API}/API_ContainerDefinition.html",
              {"container": {"essential": False}}, {"container": {"essential": True}}),
    _register("containers' names differ", f"{API}/API_ContainerDefinition.html",
              {"container": [{"name": "a", "image": "nginx"}, {"name": "a", "image": "nginx"}]},
              {"container": [{"name": "a", "image": "nginx"}, {"name": "b", "image": "nginx"}]}),
    _register("ports of the host are those of the container", f"{API}/API_PortMapping.html",
              {"container": {"portMappings": [{"containerPort": 80, "hostPort": 8080}]}},
              {"container": {"portMappings": [{"containerPort": 80, "hostPort": 80}]}}),
    _register("a mounted volume is one of the task's", f"{API}/API_MountPoint.html",
              {"container": {"mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp"}]}},
              {"container": {"mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp"}]},
               "volumes": [{"name": "tmp"}]}),
    _register("a secret is no variable", f"{GUIDE}/secrets-envvar.html",
              {"container": {"secrets": [SECRET], "environment": [{"name": "KEY", "value": "x"}]},
               "executionRoleArn": EXECUTION},
              {"container": {"secrets": [SECRET], "environment": [{"name": "OTHER", "value": "x"}]},
               "executionRoleArn": EXECUTION}),
    _register("secrets are read by an execution role", f"{GUIDE}/task_execution_IAM_role.html",
              {"container": {"secrets": [SECRET]}},
              {"container": {"secrets": [SECRET]}, "executionRoleArn": EXECUTION}),
    _register("logs are written by an execution role", f"{GUIDE}/task_execution_IAM_role.html",
              {"container": {"logConfiguration": {"logDriver": "awslogs"}}},
              {"container": {"logConfiguration": {"logDriver": "awslogs"}}, "executionRoleArn": EXECUTION}),
    _register("images of ECR are pulled by an execution role", f"{GUIDE}/task_execution_IAM_role.html",
              {"container": {"image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:1"}},
              {"container": {"image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:1"},
               "executionRoleArn": EXECUTION}),
    _register("a health check has up to ten retries", f"{API}/API_HealthCheck.html",
              {"container": {"healthCheck": {"command": ["CMD", "true"], "retries": 11}}},
              {"container": {"healthCheck": {"command": ["CMD", "true"], "retries": 10}}}),
    _register("a container depends on another one of the task", f"{API}/API_ContainerDependency.html",
              {"container": [{"name": "a", "image": "x", "dependsOn": [{"containerName": "c", "condition": "START"}]},
                             {"name": "b", "image": "x"}]},
              {"container": [{"name": "a", "image": "x", "dependsOn": [{"containerName": "b", "condition": "START"}]},
                             {"name": "b", "image": "x"}]}),
    _register("what is to end is not essential", f"{API}/API_ContainerDependency.html",
              {"container": [{"name": "a", "image": "x", "dependsOn": [{"containerName": "b", "condition": "SUCCESS"}]},
                             {"name": "b", "image": "x"}]},
              {"container": [{"name": "a", "image": "x", "dependsOn": [{"containerName": "b", "condition": "SUCCESS"}]},
                             {"name": "b", "image": "x", "essential": False}]}),
    _register("what is to be healthy has a health check", f"{API}/API_ContainerDependency.html",
              {"container": [{"name": "a", "image": "x", "dependsOn": [{"containerName": "b", "condition": "HEALTHY"}]},
                             {"name": "b", "image": "x"}]},
              {"container": [{"name": "a", "image": "x", "dependsOn": [{"containerName": "b", "condition": "HEALTHY"}]},
                             {"name": "b", "image": "x", "healthCheck": {"command": ["CMD", "true"]}}]}),
    _rule("a revision is deregistered by its number", f"{API}/API_DeregisterTaskDefinition.html",
          "deregister_task_definition", CLIENT, _fargate, {"taskDefinition": "web"}, {"taskDefinition": "web:1"}),
    _rule("a revision is deregistered once", f"{API}/API_DeregisterTaskDefinition.html", "deregister_task_definition",
          CLIENT, lambda world: [_fargate(world).definition(), world.ecs.deregister_task_definition(taskDefinition="web:1")],
          {"taskDefinition": "web:1"}, {"taskDefinition": "web:2"}),
]  # fmt: skip
CLUSTERS = [
    _rule("a strategy has the cluster's providers", f"{API}/API_PutClusterCapacityProviders.html",
          "put_cluster_capacity_providers", INVALID, _cluster,
          {"cluster": "c", "capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": SPOT},
          {"cluster": "c", "capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": ON_FARGATE}),
    _rule("a cluster's providers exist", f"{API}/API_CreateCluster.html", "create_cluster", INVALID, lambda world: None,
          {"clusterName": "c", "capacityProviders": ["FARGATE_ONDEMAND"]},
          {"clusterName": "c", "capacityProviders": ["FARGATE"]}),
    _rule("a provider in use stays", f"{API}/API_PutClusterCapacityProviders.html", "put_cluster_capacity_providers",
          "ResourceInUseException",
          lambda world: [
              fargate := _fargate(world),
              world.ecs.put_cluster_capacity_providers(
                  cluster="c", capacityProviders=["FARGATE", "FARGATE_SPOT"], defaultCapacityProviderStrategy=[]
              ),
              world.ecs.create_service(cluster="c", serviceName="web", taskDefinition="web", desiredCount=1,
                                       capacityProviderStrategy=SPOT, networkConfiguration=fargate.network),
          ],
          {"cluster": "c", "capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": []},
          {"cluster": "c", "capacityProviders": ["FARGATE_SPOT"], "defaultCapacityProviderStrategy": []}),
    _rule("a cluster's setting has a known value", f"{API}/API_ClusterSetting.html", "update_cluster_settings", INVALID,
          _cluster, {"cluster": "c", "settings": [{"name": "containerInsights", "value": "on"}]},
          {"cluster": "c", "settings": [{"name": "containerInsights", "value": "enhanced"}]}),
    _rule("logs of commands that override say where they go", f"{API}/API_ExecuteCommandConfiguration.html",
          "create_cluster", INVALID, lambda world: None,
          {"clusterName": "c", "configuration": {"executeCommandConfiguration": {"logging": "OVERRIDE"}}},
          {"clusterName": "c", "configuration": {"executeCommandConfiguration": {
              "logging": "OVERRIDE", "logConfiguration": {"cloudWatchLogGroupName": "/exec"}}}}),
    _rule("a cluster with services stays", f"{API}/API_DeleteCluster.html", "delete_cluster",
          "ClusterContainsServicesException", lambda world: [_running(world), world.ecs.create_cluster(clusterName="d")],
          {"cluster": "c"}, {"cluster": "d"}),
    _rule("a cluster with tasks stays", f"{API}/API_DeleteCluster.html", "delete_cluster",
          "ClusterContainsTasksException",
          lambda world: [world.sandbox.task_behaviour(seconds=600), _fargate(world).run(),
                         world.ecs.create_cluster(clusterName="d")],
          {"cluster": "c"}, {"cluster": "d"}),
    _rule("a cluster that is changed exists", f"{API}/API_UpdateCluster.html", "update_cluster",
          "ClusterNotFoundException", _cluster, {"cluster": "d"}, {"cluster": "c"}),
    _rule("an account setting has a known value", f"{API}/API_PutAccountSettingDefault.html",
          "put_account_setting_default", INVALID, lambda world: None,
          {"name": "fargateTaskRetirementWaitPeriod", "value": "10"},
          {"name": "fargateTaskRetirementWaitPeriod", "value": "14"}),
    _rule("Fargate's providers stay", f"{API}/API_DeleteCapacityProvider.html", "delete_capacity_provider", INVALID,
          lambda world: _group_provider(world), {"capacityProvider": "FARGATE"}, {"capacityProvider": "p"}),
    _rule("a provider of a cluster stays", f"{API}/API_DeleteCapacityProvider.html", "delete_capacity_provider", CLIENT,
          lambda world: [_group_provider(world), _group_provider(world, "q"),
                         world.ecs.create_cluster(clusterName="c", capacityProviders=["p"])],
          {"capacityProvider": "p"}, {"capacityProvider": "q"}),
    _rule("a provider's name begins with no name of AWS's", f"{API}/API_CreateCapacityProvider.html",
          "create_capacity_provider", INVALID, lambda world: _group(world),
          lambda world: {"name": "ecs-p", "autoScalingGroupProvider": {"autoScalingGroupArn": world.given}},
          lambda world: {"name": "p", "autoScalingGroupProvider": {"autoScalingGroupArn": world.given}}),
    _rule("a provider's group exists", f"{API}/API_AutoScalingGroupProvider.html", "create_capacity_provider", CLIENT,
          lambda world: _group(world),
          lambda world: {"name": "p", "autoScalingGroupProvider": {"autoScalingGroupArn": f"{world.given}x"}},
          lambda world: {"name": "p", "autoScalingGroupProvider": {"autoScalingGroupArn": world.given}}),
    _rule("termination is protected where scaling is managed", f"{API}/API_AutoScalingGroupProvider.html",
          "update_capacity_provider", INVALID, lambda world: _group_provider(world),
          {"name": "p", "autoScalingGroupProvider": {"managedTerminationProtection": "ENABLED"}},
          {"name": "p", "autoScalingGroupProvider": {
              "managedTerminationProtection": "ENABLED", "managedScaling": {"status": "ENABLED"}}}),
]  # fmt: skip


def _group(world):
    """The ARN of a new Auto Scaling group."""
    image = world.ec2.describe_images()["Images"][0]["ImageId"]
    scaling = world.autoscaling
    scaling.create_launch_configuration(LaunchConfigurationName="l", ImageId=image, InstanceType="t3.micro")
    scaling.create_auto_scaling_group(AutoScalingGroupName="g", LaunchConfigurationName="l", MinSize=0, MaxSize=1,
                                      VPCZoneIdentifier=world.subnets()[0])  # fmt: skip
    return scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["AutoScalingGroupARN"]


def _group_provider(world, name="p"):
    known = world.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    arn = known[0]["AutoScalingGroupARN"] if known else _group(world)
    world.ecs.create_capacity_provider(name=name, autoScalingGroupProvider={"autoScalingGroupArn": arn})


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
RULES = [*DEFINITIONS, *CLUSTERS, *TASKS, *SERVICES]
