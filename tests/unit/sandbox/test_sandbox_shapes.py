# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the services' own models do not allow is refused, and what is one step beside it is not."""

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::123456789012:role/r"
TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs.amazonaws.com"},'
    ' "Action": "sts:AssumeRole"}]}'
)
ALARM = {
    "AlarmName": "a", "MetricName": "m", "Namespace": "n", "Statistic": "Sum", "Period": 60,
    "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold",
}  # fmt: skip
TASK = {"family": "f", "containerDefinitions": [{"name": "c", "image": "i", "memory": 128}]}
ACL = {
    "Name": "acl", "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "Rules": [],
    "VisibilityConfig": {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"},
}  # fmt: skip
REQUEST = {"DomainName": "a.example.com", "ValidationMethod": "DNS"}
ROLES = {"RoleName": "r", "AssumeRolePolicyDocument": TRUST}
LONG = 10_000

# service, operation, a request that AWS takes, and by code the changes that it refuses.
CASES = {
    ("acm", "request_certificate", "ValidationException"): (
        REQUEST,
        [
            {"DomainName": "no domain"},
            {"DomainName": "a" * 254},
            {"DomainName": ""},
            {"ValidationMethod": "PHONE"},
            {"KeyAlgorithm": "RSA_1"},
            {"SubjectAlternativeNames": []},
            {"IdempotencyToken": "not a word"},
            {"Tags": [{"Key": "", "Value": "v"}]},
        ],
    ),
    ("application-autoscaling", "describe_scalable_targets", "ValidationException"): (
        {"ServiceNamespace": "ecs"},
        [{"ServiceNamespace": "esc"}, {"ServiceNamespace": None}, {"ScalableDimension": "ecs:service:Count"}],
    ),
    ("cloudwatch", "put_metric_alarm", "ValidationError"): (
        ALARM,
        [
            {"AlarmName": ""},
            {"AlarmName": "a" * 256},
            {"ComparisonOperator": "Greater"},
            {"Statistic": "Median"},
            {"EvaluationPeriods": 0},
            {"Unit": "Litres"},
            {"AlarmDescription": "d" * 1025},
        ],
    ),
    ("cloudwatch", "describe_alarms", "ValidationError"): (
        {"MaxRecords": 100},
        [{"MaxRecords": 101}, {"StateValue": "GOOD"}, {"AlarmTypes": ["Compound"]}],
    ),
    ("cognito-idp", "create_user_pool", "InvalidParameterException"): (
        {"PoolName": "p"},
        [
            {"PoolName": ""},
            {"PoolName": "p" * 129},
            {"PoolName": "p/q"},
            {"MfaConfiguration": "MAYBE"},
            {"DeletionProtection": "YES"},
            {"Policies": {"PasswordPolicy": {"MinimumLength": 5}}},
            {"AutoVerifiedAttributes": ["fax"]},
        ],
    ),
    ("dynamodb", "create_table", "ValidationException"): (
        {
            "TableName": "table",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        },
        [
            {"BillingMode": "FREE"},
            {"KeySchema": [{"AttributeName": "id", "KeyType": "MAIN"}]},
            {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "T"}]},
        ],
    ),
    ("ec2", "describe_vpcs", "InvalidParameterValue"): ({}, [{"MaxResults": 4}, {"MaxResults": 1001}]),
    ("ec2", "create_vpc", "InvalidParameterValue"): ({"CidrBlock": "10.0.0.0/16"}, [{"InstanceTenancy": "shared"}]),
    ("ec2", "create_security_group", "MissingParameter"): (
        {"GroupName": "g", "Description": "d"},
        [{"Description": None}, {"GroupName": None}],
    ),
    ("ec2", "create_volume", "InvalidParameterValue"): (
        {"AvailabilityZone": "us-east-1a", "Size": 1},
        [{"VolumeType": "gp9"}],
    ),
    ("ecr", "create_repository", "InvalidParameterException"): (
        {"repositoryName": "repository"},
        [
            {"repositoryName": "Repository"},
            {"repositoryName": "r"},
            {"imageTagMutability": "FIXED"},
            {"encryptionConfiguration": {"encryptionType": "DES"}},
        ],
    ),
    ("ecs", "register_task_definition", "InvalidParameterException"): (
        TASK,
        [
            {"networkMode": "wifi"},
            {"requiresCompatibilities": ["LAMBDA"]},
            {"pidMode": "none"},
            {"runtimePlatform": {"cpuArchitecture": "ARM"}},
            {"family": None},
        ],
    ),
    ("events", "put_rule", "ValidationException"): (
        {"Name": "rule", "ScheduleExpression": "rate(1 hour)"},
        [{"Name": "a rule"}, {"Name": "r" * 65}, {"State": "ON"}, {"Description": "d" * 513}],
    ),
    ("iam", "create_role", "ValidationError"): (
        ROLES,
        [
            {"RoleName": "r" * 65},
            {"RoleName": "r/s"},
            {"Path": "no-slash"},
            {"MaxSessionDuration": 3599},
            {"MaxSessionDuration": 43201},
            {"Description": "d" * 1001},
            {"AssumeRolePolicyDocument": ""},
        ],
    ),
    ("iam", "create_user", "ValidationError"): ({"UserName": "u"}, [{"UserName": "u" * 65}, {"UserName": "u v"}]),
    ("kms", "create_key", "ValidationException"): (
        {"Description": "d"},
        [
            {"Description": "d" * 8193},
            {"KeySpec": "RSA_1"},
            {"KeyUsage": "READ"},
            {"Origin": "HOME"},
            {"Tags": [{"TagKey": "", "TagValue": "v"}]},
        ],
    ),
    ("lambda", "list_functions", "ValidationException"): ({"MaxItems": 1}, [{"MaxItems": 0}, {"MaxItems": LONG + 1}]),
    ("logs", "create_log_group", "InvalidParameterException"): (
        {"logGroupName": "/a/b"},
        [
            {"logGroupName": ""},
            {"logGroupName": "a b"},
            {"logGroupName": "a" * 513},
            {"logGroupClass": "RARE"},
            {"kmsKeyId": "k" * 257},
        ],
    ),
    ("route53", "create_hosted_zone", "InvalidInput"): (
        {"Name": "example.com", "CallerReference": "1"},
        [{"CallerReference": ""}, {"Name": "a" * 1025}, {"HostedZoneConfig": {"Comment": "c" * 257}}],
    ),
    ("s3", "create_bucket", "MalformedXML"): (
        {"Bucket": "a-bucket"},
        [{"ObjectOwnership": "Nobody"}, {"ACL": "open"}],
    ),
    ("scheduler", "create_schedule_group", "ValidationException"): (
        {"Name": "group"},
        [{"Name": "a group"}, {"Name": "g" * 65}, {"Tags": [{"Key": "", "Value": "v"}]}],
    ),
    ("scheduler", "list_schedules", "ValidationException"): (
        {"MaxResults": 100},
        [{"MaxResults": 0}, {"MaxResults": 101}, {"State": "ON"}],
    ),
    ("secretsmanager", "create_secret", "ValidationException"): (
        {"Name": "s", "SecretString": "v"},
        [
            {"Name": ""},
            {"Name": "s" * 513},
            {"Description": "d" * 2049},
            {"SecretString": "v" * 65537},
            {"ClientRequestToken": "short"},
        ],
    ),
    ("ssm", "put_parameter", "ValidationException"): (
        {"Name": "/p", "Value": "v", "Type": "String"},
        [{"Name": ""}, {"Type": "Number"}, {"Tier": "Gold"}, {"Description": "d" * 1025}],
    ),
    ("sts", "assume_role", "ValidationError"): (
        {"RoleArn": ROLE, "RoleSessionName": "session"},
        [
            {"RoleSessionName": "s"},
            {"RoleSessionName": "a session"},
            {"DurationSeconds": 899},
            {"DurationSeconds": 43201},
            {"ExternalId": "e f"},
        ],
    ),
    ("wafv2", "create_web_acl", "ValidationException"): (
        ACL,
        [
            {"Name": "an acl"},
            {"Scope": "GLOBAL"},
            {"Name": "a" * 129},
            {"Description": ""},
            {"VisibilityConfig": {**ACL["VisibilityConfig"], "MetricName": "m n"}},
        ],
    ),
}
ROWS = [(*key, valid, change) for key, (valid, changes) in CASES.items() for change in changes]


