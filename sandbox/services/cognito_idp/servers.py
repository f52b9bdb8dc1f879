# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource servers, identity providers and groups."""

from moto.core.utils import utcnow

from ...errors import AwsError
from .. import after, answer, backend, check
from .shared import found, invalid, not_found, pool_of

# What an identity provider cannot be asked without.
DETAILS = {
    "Google": ("client_id", "client_secret"), "Facebook": ("client_id", "client_secret"),
    "LoginWithAmazon": ("client_id", "client_secret"),
    "SignInWithApple": ("client_id", "team_id", "key_id"),
    "OIDC": ("client_id", "attributes_request_method", "oidc_issuer", "authorize_scopes"),
}  # fmt: skip


@answer("cognito-idp", "UpdateResourceServer")
def update_server(call):
    """moto does not have it. Scopes that are not named are gone."""
    server = backend(call).describe_resource_server(call.parameters["UserPoolId"], call.parameters["Identifier"])
    server.name, server.scopes = call.parameters["Name"], call.parameters.get("Scopes") or []
    return {"ResourceServer": server.to_json()}


@answer("cognito-idp", "DeleteResourceServer")
def delete_server(call):
    """moto does not have it."""
    backend(call).describe_resource_server(call.parameters["UserPoolId"], call.parameters["Identifier"])
    del pool_of(call).resource_servers[call.parameters["Identifier"]]
    return {}


@check("cognito-idp", "CreateIdentityProvider")
def check_provider(call):
    """One of a name, with what it takes to ask it."""
    pool, details = found(call), call.parameters["ProviderDetails"]
    if pool is None:
        return
    if call.parameters["ProviderName"] in pool.identity_providers:
        message = f"A provider with the name {call.parameters['ProviderName']} already exists."
        raise AwsError("DuplicateProviderException", message)
    kind = call.parameters["ProviderType"]
    for name in DETAILS.get(kind, ()):
        if not details.get(name):
            raise invalid(f"ProviderDetails is missing {name}.")
    if kind == "SAML" and not (details.get("MetadataURL") or details.get("MetadataFile")):
        raise invalid("ProviderDetails is missing MetadataURL or MetadataFile.")


@after("cognito-idp", "UpdateIdentityProvider")
def date_provider(call):
    """moto leaves the date of the creation."""
    provider = pool_of(call).identity_providers[call.parameters["ProviderName"]]
    provider.last_modified_date = utcnow()


@answer("cognito-idp", "GetIdentityProviderByIdentifier")
def by_identifier(call):
    """A provider by one of its other names, which moto keeps and does not look up."""
    for provider in pool_of(call).identity_providers.values():
        if call.parameters["IdpIdentifier"] in provider.extended_config.get("IdpIdentifiers", ()):
            return {"IdentityProvider": provider.to_json(extended=True)}
    raise not_found("Identity provider does not exist.")
