# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who the credentials belong to, and one clear message when that cannot be said or is wrong."""

from __future__ import annotations

import ipaddress
import re
import typing as t
import urllib.parse

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, listed

Result = t.Mapping[str, t.Any]

# What AWS or botocore says, why that is, and what to do. The first that matches is told.
CAUSES: tuple[tuple[str, str, str], ...] = (
    (
        r"Timed out after \d+ second",
        "it was throttled or cannot be reached",
        "wait a minute and run again; if that does not help, check the endpoint and the network of this machine",
    ),
    (
        "Unable to parse response|invalid XML|invalid JSON",
        "something that is not AWS answered",
        "correct AWS_ENDPOINT_URL, or the proxy of this machine",
    ),
    (
        "ExpiredToken|RequestExpired|TokenRefreshRequired|SSOTokenLoad|UnauthorizedSSOToken|token.{0,40}expired",
        "the credentials have expired",
        "sign in again (aws sso login), or fetch new temporary credentials",
    ),
    (
        "ProfileNotFound|config profile .* could not be found",
        "the profile is not in the AWS configuration",
        "correct platform_aws_profile, or add the profile with aws configure",
    ),
    (
        "PartialCredentials",
        "the credentials are incomplete",
        "set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ),
    (
        "NoCredentials|Unable to locate credentials|CredentialRetrieval|NoAuthToken",
        "there are no credentials",
        "set AWS_PROFILE or platform_aws_profile, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ),
    (
        "InvalidClientTokenId|UnrecognizedClient|AuthFailure|InvalidAccessKeyId",
        "AWS does not know the access key, or it belongs to another partition",
        "check AWS_ACCESS_KEY_ID, and the session token that goes with temporary keys",
    ),
    (
        "SignatureDoesNotMatch|IncompleteSignature|InvalidSignature",
        "the secret key does not match the access key, or the clock is wrong",
        "check AWS_SECRET_ACCESS_KEY and the time of this machine",
    ),
    (
        "AccessDenied|OptInRequired|RegionDisabled|not enabled",
        "the credentials may not be used there",
        "check that the region is enabled in the account and that no policy denies sts:GetCallerIdentity",
    ),
    (
        "Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|ServiceUnavailable|HTTP 5\\d\\d|InternalFailure",
        "AWS is throttling or failing",
        "wait a minute and run again",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED|SSLError|SSL validation failed|certificate",
        "the endpoint's certificate is not trusted",
        "set AWS_CA_BUNDLE to the proxy's certificates, or correct the endpoint",
    ),
    (
        "EndpointConnectionError|Could not connect|ConnectTimeout|ReadTimeout|timed? ?out|Connection was closed"
        "|Connection refused|ProxyConnection|Name or service not known|resolve",
        "it cannot be reached",
        "start it, or correct the endpoint, the region, the proxy or the network of this machine",
    ),
    (
        "boto3 and botocore|Failed to import the required Python library|No module named",
        "this Python has no boto3",
        "run ansible-playbook from the project's virtual environment (make setup)",
    ),
)


def is_loopback(endpoint: str) -> bool:
    """Tell whether an endpoint is on this machine, which only the sandbox is."""
    host = urllib.parse.urlsplit(endpoint if "//" in endpoint else f"//{endpoint}").hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def endpoint_of(environment: t.Mapping[str, str]) -> str:
    """Return the endpoint that STS is asked at, when it is not AWS's own."""
    return environment.get("AWS_ENDPOINT_URL_STS") or environment.get("AWS_ENDPOINT_URL") or ""


def where(region: t.Any, profile: t.Any, endpoint: str) -> str:
    """Return what was asked: region, endpoint, profile."""
    parts = [f"region {region}"]
    parts += [f"endpoint {endpoint}"] if endpoint else []
    return ", ".join(parts + [f"profile {profile}" if profile else "no profile"])


def cause(text: str) -> tuple[str, str]:
    """Return why AWS did not say who the caller is, and what to do about it."""
    for pattern, why, fix in CAUSES:
        if re.search(pattern, text, re.IGNORECASE):
            return why, fix
    return "the reason is not one that preflight knows", "read what AWS says, and try aws sts get-caller-identity"


def said(result: Result) -> str:
    """Return what AWS or Ansible said, on one line and without a traceback."""
    text = str(result.get("msg") or result.get("module_stderr") or "nothing").strip()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (lines[-1] if text.startswith("Traceback") else " ".join(lines))[:300]


def caller_problems(result: Result, accounts: t.Sequence[t.Any], place: str) -> list[Problem]:
    """Refuse a caller that is unknown, or whose account the inventory does not name."""
    account = str(result.get("account") or "")
    if result.get("failed") or not account:
        error = result.get("error")
        code = str(error.get("code", "")) if isinstance(error, t.Mapping) else ""
        why, fix = cause(f"{code} {said(result)} {result.get('exception', '')}")
        wrong = f"asking AWS whose they are failed ({place}) because {why}; it said: {said(result).rstrip('.')}"
        return [Problem("AWS credentials", wrong, fix)]
    if account in [str(one) for one in accounts]:
        return []
    owner = f"they belong to account {account} ({result.get('arn')})"
    wrong = f"{owner}, this environment is for {listed(accounts) or 'none'} ({place})"
    fix = "use the credentials of that account, or correct platform_account_ids in the environment's group_vars"
    return [Problem("AWS credentials", wrong, fix)]


def caller_outputs(result: Result, region: str, endpoint: str) -> dict[str, t.Any]:
    """Return what other roles are told about the account."""
    arn = str(result["arn"])
    return {
        "account_id": str(result["account"]),
        "caller_arn": arn,
        "partition": arn.split(":")[1],
        "region": region,
        "sandbox": bool(endpoint) and is_loopback(endpoint),
    }
