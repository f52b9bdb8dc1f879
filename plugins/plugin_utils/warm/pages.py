# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of memory that nearly every run writes to, copied while nobody waits for it.

After a fork, the kernel copies a page when it is first written to: thousands of times in a run, a third of its time. A
run that has waited for many of them says at its end which pages it has come to own, and the child that waits for the
next run has its own of those that several runs have named. Contents are never changed, so a wrong guess costs memory
only. Linux only; elsewhere, and where /proc is closed, everything is as after any fork.
"""

from __future__ import annotations

import array
import collections
import ctypes
import itertools
import mmap
import resource
import sys
import typing as t

_POPULATE_WRITE = 23  # MADV_POPULATE_WRITE, Linux 5.14: madvise(2)
_OWNED = 1 << 63 | 1 << 56  # present, and exclusively mapped, Linux 4.2: proc_pid_pagemap(5)
_NAMED = 3  # that many runs have to name a page
_MANY = 1500  # faults of a run that names its pages, which takes it some milliseconds after its end
_MOST_RUNS = 64  # that name pages: a module that always takes much memory of its own must not go on for ever
_AT_ONCE = 64  # ranges copied between two looks for a run

Range = tuple[int, int]  # the number of the first page, and how many there are

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Pages:
    """What a warm process has learned from its children; they inherit it."""

    def __init__(self) -> None:
        self._named: collections.Counter[int] = collections.Counter()
        self._runs = 0
        self._common: list[Range] = []
        self._faults: int | None = None  # before the run, in a child that was not wanted before it had copied all
        self._usable = _populate((0, 0))

    def learn(self, ranges: t.Iterable[t.Sequence[int]]) -> None:
        """Take in what a run has named, as far as it is memory of this process as well."""
        self._runs += 1
        own = set(_numbers(_writable()))
        self._named.update(own.intersection(_numbers(ranges)))
        self._common = _ranges(page for page, runs in self._named.items() if runs >= _NAMED)

    def copy(self, wanted: t.Callable[[], bool]) -> None:
        """In a child that waits: own the common pages, until it is wanted for a run."""
        for start in range(0, len(self._common), _AT_ONCE):
            if wanted():
                return
            for pages in self._common[start : start + _AT_ONCE]:
                _populate(pages)
        self._faults = _faults()

    def owned(self) -> list[Range]:
        """In a child, at its end: the pages that it owns, if it has waited for many of them."""
        if not self._usable or self._runs >= _MOST_RUNS or self._faults is None or _faults() - self._faults < _MANY:
            return []
        try:
            with open("/proc/self/pagemap", "rb", buffering=0) as pagemap:
                return _ranges(page for area in _writable() for page in _owned(pagemap, area))
        except (OSError, ValueError):
            return []


def _populate(pages: Range) -> bool:
    """What was unmapped in the meantime is passed over, as is everything by a kernel that cannot do it."""
    if LIBC is None:
        return False
    start, length = (number * mmap.PAGESIZE for number in pages)
    return LIBC.madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), _POPULATE_WRITE) == 0


def _faults() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def _writable() -> list[Range]:
    """The private areas of this process's memory that may be written to."""
    areas = []
    with open("/proc/self/maps", "rb") as lines:
        for line in lines:
            addresses, mode, _rest = line.split(None, 2)
            if mode == b"rw-p":
                first, end = (int(address, 16) // mmap.PAGESIZE for address in addresses.split(b"-"))
                areas.append((first, end - first))
    return areas


def _owned(pagemap: t.BinaryIO, area: Range) -> list[int]:
    first, number = area
    entries = array.array("Q")
    pagemap.seek(first * entries.itemsize)
    entries.frombytes(pagemap.read(number * entries.itemsize))
    return [page for page, entry in enumerate(entries, first) if entry & _OWNED == _OWNED]


def _numbers(ranges: t.Iterable[t.Sequence[int]]) -> t.Iterator[int]:
    return itertools.chain.from_iterable(range(first, first + number) for first, number in ranges)


def _ranges(numbers: t.Iterable[int]) -> list[Range]:
    """Pages side by side are copied at once."""
    found = []
    for _distance, pages in itertools.groupby(enumerate(sorted(numbers)), lambda item: item[1] - item[0]):
        first, *others = (number for _index, number in pages)
        found.append((first, 1 + len(others)))
    return found
