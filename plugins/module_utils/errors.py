# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One decorator for every AWS call: retries while AWS catches up, and one clear error message."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable, Dict, Optional, Sequence

try:
    from botocore.exceptions import BotoCoreError, ClientError, WaiterError
except ImportError:
    pass  # AnsibleAWSModule reports that boto3 is missing.

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

# What to do about errors that users meet, by error code or exception name. Without an entry the
# message ends with AWS's own words.
REMEDIES = {
    "AccessDenied": "grant the caller this action (the README of the role lists the actions it needs)",
    "AuthFailure": "check the credentials: aws sts get-caller-identity should name the account you mean",
    "BucketAlreadyExists": "a name exists once in all of AWS, and another account has this one: choose another",
    "BucketNotEmpty": "delete its objects with all their versions, or tear down with -e teardown_force=true",
    "ClusterContainsServicesException": "delete its services first; those that are being deleted still count",
    "ClusterContainsTasksException": "let its tasks end, or stop them, and run again",
    "ClusterNotFoundException": "create the cluster first (converge the role of clusters), or correct its name",
    "ConnectionClosedError": "run again: AWS may have carried it out before the connection broke, a run finds out",
    "DependencyViolation": "delete what still uses it, or run teardown again once AWS has let go of it",
    "EndpointConnectionError": "check the network, and AWS_ENDPOINT_URL if it is set",
    "ExpiredToken": "renew the credentials and run again; a run continues where it stopped",
    "HostedZoneNotEmpty": "delete its records other than NS and SOA first, unless others use them",
    "InvalidClientTokenId": "check the credentials: aws sts get-caller-identity should name the account you mean",
    "InvalidDBInstanceState": "wait until the instance is available (AWS still works on it) and run again",
    "KMSInvalidStateException": "the key is disabled or about to be deleted: cancel its deletion or name another key",
    "LimitExceeded": "ask AWS for a higher quota (Service Quotas console) or delete what is not used",
    "NoCredentialsError": "give credentials: AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role",
    "OperationNotPermitted": "if it is protected against deletion, tear down with -e teardown_force=true",
    "RepositoryNotEmptyException": "delete its images, or tear down with -e teardown_force=true",
    "Throttling": "run again; AWS limits the rate of calls in this account and region",
    "WaiterError": "run again: the run continues to wait; raise wait_timeout if AWS is just slow",
}
_ALIASES = {
    "AccessDeniedException": "AccessDenied",
    "UnauthorizedOperation": "AccessDenied",
    "ConnectTimeoutError": "EndpointConnectionError",
    "ExpiredTokenException": "ExpiredToken",
    "RequestExpired": "ExpiredToken",
    "UnrecognizedClientException": "InvalidClientTokenId",
    "InvalidDBInstanceStateFault": "InvalidDBInstanceState",
    "InvalidDBParameterGroupState": "DependencyViolation",
    "InvalidDBSubnetGroupStateFault": "DependencyViolation",
    "LimitExceededException": "LimitExceeded",
    "PartialCredentialsError": "NoCredentialsError",
    "ReadTimeoutError": "ConnectionClosedError",
    "RequestLimitExceeded": "Throttling",
    "ResourceInUseException": "DependencyViolation",
    "ThrottlingException": "Throttling",
    "TooManyRequestsException": "Throttling",
}


class AwsCallError(AnsibleAWSError):
    """A call that failed. The message says what was attempted, on what, why it failed and what to do."""

    def __init__(self, attempt: str, exception: Exception):
        self.attempt = attempt
        super().__init__(message=f"Could not {attempt}: {reason(exception)}", exception=exception)


class UserError(AnsibleAWSError):
    """Input that cannot be carried out. The message is complete as it stands."""


def error_code(exception: Exception) -> str:
    """AWS's error code, or the exception's name where the call never got an answer."""
    response = getattr(exception, "response", None) or {}
    return response.get("Error", {}).get("Code") or type(exception).__name__


def remedy(code: str) -> str:
    """What to do about an error code; empty where AWS's message has to do."""
    known = _ALIASES.get(code, code)
    if known.endswith(("LimitExceeded", "QuotaExceeded", "MaximumExceeded")):
        known = "LimitExceeded"
    return REMEDIES.get(known, "")


def reason(exception: Exception) -> str:
    """Why a call failed and what to do, in one line."""
    code = error_code(exception)
    response = getattr(exception, "response", None) or {}
    text = " ".join((response.get("Error", {}).get("Message") or str(exception)).split()).rstrip(".")
    fix = remedy(code)
    return f"{code}: {text}" + (f". To fix: {fix}." if fix else "")


class _Retry(AWSRetry):
    """Knows errors by their code, or by their code and how their message begins."""

    @staticmethod
    def status_code_from_exception(error: Exception) -> str:
        return reason(error)

    @staticmethod
    def found(response_code: str, catch_extra_error_codes: Optional[Sequence[str]] = None) -> bool:
        known = [code for code in catch_extra_error_codes or [] if ": " not in code]
        worded = tuple(code for code in catch_extra_error_codes or [] if ": " in code)
        return AWSRetry.found(response_code.split(": ")[0], known) or response_code.startswith(worded)


class _Arguments(dict):
    """Call arguments for an attempt's placeholders; one that was not given shows as its name."""

    def __missing__(self, key: str) -> str:
        return key


def _arguments(function: Callable, args: tuple, kwargs: Dict[str, Any]) -> _Arguments:
    bound = inspect.signature(function).bind(*args, **kwargs).arguments
    return _Arguments({**bound, **kwargs})


def aws_call(
    attempt: str, missing: Sequence[str] = (), default: Any = None, eventual: Sequence[str] = (), retries: int = 10
) -> Callable:
    """Decorate a function that makes one AWS call.

    :param attempt: what the call attempts, completing "Could not ..."; names arguments in braces.
    :param missing: error codes that mean "there is no such resource"; C(default) is returned then.
    :param eventual: error codes of resources that AWS has created but does not see everywhere yet;
        retried for about 30 seconds. Throttling is botocore's business (see C(lifecycle.client)).
        Where a code alone says too little: code, colon, and how the message begins.
    :param retries: how often; with V(10) about 30 seconds, with every further one about 4 more.
    """

    def decorate(function: Callable) -> Callable:
        retry = _Retry.jittered_backoff(retries=retries, delay=1, max_delay=8, catch_extra_error_codes=list(eventual))
        attempted = retry(function) if eventual else function

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return attempted(*args, **kwargs)
            except (BotoCoreError, ClientError, WaiterError) as error:
                if error_code(error) in missing:
                    return default
                text = attempt.format_map(_arguments(function, args, kwargs))
                raise AwsCallError(text, error) from error

        return call

    return decorate
