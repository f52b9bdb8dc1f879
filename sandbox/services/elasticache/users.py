# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and user groups, which access control lists are made of."""

import re

from ...errors import AwsError
from .. import answer
from .shared import (
    Thing,
    add,
    clash,
    described,
    invalid,
    note,
    plain,
    refuse_taken,
    require,
    require_ready,
    things,
)

NAME = re.compile(r"[A-Za-z](-?[A-Za-z0-9])*")
ACCESS = re.compile(r"(on|off)(\s+\S+)*")
MOST_PASSWORDS = 2
MOST_USERS = 100  # of a group
MODES = {"password": "password", "no-password-required": "no-password", "iam": "iam"}


@answer("elasticache", "CreateUser")
def create_user(call):
    """moto keeps passwords only where they are told in one of two ways."""
    parameters = call.parameters
    name = parameters["UserId"]
    if not NAME.fullmatch(name):
        raise invalid(f"The parameter UserId is not a valid identifier: {name}")
    refuse_taken(call, "user", name)
    _check_access(parameters["AccessString"])
    authentication = _authentication(parameters)
    if authentication is None:
        raise invalid("Specify passwords, NoPasswordRequired, or an authentication mode.")
    if authentication["Type"] == "iam" and name != parameters["UserName"]:
        raise clash("User Id and User name must be same for authentication type: iam")
    view = {name: parameters[name] for name in ("UserName", "Engine", "AccessString")}
    version = "7.2" if parameters["Engine"] == "valkey" else "6.0"
    view |= {"MinimumEngineVersion": version, "UserGroupIds": [], "Authentication": authentication}
    user = Thing(call, "user", name.lower(), view)
    user.begin("creating", "cache-user-change", "active")
    return add(call, user).view


def _check_access(text):
    if not ACCESS.fullmatch(text.strip()):
        raise invalid(f"The access string must begin with on or off: {text}")


def _authentication(parameters):
    mode, passwords = parameters.get("AuthenticationMode") or {}, parameters.get("Passwords") or []
    if mode and (passwords or parameters.get("NoPasswordRequired")):
        raise clash("Specify AuthenticationMode, or Passwords and NoPasswordRequired, not both.")
    passwords = passwords or mode.get("Passwords") or []
    kind = MODES.get(mode.get("Type"))
    if parameters.get("NoPasswordRequired"):
        kind = "no-password"
    if passwords and kind in ("no-password", "iam"):
        raise clash("Passwords cannot be specified for a user that needs none.")
    if kind == "password" and not passwords:
        raise invalid("At least one password is needed.")
    if len(set(passwords)) > MOST_PASSWORDS:
        raise invalid(f"A user has at most {MOST_PASSWORDS} passwords.")
    if any(not 16 <= len(password) <= 128 for password in passwords):
        raise invalid("Passwords have 16 to 128 characters.")
    if passwords:
        return {"Type": "password", "PasswordCount": len(set(passwords))}
    return {"Type": kind} if kind else None


@answer("elasticache", "DescribeUsers")
def describe_users(call):
    """All, or those of an engine, or the one that is named."""
    filters = {item["Name"]: item["Values"] for item in call.parameters.get("Filters") or []}
    if set(filters) - {"user-id"}:
        raise clash(f"Unknown filter: {sorted(filters)[0]}")
    engine, names = call.parameters.get("Engine"), filters.get("user-id")
    return described(
        call,
        "user",
        plain,
        lambda user: engine in (None, user.view["Engine"]) and (names is None or user.id in names),
    )


@answer("elasticache", "ModifyUser")
def modify_user(call):
    """moto does not have it."""
    parameters, user = call.parameters, require(call, "user", call.parameters["UserId"])
    require_ready(user)
    text, more = parameters.get("AccessString"), parameters.get("AppendAccessString")
    authentication = _authentication(parameters)
    if text:
        _check_access(text)
    view = user.view
    view["AccessString"] = " ".join(filter(None, (text or view["AccessString"], more)))
    view["Authentication"] = authentication or view["Authentication"]
    view["Engine"] = parameters.get("Engine") or view["Engine"]
    user.begin("modifying", "cache-user-change", "active")
    note(call, user, "modified")
    return view


