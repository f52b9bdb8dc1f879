# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms that target tracking makes in CloudWatch, of the metric that is tracked."""

import re
import uuid

from moto.backends import get_backend

# Predefined metric: (namespace, metric, what names the resource, what else narrows it down)
METRICS = {
    "ECSServiceAverageCPUUtilization": ("AWS/ECS", "CPUUtilization", "ClusterName ServiceName", {}),
    "ECSServiceAverageMemoryUtilization": ("AWS/ECS", "MemoryUtilization", "ClusterName ServiceName", {}),
    "RDSReaderAverageCPUUtilization": ("AWS/RDS", "CPUUtilization", "DBClusterIdentifier", {"Role": "READER"}),
    "RDSReaderAverageDatabaseConnections": (
        "AWS/RDS", "DatabaseConnections", "DBClusterIdentifier", {"Role": "READER"}
    ),
    "DynamoDBReadCapacityUtilization": ("AWS/DynamoDB", "ConsumedReadCapacityUnits", "TableName", {}),
    "DynamoDBWriteCapacityUtilization": ("AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", {}),
    "ElastiCachePrimaryEngineCPUUtilization": (
        "AWS/ElastiCache", "EngineCPUUtilization", "ReplicationGroupId", {"Role": "Primary"}
    ),
    "ElastiCacheReplicaEngineCPUUtilization": (
        "AWS/ElastiCache", "EngineCPUUtilization", "ReplicationGroupId", {"Role": "Replica"}
    ),
}  # fmt: skip
REQUESTS = "ALBRequestCountPerTarget"
# Kind: (comparison, periods of a minute, part of the target value)
KINDS = {"High": ("GreaterThanThreshold", 3, 1.0), "Low": ("LessThanThreshold", 15, 0.9)}


def _cloudwatch(policy):
    return get_backend("cloudwatch")[policy.account_id][policy.region_name]


def forget_alarms(policy):
    """Delete the alarms of a policy."""
    _cloudwatch(policy).delete_alarms([alarm.name for alarm in policy.alarms])
    policy.alarms = []


def make_alarms(policy):
    """Make alarms of what is tracked."""
    tracking = policy.target_tracking_scaling_policy_configuration
    custom = bool(tracking) and tracking.get("CustomizedMetricSpecification")
    if not tracking or not (custom or _predefined(tracking) in (*METRICS, REQUESTS)):
        return
    for kind in ("High",) if tracking.get("DisableScaleIn") else KINDS:
        policy.alarms.append(_alarm(policy, kind, tracking))


def _alarm(policy, kind, tracking):
    comparison, periods, part = KINDS[kind]
    namespace, metric, statistic, dimensions = _metric(policy, tracking)
    return _cloudwatch(policy).put_metric_alarm(
        name=f"TargetTracking-{policy.resource_id}-Alarm{kind}-{uuid.uuid4()}",
        namespace=namespace, metric_name=metric, statistic=statistic, dimensions=dimensions, metric_data_queries=[],
        comparison_operator=comparison, evaluation_periods=periods, period=60,
        threshold=tracking["TargetValue"] * part, alarm_actions=[policy.policy_arn],
        description=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy.policy_arn}.",
    )  # fmt: skip


def _metric(policy, tracking):
    custom = tracking.get("CustomizedMetricSpecification")
    if custom:
        return (
            custom.get("Namespace"),
            custom.get("MetricName"),
            custom.get("Statistic"),
            custom.get("Dimensions") or [],
        )
    if _predefined(tracking) == REQUESTS:
        group = tracking["PredefinedMetricSpecification"]["ResourceLabel"].split("/", 3)[-1]
        return "AWS/ApplicationELB", "RequestCountPerTarget", "Sum", [{"Name": "TargetGroup", "Value": group}]
    namespace, metric, names, more = METRICS[_predefined(tracking)]
    values = re.split("[:/]", policy.resource_id)[1:]
    dimensions = dict(zip(names.split(), values, strict=False)) | more
    return namespace, metric, "Average", [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _predefined(tracking):
    return (tracking.get("PredefinedMetricSpecification") or {}).get("PredefinedMetricType")
