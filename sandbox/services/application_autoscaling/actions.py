# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scheduled actions: when they are due, and what they change."""

import re
import zoneinfo
from datetime import datetime

from moto.applicationautoscaling.models import FakeScheduledAction

from ...errors import AwsError
from .. import answer, backend
from .shared import SERVICE, identity, invalid, matching, missing, named, page, require_target

MOST = 200  # https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-limits.html
RATE = re.compile(r"rate\([1-9]\d* (minute|minutes|hour|hours|day|days)\)")
CRON = re.compile(r"cron\(\S+( \S+){5}\)")


@answer(SERVICE, "PutScheduledAction")
def put(call):
    """moto takes any schedule, and forgets the times of an action that is changed."""
    require_target(call, "scalable target registered")
    parameters, state, action = call.parameters, backend(call), _find(call)
    if action is None:
        _check_new(call)
        action = FakeScheduledAction(
            parameters["ServiceNamespace"], None, None, parameters["ScheduledActionName"], parameters["ResourceId"],
            parameters["ScalableDimension"], None, None, None, call.account, call.region,
        )  # fmt: skip
    wanted = {
        "schedule": parameters.get("Schedule"), "timezone": parameters.get("Timezone"),
        "start_time": parameters.get("StartTime"), "end_time": parameters.get("EndTime"),
        "scalable_target_action": parameters.get("ScalableTargetAction"),
    }  # fmt: skip
    wanted = {name: value for name, value in wanted.items() if value is not None}
    _check({**vars(action), **wanted})
    vars(action).update(wanted)
    if action not in state.scheduled_actions:
        state.scheduled_actions.append(action)
    return {}


def _check_new(call):
    if not call.parameters.get("Schedule") or not call.parameters.get("ScalableTargetAction"):
        raise invalid("Schedule and ScalableTargetAction are required for a new scheduled action.")
    if sum(identity(item) == named(call) for item in backend(call).scheduled_actions) >= MOST:
        raise AwsError("LimitExceededException", f"A scalable target can have {MOST} scheduled actions.")


def _check(action):
    schedule = action["schedule"]
    if not (RATE.fullmatch(schedule) or CRON.fullmatch(schedule) or _is_moment(schedule)):
        raise invalid(f"The schedule expression '{schedule}' is not valid.")
    if action["timezone"] and action["timezone"] not in zoneinfo.available_timezones():
        raise invalid(f"The time zone '{action['timezone']}' is not valid.")
    if action["timezone"] and schedule.startswith("rate("):
        raise invalid("A time zone is only valid with at and cron expressions.")
    if action["start_time"] and action["end_time"] and action["end_time"] <= action["start_time"]:
        raise invalid("The end time must be after the start time.")
    low, high = (action["scalable_target_action"].get(name) for name in ("MinCapacity", "MaxCapacity"))
    if low is None and high is None:
        raise invalid("A scalable target action needs a MinCapacity or a MaxCapacity.")
    if min(low or 0, high or 0) < 0 or (None not in (low, high) and low > high):
        raise invalid("Maximum capacity cannot be less than minimum capacity")


def _is_moment(schedule):
    match = re.fullmatch(r"at\((.*)\)", schedule)
    try:
        return bool(match) and bool(datetime.strptime(match[1], "%Y-%m-%dT%H:%M:%S"))
    except ValueError:
        return False


def _find(call):
    name = call.parameters["ScheduledActionName"]
    actions = backend(call).scheduled_actions
    return next(
        (item for item in actions if identity(item) == named(call) and item.scheduled_action_name == name), None
    )


@answer(SERVICE, "DescribeScheduledActions")
def describe(call):
    """moto has no pages."""
    names = call.parameters.get("ScheduledActionNames")
    found = matching(call, backend(call).scheduled_actions)
    items, following = page(call, [_view(item) for item in found if not names or item.scheduled_action_name in names])
    return {"ScheduledActions": items, **following}


def _view(action):
    shown = {
        "ScheduledActionName": action.scheduled_action_name, "ScheduledActionARN": action.arn,
        "ServiceNamespace": action.service_namespace, "Schedule": action.schedule, "ResourceId": action.resource_id,
        "ScalableDimension": action.scalable_dimension, "CreationTime": action.creation_time,
        "ScalableTargetAction": action.scalable_target_action,
    }  # fmt: skip
    optional = {"Timezone": action.timezone, "StartTime": action.start_time, "EndTime": action.end_time}
    return shown | {name: value for name, value in optional.items() if value is not None}


@answer(SERVICE, "DeleteScheduledAction")
def delete(call):
    """moto deletes what is not there."""
    action = _find(call)
    if action is None:
        raise missing(f"scheduled action {call.parameters['ScheduledActionName']}", call)
    backend(call).scheduled_actions.remove(action)
    return {}
