# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what GuardDuty has."""

from tests.unit.sandbox.governance import bucket, key

SERVICE = "guardduty.amazonaws.com"


def detector(probe):
    guardduty = probe.client("guardduty")
    features = [{"Name": "S3_DATA_EVENTS", "Status": "DISABLED"}]
    wanted = {"Enable": True, "FindingPublishingFrequency": "ONE_HOUR", "Features": features, "Tags": {"a": "b"}}
    number = probe.does(guardduty.create_detector, **wanted)["DetectorId"]
    of = {"DetectorId": number}
    found = probe.shows(
        {"FindingPublishingFrequency": "ONE_HOUR", "Status": "ENABLED", "Tags": {"a": "b"}},
        guardduty.get_detector,
        **of,
    )
    status = {item["Name"]: item["Status"] for item in found["Features"]}
    assert (status["S3_DATA_EVENTS"], status["EKS_AUDIT_LOGS"], status["RUNTIME_MONITORING"]) == (
        "DISABLED", "ENABLED", "DISABLED",
    )  # fmt: skip
    probe.shows([number], guardduty.list_detectors, "DetectorIds")
    part = {"Name": "ECS_FARGATE_AGENT_MANAGEMENT", "Status": "ENABLED"}
    feature = {"Name": "RUNTIME_MONITORING", "Status": "ENABLED", "AdditionalConfiguration": [part]}
    probe.does(guardduty.update_detector, **of, Features=[feature], FindingPublishingFrequency="SIX_HOURS")
    found = probe.shows({"FindingPublishingFrequency": "SIX_HOURS"}, guardduty.get_detector, **of)["Features"]
    runtime = next(item for item in found if item["Name"] == "RUNTIME_MONITORING")
    parts = {item["Name"]: item["Status"] for item in runtime["AdditionalConfiguration"]}
    assert (runtime["Status"], parts["ECS_FARGATE_AGENT_MANAGEMENT"]) == ("ENABLED", "ENABLED")
    probe.does(guardduty.update_malware_scan_settings, **of, EbsSnapshotPreservation="RETENTION_WITH_FINDING")
    probe.shows({"EbsSnapshotPreservation": "RETENTION_WITH_FINDING"}, guardduty.get_malware_scan_settings, **of)
    probe.does(guardduty.delete_detector, **of)
    probe.lacks(guardduty.get_detector, "BadRequestException", **of)


def tags(probe):
    guardduty = probe.client("guardduty")
    number = guardduty.create_detector(Enable=True)["DetectorId"]
    arn = {"ResourceArn": f"arn:aws:guardduty:eu-central-1:123456789012:detector/{number}"}
    probe.does(guardduty.tag_resource, **arn, Tags={"a": "b", "c": "d"})
    probe.shows({"a": "b", "c": "d"}, guardduty.list_tags_for_resource, "Tags", **arn)
    probe.does(guardduty.untag_resource, **arn, TagKeys=["a"])
    assert probe.shows({"c": "d"}, guardduty.list_tags_for_resource, "Tags", **arn) == {"c": "d"}


def finding_filter(probe):
    guardduty = probe.client("guardduty")
    of = {"DetectorId": guardduty.create_detector(Enable=True)["DetectorId"]}
    wanted = {
        "Name": "low",
        "Description": "nothing to see",
        "Action": "ARCHIVE",
        "Rank": 1,
        "FindingCriteria": {"Criterion": {"severity": {"LessThan": 4}}},
    }
    probe.does(guardduty.create_filter, **of, **wanted, Tags={"a": "b"})
    probe.shows({**wanted, "Tags": {"a": "b"}}, guardduty.get_filter, **of, FilterName="low")
    probe.shows(["low"], guardduty.list_filters, "FilterNames", **of)
    changed = {"Action": "NOOP", "Description": "look"}
    probe.does(guardduty.update_filter, **of, FilterName="low", **changed)
    probe.shows({**wanted, **changed}, guardduty.get_filter, **of, FilterName="low")
    probe.does(guardduty.delete_filter, **of, FilterName="low")
    probe.lacks(guardduty.get_filter, "BadRequestException", **of, FilterName="low")


