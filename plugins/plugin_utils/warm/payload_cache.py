# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Payloads of modules, kept from one run of Ansible to the next.

Ansible finds a module's imports and packs them once a run, and keeps the result in its temporary directory: a third of
a second for each module. What is kept here is put there at the start of a run, as long as no source has changed. When
Ansible changes how it keeps payloads, nothing is found, nothing is kept, and every run packs for itself as before.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import os
import pickle
import shutil
import sys
import tempfile
import time
import typing as t
import zipfile

# Below Ansible's directory for temporary files: its own cache of payloads, and our link to what is kept.
ANSIBLES = "ansiballz_cache"
KEPT = "warm.payloads"

# A payload that no run has asked for within this time is of sources that are no more.
_UNUSED_SECONDS = 7 * 24 * 3600
# Payloads with extensions (a debugger, coverage) are built for one run.
_WITHOUT_EXTENSIONS = "-none"
_MADE_BY_ANSIBLE = {"ansible/__init__.py", "ansible/module_utils/__init__.py"}
# Beside a payload that is not to be kept, so that it is looked into once.
_UNFIT = ".unfit"


class Sources(t.NamedTuple):
    """Where the modules and module_utils come from: Ansible's package, its version, and directories of collections."""

    ansible: str
    version: str
    collections: t.Mapping[str, str]


def fill(run_directory: str, home: str, sources: Sources) -> None:
    """Give a run that begins the payloads that are kept of the same sources."""
    try:
        kept = os.path.join(home, _fingerprint(sources))
        for directory in (home, kept):
            os.makedirs(directory, mode=0o700, exist_ok=True)
        if not (_private(home) and _private(kept)):
            return
        os.utime(kept)
        os.makedirs(os.path.join(run_directory, ANSIBLES), exist_ok=True)
        for name in os.listdir(kept):
            with contextlib.suppress(FileExistsError):
                os.symlink(os.path.join(kept, name), os.path.join(run_directory, ANSIBLES, name))
        os.symlink(kept, os.path.join(run_directory, KEPT))
        _forget_unused(home)
    except OSError:
        pass  # a cache that cannot be used is none


def publish(run_directory: str, sources: Sources) -> None:
    """Keep the payloads that this run had to build, for the runs to come."""
    built, kept = os.path.join(run_directory, ANSIBLES), os.path.join(run_directory, KEPT)
    with contextlib.suppress(OSError):
        for entry in os.scandir(built):
            if entry.name.endswith(_WITHOUT_EXTENSIONS) and not entry.is_symlink():
                _publish(entry.path, os.path.join(kept, entry.name), sources)


def _publish(path: str, target: str, sources: Sources) -> None:
    if os.path.exists(target) or os.path.exists(path + _UNFIT) or not os.path.isdir(os.path.dirname(target)):
        return
    with open(path, "rb") as stream:
        content = stream.read()
    if not _packs(content, sources):
        open(path + _UNFIT, "wb").close()
        return
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(target), prefix=".", delete=False) as copy:
        copy.write(content)
    os.replace(copy.name, target)


def _packs(content: bytes, sources: Sources) -> bool:
    """Whether a payload has nothing but these sources as they are, and none of a role's or somebody's own library."""
    try:
        packed = base64.b64decode(pickle.loads(content).zip_data)
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            return all(_is_source(name, archive.read(name), sources) for name in archive.namelist())
    except Exception:  # whatever Ansible keeps there: it is not what we know
        return False


def _is_source(member: str, content: bytes, sources: Sources) -> bool:
    if member in _MADE_BY_ANSIBLE:
        return True
    first, *rest = member.split("/")
    if first == "ansible":
        path = os.path.join(sources.ansible, *rest)
    elif ".".join(rest[:2]) in sources.collections:
        path = os.path.join(sources.collections[".".join(rest[:2])], *rest[2:])
    else:
        return not content  # the packages above the collections
    try:
        with open(path, "rb") as stream:
            return stream.read() == content
    except FileNotFoundError:
        return not content and rest[-1] == "__init__.py"


def _fingerprint(sources: Sources) -> str:
    """A name for the state of all sources: like Python for its bytecode, by time of change and size."""
    digest = hashlib.sha256(repr((sources.version, sys.version, sorted(sources.collections.items()))).encode())
    trees = [os.path.join(sources.ansible, part) for part in ("module_utils", "modules")]
    for place in sources.collections.values():
        trees += [os.path.join(place, "plugins", part) for part in ("module_utils", "modules")]
        trees.append(os.path.join(place, "meta"))
    for tree in sorted(trees):
        for line in sorted(_files(tree)):
            digest.update(repr(line).encode())
    return digest.hexdigest()


def _files(tree: str) -> t.Iterator[tuple[str, int, int]]:
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(tree):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _files(entry.path)
            else:
                status = entry.stat()
                yield entry.path, status.st_mtime_ns, status.st_size


def _private(directory: str) -> bool:
    """Whether nobody else can put anything there: payloads are pickled, and are executed."""
    status = os.stat(directory)
    return status.st_uid == os.geteuid() and not status.st_mode & 0o077


def _forget_unused(home: str) -> None:
    for entry in os.scandir(home):
        if entry.stat().st_mtime < time.time() - _UNUSED_SECONDS:
            shutil.rmtree(entry.path, ignore_errors=True)
