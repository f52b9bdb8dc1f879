# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what CloudWatch Logs has."""

import json
import time

ACCOUNT = "eu-central-1:123456789012"
GROUP = {"logGroupName": "/app"}
IDENTIFIER = {"logGroupIdentifier": "/app"}
ARN = f"arn:aws:logs:{ACCOUNT}:log-group:/app"
GONE = "ResourceNotFoundException"
EMAIL = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
PROTECTION = json.dumps(
    {
        "Name": "p",
        "Version": "2021-06-01",
        "Statement": [
            {"Sid": "a", "DataIdentifier": EMAIL, "Operation": {"Audit": {"FindingsDestination": {}}}},
            {"Sid": "d", "DataIdentifier": EMAIL, "Operation": {"Deidentify": {"MaskConfig": {}}}},
        ],
    }
)


def _logs(probe):
    """CloudWatch Logs, with a group."""
    probe.client("logs").create_log_group(**GROUP)
    return probe.client("logs")


def _key(probe):
    service = {"Service": "logs.eu-central-1.amazonaws.com"}
    statements = [
        {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
        for principal in (service, {"AWS": "arn:aws:iam::123456789012:root"})
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return probe.client("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"]


def log_group(probe):
    logs, key = probe.client("logs"), _key(probe)
    wanted = {**GROUP, "kmsKeyId": key, "logGroupClass": "STANDARD", "deletionProtectionEnabled": True}
    probe.does(logs.create_log_group, **wanted, tags={"a": "b"})
    probe.shows({**wanted, "arn": f"{ARN}:*"}, logs.describe_log_groups, "logGroups.0", logGroupNamePrefix="/a")
    probe.shows({"a": "b"}, logs.list_tags_for_resource, "tags", resourceArn=ARN)
    probe.does(logs.put_retention_policy, **GROUP, retentionInDays=30)
    probe.shows({"retentionInDays": 30}, logs.describe_log_groups, "logGroups.0")
    probe.does(logs.delete_retention_policy, **GROUP)
    probe.lacks(logs.describe_log_groups, path="logGroups.0.retentionInDays")
    probe.does(logs.disassociate_kms_key, **GROUP)
    probe.lacks(logs.describe_log_groups, path="logGroups.0.kmsKeyId")
    probe.does(logs.associate_kms_key, **GROUP, kmsKeyId=key)
    probe.shows({"kmsKeyId": key}, logs.describe_log_groups, "logGroups.0")
    probe.does(logs.put_log_group_deletion_protection, **IDENTIFIER, deletionProtectionEnabled=False)
    probe.shows({"deletionProtectionEnabled": False}, logs.describe_log_groups, "logGroups.0")
    probe.does(logs.tag_resource, resourceArn=ARN, tags={"c": "d"})
    probe.shows({"a": "b", "c": "d"}, logs.list_tags_for_resource, "tags", resourceArn=ARN)
    probe.does(logs.untag_resource, resourceArn=ARN, tagKeys=["a"])
    probe.shows({"c": "d"}, logs.list_tags_for_resource, "tags", resourceArn=ARN)
    probe.does(logs.delete_log_group, **GROUP)
    probe.lacks(logs.describe_log_groups, path="logGroups")


def log_events(probe):
    logs = _logs(probe)
    stream = {**GROUP, "logStreamName": "s"}
    probe.does(logs.create_log_stream, **stream)
    probe.shows([{"logStreamName": "s"}], logs.describe_log_streams, "logStreams", **GROUP)
    moment = int(time.time() * 1000)
    probe.does(logs.put_log_events, **stream, logEvents=[{"timestamp": moment, "message": "hello"}])
    event = {"message": "hello", "timestamp": moment}
    probe.shows([event], logs.get_log_events, "events", **stream)
    probe.shows([event], logs.filter_log_events, "events", **GROUP, filterPattern="hello")
    probe.does(logs.delete_log_stream, **stream)
    probe.lacks(logs.describe_log_streams, path="logStreams", **GROUP)


def metric_filter(probe):
    logs = _logs(probe)
    metric = {
        "metricName": "Errors", "metricNamespace": "App", "metricValue": "1", "unit": "Count",
        "dimensions": {"Kind": "$.kind"},
    }  # fmt: skip
    wanted = {
        **GROUP,
        "filterName": "errors",
        "filterPattern": '{ $.level = "ERROR" }',
        "metricTransformations": [metric],
    }
    probe.does(logs.put_metric_filter, **wanted)
    probe.shows([wanted], logs.describe_metric_filters, "metricFilters", **GROUP)
    probe.shows({"metricFilterCount": 1}, logs.describe_log_groups, "logGroups.0")
    probe.does(logs.put_metric_filter, **{**wanted, "filterPattern": "ERROR"})
    plain = {**wanted, "filterPattern": "ERROR"}
    probe.shows([plain], logs.describe_metric_filters, "metricFilters", filterNamePrefix="err")
    probe.does(logs.delete_metric_filter, **GROUP, filterName="errors")
    probe.lacks(logs.describe_metric_filters, path="metricFilters", **GROUP)


def subscription_filter_and_destination(probe):
    logs, kinesis = _logs(probe), probe.client("kinesis")
    kinesis.create_stream(StreamName="all", ShardCount=1)
    role = "arn:aws:iam::123456789012:role/logs"
    destination = {"targetArn": f"arn:aws:kinesis:{ACCOUNT}:stream/all", "roleArn": role}
    arn = probe.does(logs.put_destination, destinationName="all", **destination)["destination"]["arn"]
    named = {"DestinationNamePrefix": "all"}
    probe.shows([{**destination, "destinationName": "all"}], logs.describe_destinations, "destinations", **named)
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "logs:PutSubscriptionFilter", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    probe.does(logs.put_destination_policy, destinationName="all", accessPolicy=policy)
    probe.shows([{"accessPolicy": policy}], logs.describe_destinations, "destinations", **named)
    wanted = {**GROUP, "filterName": "all", "filterPattern": "", "destinationArn": arn, "distribution": "Random"}
    probe.does(logs.put_subscription_filter, **wanted)
    probe.shows([wanted], logs.describe_subscription_filters, "subscriptionFilters", **GROUP)
    changed = {**wanted, "filterPattern": "ERROR", "destinationArn": destination["targetArn"], "roleArn": role}
    probe.does(logs.put_subscription_filter, **changed)
    probe.shows([changed], logs.describe_subscription_filters, "subscriptionFilters", **GROUP)
    probe.does(logs.delete_subscription_filter, **GROUP, filterName="all")
    probe.lacks(logs.describe_subscription_filters, path="subscriptionFilters", **GROUP)
    probe.does(logs.delete_destination, destinationName="all")
    probe.lacks(logs.describe_destinations, path="destinations", **named)


def query_definition(probe):
    logs = probe.client("logs")
    wanted = {"name": "errors", "queryString": "fields @message | limit 5", "logGroupNames": ["/app"]}
    number = probe.does(logs.put_query_definition, **wanted)["queryDefinitionId"]
    shown = {**wanted, "queryDefinitionId": number, "queryLanguage": "CWLI"}
    probe.shows([shown], logs.describe_query_definitions, "queryDefinitions", queryDefinitionNamePrefix="err")
    changed = {**wanted, "queryString": "fields @message | limit 10", "queryDefinitionId": number}
    probe.does(logs.put_query_definition, **changed)
    probe.shows([changed], logs.describe_query_definitions, "queryDefinitions")
    probe.does(logs.delete_query_definition, queryDefinitionId=number)
    probe.lacks(logs.describe_query_definitions, path="queryDefinitions")


def resource_policy(probe):
    logs = probe.client("logs")
    statement = {
        "Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"}, "Action": "logs:PutLogEvents", "Resource": "*"
    }  # fmt: skip
    wanted = {"policyName": "search", "policyDocument": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}
    probe.does(logs.put_resource_policy, **wanted)
    probe.shows([wanted], logs.describe_resource_policies, "resourcePolicies")
    changed = {**wanted, "policyDocument": wanted["policyDocument"].replace("es.", "route53.")}
    probe.does(logs.put_resource_policy, **changed)
    probe.shows([changed], logs.describe_resource_policies, "resourcePolicies")
    probe.does(logs.delete_resource_policy, policyName="search")
    probe.lacks(logs.describe_resource_policies, path="resourcePolicies")


def account_policy(probe):
    logs = probe.client("logs")
    wanted = {
        "policyName": "hide",
        "policyType": "DATA_PROTECTION_POLICY",
        "policyDocument": PROTECTION,
        "scope": "ALL",
    }
    kind = {"policyType": "DATA_PROTECTION_POLICY"}
    probe.does(logs.put_account_policy, **wanted)
    shown = {**wanted, "accountId": "123456789012"}
    probe.shows([shown], logs.describe_account_policies, "accountPolicies", **kind)
    changed = {**wanted, "policyDocument": PROTECTION.replace("Email", "Ip")}
    probe.does(logs.put_account_policy, **changed)
    probe.shows([changed], logs.describe_account_policies, "accountPolicies", **kind, policyName="hide")
    probe.does(logs.delete_account_policy, policyName="hide", **kind)
    probe.lacks(logs.describe_account_policies, path="accountPolicies", **kind)


def anomaly_detector(probe):
    logs = _logs(probe)
    wanted = {
        "detectorName": "odd", "logGroupArnList": [ARN], "evaluationFrequency": "TEN_MIN", "filterPattern": "ERROR",
        "anomalyVisibilityTime": 30, "kmsKeyId": _key(probe),
    }  # fmt: skip
    arn = probe.does(logs.create_log_anomaly_detector, **wanted, tags={"a": "b"})["anomalyDetectorArn"]
    number = {"anomalyDetectorArn": arn}
    probe.shows({**wanted, "anomalyDetectorStatus": "ANALYZING"}, logs.get_log_anomaly_detector, **number)
    probe.shows({"a": "b"}, logs.list_tags_for_resource, "tags", resourceArn=arn)
    probe.shows([{**wanted, **number}], logs.list_log_anomaly_detectors, "anomalyDetectors", filterLogGroupArn=ARN)
    change = {"evaluationFrequency": "ONE_HOUR", "anomalyVisibilityTime": 7}
    probe.does(logs.update_log_anomaly_detector, **number, **change, enabled=False)
    probe.shows({**wanted, **change, "anomalyDetectorStatus": "PAUSED"}, logs.get_log_anomaly_detector, **number)
    probe.does(logs.delete_log_anomaly_detector, **number)
    probe.lacks(logs.get_log_anomaly_detector, GONE, **number)


def data_protection_policy(probe):
    logs = _logs(probe)
    probe.does(logs.put_data_protection_policy, **IDENTIFIER, policyDocument=PROTECTION)
    probe.shows({**IDENTIFIER, "policyDocument": PROTECTION}, logs.get_data_protection_policy, **IDENTIFIER)
    probe.shows({"dataProtectionStatus": "ACTIVATED"}, logs.describe_log_groups, "logGroups.0")
    probe.does(logs.delete_data_protection_policy, **IDENTIFIER)
    probe.lacks(logs.get_data_protection_policy, path="policyDocument", **IDENTIFIER)
    probe.shows({"dataProtectionStatus": "DELETED"}, logs.describe_log_groups, "logGroups.0")


def index_policy(probe):
    logs = _logs(probe)
    document = json.dumps({"Fields": ["requestId"]})
    groups = {"logGroupIdentifiers": ["/app"]}
    probe.does(logs.put_index_policy, **IDENTIFIER, policyDocument=document)
    shown = [{"policyDocument": document, "logGroupIdentifier": ARN, "source": "LOG_GROUP"}]
    probe.shows(shown, logs.describe_index_policies, "indexPolicies", **groups)
    probe.does(logs.delete_index_policy, **IDENTIFIER)
    probe.lacks(logs.describe_index_policies, path="indexPolicies", **groups)


def delivery(probe):
    logs = _logs(probe)
    distribution = "arn:aws:cloudfront::123456789012:distribution/E1"
    probe.does(logs.put_delivery_source, name="web", resourceArn=distribution, logType="ACCESS_LOGS")
    source = {"name": "web", "logType": "ACCESS_LOGS", "resourceArns": [distribution]}
    probe.shows(source, logs.get_delivery_source, "deliverySource", name="web")
    probe.shows([source], logs.describe_delivery_sources, "deliverySources")
    target = {
        "name": "logs",
        "outputFormat": "json",
        "deliveryDestinationConfiguration": {"destinationResourceArn": ARN},
    }
    arn = probe.does(logs.put_delivery_destination, **target)["deliveryDestination"]["arn"]
    probe.shows({**target, "arn": arn}, logs.get_delivery_destination, "deliveryDestination", name="logs")
    probe.shows([target], logs.describe_delivery_destinations, "deliveryDestinations")
    made = probe.does(logs.create_delivery, deliverySourceName="web", deliveryDestinationArn=arn)["delivery"]["id"]
    shown = {"id": made, "deliverySourceName": "web", "deliveryDestinationArn": arn}
    probe.shows(shown, logs.get_delivery, "delivery", id=made)
    probe.shows([shown], logs.describe_deliveries, "deliveries")
    probe.does(logs.delete_delivery, id=made)
    probe.lacks(logs.get_delivery, GONE, id=made)
    probe.does(logs.delete_delivery_source, name="web")
    probe.lacks(logs.get_delivery_source, GONE, name="web")
    probe.does(logs.delete_delivery_destination, name="logs")
    probe.lacks(logs.get_delivery_destination, GONE, name="logs")


def query(probe):
    logs, now = _logs(probe), int(time.time())
    wanted = {"queryString": "fields @message | limit 5", "startTime": now - 60, "endTime": now}
    number = probe.does(logs.start_query, **GROUP, **wanted)["queryId"]
    shown = {"queryId": number, "queryString": wanted["queryString"], "status": "Complete"}
    probe.shows([shown], logs.describe_queries, "queries", **GROUP)
    probe.shows({"status": "Complete"}, logs.get_query_results, queryId=number)
