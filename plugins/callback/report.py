# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: report
type: aggregate
version_added: 1.0.0
short_description: End a run with what each role of each platform did, and how long it took
description:
  - Ends a run with how many resources each role of each platform created, changed, replaced and deleted, how long that took,
    and what the inventory no longer declares.
  - Also where another plugin owns the standard output, as under ansible-runner and AWX.
author:
  - groundwork.aws contributors (@groundwork-aws)
requirements:
  - enabled in ansible.cfg, callbacks_enabled
"""

import time

from ansible.playbook.task_include import TaskInclude
from ansible.plugins.callback import CallbackBase

from ansible_collections.groundwork.aws.plugins.plugin_utils import plan, report


class CallbackModule(CallbackBase):
    """Counts in memory, and prints at the end."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "groundwork.aws.report"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self):
        super().__init__()
        self.ledger = report.Ledger()
        self.would = False

    def v2_playbook_on_play_start(self, play):
        self.ledger.paused()
        self.would = bool(play.check_mode)

    def v2_runner_on_start(self, host, task):
        self.ledger.started(host.get_name(), time.monotonic())

    def v2_runner_on_ok(self, result):
        self.note(result)

    def v2_runner_on_skipped(self, result):
        self.note(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.note(result)

    def v2_runner_on_unreachable(self, result):
        self.note(result)

    def v2_playbook_on_stats(self, stats):
        lines = self.ledger.lines(self.would)
        if lines:
            self._display.display("\n".join([*lines, ""]))

    def note(self, result):
        """Count what a task has done, with the items of its loop."""
        if isinstance(result.task, TaskInclude):
            return
        looped = result.task.loop and "results" in result.result
        results = result.result["results"] if looped else [result.result]
        module = result.task.resolved_action or result.task.action
        actions = [action for one in results for action in plan.actions(module, one)]
        left = [entry for one in results for entry in plan.undeclared(one)]
        role = getattr(result.task, "_role", None)
        name = role.get_name().rpartition(".")[2] if role else ""
        self.ledger.note(result.host.get_name(), name, actions, left, time.monotonic())
