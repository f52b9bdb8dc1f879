# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a network that are killed: nothing of them survives, the next run finishes the job, and nothing is there twice.

AWS has always carried out the call that a run is killed at, and the run never learns of it: the worst moment.
"""

import collections
import os
import re
import signal
import subprocess

import pytest

from tests.integration.comparison import named
from tests.integration.harness import REGION, SKELETON, Ansible
from tests.integration.leftovers import await_end

ENVIRONMENT = "development"
KILLS = 25
PARTS = 6  # of about a minute each, for the test processes to share
CREATING = re.compile("(Create|Allocate|Associate|Attach|Authorize|ReplaceNetworkAclAssociation)(?!Tags)")


@pytest.fixture(scope="session")
def undisturbed(shared_sandbox, tmp_path_factory):
    """The mutating calls of a first converge, and the account after it."""
    shared_sandbox.reset()
    run = Ansible(shared_sandbox, tmp_path_factory.mktemp("undisturbed"), SKELETON).converge(ENVIRONMENT).ok()
    return run.mutating, named(shared_sandbox.snapshot([REGION]))


@pytest.fixture
def ansible(own_sandbox, tmp_path):
    """Runs playbooks in an account of its own; whatever happens, none of them survives the test."""
    ansible = Ansible(own_sandbox, tmp_path, SKELETON)
    yield ansible
    own_sandbox.clear_faults()
    await_end(tmp_path, seconds=60)


def chosen(calls, count):
    """Which mutating calls to kill at: the first of every kind, the last one, and others in equal distances."""
    firsts = {}
    for call in calls:
        firsts.setdefault((call["service"], call["operation"]), call["mutating_n"])
    numbers = {*firsts.values(), 1, len(calls)}
    others = [n for n in range(1, len(calls) + 1) if n not in numbers]
    missing = max(0, count - len(numbers))
    return sorted(numbers | {others[i * len(others) // missing] for i in range(missing)})


def stop_at(ansible, n, strike, **options):
    """Strike a converge when AWS has carried out its mutating call n and has not answered yet; that call."""
    sandbox = ansible.sandbox
    fault = sandbox.fault("hold_after", mutating_n=n)
    with ansible.start("site.yml", ENVIRONMENT, **options) as process:
        try:
            hit = fault.wait(60)
            assert hit["hits"], f"there was no mutating call {n}"
            strike(process)
            process.communicate(timeout=20)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    await_end(ansible.folder)
    sandbox.clear_faults()
    return sandbox.calls(since=hit["calls"][0] - 1)[0]


def kill_group(process):
    """What an out-of-memory killer, a cancelled job or a lost terminal does at worst."""
    os.killpg(process.pid, signal.SIGKILL)


def doubles(account):
    """The kinds and names that an account has more than once; an association has no name of its own."""
    names = collections.Counter()
    for kind, items in account.items():
        for item in items:
            tags = {tag.get("Key"): tag.get("Value") for tag in item.get("Tags") or []}
            names[(kind, tags.get("Name") or item.get("AliasName") or repr(item))] += 1
    return {name: count for name, count in names.items() if count > 1}


def assert_like(ansible, wanted):
    """The account is what an undisturbed converge makes of it."""
    account = named(ansible.sandbox.snapshot([REGION]))
    counts = [{kind: len(items) for kind, items in one.items()} for one in (account, wanted)]
    assert counts[0] == counts[1]
    assert account == wanted


@pytest.mark.parametrize("part", range(PARTS))
def test_the_run_after_a_killed_one_finishes_it(ansible, undisturbed, part):
    """Every kind of change, the first and the last of them; a third run, now and then, finds nothing to do."""
    calls, account = undisturbed
    numbers = chosen(calls, KILLS)
    assert len(numbers) >= 25 and not doubles(account)
    assert {(c["service"], c["operation"]) for c in calls} == {
        (calls[n - 1]["service"], calls[n - 1]["operation"]) for n in numbers
    }
    for n in numbers[part::PARTS]:
        ansible.sandbox.reset()
        call = stop_at(ansible, n, kill_group)
        print(f"killed at mutating call {n}, {call['service']}.{call['operation']}")
        assert (call["operation"], call["outcome"]) == (calls[n - 1]["operation"], "ok")
        ansible.converge(ENVIRONMENT).ok()
        assert_like(ansible, account)
    if part % 2:
        ansible.converge(ENVIRONMENT).unchanged()


def test_a_run_beside_the_orphans_of_a_killed_one(ansible, undisturbed):
    """Only ansible-playbook itself is killed, its workers are not, and the next run starts at once."""
    calls, account = undisturbed
    sandbox = ansible.sandbox
    held_call = next(call for call in calls if call["operation"] == "CreateSubnet")
    held = sandbox.fault("hold_after", mutating_n=held_call["mutating_n"])
    with ansible.start("site.yml", ENVIRONMENT) as first:
        assert held.wait(60)["hits"]
        begun = sandbox.fault("delay", service="sts", operation="GetCallerIdentity")
        first.send_signal(signal.SIGKILL)
        with ansible.start("site.yml", ENVIRONMENT) as second:
            try:
                assert begun.wait(60)["hits"]
                held.release()
                output, _nothing = second.communicate(timeout=120)
            except BaseException:
                os.killpg(first.pid, signal.SIGKILL)
                os.killpg(second.pid, signal.SIGKILL)
                raise
    assert second.returncode == 0, output
    await_end(ansible.folder)
    assert_like(ansible, account)
    ansible.converge(ENVIRONMENT).unchanged()


def test_the_run_after_an_interrupted_one_finishes_it(ansible, undisturbed):
    """Ctrl-C, which a terminal sends to the whole group."""
    calls, account = undisturbed
    n = next(call["mutating_n"] for call in calls if call["operation"] == "CreateRouteTable")
    stop_at(ansible, n, lambda process: os.killpg(process.pid, signal.SIGINT))
    ansible.converge(ENVIRONMENT).ok()
    assert_like(ansible, account)


@pytest.mark.parametrize("half", [0, 1])
def test_a_lost_answer_creates_nothing_twice(ansible, undisturbed, half):
    """AWS carries out a call and the connection breaks: once for every kind of creation, in one run that goes on.

    A call with a client token is sent again; after any other the module looks again at what there is.
    """
    calls, account = undisturbed
    operations = list(dict.fromkeys((c["service"], c["operation"]) for c in calls if CREATING.match(c["operation"])))
    assert len(operations) >= 15
    operations = operations[half::2]
    faults = {name: ansible.sandbox.fault("drop_after", service=name[0], operation=name[1]) for name in operations}
    ansible.converge(ENVIRONMENT).ok()
    assert not [name for name, fault in faults.items() if not fault.hits]
    assert_like(ansible, account)
