# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alarms of CloudWatch: from an item to the request, from AWS's answer to the same form. Pure functions."""

from __future__ import annotations

import re
from typing import Any, Dict, List

# Parameters of PutMetricAlarm by the item's keys. The call replaces the alarm, so what is not given has AWS's default.
PARAMETERS = {
    "description": "AlarmDescription",
    "namespace": "Namespace",
    "metric_name": "MetricName",
    "statistic": "Statistic",
    "extended_statistic": "ExtendedStatistic",
    "dimensions": "Dimensions",
    "period": "Period",
    "unit": "Unit",
    "evaluation_periods": "EvaluationPeriods",
    "datapoints_to_alarm": "DatapointsToAlarm",
    "threshold": "Threshold",
    "threshold_metric_id": "ThresholdMetricId",
    "comparison_operator": "ComparisonOperator",
    "treat_missing_data": "TreatMissingData",
    "evaluate_low_sample_count": "EvaluateLowSampleCountPercentile",
    "metrics": "Metrics",
    "alarm_actions": "AlarmActions",
    "ok_actions": "OKActions",
    "insufficient_data_actions": "InsufficientDataActions",
    "actions_enabled": "ActionsEnabled",
}
LISTS = ("metrics", "alarm_actions", "ok_actions", "insufficient_data_actions")
STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
# U(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html)
EXTENDED = re.compile(r"(?:(?:p|tm|tc|ts|wm)\d{1,2}(?:\.\d{1,10})?|p100|IQM|(?:TM|WM|PR|TC|TS)\(.*\))")
BANDS = ("LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold")
DAY, WEEK, HOUR = 86400, 604800, 3600


def wanted(item: Dict[str, Any]) -> Dict[str, Any]:
    """An item in the form that is compared: every key is there; an empty value is AWS's default."""
    form: Dict[str, Any] = {key: "" for key in PARAMETERS}
    form.update({key: [] for key in LISTS})
    form.update({key: item[key] for key in PARAMETERS if item.get(key) is not None})
    form["dimensions"] = {key: str(value) for key, value in (item.get("dimensions") or {}).items()}
    form["metrics"] = [metric_query(metric) for metric in item.get("metrics") or []]
    form["datapoints_to_alarm"] = item.get("datapoints_to_alarm") or item["evaluation_periods"]
    form["treat_missing_data"] = item.get("treat_missing_data") or "missing"
    form["actions_enabled"] = item.get("actions_enabled") is not False
    return form


def described(alarm: Dict[str, Any]) -> Dict[str, Any]:
    """AWS's answer in the form that is compared."""
    form = {key: alarm.get(name, [] if key in LISTS else "") for key, name in PARAMETERS.items()}
    form["dimensions"] = named(alarm.get("Dimensions") or [])
    form["metrics"] = [without_defaults(query) for query in form["metrics"]]
    form["datapoints_to_alarm"] = alarm.get("DatapointsToAlarm") or alarm.get("EvaluationPeriods")
    form["treat_missing_data"] = alarm.get("TreatMissingData") or "missing"
    form["actions_enabled"] = alarm.get("ActionsEnabled", True)
    return form


def request(form: Dict[str, Any]) -> Dict[str, Any]:
    """The parameters of PutMetricAlarm."""
    given = {name: form[key] for key, name in PARAMETERS.items() if form[key] not in ("", [], {})}
    if form["dimensions"]:
        given["Dimensions"] = pairs(form["dimensions"])
    return given


def metric_query(metric: Dict[str, Any]) -> Dict[str, Any]:
    """An entry of an alarm's metrics as the API spells it."""
    query: Dict[str, Any] = {"Id": metric["id"], "ReturnData": bool(metric.get("return_data"))}
    if metric.get("label"):
        query["Label"] = metric["label"]
    if metric.get("expression"):
        query["Expression"] = metric["expression"]
        return {**query, "Period": metric["period"]} if metric.get("period") else query
    source = {"Namespace": metric["namespace"], "MetricName": metric["metric_name"]}
    if metric.get("dimensions"):
        source["Dimensions"] = pairs(metric["dimensions"])
    query["MetricStat"] = {"Metric": source, "Period": metric["period"], "Stat": metric["statistic"]}
    if metric.get("unit"):
        query["MetricStat"]["Unit"] = metric["unit"]
    return query


