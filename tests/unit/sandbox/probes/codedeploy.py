# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what AWS CodeDeploy has."""

from tests.unit.sandbox.code_deploy import NAMES, CodeDeploy

SHIFT = {"type": "TimeBasedLinear", "timeBasedLinear": {"linearPercentage": 20, "linearInterval": 2}}


def deployment_config(probe):
    codedeploy = probe.client("codedeploy")
    name = {"deploymentConfigName": "slow"}
    wanted = {**name, "computePlatform": "ECS", "trafficRoutingConfig": SHIFT}
    made = probe.does(codedeploy.create_deployment_config, **wanted)
    shown = {**wanted, "deploymentConfigId": made["deploymentConfigId"]}
    probe.shows(shown, codedeploy.get_deployment_config, "deploymentConfigInfo", **name)
    found = codedeploy.list_deployment_configs()["deploymentConfigsList"]
    probe.shows(sorted({*found, "slow"}), codedeploy.list_deployment_configs, "deploymentConfigsList")
    probe.does(codedeploy.delete_deployment_config, **name)
    probe.lacks(codedeploy.get_deployment_config, "DeploymentConfigDoesNotExistException", **name)


def predefined_configs(probe):
    codedeploy = probe.client("codedeploy")
    canary = {"type": "TimeBasedCanary", "timeBasedCanary": {"canaryPercentage": 10, "canaryInterval": 15}}
    linear = {"type": "TimeBasedLinear", "timeBasedLinear": {"linearPercentage": 10, "linearInterval": 3}}
    for name, routing in (
        ("ECSCanary10Percent15Minutes", canary),
        ("ECSLinear10PercentEvery3Minutes", linear),
        ("ECSAllAtOnce", {"type": "AllAtOnce"}),
    ):
        full = f"CodeDeployDefault.{name}"
        shown = {"deploymentConfigName": full, "computePlatform": "ECS", "trafficRoutingConfig": routing}
        probe.shows(
            shown, codedeploy.get_deployment_config, "deploymentConfigInfo", deploymentConfigName=full
        )  # fmt: skip


def application(probe):
    codedeploy = probe.client("codedeploy")
    wanted = {"applicationName": "shop", "computePlatform": "ECS"}
    made = probe.does(codedeploy.create_application, **wanted, tags=[{"Key": "a", "Value": "b"}])
    shown = {**wanted, "applicationId": made["applicationId"], "linkedToGitHub": False}
    probe.shows(shown, codedeploy.get_application, "application", applicationName="shop")
    arn = {"ResourceArn": "arn:aws:codedeploy:eu-central-1:123456789012:application:shop"}
    probe.shows([{"Key": "a", "Value": "b"}], codedeploy.list_tags_for_resource, "Tags", **arn)
    probe.does(codedeploy.tag_resource, **arn, Tags=[{"Key": "a", "Value": "c"}])
    probe.shows([{"Key": "a", "Value": "c"}], codedeploy.list_tags_for_resource, "Tags", **arn)
    probe.does(codedeploy.untag_resource, **arn, TagKeys=["a"])
    probe.lacks(codedeploy.list_tags_for_resource, path="Tags", **arn)
    probe.does(codedeploy.update_application, applicationName="shop", newApplicationName="store")
    probe.shows(
        [{**shown, "applicationName": "store"}],
        codedeploy.batch_get_applications,
        "applicationsInfo",
        applicationNames=["store"],
    )
    probe.shows(["store"], codedeploy.list_applications, "applications")
    probe.does(codedeploy.delete_application, applicationName="store")
    probe.lacks(codedeploy.get_application, "ApplicationDoesNotExistException", applicationName="store")


def revision(probe):
    codedeploy = probe.client("codedeploy")
    codedeploy.create_application(applicationName="shop", computePlatform="ECS")
    location = {"bucket": "specs", "key": "app/1.yaml", "bundleType": "YAML"}
    wanted = {"revisionType": "S3", "s3Location": location}
    probe.does(codedeploy.register_application_revision, applicationName="shop", revision=wanted, description="first")
    shown = {"revision": wanted, "revisionInfo": {"description": "first", "deploymentGroups": []}}
    probe.shows(shown, codedeploy.get_application_revision, applicationName="shop", revision=wanted)
    info = [{"revisionLocation": wanted, "genericRevisionInfo": {"description": "first"}}]
    probe.shows(
        info, codedeploy.batch_get_application_revisions, "revisions", applicationName="shop", revisions=[wanted]
    )
    found = {"s3Bucket": "specs", "s3KeyPrefix": "app/"}
    probe.shows([wanted], codedeploy.list_application_revisions, "revisions", applicationName="shop", **found)
    probe.lacks(codedeploy.list_application_revisions, path="revisions", applicationName="shop", deployed="include")


