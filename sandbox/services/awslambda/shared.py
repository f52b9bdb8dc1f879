# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding functions, and refusing what Lambda refuses."""

import json
import uuid
from datetime import datetime, timezone

from ...errors import AwsError
from .. import backend

PAGE = 50


def invalid(message):
    """A value that cannot be."""
    return AwsError("InvalidParameterValueException", message, 400)


def conflict(message):
    """What does not go with what is there."""
    return AwsError("ResourceConflictException", message, 409)


def missing(message):
    """What is not there."""
    return AwsError("ResourceNotFoundException", message, 404)


def function_of(call, qualified=True):
    """The function that a call names, in the version of its qualifier."""
    qualifier = call.parameters.get("Qualifier") if qualified else None
    return backend(call).get_function(call.parameters["FunctionName"], qualifier)


def plain_arn(function):
    """The ARN of a function without a version."""
    return ":".join(function.function_arn.split(":")[:7])


def qualifier_of(call):
    """What a call names behind the function's name, or beside it."""
    name = call.parameters["FunctionName"]
    parts = name.split(":function:")[-1].split(":")
    return parts[1] if len(parts) > 1 else call.parameters.get("Qualifier")


def kept(call, kind, function):
    """What is kept of a kind for a function, by qualifier; it goes with the function."""
    return vars(backend(call)).setdefault("sandbox_kept", {}).setdefault((kind, plain_arn(function)), {})


def forget(call, function):
    """Drop what was kept for a function."""
    for key in [key for key in vars(backend(call)).get("sandbox_kept", {}) if key[1] == plain_arn(function)]:
        del backend(call).sandbox_kept[key]


def listed(call, member, views):
    """A page of an answer."""
    first, size = int(call.parameters.get("Marker") or 0), call.parameters.get("MaxItems") or PAGE
    more = {"NextMarker": str(first + size)} if first + size < len(views) else {}
    return {member: views[first : first + size], **more}


def new_revision():
    """Another id of what has changed."""
    return str(uuid.uuid4())


def check_revision(call, revision):
    """Refuse a caller who has seen another revision."""
    if call.parameters.get("RevisionId") not in (None, revision):
        message = "The RevisionId provided does not match the latest RevisionId for the Lambda function or alias."
        raise AwsError("PreconditionFailedException", message, 412)


def moment():
    """Now, as Lambda writes it."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def body(call):
    """The request's JSON, for what moto has to be told in other words."""
    return json.loads(call.body or b"{}")
