# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account as a dict to compare."""

import json

import pytest

TRUST = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}'
ECS_TRUST = TRUST.replace('"*"', '{"Service": "ecs-tasks.amazonaws.com"}', 1)
INLINE = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}'
ALARM = {
    "Namespace": "AWS/ECS", "MetricName": "CPUUtilization", "Statistic": "Average", "Period": 60,
    "EvaluationPeriods": 1, "Threshold": 80.0, "ComparisonOperator": "GreaterThanThreshold",
}  # fmt: skip
DASHBOARD = '{"widgets": [{"type": "text", "properties": {"markdown": "x"}}]}'


@pytest.fixture
def filled(sandbox, ec2, subnet):
    """An account with something of everything."""
    sandbox.client("kms").create_alias(
        AliasName="alias/x", TargetKeyId=sandbox.client("kms").create_key()["KeyMetadata"]["KeyId"]
    )
    sandbox.client("logs").create_log_group(logGroupName="/l", tags={"a": "b"})
    sandbox.client("ecr").create_repository(repositoryName="app")
    iam = sandbox.client("iam")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=INLINE)
    ec2.allocate_address(Domain="vpc")
    return sandbox


def test_empty(sandbox):
    assert sandbox.snapshot() == {}
    assert sandbox.snapshot(["eu-central-1"]) == {}


def test_default_vpc(sandbox):
    found = sandbox.snapshot(["eu-central-1"], defaults=True)
    assert set(found) == {
        "cloudfront/cache-policy", "cloudfront/origin-request-policy", "cloudfront/response-headers-policy",
        "ec2/network-acl", "ec2/route-table", "ec2/security-group", "ec2/subnet", "ec2/vpc", "ecr/registry",
        "elasticache/parameter-group", "elasticache/user", "events/bus", "kms/alias", "scheduler/group",
        "xray/encryption", "xray/group", "xray/sampling-rule",
    }  # fmt: skip
    assert list(found["scheduler/group"]) == ["eu-central-1/default"]
    assert all(alias.startswith("eu-central-1/alias/aws/") for alias in found["kms/alias"])


def test_contents(filled, vpc):
    found = filled.snapshot()
    assert {kind: len(items) for kind, items in found.items()} == {
        "ec2/elastic-ip": 1, "ec2/network-acl": 1, "ec2/route-table": 1, "ec2/security-group": 1, "ec2/subnet": 1,
        "ec2/vpc": 1, "ecr/repository": 1, "iam/role": 1, "kms/alias": 1, "kms/key": 1, "logs/log-group": 1,
    }  # fmt: skip
    assert f"eu-central-1/{vpc}" in found["ec2/vpc"]
    assert found["iam/role"]["arn:aws:iam::123456789012:role/r"]["Inline"] == {"p": json.loads(INLINE)}
    assert found["logs/log-group"]["eu-central-1//l"]["tags"] == {"a": "b"}


def test_services_that_watch(sandbox):
    topic = sandbox.client("sns").create_topic(Name="t", Tags=[{"Key": "a", "Value": "b"}])["TopicArn"]
    sandbox.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="a@example.com")
    cloudwatch = sandbox.client("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM, AlarmName="high", AlarmActions=[topic])
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=DASHBOARD)
    logs = sandbox.client("logs")
    logs.create_log_group(logGroupName="/l")
    metric = {"metricName": "m", "metricNamespace": "n", "metricValue": "1"}
    logs.put_metric_filter(logGroupName="/l", filterName="f", filterPattern="ERROR", metricTransformations=[metric])
    logs.put_resource_policy(policyName="p", policyDocument='{"Version": "2012-10-17", "Statement": []}')
    sandbox.client("events").put_rule(Name="r", ScheduleExpression="rate(1 day)", State="ENABLED")
    sandbox.client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": topic}])
    found = sandbox.snapshot()
    assert [item["Endpoint"] for item in found["sns/topic"]["eu-central-1/t"]["Subscriptions"]] == ["a@example.com"]
    assert found["cloudwatch/alarm"]["eu-central-1/high"]["AlarmActions"] == [topic]
    assert "StateValue" not in found["cloudwatch/alarm"]["eu-central-1/high"]
    assert found["cloudwatch/dashboard"]["eu-central-1/d"]["DashboardBody"] == DASHBOARD
    assert found["logs/metric-filter"]["eu-central-1//l/f"]["metricTransformations"] == [{**metric, "unit": "None"}]
    assert "eu-central-1/p" in found["logs/resource-policy"]
    assert found["events/rule"]["eu-central-1/r"]["Targets"] == [{"Arn": topic, "Id": "1"}]


