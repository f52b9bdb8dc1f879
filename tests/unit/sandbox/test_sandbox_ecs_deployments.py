# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS: deployments of services, and what becomes of the tasks that they start."""

import pytest

BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}


@pytest.fixture
def web(fargate):
    """A load-balanced service named ``web`` that is stable; the target group's ARN."""
    fargate.definition()
    _balancer, group = fargate.balancer()
    fargate.service(loadBalancers=_behind(group), deploymentConfiguration=BREAKER)
    fargate.look()
    return group


def _behind(group, port=80):
    return [{"targetGroupArn": group, "containerName": "web", "containerPort": port}]


def _health(fargate, group):
    answer = fargate.elbv2.describe_target_health(TargetGroupArn=group)
    return sorted(item["TargetHealth"]["State"] for item in answer["TargetHealthDescriptions"])


def _rollouts(service):
    return [(item["status"], item["rolloutState"], item["taskDefinition"][-1:]) for item in service["deployments"]]


def test_new_revision_replaces_the_old_one(fargate, web):
    before = fargate.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"]
    fargate.definition("nginx:2")
    service = fargate.ecs.update_service(cluster="c", service="web", taskDefinition="web")["service"]
    assert _rollouts(service) == [("PRIMARY", "IN_PROGRESS", "2"), ("ACTIVE", "COMPLETED", "1")]
    service = fargate.look()
    assert _rollouts(service) == [("PRIMARY", "COMPLETED", "2")] and service["runningCount"] == 2
    after = fargate.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"]
    assert len(after) == 2 and not set(before) & set(after)
    assert fargate.task(before[0])["stopCode"] == "ServiceSchedulerInitiated"
    assert _health(fargate, web) == ["healthy", "healthy"]


def test_what_makes_a_new_deployment(fargate, web):
    update = fargate.ecs.update_service
    first = fargate.look()["deployments"][0]["id"]
    update(cluster="c", service="web", desiredCount=3, healthCheckGracePeriodSeconds=5, taskDefinition="web")
    service = fargate.look()
    assert (service["deployments"][0]["id"], service["runningCount"]) == (first, 3)
    assert len(update(cluster="c", service="web", forceNewDeployment=True)["service"]["deployments"]) == 2
    second = fargate.look()["deployments"][0]["id"]
    one = {"awsvpcConfiguration": {"subnets": fargate.subnets[:1]}}
    update(cluster="c", service="web", networkConfiguration=one)
    assert len({first, second, fargate.look()["deployments"][0]["id"]}) == 3
    update(cluster="c", service="web", desiredCount=1)
    assert fargate.look()["runningCount"] == 1


def test_half_of_the_tasks_at_a_time(fargate):
    fargate.definition()
    fargate.service(deploymentConfiguration={"minimumHealthyPercent": 50, "maximumPercent": 100})
    fargate.look()
    fargate.definition("nginx:2")
    fargate.ecs.update_service(cluster="c", service="web", taskDefinition="web")
    service = fargate.look()
    assert _rollouts(service) == [("PRIMARY", "COMPLETED", "2")] and service["runningCount"] == 2


def test_circuit_breaker_rolls_back(fargate, web):
    good = fargate.look()["deployments"][0]["id"]
    fargate.sandbox.task_behaviour("nginx:2", exit_code=1)
    fargate.definition("nginx:2")
    fargate.ecs.update_service(cluster="c", service="web", taskDefinition="web")
    service = fargate.look()
    assert _rollouts(service) == [("PRIMARY", "COMPLETED", "1")] and service["taskDefinition"].endswith("web:1")
    reason = service["deployments"][0]["rolloutStateReason"]
    assert reason.startswith(f"ECS deployment circuit breaker: rolling back to deploymentId {good}")
    assert service["deployments"][0]["id"] != good and service["runningCount"] == 2
    last, first = fargate.ecs.list_service_deployments(cluster="c", service="web")["serviceDeployments"]
    assert (last["status"], first["status"]) == ("ROLLBACK_SUCCESSFUL", "SUCCESSFUL")
    arns = [last["serviceDeploymentArn"]]
    (shown,) = fargate.ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"]
    breaker = shown["deploymentCircuitBreaker"]
    assert (breaker["status"], breaker["threshold"]) == ("TRIGGERED", 3) and breaker["failureCount"] >= 3
    assert shown["rollback"]["serviceRevisionArn"] == first["targetServiceRevisionArn"]
    (revision,) = fargate.ecs.describe_service_revisions(serviceRevisionArns=[last["targetServiceRevisionArn"]])[
        "serviceRevisions"
    ]
    assert revision["taskDefinition"].endswith("web:2") and revision["containerImages"][0]["image"] == "nginx:2"


