# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Identity and Access Management refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/IAM/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
QUOTAS = f"{GUIDE}/reference_iam-quotas.html"
ELEMENTS = f"{GUIDE}/reference_policies_elements"
ACCOUNT = "arn:aws:iam::123456789012"
ISSUER = "https://token.actions.githubusercontent.com"


def _policy(*statements, version="2012-10-17"):
    return json.dumps({"Version": version, "Statement": list(statements)})


def _trust(principal=None, action="sts:AssumeRole", **more):
    principal = principal or {"Service": "ecs-tasks.amazonaws.com"}
    return _policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def _allow(**changes):
    return _policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} | changes)


def _long(length):
    """A policy of about so many characters that are no whitespace."""
    return _allow(Resource=[f"arn:aws:s3:::{'a' * 60}/{number}/*" for number in range(length // 75)])


def _external_ids(length):
    return {"StringEquals": {"sts:ExternalId": ["i" * 97] * (length // 100)}}


def _role(world, name="app", **more):
    return world.iam.create_role(RoleName=name, AssumeRolePolicyDocument=_trust(), **more)["Role"]


def _managed(world, name="read", document=None):
    return world.iam.create_policy(PolicyName=name, PolicyDocument=document or _allow())["Policy"]["Arn"]


def _with_policy(world):
    _role(world)
    arn = _managed(world)
    world.iam.attach_role_policy(RoleName="app", PolicyArn=arn)
    return arn


def _with_profile(world):
    _role(world)
    _role(world, "free")
    world.iam.create_instance_profile(InstanceProfileName="app")
    world.iam.create_instance_profile(InstanceProfileName="free")
    world.iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")


def _with_inline(world):
    _role(world)
    _role(world, "free")
    world.iam.put_role_policy(RoleName="app", PolicyName="one", PolicyDocument=_allow())


def _with_ten(world):
    _role(world)
    arns = [_managed(world, f"p{number}") for number in range(11)]
    for arn in arns[:10]:
        world.iam.attach_role_policy(RoleName="app", PolicyArn=arn)
    return arns


def _with_versions(world, count):
    arn = _managed(world)
    for number in range(count - 1):
        world.iam.create_policy_version(PolicyArn=arn, PolicyDocument=_allow(Action=f"s3:Get{number}"))
    return arn


def _user(world, name="ci"):
    world.iam.create_user(UserName=name)
    return name


def _with_keys(world, count):
    _user(world)
    _user(world, "free")
    return [world.iam.create_access_key(UserName="ci")["AccessKey"]["AccessKeyId"] for _ in range(count)]


def _with_group(world):
    _user(world)
    world.iam.create_group(GroupName="team")
    world.iam.create_group(GroupName="free")
    world.iam.add_user_to_group(GroupName="team", UserName="ci")


def _with_groups(world):
    _user(world)
    for number in range(11):
        world.iam.create_group(GroupName=f"g{number}")
    for number in range(10):
        world.iam.add_user_to_group(GroupName=f"g{number}", UserName="ci")


def _provider(world):
    return world.iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["sts.amazonaws.com"])[
        "OpenIDConnectProviderArn"
    ]


def _linked(world):
    return world.iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")["Role"]["RoleName"]


def _inline(document, accepted=None, **rule):
    """A rule on the grammar of a role's policy."""
    request = {"RoleName": "app", "PolicyName": "one"}
    return Rule(
        operation="put_role_policy",
        code="MalformedPolicyDocument",
        given=_role,
        refused={**request, "PolicyDocument": document},
        accepted={**request, "PolicyDocument": accepted or _allow()},
        **rule,
    )


def _trusting(document, accepted=None, **rule):
    """A rule on the grammar of a trust policy."""
    return Rule(
        operation="create_role",
        code="MalformedPolicyDocument",
        refused={"RoleName": "app", "AssumeRolePolicyDocument": document},
        accepted={"RoleName": "app", "AssumeRolePolicyDocument": accepted or _trust()},
        **rule,
    )


GRAMMAR = [
    _inline("{", says="a policy is JSON", page=f"{GUIDE}/reference_policies_grammar.html"),
    _inline(
        _allow(Effect="Maybe"),
        says="an effect is Allow or Deny",
        page=f"{ELEMENTS}_effect.html",
        accepted=_allow(Effect="Deny"),
    ),
    _inline(
        _policy({"Effect": "Allow", "Resource": "*"}),
        says="a statement has an Action or a NotAction",
        page=f"{ELEMENTS}_action.html",
        accepted=_policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    ),
    _inline(
        _policy({"Effect": "Allow", "Action": "s3:*"}),
        says="a statement of an identity's policy has a Resource or a NotResource",
        page=f"{ELEMENTS}_resource.html",
    ),
    _inline(
        _policy({"Effect": "Allow", "Action": "s3:*", "NotAction": "iam:*", "Resource": "*"}),
        says="a statement has one of Action and NotAction",
        page=f"{ELEMENTS}_notaction.html",
    ),
    _inline(_allow(Principal="*"), says="an identity's policy names no principal", page=f"{ELEMENTS}_principal.html"),
    _inline(
        _allow(Action="GetObject"),
        says="an action begins with the prefix of a service",
        page=f"{ELEMENTS}_action.html",
        accepted=_allow(Action="nosuchservice:GetObject"),
    ),
    _inline(
        _allow(Resource="my-bucket"),
        says="a resource is an ARN or *",
        page=f"{ELEMENTS}_resource.html",
        accepted=_allow(Resource="arn:aws:s3:::my-bucket"),
    ),
    _inline(
        _allow(Sid="read objects"),
        says="a Sid has letters and digits only",
        page=f"{ELEMENTS}_sid.html",
        accepted=_allow(Sid="ReadObjects"),
    ),
    _inline(
        _policy(*(json.loads(_allow(Sid="Same"))["Statement"] * 2)),
        says="a Sid is unique in its policy",
        page=f"{ELEMENTS}_sid.html",
    ),
    _inline(
        _allow(Condition={"StringLooksLike": {"aws:PrincipalTag/a": "b"}}),
        says="a condition has a known operator",
        page=f"{ELEMENTS}_condition_operators.html",
        accepted=_allow(Condition={"StringLike": {"aws:PrincipalTag/a": "b"}}),
    ),
    _inline(
        json.dumps({"Version": "2020-01-01", "Statement": json.loads(_allow())["Statement"]}),
        says="the version of the policy language is one of two",
        page=f"{ELEMENTS}_version.html",
    ),
]

TRUST = [
    _trusting("trust", says="a trust policy is JSON", page=f"{API}/API_CreateRole.html"),
    _trusting(
        _trust(Resource="*"),
        says="a trust policy names no resource",
        page=f"{GUIDE}/reference_policies_elements_resource.html",
    ),
    _trusting(
        _policy({"Effect": "Allow", "Action": "sts:AssumeRole"}),
        says="a trust policy names whom it trusts",
        page=f"{ELEMENTS}_principal.html",
    ),
    _trusting(
        _trust(action="s3:GetObject"),
        says="a trust policy is about assuming the role",
        page=f"{GUIDE}/reference_policies_elements_action.html",
        accepted=_trust(action=["sts:AssumeRole", "sts:TagSession"]),
    ),
    _trusting(
        _trust({"AWS": f"{ACCOUNT}:role/nobody"}),
        says="a role that a trust policy trusts exists",
        page=f"{GUIDE}/troubleshoot_policies.html",
        accepted=_trust({"AWS": f"{ACCOUNT}:root"}),
    ),
    _trusting(
        _trust({"AWS": "somebody"}),
        says="an AWS principal is an ARN, an account or *",
        page=f"{ELEMENTS}_principal.html",
        accepted=_trust({"AWS": "123456789012"}),
    ),
    _trusting(
        _trust({"Service": "ecs-tasks"}),
        says="a service principal is a host name of AWS",
        page=f"{ELEMENTS}_principal.html",
    ),
    _trusting(
        _trust({"Robot": "ecs-tasks.amazonaws.com"}),
        says="a principal is of one of four kinds",
        page=f"{ELEMENTS}_principal.html",
    ),
]

NAMES_AND_LIMITS = [
    Rule(
        says="a role's name has at most 64 characters",
        page=QUOTAS,
        operation="create_role",
        code="ValidationError",
        refused={"RoleName": "r" * 65, "AssumeRolePolicyDocument": _trust()},
        accepted={"RoleName": "r" * 64, "AssumeRolePolicyDocument": _trust()},
    ),
    Rule(
        says="a role's name is taken",
        page=f"{API}/API_CreateRole.html",
        operation="create_role",
        code="EntityAlreadyExists",
        given=_role,
        refused={"RoleName": "app", "AssumeRolePolicyDocument": _trust()},
        accepted={"RoleName": "app2", "AssumeRolePolicyDocument": _trust()},
    ),
    Rule(
        says="names of roles differ in more than the case of letters",
        page=f"{API}/API_CreateRole.html",
        operation="create_role",
        code="EntityAlreadyExists",
        given=_role,
        refused={"RoleName": "App", "AssumeRolePolicyDocument": _trust()},
        accepted={"RoleName": "Apps", "AssumeRolePolicyDocument": _trust()},
    ),
    Rule(
        says="a trust policy has at most 2048 characters",
        page=QUOTAS,
        operation="create_role",
        code="LimitExceeded",
        refused={"RoleName": "app", "AssumeRolePolicyDocument": _trust(Condition=_external_ids(2000))},
        accepted={"RoleName": "app", "AssumeRolePolicyDocument": _trust(Condition=_external_ids(1800))},
    ),
    Rule(
        says="the policies within a role have at most 10240 characters together",
        page=QUOTAS,
        operation="put_role_policy",
        code="LimitExceeded",
        given=lambda world: (
            _role(world),
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
        given=_user,
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
        given=_managed,
        refused={"PolicyName": "read", "PolicyDocument": _allow()},
        accepted={"PolicyName": "write", "PolicyDocument": _allow()},
    ),
    Rule(
        says="a role has at most 10 managed policies",
        page=QUOTAS,
        operation="attach_role_policy",
        code="LimitExceeded",
        given=_with_ten,
        refused=lambda world: {"RoleName": "app", "PolicyArn": world.given[10]},
        accepted=lambda world: {"RoleName": "app", "PolicyArn": world.given[9]},
    ),
    Rule(
        says="a managed policy has at most 5 versions",
        page=QUOTAS,
        operation="create_policy_version",
        code="LimitExceeded",
        given=lambda world: (_with_versions(world, 5), _managed(world, "other")),
        refused=lambda world: {"PolicyArn": world.given[0], "PolicyDocument": _allow()},
        accepted=lambda world: {"PolicyArn": world.given[1], "PolicyDocument": _allow()},
    ),
    Rule(
        says="a user has at most 2 access keys",
        page=QUOTAS,
        operation="create_access_key",
        code="LimitExceeded",
        given=lambda world: _with_keys(world, 2),
        refused={"UserName": "ci"},
        accepted={"UserName": "free"},
    ),
    Rule(
        says="a user is in at most 10 groups",
        page=QUOTAS,
        operation="add_user_to_group",
        code="LimitExceeded",
        given=_with_groups,
        refused={"GroupName": "g10", "UserName": "ci"},
        accepted={"GroupName": "g9", "UserName": "ci"},
    ),
    Rule(
        says="an instance profile has one role",
        page=QUOTAS,
        operation="add_role_to_instance_profile",
        code="LimitExceeded",
        given=_with_profile,
        refused={"InstanceProfileName": "app", "RoleName": "free"},
        accepted={"InstanceProfileName": "free", "RoleName": "free"},
    ),
    Rule(
        says="keys of tags differ in more than the case of letters",
        page=f"{GUIDE}/id_tags.html",
        operation="create_role",
        code="InvalidInput",
        refused={
            "RoleName": "app", "AssumeRolePolicyDocument": _trust(),
            "Tags": [{"Key": "Team", "Value": "a"}, {"Key": "team", "Value": "b"}],
        },  # fmt: skip
        accepted={
            "RoleName": "app", "AssumeRolePolicyDocument": _trust(),
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
        given=_role,
        refused={"RoleName": "app", "PolicyArn": "arn:aws:iam::aws:policy/AmazonNoSuchPolicy"},
        accepted={"RoleName": "app", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    ),
    Rule(
        says="a policy that is detached is attached",
        page=f"{API}/API_DetachRolePolicy.html",
        operation="detach_role_policy",
        code="NoSuchEntity",
        given=lambda world: (_with_policy(world), _managed(world, "other")),
        refused=lambda world: {"RoleName": "app", "PolicyArn": world.given[1]},
        accepted=lambda world: {"RoleName": "app", "PolicyArn": world.given[0]},
    ),
    Rule(
        says="a permissions boundary exists",
        page=f"{API}/API_PutRolePermissionsBoundary.html",
        operation="put_role_permissions_boundary",
        code="NoSuchEntity",
        given=lambda world: (_role(world), _managed(world)),
        refused={"RoleName": "app", "PermissionsBoundary": f"{ACCOUNT}:policy/nowhere"},
        accepted=lambda world: {"RoleName": "app", "PermissionsBoundary": world.given[1]},
    ),
    Rule(
        says="a role is created with a permissions boundary that exists",
        page=f"{API}/API_CreateRole.html",
        operation="create_role",
        code="NoSuchEntity",
        given=_managed,
        refused={
            "RoleName": "app", "AssumeRolePolicyDocument": _trust(),
            "PermissionsBoundary": f"{ACCOUNT}:policy/nowhere",
        },  # fmt: skip
        accepted=lambda world: {
            "RoleName": "app", "AssumeRolePolicyDocument": _trust(), "PermissionsBoundary": world.given
        },  # fmt: skip
    ),
    Rule(
        says="a policy of AWS is not changed",
        page=f"{GUIDE}/access_policies_managed-vs-inline.html",
        operation="create_policy_version",
        code="AccessDenied",
        given=_managed,
        refused={"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "PolicyDocument": _allow()},
        accepted=lambda world: {"PolicyArn": world.given, "PolicyDocument": _allow()},
    ),
]

DELETES = [
    Rule(
        says="a role with managed policies is not deleted",
        page=f"{API}/API_DeleteRole.html",
        operation="delete_role",
        code="DeleteConflict",
        given=lambda world: (_with_policy(world), _role(world, "free")),
        refused={"RoleName": "app"},
        accepted={"RoleName": "free"},
    ),
    Rule(
        says="a role with policies of its own is not deleted",
        page=f"{API}/API_DeleteRole.html",
        operation="delete_role",
        code="DeleteConflict",
        given=_with_inline,
        refused={"RoleName": "app"},
        accepted={"RoleName": "free"},
    ),
    Rule(
        says="a role in an instance profile is not deleted",
        page=f"{API}/API_DeleteRole.html",
        operation="delete_role",
        code="DeleteConflict",
        given=_with_profile,
        refused={"RoleName": "app"},
        accepted={"RoleName": "free"},
    ),
    Rule(
        says="an instance profile with a role is not deleted",
        page=f"{API}/API_DeleteInstanceProfile.html",
        operation="delete_instance_profile",
        code="DeleteConflict",
        given=_with_profile,
        refused={"InstanceProfileName": "app"},
        accepted={"InstanceProfileName": "free"},
    ),
    Rule(
        says="a policy that is attached is not deleted",
        page=f"{API}/API_DeletePolicy.html",
        operation="delete_policy",
        code="DeleteConflict",
        given=lambda world: (_with_policy(world), _managed(world, "other")),
        refused=lambda world: {"PolicyArn": world.given[0]},
        accepted=lambda world: {"PolicyArn": world.given[1]},
    ),
    Rule(
        says="a policy with several versions is not deleted",
        page=f"{API}/API_DeletePolicy.html",
        operation="delete_policy",
        code="DeleteConflict",
        given=lambda world: (_with_versions(world, 2), _managed(world, "other")),
        refused=lambda world: {"PolicyArn": world.given[0]},
        accepted=lambda world: {"PolicyArn": world.given[1]},
    ),
    Rule(
        says="the default version of a policy is not deleted",
        page=f"{API}/API_DeletePolicyVersion.html",
        operation="delete_policy_version",
        code="DeleteConflict",
        given=lambda world: _with_versions(world, 2),
        refused=lambda world: {"PolicyArn": world.given, "VersionId": "v1"},
        accepted=lambda world: {"PolicyArn": world.given, "VersionId": "v2"},
    ),
    Rule(
        says="a user with access keys is not deleted",
        page=f"{API}/API_DeleteUser.html",
        operation="delete_user",
        code="DeleteConflict",
        given=lambda world: _with_keys(world, 1),
        refused={"UserName": "ci"},
        accepted={"UserName": "free"},
    ),
    Rule(
        says="a user in a group is not deleted",
        page=f"{API}/API_DeleteUser.html",
        operation="delete_user",
        code="DeleteConflict",
        given=lambda world: (_with_group(world), _user(world, "free")),
        refused={"UserName": "ci"},
        accepted={"UserName": "free"},
    ),
    Rule(
        says="a group with users is not deleted",
        page=f"{API}/API_DeleteGroup.html",
        operation="delete_group",
        code="DeleteConflict",
        given=_with_group,
        refused={"GroupName": "team"},
        accepted={"GroupName": "free"},
    ),
    Rule(
        says="a role of a service is deleted by its own operation",
        page=f"{GUIDE}/id_roles_create-service-linked-role.html",
        operation="delete_role",
        code="UnmodifiableEntity",
        given=lambda world: (_linked(world), _role(world)),
        refused=lambda world: {"RoleName": world.given[0]},
        accepted={"RoleName": "app"},
    ),
    Rule(
        says="a role of a service takes no other policies",
        page=f"{GUIDE}/id_roles_create-service-linked-role.html",
        operation="put_role_policy",
        code="UnmodifiableEntity",
        given=lambda world: (_linked(world), _role(world)),
        refused=lambda world: {"RoleName": world.given[0], "PolicyName": "one", "PolicyDocument": _allow()},
        accepted={"RoleName": "app", "PolicyName": "one", "PolicyDocument": _allow()},
    ),
    Rule(
        says="a service has its role once",
        page=f"{API}/API_CreateServiceLinkedRole.html",
        operation="create_service_linked_role",
        code="InvalidInput",
        given=_linked,
        refused={"AWSServiceName": "ecs.amazonaws.com"},
        accepted={"AWSServiceName": "rds.amazonaws.com"},
    ),
]

PROVIDERS = [
    Rule(
        says="an OIDC provider's issuer is taken",
        page=f"{API}/API_CreateOpenIDConnectProvider.html",
        operation="create_open_id_connect_provider",
        code="EntityAlreadyExists",
        given=_provider,
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
        given=_provider,
        refused={"OpenIDConnectProviderArn": f"{ACCOUNT}:oidc-provider/gitlab.com", "ClientID": "one"},
        accepted=lambda world: {"OpenIDConnectProviderArn": world.given, "ClientID": "one"},
    ),
    Rule(
        says="a password keeps to the account's policy",
        page=f"{GUIDE}/id_credentials_passwords_account-policy.html",
        operation="create_login_profile",
        code="PasswordPolicyViolation",
        given=lambda world: (_user(world), world.iam.update_account_password_policy(MinimumPasswordLength=14)),
        refused={"UserName": "ci", "Password": "short-1A"},
        accepted={"UserName": "ci", "Password": "long-enough-1A-and-more"},
    ),
]

SERVICE = "iam"
RULES = [*GRAMMAR, *TRUST, *NAMES_AND_LIMITS, *REFERENCES, *DELETES, *PROVIDERS]
