# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who a call is about, and the statements of a policy."""

import json

from moto.backends import get_backend

from ...errors import AwsError
from .. import backend

KINDS = ("Role", "User", "Group")
AWS = "aws"  # IAM's region


def all_of(state, kind):
    """Every role, user or group."""
    return list({"Role": state.roles, "User": state.users, "Group": state.groups}[kind].values())


def kind_of(call):
    """Whether a call is about a role, a user or a group; by its name."""
    return next((kind for kind in KINDS if call.parameters.get(f"{kind}Name")), None)


def subject(call):
    """The role, user or group that a call is about, or None where moto is to say that there is none."""
    kind = kind_of(call)
    name = call.parameters.get(f"{kind}Name")
    return next((item for item in all_of(backend(call), kind) if item.name == name), None) if kind else None


def policy_of(state, arn):
    """A managed policy, or None."""
    return state.managed_policies.get(arn)


def role_by_arn(account, arn):
    """A role of an account, or None; for every service that is told to use one."""
    return next((role for role in get_backend("iam")[account][AWS].roles.values() if role.arn == arn), None)


def parsed(text):
    """A policy as a dict; MalformedPolicyDocument for anything else."""
    try:
        document = json.loads(text or "")
    except ValueError:
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("Statement"), (dict, list)):
        raise malformed("This policy contains invalid Json")
    return document


def statements(document):
    """The statements of a policy, of which there may be one without a list."""
    found = as_list(document["Statement"])
    if not all(isinstance(one, dict) for one in found):
        raise malformed("Syntax errors in policy.")
    return found


def as_list(value):
    """What may be one thing or several, as several."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def malformed(message):
    """The refusal of a policy."""
    return AwsError("MalformedPolicyDocument", message, 400)


def exceeded(quota, limit):
    """The refusal of one more."""
    return AwsError("LimitExceeded", f"Cannot exceed quota for {quota}: {limit}", 409)
