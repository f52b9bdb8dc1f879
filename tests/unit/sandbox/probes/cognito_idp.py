# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon Cognito user pools have."""

from tests.unit.sandbox.issued import certificate

GONE = "ResourceNotFoundException"


def _pool(cognito, **more):
    return cognito.create_user_pool(PoolName="users", **more)["UserPool"]["Id"]


def pool(probe):
    cognito = probe.client("cognito-idp")
    password = {
        "MinimumLength": 14, "RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True,
        "RequireSymbols": False, "PasswordHistorySize": 3, "TemporaryPasswordValidityDays": 2,
    }  # fmt: skip
    wanted = {
        "Policies": {"PasswordPolicy": password}, "DeletionProtection": "ACTIVE", "AutoVerifiedAttributes": ["email"],
        "UsernameAttributes": ["email"], "UserPoolTags": {"a": "b"}, "UserPoolTier": "PLUS",
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}, "UsernameConfiguration": {"CaseSensitive": False},
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True},
    }  # fmt: skip
    number = probe.does(cognito.create_user_pool, PoolName="users", **wanted)["UserPool"]["Id"]
    probe.shows({"Name": "users", **wanted}, cognito.describe_user_pool, "UserPool", UserPoolId=number)
    probe.shows({"Id": number, "Name": "users"}, cognito.list_user_pools, "UserPools.0", MaxResults=5)
    probe.does(cognito.update_user_pool, UserPoolId=number, PoolName="people", AutoVerifiedAttributes=["email"])
    shown = {
        "Name": "people", "DeletionProtection": "INACTIVE", "UserPoolTier": "PLUS", "UsernameAttributes": ["email"],
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False}, "UserPoolTags": {"a": "b"},
    }  # fmt: skip
    probe.shows(shown, cognito.describe_user_pool, "UserPool", UserPoolId=number)
    attribute = {"Name": "team", "AttributeDataType": "String", "Mutable": False}
    probe.does(cognito.add_custom_attributes, UserPoolId=number, CustomAttributes=[attribute])
    attributes = cognito.describe_user_pool(UserPoolId=number)["UserPool"]["SchemaAttributes"]
    place = [one["Name"] for one in attributes].index("custom:team")
    shown = {**attribute, "Name": "custom:team"}
    probe.shows(shown, cognito.describe_user_pool, f"UserPool.SchemaAttributes.{place}", UserPoolId=number)
    probe.does(cognito.delete_user_pool, UserPoolId=number)
    probe.lacks(cognito.describe_user_pool, GONE, UserPoolId=number)


def tags(probe):
    cognito = probe.client("cognito-idp")
    arn = cognito.create_user_pool(PoolName="users", UserPoolTags={"a": "b"})["UserPool"]["Arn"]
    probe.does(cognito.tag_resource, ResourceArn=arn, Tags={"c": "d"})
    probe.shows({"a": "b", "c": "d"}, cognito.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(cognito.untag_resource, ResourceArn=arn, TagKeys=["a", "c"])
    probe.lacks(cognito.list_tags_for_resource, path="Tags", ResourceArn=arn)


def mfa(probe):
    cognito = probe.client("cognito-idp")
    address = {"EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/a.com"}
    named = {"UserPoolId": _pool(cognito, EmailConfiguration=address)}
    wanted = {
        "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": True},
        "EmailMfaConfiguration": {"Subject": "code", "Message": "It is {####}"},
        "WebAuthnConfiguration": {"RelyingPartyId": "example.com", "UserVerification": "required"},
    }  # fmt: skip
    probe.does(cognito.set_user_pool_mfa_config, **named, **wanted)
    probe.shows(wanted, cognito.get_user_pool_mfa_config, **named)
    probe.does(cognito.set_user_pool_mfa_config, **named, MfaConfiguration="OFF")
    probe.shows({"MfaConfiguration": "OFF"}, cognito.get_user_pool_mfa_config, **named)
    probe.lacks(cognito.get_user_pool_mfa_config, path="EmailMfaConfiguration", **named)


