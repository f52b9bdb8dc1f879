# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon EC2 Auto Scaling has."""

NAME = {"AutoScalingGroupName": "runners"}
READ = {"AutoScalingGroupNames": ["runners"]}


class _Runners:
    """A launch template and a subnet in two zones, and a group that uses them."""

    def __init__(self, probe, size=1, **more):
        ec2, self.autoscaling = probe.client("ec2"), probe.client("autoscaling")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-central-1{zone}")[
                "Subnet"
            ]["SubnetId"]
            for number, zone in enumerate("ab")
        ]
        image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
        data = {"ImageId": image, "InstanceType": "t3.micro"}
        ec2.create_launch_template(LaunchTemplateName="runner", LaunchTemplateData=data)
        ec2.create_launch_template_version(LaunchTemplateName="runner", LaunchTemplateData=data)
        self.wanted = {
            "MinSize": 0, "MaxSize": 2, "DesiredCapacity": size, "VPCZoneIdentifier": ",".join(self.subnets),
            "LaunchTemplate": {"LaunchTemplateName": "runner", "Version": "1"}, **more,
        }  # fmt: skip

    def group(self):
        self.autoscaling.create_auto_scaling_group(**NAME, **self.wanted)
        return self.autoscaling

    def instance(self):
        group = self.autoscaling.describe_auto_scaling_groups(**READ)["AutoScalingGroups"][0]
        return group["Instances"][0]["InstanceId"]


def group(probe):
    runners = _Runners(probe, DefaultCooldown=60, HealthCheckGracePeriod=90, HealthCheckType="EC2")
    autoscaling, wanted = probe.client("autoscaling"), runners.wanted
    tag = {"Key": "Name", "Value": "one", "PropagateAtLaunch": True}
    probe.does(autoscaling.create_auto_scaling_group, **NAME, **wanted, Tags=[tag])
    groups, place = autoscaling.describe_auto_scaling_groups, "AutoScalingGroups.0"
    shown = {"Tags": [tag | {"ResourceId": "runners", "ResourceType": "auto-scaling-group"}]}
    probe.shows(wanted | shown, groups, place, **READ)
    instance = {"InstanceId": runners.instance(), "LifecycleState": "InService", "HealthStatus": "Healthy"}
    probe.shows(instance, groups, f"{place}.Instances.0", **READ)
    shown = {"AutoScalingGroupName": "runners", "LifecycleState": "InService"}
    instances = [instance["InstanceId"]]
    probe.shows(shown, autoscaling.describe_auto_scaling_instances, "AutoScalingInstances.0", InstanceIds=instances)
    change = {
        "MaxSize": 3,
        "HealthCheckGracePeriod": 30,
        "LaunchTemplate": {"LaunchTemplateName": "runner", "Version": "2"},
    }
    probe.does(autoscaling.update_auto_scaling_group, **NAME, **change)
    probe.shows(change, groups, place, **READ)
    probe.does(autoscaling.set_desired_capacity, **NAME, DesiredCapacity=2)
    probe.shows({"DesiredCapacity": 2}, groups, place, **READ)
    probe.does(autoscaling.delete_auto_scaling_group, **NAME, ForceDelete=True)
    probe.lacks(groups, path="AutoScalingGroups", **READ)


def tags(probe):
    autoscaling = _Runners(probe, 0).group()
    tag = {"ResourceId": "runners", "ResourceType": "auto-scaling-group", "Key": "a", "Value": "b"}
    tag["PropagateAtLaunch"] = False
    filters = [{"Name": "auto-scaling-group", "Values": ["runners"]}]
    probe.does(autoscaling.create_or_update_tags, Tags=[tag])
    probe.shows(tag, autoscaling.describe_tags, "Tags.0", Filters=filters)
    probe.does(autoscaling.delete_tags, Tags=[tag])
    probe.lacks(autoscaling.describe_tags, path="Tags", Filters=filters)


def policy(probe):
    autoscaling = _Runners(probe, 0).group()
    metric = {
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
        "TargetValue": 60.0,
    }
    wanted = {"PolicyName": "cpu", "PolicyType": "TargetTrackingScaling", "TargetTrackingConfiguration": metric}
    probe.does(autoscaling.put_scaling_policy, **NAME, **wanted)
    probe.shows(wanted | NAME, autoscaling.describe_policies, "ScalingPolicies.0", **NAME)
    metric["TargetValue"] = 70.0
    probe.does(autoscaling.put_scaling_policy, **NAME, **wanted)
    probe.shows(wanted, autoscaling.describe_policies, "ScalingPolicies.0", **NAME)
    probe.does(autoscaling.delete_policy, **NAME, PolicyName="cpu")
    probe.lacks(autoscaling.describe_policies, path="ScalingPolicies", **NAME)
    simple = {"PolicyName": "more", "AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": 1}
    probe.does(autoscaling.put_scaling_policy, **NAME, **simple)
    probe.does(autoscaling.execute_policy, **NAME, PolicyName="more")
    groups = autoscaling.describe_auto_scaling_groups
    probe.shows({"DesiredCapacity": 1}, groups, "AutoScalingGroups.0", **READ)


