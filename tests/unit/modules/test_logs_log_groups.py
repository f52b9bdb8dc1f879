# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""logs_log_groups against moto."""

from __future__ import annotations

import pytest

TAGS = {"Platform": "dougust", "Environment": "test"}
NAME = "/aws/vpc/flow-logs/dougust-test"
KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def params(**changes):
    return {
        "log_groups": [{"name": NAME, "retention_days": 30, **changes}],
        "tags": TAGS,
        "account_id": "123456789012",
    }


def test_from_nothing_and_back(cloud):
    predicted = cloud.run("logs_log_groups", check_mode=True, **params())
    assert cloud.mutations == []
    created = cloud.run("logs_log_groups", **params())
    assert cloud.mutations == ["CreateLogGroup", "PutRetentionPolicy"]
    assert predicted["log_groups"][NAME]["arn"] == created["log_groups"][NAME]["arn"]
    assert created["log_groups"][NAME]["tags"] == TAGS
    for check_mode in (False, True):
        again = cloud.run("logs_log_groups", check_mode=check_mode, **params())
        assert (again["changed"], cloud.mutations) == (False, [])
    assert cloud.run("logs_log_groups", state="gathered", **params())["log_groups"] == created["log_groups"]
    assert cloud.run("logs_log_groups", state="absent", **params())["changed"]
    assert not cloud.run("logs_log_groups", state="absent", **params())["changed"]


@pytest.mark.parametrize(
    "changes, calls",
    [
        ({"retention_days": 365}, ["PutRetentionPolicy"]),
        ({"retention_days": 0}, ["DeleteRetentionPolicy"]),
        ({"kms_key_arn": KEY}, ["AssociateKmsKey"]),
        ({"tags": {"Team": "us"}}, ["TagResource"]),
    ],
)
def test_each_field_changes_in_place(cloud, changes, calls):
    cloud.run("logs_log_groups", **params())
    # In-process moto has no AssociateKmsKey.
    cloud.answer("AssociateKmsKey", lambda given: {})
    predicted = cloud.run("logs_log_groups", check_mode=True, **params(**changes))
    assert (predicted["actions"][0]["fields"], cloud.mutations) == (list(changes), [])
    cloud.run("logs_log_groups", **params(**changes))
    assert cloud.mutations == calls


def test_a_group_that_no_description_shows_yet(cloud):
    cloud.answer("DescribeLogGroups", lambda params: {"logGroups": []}, times=3)
    created = cloud.run("logs_log_groups", **params())
    assert created["log_groups"][NAME]["retention_days"] == 30
    assert cloud.operations.count("DescribeLogGroups") == 4 and cloud.mutations == [
        "CreateLogGroup",
        "PutRetentionPolicy",
    ]


def test_a_group_whose_name_only_begins_alike_is_another_one(cloud):
    cloud.client("logs").create_log_group(logGroupName=f"{NAME}-old")
    assert cloud.run("logs_log_groups", state="gathered", **params())["log_groups"] == {}


def test_somebody_elses_group_is_refused(cloud):
    cloud.client("logs").create_log_group(logGroupName=NAME, tags={"Platform": "acme"})
    failed = cloud.run_failing("logs_log_groups", **params())
    assert "belongs to somebody else: it is tagged Platform=acme" in failed["msg"]


def test_a_failure_says_what_and_why(cloud):
    cloud.fail("CreateLogGroup", "LimitExceededException", "Resource limit exceeded.")
    failed = cloud.run_failing("logs_log_groups", **params())
    assert (
        f"Could not create log group {NAME}: LimitExceededException: Resource limit exceeded. To fix:" in failed["msg"]
    )


def test_a_key_of_a_moment_ago_is_asked_for_again(cloud, no_sleep):
    message = f"The specified KMS key does not exist or is not allowed to be used with Arn '{NAME}'."
    cloud.fail("CreateLogGroup", "InvalidParameterException", message, times=2)
    assert cloud.run("logs_log_groups", **params(kms_key_arn=KEY))["changed"]
    assert (cloud.operations.count("CreateLogGroup"), len(no_sleep)) == (3, 2)


def test_another_invalid_parameter_fails_at_once(cloud, no_sleep):
    cloud.fail("CreateLogGroup", "InvalidParameterException", "The name is wrong.")
    assert "InvalidParameterException: The name is wrong" in cloud.run_failing("logs_log_groups", **params())["msg"]
    assert (cloud.operations.count("CreateLogGroup"), no_sleep) == (1, [])
