# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules imported, and sources compiled, once in the warm process; each with the fingerprint of its source.

A payload brings its own copy of every source. A run uses what is kept here only where that copy is the same.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import os
import pathlib
import sys
import types
import typing as t
import zlib

# What AnsiballZ puts into every payload instead of the real packages (ansible.executor.module_common).
_ROOT = (
    "from pkgutil import extend_path\n__path__=extend_path(__path__,__name__)\n"
    '__version__="{version}"\n__author__="{author}"\n'
)
_UTILS_ROOT = "from pkgutil import extend_path\n__path__=extend_path(__path__,__name__)\n"

# What every module run imports; names that another ansible-core does not have are passed over.
ESSENTIAL = (
    "ansible.module_utils._internal._ansiballz._loader",
    "ansible.module_utils._internal._json._profiles._module_legacy_c2m",
    "ansible.module_utils._internal._json._profiles._module_legacy_m2c",
    "ansible.module_utils._internal._json._profiles._module_modern_c2m",
    "ansible.module_utils._internal._json._profiles._module_modern_m2c",
    "ansible.module_utils.basic",
)

# Stands for the payload's zip file in what modules compute from their __file__ when they are imported.
PLACEHOLDER = "/groundwork.warm.payload"

Fingerprint = tuple[int, int]


def fingerprint(source: bytes) -> Fingerprint:
    """CRC and size, as a zip file's directory has them: comparing costs no decompression."""
    return zlib.crc32(source), len(source)


class Kept(t.NamedTuple):
    """A module imported in the warm process."""

    name: str
    member: str
    print: Fingerprint
    module: types.ModuleType
    code: types.CodeType
    paths: tuple[str, ...]
    sealed: bool  # a package that allows no modules below it but its own, as six

    @property
    def is_package(self) -> bool:
        """Whether its source is an __init__.py."""
        return self.member.endswith("/__init__.py")


class Sources:
    """Where the installed sources are, by the names they have in a payload."""

    def __init__(self, ansible: str, version: str, author: str, collections: dict[str, str]) -> None:
        self._ansible = ansible
        self._collections = collections
        self._synthetic = {
            "ansible/__init__.py": _ROOT.format(version=version, author=author).encode(),
            "ansible/module_utils/__init__.py": _UTILS_ROOT.encode(),
        }

    def path(self, member: str) -> str | None:
        """The installed file of a member."""
        parts = member.split("/")
        if not member.endswith(".py") or {"", ".", ".."} & set(parts):
            return None
        if parts[0] == "ansible":
            return os.path.join(self._ansible, *parts[1:])
        root = self._collections.get(".".join(parts[1:3])) if parts[0] == "ansible_collections" else None
        return os.path.join(root, *parts[3:]) if root and len(parts) > 3 else None

    def read(self, member: str) -> bytes | None:
        """The source of a member, None if it is not installed."""
        parts = member.split("/")
        if member in self._synthetic:
            return self._synthetic[member]
        if parts[0] == "ansible_collections" and parts[-1] == "__init__.py" and len(parts) <= 6:
            return b""
        path = self.path(member) or ""
        try:
            with open(path, "rb") as stream:
                return stream.read()
        except OSError:
            # collections need no __init__.py: Ansible makes them up
            made_up = parts[0] == "ansible_collections" and parts[-1] == "__init__.py"
            return b"" if made_up and os.path.isdir(os.path.dirname(path)) else None

    def compile(self, member: str, source: bytes) -> types.CodeType:
        """Compile as zipimport does; the file name is replaced in the run (see payload.rename)."""
        source = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return compile(source, self.path(member) or member, "exec", dont_inherit=True)

    def utilities(self, collection: str) -> list[str]:
        """The names of all module_utils of a collection."""
        root = self._collections.get(collection, "")
        top = os.path.join(root, "plugins", "module_utils")
        names = []
        for directory, folders, files in os.walk(top):
            folders.sort()
            package = os.path.relpath(directory, root).split(os.sep)
            prefix = ".".join(["ansible_collections", collection, *package])
            names += [f"{prefix}.{name[:-3]}" for name in sorted(files) if name.endswith(".py") and name[0] != "_"]
        return names