def test_circuit_breaker_on_the_way(fargate, web):
    fargate.sandbox.task_behaviour("nginx:2", exit_code=1)
    fargate.definition("nginx:2")
    fargate.ecs.update_service(cluster="c", service="web", taskDefinition="web")
    fargate.sandbox.delays(ecs_service_stable=600)
    service = fargate.look()
    assert _rollouts(service) == [
        ("PRIMARY", "IN_PROGRESS", "1"), ("ACTIVE", "FAILED", "2"), ("ACTIVE", "COMPLETED", "1")
    ]  # fmt: skip
    failed = service["deployments"][1]
    assert failed["rolloutStateReason"] == "ECS deployment circuit breaker: tasks failed to start."
    assert failed["failedTasks"] >= 3 and service["runningCount"] >= 2
    assert service["currentServiceDeployment"]


def test_circuit_breaker_without_rollback(fargate):
    fargate.definition()
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}
    fargate.service(deploymentConfiguration=breaker)
    fargate.look()
    fargate.sandbox.task_behaviour("nginx:2", exit_code=1)
    fargate.definition("nginx:2")
    fargate.ecs.update_service(cluster="c", service="web", taskDefinition="web")
    for _again in range(2):
        service = fargate.look()
        assert _rollouts(service) == [("PRIMARY", "FAILED", "2"), ("ACTIVE", "COMPLETED", "1")]
        assert service["runningCount"] == 2
    fargate.sandbox.task_behaviour("nginx:2")
    fargate.ecs.update_service(cluster="c", service="web", forceNewDeployment=True)
    assert _rollouts(fargate.look()) == [("PRIMARY", "COMPLETED", "2")]


def test_without_circuit_breaker_it_goes_on(fargate):
    fargate.sandbox.task_behaviour("nginx:1", exit_code=1)
    fargate.definition()
    fargate.service(desiredCount=1)
    failed = [fargate.look()["deployments"][0]["failedTasks"] for _look in range(4)]
    assert failed == sorted(set(failed)) and failed[-1] >= 4
    assert fargate.look()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    fargate.sandbox.task_behaviour("nginx:1")
    assert fargate.look()["deployments"][0]["rolloutState"] == "COMPLETED"


def test_first_deployment_has_nothing_to_roll_back_to(fargate):
    fargate.definition("123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:v1")
    fargate.service(deploymentConfiguration=BREAKER)
    service = fargate.look()
    assert _rollouts(service) == [("PRIMARY", "FAILED", "1")] and service["runningCount"] == 0
    stopped = fargate.ecs.list_tasks(cluster="c", serviceName="web", desiredStatus="STOPPED")["taskArns"]
    assert fargate.task(stopped[0])["stoppedReason"].startswith("CannotPullContainerError")


def test_unhealthy_targets(fargate):
    fargate.sandbox.task_behaviour("nginx:1", healthy=False)
    fargate.definition()
    _balancer, group = fargate.balancer()
    fargate.service(desiredCount=1, loadBalancers=_behind(group))
    service = fargate.look()
    assert (service["runningCount"], service["deployments"][0]["rolloutState"]) == (1, "IN_PROGRESS")
    (target,) = fargate.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert target["TargetHealth"]["State"] == "unhealthy"
    assert target["TargetHealth"]["Reason"] == "Target.ResponseCodeMismatch"
    service = fargate.look()
    assert service["deployments"][0]["failedTasks"] == 1
    assert any("is unhealthy in (target-group" in event["message"] for event in service["events"])
    fargate.sandbox.task_behaviour("nginx:1")
    assert fargate.look()["deployments"][0]["rolloutState"] == "COMPLETED"
    assert _health(fargate, group) == ["healthy"]


