# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what AWS WAF has."""

from tests.unit.sandbox.governance import ACL, COMMON, FROM_GERMANY, SCOPE, visible
from tests.unit.sandbox.governance import waf_rule as rule
from tests.unit.sandbox.rule import World

GONE = "WAFNonexistentItemException"


def _named(made, **more):
    return {"Name": made["Name"], "Id": made["Id"], **SCOPE, **more}


def web_acl(probe):
    waf = probe.client("wafv2")
    wanted = {**ACL, "Description": "in front of it all", "Rules": [COMMON]}
    made = probe.does(waf.create_web_acl, **wanted, Tags=[{"Key": "a", "Value": "b"}])["Summary"]
    shown = {name: wanted[name] for name in ("Name", "DefaultAction", "Description", "Rules", "VisibilityConfig")}
    found = probe.shows({"WebACL": {**shown, "Capacity": 700}}, waf.get_web_acl, **_named(made))
    assert found["LockToken"] == made["LockToken"]
    probe.shows([{"Name": "web", "Id": made["Id"], "ARN": made["ARN"]}], waf.list_web_acls, "WebACLs", **SCOPE)
    arn = {"ResourceARN": made["ARN"]}
    probe.does(waf.tag_resource, **arn, Tags=[{"Key": "a", "Value": "c"}])
    tagged = [{"Key": "a", "Value": "c"}]
    probe.shows(tagged, waf.list_tags_for_resource, "TagInfoForResource.TagList", **arn)
    probe.does(waf.untag_resource, **arn, TagKeys=["a"])
    probe.lacks(waf.list_tags_for_resource, path="TagInfoForResource.TagList", **arn)
    changed = {**ACL, "DefaultAction": {"Block": {}}, "Rules": [FROM_GERMANY]}
    token = probe.does(waf.update_web_acl, **changed, Id=made["Id"], LockToken=made["LockToken"])
    shown = {"DefaultAction": {"Block": {}}, "Rules": [FROM_GERMANY], "Capacity": 1}
    probe.shows({"WebACL": shown, "LockToken": token["NextLockToken"]}, waf.get_web_acl, **_named(made))
    probe.does(waf.delete_web_acl, **_named(made, LockToken=token["NextLockToken"]))
    probe.lacks(waf.get_web_acl, GONE, **_named(made))


def address_set(probe):
    waf = probe.client("wafv2")
    wanted = {"Name": "office", "IPAddressVersion": "IPV4", "Addresses": ["192.0.2.0/24"], "Description": "the office"}
    made = probe.does(waf.create_ip_set, **wanted, **SCOPE)["Summary"]
    probe.shows({**wanted, "ARN": made["ARN"]}, waf.get_ip_set, "IPSet", **_named(made))
    probe.shows([{"Name": "office", "Id": made["Id"]}], waf.list_ip_sets, "IPSets", **SCOPE)
    wanted["Addresses"] = ["192.0.2.0/25", "198.51.100.1/32"]
    change = {"Addresses": wanted["Addresses"], "LockToken": made["LockToken"]}
    token = probe.does(waf.update_ip_set, **_named(made), **change)["NextLockToken"]
    probe.shows(wanted, waf.get_ip_set, "IPSet", **_named(made))
    probe.does(waf.delete_ip_set, **_named(made, LockToken=token))
    probe.lacks(waf.get_ip_set, GONE, **_named(made))


def pattern_set(probe):
    waf = probe.client("wafv2")
    wanted = {"Name": "bots", "RegularExpressionList": [{"RegexString": "bot$"}], "Description": "those that say so"}
    made = probe.does(waf.create_regex_pattern_set, **wanted, **SCOPE)["Summary"]
    probe.shows({**wanted, "ARN": made["ARN"]}, waf.get_regex_pattern_set, "RegexPatternSet", **_named(made))
    probe.shows([{"Name": "bots", "Id": made["Id"]}], waf.list_regex_pattern_sets, "RegexPatternSets", **SCOPE)
    wanted["RegularExpressionList"] = [{"RegexString": "(bot|spider)$"}]
    change = {"RegularExpressionList": wanted["RegularExpressionList"], "LockToken": made["LockToken"]}
    token = probe.does(waf.update_regex_pattern_set, **_named(made), **change)["NextLockToken"]
    probe.shows(wanted, waf.get_regex_pattern_set, "RegexPatternSet", **_named(made))
    probe.does(waf.delete_regex_pattern_set, **_named(made, LockToken=token))
    probe.lacks(waf.get_regex_pattern_set, GONE, **_named(made))


