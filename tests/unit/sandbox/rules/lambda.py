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


def _zip(text="x = 1"):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("app.py", text)
    return package.getvalue()


CODE = {"ZipFile": _zip()}


def _wanted(**settings):
    usual = {"FunctionName": "f", "Runtime": "python3.13", "Handler": "app.handler", "Role": f"{ROLE}/f", "Code": CODE}
    return {name: value for name, value in {**usual, **settings}.items() if value is not None}


def _roles(world):
    for name, service in (("f", "lambda.amazonaws.com"), ("ecs", "ecs-tasks.amazonaws.com")):
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        world.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)


def _client(world):
    return world.sandbox.client("lambda")


def _function(world, **settings):
    _roles(world)
    _client(world).create_function(**_wanted(Publish=True, **settings))


def _layers(world):
    _roles(world)
    for name in ("a", "a", "b", "c", "d", "e", "f"):
        _client(world).publish_layer_version(LayerName=name, Content=CODE)


def _bucket(world):
    _roles(world)
    place = {"CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}
    world.s3.create_bucket(Bucket="code-of-functions", **place)
    world.s3.put_object(Bucket="code-of-functions", Key="f.zip", Body=_zip())


def _network(world):
    _roles(world)
    vpc = world.vpc()
    group = world.ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    return {"SubnetIds": world.subnets(vpc), "SecurityGroupIds": [group]}


def _queues(world):
    _function(world, Timeout=60)
    world.sqs.create_queue(QueueName="fast", Attributes={"VisibilityTimeout": "30"})
    world.sqs.create_queue(QueueName="slow", Attributes={"VisibilityTimeout": "60"})
    world.sqs.create_queue(QueueName="slow.fifo", Attributes={"VisibilityTimeout": "60", "FifoQueue": "true"})


def _mapped(world):
    _queues(world)
    _client(world).create_event_source_mapping(FunctionName="f", EventSourceArn=f"{QUEUE}:slow")


def _aliased(world):
    _function(world)
    _client(world).create_alias(FunctionName="f", Name="live", FunctionVersion="1")


def _versions(world):
    _aliased(world)
    _client(world).update_function_code(FunctionName="f", ZipFile=_zip("x = 2"), Publish=True)


def _permission(statement="s"):
    principal = {"Principal": "events.amazonaws.com", "Action": "lambda:InvokeFunction"}
    return {"FunctionName": "f", "StatementId": statement, **principal}


def _updating(world):
    _function(world)
    world.sandbox.delays(lambda_function_update=60)
    _client(world).update_function_configuration(FunctionName="f", Timeout=5)


def _pending(world):
    _roles(world)
    world.sandbox.delays(lambda_function_create=60)
    _client(world).create_function(**_wanted())


def _later(request):
    return lambda world: world.sandbox.advance(60) and request


def _mapping(queue, **settings):
    return {"FunctionName": "f", "EventSourceArn": f"{QUEUE}:{queue}", **settings}


def _variables(**variables):
    return _wanted(Environment={"Variables": variables})


CREATE = {"operation": "create_function", "code": INVALID, "given": _roles}
MAP = {
    "operation": "create_event_source_mapping", "code": INVALID, "given": _queues,
    "page": f"{API}/API_CreateEventSourceMapping.html",
}  # fmt: skip
SERVICE = "lambda"
RULES = [
    Rule(
        says="the role exists",
        page=f"{GUIDE}/lambda-intro-execution-role.html",
        refused=_wanted(Role=f"{ROLE}/none"),
        accepted=_wanted(),
        **CREATE,
    ),
    Rule(
        says="the role trusts Lambda",
        page=f"{GUIDE}/lambda-intro-execution-role.html",
        refused=_wanted(Role=f"{ROLE}/ecs"),
        accepted=_wanted(),
        **CREATE,
    ),
    Rule(
        says="a function's name is taken",
        page=f"{API}/API_CreateFunction.html",
        operation="create_function",
        code=CONFLICT,
        given=_function,
        refused=_wanted(),
        accepted=_wanted(FunctionName="g"),
    ),
    Rule(
        says="no function is created with a runtime that is blocked",
        page=f"{GUIDE}/lambda-runtimes.html",
        refused=_wanted(Runtime="python3.7"),
        accepted=_wanted(Runtime="python3.12"),
        **CREATE,
    ),
    Rule(
        says="a package of files needs a handler",
        page=f"{API}/API_CreateFunction.html",
        refused=_wanted(Handler=None),
        accepted=_wanted(),
        **CREATE,
    ),
    Rule(
        says="a function of an image has no runtime",
        page=f"{API}/API_CreateFunction.html",
        refused=_wanted(PackageType="Image", Code={"ImageUri": "210987654321.dkr.ecr.eu-central-1.amazonaws.com/a:1"}),
        accepted=_wanted(
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
        refused=_wanted(Code={"ZipFile": b"def handler"}),
        accepted=_wanted(),
        **CREATE,
    ),
    Rule(
        says="the bucket's object exists",
        page=f"{API}/API_FunctionCode.html",
        operation="create_function",
        code=INVALID,
        given=_bucket,
        refused=_wanted(Code={"S3Bucket": "code-of-functions", "S3Key": "g.zip"}),
        accepted=_wanted(Code={"S3Bucket": "code-of-functions", "S3Key": "f.zip"}),
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
        refused=_wanted(Layers=[f"{LAYER}:{name}:1" for name in "abcdef"]),
        accepted=_wanted(Layers=[f"{LAYER}:{name}:1" for name in "abcde"]),
    ),
    Rule(
        says="a layer exists",
        page=f"{GUIDE}/adding-layers.html",
        operation="create_function",
        code=INVALID,
        given=_layers,
        refused=_wanted(Layers=[f"{LAYER}:b:2"]),
        accepted=_wanted(Layers=[f"{LAYER}:b:1"]),
    ),
    Rule(
        says="a layer is used in one version",
        page=f"{GUIDE}/adding-layers.html",
        operation="create_function",
        code=INVALID,
        given=_layers,
        refused=_wanted(Layers=[f"{LAYER}:a:1", f"{LAYER}:a:2"]),
        accepted=_wanted(Layers=[f"{LAYER}:a:2"]),
    ),
    Rule(
        says="subnets exist",
        page=f"{GUIDE}/configuration-vpc.html",
        operation="create_function",
        code=INVALID,
        given=_network,
        refused=lambda world: _wanted(VpcConfig={**world.given, "SubnetIds": ["subnet-0123456789abcdef0"]}),
        accepted=lambda world: _wanted(VpcConfig=world.given),
    ),
    Rule(
        says="a function in a VPC has security groups",
        page=f"{API}/API_VpcConfig.html",
        operation="create_function",
        code=INVALID,
        given=_network,
        refused=lambda world: _wanted(VpcConfig={"SubnetIds": world.given["SubnetIds"]}),
        accepted=lambda world: _wanted(VpcConfig=world.given),
    ),
    Rule(
        says="dead letters go to a queue or a topic",
        page=f"{API}/API_DeadLetterConfig.html",
        refused=_wanted(DeadLetterConfig={"TargetArn": "arn:aws:events:eu-central-1:123456789012:event-bus/default"}),
        accepted=_wanted(DeadLetterConfig={"TargetArn": f"{QUEUE}:dead"}),
        **CREATE,
    ),
    Rule(
        says="log levels are for JSON",
        page=f"{GUIDE}/monitoring-cloudwatchlogs-log-level.html",
        refused=_wanted(LoggingConfig={"LogFormat": "Text", "ApplicationLogLevel": "INFO"}),
        accepted=_wanted(LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "INFO"}),
        **CREATE,
    ),
    Rule(
        says="a pending function does not change",
        page=f"{GUIDE}/functions-states.html",
        operation="update_function_configuration",
        code=CONFLICT,
        given=_pending,
        refused={"FunctionName": "f", "Timeout": 6},
        accepted=_later({"FunctionName": "f", "Timeout": 6}),
    ),
    Rule(
        says="a function is updated once at a time",
        page=f"{GUIDE}/functions-states.html",
        operation="update_function_code",
        code=CONFLICT,
        given=_updating,
        refused={"FunctionName": "f", "ZipFile": _zip("x = 3")},
        accepted=_later({"FunctionName": "f", "ZipFile": _zip("x = 3")}),
    ),
    Rule(
        says="who updates a function has seen it as it is",
        page=f"{API}/API_UpdateFunctionConfiguration.html",
        operation="update_function_configuration",
        code="PreconditionFailedException",
        given=_function,
        refused={"FunctionName": "f", "RevisionId": "0"},
        accepted=lambda world: {
            "FunctionName": "f",
            "RevisionId": _client(world).get_function_configuration(FunctionName="f")["RevisionId"],
        },
    ),
    Rule(
        says="a version stays while an alias points to it",
        page=f"{API}/API_DeleteFunction.html",
        operation="delete_function",
        code=CONFLICT,
        given=_versions,
        refused={"FunctionName": "f", "Qualifier": "1"},
        accepted={"FunctionName": "f", "Qualifier": "2"},
    ),
    Rule(
        says="the latest version goes with the function",
        page=f"{API}/API_DeleteFunction.html",
        operation="delete_function",
        code=INVALID,
        given=_function,
        refused={"FunctionName": "f", "Qualifier": "$LATEST"},
        accepted={"FunctionName": "f"},
    ),
    Rule(
        says="an alias's name is taken",
        page=f"{API}/API_CreateAlias.html",
        operation="create_alias",
        code=CONFLICT,
        given=_aliased,
        refused={"FunctionName": "f", "Name": "live", "FunctionVersion": "1"},
        accepted={"FunctionName": "f", "Name": "next", "FunctionVersion": "1"},
    ),
    Rule(
        says="an alias points to a version that exists",
        page=f"{API}/API_CreateAlias.html",
        operation="create_alias",
        code=GONE,
        given=_function,
        refused={"FunctionName": "f", "Name": "live", "FunctionVersion": "7"},
        accepted={"FunctionName": "f", "Name": "live", "FunctionVersion": "1"},
    ),
    Rule(
        says="an alias of the latest version has no second one",
        page=f"{GUIDE}/configuring-alias-routing.html",
        operation="create_alias",
        code=INVALID,
        given=_versions,
        refused={
            "FunctionName": "f",
            "Name": "next",
            "FunctionVersion": "$LATEST",
            "RoutingConfig": {"AdditionalVersionWeights": {"1": 0.5}},
        },
        accepted={
            "FunctionName": "f",
            "Name": "next",
            "FunctionVersion": "2",
            "RoutingConfig": {"AdditionalVersionWeights": {"1": 0.5}},
        },
    ),
    Rule(
        says="a statement's id is taken",
        page=f"{API}/API_AddPermission.html",
        operation="add_permission",
        code=CONFLICT,
        given=lambda world: _function(world) or _client(world).add_permission(**_permission()),
        refused=_permission(),
        accepted=_permission("t"),
    ),
    Rule(
        says="a statement that is removed exists",
        page=f"{API}/API_RemovePermission.html",
        operation="remove_permission",
        code=GONE,
        given=lambda world: _function(world) or _client(world).add_permission(**_permission()),
        refused={"FunctionName": "f", "StatementId": "t"},
        accepted={"FunctionName": "f", "StatementId": "s"},
    ),
    Rule(
        says="a hundred executions stay for all other functions",
        page=f"{GUIDE}/configuration-concurrency.html",
        operation="put_function_concurrency",
        code=INVALID,
        given=_function,
        refused={"FunctionName": "f", "ReservedConcurrentExecutions": 901},
        accepted={"FunctionName": "f", "ReservedConcurrentExecutions": 900},
    ),
    Rule(
        says="only versions and aliases are kept ready",
        page=f"{GUIDE}/provisioned-concurrency.html",
        operation="put_provisioned_concurrency_config",
        code=INVALID,
        given=_function,
        refused={"FunctionName": "f", "Qualifier": "$LATEST", "ProvisionedConcurrentExecutions": 1},
        accepted={"FunctionName": "f", "Qualifier": "1", "ProvisionedConcurrentExecutions": 1},
    ),
    Rule(
        says="no more are kept ready than are reserved",
        page=f"{GUIDE}/provisioned-concurrency.html",
        operation="put_provisioned_concurrency_config",
        code=INVALID,
        given=lambda world: _function(world)
        or _client(world).put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=5),
        refused={"FunctionName": "f", "Qualifier": "1", "ProvisionedConcurrentExecutions": 6},
        accepted={"FunctionName": "f", "Qualifier": "1", "ProvisionedConcurrentExecutions": 5},
    ),
    Rule(
        says="messages are invisible for as long as the function may take",
        refused=_mapping("fast"),
        accepted=_mapping("slow"),
        **{**MAP, "page": f"{GUIDE}/services-sqs-configure.html"},
    ),
    Rule(
        says="the queue exists",
        refused=_mapping("none"),
        accepted=_mapping("slow"),
        **MAP,
    ),
    Rule(
        says="a big batch needs a window",
        refused=_mapping("slow", BatchSize=11),
        accepted=_mapping("slow", BatchSize=11, MaximumBatchingWindowInSeconds=1),
        **MAP,
    ),
    Rule(
        says="a batch of a FIFO queue has at most ten messages",
        refused=_mapping("slow.fifo", BatchSize=11, MaximumBatchingWindowInSeconds=1),
        accepted=_mapping("slow.fifo", BatchSize=10),
        **MAP,
    ),
    Rule(
        says="a source is mapped to a function once",
        refused=_mapping("slow"),
        accepted=_mapping("slow.fifo"),
        **{**MAP, "given": _mapped, "code": CONFLICT},
    ),
    Rule(
        says="a function has one URL",
        page=f"{API}/API_CreateFunctionUrlConfig.html",
        operation="create_function_url_config",
        code=CONFLICT,
        given=lambda world: _aliased(world)
        or _client(world).create_function_url_config(FunctionName="f", AuthType="NONE"),
        refused={"FunctionName": "f", "AuthType": "NONE"},
        accepted={"FunctionName": "f", "AuthType": "NONE", "Qualifier": "live"},
    ),
]
