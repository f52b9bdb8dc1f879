# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The warm connection beside the local one: same results, nothing shared, nothing left."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]

CALLBACK = """
from __future__ import annotations
import json, os
from ansible.plugins.callback import CallbackBase
DOCUMENTATION = "name: dump\\ntype: aggregate\\nshort_description: results as they are\\ndescription: [x]\\noptions: {}\\n"

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "aggregate", "dump"

    def _write(self, kind, result):
        entry = [result._host.get_name(), result._task.get_name(), kind, result._result]
        with open(os.environ["DUMP_FILE"], "a") as stream:
            stream.write(json.dumps(entry, default=str) + "\\n")

    def v2_runner_on_ok(self, result):
        self._write("ok", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write("failed", result)

    def v2_runner_on_unreachable(self, result):
        self._write("unreachable", result)
"""

PROBE = """#!/usr/bin/python
from __future__ import annotations
DOCUMENTATION = "module: probe"
import atexit, gc, os, signal, subprocess, sys, tempfile, threading, time
from ansible.module_utils.basic import AnsibleModule

def state():
    names = ("SIGINT", "SIGTERM", "SIGPIPE", "SIGCHLD", "SIGHUP", "SIGALRM")
    mask = os.umask(0o22)
    os.umask(mask)
    fds = []
    for fd in range(3, 64):
        try:
            os.fstat(fd)
        except OSError:
            continue
        fds.append(fd)
    return dict(
        environ=dict(os.environ), cwd=os.getcwd(), umask=mask, argv=sys.argv, orig_argv=sys.orig_argv,
        path=[p for p in sys.path if "_payload_" not in p], flags=list(sys.flags), fds=fds,
        signals={n: str(signal.getsignal(getattr(signal, n))) for n in names},
        mask=[str(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
        stdin=sys.stdin.read(), tempdir=tempfile.gettempdir(), gc=[gc.isenabled(), gc.get_threshold()],
        stdio=[(s.encoding, s.errors, s.line_buffering, s.isatty()) for s in (sys.stdin, sys.stdout, sys.stderr)],
        dont_write=sys.dont_write_bytecode, threads=threading.active_count(), handlers=os.getpgrp() == os.getpid(),
        main=sorted(n for n in vars(sys.modules["__main__"])), file=__file__.rpartition("_payload")[2],
        utils=sorted(n for n in sys.modules if "module_utils" in n), leaks=[
            getattr(os, "leak", None), os.environ.get("LEAK"), "leak" in sys.modules, gc.get_threshold()[0] == 123],
        locale=__import__("locale").setlocale(0), tz=time.tzname, prefix=[sys.prefix, sys.executable],
    )

def leak():
    os.leak = 1
    os.environ["LEAK"] = "1"
    os.umask(0)
    os.chdir("/")
    sys.modules["leak"] = os
    sys.path.append("/leak")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    gc.set_threshold(123)
    tempfile.tempdir = "/"
    os.open("/dev/null", os.O_RDONLY)

def unflushed(path):
    global stream
    stream = open(path, "w")
    stream.write("all of it")
    atexit.register(lambda: print("from atexit", file=sys.stderr))

def daemon(path):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for fd in (0, 1, 2):
                os.close(fd)
            time.sleep(0.3)
            open(path, "w").write("daemon")
        os._exit(0)
    os.wait()

def main():
    if os.environ.get("PROBE_EARLY"):
        raise ValueError("before the module")
    spec = dict(mode=dict(default="state"), path=dict(default=""), secret=dict(no_log=True), n=dict(type="int"))
    module = AnsibleModule(spec, supports_check_mode=True)
    mode, path = module.params["mode"], module.params["path"]
    result = dict(changed=mode == "changed", ppid=os.getppid() if mode == "pids" else 0)
    if mode == "state":
        result["state"] = state()
    elif mode == "raise":
        raise RuntimeError("from the module")
    elif mode == "exit":
        os._exit(module.params["n"])
    elif mode == "string_exit":
        sys.exit("a last word")
    elif mode == "kill":
        os.kill(os.getpid(), module.params["n"])
    elif mode == "interrupt":
        raise KeyboardInterrupt
    elif mode == "huge":
        result["text"] = "0123456789abcdef" * 65536
    elif mode == "binary":
        os.write(1, bytes(range(128, 256)))
        os.write(2, b"\\xff\\x00 to stderr")
    elif mode == "garbage":
        print("no json at all")
        sys.exit(4)
    elif mode == "close":
        os.closerange(3, 4096)
    elif mode == "close_stdout":
        sys.stdout.write("lost")
        os.close(1)
        sys.exit(0)
    elif mode == "fail":
        module.fail_json(msg="failed with %s" % module.params["secret"], secret=module.params["secret"])
    elif mode in ("leak", "unflushed", "daemon"):
        leak() if mode == "leak" else unflushed(path) if mode == "unflushed" else daemon(path)
    elif mode == "sleep":
        helper = subprocess.Popen(["sleep", "60"])
        with open(path + ".new", "w") as stream:
            stream.write("%d %d %d" % (os.getpid(), os.getppid(), helper.pid))
        os.rename(path + ".new", path)
        time.sleep(60)
    module.exit_json(**result)

if __name__ == "__main__":
    main()
"""

