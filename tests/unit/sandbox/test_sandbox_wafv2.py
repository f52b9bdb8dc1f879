# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Web ACLs."""

import pytest

VISIBILITY = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
ACL = {"Name": "acl", "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": VISIBILITY}
NONE = [{"Priority": 0, "Type": "NONE"}]


def rule(name, priority, statement, **action):
    """A rule; without an action it blocks."""
    action = action or {"Action": {"Block": {}}}
    return {"Name": name, "Priority": priority, "Statement": statement, "VisibilityConfig": VISIBILITY, **action}


def managed(name="AWSManagedRulesCommonRuleSet", **more):
    return {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name, **more}}


def rate(limit=2000, **more):
    return {"RateBasedStatement": {"Limit": limit, "AggregateKeyType": "IP", **more}}


MATCH = {
    "ByteMatchStatement": {
        "SearchString": b"/admin", "FieldToMatch": {"UriPath": {}}, "TextTransformations": NONE,
        "PositionalConstraint": "STARTS_WITH",
    }
}  # fmt: skip
COMMON = rule(
    "common", 0, managed(RuleActionOverrides=[{"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}}]),
    OverrideAction={"None": {}},
)  # fmt: skip
FLOOD = rule("flood", 1, rate(EvaluationWindowSec=300, ScopeDownStatement=MATCH))
TEXT = rule(
    "text", 2, {"NotStatement": {"Statement": MATCH}},
    Action={"Block": {"CustomResponse": {"ResponseCode": 403, "CustomResponseBodyKey": "no"}}},
)  # fmt: skip
FULL = {
    **ACL, "Description": "Protects the site", "Rules": [COMMON, FLOOD, TEXT],
    "CustomResponseBodies": {"no": {"ContentType": "TEXT_PLAIN", "Content": "no"}},
    "CaptchaConfig": {"ImmunityTimeProperty": {"ImmunityTime": 60}}, "TokenDomains": ["example.com"],
    "AssociationConfig": {"RequestBody": {"API_GATEWAY": {"DefaultSizeInspectionLimit": "KB_16"}}},
}  # fmt: skip


@pytest.fixture
def waf(sandbox):
    """WAF."""
    return sandbox.client("wafv2")


@pytest.fixture
def acl(waf):
    """The summary of a new ACL."""
    return waf.create_web_acl(**ACL)["Summary"]


@pytest.fixture
def balancer(sandbox, ec2, vpc):
    """The ARN of an application load balancer."""
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(VpcId=vpc, InternetGatewayId=gateway)
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"eu-central-1{zone}")
        for number, zone in enumerate("ab")
    ]
    ids = [answer["Subnet"]["SubnetId"] for answer in subnets]
    elb = sandbox.client("elbv2")
    return elb.create_load_balancer(Name="lb", Subnets=ids)["LoadBalancers"][0]["LoadBalancerArn"]


def read(waf, summary, scope="REGIONAL"):
    return waf.get_web_acl(Name=summary["Name"], Id=summary["Id"], Scope=scope)


def test_what_is_written_is_read(waf):
    summary = waf.create_web_acl(**FULL, Tags=[{"Key": "a", "Value": "b"}])["Summary"]
    found = read(waf, summary)
    wanted = {name: value for name, value in FULL.items() if name != "Scope"}
    assert {name: found["WebACL"][name] for name in wanted} == wanted
    assert (found["WebACL"]["ARN"], found["LockToken"]) == (summary["ARN"], summary["LockToken"])
    assert found["WebACL"]["Capacity"] == 700 + 2 + 2 + 1 + 2
    assert [item["Name"] for item in waf.list_web_acls(Scope="REGIONAL")["WebACLs"]] == ["acl"]
    tags = waf.list_tags_for_resource(ResourceARN=summary["ARN"])["TagInfoForResource"]["TagList"]
    assert tags == [{"Key": "a", "Value": "b"}]


def test_the_window_that_aws_fills_in(waf):
    summary = waf.create_web_acl(**ACL, Rules=[rule("flood", 0, rate())])["Summary"]
    (found,) = read(waf, summary)["WebACL"]["Rules"]
    assert found["Statement"]["RateBasedStatement"]["EvaluationWindowSec"] == 300


def test_lock_tokens(waf, refused):
    summary = waf.create_web_acl(**FULL)["Summary"]
    named = {"Name": "acl", "Id": summary["Id"], "Scope": "REGIONAL"}
    change = {**named, "DefaultAction": {"Block": {}}, "VisibilityConfig": VISIBILITY}
    code = refused(waf.update_web_acl, **change, LockToken="00000000-0000-0000-0000-000000000000")
    assert code == "WAFOptimisticLockException"
    token = waf.update_web_acl(**change, LockToken=summary["LockToken"])["NextLockToken"]
    found = read(waf, summary)
    assert (found["WebACL"]["Rules"], found["WebACL"]["Description"], found["LockToken"]) == ([], "", token)
    assert "CustomResponseBodies" not in found["WebACL"] and found["WebACL"]["DefaultAction"] == {"Block": {}}
    assert refused(waf.update_web_acl, **change, LockToken=summary["LockToken"]) == "WAFOptimisticLockException"
    assert refused(waf.delete_web_acl, **named, LockToken=summary["LockToken"]) == "WAFOptimisticLockException"
    waf.delete_web_acl(**named, LockToken=token)
    assert refused(waf.get_web_acl, **named) == "WAFNonexistentItemException"
    assert refused(waf.list_tags_for_resource, ResourceARN=summary["ARN"]) == "WAFNonexistentItemException"


def test_scopes(sandbox, waf, refused):
    cloudfront = {**ACL, "Scope": "CLOUDFRONT"}
    assert refused(waf.create_web_acl, **cloudfront) == "WAFInvalidParameterException"
    assert refused(waf.list_available_managed_rule_groups, Scope="CLOUDFRONT") == "WAFInvalidParameterException"
    there = sandbox.client("wafv2", "us-east-1")
    summary = there.create_web_acl(**cloudfront)["Summary"]
    assert ":us-east-1:123456789012:global/webacl/acl/" in summary["ARN"]
    assert read(there, summary, "CLOUDFRONT")["WebACL"]["Name"] == "acl"
    assert there.list_web_acls(Scope="REGIONAL")["WebACLs"] == []
    code = refused(there.associate_web_acl, WebACLArn=summary["ARN"], ResourceArn=BALANCER)
    assert code == "WAFInvalidParameterException"


BALANCER = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/lb/1234567890123456"
WRONG_RULES = [
    [FLOOD, {**COMMON, "Priority": 1}],
    [FLOOD, {**FLOOD, "Priority": 2}],
    [rule("r", 0, managed())],
    [rule("r", 0, rate(), OverrideAction={"None": {}})],
    [rule("r", 0, {**rate(), **MATCH})],
    [rule("r", 0, {})],
    [rule("r", 0, rate(EvaluationWindowSec=90))],
    [rule("r", 0, {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "CONSTANT"}})],
    [rule("r", 0, rate(ScopeDownStatement=rate()))],
    [rule("r", 0, {"NotStatement": {"Statement": managed()}})],
    [rule("r", 0, {"AndStatement": {"Statements": [MATCH]}})],
    [TEXT],
]


