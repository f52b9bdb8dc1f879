# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules, their evaluations, and what repairs what breaks them."""

from ... import delays
from ...errors import AwsError
from .. import answer, backend, before, check
from ..governance import clean, kept, now, page

WRONG, TOKEN = "InvalidParameterValueException", "InvalidNextTokenException"

# https://docs.aws.amazon.com/config/latest/APIReference/API_RemediationConfiguration.html
USUAL = {"Automatic": False, "MaximumAutomaticAttempts": 5, "RetryAttemptSeconds": 60}


@before("config")
def settle(call):
    """What is being deleted goes."""
    rules = backend(call).config_rules
    for name, gone_at in list(kept(call, "deleted").items()):
        if delays.is_past(gone_at):
            rules.pop(name, None)
            del kept(call, "deleted")[name]


def rule_of(call, name):
    """A rule by its name."""
    rule = backend(call).config_rules.get(name)
    if rule is None:
        message = f"The ConfigRule '{name}' provided in the request is invalid. Please check the configRule name."
        raise AwsError("NoSuchConfigRuleException", message)
    return rule


def _rules(call):
    names = call.parameters.get("ConfigRuleNames")
    return [rule_of(call, name) for name in names or backend(call).config_rules]


@check("config", "DescribeConfigRules")
def require_rules(call):
    """moto says nothing of names where there are no rules at all."""
    _rules(call)


@check("config", "PutConfigRule")
def require_recorder(call):
    """Rules are held against what is recorded."""
    if not backend(call).recorders:
        message = "There are no customer managed configuration recorders available to record your resources."
        raise AwsError("NoAvailableConfigurationRecorderException", message)


@answer("config", "DeleteConfigRule")
def delete_rule(call):
    """It takes a while, which moto spares; and what repairs what breaks it goes first."""
    name = call.parameters["ConfigRuleName"]
    rule = rule_of(call, name)
    if name in kept(call, "remediations"):
        message = f"The rule {name} is in use: delete its remediation action first."
        raise AwsError("ResourceInUseException", message)
    if rule.config_rule_state == "DELETING":
        raise AwsError("ResourceInUseException", f"The rule {name} is currently being deleted.")
    rule.config_rule_state = "DELETING"
    kept(call, "deleted")[name] = delays.ready_at("config-rule-delete")
    return {}


# --- evaluations ---------------------------------------------------------------------------------------------------


@answer("config", "StartConfigRulesEvaluation")
def start_evaluation(call):
    """moto does not have it."""
    for rule in _rules(call):
        rule.sandbox_evaluated = now()
    return {}


@answer("config", "DescribeConfigRuleEvaluationStatus")
def evaluation_status(call):
    """moto does not have it."""
    found = []
    for rule in _rules(call):
        names = {"ConfigRuleName": rule.config_rule_name, "ConfigRuleArn": rule.config_rule_arn}
        evaluated = getattr(rule, "sandbox_evaluated", None)
        moments = ("LastSuccessfulInvocationTime", "LastSuccessfulEvaluationTime", "FirstActivatedTime")
        told = dict.fromkeys(moments, evaluated) if evaluated else {}
        more = {"ConfigRuleId": rule.config_rule_id, "FirstEvaluationStarted": evaluated is not None}
        found.append({**names, **more, **told})
    return page(call, "ConfigRulesEvaluationStatus", found, 50, size="Limit", refusal=TOKEN)


@answer("config", "DescribeComplianceByConfigRule")
def compliance(call):
    """moto does not have it. Nothing here evaluates, so nothing is known."""
    wanted = call.parameters.get("ComplianceTypes")
    found = [
        {"ConfigRuleName": rule.config_rule_name, "Compliance": {"ComplianceType": "INSUFFICIENT_DATA"}}
        for rule in _rules(call)
        if not wanted or "INSUFFICIENT_DATA" in wanted
    ]
    return page(call, "ComplianceByConfigRules", found, 50, refusal=TOKEN)


# --- remediation ---------------------------------------------------------------------------------------------------


@answer("config", "PutRemediationConfigurations")
def put_remediations(call):
    """moto does not have it."""
    wanted = clean(call.parameters["RemediationConfigurations"])
    for item in wanted:
        if item["ConfigRuleName"] not in backend(call).config_rules:
            raise AwsError(WRONG, f"The rule {item['ConfigRuleName']} does not exist.")
    for item in wanted:
        number = f"config-remediation/{item['ConfigRuleName']}/default"
        arn = f"arn:aws:config:{call.region}:{call.account}:remediation-configuration/{number}"
        kept(call, "remediations")[item["ConfigRuleName"]] = {**USUAL, **item, "Arn": arn}
    return {"FailedBatches": []}


@answer("config", "DescribeRemediationConfigurations")
def describe_remediations(call):
    """moto does not have it."""
    known = kept(call, "remediations")
    found = [known[name] for name in call.parameters["ConfigRuleNames"] if name in known]
    return {"RemediationConfigurations": found}


@answer("config", "DeleteRemediationConfiguration")
def delete_remediation(call):
    """moto does not have it."""
    name = call.parameters["ConfigRuleName"]
    if name not in kept(call, "remediations"):
        message = f"No RemediationConfiguration for rule {name} exists."
        raise AwsError("NoSuchRemediationConfigurationException", message)
    del kept(call, "remediations")[name]
    return {}
