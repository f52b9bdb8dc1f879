# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What watches: logs, metrics, alarms and whom they tell."""

import json

ACCOUNT_POLICIES = ("DATA_PROTECTION_POLICY", "SUBSCRIPTION_FILTER_POLICY", "FIELD_INDEX_POLICY")
DETECTORS = ["SINGLE_METRIC", "METRIC_MATH"]


def read_logs(view):
    """Log groups, and what is made of their events."""
    for group in view.all("describe_log_groups", "logGroups"):
        name = group["logGroupName"]
        group["tags"] = view.client.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"]
        group["dataProtection"] = view.part("get_data_protection_policy", "policyDocument", logGroupIdentifier=name)
        view.add("logs/log-group", name, group)
        for entry in view.all("describe_subscription_filters", "subscriptionFilters", logGroupName=name):
            view.add("logs/subscription-filter", f"{name}/{entry['filterName']}", entry)
    for entry in view.all("describe_metric_filters", "metricFilters"):
        view.add("logs/metric-filter", f"{entry['logGroupName']}/{entry['filterName']}", entry)
    for policy in view.all("describe_resource_policies", "resourcePolicies"):
        view.add("logs/resource-policy", policy["policyName"], policy)
    for kind in ACCOUNT_POLICIES:
        for policy in view.all("describe_account_policies", "accountPolicies", policyType=kind):
            view.add("logs/account-policy", f"{kind}/{policy['policyName']}", policy)
    for detector in view.all("list_log_anomaly_detectors", "anomalyDetectors"):
        detector["paused"] = detector.pop("anomalyDetectorStatus") == "PAUSED"
        view.add("logs/anomaly-detector", detector["anomalyDetectorArn"].rpartition(":")[2], detector)
    for query in view.all("describe_query_definitions", "queryDefinitions"):
        view.add("logs/query-definition", query["queryDefinitionId"], query)


def read_metrics(view):
    """Alarms of both types, those of target tracking included, dashboards and detectors of anomalies."""
    types = ["CompositeAlarm", "MetricAlarm"]
    for member in ("MetricAlarms", "CompositeAlarms"):
        for alarm in view.all("describe_alarms", member, AlarmTypes=types):
            alarm["Tags"] = view.client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
            view.add("cloudwatch/alarm", alarm["AlarmName"], alarm)
    for listed in view.all("list_dashboards", "DashboardEntries"):
        dashboard = view.get("get_dashboard", DashboardName=listed["DashboardName"])
        view.add("cloudwatch/dashboard", listed["DashboardName"], dashboard)
    for listed in view.all("list_metric_streams", "Entries"):
        stream = view.get("get_metric_stream", Name=listed["Name"])
        view.add("cloudwatch/metric-stream", listed["Name"], stream)
    for detector in view.all("describe_anomaly_detectors", "AnomalyDetectors", AnomalyDetectorTypes=DETECTORS):
        watched = detector.get("SingleMetricAnomalyDetector") or detector["MetricMathAnomalyDetector"]
        view.add("cloudwatch/anomaly-detector", json.dumps(watched, sort_keys=True), detector)


def read_topics(view):
    """Topics with those who listen."""
    for listed in view.all("list_topics", "Topics"):
        arn = {"TopicArn": listed["TopicArn"]}
        topic = view.client.get_topic_attributes(**arn)["Attributes"]
        topic["Tags"] = view.client.list_tags_for_resource(ResourceArn=listed["TopicArn"])["Tags"]
        subscriptions = view.all("list_subscriptions_by_topic", "Subscriptions", **arn)
        topic["Subscriptions"] = [_subscription(view, listed) for listed in subscriptions]
        view.add("sns/topic", listed["TopicArn"].rpartition(":")[2], topic)


def _subscription(view, listed):
    if listed["SubscriptionArn"].startswith("arn:"):
        listed["Attributes"] = view.part(
            "get_subscription_attributes", "Attributes", SubscriptionArn=listed["SubscriptionArn"]
        )
    return listed


READERS = {"cloudwatch": read_metrics, "logs": read_logs, "sns": read_topics}
