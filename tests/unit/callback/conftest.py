# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends callbacks the events of a run as Ansible does, with a clock that only the tests advance."""

from __future__ import annotations

import types

import pytest

from ansible import context
from ansible.executor.stats import AggregateStats
from ansible.executor.task_result import _RawTaskResult
from ansible.inventory.host import Host
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible.utils import color
from ansible.utils.display import Display

from ansible_collections.groundwork.aws.plugins.callback import progress, report

# What the documentation of the default callback and ours says.
OPTIONS = {
    "check_mode_markers": False,
    "display_failed_stderr": False,
    "display_ok_hosts": True,
    "display_skipped_hosts": True,
    "pretty_results": None,
    "result_format": "yaml",
    "result_indentation": 4,
    "show_custom_stats": False,
    "show_per_host_start": False,
    "show_task_path_on_failure": False,
    "waiting": False,
}


class Run:
    """A run of which one callback is told."""

    def __init__(self, callback, clock, capsys):
        self.callback, self.clock, self._capsys = callback, clock, capsys
        self.check = False

    def play(self, name="Converge platforms", check=False):
        """A play begins."""
        self.check, play = check, Play()
        play.name, play.check_mode = name, check
        self.callback.v2_playbook_on_play_start(play)

    def begin(self, host, role="networking", entry="main", name="Create subnets", **values):
        """A task starts on a host; what to end it with."""
        task = Task()
        for field, value in {"action": "groundwork.aws.ec2_subnets", "check_mode": self.check, **values}.items():
            setattr(task, field, value)
        task.name, task._resolved_action = f"{role} | {name}" if role else name, task.action
        if role:
            names = {"get_name": lambda **_how: f"groundwork.aws.{role}", "_from_files": {"tasks": entry}}
            task._role = types.SimpleNamespace(**names)
        self.send("v2_playbook_on_task_start", task, False)
        self.send("v2_runner_on_start", Host(host), task)
        return Host(host), task

    def end(self, begun, result=None, event="runner_on_ok", **options):
        """A task ends on a host, a second later; also an item of its loop."""
        self.clock.now += 1
        host, task = begun
        sent = _RawTaskResult(host, task, result or {}, {"name": task.name}).as_callback_task_result()
        self.callback._current_task_result = sent
        self.send(f"v2_{event}", sent, **options)

    def task(self, host, result=None, event="runner_on_ok", ignore_errors=None, **values):
        """A task starts and ends on a host."""
        options = {} if ignore_errors is None else {"ignore_errors": ignore_errors}
        self.end(self.begin(host, **values), result, event, **options)

    def over(self):
        """The run ends."""
        self.send("v2_playbook_on_stats", AggregateStats())

    def send(self, event, *arguments, **options):
        """An event that the callback may not care for."""
        method = getattr(self.callback, event, None)
        if method:
            method(*arguments, **options)

    def text(self):
        """What was printed since the last question, on both outputs."""
        return "".join(self._capsys.readouterr())

    def lines(self):
        """The lines printed since the last question."""
        return [line.rstrip() for line in self.text().splitlines() if line.strip()]


@pytest.fixture
def start(monkeypatch, capsys):
    """Starts a run of a callback with these options."""
    monkeypatch.setattr(color, "ANSIBLE_COLOR", False)
    monkeypatch.setattr(context, "CLIARGS", {"check": False})
    monkeypatch.setattr(Display(), "columns", 79)
    monkeypatch.setenv("TERM", "xterm")
    clock = types.SimpleNamespace(now=1000.0)
    clock.monotonic = lambda: clock.now

    def run(module, verbosity=0, **options):
        monkeypatch.setattr(Display(), "verbosity", verbosity)
        monkeypatch.setattr(module, "time", clock)
        callback = module.CallbackModule()
        callback._plugin_options = OPTIONS | options
        started = Run(callback, clock, capsys)
        started.play()
        return started

    return run


@pytest.fixture
def progress_run(start):
    """A run that is told by lines."""
    return start(progress)


@pytest.fixture
def report_run(start):
    """A run that ends with a table."""
    return start(report)
