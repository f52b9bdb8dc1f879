#!/usr/bin/env python3
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two thousand module runs in one warm process, without playbooks: benchmarks/soak.py [--runs N] [--mark N]

Prints as JSON what the warm process has after run MARK and after the last one: memory, open files, children, threads.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import sys
import tempfile
import time

import ansible
from ansible.executor.module_common import modify_module
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader, module_loader
from ansible.release import __author__, __version__
from ansible.template import Templar

COLLECTIONS = ("amazon.aws", "community.aws", "groundwork.aws")
WORKERS = 4
SERVER = b"import os; print(os.getppid())"
INTERNAL = {
    "_ansible_check_mode": False,
    "_ansible_debug": False,
    "_ansible_diff": False,
    "_ansible_no_log": False,
    "_ansible_module_name": "soak",
    "_ansible_remote_tmp": "~/.ansible/tmp",
    "_ansible_selinux_special_fs": [],
    "_ansible_shell_executable": "/bin/sh",
    "_ansible_syslog_facility": "LOG_USER",
    "_ansible_tracebacks_for": [],
    "_ansible_verbosity": 0,
    "_ansible_version": __version__,
}


def payload(name: str, **arguments) -> bytes:
    """What Ansible sends for a module."""
    found = module_loader.find_plugin_with_context(name)
    built = modify_module(
        module_name=found.resolved_fqcn,
        module_path=found.plugin_resolved_path,
        module_args=arguments | INTERNAL,
        templar=Templar(loader=DataLoader()),
        task_vars={"ansible_python_interpreter": sys.executable},
    )
    return built.b_module_data


def runs() -> list[tuple[bytes, int]]:
    """Twenty module runs with the exit code of each: successes, failures, crashes, and one that is killed."""
    killed = b"import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    ping = (payload("ansible.builtin.ping"), 0)
    aws = (payload("groundwork.aws.ecs_clusters", state="gathered", clusters=[{"name": "x"}]), 1)  # has no region
    crash = (payload("ansible.builtin.ping", data="crash"), 1)
    return [ping] * 16 + [aws, aws, crash, (killed, -9)]


def make_client(directory: str):
    """A client whose warm process belongs to this process."""
    from ansible_collections.groundwork.aws.plugins.connection.warm import _collection_path
    from ansible_collections.groundwork.aws.plugins.plugin_utils.warm import client

    settings = client.Settings(
        directory=directory,
        main_pid=os.getpid(),
        executable="/bin/sh",
        shell="/bin/sh",
        ansible=os.path.dirname(ansible.__file__),
        version=__version__,
        author=__author__,
        collections={name: _collection_path(name) for name in COLLECTIONS},
        preload=list(COLLECTIONS),
        start_timeout=60,
        payload_cache="",
    )
    return client.Client(settings)


def execute(client, count: int) -> None:
    """Spread the runs over workers: forks, as Ansible's are, since a client is for one thread."""
    kinds, workers = runs(), []
    for first in range(WORKERS):
        if (pid := os.fork()) == 0:
            answers = [
                client.run(request(), kinds[n % 20][0])[0] == kinds[n % 20][1] for n in range(first, count, WORKERS)
            ]
            os._exit(0 if all(answers) else 1)
        workers.append(pid)
    if any(os.waitpid(pid, 0)[1] for pid in workers):
        raise RuntimeError("a run did not end as it should")


def request() -> dict:
    """What the connection plugin sends beside the payload."""
    environment = {"environment": dict(os.environ), "assignments": {}, "interpreter": sys.executable}
    return {"cwd": "/", "umask": 0o22, "shell": "/bin/sh"} | environment


def state(pid: int) -> dict:
    """What the warm process has: kilobytes of memory, open files, children and threads, when it has come to rest."""
    process = pathlib.Path("/proc") / str(pid)
    time.sleep(1)
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    children = (process / "task" / str(pid) / "children").read_text().split()
    files = sorted(os.readlink(entry).split(":")[0] for entry in (process / "fd").iterdir())
    return {
        "rss": int(status["VmRSS"].split()[0]),
        "threads": int(status["Threads"]),
        "files": files,
        "children": children,
    }


def soak(directory: str, count: int, mark: int) -> dict:
    """Run, look, run on, and look again."""
    client = make_client(directory)
    server = int(client.run(request(), SERVER)[1])
    execute(client, mark)
    early = state(server)
    execute(client, count - mark)
    return {"server": server, "early": early, "late": state(server)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--mark", type=int, default=200)
    options = parser.parse_args()
    init_plugin_loader([str(pathlib.Path(__file__).resolve().parents[1] / "collections")])
    with tempfile.TemporaryDirectory() as directory:
        print(json.dumps(soak(directory, options.runs, options.mark)))


if __name__ == "__main__":
    main()
