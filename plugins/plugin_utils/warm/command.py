# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recognise the one shell command that stands for a pipelined Python module; anything else is not ours."""

from __future__ import annotations

import dataclasses
import re
import shlex

_SUFFIX = " && sleep 0"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)
# What the shell treats in its own way, even as an assignment before a command.
_SHELL_NAMES = frozenset(("BASHOPTS", "BASH_VERSINFO", "EUID", "IFS", "OPTIND", "PPID", "SHELLOPTS", "UID", "_"))
_SHELLS = frozenset(("sh", "ash", "bash", "dash", "ksh", "zsh"))
_WRAPPER = re.compile(rb"\A#![^\n]*\n.{0,4096}?^_ANSIBALLZ_WRAPPER = True$", re.DOTALL | re.MULTILINE)
_CALL = b'\nif __name__ == "__main__":\n    _ansiballz_main(\n'


@dataclasses.dataclass(frozen=True)
class Command:
    """The parts of a module command."""

    shell: str
    assignments: dict[str, str]
    interpreter: str


def parse(cmd: str) -> Command | None:
    """Take the command apart, or return None when putting it together again does not give the same text."""
    try:
        shell, option, inner = shlex.split(cmd)
    except ValueError:
        return None
    if option != "-c" or shell.rsplit("/", 1)[-1] not in _SHELLS or f"{shell} -c {shlex.quote(inner)}" != cmd:
        return None
    if not inner.endswith(_SUFFIX):
        return None
    return _parse_inner(shell, inner.removesuffix(_SUFFIX))


def _parse_inner(shell: str, inner: str) -> Command | None:
    try:
        *words, interpreter = shlex.split(inner)
    except ValueError:
        return None
    assignments = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not _NAME.match(name) or name in _SHELL_NAMES or name in assignments:
            return None
        assignments[name] = value
    rebuilt = [f"{name}={shlex.quote(value)}" for name, value in assignments.items()] + [shlex.quote(interpreter)]
    if " ".join(rebuilt) != inner:
        return None
    return Command(shell, assignments, interpreter)


def is_ansiballz(payload: bytes) -> bool:
    """Whether a payload is Ansible's own wrapper around a Python module."""
    return bool(_WRAPPER.match(payload[:8192])) and _CALL in payload
