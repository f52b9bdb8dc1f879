# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameter groups of clusters, which have all parameters of the engine."""

from ...errors import AwsError
from .. import answer, backend, check
from .catalog import page_of
from .clusters import clusters
from .parameters import (
    change_parameters,
    check_family,
    check_name,
    defaults_of,
    is_family,
    parameters_of,
    require_own,
    reset_parameters,
)

MISSING = "DBParameterGroupNotFound"


def require_cluster_group(state, name, code="DBClusterParameterGroupNotFound"):
    """A parameter group by name; the default ones are there before anything uses them."""
    name = name.lower()
    groups, family = state.db_cluster_parameter_groups, name.removeprefix("default.")
    if name not in groups and family != name and is_family(family):
        from moto.rds.models import DBClusterParameterGroup  # takes long, and not everybody uses RDS

        description = f"Default cluster parameter group for {family}"
        groups[name] = DBClusterParameterGroup(state, name, description, family)
    if name not in groups:
        raise AwsError(code, f"DBClusterParameterGroup not found: {name}")
    group = groups[name]
    group.family = group.db_parameter_group_family  # as groups of instances call it
    return group


@check("rds", "CreateDBClusterParameterGroup")
def check_group(call):
    """Names and families have rules."""
    name = call.parameters["DBClusterParameterGroupName"]
    check_name("DBClusterParameterGroupName", name)
    check_family(call.parameters["DBParameterGroupFamily"])
    if name in backend(call).db_cluster_parameter_groups:
        raise AwsError("DBParameterGroupAlreadyExists", f"DB cluster parameter group {name} already exists")


@check("rds", "DescribeDBClusterParameterGroups", "DeleteDBClusterParameterGroup")
def require_named(call):
    """moto has other words for it."""
    if call.parameters.get("DBClusterParameterGroupName"):
        require_cluster_group(backend(call), call.parameters["DBClusterParameterGroupName"], MISSING)


@answer("rds", "DescribeDBClusterParameters")
def describe_parameters(call):
    """moto has no parameters but those that were changed."""
    group = require_cluster_group(backend(call), call.parameters["DBClusterParameterGroupName"], MISSING)
    source = call.parameters.get("Source")
    found = [view for view in parameters_of(group).values() if source in (None, view["Source"])]
    page, following = page_of(call, found)
    return {"Parameters": page, **following}


@answer("rds", "DescribeEngineDefaultClusterParameters")
def describe_defaults(call):
    """moto does not have it."""
    family = call.parameters["DBParameterGroupFamily"]
    page, following = page_of(call, list(defaults_of(family).values()))
    return {"EngineDefaults": {"DBParameterGroupFamily": family, "Parameters": page, **following}}


@answer("rds", "ModifyDBClusterParameterGroup")
def modify_group(call):
    """Every parameter is checked before the first is changed."""
    state = backend(call)
    group = require_cluster_group(state, call.parameters["DBClusterParameterGroupName"], MISSING)
    require_own(group)
    change_parameters(group, call.parameters["Parameters"], lambda method: _mark(state, group, method))
    return {"DBClusterParameterGroupName": group.name}


@answer("rds", "ResetDBClusterParameterGroup")
def reset_group(call):
    """moto does not have it."""
    state = backend(call)
    group = require_cluster_group(state, call.parameters["DBClusterParameterGroupName"], MISSING)
    require_own(group)
    reset_parameters(call.parameters, group, lambda method: _mark(state, group, method))
    return {"DBClusterParameterGroupName": group.name}


def _mark(state, group, method):
    for cluster in _users_of(state, group):
        if method == "pending-reboot":
            cluster.sandbox_parameter_status = "pending-reboot"


def _users_of(state, group):
    return [item for item in clusters(state) if item.sandbox_settings["DBClusterParameterGroupName"] == group.name]


@check("rds", "DeleteDBClusterParameterGroup")
def refuse_used(call):
    """A group stays while a cluster uses it."""
    state = backend(call)
    group = require_cluster_group(state, call.parameters["DBClusterParameterGroupName"], MISSING)
    if group.name.startswith("default.") or _users_of(state, group):
        message = f"The cluster parameter group {group.name} is a default one or in use, so it cannot be deleted"
        raise AwsError("InvalidDBParameterGroupState", message)
