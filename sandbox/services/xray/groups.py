# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of traces, and the tags of groups and sampling rules."""

import uuid

from ...errors import AwsError
from .. import answer
from .shared import arn, invalid, kept, listed

DEFAULT = "Default"
# https://docs.aws.amazon.com/general/latest/gr/xray.html
MOST = 25
MOST_TAGS = 50
INSIGHTS = {"InsightsEnabled": False, "NotificationsEnabled": False}


def _groups(call):
    groups = kept(call, "groups")
    if not groups:
        groups[DEFAULT] = _view(arn(call, f"group/{DEFAULT}"), DEFAULT, {})
    return groups


def _view(group_arn, name, given):
    insights = {**INSIGHTS, **(given.get("InsightsConfiguration") or {})}
    if insights["NotificationsEnabled"] and not insights["InsightsEnabled"]:
        raise invalid("NotificationsEnabled requires InsightsEnabled.")
    view = {"GroupName": name, "GroupARN": group_arn, "FilterExpression": given.get("FilterExpression") or ""}
    return {**view, "InsightsConfiguration": insights}


@answer("xray", "CreateGroup")
def create_group(call):
    """A group of a new name."""
    groups, name = _groups(call), call.parameters["GroupName"]
    if name in groups:
        raise invalid(f"Group {name} already exists.")
    if len(groups) > MOST:
        raise invalid("You have reached the maximum number of groups.")
    groups[name] = _view(arn(call, f"group/{name}/{uuid.uuid4().hex.upper()}"), name, call.parameters)
    set_tags(call, groups[name]["GroupARN"], call.parameters.get("Tags"))
    return {"Group": groups[name]}


@answer("xray", "GetGroup")
def get_group(call):
    """By name or ARN."""
    return {"Group": _group(call)}


@answer("xray", "GetGroups")
def get_groups(call):
    """All of them, with the one that is always there."""
    return listed(call, "Groups", list(_groups(call).values()))


@answer("xray", "UpdateGroup")
def update_group(call):
    """What is not given stays."""
    group = _group(call)
    given = {name: value for name, value in call.parameters.items() if value is not None}
    insights = {**group["InsightsConfiguration"], **(given.get("InsightsConfiguration") or {})}
    if not insights["InsightsEnabled"] and "NotificationsEnabled" not in (given.get("InsightsConfiguration") or {}):
        insights["NotificationsEnabled"] = False
    group.update(_view(group["GroupARN"], group["GroupName"], {**group, **given, "InsightsConfiguration": insights}))
    return {"Group": group}


@answer("xray", "DeleteGroup")
def delete_group(call):
    """Any but the one that is always there."""
    group = _group(call)
    if group["GroupName"] == DEFAULT:
        raise invalid("The default group cannot be deleted.")
    del _groups(call)[group["GroupName"]]
    kept(call, "tags").pop(group["GroupARN"], None)
    return {}


def _group(call):
    name, group_arn = call.parameters.get("GroupName"), call.parameters.get("GroupARN")
    if bool(name) == bool(group_arn):
        raise invalid("Specify either GroupName or GroupARN.")
    for group in _groups(call).values():
        if group["GroupName"] == name or group["GroupARN"] == group_arn:
            return group
    raise invalid("Group not found.")


# --- tags ----------------------------------------------------------------------------------------------------------


def set_tags(call, resource, tags):
    """Add tags to a resource; TooManyTagsException for more than it can have."""
    mine = kept(call, "tags").setdefault(resource, {})
    wanted = {**mine, **{tag["Key"]: tag["Value"] for tag in tags or []}}
    if len(wanted) > MOST_TAGS:
        raise AwsError("TooManyTagsException", "A resource has at most 50 tags.", 400)
    if any(name.lower().startswith("aws:") for name in wanted):
        raise invalid("Tag keys that begin with aws: are reserved.")
    mine.update(wanted)


@answer("xray", "TagResource")
def tag(call):
    """The tags of a group or a sampling rule."""
    set_tags(call, _tagged(call), call.parameters["Tags"])
    return {}


@answer("xray", "UntagResource")
def untag(call):
    """Those that are named."""
    mine = kept(call, "tags")[_tagged(call)]
    for name in call.parameters["TagKeys"]:
        mine.pop(name, None)
    return {}


@answer("xray", "ListTagsForResource")
def list_tags(call):
    """Every tag of a resource."""
    mine = kept(call, "tags")[_tagged(call)]
    return {"Tags": [{"Key": name, "Value": value} for name, value in sorted(mine.items())]}


def _tagged(call):
    resource = call.parameters["ResourceARN"]
    if resource not in kept(call, "tags"):
        raise AwsError("ResourceNotFoundException", f"{resource} does not exist.", 404)
    return resource