def client(probe):
    cognito = probe.client("cognito-idp")
    number = _pool(cognito)
    wanted = {
        "ClientName": "web", "AllowedOAuthFlows": ["code"], "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": ["openid", "email"], "CallbackURLs": ["https://a.example.com/back"],
        "LogoutURLs": ["https://a.example.com/bye"], "DefaultRedirectURI": "https://a.example.com/back",
        "SupportedIdentityProviders": ["COGNITO"], "AccessTokenValidity": 30, "IdTokenValidity": 30,
        "RefreshTokenValidity": 7, "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes"},
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"], "ReadAttributes": ["email"],
        "WriteAttributes": ["email"], "PreventUserExistenceErrors": "ENABLED", "AuthSessionValidity": 5,
        "EnableTokenRevocation": False, "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
    }  # fmt: skip
    made = probe.does(cognito.create_user_pool_client, UserPoolId=number, GenerateSecret=True, **wanted)
    made = made["UserPoolClient"]
    named = {"UserPoolId": number, "ClientId": made["ClientId"]}
    shown = {**wanted, "ClientSecret": made["ClientSecret"], "CreationDate": made["CreationDate"]}
    probe.shows(shown, cognito.describe_user_pool_client, "UserPoolClient", **named)
    shown = {"ClientName": "web", "ClientId": made["ClientId"]}
    probe.shows(shown, cognito.list_user_pool_clients, "UserPoolClients.0", UserPoolId=number)
    probe.does(cognito.update_user_pool_client, **named, RefreshTokenValidity=3)
    shown = {"ClientName": "web", "RefreshTokenValidity": 3, "EnableTokenRevocation": True, "AuthSessionValidity": 3}
    probe.shows(shown, cognito.describe_user_pool_client, "UserPoolClient", **named)
    probe.lacks(cognito.describe_user_pool_client, path="UserPoolClient.CallbackURLs", **named)
    probe.does(cognito.delete_user_pool_client, **named)
    probe.lacks(cognito.describe_user_pool_client, GONE, **named)


def domain(probe):
    cognito = probe.client("cognito-idp")
    named = {"UserPoolId": _pool(cognito), "Domain": "login"}
    probe.does(cognito.create_user_pool_domain, **named, ManagedLoginVersion=1)
    shown = {**named, "Status": "ACTIVE", "AWSAccountId": "123456789012", "ManagedLoginVersion": 1}
    probe.shows(shown, cognito.describe_user_pool_domain, "DomainDescription", Domain="login")
    probe.does(cognito.update_user_pool_domain, **named, ManagedLoginVersion=2)
    shown = {"ManagedLoginVersion": 2}
    probe.shows(shown, cognito.describe_user_pool_domain, "DomainDescription", Domain="login")
    probe.does(cognito.delete_user_pool_domain, **named)
    probe.lacks(cognito.describe_user_pool_domain, path="DomainDescription", Domain="login")


def own_domain(probe):
    cognito = probe.client("cognito-idp")
    named = {"UserPoolId": _pool(cognito), "Domain": "auth.example.com"}
    config = {"CertificateArn": certificate(probe.sandbox)}
    probe.does(cognito.create_user_pool_domain, **named, CustomDomainConfig=config)
    shown = {**named, "Status": "ACTIVE", "CustomDomainConfig": config}
    probe.shows(shown, cognito.describe_user_pool_domain, "DomainDescription", Domain=named["Domain"])


def resource_server(probe):
    cognito = probe.client("cognito-idp")
    named = {"UserPoolId": _pool(cognito), "Identifier": "https://api.example.com"}
    wanted = {"Name": "api", "Scopes": [{"ScopeName": "read", "ScopeDescription": "reads"}]}
    probe.does(cognito.create_resource_server, **named, **wanted)
    probe.shows(wanted, cognito.describe_resource_server, "ResourceServer", **named)
    probe.shows(
        wanted, cognito.list_resource_servers, "ResourceServers.0", UserPoolId=named["UserPoolId"], MaxResults=5
    )
    changed = {"Name": "api 2", "Scopes": [{"ScopeName": "write", "ScopeDescription": "writes"}]}
    probe.does(cognito.update_resource_server, **named, **changed)
    probe.shows(changed, cognito.describe_resource_server, "ResourceServer", **named)
    probe.does(cognito.delete_resource_server, **named)
    probe.lacks(cognito.describe_resource_server, GONE, **named)


def identity_provider(probe):
    cognito = probe.client("cognito-idp")
    named = {"UserPoolId": _pool(cognito), "ProviderName": "Google"}
    wanted = {
        "ProviderType": "Google", "AttributeMapping": {"email": "email"}, "IdpIdentifiers": ["example.com"],
        "ProviderDetails": {"client_id": "a", "client_secret": "b", "authorize_scopes": "openid email"},
    }  # fmt: skip
    probe.does(cognito.create_identity_provider, **named, **wanted)
    probe.shows(wanted, cognito.describe_identity_provider, "IdentityProvider", **named)
    by_name = {"UserPoolId": named["UserPoolId"], "IdpIdentifier": "example.com"}
    probe.shows(wanted, cognito.get_identity_provider_by_identifier, "IdentityProvider", **by_name)
    shown = [{"ProviderName": "Google", "ProviderType": "Google"}]
    probe.shows(shown, cognito.list_identity_providers, "Providers", UserPoolId=named["UserPoolId"])
    probe.does(cognito.update_identity_provider, **named, AttributeMapping={"email": "mail"})
    shown = {"AttributeMapping": {"email": "mail"}, "ProviderDetails": wanted["ProviderDetails"]}
    probe.shows(shown, cognito.describe_identity_provider, "IdentityProvider", **named)
    probe.does(cognito.delete_identity_provider, **named)
    probe.lacks(cognito.describe_identity_provider, GONE, **named)


