# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables: what moto does not describe, and the states that they pass through."""

from datetime import datetime, timezone

from moto.moto_api._internal import mock_random

from ... import delays
from ...errors import AwsError
from .. import after, answer, backend, before, check, correct

ITEM_CALLS = (
    "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem",
)  # fmt: skip
STANDARD = "STANDARD"


def find(call, name):
    """A table by its name or ARN; None if there is none."""
    return backend(call).tables.get((name or "").rsplit("/", 1)[-1])


def require(call, name):
    """A table by its name or ARN."""
    table = find(call, name)
    if table is None:
        raise missing(name)
    return table


def missing(name):
    """What DynamoDB says of a table that is not there."""
    return AwsError("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")


def state(table):
    """What we know of a table beside what moto does; tables that were restored have none at first."""
    usual = {"id": str(mock_random.uuid4()), "status": "ACTIVE", "ready_at": 0.0, "class": STANDARD, "on_demand": None}
    return table.__dict__.setdefault("sandbox_state", {**usual, "indexes": {}, "ttl": None})


def begin(table, status, delay):
    """Let something begin that takes its time."""
    state(table).update(status=status, ready_at=delays.ready_at(delay))


@before("dynamodb")
def settle(call):
    """Let what has taken its time be done."""
    tables = backend(call).tables
    for name, table in list(tables.items()):
        known = state(table)
        if known["status"] != "ACTIVE" and delays.is_past(known["ready_at"]):
            if known["status"] == "DELETING":
                del tables[name]
            known.update(status="ACTIVE", indexes={})
        if known["ttl"] and delays.is_past(known["ttl"]):
            known["ttl"] = None


@after("dynamodb", "CreateTable")
def start_table(call):
    """A new table is creating, and has a class and limits that moto forgets."""
    parameters = call.parameters
    table = require(call, parameters["TableName"])
    begin(table, "CREATING", "table-create")
    known = state(table)
    known["class"] = parameters.get("TableClass") or STANDARD
    known["on_demand"] = parameters.get("OnDemandThroughput")
    _choose_key(call, table)
    for index in parameters.get("GlobalSecondaryIndexes") or []:
        known["indexes"][index["IndexName"]] = "CREATING"


@after("dynamodb", "RestoreTableFromBackup", "RestoreTableToPointInTime")
def start_restored(call):
    """A restored table is creating for longer."""
    begin(require(call, call.parameters["TargetTableName"]), "CREATING", "table-restore")


@after("dynamodb", "UpdateTable")
def change_table(call):
    """What moto drops of an update; a change of protection takes no time."""
    parameters = call.parameters
    table = require(call, parameters["TableName"])
    known = state(table)
    known["class"] = parameters.get("TableClass") or known["class"]
    known["on_demand"] = parameters.get("OnDemandThroughput") or known["on_demand"]
    _change_capacity(table, parameters)
    if parameters.get("SSESpecification"):
        table.sse_specification = dict(parameters["SSESpecification"])
        _choose_key(call, table)
    for update in parameters.get("GlobalSecondaryIndexUpdates") or []:
        for action, index in update.items():
            known["indexes"][index["IndexName"]] = "CREATING" if action == "Create" else "UPDATING"
    if set(parameters) - {"TableName", "DeletionProtectionEnabled"}:
        begin(table, "UPDATING", "table-update")


def _choose_key(call, table):
    """AWS shows the ARN of the key, however it was named."""
    wanted = table.sse_specification
    if not wanted or not wanted.get("Enabled"):
        return
    key = wanted.get("KMSMasterKeyId") or table._get_default_encryption_key(call.account, call.region)
    try:
        wanted["KMSMasterKeyId"] = backend(call, "kms").describe_key(key).arn
    except (KeyError, AttributeError) as error:
        raise AwsError("ValidationException", f"KMS key {key} is not accessible") from error


def _change_capacity(table, parameters):
    if parameters.get("BillingMode") == "PAY_PER_REQUEST":
        for thing in (table, *table.global_indexes):
            thing.throughput = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
    table.throughput.setdefault("NumberOfDecreasesToday", 0)


@answer("dynamodb", "DeleteTable")
def delete_table(call):
    """A table is deleting for a while, and its items cannot be read meanwhile."""
    table = require(call, call.parameters["TableName"])
    if table.deletion_protection_enabled:
        message = "Resource cannot be deleted as it is currently protected against deletion."
        raise AwsError("ValidationException", f"{message} Disable deletion protection first.")
    begin(table, "DELETING", "table-delete")
    view = table.describe()["TableDescription"]
    complete(table, view)
    return {"TableDescription": view}