def deployment_group(probe):
    shop = CodeDeploy(probe.sandbox)
    codedeploy, application = shop.client, {"applicationName": "shop"}
    topic = probe.client("sns").create_topic(Name="releases")["TopicArn"]
    wanted = shop.wanted(
        deploymentConfigName="CodeDeployDefault.ECSCanary10Percent5Minutes",
        alarmConfiguration={"enabled": True, "ignorePollAlarmFailure": True, "alarms": [{"name": "errors"}]},
        autoRollbackConfiguration={"enabled": True, "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]},
        blueGreenDeploymentConfiguration={
            "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": 5},
            "deploymentReadyOption": {"actionOnTimeout": "STOP_DEPLOYMENT", "waitTimeInMinutes": 30},
        },
        triggerConfigurations=[
            {"triggerName": "all", "triggerTargetArn": topic, "triggerEvents": ["DeploymentStart", "DeploymentFailure"]}
        ],
    )
    made = probe.does(codedeploy.create_deployment_group, **wanted, tags=[{"Key": "a", "Value": "b"}])
    shown = {**wanted, "deploymentGroupId": made["deploymentGroupId"], "computePlatform": "ECS"}
    probe.shows(shown, codedeploy.get_deployment_group, "deploymentGroupInfo", **NAMES)
    arn = {"ResourceArn": "arn:aws:codedeploy:eu-central-1:123456789012:deploymentgroup:shop/web"}
    probe.shows([{"Key": "a", "Value": "b"}], codedeploy.list_tags_for_resource, "Tags", **arn)
    changed = {
        "deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce",
        "alarmConfiguration": {"enabled": False, "alarms": []},
        "autoRollbackConfiguration": {"enabled": False, "events": []},
    }
    names = {"currentDeploymentGroupName": "web", "newDeploymentGroupName": "site"}
    probe.does(codedeploy.update_deployment_group, **application, **names, **changed)
    shown = {**shown, **changed, "deploymentGroupName": "site"}
    probe.shows(
        [shown],
        codedeploy.batch_get_deployment_groups,
        "deploymentGroupsInfo",
        **application,
        deploymentGroupNames=["site"],
    )
    probe.shows(["site"], codedeploy.list_deployment_groups, "deploymentGroups", **application)
    probe.does(codedeploy.delete_deployment_group, **application, deploymentGroupName="site")
    probe.lacks(
        codedeploy.get_deployment_group,
        "DeploymentGroupDoesNotExistException",
        **application,
        deploymentGroupName="site",
    )


def deployment(probe):
    shop = CodeDeploy(probe.sandbox).group()
    codedeploy, revision = shop.client, shop.revision(shop.fargate.definition("nginx:2"))
    rollback = {"enabled": True, "events": ["DEPLOYMENT_FAILURE"]}
    alarms = {"enabled": True, "ignorePollAlarmFailure": False, "alarms": [{"name": "errors"}]}
    wanted = {
        **NAMES,
        "revision": revision,
        "description": "the second",
        "autoRollbackConfiguration": rollback,
        "deploymentConfigName": "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
        "overrideAlarmConfiguration": alarms,
    }
    number = probe.does(codedeploy.create_deployment, **wanted)["deploymentId"]
    shown = {
        **wanted,
        "status": "Succeeded",
        "creator": "user",
        "computePlatform": "ECS",
        "deploymentId": number,
        "deploymentOverview": {"Succeeded": 1, "InProgress": 0},
    }
    probe.shows(shown, codedeploy.get_deployment, "deploymentInfo", deploymentId=number)
    probe.shows([shown], codedeploy.batch_get_deployments, "deploymentsInfo", deploymentIds=[number])
    probe.shows([number], codedeploy.list_deployments, "deployments", **NAMES, includeOnlyStatuses=["Succeeded"])
    probe.lacks(codedeploy.list_deployments, path="deployments", **NAMES, includeOnlyStatuses=["Failed"])
    probe.shows(["c:web"], codedeploy.list_deployment_targets, "targetIds", deploymentId=number)
    target = {"targetId": "c:web", "status": "Succeeded", "deploymentId": number}
    shown = {"deploymentTargetType": "ECSTarget", "ecsTarget": target}
    probe.shows(shown, codedeploy.get_deployment_target, "deploymentTarget", deploymentId=number, targetId="c:web")
    probe.shows(
        [shown], codedeploy.batch_get_deployment_targets, "deploymentTargets", deploymentId=number, targetIds=["c:web"]
    )


def deployment_on_its_way(probe):
    shop = CodeDeploy(probe.sandbox)
    waits = {
        "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": 5},
        "deploymentReadyOption": {"actionOnTimeout": "STOP_DEPLOYMENT", "waitTimeInMinutes": 30},
    }
    shop.group(blueGreenDeploymentConfiguration=waits)
    probe.sandbox.delays(codedeploy_minute=60)
    codedeploy, of_it = shop.client, {"deploymentId": shop.deploy()}
    probe.shows({"status": "Ready"}, codedeploy.get_deployment, "deploymentInfo", **of_it)
    probe.does(codedeploy.continue_deployment, **of_it, deploymentWaitType="READY_WAIT")
    waiting = {"status": "InProgress", "instanceTerminationWaitTimeStarted": True}
    probe.shows(waiting, codedeploy.get_deployment, "deploymentInfo", **of_it)
    probe.does(codedeploy.skip_wait_time_for_instance_termination, **of_it)
    probe.shows({"status": "Succeeded"}, codedeploy.get_deployment, "deploymentInfo", **of_it)
    of_it = {"deploymentId": shop.deploy()}
    probe.does(codedeploy.stop_deployment, **of_it, autoRollbackEnabled=True)
    stopped = {"status": "Stopped", "errorInformation": {"code": "MANUAL_STOP"}}
    probe.shows(stopped, codedeploy.get_deployment, "deploymentInfo", **of_it)


def hook(probe):
    shop = CodeDeploy(probe.sandbox).group()
    shop.function("test")
    probe.sandbox.delays(codedeploy_minute=60)
    revision = shop.revision(shop.fargate.definition("nginx:2"), {"AfterAllowTraffic": "test"})
    of_it = {"deploymentId": shop.deploy(revision)}
    probe.shows({"status": "InProgress"}, shop.client.get_deployment, "deploymentInfo", **of_it)
    (asked,) = probe.sandbox.waiting_hooks()
    number = {"lifecycleEventHookExecutionId": asked["LifecycleEventHookExecutionId"]}
    probe.does(shop.client.put_lifecycle_event_hook_execution_status, **of_it, **number, status="Succeeded")
    probe.shows({"status": "Succeeded"}, shop.client.get_deployment, "deploymentInfo", **of_it)
