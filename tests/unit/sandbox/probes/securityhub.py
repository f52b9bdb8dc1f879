# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Security Hub has."""

from tests.unit.sandbox.governance import record

REGION = "arn:aws:securityhub:eu-central-1:"
FSBP = "aws-foundational-security-best-practices/v/1.0.0"
GONE = "InvalidAccessException"


def hub(probe):
    securityhub = probe.client("securityhub")
    probe.does(securityhub.enable_security_hub, Tags={"a": "b"}, ControlFindingGenerator="STANDARD_CONTROL")
    arn = f"{REGION}123456789012:hub/default"
    shown = {"HubArn": arn, "AutoEnableControls": True, "ControlFindingGenerator": "STANDARD_CONTROL"}
    probe.shows(shown, securityhub.describe_hub)
    changed = {"AutoEnableControls": False, "ControlFindingGenerator": "SECURITY_CONTROL"}
    probe.does(securityhub.update_security_hub_configuration, **changed)
    probe.shows(changed, securityhub.describe_hub)
    probe.does(securityhub.tag_resource, ResourceArn=arn, Tags={"c": "d"})
    probe.shows({"a": "b", "c": "d"}, securityhub.list_tags_for_resource, "Tags", ResourceArn=arn)
    probe.does(securityhub.untag_resource, ResourceArn=arn, TagKeys=["a"])
    assert probe.shows({"c": "d"}, securityhub.list_tags_for_resource, "Tags", ResourceArn=arn) == {"c": "d"}
    probe.does(securityhub.disable_security_hub)
    probe.lacks(securityhub.describe_hub, GONE)


def standards(probe):
    securityhub = probe.client("securityhub")
    record(probe.client("config"), probe.client("iam"), probe.client("s3"))
    securityhub.enable_security_hub(EnableDefaultStandards=False)
    probe.lacks(securityhub.get_enabled_standards, path="StandardsSubscriptions")
    known = {item["Name"]: item["StandardsArn"] for item in securityhub.describe_standards()["Standards"]}
    standard = known["AWS Foundational Security Best Practices v1.0.0"]
    probe.does(securityhub.batch_enable_standards, StandardsSubscriptionRequests=[{"StandardsArn": standard}])
    arn = f"{REGION}123456789012:subscription/{FSBP}"
    wanted = {"StandardsSubscriptionArn": arn, "StandardsArn": standard, "StandardsStatus": "READY"}
    probe.shows(wanted, securityhub.get_enabled_standards, "StandardsSubscriptions.0")
    _controls(probe, securityhub, arn, standard)
    probe.does(securityhub.batch_disable_standards, StandardsSubscriptionArns=[arn])
    probe.lacks(securityhub.get_enabled_standards, path="StandardsSubscriptions")


def _controls(probe, securityhub, arn, standard):
    of = {"StandardsSubscriptionArn": arn}
    control = arn.replace(":subscription/", ":control/") + "/ACM.1"
    why = {"ControlStatus": "DISABLED", "DisabledReason": "no certificates"}
    probe.does(securityhub.update_standards_control, StandardsControlArn=control, **why)
    shown = {"StandardsControlArn": control, "ControlId": "ACM.1", **why}
    probe.shows(shown, securityhub.describe_standards_controls, "Controls.0", **of)
    one = {"StandardsArn": standard, "SecurityControlId": "ECR.1"}
    update = {**one, "AssociationStatus": "DISABLED", "UpdatedReason": "scanned elsewhere"}
    probe.does(securityhub.batch_update_standards_control_associations, StandardsControlAssociationUpdates=[update])
    probe.shows(
        update,
        securityhub.batch_get_standards_control_associations,
        "StandardsControlAssociationDetails.0",
        StandardsControlAssociationIds=[one],
    )
    probe.shows(
        {"SecurityControlId": "ECR.1", "SecurityControlStatus": "DISABLED"},
        securityhub.batch_get_security_controls,
        "SecurityControls.0",
        SecurityControlIds=["ECR.1"],
    )


def products(probe):
    securityhub = probe.client("securityhub")
    securityhub.enable_security_hub()
    product = f"{REGION}:product/prowler/prowler"
    assert product in [item["ProductArn"] for item in securityhub.describe_products()["Products"]]
    usual = securityhub.list_enabled_products_for_import()["ProductSubscriptions"]
    arn = probe.does(securityhub.enable_import_findings_for_product, ProductArn=product)["ProductSubscriptionArn"]
    probe.shows([*usual, arn], securityhub.list_enabled_products_for_import, "ProductSubscriptions")
    probe.does(securityhub.disable_import_findings_for_product, ProductSubscriptionArn=arn)
    probe.shows(usual, securityhub.list_enabled_products_for_import, "ProductSubscriptions")


