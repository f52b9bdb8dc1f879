# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of everything there may be: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html."""

from .. import answer, backend, check, correct
from ..service_quotas.quotas import quota, refuse_above
from .shared import find_balancer, find_listener, refused, same_request

SERVICE = "elasticloadbalancing"
MOST_TAGS = 50
MOST_RULES = 100
# Kind of balancer: code of its quota
BALANCERS = {"application": "L-53DA6B97", "network": "L-69A177A2"}
# Name in DescribeAccountLimits: code of its quota
ACCOUNT_LIMITS = {
    "application-load-balancers": "L-53DA6B97", "network-load-balancers": "L-69A177A2", "target-groups": "L-B22855CB",
    "listeners-per-application-load-balancer": "L-B6DF7632",
}  # fmt: skip


@check("elbv2", "CreateLoadBalancer")
def refuse_balancer(call):
    """Fifty of a kind."""
    kind, balancers = call.parameters.get("Type") or "application", backend(call).load_balancers.values()
    if kind in BALANCERS and not same_request(call, balancers):
        count = sum(balancer.type == kind for balancer in balancers)
        refuse_above(call, SERVICE, BALANCERS[kind], count + 1, "TooManyLoadBalancers")


@check("elbv2", "CreateTargetGroup")
def refuse_group(call):
    """Three thousand."""
    groups = backend(call).target_groups.values()
    if not same_request(call, groups):
        refuse_above(call, SERVICE, "L-B22855CB", len(groups) + 1, "TooManyTargetGroups")


@check("elbv2", "CreateListener")
def refuse_listener(call):
    """Fifty of a load balancer."""
    refuse_above(call, SERVICE, "L-B6DF7632", len(find_balancer(call).listeners) + 1, "TooManyListeners")


@check("elbv2", "CreateRule")
def refuse_rule(call):
    """A hundred of a load balancer, not counting the default ones."""
    balancer, _listener = find_listener(call, call.parameters["ListenerArn"])
    rules = [rule for listener in balancer.listeners.values() for rule in listener.rules.values()]
    if sum(not rule.is_default for rule in rules) >= MOST_RULES:
        raise refused(
            "TooManyRules", f"The maximum number of rules on the load balancer has been reached: {MOST_RULES}"
        )


@correct("elbv2", "DescribeAccountLimits")
def show_limits(call, parsed):
    """moto's are those of years ago."""
    for limit in parsed["Limits"]:
        if limit["Name"] in ACCOUNT_LIMITS:
            limit["Max"] = f"{quota(call, SERVICE, ACCOUNT_LIMITS[limit['Name']]):g}"


@answer("elbv2", "AddTags")
def add_tags(call):
    """All or nothing, up to fifty; moto stops at ten."""
    state, tags = backend(call), call.parameters["Tags"]
    keys = [tag["Key"] for tag in tags]
    if len(set(keys)) < len(keys):
        raise refused("DuplicateTagKeys", "A tag key was specified more than once.")
    for arn in call.parameters["ResourceArns"]:
        if ":truststore/" not in arn:
            state._get_resource_by_arn(arn)
        if len(state.tagging_service.get_tag_dict_for_resource(arn).keys() | set(keys)) > MOST_TAGS:
            raise refused("TooManyTags", f"The maximum number of tags is {MOST_TAGS}")
    for arn in call.parameters["ResourceArns"]:
        state.tagging_service.tag_resource(arn, [{"Value": "", **tag} for tag in tags])
    return {}
