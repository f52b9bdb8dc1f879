# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The traffic of a deployment: the weights of its two target groups, on the listeners of the load balancer."""

from .. import backend, lock
from ..elbv2.shared import find_listener, forwarded, weigh


class Unbalanced(Exception):
    """A load balancer that a deployment cannot shift the traffic of."""


def find_pair(call, run):
    """{"blue": ARN, "green": ARN} of the target groups: blue's is that of the task set that is there."""
    known = {group.name: group for group in backend(call, "elbv2").target_groups.values()}
    missing = [name for name in run.group_names if name not in known]
    if missing:
        raise Unbalanced(f"The target group {missing[0]} could not be found.")
    used = [item["targetGroupArn"] for item in run.blue.settings.get("loadBalancers") or []]
    arns = [known[name].arn for name in run.group_names]
    blue = next((arn for arn in arns if arn in used), None)
    if blue is None or not _rules(call, run.prod_listener, [blue]):
        raise Unbalanced(f"Primary taskset target group must be behind listener {run.prod_listener}")
    return {"blue": blue, "green": next(arn for arn in arns if arn != blue)}


def _rules(call, listener_arn, arns):
    """The actions of a listener that lead to one of some target groups."""
    _balancer, listener = find_listener(call, listener_arn)
    actions = [action for rule in listener.rules.values() for action in rule.actions]
    return [action for action in actions if set(forwarded([action.data])) & set(arns)]


def shift(call, run, listener_arn, percentage):
    """Give green its part of what a listener forwards to either of the two."""
    weights = {run.pair["blue"]: 100 - percentage, run.pair["green"]: percentage}
    with lock("elbv2"):
        weigh(backend(call, "elbv2"), _rules(call, listener_arn, list(weights)), weights)
