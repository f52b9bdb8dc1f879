# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what CloudTrail has."""

from tests.unit.sandbox.governance import allow, bucket, key, role

SERVICE = "cloudtrail.amazonaws.com"


def trail(probe):
    cloudtrail = probe.client("cloudtrail")
    topic = probe.client("sns").create_topic(Name="trails")["TopicArn"]
    policy = allow(SERVICE, "sns:Publish", topic)
    probe.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    probe.client("logs").create_log_group(logGroupName="trails")
    for name in ("some-trails", "other-trails"):
        bucket(probe.client("s3"), name, SERVICE)
    wanted = {
        "Name": "main",
        "S3BucketName": "some-trails",
        "S3KeyPrefix": "all",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "KmsKeyId": key(probe.client("kms"), SERVICE),
        "CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-central-1:123456789012:log-group:trails:*",
        "CloudWatchLogsRoleArn": role(probe.client("iam"), "trails", SERVICE),
    }
    made = probe.does(
        cloudtrail.create_trail, **wanted, SnsTopicName="trails", EnableLogFileValidation=True,
        TagsList=[{"Key": "a", "Value": "b"}],
    )  # fmt: skip
    of = {"Name": "main"}
    shown = {**wanted, "SnsTopicARN": topic, "LogFileValidationEnabled": True, "HomeRegion": "eu-central-1"}
    probe.shows(shown, cloudtrail.get_trail, "Trail", **of)
    probe.shows([shown], cloudtrail.describe_trails, "trailList", trailNameList=["main"])
    probe.shows([{"TrailARN": made["TrailARN"], "Name": "main"}], cloudtrail.list_trails, "Trails")
    abroad = probe.client("cloudtrail", "eu-west-1")
    probe.shows(shown, abroad.get_trail, "Trail", Name=made["TrailARN"])
    probe.does(cloudtrail.update_trail, **of, S3BucketName="other-trails", EnableLogFileValidation=False)
    shown.update(S3BucketName="other-trails", LogFileValidationEnabled=False)
    probe.shows(shown, cloudtrail.get_trail, "Trail", **of)
    probe.does(cloudtrail.delete_trail, **of)
    probe.lacks(cloudtrail.get_trail, "TrailNotFoundException", **of)


def _made(probe):
    cloudtrail = probe.client("cloudtrail")
    bucket(probe.client("s3"), "some-trails", SERVICE)
    return cloudtrail, cloudtrail.create_trail(Name="main", S3BucketName="some-trails")["TrailARN"]


def logging(probe):
    cloudtrail, _arn = _made(probe)
    probe.does(cloudtrail.start_logging, Name="main")
    probe.shows({"IsLogging": True}, cloudtrail.get_trail_status, Name="main")
    probe.does(cloudtrail.stop_logging, Name="main")
    probe.shows({"IsLogging": False}, cloudtrail.get_trail_status, Name="main")


def selectors(probe):
    cloudtrail, arn = _made(probe)
    of = {"TrailName": "main"}
    resources = [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::some-bucket/"]}]
    basic = [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": resources}]
    probe.does(cloudtrail.put_event_selectors, **of, EventSelectors=basic)
    probe.shows({"TrailARN": arn, "EventSelectors": basic}, cloudtrail.get_event_selectors, **of)
    advanced = [{"Name": "all", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
    probe.does(cloudtrail.put_event_selectors, **of, AdvancedEventSelectors=advanced)
    found = probe.shows({"AdvancedEventSelectors": advanced}, cloudtrail.get_event_selectors, **of)
    assert "EventSelectors" not in found
    insights = [{"InsightType": "ApiCallRateInsight"}]
    probe.does(cloudtrail.put_insight_selectors, **of, InsightSelectors=insights)
    probe.shows({"InsightSelectors": insights}, cloudtrail.get_insight_selectors, **of)
    flags = {"HasCustomEventSelectors": True, "HasInsightSelectors": True}
    probe.shows(flags, cloudtrail.get_trail, "Trail", Name="main")
    cloudtrail.put_insight_selectors(**of, InsightSelectors=[])
    probe.lacks(cloudtrail.get_insight_selectors, "InsightNotEnabledException", **of)


def tags(probe):
    cloudtrail, arn = _made(probe)
    one, other = ({"Key": name, "Value": "x"} for name in "ab")
    probe.does(cloudtrail.add_tags, ResourceId=arn, TagsList=[one, other])
    probe.shows([one, other], cloudtrail.list_tags, "ResourceTagList.0.TagsList", ResourceIdList=[arn])
    probe.does(cloudtrail.remove_tags, ResourceId=arn, TagsList=[one])
    probe.shows([other], cloudtrail.list_tags, "ResourceTagList.0.TagsList", ResourceIdList=[arn])