def action_target(probe):
    securityhub = probe.client("securityhub")
    securityhub.enable_security_hub()
    wanted = {"Name": "Ticket", "Description": "open a ticket"}
    arn = probe.does(securityhub.create_action_target, **wanted, Id="ticket")["ActionTargetArn"]
    of = {"ActionTargetArns": [arn]}
    probe.shows({"ActionTargetArn": arn, **wanted}, securityhub.describe_action_targets, "ActionTargets.0", **of)
    probe.does(securityhub.update_action_target, ActionTargetArn=arn, Name="Tickets")
    probe.shows({**wanted, "Name": "Tickets"}, securityhub.describe_action_targets, "ActionTargets.0", **of)
    probe.does(securityhub.delete_action_target, ActionTargetArn=arn)
    probe.lacks(securityhub.describe_action_targets, "ResourceNotFoundException", **of)


def insight(probe):
    securityhub = probe.client("securityhub")
    securityhub.enable_security_hub()
    filters = {"SeverityLabel": [{"Value": "CRITICAL", "Comparison": "EQUALS"}]}
    wanted = {"Name": "worst", "GroupByAttribute": "ResourceId", "Filters": filters}
    arn = probe.does(securityhub.create_insight, **wanted)["InsightArn"]
    probe.shows({"InsightArn": arn, **wanted}, securityhub.get_insights, "Insights.0", InsightArns=[arn])
    probe.does(securityhub.update_insight, InsightArn=arn, GroupByAttribute="ResourceType")
    wanted["GroupByAttribute"] = "ResourceType"
    probe.shows(wanted, securityhub.get_insights, "Insights.0", InsightArns=[arn])
    probe.does(securityhub.delete_insight, InsightArn=arn)
    probe.lacks(securityhub.get_insights, "ResourceNotFoundException", InsightArns=[arn])


def finding_aggregator(probe):
    securityhub = probe.client("securityhub")
    securityhub.enable_security_hub()
    wanted = {"RegionLinkingMode": "SPECIFIED_REGIONS", "Regions": ["eu-west-1"]}
    made = probe.does(securityhub.create_finding_aggregator, **wanted)["FindingAggregatorArn"]
    arn = {"FindingAggregatorArn": made}
    shown = {**arn, "FindingAggregationRegion": "eu-central-1", **wanted}
    probe.shows(shown, securityhub.get_finding_aggregator, **arn)
    probe.shows([arn], securityhub.list_finding_aggregators, "FindingAggregators")
    probe.does(securityhub.update_finding_aggregator, **arn, RegionLinkingMode="ALL_REGIONS")
    probe.shows({"RegionLinkingMode": "ALL_REGIONS"}, securityhub.get_finding_aggregator, **arn)
    probe.does(securityhub.delete_finding_aggregator, **arn)
    probe.lacks(securityhub.get_finding_aggregator, "ResourceNotFoundException", **arn)


def finding(probe):
    securityhub = probe.client("securityhub")
    securityhub.enable_security_hub()
    moment = "2026-01-01T00:00:00Z"
    wanted = {
        "SchemaVersion": "2018-10-08",
        "Id": "one",
        "ProductArn": f"{REGION}123456789012:product/123456789012/default",
        "GeneratorId": "us",
        "AwsAccountId": "123456789012",
        "Types": ["Software and Configuration Checks"],
        "CreatedAt": moment,
        "UpdatedAt": moment,
        "Severity": {"Label": "HIGH"},
        "Title": "open",
        "Description": "open to the world",
        "Resources": [{"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::some-bucket"}],
    }
    other = {**wanted, "Id": "two", "Severity": {"Label": "LOW"}}
    probe.does(securityhub.batch_import_findings, Findings=[wanted, other])
    high = {"SeverityLabel": [{"Value": "HIGH", "Comparison": "EQUALS"}]}
    probe.shows([wanted], securityhub.get_findings, "Findings", Filters=high)
    wanted["Title"] = "wide open"
    securityhub.batch_import_findings(Findings=[wanted])
    probe.shows([wanted], securityhub.get_findings, "Findings", Filters=high)
    named = {"Id": "one", "ProductArn": wanted["ProductArn"]}
    done = {"Workflow": {"Status": "RESOLVED"}}
    probe.does(securityhub.batch_update_findings, FindingIdentifiers=[named], **done)
    resolved = {"WorkflowStatus": [{"Value": "RESOLVED", "Comparison": "EQUALS"}]}
    probe.shows([{**wanted, **done}], securityhub.get_findings, "Findings", Filters=resolved)
