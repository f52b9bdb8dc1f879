# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon EC2 refuses of security groups, instances, their templates, disks and keys."""

from tests.unit.sandbox.rule import Rule

SERVICE = "ec2"
API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference"
CODES = f"{API}/errors-overview.html"
GUIDE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide"
EBS = "https://docs.aws.amazon.com/ebs/latest/userguide"
GROUPS = "https://docs.aws.amazon.com/vpc/latest/userguide/security-groups.html"
ZONES = ("eu-central-1a", "eu-central-1b")
LAUNCH = {"ImageId": "ami-0123456789abcdef0", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
HTTPS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


def _group(world, name="g", vpc=None):
    vpc = vpc or world.vpc()
    return world.ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc)["GroupId"]


def _open_group(world):
    group = _group(world)
    world.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=_from("10.0.0.0/8"))
    return group


def _from(block):
    return [HTTPS | {"IpRanges": [{"CidrIp": block}]}]


def _changed(**permission):
    return lambda world: {"GroupId": world.given, "IpPermissions": [HTTPS | permission]}


def _two_groups(world):
    vpc = world.vpc()
    one, other = _group(world, "one", vpc), _group(world, "other", vpc)
    pairs = [{"GroupId": one}]
    world.ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[HTTPS | {"UserIdGroupPairs": pairs}])
    return one, other


def _default_group(world):
    groups = world.ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["default"]}])
    return groups["SecurityGroups"][0]["GroupId"], _group(world)


def _networks(world):
    subnet = world.subnets()[0]
    vpc = world.ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    return subnet, _group(world, "here", vpc), _group(world, "elsewhere", world.vpc("10.7.0.0/16"))


def _launched(world, **more):
    return world.ec2.run_instances(**LAUNCH | more)["Instances"][0]["InstanceId"]


def _protected(world):
    return _launched(world, DisableApiTermination=True), _launched(world)


def _stopped(world):
    world.ec2.stop_instances(InstanceIds=[world.given])
    return {"InstanceId": world.given, "InstanceType": {"Value": "t3.small"}}


def _terminated(world):
    gone, alive = _launched(world), _launched(world)
    world.ec2.terminate_instances(InstanceIds=[gone])
    return gone, alive


def _template(world):
    data = {"ImageId": LAUNCH["ImageId"], "InstanceType": "t3.micro"}
    world.ec2.create_launch_template(LaunchTemplateName="runner", LaunchTemplateData=data)


def _named(**more):
    return {"LaunchTemplateName": "runner", **more}


def _volume(world, zone=ZONES[0], **more):
    return world.ec2.create_volume(AvailabilityZone=zone, Size=10, **more)["VolumeId"]


def _disks(world):
    instance = _launched(world, Placement={"AvailabilityZone": ZONES[0]})
    used, free, far = _volume(world), _volume(world), _volume(world, ZONES[1])
    world.ec2.attach_volume(VolumeId=used, InstanceId=instance, Device="/dev/sdf")
    return {"instance": instance, "used": used, "free": free, "far": far}


def _attach(volume, device="/dev/sdg"):
    return lambda world: {"VolumeId": world.given[volume], "InstanceId": world.given["instance"], "Device": device}


def _of(place, member, listed=False):
    """One parameter, from a place of ``given``."""
    return lambda world: {member: [world.given[place]] if listed else world.given[place]}


def _image(world):
    image = world.ec2.create_image(InstanceId=_launched(world), Name="runner")["ImageId"]
    mapping = world.ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"]
    free = world.ec2.create_snapshot(VolumeId=_volume(world))["SnapshotId"]
    return {"used": mapping[0]["Ebs"]["SnapshotId"], "free": free}


