# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing: load balancers and target groups."""

import json

import pytest


@pytest.fixture
def elbv2(fargate):
    """Elastic Load Balancing in the usual region."""
    return fargate.elbv2


@pytest.fixture
def create(fargate):
    """create(**settings): the answer about a new internal load balancer named ``web``."""

    def call(**settings):
        wanted = {"Name": "web", "Subnets": fargate.subnets, "Scheme": "internal"} | settings
        return fargate.elbv2.create_load_balancer(**wanted)["LoadBalancers"][0]

    return call


def _attributes(answer):
    return {item["Key"]: item["Value"] for item in answer["Attributes"]}


def _set(**values):
    return [{"Key": key.replace("__", "."), "Value": value} for key, value in values.items()]


def test_balancer_comes_up(fargate, elbv2, create):
    fargate.sandbox.delays(load_balancer_create=600)
    balancer = create(Tags=[{"Key": "a", "Value": "b"}])
    assert balancer["State"]["Code"] == "provisioning" and balancer["Scheme"] == "internal"
    assert elbv2.describe_load_balancers(Names=["web"])["LoadBalancers"][0]["State"]["Code"] == "provisioning"
    fargate.sandbox.delays(load_balancer_create=0)
    other = create(Name="other")
    assert other["State"]["Code"] == "provisioning" and other["SecurityGroups"]
    assert elbv2.describe_load_balancers(Names=["other"])["LoadBalancers"][0]["State"]["Code"] == "active"
    arn = balancer["LoadBalancerArn"]
    assert elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"] == [{"Key": "a", "Value": "b"}]


@pytest.mark.parametrize("name", ["a" * 33, "a_b", "-a", "a-", "internal-a"])
def test_names(create, refused, name):
    assert refused(create, Name=name) == "ValidationError"


def test_balancers_that_are_refused(fargate, create, refused):
    assert refused(create, Subnets=fargate.subnets[:1]) == "ValidationError"
    assert refused(create, Subnets=[*fargate.subnets[:1], "subnet-1"]) == "SubnetNotFound"
    assert refused(create, SecurityGroups=["sg-1"]) == "InvalidConfigurationRequest"
    assert refused(create, Scheme="internet-facing") == "InvalidSubnet"
    first = create()
    assert create()["LoadBalancerArn"] == first["LoadBalancerArn"]
    assert refused(create, IpAddressType="dualstack") == "DuplicateLoadBalancerName"


def test_balancer_keeps_its_network(fargate, elbv2, create, refused):
    ec2 = fargate.ec2
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=fargate.vpc)["GroupId"]
    arn = create(SecurityGroups=[group])["LoadBalancerArn"]
    interfaces = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert {item["SubnetId"] for item in interfaces} == set(fargate.subnets)
    assert all(item["Description"].startswith("ELB app/web/") for item in interfaces)
    assert refused(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    assert refused(ec2.delete_subnet, SubnetId=fargate.subnets[0]) == "DependencyViolation"
    default = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["default"]}])["SecurityGroups"]
    own = [item["GroupId"] for item in default if item["VpcId"] == fargate.vpc]
    elbv2.set_security_groups(LoadBalancerArn=arn, SecurityGroups=own)
    ec2.delete_security_group(GroupId=group)
    elbv2.delete_load_balancer(LoadBalancerArn=arn)
    elbv2.delete_load_balancer(LoadBalancerArn=arn)
    assert not ec2.describe_network_interfaces()["NetworkInterfaces"]


def test_attributes_of_a_balancer(elbv2, create, refused):
    arn = create()["LoadBalancerArn"]
    attributes = _attributes(elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn))
    for key, value in {
        "idle_timeout.timeout_seconds": "60", "client_keep_alive.seconds": "3600", "routing.http2.enabled": "true",
        "routing.http.desync_mitigation_mode": "defensive", "load_balancing.cross_zone.enabled": "true",
        "routing.http.drop_invalid_header_fields.enabled": "false", "access_logs.s3.enabled": "false",
        "routing.http.xff_header_processing.mode": "append", "connection_logs.s3.bucket": "",
        "health_check_logs.s3.enabled": "false", "zonal_shift.config.enabled": "false",
    }.items():  # fmt: skip
        assert attributes[key] == value, key
    changed = _set(idle_timeout__timeout_seconds="120", routing__http__drop_invalid_header_fields__enabled="true")
    elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=changed)
    after = _attributes(elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn))
    assert after == attributes | {item["Key"]: item["Value"] for item in changed}
    for wrong in ({"x": "1"}, {"idle_timeout__timeout_seconds": "0"}, {"routing__http2__enabled": "yes"}):
        modify = elbv2.modify_load_balancer_attributes
        assert refused(modify, LoadBalancerArn=arn, Attributes=_set(**wrong)) == "ValidationError"


