# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what."""


def read_identity(view):
    """Roles, policies of our own, and whose word is taken for who somebody is."""
    for listed in view.all("list_roles", "Roles"):
        _read_role(view, listed["RoleName"])
    for policy in view.all("list_policies", "Policies", Scope="Local"):
        version = view.client.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
        policy["Document"] = version["PolicyVersion"]["Document"]
        view.add_global("iam/policy", policy["Arn"], policy)
    for provider in view.all("list_open_id_connect_providers", "OpenIDConnectProviderList"):
        arn = provider["Arn"]
        view.add_global(
            "iam/oidc-provider", arn, view.get("get_open_id_connect_provider", OpenIDConnectProviderArn=arn)
        )


def _read_role(view, name):
    role = view.client.get_role(RoleName=name)["Role"]
    role["Inline"] = {
        policy: view.client.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for policy in view.all("list_role_policies", "PolicyNames", RoleName=name)
    }
    role["Attached"] = view.all("list_attached_role_policies", "AttachedPolicies", RoleName=name)
    view.add_global("iam/role", role["Arn"], role)


READERS = {"iam": read_identity}
