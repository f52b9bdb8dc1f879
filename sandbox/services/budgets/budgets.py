# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Budgets with their notifications and the subscribers of those; moto has half of it, and drops parts."""

from copy import deepcopy
from datetime import datetime, timezone

from ...errors import AwsError
from .. import answer
from ..governance import clean, kept, now, page, tag_dict, tag_list

# https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html
MOST_NOTIFICATIONS, MOST_SNS, MOST_EMAIL, MOST_TAGS = 10, 1, 10, 50
FOR_EVER = datetime(2087, 6, 15, tzinfo=timezone.utc)
NOTHING = {"Amount": "0", "Unit": "USD"}
COST_TYPES = {
    "IncludeCredit": True, "IncludeDiscount": True, "IncludeOtherSubscription": True, "IncludeRecurring": True,
    "IncludeRefund": True, "IncludeSubscription": True, "IncludeSupport": True, "IncludeTax": True,
    "IncludeUpfront": True, "UseAmortized": False, "UseBlended": False,
}  # fmt: skip
LIMITS = ("BudgetLimit", "PlannedBudgetLimits", "AutoAdjustData")


def wrong(message):
    """What AWS Budgets says of values that it does not take."""
    return AwsError("InvalidParameterException", message)


def missing(message):
    """What AWS Budgets says of what is not there."""
    return AwsError("NotFoundException", message)


def taken(message):
    """What AWS Budgets says of what is there already."""
    return AwsError("DuplicateRecordException", message)


def budgets_of(call):
    """{name: budget}; those of other accounts are none of the caller's business."""
    if call.parameters.get("AccountId") not in (None, call.account):
        message = f"Account {call.account} is not authorized for account {call.parameters['AccountId']}"
        raise AwsError("AccessDeniedException", message)
    return kept(call, "budgets")


def budget_of(call):
    """The budget that a call names."""
    name = call.parameters["BudgetName"]
    if name not in budgets_of(call):
        raise missing(f"Unable to get budget: {name} - the budget doesn't exist.")
    return budgets_of(call)[name]


def listed(call, member, items):
    """A page of a list."""
    return page(call, member, items, refusal="InvalidNextTokenException")


@answer("budgets", "CreateBudget")
def create(call):
    """A name is taken once."""
    parameters, budgets = clean(call.parameters), budgets_of(call)
    written = parameters["Budget"]
    name = written["BudgetName"]
    if name in budgets:
        raise taken(f"Error creating budget: {name} - the budget already exists.")
    _check_budget(written)
    budget = {"written": {**written, "LastUpdatedTime": now()}, "notifications": [], "actions": {}}
    for item in parameters.get("NotificationsWithSubscribers") or []:
        _add(budget, item["Notification"], item["Subscribers"])
    budgets[name] = budget
    kept(call, "tags")[f"arn:aws:budgets::{call.account}:budget/{name}"] = tag_dict(parameters.get("ResourceTags"))
    return {}


def _check_budget(written):
    given = [name for name in LIMITS if written.get(name)]
    if not given and written["BudgetType"] in ("COST", "USAGE"):
        raise wrong("Unable to create/update budget - please provide one of the followings: Budget Limit/ "
                    "Planned Budget Limit/ Auto Adjust Data")  # fmt: skip
    if {"BudgetLimit", "PlannedBudgetLimits"} <= set(given):
        raise wrong("Only one of BudgetLimit and PlannedBudgetLimits can be given.")
    period = written.get("TimePeriod") or {}
    if period.get("Start") and period.get("End") and period["Start"] >= period["End"]:
        raise wrong("The start of the time period must come before its end.")


@answer("budgets", "UpdateBudget")
def update(call):
    """moto does not have it."""
    written = clean(call.parameters["NewBudget"])
    budgets, name = budgets_of(call), written["BudgetName"]
    if name not in budgets:
        raise missing(f"Unable to update budget: {name} - the budget doesn't exist.")
    _check_budget(written)
    budgets[name]["written"] = {**written, "LastUpdatedTime": now()}
    return {}


@answer("budgets", "DescribeBudget")
def describe(call):
    """Everything that was written."""
    return {"Budget": _view(budget_of(call))}


@answer("budgets", "DescribeBudgets")
def describe_all(call):
    """The same in lists."""
    return listed(call, "Budgets", [_view(budget) for budget in budgets_of(call).values()])


def _view(budget):
    written = deepcopy(budget["written"])
    first = written["LastUpdatedTime"].replace(day=1, hour=0, minute=0, second=0)
    written["TimePeriod"] = {"Start": first, "End": FOR_EVER, **(written.get("TimePeriod") or {})}
    spent = {"ActualSpend": NOTHING, "ForecastedSpend": NOTHING}
    if written["BudgetType"] == "COST" and "FilterExpression" not in written:
        written["CostTypes"] = {**COST_TYPES, **(written.get("CostTypes") or {})}
    return {"CalculatedSpend": spent, **written}


@answer("budgets", "DeleteBudget")
def delete(call):
    """With everything that hangs on it."""
    name = call.parameters["BudgetName"]
    if name not in budgets_of(call):
        message = f"Unable to delete budget: {name} - the budget doesn't exist. Try creating it first. "
        raise missing(message)
    del budgets_of(call)[name]
    tags, arn = kept(call, "tags"), f"arn:aws:budgets::{call.account}:budget/{name}"
    for one in [one for one in tags if one == arn or one.startswith(f"{arn}/action/")]:
        del tags[one]
    return {}


