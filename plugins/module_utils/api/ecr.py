# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ECR: one function per API call (U(https://docs.aws.amazon.com/AmazonECR/latest/APIReference/))."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

REPOSITORY_UNKNOWN = ("RepositoryNotFoundException",)
IMAGE_UNKNOWN = ("ImageNotFoundException",)
NOT_SCANNED = ("ScanNotFoundException",)
# A key created a moment ago, which ECR cannot make a grant for yet.
KEY_UNKNOWN = ("KmsException",)
# What ECR answers about a policy that names a role which IAM created a moment ago.
PRINCIPAL_UNKNOWN = ("InvalidParameterException",)


# Repositories


@aws_call("read ECR repositories {names}", missing=REPOSITORY_UNKNOWN)
def describe_repositories(client: Any, names: List[str]) -> Optional[List[dict]]:
    """The repositories; V(None) where one of them does not exist. At most 100 names."""
    return client.describe_repositories(repositoryNames=names)["repositories"]


@aws_call("create ECR repository {repositoryName}", eventual=KEY_UNKNOWN)
def create_repository(client: Any, tags: Dict[str, str], **params: Any) -> dict:
    return client.create_repository(tags=ansible_dict_to_boto3_tag_list(tags), **params)["repository"]


@aws_call("change scanning of ECR repository {name}", eventual=REPOSITORY_UNKNOWN)
def put_image_scanning_configuration(client: Any, name: str, scan_on_push: bool) -> None:
    client.put_image_scanning_configuration(
        repositoryName=name, imageScanningConfiguration={"scanOnPush": scan_on_push}
    )


@aws_call("change tag mutability of ECR repository {repositoryName}", eventual=REPOSITORY_UNKNOWN)
def put_image_tag_mutability(client: Any, **params: Any) -> None:
    client.put_image_tag_mutability(**params)


@aws_call("delete ECR repository {name}", missing=REPOSITORY_UNKNOWN)
def delete_repository(client: Any, name: str, force: bool) -> None:
    client.delete_repository(repositoryName=name, force=force)


# Images


@aws_call("read ECR repository {repositoryName}", missing=REPOSITORY_UNKNOWN)
def describe_repository(client: Any, repositoryName: str, **registry: str) -> Optional[dict]:
    """The repository, of another account too; V(None) where it does not exist."""
    return client.describe_repositories(repositoryNames=[repositoryName], **registry)["repositories"][0]


@aws_call("read image {image_id} of ECR repository {repositoryName}", missing=IMAGE_UNKNOWN)
def describe_image(client: Any, image_id: Dict[str, str], repositoryName: str, **registry: str) -> Optional[dict]:
    """The image with this tag or digest; V(None) where it does not exist."""
    answer = client.describe_images(repositoryName=repositoryName, imageIds=[image_id], **registry)
    return answer["imageDetails"][0]


@aws_call("list the images of ECR repository {repositoryName}")
def list_tagged_images(client: Any, repositoryName: str, **registry: str) -> List[dict]:
    pages = client.get_paginator("describe_images").paginate(
        repositoryName=repositoryName, filter={"tagStatus": "TAGGED"}, **registry
    )
    return pages.build_full_result().get("imageDetails", [])


@aws_call("read the scan of image {digest} of ECR repository {repositoryName}", missing=NOT_SCANNED, default={})
def describe_image_scan_findings(client: Any, digest: str, repositoryName: str, **registry: str) -> dict:
    """The status of the scan and how many findings it has; empty where there was none."""
    return client.describe_image_scan_findings(
        repositoryName=repositoryName, imageId={"imageDigest": digest}, maxResults=1, **registry
    )


# Lifecycle policies


@aws_call(
    "read the lifecycle policy of ECR repository {name}", missing=("LifecyclePolicyNotFoundException",), default={}
)
def get_lifecycle_policy(client: Any, name: str) -> dict:
    return json.loads(client.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"])


@aws_call("set the lifecycle policy of ECR repository {name}", eventual=REPOSITORY_UNKNOWN)
def put_lifecycle_policy(client: Any, name: str, policy: dict) -> None:
    client.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=json.dumps(policy))


@aws_call("remove the lifecycle policy of ECR repository {name}", missing=("LifecyclePolicyNotFoundException",))
def delete_lifecycle_policy(client: Any, name: str) -> None:
    client.delete_lifecycle_policy(repositoryName=name)


# Repository policies


@aws_call("read the policy of ECR repository {name}", missing=("RepositoryPolicyNotFoundException",), default={})
def get_repository_policy(client: Any, name: str) -> dict:
    return json.loads(client.get_repository_policy(repositoryName=name)["policyText"])


@aws_call("set the policy of ECR repository {name}", eventual=REPOSITORY_UNKNOWN + PRINCIPAL_UNKNOWN)
def set_repository_policy(client: Any, name: str, policy: dict) -> None:
    client.set_repository_policy(repositoryName=name, policyText=json.dumps(policy))


@aws_call("remove the policy of ECR repository {name}", missing=("RepositoryPolicyNotFoundException",))
def delete_repository_policy(client: Any, name: str) -> None:
    client.delete_repository_policy(repositoryName=name)


# Tags


@aws_call("read the tags of {arn}")
def list_tags_for_resource(client: Any, arn: str) -> Dict[str, str]:
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(resourceArn=arn)["tags"])


@aws_call("tag {arn}", eventual=REPOSITORY_UNKNOWN)
def tag_resource(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.tag_resource(resourceArn=arn, tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags {keys} from {arn}", eventual=REPOSITORY_UNKNOWN)
def untag_resource(client: Any, arn: str, keys: List[str]) -> None:
    client.untag_resource(resourceArn=arn, tagKeys=keys)
