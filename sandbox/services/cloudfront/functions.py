# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFront Functions: code in development, its published copy, and the behaviors that run it."""

import copy

from ... import delays
from ...errors import AwsError, missing
from .. import answer, backend
from .shared import Thing, behaviors, cleaned, distributions, items, new_id, page, refuse, require_match

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MOST, MOST_BYTES = 100, 10 * 1024


class Function(Thing):
    """A function, and the copy of it that is live, if any."""

    @property
    def arn(self):
        """The ARN."""
        return self.rest["arn"]


def live(state, arn):
    """The published copy of a function; None if there is none."""
    function = state.functions.get(arn.rpartition("/")[2])
    return function.rest["live"] if function and function.arn == arn else None


@answer("cloudfront", "CreateFunction")
def create(call):
    """A function begins in development."""
    name, functions = call.parameters["Name"], backend(call).functions
    message = "The function name that you are using to create a function is associated with another function."
    refuse(name in functions, message, "FunctionAlreadyExists")
    refuse(len(functions) >= MOST, "You have reached the maximum number of functions.", "TooManyFunctions")
    _check_size(call)
    arn = f"arn:aws:cloudfront::{call.account}:function/{name}"
    rest = {"arn": arn, "code": call.parameters["FunctionCode"], "live": None}
    functions[name] = Function(name, _config(call), rest)
    backend(call).tagger.tag_resource(arn, items(call.parameters.get("Tags")))
    return _answer(call, functions[name], "DEVELOPMENT") | {"Location": f"/2020-05-31/function/{arn}"}


def _config(call):
    config = cleaned(call.parameters["FunctionConfig"])
    stores = {store.arn for store in backend(call).key_value_stores.values()}
    for item in items(config.get("KeyValueStoreAssociations")):
        refuse(item["KeyValueStoreARN"] not in stores, "The key value store does not exist.")
    many = len(items(config.get("KeyValueStoreAssociations"))) > 1
    refuse(many, "A function can have only one key value store.")
    old = config["Runtime"] == "cloudfront-js-1.0"
    message = "Key value stores can be associated with functions of the runtime cloudfront-js-2.0 only."
    refuse(old and items(config.get("KeyValueStoreAssociations")), message)
    return config


def _check_size(call):
    size = len(call.parameters["FunctionCode"])
    refuse(size > MOST_BYTES, f"The function is too large: {size} bytes.", "FunctionSizeLimitExceeded")


def _find(call, stage=None):
    """(a function, what it is in a stage)."""
    name = call.parameters["Name"]
    function = backend(call).functions.get(name)
    found = function.rest["live"] if function and stage == "LIVE" else function
    if found is None:
        raise AwsError("NoSuchFunctionExists", "The specified function does not exist.")
    return function, found


def users(call, arn):
    """The distributions that run a function."""
    return [
        item
        for item in distributions(call)
        if any(
            arn == one["FunctionARN"]
            for behavior in behaviors(item.config)
            for one in items(behavior["FunctionAssociations"])
        )
    ]


def _summary(call, function, stage):
    found = function.rest["live"] if stage == "LIVE" else function
    times = {"CreatedTime": function.created, "LastModifiedTime": found.modified}
    metadata = {"FunctionARN": function.arn, "Stage": stage, **times}
    status = _status(call, function)
    return {"Name": function.id, "Status": status, "FunctionConfig": found.config, "FunctionMetadata": metadata}


def _status(call, function):
    published = function.rest["live"]
    if published is None:
        return "UNPUBLISHED"
    if not delays.is_past(published.rest["deployed_at"]):
        return "IN_PROGRESS"
    return "DEPLOYED" if users(call, function.arn) else "UNASSOCIATED"


def _answer(call, function, stage):
    found = function.rest["live"] if stage == "LIVE" else function
    return {"FunctionSummary": _summary(call, function, stage), "ETag": found.etag}


@answer("cloudfront", "DescribeFunction")
def describe(call):
    """A function without its code, in one of its stages."""
    stage = call.parameters.get("Stage") or "DEVELOPMENT"
    return _answer(call, _find(call, stage)[0], stage)


@answer("cloudfront", "GetFunction")
def get(call):
    """The code."""
    _function, found = _find(call, call.parameters.get("Stage"))
    return {"FunctionCode": found.rest["code"], "ETag": found.etag, "ContentType": "application/octet-stream"}


@answer("cloudfront", "ListFunctions")
def list_all(call):
    """Functions of a stage; of development, if none is named."""
    stage = call.parameters.get("Stage") or "DEVELOPMENT"
    found = [item for item in backend(call).functions.values() if stage == "DEVELOPMENT" or item.rest["live"]]
    return {"FunctionList": page(call, found, lambda item: _summary(call, item, stage))}


@answer("cloudfront", "UpdateFunction")
def update(call):
    """Only the stage of development changes."""
    function, _found = _find(call)
    require_match(call, function)
    _check_size(call)
    function.change(_config(call))
    function.rest["code"] = call.parameters["FunctionCode"]
    return _answer(call, function, "DEVELOPMENT")


@answer("cloudfront", "PublishFunction")
def publish(call):
    """A copy of what is in development goes live."""
    function, _found = _find(call)
    require_match(call, function)
    rest = {"code": function.rest["code"], "deployed_at": delays.ready_at("function-publish")}
    # The live copy has an ETag of its own.
    function.rest["live"] = Thing(function.id, copy.deepcopy(function.config), rest, etags=[new_id()])
    return {"FunctionSummary": _summary(call, function, "LIVE")}


@answer("cloudfront", "TestFunction")
def test(call):
    """Everything of a test but its run is checked."""
    _function, found = _find(call, call.parameters.get("Stage"))
    require_match(call, found)
    raise missing(call, "it runs no JavaScript")


@answer("cloudfront", "DeleteFunction")
def delete(call):
    """A function stays while a behavior runs it."""
    function, _found = _find(call)
    require_match(call, function)
    message = "Cannot delete function, it is in use by 1 or more distributions."
    refuse(users(call, function.arn), message, "FunctionInUse")
    del backend(call).functions[function.id]
    backend(call).tagger.delete_all_tags_for_resource(function.arn)
    return {}
