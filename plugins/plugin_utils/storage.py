# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the lists of the secrets and buckets roles to the items of their modules. Pure functions."""

from __future__ import annotations

from typing import Any, Dict, List

from ansible_collections.groundwork.aws.plugins.plugin_utils.names import resource_name

BUCKET_LIMIT = 63  # U(https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)
UNFINISHED_UPLOAD_DAYS = 7
LOAD_BALANCER_LOGS = "load_balancer_logs"


def secret_name(secret: dict, prefix: str) -> str:
    """A secret's name in Secrets Manager."""
    return secret.get("secret_name") or f"{prefix}/{secret['name']}"


def secret_items(secrets: List[dict], prefix: str, kms_key_arn: str) -> List[dict]:
    """Items for secretsmanager_secrets."""
    return [
        {
            "name": secret_name(secret, prefix),
            "description": secret.get("description", ""),
            "kms_key_arn": kms_key_arn,
            **({"generate": secret["generate"]} if secret.get("generate") is not None else {}),
        }
        for secret in secrets
    ]


def bucket_name(bucket: dict, prefix: str, account_id: str, region: str) -> str:
    """A bucket's name, which has to be unique in all of AWS."""
    return bucket.get("bucket_name") or resource_name(prefix, f"{bucket['name']}-{account_id}-{region}", BUCKET_LIMIT)


def bucket_items(buckets: List[dict], prefix: str, place: Dict[str, str], kms_key_arn: str) -> List[dict]:
    """Items for s3_buckets.

    :param place: C(account_id), C(region) and C(partition) of the buckets.
    """
    names = {bucket["name"]: bucket_name(bucket, prefix, place["account_id"], place["region"]) for bucket in buckets}
    return [_bucket(bucket, names, place, kms_key_arn) for bucket in buckets]


def _bucket(bucket: dict, names: Dict[str, str], place: Dict[str, str], kms_key_arn: str) -> dict:
    name = names[bucket["name"]]
    receives_logs = bucket.get("purpose") == LOAD_BALANCER_LOGS
    # Load balancers deliver to buckets with SSE-S3 only
    # (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).
    encryption: Dict[str, Any] = {"encryption": "AES256"}
    if not receives_logs and kms_key_arn:
        encryption = {"encryption": "aws:kms", "kms_key_arn": kms_key_arn, "bucket_key": True}
    return {
        "name": name,
        "versioning": bucket.get("versioning", False),
        **encryption,
        "policy": bucket_policy(name, place, receives_logs),
        "lifecycle_rules": lifecycle_rules(bucket),
        # A teardown takes the logs in log groups along as well.
        "disposable": receives_logs,
    }


def bucket_policy(name: str, place: Dict[str, str], receives_logs: bool) -> dict:
    """Nobody comes by plain HTTP, and load balancers of this account deliver where they should."""
    arn = f"arn:{place['partition']}:s3:::{name}"
    statements: List[Dict[str, Any]] = [
        {
            "Sid": "DenyPlainHttp",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]
    if receives_logs:
        source = f"arn:{place['partition']}:elasticloadbalancing:{place['region']}:{place['account_id']}:loadbalancer/*"
        statements.append(
            {
                "Sid": "LoadBalancerLogs",
                "Effect": "Allow",
                "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": f"{arn}/*AWSLogs/{place['account_id']}/*",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": place["account_id"]},
                    "ArnLike": {"aws:SourceArn": source},
                },
            }
        )
    return {"Version": "2012-10-17", "Statement": statements}


def lifecycle_rules(bucket: dict) -> List[dict]:
    """What becomes of old objects, old versions, and uploads that nobody finished."""
    rule: Dict[str, Any] = {"id": "keep", "abort_incomplete_multipart_days": UNFINISHED_UPLOAD_DAYS}
    if bucket.get("expire_days"):
        rule["expiration_days"] = bucket["expire_days"]
    if bucket.get("noncurrent_expire_days"):
        rule["noncurrent_expiration_days"] = bucket["noncurrent_expire_days"]
    for key in ("transitions", "noncurrent_transitions"):
        if bucket.get(key):
            rule[key] = bucket[key]
    return [rule]
