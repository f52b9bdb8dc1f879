# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon Cognito identity pools have."""

PROVIDER = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abcdefghi"
ROLE = "arn:aws:iam::123456789012:role/user"


def identity_pool(probe):
    identity = probe.client("cognito-identity")
    wanted = {
        "IdentityPoolName": "users", "AllowUnauthenticatedIdentities": False, "AllowClassicFlow": True,
        "CognitoIdentityProviders": [{"ProviderName": PROVIDER, "ClientId": "abc", "ServerSideTokenCheck": True}],
        "DeveloperProviderName": "login.app", "SupportedLoginProviders": {"accounts.google.com": "one"},
        "IdentityPoolTags": {"a": "b"},
    }  # fmt: skip
    number = probe.does(identity.create_identity_pool, **wanted)["IdentityPoolId"]
    named = {"IdentityPoolId": number}
    probe.shows({**named, **wanted}, identity.describe_identity_pool, **named)
    shown = [{**named, "IdentityPoolName": "users"}]
    probe.shows(shown, identity.list_identity_pools, "IdentityPools", MaxResults=5)
    changed = {"IdentityPoolName": "people", "AllowUnauthenticatedIdentities": True}
    probe.does(identity.update_identity_pool, **named, **changed)
    shown = {**changed, "AllowClassicFlow": False, "DeveloperProviderName": "login.app", "IdentityPoolTags": {"a": "b"}}
    probe.shows(shown, identity.describe_identity_pool, **named)
    probe.lacks(identity.describe_identity_pool, path="CognitoIdentityProviders", **named)
    arn = f"arn:aws:cognito-identity:eu-central-1:123456789012:identitypool/{number}"
    probe.does(identity.tag_resource, ResourceArn=arn, Tags={"c": "d"})
    probe.shows({"a": "b", "c": "d"}, identity.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(identity.untag_resource, ResourceArn=arn, TagKeys=["a"])
    probe.shows({"c": "d"}, identity.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(identity.delete_identity_pool, **named)
    probe.lacks(identity.describe_identity_pool, "ResourceNotFoundException", **named)


def roles(probe):
    identity = probe.client("cognito-identity")
    pool = identity.create_identity_pool(IdentityPoolName="users", AllowUnauthenticatedIdentities=False)
    named = {"IdentityPoolId": pool["IdentityPoolId"]}
    rule = {"Claim": "team", "MatchType": "Equals", "Value": "ops", "RoleARN": ROLE}
    wanted = {
        "Roles": {"authenticated": ROLE, "unauthenticated": f"{ROLE}-guest"},
        "RoleMappings": {
            f"{PROVIDER}:abc": {
                "Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": {"Rules": [rule]}
            }
        },
    }  # fmt: skip
    probe.does(identity.set_identity_pool_roles, **named, **wanted)
    probe.shows({**named, **wanted}, identity.get_identity_pool_roles, **named)
    probe.does(identity.set_identity_pool_roles, **named, Roles={"authenticated": ROLE})
    probe.shows({"authenticated": ROLE}, identity.get_identity_pool_roles, "Roles", **named)
    probe.lacks(identity.get_identity_pool_roles, path="RoleMappings", **named)
    tags = {"IdentityProviderName": PROVIDER, "UseDefaults": False, "PrincipalTags": {"team": "custom:team"}}
    probe.does(identity.set_principal_tag_attribute_map, **named, **tags)
    shown = {**named, **tags}
    probe.shows(shown, identity.get_principal_tag_attribute_map, **named, IdentityProviderName=PROVIDER)
