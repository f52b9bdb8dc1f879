# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS WAF refuses."""

from tests.unit.sandbox.governance import ACL, COMMON, FROM_GERMANY, SCOPE, visible
from tests.unit.sandbox.governance import waf_rule as _rule
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/waf/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/waf/latest/developerguide"
WRONG, GONE, FULL = "WAFInvalidParameterException", "WAFNonexistentItemException", "WAFLimitsExceededException"
IN_USE = "WAFAssociatedItemException"
LOGS = "arn:aws:logs:eu-central-1:123456789012:log-group"


def _acl(*rules, **more):
    return {**ACL, "Rules": list(rules), **more}


def _made(world):
    return world.wafv2.create_web_acl(**ACL)["Summary"]


def _named(made, **more):
    return {"Name": made["Name"], "Id": made["Id"], **SCOPE, "LockToken": made["LockToken"], **more}


def _addresses(*addresses, **more):
    return {"Name": "office", **SCOPE, "IPAddressVersion": "IPV4", "Addresses": list(addresses), **more}


def _patterns(*patterns, name="bots"):
    return {"Name": name, **SCOPE, "RegularExpressionList": [{"RegexString": pattern} for pattern in patterns]}


def _pattern_sets(world):
    return [world.wafv2.create_regex_pattern_set(**_patterns("a", name=f"s{n}"))["Summary"] for n in range(10)][0]


def _group(*rules, capacity=10):
    return {"Name": "ours", **SCOPE, "Capacity": capacity, "VisibilityConfig": visible("ours"), "Rules": list(rules)}


def _reference(made, kind):
    action = {"OverrideAction": {"None": {}}} if kind == "RuleGroup" else {"Action": {"Block": {}}}
    return _rule("reference", {f"{kind}ReferenceStatement": {"ARN": made["ARN"]}}, **action)


def _used_addresses(world):
    made = [world.wafv2.create_ip_set(**_addresses("192.0.2.0/24", Name=name))["Summary"] for name in ("used", "free")]
    world.wafv2.create_web_acl(**_acl(_reference(made[0], "IPSet")))
    return made


def _used_groups(world):
    made = [world.wafv2.create_rule_group(**{**_group(), "Name": name})["Summary"] for name in ("used", "free")]
    world.wafv2.create_web_acl(**_acl(_reference(made[0], "RuleGroup")))
    return made


def _balancer(world):
    wanted = {"Name": "web", "Subnets": world.subnets(), "Scheme": "internal"}
    return world.elbv2.create_load_balancer(**wanted)["LoadBalancers"][0]["LoadBalancerArn"]


def _pair(world):
    return {"WebACLArn": _made(world)["ARN"], "ResourceArn": _balancer(world)}


def _associated(world):
    made = _made(world)
    balancer = _balancer(world)
    world.wafv2.associate_web_acl(WebACLArn=made["ARN"], ResourceArn=balancer)
    return made, balancer


def _logged(world):
    for name in ("aws-waf-logs-web", "web"):
        world.logs.create_log_group(logGroupName=name)
    return _made(world)["ARN"]


def _logging(arn, group, **more):
    return {"LoggingConfiguration": {"ResourceArn": arn, "LogDestinationConfigs": [f"{LOGS}:{group}"], **more}}


