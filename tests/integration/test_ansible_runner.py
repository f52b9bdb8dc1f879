# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same playbooks through ansible-runner, in a private data directory as AWX prepares one.

AWX copies the project, writes the inventory as a script that prints JSON, and hands over credentials and survey
answers in files; ansible-runner then executes the job template's playbook in the project.
"""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from sandbox.environment import SECRET_ACCESS_KEY
from tests.integration.account import Account, without_kept
from tests.integration.harness import REGION, ROOT, SKELETON
from tests.integration.leftovers import await_end

HOST = "dougust-production"
TIMEOUT = 180
NOT_IN_A_CLONE = shutil.ignore_patterns(".venv", ".cache", ".git", ".ansible", "__pycache__", "plan.json", "build")


class Awx:
    """Executes job templates in one private data directory."""

    def __init__(self, ansible, folder):
        self.sandbox, self.folder, self.environment = ansible.sandbox, folder, ansible.environment()
        self.environment["PATH"] = f"{sys.prefix}/bin{os.pathsep}{self.environment['PATH']}"
        shutil.copytree(ROOT, folder / "project", symlinks=True, ignore=NOT_IN_A_CLONE)
        for name in ("env", "inventory", "artifacts"):
            (folder / name).mkdir()
        self.write("env/settings", {"idle_timeout": TIMEOUT, "suppress_env_files": False})
        aws = {name: value for name, value in self.environment.items() if name.startswith("AWS_")}
        # AWX puts the collections of the project's requirements before those that its ansible.cfg names.
        paths = {"ANSIBLE_COLLECTIONS_PATH": f"{folder}/requirements_collections:collections"}
        self.write("env/envvars", aws | paths | {"ANSIBLE_FORCE_COLOR": "False"})

    def write(self, name, content):
        """Write a file as JSON, which is YAML too."""
        (self.folder / name).write_text(json.dumps(content))

    def use_inventory(self, inventory):
        """Hand over an inventory as AWX does after it has imported it: a script that prints JSON."""
        command = [f"{sys.prefix}/bin/ansible-inventory", "-i", f"{ROOT}/inventories/{inventory}", "--list", "--export"]
        content = subprocess.run(
            command, env=self.environment, cwd=self.folder, check=True, text=True, capture_output=True, timeout=TIMEOUT
        ).stdout
        script = self.folder / "inventory" / "hosts"
        script.write_text(f"#!{sys.executable}\nprint(r'''{content}''')\n")
        script.chmod(0o700)

    def job(self, ident, playbook, *arguments, **extra):
        """Execute a job: (rc, standard output, events, calls)."""
        self.sandbox.forget_calls()
        (self.folder / "env" / "cmdline").write_text(" ".join(arguments))
        self.write("env/extravars", SKELETON | extra)
        command = [f"{sys.prefix}/bin/ansible-runner", "run", str(self.folder), "-p", playbook, "-i", ident, "-q"]
        private = {name: value for name, value in self.environment.items() if not name.startswith("AWS_")}
        subprocess.run(command, env=private, cwd=self.folder, timeout=TIMEOUT, check=False, capture_output=True)
        artifacts = self.folder / "artifacts" / ident
        events = [json.loads(path.read_text()) for path in (artifacts / "job_events").glob("*.json")]
        output = (artifacts / "stdout").read_text()
        return int((artifacts / "rc").read_text()), output, events, self.sandbox.calls(mutating=True)


@pytest.fixture
def awx(ansible, tmp_path):
    """A private data directory of its own, and nothing left running."""
    (tmp_path / "runner").mkdir()
    yield Awx(ansible, tmp_path / "runner")
    await_end(tmp_path)


def statistics(events):
    """What the last event of a job says: {"changed": {host: 1}, "failures": {}, ...}."""
    return next(event["event_data"] for event in events if event["event"] == "playbook_on_stats")


def test_jobs_as_awx_runs_them(awx, sandbox):
    awx.use_inventory("production")

    rc, output, events, calls = awx.job("plan", "playbooks/plan.yml", "--check", "--diff")
    assert rc == 0, output
    assert "A converge would create" in output and f"+ ec2 vpc {HOST}" in output and not calls
    assert [path.name for path in (awx.folder / "project").glob("plan.json")] == ["plan.json"]

    rc, output, events, calls = awx.job("converge", "site.yml")
    assert rc == 0 and calls and statistics(events)["changed"], output
    assert not statistics(events)["failures"] and "WARNING" not in output
    # The runner brings its own standard output; what was done is told at the end all the same.
    table = output.partition("PLAY RECAP")[2]
    assert re.search(rf"^{HOST}: [0-9]+ created, ", table, re.MULTILINE), output
    assert re.search(r"^  networking +[0-9.]+ s  [0-9]+ created", table, re.MULTILINE), output
    assert Account(sandbox, REGION).names("ecr/repository") == [f"{HOST}-api"]
    # AWX shows events to everybody who may see the job.
    assert SECRET_ACCESS_KEY not in json.dumps(events) + output

    rc, output, events, calls = awx.job("again", "site.yml", "--limit", HOST)
    assert rc == 0 and not calls and not statistics(events)["changed"], output
    assert f"{HOST}: nothing to change, " in output.partition("PLAY RECAP")[2], output

    rc, output, events, calls = awx.job("refused", "playbooks/teardown.yml")
    assert rc == 2 and f"teardown_confirm={HOST}" in output and not calls

    rc, output, events, calls = awx.job(
        "teardown", "playbooks/teardown.yml", teardown_confirm=HOST, teardown_force=True
    )
    assert rc == 0 and calls, output
    assert not without_kept(sandbox.snapshot([REGION]))


def test_a_cancelled_job_leaves_nothing_running(awx, sandbox):
    """AWX cancels with SIGTERM to ansible-runner; the next job finishes what was begun."""
    awx.use_inventory("production")
    sandbox.forget_calls()
    held = sandbox.fault("hold_after", operation="CreateSubnet")
    command = [f"{sys.prefix}/bin/ansible-runner", "run", str(awx.folder), "-p", "site.yml", "-i", "cancelled", "-q"]
    with subprocess.Popen(command, env=awx.environment, stdout=subprocess.DEVNULL) as runner:
        try:
            assert held.wait(60)["hits"]
        finally:
            runner.terminate()
    await_end(awx.folder.parent)
    sandbox.clear_faults()
    assert (awx.folder / "artifacts" / "cancelled" / "status").read_text() == "canceled"
    rc, output, events, calls = awx.job("next", "site.yml")
    assert rc == 0 and calls, output
    assert len(Account(sandbox, REGION).every("ec2/subnet")) == 6
