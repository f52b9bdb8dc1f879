# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages between a worker and the warm process: length, JSON, and file descriptors beside the first bytes."""

from __future__ import annotations

import json
import os
import socket
import struct
import typing as t

# Names in Ansible's directory for temporary files, which is private and made for each run.
SOCKET = "warm.sock"
LOCK = "warm.lock"
FAILED = "warm.failed"

_HEADER = struct.Struct("!I")
_MAX_MESSAGE = 64 * 1024 * 1024
_MAX_FDS = 4  # standard input, output and error; to a child also the worker's socket
# struct ucred: pid, uid, gid; struct xucred: version, uid, groups
_UCRED = struct.Struct("3i")
_XUCRED = struct.Struct("2I")
_LOCAL_PEERCRED = 1


class ProtocolError(Exception):
    """What arrived is no message."""


def send(sock: socket.socket, message: dict[str, t.Any], fds: t.Sequence[int] = ()) -> None:
    """Send one message; surrogates in strings survive as JSON escapes."""
    body = json.dumps(message).encode("ascii")
    frame = _HEADER.pack(len(body)) + body
    sent = socket.send_fds(sock, [frame], list(fds)) if fds else 0
    if rest := frame[sent:]:  # sending nothing is an error where the peer has read all and gone
        sock.sendall(rest)


class Reader:
    """Collects the bytes of one socket and hands out complete messages."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray()
        self.fds: list[int] = []
        self.eof = False

    def receive(self) -> list[dict[str, t.Any]]:
        """Read what is there and return the messages that are complete now."""
        data, fds, _flags, _address = socket.recv_fds(self._sock, 262144, _MAX_FDS)
        self.fds.extend(fds)
        self._buffer += data
        self.eof = not data
        messages = []
        while (message := self._next()) is not None:
            messages.append(message)
        return messages

    def _next(self) -> dict[str, t.Any] | None:
        if len(self._buffer) < _HEADER.size:
            return None
        (length,) = _HEADER.unpack_from(self._buffer)
        if length > _MAX_MESSAGE:
            raise ProtocolError(f"a message of {length} bytes")
        end = _HEADER.size + length
        if len(self._buffer) < end:
            return None
        body = bytes(self._buffer[_HEADER.size : end])
        del self._buffer[:end]
        try:
            message = json.loads(body)
        except ValueError as ex:
            raise ProtocolError(str(ex)) from ex
        if not isinstance(message, dict):
            raise ProtocolError("not an object")
        return message

    def close_fds(self) -> None:
        """Close what was received and not taken."""
        while self.fds:
            os.close(self.fds.pop())


def peer_uid(sock: socket.socket) -> int | None:
    """The user at the other end; None where the platform does not tell (the directory is private all the same)."""
    if hasattr(socket, "SO_PEERCRED"):
        return _UCRED.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size))[1]
    try:
        return _XUCRED.unpack(sock.getsockopt(0, _LOCAL_PEERCRED, 256)[: _XUCRED.size])[1]
    except (OSError, struct.error):
        return None


def check_peer(sock: socket.socket) -> None:
    """Refuse everybody but ourselves."""
    uid = peer_uid(sock)
    if uid is not None and uid != os.geteuid():
        raise ProtocolError(f"the peer is user {uid}")
