# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dashboards, checked before they are kept, and detectors of anomalies, which moto does not have."""

import json
import re

from ...errors import AwsError
from .. import after, answer, backend, check

WIDGETS = {"alarm", "custom", "explorer", "log", "metric", "text"}
WIDTH, HEIGHT = 24, 1000
NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
MOST_WIDGETS = 500


@check("cloudwatch", "PutDashboard")
def check_dashboard(call):
    """A name of few characters, and a body of widgets."""
    name = call.parameters["DashboardName"]
    if not NAME.fullmatch(name):
        raise _invalid(
            f"The value {name} for field DashboardName contains invalid characters. "
            "It can only contain alphanumerics, dash (-) and underscore (_)."
        )
    try:
        body = json.loads(call.parameters["DashboardBody"])
    except ValueError as error:
        raise _invalid("The field DashboardBody must be a valid JSON object") from error
    problems = list(_problems(body))
    if problems:
        listed = json.dumps([{"dataPath": path, "message": text} for path, text in problems], indent=2)
        raise _invalid(f"The dashboard body is invalid, there are {len(problems)} validation errors:\n{listed}")


@after("cloudwatch", "PutDashboard")
def keep_tags(call):
    """moto forgets the tags of a new dashboard; those of one that is there change by calls of their own."""
    state = backend(call)
    dashboard = state.dashboards[call.parameters["DashboardName"]]
    if call.parameters.get("Tags") and not state.tagger.has_tags(dashboard.arn):
        state.tagger.tag_resource(dashboard.arn, call.parameters["Tags"])


@check("cloudwatch", "DeleteDashboards")
def forget_tags(call):
    """The tags of a dashboard go with it."""
    state = backend(call)
    for name in call.parameters["DashboardNames"]:
        if name in state.dashboards:
            state.tagger.delete_all_tags_for_resource(state.dashboards[name].arn)


@after("cloudwatch", "PutInsightRule")
def enable_rule(call):
    """A rule of Contributor Insights works unless it is told not to."""
    rule = backend(call).insight_rules[call.parameters["RuleName"]]
    rule.state = rule.state or "ENABLED"


@answer("cloudwatch", "TagResource")
def tag_any(call):
    """moto tags alarms only."""
    backend(call).tagger.tag_resource(call.parameters["ResourceARN"], call.parameters["Tags"])
    return {}


@answer("cloudwatch", "UntagResource")
def untag_any(call):
    """moto tags alarms only."""
    backend(call).tagger.untag_resource_using_names(call.parameters["ResourceARN"], call.parameters["TagKeys"])
    return {}


def _problems(body):
    if not isinstance(body, dict):
        yield "/", "Should be an object"
        return
    widgets = body.get("widgets")
    if not isinstance(widgets, list):
        yield "/", "Should have required property 'widgets'" if widgets is None else "Should be an array"
        return
    if len(widgets) > MOST_WIDGETS:
        yield "/widgets", f"Should NOT have more than {MOST_WIDGETS} items"
    for number, widget in enumerate(widgets):
        yield from _problems_of_widget(f"/widgets/{number}", widget)


def _problems_of_widget(path, widget):
    if not isinstance(widget, dict):
        yield path, "Should be an object"
        return
    kind, properties = widget.get("type"), widget.get("properties")
    if kind not in WIDGETS:
        yield f"{path}/type", "Should be equal to one of the allowed values"
    if not isinstance(properties, dict):
        yield path, "Should have required property 'properties'"
    else:
        yield from _problems_of_properties(f"{path}/properties", kind, properties)
    limits = (("x", 0, WIDTH - 1), ("y", 0, None), ("width", 1, WIDTH), ("height", 1, HEIGHT))
    for member, least, most in limits:
        value = widget.get(member)
        if value is not None and (not isinstance(value, int) or value < least or value > (most or value)):
            yield f"{path}/{member}", f"Should be an integer from {least} to {most or 'any'}"


