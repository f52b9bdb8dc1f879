# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles: what IAM refuses and moto accepts."""

import json

from ..errors import AwsError
from . import check

TOO_LONG = (
    "1 validation error detected: Value at '{member}' failed to satisfy constraint: "
    "Member must have length less than or equal to {limit}"
)


@check("iam", "CreateRole")
def check_role(call):
    """A name of at most 64 characters, and a trust policy that says whom to trust."""
    if len(call.parameters.get("RoleName", "")) > 64:
        raise AwsError("ValidationError", TOO_LONG.format(member="roleName", limit=64), 400)
    _check_trust(call.parameters.get("AssumeRolePolicyDocument"))


@check("iam", "UpdateAssumeRolePolicy")
def check_trust(call):
    """The same policy later."""
    _check_trust(call.parameters.get("PolicyDocument"))


def _check_trust(text):
    try:
        policy = json.loads(text or "")
        statements = policy["Statement"]
        statements = [statements] if isinstance(statements, dict) else statements
        sound = all("Principal" in item and "Resource" not in item and "Action" in item for item in statements)
    except (ValueError, TypeError, KeyError) as error:
        raise AwsError("MalformedPolicyDocument", "This policy contains invalid Json", 400) from error
    if not sound:
        message = "AssumeRole policy must specify a Principal and an Action, and no Resource"
        raise AwsError("MalformedPolicyDocument", message, 400)
