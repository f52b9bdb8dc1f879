# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ecs_services: the image belongs to releases, everything else to the inventory, and a rollout ends well or says why."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_releases import (
    BOOTSTRAP_LABEL,
    LIVE,
    PENDING,
    PREVIOUS,
)
from botocore.exceptions import ClientError

MODULE = "ecs_services"
CLUSTER = "dougust-test"
FAMILY = "dougust-test-api"
TAGS = {"Platform": "dougust", "Environment": "test"}
PREFIX = "arn:aws:ecs:us-east-1:123456789012"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:dougust/database-AbCdEf"
ROLE = "arn:aws:iam::123456789012:role/dougust"
TARGETS = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api/0123456789abcdef"
CHECK = {"command": ["CMD-SHELL", "wget -q localhost:3000/api/health"]}
CONTAINER = {
    "name": "api",
    "port": 3000,
    "command": ["node", "main.js"],
    "environment": {"NODE_ENV": "production"},
    "secrets": {"DATABASE_URL": SECRET},
    "health_check": CHECK,
    "log_group": "/ecs/api",
}
DEFINITION = {"family": FAMILY, "cpu": 512, "memory": 1024, "execution_role_arn": ROLE, "containers": [CONTAINER]}
SERVICE = {
    "name": "api",
    "task_definition": DEFINITION,
    "release_container": "api",
    "bootstrap": {"image": "busybox:1", "command": ["httpd", "-f"]},
    "desired_count": 2,
    "subnet_ids": ["subnet-1", "subnet-2"],
    "security_group_ids": ["sg-1"],
    "load_balancers": [{"target_group_arn": TARGETS, "container": "api", "port": 3000}],
    "health_check_grace_period_seconds": 60,
    "minimum_healthy_percent": 100,
    "maximum_percent": 200,
    "enable_execute_command": False,
    "enable_ecs_managed_tags": True,
    "availability_zone_rebalancing": "ENABLED",
}
LIVE_TAG = "2026-11-21T09:30:00Z"


