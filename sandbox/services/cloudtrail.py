# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trails: what they need to be allowed to, their home region, and what they select."""

import json
import re

from moto.backends import get_backend

from ..errors import AwsError
from . import after, answer, backend, check, correct
from .governance import allows, bucket_of, chosen, clean, role_of, trusts

SERVICE = "cloudtrail.amazonaws.com"
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
MOST_TRAILS, MOST_SELECTORS, MOST_RESOURCES, MOST_TAGS = 5, 5, 250, 50
ADJACENT, ADDRESS = re.compile(r"[._-]{2}"), re.compile(r"\d+(\.\d+){3}")
BASIC_TYPES = ("AWS::DynamoDB::Table", "AWS::Lambda::Function", "AWS::S3::Object")
EVERYTHING = {
    "ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [], "ExcludeManagementEventSources": [],
}  # fmt: skip
CHANGING = ("DeleteTrail", "PutEventSelectors", "PutInsightSelectors", "StartLogging", "StopLogging", "UpdateTrail")


def _trails(call):
    """The trails that are seen from a region: its own, and those of all regions."""
    regions = get_backend("cloudtrail")[call.account].values()
    everywhere = [trail for state in list(regions) for trail in state.trails.values()]
    return [trail for trail in everywhere if trail.is_multi_region or trail.region_name == call.region]


def _trail(call, member="Name"):
    """The trail that a call names."""
    name = call.parameters[member]
    for trail in _trails(call):
        if trail.arn == name or (trail.trail_name == name and trail.region_name == call.region):
            return trail
    raise AwsError("TrailNotFoundException", f"Unknown trail: {name} for the user: {call.account}")


@check("cloudtrail", *CHANGING)
def require_home(call):
    """A trail is changed where it was made; moto looks in the region of the call only."""
    trail = _trail(call, "TrailName" if "TrailName" in call.parameters else "Name")
    if trail.region_name != call.region:
        message = f"The trail {trail.arn} is not from the home region {call.region}."
        raise AwsError("InvalidHomeRegionException", message)


@check("cloudtrail", "CreateTrail")
def check_new(call):
    """moto overwrites what has the same name, and has any number."""
    state = backend(call)
    if ADJACENT.search(call.parameters["Name"]) or ADDRESS.fullmatch(call.parameters["Name"]):
        message = "Trail name must not have adjacent periods, underscores or dashes, or be an IP address."
        raise AwsError("InvalidTrailNameException", message)
    if call.parameters["Name"] in state.trails:
        message = f"Trail {call.parameters['Name']} already exists for customer: {call.account}"
        raise AwsError("TrailAlreadyExistsException", message)
    if len(_trails(call)) >= MOST_TRAILS:
        message = f"User: {call.account} already has {MOST_TRAILS} trails in {call.region}."
        raise AwsError("MaximumNumberOfTrailsExceededException", message)


@check("cloudtrail", "CreateTrail", "UpdateTrail")
def check_destinations(call):
    """moto asks nobody whether the trail may deliver."""
    wanted = {**_before(call), **clean(call.parameters)}
    if wanted.get("IsMultiRegionTrail") and wanted.get("IncludeGlobalServiceEvents") is False:
        message = "Multi-Region trail must include global service events."
        raise AwsError("InvalidParameterCombinationException", message)
    _check_bucket(call, wanted["S3BucketName"], wanted.get("S3KeyPrefix"))
    if wanted.get("KmsKeyId"):
        _check_key(call, wanted["KmsKeyId"])
    if wanted.get("SnsTopicName"):
        _check_topic(call, wanted["SnsTopicName"])
    _check_group(call, wanted.get("CloudWatchLogsLogGroupArn"), wanted.get("CloudWatchLogsRoleArn"))


def _before(call):
    if call.operation == "CreateTrail":
        return {}
    return {name: value for name, value in _trail(call).description().items() if value is not None}


