# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon S3 has."""

import json

HERE = {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}
NAME = {"Bucket": "files-of-one"}


def _bucket(probe, **more):
    s3 = probe.client("s3")
    s3.create_bucket(**NAME, **HERE, **more)
    return s3


def bucket(probe):
    s3 = probe.client("s3")
    probe.does(s3.create_bucket, **NAME, **HERE)
    probe.shows({"BucketRegion": "eu-central-1"}, s3.head_bucket, **NAME)
    probe.shows({"LocationConstraint": "eu-central-1"}, s3.get_bucket_location, **NAME)
    probe.shows({"Name": "files-of-one", "BucketRegion": "eu-central-1"}, s3.list_buckets, "Buckets.0")
    probe.does(s3.delete_bucket, **NAME)
    probe.lacks(s3.head_bucket, "404", **NAME)


def tags(probe):
    s3 = _bucket(probe)
    one, two = {"Key": "Name", "Value": "one"}, {"Key": "Owner", "Value": "me"}
    probe.does(s3.put_bucket_tagging, **NAME, Tagging={"TagSet": [one, two]})
    probe.shows([one, two], s3.get_bucket_tagging, "TagSet", **NAME)
    probe.does(s3.put_bucket_tagging, **NAME, Tagging={"TagSet": [two]})
    probe.shows([two], s3.get_bucket_tagging, "TagSet", **NAME)
    probe.does(s3.delete_bucket_tagging, **NAME)
    probe.lacks(s3.get_bucket_tagging, "NoSuchTagSet", **NAME)


def versions(probe):
    s3 = _bucket(probe)
    for status in ("Enabled", "Suspended", "Enabled"):
        probe.does(s3.put_bucket_versioning, **NAME, VersioningConfiguration={"Status": status})
        probe.shows({"Status": status}, s3.get_bucket_versioning, **NAME)
    key = NAME | {"Key": "a.txt"}
    first = s3.put_object(**key, Body=b"one")["VersionId"]
    second = probe.does(s3.put_object, **key, Body=b"two", Metadata={"by": "me"})["VersionId"]
    shown = {"VersionId": second, "ContentLength": 3, "Metadata": {"by": "me"}}
    probe.shows(shown, s3.head_object, **key)
    probe.shows({"VersionId": first}, s3.get_object, **key, VersionId=first)
    probe.shows({"Key": "a.txt", "VersionId": second, "IsLatest": True}, s3.list_object_versions, "Versions.0", **NAME)
    probe.does(s3.delete_object, **key)
    probe.lacks(s3.head_object, "404", **key)
    probe.shows({"Key": "a.txt", "IsLatest": True}, s3.list_object_versions, "DeleteMarkers.0", **NAME)
    both = [{"Key": "a.txt", "VersionId": version} for version in (first, second)]
    probe.does(s3.delete_objects, **NAME, Delete={"Objects": both})
    probe.lacks(s3.list_object_versions, path="Versions", **NAME)


def objects(probe):
    s3 = _bucket(probe)
    key, copy = NAME | {"Key": "a.txt"}, NAME | {"Key": "b.txt"}
    s3.put_object(**key, Body=b"one")
    probe.does(s3.copy_object, **copy, CopySource="files-of-one/a.txt")
    probe.shows({"Key": "b.txt", "Size": 3}, s3.list_objects_v2, "Contents.1", **NAME)
    tag = {"Key": "kind", "Value": "draft"}
    probe.does(s3.put_object_tagging, **key, Tagging={"TagSet": [tag]})
    probe.shows([tag], s3.get_object_tagging, "TagSet", **key)
    probe.does(s3.delete_object_tagging, **key)
    probe.lacks(s3.get_object_tagging, path="TagSet", **key)


def parts(probe):
    s3 = _bucket(probe)
    key = NAME | {"Key": "big"}
    upload = {"UploadId": probe.does(s3.create_multipart_upload, **key)["UploadId"]}
    probe.shows(upload | {"Key": "big"}, s3.list_multipart_uploads, "Uploads.0", **NAME)
    part = probe.does(s3.upload_part, **key, **upload, PartNumber=1, Body=b"all")
    number = {"PartNumber": 1, "ETag": part["ETag"]}
    probe.shows(number, s3.list_parts, "Parts.0", **key, **upload)
    probe.does(s3.complete_multipart_upload, **key, **upload, MultipartUpload={"Parts": [number]})
    probe.shows({"ContentLength": 3}, s3.head_object, **key)
    upload = {"UploadId": s3.create_multipart_upload(**key)["UploadId"]}
    probe.does(s3.abort_multipart_upload, **key, **upload)
    probe.lacks(s3.list_multipart_uploads, path="Uploads", **NAME)


