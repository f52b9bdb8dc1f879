# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes time on AWS takes it here too when asked, and time passes when told to."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from sandbox import delays
from sandbox.client import Sandbox

ROOT = Path(__file__).resolve().parents[3]


def nat_gateway(ec2, subnet):
    """The id of a new NAT gateway, and a function that tells its state."""
    number = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    return lambda: ec2.describe_nat_gateways(NatGatewayIds=[number])["NatGateways"][0]["State"]


def test_everything_is_at_once_unless_told(sandbox, ec2, subnet):
    assert set(sandbox.delays().values()) == {0}
    assert nat_gateway(ec2, subnet)() == "available"


def test_typical_durations_pass_when_told(sandbox, ec2, subnet):
    applies = sandbox.delays(scale=1)
    assert applies == {**delays.TYPICAL, "scale": 1}
    state = nat_gateway(ec2, subnet)
    sandbox.advance(applies["nat-gateway-create"] - 10)
    assert state() == "pending"
    assert sandbox.advance(11) == applies["nat-gateway-create"] + 1
    assert state() == "available"


def test_a_scale_makes_it_quick(sandbox, ec2, subnet):
    assert sandbox.delays(scale=0.5)["nat-gateway-create"] == delays.TYPICAL["nat-gateway-create"] / 2
    state = nat_gateway(ec2, subnet)
    sandbox.advance(delays.TYPICAL["nat-gateway-create"] / 2 + 1)
    assert state() == "available"


def test_what_was_told_is_not_scaled(sandbox):
    assert sandbox.delays(scale=0.1, nat_gateway_create=7)["nat-gateway-create"] == 7


def test_a_database_and_botocores_waiter(sandbox):
    rds = sandbox.client("rds")
    sandbox.delays(scale=1)
    size = {"DBInstanceClass": "db.t4g.micro", "AllocatedStorage": 20, "Engine": "postgres"}
    rds.create_db_instance(
        DBInstanceIdentifier="slow", MasterUsername="owner", MasterUserPassword="long-enough", **size
    )
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "creating"
    sandbox.advance(delays.TYPICAL["db-instance-create"] + 1)
    rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier="slow", WaiterConfig={"MaxAttempts": 1})
    rds.delete_db_instance(DBInstanceIdentifier="slow", SkipFinalSnapshot=True)
    assert rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "deleting"
    sandbox.advance(delays.TYPICAL["db-instance-delete"] + 1)
    rds.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier="slow", WaiterConfig={"MaxAttempts": 1})


def test_time_does_not_go_back(sandbox):
    with pytest.raises(ValueError, match="time does not go back"):
        sandbox.advance(-1)


@contextlib.contextmanager
def started(*options):
    """A sandbox of its own, started with options."""
    command = [sys.executable, "-m", "sandbox", "--until-eof", *options]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **streams) as process:
        yield Sandbox(process.stdout.readline().strip().removeprefix("AWS_ENDPOINT_URL="))
        process.stdin.close()


def test_a_sandbox_that_is_slow_from_the_start_stays_so():
    with started("--time-scale", "0.02") as slow:
        assert slow.delays()["db-instance-create"] == 12
        slow.delays(scale=1)
        slow.reset()
        assert slow.delays()["scale"] == 0.02


@pytest.mark.parametrize("value", ["-1", "fast", "inf"])
def test_a_scale_is_a_number(value):
    command = [sys.executable, "-m", "sandbox", "--time-scale", value]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2 and "--time-scale" in done.stderr