def _check_bucket(call, name, prefix):
    bucket = bucket_of(call, name)
    if bucket is None:
        raise AwsError("S3BucketDoesNotExistException", f"S3 bucket {name} does not exist!")
    arn, start = f"arn:aws:s3:::{name}", f"{prefix}/" if prefix else ""
    told = allows(bucket.policy, SERVICE, "s3:GetBucketAcl", arn)
    if not told or not allows(bucket.policy, SERVICE, "s3:PutObject", f"{arn}/{start}AWSLogs/{call.account}/x"):
        message = f"Incorrect S3 bucket policy is detected for bucket: {name}"
        raise AwsError("InsufficientS3BucketPolicyException", message)


def _key(call, number):
    state = get_backend("kms")[call.account][number.split(":")[3] if number.startswith("arn:") else call.region]
    return state.keys.get(state.any_id_to_key_id(number))


def _check_key(call, number):
    key = _key(call, number)
    if key is None:
        raise AwsError("KmsKeyNotFoundException", f"KMS key {number} does not exist.")
    if key.key_state != "Enabled":
        raise AwsError("KmsKeyDisabledException", f"KMS key {number} is disabled or pending deletion.")
    if not allows(key.policy, SERVICE, "kms:GenerateDataKey", key.arn):
        message = "Insufficient permissions to access S3 bucket or KMS key."
        raise AwsError("InsufficientEncryptionPolicyException", message)


def _check_topic(call, name):
    arn = name if name.startswith("arn:") else f"arn:aws:sns:{call.region}:{call.account}:{name}"
    topic = get_backend("sns")[call.account][arn.split(":")[3]].topics.get(arn)
    if topic is None or not allows(topic.policy, SERVICE, "sns:Publish", arn):
        message = "SNS Topic does not exist or the topic policy is incorrect!"
        raise AwsError("InsufficientSnsTopicPolicyException", message)
    if call.parameters.get("SnsTopicName"):
        # moto wants the name of what AWS takes the ARN of, too.
        body = json.loads(call.body)
        call.body = json.dumps({**body, "SnsTopicName": arn.rpartition(":")[2]}).encode()


def _check_group(call, group, role_arn):
    if bool(group) != bool(role_arn):
        message = "CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn must be given together."
        raise AwsError("InvalidParameterCombinationException", message)
    if not group:
        return
    groups = get_backend("logs")[call.account][call.region].groups.values()
    if not any(item.arn == group.removesuffix(":*") or item.arn == group for item in groups):
        message = "CloudTrail cannot validate the specified log group ARN."
        raise AwsError("InvalidCloudWatchLogsLogGroupArnException", message)
    role = role_of(call, role_arn)
    if role is None or not trusts(role, SERVICE):
        raise AwsError("InvalidCloudWatchLogsRoleArnException", "Invalid CloudWatch Logs role ARN.")


@after("cloudtrail", "CreateTrail", "UpdateTrail")
def name_key(call):
    """A key that is named by its id or alias is shown by its ARN."""
    trail = _trail(call)
    if trail.kms_key_id:
        trail.kms_key_id = _key(call, trail.kms_key_id).arn


@correct("cloudtrail", "CreateTrail", "UpdateTrail")
def answer_key(call, parsed):
    """The same in the answer."""
    parsed.update(chosen({"KmsKeyId": _trail(call).kms_key_id}, "KmsKeyId"))


@answer("cloudtrail", "DescribeTrails")
def describe(call):
    """moto lists everything whatever it is asked for; a trail that is not there is left out."""
    wanted, shadows = call.parameters.get("trailNameList"), call.parameters.get("includeShadowTrails")
    found = _trails(call)
    if shadows is False and not wanted:
        found = [trail for trail in found if trail.region_name == call.region]
    if wanted:
        found = [trail for trail in found if trail.arn in wanted or trail.trail_name in wanted]
    return {"trailList": [_view(trail) for trail in found]}


@answer("cloudtrail", "GetTrail")
def get(call):
    """moto does not know whether anything is selected."""
    return {"Trail": _view(_trail(call))}


def _view(trail):
    selected = bool(trail.event_selectors or trail.advanced_event_selectors)
    flags = {"HasCustomEventSelectors": selected, "HasInsightSelectors": bool(trail.insight_selectors)}
    return clean({**trail.description(include_region=True), **flags})


