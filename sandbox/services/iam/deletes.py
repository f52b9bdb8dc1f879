# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in use stays, and the roles of services are theirs."""

from ...errors import AwsError
from .. import backend, check
from .shared import all_of, policy_of, subject

UNMODIFIABLE = (
    "AttachRolePolicy", "DeleteRole", "DeleteRolePermissionsBoundary", "DeleteRolePolicy", "DetachRolePolicy",
    "PutRolePermissionsBoundary", "PutRolePolicy", "UpdateAssumeRolePolicy",
)  # fmt: skip


def _conflict(message):
    return AwsError("DeleteConflict", f"Cannot delete {message}", 409)


@check("iam", "DeletePolicy")
def check_policy(call):
    """A policy that nobody has, in one version."""
    state, arn = backend(call), call.parameters["PolicyArn"]
    policy = policy_of(state, arn)
    if policy is None:
        return
    owners = [item for kind in ("Role", "User", "Group") for item in all_of(state, kind)]
    if any(arn in owner.managed_policies for owner in owners):
        raise _conflict("a policy attached to entities.")
    if len(policy.versions) > 1:
        raise _conflict("a policy that has versions other than its default version.")


@check("iam", "DeleteUser")
def check_user(call):
    """A user without anything; moto looks at policies only."""
    user, state = subject(call), backend(call)
    if user is None:
        return
    if any(member.name == user.name for group in state.groups.values() for member in group.users):
        raise _conflict("entity, must remove users from group first.")
    has = {
        "access keys": user.access_keys, "login profile": user.password, "MFA device": user.mfa_devices,
        "SSH public keys": user.ssh_public_keys, "signing certificates": user.signing_certificates,
    }  # fmt: skip
    for what, found in has.items():
        if found:
            raise _conflict(f"entity, must delete {what} first.")


@check("iam", "DeleteGroup")
def check_group(call):
    """A group without users and policies."""
    group = subject(call)
    if group is None:
        return
    for what, found in {"remove users from group": group.users, "detach all policies": group.managed_policies}.items():
        if found:
            raise _conflict(f"entity, must {what} first.")
    if group.policies:
        raise _conflict("entity, must delete policies first.")


@check("iam", *UNMODIFIABLE)
def check_linked(call):
    """The role of a service changes by the service only."""
    role = subject(call)
    if role is not None and role.path.startswith("/aws-service-role/"):
        message = (
            f"Cannot perform the operation on the protected role '{role.name}' - this role is only modifiable by AWS"
        )
        raise AwsError("UnmodifiableEntity", message, 400)


@check("iam", "CreateServiceLinkedRole")
def check_taken(call):
    """moto answers in the words of CreateRole."""
    path = f"/aws-service-role/{call.parameters['AWSServiceName']}/"
    suffix = call.parameters.get("CustomSuffix")
    for role in backend(call).roles.values():
        if role.path == path and (role.name.endswith(f"_{suffix}") if suffix else True):
            message = f"Service role name {role.name} has been taken in this account, please try a different suffix."
            raise AwsError("InvalidInput", message, 400)
