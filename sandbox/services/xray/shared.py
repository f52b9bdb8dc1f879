# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What X-Ray's settings have in common: where they are kept, and how they are listed and refused."""

from ...errors import AwsError
from .. import backend

PAGE = 100


def kept(call, kind):
    """The things of a kind, by ARN or name."""
    return vars(backend(call)).setdefault("sandbox_kept", {}).setdefault(kind, {})


def arn(call, rest):
    """The ARN of something of the caller's."""
    return f"arn:aws:xray:{call.region}:{call.account}:{rest}"


def listed(call, member, views):
    """A page of an answer."""
    first = int(call.parameters.get("NextToken") or 0)
    more = {"NextToken": str(first + PAGE)} if first + PAGE < len(views) else {}
    return {member: views[first : first + PAGE], **more}


def invalid(message):
    """How X-Ray refuses nearly everything."""
    return AwsError("InvalidRequestException", message, 400)