def test_targets_take_time(fargate):
    fargate.sandbox.delays(target_health=600, target_deregistration=600)
    fargate.definition()
    _balancer, group = fargate.balancer()
    fargate.service(loadBalancers=_behind(group))
    assert fargate.look()["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    assert _health(fargate, group) == ["initial", "initial"]
    fargate.ecs.delete_service(cluster="c", service="web", force=True)
    fargate.look()
    assert _health(fargate, group) == ["draining", "draining"]


def test_unhealthy_container(fargate):
    fargate.definition(container={"healthCheck": {"command": ["CMD", "true"]}})
    fargate.service(desiredCount=1)
    (arn,) = fargate.ecs.list_tasks(cluster="c")["taskArns"]
    assert fargate.task(arn)["healthStatus"] == "HEALTHY"
    fargate.sandbox.task_behaviour(healthy=False)
    fargate.look()
    fargate.look()
    assert fargate.task(arn)["stoppedReason"] == "Task failed container health checks"


def test_crashed_task_is_replaced(fargate, web):
    first, _second = fargate.ecs.list_tasks(cluster="c")["taskArns"]
    fargate.ecs.stop_task(cluster="c", task=first)
    service = fargate.look()
    assert service["runningCount"] == 2 and fargate.task(first)["lastStatus"] == "STOPPED"
    assert first not in fargate.ecs.list_tasks(cluster="c")["taskArns"]


def test_deployment_is_stopped(fargate, web, refused):
    fargate.definition("nginx:2")
    fargate.sandbox.delays(ecs_task_start=600)
    fargate.ecs.update_service(cluster="c", service="web", taskDefinition="web")
    arn = fargate.look()["currentServiceDeployment"]
    fargate.sandbox.delays(ecs_task_start=0)
    fargate.ecs.stop_service_deployment(serviceDeploymentArn=arn)
    service = fargate.look()
    assert _rollouts(service) == [("PRIMARY", "COMPLETED", "1")] and service["runningCount"] == 2
    (shown,) = fargate.ecs.list_service_deployments(cluster="c", service="web", status=["ROLLBACK_SUCCESSFUL"])[
        "serviceDeployments"
    ]
    assert shown["serviceDeploymentArn"] == arn
    assert refused(fargate.ecs.stop_service_deployment, serviceDeploymentArn=arn) == "ConflictException"
    missing = refused(fargate.ecs.stop_service_deployment, serviceDeploymentArn=arn + "x")
    assert missing == "ServiceDeploymentNotFoundException"


def test_alarm_rolls_back(fargate):
    cloudwatch = fargate.sandbox.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors", MetricName="m", Namespace="n", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", Statistic="Sum",
    )  # fmt: skip
    alarms = {"alarmNames": ["errors"], "enable": True, "rollback": True}
    fargate.definition()
    fargate.service(deploymentConfiguration={"alarms": alarms})
    assert _rollouts(fargate.look()) == [("PRIMARY", "COMPLETED", "1")]
    fargate.definition("nginx:2")
    fargate.ecs.update_service(cluster="c", service="web", taskDefinition="web")
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    service = fargate.look()
    assert _rollouts(service) == [("PRIMARY", "COMPLETED", "1")] and service["runningCount"] == 2
    arns = [
        item["serviceDeploymentArn"]
        for item in fargate.ecs.list_service_deployments(cluster="c", service="web")["serviceDeployments"]
    ]
    (last,) = fargate.ecs.describe_service_deployments(serviceDeploymentArns=arns[:1])["serviceDeployments"]
    assert last["status"] == "ROLLBACK_SUCCESSFUL"
    assert last["alarms"] == {"alarmNames": ["errors"], "triggeredAlarmNames": ["errors"], "status": "TRIGGERED"}