def encryption(probe):
    s3 = _bucket(probe)
    key = probe.client("kms").create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    wanted = {"Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]}
    probe.does(s3.put_bucket_encryption, **NAME, ServerSideEncryptionConfiguration=wanted)
    probe.shows(wanted, s3.get_bucket_encryption, "ServerSideEncryptionConfiguration", **NAME)
    probe.does(s3.delete_bucket_encryption, **NAME)
    usual = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    probe.shows(usual, s3.get_bucket_encryption, "ServerSideEncryptionConfiguration", **NAME)


def access(probe):
    s3 = _bucket(probe)
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False}
    block["RestrictPublicBuckets"] = False
    probe.does(s3.put_public_access_block, **NAME, PublicAccessBlockConfiguration=block)
    probe.shows(block, s3.get_public_access_block, "PublicAccessBlockConfiguration", **NAME)
    statement = {
        "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files-of-one/*"
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    probe.does(s3.put_bucket_policy, **NAME, Policy=policy)
    probe.shows(policy, s3.get_bucket_policy, "Policy", **NAME)
    probe.shows({"IsPublic": True}, s3.get_bucket_policy_status, "PolicyStatus", **NAME)
    probe.does(s3.delete_bucket_policy, **NAME)
    probe.lacks(s3.get_bucket_policy, "NoSuchBucketPolicy", **NAME)
    probe.does(s3.delete_public_access_block, **NAME)
    probe.lacks(s3.get_public_access_block, "NoSuchPublicAccessBlockConfiguration", **NAME)
    rules = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    probe.does(s3.put_bucket_ownership_controls, **NAME, OwnershipControls=rules)
    probe.shows(rules, s3.get_bucket_ownership_controls, "OwnershipControls", **NAME)
    probe.does(s3.put_bucket_acl, **NAME, ACL="log-delivery-write")
    group = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}
    probe.shows({"Grantee": group, "Permission": "READ_ACP"}, s3.get_bucket_acl, "Grants.1", **NAME)
    probe.does(s3.delete_bucket_ownership_controls, **NAME)
    probe.lacks(s3.get_bucket_ownership_controls, "OwnershipControlsNotFoundError", **NAME)


def lifecycle(probe):
    s3 = _bucket(probe)
    rule = {
        "ID": "old", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 365},
        "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }  # fmt: skip
    probe.does(s3.put_bucket_lifecycle_configuration, **NAME, LifecycleConfiguration={"Rules": [rule]})
    probe.shows([rule], s3.get_bucket_lifecycle_configuration, "Rules", **NAME)
    probe.does(s3.delete_bucket_lifecycle, **NAME)
    probe.lacks(s3.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration", **NAME)


def replication(probe):
    s3, other = _bucket(probe), probe.client("s3", "eu-west-1")
    other.create_bucket(Bucket="copies", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for bucket in ("files-of-one", "copies"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    wanted = {
        "Role": "arn:aws:iam::123456789012:role/copier",
        "Rules": [
            {
                "ID": "all", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Disabled"},
                "Destination": {"Bucket": "arn:aws:s3:::copies", "StorageClass": "STANDARD_IA"},
            }
        ],
    }  # fmt: skip
    probe.does(s3.put_bucket_replication, **NAME, ReplicationConfiguration=wanted)
    probe.shows(wanted, s3.get_bucket_replication, "ReplicationConfiguration", **NAME)
    probe.does(s3.delete_bucket_replication, **NAME)
    probe.lacks(s3.get_bucket_replication, "ReplicationConfigurationNotFoundError", **NAME)


def website(probe):
    s3 = _bucket(probe)
    wanted = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "404.html"}}
    probe.does(s3.put_bucket_website, **NAME, WebsiteConfiguration=wanted)
    probe.shows(wanted, s3.get_bucket_website, **NAME)
    probe.does(s3.delete_bucket_website, **NAME)
    probe.lacks(s3.get_bucket_website, "NoSuchWebsiteConfiguration", **NAME)


def cors(probe):
    s3 = _bucket(probe)
    rule = {
        "ID": "web", "AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://example.com"],
        "AllowedHeaders": ["*"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 300,
    }  # fmt: skip
    probe.does(s3.put_bucket_cors, **NAME, CORSConfiguration={"CORSRules": [rule]})
    probe.shows([rule], s3.get_bucket_cors, "CORSRules", **NAME)
    probe.does(s3.delete_bucket_cors, **NAME)
    probe.lacks(s3.get_bucket_cors, "NoSuchCORSConfiguration", **NAME)


def logging(probe):
    s3 = _bucket(probe)
    s3.create_bucket(Bucket="logs-of-one", **HERE)
    statement = {
        "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::logs-of-one/*",
    }  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket="logs-of-one", Policy=policy)
    wanted = {"TargetBucket": "logs-of-one", "TargetPrefix": "s3/"}
    probe.does(s3.put_bucket_logging, **NAME, BucketLoggingStatus={"LoggingEnabled": wanted})
    probe.shows(wanted, s3.get_bucket_logging, "LoggingEnabled", **NAME)
    probe.does(s3.put_bucket_logging, **NAME, BucketLoggingStatus={})
    probe.lacks(s3.get_bucket_logging, path="LoggingEnabled", **NAME)


