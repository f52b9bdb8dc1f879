# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""s3_buckets against moto: from nothing to buckets with all their settings, back, and what is refused."""

from __future__ import annotations

import json

import pytest
import xmltodict
from moto.s3.responses import S3Response

MODULE = "s3_buckets"
NAME = "dougust-test-exports"
TAGS = {"Platform": "dougust", "Environment": "test"}
OWNED = {**TAGS, "ManagedBy": "groundwork", "Component": "buckets"}
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
RULE = {
    "id": "archive",
    "prefix": "exports/",
    "expiration_days": 365,
    "transitions": [{"days": 30, "storage_class": "STANDARD_IA"}, {"days": 90, "storage_class": "GLACIER"}],
    "noncurrent_expiration_days": 90,
    "noncurrent_transitions": [{"days": 30, "storage_class": "STANDARD_IA"}],
    "abort_incomplete_multipart_days": 7,
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}
DELIVERY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::dougust-test-logs/*",
        }
    ],
}
LOGS = {"name": "dougust-test-logs", "policy": DELIVERY}
CORS = {"allowed_origins": ["https://app.example.com"], "allowed_methods": ["GET", "PUT"], "max_age_seconds": 300}
BUCKET = {
    "name": NAME,
    "versioning": True,
    "encryption": "aws:kms",
    "kms_key_arn": KEY_ARN,
    "policy": POLICY,
    "lifecycle_rules": [RULE],
    "access_logging": {"bucket": LOGS["name"], "prefix": "exports/"},
    "event_bridge": True,
    "cors_rules": [CORS],
}
SETTINGS = ["PutPublicAccessBlock", "PutBucketEncryption", "PutBucketVersioning", "PutBucketPolicy"] + [
    "PutBucketLifecycleConfiguration",
    "PutBucketLogging",
    "PutBucketNotificationConfiguration",
    "PutBucketCors",
]


@pytest.fixture(autouse=True)
def what_moto_forgets(monkeypatch):
    """Let moto keep the tags of CreateBucket and answer that a bucket sends its events to EventBridge."""
    put, get = S3Response._bucket_response_put, S3Response.get_bucket_notification
    sending = set()

    def put_and_keep(self, request, bucket_name, querystring):
        answer = put(self, request, bucket_name, querystring)
        body = xmltodict.parse(self.body, force_list=("Tag",)) if self.body.startswith(b"<") else {}
        tags = ((body.get("CreateBucketConfiguration") or {}).get("Tags") or {}).get("Tag", [])
        if tags:
            self.backend.put_bucket_tagging(bucket_name, {tag["Key"]: tag["Value"] for tag in tags})
        if "notification" in querystring:
            (sending.add if b"EventBridgeConfiguration" in self.body else sending.discard)(bucket_name)
        return answer

    def get_all(self):
        status, headers, body = get(self)
        if self.bucket_name in sending:
            start = body[:-2] + ">" if body.endswith("/>") else body.removesuffix("</NotificationConfiguration>")
            body = start + "<EventBridgeConfiguration/></NotificationConfiguration>"
        return status, headers, body

    monkeypatch.setattr(S3Response, "_bucket_response_put", put_and_keep)
    monkeypatch.setattr(S3Response, "get_bucket_notification", get_all)


def run(cloud, *buckets, **params):
    return cloud.run(MODULE, **{"buckets": list(buckets) or [LOGS, BUCKET], "tags": TAGS, **params})


def fail(cloud, *buckets, **params):
    return cloud.run_failing(MODULE, **{"buckets": list(buckets) or [LOGS, BUCKET], "tags": TAGS, **params})


def names(cloud):
    return [one["Name"] for one in cloud.client("s3").list_buckets()["Buckets"]]


def unchanged(cloud, *buckets, **params):
    again = run(cloud, *buckets, **params)
    assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
    return again["buckets"]


def test_check_mode_on_an_empty_account_predicts_the_buckets(cloud):
    result = run(cloud, check_mode=True)
    bucket = result["buckets"][NAME]
    assert bucket["arn"] == f"arn:aws:s3:::{NAME}"
    assert bucket["regional_domain_name"] == f"{NAME}.s3.us-east-1.amazonaws.com"
    assert [action["action"] for action in result["actions"]] == ["create", "create"]
    assert result["diff"][1]["after"]["encryption"]["kms_key_arn"] == KEY_ARN
    assert cloud.mutations == []
    china = run(cloud, {"name": NAME}, check_mode=True, region="cn-north-1")["buckets"][NAME]
    assert china["arn"] == f"arn:aws-cn:s3:::{NAME}"
    assert china["regional_domain_name"] == f"{NAME}.s3.cn-north-1.amazonaws.com.cn"


def test_create_then_nothing_to_do(cloud):
    created = run(cloud)
    assert [action["action"] for action in created["actions"]] == ["create", "create"]
    assert cloud.mutations == ["CreateBucket"] * 2 + ["PutPublicAccessBlock", "PutBucketPolicy"] + SETTINGS
    call = cloud.parameters("CreateBucket")[1]
    assert {"Key": "Platform", "Value": "dougust"} in call["CreateBucketConfiguration"]["Tags"]
    assert "LocationConstraint" not in call["CreateBucketConfiguration"]
    s3 = cloud.client("s3")
    rule = s3.get_bucket_encryption(Bucket=NAME)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY_ARN}
    assert rule["BucketKeyEnabled"] is True
    assert all(s3.get_public_access_block(Bucket=NAME)["PublicAccessBlockConfiguration"].values())
    (lifecycle,) = s3.get_bucket_lifecycle_configuration(Bucket=NAME)["Rules"]
    assert lifecycle["Filter"] == {"Prefix": "exports/"} and lifecycle["Expiration"] == {"Days": 365}
    assert s3.get_bucket_logging(Bucket=NAME)["LoggingEnabled"]["TargetBucket"] == LOGS["name"]
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=NAME)
    assert s3.get_bucket_cors(Bucket=NAME)["CORSRules"][0]["MaxAgeSeconds"] == 300
    assert unchanged(cloud, check_mode=True) == unchanged(cloud) == created["buckets"]


def test_other_regions_are_named_when_a_bucket_is_made(cloud):
    bucket = run(cloud, {"name": NAME}, region="eu-central-1")["buckets"][NAME]
    (call,) = cloud.parameters("CreateBucket")
    assert call["CreateBucketConfiguration"]["LocationConstraint"] == bucket["region"] == "eu-central-1"
    unchanged(cloud, {"name": NAME}, region="eu-central-1")
    failed = fail(cloud, {"name": NAME})
    assert f"S3 bucket {NAME} is in region eu-central-1, not in us-east-1. Nothing was changed." in failed["msg"]
    assert cloud.mutations == []


@pytest.mark.parametrize(
    "change, field, call",
    [
        ({"versioning": False}, "versioning", "PutBucketVersioning"),
        ({"encryption": "AES256", "kms_key_arn": None}, "encryption", "PutBucketEncryption"),
        ({"bucket_key": False}, "encryption", "PutBucketEncryption"),
        ({"policy": {}}, "policy", "DeleteBucketPolicy"),
        ({"policy": {**POLICY, "Statement": [{**POLICY["Statement"][0], "Sid": "X"}]}}, "policy", "PutBucketPolicy"),
        ({"public_access_block": False}, "public_access_block", "PutPublicAccessBlock"),
        ({"object_ownership": "ObjectWriter"}, "object_ownership", "PutBucketOwnershipControls"),
        (
            {"lifecycle_rules": [{**RULE, "enabled": False}]},
            "lifecycle_rules",
            "PutBucketLifecycleConfiguration",
        ),
        ({"lifecycle_rules": []}, "lifecycle_rules", "DeleteBucketLifecycle"),
        ({"access_logging": {"bucket": LOGS["name"]}}, "access_logging", "PutBucketLogging"),
        ({"access_logging": {}}, "access_logging", "PutBucketLogging"),
        ({"event_bridge": False}, "event_bridge", "PutBucketNotificationConfiguration"),
        ({"cors_rules": [{**CORS, "allowed_methods": ["GET"]}]}, "cors_rules", "PutBucketCors"),
        ({"cors_rules": []}, "cors_rules", "DeleteBucketCors"),
        ({"tags": {"Tier": "data"}}, "tags", "PutBucketTagging"),
    ],
)
def test_settings_change_in_place(cloud, change, field, call):
    run(cloud)
    wanted = {key: value for key, value in {**BUCKET, **change}.items() if value is not None}
    plan = run(cloud, wanted, check_mode=True)
    assert (plan["actions"][0]["action"], plan["actions"][0]["fields"], cloud.mutations) == ("update", [field], [])
    changed = run(cloud, wanted)
    assert (changed["actions"], cloud.mutations) == (plan["actions"], [call])
    assert unchanged(cloud, wanted) == changed["buckets"]


def test_all_tags_can_go(cloud):
    run(cloud, {"name": NAME})
    assert run(cloud, {"name": NAME}, tags={})["actions"][0]["fields"] == ["tags"]
    assert cloud.mutations == ["DeleteBucketTagging"]
    unchanged(cloud, {"name": NAME}, tags={})


def test_what_is_not_given_is_left_alone(cloud):
    run(cloud)
    left = cloud.run(MODULE, buckets=[{"name": NAME}])
    assert not left["changed"]
    assert not {"policy", "encryption", "lifecycle_rules", "event_bridge"} & set(left["buckets"][NAME])
    # The last two are read side by side.
    assert cloud.operations[:2] == ["GetBucketLocation", "GetBucketTagging"]
    assert sorted(cloud.operations[2:]) == ["GetBucketOwnershipControls", "GetPublicAccessBlock"]


def test_order_and_spelling_do_not_count(cloud):
    second = {"id": "other", "abort_incomplete_multipart_days": 1}
    run(cloud, LOGS, {**BUCKET, "lifecycle_rules": [RULE, second]})
    statement = {**POLICY["Statement"][0], "Principal": {"AWS": "*"}, "Action": ["s3:*"]}
    statement["Resource"] = statement["Resource"][::-1]
    same = {"policy": {**POLICY, "Statement": [statement]}, "lifecycle_rules": [second, RULE]}
    unchanged(cloud, {**BUCKET, **same})


def test_the_order_of_cors_rules_counts(cloud):
    rules = [CORS, {"allowed_origins": ["*"], "allowed_methods": ["GET"]}]
    run(cloud, {"name": NAME, "cors_rules": rules})
    assert run(cloud, {"name": NAME, "cors_rules": rules[::-1]})["changed"]


def test_what_somebody_changed_is_put_back(cloud):
    run(cloud)
    s3 = cloud.client("s3")
    s3.put_public_access_block(
        Bucket=NAME,
        PublicAccessBlockConfiguration={"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False},
    )
    rule = {"ID": "archive", "Status": "Enabled", "Expiration": {"Days": 365}}
    tagged = {"And": {"Prefix": "exports/", "Tags": [{"Key": "a", "Value": "b"}]}}
    s3.put_bucket_lifecycle_configuration(Bucket=NAME, LifecycleConfiguration={"Rules": [{**rule, "Filter": tagged}]})
    changed = run(cloud)
    assert changed["actions"][0]["fields"] == ["lifecycle_rules", "public_access_block"]
    assert "other" in changed["diff"][0]["before"]["lifecycle_rules"][0]
    unchanged(cloud)


def test_notifications_of_others_stay(cloud):
    run(cloud, {"name": NAME})
    queue = cloud.client("sqs").create_queue(QueueName="events")["QueueUrl"]
    arn = cloud.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    cloud.client("s3").put_bucket_notification_configuration(
        Bucket=NAME,
        NotificationConfiguration={"QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]},
    )
    run(cloud, {"name": NAME, "event_bridge": True})
    found = cloud.client("s3").get_bucket_notification_configuration(Bucket=NAME)
    assert found["QueueConfigurations"][0]["QueueArn"] == arn and "EventBridgeConfiguration" in found


def test_blocked_kinds_of_encryption_stay_blocked(cloud):
    run(cloud, {"name": NAME})
    blocked = {"EncryptionType": ["SSE-C"]}
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BlockedEncryptionTypes": blocked}
    cloud.answer("GetBucketEncryption", lambda params: {"ServerSideEncryptionConfiguration": {"Rules": [{**rule}]}})
    run(cloud, {"name": NAME, "encryption": "aws:kms", "kms_key_arn": KEY_ARN})
    (call,) = cloud.parameters("PutBucketEncryption")
    assert call["ServerSideEncryptionConfiguration"]["Rules"][0]["BlockedEncryptionTypes"] == blocked


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_bucket_of_somebody_else_is_not_touched(cloud, state):
    run(cloud, {"name": NAME}, tags={**TAGS, "Environment": "production"})
    failed = fail(cloud, {"name": NAME}, state=state, force=True)
    assert f"S3 bucket {NAME} belongs to somebody else: it is tagged Environment=production." in failed["msg"]
    assert cloud.mutations == []


def test_a_bucket_of_another_account_is_refused(cloud):
    cloud.fail("GetBucketLocation", "AccessDenied")
    failed = fail(cloud, {"name": NAME})
    assert f"S3 bucket {NAME} exists and AWS denies access to it: it belongs to another account" in failed["msg"]
    assert cloud.mutations == []
    cloud.heal()
    cloud.fail("GetBucketLocation", "InternalError")
    assert f"Could not read S3 bucket {NAME}: InternalError" in fail(cloud, {"name": NAME})["msg"]
    cloud.heal()
    cloud.fail("CreateBucket", "BucketAlreadyExists", "The name is taken")
    assert "To fix: a name exists once in all of AWS" in fail(cloud, {"name": NAME})["msg"]


def test_a_bucket_that_another_run_just_made_is_taken(cloud):
    cloud.client("s3").create_bucket(Bucket=NAME)
    missing = [True]
    cloud.fail("GetBucketLocation", "NoSuchBucket", when=lambda params: missing and missing.pop())
    cloud.fail("CreateBucket", "BucketAlreadyOwnedByYou")
    run(cloud, {"name": NAME, "versioning": True})
    assert cloud.mutations[1:] == [
        "PutBucketOwnershipControls",
        "PutPublicAccessBlock",
        "PutBucketVersioning",
        "PutBucketTagging",
    ]
    cloud.heal()
    unchanged(cloud, {"name": NAME, "versioning": True})


@pytest.mark.parametrize("killed_at", SETTINGS)
def test_a_killed_run_is_finished_by_the_next(cloud, killed_at):
    cloud.fail(killed_at, "InternalError", when=lambda params: params["Bucket"] == NAME)
    assert [action["action"] for action in fail(cloud)["actions"]] == ["create", "create"]
    cloud.heal()
    assert [action["action"] for action in run(cloud)["actions"]] == ["update"]
    assert "CreateBucket" not in cloud.mutations
    unchanged(cloud)


def test_delete_and_delete_again(cloud):
    run(cloud)
    assert [action["name"] for action in run(cloud, state="absent", check_mode=True)["actions"]] == [NAME, LOGS["name"]]
    assert cloud.mutations == []
    # The bucket of the logs is not empty: it has those of the settings.
    assert run(cloud, state="absent", force=True)["buckets"] == {}
    assert names(cloud) == []
    assert not run(cloud, state="absent")["changed"]


def fill(cloud):
    run(cloud, {"name": NAME, "versioning": True})
    for body in (b"one", b"two"):
        cloud.client("s3").put_object(Bucket=NAME, Key="file", Body=body)
    cloud.client("s3").delete_object(Bucket=NAME, Key="file")


def test_a_bucket_is_emptied_only_by_force(cloud):
    fill(cloud)
    failed = fail(cloud, {"name": NAME}, state="absent")
    assert f"Could not delete S3 bucket {NAME}: BucketNotEmpty" in failed["msg"] and "To fix: " in failed["msg"]
    assert (failed["changed"], names(cloud)) == (False, [NAME])
    assert run(cloud, {"name": NAME}, state="absent", force=True)["changed"]
    assert (cloud.mutations, names(cloud)) == (["DeleteObjects", "DeleteBucket"], [])


def test_logs_that_arrive_meanwhile_are_deleted_too(cloud):
    fill(cloud)
    cloud.fail("DeleteBucket", "BucketNotEmpty", times=2)
    assert run(cloud, {"name": NAME}, state="absent", force=True)["changed"]
    assert (cloud.operations.count("DeleteBucket"), names(cloud)) == (3, [])


def test_objects_that_cannot_be_deleted_are_named(cloud):
    fill(cloud)
    error = {"Key": "file", "Code": "AccessDenied", "Message": "Object is locked."}
    cloud.answer("DeleteObjects", lambda params: {"Errors": [error, error]})
    assert fail(cloud, {"name": NAME}, state="absent", force=True)["msg"] == (
        f"Could not delete 2 objects of S3 bucket {NAME}, the first of them file: AccessDenied: Object is locked. "
        "To fix: remove what protects them (object lock, MFA delete, a denying policy) and run again."
    )


def test_what_is_no_longer_declared_is_reported_and_kept(cloud):
    run(cloud, {"name": NAME}, {"name": "dougust-test-old"}, tags=OWNED)
    reported = run(cloud, {"name": NAME}, tags=OWNED, undeclared="delete")
    assert [one["name"] for one in reported["undeclared"]] == ["dougust-test-old"]
    assert run(cloud, {"name": NAME}, tags=OWNED, undeclared="delete_with_data")["changed"]
    assert names(cloud) == [NAME]


def test_gathered_reads_and_plans_what_is_missing(cloud):
    assert run(cloud, state="gathered")["buckets"] == {}
    assert run(cloud, state="gathered", check_mode=True)["buckets"][NAME]["arn"]
    created = run(cloud)
    assert run(cloud, state="gathered")["buckets"] == created["buckets"]


LONG = {"Version": "2012-10-17", "Statement": [{"Sid": "x" * 20480}]}


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "Exports"}, "is no name of a bucket. To fix:"),
        ({"name": "10.0.0.1"}, "is no name of a bucket. To fix:"),
        ({"name": "a..b"}, "is no name of a bucket. To fix:"),
        ({"name": "ab"}, "is no name of a bucket. To fix:"),
        ({"name": "a" * 64}, "is no name of a bucket. To fix:"),
        ({"name": "sthree-exports"}, "has a name that AWS reserves. To fix:"),
        ({"name": "exports-s3alias"}, "has a name that AWS reserves. To fix:"),
        ({"encryption": "AES256"}, "has a kms_key_arn without encryption: aws:kms. To fix:"),
        ({"kms_key_arn": "1234"}, "has 1234 as kms_key_arn. To fix:"),
        ({"kms_key_arn": KEY_ARN.replace("us-east-1", "us-west-2")}, "is in us-east-1 and its key in us-west-2."),
        ({"policy": LONG}, "has too long a policy. To fix:"),
        ({"cors_rules": [{**CORS, "allowed_origins": []}]}, "has impossible cors_rules. To fix:"),
        ({"cors_rules": [CORS] * 101}, "has impossible cors_rules. To fix:"),
        ({"lifecycle_rules": [RULE, RULE]}, "has several lifecycle rules archive. To fix:"),
        ({"lifecycle_rules": [{"id": "a"}]}, "has an impossible lifecycle rule a: it does nothing. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    assert message in fail(cloud, {**BUCKET, **change})["msg"]
    assert cloud.calls == []


def test_what_aws_does_not_know_yet_is_tried_again(cloud):
    cloud.fail("CreateBucket", "OperationAborted", times=2)
    cloud.fail("PutPublicAccessBlock", "NoSuchBucket", times=2)
    cloud.fail("PutBucketPolicy", "MalformedPolicy", "Invalid principal in policy", times=1)
    cloud.fail("PutBucketLogging", "InvalidTargetBucketForLogging", times=1)
    assert run(cloud)["changed"]
    cloud.fail("PutBucketPolicy", "MalformedPolicy", "Missing required field Action")
    run_failing = fail(cloud, {**BUCKET, "policy": json.loads(json.dumps(POLICY).replace("TlsOnly", "Tls"))})
    assert "MalformedPolicy: Missing required field Action" in run_failing["msg"]
    assert cloud.operations.count("PutBucketPolicy") == 1


def test_a_disposable_bucket_goes_with_what_is_in_it(cloud):
    plain = {"name": "dougust-plain-1"}
    logs = {"name": "dougust-logs-1", "disposable": True}
    cloud.run("s3_buckets", buckets=[plain, logs])
    for bucket in (plain, logs):
        cloud.client("s3").put_object(Bucket=bucket["name"], Key="a", Body=b"")
    failed = cloud.run_failing("s3_buckets", buckets=[plain, logs], state="absent")
    assert "dougust-plain-1" in failed["msg"]
    names = [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]]
    assert names == ["dougust-plain-1"]
