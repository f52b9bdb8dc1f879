# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The closing table of a run: what each role of each platform did, and how long it took. Pure functions."""

from __future__ import annotations

import collections
from typing import Any, Dict, List, Set, Tuple

from ansible_collections.groundwork.aws.plugins.plugin_utils import progress

# So many of the roles that change nothing are named, those that took the longest.
NAMED = 3


class Ledger:
    """What was done, by platform and role. A platform's time is that of its tasks and what lies between them."""

    def __init__(self) -> None:
        self.last: Dict[str, float] = {}
        self.seconds: Dict[str, Dict[str, float]] = {}
        self.counts: Dict[str, Dict[str, collections.Counter]] = {}
        self.undeclared: Dict[str, List[dict]] = {}
        self.seen: Set[Tuple[str, ...]] = set()

    def started(self, platform: str, now: float) -> None:
        """A platform's task has started."""
        self.last.setdefault(platform, now)

    def paused(self) -> None:
        """A play is over: what comes before the next task belongs to no platform."""
        self.last.clear()

    def note(self, platform: str, role: str, actions: List[dict], undeclared: List[dict], now: float) -> None:
        """A platform's task has ended."""
        seconds = self.seconds.setdefault(platform, {})
        seconds[role] = seconds.get(role, 0.0) + now - self.last.get(platform, now)
        self.last[platform] = now
        counts = self.counts.setdefault(platform, {}).setdefault(role, collections.Counter())
        # What is started and settled is predicted twice, and may be changed twice: it is one resource.
        for action in actions:
            key = (platform, action["service"], action["type"], action["name"], progress.kind(action))
            counts[key[-1]] += key not in self.seen
            self.seen.add(key)
        self.undeclared.setdefault(platform, []).extend(undeclared)

    def lines(self, would: bool) -> List[str]:
        """The table."""
        found: List[str] = []
        for platform in sorted(self.seconds):
            found += self._platform(platform, would)
        return found

    def _platform(self, platform: str, would: bool) -> List[str]:
        seconds, counts = self.seconds[platform], self.counts[platform]
        total: collections.Counter = sum(counts.values(), collections.Counter())
        lines = [f"{platform}: {progress.counts_text(total, would)}, {progress.duration(sum(seconds.values()))}"]
        for role in (role for role in seconds if any(counts[role].values())):
            done = progress.counts_text(counts[role], would)
            lines.append(f"  {role or 'other tasks':20}  {progress.duration(seconds[role]):>12}  {done}")
        idle = sorted(
            (role for role in seconds if role and not any(counts[role].values())), key=lambda role: -seconds[role]
        )
        if idle:
            longest = ", ".join(f"{role} {progress.duration(seconds[role])}" for role in idle[:NAMED])
            lines.append(f"  nothing to change in {len(idle)}, the longest: {longest}")
        return lines + [f"  no longer declared: {_named(one)}" for one in self.undeclared[platform]]


def _named(entry: Dict[str, Any]) -> str:
    return f"{entry['service']} {entry['type']} {entry['name']}"
