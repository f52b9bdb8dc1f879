# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where findings come from and go to: products, custom actions, insights, and the region that collects them."""

import re
import uuid

from ...errors import AwsError
from ...identify import known_regions
from .. import answer
from ..governance import chosen, given, page
from .catalog import PRODUCTS, product_arn
from .hub import arn_of, conflict, hub_of, missing, part_of, wrong

MOST_ACTIONS, MOST_INSIGHTS = 50, 100
ACTION_ID, MOST_NAME = re.compile(r"[A-Za-z0-9]{1,20}"), 20
LINKING = {
    "ALL_REGIONS": False, "ALL_REGIONS_EXCEPT_SPECIFIED": True, "SPECIFIED_REGIONS": True, "NO_REGIONS": False,
}  # fmt: skip


# --- products ------------------------------------------------------------------------------------------------------


@answer("securityhub", "DescribeProducts")
def describe_products(call):
    """moto does not have it."""
    hub_of(call)
    wanted = call.parameters.get("ProductArn")
    found = [
        {
            "ProductArn": product_arn(call.region, name),
            "ProductName": name.partition("/")[2],
            "CompanyName": name.partition("/")[0],
            "IntegrationTypes": ["SEND_FINDINGS_TO_SECURITY_HUB"],
        }
        for name in PRODUCTS
    ]
    return page(call, "Products", [item for item in found if wanted in (None, item["ProductArn"])])


@answer("securityhub", "EnableImportFindingsForProduct")
def enable_product(call):
    """moto does not have it."""
    wanted, products = call.parameters["ProductArn"], part_of(call, "products")
    names = {product_arn(call.region, name): name for name in PRODUCTS}
    if wanted not in names:
        raise wrong(f"Invalid product ARN {wanted}")
    arn = arn_of(call, f"product-subscription/{names[wanted]}")
    if arn in products:
        raise conflict(f"The product {wanted} is enabled already.")
    products[arn] = wanted
    return {"ProductSubscriptionArn": arn}


@answer("securityhub", "ListEnabledProductsForImport")
def list_products(call):
    """moto does not have it."""
    return page(call, "ProductSubscriptions", list(part_of(call, "products")))


@answer("securityhub", "DisableImportFindingsForProduct")
def disable_product(call):
    """moto does not have it."""
    _require(part_of(call, "products"), call.parameters["ProductSubscriptionArn"])
    del part_of(call, "products")[call.parameters["ProductSubscriptionArn"]]
    return {}


def _require(things, arn):
    if arn not in things:
        raise missing(arn)
    return things[arn]


# --- custom actions ------------------------------------------------------------------------------------------------


@answer("securityhub", "CreateActionTarget")
def create_action(call):
    """moto does not have it."""
    actions, parameters = part_of(call, "actions"), call.parameters
    arn = arn_of(call, f"action/custom/{parameters['Id']}")
    if not ACTION_ID.fullmatch(parameters["Id"]):
        raise wrong("The Id of an action has up to 20 letters and digits.")
    _check_name(parameters)
    if arn in actions:
        raise conflict(f"Action target {arn} already exists")
    if len(actions) >= MOST_ACTIONS:
        raise AwsError("LimitExceededException", "The limit of custom actions has been reached.")
    actions[arn] = {"ActionTargetArn": arn, **chosen(parameters, "Name", "Description")}
    return {"ActionTargetArn": arn}


def _check_name(parameters):
    if len(parameters.get("Name") or "") > MOST_NAME:
        raise wrong("The Name of an action has up to 20 characters.")


@answer("securityhub", "DescribeActionTargets")
def describe_actions(call):
    """moto does not have it."""
    actions, wanted = part_of(call, "actions"), call.parameters.get("ActionTargetArns")
    return page(call, "ActionTargets", [_require(actions, arn) for arn in wanted or actions])


@answer("securityhub", "UpdateActionTarget")
def update_action(call):
    """moto does not have it."""
    found = _require(part_of(call, "actions"), call.parameters["ActionTargetArn"])
    _check_name(call.parameters)
    found.update(chosen(call.parameters, "Name", "Description"))
    return {}


