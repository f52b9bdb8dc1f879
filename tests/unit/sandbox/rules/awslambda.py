# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Lambda refuses."""

import io
import json
import zipfile

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/lambda/latest/api"
GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg"
INVALID, CONFLICT, GONE = "InvalidParameterValueException", "ResourceConflictException", "ResourceNotFoundException"
ROLE = "arn:aws:iam::123456789012:role"
QUEUE = "arn:aws:sqs:eu-central-1:123456789012"
LAYER = "arn:aws:lambda:eu-central-1:123456789012:layer"


def package(text="x = 1"):
    """A zip file."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", text)
    return package.getvalue()


CODE = {"ZipFile": package()}


def wanted(**settings):
    """What CreateFunction is sent."""
    usual = {"FunctionName": "f", "Runtime": "python3.13", "Handler": "app.handler", "Role": f"{ROLE}/f", "Code": CODE}
    return {name: value for name, value in {**usual, **settings}.items() if value is not None}


def roles(world):
    """Make roles, one of which Lambda may assume."""
    for name, service in (("f", "lambda.amazonaws.com"), ("ecs", "ecs-tasks.amazonaws.com")):
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        world.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)


def client(world):
    """Lambda."""
    return world.sandbox.client("lambda")


def function(world, **settings):
    """Make a function with a version."""
    roles(world)
    client(world).create_function(**wanted(Publish=True, **settings))


def _layers(world):
    roles(world)
    for name in ("a", "a", "b", "c", "d", "e", "f"):
        client(world).publish_layer_version(LayerName=name, Content=CODE)


def _bucket(world):
    roles(world)
    place = {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}
    world.s3.create_bucket(Bucket="code-of-functions", **place)
    world.s3.put_object(Bucket="code-of-functions", Key="f.zip", Body=package())


def _network(world):
    roles(world)
    vpc = world.vpc()
    group = world.ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    return {"SubnetIds": world.subnets(vpc), "SecurityGroupIds": [group]}


def _variables(**variables):
    return wanted(Environment={"Variables": variables})


CREATE = {"operation": "create_function", "code": INVALID, "given": roles}
SERVICE = "lambda"
RULES = [
    Rule(
        says="the role exists",
        page=f"{GUIDE}/lambda-intro-execution-role.html",
        refused=wanted(Role=f"{ROLE}/none"),
        accepted=wanted(),
        **CREATE,
    ),
    Rule(
        says="the role trusts Lambda",
        page=f"{GUIDE}/lambda-intro-execution-role.html",
        refused=wanted(Role=f"{ROLE}/ecs"),
        accepted=wanted(),
        **CREATE,
    ),
    Rule(
        says="a function's name is taken",
        page=f"{API}/API_CreateFunction.html",
        operation="create_function",
        code=CONFLICT,
        given=function,
        refused=wanted(),
        accepted=wanted(FunctionName="g"),
    ),
    Rule(
        says="no function is created with a runtime that is blocked",
        page=f"{GUIDE}/lambda-runtimes.html",
        refused=wanted(Runtime="python3.7"),
        accepted=wanted(Runtime="python3.12"),
        **CREATE,
    ),
    Rule(
        says="a package of files needs a handler",
        page=f"{API}/API_CreateFunction.html",
        refused=wanted(Handler=None),
        accepted=wanted(),
        **CREATE,
    ),
    Rule(
        says="a function of an image has no runtime",
        page=f"{API}/API_CreateFunction.html",
        refused=wanted(PackageType="Image", Code={"ImageUri": "210987654321.dkr.ecr.eu-central-1.amazonaws.com/a:1"}),
        accepted=wanted(
            PackageType="Image",
            Code={"ImageUri": "210987654321.dkr.ecr.eu-central-1.amazonaws.com/a:1"},
            Runtime=None,
            Handler=None,
        ),
        **CREATE,
    ),
    Rule(
        says="the file is a zip file",
        page=f"{GUIDE}/configuration-function-zip.html",
        refused=wanted(Code={"ZipFile": b"def handler"}),
        accepted=wanted(),
        **CREATE,
    ),
    Rule(
        says="the bucket's object exists",
        page=f"{API}/API_FunctionCode.html",
        operation="create_function",
        code=INVALID,
        given=_bucket,
        refused=wanted(Code={"S3Bucket": "code-of-functions", "S3Key": "g.zip"}),
        accepted=wanted(Code={"S3Bucket": "code-of-functions", "S3Key": "f.zip"}),
    ),
    Rule(
        says="variables of Lambda's own are not set",
        page=f"{GUIDE}/configuration-envvars.html",
        refused=_variables(AWS_REGION="eu-west-1"),
        accepted=_variables(THE_REGION="eu-west-1"),
        **CREATE,
    ),
    Rule(
        says="variables have 4 KB",
        page=f"{GUIDE}/gettingstarted-limits.html",
        refused=_variables(TEXT="x" * 4096),
        accepted=_variables(TEXT="x" * 4000),
        **CREATE,
    ),
    Rule(
        says="a function has five layers",
        page=f"{GUIDE}/gettingstarted-limits.html",
        operation="create_function",
        code=INVALID,
        given=_layers,
        refused=wanted(Layers=[f"{LAYER}:{name}:1" for name in "abcdef"]),
        accepted=wanted(Layers=[f"{LAYER}:{name}:1" for name in "abcde"]),
    ),
    Rule(
        says="a layer exists",
        page=f"{GUIDE}/adding-layers.html",
        operation="create_function",
        code=INVALID,
        given=_layers,
        refused=wanted(Layers=[f"{LAYER}:b:2"]),
        accepted=wanted(Layers=[f"{LAYER}:b:1"]),
    ),
    Rule(
        says="subnets exist",
        page=f"{GUIDE}/configuration-vpc.html",
        operation="create_function",
        code=INVALID,
        given=_network,
        refused=lambda world: wanted(VpcConfig={**world.given, "SubnetIds": ["subnet-0123456789abcdef0"]}),
        accepted=lambda world: wanted(VpcConfig=world.given),
    ),
    Rule(
        says="a function in a VPC has security groups",
        page=f"{API}/API_VpcConfig.html",
        operation="create_function",
        code=INVALID,
        given=_network,
        refused=lambda world: wanted(VpcConfig={"SubnetIds": world.given["SubnetIds"]}),
        accepted=lambda world: wanted(VpcConfig=world.given),
    ),
    Rule(
        says="dead letters go to a queue or a topic",
        page=f"{API}/API_DeadLetterConfig.html",
        refused=wanted(DeadLetterConfig={"TargetArn": "arn:aws:events:eu-central-1:123456789012:event-bus/default"}),
        accepted=wanted(DeadLetterConfig={"TargetArn": f"{QUEUE}:dead"}),
        **CREATE,
    ),
    Rule(
        says="log levels are for JSON",
        page=f"{GUIDE}/monitoring-cloudwatchlogs-log-level.html",
        refused=wanted(LoggingConfig={"LogFormat": "Text", "ApplicationLogLevel": "INFO"}),
        accepted=wanted(LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "INFO"}),
        **CREATE,
    ),
]
