# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One sandbox for all tests of a worker, emptied before each."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from sandbox.client import Sandbox  # noqa: E402


@pytest.fixture(scope="session")
def running_sandbox():
    """A sandbox for the whole run, not emptied."""
    with Sandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox):
    """An empty sandbox."""
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def ec2(sandbox):
    """EC2 in the usual region."""
    return sandbox.client("ec2")


@pytest.fixture
def vpc(ec2):
    """The id of a new VPC with DNS host names."""
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    return vpc_id


@pytest.fixture
def subnet(ec2, vpc):
    """The id of a subnet in the VPC."""
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]


@pytest.fixture
def refused():
    """refused(function, **arguments): the code of the error that AWS answers with."""
    from botocore.exceptions import ClientError

    def call(function, **arguments):
        with pytest.raises(ClientError) as error:
            function(**arguments)
        return error.value.response["Error"]["Code"]

    return call
