#!/usr/bin/env python3
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seconds, module runs and API calls of a converge of Dougust production in the local AWS: benchmarks/converge.py

Prints the rows of the table in docs/performance.md, and how long each run took compared with the second one.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sandbox.client import Sandbox  # noqa: E402

# What runs in the ansible process itself and starts no module.
CONTROLLER = {"ansible.builtin.set_fact", "ansible.builtin.assert", "ansible.builtin.debug", "groundwork.aws.preflight"}
RUNS = (
    ("check on an empty account", ["--check"]),
    ("first converge", []),
    ("second converge", []),
    ("check on a converged account", ["--check"]),
)


def converge(sandbox, folder, options):
    """(seconds, module runs, API calls, calls that change something, changed tasks) of a run of site.yml."""
    own = {"ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json", "HOME": folder, "ANSIBLE_HOME": f"{folder}/.ansible"}
    command = [f"{sys.prefix}/bin/ansible-playbook", "site.yml", "-i", "inventories/production", *options]
    sandbox.forget_calls()
    begin = time.monotonic()
    run = subprocess.run(
        command, cwd=ROOT, env=sandbox.environment(os.environ) | own, stdout=subprocess.PIPE, text=True, check=True
    )
    seconds = time.monotonic() - begin
    told = json.loads(run.stdout[run.stdout.index("{\n") :])
    results = [result for play in told["plays"] for task in play["tasks"] for result in task["hosts"].values()]
    modules = [one for one in results if not one.get("skipped") and _is_module(one.get("action", ""))]
    calls = sandbox.calls()
    mutating = sum(call["mutating"] for call in calls)
    return seconds, len(modules), len(calls), mutating, sum(bool(one.get("changed")) for one in modules)


def _is_module(action):
    return action.partition(".")[2] != "" and action not in CONTROLLER and "include" not in action


def main():
    with Sandbox.start() as sandbox, tempfile.TemporaryDirectory() as folder:
        # A zone of the first run could not be delegated yet, and HTTPS would only come with the second.
        sandbox.client("route53", "us-east-1").create_hosted_zone(Name="dougust.com", CallerReference="benchmark")
        sandbox.delegate("dougust.com")
        measured = [(title, *converge(sandbox, folder, options)) for title, options in RUNS]
    second = next(seconds for title, seconds, *_others in measured if title == "second converge")
    print("| Run | Seconds | Against the second | Module runs | API calls | of them changing | Changed tasks |")
    print("|---|---|---|---|---|---|---|")
    for title, seconds, *counts in measured:
        print(f"| {title} | {seconds:.1f} | {seconds / second:.2f} | {' | '.join(map(str, counts))} |")


if __name__ == "__main__":
    main()
