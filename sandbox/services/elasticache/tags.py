# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags of what exists, and the events of the last days."""

from datetime import datetime, timedelta, timezone

from ...errors import AwsError
from .. import answer, backend
from ..rds.catalog import page_of
from .shared import KINDS, clash, require, set_tags

USUAL_MINUTES = 60


def _resource(call):
    """The ARN of the call, which is that of something in the region."""
    arn = call.parameters["ResourceName"]
    parts = arn.split(":", 6)
    if len(parts) < 7 or parts[2] != "elasticache" or parts[5] not in KINDS:
        raise AwsError("InvalidARN", f"ARN {arn} is invalid.")
    if (parts[3], parts[4]) != (call.region, call.account):
        raise AwsError(KINDS[parts[5]].missing, f"{parts[5]} not found: {arn}")
    return require(call, parts[5], parts[6]).arn


def _tags(call, arn):
    return {"TagList": backend(call).tagging_service.list_tags_for_resource(arn)["Tags"]}


@answer("elasticache", "ListTagsForResource")
def list_tags(call):
    """moto knows some kinds of ARN only."""
    return _tags(call, _resource(call))


@answer("elasticache", "AddTagsToResource")
def add_tags(call):
    """moto tags what does not exist."""
    arn = _resource(call)
    set_tags(call, arn, call.parameters["Tags"])
    return _tags(call, arn)


@answer("elasticache", "RemoveTagsFromResource")
def remove_tags(call):
    """The answer has the tags that are left."""
    arn = _resource(call)
    backend(call).tagging_service.untag_resource_using_names(arn, call.parameters["TagKeys"])
    return _tags(call, arn)


@answer("elasticache", "DescribeEvents")
def describe_events(call):
    """Of the last hour, if nothing else is asked for."""
    parameters = call.parameters
    if parameters.get("SourceIdentifier") and not parameters.get("SourceType"):
        raise clash("SourceType must be specified with SourceIdentifier.")
    minutes = parameters.get("Duration") or USUAL_MINUTES
    start = parameters.get("StartTime") or datetime.now(timezone.utc) - timedelta(minutes=minutes)
    end = parameters.get("EndTime") or datetime.now(timezone.utc)
    found = [
        event
        for event in backend(call).__dict__.get("sandbox_events", [])
        if start <= event["Date"] <= end
        and all(parameters.get(name) in (None, event[name]) for name in ("SourceIdentifier", "SourceType"))
    ]
    page, following = page_of(call, found)
    return {"Events": page, **following}
