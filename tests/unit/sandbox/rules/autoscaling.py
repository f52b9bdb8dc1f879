# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon EC2 Auto Scaling refuses."""

from tests.unit.sandbox.rule import Rule

SERVICE = "autoscaling"
API = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference"
GUIDE = "https://docs.aws.amazon.com/autoscaling/ec2/userguide"
NAME = {"AutoScalingGroupName": "runners"}
DATA = {"ImageId": "ami-0123456789abcdef0", "InstanceType": "t3.micro"}


def _template(world):
    world.ec2.create_launch_template(LaunchTemplateName="runner", LaunchTemplateData=DATA)
    world.ec2.create_launch_template(LaunchTemplateName="half", LaunchTemplateData={"InstanceType": "t3.micro"})
    return world.subnets()[0]


def _group(size):
    """Makes a group with so many instances, and one with none."""

    def make(world):
        world.given = _template(world)
        for name, count in (("runners", size), ("idle", 0)):
            wanted = _new(AutoScalingGroupName=name, DesiredCapacity=count)(world)
            world.autoscaling.create_auto_scaling_group(**wanted)
        return world.given

    return make


def _new(**more):
    return lambda world: {
        "AutoScalingGroupName": "new", "MinSize": 0, "MaxSize": 2, "VPCZoneIdentifier": world.given,
        "LaunchTemplate": {"LaunchTemplateName": "runner"}, **more,
    }  # fmt: skip


def _nowhere(world):
    wanted = _new()(world)
    del wanted["VPCZoneIdentifier"]
    return wanted


def _hook(seconds):
    transition = "autoscaling:EC2_INSTANCE_TERMINATING"
    return NAME | {"LifecycleHookName": "a", "LifecycleTransition": transition, "HeartbeatTimeout": seconds}


def _notify(kind):
    topic = "arn:aws:sns:eu-central-1:123456789012:t"
    return NAME | {"TopicARN": topic, "NotificationTypes": [f"autoscaling:{kind}"]}


def _configuration(world):
    subnet = world.subnets()[0]
    for name in ("used", "free"):
        world.autoscaling.create_launch_configuration(LaunchConfigurationName=name, **DATA)
    world.autoscaling.create_auto_scaling_group(
        **NAME, MinSize=0, MaxSize=0, VPCZoneIdentifier=subnet, LaunchConfigurationName="used"
    )


