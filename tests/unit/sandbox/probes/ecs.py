# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon ECS has."""

import json

ACCOUNT = "arn:aws:iam::123456789012"
TAGS = [{"key": "a", "value": "b"}]


def _network(probe):
    ec2 = probe.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    zones = [("10.0.1.0/24", "eu-central-1a"), ("10.0.2.0/24", "eu-central-1b")]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for block, zone in zones
    ]
    return vpc, subnets, {"awsvpcConfiguration": {"subnets": subnets}}


def _definition(probe, image="nginx:1", **settings):
    wanted = {
        "family": "web", "cpu": "256", "memory": "512", "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"], "taskRoleArn": f"{ACCOUNT}:role/task",
        "containerDefinitions": [{"name": "web", "image": image, "portMappings": [{"containerPort": 80}]}],
    }  # fmt: skip
    ecs = probe.client("ecs")
    return probe.does(ecs.register_task_definition, **wanted | settings)["taskDefinition"]["taskDefinitionArn"]


def _service(probe, network, **settings):
    wanted = {"cluster": "c", "serviceName": "web", "taskDefinition": "web", "desiredCount": 2,
              "launchType": "FARGATE", "networkConfiguration": network}  # fmt: skip
    return probe.does(probe.client("ecs").create_service, **wanted | settings)["service"]


def cluster(probe):
    ecs = probe.client("ecs")
    strategy = [{"capacityProvider": "FARGATE", "weight": 1, "base": 1}]
    command = {"executeCommandConfiguration": {"logging": "DEFAULT"}}
    wanted = {
        "clusterName": "c", "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
        "defaultCapacityProviderStrategy": strategy, "configuration": command,
        "settings": [{"name": "containerInsights", "value": "enabled"}], "tags": TAGS,
    }  # fmt: skip
    arn = probe.does(ecs.create_cluster, **wanted)["cluster"]["clusterArn"]
    included = {"clusters": ["c"], "include": ["SETTINGS", "CONFIGURATIONS", "TAGS"]}
    probe.shows({**wanted, "clusterArn": arn, "status": "ACTIVE"}, ecs.describe_clusters, "clusters.0", **included)
    probe.shows([arn], ecs.list_clusters, "clusterArns")
    off = [{"name": "containerInsights", "value": "disabled"}]
    probe.does(ecs.update_cluster_settings, cluster="c", settings=off)
    none = {"executeCommandConfiguration": {"logging": "NONE"}}
    probe.does(ecs.update_cluster, cluster="c", configuration=none)
    probe.shows({"settings": off, "configuration": none}, ecs.describe_clusters, "clusters.0", **included)
    providers = {"capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": []}
    probe.does(ecs.put_cluster_capacity_providers, cluster="c", **providers)
    probe.shows(providers, ecs.describe_clusters, "clusters.0", **included)
    probe.does(ecs.tag_resource, resourceArn=arn, tags=[{"key": "c", "value": "d"}])
    probe.does(ecs.untag_resource, resourceArn=arn, tagKeys=["a"])
    probe.shows([{"key": "c", "value": "d"}], ecs.list_tags_for_resource, "tags", resourceArn=arn)
    probe.does(ecs.delete_cluster, cluster="c")
    probe.lacks(ecs.list_clusters, path="clusterArns")


def task_definition(probe):
    ecs = probe.client("ecs")
    container = {
        "name": "web", "image": "nginx:1", "portMappings": [{"containerPort": 80, "protocol": "tcp"}],
        "environment": [{"name": "A", "value": "b"}], "essential": True, "readonlyRootFilesystem": True,
        "secrets": [{"name": "S", "valueFrom": "arn:aws:ssm:eu-central-1:123456789012:parameter/s"}],
        "mountPoints": [{"sourceVolume": "tmp", "containerPath": "/tmp"}], "command": ["run"],
        "healthCheck": {"command": ["CMD", "true"], "interval": 10, "timeout": 3, "retries": 2, "startPeriod": 5},
        "linuxParameters": {"initProcessEnabled": True}, "ulimits": [{"name": "nofile", "softLimit": 9, "hardLimit": 9}],
    }  # fmt: skip
    wanted = {
        "family": "web", "cpu": "512", "memory": "1024", "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"], "executionRoleArn": f"{ACCOUNT}:role/execution",
        "taskRoleArn": f"{ACCOUNT}:role/task", "ephemeralStorage": {"sizeInGiB": 30},
        "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
        "volumes": [{"name": "tmp"}], "containerDefinitions": [container],
    }  # fmt: skip
    arn = probe.does(ecs.register_task_definition, **wanted, tags=TAGS)["taskDefinition"]["taskDefinitionArn"]
    probe.shows({"taskDefinition": wanted | {"revision": 1, "status": "ACTIVE"}, "tags": TAGS},
                ecs.describe_task_definition, taskDefinition="web", include=["TAGS"])  # fmt: skip
    second = _definition(probe, "nginx:2")
    probe.shows([arn, second], ecs.list_task_definitions, "taskDefinitionArns", familyPrefix="web")
    probe.shows(["web"], ecs.list_task_definition_families, "families", status="ACTIVE")
    probe.does(ecs.deregister_task_definition, taskDefinition=arn)
    probe.shows({"status": "INACTIVE"}, ecs.describe_task_definition, "taskDefinition", taskDefinition=arn)
    probe.does(ecs.delete_task_definitions, taskDefinitions=[arn])
    probe.lacks(ecs.list_task_definitions, path="taskDefinitionArns", status="INACTIVE")


