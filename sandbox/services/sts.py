# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who calls: the account of an access key, and what its owner is called."""

import re

from . import correct, store

_keys = store()  # access key of an assumed role: its account
ACCOUNT = re.compile(r"\d{12}")


def account_of(access_key, usual):
    """The account of an access key: of the role that it was given for, the account that it is the number of, or the usual."""
    if access_key in _keys:
        return _keys[access_key]
    return access_key if access_key and ACCOUNT.fullmatch(access_key) else usual


@correct("sts", "AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")
def remember_account(call, parsed):
    """What is done with these credentials is done in the account of the role."""
    _keys[parsed["Credentials"]["AccessKeyId"]] = call.parameters["RoleArn"].split(":")[4]
    return False


@correct("sts", "GetCallerIdentity")
def answer_user(call, parsed):
    """The sandbox's credentials belong to a user, whose ARN has the form that AWS gives it."""
    if not parsed["Arn"].endswith(":user/moto"):
        return False  # an assumed role
    parsed.update(Arn=f"arn:aws:iam::{call.account}:user/sandbox", UserId="AIDASANDBOX7LOCALAWS", Account=call.account)
    return True