RULES = [
    Rule("a group's name is taken", f"{API}/API_CreateAutoScalingGroup.html", "create_auto_scaling_group", "AlreadyExists",
         given=_group(0), refused=_new(**NAME), accepted=_new()),
    Rule("a group is somewhere", f"{API}/API_CreateAutoScalingGroup.html", "create_auto_scaling_group", "ValidationError",
         given=_template, refused=_nowhere, accepted=_new()),
    Rule("a group's subnets exist", f"{API}/API_CreateAutoScalingGroup.html", "create_auto_scaling_group",
         "ValidationError", given=_template, refused=_new(VPCZoneIdentifier="subnet-0123456789abcdef0"), accepted=_new()),
    Rule("a group's least size is not above its most", f"{GUIDE}/asg-capacity-limits.html", "create_auto_scaling_group",
         "ValidationError", given=_template, refused=_new(MinSize=3), accepted=_new(MinSize=2)),
    Rule("a group's desired size is between both", f"{GUIDE}/asg-capacity-limits.html", "create_auto_scaling_group",
         "ValidationError", given=_template, refused=_new(DesiredCapacity=3), accepted=_new(DesiredCapacity=2)),
    Rule("a group's launch template exists", f"{GUIDE}/create-asg-launch-template.html", "create_auto_scaling_group",
         "ValidationError", given=_template, refused=_new(LaunchTemplate={"LaunchTemplateName": "none"}), accepted=_new()),
    Rule("a group's launch template has that version", f"{GUIDE}/create-asg-launch-template.html",
         "create_auto_scaling_group", "ValidationError", given=_template,
         refused=_new(LaunchTemplate={"LaunchTemplateName": "runner", "Version": "2"}),
         accepted=_new(LaunchTemplate={"LaunchTemplateName": "runner", "Version": "1"})),
    Rule("a group's launch template names an image", f"{GUIDE}/create-asg-launch-template.html",
         "create_auto_scaling_group", "ValidationError", given=_template,
         refused=_new(LaunchTemplate={"LaunchTemplateName": "half"}), accepted=_new()),
    Rule("a group launches from one source", f"{API}/API_CreateAutoScalingGroup.html", "create_auto_scaling_group",
         "ValidationError", given=_template, refused=_new(LaunchConfigurationName="old"), accepted=_new()),
    Rule("a desired size is not above the most", f"{API}/API_SetDesiredCapacity.html", "set_desired_capacity",
         "ValidationError", given=_group(0), refused=NAME | {"DesiredCapacity": 3}, accepted=NAME | {"DesiredCapacity": 2}),
    Rule("a group is changed if it is there", f"{API}/API_UpdateAutoScalingGroup.html", "update_auto_scaling_group",
         "ValidationError", given=_group(0), refused={"AutoScalingGroupName": "none", "MaxSize": 3},
         accepted=NAME | {"MaxSize": 3}),
    Rule("a group with instances stays", f"{API}/API_DeleteAutoScalingGroup.html", "delete_auto_scaling_group",
         "ResourceInUse", given=_group(1), refused=NAME, accepted={"AutoScalingGroupName": "idle"}),
    Rule("a launch configuration in use stays", f"{API}/API_DeleteLaunchConfiguration.html",
         "delete_launch_configuration", "ResourceInUse", given=_configuration,
         refused={"LaunchConfigurationName": "used"}, accepted={"LaunchConfigurationName": "free"}),
    Rule("a launch configuration's name is taken", f"{API}/API_CreateLaunchConfiguration.html",
         "create_launch_configuration", "AlreadyExists", given=_configuration,
         refused={"LaunchConfigurationName": "used", **DATA}, accepted={"LaunchConfigurationName": "more", **DATA}),
    Rule("a hook waits for two hours at most", f"{API}/API_PutLifecycleHook.html", "put_lifecycle_hook",
         "ValidationError", given=_group(0), refused=_hook(7201), accepted=_hook(7200)),
    Rule("a policy that tracks has a target", f"{API}/API_PutScalingPolicy.html", "put_scaling_policy",
         "ValidationError", given=_group(0), refused=NAME | {"PolicyName": "a", "PolicyType": "TargetTrackingScaling"},
         accepted=NAME | {"PolicyName": "a", "PolicyType": "TargetTrackingScaling", "TargetTrackingConfiguration": {
             "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"}, "TargetValue": 60}}),
    Rule("metrics are gathered by the minute", f"{API}/API_EnableMetricsCollection.html", "enable_metrics_collection",
         "ValidationError", given=_group(0), refused=NAME | {"Granularity": "5Minutes"},
         accepted=NAME | {"Granularity": "1Minute"}),
    Rule("a notification is of a known kind", f"{API}/API_DescribeAutoScalingNotificationTypes.html",
         "put_notification_configuration", "ValidationError", given=_group(0), refused=_notify("EC2_INSTANCE_BOOT"),
         accepted=_notify("EC2_INSTANCE_LAUNCH")),
    Rule("a refresh goes to a template that exists", f"{API}/API_StartInstanceRefresh.html", "start_instance_refresh",
         "ValidationError", given=_group(0),
         refused=NAME | {"DesiredConfiguration": {"LaunchTemplate": {"LaunchTemplateName": "none"}}},
         accepted=NAME | {"DesiredConfiguration": {"LaunchTemplate": {"LaunchTemplateName": "runner"}}}),
    Rule("a refresh rolls back to another configuration", f"{API}/API_RefreshPreferences.html", "start_instance_refresh",
         "ValidationError", given=_group(0), refused=NAME | {"Preferences": {"AutoRollback": True}},
         accepted=NAME | {"Preferences": {"AutoRollback": False}}),
]  # fmt: skip
