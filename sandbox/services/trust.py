# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom roles trust."""

import json

from . import backend


def may_assume(call, role_arn, service):
    """Whether there is such a role in the account, and its trust policy names the service."""
    roles = backend(call, "iam").roles.values()
    role = next((role for role in roles if role.arn == role_arn), None)
    return role is not None and _trusts(role.assume_role_policy_document, service)


def _trusts(document, service):
    statements = (json.loads(document) if isinstance(document, str) else document)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal")
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        if statement["Effect"] == "Allow" and service in (services if isinstance(services, list) else [services]):
            return True
    return False
