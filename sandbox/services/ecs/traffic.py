# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic between the two target groups of a service: weights on the rules of its load balancer's listeners."""

from moto.backends import get_backend

from .. import lock
from ..elbv2.shared import weigh


def target_groups(balancer):
    """The target groups of a service's load balancer, the one that it began with first."""
    advanced = balancer.get("advancedConfiguration") or {}
    return [arn for arn in (balancer["targetGroupArn"], advanced.get("alternateTargetGroupArn")) if arn]


def group_on(balancer, side):
    """The target group for one of the two sides, or the only one."""
    groups = target_groups(balancer)
    return groups[side % len(groups)]


def find_rule(state, arn):
    """The rule of a listener by ARN, or the default one of a listener; None where there is none."""
    for balancer in state.load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                if rule.arn == arn or (listener.arn == arn and rule.is_default):
                    return rule
    return None


def shift(service, kind, side, percent):
    """Send a part of the production or test traffic to one side, and the rest to the other one."""
    state = get_backend("elbv2")[service.state.account_id][service.state.region_name]
    for balancer in service.settings.get("loadBalancers") or []:
        rule = find_rule(state, (balancer.get("advancedConfiguration") or {}).get(f"{kind}ListenerRule"))
        if rule is not None and len(target_groups(balancer)) > 1:
            with lock("elbv2"):
                _weigh(state, rule, group_on(balancer, side), group_on(balancer, 1 - side), percent)


def _weigh(state, rule, chosen, other, percent):
    # Weights are whole numbers, so that parts of a percent need a finer scale.
    whole, part = (100, percent) if float(percent).is_integer() else (999, percent * 9.99)
    forwarding = [action for action in rule.actions if action.type == "forward"]
    weigh(state, forwarding, {chosen: round(part), other: whole - round(part)})
