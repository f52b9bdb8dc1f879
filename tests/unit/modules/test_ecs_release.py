# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ecs_release against a service of the tests' own, since moto's has no deployments; task definitions are moto's."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned
from botocore.exceptions import ClientError

MODULE = "ecs_release"
ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/"
REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/backend@sha256:"
WHEN = "2026-11-20T09:00:00Z"
LIVE, PREVIOUS, PENDING = (f"groundwork:release-{what}" for what in ("live", "previous", "pending"))


def image(digit):
    return REPOSITORY + str(digit) * 64


def definition(**changes):
    container = {"name": "api", "port": 3000, "environment": {"NODE_ENV": "production"}}
    return {"name": "api", "cpu": 256, "memory": 512, "containers": [container], **changes}


class Service:
    """An ECS service whose deployments take two looks, and end as a test says for the number of their revision."""

    def __init__(self, cloud, revision):
        self.tags = {}
        self.refusals = {}  # by revision: the error that UpdateService answers
        self.ends = {}  # by number: "back", ECS returns to what was complete; "failed"; "slow"
        self.desired = 2
        self.exists = True
        self.complete = revision
        self.deployments = [self.deployment(revision, "COMPLETED")]
        cloud.answer("DescribeServices", lambda params: self.describe())
        cloud.answer("UpdateService", self.update)
        cloud.answer("TagResource", self.tag)
        cloud.answer("UntagResource", lambda params: [self.tags.pop(key) for key in params["tagKeys"]] and {})
        cloud.answer("ListTasks", lambda params: {"taskArns": []})

    @property
    def running(self):
        return self.deployments[0]["taskDefinition"].partition("/")[2]

    def deployment(self, revision, state):
        now = datetime(2026, 11, 21, tzinfo=timezone.utc)
        shown = {"status": "PRIMARY", "taskDefinition": f"{ARN}{revision}", "rolloutState": state}
        return {**shown, "id": f"ecs-svc/{revision}", "createdAt": now, "looks": 0}

    def update(self, params):
        if refusal := self.refusals.get(params["taskDefinition"]):
            raise refusal
        former = [{**one, "status": "ACTIVE"} for one in self.deployments[:1]]
        self.deployments = [self.deployment(params["taskDefinition"], "IN_PROGRESS"), *former]
        return {"service": self.shown()}

    def describe(self):
        if not self.exists:
            return {"services": [], "failures": [{"reason": "MISSING"}]}
        primary = self.deployments[0]
        primary["looks"] += 1
        if primary["rolloutState"] == "IN_PROGRESS" and primary["looks"] > 2:
            self.finish(self.ends.get(int(self.running.rpartition(":")[2])))
        return {"services": [self.shown()], "failures": []}

    def finish(self, end):
        if end == "back":
            self.deployments = [self.deployment(self.complete, "COMPLETED")]
        elif end == "failed":
            self.deployments[0]["rolloutState"] = "FAILED"
        elif end is None:
            self.complete = self.running
            self.deployments = [{**self.deployments[0], "rolloutState": "COMPLETED"}]

    def shown(self):
        return {
            "serviceName": "api",
            "serviceArn": "arn:aws:ecs:us-east-1:123456789012:service/main/api",
            "status": "ACTIVE",
            "taskDefinition": self.deployments[0]["taskDefinition"],
            "desiredCount": self.desired,
            "runningCount": self.desired,
            "deployments": [{key: one[key] for key in one if key != "looks"} for one in self.deployments],
            "events": [],
            "tags": [{"key": key, "value": value} for key, value in self.tags.items()],
        }

    def tag(self, params):
        self.tags.update({tag["key"]: tag["value"] for tag in params["tags"]})
        return {}


@pytest.fixture
def service(cloud):
    """A service that runs the bootstrap image, revision 1."""
    register(cloud, "public.ecr.aws/bootstrap", {"groundwork.bootstrap": "true"})
    return Service(cloud, "api:1")


@pytest.fixture
def released(cloud, service):
    """The service after two releases: 3 is live, 2 was before."""
    for digit in (2, 3):
        release(cloud, digit)
    return service


def register(cloud, image, labels=None):
    container = {"name": "api", "image": image, "memory": 128, "dockerLabels": labels or {}}
    cloud.client("ecs").register_task_definition(family="api", containerDefinitions=[container])


def run(cloud, state, **params):
    return cloud.run(MODULE, state=state, cluster="main", service="api", **params)


def fail(cloud, state, **params):
    return cloud.run_failing(MODULE, state=state, cluster="main", service="api", **params)


