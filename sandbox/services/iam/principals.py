# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a policy names, as AWS looks them up when it stores the policy."""

import re

from .. import backend
from ..sts import caller_of
from .shared import all_of

ACCOUNT, UNIQUE_ID = re.compile(r"\d{12}"), re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")
ARN = re.compile(r"arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):(root|(user|role|assumed-role|federated-user)/.+)")
SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|amazon\.com|aws\.internal)")


def is_principal(call, kind, name):
    """Whether there is somebody of this kind and name; other accounts are not looked into."""
    if kind == "Service":
        return bool(SERVICE.fullmatch(name))
    if kind != "AWS" or name == "*" or ACCOUNT.fullmatch(name) or UNIQUE_ID.fullmatch(name):
        return True
    return bool(ARN.fullmatch(name)) and not _is_missing(call, name)


def _is_missing(call, arn):
    if arn.split(":")[2] != "iam" or arn.split(":")[4] != call.account or arn.endswith(":root"):
        return False
    if arn == caller_of(call):
        return False  # the sandbox's own credentials are nobody's of the account
    state = backend(call, "iam")
    return arn not in {item.arn for kind in ("Role", "User") for item in all_of(state, kind)}