def group(probe):
    cognito = probe.client("cognito-idp")
    number = _pool(cognito)
    named = {"UserPoolId": number, "GroupName": "admins"}
    wanted = {"Description": "all", "Precedence": 1, "RoleArn": "arn:aws:iam::123456789012:role/admin"}
    probe.does(cognito.create_group, **named, **wanted)
    probe.shows({"GroupName": "admins", **wanted}, cognito.get_group, "Group", **named)
    probe.shows([{"GroupName": "admins"}], cognito.list_groups, "Groups", UserPoolId=number)
    probe.does(cognito.update_group, **named, Precedence=2)
    probe.shows({"Precedence": 2, "Description": "all"}, cognito.get_group, "Group", **named)
    user = {"UserPoolId": number, "Username": "ada"}
    cognito.admin_create_user(**user)
    probe.does(cognito.admin_add_user_to_group, **named, Username="ada")
    probe.shows([{"GroupName": "admins"}], cognito.admin_list_groups_for_user, "Groups", **user)
    probe.shows([{"Username": "ada"}], cognito.list_users_in_group, "Users", **named)
    probe.does(cognito.admin_remove_user_from_group, **named, Username="ada")
    probe.lacks(cognito.admin_list_groups_for_user, path="Groups", **user)
    probe.does(cognito.delete_group, **named)
    probe.lacks(cognito.get_group, GONE, **named)


def user(probe):
    cognito = probe.client("cognito-idp")
    named = {"UserPoolId": _pool(cognito), "Username": "ada"}
    mail = {"Name": "email", "Value": "ada@example.com"}
    probe.does(cognito.admin_create_user, **named, UserAttributes=[mail], MessageAction="SUPPRESS")
    shown = {"Username": "ada", "UserStatus": "FORCE_CHANGE_PASSWORD", "Enabled": True}
    probe.shows(shown, cognito.admin_get_user, **named)
    probe.shows({"Username": "ada"}, cognito.list_users, "Users.0", UserPoolId=named["UserPoolId"])
    probe.does(cognito.admin_set_user_password, **named, Password="Long-enough-1", Permanent=True)
    probe.shows({"UserStatus": "CONFIRMED"}, cognito.admin_get_user, **named)
    probe.does(cognito.admin_disable_user, **named)
    probe.shows({"Enabled": False}, cognito.admin_get_user, **named)
    probe.does(cognito.admin_enable_user, **named)
    probe.shows({"Enabled": True}, cognito.admin_get_user, **named)
    changed = {"Name": "email", "Value": "a@example.com"}
    probe.does(cognito.admin_update_user_attributes, **named, UserAttributes=[changed])
    attributes = cognito.admin_get_user(**named)["UserAttributes"]
    place = [one["Name"] for one in attributes].index("email")
    probe.shows(changed, cognito.admin_get_user, f"UserAttributes.{place}", **named)
    probe.does(cognito.admin_delete_user, **named)
    probe.lacks(cognito.admin_get_user, "UserNotFoundException", **named)


def settings(probe):
    cognito = probe.client("cognito-idp")
    number = _pool(cognito, UserPoolTier="PLUS", UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"})
    web = cognito.create_user_pool_client(UserPoolId=number, ClientName="web")["UserPoolClient"]["ClientId"]
    risk = {
        "CompromisedCredentialsRiskConfiguration": {"EventFilter": ["SIGN_IN"], "Actions": {"EventAction": "BLOCK"}},
        "AccountTakeoverRiskConfiguration": {
            "Actions": {"HighAction": {"Notify": False, "EventAction": "MFA_IF_CONFIGURED"}}
        },
        "RiskExceptionConfiguration": {"BlockedIPRangeList": ["198.51.100.0/24"]},
    }  # fmt: skip
    probe.does(cognito.set_risk_configuration, UserPoolId=number, **risk)
    shown = {"UserPoolId": number, **risk}
    probe.shows(shown, cognito.describe_risk_configuration, "RiskConfiguration", UserPoolId=number, ClientId=web)
    logs = [
        {"EventSource": "userAuthEvents", "LogLevel": "INFO", "S3Configuration": {"BucketArn": "arn:aws:s3:::of-users"}}
    ]
    probe.does(cognito.set_log_delivery_configuration, UserPoolId=number, LogConfigurations=logs)
    path = "LogDeliveryConfiguration.LogConfigurations"
    probe.shows(logs, cognito.get_log_delivery_configuration, path, UserPoolId=number)
    cognito.create_user_pool_domain(Domain="login", UserPoolId=number)
    css = ".submitButton-customizable {background-color: navy;}"
    probe.does(cognito.set_ui_customization, UserPoolId=number, CSS=css, ImageFile=b"image")
    shown = {"UserPoolId": number, "CSS": css}
    looks = probe.shows(shown, cognito.get_ui_customization, "UICustomization", UserPoolId=number, ClientId=web)
    assert looks["ImageUrl"].endswith("/assets/images/image.jpg")
