# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about tasks that stopped."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils.ecs_tasks import remedy, stop_text, stop_texts

OUT_OF_MEMORY = {"name": "api", "exitCode": 137, "reason": "OutOfMemoryError: Container killed due to memory usage"}


@pytest.mark.parametrize(
    "task, text",
    [
        ({}, "it stopped"),
        ({"stopCode": "SpotInterruption"}, "AWS took the Spot capacity back"),
        (
            {
                "stopCode": "ServiceSchedulerInitiated",
                "stoppedReason": "Task failed ELB health checks in\n(target-group x).",
            },
            "its service stopped it (Task failed ELB health checks in (target-group x))",
        ),
        (
            {"stopCode": "EssentialContainerExited", "containers": [OUT_OF_MEMORY, {"name": "proxy", "exitCode": 0}]},
            "an essential container exited; container api exited with 137 (it was killed: out of memory, or still running "
            "when it had to stop): OutOfMemoryError: Container killed due to memory usage",
        ),
        (
            {
                "stopCode": "TaskFailedToStart",
                "stoppedReason": "CannotPullContainerError: not found",
                "containers": [{"name": "api", "reason": "CannotPullContainerError: not found"}],
            },
            "it did not start (CannotPullContainerError: not found)",
        ),
    ],
)
def test_why_a_task_stopped(task, text):
    assert stop_text(task) == text


def test_each_reason_is_said_once_the_most_frequent_first():
    tasks = [{"stopCode": "UserInitiated"}, {"stopCode": "SpotInterruption"}, {"stopCode": "SpotInterruption"}]
    assert stop_texts(tasks) == ["2 tasks: AWS took the Spot capacity back", "1 task: somebody stopped it"]


@pytest.mark.parametrize(
    "text, words",
    [
        (stop_text({"containers": [OUT_OF_MEMORY]}), "give the task more memory"),
        ("container api exited with 127 (its command was not found)", "correct the command"),
        (
            "its service stopped it (Task failed ELB health checks in (target-group x))",
            "answer its health path in time",
        ),
        ("ResourceInitializationError: unable to pull secrets", "let the execution role read the secrets"),
        ("something new", "otherwise"),
    ],
)
def test_what_to_do(text, words):
    assert words in remedy(text, "otherwise")
