# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All checks of capabilities together: a sound platform, and what is not known or refused already."""

from __future__ import annotations

import copy
import datetime
import pathlib

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight import roles
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.host import ADVISERS, Host, inspect
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import WIRED

ROLES = str(pathlib.Path(__file__).parents[4] / "roles")


def test_a_sound_platform_has_no_problem_and_no_warning(platform, lines):
    assert lines(platform()) == []
    assert [warning for adviser in ADVISERS for warning in adviser.warnings_of(platform())] == []


def leaves(value, path=()):
    """Where every value of a structure is, the structures themselves too."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from leaves(inner, (*path, key))


def replaced(value, path, by):
    """A copy with another value at a path."""
    if not path:
        return by
    copied = copy.copy(value)
    copied[path[0]] = replaced(value[path[0]], path[1:], by)
    return copied


def test_what_nobody_knows_yet_is_no_problem(platform, lines, sound):
    for option, value in sound.items():
        for path in leaves(value):
            subject = platform(**{option: replaced(value, path, WIRED)})
            assert lines(subject) == [], (option, path)
            assert all(isinstance(adviser.warnings_of(subject), list) for adviser in ADVISERS)


def test_checks_keep_quiet_where_the_spec_has_spoken():
    """What is of the wrong type is refused by the spec, once, and no check stumbles over it."""
    names = ["preflight", "load_balancer", "monitoring", "certificates", "buckets", "secrets"]
    raw = {key: value for name in names for key, value in roles.defaults(f"{ROLES}/{name}").items()}
    odd = {
        "load_balancer_target_groups": [{"name": "api", "port": "x", "health_check_interval": []}],
        "load_balancer_rules": [3, {"name": "a", "priority": "1"}],
        "monitoring_alarms": [{"name": "a", "metrics": 3, "period": "x"}],
        "certificates_certificates": "x",
        "buckets_buckets": [{"name": 3}],
        "secrets_secrets": [{"name": "a", "generate": 3}],
    }
    host = Host("x", names, [ROLES], {**raw, **odd}, [], lambda value: value)
    problems, _warnings = inspect(host, {}, datetime.date(2026, 11, 21))
    assert [problem.variable for problem in problems if problem.variable.split("[")[0] in odd] == [
        "load_balancer_target_groups[api].port",
        "load_balancer_target_groups[api].health_check_interval",
        "load_balancer_rules[0]",
        "load_balancer_rules[a].priority",
        "load_balancer_rules[a].target_group",
        "monitoring_alarms[a].metrics",
        "monitoring_alarms[a].period",
        "certificates_certificates",
        "buckets_buckets[0].name",
        "secrets_secrets[a].generate",
    ]
