# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of user pools: their OAuth flows, URLs, lifetimes and attributes."""

from moto.core.utils import utcnow

from ...errors import AwsError
from .. import answer, check, correct
from .shared import found, invalid, not_found, pool_of

CHANGES = ("CreateUserPoolClient", "UpdateUserPoolClient")
SCOPES = {"phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"}
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
LOCAL = ("http://localhost", "http://127.0.0.1", "http://[::1]")
LEGACY = {"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"}
# Kind of a token: the usual unit, and the shortest and the longest life in seconds.
LIVES = {
    "AccessToken": ("hours", 300, 86400),
    "IdToken": ("hours", 300, 86400),
    "RefreshToken": ("days", 3600, 315360000),
}
USUAL = {
    "AllowedOAuthFlowsUserPoolClient": False, "AuthSessionValidity": 3, "EnableTokenRevocation": True,
    "EnablePropagateAdditionalUserContextData": False, "RefreshTokenValidity": 30,
}  # fmt: skip


@check("cognito-idp", *CHANGES)
def check_flows(call):
    """A machine has a secret and no user, and a user has no machine's flow."""
    parameters, pool = call.parameters, found(call)
    flows, scopes = parameters.get("AllowedOAuthFlows") or [], parameters.get("AllowedOAuthScopes") or []
    if pool is None:
        return
    if parameters.get("AllowedOAuthFlowsUserPoolClient") and not (flows and scopes):
        message = (
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows."
        )
        raise AwsError("InvalidOAuthFlowException", message)
    if "client_credentials" in flows:
        _check_machine(pool, parameters, flows, scopes)
    known = SCOPES | {
        f"{server.identifier}/{scope['ScopeName']}"
        for server in pool.resource_servers.values()
        for scope in server.scopes or []
    }
    for scope in scopes:
        if scope not in known:
            raise AwsError("ScopeDoesNotExistException", f"Invalid scope requested: {scope}")


def _check_machine(pool, parameters, flows, scopes):
    if len(flows) > 1:
        message = "client_credentials flow can not be selected along with code flow or implicit flow."
        raise AwsError("InvalidOAuthFlowException", message)
    client = pool.clients.get(parameters.get("ClientId"))
    if not (client.generate_secret if client else parameters.get("GenerateSecret") or parameters.get("ClientSecret")):
        message = "client_credentials flow can not be selected if client does not have a client secret."
        raise AwsError("InvalidOAuthFlowException", message)
    for scope in SCOPES.intersection(scopes):
        raise AwsError("InvalidOAuthFlowException", f"{scope} is not supported with client_credentials flow")


@check("cognito-idp", *CHANGES)
def check_urls(call):
    """Where users are sent back to."""
    parameters = call.parameters
    callbacks = parameters.get("CallbackURLs") or []
    for url in (*callbacks, *(parameters.get("LogoutURLs") or [])):
        if url.startswith("http://") and not url.startswith(LOCAL):
            raise invalid(f"Invalid URL: {url}. http is allowed for localhost only.")
        if ":" not in url or "#" in url:
            raise invalid(f"Invalid URL: {url}. It is absolute and has no fragment.")
    usual = parameters.get("DefaultRedirectURI")
    if usual and usual not in callbacks:
        raise invalid("Default redirect URI must be in the list of callback URLs.")


@check("cognito-idp", *CHANGES)
def check_lives(call):
    """A token lives neither too short nor too long, and is refreshed by one that lives longer."""
    lives = {kind: _life(call.parameters, kind) for kind in LIVES}
    for kind, (_unit, shortest, longest) in LIVES.items():
        if not shortest <= lives[kind] <= longest:
            raise invalid(f"Invalid range for token validity: {kind}.")
    if lives["RefreshToken"] < max(lives["AccessToken"], lives["IdToken"]):
        raise invalid("Refresh token validity must be at least that of the access token and of the ID token.")


def _life(parameters, kind):
    unit = (parameters.get("TokenValidityUnits") or {}).get(kind) or LIVES[kind][0]
    usual = 30 * 86400 if kind == "RefreshToken" else 3600
    given = parameters.get(f"{kind}Validity")
    return given * UNITS[unit] if given else usual


@check("cognito-idp", *CHANGES)
def check_references(call):
    """Providers and attributes that the pool has, and one way to name flows."""
    parameters, pool = call.parameters, found(call)
    if pool is None:
        return
    for name in parameters.get("SupportedIdentityProviders") or []:
        if name != "COGNITO" and name not in pool.identity_providers:
            raise invalid(f"The provider {name} does not exist for User Pool {pool.id}.")
    for kind in ("Read", "Write"):
        if any(not _has_attribute(pool, name) for name in parameters.get(f"{kind}Attributes") or []):
            raise invalid(f"Invalid {kind.lower()} attributes specified while creating a client")
    flows = set(parameters.get("ExplicitAuthFlows") or [])
    if flows & LEGACY and flows - LEGACY:
        raise invalid("Legacy values of ExplicitAuthFlows cannot be mixed with those that begin with ALLOW_.")


def _has_attribute(pool, name):
    attributes = pool.schema_attributes
    return name in attributes or any(name in one.STANDARD_SCHEMA for one in attributes.values())


@correct("cognito-idp", "CreateUserPoolClient")
def date_creation(call, parsed):
    """moto does not date clients."""
    client = pool_of(call).clients[parsed["UserPoolClient"]["ClientId"]]
    client.extended_config["CreationDate"] = client.extended_config["LastModifiedDate"] = utcnow()
    if call.parameters.get("ClientSecret"):
        client.secret, client.generate_secret = client.extended_config.pop("ClientSecret"), True
    parsed["UserPoolClient"] = client.to_json(extended=True)


@answer("cognito-idp", "UpdateUserPoolClient")
def update_client(call):
    """AWS sets what is not given to its default; moto leaves it."""
    client = pool_of(call).clients.get(call.parameters["ClientId"])
    if client is None:
        raise not_found(f"User pool client {call.parameters['ClientId']} does not exist.")
    old = client.extended_config
    given = {name: value for name, value in call.parameters.items() if name not in ("UserPoolId", "ClientId")}
    dates = {"CreationDate": old["CreationDate"], "LastModifiedDate": utcnow()}
    client.extended_config = {**USUAL, "ClientName": old["ClientName"], **given, **dates}
    return {"UserPoolClient": client.to_json(extended=True)}