@pytest.mark.parametrize("rules", WRONG_RULES)
def test_rules_that_are_refused(waf, refused, rules):
    assert refused(waf.create_web_acl, **ACL, Rules=rules) == "WAFInvalidParameterException"
    assert waf.list_web_acls(Scope="REGIONAL")["WebACLs"] == []


def test_values_that_are_refused(waf, acl, refused):
    assert refused(waf.create_web_acl, **ACL) == "WAFDuplicateItemException"
    for change in (
        {"Name": "a b"}, {"VisibilityConfig": {**VISIBILITY, "MetricName": "a b"}},
        {"Rules": [rule("r", 0, rate(2_000_000_001))]}, {"Rules": [rule("a b", 0, rate())]},
    ):  # fmt: skip
        assert refused(waf.create_web_acl, **{**ACL, "Name": "other", **change}) == "ValidationException"
    both = {"Allow": {}, "Block": {}}
    code = refused(waf.create_web_acl, **{**ACL, "Name": "other", "DefaultAction": both})
    assert code == "WAFInvalidParameterException"
    unknown = [rule("r", 0, managed("AWSManagedRulesNoSuchSet"), OverrideAction={"None": {}})]
    assert refused(waf.create_web_acl, **{**ACL, "Name": "other"}, Rules=unknown) == "WAFNonexistentItemException"


def test_associations(sandbox, waf, acl, balancer, refused):
    pair = {"WebACLArn": acl["ARN"], "ResourceArn": balancer}
    assert "WebACL" not in waf.get_web_acl_for_resource(ResourceArn=balancer)
    waf.associate_web_acl(**pair)
    assert waf.get_web_acl_for_resource(ResourceArn=balancer)["WebACL"]["ARN"] == acl["ARN"]
    assert waf.list_resources_for_web_acl(WebACLArn=acl["ARN"])["ResourceArns"] == [balancer]
    named = {"Name": "acl", "Id": acl["Id"], "Scope": "REGIONAL", "LockToken": acl["LockToken"]}
    assert refused(waf.delete_web_acl, **named) == "WAFAssociatedItemException"
    other = waf.create_web_acl(**{**ACL, "Name": "other"})["Summary"]["ARN"]
    waf.associate_web_acl(WebACLArn=other, ResourceArn=balancer)
    assert waf.list_resources_for_web_acl(WebACLArn=acl["ARN"])["ResourceArns"] == []
    assert waf.list_resources_for_web_acl(WebACLArn=other)["ResourceArns"] == [balancer]
    waf.disassociate_web_acl(ResourceArn=balancer)
    assert "WebACL" not in waf.get_web_acl_for_resource(ResourceArn=balancer)
    waf.associate_web_acl(**pair)
    sandbox.client("elbv2").delete_load_balancer(LoadBalancerArn=balancer)
    assert waf.list_resources_for_web_acl(WebACLArn=acl["ARN"])["ResourceArns"] == []
    assert refused(waf.associate_web_acl, **pair) == "WAFNonexistentItemException"
    waf.delete_web_acl(**named)


