# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Security Hub refuses."""

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/securityhub/1.0/APIReference"
WRONG, TAKEN, GONE = "InvalidInputException", "ResourceConflictException", "ResourceNotFoundException"
ARN = "arn:aws:securityhub:eu-central-1"
FSBP = "aws-foundational-security-best-practices/v/1.0.0"
ACTION = {"Name": "Ticket", "Description": "open a ticket", "Id": "ticket"}


def _hub(world):
    world.securityhub.enable_security_hub()


def _action(world):
    _hub(world)
    return world.securityhub.create_action_target(**ACTION)["ActionTargetArn"]


def _subscription(name):
    return {"StandardsSubscriptionArns": [f"{ARN}:123456789012:subscription/{name}"]}


def _standard(name):
    return {"StandardsSubscriptionRequests": [{"StandardsArn": f"{ARN}::standards/{name}"}]}


CONTROL = {"StandardsControlArn": f"{ARN}:123456789012:control/{FSBP}/ECR.1", "ControlStatus": "DISABLED"}

SERVICE = "securityhub"
RULES = [
    Rule(
        says="nothing works before Security Hub is enabled",
        page=f"{API}/API_CreateActionTarget.html",
        operation="create_action_target",
        code="InvalidAccessException",
        refused=ACTION,
        accepted=lambda world: world.securityhub.enable_security_hub() and ACTION,
    ),
    Rule(
        says="Security Hub is enabled once",
        page=f"{API}/API_EnableSecurityHub.html",
        operation="enable_security_hub",
        code=TAKEN,
        given=_hub,
        refused={},
        accepted=lambda world: world.securityhub.disable_security_hub() and {},
    ),
    Rule(
        says="only standards that exist can be enabled",
        page=f"{API}/API_BatchEnableStandards.html",
        operation="batch_enable_standards",
        code=WRONG,
        given=_hub,
        refused=_standard("pci-dss/v/1.0.0"),
        accepted=_standard("pci-dss/v/4.0.1"),
    ),
    Rule(
        says="only standards that are enabled can be disabled",
        page=f"{API}/API_BatchDisableStandards.html",
        operation="batch_disable_standards",
        code=WRONG,
        given=_hub,
        refused=_subscription("pci-dss/v/4.0.1"),
        accepted=_subscription(FSBP),
    ),
    Rule(
        says="who disables a control says why",
        page=f"{API}/API_UpdateStandardsControl.html",
        operation="update_standards_control",
        code=WRONG,
        given=_hub,
        refused=CONTROL,
        accepted={**CONTROL, "DisabledReason": "scanned elsewhere"},
    ),
    Rule(
        says="an action's id is taken",
        page=f"{API}/API_CreateActionTarget.html",
        operation="create_action_target",
        code=TAKEN,
        given=_action,
        refused=ACTION,
        accepted={**ACTION, "Id": "other"},
    ),
    Rule(
        says="an action's id has letters and digits",
        page=f"{API}/API_CreateActionTarget.html",
        operation="create_action_target",
        code=WRONG,
        given=_hub,
        refused={**ACTION, "Id": "my-ticket"},
        accepted={**ACTION, "Id": "myticket"},
    ),
    Rule(
        says="an action's name has up to 20 characters",
        page=f"{API}/API_CreateActionTarget.html",
        operation="create_action_target",
        code=WRONG,
        given=_hub,
        refused={**ACTION, "Name": "n" * 21},
        accepted={**ACTION, "Name": "n" * 20},
    ),
    Rule(
        says="only an action that exists can be changed",
        page=f"{API}/API_UpdateActionTarget.html",
        operation="update_action_target",
        code=GONE,
        given=_action,
        refused=lambda world: {"ActionTargetArn": f"{world.given}s", "Name": "other"},
        accepted=lambda world: {"ActionTargetArn": world.given, "Name": "other"},
    ),
    Rule(
        says="a product is enabled once",
        page=f"{API}/API_EnableImportFindingsForProduct.html",
        operation="enable_import_findings_for_product",
        code=TAKEN,
        given=_hub,
        refused={"ProductArn": f"{ARN}::product/aws/guardduty"},
        accepted={"ProductArn": f"{ARN}::product/prowler/prowler"},
    ),
    Rule(
        says="a mode of linking that names regions needs them",
        page=f"{API}/API_CreateFindingAggregator.html",
        operation="create_finding_aggregator",
        code=WRONG,
        given=_hub,
        refused={"RegionLinkingMode": "SPECIFIED_REGIONS"},
        accepted={"RegionLinkingMode": "SPECIFIED_REGIONS", "Regions": ["eu-west-1"]},
    ),
    Rule(
        says="regions are linked in one of four ways",
        page=f"{API}/API_CreateFindingAggregator.html",
        operation="create_finding_aggregator",
        code=WRONG,
        given=_hub,
        refused={"RegionLinkingMode": "EVERYWHERE"},
        accepted={"RegionLinkingMode": "ALL_REGIONS"},
    ),
]
