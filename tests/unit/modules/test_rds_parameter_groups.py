# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rds_parameter_groups against moto, which knows no parameter: the fixture has some, as AWS has four hundred."""

from __future__ import annotations

import pytest

MODULE = "rds_parameter_groups"
NAME = "dougust-test"
TAGS = {"Platform": "dougust", "Environment": "test", "ManagedBy": "groundwork.aws", "Component": "database"}
GROUP = {
    "name": NAME,
    "family": "postgres15",
    "parameters": {"rds.force_ssl": True, "log_connections": 1, "shared_preload_libraries": ["pg_stat_statements"]},
}
SET = {"rds.force_ssl": "1", "log_connections": "1", "shared_preload_libraries": "pg_stat_statements"}
MANY = [f"setting_{number:02}" for number in range(25)]


def parameter(name, value=None, apply_type="dynamic", modifiable=True, source="engine-default"):
    known = {"ParameterName": name, "ApplyType": apply_type, "IsModifiable": modifiable, "Source": source}
    return known if value is None else {**known, "ParameterValue": value}


@pytest.fixture(autouse=True)
def parameters(cloud):
    """The parameters of the one group, as AWS answers about them."""
    defaults = {
        "rds.force_ssl": parameter("rds.force_ssl", "1", "static", source="system"),
        "log_connections": parameter("log_connections"),
        "work_mem": parameter("work_mem"),
        "shared_preload_libraries": parameter("shared_preload_libraries", "", "static"),
        "data_directory": parameter("data_directory", "/rdsdbdata", "static", modifiable=False),
        **{name: parameter(name) for name in MANY},
    }
    live = dict(defaults)

    def modify(params):
        for one in params["Parameters"]:
            live[one["ParameterName"]] = {
                **defaults[one["ParameterName"]],
                "Source": "user",
                "ParameterValue": one["ParameterValue"],
            }
        return {}

    def reset(params):
        for one in params["Parameters"]:
            live[one["ParameterName"]] = defaults[one["ParameterName"]]
        return {}

    def describe(params):
        source = params.get("Source")
        return {"Parameters": [one for one in live.values() if source in (None, one["Source"])]}

    cloud.answer("ModifyDBParameterGroup", modify)
    cloud.answer("ResetDBParameterGroup", reset)
    cloud.answer("DescribeDBParameters", describe)
    cloud.answer(
        "DescribeEngineDefaultParameters", lambda params: {"EngineDefaults": {"Parameters": list(defaults.values())}}
    )
    return live


def run(cloud, group=None, **params):
    return cloud.run(MODULE, **{"parameter_groups": [group or GROUP], "tags": TAGS, **params})


def fail(cloud, group=None, **params):
    return cloud.run_failing(MODULE, **{"parameter_groups": [group or GROUP], "tags": TAGS, **params})


def by_user(live):
    return {name: one["ParameterValue"] for name, one in live.items() if one["Source"] == "user"}


def test_from_nothing_to_a_group_and_back(cloud, parameters):
    predicted = run(cloud, check_mode=True, account_id="123456789012")
    assert cloud.mutations == []
    created = run(cloud)
    assert cloud.mutations == ["CreateDBParameterGroup", "ModifyDBParameterGroup"]
    assert created["actions"] == predicted["actions"] and created["diff"] == predicted["diff"]
    assert created["parameter_groups"] == predicted["parameter_groups"]
    assert created["parameter_groups"][NAME]["parameters"] == SET == by_user(parameters)
    methods = {
        one["ParameterName"]: one["ApplyMethod"] for one in cloud.parameters("ModifyDBParameterGroup")[0]["Parameters"]
    }
    assert methods == {
        "rds.force_ssl": "pending-reboot",
        "log_connections": "immediate",
        "shared_preload_libraries": "pending-reboot",
    }
    for check_mode in (False, True):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], cloud.mutations) == (False, [])
        assert again["parameter_groups"] == created["parameter_groups"]
        assert len(cloud.parameters("DescribeDBParameters")) == 1
    assert run(cloud, state="gathered")["parameter_groups"] == created["parameter_groups"]
    assert run(cloud, state="absent")["changed"] and not run(cloud, state="absent")["changed"]


def test_what_is_not_listed_any_more_gets_its_default(cloud, parameters):
    run(cloud)
    wish = {**GROUP, "parameters": {"rds.force_ssl": True, "work_mem": 8192}}
    changed = run(cloud, wish)
    assert changed["actions"][0]["fields"] == ["parameters"]
    assert changed["diff"][0]["before"]["parameters"] == SET
    assert by_user(parameters) == {"rds.force_ssl": "1", "work_mem": "8192"}
    (reset,) = cloud.parameters("ResetDBParameterGroup")
    assert {one["ParameterName"]: one["ApplyMethod"] for one in reset["Parameters"]} == {
        "log_connections": "immediate",
        "shared_preload_libraries": "pending-reboot",
    }
    assert not run(cloud, wish)["changed"]
    assert run(cloud, {**GROUP, "parameters": {}})["changed"] and by_user(parameters) == {}