def _problems_of_properties(path, kind, properties):
    if kind == "text" and not isinstance(properties.get("markdown"), str):
        yield path, "Should have required property 'markdown'"
    if kind == "alarm" and not properties.get("alarms"):
        yield path, "Should have required property 'alarms'"
    if kind == "log" and not isinstance(properties.get("query"), str):
        yield path, "Should have required property 'query'"
    if kind in ("metric", "log") and not properties.get("region"):
        yield path, "Should have required property 'region'"
    if kind == "metric":
        yield from _problems_of_metrics(path, properties)


def _problems_of_metrics(path, properties):
    metrics = properties.get("metrics")
    if metrics is None:
        if not (properties.get("annotations") or {}).get("alarms"):
            yield path, "Should have required property 'metrics'"
        return
    if not isinstance(metrics, list):
        yield f"{path}/metrics", "Should be an array"
        return
    for number, metric in enumerate(metrics):
        sound = isinstance(metric, list) and metric and all(isinstance(item, str) for item in metric[:-1])
        # Namespace, name, pairs of dimensions, which "..." repeats; or an expression alone.
        words = [item for item in metric if isinstance(item, str)] if sound else []
        odd = len(words) % 2 and "..." not in words
        if not sound or odd or (not words and "expression" not in metric[-1]):
            yield f"{path}/metrics/{number}", 'Invalid metric field type, only "String" type is allowed'


def _invalid(message):
    return AwsError("InvalidParameterInput", message, 400)


# --- detectors of anomalies ----------------------------------------------------------------------------------------

SINGLE = ("Namespace", "MetricName", "Dimensions", "Stat")


@answer("cloudwatch", "PutAnomalyDetector")
def put_detector(call):
    """A detector is what it watches; written again, it gets another configuration."""
    key, view = _detector(call)
    configuration = {"ExcludedTimeRanges": [], **(call.parameters.get("Configuration") or {})}
    _detectors(call)[key] = {**view, "Configuration": configuration, "StateValue": "PENDING_TRAINING"}
    return {}


@answer("cloudwatch", "DeleteAnomalyDetector")
def delete_detector(call):
    """Only what is there."""
    key, _view = _detector(call)
    if _detectors(call).pop(key, None) is None:
        raise AwsError("ResourceNotFoundException", "The anomaly detector does not exist", 404)
    return {}


@answer("cloudwatch", "DescribeAnomalyDetectors")
def describe_detectors(call):
    """Those of a metric, and of a type; without a type, those of single metrics."""
    parameters = call.parameters
    types = parameters.get("AnomalyDetectorTypes") or ["SINGLE_METRIC"]
    found = []
    for view in _detectors(call).values():
        kind = "METRIC_MATH" if "MetricMathAnomalyDetector" in view else "SINGLE_METRIC"
        wanted = all(parameters.get(name) in (None, [], view.get(name)) for name in SINGLE[:3])
        if kind in types and wanted:
            found.append(view)
    return {"AnomalyDetectors": found}


def _detector(call):
    """(what identifies a detector, what is shown of it)"""
    parameters = call.parameters
    math = parameters.get("MetricMathAnomalyDetector")
    if math:
        return json.dumps(math, sort_keys=True), {"MetricMathAnomalyDetector": math}
    given = parameters.get("SingleMetricAnomalyDetector") or parameters
    single = {"Dimensions": [], **{name: given[name] for name in SINGLE if given.get(name)}}
    if not all(single.get(name) for name in ("Namespace", "MetricName", "Stat")):
        raise AwsError("MissingParameter", "The parameters Namespace, MetricName and Stat are required", 400)
    dimensions = sorted((item["Name"], item["Value"]) for item in single["Dimensions"])
    key = json.dumps([single["Namespace"], single["MetricName"], single["Stat"], dimensions])
    return key, {**single, "SingleMetricAnomalyDetector": single}


def _detectors(call):
    return vars(backend(call)).setdefault("sandbox_detectors", {})
