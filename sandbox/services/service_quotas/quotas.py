# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much an account may have of something in a region, which the services ask before they make one more."""

from ... import delays
from ...errors import AwsError
from .. import store
from .catalog import QUOTAS

requests = store()  # id of a request for more: what DescribeRequested... shows, with "ready_at" and "place"
_factor = store()  # what every adjustable default is multiplied by


def quota(call, service, code):
    """What applies in the call's account and region."""
    _name, value, adjustable = QUOTAS[service, code]
    value *= _factor.get("factor", 1) if adjustable else 1
    approved = [
        request["DesiredValue"]
        for request in list(requests.values())
        if request["place"] == (call.account, call.region, service, code) and delays.is_past(request["ready_at"])
    ]
    return max([value, *approved])


def refuse_above(call, service, code, count, error, message=None):
    """Raise the error of a service if there would be more of something than the account may have."""
    most = quota(call, service, code)
    if count > most:
        raise AwsError(
            error, message or f"The maximum number has been reached: {QUOTAS[service, code][0]}, {most:g}", 400
        )


def multiply(factor):
    """Let every account have that many times the defaults of all that can be raised, until a reset."""
    if factor < 1:
        raise ValueError("a quota is never lowered: the factor is at least 1")
    _factor["factor"] = factor
