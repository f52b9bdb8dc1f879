# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts are kept apart: by an access key that is an account's number, and by the role that was assumed."""

OTHER = "222222222222"


def names(client):
    """The log groups that a client sees."""
    return [group["logGroupName"] for group in client.describe_log_groups()["logGroups"]]


def test_an_access_key_may_be_the_number_of_an_account(sandbox):
    other = sandbox.client("logs", account=OTHER)
    other.create_log_group(logGroupName="theirs")
    sandbox.client("logs").create_log_group(logGroupName="ours")
    assert (names(other), names(sandbox.client("logs"))) == (["theirs"], ["ours"])
    (group,) = other.describe_log_groups()["logGroups"]
    assert group["arn"].split(":")[4] == OTHER
    identity = sandbox.client("sts", account=OTHER).get_caller_identity()
    assert (identity["Account"], identity["Arn"]) == (OTHER, f"arn:aws:iam::{OTHER}:user/sandbox")
    assert sandbox.calls()[0]["account"] == OTHER


def test_a_role_of_another_account(sandbox):
    role = f"arn:aws:iam::{OTHER}:role/deploy"
    credentials = sandbox.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    given = {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }
    identity = sandbox.client("sts", credentials=given).get_caller_identity()
    assert identity["Account"] == OTHER and identity["Arn"].startswith(f"arn:aws:sts::{OTHER}:assumed-role/deploy/")
    sandbox.client("ec2", credentials=given).create_vpc(CidrBlock="10.1.0.0/16")
    vpcs = sandbox.client("ec2", account=OTHER).describe_vpcs()["Vpcs"]
    assert [vpc["OwnerId"] for vpc in vpcs if vpc["CidrBlock"] == "10.1.0.0/16"] == [OTHER]
    assert "10.1.0.0/16" not in [vpc["CidrBlock"] for vpc in sandbox.client("ec2").describe_vpcs()["Vpcs"]]


def test_state_of_our_own_is_kept_apart_too(sandbox):
    """What the layer answers itself, as an alarm, and what it makes global, as the name of a bucket."""
    alarm = {"AlarmName": "a", "MetricName": "m", "Namespace": "n", "Statistic": "Sum", "Period": 60, "Threshold": 1}
    wanted = {**alarm, "EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"}
    sandbox.client("cloudwatch", account=OTHER).put_metric_alarm(**wanted)
    assert sandbox.client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert len(sandbox.client("cloudwatch", account=OTHER).describe_alarms()["MetricAlarms"]) == 1
