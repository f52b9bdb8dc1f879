# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Cost Explorer has."""

MONITOR = {"MonitorName": "services", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}


def anomaly_monitor(probe):
    ce = probe.client("ce")
    made = probe.does(ce.create_anomaly_monitor, AnomalyMonitor=MONITOR, ResourceTags=[{"Key": "a", "Value": "b"}])
    of, arns = {"MonitorArn": made["MonitorArn"]}, {"MonitorArnList": [made["MonitorArn"]]}
    probe.shows({**MONITOR, **of}, ce.get_anomaly_monitors, "AnomalyMonitors.0", **arns)
    probe.does(ce.update_anomaly_monitor, **of, MonitorName="all services")
    probe.shows({**MONITOR, "MonitorName": "all services"}, ce.get_anomaly_monitors, "AnomalyMonitors.0", **arns)
    arn = {"ResourceArn": made["MonitorArn"]}
    probe.shows([{"Key": "a", "Value": "b"}], ce.list_tags_for_resource, "ResourceTags", **arn)
    probe.does(ce.tag_resource, **arn, ResourceTags=[{"Key": "a", "Value": "c"}])
    probe.shows([{"Key": "a", "Value": "c"}], ce.list_tags_for_resource, "ResourceTags", **arn)
    probe.does(ce.untag_resource, **arn, ResourceTagKeys=["a"])
    probe.lacks(ce.list_tags_for_resource, path="ResourceTags", **arn)
    probe.does(ce.delete_anomaly_monitor, **of)
    probe.lacks(ce.get_anomaly_monitors, "UnknownMonitorException", **arns)


def anomaly_subscription(probe):
    ce = probe.client("ce")
    monitor = ce.create_anomaly_monitor(AnomalyMonitor=MONITOR)["MonitorArn"]
    impact = {
        "Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE", "MatchOptions": ["GREATER_THAN_OR_EQUAL"], "Values": ["50"],
    }  # fmt: skip
    wanted = {
        "SubscriptionName": "ops",
        "MonitorArnList": [monitor],
        "Subscribers": [{"Address": "ops@example.com", "Type": "EMAIL"}],
        "Frequency": "DAILY",
        "ThresholdExpression": {"Dimensions": impact},
    }
    arn = probe.does(ce.create_anomaly_subscription, AnomalySubscription=wanted)["SubscriptionArn"]
    of, arns = {"SubscriptionArn": arn}, {"SubscriptionArnList": [arn]}
    probe.shows({**wanted, **of}, ce.get_anomaly_subscriptions, "AnomalySubscriptions.0", MonitorArn=monitor)
    probe.does(ce.update_anomaly_subscription, **of, Frequency="WEEKLY", Threshold=10.0)
    changed = {"Frequency": "WEEKLY", "Threshold": 10.0, "ThresholdExpression": None}
    probe.shows(changed, ce.get_anomaly_subscriptions, "AnomalySubscriptions.0", **arns)
    probe.does(ce.delete_anomaly_subscription, **of)
    probe.lacks(ce.get_anomaly_subscriptions, "UnknownSubscriptionException", **arns)


def cost_category(probe):
    ce = probe.client("ce")
    rule = {"Value": "web", "Rule": {"Tags": {"Key": "app", "Values": ["web"], "MatchOptions": ["EQUALS"]}}}
    wanted = {"Name": "apps", "RuleVersion": "CostCategoryExpression.v1", "Rules": [rule], "DefaultValue": "other"}
    made = probe.does(ce.create_cost_category_definition, **wanted)
    of = {"CostCategoryArn": made["CostCategoryArn"]}
    probe.shows({**wanted, **of}, ce.describe_cost_category_definition, "CostCategory", **of)
    listed = {**of, "Name": "apps", "NumberOfRules": 1, "Values": ["web"], "DefaultValue": "other"}
    probe.shows([listed], ce.list_cost_category_definitions, "CostCategoryReferences")
    rule["Value"] = "site"
    changed = {name: wanted[name] for name in ("RuleVersion", "Rules")}
    probe.does(ce.update_cost_category_definition, **of, **changed)
    probe.shows(changed, ce.describe_cost_category_definition, "CostCategory", **of)
    probe.does(ce.delete_cost_category_definition, **of)
    probe.lacks(ce.describe_cost_category_definition, "ResourceNotFoundException", **of)


def allocation_tags(probe):
    ce, sqs = probe.client("ce"), probe.client("sqs")
    sqs.create_queue(QueueName="q", tags={"app": "web"})
    found = {"TagKey": "app", "Type": "UserDefined", "Status": "Inactive"}
    probe.shows([found], ce.list_cost_allocation_tags, "CostAllocationTags")
    wanted = {"TagKey": "app", "Status": "Active"}
    probe.does(ce.update_cost_allocation_tags_status, CostAllocationTagsStatus=[wanted])
    probe.shows([{**found, **wanted}], ce.list_cost_allocation_tags, "CostAllocationTags", Status="Active")
