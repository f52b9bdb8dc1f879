# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the platform generates is read by its tasks only: no run shows it, keeps it, or loses it.

No expression with a value is asserted: pytest would show it.
"""

import os
import threading
from unittest import mock
from urllib.parse import unquote, urlsplit

import pytest
from moto.rds.models import rds_backends

from sandbox.client import ACCOUNT, Sandbox
from sandbox.server import Server
from tests.integration.harness import REGION, Ansible
from tests.integration.killing import kill_at
from tests.integration.leftovers import await_end, processes

HOST = "dougust-production"
PREFIX = "prod/dougust"
NAMES = ("database-url", "jwt-refresh-secret", "jwt-secret")
# Everything that makes, keeps or reads a value.
CAPABILITIES = ["encryption", "networking", "security_groups", "secrets", "database"]
PLATFORM = {"platform_capabilities": CAPABILITIES, "networking_nat_gateways": "none", "networking_flow_logs": False}

CONVERGE = ("site.yml", "production", PLATFORM)


@pytest.fixture
def sandbox():
    """An empty account in this very process: what RDS was told no call shows."""
    with mock.patch.dict(os.environ), Server(ACCOUNT) as server:
        sandbox = Sandbox(server.endpoint)
        sandbox.reset()
        yield sandbox
        sandbox.stop()


@pytest.fixture
def ansible(sandbox, tmp_path):
    """Runs playbooks in that account; whatever happens, none of them survives the test."""
    yield Ansible(sandbox, tmp_path)
    sandbox.clear_faults()
    await_end(tmp_path, seconds=60)


def master_password():
    """What the instance accepts."""
    return rds_backends[ACCOUNT][REGION].databases[HOST]._master_user_password


def values(sandbox):
    """{name: value} of the platform's secrets."""
    client = sandbox.client("secretsmanager", REGION, recorded=False)
    return {name: client.get_secret_value(SecretId=f"{PREFIX}/{name}")["SecretString"] for name in NAMES}


def fits(sandbox):
    """Make sure that the URL leads into the instance, with its very password."""
    rds = sandbox.client("rds", REGION, recorded=False)
    (instance,) = rds.describe_db_instances(DBInstanceIdentifier=HOST)["DBInstances"]
    url = urlsplit(values(sandbox)["database-url"])
    where = (url.hostname, url.port, url.username, url.path)
    assert where == (instance["Endpoint"]["Address"], 5432, "dougust", "/dougust")
    accepted = unquote(url.password) == master_password()
    assert accepted, "the instance has another password"


class Watch:
    """Looks at the command lines of a run as long as it runs, and in the end at everything that it wrote."""

    def __init__(self, ansible):
        self.ansible, self.lines, self.over = ansible, set(), threading.Event()

    def run(self, playbook, *arguments, **options):
        """Run a playbook; its output."""
        folder = self.ansible.folder
        with (folder / "output.txt").open("a") as stream:
            with self.ansible.start(playbook, "production", *arguments, stdout=stream, **options) as process:
                while process.poll() is None:
                    self.lines.update(processes(folder).values())
                    self.over.wait(0.02)
        assert process.returncode == 0, (folder / "output.txt").read_text()[-6000:]
        await_end(folder)

    def shown(self, secrets):
        """Where one of the secrets is to be seen: names of places, never what is there."""
        files = [path for path in self.ansible.folder.rglob("*") if path.is_file()]
        assert len(files) >= 4 and len(self.lines) >= 2
        places = {str(path.relative_to(self.ansible.folder)): path.read_bytes() for path in files}
        places["command lines"] = "\n".join(self.lines).encode()
        places["the record of calls"] = repr(self.ansible.sandbox.calls()).encode()
        return sorted(name for name, text in places.items() if any(secret.encode() in text for secret in secrets))


def test_values_are_nowhere_to_be_seen(sandbox, ansible, tmp_path):
    """Through a whole life, with everything on that could write one down."""
    watch, first = Watch(ansible), {}
    for name in ("facts", "temporary"):
        (tmp_path / name).mkdir()
    extra = PLATFORM | {"plan_file": str(tmp_path / "plan.json"), "status_file": str(tmp_path / "{host}.json")}
    settings = {
        "TMPDIR": str(tmp_path / "temporary"),
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(tmp_path / "facts"),
        "ANSIBLE_LOG_PATH": str(tmp_path / "ansible.log"),
    }
    confirmed = {"teardown_confirm": HOST, "teardown_force": True}
    life = [
        ("playbooks/plan.yml", "--check", "--diff"),
        ("site.yml", "-vvv", "--diff"),
        ("site.yml", "-vvv", "--diff"),
        ("playbooks/status.yml", "-vvv"),
        ("playbooks/teardown.yml", "-vvv", "--diff"),
    ]
    sandbox.forget_calls()
    for playbook, *arguments in life:
        told = extra | (confirmed if "teardown" in playbook else {})
        watch.run(playbook, *arguments, extra=told, environment=settings)
        if playbook == "site.yml":
            found = values(sandbox)
            kept = found == (first or found)
            assert kept, "a second converge changed a value"
            first = found
            fits(sandbox)
            password = master_password()
    assert "module_args" in (tmp_path / "output.txt").read_text()
    parts = [text for name, text in first.items() if name.startswith("jwt")] + [password]
    assert len({text for text in parts if len(text) >= 30}) == 3
    assert watch.shown(parts) == []

    watch.run("site.yml", "--diff", extra=extra, environment=settings)
    again = values(sandbox)
    for name in ("jwt-secret", "jwt-refresh-secret"):
        kept = again[name] == first[name]
        assert kept, f"{name} came back from its deletion with another value"
    fits(sandbox)
    assert watch.shown([*parts, master_password()]) == []


@pytest.mark.parametrize("operation", ["CreateSecret", "CreateDBInstance", "PutSecretValue"])
def test_a_killed_run_leaves_no_database_without_its_password(sandbox, ansible, operation):
    """AWS has made the secret; or the instance, whose endpoint the secret lacks; or has corrected it."""
    # The first two secrets are the ones that sign tokens.
    kill_at(ansible, *CONVERGE, operation=operation, n=3 if operation == "CreateSecret" else 1)
    ansible.converge("production", extra=PLATFORM).ok()
    fits(sandbox)
    if operation == "PutSecretValue":
        replace_a_lost_secret(sandbox, ansible)


def replace_a_lost_secret(sandbox, ansible):
    """The password is stored first, then the instance gets it: killed after either, the next run goes on."""
    client, before = sandbox.client("secretsmanager", REGION, recorded=False), values(sandbox)
    for operation in ("CreateSecret", "ModifyDBInstance"):
        client.delete_secret(SecretId=f"{PREFIX}/database-url", ForceDeleteWithoutRecovery=True)
        kill_at(ansible, *CONVERGE, operation=operation)
        ansible.converge("production", extra=PLATFORM).ok()
        fits(sandbox)
    after = values(sandbox)
    signing_kept = all(after[name] == before[name] for name in NAMES[1:])
    replaced = after["database-url"] != before["database-url"]
    assert signing_kept and replaced
    ansible.converge("production", extra=PLATFORM).unchanged()