def _rate(**settings):
    return _rule("flood", {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP", **settings}})


def _block(key):
    response = {"ResponseCode": 403, "CustomResponseBodyKey": key}
    return _rule("no", {"GeoMatchStatement": {"CountryCodes": ["DE"]}}, Action={"Block": {"CustomResponse": response}})


BODIES = {"CustomResponseBodies": {"sorry": {"ContentType": "TEXT_PLAIN", "Content": "sorry"}}}


def _managed(count):
    return [{**COMMON, "Name": f"common-{number}", "Priority": number} for number in range(count)]


SERVICE = "wafv2"
RULES = [
    Rule(
        says="what CloudFront uses is in us-east-1",
        page=f"{API}/API_CreateIPSet.html",
        operation="create_ip_set",
        code=WRONG,
        refused=_addresses("192.0.2.0/24", Scope="CLOUDFRONT"),
        accepted=_addresses("192.0.2.0/24", Scope="REGIONAL"),
    ),
    Rule(
        says="a web ACL's name is taken",
        page=f"{API}/API_CreateWebACL.html",
        operation="create_web_acl",
        code="WAFDuplicateItemException",
        given=_made,
        refused=_acl(),
        accepted=_acl(Name="other"),
    ),
    Rule(
        says="the rules of a web ACL cost 5000 units",
        page=f"{GUIDE}/limits.html",
        operation="create_web_acl",
        code=FULL,
        refused=_acl(*_managed(8)),
        accepted=_acl(*_managed(7)),
    ),
    Rule(
        says="every rule has a priority of its own",
        page=f"{API}/API_Rule.html",
        operation="create_web_acl",
        code=WRONG,
        refused=_acl(COMMON, FROM_GERMANY),
        accepted=_acl(COMMON, {**FROM_GERMANY, "Priority": 1}),
    ),
    Rule(
        says="a rule that refers to a group overrides its actions or none",
        page=f"{API}/API_Rule.html",
        operation="create_web_acl",
        code=WRONG,
        refused=_acl({**{name: COMMON[name] for name in COMMON if name != "OverrideAction"}, "Action": {"Block": {}}}),
        accepted=_acl(COMMON),
    ),
    Rule(
        says="a managed rule group exists",
        page=f"{GUIDE}/aws-managed-rule-groups-list.html",
        operation="create_web_acl",
        code=GONE,
        refused=_acl(
            {**COMMON, "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesNone"}}}
        ),
        accepted=_acl(COMMON),
    ),
    Rule(
        says="rates are measured in one of four windows",
        page=f"{API}/API_RateBasedStatement.html",
        operation="create_web_acl",
        code=WRONG,
        refused=_acl(_rate(EvaluationWindowSec=240)),
        accepted=_acl(_rate(EvaluationWindowSec=120)),
    ),
    Rule(
        says="the body of a response is there",
        page=f"{API}/API_CustomResponse.html",
        operation="create_web_acl",
        code=WRONG,
        refused=_acl(_block("none"), **BODIES),
        accepted=_acl(_block("sorry"), **BODIES),
    ),
    Rule(
        says="a web ACL is changed as it was last seen",
        page=f"{API}/API_UpdateWebACL.html",
        operation="update_web_acl",
        code="WAFOptimisticLockException",
        given=_made,
        refused=lambda world: _acl(Id=world.given["Id"], LockToken="00000000-0000-0000-0000-000000000000"),
        accepted=lambda world: _acl(Id=world.given["Id"], LockToken=world.given["LockToken"]),
    ),
    Rule(
        says="a web ACL stays while something is behind it",
        page=f"{API}/API_DeleteWebACL.html",
        operation="delete_web_acl",
        code=IN_USE,
        given=_associated,
        refused=lambda world: _named(world.given[0]),
        accepted=lambda world: world.wafv2.disassociate_web_acl(ResourceArn=world.given[1]) and _named(world.given[0]),
    ),
    Rule(
        says="a web ACL stands before a load balancer that exists",
        page=f"{API}/API_AssociateWebACL.html",
        operation="associate_web_acl",
        code=GONE,
        given=_pair,
        refused=lambda world: {**world.given, "ResourceArn": f"{world.given['ResourceArn']}0"},
        accepted=lambda world: world.given,
    ),
    Rule(
        says="addresses are ranges",
        page=f"{API}/API_IPSet.html",
        operation="create_ip_set",
        code=WRONG,
        refused=_addresses("192.0.2.1"),
        accepted=_addresses("192.0.2.1/32"),
    ),
    Rule(
        says="everything is no range",
        page=f"{API}/API_IPSet.html",
        operation="create_ip_set",
        code=WRONG,
        refused=_addresses("0.0.0.0/0"),
        accepted=_addresses("0.0.0.0/1"),
    ),
    Rule(
        says="a set has addresses of its version",
        page=f"{API}/API_IPSet.html",
        operation="create_ip_set",
        code=WRONG,
        refused=_addresses("2001:db8::/32"),
        accepted=_addresses("2001:db8::/32", IPAddressVersion="IPV6"),
    ),
    Rule(
        says="a set of addresses stays while a rule is about it",
        page=f"{API}/API_DeleteIPSet.html",
        operation="delete_ip_set",
        code=IN_USE,
        given=_used_addresses,
        refused=lambda world: _named(world.given[0]),
        accepted=lambda world: _named(world.given[1]),
    ),
    Rule(
        says="patterns are regular expressions",
        page=f"{GUIDE}/waf-regex-pattern-support.html",
        operation="create_regex_pattern_set",
        code=WRONG,
        refused=_patterns("(bot"),
        accepted=_patterns("(bot)"),
    ),
    Rule(
        says="a set has ten patterns",
        page=f"{GUIDE}/limits.html",
        operation="create_regex_pattern_set",
        code=FULL,
        refused=_patterns(*"abcdefghijk"),
        accepted=_patterns(*"abcdefghij"),
    ),
    Rule(
        says="a region has ten sets of patterns",
        page=f"{GUIDE}/limits.html",
        operation="create_regex_pattern_set",
        code=FULL,
        given=_pattern_sets,
        refused=_patterns("a"),
        accepted=lambda world: world.wafv2.delete_regex_pattern_set(**_named(world.given)) and _patterns("a"),
    ),
    Rule(
        says="groups of rules are in web ACLs only",
        page=f"{API}/API_RuleGroupReferenceStatement.html",
        operation="create_rule_group",
        code=WRONG,
        refused=_group(COMMON, capacity=1000),
        accepted=_group(FROM_GERMANY, capacity=1000),
    ),
    Rule(
        says="the rules of a group fit into its capacity",
        page=f"{API}/API_CreateRuleGroup.html",
        operation="create_rule_group",
        code=FULL,
        refused=_group(_rate(), capacity=1),
        accepted=_group(_rate(), capacity=2),
    ),
    Rule(
        says="a group of rules stays while a web ACL refers to it",
        page=f"{API}/API_DeleteRuleGroup.html",
        operation="delete_rule_group",
        code=IN_USE,
        given=_used_groups,
        refused=lambda world: _named(world.given[0]),
        accepted=lambda world: _named(world.given[1]),
    ),
    Rule(
        says="logs go where the name says that they are WAF's",
        page=f"{GUIDE}/logging-cw-logs.html",
        operation="put_logging_configuration",
        code=WRONG,
        given=_logged,
        refused=lambda world: _logging(world.given, "web"),
        accepted=lambda world: _logging(world.given, "aws-waf-logs-web"),
    ),
    Rule(
        says="logs go where something is",
        page=f"{API}/API_PutLoggingConfiguration.html",
        operation="put_logging_configuration",
        code=GONE,
        given=_logged,
        refused=lambda world: _logging(world.given, "aws-waf-logs-none"),
        accepted=lambda world: _logging(world.given, "aws-waf-logs-web"),
    ),
    Rule(
        says="bodies cannot be redacted",
        page=f"{API}/API_LoggingConfiguration.html",
        operation="put_logging_configuration",
        code=WRONG,
        given=_logged,
        refused=lambda world: _logging(world.given, "aws-waf-logs-web", RedactedFields=[{"Body": {}}]),
        accepted=lambda world: _logging(world.given, "aws-waf-logs-web", RedactedFields=[{"Method": {}}]),
    ),
]
