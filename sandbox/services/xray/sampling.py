# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which requests are traced: sampling rules, and the rule of what is indexed."""

import time

from ...errors import AwsError
from .. import answer
from .groups import set_tags
from .shared import arn, invalid, kept, listed

DEFAULT = "Default"
# https://docs.aws.amazon.com/general/latest/gr/xray.html
MOST = 25
ANY = ("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath")
# https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html: the default rule's settings that change
OF_DEFAULT = {"RuleName", "RuleARN", "FixedRate", "ReservoirSize", "SamplingRateBoost"}
LIMITS = {"Priority": (1, 9999), "FixedRate": (0, 1), "ReservoirSize": (0, None)}


def _rules(call):
    rules = kept(call, "rules")
    if not rules:
        rule = {
            "RuleName": DEFAULT,
            "Priority": 10000,
            "FixedRate": 0.05,
            "ReservoirSize": 1,
            **dict.fromkeys(ANY, "*"),
        }
        _put(call, {**rule, "Version": 1})
    return rules


def _put(call, rule):
    now = time.time()
    view = {"Attributes": {}, **rule, "RuleARN": arn(call, f"sampling-rule/{rule['RuleName']}")}
    record = {"SamplingRule": view, "CreatedAt": now, "ModifiedAt": now}
    kept(call, "rules")[rule["RuleName"]] = record
    return record


@answer("xray", "CreateSamplingRule")
def create_rule(call):
    """A rule of a new name; requests meet the rules in the order of their priorities."""
    rules = _rules(call)
    given = {name: value for name, value in call.parameters["SamplingRule"].items() if value is not None}
    if not given.get("RuleName") or given.get("RuleARN"):
        raise invalid("Specify a RuleName, and no RuleARN.")
    if given["RuleName"] in rules:
        raise invalid(f"Sampling rule {given['RuleName']} already exists.")
    if given["Version"] != 1:
        raise invalid("Version 1 is the only one.")
    if len(rules) > MOST:
        raise AwsError("RuleLimitExceededException", "You have reached the maximum number of sampling rules.", 400)
    set_tags(call, arn(call, f"sampling-rule/{given['RuleName']}"), call.parameters.get("Tags"))
    return {"SamplingRuleRecord": _put(call, given)}


@answer("xray", "GetSamplingRules")
def get_rules(call):
    """All of them, with the one that is always there."""
    records = sorted(_rules(call).values(), key=lambda record: record["SamplingRule"]["Priority"])
    return listed(call, "SamplingRuleRecords", records)


@answer("xray", "UpdateSamplingRule")
def update_rule(call):
    """What is not given stays."""
    given = {name: value for name, value in call.parameters["SamplingRuleUpdate"].items() if value is not None}
    record = _record(call, given)
    if record["SamplingRule"]["RuleName"] == DEFAULT and set(given) - OF_DEFAULT:
        raise invalid("Only the FixedRate and the ReservoirSize of the default rule can change.")
    for name, (least, most) in LIMITS.items():
        if name in given and (given[name] < least or (most is not None and given[name] > most)):
            raise invalid(f"{name} is out of range.")
    record["SamplingRule"].update({name: value for name, value in given.items() if name not in ("RuleName", "RuleARN")})
    record["ModifiedAt"] = time.time()
    return {"SamplingRuleRecord": record}


@answer("xray", "DeleteSamplingRule")
def delete_rule(call):
    """Any but the one that is always there."""
    record = _record(call, call.parameters)
    rule = record["SamplingRule"]
    if rule["RuleName"] == DEFAULT:
        raise invalid("The default sampling rule cannot be deleted.")
    del _rules(call)[rule["RuleName"]]
    kept(call, "tags").pop(rule["RuleARN"], None)
    return {"SamplingRuleRecord": record}


def _record(call, given):
    name, rule_arn = given.get("RuleName"), given.get("RuleARN")
    if bool(name) == bool(rule_arn):
        raise invalid("Specify either RuleName or RuleARN.")
    for record in _rules(call).values():
        if name == record["SamplingRule"]["RuleName"] or rule_arn == record["SamplingRule"]["RuleARN"]:
            return record
    raise invalid("Sampling rule not found.")


# --- indexing ------------------------------------------------------------------------------------------------------


def _indexing(call):
    usual = {"Probabilistic": {"DesiredSamplingPercentage": 1.0, "ActualSamplingPercentage": 1.0}}
    return kept(call, "indexing").setdefault(DEFAULT, {"Name": DEFAULT, "ModifiedAt": time.time(), "Rule": usual})


@answer("xray", "GetIndexingRules")
def get_indexing_rules(call):
    """The only one."""
    return {"IndexingRules": [_indexing(call)]}


@answer("xray", "UpdateIndexingRule")
def update_indexing_rule(call):
    """How many of the spans in CloudWatch Logs become traces."""
    if call.parameters["Name"] != DEFAULT:
        raise AwsError("ResourceNotFoundException", "The indexing rule does not exist.", 404)
    percentage = call.parameters["Rule"]["Probabilistic"]["DesiredSamplingPercentage"]
    if not 0 <= percentage <= 100:
        raise invalid("DesiredSamplingPercentage must be between 0 and 100.")
    actual = {"DesiredSamplingPercentage": percentage, "ActualSamplingPercentage": percentage}
    _indexing(call).update(Rule={"Probabilistic": actual}, ModifiedAt=time.time())
    return {"IndexingRule": _indexing(call)}
