# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads that do not need each other, made at the same time: AWS answers one at a time for most kinds.

Only for calls that change nothing: what changes something keeps its order.
"""

from __future__ import annotations

import functools
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Callable, Dict, Iterable, List, Tuple, TypeVar

One = TypeVar("One")
Result = TypeVar("Result")

# Threads beside the one that asks. botocore keeps ten connections a client, and discards what is beyond.
MOST = 8


@functools.cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST, thread_name_prefix="read")


def each(read: Callable[[One], Result], ones: Iterable[One]) -> List[Result]:
    """What C(read) says about each, in their order; the first that fails, in this order, raises."""
    return together(*(functools.partial(read, one) for one in ones))


def by_name(read: Callable[[str], Result], names: Iterable[str]) -> Dict[str, Result]:
    """What C(read) says about each name, such as that of a field, by name."""
    listed = list(names)
    return dict(zip(listed, each(read, listed)))


def together(*reads: Callable[[], Any]) -> List[Any]:
    """What each of the functions returns, in their order; without a thread where there is only one of them."""
    others: List[Tuple[Callable[[], Any], Future]] = [(read, _pool().submit(read)) for read in reads[1:]]
    try:
        return [read() for read in reads[:1]] + [_result(read, future) for read, future in others]
    finally:
        # Nothing is under way when an error comes out.
        wait([future for _read, future in others if not future.cancel()])


def _result(read: Callable[[], Any], future: Future) -> Any:
    # Whoever waits only waits for what runs: a read may itself read side by side, and all threads may be taken.
    return read() if future.cancel() else future.result()