class Ecs:
    """Stands in for ECS's services: keeps what it is told, and rolls deployments out while it is asked about them.

    polls: how many descriptions a deployment takes. broken: revisions whose tasks do not come up.
    """

    def __init__(self, cloud):
        self.client = cloud.client("ecs")
        self.services, self.polls, self.broken, self.clock = {}, 2, set(), datetime(2026, 11, 21, tzinfo=timezone.utc)
        for operation in ("CreateService", "UpdateService", "DescribeServices", "DeleteService"):
            cloud.answer(operation, getattr(self, operation))
        cloud.answer("TagResource", self.tag, when=lambda params: ":service/" in params["resourceArn"])
        cloud.answer("UntagResource", self.untag, when=lambda params: ":service/" in params["resourceArn"])
        cloud.answer("ListTasks", lambda params: {"taskArns": [f"{PREFIX}:task/1"]})
        cloud.answer("DescribeTasks", lambda params: {"tasks": [self.stopped]})
        self.stopped = {}

    def deploy(self, service):
        self.clock += timedelta(minutes=1)
        for deployment in service["deployments"]:
            deployment["status"] = "ACTIVE"
        service["deployments"].insert(
            0,
            {
                "id": f"ecs-svc/{self.clock.timestamp():.0f}",
                "status": "PRIMARY",
                "taskDefinition": service["taskDefinition"],
                "rolloutState": "IN_PROGRESS",
                "failedTasks": 0,
                "createdAt": self.clock,
                "left": self.polls,
            },
        )

    def CreateService(self, params):
        given = {key: copy.deepcopy(value) for key, value in params.items() if key not in ("cluster", "clientToken")}
        service = {
            **given,
            "serviceArn": f"{PREFIX}:service/{params['cluster']}/{params['serviceName']}",
            "status": "ACTIVE",
            "runningCount": 0,
            "pendingCount": params["desiredCount"],
            "deployments": [],
            "events": [],
            "createdAt": self.clock,
            "deploymentController": {"type": "ECS"},
        }
        self.services[params["serviceName"]] = service
        self.deploy(service)
        return {"service": self.shown(service)}

    def UpdateService(self, params):
        service = self.services[params["service"]]
        changes = {key: value for key, value in params.items() if key not in ("cluster", "service")}
        force = changes.pop("forceNewDeployment", False)
        service.update(copy.deepcopy(changes))
        if force or changes.keys() & {"taskDefinition", "networkConfiguration", "loadBalancers", "platformVersion"}:
            self.deploy(service)
        return {"service": self.shown(service)}

    def DescribeServices(self, params):
        known = [self.services[name] for name in params["services"] if name in self.services]
        for service in known:
            self.roll(service)
        return {"services": [{**self.shown(service), "tags": list(service["tags"])} for service in known]}

    def DeleteService(self, params):
        self.services[params["service"]].update(status="DRAINING", left=1)
        return {"service": self.shown(self.services[params["service"]])}

    def roll(self, service):
        if service["status"] == "DRAINING":
            service["left"] -= 1
            service["status"] = "INACTIVE" if service["left"] < 0 else "DRAINING"
            return
        primary = service["deployments"][0]
        if primary["rolloutState"] != "IN_PROGRESS":
            return
        primary["left"] -= 1
        if primary["left"] <= 0 and primary["taskDefinition"] in self.broken:
            self.take_back(service, primary)
        elif primary["left"] <= 0:
            primary["rolloutState"] = "COMPLETED"
            service.update(deployments=[primary], runningCount=service["desiredCount"], pendingCount=0)

    def take_back(self, service, failed):
        failed.update(rolloutState="FAILED", failedTasks=3)
        message = "(service api) (deployment ecs-svc/1) deployment failed: tasks failed to start."
        service["events"].insert(0, {"message": message, "createdAt": self.clock})
        former = [one for one in service["deployments"] if one["rolloutState"] == "COMPLETED"]
        if former:
            service["taskDefinition"] = former[0]["taskDefinition"]
            self.deploy(service)
            service["deployments"][0]["rolloutState"] = "COMPLETED"

    def shown(self, service):
        answer = copy.deepcopy({key: value for key, value in service.items() if key not in ("tags", "left")})
        for deployment in answer["deployments"]:
            del deployment["left"]
        return answer

    def tag(self, params):
        service = next(one for one in self.services.values() if one["serviceArn"] == params["resourceArn"])
        keys = [tag["key"] for tag in params["tags"]]
        service["tags"] = [tag for tag in service["tags"] if tag["key"] not in keys] + params["tags"]
        return {}

    def untag(self, params):
        service = next(one for one in self.services.values() if one["serviceArn"] == params["resourceArn"])
        service["tags"] = [tag for tag in service["tags"] if tag["key"] not in params["tagKeys"]]
        return {}

    def tags(self, name="api"):
        return {tag["key"]: tag["value"] for tag in self.services[name]["tags"]}

    def definition(self, name="api"):
        return self.client.describe_task_definition(taskDefinition=self.services[name]["taskDefinition"])[
            "taskDefinition"
        ]

    def revisions(self):
        return len(self.client.list_task_definitions(familyPrefix=FAMILY)["taskDefinitionArns"])

    def release(self, image, name="api"):
        """Put an image live as a release does: the item's own command and health check, and the tag."""
        definition = self.definition(name)
        keys = ("family", "cpu", "memory", "executionRoleArn", "networkMode", "requiresCompatibilities")
        containers = copy.deepcopy(definition["containerDefinitions"])
        containers[0].update(
            image=image,
            command=CONTAINER["command"],
            dockerLabels={},
            healthCheck={**CHECK, "interval": 30, "timeout": 5, "retries": 3},
        )
        tags = [{"key": key, "value": value} for key, value in TAGS.items()]
        released = self.client.register_task_definition(
            **{key: definition[key] for key in keys}, containerDefinitions=containers, tags=tags
        )["taskDefinition"]
        service = self.services[name]
        service["taskDefinition"] = released["taskDefinitionArn"]
        self.deploy(service)
        service["deployments"] = [{**service["deployments"][0], "rolloutState": "COMPLETED"}]
        tag = {"key": LIVE, "value": f"{FAMILY}:{released['revision']} {LIVE_TAG}"}
        service["tags"] = [one for one in service["tags"] if one["key"] != LIVE] + [tag]
        return released["revision"]


