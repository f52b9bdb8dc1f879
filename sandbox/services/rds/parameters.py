# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter groups, which moto has without a single parameter."""

import re

from ...errors import AwsError
from .. import answer, backend, check
from .catalog import ALL_MINORS, page_of
from .parameter_list import defaults

MOST_AT_ONCE = 20
FAMILY = re.compile(r"(postgres|aurora-postgresql)(\d+)")
NUMBERS = re.compile(r"(-?\d+)-(\d+)")


def is_family(family):
    """Whether a family of parameter groups is one that there is."""
    match = FAMILY.fullmatch(family)
    return bool(match) and int(match[2]) in ALL_MINORS[match[1]]


def require_group(state, name):
    """A parameter group by name; the default ones are there before anything uses them."""
    name = name.lower()
    family = name.removeprefix("default.")
    if name not in state.db_parameter_groups and family != name and is_family(family):
        from moto.rds.models import DBParameterGroup  # takes long, and not everybody uses RDS

        description = f"Default parameter group for {family}"
        state.db_parameter_groups[name] = DBParameterGroup(state, name, description, family)
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
    check_name("DBParameterGroupName", call.parameters["DBParameterGroupName"])
    check_family(call.parameters["DBParameterGroupFamily"])


def check_name(member, name, longest=255):
    """Refuse an identifier that is none."""
    if not re.fullmatch(r"[A-Za-z](-?[A-Za-z0-9])*", name) or len(name) > longest:
        message = (
            f"The parameter {member} is not a valid identifier. Identifiers must begin with a letter; must"
            " contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two"
            " consecutive hyphens."
        )
        raise AwsError("InvalidParameterValue", message)


def check_family(family):
    """Refuse a family of an engine of ours that is none; moto looks after the others."""
    if FAMILY.fullmatch(family) and not is_family(family):
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
    found = [view for view in parameters_of(group).values() if source in (None, view["Source"])]
    page, following = page_of(call, found)
    return {"Parameters": page, **following}


def parameters_of(group):
    """The parameters of a group: {name: description}."""
    match = FAMILY.fullmatch(group.family)
    found = defaults(int(match[2])) if match else {}
    for name, changed in group.parameters.items():
        found[name] = found.get(name, {}) | changed | {"Source": "user"}
    return found


def defaults_of(family):
    """The parameters of a family as they are at first."""
    if not is_family(family):
        raise AwsError("InvalidParameterValue", f"Invalid DB parameter group family: {family}")
    return defaults(int(FAMILY.fullmatch(family)[2]))


@answer("rds", "DescribeEngineDefaultParameters")
def describe_defaults(call):
    """moto does not have it."""
    family = call.parameters["DBParameterGroupFamily"]
    page, following = page_of(call, list(defaults_of(family).values()))
    return {"EngineDefaults": {"DBParameterGroupFamily": family, "Parameters": page, **following}}


@answer("rds", "ModifyDBParameterGroup")
def modify_group(call):
    """Every parameter is checked before the first is changed."""
    state, name = backend(call), call.parameters["DBParameterGroupName"]
    group, wanted = require_group(state, name), call.parameters["Parameters"]
    if not FAMILY.fullmatch(group.family):
        return None
    require_own(group)
    change_parameters(group, wanted, lambda method: _mark(state, group, method))
    return {"DBParameterGroupName": group.name}


def change_parameters(group, wanted, mark):
    """Give parameters of a group values; ``mark`` is told how each change is applied."""
    known = parameters_of(group)
    check_parameters(known, wanted)
    for parameter in wanted:
        name, value, method = (parameter[member] for member in ("ParameterName", "ParameterValue", "ApplyMethod"))
        if known[name].get("ParameterValue") != value:
            mark(method)
        group.parameters[name] = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}


def _mark(state, group, method):
    """Instances take what waits for a restart with their next one."""
    for database in users_of(state, group.name):
        if method == "pending-reboot":
            database.sandbox_parameter_status = "pending-reboot"


def check_parameters(known, wanted):
    """Refuse parameters that are unknown, fixed or have a value that is not allowed."""
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        message = f"The number of parameters must be between 1 and {MOST_AT_ONCE}, not {len(wanted)}"
        raise AwsError("InvalidParameterValue", message)
    for parameter in wanted:
        _check_parameter(known, parameter)


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
    state = backend(call)
    group = require_group(state, call.parameters["DBParameterGroupName"])
    require_own(group)
    reset_parameters(call.parameters, group, lambda method: _mark(state, group, method))
    return {"DBParameterGroupName": group.name}


def reset_parameters(wanted, group, mark):
    """Give parameters of a group, or all, the values of the family again."""
    named = {item["ParameterName"]: item for item in wanted.get("Parameters") or []}
    if bool(named) == bool(wanted.get("ResetAllParameters", not named)):
        message = "Name the parameters to reset, or reset all of them."
        raise AwsError("InvalidParameterCombination", message)
    known = parameters_of(group)
    for name in named or list(group.parameters):
        if name not in known:
            raise AwsError("InvalidParameterValue", f"Could not find parameter with name: {name}")
        if named:
            _check_method(known[name], named[name])
        if group.parameters.pop(name, None):
            mark(named.get(name, {}).get("ApplyMethod", "pending-reboot"))


def require_own(group):
    """Refuse the change of a default group."""
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
