# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Budgets refuses."""

import datetime

from tests.unit.sandbox.probes.budgets import ACCOUNT, BUDGET, MAIL, NOTIFICATION, OF, TOPIC
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference"
WRONG, TAKEN, GONE = "InvalidParameterException", "DuplicateRecordException", "NotFoundException"
FULL = "CreationLimitExceededException"


def _budget(**more):
    return {**ACCOUNT, "Budget": {**BUDGET, **more}}


def _made(world, **more):
    world.budgets.create_budget(**_budget(**more))


def _notification(world):
    _made(world)
    world.budgets.create_notification(**_of(80))


def _of(threshold, **more):
    return {**OF, "Notification": {**NOTIFICATION, "Threshold": float(threshold), **more}, "Subscribers": [MAIL]}


def _ten(world):
    _made(world)
    for number in range(10):
        world.budgets.create_notification(**_of(number))


def _with_topic(world):
    _made(world)
    world.budgets.create_notification(**{**_of(80), "Subscribers": [TOPIC]})


def _day(number):
    return datetime.datetime(2030, 1, number, tzinfo=datetime.timezone.utc)


LIMIT = BUDGET["BudgetLimit"]
WITHOUT_LIMIT = {name: value for name, value in BUDGET.items() if name != "BudgetLimit"}

SERVICE = "budgets"
RULES = [
    Rule(
        says="a budget's name is taken",
        page=f"{API}/API_budgets_CreateBudget.html",
        operation="create_budget",
        code=TAKEN,
        given=_made,
        refused=_budget(),
        accepted=_budget(BudgetName="other"),
    ),
    Rule(
        says="a budget of costs has a limit",
        page=f"{API}/API_budgets_Budget.html",
        operation="create_budget",
        code=WRONG,
        refused={**ACCOUNT, "Budget": WITHOUT_LIMIT},
        accepted=_budget(),
    ),
    Rule(
        says="one limit and planned limits exclude each other",
        page=f"{API}/API_budgets_CreateBudget.html",
        operation="create_budget",
        code=WRONG,
        refused=_budget(PlannedBudgetLimits={"1893456000": LIMIT}),
        accepted={**ACCOUNT, "Budget": {**WITHOUT_LIMIT, "PlannedBudgetLimits": {"1893456000": LIMIT}}},
    ),
    Rule(
        says="a budget's time starts before it ends",
        page=f"{API}/API_budgets_TimePeriod.html",
        operation="create_budget",
        code=WRONG,
        refused=_budget(TimePeriod={"Start": _day(2), "End": _day(1)}),
        accepted=_budget(TimePeriod={"Start": _day(1), "End": _day(2)}),
    ),
    Rule(
        says="only a budget that exists can be changed",
        page=f"{API}/API_budgets_UpdateBudget.html",
        operation="update_budget",
        code=GONE,
        given=_made,
        refused={**ACCOUNT, "NewBudget": {**BUDGET, "BudgetName": "other"}},
        accepted={**ACCOUNT, "NewBudget": BUDGET},
    ),
    Rule(
        says="only a budget that exists can be deleted",
        page=f"{API}/API_budgets_DeleteBudget.html",
        operation="delete_budget",
        code=GONE,
        given=_made,
        refused={**OF, "BudgetName": "other"},
        accepted=OF,
    ),
    Rule(
        says="a notification is there once",
        page=f"{API}/API_budgets_CreateNotification.html",
        operation="create_notification",
        code=TAKEN,
        given=_notification,
        refused=_of(80),
        accepted=_of(81),
    ),
    Rule(
        says="a budget has ten notifications",
        page=f"{API}/API_budgets_Notification.html",
        operation="create_notification",
        code=FULL,
        given=_ten,
        refused=_of(10),
        accepted=lambda world: world.budgets.delete_notification(**OF, Notification=_of(0)["Notification"]) and _of(10),
    ),
    Rule(
        says="a notification has one topic",
        page=f"{API}/API_budgets_Notification.html",
        operation="create_subscriber",
        code=FULL,
        given=_with_topic,
        refused={**OF, "Notification": NOTIFICATION, "Subscriber": {**TOPIC, "Address": f"{TOPIC['Address']}2"}},
        accepted={**OF, "Notification": NOTIFICATION, "Subscriber": MAIL},
    ),
    Rule(
        says="only a notification that exists has subscribers",
        page=f"{API}/API_budgets_CreateSubscriber.html",
        operation="create_subscriber",
        code=GONE,
        given=_notification,
        refused={**OF, "Notification": {**NOTIFICATION, "Threshold": 81.0}, "Subscriber": TOPIC},
        accepted={**OF, "Notification": NOTIFICATION, "Subscriber": TOPIC},
    ),
    Rule(
        says="other accounts have budgets of their own",
        page=f"{API}/API_budgets_CreateBudget.html",
        operation="create_budget",
        code="AccessDeniedException",
        refused={"AccountId": "210987654321", "Budget": BUDGET},
        accepted=_budget(),
    ),
]
