# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon Cognito user pools refuse."""

import json

from tests.unit.sandbox.issued import certificate
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/cognito/latest/developerguide"


def _pool(world, name="users", **more):
    return world.cognito_idp.create_user_pool(PoolName=name, **more)["UserPool"]["Id"]


def _role(world, name, service):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return world.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]


def _roles(world):
    return _role(world, "other", "ecs-tasks.amazonaws.com"), _role(world, "sms", "cognito-idp.amazonaws.com")


def _with_domain(world):
    pool = _pool(world)
    world.cognito_idp.create_user_pool_domain(Domain="one", UserPoolId=pool)
    return pool


def of_pool(says, operation, refused, accepted, code="InvalidParameterException", page=None, given=_pool):
    """A rule of a request about the pool that is given."""

    def request(values):
        return lambda world: {"UserPoolId": world.given, **values}

    return Rule(
        says=says, page=page or f"{API}/API_{operation.title().replace('_', '')}.html", operation=operation, code=code,
        given=given, refused=request(refused), accepted=request(accepted),
    )  # fmt: skip


POOLS = [
    Rule(
        says="a user signs in by aliases or by an address, not by both",
        page=f"{GUIDE}/user-pool-settings-attributes.html",
        operation="create_user_pool",
        code="InvalidParameterException",
        refused={"PoolName": "users", "AliasAttributes": ["email"], "UsernameAttributes": ["email"]},
        accepted={"PoolName": "users", "UsernameAttributes": ["email"]},
    ),
    Rule(
        says="a custom attribute is not required",
        page=f"{GUIDE}/user-pool-settings-attributes.html",
        operation="create_user_pool",
        code="InvalidParameterException",
        refused={"PoolName": "users", "Schema": [{"Name": "a", "AttributeDataType": "String", "Required": True}]},
        accepted={"PoolName": "users", "Schema": [{"Name": "email", "AttributeDataType": "String", "Required": True}]},
    ),
    Rule(
        says="threat protection needs the PLUS plan",
        page=f"{GUIDE}/cognito-sign-in-feature-plans.html",
        operation="create_user_pool",
        code="FeatureUnavailableInTierException",
        refused={"PoolName": "users", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}},
        accepted={"PoolName": "users", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}, "UserPoolTier": "PLUS"},
    ),
    Rule(
        says="a history of passwords needs more than the LITE plan",
        page=f"{GUIDE}/cognito-sign-in-feature-plans.html",
        operation="create_user_pool",
        code="FeatureUnavailableInTierException",
        refused={
            "PoolName": "users",
            "UserPoolTier": "LITE",
            "Policies": {"PasswordPolicy": {"PasswordHistorySize": 5}},
        },
        accepted={"PoolName": "users", "Policies": {"PasswordPolicy": {"PasswordHistorySize": 5}}},
    ),
    Rule(
        says="mail from an own address needs that address",
        page=f"{API}/API_EmailConfigurationType.html",
        operation="create_user_pool",
        code="InvalidParameterException",
        refused={"PoolName": "users", "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}},
        accepted={
            "PoolName": "users",
            "EmailConfiguration": {
                "EmailSendingAccount": "DEVELOPER",
                "SourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/example.com",
            },
        },
    ),
    Rule(
        says="recovery by an administrator is no choice among others",
        page=f"{API}/API_RecoveryOptionType.html",
        operation="create_user_pool",
        code="InvalidParameterException",
        refused={
            "PoolName": "users",
            "AccountRecoverySetting": {
                "RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}, {"Priority": 2, "Name": "verified_email"}]
            },
        },
        accepted={
            "PoolName": "users",
            "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]},
        },
    ),
    Rule(
        says="the role that sends text messages trusts Cognito",
        page=f"{API}/API_CreateUserPool.html",
        operation="create_user_pool",
        code="InvalidSmsRoleTrustRelationshipException",
        given=_roles,
        refused=lambda world: {"PoolName": "users", "SmsConfiguration": {"SnsCallerArn": world.given[0]}},
        accepted=lambda world: {"PoolName": "users", "SmsConfiguration": {"SnsCallerArn": world.given[1]}},
    ),
    Rule(
        says="a pool that is protected is not deleted",
        page=f"{GUIDE}/user-pool-settings-deletion-protection.html",
        operation="delete_user_pool",
        code="InvalidParameterException",
        given=lambda world: (_pool(world, DeletionProtection="ACTIVE"), _pool(world, "others")),
        refused=lambda world: {"UserPoolId": world.given[0]},
        accepted=lambda world: {"UserPoolId": world.given[1]},
    ),
    Rule(
        says="a pool with a domain is not deleted",
        page=f"{GUIDE}/tutorial-cleanup-tutorial.html",
        operation="delete_user_pool",
        code="InvalidParameterException",
        given=lambda world: (_with_domain(world), _pool(world, "others")),
        refused=lambda world: {"UserPoolId": world.given[0]},
        accepted=lambda world: {"UserPoolId": world.given[1]},
    ),
    of_pool(
        "an attribute is added once",
        "add_custom_attributes",
        {"CustomAttributes": [{"Name": "team", "AttributeDataType": "String"}]},
        {"CustomAttributes": [{"Name": "city", "AttributeDataType": "String"}]},
        given=lambda world: _pool(world, Schema=[{"Name": "team", "AttributeDataType": "String"}]),
    ),
    of_pool(
        "MFA needs a second factor",
        "set_user_pool_mfa_config",
        {"MfaConfiguration": "ON"},
        {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}},
    ),
    of_pool(
        "codes by e-mail need an own address to send from",
        "set_user_pool_mfa_config",
        {"MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": {"Subject": "code"}},
        {"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": True}},
        page=f"{GUIDE}/user-pool-settings-mfa-sms-email-message.html",
    ),
]

