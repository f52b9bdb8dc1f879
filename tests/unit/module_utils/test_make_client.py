# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which calls are sent again after their answer was lost."""

from __future__ import annotations

import time

import boto3
import pytest
from ansible_collections.groundwork.aws.plugins.module_utils.lifecycle import make_client
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

ENDPOINT = "http://127.0.0.1:1"


class Module:
    """As much of an AnsibleAWSModule as make_client uses."""

    def client(self, service, **options):
        keys = {"aws_access_key_id": "unit", "aws_secret_access_key": "unit", "region_name": "us-east-1"}
        return boto3.client(service, endpoint_url=ENDPOINT, **keys, **options)


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.delenv("AWS_MAX_ATTEMPTS", raising=False)
    monkeypatch.delenv("AWS_RETRY_MODE", raising=False)


def attempts(service, operation, error=ConnectionClosedError, **params):
    """How often a call is sent whose connection always breaks."""
    client = make_client(Module(), service)
    sent = []

    def send(**_kwargs):
        sent.append(operation)
        raise error(endpoint_url=ENDPOINT, error="broken")

    client.meta.events.register("before-send", send)
    with pytest.raises(error) as raised:
        getattr(client, operation)(**params)
    # What is sent once may be done all the same: the life cycle looks again.
    assert getattr(raised.value, "may_be_done", False) == (len(sent) == 1)
    return len(sent)


@pytest.mark.parametrize(
    "service, operation, params",
    [
        ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}),
        ("ec2", "allocate_address", {}),
        ("ec2", "associate_route_table", {"RouteTableId": "rtb-1", "SubnetId": "subnet-1"}),
        ("ec2", "authorize_security_group_ingress", {"GroupId": "sg-1"}),
        ("ec2", "replace_network_acl_association", {"AssociationId": "aclassoc-1", "NetworkAclId": "acl-1"}),
        ("kms", "create_key", {}),
        ("ecr", "create_repository", {"repositoryName": "api"}),
    ],
)
@pytest.mark.parametrize("error", [ConnectionClosedError, ReadTimeoutError])
def test_a_creation_whose_answer_was_lost_is_not_sent_again(service, operation, params, error):
    assert attempts(service, operation, error, **params) == 1


@pytest.mark.parametrize("mode", [None, "2"])
def test_the_number_of_attempts_of_the_environment_makes_no_difference(monkeypatch, mode):
    if mode:
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", mode)
    assert attempts("ec2", "create_vpc", CidrBlock="10.0.0.0/16") == 1
    assert attempts("ec2", "describe_vpcs") == int(mode or 8)


@pytest.mark.parametrize("error", [EndpointConnectionError, ConnectTimeoutError])
def test_a_creation_that_never_arrived_is_sent_again(error):
    assert attempts("ec2", "create_vpc", error, CidrBlock="10.0.0.0/16") == 8


@pytest.mark.parametrize(
    "service, operation, params",
    [
        ("ec2", "describe_vpcs", {}),
        ("ec2", "create_nat_gateway", {"SubnetId": "subnet-1"}),  # botocore adds a client token
        ("ec2", "create_tags", {"Resources": ["vpc-1"], "Tags": [{"Key": "Name", "Value": "x"}]}),
        ("ec2", "delete_vpc", {"VpcId": "vpc-1"}),
        ("ecr", "put_lifecycle_policy", {"repositoryName": "api", "lifecyclePolicyText": "{}" * 50}),
    ],
)
def test_what_may_be_sent_twice_is_sent_again(service, operation, params):
    assert attempts(service, operation, **params) == 8
