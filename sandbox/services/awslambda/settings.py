# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings beside a function: its URL, what becomes of events, how runtimes are updated, and loops."""

import time
import uuid

from .. import answer
from .shared import conflict, function_of, invalid, kept, listed, missing, moment, plain_arn, qualifier_of

URL = ("AuthType", "Cors", "InvokeMode")
EVENTS = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
LATEST = "$LATEST"


def _given(call, members):
    return {name: call.parameters[name] for name in members if call.parameters.get(name) is not None}


def _arn(call):
    qualifier = qualifier_of(call)
    return plain_arn(function_of(call)) + (f":{qualifier}" if qualifier else "")


def _entries(call, kind):
    return kept(call, kind, function_of(call))


# --- URLs ----------------------------------------------------------------------------------------------------------


@answer("lambda", "CreateFunctionUrlConfig")
def create_url(call):
    """moto knows no qualifier."""
    urls, qualifier = _entries(call, "url"), qualifier_of(call)
    if qualifier and qualifier.isdigit() or qualifier == LATEST:
        raise invalid("A function URL is that of a function or of an alias.")
    if qualifier in urls:
        raise conflict(f"A function URL of {_arn(call)} exists already.")
    now = moment()
    url = f"https://{uuid.uuid4().hex}.lambda-url.{call.region}.on.aws/"
    fixed = {"FunctionUrl": url, "FunctionArn": _arn(call), "CreationTime": now, "LastModifiedTime": now}
    urls[qualifier] = {"InvokeMode": "BUFFERED", **_given(call, URL), **fixed}
    return urls[qualifier]


@answer("lambda", "GetFunctionUrlConfig")
def get_url(call):
    """As it was written."""
    return _url(call)


@answer("lambda", "UpdateFunctionUrlConfig")
def update_url(call):
    """What is not given stays."""
    _url(call).update({**_given(call, URL), "LastModifiedTime": moment()})
    return _url(call)


@answer("lambda", "DeleteFunctionUrlConfig")
def delete_url(call):
    """What is there."""
    _url(call)
    del _entries(call, "url")[qualifier_of(call)]
    return {}


@answer("lambda", "ListFunctionUrlConfigs")
def list_urls(call):
    """Those of a function, and of its aliases."""
    return listed(call, "FunctionUrlConfigs", list(_entries(call, "url").values()))


def _url(call):
    found = _entries(call, "url").get(qualifier_of(call))
    if found is None:
        raise missing("The resource you requested does not exist.")
    return found


# --- asynchronous events -------------------------------------------------------------------------------------------


@answer("lambda", "PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig")
def put_events(call):
    """moto shows the first that was put for ever."""
    configs, qualifier = _entries(call, "events"), qualifier_of(call) or LATEST
    updating = call.operation.startswith("Update")
    if updating and qualifier not in configs:
        raise _no_events(call)
    before = configs[qualifier] if updating else {"DestinationConfig": {"OnSuccess": {}, "OnFailure": {}}}
    arn = f"{plain_arn(function_of(call))}:{qualifier}"
    configs[qualifier] = {**before, **_given(call, EVENTS), "FunctionArn": arn, "LastModified": time.time()}
    return configs[qualifier]


@answer("lambda", "GetFunctionEventInvokeConfig")
def get_events(call):
    """As it was written."""
    found = _entries(call, "events").get(qualifier_of(call) or LATEST)
    if found is None:
        raise _no_events(call)
    return found


@answer("lambda", "ListFunctionEventInvokeConfigs")
def list_events(call):
    """Those of every version and alias."""
    return listed(call, "FunctionEventInvokeConfigs", list(_entries(call, "events").values()))


@answer("lambda", "DeleteFunctionEventInvokeConfig")
def delete_events(call):
    """What is there."""
    if _entries(call, "events").pop(qualifier_of(call) or LATEST, None) is None:
        raise _no_events(call)
    return {}


def _no_events(call):
    return missing(f"The function {_arn(call)} doesn't have an EventInvokeConfig")


# --- runtimes and loops --------------------------------------------------------------------------------------------


@answer("lambda", "PutRuntimeManagementConfig")
def put_runtime(call):
    """moto does not have it."""
    mode, version = call.parameters["UpdateRuntimeOn"], call.parameters.get("RuntimeVersionArn")
    if (mode == "Manual") != bool(version):
        raise invalid("RuntimeVersionArn is what the mode Manual needs, and no other has.")
    _entries(call, "runtime")[qualifier_of(call)] = {"UpdateRuntimeOn": mode, **_given(call, ("RuntimeVersionArn",))}
    return _runtime(call)


@answer("lambda", "GetRuntimeManagementConfig")
def get_runtime(call):
    """AWS updates runtimes unless told otherwise."""
    return _runtime(call)


def _runtime(call):
    found = _entries(call, "runtime").get(qualifier_of(call), {"UpdateRuntimeOn": "Auto"})
    return {**found, "FunctionArn": _arn(call)}


@answer("lambda", "PutFunctionRecursionConfig")
def put_recursion(call):
    """moto does not have it."""
    _entries(call, "recursion")[None] = call.parameters["RecursiveLoop"]
    return {"RecursiveLoop": call.parameters["RecursiveLoop"]}


@answer("lambda", "GetFunctionRecursionConfig")
def get_recursion(call):
    """Lambda ends loops unless told otherwise."""
    return {"RecursiveLoop": _entries(call, "recursion").get(None, "Terminate")}
