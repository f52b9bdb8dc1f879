# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RDS: one function per API call (U(https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/))."""

from __future__ import annotations

from typing import Any, Dict, List

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

INSTANCE_UNKNOWN = ("DBInstanceNotFound", "DBInstanceNotFoundFault")
PARAMETER_GROUP_UNKNOWN = ("DBParameterGroupNotFound", "DBParameterGroupNotFoundFault")
SNAPSHOT_UNKNOWN = ("DBSnapshotNotFound", "DBSnapshotNotFoundFault")
SUBNET_GROUP_UNKNOWN = ("DBSubnetGroupNotFoundFault", "DBSubnetGroupNotFound")
# A key that KMS created a moment ago.
KEY_UNKNOWN = ("KMSKeyNotAccessibleFault",)
# A role that IAM created a moment ago, which RDS cannot assume yet.
ROLE_UNKNOWN = ("InvalidParameterValue: IAM role ARN value is invalid",)
# The first resource of an account makes AWS create RDS's service-linked role, which takes some seconds.
FIRST_USE = ("InvalidParameterValue: Unable to create the resource. Verify that you have permission to create service",)
# RDS still works on what a former call changed.
GROUP_BUSY = ("InvalidDBParameterGroupState",)


def _pages(client: Any, operation: str, key: str, **params: Any) -> List[dict]:
    return client.get_paginator(operation).paginate(**params).build_full_result().get(key, [])


# Subnet groups


@aws_call("read DB subnet group {name}", missing=SUBNET_GROUP_UNKNOWN, default=[])
def describe_db_subnet_groups(client: Any, name: str) -> List[dict]:
    return _pages(client, "describe_db_subnet_groups", "DBSubnetGroups", DBSubnetGroupName=name)


@aws_call("create DB subnet group {name}", eventual=FIRST_USE)
def create_db_subnet_group(client: Any, name: str, tags: Dict[str, str], **params: Any) -> dict:
    listed = ansible_dict_to_boto3_tag_list(tags)
    return client.create_db_subnet_group(DBSubnetGroupName=name, Tags=listed, **params)["DBSubnetGroup"]


@aws_call("change DB subnet group {name}")
def modify_db_subnet_group(client: Any, name: str, **params: Any) -> None:
    client.modify_db_subnet_group(DBSubnetGroupName=name, **params)


@aws_call("delete DB subnet group {name}", missing=SUBNET_GROUP_UNKNOWN)
def delete_db_subnet_group(client: Any, name: str) -> None:
    client.delete_db_subnet_group(DBSubnetGroupName=name)


# Parameter groups


@aws_call("read DB parameter group {name}", missing=PARAMETER_GROUP_UNKNOWN, default=[])
def describe_db_parameter_groups(client: Any, name: str) -> List[dict]:
    return _pages(client, "describe_db_parameter_groups", "DBParameterGroups", DBParameterGroupName=name)


@aws_call("read the parameters of DB parameter group {name}", eventual=PARAMETER_GROUP_UNKNOWN)
def describe_db_parameters(client: Any, name: str, **params: str) -> List[dict]:
    return _pages(client, "describe_db_parameters", "Parameters", DBParameterGroupName=name, **params)


@aws_call("read the default parameters of {family}")
def describe_engine_default_parameters(client: Any, family: str) -> List[dict]:
    pages = client.get_paginator("describe_engine_default_parameters").paginate(DBParameterGroupFamily=family)
    return [one for page in pages for one in page["EngineDefaults"].get("Parameters", [])]


@aws_call("create DB parameter group {name}")
def create_db_parameter_group(client: Any, name: str, tags: Dict[str, str], **params: str) -> dict:
    listed = ansible_dict_to_boto3_tag_list(tags)
    return client.create_db_parameter_group(DBParameterGroupName=name, Tags=listed, **params)["DBParameterGroup"]


