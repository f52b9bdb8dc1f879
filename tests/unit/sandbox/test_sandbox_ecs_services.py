# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS: services: what they need, how they start and end, and that they are read back."""

from urllib.error import HTTPError
from urllib.request import urlopen

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


def test_service_becomes_stable(fargate):
    fargate.definition()
    _balancer, group = fargate.balancer()
    service = fargate.service(loadBalancers=_behind(group))
    assert (service["runningCount"], _rollouts(service)) == (0, [("PRIMARY", "IN_PROGRESS", "1")])
    service = fargate.look()
    assert (service["runningCount"], service["pendingCount"], service["desiredCount"]) == (2, 0, 2)
    assert _rollouts(service) == [("PRIMARY", "COMPLETED", "1")]
    assert service["events"][0]["message"] == "(service web) has reached a steady state."
    assert _health(fargate, group) == ["healthy", "healthy"]
    arns = fargate.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"]
    task = fargate.task(arns[0])
    assert task["group"] == "service:web" and task["startedBy"] == service["deployments"][0]["id"]
    (cluster,) = fargate.ecs.describe_clusters(clusters=["c"])["clusters"]
    assert (cluster["runningTasksCount"], cluster["activeServicesCount"]) == (2, 1)


def test_service_takes_time(fargate):
    fargate.definition()
    fargate.sandbox.delays(ecs_task_start=600)
    fargate.service()
    assert (fargate.look()["pendingCount"], fargate.look()["runningCount"]) == (2, 0)
    fargate.sandbox.delays(ecs_task_start=0, ecs_service_stable=600)
    fargate.service(serviceName="other")
    service = fargate.look("other")
    assert (service["runningCount"], service["deployments"][0]["rolloutState"]) == (2, "IN_PROGRESS")


def test_service_is_read_back(fargate):
    fargate.definition(tags=[{"key": "of", "value": "definition"}], taskRoleArn="arn:aws:iam::123456789012:role/task")
    _balancer, group = fargate.balancer()
    alarms = {"alarmNames": ["a"], "enable": True, "rollback": True}
    fargate.sandbox.client("cloudwatch").put_metric_alarm(
        AlarmName="a", MetricName="m", Namespace="n", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", Statistic="Sum",
    )  # fmt: skip
    settings = {
        "enableExecuteCommand": True, "healthCheckGracePeriodSeconds": 30, "propagateTags": "TASK_DEFINITION",
        "enableECSManagedTags": True, "platformVersion": "1.4.0", "loadBalancers": _behind(group),
        "availabilityZoneRebalancing": "DISABLED", "tags": [{"key": "a", "value": "b"}],
        "deploymentConfiguration": {**BREAKER, "alarms": alarms, "minimumHealthyPercent": 50, "maximumPercent": 150},
    }  # fmt: skip
    fargate.service(**settings)
    service = fargate.look()
    deployment = settings.pop("deploymentConfiguration")
    assert {name: service[name] for name in settings} == settings
    assert {name: service["deploymentConfiguration"][name] for name in deployment} == deployment
    assert service["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": fargate.subnets, "securityGroups": [], "assignPublicIp": "DISABLED"
    }  # fmt: skip
    task = fargate.task(fargate.ecs.list_tasks(cluster="c")["taskArns"][0])
    tags = {tag["key"]: tag["value"] for tag in task["tags"]}
    assert tags == {"aws:ecs:clusterName": "c", "aws:ecs:serviceName": "web", "of": "definition"}
    assert task["enableExecuteCommand"] and task["platformVersion"] == "1.4.0"


def test_service_defaults(fargate):
    fargate.definition()
    service = fargate.service(desiredCount=0)
    assert service["deploymentConfiguration"]["maximumPercent"] == 200
    assert service["deploymentConfiguration"]["minimumHealthyPercent"] == 100
    assert (service["propagateTags"], service["enableExecuteCommand"]) == ("NONE", False)
    assert service["schedulingStrategy"] == "REPLICA" and service["deploymentController"] == {"type": "ECS"}
    assert service["availabilityZoneRebalancing"] == "ENABLED" and service["platformVersion"] == "LATEST"


def test_capacity_providers(fargate, refused):
    fargate.definition()
    strategy = [{"capacityProvider": "FARGATE", "weight": 1}]
    wanted = {
        "cluster": "c", "serviceName": "web", "taskDefinition": "web", "desiredCount": 1,
        "networkConfiguration": fargate.network, "capacityProviderStrategy": strategy,
    }  # fmt: skip
    assert refused(fargate.ecs.create_service, **wanted) == "InvalidParameterException"
    fargate.ecs.put_cluster_capacity_providers(
        cluster="c", capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
    )
    fargate.ecs.create_service(**wanted)
    service = fargate.look()
    assert service["capacityProviderStrategy"] == [{**strategy[0], "base": 0}] and "launchType" not in service
    assert service["runningCount"] == 1


