# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks compute from what they measured."""

import json
import pathlib
import shutil
import subprocess
import sys
import types

import pytest

BENCHMARKS = pathlib.Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def common(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import common

    return common


@pytest.fixture
def terraform(common, monkeypatch, tmp_path):
    """A function that lets a shell script be the terraform on PATH, and gives what runs it."""
    import unchanged

    sandbox = types.SimpleNamespace(environment=lambda base: base, forget_calls=lambda: None, calls=lambda mutating: [])
    binary = tmp_path / "bin/terraform"
    binary.parent.mkdir()

    def write(script):
        binary.write_text(f"#!/bin/sh\n{script}\n")
        binary.chmod(0o755)
        return unchanged.Terraform(sandbox, tmp_path)

    monkeypatch.setenv("PATH", str(binary.parent), prepend=":")
    monkeypatch.delenv("TF_PLUGIN_DIR", raising=False)
    return write


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


def test_unchanged_tells_the_ratios_that_have_marks(common):
    import unchanged

    found = {"stock": [70.0, 90.0, 66.0], "warm": [10.0, 30.0, 11.0], "terraform": [5.0, 10.0, 5.0]}
    assert [row[1:] for row in unchanged.rows(found)] == [
        ("70.0", "stock / warm: 6.00", "at least 6"),
        ("11.0", "-", "-"),
        ("5.0", "warm / terraform: 2.20", "at most 3"),
    ]


def test_terraform_is_left_out_where_there_is_none(common, monkeypatch, tmp_path):
    import unchanged

    monkeypatch.setenv("PATH", str(tmp_path))
    with unchanged.applied() as found:
        assert found == (None, "there is no terraform on PATH")


def test_terraform_is_left_out_with_what_it_says_of_the_provider(terraform):
    found = terraform(
        'printf "Initializing\\n\\nError: Failed to query provider packages\\n\\nmore\\n" >&2; exit 1'
    ).init()
    assert found == "terraform init: Failed to query provider packages"


def test_terraform_gets_the_provider_from_a_directory_and_nothing_else_of_the_user(terraform, monkeypatch, tmp_path):
    monkeypatch.setenv("TF_PLUGIN_DIR", "/providers")
    monkeypatch.setenv("TF_CLI_ARGS", "-destroy")
    assert terraform(f'echo "$@" "$TF_CLI_ARGS" > {tmp_path}/told').init() is None
    assert (tmp_path / "told").read_text() == "init -input=false -no-color -plugin-dir /providers \n"
    assert (tmp_path / "terraform/main.tf").is_file()


def test_a_plan_that_finds_changes_is_not_measured(terraform):
    one = terraform('test "$*" = "plan -input=false -no-color -detailed-exitcode" || exit 1; exit 2')
    with pytest.raises(subprocess.CalledProcessError) as failed:
        one.plan()
    assert failed.value.returncode == 2


def test_accounts_that_differ_are_not_compared(common):
    import unchanged

    one, two = (
        types.SimpleNamespace(
            snapshot=lambda count=count: {"s3/bucket": dict.fromkeys(range(count)), "ec2/vpc": {1: 1}}
        )
        for count in (1, 2)
    )
    unchanged.is_the_same(one, one)
    with pytest.raises(AssertionError, match=r"\[\('s3/bucket', 1\), \('s3/bucket', 2\)\]"):
        unchanged.is_the_same(one, two)


@pytest.mark.skipif(not shutil.which("terraform"), reason="needs terraform")
def test_the_configuration_is_formatted():
    command = ["terraform", "fmt", "-check", "-diff", str(BENCHMARKS / "terraform")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
