# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Detectors with their features, and the tags of what belongs to them."""

from datetime import datetime, timezone

from ...errors import AwsError
from .. import answer, backend
from ..governance import kept, now, page

ALWAYS = ("CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS")
# https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html: all but RUNTIME_MONITORING
USUAL = ("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS")
ADDITIONS = {
    "EKS_RUNTIME_MONITORING": ("EKS_ADDON_MANAGEMENT",),
    "RUNTIME_MONITORING": ("EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"),
}
NOT_OWNED = "The request is rejected because the input detectorId is not owned by the current account."
NO_SUCH = "The request is rejected since no such resource found."
MOST_TAGS = 50


def refused(message):
    """GuardDuty's error for nearly everything."""
    return AwsError("BadRequestException", message, 400)


def detector_of(call):
    """The detector that a call names."""
    found = backend(call).detectors.get(call.parameters["DetectorId"])
    if found is None:
        raise refused(NOT_OWNED)
    return found


def of_detector(call, what):
    """What belongs to the detector that a call names: {id: thing}."""
    return vars(detector_of(call)).setdefault(f"sandbox_{what}", {})


def found_in(things, number):
    """One of the things of a detector."""
    if number not in things:
        raise refused(NO_SUCH)
    return things[number]


def arn_of(call, *path):
    """The ARN of a detector, or of what belongs to it."""
    return f"arn:aws:guardduty:{call.region}:{call.account}:detector/{'/'.join(path)}"


def add_tags(call, arn):
    """Keep the tags that a call creates something with."""
    kept(call, "tags")[arn] = dict(call.parameters.get("Tags") or {})


def tags_of(call, arn):
    """The tags of something as part of its description."""
    return {"Tags": kept(call, "tags").get(arn) or {}}


@answer("guardduty", "CreateDetector")
def create_detector(call):
    """One a region; whatever it is not told about is on."""
    state, parameters = backend(call), call.parameters
    if state.detectors:
        raise refused("The request is rejected because a detector already exists for the current account.")
    _check_features(parameters)
    arguments = parameters["Enable"], parameters.get("FindingPublishingFrequency"), {}, {}, []
    number = state.create_detector(*arguments)
    detector = state.detectors[number]
    status = {name: "ENABLED" for name in (*ALWAYS, *USUAL)}
    detector.sandbox_features = {name: _feature(name, status.get(name, "DISABLED")) for name in (*status, *ADDITIONS)}
    _change_features(detector, parameters)
    add_tags(call, arn_of(call, number))
    return {"DetectorId": number}


@answer("guardduty", "UpdateDetector")
def update_detector(call):
    """A feature that is not named stays as it is."""
    detector, parameters = detector_of(call), call.parameters
    _check_features(parameters)
    detector.update(parameters.get("Enable"), parameters.get("FindingPublishingFrequency"), None, None)
    detector.updated_at = datetime.now(timezone.utc)
    _change_features(detector, parameters)
    return {}


def _check_features(parameters):
    if parameters.get("Features") and parameters.get("DataSources"):
        raise refused("The request is rejected because both dataSources and features were provided.")
    if set(ADDITIONS) <= {item["Name"] for item in parameters.get("Features") or []}:
        raise refused(
            "The request is rejected because EKS_RUNTIME_MONITORING and RUNTIME_MONITORING exclude each other."
        )


def _feature(name, status):
    feature = {"Name": name, "Status": status, "UpdatedAt": now()}
    if name in ADDITIONS:
        parts = [{"Name": part, "Status": "DISABLED", "UpdatedAt": now()} for part in ADDITIONS[name]]
        feature["AdditionalConfiguration"] = parts
    return feature


def _change_features(detector, parameters):
    for wanted in [*_from_sources(parameters.get("DataSources") or {}), *(parameters.get("Features") or [])]:
        feature = detector.sandbox_features.setdefault(wanted["Name"], _feature(wanted["Name"], "DISABLED"))
        feature.update(Status=wanted.get("Status") or feature["Status"], UpdatedAt=now())
        parts = {part["Name"]: part for part in feature.get("AdditionalConfiguration") or []}
        for part in wanted.get("AdditionalConfiguration") or []:
            parts[part["Name"]] = {"Name": part["Name"], "Status": part["Status"], "UpdatedAt": now()}
        if parts:
            feature["AdditionalConfiguration"] = list(parts.values())


def _from_sources(sources):
    """Features as they were called before."""
    told = {
        "S3_DATA_EVENTS": (sources.get("S3Logs") or {}).get("Enable"),
        "EKS_AUDIT_LOGS": ((sources.get("Kubernetes") or {}).get("AuditLogs") or {}).get("Enable"),
        "EBS_MALWARE_PROTECTION": (
            (sources.get("MalwareProtection") or {}).get("ScanEc2InstanceWithFindings") or {}
        ).get("EbsVolumes"),
    }
    return [
        {"Name": name, "Status": "ENABLED" if enable else "DISABLED"}
        for name, enable in told.items()
        if enable is not None
    ]


@answer("guardduty", "GetDetector")
def get_detector(call):
    """Features, and the same as data sources."""
    detector = detector_of(call)
    status = {name: {"Status": feature["Status"]} for name, feature in detector.sandbox_features.items()}
    return {
        "CreatedAt": _text(detector.created_at),
        "UpdatedAt": _text(detector.updated_at),
        "FindingPublishingFrequency": detector.finding_publish_freq,
        "ServiceRole": detector.service_role,
        "Status": "ENABLED" if detector.enabled else "DISABLED",
        "DataSources": {
            "CloudTrail": status["CLOUD_TRAIL"],
            "DNSLogs": status["DNS_LOGS"],
            "FlowLogs": status["FLOW_LOGS"],
            "S3Logs": status["S3_DATA_EVENTS"],
            "Kubernetes": {"AuditLogs": status["EKS_AUDIT_LOGS"]},
            "MalwareProtection": {"ScanEc2InstanceWithFindings": {"EbsVolumes": status["EBS_MALWARE_PROTECTION"]}},
        },
        "Features": list(detector.sandbox_features.values()),
        **tags_of(call, arn_of(call, detector.id)),
    }


def _text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


@answer("guardduty", "ListDetectors")
def list_detectors(call):
    """The one, if any."""
    return page(call, "DetectorIds", list(backend(call).detectors), 50, refusal="BadRequestException")


@answer("guardduty", "DeleteDetector")
def delete_detector(call):
    """With everything that belongs to it."""
    number = detector_of(call).id
    del backend(call).detectors[number]
    tags = kept(call, "tags")
    for arn in [arn for arn in tags if arn.startswith(arn_of(call, number))]:
        del tags[arn]
    return {}


# --- tags ----------------------------------------------------------------------------------------------------------


@answer("guardduty", "ListTagsForResource")
def list_tags(call):
    """moto does not have it."""
    return {"Tags": dict(_tags(call))}


@answer("guardduty", "TagResource")
def tag(call):
    """moto does not have it."""
    tags = {**_tags(call), **call.parameters["Tags"]}
    if len(tags) > MOST_TAGS:
        raise refused(f"The request is rejected because a resource has {MOST_TAGS} tags at most.")
    kept(call, "tags")[call.parameters["ResourceArn"]] = tags
    return {}


@answer("guardduty", "UntagResource")
def untag(call):
    """moto does not have it."""
    tags = _tags(call)
    for key in call.parameters["TagKeys"]:
        tags.pop(key, None)
    return {}


def _tags(call):
    tags = kept(call, "tags")
    if call.parameters["ResourceArn"] not in tags:
        raise refused(NO_SUCH)
    return tags[call.parameters["ResourceArn"]]