@answer("elasticache", "DeleteUser")
def delete_user(call):
    """A user leaves its groups first."""
    user = require(call, "user", call.parameters["UserId"])
    if user.id == "default":
        raise invalid("The user default cannot be deleted.")
    require_ready(user)
    groups = [require(call, "usergroup", name) for name in user.view["UserGroupIds"]]
    if user.view["UserName"] == "default" and groups:
        raise AwsError("DefaultUserAssociatedToUserGroup", f"{user.id} is the default user of {groups[0].id}.")
    for group in groups:
        group.view["UserIds"].remove(user.id)
    user.view["UserGroupIds"] = []
    user.begin("deleting", "cache-user-change", "gone")
    return user.view


@answer("elasticache", "CreateUserGroup")
def create_group(call):
    """moto does not have it."""
    parameters = call.parameters
    name, users = parameters["UserGroupId"], parameters.get("UserIds") or []
    if not NAME.fullmatch(name):
        raise invalid(f"The parameter UserGroupId is not a valid identifier: {name}")
    refuse_taken(call, "usergroup", name)
    _check_members(call, parameters["Engine"], users)
    version = "7.2" if parameters["Engine"] == "valkey" else "6.0"
    view = {"Engine": parameters["Engine"], "MinimumEngineVersion": version, "UserIds": list(users)}
    group = Thing(call, "usergroup", name.lower(), view)
    group.begin("creating", "cache-user-group-change", "active")
    _join(call, group, users)
    return _group_view(call, add(call, group))


def _check_members(call, engine, users):
    found = [require(call, "user", name) for name in users]
    names = [user.view["UserName"] for user in found]
    if len(set(names)) < len(names):
        raise AwsError("DuplicateUserName", "Two users of a user group cannot have the same user name.")
    if engine == "redis" and "default" not in names:
        raise AwsError("DefaultUserRequired", "A user group of Redis OSS needs a user with the user name default.")
    if len(found) > MOST_USERS:
        raise invalid(f"A user group has at most {MOST_USERS} users.")
    if engine == "redis" and any(user.view["Engine"] != "redis" for user in found):
        raise invalid("The users of a user group of Redis OSS must be of Redis OSS.")


def _join(call, group, users):
    for name in users:
        require(call, "user", name).view["UserGroupIds"].append(group.id)


def _group_view(call, group):
    caches = things(call, "serverlesscache").values()
    groups = things(call, "replicationgroup").values()
    return group.view | {
        "ReplicationGroups": [item.id for item in groups if group.id in item.view["UserGroupIds"]],
        "ServerlessCaches": [item.id for item in caches if item.view.get("UserGroupId") == group.id],
    }


@answer("elasticache", "DescribeUserGroups")
def describe_groups(call):
    """With the caches that use them."""
    return described(call, "usergroup", _group_view)


@answer("elasticache", "ModifyUserGroup")
def modify_group(call):
    """moto does not have it."""
    parameters, group = call.parameters, require(call, "usergroup", call.parameters["UserGroupId"])
    require_ready(group)
    joining, leaving = parameters.get("UserIdsToAdd") or [], parameters.get("UserIdsToRemove") or []
    present = group.view["UserIds"]
    if set(joining) & set(present) or set(leaving) - set(present):
        raise invalid("Users that are added must not be in the user group, those that are removed must be.")
    members = [name for name in present if name not in leaving] + joining
    _check_members(call, group.view["Engine"], members)
    group.view["UserIds"] = members
    for name in leaving:
        require(call, "user", name).view["UserGroupIds"].remove(group.id)
    _join(call, group, joining)
    group.begin("modifying", "cache-user-group-change", "active")
    note(call, group, "modified")
    return _group_view(call, group)


@answer("elasticache", "DeleteUserGroup")
def delete_group(call):
    """A group stays while a cache uses it."""
    group = require(call, "usergroup", call.parameters["UserGroupId"])
    require_ready(group)
    view = _group_view(call, group)
    used = view["ReplicationGroups"] + view["ServerlessCaches"]
    if used:
        raise AwsError("InvalidUserGroupState", f"The user group {group.id} is associated with {used[0]}.")
    for name in view["UserIds"]:
        require(call, "user", name).view["UserGroupIds"].remove(group.id)
    group.begin("deleting", "cache-user-group-change", "gone")
    return view | {"Status": "deleting"}
