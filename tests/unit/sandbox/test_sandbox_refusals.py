# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials and regions that AWS does not accept, and a reset that is complete."""

import pytest
from botocore.exceptions import ClientError
from sandbox.environment import ACCESS_KEY_ID

BAD = [
    ("ec2", "describe_vpcs", "AuthFailure", 401),
    ("sts", "get_caller_identity", "InvalidClientTokenId", 403),
    ("iam", "list_roles", "InvalidClientTokenId", 403),
    ("kms", "list_keys", "UnrecognizedClientException", 400),
    ("lambda", "list_functions", "UnrecognizedClientException", 403),
    ("s3", "list_buckets", "InvalidAccessKeyId", 403),
]


@pytest.mark.parametrize("service, method, code, status", BAD)
def test_credentials(sandbox, service, method, code, status):
    call = getattr(sandbox.client(service), method)
    sandbox.refuse_credentials()
    with pytest.raises(ClientError) as error:
        call()
    response = error.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)
    assert sandbox.calls()[-1]["outcome"] == code
    sandbox.refuse_credentials(False)
    call()


def test_some_credentials(sandbox, ec2, refused):
    sandbox.refuse_credentials(["AKIA0000000000000000"])
    ec2.describe_vpcs()
    sandbox.refuse_credentials([ACCESS_KEY_ID])
    assert refused(ec2.describe_vpcs) == "AuthFailure"


@pytest.mark.parametrize(
    "service, method, code",
    [
        ("ec2", "describe_vpcs", "AuthFailure"),
        ("sts", "get_caller_identity", "SignatureDoesNotMatch"),
        ("kms", "list_keys", "InvalidSignatureException"),
    ],
)
def test_regions(sandbox, service, method, code):
    with pytest.raises(ClientError, match="valid region, not 'eu-nowhere-1'") as error:
        getattr(sandbox.client(service, region="eu-nowhere-1"), method)()
    assert error.value.response["Error"]["Code"] == code


def test_regions_are_kept_apart(sandbox):
    sandbox.client("logs", "eu-west-1").create_log_group(logGroupName="here")
    assert sandbox.client("logs", "eu-central-1").describe_log_groups()["logGroups"] == []
    assert len(sandbox.client("logs", "eu-west-1").describe_log_groups()["logGroups"]) == 1


def test_reset(sandbox, ec2, vpc):
    sandbox.client("iam").create_user(UserName="u")
    sandbox.refuse_credentials()
    sandbox.reset()
    assert sandbox.calls() == []
    assert vpc not in [item["VpcId"] for item in ec2.describe_vpcs()["Vpcs"]]
    assert sandbox.client("iam").list_users()["Users"] == []
