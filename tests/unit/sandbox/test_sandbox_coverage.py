# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nothing here implements says so, in every protocol, and is counted."""

import pytest
from botocore.exceptions import ClientError

# Operations that AWS has and the sandbox does not, of each protocol; whoever adds one names another.
MISSING = [
    ("devops-guru", "describe_account_health", {}),  # rest-json, no such service in moto
    ("kendra", "list_indices", {}),  # json, no such service in moto
    ("securityhub", "list_invitations", {}),  # rest-json, no such path in moto
    ("events", "list_endpoints", {}),  # json
    ("elasticache", "describe_service_updates", {}),  # query
    ("ec2", "describe_reserved_instances_listings", {}),  # ec2
    ("cloudfront", "list_streaming_distributions", {}),  # rest-xml
    ("s3", "get_bucket_abac", {"Bucket": "some-bucket"}),  # rest-xml, which moto takes for another operation
]


@pytest.mark.parametrize(
    "service, method, parameters", MISSING, ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_missing_says_so_and_is_counted(sandbox, service, method, parameters):
    client = sandbox.client(service, "us-east-1")
    operation = client.meta.method_to_api_mapping[method]
    for _time in range(2):
        with pytest.raises(ClientError, match=f"the sandbox does not have {service}.{operation}: ") as error:
            getattr(client, method)(**parameters)
    response = error.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == ("NotImplemented", 501)
    assert sandbox.coverage() == {f"{service}.{operation}": {"calls": 2, "missing": 2}}


def test_what_is_there_is_counted_too(sandbox, ec2):
    ec2.describe_vpcs()
    with pytest.raises(ClientError):
        ec2.describe_vpcs(VpcIds=["vpc-0"])
    sandbox.forget_calls()
    assert sandbox.coverage() == {"ec2.DescribeVpcs": {"calls": 2, "missing": 0}}
    sandbox.reset()
    assert sandbox.coverage() == {}
