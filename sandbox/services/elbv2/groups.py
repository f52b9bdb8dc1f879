# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Target groups: the ranges of their health checks."""

from .. import answer, backend, check, correct
from .shared import find_group, invalid, request, same_request

RANGES = {
    "HealthCheckIntervalSeconds": (5, 300), "HealthCheckTimeoutSeconds": (2, 120), "HealthyThresholdCount": (2, 10),
    "UnhealthyThresholdCount": (2, 10),
}  # fmt: skip
USUAL_INTERVAL = 30


@check("elbv2", "CreateTargetGroup")
def check_new_group(call):
    """moto takes any number."""
    _check(call)
    timeout, interval = (call.parameters.get(f"HealthCheck{name}Seconds") for name in ("Timeout", "Interval"))
    if timeout and call.parameters.get("TargetType") != "lambda":
        _check_timeout(int(timeout), int(interval or USUAL_INTERVAL))


@answer("elbv2", "CreateTargetGroup")
def repeat(call):
    """The same again is the one that there is."""
    group = same_request(call, backend(call).target_groups.values())
    return {"TargetGroups": [group.sandbox_created]} if group else None


@correct("elbv2", "CreateTargetGroup")
def remember(call, parsed):
    """What was asked for and answered, to know it again."""
    view = parsed["TargetGroups"][0]
    group = backend(call).target_groups[view["TargetGroupArn"]]
    group.sandbox_request, group.sandbox_created = request(call), view
    return False


@check("elbv2", "ModifyTargetGroup")
def check_group(call):
    """As a new one; what is left out stays."""
    group = find_group(call)
    _check(call)
    interval = call.parameters.get("HealthCheckIntervalSeconds") or int(group.health_check_interval_seconds)
    timeout = call.parameters.get("HealthCheckTimeoutSeconds") or int(group.health_check_timeout_seconds)
    if group.protocol in ("HTTP", "HTTPS"):
        _check_timeout(timeout, interval)


def _check_timeout(timeout, interval):
    if timeout >= interval:
        raise invalid(f"Health check timeout '{timeout}' must be smaller than the interval '{interval}'")


def _check(call):
    for name, (least, most) in RANGES.items():
        value = call.parameters.get(name)
        if value is not None and not least <= int(value) <= most:
            raise invalid(f"{name} '{value}' must be between {least} and {most} inclusive")
    path = call.parameters.get("HealthCheckPath")
    if path is not None and not (path.startswith("/") and len(path) <= 1024):
        raise invalid(f"Health check path '{path}' must begin with a '/' character, and be at most 1024 long")
