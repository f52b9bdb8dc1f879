# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EventBridge Scheduler: schedules read as they were written, with AWS's defaults, and groups that take time to go."""

import json
import re

from dateutil.zoneinfo import get_zonefile_instance

from .. import delays
from ..errors import AwsError
from . import answer, backend, before, check, correct
from .trust import may_assume

RETRIES = {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
DEFAULTS = {"State": "ENABLED", "ScheduleExpressionTimezone": "UTC", "ActionAfterCompletion": "NONE"}
KEPT = (
    "Name", "Description", "ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate", "State",
    "KmsKeyArn", "Target", "FlexibleTimeWindow", "ActionAfterCompletion",
)  # fmt: skip
RATE = re.compile(r"rate\([1-9]\d* (minutes?|hours?|days?)\)")
AT = re.compile(r"at\(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\)")
FIELD = r"[0-9A-Z*,/?#-]+"
CRON = re.compile(rf"cron\({FIELD} {FIELD} (?P<day>{FIELD}) {FIELD} (?P<weekday>{FIELD}) {FIELD}\)")
TARGET = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:.+|arn:aws[a-z-]*:scheduler:::aws-sdk:\w+:\w+")
# What a target of a service is told beside its input: (part of the ARN, member).
OWN_PARAMETERS = (
    (":ecs:", "EcsParameters"), (":kinesis:", "KinesisParameters"), (":events:", "EventBridgeParameters"),
    (":sagemaker:", "SageMakerPipelineParameters"), (":sqs:", "SqsParameters"),
)  # fmt: skip
REQUIRED = {"EcsParameters", "KinesisParameters", "EventBridgeParameters"}
PLAIN_INPUT = (":sqs:", ":sns:")
TRUST = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."


@before("scheduler")
def finish_groups(call):
    """A group that was deleted is gone after a while."""
    state = backend(call)
    for name, group in list(state.schedule_groups.items()):
        if delays.is_past(getattr(group, "sandbox_gone_at", float("inf"))):
            del state.schedule_groups[name]
            state.tagger.delete_all_tags_for_resource(group.arn)


@answer("scheduler", "CreateSchedule")
def create_schedule(call):
    """moto checks little and forgets parts."""
    view = _wanted(call)
    group = _group(call)
    if view["Name"] in group.schedules:
        raise AwsError("ConflictException", f"Schedule {view['Name']} already exists.", 409)
    schedule = backend(call).create_schedule(**_for_moto(view), group_name=group.name, name=view["Name"])
    schedule.sandbox_written = view
    return {"ScheduleArn": schedule.arn}


@answer("scheduler", "UpdateSchedule")
def update_schedule(call):
    """What is not given goes back to its default."""
    view = _wanted(call)
    schedule = _group(call).get_schedule(view["Name"])
    members = _for_moto(view)
    schedule.action_after_completion = members.pop("action_after_completion")
    schedule.update(**members)
    schedule.sandbox_written = view
    return {"ScheduleArn": schedule.arn}


@answer("scheduler", "GetSchedule")
def get_schedule(call):
    """Everything that was written."""
    group = _group(call)
    schedule = group.get_schedule(call.parameters["Name"])
    dates = {"CreationDate": schedule.creation_date, "LastModificationDate": schedule.last_modified_date}
    return {**schedule.sandbox_written, "Arn": schedule.arn, "GroupName": group.name, **dates}


def _wanted(call):
    """What a schedule is to be, with defaults; ValidationException for what cannot be."""
    given = {name: call.parameters[name] for name in KEPT if call.parameters.get(name) is not None}
    view = {**DEFAULTS, **given}
    _check_time(view)
    view["Target"] = _target(call, view["Target"])
    return view


def _check_time(view):
    expression, zone, window = (
        view["ScheduleExpression"],
        view["ScheduleExpressionTimezone"],
        view["FlexibleTimeWindow"],
    )
    cron = CRON.fullmatch(expression)
    # A day of the month and a day of the week exclude each other, so one of them is a question mark.
    sound = cron and (cron["day"] == "?") != (cron["weekday"] == "?")
    if not (sound or RATE.fullmatch(expression) or AT.fullmatch(expression)):
        raise _invalid(f"Invalid Schedule Expression {expression}.")
    if zone not in get_zonefile_instance().zones:
        raise _invalid(f"Invalid Schedule Expression Timezone {zone}.")
    if window["Mode"] == "FLEXIBLE" and not window.get("MaximumWindowInMinutes"):
        raise _invalid("A MaximumWindowInMinutes must be provided when Flexible Time Window is set to FLEXIBLE.")
    if window["Mode"] == "OFF" and window.get("MaximumWindowInMinutes"):
        raise _invalid("A MaximumWindowInMinutes cannot be provided when Flexible Time Window is set to OFF.")
    if view.get("StartDate") and view.get("EndDate") and view["EndDate"] <= view["StartDate"]:
        raise _invalid("The EndDate you specify must come after the StartDate.")


def _target(call, target):
    arn = target["Arn"]
    if not TARGET.fullmatch(arn):
        raise _invalid(f"Provided Arn {arn} is not in correct format.")
    for part, member in OWN_PARAMETERS:
        if target.get(member) and part not in arn:
            raise _invalid(f"{member} cannot be used with the target {arn}.")
        if part in arn and member in REQUIRED and not target.get(member):
            raise _invalid(f"{member} must be specified for the target {arn}.")
    _check_input(target)
    _check_role(call, target["RoleArn"])
    filled = {**target, "RetryPolicy": {**RETRIES, **(target.get("RetryPolicy") or {})}}
    if target.get("EcsParameters"):
        filled["EcsParameters"] = {"TaskCount": 1, **_ecs(target["EcsParameters"])}
    return filled


def _ecs(parameters):
    if parameters.get("LaunchType") and parameters.get("CapacityProviderStrategy"):
        raise _invalid("LaunchType and CapacityProviderStrategy cannot be used together.")
    return parameters


def _check_input(target):
    if not target.get("Input") or any(part in target["Arn"] for part in PLAIN_INPUT):
        return
    try:
        json.loads(target["Input"])
    except ValueError as error:
        raise _invalid("The Input of the target must be valid JSON.") from error


def _check_role(call, arn):
    if not may_assume(call, arn, "scheduler.amazonaws.com"):
        raise _invalid(TRUST)


def _for_moto(view):
    names = {
        "description": "Description", "end_date": "EndDate", "flexible_time_window": "FlexibleTimeWindow",
        "kms_key_arn": "KmsKeyArn", "schedule_expression": "ScheduleExpression",
        "schedule_expression_timezone": "ScheduleExpressionTimezone", "state": "State", "target": "Target",
        "action_after_completion": "ActionAfterCompletion",
    }  # fmt: skip
    # Dates are for the view alone: moto compares them with numbers.
    return {**{name: view.get(member) for name, member in names.items()}, "start_date": None, "end_date": None}


def _group(call):
    name = call.parameters.get("GroupName") or "default"
    group = backend(call).get_schedule_group(name)
    if hasattr(group, "sandbox_gone_at"):
        raise AwsError("ConflictException", f"Schedule group {name} is being deleted.", 409)
    return group


# --- groups --------------------------------------------------------------------------------------------------------


@check("scheduler", "CreateScheduleGroup")
def check_group(call):
    """moto takes a name twice, and any name."""
    name = call.parameters["Name"]
    if name in backend(call).schedule_groups:
        raise AwsError("ConflictException", f"Schedule group {name} already exists.", 409)


@answer("scheduler", "DeleteScheduleGroup")
def delete_group(call):
    """A group goes with its schedules, and not at once."""
    name = call.parameters["Name"]
    group = backend(call).get_schedule_group(name)
    if name == "default":
        raise _invalid("The default schedule group cannot be deleted.")
    group.schedules.clear()
    if not hasattr(group, "sandbox_gone_at"):
        group.sandbox_gone_at = delays.ready_at("schedule-group-delete")
    return {}


@correct("scheduler", "GetScheduleGroup")
def answer_state(call, parsed):
    """moto's groups are always active."""
    _show_state(call, parsed)


@correct("scheduler", "ListScheduleGroups")
def answer_states(call, parsed):
    """The same in lists."""
    for view in parsed["ScheduleGroups"]:
        _show_state(call, view)


def _show_state(call, view):
    if hasattr(backend(call).schedule_groups[view["Name"]], "sandbox_gone_at"):
        view["State"] = "DELETING"


@check("scheduler", "ListTagsForResource", "TagResource", "UntagResource")
def require_group(call):
    """Only groups have tags."""
    backend(call).get_schedule_group(call.parameters["ResourceArn"].rpartition("/")[2])


def _invalid(message):
    return AwsError("ValidationException", message, 400)
