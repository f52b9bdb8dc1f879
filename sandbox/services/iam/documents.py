# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies of identities: what moto's validator does not see, and sizes."""

import re

from ...errors import AwsError
from .. import backend, check
from .shared import exceeded, kind_of, malformed, parsed, policy_of, statements, subject

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MANAGED = 6144
INLINE = {"User": 2048, "Role": 10240, "Group": 5120}
PUT = ("PutRolePolicy", "PutUserPolicy", "PutGroupPolicy")
SID = re.compile(r"[0-9A-Za-z]*")


@check("iam", "CreatePolicy", "CreatePolicyVersion", *PUT)
def check_statements(call):
    """Whom it is about says the identity, not the policy."""
    for statement in statements(parsed(call.parameters["PolicyDocument"])):
        if "Principal" in statement or "NotPrincipal" in statement:
            raise malformed("Policy document should not specify a principal.")
        check_sid(statement)


def check_sid(statement):
    """IAM's policies are stricter than those of other services."""
    if not SID.fullmatch(str(statement.get("Sid", ""))):
        message = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression"
        raise malformed(f"{message} [0-9A-Za-z]*")


@check("iam", "CreatePolicy", "CreatePolicyVersion")
def check_managed_size(call):
    """White space does not count."""
    if size(call.parameters["PolicyDocument"]) > MANAGED:
        raise exceeded("PolicySize", MANAGED)


@check("iam", *PUT)
def check_inline_size(call):
    """The policies within an identity share their quota."""
    kind, owner = kind_of(call), subject(call)
    if owner is None:
        return
    others = [text for name, text in owner.policies.items() if name != call.parameters["PolicyName"]]
    if sum(map(size, [*others, call.parameters["PolicyDocument"]])) > INLINE[kind]:
        message = f"Maximum policy size of {INLINE[kind]} bytes exceeded for {kind.lower()} {owner.name}"
        raise AwsError("LimitExceeded", message, 409)


def size(text):
    """The characters that count."""
    return len(re.sub(r"\s", "", text))


@check("iam", "CreateRole", "CreateUser", "PutRolePermissionsBoundary", "PutUserPermissionsBoundary")
def check_boundary(call):
    """A boundary is a managed policy."""
    arn = call.parameters.get("PermissionsBoundary")
    if arn and policy_of(backend(call), arn) is None:
        raise AwsError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.", 404)
