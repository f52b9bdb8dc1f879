# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Elastic Load Balancing may write its logs into a bucket."""

import fnmatch
import json

from moto.backends import get_backend
from moto.utilities.utils import get_partition

from .shared import refused

LOGS = ("access_logs", "connection_logs", "health_check_logs")
SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com"
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
ACCOUNTS = {
    "eu-central-1": "054676820928", "eu-west-1": "156460612806", "eu-west-2": "652711504416",
    "us-east-1": "127311923021", "us-east-2": "033677994240", "us-west-2": "797873946194",
}  # fmt: skip


def check_bucket(call, name, prefix):
    """Refuse a bucket that AWS cannot write to, and write the file with which AWS tries it."""
    partition = get_partition(call.region)
    state = get_backend("s3")[call.account][partition]
    bucket = state.buckets.get(name)
    if bucket is None:
        raise _refused(f"The bucket '{name}' does not exist")
    if bucket.region_name != call.region:
        raise _refused(f"The bucket '{name}' is not in the region of the load balancer")
    if "aws:kms" in json.dumps(bucket.encryption or {}):
        raise _refused(f"Access Denied for bucket: {name}. Its default encryption is not SSE-S3")
    key = f"{prefix}{'/' if prefix else ''}AWSLogs/{call.account}/ELBAccessLogTestFile"
    if not _may_write(bucket, f"arn:{partition}:s3:::{name}/{key}", call.region):
        raise _refused(f"Access Denied for bucket: {name}. Please check S3bucket permission")
    state.put_object(name, key, b"")


def _refused(message):
    return refused("InvalidConfigurationRequest", message)


def _may_write(bucket, arn, region):
    statements = json.loads(bucket.policy or b"{}").get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        fits = statement.get("Effect") == "Allow" and _is_writer(statement.get("Principal"), region)
        if fits and _covers(statement.get("Action"), "s3:PutObject") and _covers(statement.get("Resource"), arn):
            return True
    return False


def _is_writer(principal, region):
    if not isinstance(principal, dict):
        return principal == "*"
    accounts = [item.split(":")[4] if item.count(":") > 4 else item for item in _listed(principal.get("AWS"))]
    return SERVICE in _listed(principal.get("Service")) or ACCOUNTS.get(region) in accounts


def _covers(patterns, wanted):
    return any(fnmatch.fnmatchcase(wanted, pattern) for pattern in _listed(patterns))


def _listed(value):
    return value if isinstance(value, list) else [value] if value else []
