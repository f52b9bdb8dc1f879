# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much there may be of something, and names that differ in their case only."""

from ...errors import AwsError
from .. import backend, check
from .shared import all_of, exceeded, kind_of, subject

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
ATTACHED, GROUPS = 10, 10


@check("iam", "AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy")
def check_attached(call):
    """An identity has few managed policies."""
    owner = subject(call)
    attached = owner.managed_policies if owner else {}
    if call.parameters["PolicyArn"] not in attached and len(attached) >= ATTACHED:
        raise exceeded(f"PoliciesPer{kind_of(call)}", ATTACHED)


@check("iam", "AddUserToGroup")
def check_groups(call):
    """A user is in few groups."""
    name = call.parameters["UserName"]
    groups = [group.name for group in backend(call).groups.values() if name in _names(group)]
    if call.parameters["GroupName"] not in groups and len(groups) >= GROUPS:
        raise exceeded("GroupsPerUser", GROUPS)


def _names(group):
    return [user.name for user in group.users]


@check("iam", "CreateRole", "CreateUser", "CreateGroup")
def check_case(call):
    """IAM keeps the case of a name, and does not tell names apart by it."""
    kind = kind_of(call)
    name = call.parameters[f"{kind}Name"]
    if any(item.name.lower() == name.lower() for item in all_of(backend(call), kind)):
        raise AwsError("EntityAlreadyExists", f"{kind} with name {name} already exists.", 409)
