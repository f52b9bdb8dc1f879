# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon DynamoDB refuses."""

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"

SERVICE = "dynamodb"
INVALID = "ValidationException"
HASH = {"AttributeName": "LockID", "KeyType": "HASH"}
NAMES = ("LockID", "owner", "moment")
UNITS = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
ON_DEMAND = {"BillingMode": "PAY_PER_REQUEST"}


def _attributes(*names):
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def _table(*attributes, **settings):
    """A table whose key is LockID."""
    usual = {"TableName": "locks", "KeySchema": [HASH], **ON_DEMAND}
    return usual | {"AttributeDefinitions": _attributes("LockID", *attributes)} | settings


def _index(name="owners", kind="ALL", **settings):
    keys = [{"AttributeName": "owner", "KeyType": "HASH"}]
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": kind}} | settings


def _local(count):
    keys = [HASH, {"AttributeName": "owner", "KeyType": "RANGE"}]
    projection = {"Projection": {"ProjectionType": "KEYS_ONLY"}}
    return [{"IndexName": f"local{number}", "KeySchema": keys, **projection} for number in range(count)]


RANGED = {"KeySchema": [HASH, {"AttributeName": "moment", "KeyType": "RANGE"}]}
RANGED |= {"AttributeDefinitions": _attributes(*NAMES)}


def _creation(says, refused, accepted, page="API_CreateTable.html", code=INVALID, given=lambda world: None):
    """A rule about new tables."""
    page = page if page.startswith("https") else f"{API}/{page}"
    return Rule(says, page, "create_table", code, refused, accepted, given)


def _update(says, refused, accepted, code=INVALID, given=None, page="API_UpdateTable.html"):
    """A rule about the update of a table."""
    name = {"TableName": "locks"}
    return Rule(says, f"{API}/{page}", "update_table", code, name | refused, name | accepted, given or _made())


def _made(*attributes, **settings):
    """A function that makes a table."""
    return lambda world: world.dynamodb.create_table(**_table(*attributes, **settings))["TableDescription"]["TableArn"]


def _protected(world):
    _made(DeletionProtectionEnabled=True)(world)
    _made(TableName="free")(world)


def _being_made(world):
    _made()(world)
    world.sandbox.delays(table_create=10)
    _made(TableName="new")(world)


def _expiring(world):
    _made()(world)
    world.dynamodb.update_time_to_live(
        TableName="locks", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
    )


def _backed_up(world):
    _made()(world)
    _made(TableName="free")(world)
    on = {"PointInTimeRecoveryEnabled": True}
    world.dynamodb.update_continuous_backups(TableName="locks", PointInTimeRecoverySpecification=on)


def _expiry(enabled, name="expires"):
    return {"TableName": "locks", "TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": name}}


def _locked(world):
    _made()(world)
    world.dynamodb.put_item(TableName="locks", Item={"LockID": {"S": "state"}})


def _lock(name):
    condition = {"ConditionExpression": "attribute_not_exists(LockID)"}
    return {"TableName": "locks", "Item": {"LockID": {"S": name}}, **condition}


def _indexes(count, **settings):
    return [_index(f"index{number}", **settings) for number in range(count)]


def _change(action, *indexes, **settings):
    return {"GlobalSecondaryIndexUpdates": [{action: index} for index in indexes]} | settings


STREAM = {"StreamEnabled": True}
OWNER = {"AttributeDefinitions": _attributes("LockID", "owner")}
QUOTAS, INDEXES = f"{GUIDE}/ServiceQuotas.html", f"{GUIDE}/SecondaryIndexes.html"

