# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made of findings: filters, and where they are exported to."""

import re
import uuid

from ... import delays
from .. import answer
from ..governance import allows, bucket_of, chosen, given, kept, key_of, now, page
from .detectors import add_tags, arn_of, detector_of, found_in, of_detector, refused, tags_of

NAME = re.compile(r"[A-Za-z0-9._-]+")
MOST_FILTERS = 100  # https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_limits.html
SERVICE = "guardduty.amazonaws.com"


@answer("guardduty", "CreateFilter")
def create_filter(call):
    """moto overwrites what has the same name."""
    filters, parameters = of_detector(call, "filters"), call.parameters
    name = parameters["Name"]
    if not NAME.fullmatch(name):
        raise refused("The request is rejected because the parameter name has an invalid value.")
    if name in filters:
        raise refused("The request is rejected because a filter with the given name already exists.")
    if len(filters) >= MOST_FILTERS:
        raise refused("The request is rejected because the maximum number of filters has been reached.")
    rank = parameters.get("Rank") or len(filters) + 1
    _check_criteria(parameters["FindingCriteria"])
    written = chosen(parameters, "Name", "Description", "FindingCriteria")
    filters[name] = {"Action": "NOOP", **written, **chosen(parameters, "Action"), "Rank": rank, "Version": 1}
    filters[name] |= {"CreatedAt": now(), "UpdatedAt": now()}
    add_tags(call, _filter_arn(call, name))
    return {"Name": name}


def _check_criteria(criteria):
    conditions = criteria.get("Criterion") or {}
    if not conditions:
        raise refused("The request is rejected because the parameter findingCriteria has no criterion.")
    for field, condition in conditions.items():
        if not given(condition):
            raise refused(f"The request is rejected because the criterion {field} has no condition.")


def _filter_arn(call, name):
    return arn_of(call, call.parameters["DetectorId"], "filter", name)


@answer("guardduty", "GetFilter")
def get_filter(call):
    """moto drops the tags."""
    name = call.parameters["FilterName"]
    found = found_in(of_detector(call, "filters"), name)
    criterion = {key: given(value) for key, value in found["FindingCriteria"]["Criterion"].items()}
    return {**found, "FindingCriteria": {"Criterion": criterion}, **tags_of(call, _filter_arn(call, name))}


@answer("guardduty", "ListFilters")
def list_filters(call):
    """moto does not have it."""
    return page(call, "FilterNames", list(of_detector(call, "filters")), 50, refusal="BadRequestException")


@answer("guardduty", "UpdateFilter")
def update_filter(call):
    """What is not given stays."""
    parameters = call.parameters
    found = found_in(of_detector(call, "filters"), parameters["FilterName"])
    if parameters.get("FindingCriteria"):
        _check_criteria(parameters["FindingCriteria"])
    found.update(chosen(parameters, "Description", "Action", "Rank", "FindingCriteria"))
    found.update(UpdatedAt=now(), Version=found["Version"] + 1)
    return {"Name": found["Name"]}


@answer("guardduty", "DeleteFilter")
def delete_filter(call):
    """moto says nothing of what is not there."""
    filters, name = of_detector(call, "filters"), call.parameters["FilterName"]
    found_in(filters, name)
    del filters[name]
    kept(call, "tags").pop(_filter_arn(call, name), None)
    return {}


# --- exports -------------------------------------------------------------------------------------------------------


@answer("guardduty", "CreatePublishingDestination")
def create_destination(call):
    """One a detector, which GuardDuty can write to."""
    destinations, parameters = of_detector(call, "destinations"), call.parameters
    if destinations:
        kind = parameters["DestinationType"]
        raise refused(f"The request is rejected because a destination of type {kind} already exists.")
    properties = given(parameters["DestinationProperties"])
    _check_destination(call, properties)
    number = uuid.uuid4().hex
    destinations[number] = {
        "DestinationId": number,
        "DestinationType": parameters["DestinationType"],
        "DestinationProperties": properties,
        "verified_at": delays.ready_at("guardduty-destination-verify"),
    }
    add_tags(call, _destination_arn(call, number))
    return {"DestinationId": number}


def _check_destination(call, properties):
    arn, key = properties.get("DestinationArn") or "", key_of(call, properties.get("KmsKeyArn"))
    bucket = bucket_of(call, arn.rpartition(":")[2].partition("/")[0])
    writes = bucket is not None and allows(bucket.policy, SERVICE, "s3:PutObject", f"{arn.rstrip('/')}/AWSLogs/x")
    if key is None or not writes or not allows(key.policy, SERVICE, "kms:GenerateDataKey", key.arn):
        message = (
            "The request failed because the GuardDuty service principal does not have permission to the KMS key or "
            "the resource specified by the destinationArn parameter. Refer to the GuardDuty User Guide."
        )
        raise refused(message)


def _destination_arn(call, number):
    return arn_of(call, call.parameters["DetectorId"], "publishingDestination", number)


def _status(destination):
    verified = delays.is_past(destination["verified_at"])
    return {"Status": "PUBLISHING" if verified else "PENDING_VERIFICATION"}


@answer("guardduty", "DescribePublishingDestination")
def describe_destination(call):
    """moto does not have it."""
    number = call.parameters["DestinationId"]
    found = found_in(of_detector(call, "destinations"), number)
    shown = {name: value for name, value in found.items() if name != "verified_at"}
    more = {"PublishingFailureStartTimestamp": 0, **tags_of(call, _destination_arn(call, number))}
    return {**shown, **_status(found), **more}


@answer("guardduty", "ListPublishingDestinations")
def list_destinations(call):
    """moto does not have it."""
    found = [
        {**chosen(item, "DestinationId", "DestinationType"), **_status(item)}
        for item in of_detector(call, "destinations").values()
    ]
    return page(call, "Destinations", found, 50, refusal="BadRequestException")


@answer("guardduty", "UpdatePublishingDestination")
def update_destination(call):
    """Another bucket or key is verified anew."""
    found = found_in(of_detector(call, "destinations"), call.parameters["DestinationId"])
    properties = {**found["DestinationProperties"], **given(call.parameters.get("DestinationProperties") or {})}
    _check_destination(call, properties)
    found.update(DestinationProperties=properties, verified_at=delays.ready_at("guardduty-destination-verify"))
    return {}


@answer("guardduty", "DeletePublishingDestination")
def delete_destination(call):
    """moto does not have it."""
    number = call.parameters["DestinationId"]
    found_in(of_detector(call, "destinations"), number)
    del of_detector(call, "destinations")[number]
    kept(call, "tags").pop(_destination_arn(call, number), None)
    return {}


# --- malware scans -------------------------------------------------------------------------------------------------


@answer("guardduty", "GetMalwareScanSettings")
def scan_settings(call):
    """moto does not have it."""
    return {"EbsSnapshotPreservation": "NO_RETENTION", **vars(detector_of(call)).get("sandbox_scans", {})}


@answer("guardduty", "UpdateMalwareScanSettings")
def change_scan_settings(call):
    """moto does not have it."""
    written = chosen(call.parameters, "ScanResourceCriteria", "EbsSnapshotPreservation")
    of_detector(call, "scans").update(written)
    return {}
