# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of parameters, of which moto has nothing."""

import re

from ...errors import AwsError
from .. import answer
from ..rds.catalog import page_of
from .catalog import families
from .parameter_list import defaults
from .shared import Thing, add, clash, described, invalid, note, plain, refuse_taken, remove, require, things

NAME = re.compile(r"[A-Za-z](-?[A-Za-z0-9])*")
DEFAULT = re.compile(r"default\.(?P<family>[a-z]+[0-9x.]*?)(?P<clustered>\.cluster\.on)?")
RANGE = re.compile(r"(-?\d+)-(\d*)")
MOST_AT_ONCE = 20
MOST_GROUPS = 150
KIND = "parametergroup"


def require_group(call, name):
    """A group by its name; the default ones are there before anything uses them."""
    match = DEFAULT.fullmatch(name.lower())
    if match and match["family"] in families() and name.lower() not in things(call, KIND):
        view = {"CacheParameterGroupFamily": match["family"], "IsGlobal": False}
        view |= {"Description": f"Default parameter group for {match['family']}"}
        own = {"cluster-enabled": "yes"} if match["clustered"] else {}
        things(call, KIND)[name.lower()] = Thing(call, KIND, name.lower(), view, parameters=own)
    return require(call, KIND, name)


def is_clustered(group):
    """Whether the nodes of a group form clusters."""
    return group.own["parameters"].get("cluster-enabled") == "yes"


@answer("elasticache", "CreateCacheParameterGroup")
def create_group(call):
    """moto does not have it."""
    parameters = call.parameters
    name, family = parameters["CacheParameterGroupName"], parameters["CacheParameterGroupFamily"]
    if not NAME.fullmatch(name) or len(name) > 255:
        raise invalid(f"The parameter CacheParameterGroupName is not a valid identifier: {name}")
    if family not in families():
        raise invalid(f"CacheParameterGroupFamily {family} is not a valid parameter group family.")
    refuse_taken(call, KIND, name)
    if len([group for group in things(call, KIND) if not group.startswith("default.")]) >= MOST_GROUPS:
        raise AwsError("CacheParameterGroupQuotaExceeded", f"There are {MOST_GROUPS} cache parameter groups already.")
    view = {"CacheParameterGroupFamily": family, "Description": parameters["Description"], "IsGlobal": False}
    return {"CacheParameterGroup": add(call, Thing(call, KIND, name.lower(), view, parameters={})).view}


@answer("elasticache", "DescribeCacheParameterGroups")
def describe_groups(call):
    """The default groups of all families are there, too."""
    for family in families():
        require_group(call, f"default.{family}")
        if not family.startswith("memcached"):
            require_group(call, f"default.{family}.cluster.on")
    return described(call, KIND, plain)


@answer("elasticache", "DescribeCacheParameters")
def describe_parameters(call):
    """The parameters of the family, with what the group changes in them."""
    group = require_group(call, call.parameters["CacheParameterGroupName"])
    source = call.parameters.get("Source")
    found = [view for view in _parameters(group).values() if source in (None, view["Source"])]
    page, following = page_of(call, found)
    return {"Parameters": page, "CacheNodeTypeSpecificParameters": [], **following}


def _parameters(group):
    found = defaults(group.view["CacheParameterGroupFamily"])
    for name, value in group.own["parameters"].items():
        source = "system" if group.id.startswith("default.") else "user"
        found[name] |= {"ParameterValue": value, "Source": source}
    return found


@answer("elasticache", "DescribeEngineDefaultParameters")
def describe_defaults(call):
    """moto does not have it."""
    family = call.parameters["CacheParameterGroupFamily"]
    if family not in families():
        raise invalid(f"CacheParameterGroupFamily {family} is not a valid parameter group family.")
    page, following = page_of(call, list(defaults(family).values()))
    return {"EngineDefaults": {"CacheParameterGroupFamily": family, "Parameters": page, **following}}


@answer("elasticache", "ModifyCacheParameterGroup")
def modify_group(call):
    """Every parameter is checked before the first is changed."""
    group = _own(call)
    wanted = call.parameters["ParameterNameValues"]
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise invalid(f"The number of parameters must be between 1 and {MOST_AT_ONCE}, not {len(wanted)}.")
    known = _parameters(group)
    for parameter in wanted:
        _check(known, parameter.get("ParameterName"), parameter.get("ParameterValue"), group)
    group.own["parameters"] |= {item["ParameterName"]: item["ParameterValue"] for item in wanted}
    note(call, group, "modified")
    return {"CacheParameterGroupName": group.id}


def _check(known, name, value, group):
    if name not in known:
        raise invalid(f"The parameter {name} does not exist in the parameter group {group.id}.")
    # Whether nodes form clusters is said once, while nothing uses the group.
    if not known[name]["IsModifiable"] and name != "cluster-enabled":
        raise invalid(f"The parameter {name} cannot be modified.")
    allowed = known[name]["AllowedValues"]
    if value is None or (allowed and not _is_allowed(value, allowed, known[name]["DataType"])):
        raise invalid(f"The parameter value {value} is not valid for {name}, allowed values are: {allowed}")


def _is_allowed(value, allowed, kind):
    if kind == "float":
        return bool(re.fullmatch(r"\d+(\.\d+)?", value))
    for item in allowed.split(","):
        limits = RANGE.fullmatch(item) if kind == "integer" else None
        if limits and re.fullmatch(r"-?\d+", value):
            if int(limits[1]) <= int(value) <= int(limits[2] or 2**63):
                return True
        elif item == value:
            return True
    return False


@answer("elasticache", "ResetCacheParameterGroup")
def reset_group(call):
    """Some parameters, or all, get the values of the family again."""
    group = _own(call)
    named = [item["ParameterName"] for item in call.parameters.get("ParameterNameValues") or []]
    if bool(named) == bool(call.parameters.get("ResetAllParameters")):
        raise clash("Name the parameters to reset, or reset all of them.")
    known = defaults(group.view["CacheParameterGroupFamily"])
    for name in named:
        if name not in known:
            raise invalid(f"The parameter {name} does not exist in the parameter group {group.id}.")
    for name in named or list(group.own["parameters"]):
        group.own["parameters"].pop(name, None)
    note(call, group, "reset")
    return {"CacheParameterGroupName": group.id}


def _own(call):
    group = require_group(call, call.parameters["CacheParameterGroupName"])
    if group.id.startswith("default."):
        message = f"The parameter group {group.id} is a default parameter group, which cannot be changed."
        raise AwsError("InvalidCacheParameterGroupState", message)
    return group


@answer("elasticache", "DeleteCacheParameterGroup")
def delete_group(call):
    """A group stays while a cluster uses it."""
    group = _own(call)
    users = [cluster.id for cluster in things(call, "cluster").values() if cluster.own["group"] == group.id]
    if users:
        message = f"One or more cache clusters are still members of this parameter group {group.id}: {users[0]}"
        raise AwsError("InvalidCacheParameterGroupState", message)
    remove(call, group)
    return {}
