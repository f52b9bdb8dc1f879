# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets."""

import json

import pytest

HERE = {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}
NAME = {"Bucket": "some-bucket"}
ARN = "arn:aws:s3:::some-bucket"


@pytest.fixture
def s3(sandbox):
    """S3 with one bucket."""
    client = sandbox.client("s3")
    client.create_bucket(**NAME, **HERE)
    return client


def policy(effect="Allow", principal="*", **more):
    statement = {"Effect": effect, "Principal": principal, "Action": "s3:GetObject", "Resource": f"{ARN}/*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


PLAIN = policy("Deny", Action="s3:*", Resource=[ARN, f"{ARN}/*"], Condition={"Bool": {"aws:SecureTransport": "false"}})


# --- buckets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["Bad_Name", "ab", "a" * 64, "-ab", "a..b", "192.168.0.1", "xn--bucket", "sthree-x", "bucket-s3alias", "b--ol-s3"],
)
def test_names(sandbox, refused, name):
    assert refused(sandbox.client("s3").create_bucket, Bucket=name, **HERE) == "InvalidBucketName"


def test_regions(sandbox, s3, refused):
    assert refused(s3.create_bucket, **NAME, **HERE) == "BucketAlreadyOwnedByYou"
    assert refused(s3.create_bucket, Bucket="other-bucket") == "IllegalLocationConstraintException"
    sandbox.client("s3", "us-east-1").create_bucket(Bucket="other-bucket")
    assert s3.get_bucket_location(**NAME)["LocationConstraint"] == "eu-central-1"
    listed = {bucket["Name"]: bucket["BucketRegion"] for bucket in s3.list_buckets()["Buckets"]}
    assert listed == {"some-bucket": "eu-central-1", "other-bucket": "us-east-1"}
    assert [bucket["Name"] for bucket in s3.list_buckets(Prefix="some")["Buckets"]] == ["some-bucket"]
    assert [bucket["Name"] for bucket in s3.list_buckets(BucketRegion="us-east-1")["Buckets"]] == ["other-bucket"]
    assert s3.head_bucket(**NAME)["BucketRegion"] == "eu-central-1"
    assert refused(s3.head_bucket, Bucket="no-bucket") == "404"
    assert refused(s3.get_bucket_encryption, Bucket="no-bucket") == "NoSuchBucket"
    assert refused(s3.get_bucket_encryption, **NAME, ExpectedBucketOwner="210987654321") == "AccessDenied"


