# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replicas of secrets in other regions."""

import copy

from moto.backends import get_backend

from ...errors import AwsError
from .. import answer, backend, check, correct
from .shared import secret_of


@check("secretsmanager", "CreateSecret", "ReplicateSecretToRegions")
def check_regions(call):
    """A region has a secret once; moto would list it twice."""
    regions = [one["Region"] for one in call.parameters.get("AddReplicaRegions") or []]
    secret = secret_of(call) if "SecretId" in call.parameters else None
    known = [one.region for one in getattr(secret, "replicas", ())]
    if len(set(regions)) < len(regions) or set(regions) & set(known):
        raise AwsError("InvalidParameterException", "Duplicate regions in replica list.")


@check("secretsmanager", "RemoveRegionsFromReplication")
def check_removal(call):
    """What is removed has been added."""
    secret = secret_of(call)
    known = {one.region for one in getattr(secret, "replicas", ())}
    unknown = set(call.parameters["RemoveReplicaRegions"]) - known
    if secret is not None and unknown:
        message = f"Secret has no replica in {', '.join(sorted(unknown))}."
        raise AwsError("InvalidParameterException", message)


@correct("secretsmanager", "ReplicateSecretToRegions", "RemoveRegionsFromReplication")
def answer_arn(call, parsed):
    """moto repeats what the secret was called in the request."""
    parsed["ARN"] = secret_of(call).arn


@correct("secretsmanager", "CreateSecret", "ReplicateSecretToRegions")
def keep_keys(call, parsed):
    """moto forgets the key of a replica."""
    keys = {
        one["Region"]: one["KmsKeyId"] for one in call.parameters.get("AddReplicaRegions") or [] if one.get("KmsKeyId")
    }
    if not keys:
        return False
    secret = backend(call).secrets.get(call.parameters.get("SecretId") or call.parameters["Name"])
    for replica in secret.replicas:
        if replica.region in keys:
            replica.config["KmsKeyId"] = keys[replica.region]
    parsed["ReplicationStatus"] = [replica.config for replica in secret.replicas]
    return True


@answer("secretsmanager", "StopReplicationToReplica")
def promote(call):
    """A replica becomes a secret of its own; moto does not have it."""
    replica = secret_of(call)
    if replica is None:
        raise AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    if not hasattr(replica, "source"):
        raise AwsError("InvalidRequestException", "The secret is not a replica.")
    source = replica.source
    source.replicas.remove(replica)
    secret = copy.copy(source)
    secret.arn, secret.region, secret.replicas = replica.arn, call.region, []
    secret.versions, secret.tags = copy.deepcopy(source.versions), copy.deepcopy(source.tags)
    state = get_backend("secretsmanager")[call.account][call.region]
    dict.pop(state.secrets, replica.arn)
    state.secrets[secret.name] = secret
    return {"ARN": secret.arn}
