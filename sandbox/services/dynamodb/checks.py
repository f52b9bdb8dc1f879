# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What DynamoDB refuses, and moto takes or crashes on."""

import re

from ...errors import AwsError
from .. import check
from .tables import find, require

TABLE_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
MOST_GLOBAL, MOST_LOCAL, MOST_TAGS = 20, 5, 50
INVALID = "One or more parameter values were invalid: "
# Of which one at least must be in an update.
CHANGES = {
    "BillingMode", "DeletionProtectionEnabled", "GlobalSecondaryIndexUpdates", "OnDemandThroughput",
    "ProvisionedThroughput", "ReplicaUpdates", "SSESpecification", "StreamSpecification", "TableClass",
    "WarmThroughput",
}  # fmt: skip


def invalid(message):
    """What DynamoDB says of parameters that it does not take."""
    return AwsError("ValidationException", message)


@check("dynamodb", "CreateTable")
def check_table(call):
    """Names, keys and indexes have rules."""
    parameters = call.parameters
    if not TABLE_NAME.fullmatch(parameters["TableName"]):
        message = "TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, _-."
        raise invalid(f"Invalid table/index name. {message}")
    _check_keys(parameters.get("KeySchema") or [])
    _check_indexes(parameters)
    _check_stream(parameters.get("StreamSpecification"))
    _check_encryption(parameters.get("SSESpecification"))
    _check_tags(parameters.get("Tags") or [], {})


def _check_keys(schema):
    kinds = [key["KeyType"] for key in schema]
    if kinds not in (["HASH"], ["HASH", "RANGE"]):
        raise invalid(f"{INVALID}The first KeySchemaElement must be a HASH key, the second, if any, a RANGE key")
    if len({key["AttributeName"] for key in schema}) < len(schema):
        raise invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")


def _check_indexes(parameters):
    local, all_global = parameters.get("LocalSecondaryIndexes") or [], parameters.get("GlobalSecondaryIndexes") or []
    if len(local) > MOST_LOCAL:
        raise invalid(f"{INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of {MOST_LOCAL}")
    if len(all_global) > MOST_GLOBAL:
        raise invalid(f"{INVALID}GlobalSecondaryIndex count exceeds the per-table limit of {MOST_GLOBAL}")
    names = [index["IndexName"] for index in (*local, *all_global)]
    if len(set(names)) < len(names):
        raise invalid(f"{INVALID}Duplicate index name")
    for index in (*local, *all_global):
        _check_projection(index)
    for index in local:
        _check_local(parameters["KeySchema"], index)
    for index in all_global:
        _check_capacity(index, parameters.get("BillingMode") or "PROVISIONED")


def _check_projection(index):
    kind, others = index["Projection"].get("ProjectionType"), index["Projection"].get("NonKeyAttributes")
    if kind is None:
        raise invalid(f"{INVALID}Unknown ProjectionType: null")
    if others and kind != "INCLUDE":
        raise invalid(f"{INVALID}ProjectionType is {kind}, but NonKeyAttributes is specified")
    if kind == "INCLUDE" and not others:
        raise invalid(f"{INVALID}ProjectionType is INCLUDE, but NonKeyAttributes is not specified")


def _check_local(schema, index):
    name = index["IndexName"]
    if len(schema) < 2:
        raise invalid(f"{INVALID}Table KeySchema does not have a range key, which is required for the index {name}")
    if index["KeySchema"][0] != schema[0]:
        raise invalid(f"{INVALID}Index KeySchema must have the table's HASH key as its own: {name}")
    if len(index["KeySchema"]) < 2:
        raise invalid(f"{INVALID}Index KeySchema does not have a range key for index: {name}")


def _check_capacity(index, mode):
    if mode == "PROVISIONED" and not index.get("ProvisionedThroughput"):
        raise invalid(f"{INVALID}ProvisionedThroughput is not specified for index: {index['IndexName']}")
    if mode == "PAY_PER_REQUEST" and index.get("ProvisionedThroughput"):
        message = f"ProvisionedThroughput should not be specified for index: {index['IndexName']} when BillingMode is"
        raise invalid(f"{INVALID}{message} PAY_PER_REQUEST")


def _check_stream(stream):
    if stream and stream["StreamEnabled"] and not stream.get("StreamViewType"):
        raise invalid(f"{INVALID}StreamViewType must be specified if StreamEnabled is true")
    if stream and not stream["StreamEnabled"] and stream.get("StreamViewType"):
        raise invalid(f"{INVALID}StreamViewType must not be specified if StreamEnabled is false")


def _check_stream_change(stream, table):
    if stream and stream["StreamEnabled"] == table.stream_specification["StreamEnabled"]:
        state = "enabled" if stream["StreamEnabled"] else "disabled"
        raise invalid(f"Table already has its stream {state}: {table.name}")


