# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Cost Explorer refuses."""

from tests.unit.sandbox.probes.ce import MONITOR
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/cost-management/latest/userguide"
WRONG = "ValidationException"
MAIL = {"Address": "ops@example.com", "Type": "EMAIL"}
TAGGED = {"Tags": {"Key": "app", "Values": ["web"], "MatchOptions": ["EQUALS"]}}


def _monitor(world):
    return world.ce.create_anomaly_monitor(AnomalyMonitor=MONITOR)["MonitorArn"]


def _custom(**more):
    return {"AnomalyMonitor": {"MonitorName": "web", "MonitorType": "CUSTOM", **more}}


def _subscription(arn, **more):
    wanted = {"SubscriptionName": "ops", "MonitorArnList": [arn], "Subscribers": [MAIL], "Frequency": "DAILY"}
    return {"AnomalySubscription": {**wanted, **more}}


def _category(name="apps", **more):
    rule = {"Value": "web", "Rule": TAGGED, **more}
    rule = {name: value for name, value in rule.items() if value is not None}
    return {"Name": name, "RuleVersion": "CostCategoryExpression.v1", "Rules": [rule]}


def _made(world):
    return world.ce.create_cost_category_definition(**_category())["CostCategoryArn"]


SERVICE = "ce"
RULES = [
    Rule(
        says="an account has one monitor of its services",
        page=f"{GUIDE}/management-limits.html",
        operation="create_anomaly_monitor",
        code=WRONG,
        given=_monitor,
        refused={"AnomalyMonitor": {**MONITOR, "MonitorName": "other"}},
        accepted=lambda world: world.ce.delete_anomaly_monitor(MonitorArn=world.given) and {"AnomalyMonitor": MONITOR},
    ),
    Rule(
        says="a monitor of one's own says what it is about",
        page=f"{API}/API_AnomalyMonitor.html",
        operation="create_anomaly_monitor",
        code=WRONG,
        refused=_custom(),
        accepted=_custom(MonitorSpecification=TAGGED),
    ),
    Rule(
        says="only a monitor that exists can be changed",
        page=f"{API}/API_UpdateAnomalyMonitor.html",
        operation="update_anomaly_monitor",
        code="UnknownMonitorException",
        given=_monitor,
        refused=lambda world: {"MonitorArn": f"{world.given}0", "MonitorName": "other"},
        accepted=lambda world: {"MonitorArn": world.given, "MonitorName": "other"},
    ),
    Rule(
        says="a subscription is to monitors that exist",
        page=f"{API}/API_CreateAnomalySubscription.html",
        operation="create_anomaly_subscription",
        code="UnknownMonitorException",
        given=_monitor,
        refused=lambda world: _subscription(f"{world.given[:-1]}x", Threshold=10.0),
        accepted=lambda world: _subscription(world.given, Threshold=10.0),
    ),
    Rule(
        says="a subscription has one threshold",
        page=f"{API}/API_AnomalySubscription.html",
        operation="create_anomaly_subscription",
        code=WRONG,
        given=_monitor,
        refused=lambda world: _subscription(world.given),
        accepted=lambda world: _subscription(world.given, Threshold=10.0),
    ),
    Rule(
        says="mails are not sent at once",
        page=f"{API}/API_AnomalySubscription.html",
        operation="create_anomaly_subscription",
        code=WRONG,
        given=_monitor,
        refused=lambda world: _subscription(world.given, Threshold=10.0, Frequency="IMMEDIATE"),
        accepted=lambda world: _subscription(world.given, Threshold=10.0, Frequency="WEEKLY"),
    ),
    Rule(
        says="a category's name is taken",
        page=f"{API}/API_CreateCostCategoryDefinition.html",
        operation="create_cost_category_definition",
        code=WRONG,
        given=_made,
        refused=_category(),
        accepted=_category("others"),
    ),
    Rule(
        says="a category's rule has a value",
        page=f"{API}/API_CostCategoryRule.html",
        operation="create_cost_category_definition",
        code=WRONG,
        refused=_category(Value=None),
        accepted=_category(),
    ),
    Rule(
        says="only a category that exists can be deleted",
        page=f"{API}/API_DeleteCostCategoryDefinition.html",
        operation="delete_cost_category_definition",
        code="ResourceNotFoundException",
        given=_made,
        refused=lambda world: {"CostCategoryArn": f"{world.given[:-1]}x"},
        accepted=lambda world: {"CostCategoryArn": world.given},
    ),
]