@pytest.fixture
def ecs(cloud):
    """ECS with a cluster, and nothing in it."""
    return Ecs(cloud)


def run(cloud, *items, **params):
    return cloud.run(MODULE, **{"cluster": CLUSTER, "services": list(items) or [SERVICE], "tags": TAGS, **params})


def fail(cloud, *items, **params):
    return cloud.run_failing(
        MODULE, **{"cluster": CLUSTER, "services": list(items) or [SERVICE], "tags": TAGS, **params}
    )


def changed(**values):
    return {**SERVICE, "task_definition": {**DEFINITION, "containers": [{**CONTAINER, **values}]}}


def test_check_mode_without_a_cluster_predicts_the_service(cloud):
    result = run(cloud, check_mode=True, account_id="123456789012")
    service = result["services"]["api"]
    assert service["arn"] == f"{PREFIX}:service/{CLUSTER}/api"
    assert service["task_definition"] == f"{PREFIX}:task-definition/{FAMILY}:1"
    assert (service["image"], service["bootstrap"], service["revision"]) == ("busybox:1", True, 1)
    assert [action["action"] for action in result["actions"]] == ["create"]
    after = result["diff"][0]["after"]
    assert (after["api.image"], after["api.secrets"]) == ("busybox:1", {"DATABASE_URL": SECRET})
    assert (cloud.operations, cloud.mutations) == (["DescribeServices"], [])


def test_create_with_the_bootstrap_image_then_nothing_to_do(cloud, ecs):
    created = run(cloud)
    assert cloud.mutations == ["RegisterTaskDefinition", "CreateService"]
    (call,) = cloud.parameters("CreateService")
    assert (call["launchType"], call["desiredCount"], len(call["clientToken"])) == ("FARGATE", 2, 32)
    assert call["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-1", "subnet-2"],
        "securityGroups": ["sg-1"],
        "assignPublicIp": "DISABLED",
    }
    assert call["deploymentConfiguration"] == {
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "minimumHealthyPercent": 100,
        "maximumPercent": 200,
    }
    assert (call["propagateTags"], call["platformVersion"]) == ("SERVICE", "LATEST")
    (container,) = ecs.definition()["containerDefinitions"]
    assert (container["image"], container["command"]) == ("busybox:1", ["httpd", "-f"])
    assert container["dockerLabels"] == {BOOTSTRAP_LABEL: "true"}
    assert "healthCheck" not in container and container["secrets"] == [{"name": "DATABASE_URL", "valueFrom": SECRET}]
    service = created["services"]["api"]
    assert (service["stable"], service["running_count"], service["bootstrap"]) == (True, 2, True)
    assert service["deployments"][0]["rollout_state"] == "COMPLETED"
    assert "api.image" not in service and "rollout" not in service
    for check_mode in (False, True):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], again["diff"], again["actions"]) == (False, [], [])
        assert cloud.operations == ["DescribeServices", "DescribeTaskDefinition"]
        assert again["services"] == created["services"]
    assert run(cloud, {"name": "api"}, state="gathered")["services"] == created["services"]


def test_before_the_first_release_the_bootstrap_belongs_to_the_inventory(cloud, ecs):
    run(cloud)
    item = {**SERVICE, "bootstrap": {"image": "busybox:2", "command": ["httpd"], "health_check": CHECK}}
    result = run(cloud, item)
    assert result["actions"][0]["fields"] == ["api.command", "api.health_check", "api.image"]
    assert cloud.mutations == ["RegisterTaskDefinition", "UpdateService"]
    assert ecs.definition()["containerDefinitions"][0]["image"] == "busybox:2"
    assert not run(cloud, changed(command=["other"]) | {"bootstrap": item["bootstrap"]})["changed"]


