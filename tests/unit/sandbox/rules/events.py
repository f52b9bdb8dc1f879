# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What EventBridge refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/eventbridge/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/eventbridge/latest/userguide"
ACCOUNT = "eu-central-1:123456789012"
INVALID, GONE, TAKEN = "ValidationException", "ResourceNotFoundException", "ResourceAlreadyExistsException"
PATTERN = json.dumps({"source": ["aws.ecs"]})
TOPIC = {"Id": "t", "Arn": f"arn:aws:sns:{ACCOUNT}:alerts"}
ROLE = "arn:aws:iam::123456789012:role/events"
TASK = {
    "Id": "t", "Arn": f"arn:aws:ecs:{ACCOUNT}:cluster/c", "RoleArn": ROLE,
    "EcsParameters": {"TaskDefinitionArn": f"arn:aws:ecs:{ACCOUNT}:task-definition/f"},
}  # fmt: skip
LOGIN = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "s"}}
CONNECTION = {"Name": "shop", "AuthorizationType": "API_KEY", "AuthParameters": LOGIN}


def _rule(world):
    world.events.put_rule(Name="r", EventPattern=PATTERN)


def _targeted(world):
    _rule(world)
    world.events.put_targets(Rule="r", Targets=[{**TOPIC, "Id": str(number)} for number in range(4)])


def _bus(world):
    world.events.create_event_bus(Name="orders")


def _busy(world):
    for name in ("orders", "empty"):
        world.events.create_event_bus(Name=name)
    world.events.put_rule(Name="r", EventPattern=PATTERN, EventBusName="orders")


def _connection(world):
    return world.events.create_connection(**CONNECTION)["ConnectionArn"]


def _destination(arn, endpoint="https://shop.example.com/", name="d"):
    return {"Name": name, "ConnectionArn": arn, "InvocationEndpoint": endpoint, "HttpMethod": "POST"}


def _schedule(expression):
    return {"Name": "r", "ScheduleExpression": expression}


def _targets(*targets):
    return {"Rule": "r", "Targets": list(targets)}


def _without(name):
    return {member: value for member, value in TASK.items() if member != name}