def without_defaults(query: Dict[str, Any]) -> Dict[str, Any]:
    """A query as AWS returns it, without what it fills in."""
    clean = {"ReturnData": True, **query}
    source = clean.get("MetricStat", {}).get("Metric", {})
    if source and not source.get("Dimensions"):
        kept = {key: value for key, value in source.items() if key != "Dimensions"}
        clean["MetricStat"] = {**clean["MetricStat"], "Metric": kept}
    return {key: value for key, value in clean.items() if value not in ("", None)}


def pairs(dimensions: Dict[str, Any]) -> List[dict]:
    """Dimensions as the API takes them."""
    return [{"Name": name, "Value": str(value)} for name, value in sorted(dimensions.items())]


def named(dimensions: List[dict]) -> Dict[str, str]:
    """Dimensions as an item has them."""
    return {one["Name"]: one["Value"] for one in dimensions}


def flaw(item: Dict[str, Any]) -> str:
    """What is wrong with an item; empty when nothing is.

    Source: U(https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
    """
    return _flaw_of_kind(item) or _flaw_of_threshold(item) or _flaw_of_time(item)


def _flaw_of_kind(item: Dict[str, Any]) -> str:
    if not 1 <= len(item["name"]) <= 255:
        return "has an impossible name. To fix: 1 to 255 characters"
    kinds = [key for key in ("statistic", "extended_statistic", "metrics") if item.get(key)]
    if len(kinds) != 1:
        return "needs exactly one of statistic, extended_statistic and metrics. To fix: give one of them"
    if item.get("metrics"):
        return _flaw_of_metrics(item)
    if not item.get("namespace") or not item.get("metric_name") or not item.get("period"):
        return "has no metric. To fix: give namespace, metric_name and period"
    if item.get("extended_statistic") and not EXTENDED.fullmatch(item["extended_statistic"]):
        return f"has no such statistic {item['extended_statistic']}. To fix: p95, tm90 and the like"
    return ""


def _flaw_of_metrics(item: Dict[str, Any]) -> str:
    if any(item.get(key) for key in ("namespace", "metric_name", "dimensions", "period", "unit")):
        return "has metrics and a metric of its own. To fix: give namespace, dimensions and period in metrics only"
    for metric in item["metrics"]:
        if not re.fullmatch(r"[a-z][a-zA-Z0-9_]{0,254}", metric["id"]):
            return f"has a metric {metric['id']}. To fix: an id is a small letter, then letters, digits and _"
        complete = all(metric.get(key) for key in ("namespace", "metric_name", "statistic", "period"))
        if bool(metric.get("expression")) == complete:
            return (
                f"has a metric {metric['id']} that is neither an expression nor a metric. "
                "To fix: give expression, or namespace, metric_name, statistic and period"
            )
    returned = [metric["id"] for metric in item["metrics"] if metric.get("return_data")]
    # An anomaly alarm returns the metric and its band.
    if len(returned) != (2 if item.get("threshold_metric_id") else 1):
        return (
            "does not say which metric is watched. To fix: return_data for one, with an anomaly band also for the band"
        )
    return ""


def _flaw_of_threshold(item: Dict[str, Any]) -> str:
    band = item["comparison_operator"] in BANDS
    if band != bool(item.get("threshold_metric_id")):
        return "mixes a threshold and a band. To fix: threshold_metric_id and a comparison with a band belong together"
    if band == (item.get("threshold") is not None):
        return "needs a threshold, or a band instead of it. To fix: give threshold, or threshold_metric_id"
    if band and item["threshold_metric_id"] not in [metric["id"] for metric in item.get("metrics") or []]:
        return f"has no metric {item['threshold_metric_id']}. To fix: name the id of the band's expression"
    return ""


def _flaw_of_time(item: Dict[str, Any]) -> str:
    periods = [item["period"]] if item.get("period") else []
    periods += [metric["period"] for metric in item.get("metrics") or [] if metric.get("period")]
    for period in periods:
        if period not in (10, 20, 30) and period % 60:
            return f"has a period of {period} seconds. To fix: 10, 20, 30 or a multiple of 60"
    longest = max(periods, default=60)
    if item["evaluation_periods"] * longest > (WEEK if longest >= HOUR else DAY):
        return "looks back too far. To fix: evaluation_periods times period at most a day, a week from one hour on"
    if (item.get("datapoints_to_alarm") or 1) > item["evaluation_periods"]:
        return "wants more datapoints than it has. To fix: datapoints_to_alarm at most evaluation_periods"
    return ""
