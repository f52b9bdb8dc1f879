# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was created a moment ago is not there yet, in the words of each service."""

import pytest
from botocore.exceptions import ClientError

TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"},'
    ' "Action": "sts:AssumeRole"}]}'
)


@pytest.fixture
def slow(sandbox):
    """A sandbox in which nothing new is visible for two seconds of its time."""
    sandbox.hide_new(2)
    return sandbox


def new_vpc(sandbox):
    """The id of a VPC, and a call that reads it."""
    ec2 = sandbox.client("ec2")
    number = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return number, lambda: ec2.describe_vpcs(VpcIds=[number])["Vpcs"][0]["VpcId"]


def new_role(sandbox):
    """The name of a role, and a call that reads it."""
    iam = sandbox.client("iam")
    iam.create_role(RoleName="maker", AssumeRolePolicyDocument=TRUST)
    return "maker", lambda: iam.get_role(RoleName="maker")["Role"]["RoleName"]


def new_log_group(sandbox):
    """The name of a log group, and a call that changes it."""
    logs = sandbox.client("logs")
    logs.create_log_group(logGroupName="/app/api")
    return "/app/api", lambda: logs.put_retention_policy(logGroupName="/app/api", retentionInDays=7) and "/app/api"


def new_topic(sandbox):
    """The ARN of a topic, and a call that reads it."""
    sns = sandbox.client("sns")
    arn = sns.create_topic(Name="alerts")["TopicArn"]
    return arn, lambda: sns.get_topic_attributes(TopicArn=arn)["Attributes"]["TopicArn"]


def new_key(sandbox):
    """The id of a key, and a call that reads it."""
    kms = sandbox.client("kms")
    number = kms.create_key()["KeyMetadata"]["KeyId"]
    return number, lambda: kms.describe_key(KeyId=number)["KeyMetadata"]["KeyId"]


CASES = {
    new_vpc: "InvalidVpcID.NotFound",
    new_role: "NoSuchEntity",
    new_log_group: "ResourceNotFoundException",
    new_topic: "NotFound",
    new_key: "NotFoundException",
}


@pytest.mark.parametrize("make, code", CASES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_it_is_there_a_little_later(slow, make, code):
    name, read = make(slow)
    with pytest.raises(ClientError) as error:
        read()
    assert error.value.response["Error"]["Code"] == code
    if make not in (new_log_group, new_topic):  # whose messages name nothing
        assert name in error.value.response["Error"]["Message"]
    assert slow.calls()[-1]["outcome"] == code
    slow.advance(3)
    assert read() == name


def test_a_role_cannot_be_used_yet(slow):
    iam, ecs = slow.client("iam"), slow.client("ecs")
    arn = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    wanted = {"family": "f", "containerDefinitions": [{"name": "c", "image": "i", "memory": 128}]}
    with pytest.raises(ClientError):
        iam.attach_role_policy(RoleName="worker", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    slow.advance(3)
    ecs.register_task_definition(**wanted, taskRoleArn=arn)


def test_what_is_made_again_is_the_same(slow):
    iam = slow.client("iam")
    new_role(slow)
    with pytest.raises(ClientError) as error:
        new_role(slow)
    assert error.value.response["Error"]["Code"] == "EntityAlreadyExists"
    slow.advance(3)
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["maker"]


def test_names_that_only_begin_alike_are_there(slow):
    logs = slow.client("logs")
    logs.create_log_group(logGroupName="/app/api/old")
    slow.advance(3)
    logs.create_log_group(logGroupName="/app/api")
    logs.put_retention_policy(logGroupName="/app/api/old", retentionInDays=7)


def test_without_it_everything_is_there_at_once(sandbox):
    for make in CASES:
        name, read = make(sandbox)
        assert read() == name


def test_who_does_not_look_up_a_name_keeps_it(sandbox):
    sandbox.hide_new(60)
    topic = sandbox.client("sns").create_topic(Name="alerts")["TopicArn"]
    alarms = sandbox.client("cloudwatch")
    alarms.put_metric_alarm(
        AlarmName="a", Namespace="n", MetricName="m", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", AlarmActions=[topic],
    )  # fmt: skip
    sandbox.hide_new(0)
    sandbox.advance(60)
    assert alarms.describe_alarms()["MetricAlarms"][0]["AlarmActions"] == [topic]