def test_a_new_bucket_is_closed(s3):
    (rule,) = s3.get_bucket_encryption(**NAME)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule == {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    ownership = s3.get_bucket_ownership_controls(**NAME)["OwnershipControls"]
    assert ownership == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    block = s3.get_public_access_block(**NAME)["PublicAccessBlockConfiguration"]
    assert len(block) == 4 and all(block.values())


def test_ownership_and_acls(s3, refused):
    s3.create_bucket(Bucket="own-bucket", ObjectOwnership="BucketOwnerPreferred", **HERE)
    found = s3.get_bucket_ownership_controls(Bucket="own-bucket")["OwnershipControls"]["Rules"]
    assert found == [{"ObjectOwnership": "BucketOwnerPreferred"}]
    code = refused(s3.create_bucket, Bucket="acl-bucket", ACL="log-delivery-write", **HERE)
    assert code == "InvalidBucketAclWithObjectOwnership"
    assert refused(s3.put_bucket_acl, **NAME, ACL="log-delivery-write") == "AccessControlListNotSupported"
    assert refused(s3.put_bucket_acl, Bucket="own-bucket", ACL="public-read") == "AccessDenied"
    s3.put_bucket_acl(Bucket="own-bucket", ACL="log-delivery-write")
    wrong = {"Rules": [{"ObjectOwnership": "Nobody"}]}
    assert refused(s3.put_bucket_ownership_controls, **NAME, OwnershipControls=wrong) == "MalformedXML"
    s3.delete_bucket_ownership_controls(**NAME)
    assert refused(s3.get_bucket_ownership_controls, **NAME) == "OwnershipControlsNotFoundError"


def test_public_access_block(s3, refused):
    s3.put_public_access_block(**NAME, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    assert s3.get_public_access_block(**NAME)["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True, "IgnorePublicAcls": False, "BlockPublicPolicy": False, "RestrictPublicBuckets": False,
    }  # fmt: skip
    s3.delete_public_access_block(**NAME)
    assert refused(s3.get_public_access_block, **NAME) == "NoSuchPublicAccessBlockConfiguration"


def test_deletion(s3, refused):
    s3.put_bucket_versioning(**NAME, VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(**NAME, Key="k", Body=b"1")["VersionId"]
    assert refused(s3.delete_bucket, **NAME) == "BucketNotEmpty"
    marker = s3.delete_object(**NAME, Key="k")["VersionId"]
    s3.delete_object(**NAME, Key="k", VersionId=version)
    assert refused(s3.delete_bucket, **NAME) == "BucketNotEmpty"
    s3.delete_object(**NAME, Key="k", VersionId=marker)
    s3.delete_bucket(**NAME)
    assert refused(s3.delete_bucket, **NAME) == "NoSuchBucket"


def test_versioning_and_locks(s3, refused):
    assert "Status" not in s3.get_bucket_versioning(**NAME)
    code = refused(s3.put_bucket_versioning, **NAME, VersioningConfiguration={"Status": "On"})
    assert code == "MalformedXML"
    assert refused(s3.get_object_lock_configuration, **NAME) == "ObjectLockConfigurationNotFoundError"
    s3.create_bucket(Bucket="lock-bucket", ObjectLockEnabledForBucket=True, **HERE)
    assert s3.get_bucket_versioning(Bucket="lock-bucket")["Status"] == "Enabled"
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 6}}
    lock = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    s3.put_object_lock_configuration(Bucket="lock-bucket", ObjectLockConfiguration=lock)
    assert s3.get_object_lock_configuration(Bucket="lock-bucket")["ObjectLockConfiguration"] == lock
    suspended = {"Status": "Suspended"}
    code = refused(s3.put_bucket_versioning, Bucket="lock-bucket", VersioningConfiguration=suspended)
    assert code == "InvalidBucketState"


def test_tags(s3, refused):
    tags = [{"Key": "a", "Value": "b"}]
    s3.put_bucket_tagging(**NAME, Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(**NAME)["TagSet"] == tags
    for wrong in (tags + tags, [{"Key": "aws:x", "Value": "y"}]):
        assert refused(s3.put_bucket_tagging, **NAME, Tagging={"TagSet": wrong}) == "InvalidTag"
    s3.delete_bucket_tagging(**NAME)
    assert refused(s3.get_bucket_tagging, **NAME) == "NoSuchTagSet"
    configuration = {**HERE["CreateBucketConfiguration"], "Tags": tags}
    s3.create_bucket(Bucket="tag-bucket", CreateBucketConfiguration=configuration)
    assert s3.get_bucket_tagging(Bucket="tag-bucket")["TagSet"] == tags


# --- policies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "{}", '{"Statement": []}', policy("Maybe"), policy(Action="sqs:SendMessage"),
        policy(Resource="arn:aws:s3:::other-bucket/*"), policy(Resource="*"), policy(Principal=None),
        policy(principal={"AWS": "arn:aws:iam::123456789012:role/none"}),
    ],
)  # fmt: skip
def test_policies_that_are_none(s3, refused, text):
    assert refused(s3.put_bucket_policy, **NAME, Policy=text) == "MalformedPolicy"


