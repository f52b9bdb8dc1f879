# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Categories of costs, tags that costs are told apart by, and what Cost Explorer expects of the future."""

from datetime import date

from ...errors import AwsError
from .. import answer, backend, check, correct, used
from ..governance import clean, kept, now, page
from ..tagging.sources import tagged
from .anomalies import wrong

INSUFFICIENT = "Insufficient amount of historical data to generate forecast."


def _missing(arn):
    return AwsError("ResourceNotFoundException", f"No resource found with {arn}.", 400)


# --- categories ----------------------------------------------------------------------------------------------------


@check("ce", "CreateCostCategoryDefinition")
def check_category(call):
    """Names are unique, and rules have a value; moto takes everything."""
    name = call.parameters["Name"]
    if any(item.name == name for item in backend(call).cost_categories.values()):
        raise wrong(f"Failed to create Cost Category: {name} already exists.")
    _check_rules(call)


@check("ce", "UpdateCostCategoryDefinition")
def check_changed(call):
    """The same for changes."""
    _require_category(call)
    _check_rules(call)


def _check_rules(call):
    for rule in clean(call.parameters["Rules"]):
        inherited = rule.get("Type") == "INHERITED_VALUE"
        if inherited != ("InheritedValue" in rule) or inherited == ("Rule" in rule):
            raise wrong("A regular rule has a Rule and a Value, an inherited one has InheritedValue.")
        if not inherited and "Value" not in rule:
            raise wrong("A regular rule has a Value.")


@check("ce", "DeleteCostCategoryDefinition")
def require_category(call):
    """moto says nothing of what is not there."""
    _require_category(call)


def _require_category(call):
    arn = call.parameters["CostCategoryArn"]
    if arn not in backend(call).cost_categories:
        raise _missing(arn)


@correct("ce", "DescribeCostCategoryDefinition")
def answer_category(_call, parsed):
    """AWS leaves out what is not set, and says whether it is in effect."""
    category = clean(parsed["CostCategory"])
    status = [{"Component": "COST_EXPLORER", "Status": "APPLIED"}]
    parsed["CostCategory"] = {**category, "ProcessingStatus": status}


@answer("ce", "ListCostCategoryDefinitions")
def list_categories(call):
    """moto does not have it."""
    found = []
    for item in backend(call).cost_categories.values():
        values = [rule["Value"] for rule in item.rules if rule.get("Value")]
        view = {"CostCategoryArn": item.arn, "Name": item.name, "EffectiveStart": item.effective_start}
        more = {"NumberOfRules": len(item.rules), "Values": sorted(set(values)), "DefaultValue": item.default_value}
        status = [{"Component": "COST_EXPLORER", "Status": "APPLIED"}]
        found.append(clean({**view, **more, "ProcessingStatus": status}))
    return page(call, "CostCategoryReferences", found)


@check("ce", "ListTagsForResource", "TagResource", "UntagResource")
def require_tagged(call):
    """moto keeps tags of what is not there."""
    arn = call.parameters["ResourceArn"]
    known = (backend(call).cost_categories, kept(call, "monitors"), kept(call, "subscriptions"))
    if not any(arn in things for things in known):
        raise _missing(arn)


# --- tags ----------------------------------------------------------------------------------------------------------


def _keys(call):
    """Every key of a tag in the account; those that were active stay known."""
    regions = {region for regions in used(call.account).values() for region in regions}
    found = {key for region in regions for _arn, _kind, tags in tagged(call.account, region) for key in tags}
    return sorted(found | set(kept(call, "allocation")))


@answer("ce", "ListCostAllocationTags")
def list_tags(call):
    """moto does not have it."""
    parameters, known = call.parameters, kept(call, "allocation")
    found = []
    for key in _keys(call):
        kind = "AWSGenerated" if key.startswith("aws:") else "UserDefined"
        item = {"TagKey": key, "Type": kind, **known.get(key, {"Status": "Inactive"})}
        wanted = {"Type": parameters.get("Type"), "Status": parameters.get("Status")}
        named = not parameters.get("TagKeys") or key in parameters["TagKeys"]
        if named and all(value in (None, item[name]) for name, value in wanted.items()):
            found.append(item)
    return page(call, "CostAllocationTags", found, refusal="InvalidNextTokenException")


@answer("ce", "UpdateCostAllocationTagsStatus")
def update_tags(call):
    """moto does not have it. What is no tag of anything is answered, not refused."""
    wanted, keys = call.parameters["CostAllocationTagsStatus"], _keys(call)
    names = [item["TagKey"] for item in wanted]
    if len(set(names)) < len(names):
        raise wrong("A tag key is given twice.")
    errors = []
    for item in wanted:
        if item["TagKey"] not in keys:
            errors.append({"TagKey": item["TagKey"], "Code": "TagKeysNotFoundError", "Message": "Tag keys not found"})
            continue
        moment = now().strftime("%Y-%m-%dT%H:%M:%SZ")
        kept(call, "allocation")[item["TagKey"]] = {"Status": item["Status"], "LastUpdatedDate": moment}
    return {"Errors": errors}


# --- the future ----------------------------------------------------------------------------------------------------


@answer("ce", "GetCostForecast", "GetUsageForecast")
def forecast(call):
    """moto does not have it. An account that has spent nothing has no forecast, as a new one on AWS."""
    start, end = (call.parameters["TimePeriod"][name][:10] for name in ("Start", "End"))
    if start >= end:
        raise wrong("Start date (and hour) should be before end date (and hour)")
    if start > date.today().isoformat():
        raise wrong("Start date should be equal to or no later than the current date.")
    raise AwsError("DataUnavailableException", INSUFFICIENT)


@answer("ce", "GetSavingsPlansPurchaseRecommendation")
def savings_plans(call):
    """moto does not have it. Who spends nothing has nothing to save."""
    names = ("AccountScope", "SavingsPlansType", "TermInYears", "PaymentOption", "LookbackPeriodInDays")
    asked = {name: call.parameters[name] for name in names if call.parameters.get(name)}
    recommended = {"AccountScope": "PAYER", **asked, "SavingsPlansPurchaseRecommendationDetails": []}
    return {"SavingsPlansPurchaseRecommendation": recommended}


@answer("ce", "GetReservationPurchaseRecommendation")
def reservations(_call):
    """moto does not have it. Who spends nothing has nothing to reserve."""
    return {"Recommendations": []}
