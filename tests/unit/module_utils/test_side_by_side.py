# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads at the same time: their order, their number, their errors."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import side_by_side

PATIENCE = 20


def test_reads_run_at_the_same_time_and_answer_in_order():
    meeting = threading.Barrier(4)

    def read(number):
        meeting.wait(PATIENCE)  # breaks unless all four are under way
        return number * 10

    assert side_by_side.each(read, [3, 1, 2, 0]) == [30, 10, 20, 0]


def test_what_is_read_of_names_comes_by_name():
    assert side_by_side.by_name(str.upper, (name for name in ("b", "a"))) == {"b": "B", "a": "A"}
    assert side_by_side.by_name(str.upper, []) == {}


def test_one_read_needs_no_thread():
    assert side_by_side.each(lambda _one: threading.current_thread(), ["only"]) == [threading.current_thread()]
    assert side_by_side.together() == []


def test_there_are_never_more_threads_than_connections():
    lock, under_way, most = threading.Lock(), [], []

    def read(number):
        with lock:
            under_way.append(number)
            most.append(len(under_way))
        side_by_side.each(lambda _one: None, range(3))
        with lock:
            under_way.remove(number)

    side_by_side.each(read, range(100))
    assert max(most) <= side_by_side.MOST + 1


def test_reads_that_read_side_by_side_themselves_do_not_wait_for_each_other():
    def count(depth):
        return 1 + sum(side_by_side.each(count, [depth - 1] * 3)) if depth else 1

    found = []
    thread = threading.Thread(target=lambda: found.append(count(5)), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert found == [364]


def test_the_first_failure_in_order_comes_out_when_nothing_is_under_way():
    begun, ended = threading.Event(), []

    def read(number):
        if number == 2:
            begun.set()
            raise ValueError(number)
        assert begun.wait(PATIENCE)
        if number == 1:
            raise KeyError(number)
        ended.append(number)

    with pytest.raises(KeyError):
        side_by_side.each(read, [0, 1, 2, 3])
    before = list(ended)
    assert 0 in before
    # What had not begun never does.
    assert set(before) <= {0, 3} and ended == before
