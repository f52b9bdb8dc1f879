# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run has done so far, by platform and role, and how it reads. Pure functions."""

from __future__ import annotations

import collections
import dataclasses
from typing import Any, Dict, List, Optional

DONE = {"create": "created", "update": "changed", "replace": "replaced", "delete": "deleted"}
WOULD = {"create": "would create", "update": "would change", "replace": "would replace", "delete": "would delete"}

# A plain log says what is being waited for after this many seconds, and then every minute.
PATIENCE = 30
AGAIN = 60
# A terminal says so after this many seconds.
LIVE_PATIENCE = 3
# What the longest role and entry take, "database settle_replicas".
LABEL_WIDTH = 24
# Silence about a role that is read, or entered once more, and changes nothing, unless it took this many seconds.
NOTABLE = 10


@dataclasses.dataclass
class Stretch:
    """One role at work on one platform, from its first task to its last."""

    platform: str
    role: str
    entry: str
    begin: float
    end: float = 0.0
    failed: bool = False
    counts: Dict[str, int] = dataclasses.field(default_factory=collections.Counter)

    @property
    def label(self) -> str:
        """The role, and what of it where that is not the whole."""
        return self.role if self.entry == "main" else f"{self.role} {self.entry}"

    def note(self, actions: List[dict], now: float) -> None:
        """Count what a task has done."""
        self.end = now
        for action in actions:
            self.counts[kind(action)] += 1


@dataclasses.dataclass
class Waiting:
    """A task that is running."""

    platform: str
    role: str
    task: str
    begin: float
    told: float = 0.0


def kind(action: Dict[str, Any]) -> str:
    """amazon.aws says no more than "changed"."""
    return action["action"] if action["action"] in DONE else "update"


def duration(seconds: float) -> str:
    """A duration as a person reads it."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def whole(seconds: float) -> str:
    """A duration that still grows, in whole seconds."""
    return f"{int(seconds)} s" if seconds < 60 else duration(seconds)


def short_task(name: str) -> str:
    """A task's name without its role: "networking | Create subnets" is said after the role."""
    return name.rpartition(" | ")[2].strip()


def action_text(action: Dict[str, Any], would: bool) -> str:
    """What was done, or would be, with one resource."""
    verb = (WOULD if would else DONE)[kind(action)]
    fields = f": {', '.join(action['fields'])}" if action.get("fields") else ""
    return f"{verb} {action['service']} {action['type']} {action['name']}".rstrip() + fields


def counts_text(counts: Dict[str, int], would: bool) -> str:
    """How much was done, or would be; V(nothing to change) when that is nothing."""
    if not any(counts.values()):
        return "nothing to change"
    if would:
        return "would " + ", ".join(f"{WOULD[kind][6:]} {counts[kind]}" for kind in DONE if counts.get(kind))
    return ", ".join(f"{counts[kind]} {DONE[kind]}" for kind in DONE if counts.get(kind))


def stretch_text(stretch: Stretch, would: bool, again: bool, everything: bool = False) -> Optional[str]:
    """What a role has done when it is left; nothing when that is not worth a line."""
    seconds = stretch.end - stretch.begin
    idle = not any(stretch.counts.values())
    if not everything and (stretch.failed or (idle and seconds < NOTABLE and (again or stretch.entry == "discover"))):
        return None
    return (
        f"{'failed after' if stretch.failed else 'done in'} {duration(seconds)}: {counts_text(stretch.counts, would)}"
    )


def waiting_text(task: Waiting, now: float) -> Optional[str]:
    """What is being waited for, when it is time to say so (again)."""
    if now - task.begin < PATIENCE or (task.told and now - task.told < AGAIN):
        return None
    task.told = now
    return f"waiting for {whole(now - task.begin)}: {task.task}"


def status_text(tasks: List[Waiting], now: float, width: int) -> Optional[str]:
    """What is being waited for in one line of a terminal, what takes longest first; nothing while nothing takes long."""
    waits = sorted((task for task in tasks if now - task.begin >= LIVE_PATIENCE), key=lambda task: task.begin)
    if not waits:
        return None
    first, others = waits[0], len(waits) - 1
    more = f" (and {others} more)" if others else ""
    place = " ".join(filter(None, (first.platform, first.role)))
    return f"waiting for {whole(now - first.begin)}{more}: {place}: {first.task}"[:width]


def failure_text(result: Dict[str, Any]) -> str:
    """The one message that matters of a failed task."""
    if result.get("censored"):
        return str(result["censored"])
    message = result.get("msg") or result.get("reason") or "it failed and does not say why"
    lines = message if isinstance(message, list) else [message]
    told = "\n".join(str(line).strip() for line in lines)
    # A command's own words say more than its exit code.
    errors = str(result.get("stderr") or result.get("module_stderr") or "").strip().splitlines()
    return "\n".join([told, *(line for line in errors[-5:] if line not in told)])


def indented(text: str) -> str:
    """Lines below a headline."""
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
