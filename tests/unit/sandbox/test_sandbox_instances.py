# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2's instances and volumes, and groups of instances: what takes time, and what goes wrong on the way."""

import pytest
from botocore.exceptions import ClientError

LAUNCH = {"ImageId": "ami-0123456789abcdef0", "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
NAME = {"AutoScalingGroupName": "runners"}


@pytest.fixture
def slowly(sandbox):
    """Everything takes as long as on AWS, and time passes when the test says so."""
    sandbox.delays(scale=1)


@pytest.fixture
def runners(sandbox, ec2, subnet):
    """Auto Scaling with a group of one instance."""
    data = {name: LAUNCH[name] for name in ("ImageId", "InstanceType")}
    ec2.create_launch_template(LaunchTemplateName="runner", LaunchTemplateData=data)
    template = {"LaunchTemplateName": "runner", "Version": "$Latest"}
    autoscaling = sandbox.client("autoscaling")
    autoscaling.create_auto_scaling_group(
        **NAME, MinSize=0, MaxSize=2, DesiredCapacity=1, VPCZoneIdentifier=subnet, LaunchTemplate=template
    )
    return autoscaling


def state_of(ec2, number):
    """The state of an instance."""
    return ec2.describe_instances(InstanceIds=[number])["Reservations"][0]["Instances"][0]["State"]["Name"]


def test_an_instance_takes_its_time(sandbox, ec2, subnet, slowly):
    instance = ec2.run_instances(**LAUNCH, SubnetId=subnet)["Instances"][0]
    number = instance["InstanceId"]
    assert instance["State"]["Name"] == state_of(ec2, number) == "pending"
    sandbox.advance(30)
    assert state_of(ec2, number) == "running"
    for operation, on_the_way, end in (
        (ec2.stop_instances, "stopping", "stopped"), (ec2.start_instances, "pending", "running"),
        (ec2.terminate_instances, "shutting-down", "terminated"),
    ):  # fmt: skip
        operation(InstanceIds=[number])
        assert state_of(ec2, number) == on_the_way
        sandbox.advance(40)
        assert state_of(ec2, number) == end
    ec2.delete_subnet(SubnetId=subnet)  # its interface has gone with it


def test_a_stopping_instance_does_not_start(sandbox, ec2, slowly, refused):
    number = ec2.run_instances(**LAUNCH)["Instances"][0]["InstanceId"]
    sandbox.advance(30)
    ec2.stop_instances(InstanceIds=[number])
    assert refused(ec2.start_instances, InstanceIds=[number]) == "IncorrectInstanceState"
    sandbox.advance(40)
    ec2.start_instances(InstanceIds=[number])
    answer = ec2.start_instances(InstanceIds=[number])["StartingInstances"][0]
    assert answer["CurrentState"]["Name"] == "pending"


def test_as_many_as_are_asked_for(ec2):
    assert len(ec2.run_instances(**LAUNCH | {"MaxCount": 2})["Instances"]) == 2


def test_no_capacity(sandbox, ec2):
    error = {"code": "InsufficientInstanceCapacity", "status": 500}
    sandbox.fault("error", service="ec2", operation="RunInstances", error=error)
    with pytest.raises(ClientError) as raised:
        ec2.run_instances(**LAUNCH)
    assert raised.value.response["Error"]["Code"] == "InsufficientInstanceCapacity"
    assert ec2.describe_instances()["Reservations"] == []
    ec2.run_instances(**LAUNCH)


def test_volumes_and_snapshots_take_their_time(sandbox, ec2, slowly, refused):
    volume = ec2.create_volume(AvailabilityZone="eu-central-1a", Size=10)["VolumeId"]

    def look():
        return ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"]

    assert look() == "creating"
    sandbox.advance(5)
    assert look() == "available"
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    ec2.modify_volume(VolumeId=volume, Size=20)
    assert refused(ec2.modify_volume, VolumeId=volume, Size=30) == "IncorrectModificationState"
    change = ec2.describe_volumes_modifications(VolumeIds=[volume])["VolumesModifications"][0]
    assert (change["ModificationState"], change["TargetSize"]) == ("modifying", 20)
    assert ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]["State"] == "pending"
    sandbox.advance(60)
    change = ec2.describe_volumes_modifications(VolumeIds=[volume])["VolumesModifications"][0]
    assert change["ModificationState"] == "completed"
    assert ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]["State"] == "completed"


