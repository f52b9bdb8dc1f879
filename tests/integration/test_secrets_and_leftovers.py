# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run shows and what it leaves: no credentials anywhere, no process, no file."""

import json
import os
import signal

import pytest

from sandbox.environment import ACCESS_KEY_ID, SECRET_ACCESS_KEY
from tests.integration.harness import SKELETON, Ansible
from tests.integration.leftovers import await_end, processes

TOKEN = "session" + "TokenOfAnIntegrationTest" * 4
SECRETS = (SECRET_ACCESS_KEY, TOKEN)


@pytest.fixture
def ansible(sandbox, tmp_path):
    """Runs what these tests are about, and not the whole platform."""
    return Ansible(sandbox, tmp_path, SKELETON)


@pytest.fixture
def places(tmp_path):
    """Settings that send everything a run writes below the test's folder."""
    for name in ("facts", "temporary"):
        (tmp_path / name).mkdir()
    return {
        "AWS_SESSION_TOKEN": TOKEN,
        "TMPDIR": str(tmp_path / "temporary"),
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(tmp_path / "facts"),
    }


def files(folder):
    """Every file, socket and pipe below a folder, relative to it."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


def leaking(folder):
    """The files below a folder that hold a secret."""
    secrets = [secret.encode() for secret in SECRETS]
    found = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in found if any(secret in path.read_bytes() for secret in secrets)]


@pytest.mark.parametrize("connection", ["groundwork.aws.warm", "ansible.builtin.local"])
def test_credentials_are_nowhere_to_be_seen(ansible, sandbox, places, tmp_path, connection):
    """Command lines and files are looked at while a module is at work."""
    arguments = ["-vvv", "-e", f"ansible_connection={connection}"]
    # The first module of all takes the other one long enough.
    arguments += ["--tags", "encryption"] if connection.endswith("local") else []
    operations = ("GetCallerIdentity", "CreateKey") + (("CreateVpc", "CreateRepository") if len(arguments) == 3 else ())
    held = [sandbox.fault("hold_after", operation=operation) for operation in operations]
    log = tmp_path / "output"
    with (
        log.open("w") as stream,
        ansible.start("site.yml", "development", *arguments, environment=places, stdout=stream) as process,
    ):
        try:
            for fault in held:
                assert fault.wait(60)["hits"]
                running = processes(tmp_path)
                assert len(running) > 1
                assert not [line for line in running.values() if any(secret in line for secret in SECRETS)]
                assert not leaking(tmp_path)
                fault.release()
            assert process.wait(120) == 0, log.read_text()[-5000:]
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    await_end(tmp_path)
    assert "module_args" in log.read_text()
    assert not leaking(tmp_path)
    record = json.dumps(sandbox.calls())
    assert not [secret for secret in (*SECRETS, ACCESS_KEY_ID) if secret in record]


def test_a_run_leaves_nothing_behind(ansible, sandbox, places, tmp_path):
    """Whether it works, is refused or fails in a module."""
    ansible.converge("development", environment=places).ok()
    await_end(tmp_path)
    assert not files(tmp_path / "home") and not files(tmp_path / "temporary")

    ansible.converge("development", environment=places, extra={"platform_region": "mars-north-1"}).refused()
    sandbox.fault("error", operation="DescribeSubnets", times=None, error={"code": "UnauthorizedOperation"})
    ansible.converge("development", environment=places).refused("UnauthorizedOperation")
    await_end(tmp_path)
    assert not files(tmp_path / "home") and not files(tmp_path / "temporary")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_leaves_nothing_behind(own_sandbox, places, tmp_path, number):
    """Ctrl-C, and what a service manager sends; ansible-core does not clear its own folder then."""
    ansible = Ansible(own_sandbox, tmp_path, SKELETON)
    held = own_sandbox.fault("hold_after", operation="CreateVpc")
    with ansible.start("site.yml", "development", environment=places) as process:
        try:
            assert held.wait(60)["hits"]
            os.killpg(process.pid, number)
            process.communicate(timeout=20)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    await_end(tmp_path)
    left = [name for name in files(tmp_path / "home") if number == signal.SIGINT or "ansiballz_cache" not in name]
    assert not left and not files(tmp_path / "temporary") and not leaking(tmp_path)
