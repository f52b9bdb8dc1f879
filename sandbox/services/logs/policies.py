# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saved queries, and policies: who may write logs, and what becomes of logs in the whole account or in a group."""

import json
import time
import uuid

from ...errors import AwsError
from .. import answer, backend, check, correct
from .groups import group_of

INVALID = "InvalidParameterException"
MOST_FIELDS = 20  # of a field index policy


@answer("logs", "PutQueryDefinition")
def put_query(call):
    """moto does not have it."""
    parameters, queries = call.parameters, _queries(call)
    number = parameters.get("queryDefinitionId")
    if number and number not in queries:
        raise AwsError("ResourceNotFoundException", "The specified query definition does not exist.", 400)
    number = number or str(uuid.uuid4())
    kept = {name: parameters[name] for name in ("name", "queryString", "parameters") if parameters.get(name)}
    queries[number] = {
        "queryLanguage": parameters.get("queryLanguage") or "CWLI",
        "queryDefinitionId": number,
        "logGroupNames": parameters.get("logGroupNames") or [],
        "lastModified": int(time.time() * 1000),
        **kept,
    }
    return {"queryDefinitionId": number}


@answer("logs", "DescribeQueryDefinitions")
def describe_queries(call):
    """moto does not have it."""
    prefix = call.parameters.get("queryDefinitionNamePrefix") or ""
    found = [query for query in _queries(call).values() if query["name"].startswith(prefix)]
    return {"queryDefinitions": sorted(found, key=lambda query: query["name"])}


@answer("logs", "DeleteQueryDefinition")
def delete_query(call):
    """moto does not have it."""
    if _queries(call).pop(call.parameters["queryDefinitionId"], None) is None:
        raise AwsError("ResourceNotFoundException", "The specified query definition does not exist.", 400)
    return {"success": True}


def _queries(call):
    return vars(backend(call)).setdefault("sandbox_queries", {})


# --- resource policies ---------------------------------------------------------------------------------------------


@check("logs", "PutResourcePolicy")
def check_resource_policy(call):
    """A policy that says who may do what with which logs."""
    try:
        statements = json.loads(call.parameters.get("policyDocument") or "")["Statement"]
        statements = [statements] if isinstance(statements, dict) else statements
        sound = all({"Effect", "Principal", "Action", "Resource"} <= set(statement) for statement in statements)
    except (ValueError, TypeError, KeyError):
        sound = False
    if not sound or not call.parameters.get("policyName"):
        raise AwsError(INVALID, "Invalid policy document: it needs Effect, Principal, Action and Resource", 400)


# --- policies of the account ---------------------------------------------------------------------------------------

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html: so many of a type
MOST = {
    "DATA_PROTECTION_POLICY": 1,
    "SUBSCRIPTION_FILTER_POLICY": 1,
    "FIELD_INDEX_POLICY": 20,
    "TRANSFORMER_POLICY": 20,
}
NEEDED = {"SUBSCRIPTION_FILTER_POLICY": {"DestinationArn"}, "FIELD_INDEX_POLICY": {"Fields"}}


@answer("logs", "PutAccountPolicy")
def put_account_policy(call):
    """moto does not have it."""
    parameters, policies = call.parameters, _account_policies(call)
    kind, name = parameters["policyType"], parameters["policyName"]
    document = _document(parameters["policyDocument"], NEEDED.get(kind, set()))
    if kind == "DATA_PROTECTION_POLICY":
        _check_protection(document)
    same = [key for key in policies if key[0] == kind and key[1] != name]
    if len(same) >= MOST.get(kind, 1):
        raise AwsError(
            "LimitExceededException", f"The account has all the policies of the type {kind} that it can have."
        )
    optional = {"selectionCriteria": parameters["selectionCriteria"]} if parameters.get("selectionCriteria") else {}
    policy = {
        "policyName": name,
        "policyType": kind,
        "policyDocument": parameters["policyDocument"],
        "scope": parameters.get("scope") or "ALL",
        "lastUpdatedTime": int(time.time() * 1000),
        "accountId": call.account,
        **optional,
    }
    policies[kind, name] = policy
    return {"accountPolicy": policy}


