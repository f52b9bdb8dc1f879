# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: progress
type: stdout
version_added: 1.0.0
short_description: Say what is created, changed and deleted, and what is being waited for
description:
  - Prints a line for each resource that is created, changed or deleted, with its platform and role, and a line with the
    duration when a role is done. What changes nothing prints no line of its own.
  - A failure is one line that begins with C(fatal), and the message that matters.
  - What is being waited for, and for how long, is the last line of a terminal, which is written anew every second. Without a
    terminal, and with C(-v), a task that takes long has a line after half a minute and then every minute.
  - In check mode the lines say what would be done, and what a later task would do once more is said once.
  - With C(-v) everything is printed that P(ansible.builtin.default#callback) prints.
  - O(display_ok_hosts) set to V(false) also leaves out the roles that change nothing.
extends_documentation_fragment:
  - ansible.builtin.default_callback
  - ansible.builtin.result_format_callback
options:
  waiting:
    description: Whether to say what is being waited for.
    type: bool
    default: true
    env:
      - name: GROUNDWORK_PROGRESS_WAITING
    ini:
      - section: groundwork_progress
        key: waiting
author:
  - groundwork.aws contributors (@groundwork-aws)
requirements:
  - set as stdout_callback in ansible.cfg
"""

import atexit
import contextlib
import os
import sys
import threading
import time

from ansible import constants as C
from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback.default import CallbackModule as Default

from ansible_collections.groundwork.aws.plugins.plugin_utils import plan, progress

# What erases a line of a terminal from the cursor on.
ERASE = "\033[K"
COLORS = {"create": C.COLOR_OK, "delete": C.COLOR_ERROR}


class CallbackModule(Default):
    """The default output with -v, and a line for what happens without."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "groundwork.aws.progress"

    def __init__(self):
        super().__init__()
        self.heading = None
        self.hinted = False
        self.width = 0
        self.running = {}
        self.stretches = {}
        self.entered = set()
        self.predicted = set()
        self.live = not self.verbose and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self.status_shown = False
        self.writing = threading.RLock()
        self.over = threading.Event()
        self.ticker = None

    @property
    def verbose(self):
        """Whether the default output is asked for."""
        return self._display.verbosity > 0

    # Plays and tasks

    def v2_playbook_on_play_start(self, play):
        self.leave_all()
        self.entered.clear()
        if self.verbose:
            super().v2_playbook_on_play_start(play)
            return
        self._play = play
        mode = " (check mode: nothing is changed)" if play.check_mode else ""
        self.heading = f"\n{play.get_name().strip()}{mode}"

    def v2_playbook_on_no_hosts_matched(self):
        # A play of another environment is none of this inventory.
        if self.verbose:
            super().v2_playbook_on_no_hosts_matched()

    def v2_playbook_on_task_start(self, task, is_conditional):
        if self.verbose:
            super().v2_playbook_on_task_start(task, is_conditional)

    def v2_playbook_on_handler_task_start(self, task):
        if self.verbose:
            super().v2_playbook_on_handler_task_start(task)

    def v2_playbook_on_include(self, included_file):
        if self.verbose:
            super().v2_playbook_on_include(included_file)

    def v2_runner_on_start(self, host, task):
        super().v2_runner_on_start(host, task)
        name, now = host.get_name(), time.monotonic()
        self.width = max(self.width, len(name))
        role, entry = _role(task)
        stretch = self.stretches.get(name)
        if stretch is None or (stretch.role, stretch.entry) != (role, entry):
            self.leave(name)
            self.stretches[name] = progress.Stretch(name, role, entry, now, now)
        self.running[name] = progress.Waiting(
            name, self.stretches[name].label, progress.short_task(task.name or task.action), now
        )
        if self.ticker is None and self.get_option("waiting"):
            self.ticker = threading.Thread(target=self.tick, name="progress", daemon=True)
            self.ticker.start()
            # A run that is interrupted has no statistics.
            atexit.register(self.stop_waiting)

    # Results

    def v2_runner_on_ok(self, result):
        self.finished(result)
        if self.verbose:
            super().v2_runner_on_ok(result)
            return
        self._handle_warnings_and_exception(result)
        if isinstance(result.task, TaskInclude):
            return
        if result.result.get("_ansible_verbose_always"):
            self.show(result)

    def v2_runner_on_skipped(self, result):
        self.finished(result)
        if self.verbose:
            super().v2_runner_on_skipped(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.finished(result, failed=not ignore_errors)
        if self.verbose:
            super().v2_runner_on_failed(result, ignore_errors)
            return
        self._handle_warnings(result.result)
        if not (result.task.loop and "results" in result.result):
            self.fail(f"fatal: [{self.host_label(result)}]: ", result)
        if ignore_errors:
            self.line("...ignoring", C.COLOR_SKIP)

    def v2_runner_on_unreachable(self, result):
        self.finished(result, failed=True)
        if self.verbose:
            super().v2_runner_on_unreachable(result)
            return
        self._handle_warnings(result.result)
        self.fail(f"fatal: [{self.host_label(result)}]: UNREACHABLE! ", result)

    def v2_runner_item_on_ok(self, result):
        if self.verbose:
            self.note(result)
            super().v2_runner_item_on_ok(result)
            return
        self._handle_warnings_and_exception(result)
        self.note(result)

    def v2_runner_item_on_failed(self, result):
        self.note(result)
        if self.verbose:
            super().v2_runner_item_on_failed(result)
            return
        self._handle_warnings(result.result)
        label = self._get_item_label(result.result)
        self.fail(f"failed: [{self.host_label(result)}] (item={label}) ", result)

    def v2_runner_item_on_skipped(self, result):
        if self.verbose:
            super().v2_runner_item_on_skipped(result)

    def v2_runner_retry(self, result):
        if self.verbose:
            super().v2_runner_retry(result)

    def v2_on_file_diff(self, result):
        if self.verbose:
            super().v2_on_file_diff(result)
            return
        results = result.result["results"] if result.task.loop and "results" in result.result else [result.result]
        diffs = [self._get_diff(one["diff"]) for one in results if one.get("diff") and one.get("changed")]
        for diff in filter(None, diffs):
            if self.is_news(result, diff):
                self.told(result.host.get_name(), f"{progress.short_task(result.task_name)}:")
                self.line(diff.rstrip("\n"))

    def v2_playbook_on_stats(self, stats):
        self.stop_waiting()
        self.leave_all()
        super().v2_playbook_on_stats(stats)

    # What is printed

    def finished(self, result, failed=False):
        """A task of a host is over."""
        name = result.host.get_name()
        self.running.pop(name, None)
        stretch = self.stretches.get(name)
        if stretch is not None:
            stretch.failed = stretch.failed or failed
            stretch.note([], time.monotonic())
        # A loop's items come one by one.
        if not (result.task.loop and "results" in result.result):
            self.note(result)

    def note(self, result):
        """Print and count what a task has done, or would do."""
        name = result.host.get_name()
        would = result.task.check_mode
        found = plan.actions(result.task.resolved_action or result.task.action, result.result)
        actions = [action for action in found if self.is_news(result, progress.action_text(action, would))]
        stretch = self.stretches.get(name)
        if stretch is not None:
            stretch.note(actions, time.monotonic())
        if self.verbose:
            return
        for action in actions:
            self.told(name, progress.action_text(action, would), COLORS.get(action["action"]))
        if result.result.get("changed") and not found and not isinstance(result.task, TaskInclude):
            verb = "would change" if would else "changed"
            self.told(name, f"{verb}: {progress.short_task(result.task_name)}", C.COLOR_CHANGED)

    def is_news(self, result, text):
        """Whether a line was not printed before: what is started and settled later is predicted by both."""
        line = (result.host.get_name(), text)
        known = result.task.check_mode and line in self.predicted
        self.predicted.add(line)
        return not known

    def show(self, result):
        """Print what a task was made for to show."""
        name = result.host.get_name()
        self._clean_results(result.result, result.task.action)
        message = result.result.get("msg")
        if message is None:
            text = self._dump_results(result.result)
        else:
            text = "\n".join(map(str, message)) if isinstance(message, list) else str(message)
        self.line(f"{name}  {progress.short_task(result.task_name)}:\n{progress.indented(text)}")

    def fail(self, begin, result):
        """Print a failure with the message that matters."""
        role = self.stretches[result.host.get_name()].role if result.host.get_name() in self.stretches else ""
        task = progress.short_task(result.task_name)
        text = progress.indented(progress.failure_text(result.result))
        if not self.hinted:
            self.hinted = True
            text += "\n    (-v shows the whole result)"
        headline = f"{begin}{f'{role}: ' if role else ''}{task}"
        self.line(f"{headline}\n{text}", C.COLOR_ERROR, stderr=self.get_option("display_failed_stderr"))

    def leave_all(self):
        """Close what is open, at the end of a play."""
        for name in list(self.stretches):
            self.leave(name)

    def leave(self, name):
        """Say what a role has done, when its platform goes on to the next."""
        stretch = self.stretches.pop(name, None)
        if stretch is None or not stretch.role:
            return
        again = (name, stretch.role) in self.entered
        if stretch.entry != "discover":
            self.entered.add((name, stretch.role))
        would = bool(self._play and self._play.check_mode)
        text = progress.stretch_text(stretch, would, again, self.verbose)
        idle = not any(stretch.counts.values())
        if text and (self.get_option("display_ok_hosts") or not idle):
            self.told(name, text, C.COLOR_OK if idle else C.COLOR_CHANGED, stretch)

    def told(self, name, text, color=None, stretch=None):
        """Print a line about a platform."""
        stretch = stretch or self.stretches.get(name)
        self.line(self.columns(name, stretch.label if stretch else "") + text, color)

    def columns(self, name, label):
        """What a line about a platform begins with."""
        return f"{name:{self.width}}  {label:{progress.LABEL_WIDTH}}  "

    def line(self, text, color=None, stderr=False):
        """Print a line at once, below the name of its play: a pipe would keep it until it has enough of them."""
        with self.writing:
            self.erase()
            heading, self.heading = self.heading, None
            if heading:
                self._display.display(heading)
            self._display.display(text, color=color, stderr=stderr)
            self.flush()

    def _handle_warnings(self, res):
        # They are printed by others.
        self.erase()
        super()._handle_warnings(res)

    @staticmethod
    def flush():
        """Whoever closed the other end of the pipe does not want the lines."""
        with contextlib.suppress(OSError):
            sys.stdout.flush()

    # What is being waited for, in another thread. It writes through Display alone, and Ansible forks while it holds the
    # lock of Display; the callback's own lock is taken by no fork.

    def tick(self):
        """Say every second what is being waited for, where that is due."""
        while not self.over.wait(1):
            # A closed terminal is no reason for a traceback beside the run.
            with contextlib.suppress(OSError, ValueError):
                self.say_waiting(list(self.running.copy().values()), time.monotonic())

    def say_waiting(self, tasks, now):
        """Renew the status line, or print the lines that are due."""
        if self.live:
            self.show_status(progress.status_text(tasks, now, self._display.columns - 1))
            return
        for task in tasks:
            text = progress.waiting_text(task, now)
            if text:
                self.line(self.columns(task.platform, task.role) + text)

    def show_status(self, text):
        """Write the status line; what is printed next begins where it does."""
        with self.writing:
            self.erase()
            if text:
                self._display.display(f"{text}\r", newline=False, screen_only=True)
                self.status_shown = True
            self.flush()

    def erase(self):
        """Take the status line away."""
        with self.writing:
            if self.status_shown:
                self._display.display(ERASE, newline=False, screen_only=True)
                self.status_shown = False

    def stop_waiting(self):
        """Nothing is waited for any more."""
        self.over.set()
        if self.ticker is not None:
            self.ticker.join()
        self.erase()
        self.flush()


def _role(task):
    """The role that a task belongs to and the file by which that was entered; empty for a task of a play."""
    role = getattr(task, "_role", None)
    if role is None:
        return "", ""
    return role.get_name().rpartition(".")[2], getattr(role, "_from_files", {}).get("tasks", "main")
