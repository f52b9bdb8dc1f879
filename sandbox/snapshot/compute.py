# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs: clusters, services, tasks, groups of instances, what scales them and what starts them on time."""

CLUSTER_PARTS = ["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "TAGS"]
TASKS_AT_ONCE = 100  # DescribeTasks takes no more
SERVICES_AT_ONCE = 10  # DescribeServices takes no more


def read_containers(view):
    """Clusters with their services and running tasks, and task definitions that can still be used."""
    clusters = view.all("list_clusters", "clusterArns")
    described = view.client.describe_clusters(clusters=clusters, include=CLUSTER_PARTS)["clusters"] if clusters else []
    for cluster in described:
        if cluster["status"] != "INACTIVE":
            view.add("ecs/cluster", cluster["clusterName"], cluster)
            _read_services(view, cluster)
            _read_tasks(view, cluster)
    for arn in view.all("list_task_definitions", "taskDefinitionArns", status="ACTIVE"):
        definition = view.get("describe_task_definition", taskDefinition=arn, include=["TAGS"])
        definition["taskDefinition"]["tags"] = definition.get("tags", [])
        view.add("ecs/task-definition", arn.rpartition("/")[2], definition["taskDefinition"])


def _read_services(view, cluster):
    name = {"cluster": cluster["clusterArn"]}
    for arns in _batches(view.all("list_services", "serviceArns", **name), SERVICES_AT_ONCE):
        for service in view.client.describe_services(**name, services=arns, include=["TAGS"])["services"]:
            if service["status"] != "INACTIVE":
                view.add("ecs/service", f"{cluster['clusterName']}/{service['serviceName']}", service)


def _read_tasks(view, cluster):
    name = {"cluster": cluster["clusterArn"]}
    for arns in _batches(view.all("list_tasks", "taskArns", **name, desiredStatus="RUNNING"), TASKS_AT_ONCE):
        for task in view.client.describe_tasks(**name, tasks=arns, include=["TAGS"])["tasks"]:
            for container in task["containers"]:
                container.pop("managedAgents", None)
            view.add("ecs/task", f"{cluster['clusterName']}/{task['taskArn'].rpartition('/')[2]}", task)


def _batches(items, size):
    return [items[first : first + size] for first in range(0, len(items), size)]


def read_scaling(view):
    """What scales services."""
    name = {"ServiceNamespace": "ecs"}
    for target in view.all("describe_scalable_targets", "ScalableTargets", **name):
        target["Tags"] = view.part("list_tags_for_resource", "Tags", ResourceARN=target["ScalableTargetARN"])
        view.add("application-autoscaling/target", f"{target['ResourceId']}/{target['ScalableDimension']}", target)
    for policy in view.all("describe_scaling_policies", "ScalingPolicies", **name):
        view.add("application-autoscaling/policy", f"{policy['ResourceId']}/{policy['PolicyName']}", policy)


def read_schedules(view):
    """Schedules and their groups."""
    for group in view.all("list_schedule_groups", "ScheduleGroups"):
        if group["Name"] != "default" or view.defaults:
            group["Tags"] = view.client.list_tags_for_resource(ResourceArn=group["Arn"])["Tags"]
            view.add("scheduler/group", group["Name"], group)
    for listed in view.all("list_schedules", "Schedules"):
        schedule = view.get("get_schedule", GroupName=listed["GroupName"], Name=listed["Name"])
        view.add("scheduler/schedule", f"{listed['GroupName']}/{listed['Name']}", schedule)


def read_groups(view):
    """Groups of instances, what these are launched from, and what scales and stops them."""
    for group in view.all("describe_auto_scaling_groups", "AutoScalingGroups"):
        name = group["AutoScalingGroupName"]
        group["Hooks"] = view.all("describe_lifecycle_hooks", "LifecycleHooks", AutoScalingGroupName=name)
        group["Notifications"] = view.all(
            "describe_notification_configurations", "NotificationConfigurations", AutoScalingGroupNames=[name]
        )
        view.add("autoscaling/group", name, group)
    for launch in view.all("describe_launch_configurations", "LaunchConfigurations"):
        view.add("autoscaling/launch-configuration", launch["LaunchConfigurationName"], launch)
    for policy in view.all("describe_policies", "ScalingPolicies"):
        view.add("autoscaling/policy", f"{policy['AutoScalingGroupName']}/{policy['PolicyName']}", policy)
    for action in view.all("describe_scheduled_actions", "ScheduledUpdateGroupActions"):
        view.add("autoscaling/schedule", f"{action['AutoScalingGroupName']}/{action['ScheduledActionName']}", action)


READERS = {
    "application-autoscaling": read_scaling,
    "autoscaling": read_groups,
    "ecs": read_containers,
    "scheduler": read_schedules,
}
