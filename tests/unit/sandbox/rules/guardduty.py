# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What GuardDuty refuses."""

from tests.unit.sandbox.governance import bucket, key
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/guardduty/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/guardduty/latest/ug"
BAD = "BadRequestException"
WRITER = "guardduty.amazonaws.com"
CRITERIA = {"Criterion": {"severity": {"LessThan": 4}}}


def _detector(world):
    return world.guardduty.create_detector(Enable=True)["DetectorId"]


def _with_filters(count):
    def given(world):
        number = _detector(world)
        for one in range(count):
            world.guardduty.create_filter(DetectorId=number, Name=f"filter-{one}", FindingCriteria=CRITERIA)
        return number

    return given


def _with_files(world):
    bucket(world.s3, "some-lists")
    for name in "abcdefg":
        world.s3.put_object(Bucket="some-lists", Key=f"{name}.txt", Body=b"192.0.2.1\n")
    return _detector(world)


def _with_lists(world):
    number = _with_files(world)
    world.guardduty.create_ip_set(**_list(number, "office", "a"))
    for name in "abcdef":
        world.guardduty.create_threat_intel_set(**_list(number, name, name))
    return number


def _list(number, name, file):
    location = f"s3://some-lists/{file}.txt"
    return {"DetectorId": number, "Name": name, "Format": "TXT", "Location": location, "Activate": True}


def _exports(world):
    names = [bucket(world.s3, "findings-open", WRITER), bucket(world.s3, "findings-shut")]
    return _detector(world), [f"arn:aws:s3:::{name}" for name in names], key(world.kms, WRITER), key(world.kms)


def _export(number, arn, key_arn):
    properties = {"DestinationArn": arn, "KmsKeyArn": key_arn}
    return {"DetectorId": number, "DestinationType": "S3", "DestinationProperties": properties}


def _exported(world):
    number, (one, _other), key_arn, _shut = _exports(world)
    made = world.guardduty.create_publishing_destination(**_export(number, one, key_arn))["DestinationId"]
    return number, one, key_arn, made


def _features(*names):
    return {"Enable": True, "Features": [{"Name": name, "Status": "ENABLED"} for name in names]}


