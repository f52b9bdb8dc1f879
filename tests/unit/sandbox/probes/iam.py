# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what AWS Identity and Access Management has."""

import json

A_TAG = [{"Key": "a", "Value": "b"}]
NONE = "NoSuchEntity"
ISSUER = "token.actions.githubusercontent.com"


def _policy(action="s3:GetObject", **more):
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _trust(service="ecs-tasks.amazonaws.com"):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _role(iam, name="app"):
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_trust()))["Role"]["Arn"]


def _managed(iam, name="read", document=None):
    return iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(document or _policy()))["Policy"]["Arn"]


def role(probe):
    iam = probe.client("iam")
    wanted = {"RoleName": "app", "Path": "/platform/", "Description": "runs", "MaxSessionDuration": 7200}
    probe.does(iam.create_role, **wanted, AssumeRolePolicyDocument=json.dumps(_trust()), Tags=A_TAG)
    shown = {**wanted, "AssumeRolePolicyDocument": _trust(), "Tags": A_TAG}
    arn = probe.shows(shown, iam.get_role, "Role", RoleName="app")["Arn"]
    probe.shows({"Arn": arn, "Path": "/platform/"}, iam.list_roles, "Roles.0", PathPrefix="/platform/")
    probe.does(iam.update_role, RoleName="app", Description="walks", MaxSessionDuration=3600)
    probe.shows({"Description": "walks", "MaxSessionDuration": 3600}, iam.get_role, "Role", RoleName="app")
    probe.does(iam.update_role_description, RoleName="app", Description="rests")
    probe.shows({"Description": "rests"}, iam.get_role, "Role", RoleName="app")
    other = _trust("ec2.amazonaws.com")
    probe.does(iam.update_assume_role_policy, RoleName="app", PolicyDocument=json.dumps(other))
    probe.shows({"AssumeRolePolicyDocument": other}, iam.get_role, "Role", RoleName="app")
    probe.does(iam.tag_role, RoleName="app", Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*A_TAG, {"Key": "c", "Value": "d"}], iam.list_role_tags, "Tags", RoleName="app")
    probe.does(iam.untag_role, RoleName="app", TagKeys=["c"])
    probe.shows(A_TAG, iam.list_role_tags, "Tags", RoleName="app")
    probe.does(iam.delete_role, RoleName="app")
    probe.lacks(iam.get_role, NONE, RoleName="app")


def policies_of_a_role(probe):
    iam = probe.client("iam")
    _role(iam)
    probe.does(iam.put_role_policy, RoleName="app", PolicyName="in", PolicyDocument=json.dumps(_policy()))
    shown = {"RoleName": "app", "PolicyName": "in", "PolicyDocument": _policy()}
    probe.shows(shown, iam.get_role_policy, RoleName="app", PolicyName="in")
    probe.shows(["in"], iam.list_role_policies, "PolicyNames", RoleName="app")
    probe.does(iam.delete_role_policy, RoleName="app", PolicyName="in")
    probe.lacks(iam.get_role_policy, NONE, RoleName="app", PolicyName="in")
    arn = _managed(iam)
    probe.does(iam.attach_role_policy, RoleName="app", PolicyArn=arn)
    attached = [{"PolicyName": "read", "PolicyArn": arn}]
    probe.shows(attached, iam.list_attached_role_policies, "AttachedPolicies", RoleName="app")
    probe.shows([{"RoleName": "app"}], iam.list_entities_for_policy, "PolicyRoles", PolicyArn=arn)
    probe.does(iam.detach_role_policy, RoleName="app", PolicyArn=arn)
    probe.lacks(iam.list_attached_role_policies, path="AttachedPolicies", RoleName="app")
    probe.does(iam.put_role_permissions_boundary, RoleName="app", PermissionsBoundary=arn)
    boundary = {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn}
    probe.shows(boundary, iam.get_role, "Role.PermissionsBoundary", RoleName="app")
    probe.does(iam.delete_role_permissions_boundary, RoleName="app")
    probe.lacks(iam.get_role, path="Role.PermissionsBoundary", RoleName="app")