def test_policies(sandbox, s3, refused):
    trust = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]})
    role = sandbox.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    fixed = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    for text in (policy(principal={"AWS": role}), policy(principal={"Service": "x.amazonaws.com"}), PLAIN,
                 policy(Condition=fixed)):  # fmt: skip
        s3.put_bucket_policy(**NAME, Policy=text)
        assert s3.get_bucket_policy(**NAME)["Policy"] == text
        assert s3.get_bucket_policy_status(**NAME)["PolicyStatus"]["IsPublic"] is False
    s3.delete_bucket_policy(**NAME)
    assert refused(s3.get_bucket_policy, **NAME) == refused(s3.get_bucket_policy_status, **NAME) == "NoSuchBucketPolicy"


def test_public_policies(s3, refused):
    open_to_all = {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}
    for text in (policy(), policy(principal={"AWS": "*"}), policy(Condition=open_to_all)):
        assert refused(s3.put_bucket_policy, **NAME, Policy=text) == "AccessDenied"
    s3.put_public_access_block(**NAME, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    s3.put_bucket_policy(**NAME, Policy=policy())
    assert s3.get_bucket_policy_status(**NAME)["PolicyStatus"]["IsPublic"] is True


def test_a_policy_against_plain_http_denies_nobody_else(s3):
    s3.put_bucket_policy(**NAME, Policy=PLAIN)
    s3.put_object(**NAME, Key="k", Body=b"1")
    assert s3.get_object(**NAME, Key="k")["Body"].read() == b"1"


# --- life cycles ---------------------------------------------------------------------------------------------------


def rule(**more):
    return {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, **more}


def move(days, name):
    return {"Days": days, "StorageClass": name}


BOTH = {"And": {"Prefix": "a/", "Tags": [{"Key": "a", "Value": "b"}]}}
EXPIRE = {"Expiration": {"Days": 400}}
LIFE_CYCLES = [
    [rule(**EXPIRE, Transitions=[move(30, "STANDARD_IA"), move(60, "GLACIER"), move(150, "DEEP_ARCHIVE")])],
    [rule(ID="a", Filter=BOTH, **EXPIRE), rule(ID="b", Expiration={"ExpiredObjectDeleteMarker": True})],
    [rule(Filter={"And": {"ObjectSizeGreaterThan": 1, "ObjectSizeLessThan": 9}}, **EXPIRE)],
    [
        rule(
            NoncurrentVersionExpiration={"NoncurrentDays": 90, "NewerNoncurrentVersions": 3},
            NoncurrentVersionTransitions=[{"NoncurrentDays": 30, "StorageClass": "STANDARD_IA"}],
            AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7},
        )
    ],
    [{"ID": "old", "Status": "Disabled", "Prefix": "logs/", **EXPIRE}],
    [rule(Transitions=[move(0, "INTELLIGENT_TIERING")])],
]


def put_rules(s3, rules):
    return s3.put_bucket_lifecycle_configuration(**NAME, LifecycleConfiguration={"Rules": rules})