@answer("securityhub", "DeleteActionTarget")
def delete_action(call):
    """moto does not have it."""
    arn = call.parameters["ActionTargetArn"]
    _require(part_of(call, "actions"), arn)
    del part_of(call, "actions")[arn]
    return {"ActionTargetArn": arn}


# --- insights ------------------------------------------------------------------------------------------------------


@answer("securityhub", "CreateInsight")
def create_insight(call):
    """moto does not have it."""
    insights, parameters = part_of(call, "insights"), call.parameters
    if len(insights) >= MOST_INSIGHTS:
        raise AwsError("LimitExceededException", "The limit of custom insights has been reached.")
    _check_filters(parameters["Filters"])
    arn = f"arn:aws:securityhub:{call.region}:{call.account}:insight/{call.account}/custom/{uuid.uuid4()}"
    insights[arn] = {"InsightArn": arn, **chosen(parameters, "Name", "GroupByAttribute", "Filters")}
    return {"InsightArn": arn}


def _check_filters(filters):
    if not given(filters):
        raise wrong("An insight has at least one filter.")


@answer("securityhub", "GetInsights")
def get_insights(call):
    """moto does not have it."""
    insights, wanted = part_of(call, "insights"), call.parameters.get("InsightArns")
    found = [_require(insights, arn) for arn in wanted or insights]
    return page(call, "Insights", [{**item, "Filters": _filters(item["Filters"])} for item in found])


def _filters(filters):
    return {name: [given(one) for one in conditions] for name, conditions in given(filters).items()}


@answer("securityhub", "UpdateInsight")
def update_insight(call):
    """moto does not have it."""
    found = _require(part_of(call, "insights"), call.parameters["InsightArn"])
    if call.parameters.get("Filters") is not None:
        _check_filters(call.parameters["Filters"])
    found.update(chosen(call.parameters, "Name", "GroupByAttribute", "Filters"))
    return {}


@answer("securityhub", "DeleteInsight")
def delete_insight(call):
    """moto does not have it."""
    arn = call.parameters["InsightArn"]
    _require(part_of(call, "insights"), arn)
    del part_of(call, "insights")[arn]
    return {"InsightArn": arn}


# --- other regions -------------------------------------------------------------------------------------------------


@answer("securityhub", "CreateFindingAggregator")
def create_aggregator(call):
    """moto does not have it. There is one."""
    aggregators = part_of(call, "aggregators")
    linked = _linked(call)
    if aggregators:
        raise AwsError("LimitExceededException", "A finding aggregator already exists.")
    arn = arn_of(call, f"finding-aggregator/{uuid.uuid4()}")
    aggregators[arn] = {"FindingAggregatorArn": arn, "FindingAggregationRegion": call.region, **linked}
    return aggregators[arn]


def _linked(call):
    mode, regions = call.parameters["RegionLinkingMode"], call.parameters.get("Regions") or []
    if mode not in LINKING:
        raise wrong(f"Invalid RegionLinkingMode {mode}")
    if LINKING[mode] != bool(regions):
        raise wrong(f"Regions must {'' if LINKING[mode] else 'not '}be given with RegionLinkingMode {mode}")
    unknown = [region for region in regions if region not in known_regions() or region == call.region]
    if unknown:
        raise wrong(f"Invalid regions {', '.join(unknown)}")
    return {"RegionLinkingMode": mode, "Regions": regions}


@answer("securityhub", "GetFindingAggregator")
def get_aggregator(call):
    """moto does not have it."""
    return _require(part_of(call, "aggregators"), call.parameters["FindingAggregatorArn"])


@answer("securityhub", "ListFindingAggregators")
def list_aggregators(call):
    """moto does not have it."""
    return page(call, "FindingAggregators", [{"FindingAggregatorArn": arn} for arn in part_of(call, "aggregators")])


@answer("securityhub", "UpdateFindingAggregator")
def update_aggregator(call):
    """moto does not have it."""
    found = _require(part_of(call, "aggregators"), call.parameters["FindingAggregatorArn"])
    found.update(_linked(call))
    return found


@answer("securityhub", "DeleteFindingAggregator")
def delete_aggregator(call):
    """moto does not have it."""
    _require(part_of(call, "aggregators"), call.parameters["FindingAggregatorArn"])
    del part_of(call, "aggregators")[call.parameters["FindingAggregatorArn"]]
    return {}
