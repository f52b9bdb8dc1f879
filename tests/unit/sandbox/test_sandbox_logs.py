# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudWatch Logs makes of log events."""

import json

import pytest

METRIC = {"metricName": "errors", "metricNamespace": "app", "metricValue": "1"}
FILTER = {"logGroupName": "/a", "filterName": "errors", "filterPattern": "ERROR", "metricTransformations": [METRIC]}
GROUP_ARN = "arn:aws:logs:eu-central-1:123456789012:log-group:/a:*"


@pytest.fixture
def logs(sandbox):
    """CloudWatch Logs with a group."""
    client = sandbox.client("logs")
    client.create_log_group(logGroupName="/a")
    return client


def filters(logs, **wanted):
    return logs.describe_metric_filters(**wanted)["metricFilters"]


@pytest.mark.parametrize(
    "metric",
    [
        METRIC,
        {**METRIC, "defaultValue": 0.0, "unit": "Count"},
        {**METRIC, "metricValue": "$.latency", "dimensions": {"Path": "$.path"}, "unit": "Milliseconds"},
    ],
)
def test_what_is_written_is_read(logs, metric):
    logs.put_metric_filter(**{**FILTER, "metricTransformations": [metric]})
    (found,) = filters(logs)
    assert found["metricTransformations"] == [{"unit": "None", **metric}]
    assert {name: found[name] for name in ("logGroupName", "filterName", "filterPattern")} == {
        "logGroupName": "/a", "filterName": "errors", "filterPattern": "ERROR",
    }  # fmt: skip
    assert found["creationTime"] and logs.describe_log_groups()["logGroups"][0]["metricFilterCount"] == 1


def test_filter_written_again(logs):
    logs.put_metric_filter(**FILTER)
    logs.put_metric_filter(**{**FILTER, "filterPattern": "FATAL"})
    assert [found["filterPattern"] for found in filters(logs)] == ["FATAL"]


def test_filters_that_are_refused(logs, refused):
    for metric in (
        {**METRIC, "defaultValue": 0.0, "dimensions": {"Path": "$.path"}},
        {**METRIC, "dimensions": {name: "$.x" for name in "abcd"}},
        {**METRIC, "dimensions": {"Path": "fixed"}},
        {**METRIC, "metricValue": "one"},
        {**METRIC, "unit": "Apples"},
        {**METRIC, "metricName": "a:b"},
    ):
        code = refused(logs.put_metric_filter, **{**FILTER, "metricTransformations": [metric]})
        assert code == "InvalidParameterException"
    for change in ({"filterPattern": "{ $.a = 1"}, {"filterName": "a:b"}, {"metricTransformations": [METRIC, METRIC]}):
        assert refused(logs.put_metric_filter, **{**FILTER, **change}) == "InvalidParameterException"
    assert refused(logs.put_metric_filter, **{**FILTER, "logGroupName": "/b"}) == "ResourceNotFoundException"
    assert filters(logs) == []


def test_filters_found_and_deleted(logs, refused):
    logs.create_log_group(logGroupName="/b")
    logs.put_metric_filter(**FILTER)
    logs.put_metric_filter(**{**FILTER, "logGroupName": "/b", "filterName": "other"})
    assert len(filters(logs)) == 2
    for wanted in ({"logGroupName": "/b"}, {"filterNamePrefix": "oth"}):
        assert [found["filterName"] for found in filters(logs, **wanted)] == ["other"]
    assert len(filters(logs, metricName="errors", metricNamespace="app")) == 2
    assert filters(logs, metricName="errors", metricNamespace="none") == []
    assert refused(logs.describe_metric_filters, metricName="errors") == "InvalidParameterException"
    assert refused(logs.describe_metric_filters, logGroupName="/c") == "ResourceNotFoundException"
    logs.delete_metric_filter(logGroupName="/a", filterName="errors")
    code = refused(logs.delete_metric_filter, logGroupName="/a", filterName="errors")
    assert code == "ResourceNotFoundException"
    logs.delete_log_group(logGroupName="/b")
    assert filters(logs) == []


def test_queries(logs, refused):
    wanted = {"name": "app/errors", "queryString": "fields @message", "logGroupNames": ["/a"]}
    number = logs.put_query_definition(**wanted)["queryDefinitionId"]
    logs.put_query_definition(**{**wanted, "queryString": "limit 1"}, queryDefinitionId=number)
    (query,) = logs.describe_query_definitions(queryDefinitionNamePrefix="app/")["queryDefinitions"]
    assert (query["queryString"], query["logGroupNames"], query["queryLanguage"]) == ("limit 1", ["/a"], "CWLI")
    assert logs.describe_query_definitions(queryDefinitionNamePrefix="x")["queryDefinitions"] == []
    assert logs.delete_query_definition(queryDefinitionId=number)["success"]
    assert refused(logs.delete_query_definition, queryDefinitionId=number) == "ResourceNotFoundException"
    code = refused(logs.put_query_definition, **wanted, queryDefinitionId=number)
    assert code == "ResourceNotFoundException"


def test_subscription_filters(sandbox, logs, refused):
    sandbox.client("kinesis").create_stream(StreamName="s", ShardCount=1)
    stream = {"destinationArn": "arn:aws:kinesis:eu-central-1:123456789012:stream/s"}
    role = {"roleArn": "arn:aws:iam::123456789012:role/r"}
    base = {"logGroupName": "/a", "filterPattern": ""}
    code = refused(logs.put_subscription_filter, **base, **stream, filterName="one")
    assert code == "InvalidParameterException"
    for name in ("one", "two"):
        logs.put_subscription_filter(**base, **stream, **role, filterName=name, distribution="Random")
    code = refused(logs.put_subscription_filter, **base, **stream, **role, filterName="three")
    assert code == "LimitExceededException"
    logs.put_subscription_filter(**{**base, "filterPattern": "x"}, **stream, **role, filterName="two")
    found = logs.describe_subscription_filters(logGroupName="/a")["subscriptionFilters"]
    assert [(item["filterName"], item["filterPattern"], item["distribution"]) for item in found] == [
        ("one", "", "Random"), ("two", "x", "ByLogStream"),
    ]  # fmt: skip
    gone = {"destinationArn": stream["destinationArn"] + "x"}
    code = refused(logs.put_subscription_filter, **base, **gone, **role, filterName="two")
    assert code == "InvalidParameterException"
    assert len(logs.describe_subscription_filters(logGroupName="/a")["subscriptionFilters"]) == 2


def test_resource_policies(logs, refused):
    statement = {
        "Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"}, "Action": "logs:PutLogEvents",
        "Resource": GROUP_ARN,
    }  # fmt: skip
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    for wrong in ("{", "{}", '{"Statement": [{"Effect": "Allow"}]}'):
        code = refused(logs.put_resource_policy, policyName="p", policyDocument=wrong)
        assert code == "InvalidParameterException"
    logs.put_resource_policy(policyName="p", policyDocument=document)
    (policy,) = logs.describe_resource_policies()["resourcePolicies"]
    assert (policy["policyName"], policy["policyDocument"]) == ("p", document)
    logs.delete_resource_policy(policyName="p")
    assert refused(logs.delete_resource_policy, policyName="p") == "ResourceNotFoundException"
