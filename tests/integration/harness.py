# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the clone's playbooks against a sandbox."""

import dataclasses
import functools
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
RECAP = re.compile(r"^(\S+)\s+: (ok=.*)$", re.MULTILINE)
# What ansible prints when something is not as it should be, other than a task's failure.
COMPLAINT = re.compile(r"^.*(?:\[(?:WARNING|ERROR|DEPRECATION)|Traceback).*$", re.MULTILINE | re.IGNORECASE)
# What preflight says about an inventory that is as it should be.
EXPECTED = re.compile(r"load_balancer_domains: it is empty, so the load balancer serves plain HTTP by its own name\.")
TIMEOUT = 300
# The network and what it needs, for tests that are about nothing else: a third of the time.
SKELETON = {"platform_capabilities": ["encryption", "networking", "security_groups", "registry"]}


@dataclasses.dataclass
class Run:
    """What one ansible-playbook did, and the calls that the sandbox recorded meanwhile."""

    command: list
    rc: int
    output: str
    calls: list

    @functools.cached_property
    def recap(self):
        """{host: {"ok": 1, "changed": 0, ...}}"""
        lines = RECAP.findall(self.output)
        return {host: {key: int(n) for key, n in re.findall(r"(\w+)=(\d+)", counts)} for host, counts in lines}

    @property
    def complaints(self):
        """The lines with warnings, deprecations, errors and tracebacks, but for those that belong there."""
        return [line for line in COMPLAINT.findall(self.output) if not EXPECTED.search(line)]

    @property
    def mutating(self):
        """The calls that change something."""
        return [call for call in self.calls if call["mutating"]]

    @property
    def text(self):
        """The output with every run of white space made one space: messages are wrapped."""
        return " ".join(self.output.split())

    def total(self, count):
        """A count of the recap over all hosts."""
        return sum(counts[count] for counts in self.recap.values())

    def ok(self):
        """This run, after making sure that it worked and complained about nothing."""
        assert self.rc == 0, self.report()
        assert not self.complaints, self.report()
        assert self.recap and not self.total("failed") and not self.total("unreachable"), self.report()
        return self

    def unchanged(self):
        """This run, after making sure that it worked and changed nothing."""
        self.ok()
        assert not self.mutating, [(call["service"], call["operation"], call["parameters"]) for call in self.mutating]
        assert self.total("changed") == 0, self.report()
        return self

    def refused(self, *messages):
        """This run, after making sure that it failed with these messages, and without a traceback."""
        assert self.rc != 0, self.report()
        assert "Traceback" not in self.output, self.report()
        for message in messages:
            assert message in self.text, f"it never says {message!r}\n{self.report()}"
        return self

    def report(self):
        """What to show when a test fails."""
        return f"{' '.join(self.command)}\nrc={self.rc}\n{self.output[-12000:]}"


class Ansible:
    """ansible-playbook as a user of the clone runs it, with a home of its own and a sandbox as its AWS."""

    def __init__(self, sandbox, folder, variables=None):
        """With variables of every run."""
        self.sandbox, self.folder, self.variables = sandbox, Path(folder), variables or {}

    def converge(self, inventory, *arguments, **options):
        """Run site.yml."""
        return self.run("site.yml", inventory, *arguments, **options)

    def plan(self, inventory, *arguments, **options):
        """Run the plan: (run, content of plan.json)."""
        path = self.folder / "plan.json"
        path.unlink(missing_ok=True)
        extra = {"plan_file": str(path)} | options.pop("extra", {})
        run = self.run("playbooks/plan.yml", inventory, "--check", "--diff", *arguments, extra=extra, **options)
        return run, json.loads(path.read_text()) if path.exists() else None

    def teardown(self, inventory, host=None, force=False, **options):
        """Run the teardown of a host, or unconfirmed."""
        extra = {"teardown_confirm": host} if host else {}
        extra |= {"teardown_force": True} if force else {}
        return self.run("playbooks/teardown.yml", inventory, extra=extra, **options)

    def run(self, playbook, inventory, *arguments, meanwhile=lambda: None, **options):
        """Run a playbook to its end and say what came of it; ``meanwhile`` is called once it has started."""
        self.sandbox.forget_calls()
        with self.start(playbook, inventory, *arguments, **options) as process:
            try:
                meanwhile()
                output, _nothing = process.communicate(timeout=TIMEOUT)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return Run(process.args, process.returncode, output, self.sandbox.calls())

    def start(self, playbook, inventory, *arguments, extra=None, environment=None, cwd=ROOT, stdout=subprocess.PIPE):
        """Start a playbook in a process group of its own. An inventory is a path, or a name below inventories/."""
        inventory = inventory if os.sep in str(inventory) else f"{ROOT}/inventories/{inventory}"
        command = [f"{sys.prefix}/bin/ansible-playbook", str(playbook), "-i", str(inventory), *arguments]
        extra = self.variables | (extra or {})
        command += ["-e", json.dumps(extra)] if extra else []
        pipes = {"stdin": subprocess.DEVNULL, "stdout": stdout, "stderr": subprocess.STDOUT}
        env = self.environment() | (environment or {})
        return subprocess.Popen(command, cwd=cwd, env=env, text=True, start_new_session=True, **pipes)

    def environment(self):
        """What a run gets: nothing of the user's AWS, Ansible and home."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        base = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "GROUNDWORK_"))}
        own = {"HOME": home, "ANSIBLE_HOME": home / ".ansible", "ANSIBLE_LOCAL_TEMP": home / "tmp"}
        # Every test has a home of its own; packing each module again in each of them would be most of the suite's time.
        own["GROUNDWORK_WARM_PAYLOAD_DIRECTORY"] = ROOT / ".cache/payloads"
        return self.sandbox.environment(base) | {name: str(path) for name, path in own.items()} | {"NO_COLOR": "1"}


def inventory(folder, hosts, **files):
    """Write an inventory: ``hosts`` is {host: (environment, platform)}, files are {"group_vars/x": {...}}."""
    groups = {}
    for host, names in hosts.items():
        for name in names:
            groups.setdefault(name, {"hosts": {}})["hosts"][host] = None
    for name, content in {"hosts": {"all": {"children": groups}}, **files}.items():
        path = Path(folder) / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content))
    return folder


def environment_policy(name, **variables):
    """The variables that every environment has to set, for a made-up one."""
    policy = {"platform_environment": name, "platform_account_ids": ["123456789012"], "platform_regions": [REGION]}
    return policy | variables
