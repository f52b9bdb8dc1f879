# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ecs_task_definitions against moto: revisions only where something differs, and none left behind."""

from __future__ import annotations

import pytest

MODULE = "ecs_task_definitions"
FAMILY = "dougust-test-export"
TAGS = {"Platform": "dougust", "Environment": "test"}
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:dougust/database-AbCdEf"
ROLE = "arn:aws:iam::123456789012:role/dougust"
CONTAINER = {
    "name": "export",
    "image": "postgres:15",
    "command": ["pg_dump", "-Fc"],
    "environment": {"PGSSLMODE": "require", "VERBOSE": True},
    "secrets": {"DATABASE_URL": SECRET},
    "mount_points": {"tmp": "/tmp"},
    "health_check": {"command": ["CMD", "true"]},
    "port": 3000,
    "log_group": "/ecs/export",
}
DEFINITION = {
    "name": FAMILY,
    "cpu": 256,
    "memory": 512,
    "execution_role_arn": ROLE,
    "volumes": ["tmp"],
    "containers": [CONTAINER, {"name": "init", "image": "busybox:1", "essential": False}],
}
FILLED_IN = {"systemControls": [], "volumesFrom": [], "environmentFiles": []}


@pytest.fixture(autouse=True)
def aws_defaults(cloud):
    """What AWS shows of a revision beside what was registered, and moto does not."""

    def fill_in(answer):
        for volume in answer["taskDefinition"]["volumes"]:
            volume["host"] = {}
        for container in answer["taskDefinition"]["containerDefinitions"]:
            container.update(FILLED_IN)
            for mapping in container["portMappings"]:
                mapping["hostPort"] = mapping["containerPort"]

    cloud.adjust("DescribeTaskDefinition", fill_in)


def run(cloud, definition=None, **params):
    return cloud.run(MODULE, **{"task_definitions": [definition or DEFINITION], "tags": TAGS, **params})


def fail(cloud, definition=None, **params):
    return cloud.run_failing(MODULE, **{"task_definitions": [definition or DEFINITION], "tags": TAGS, **params})


def changed(**values):
    return {**DEFINITION, "containers": [{**CONTAINER, **values}, DEFINITION["containers"][1]]}


def revisions(cloud, status="ACTIVE"):
    arns = cloud.client("ecs").list_task_definitions(familyPrefix=FAMILY, status=status)["taskDefinitionArns"]
    return [arn.rpartition(":")[2] for arn in arns]


def described(cloud):
    return cloud.client("ecs").describe_task_definition(taskDefinition=FAMILY, include=["TAGS"])


def test_check_mode_on_an_empty_account_predicts_the_revision(cloud):
    result = run(cloud, check_mode=True, account_id="123456789012")
    assert result["task_definitions"][FAMILY] == {
        "name": FAMILY,
        "family": FAMILY,
        "arn": f"arn:aws:ecs:us-east-1:123456789012:task-definition/{FAMILY}:1",
        "revision": 1,
        "containers": {"export": "postgres:15", "init": "busybox:1"},
        "tags": TAGS,
    }
    assert [action["action"] for action in result["actions"]] == ["create"]
    assert result["diff"][0]["after"]["export.environment"] == {"PGSSLMODE": "require", "VERBOSE": "true"}
    assert cloud.mutations == []


def test_create_then_nothing_to_do(cloud):
    created = run(cloud)
    assert (cloud.mutations, created["actions"][0]["action"]) == (["RegisterTaskDefinition"], "create")
    shown = described(cloud)
    assert shown["taskDefinition"]["requiresCompatibilities"] == ["FARGATE"]
    assert shown["taskDefinition"]["containerDefinitions"][0]["logConfiguration"]["options"] == {
        "awslogs-group": "/ecs/export",
        "awslogs-region": "us-east-1",
        "awslogs-stream-prefix": "export",
    }
    assert {"key": "Platform", "value": "dougust"} in shown["tags"]
    for check_mode in (False, True):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
        assert again["task_definitions"] == created["task_definitions"]
    assert run(cloud, state="gathered")["task_definitions"] == created["task_definitions"]


@pytest.mark.parametrize(
    "definition, fields",
    [
        ({**DEFINITION, "memory": 1024}, ["memory"]),
        ({**DEFINITION, "task_role_arn": ROLE}, ["task_role_arn"]),
        ({**DEFINITION, "containers": [CONTAINER]}, ["init.essential", "init.image"]),
        (changed(image="postgres:16"), ["export.image"]),
        (changed(environment={"PGSSLMODE": "require"}), ["export.environment"]),
        (changed(command=["-Fc", "pg_dump"]), ["export.command"]),
        (changed(command=None, user="999"), ["export.command", "export.user"]),
    ],
)
def test_a_difference_registers_one_revision(cloud, definition, fields):
    run(cloud)
    assert run(cloud, definition, check_mode=True)["actions"][0]["fields"] == fields
    assert cloud.mutations == []
    result = run(cloud, definition)
    assert result["actions"] == [
        {"service": "ecs", "type": "task-definition", "name": FAMILY, "action": "update", "fields": fields}
    ]
    assert (cloud.mutations, revisions(cloud)) == (["RegisterTaskDefinition"], ["1", "2"])
    assert result["task_definitions"][FAMILY]["revision"] == 2
    assert {"key": "Platform", "value": "dougust"} in described(cloud)["tags"]
    again = run(cloud, definition)
    assert (again["changed"], again["task_definitions"]) == (False, result["task_definitions"])