@answer("logs", "DescribeAccountPolicies")
def describe_account_policies(call):
    """Those of a type, or one of them."""
    name = call.parameters.get("policyName")
    found = [item for (kind, _name), item in _account_policies(call).items() if kind == call.parameters["policyType"]]
    return {"accountPolicies": [item for item in found if name in (None, item["policyName"])]}


@answer("logs", "DeleteAccountPolicy")
def delete_account_policy(call):
    """One of them."""
    if _account_policies(call).pop((call.parameters["policyType"], call.parameters["policyName"]), None) is None:
        raise AwsError("ResourceNotFoundException", "The specified policy does not exist.")
    return {}


def _account_policies(call):
    return vars(backend(call)).setdefault("sandbox_account_policies", {})


def _document(text, needed):
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not needed <= set(document):
        raise AwsError(
            INVALID, f"Invalid policy document: it is a JSON object with {', '.join(sorted(needed)) or 'members'}"
        )
    return document


# --- policies of a group -------------------------------------------------------------------------------------------


@answer("logs", "PutDataProtectionPolicy")
def put_protection(call):
    """moto does not have it."""
    group, text = group_of(call), call.parameters["policyDocument"]
    _check_protection(_document(text, set()))
    group.sandbox_protection = {"policyDocument": text, "lastUpdatedTime": int(time.time() * 1000)}
    return {"logGroupIdentifier": call.parameters["logGroupIdentifier"], **group.sandbox_protection}


def _check_protection(document):
    """A policy audits what it finds, and hides it."""
    statements = document.get("Statement") or []
    operations = [name for statement in statements for name in statement.get("Operation") or {}]
    if not document.get("Name") or sorted(operations) != ["Audit", "Deidentify"]:
        raise AwsError(INVALID, "Invalid policy document: it needs a Name, and statements that Audit and Deidentify")
    identifiers = [sorted(map(str, statement.get("DataIdentifier") or [])) for statement in statements]
    if not identifiers[0] or identifiers[0] != identifiers[1]:
        raise AwsError(INVALID, "Invalid policy document: both statements have the same DataIdentifier")


@answer("logs", "GetDataProtectionPolicy")
def get_protection(call):
    """As it was written."""
    found = getattr(group_of(call), "sandbox_protection", None) or {}
    return {"logGroupIdentifier": call.parameters["logGroupIdentifier"], **found}


@answer("logs", "DeleteDataProtectionPolicy")
def delete_protection(call):
    """moto does not have it."""
    group = group_of(call)
    if not getattr(group, "sandbox_protection", None):
        raise AwsError("ResourceNotFoundException", "The log group has no data protection policy.")
    group.sandbox_protection = {}
    return {}


@correct("logs", "DescribeLogGroups")
def answer_protection(call, parsed):
    """Whether a group hides anything, or did."""
    for view in parsed["logGroups"]:
        policy = getattr(backend(call).groups[view["logGroupName"]], "sandbox_protection", None)
        if policy is not None:
            view["dataProtectionStatus"] = "ACTIVATED" if policy else "DELETED"


@answer("logs", "PutIndexPolicy")
def put_index(call):
    """moto does not have it."""
    group, text = group_of(call), call.parameters["policyDocument"]
    if len(_document(text, {"Fields"})["Fields"]) > MOST_FIELDS:
        raise AwsError(INVALID, f"A field index policy has at most {MOST_FIELDS} fields")
    group.sandbox_index = {
        "logGroupIdentifier": group.arn.removesuffix(":*"),
        "policyDocument": text,
        "lastUpdateTime": int(time.time() * 1000),
        "source": "LOG_GROUP",
    }
    return {"indexPolicy": group.sandbox_index}


@answer("logs", "DescribeIndexPolicies")
def describe_indexes(call):
    """Those of some groups."""
    names = [name.split(":log-group:")[-1].removesuffix(":*") for name in call.parameters["logGroupIdentifiers"]]
    groups = backend(call).groups
    if any(name not in groups for name in names):
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return {"indexPolicies": [groups[name].sandbox_index for name in names if hasattr(groups[name], "sandbox_index")]}


@answer("logs", "DeleteIndexPolicy")
def delete_index(call):
    """moto does not have it."""
    vars(group_of(call)).pop("sandbox_index", None)
    return {}
