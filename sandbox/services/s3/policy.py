# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What S3 demands of a bucket's policy."""

import json

from moto.backends import get_backend

from ...errors import AwsError

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html: "The meaning of public"
FIXED = {
    "aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount",
    "aws:sourcearn", "aws:sourceip", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner", "aws:sourcevpc",
    "aws:sourcevpce", "aws:userid", "s3:dataaccesspointaccount", "s3:dataaccesspointarn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
}  # fmt: skip
POSITIVE = ("Arn", "IpAddress", "String")
OPEN = {"*", "0.0.0.0/0", "::/0"}


def check_policy(call, bucket):
    """The policy of a call; MalformedPolicy for what is none, or not about this bucket."""
    text = call.parameters["Policy"]
    try:
        policy = json.loads(text)
        statements = _listed(policy["Statement"])
        sound = bool(statements) and all(isinstance(item, dict) for item in statements)
    except (ValueError, TypeError, KeyError) as error:
        raise _malformed("Policies must be valid JSON and the first byte must be '{'") from error
    if not sound:
        raise _malformed("Missing required field Statement")
    for statement in statements:
        _check_statement(call, statement, bucket)
    return policy


def _check_statement(call, statement, bucket):
    for field in ("Effect", "Principal", "Action", "Resource"):
        if statement.get(field) is None and statement.get(f"Not{field}") is None:
            raise _malformed(f"Missing required field {field}")
    if statement["Effect"] not in ("Allow", "Deny"):
        raise _malformed(f"Invalid effect: {statement['Effect']}")
    for action in _listed(statement.get("Action") or statement.get("NotAction")):
        if action != "*" and not action.lower().startswith("s3:"):
            raise _malformed("Policy has invalid action")
    for resource in _listed(statement.get("Resource") or statement.get("NotResource")):
        name = resource.removeprefix("arn:aws:s3:::").partition("/")[0]
        if resource.count(":") < 5 or name != bucket:
            raise _malformed("Policy has invalid resource")
    for principal in _principals(statement):
        if not _exists(call, principal):
            raise _malformed("Invalid principal in policy")


def _principals(statement):
    principal = statement.get("Principal") or statement.get("NotPrincipal")
    return _listed(principal.get("AWS", [])) if isinstance(principal, dict) else []


def _exists(call, principal):
    """Whether a principal is there; those of other accounts are."""
    parts = principal.split(":")
    if len(parts) < 6 or parts[4] != call.account or parts[5] == "root":
        return True
    state = get_backend("iam")[call.account]["aws"]
    kept = [*state.roles.values(), *state.users.values()]
    return parts[2] != "iam" or any(item.arn == principal for item in kept)


def is_public(policy):
    """Whether a policy, as text or parsed, allows anything to everybody."""
    policy = json.loads(policy) if isinstance(policy, (str, bytes)) else policy
    return any(
        statement["Effect"] == "Allow" and _is_everybody(statement) and not _is_restricted(statement)
        for statement in _listed(policy["Statement"])
    )


def _is_everybody(statement):
    return statement.get("Principal") == "*" or "NotPrincipal" in statement or "*" in _principals(statement)


def _is_restricted(statement):
    for operator, conditions in (statement.get("Condition") or {}).items():
        for key, values in conditions.items():
            fixed = operator.startswith(POSITIVE) and "Not" not in operator and key.lower() in FIXED
            if fixed and not OPEN & set(_listed(values)):
                return True
    return False


def _listed(value):
    return value if isinstance(value, list) else [value]


def _malformed(message):
    return AwsError("MalformedPolicy", message, 400)
