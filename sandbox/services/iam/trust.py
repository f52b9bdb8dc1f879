# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles: their names, and whom they trust."""

from ...errors import AwsError
from .. import check
from .documents import check_sid, size
from .principals import is_principal
from .shared import as_list, exceeded, malformed, parsed, statements

TOO_LONG = (
    "1 validation error detected: Value at '{member}' failed to satisfy constraint: "
    "Member must have length less than or equal to {limit}"
)
LONGEST_NAME, LONGEST_TRUST = 64, 2048
KINDS = ("AWS", "Service", "Federated", "CanonicalUser")


@check("iam", "CreateRole")
def check_role(call):
    """A name of at most 64 characters, and a trust policy that says whom to trust."""
    if len(call.parameters.get("RoleName", "")) > LONGEST_NAME:
        raise AwsError("ValidationError", TOO_LONG.format(member="roleName", limit=LONGEST_NAME), 400)
    _check_trust(call, call.parameters.get("AssumeRolePolicyDocument"))


@check("iam", "UpdateAssumeRolePolicy")
def check_trust(call):
    """The same policy later."""
    _check_trust(call, call.parameters.get("PolicyDocument"))


def _check_trust(call, text):
    for statement in statements(parsed(text)):
        if "Resource" in statement or "NotResource" in statement:
            raise malformed("Has prohibited field Resource")
        if "Principal" not in statement and "NotPrincipal" not in statement:
            raise malformed("Missing required field Principal")
        if "Action" not in statement and "NotAction" not in statement:
            raise malformed("Missing required field Action")
        if str(statement.get("Effect")).lower() not in ("allow", "deny"):
            raise malformed("Missing required field Effect")
        _check_actions(as_list(statement.get("Action")))
        _check_principals(call, statement.get("Principal", statement.get("NotPrincipal")))
        check_sid(statement)
    if size(text) > LONGEST_TRUST:
        raise exceeded("ACLSizePerRole", LONGEST_TRUST)


def _check_actions(actions):
    if not all(str(action).lower().startswith("sts:") for action in actions):
        raise malformed("AssumeRole policy may only specify STS AssumeRole actions.")


def _check_principals(call, principals):
    if principals == "*":
        return
    if not isinstance(principals, dict) or not principals or set(principals) - set(KINDS):
        raise malformed("Invalid principal in policy")
    for kind, named in principals.items():
        for name in as_list(named):
            if not is_principal(call, kind, str(name)):
                raise malformed(f'Invalid principal in policy: "{kind.upper()}":"{name}"')