@answer("cloudtrail", "DeleteTrail")
def delete(call):
    """moto takes names only."""
    trail, state = _trail(call), backend(call)
    del state.trails[trail.trail_name]
    state.tagging_service.delete_all_tags_for_resource(trail.arn)
    return {}


# --- what is selected ----------------------------------------------------------------------------------------------


@answer("cloudtrail", "PutEventSelectors")
def put_selectors(call):
    """moto keeps both kinds side by side."""
    trail = _trail(call, "TrailName")
    basic, advanced = (call.parameters.get(name) or [] for name in ("EventSelectors", "AdvancedEventSelectors"))
    if bool(basic) == bool(advanced):
        raise _unselectable("Specify either event selectors or advanced event selectors.")
    if len(basic) > MOST_SELECTORS:
        raise _unselectable(f"A trail has up to {MOST_SELECTORS} event selectors.")
    _check_resources([resource for item in basic for resource in item.get("DataResources") or []])
    for item in advanced:
        if not any(field["Field"] == "eventCategory" and field.get("Equals") for field in item["FieldSelectors"]):
            raise _unselectable("An advanced event selector says which eventCategory it is about.")
    trail.event_selectors = [{**EVERYTHING, **clean(item)} for item in basic]
    trail.advanced_event_selectors = clean(advanced)
    return _selectors(trail)


def _check_resources(resources):
    if any(resource.get("Type") not in BASIC_TYPES for resource in resources):
        raise _unselectable(f"Event selectors are about {', '.join(BASIC_TYPES)}.")
    if sum(len(resource.get("Values") or []) for resource in resources) > MOST_RESOURCES:
        raise _unselectable(f"The event selectors of a trail have up to {MOST_RESOURCES} data resources.")


def _unselectable(message):
    return AwsError("InvalidEventSelectorsException", message)


def _selectors(trail):
    if trail.advanced_event_selectors:
        return {"TrailARN": trail.arn, "AdvancedEventSelectors": trail.advanced_event_selectors}
    return {"TrailARN": trail.arn, "EventSelectors": trail.event_selectors or [EVERYTHING]}


@answer("cloudtrail", "GetEventSelectors")
def get_selectors(call):
    """Every trail selects something."""
    return _selectors(_trail(call, "TrailName"))


@answer("cloudtrail", "PutInsightSelectors")
def put_insights(call):
    """moto adds them to those that are there."""
    trail = _trail(call, "TrailName")
    trail.insight_selectors = clean(call.parameters["InsightSelectors"])
    return {"TrailARN": trail.arn, "InsightSelectors": trail.insight_selectors}


@answer("cloudtrail", "GetInsightSelectors")
def get_insights(call):
    """A trail without them has none to show."""
    trail = _trail(call, "TrailName")
    if not trail.insight_selectors:
        raise AwsError("InsightNotEnabledException", f"Trail {trail.arn} does not have Insights enabled.")
    return {"TrailARN": trail.arn, "InsightSelectors": trail.insight_selectors}


# --- tags ----------------------------------------------------------------------------------------------------------


@check("cloudtrail", "AddTags", "RemoveTags", "ListTags")
def require_tagged(call):
    """moto keeps tags of what is not there."""
    parameters = call.parameters
    arns = parameters.get("ResourceIdList") or [parameters["ResourceId"]]
    for arn in arns:
        if not arn.startswith("arn:") or ":cloudtrail:" not in arn:
            raise AwsError("CloudTrailARNInvalidException", f"{arn} is no ARN of a trail.")
        if not any(trail.arn == arn for trail in _trails(call)):
            raise AwsError("ResourceNotFoundException", f"The specified resource {arn} was not found.")
    if call.operation == "AddTags":
        known = backend(call).tagging_service.get_tag_dict_for_resource(arns[0])
        if len({*known, *(tag["Key"] for tag in parameters["TagsList"])}) > MOST_TAGS:
            raise AwsError("TagsLimitExceededException", f"A trail has up to {MOST_TAGS} tags.")
