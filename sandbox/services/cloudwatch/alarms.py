# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms: kept as they were written, refused where CloudWatch refuses them."""

from ...errors import AwsError
from .. import after, answer, backend, check
from .rules import check_alarm, check_composite, names_in_rule
from .states import follow, note, state_of, type_of
from .streams import streams

DEFAULTS = {"ActionsEnabled": True, "OKActions": [], "AlarmActions": [], "InsufficientDataActions": []}
METRIC_DEFAULTS = {**DEFAULTS, "Dimensions": []}
PAGE = 100
# What moto calls the members of the alarms that scaling policies make.
OF_MOTO = {
    "ActionsEnabled": "actions_enabled", "AlarmActions": "alarm_actions", "AlarmDescription": "description",
    "ComparisonOperator": "comparison_operator", "DatapointsToAlarm": "datapoints_to_alarm",
    "EvaluationPeriods": "evaluation_periods", "MetricName": "metric_name", "Namespace": "namespace",
    "Period": "period", "Statistic": "statistic", "Threshold": "threshold", "TreatMissingData": "treat_missing_data",
    "Unit": "unit",
}  # fmt: skip


@answer("cloudwatch", "PutMetricAlarm")
def put_alarm(call):
    """moto drops parts of what is written, and the state of an alarm that is written again."""
    check_alarm(call)
    return _put(call, METRIC_DEFAULTS, None)


@answer("cloudwatch", "PutCompositeAlarm")
def put_composite(call):
    """moto does not have it."""
    check_composite(call, backend(call).alarms)
    return _put(call, DEFAULTS, call.parameters["AlarmRule"])


def _put(call, defaults, rule):
    state, parameters = backend(call), call.parameters
    name = parameters["AlarmName"]
    before = state.alarms.get(name)
    if before is not None and (before.rule is None) != (rule is None):
        raise AwsError("ValidationError", f"An alarm of another type has the name {name}", 400)
    alarm = state.put_metric_alarm(
        name=name,
        namespace=parameters.get("Namespace"),
        metric_name=parameters.get("MetricName"),
        comparison_operator=parameters.get("ComparisonOperator"),
        evaluation_periods=parameters.get("EvaluationPeriods"),
        period=parameters.get("Period"),
        threshold=parameters.get("Threshold"),
        statistic=parameters.get("Statistic"),
        description=parameters.get("AlarmDescription"),
        dimensions=parameters.get("Dimensions") or [],
        alarm_actions=parameters.get("AlarmActions") or [],
        actions_enabled=parameters.get("ActionsEnabled"),
        rule=rule,
        # Tags of an alarm that is there already are changed by calls of their own.
        tags=parameters.get("Tags") if before is None else None,
    )
    written = {member: value for member, value in parameters.items() if value is not None and member != "Tags"}
    alarm.sandbox_written = {**defaults, **{member: value for member, value in written.items() if value != []}}
    if before is not None:
        members = ("history", "state_value", "state_reason", "state_reason_data", "state_updated_timestamp")
        vars(alarm).update({member: getattr(before, member) for member in members})
    note(state, alarm, "ConfigurationUpdate", f'Alarm "{name}" {"created" if before is None else "updated"}')
    if rule:
        follow(state, alarm)
    return {}


@check("cloudwatch", "DeleteAlarms")
def refuse_used(call):
    """An alarm stays while a composite one is made of it."""
    alarms, names = backend(call).alarms, call.parameters["AlarmNames"]
    if len(names) > 1 and any(name in alarms and alarms[name].rule for name in names):
        raise AwsError("ValidationError", "A composite alarm has to be deleted alone.", 400)
    for alarm in alarms.values():
        for name in names_in_rule(alarm.rule) & set(names) - {alarm.name} if alarm.rule else ():
            message = f"Cannot delete {name} as there are composite alarm(s) depending on it."
            raise AwsError("ValidationError", message, 400)
    call.sandbox_deleted = [alarms[name] for name in names if name in alarms]