RULES = [
    _creation(
        "a table's name has at least three characters",
        _table(TableName="lo"),
        _table(TableName="loc"),
        f"{GUIDE}/HowItWorks.NamingRulesDataTypes.html",
    ),
    _creation(
        "a table's name is taken", _table(), _table(TableName="locks2"), code="ResourceInUseException", given=_made()
    ),
    _creation("the attributes are those of the keys", _table("owner"), _table()),
    _creation(
        "a range key comes second",
        _table(KeySchema=RANGED["KeySchema"][::-1], AttributeDefinitions=_attributes("LockID", "moment")),
        _table(KeySchema=RANGED["KeySchema"], AttributeDefinitions=_attributes("LockID", "moment")),
    ),
    _creation(
        "provisioned tables have a throughput",
        _table(BillingMode="PROVISIONED"),
        _table(BillingMode="PROVISIONED", ProvisionedThroughput=UNITS),
    ),
    _creation("tables on demand have no throughput", _table(ProvisionedThroughput=UNITS), _table()),
    _creation(
        "indexes on demand have no throughput",
        _table("owner", GlobalSecondaryIndexes=[_index(ProvisionedThroughput=UNITS)]),
        _table("owner", GlobalSecondaryIndexes=[_index()]),
    ),
    _creation(
        "indexes of provisioned tables have a throughput",
        _table("owner", BillingMode="PROVISIONED", ProvisionedThroughput=UNITS, GlobalSecondaryIndexes=[_index()]),
        _table(
            "owner",
            BillingMode="PROVISIONED",
            ProvisionedThroughput=UNITS,
            GlobalSecondaryIndexes=[_index(ProvisionedThroughput=UNITS)],
        ),
    ),
    _creation(
        "a table has at most 20 global indexes",
        _table("owner", GlobalSecondaryIndexes=_indexes(21)),
        _table("owner", GlobalSecondaryIndexes=_indexes(20)),
        QUOTAS,
    ),
    _creation(
        "a table has at most five local indexes",
        _table(**RANGED, LocalSecondaryIndexes=_local(6)),
        _table(**RANGED, LocalSecondaryIndexes=_local(5)),
        QUOTAS,
    ),
    _creation(
        "local indexes need a range key of the table",
        _table("owner", LocalSecondaryIndexes=_local(1)),
        _table(**RANGED, LocalSecondaryIndexes=_local(1)),
        f"{GUIDE}/LSI.html",
    ),
    _creation(
        "an index has a name of its own",
        _table("owner", GlobalSecondaryIndexes=[_index("one"), _index("one")]),
        _table("owner", GlobalSecondaryIndexes=[_index("one"), _index("two")]),
        INDEXES,
    ),
    _creation(
        "an index that includes says what",
        _table("owner", GlobalSecondaryIndexes=[_index(kind="INCLUDE")]),
        _table(
            "owner",
            GlobalSecondaryIndexes=[_index(Projection={"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a"]})],
        ),
        "API_Projection.html",
    ),
    _creation(
        "an index of everything includes nothing more",
        _table(
            "owner", GlobalSecondaryIndexes=[_index(Projection={"ProjectionType": "ALL", "NonKeyAttributes": ["a"]})]
        ),
        _table("owner", GlobalSecondaryIndexes=[_index()]),
        "API_Projection.html",
    ),
    _creation(
        "a stream has a view",
        _table(StreamSpecification=STREAM),
        _table(StreamSpecification={**STREAM, "StreamViewType": "KEYS_ONLY"}),
        "API_StreamSpecification.html",
    ),
    _creation(
        "tag keys of AWS's own are refused",
        _table(Tags=[{"Key": "aws:a", "Value": "b"}]),
        _table(Tags=[{"Key": "a", "Value": "b"}]),
        f"{GUIDE}/Tagging.html",
    ),
    _creation(
        "a table has at most 50 tags",
        _table(Tags=[{"Key": f"k{number}", "Value": "v"} for number in range(51)]),
        _table(Tags=[{"Key": f"k{number}", "Value": "v"} for number in range(50)]),
        f"{GUIDE}/Tagging.html",
    ),
    _update("an update changes something", {}, {"DeletionProtectionEnabled": True}),
    _update(
        "a throughput that stays is no update",
        {"ProvisionedThroughput": UNITS},
        {"ProvisionedThroughput": UNITS | {"ReadCapacityUnits": 2}},
        given=_made(BillingMode="PROVISIONED", ProvisionedThroughput=UNITS),
    ),
    _update(
        "a table that becomes provisioned has a throughput",
        {"BillingMode": "PROVISIONED"},
        {"BillingMode": "PROVISIONED", "ProvisionedThroughput": UNITS},
    ),
    _update(
        "an index that goes is there",
        _change("Delete", {"IndexName": "other"}),
        _change("Delete", {"IndexName": "owners"}),
        "ResourceNotFoundException",
        _made("owner", GlobalSecondaryIndexes=[_index()]),
    ),
    _update(
        "an index that comes is not there",
        _change("Create", _index(), **OWNER),
        _change("Create", _index("other"), **OWNER),
        given=_made("owner", GlobalSecondaryIndexes=[_index()]),
    ),
    _update(
        "one index comes at a time",
        _change("Create", _index("one"), _index("two"), **OWNER),
        _change("Create", _index("one"), **OWNER),
        "LimitExceededException",
    ),
    _update(
        "the keys of a new index are attributes", _change("Create", _index()), _change("Create", _index(), **OWNER)
    ),
    _update(
        "a stream that is on is not turned on",
        {"StreamSpecification": {**STREAM, "StreamViewType": "KEYS_ONLY"}},
        {"StreamSpecification": {"StreamEnabled": False}},
        given=_made(StreamSpecification={**STREAM, "StreamViewType": "NEW_IMAGE"}),
    ),
    Rule(
        "a table that is being made is not changed",
        f"{API}/API_UpdateTable.html",
        "update_table",
        "ResourceInUseException",
        {"TableName": "new", "DeletionProtectionEnabled": True},
        {"TableName": "locks", "DeletionProtectionEnabled": True},
        _being_made,
    ),
    Rule(
        "a table that is being made has no items",
        f"{API}/API_CreateTable.html",
        "get_item",
        "ResourceNotFoundException",
        {"TableName": "new", "Key": {"LockID": {"S": "a"}}},
        {"TableName": "locks", "Key": {"LockID": {"S": "a"}}},
        _being_made,
    ),
    Rule(
        "a protected table is not deleted",
        f"{API}/API_DeleteTable.html",
        "delete_table",
        INVALID,
        {"TableName": "locks"},
        {"TableName": "free"},
        _protected,
    ),
    Rule(
        "a lock that is held is not taken",
        f"{API}/API_PutItem.html",
        "put_item",
        "ConditionalCheckFailedException",
        _lock("state"),
        _lock("other"),
        _locked,
    ),
    Rule(
        "an item has the key",
        f"{API}/API_PutItem.html",
        "put_item",
        INVALID,
        {"TableName": "locks", "Item": {"Info": {"S": "a"}}},
        {"TableName": "locks", "Item": {"LockID": {"S": "a"}}},
        _made(),
    ),
    Rule(
        "expiry that is on is not turned on",
        f"{API}/API_UpdateTimeToLive.html",
        "update_time_to_live",
        INVALID,
        _expiry(True),
        _expiry(False),
        _expiring,
    ),
    Rule(
        "the days of backups are for backups",
        f"{API}/API_PointInTimeRecoverySpecification.html",
        "update_continuous_backups",
        INVALID,
        {
            "TableName": "locks",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False, "RecoveryPeriodInDays": 7},
        },
        {
            "TableName": "locks",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 7},
        },
        _made(),
    ),
    Rule(
        "a table without backups is not restored",
        f"{API}/API_RestoreTableToPointInTime.html",
        "restore_table_to_point_in_time",
        "PointInTimeRecoveryUnavailableException",
        {"SourceTableName": "free", "TargetTableName": "new", "UseLatestRestorableTime": True},
        {"SourceTableName": "locks", "TargetTableName": "new", "UseLatestRestorableTime": True},
        _backed_up,
    ),
    Rule(
        "the name of a restored table is not taken",
        f"{API}/API_RestoreTableToPointInTime.html",
        "restore_table_to_point_in_time",
        "TableAlreadyExistsException",
        {"SourceTableName": "locks", "TargetTableName": "free", "UseLatestRestorableTime": True},
        {"SourceTableName": "locks", "TargetTableName": "new", "UseLatestRestorableTime": True},
        _backed_up,
    ),
]
