# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon DynamoDB has."""

KEY = {"KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}]}
ATTRIBUTE = {"AttributeName": "LockID", "AttributeType": "S"}
LOCKS = {"TableName": "locks", **KEY, "AttributeDefinitions": [ATTRIBUTE], "BillingMode": "PAY_PER_REQUEST"}
TAGS = [{"Key": "a", "Value": "b"}]


def table(probe):
    dynamo, name = probe.client("dynamodb"), {"TableName": "locks"}
    key = probe.client("kms").create_key()["KeyMetadata"]["Arn"]
    own = {
        "DeletionProtectionEnabled": True,
        "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 1},
    }
    attributes = [ATTRIBUTE, {"AttributeName": "owner", "AttributeType": "S"}]
    index = {"IndexName": "owners", "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}]}
    index |= {"Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["info"]}}
    index |= {"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}
    own |= {"AttributeDefinitions": attributes, "GlobalSecondaryIndexes": [index], **KEY}
    own |= {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}}
    other = {"TableClass": "STANDARD_INFREQUENT_ACCESS", "Tags": TAGS}
    encryption = {"SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}}
    probe.does(dynamo.create_table, **name, **own, **other, **encryption)
    seen = {**own, "TableStatus": "ACTIVE", "TableClassSummary": {"TableClass": "STANDARD_INFREQUENT_ACCESS"}}
    seen |= {"SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}}
    found = probe.shows(seen, dynamo.describe_table, "Table", **name)
    assert len(found["TableId"]) == 36 and found["LatestStreamArn"].startswith(found["TableArn"])
    probe.shows(["locks"], dynamo.list_tables, "TableNames")
    probe.shows(TAGS, dynamo.list_tags_of_resource, "Tags", ResourceArn=found["TableArn"])
    changed = {"DeletionProtectionEnabled": False, "BillingMode": "PAY_PER_REQUEST", "TableClass": "STANDARD"}
    gone = {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "owners"}}]}
    probe.does(dynamo.update_table, **name, **changed, **gone, SSESpecification={"Enabled": False})
    seen = {"DeletionProtectionEnabled": False, "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}
    seen |= {"TableId": found["TableId"], "TableStatus": "ACTIVE"}
    again = probe.shows(seen, dynamo.describe_table, "Table", **name)
    assert not {"GlobalSecondaryIndexes", "SSEDescription", "TableClassSummary"} & set(again)
    probe.does(dynamo.delete_table, **name)
    probe.lacks(dynamo.describe_table, "ResourceNotFoundException", **name)


def index(probe):
    dynamo, name = probe.client("dynamodb"), {"TableName": "locks"}
    dynamo.create_table(**LOCKS)
    attributes = [ATTRIBUTE, {"AttributeName": "owner", "AttributeType": "S"}]
    wanted = {"IndexName": "owners", "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}]}
    wanted |= {"Projection": {"ProjectionType": "ALL"}}
    updates = [{"Create": wanted}]
    probe.does(dynamo.update_table, **name, AttributeDefinitions=attributes, GlobalSecondaryIndexUpdates=updates)
    seen = {"AttributeDefinitions": attributes, "GlobalSecondaryIndexes": [{**wanted, "IndexStatus": "ACTIVE"}]}
    probe.shows(seen, dynamo.describe_table, "Table", **name)


def items(probe):
    dynamo, name = probe.client("dynamodb"), {"TableName": "locks"}
    dynamo.create_table(**LOCKS)
    item = {"LockID": {"S": "state"}, "Info": {"S": "one"}}
    key = {"Key": {"LockID": {"S": "state"}}}
    probe.does(dynamo.put_item, **name, Item=item, ConditionExpression="attribute_not_exists(LockID)")
    probe.shows(item, dynamo.get_item, "Item", **name, **key, ConsistentRead=True)
    values = {"ExpressionAttributeValues": {":info": {"S": "two"}}}
    probe.does(dynamo.update_item, **name, **key, UpdateExpression="SET Info = :info", **values)
    probe.shows([{**item, "Info": {"S": "two"}}], dynamo.scan, "Items", **name)
    asked = {"KeyConditionExpression": "LockID = :id", "ExpressionAttributeValues": {":id": {"S": "state"}}}
    probe.shows([{"Info": {"S": "two"}}], dynamo.query, "Items", **name, **asked)
    probe.does(dynamo.delete_item, **name, **key)
    probe.lacks(dynamo.get_item, path="Item", **name, **key)


def settings(probe):
    dynamo, name = probe.client("dynamodb"), {"TableName": "locks"}
    arn = dynamo.create_table(**LOCKS)["TableDescription"]["TableArn"]
    on = {"Enabled": True, "AttributeName": "expires"}
    probe.does(dynamo.update_time_to_live, **name, TimeToLiveSpecification=on)
    seen = {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    probe.shows(seen, dynamo.describe_time_to_live, "TimeToLiveDescription", **name)
    probe.does(dynamo.update_time_to_live, **name, TimeToLiveSpecification={**on, "Enabled": False})
    probe.shows({"TimeToLiveStatus": "DISABLED"}, dynamo.describe_time_to_live, "TimeToLiveDescription", **name)
    wanted = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 10}
    probe.does(dynamo.update_continuous_backups, **name, PointInTimeRecoverySpecification=wanted)
    look = (dynamo.describe_continuous_backups, "ContinuousBackupsDescription.PointInTimeRecoveryDescription")
    probe.shows({"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 10}, *look, **name)
    probe.does(dynamo.tag_resource, ResourceArn=arn, Tags=[*TAGS, {"Key": "c", "Value": "d"}])
    probe.shows([*TAGS, {"Key": "c", "Value": "d"}], dynamo.list_tags_of_resource, "Tags", ResourceArn=arn)
    probe.does(dynamo.untag_resource, ResourceArn=arn, TagKeys=["c"])
    probe.shows(TAGS, dynamo.list_tags_of_resource, "Tags", ResourceArn=arn)


def backups(probe):
    dynamo, name = probe.client("dynamodb"), {"TableName": "locks"}
    dynamo.create_table(**LOCKS)
    dynamo.put_item(**name, Item={"LockID": {"S": "state"}})
    probe.does(dynamo.create_backup, **name, BackupName="first")
    seen = {"TableName": "locks", "BackupName": "first", "BackupStatus": "AVAILABLE", "BackupType": "USER"}
    arn = probe.shows([seen], dynamo.list_backups, "BackupSummaries")[0]["BackupArn"]
    look = {"BackupArn": arn}
    probe.shows({"BackupName": "first"}, dynamo.describe_backup, "BackupDescription.BackupDetails", **look)
    probe.does(dynamo.restore_table_from_backup, TargetTableName="again", **look)
    seen = {**KEY, "RestoreSummary": {"SourceBackupArn": arn}, "ItemCount": 1, "TableStatus": "ACTIVE"}
    probe.shows(seen, dynamo.describe_table, "Table", TableName="again")
    on = {"PointInTimeRecoveryEnabled": True}
    dynamo.update_continuous_backups(**name, PointInTimeRecoverySpecification=on)
    moment = {"UseLatestRestorableTime": True}
    probe.does(dynamo.restore_table_to_point_in_time, SourceTableName="locks", TargetTableName="third", **moment)
    probe.shows({**KEY, "ItemCount": 1}, dynamo.describe_table, "Table", TableName="third")
    probe.does(dynamo.delete_backup, **look)
    probe.lacks(dynamo.describe_backup, "BackupNotFoundException", **look)