def rule_group(probe):
    waf = probe.client("wafv2")
    agent = {
        "SearchString": b"curl",
        "FieldToMatch": {"SingleHeader": {"Name": "user-agent"}},
        "TextTransformations": [{"Priority": 0, "Type": "LOWERCASE"}],
        "PositionalConstraint": "STARTS_WITH",
    }
    rules = [rule("curl", {"ByteMatchStatement": agent}, Action={"Count": {}}, RuleLabels=[{"Name": "curl"}])]
    wanted = {"Name": "ours", "Capacity": 20, "VisibilityConfig": visible("ours"), "Rules": rules}
    made = probe.does(waf.create_rule_group, **wanted, **SCOPE)["Summary"]
    label = [{"Name": "awswaf:123456789012:rulegroup:ours:curl"}]
    probe.shows({**wanted, "AvailableLabels": label}, waf.get_rule_group, "RuleGroup", **_named(made))
    probe.shows(wanted, waf.get_rule_group, "RuleGroup", ARN=made["ARN"])
    probe.shows([{"Name": "ours", "Id": made["Id"]}], waf.list_rule_groups, "RuleGroups", **SCOPE)
    capacity = waf.check_capacity(**SCOPE, Rules=rules)["Capacity"]
    assert capacity == 12
    change = {"VisibilityConfig": visible("ours"), "Rules": [FROM_GERMANY], "LockToken": made["LockToken"]}
    token = probe.does(waf.update_rule_group, **_named(made), **change)["NextLockToken"]
    probe.shows({"Rules": [FROM_GERMANY], "Capacity": 20}, waf.get_rule_group, "RuleGroup", **_named(made))
    probe.does(waf.delete_rule_group, **_named(made, LockToken=token))
    probe.lacks(waf.get_rule_group, GONE, **_named(made))


def capacity_and_managed_groups(probe):
    waf = probe.client("wafv2")
    listed = waf.list_available_managed_rule_groups(**SCOPE)["ManagedRuleGroups"]
    wanted = {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}
    assert wanted in [{name: item[name] for name in wanted} for item in listed]
    probe.shows({"Capacity": 700}, waf.check_capacity, **SCOPE, Rules=[COMMON])


def association(probe):
    waf, world = probe.client("wafv2"), World(probe.sandbox)
    balancer = {"Name": "web", "Subnets": world.subnets(), "Scheme": "internal"}
    arn = world.elbv2.create_load_balancer(**balancer)["LoadBalancers"][0]["LoadBalancerArn"]
    acl = waf.create_web_acl(**ACL)["Summary"]["ARN"]
    probe.does(waf.associate_web_acl, WebACLArn=acl, ResourceArn=arn)
    probe.shows({"ARN": acl}, waf.get_web_acl_for_resource, "WebACL", ResourceArn=arn)
    probe.shows([arn], waf.list_resources_for_web_acl, "ResourceArns", WebACLArn=acl)
    probe.does(waf.disassociate_web_acl, ResourceArn=arn)
    probe.lacks(waf.get_web_acl_for_resource, path="WebACL", ResourceArn=arn)
    probe.lacks(waf.list_resources_for_web_acl, path="ResourceArns", WebACLArn=acl)


def logging(probe):
    waf, logs = probe.client("wafv2"), probe.client("logs")
    logs.create_log_group(logGroupName="aws-waf-logs-web")
    acl = {"ResourceArn": waf.create_web_acl(**ACL)["Summary"]["ARN"]}
    group = "arn:aws:logs:eu-central-1:123456789012:log-group:aws-waf-logs-web"
    keep = {"ActionCondition": {"Action": "BLOCK"}}
    wanted = {
        **acl,
        "LogDestinationConfigs": [group],
        "RedactedFields": [{"SingleHeader": {"Name": "cookie"}}],
        "LoggingFilter": {
            "DefaultBehavior": "DROP",
            "Filters": [{"Behavior": "KEEP", "Requirement": "MEETS_ANY", "Conditions": [keep]}],
        },
    }
    probe.does(waf.put_logging_configuration, LoggingConfiguration=wanted)
    probe.shows(wanted, waf.get_logging_configuration, "LoggingConfiguration", **acl)
    probe.shows([wanted], waf.list_logging_configurations, "LoggingConfigurations", **SCOPE)
    wanted["RedactedFields"] = [{"QueryString": {}}]
    waf.put_logging_configuration(LoggingConfiguration=wanted)
    probe.shows(wanted, waf.get_logging_configuration, "LoggingConfiguration", **acl)
    probe.does(waf.delete_logging_configuration, **acl)
    probe.lacks(waf.get_logging_configuration, GONE, **acl)