def prepare(cloud, digit, **params):
    more = {"task_definition": definition(), "container": "api", "tags": {"Platform": "dougust"}, **params}
    return run(cloud, "prepared", image=image(digit), **more)


def release(cloud, digit):
    revision = prepare(cloud, digit)["revision"]
    run(cloud, "live", revision=revision)
    return run(cloud, "passed", revision=revision)


def recorded(service, tag):
    return service.tags.get(tag, "").partition(" ")[0]


def test_a_first_release_step_by_step(cloud, service):
    prepared = prepare(cloud, 2)
    assert (prepared["revision"], prepared["already_live"]) == (f"{ARN}api:2", False)
    assert (prepared["live"]["task_definition"], prepared["live"]["since"]) == ("api:1", None)
    assert cloud.mutations == ["RegisterTaskDefinition"] and service.running == "api:1"
    live = run(cloud, "live", revision=prepared["revision"])
    assert cloud.mutations == ["TagResource", "UpdateService"]
    assert (live["running"], live["pending"], live["live"]["task_definition"]) == ("api:2", "api:2", "api:1")
    assert (recorded(service, LIVE), recorded(service, PENDING)) == ("api:1", "api:2")
    passed = run(cloud, "passed", revision=prepared["revision"])
    assert (passed["live"]["task_definition"], passed["live"]["image"]) == ("api:2", image(2))
    assert passed["live"]["since"] == service.tags[LIVE].partition(" ")[2]
    # The bootstrap revision is nothing to roll back to.
    assert (passed["previous"], passed["pending"], set(service.tags)) == (None, None, {LIVE})
    assert "has no release before api:2: nothing to roll back to. To fix:" in fail(cloud, "previous")["msg"]


def test_each_step_a_second_time_changes_nothing(cloud, service):
    assert prepare(cloud, 2)["changed"]
    again = prepare(cloud, 2)
    assert (again["changed"], again["revision"], cloud.mutations) == (False, f"{ARN}api:2", [])
    for state in ("live", "passed"):
        assert run(cloud, state, revision="api:2")["changed"]
        assert not run(cloud, state, revision="api:2")["changed"]
        assert cloud.mutations == []
    again = prepare(cloud, 2)
    assert (again["changed"], again["already_live"], again["pending"]) == (False, True, None)
    assert not run(cloud, "live", revision="api:2")["changed"]
    assert not run(cloud, "returned")["changed"] and cloud.mutations == []


def test_what_is_registered(cloud, service):
    prepare(cloud, 2)
    (sent,) = cloud.parameters("RegisterTaskDefinition")
    assert (sent["family"], sent["containerDefinitions"][0]["image"]) == ("api", image(2))
    assert sent["tags"] == [{"key": "Platform", "value": "dougust"}]
    assert sent["containerDefinitions"][0]["environment"] == [{"name": "NODE_ENV", "value": "production"}]


def test_another_definition_with_the_live_image_is_a_release_too(cloud, released):
    assert prepare(cloud, 3)["already_live"]
    changed = prepare(cloud, 3, task_definition=definition(memory=1024))
    assert (changed["revision"], changed["already_live"]) == (f"{ARN}api:4", False)


def test_rollback_needs_no_argument_and_goes_back_and_forth(cloud, released):
    assert (recorded(released, LIVE), recorded(released, PREVIOUS)) == ("api:3", "api:2")
    for live, previous in (("api:2", "api:3"), ("api:3", "api:2")):
        result = run(cloud, "previous")
        assert (result["running"], result["live"]["task_definition"], result["previous"]) == (live, live, previous)
        assert cloud.mutations == ["UpdateService", "TagResource"]
        assert result["live"]["image"] == image(live[-1])


def test_a_rollback_that_was_killed_is_finished_forwards(cloud, released):
    cloud.heal()
    service = Service(cloud, "api:2")  # the switch was done, the tags were not
    service.tags = {LIVE: f"api:3 {WHEN}", PREVIOUS: f"api:2 {WHEN}"}
    assert run(cloud, "previous")["live"]["task_definition"] == "api:2"
    assert (cloud.mutations, recorded(service, PREVIOUS)) == (["TagResource"], "api:3")