def test_a_revision_made_by_hand_is_followed_by_the_wanted_one(cloud):
    run(cloud)
    by_hand = {**described(cloud)["taskDefinition"]["containerDefinitions"][0], "privileged": True}
    cloud.client("ecs").register_task_definition(
        family=FAMILY, containerDefinitions=[by_hand], cpu="256", memory="512", requiresCompatibilities=["FARGATE"]
    )
    result = run(cloud)
    assert {"export.privileged", "init.image", "tags"} <= set(result["actions"][0]["fields"])
    assert result["task_definitions"][FAMILY]["revision"] == 3
    assert not run(cloud)["changed"]


def test_tags_change_without_a_revision(cloud):
    run(cloud)
    assert run(cloud, {**DEFINITION, "tags": {"Tier": "batch"}})["actions"][0]["fields"] == ["tags"]
    assert cloud.mutations == ["TagResource"]
    assert {"key": "Tier", "value": "batch"} in described(cloud)["tags"]
    run(cloud, changed(image="postgres:16"), purge_tags=False)
    assert {"key": "Tier", "value": "batch"} in described(cloud)["tags"]
    run(cloud, changed(image="postgres:16"))
    assert cloud.mutations == ["UntagResource"]
    assert not cloud.run(MODULE, task_definitions=[changed(image="postgres:16")])["changed"]


def test_a_task_definition_of_somebody_else_is_not_touched(cloud):
    run(cloud, tags={**TAGS, "Environment": "production"})
    for state in ("present", "absent"):
        assert "belongs to somebody else: it is tagged Environment=production" in fail(cloud, state=state)["msg"]
        assert cloud.mutations == []


def test_deleting_leaves_no_revision(cloud):
    run(cloud)
    run(cloud, changed(image="postgres:16"))
    predicted = run(cloud, state="absent", check_mode=True)
    assert ([action["action"] for action in predicted["actions"]], cloud.mutations) == (["delete"], [])
    assert run(cloud, {"name": FAMILY}, state="absent")["actions"] == predicted["actions"]
    assert cloud.mutations == ["DeregisterTaskDefinition"] * 2 + ["DeleteTaskDefinitions"]
    assert revisions(cloud) + revisions(cloud, "INACTIVE") == []
    again = run(cloud, state="absent")
    assert (again["changed"], cloud.mutations, again["task_definitions"]) == (False, [], {})


def test_a_deletion_that_was_killed_is_finished(cloud):
    run(cloud)
    cloud.fail("DeleteTaskDefinitions", "ServerException")
    assert "Could not delete ECS task definitions" in fail(cloud, state="absent")["msg"]
    cloud.heal()
    assert revisions(cloud, "INACTIVE") == ["1"]
    assert run(cloud, state="gathered")["task_definitions"] == {}
    assert run(cloud, state="absent")["changed"]
    assert (cloud.mutations, revisions(cloud, "INACTIVE")) == (["DeleteTaskDefinitions"], [])


def test_revisions_that_ecs_does_not_see_deregistered_yet_are_waited_for(cloud):
    run(cloud)
    reason = "The specified task definition is still in ACTIVE status. Please deregister the target and try again."
    kept = {"taskDefinitions": [], "failures": [{"arn": "1", "reason": reason}]}
    cloud.answer("DeleteTaskDefinitions", lambda params: kept, times=1)
    run(cloud, state="absent")
    assert (cloud.mutations.count("DeleteTaskDefinitions"), revisions(cloud, "INACTIVE")) == (2, [])
    run(cloud)
    cloud.answer("DeleteTaskDefinitions", lambda params: kept)
    assert f"RevisionsKept: {reason[:-1]}" in fail(cloud, state="absent")["msg"]
    gone = {"taskDefinitions": [], "failures": [{"arn": "1", "reason": "The task definition does not exist."}]}
    cloud.heal()
    cloud.answer("DeleteTaskDefinitions", lambda params: gone)
    assert run(cloud, state="absent")["changed"]


def test_a_role_that_ecs_does_not_see_yet_is_waited_for(cloud):
    cloud.fail("RegisterTaskDefinition", "ClientException", "Role is not valid", times=2)
    run(cloud)
    assert cloud.mutations == ["RegisterTaskDefinition"] * 3
    cloud.fail("RegisterTaskDefinition", "ClientException", "Container.image contains invalid characters.")
    failed = fail(cloud, changed(image="postgres:16"))
    message = f"Could not register ECS task definition {FAMILY}: ClientException: Container.image contains invalid"
    assert message in failed["msg"]
    assert cloud.mutations == ["RegisterTaskDefinition"]


@pytest.mark.parametrize(
    "definition, message",
    [
        ({**DEFINITION, "name": "a/b"}, "task definition a/b is no name of a family. To fix:"),
        ({**DEFINITION, "cpu": None}, f"task definition {FAMILY} cannot have cpu None. To fix:"),
        (changed(image=None), "has a container export that has no image. To fix: name one."),
        ({"name": FAMILY, "cpu": 256, "memory": 512}, "needs 1 to 10 containers. To fix:"),
    ],
)
def test_impossible_wishes_are_refused(cloud, definition, message):
    assert message in fail(cloud, definition)["msg"]
    assert cloud.calls == []
