# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of sessions."""

import json

import pytest


@pytest.fixture
def assumed(sandbox):
    """assumed(): a client of STS with the credentials of a role that trusts its own account."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "123456789012"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = sandbox.client("iam").create_role(
        RoleName="deploy", AssumeRolePolicyDocument=document, MaxSessionDuration=43200
    )  # fmt: skip
    arn = role["Role"]["Arn"]
    given = sandbox.client("sts").assume_role(RoleArn=arn, RoleSessionName="one", DurationSeconds=43200)["Credentials"]
    keys = {
        "aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }  # fmt: skip
    return sandbox.client("sts", credentials=keys), arn


def test_a_chained_session_lasts_an_hour(assumed, refused):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining"""
    sts, arn = assumed
    wanted = {"RoleArn": arn, "RoleSessionName": "two"}
    assert refused(sts.assume_role, **wanted, DurationSeconds=3601) == "ValidationError"
    assert sts.assume_role(**wanted, DurationSeconds=3600)["AssumedRoleUser"]["Arn"].endswith("assumed-role/deploy/two")


def test_a_session_gets_no_session_token(assumed, refused):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html"""
    sts, _arn = assumed
    assert refused(sts.get_session_token) == "AccessDenied"
    assert refused(sts.get_federation_token, Name="guest") == "AccessDenied"
