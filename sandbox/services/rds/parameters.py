# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter groups, which moto has without a single parameter."""

import re

from ...errors import AwsError
from .. import answer, backend, check
from .catalog import MINORS, page_of
from .parameter_list import defaults

MOST_AT_ONCE = 20
FAMILY = re.compile(r"postgres(\d+)")
NUMBERS = re.compile(r"(-?\d+)-(\d+)")


def require_group(state, name):
    """A parameter group by name; the default ones are there before anything uses them."""
    name = name.lower()
    match = FAMILY.fullmatch(name.removeprefix("default."))
    if name not in state.db_parameter_groups and name.startswith("default.") and match and int(match[1]) in MINORS:
        from moto.rds.models import DBParameterGroup  # takes long, and not everybody uses RDS

        description = f"Default parameter group for {match[0]}"
        state.db_parameter_groups[name] = DBParameterGroup(state, name, description, match[0])
    if name not in state.db_parameter_groups:
        raise AwsError("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")
    return state.db_parameter_groups[name]


def users_of(state, name):
    """The instances that use a parameter group."""
    databases = [database for database in state.databases.values() if hasattr(database, "sandbox_settings")]
    return [item for item in databases if item.sandbox_settings["DBParameterGroupName"].lower() == name.lower()]


@check("rds", "CreateDBParameterGroup")
def check_group(call):
    """Names and families have rules."""
    name, family = call.parameters["DBParameterGroupName"], call.parameters["DBParameterGroupFamily"]
    if not re.fullmatch(r"[A-Za-z](-?[A-Za-z0-9])*", name) or len(name) > 255:
        message = (
            "The parameter DBParameterGroupName is not a valid identifier. Identifiers must begin with a letter; must"
            " contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two"
            " consecutive hyphens."
        )
        raise AwsError("InvalidParameterValue", message)
    match = FAMILY.fullmatch(family)
    if match and int(match[1]) not in MINORS:
        message = f"ParameterGroupFamily {family} is not a valid parameter group family"
        raise AwsError("InvalidParameterValue", message)


@check("rds", "DescribeDBParameterGroups")
def require_named(call):
    """moto answers with an empty list for a group that does not exist."""
    if call.parameters.get("DBParameterGroupName"):
        require_group(backend(call), call.parameters["DBParameterGroupName"])


@answer("rds", "DescribeDBParameters")
def describe_parameters(call):
    """The parameters of the family, with what the group changes in them."""
    group = require_group(backend(call), call.parameters["DBParameterGroupName"])
    source = call.parameters.get("Source")
    found = [view for view in _parameters(group).values() if source in (None, view["Source"])]
    page, following = page_of(call, found)
    return {"Parameters": page, **following}


def _parameters(group):
    match = FAMILY.fullmatch(group.family)
    found = defaults(int(match[1])) if match else {}
    for name, changed in group.parameters.items():
        found[name] = found.get(name, {}) | changed | {"Source": "user"}
    return found


@answer("rds", "DescribeEngineDefaultParameters")
def describe_defaults(call):
    """moto does not have it."""
    family = call.parameters["DBParameterGroupFamily"]
    match = FAMILY.fullmatch(family)
    if not match or int(match[1]) not in MINORS:
        raise AwsError("InvalidParameterValue", f"Invalid DB parameter group family: {family}")
    page, following = page_of(call, list(defaults(int(match[1])).values()))
    return {"EngineDefaults": {"DBParameterGroupFamily": family, "Parameters": page, **following}}


@answer("rds", "ModifyDBParameterGroup")
def modify_group(call):
    """Every parameter is checked before the first is changed."""
    state, name = backend(call), call.parameters["DBParameterGroupName"]
    group, wanted = require_group(state, name), call.parameters["Parameters"]
    if not FAMILY.fullmatch(group.family):
        return None
    _require_own(group)
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        message = f"The number of parameters must be between 1 and {MOST_AT_ONCE}, not {len(wanted)}"
        raise AwsError("InvalidParameterValue", message)
    known = _parameters(group)
    for parameter in wanted:
        _check_parameter(known, parameter)
    for parameter in wanted:
        _set(state, group, known[parameter["ParameterName"]], parameter)
    return {"DBParameterGroupName": group.name}


