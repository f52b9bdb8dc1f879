# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run can be narrowed to a platform or a role, and never to one without its safety catch."""

import re

import pytest

from tests.integration.account import Account, tags_of
from tests.integration.harness import SKELETON, Ansible, environment_policy, inventory

ROLES = SKELETON["platform_capabilities"]
# Those that take the most from others, or are entered more than once.
DEPENDENT = ("database", "certificates", "load_balancer", "ecs", "monitoring")
# What the callback groundwork.aws.progress says of every role with -v.
ENTERED = re.compile(r"^\S+ +(\w+) ?(\w*) +done in", re.MULTILINE)


@pytest.fixture
def ansible(sandbox, tmp_path):
    """Runs what these tests are about, and not the whole platform."""
    return Ansible(sandbox, tmp_path, SKELETON)


@pytest.fixture
def whole(sandbox, tmp_path):
    """Runs the whole platform."""
    return Ansible(sandbox, tmp_path)


def test_limit_touches_one_platform_only(sandbox, ansible, tmp_path):
    both = inventory(
        tmp_path / "inventory",
        {"dougust-development": ("development", "dougust"), "other-development": ("development", "other")},
        **{
            "group_vars/development": environment_policy("development"),
            "group_vars/other": {"platform_name": "other", "registry_repositories": [{"name": "api"}]},
        },
    )
    run = ansible.converge(both, "--limit", "other-development", "--tags", "encryption,registry").ok()
    assert list(run.recap) == ["other-development"]
    account = Account(sandbox)
    assert account.names("ecr/repository") == ["other-development-api"]
    made = [item for kind in account.snapshot.keys() - {"kms/alias"} for item in account.of(kind).values()]
    assert {tags_of(item)["Platform"] for item in made} == {"other"}


def test_every_tag_alone_changes_nothing_in_a_converged_account(ansible, subtests):
    ansible.converge("development").ok()
    for role in ROLES:
        with subtests.test(role):
            run = ansible.converge("development", "-v", "--tags", role).unchanged()
            assert_alone(run, role)


def test_what_depends_on_others_finds_their_outputs(whole, subtests):
    whole.converge("development").ok()
    for role in DEPENDENT:
        with subtests.test(role):
            whole.converge("development", "--tags", role).unchanged()


def test_tags_of_an_empty_account_are_predicted(ansible, subtests):
    for role in ROLES:
        with subtests.test(role):
            run = ansible.converge("development", "--check", "-v", "--tags", role).ok()
            assert not run.mutating
            assert_alone(run, role)


def test_tags_one_after_the_other_make_a_platform(sandbox, ansible):
    ansible.converge("development", "--tags", "networking").ok()
    assert "ecr/repository" not in sandbox.snapshot()
    ansible.converge("development", "--tags", "encryption").ok()
    ansible.converge("development", "--tags", "registry").ok()
    assert Account(sandbox).names("ecr/repository") == ["dougust-development-api"]
    ansible.converge("development").ok()
    ansible.converge("development").unchanged()


def test_a_repository_does_not_come_before_its_key(sandbox, ansible):
    """Its encryption can never be changed: a converge could not correct it."""
    ansible.converge("development", "--tags", "registry").refused("encryption")
    assert sandbox.snapshot() == {}


@pytest.mark.parametrize("tags", ((), ("--tags", "networking")), ids=("all", "one"))
def test_the_safety_catch_cannot_be_skipped(tags, sandbox, ansible):
    run = ansible.converge("development", "--skip-tags", "always", *tags)
    assert run.rc != 0 and "Traceback" not in run.output and not run.calls
    assert "To fix: leave out --skip-tags always" in run.output
    assert sandbox.snapshot() == {}


def assert_alone(run, role):
    """A run of one role alone converges that role, and has read those that it may depend on."""
    found = entered(run)
    assert {other for other, entry in found if entry == "main"} == {role}
    assert {other for other, entry in found if entry == "discover"} >= set(ROLES[: ROLES.index(role)])


def entered(run):
    """The entry points of roles that a run went through."""
    return {(role, entry or "main") for role, entry in ENTERED.findall(run.output) if role in ROLES}
