# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules about load balancers share."""

from ...errors import AwsError
from .. import backend


def refused(code, message):
    """What Elastic Load Balancing refuses a call with."""
    return AwsError(code, message, 400)


def invalid(message):
    """What it says of a parameter."""
    return refused("ValidationError", message)


def find_balancer(call, arn=None):
    """The load balancer that a call names."""
    balancer = backend(call, "elbv2").load_balancers.get(arn or call.parameters["LoadBalancerArn"])
    if balancer is None:
        raise refused("LoadBalancerNotFound", "One or more load balancers not found")
    return balancer


def find_group(call, arn=None):
    """The target group that a call names."""
    group = backend(call, "elbv2").target_groups.get(arn or call.parameters["TargetGroupArn"])
    if group is None:
        raise refused("TargetGroupNotFound", "One or more target groups not found")
    return group


def find_listener(call, arn):
    """(load balancer, listener) of a listener's ARN."""
    for balancer in backend(call, "elbv2").load_balancers.values():
        if arn in balancer.listeners:
            return balancer, balancer.listeners[arn]
    raise refused("ListenerNotFound", "One or more listeners not found")


def all_rules(state):
    """(load balancer, rule) of every rule of a region, the default ones among them."""
    for balancer in state.load_balancers.values():
        for listener in balancer.listeners.values():
            for rule in listener.rules.values():
                yield balancer, rule


def forwarded(actions):
    """The ARNs of the target groups that actions, as a caller writes them, lead to."""
    arns = []
    for action in actions or []:
        groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
        arns += [group["TargetGroupArn"] for group in groups]
        if action.get("TargetGroupArn"):
            arns.append(action["TargetGroupArn"])
    return list(dict.fromkeys(arns))


def weigh(state, actions, weights):
    """Let actions forward to target groups, each with its part of the requests."""
    for action in actions:
        config = dict(action.data.get("ForwardConfig") or {})
        config["TargetGroups"] = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
        action.data.pop("TargetGroupArn", None)
        vars(action).pop("TargetGroupArn", None)
        action.data["ForwardConfig"] = config
        vars(action).update(action.data)  # where moto's serializer looks
    used = {}
    for balancer, rule in all_rules(state):
        for arn in forwarded([action.data for action in rule.actions]):
            used.setdefault(arn, set()).add(balancer.arn)
    for arn in set(weights) & set(state.target_groups):
        state.target_groups[arn].load_balancer_arns = sorted(used.get(arn, ()))


def same_request(call, things):
    """What another call with the same settings has made: such a call succeeds, and makes nothing more."""
    for thing in things:
        if getattr(thing, "sandbox_request", None) == request(call):
            return thing
    return None


def request(call):
    """What a call asks for, but for the tags."""
    return {name: value for name, value in call.parameters.items() if name != "Tags" and value is not None}


def settings(given, known, kind):
    """Attributes that a caller sets, as strings, once each is known and allowed."""
    changed = {item["Key"]: str(item.get("Value") or "") for item in given or []}
    for key, value in changed.items():
        if key not in known:
            raise invalid(f"{kind} attribute key '{key}' is not recognized")
        _default, allowed = known[key]
        if not _fits(value, allowed):
            raise invalid(f"{kind} attribute '{key}' cannot have the value '{value}'")
    return changed


def _fits(value, allowed):
    if allowed is None:
        return True
    if isinstance(allowed, range):
        return value.isdigit() and int(value) in allowed
    return value in allowed