def publishing_destination(probe):
    guardduty = probe.client("guardduty")
    of = {"DetectorId": guardduty.create_detector(Enable=True)["DetectorId"]}
    for name in ("findings-one", "findings-two"):
        bucket(probe.client("s3"), name, SERVICE)
    properties = {"DestinationArn": "arn:aws:s3:::findings-one", "KmsKeyArn": key(probe.client("kms"), SERVICE)}
    wanted = {"DestinationType": "S3", "DestinationProperties": properties}
    of["DestinationId"] = probe.does(guardduty.create_publishing_destination, **of, **wanted)["DestinationId"]
    probe.shows({**wanted, "Status": "PUBLISHING"}, guardduty.describe_publishing_destination, **of)
    listed = [{"DestinationId": of["DestinationId"], "DestinationType": "S3", "Status": "PUBLISHING"}]
    probe.shows(listed, guardduty.list_publishing_destinations, "Destinations", DetectorId=of["DetectorId"])
    properties["DestinationArn"] = "arn:aws:s3:::findings-two/prefix"
    probe.does(guardduty.update_publishing_destination, **of, DestinationProperties=properties)
    probe.shows(wanted, guardduty.describe_publishing_destination, **of)
    probe.does(guardduty.delete_publishing_destination, **of)
    probe.lacks(guardduty.describe_publishing_destination, "BadRequestException", **of)


def trusted_list(probe):
    guardduty = probe.client("guardduty")
    of = {"DetectorId": guardduty.create_detector(Enable=True)["DetectorId"]}
    _files(probe)
    wanted = {"Name": "office", "Format": "TXT", "Location": "s3://some-lists/one.txt"}
    of["IpSetId"] = probe.does(guardduty.create_ip_set, **of, **wanted, Activate=True, Tags={"a": "b"})["IpSetId"]
    probe.shows({**wanted, "Status": "ACTIVE", "Tags": {"a": "b"}}, guardduty.get_ip_set, **of)
    probe.shows([of["IpSetId"]], guardduty.list_ip_sets, "IpSetIds", DetectorId=of["DetectorId"])
    changed = {"Name": "offices", "Location": "https://s3.amazonaws.com/some-lists/two.txt"}
    probe.does(guardduty.update_ip_set, **of, **changed, Activate=False)
    probe.shows({**changed, "Status": "INACTIVE"}, guardduty.get_ip_set, **of)
    probe.does(guardduty.delete_ip_set, **of)
    probe.lacks(guardduty.get_ip_set, "BadRequestException", **of)


def threat_list(probe):
    guardduty = probe.client("guardduty")
    of = {"DetectorId": guardduty.create_detector(Enable=True)["DetectorId"]}
    _files(probe)
    wanted = {"Name": "bad", "Format": "TXT", "Location": "s3://some-lists/one.txt"}
    number = probe.does(guardduty.create_threat_intel_set, **of, **wanted, Activate=True)["ThreatIntelSetId"]
    one = {**of, "ThreatIntelSetId": number}
    probe.shows({**wanted, "Status": "ACTIVE"}, guardduty.get_threat_intel_set, **one)
    probe.shows([number], guardduty.list_threat_intel_sets, "ThreatIntelSetIds", **of)
    probe.does(guardduty.update_threat_intel_set, **one, Name="worse")
    probe.shows({"Name": "worse"}, guardduty.get_threat_intel_set, **one)
    probe.does(guardduty.delete_threat_intel_set, **one)
    probe.lacks(guardduty.get_threat_intel_set, "BadRequestException", **one)


def _files(probe):
    s3 = probe.client("s3")
    bucket(s3, "some-lists")
    for name in ("one.txt", "two.txt"):
        s3.put_object(Bucket="some-lists", Key=name, Body=b"192.0.2.1\n")
