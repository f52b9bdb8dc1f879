# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Task sets: what services consist of that ECS does not deploy itself."""

import pytest

from tests.unit.sandbox.code_deploy import CodeDeploy

SERVICE = {"cluster": "c", "service": "web"}
EXTERNAL = {"cluster": "c", "serviceName": "web", "deploymentController": {"type": "EXTERNAL"}}


@pytest.fixture
def external(fargate):
    """A service of four tasks that somebody else deploys."""
    fargate.definition()
    fargate.ecs.create_service(**EXTERNAL, desiredCount=4)
    return fargate


@pytest.fixture
def deployed(sandbox):
    """A service that CodeDeploy deploys."""
    return CodeDeploy(sandbox)


def _create(fargate, **settings):
    usual = {"taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": fargate.network}
    return fargate.ecs.create_task_set(**SERVICE, **(usual | settings))["taskSet"]["id"]


def _sets(fargate):
    return {item["id"]: item for item in fargate.ecs.describe_task_sets(**SERVICE)["taskSets"]}


def test_no_task_without_a_task_set(external):
    service = external.look()
    assert service["runningCount"] == 0 and "taskDefinition" not in service and service["deployments"] == []


@pytest.mark.parametrize(("percent", "tasks"), [(0, 0), (10, 1), (50, 2), (60, 3), (100, 4)])
def test_scale_is_rounded_up(external, percent, tasks):
    number = _create(external, scale={"value": percent, "unit": "PERCENT"})
    shown = _sets(external)[number]
    assert (shown["computedDesiredCount"], shown["runningCount"]) == (tasks, tasks)
    assert shown["stabilityStatus"] == "STEADY_STATE"
    started = external.ecs.list_tasks(cluster="c", startedBy=number)["taskArns"]
    assert len(started) == tasks and external.look()["runningCount"] == tasks


def test_desired_count_scales_every_set(external):
    numbers = [_create(external), _create(external, scale={"value": 25, "unit": "PERCENT"})]
    external.ecs.update_service(**SERVICE, desiredCount=8)
    assert [_sets(external)[number]["runningCount"] for number in numbers] == [8, 2]
    external.ecs.update_service(**SERVICE, desiredCount=0)
    assert external.look()["runningCount"] == 0


def test_tasks_that_end_are_replaced(external):
    external.sandbox.task_behaviour("nginx:2", exit_code=1)
    external.definition("nginx:2")
    number = _create(external)
    assert _sets(external)[number]["stabilityStatus"] == "STABILIZING"
    external.sandbox.task_behaviour("nginx:2")
    assert _sets(external)[number]["stabilityStatus"] == "STEADY_STATE"
    assert _sets(external)[number]["runningCount"] == 4


def test_deleted_set_drains(external):
    number = _create(external)
    assert _sets(external)[number]["runningCount"] == 4
    external.sandbox.delays(ecs_task_stop=30)
    external.ecs.delete_task_set(**SERVICE, taskSet=number, force=True)
    assert _sets(external)[number]["status"] == "DRAINING"
    external.sandbox.advance(30)
    assert _sets(external) == {}


def test_task_sets_on_their_way(external):
    external.sandbox.delays(ecs_task_start=40)
    number = _create(external)
    shown = _sets(external)[number]
    assert (shown["pendingCount"], shown["runningCount"], shown["stabilityStatus"]) == (4, 0, "STABILIZING")
    external.sandbox.advance(40)
    assert _sets(external)[number]["stabilityStatus"] == "STEADY_STATE"


def test_the_same_request_twice(external):
    numbers = {_create(external, clientToken="token") for _again in range(2)}
    assert len(numbers) == 1 and len(_sets(external)) == 1


def test_tags_are_found(external):
    _create(external, tags=[{"key": "a", "value": "b"}])
    tagging = external.sandbox.client("resourcegroupstaggingapi")
    (found,) = tagging.get_resources(ResourceTypeFilters=["ecs:task-set"])["ResourceTagMappingList"]
    assert found["Tags"] == [{"Key": "a", "Value": "b"}] and ":task-set/c/web/ecs-svc/" in found["ResourceARN"]


def test_deleted_with_its_service(external):
    _create(external)
    external.ecs.delete_service(**SERVICE, force=True)
    service = external.look()
    assert service["status"] == "INACTIVE" and "taskSets" not in service and service["runningCount"] == 0


def test_external_services_are_checked_too(fargate, refused):
    create = fargate.ecs.create_service
    assert refused(create, **EXTERNAL | {"serviceName": "my web"}) == "InvalidParameterException"
    assert refused(create, **EXTERNAL, desiredCount=-1) == "InvalidParameterException"
    create(**EXTERNAL, desiredCount=1, healthCheckGracePeriodSeconds=30)
    assert refused(fargate.ecs.update_service, **SERVICE, desiredCount=-1) == "InvalidParameterException"


def test_circuit_breaker_stays_off(deployed, refused):
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    update = deployed.ecs.update_service
    assert refused(update, **SERVICE, deploymentConfiguration=breaker) == "InvalidParameterException"


def test_ecs_takes_over(deployed, refused):
    before = deployed.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"]
    mine = {**SERVICE, "deploymentController": {"type": "ECS"}}
    assert refused(deployed.ecs.update_service, **mine, taskDefinition="web:9") == "ClientException"
    assert deployed.fargate.look()["deploymentController"] == {"type": "CODE_DEPLOY"}
    deployed.ecs.update_service(**mine)
    service = deployed.fargate.look()
    assert service["deploymentController"] == {"type": "ECS"} and "taskSets" not in service
    assert [item["rolloutState"] for item in service["deployments"]] == ["COMPLETED"]
    assert deployed.ecs.list_tasks(cluster="c", serviceName="web")["taskArns"] == before
    deployed.fargate.definition("nginx:2")
    deployed.ecs.update_service(**SERVICE, taskDefinition="web")
    service = deployed.fargate.look()
    assert service["taskDefinition"].endswith("web:2") and service["runningCount"] == 2


def test_ecs_takes_over_between_deployments_only(deployed, refused):
    deployed.sandbox.delays(codedeploy_minute=60)
    deployed.group(deploymentConfigName="CodeDeployDefault.ECSCanary10Percent5Minutes").deploy()
    assert len(deployed.fargate.look()["taskSets"]) == 2
    mine = {**SERVICE, "deploymentController": {"type": "ECS"}}
    assert refused(deployed.ecs.update_service, **mine) == "InvalidParameterException"
