# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Lambda refuses of functions that are there: changes, versions, aliases, permissions, and what calls them."""

from tests.unit.sandbox.rule import Rule
from tests.unit.sandbox.rules.awslambda import (
    API,
    CONFLICT,
    GONE,
    GUIDE,
    INVALID,
    QUEUE,
    client,
    function,
    package,
    roles,
    wanted,
)


def _queues(world):
    function(world, Timeout=60)
    world.sqs.create_queue(QueueName="fast", Attributes={"VisibilityTimeout": "30"})
    world.sqs.create_queue(QueueName="slow", Attributes={"VisibilityTimeout": "60"})
    world.sqs.create_queue(QueueName="slow.fifo", Attributes={"VisibilityTimeout": "60", "FifoQueue": "true"})


def _mapped(world):
    _queues(world)
    client(world).create_event_source_mapping(FunctionName="f", EventSourceArn=f"{QUEUE}:slow")


def _aliased(world):
    function(world)
    client(world).create_alias(FunctionName="f", Name="live", FunctionVersion="1")


def _versions(world):
    _aliased(world)
    client(world).update_function_code(FunctionName="f", ZipFile=package("x = 2"), Publish=True)


def _permission(statement="s"):
    principal = {"Principal": "events.amazonaws.com", "Action": "lambda:InvokeFunction"}
    return {"FunctionName": "f", "StatementId": statement, **principal}


def _updating(world):
    function(world)
    world.sandbox.delays(lambda_function_update=60)
    client(world).update_function_configuration(FunctionName="f", Timeout=5)


def _pending(world):
    roles(world)
    world.sandbox.delays(lambda_function_create=60)
    client(world).create_function(**wanted())


def _later(request):
    return lambda world: world.sandbox.advance(60) and request


def _mapping(queue, **settings):
    return {"FunctionName": "f", "EventSourceArn": f"{QUEUE}:{queue}", **settings}


MAP = {
    "operation": "create_event_source_mapping", "code": INVALID, "given": _queues,
    "page": f"{API}/API_CreateEventSourceMapping.html",
}  # fmt: skip
SERVICE = "lambda"
RULES = [
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
        refused={"FunctionName": "f", "ZipFile": package("x = 3")},
        accepted=_later({"FunctionName": "f", "ZipFile": package("x = 3")}),
    ),
    Rule(
        says="who updates a function has seen it as it is",
        page=f"{API}/API_UpdateFunctionConfiguration.html",
        operation="update_function_configuration",
        code="PreconditionFailedException",
        given=function,
        refused={"FunctionName": "f", "RevisionId": "0"},
        accepted=lambda world: {
            "FunctionName": "f",
            "RevisionId": client(world).get_function_configuration(FunctionName="f")["RevisionId"],
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
        given=function,
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
        given=function,
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
        given=lambda world: function(world) or client(world).add_permission(**_permission()),
        refused=_permission(),
        accepted=_permission("t"),
    ),
    Rule(
        says="a statement that is removed exists",
        page=f"{API}/API_RemovePermission.html",
        operation="remove_permission",
        code=GONE,
        given=lambda world: function(world) or client(world).add_permission(**_permission()),
        refused={"FunctionName": "f", "StatementId": "t"},
        accepted={"FunctionName": "f", "StatementId": "s"},
    ),
    Rule(
        says="a hundred executions stay for all other functions",
        page=f"{GUIDE}/configuration-concurrency.html",
        operation="put_function_concurrency",
        code=INVALID,
        given=function,
        refused={"FunctionName": "f", "ReservedConcurrentExecutions": 901},
        accepted={"FunctionName": "f", "ReservedConcurrentExecutions": 900},
    ),
    Rule(
        says="only versions and aliases are kept ready",
        page=f"{GUIDE}/provisioned-concurrency.html",
        operation="put_provisioned_concurrency_config",
        code=INVALID,
        given=function,
        refused={"FunctionName": "f", "Qualifier": "$LATEST", "ProvisionedConcurrentExecutions": 1},
        accepted={"FunctionName": "f", "Qualifier": "1", "ProvisionedConcurrentExecutions": 1},
    ),
    Rule(
        says="no more are kept ready than are reserved",
        page=f"{GUIDE}/provisioned-concurrency.html",
        operation="put_provisioned_concurrency_config",
        code=INVALID,
        given=lambda world: function(world)
        or client(world).put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=5),
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
        or client(world).create_function_url_config(FunctionName="f", AuthType="NONE"),
        refused={"FunctionName": "f", "AuthType": "NONE"},
        accepted={"FunctionName": "f", "AuthType": "NONE", "Qualifier": "live"},
    ),
]