PUT = {"operation": "put_rule", "code": INVALID}
TARGETS = {"operation": "put_targets", "page": f"{API}/API_PutTargets.html", "given": _rule, "code": INVALID}
SERVICE = "events"
RULES = [
    Rule(
        says="a rule has a pattern or a schedule",
        page=f"{API}/API_PutRule.html",
        refused={"Name": "r"},
        accepted={"Name": "r", "EventPattern": PATTERN},
        **PUT,
    ),
    Rule(
        says="one day has no plural",
        page=f"{GUIDE}/eb-scheduled-rule-pattern.html",
        refused=_schedule("rate(1 days)"),
        accepted=_schedule("rate(1 day)"),
        **PUT,
    ),
    Rule(
        says="a day of the month and one of the week exclude each other",
        page=f"{GUIDE}/eb-scheduled-rule-pattern.html",
        refused=_schedule("cron(0 3 * * * *)"),
        accepted=_schedule("cron(0 3 * * ? *)"),
        **PUT,
    ),
    Rule(
        says="schedules are on the default bus",
        page=f"{GUIDE}/eb-create-rule-schedule.html",
        given=_bus,
        refused={**_schedule("rate(1 day)"), "EventBusName": "orders"},
        accepted=_schedule("rate(1 day)"),
        **PUT,
    ),
    Rule(
        says="a pattern's values are lists",
        page=f"{GUIDE}/eb-create-pattern.html",
        operation="put_rule",
        code="InvalidEventPatternException",
        refused={"Name": "r", "EventPattern": json.dumps({"source": "aws.ecs"})},
        accepted={"Name": "r", "EventPattern": PATTERN},
    ),
    Rule(
        says="the bus of a rule exists",
        page=f"{API}/API_PutRule.html",
        operation="put_rule",
        code=GONE,
        given=_bus,
        refused={"Name": "r", "EventPattern": PATTERN, "EventBusName": "none"},
        accepted={"Name": "r", "EventPattern": PATTERN, "EventBusName": "orders"},
    ),
    Rule(
        says="a rule has five targets",
        page=f"{GUIDE}/eb-quota.html",
        operation="put_targets",
        code="LimitExceededException",
        given=_targeted,
        refused=_targets({**TOPIC, "Id": "4"}, {**TOPIC, "Id": "5"}),
        accepted=_targets({**TOPIC, "Id": "4"}),
    ),
    Rule(
        says="a target is of a rule that exists",
        page=f"{API}/API_PutTargets.html",
        operation="put_targets",
        code=GONE,
        given=_rule,
        refused={"Rule": "none", "Targets": [TOPIC]},
        accepted=_targets(TOPIC),
    ),
    Rule(
        says="a target is an ARN",
        refused=_targets({**TOPIC, "Arn": "alerts"}),
        accepted=_targets(TOPIC),
        **TARGETS,
    ),
    Rule(
        says="a task needs a role",
        refused=_targets(_without("RoleArn")),
        accepted=_targets(TASK),
        **TARGETS,
    ),
    Rule(
        says="a task needs its definition",
        refused=_targets(_without("EcsParameters")),
        accepted=_targets(TASK),
        **TARGETS,
    ),
    Rule(
        says="a target has one input",
        refused=_targets({**TOPIC, "Input": '"a"', "InputPath": "$.detail"}),
        accepted=_targets({**TOPIC, "InputPath": "$.detail"}),
        **TARGETS,
    ),
    Rule(
        says="an input is JSON",
        refused=_targets({**TOPIC, "Input": "hello"}),
        accepted=_targets({**TOPIC, "Input": '"hello"'}),
        **TARGETS,
    ),
    Rule(
        says="a FIFO queue needs a group",
        refused=_targets({"Id": "q", "Arn": f"arn:aws:sqs:{ACCOUNT}:q.fifo"}),
        accepted=_targets(
            {"Id": "q", "Arn": f"arn:aws:sqs:{ACCOUNT}:q.fifo", "SqsParameters": {"MessageGroupId": "g"}}
        ),
        **TARGETS,
    ),
    Rule(
        says="dead letters go to a standard queue",
        refused=_targets({**TOPIC, "DeadLetterConfig": {"Arn": f"arn:aws:sqs:{ACCOUNT}:dead.fifo"}}),
        accepted=_targets({**TOPIC, "DeadLetterConfig": {"Arn": f"arn:aws:sqs:{ACCOUNT}:dead"}}),
        **{**TARGETS, "page": f"{GUIDE}/eb-rule-dlq.html"},
    ),
    Rule(
        says="a rule goes once its targets are gone",
        page=f"{API}/API_DeleteRule.html",
        operation="delete_rule",
        code=INVALID,
        given=lambda world: _targeted(world) or world.events.put_rule(Name="empty", EventPattern=PATTERN),
        refused={"Name": "r"},
        accepted={"Name": "empty"},
    ),
    Rule(
        says="a bus's name is taken",
        page=f"{API}/API_CreateEventBus.html",
        operation="create_event_bus",
        code=TAKEN,
        given=_bus,
        refused={"Name": "orders"},
        accepted={"Name": "orders2"},
    ),
    Rule(
        says="a bus's name has no slash",
        page=f"{API}/API_CreateEventBus.html",
        operation="create_event_bus",
        code=INVALID,
        refused={"Name": "shop/orders"},
        accepted={"Name": "shop-orders"},
    ),
    Rule(
        says="a bus goes once its rules are gone",
        page=f"{API}/API_DeleteEventBus.html",
        operation="delete_event_bus",
        code=INVALID,
        given=_busy,
        refused={"Name": "orders"},
        accepted={"Name": "empty"},
    ),
    Rule(
        says="the default bus stays",
        page=f"{API}/API_DeleteEventBus.html",
        operation="delete_event_bus",
        code=INVALID,
        given=_bus,
        refused={"Name": "default"},
        accepted={"Name": "orders"},
    ),
    Rule(
        says="a connection's name is taken",
        page=f"{API}/API_CreateConnection.html",
        operation="create_connection",
        code=TAKEN,
        given=_connection,
        refused=CONNECTION,
        accepted={**CONNECTION, "Name": "shop2"},
    ),
    Rule(
        says="a connection has what its type of authorization needs",
        page=f"{API}/API_CreateConnection.html",
        operation="create_connection",
        code=INVALID,
        refused={**CONNECTION, "AuthorizationType": "BASIC"},
        accepted=CONNECTION,
    ),
    Rule(
        says="an API destination's connection exists",
        page=f"{API}/API_CreateApiDestination.html",
        operation="create_api_destination",
        code=GONE,
        given=_connection,
        refused=_destination(f"arn:aws:events:{ACCOUNT}:connection/none/0"),
        accepted=lambda world: _destination(world.given),
    ),
    Rule(
        says="an API destination is called with HTTPS",
        page=f"{GUIDE}/eb-api-destinations.html",
        operation="create_api_destination",
        code=INVALID,
        given=_connection,
        refused=lambda world: _destination(world.given, "http://shop.example.com/"),
        accepted=lambda world: _destination(world.given),
    ),
    Rule(
        says="an archive's name is taken",
        page=f"{API}/API_CreateArchive.html",
        operation="create_archive",
        code=TAKEN,
        given=lambda world: world.events.create_archive(
            ArchiveName="a", EventSourceArn=f"arn:aws:events:{ACCOUNT}:event-bus/default"
        ),
        refused={"ArchiveName": "a", "EventSourceArn": f"arn:aws:events:{ACCOUNT}:event-bus/default"},
        accepted={"ArchiveName": "b", "EventSourceArn": f"arn:aws:events:{ACCOUNT}:event-bus/default"},
    ),
]
