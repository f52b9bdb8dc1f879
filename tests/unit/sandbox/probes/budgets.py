# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what AWS Budgets has."""

from tests.unit.sandbox.governance import role

ACCOUNT = {"AccountId": "123456789012"}
OF = {**ACCOUNT, "BudgetName": "all"}
BUDGET = {
    "BudgetName": "all",
    "BudgetLimit": {"Amount": "100", "Unit": "USD"},
    "TimeUnit": "MONTHLY",
    "BudgetType": "COST",
}
NOTIFICATION = {
    "NotificationType": "ACTUAL",
    "ComparisonOperator": "GREATER_THAN",
    "Threshold": 80.0,
    "ThresholdType": "PERCENTAGE",
}
MAIL = {"SubscriptionType": "EMAIL", "Address": "ops@example.com"}
TOPIC = {"SubscriptionType": "SNS", "Address": "arn:aws:sns:eu-central-1:123456789012:costs"}


def budget(probe):
    budgets = probe.client("budgets")
    wanted = {**BUDGET, "CostFilters": {"Service": ["Amazon Elastic Container Service"]}}
    probe.does(budgets.create_budget, **ACCOUNT, Budget=wanted, ResourceTags=[{"Key": "a", "Value": "b"}])
    probe.shows(wanted, budgets.describe_budget, "Budget", **OF)
    probe.shows([wanted], budgets.describe_budgets, "Budgets", **ACCOUNT)
    wanted["BudgetLimit"] = {"Amount": "200", "Unit": "USD"}
    probe.does(budgets.update_budget, **ACCOUNT, NewBudget=wanted)
    probe.shows(wanted, budgets.describe_budget, "Budget", **OF)
    arn = {"ResourceARN": "arn:aws:budgets::123456789012:budget/all"}
    probe.does(budgets.tag_resource, **arn, ResourceTags=[{"Key": "a", "Value": "c"}])
    probe.shows([{"Key": "a", "Value": "c"}], budgets.list_tags_for_resource, "ResourceTags", **arn)
    probe.does(budgets.untag_resource, **arn, ResourceTagKeys=["a"])
    probe.lacks(budgets.list_tags_for_resource, path="ResourceTags", **arn)
    probe.does(budgets.delete_budget, **OF)
    probe.lacks(budgets.describe_budget, "NotFoundException", **OF)


def notification(probe):
    budgets = probe.client("budgets")
    budgets.create_budget(**ACCOUNT, Budget=BUDGET)
    probe.does(budgets.create_notification, **OF, Notification=NOTIFICATION, Subscribers=[MAIL])
    probe.shows([NOTIFICATION], budgets.describe_notifications_for_budget, "Notifications", **OF)
    one = {**OF, "Notification": NOTIFICATION}
    probe.shows([MAIL], budgets.describe_subscribers_for_notification, "Subscribers", **one)
    probe.does(budgets.create_subscriber, **one, Subscriber=TOPIC)
    probe.shows([MAIL, TOPIC], budgets.describe_subscribers_for_notification, "Subscribers", **one)
    other = {**MAIL, "Address": "dev@example.com"}
    probe.does(budgets.update_subscriber, **one, OldSubscriber=MAIL, NewSubscriber=other)
    probe.shows([TOPIC, other], budgets.describe_subscribers_for_notification, "Subscribers", **one)
    probe.does(budgets.delete_subscriber, **one, Subscriber=other)
    probe.shows([TOPIC], budgets.describe_subscribers_for_notification, "Subscribers", **one)
    new = {**NOTIFICATION, "Threshold": 90.0}
    probe.does(budgets.update_notification, **OF, OldNotification=NOTIFICATION, NewNotification=new)
    probe.shows([new], budgets.describe_notifications_for_budget, "Notifications", **OF)
    probe.does(budgets.delete_notification, **OF, Notification=new)
    probe.lacks(budgets.describe_notifications_for_budget, path="Notifications", **OF)


def action(probe):
    budgets = probe.client("budgets")
    budgets.create_budget(**ACCOUNT, Budget=BUDGET)
    wanted = {
        "NotificationType": "ACTUAL",
        "ActionType": "RUN_SSM_DOCUMENTS",
        "ActionThreshold": {"ActionThresholdValue": 100.0, "ActionThresholdType": "PERCENTAGE"},
        "Definition": {
            "SsmActionDefinition": {
                "ActionSubType": "STOP_RDS_INSTANCES", "Region": "eu-central-1", "InstanceIds": ["main"],
            }
        },
        "ExecutionRoleArn": role(probe.client("iam"), "budgets", "budgets.amazonaws.com"),
        "ApprovalModel": "MANUAL",
        "Subscribers": [MAIL],
    }  # fmt: skip
    number = probe.does(budgets.create_budget_action, **OF, **wanted)["ActionId"]
    one = {**OF, "ActionId": number}
    shown = {**wanted, "ActionId": number, "Status": "STANDBY"}
    probe.shows(shown, budgets.describe_budget_action, "Action", **one)
    probe.shows([shown], budgets.describe_budget_actions_for_budget, "Actions", **OF)
    probe.shows([shown], budgets.describe_budget_actions_for_account, "Actions", **ACCOUNT)
    probe.does(budgets.update_budget_action, **one, ApprovalModel="AUTOMATIC")
    probe.shows({**shown, "ApprovalModel": "AUTOMATIC"}, budgets.describe_budget_action, "Action", **one)
    probe.does(budgets.delete_budget_action, **one)
    probe.lacks(budgets.describe_budget_action, "NotFoundException", **one)
