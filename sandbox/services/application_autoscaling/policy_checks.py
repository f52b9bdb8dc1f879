# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses in a scaling policy."""

from .shared import invalid

# https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-step-scaling-policies.html
WITHOUT_STEPS = ("cassandra", "comprehend", "dynamodb", "elasticache", "kafka", "lambda", "neptune")
MOST_STEPS = 20  # https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-limits.html
NAMESPACES = {"ECSService": "ecs", "ALB": "ecs", "RDS": "rds", "DynamoDB": "dynamodb", "ElastiCache": "elasticache"}


def check_policy(call, kind, settings):
    """Refuse what AWS refuses in a policy of a type."""
    if not settings:
        raise invalid(f"{kind}PolicyConfiguration is required for a policy of type {kind}")
    if kind == "TargetTrackingScaling":
        _check_tracking(call, settings)
    elif kind == "StepScaling":
        _check_steps(call, settings)
    elif call.parameters["ServiceNamespace"] != "ecs":
        raise invalid("Predictive scaling is only supported for ECS services.")


def _check_tracking(call, settings):
    metric = settings.get("PredefinedMetricSpecification") or {}
    if bool(metric) == bool(settings.get("CustomizedMetricSpecification")):
        raise invalid("Exactly one of a predefined and a customized metric must be specified.")
    if settings["TargetValue"] <= 0:
        raise invalid("TargetValue must be greater than 0.")
    kind = metric.get("PredefinedMetricType") or ""
    if (kind == "ALBRequestCountPerTarget") != bool(metric.get("ResourceLabel")):
        raise invalid("A ResourceLabel is required for, and only allowed for, ALBRequestCountPerTarget.")
    for start, namespace in NAMESPACES.items():
        if kind.startswith(start) and call.parameters["ServiceNamespace"] != namespace:
            raise invalid(f"The metric {kind} is not available for {call.parameters['ServiceNamespace']}.")


def _check_steps(call, settings):
    namespace, steps = call.parameters["ServiceNamespace"], settings.get("StepAdjustments")
    if namespace in WITHOUT_STEPS:
        raise invalid(f"Step scaling is not supported for {namespace}.")
    kind = settings.get("AdjustmentType")
    if not kind or not steps:
        raise invalid("AdjustmentType and StepAdjustments are required for a new step scaling policy.")
    if len(steps) > MOST_STEPS:
        raise invalid(f"A step scaling policy can have {MOST_STEPS} step adjustments.")
    if settings.get("MinAdjustmentMagnitude") and kind != "PercentChangeInCapacity":
        raise invalid("MinAdjustmentMagnitude is only valid with PercentChangeInCapacity.")
    if kind == "ExactCapacity" and any(step["ScalingAdjustment"] < 0 for step in steps):
        raise invalid("ScalingAdjustment must not be negative with ExactCapacity.")
    _check_bounds(steps)


def _check_bounds(steps):
    """https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html"""
    lowest, highest = float("-inf"), float("inf")
    ranges = sorted((step.get("MetricIntervalLowerBound", lowest), step.get("MetricIntervalUpperBound", highest))
                    for step in steps)  # fmt: skip
    if (lowest, highest) in ranges:
        raise invalid("The upper and lower bound can't be null in the same step adjustment.")
    for (_start, end), (start, _end) in zip(ranges, ranges[1:], strict=False):
        if end != start:
            raise invalid("The ranges of step adjustments can't overlap or have a gap.")
    if any(start >= end for start, end in ranges):
        raise invalid("The lower bound of a step adjustment must be below its upper bound.")
    if lowest < ranges[0][0] < 0 or 0 < ranges[-1][1] < highest:
        raise invalid("A step adjustment needs a null bound where another one goes beyond the threshold.")