DOMAINS = [
    of_pool(
        "the prefix of a domain has none of AWS's words",
        "create_user_pool_domain",
        {"Domain": "my-cognito-login"},
        {"Domain": "my-login"},
        page=f"{GUIDE}/cognito-user-pools-assign-domain-prefix.html",
    ),
    Rule(
        says="the prefix of a domain is taken by another account",
        page=f"{GUIDE}/cognito-user-pools-assign-domain-prefix.html",
        operation="create_user_pool_domain",
        code="InvalidParameterException",
        given=lambda world: (
            _pool(world),
            _other_account(world).create_user_pool_domain(
                Domain="taken", UserPoolId=_other_account(world).create_user_pool(PoolName="theirs")["UserPool"]["Id"]
            ),
        ),
        refused=lambda world: {"UserPoolId": world.given[0], "Domain": "taken"},
        accepted=lambda world: {"UserPoolId": world.given[0], "Domain": "free"},
    ),
    Rule(
        says="a pool has one domain with a prefix",
        page=f"{GUIDE}/cognito-user-pools-assign-domain.html",
        operation="create_user_pool_domain",
        code="InvalidParameterException",
        given=lambda world: (_with_domain(world), _pool(world, "others")),
        refused=lambda world: {"UserPoolId": world.given[0], "Domain": "two"},
        accepted=lambda world: {"UserPoolId": world.given[1], "Domain": "two"},
    ),
    Rule(
        says="the certificate of a domain is one of us-east-1",
        page=f"{GUIDE}/cognito-user-pools-add-custom-domain.html",
        operation="create_user_pool_domain",
        code="InvalidParameterException",
        given=lambda world: (_pool(world), certificate(world.sandbox)),
        refused=lambda world: {
            "UserPoolId": world.given[0],
            "Domain": "auth.example.com",
            "CustomDomainConfig": {"CertificateArn": world.given[1].replace("us-east-1", "eu-central-1")},
        },
        accepted=lambda world: {
            "UserPoolId": world.given[0],
            "Domain": "auth.example.com",
            "CustomDomainConfig": {"CertificateArn": world.given[1]},
        },
    ),
]