def test_buckets_of_the_regions_that_are_asked(sandbox):
    sandbox.client("s3").create_bucket(Bucket="here", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    sandbox.client("s3", "us-east-1").create_bucket(Bucket="there")
    sandbox.client("s3").put_object(Bucket="here", Key="k", Body=b"1")
    assert set(sandbox.snapshot()["s3/bucket"]) == {"eu-central-1/here", "us-east-1/there"}
    assert sandbox.snapshot(["eu-central-1"])["s3/bucket"]["eu-central-1/here"]["Objects"] == 1
    assert set(sandbox.snapshot(["eu-central-1"])["s3/bucket"]) == {"eu-central-1/here"}


def test_secrets_without_their_values(sandbox):
    secrets = sandbox.client("secretsmanager")
    for name in ("stays", "goes"):
        secrets.create_secret(Name=name, SecretString="do-not-show")
    secrets.delete_secret(SecretId="goes")
    found = sandbox.snapshot()
    assert list(found["secretsmanager/secret"]) == ["eu-central-1/stays"]
    assert list(found["secretsmanager/pending-deletion"]) == ["eu-central-1/goes"]
    assert "do-not-show" not in json.dumps(found)


def test_changed_parameters_only(sandbox):
    rds = sandbox.client("rds")
    rds.create_db_parameter_group(DBParameterGroupName="pg", DBParameterGroupFamily="postgres15", Description="d")
    change = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="pg", Parameters=[change])
    (group,) = sandbox.snapshot()["rds/parameter-group"].values()
    assert [parameter["ParameterName"] for parameter in group["Parameters"]] == ["rds.force_ssl"]


def test_task_definitions_that_can_be_used(sandbox):
    ecs = sandbox.client("ecs")
    ecs.create_cluster(clusterName="c")
    container = {"name": "a", "image": "nginx", "memory": 128}
    for _revision in range(2):
        ecs.register_task_definition(family="f", containerDefinitions=[container])
    ecs.deregister_task_definition(taskDefinition="f:1")
    found = sandbox.snapshot()
    assert list(found["ecs/cluster"]) == ["eu-central-1/c"]
    assert list(found["ecs/task-definition"]) == ["eu-central-1/f:2"]


def test_what_starts_as_it_is_asked_for(sandbox, ec2, subnet):
    ecs = sandbox.client("ecs")
    ecs.create_cluster(clusterName="c")
    role = sandbox.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=ECS_TRUST)["Role"]["Arn"]
    ecs.register_task_definition(
        family="f", containerDefinitions=[{"name": "a", "image": "nginx", "memory": 512}], networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"], cpu="256", memory="512", executionRoleArn=role,
    )  # fmt: skip
    vpc = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    network = {"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": [group]}}
    ecs.create_service(
        cluster="c", serviceName="s", taskDefinition="f", desiredCount=1, launchType="FARGATE",
        networkConfiguration=network,
    )  # fmt: skip
    found = sandbox.snapshot()
    assert len(found["ecs/task"]) == len(found["ec2/network-interface"]) == 1
    assert sandbox.snapshot() == found


def test_global_services(sandbox):
    sandbox.client("route53").create_hosted_zone(Name="example.com", CallerReference="1")
    setting = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
    sandbox.client("wafv2", "us-east-1").create_web_acl(
        Name="acl", Scope="CLOUDFRONT", DefaultAction={"Allow": {}}, VisibilityConfig=setting
    )
    found = sandbox.snapshot(["eu-central-1"])
    assert [zone["HostedZone"]["Name"] for zone in found["route53/zone"].values()] == ["example.com."]
    assert [acl["Name"] for acl in found["wafv2/web-acl"].values()] == ["acl"]


def test_only_what_was_used_is_asked(sandbox):
    sandbox.client("ecr").create_repository(repositoryName="app")
    used = sandbox._ask("GET", "used")
    assert used["ecr"] == ["eu-central-1"]
    assert not {"rds", "s3", "wafv2"} & set(used)
    assert set(sandbox.snapshot()) == {"ecr/repository"}


def test_same_state_same_snapshot_and_no_trace(filled):
    filled.forget_calls()
    first = filled.snapshot(["eu-central-1", "eu-west-1"])
    filled.fault("error", times=None)
    filled.refuse_credentials()
    assert filled.snapshot(["eu-central-1", "eu-west-1"]) == first
    assert filled.calls() == []


def test_a_change_shows(filled, ec2, vpc):
    before = filled.snapshot()
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "a", "Value": "b"}])
    after = filled.snapshot()
    assert before["ec2/vpc"] != after["ec2/vpc"]
    assert {kind: items for kind, items in after.items() if kind != "ec2/vpc"} == {
        kind: items for kind, items in before.items() if kind != "ec2/vpc"
    }


def test_what_waits_for_its_deletion(filled, ec2, subnet):
    (number,) = filled.snapshot()["kms/key"]
    filled.client("kms").schedule_key_deletion(KeyId=number.split("/")[1])
    gateway = ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    found = filled.snapshot()
    assert list(found["kms/pending-deletion"]) == [number]
    assert "kms/key" not in found and "ec2/natgateway" not in found and "ec2/network-interface" not in found
