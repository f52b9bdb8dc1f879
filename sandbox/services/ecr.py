# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Repositories of images."""

import fnmatch
import hashlib
import json

from moto.ecr.models import Image

from ..errors import AwsError
from . import answer, backend, check, correct


@check("ecr", "CreateRepository", "PutImageTagMutability")
def check_exclusions(call):
    """Exclusions and the mode that has them need each other."""
    mode = call.parameters.get("imageTagMutability") or ""
    exclusions = call.parameters.get("imageTagMutabilityExclusionFilters")
    if mode.endswith("_WITH_EXCLUSION") != bool(exclusions):
        message = (
            "Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: "
            "'Exclusion filters are required with, and only allowed with, a mode WITH_EXCLUSION'"
        )
        raise AwsError("InvalidParameterException", message)


@correct("ecr", "PutImageTagMutability")
def answer_exclusions(call, parsed):
    """AWS repeats the exclusions."""
    exclusions = call.parameters.get("imageTagMutabilityExclusionFilters")
    if not exclusions:
        return False
    parsed["imageTagMutabilityExclusionFilters"] = exclusions
    return True


@correct("ecr", "CreateRepository")
def answer_default_key(call, parsed):
    """Encryption with KMS and no key uses the key that AWS manages for ECR."""
    encryption = parsed["repository"].get("encryptionConfiguration", {})
    if encryption.get("encryptionType") != "KMS" or encryption.get("kmsKey"):
        return False
    key = f"arn:aws:kms:{call.region}:{call.account}:key/aws-managed-key-of-ecr"
    repository = backend(call).repositories[parsed["repository"]["repositoryName"]]
    repository.encryption_configuration["kmsKey"] = encryption["kmsKey"] = key
    return True


@check("ecr", "PutRegistryScanningConfiguration")
def spell_out_rules(call):
    """moto crashes without rules."""
    body = json.loads(call.body or b"{}")
    call.body = json.dumps({"rules": [], **body}).encode()


@answer("ecr", "PutImage")
def put_image(call):
    """moto takes exclusions for regular expressions, and digests for something else than those of the manifest."""
    parameters = call.parameters
    repository = backend(call)._get_repository(parameters["repositoryName"], parameters.get("registryId"))
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
    identity = {"imageDigest": digest} | ({"imageTag": tag} if tag else {})
    shown = {"registryId": repository.registry_id, "repositoryName": repository.name, "imageId": identity}
    return {"image": {**shown, "imageManifest": manifest, "imageManifestMediaType": kind}}


def _media_type(manifest):
    try:
        return json.loads(manifest)["mediaType"]
    except (ValueError, KeyError, TypeError):
        message = "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'"
        raise AwsError("InvalidParameterException", message) from None


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
