# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The states of alarms: set by a call or at a moment of the clock, noted, told to topics, followed by composites."""

import ast
import json
from datetime import datetime, timezone

from moto.backends import get_backend

from ... import delays
from .. import answer, backend, before, lock
from ..sns.delivery import inside
from .rules import as_python, names_in_rule

_actors = {}  # part of an action's ARN: function of the state, the alarm and the ARN
ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
MOST_ITEMS = 100


def acts(part):
    """Register a function of the state, an alarm that has come to ALARM, and an action whose ARN has this part."""
    return lambda function: _actors.setdefault(part, function)


def state_of(alarm):
    """The state of an alarm: moto begins with OK, AWS knows nothing yet."""
    return alarm.state_value if alarm.history else "INSUFFICIENT_DATA"


def type_of(alarm):
    """What DescribeAlarms calls the kind of an alarm."""
    return "MetricAlarm" if alarm.rule is None else "CompositeAlarm"


def states(account, region):
    """The state of every alarm now, by name, for what watches alarms."""
    state = get_backend("cloudwatch")[account][region]
    with lock("cloudwatch"):
        settle(state)
        return {name: state_of(alarm) for name, alarm in state.alarms.items()}


def plan(account, region, name, value, seconds):
    """Let an alarm come to a state in some seconds of the sandbox's clock; KeyError where there is no such alarm."""
    state = get_backend("cloudwatch")[account][region]
    if value not in ACTIONS:
        raise ValueError(f"an alarm has no state {value}")
    with lock("cloudwatch"):
        state.alarms[name]  # a name that is wrong should not wait to be noticed
        _planned(state).append((delays.now() + seconds, name, value))
        settle(state)


def _planned(state):
    return vars(state).setdefault("sandbox_planned", [])


@before("cloudwatch")
def settle_states(call):
    """What was planned happens once anybody looks."""
    settle(backend(call))


def settle(state):
    """Do what was planned for until now."""
    due = sorted(item for item in _planned(state) if delays.is_past(item[0]))
    for item in due:
        _planned(state).remove(item)
        _moment, name, value = item
        if name in state.alarms:
            _change(state, state.alarms[name], value, f"The sandbox was told that the alarm is {value}", None)


@answer("cloudwatch", "SetAlarmState")
def set_state(call):
    """moto tells nobody: no history, no composite alarm, no topic."""
    state, parameters = backend(call), call.parameters
    name, value, reason = (parameters[member] for member in ("AlarmName", "StateValue", "StateReason"))
    data, alarm = parameters.get("StateReasonData"), state.alarms.get(name)
    if alarm is None or data:
        state.set_alarm_state(name, reason, data, state_of(alarm) if alarm else value)  # refuses what is not there
    _change(state, alarm, value, reason, data)
    return {}


def _change(state, alarm, value, reason, data):
    known = state_of(alarm)
    alarm.update_state(reason, data, value)
    if value == known:
        return
    change = {"oldState": {"stateValue": known}, "newState": {"stateValue": value, "stateReason": reason}}
    text = json.dumps({"version": "1.0", **change})
    note(state, alarm, "StateUpdate", f"Alarm updated from {known} to {value}", text)
    if alarm.actions_enabled:
        _act(state, alarm, value, reason)
    for parent in [item for item in state.alarms.values() if item.rule and alarm.name in names_in_rule(item.rule)]:
        follow(state, parent)


def follow(state, alarm):
    """Let a composite alarm be what its rule says of its children."""
    value = "ALARM" if _holds(_parsed(alarm, state)) else "OK"
    if value != state_of(alarm):
        _change(state, alarm, value, f"The rule {alarm.rule} is {'TRUE' if value == 'ALARM' else 'FALSE'}", None)


def _parsed(alarm, state):
    def is_so(kind, name):
        child = state.alarms.get(name)
        return child is not None and state_of(child) == kind

    return ast.parse(as_python(alarm.rule, is_so), mode="eval").body


def _holds(node):
    if isinstance(node, ast.BoolOp):
        values = (_holds(item) for item in node.values)
        return all(values) if isinstance(node.op, ast.And) else any(values)
    return not _holds(node.operand) if isinstance(node, ast.UnaryOp) else node.value


# --- actions -------------------------------------------------------------------------------------------------------


def _act(state, alarm, value, reason):
    actions = {"AlarmActions": alarm.alarm_actions, **getattr(alarm, "sandbox_written", {})}
    for action in actions.get(ACTIONS[value]) or []:
        if ":sns:" in action:
            _publish(state, alarm, action, value, reason)
            continue
        for function in [function for part, function in _actors.items() if part in action and value == "ALARM"]:
            function(state, alarm, action)
        note(state, alarm, "Action", f"Successfully executed action {action}")


def _publish(state, alarm, action, value, reason):
    sns = get_backend("sns")[state.account_id][action.split(":")[3]]
    topic = sns.topics.get(action)
    if topic is None:
        note(state, alarm, "Action", f"Failed to execute action {action}. Received error: Topic does not exist")
        return
    message = {
        "AlarmName": alarm.name, "AlarmDescription": alarm.description, "AWSAccountId": state.account_id,
        "NewStateValue": value, "NewStateReason": reason, "Region": state.region_name, "AlarmArn": alarm.alarm_arn,
        "StateChangeTime": datetime.now(timezone.utc).isoformat(),
    }  # fmt: skip
    with lock("sns"), inside(sns):
        topic.publish(json.dumps(message), subject=f'{value}: "{alarm.name}" in {state.region_name}'[:100])
    note(state, alarm, "Action", f"Successfully executed action {action}")


# --- history -------------------------------------------------------------------------------------------------------


def note(state, alarm, kind, summary, data="{}"):
    """Add to what DescribeAlarmHistory shows."""
    items = vars(state).setdefault("sandbox_history", [])
    items.append(
        {
            "AlarmName": alarm.name,
            "AlarmType": type_of(alarm),
            "Timestamp": datetime.now(timezone.utc),
            "HistoryItemType": kind,
            "HistorySummary": summary[:255],
            "HistoryData": data,
        }
    )


@answer("cloudwatch", "DescribeAlarmHistory")
def describe_history(call):
    """moto does not have it."""
    parameters = call.parameters
    items = vars(backend(call)).get("sandbox_history", [])
    if parameters.get("ScanBy") != "TimestampAscending":
        items = list(reversed(items))
    types = parameters.get("AlarmTypes") or ["MetricAlarm"]
    wanted = [
        item
        for item in items
        if parameters.get("AlarmName") in (None, item["AlarmName"])
        and parameters.get("HistoryItemType") in (None, item["HistoryItemType"])
        and item["AlarmType"] in types
        and _is_between(item["Timestamp"], parameters.get("StartDate"), parameters.get("EndDate"))
    ]
    first, size = int(parameters.get("NextToken") or 0), parameters.get("MaxRecords") or MOST_ITEMS
    more = {"NextToken": str(first + size)} if first + size < len(wanted) else {}
    return {"AlarmHistoryItems": wanted[first : first + size], **more}


def _is_between(moment, start, end):
    aware = [value and (value if value.tzinfo else value.replace(tzinfo=timezone.utc)) for value in (start, end)]
    return (not aware[0] or moment >= aware[0]) and (not aware[1] or moment <= aware[1])
