#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ecr_image_info
version_added: 1.0.0
short_description: Find an image in ECR before it is released
description:
  - Finds an image of a private repository by its tag, its digest or its URI, and returns the URI with the digest, which
    always means the same image. A release by it runs what was tested, wherever the tag moves.
  - Fails where the image does not exist, and names the newest tags that do.
  - Exists because neither amazon.aws nor community.aws can look up an image.
options:
  repository_name:
    description:
      - The name of the repository.
    type: str
    required: true
  image:
    description:
      - A tag, a digest that begins with C(sha256:), or the URI of an image in this repository.
    type: str
    required: true
  registry_id:
    description:
      - The account of the repository. Without it that of the caller.
    type: str
author:
  - groundwork.aws contributors (@groundwork-aws)
attributes:
  check_mode:
    description: It changes nothing, and says the same in check mode.
    support: full
  diff_mode:
    description: It changes nothing, so there is no difference to show.
    support: none
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
seealso:
  - module: groundwork.aws.ecr_repositories
"""

EXAMPLES = r"""
- name: Find what is to be released
  groundwork.aws.ecr_image_info:
    repository_name: dougust-backend
    image: v1.4.2
  register: image

- name: Refuse an image with critical findings
  ansible.builtin.assert:
    that: image.scan.findings.CRITICAL | default(0) == 0
    fail_msg: "{{ image.uri }} has critical findings"
"""

RETURN = r"""
found:
  description: Whether the image exists. Where it does not, the module fails.
  returned: always
  type: bool
  sample: true
digest:
  description: The digest of the image.
  returned: success
  type: str
  sample: sha256:4bc453b53cb3d914b45f4b250294236adba2c0e09ff6f03793949e7e39fd4cc1
uri:
  description: The URI of the image by its digest.
  returned: success
  type: str
  sample: 123456789012.dkr.ecr.us-east-1.amazonaws.com/dougust-backend@sha256:4bc453b53cb3d914b45f4b250294236adba2c0e09ff6f03793949e7e39fd4cc1
tags:
  description: The tags of the image.
  returned: success
  type: list
  elements: str
  sample: [v1.4.2]
pushed_at:
  description: When the image was pushed.
  returned: success
  type: str
  sample: "2026-01-31T12:00:00+00:00"
size:
  description: The size in the repository in bytes; of an image for several platforms it may be missing.
  returned: success
  type: int
  sample: 50331648
scan:
  description: How the scan of the image ended. Empty where the image was not scanned.
  returned: success
  type: dict
  contains:
    status:
      description: The status.
      returned: when scanned
      type: str
      sample: COMPLETE
    findings:
      description: How many findings there are, by their severity.
      returned: when scanned
      type: dict
      sample: {HIGH: 2, MEDIUM: 5}
"""

import re

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.groundwork.aws.plugins.module_utils import lifecycle
from ansible_collections.groundwork.aws.plugins.module_utils.api import ecr as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError

NEWEST = 5  # how many tags a failure names
DIGEST = r"sha256:[0-9a-f]{64}"
TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html: the endpoints by IPv4, and by both
HOST = r"(?P<account>\d{12})\.dkr(?:\.ecr|-ecr)\.(?P<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)"
URI = re.compile(rf"{HOST}/(?P<repository>[a-z0-9._/-]+)(?::(?P<tag>{TAG}))?(?:@(?P<digest>{DIGEST}))?")

ARGUMENT_SPEC = {
    "repository_name": {"type": "str", "required": True},
    "image": {"type": "str", "required": True},
    "registry_id": {"type": "str"},
}


def image_id(image):
    """A tag, a digest or a URI as ECR wants it; None where it is none of them, or a URI that names no image."""
    uri = URI.fullmatch(image)
    tag, digest = (uri["tag"], uri["digest"]) if uri else (image, image)
    if digest and re.fullmatch(DIGEST, digest):
        return {"imageDigest": digest}
    return {"imageTag": tag} if tag and re.fullmatch(TAG, tag) else None


def newest_tags(images):
    """The tags of the images that were pushed last."""
    images = sorted(images, key=lambda one: one["imagePushedAt"], reverse=True)
    return [tag for one in images for tag in one.get("imageTags", [])][:NEWEST]


class ImageLookup:
    """One image of one repository."""

    def __init__(self, module):
        self.module = module
        self.name = module.params["repository_name"]
        self.image = module.params["image"]
        self.client = lifecycle.make_client(module, "ecr")
        self.where = {"repositoryName": self.name}
        if module.params["registry_id"]:
            self.where["registryId"] = module.params["registry_id"]

    def find(self):
        """What the module returns."""
        wanted = image_id(self.image)
        if not wanted:
            raise UserError(
                f"{self.image} is no image of a private ECR repository. To fix: give a tag, a digest that begins with "
                "sha256:, or a URI such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/name:tag."
            )
        repository = self.repository()
        described = api.describe_image(self.client, wanted, **self.where)
        if not described:
            self.refuse_missing(repository)
        return self.result(repository, described)

    def repository(self):
        described = api.describe_repository(self.client, **self.where)
        if not described:
            raise UserError(
                f"Could not find image {self.image}: there is no ECR repository {self.name} in region "
                f"{self.module.region}. To fix: converge the platform's registry, then push the image."
            )
        self.refuse_foreign(described)
        return described

    def refuse_foreign(self, repository):
        uri = URI.fullmatch(self.image)
        there = (repository["registryId"], self.module.region, self.name)
        if uri and (uri["account"], uri["region"], uri["repository"]) != there:
            raise UserError(
                f"Image {self.image} is not in repository {repository['repositoryUri']}. To fix: push it there, and give "
                "its tag or that URI."
            )

    def refuse_missing(self, repository):
        tags = newest_tags(api.list_tagged_images(self.client, **self.where))
        there = f"Its newest tags are {', '.join(tags)}" if tags else "It has no tagged image"
        raise UserError(
            f"Could not find image {self.image} in repository {repository['repositoryUri']}. {there}. "
            "To fix: push the image first, or name one that is there."
        )

    def result(self, repository, described):
        digest = described["imageDigest"]
        return {
            "found": True,
            "digest": digest,
            "uri": f"{repository['repositoryUri']}@{digest}",
            "tags": described.get("imageTags", []),
            "pushed_at": described["imagePushedAt"].isoformat(),
            "size": described.get("imageSizeInBytes"),
            "scan": self.scan(described),
        }

    def scan(self, described):
        """The summary of the scan, which newer kinds of scans no longer put into the description of the image."""
        status, summary = described.get("imageScanStatus"), described.get("imageScanFindingsSummary")
        if not summary:
            answer = api.describe_image_scan_findings(self.client, described["imageDigest"], **self.where)
            status, summary = answer.get("imageScanStatus", status), answer.get("imageScanFindings", {})
        if not status:
            return {}
        return {"status": status["status"], "findings": summary.get("findingSeverityCounts", {})}


def main():
    module = AnsibleAWSModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    try:
        result = ImageLookup(module).find()
    except AnsibleAWSError as error:
        module.fail_json(msg=str(error.message), found=False)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