def service(probe):
    ecs, (_vpc, subnets, network) = probe.client("ecs"), _network(probe)
    probe.does(ecs.create_cluster, clusterName="c")
    definition = _definition(probe)
    wanted = {
        "deploymentConfiguration": {
            "maximumPercent": 200, "minimumHealthyPercent": 50, "strategy": "ROLLING", "bakeTimeInMinutes": 0,
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        },
        "enableECSManagedTags": True, "propagateTags": "SERVICE", "enableExecuteCommand": True,
        "availabilityZoneRebalancing": "ENABLED", "platformVersion": "1.4.0", "tags": TAGS,
        "deploymentController": {"type": "ECS"}, "schedulingStrategy": "REPLICA",
    }  # fmt: skip
    arn = _service(probe, network, **wanted)["serviceArn"]
    expected = {**wanted, "taskDefinition": definition, "desiredCount": 2, "runningCount": 2, "launchType": "FARGATE"}
    found = {"cluster": "c", "services": ["web"], "include": ["TAGS"]}
    probe.shows(expected, ecs.describe_services, "services.0", **found)
    probe.shows([arn], ecs.list_services, "serviceArns", cluster="c")
    first = probe.shows([{"status": "SUCCESSFUL"}], ecs.list_service_deployments, "serviceDeployments",
                        cluster="c", service="web")[0]  # fmt: skip
    changed = _definition(probe, "nginx:2")
    one = {"awsvpcConfiguration": {"subnets": subnets[:1]}}
    probe.does(ecs.update_service, cluster="c", service="web", taskDefinition="web", desiredCount=1,
               networkConfiguration=one)  # fmt: skip
    expected = {"taskDefinition": changed, "desiredCount": 1, "runningCount": 1, "networkConfiguration": one}
    probe.shows(expected, ecs.describe_services, "services.0", **found)
    arns = [item["serviceDeploymentArn"] for item in
            ecs.list_service_deployments(cluster="c", service="web")["serviceDeployments"]]  # fmt: skip
    shown = probe.shows({"status": "SUCCESSFUL", "sourceServiceRevisions": [{"arn": first["targetServiceRevisionArn"]}]},
                        ecs.describe_service_deployments, "serviceDeployments.0",
                        serviceDeploymentArns=arns[:1])  # fmt: skip
    probe.shows({"taskDefinition": changed, "networkConfiguration": one}, ecs.describe_service_revisions,
                "serviceRevisions.0", serviceRevisionArns=[shown["targetServiceRevision"]["arn"]])  # fmt: skip
    probe.does(ecs.delete_service, cluster="c", service="web", force=True)
    probe.lacks(ecs.list_services, path="serviceArns", cluster="c")


