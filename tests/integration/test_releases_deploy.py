# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments: in which order they do what, and that one which fails leaves what passed live."""

import pytest

from tests.integration.harness import REGION
from tests.integration.releases import API, HOST, MIGRATION, REPOSITORY, SERVICE, count, operations, short

pytest_plugins = ["tests.integration.released"]

STEPS = ["RegisterTaskDefinition", "RunTask", "TagResource", "UpdateService", "TagResource", "UntagResource"]


def test_a_first_release(converged, released):
    """Register, migrate, switch, test, record; the bootstrap's command, health check and label are gone."""
    run, image, revision = released
    assert operations(run) == STEPS
    migration = next(call for call in run.calls if call["operation"] == "RunTask")["parameters"]
    override = migration["overrides"]["containerOverrides"]
    assert migration["taskDefinition"] == revision and override == [{"name": "api", "command": MIGRATION.split()}]
    assert f"{image} is live as {revision}" in run.text
    former, container = converged.container(converged.bootstrap), converged.container(revision)
    assert former["dockerLabels"] == {"groundwork.bootstrap": "true"} and "healthCheck" not in former
    assert container["image"] == image and not container.get("dockerLabels")
    assert container["command"] == API["command"] != former["command"]
    assert container["healthCheck"]["command"] == API["container_health_check"]
    assert {"name": "MODE", "value": "testing"} in container["environment"]


def test_every_name_of_an_image(platform):
    """The live one by its tag; another by its digest, which goes live and remembers the former; the same by its URI."""
    again = platform.deploy("v1").unchanged()
    assert f"{platform.image} was live already as {platform.revision}" in again.text and platform.site.asked == []
    image = platform.push("v2")
    run = platform.deploy(image.partition("@")[2]).ok()
    assert operations(run) == STEPS and platform.site.asked == ["/health"]
    platform.is_live(image)
    assert platform.record()["previous"] == short(platform.revision)
    assert "was live already" in platform.deploy(image).unchanged().text


def test_a_snapshot_first(platform):
    """Of the database, before the migration."""
    rds = platform.sandbox.client("rds", REGION, recorded=False)
    size = {"DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20, "Engine": "postgres"}
    login = {"MasterUsername": "shop", "MasterUserPassword": "long-enough-for-rds"}
    tags = [{"Key": "Platform", "Value": "shop"}, {"Key": "Environment", "Value": "development"}]
    rds.create_db_instance(DBInstanceIdentifier=HOST, DBName="shop", Tags=tags, **size, **login)
    image = platform.push("major")
    endpoint = "shop.example.com"
    options = {"deploy_snapshot": True, "releases_database": HOST, "releases_database_endpoint": endpoint}
    run = platform.deploy("major", **options).ok()
    assert operations(run) == [STEPS[0], "CreateDBSnapshot", *STEPS[1:]]
    (snapshot,) = rds.describe_db_snapshots(DBInstanceIdentifier=HOST, SnapshotType="manual")["DBSnapshots"]
    digest = image.partition("sha256:")[2]
    assert snapshot["DBSnapshotIdentifier"].startswith(f"{HOST}-release-{digest[:12]}-")
    assert snapshot["Status"] == "available"
    platform.is_live(image)


REFUSED = {
    "no such image": (
        {"deploy_image": "v404"},
        ["Could not find image v404 in repository", REPOSITORY, "Its newest tags are", "To fix: push the image first"],
    ),
    "an image of elsewhere": (
        {"deploy_image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/other:v1"},
        ["is not in repository", REPOSITORY, "To fix: push it there"],
    ),
    "a database that is still being made": (
        {"deploy_image": "v1", "releases_database": HOST},
        [f"The database of {HOST}, {HOST}, has no endpoint yet: nothing was done. To fix: let a converge settle it"],
    ),
    "no image": (
        {"deploy_image": ""},
        ["No image was named: nothing was done", "-e deploy_image=TAG"],
    ),
    "no such service": (
        {"deploy_service": "apo"},
        [f"{HOST} has no service apo: nothing was done", "-e deploy_service=NAME, one of api."],
    ),
    "no name where there are several": (
        {"ecs_services": [API, API | {"name": "worker"}]},
        [f"{HOST} has several services: nothing was done", "-e deploy_service=NAME, one of api, worker."],
    ),
    "a service that is not there yet": (
        {"ecs_services": [API, API | {"name": "worker"}], "deploy_service": "worker"},
        ["Service worker of", "does not exist yet: nothing was done", "To fix: converge the platform first"],
    ),
    "a snapshot without a database": (
        {"deploy_snapshot": True},
        [f"{HOST} has no database to take a snapshot of: nothing was done", "deploy without -e deploy_snapshot"],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(platform, case):
    variables, messages = REFUSED[case]
    before = platform.state()
    run = platform.verb("deploy", **{"deploy_image": "v1", **variables})
    run.refused(*messages)
    assert not run.mutating and platform.state() == before and run.output.count("fatal:") == 1


def test_a_migration_that_fails(platform):
    """The service is not touched, and the message has the exit code and the end of the log."""
    platform.push("unmigrated", command=MIGRATION, exit_code=3, log_lines=["Running 42", "relation is there already"])
    former = platform.record()
    run = platform.deploy("unmigrated").refused(
        f"Release of unmigrated to api of {HOST} failed before the switch",
        f"Live is still {short(platform.revision)} ({platform.image})",
        "migration of api",
        "container api exited with 3",
        "To fix: read the container's log",
        "Running 42 relation is there already",
    )
    assert operations(run) == STEPS[:2] and platform.site.asked == []
    platform.is_live(platform.image)
    assert platform.record() == former


BAD = {
    "crashes": ({"exit_code": 7}, "exited with 7"),
    "unhealthy": ({"healthy": False}, "health checks"),
}


@pytest.mark.parametrize("case", BAD)
def test_an_image_that_does_not_run(platform, case):
    """The circuit breaker returns, and the message says why."""
    behaviour, reason = BAD[case]
    platform.push(case, command="main.js", **behaviour)
    former = platform.record()
    run = platform.deploy(case).refused(
        f"Release of {case} to api of {HOST} failed", reason, "To fix:", f"Live is {short(platform.revision)}"
    )
    assert count(run, "RunTask") == 1 and platform.site.asked == []
    platform.is_live(platform.image)
    assert platform.record() == former


def test_a_smoke_test_that_fails(platform):
    """Tasks run, but what they answer is wrong: back to what passed, also for a rollback that comes after."""
    image = platform.push("v3")
    platform.deploy("v3").ok()
    former = platform.record()
    platform.push("wrong")
    platform.site.status, platform.site.text = 500, "no database"
    run = platform.deploy("wrong").refused(
        f"Release of wrong to api of {HOST} failed", "smoke tests failed: /health", "500", f"({image}) again"
    )
    assert len(platform.site.asked) == 3 and count(run, "UpdateService") == 2
    platform.is_live(image)
    assert platform.record() == former
    platform.site.status, platform.site.text = 200, "all is well"
    platform.rollback().ok()
    platform.is_live(platform.image)
    assert platform.record() == {"live": short(platform.revision), "previous": former["live"]}


def test_a_smoke_test_with_another_answer(platform):
    """The status is right, the content is not."""
    platform.push("other")
    platform.site.text = "welcome to nginx"
    platform.deploy("other").refused("smoke tests failed: /health (unexpected content)", "again")
    platform.is_live(platform.image)
