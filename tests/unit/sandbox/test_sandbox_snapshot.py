# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account as a dict to compare."""

import json

import pytest

TRUST = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}'
INLINE = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}'


@pytest.fixture
def filled(sandbox, ec2, subnet):
    """An account with something of everything."""
    sandbox.client("kms").create_alias(
        AliasName="alias/x", TargetKeyId=sandbox.client("kms").create_key()["KeyMetadata"]["KeyId"]
    )
    sandbox.client("logs").create_log_group(logGroupName="/l", tags={"a": "b"})
    sandbox.client("ecr").create_repository(repositoryName="app")
    iam = sandbox.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=INLINE)
    ec2.allocate_address(Domain="vpc")
    return sandbox


def test_empty(sandbox):
    assert sandbox.snapshot() == {}
    assert sandbox.snapshot(["eu-central-1"]) == {}


def test_default_vpc(sandbox):
    assert set(sandbox.snapshot(["eu-central-1"], defaults=True)) == {
        "ec2/network-acl", "ec2/route-table", "ec2/security-group", "ec2/subnet", "ec2/vpc",
    }  # fmt: skip


def test_contents(filled, vpc):
    found = filled.snapshot()
    assert {kind: len(items) for kind, items in found.items()} == {
        "ec2/elastic-ip": 1, "ec2/network-acl": 1, "ec2/route-table": 1, "ec2/security-group": 1, "ec2/subnet": 1,
        "ec2/vpc": 1, "ecr/repository": 1, "iam/role": 1, "kms/alias": 1, "kms/key": 1, "logs/log-group": 1,
    }  # fmt: skip
    assert f"eu-central-1/{vpc}" in found["ec2/vpc"]
    assert found["iam/role"]["arn:aws:iam::123456789012:role/r"]["Inline"] == {"p": json.loads(INLINE)}
    assert found["logs/log-group"]["eu-central-1//l"]["tags"] == {"a": "b"}


def test_same_state_same_snapshot_and_no_trace(filled):
    filled.forget_calls()
    first = filled.snapshot(["eu-central-1", "eu-west-1"])
    filled.fault("error", times=None)
    filled.refuse_credentials()
    assert filled.snapshot(["eu-central-1", "eu-west-1"]) == first
    assert filled.calls() == []


def test_a_change_shows(filled, ec2, vpc):
    before = filled.snapshot()
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "a", "Value": "b"}])
    after = filled.snapshot()
    assert before["ec2/vpc"] != after["ec2/vpc"]
    assert {kind: items for kind, items in after.items() if kind != "ec2/vpc"} == {
        kind: items for kind, items in before.items() if kind != "ec2/vpc"
    }


def test_what_waits_for_its_deletion(filled, ec2, subnet):
    (number,) = filled.snapshot()["kms/key"]
    filled.client("kms").schedule_key_deletion(KeyId=number.split("/")[1])
    gateway = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    found = filled.snapshot()
    assert list(found["kms/pending-deletion"]) == [number]
    assert "kms/key" not in found and "ec2/natgateway" not in found and "ec2/network-interface" not in found
