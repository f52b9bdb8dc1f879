# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identity pools: their roles, their tags, and updates that set all there is."""

import json

from ..errors import AwsError
from . import after, answer, backend, check, correct

# Member of a request: attribute of moto's pool, and what it is without a value.
MEMBERS = {
    "IdentityPoolName": ("identity_pool_name", None),
    "AllowUnauthenticatedIdentities": ("allow_unauthenticated_identities", False),
    "SupportedLoginProviders": ("supported_login_providers", {}),
    "DeveloperProviderName": ("developer_provider_name", None),
    "OpenIdConnectProviderARNs": ("open_id_connect_provider_arns", []),
    "CognitoIdentityProviders": ("cognito_identity_providers", []),
    "SamlProviderARNs": ("saml_provider_arns", []),
}


def _pool(call, number=None):
    number = number or call.parameters["IdentityPoolId"]
    pool = backend(call).identity_pools.get(number)
    if pool is None:
        raise AwsError("ResourceNotFoundException", f"IdentityPool '{number}' not found.")
    return pool


def _invalid(message):
    return AwsError("InvalidParameterException", message)


@check("cognito-identity", "UpdateIdentityPool")
def check_developer(call):
    """What developers call themselves is settled once."""
    old, new = _pool(call).developer_provider_name, call.parameters.get("DeveloperProviderName")
    if old and new and old != new:
        raise _invalid("DeveloperProviderName cannot be changed once it is set.")


@answer("cognito-identity", "UpdateIdentityPool")
def update(call):
    """moto leaves the name, and what is not given."""
    pool, parameters = _pool(call), call.parameters
    for member, (attribute, usual) in MEMBERS.items():
        given = parameters.get(member)
        if given is not None or member != "DeveloperProviderName":
            setattr(pool, attribute, usual if given is None else given)
    pool.sandbox_classic = bool(parameters.get("AllowClassicFlow"))
    if parameters.get("IdentityPoolTags") is not None:
        pool.tags = parameters["IdentityPoolTags"]
    return _view(pool)


@answer("cognito-identity", "DescribeIdentityPool")
def describe(call):
    """moto forgets whether the classic flow is allowed, and names developers that nobody named."""
    return _view(_pool(call))


@correct("cognito-identity", "CreateIdentityPool")
def keep_flow(call, parsed):
    """The same of a new pool."""
    pool = _pool(call, parsed["IdentityPoolId"])
    pool.sandbox_classic = bool(call.parameters.get("AllowClassicFlow"))
    parsed.clear()
    parsed.update(_view(pool))


def _view(pool):
    shown = {name: value for name, value in json.loads(pool.to_json()).items() if value is not None and value != ""}
    return {**shown, "AllowClassicFlow": getattr(pool, "sandbox_classic", False)}


@correct("cognito-identity", "ListIdentityPools")
def list_short(call, parsed):
    """A list says no more than names; a page has as many as were asked for."""
    pools = [{name: one[name] for name in ("IdentityPoolId", "IdentityPoolName")} for one in parsed["IdentityPools"]]
    start = int(call.parameters.get("NextToken") or 0)
    end = start + call.parameters["MaxResults"]
    parsed["IdentityPools"] = pools[start:end]
    if end < len(pools):
        parsed["NextToken"] = str(end)


@answer("cognito-identity", "SetIdentityPoolRoles")
def set_roles(call):
    """moto does not have it."""
    pool, parameters = _pool(call), call.parameters
    for provider, mapping in (parameters.get("RoleMappings") or {}).items():
        if not mapping.get("AmbiguousRoleResolution"):
            raise _invalid(f"AmbiguousRoleResolution is required in the role mapping of {provider}.")
        if (mapping["Type"] == "Rules") != bool(mapping.get("RulesConfiguration")):
            raise _invalid(f"RulesConfiguration goes with the type Rules in the role mapping of {provider}.")
    pool.sandbox_roles = {"Roles": parameters["Roles"], "RoleMappings": parameters.get("RoleMappings") or {}}
    return {}


@answer("cognito-identity", "GetIdentityPoolRoles")
def get_roles(call):
    """The same later."""
    pool = _pool(call)
    roles = {name: value for name, value in getattr(pool, "sandbox_roles", {}).items() if value}
    return {"IdentityPoolId": pool.identity_pool_id, **roles}


@answer("cognito-identity", "SetPrincipalTagAttributeMap")
def set_map(call):
    """Which claims become tags of a session; moto does not have it."""
    pool, parameters = _pool(call), call.parameters
    maps = vars(pool).setdefault("sandbox_maps", {})
    names = ("UseDefaults", "PrincipalTags")
    maps[parameters["IdentityProviderName"]] = {name: parameters[name] for name in names if name in parameters}
    return get_map(call)


@answer("cognito-identity", "GetPrincipalTagAttributeMap")
def get_map(call):
    """The same later."""
    pool, provider = _pool(call), call.parameters["IdentityProviderName"]
    found = getattr(pool, "sandbox_maps", {}).get(provider, {})
    return {"IdentityPoolId": pool.identity_pool_id, "IdentityProviderName": provider, **found}


def _tags(call):
    number = call.parameters["ResourceArn"].rpartition("identitypool/")[2]
    return _pool(call, number).tags


@answer("cognito-identity", "TagResource")
def tag(call):
    """moto takes tags with the pool only."""
    _tags(call).update(call.parameters["Tags"])
    return {}


@answer("cognito-identity", "UntagResource")
def untag(call):
    """Take tags away."""
    for key in call.parameters["TagKeys"]:
        _tags(call).pop(key, None)
    return {}


@answer("cognito-identity", "ListTagsForResource")
def list_tags(call):
    """The tags of a pool."""
    return {"Tags": _tags(call)}


@after("cognito-identity", "DeleteIdentityPool")
def forget_identities(call):
    """moto keeps the identities of a pool that is gone."""
    backend(call).pools_identities.pop(call.parameters["IdentityPoolId"], None)
