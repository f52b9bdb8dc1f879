# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which operation of which service a request is, with which parameters."""

import functools
import io
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path

import botocore
from botocore.exceptions import UnknownServiceError
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from .signing_names import services

# moto's models keep botocore's operation for a moment where their own belongs: two threads must not build them at once.
_MATCHING = threading.Lock()
# What only reads. Everything else changes something, which is the safe side to be wrong on.
READING_PREFIXES = (
    "AdminGet AdminList BatchCheck BatchDescribe BatchGet Check Describe Discover Estimate Evaluate Filter Get Head"
    " List Lookup Predict Preview Query Resolve Scan Search Select Simulate Test Validate View"
).split()
READING = {
    ("kms", "Decrypt"), ("kms", "Encrypt"), ("kms", "GenerateDataKey"), ("kms", "GenerateDataKeyPair"),
    ("kms", "GenerateDataKeyPairWithoutPlaintext"), ("kms", "GenerateDataKeyWithoutPlaintext"),
    ("kms", "GenerateMac"), ("kms", "GenerateRandom"), ("kms", "ReEncrypt"), ("kms", "Sign"), ("kms", "Verify"),
    ("kms", "VerifyMac"), ("sts", "AssumeRole"), ("sts", "AssumeRoleWithSAML"),
    ("sts", "AssumeRoleWithWebIdentity"), ("sts", "DecodeAuthorizationMessage"), ("logs", "StartQuery"),
    ("logs", "StopQuery"), ("ssm", "StartSession"), ("ssm", "TerminateSession"), ("iam", "GenerateCredentialReport"),
}  # fmt: skip
WRITING = {
    ("license-manager", "CheckInLicense"),
    ("license-manager", "CheckoutBorrowLicense"),
    ("license-manager", "CheckoutLicense"),
    ("elasticache", "TestFailover"),
}


@dataclass
class Call:
    """One request, understood. ``service`` is None for what could not be identified."""

    environ: dict
    body: bytes
    service: str = None
    operation: str = None
    model: object = None  # moto's OperationModel
    protocol: str = None
    region: str = None
    access_key: str = None
    account: str = None  # whose, see services/sts.py
    parameters: dict = field(default_factory=dict)
    problem: str = None  # why a request that names a service was not understood

    @property
    def mutating(self):
        return bool(self.operation) and not self.parameters.get("DryRun") and changes(self.service, self.operation)

    @property
    def label(self):
        return f"{self.service}.{self.operation}"


@functools.cache
def changes(service, operation):
    """Whether an operation changes anything."""
    if (service, operation) in WRITING:
        return True
    if (service, operation) in READING:
        return False
    return not any(_has_prefix(operation, prefix) for prefix in READING_PREFIXES)


def _has_prefix(operation, prefix):
    # "GetX" is a read; a verb that merely begins with those letters ("Testify") is not.
    rest = operation[len(prefix) :]
    return operation.startswith(prefix) and (not rest or not rest[0].islower())


def identify(environ):
    """The Call that a WSGI request is. Its body is read here and put back for whoever comes next."""
    body = _read_body(environ)
    call = Call(environ, body)
    scope = credential_scope(environ)
    if scope is None:
        return call
    call.access_key, call.region, signing_name = scope
    request = Request(dict(environ, **{"wsgi.input": io.BytesIO(body)}))
    for service in services(signing_name):
        if _understand(call, service, request):
            return call
    call.service = call.service or signing_name
    return call


def credential_scope(environ):
    """(access key, region, signing name) from the Authorization header or a presigned URL."""
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    if "Credential=" in authorization:
        credential = authorization.split("Credential=", 1)[1].split(",")[0].strip()
    elif "X-Amz-Credential=" in environ.get("QUERY_STRING", ""):
        credential = Request(dict(environ, **{"wsgi.input": io.BytesIO()})).args["X-Amz-Credential"]
    else:
        return None
    parts = credential.split("/")
    return (parts[0], parts[2], parts[3]) if len(parts) == 5 else None


def _understand(call, service, request):
    try:
        model = get_service_model(service)
        protocol = determine_request_protocol(model, request.content_type)
        # Two services may share names of operations and differ in the version only (elb, elbv2).
        if protocol == "query" and request.values.get("Version") != model.api_version:
            return False
        with _MATCHING:
            operation, uri_parameters = get_service_router(service).match(request)
    except (UnknownServiceError, NotImplementedError, HTTPException):
        return False
    call.service, call.operation, call.model, call.protocol = service, operation.name, operation, protocol
    try:
        call.parameters = _parse(operation, protocol, request, call.body, uri_parameters)
    except Exception as error:  # a malformed request is for moto to refuse, not for the layer to crash on
        call.problem = f"{type(error).__name__}: {error}"
    return True


def _parse(operation, protocol, request, body, uri_parameters):
    parser = PROTOCOL_PARSERS[protocol](operation)
    return parser.parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": body,
            "url_path": request.path,
            "url_params": uri_parameters,
        }
    )


def _read_body(environ):
    stream = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        body = stream.read()
    else:
        body = stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    environ["wsgi.input_terminated"] = True
    return body


@functools.cache
def known_regions():
    """Every region of every partition that botocore knows."""
    # partitions.json is what botocore's endpoint rules use; endpoints.json is ten times the size.
    data = json.loads((Path(botocore.__file__).parent / "data" / "partitions.json").read_text())
    return frozenset(region for partition in data["partitions"] for region in partition["regions"])
