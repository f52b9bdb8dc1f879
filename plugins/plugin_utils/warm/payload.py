# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The importer of a payload's zip file in a module run: as stock, but with what the warm process has ready."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import pkgutil
import re
import sys
import types
import typing as t
import zipfile
import zipimport

from . import preload

try:
    import _imp
except ImportError:
    _imp = None  # type: ignore[assignment]

_set_filename = getattr(_imp, "_fix_co_filename", None)

_ARCHIVE = re.compile(r"/ansible_[^/]+_payload_[^/]+/ansible_[^/]+_payload\.zip\Z")
_ROOTS = ("ansible", "ansible.module_utils")


def rename(code: types.CodeType, path: str) -> types.CodeType:
    """Tracebacks name the file inside the payload, as they do without us."""
    if _set_filename is not None:
        _set_filename(code, path)
    return code


def _directory(path: str) -> dict[str, preload.Fingerprint]:
    """The fingerprints of what an archive holds."""
    try:
        # zipimport has to read it in any case
        files = zipimport.zipimporter(path)._files  # type: ignore[attr-defined]
        return {name.replace(os.sep, "/"): (entry[7], entry[3]) for name, entry in files.items()}
    except (AttributeError, IndexError, TypeError):
        with zipfile.ZipFile(path) as archive:
            return {item.filename: (item.CRC, item.file_size) for item in archive.infolist()}


class PathHook:
    """Takes part in sys.path_hooks for the payload's zip file and the packages inside it."""

    def __init__(self, store: preload.Store, announce: t.Callable[[str], None]) -> None:
        self.store = store
        self.archive = ""
        self.members: dict[str, preload.Fingerprint] = {}
        self.compiled: list[tuple[str, preload.Fingerprint]] = []
        self._announce = announce

    def __call__(self, path: str) -> PayloadImporter:
        """The importer for the payload; every other path is someone else's."""
        if not self.archive and _ARCHIVE.search(path):
            self.archive = path
            self._announce(os.path.dirname(path))
            self.members = _directory(path)
        if not self.archive or not f"{path}/".startswith(f"{self.archive}/"):
            raise ImportError("not a payload", path=path)
        importer = PayloadImporter(path)
        importer.hook = self
        importer.pending = path == self.archive
        return importer


class PayloadImporter(zipimport.zipimporter):
    """zipimport, except for sources that the warm process has imported or compiled."""

    hook: PathHook
    pending = False

    def find_spec(self, fullname: str, target: t.Any = None) -> importlib.machinery.ModuleSpec | None:
        """The first search brings in what has been imported already."""
        if not self.pending:
            return super().find_spec(fullname, target)
        self.pending = False
        self._graft()
        spec = super().find_spec(fullname, target)
        # The import system would execute again what it finds in sys.modules after having searched for it.
        if spec is not None and (module := sys.modules.pop(fullname, None)) is not None:
            spec.loader = t.cast(t.Any, _Present(module, self))
        return spec

    def get_filename(self, fullname: str) -> str:
        """zipimport compiles a source in order to know its name; the directory tells as well."""
        base = os.path.join(self.archive, self.prefix, fullname.rpartition(".")[2])
        for path in (os.path.join(base, "__init__.py"), f"{base}.py"):
            if self._member(path) in self.hook.members:
                return path
        return super().get_filename(fullname)

    def _member(self, path: str) -> str:
        return path[len(self.archive) + 1 :].replace(os.sep, "/")

    def get_code(self, fullname: str) -> types.CodeType:
        """Compiled code for the same source, or stock's way and a note to compile it for the next run."""
        path = self.get_filename(fullname)
        member = self._member(path)
        print_ = self.hook.members.get(member, (-1, -1))
        code = self.hook.store.codes.get((member, print_))
        if code is not None:
            return rename(code, path)
        if print_[1] > 0:
            self.hook.compiled.append((member, print_))
        return super().get_code(fullname)

    def _same(self) -> list[preload.Kept]:
        """The imported modules that this payload brings, or none at all if one of them differs."""
        same = []
        for kept in self.hook.store.kept.values():
            base = kept.name.replace(".", "/")
            other = f"{base}.py" if kept.is_package else f"{base}/__init__.py"
            print_ = self.hook.members.get(kept.member)
            if print_ not in (None, kept.print) or (other in self.hook.members and print_ is None):
                return []
            if print_ is not None:
                same.append(kept)
        return same

    def _graft(self) -> None:
        """Put the modules into sys.modules and make them look as if imported from the zip file."""
        same = self._same()
        names = {kept.name for kept in same}
        if not names.issuperset(_ROOTS):
            return
        for kept in same:
            self._adopt(kept)
            sys.modules[kept.name] = kept.module
        for kept in self.hook.store.kept.values():
            parent, _dot, leaf = kept.name.rpartition(".")
            if kept.name not in names and parent in names:
                if getattr(sys.modules[parent], leaf, None) is kept.module:
                    delattr(sys.modules[parent], leaf)
        for name in _ROOTS:
            sys.modules[name].__path__ = pkgutil.extend_path(list(sys.modules[name].__path__), name)

    def _adopt(self, kept: preload.Kept) -> None:
        module: t.Any = kept.module
        if module.__name__ != kept.name:
            return  # one that puts another into its place, as distro: that one has its own entry
        package, _dot, _leaf = kept.name.rpartition(".")
        folder = os.path.join(self.archive, *package.split(".")) if package else self.archive
        importer: t.Any = pkgutil.get_importer(folder)
        path = os.path.join(self.archive, *kept.member.split("/"))
        locations: list[str] | None = [] if kept.is_package else None
        spec: t.Any = importlib.util.spec_from_file_location(
            kept.name, path, loader=importer, submodule_search_locations=locations
        )
        module.__spec__, module.__loader__, module.__file__ = spec, importer, path
        module.__cached__ = spec.cached
        if kept.sealed:
            spec.submodule_search_locations = []
        elif spec.submodule_search_locations is not None:
            module.__path__ = spec.submodule_search_locations
        for name in kept.paths:
            value = vars(module)[name]
            setattr(module, name, type(value)(str(value).replace(preload.PLACEHOLDER, self.archive, 1)))
        rename(kept.code, spec.origin)


class _Present:
    """A loader for the one module that was being searched for when all of them were brought in."""

    def __init__(self, module: types.ModuleType, importer: PayloadImporter) -> None:
        self._module = module
        self._spec = module.__spec__
        self._importer = importer

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """The module as it is."""
        return self._module

    def exec_module(self, module: types.ModuleType) -> None:
        """It has been executed; only the import system's own marks are put right."""
        module.__spec__ = self._spec
        module.__loader__ = self._importer