def schedule(probe):
    autoscaling = _Runners(probe, 0).group()
    wanted = {
        "ScheduledActionName": "night",
        "Recurrence": "0 20 * * *",
        "MinSize": 0,
        "MaxSize": 0,
        "DesiredCapacity": 0,
    }
    probe.does(autoscaling.put_scheduled_update_group_action, **NAME, **wanted)
    place = "ScheduledUpdateGroupActions.0"
    probe.shows(wanted | NAME, autoscaling.describe_scheduled_actions, place, **NAME)
    probe.does(autoscaling.delete_scheduled_action, **NAME, ScheduledActionName="night")
    probe.lacks(autoscaling.describe_scheduled_actions, path=place, **NAME)
    action = {"ScheduledActionName": "day", "Recurrence": "0 6 * * *", "MinSize": 1, "MaxSize": 2, "DesiredCapacity": 1}
    probe.does(autoscaling.batch_put_scheduled_update_group_action, **NAME, ScheduledUpdateGroupActions=[action])
    probe.shows(action, autoscaling.describe_scheduled_actions, place, **NAME)
    probe.does(autoscaling.batch_delete_scheduled_action, **NAME, ScheduledActionNames=["day"])
    probe.lacks(autoscaling.describe_scheduled_actions, path=place, **NAME)


def hook(probe):
    autoscaling = _Runners(probe, 0).group()
    wanted = {
        "LifecycleHookName": "drain", "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
        "HeartbeatTimeout": 120, "DefaultResult": "CONTINUE",
    }  # fmt: skip
    probe.does(autoscaling.put_lifecycle_hook, **NAME, **wanted)
    probe.shows(wanted | NAME, autoscaling.describe_lifecycle_hooks, "LifecycleHooks.0", **NAME)
    probe.does(autoscaling.delete_lifecycle_hook, **NAME, LifecycleHookName="drain")
    probe.lacks(autoscaling.describe_lifecycle_hooks, path="LifecycleHooks", **NAME)


def warm_pool(probe):
    autoscaling = _Runners(probe, 0).group()
    wanted = {"MinSize": 1, "PoolState": "Stopped", "MaxGroupPreparedCapacity": 2}
    probe.does(autoscaling.put_warm_pool, **NAME, **wanted)
    probe.shows(wanted, autoscaling.describe_warm_pool, "WarmPoolConfiguration", **NAME)
    probe.does(autoscaling.delete_warm_pool, **NAME, ForceDelete=True)
    probe.lacks(autoscaling.describe_warm_pool, path="WarmPoolConfiguration", **NAME)


def processes(probe):
    autoscaling = _Runners(probe, 0).group()
    place = "AutoScalingGroups.0.SuspendedProcesses"
    probe.does(autoscaling.suspend_processes, **NAME, ScalingProcesses=["Launch"])
    groups = autoscaling.describe_auto_scaling_groups
    probe.shows([{"ProcessName": "Launch"}], groups, place, **READ)
    probe.does(autoscaling.resume_processes, **NAME, ScalingProcesses=["Launch"])
    probe.lacks(groups, path=place, **READ)


def metrics(probe):
    autoscaling = _Runners(probe, 0).group()
    place = "AutoScalingGroups.0.EnabledMetrics"
    names = ["GroupDesiredCapacity", "GroupMaxSize"]
    probe.does(autoscaling.enable_metrics_collection, **NAME, Granularity="1Minute", Metrics=names)
    groups = autoscaling.describe_auto_scaling_groups
    probe.shows([{"Metric": name, "Granularity": "1Minute"} for name in names], groups, place, **READ)
    probe.does(autoscaling.disable_metrics_collection, **NAME, Metrics=names[:1])
    probe.shows([{"Metric": "GroupMaxSize"}], groups, place, **READ)
    probe.does(autoscaling.disable_metrics_collection, **NAME)
    probe.lacks(groups, path=place, **READ)


