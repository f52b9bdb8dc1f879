# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables: the states that they pass through, and what they hold meanwhile."""

import pytest

NAME = {"TableName": "locks"}
TABLE = {
    **NAME,
    "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
LOCK = {"Item": {"LockID": {"S": "state"}}, "ConditionExpression": "attribute_not_exists(LockID)"}


@pytest.fixture
def dynamodb(sandbox):
    """DynamoDB."""
    return sandbox.client("dynamodb")


def table(dynamodb):
    """The table as it is now."""
    return dynamodb.describe_table(**NAME)["Table"]


def wait(dynamodb, name):
    """Let botocore wait, and say at once if it would have to."""
    dynamodb.get_waiter(name).wait(**NAME, WaiterConfig={"Delay": 0, "MaxAttempts": 1})


def test_states(sandbox, dynamodb, refused):
    sandbox.delays(table_create=10, table_update=20, table_delete=10)
    assert dynamodb.create_table(**TABLE)["TableDescription"]["TableStatus"] == "CREATING"
    assert refused(dynamodb.put_item, **NAME, **LOCK) == "ResourceNotFoundException"
    assert refused(dynamodb.delete_table, **NAME) == "ResourceInUseException"
    sandbox.advance(11)
    wait(dynamodb, "table_exists")
    dynamodb.put_item(**NAME, **LOCK)
    dynamodb.update_table(**NAME, TableClass="STANDARD_INFREQUENT_ACCESS")
    assert table(dynamodb)["TableStatus"] == "UPDATING"
    assert refused(dynamodb.put_item, **NAME, **LOCK) == "ConditionalCheckFailedException"
    sandbox.advance(21)
    assert dynamodb.delete_table(**NAME)["TableDescription"]["TableStatus"] == "DELETING"
    assert table(dynamodb)["TableStatus"] == "DELETING"
    sandbox.advance(11)
    wait(dynamodb, "table_not_exists")


def test_a_new_index_is_filled(sandbox, dynamodb):
    dynamodb.create_table(**TABLE)
    table(dynamodb)
    sandbox.delays(table_update=20)
    index = {"IndexName": "owners", "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}]}
    index |= {"Projection": {"ProjectionType": "ALL"}}
    attributes = [*TABLE["AttributeDefinitions"], {"AttributeName": "owner", "AttributeType": "S"}]
    dynamodb.update_table(**NAME, AttributeDefinitions=attributes, GlobalSecondaryIndexUpdates=[{"Create": index}])
    assert table(dynamodb)["GlobalSecondaryIndexes"][0]["IndexStatus"] == "CREATING"
    sandbox.advance(21)
    assert table(dynamodb)["GlobalSecondaryIndexes"][0]["IndexStatus"] == "ACTIVE"


def test_protection_takes_no_time(sandbox, dynamodb):
    dynamodb.create_table(**TABLE)
    table(dynamodb)
    sandbox.delays(table_update=20)
    dynamodb.update_table(**NAME, DeletionProtectionEnabled=True)
    assert table(dynamodb)["TableStatus"] == "ACTIVE" and table(dynamodb)["DeletionProtectionEnabled"]


def test_expiry_takes_an_hour(sandbox, dynamodb, refused):
    dynamodb.create_table(**TABLE)
    sandbox.delays(table_ttl_change=3600)
    wanted = {"Enabled": True, "AttributeName": "expires"}
    dynamodb.update_time_to_live(**NAME, TimeToLiveSpecification=wanted)
    look = dynamodb.describe_time_to_live
    assert look(**NAME)["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLING"
    again = {"TimeToLiveSpecification": {**wanted, "Enabled": False}}
    assert refused(dynamodb.update_time_to_live, **NAME, **again) == "ValidationException"
    sandbox.advance(3601)
    assert look(**NAME)["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"


def test_a_restart_keeps_tables(sandbox, dynamodb, tmp_path):
    dynamodb.create_table(**TABLE)
    dynamodb.put_item(**NAME, **LOCK)
    before = table(dynamodb)
    sandbox.save(tmp_path / "state")
    sandbox.reset()
    assert dynamodb.list_tables()["TableNames"] == []
    sandbox.restore(tmp_path / "state")
    assert table(dynamodb) == before and before["ItemCount"] == 1
