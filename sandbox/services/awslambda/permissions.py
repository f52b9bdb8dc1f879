# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call a function: the statements of its policy."""

import json
import re

from .. import answer
from .shared import check_revision, conflict, function_of, invalid, new_revision, plain_arn, qualifier_of

SERVICE = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com|amazon\.com)")
ACCOUNT = re.compile(r"\d{12}")
CONDITIONS = {  # member: (operator, key)
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
}


@answer("lambda", "AddPermission")
def add_permission(call):
    """moto takes a statement twice, and knows few conditions."""
    function, parameters = function_of(call), call.parameters
    policy = function.policy
    check_revision(call, policy.revision)
    if any(item["Sid"] == parameters["StatementId"] for item in policy.statements):
        raise conflict(
            f"The statement id ({parameters['StatementId']}) provided already exists. "
            "Please provide a new statement id, or remove the existing statement."
        )
    qualifier = qualifier_of(call)
    statement = {
        "Sid": parameters["StatementId"],
        "Effect": "Allow",
        "Principal": _principal(parameters["Principal"]),
        "Action": parameters["Action"],
        "Resource": plain_arn(function) + (f":{qualifier}" if qualifier else ""),
    }
    condition = _condition(parameters)
    statement |= {"Condition": condition} if condition else {}
    policy.statements.append(statement)
    policy.revision = new_revision()
    return {"Statement": json.dumps(statement)}


def _principal(text):
    if text == "*":
        return "*"
    if ACCOUNT.fullmatch(text):
        return {"AWS": f"arn:aws:iam::{text}:root"}
    if SERVICE.fullmatch(text):
        return {"Service": text}
    if not text.startswith("arn:aws"):
        raise invalid("The provided principal was invalid. Please check the principal and try again.")
    return {"AWS": text}


def _condition(parameters):
    found = {}
    for member, (operator, key) in CONDITIONS.items():
        value = parameters.get(member)
        if value is not None:
            found.setdefault(operator, {})[key] = str(value).lower() if isinstance(value, bool) else value
    return found


@answer("lambda", "RemovePermission")
def remove_permission(call):
    """moto looks into the policy of another version than it is told."""
    policy = function_of(call).policy
    check_revision(call, policy.revision)
    policy.del_statement(call.parameters["StatementId"])
    policy.revision = new_revision()
    return {}


@answer("lambda", "GetPolicy")
def get_policy(call):
    """The same."""
    found = function_of(call).policy.get_policy()
    return {"Policy": json.dumps(found["Policy"]), "RevisionId": found["RevisionId"]}
