# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of the last days, and who is told of them."""

from datetime import datetime, timedelta, timezone

from moto.backends import get_backend

from ...errors import AwsError
from .. import answer, backend, check
from .catalog import page_of

SOURCES = (
    "db-instance", "db-cluster", "db-parameter-group", "db-security-group", "db-snapshot", "db-cluster-snapshot",
    "db-proxy", "zero-etl", "custom-engine-version", "blue-green-deployment",
)  # fmt: skip
ARNS = {
    "db-instance": "db",
    "db-cluster": "cluster",
    "db-snapshot": "snapshot",
    "db-cluster-snapshot": "cluster-snapshot",
}


def _clash(message):
    return AwsError("InvalidParameterCombination", message)


def note(call, name, kind, category, message):
    """An event about something."""
    arn = f"arn:aws:rds:{call.region}:{call.account}:{ARNS[kind]}:{name}"
    event = {"SourceIdentifier": name, "SourceType": kind, "SourceArn": arn, "EventCategories": [category]}
    event |= {"Date": datetime.now(timezone.utc), "Message": message}
    backend(call, "rds").__dict__.setdefault("sandbox_events", []).append(event)


@answer("rds", "DescribeEvents")
def describe_events(call):
    """Of the last hour, if nothing else is asked for."""
    parameters, state = call.parameters, backend(call)
    name, kind = parameters.get("SourceIdentifier"), parameters.get("SourceType")
    if name and not kind:
        raise _clash("Cannot specify source identifier without source type")
    start = parameters.get("StartTime") or datetime.now(timezone.utc) - timedelta(
        minutes=parameters.get("Duration") or 60
    )
    end = parameters.get("EndTime") or datetime.now(timezone.utc)
    found = [
        event
        for event in state.__dict__.get("sandbox_events", [])
        if start <= event["Date"] <= end
        and name in (None, event["SourceIdentifier"])
        and kind in (None, event["SourceType"])
        and (
            not parameters.get("EventCategories") or set(event["EventCategories"]) & set(parameters["EventCategories"])
        )
    ]
    page, following = page_of(call, found)
    return {"Events": page, **following}


@check("rds", "CreateEventSubscription", "ModifyEventSubscription")
def check_subscription(call):
    """Topics and kinds of sources exist, and sources are of one kind."""
    parameters = call.parameters
    topic, kind = parameters.get("SnsTopicArn"), parameters.get("SourceType")
    if topic and topic not in get_backend("sns")[call.account][call.region].topics:
        raise AwsError("SNSTopicArnNotFound", f"SNS topic {topic} does not exist.")
    if kind and kind not in SOURCES:
        raise AwsError("InvalidParameterValue", f"The source type {kind} is not one of {', '.join(SOURCES)}.")
    if parameters.get("SourceIds") and not kind:
        raise _clash("SourceType must be specified with SourceIds.")


def _subscription(call):
    found = backend(call).event_subscriptions.get(call.parameters["SubscriptionName"])
    if found is None:
        raise AwsError("SubscriptionNotFound", f"Subscription {call.parameters['SubscriptionName']} not found.")
    return found


def _subscription_view(call, found):
    view = {
        "CustomerAwsId": call.account,
        "CustSubscriptionId": found.subscription_name,
        "SnsTopicArn": found.sns_topic_arn,
        "Status": found.status,
        "SubscriptionCreationTime": str(found.created_at),
        "SourceType": found.source_type,
        "SourceIdsList": found.source_ids,
        "EventCategoriesList": found.event_categories,
        "Enabled": found.enabled,
        "EventSubscriptionArn": found.arn,
    }
    return {name: value for name, value in view.items() if value is not None}


@answer("rds", "ModifyEventSubscription")
def modify_subscription(call):
    """moto does not have it."""
    found, parameters = _subscription(call), call.parameters
    found.sns_topic_arn = parameters.get("SnsTopicArn") or found.sns_topic_arn
    found.source_type = parameters.get("SourceType") or found.source_type
    found.event_categories = parameters.get("EventCategories") or found.event_categories
    if parameters.get("Enabled") is not None:
        found.enabled = parameters["Enabled"]
    return {"EventSubscription": _subscription_view(call, found)}


@answer("rds", "AddSourceIdentifierToSubscription")
def add_source(call):
    """moto does not have it."""
    found, name = _subscription(call), call.parameters["SourceIdentifier"]
    if not found.source_type:
        raise _clash("The subscription has no source type.")
    found.source_ids = [*(item for item in found.source_ids if item != name), name]
    return {"EventSubscription": _subscription_view(call, found)}


@answer("rds", "RemoveSourceIdentifierFromSubscription")
def remove_source(call):
    """moto does not have it."""
    found, name = _subscription(call), call.parameters["SourceIdentifier"]
    if name not in found.source_ids:
        raise AwsError("SourceNotFound", f"{name} is no source of the subscription.")
    found.source_ids = [item for item in found.source_ids if item != name]
    return {"EventSubscription": _subscription_view(call, found)}
