# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon EC2 has for CI runners and bastions: instances, their templates, disks and keys."""

import base64

ZONE = "eu-central-1a"
TAG = {"Key": "Name", "Value": "one"}
DISK = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True}}


def _tags(kind):
    return [{"ResourceType": kind, "Tags": [TAG]}]


def _image(ec2):
    return ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]


def _instance(ec2, **wanted):
    answer = ec2.run_instances(ImageId=_image(ec2), InstanceType="t3.micro", MinCount=1, MaxCount=1, **wanted)
    return answer["Instances"][0]["InstanceId"]


def instance(probe):
    ec2 = probe.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone=ZONE)["Subnet"]["SubnetId"]
    groups = [ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc)["GroupId"] for name in "ab"]
    ec2.create_key_pair(KeyName="admin")
    wanted = {"ImageId": _image(ec2), "InstanceType": "t3.micro", "KeyName": "admin", "SubnetId": subnet}
    answer = probe.does(
        ec2.run_instances, **wanted, MinCount=1, MaxCount=1, SecurityGroupIds=groups[:1], UserData="#!/bin/sh",
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2}, BlockDeviceMappings=[DISK],
        TagSpecifications=_tags("instance"),
    )["Instances"][0]  # fmt: skip
    number = answer["InstanceId"]
    read, place = {"InstanceIds": [number]}, "Reservations.0.Instances.0"
    shown = wanted | {"State": {"Code": 16, "Name": "running"}, "Tags": [TAG]}
    shown |= {"SecurityGroups": [{"GroupId": groups[0], "GroupName": "a"}]}
    shown |= {"MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}}
    probe.shows(shown, ec2.describe_instances, place, **read)
    wanted = {"InstanceState": {"Name": "running"}, "SystemStatus": {"Status": "ok"}}
    probe.shows(wanted, ec2.describe_instance_status, "InstanceStatuses.0", **read)
    data = {"Value": base64.b64encode(b"#!/bin/sh").decode()}
    probe.shows(data, ec2.describe_instance_attribute, "UserData", InstanceId=number, Attribute="userData")
    probe.does(ec2.modify_instance_metadata_options, InstanceId=number, HttpTokens="optional", HttpEndpoint="disabled")
    shown = {"HttpTokens": "optional", "HttpEndpoint": "disabled"}
    probe.shows(shown, ec2.describe_instances, f"{place}.MetadataOptions", **read)
    probe.does(ec2.modify_instance_attribute, InstanceId=number, Groups=groups[1:])
    probe.shows({"GroupId": groups[1]}, ec2.describe_instances, f"{place}.SecurityGroups.0", **read)
    probe.does(ec2.monitor_instances, **read)
    probe.shows({"State": "enabled"}, ec2.describe_instances, f"{place}.Monitoring", **read)
    probe.does(ec2.unmonitor_instances, **read)
    probe.shows({"State": "disabled"}, ec2.describe_instances, f"{place}.Monitoring", **read)
    probe.does(ec2.stop_instances, **read)
    probe.shows({"Name": "stopped"}, ec2.describe_instances, f"{place}.State", **read)
    probe.does(ec2.modify_instance_attribute, InstanceId=number, InstanceType={"Value": "t3.small"})
    probe.shows({"InstanceType": "t3.small"}, ec2.describe_instances, place, **read)
    probe.does(ec2.start_instances, **read)
    probe.shows({"Name": "running"}, ec2.describe_instances, f"{place}.State", **read)
    probe.does(ec2.terminate_instances, **read)
    probe.shows({"Name": "terminated"}, ec2.describe_instances, f"{place}.State", **read)


def instance_profile(probe):
    ec2, iam = probe.client("ec2"), probe.client("iam")
    for name in ("one", "two"):
        iam.create_instance_profile(InstanceProfileName=name)
    number = _instance(ec2)
    of_instance = [{"Name": "instance-id", "Values": [number]}]
    read = {"Filters": of_instance}
    answer = probe.does(
        ec2.associate_iam_instance_profile, InstanceId=number, IamInstanceProfile={"Name": "one"}
    )["IamInstanceProfileAssociation"]  # fmt: skip
    one = answer["IamInstanceProfile"]["Arn"]
    shown = {"InstanceId": number, "State": "associated", "IamInstanceProfile": {"Arn": one}}
    associations, place = ec2.describe_iam_instance_profile_associations, "IamInstanceProfileAssociations.0"
    probe.shows(shown, associations, place, **read)
    answer = probe.does(
        ec2.replace_iam_instance_profile_association, AssociationId=answer["AssociationId"],
        IamInstanceProfile={"Name": "two"},
    )["IamInstanceProfileAssociation"]  # fmt: skip
    probe.shows({"IamInstanceProfile": {"Arn": one.replace("one", "two")}}, associations, place, **read)
    probe.does(ec2.disassociate_iam_instance_profile, AssociationId=answer["AssociationId"])
    probe.lacks(associations, path="IamInstanceProfileAssociations", **read)


def launch_template(probe):
    ec2 = probe.client("ec2")
    data = {
        "ImageId": _image(ec2), "InstanceType": "t3.micro", "MetadataOptions": {"HttpTokens": "required"},
        "BlockDeviceMappings": [DISK], "UserData": base64.b64encode(b"#!/bin/sh").decode(),
        "TagSpecifications": _tags("instance"), "Monitoring": {"Enabled": True},
    }  # fmt: skip
    name = {"LaunchTemplateName": "runner"}
    answer = probe.does(
        ec2.create_launch_template, **name, LaunchTemplateData=data, VersionDescription="first",
        TagSpecifications=_tags("launch-template"),
    )  # fmt: skip
    read = {"LaunchTemplateNames": ["runner"]}
    shown = name | {"DefaultVersionNumber": 1, "LatestVersionNumber": 1, "Tags": [TAG]}
    probe.shows(shown, ec2.describe_launch_templates, "LaunchTemplates.0", **read)
    shown = {"VersionNumber": 1, "VersionDescription": "first", "DefaultVersion": True, "LaunchTemplateData": data}
    place = "LaunchTemplateVersions.0"
    probe.shows(shown, ec2.describe_launch_template_versions, place, **name, Versions=["1"])
    change = {"SourceVersion": "1", "LaunchTemplateData": {"InstanceType": "t3.large"}}
    probe.does(ec2.create_launch_template_version, **name, **change)
    shown = {"VersionNumber": 2, "DefaultVersion": False, "LaunchTemplateData": data | {"InstanceType": "t3.large"}}
    probe.shows(shown, ec2.describe_launch_template_versions, place, **name, Versions=["$Latest"])
    probe.does(ec2.modify_launch_template, **name, DefaultVersion="2")
    shown = {"DefaultVersionNumber": 2, "LatestVersionNumber": 2}
    probe.shows(shown, ec2.describe_launch_templates, "LaunchTemplates.0", **read)
    probe.does(ec2.run_instances, LaunchTemplate=name | {"Version": "2"}, MinCount=1, MaxCount=1)
    launched = {"ImageId": data["ImageId"], "Monitoring": {"State": "enabled"}, "State": {"Name": "running"}}
    of_type = [{"Name": "instance-type", "Values": ["t3.large"]}]
    probe.shows(launched, ec2.describe_instances, "Reservations.0.Instances.0", Filters=of_type)
    probe.does(ec2.delete_launch_template_versions, **name, Versions=["1"])
    probe.lacks(
        ec2.describe_launch_template_versions, "InvalidLaunchTemplateId.VersionNotFound", **name, Versions=["1"]
    )
    probe.does(ec2.delete_launch_template, LaunchTemplateId=answer["LaunchTemplate"]["LaunchTemplateId"])
    probe.lacks(ec2.describe_launch_templates, "InvalidLaunchTemplateName.NotFoundException", **read)


def key_pair(probe):
    ec2 = probe.client("ec2")
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINXn4vs0mPzGyWVNqk0VpmDQtAVTpSb6IBoZcrz9NGzV admin"
    answer = probe.does(ec2.import_key_pair, KeyName="theirs", PublicKeyMaterial=key.encode())
    shown = {"KeyName": "theirs", "KeyFingerprint": answer["KeyFingerprint"], "KeyPairId": answer["KeyPairId"]}
    probe.shows(shown, ec2.describe_key_pairs, "KeyPairs.0", KeyNames=["theirs"])
    answer = probe.does(ec2.create_key_pair, KeyName="ours", KeyType="ed25519", TagSpecifications=_tags("key-pair"))
    shown = {"KeyFingerprint": answer["KeyFingerprint"], "KeyType": "ed25519", "Tags": [TAG]}
    probe.shows(shown, ec2.describe_key_pairs, "KeyPairs.0", KeyNames=["ours"])
    probe.does(ec2.delete_key_pair, KeyName="ours")
    probe.lacks(ec2.describe_key_pairs, "InvalidKeyPair.NotFound", KeyNames=["ours"])


def volume(probe):
    ec2 = probe.client("ec2")
    instance = _instance(ec2, Placement={"AvailabilityZone": ZONE})
    wanted = {"AvailabilityZone": ZONE, "Size": 10, "VolumeType": "gp3", "Iops": 3000, "Throughput": 125}
    answer = probe.does(ec2.create_volume, **wanted, Encrypted=True, TagSpecifications=_tags("volume"))
    number = answer["VolumeId"]
    read = {"VolumeIds": [number]}
    shown = wanted | {"State": "available", "Encrypted": True, "Tags": [TAG]}
    probe.shows(shown, ec2.describe_volumes, "Volumes.0", **read)
    probe.does(ec2.modify_volume, VolumeId=number, Size=20, VolumeType="io2", Iops=4000)
    probe.shows({"Size": 20, "VolumeType": "io2", "Iops": 4000}, ec2.describe_volumes, "Volumes.0", **read)
    change = {"TargetSize": 20, "OriginalSize": 10, "ModificationState": "completed"}
    probe.shows(change, ec2.describe_volumes_modifications, "VolumesModifications.0", **read)
    probe.does(ec2.attach_volume, VolumeId=number, InstanceId=instance, Device="/dev/sdf")
    shown = {"InstanceId": instance, "Device": "/dev/sdf", "State": "attached"}
    probe.shows(shown, ec2.describe_volumes, "Volumes.0.Attachments.0", **read)
    probe.does(ec2.detach_volume, VolumeId=number)
    probe.shows({"State": "available", "Attachments": []}, ec2.describe_volumes, "Volumes.0", **read)
    probe.does(ec2.delete_volume, VolumeId=number)
    probe.lacks(ec2.describe_volumes, "InvalidVolume.NotFound", **read)


def snapshot(probe):
    ec2 = probe.client("ec2")
    volume = ec2.create_volume(AvailabilityZone=ZONE, Size=10)["VolumeId"]
    wanted = {"VolumeId": volume, "Description": "before the change"}
    number = probe.does(ec2.create_snapshot, **wanted, TagSpecifications=_tags("snapshot"))["SnapshotId"]
    read = {"SnapshotIds": [number]}
    shown = wanted | {"State": "completed", "VolumeSize": 10, "Tags": [TAG]}
    probe.shows(shown, ec2.describe_snapshots, "Snapshots.0", **read)
    permission = {"Attribute": "createVolumePermission", "SnapshotId": number}
    probe.does(ec2.modify_snapshot_attribute, **permission, OperationType="add", UserIds=["210987654321"])
    shown = [{"UserId": "210987654321"}]
    probe.shows(shown, ec2.describe_snapshot_attribute, "CreateVolumePermissions", **permission)
    copy = {"SourceSnapshotId": number, "SourceRegion": "eu-central-1", "Description": "copy"}
    copied = probe.does(ec2.copy_snapshot, **copy)["SnapshotId"]
    probe.shows({"Description": "copy", "VolumeSize": 10}, ec2.describe_snapshots, "Snapshots.0", SnapshotIds=[copied])
    probe.does(ec2.delete_snapshot, SnapshotId=number)
    probe.lacks(ec2.describe_snapshots, "InvalidSnapshot.NotFound", **read)


def image(probe):
    ec2 = probe.client("ec2")
    instance = _instance(ec2)
    number = probe.does(ec2.create_image, InstanceId=instance, Name="runner", Description="d")["ImageId"]
    shown = {"Name": "runner", "Description": "d", "State": "available"}
    probe.shows(shown, ec2.describe_images, "Images.0", ImageIds=[number])
    change = {"OperationType": "add", "UserIds": ["210987654321"]}
    probe.does(ec2.modify_image_attribute, ImageId=number, Attribute="launchPermission", **change)
    shown, permission = [{"UserId": "210987654321"}], {"ImageId": number, "Attribute": "launchPermission"}
    probe.shows(shown, ec2.describe_image_attribute, "LaunchPermissions", **permission)
    copied = probe.does(ec2.copy_image, Name="copy", SourceImageId=number, SourceRegion="eu-central-1")["ImageId"]
    probe.shows({"Name": "copy"}, ec2.describe_images, "Images.0", ImageIds=[copied])
    probe.does(ec2.deregister_image, ImageId=number)
    probe.lacks(ec2.describe_images, "InvalidAMIID.NotFound", ImageIds=[number])


def instance_types(probe):
    ec2 = probe.client("ec2")
    wanted = {"InstanceType": "t3.micro", "VCpuInfo": {"DefaultVCpus": 2}, "MemoryInfo": {"SizeInMiB": 1024}}
    probe.shows(wanted, ec2.describe_instance_types, "InstanceTypes.0", InstanceTypes=["t3.micro"])
    of_type = [{"Name": "instance-type", "Values": ["t3.micro"]}]
    wanted = {"InstanceType": "t3.micro", "Location": "eu-central-1"}
    probe.shows(wanted, ec2.describe_instance_type_offerings, "InstanceTypeOfferings.0", Filters=of_type)


def encryption_by_default(probe):
    ec2 = probe.client("ec2")
    name = "EbsEncryptionByDefault"
    probe.does(ec2.enable_ebs_encryption_by_default)
    assert probe.shows(True, ec2.get_ebs_encryption_by_default, name) is True
    probe.does(ec2.disable_ebs_encryption_by_default)
    probe.lacks(ec2.get_ebs_encryption_by_default, path=name)
    key = probe.client("kms").create_key()["KeyMetadata"]["Arn"]
    probe.does(ec2.modify_ebs_default_kms_key_id, KmsKeyId=key)
    probe.shows(key, ec2.get_ebs_default_kms_key_id, "KmsKeyId")
    probe.does(ec2.reset_ebs_default_kms_key_id)
    probe.shows("alias/aws/ebs", ec2.get_ebs_default_kms_key_id, "KmsKeyId")
