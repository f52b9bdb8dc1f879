# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made of log events: metric filters and subscription filters."""

import re
import time

from moto.core.exceptions import JsonRESTError

from ...errors import AwsError
from .. import after, answer, backend, check, correct
from .groups import group_of

INVALID = "InvalidParameterException"
VALUE = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?|\$.+")
MOST_DIMENSIONS, MOST_FILTERS, MOST_SUBSCRIPTIONS = 3, 100, 2
PAGE = 50


@answer("logs", "PutMetricFilter")
def put_metric_filter(call):
    """moto keeps a filter that is written again a second time."""
    group, parameters = group_of(call), call.parameters
    (transformation,) = parameters["metricTransformations"]
    _check_pattern(parameters["filterPattern"])
    _check_transformation(transformation)
    filters = backend(call).filters.metric_filters
    mine = [item for item in filters if item["logGroupName"] == group.name]
    before = next((item for item in mine if item["filterName"] == parameters["filterName"]), None)
    if before is None and len(mine) >= MOST_FILTERS:
        raise AwsError("LimitExceededException", "Resource limit exceeded.", 400)
    written = {
        "filterName": parameters["filterName"],
        "filterPattern": parameters["filterPattern"],
        "logGroupName": group.name,
        "metricTransformations": [{"unit": "None", **_given(transformation)}],
        "applyOnTransformedLogs": bool(parameters.get("applyOnTransformedLogs")),
        "creationTime": before["creationTime"] if before else int(time.time() * 1000),
    }
    filters[:] = [item for item in filters if item is not before] + [written]
    return {}


def _given(members):
    return {name: value for name, value in members.items() if value is not None}


def _check_pattern(pattern):
    ends = {"{": "}", "[": "]", "%": "%"}
    text = pattern.strip()
    if text and text[0] in ends and (len(text) < 2 or text[-1] != ends[text[0]]):
        raise AwsError(INVALID, "Invalid filter pattern", 400)


def _check_transformation(transformation):
    dimensions = transformation.get("dimensions") or {}
    if dimensions and transformation.get("defaultValue") is not None:
        message = "Invalid metric transformation: dimensions and default value are mutually exclusive properties."
        raise AwsError(INVALID, message, 400)
    if len(dimensions) > MOST_DIMENSIONS:
        raise AwsError(INVALID, f"Metric filters have at most {MOST_DIMENSIONS} dimensions.", 400)
    if not all(value.startswith("$") for value in dimensions.values()):
        raise AwsError(INVALID, "Invalid metric transformation: a dimension is a field of the pattern.", 400)
    if not VALUE.fullmatch(transformation["metricValue"]):
        raise AwsError(INVALID, f"Invalid metric value: {transformation['metricValue']}", 400)


@answer("logs", "DescribeMetricFilters")
def describe_metric_filters(call):
    """Those of a group, with a prefix, or of a metric."""
    parameters = call.parameters
    if bool(parameters.get("metricName")) != bool(parameters.get("metricNamespace")):
        raise AwsError(INVALID, "metricName and metricNamespace have to be given together.", 400)
    group = group_of(call).name if parameters.get("logGroupName") else None
    found = [
        item
        for item in backend(call).filters.metric_filters
        if group in (None, item["logGroupName"])
        and item["filterName"].startswith(parameters.get("filterNamePrefix") or "")
        and _is_of_metric(item, parameters)
    ]
    found.sort(key=lambda item: (item["filterName"], item["logGroupName"]))
    first, size = int(parameters.get("nextToken") or 0), parameters.get("limit") or PAGE
    more = {"nextToken": str(first + size)} if first + size < len(found) else {}
    return {"metricFilters": found[first : first + size], **more}


def _is_of_metric(item, parameters):
    (metric,) = item["metricTransformations"]
    wanted = parameters.get("metricNamespace"), parameters.get("metricName")
    return wanted == (None, None) or wanted == (metric["metricNamespace"], metric["metricName"])


@check("logs", "DeleteMetricFilter")
def require_metric_filter(call):
    """moto takes the deletion of a filter that is not there."""
    group, name = group_of(call).name, call.parameters["filterName"]
    if not backend(call).filters.get_matching_filters(name, group):
        raise AwsError("ResourceNotFoundException", "The specified metric filter does not exist.", 400)


@after("logs", "DeleteLogGroup")
def forget_filters(call):
    """Filters go with their group."""
    filters = backend(call).filters.metric_filters
    filters[:] = [item for item in filters if item["logGroupName"] != call.parameters["logGroupName"]]


@correct("logs", "DescribeLogGroups")
def count_filters(call, parsed):
    """moto counts none."""
    names = [item["logGroupName"] for item in backend(call).filters.metric_filters]
    for view in parsed["logGroups"]:
        view["metricFilterCount"] = names.count(view["logGroupName"])


# --- subscription filters ------------------------------------------------------------------------------------------


@answer("logs", "PutSubscriptionFilter")
def put_subscription_filter(call):
    """moto refuses to change one of two filters, asks for no role, and forgets the distribution."""
    parameters, filters = call.parameters, group_of(call).subscription_filters
    destination, name = parameters["destinationArn"], parameters["filterName"]
    if destination.split(":")[2] in ("firehose", "kinesis") and not parameters.get("roleArn"):
        raise AwsError(INVALID, "destinationArn for vendor kinesis cannot be used without roleArn", 400)
    before = filters.pop(name, None)
    try:
        if before is None and len(filters) >= MOST_SUBSCRIPTIONS:
            raise AwsError("LimitExceededException", "Resource limit exceeded.", 400)
        _subscribe(call, destination, name)
    except Exception:
        filters.update({name: before} if before else {})
        raise
    filters[name].sandbox_distribution = parameters.get("distribution") or "ByLogStream"
    filters[name].creation_time = before.creation_time if before else filters[name].creation_time
    return {}


def _subscribe(call, destination, name):
    parameters = call.parameters
    given = (name, parameters["filterPattern"], destination, parameters.get("roleArn"))
    if ":destination:" in destination:
        # moto takes every ARN of logs for that of a log group.
        if destination not in backend(call).destinations and destination.split(":")[4] == call.account:
            raise AwsError("ResourceNotFoundException", "The specified destination does not exist.", 400)
        group_of(call).put_subscription_filter(*given)
        return
    if destination.split(":")[2] == "lambda":
        _require_permission(call, destination)
    backend(call).put_subscription_filter(parameters["logGroupName"], *given)


def _require_permission(call, arn):
    """A function that does not allow CloudWatch Logs to call it is no destination; one that is not there, neither."""
    try:
        statements = backend(call, "lambda").get_function(arn).policy.statements
    except JsonRESTError:
        statements = []
    principals = {str((item.get("Principal") or {}).get("Service")) for item in statements if item["Principal"] != "*"}
    if not principals & {"logs.amazonaws.com", f"logs.{call.region}.amazonaws.com"}:
        told = "Make sure you have given CloudWatch Logs permission to execute your function."
        raise AwsError(INVALID, f"Could not execute the lambda function. {told}", 400)


@correct("logs", "DescribeSubscriptionFilters")
def answer_distribution(call, parsed):
    """What moto does not keep."""
    filters = group_of(call).subscription_filters
    for view in parsed["subscriptionFilters"]:
        view["distribution"] = filters[view["filterName"]].sandbox_distribution
