# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A converged Dougust in one of its environments, and what its variables say there."""

import dataclasses
import itertools

from sandbox.client import ACCOUNT, Sandbox
from tests.integration.account import Account
from tests.integration.harness import REGION

TIERS = ("public", "private", "database")
ZONES = ("a", "b")
PLACES = [f"{tier}-{zone}" for tier, zone in itertools.product(TIERS, ZONES)]
EVERYWHERE = "0.0.0.0/0"
ARN = f"{REGION}:{ACCOUNT}"


@dataclasses.dataclass(frozen=True)
class Expected:
    """What differs between environments."""

    domain: str = ""
    secret_prefix: str = ""
    protected: bool = False
    cpu: str = "512"
    memory: str = "1024"
    tasks: int = 2
    instance_class: str = "db.t3.medium"
    max_connections: int = 450  # of the class: its bytes of memory divided by 9531392
    multi_az: bool = True
    retention: int = 0  # of the flow logs
    log_retention: int = 0  # of the services
    mutability: str = "MUTABLE"
    firewall: bool = False


EXPECTED = {
    "development": Expected(secret_prefix="development/dougust", multi_az=False, retention=7, log_retention=7),
    "staging": Expected(
        domain="api.staging.dougust.com", secret_prefix="staging/dougust", retention=30, log_retention=30
    ),
    "production": Expected(
        domain="api.dougust.com",
        secret_prefix="prod/dougust",
        protected=True,
        cpu="1024",
        memory="2048",
        tasks=4,
        instance_class="db.t3.large",
        max_connections=901,
        retention=365,
        log_retention=90,
        mutability="IMMUTABLE_WITH_EXCLUSION",
        firewall=True,
    ),
}


class Dougust:
    """What the account shows of it."""

    def __init__(self, sandbox: Sandbox, environment: str, database_password: str):
        self.database_password = database_password
        self.sandbox, self.environment = sandbox, environment
        self.host, self.expected = f"dougust-{environment}", EXPECTED[environment]
        self.account = Account(sandbox)

    def client(self, service):
        """A boto3 client whose calls are not recorded."""
        return self.sandbox.client(service, REGION, recorded=False)

    def one(self, kind, part=""):
        """The resource of a kind that is called after the platform."""
        return self.account.one(kind, f"{self.host}-{part}" if part else self.host)

    def prefixed(self, *parts):
        """Names of the platform's resources, sorted as an account lists them."""
        return sorted(f"{self.host}-{part}" if part else self.host for part in parts)

    def key(self, part):
        """The ARN of a KMS key."""
        return self.one("kms/key", part)["Arn"]

    def subnets(self, tier):
        """The ids of a tier's subnets."""
        return {self.one("ec2/subnet", f"{tier}-{zone}")["SubnetId"] for zone in ZONES}

    def group(self, part):
        """The id of a security group."""
        return self.one("ec2/security-group", part)["GroupId"]

    def secret(self, name):
        """The ARN of a secret."""
        return self.account.one("secretsmanager/secret", f"{self.expected.secret_prefix}/{name}")["ARN"]

    @property
    def https(self):
        """Whether users come with TLS."""
        return bool(self.expected.domain)


def listed(value):
    """What a policy says, once or as a list."""
    return value if isinstance(value, list) else [value]