def managed_policy(probe):
    iam = probe.client("iam")
    wanted = {"PolicyName": "read", "Path": "/platform/", "Description": "reads"}
    made = probe.does(iam.create_policy, **wanted, PolicyDocument=json.dumps(_policy()), Tags=A_TAG)
    arn = made["Policy"]["Arn"]
    shown = {**wanted, "DefaultVersionId": "v1", "AttachmentCount": 0, "IsAttachable": True, "Tags": A_TAG}
    probe.shows(shown, iam.get_policy, "Policy", PolicyArn=arn)
    probe.shows({"Arn": arn}, iam.list_policies, "Policies.0", Scope="Local")
    other = _policy("s3:PutObject")
    probe.does(iam.create_policy_version, PolicyArn=arn, PolicyDocument=json.dumps(other))
    shown = {"Document": other, "VersionId": "v2", "IsDefaultVersion": False}
    probe.shows(shown, iam.get_policy_version, "PolicyVersion", PolicyArn=arn, VersionId="v2")
    probe.does(iam.set_default_policy_version, PolicyArn=arn, VersionId="v2")
    probe.shows({"DefaultVersionId": "v2"}, iam.get_policy, "Policy", PolicyArn=arn)
    probe.does(iam.delete_policy_version, PolicyArn=arn, VersionId="v1")
    probe.shows([{"VersionId": "v2"}], iam.list_policy_versions, "Versions", PolicyArn=arn)
    probe.does(iam.tag_policy, PolicyArn=arn, Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*A_TAG, {"Key": "c", "Value": "d"}], iam.list_policy_tags, "Tags", PolicyArn=arn)
    probe.does(iam.untag_policy, PolicyArn=arn, TagKeys=["c"])
    probe.shows(A_TAG, iam.list_policy_tags, "Tags", PolicyArn=arn)
    probe.does(iam.delete_policy, PolicyArn=arn)
    probe.lacks(iam.get_policy, NONE, PolicyArn=arn)


def instance_profile(probe):
    iam = probe.client("iam")
    _role(iam)
    probe.does(iam.create_instance_profile, InstanceProfileName="node", Path="/platform/", Tags=A_TAG)
    named = {"InstanceProfileName": "node"}
    probe.shows({**named, "Path": "/platform/"}, iam.get_instance_profile, "InstanceProfile", **named)
    probe.does(iam.add_role_to_instance_profile, **named, RoleName="app")
    probe.shows({"RoleName": "app"}, iam.get_instance_profile, "InstanceProfile.Roles.0", **named)
    probe.shows(named, iam.list_instance_profiles_for_role, "InstanceProfiles.0", RoleName="app")
    probe.shows(named, iam.list_instance_profiles, "InstanceProfiles.0")
    probe.does(iam.tag_instance_profile, **named, Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*A_TAG, {"Key": "c", "Value": "d"}], iam.list_instance_profile_tags, "Tags", **named)
    probe.does(iam.untag_instance_profile, **named, TagKeys=["c"])
    probe.shows(A_TAG, iam.list_instance_profile_tags, "Tags", **named)
    probe.does(iam.remove_role_from_instance_profile, **named, RoleName="app")
    probe.lacks(iam.get_instance_profile, path="InstanceProfile.Roles", **named)
    probe.does(iam.delete_instance_profile, **named)
    probe.lacks(iam.get_instance_profile, NONE, **named)


def user(probe):
    iam = probe.client("iam")
    boundary = _managed(iam)
    probe.does(iam.create_user, UserName="ci", Path="/machines/", Tags=A_TAG)
    probe.shows({"UserName": "ci", "Path": "/machines/", "Tags": A_TAG}, iam.get_user, "User", UserName="ci")
    probe.does(iam.put_user_permissions_boundary, UserName="ci", PermissionsBoundary=boundary)
    shown = {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": boundary}
    probe.shows(shown, iam.get_user, "User.PermissionsBoundary", UserName="ci")
    probe.does(iam.delete_user_permissions_boundary, UserName="ci")
    probe.lacks(iam.get_user, path="User.PermissionsBoundary", UserName="ci")
    probe.does(iam.tag_user, UserName="ci", Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*A_TAG, {"Key": "c", "Value": "d"}], iam.list_user_tags, "Tags", UserName="ci")
    probe.does(iam.untag_user, UserName="ci", TagKeys=["c"])
    probe.shows(A_TAG, iam.list_user_tags, "Tags", UserName="ci")
    probe.does(iam.update_user, UserName="ci", NewUserName="cd")
    probe.shows({"UserName": "cd", "Path": "/machines/"}, iam.list_users, "Users.0")
    probe.does(iam.delete_user, UserName="cd")
    probe.lacks(iam.list_users, path="Users")