def test_services_that_are_refused(fargate, refused):
    arn = fargate.definition()
    _balancer, unused = fargate.balancer("unused", listen=False)
    _balancer, group = fargate.balancer()
    missing = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    closed = {"awsvpcConfiguration": {"subnets": fargate.subnets, "securityGroups": ["sg-1"]}}
    for settings, code in (
        ({"cluster": "x"}, "ClusterNotFoundException"),
        ({"taskDefinition": "x"}, "ClientException"),
        ({"networkConfiguration": missing}, "InvalidParameterException"),
        ({"networkConfiguration": closed}, "InvalidParameterException"),
        ({"loadBalancers": _behind(unused)}, "InvalidParameterException"),
        ({"loadBalancers": _behind(group, 81)}, "InvalidParameterException"),
        ({"loadBalancers": _behind(group + "x")}, "InvalidParameterException"),
        ({"deploymentConfiguration": {"maximumPercent": 100}}, "InvalidParameterException"),
        ({"serviceName": "a b"}, "InvalidParameterException"),
    ):
        assert refused(fargate.service, **settings) == code, settings
    made = fargate.service(clientToken="once")
    assert refused(fargate.service) == "InvalidParameterException"
    assert fargate.service(clientToken="once")["createdAt"] == made["createdAt"]
    fargate.ecs.deregister_task_definition(taskDefinition=arn)
    assert refused(fargate.service, serviceName="other") == "ClientException"


def test_unused_group_is_named(fargate):
    fargate.definition()
    _balancer, unused = fargate.balancer(listen=False)
    with pytest.raises(fargate.ecs.exceptions.InvalidParameterException, match="not have an associated load balancer"):
        fargate.service(loadBalancers=_behind(unused))


def test_service_is_deleted(fargate, web, refused):
    delete = fargate.ecs.delete_service
    assert refused(delete, cluster="c", service="web") == "InvalidParameterException"
    fargate.sandbox.delays(ecs_task_stop=600)
    assert delete(cluster="c", service="web", force=True)["service"]["status"] == "DRAINING"
    assert fargate.look()["status"] == "DRAINING"
    assert fargate.ecs.list_services(cluster="c")["serviceArns"] == []
    assert refused(fargate.service) == "InvalidParameterException"
    assert refused(fargate.ecs.delete_cluster, cluster="c") == "ClusterContainsServicesException"


def test_deleted_service_is_inactive(fargate, web, refused):
    fargate.ecs.delete_service(cluster="c", service="web", force=True)
    service = fargate.look()
    assert (service["status"], service["runningCount"], service["deployments"]) == ("INACTIVE", 0, [])
    assert (
        refused(fargate.ecs.update_service, cluster="c", service="web", desiredCount=1) == "ServiceNotActiveException"
    )
    assert refused(fargate.ecs.update_service, cluster="c", service="x") == "ServiceNotFoundException"
    assert _health(fargate, web) == []
    assert fargate.service()["status"] == "ACTIVE"
    fargate.ecs.delete_service(cluster="c", service="web", force=True)
    fargate.look()
    fargate.ecs.delete_cluster(cluster="c")


def test_service_tags(fargate, web):
    arn = fargate.look()["serviceArn"]
    fargate.ecs.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "b"}, {"key": "c", "value": "d"}])
    fargate.ecs.untag_resource(resourceArn=arn, tagKeys=["c"])
    assert fargate.look()["tags"] == [{"key": "a", "value": "b"}]
    assert fargate.ecs.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "a", "value": "b"}]
    assert not fargate.ecs.describe_services(cluster="c", services=["web"])["services"][0].get("tags")


def test_the_site_behind_a_load_balancer_answers_while_a_task_is_healthy(fargate):
    fargate.definition()
    balancer, group = fargate.balancer()
    host = fargate.elbv2.describe_load_balancers()["LoadBalancers"][0]["DNSName"]
    assert _visit(fargate, host) == 503
    fargate.service(loadBalancers=_behind(group))
    fargate.look()
    assert _visit(fargate, host) == _visit(fargate, f"{host}/api/health") == 200
    (listener,) = fargate.elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    refusal = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "418"}}
    fargate.elbv2.modify_listener(ListenerArn=listener["ListenerArn"], DefaultActions=[refusal])
    assert _visit(fargate, host) == 418
    assert _visit(fargate, "nobody.example.com") == 404


def _visit(fargate, place):
    try:
        with urlopen(f"{fargate.sandbox.endpoint}/_sandbox/site/{place}") as answer:
            return answer.status
    except HTTPError as error:
        return error.code
