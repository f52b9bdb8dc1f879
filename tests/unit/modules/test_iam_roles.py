# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""iam_roles against moto: the role, its policies, and whose it is."""

from __future__ import annotations

import json

import pytest

TAGS = {"Platform": "dougust", "Environment": "test"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
READ_LOGS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["logs:GetLogEvents"], "Resource": "arn:aws:logs:us-east-1:1:x"}],
}
READ_ALL_LOGS = {**READ_LOGS, "Statement": [{**READ_LOGS["Statement"][0], "Resource": "arn:aws:logs:us-east-1:1:*"}]}
ROLE = {
    "name": "dougust-test-flow-logs",
    "description": "Writes flow logs",
    "assume_role_policy": TRUST,
    "inline_policies": {"read": READ_LOGS},
    "managed_policy_arns": [],
    "max_session_duration": 3600,
}


def params(**changes):
    return {"roles": [{**ROLE, **changes}], "tags": TAGS, "account_id": "123456789012"}


def role(cloud):
    return cloud.client("iam").get_role(RoleName=ROLE["name"])["Role"]


def test_the_predicted_arn_is_the_real_one(cloud):
    predicted = cloud.run("iam_roles", check_mode=True, **params())
    assert cloud.mutations == []
    created = cloud.run("iam_roles", **params())
    assert cloud.mutations == ["CreateRole", "PutRolePolicy"]
    arns = [result["roles"][ROLE["name"]]["arn"] for result in (predicted, created)]
    assert arns == ["arn:aws:iam::123456789012:role/dougust-test-flow-logs"] * 2


def test_second_run_changes_nothing_and_absent_takes_the_policies_along(cloud):
    cloud.run("iam_roles", **params())
    for check_mode in (False, True):
        again = cloud.run("iam_roles", check_mode=check_mode, **params())
        assert (again["changed"], cloud.mutations) == (False, [])
    assert role(cloud)["Tags"]
    deleted = cloud.run("iam_roles", state="absent", **params())
    assert [action["action"] for action in deleted["actions"]] == ["delete"]
    assert cloud.mutations == ["DeleteRolePolicy", "DeleteRole"]
    assert not cloud.run("iam_roles", state="absent", **params())["changed"]


def test_a_run_killed_before_the_policy_is_finished_by_the_next(cloud):
    cloud.fail("PutRolePolicy", "ServiceFailure")
    failed = cloud.run_failing("iam_roles", **params())
    assert "Could not put policy read on IAM role dougust-test-flow-logs: ServiceFailure" in failed["msg"]
    assert [action["action"] for action in failed["actions"]] == ["create"]
    cloud.heal()
    finished = cloud.run("iam_roles", **params())
    assert (finished["actions"][0]["fields"], cloud.mutations) == (["inline_policies"], ["PutRolePolicy"])


@pytest.mark.parametrize(
    "changes, calls",
    [
        ({"description": "Other"}, ["UpdateRole"]),
        ({"max_session_duration": 7200}, ["UpdateRole"]),
        ({"inline_policies": {}}, ["DeleteRolePolicy"]),
        ({"inline_policies": {"read": READ_ALL_LOGS}}, ["PutRolePolicy"]),
        ({"managed_policy_arns": ["arn:aws:iam::123456789012:policy/mine"]}, ["AttachRolePolicy"]),
        ({"tags": {"Team": "us"}}, ["TagRole"]),
    ],
)
def test_each_field_changes_in_place(cloud, changes, calls):
    cloud.client("iam").create_policy(PolicyName="mine", PolicyDocument=json.dumps(READ_LOGS))
    cloud.run("iam_roles", **params())
    predicted = cloud.run("iam_roles", check_mode=True, **params(**changes))
    assert (predicted["actions"][0]["fields"], cloud.mutations) == (list(changes), [])
    changed = cloud.run("iam_roles", **params(**changes))
    assert (changed["actions"], cloud.mutations) == (predicted["actions"], calls)
    assert not cloud.run("iam_roles", **params(**changes))["changed"]


def test_update_role_never_resets_what_is_not_changed(cloud):
    cloud.run("iam_roles", **params(max_session_duration=7200))
    cloud.run("iam_roles", **params(max_session_duration=7200, description="Other"))
    (call,) = cloud.parameters("UpdateRole")
    assert (call["Description"], call["MaxSessionDuration"]) == ("Other", 7200)


def test_the_order_of_a_policys_actions_does_not_count(cloud):
    many = {**READ_LOGS["Statement"][0], "Action": ["logs:GetLogEvents", "logs:FilterLogEvents"]}
    other = {**many, "Action": ["logs:FilterLogEvents", "logs:GetLogEvents"]}
    cloud.run("iam_roles", **params(inline_policies={"read": {**READ_LOGS, "Statement": [many]}}))
    again = cloud.run("iam_roles", **params(inline_policies={"read": {**READ_LOGS, "Statement": [other]}}))
    assert not again["changed"]


def test_somebody_elses_role_is_refused(cloud):
    cloud.run("iam_roles", **params())
    failed = cloud.run_failing("iam_roles", **{**params(), "tags": {**TAGS, "Environment": "production"}})
    assert "belongs to somebody else: it is tagged Environment=test" in failed["msg"]
    assert cloud.mutations == []


def test_a_long_name_is_refused_before_the_first_call(cloud):
    failed = cloud.run_failing("iam_roles", **params(name="r" * 65))
    assert ("longer than 64 characters" in failed["msg"], cloud.calls) == (True, [])