def credentials_of_a_user(probe):
    iam = probe.client("iam")
    iam.create_user(UserName="ci")
    key = probe.does(iam.create_access_key, UserName="ci")["AccessKey"]["AccessKeyId"]
    shown = {"AccessKeyId": key, "UserName": "ci", "Status": "Active"}
    probe.shows(shown, iam.list_access_keys, "AccessKeyMetadata.0", UserName="ci")
    probe.does(iam.update_access_key, UserName="ci", AccessKeyId=key, Status="Inactive")
    probe.shows({"Status": "Inactive"}, iam.list_access_keys, "AccessKeyMetadata.0", UserName="ci")
    probe.does(iam.delete_access_key, UserName="ci", AccessKeyId=key)
    probe.lacks(iam.list_access_keys, path="AccessKeyMetadata", UserName="ci")
    probe.does(iam.create_login_profile, UserName="ci", Password="Long-enough-1", PasswordResetRequired=True)
    named = {"UserName": "ci"}
    probe.shows({**named, "PasswordResetRequired": True}, iam.get_login_profile, "LoginProfile", **named)
    probe.does(iam.update_login_profile, **named, PasswordResetRequired=False)
    probe.shows({"PasswordResetRequired": False}, iam.get_login_profile, "LoginProfile", **named)
    probe.does(iam.delete_login_profile, **named)
    probe.lacks(iam.get_login_profile, NONE, **named)


def policies_of_a_user(probe):
    iam = probe.client("iam")
    iam.create_user(UserName="ci")
    arn = _managed(iam)
    probe.does(iam.put_user_policy, UserName="ci", PolicyName="in", PolicyDocument=json.dumps(_policy()))
    shown = {"UserName": "ci", "PolicyDocument": _policy()}
    probe.shows(shown, iam.get_user_policy, UserName="ci", PolicyName="in")
    probe.shows(["in"], iam.list_user_policies, "PolicyNames", UserName="ci")
    probe.does(iam.delete_user_policy, UserName="ci", PolicyName="in")
    probe.lacks(iam.get_user_policy, NONE, UserName="ci", PolicyName="in")
    probe.does(iam.attach_user_policy, UserName="ci", PolicyArn=arn)
    probe.shows([{"PolicyArn": arn}], iam.list_attached_user_policies, "AttachedPolicies", UserName="ci")
    probe.does(iam.detach_user_policy, UserName="ci", PolicyArn=arn)
    probe.lacks(iam.list_attached_user_policies, path="AttachedPolicies", UserName="ci")


def group(probe):
    iam = probe.client("iam")
    iam.create_user(UserName="ci")
    arn = _managed(iam)
    probe.does(iam.create_group, GroupName="team", Path="/people/")
    probe.shows({"GroupName": "team", "Path": "/people/"}, iam.get_group, "Group", GroupName="team")
    probe.shows({"GroupName": "team"}, iam.list_groups, "Groups.0")
    probe.does(iam.add_user_to_group, GroupName="team", UserName="ci")
    probe.shows([{"UserName": "ci"}], iam.get_group, "Users", GroupName="team")
    probe.shows([{"GroupName": "team"}], iam.list_groups_for_user, "Groups", UserName="ci")
    probe.does(iam.remove_user_from_group, GroupName="team", UserName="ci")
    probe.lacks(iam.list_groups_for_user, path="Groups", UserName="ci")
    probe.does(iam.put_group_policy, GroupName="team", PolicyName="in", PolicyDocument=json.dumps(_policy()))
    probe.shows({"PolicyDocument": _policy()}, iam.get_group_policy, GroupName="team", PolicyName="in")
    probe.shows(["in"], iam.list_group_policies, "PolicyNames", GroupName="team")
    probe.does(iam.delete_group_policy, GroupName="team", PolicyName="in")
    probe.lacks(iam.list_group_policies, path="PolicyNames", GroupName="team")
    probe.does(iam.attach_group_policy, GroupName="team", PolicyArn=arn)
    probe.shows([{"PolicyArn": arn}], iam.list_attached_group_policies, "AttachedPolicies", GroupName="team")
    probe.does(iam.detach_group_policy, GroupName="team", PolicyArn=arn)
    probe.lacks(iam.list_attached_group_policies, path="AttachedPolicies", GroupName="team")
    probe.does(iam.delete_group, GroupName="team")
    probe.lacks(iam.get_group, NONE, GroupName="team")