def test_deletion_protection(elbv2, create, refused):
    arn = create()["LoadBalancerArn"]
    protect = elbv2.modify_load_balancer_attributes
    protect(LoadBalancerArn=arn, Attributes=_set(deletion_protection__enabled="true"))
    assert refused(elbv2.delete_load_balancer, LoadBalancerArn=arn) == "OperationNotPermitted"
    protect(LoadBalancerArn=arn, Attributes=_set(deletion_protection__enabled="false"))
    elbv2.delete_load_balancer(LoadBalancerArn=arn)


def _policy(principal, prefix=""):
    statement = {
        "Effect": "Allow", "Principal": principal, "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::logs/{prefix}AWSLogs/123456789012/*",
    }  # fmt: skip
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_access_logs_need_a_bucket(fargate, elbv2, create, refused):
    arn, s3 = create()["LoadBalancerArn"], fargate.sandbox.client("s3")
    wanted = {"access_logs__s3__enabled": "true", "access_logs__s3__bucket": "logs", "access_logs__s3__prefix": "alb"}
    change = {"LoadBalancerArn": arn, "Attributes": _set(**wanted)}
    modify = elbv2.modify_load_balancer_attributes
    assert refused(modify, **change) == "InvalidConfigurationRequest"
    s3.create_bucket(Bucket="logs", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    assert refused(modify, **change) == "InvalidConfigurationRequest"
    service = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    s3.put_bucket_policy(Bucket="logs", Policy=_policy(service))
    assert refused(modify, **change) == "InvalidConfigurationRequest"
    s3.put_bucket_policy(Bucket="logs", Policy=_policy(service, "alb/"))
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="logs", ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert refused(modify, **change) == "InvalidConfigurationRequest"
    s3.delete_bucket_encryption(Bucket="logs")
    modify(**change)
    s3.put_bucket_policy(Bucket="logs", Policy=_policy({"AWS": "arn:aws:iam::054676820928:root"}, "alb/"))
    modify(**change)
    attributes = _attributes(elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn))
    assert (attributes["access_logs.s3.enabled"], attributes["access_logs.s3.bucket"]) == ("true", "logs")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="logs")["Contents"]]
    assert keys == ["alb/AWSLogs/123456789012/ELBAccessLogTestFile"]


def test_attributes_of_a_group(fargate, elbv2, refused):
    _balancer, group = fargate.balancer()
    attributes = _attributes(elbv2.describe_target_group_attributes(TargetGroupArn=group))
    for key, value in {
        "deregistration_delay.timeout_seconds": "300", "stickiness.enabled": "false", "stickiness.type": "lb_cookie",
        "stickiness.lb_cookie.duration_seconds": "86400", "slow_start.duration_seconds": "0",
        "load_balancing.algorithm.type": "round_robin",
        "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
        "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    }.items():  # fmt: skip
        assert attributes[key] == value, key
    modify = elbv2.modify_target_group_attributes
    changed = _set(deregistration_delay__timeout_seconds="30", load_balancing__algorithm__type="weighted_random")
    modify(TargetGroupArn=group, Attributes=changed)
    after = _attributes(elbv2.describe_target_group_attributes(TargetGroupArn=group))
    assert after == attributes | {item["Key"]: item["Value"] for item in changed}
    for wrong, code in (
        ({"x": "1"}, "ValidationError"),
        ({"deregistration_delay__timeout_seconds": "3601"}, "ValidationError"),
        ({"stickiness__type": "app_cookie"}, "InvalidConfigurationRequest"),
        ({"slow_start__duration_seconds": "30"}, "InvalidConfigurationRequest"),
    ):
        assert refused(modify, TargetGroupArn=group, Attributes=_set(**wrong)) == code, wrong


def test_health_checks(fargate, elbv2, refused):
    wanted = {"Name": "g", "Protocol": "HTTP", "Port": 80, "VpcId": fargate.vpc, "TargetType": "ip"}
    for wrong in ({"HealthCheckIntervalSeconds": 301}, {"HealthyThresholdCount": 11}, {"HealthCheckPath": "health"}):
        assert refused(elbv2.create_target_group, **wanted, **wrong) == "ValidationError"
    arn = elbv2.create_target_group(**wanted)["TargetGroups"][0]["TargetGroupArn"]
    assert elbv2.create_target_group(**wanted)["TargetGroups"][0]["TargetGroupArn"] == arn
    assert refused(elbv2.create_target_group, **(wanted | {"Port": 81})) == "DuplicateTargetGroupName"
    modify = elbv2.modify_target_group
    assert refused(modify, TargetGroupArn=arn, HealthCheckTimeoutSeconds=30) == "ValidationError"
    modify(TargetGroupArn=arn, HealthCheckPath="/up", Matcher={"HttpCode": "200-299"}, HealthCheckIntervalSeconds=10)
    (group,) = elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"]
    assert (group["HealthCheckPath"], group["Matcher"]["HttpCode"]) == ("/up", "200-299")
    assert group["HealthCheckIntervalSeconds"] == 10 and group["HealthyThresholdCount"] == 5


def test_targets_of_an_unused_group(fargate, elbv2):
    _balancer, group = fargate.balancer(listen=False)
    elbv2.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.10.9", "Port": 80}])
    (target,) = elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert target["TargetHealth"]["Reason"] == "Target.NotInUse"
