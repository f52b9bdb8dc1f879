# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments of CodeDeploy to a service of Amazon ECS: on their way, at their end, stopped and rolled back."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import WaiterError

from tests.unit.sandbox.code_deploy import NAMES, CodeDeploy

CANARY = "CodeDeployDefault.ECSCanary10Percent5Minutes"
LINEAR = "CodeDeployDefault.ECSLinear10PercentEvery1Minutes"
TEST = ["BeforeInstall", "Install", "AfterInstall", "AllowTestTraffic", "AfterAllowTestTraffic"]
EVENTS = [*TEST, "BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"]
ALARMS = {"enabled": True, "alarms": [{"name": "errors"}]}
ON_ALARM = {"enabled": True, "events": ["DEPLOYMENT_STOP_ON_ALARM"]}
ON_FAILURE = {"enabled": True, "events": ["DEPLOYMENT_FAILURE"]}


@pytest.fixture
def shop(sandbox):
    """A service that CodeDeploy deploys."""
    return CodeDeploy(sandbox)


@pytest.fixture
def slow(shop):
    """The same, with minutes that last."""
    shop.sandbox.delays(codedeploy_minute=60)
    return shop


def _waits(minutes, **ready):
    return {
        "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": minutes},
        "deploymentReadyOption": ready or {"actionOnTimeout": "CONTINUE_DEPLOYMENT"},
    }


def _service(shop):
    return shop.fargate.look()


def test_all_at_once(shop):
    number = shop.group().deploy()
    shop.client.get_waiter("deployment_successful").wait(deploymentId=number, WaiterConfig={"Delay": 0})
    target = shop.target(number)
    assert [item["lifecycleEventName"] for item in target["lifecycleEvents"]] == EVENTS
    assert {item["status"] for item in target["lifecycleEvents"]} == {"Succeeded"}
    assert shop.weights() == (0, 100) and shop.weights(shop.test) == (0, 100)
    service = _service(shop)
    (green,) = service["taskSets"]
    assert green["status"] == "PRIMARY" and green["externalId"] == number and green["startedBy"] == "CODE_DEPLOY"
    assert service["taskDefinition"].endswith("web:2") and service["runningCount"] == 2
    assert service["loadBalancers"][0]["targetGroupArn"] == shop.green
    health = shop.elbv2.describe_target_health(TargetGroupArn=shop.green)["TargetHealthDescriptions"]
    assert [item["TargetHealth"]["State"] for item in health] == ["healthy", "healthy"]


def test_back_and_forth(shop):
    shop.group()
    for image, weights in (("nginx:2", (0, 100)), ("nginx:3", (100, 0))):
        number = shop.deploy(shop.revision(shop.fargate.definition(image)))
        assert shop.look(number)["status"] == "Succeeded" and shop.weights() == weights
    assert shop.look(number)["previousRevision"]["revisionType"] == "AppSpecContent"
    info = shop.client.get_deployment_group(**NAMES)["deploymentGroupInfo"]
    assert info["lastSuccessfulDeployment"]["deploymentId"] == number
    assert info["lastAttemptedDeployment"]["status"] == "Succeeded"


def test_canary(slow):
    number = slow.group(blueGreenDeploymentConfiguration=_waits(5)).deploy(deploymentConfigName=CANARY)
    assert slow.look(number)["status"] == "InProgress" and slow.weights() == (90, 10)
    blue, green = slow.target(number)["taskSetsInfo"]
    assert (blue["trafficWeight"], blue["status"], blue["targetGroup"]["name"]) == (90.0, "PRIMARY", "web")
    assert (green["trafficWeight"], green["status"], green["runningCount"]) == (10.0, "ACTIVE", 2)
    assert _service(slow)["runningCount"] == 4
    slow.sandbox.advance(299)
    assert slow.weights() == (90, 10)
    slow.sandbox.advance(1)
    assert slow.weights() == (0, 100)
    info = slow.look(number)
    assert info["status"] == "InProgress" and info["instanceTerminationWaitTimeStarted"]
    assert [item["status"] for item in slow.target(number)["taskSetsInfo"]] == ["ACTIVE", "PRIMARY"]
    slow.sandbox.advance(300)
    assert slow.look(number)["status"] == "Succeeded" and len(_service(slow)["taskSets"]) == 1


