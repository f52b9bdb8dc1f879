# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions: kept as they were written, and not ready at once."""

import json

from ... import delays
from .. import after, backend, check, correct
from .checks import check_code, check_package, check_settings, is_own, vpc_of
from .shared import body, check_revision, conflict, forget, function_of, invalid, missing, new_revision, qualifier_of

# What moto forgets, at first or when it changes; read back as it was written.
KEPT = (
    "DeadLetterConfig", "EphemeralStorage", "FileSystemConfigs", "ImageConfig", "KMSKeyArn", "LoggingConfig",
    "SnapStart", "TracingConfig",
)  # fmt: skip
VIEWS = (
    "CreateFunction",
    "GetFunctionConfiguration",
    "PublishVersion",
    "UpdateFunctionCode",
    "UpdateFunctionConfiguration",
)
CHANGES = ("UpdateFunctionCode", "UpdateFunctionConfiguration")


@check("lambda", "CreateFunction")
def check_function(call):
    """A role that Lambda may assume, code that is there, and settings that it can have."""
    check_settings(call, call.parameters)
    check_package(call, call.parameters)
    _hide_foreign_layers(call)


@check("lambda", *CHANGES)
def check_change(call):
    """One change at a time, of a function that is ready."""
    function = function_of(call, qualified=False)
    if not delays.is_past(function.sandbox_active_at):
        raise conflict(
            "The operation cannot be performed at this time. The function is currently in the following state: Pending"
        )
    if not delays.is_past(function.sandbox_updated_at):
        raise conflict(
            "The operation cannot be performed at this time. "
            f"An update is in progress for resource: {function.function_arn}"
        )
    check_revision(call, function.sandbox_revision)
    if call.operation == "UpdateFunctionCode":
        if (function.package_type == "Image") != bool(call.parameters.get("ImageUri")):
            raise invalid(f"The code of a function of the package type {function.package_type} stays of that type.")
        check_code(call, call.parameters)
        return
    check_settings(call, call.parameters)
    _hide_foreign_layers(call)


def _hide_foreign_layers(call):
    # moto knows the layers of the own account only, and refuses all others.
    layers = call.parameters.get("Layers") or []
    if any(not is_own(call, arn) for arn in layers):
        call.body = json.dumps({**body(call), "Layers": [arn for arn in layers if is_own(call, arn)]}).encode()


@after("lambda", "CreateFunction")
def keep_settings(call):
    """What moto forgets, from when on the function works, and since when it is as it is."""
    function = function_of(call, qualified=False)
    ready = delays.ready_at("lambda-function-create")
    _keep(call, function, {}, ready)
    function.sandbox_active_at = ready
    for version in backend(call)._lambdas._functions[function.function_name]["versions"]:
        vars(version).update({name: value for name, value in vars(function).items() if name.startswith("sandbox_")})


@after("lambda", *CHANGES)
def keep_change(call):
    """The same later."""
    if call.parameters.get("DryRun"):
        return
    function = function_of(call, qualified=False)
    _keep(call, function, function.sandbox_written, delays.ready_at("lambda-function-update"))
    if call.parameters.get("Architectures"):
        function.architectures = call.parameters["Architectures"]


def _keep(call, function, before, ready):
    given = {name: call.parameters[name] for name in KEPT if call.parameters.get(name) is not None}
    layers = call.parameters.get("Layers")
    # Published versions share these with the function, so they are replaced and not changed.
    function.sandbox_written = {**before, **given, **({} if layers is None else {"Layers": layers})}
    function.sandbox_updated_at, function.sandbox_revision = ready, new_revision()


@correct("lambda", *VIEWS)
def answer_settings(call, parsed):
    """Everything that was written, and the states."""
    _complete(call, parsed)


@correct("lambda", "GetFunction")
def answer_function(call, parsed):
    """The same below another member."""
    _complete(call, parsed["Configuration"])


@correct("lambda", "ListFunctions", "ListVersionsByFunction")
def answer_functions(call, parsed):
    """The same in lists."""
    for view in parsed.get("Functions", []) + parsed.get("Versions", []):
        _complete(call, view)


def _complete(call, view):
    function = backend(call).get_function(view["FunctionArn"])
    written = dict(function.sandbox_written)
    layers, image = written.pop("Layers", None), written.pop("ImageConfig", None)
    view.update(written)
    if layers is not None:
        sizes = {layer["Arn"]: layer for layer in function.layers}
        view["Layers"] = [sizes.get(arn, {"Arn": arn, "CodeSize": 0}) for arn in layers]
    if image:
        view["ImageConfigResponse"] = {"ImageConfig": image}
    if "SnapStart" in written:
        view["SnapStart"] = {**written["SnapStart"], "OptimizationStatus": "Off"}
    group = f"/aws/lambda/{function.function_name}"
    view["LoggingConfig"] = {"LogFormat": "Text", "LogGroup": group, **written.get("LoggingConfig", {})}
    network = function._vpc_config or {}
    if network.get("SubnetIds"):
        view["VpcConfig"] = {**network, "VpcId": vpc_of(call, network["SubnetIds"], network["SecurityGroupIds"])}
    view["RevisionId"] = function.sandbox_revision
    view.update(_states(function))


def _states(function):
    if not delays.is_past(function.sandbox_active_at):
        reason = {"StateReason": "The function is being created.", "StateReasonCode": "Creating"}
        return {"State": "Pending", **reason, "LastUpdateStatus": "InProgress"}
    updated = delays.is_past(function.sandbox_updated_at)
    return {"State": "Active", "LastUpdateStatus": "Successful" if updated else "InProgress"}


@check("lambda", "DeleteFunction")
def check_delete(call):
    """$LATEST goes with the function, and a version only when no alias points to it."""
    function, qualifier = function_of(call), qualifier_of(call)
    if qualifier == "$LATEST":
        raise invalid("$LATEST version cannot be deleted without deleting the function.")
    if qualifier and not qualifier.isdigit():
        raise invalid("Deletion of aliases is not supported by DeleteFunction.")
    for alias in backend(call).list_aliases(function.function_name) if qualifier else ():
        others = (alias.routing_config or {}).get("AdditionalVersionWeights") or {}
        if qualifier in (alias.function_version, *others):
            raise conflict(f"Version deletion failed. Version {qualifier} is in use by the alias {alias.name}.")
    if not qualifier:
        forget(call, function)
        # moto leaves the aliases of a function behind that has versions.
        backend(call)._lambdas._aliases.pop(function.function_arn, None)


@check("lambda", "ListVersionsByFunction")
def check_listed(call):
    """moto lists no versions of what is not there."""
    function_of(call, qualified=False)


@check("lambda", "TagResource", "UntagResource", "ListTags")
def check_tagged(call):
    """Tags are those of a function, not of one of its versions."""
    arn = call.parameters["Resource"]
    if ":function:" in arn and arn.count(":") > 6:
        raise invalid(f"Tags on function aliases and versions are not supported. Please specify a function ARN: {arn}")
    if ":event-source-mapping:" in arn and arn.rpartition(":")[2] not in backend(call)._event_source_mappings:
        raise missing(f"{arn} does not exist.")
