# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pathlib

import pytest

from ansible_collections.groundwork.aws.plugins import filter as filters
from ansible_collections.groundwork.aws.plugins.callback import preload


class Loader:
    """Notes what it is asked for, and fails for some."""

    def __init__(self, failing=()):
        self.asked: list[str] = []
        self.failing = failing

    def get(self, name, class_only):
        assert class_only
        self.asked.append(name)
        if name in self.failing:
            raise KeyError(name)


@pytest.fixture
def connections(monkeypatch):
    loader = Loader(failing=["groundwork.aws.warm"])
    monkeypatch.setattr(preload, "connection_loader", loader)
    return loader


@pytest.mark.parametrize("failing", [[], ["groundwork.aws.resource_name"]])
def test_every_filter_is_loaded_whatever_cannot_be(monkeypatch, connections, failing):
    loader = Loader(failing)
    monkeypatch.setattr(preload, "filter_loader", loader)
    preload.CallbackModule().v2_playbook_on_start(None)
    files = pathlib.Path(next(iter(filters.__path__))).glob("*.py")
    assert sorted(loader.asked) == sorted(f"groundwork.aws.{file.stem}" for file in files if file.stem != "__init__")
    assert connections.asked == ["groundwork.aws.warm"]
