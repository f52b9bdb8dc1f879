# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon Cognito identity pools refuse."""

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference"
ROLE = "arn:aws:iam::123456789012:role/user"
MISSING = "eu-central-1:11111111-1111-1111-1111-111111111111"
BASIC = {"IdentityPoolName": "users", "AllowUnauthenticatedIdentities": False}
PROVIDER = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abcdefghi:client"


def _pool(world, **more):
    return world.cognito_identity.create_identity_pool(**BASIC, **more)["IdentityPoolId"]


def _roles(says, refused, accepted, page):
    return Rule(
        says=says, page=f"{API}/{page}", operation="set_identity_pool_roles", code="InvalidParameterException",
        given=_pool,
        refused=lambda world: {"IdentityPoolId": world.given, "Roles": {"authenticated": ROLE}, **refused},
        accepted=lambda world: {"IdentityPoolId": world.given, "Roles": {"authenticated": ROLE}, **accepted},
    )  # fmt: skip


SERVICE = "cognito-identity"
RULES = [
    _roles(
        "a mapping says what happens when it is ambiguous",
        {"RoleMappings": {PROVIDER: {"Type": "Token"}}},
        {"RoleMappings": {PROVIDER: {"Type": "Token", "AmbiguousRoleResolution": "Deny"}}},
        "API_RoleMapping.html",
    ),
    _roles(
        "a mapping by rules has rules",
        {"RoleMappings": {PROVIDER: {"Type": "Rules", "AmbiguousRoleResolution": "Deny"}}},
        {"RoleMappings": {PROVIDER: {"Type": "Token", "AmbiguousRoleResolution": "Deny"}}},
        "API_RoleMapping.html",
    ),
    Rule(
        says="a pool that is updated exists",
        page=f"{API}/API_UpdateIdentityPool.html",
        operation="update_identity_pool",
        code="ResourceNotFoundException",
        given=_pool,
        refused={"IdentityPoolId": MISSING, **BASIC},
        accepted=lambda world: {"IdentityPoolId": world.given, **BASIC},
    ),
    Rule(
        says="what developers call themselves is settled once",
        page=f"{API}/API_CreateIdentityPool.html",
        operation="update_identity_pool",
        code="InvalidParameterException",
        given=lambda world: _pool(world, DeveloperProviderName="login.app"),
        refused=lambda world: {"IdentityPoolId": world.given, **BASIC, "DeveloperProviderName": "login.other"},
        accepted=lambda world: {"IdentityPoolId": world.given, **BASIC, "DeveloperProviderName": "login.app"},
    ),
    Rule(
        says="a pool with tags exists",
        page=f"{API}/API_TagResource.html",
        operation="tag_resource",
        code="ResourceNotFoundException",
        given=_pool,
        refused={
            "ResourceArn": f"arn:aws:cognito-identity:eu-central-1:123456789012:identitypool/{MISSING}",
            "Tags": {"a": "b"},
        },
        accepted=lambda world: {
            "ResourceArn": f"arn:aws:cognito-identity:eu-central-1:123456789012:identitypool/{world.given}",
            "Tags": {"a": "b"},
        },
    ),
]