def test_without_test_traffic(shop):
    pair = shop.pair()
    del pair["targetGroupPairInfoList"][0]["testTrafficRoute"]
    shop.elbv2.delete_listener(ListenerArn=shop.test)  # green is behind nothing, then
    number = shop.group(loadBalancerInfo=pair).deploy()
    events = [item["lifecycleEventName"] for item in shop.target(number)["lifecycleEvents"]]
    assert events == [name for name in EVENTS if "TestTraffic" not in name]
    assert shop.look(number)["status"] == "Succeeded" and shop.weights() == (0, 100)


def test_test_traffic_waits_for_the_new_tasks(slow):
    slow.sandbox.delays(ecs_task_start=40)
    number = slow.group().deploy()
    assert slow.look(number)["status"] == "InProgress" and slow.weights(slow.test) == (100, 0)
    slow.sandbox.advance(40)
    assert slow.look(number)["status"] == "Succeeded" and slow.weights(slow.test) == (0, 100)


def test_linear(slow):
    number = slow.group(deploymentConfigName=LINEAR).deploy()
    seen = []
    for _minute in range(11):
        slow.look(number)
        seen.append(slow.weights()[1])
        slow.sandbox.advance(60)
    assert seen == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100]
    assert slow.look(number)["status"] == "Succeeded"


def test_weights_are_seen_without_asking_codedeploy(slow):
    slow.group(deploymentConfigName=LINEAR).deploy()
    assert slow.weights() == (90, 10)
    slow.sandbox.advance(60)
    assert slow.weights() == (80, 20)
    slow.sandbox.advance(480)
    assert slow.fargate.look()["taskDefinition"].endswith("web:2")


def test_other_rules_of_the_listener_are_left_alone(shop):
    other = shop.target_group("other")
    for priority, group in ((1, shop.blue), (2, other)):
        shop.elbv2.create_rule(
            ListenerArn=shop.prod, Priority=priority, Actions=[{"Type": "forward", "TargetGroupArn": group}],
            Conditions=[{"Field": "path-pattern", "Values": [f"/{priority}"]}],
        )  # fmt: skip
    shop.group().deploy()
    rules = shop.elbv2.describe_rules(ListenerArn=shop.prod)["Rules"]
    first, second, _default = [rule["Actions"][0] for rule in rules]
    assert [item["Weight"] for item in first["ForwardConfig"]["TargetGroups"]] == [0, 100]
    assert second["TargetGroupArn"] == other


def test_alarm_rolls_back(slow):
    slow.alarm()
    slow.group(alarmConfiguration=ALARMS, autoRollbackConfiguration=ON_ALARM, deploymentConfigName=CANARY)
    number = slow.deploy()
    assert slow.weights() == (90, 10)
    slow.sandbox.delays(codedeploy_rollback=60)
    slow.alarm("ALARM")
    info = slow.look(number)
    assert info["status"] == "Stopped" and info["errorInformation"]["code"] == "ALARM_ACTIVE"
    assert "errors" in info["errorInformation"]["message"] and slow.weights() == (100, 0)
    undoing = slow.look(info["rollbackInfo"]["rollbackDeploymentId"])
    assert (undoing["status"], undoing["creator"]) == ("InProgress", "codeDeployRollback")
    assert undoing["rollbackInfo"]["rollbackTriggeringDeploymentId"] == number
    slow.sandbox.advance(60)
    assert slow.look(undoing["deploymentId"])["status"] == "Succeeded"
    service = _service(slow)
    assert service["taskDefinition"] == slow.definition and service["runningCount"] == 2
    assert [item["status"] for item in service["taskSets"]] == ["PRIMARY"]
    with pytest.raises(WaiterError):
        slow.client.get_waiter("deployment_successful").wait(deploymentId=number)


def test_alarm_after_the_shift_rolls_back_too(slow):
    slow.alarm()
    slow.group(
        alarmConfiguration=ALARMS, autoRollbackConfiguration=ON_ALARM, blueGreenDeploymentConfiguration=_waits(60)
    )
    number = slow.deploy()
    assert slow.weights() == (0, 100) and _service(slow)["taskDefinition"].endswith("web:2")
    slow.alarm("ALARM")
    assert slow.look(number)["status"] == "Stopped" and slow.weights() == (100, 0)
    assert _service(slow)["taskDefinition"] == slow.definition


