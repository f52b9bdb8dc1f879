# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls are identified and recorded, without their secrets."""

import concurrent.futures
import gzip
import io
import json
import re
import time
from pathlib import Path

import botocore
import pytest
from sandbox import identify
from sandbox.identify import changes
from sandbox.signing_names import SERVICES_BY_SIGNING_NAME
from werkzeug.exceptions import NotFound

TRUST = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}'


@pytest.mark.parametrize(
    "service, method, arguments, parameters",
    [
        ("ec2", "describe_vpcs", {"VpcIds": ["vpc-1"]}, {"VpcIds": ["vpc-1"]}),
        ("elbv2", "describe_load_balancers", {"Names": ["a"]}, {"Names": ["a"]}),
        ("kms", "describe_key", {"KeyId": "alias/x"}, {"KeyId": "alias/x"}),
        ("lambda", "get_function", {"FunctionName": "f"}, {"FunctionName": "f"}),
        ("cloudfront", "get_distribution", {"Id": "E1"}, {"Id": "E1"}),
        ("s3", "head_object", {"Bucket": "b-b-b", "Key": "a/b"}, {"Bucket": "b-b-b", "Key": "a/b"}),
        ("devops-guru", "describe_account_health", {}, {}),
    ],
)
def test_every_protocol_is_identified(sandbox, refused, service, method, arguments, parameters):
    try:
        getattr(sandbox.client(service), method)(**arguments)
    except Exception as error:
        assert hasattr(error, "response"), error
    (call,) = sandbox.calls()
    assert (call["service"], call["operation"].lower()) == (service, method.replace("_", ""))
    assert call["parameters"] == parameters
    assert not call["mutating"]


def test_a_service_that_moto_lacks_says_so(sandbox, refused):
    assert refused(sandbox.client("devops-guru").describe_account_health) == "NotImplemented"


def test_numbers_and_outcomes(sandbox, ec2, refused):
    ec2.describe_vpcs()
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    refused(ec2.create_subnet, VpcId="vpc-0123456789abcdef0", CidrBlock="10.0.0.0/24")
    read, first, second = sandbox.calls()
    assert (read["n"], read["mutating_n"], read["outcome"]) == (1, None, "ok")
    assert (first["n"], first["mutating_n"], first["outcome"], first["created"]) == (2, 1, "ok", [vpc_id])
    assert (second["mutating_n"], second["outcome"], second["status"]) == (2, "InvalidVpcID.NotFound", 400)
    assert first["region"] == "eu-central-1" and first["account"] == "123456789012" and first["seconds"] >= 0
    assert sandbox.calls(mutating=True) == [first, second]
    assert sandbox.calls(since=2) == [second]
    sandbox.forget_calls()
    assert sandbox.calls() == []
    ec2.describe_vpcs()
    assert sandbox.calls()[0]["n"] == 1


def test_secrets_are_removed(sandbox):
    secret = "correct-horse-battery"
    sandbox.client("secretsmanager").create_secret(Name="s", SecretString=secret)
    sandbox.client("ssm").put_parameter(Name="p", Value=secret, Type="SecureString")
    sandbox.client("kms").create_key(Description="public")
    sandbox.client("rds").create_db_cluster(
        DBClusterIdentifier="c", Engine="aurora-postgresql", MasterUsername="root", MasterUserPassword=secret
    )
    text = json.dumps(sandbox.calls())
    assert secret not in text and "<removed>" in text and "public" in text


def test_bodies_are_counted_only(sandbox):
    s3 = sandbox.client("s3", region="us-east-1")
    s3.create_bucket(Bucket="b-b-b")
    s3.put_object(Bucket="b-b-b", Key="k", Body=b"12345")
    assert s3.get_object(Bucket="b-b-b", Key="k")["Body"].read() == b"12345"
    assert "12345" not in json.dumps(sandbox.calls()[1]["parameters"])


def test_dry_run_changes_nothing(sandbox, ec2, refused):
    assert refused(ec2.create_internet_gateway, DryRun=True) == "DryRunOperation"
    assert sandbox.calls(mutating=True) == []


def test_created(sandbox, ec2, vpc):
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    key = sandbox.client("kms").create_key()["KeyMetadata"]["KeyId"]
    sandbox.client("logs").create_log_group(logGroupName="/l")
    role = sandbox.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    repository = sandbox.client("ecr").create_repository(repositoryName="app")["repository"]["repositoryArn"]
    created = {call["operation"]: call["created"] for call in sandbox.calls(mutating=True)}
    assert created["CreateSecurityGroup"] == [group]
    assert created["AllocateAddress"] == [address]
    assert key in created["CreateKey"]
    assert created["CreateLogGroup"] == ["/l"]
    assert role in created["CreateRole"]
    assert created["CreateRepository"] == [repository]


@pytest.mark.parametrize(
    "service, operation, expected",
    [
        ("ec2", "DescribeVpcs", False),
        ("ecr", "BatchGetImage", False),
        ("sts", "AssumeRole", False),
        ("kms", "Decrypt", False),
        ("ecr", "BatchDeleteImage", True),
        ("kms", "ScheduleKeyDeletion", True),
        ("elasticache", "TestFailover", True),
        ("license-manager", "CheckoutLicense", True),
        ("ec2", "GetterOfNothing", True),
    ],
)
def test_what_changes_something(service, operation, expected):
    assert changes(service, operation) is expected


def test_signing_names_are_those_of_botocore():
    names = {}
    for path in (Path(botocore.__file__).parent / "data").glob("*/*/service-2.json*"):
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as stream:
            head = stream.read(6000)
        found = dict(re.findall(r'"(signingName|endpointPrefix)"\s*:\s*"([^"]+)"', head))
        names.setdefault(found.get("signingName") or found["endpointPrefix"], set()).add(path.parent.parent.name)
    irregular = {name: services for name, services in names.items() if services != {name}}
    assert {name: set(services) for name, services in SERVICES_BY_SIGNING_NAME.items()} == irregular


def test_requests_are_understood_one_at_a_time(monkeypatch):
    """moto's models are not made for two threads that build them at once."""
    at_once = []

    class Router:
        def match(self, _request):
            at_once.append(len(inside))
            inside.append(1)
            time.sleep(0.01)
            inside.pop()
            raise NotFound()

    inside = []
    monkeypatch.setattr(identify, "get_service_router", lambda _service: Router())
    credential = "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/lambda/aws4_request"

    def understand(_number):
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/",
            "wsgi.input": io.BytesIO(),
            "HTTP_AUTHORIZATION": credential,
        }
        return identify.identify(environ).operation

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert list(pool.map(understand, range(4))) == [None] * 4
    assert at_once and not any(at_once)
