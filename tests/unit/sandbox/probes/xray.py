# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what X-Ray has."""

import json
import time

TAGS = [{"Key": "a", "Value": "b"}]


def group(probe):
    xray = probe.client("xray")
    wanted = {
        "GroupName": "slow",
        "FilterExpression": "responsetime > 5",
        "InsightsConfiguration": {"InsightsEnabled": True, "NotificationsEnabled": False},
    }
    arn = probe.does(xray.create_group, **wanted, Tags=TAGS)["Group"]["GroupARN"]
    probe.shows(wanted, xray.get_group, "Group", GroupARN=arn)
    probe.shows([{"GroupName": "Default"}, wanted], xray.get_groups, "Groups")
    probe.shows(TAGS, xray.list_tags_for_resource, "Tags", ResourceARN=arn)
    probe.does(xray.tag_resource, ResourceARN=arn, Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*TAGS, {"Key": "c", "Value": "d"}], xray.list_tags_for_resource, "Tags", ResourceARN=arn)
    probe.does(xray.untag_resource, ResourceARN=arn, TagKeys=["a"])
    probe.shows([{"Key": "c", "Value": "d"}], xray.list_tags_for_resource, "Tags", ResourceARN=arn)
    probe.does(xray.update_group, GroupName="slow", FilterExpression="fault = true")
    probe.shows({**wanted, "FilterExpression": "fault = true"}, xray.get_group, "Group", GroupName="slow")
    probe.does(xray.delete_group, GroupName="slow")
    probe.lacks(xray.get_group, "InvalidRequestException", GroupName="slow")
    probe.lacks(xray.list_tags_for_resource, "ResourceNotFoundException", ResourceARN=arn)


def sampling_rule(probe):
    xray = probe.client("xray")
    wanted = {
        "RuleName": "health", "ResourceARN": "*", "Priority": 1, "FixedRate": 0.0, "ReservoirSize": 0,
        "ServiceName": "web", "ServiceType": "AWS::ECS::Container", "Host": "*", "HTTPMethod": "GET",
        "URLPath": "/health", "Version": 1, "Attributes": {"team": "a"},
    }  # fmt: skip
    probe.does(xray.create_sampling_rule, SamplingRule=wanted, Tags=TAGS)
    rule = probe.shows(wanted, xray.get_sampling_rules, "SamplingRuleRecords.0.SamplingRule")
    probe.shows(TAGS, xray.list_tags_for_resource, "Tags", ResourceARN=rule["RuleARN"])
    probe.shows(
        {"RuleName": "Default", "Priority": 10000}, xray.get_sampling_rules, "SamplingRuleRecords.1.SamplingRule"
    )
    change = {"RuleName": "health", "FixedRate": 0.5, "ReservoirSize": 2}
    probe.does(xray.update_sampling_rule, SamplingRuleUpdate=change)
    probe.shows({**wanted, **change}, xray.get_sampling_rules, "SamplingRuleRecords.0.SamplingRule")
    probe.does(xray.delete_sampling_rule, RuleName="health")
    probe.lacks(xray.get_sampling_rules, path="SamplingRuleRecords.1")


def indexing_rule(probe):
    xray = probe.client("xray")
    rule = {"Probabilistic": {"DesiredSamplingPercentage": 12.5}}
    probe.does(xray.update_indexing_rule, Name="Default", Rule=rule)
    probe.shows({"Name": "Default", "Rule": rule}, xray.get_indexing_rules, "IndexingRules.0")


def encryption(probe):
    xray, kms = probe.client("xray"), probe.client("kms")
    probe.shows({"Type": "NONE", "Status": "ACTIVE"}, xray.get_encryption_config, "EncryptionConfig")
    key = kms.create_key()["KeyMetadata"]
    probe.does(xray.put_encryption_config, Type="KMS", KeyId=key["KeyId"])
    wanted = {"Type": "KMS", "KeyId": key["Arn"], "Status": "ACTIVE"}
    probe.shows(wanted, xray.get_encryption_config, "EncryptionConfig")
    probe.does(xray.put_encryption_config, Type="NONE")
    probe.shows({"Type": "NONE", "KeyId": None}, xray.get_encryption_config, "EncryptionConfig")


def resource_policy(probe):
    xray = probe.client("xray")
    statement = {
        "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "xray:PutTraceSegments",
        "Resource": "*",
    }  # fmt: skip
    wanted = {"PolicyName": "sns", "PolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
    probe.does(xray.put_resource_policy, **wanted)
    probe.shows({**wanted, "PolicyRevisionId": "1"}, xray.list_resource_policies, "ResourcePolicies.0")
    wanted["PolicyDocument"] = wanted["PolicyDocument"].replace("sns", "lambda")
    probe.does(xray.put_resource_policy, **wanted, PolicyRevisionId="1")
    probe.shows({**wanted, "PolicyRevisionId": "2"}, xray.list_resource_policies, "ResourcePolicies.0")
    probe.does(xray.delete_resource_policy, PolicyName="sns")
    probe.lacks(xray.list_resource_policies, path="ResourcePolicies")


def destination(probe):
    xray, logs = probe.client("xray"), probe.client("logs")
    probe.shows({"Destination": "XRay", "Status": "ACTIVE"}, xray.get_trace_segment_destination)
    statement = {
        "Effect": "Allow", "Principal": {"Service": "xray.amazonaws.com"}, "Action": "logs:PutLogEvents",
        "Resource": "arn:aws:logs:eu-central-1:123456789012:log-group:aws/spans:*",
    }  # fmt: skip
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    logs.put_resource_policy(policyName="spans", policyDocument=document)
    probe.does(xray.update_trace_segment_destination, Destination="CloudWatchLogs")
    probe.shows({"Destination": "CloudWatchLogs", "Status": "ACTIVE"}, xray.get_trace_segment_destination)
    probe.does(xray.update_trace_segment_destination, Destination="XRay")
    probe.shows({"Destination": "XRay"}, xray.get_trace_segment_destination)


def trace(probe):
    xray, now = probe.client("xray"), time.time()
    number = f"1-{int(now):08x}-0123456789abcdef01234567"
    segment = {"trace_id": number, "id": "0123456789abcdef", "name": "web", "start_time": now - 2, "end_time": now - 1}
    probe.does(xray.put_trace_segments, TraceSegmentDocuments=[json.dumps(segment)])
    probe.shows(
        [{"Id": number, "HasFault": False}], xray.get_trace_summaries, "TraceSummaries", StartTime=now - 60, EndTime=now
    )
    document = [{"Id": segment["id"], "Document": json.dumps(segment)}]
    probe.shows(document, xray.batch_get_traces, "Traces.0.Segments", TraceIds=[number])
