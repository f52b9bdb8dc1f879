# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens in a sandbox without being asked for: pages that a file has it post to itself, each at its moment.

- faults: {action: error, rate: 0.05, seed: 3, times: null}
- alarm: {name: errors-5xx, state: ALARM, region: us-east-1, seconds: 0}
  at: 300  # seconds after the start by the sandbox's clock; 0 without
"""

import sys
import threading

import yaml

from . import delays

POLL = 0.1  # seconds; the clock may be advanced at any time


class BadScript(Exception):
    """Why a file is no script."""


def read(path, pages):
    """The steps of a file in their order: (seconds, page, body). BadScript unless each is a page's."""
    try:
        with open(path, encoding="utf-8") as stream:
            steps = yaml.safe_load(stream)
    except (OSError, yaml.YAMLError) as error:
        raise BadScript(f"{path}: {error}") from error
    if not isinstance(steps, list):
        raise BadScript(f"{path}: a script is a list of steps")
    return sorted((_step(path, number, step, pages) for number, step in enumerate(steps, 1)), key=lambda step: step[0])


def _step(path, number, step, pages):
    names = set(step) - {"at"} if isinstance(step, dict) else set()
    moment = step.get("at", 0) if names else None
    if len(names) != 1 or not names <= set(pages) or not isinstance(moment, (int, float)) or moment < 0:
        raise BadScript(
            f"{path}: step {number} needs one page of {', '.join(sorted(pages))}, and at: seconds or nothing"
        )
    page = names.pop()
    return moment, page, step[page] or {}


def follow(steps, post, stopped):
    """Take what is due at once, and the rest from a thread, until the event ``stopped``. ``post(page, body)`` may refuse."""
    start = delays.now()
    rest = list(steps)

    def take():
        while rest and delays.is_past(start + rest[0][0]):
            _moment, page, body = rest.pop(0)
            try:
                post(page, body)
            except (ValueError, TypeError, KeyError) as error:
                print(f"the sandbox's script: {page} {body}: {error!r}", file=sys.stderr, flush=True)

    def wait():
        while rest and not stopped.wait(POLL):
            take()

    take()
    if rest:
        threading.Thread(target=wait, daemon=True).start()