def service_deployment(probe):
    ecs, (vpc, subnets, network) = probe.client("ecs"), _network(probe)
    elbv2 = probe.client("elbv2")
    blue, green = (
        elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip")["TargetGroups"][0][
            "TargetGroupArn"
        ]
        for name in ("blue", "green")
    )
    balancer = elbv2.create_load_balancer(Name="web", Subnets=subnets, Scheme="internal")["LoadBalancers"][0][
        "LoadBalancerArn"
    ]
    listener = elbv2.create_listener(
        LoadBalancerArn=balancer, Protocol="HTTP", Port=80, DefaultActions=[{"Type": "forward", "TargetGroupArn": blue}]
    )["Listeners"][0]["ListenerArn"]
    rule = elbv2.describe_rules(ListenerArn=listener)["Rules"][0]["RuleArn"]
    probe.does(ecs.create_cluster, clusterName="c")
    _definition(probe)
    advanced = {"alternateTargetGroupArn": green, "productionListenerRule": rule, "roleArn": f"{ACCOUNT}:role/lb"}
    behind = {"targetGroupArn": blue, "containerName": "web", "containerPort": 80, "advancedConfiguration": advanced}
    pause = {"targetType": "PAUSE", "lifecycleStages": ["POST_SCALE_UP"]}
    shifting = {
        "strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 10.0, "canaryBakeTimeInMinutes": 0},
        "bakeTimeInMinutes": 5, "lifecycleHooks": [pause],
    }  # fmt: skip
    _service(probe, network, loadBalancers=[behind], deploymentConfiguration=shifting)
    expected = {"loadBalancers": [behind], "deploymentConfiguration": shifting}
    probe.shows(expected, ecs.describe_services, "services.0", cluster="c", services=["web"])
    for end in ("SUCCESSFUL", "ROLLBACK_SUCCESSFUL"):
        _definition(probe, f"nginx:{end.lower()}")
        probe.does(ecs.update_service, cluster="c", service="web", taskDefinition="web")
        arn = ecs.list_service_deployments(cluster="c", service="web")["serviceDeployments"][0]["serviceDeploymentArn"]
        expected = {"lifecycleStage": "POST_SCALE_UP", "lifecycleHookDetails": [{"status": "AWAITING_ACTION"}]}
        found = probe.shows(expected, ecs.describe_service_deployments, "serviceDeployments.0",
                            serviceDeploymentArns=[arn])  # fmt: skip
        if end == "SUCCESSFUL":
            number = found["lifecycleHookDetails"][0]["hookId"]
            probe.does(ecs.continue_service_deployment, serviceDeploymentArn=arn, hookId=number, action="CONTINUE")
        else:
            probe.does(ecs.stop_service_deployment, serviceDeploymentArn=arn, stopType="ROLLBACK")
        probe.shows({"status": end, "lifecycleStage": "CLEAN_UP"}, ecs.describe_service_deployments,
                    "serviceDeployments.0", serviceDeploymentArns=[arn])  # fmt: skip


def task(probe):
    ecs, (_vpc, subnets, network) = probe.client("ecs"), _network(probe)
    probe.does(ecs.create_cluster, clusterName="c")
    definition = _definition(probe)
    probe.sandbox.task_behaviour("nginx", exit_code=0, seconds=3600)
    overrides = {
        "containerOverrides": [{"name": "web", "command": ["x"], "environment": [{"name": "A", "value": "b"}]}]
    }
    wanted = {"launchType": "FARGATE", "startedBy": "me", "group": "g", "enableExecuteCommand": True,
              "tags": TAGS, "overrides": overrides}  # fmt: skip
    arn = probe.does(ecs.run_task, cluster="c", taskDefinition="web", networkConfiguration=network,
                     **wanted)["tasks"][0]["taskArn"]  # fmt: skip
    agent = {"name": "ExecuteCommandAgent", "lastStatus": "RUNNING"}
    expected = {**wanted, "taskDefinitionArn": definition, "lastStatus": "RUNNING",
                "containers": [{"name": "web", "managedAgents": [agent]}]}  # fmt: skip
    probe.shows(expected, ecs.describe_tasks, "tasks.0", cluster="c", tasks=[arn], include=["TAGS"])
    probe.shows([arn], ecs.list_tasks, "taskArns", cluster="c", startedBy="me")
    expected = {"taskArn": arn, "containerName": "web", "interactive": True}
    probe.shows(expected, ecs.execute_command, cluster="c", task=arn, command="sh", interactive=True)
    probe.does(ecs.stop_task, cluster="c", task=arn, reason="enough")
    expected = {"lastStatus": "STOPPED", "stoppedReason": "enough", "stopCode": "UserInitiated"}
    probe.shows(expected, ecs.describe_tasks, "tasks.0", cluster="c", tasks=[arn])
    probe.lacks(ecs.list_tasks, path="taskArns", cluster="c")
    _service(probe, network)
    arns = ecs.list_tasks(cluster="c", serviceName="web")["taskArns"][:1]
    probe.does(ecs.update_task_protection, cluster="c", tasks=arns, protectionEnabled=True, expiresInMinutes=60)
    probe.shows({"taskArn": arns[0], "protectionEnabled": True}, ecs.get_task_protection, "protectedTasks.0",
                cluster="c", tasks=arns)  # fmt: skip
    probe.does(ecs.update_task_protection, cluster="c", tasks=arns, protectionEnabled=False)
    probe.shows({"protectionEnabled": False}, ecs.get_task_protection, "protectedTasks.0", cluster="c", tasks=arns)


