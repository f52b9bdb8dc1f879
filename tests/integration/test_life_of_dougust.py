# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of the Dougust platform in each of its environments: plan, converge, again, teardown, and once more.

Each life is one test, because every step stands on the one before it. What a converge makes is looked at in
test_rows_of_dougust.py.
"""

import json

import pytest

from tests.integration.account import KEPT, Account, make_delegated_zone, without_kept
from tests.integration.attribution import planned_resources, resources


@pytest.mark.parametrize("environment", ["production", "staging", "development"])
def test_life(environment, sandbox, ansible):
    host, protected = f"dougust-{environment}", environment == "production"
    make_delegated_zone(sandbox)
    empty = sandbox.snapshot()

    run, plan = ansible.plan(environment)
    assert not run.ok().mutating
    assert plan["complete"] and {change["platform"] for change in plan["changes"]} == {host}
    # AWS makes the default security group together with the VPC, so it is emptied and not created.
    assert {change["name"] for change in plan["changes"] if change["action"] != "create"} == {"default"}

    run = ansible.converge(environment).ok()
    account = Account(sandbox)
    assert resources(run.mutating, account.snapshot) == planned_resources(plan)
    assert all(call["outcome"] == "ok" for call in run.mutating)

    ansible.converge(environment).unchanged()
    run, plan = ansible.plan(environment, extra={"plan_fail_on_changes": True})
    assert "Nothing to change" in run.unchanged().text and plan["changes"] == []

    assert not ansible.teardown(environment).refused(f"teardown_confirm={host}").calls
    assert not ansible.teardown(environment, "dougust").refused("was not confirmed").calls
    if protected:
        assert not ansible.teardown(environment, host).refused("protected", "teardown_force=true").calls
    assert sandbox.snapshot() == account.snapshot

    tear_down(sandbox, ansible, environment, empty)
    if environment == "production":
        ansible.converge(environment).ok()
        again = Account(sandbox)
        assert names(again) == names(account)
        for kind in ("kms/key", "secretsmanager/secret"):
            taken_back = [{key: numbers(item) for key, item in one.snapshot[kind].items()} for one in (again, account)]
            assert taken_back[0] == taken_back[1]
        tear_down(sandbox, ansible, environment, empty)
        assert len(sandbox.snapshot()["rds/snapshot"]) == 2


def tear_down(sandbox, ansible, environment, empty):
    """Remove the platform; whatever AWS keeps is told."""
    run = ansible.teardown(environment, f"dougust-{environment}", force=environment == "production").ok()
    left = sandbox.snapshot()
    assert without_kept(left) == without_kept(empty)
    assert left["route53/zone"] == empty["route53/zone"]
    for key in left["kms/pending-deletion"].values():
        assert key["KeyId"] in run.text and key["DeletionDate"][:10] in run.text
    assert len(left["secretsmanager/pending-deletion"]) == 3
    for secret in left["secretsmanager/pending-deletion"].values():
        assert secret["Name"] in run.text
    snapshots = Account(sandbox).names("rds/snapshot")
    assert bool(snapshots) == (environment == "production") and all(name in run.text for name in snapshots[-1:])


def names(account):
    """The names of everything by kind; those that AWS gives are random."""
    return {
        kind: [name for name in account.names(kind) if not name.startswith("TargetTracking-")]
        for kind in account.snapshot.keys() - KEPT
    }


def numbers(item):
    """What makes a key or a secret the one that it was: its id, and the values that it has had."""
    return item["ARN"] if "ARN" in item else item["Arn"]


def test_teardown_of_an_empty_account_changes_nothing(sandbox, ansible):
    ansible.teardown("development", "dougust-development").unchanged()
    assert sandbox.snapshot() == {}


def test_plan_refuses_to_run_without_check(ansible, tmp_path):
    path = tmp_path / "plan.json"
    run = ansible.run("playbooks/plan.yml", "development", "--diff", extra={"plan_file": str(path)})
    assert not run.refused("plan only predicts", "make plan").calls
    assert json.loads(path.read_text())["complete"] is False


def test_a_plan_that_fails_says_so(ansible):
    run, plan = ansible.plan("development", extra={"networking_existing_vpc_id": "vpc-0123456789abcdef0"})
    assert not run.refused("There is no VPC vpc-0123456789abcdef0").mutating
    assert not plan["complete"] and plan["failed"] == ["dougust-development"]
