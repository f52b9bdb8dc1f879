# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks share: runs of ansible-playbook against a sandbox, their memory, medians and tables."""

import contextlib
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sandbox.client import Sandbox  # noqa: E402

ZONE = "dougust.com"
# What runs in the ansible process itself and starts no module.
CONTROLLER = {"ansible.builtin.set_fact", "ansible.builtin.assert", "ansible.builtin.debug", "groundwork.aws.preflight"}
CONNECTIONS = {"warm": "groundwork.aws.warm", "stock": "ansible.builtin.local"}
# All callbacks but the one that makes a run faster.
STOCK_CALLBACKS = "groundwork.aws.plan,groundwork.aws.report"


@dataclasses.dataclass
class Run:
    """What one command took."""

    seconds: float
    output: str
    peak_mib: float | None

    @property
    def results(self):
        """The tasks' results on hosts, as ansible.posix.json tells them: (seconds, result)."""
        # The report of another callback follows.
        told, _end = json.JSONDecoder().raw_decode(self.output, self.output.index("{\n"))
        for task in (task for play in told["plays"] for task in play["tasks"]):
            for result in task["hosts"].values():
                yield task, result


@contextlib.contextmanager
def account():
    """A sandbox in which the zone of Dougust is there and delegated, and a folder for what runs leave behind."""
    with Sandbox.start() as sandbox, tempfile.TemporaryDirectory() as folder:
        # A zone of the first run could not be delegated yet, and HTTPS would only come with the second.
        sandbox.client("route53", "us-east-1").create_hosted_zone(Name=ZONE, CallerReference="benchmark")
        sandbox.delegate(ZONE)
        yield sandbox, folder


def play(
    sandbox, folder, playbook="site.yml", inventory="inventories/production", options=(), connection="warm", **watched
):
    """Run a playbook with one of the connections and without anything of the user's Ansible.

    With ``memory`` its peak is watched, which costs time; without ``results`` it prints what users see.
    """
    base = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "GROUNDWORK_"))}
    own = {"HOME": folder, "ANSIBLE_HOME": f"{folder}/.ansible"}
    if watched.get("results", True):
        own["ANSIBLE_STDOUT_CALLBACK"] = "ansible.posix.json"
    if connection == "stock":
        own["ANSIBLE_CALLBACKS_ENABLED"] = STOCK_CALLBACKS
    command = [f"{sys.prefix}/bin/ansible-playbook", str(playbook), "-i", str(inventory), *options]
    command += ["-e", json.dumps({"ansible_connection": CONNECTIONS[connection]})]
    return run(command, sandbox.environment(base) | own, ROOT, watched.get("memory", False))


def run(command, environment, folder, memory=False):
    """Run a command to its end; CalledProcessError, with its last words on stderr, unless it succeeds."""
    begin = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        pipes = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.STDOUT}
        with subprocess.Popen(command, cwd=folder, env=environment, **pipes) as process:
            with Memory(process.pid) if memory else contextlib.nullcontext() as watch:
                status = process.wait()
        seconds = time.monotonic() - begin
        output.seek(0)
        text = output.read()
    if status:
        print(text[-4000:], file=sys.stderr)
        raise subprocess.CalledProcessError(status, command)
    return Run(seconds, text, watch and watch.peak_mib)


class Memory:
    """The most memory that a process and its descendants had together, shared pages counted once (Linux only)."""

    def __init__(self, pid, interval=0.5):
        self.peak_mib, self._pid, self._interval = 0.0, pid, interval
        self._over, self._thread = threading.Event(), threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.wait(self._interval):
            self.peak_mib = max(self.peak_mib, sum(map(_proportional_kib, family(self._pid))) / 1024)


def family(pid):
    """A process and everything that descends from it."""
    children = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            number, rest = status.read_text().split(" (", 1)
            children.setdefault(int(rest.rpartition(") ")[2].split()[1]), []).append(int(number))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _proportional_kib(pid):
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def alternate(rounds, **contenders):
    """Call each contender in turn, round after round: {name: [what it returned]}."""
    found = {name: [] for name in contenders}
    for _round in range(rounds):
        for name, contender in contenders.items():
            found[name].append(contender())
    return found


def median_ratio(values, others):
    """The median of the ratios of values that were measured side by side."""
    return statistics.median(value / other for value, other in zip(values, others, strict=True))


def table(heads, rows):
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(map(str, line)) + " |" for line in lines]


def is_module(result):
    """Whether the result of a task is that of a module run."""
    action = result.get("action", "")
    return not result.get("skipped") and "." in action and action not in CONTROLLER and "include" not in action


def is_unchanged(sandbox):
    """This run changed nothing, or what was measured is not what is said: AssertionError."""
    changing = [f"{call['service']}:{call['operation']}" for call in sandbox.calls(mutating=True)]
    assert not changing, f"a run that had nothing to change called {changing}"
