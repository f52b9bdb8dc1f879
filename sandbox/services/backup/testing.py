# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of restores: plans, and what they select."""

import re

from ...errors import AwsError
from .. import answer, backend
from ..governance import chosen, clean, kept, now, page
from .plans import SCHEDULE, check_role
from .vaults import missing, not_now, wrong

NAME = re.compile(r"[A-Za-z0-9_]{1,50}")
BAD = "InvalidParameterValueException"
NAMES = ("CreationTime", "RestoreTestingPlanArn", "RestoreTestingPlanName")
MOST_DAYS, MOST_HOURS, USUAL_DAYS, USUAL_HOURS = 365, 168, 30, 24
NEEDED = ("Algorithm", "IncludeVaults", "RecoveryPointTypes")


def _check_name(name):
    if not NAME.fullmatch(name):
        raise wrong(f"The name {name} has other than up to 50 letters, digits and underscores.")


def _taken(name):
    return AwsError("AlreadyExistsException", f"{name} already exists")


def _plan(call):
    name = call.parameters["RestoreTestingPlanName"]
    if name not in kept(call, "tests"):
        raise missing(f"Restore testing plan {name} not found")
    return kept(call, "tests")[name]


@answer("backup", "CreateRestoreTestingPlan")
def create_plan(call):
    """moto does not have it."""
    written = clean(call.parameters["RestoreTestingPlan"])
    name = written["RestoreTestingPlanName"]
    _check_name(name)
    _check_plan(written)
    if name in kept(call, "tests"):
        raise _taken(name)
    arn = f"arn:aws:backup:{call.region}:{call.account}:restore-testing-plan:{name}"
    usual = {"StartWindowHours": USUAL_HOURS, "ScheduleExpressionTimezone": "Etc/UTC"}
    plan = {**usual, **written, **chosen(call.parameters, "CreatorRequestId")}
    plan["RecoveryPointSelection"] = {"SelectionWindowDays": USUAL_DAYS, **plan["RecoveryPointSelection"]}
    kept(call, "tests")[name] = {**plan, "RestoreTestingPlanArn": arn, "CreationTime": now(), "selections": {}}
    backend(call).tag_resource(arn, call.parameters.get("Tags") or {})
    return chosen(kept(call, "tests")[name], *NAMES)


def _check_plan(plan):
    points = plan["RecoveryPointSelection"]
    if not all(points.get(name) for name in NEEDED):
        raise wrong(f"RecoveryPointSelection needs {', '.join(NEEDED)}.")
    if not 1 <= points.get("SelectionWindowDays", 1) <= MOST_DAYS:
        raise wrong(f"SelectionWindowDays must be between 1 and {MOST_DAYS}.")
    if not 1 <= plan.get("StartWindowHours", 1) <= MOST_HOURS:
        raise wrong(f"StartWindowHours must be between 1 and {MOST_HOURS}.")
    if not SCHEDULE.fullmatch(plan["ScheduleExpression"]):
        raise wrong(f"Invalid schedule expression {plan['ScheduleExpression']}")


@answer("backup", "GetRestoreTestingPlan")
def get_plan(call):
    """moto does not have it."""
    return {"RestoreTestingPlan": {name: value for name, value in _plan(call).items() if name != "selections"}}


@answer("backup", "ListRestoreTestingPlans")
def list_plans(call):
    """moto does not have it."""
    more = ("LastUpdateTime", "ScheduleExpression", "ScheduleExpressionTimezone", "StartWindowHours")
    found = [chosen(plan, *NAMES, *more) for plan in kept(call, "tests").values()]
    return page(call, "RestoreTestingPlans", found, refusal=BAD)


@answer("backup", "UpdateRestoreTestingPlan")
def update_plan(call):
    """moto does not have it."""
    plan = _plan(call)
    changed = {**plan, **clean(call.parameters["RestoreTestingPlan"])}
    changed["RecoveryPointSelection"] = {**plan["RecoveryPointSelection"], **changed["RecoveryPointSelection"]}
    _check_plan(changed)
    plan.update(changed, LastUpdateTime=now())
    return {**chosen(plan, *NAMES), "UpdateTime": plan["LastUpdateTime"]}


@answer("backup", "DeleteRestoreTestingPlan")
def delete_plan(call):
    """moto does not have it. Selections go first."""
    plan = _plan(call)
    if plan["selections"]:
        raise not_now("Related restore testing selections must be deleted prior to the plan.")
    backend(call).tagger.delete_all_tags_for_resource(plan["RestoreTestingPlanArn"])
    del kept(call, "tests")[plan["RestoreTestingPlanName"]]
    return {}


# --- selections ----------------------------------------------------------------------------------------------------

OF_SELECTION = ("CreationTime", "RestoreTestingPlanName", "RestoreTestingSelectionName")


@answer("backup", "CreateRestoreTestingSelection")
def create_selection(call):
    """moto does not have it."""
    plan, written = _plan(call), clean(call.parameters["RestoreTestingSelection"])
    name = written["RestoreTestingSelectionName"]
    _check_name(name)
    check_role(call, written["IamRoleArn"])
    _check_selection(written)
    if name in plan["selections"]:
        raise _taken(name)
    made = {"RestoreTestingPlanName": plan["RestoreTestingPlanName"], "CreationTime": now()}
    plan["selections"][name] = {**written, **made, **chosen(call.parameters, "CreatorRequestId")}
    return _names(plan, plan["selections"][name])


def _names(plan, selection):
    return {**chosen(selection, *OF_SELECTION), **chosen(plan, "RestoreTestingPlanArn")}


def _check_selection(selection):
    if not 1 <= selection.get("ValidationWindowHours", 1) <= MOST_HOURS:
        raise wrong(f"ValidationWindowHours must be between 1 and {MOST_HOURS}.")


def _selection(call):
    name = call.parameters["RestoreTestingSelectionName"]
    found = _plan(call)["selections"].get(name)
    if found is None:
        raise missing(f"Restore testing selection {name} not found")
    return found


@answer("backup", "GetRestoreTestingSelection")
def get_selection(call):
    """moto does not have it."""
    return {"RestoreTestingSelection": _selection(call)}


@answer("backup", "ListRestoreTestingSelections")
def list_selections(call):
    """moto does not have it."""
    names = (*OF_SELECTION, "IamRoleArn", "ProtectedResourceType", "ValidationWindowHours")
    found = [chosen(item, *names) for item in _plan(call)["selections"].values()]
    return page(call, "RestoreTestingSelections", found, refusal=BAD)


@answer("backup", "UpdateRestoreTestingSelection")
def update_selection(call):
    """moto does not have it."""
    found, written = _selection(call), clean(call.parameters["RestoreTestingSelection"])
    _check_selection(written)
    if "IamRoleArn" in written:
        check_role(call, written["IamRoleArn"])
    found.update(written)
    return {**_names(_plan(call), found), "UpdateTime": now()}


@answer("backup", "DeleteRestoreTestingSelection")
def delete_selection(call):
    """moto does not have it."""
    found = _selection(call)
    del _plan(call)["selections"][found["RestoreTestingSelectionName"]]
    return {}
