# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ECS refuses of clusters, capacity providers and the settings of an account."""

import json

from tests.unit.sandbox.conftest import Fargate
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"
INVALID, CLIENT = "InvalidParameterException", "ClientException"
SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
ON_FARGATE = [{"capacityProvider": "FARGATE", "weight": 1}]


def _fargate(world, **settings):
    fargate = Fargate(world.sandbox, world.vpc())
    fargate.arn = fargate.definition(**settings)
    return fargate


def _running(world, **settings):
    """A service that has been deployed."""
    fargate = _fargate(world)
    fargate.service(**settings)
    fargate.look()
    return fargate


def _cluster(world):
    return world.ecs.create_cluster(clusterName="c", capacityProviders=["FARGATE"])


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


def _instance(world):
    """The ARN of a container instance with nine attributes."""
    image, subnet = world.ec2.describe_images()["Images"][0]["ImageId"], world.subnets()[0]
    made = world.ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", SubnetId=subnet)
    document = json.dumps({"instanceId": made["Instances"][0]["InstanceId"], "region": "eu-central-1"})
    world.ecs.create_cluster(clusterName="c")
    answer = world.ecs.register_container_instance(cluster="c", instanceIdentityDocument=document)
    world.given = answer["containerInstance"]["containerInstanceArn"]
    world.ecs.put_attributes(**_attributes(range(9))(world))
    return world.given


def _attributes(numbers, suffix=""):
    return lambda world: {
        "cluster": "c",
        "attributes": [{"name": f"a{number}", "targetId": world.given + suffix} for number in numbers],
    }


def _rule(says, page, operation, code, given, refused, accepted):
    return Rule(says=says, page=page, operation=operation, code=code, given=given, refused=refused, accepted=accepted)


SERVICE = "ecs"
RULES = [
    _rule("a strategy has the cluster's providers", f"{API}/API_PutClusterCapacityProviders.html",
          "put_cluster_capacity_providers", INVALID, _cluster,
          {"cluster": "c", "capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": SPOT},
          {"cluster": "c", "capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": ON_FARGATE}),
    _rule("one provider of a strategy has a base", f"{API}/API_CapacityProviderStrategyItem.html",
          "put_cluster_capacity_providers", INVALID, _cluster,
          {"cluster": "c", "capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": [
              {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
              {"capacityProvider": "FARGATE_SPOT", "base": 1, "weight": 1}]},
          {"cluster": "c", "capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": [
              {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
              {"capacityProvider": "FARGATE_SPOT", "base": 0, "weight": 1}]}),
    _rule("a strategy has some weight", f"{API}/API_CapacityProviderStrategyItem.html",
          "put_cluster_capacity_providers", INVALID, _cluster,
          {"cluster": "c", "capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": [
              {"capacityProvider": "FARGATE", "weight": 0}, {"capacityProvider": "FARGATE_SPOT", "weight": 0}]},
          {"cluster": "c", "capacityProviders": ["FARGATE", "FARGATE_SPOT"], "defaultCapacityProviderStrategy": [
              {"capacityProvider": "FARGATE", "weight": 0}, {"capacityProvider": "FARGATE_SPOT", "weight": 1}]}),
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
    _rule("a container instance has ten custom attributes", f"{API}/API_PutAttributes.html", "put_attributes",
          "AttributeLimitExceededException", _instance, _attributes((9, 10)), _attributes((8, 9))),
    _rule("what has attributes exists", f"{API}/API_PutAttributes.html", "put_attributes", "TargetNotFoundException",
          _instance, _attributes((9,), "0"), _attributes((9,))),
]  # fmt: skip
