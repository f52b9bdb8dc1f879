# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Identity and Access Management does not delete, and roles that are not changed."""

from tests.unit.sandbox.identities import (
    new_linked_role,
    new_policy,
    new_role,
    new_user,
    with_group,
    with_inline,
    with_keys,
    with_policy,
    with_profile,
    with_versions,
)
from tests.unit.sandbox.rule import Rule
from tests.unit.sandbox.rules.iam_policies import allow

API = "https://docs.aws.amazon.com/IAM/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"

SERVICE = "iam"
RULES = [
    Rule(
        says="a role with managed policies is not deleted",
        page=f"{API}/API_DeleteRole.html",
        operation="delete_role",
        code="DeleteConflict",
        given=lambda world: (with_policy(world), new_role(world, "free")),
        refused={"RoleName": "app"},
        accepted={"RoleName": "free"},
    ),
    Rule(
        says="a role with policies of its own is not deleted",
        page=f"{API}/API_DeleteRole.html",
        operation="delete_role",
        code="DeleteConflict",
        given=with_inline,
        refused={"RoleName": "app"},
        accepted={"RoleName": "free"},
    ),
    Rule(
        says="a role in an instance profile is not deleted",
        page=f"{API}/API_DeleteRole.html",
        operation="delete_role",
        code="DeleteConflict",
        given=with_profile,
        refused={"RoleName": "app"},
        accepted={"RoleName": "free"},
    ),
    Rule(
        says="an instance profile with a role is not deleted",
        page=f"{API}/API_DeleteInstanceProfile.html",
        operation="delete_instance_profile",
        code="DeleteConflict",
        given=with_profile,
        refused={"InstanceProfileName": "app"},
        accepted={"InstanceProfileName": "free"},
    ),
    Rule(
        says="a policy that is attached is not deleted",
        page=f"{API}/API_DeletePolicy.html",
        operation="delete_policy",
        code="DeleteConflict",
        given=lambda world: (with_policy(world), new_policy(world, "other")),
        refused=lambda world: {"PolicyArn": world.given[0]},
        accepted=lambda world: {"PolicyArn": world.given[1]},
    ),
    Rule(
        says="a policy with several versions is not deleted",
        page=f"{API}/API_DeletePolicy.html",
        operation="delete_policy",
        code="DeleteConflict",
        given=lambda world: (with_versions(world, 2), new_policy(world, "other")),
        refused=lambda world: {"PolicyArn": world.given[0]},
        accepted=lambda world: {"PolicyArn": world.given[1]},
    ),
    Rule(
        says="the default version of a policy is not deleted",
        page=f"{API}/API_DeletePolicyVersion.html",
        operation="delete_policy_version",
        code="DeleteConflict",
        given=lambda world: with_versions(world, 2),
        refused=lambda world: {"PolicyArn": world.given, "VersionId": "v1"},
        accepted=lambda world: {"PolicyArn": world.given, "VersionId": "v2"},
    ),
    Rule(
        says="a user with access keys is not deleted",
        page=f"{API}/API_DeleteUser.html",
        operation="delete_user",
        code="DeleteConflict",
        given=lambda world: with_keys(world, 1),
        refused={"UserName": "ci"},
        accepted={"UserName": "free"},
    ),
    Rule(
        says="a user in a group is not deleted",
        page=f"{API}/API_DeleteUser.html",
        operation="delete_user",
        code="DeleteConflict",
        given=lambda world: (with_group(world), new_user(world, "free")),
        refused={"UserName": "ci"},
        accepted={"UserName": "free"},
    ),
    Rule(
        says="a group with users is not deleted",
        page=f"{API}/API_DeleteGroup.html",
        operation="delete_group",
        code="DeleteConflict",
        given=with_group,
        refused={"GroupName": "team"},
        accepted={"GroupName": "free"},
    ),
    Rule(
        says="a role of a service is deleted by its own operation",
        page=f"{GUIDE}/id_roles_create-service-linked-role.html",
        operation="delete_role",
        code="UnmodifiableEntity",
        given=lambda world: (new_linked_role(world), new_role(world)),
        refused=lambda world: {"RoleName": world.given[0]},
        accepted={"RoleName": "app"},
    ),
    Rule(
        says="a role of a service takes no other policies",
        page=f"{GUIDE}/id_roles_create-service-linked-role.html",
        operation="put_role_policy",
        code="UnmodifiableEntity",
        given=lambda world: (new_linked_role(world), new_role(world)),
        refused=lambda world: {"RoleName": world.given[0], "PolicyName": "one", "PolicyDocument": allow()},
        accepted={"RoleName": "app", "PolicyName": "one", "PolicyDocument": allow()},
    ),
    Rule(
        says="a service has its role once",
        page=f"{API}/API_CreateServiceLinkedRole.html",
        operation="create_service_linked_role",
        code="InvalidInput",
        given=new_linked_role,
        refused={"AWSServiceName": "ecs.amazonaws.com"},
        accepted={"AWSServiceName": "rds.amazonaws.com"},
    ),
]
