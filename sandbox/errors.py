# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers in AWS's shape: results and errors, for each of its protocols."""

import json
import uuid
import warnings
from dataclasses import dataclass

from moto.core.serialize import SerializationContext, get_serializer_class

# Throttling and the like belong to every service, so no model names them; moto's serializer warns of each.
warnings.filterwarnings("ignore", message=r"Exception\(AwsError\)")


# The code of an operation that nothing here implements; no service of AWS answers with it.
MISSING = "NotImplemented"


class AwsError(Exception):
    """What AWS refuses a call with. Without a status, the one of the service's model, or 400."""

    def __init__(self, code, message="", status=None):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


@dataclass
class Answer:
    """An HTTP answer."""

    status: int
    headers: list
    body: bytes


def answer_error(call, error):
    """The error in the shape of the call's protocol."""
    if call.model is None:
        return answer_json({"__type": error.code, "message": error.message}, error.status or 400, _error_type(error))
    return _serialize(call, error, error.status, _error_type(error))


def answer_result(call, result):
    """A parsed result in the shape of the call's protocol."""
    return _serialize(call, result, None, [])


def answer_json(value, status=200, headers=()):
    """Plain JSON, for the sandbox's own pages and for what cannot be identified."""
    body = json.dumps(value).encode()
    return Answer(status, [("Content-Type", "application/json"), *headers, _length(body)], body)


def _serialize(call, result, status, headers):
    request_id = str(uuid.uuid4())
    serializer = get_serializer_class(call.service, call.protocol)(call.model, SerializationContext(request_id))
    response = serializer.serialize(result)
    body = response["body"]
    body = body.encode() if isinstance(body, str) else body
    written = {name.lower() for name in response["headers"]}
    headers = [(name, value) for name, value in headers if name not in written]
    headers = [*response["headers"].items(), *headers, ("x-amzn-requestid", request_id), _length(body)]
    return Answer(status or response["status_code"], headers, body)


def _error_type(error):
    # The JSON protocols name the error in a header too, and botocore prefers that one.
    return [("x-amzn-errortype", error.code)]


def _length(body):
    return ("Content-Length", str(len(body)))


# --- the errors that AWS answers on its own behalf, by protocol ----------------------------------------------------

THROTTLING = {  # AWS: EC2 and S3 answer 503, everybody else 400
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "s3": ("SlowDown", "Please reduce your request rate.", 503),
    "query": ("Throttling", "Rate exceeded", 400),
    "rest-xml": ("Throttling", "Rate exceeded", 400),
    "json": ("ThrottlingException", "Rate exceeded", 400),
    "rest-json": ("TooManyRequestsException", "Rate exceeded", 429),
}
REFUSED = "The security token included in the request is invalid."
BAD_CREDENTIALS = {
    "ec2": ("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
    "s3": ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403),
    "query": ("InvalidClientTokenId", REFUSED, 403),
    "rest-xml": ("InvalidClientTokenId", REFUSED, 403),
    "json": ("UnrecognizedClientException", REFUSED, 400),
    "rest-json": ("UnrecognizedClientException", REFUSED, 403),
}
# A region that does not exist has no endpoint, so AWS gives no answer at all. The closest answer it has is
# that of an endpoint which is sent a signature for a region that it does not know.
BAD_REGION = "Credential should be scoped to a valid region, not '{region}'."
BAD_REGION_CODES = {
    "ec2": ("AuthFailure", 401),
    "s3": ("AuthorizationHeaderMalformed", 400),
    "query": ("SignatureDoesNotMatch", 403),
    "rest-xml": ("SignatureDoesNotMatch", 403),
    "json": ("InvalidSignatureException", 400),
    "rest-json": ("InvalidSignatureException", 403),
}


def missing(call, reason):
    """What the sandbox lacks, which is not what AWS refuses: 501 is not retried either."""
    return AwsError(MISSING, f"the sandbox does not have {call.label}: {reason}", 501)


def throttling(call):
    """How the call's service says "too many requests"."""
    return AwsError(*_of_protocol(THROTTLING, call))


def bad_credentials(call):
    """How the call's service refuses credentials that it does not know."""
    return AwsError(*_of_protocol(BAD_CREDENTIALS, call))


def bad_region(call):
    """How the call's service refuses a signature for a region that does not exist."""
    code, status = _of_protocol(BAD_REGION_CODES, call)
    return AwsError(code, BAD_REGION.format(region=call.region), status)


def _of_protocol(table, call):
    return table["s3"] if call.service == "s3" else table.get(call.protocol, table["query"])