SERVICE = "guardduty"
RULES = [
    Rule(
        says="a region has one detector",
        page=f"{API}/API_CreateDetector.html",
        operation="create_detector",
        code=BAD,
        given=_detector,
        refused={"Enable": True},
        accepted=lambda world: world.guardduty.delete_detector(DetectorId=world.given) and {"Enable": True},
    ),
    Rule(
        says="features are told either by their names or as data sources",
        page=f"{GUIDE}/guardduty-feature-object-api-changes-march2023.html",
        operation="create_detector",
        code=BAD,
        refused={**_features("EKS_AUDIT_LOGS"), "DataSources": {"S3Logs": {"Enable": True}}},
        accepted={"Enable": True, "DataSources": {"S3Logs": {"Enable": True}}},
    ),
    Rule(
        says="a detector is there",
        page=f"{API}/API_UpdateDetector.html",
        operation="update_detector",
        code=BAD,
        given=_detector,
        refused=lambda world: {"DetectorId": "0" * 32, "Enable": False},
        accepted=lambda world: {"DetectorId": world.given, "Enable": False},
    ),
    Rule(
        says="runtime monitoring of EKS alone and of everything exclude each other",
        page=f"{API}/API_CreateDetector.html",
        operation="create_detector",
        code=BAD,
        refused=_features("EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING"),
        accepted=_features("EKS_AUDIT_LOGS", "RUNTIME_MONITORING"),
    ),
    Rule(
        says="a filter's name is taken",
        page=f"{API}/API_CreateFilter.html",
        operation="create_filter",
        code=BAD,
        given=_with_filters(1),
        refused=lambda world: {"DetectorId": world.given, "Name": "filter-0", "FindingCriteria": CRITERIA},
        accepted=lambda world: {"DetectorId": world.given, "Name": "filter-1", "FindingCriteria": CRITERIA},
    ),
    Rule(
        says="a filter's name has no spaces",
        page=f"{API}/API_CreateFilter.html",
        operation="create_filter",
        code=BAD,
        given=_detector,
        refused=lambda world: {"DetectorId": world.given, "Name": "my filter", "FindingCriteria": CRITERIA},
        accepted=lambda world: {"DetectorId": world.given, "Name": "my_filter", "FindingCriteria": CRITERIA},
    ),
    Rule(
        says="a detector has 100 filters at most",
        page=f"{GUIDE}/guardduty_limits.html",
        operation="create_filter",
        code=BAD,
        given=_with_filters(100),
        refused=lambda world: {"DetectorId": world.given, "Name": "filter-100", "FindingCriteria": CRITERIA},
        accepted=lambda world: world.guardduty.delete_filter(DetectorId=world.given, FilterName="filter-0")
        and {"DetectorId": world.given, "Name": "filter-100", "FindingCriteria": CRITERIA},
    ),
    Rule(
        says="only what exists can be changed",
        page=f"{API}/API_UpdateFilter.html",
        operation="update_filter",
        code=BAD,
        given=_with_filters(1),
        refused=lambda world: {"DetectorId": world.given, "FilterName": "filter-1", "Action": "ARCHIVE"},
        accepted=lambda world: {"DetectorId": world.given, "FilterName": "filter-0", "Action": "ARCHIVE"},
    ),
    Rule(
        says="GuardDuty may write into the bucket that findings are exported to",
        page=f"{GUIDE}/guardduty_exportfindings.html",
        operation="create_publishing_destination",
        code=BAD,
        given=_exports,
        refused=lambda world: _export(world.given[0], world.given[1][1], world.given[2]),
        accepted=lambda world: _export(world.given[0], world.given[1][0], world.given[2]),
    ),
    Rule(
        says="GuardDuty may encrypt with the key of its export",
        page=f"{GUIDE}/guardduty_exportfindings.html",
        operation="create_publishing_destination",
        code=BAD,
        given=_exports,
        refused=lambda world: _export(world.given[0], world.given[1][0], world.given[3]),
        accepted=lambda world: _export(world.given[0], world.given[1][0], world.given[2]),
    ),
    Rule(
        says="the bucket of an export exists",
        page=f"{API}/API_UpdatePublishingDestination.html",
        operation="update_publishing_destination",
        code=BAD,
        given=_exported,
        refused=lambda world: _moved(world, "arn:aws:s3:::findings-none"),
        accepted=lambda world: _moved(world, "arn:aws:s3:::findings-open/prefix"),
    ),
    Rule(
        says="a list of addresses is a file that is there",
        page=f"{GUIDE}/guardduty_upload-lists.html",
        operation="create_ip_set",
        code=BAD,
        given=_with_files,
        refused=lambda world: _list(world.given, "office", "z"),
        accepted=lambda world: _list(world.given, "office", "a"),
    ),
    Rule(
        says="a region has one trusted list",
        page=f"{GUIDE}/guardduty_upload-lists.html",
        operation="create_ip_set",
        code=BAD,
        given=_with_lists,
        refused=lambda world: _list(world.given, "other", "b"),
        accepted=lambda world: _without_lists(world, _list(world.given, "other", "b")),
    ),
    Rule(
        says="a region has six threat lists",
        page=f"{GUIDE}/guardduty_upload-lists.html",
        operation="create_threat_intel_set",
        code=BAD,
        given=_with_lists,
        refused=lambda world: _list(world.given, "g", "g"),
        accepted=lambda world: _without_lists(world, _list(world.given, "g", "g")),
    ),
    Rule(
        says="only what exists has tags",
        page=f"{API}/API_TagResource.html",
        operation="tag_resource",
        code=BAD,
        given=_detector,
        refused={"ResourceArn": f"arn:aws:guardduty:eu-central-1:123456789012:detector/{'0' * 32}", "Tags": {"a": "b"}},
        accepted=lambda world: {
            "ResourceArn": f"arn:aws:guardduty:eu-central-1:123456789012:detector/{world.given}",
            "Tags": {"a": "b"},
        },
    ),
]


def _moved(world, arn):
    number, _one, key_arn, made = world.given
    properties = {"DestinationArn": arn, "KmsKeyArn": key_arn}
    return {"DetectorId": number, "DestinationId": made, "DestinationProperties": properties}


def _without_lists(world, wanted):
    of = {"DetectorId": world.given}
    for number in world.guardduty.list_ip_sets(**of)["IpSetIds"]:
        world.guardduty.delete_ip_set(**of, IpSetId=number)
    for number in world.guardduty.list_threat_intel_sets(**of)["ThreatIntelSetIds"]:
        world.guardduty.delete_threat_intel_set(**of, ThreatIntelSetId=number)
    return wanted