@after("cloudwatch", "DeleteAlarms")
def forget_tags(call):
    """The tags of an alarm go with it; its history stays."""
    state = backend(call)
    for alarm in call.sandbox_deleted:
        state.tagger.delete_all_tags_for_resource(alarm.alarm_arn)
        note(state, alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" deleted')


@answer("cloudwatch", "DescribeAlarms")
def describe_alarms(call):
    """Metric alarms, unless others are asked for; everything that was written is there."""
    parameters = call.parameters
    if parameters.get("AlarmNames") and parameters.get("AlarmNamePrefix"):
        message = "AlarmNamePrefix and AlarmNames are mutually exclusive"
        raise AwsError("InvalidParameterCombination", message, 400)
    alarms = [alarm for _name, alarm in sorted(backend(call).alarms.items()) if _is_wanted(call, alarm)]
    first, size = int(parameters.get("NextToken") or 0), parameters.get("MaxRecords") or PAGE
    found = {"MetricAlarms": [], "CompositeAlarms": []}
    for alarm in alarms[first : first + size]:
        found[f"{type_of(alarm)}s"].append(_view(alarm))
    if first + size < len(alarms):
        found["NextToken"] = str(first + size)
    return found


def _is_wanted(call, alarm):
    parameters, alarms = call.parameters, backend(call).alarms
    related = None
    if parameters.get("ChildrenOfAlarmName"):
        parent = alarms.get(parameters["ChildrenOfAlarmName"])
        related = names_in_rule(parent.rule) if parent is not None and parent.rule else set()
    elif parameters.get("ParentsOfAlarmName"):
        related = (
            {alarm.name} if alarm.rule and parameters["ParentsOfAlarmName"] in names_in_rule(alarm.rule) else set()
        )
    if related is not None:
        return alarm.name in related
    actions = [*alarm.alarm_actions, *_view(alarm)["OKActions"], *_view(alarm)["InsufficientDataActions"]]
    return (
        type_of(alarm) in (parameters.get("AlarmTypes") or ["MetricAlarm"])
        and (not parameters.get("AlarmNames") or alarm.name in parameters["AlarmNames"])
        and alarm.name.startswith(parameters.get("AlarmNamePrefix") or "")
        and parameters.get("StateValue") in (None, state_of(alarm))
        and (
            not parameters.get("ActionPrefix")
            or any(action.startswith(parameters["ActionPrefix"]) for action in actions)
        )
    )


def _view(alarm):
    written = getattr(alarm, "sandbox_written", None)
    if written is None:
        written = {**METRIC_DEFAULTS, **_of_moto(alarm)}
    return {
        **written,
        "AlarmName": alarm.name,
        "AlarmArn": alarm.alarm_arn,
        "ActionsEnabled": alarm.actions_enabled,
        "AlarmConfigurationUpdatedTimestamp": alarm.configuration_updated_timestamp,
        "StateValue": state_of(alarm),
        "StateReason": alarm.state_reason,
        "StateReasonData": alarm.state_reason_data or "{}",
        "StateUpdatedTimestamp": alarm.state_updated_timestamp,
        "StateTransitionedTimestamp": alarm.state_updated_timestamp,
    }


def _of_moto(alarm):
    members = {name: getattr(alarm, member) for name, member in OF_MOTO.items()}
    members["Dimensions"] = [{"Name": item.name, "Value": item.value} for item in alarm.dimensions]
    return {name: value for name, value in members.items() if value is not None}


@check("cloudwatch", "ListTagsForResource", "TagResource", "UntagResource")
def require_tagged(call):
    """Tags are those of an alarm, a dashboard, a stream or a rule of Contributor Insights that is there."""
    state, arn = backend(call), call.parameters["ResourceARN"]
    known = {alarm.alarm_arn for alarm in state.alarms.values()}
    known |= {dashboard.arn for dashboard in state.dashboards.values()}
    known |= {stream["Arn"] for stream in streams(state).values()}
    known |= {rule.rule_arn for rule in state.insight_rules.values()}
    if arn not in known:
        raise AwsError("ResourceNotFoundException", f"{arn} does not exist", 404)
