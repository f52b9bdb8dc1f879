# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What budgets set off; nothing is ever spent here, so all of it stands by."""

import uuid

from .. import answer
from ..governance import chosen, clean, kept, role_of, tag_dict, trusts
from .budgets import budget_of, budgets_of, check_subscribers, listed, missing, wrong

SERVICE = "budgets.amazonaws.com"
DEFINITIONS = {
    "APPLY_IAM_POLICY": "IamActionDefinition",
    "APPLY_SCP_POLICY": "ScpActionDefinition",
    "RUN_SSM_DOCUMENTS": "SsmActionDefinition",
}
WRITTEN = (
    "NotificationType", "ActionType", "ActionThreshold", "Definition", "ExecutionRoleArn", "ApprovalModel",
    "Subscribers",
)  # fmt: skip


def _check(call, action):
    if set(action["Definition"]) != {DEFINITIONS[action["ActionType"]]}:
        raise wrong(f"An action of type {action['ActionType']} needs {DEFINITIONS[action['ActionType']]} alone.")
    role = role_of(call, action["ExecutionRoleArn"])
    if role is None or not trusts(role, SERVICE):
        raise wrong(f"The execution role {action['ExecutionRoleArn']} cannot be assumed by AWS Budgets.")
    check_subscribers(action["Subscribers"])


def _arn(call, number):
    return f"arn:aws:budgets::{call.account}:budget/{call.parameters['BudgetName']}/action/{number}"


def _action(call):
    found = budget_of(call)["actions"].get(call.parameters["ActionId"])
    if found is None:
        raise missing(f"The action {call.parameters['ActionId']} doesn't exist.")
    return found


def _answer(call, **more):
    return {**chosen(call.parameters, "BudgetName"), "AccountId": call.account, **more}


@answer("budgets", "CreateBudgetAction")
def create(call):
    """moto does not have it."""
    budget, action = budget_of(call), chosen(clean(call.parameters), *WRITTEN)
    _check(call, action)
    number = str(uuid.uuid4())
    own = {"ActionId": number, "BudgetName": call.parameters["BudgetName"], "Status": "STANDBY"}
    budget["actions"][number] = {**action, **own}
    kept(call, "tags")[_arn(call, number)] = tag_dict(call.parameters.get("ResourceTags"))
    return _answer(call, ActionId=number)


@answer("budgets", "DescribeBudgetAction")
def describe(call):
    """moto does not have it."""
    return _answer(call, Action=_action(call))


@answer("budgets", "DescribeBudgetActionsForBudget")
def describe_of_budget(call):
    """moto does not have it."""
    return listed(call, "Actions", list(budget_of(call)["actions"].values()))


@answer("budgets", "DescribeBudgetActionsForAccount")
def describe_all(call):
    """moto does not have it."""
    budgets = budgets_of(call).values()
    return listed(call, "Actions", [action for budget in budgets for action in budget["actions"].values()])


@answer("budgets", "UpdateBudgetAction")
def update(call):
    """moto does not have it."""
    before = _action(call)
    after = {**before, **chosen(clean(call.parameters), *WRITTEN)}
    _check(call, after)
    budget_of(call)["actions"][before["ActionId"]] = after
    return _answer(call, OldAction=before, NewAction=after)


@answer("budgets", "DeleteBudgetAction")
def delete(call):
    """moto does not have it."""
    found = _action(call)
    del budget_of(call)["actions"][found["ActionId"]]
    kept(call, "tags").pop(_arn(call, found["ActionId"]), None)
    return _answer(call, Action=found)
