# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rds_snapshots against moto: made once, waited for, deleted."""

from __future__ import annotations

import pytest

MODULE = "rds_snapshots"
NAME = "dougust-test-before-v2"
TAGS = {"Platform": "dougust", "Environment": "test"}
SNAPSHOT = {"name": NAME, "instance": "dougust-test"}


@pytest.fixture(autouse=True)
def instance(cloud):
    """An instance to make snapshots of."""
    cloud.client("rds").create_db_instance(
        DBInstanceIdentifier="dougust-test",
        DBInstanceClass="db.t3.medium",
        Engine="postgres",
        MasterUsername="dougust",
        MasterUserPassword="not-a-real-one",
        AllocatedStorage=20,
    )


def run(cloud, snapshot=None, **params):
    return cloud.run(MODULE, **{"snapshots": [snapshot or SNAPSHOT], "tags": TAGS, **params})


def fail(cloud, snapshot=None, **params):
    return cloud.run_failing(MODULE, **{"snapshots": [snapshot or SNAPSHOT], "tags": TAGS, **params})


def script(cloud, *states):
    """Let AWS show these states, the last one for ever."""
    left = list(states)

    def change(answer):
        for one in answer["DBSnapshots"]:
            one.update({"Status": left[0], "PercentProgress": 100 if left[0] == "available" else 40})
            if len(left) > 1:
                left.pop(0)

    cloud.adjust("DescribeDBSnapshots", change)
    cloud.adjust("CreateDBSnapshot", lambda answer: answer["DBSnapshot"].update({"Status": "creating"}))


def test_from_nothing_to_a_snapshot_and_back(cloud):
    predicted = run(cloud, check_mode=True, account_id="123456789012")["snapshots"][NAME]
    assert cloud.mutations == []
    created = run(cloud)
    assert (created["actions"][0]["action"], cloud.mutations) == ("create", ["CreateDBSnapshot"])
    one = created["snapshots"][NAME]
    assert one == {**one, **SNAPSHOT, "arn": predicted["arn"], "status": "available", "tags": TAGS}
    for check_mode in (False, True):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], again["snapshots"], cloud.mutations) == (False, created["snapshots"], [])
    assert run(cloud, state="gathered")["snapshots"] == created["snapshots"]
    assert run(cloud, state="absent")["changed"] and not run(cloud, state="absent")["changed"]


def test_a_snapshot_is_waited_for(cloud):
    script(cloud, "creating", "creating", "available")
    assert run(cloud)["snapshots"][NAME]["percent"] == 100
    assert cloud.operations.count("DescribeDBSnapshots") >= 4


def test_without_wait_a_later_run_waits(cloud):
    script(cloud, "creating", "creating", "available")
    assert run(cloud, wait=False)["snapshots"][NAME]["status"] == "creating"
    settled = run(cloud)
    assert (settled["changed"], settled["snapshots"][NAME]["status"]) == (False, "available")


def test_a_snapshot_that_failed_or_takes_too_long_says_so(cloud):
    script(cloud, "failed")
    assert f"Could not see DB snapshot {NAME} available within 60 seconds" in fail(cloud, wait_timeout=60)["msg"]


def test_a_snapshot_in_the_making_is_deleted_when_it_is_there(cloud):
    run(cloud)
    script(cloud, "creating", "creating", "available")
    run(cloud, state="absent")
    assert cloud.operations.count("DescribeDBSnapshots") >= 3 and cloud.mutations == ["DeleteDBSnapshot"]


def test_tags_change_in_place(cloud):
    run(cloud)
    assert run(cloud, {**SNAPSHOT, "tags": {"Release": "v2"}})["actions"][0]["fields"] == ["tags"]
    assert cloud.mutations == ["AddTagsToResource"]
    assert run(cloud)["changed"] and cloud.mutations == ["RemoveTagsFromResource"]
    assert not run(cloud, tags=None)["changed"]


def test_the_instance_cannot_change(cloud):
    run(cloud)
    assert (
        "instance is dougust-test and cannot become other. To fix:"
        in fail(cloud, {**SNAPSHOT, "instance": "other"})["msg"]
    )


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_snapshot_of_somebody_else_is_not_touched(cloud, state):
    run(cloud, tags={**TAGS, "Platform": "other"})
    assert f"DB snapshot {NAME} belongs to somebody else" in fail(cloud, state=state)["msg"]
    assert cloud.mutations == []


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "ends-"}, "DB snapshot ends- has no name that RDS takes. To fix:"),
        ({"instance": ""}, "has no instance. To fix: name the one to make a snapshot of."),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    assert message in fail(cloud, {**SNAPSHOT, **change})["msg"]
    assert cloud.calls == []


def test_an_instance_that_is_busy_is_one_clear_message(cloud):
    cloud.fail("CreateDBSnapshot", "InvalidDBInstanceState", "Instance is not currently available.")
    assert fail(cloud)["msg"] == (
        f"Could not create DB snapshot {NAME} of dougust-test: InvalidDBInstanceState: Instance is not currently "
        "available. To fix: wait until the instance is available (AWS still works on it) and run again. (region us-east-1)"
    )