SHELL_MODULE = """#!/bin/sh
# WANT_JSON
echo "{\\"changed\\": false, \\"shell\\": \\"$(wc -c < "$1" > /dev/null && echo read)\\"}"
"""


class Bench:
    """A directory with modules, a callback and a configuration, in which playbooks are run."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        for name in ("library", "callback_plugins", "tmp", "local", "home"):
            (path / name).mkdir()
        (path / "home" / ".ansible" / "tmp").mkdir(parents=True, mode=0o700)
        (path / "library" / "probe.py").write_text(PROBE)
        (path / "library" / "in_shell").write_text(SHELL_MODULE)
        (path / "callback_plugins" / "dump.py").write_text(CALLBACK)
        (path / "ansible.cfg").write_text("[defaults]\ncallbacks_enabled = dump\nretry_files_enabled = false\n")

    def environment(self, **extra: str) -> dict[str, str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "AWS_", "COV_"))}
        environment |= {
            "ANSIBLE_CONFIG": str(self.path / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
            "ANSIBLE_LOCAL_TEMP": str(self.path / "local"),
            "ANSIBLE_HOME": str(self.path / "home"),
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "TMPDIR": str(self.path / "tmp"),
            "HOME": str(self.path / "home"),
            "DUMP_FILE": str(self.path / "dump"),
        }
        return environment | extra

    def command(self, tasks: list[dict], connection: str, inventory: str = "localhost,", **play) -> list[str]:
        variables = {"ansible_python_interpreter": "{{ ansible_playbook_python }}", "bench": str(self.path)}
        content = [{"hosts": "all", "gather_facts": False, "connection": connection, "vars": variables, **play}]
        content[0]["tasks"] = tasks
        book = self.path / "book.yml"
        book.write_text(yaml.safe_dump(content, sort_keys=False))
        return [sys.executable, "-m", "ansible", "playbook", "-i", inventory, str(book)]

    def run(self, tasks: list[dict], connection: str, options: tuple[str, ...] = (), env=None, **kwargs):
        """Run to the end; the results by host and task, and the text."""
        (self.path / "dump").unlink(missing_ok=True)
        done = subprocess.run(
            self.command(tasks, connection, **kwargs) + list(options),
            env=self.environment(**(env or {})),
            cwd=self.path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
        )
        lines = (self.path / "dump").read_text().splitlines() if (self.path / "dump").exists() else []
        results = {(host, task): (kind, result) for host, task, kind, result in map(json.loads, lines)}
        return results, done.stdout

    def leftovers(self) -> list[str]:
        """Payload directories, sockets and the like."""
        places = [*(self.path / "tmp").iterdir(), *(self.path / "local").rglob("warm.*")]
        return [str(place) for place in places]


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def processes(bench: Bench) -> list[str]:
    """Every process, other than this one, that has the bench in its environment."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(bench.path / "dump").encode() in (entry / "environ").read_bytes():
                found.append(f"{entry.name} {(entry / 'cmdline').read_bytes()!r}")
    return found


def wait_for(condition, seconds: float = 10.0):
    """The condition's first true value, or its last one."""
    end = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return value


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
    "script": {"ansible.builtin.raw": "echo raw"},
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
    "shell module": {"in_shell": {}},
    "other interpreter": {"ansible.builtin.ping": {}, "vars": {"ansible_python_interpreter": "{{ bench }}/python"}},
    "timeout": {"ansible.builtin.command": "sleep 30", "timeout": 1},
    "aws": {"amazon.aws.ec2_vpc_net_info": {}},
    "aws global": {"amazon.aws.iam_role_info": {"name": "none"}},
    "aws fails": {"amazon.aws.ec2_vpc_net": {"name": "x", "cidr_block": "nonsense", "state": "present"}},
}

