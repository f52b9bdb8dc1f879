# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Inspector, Security Hub, AWS Config and GuardDuty do takes its time."""

import datetime
import json

import pytest

from tests.unit.sandbox.governance import bucket, key, record
from tests.unit.sandbox.probes.config import TEMPLATE

FSBP = "arn:aws:securityhub:eu-central-1::standards/aws-foundational-security-best-practices/v/1.0.0"


@pytest.fixture
def slow(sandbox):
    """Times as on AWS."""
    sandbox.delays(scale=1)
    return sandbox


def test_inspector_is_enabled_and_disabled(slow):
    inspector = slow.client("inspector2")

    def status():
        return inspector.batch_get_account_status()["accounts"][0]["resourceState"]["ecr"]["status"]

    assert inspector.enable(resourceTypes=["ECR"])["accounts"][0]["status"] == "ENABLING"
    found = [status()]
    slow.advance(60)
    found.append(status())
    inspector.disable(resourceTypes=["ECR"])
    found.append(status())
    slow.advance(60)
    assert [*found, status()] == ["ENABLING", "ENABLED", "DISABLING", "DISABLED"]
    other = inspector.enable(resourceTypes=["ECR"], accountIds=["210987654321"])
    assert (other["accounts"], other["failedAccounts"][0]["errorCode"]) == ([], "ACCESS_DENIED")


def test_standards_need_a_recorder(slow):
    hub = slow.client("securityhub")
    hub.enable_security_hub(EnableDefaultStandards=False)
    (made,) = hub.batch_enable_standards(StandardsSubscriptionRequests=[{"StandardsArn": FSBP}])[
        "StandardsSubscriptions"
    ]

    def view():
        return hub.get_enabled_standards()["StandardsSubscriptions"][0]

    assert (made["StandardsStatus"], view()["StandardsStatus"]) == ("PENDING", "PENDING")
    slow.advance(120)
    assert view()["StandardsStatus"] == "INCOMPLETE"
    assert view()["StandardsStatusReason"]["StatusReasonCode"] == "NO_AVAILABLE_CONFIGURATION_RECORDER"
    record(slow.client("config"), slow.client("iam"), slow.client("s3"))
    assert view()["StandardsStatus"] == "READY"
    hub.batch_disable_standards(StandardsSubscriptionArns=[made["StandardsSubscriptionArn"]])
    assert view()["StandardsStatus"] == "DELETING"
    slow.advance(60)
    assert hub.get_enabled_standards()["StandardsSubscriptions"] == []


def test_usual_standards_come_with_the_hub(sandbox):
    hub = sandbox.client("securityhub")
    hub.enable_security_hub()
    names = {item["StandardsArn"].rpartition("/v/")[0].rpartition("/")[2]
             for item in hub.get_enabled_standards()["StandardsSubscriptions"]}  # fmt: skip
    assert names == {"aws-foundational-security-best-practices", "cis-aws-foundations-benchmark"}


def test_conformance_packs_come_and_go(slow, refused):
    config = slow.client("config")
    pack = {"ConformancePackName": "storage"}

    def state():
        (found,) = config.describe_conformance_pack_status()["ConformancePackStatusDetails"]
        return found["ConformancePackState"]

    config.put_conformance_pack(**pack, TemplateBody=TEMPLATE)
    found = [state()]
    assert refused(config.delete_conformance_pack, **pack) == "ResourceInUseException"
    slow.advance(120)
    found.append(state())
    config.delete_conformance_pack(**pack)
    found.append(state())
    assert found == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "DELETE_IN_PROGRESS"]
    slow.advance(120)
    assert config.describe_conformance_pack_status()["ConformancePackStatusDetails"] == []


def test_a_rule_is_deleted_in_time(slow, refused):
    config = slow.client("config")
    record(config, slow.client("iam"), slow.client("s3"))
    source = {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"}
    config.put_config_rule(ConfigRule={"ConfigRuleName": "versioned", "Source": source})
    config.delete_config_rule(ConfigRuleName="versioned")
    assert config.describe_config_rules()["ConfigRules"][0]["ConfigRuleState"] == "DELETING"
    slow.advance(30)
    assert config.describe_config_rules()["ConfigRules"] == []


def test_exports_of_findings_are_verified(slow):
    guardduty, service = slow.client("guardduty"), "guardduty.amazonaws.com"
    of = {"DetectorId": guardduty.create_detector(Enable=True)["DetectorId"]}
    name = bucket(slow.client("s3"), "findings", service)
    properties = {"DestinationArn": f"arn:aws:s3:::{name}", "KmsKeyArn": key(slow.client("kms"), service)}
    made = guardduty.create_publishing_destination(**of, DestinationType="S3", DestinationProperties=properties)
    one = {**of, "DestinationId": made["DestinationId"]}
    assert guardduty.describe_publishing_destination(**one)["Status"] == "PENDING_VERIFICATION"
    slow.advance(60)
    assert guardduty.describe_publishing_destination(**one)["Status"] == "PUBLISHING"


def test_lists_are_activated_in_time(slow):
    guardduty, s3 = slow.client("guardduty"), slow.client("s3")
    of = {"DetectorId": guardduty.create_detector(Enable=True)["DetectorId"]}
    s3.put_object(Bucket=bucket(s3, "some-lists"), Key="one.txt", Body=b"192.0.2.1\n")
    wanted = {"Name": "office", "Format": "TXT", "Location": "s3://some-lists/one.txt", "Activate": True}
    of["IpSetId"] = guardduty.create_ip_set(**of, **wanted)["IpSetId"]

    def status():
        return guardduty.get_ip_set(**of)["Status"]

    found = [status()]
    slow.advance(300)
    found.append(status())
    guardduty.update_ip_set(**of, Activate=False)
    found.append(status())
    slow.advance(300)
    assert [*found, status()] == ["ACTIVATING", "ACTIVE", "DEACTIVATING", "INACTIVE"]


def test_regions_and_accounts_are_apart(sandbox, refused):
    here, abroad = sandbox.client("guardduty"), sandbox.client("guardduty", "eu-west-1")
    number = here.create_detector(Enable=True)["DetectorId"]
    assert abroad.list_detectors()["DetectorIds"] == []
    assert refused(abroad.get_detector, DetectorId=number) == "BadRequestException"
    abroad.create_detector(Enable=True)
    assert refused(abroad.create_detector, Enable=True) == "BadRequestException"
    other = sandbox.client("guardduty", account="210987654321")
    assert other.list_detectors()["DetectorIds"] == []


def test_who_has_spent_nothing_has_no_forecast(sandbox, refused):
    ce, today = sandbox.client("ce"), datetime.date.today()
    days = [(today + datetime.timedelta(days=number)).isoformat() for number in range(3)]
    asked = {"Metric": "BLENDED_COST", "Granularity": "DAILY"}

    def code(start, end):
        return refused(ce.get_cost_forecast, TimePeriod={"Start": days[start], "End": days[end]}, **asked)

    assert (code(0, 2), code(1, 2), code(0, 0)) == (
        "DataUnavailableException", "ValidationException", "ValidationException",
    )  # fmt: skip


def test_a_bucket_that_everybody_may_write_to(sandbox):
    s3, name = sandbox.client("s3"), "open-trails"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.delete_public_access_block(Bucket=name)
    resources = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": resources}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    assert sandbox.client("cloudtrail").create_trail(Name="main", S3BucketName=name)["S3BucketName"] == name