def test_a_release_is_no_difference(cloud, ecs):
    run(cloud)
    revision = ecs.release("example/api:1")
    result = run(cloud)
    assert (result["changed"], cloud.mutations) == (False, [])
    service = result["services"]["api"]
    assert (service["image"], service["bootstrap"], service["revision"]) == ("example/api:1", False, revision)
    assert service["release"] == {
        "live": f"{FAMILY}:{revision}",
        "live_since": LIVE_TAG,
        "previous": None,
        "pending": None,
    }
    assert not run(cloud, {**SERVICE, "bootstrap": {"image": "busybox:2"}})["changed"]


@pytest.mark.parametrize(
    "item, fields",
    [
        (changed(environment={"NODE_ENV": "test"}), ["api.environment"]),
        (changed(secrets={"DATABASE_URL": f"{SECRET}:url::"}), ["api.secrets"]),
        (changed(command=["main.js", "node"]), ["api.command"]),
        ({**SERVICE, "task_definition": {**DEFINITION, "cpu": 1024, "memory": 2048}}, ["cpu", "memory"]),
        ({**SERVICE, "task_definition": {**DEFINITION, "task_role_arn": ROLE}}, ["task_role_arn"]),
        (
            changed(user="1000")
            | {"subnet_ids": ["subnet-2", "subnet-3"], "circuit_breaker": {"rollback": False}, "maximum_percent": 150},
            ["api.user", "circuit_breaker", "maximum_percent", "network"],
        ),
        ({**SERVICE, "task_definition": {**DEFINITION, "family": "other"}}, ["family"]),
    ],
)
def test_what_differs_is_rolled_out_with_the_live_image(cloud, ecs, item, fields):
    run(cloud)
    ecs.release("example/api:1")
    predicted = run(cloud, item, check_mode=True)
    assert (predicted["actions"][0]["fields"], cloud.mutations) == (fields, [])
    result = run(cloud, item)
    assert result["actions"] == predicted["actions"]
    assert cloud.mutations == ["RegisterTaskDefinition", "UpdateService", "TagResource"]
    assert ecs.definition()["containerDefinitions"][0]["image"] == "example/api:1"
    service = result["services"]["api"]
    assert (service["stable"], service["image"]) == (True, "example/api:1")
    assert service["release"]["live"] == f"{service['family']}:{service['revision']}"
    assert ecs.tags()[LIVE] == f"{service['family']}:{service['revision']} {LIVE_TAG}"
    again = run(cloud, item)
    assert (again["changed"], again["services"]) == (False, result["services"])