RULES = [
    Rule("a security group's name is taken", CODES, "create_security_group", "InvalidGroup.Duplicate",
         given=lambda world: (world.vpc(), _group(world, vpc=world.ec2.describe_vpcs()["Vpcs"][-1]["VpcId"])),
         refused=lambda world: {"GroupName": "g", "Description": "d", "VpcId": world.given[0]},
         accepted=lambda world: {"GroupName": "h", "Description": "d", "VpcId": world.given[0]}),
    Rule("a security group's name does not begin with sg-", f"{API}/API_CreateSecurityGroup.html",
         "create_security_group", "InvalidParameterValue", given=lambda world: world.vpc(),
         refused=lambda world: {"GroupName": "sg-web", "Description": "d", "VpcId": world.given},
         accepted=lambda world: {"GroupName": "web-sg-", "Description": "d", "VpcId": world.given}),
    Rule("a security group's description has AWS's characters", f"{API}/API_CreateSecurityGroup.html",
         "create_security_group", "InvalidParameterValue", given=lambda world: world.vpc(),
         refused=lambda world: {"GroupName": "web", "Description": "für alle", "VpcId": world.given},
         accepted=lambda world: {"GroupName": "web", "Description": "fuer alle", "VpcId": world.given}),
    Rule("a security group's rule is there once", CODES, "authorize_security_group_ingress", "InvalidPermission.Duplicate",
         given=_open_group, refused=lambda world: {"GroupId": world.given, "IpPermissions": _from("10.0.0.0/8")},
         accepted=lambda world: {"GroupId": world.given, "IpPermissions": _from("11.0.0.0/8")}),
    Rule("a security group's rule names a group that exists", CODES, "authorize_security_group_ingress",
         "InvalidGroup.NotFound", given=_open_group,
         refused=_changed(UserIdGroupPairs=[{"GroupId": "sg-0123456789abcdef0"}]),
         accepted=lambda world: _changed(UserIdGroupPairs=[{"GroupId": world.given}])(world)),
    Rule("a security group's rule names a sound range", f"{API}/API_AuthorizeSecurityGroupIngress.html",
         "authorize_security_group_ingress", "InvalidParameterValue", given=_open_group,
         refused=_changed(IpRanges=[{"CidrIp": "10.0.0.0/33"}]), accepted=_changed(IpRanges=[{"CidrIp": "10.0.0.0/32"}])),
    Rule("a security group's rule goes from a port up", CODES, "authorize_security_group_ingress",
         "InvalidParameterValue", given=_open_group,
         refused=_changed(ToPort=442, IpRanges=[{"CidrIp": "10.0.0.0/8"}]),
         accepted=_changed(ToPort=444, IpRanges=[{"CidrIp": "10.0.0.0/8"}])),
    Rule("a security group's rule with ports names both", f"{API}/API_IpPermission.html",
         "authorize_security_group_ingress", "InvalidParameterValue", given=_open_group,
         refused=lambda world: {"GroupId": world.given, "IpPermissions": [
             {"IpProtocol": "tcp", "FromPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]},
         accepted=lambda world: {"GroupId": world.given, "IpPermissions": [
             {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}),
    Rule("a rule's description has AWS's characters", f"{API}/API_IpRange.html", "authorize_security_group_ingress",
         "InvalidParameterValue", given=_open_group,
         refused=_changed(IpRanges=[{"CidrIp": "11.0.0.0/8", "Description": "the team's"}]),
         accepted=_changed(IpRanges=[{"CidrIp": "11.0.0.0/8", "Description": "of the team"}])),
    Rule("a rule that is not there is not revoked", CODES, "revoke_security_group_ingress", "InvalidPermission.NotFound",
         given=_open_group, refused=lambda world: {"GroupId": world.given, "IpPermissions": _from("11.0.0.0/8")},
         accepted=lambda world: {"GroupId": world.given, "IpPermissions": _from("10.0.0.0/8")}),
    Rule("a security group stays while another one's rule names it", GROUPS, "delete_security_group",
         "DependencyViolation", given=_two_groups, refused=_of(0, "GroupId"), accepted=_of(1, "GroupId")),
    Rule("the default security group stays", GROUPS, "delete_security_group", "CannotDelete", given=_default_group,
         refused=_of(0, "GroupId"), accepted=_of(1, "GroupId")),
    Rule("an interface has groups of its VPC", CODES, "create_network_interface", "InvalidParameter", given=_networks,
         refused=lambda world: {"SubnetId": world.given[0], "Groups": [world.given[2]]},
         accepted=lambda world: {"SubnetId": world.given[0], "Groups": [world.given[1]]}),
    Rule("an instance has groups of its VPC", CODES, "run_instances", "InvalidParameter", given=_networks,
         refused=lambda world: LAUNCH | {"SubnetId": world.given[0], "SecurityGroupIds": [world.given[2]]},
         accepted=lambda world: LAUNCH | {"SubnetId": world.given[0], "SecurityGroupIds": [world.given[1]]}),
    Rule("an instance has a key that exists", CODES, "run_instances", "InvalidKeyPair.NotFound",
         given=lambda world: world.ec2.create_key_pair(KeyName="admin"), refused=LAUNCH | {"KeyName": "none"},
         accepted=LAUNCH | {"KeyName": "admin"}),
    Rule("an instance has an image", f"{API}/API_RunInstances.html", "run_instances", "MissingParameter",
         refused={"InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}, accepted=LAUNCH),
    Rule("an image's id has AWS's form", CODES, "run_instances", "InvalidAMIID.Malformed",
         refused=LAUNCH | {"ImageId": "ubuntu"}, accepted=LAUNCH),
    Rule("the least number of instances is not above the most", f"{API}/API_RunInstances.html", "run_instances",
         "InvalidParameterValue", refused=LAUNCH | {"MinCount": 2}, accepted=LAUNCH | {"MaxCount": 2}),
    Rule("an instance has a subnet that exists", CODES, "run_instances", "InvalidSubnetID.NotFound", given=_networks,
         refused=LAUNCH | {"SubnetId": "subnet-0123456789abcdef0"},
         accepted=lambda world: LAUNCH | {"SubnetId": world.given[0]}),
    Rule("a protected instance is not terminated", f"{GUIDE}/Using_ChangingDisableAPITermination.html",
         "terminate_instances", "OperationNotPermitted", given=_protected, refused=_of(0, "InstanceIds", True),
         accepted=_of(1, "InstanceIds", True)),
    Rule("an instance changes its type while it is stopped", f"{GUIDE}/ec2-instance-resize.html",
         "modify_instance_attribute", "IncorrectInstanceState", given=_launched,
         refused=lambda world: {"InstanceId": world.given, "InstanceType": {"Value": "t3.small"}}, accepted=_stopped),
    Rule("a terminated instance does not start", f"{GUIDE}/ec2-instance-lifecycle.html", "start_instances",
         "IncorrectInstanceState", given=_terminated, refused=_of(0, "InstanceIds", True),
         accepted=_of(1, "InstanceIds", True)),
    Rule("a launch template's name is taken", CODES, "create_launch_template",
         "InvalidLaunchTemplateName.AlreadyExistsException", given=_template,
         refused=_named(LaunchTemplateData={"InstanceType": "t3.micro"}),
         accepted={"LaunchTemplateName": "other", "LaunchTemplateData": {"InstanceType": "t3.micro"}}),
    Rule("a launch template's name has AWS's characters", CODES, "create_launch_template",
         "InvalidLaunchTemplateName.MalformedException",
         refused={"LaunchTemplateName": "CI runner", "LaunchTemplateData": {"InstanceType": "t3.micro"}},
         accepted={"LaunchTemplateName": "CI_runner", "LaunchTemplateData": {"InstanceType": "t3.micro"}}),
    Rule("a launch template's version builds on one that exists", CODES, "create_launch_template_version",
         "InvalidLaunchTemplateId.VersionNotFound", given=_template,
         refused=_named(SourceVersion="2", LaunchTemplateData={"InstanceType": "t3.small"}),
         accepted=_named(SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.small"})),
    Rule("a launch template's default version exists", CODES, "modify_launch_template",
         "InvalidLaunchTemplateId.VersionNotFound", given=_template, refused=_named(DefaultVersion="2"),
         accepted=_named(DefaultVersion="1")),
    Rule("an instance has a launch template that exists", CODES, "run_instances",
         "InvalidLaunchTemplateName.NotFoundException", given=_template,
         refused={"LaunchTemplate": {"LaunchTemplateName": "none"}, "MinCount": 1, "MaxCount": 1},
         accepted={"LaunchTemplate": _named(), "MinCount": 1, "MaxCount": 1}),
    Rule("a key's name is taken", CODES, "create_key_pair", "InvalidKeyPair.Duplicate",
         given=lambda world: world.ec2.create_key_pair(KeyName="admin"), refused={"KeyName": "admin"},
         accepted={"KeyName": "bastion"}),
    Rule("a volume is attached once", f"{EBS}/ebs-attaching-volume.html", "attach_volume", "VolumeInUse", given=_disks,
         refused=_attach("used"), accepted=_attach("free")),
    Rule("a volume is attached in its zone", f"{EBS}/ebs-attaching-volume.html", "attach_volume",
         "InvalidVolume.ZoneMismatch", given=_disks, refused=_attach("far"), accepted=_attach("free")),
    Rule("a device holds one volume", f"{API}/API_AttachVolume.html", "attach_volume", "InvalidParameterValue",
         given=_disks, refused=_attach("free", "/dev/sdf"), accepted=_attach("free")),
    Rule("an attached volume stays", f"{EBS}/ebs-deleting-volume.html", "delete_volume", "VolumeInUse", given=_disks,
         refused=_of("used", "VolumeId"), accepted=_of("free", "VolumeId")),
    Rule("a volume that is not attached is not detached", CODES, "detach_volume", "IncorrectState", given=_disks,
         refused=_of("free", "VolumeId"), accepted=_of("used", "VolumeId")),
    Rule("a volume does not shrink", f"{EBS}/modify-volume-requirements.html", "modify_volume", "InvalidParameterValue",
         given=_disks, refused=lambda world: {"VolumeId": world.given["free"], "Size": 9},
         accepted=lambda world: {"VolumeId": world.given["free"], "Size": 11}),
    Rule("a gp2 volume does not say how fast it is", f"{API}/API_CreateVolume.html", "create_volume",
         "InvalidParameterCombination",
         refused={"AvailabilityZone": ZONES[0], "Size": 10, "VolumeType": "gp2", "Iops": 3000},
         accepted={"AvailabilityZone": ZONES[0], "Size": 10, "VolumeType": "gp3", "Iops": 3000}),
    Rule("a snapshot stays while an image needs it", f"{EBS}/ebs-deleting-snapshot.html", "delete_snapshot",
         "InvalidSnapshot.InUse", given=_image, refused=_of("used", "SnapshotId"), accepted=_of("free", "SnapshotId")),
]  # fmt: skip