def notification(probe):
    autoscaling = _Runners(probe, 0).group()
    topic = probe.client("sns").create_topic(Name="t")["TopicArn"]
    kind = "autoscaling:EC2_INSTANCE_LAUNCH_ERROR"
    probe.does(autoscaling.put_notification_configuration, **NAME, TopicARN=topic, NotificationTypes=[kind])
    shown = NAME | {"TopicARN": topic, "NotificationType": kind}
    read, place = autoscaling.describe_notification_configurations, "NotificationConfigurations"
    probe.shows([shown], read, place, **READ)
    probe.does(autoscaling.delete_notification_configuration, **NAME, TopicARN=topic)
    probe.lacks(read, path=place, **READ)


def instances(probe):
    runners = _Runners(probe)
    autoscaling = runners.group()
    instance = runners.instance()
    ids = {"InstanceIds": [instance]}
    place, groups = "AutoScalingGroups.0.Instances.0", autoscaling.describe_auto_scaling_groups
    probe.does(autoscaling.set_instance_protection, **NAME, **ids, ProtectedFromScaleIn=True)
    probe.shows({"ProtectedFromScaleIn": True}, groups, place, **READ)
    probe.does(autoscaling.set_instance_health, InstanceId=instance, HealthStatus="Unhealthy")
    probe.shows({"HealthStatus": "Unhealthy"}, groups, place, **READ)
    probe.does(autoscaling.enter_standby, **NAME, **ids, ShouldDecrementDesiredCapacity=True)
    probe.shows({"LifecycleState": "Standby"}, groups, place, **READ)
    probe.does(autoscaling.exit_standby, **NAME, **ids)
    probe.shows({"LifecycleState": "InService"}, groups, place, **READ)
    probe.does(autoscaling.detach_instances, **NAME, **ids, ShouldDecrementDesiredCapacity=True)
    probe.lacks(groups, path=place, **READ)
    probe.does(autoscaling.attach_instances, **NAME, **ids)
    probe.shows({"InstanceId": instance}, groups, place, **READ)
    probe.does(
        autoscaling.terminate_instance_in_auto_scaling_group, InstanceId=instance, ShouldDecrementDesiredCapacity=True
    )
    probe.lacks(groups, path=place, **READ)


def refresh(probe):
    runners = _Runners(probe)
    autoscaling = runners.group()
    before = runners.instance()
    wanted = {"LaunchTemplate": {"LaunchTemplateName": "runner", "Version": "2"}}
    preferences = {"MinHealthyPercentage": 50, "InstanceWarmup": 10}
    number = probe.does(
        autoscaling.start_instance_refresh, **NAME, Strategy="Rolling", DesiredConfiguration=wanted,
        Preferences=preferences,
    )["InstanceRefreshId"]  # fmt: skip
    shown = NAME | {"InstanceRefreshId": number, "Status": "Successful", "PercentageComplete": 100}
    shown |= {"Preferences": preferences, "DesiredConfiguration": wanted}
    probe.shows(shown, autoscaling.describe_instance_refreshes, "InstanceRefreshes.0", **NAME)
    groups = autoscaling.describe_auto_scaling_groups
    found = probe.shows(wanted, groups, "AutoScalingGroups.0", **READ)
    assert found["Instances"][0]["InstanceId"] != before


def target_groups(probe):
    autoscaling = _Runners(probe, 0).group()
    wanted = {"Protocol": "HTTP", "Port": 80, "VpcId": probe.client("ec2").describe_vpcs()["Vpcs"][-1]["VpcId"]}
    group = probe.client("elbv2").create_target_group(Name="web", **wanted)["TargetGroups"][0]["TargetGroupArn"]
    probe.does(autoscaling.attach_load_balancer_target_groups, **NAME, TargetGroupARNs=[group])
    read, place = autoscaling.describe_load_balancer_target_groups, "LoadBalancerTargetGroups"
    probe.shows({"LoadBalancerTargetGroupARN": group}, read, f"{place}.0", **NAME)
    probe.does(autoscaling.detach_load_balancer_target_groups, **NAME, TargetGroupARNs=[group])
    probe.lacks(read, path=place, **NAME)


def launch_configuration(probe):
    autoscaling = probe.client("autoscaling")
    wanted = {"LaunchConfigurationName": "old", "ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    probe.does(autoscaling.create_launch_configuration, **wanted)
    read, names = autoscaling.describe_launch_configurations, {"LaunchConfigurationNames": ["old"]}
    probe.shows(wanted, read, "LaunchConfigurations.0", **names)
    probe.does(autoscaling.delete_launch_configuration, LaunchConfigurationName="old")
    probe.lacks(read, path="LaunchConfigurations", **names)
