# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows: cluster, service, task definition, autoscaling, scheduled export."""

import json

from sandbox.client import ACCOUNT
from tests.integration.harness import REGION

from .dougust import listed

SECRETS = {"DATABASE_URL": "database-url", "JWT_SECRET": "jwt-secret", "JWT_REFRESH_SECRET": "jwt-refresh-secret"}
ENVIRONMENT = {
    "NODE_ENV": "production",
    "PORT": "3000",
    "JWT_ACCESS_TOKEN_TTL": "15m",
    "JWT_REFRESH_TOKEN_TTL": "30d",
    "TENANT_ID": "dougust",
    "DATABASE_POOL_MIN": "10",
    "DATABASE_POOL_MAX": "20",
}


def cluster(dougust):
    assert dougust.one("ecs/cluster")["settings"] == [{"name": "containerInsights", "value": "enabled"}]


def service(dougust):
    found, expected = dougust.one("ecs/service", "api"), dougust.expected
    assert (found["launchType"], found["desiredCount"]) == ("FARGATE", expected.tasks)
    network = found["networkConfiguration"]["awsvpcConfiguration"]
    assert set(network["subnets"]) == dougust.subnets("private")
    assert (network["securityGroups"], network["assignPublicIp"]) == ([dougust.group("app")], "DISABLED")
    breaker = found["deploymentConfiguration"]["deploymentCircuitBreaker"]
    assert (breaker["enable"], breaker["rollback"]) == (True, True)
    assert found["deploymentConfiguration"]["minimumHealthyPercent"] == 100
    (balancer,) = found["loadBalancers"]
    assert (balancer["containerName"], balancer["containerPort"]) == ("api", 3000)
    assert balancer["targetGroupArn"] == dougust.one("elbv2/target-group", "api")["TargetGroupArn"]
    assert found["enableExecuteCommand"] is False


def tasks(dougust):
    (described,) = dougust.client("ecs").describe_services(cluster=dougust.host, services=[f"{dougust.host}-api"])[
        "services"
    ]
    (deployment,) = described["deployments"]
    assert (deployment["rolloutState"], described["runningCount"]) == ("COMPLETED", dougust.expected.tasks)
    assert len(dougust.account.snapshot["ecs/task"]) == dougust.expected.tasks


def task_definition(dougust):
    found, expected = dougust.one("ecs/task-definition", "api"), dougust.expected
    assert (found["cpu"], found["memory"], found["networkMode"]) == (expected.cpu, expected.memory, "awsvpc")
    assert found["requiresCompatibilities"] == ["FARGATE"]
    assert found["executionRoleArn"] == dougust.one("iam/role", "api-execution")["Arn"]
    assert found["taskRoleArn"] == dougust.one("iam/role", "api-task")["Arn"]
    for container in found["containerDefinitions"]:
        options = container["logConfiguration"]["options"]
        assert container["logConfiguration"]["logDriver"] == "awslogs" and options["awslogs-region"] == REGION
        assert options["awslogs-group"] == f"/ecs/{dougust.host}/api"
        assert container["readonlyRootFilesystem"] is True
        assert "latest" not in container["image"] and ":" in container["image"]


def container(dougust):
    (found,) = (
        container
        for container in dougust.one("ecs/task-definition", "api")["containerDefinitions"]
        if container["name"] == "api"
    )
    assert found["essential"] is True and found["user"] not in ("", "0", "root")
    assert [port["containerPort"] for port in found["portMappings"]] == [3000]
    host = dougust.expected.domain or dougust.one("elbv2/load-balancer")["DNSName"]
    url = f"{'https' if dougust.https else 'http'}://{host}"
    variables = {one["name"]: one["value"] for one in found["environment"]}
    assert variables == ENVIRONMENT | {"NEXT_PUBLIC_API_URL": url}
    secrets = {one["name"]: one["valueFrom"] for one in found["secrets"]}
    assert secrets == {variable: dougust.secret(name) for variable, name in SECRETS.items()}
    assert [mount["containerPath"] for mount in found["mountPoints"]] == ["/tmp"]


def roles_of_tasks(dougust):
    """The agent reads these secrets and images, and writes this log; the API itself may do nothing."""
    assert dougust.one("iam/role", "api-task")["Inline"] == {}
    execution = dougust.one("iam/role", "api-execution")
    (policy,) = execution["Inline"].values()
    resources = {}
    for statement in policy["Statement"]:
        for action in listed(statement["Action"]):
            resources.setdefault(action, set()).update(listed(statement["Resource"]))
    assert resources["secretsmanager:GetSecretValue"] == {dougust.secret(name) for name in SECRETS.values()}
    assert resources["ecr:BatchGetImage"] == {dougust.one("ecr/repository", "api")["repositoryArn"]}
    assert resources["kms:Decrypt"] == {dougust.key("data")}
    assert resources["logs:PutLogEvents"] == {f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/ecs/{dougust.host}/api:*"}
    for role in ("api-execution", "api-task"):
        (trust,) = dougust.one("iam/role", role)["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}


def autoscaling(dougust):
    (target,) = dougust.account.snapshot["application-autoscaling/target"].values()
    assert target["ResourceId"] == f"service/{dougust.host}/{dougust.host}-api"
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 10)
    tracked = {}
    for policy in dougust.account.snapshot["application-autoscaling/policy"].values():
        configuration = policy["TargetTrackingScalingPolicyConfiguration"]
        assert (configuration["ScaleInCooldown"], configuration["ScaleOutCooldown"]) == (300, 300)
        metric = configuration["PredefinedMetricSpecification"]["PredefinedMetricType"]
        tracked[metric] = configuration["TargetValue"]
    assert tracked == {"ECSServiceAverageCPUUtilization": 70, "ECSServiceAverageMemoryUtilization": 80}


def weekly_export(dougust):
    group, schedule = dougust.account.one("scheduler/group"), dougust.account.one("scheduler/schedule")
    assert schedule["GroupName"] == group["Name"] and group["Name"].startswith(dougust.host)
    assert (schedule["ScheduleExpression"], schedule["State"]) == ("cron(0 5 ? * SUN *)", "ENABLED")
    assert schedule["ScheduleExpressionTimezone"] == "UTC"
    target = schedule["Target"]
    assert target["Arn"] == dougust.one("ecs/cluster")["clusterArn"]
    network = target["EcsParameters"]["NetworkConfiguration"]["awsvpcConfiguration"]
    assert set(network["Subnets"]) == dougust.subnets("private")
    assert (network["SecurityGroups"], network["AssignPublicIp"]) == ([dougust.group("app")], "DISABLED")
    definition = dougust.one("ecs/task-definition", "schedule-weekly-export")
    assert target["EcsParameters"]["TaskDefinitionArn"] == definition["taskDefinitionArn"]
    injected = [
        one["valueFrom"] for container in definition["containerDefinitions"] for one in container.get("secrets", [])
    ]
    assert injected == [dougust.secret("database-url")]
    writing = json.dumps([role["Inline"] for role in dougust.account.of("iam/role").values()])
    assert f"arn:aws:s3:::{dougust.host}-exports-{ACCOUNT}-{REGION}/" in writing


ROWS = [
    cluster, service, tasks, task_definition, container, roles_of_tasks, autoscaling, weekly_export,
]  # fmt: skip
