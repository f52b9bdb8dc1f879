# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A teardown of production leaves what it says and nothing else, also when it was interrupted.

Teardowns that nobody interrupts are in test_life_of_dougust.py, those of what is no longer declared in
test_platform_prune.py.
"""

import pytest

from tests.integration.account import Account
from tests.integration.harness import Ansible
from tests.integration.killing import kill_at
from tests.integration.leftovers import await_end

HOST = "dougust-production"
# In the order of the teardown.
POINTS = [
    ("ecs", "DeleteService"),
    ("elbv2", "DeleteLoadBalancer"),
    ("s3", "DeleteBucket"),
    ("rds", "DeleteDBInstance"),
]
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


def listed_as_kept(sandbox, run):
    """The account, after making sure that it holds what this run says that AWS keeps."""
    left = Account(sandbox)
    assert left.snapshot.keys() <= KEPT.keys(), {kind: left.names(kind) for kind in left.snapshot}
    for kind in left.snapshot:
        sentence, member = KEPT[kind]
        for name, item in left.of(kind).items():
            said = sentence.format(item.get(member, name).rstrip("."))
            assert said in run.text, f"it never says {said!r}\n{run.report()}"
    return left


def test_an_interrupted_teardown_is_finished_by_the_next(own_sandbox, ansible):
    assert own_sandbox.snapshot() == {}
    ansible.converge("production").ok()
    before = Account(own_sandbox)

    assert not ansible.teardown("production").refused("was not confirmed").calls
    assert not ansible.teardown("production", HOST).refused("protected").calls
    confirmed = {"teardown_confirm": HOST, "teardown_force": True}
    for service, operation in POINTS:
        kill_at(ansible, "playbooks/teardown.yml", "production", confirmed, service=service, operation=operation)
    run = ansible.teardown("production", HOST, force=True).ok()
    left = listed_as_kept(own_sandbox, run)
    assert left.names("kms/pending-deletion") == before.names("kms/key")
    assert left.names("secretsmanager/pending-deletion") == before.names("secretsmanager/secret")
    assert len(left.names("rds/snapshot")) == 1

    run = ansible.teardown("production", HOST, force=True).unchanged()
    listed_as_kept(own_sandbox, run)