def _set(state, group, known, wanted):
    name, value = wanted["ParameterName"], wanted["ParameterValue"]
    if known.get("ParameterValue") != value:
        _mark(state, group, wanted["ApplyMethod"])
    group.parameters[name] = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": wanted["ApplyMethod"]}


def _mark(state, group, method):
    """Instances take what waits for a restart with their next one."""
    for database in users_of(state, group.name):
        if method == "pending-reboot":
            database.sandbox_parameter_status = "pending-reboot"


def _check_parameter(known, parameter):
    name = parameter["ParameterName"]
    if name not in known:
        raise AwsError("InvalidParameterValue", f"Could not find parameter with name: {name}")
    if not known[name]["IsModifiable"]:
        raise AwsError("InvalidParameterValue", f"The parameter {name} cannot be modified.")
    _check_method(known[name], parameter)
    value, allowed = parameter.get("ParameterValue"), known[name].get("AllowedValues")
    if value is None:
        raise AwsError("InvalidParameterValue", f"The parameter {name} needs a value.")
    if allowed and "{" not in value and not _is_allowed(value, allowed, known[name]["DataType"]):
        message = f"Invalid parameter value: {value} for: {name} allowed values are: {allowed}"
        raise AwsError("InvalidParameterValue", message)


def _check_method(known, parameter):
    if parameter.get("ApplyMethod") not in ("immediate", "pending-reboot"):
        message = "The parameter ApplyMethod must be immediate or pending-reboot"
        raise AwsError("InvalidParameterValue", message)
    if known["ApplyType"] == "static" and parameter["ApplyMethod"] == "immediate":
        message = f"cannot use immediate apply method for static parameter: {known['ParameterName']}"
        raise AwsError("InvalidParameterCombination", message)


def _is_allowed(value, allowed, kind):
    numbers = NUMBERS.fullmatch(allowed)
    if kind == "integer" and numbers:
        return bool(re.fullmatch(r"-?\d+", value)) and int(numbers[1]) <= int(value) <= int(numbers[2])
    if kind == "float":
        return bool(re.fullmatch(r"\d+(\.\d+)?", value))
    given = [item.strip() for item in value.split(",")] if kind == "list" else [value]
    return all(item in allowed.split(",") for item in given)


@answer("rds", "ResetDBParameterGroup")
def reset_group(call):
    """moto does not have it."""
    parameters, state = call.parameters, backend(call)
    group = require_group(state, parameters["DBParameterGroupName"])
    _require_own(group)
    named = {item["ParameterName"]: item for item in parameters.get("Parameters") or []}
    if bool(named) == bool(parameters.get("ResetAllParameters", not named)):
        message = "Name the parameters to reset, or reset all of them."
        raise AwsError("InvalidParameterCombination", message)
    known = _parameters(group)
    for name in named or list(group.parameters):
        if name not in known:
            raise AwsError("InvalidParameterValue", f"Could not find parameter with name: {name}")
        if named:
            _check_method(known[name], named[name])
        if group.parameters.pop(name, None):
            _mark(state, group, named.get(name, {}).get("ApplyMethod", "pending-reboot"))
    return {"DBParameterGroupName": group.name}


def _require_own(group):
    if group.name.startswith("default."):
        message = f"The parameter group {group.name} is a default parameter group, which cannot be modified."
        raise AwsError("InvalidParameterValue", message)


@check("rds", "DeleteDBParameterGroup")
def refuse_used(call):
    """A group stays while an instance uses it."""
    state = backend(call)
    group = require_group(state, call.parameters["DBParameterGroupName"])
    if group.name.startswith("default."):
        message = f"Default DBParameterGroup cannot be deleted: {group.name}"
        raise AwsError("InvalidDBParameterGroupState", message)
    if users_of(state, group.name):
        message = (
            "One or more database instances are still members of this parameter group "
            f"{group.name}, so the group cannot be deleted"
        )
        raise AwsError("InvalidDBParameterGroupState", message)
