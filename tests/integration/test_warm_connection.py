# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The warm connection beside the local one: same results, nothing shared, nothing left."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

from tests.integration.warm_bench import Bench, leaves, normal, processes, wait_for


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def alive(pid: int) -> bool:
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# -- the same results

SIGNALS = {"SIGKILL": 9, "SIGTERM": 15, "SIGSEGV": 11}
CASES: dict[str, dict] = {
    "ping": {"ansible.builtin.ping": {}},
    "ping crash": {"ansible.builtin.ping": {"data": "crash"}},
    "command": {"ansible.builtin.command": "pwd"},
    "command fails": {"ansible.builtin.command": "sh -c 'echo out; echo err >&2; exit 3'"},
    "stat": {"ansible.builtin.stat": {"path": "{{ bench }}/ansible.cfg"}},
    "file": {"ansible.builtin.file": {"path": "{{ bench }}/made", "state": "directory", "mode": "0750"}},
    "check and diff": {
        "ansible.builtin.file": {"path": "{{ bench }}/made", "state": "absent"},
        "check_mode": True,
        "diff": True,
    },
    "copy": {"ansible.builtin.copy": {"content": "a\nb\n", "dest": "{{ bench }}/made/file"}, "diff": True},
    "line": {"ansible.builtin.lineinfile": {"path": "{{ bench }}/made/file", "line": "c"}, "diff": True},
    "clean": {"ansible.builtin.file": {"path": "{{ bench }}/made", "state": "absent"}},
    "facts": {"ansible.builtin.setup": {"gather_subset": ["!all", "!min", "env", "python", "user"]}},
    "unsupported": {"ansible.builtin.ping": {"nonsense": 1}},
    "shell": {"ansible.builtin.shell": "echo $0 | tr a-z A-Z; ls {{ bench }}/library"},
    "find": {"ansible.builtin.find": {"paths": "{{ bench }}/library", "get_checksum": True}},
    "block": {
        "ansible.builtin.blockinfile": {"path": "{{ bench }}/block", "create": True, "block": "ü\n"},
        "diff": True,
    },
    "replace": {"ansible.builtin.replace": {"path": "{{ bench }}/block", "regexp": "ü", "replace": "u"}, "diff": True},
    "assemble": {"ansible.builtin.assemble": {"src": "{{ bench }}/library", "dest": "{{ bench }}/all"}, "diff": True},
    "user": {"ansible.builtin.getent": {"database": "passwd", "key": "root"}},
    "address": {"ansible.builtin.uri": {"url": "http://127.0.0.1:9/", "timeout": 1}},
    "raw": {"ansible.builtin.raw": "echo raw"},
    "script": {"ansible.builtin.script": "{{ bench }}/sudo echo script"},
    "state": {"probe": {}},
    "environment": {"probe": {}, "environment": {"A": "b c", "Q": 'it\'s "$HOME" ~', "E": "", "PWD": "/x", "N": 3}},
    "startup environment": {"probe": {}, "environment": {"PYTHONHASHSEED": "7", "LANG": "C"}},
    "leak": {"probe": {"mode": "leak"}},
    "after leak": {"probe": {}},
    "raise": {"probe": {"mode": "raise"}},
    "raise early": {"probe": {}, "environment": {"PROBE_EARLY": "1"}},
    "exit": {"probe": {"mode": "exit", "n": 7}},
    "string exit": {"probe": {"mode": "string_exit"}},
    "interrupt": {"probe": {"mode": "interrupt"}},
    **{f"killed by {name}": {"probe": {"mode": "kill", "n": number}} for name, number in SIGNALS.items()},
    "huge": {"probe": {"mode": "huge"}},
    "binary": {"probe": {"mode": "binary"}},
    "garbage": {"probe": {"mode": "garbage"}},
    "closes files": {"probe": {"mode": "close"}},
    "closes output": {"probe": {"mode": "close_stdout"}},
    "no_log parameter": {"probe": {"mode": "fail", "secret": "hush-hush"}},
    "no_log task": {"probe": {"mode": "fail", "secret": "hush-hush"}, "no_log": True},
    "unflushed": {"probe": {"mode": "unflushed", "path": "{{ bench }}/unflushed"}},
    "unflushed read": {"ansible.builtin.slurp": {"path": "{{ bench }}/unflushed"}},
    "daemon": {"probe": {"mode": "daemon", "path": "{{ bench }}/daemon"}},
    "daemon wrote": {"ansible.builtin.wait_for": {"path": "{{ bench }}/daemon", "search_regex": "daemon"}},
    "async": {"ansible.builtin.command": "echo async", "async": 30, "poll": 1},
    "async crash": {"ansible.builtin.ping": {"data": "crash"}, "async": 30, "poll": 1},
    "anatomy": {"probe": {"mode": "anatomy"}},
    "become": {"probe": {}, "become": True, "vars": {"ansible_become_exe": "{{ bench }}/sudo"}},
    "shell module": {"in_shell": {}},
    "other interpreter": {"ansible.builtin.ping": {}, "vars": {"ansible_python_interpreter": "{{ bench }}/python"}},
    "timeout": {"ansible.builtin.command": "sleep 30", "timeout": 1},
    "aws": {"amazon.aws.ec2_vpc_net_info": {}},
    "aws global": {"amazon.aws.iam_role_info": {"name": "none"}},
    "aws fails": {"amazon.aws.ec2_vpc_net": {"name": "x", "cidr_block": "nonsense", "state": "present"}},
}
FAILURES = {"ping crash", "command fails", "unsupported", "address", "raise", "raise early", "exit", "string exit"}
FAILURES |= {"interrupt", "garbage", "closes output", "no_log parameter", "no_log task", "async crash", "timeout"}
FAILURES |= {"aws fails", *(f"killed by {name}" for name in SIGNALS)}

