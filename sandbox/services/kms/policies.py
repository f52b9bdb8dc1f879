# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Key policies: whom they name, and whom they must not lock out."""

import json

from ...errors import AwsError
from .. import check
from ..iam.evaluation import concerns, trusts
from ..iam.principals import is_principal
from ..iam.shared import as_list
from ..sts import caller_of


@check("kms", "CreateKey", "PutKeyPolicy", "ReplicateKey")
def check_policy(call):
    """moto stores any text."""
    text = call.parameters.get("Policy")
    if not text:
        return
    statements = _statements(text)
    for statement in statements:
        _check_principals(call, statement.get("Principal"))
    if call.parameters.get("BypassPolicyLockoutSafetyCheck"):
        return
    if not any(_lets_in(statement, call) for statement in statements):
        raise _malformed("The new key policy will not allow you to update the key policy in the future.")


def _statements(text):
    try:
        found = as_list(json.loads(text)["Statement"])
    except (ValueError, KeyError, TypeError):
        raise _malformed("The new key policy is not a valid policy.") from None
    if not found or not all(isinstance(one, dict) and "Principal" in one and "Effect" in one for one in found):
        raise _malformed("The new key policy is not a valid policy.")
    return found


def _check_principals(call, principals):
    named = principals.items() if isinstance(principals, dict) else ()
    if any(not is_principal(call, kind, str(name)) for kind, names in named for name in as_list(names)):
        raise _malformed("Policy contains a statement with one or more invalid principals.")


def _lets_in(statement, call):
    return (
        statement["Effect"] == "Allow"
        and concerns(statement, "kms:PutKeyPolicy")
        and trusts(statement, caller_of(call), call.account)
    )


def _malformed(message):
    return AwsError("MalformedPolicyDocumentException", message)