PARTS = [
    of_pool(
        "a group's name is taken",
        "create_group",
        {"GroupName": "admins"},
        {"GroupName": "readers"},
        code="GroupExistsException",
        given=lambda world: _with(world, "create_group", GroupName="admins"),
    ),
    of_pool(
        "a resource server's identifier is taken",
        "create_resource_server",
        {"Identifier": "api", "Name": "two"},
        {"Identifier": "api2", "Name": "two"},
        given=lambda world: _with(world, "create_resource_server", Identifier="api", Name="one"),
    ),
    of_pool(
        "a resource server that is updated exists",
        "update_resource_server",
        {"Identifier": "nowhere", "Name": "two"},
        {"Identifier": "api", "Name": "two"},
        code="ResourceNotFoundException",
        given=lambda world: _with(world, "create_resource_server", Identifier="api", Name="one"),
    ),
    of_pool(
        "an identity provider has what it takes to ask it",
        "create_identity_provider",
        {"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": {"client_id": "a"}},
        {
            "ProviderName": "Google",
            "ProviderType": "Google",
            "ProviderDetails": {"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"},
        },
    ),
    of_pool(
        "an identity provider's name is taken",
        "create_identity_provider",
        {
            "ProviderName": "Google",
            "ProviderType": "Google",
            "ProviderDetails": {"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"},
        },
        {
            "ProviderName": "Facebook",
            "ProviderType": "Facebook",
            "ProviderDetails": {"client_id": "a", "client_secret": "b", "authorize_scopes": "email"},
        },
        code="DuplicateProviderException",
        given=lambda world: _with(
            world,
            "create_identity_provider",
            ProviderName="Google",
            ProviderType="Google",
            ProviderDetails={"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"},
        ),
    ),
    Rule(
        says="risks are handled where threat protection is on",
        page=f"{API}/API_SetRiskConfiguration.html",
        operation="set_risk_configuration",
        code="UserPoolAddOnNotEnabledException",
        given=lambda world: (
            _pool(world),
            _pool(world, UserPoolTier="PLUS", UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"}),
        ),
        refused=lambda world: {"UserPoolId": world.given[0], "RiskExceptionConfiguration": {}},
        accepted=lambda world: {"UserPoolId": world.given[1], "RiskExceptionConfiguration": {}},
    ),
    Rule(
        says="the sign-in pages that are styled have a domain",
        page=f"{API}/API_SetUICustomization.html",
        operation="set_ui_customization",
        code="InvalidParameterException",
        given=lambda world: (_pool(world), _with_domain(world)),
        refused=lambda world: {"UserPoolId": world.given[0], "CSS": ".label-customizable {}"},
        accepted=lambda world: {"UserPoolId": world.given[1], "CSS": ".label-customizable {}"},
    ),
    Rule(
        says="what users do is logged with the PLUS plan",
        page=f"{API}/API_SetLogDeliveryConfiguration.html",
        operation="set_log_delivery_configuration",
        code="FeatureUnavailableInTierException",
        given=lambda world: (_pool(world), _pool(world, UserPoolTier="PLUS")),
        refused=lambda world: {"UserPoolId": world.given[0], "LogConfigurations": [_log("userAuthEvents", "INFO")]},
        accepted=lambda world: {"UserPoolId": world.given[1], "LogConfigurations": [_log("userAuthEvents", "INFO")]},
    ),
    of_pool(
        "messages are logged when they fail",
        "set_log_delivery_configuration",
        {"LogConfigurations": [{"EventSource": "userNotification", "LogLevel": "INFO"}]},
        {
            "LogConfigurations": [
                {
                    "EventSource": "userNotification",
                    "LogLevel": "ERROR",
                    "CloudWatchLogsConfiguration": {
                        "LogGroupArn": "arn:aws:logs:eu-central-1:123456789012:log-group:users"
                    },
                }
            ]
        },
        page=f"{API}/API_LogConfigurationType.html",
    ),
]


def _other_account(world):
    return world.sandbox.client("cognito-idp", account="222222222222")


def _with(world, operation, **parameters):
    pool = _pool(world)
    getattr(world.cognito_idp, operation)(UserPoolId=pool, **parameters)
    return pool


def _log(source, level):
    bucket = {"S3Configuration": {"BucketArn": "arn:aws:s3:::logs-of-users"}}
    return {"EventSource": source, "LogLevel": level, **bucket}


SERVICE = "cognito-idp"
RULES = [*POOLS, *DOMAINS, *PARTS]