# --- notifications -------------------------------------------------------------------------------------------------


def _filled(notification):
    return {"ThresholdType": "PERCENTAGE", **notification}


def _key(notification):
    names = ("NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")
    return tuple(_filled(notification).get(name) for name in names)


def _add(budget, notification, subscribers):
    notification = _filled(notification)
    if any(_key(item["notification"]) == _key(notification) for item in budget["notifications"]):
        raise taken("The notification already exists.")
    if len(budget["notifications"]) >= MOST_NOTIFICATIONS:
        raise AwsError("CreationLimitExceededException", f"A budget has {MOST_NOTIFICATIONS} notifications at most.")
    check_subscribers(subscribers)
    shown = {"NotificationState": "OK", **notification}
    budget["notifications"].append({"notification": shown, "subscribers": list(subscribers)})


def check_subscribers(subscribers):
    """Refuse subscribers that are too many, named twice, or at no address."""
    kinds = [item["SubscriptionType"] for item in subscribers]
    if kinds.count("SNS") > MOST_SNS or kinds.count("EMAIL") > MOST_EMAIL:
        message = f"A notification has {MOST_SNS} topic and {MOST_EMAIL} addresses at most."
        raise AwsError("CreationLimitExceededException", message)
    if len({(item["SubscriptionType"], item["Address"]) for item in subscribers}) < len(subscribers):
        raise taken("The subscriber already exists.")
    for item in subscribers:
        mark = "arn:" if item["SubscriptionType"] == "SNS" else "@"
        if mark not in item["Address"]:
            raise wrong(f"{item['Address']} is no address of type {item['SubscriptionType']}.")


def _notification(call, member="Notification"):
    wanted = _key(clean(call.parameters[member]))
    for item in budget_of(call)["notifications"]:
        if _key(item["notification"]) == wanted:
            return item
    raise missing("The notification doesn't exist.")


@answer("budgets", "CreateNotification")
def create_notification(call):
    """moto has no limits."""
    parameters = clean(call.parameters)
    _add(budget_of(call), parameters["Notification"], parameters["Subscribers"])
    return {}


@answer("budgets", "DescribeNotificationsForBudget")
def describe_notifications(call):
    """moto drops what is filled in."""
    return listed(call, "Notifications", [item["notification"] for item in budget_of(call)["notifications"]])


@answer("budgets", "UpdateNotification")
def update_notification(call):
    """moto does not have it."""
    found, wanted = _notification(call, "OldNotification"), _filled(clean(call.parameters["NewNotification"]))
    others = [item for item in budget_of(call)["notifications"] if item is not found]
    if any(_key(item["notification"]) == _key(wanted) for item in others):
        raise taken("The notification already exists.")
    found["notification"] = {"NotificationState": "OK", **wanted}
    return {}


@answer("budgets", "DeleteNotification")
def delete_notification(call):
    """moto says nothing of what is not there."""
    budget_of(call)["notifications"].remove(_notification(call))
    return {}


# --- subscribers ---------------------------------------------------------------------------------------------------


@answer("budgets", "CreateSubscriber")
def create_subscriber(call):
    """moto does not have it."""
    found = _notification(call)
    subscribers = [*found["subscribers"], clean(call.parameters["Subscriber"])]
    check_subscribers(subscribers)
    found["subscribers"] = subscribers
    return {}


@answer("budgets", "DescribeSubscribersForNotification")
def describe_subscribers(call):
    """moto does not have it."""
    return listed(call, "Subscribers", _notification(call)["subscribers"])


def _without(found, subscriber):
    if subscriber not in found["subscribers"]:
        raise missing("The subscriber doesn't exist.")
    return [item for item in found["subscribers"] if item != subscriber]


@answer("budgets", "UpdateSubscriber")
def update_subscriber(call):
    """moto does not have it."""
    found = _notification(call)
    others = _without(found, clean(call.parameters["OldSubscriber"]))
    subscribers = [*others, clean(call.parameters["NewSubscriber"])]
    check_subscribers(subscribers)
    found["subscribers"] = subscribers
    return {}


@answer("budgets", "DeleteSubscriber")
def delete_subscriber(call):
    """moto does not have it. The last one takes the notification with it."""
    found = _notification(call)
    found["subscribers"] = _without(found, clean(call.parameters["Subscriber"]))
    if not found["subscribers"]:
        budget_of(call)["notifications"].remove(found)
    return {}


# --- tags ----------------------------------------------------------------------------------------------------------


def _tags(call):
    tags, arn = kept(call, "tags"), call.parameters["ResourceARN"]
    if arn not in tags:
        raise missing(f"The resource {arn} doesn't exist.")
    return tags[arn]


@answer("budgets", "ListTagsForResource")
def list_tags(call):
    """moto does not have it."""
    return {"ResourceTags": tag_list(_tags(call))}


@answer("budgets", "TagResource")
def tag(call):
    """moto does not have it."""
    tags = {**_tags(call), **tag_dict(call.parameters["ResourceTags"])}
    if len(tags) > MOST_TAGS:
        raise AwsError("ServiceQuotaExceededException", f"A resource has {MOST_TAGS} tags at most.")
    kept(call, "tags")[call.parameters["ResourceARN"]] = tags
    return {}


@answer("budgets", "UntagResource")
def untag(call):
    """moto does not have it."""
    for key in call.parameters["ResourceTagKeys"]:
        _tags(call).pop(key, None)
    return {}
