# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon S3 refuses."""

import json

from tests.unit.sandbox.rule import Rule

SERVICE = "s3"
API = "https://docs.aws.amazon.com/AmazonS3/latest/API"
GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
NAMES = f"{GUIDE}/bucketnamingrules.html"
HERE = {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}
NAME = {"Bucket": "files-of-one"}
LOGS = {"Bucket": "logs-of-one"}
TOPIC = "arn:aws:sns:eu-central-1:123456789012:{}"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/1"


def _bucket(world, **more):
    world.s3.create_bucket(**NAME, **HERE, **more)


def _buckets(world):
    _bucket(world)
    world.s3.create_bucket(**LOGS, **HERE)


def _versioned(world):
    """Two buckets with versions and one without."""
    _buckets(world)
    world.s3.create_bucket(Bucket="plain", **HERE)
    for bucket in (NAME, LOGS):
        world.s3.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Enabled"})


def _replicated(world):
    _versioned(world)
    world.s3.put_bucket_replication(**_replication("logs-of-one"))


def _new(name, **more):
    return {"Bucket": name, **HERE, **more}


def _full(world):
    _buckets(world)
    world.s3.put_object(**NAME, Key="a", Body=b"a")


def _policy(bucket=NAME, **statement):
    usual = {
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket['Bucket']}/*",
    }  # fmt: skip
    wanted = {"Version": "2012-10-17", "Statement": [usual | statement]}
    return bucket | {"Policy": json.dumps(wanted)}


def _lifecycle(**rule):
    usual = {"ID": "one", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 365}}
    rules = [{name: value for name, value in (usual | rule).items() if value is not None}]
    return NAME | {"LifecycleConfiguration": {"Rules": rules}}


def _moves(*moves):
    return _lifecycle(Transitions=[{"Days": days, "StorageClass": name} for days, name in moves])


def _encryption(**default):
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    return NAME | {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _replication(target, source="files-of-one", **rule):
    usual = {
        "ID": "all", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": f"arn:aws:s3:::{target}"},
    }  # fmt: skip
    rules = [{name: value for name, value in (usual | rule).items() if value is not None}]
    configuration = {"Role": "arn:aws:iam::123456789012:role/copier", "Rules": rules}
    return {"Bucket": source, "ReplicationConfiguration": configuration}


def _logging(target):
    return NAME | {"BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "s3/"}}}


def _log_buckets(world):
    _buckets(world)
    service = {"Service": "logging.s3.amazonaws.com"}
    world.s3.put_bucket_policy(**_policy(LOGS, Principal=service, Action="s3:PutObject"))
    far = world.sandbox.client("s3", "eu-west-1")
    far.create_bucket(Bucket="far-logs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})


def _topics(world):
    """A topic that lets S3 publish, and one that does not."""
    _bucket(world)
    for name in ("closed", "open"):
        world.sns.create_topic(Name=name)
    allow = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sns:Publish"}
    policy = {"Version": "2012-10-17", "Statement": [allow | {"Resource": TOPIC.format("open")}]}
    attribute = {"AttributeName": "Policy", "AttributeValue": json.dumps(policy)}
    world.sns.set_topic_attributes(TopicArn=TOPIC.format("open"), **attribute)


def _notify(topic, *prefixes):
    rules = [
        {
            "TopicArn": TOPIC.format(topic), "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}},
        }
        for prefix in prefixes or ("in/",)
    ]  # fmt: skip
    return NAME | {"NotificationConfiguration": {"TopicConfigurations": rules}}


def _cors(**rule):
    usual = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://example.com"]}
    return NAME | {"CORSConfiguration": {"CORSRules": [usual | rule]}}


def _website(**configuration):
    return NAME | {"WebsiteConfiguration": configuration}


def _locked(world):
    _bucket(world, ObjectLockEnabledForBucket=True)
    world.s3.create_bucket(**LOGS, **HERE)
    world.s3.put_bucket_versioning(**LOGS, VersioningConfiguration={"Status": "Enabled"})


def _lock(bucket="files-of-one", **retention):
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", **retention}}
    return {"Bucket": bucket, "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": rule}}


def _versioning(bucket, status):
    return bucket | {"VersioningConfiguration": {"Status": status}}


def _tiering(days):
    tiers = [{"Days": days, "AccessTier": "ARCHIVE_ACCESS"}]
    return NAME | {"Id": "a", "IntelligentTieringConfiguration": {"Id": "a", "Status": "Enabled", "Tierings": tiers}}


def _tags(*keys):
    return NAME | {"Tagging": {"TagSet": [{"Key": key, "Value": "v"} for key in keys]}}


RULES = [
    Rule("a bucket's name is in lower case", NAMES, "create_bucket", "InvalidBucketName", refused=_new("Files"),
         accepted=_new("files")),
    Rule("a bucket's name has no underscore", NAMES, "create_bucket", "InvalidBucketName", refused=_new("my_files"),
         accepted=_new("my-files")),
    Rule("a bucket's name is no address", NAMES, "create_bucket", "InvalidBucketName", refused=_new("192.0.2.10"),
         accepted=_new("192.0.2.a10")),
    Rule("a bucket's name does not begin with xn--", NAMES, "create_bucket", "InvalidBucketName",
         refused=_new("xn--files"), accepted=_new("xn-files")),
    Rule("a bucket's name has no two dots together", NAMES, "create_bucket", "InvalidBucketName",
         refused=_new("my..files"), accepted=_new("my.files")),
    Rule("a bucket is created where the request goes", f"{API}/API_CreateBucket.html", "create_bucket",
         "IllegalLocationConstraintException",
         refused={"Bucket": "files", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}},
         accepted=_new("files")),
    Rule("a bucket outside us-east-1 says where it is", f"{API}/API_CreateBucket.html", "create_bucket",
         "IllegalLocationConstraintException", refused={"Bucket": "files"}, accepted=_new("files")),
    Rule("a bucket's name is taken", f"{API}/API_CreateBucket.html", "create_bucket", "BucketAlreadyOwnedByYou",
         given=_bucket, refused=_new("files-of-one"), accepted=_new("files-of-two")),
    Rule("a new bucket has no ACL while its owner owns all", f"{GUIDE}/about-object-ownership.html", "create_bucket",
         "InvalidBucketAclWithObjectOwnership", refused=_new("files", ACL="public-read"),
         accepted=_new("files", ACL="private")),
    Rule("a full bucket stays", f"{API}/API_DeleteBucket.html", "delete_bucket", "BucketNotEmpty", given=_full,
         refused=NAME, accepted=LOGS),
    Rule("a bucket that is not there is not deleted", f"{API}/ErrorResponses.html", "delete_bucket", "NoSuchBucket",
         given=_bucket, refused=LOGS, accepted=NAME),
    Rule("versioning stays on where objects are locked", f"{GUIDE}/object-lock-managing.html", "put_bucket_versioning",
         "InvalidBucketState", given=_locked, refused=_versioning(NAME, "Suspended"),
         accepted=_versioning(LOGS, "Suspended")),
    Rule("versioning stays on where objects are replicated", f"{API}/API_PutBucketVersioning.html",
         "put_bucket_versioning", "InvalidBucketState", given=_replicated, refused=_versioning(NAME, "Suspended"),
         accepted=_versioning(NAME, "Enabled")),
    Rule("objects are locked in buckets with versions", f"{GUIDE}/object-lock-configure.html",
         "put_object_lock_configuration", "InvalidBucketState", given=_versioned, refused=_lock("plain", Days=1),
         accepted=_lock(Days=1)),
    Rule("a lock lasts days or years", f"{API}/API_DefaultRetention.html", "put_object_lock_configuration",
         "MalformedXML", given=_locked, refused=_lock(Days=1, Years=1), accepted=_lock(Years=1)),
    Rule("a replicated bucket has versions", f"{GUIDE}/replication-requirements.html", "put_bucket_replication",
         "InvalidRequest", given=_versioned, refused=_replication("logs-of-one", "plain"),
         accepted=_replication("logs-of-one")),
    Rule("a replica has versions", f"{GUIDE}/replication-requirements.html", "put_bucket_replication", "InvalidRequest",
         given=_versioned, refused=_replication("plain"), accepted=_replication("logs-of-one")),
    Rule("a replica is a bucket that exists", f"{GUIDE}/replication-requirements.html", "put_bucket_replication",
         "InvalidRequest", given=_versioned, refused=_replication("none-of-one"), accepted=_replication("logs-of-one")),
    Rule("a replication rule with a filter has a priority", f"{API}/API_ReplicationRule.html", "put_bucket_replication",
         "InvalidRequest", given=_versioned, refused=_replication("logs-of-one", Priority=None),
         accepted=_replication("logs-of-one")),
    Rule("a replication rule with a filter says what becomes of delete markers", f"{API}/API_ReplicationRule.html",
         "put_bucket_replication", "InvalidRequest", given=_versioned,
         refused=_replication("logs-of-one", DeleteMarkerReplication=None), accepted=_replication("logs-of-one")),
    Rule("a bucket's policy is about it", f"{GUIDE}/bucket-policies.html", "put_bucket_policy", "MalformedPolicy",
         given=_buckets, refused=NAME | {"Policy": _policy(LOGS)["Policy"]}, accepted=_policy()),
    Rule("a bucket's policy names principals that exist", f"{API}/ErrorResponses.html", "put_bucket_policy",
         "MalformedPolicy", given=_bucket,
         refused=_policy(Principal={"AWS": "arn:aws:iam::123456789012:role/none"}), accepted=_policy()),
    Rule("a bucket's policy is about S3", f"{GUIDE}/bucket-policies.html", "put_bucket_policy", "MalformedPolicy",
         given=_bucket, refused=_policy(Action="sqs:SendMessage"), accepted=_policy(Action="s3:PutObject")),
    Rule("a bucket's policy allows or denies", f"{GUIDE}/access-policy-language-overview.html", "put_bucket_policy",
         "MalformedPolicy", given=_bucket, refused=_policy(Effect="Permit"), accepted=_policy(Effect="Deny")),
    Rule("a policy for everybody is blocked", f"{GUIDE}/access-control-block-public-access.html", "put_bucket_policy",
         "AccessDenied", given=_bucket, refused=_policy(Principal="*"), accepted=_policy()),
    Rule("an ACL is refused while the owner owns all", f"{GUIDE}/about-object-ownership.html", "put_bucket_acl",
         "AccessControlListNotSupported", given=_bucket, refused=NAME | {"ACL": "public-read"},
         accepted=NAME | {"ACL": "private"}),
    Rule("AES256 takes no key", f"{API}/API_ServerSideEncryptionByDefault.html", "put_bucket_encryption",
         "InvalidArgument", given=_bucket, refused=_encryption(SSEAlgorithm="AES256", KMSMasterKeyID=KEY),
         accepted=_encryption(SSEAlgorithm="aws:kms", KMSMasterKeyID=KEY)),
    Rule("a rule of a life cycle does something", f"{GUIDE}/intro-lifecycle-rules.html",
         "put_bucket_lifecycle_configuration", "InvalidRequest", given=_bucket, refused=_lifecycle(Expiration=None),
         accepted=_lifecycle()),
    Rule("objects stay thirty days before infrequent access", f"{GUIDE}/lifecycle-transition-general-considerations.html",
         "put_bucket_lifecycle_configuration", "InvalidArgument", given=_bucket, refused=_moves((29, "STANDARD_IA")),
         accepted=_moves((30, "STANDARD_IA"))),
    Rule("objects stay thirty days in infrequent access", f"{GUIDE}/lifecycle-transition-general-considerations.html",
         "put_bucket_lifecycle_configuration", "InvalidArgument", given=_bucket,
         refused=_moves((30, "STANDARD_IA"), (59, "GLACIER")), accepted=_moves((30, "STANDARD_IA"), (60, "GLACIER"))),
    Rule("objects expire after they have moved", f"{GUIDE}/intro-lifecycle-rules.html",
         "put_bucket_lifecycle_configuration", "InvalidArgument", given=_bucket, refused=_moves((365, "GLACIER")),
         accepted=_moves((364, "GLACIER"))),
    Rule("an incomplete upload has no tags to look for", f"{GUIDE}/intro-lifecycle-rules.html",
         "put_bucket_lifecycle_configuration", "InvalidRequest", given=_bucket,
         refused=_lifecycle(Filter={"Tag": {"Key": "a", "Value": "b"}}, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 1}),
         accepted=_lifecycle(AbortIncompleteMultipartUpload={"DaysAfterInitiation": 1})),
    Rule("logs go to a bucket that exists", f"{GUIDE}/enable-server-access-logging.html", "put_bucket_logging",
         "InvalidTargetBucketForLogging", given=_log_buckets, refused=_logging("none-of-one"),
         accepted=_logging("logs-of-one")),
    Rule("logs go to a bucket that lets them in", f"{GUIDE}/enable-server-access-logging.html", "put_bucket_logging",
         "InvalidTargetBucketForLogging", given=_log_buckets, refused=_logging("files-of-one"),
         accepted=_logging("logs-of-one")),
    Rule("logs stay in their region", f"{GUIDE}/ServerLogs.html", "put_bucket_logging",
         "CrossLocationLoggingProhibitted", given=_log_buckets, refused=_logging("far-logs"),
         accepted=_logging("logs-of-one")),
    Rule("a notification goes to a topic that exists", f"{GUIDE}/notification-how-to-event-types-and-destinations.html",
         "put_bucket_notification_configuration", "InvalidArgument", given=_topics, refused=_notify("none"),
         accepted=_notify("open")),
    Rule("a notification goes to a topic that lets S3 publish", f"{GUIDE}/grant-destinations-permissions-to-s3.html",
         "put_bucket_notification_configuration", "InvalidArgument", given=_topics, refused=_notify("closed"),
         accepted=_notify("open")),
    Rule("an event is notified of once", f"{GUIDE}/notification-how-to-filtering.html",
         "put_bucket_notification_configuration", "InvalidArgument", given=_topics, refused=_notify("open", "in/", "in/a"),
         accepted=_notify("open", "in/", "out/")),
    Rule("an origin has one wildcard", f"{API}/API_CORSRule.html", "put_bucket_cors", "InvalidRequest", given=_bucket,
         refused=_cors(AllowedOrigins=["https://*.example.*"]), accepted=_cors(AllowedOrigins=["https://*.example.com"])),
    Rule("browsers are allowed known methods", f"{API}/API_CORSRule.html", "put_bucket_cors", "InvalidRequest",
         given=_bucket, refused=_cors(AllowedMethods=["PATCH"]), accepted=_cors(AllowedMethods=["POST"])),
    Rule("an index document lies in its folder", f"{API}/API_IndexDocument.html", "put_bucket_website",
         "InvalidArgument", given=_bucket, refused=_website(IndexDocument={"Suffix": "web/index.html"}),
         accepted=_website(IndexDocument={"Suffix": "index.html"})),
    Rule("a website has an index, or leads elsewhere", f"{API}/API_WebsiteConfiguration.html", "put_bucket_website",
         "InvalidArgument", given=_bucket, refused=_website(ErrorDocument={"Key": "404.html"}),
         accepted=_website(IndexDocument={"Suffix": "index.html"}, ErrorDocument={"Key": "404.html"})),
    Rule("objects are archived after ninety days", f"{API}/API_Tiering.html",
         "put_bucket_intelligent_tiering_configuration", "InvalidArgument", given=_bucket, refused=_tiering(89),
         accepted=_tiering(90)),
    Rule("a bucket's tags each have a key of their own", f"{API}/API_PutBucketTagging.html", "put_bucket_tagging",
         "InvalidTag", given=_bucket, refused=_tags("a", "a"), accepted=_tags("a", "b")),
    Rule("tags that begin with aws: are AWS's", f"{API}/API_PutBucketTagging.html", "put_bucket_tagging", "InvalidTag",
         given=_bucket, refused=_tags("aws:a"), accepted=_tags("a:aws")),
]  # fmt: skip