@pytest.mark.parametrize("rules", LIFE_CYCLES)
def test_life_cycles(s3, refused, rules):
    assert refused(s3.get_bucket_lifecycle_configuration, **NAME) == "NoSuchLifecycleConfiguration"
    put_rules(s3, rules)
    found = s3.get_bucket_lifecycle_configuration(**NAME)
    assert found["Rules"] == rules
    assert found["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
    s3.delete_bucket_lifecycle(**NAME)
    s3.delete_bucket_lifecycle(**NAME)
    assert refused(s3.get_bucket_lifecycle_configuration, **NAME) == "NoSuchLifecycleConfiguration"


def test_rules_without_a_name_get_one(s3):
    unnamed = {name: value for name, value in rule(**EXPIRE).items() if name != "ID"}
    put_rules(s3, [unnamed])
    (found,) = s3.get_bucket_lifecycle_configuration(**NAME)["Rules"]
    assert found.pop("ID") and found == unnamed


MALFORMED, ARGUMENT, REQUEST = "MalformedXML", "InvalidArgument", "InvalidRequest"
UPLOAD = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ([rule(**EXPIRE), rule(**EXPIRE)], ARGUMENT),
        ([rule()], REQUEST),
        ([rule(**EXPIRE, Status="On")], MALFORMED),
        ([rule(**EXPIRE, Prefix="")], MALFORMED),
        ([{"ID": "r", "Status": "Enabled", **EXPIRE}], MALFORMED),
        ([rule(**EXPIRE, Filter={"Prefix": "a", "ObjectSizeLessThan": 5})], MALFORMED),
        ([rule(**EXPIRE, Filter={"And": {"Prefix": "a"}})], MALFORMED),
        ([rule(Expiration={"Days": 0})], ARGUMENT),
        ([rule(Expiration={"Days": 1, "ExpiredObjectDeleteMarker": True})], MALFORMED),
        ([rule(Transitions=[move(29, "STANDARD_IA")])], ARGUMENT),
        ([rule(Transitions=[move(30, "COLD")])], MALFORMED),
        ([rule(Transitions=[move(30, "STANDARD_IA"), move(59, "GLACIER")])], ARGUMENT),
        ([rule(Transitions=[move(30, "GLACIER"), move(90, "STANDARD_IA")])], ARGUMENT),
        ([rule(Transitions=[move(30, "GLACIER"), move(90, "GLACIER")])], ARGUMENT),
        ([rule(Transitions=[move(90, "GLACIER")], Expiration={"Days": 90})], ARGUMENT),
        ([rule(**UPLOAD, Filter={"Tag": {"Key": "a", "Value": "b"}})], REQUEST),
        ([rule(NoncurrentVersionExpiration={"NoncurrentDays": 0})], ARGUMENT),
        ([rule(NoncurrentVersionExpiration={"NoncurrentDays": 1, "NewerNoncurrentVersions": 101})], ARGUMENT),
        ([rule(NoncurrentVersionTransitions=[{"NoncurrentDays": 3, "StorageClass": "ONEZONE_IA"}])], ARGUMENT),
    ],
)
def test_life_cycles_that_are_refused(s3, refused, rules, code):
    assert refused(put_rules, s3=s3, rules=rules) == code
    assert refused(s3.get_bucket_lifecycle_configuration, **NAME) == "NoSuchLifecycleConfiguration"


# --- settings ------------------------------------------------------------------------------------------------------


