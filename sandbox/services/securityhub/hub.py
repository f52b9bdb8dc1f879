# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hub of a region: whether there is one, its settings, its tags."""

from ... import delays
from ...errors import AwsError
from .. import answer, backend, check
from ..governance import chosen, kept, now
from .catalog import AUTOMATIC, USUAL_STANDARDS, product_arn, standard_arn

NEED_A_HUB = (
    "BatchImportFindings", "CreateMembers", "DeleteMembers", "DescribeOrganizationConfiguration",
    "GetMembers", "ListMembers",
)  # fmt: skip


def hub_of(call):
    """The hub of the region; what belongs to it goes with it."""
    if not backend(call).enabled:
        raise AwsError("InvalidAccessException", f"Account {call.account} is not subscribed to AWS Security Hub")
    return kept(call, "hub")


def part_of(call, what):
    """A dict of what belongs to the hub."""
    return hub_of(call).setdefault(what, {})


def arn_of(call, resource):
    """The ARN of something of Security Hub."""
    return f"arn:aws:securityhub:{call.region}:{call.account}:{resource}"


def missing(arn):
    """What Security Hub says of what is not there."""
    return AwsError("ResourceNotFoundException", f"The requested resource {arn} does not exist.")


def wrong(message):
    """What Security Hub says of values that it does not take."""
    return AwsError("InvalidInputException", message)


def conflict(message):
    """What Security Hub says of what is there already."""
    return AwsError("ResourceConflictException", message)


@check("securityhub", *NEED_A_HUB)
def require_hub(call):
    """moto has findings and members without a hub."""
    hub_of(call)


@answer("securityhub", "EnableSecurityHub")
def enable(call):
    """Once, with the usual standards unless told otherwise."""
    state, parameters = backend(call), call.parameters
    if state.enabled:
        raise conflict(f"Account {call.account} is already subscribed to Security Hub")
    state.enable_security_hub()
    hub = kept(call, "hub")
    hub.clear()
    generator = parameters.get("ControlFindingGenerator") or "SECURITY_CONTROL"
    hub["settings"] = {"AutoEnableControls": True, "ControlFindingGenerator": generator, "SubscribedAt": now()}
    hub["tags"] = {arn_of(call, "hub/default"): dict(parameters.get("Tags") or {})}
    for name in USUAL_STANDARDS if parameters.get("EnableDefaultStandards") is not False else ():
        subscribe(call, name, {})
    hub["products"] = {
        arn_of(call, f"product-subscription/{name}"): product_arn(call.region, name) for name in AUTOMATIC
    }
    return {}


def subscribe(call, name, settings):
    """Enable a standard, unless it is; (its subscription, the ARN of that)."""
    item = {
        "standard": standard_arn(call.region, name),
        "input": settings,
        "ready_at": delays.ready_at("securityhub-standard-enable"),
        "controls": {},
    }
    arn = arn_of(call, f"subscription/{name}")
    return part_of(call, "standards").setdefault(arn, item), arn


@answer("securityhub", "DescribeHub")
def describe(call):
    """moto forgets the settings."""
    settings, arn = hub_of(call)["settings"], arn_of(call, "hub/default")
    if call.parameters.get("HubArn") not in (None, arn):
        raise missing(call.parameters["HubArn"])
    return {**settings, "HubArn": arn, "SubscribedAt": settings["SubscribedAt"].isoformat().replace("+00:00", ".000Z")}


@answer("securityhub", "UpdateSecurityHubConfiguration")
def update(call):
    """moto does not have it."""
    hub_of(call)["settings"].update(chosen(call.parameters, "AutoEnableControls", "ControlFindingGenerator"))
    return {}


# --- tags ----------------------------------------------------------------------------------------------------------


@answer("securityhub", "ListTagsForResource")
def list_tags(call):
    """moto does not have it."""
    return {"Tags": dict(_tags(call))}


@answer("securityhub", "TagResource")
def tag(call):
    """moto does not have it."""
    _tags(call).update(call.parameters["Tags"])
    return {}


@answer("securityhub", "UntagResource")
def untag(call):
    """moto does not have it."""
    tags = _tags(call)
    for key in call.parameters["TagKeys"]:
        tags.pop(key, None)
    return {}


def _tags(call):
    tags, arn = part_of(call, "tags"), call.parameters["ResourceArn"]
    if arn not in tags:
        raise missing(arn)
    return tags[arn]
