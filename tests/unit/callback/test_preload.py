# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import gc
import pathlib
import subprocess
import sys
import types

import pytest

from ansible_collections.groundwork.aws.plugins.callback import preload

ROOT = pathlib.Path(__file__).parents[3]
WARM = {"ansible_connection": "groundwork.aws.warm", "ansible_warm_start_timeout": 5}


class Plugins:
    """Notes what it is asked for, and fails if it is to."""

    def __init__(self):
        self.asked: list[str] = []
        self.failing = False

    def get(self, name):
        self.asked.append(name)
        if self.failing:
            raise KeyError(name)


class Connections:
    """Makes connections that note what they are told, or none."""

    def __init__(self):
        self.missing = False
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

    def __init__(self, hosts, variables, connection="ssh"):
        self.connection = connection
        inventory = types.SimpleNamespace(get_hosts=lambda _pattern: hosts)
        self._manager = types.SimpleNamespace(_inventory=inventory, get_vars=lambda **_arguments: variables)

    def get_variable_manager(self):
        return self._manager


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    """What a callback loads with; nothing stays frozen."""
    tools = types.SimpleNamespace(filters=Plugins(), tests=Plugins(), shells=Plugins(), connections=Connections())
    monkeypatch.setattr(preload, "connection_loader", tools.connections)
    monkeypatch.setattr(preload, "filter_loader", tools.filters)
    monkeypatch.setattr(preload, "test_loader", tools.tests)
    monkeypatch.setattr(preload, "shell_loader", tools.shells)
    monkeypatch.setattr(preload, "PlayContext", lambda play: play)
    yield tools
    gc.unfreeze()


@pytest.mark.parametrize("failing", [False, True])
@pytest.mark.parametrize("missing", [False, True])
def test_all_is_loaded_whatever_cannot_be(tools, failing, missing):
    tools.filters.failing, tools.connections.missing = failing, missing
    preload.CallbackModule().v2_playbook_on_play_start(Play(["a"], WARM))
    assert (tools.filters.asked, tools.tests.asked, tools.shells.asked) == (
        ["groundwork.aws.resource_name"],
        ["ansible.builtin.truthy"],
        ["sh"],
    )


def test_the_first_play_with_hosts_starts_the_warm_process_once(tools):
    callback = preload.CallbackModule()
    callback.v2_playbook_on_play_start(Play([], WARM))
    assert not tools.connections.told and not tools.filters.asked
    for _play in range(2):
        callback.v2_playbook_on_play_start(Play(["a", "b"], WARM))
    assert tools.connections.told == [5, "started"]


def test_the_connection_of_a_play_is_started_too(tools):
    variables = {"ansible_warm_start_timeout": 5}
    preload.CallbackModule().v2_playbook_on_play_start(Play(["a"], variables, "groundwork.aws.warm"))
    assert tools.connections.told == [5, "started"]


def test_hosts_with_another_connection_start_nothing(tools):
    preload.CallbackModule().v2_playbook_on_play_start(Play(["a"], {"ansible_connection": "local"}))
    assert not tools.connections.told


def test_what_is_there_is_left_alone_by_the_garbage_collector():
    gc.unfreeze()
    preload.CallbackModule().v2_playbook_on_play_start(Play([], WARM))
    assert gc.get_freeze_count() > 10_000


LOADED = """
import sys
from ansible.plugins import loader
loader.init_plugin_loader([])
from ansible_collections.groundwork.aws.plugins.callback import preload
for load in preload._ONCE.values():
    load()
from ansible._internal._templating._jinja_bits import AnsibleEnvironment
print(len(AnsibleEnvironment._lexer_cache))
print(*sorted(name.rpartition(".")[2] for name in sys.modules if "_json._profiles._module_legacy_" in name))
print(*sorted(name.rpartition(".")[2] for name in sys.modules if name.startswith("ansible_collections.groundwork.aws.plugins.filter.")))
print(bool(loader.test_loader._cached_non_collection_wrappers), bool(loader.shell_loader._module_cache))
"""


def test_what_each_task_would_load_is_loaded_afterwards():
    """In a process of its own, as most of it is loaded in this one."""
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    lexers, profiles, filters, others = done.stdout.splitlines()
    assert lexers == "1" and filters == "filters" and others == "True True"
    assert profiles == "_module_legacy_c2m _module_legacy_m2c"
