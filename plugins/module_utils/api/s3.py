# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S3: one function per API call (U(https://docs.aws.amazon.com/AmazonS3/latest/API/))."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

# A new bucket may be unknown for some seconds, and S3 carries out one change of a bucket at a time.
BUCKET_UNKNOWN = ("NoSuchBucket",)
SETTLING = BUCKET_UNKNOWN + ("OperationAborted",)
# What S3 answers about a policy that names a role which IAM created a moment ago.
PRINCIPAL_UNKNOWN = ("MalformedPolicy: Invalid principal",)
# A target whose policy, which lets S3 deliver logs, was set a moment ago.
TARGET_UNREADY = ("InvalidTargetBucketForLogging",)


# Buckets


@aws_call("read S3 bucket {name}", missing=BUCKET_UNKNOWN)
def get_bucket_location(client: Any, name: str) -> Optional[str]:
    """The region; V(None) where nobody has a bucket of this name."""
    location = client.get_bucket_location(Bucket=name).get("LocationConstraint")
    return {None: "us-east-1", "EU": "eu-west-1"}.get(location, location)


@aws_call("create S3 bucket {Bucket}", missing=("BucketAlreadyOwnedByYou",), default=False, eventual=SETTLING)
def create_bucket(client: Any, region: str, tags: Dict[str, str], **params: Any) -> bool:
    """Whether this call created the bucket; another one may just have done."""
    configuration: Dict[str, Any] = {"Tags": ansible_dict_to_boto3_tag_list(tags)} if tags else {}
    if region != "us-east-1":  # the one region that may not be named
        configuration["LocationConstraint"] = region
    given = {"CreateBucketConfiguration": configuration} if configuration else {}
    client.create_bucket(**params, **given)
    return True


@aws_call("delete S3 bucket {name}", missing=BUCKET_UNKNOWN, eventual=("OperationAborted",))
def delete_bucket(client: Any, name: str) -> None:
    client.delete_bucket(Bucket=name)


# Objects


@aws_call("list the objects of S3 bucket {name}", missing=BUCKET_UNKNOWN, default=[])
def list_object_versions(client: Any, name: str) -> List[Dict[str, str]]:
    """The first 1000 versions and delete markers, as DeleteObjects wants them."""
    page = client.list_object_versions(Bucket=name)
    found = page.get("Versions", []) + page.get("DeleteMarkers", [])
    return [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]


@aws_call("delete the objects of S3 bucket {name}", eventual=("OperationAborted",))
def delete_objects(client: Any, name: str, versions: List[Dict[str, str]]) -> List[dict]:
    """The errors about single objects."""
    return client.delete_objects(Bucket=name, Delete={"Objects": versions, "Quiet": True}).get("Errors", [])


# Settings


@aws_call("read the versioning of S3 bucket {name}", eventual=BUCKET_UNKNOWN)
def get_bucket_versioning(client: Any, name: str) -> bool:
    return client.get_bucket_versioning(Bucket=name).get("Status") == "Enabled"


@aws_call("change the versioning of S3 bucket {name}", eventual=SETTLING)
def put_bucket_versioning(client: Any, name: str, enabled: bool) -> None:
    status = "Enabled" if enabled else "Suspended"
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})


@aws_call(
    "read the encryption of S3 bucket {name}",
    missing=("ServerSideEncryptionConfigurationNotFoundError",),
    default={},
    eventual=BUCKET_UNKNOWN,
)
def get_bucket_encryption(client: Any, name: str) -> dict:
    return client.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]


@aws_call("change the encryption of S3 bucket {name}", eventual=SETTLING)
def put_bucket_encryption(client: Any, name: str, rule: dict) -> None:
    client.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})


@aws_call(
    "read the public access block of S3 bucket {name}",
    missing=("NoSuchPublicAccessBlockConfiguration",),
    default={},
    eventual=BUCKET_UNKNOWN,
)
def get_public_access_block(client: Any, name: str) -> Dict[str, bool]:
    return client.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]


@aws_call("change the public access block of S3 bucket {name}", eventual=SETTLING)
def put_public_access_block(client: Any, name: str, settings: Dict[str, bool]) -> None:
    client.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=settings)


@aws_call(
    "read the object ownership of S3 bucket {name}",
    missing=("OwnershipControlsNotFoundError",),
    default="ObjectWriter",
    eventual=BUCKET_UNKNOWN,
)
def get_bucket_ownership_controls(client: Any, name: str) -> str:
    """The setting; a bucket older than it behaves as ObjectWriter."""
    return client.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"][0]["ObjectOwnership"]


