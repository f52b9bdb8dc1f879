# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Identity and Access Management refuses."""

from tests.unit.sandbox.identities import (
    ISSUER,
    new_policy,
    new_provider,
    new_role,
    new_user,
    with_groups,
    with_keys,
    with_policy,
    with_profile,
    with_ten,
    with_versions,
)
from tests.unit.sandbox.rule import Rule
from tests.unit.sandbox.rules.iam_policies import allow, trust

API = "https://docs.aws.amazon.com/IAM/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
QUOTAS = f"{GUIDE}/reference_iam-quotas.html"
ACCOUNT = "arn:aws:iam::123456789012"


def _long(length):
    """A policy of about so many characters that are no whitespace."""
    return allow(Resource=[f"arn:aws:s3:::{'a' * 60}/{number}/*" for number in range(length // 75)])


def _external_ids(length):
    return {"StringEquals": {"sts:ExternalId": ["i" * 97] * (length // 100)}}


NAMES_AND_LIMITS = [
    Rule(
        says="a role's name has at most 64 characters",
        page=QUOTAS,
        operation="create_role",
        code="ValidationError",
        refused={"RoleName": "r" * 65, "AssumeRolePolicyDocument": trust()},
        accepted={"RoleName": "r" * 64, "AssumeRolePolicyDocument": trust()},
    ),
    Rule(
        says="a role's name is taken",
        page=f"{API}/API_CreateRole.html",
        operation="create_role",
        code="EntityAlreadyExists",
        given=new_role,
        refused={"RoleName": "app", "AssumeRolePolicyDocument": trust()},
        accepted={"RoleName": "app2", "AssumeRolePolicyDocument": trust()},
    ),
    Rule(
        says="names of roles differ in more than the case of letters",
        page=f"{API}/API_CreateRole.html",
        operation="create_role",
        code="EntityAlreadyExists",
        given=new_role,
        refused={"RoleName": "App", "AssumeRolePolicyDocument": trust()},
        accepted={"RoleName": "Apps", "AssumeRolePolicyDocument": trust()},
    ),
    Rule(
        says="a trust policy has at most 2048 characters",
        page=QUOTAS,
        operation="create_role",
        code="LimitExceeded",
        refused={"RoleName": "app", "AssumeRolePolicyDocument": trust(Condition=_external_ids(2000))},
        accepted={"RoleName": "app", "AssumeRolePolicyDocument": trust(Condition=_external_ids(1800))},
    ),
    Rule(
        says="the policies within a role have at most 10240 characters together",
        page=QUOTAS,
        operation="put_role_policy",
        code="LimitExceeded",
        given=lambda world: (
            new_role(world),
            world.iam.put_role_policy(RoleName="app", PolicyName="one", PolicyDocument=_long(6000)),
        ),
        refused={"RoleName": "app", "PolicyName": "two", "PolicyDocument": _long(6000)},
        accepted={"RoleName": "app", "PolicyName": "one", "PolicyDocument": _long(6500)},
    ),
    Rule(
        says="the policies within a user have at most 2048 characters together",
        page=QUOTAS,
        operation="put_user_policy",
        code="LimitExceeded",
        given=new_user,
        refused={"UserName": "ci", "PolicyName": "two", "PolicyDocument": _long(2500)},
        accepted={"UserName": "ci", "PolicyName": "two", "PolicyDocument": _long(1500)},
    ),
    Rule(
        says="a managed policy has at most 6144 characters",
        page=QUOTAS,
        operation="create_policy",
        code="LimitExceeded",
        refused={"PolicyName": "read", "PolicyDocument": _long(7000)},
        accepted={"PolicyName": "read", "PolicyDocument": _long(5500)},
    ),
    Rule(
        says="a managed policy's name is taken",
        page=f"{API}/API_CreatePolicy.html",
        operation="create_policy",
        code="EntityAlreadyExists",
        given=new_policy,
        refused={"PolicyName": "read", "PolicyDocument": allow()},
        accepted={"PolicyName": "write", "PolicyDocument": allow()},
    ),
    Rule(
        says="a role has at most 10 managed policies",
        page=QUOTAS,
        operation="attach_role_policy",
        code="LimitExceeded",
        given=with_ten,
        refused=lambda world: {"RoleName": "app", "PolicyArn": world.given[10]},
        accepted=lambda world: {"RoleName": "app", "PolicyArn": world.given[9]},
    ),
    Rule(
        says="a managed policy has at most 5 versions",
        page=QUOTAS,
        operation="create_policy_version",
        code="LimitExceeded",
        given=lambda world: (with_versions(world, 5), new_policy(world, "other")),
        refused=lambda world: {"PolicyArn": world.given[0], "PolicyDocument": allow()},
        accepted=lambda world: {"PolicyArn": world.given[1], "PolicyDocument": allow()},
    ),
    Rule(
        says="a user has at most 2 access keys",
        page=QUOTAS,
        operation="create_access_key",
        code="LimitExceeded",
        given=lambda world: with_keys(world, 2),
        refused={"UserName": "ci"},
        accepted={"UserName": "free"},
    ),
    Rule(
        says="a user is in at most 10 groups",
        page=QUOTAS,
        operation="add_user_to_group",
        code="LimitExceeded",
        given=with_groups,
        refused={"GroupName": "g10", "UserName": "ci"},
        accepted={"GroupName": "g9", "UserName": "ci"},
    ),
    Rule(
        says="an instance profile has one role",
        page=QUOTAS,
        operation="add_role_to_instance_profile",
        code="LimitExceeded",
        given=with_profile,
        refused={"InstanceProfileName": "app", "RoleName": "free"},
        accepted={"InstanceProfileName": "free", "RoleName": "free"},
    ),
    Rule(
        says="keys of tags differ in more than the case of letters",
        page=f"{GUIDE}/id_tags.html",
        operation="create_role",
        code="InvalidInput",
        refused={
            "RoleName": "app", "AssumeRolePolicyDocument": trust(),
            "Tags": [{"Key": "Team", "Value": "a"}, {"Key": "team", "Value": "b"}],
        },  # fmt: skip
        accepted={
            "RoleName": "app", "AssumeRolePolicyDocument": trust(),
            "Tags": [{"Key": "Team", "Value": "a"}, {"Key": "teams", "Value": "b"}],
        },  # fmt: skip
    ),
]

REFERENCES = [
    Rule(
        says="a policy that is attached exists",
        page=f"{API}/API_AttachRolePolicy.html",
        operation="attach_role_policy",
        code="NoSuchEntity",
        given=new_role,
        refused={"RoleName": "app", "PolicyArn": "arn:aws:iam::aws:policy/AmazonNoSuchPolicy"},
        accepted={"RoleName": "app", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    ),
    Rule(
        says="a policy that is detached is attached",
        page=f"{API}/API_DetachRolePolicy.html",
        operation="detach_role_policy",
        code="NoSuchEntity",
        given=lambda world: (with_policy(world), new_policy(world, "other")),
        refused=lambda world: {"RoleName": "app", "PolicyArn": world.given[1]},
        accepted=lambda world: {"RoleName": "app", "PolicyArn": world.given[0]},
    ),
    Rule(
        says="a permissions boundary exists",
        page=f"{API}/API_PutRolePermissionsBoundary.html",
        operation="put_role_permissions_boundary",
        code="NoSuchEntity",
        given=lambda world: (new_role(world), new_policy(world)),
        refused={"RoleName": "app", "PermissionsBoundary": f"{ACCOUNT}:policy/nowhere"},
        accepted=lambda world: {"RoleName": "app", "PermissionsBoundary": world.given[1]},
    ),
    Rule(
        says="a role is created with a permissions boundary that exists",
        page=f"{API}/API_CreateRole.html",
        operation="create_role",
        code="NoSuchEntity",
        given=new_policy,
        refused={
            "RoleName": "app", "AssumeRolePolicyDocument": trust(),
            "PermissionsBoundary": f"{ACCOUNT}:policy/nowhere",
        },  # fmt: skip
        accepted=lambda world: {
            "RoleName": "app", "AssumeRolePolicyDocument": trust(), "PermissionsBoundary": world.given
        },  # fmt: skip
    ),
    Rule(
        says="a policy of AWS is not changed",
        page=f"{GUIDE}/access_policies_managed-vs-inline.html",
        operation="create_policy_version",
        code="AccessDenied",
        given=new_policy,
        refused={"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "PolicyDocument": allow()},
        accepted=lambda world: {"PolicyArn": world.given, "PolicyDocument": allow()},
    ),
]

PROVIDERS = [
    Rule(
        says="an OIDC provider's issuer is taken",
        page=f"{API}/API_CreateOpenIDConnectProvider.html",
        operation="create_open_id_connect_provider",
        code="EntityAlreadyExists",
        given=new_provider,
        refused={"Url": ISSUER},
        accepted={"Url": "https://gitlab.com"},
    ),
    Rule(
        says="an OIDC provider's issuer is a URL with https",
        page=f"{API}/API_CreateOpenIDConnectProvider.html",
        operation="create_open_id_connect_provider",
        code="ValidationError",
        refused={"Url": "http://gitlab.com"},
        accepted={"Url": "https://gitlab.com"},
    ),
    Rule(
        says="an OIDC provider has at most 100 clients",
        page=QUOTAS,
        operation="create_open_id_connect_provider",
        code="LimitExceeded",
        refused={"Url": ISSUER, "ClientIDList": [f"client-{number}" for number in range(101)]},
        accepted={"Url": ISSUER, "ClientIDList": [f"client-{number}" for number in range(100)]},
    ),
    Rule(
        says="an OIDC provider gets clients once it exists",
        page=f"{API}/API_AddClientIDToOpenIDConnectProvider.html",
        operation="add_client_id_to_open_id_connect_provider",
        code="NoSuchEntity",
        given=new_provider,
        refused={"OpenIDConnectProviderArn": f"{ACCOUNT}:oidc-provider/gitlab.com", "ClientID": "one"},
        accepted=lambda world: {"OpenIDConnectProviderArn": world.given, "ClientID": "one"},
    ),
    Rule(
        says="a password keeps to the account's policy",
        page=f"{GUIDE}/id_credentials_passwords_account-policy.html",
        operation="create_login_profile",
        code="PasswordPolicyViolation",
        given=lambda world: (new_user(world), world.iam.update_account_password_policy(MinimumPasswordLength=14)),
        refused={"UserName": "ci", "Password": "short-1A"},
        accepted={"UserName": "ci", "Password": "long-enough-1A-and-more"},
    ),
]

SERVICE = "iam"
RULES = [*NAMES_AND_LIMITS, *REFERENCES, *PROVIDERS]