class Store(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports module_utils by the names they have in a payload and keeps them out of sys.modules."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.kept: dict[str, Kept] = {}
        self.codes: dict[tuple[str, Fingerprint], types.CodeType] = {}
        self._executed: dict[str, tuple[str, Fingerprint, types.CodeType, bool]] = {}

    def preload(self, names: t.Iterable[str]) -> None:
        """Import what can be imported; what cannot be is left to the runs."""
        sys.modules.update({name: kept.module for name, kept in self.kept.items()})
        sys.meta_path.insert(0, self)
        try:
            for name in names:
                self._import(name)
        finally:
            sys.meta_path.remove(self)
            self._put_away()

    def _import(self, name: str) -> None:
        try:
            importlib.import_module(name)
        except Exception:  # pylint: disable=broad-exception-caught
            return  # a missing library, or a name of another ansible-core: no run depends on it being here

    def _put_away(self) -> None:
        """A run finds nothing of Ansible imported until its payload has been compared."""
        for name in [n for n in sys.modules if n.split(".", 1)[0] in ("ansible", "ansible_collections")]:
            module = sys.modules.pop(name)
            if name in self._executed and name not in self.kept:
                member, print_, code, sealed = self._executed[name]
                self.kept[name] = Kept(name, member, print_, module, code, _paths(module), sealed)
        self._executed.clear()

    def learn_code(self, member: str, print_: Fingerprint) -> None:
        """Compile an installed source that a run had to compile itself."""
        source = self.sources.read(member)
        if (member, print_) in self.codes or source is None or fingerprint(source) != print_:
            return
        try:
            self.codes[(member, print_)] = self.sources.compile(member, source)
        except (SyntaxError, ValueError):
            return  # the run says it better

    def find_spec(
        self, fullname: str, path: t.Any = None, target: t.Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Serve what a payload could contain; refuse everything else of Ansible."""
        if fullname.split(".", 1)[0] not in ("ansible", "ansible_collections"):
            return None
        base = fullname.replace(".", "/")
        for member in (f"{base}/__init__.py", f"{base}.py"):
            source = self.sources.read(member) if _is_utility(member) else None
            if source is not None:
                package = member.endswith("/__init__.py")
                state = (member, source)
                return importlib.machinery.ModuleSpec(fullname, self, loader_state=state, is_package=package)
        if _is_utility(f"{base}.py"):
            return None  # made at run time, as six does
        raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """The default module."""
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        """Execute the source and remember which code it was."""
        spec = t.cast(importlib.machinery.ModuleSpec, module.__spec__)
        locations = spec.submodule_search_locations
        member, source = spec.loader_state
        module.__file__ = f"{PLACEHOLDER}/{member}"
        code = self._load_code(module.__name__, member, source)
        exec(code, module.__dict__)  # pylint: disable=exec-used
        sealed = spec.submodule_search_locations is not locations
        self._executed[module.__name__] = (member, fingerprint(source), code, sealed)

    def _load_code(self, name: str, member: str, source: bytes) -> types.CodeType:
        """The installed byte code where there is one; it is checked against the source file's time and size."""
        path = self.sources.path(member)
        if source and path and os.path.isfile(path) and len(source) == os.path.getsize(path):
            try:
                code = importlib.machinery.SourceFileLoader(name, path).get_code(name)
            except (ImportError, OSError):
                code = None
            if code is not None:
                return code
        return self.sources.compile(member, source)


def _paths(module: types.ModuleType) -> tuple[str, ...]:
    """The global variables of a module that say where the module is."""
    return tuple(
        name
        for name, value in vars(module).items()
        if isinstance(value, (str, pathlib.PurePath)) and name[:2] != "__" and str(value).startswith(PLACEHOLDER)
    )


def _is_utility(member: str) -> bool:
    """Modules are never imported here, and neither is the controller's side of Ansible."""
    parts = member.removesuffix("/__init__.py").removesuffix(".py").split("/")
    if parts[0] == "ansible":
        return len(parts) == 1 or parts[1] == "module_utils"
    return len(parts) < 4 or parts[3:5] in (["plugins"], ["plugins", "module_utils"])