@pytest.mark.parametrize("end", ["back", "failed", "slow"])
def test_a_release_that_fails_ends_with_what_passed(cloud, released, end):
    prepare(cloud, 4)
    released.ends = {4: end}
    failed = fail(cloud, "live", revision="api:4", wait_timeout=30)
    assert "ECS service api in cluster main: the deployment of api:4" in failed["msg"]
    assert failed["msg"].endswith("Live is api:3 again.") and "To fix:" in failed["msg"]
    assert cloud.operations.count("UpdateService") == (1 if end == "back" else 2)
    assert (failed["running"], failed["pending"], failed["live"]["image"]) == ("api:3", None, image(3))
    assert (released.running, PENDING in released.tags, failed["changed"]) == ("api:3", False, True)
    assert not run(cloud, "returned")["changed"]


def test_a_first_release_that_fails_ends_with_the_bootstrap_image(cloud, service):
    prepare(cloud, 2)
    service.ends = {2: "failed"}
    assert "Live is api:1 again." in fail(cloud, "live", revision="api:2")["msg"]
    assert (service.running, recorded(service, LIVE)) == ("api:1", "api:1")


def test_where_the_return_fails_too_the_next_run_tries_again(cloud, released):
    prepare(cloud, 4)
    released.ends = {4: "failed", 3: "slow"}
    failed = fail(cloud, "live", revision="api:4", wait_timeout=30)
    assert "The return to api:3 failed as well: ECS service api" in failed["msg"]
    assert recorded(released, PENDING) == "api:4"
    released.ends = {}
    assert run(cloud, "returned")["pending"] is None
    assert (released.running, PENDING in released.tags) == ("api:3", False)


def test_where_the_return_is_refused_both_reasons_are_told(cloud, released):
    prepare(cloud, 4)
    released.ends = {4: "failed"}
    inactive = ClientError(
        {"Error": {"Code": "ClientException", "Message": "TaskDefinition is inactive"}}, "UpdateService"
    )
    released.refusals = {"api:3": inactive}
    failed = fail(cloud, "live", revision="api:4")
    assert "the deployment of api:4 failed." in failed["msg"]
    assert "The return to api:3 failed as well: Could not change ECS service api in cluster main" in failed["msg"]
    assert recorded(released, PENDING) == "api:4"


def test_ecs_may_return_to_what_never_passed(cloud, released):
    for digit in (4, 5):
        prepare(cloud, digit)
    run(cloud, "live", revision="api:4")  # and the run is killed before it passed
    released.ends = {5: "back"}  # ECS returns to api:4, which was complete
    failed = fail(cloud, "live", revision="api:5")
    assert "taken back; api:4 is live" in failed["msg"] and failed["msg"].endswith("Live is api:3 again.")
    assert released.running == "api:3"


def test_a_smoke_test_that_fails_returns(cloud, released):
    prepare(cloud, 4)
    run(cloud, "live", revision="api:4")
    result = run(cloud, "returned")
    assert (result["live"]["task_definition"], result["running"], result["pending"]) == ("api:3", "api:3", None)
    assert cloud.mutations == ["UpdateService", "UntagResource"]
    assert recorded(released, PREVIOUS) == "api:2"


def test_a_rollback_ends_a_release_that_never_passed(cloud, released):
    prepare(cloud, 4)
    run(cloud, "live", revision="api:4")
    assert run(cloud, "previous")["running"] == "api:3"
    assert (recorded(released, LIVE), recorded(released, PREVIOUS)) == ("api:3", "api:2")


def test_a_release_of_a_killed_run_is_told_continued_or_replaced(cloud, released):
    prepare(cloud, 4)
    denied = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "UpdateService")
    released.refusals = {"api:4": denied}
    assert "AccessDeniedException" in fail(cloud, "live", revision="api:4")["msg"]
    released.refusals = {}
    assert (recorded(released, PENDING), released.running) == ("api:4", "api:3")
    prepared = prepare(cloud, 5)
    assert (prepared["pending"], prepared["already_live"]) == ("api:4", False)
    replaced = run(cloud, "live", revision="api:5")
    assert any("The release of api:4 never passed; api:5 takes its place." in str(one) for one in replaced["warnings"])
    assert (recorded(released, LIVE), recorded(released, PENDING)) == ("api:3", "api:5")
    assert run(cloud, "passed", revision="api:5")["previous"] == "api:3"


def test_a_deployment_under_way_is_waited_for_and_not_started_again(cloud, released):
    prepare(cloud, 4)
    released.tags[PENDING] = f"api:4 {WHEN}"
    released.update({"taskDefinition": "api:4"})
    assert run(cloud, "live", revision="api:4")["running"] == "api:4"
    assert "UpdateService" not in cloud.mutations