def test_alarm_without_rollback_leaves_the_traffic(slow):
    slow.alarm()
    number = slow.group(alarmConfiguration=ALARMS, deploymentConfigName=CANARY).deploy()
    slow.look(number)
    slow.alarm("ALARM")
    info = slow.look(number)
    assert info["status"] == "Stopped" and "rollbackInfo" not in info and slow.weights() == (90, 10)
    slow.alarm("OK")
    following = slow.deploy()
    slow.sandbox.advance(300)
    assert slow.look(following)["status"] == "InProgress" and slow.weights() == (90, 10)
    slow.sandbox.advance(300)
    assert slow.look(following)["status"] == "Succeeded" and len(_service(slow)["taskSets"]) == 1


def test_another_alarm_for_one_deployment(slow):
    slow.alarm("ALARM")
    slow.group(alarmConfiguration=ALARMS)
    number = slow.deploy(overrideAlarmConfiguration={"enabled": False})
    assert slow.look(number)["status"] == "Succeeded"


@pytest.mark.parametrize("behaviour", [{"exit_code": 1}, {"healthy": False}])
def test_replacement_that_does_not_run(slow, behaviour):
    slow.sandbox.task_behaviour("nginx:2", **behaviour)
    number = slow.group(autoRollbackConfiguration=ON_FAILURE).deploy()
    assert slow.look(number)["status"] == "InProgress"
    slow.sandbox.advance(3600)
    info = slow.look(number)
    assert info["status"] == "Failed" and info["errorInformation"]["code"] == "TIMEOUT"
    states = {item["lifecycleEventName"]: item["status"] for item in slow.target(number)["lifecycleEvents"]}
    assert (states["BeforeInstall"], states["Install"], states["AllowTraffic"]) == ("Succeeded", "Failed", "Skipped")
    service = _service(slow)
    assert [item["taskDefinition"] for item in service["taskSets"]] == [slow.definition]
    assert service["runningCount"] == 2 and slow.weights() == (100, 0)


def test_hooks(slow):
    hooks = {"AfterAllowTestTraffic": slow.function("test"), "AfterAllowTraffic": "test"}
    number = slow.group().deploy(slow.revision(slow.fargate.definition("nginx:2"), hooks))
    (asked,) = slow.sandbox.waiting_hooks()
    assert slow.look(number)["status"] == "InProgress"
    assert (asked["DeploymentId"], asked["LifecycleEvent"]) == (number, "AfterAllowTestTraffic")
    assert slow.weights() == (100, 0) and slow.weights(slow.test) == (0, 100)
    _put(slow, asked, "Succeeded")
    assert slow.look(number)["status"] == "InProgress" and slow.weights() == (0, 100)
    (asked,) = slow.sandbox.waiting_hooks()
    assert asked["LifecycleEvent"] == "AfterAllowTraffic"
    _put(slow, asked, "Succeeded")
    assert slow.look(number)["status"] == "Succeeded" and slow.sandbox.waiting_hooks() == []


def _put(shop, asked, status):
    shop.client.put_lifecycle_event_hook_execution_status(
        deploymentId=asked["DeploymentId"], status=status,
        lifecycleEventHookExecutionId=asked["LifecycleEventHookExecutionId"],
    )  # fmt: skip


@pytest.mark.parametrize("how", ["refused", "silent", "missing"])
def test_hook_that_does_not_agree(slow, how):
    function = "missing" if how == "missing" else slow.function("test")
    revision = slow.revision(slow.fargate.definition("nginx:2"), {"BeforeAllowTraffic": function})
    number = slow.group(autoRollbackConfiguration=ON_FAILURE).deploy(revision)
    slow.look(number)
    if how == "refused":
        _put(slow, *slow.sandbox.waiting_hooks(), "Failed")
    slow.sandbox.advance(3600 if how == "silent" else 0)
    info = slow.look(number)
    assert info["status"] == "Failed" and info["errorInformation"]["code"] == "HOOK_EXECUTION_FAILURE"
    (failed,) = [item for item in slow.target(number)["lifecycleEvents"] if item["status"] == "Failed"]
    assert failed["lifecycleEventName"] == "BeforeAllowTraffic"
    assert failed["diagnostics"]["message"] == info["errorInformation"]["message"]
    assert info["rollbackInfo"]["rollbackDeploymentId"]
    assert slow.weights(slow.test) == (100, 0) and _service(slow)["taskDefinition"] == slow.definition