@aws_call("change DB parameter group {name}", eventual=PARAMETER_GROUP_UNKNOWN + GROUP_BUSY)
def modify_db_parameter_group(client: Any, name: str, parameters: List[dict]) -> None:
    """Set parameters, at most 20."""
    client.modify_db_parameter_group(DBParameterGroupName=name, Parameters=parameters)


@aws_call("reset parameters of DB parameter group {name}", eventual=GROUP_BUSY)
def reset_db_parameter_group(client: Any, name: str, parameters: List[dict]) -> None:
    """Give parameters their defaults again, at most 20."""
    client.reset_db_parameter_group(DBParameterGroupName=name, Parameters=parameters)


@aws_call("delete DB parameter group {name}", missing=PARAMETER_GROUP_UNKNOWN)
def delete_db_parameter_group(client: Any, name: str) -> None:
    client.delete_db_parameter_group(DBParameterGroupName=name)


# Instances


@aws_call("read DB instance {name}", missing=INSTANCE_UNKNOWN, default=[])
def describe_db_instances(client: Any, name: str) -> List[dict]:
    return _pages(client, "describe_db_instances", "DBInstances", DBInstanceIdentifier=name)


@aws_call("create DB instance {name}", eventual=KEY_UNKNOWN + ROLE_UNKNOWN + FIRST_USE)
def create_db_instance(client: Any, name: str, tags: Dict[str, str], **params: Any) -> dict:
    listed = ansible_dict_to_boto3_tag_list(tags)
    return client.create_db_instance(DBInstanceIdentifier=name, Tags=listed, **params)["DBInstance"]


@aws_call("create DB instance {name} as a replica", eventual=KEY_UNKNOWN + ROLE_UNKNOWN)
def create_db_instance_read_replica(client: Any, name: str, tags: Dict[str, str], **params: Any) -> dict:
    listed = ansible_dict_to_boto3_tag_list(tags)
    return client.create_db_instance_read_replica(DBInstanceIdentifier=name, Tags=listed, **params)["DBInstance"]


@aws_call("change DB instance {name}", eventual=KEY_UNKNOWN + ROLE_UNKNOWN)
def modify_db_instance(client: Any, name: str, **params: Any) -> None:
    client.modify_db_instance(DBInstanceIdentifier=name, **params)


@aws_call("delete DB instance {name}", missing=INSTANCE_UNKNOWN)
def delete_db_instance(client: Any, name: str, **params: Any) -> None:
    client.delete_db_instance(DBInstanceIdentifier=name, **params)


# Snapshots


@aws_call("read DB snapshot {name}", missing=SNAPSHOT_UNKNOWN, default=[])
def describe_db_snapshots(client: Any, name: str) -> List[dict]:
    return _pages(client, "describe_db_snapshots", "DBSnapshots", DBSnapshotIdentifier=name)


@aws_call("read the DB snapshots of {instance}")
def describe_manual_snapshots(client: Any, instance: str) -> List[dict]:
    return _pages(client, "describe_db_snapshots", "DBSnapshots", DBInstanceIdentifier=instance, SnapshotType="manual")


@aws_call("create DB snapshot {name} of {instance}")
def create_db_snapshot(client: Any, name: str, instance: str, tags: Dict[str, str]) -> dict:
    listed = ansible_dict_to_boto3_tag_list(tags)
    return client.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier=instance, Tags=listed)[
        "DBSnapshot"
    ]


@aws_call("delete DB snapshot {name}", missing=SNAPSHOT_UNKNOWN)
def delete_db_snapshot(client: Any, name: str) -> None:
    client.delete_db_snapshot(DBSnapshotIdentifier=name)


# Tags


@aws_call("read the tags of {arn}")
def list_tags_for_resource(client: Any, arn: str) -> Dict[str, str]:
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(ResourceName=arn)["TagList"])


@aws_call("tag {arn}")
def add_tags_to_resource(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.add_tags_to_resource(ResourceName=arn, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags {keys} from {arn}")
def remove_tags_from_resource(client: Any, arn: str, keys: List[str]) -> None:
    client.remove_tags_from_resource(ResourceName=arn, TagKeys=keys)