@check("dynamodb", "DeleteTable", "UpdateTable")
def require_active(call):
    """What changes cannot be changed."""
    table = require(call, call.parameters["TableName"])
    status = state(table)["status"]
    if status != "ACTIVE":
        message = f"Attempt to change a resource which is still in use: Table is being {status.lower()}: {table.name}"
        raise AwsError("ResourceInUseException", message)


@check("dynamodb", *ITEM_CALLS)
def require_created(call):
    """Items are there once the table is, and as long as it is."""
    named = call.parameters.get("RequestItems") or [call.parameters.get("TableName")]
    for name in named:
        table = find(call, name)
        if table is None or state(table)["status"] in ("CREATING", "DELETING"):
            raise missing(name)


@correct("dynamodb", "CreateTable", "UpdateTable", "RestoreTableFromBackup", "RestoreTableToPointInTime")
def describe_changed(call, parsed):
    """The table as it is now."""
    name = call.parameters.get("TableName") or call.parameters["TargetTableName"]
    complete(require(call, name), parsed["TableDescription"])


@correct("dynamodb", "DescribeTable")
def describe_table(call, parsed):
    """The table with all that it has."""
    complete(require(call, call.parameters["TableName"]), parsed["Table"])


def complete(table, view):
    """Put into a description what moto leaves out of it."""
    known = state(table)
    view.update(TableId=known["id"], TableStatus=known["status"])
    view["DeletionProtectionEnabled"] = bool(table.deletion_protection_enabled)
    if known["class"] != STANDARD:
        view["TableClassSummary"] = {"TableClass": known["class"]}
    if known["on_demand"]:
        view["OnDemandThroughput"] = known["on_demand"]
    for index in view.get("GlobalSecondaryIndexes") or []:
        index["IndexStatus"] = known["indexes"].get(index["IndexName"], "ACTIVE")
        index.update(IndexArn=f"{table.table_arn}/index/{index['IndexName']}", IndexSizeBytes=0, ItemCount=len(table))
    for index in view.get("LocalSecondaryIndexes") or []:
        index.update(IndexArn=f"{table.table_arn}/index/{index['IndexName']}", IndexSizeBytes=0, ItemCount=len(table))
    # AWS shows lists only of what there is, and a mode only where it was ever other than provisioned.
    for name in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        if not view.get(name):
            view.pop(name, None)
    if table.billing_mode == "PROVISIONED":
        view.pop("BillingModeSummary", None)


@answer("dynamodb", "UpdateTimeToLive")
def change_expiry(call):
    """moto takes any change at any time."""
    table, wanted = require(call, call.parameters["TableName"]), call.parameters["TimeToLiveSpecification"]
    known, enabled = state(table), table.ttl["TimeToLiveStatus"] == "ENABLED"
    if known["ttl"]:
        message = "Time to live has been modified multiple times within a fixed interval"
        raise AwsError("ValidationException", message)
    if wanted["Enabled"] == enabled:
        raise AwsError("ValidationException", f"TimeToLive is already {'enabled' if enabled else 'disabled'}")
    if enabled and wanted["AttributeName"] != table.ttl["AttributeName"]:
        message = (
            f"TimeToLive is active on a different AttributeName: current AttributeName is {wanted['AttributeName']}"
        )
        raise AwsError("ValidationException", message)
    table.ttl = {"TimeToLiveStatus": "ENABLED", "AttributeName": wanted["AttributeName"]}
    if not wanted["Enabled"]:
        table.ttl = {"TimeToLiveStatus": "DISABLED"}
    known["ttl"] = delays.ready_at("table-ttl-change")
    return {"TimeToLiveSpecification": wanted}


@answer("dynamodb", "DescribeTimeToLive")
def describe_expiry(call):
    """It takes an hour to be in force."""
    table = require(call, call.parameters["TableName"])
    view = dict(table.ttl)
    if state(table)["ttl"]:
        view["TimeToLiveStatus"] = {"ENABLED": "ENABLING", "DISABLED": "DISABLING"}[view["TimeToLiveStatus"]]
    return {"TimeToLiveDescription": view}


@correct("dynamodb", "DescribeContinuousBackups")
def describe_backups(call, parsed):
    """What can be restored goes up to five minutes ago, and not only to when it was turned on."""
    view = parsed["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    if view["PointInTimeRecoveryStatus"] != "ENABLED":
        return False
    view["LatestRestorableDateTime"] = max(datetime.now(timezone.utc), view["EarliestRestorableDateTime"])
    return True
