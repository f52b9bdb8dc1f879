# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table at the end of a run, from the events of the run."""

from __future__ import annotations


def subnet(name, action="create"):
    return {"service": "ec2", "type": "subnet", "name": name, "action": action, "fields": []}


def changed(*actions, **more):
    return {"changed": True, "actions": list(actions), **more}


def test_platforms_side_by_side_have_their_own_lines(report_run):
    one, other = report_run.begin("a"), report_run.begin("b", role="ecs")
    report_run.end(one, changed(subnet("x"), subnet("y")))
    report_run.end(other, changed(subnet("z", "delete")), "runner_on_failed")
    report_run.over()
    assert report_run.lines() == [
        "a: 2 created, 1.0 s",
        "  networking                   1.0 s  2 created",
        "b: 1 deleted, 2.0 s",
        "  ecs                          2.0 s  1 deleted",
    ]


def test_loops_and_what_is_not_declared_any_more(report_run):
    items = [changed(subnet("x")), {"undeclared": [subnet("old")]}]
    report_run.task("a", {"changed": True, "results": items}, loop=["x", "y"])
    report_run.over()
    assert report_run.lines()[1:] == [
        "  networking                   1.0 s  1 created",
        "  no longer declared: ec2 subnet old",
    ]


def test_check_mode_predicts_and_counts_once_what_is_started_and_settled(report_run):
    report_run.play(check=True)
    report_run.task("a", changed(subnet("x")))
    report_run.task("a", changed(subnet("x")), entry="settle")
    report_run.over()
    assert report_run.lines()[0] == "a: would create 1, 2.0 s"


def test_what_is_hidden_skipped_or_unreachable_counts_time_alone(report_run):
    report_run.task("a", changed(subnet("secret name")), no_log=True)
    report_run.task("a", {"skipped": True}, "runner_on_skipped")
    report_run.task("a", {"unreachable": True}, "runner_on_unreachable")
    report_run.over()
    text = report_run.text()
    assert "secret name" not in text and text.startswith("a: nothing to change, 3.0 s\n")


def test_a_run_without_tasks_prints_nothing(report_run):
    report_run.over()
    assert report_run.text() == ""
