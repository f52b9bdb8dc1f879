# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudWatch demands of an alarm."""

import ast
import re

from ...errors import AwsError

DAY, HOUR = 86400, 3600
STATIC = {
    "GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanOrEqualToThreshold", "LessThanThreshold",
}  # fmt: skip
BAND = {"GreaterThanUpperThreshold", "LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold"}
MISSING_DATA = {"breaching", "ignore", "missing", "notBreaching"}
STATISTICS = {"Average", "Maximum", "Minimum", "SampleCount", "Sum"}
NUMBER = r"\d{1,3}(\.\d{1,10})?"
EXTENDED = re.compile(rf"p{NUMBER}|(tm|wm|tc|ts){NUMBER}|(TM|WM|TC|TS|PR)\([^)]*:[^)]*\)|IQM|iqm")
METRIC_ID = re.compile(r"[a-z][a-zA-Z0-9_]*")
ACTION = re.compile(
    r"arn:aws[a-z-]*:(automate:[^:]+:(ec2|ssm):.+|(autoscaling|swf|ssm|ssm-incidents|lambda|aiops):[^:]*:\d{12}:.+"
    r"|sns:(?P<region>[a-z0-9-]+):\d{12}:[A-Za-z0-9_-]+(\.fifo)?)"
)
REFERENCE = re.compile(r'\b(ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"([^"]+)"|\'([^\']+)\'|([^()"\'\s]+))\s*\)')


def check_alarm(call):
    """Refuse a metric alarm that CloudWatch refuses."""
    wanted = call.parameters
    for name in ("ComparisonOperator", "EvaluationPeriods"):
        if wanted.get(name) is None:
            raise _missing(name)
    _check_actions(call)
    if wanted.get("Metrics"):
        periods = _check_metrics(wanted)
    else:
        periods = _check_metric(wanted)
    _check_threshold(wanted)
    _check_periods(wanted, periods)
    _check_data(wanted)


def _check_actions(call):
    for member in ("AlarmActions", "OKActions", "InsufficientDataActions"):
        for action in call.parameters.get(member) or []:
            match = ACTION.fullmatch(action)
            if match is None:
                raise _invalid(f"Invalid arn syntax: {action}")
            if match["region"] not in (None, call.region):
                raise _invalid(f"Invalid region {match['region']} specified. Only {call.region} is supported.")


def _check_metric(wanted):
    for name in ("MetricName", "Namespace", "Period"):
        if wanted.get(name) is None:
            raise _missing(name)
    if wanted.get("Statistic") and wanted.get("ExtendedStatistic"):
        raise _combination("Statistic and ExtendedStatistic are mutually exclusive")
    if not wanted.get("Statistic") and not wanted.get("ExtendedStatistic"):
        raise _missing("Statistic or ExtendedStatistic")
    extended = wanted.get("ExtendedStatistic")
    if extended and not EXTENDED.fullmatch(extended):
        message = f"The value {extended} for parameter ExtendedStatistic is not supported."
        raise AwsError("InvalidParameterValue", message, 400)
    return [wanted["Period"]]


def _check_metrics(wanted):
    """Check metric math; the periods of its metrics."""
    given = [
        name for name in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period") if wanted.get(name)
    ]
    if given or wanted.get("Dimensions"):
        raise _combination(f"Metrics and {', '.join(given) or 'Dimensions'} are mutually exclusive")
    ids = [query["Id"] for query in wanted["Metrics"]]
    if len(set(ids)) < len(ids):
        raise _invalid("The values for parameter Id in Metrics are not unique.")
    periods = [period for query in wanted["Metrics"] for period in _check_query(query, ids)]
    returned = sum(1 for query in wanted["Metrics"] if query.get("ReturnData", True) is not False)
    expected, word = (2, "two") if wanted.get("ThresholdMetricId") else (1, "one")
    if returned != expected:
        raise _invalid(f"Exactly {word} element{'s' * (expected - 1)} of the metrics list should return data.")
    return periods


def _check_query(query, ids):
    number, expression, metric = query["Id"], query.get("Expression"), query.get("MetricStat")
    if not METRIC_ID.fullmatch(number):
        raise _invalid(
            f"The value {number} for parameter Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
        )
    if bool(expression) == bool(metric):
        raise _invalid(f"Metric {number} must have either MetricStat or Expression, and not both.")
    if metric:
        if metric["Stat"] not in STATISTICS and not EXTENDED.fullmatch(metric["Stat"]):
            raise _invalid(f"The value {metric['Stat']} for parameter MetricStat.Stat is not supported.")
        return [metric["Period"]]
    if not expression.lstrip().upper().startswith("SELECT"):
        text = re.sub(r"\"[^\"]*\"|'[^']*'", "", expression)
        for unknown in set(re.findall(r"(?<![\w.])[a-z]\w*", text)) - set(ids):
            raise _invalid(f"Error in expression '{number}': Unknown identifier {unknown}")
    return [query["Period"]] if query.get("Period") else []


