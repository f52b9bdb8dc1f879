# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of the task sets of Amazon ECS."""

from tests.unit.sandbox.conftest import Fargate

SERVICE = {"cluster": "c", "service": "web"}


def task_set(probe):
    ec2 = probe.client("ec2")
    fargate = Fargate(probe.sandbox, ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])
    ecs, group = fargate.ecs, fargate.balancer()[1]
    definition, another = fargate.definition(), fargate.definition("nginx:2")
    wanted = {"serviceName": "web", "desiredCount": 2, "deploymentController": {"type": "EXTERNAL"}}
    probe.does(ecs.create_service, cluster="c", **wanted)
    probe.shows(wanted, ecs.describe_services, "services.0", cluster="c", services=["web"])
    balancers = [{"targetGroupArn": group, "containerName": "web", "containerPort": 80}]
    settings = {
        "externalId": "blue", "taskDefinition": definition, "launchType": "FARGATE", "platformVersion": "1.4.0",
        "loadBalancers": balancers, "scale": {"value": 50.0, "unit": "PERCENT"}, "tags": [{"key": "a", "value": "b"}],
    }  # fmt: skip
    network = {"awsvpcConfiguration": {"subnets": fargate.subnets, "assignPublicIp": "ENABLED"}}
    blue = probe.does(ecs.create_task_set, **SERVICE, **settings, networkConfiguration=network)["taskSet"]
    shown = {
        **settings, "status": "ACTIVE", "computedDesiredCount": 1, "runningCount": 1,
        "stabilityStatus": "STEADY_STATE", "networkConfiguration": network,
    }  # fmt: skip
    probe.shows(shown, ecs.describe_task_sets, "taskSets.0", **SERVICE, taskSets=[blue["id"]], include=["TAGS"])
    probe.does(ecs.update_task_set, **SERVICE, taskSet=blue["id"], scale={"value": 100, "unit": "PERCENT"})
    probe.shows(
        {"scale": {"value": 100.0}, "runningCount": 2}, ecs.describe_task_sets, "taskSets.0", **SERVICE
    )  # fmt: skip
    probe.does(ecs.update_service_primary_task_set, **SERVICE, primaryTaskSet=blue["taskSetArn"])
    primary = {"taskDefinition": definition, "launchType": "FARGATE", "loadBalancers": balancers}
    probe.shows(primary, ecs.describe_services, "services.0", cluster="c", services=["web"])
    green = ecs.create_task_set(
        **SERVICE, taskDefinition=another, launchType="FARGATE", networkConfiguration=network, externalId="green"
    )["taskSet"]["id"]  # fmt: skip
    probe.does(ecs.update_service_primary_task_set, **SERVICE, primaryTaskSet=green)
    probe.shows({"taskDefinition": another}, ecs.describe_services, "services.0", cluster="c", services=["web"])
    tagged = {"resourceArn": blue["taskSetArn"]}
    probe.does(ecs.tag_resource, **tagged, tags=[{"key": "a", "value": "c"}])
    probe.shows([{"key": "a", "value": "c"}], ecs.list_tags_for_resource, "tags", **tagged)
    probe.does(ecs.untag_resource, **tagged, tagKeys=["a"])
    probe.lacks(ecs.list_tags_for_resource, path="tags", **tagged)
    probe.does(ecs.delete_task_set, **SERVICE, taskSet=blue["id"], force=True)
    probe.lacks(ecs.describe_task_sets, path="taskSets", **SERVICE, taskSets=[blue["id"]])
