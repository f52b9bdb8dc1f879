# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import dataclasses
import io
import os
import pickle
import zipfile

import pytest

from ansible_collections.groundwork.aws.plugins.plugin_utils.warm import payload_cache

NAME = "ansible_collections.a.b.plugins.modules.thing-ZIP_DEFLATED-none"


@dataclasses.dataclass
class Built:
    """As Ansible keeps a payload."""

    zip_data: bytes


@pytest.fixture
def sources(tmp_path):
    files = {
        "ansible/module_utils/__init__.py": "as installed",
        "ansible/module_utils/basic.py": "basic",
        "b/plugins/modules/thing.py": "thing",
        "b/plugins/module_utils/help.py": "help",
        "b/meta/runtime.yml": "{}",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return payload_cache.Sources(str(tmp_path / "ansible"), "2.19", {"a.b": str(tmp_path / "b")})


@pytest.fixture
def home(tmp_path):
    return str(tmp_path / "home")


def members(**changed):
    return {
        "ansible/__init__.py": "made by Ansible",
        "ansible/module_utils/__init__.py": "made by Ansible",
        "ansible/module_utils/basic.py": "basic",
        "ansible_collections/__init__.py": "",
        "ansible_collections/a/b/__init__.py": "",
        "ansible_collections/a/b/plugins/modules/thing.py": "thing",
        **changed,
    }


def payload(content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return pickle.dumps(Built(base64.b64encode(packed.getvalue())))


def a_run(folder, home, sources, built=None, name=NAME):
    """What a run finds, after which it builds something."""
    folder.mkdir(mode=0o700)
    payload_cache.fill(str(folder), home, sources)
    cache = folder / payload_cache.ANSIBLES
    found = sorted(os.listdir(cache)) if cache.exists() else []
    if built is not None:
        cache.mkdir(exist_ok=True)
        (cache / name).write_bytes(built)
        payload_cache.publish(str(folder), sources)
    return found


def test_the_next_run_finds_what_one_has_built(tmp_path, home, sources):
    built = payload(members())
    assert a_run(tmp_path / "one", home, sources, built) == []
    assert a_run(tmp_path / "two", home, sources) == [NAME]
    assert (tmp_path / "two" / payload_cache.ANSIBLES / NAME).read_bytes() == built


@pytest.mark.parametrize(
    "path",
    [
        "ansible/module_utils/basic.py",
        "b/plugins/module_utils/help.py",
        "b/meta/runtime.yml",
        "b/plugins/modules/new.py",
    ],
)
def test_no_payload_outlives_a_change_of_a_source(tmp_path, home, sources, path):
    a_run(tmp_path / "one", home, sources, payload(members()))
    (tmp_path / path).write_text("another text")
    assert a_run(tmp_path / "two", home, sources) == []


@pytest.mark.parametrize(
    "content",
    [
        members(**{"ansible/module_utils/basic.py": "a role's own"}),
        members(**{"ansible_collections/x/y/plugins/module_utils/z.py": "a collection that nobody watches"}),
        members(**{"ansible_collections/a/b/plugins/module_utils/gone.py": "a file that is no more"}),
    ],
)
def test_what_is_not_made_of_the_sources_is_not_kept(tmp_path, home, sources, content):
    a_run(tmp_path / "one", home, sources, payload(content))
    assert a_run(tmp_path / "two", home, sources) == []


def test_what_is_not_to_be_kept_is_looked_into_once(tmp_path, home, sources, monkeypatch):
    built = payload(members(**{"ansible/module_utils/basic.py": "a role's own"}))
    a_run(tmp_path / "one", home, sources, built)
    looked = []
    monkeypatch.setattr(payload_cache, "_packs", lambda *args: looked.append(args))
    payload_cache.publish(str(tmp_path / "one"), sources)
    assert looked == []


def test_neither_extensions_nor_unknown_formats_are_kept(tmp_path, home, sources):
    a_run(tmp_path / "one", home, sources, payload(members()), name="thing-ZIP_DEFLATED-coverage")
    a_run(tmp_path / "two", home, sources, b"another format")
    assert a_run(tmp_path / "three", home, sources) == []


def test_a_directory_that_others_may_look_into_is_not_used(tmp_path, home, sources):
    a_run(tmp_path / "one", home, sources, payload(members()))
    os.chmod(home, 0o755)
    assert a_run(tmp_path / "two", home, sources) == []


def test_what_nobody_used_for_long_is_removed(tmp_path, home, sources):
    a_run(tmp_path / "one", home, sources, payload(members()))
    old = os.path.join(home, os.listdir(home)[0])
    os.utime(old, (0, 0))
    (tmp_path / "b/meta/runtime.yml").write_text("changed")
    a_run(tmp_path / "two", home, sources)
    assert not os.path.exists(old)
