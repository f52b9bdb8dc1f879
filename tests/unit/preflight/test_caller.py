# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose the credentials are."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.caller import (
    caller_outputs,
    caller_problems,
    endpoint_of,
    is_loopback,
    where,
)

PLACE = where("us-east-1", "", "")
ARN = "arn:aws-cn:iam::123456789012:user/deploy"


def failed(message, code=""):
    result = {"failed": True, "msg": message, "error": {"code": code}}
    return caller_problems(result, ["123456789012"], PLACE)[0].line()


def test_a_caller_of_the_environment_is_accepted():
    assert caller_problems({"account": "123456789012", "arn": ARN}, ["123456789012"], PLACE) == []


def test_another_account_is_refused_with_both_and_where_to_change_it():
    line = caller_problems({"account": "123456789012", "arn": ARN}, ["210987654321"], PLACE)[0].line()
    assert line == (
        f"AWS credentials: they belong to account 123456789012 ({ARN}), this environment is for 210987654321"
        " (region us-east-1, no profile). Fix: use the credentials of that account, or correct platform_account_ids in"
        " the environment's group_vars."
    )


@pytest.mark.parametrize(
    ("message", "code", "expected"),
    [
        ("An error occurred", "InvalidClientTokenId", "because AWS does not know the access key"),
        ("An error occurred", "ExpiredToken", "because the credentials have expired"),
        ("An error occurred", "SignatureDoesNotMatch", "because the secret key does not match the access key"),
        ("An error occurred", "Throttling", "because AWS is throttling or failing"),
        ("An error occurred", "AccessDenied", "because the credentials may not be used there"),
        ("Unable to locate credentials", "", "because there are no credentials"),
        ("The config profile (x) could not be found", "", "because the profile is not in the AWS configuration"),
        ("Partial credentials found: PartialCredentialsError", "", "because the credentials are incomplete"),
        ('Could not connect to the endpoint URL: "http://127.0.0.1:1/"', "", "because it cannot be reached"),
        ("Timed out after 20 second(s).", "", "because it was throttled or cannot be reached"),
        ("Unable to parse response, invalid XML received", "", "because something that is not AWS answered"),
        ("SSL validation failed", "", "because the endpoint's certificate is not trusted"),
        ("Failed to import the required Python library (boto3)", "", "because this Python has no boto3"),
        ("Something else", "", "because the reason is not one that preflight knows; it said: Something else."),
    ],
)
def test_every_failure_says_why_and_what_to_do(message, code, expected):
    line = failed(message, code)
    assert line.startswith("AWS credentials: asking AWS whose they are failed (region us-east-1, no profile) because ")
    assert expected in line
    assert ". Fix: " in line and "\n" not in line


def test_what_was_asked_is_named():
    assert where("us-east-1", "ops", "http://127.0.0.1:5000") == (
        "region us-east-1, endpoint http://127.0.0.1:5000, profile ops"
    )
    assert endpoint_of({"AWS_ENDPOINT_URL": "a", "AWS_ENDPOINT_URL_STS": "b"}) == "b"
    assert endpoint_of({}) == ""


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://127.9.9.9", True),
        ("http://localhost:5000", True),
        ("http://[::1]:5000", True),
        ("https://sts.us-east-1.amazonaws.com", False),
        ("http://127.0.0.1.example.com", False),
    ],
)
def test_only_this_machine_is_a_sandbox(endpoint, expected):
    assert is_loopback(endpoint) is expected
    outputs = caller_outputs({"account": "123456789012", "arn": ARN}, "cn-north-1", endpoint)
    assert outputs == {
        "account_id": "123456789012",
        "caller_arn": ARN,
        "partition": "aws-cn",
        "region": "cn-north-1",
        "sandbox": expected,
    }
