# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudTrail refuses."""

from tests.unit.sandbox.governance import allow, bucket, key, role
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide"
WRITER = "cloudtrail.amazonaws.com"
COMBINATION = "InvalidParameterCombinationException"
SELECTORS = "InvalidEventSelectorsException"
GROUP = "arn:aws:logs:eu-central-1:123456789012:log-group"


def _trail(name="main", place="some-trails", **more):
    return {"Name": name, "S3BucketName": place, **more}


def _buckets(world):
    bucket(world.s3, "some-trails", WRITER)
    bucket(world.s3, "shut-trails")


def _made(world, count=1):
    _buckets(world)
    for number in range(count):
        world.cloudtrail.create_trail(**_trail(f"trail-{number}"))


def _keys(world):
    _buckets(world)
    return key(world.kms, WRITER), key(world.kms)


def _topics(world):
    _buckets(world)
    for name in ("open", "shut"):
        world.sns.create_topic(Name=name)
    arn = "arn:aws:sns:eu-central-1:123456789012:open"
    policy = allow(WRITER, "SNS:Publish", arn)
    world.sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)


def _logs(world):
    _buckets(world)
    world.logs.create_log_group(logGroupName="trails")
    return role(world.iam, "trails", WRITER), role(world.iam, "other", "ec2.amazonaws.com")


def _logged(group, role_arn):
    return _trail(CloudWatchLogsLogGroupArn=f"{GROUP}:{group}:*", CloudWatchLogsRoleArn=role_arn)


def _abroad(world):
    _made(world)
    abroad = world.sandbox.client("cloudtrail", "eu-west-1")
    return abroad.create_trail(**_trail("abroad", IsMultiRegionTrail=True))["TrailARN"]


def _selectors(count=1, kind="AWS::S3::Object"):
    one = {"ReadWriteType": "All", "DataResources": [{"Type": kind, "Values": ["arn:aws:s3"]}]}
    return {"TrailName": "trail-0", "EventSelectors": [one] * count}


ADVANCED = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
TAGS = [{"Key": "a", "Value": "b"}]

