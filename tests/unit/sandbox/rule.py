# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a file in rules/ states what AWS refuses although its models allow it: a request, and the neighbour that it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    """One rule of AWS's, held by one request that breaks it and one that does not.

    Parameters may be a function of ``world``, for what needs the ids of things that were there before.
    """

    says: str  # the rule, in words
    page: str  # of AWS's documentation, that states it
    operation: str  # boto3's name of it
    code: str  # of AWS's error
    refused: dict | Callable[["World"], dict]
    accepted: dict | Callable[["World"], dict]  # sent after it
    given: Callable[["World"], Any] = lambda world: None  # makes what both need; ``world.given`` holds what it returns
    service: str = ""  # if it is not the file's


class World:
    """An empty account, and ways to make what many rules need."""

    def __init__(self, sandbox):
        self.sandbox, self.given = sandbox, None

    def __getattr__(self, service):
        """A client: ``world.ec2``, ``world.cognito_idp``."""
        return self.sandbox.client(service.replace("_", "-"))

    def vpc(self, block="10.0.0.0/16"):
        """The id of a new VPC."""
        return self.ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]

    def subnets(self, vpc=None, zones="ab"):
        """The ids of a new subnet in each of the zones."""
        vpc = vpc or self.vpc()
        blocks = [
            {"CidrBlock": f"10.0.{number}.0/24", "AvailabilityZone": f"eu-central-1{zone}"}
            for number, zone in enumerate(zones)
        ]
        return [self.ec2.create_subnet(VpcId=vpc, **block)["Subnet"]["SubnetId"] for block in blocks]