@pytest.fixture
def client(sandbox):
    """A client that leaves it to AWS to say what is wrong."""
    return lambda service: sandbox.client(service, "us-east-1", parameter_validation=False)


@pytest.mark.parametrize("service, operation, _code", CASES)
def test_taken(client, service, operation, _code):
    valid, _changes = CASES[(service, operation, _code)]
    getattr(client(service), operation)(**valid)


@pytest.mark.parametrize("service, operation, code, valid, change", ROWS)
def test_refused(sandbox, client, service, operation, code, valid, change):
    wanted = {name: value for name, value in {**valid, **change}.items() if value is not None}
    with pytest.raises(ClientError, match="failed to satisfy constraint: Member must ") as error:
        getattr(client(service), operation)(**wanted)
    assert error.value.response["Error"]["Code"] == code
    assert sandbox.calls()[-1]["outcome"] == code


def test_all_that_is_wrong_is_said(client):
    wanted = {"RoleName": "r" * 65, "AssumeRolePolicyDocument": TRUST, "MaxSessionDuration": 1}
    with pytest.raises(ClientError) as error:
        client("iam").create_role(**wanted)
    message = error.value.response["Error"]["Message"]
    assert message.startswith("2 validation errors detected: ") and "'roleName'" in message and "3600" in message


def test_what_is_secret_is_not_shown(client):
    with pytest.raises(ClientError, match=r"Value '\*\*\*' at 'secretString'") as error:
        client("secretsmanager").create_secret(Name="s", SecretString="hush" * 20_000)
    assert "hush" not in str(error.value)


def test_the_rules_cover_many_services():
    assert len(ROWS) >= 90 and len({service for service, *_rest in ROWS}) >= 18