VOLATILE = (
    (re.compile(r"ansible_([\w.]+)_payload_[a-z0-9_]{8}"), r"ansible_\1_payload"),
    (re.compile(r"/(tmp|local)/[^/\s\"']*?(\d{6,}|[a-z0-9_]{8})(?=[/\"'\s]|$)"), r"/\1/random"),
    (re.compile(r"j\d+\.\d+"), "job"),
    (re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d+"), "time"),
    (re.compile(r"RequestId: ?[\w-]+|[0-9a-f]{8}-[0-9a-f-]{27}"), "id"),
)
VOLATILE_KEYS = {
    "_original_basename",
    "start",
    "end",
    "delta",
    "elapsed",
    "ansible_job_id",
    "results_file",
    "date",
    "atime",
}
VOLATILE_KEYS |= {"uptime", "x-amzn-requestid", "request_id", "age", "ctime", "mtime", "inode", "started", "finished"}


def normal(value):
    """Without times and random names."""
    if isinstance(value, dict):
        return {key: normal(item) for key, item in value.items() if key not in VOLATILE_KEYS}
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, str):
        for pattern, replacement in VOLATILE:
            value = pattern.sub(replacement, value)
    return value


@pytest.fixture(scope="module")
def endpoint():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def both(tmp_path_factory, endpoint):
    """The results of all cases with either connection, in the same place one after the other."""
    bench = Bench(tmp_path_factory.mktemp("same"))
    (bench.path / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (bench.path / "python").chmod(0o755)
    tasks = [{"name": name, "ignore_errors": True, **case} for name, case in CASES.items()]
    account = {"region": "eu-west-1", "access_key": "x", "secret_key": "y", "endpoint_url": endpoint}
    outcome = {}
    for connection in ("local", "groundwork.aws.warm"):
        for name in ("unflushed", "daemon"):
            (bench.path / name).unlink(missing_ok=True)
        results, text = bench.run(tasks, connection, module_defaults={"group/aws": account})
        outcome[connection] = ({task: result for (_host, task), result in results.items()}, text)
        wait_for(lambda: not processes(bench), 5)
        outcome[connection, "leftovers"] = [place for place in bench.leftovers()]
        for place in (bench.path / "tmp").iterdir():
            subprocess.run(["rm", "-rf", str(place)], check=True)
    return outcome


def leaves(value, path: str = ""):
    """A flat form whose differences can be read."""
    if isinstance(value, dict):
        return {k: v for key, item in value.items() for k, v in leaves(item, f"{path}.{key}").items()}
    if isinstance(value, (list, tuple)):
        return {k: v for number, item in enumerate(value) for k, v in leaves(item, f"{path}.{number}").items()}
    return {path: value}


def explained(name: str, result):
    """Without what the connections differ in by design."""
    kind, content = result
    content = normal(content)
    if isinstance(content.get("state"), dict):
        state = content["state"]
        state["utils"] = None  # all that the payload brings, instead of what has been imported so far
        state["handlers"] = None  # a run leads a process group of its own
    return kind, content


def test_same_results(both):
    """One test, so that parallel test processes do not run all cases twice."""
    local, warm = both["local"][0], both["groundwork.aws.warm"][0]
    assert set(local) == set(warm) == set(CASES)
    differences = {}
    for name in CASES:
        expected, found = leaves(explained(name, local[name])), leaves(explained(name, warm[name]))
        for key in sorted(set(expected) | set(found)):
            if expected.get(key) != found.get(key) or (key in expected) != (key in found):
                differences[name, key] = {"local": expected.get(key), "warm": found.get(key)}
    assert differences == {}
    assert "no warm process is available" not in both["groundwork.aws.warm"][1]
    state = warm["after leak"][1]["state"]
    assert state["leaks"] == [None, None, False, False]
    assert "/leak" not in state["path"] and state["fds"] == []
    utils = [{n for n in c["state"][1]["state"]["utils"] if "six.moves" not in n} for c in (local, warm)]
    assert utils[0] <= utils[1]
    # a module that ends by os._exit leaves its payload: it may have a child that goes on with it
    assert len(both["groundwork.aws.warm", "leftovers"]) == 1 < len(both["local", "leftovers"])


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