def test_traffic_waits_for_an_agreement(slow):
    waits = _waits(0, actionOnTimeout="STOP_DEPLOYMENT", waitTimeInMinutes=30)
    slow.group(blueGreenDeploymentConfiguration=waits)
    number = slow.deploy()
    assert slow.look(number)["status"] == "Ready" and slow.weights() == (100, 0)
    slow.client.continue_deployment(deploymentId=number, deploymentWaitType="READY_WAIT")
    assert slow.look(number)["status"] == "Succeeded" and slow.weights() == (0, 100)
    number = slow.deploy()
    slow.look(number)
    slow.sandbox.advance(1800)
    assert slow.look(number)["status"] == "Stopped" and slow.weights() == (0, 100)


@pytest.mark.parametrize("early", ["continue", "skip"])
def test_termination_comes_early(slow, early):
    number = slow.group(blueGreenDeploymentConfiguration=_waits(60)).deploy()
    assert slow.look(number)["instanceTerminationWaitTimeStarted"]
    if early == "continue":
        slow.client.continue_deployment(deploymentId=number, deploymentWaitType="TERMINATION_WAIT")
    else:
        slow.client.skip_wait_time_for_instance_termination(deploymentId=number)
    assert slow.look(number)["status"] == "Succeeded" and len(_service(slow)["taskSets"]) == 1


@pytest.mark.parametrize("asked", [True, None, False])
def test_stop(slow, asked):
    on_request = {"enabled": True, "events": ["DEPLOYMENT_STOP_ON_REQUEST"]}
    number = slow.group(deploymentConfigName=CANARY, autoRollbackConfiguration=on_request).deploy()
    slow.look(number)
    parameters = {} if asked is None else {"autoRollbackEnabled": asked}
    assert slow.client.stop_deployment(deploymentId=number, **parameters)["status"] == "Succeeded"
    info = slow.look(number)
    assert info["status"] == "Stopped" and info["errorInformation"]["code"] == "MANUAL_STOP"
    assert slow.weights() == ((90, 10) if asked is False else (100, 0))
    assert len(_service(slow)["taskSets"]) == (2 if asked is False else 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("version: 0.0", "INVALID_REVISION"),
        ("not: [yaml", "INVALID_REVISION"),
        (None, "ECS_UPDATE_ERROR"),
    ],
)
def test_revision_that_cannot_be_deployed(shop, content, code):
    revision = shop.revision("web:9")
    if content:
        revision["appSpecContent"]["content"] = content
    info = shop.look(shop.group().deploy(revision))
    assert info["status"] == "Failed" and info["errorInformation"]["code"] == code
    assert len(_service(shop)["taskSets"]) == 1 and shop.weights()[1] == 0


def test_target_group_that_is_not_the_services(shop):
    pair = shop.pair(targetGroups=[{"name": "green"}, {"name": "other"}])
    shop.target_group("other")
    info = shop.look(shop.group(loadBalancerInfo=pair).deploy())
    assert info["errorInformation"]["code"] == "ELASTIC_LOAD_BALANCING_INVALID"