def account_settings(probe):
    ecs = probe.client("ecs")
    for put, name, value in (
        (ecs.put_account_setting, "containerInsights", "enhanced"),
        (ecs.put_account_setting_default, "fargateTaskRetirementWaitPeriod", "14"),
    ):
        probe.does(put, name=name, value=value)
        probe.shows([{"name": name, "value": value}], ecs.list_account_settings, "settings", name=name)
        probe.does(ecs.delete_account_setting, name=name)
        probe.lacks(ecs.list_account_settings, path="settings", name=name)


def capacity_provider(probe):
    ecs, autoscaling, ec2 = probe.client("ecs"), probe.client("autoscaling"), probe.client("ec2")
    _vpc, subnets, _network_ = _network(probe)
    image = ec2.describe_images()["Images"][0]["ImageId"]
    autoscaling.create_launch_configuration(LaunchConfigurationName="l", ImageId=image, InstanceType="t3.micro")
    autoscaling.create_auto_scaling_group(AutoScalingGroupName="g", LaunchConfigurationName="l", MinSize=0, MaxSize=1,
                                          VPCZoneIdentifier=subnets[0])  # fmt: skip
    group = autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["AutoScalingGroupARN"]
    scaling = {"status": "ENABLED", "targetCapacity": 90, "minimumScalingStepSize": 1, "maximumScalingStepSize": 5,
               "instanceWarmupPeriod": 60}  # fmt: skip
    own = {"autoScalingGroupArn": group, "managedScaling": scaling, "managedTerminationProtection": "DISABLED",
           "managedDraining": "ENABLED"}  # fmt: skip
    wanted = {"name": "p", "autoScalingGroupProvider": own, "tags": TAGS}
    probe.does(ecs.create_capacity_provider, **wanted)
    found = {"capacityProviders": ["p"], "include": ["TAGS"]}
    probe.shows({**wanted, "status": "ACTIVE"}, ecs.describe_capacity_providers, "capacityProviders.0", **found)
    half = {"managedScaling": {**scaling, "targetCapacity": 50}}
    probe.does(ecs.update_capacity_provider, name="p", autoScalingGroupProvider=half)
    expected = {"autoScalingGroupProvider": {**own, **half}, "updateStatus": "UPDATE_COMPLETE"}
    probe.shows(expected, ecs.describe_capacity_providers, "capacityProviders.0", **found)
    probe.does(ecs.delete_capacity_provider, capacityProvider="p")
    probe.shows([{"reason": "MISSING"}], ecs.describe_capacity_providers, "failures", **found)


def container_instance(probe):
    ecs, ec2 = probe.client("ecs"), probe.client("ec2")
    _vpc, subnets, _network_ = _network(probe)
    image = ec2.describe_images()["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro", SubnetId=subnets[0])
    document = json.dumps({"instanceId": made["Instances"][0]["InstanceId"], "region": "eu-central-1"})
    probe.does(ecs.create_cluster, clusterName="c")
    arn = probe.does(ecs.register_container_instance, cluster="c", instanceIdentityDocument=document)[
        "containerInstance"
    ]["containerInstanceArn"]
    probe.shows([arn], ecs.list_container_instances, "containerInstanceArns", cluster="c")
    found = {"cluster": "c", "containerInstances": [arn]}
    expected = {"status": "ACTIVE", "ec2InstanceId": made["Instances"][0]["InstanceId"], "agentConnected": True}
    probe.shows(expected, ecs.describe_container_instances, "containerInstances.0", **found)
    probe.does(ecs.update_container_instances_state, **found, status="DRAINING")
    probe.shows({"status": "DRAINING"}, ecs.describe_container_instances, "containerInstances.0", **found)
    own = {"name": "stack", "value": "a", "targetId": arn}
    probe.does(ecs.put_attributes, cluster="c", attributes=[own])
    wanted = {"cluster": "c", "targetType": "container-instance", "attributeName": "stack"}
    probe.shows([own], ecs.list_attributes, "attributes", **wanted)
    probe.does(ecs.delete_attributes, cluster="c", attributes=[{"name": "stack", "targetId": arn}])
    probe.lacks(ecs.list_attributes, path="attributes", **wanted)
    probe.does(ecs.deregister_container_instance, cluster="c", containerInstance=arn, force=True)
    probe.lacks(ecs.list_container_instances, path="containerInstanceArns", cluster="c")