def _check_threshold(wanted):
    operator, metric = wanted["ComparisonOperator"], wanted.get("ThresholdMetricId")
    if metric is None:
        if operator not in STATIC:
            raise _invalid(f"ThresholdMetricId is required with the ComparisonOperator {operator}.")
        if wanted.get("Threshold") is None:
            raise _missing("Threshold")
        return
    if operator not in BAND:
        raise _invalid(f"The ComparisonOperator {operator} does not compare with a band; ThresholdMetricId is one.")
    if wanted.get("Threshold") is not None:
        raise _combination("Threshold and ThresholdMetricId are mutually exclusive")
    if metric not in [query["Id"] for query in wanted.get("Metrics") or []]:
        raise _invalid(f"ThresholdMetricId {metric} is not in the list of metrics.")


def _check_periods(wanted, periods):
    for period in periods:
        if period not in (10, 20, 30) and (period < 60 or period % 60):
            raise _invalid(f"Invalid period {period}: must be 10, 20, 30 or a multiple of 60.")
        longest = 7 * DAY if period >= HOUR else DAY
        if period * wanted["EvaluationPeriods"] > longest:
            raise _invalid(
                "Metrics cannot be checked across more than "
                f"{'seven days' if longest > DAY else 'a day'} (EvaluationPeriods * Period must be <= {longest})."
            )
    if (wanted.get("DatapointsToAlarm") or 1) > wanted["EvaluationPeriods"]:
        raise _invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods.")


def _check_data(wanted):
    missing, few = wanted.get("TreatMissingData"), wanted.get("EvaluateLowSampleCountPercentile")
    if missing and missing not in MISSING_DATA:
        raise _invalid(f"Option {missing} is not supported for TreatMissingData: {', '.join(sorted(MISSING_DATA))}")
    if few and few not in ("evaluate", "ignore"):
        raise _invalid(
            f"Option {few} is not supported. "
            "Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore."
        )
    if few and not (wanted.get("ExtendedStatistic") or "").startswith("p"):
        raise _invalid("EvaluateLowSampleCountPercentile is only for percentiles.")


def check_composite(call, alarms):
    """Refuse a rule that is not one, or is about alarms that are not there."""
    _check_actions(call)
    rule = call.parameters["AlarmRule"]
    try:
        ast.parse(as_python(rule, lambda _kind, _name: True), mode="eval")
    except SyntaxError as error:
        raise _invalid(f"AlarmRule is not well-formed: {rule}") from error
    names = names_in_rule(rule)
    if call.parameters["AlarmName"] in names:
        raise _invalid("An alarm cannot be a part of its own rule.")
    _check_suppressor(call.parameters, names, alarms)
    unknown = sorted(names - set(alarms))
    if unknown:
        text = ", ".join(unknown)
        raise _invalid(f"Could not save the composite alarm as alarms [{text}] in the alarm rule do not exist")


def _check_suppressor(wanted, names, alarms):
    suppressor = wanted.get("ActionsSuppressor")
    for name in ("ActionsSuppressorExtensionPeriod", "ActionsSuppressorWaitPeriod"):
        if (wanted.get(name) is not None) != bool(suppressor):
            raise _invalid(f"ActionsSuppressor and {name} have to be given together.")
    if suppressor:
        names.add(suppressor.rpartition(":alarm:")[2])


def as_python(rule, is_so):
    """A rule as an expression of Python's, where is_so says whether an alarm is in a state; SyntaxError if it is none."""
    rest = REFERENCE.sub(lambda match: str(is_so(match[1], _name(match))), rule)
    if set(re.findall(r"\w+", rest)) - {"True", "False", "TRUE", "FALSE", "AND", "OR", "NOT"}:
        raise SyntaxError(rest)
    if re.search(r"[^\w\s()]", rest):
        raise SyntaxError(rest)
    python = re.sub(r"\b(AND|OR|NOT)\b", lambda word: word[0].lower(), rest)
    return "(" + re.sub(r"\b(TRUE|FALSE)\b", lambda word: word[0].title(), python) + ")"


def names_in_rule(rule):
    """The names of the alarms that a rule is about."""
    return {_name(match) for match in REFERENCE.finditer(rule)}


def _name(match):
    return (match[2] or match[3] or match[4]).rpartition(":alarm:")[2]


def _invalid(message):
    return AwsError("ValidationError", message, 400)


def _missing(name):
    return AwsError("MissingParameter", f"The parameter {name} is required", 400)


def _combination(message):
    return AwsError("InvalidParameterCombination", message, 400)