def test_revision_in_s3(shop):
    s3 = shop.sandbox.client("s3")
    s3.create_bucket(Bucket="specs", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    content = shop.revision(shop.fargate.definition("nginx:2"))["appSpecContent"]["content"]
    s3.put_object(Bucket="specs", Key="appspec.json", Body=content.encode())
    location = {"bucket": "specs", "key": "appspec.json", "bundleType": "JSON"}
    number = shop.group().deploy({"revisionType": "S3", "s3Location": location})
    assert shop.look(number)["status"] == "Succeeded" and _service(shop)["taskDefinition"].endswith("web:2")
    assert shop.look(number)["revision"]["s3Location"] == location


def test_appspec_says_more(shop):
    one = {"AwsvpcConfiguration": {"Subnets": shop.fargate.subnets[:1], "AssignPublicIp": "ENABLED"}}
    revision = shop.revision(NetworkConfiguration=one, PlatformVersion="1.4.0")
    assert shop.look(shop.group().deploy(revision))["status"] == "Succeeded"
    service = _service(shop)
    network = service["networkConfiguration"]["awsvpcConfiguration"]
    assert (network["subnets"], network["assignPublicIp"]) == (shop.fargate.subnets[:1], "ENABLED")
    assert service["platformVersion"] == "1.4.0"


def test_times_on_aws(shop):
    shop.sandbox.delays(scale=1)
    number = shop.group().deploy()
    assert shop.look(number)["status"] == "Created"
    shop.sandbox.advance(5)
    assert shop.look(number)["status"] == "InProgress" and shop.look(number)["startTime"]
    events = {item["lifecycleEventName"]: item["status"] for item in shop.target(number)["lifecycleEvents"]}
    assert (events["Install"], events["AllowTraffic"]) == ("InProgress", "Pending")
    for _minute in range(8):
        shop.sandbox.advance(60)
        shop.look(number)
    assert shop.look(number)["status"] == "Succeeded"


def test_restored_on_the_way(slow, tmp_path):
    number = slow.group(deploymentConfigName=CANARY).deploy()
    assert slow.look(number)["status"] == "InProgress"
    slow.sandbox.save(tmp_path / "state")
    slow.sandbox.reset()
    slow.sandbox.restore(tmp_path / "state")
    slow.sandbox.advance(300)
    assert slow.weights() == (0, 100) and slow.look(number)["status"] == "Succeeded"


def test_service_deleted_on_the_way(slow):
    number = slow.group(deploymentConfigName=CANARY).deploy()
    slow.look(number)
    slow.ecs.delete_service(cluster="c", service="web", force=True)
    info = slow.look(number)
    assert info["status"] == "Failed" and info["errorInformation"]["code"] == "INVALID_ECS_SERVICE"


def test_listener_deleted_on_the_way(slow):
    number = slow.group(deploymentConfigName=CANARY, autoRollbackConfiguration=ON_FAILURE).deploy()
    slow.look(number)
    slow.elbv2.delete_listener(ListenerArn=slow.prod)
    slow.sandbox.advance(300)
    info = slow.look(number)
    assert info["status"] == "Failed" and info["errorInformation"]["code"] == "ELASTIC_LOAD_BALANCING_INVALID"
    assert slow.look(info["rollbackInfo"]["rollbackDeploymentId"])["status"] == "Failed"


def test_renamed_application_keeps_everything(shop):
    number = shop.group(tags=[{"Key": "a", "Value": "b"}]).deploy()
    shop.client.update_application(applicationName="shop", newApplicationName="store")
    arn = "arn:aws:codedeploy:eu-central-1:123456789012:deploymentgroup:store/web"
    assert shop.client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    assert shop.look(number)["status"] == "Succeeded"
    tagging = shop.sandbox.client("resourcegroupstaggingapi")
    found = tagging.get_resources(ResourceTypeFilters=["codedeploy"])["ResourceTagMappingList"]
    assert [item["ResourceARN"] for item in found] == [arn]


def test_scaling_during_a_deployment(slow):
    number = slow.group(deploymentConfigName=CANARY).deploy()
    slow.look(number)
    slow.ecs.update_service(cluster="c", service="web", desiredCount=3)
    assert [item["runningCount"] for item in slow.target(number)["taskSetsInfo"]] == [3, 3]


def test_spec_in_yaml(shop):
    content = json.loads(shop.revision(shop.fargate.definition("nginx:2"))["appSpecContent"]["content"])
    lines = ["version: 0.0", f"Resources: {json.dumps(content['Resources'])}"]
    revision = {"revisionType": "String", "string": {"content": "\n".join(lines)}}
    number = shop.group().deploy(revision)
    assert shop.look(number)["status"] == "Succeeded"
    assert len(shop.look(number)["revision"]["string"]["sha256"]) == 64


def test_snapshot(shop):
    shop.group()
    route = {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 1, "canaryInterval": 1}}
    shop.client.create_deployment_config(
        deploymentConfigName="slow", computePlatform="ECS", trafficRoutingConfig=route
    )  # fmt: skip
    before = shop.sandbox.snapshot()
    kinds = {kind: list(found) for kind, found in before.items() if kind.startswith("codedeploy")}
    assert kinds == {
        "codedeploy/application": ["eu-central-1/shop"], "codedeploy/deployment-group": ["eu-central-1/shop/web"],
        "codedeploy/deployment-config": ["eu-central-1/slow"],
    }  # fmt: skip
    shop.look(shop.deploy())
    after = shop.sandbox.snapshot()
    assert {kind: after[kind] for kind in kinds} == {kind: before[kind] for kind in kinds}


def test_many_look_at_once(slow):
    number = slow.group(deploymentConfigName=LINEAR).deploy()
    looks = [slow.weights, slow.fargate.look, lambda: slow.look(number), lambda: slow.sandbox.advance(5)]
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(look) for _round in range(40) for look in looks]:
            done.result(timeout=60)
    slow.sandbox.advance(600)
    assert slow.look(number)["status"] == "Succeeded" and slow.weights() == (0, 100)
