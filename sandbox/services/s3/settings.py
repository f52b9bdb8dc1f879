# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of buckets that moto drops parts of: kept as they were written, and checked."""

import json

from ...errors import AwsError
from .. import after, answer, check
from .buckets import BLOCKS, bucket_of, buckets, settings
from .errors import invalid, malformed
from .lifecycle import check_rules

SIZES = "all_storage_classes_128K"
ALGORITHMS = {"AES256", "aws:kms", "aws:kms:dsse"}
OWNERSHIPS = {"BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"}


def _required(call, name, code, message):
    """A setting, or the error of one that is not there."""
    found = settings(bucket_of(call)).get(name)
    if found is None:
        raise AwsError(code, message, 404)
    return found


# --- life cycles ---------------------------------------------------------------------------------------------------


@answer("s3", "PutBucketLifecycleConfiguration")
def put_lifecycle(call):
    """Every rule in full."""
    bucket = bucket_of(call)
    rules = check_rules((call.parameters.get("LifecycleConfiguration") or {}).get("Rules") or [])
    sizes = call.parameters.get("TransitionDefaultMinimumObjectSize") or SIZES
    settings(bucket)["Lifecycle"] = {"Rules": rules, "TransitionDefaultMinimumObjectSize": sizes}
    return {"TransitionDefaultMinimumObjectSize": sizes}


@answer("s3", "GetBucketLifecycleConfiguration")
def get_lifecycle(call):
    """What was written."""
    return _required(call, "Lifecycle", "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")


@answer("s3", "DeleteBucketLifecycle")
def delete_lifecycle(call):
    """Also where there is none."""
    settings(bucket_of(call)).pop("Lifecycle", None)
    return {}


# --- encryption ----------------------------------------------------------------------------------------------------


@check("s3", "PutBucketEncryption")
def check_encryption(call):
    """One rule with an algorithm that exists, and a key for KMS only."""
    rules = call.parameters["ServerSideEncryptionConfiguration"].get("Rules") or []
    default = rules[0].get("ApplyServerSideEncryptionByDefault") or {} if len(rules) == 1 else {}
    if default.get("SSEAlgorithm") not in ALGORITHMS:
        raise malformed()
    if default.get("KMSMasterKeyID") and default["SSEAlgorithm"] == "AES256":
        message = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse"
        raise invalid(message)


@after("s3", "PutBucketEncryption")
def keep_encryption(call):
    """moto encrypts with it; we keep what it says."""
    (rule,) = call.parameters["ServerSideEncryptionConfiguration"]["Rules"]
    kept = {name: value for name, value in rule.items() if value is not None}
    settings(bucket_of(call))["Encryption"] = {"Rules": [{"BucketKeyEnabled": False, **kept}]}


@answer("s3", "GetBucketEncryption")
def get_encryption(call):
    """Every bucket is encrypted."""
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    found = settings(bucket_of(call)).get("Encryption", {"Rules": [default]})
    return {"ServerSideEncryptionConfiguration": found}


@after("s3", "DeleteBucketEncryption")
def delete_encryption(call):
    """Back to what every bucket has."""
    settings(bucket_of(call)).pop("Encryption", None)


# --- who owns, who sees --------------------------------------------------------------------------------------------


@answer("s3", "PutBucketOwnershipControls")
def put_ownership(call):
    """One rule."""
    bucket = bucket_of(call)
    rules = call.parameters["OwnershipControls"].get("Rules") or []
    if len(rules) != 1 or rules[0].get("ObjectOwnership") not in OWNERSHIPS:
        raise malformed()
    settings(bucket)["Ownership"] = {"Rules": rules}
    return {}


@answer("s3", "GetBucketOwnershipControls")
def get_ownership(call):
    """What was written, or came with the bucket."""
    message = "The bucket ownership controls were not found"
    return {"OwnershipControls": _required(call, "Ownership", "OwnershipControlsNotFoundError", message)}


@answer("s3", "DeleteBucketOwnershipControls")
def delete_ownership(call):
    """Then there are none, which is not what a new bucket has."""
    settings(bucket_of(call)).pop("Ownership", None)
    return {}


@answer("s3", "PutPublicAccessBlock")
def put_block(call):
    """What is not given is off."""
    wanted = call.parameters["PublicAccessBlockConfiguration"]
    settings(bucket_of(call))["PublicAccessBlock"] = {name: bool(wanted.get(name)) for name in BLOCKS}
    return {}


@answer("s3", "GetPublicAccessBlock")
def get_block(call):
    """What was written, or came with the bucket."""
    message = "The public access block configuration was not found"
    found = _required(call, "PublicAccessBlock", "NoSuchPublicAccessBlockConfiguration", message)
    return {"PublicAccessBlockConfiguration": found}


@answer("s3", "DeletePublicAccessBlock")
def delete_block(call):
    """Then nothing is blocked."""
    settings(bucket_of(call)).pop("PublicAccessBlock", None)
    return {}


# --- who pays ------------------------------------------------------------------------------------------------------


@answer("s3", "PutBucketRequestPayment")
def put_payer(call):
    """moto takes it for the bucket's creation."""
    settings(bucket_of(call))["Payer"] = call.parameters["RequestPaymentConfiguration"]["Payer"]
    return {}


@answer("s3", "GetBucketRequestPayment")
def get_payer(call):
    """The owner, unless somebody said otherwise."""
    return {"Payer": settings(bucket_of(call)).get("Payer", "BucketOwner")}


# --- logging -------------------------------------------------------------------------------------------------------


@answer("s3", "PutBucketLogging")
def put_logging(call):
    """To a bucket of the same region that lets the log service write. moto crashes on some policies of it."""
    bucket = bucket_of(call)
    wanted = (call.parameters.get("BucketLoggingStatus") or {}).get("LoggingEnabled")
    if not wanted:
        settings(bucket).pop("Logging", None)
        return {}
    target = buckets(call).get(wanted["TargetBucket"])
    if target is None:
        message = "The target bucket for logging does not exist"
        raise AwsError("InvalidTargetBucketForLogging", message, 400)
    if target.region_name != bucket.region_name:
        message = "Cross S3 location logging not allowed."
        raise AwsError("CrossLocationLoggingProhibitted", message, 403)
    if not _lets_logs_in(target):
        message = "You must give the logging service principal access to the target bucket"
        raise AwsError("InvalidTargetBucketForLogging", message, 400)
    settings(bucket)["Logging"] = {"TargetPrefix": "", **wanted}
    return {}


def _lets_logs_in(bucket):
    statements = json.loads(bucket.policy or b'{"Statement": []}')["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal")
        services = principal.get("Service") if isinstance(principal, dict) else []
        if statement["Effect"] == "Allow" and "logging.s3.amazonaws.com" in (services or []):
            return True
    return False


@answer("s3", "GetBucketLogging")
def get_logging(call):
    """What was written."""
    found = settings(bucket_of(call)).get("Logging")
    return {"LoggingEnabled": found} if found else {}
