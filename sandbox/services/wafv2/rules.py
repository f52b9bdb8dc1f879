# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What WAF demands of rules, and what they cost."""

from ...errors import AwsError

# https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html: units of capacity
MANAGED = {
    "AWSManagedRulesACFPRuleSet": 50, "AWSManagedRulesATPRuleSet": 50, "AWSManagedRulesAdminProtectionRuleSet": 100,
    "AWSManagedRulesAmazonIpReputationList": 25, "AWSManagedRulesAnonymousIpList": 50,
    "AWSManagedRulesAntiDDoSRuleSet": 50, "AWSManagedRulesBotControlRuleSet": 50,
    "AWSManagedRulesCommonRuleSet": 700, "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesLinuxRuleSet": 200, "AWSManagedRulesPHPRuleSet": 100, "AWSManagedRulesSQLiRuleSet": 200,
    "AWSManagedRulesUnixRuleSet": 100, "AWSManagedRulesWindowsRuleSet": 200, "AWSManagedRulesWordPressRuleSet": 100,
}  # fmt: skip
MOST_CAPACITY = 5000
WINDOWS = (60, 120, 300, 600)
GROUPS = {"ManagedRuleGroupStatement", "RuleGroupReferenceStatement"}
ALONE = GROUPS | {"RateBasedStatement"}  # what no other statement may contain
COSTS = {
    "AsnMatchStatement": 1, "GeoMatchStatement": 1, "IPSetReferenceStatement": 1, "LabelMatchStatement": 1,
    "RegexMatchStatement": 3, "RegexPatternSetReferenceStatement": 25, "SizeConstraintStatement": 1,
    "XssMatchStatement": 40,
}  # fmt: skip
POSITIONS = {"CONTAINS": 10, "CONTAINS_WORD": 10}
TRANSFORMATION, CUSTOM_KEY = 10, 30


def invalid(reason, field, parameter=""):
    """WAF's error for a value that it does not take."""
    message = f"Error reason: {reason}, field: {field}, parameter: {parameter}"
    return AwsError("WAFInvalidParameterException", message, 400)


def missing():
    """WAF's error for what is not there."""
    message = "AWS WAF couldn’t perform the operation because your resource doesn’t exist."
    return AwsError("WAFNonexistentItemException", message, 400)


def check_rules(rules, bodies, known):
    """Refuse rules that WAF refuses; ``known`` finds what has an ARN, or None. Returns their capacity."""
    for member, field in (("Priority", "priority"), ("Name", "name")):
        values = [rule[member] for rule in rules]
        if len(set(values)) < len(values):
            raise invalid(f"You have used the same {field} in more than one rule", "RULE", member)
    for rule in rules:
        _check_action(rule, bodies)
        _check_statement(rule["Statement"], known, True)
    capacity = sum(_cost(rule["Statement"], known) for rule in rules)
    if capacity > MOST_CAPACITY:
        message = f"The rules need {capacity} units of capacity, {MOST_CAPACITY} are allowed."
        raise AwsError("WAFLimitsExceededException", message, 400)
    return capacity


def _check_action(rule, bodies):
    is_group = bool(GROUPS & set(_only(rule["Statement"])))
    given, other = ("OverrideAction", "Action") if is_group else ("Action", "OverrideAction")
    if rule.get(other) or len(_only(rule.get(given) or {})) != 1:
        reason = "You have used none or multiple values for a field that requires exactly one value."
        raise invalid(reason, "OVERRIDE_ACTION" if is_group else "RULE_ACTION", rule["Name"])
    check_response(rule.get("Action") or {}, bodies)


def check_response(action, bodies):
    """Refuse a response with a body that there is not."""
    key = ((action.get("Block") or {}).get("CustomResponse") or {}).get("CustomResponseBodyKey")
    if key and key not in bodies:
        raise invalid("The custom response body key does not exist", "CUSTOM_RESPONSE_BODY", key)


def _only(members):
    return [name for name, value in members.items() if value is not None]


def _check_statement(statement, known, is_top):
    names = _only(statement)
    if len(names) != 1:
        reason = "You have used none or multiple values for a field that requires exactly one value."
        raise invalid(reason, "STATEMENT")
    (name,) = names
    if name in ALONE and not is_top:
        raise invalid("You have nested a statement that cannot be nested", "STATEMENT", name)
    value = statement[name]
    if value.get("ARN") and not known(value["ARN"]):
        raise missing()
    if name == "ManagedRuleGroupStatement" and (value["VendorName"] != "AWS" or value["Name"] not in MANAGED):
        raise missing()
    if name == "RateBasedStatement":
        _check_rate(value)
    if name in ("AndStatement", "OrStatement") and len(value["Statements"]) < 2:
        raise invalid("At least two statements are needed", name.replace("Statement", "_STATEMENT").upper())
    for nested in _nested(value):
        _check_statement(nested, known, False)


def _nested(value):
    single = [value[name] for name in ("Statement", "ScopeDownStatement") if value.get(name)]
    return single + (value.get("Statements") or [])


def _check_rate(value):
    needed = {
        "CONSTANT": "ScopeDownStatement", "CUSTOM_KEYS": "CustomKeys", "FORWARDED_IP": "ForwardedIPConfig",
    }.get(value["AggregateKeyType"])  # fmt: skip
    if needed and not value.get(needed):
        raise invalid(f"The aggregate key type needs {needed}", "RATE_BASED_STATEMENT", value["AggregateKeyType"])
    window = value.get("EvaluationWindowSec")
    if window is not None and window not in WINDOWS:
        raise invalid("The evaluation window is not one of 60, 120, 300, 600", "RATE_BASED_STATEMENT", str(window))


def _cost(statement, known):
    ((name, value),) = [(name, value) for name, value in statement.items() if value is not None]
    if name == "ManagedRuleGroupStatement":
        cost = MANAGED[value["Name"]]
    elif name == "RuleGroupReferenceStatement":
        cost = known(value["ARN"]).capacity
    elif name == "RateBasedStatement":
        cost = 2 + CUSTOM_KEY * len(value.get("CustomKeys") or [])
    elif name == "ByteMatchStatement":
        cost = POSITIONS.get(value["PositionalConstraint"], 2)
    elif name == "SqliMatchStatement":
        cost = 30 if value.get("SensitivityLevel") == "HIGH" else 20
    else:
        cost = COSTS.get(name, 1 if name == "NotStatement" else 0)
    transformations = [item for item in value.get("TextTransformations") or [] if item["Type"] != "NONE"]
    return cost + TRANSFORMATION * len(transformations) + sum(_cost(nested, known) for nested in _nested(value))


def filled(rules):
    """Rules with what WAF fills in."""
    return [{**rule, "Statement": _filled(rule["Statement"])} for rule in rules]


def _filled(statement):
    rate = statement.get("RateBasedStatement")
    return {"RateBasedStatement": {"EvaluationWindowSec": 300, **_given(rate)}} if rate else statement


def _given(members):
    return {name: value for name, value in members.items() if value is not None}