# Takes sudo's options and becomes nobody else, so that the tests need no rights.
SUDO = """#!/bin/sh
while [ "${1#-}" != "$1" ]; do
  [ "$1" = -u ] && shift
  shift
done
BECAME=1 exec "$@"
"""

TRACEBACKS = {"ANSIBLE_DISPLAY_TRACEBACK": "always"}


@pytest.fixture
def endpoint():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def run_cases(connection: str, path: pathlib.Path, endpoint: str) -> tuple[dict, str, list[str]]:
    """The results of all cases with a connection, the text, and what is left."""
    bench = Bench(path)
    for name, content in {"python": f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "sudo": SUDO}.items():
        (path / name).write_text(content)
        (path / name).chmod(0o755)
    tasks = [{"name": name, "ignore_errors": True, **case} for name, case in CASES.items()]
    account = {"access_key": "AKIAEXAMPLE", "secret_key": "secret/of+the/test", "endpoint_url": endpoint}
    defaults = {"group/aws": account | {"region": "eu-west-1"}}
    results, text = bench.run(tasks, connection, module_defaults=defaults, env=TRACEBACKS)
    wait_for(lambda: not processes(bench), 5)
    return {task: result for (_host, task), result in results.items()}, text, bench.leftovers()


def explained(name: str, result, imported: set[str]):
    """Without what the connections differ in by design."""
    kind, content = result
    content = normal(content)
    content.get("stat", {}).pop("version", None)  # of the inode
    if isinstance(content.get("state"), dict):
        state = content["state"]
        state["utils"] = None  # all that the payload brings, instead of what has been imported so far
        state["handlers"] = None  # a run leads a process group of its own
    if "anatomy" in content:
        parts = {name: part for name, part in content["anatomy"].items() if name in imported}
        for six in [name for name in parts if ".six" in name]:
            # what it makes up is there when somebody has asked for it
            parts[six] = {key: part for key, part in parts.pop(six).items() if key[:2] == "__" and "moves" not in six}
        content["anatomy"] = parts
    if name == "timeout":
        del content["exception"]  # where the worker was waiting
    elif "exception" in content:
        content["exception"] = content["exception"].replace(WARM_FRAME, "", 1)
    return kind, content


# The one frame below a module's own; to be seen only in the stack that Ansible adds to a failure when told to.
WARM_FRAME = '  File "<stdin>", line 10, in <module>\n'