@pytest.mark.parametrize(
    "change, call",
    [
        ({"health_check_grace_period_seconds": 90}, {"healthCheckGracePeriodSeconds": 90}),
        ({"enable_execute_command": True}, {"enableExecuteCommand": True, "forceNewDeployment": True}),
        ({"propagate_tags": "TASK_DEFINITION"}, {"propagateTags": "TASK_DEFINITION"}),
        ({"enable_ecs_managed_tags": False}, {"enableECSManagedTags": False}),
        ({"availability_zone_rebalancing": "DISABLED"}, {"availabilityZoneRebalancing": "DISABLED"}),
        ({"platform_version": "1.4.0"}, {"platformVersion": "1.4.0"}),
        ({"load_balancers": []}, {"loadBalancers": []}),
        (
            {"capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 1}]},
            {
                "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}],
                "forceNewDeployment": True,
            },
        ),
        (
            {"alarm_names": ["unhealthy"]},
            {
                "deploymentConfiguration": {
                    "deploymentCircuitBreaker": {"enable": True, "rollback": True},
                    "minimumHealthyPercent": 100,
                    "maximumPercent": 200,
                    "alarms": {"alarmNames": ["unhealthy"], "enable": True, "rollback": True},
                }
            },
        ),
    ],
)
def test_fields_of_the_service_change_without_a_revision(cloud, ecs, change, call):
    run(cloud)
    item = {**SERVICE, **change}
    assert run(cloud, item)["actions"][0]["fields"] == list(change)
    assert cloud.mutations == ["UpdateService"]
    assert cloud.parameters("UpdateService") == [{"cluster": CLUSTER, "service": "api", **call}]
    assert not run(cloud, item)["changed"]


def test_alarms_are_removed(cloud, ecs):
    run(cloud, {**SERVICE, "alarm_names": ["unhealthy"]})
    assert not run(cloud)["changed"]
    assert run(cloud, {**SERVICE, "alarm_names": []})["changed"]
    (call,) = cloud.parameters("UpdateService")
    assert call["deploymentConfiguration"]["alarms"] == {"alarmNames": [], "enable": False, "rollback": False}
    assert not run(cloud, {**SERVICE, "alarm_names": []})["changed"]


def test_the_count_belongs_to_autoscaling(cloud, ecs):
    run(cloud)
    ecs.services["api"].update(desiredCount=7, runningCount=7)
    result = run(cloud)
    assert (result["changed"], result["services"]["api"]["desired_count"]) == (False, 7)
    run(cloud, changed(environment={"A": "1"}))
    assert "desiredCount" not in cloud.parameters("UpdateService")[0]


def test_what_is_not_given_is_left_alone(cloud, ecs):
    run(cloud)
    optional = ("load_balancers", "health_check_grace_period_seconds", "minimum_healthy_percent", "maximum_percent")
    optional += ("enable_execute_command", "enable_ecs_managed_tags", "availability_zone_rebalancing")
    ecs.services["api"].update(enableExecuteCommand=True, healthCheckGracePeriodSeconds=5)
    assert not run(cloud, {key: value for key, value in SERVICE.items() if key not in optional})["changed"]


def test_what_was_changed_by_hand_is_put_back(cloud, ecs):
    run(cloud)
    ecs.release("example/api:1")
    by_hand = copy.deepcopy(ecs.definition()["containerDefinitions"])
    by_hand[0].update(privileged=True, environment=[])
    definition = ecs.client.register_task_definition(
        family=FAMILY, containerDefinitions=by_hand, cpu="512", memory="1024", executionRoleArn=ROLE,
        networkMode="awsvpc", requiresCompatibilities=["FARGATE"],
    )["taskDefinition"]  # fmt: skip
    ecs.services["api"].update(taskDefinition=definition["taskDefinitionArn"])
    assert run(cloud)["actions"][0]["fields"] == ["api.environment", "api.privileged"]
    assert not run(cloud)["changed"]


def test_the_images_of_other_containers_belong_to_the_inventory(cloud, ecs):
    def with_agent(image):
        agent = {"name": "agent", "image": image, "essential": False, "depends_on": {"api": "HEALTHY"}}
        return {**SERVICE, "task_definition": {**DEFINITION, "containers": [CONTAINER, agent]}}

    run(cloud, with_agent("agent:1"))
    assert ecs.definition()["containerDefinitions"][1]["dependsOn"] == [{"containerName": "api", "condition": "START"}]
    ecs.release("example/api:1")
    assert run(cloud, with_agent("agent:2"))["actions"][0]["fields"] == ["agent.depends_on", "agent.image"]
    images = [container["image"] for container in ecs.definition()["containerDefinitions"]]
    assert images == ["example/api:1", "agent:2"]
    assert run(cloud)["actions"][0]["fields"] == ["agent.depends_on", "agent.essential", "agent.image"]


def test_a_run_killed_after_registering_is_finished_with_that_revision(cloud, ecs):
    cloud.fail("CreateService", "ServerException", "killed", times=1)
    cloud._faults.insert(0, cloud._faults.pop())
    fail(cloud)
    assert (cloud.mutations[0], ecs.revisions()) == ("RegisterTaskDefinition", 1)
    run(cloud)
    assert (cloud.mutations, ecs.revisions()) == (["CreateService"], 1)
    ecs.client.register_task_definition(family=FAMILY, containerDefinitions=[{"name": "x", "image": "x", "memory": 9}])
    item = changed(environment={"A": "1"})
    cloud.fail("UpdateService", "ServerException", "killed", times=1)
    cloud._faults.insert(0, cloud._faults.pop())
    fail(cloud, item)
    assert ecs.revisions() == 3
    run(cloud, item)
    assert (cloud.mutations, ecs.revisions()) == (["UpdateService"], 3)


def test_a_run_killed_before_the_tag_follows_is_finished(cloud, ecs):
    run(cloud)
    ecs.release("example/api:1")
    item = changed(environment={"A": "1"})
    run(cloud, item, wait=False)
    assert cloud.mutations == ["RegisterTaskDefinition", "UpdateService"]
    result = run(cloud, item)
    assert (result["changed"], cloud.mutations) == (False, ["TagResource"])
    assert ecs.tags()[LIVE] == f"{FAMILY}:3 {LIVE_TAG}"


def test_the_tag_does_not_follow_another_image(cloud, ecs):
    run(cloud)
    ecs.release("example/api:1")
    tag = ecs.tags()[LIVE]
    ecs.release("example/api:2")
    ecs.tag({"resourceArn": f"{PREFIX}:service/{CLUSTER}/api", "tags": [{"key": LIVE, "value": tag}]})
    assert (run(cloud)["changed"], cloud.mutations, ecs.tags()[LIVE]) == (False, [], tag)


def test_tags_of_releases_stay(cloud, ecs):
    run(cloud)
    ecs.release("example/api:1")
    mine = {PREVIOUS: f"{FAMILY}:1 {LIVE_TAG}", "By": "hand"}
    ecs.services["api"]["tags"] += [{"key": key, "value": value} for key, value in mine.items()]
    result = run(cloud, {**SERVICE, "tags": {"Tier": "app"}})
    assert (result["actions"][0]["fields"], cloud.mutations) == (["tags"], ["UntagResource", "TagResource"])
    assert set(ecs.tags()) == {"Platform", "Environment", "Tier", LIVE, PREVIOUS}
    assert result["services"]["api"]["release"]["previous"] == f"{FAMILY}:1"


def test_nothing_is_rolled_out_in_the_middle_of_a_release(cloud, ecs):
    run(cloud)
    ecs.release("example/api:1")
    ecs.services["api"]["tags"].append({"key": PENDING, "value": f"{FAMILY}:3 {LIVE_TAG}"})
    ecs.services["api"]["deployments"][0].update(rolloutState="IN_PROGRESS", left=9)
    failed = fail(cloud, changed(environment={"A": "1"}))
    assert f"is in the middle of a release: {FAMILY}:3 is not complete" in failed["msg"]
    assert ". To fix: let the release end" in failed["msg"] and cloud.mutations == []
    ecs.services["api"]["deployments"][0]["rolloutState"] = "COMPLETED"
    assert run(cloud, changed(environment={"A": "1"}))["changed"]
    assert ecs.tags()[LIVE].startswith(f"{FAMILY}:2 ")


def test_a_rollout_that_is_taken_back_says_why(cloud, ecs):
    run(cloud)
    ecs.release("example/api:1")
    ecs.broken.add(f"{PREFIX}:task-definition/{FAMILY}:3")
    ecs.stopped = {
        "taskDefinitionArn": f"{PREFIX}:task-definition/{FAMILY}:3",
        "stopCode": "EssentialContainerExited",
        "stoppedReason": "Essential container in task exited",
        "createdAt": ecs.clock + timedelta(hours=1),
        "containers": [{"name": "api", "exitCode": 127}],
    }
    failed = fail(cloud, changed(environment={"A": "1"}))
    assert f"{FAMILY}:3 failed and was taken back; {FAMILY}:2 is live" in failed["msg"]
    assert "container api exited with 127" in failed["msg"] and "deployment failed: tasks failed" in failed["msg"]
    assert ". To fix: " in failed["msg"]
    assert failed["actions"][0]["fields"] == ["api.environment"]
    assert ecs.tags()[LIVE] == f"{FAMILY}:2 {LIVE_TAG}"
    ecs.broken.clear()
    run(cloud, changed(environment={"A": "1"}))
    assert cloud.mutations == ["UpdateService", "TagResource"]


def test_a_first_deployment_that_failed_is_tried_again(cloud, ecs):
    ecs.broken.add(f"{PREFIX}:task-definition/{FAMILY}:1")
    ecs.stopped = {"taskDefinitionArn": f"{PREFIX}:task-definition/{FAMILY}:9", "createdAt": ecs.clock}
    assert f"the deployment of {FAMILY}:1 failed. " in fail(cloud)["msg"]
    ecs.broken.clear()
    assert run(cloud, check_mode=True)["actions"][0]["fields"] == ["rollout"]
    run(cloud)
    assert cloud.parameters("UpdateService") == [{"cluster": CLUSTER, "service": "api", "forceNewDeployment": True}]
    assert not run(cloud)["changed"]


def test_several_services_are_waited_for_together(cloud, ecs):
    worker = {**SERVICE, "name": "worker", "load_balancers": []}
    ecs.polls = 4
    run(cloud, SERVICE, worker)
    assert cloud.mutations == ["RegisterTaskDefinition", "CreateService", "CreateService"]
    waited = [params["services"] for params in cloud.parameters("DescribeServices")]
    assert waited.count(["api", "worker"]) >= 3
    assert list(run(cloud, SERVICE, worker, state="gathered")["services"]) == ["api", "worker"]


def test_an_old_description_is_not_taken_for_the_end(cloud, ecs):
    run(cloud)
    old = ecs.DescribeServices({"services": ["api"]})
    cloud.answer("DescribeServices", lambda params: copy.deepcopy(old), times=3)
    cloud._faults.insert(0, cloud._faults.pop())
    result = run(cloud, {**SERVICE, "subnet_ids": ["subnet-3"]})
    deployment = result["services"]["api"]["deployments"][0]
    assert deployment["rollout_state"] == "COMPLETED"
    assert deployment["since"] > old["services"][0]["deployments"][0]["createdAt"].isoformat()


def test_what_ecs_does_not_see_yet_is_waited_for(cloud, ecs):
    faults = [
        ("ClientException", "TaskDefinition not found."),
        ("InvalidParameterException", "Unable to assume the service linked role. Please verify that it exists."),
        ("InvalidParameterException", f"The target group with targetGroupArn {TARGETS} does not have an associated"),
    ]

    def refuse(params):
        code, message = faults.pop()
        raise ClientError({"Error": {"Code": code, "Message": message}}, "CreateService")

    cloud.answer("CreateService", refuse, times=3)
    cloud._faults.insert(0, cloud._faults.pop())
    run(cloud)
    assert cloud.mutations.count("CreateService") == 4
    tokens = {params["clientToken"] for params in cloud.parameters("CreateService")}
    assert len(tokens) == 1


def test_delete_and_delete_again(cloud, ecs):
    run(cloud)
    ecs.release("example/api:1")
    predicted = run(cloud, {"name": "api"}, state="absent", check_mode=True)
    assert ([action["action"] for action in predicted["actions"]], cloud.mutations) == (["delete"], [])
    deleted = run(cloud, {"name": "api"}, state="absent")
    assert (deleted["actions"], deleted["services"], ecs.revisions()) == (predicted["actions"], {}, 0)
    assert cloud.parameters("DeleteService") == [{"cluster": CLUSTER, "service": "api", "force": True}]
    assert ecs.services["api"]["status"] == "INACTIVE"
    again = run(cloud, state="absent")
    assert (again["changed"], cloud.operations) == (False, ["DescribeServices"])


def test_a_service_that_is_being_deleted_is_waited_for(cloud, ecs):
    run(cloud)
    first = cloud.parameters("CreateService")[0]["clientToken"]
    run(cloud, state="absent", wait=False)
    assert ecs.services["api"]["status"] == "DRAINING"
    assert not run(cloud, state="absent")["changed"]
    assert (ecs.services["api"]["status"], cloud.mutations) == ("INACTIVE", [])
    ecs.services["api"].update(status="DRAINING", left=2)
    assert run(cloud)["actions"][0]["action"] == "create"
    assert cloud.mutations == ["RegisterTaskDefinition", "CreateService"]
    run(cloud, state="absent")
    run(cloud)
    assert cloud.parameters("CreateService")[0]["clientToken"] != first


def test_revisions_of_somebody_else_stay(cloud, ecs):
    run(cloud)
    shared = ecs.client.register_task_definition(
        family="shared", containerDefinitions=[{"name": "api", "image": "x", "memory": 9}]
    )["taskDefinition"]["taskDefinitionArn"]
    ecs.services["api"]["taskDefinition"] = shared
    run(cloud, {"name": "api"}, state="absent")
    assert cloud.mutations == ["DeleteService"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_service_of_somebody_else_is_not_touched(cloud, ecs, state):
    run(cloud, tags={**TAGS, "Environment": "production"})
    failed = fail(cloud, state=state)
    assert f"ECS service api in cluster {CLUSTER} belongs to somebody else: it is tagged Environment" in failed["msg"]
    assert cloud.mutations == []


def test_another_deployment_controller_is_refused(cloud, ecs):
    run(cloud)
    ecs.services["api"]["deploymentController"] = {"type": "CODE_DEPLOY"}
    assert "deployment_controller is CODE_DEPLOY and cannot become ECS. To fix:" in fail(cloud)["msg"]


def test_a_released_container_cannot_be_renamed(cloud, ecs):
    run(cloud)
    ecs.release("example/api:1")
    item = changed(name="web") | {"release_container": "web", "load_balancers": []}
    failed = fail(cloud, item)
    assert f"runs {FAMILY}:2, which has no container web: which image is live is not known." in failed["msg"]
    assert ". To fix: " in failed["msg"] and cloud.mutations == []


def test_a_bootstrapped_container_can(cloud, ecs):
    run(cloud)
    assert run(cloud, changed(name="web") | {"release_container": "web", "load_balancers": []})["changed"]
    assert ecs.definition()["containerDefinitions"][0]["name"] == "web"


def test_a_service_whose_revision_is_gone_can_be_deleted(cloud, ecs):
    run(cloud)
    ecs.services["api"]["taskDefinition"] = f"{PREFIX}:task-definition/gone:1"
    assert run(cloud, {"name": "api"}, state="gathered")["services"]["api"]["image"] is None
    assert run(cloud, {"name": "api"}, state="absent")["changed"]


@pytest.mark.parametrize(
    "item, message",
    [
        ({**SERVICE, "name": "a/b"}, f"ECS service a/b in cluster {CLUSTER} is no name of a service. To fix:"),
        ({"name": "api"}, "has no task_definition. To fix: give it."),
        ({**SERVICE, "subnet_ids": []}, "has no subnet_ids. To fix: give it."),
        ({**SERVICE, "release_container": "web"}, "has no container web to release. To fix:"),
        (changed(image="example/api:1"), "has an image in its container api. To fix: leave it out"),
        (changed(essential=False), "has a container api that is not essential. To fix:"),
        (changed(stop_timeout=1), "has a container api that has an impossible stop_timeout"),
        ({**SERVICE, "task_definition": {**DEFINITION, "family": "a/b"}}, "has an impossible family"),
        ({**SERVICE, "task_definition": {**DEFINITION, "cpu": 500}}, "cannot have cpu 500. To fix: one of 256"),
        (changed(port=3001), "has no port 3000 in a container api. To fix:"),
        ({**SERVICE, "load_balancers": SERVICE["load_balancers"] * 6}, "has too many load_balancers"),
        ({**SERVICE, "security_group_ids": ["sg-1"] * 6}, "is in too many subnets or security groups"),
        ({**SERVICE, "desired_count": 5001}, "has an impossible desired_count"),
        ({**SERVICE, "health_check_grace_period_seconds": -1}, "has an impossible health_check_grace_period_seconds"),
        ({**SERVICE, "maximum_percent": 201}, "has impossible percentages"),
        ({**SERVICE, "maximum_percent": 100}, "could not replace a task with these percentages"),
        ({**SERVICE, "maximum_percent": 100, "minimum_healthy_percent": 50}, "cannot rebalance zones"),
        ({**SERVICE, "capacity_provider_strategy": [{"capacity_provider": "FARGATE"}]}, "a strategy without weight"),
        ({**SERVICE, "tags": {LIVE: "x"}}, "has tags that begin with groundwork:. To fix: leave them to releases"),
    ],
)
def test_impossible_wishes_are_refused(cloud, item, message):
    assert message in fail(cloud, item)["msg"]
    assert cloud.calls == []
