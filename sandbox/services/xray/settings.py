# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a region: encryption, who may send traces, and where their segments go."""

import json
import time

from ... import delays
from ...errors import AwsError
from .. import answer, backend
from .shared import invalid, kept, listed

# https://docs.aws.amazon.com/xray/latest/api/API_PutResourcePolicy.html
MOST_POLICIES, MOST_BYTES = 5, 5 * 1024


@answer("xray", "PutEncryptionConfig")
def put_encryption(call):
    """Another key takes a while to apply."""
    kind, key = call.parameters["Type"], call.parameters.get("KeyId")
    if (kind == "KMS") != bool(key):
        raise invalid("A KeyId is what the type KMS needs, and no other has.")
    if key:
        key = _key_arn(call, key)
    kept(call, "encryption").update(Type=kind, KeyId=key, ready=delays.ready_at("xray-encryption-update"))
    return {"EncryptionConfig": _encryption(call)}


def _key_arn(call, name):
    keys = backend(call, "kms")
    try:
        return keys.keys[keys.get_key_id(keys.any_id_to_key_id(name))].arn
    except Exception as error:  # moto raises one of several for an alias that is not there
        if name == "alias/aws/xray":
            return f"arn:aws:kms:{call.region}:{call.account}:alias/aws/xray"
        raise invalid(f"The key {name} does not exist.") from error


@answer("xray", "GetEncryptionConfig")
def get_encryption(call):
    """AWS's own encryption, unless told otherwise."""
    return {"EncryptionConfig": _encryption(call)}


def _encryption(call):
    found = kept(call, "encryption")
    status = "ACTIVE" if not found or delays.is_past(found["ready"]) else "UPDATING"
    view = {"Type": found.get("Type", "NONE"), "Status": status}
    return {**view, "KeyId": found["KeyId"]} if found.get("KeyId") else view


# --- resource policies ---------------------------------------------------------------------------------------------


@answer("xray", "PutResourcePolicy")
def put_policy(call):
    """A policy of a new name, or a new revision of one."""
    policies, parameters = kept(call, "policies"), call.parameters
    name, document = parameters["PolicyName"], parameters["PolicyDocument"]
    if len(document.encode()) > MOST_BYTES:
        raise AwsError("PolicySizeLimitExceededException", "A resource policy has at most 5 KB.", 400)
    _check_document(document)
    if name not in policies and len(policies) >= MOST_POLICIES:
        raise AwsError("PolicyCountLimitExceededException", "There are at most 5 resource policies.", 400)
    revision = _revision(call, policies.get(name))
    view = {"PolicyName": name, "PolicyDocument": document, "PolicyRevisionId": str(revision + 1)}
    policies[name] = {**view, "LastUpdatedTime": time.time()}
    return {"ResourcePolicy": policies[name]}


def _check_document(document):
    try:
        statements = json.loads(document)["Statement"]
        statements = [statements] if isinstance(statements, dict) else statements
        sound = all({"Effect", "Principal", "Action", "Resource"} <= set(statement) for statement in statements)
    except (ValueError, TypeError, KeyError):
        sound = False
    if not sound:
        raise AwsError("MalformedPolicyDocumentException", "The policy document is malformed.", 400)


def _revision(call, policy):
    """The number of the policy as it is; refuses a caller who knows another one. 0 is for what must not be there yet."""
    revision, known = int(policy["PolicyRevisionId"]) if policy else 0, call.parameters.get("PolicyRevisionId")
    if known is not None and known != str(revision):
        raise AwsError("InvalidPolicyRevisionIdException", "The policy has another revision.", 400)
    return revision


@answer("xray", "ListResourcePolicies")
def list_policies(call):
    """All of them."""
    return listed(call, "ResourcePolicies", list(kept(call, "policies").values()))


@answer("xray", "DeleteResourcePolicy")
def delete_policy(call):
    """One of them."""
    policies, name = kept(call, "policies"), call.parameters["PolicyName"]
    if name not in policies:
        raise invalid(f"Policy {name} does not exist.")
    _revision(call, policies[name])
    del policies[name]
    return {}


# --- where segments go ---------------------------------------------------------------------------------------------


@answer("xray", "UpdateTraceSegmentDestination")
def update_destination(call):
    """CloudWatch Logs, once X-Ray may write there."""
    wanted = call.parameters.get("Destination") or "XRay"
    found = kept(call, "destination")
    if wanted == "CloudWatchLogs" and not _may_write_spans(call):
        raise invalid("XRay does not have permission to call PutLogEvents on the aws/spans Log Group")
    found.update(Destination=wanted, ready=delays.ready_at("xray-destination-update"))
    return _destination(call)


@answer("xray", "GetTraceSegmentDestination")
def get_destination(call):
    """X-Ray, unless told otherwise."""
    return _destination(call)


def _destination(call):
    found = kept(call, "destination")
    status = "ACTIVE" if not found or delays.is_past(found["ready"]) else "PENDING"
    return {"Destination": found.get("Destination", "XRay"), "Status": status}


def _may_write_spans(call):
    documents = [policy.policy_document for policy in backend(call, "logs").resource_policies.values()]
    return any("xray.amazonaws.com" in document and "aws/spans" in document for document in documents)
