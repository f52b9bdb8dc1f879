# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What moto lacks of users and instance profiles: boundaries, and tags that are listed."""

from .. import after, answer, backend, correct
from .shared import subject


@answer("iam", "PutUserPermissionsBoundary")
def put_boundary(call):
    """moto has boundaries of roles only."""
    backend(call).get_user(call.parameters["UserName"]).sandbox_boundary = call.parameters["PermissionsBoundary"]
    return {}


@answer("iam", "DeleteUserPermissionsBoundary")
def delete_boundary(call):
    """The same of its end."""
    backend(call).get_user(call.parameters["UserName"]).sandbox_boundary = None
    return {}


@after("iam", "CreateUser")
def keep_boundary(call):
    """moto forgets it."""
    subject(call).sandbox_boundary = call.parameters.get("PermissionsBoundary")


@correct("iam", "GetUser", "CreateUser")
def answer_boundary(call, parsed):
    """A user is described with its boundary."""
    boundary = getattr(subject(call), "sandbox_boundary", None)
    if not boundary:
        return False
    parsed["User"]["PermissionsBoundary"] = {
        "PermissionsBoundaryType": "PermissionsBoundaryPolicy",
        "PermissionsBoundaryArn": boundary,
    }
    return True


@answer("iam", "ListInstanceProfileTags")
def list_profile_tags(call):
    """moto keeps them and does not list them."""
    profile = backend(call).get_instance_profile(call.parameters["InstanceProfileName"])
    return {"Tags": profile.tags, "IsTruncated": False}


@correct("iam", "CreateLoginProfile")
def keep_reset(call, parsed):
    """moto forgets whether the first sign-in asks for another password."""
    user = subject(call)
    user.password_reset_required = bool(call.parameters.get("PasswordResetRequired"))
    parsed["LoginProfile"]["PasswordResetRequired"] = user.password_reset_required


@answer("iam", "UpdateLoginProfile")
def update_login_profile(call):
    """moto takes the password away when none is given."""
    user = backend(call).get_login_profile(call.parameters["UserName"])
    user.password = call.parameters.get("Password") or user.password
    wanted = call.parameters.get("PasswordResetRequired")
    user.password_reset_required = user.password_reset_required if wanted is None else wanted
    return {}
