# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that runs change is copied before they come: learned from runs, only where it was guessed right, changing nothing."""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import platform
import resource
import sys
import time

import pytest

from ansible_collections.groundwork.aws.plugins.plugin_utils.warm import pages
from ansible_collections.groundwork.aws.tests.unit.connection.warm_process import make_request, owned_client

MANY, FEW = 3000, 100
CONTENT = b"content"


def helped() -> bool:
    """Whether this kernel can copy ahead, and tells a process what it owns; not by asking what is tested here."""
    try:
        with open("/proc/self/pagemap", "rb") as pagemap:
            version = tuple(int(part) for part in platform.release().split(".")[:2])
            return sys.platform == "linux" and version >= (5, 14) and bool(pagemap.read(8))
    except (OSError, ValueError):
        return False


linux = pytest.mark.skipif(not helped(), reason="needs Linux 5.14 and its /proc/self/pagemap")


@pytest.fixture
def memory():
    """Memory of which every page has been written to, and the number of its first one."""
    memory = mmap.mmap(-1, MANY * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.madvise(mmap.MADV_NOHUGEPAGE)
    write(memory, range(MANY))
    start = ctypes.c_char.from_buffer(memory)
    first = ctypes.addressof(start) // mmap.PAGESIZE
    del start
    yield memory, first
    memory.close()


def write(memory, numbers) -> int:
    """The faults that it took."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for number in numbers:
        memory[number * mmap.PAGESIZE : number * mmap.PAGESIZE + len(CONTENT)] = CONTENT
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def in_child(function):
    """What the function returns in a fork of this process."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writer, json.dumps(function()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        result = stream.read()
    os.waitpid(pid, 0)
    return json.loads(result)


def learned(*runs):
    known = pages.Pages()
    for run in runs:
        known.learn(run)
    return known


@linux
def test_what_three_runs_have_named_is_copied_before_the_next(memory):
    area, first = memory
    both, one = [(first, MANY // 2)], [(first + MANY // 2, MANY // 2)]
    known = learned(both, both + one, both + one)

    def run():
        known.copy(wanted=lambda: False)
        same = all(area[n * mmap.PAGESIZE : n * mmap.PAGESIZE + len(CONTENT)] == CONTENT for n in range(MANY))
        return write(area, range(MANY // 2)), write(area, range(MANY // 2, MANY)), same

    named_thrice, named_twice, same = in_child(run)
    assert named_thrice < FEW and named_twice >= MANY // 2 and same


@linux
def test_a_child_that_is_wanted_copies_no_more(memory):
    area, first = memory
    known = learned(*[[(first + n, 1) for n in range(0, MANY, 2)]] * 3)
    answers = iter([False, True])

    def run():
        known.copy(wanted=lambda: next(answers))
        return write(area, range(0, MANY, 2)), write(area, range(1, MANY, 2)), known.owned()

    faults, _others, owned = in_child(run)
    assert MANY // 4 < faults < MANY // 2  # some were copied
    assert owned == []  # what it owns says nothing about what runs change


@linux
def test_a_run_that_waited_for_many_pages_names_what_it_has_changed(memory):
    area, first = memory
    changed = range(0, MANY, 3), range(MANY // 2, MANY)

    def run(known, number):
        known.copy(wanted=lambda: False)
        write(area, sorted({*changed[0], *changed[1]})[:number])
        return known.owned()

    owned = in_child(lambda: run(pages.Pages(), MANY))
    named = {page - first for start, length in owned for page in range(start, start + length)} & set(range(MANY))
    assert named == {*changed[0], *changed[1]}
    assert in_child(lambda: run(pages.Pages(), FEW)) == []
    assert in_child(lambda: run(learned(*[[]] * pages._MOST_RUNS), MANY)) == []


@linux
def test_what_is_not_this_process_s_memory_is_not_learned():
    assert learned(*[[(1, 5)]] * 3)._common == []


def test_neighbours_are_copied_at_once():
    assert pages._ranges([7, 3, 4, 5, 9, 8]) == [(3, 3), (7, 3)]
    assert pages._ranges([]) == []


def test_without_the_kernel_s_help_nothing_is_named(monkeypatch):
    monkeypatch.setattr(pages, "LIBC", None)
    known = pages.Pages()
    known.copy(wanted=lambda: False)
    monkeypatch.setattr(pages, "_MANY", -1)
    assert known.owned() == []


@linux
def test_the_warm_process_learns_from_its_runs(tmp_path, monkeypatch):
    """Runs change what they inherit; after some of them, the next finds it copied, and ends with fewer faults of its own."""
    source = (
        "import gc, resource\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "gc.unfreeze()\n"
        "for thing in gc.get_objects(): hold = [thing]\n"
        "gc.collect()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)\n"
    )
    with owned_client(tmp_path, monkeypatch) as warm:
        warm.start()
        faults = []
        end = time.monotonic() + 60
        while (not faults or faults[-1] > faults[0] / 2) and time.monotonic() < end:
            status, stdout, stderr = warm.run(make_request(), source.encode())
            assert (status, stderr) == (0, b"")
            faults.append(int(stdout))
            time.sleep(0.2)  # Ansible does as much between two modules
    assert faults[-1] <= faults[0] / 2, (faults, sys.version)
