# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replication: what both buckets need, and what a rule says."""

from ...errors import AwsError
from .. import answer, check
from .buckets import bucket_of, buckets, settings
from .errors import unfit

ENABLED = "Enabled"
NEW_RULE = ("Priority", "DeleteMarkerReplication")  # what a rule with a filter has


@answer("s3", "PutBucketReplication")
def put_replication(call):
    """Between buckets with versions; moto takes any."""
    bucket, wanted = bucket_of(call), call.parameters["ReplicationConfiguration"]
    if bucket.versioning_status != ENABLED:
        raise unfit("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
    for rule in wanted["Rules"]:
        _check_rule(call, rule)
    priorities = [rule["Priority"] for rule in wanted["Rules"] if rule.get("Priority") is not None]
    if len(set(priorities)) < len(priorities):
        raise unfit("Found duplicate priorities in the replication configuration")
    rules = [{name: value for name, value in rule.items() if value is not None} for rule in wanted["Rules"]]
    named = [{"ID": f"rule-{number}", **rule} for number, rule in enumerate(rules, 1)]
    settings(bucket)["Replication"] = wanted | {"Rules": named}
    return {}


def _check_rule(call, rule):
    if rule.get("Filter") is not None:
        for name in NEW_RULE:
            if rule.get(name) is None:
                raise unfit(f"{name} must be specified for this version of the replication configuration schema")
    target = buckets(call).get(rule["Destination"]["Bucket"].removeprefix("arn:aws:s3:::"))
    if rule["Destination"].get("Account") not in (None, call.account):
        return  # a bucket of somebody else's
    if target is None:
        raise unfit("Destination bucket must exist.")
    if target.versioning_status != ENABLED:
        raise unfit("Destination bucket must have versioning enabled.")


@answer("s3", "GetBucketReplication")
def get_replication(call):
    """What was written."""
    found = settings(bucket_of(call)).get("Replication")
    if found is None:
        message = "The replication configuration was not found"
        raise AwsError("ReplicationConfigurationNotFoundError", message, 404)
    return {"ReplicationConfiguration": found}


@answer("s3", "DeleteBucketReplication")
def delete_replication(call):
    """Also where there is none."""
    settings(bucket_of(call)).pop("Replication", None)
    return {}


@check("s3", "PutBucketVersioning")
def keep_versions(call):
    """What is replicated has versions."""
    status = (call.parameters.get("VersioningConfiguration") or {}).get("Status")
    if status != ENABLED and "Replication" in settings(bucket_of(call)):
        message = "A replication configuration is present on this bucket, so the versioning state cannot be changed."
        raise AwsError("InvalidBucketState", message, 409)
