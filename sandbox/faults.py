# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults: which call goes wrong, and how."""

import itertools
import random
import select
import socket
import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from .errors import AwsError, throttling

ACTIONS = ("error", "drop_before", "drop_after", "hold_after", "delay")
MATCHED = ("service", "operation", "n", "mutating_n")
MEMBERS = {"action", "match", "times", "error", "seconds", "rate", "seed"}


class Dropped(ConnectionError):
    """The server closes the connection without an answer when the layer raises this."""


@dataclass(eq=False)
class Fault:
    """One armed fault. ``hits`` holds the record numbers of the calls that it struck."""

    id: int
    action: str
    match: dict
    times: int = 1  # None: for ever
    error: dict = field(default_factory=dict)
    seconds: float = 0.0
    rate: float = 1.0  # the share of the matching calls that it strikes
    seed: int = 0  # of the choice among them
    hits: list = field(default_factory=list)
    seen: int = 0
    seen_mutating: int = 0
    struck: int = 0
    released: bool = False
    _holds: set = field(default_factory=set)

    def __post_init__(self):
        self._dice = random.Random(self.seed)

    def strikes(self, call):
        """Count a call, and say whether it is one to strike."""
        match = self.match
        # Every name is a pattern, so {"operation": "Create*"} is one fault.
        if not fnmatchcase(call.service or "", match.get("service") or "*"):
            return False
        if not fnmatchcase(call.operation or "", match.get("operation") or "*"):
            return False
        self.seen += 1
        self.seen_mutating += call.mutating
        if self.seen < (match.get("n") or 1):
            return False
        if match.get("mutating_n") and (not call.mutating or self.seen_mutating < match["mutating_n"]):
            return False
        if self.rate < 1 and self._dice.random() >= self.rate:
            return False
        return self.times is None or self.struck < self.times

    def view(self):
        """What the control pages say about it."""
        return {
            "id": self.id, "action": self.action, "match": self.match,
            "hits": len(self.hits), "calls": self.hits, "holding": len(self._holds),
        }  # fmt: skip

    def aws_error(self, call):
        """The error to answer with: throttling unless the fault says another."""
        usual = throttling(call)
        return AwsError(
            self.error.get("code") or usual.code,
            self.error.get("message") or usual.message,
            self.error.get("status") or (usual.status if not self.error.get("code") else None),
        )


class Faults:
    """The armed faults. The first one armed that matches strikes; all of them count."""

    def __init__(self):
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        self._faults = {}

    def arm(self, wanted):
        """Arm a fault from its JSON description; ValueError says what is wrong with it."""
        action, match = wanted.get("action"), wanted.get("match") or {}
        unknown = set(wanted) - MEMBERS | set(match) - set(MATCHED)
        if action not in ACTIONS or unknown:
            raise ValueError(f"action is one of {', '.join(ACTIONS)}; unknown members: {sorted(unknown)}")
        with self._changed:
            fault = Fault(
                next(self._numbers), action, match, wanted.get("times", 1),
                wanted.get("error") or {}, float(wanted.get("seconds") or 0),
                float(wanted.get("rate", 1)), int(wanted.get("seed", 0)),
            )  # fmt: skip
            self._faults[fault.id] = fault
        return fault.view()

    def strike(self, call):
        """The fault for a call, if any."""
        with self._changed:
            struck = [fault for fault in self._faults.values() if fault.strikes(call)]
            if struck:
                struck[0].struck += 1
            return struck[0] if struck else None

    def report(self, fault, number):
        """Tell who waits that a fault did its work on the call with this number in the record."""
        with self._changed:
            fault.hits.append(number)
            self._changed.notify_all()

    def view(self, number=None, wait=0.0):
        """One fault, once it was hit or after ``wait`` seconds; or all of them. KeyError if there is none."""
        with self._changed:
            if number is None:
                return [fault.view() for fault in self._faults.values()]
            fault = self._faults[number]
            self._changed.wait_for(lambda: fault.hits or fault.released, timeout=wait)
            return fault.view()

    def release(self, number=None):
        """Let go of the calls that a fault, or every fault, holds."""
        with self._changed:
            for fault in [self._faults[number]] if number is not None else list(self._faults.values()):
                fault.released = True
                for end in fault._holds:
                    end.close()
            self._changed.notify_all()

    def clear(self):
        """Disarm everything and let go of what is held."""
        self.release()
        with self._changed:
            self._faults.clear()

    def hold(self, fault, connection):
        """Wait until the fault is released or the peer of ``connection`` is gone."""
        # A socket pair lets one select wait for both without polling.
        waiting, waking = socket.socketpair()
        with self._changed:
            if fault.released:
                waking.close()
            fault._holds.add(waking)
        with waiting:
            select.select([waiting, connection], [], [])
        with self._changed:
            fault._holds.discard(waking)
            waking.close()


def drop(connection):
    """Close a client's connection without an answer."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # the peer was faster
    raise Dropped("dropped by a fault")
