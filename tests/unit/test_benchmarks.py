# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks compute from what they measured."""

import json
import pathlib
import subprocess
import sys

import pytest

BENCHMARKS = pathlib.Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def common(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import common

    return common


def test_a_ratio_is_that_of_runs_side_by_side(common):
    # The second round ran beside something else, which made both slower.
    assert common.median_ratio([8.0, 30.0, 9.0], [1.0, 10.0, 1.0]) == 8.0
    with pytest.raises(ValueError):
        common.median_ratio([1.0], [1.0, 2.0])


def test_contenders_take_turns(common):
    turns = []
    found = common.alternate(2, a=lambda: turns.append("a") or 1, b=lambda: turns.append("b") or 2)
    assert turns == ["a", "b", "a", "b"] and found == {"a": [1, 1], "b": [2, 2]}


def test_a_table_is_markdown(common):
    assert common.table(["A", "B"], [(1, "x")]) == ["| A | B |", "| --- | --- |", "| 1 | x |"]


@pytest.mark.parametrize(
    "result, counts",
    [
        ({"action": "groundwork.aws.kms_keys"}, True),
        ({"action": "groundwork.aws.kms_keys", "skipped": True}, False),
        ({"action": "ansible.builtin.set_fact"}, False),
        ({"action": "ansible.builtin.include_role"}, False),
        ({"action": "groundwork.aws.preflight"}, False),
        ({}, False),
    ],
)
def test_a_module_run_is_a_task_that_starts_a_module(common, result, counts):
    assert common.is_module(result) is counts


def test_results_are_read_after_what_else_was_printed(common):
    told = {"plays": [{"tasks": [{"task": {"name": "x"}, "hosts": {"h": {"action": "a.b.c"}}}]}]}
    run = common.Run(1.0, "[WARNING]: something\n" + json.dumps(told, indent=4), 0.0)
    assert list(run.results) == [(told["plays"][0]["tasks"][0], {"action": "a.b.c"})]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_is_that_of_the_whole_family(common):
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(input())'])"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        with common.Memory(process.pid, interval=0.01) as memory:
            while len(common.family(process.pid)) < 2:
                assert process.poll() is None
            process.communicate(b"over\n")
    assert memory.peak_mib > 1


def test_every_platform_has_names_of_its_own(common, tmp_path):
    import platforms
    import yaml

    folder = platforms.write_inventory(tmp_path / "inventory", 3)
    hosts = yaml.safe_load((folder / "hosts.yml").read_text())["all"]["children"]["production"]["hosts"]
    told = [yaml.safe_load((folder / "host_vars" / f"{host}.yml").read_text()) for host in hosts]
    for name in ("platform_name", "platform_secret_prefix", "dougust_domain"):
        assert len({variables[name] for variables in told}) == 3, name
