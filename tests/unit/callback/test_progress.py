# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run prints while it goes on, from the events of the run."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
import yaml

from ansible.utils.display import Display
from ansible_collections.groundwork.aws.plugins.callback import progress
from ansible_collections.groundwork.aws.plugins.plugin_utils import progress as lines

ROLES = Path(progress.__file__).resolve().parents[2] / "roles"
TOLD = "a  networking                "


def subnet(name="x", action="create", *fields):
    return {"service": "ec2", "type": "subnet", "name": name, "action": action, "fields": list(fields)}


def changed(*actions, **more):
    return {"changed": True, "actions": list(actions), **more}


class Terminal(io.StringIO):
    """Standard output that is a terminal."""

    def isatty(self):
        return True


# What is done


def test_what_is_created_changed_and_deleted_has_a_line_and_what_changes_nothing_none(progress_run):
    progress_run.task("a", changed(subnet("x"), subnet("y", "update", "tags"), subnet("z", "delete")))
    progress_run.task("a", {"changed": False})
    progress_run.task("a", {"skipped": True}, "runner_on_skipped")
    progress_run.task("a", role="ecs")
    assert progress_run.lines() == [
        "Converge platforms",
        f"{TOLD}created ec2 subnet x",
        f"{TOLD}changed ec2 subnet y: tags",
        f"{TOLD}deleted ec2 subnet z",
        f"{TOLD}done in 3.0 s: 1 created, 1 changed, 1 deleted",
    ]


def test_modules_that_say_no_more_than_changed(progress_run):
    told = {"changed": True, "invocation": {"module_args": {"name": "app"}}}
    progress_run.task("a", told, action="amazon.aws.iam_role")
    progress_run.task("a", {"changed": True}, action="ansible.builtin.copy", name="Write the file")
    assert progress_run.lines()[1:] == [f"{TOLD}changed iam role app", f"{TOLD}changed: Write the file"]


def test_each_item_of_a_loop(progress_run):
    begun = progress_run.begin("a", loop=["x", "y"])
    progress_run.end(begun, changed(subnet("x"), item="x"), "runner_item_on_ok")
    progress_run.end(begun, {"msg": "No room.", "failed": True, "item": "y"}, "runner_item_on_failed")
    progress_run.end(begun, changed(results=[changed(subnet("x")), {}], failed=True), "runner_on_failed")
    assert progress_run.lines() == [
        "Converge platforms",
        f"{TOLD}created ec2 subnet x",
        "failed: [a] (item=y) networking: Create subnets",
        "    No room.",
        "    (-v shows the whole result)",
    ]


def test_platforms_side_by_side_have_their_own_roles_and_lines(progress_run):
    first, second = progress_run.begin("short"), progress_run.begin("a-longer-name", role="ecs", entry="settle")
    progress_run.end(first, changed(subnet("x")))
    progress_run.end(second, changed(subnet("y")))
    progress_run.task("short", role="dns")
    progress_run.over()
    done = [line for line in progress_run.lines() if "done" in line or "created" in line]
    assert done == [
        "short          networking                created ec2 subnet x",
        "a-longer-name  ecs settle                created ec2 subnet y",
        "short          networking                done in 1.0 s: 1 created",
        "a-longer-name  ecs settle                done in 2.0 s: 1 created",
        "short          dns                       done in 1.0 s: nothing to change",
    ]


def test_check_mode_predicts_each_resource_once(progress_run):
    progress_run.play("Plan", check=True)
    progress_run.task("a", changed(subnet("x")))
    progress_run.task("a", changed(subnet("x"), subnet("y")), entry="settle")
    progress_run.task("b", changed(subnet("x")))
    progress_run.task("a", role="dns")
    assert progress_run.lines() == [
        "Plan (check mode: nothing is changed)",
        f"{TOLD}would create ec2 subnet x",
        f"{TOLD}done in 1.0 s: would create 1",
        "a  networking settle         would create ec2 subnet y",
        "b  networking                would create ec2 subnet x",
        "a  networking settle         done in 1.0 s: would create 1",
    ]


def test_what_happens_twice_is_told_twice(progress_run):
    for _time in range(2):
        progress_run.task("a", changed(subnet("x", "update", "tags")))
    assert progress_run.lines()[1:] == [f"{TOLD}changed ec2 subnet x: tags"] * 2


def test_a_difference_is_shown_once_in_check_mode(progress_run):
    progress_run.play("Plan", check=True)
    result = {"changed": True, "diff": {"before": "old\n", "after": "new\n"}}
    for entry in ("main", "settle"):
        progress_run.task("a", result, "on_file_diff", entry=entry)
    assert progress_run.text().count("+new") == 1


def test_every_entry_of_every_role_fits_its_column():
    specs = {
        path.parent.parent.name: yaml.safe_load(path.read_text()) for path in ROLES.glob("*/meta/argument_specs.yml")
    }
    labels = [
        lines.Stretch("a", role, entry, 0.0).label for role, spec in specs.items() for entry in spec["argument_specs"]
    ]
    assert "database settle_replicas" in labels
    assert not [label for label in labels if len(label) > lines.LABEL_WIDTH]


# What goes wrong, and what is asked to be shown


def test_a_failure_is_its_one_message_and_the_way_to_more_is_said_once(progress_run):
    failure = {"msg": "Could not create it. To fix: x.", "failed": True, "invocation": {"module_args": {"b": "c"}}}
    progress_run.task("a", failure, "runner_on_failed")
    progress_run.task("b", {"msg": "No route.", "unreachable": True}, "runner_on_unreachable")
    progress_run.over()
    assert progress_run.lines()[:6] == [
        "Converge platforms",
        "fatal: [a]: networking: Create subnets",
        "    Could not create it. To fix: x.",
        "    (-v shows the whole result)",
        "fatal: [b]: UNREACHABLE! networking: Create subnets",
        "    No route.",
    ]


