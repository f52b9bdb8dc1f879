# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ECS refuses in task definitions."""

from tests.unit.sandbox.conftest import Fargate
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"
FARGATE = f"{GUIDE}/fargate-tasks-services.html"
PARAMETERS = f"{GUIDE}/task_definition_parameters.html"
CLIENT = "ClientException"
EXECUTION = "arn:aws:iam::123456789012:role/execution"
SECRET = {"name": "KEY", "valueFrom": "arn:aws:ssm:eu-central-1:123456789012:parameter/key"}


def _fargate(world, **settings):
    fargate = Fargate(world.sandbox, world.vpc())
    fargate.arn = fargate.definition(**settings)
    return fargate


def _definition(container=None, **settings):
    """The parameters of a task definition, but for what is None."""
    usual = {
        "family": "web", "cpu": "256", "memory": "512", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]
    }  # fmt: skip
    containers = container if isinstance(container, list) else [{"name": "web", "image": "nginx", **(container or {})}]
    given = usual | {"containerDefinitions": containers} | settings
    return {name: value for name, value in given.items() if value is not None}


def _register(says, page, refused, accepted):
    return Rule(says=says, page=page, operation="register_task_definition", code=CLIENT, refused=_definition(**refused),
                accepted=_definition(**accepted))  # fmt: skip


def _rule(says, page, operation, code, given, refused, accepted):
    return Rule(says=says, page=page, operation=operation, code=code, given=given, refused=refused, accepted=accepted)


SERVICE = "ecs"
RULES = [
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
    _register("a task has ten containers", f"{GUIDE}/service-quotas.html",
              {"container": [{"name": f"c{number}", "image": "x"} for number in range(11)]},
              {"container": [{"name": f"c{number}", "image": "x"} for number in range(10)]}),
    _register("containers with own interfaces have no links", f"{API}/API_ContainerDefinition.html",
              {"container": {"links": ["other"]}}, {"container": {"links": []}}),
    _register("containers with own interfaces have no hosts of their own", f"{API}/API_ContainerDefinition.html",
              {"container": {"extraHosts": [{"hostname": "h", "ipAddress": "10.0.0.1"}]}}, {"container": {}}),
    _register("containers with own interfaces have no host name", f"{API}/API_ContainerDefinition.html",
              {"container": {"hostname": "h"}}, {"container": {}}),
    _register("Fargate logs by three drivers", f"{API}/API_LogConfiguration.html",
              {"container": {"logConfiguration": {"logDriver": "json-file"}}},
              {"container": {"logConfiguration": {"logDriver": "splunk"}}}),
    _register("Fargate stops containers within two minutes", f"{API}/API_ContainerDefinition.html",
              {"container": {"stopTimeout": 121}}, {"container": {"stopTimeout": 120}}),
    _register("Fargate shares the processes of a task only", f"{API}/API_RegisterTaskDefinition.html",
              {"pidMode": "host"}, {"pidMode": "task"}),
    _register("Fargate places tasks where it wants", FARGATE,
              {"placementConstraints": [{"type": "memberOf", "expression": "attribute:a == b"}]},
              {"placementConstraints": []}),
    _register("Fargate has no Docker volumes", f"{API}/API_Volume.html",
              {"volumes": [{"name": "v", "dockerVolumeConfiguration": {"scope": "task"}}]}, {"volumes": [{"name": "v"}]}),
    _register("Fargate has no GPUs", FARGATE,
              {"container": {"resourceRequirements": [{"type": "GPU", "value": "1"}]}},
              {"container": {"resourceRequirements": []}}),
    _rule("a revision is deregistered by its number", f"{API}/API_DeregisterTaskDefinition.html",
          "deregister_task_definition", CLIENT, _fargate, {"taskDefinition": "web"}, {"taskDefinition": "web:1"}),
    _rule("a revision is deregistered once", f"{API}/API_DeregisterTaskDefinition.html", "deregister_task_definition",
          CLIENT, lambda world: [_fargate(world).definition(), world.ecs.deregister_task_definition(taskDefinition="web:1")],
          {"taskDefinition": "web:1"}, {"taskDefinition": "web:2"}),
]  # fmt: skip
