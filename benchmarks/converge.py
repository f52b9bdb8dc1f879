# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds, module runs and API calls of each kind of run of Dougust production."""

from common import account, is_module, play, table

RUNS = (
    ("check on an empty account", ["--check"]),
    ("first converge", []),
    ("second converge", []),
    ("check on a converged account", ["--check"]),
)
HEADS = ["Run", "Seconds", "Against the second", "Module runs", "API calls", "of them changing", "Changed tasks"]


def measure():
    """The lines to print."""
    with account() as (sandbox, folder):
        measured = [(title, *_converge(sandbox, folder, options)) for title, options in RUNS]
    second = next(seconds for title, seconds, *_counts in measured if title == "second converge")
    return table(HEADS, [(title, f"{s:.1f}", f"{s / second:.2f}", *counts) for title, s, *counts in measured])


def _converge(sandbox, folder, options):
    """(seconds, module runs, API calls, calls that change something, changed tasks) of a run of site.yml."""
    sandbox.forget_calls()
    run = play(sandbox, folder, options=options)
    modules = [result for _task, result in run.results if is_module(result)]
    calls = sandbox.calls()
    mutating = sum(call["mutating"] for call in calls)
    return run.seconds, len(modules), len(calls), mutating, sum(bool(one.get("changed")) for one in modules)
