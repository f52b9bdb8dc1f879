# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Aliases, which share their traffic between two versions at most."""

from .. import after, backend, check
from .shared import check_revision, conflict, function_of, invalid, new_revision


@check("lambda", "CreateAlias")
def check_alias(call):
    """A name of its own, and versions that are there."""
    function = function_of(call, qualified=False)
    name = call.parameters["Name"]
    if name in {alias.name for alias in backend(call).list_aliases(function.function_name)}:
        raise conflict(f"Alias already exists: {function.function_arn}:{name}")
    _check_routing(call, function.function_name, call.parameters["FunctionVersion"])


@check("lambda", "UpdateAlias")
def check_change(call):
    """The same later, of what the caller has seen."""
    function = function_of(call, qualified=False)
    alias = backend(call).get_alias(call.parameters["Name"], function.function_name)
    check_revision(call, alias.revision_id)
    version = call.parameters.get("FunctionVersion")
    if version is None:
        # moto looks for a version that is not given, too.
        version = alias.function_version
    _check_routing(call, function.function_name, version)


def _check_routing(call, name, version):
    weights = (call.parameters.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    if len(weights) > 1:
        raise invalid("Number of items in AdditionalVersionWeights cannot be greater than 1.")
    for other in weights:
        if "$LATEST" in (version, other):
            raise invalid("$LATEST is not supported for an alias pointing to more than 1 version")
        if other == version:
            raise invalid("Invalid function version in AdditionalVersionWeights: it is that of the alias.")
        backend(call).get_function(name, other)


@after("lambda", "UpdateAlias")
def note_change(call):
    """A changed alias has another revision."""
    backend(call).get_alias(
        call.parameters["Name"], function_of(call, False).function_name
    ).revision_id = new_revision()


@check("lambda", "DeleteAlias")
def check_delete(call):
    """Of a function that is there."""
    function_of(call, qualified=False)
