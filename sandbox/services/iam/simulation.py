# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy simulator, which moto does not have."""

import re

from ...errors import AwsError
from .. import answer, backend
from .conditions import keys_of
from .evaluation import ALLOWED, VARIABLE, concerns, decide
from .shared import all_of, parsed, policy_of, statements


@answer("iam", "SimulatePrincipalPolicy")
def simulate_principal(call):
    """What the policies of a role, a user or a group allow."""
    principal = _principal(call)
    policies = [*_policies(backend(call), principal), *_given(call, "PolicyInputList")]
    boundary = policy_of(backend(call), _boundary_of(principal))
    boundaries = [(boundary.name, _default(boundary))] if boundary else []
    given = _given(call, "PermissionsBoundaryPolicyInputList")
    return _results(call, policies, given or boundaries, principal)


@answer("iam", "SimulateCustomPolicy")
def simulate_custom(call):
    """What policies allow that nobody need have."""
    return _results(call, _given(call, "PolicyInputList"), _given(call, "PermissionsBoundaryPolicyInputList"), None)


@answer("iam", "GetContextKeysForCustomPolicy")
def keys_of_custom(call):
    """The keys that the conditions of policies ask for."""
    return {"ContextKeyNames": _keys(_given(call, "PolicyInputList"))}


@answer("iam", "GetContextKeysForPrincipalPolicy")
def keys_of_principal(call):
    """The same of the policies that somebody has."""
    policies = _policies(backend(call), _principal(call))
    return {"ContextKeyNames": _keys([*policies, *_given(call, "PolicyInputList")])}


def _keys(policies):
    named = [
        key
        for _name, text in policies
        for statement in statements(parsed(text))
        for key in (*keys_of(statement.get("Condition")), *VARIABLE.findall(str(statement.get("Resource", ""))))
    ]
    return list(dict.fromkeys(named))


def _principal(call):
    arn = call.parameters["PolicySourceArn"]
    state = backend(call)
    for kind in ("Role", "User", "Group"):
        for item in all_of(state, kind):
            if item.arn == arn:
                return item
    raise AwsError("NoSuchEntity", f"{arn} does not exist.", 404)


def _policies(state, principal):
    groups = [group for group in state.groups.values() if principal in group.users]
    for owner in (principal, *groups):
        yield from owner.policies.items()
        yield from ((policy.name, _default(policy)) for policy in owner.managed_policies.values())


def _boundary_of(principal):
    return getattr(principal, "permissions_boundary_arn", None) or getattr(principal, "sandbox_boundary", None)


def _default(policy):
    return next(one.document for one in policy.versions if one.version_id == policy.default_version_id)


def _given(call, member):
    given = call.parameters.get(member) or []
    return [(f"{member}.{number}", text) for number, text in enumerate(given, 1)]


def _results(call, policies, boundaries, principal):
    context = _context(call, principal)
    limits = [_named(policies), *([_named(boundaries)] if boundaries else [])]
    resources = call.parameters.get("ResourceArns") or ["*"]
    results = [
        _result(action, resource, limits, context)
        for action in call.parameters["ActionNames"]
        for resource in resources
    ]
    return {"EvaluationResults": results, "IsTruncated": False}


def _named(policies):
    return [{**statement, "policy": name} for name, text in policies for statement in statements(parsed(text))]


def _context(call, principal):
    given = {
        entry["ContextKeyName"].lower(): [str(value) for value in entry.get("ContextKeyValues") or []]
        for entry in call.parameters.get("ContextEntries") or []
    }
    if principal is not None and re.search(r":user/", principal.arn):
        given.setdefault("aws:username", [principal.name])
    return given


def _result(action, resource, limits, context):
    decisions = [decide(limit, action, resource, context) for limit in limits]
    # A boundary allows nothing by itself, and takes away what it does not name.
    decision, matched = next((one for one in decisions if one[0] != ALLOWED), decisions[0])
    missing = [
        key
        for limit in limits
        for statement in limit
        if concerns(statement, action)
        for key in keys_of(statement.get("Condition"))
        if key.lower() not in context
    ]
    result = {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": decision,
        "MatchedStatements": [{"SourcePolicyId": one["policy"]} for one in matched],
        "MissingContextValues": list(dict.fromkeys(missing)),
    }
    if len(limits) > 1:
        allowed = decisions[1][0] == ALLOWED
        result["PermissionsBoundaryDecisionDetail"] = {"AllowedByPermissionsBoundary": allowed}
    return result