def test_a_deployment_that_failed_is_begun_again(cloud, released):
    prepare(cloud, 4)
    released.update({"taskDefinition": "api:4"})
    released.deployments[0]["rolloutState"] = "FAILED"
    run(cloud, "live", revision="api:4")
    (sent,) = cloud.parameters("UpdateService")
    assert (sent["taskDefinition"], sent["forceNewDeployment"]) == ("api:4", True)


def test_a_record_that_a_converge_moved_is_what_counts(cloud, released):
    prepare(cloud, 3, task_definition=definition(memory=1024))
    released.update({"taskDefinition": "api:4"})
    released.tags[LIVE] = f"api:4 {WHEN}"
    released.describe()
    prepare(cloud, 5)
    released.ends = {5: "failed"}
    assert fail(cloud, "live", revision="api:5")["msg"].endswith("Live is api:4 again.")
    assert run(cloud, "previous")["running"] == "api:2"


def test_only_what_runs_can_pass(cloud, released):
    prepare(cloud, 4)
    failed = fail(cloud, "passed", revision="api:4")
    assert "ECS service api runs api:3, not api:4: nothing was recorded. To fix:" in failed["msg"]
    assert cloud.mutations == []


def test_a_pass_that_was_killed_half_way_is_one(cloud, released):
    released.tags[PENDING] = f"api:3 {WHEN}"
    assert prepare(cloud, 3)["pending"] is None
    assert run(cloud, "previous")["running"] == "api:2"


def test_a_service_without_tasks_is_warned_about(cloud, service):
    service.desired = 0
    prepare(cloud, 2)
    result = run(cloud, "live", revision="api:2")
    assert any(
        "api has a desired count of 0: api:2 is live, but nothing runs it" in str(one) for one in result["warnings"]
    )


def test_check_mode_predicts_each_step_and_changes_nothing(cloud, released):
    prepared = prepare(cloud, 4, check_mode=True)
    assert (prepared["changed"], prepared["revision"]) == (True, f"{ARN}api:4".replace("123456789012", "0" * 12))
    action = {"service": "ecs", "type": "release", "name": "api", "action": "create", "fields": []}
    assert (prepared["actions"], cloud.mutations) == ([action], [])
    for state, fields in (("live", ["task_definition"]), ("passed", ["live"])):
        result = run(cloud, state, revision=prepared["revision"], check_mode=True)
        assert (result["actions"], cloud.mutations) == ([{**action, "action": "update", "fields": fields}], [])
    rollback = run(cloud, "previous", check_mode=True)
    assert (rollback["changed"], rollback["live"]["task_definition"], cloud.mutations) == (True, "api:2", [])
    assert not run(cloud, "passed", revision="api:3", check_mode=True)["changed"]
    assert not run(cloud, "returned", check_mode=True)["changed"]


@pytest.mark.parametrize("state", ["prepared", "live", "passed", "returned", "previous"])
def test_a_missing_service_is_clear_and_in_check_mode_to_come(cloud, service, state):
    service.exists = False
    params = {"task_definition": definition(), "container": "api", "image": image(2), "revision": "api:2"}
    failed = fail(cloud, state, **params)
    assert "ECS service api does not exist in cluster main. To fix: converge the platform first" in failed["msg"]
    predicted = run(cloud, state, **params, check_mode=True)
    assert (predicted["changed"], predicted["live"]["image"], cloud.mutations) == (True, None, [])


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"image": "backend:1"}, "image backend:1 has no digest. To fix:"),
        ({"container": "web"}, "task definition api has no container web. To fix:"),
        ({"task_definition": definition(memory=513)}, "task definition api cannot have memory 513 with cpu 256"),
        ({"task_definition": {"cpu": 256}}, "missing required arguments: name"),
        (
            {"task_definition": {**definition(), "image": "a"}},
            "task definition api is none of ecs_task_definitions: image. Supported",
        ),
        ({"task_definition": None}, "state prepared needs task_definition. To fix: give what is missing."),
    ],
)
def test_what_cannot_be_prepared_is_refused_before_any_call(cloud, changes, words):
    params = {"task_definition": definition(), "container": "api", "image": image(2), **changes}
    assert words in fail(cloud, "prepared", **params)["msg"] and not cloud.calls


def test_a_planned_id_is_never_sent(cloud):
    role = planned.arn("iam", "us-east-1", "123456789012", f"role/{planned.uuid('role')}")
    item = definition(task_role_arn=role)
    failed = fail(cloud, "prepared", task_definition=item, container="api", image=image(2))
    assert "release of api: a planned id of a --check run" in failed["msg"] and not cloud.calls
