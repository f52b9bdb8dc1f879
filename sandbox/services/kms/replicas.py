# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Multi-Region keys: replicas are keys of their own, with the same material. Keys that are deleted in the end."""

import copy

from moto.backends import get_backend

from ... import delays
from ...errors import AwsError
from .. import after, answer, backend, before, check, correct
from .shared import key_of

DAY = 86400


@check("kms", "ReplicateKey")
def check_replica(call):
    """A primary key is replicated once to each region."""
    key, region = key_of(call), call.parameters["ReplicaRegion"]
    if key is None:
        return
    if not key.multi_region or not _is_primary(key):
        raise AwsError("UnsupportedOperationException", f"{key.arn} is not a multi-Region primary key.")
    if region in _regions(key):
        raise AwsError("AlreadyExistsException", f"{key.arn} has a key in {region}.")


@correct("kms", "ReplicateKey")
def part_replica(call, parsed):
    """moto shares grants and aliases among the keys, and forgets what the replica was given."""
    replica = get_backend("kms")[call.account][call.parameters["ReplicaRegion"]].keys[key_of(call).id]
    replica.grants, replica.aliases, replica.rotations = {}, {}, []
    replica.description = call.parameters.get("Description") or ""
    replica.policy = call.parameters.get("Policy") or replica.generate_default_policy()
    replica.sandbox_ready_at = delays.ready_at("key-replicate")
    replica.multi_region_configuration = {**replica.multi_region_configuration, "MultiRegionKeyType": "REPLICA"}
    _state(call, replica).tagger.tag_resource(replica.id, call.parameters.get("Tags") or [])
    shown = replica.to_dict()["KeyMetadata"]
    shown["KeyState"] = "Enabled" if delays.is_past(replica.sandbox_ready_at) else "Creating"
    parsed.update(ReplicaKeyMetadata=shown, ReplicaPolicy=replica.policy, ReplicaTags=call.parameters.get("Tags") or [])
    _set_relations(call.account, key_of(call))


@answer("kms", "UpdatePrimaryRegion")
def move_primary(call):
    """A replica becomes the primary key, and the other way round."""
    key, region = key_of(call), call.parameters["PrimaryRegion"]
    if key is None:
        raise AwsError("NotFoundException", f"Key {call.parameters['KeyId']} does not exist")
    if not key.multi_region or region not in _regions(key):
        raise AwsError("UnsupportedOperationException", f"{key.arn} has no replica in {region}.")
    _set_relations(call.account, key, region)
    return {}


def _is_primary(key):
    return key.multi_region_configuration["PrimaryKey"]["Region"] == key.region


def _regions(key):
    """{region: ARN} of a multi-Region key and its replicas."""
    config = key.multi_region_configuration
    return {one["Region"]: one["Arn"] for one in (config["PrimaryKey"], *config["ReplicaKeys"])}


def _state(call, key):
    return get_backend("kms")[call.account][key.region]


def _set_relations(account, key, primary=None):
    """Tell every one of the related keys which is the primary one."""
    regions = _regions(key)
    primary = primary or key.multi_region_configuration["PrimaryKey"]["Region"]
    shown = [{"Arn": arn, "Region": region} for region, arn in regions.items()]
    config = {
        "PrimaryKey": next(one for one in shown if one["Region"] == primary),
        "ReplicaKeys": [one for one in shown if one["Region"] != primary],
    }
    for region in regions:
        related = get_backend("kms")[account][region].keys.get(key.id)
        if related is not None:
            kind = "PRIMARY" if region == primary else "REPLICA"
            related.multi_region_configuration = {"MultiRegionKeyType": kind, **copy.deepcopy(config)}


@before("kms")
def settle(call):
    """Delete what has waited long enough, and enable what has been replicated."""
    state = backend(call)
    for key in list(state.keys.values()):
        deleted_at = getattr(key, "sandbox_deleted_at", None)
        if key.key_state == "PendingReplicaDeletion" and len(_living(call.account, key)) == 1:
            key.key_state, key.sandbox_deleted_at = "PendingDeletion", delays.now() + key.sandbox_window
        elif key.key_state == "PendingDeletion" and deleted_at is not None and delays.is_past(deleted_at):
            _forget(call.account, key)
            state.delete_key(key.id)


def _living(account, key):
    return [region for region in _regions(key) if key.id in get_backend("kms")[account][region].keys]


def _forget(account, key):
    for region in _regions(key) if key.multi_region else ():
        related = get_backend("kms")[account][region].keys.get(key.id)
        if related is not None:
            replicas = related.multi_region_configuration["ReplicaKeys"]
            replicas[:] = [one for one in replicas if one["Region"] != key.region]


@after("kms", "ScheduleKeyDeletion")
def start_window(call):
    """The window begins; for a primary key, once its replicas are gone."""
    key = key_of(call)
    key.sandbox_window = (call.parameters.get("PendingWindowInDays") or 30) * DAY
    if key.multi_region and _is_primary(key) and len(_living(call.account, key)) > 1:
        key.key_state, key.deletion_date = "PendingReplicaDeletion", None
    else:
        key.sandbox_deleted_at = delays.now() + key.sandbox_window


@after("kms", "CancelKeyDeletion")
def stop_window(call):
    """A key that is taken back is not deleted."""
    key_of(call).sandbox_deleted_at = None


@correct("kms", "DescribeKey")
def show_creating(call, parsed):
    """A replica takes a moment."""
    key = key_of(call)
    if key is None or delays.is_past(getattr(key, "sandbox_ready_at", 0)):
        return False
    parsed["KeyMetadata"].update(KeyState="Creating", Enabled=False)
    return True
