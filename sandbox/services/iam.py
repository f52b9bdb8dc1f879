# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles: what IAM refuses and moto accepts; the policies that AWS manages."""

import json

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy

from ..errors import AwsError
from . import backend, before, check

TOO_LONG = (
    "1 validation error detected: Value at '{member}' failed to satisfy constraint: "
    "Member must have length less than or equal to {limit}"
)

NAMING_ALL = ("GetAccountAuthorizationDetails", "GetAccountSummary")


@before("iam")
def load_managed_policies(call):
    """AWS's policies, once a call is about any. moto would load them at the start and after each reset, for 0.2 s."""
    state = backend(call)
    if getattr(state, "sandbox_policies", False) or not _names_managed(call):
        return
    for name, data in json.loads(aws_managed_policies_data).items():
        policy = AWSManagedPolicy.from_data(name, state.account_id, state.region_name, data)
        state.aws_managed_policies.append(policy)
        state.managed_policies.setdefault(policy.arn, policy)
    state.sandbox_policies = True


def _names_managed(call):
    if call.operation == "ListPolicies":
        return call.parameters.get("Scope") != "Local"
    return call.operation in NAMING_ALL or any(":iam::aws:policy/" in str(value) for value in call.parameters.values())


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
