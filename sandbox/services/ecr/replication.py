# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replication: what is pushed to a repository is in other regions and accounts, too."""

from moto.backends import get_backend
from moto.ecr.models import Image

from .. import answer, backend
from .shared import invalid

MOST = 10  # rules: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ReplicationConfiguration.html


@answer("ecr", "PutReplicationConfiguration")
def put(call):
    """moto allows one rule."""
    configuration = call.parameters["replicationConfiguration"]
    if len(configuration["rules"]) > MOST:
        raise invalid("replicationConfiguration", f"There can be {MOST} rules")
    for rule in configuration["rules"]:
        for place in rule["destinations"]:
            if (place["registryId"], place["region"]) == (call.account, call.region):
                raise invalid(
                    "replicationConfiguration", "Replication destination cannot be the same as the source registry"
                )
    backend(call).replication_config = configuration
    return {"replicationConfiguration": configuration}


def _destinations(call, repository):
    found = []
    for rule in backend(call).replication_config["rules"]:
        filters = rule.get("repositoryFilters") or []
        if not filters or any(repository.name.startswith(item["filter"]) for item in filters):
            found += rule["destinations"]
    return found


def replicate(call, repository, image):
    """Copy an image that was just pushed."""
    for place in _destinations(call, repository):
        state = get_backend("ecr")[place["registryId"]][place["region"]]
        if repository.name not in state.repositories:
            state.create_repository(
                repository.name, None, dict(repository.encryption_configuration),
                dict(repository.image_scanning_configuration), repository.image_tag_mutability, [],
                repository.image_tag_mutability_exclusion_filters,
            )  # fmt: skip
        _copy(image, state.repositories[repository.name])


def _copy(image, target):
    digest = image.get_image_digest()
    for other in target.images:
        if image.image_tag in other.image_tags and other.get_image_digest() != digest:
            other.remove_tag(image.image_tag)
    copy = next((item for item in target.images if item.get_image_digest() == digest), None)
    if copy is not None:
        copy.update_tag(image.image_tag)
        return
    kind = image.image_manifest_media_type
    target.images.append(Image(target.account_id, image.image_tag, image.image_manifest, target.name, kind, digest))


def statuses(call, repository, image):
    """Where an image should be, and whether it is there."""
    found = []
    for place in _destinations(call, repository):
        state = get_backend("ecr")[place["registryId"]][place["region"]]
        target = state.repositories.get(repository.name)
        copied = target is not None and any(
            item.get_image_digest() == image.get_image_digest() for item in target.images
        )
        found.append({**place, "status": "COMPLETE" if copied else "IN_PROGRESS"})
    return found
