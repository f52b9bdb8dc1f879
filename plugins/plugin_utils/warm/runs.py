# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the warm process knows of the children that serve runs, or wait for one."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
import typing as t

from . import protocol


@dataclasses.dataclass
class Run:
    """A connection of a worker, and from its request on the child that serves it."""

    sock: socket.socket
    reader: protocol.Reader
    pid: int = 0
    report: int = -1
    reported: bytes = b""
    requested: bool = False
    answered: bool = False

    def kill(self) -> None:
        """Kill the child and what it has started."""
        if self.pid:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except OSError:
                pass

    def listen(self) -> bool:
        """Take in what the child has reported; whether more may come."""
        try:
            while chunk := os.read(self.report, 65536):
                self.reported += chunk
        except OSError:
            return True  # nothing more for now, or a descendant of the child holds the other end
        return False

    def notes(self) -> list[dict[str, t.Any]]:
        """What the child has reported."""
        notes = []
        for line in self.reported.splitlines():
            try:
                notes.append(json.loads(line))
            except ValueError:
                continue  # cut off
        return [note for note in notes if isinstance(note, dict)]


@dataclasses.dataclass
class Waiting:
    """A child that has no run yet: forked while Ansible is busy, so that no run waits for it."""

    pid: int
    sock: socket.socket
    report: int

    def end(self) -> None:
        """Let it end."""
        self.sock.close()
        os.close(self.report)
