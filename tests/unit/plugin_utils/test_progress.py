# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run has done so far, and how it reads."""

from __future__ import annotations

import pytest

from ansible_collections.groundwork.aws.plugins.plugin_utils import progress

SUBNET = {"service": "ec2", "type": "subnet", "name": "a", "action": "create", "fields": []}


def stretch(seconds=1.0, entry="main", actions=(), failed=False):
    one = progress.Stretch("dougust-test", "networking", entry, 100.0, failed=failed)
    one.note(list(actions), 100.0 + seconds)
    return one


@pytest.mark.parametrize("seconds, text", [(0.44, "0.4 s"), (59.9, "59.9 s"), (61, "1 min 1 s"), (3720, "1 h 2 min")])
def test_durations(seconds, text):
    assert progress.duration(seconds) == text


def test_a_resource_is_named_with_what_was_done_or_would_be():
    assert progress.action_text(SUBNET, False) == "created ec2 subnet a"
    update = {**SUBNET, "action": "update", "fields": ["tags", "zone"]}
    assert progress.action_text(update, True) == "would change ec2 subnet a: tags, zone"
    # What amazon.aws calls changed.
    assert progress.action_text({**SUBNET, "action": "change"}, False) == "changed ec2 subnet a"


def test_a_role_says_how_much_it_did():
    done = stretch(actions=[SUBNET, SUBNET, {**SUBNET, "action": "delete"}])
    assert progress.stretch_text(done, False, False) == "done in 1.0 s: 2 created, 1 deleted"
    assert progress.stretch_text(done, True, False) == "done in 1.0 s: would create 2, delete 1"
    assert progress.stretch_text(stretch(), True, False) == "done in 1.0 s: nothing to change"


def test_what_only_reads_or_fails_says_nothing():
    assert progress.stretch_text(stretch(entry="discover"), False, False) is None
    assert progress.stretch_text(stretch(entry="settle"), False, True) is None
    failed = stretch(failed=True, actions=[SUBNET])
    assert progress.stretch_text(failed, False, False) is None
    assert progress.stretch_text(failed, False, False, everything=True) == "failed after 1.0 s: 1 created"


def test_a_long_settling_is_told_although_it_changed_nothing():
    assert progress.stretch_text(stretch(240, "settle"), False, True) == "done in 4 min 0 s: nothing to change"


def test_a_wait_is_told_after_a_while_and_then_every_minute():
    task = progress.Waiting("dougust-test", "database", "Wait for the instance", 0.0)
    told = [second for second in range(0, 200) if progress.waiting_text(task, second)]
    assert told == [30, 90, 150]
    assert progress.waiting_text(task, 211) == "waiting for 3 min 31 s: Wait for the instance"


def test_a_failure_is_its_message():
    assert (
        progress.failure_text({"msg": "Could not do it. To fix: x.", "invocation": {}}) == "Could not do it. To fix: x."
    )
    assert progress.failure_text({"msg": "non-zero return code", "stderr": "a\nno such file"}).endswith("no such file")
    assert progress.failure_text({"censored": "hidden", "msg": "secret"}) == "hidden"
    assert "does not say why" in progress.failure_text({})


def test_tasks_are_named_without_their_role():
    assert progress.short_task("networking | Create subnets") == "Create subnets"
    assert progress.short_task("Judge it") == "Judge it"
