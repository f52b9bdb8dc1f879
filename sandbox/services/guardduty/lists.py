# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of addresses that are trusted, and of those that are a threat."""

import re
import uuid

from ... import delays
from .. import answer
from ..governance import bucket_of, chosen, kept, page
from .detectors import add_tags, arn_of, found_in, of_detector, refused, tags_of

# https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_upload-lists.html: one trusted IP list, six threat lists
KINDS = {
    "IPSet": ("ipset", "IpSetId", 1),
    "ThreatIntelSet": ("threatintelset", "ThreatIntelSetId", 6),
}
LOCATION = re.compile(
    r"(?:s3://(?P<a>[a-z0-9.-]+)/(?P<ka>.+)"
    r"|https://s3[a-z0-9.-]*\.amazonaws\.com/(?P<b>[a-z0-9.-]+)/(?P<kb>.+)"
    r"|https://(?P<c>[a-z0-9.-]+?)\.s3[a-z0-9.-]*\.amazonaws\.com/(?P<kc>.+))"
)


def _kind(call):
    name = "ThreatIntelSet" if "ThreatIntelSet" in call.operation else "IPSet"
    return KINDS[name]


@answer("guardduty", "CreateIPSet", "CreateThreatIntelSet")
def create_list(call):
    """moto has none of them."""
    (path, member, most), parameters = _kind(call), call.parameters
    lists = of_detector(call, path)
    if len(lists) >= most:
        raise refused(f"The request is rejected because the maximum number of {path}s has been reached.")
    _check_name(lists, parameters["Name"])
    _check_location(call, parameters["Location"])
    number = uuid.uuid4().hex
    lists[number] = chosen(parameters, "Name", "Format", "Location", "ExpectedBucketOwner")
    _activate(lists[number], parameters["Activate"])
    add_tags(call, _arn(call, number))
    return {member: number}


def _check_name(lists, name):
    if any(item["Name"] == name for item in lists.values()):
        raise refused("The request is rejected because a list with the given name already exists.")


def _check_location(call, location):
    match = LOCATION.fullmatch(location)
    if match is None:
        raise refused("The request is rejected because the parameter location has an invalid value.")
    name, key = (next(filter(None, match.group(*names))) for names in ("abc", ("ka", "kb", "kc")))
    bucket = bucket_of(call, name)
    if bucket is None or key not in bucket.keys:
        raise refused("The request is rejected because the file at the given location cannot be read.")


def _activate(item, wanted):
    item["active"], item["settled_at"] = wanted, delays.ready_at("guardduty-list-activate")


def _status(item):
    if delays.is_past(item["settled_at"]):
        return "ACTIVE" if item["active"] else "INACTIVE"
    return "ACTIVATING" if item["active"] else "DEACTIVATING" if item.get("was_active") else "INACTIVE"


def _arn(call, number):
    return arn_of(call, call.parameters["DetectorId"], _kind(call)[0], number)


@answer("guardduty", "GetIPSet", "GetThreatIntelSet")
def get_list(call):
    """moto has none of them."""
    path, member, _most = _kind(call)
    number = call.parameters[member]
    item = found_in(of_detector(call, path), number)
    shown = chosen(item, "Name", "Format", "Location", "ExpectedBucketOwner")
    return {**shown, "Status": _status(item), **tags_of(call, _arn(call, number))}


@answer("guardduty", "ListIPSets")
def list_trusted(call):
    """moto has none of them."""
    return page(call, "IpSetIds", list(of_detector(call, "ipset")), 50, refusal="BadRequestException")


@answer("guardduty", "ListThreatIntelSets")
def list_threats(call):
    """moto has none of them."""
    return page(call, "ThreatIntelSetIds", list(of_detector(call, "threatintelset")), 50, refusal="BadRequestException")


@answer("guardduty", "UpdateIPSet", "UpdateThreatIntelSet")
def update_list(call):
    """A list is activated again when its place changes."""
    (path, member, _most), parameters = _kind(call), call.parameters
    lists = of_detector(call, path)
    item = found_in(lists, parameters[member])
    if parameters.get("Name") not in (None, item["Name"]):
        _check_name(lists, parameters["Name"])
    if parameters.get("Location"):
        _check_location(call, parameters["Location"])
    item.update(chosen(parameters, "Name", "Location", "ExpectedBucketOwner"), was_active=_status(item) == "ACTIVE")
    if parameters.get("Activate") is not None or parameters.get("Location"):
        active = item["active"] if parameters.get("Activate") is None else parameters["Activate"]
        _activate(item, active)
    return {}


@answer("guardduty", "DeleteIPSet", "DeleteThreatIntelSet")
def delete_list(call):
    """moto has none of them."""
    path, member, _most = _kind(call)
    number = call.parameters[member]
    lists = of_detector(call, path)
    found_in(lists, number)
    del lists[number]
    kept(call, "tags").pop(_arn(call, number), None)
    return {}
