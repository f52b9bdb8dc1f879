# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Repositories of images, and what a registry says of all of them."""

import json

from moto.backends import get_backend

from ...errors import AwsError
from .. import answer, backend, check, correct
from .shared import invalid, page


@check("ecr", "CreateRepository", "PutImageTagMutability")
def check_exclusions(call):
    """Exclusions and the mode that has them need each other."""
    mode = call.parameters.get("imageTagMutability") or ""
    exclusions = call.parameters.get("imageTagMutabilityExclusionFilters")
    if mode.endswith("_WITH_EXCLUSION") != bool(exclusions):
        raise invalid(
            "imageTagMutabilityExclusionFilters",
            "Exclusion filters are required with, and only allowed with, a mode WITH_EXCLUSION",
        )


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


@check("ecr", "CreateRepository")
def check_key(call):
    """moto takes any key."""
    given = call.parameters.get("encryptionConfiguration") or {}
    key = given.get("kmsKey")
    if not key:
        return
    if given["encryptionType"] == "AES256":
        raise invalid("encryptionConfiguration", "A KMS key can only be specified with the encryption type KMS")
    keys = get_backend("kms")[call.account][call.region]
    alias = keys.get_alias_name(key)
    known = keys.get_key_id_from_alias(alias) if alias.startswith("alias/") else keys.get_key_id(key) in keys.keys
    if not known:
        raise AwsError("KmsException", f"The KMS key '{key}' does not exist.")


@answer("ecr", "DescribeRepositories")
def describe(call):
    """moto has no pages."""
    state, names = backend(call), call.parameters.get("repositoryNames")
    if names:
        return None
    if call.parameters.get("registryId") not in (None, call.account):
        return None
    items, following = page(call, [_view(state.repositories[name]) for name in sorted(state.repositories)])
    return {"repositories": items, **following}


def _view(repository):
    shown = {
        "repositoryArn": repository.arn, "registryId": repository.registry_id, "repositoryName": repository.name,
        "repositoryUri": repository.uri, "createdAt": repository.created_at,
        "imageTagMutability": repository.image_tag_mutability,
        "imageScanningConfiguration": repository.image_scanning_configuration,
        "encryptionConfiguration": repository.encryption_configuration,
    }  # fmt: skip
    exclusions = repository.image_tag_mutability_exclusion_filters
    return shown | ({"imageTagMutabilityExclusionFilters": exclusions} if exclusions else {})


@check("ecr", "SetRepositoryPolicy")
def check_principal(call):
    """Who may do something to a repository is part of its policy."""
    for statement in _statements(call):
        if not {"Principal", "NotPrincipal"} & set(statement):
            raise invalid("PolicyText", "Invalid repository policy provided")


def _statements(call):
    try:
        given = json.loads(call.parameters["policyText"])["Statement"]
    except (ValueError, KeyError, TypeError):
        raise invalid("PolicyText", "Invalid policy provided") from None
    return given if isinstance(given, list) else [given]


@answer("ecr", "PutRegistryPolicy")
def put_registry_policy(call):
    """moto knows the actions of the first scope of registry policies only."""
    for statement in _statements(call):
        actions = statement.get("Action") or []
        actions = [actions] if isinstance(actions, str) else actions
        if not {"Principal", "Effect", "Action", "Resource"} <= set(statement) or not all(
            action.lower().startswith("ecr:") for action in actions
        ):
            raise invalid("PolicyText", "Invalid registry policy provided")
    backend(call).registry_policy = call.parameters["policyText"]
    return {"registryId": call.account, "policyText": call.parameters["policyText"]}


@check("ecr", "PutRegistryScanningConfiguration")
def check_scanning(call):
    """moto crashes without rules, and takes any frequency."""
    body = json.loads(call.body or b"{}")
    call.body = json.dumps({"rules": [], **body}).encode()
    frequencies = {rule["scanFrequency"] for rule in body.get("rules", [])}
    if "CONTINUOUS_SCAN" in frequencies and body.get("scanType", "BASIC") == "BASIC":
        raise invalid("rules", "CONTINUOUS_SCAN is not supported by the scan type BASIC")
