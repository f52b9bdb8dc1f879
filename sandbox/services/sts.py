# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who calls."""

from . import correct


@correct("sts", "GetCallerIdentity")
def answer_user(call, parsed):
    """The sandbox's credentials belong to a user, whose ARN has the form that AWS gives it."""
    if not parsed["Arn"].endswith(":user/moto"):
        return False  # an assumed role
    parsed.update(Arn=f"arn:aws:iam::{call.account}:user/sandbox", UserId="AIDASANDBOX7LOCALAWS", Account=call.account)
    return True