def notifications(probe):
    s3 = _bucket(probe)
    queue = probe.client("sqs").create_queue(QueueName="files")["QueueUrl"]
    arn = "arn:aws:sqs:eu-central-1:123456789012:files"
    statement = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Resource": arn}]})
    probe.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    rule = {"Id": "new", "QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
    rule["Filter"] = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}
    wanted = {"QueueConfigurations": [rule], "EventBridgeConfiguration": {}}
    probe.does(s3.put_bucket_notification_configuration, **NAME, NotificationConfiguration=wanted)
    probe.shows({"QueueConfigurations": [rule]}, s3.get_bucket_notification_configuration, **NAME)
    probe.does(s3.put_bucket_notification_configuration, **NAME, NotificationConfiguration={})
    probe.lacks(s3.get_bucket_notification_configuration, path="QueueConfigurations", **NAME)


def locks(probe):
    s3 = _bucket(probe, ObjectLockEnabledForBucket=True)
    wanted = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}}
    probe.does(s3.put_object_lock_configuration, **NAME, ObjectLockConfiguration=wanted)
    probe.shows(wanted, s3.get_object_lock_configuration, "ObjectLockConfiguration", **NAME)
    key = NAME | {"Key": "a.txt"}
    s3.put_object(**key, Body=b"one")
    probe.does(s3.put_object_legal_hold, **key, LegalHold={"Status": "ON"})
    probe.shows({"Status": "ON"}, s3.get_object_legal_hold, "LegalHold", **key)


def acceleration_and_payer(probe):
    s3 = _bucket(probe)
    probe.does(s3.put_bucket_accelerate_configuration, **NAME, AccelerateConfiguration={"Status": "Enabled"})
    probe.shows({"Status": "Enabled"}, s3.get_bucket_accelerate_configuration, **NAME)
    probe.does(s3.put_bucket_request_payment, **NAME, RequestPaymentConfiguration={"Payer": "Requester"})
    probe.shows({"Payer": "Requester"}, s3.get_bucket_request_payment, **NAME)


def _configuration(probe, kind, wanted):
    """One of the configurations that a bucket has several of, by id."""
    s3, member = _bucket(probe), f"{kind}Configuration"
    word = {"Analytics": "analytics", "IntelligentTiering": "intelligent_tiering", "Metrics": "metrics"}
    word["Inventory"] = "inventory"
    put, get, delete = (getattr(s3, f"{verb}_bucket_{word[kind]}_configuration") for verb in ("put", "get", "delete"))
    number = NAME | {"Id": wanted["Id"]}
    probe.does(put, **number, **{member: wanted})
    probe.shows(wanted, get, member, **number)
    listed = getattr(s3, f"list_bucket_{word[kind]}_configurations")
    probe.shows({"Id": wanted["Id"]}, listed, f"{member}List.0", **NAME)
    probe.does(delete, **number)
    probe.lacks(get, "NoSuchConfiguration", **number)


def metrics(probe):
    _configuration(probe, "Metrics", {"Id": "all", "Filter": {"Prefix": "in/"}})


def tiering(probe):
    tiers = [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}, {"Days": 180, "AccessTier": "DEEP_ARCHIVE_ACCESS"}]
    wanted = {"Id": "cold", "Status": "Enabled", "Filter": {"Prefix": "old/"}, "Tierings": tiers}
    _configuration(probe, "IntelligentTiering", wanted)


def analytics(probe):
    export = {"Format": "CSV", "Bucket": "arn:aws:s3:::files-of-one", "Prefix": "analytics/"}
    data = {"OutputSchemaVersion": "V_1", "Destination": {"S3BucketDestination": export}}
    _configuration(probe, "Analytics", {"Id": "all", "StorageClassAnalysis": {"DataExport": data}})


def inventory(probe):
    target = {"Bucket": "arn:aws:s3:::files-of-one", "Format": "Parquet", "Prefix": "inventory"}
    wanted = {
        "Id": "weekly", "IsEnabled": True, "IncludedObjectVersions": "Current", "OptionalFields": ["Size", "ETag"],
        "Schedule": {"Frequency": "Weekly"}, "Destination": {"S3BucketDestination": target},
    }  # fmt: skip
    _configuration(probe, "Inventory", wanted)
