# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who calls: the account of an access key, and what its owner is called."""

import re

from moto.backends import get_backend
from moto.sts.utils import random_assumed_role_id

from ..errors import AwsError
from . import check, correct, store
from .iam.evaluation import concerns, trusts
from .iam.conditions import fulfilled
from .iam.shared import parsed, role_by_arn, statements

_keys = store()  # access key of an assumed role: its account
_sessions = store()  # access key of another session: what GetCallerIdentity says of it
ACCOUNT = re.compile(r"\d{12}")
HOUR = 3600
NO_SESSIONS = "Cannot call {operation} with session credentials"


def account_of(access_key, usual):
    """The account of an access key: of the role that it was given for, the account that it is the number of, or the usual."""
    if access_key in _keys:
        return _keys[access_key]
    return access_key if access_key and ACCOUNT.fullmatch(access_key) else usual


def caller_of(call):
    """The ARN of who calls."""
    if call.access_key in _sessions:
        return _sessions[call.access_key]["Arn"]
    return _caller(call) or f"arn:aws:iam::{call.account}:user/sandbox"


def _caller(call):
    """What moto knows of an access key: a session of a role, or a user."""
    session = get_backend("sts")[call.account]["aws"].get_assumed_role_from_access_key(call.access_key)
    owner = session or get_backend("iam")[call.account]["aws"].get_user_from_access_key_id(call.access_key)
    return owner.arn if owner else None


@check("sts", "AssumeRole")
def check_role(call):
    """A role says who may become it, and for how long. One that nobody created here is thought to be made elsewhere."""
    arn = call.parameters["RoleArn"]
    account = arn.split(":")[4] if arn.count(":") > 4 else call.account
    role = role_by_arn(account, arn)
    if role is None:
        return
    caller = caller_of(call)
    if not _may(role, caller, call):
        message = f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}"
        raise AwsError("AccessDenied", message, 403)
    _check_duration(call, role, caller)


def _may(role, caller, call):
    context = {"sts:rolesessionname": [call.parameters["RoleSessionName"]], "aws:principalarn": [caller]}
    context["aws:principalaccount"] = [call.account]
    if call.parameters.get("ExternalId"):
        context["sts:externalid"] = [call.parameters["ExternalId"]]
    effects = {
        statement["Effect"]
        for statement in statements(parsed(role.assume_role_policy_document))
        if concerns(statement, "sts:AssumeRole")
        and trusts(statement, caller, call.account)
        and fulfilled(statement.get("Condition"), context)
    }
    return effects == {"Allow"}


def _check_duration(call, role, caller):
    wanted = call.parameters.get("DurationSeconds") or HOUR
    if ":assumed-role/" in caller and wanted > HOUR:
        message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        raise AwsError("ValidationError", message, 400)
    if wanted > int(role.max_session_duration or HOUR):
        message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        raise AwsError("ValidationError", message, 400)


@check("sts", "AssumeRole", "GetFederationToken")
def check_policy(call):
    """The policy of a session is one as any other."""
    if call.parameters.get("Policy"):
        statements(parsed(call.parameters["Policy"]))


@check("sts", "GetSessionToken", "GetFederationToken")
def check_caller(call):
    """Sessions give no sessions."""
    if ":assumed-role/" in caller_of(call) or call.access_key in _sessions:
        raise AwsError("AccessDenied", NO_SESSIONS.format(operation=call.operation), 403)


@correct("sts", "AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")
def remember_account(call, parsed):
    """What is done with these credentials is done in the account of the role."""
    _keys[parsed["Credentials"]["AccessKeyId"]] = call.parameters["RoleArn"].split(":")[4]
    return False


@correct("sts", "GetSessionToken", "GetFederationToken")
def remember_session(call, parsed):
    """moto gives everybody the same key."""
    user = parsed.get("FederatedUser")
    arn, number = (user["Arn"], user["FederatedUserId"]) if user else (caller_of(call), f"{call.account}:session")
    key = parsed["Credentials"]["AccessKeyId"] = f"ASIA{random_assumed_role_id()[:16]}"
    _keys[key] = call.account
    _sessions[key] = {"Arn": arn, "UserId": number, "Account": call.account}


@correct("sts", "GetCallerIdentity")
def answer_user(call, parsed):
    """The sandbox's credentials belong to a user, whose ARN has the form that AWS gives it."""
    if call.access_key in _sessions:
        parsed.update(_sessions[call.access_key])
        return True
    if not parsed["Arn"].endswith(":user/moto"):
        return False  # an assumed role
    parsed.update(Arn=f"arn:aws:iam::{call.account}:user/sandbox", UserId="AIDASANDBOX7LOCALAWS", Account=call.account)
    return True


@correct("sts", "GetAccessKeyInfo")
def answer_account(call, parsed):
    """The account of a session's key is known, too."""
    parsed["Account"] = account_of(call.parameters["AccessKeyId"], parsed["Account"])
