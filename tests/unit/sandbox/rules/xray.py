# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What X-Ray refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/xray/latest/api"
GUIDE = "https://docs.aws.amazon.com/xray/latest/devguide"
QUOTAS = "https://docs.aws.amazon.com/general/latest/gr/xray.html"
SAMPLING = {
    "RuleName": "r", "ResourceARN": "*", "Priority": 1, "FixedRate": 0.1, "ReservoirSize": 0, "ServiceName": "*",
    "ServiceType": "*", "Host": "*", "HTTPMethod": "*", "URLPath": "*", "Version": 1,
}  # fmt: skip
STATEMENT = {
    "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "xray:PutTraceSegments", "Resource": "*",
}  # fmt: skip
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})


def _groups(world):
    for number in range(25):
        world.xray.create_group(GroupName=f"g{number}")


def _rules(world):
    for number in range(25):
        world.xray.create_sampling_rule(SamplingRule={**SAMPLING, "RuleName": f"s{number}"})


def _policies(world):
    for number in range(5):
        world.xray.put_resource_policy(PolicyName=f"p{number}", PolicyDocument=POLICY)


def _allow_spans(world):
    statement = {**STATEMENT, "Principal": {"Service": "xray.amazonaws.com"}, "Action": "logs:PutLogEvents"}
    statement["Resource"] = "arn:aws:logs:eu-central-1:123456789012:log-group:aws/spans:*"
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    world.logs.put_resource_policy(policyName="spans", policyDocument=document)


SERVICE = "xray"
RULES = [
    Rule(
        says="a group's name is taken",
        page=f"{API}/API_CreateGroup.html",
        operation="create_group",
        code="InvalidRequestException",
        given=lambda world: world.xray.create_group(GroupName="g"),
        refused={"GroupName": "g"},
        accepted={"GroupName": "g2"},
    ),
    Rule(
        says="the default group stays",
        page=f"{GUIDE}/xray-console-groups.html",
        operation="delete_group",
        code="InvalidRequestException",
        given=lambda world: world.xray.create_group(GroupName="g"),
        refused={"GroupName": "Default"},
        accepted={"GroupName": "g"},
    ),
    Rule(
        says="notifications are about insights, which must be on",
        page=f"{API}/API_InsightsConfiguration.html",
        operation="create_group",
        code="InvalidRequestException",
        refused={"GroupName": "g", "InsightsConfiguration": {"NotificationsEnabled": True}},
        accepted={"GroupName": "g", "InsightsConfiguration": {"InsightsEnabled": True, "NotificationsEnabled": True}},
    ),
    Rule(
        says="a region has at most 25 groups",
        page=QUOTAS,
        operation="create_group",
        code="InvalidRequestException",
        given=_groups,
        refused={"GroupName": "g"},
        accepted=lambda world: world.xray.delete_group(GroupName="g1") and {"GroupName": "g"},
    ),
    Rule(
        says="a sampling rule's name is taken",
        page=f"{API}/API_CreateSamplingRule.html",
        operation="create_sampling_rule",
        code="InvalidRequestException",
        given=lambda world: world.xray.create_sampling_rule(SamplingRule=SAMPLING),
        refused={"SamplingRule": SAMPLING},
        accepted={"SamplingRule": {**SAMPLING, "RuleName": "r2"}},
    ),
    Rule(
        says="the version of a sampling rule is 1",
        page=f"{API}/API_SamplingRule.html",
        operation="create_sampling_rule",
        code="InvalidRequestException",
        refused={"SamplingRule": {**SAMPLING, "Version": 2}},
        accepted={"SamplingRule": SAMPLING},
    ),
    Rule(
        says="a region has at most 25 sampling rules of its own",
        page=QUOTAS,
        operation="create_sampling_rule",
        code="RuleLimitExceededException",
        given=_rules,
        refused={"SamplingRule": SAMPLING},
        accepted=lambda world: world.xray.delete_sampling_rule(RuleName="s1") and {"SamplingRule": SAMPLING},
    ),
    Rule(
        says="the default sampling rule stays",
        page=f"{GUIDE}/xray-console-sampling.html",
        operation="delete_sampling_rule",
        code="InvalidRequestException",
        given=lambda world: world.xray.create_sampling_rule(SamplingRule=SAMPLING),
        refused={"RuleName": "Default"},
        accepted={"RuleName": "r"},
    ),
    Rule(
        says="of the default sampling rule only rate and reservoir change",
        page=f"{GUIDE}/xray-console-sampling.html",
        operation="update_sampling_rule",
        code="InvalidRequestException",
        refused={"SamplingRuleUpdate": {"RuleName": "Default", "Priority": 5}},
        accepted={"SamplingRuleUpdate": {"RuleName": "Default", "FixedRate": 0.2, "ReservoirSize": 3}},
    ),
    Rule(
        says="encryption with KMS names a key",
        page=f"{API}/API_PutEncryptionConfig.html",
        operation="put_encryption_config",
        code="InvalidRequestException",
        refused={"Type": "KMS"},
        accepted={"Type": "KMS", "KeyId": "alias/aws/xray"},
    ),
    Rule(
        says="the key of encryption exists",
        page=f"{API}/API_PutEncryptionConfig.html",
        operation="put_encryption_config",
        code="InvalidRequestException",
        given=lambda world: world.kms.create_key()["KeyMetadata"]["KeyId"],
        refused={"Type": "KMS", "KeyId": "alias/none"},
        accepted=lambda world: {"Type": "KMS", "KeyId": world.given},
    ),
    Rule(
        says="a resource policy has statements",
        page=f"{API}/API_PutResourcePolicy.html",
        operation="put_resource_policy",
        code="MalformedPolicyDocumentException",
        refused={"PolicyName": "p", "PolicyDocument": "{}"},
        accepted={"PolicyName": "p", "PolicyDocument": POLICY},
    ),
    Rule(
        says="who changes a resource policy knows its revision",
        page=f"{API}/API_PutResourcePolicy.html",
        operation="put_resource_policy",
        code="InvalidPolicyRevisionIdException",
        given=lambda world: world.xray.put_resource_policy(PolicyName="p", PolicyDocument=POLICY),
        refused={"PolicyName": "p", "PolicyDocument": POLICY, "PolicyRevisionId": "0"},
        accepted={"PolicyName": "p", "PolicyDocument": POLICY, "PolicyRevisionId": "1"},
    ),
    Rule(
        says="a region has at most 5 resource policies",
        page=f"{API}/API_PutResourcePolicy.html",
        operation="put_resource_policy",
        code="PolicyCountLimitExceededException",
        given=_policies,
        refused={"PolicyName": "p", "PolicyDocument": POLICY},
        accepted={"PolicyName": "p1", "PolicyDocument": POLICY},
    ),
    Rule(
        says="segments go to CloudWatch Logs once X-Ray may write them there",
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Transaction-Search-getting-started.html",
        operation="update_trace_segment_destination",
        code="InvalidRequestException",
        refused={"Destination": "CloudWatchLogs"},
        accepted=lambda world: _allow_spans(world) or {"Destination": "CloudWatchLogs"},
    ),
]
