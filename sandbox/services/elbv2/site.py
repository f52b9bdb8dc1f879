# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client would get from a load balancer: the page /_sandbox/site/<host>/<path>, for smoke tests and rehearsals."""

from moto.backends import get_backend

from . import targets as elbv2_targets

NO_TARGET = 503  # what a load balancer answers when nobody behind it is healthy


def answer_site(account, host):
    """The status code that a request to a host's root ends with, by the default action of its main listener."""
    balancer, state = _balancer(account, host)
    listeners = {int(listener.port): listener for listener in balancer.listeners.values()}
    listener = listeners.get(443) or listeners[80]
    action = listener.default_actions[0].data
    if action["Type"] == "fixed-response":
        return int(action["FixedResponseConfig"]["StatusCode"])
    arns = [group["TargetGroupArn"] for group in action.get("ForwardConfig", {}).get("TargetGroups", [])]
    groups = [state.target_groups[arn] for arn in arns or [action["TargetGroupArn"]]]
    healthy = any(elbv2_targets.is_healthy(group, address) for group in groups for address in group.targets)
    return 200 if healthy else NO_TARGET


def _balancer(account, host):
    """The load balancer that a name leads to: its own, or a domain with an alias record; KeyError if there is none."""
    names = {host, _alias(account, host)}
    for state in get_backend("elbv2")[account].values():
        for balancer in state.load_balancers.values():
            if balancer.dns_name in names and balancer.listeners:
                return balancer, state
    raise KeyError(host)


def _alias(account, host):
    for zone in get_backend("route53")[account]["aws"].zones.values():
        for record in zone.rrsets:
            if record.name.rstrip(".") == host and record.alias_target:
                return record.alias_target["DNSName"].rstrip(".").removeprefix("dualstack.")
    return None
