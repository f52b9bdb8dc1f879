# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What preflight says: one line a problem, which names the variable and what to do."""

from __future__ import annotations

import dataclasses
import difflib
import typing as t


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the variables of a host."""

    variable: str
    wrong: str
    fix: str

    def line(self) -> str:
        """Return the problem as the one line that an operator reads."""
        text = f"{self.variable}: {self.wrong}. Fix: {self.fix}."
        return " ".join(text.split())


def first_of_each(problems: t.Iterable[Problem]) -> list[Problem]:
    """Return one problem a variable: what comes first usually causes the rest."""
    kept: dict[str, Problem] = {}
    for problem in problems:
        kept.setdefault(problem.variable, problem)
    return list(kept.values())


def report(host: str, problems: t.Sequence[Problem]) -> str:
    """Return the one message of a host that is refused."""
    many = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines = [f"{host}: preflight found {many}, nothing was started."]
    return "\n".join(lines + [f"  {problem.line()}" for problem in problems])


def nearest(word: str, words: t.Iterable[str]) -> str:
    """Return the closest of some words, or an empty text when none is close."""
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return found[0] if found else ""


def listed(values: t.Iterable[t.Any]) -> str:
    """Return values as one readable list."""
    return ", ".join(str(value) for value in values)