def test_a_default_that_is_wanted_is_no_difference(cloud, parameters):
    cloud.client("rds").create_db_parameter_group(
        DBParameterGroupName=NAME, DBParameterGroupFamily="postgres15", Description=NAME
    )
    wish = {**GROUP, "parameters": {"rds.force_ssl": True}}
    assert not run(cloud, wish, tags=None)["changed"] and by_user(parameters) == {}


def test_parameters_that_are_not_given_are_left_alone(cloud, parameters):
    run(cloud)
    assert not run(cloud, {"name": NAME, "family": "postgres15"}, tags=None)["changed"]
    assert "DescribeDBParameters" not in cloud.operations
    run(cloud, {**GROUP, "tags": {"Tier": "data"}})
    assert cloud.mutations == ["AddTagsToResource"]


def test_drift_by_hand_is_corrected(cloud, parameters):
    run(cloud)
    parameters["work_mem"] = parameter("work_mem", "1", source="user")
    parameters["log_connections"] = parameter("log_connections", "0", source="user")
    assert run(cloud)["changed"] and by_user(parameters) == SET


def test_twenty_parameters_a_call(cloud, parameters):
    wish = {**GROUP, "parameters": {name: "1" for name in MANY}}
    run(cloud, wish)
    assert [len(call["Parameters"]) for call in cloud.parameters("ModifyDBParameterGroup")] == [20, 5]
    run(cloud, {**GROUP, "parameters": {}})
    assert [len(call["Parameters"]) for call in cloud.parameters("ResetDBParameterGroup")] == [20, 5]


def test_a_run_killed_between_two_calls_is_finished(cloud, parameters):
    cloud.client("rds").create_db_parameter_group(
        DBParameterGroupName=NAME,
        DBParameterGroupFamily="postgres15",
        Description=NAME,
        Tags=[{"Key": key, "Value": value} for key, value in TAGS.items()],
    )
    assert run(cloud)["actions"][0]["fields"] == ["parameters"]
    assert by_user(parameters) == {name: SET[name] for name in ("log_connections", "shared_preload_libraries")}


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize(
    "name, message",
    [
        (
            "log_connection",
            f"DB parameter group {NAME} has no parameter log_connection. To fix: perhaps you mean log_connections.",
        ),
        ("nothing.like.it", "has no parameter nothing.like.it. To fix: take it out."),
        ("data_directory", "does not let parameter data_directory change. To fix: take it out."),
    ],
)
def test_unknown_and_fixed_parameters_are_refused_before_anything_changes(cloud, exists, name, message):
    if exists:
        run(cloud)
    for check_mode in (True, False):
        assert message in fail(cloud, {**GROUP, "parameters": {name: "1"}}, check_mode=check_mode)["msg"]
        assert cloud.mutations == []


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "Upper"}, "DB parameter group Upper has no name that RDS takes. To fix:"),
        ({"family": ""}, "has no family. To fix: name one"),
        ({"parameters": {"work_mem": None}}, "has no usable value for work_mem. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    assert message in fail(cloud, {**GROUP, **change})["msg"]
    assert cloud.calls == []


def test_the_family_cannot_change(cloud):
    run(cloud)
    assert (
        "family is postgres15 and cannot become postgres16. To fix:"
        in fail(cloud, {**GROUP, "family": "postgres16"})["msg"]
    )


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_group_of_somebody_else_is_not_touched(cloud, state):
    run(cloud, tags={**TAGS, "Platform": "other"})
    assert f"DB parameter group {NAME} belongs to somebody else" in fail(cloud, state=state)["msg"]
    assert cloud.mutations == []


def test_a_group_that_rds_works_on_is_tried_again_and_explained(cloud, no_sleep):
    run(cloud)
    cloud.heal()
    cloud.answer("DescribeDBParameters", lambda params: {"Parameters": [parameter("work_mem")]})
    cloud.fail("ModifyDBParameterGroup", "InvalidDBParameterGroupState", "in use")
    failed = fail(cloud, {**GROUP, "parameters": {"work_mem": 1}})
    assert f"Could not change DB parameter group {NAME}: InvalidDBParameterGroupState: in use. To fix:" in failed["msg"]
    assert len(no_sleep) > 3
