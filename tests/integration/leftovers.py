# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run leaves behind on the machine."""

import os
import select
import time
from pathlib import Path


def processes(folder):
    """{pid: command line} of whatever runs with a home below a folder, wherever it is in the tree of processes."""
    marker = f"HOME={Path(folder) / 'home'}".encode()
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if marker in (path / "environ").read_bytes().split(b"\0"):
                found[int(path.name)] = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            pass  # it has just ended, or belongs to somebody else
    return found


def await_end(folder, seconds=5):
    """Wait until nothing runs with a home below a folder; AssertionError if something still does."""
    deadline = time.monotonic() + seconds
    while running := processes(folder):
        for pid in running:
            assert _ends(pid, deadline - time.monotonic()), f"still running after {seconds} s: {running}"


def _ends(pid, seconds):
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], max(0, seconds))[0])
    finally:
        os.close(process)
