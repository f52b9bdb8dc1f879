# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A converge of Dougust production that has nothing to change, stock and warm."""

import statistics

from common import account, alternate, is_unchanged, median_ratio, play, table

ROUNDS = 3


def measure():
    """The lines to print."""
    with account() as (sandbox, folder):
        play(sandbox, folder)
        contenders = {
            connection: lambda connection=connection: _converge(sandbox, folder, connection)
            for connection in ("warm", "stock")
        }
        found = alternate(ROUNDS, **contenders)
    rows = [
        (name, f"{statistics.median(seconds):.1f}", f"{median_ratio(seconds, found['warm']):.2f}")
        for name, seconds in found.items()
    ]
    return table(["Nothing to change", "Seconds", "Against warm"], rows)


def _converge(sandbox, folder, connection):
    sandbox.forget_calls()
    seconds = play(sandbox, folder, connection=connection).seconds
    is_unchanged(sandbox)
    return seconds
