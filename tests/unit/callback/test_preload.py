# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import gc
import pathlib
import types

import pytest

from ansible_collections.groundwork.aws.plugins import filter as filters
from ansible_collections.groundwork.aws.plugins.callback import preload

WARM = {"ansible_connection": "groundwork.aws.warm", "ansible_warm_start_timeout": 5}


class Filters:
    """Notes what it is asked for, and fails for some."""

    def __init__(self, failing=()):
        self.asked: list[str] = []
        self.failing = failing

    def get(self, name, class_only):
        assert class_only
        self.asked.append(name)
        if name in self.failing:
            raise KeyError(name)


class Connections:
    """Makes connections that note what they are told, or none."""

    def __init__(self, missing=False):
        self.missing = missing
        self.told: list[object] = []

    def get(self, name, _context):
        if self.missing:
            raise KeyError(name)
        return types.SimpleNamespace(
            set_options=lambda var_options: self.told.append(var_options["ansible_warm_start_timeout"]),
            is_pipelining_enabled=lambda: self.told.append("started"),
        )


class Play:
    """A play for some hosts that all have the same variables."""

    hosts = "all"

    def __init__(self, hosts, variables):
        inventory = types.SimpleNamespace(get_hosts=lambda _pattern: hosts)
        self._manager = types.SimpleNamespace(_inventory=inventory, get_vars=lambda **_arguments: variables)

    def get_variable_manager(self):
        return self._manager


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    """What a callback loads with; nothing stays frozen."""
    tools = types.SimpleNamespace(filters=Filters(), connections=Connections())

    def get_connection(*asked):
        return tools.connections.get(*asked)

    def get_filter(*asked, **how):
        return tools.filters.get(*asked, **how)

    monkeypatch.setattr(preload, "connection_loader", types.SimpleNamespace(get=get_connection))
    monkeypatch.setattr(preload, "filter_loader", types.SimpleNamespace(get=get_filter))
    monkeypatch.setattr(preload, "PlayContext", lambda play: play)
    yield tools
    gc.unfreeze()


@pytest.mark.parametrize("failing", [[], ["groundwork.aws.resource_name"]])
@pytest.mark.parametrize("missing", [False, True])
def test_every_filter_is_loaded_whatever_cannot_be(tools, failing, missing):
    tools.filters, tools.connections = Filters(failing), Connections(missing)
    preload.CallbackModule().v2_playbook_on_play_start(Play(["a"], WARM))
    files = pathlib.Path(next(iter(filters.__path__))).glob("*.py")
    names = sorted(f"groundwork.aws.{file.stem}" for file in files if file.stem != "__init__")
    assert sorted(tools.filters.asked) == names


def test_the_first_play_with_hosts_starts_the_warm_process_once(tools):
    callback = preload.CallbackModule()
    callback.v2_playbook_on_play_start(Play([], WARM))
    assert not tools.connections.told and not tools.filters.asked
    for _play in range(2):
        callback.v2_playbook_on_play_start(Play(["a", "b"], WARM))
    assert tools.connections.told == [5, "started"]


def test_hosts_with_another_connection_start_nothing(tools):
    preload.CallbackModule().v2_playbook_on_play_start(Play(["a"], {"ansible_connection": "local"}))
    assert not tools.connections.told


def test_what_is_there_is_left_alone_by_the_garbage_collector():
    gc.unfreeze()
    preload.CallbackModule().v2_playbook_on_play_start(Play([], WARM))
    assert gc.get_freeze_count() > 10_000