SERVICE = "cloudtrail"
RULES = [
    Rule(
        says="a trail's name is taken",
        page=f"{API}/API_CreateTrail.html",
        operation="create_trail",
        code="TrailAlreadyExistsException",
        given=_made,
        refused=_trail("trail-0"),
        accepted=_trail("trail-1"),
    ),
    Rule(
        says="a trail's name has three characters at least",
        page=f"{GUIDE}/cloudtrail-trail-naming-requirements.html",
        operation="create_trail",
        code="InvalidTrailNameException",
        given=_buckets,
        refused=_trail("my"),
        accepted=_trail("mine"),
    ),
    Rule(
        says="a trail's name begins with a letter or a digit",
        page=f"{GUIDE}/cloudtrail-trail-naming-requirements.html",
        operation="create_trail",
        code="InvalidTrailNameException",
        given=_buckets,
        refused=_trail("-main"),
        accepted=_trail("main"),
    ),
    Rule(
        says="a trail's name has no two of periods, underscores and dashes in a row",
        page=f"{GUIDE}/cloudtrail-trail-naming-requirements.html",
        operation="create_trail",
        code="InvalidTrailNameException",
        given=_buckets,
        refused=_trail("my-_trail"),
        accepted=_trail("my-trail"),
    ),
    Rule(
        says="a trail's name is no IP address",
        page=f"{GUIDE}/cloudtrail-trail-naming-requirements.html",
        operation="create_trail",
        code="InvalidTrailNameException",
        given=_buckets,
        refused=_trail("192.168.5.4"),
        accepted=_trail("192.168.5.x"),
    ),
    Rule(
        says="a region has five trails",
        page=f"{GUIDE}/WhatIsCloudTrail-Limits.html",
        operation="create_trail",
        code="MaximumNumberOfTrailsExceededException",
        given=lambda world: _made(world, 5),
        refused=_trail("trail-5"),
        accepted=lambda world: world.cloudtrail.delete_trail(Name="trail-0") and _trail("trail-5"),
    ),
    Rule(
        says="a trail's bucket exists",
        page=f"{API}/API_CreateTrail.html",
        operation="create_trail",
        code="S3BucketDoesNotExistException",
        given=_buckets,
        refused=_trail(place="none-trails"),
        accepted=_trail(),
    ),
    Rule(
        says="CloudTrail may write into the bucket of a trail",
        page=f"{GUIDE}/create-s3-bucket-policy-for-cloudtrail.html",
        operation="create_trail",
        code="InsufficientS3BucketPolicyException",
        given=_buckets,
        refused=_trail(place="shut-trails"),
        accepted=_trail(),
    ),
    Rule(
        says="a changed trail's bucket can be written to as well",
        page=f"{API}/API_UpdateTrail.html",
        operation="update_trail",
        code="InsufficientS3BucketPolicyException",
        given=_made,
        refused=_trail("trail-0", "shut-trails"),
        accepted=_trail("trail-0"),
    ),
    Rule(
        says="a trail's key exists",
        page=f"{API}/API_CreateTrail.html",
        operation="create_trail",
        code="KmsKeyNotFoundException",
        given=_keys,
        refused=lambda world: _trail(KmsKeyId=f"{world.given[0][:-4]}0000"),
        accepted=lambda world: _trail(KmsKeyId=world.given[0]),
    ),
    Rule(
        says="CloudTrail may encrypt with the key of a trail",
        page=f"{GUIDE}/create-kms-key-policy-for-cloudtrail.html",
        operation="create_trail",
        code="InsufficientEncryptionPolicyException",
        given=_keys,
        refused=lambda world: _trail(KmsKeyId=world.given[1]),
        accepted=lambda world: _trail(KmsKeyId=world.given[0]),
    ),
    Rule(
        says="CloudTrail may publish to the topic of a trail",
        page=f"{GUIDE}/cloudtrail-permissions-for-sns-notifications.html",
        operation="create_trail",
        code="InsufficientSnsTopicPolicyException",
        given=_topics,
        refused=_trail(SnsTopicName="shut"),
        accepted=_trail(SnsTopicName="open"),
    ),
    Rule(
        says="a trail's log group exists",
        page=f"{API}/API_CreateTrail.html",
        operation="create_trail",
        code="InvalidCloudWatchLogsLogGroupArnException",
        given=_logs,
        refused=lambda world: _logged("none", world.given[0]),
        accepted=lambda world: _logged("trails", world.given[0]),
    ),
    Rule(
        says="the role that writes a trail's log trusts CloudTrail",
        page=f"{GUIDE}/cloudtrail-required-policy-for-cloudwatch-logs.html",
        operation="create_trail",
        code="InvalidCloudWatchLogsRoleArnException",
        given=_logs,
        refused=lambda world: _logged("trails", world.given[1]),
        accepted=lambda world: _logged("trails", world.given[0]),
    ),
    Rule(
        says="a trail of all regions has the events of global services",
        page=f"{API}/API_CreateTrail.html",
        operation="create_trail",
        code=COMBINATION,
        given=_buckets,
        refused=_trail(IsMultiRegionTrail=True, IncludeGlobalServiceEvents=False),
        accepted=_trail(IsMultiRegionTrail=True, IncludeGlobalServiceEvents=True),
    ),
    Rule(
        says="a trail is changed in its home region",
        page=f"{API}/API_UpdateTrail.html",
        operation="update_trail",
        code="InvalidHomeRegionException",
        given=_abroad,
        refused=lambda world: {"Name": world.given, "EnableLogFileValidation": True},
        accepted={"Name": "trail-0", "EnableLogFileValidation": True},
    ),
    Rule(
        says="only a trail that exists can be deleted",
        page=f"{API}/API_DeleteTrail.html",
        operation="delete_trail",
        code="TrailNotFoundException",
        given=_made,
        refused={"Name": "trail-1"},
        accepted={"Name": "trail-0"},
    ),
    Rule(
        says="a trail has five event selectors",
        page=f"{GUIDE}/WhatIsCloudTrail-Limits.html",
        operation="put_event_selectors",
        code=SELECTORS,
        given=_made,
        refused=_selectors(6),
        accepted=_selectors(5),
    ),
    Rule(
        says="event selectors are about objects, functions and tables",
        page=f"{API}/API_DataResource.html",
        operation="put_event_selectors",
        code=SELECTORS,
        given=_made,
        refused=_selectors(kind="AWS::SQS::Queue"),
        accepted=_selectors(),
    ),
    Rule(
        says="event selectors and advanced event selectors exclude each other",
        page=f"{API}/API_PutEventSelectors.html",
        operation="put_event_selectors",
        code=SELECTORS,
        given=_made,
        refused={**_selectors(), "AdvancedEventSelectors": ADVANCED},
        accepted={"TrailName": "trail-0", "AdvancedEventSelectors": ADVANCED},
    ),
    Rule(
        says="only what exists has tags",
        page=f"{API}/API_AddTags.html",
        operation="add_tags",
        code="ResourceNotFoundException",
        given=_made,
        refused={"ResourceId": "arn:aws:cloudtrail:eu-central-1:123456789012:trail/trail-1", "TagsList": TAGS},
        accepted={"ResourceId": "arn:aws:cloudtrail:eu-central-1:123456789012:trail/trail-0", "TagsList": TAGS},
    ),
]
