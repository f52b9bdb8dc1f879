# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planned ids: what check mode hands on in place of the ids of resources that do not exist yet.

They are well formed, so that whatever validates an id accepts them, and carry a mark, so that no
module ever sends one to AWS. This is the only place that makes or recognises them.
"""

from __future__ import annotations

import hashlib
import re

try:
    from botocore.exceptions import BotoCoreError
    from botocore.session import get_session
except ImportError:
    pass  # AnsibleAWSModule reports that boto3 is missing.

# "declared" in the hexadecimal digits that EC2 ids and KMS UUIDs are made of.
MARK = "dec1a4ed"
_PLANNED = re.compile(
    rf"(?:^|[-/:]){MARK}-[0-9a-f]{{4}}-"  # UUIDs
    rf"|-0{MARK}[0-9a-f]{{8}}"  # EC2 ids, host names
    rf"|/{MARK}[0-9a-f]{{8}}(?:/|$)"  # load balancers and what belongs to them
    rf"|\.{MARK}[0-9a-f]{{4}}\."  # endpoints of databases and caches
    rf"|(?:^|/)Z{MARK.upper()}[0-9A-F]{{8}}$"  # hosted zones
    rf"|:secret:.+-{MARK[:6]}$"
)


def _digest(parts: tuple) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def ec2_id(prefix: str, *identity: str) -> str:
    """A planned EC2 id: C(vpc-0dec1a4ed) and eight digits that depend on the identity."""
    return f"{prefix}-0{MARK}{_digest(identity)[:8]}"


def uuid(*identity: str) -> str:
    """A planned UUID, for services that name their resources so (KMS)."""
    digest = _digest(identity)
    return f"{MARK}-{digest[:4]}-4{digest[4:7]}-8{digest[7:10]}-{digest[10:22]}"


def elb_id(*identity: str) -> str:
    """The last part of the ARN of a planned load balancer, target group, listener or rule."""
    return f"{MARK}{_digest(identity)[:8]}"


def elb_host(name: str, region: str) -> str:
    """The DNS name of a planned load balancer."""
    return f"{name}-0{MARK}{_digest(('elb', region, name))[:8]}.{region}.elb.amazonaws.com"


def endpoint(name: str, region: str, service: str) -> str:
    """The host of a planned database or cache: C(name.dec1a4ed), four digits, region, service."""
    return f"{name}.{MARK}{_digest((service, region, name))[:4]}.{region}.{service}.amazonaws.com"


def zone_id(name: str) -> str:
    """The id of a planned hosted zone."""
    return f"Z{MARK}{_digest(('route53', name))[:8]}".upper()


def secret_arn(name: str, region: str, account_id: str) -> str:
    """The ARN of a planned secret; AWS puts six characters behind the name."""
    return arn("secretsmanager", region, account_id, f"secret:{name}-{MARK[:6]}")


def arn(service: str, region: str, account_id: str, resource: str) -> str:
    """The ARN that a resource is going to have; it carries a mark only where C(resource) does."""
    return f"arn:{partition(region)}:{service}:{region}:{account_id}:{resource}"


def partition(region: str) -> str:
    """The partition of a region, from what botocore ships with."""
    try:
        return get_session().get_partition_for_region(region)
    except BotoCoreError:
        return "aws"


def is_planned(value: object) -> bool:
    """Whether a value is, or anywhere contains, a planned id."""
    if isinstance(value, str):
        return bool(_PLANNED.search(value))
    if isinstance(value, dict):
        return any(is_planned(item) for item in value.values())
    if isinstance(value, (list, tuple, set)):
        return any(is_planned(item) for item in value)
    return False
