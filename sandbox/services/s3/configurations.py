# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations that a bucket has several of, by id; moto takes their calls for those about the bucket itself."""

from ...errors import AwsError, missing
from .. import answer, check
from .buckets import bucket_of, settings
from .errors import invalid, malformed

# https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tiering.html: days without access
TIERS = {"ARCHIVE_ACCESS": (90, 730), "DEEP_ARCHIVE_ACCESS": (180, 730)}
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-configurations.html
MOST = {"Analytics": 1000, "IntelligentTiering": 1000, "Inventory": 1000, "Metrics": 1000}
# What moto would take for another operation, and nobody has missed yet.
ELSEWHERE = (
    "CreateBucketMetadataConfiguration", "CreateBucketMetadataTableConfiguration", "CreateSession",
    "DeleteBucketMetadataConfiguration", "DeleteBucketMetadataTableConfiguration", "GetBucketAbac",
    "GetBucketMetadataConfiguration", "GetBucketMetadataTableConfiguration", "GetObjectTorrent",
    "ListDirectoryBuckets", "PutBucketAbac", "RenameObject", "UpdateBucketMetadataInventoryTableConfiguration",
    "UpdateBucketMetadataJournalTableConfiguration", "UpdateObjectEncryption", "WriteGetObjectResponse",
)  # fmt: skip


@check("s3", *ELSEWHERE)
def refuse_unknown(call):
    """Better nothing than something else."""
    raise missing(call, "moto would take it for another operation")


def _check_tiering(wanted):
    tiers = {tier["AccessTier"]: tier["Days"] for tier in wanted["Tierings"]}
    if not tiers or not set(tiers) <= set(TIERS):
        raise malformed()
    if any(not TIERS[tier][0] <= days <= TIERS[tier][1] for tier, days in tiers.items()):
        raise invalid(f"Days of access tiers are limited: {TIERS}")


def _check_inventory(wanted):
    arn = wanted["Destination"]["S3BucketDestination"]["Bucket"]
    if not arn.startswith("arn:aws:s3:::"):
        raise AwsError("InvalidS3DestinationBucket", "Invalid bucket name or ARN of the destination bucket", 400)


def _register(kind, check_wanted):
    """Writing, reading, listing and deleting one kind of configuration."""
    member, operation = f"{kind}Configuration", f"Bucket{kind}Configuration"

    def kept(call):
        return settings(bucket_of(call)).setdefault(kind, {})

    def found(call):
        if call.parameters["Id"] not in kept(call):
            raise AwsError("NoSuchConfiguration", "The specified configuration does not exist.", 404)
        return kept(call)[call.parameters["Id"]]

    @answer("s3", f"Put{operation}")
    def put(call):
        wanted = call.parameters[member]
        if wanted["Id"] != call.parameters["Id"]:
            raise malformed()
        check_wanted(wanted)
        if wanted["Id"] not in kept(call) and len(kept(call)) == MOST[kind]:
            raise AwsError("TooManyConfigurations", "You are attempting to create a new configuration but have"
                           f" already reached the {MOST[kind]}-configuration limit.", 400)  # fmt: skip
        kept(call)[wanted["Id"]] = wanted
        return {}

    @answer("s3", f"Get{operation}")
    def get(call):
        return {member: found(call)}

    @answer("s3", f"Delete{operation}")
    def delete(call):
        found(call)
        del kept(call)[call.parameters["Id"]]
        return {}

    @answer("s3", f"List{operation}s")
    def list_all(call):
        listed = [configuration for _id, configuration in sorted(kept(call).items())]
        return {"IsTruncated": False, **({f"{member}List": listed} if listed else {})}


_register("Analytics", lambda wanted: None)
_register("IntelligentTiering", _check_tiering)
_register("Metrics", lambda wanted: None)
_register("Inventory", _check_inventory)
