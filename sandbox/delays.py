# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long things take that take time on AWS. Nothing takes any, until a test or a demo says so."""

import threading
import time

# Seconds by what happens; ``scale`` multiplies them all, so a demo can be slow in proportion.
USUAL = {
    "certificate-issue": 0.0,
    "certificate-records": 0.0,
    "db-instance-create": 0.0,
    "db-instance-delete": 0.0,
    "db-instance-modify": 0.0,
    "db-replica-create": 0.0,
    "db-snapshot-create": 0.0,
    "dns-change": 0.0,
    "ecs-service-stable": 0.0,
    "ecs-task-start": 0.0,
    "ecs-task-stop": 0.0,
    "load-balancer-create": 0.0,
    "nat-gateway-create": 0.0,
    "nat-gateway-delete": 0.0,
    "schedule-group-delete": 0.0,
    "target-deregistration": 0.0,
    "target-health": 0.0,
}

_lock = threading.Lock()
_seconds = dict(USUAL)
_scale = 1.0


def change(wanted):
    """Set delays by name, and ``scale``; returns what applies now. KeyError for an unknown name."""
    global _scale
    with _lock:
        for name in set(wanted) - {"scale"}:
            _seconds[name] = float(wanted[name] + 0 * USUAL[name])
        _scale = float(wanted.get("scale", _scale))
        return {**_seconds, "scale": _scale}


def reset():
    """Back to no delays at all."""
    change({**USUAL, "scale": 1.0})


def ready_at(name):
    """When something that starts now will be done."""
    return time.monotonic() + _seconds[name] * _scale


def is_past(moment):
    """Whether a moment from ``ready_at`` has come."""
    return time.monotonic() >= moment