def test_same_results(tmp_path, endpoint):
    """One test, so that parallel test processes do not run all cases twice."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        started = [
            pool.submit(run_cases, connection, tmp_path / name, endpoint)
            for name, connection in {"1": "local", "2": "groundwork.aws.warm"}.items()
        ]
        (local, _text, left_by_local), (warm, text, left_by_warm) = (run.result() for run in started)
    assert set(local) == set(warm) == set(CASES)
    differences, imported = {}, set(local["anatomy"][1]["anatomy"])
    for name in CASES:
        expected, found = (leaves(explained(name, results[name], imported)) for results in (local, warm))
        for key in sorted(set(expected) | set(found)):
            if expected.get(key) != found.get(key) or (key in expected) != (key in found):
                differences[name, key] = {"local": expected.get(key), "warm": found.get(key)}
    assert differences == {}
    assert {name for name, (kind, _content) in warm.items() if kind != "ok"} == FAILURES
    assert "no warm process is available" not in text
    state = warm["after leak"][1]["state"]
    assert state["leaks"] == [None, None, False, False]
    assert "/leak" not in state["path"] and state["fds"] == []
    assert all(results["become"][1]["state"]["environ"]["BECAME"] == "1" for results in (local, warm))
    utils = [{n for n in c["state"][1]["state"]["utils"] if "six.moves" not in n} for c in (local, warm)]
    assert utils[0] <= utils[1]
    # a module that ends by os._exit leaves its payload: it may have a child that goes on with it
    assert len(left_by_warm) == 1 < len(left_by_local)


# -- one process, and when it is not there


def test_forty_forks_one_process(bench):
    inventory = ",".join(f"host{number}" for number in range(40))
    tasks = [{"name": "pids", "probe": {"mode": "pids"}}]
    results, text = bench.run(tasks, "groundwork.aws.warm", ("-f", "40"), inventory=inventory)
    assert len(results) == 40, text
    assert len({result["ppid"] for _kind, result in results.values()}) == 1
    assert wait_for(lambda: not processes(bench), 3)
    assert bench.leftovers() == []


def test_the_process_serves_all_plays(bench):
    tasks = [{"name": f"pids {number}", "probe": {"mode": "pids"}} for number in range(2)]
    results, text = bench.run(tasks, "groundwork.aws.warm", inventory="a,b,c", serial=1)
    assert len(results) == 6 and len({result["ppid"] for _kind, result in results.values()}) == 1, text


def test_other_connection_when_it_cannot_start(bench):
    tasks = [{"name": f"ping {number}", "ansible.builtin.ping": {}} for number in range(2)]
    results, text = bench.run(
        tasks, "groundwork.aws.warm", env={"GROUNDWORK_WARM_START_TIMEOUT": "0"}, inventory="a,b,c"
    )
    assert {kind for kind, _result in results.values()} == {"ok"}
    assert text.count("no warm process is available") == 1
    assert wait_for(lambda: not processes(bench), 3)


def test_switched_off(bench):
    results, text = bench.run(
        [{"name": "pids", "probe": {"mode": "pids"}}, {"name": "again", "probe": {"mode": "pids"}}],
        "groundwork.aws.warm",
        env={"GROUNDWORK_WARM": "false"},
    )
    assert len({result["ppid"] for _kind, result in results.values()}) == 2, text


def test_a_module_is_not_repeated_when_the_process_dies(bench):
    tasks = [
        {"name": "pids", "probe": {"mode": "pids"}, "register": "pids"},
        {
            "name": "murder",
            "ansible.builtin.shell": "echo once >> {{ bench }}/count; kill -9 {{ pids.ppid }}; sleep 5",
            "ignore_errors": True,
        },
        {"name": "after", "ansible.builtin.ping": {}},
        {"name": "and after", "ansible.builtin.ping": {}},
    ]
    results, text = bench.run(tasks, "groundwork.aws.warm")
    assert results["localhost", "murder"][0] == "failed"
    assert (bench.path / "count").read_text() == "once\n"
    assert results["localhost", "and after"][0] == "ok"
    assert text.count("no warm process is available") == 1


# -- the end


@contextlib.contextmanager
def sleeping(bench: Bench, **task):
    """A run whose module sleeps: the process, and the pids of the module, the warm process and a helper."""
    path = bench.path / "pids"
    # the warm process is there before the time of the task begins
    tasks = [
        {"name": "ping", "ansible.builtin.ping": {}},
        {"name": "sleep", "probe": {"mode": "sleep", "path": str(path)}, **task},
    ]
    process = subprocess.Popen(
        bench.command(tasks, "groundwork.aws.warm"),
        env=bench.environment(),
        cwd=bench.path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert wait_for(path.exists, 30)
        yield process, [int(pid) for pid in path.read_text().split()]
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("whole_group", [False, True])
def test_killed(bench, number, whole_group):
    with sleeping(bench) as (process, pids):
        (os.killpg if whole_group else os.kill)(process.pid, number)
        start = time.monotonic()
        assert wait_for(lambda: not any(map(alive, pids)), 5), [pid for pid in pids if alive(pid)]
        took = time.monotonic() - start
        process.wait(10)
    if number == signal.SIGKILL:
        assert took < 0.5
    assert wait_for(lambda: not processes(bench), 5), processes(bench)
    assert wait_for(lambda: not bench.leftovers(), 2), bench.leftovers()


def test_killed_on_timeout(bench):
    with sleeping(bench, timeout=8) as (process, pids):
        module, _server, helper = pids
        assert wait_for(lambda: not alive(module) and not alive(helper), 20)
        process.wait(20)
    assert wait_for(lambda: not processes(bench), 5)
    assert bench.leftovers() == []


def test_module_dies_with_the_warm_process(bench):
    with sleeping(bench) as (process, pids):
        module, server, helper = pids
        os.kill(server, signal.SIGKILL)
        assert wait_for(lambda: not alive(module), 2)
        assert process.wait(20) == 2
        with contextlib.suppress(ProcessLookupError):
            os.kill(helper, signal.SIGKILL)  # as stock, when a module is killed


def test_output_can_be_piped(bench):
    """The warm process must not keep the standard output of ansible open."""
    command = " ".join(bench.command([{"name": "ping", "ansible.builtin.ping": {}}], "groundwork.aws.warm"))
    done = subprocess.run(
        f"{command} | cat", shell=True, env=bench.environment(), cwd=bench.path, capture_output=True, timeout=60
    )
    assert b"ok=1" in done.stdout
