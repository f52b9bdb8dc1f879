# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What policies say about a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import re

from .conditions import fulfilled, matches
from .shared import as_list

VARIABLE = re.compile(r"\$\{([^}]+)\}")
ALLOWED, DENIED, IMPLICITLY = "allowed", "explicitDeny", "implicitDeny"


def decide(statements, action, resource, context):
    """(decision, the statements that it comes from): a Deny wins, and without an Allow nothing is allowed."""
    found = [one for one in statements if applies(one, action, resource, context)]
    for effect, decision in (("Deny", DENIED), ("Allow", ALLOWED)):
        matched = [one for one in found if one["Effect"] == effect]
        if matched:
            return decision, matched
    return IMPLICITLY, []


def applies(statement, action, resource, context):
    """Whether a statement is about an action on a resource, in a context."""
    return (
        concerns(statement, action)
        and _named(statement, "Resource", resource, context)
        and fulfilled(statement.get("Condition"), context)
    )


def concerns(statement, action):
    """Whether a statement is about an action."""
    if "NotAction" in statement:
        return not _any_matches(statement["NotAction"], action, True)
    return _any_matches(statement.get("Action"), action, True)


def _named(statement, member, resource, context):
    if f"Not{member}" in statement:
        return not _any_matches(_filled(statement[f"Not{member}"], context), resource, False)
    # Who simulates without a resource asks about every one.
    return _any_matches(_filled(statement.get(member), context), resource, False)


def _any_matches(patterns, text, ignore_case):
    return any(matches(pattern, text, ignore_case) for pattern in as_list(patterns))


def _filled(patterns, context):
    def value(match):
        found = context.get(match[1].split(",")[0].strip().lower())
        return found[0] if found else match[0]

    return [VARIABLE.sub(value, pattern) for pattern in as_list(patterns)]


def trusts(statement, principal, account):
    """Whether a statement of a role's trust policy names a caller, by its ARN, its account or as anybody."""
    principals = statement.get("Principal")
    named = as_list(principals.get("AWS")) if isinstance(principals, dict) else as_list(principals)
    role = re.sub(r":sts::(\d+):assumed-role/([^/]+)/.*", r":iam::\1:role/\2", principal)
    return any(
        name in ("*", account, principal) or name.endswith(f"::{account}:root") or _is_role(name, role)
        for name in named
    )


def _is_role(name, role):
    # The ARN of a session says nothing of its role's path.
    return name.rpartition("/")[2] == role.rpartition("/")[2] and name.split(":")[4:5] == role.split(":")[4:5]