def test_failures_that_are_ignored_or_rescued_do_not_end_the_role(progress_run):
    progress_run.task("a", {"msg": "Not there.", "failed": True}, "runner_on_failed", ignore_errors=True)
    progress_run.task("a", {"msg": "Not now.", "failed": True}, "runner_on_failed", ignore_errors=False)
    progress_run.task("a", changed(subnet("x")), name="Try another way")
    text = progress_run.text()
    assert text.index("Not there.") < text.index("...ignoring") < text.index("Not now.") < text.index("created ec2")
    assert text.count("...ignoring") == 1


@pytest.mark.parametrize(
    "event, result", [("runner_on_ok", "changed"), ("runner_on_failed", "failed"), ("runner_on_unreachable", "failed")]
)
def test_what_is_hidden_stays_hidden(progress_run, event, result):
    secret = {"msg": "pa55word", "stderr": "pa55word", "diff": {"after": "pa55word"}, result: True}
    progress_run.task("a", {**secret, "actions": [subnet("pa55word")]}, event, no_log=True)
    progress_run.over()
    text = progress_run.text()
    assert "pa55word" not in text
    assert ("changed: Create subnets" if event == "runner_on_ok" else "the output has been hidden") in text


def test_what_debug_shows_is_shown(progress_run):
    shown = {"msg": ["url: https://x", "Do this."], "_ansible_verbose_always": True}
    progress_run.task("a", shown, role="", name="Report", action="ansible.builtin.debug")
    assert progress_run.lines()[1:] == ["a  Report:", "    url: https://x", "    Do this."]


def test_verbosity_has_the_default_output_and_the_roles(start):
    run = start(progress, verbosity=1)
    run.task("a", changed(subnet("x")))
    run.task("a", {"msg": "Could not.", "failed": True}, "runner_on_failed", role="ecs")
    run.over()
    text = run.text()
    assert "networking | Create subnets] ***" in text and "changed: [a] =>" in text
    assert "networking                done in 1.0 s: 1 created" in text
    assert "fatal: [a]: FAILED! =>" in text and "failed after 1.0 s" in text
    assert "created ec2 subnet x" not in text


def test_roles_that_change_nothing_can_be_left_out(start):
    run = start(progress, display_ok_hosts=False)
    run.task("a")
    run.task("a", changed(subnet("x")), role="ecs")
    run.over()
    assert [line.split()[1] for line in run.lines() if "done in" in line] == ["ecs"]


# What is being waited for


def test_a_log_has_a_line_after_half_a_minute_and_then_every_minute(progress_run):
    progress_run.begin("a", role="database", entry="settle", name="Wait for the instance")
    for _second in range(100):
        progress_run.clock.now += 1
        progress_run.callback.say_waiting(list(progress_run.callback.running.values()), progress_run.clock.now)
    assert progress_run.lines() == [
        "Converge platforms",
        "a  database settle           waiting for 30 s: Wait for the instance",
        "a  database settle           waiting for 1 min 30 s: Wait for the instance",
    ]


def test_a_terminal_has_one_line_that_is_renewed_and_gives_way(start, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    run = start(progress)
    waits = [run.begin(name, role="database", entry="settle", name="Wait for it") for name in ("a", "b")]
    for seconds in (1, 60, 1):
        run.clock.now += seconds
        run.callback.say_waiting(list(run.callback.running.values()), run.clock.now)
    run.end(waits[0], changed(subnet("x")))
    status = "waiting for {} (and 1 more): a database settle: Wait for it\r\x1b[K"
    told = "\nConverge platforms\na  database settle           created ec2 subnet x\n"
    assert sys.stdout.getvalue() == status.format("1 min 1 s") + status.format("1 min 2 s") + told


def test_the_line_of_a_terminal_is_never_wrapped(start, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(Display(), "columns", 20)
    run = start(progress)
    run.begin("a")
    run.callback.say_waiting(list(run.callback.running.values()), run.clock.now + 5)
    assert sys.stdout.getvalue() == "waiting for 5 s: a \r"


@pytest.mark.parametrize("verbosity, term", [(1, "xterm"), (0, "dumb")])
def test_a_terminal_that_cannot_renew_a_line_has_those_of_a_log(start, monkeypatch, verbosity, term):
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", term)
    run = start(progress, verbosity=verbosity)
    run.begin("a")
    run.callback.say_waiting(list(run.callback.running.values()), run.clock.now + 40)
    assert "waiting for 40 s: Create subnets\n" in sys.stdout.getvalue()
    assert "\x1b" not in sys.stdout.getvalue()


def test_nobody_speaks_of_waiting_after_the_end(start):
    run = start(progress, waiting=True)
    run.begin("a")
    thread = run.callback.ticker
    assert thread.is_alive()
    run.over()
    assert not thread.is_alive()


def test_a_reader_that_went_away_ends_the_lines_without_a_traceback(start, monkeypatch):
    def closed(_tasks, _now):
        raise BrokenPipeError

    run = start(progress)
    monkeypatch.setattr(run.callback, "say_waiting", closed)
    ticks = iter([False, False, True])
    monkeypatch.setattr(run.callback.over, "wait", lambda _seconds: next(ticks))
    run.callback.tick()
    assert next(ticks, None) is None
