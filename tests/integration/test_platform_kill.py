# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A converge of production that is killed again and again: every service in turn, and nothing is there twice.

AWS has carried out the call that a run is killed at, and the run never learns of it. Each run goes on where the one
before was killed, so one account shows all of them; every kind of call of the network is in test_kill.py.
What a kill does to a database and its password is in test_platform_secrets.py.
"""

import pytest

from tests.integration.account import Account, make_delegated_zone
from tests.integration.comparison import named
from tests.integration.harness import REGION, Ansible
from tests.integration.killing import kill_at
from tests.integration.leftovers import await_end

# In the order of the converge. What a run did before, the next one does not do again, so each is there to be killed at.
POINTS = [
    ("secretsmanager", "CreateSecret"),
    ("rds", "ModifyDBParameterGroup"),
    ("s3", "CreateBucket"),
    ("elbv2", "CreateTargetGroup"),
    ("acm", "RequestCertificate"),
    ("wafv2", "CreateWebACL"),
    ("ecs", "CreateService"),
    ("application-autoscaling", "PutScalingPolicy"),
    ("scheduler", "CreateSchedule"),
    ("cloudwatch", "PutMetricAlarm"),
]


@pytest.fixture
def undisturbed_production(sandbox, tmp_path_factory):
    """The account after a converge that nobody kills."""
    make_delegated_zone(sandbox)
    Ansible(sandbox, tmp_path_factory.mktemp("undisturbed")).converge("production").ok()
    return comparable(sandbox.snapshot([REGION]))


@pytest.fixture
def ansible(own_sandbox, tmp_path):
    """Runs playbooks in an account of its own; whatever happens, none of them survives the test."""
    make_delegated_zone(own_sandbox)
    yield Ansible(own_sandbox, tmp_path)
    own_sandbox.clear_faults()
    await_end(tmp_path, seconds=60)


def comparable(snapshot):
    """A snapshot with names for ids, and without what AWS draws: a zone's name servers, a task's place in the network."""
    zones = {
        key: zone
        | {"DelegationSet": {}, "Records": [one for one in zone["Records"] if one["Type"] not in ("NS", "SOA")]}
        for key, zone in snapshot["route53/zone"].items()
    }
    tasks = {key: {"group": task["group"]} for key, task in snapshot["ecs/task"].items()}
    # How often a secret was written and read is no part of it; what it holds is in test_platform_secrets.py.
    history = ("LastAccessedDate", "LastChangedDate", "VersionIdsToStages")
    secrets = {
        key: {name: value for name, value in secret.items() if name not in history}
        for key, secret in snapshot["secretsmanager/secret"].items()
    }
    return named(snapshot | {"route53/zone": zones, "ecs/task": tasks, "secretsmanager/secret": secrets})


def test_a_converge_that_is_killed_again_and_again(ansible, undisturbed_production):
    for service, operation in POINTS:
        kill_at(ansible, "site.yml", "production", service=service, operation=operation)
        print(f"killed at {service}.{operation}")
    ansible.converge("production").ok()
    account = Account(ansible.sandbox, REGION)
    for kind in account.snapshot:
        account.of(kind)  # fails where a name is there twice
    found, wanted = comparable(account.snapshot), undisturbed_production
    assert {kind: len(items) for kind, items in found.items()} == {kind: len(items) for kind, items in wanted.items()}
    assert {kind: found[kind] for kind in wanted if found[kind] != wanted[kind]} == {}
