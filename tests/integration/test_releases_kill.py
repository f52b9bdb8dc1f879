# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments whose controller is killed: the next run ends them, and what never passed does not stay live."""

import os
import signal

import pytest

from tests.integration.harness import TIMEOUT
from tests.integration.releases import HOST, MIGRATION, count, short

pytest_plugins = ["tests.integration.released"]


def at(platform, operation, n=1):
    """Waits until AWS has carried out a call, which does not answer."""
    held = platform.sandbox.fault("hold_after", operation=operation, n=n)
    return lambda: struck(held)


def after(platform, first, operation):
    """Waits until AWS has carried out the first call of a kind after one of another kind."""
    held = platform.sandbox.fault("hold_after", operation=first)

    def wait():
        struck(held)
        following = at(platform, operation)
        held.release()
        following()

    return wait


def asked(platform, operation=None):
    """Waits until the smoke test is asked, or for a call after its answer."""
    platform.site.arrived.clear()
    platform.site.answering.clear()

    def wait():
        assert platform.site.arrived.wait(60)
        if operation:
            following = at(platform, operation)
            platform.site.answering.set()
            following()

    return wait


def struck(fault):
    assert fault.wait(60)["hits"], "there was no such call"


MOMENTS = {
    "the revision is registered": lambda platform: at(platform, "RegisterTaskDefinition"),
    "the release is recorded as begun": lambda platform: at(platform, "TagResource"),
    "the service is switched": lambda platform: at(platform, "UpdateService"),
    "the switch is waited for": lambda platform: after(platform, "UpdateService", "DescribeServices"),
    "the smoke test runs": asked,
    "the smoke test has passed": lambda platform: asked(platform, "DescribeServices"),
    "the release is recorded as passed": lambda platform: asked(platform, "TagResource"),
}


UNFINISHED = list(MOMENTS)[1:-1]


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_same_deployment_again(platform, moment):
    """It goes on where the killed one stopped."""
    tag = f"again-{list(MOMENTS).index(moment)}"
    image = platform.push(tag)
    killed = platform.kill(tag, MOMENTS[moment](platform))
    platform.site.answering.set()
    # What passed is recorded in one call: a converge or a rollback would find nothing unfinished either.
    assert ("pending" in platform.record()) == (moment in UNFINISHED)
    run = platform.deploy(tag).ok()
    platform.is_live(image)
    assert platform.record() == {
        "live": short(platform.service()["taskDefinition"]),
        "previous": short(platform.revision),
    }
    for operation in ("RegisterTaskDefinition", "UpdateService"):
        assert count(killed, operation) + count(run, operation) == 1, operation


def test_no_two_migrations_at_once(platform):
    """One that still runs is waited for by the same deployment, and by that of another image before its own."""
    platform.push("slow", command=MIGRATION, seconds=3600)
    killed = platform.kill("slow", at(platform, "RunTask"))
    assert count(killed, "RunTask") == 1 and platform.record() == {"live": short(platform.revision)}
    run = deploy_while_it_runs(platform, "slow")
    assert count(run, "RunTask") == 0
    slow = platform.service()["taskDefinition"]
    assert platform.record() == {"live": short(slow), "previous": short(platform.revision)}


def deploy_while_it_runs(platform, tag):
    """Deploy, and let every migration end once the deployment waits for the one that runs."""
    looking = platform.sandbox.fault("delay", operation="DescribeTasks", n=2)
    platform.sandbox.forget_calls()
    with platform.start(tag) as process:
        try:
            struck(looking)
            platform.sandbox.task_behaviour("*", MIGRATION, exit_code=0)
            output, _nothing = process.communicate(timeout=TIMEOUT)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return platform.ended(process, output).ok()


@pytest.fixture
def bad(platform):
    """A deployment that was killed after the switch to an image that would not have passed its smoke test."""
    platform.push("former")
    platform.deploy("former").ok()
    platform.former = platform.service()["taskDefinition"]
    image = platform.push("bad")
    platform.kill("bad", asked(platform))
    assert platform.container()["image"] == image and platform.record()["pending"]
    platform.site.asked.clear()
    platform.site.answering.set()
    return platform


def test_a_rollback_ends_a_bad_release(bad):
    """Status says that a release never ended; the rollback goes to what passed last, not one further."""
    run = bad.verb("status", status_fail_when_unhealthy=True)
    run.refused(f"{HOST} is not healthy", "was begun and never finished")
    bad.rollback().ok()
    assert bad.service()["taskDefinition"] == bad.former
    assert bad.record() == {"live": short(bad.former), "previous": short(bad.revision)}


def test_another_deployment_takes_the_place_of_a_bad_release(bad):
    """The bad one is never what a rollback returns to; the same one again is found bad."""
    bad.site.status = 500
    run = bad.deploy("bad").refused("smoke tests failed: /health", f"Live is {short(bad.former)}")
    assert run.rc and bad.record() == {"live": short(bad.former), "previous": short(bad.revision)}
    bad.kill("bad", at(bad, "UpdateService"))
    bad.site.status = 200
    image = bad.push("good")
    run = bad.deploy("good")
    assert run.rc == 0 and "never passed" in run.text, run.report()
    bad.is_live(image)
    assert bad.record()["previous"] == short(bad.former)
