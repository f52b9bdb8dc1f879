# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes after a release: rollback, migrate, status, and converges that leave it alone."""

import json

import pytest

from tests.integration.releases import API, HOST, MIGRATION, SERVICE, SINCE, count, operations, short

pytest_plugins = ["tests.integration.released"]


def second(platform):
    """Release another image; its URI and revision."""
    image = platform.push("second")
    platform.deploy("second").ok()
    return image, platform.service()["taskDefinition"]


def test_rollback_and_back(platform):
    """Without a migration; check mode says what would become live and changes nothing."""
    image, revision = second(platform)
    before = platform.state()
    predicted = platform.rollback("--check").ok()
    assert not predicted.mutating and platform.state() == before
    assert f"{platform.image} would be live as {short(platform.revision)}" in predicted.text
    run = platform.rollback().ok()
    assert operations(run) == ["UpdateService", "TagResource"] and f"{platform.image} is live" in run.text
    platform.is_live(platform.image)
    assert platform.record() == {"live": short(platform.revision), "previous": short(revision)}
    platform.rollback().ok()
    platform.is_live(image)
    assert platform.record() == {"live": short(revision), "previous": short(platform.revision)}


def test_nothing_to_roll_back_to(platform):
    before = platform.state()
    run = platform.rollback().refused(
        f"{SERVICE} has no release before {short(platform.revision)}", "nothing to roll back to", "To fix: release"
    )
    assert not run.mutating and platform.state() == before


def test_a_rollback_to_what_no_longer_passes(platform):
    """It is live all the same, and the run says so."""
    second(platform)
    platform.site.status = 503
    platform.rollback().refused(
        f"api of {HOST} was rolled back: live is {short(platform.revision)} ({platform.image}), but smoke tests failed"
    )
    platform.is_live(platform.image)


def test_check_mode_of_a_deployment(platform):
    """It finds the image and predicts; nothing is registered, run, asked or recorded."""
    before, image = platform.state(), platform.push("predicted")
    run = platform.deploy("predicted", "--check").ok()
    assert not run.mutating and platform.state() == before and platform.site.asked == []
    assert f"{image} would be live" in run.text and run.total("changed")
    run = platform.deploy("v404", "--check").refused("Could not find image v404")
    assert not run.mutating


# Migrate


def test_migrate(platform):
    """With the image that is live, and in check mode not at all."""
    platform.sandbox.task_behaviour(platform.image.partition("@")[2], MIGRATION, exit_code=0)
    predicted = platform.verb("migrate", "--check").ok()
    assert not predicted.mutating and "would run" in predicted.text
    before = platform.state()
    run = platform.verb("migrate").ok()
    assert operations(run) == ["RunTask"] and platform.state() == before
    call = next(call["parameters"] for call in run.calls if call["operation"] == "RunTask")
    assert call["taskDefinition"] == platform.revision
    assert "ended with exit code 0" in run.text
    image = platform.image.partition("@")[2]
    platform.sandbox.task_behaviour(image, MIGRATION, exit_code=3, log_lines=["cannot connect"])
    run = platform.verb("migrate").refused("migration of api", "exited with 3", "To fix:", "cannot connect")
    platform.sandbox.task_behaviour(image, MIGRATION, exit_code=0)
    assert run.rc and platform.state() == before


def test_no_migration_of_the_bootstrap(unreleased):
    run = unreleased.verb("migrate").refused(
        f"Service api of {HOST} has no release yet: nothing was done", "playbooks/deploy.yml -e deploy_image=TAG"
    )
    assert not run.mutating


# Status


def test_status(platform, tmp_path):
    """What is live and since when; what is not healthy, with a return code where that is asked for."""
    path = tmp_path / "{host}.json"
    run = platform.verb("status", "--check", status_file=str(path)).unchanged()
    assert not list(tmp_path.iterdir())
    run = platform.verb("status", status_file=str(path), status_fail_when_unhealthy=True).ok()
    assert f"{platform.image}, since {SINCE}, 2 of 2 tasks" in run.text and "Healthy." in run.text
    found = json.loads((tmp_path / f"{HOST}.json").read_text())
    assert found["healthy"] is True and found["problems"] == [] and not run.mutating
    assert found["live"]["api"] == {
        "image": platform.image,
        "bootstrap": False,
        "task_definition": platform.revision,
        "since": SINCE,
        "tasks": "2 of 2",
    }
    assert found["endpoints"]["url"].startswith("http://")


def test_status_of_what_is_not_healthy(platform, tmp_path):
    """Tasks that no longer pass the health check of the target group; without the option it is no failure."""
    digest = platform.image.partition("@")[2]
    platform.sandbox.task_behaviour(digest, "main.js", healthy=False)
    try:
        run = platform.verb("status", status_file=str(tmp_path / "status.json")).ok()
        assert "Not healthy:" in run.text and "target group api: none healthy" in run.text
        found = json.loads((tmp_path / "status.json").read_text())
        assert found["healthy"] is False and found["problems"]
        run = platform.verb("status", status_fail_when_unhealthy=True)
        run.refused(f"{HOST} is not healthy: ", "target group api: none healthy")
    finally:
        platform.sandbox.task_behaviour(digest, "main.js")


# Converges after a release


def test_a_converge_leaves_releases_and_autoscaling_alone(platform):
    """Also the number of tasks that autoscaling chose."""
    platform.ecs.update_service(cluster=HOST, service=SERVICE, desiredCount=3)
    before = platform.state()
    platform.converge().unchanged()
    run, plan = platform.plan()
    run.ok()
    assert plan["changes"] == [] and not run.mutating
    assert platform.state() == before and before[1] == 3
    platform.is_live(platform.image)


@pytest.mark.parametrize(
    "change",
    [
        {"environment": {"MODE": "other"}},
        {"secrets": {"TOKEN": "other"}, "cpu": 512, "memory": 1024},
    ],
)
def test_a_converge_rolls_out_settings_with_the_live_image(platform, change):
    """The record moves along, and a rollback still goes to the release before."""
    image, former = second(platform)
    run = platform.converge(ecs_services=[API | change]).ok()
    assert count(run, "UpdateService") == 1
    platform.is_live(image)
    revision = platform.service()["taskDefinition"]
    assert revision != former and platform.record() == {"live": short(revision), "previous": short(platform.revision)}
    definition, container = platform.definition(), platform.container()
    if "cpu" in change:
        assert (definition["cpu"], definition["memory"]) == ("512", "1024")
        assert ":secret:" in container["secrets"][0]["valueFrom"] and "other" in container["secrets"][0]["valueFrom"]
    else:
        assert container["environment"] == [{"name": "MODE", "value": "other"}]
    platform.rollback().ok()
    platform.is_live(platform.image)
