#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecr_repositories
version_added: 1.0.0
short_description: Manage private ECR repositories
description:
  - Creates, changes, deletes or reads repositories, found by their name, which is unique in an account and region.
  - A repository whose Platform or Environment tag differs from the one in O(tags) belongs to somebody else; the module
    fails and changes nothing.
  - Exists beside M(community.aws.ecs_ecr) because that module fails in check mode on an empty account, sets no tags,
    knows no exceptions from tag mutability, and manages one repository a run.
options:
  repositories:
    description:
      - The repositories. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name, 2 to 256 characters; lower-case letters and digits, separated by C(.), C(_), C(-) or C(/).
        type: str
        required: true
      scan_on_push:
        description: Whether an image is scanned when it is pushed (basic scanning).
        type: bool
      tag_mutability:
        description:
          - Whether a tag can be moved to another image, and whether O(repositories[].tag_mutability_exclusions) are
            the exceptions. AWS starts with V(MUTABLE).
        type: str
        choices: [MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION]
      tag_mutability_exclusions:
        description:
          - The tags that are the exceptions; at most five patterns with at most two C(*) each. Required for
            V(MUTABLE_WITH_EXCLUSION) and V(IMMUTABLE_WITH_EXCLUSION), impossible otherwise.
        type: list
        elements: str
      kms_key_arn:
        description:
          - The ARN of the key that encrypts the images. Cannot be changed afterwards.
          - Without it a new repository is encrypted with AES-256, and that of an existing one is not compared.
        type: str
      lifecycle_policy:
        description: Which images expire, as AWS writes it; V({}) removes it. Compared rule by rule.
        type: dict
      policy:
        description: Who may pull and push beside what IAM allows; V({}) removes it.
        type: dict
      tags:
        description: Tags of this repository beside O(tags).
        type: dict
  force:
    description:
      - Whether to delete repositories with the images in them.
    type: bool
    default: false
  account_id:
    description:
      - The account, for the ARN and the URI of a repository that check mode would create.
    type: str
    default: "000000000000"
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
seealso:
  - name: Lifecycle policies in the ECR user guide
    description: What a lifecycle policy can say.
    link: https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
"""

EXAMPLES = r"""
- name: Create the repository of a backend
  groundwork.aws.ecr_repositories:
    repositories:
      - name: dougust-backend
        scan_on_push: true
        tag_mutability: IMMUTABLE_WITH_EXCLUSION
        tag_mutability_exclusions: [latest]
        kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
        lifecycle_policy:
          rules:
            - rulePriority: 1
              description: Keep ten images
              selection: {tagStatus: any, countType: imageCountMoreThan, countNumber: 10}
              action: {type: expire}
    tags:
      Platform: dougust
      Environment: production
"""

RETURN = r"""
repositories:
  description: The repositories by name; the lifecycle policy and the policy are there where they are given.
  returned: always
  type: dict
  sample:
    dougust-backend:
      name: dougust-backend
      arn: arn:aws:ecr:us-east-1:123456789012:repository/dougust-backend
      uri: 123456789012.dkr.ecr.us-east-1.amazonaws.com/dougust-backend
      scan_on_push: true
      tag_mutability: IMMUTABLE_WITH_EXCLUSION
      tag_mutability_exclusions: [latest]
      kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
      tags: {Platform: dougust, Environment: production}