@aws_call("change the object ownership of S3 bucket {name}", eventual=SETTLING)
def put_bucket_ownership_controls(client: Any, name: str, ownership: str) -> None:
    client.put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]})


@aws_call("read the policy of S3 bucket {name}", missing=("NoSuchBucketPolicy",), default={}, eventual=BUCKET_UNKNOWN)
def get_bucket_policy(client: Any, name: str) -> dict:
    return json.loads(client.get_bucket_policy(Bucket=name)["Policy"])


@aws_call("set the policy of S3 bucket {name}", eventual=SETTLING + PRINCIPAL_UNKNOWN)
def put_bucket_policy(client: Any, name: str, policy: dict) -> None:
    client.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))


@aws_call("remove the policy of S3 bucket {name}", eventual=SETTLING)
def delete_bucket_policy(client: Any, name: str) -> None:
    client.delete_bucket_policy(Bucket=name)


@aws_call(
    "read the lifecycle rules of S3 bucket {name}",
    missing=("NoSuchLifecycleConfiguration",),
    default=[],
    eventual=BUCKET_UNKNOWN,
)
def get_bucket_lifecycle_configuration(client: Any, name: str) -> List[dict]:
    return client.get_bucket_lifecycle_configuration(Bucket=name).get("Rules", [])


@aws_call("set the lifecycle rules of S3 bucket {name}", eventual=SETTLING)
def put_bucket_lifecycle_configuration(client: Any, name: str, rules: List[dict]) -> None:
    client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})


@aws_call("remove the lifecycle rules of S3 bucket {name}", eventual=SETTLING)
def delete_bucket_lifecycle(client: Any, name: str) -> None:
    client.delete_bucket_lifecycle(Bucket=name)


@aws_call("read the access logging of S3 bucket {name}", eventual=BUCKET_UNKNOWN)
def get_bucket_logging(client: Any, name: str) -> dict:
    return client.get_bucket_logging(Bucket=name).get("LoggingEnabled", {})


@aws_call("change the access logging of S3 bucket {name}", eventual=SETTLING + TARGET_UNREADY)
def put_bucket_logging(client: Any, name: str, logging: dict) -> None:
    client.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": logging} if logging else {})


@aws_call("read the notifications of S3 bucket {name}", eventual=BUCKET_UNKNOWN)
def get_bucket_notification_configuration(client: Any, name: str) -> dict:
    answer = client.get_bucket_notification_configuration(Bucket=name)
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


@aws_call("change the notifications of S3 bucket {name}", eventual=SETTLING)
def put_bucket_notification_configuration(client: Any, name: str, configuration: dict) -> None:
    client.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=configuration)


@aws_call(
    "read the CORS rules of S3 bucket {name}",
    missing=("NoSuchCORSConfiguration",),
    default=[],
    eventual=BUCKET_UNKNOWN,
)
def get_bucket_cors(client: Any, name: str) -> List[dict]:
    return client.get_bucket_cors(Bucket=name).get("CORSRules", [])


@aws_call("set the CORS rules of S3 bucket {name}", eventual=SETTLING)
def put_bucket_cors(client: Any, name: str, rules: List[dict]) -> None:
    client.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": rules})


@aws_call("remove the CORS rules of S3 bucket {name}", eventual=SETTLING)
def delete_bucket_cors(client: Any, name: str) -> None:
    client.delete_bucket_cors(Bucket=name)


# Tags


@aws_call("read the tags of S3 bucket {name}", missing=("NoSuchTagSet",), default={}, eventual=BUCKET_UNKNOWN)
def get_bucket_tagging(client: Any, name: str) -> Dict[str, str]:
    return boto3_tag_list_to_ansible_dict(client.get_bucket_tagging(Bucket=name)["TagSet"])


@aws_call("tag S3 bucket {name}", eventual=SETTLING)
def put_bucket_tagging(client: Any, name: str, tags: Dict[str, str]) -> None:
    """Replace all tags."""
    client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": ansible_dict_to_boto3_tag_list(tags)})


@aws_call("remove the tags of S3 bucket {name}", eventual=SETTLING)
def delete_bucket_tagging(client: Any, name: str) -> None:
    client.delete_bucket_tagging(Bucket=name)
