# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The closing table of a run."""

from __future__ import annotations

from ansible_collections.groundwork.aws.plugins.plugin_utils.report import Ledger

SUBNET = {"service": "ec2", "type": "subnet", "name": "a", "action": "create", "fields": []}


def test_roles_that_changed_something_have_a_line_of_their_own():
    ledger = Ledger()
    ledger.started("dougust-test", 10.0)
    ledger.note("dougust-test", "networking", [SUBNET, {**SUBNET, "name": "b"}], [], 12.0)
    # The same resource once more, and another action.
    ledger.note("dougust-test", "networking", [SUBNET, {**SUBNET, "action": "delete"}], [], 13.0)
    ledger.note("dougust-test", "registry", [], [SUBNET], 13.5)
    assert ledger.lines(False) == [
        "dougust-test: 2 created, 1 deleted, 3.5 s",
        "  networking                   3.0 s  2 created, 1 deleted",
        "  nothing to change in 1, the longest: registry 0.5 s",
        "  no longer declared: ec2 subnet a",
    ]
    assert ledger.lines(True)[0] == "dougust-test: would create 2, delete 1, 3.5 s"


def test_platforms_that_run_side_by_side_have_their_own_time():
    ledger = Ledger()
    for platform, end in (("b", 5.0), ("a", 2.0)):
        ledger.started(platform, 1.0)
        ledger.note(platform, "ecs", [], [], end)
    ledger.paused()
    ledger.started("a", 100.0)
    ledger.note("a", "ecs", [], [], 101.0)
    assert [line for line in ledger.lines(False) if not line.startswith(" ")] == [
        "a: nothing to change, 2.0 s",
        "b: nothing to change, 4.0 s",
    ]


def test_a_run_of_nothing_has_no_table():
    assert Ledger().lines(False) == []
