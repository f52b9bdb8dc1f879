# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VPC that is already there is used, and never changed, tagged or deleted."""

import pytest

from tests.integration.account import Account, without_kept
from tests.integration.attribution import planned_resources, resources
from tests.integration.harness import REGION, SKELETON, Ansible

HOST = "dougust-development"
CIDR = "172.20.0.0/16"


@pytest.fixture
def ansible(sandbox, tmp_path):
    """Runs what these tests are about, and not the whole platform."""
    return Ansible(sandbox, tmp_path, SKELETON)


def make_vpc(sandbox):
    """A VPC with an internet gateway, of somebody else: its id."""
    ec2 = sandbox.client("ec2", REGION)
    tags = [{"Key": "Name", "Value": "theirs"}, {"Key": "Owner", "Value": "somebody else"}]
    vpc_id = ec2.create_vpc(CidrBlock=CIDR, TagSpecifications=[{"ResourceType": "vpc", "Tags": tags}])["Vpc"]["VpcId"]
    gateway_id = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(VpcId=vpc_id, InternetGatewayId=gateway_id)
    return vpc_id


def test_an_adopted_vpc_is_used_and_stays_as_it_is(sandbox, ansible):
    vpc_id = make_vpc(sandbox)
    before = sandbox.snapshot()
    theirs = [(kind, key) for kind in before for key in before[kind]]
    adopt = {"networking_existing_vpc_id": vpc_id, "networking_vpc_cidr": CIDR}

    run, plan = ansible.plan("development", extra=adopt)
    assert not run.ok().mutating
    run = ansible.converge("development", extra=adopt).ok()
    account = Account(sandbox)
    touched = resources(run.mutating, account.snapshot)
    assert touched == planned_resources(plan)
    assert not touched & {("ec2", "vpc", "theirs"), ("ec2", "security-group", "default")}
    assert {(kind, key): account.snapshot[kind][key] for kind, key in theirs} == {
        (kind, key): before[kind][key] for kind, key in theirs
    }
    assert account.names("ec2/vpc") == ["theirs"] and account.names("ec2/internet-gateway") == []
    assert {subnet["VpcId"] for subnet in account.of("ec2/subnet").values()} == {vpc_id}
    (gateway,) = account.snapshot["ec2/internet-gateway"].values()
    public = account.one("ec2/route-table", f"{HOST}-public-a")
    assert gateway["InternetGatewayId"] in [route.get("GatewayId") for route in public["Routes"]]

    ansible.converge("development", extra=adopt).unchanged()
    extra = adopt | {"teardown_confirm": HOST}
    ansible.run("playbooks/teardown.yml", "development", extra=extra).ok()
    assert without_kept(sandbox.snapshot()) == before


def test_an_unknown_vpc_is_refused_before_anything_is_changed(sandbox, ansible):
    before = sandbox.snapshot()
    run = ansible.converge("development", extra={"networking_existing_vpc_id": "vpc-0123456789abcdef0"})
    run.refused("vpc-0123456789abcdef0", "To fix:")
    assert run.mutating == [] and sandbox.snapshot() == before