def test_versions_of_a_launch_template_go(ec2, refused):
    name = {"LaunchTemplateName": "runner"}
    data = {name: LAUNCH[name] for name in ("ImageId", "InstanceType")}
    ec2.create_launch_template(**name, LaunchTemplateData=data)
    for kind in ("t3.small", "t3.medium"):
        ec2.create_launch_template_version(**name, SourceVersion="1", LaunchTemplateData={"InstanceType": kind})
    answer = ec2.delete_launch_template_versions(**name, Versions=["1", "2", "3", "9"])
    gone = [item["VersionNumber"] for item in answer["SuccessfullyDeletedLaunchTemplateVersions"]]
    kept = {
        item["VersionNumber"]: item["ResponseError"]["Code"]
        for item in answer["UnsuccessfullyDeletedLaunchTemplateVersions"]
    }
    assert gone == [2, 3]
    assert kept == {1: "launchTemplateVersionIsDefault", 9: "launchTemplateVersionDoesNotExist"}
    ec2.create_launch_template_version(**name, LaunchTemplateData=data)
    found = ec2.describe_launch_template_versions(**name)["LaunchTemplateVersions"]
    assert [version["VersionNumber"] for version in found] == [4, 1]
    gone = {"LaunchTemplate": name | {"Version": "3"}, "MinCount": 1, "MaxCount": 1}
    assert refused(ec2.run_instances, **gone) == "InvalidLaunchTemplateId.VersionNotFound"


def test_quotas_are_raised_after_a_while(sandbox, ec2, slowly, refused):
    quotas, vpcs = sandbox.client("service-quotas"), {"ServiceCode": "vpc", "QuotaCode": "L-F678F1CE"}
    for number in range(1, 5):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    request = quotas.request_service_quota_increase(**vpcs, DesiredValue=6)["RequestedQuota"]
    again = {**vpcs, "DesiredValue": 7}
    assert refused(quotas.request_service_quota_increase, **again) == "ResourceAlreadyExistsException"
    assert refused(ec2.create_vpc, CidrBlock="10.9.0.0/16") == "VpcLimitExceeded"
    sandbox.advance(1800)
    assert quotas.get_requested_service_quota_change(RequestId=request["Id"])["RequestedQuota"]["Status"] == "APPROVED"
    ec2.create_vpc(CidrBlock="10.9.0.0/16")
    assert sandbox.client("service-quotas", "eu-west-1").get_service_quota(**vpcs)["Quota"]["Value"] == 5


def test_quotas_are_raised_at_once(sandbox, ec2):
    sandbox.raise_quotas(20)
    for number in range(1, 20):
        ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")
    with pytest.raises(ValueError, match="never lowered"):
        sandbox.raise_quotas(0.5)


def test_a_refresh_takes_its_time(sandbox, runners, slowly, refused):
    def look():
        group = runners.describe_auto_scaling_groups(AutoScalingGroupNames=["runners"])["AutoScalingGroups"][0]
        refresh = runners.describe_instance_refreshes(**NAME)["InstanceRefreshes"][0]
        return refresh["Status"], group["Instances"][0]["InstanceId"]

    runners.start_instance_refresh(**NAME)
    status, before = look()
    assert (status, look()[0]) == ("Pending", "InProgress")
    assert refused(runners.start_instance_refresh, **NAME) == "InstanceRefreshInProgress"
    assert refused(runners.rollback_instance_refresh, **NAME) == "IrreversibleInstanceRefresh"
    sandbox.advance(600)
    assert look()[0] == "Successful" and look()[1] != before


def test_a_refresh_is_cancelled(sandbox, runners, slowly, refused):
    assert refused(runners.cancel_instance_refresh, **NAME) == "ActiveInstanceRefreshNotFound"
    runners.start_instance_refresh(**NAME)
    runners.cancel_instance_refresh(**NAME)
    assert runners.describe_instance_refreshes(**NAME)["InstanceRefreshes"][0]["Status"] == "Cancelling"
    sandbox.advance(600)
    assert runners.describe_instance_refreshes(**NAME)["InstanceRefreshes"][0]["Status"] == "Cancelled"


def test_a_group_with_several_types_keeps_them(runners):
    specification = {"LaunchTemplateSpecification": {"LaunchTemplateName": "runner"}}
    policy = {"LaunchTemplate": specification | {"Overrides": [{"InstanceType": "t3.small"}]}}
    runners.update_auto_scaling_group(**NAME, MixedInstancesPolicy=policy)
    runners.update_auto_scaling_group(**NAME, MaxSize=3)
    group = runners.describe_auto_scaling_groups(AutoScalingGroupNames=["runners"])["AutoScalingGroups"][0]
    assert group["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"] == [{"InstanceType": "t3.small"}]


def test_a_dry_run_does_nothing(ec2, refused):
    wanted = {"PrefixListName": "a", "MaxEntries": 1, "AddressFamily": "IPv4"}
    number = ec2.create_managed_prefix_list(**wanted)["PrefixList"]["PrefixListId"]
    assert refused(ec2.delete_managed_prefix_list, PrefixListId=number, DryRun=True) == "DryRunOperation"
    assert ec2.describe_managed_prefix_lists(PrefixListIds=[number])["PrefixLists"]
