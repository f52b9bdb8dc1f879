# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses in the settings of blue/green, linear and canary deployments."""

from moto.backends import get_backend

from .shared import invalid
from .traffic import find_rule

DAY = 1440
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html
OWN = {
    "linearConfiguration": ("LINEAR", {"stepPercent": (3.0, 100.0), "stepBakeTimeInMinutes": (0, DAY)}),
    "canaryConfiguration": ("CANARY", {"canaryPercent": (0.1, 100.0), "canaryBakeTimeInMinutes": (0, DAY)}),
}
NEEDED = ("alternateTargetGroupArn", "productionListenerRule", "roleArn")


def check_shift(call, settings):
    """Refuse what AWS refuses of a strategy and of what it needs."""
    deployment = settings["deploymentConfiguration"]
    _check_own(call.parameters.get("deploymentConfiguration") or {}, deployment["strategy"])
    if not 0 <= deployment["bakeTimeInMinutes"] <= DAY:
        raise invalid(f"bakeTimeInMinutes must be between 0 and {DAY}.")
    for hook in deployment.get("lifecycleHooks") or []:
        _check_hook(hook)
    if deployment["strategy"] == "ROLLING":
        return
    if settings["deploymentController"]["type"] != "ECS":
        raise invalid(f"The deployment strategy {deployment['strategy']} needs the deployment controller ECS.")
    for balancer in settings["loadBalancers"]:
        _check_balancer(call, balancer)


def _check_own(given, strategy):
    for name, (owner, limits) in OWN.items():
        if given.get(name) and strategy != owner:
            raise invalid(f"{name} is only valid with the deployment strategy {owner}.")
        for key, (least, most) in limits.items():
            value = (given.get(name) or {}).get(key, least)
            if not least <= value <= most or round(value * 10, 6) % 1:
                raise invalid(f"{key} must be between {least} and {most}, in steps of 0.1.")


def _check_hook(hook):
    if not hook.get("lifecycleStages"):
        raise invalid("A lifecycle hook needs lifecycleStages.")
    if (hook.get("targetType") == "PAUSE") == bool(hook.get("hookTargetArn")):
        raise invalid("A lifecycle hook of type AWS_LAMBDA needs a hookTargetArn, which PAUSE does not have.")
    if hook.get("targetType") != "PAUSE" and not hook.get("roleArn"):
        raise invalid("A lifecycle hook of type AWS_LAMBDA needs a roleArn.")


def _check_balancer(call, balancer):
    advanced, state = balancer.get("advancedConfiguration"), get_backend("elbv2")[call.account][call.region]
    if not advanced:
        raise invalid(
            "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment "
            "strategy."
        )
    missing = [name for name in NEEDED if not advanced.get(name)]
    if missing:
        raise invalid(f"advancedConfiguration needs {', '.join(missing)}.")
    if advanced["alternateTargetGroupArn"] == balancer["targetGroupArn"]:
        raise invalid("The alternate target group must differ from the target group.")
    for name in ("productionListenerRule", "testListenerRule"):
        if advanced.get(name) and find_rule(state, advanced[name]) is None:
            raise invalid(f"The {name} {advanced[name]} does not exist.")
    if advanced["productionListenerRule"] == advanced.get("testListenerRule"):
        raise invalid("The production and the test listener rule must differ.")