def test_encryption(s3, refused):
    kms = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:eu-central-1:123456789012:key/x"}
    written = {"Rules": [{"ApplyServerSideEncryptionByDefault": kms, "BucketKeyEnabled": True}]}
    s3.put_bucket_encryption(**NAME, ServerSideEncryptionConfiguration=written)
    assert s3.get_bucket_encryption(**NAME)["ServerSideEncryptionConfiguration"] == written
    for default, code in (({"SSEAlgorithm": "ROT13"}, MALFORMED), ({**kms, "SSEAlgorithm": "AES256"}, ARGUMENT)):
        wrong = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
        assert refused(s3.put_bucket_encryption, **NAME, ServerSideEncryptionConfiguration=wrong) == code
    s3.delete_bucket_encryption(**NAME)
    (found,) = s3.get_bucket_encryption(**NAME)["ServerSideEncryptionConfiguration"]["Rules"]
    assert found["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_logging(sandbox, s3, refused):
    def wanted(target):
        return {**NAME, "BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "s3/"}}}

    assert "LoggingEnabled" not in s3.get_bucket_logging(**NAME)
    s3.create_bucket(Bucket="log-bucket", **HERE)
    sandbox.client("s3", "us-east-1").create_bucket(Bucket="far-bucket")
    assert refused(s3.put_bucket_logging, **wanted("no-bucket")) == "InvalidTargetBucketForLogging"
    assert refused(s3.put_bucket_logging, **wanted("far-bucket")) == "CrossLocationLoggingProhibitted"
    assert refused(s3.put_bucket_logging, **wanted("log-bucket")) == "InvalidTargetBucketForLogging"
    allowed = json.loads(policy(principal={"Service": "logging.s3.amazonaws.com"}, Action="s3:PutObject"))
    allowed["Statement"].append(json.loads(PLAIN)["Statement"][0])
    text = json.dumps(allowed).replace("some-bucket", "log-bucket")
    s3.put_bucket_policy(Bucket="log-bucket", Policy=text)
    s3.put_bucket_logging(**wanted("log-bucket"))
    assert s3.get_bucket_logging(**NAME)["LoggingEnabled"] == {"TargetBucket": "log-bucket", "TargetPrefix": "s3/"}
    s3.put_bucket_logging(**NAME, BucketLoggingStatus={})
    assert "LoggingEnabled" not in s3.get_bucket_logging(**NAME)


def test_notifications(sandbox, s3, refused):
    def put(wanted):
        s3.put_bucket_notification_configuration(**NAME, NotificationConfiguration=wanted)

    def read():
        found = s3.get_bucket_notification_configuration(**NAME)
        return {name: value for name, value in found.items() if name != "ResponseMetadata"}

    sns = sandbox.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "SNS:Publish",
        "Resource": topic,
    }
    allow["Condition"] = {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{NAME['Bucket']}"}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    key = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}
    entry = {"Id": "x", "TopicArn": topic, "Events": ["s3:ObjectCreated:*"], "Filter": key}
    both = {"TopicConfigurations": [entry], "EventBridgeConfiguration": {}}
    put(both)
    assert read() == both
    wrong = {"TopicConfigurations": [{**entry, "TopicArn": topic + "x"}]}
    assert refused(put, wanted=wrong) == "InvalidArgument"
    assert read() == both
    put({})
    assert read() == {}


def test_intelligent_tiering(s3, refused):
    wanted = {"Id": "x", "Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}
    s3.put_bucket_intelligent_tiering_configuration(**NAME, Id="x", IntelligentTieringConfiguration=wanted)
    found = s3.get_bucket_intelligent_tiering_configuration(**NAME, Id="x")["IntelligentTieringConfiguration"]
    assert found == wanted
    listed = s3.list_bucket_intelligent_tiering_configurations(**NAME)["IntelligentTieringConfigurationList"]
    assert listed == [wanted]
    soon = {**wanted, "Tierings": [{"Days": 89, "AccessTier": "ARCHIVE_ACCESS"}]}
    put = s3.put_bucket_intelligent_tiering_configuration
    assert refused(put, **NAME, Id="x", IntelligentTieringConfiguration=soon) == "InvalidArgument"
    assert refused(put, **NAME, Id="y", IntelligentTieringConfiguration=wanted) == "MalformedXML"
    s3.delete_bucket_intelligent_tiering_configuration(**NAME, Id="x")
    code = refused(s3.get_bucket_intelligent_tiering_configuration, **NAME, Id="x")
    assert code == "NoSuchConfiguration"
    assert s3.head_bucket(**NAME)


@pytest.mark.parametrize("kind, more", [("metrics", {}), ("analytics", {"StorageClassAnalysis": {}})])
def test_configurations_by_id(s3, refused, kind, more):
    member = f"{kind.capitalize()}Configuration"
    put, get, delete, list_all = (
        getattr(s3, f"{verb}_bucket_{kind}_configuration{plural}")
        for verb, plural in (("put", ""), ("get", ""), ("delete", ""), ("list", "s"))
    )
    for prefix in ("in/", "out/"):
        wanted = {"Id": "x", "Filter": {"Prefix": prefix}, **more}
        put(**NAME, Id="x", **{member: wanted})
        assert get(**NAME, Id="x")[member] == wanted
    put(**NAME, Id="a", **{member: {"Id": "a", **more}})
    assert [one["Id"] for one in list_all(**NAME)[f"{member}List"]] == ["a", "x"]
    assert refused(put, **NAME, Id="y", **{member: wanted}) == "MalformedXML"
    for name in ("a", "x"):
        delete(**NAME, Id=name)
    assert refused(delete, **NAME, Id="x") == "NoSuchConfiguration"
    assert f"{member}List" not in list_all(**NAME) and s3.head_bucket(**NAME)