"""

import re


from ansible_collections.groundwork.aws.plugins.module_utils import compare, lifecycle, planned, side_by_side
from ansible_collections.groundwork.aws.plugins.module_utils.api import ecr as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

ONE_CALL = 100  # how many names DescribeRepositories takes
WORD = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
EXCLUSION = r"(?!(?:[^*]*\*){3})[0-9a-zA-Z._*-]{1,128}"

ARGUMENT_SPEC = {
    "repositories": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "scan_on_push": {"type": "bool"},
            "tag_mutability": {
                "type": "str",
                "choices": ["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"],
            },
            "tag_mutability_exclusions": {"type": "list", "elements": "str"},
            "kms_key_arn": {"type": "str", "no_log": False},
            "lifecycle_policy": {"type": "dict"},
            "policy": {"type": "dict"},
            "tags": {"type": "dict"},
        },
    },
    "force": {"type": "bool", "default": False},
    "account_id": {"type": "str", "default": "000000000000"},
}


def flaw(item):
    """What is wrong with an item; empty when nothing is."""
    exclusions = item["tag_mutability_exclusions"] or []
    if not re.fullmatch(rf"{WORD}(?:/{WORD})*", item["name"]) or not 2 <= len(item["name"]) <= 256:
        return "is no name of a repository. To fix: lower-case letters and digits, separated by ., _, - or /"
    if bool(exclusions) != (item["tag_mutability"] or "").endswith("_WITH_EXCLUSION"):
        return "needs both or neither: tag_mutability *_WITH_EXCLUSION and exclusions. To fix: add the other"
    if len(exclusions) > 5 or not all(re.fullmatch(EXCLUSION, one) for one in exclusions):
        return "has impossible tag_mutability_exclusions. To fix: at most five, of A-Za-z0-9._- and at most two * each"
    return ""


def mutability(item):
    """The parameters of the API for the mutability of tags."""
    filters = [{"filterType": "WILDCARD", "filter": one} for one in item["tag_mutability_exclusions"] or []]
    given = {"imageTagMutability": item["tag_mutability"], "imageTagMutabilityExclusionFilters": filters}
    return {key: value for key, value in given.items() if value}


class Repository(lifecycle.Kind):
    service = "ecr"
    type = "repository"
    result = "repositories"
    items = "repositories"
    equal = {"policy": compare.same_policy}
    tagged_as = "ecr:repository"
    holds_data = True

    def name_of(self, arn, tags):
        return arn.partition(":repository/")[2]

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")

    def find(self, items):
        wanted = {item["name"]: item for item in items}
        described = self.describe(list(wanted))
        read = side_by_side.each(lambda one: self.read(wanted[one["repositoryName"]], one), described)
        found = {repository["name"]: repository for repository in read}
        return {name: found[name] for name in wanted if name in found}

    def describe(self, names):
        """What exists of the names. AWS answers a call with a name that does not exist with an error about it alone."""
        described = []
        for start in range(0, len(names), ONE_CALL):
            part = names[start : start + ONE_CALL]
            together = api.describe_repositories(self.client, part)
            if together is None and len(part) > 1:
                together = [one for name in part for one in api.describe_repositories(self.client, [name]) or []]
            described += together or []
        return described

    def read(self, item, described):
        """The repository with what the item manages."""
        tags = api.list_tags_for_resource(self.client, described["repositoryArn"])
        repository = self.from_aws(described, tags)
        self.refuse_foreign(repository)
        readers = {"lifecycle_policy": api.get_lifecycle_policy, "policy": api.get_repository_policy}
        managed = [field for field in readers if item[field] is not None]
        return {**repository, **side_by_side.by_name(lambda field: readers[field](self.client, item["name"]), managed)}

    def from_aws(self, described, tags):
        return {
            "name": described["repositoryName"],
            "arn": described["repositoryArn"],
            "uri": described["repositoryUri"],
            "scan_on_push": described.get("imageScanningConfiguration", {}).get("scanOnPush", False),
            "tag_mutability": described["imageTagMutability"],
            "tag_mutability_exclusions": [
                one["filter"] for one in described.get("imageTagMutabilityExclusionFilters") or []
            ],
            "kms_key_arn": described.get("encryptionConfiguration", {}).get("kmsKey"),
            "tags": tags,
        }

    def planned(self, item):
        region, account_id = self.module.region or "", self.params["account_id"]
        arn = planned.arn("ecr", region, account_id, f"repository/{item['name']}")
        suffix = "amazonaws.com.cn" if arn.startswith("arn:aws-cn:") else "amazonaws.com"
        return {"arn": arn, "uri": f"{account_id}.dkr.ecr.{region}.{suffix}/{item['name']}"}

    def fixed(self, item):
        return {"kms_key_arn": item["kms_key_arn"]}

    def desired(self, item):
        return {
            "scan_on_push": item["scan_on_push"],
            "tag_mutability": item["tag_mutability"],
            "tag_mutability_exclusions": (item["tag_mutability_exclusions"] or []) if item["tag_mutability"] else None,
            "lifecycle_policy": item["lifecycle_policy"],
            "policy": item["policy"],
        }

    def create(self, item):
        given = mutability(item)
        if item["kms_key_arn"]:
            given["encryptionConfiguration"] = {"encryptionType": "KMS", "kmsKey": item["kms_key_arn"]}
        if item["scan_on_push"] is not None:
            given["imageScanningConfiguration"] = {"scanOnPush": item["scan_on_push"]}
        tags = self.tags(item) or {}
        created = api.create_repository(self.client, tags, repositoryName=item["name"], **given)
        managed = {field: {} for field in ("lifecycle_policy", "policy") if item[field] is not None}
        return {**self.from_aws(created, tags), **managed}

    def update_scan_on_push(self, resource, before, after):
        api.put_image_scanning_configuration(self.client, resource["name"], after)

    def update_tag_mutability(self, resource, before, after):
        item = next(item for item in self.params["repositories"] if item["name"] == resource["name"])
        api.put_image_tag_mutability(self.client, repositoryName=resource["name"], **mutability(item))
        resource["tag_mutability_exclusions"] = item["tag_mutability_exclusions"] or []

    def update_tag_mutability_exclusions(self, resource, before, after):
        if resource["tag_mutability_exclusions"] != after:  # it goes with tag_mutability where that changes too
            self.update_tag_mutability(resource, before, after)

    def update_lifecycle_policy(self, resource, before, after):
        if after:
            api.put_lifecycle_policy(self.client, resource["name"], after)
        else:
            api.delete_lifecycle_policy(self.client, resource["name"])

    def update_policy(self, resource, before, after):
        if after:
            api.set_repository_policy(self.client, resource["name"], after)
        else:
            api.delete_repository_policy(self.client, resource["name"])

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["arn"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["arn"], keys)

    def delete(self, resource):
        api.delete_repository(self.client, resource["name"], self.params["force"])


def main():
    lifecycle.run(Repository, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
