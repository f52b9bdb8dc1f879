# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept in case of need, what all of it may cost, and how much of it there may be."""


def read_backups(view):
    """Vaults, of whose recovery points the number, and plans with what they select."""
    for vault in view.all("list_backup_vaults", "BackupVaultList"):
        name = {"BackupVaultName": vault["BackupVaultName"]}
        vault["Policy"] = view.part("get_backup_vault_access_policy", "Policy", **name)
        vault["Notifications"] = view.get("get_backup_vault_notifications", **name)
        vault["Tags"] = view.part("list_tags", "Tags", ResourceArn=vault["BackupVaultArn"])
        view.add("backup/vault", vault["BackupVaultName"], vault)
    for listed in view.all("list_backup_plans", "BackupPlansList"):
        number = {"BackupPlanId": listed["BackupPlanId"]}
        plan = view.get("get_backup_plan", **number)
        plan["Selections"] = [
            view.part("get_backup_selection", "BackupSelection", **number, SelectionId=selection["SelectionId"])
            for selection in view.all("list_backup_selections", "BackupSelectionsList", **number)
        ]
        plan["Tags"] = view.part("list_tags", "Tags", ResourceArn=listed["BackupPlanArn"])
        view.add("backup/plan", f"{listed['BackupPlanName']}/{listed['BackupPlanId']}", plan)
    for listed in view.all("list_restore_testing_plans", "RestoreTestingPlans"):
        name = {"RestoreTestingPlanName": listed["RestoreTestingPlanName"]}
        plan = view.part("get_restore_testing_plan", "RestoreTestingPlan", **name)
        plan["Selections"] = view.all("list_restore_testing_selections", "RestoreTestingSelections", **name)
        view.add("backup/restore-testing-plan", listed["RestoreTestingPlanName"], plan)


def read_budgets(view):
    """Budgets with whom they tell, and what they do."""
    account = {"AccountId": view.account}
    for budget in view.all("describe_budgets", "Budgets", **account):
        name = {**account, "BudgetName": budget["BudgetName"]}
        budget.pop("CalculatedSpend", None)
        budget["Notifications"] = view.all("describe_notifications_for_budget", "Notifications", **name)
        for notification in budget["Notifications"]:
            told = {member: value for member, value in notification.items() if member != "NotificationState"}
            subscribers = view.all("describe_subscribers_for_notification", "Subscribers", **name, Notification=told)
            notification["Subscribers"] = subscribers
        arn = f"arn:aws:budgets::{view.account}:budget/{budget['BudgetName']}"
        budget["Tags"] = view.part("list_tags_for_resource", "ResourceTags", ResourceARN=arn)
        view.add_global("budgets/budget", f"global/{budget['BudgetName']}", budget)
    for action in view.all("describe_budget_actions_for_account", "Actions", **account):
        view.add_global("budgets/action", f"global/{action['ActionId']}", action)


def read_costs(view):
    """How Cost Explorer sorts costs, and who hears of those that are unusual."""
    for monitor in view.all("get_anomaly_monitors", "AnomalyMonitors"):
        _add_cost(view, "anomaly-monitor", monitor, monitor["MonitorArn"])
    for subscription in view.all("get_anomaly_subscriptions", "AnomalySubscriptions"):
        _add_cost(view, "anomaly-subscription", subscription, subscription["SubscriptionArn"])
    for listed in view.all("list_cost_category_definitions", "CostCategoryReferences"):
        arn = listed["CostCategoryArn"]
        category = view.part("describe_cost_category_definition", "CostCategory", CostCategoryArn=arn)
        _add_cost(view, "cost-category", category, arn)
    for tag in view.all("list_cost_allocation_tags", "CostAllocationTags", Status="Active"):
        view.add_global("ce/cost-allocation-tag", f"global/{tag['TagKey']}", tag)


def _add_cost(view, kind, item, arn):
    item.pop("LastEvaluatedDate", None)
    item["Tags"] = view.part("list_tags_for_resource", "ResourceTags", ResourceArn=arn)
    view.add_global(f"ce/{kind}", f"global/{arn.rpartition('/')[2]}", item)


def read_requests(view):
    """Increases that were asked for, whatever became of them."""
    for request in view.all("list_requested_service_quota_change_history", "RequestedQuotas"):
        shown = {name: value for name, value in request.items() if name not in ("LastUpdated", "Status")}
        view.add("service-quotas/request", f"{request['QuotaCode']}/{request['Id']}", shown)


READERS = {"backup": read_backups, "service-quotas": read_requests}
GLOBAL_READERS = {"budgets": read_budgets, "ce": read_costs}
