# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules and their targets, and what events do with them."""

import copy
import json
import re
from datetime import timezone

from moto.events.models import EventPattern

from ...errors import AwsError
from .. import after, answer, backend, check
from ..scheduler import CRON

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
MOST_TARGETS, MOST_RULES = 5, 300
RATE = re.compile(r"rate\((1 (minute|hour|day)|(?!1 )[1-9]\d* (minutes|hours|days))\)")
INPUTS = ("Input", "InputPath", "InputTransformer")
# Part of a target's ARN: what EventBridge needs beside it.
NEEDED = ((":ecs:", "EcsParameters"), (":batch:", "BatchParameters"), (":redshift", "RedshiftDataParameters"))
NEEDS_ROLE = (
    ":ecs:",
    ":batch:",
    ":states:",
    ":kinesis:",
    ":firehose:",
    ":api-destination/",
    ":codebuild:",
    ":codepipeline:",
)
ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:.+")
# moto delivers to these, and breaks at others.
DELIVERED = (":logs:", ":sqs:", ":event-bus/", ":events:")
FIELDS = {"id", "account", "source", "time", "region", "resources", "detail-type"}


def bus_of(call):
    """The bus that a call names; ResourceNotFoundException where there is none."""
    name = (call.parameters.get("EventBusName") or "default").rpartition("/")[2]
    return backend(call)._get_event_bus(name)


def rule_of(call, member="Rule"):
    """The rule that a call names; ResourceNotFoundException where there is none."""
    bus, name = bus_of(call), call.parameters[member]
    if name not in bus.rules:
        raise AwsError("ResourceNotFoundException", f"Rule {name} does not exist on EventBus {bus.name}.", 400)
    return bus.rules[name]


@check("events", "PutRule")
def check_rule(call):
    """An expression that is one, a pattern that is one, and one rule too many."""
    bus, parameters = bus_of(call), call.parameters
    expression = parameters.get("ScheduleExpression")
    if expression:
        cron = CRON.fullmatch(expression)
        sound = cron and (cron["day"] == "?") != (cron["weekday"] == "?")
        if not (sound or RATE.fullmatch(expression)):
            raise invalid("Parameter ScheduleExpression is not valid.")
    if parameters["Name"] not in bus.rules and len(bus.rules) >= MOST_RULES:
        raise AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.", 400)
    known = bus.rules.get(parameters["Name"])
    call.sandbox_tags = copy.copy(backend(call).tagger.get_tag_dict_for_resource(known.arn)) if known else None


@after("events", "PutRule")
def keep_tags(call):
    """The tags of a rule that is there change by calls of their own."""
    if call.sandbox_tags is not None and call.parameters.get("Tags"):
        arn, tagger = bus_of(call).rules[call.parameters["Name"]].arn, backend(call).tagger
        tagger.delete_all_tags_for_resource(arn)
        tagger.tag_resource(arn, [{"Key": name, "Value": value} for name, value in call.sandbox_tags.items()])


@check("events", "PutTargets")
def check_targets(call):
    """Few targets, with what each needs."""
    rule, targets = rule_of(call), call.parameters["Targets"]
    if len({target["Id"] for target in (*rule.targets, *targets)}) > MOST_TARGETS:
        raise AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.", 400)
    for target in targets:
        _check_target(target)


def _check_target(target):
    arn, number = target["Arn"], target["Id"]
    if not ARN.fullmatch(arn):
        raise invalid(f"Parameter {arn} is not valid. Reason: Provided Arn is not in correct format.")
    if sum(1 for name in INPUTS if target.get(name)) > 1:
        raise invalid(f"Only one of Input, InputPath, or InputTransformer must be provided for target {number}.")
    for part, member in NEEDED:
        if part in arn and not target.get(member):
            raise invalid(f"Parameter(s) {member} must be specified for target: {number}.")
    if any(part in arn for part in NEEDS_ROLE) and not target.get("RoleArn"):
        raise invalid(f"RoleArn is required for target {arn}.")
    if target.get("Input"):
        try:
            json.loads(target["Input"])
        except ValueError as error:
            raise invalid(f"Invalid Input for target {number}: it is not JSON.") from error
    check_dead_letters(target.get("DeadLetterConfig"))


def check_dead_letters(config):
    """Refuse dead letters for anything but a standard queue."""
    arn = (config or {}).get("Arn")
    if arn and (":sqs:" not in arn or arn.endswith(".fifo")):
        raise invalid(f"Parameter {arn} is not valid. Reason: A dead-letter queue is a standard queue.")


@check("events", "ListTargetsByRule", "RemoveTargets", "DisableRule", "EnableRule")
def require_rule(call):
    """Of a rule that is there."""
    rule_of(call, "Rule" if "Rule" in call.parameters else "Name")


# --- events --------------------------------------------------------------------------------------------------------


@answer("events", "PutEvents")
def put_events(call):
    """moto breaks at targets that it does not deliver to, such as tasks and functions, which do not run here."""
    rules = [rule for bus in backend(call).event_buses.values() for rule in bus.rules.values()]
    targets = [rule.targets for rule in rules]
    try:
        for rule in rules:
            rule.targets = [item for item in rule.targets if any(part in item["Arn"] for part in DELIVERED)]
        results = backend(call).put_events([_entry(entry) for entry in call.parameters["Entries"]])
    finally:
        for rule, kept in zip(rules, targets, strict=True):
            rule.targets = kept
    return {"FailedEntryCount": sum(1 for item in results if "ErrorCode" in item), "Entries": results}


def _entry(entry):
    given = {name: value for name, value in entry.items() if value is not None}
    if "Time" in given:
        moment = given["Time"] if given["Time"].tzinfo else given["Time"].replace(tzinfo=timezone.utc)
        given["Time"] = moment.timestamp()
    return given


@answer("events", "TestEventPattern")
def test_pattern(call):
    """moto does not have it."""
    try:
        event = json.loads(call.parameters["Event"])
    except ValueError:
        event = None
    if not isinstance(event, dict) or not FIELDS <= set(event):
        raise invalid(f"Parameter Event is not valid. Reason: It is an object with {', '.join(sorted(FIELDS))}.")
    return {"Result": EventPattern.load(call.parameters["EventPattern"]).matches_event(event)}


def invalid(message):
    """How EventBridge refuses values."""
    return AwsError("ValidationException", message, 400)
