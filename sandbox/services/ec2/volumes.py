# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes and snapshots: where they may be attached, how they change, and who needs them."""

from ... import delays
from ...errors import AwsError
from .. import after, answer, backend, check, correct

USUAL_KEY = "alias/aws/ebs"
NEED_IOPS, HAVE_IOPS = ("io1", "io2"), ("io1", "io2", "gp3")


@check("ec2", "CreateVolume")
def check_performance(call):
    """moto refuses the same, with a code that AWS has for other parameters."""
    kind, wanted = call.parameters.get("VolumeType") or "gp2", call.parameters.get("Iops")
    if wanted and kind not in HAVE_IOPS:
        raise AwsError("InvalidParameterCombination", f"The parameter iops is not supported for {kind} volumes.", 400)
    if kind in NEED_IOPS and not wanted:
        raise AwsError("InvalidParameterCombination", f"The parameter iops must be specified for {kind} volumes.", 400)


@correct("ec2", "CreateVolume")
def start_volume(call, parsed):
    """A new volume is creating; where encryption is the default it is encrypted."""
    volume = backend(call).volumes[parsed["VolumeId"]]
    volume.sandbox_ready_at = delays.ready_at("volume-create")
    if backend(call).get_ebs_encryption_by_default():
        volume.encrypted = True
        parsed["Encrypted"] = True
    parsed["State"] = "creating"


@correct("ec2", "DescribeVolumes")
def show_states(call, parsed):
    """moto's are there at once."""
    for view in parsed["Volumes"]:
        moment = getattr(backend(call).volumes[view["VolumeId"]], "sandbox_ready_at", None)
        if moment is not None and not delays.is_past(moment):
            view["State"] = "creating"


@check("ec2", "AttachVolume")
def check_attachment(call):
    """A free volume and a free device, in one zone."""
    state, parameters = backend(call), call.parameters
    volume, instance = state.get_volume(parameters["VolumeId"]), state.get_instance(parameters["InstanceId"])
    if volume.attachment:
        raise AwsError("VolumeInUse", f"{volume.id} is already attached to an instance", 400)
    if volume.zone.name != instance.placement.zone:
        message = f"The volume '{volume.id}' is not in the same availability zone as instance '{instance.id}'"
        raise AwsError("InvalidVolume.ZoneMismatch", message, 400)
    if parameters["Device"] in instance.block_device_mapping:
        message = f"Invalid value '{parameters['Device']}' for unixDevice. Attachment point is already in use"
        raise AwsError("InvalidParameterValue", message, 400)
    if instance.state not in ("running", "stopped"):
        raise AwsError("IncorrectState", f"Instance '{instance.id}' is not 'running'.", 400)


@answer("ec2", "DetachVolume")
def detach(call):
    """moto crashes unless the instance is named, which AWS knows."""
    volume = backend(call).get_volume(call.parameters["VolumeId"])
    attachment = volume.attachment
    if attachment is None:
        raise AwsError("IncorrectState", f"Volume '{volume.id}' is in the 'available' state.", 400)
    instance, device = attachment.instance, call.parameters.get("Device") or attachment.device
    if call.parameters.get("InstanceId") not in (None, instance.id) or device != attachment.device:
        message = f"The volume '{volume.id}' is not attached to the instance as device '{device}'"
        raise AwsError("InvalidAttachment.NotFound", message, 400)
    backend(call).detach_volume(volume.id, instance.id, device)
    return {
        "VolumeId": volume.id, "InstanceId": instance.id, "Device": device, "State": "detaching",
        "AttachTime": attachment.attach_time, "DeleteOnTermination": False,
    }  # fmt: skip


@check("ec2", "ModifyVolume")
def check_change(call):
    """A volume only grows, and one change at a time."""
    volume, size = backend(call).get_volume(call.parameters["VolumeId"]), call.parameters.get("Size")
    if size is not None and int(size) < volume.size:
        message = f"New size cannot be smaller than existing size: {volume.size}"
        raise AwsError("InvalidParameterValue", message, 400)
    if volume.modifications and not _is_done(volume.modifications[-1]):
        message = f"Cannot modify volume {volume.id}: it is being modified"
        raise AwsError("IncorrectModificationState", message, 400)


def _is_done(change):
    return delays.is_past(change.sandbox_ready_at)


@after("ec2", "ModifyVolume")
def start_change(call):
    """A change goes on while the volume is used."""
    volume = backend(call).get_volume(call.parameters["VolumeId"])
    volume.modifications[-1].sandbox_ready_at = delays.ready_at("volume-modify")


@correct("ec2", "DescribeVolumesModifications")
def show_changes(call, parsed):
    """moto's are done at once."""
    for view in parsed["VolumesModifications"]:
        change = backend(call).volumes[view["VolumeId"]].modifications[-1]
        if not _is_done(change):
            view.update(ModificationState="modifying", Progress=0)
            view.pop("EndTime", None)


@correct("ec2", "CreateSnapshot")
def start_snapshot(call, parsed):
    """A new snapshot is pending."""
    snapshot = backend(call).snapshots[parsed["SnapshotId"]]
    snapshot.sandbox_ready_at = delays.ready_at("ebs-snapshot-create")


@correct("ec2", "DescribeSnapshots")
def show_snapshots(call, parsed):
    """moto's are complete at once."""
    for view in parsed["Snapshots"]:
        moment = getattr(backend(call).snapshots[view["SnapshotId"]], "sandbox_ready_at", None)
        if moment is not None and not delays.is_past(moment):
            view.update(State="pending", Progress="0%")


# --- the key of the region -----------------------------------------------------------------------------------------


@answer("ec2", "GetEbsDefaultKmsKeyId")
def get_key(call):
    """The one of AWS's, until another is named."""
    return {"KmsKeyId": getattr(backend(call), "sandbox_ebs_key", USUAL_KEY)}


@answer("ec2", "ModifyEbsDefaultKmsKeyId", "ResetEbsDefaultKmsKeyId")
def set_key(call):
    """Another one, or AWS's again."""
    state = backend(call)
    state.sandbox_ebs_key = call.parameters.get("KmsKeyId", USUAL_KEY)
    return {"KmsKeyId": state.sandbox_ebs_key}