def open_id_connect_provider(probe):
    iam = probe.client("iam")
    clients, thumbprint = ["sts.amazonaws.com"], "6938fd4d98bab03faadb97b34396831e3780aea1"
    made = probe.does(
        iam.create_open_id_connect_provider,
        Url=f"https://{ISSUER}", ClientIDList=clients, ThumbprintList=[thumbprint], Tags=A_TAG,
    )  # fmt: skip
    named = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
    shown = {"Url": ISSUER, "ClientIDList": clients, "ThumbprintList": [thumbprint], "Tags": A_TAG}
    probe.shows(shown, iam.get_open_id_connect_provider, **named)
    probe.shows(
        [{"Arn": named["OpenIDConnectProviderArn"]}], iam.list_open_id_connect_providers, "OpenIDConnectProviderList"
    )
    probe.does(iam.add_client_id_to_open_id_connect_provider, **named, ClientID="two")
    probe.shows([*clients, "two"], iam.get_open_id_connect_provider, "ClientIDList", **named)
    probe.does(iam.remove_client_id_from_open_id_connect_provider, **named, ClientID="two")
    probe.shows(clients, iam.get_open_id_connect_provider, "ClientIDList", **named)
    probe.does(iam.update_open_id_connect_provider_thumbprint, **named, ThumbprintList=["f" * 40])
    probe.shows(["f" * 40], iam.get_open_id_connect_provider, "ThumbprintList", **named)
    probe.does(iam.tag_open_id_connect_provider, **named, Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*A_TAG, {"Key": "c", "Value": "d"}], iam.list_open_id_connect_provider_tags, "Tags", **named)
    probe.does(iam.untag_open_id_connect_provider, **named, TagKeys=["c"])
    probe.shows(A_TAG, iam.list_open_id_connect_provider_tags, "Tags", **named)
    probe.does(iam.delete_open_id_connect_provider, **named)
    probe.lacks(iam.get_open_id_connect_provider, NONE, **named)


def service_linked_role(probe):
    iam = probe.client("iam")
    made = probe.does(iam.create_service_linked_role, AWSServiceName="ecs.amazonaws.com", Description="d")["Role"]
    shown = {"Path": "/aws-service-role/ecs.amazonaws.com/", "Description": "d"}
    probe.shows(shown, iam.get_role, "Role", RoleName=made["RoleName"])
    task = probe.does(iam.delete_service_linked_role, RoleName=made["RoleName"])["DeletionTaskId"]
    probe.shows({"Status": "SUCCEEDED"}, iam.get_service_linked_role_deletion_status, DeletionTaskId=task)
    probe.lacks(iam.get_role, NONE, RoleName=made["RoleName"])


def account(probe):
    iam = probe.client("iam")
    probe.does(iam.create_account_alias, AccountAlias="platform")
    probe.shows(["platform"], iam.list_account_aliases, "AccountAliases")
    probe.does(iam.delete_account_alias, AccountAlias="platform")
    probe.lacks(iam.list_account_aliases, path="AccountAliases")
    wanted = {"MinimumPasswordLength": 14, "RequireSymbols": True, "MaxPasswordAge": 90, "PasswordReusePrevention": 5}
    probe.does(iam.update_account_password_policy, **wanted)
    probe.shows(wanted, iam.get_account_password_policy, "PasswordPolicy")
    probe.does(iam.delete_account_password_policy)
    probe.lacks(iam.get_account_password_policy, NONE)
    _role(iam)
    probe.shows({"Roles": 1, "Users": 0}, iam.get_account_summary, "SummaryMap")
    probe.shows({"RoleName": "app"}, iam.get_account_authorization_details, "RoleDetailList.0", Filter=["Role"])


def simulation(probe):
    iam = probe.client("iam")
    arn = _role(iam)
    condition = {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}
    document = json.dumps(_policy("s3:Get*", Condition=condition))
    probe.does(iam.put_role_policy, RoleName="app", PolicyName="in", PolicyDocument=document)
    asked = {
        "PolicySourceArn": arn,
        "ActionNames": ["s3:GetObject", "s3:PutObject"],
        "ResourceArns": ["arn:aws:s3:::b/k"],
    }
    entry = {"ContextKeyName": "aws:RequestedRegion", "ContextKeyType": "string", "ContextKeyValues": ["eu-central-1"]}
    shown = [
        {"EvalActionName": "s3:GetObject", "EvalResourceName": "arn:aws:s3:::b/k", "EvalDecision": "allowed"},
        {"EvalActionName": "s3:PutObject", "EvalResourceName": "arn:aws:s3:::b/k", "EvalDecision": "implicitDeny"},
    ]
    probe.shows(shown, iam.simulate_principal_policy, "EvaluationResults", **asked, ContextEntries=[entry])
    missing = {"EvalDecision": "implicitDeny", "MissingContextValues": ["aws:RequestedRegion"]}
    probe.shows(missing, iam.simulate_principal_policy, "EvaluationResults.0", **asked)
    keys = ["aws:RequestedRegion"]
    probe.shows(keys, iam.get_context_keys_for_principal_policy, "ContextKeyNames", PolicySourceArn=arn)
    probe.shows(keys, iam.get_context_keys_for_custom_policy, "ContextKeyNames", PolicyInputList=[document])
    denied = json.dumps(_policy("s3:*", Effect="Deny"))
    custom = {"PolicyInputList": [document, denied], "ActionNames": ["s3:GetObject"]}
    shown = {"EvalDecision": "explicitDeny", "MatchedStatements": [{"SourcePolicyId": "PolicyInputList.2"}]}
    probe.shows(shown, iam.simulate_custom_policy, "EvaluationResults.0", **custom)
