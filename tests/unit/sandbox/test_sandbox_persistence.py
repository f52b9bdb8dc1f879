# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was there before a restart is there after it, and goes on working."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from sandbox.client import Sandbox

ROOT = Path(__file__).resolve().parents[3]
SANDBOX = [sys.executable, "-m", "sandbox", "--until-eof"]
REGION = "eu-central-1"
DATABASE = {"DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20, "Engine": "postgres", "MasterUsername": "owner"}


@contextlib.contextmanager
def started(*options):
    """A sandbox of its own, stopped on the way out."""
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([*SANDBOX, *options], cwd=ROOT, **streams) as process:
        yield Sandbox(process.stdout.readline().strip().removeprefix("AWS_ENDPOINT_URL="))
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def fill(sandbox):
    """Something of many services, also what the layer keeps itself; the id of a subnet."""
    ec2 = sandbox.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    zones = [f"{REGION}{letter}" for letter in "ab"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for number, zone in enumerate(zones)
    ]
    ec2.create_nat_gateway(SubnetId=subnets[0], ConnectivityType="private")
    sandbox.client("iam").create_user(UserName="u")
    sandbox.client("acm").request_certificate(DomainName="a.example.com", ValidationMethod="DNS")
    sandbox.client("kms").create_key(Description="k")
    sandbox.client("logs").create_log_group(logGroupName="/a")
    sandbox.client("secretsmanager").create_secret(Name="s", SecretString="v")
    sandbox.client("sns").create_topic(Name="t")
    sandbox.client("ecs").create_cluster(clusterName="c")
    sandbox.client("s3").create_bucket(Bucket="a-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    rds = sandbox.client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="g", DBSubnetGroupDescription="d", SubnetIds=subnets)
    rds.create_db_instance(
        DBInstanceIdentifier="d", MasterUserPassword="long-enough", DBSubnetGroupName="g", **DATABASE
    )
    balancer = sandbox.client("elbv2").create_load_balancer(Name="b", Subnets=subnets)["LoadBalancers"][0]
    group = sandbox.client("elbv2").create_target_group(Name="g", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][
        0
    ]
    sandbox.client("elbv2").create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}],
    )
    sandbox.client("logs", account="222222222222").create_log_group(logGroupName="/theirs")
    return subnets[0]


def test_another_process_goes_on_with_it(sandbox, tmp_path):
    subnet = fill(sandbox)
    wanted = sandbox.snapshot()
    assert len([kind for kind, found in wanted.items() if found]) > 12
    sandbox.save(tmp_path / "state")
    with started() as other:
        other.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")
        other.restore(tmp_path / "state")
        assert other.snapshot() == wanted
        assert len(other.client("logs", account="222222222222").describe_log_groups()["logGroups"]) == 1
        with pytest.raises(ClientError, match="DependencyViolation"):
            other.client("ec2").delete_subnet(SubnetId=subnet)
        other.client("rds").modify_db_instance(DBInstanceIdentifier="d", BackupRetentionPeriod=7, ApplyImmediately=True)
        assert other.client("rds").describe_db_instances()["DBInstances"][0]["BackupRetentionPeriod"] == 7


def test_what_takes_time_goes_on_taking_it(sandbox, subnet, ec2, tmp_path):
    sandbox.delays(nat_gateway_create=600)
    ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")
    sandbox.save(tmp_path / "state")
    with started() as other:
        other.restore(tmp_path / "state")
        for moment, state in ((500, "pending"), (150, "available")):
            other.advance(moment)
            assert other.client("ec2").describe_nat_gateways()["NatGateways"][0]["State"] == state


def test_a_file_that_is_named_at_the_start(tmp_path):
    state = str(tmp_path / "state")
    with started("--state", state) as one:
        one.client("logs").create_log_group(logGroupName="kept")
    with started("--state", state) as two:
        assert two.client("logs").describe_log_groups()["logGroups"][0]["logGroupName"] == "kept"


@pytest.mark.parametrize("content", [b"", b"no pickle", b"\x80\x04}."])
def test_a_file_of_something_else_is_refused_and_nothing_is_lost(sandbox, ec2, vpc, tmp_path, content):
    (tmp_path / "state").write_bytes(content)
    with pytest.raises(ValueError, match="state is no state of a sandbox"):
        sandbox.restore(tmp_path / "state")
    assert ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]
    command = [*SANDBOX, "--state", str(tmp_path / "state")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2 and "is no state of a sandbox" in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / "state").read_bytes() == content
