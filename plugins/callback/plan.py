# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: plan
type: aggregate
version_added: 1.0.0
short_description: Collect what a check-mode run would do
description:
  - Collects from every task that runs in check mode which resources a converge would create, change or delete.
  - The first play that declares the variable C(plan_file) names the file; an older one is removed. When a second such
    play begins, and at the end, what was collected is written to it as JSON, with one entry a resource - platform,
    service, type, name, action and changed fields - and what the inventory no longer names. The file holds no values,
    so it holds no secrets.
  - Modules of this collection say what they would do; for some of amazon.aws this plugin knows what "changed" means.
author:
  - groundwork.aws contributors (@groundwork-aws)
requirements:
  - enabled in ansible.cfg, callbacks_enabled
"""

import contextlib
import json
import os
import tempfile

from ansible.plugins.callback import CallbackBase
from ansible.template import Templar

from ansible_collections.groundwork.aws.plugins.plugin_utils import plan


class CallbackModule(CallbackBase):
    """Collects in memory; the plan playbook's last play asks for the file."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "groundwork.aws.plan"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self):
        super().__init__()
        self.path = None
        self.written = False
        self.changes = []
        self.undeclared = []
        self.failed = set()

    def v2_playbook_on_play_start(self, play):
        # Only a play's own variables count: an extra variable is there in every play.
        if "plan_file" not in play.get_vars():
            return
        if self.path is None:
            variables = play.get_variable_manager().get_vars(play=play)
            self.path = Templar(loader=play.get_loader(), variables=variables).template(variables["plan_file"])
            with contextlib.suppress(FileNotFoundError):
                os.remove(self.path)
        else:
            self.write()

    def v2_playbook_on_stats(self, stats):
        # A plan that failed on every platform has no last play; its file says so. What fails in the last play, such as
        # a refusal of changes, is no failure of the prediction.
        if self.path is not None and not self.written:
            self.write()

    def write(self):
        """Replace the file as a whole, so that a reader never sees half of it."""
        folder = os.path.dirname(os.path.abspath(self.path))
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".plan-", delete=False) as stream:
            json.dump(plan.plan(self.changes, sorted(self.failed), self.undeclared), stream, indent=2)
            stream.write("\n")
        os.replace(stream.name, self.path)
        self.written = True

    def v2_runner_on_ok(self, result):
        # A loop's items come one by one through v2_runner_item_on_ok.
        if "results" not in result.result or not result.task.loop:
            self.collect(result)

    def v2_runner_item_on_ok(self, result):
        self.collect(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        # Also outside of check mode: a plan that was refused has predicted nothing.
        self.collect(result)
        self.failed.add(result.host.get_name())

    def v2_runner_on_unreachable(self, result):
        self.failed.add(result.host.get_name())

    def collect(self, result):
        """Note what one module run would do."""
        if not result.task.check_mode:
            return
        platform = {"platform": result.host.get_name()}
        actions = plan.actions(result.task.resolved_action or result.task.action, result.result)
        self.changes += [{**platform, **action} for action in actions]
        self.undeclared += [{**platform, **entry} for entry in plan.undeclared(result.result)]