def test_associations_that_are_refused(waf, acl, balancer, refused):
    wrong = {"WebACLArn": acl["ARN"] + "x", "ResourceArn": balancer}
    assert refused(waf.associate_web_acl, **wrong) == "WAFNonexistentItemException"
    assert refused(waf.get_web_acl_for_resource, ResourceArn=BALANCER) == "WAFNonexistentItemException"
    bucket = {"WebACLArn": acl["ARN"], "ResourceArn": "arn:aws:s3:::some-bucket-that-is-not-protected"}
    assert refused(waf.associate_web_acl, **bucket) == "WAFInvalidParameterException"


def test_logging(sandbox, waf, acl, refused):
    logs = sandbox.client("logs")
    for name in ("aws-waf-logs-x", "other"):
        logs.create_log_group(logGroupName=name)
    group = "arn:aws:logs:eu-central-1:123456789012:log-group:"

    def wanted(destination, **more):
        return {"ResourceArn": acl["ARN"], "LogDestinationConfigs": [destination], **more}

    for wrong in (group + "other", "arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-x"):
        code = refused(waf.put_logging_configuration, LoggingConfiguration=wanted(wrong))
        assert code == "WAFInvalidParameterException"
    for absent in (group + "aws-waf-logs-y", "arn:aws:s3:::aws-waf-logs-none"):
        code = refused(waf.put_logging_configuration, LoggingConfiguration=wanted(absent))
        assert code == "WAFNonexistentItemException"
    body = wanted(group + "aws-waf-logs-x", RedactedFields=[{"Body": {}}])
    assert refused(waf.put_logging_configuration, LoggingConfiguration=body) == "WAFInvalidParameterException"
    fields = [{"SingleHeader": {"Name": "authorization"}}]
    written = wanted(group + "aws-waf-logs-x:*", RedactedFields=fields)
    waf.put_logging_configuration(LoggingConfiguration=written)
    found = waf.get_logging_configuration(ResourceArn=acl["ARN"])["LoggingConfiguration"]
    assert found["LogDestinationConfigs"] == [group + "aws-waf-logs-x"] and found["RedactedFields"] == fields
    assert (found["LogType"], found["ManagedByFirewallManager"]) == ("WAF_LOGS", False)
    assert waf.list_logging_configurations(Scope="REGIONAL")["LoggingConfigurations"] == [found]
    waf.delete_web_acl(Name="acl", Id=acl["Id"], Scope="REGIONAL", LockToken=acl["LockToken"])
    code = refused(waf.get_logging_configuration, ResourceArn=acl["ARN"])
    assert code == "WAFNonexistentItemException"


def test_capacity_and_groups(waf, refused):
    assert waf.check_capacity(Scope="REGIONAL", Rules=[COMMON, FLOOD])["Capacity"] == 704
    groups = [rule(f"r{number}", number, managed(), OverrideAction={"None": {}}) for number in range(8)]
    assert refused(waf.check_capacity, Scope="REGIONAL", Rules=groups) == "WAFLimitsExceededException"
    names = [item["Name"] for item in waf.list_available_managed_rule_groups(Scope="REGIONAL")["ManagedRuleGroups"]]
    assert {"AWSManagedRulesCommonRuleSet", "AWSManagedRulesSQLiRuleSet"} <= set(names)


def test_address_sets(waf, refused):
    wanted = {"Name": "office", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": ["192.0.2.0/24"]}
    office = waf.create_ip_set(**wanted)["Summary"]
    assert refused(waf.create_ip_set, **wanted) == "WAFDuplicateItemException"
    for wrong in ("192.0.2.1", "192.0.2.1/24", "office"):
        code = refused(waf.create_ip_set, **{**wanted, "Name": "other", "Addresses": [wrong]})
        assert code == "WAFInvalidParameterException"
    allowed = rule("office", 0, {"IPSetReferenceStatement": {"ARN": office["ARN"]}}, Action={"Allow": {}})
    waf.create_web_acl(**ACL, Rules=[allowed])
    named = {"Name": "office", "Scope": "REGIONAL", "Id": office["Id"], "LockToken": office["LockToken"]}
    assert refused(waf.delete_ip_set, **named) == "WAFAssociatedItemException"
    gone = rule("office", 0, {"IPSetReferenceStatement": {"ARN": office["ARN"] + "x"}}, Action={"Allow": {}})
    assert refused(waf.create_web_acl, **{**ACL, "Name": "b"}, Rules=[gone]) == "WAFNonexistentItemException"
