# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For the tests of the warm connection: playbooks in a directory of their own, whose results are kept as they are."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

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
import atexit, gc, os, re, signal, subprocess, sys, tempfile, threading, time, zlib
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

def anatomy():
    # what each of Ansible's own modules consists of, but for other modules
    return {name: {key: part(value) for key, value in vars(module).items() if not isinstance(value, type(os))}
            for name, module in sys.modules.items() if name.startswith(("ansible.", "ansible_collections."))}

def part(value, members=True):
    if members and isinstance(value, type) and value.__module__.startswith("ansible"):
        own = {key: item for key, item in vars(value).items() if not isinstance(item, type(os))}
        return {"its %s" % key: part(item, False) for key, item in own.items()}
    if type(value).__name__ == "function":
        code = value.__code__
        # what is generated is put together from sets
        text = zlib.crc32(code.co_code) if code.co_filename.endswith(".py") else 0
        return [code.co_qualname, code.co_filename, text, code.co_firstlineno]
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    if isinstance(value, dict):
        return {"its %s" % key: part(str(item), False) for key, item in value.items()}
    return re.sub("0x[0-9a-f]+|handle [0-9a-f]+", "", repr(value)[:1000])

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
    elif mode == "anatomy":
        result["anatomy"] = anatomy()
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
        path.mkdir(exist_ok=True)
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
            "ANSIBLE_REMOTE_TEMP": str(self.path / "home" / ".ansible" / "tmp"),
            # root becomes root where the tests are run by root
            "ANSIBLE_BECOME_ALLOW_SAME_USER": "true",
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "TMPDIR": str(self.path / "tmp"),
            "HOME": str(self.path / "home"),
            # by default Ansible writes jobs below HOME and looks for them in the home that the password database has
            "ANSIBLE_ASYNC_DIR": str(self.path / "async"),
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
        """Run to the end; the results by host and task, as if the bench were /bench, and the text."""
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
        dump = (self.path / "dump").read_text() if (self.path / "dump").exists() else ""
        lines = dump.replace(str(self.path), "/bench").splitlines()
        results = {(host, task): (kind, result) for host, task, kind, result in map(json.loads, lines)}
        return results, done.stdout

    def leftovers(self) -> list[str]:
        """Payload directories, sockets and the like."""
        places = [*(self.path / "tmp").iterdir(), *(self.path / "local").rglob("warm.*")]
        return [str(place) for place in places]


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


def leaves(value, path: str = ""):
    """A flat form whose differences can be read."""
    if isinstance(value, dict):
        return {k: v for key, item in value.items() for k, v in leaves(item, f"{path}.{key}").items()}
    if isinstance(value, (list, tuple)):
        return {k: v for number, item in enumerate(value) for k, v in leaves(item, f"{path}.{number}").items()}
    return {path: value}


def debug_output(folder, playbook, **own):
    """What Ansible says of its own doings while it runs a playbook for a warm host, in the repository and without AWS."""
    (folder / "playbook.yml").write_text(playbook)
    host = "here ansible_connection=groundwork.aws.warm ansible_python_interpreter={{ansible_playbook_python}}"
    (folder / "inventory").write_text(f"{host}\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AWS_"))}
    environment |= {"ANSIBLE_HOME": str(folder / "home"), "HOME": str(folder), "ANSIBLE_DEBUG": "1"}
    environment |= {"AWS_EC2_METADATA_DISABLED": "true", **own}
    command = [f"{sys.prefix}/bin/ansible-playbook", "-i", str(folder / "inventory"), str(folder / "playbook.yml")]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout[-3000:]
    assert "no warm process is available" not in run.stderr
    return run.stdout + run.stderr
