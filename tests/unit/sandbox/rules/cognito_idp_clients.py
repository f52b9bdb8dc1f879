# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon Cognito refuses of the clients of a user pool."""

from tests.unit.sandbox.rules.cognito_idp import GUIDE, of_pool

CALLBACK = "https://app.example.com/back"


def _of_client(says, refused, accepted, **more):
    name = {"ClientName": "web"}
    return of_pool(says, "create_user_pool_client", {**name, **refused}, {**name, **accepted}, **more)


CLIENTS = [
    _of_client(
        "OAuth needs flows and scopes",
        {"AllowedOAuthFlowsUserPoolClient": True, "CallbackURLs": [CALLBACK]},
        {
            "AllowedOAuthFlowsUserPoolClient": True,
            "CallbackURLs": [CALLBACK],
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid"],
        },
        code="InvalidOAuthFlowException",
    ),
    _of_client(
        "a machine's flow goes with no other",
        {"AllowedOAuthFlows": ["client_credentials", "code"], "GenerateSecret": True},
        {"AllowedOAuthFlows": ["client_credentials"], "GenerateSecret": True},
        code="InvalidOAuthFlowException",
        page=f"{GUIDE}/cognito-user-pools-define-resource-servers.html",
    ),
    _of_client(
        "a machine has a secret",
        {"AllowedOAuthFlows": ["client_credentials"]},
        {"AllowedOAuthFlows": ["client_credentials"], "GenerateSecret": True},
        code="InvalidOAuthFlowException",
        page=f"{GUIDE}/user-pool-settings-client-apps.html",
    ),
    _of_client(
        "a scope is one of Cognito's or of a resource server",
        {"AllowedOAuthScopes": ["api/read"]},
        {"AllowedOAuthScopes": ["profile"]},
        code="ScopeDoesNotExistException",
    ),
    _of_client(
        "users are sent back by https",
        {"CallbackURLs": ["http://app.example.com/back"]},
        {"CallbackURLs": ["http://localhost:3000/back"]},
    ),
    _of_client("a callback URL has no fragment", {"CallbackURLs": [f"{CALLBACK}#top"]}, {"CallbackURLs": [CALLBACK]}),
    _of_client(
        "the usual callback URL is one of the list",
        {"CallbackURLs": [CALLBACK], "DefaultRedirectURI": "https://other.example.com"},
        {"CallbackURLs": [CALLBACK], "DefaultRedirectURI": CALLBACK},
    ),
    _of_client(
        "an access token lives at least five minutes",
        {"AccessTokenValidity": 4, "TokenValidityUnits": {"AccessToken": "minutes"}},
        {"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "minutes"}},
    ),
    _of_client("an access token lives at most a day", {"AccessTokenValidity": 25}, {"AccessTokenValidity": 24}),
    _of_client(
        "a refresh token lives at least an hour",
        {"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}},
        {"RefreshTokenValidity": 60, "TokenValidityUnits": {"RefreshToken": "minutes"}},
    ),
    _of_client(
        "a client's identity provider is one of the pool",
        {"SupportedIdentityProviders": ["Google"]},
        {"SupportedIdentityProviders": ["COGNITO"]},
    ),
    _of_client(
        "a client reads attributes that the pool has",
        {"ReadAttributes": ["custom:team"]},
        {"ReadAttributes": ["email"]},
    ),
    _of_client(
        "new names of flows are not mixed with old ones",
        {"ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH", "ALLOW_USER_SRP_AUTH"]},
        {"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]},
    ),
]

SERVICE = "cognito-idp"
RULES = CLIENTS
