# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group tells: metrics, and notifications of its instances."""

from .. import after, answer, backend, check
from .shared import find_group, invalid

# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnableMetricsCollection.html
METRICS = (
    "GroupMinSize", "GroupMaxSize", "GroupDesiredCapacity", "GroupInServiceInstances", "GroupPendingInstances",
    "GroupStandbyInstances", "GroupTerminatingInstances", "GroupTotalInstances", "GroupInServiceCapacity",
    "GroupPendingCapacity", "GroupStandbyCapacity", "GroupTerminatingCapacity", "GroupTotalCapacity",
    "WarmPoolDesiredCapacity", "WarmPoolWarmedCapacity", "WarmPoolPendingCapacity", "WarmPoolTerminatingCapacity",
    "WarmPoolTotalCapacity", "GroupAndWarmPoolDesiredCapacity", "GroupAndWarmPoolTotalCapacity",
)  # fmt: skip
# https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingNotificationTypes.html
TYPES = tuple(
    f"autoscaling:{name}"
    for name in (
        "EC2_INSTANCE_LAUNCH", "EC2_INSTANCE_LAUNCH_ERROR", "EC2_INSTANCE_TERMINATE", "EC2_INSTANCE_TERMINATE_ERROR",
        "TEST_NOTIFICATION",
    )
)  # fmt: skip


@check("autoscaling", "EnableMetricsCollection", "DisableMetricsCollection")
def check_metrics(call):
    """Those that there are, by the minute."""
    call.sandbox_metrics = list(find_group(call).metrics)
    unknown = set(call.parameters.get("Metrics") or []) - set(METRICS)
    if unknown:
        raise invalid(f"Metrics are not valid: {sorted(unknown)}")
    if call.parameters.get("Granularity") not in (None, "1Minute"):
        raise invalid("Valid metric granularities are 1Minute")


@after("autoscaling", "EnableMetricsCollection")
def enable_metrics(call):
    """More than there were before, and all where none are named."""
    wanted = call.sandbox_metrics + (call.parameters.get("Metrics") or list(METRICS))
    find_group(call).metrics = list(dict.fromkeys(wanted))


@answer("autoscaling", "DisableMetricsCollection")
def disable_metrics(call):
    """All where none are named."""
    group, gone = find_group(call), call.parameters.get("Metrics") or list(METRICS)
    group.metrics = [name for name in group.metrics if name not in gone]
    return {}


def _notifications(group):
    """Kinds of events by the topic that they are told to."""
    return vars(group).setdefault("sandbox_notifications", {})


@answer("autoscaling", "PutNotificationConfiguration")
def put_notification(call):
    """What a topic is told, instead of what it was told before."""
    wanted = call.parameters["NotificationTypes"]
    if not wanted or not set(wanted) <= set(TYPES):
        raise invalid(f"Notification types are not valid: {sorted(set(wanted) - set(TYPES))}")
    _notifications(find_group(call))[call.parameters["TopicARN"]] = list(dict.fromkeys(wanted))
    return {}


@answer("autoscaling", "DeleteNotificationConfiguration")
def delete_notification(call):
    """Also where there is none."""
    _notifications(find_group(call)).pop(call.parameters["TopicARN"], None)
    return {}


@answer("autoscaling", "DescribeNotificationConfigurations")
def describe_notifications(call):
    """One entry for each kind of event that a topic is told."""
    wanted = call.parameters.get("AutoScalingGroupNames") or []
    return {
        "NotificationConfigurations": [
            {"AutoScalingGroupName": group.name, "TopicARN": topic, "NotificationType": kind}
            for group in backend(call).autoscaling_groups.values()
            if not wanted or group.name in wanted
            for topic, kinds in _notifications(group).items()
            for kind in kinds
        ]
    }


@answer("autoscaling", "DescribeAutoScalingNotificationTypes")
def describe_types(_call):
    """What there is to be told."""
    return {"AutoScalingNotificationTypes": list(TYPES)}
