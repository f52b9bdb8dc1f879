# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the shell between Ansible and a module does to the environment, found out once and then applied."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import typing as t

_DUMP = "import os; os.write(1, b'\\0'.join(k + b'=' + v for k, v in os.environb.items()))"
_MARKER = "groundwork.warm"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)
# Read when Python, libc or OpenSSL start: a process that is running already cannot take them up.
_STARTUP_PREFIXES = ("PYTHON", "LD_", "DYLD_", "LC_", "MALLOC_")
_STARTUP_NAMES = frozenset(
    ("GLIBC_TUNABLES", "HOME", "LANG", "LANGUAGE", "LOCPATH", "OPENSSL_CONF", "OPENSSL_MODULES", "TZ", "TZDIR")
    + ("__PYVENV_LAUNCHER__",)
)


def startup(environment: t.Mapping[str, str]) -> dict[str, str]:
    """The variables that must be the same in the warm process and in a module run."""
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(_STARTUP_PREFIXES) or name in _STARTUP_NAMES
    }


class ShellEffects:
    """The difference between the environment that a shell gets and the one that its command gets."""

    def __init__(self, before: dict[str, str], after: dict[str, str]) -> None:
        self.drops_odd_names = _MARKER not in after
        self.sets_pwd = "PWD" in after
        self.sets_underscore = after.get("_") not in (None, before.get("_"))
        self.levels = _level(after) - _level(before)
        special = ("PWD", "_", "SHLVL", _MARKER)
        self.sets = {k: v for k, v in after.items() if before.get(k) != v and k not in special}
        self.drops = {k for k in before if k not in after and _NAME.match(k) and k not in special}

    def apply(self, environment: dict[str, str], interpreter: str) -> dict[str, str]:
        """The environment that a command would see; called in the working directory of the run."""
        result = {k: v for k, v in environment.items() if k not in self.drops}
        if self.drops_odd_names:
            result = {k: v for k, v in result.items() if _NAME.match(k)}
        result.update(self.sets)
        if self.sets_pwd:
            result["PWD"] = _logical_directory(environment.get("PWD"))
        if self.sets_underscore:
            result["_"] = interpreter
        if self.levels:
            result["SHLVL"] = str(_level(environment) + self.levels)
        return result


def probe(executable: str, shell: str, environment: dict[str, str]) -> ShellEffects:
    """Run the same two shells as Ansible's local connection, with a Python that writes down its environment."""
    before = dict(environment, **{_MARKER: "1"})
    inner = f"{shlex.quote(sys.executable)} -I -S -c {shlex.quote(_DUMP)} && sleep 0"
    done = subprocess.run(
        f"{shell} -c {shlex.quote(inner)}",
        shell=True,
        executable=executable,
        env=before,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    pairs = (os.fsdecode(item).partition("=") for item in done.stdout.split(b"\0"))
    return ShellEffects(before, {name: value for name, equals, value in pairs if equals})


def _level(environment: t.Mapping[str, str]) -> int:
    try:
        return int(environment.get("SHLVL", "0"))
    except ValueError:
        return 0


def _logical_directory(inherited: str | None) -> str:
    """POSIX: an inherited PWD stays when it is an absolute name of this directory without dots."""
    if inherited and inherited.startswith("/") and not {".", ".."} & set(inherited.split("/")):
        try:
            if os.path.samestat(os.stat(inherited), os.stat(".")):
                return inherited
        except OSError:
            pass
    return os.getcwd()