def _check_encryption(wanted):
    if wanted and wanted.get("KMSMasterKeyId") and not wanted.get("Enabled"):
        raise invalid(f"{INVALID}KMSMasterKeyId can only be specified if SSE is enabled")


@check("dynamodb", "UpdateTable")
def check_update(call):
    """An update changes something, and one index at a time."""
    parameters, table = call.parameters, require(call, call.parameters["TableName"])
    if not CHANGES & set(parameters):
        message = "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled,"
        raise invalid(f"{message} GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required")
    _check_stream(parameters.get("StreamSpecification"))
    _check_encryption(parameters.get("SSESpecification"))
    _check_stream_change(parameters.get("StreamSpecification"), table)
    mode = parameters.get("BillingMode") or table.billing_mode
    wanted = parameters.get("ProvisionedThroughput")
    if mode == "PROVISIONED" and table.billing_mode != mode and not wanted:
        raise invalid(f"{INVALID}ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
    if mode == "PAY_PER_REQUEST" and wanted:
        raise invalid("ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST")
    if wanted and {name: table.throughput.get(name) for name in wanted} == wanted:
        raise invalid("The provisioned throughput for the table will not change.")
    _check_index_updates(parameters, table, mode)


def _check_index_updates(parameters, table, mode):
    known = {index.name for index in table.global_indexes}
    updates = parameters.get("GlobalSecondaryIndexUpdates") or []
    if sum(1 for update in updates if "Update" not in update) > 1:
        message = "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
        raise AwsError("LimitExceededException", message)
    for update in updates:
        for action, index in update.items():
            if action == "Create":
                _check_new_index(parameters, known, index, mode)
            elif index["IndexName"] not in known:
                raise AwsError("ResourceNotFoundException", f"Requested resource not found: {index['IndexName']}")


def _check_new_index(parameters, known, index, mode):
    if index["IndexName"] in known:
        raise invalid("Attempting to create an index which already exists")
    if len(known) >= MOST_GLOBAL:
        raise AwsError("LimitExceededException", f"A table has at most {MOST_GLOBAL} global secondary indexes")
    _check_projection(index)
    _check_capacity(index, mode)
    defined = {item["AttributeName"] for item in parameters.get("AttributeDefinitions") or []}
    for key in index["KeySchema"]:
        if key["AttributeName"] not in defined:
            message = "Some index key attributes are not defined in AttributeDefinitions."
            raise invalid(f"{INVALID}{message} Keys: [{key['AttributeName']}]")


@check("dynamodb", "TagResource")
def check_tags(call):
    """Keys of AWS's own, and more than fifty tags, are refused."""
    table = find(call, call.parameters["ResourceArn"])
    if table is None:
        arn = call.parameters["ResourceArn"]
        raise AwsError("ResourceNotFoundException", f"Requested resource not found: ResourcArn: {arn} not found")
    _check_tags(call.parameters["Tags"], {tag["Key"] for tag in table.tags})


def _check_tags(tags, known):
    if any(tag["Key"].startswith("aws:") for tag in tags):
        raise invalid(f"{INVALID}Tag keys that begin with aws: are reserved")
    if len({tag["Key"] for tag in tags} | set(known)) > MOST_TAGS:
        raise invalid(f"{INVALID}Too many tags, a resource has at most {MOST_TAGS}")


@check("dynamodb", "UpdateContinuousBackups")
def check_backups(call):
    """The days of backups are for backups that are on."""
    wanted = call.parameters["PointInTimeRecoverySpecification"]
    if wanted.get("RecoveryPeriodInDays") and not wanted["PointInTimeRecoveryEnabled"]:
        raise invalid("RecoveryPeriodInDays can only be specified when PointInTimeRecoveryEnabled is true")


@check("dynamodb", "RestoreTableToPointInTime")
def check_restore(call):
    """What is restored has backups, and a moment is said in one way."""
    parameters = call.parameters
    name = parameters.get("SourceTableName") or parameters.get("SourceTableArn") or ""
    table = find(call, name)
    if table is None:
        raise AwsError("TableNotFoundException", f"Table not found: {name}")
    if table.continuous_backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] != "ENABLED":
        message = f"Point in time recovery is not enabled for table '{table.name}'"
        raise AwsError("PointInTimeRecoveryUnavailableException", message)
    if bool(parameters.get("RestoreDateTime")) == bool(parameters.get("UseLatestRestorableTime")):
        raise invalid("Exactly one of RestoreDateTime and UseLatestRestorableTime must be specified")
    if find(call, parameters["TargetTableName"]):
        raise AwsError("TableAlreadyExistsException", f"Table already exists: {parameters['TargetTableName']}")
