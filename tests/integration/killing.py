# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that end at the worst moment: AWS has carried out a call, and the run never learns of it."""

import os
import signal

from tests.integration.harness import TIMEOUT
from tests.integration.leftovers import await_end

ONE_QUESTION = 30  # seconds: the sandbox's client gives up on an answer after a minute


def await_hit(fault):
    """Wait until a fault struck, however slow the machine is."""
    for _question in range(0, TIMEOUT, ONE_QUESTION):
        if fault.wait(ONE_QUESTION)["hits"]:
            return
    raise AssertionError("the run never came to the call that the fault is about")


def kill_at(ansible, playbook, environment, extra=None, **match):
    """Kill a run with everything that it started when AWS has carried out a call and has not answered yet."""
    sandbox = ansible.sandbox
    held = sandbox.fault("hold_after", **match)
    with ansible.start(playbook, environment, extra=extra) as process:
        try:
            await_hit(held)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=20)
    sandbox.clear_faults()
    await_end(ansible.folder)
