# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images: pushed, tagged once or again, scanned and copied to other registries."""

import datetime
import fnmatch
import hashlib
import json

from moto.ecr.models import Image

from ...errors import AwsError
from .. import answer, correct
from .replication import replicate, statuses
from .shared import invalid, repository_of

EXAMPLE = "CVE-9999-9999"


@answer("ecr", "PutImage")
def put_image(call):
    """moto takes exclusions for regular expressions, and digests for something else than those of the manifest."""
    parameters = call.parameters
    repository = repository_of(call)
    manifest, tag = parameters["imageManifest"], parameters.get("imageTag")
    digest = f"sha256:{hashlib.sha256(manifest.encode()).hexdigest()}"
    kind = parameters.get("imageManifestMediaType") or _media_type(manifest)
    if parameters.get("imageDigest") not in (None, digest):
        message = "The image digest does not match the digest of the image manifest."
        raise AwsError("ImageDigestDoesNotMatchException", message)
    image = next((item for item in repository.images if item.get_image_digest() == digest), None)
    if image is not None and (tag is None or tag in image.image_tags):
        message = f"Image with digest '{digest}' and tag '{tag}' already exists in the repository"
        raise AwsError("ImageAlreadyExistsException", message)
    _move_tag(repository, tag)
    if image is None:
        image = Image(call.account, tag, manifest, repository.name, kind, digest)
        repository.images.append(image)
    else:
        image.update_tag(tag)
    if repository.image_scanning_configuration.get("scanOnPush"):
        image.last_scan = image.last_scan or datetime.datetime.today()
    replicate(call, repository, image)
    identity = {"imageDigest": digest} | ({"imageTag": tag} if tag else {})
    shown = {"registryId": repository.registry_id, "repositoryName": repository.name, "imageId": identity}
    return {"image": {**shown, "imageManifest": manifest, "imageManifestMediaType": kind}}


@correct("ecr", "DescribeImageScanFindings")
def forget_example(_call, parsed):
    """moto finds the same example in every image; nothing here looks into images, so that nothing is found."""
    found = parsed.get("imageScanFindings", {})
    if [item["name"] for item in found.get("findings", [])] != [EXAMPLE]:
        return False
    found.update(findings=[], findingSeverityCounts={})
    return True


def _media_type(manifest):
    try:
        return json.loads(manifest)["mediaType"]
    except (ValueError, KeyError, TypeError):
        raise invalid("ImageManifest", "Invalid JSON syntax") from None


def _move_tag(repository, tag):
    holder = next((item for item in repository.images if tag is not None and tag in item.image_tags), None)
    if holder is None:
        return
    if _is_fixed(repository, tag):
        message = (
            f"The image tag '{tag}' already exists in the '{repository.name}' repository and cannot be overwritten "
            "because the tag is immutable."
        )
        raise AwsError("ImageTagAlreadyExistsException", message)
    holder.remove_tag(tag)


def _is_fixed(repository, tag):
    exclusions = repository.image_tag_mutability_exclusion_filters or []
    excluded = any(fnmatch.fnmatchcase(tag, item["filter"]) for item in exclusions)
    return repository.is_tag_immutable() != excluded


@answer("ecr", "DescribeImageReplicationStatus")
def describe_replication(call):
    """moto does not have it."""
    repository, wanted = repository_of(call), call.parameters["imageId"]
    image = repository._get_image(wanted.get("imageTag"), wanted.get("imageDigest"))
    identity = {"imageDigest": image.get_image_digest(), **wanted}
    return {
        "repositoryName": repository.name, "imageId": identity, "replicationStatuses": statuses(call, repository, image)
    }  # fmt: skip
