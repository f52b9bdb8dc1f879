# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Repositories of images."""

import json

from ..errors import AwsError
from . import backend, check, correct


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
