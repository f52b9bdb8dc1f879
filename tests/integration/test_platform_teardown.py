# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A teardown leaves what it says and nothing else, also when it was interrupted."""

import os
import signal

import pytest

from tests.integration.account import Account
from tests.integration.harness import TIMEOUT, Ansible
from tests.integration.leftovers import await_end

# How the teardown's last task calls what it leaves, and by which member of the snapshot.
KEPT = {
    "kms/pending-deletion": ("KMS key {}", "KeyId"),
    "rds/snapshot": ("Snapshot {} of", "DBSnapshotIdentifier"),
    "route53/zone": ("Hosted zone {} is kept", "Name"),
    "secretsmanager/pending-deletion": ("Secret {} is deleted", "Name"),
}


@pytest.fixture
def ansible(own_sandbox, tmp_path):
    """Runs playbooks in an account of its own; whatever happens, none of them survives the test."""
    yield Ansible(own_sandbox, tmp_path)
    own_sandbox.clear_faults()
    await_end(tmp_path, seconds=60)


def assert_left_is_listed(sandbox, run):
    """The account holds what this run says that AWS keeps."""
    left = Account(sandbox)
    assert left.snapshot.keys() <= KEPT.keys(), {kind: left.names(kind) for kind in left.snapshot}
    for kind in left.snapshot:
        sentence, member = KEPT[kind]
        for name, item in left.of(kind).items():
            said = sentence.format(item.get(member, name).rstrip("."))
            assert said in run.text, f"it never says {said!r}\n{run.report()}"
    return left


def kill_teardown(ansible, environment, confirmed, service, operation):
    """Kill a teardown when AWS has carried out the first such call and has not answered."""
    held = ansible.sandbox.fault("hold_after", service=service, operation=operation)
    with ansible.start("playbooks/teardown.yml", environment, extra=confirmed) as process:
        try:
            assert held.wait(TIMEOUT)["hits"], f"there was no {service}.{operation}"
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=20)
    ansible.sandbox.clear_faults()
    await_end(ansible.folder)


@pytest.mark.parametrize(
    "environment, protected, points",
    [
        ("staging", False, [("elbv2", "DeleteLoadBalancer"), ("rds", "DeleteDBInstance")]),
        ("production", True, [("ecs", "DeleteService"), ("s3", "DeleteBucket")]),
    ],
)
def test_an_interrupted_teardown_is_finished_by_the_next(own_sandbox, ansible, environment, protected, points):
    host = f"dougust-{environment}"
    confirmed = {"teardown_confirm": host, "teardown_force": protected}
    assert own_sandbox.snapshot() == {}
    ansible.converge(environment).ok()
    before = Account(own_sandbox)

    assert not ansible.teardown(environment).refused("was not confirmed").calls
    for point in points:
        kill_teardown(ansible, environment, confirmed, *point)
    run = ansible.teardown(environment, host, force=protected).ok()
    left = assert_left_is_listed(own_sandbox, run)
    assert left.names("kms/pending-deletion") == before.names("kms/key")
    assert left.names("secretsmanager/pending-deletion") == before.names("secretsmanager/secret")
    assert len(left.names("rds/snapshot")) == protected

    run = ansible.teardown(environment, host, force=protected).unchanged()
    assert_left_is_listed(own_sandbox, run)
