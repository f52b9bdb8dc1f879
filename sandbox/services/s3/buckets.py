# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets: their names, their policies, what keeps them from being deleted, and where they are."""

import ipaddress
import re

from moto.backends import get_backend
from moto.iam.access_control import PermissionResult

from ...errors import AwsError
from .. import after, answer, check, correct
from .policy import check_policy, is_public

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
NAME = re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
ENFORCED = "BucketOwnerEnforced"
OWNERS_ACLS = {None, "private", "bucket-owner-full-control"}


def buckets(call):
    """Every bucket of the account by name."""
    return get_backend("s3")[call.account]["aws"].buckets


def bucket_of(call):
    """The bucket that a call is about."""
    bucket = buckets(call).get(call.parameters["Bucket"])
    if bucket is None:
        raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404)
    if call.parameters.get("ExpectedBucketOwner") not in (None, call.account):
        raise AwsError("AccessDenied", "Access Denied", 403)
    return bucket


def settings(bucket):
    """What is set for a bucket; a new one is closed, owned by its account and encrypted."""
    defaults = {
        "PublicAccessBlock": dict.fromkeys(BLOCKS, True),
        "Ownership": {"Rules": [{"ObjectOwnership": bucket.ownership_rule or ENFORCED}]},
    }
    return vars(bucket).setdefault("sandbox_settings", defaults)


def _is_owned(bucket):
    """Whether ACLs are switched off."""
    rules = settings(bucket).get("Ownership", {}).get("Rules", [])
    return any(rule["ObjectOwnership"] == ENFORCED for rule in rules)


@check("s3", "CreateBucket")
def check_new_bucket(call):
    """A name that can be a bucket's, and no ACL where nobody heeds it."""
    name, acl = call.parameters["Bucket"], call.parameters.get("ACL")
    if not NAME.fullmatch(name) or ".." in name or name.endswith(SUFFIXES) or _is_address(name):
        raise AwsError("InvalidBucketName", "The specified bucket is not valid.", 400)
    if acl not in OWNERS_ACLS and (call.parameters.get("ObjectOwnership") or ENFORCED) == ENFORCED:
        message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
        raise AwsError("InvalidBucketAclWithObjectOwnership", message, 400)


def _is_address(name):
    try:
        return bool(ipaddress.IPv4Address(name))
    except ValueError:
        return False


@after("s3", "CreateBucket")
def complete_bucket(call):
    """What a new bucket has by itself, and tags that came with it."""
    bucket = buckets(call)[call.parameters["Bucket"]]
    is_new = "sandbox_settings" not in vars(bucket)
    settings(bucket)
    # moto reads no conditions, so a policy that denies plain HTTP would deny every object to everybody.
    bucket.get_permission = lambda _action, _resource: PermissionResult.NEUTRAL
    tags = (call.parameters.get("CreateBucketConfiguration") or {}).get("Tags") or []
    if tags and is_new:
        state = get_backend("s3")[call.account]["aws"]
        state.put_bucket_tagging(bucket.name, {tag["Key"]: tag["Value"] for tag in tags})


@correct("s3", "ListBuckets")
def answer_regions(call, parsed):
    """Every bucket says where it is."""
    known, wanted = buckets(call), call.parameters.get("BucketRegion")
    found = []
    for view in parsed.get("Buckets") or []:
        view["BucketRegion"] = known[view["Name"]].region_name
        if wanted in (None, view["BucketRegion"]):
            found.append(view)
    parsed["Buckets"] = found
    if call.parameters.get("Prefix"):
        parsed["Prefix"] = call.parameters["Prefix"]


@check("s3", "DeleteBucket")
def refuse_full(call):
    """A bucket stays while it has any version of an object, or what is left of a deleted one."""
    bucket = bucket_of(call)
    if any(versions for _name, versions in bucket.keys.lists()):
        message = "The bucket you tried to delete is not empty"
        if bucket.versioning_status:
            message += ". You must delete all versions in the bucket."
        raise AwsError("BucketNotEmpty", message, 409)


@check("s3", "PutBucketVersioning")
def check_versioning(call):
    """There are two states; a bucket with locks stays in one."""
    status = (call.parameters.get("VersioningConfiguration") or {}).get("Status")
    if status not in ("Enabled", "Suspended"):
        message = "The XML you provided was not well-formed or did not validate against our published schema"
        raise AwsError("MalformedXML", message, 400)
    if status == "Suspended" and bucket_of(call).object_lock_enabled:
        message = "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
        raise AwsError("InvalidBucketState", message, 409)


@answer("s3", "GetObjectLockConfiguration")
def object_lock(call):
    """moto answers with years where days were written, and the other way round."""
    bucket = bucket_of(call)
    if not bucket.object_lock_enabled:
        message = "Object Lock configuration does not exist for this bucket"
        raise AwsError("ObjectLockConfigurationNotFoundError", message, 404)
    found = {"ObjectLockEnabled": "Enabled"}
    if bucket.default_lock_mode:
        days, years = int(bucket.default_lock_days or 0), int(bucket.default_lock_years or 0)
        period = {"Days": days} if days else {"Years": years}
        found["Rule"] = {"DefaultRetention": {"Mode": bucket.default_lock_mode, **period}}
    return {"ObjectLockConfiguration": found}


@check("s3", "PutBucketTagging")
def check_tags(call):
    """Tags of our own, each once."""
    keys = [tag["Key"] for tag in call.parameters["Tagging"]["TagSet"]]
    if len(set(keys)) < len(keys):
        raise AwsError("InvalidTag", "Cannot provide multiple Tags with the same key", 400)
    if any(key.startswith("aws:") for key in keys):
        raise AwsError("InvalidTag", "System tags cannot be added/updated by requester", 400)
    if len(keys) > 50:
        raise AwsError("BadRequest", "Bucket tag count cannot be greater than 50", 400)


# --- who may do what -----------------------------------------------------------------------------------------------


@check("s3", "PutBucketPolicy")
def check_bucket_policy(call):
    """A policy about this bucket, for somebody who exists, and not for everybody where that is blocked."""
    bucket = bucket_of(call)
    policy = check_policy(call, bucket.name)
    blocked = settings(bucket).get("PublicAccessBlock", {}).get("BlockPublicPolicy")
    if blocked and is_public(policy):
        message = (
            f"User: arn:aws:iam::{call.account}:root is not authorized to perform: s3:PutBucketPolicy on resource: "
            f'"arn:aws:s3:::{bucket.name}" because public policies are prevented by the BlockPublicPolicy setting in '
            "S3 Block Public Access."
        )
        raise AwsError("AccessDenied", message, 403)


@answer("s3", "GetBucketPolicyStatus")
def policy_status(call):
    """Whether the policy opens the bucket to everybody."""
    bucket = bucket_of(call)
    if bucket.policy is None:
        raise AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", 404)
    return {"PolicyStatus": {"IsPublic": is_public(bucket.policy)}}


@check("s3", "PutBucketAcl", "PutObjectAcl", "PutObject")
def refuse_acl(call):
    """ACLs are switched off, or must not open anything."""
    acl = call.parameters.get("ACL")
    bucket = buckets(call).get(call.parameters["Bucket"])
    given = acl is not None or call.parameters.get("AccessControlPolicy") or call.parameters.get("GrantRead")
    if bucket is None or not given:
        return
    if _is_owned(bucket) and acl not in OWNERS_ACLS - {None}:
        raise AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs", 400)
    if settings(bucket).get("PublicAccessBlock", {}).get("BlockPublicAcls") and (acl or "").startswith("public-"):
        raise AwsError("AccessDenied", "Access Denied", 403)
