# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wafv2_web_acls against moto: rules by meaning, associations that are not stolen, logging, lock tokens."""

from __future__ import annotations

import json

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned, wafv2_rules
from moto.wafv2.models import wafv2_backends
from moto.wafv2.responses import WAFV2Response

MODULE = "wafv2_web_acls"
NAME = "dougust-test"
TAGS = {"Platform": "dougust", "Environment": "test"}
BALANCERS = [
    f"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/{name}/0123456789abcdef" for name in "ab"
]
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-dougust-test"
COMMON = {
    "name": "common",
    "priority": 10,
    "managed_group": "AWSManagedRulesCommonRuleSet",
    "count_rules": ["SizeRestrictions_BODY", "NoUserAgent_HEADER"],
}
RATE = {"name": "rate", "priority": 20, "rate_limit": 2000, "scope_down_path_prefix": "/api/"}
WEB_ACL = {
    "name": NAME,
    "description": "Protects Dougust",
    "default_action": "allow",
    "rules": [COMMON, RATE],
    "associated_arns": BALANCERS[:1],
    "logging": {"destination_arn": LOGS, "redacted_headers": ["Authorization", "cookie"]},
}


@pytest.fixture(autouse=True)
def associations(monkeypatch):
    """Let moto list what a web ACL protects."""

    def list_resources_for_web_acl(self):
        web_acl = self.wafv2_backend.get_web_acl(self._get_param("WebACLArn"), None, None)
        return 200, {}, json.dumps({"ResourceArns": web_acl.associated_resources})

    monkeypatch.setattr(WAFV2Response, "list_resources_for_web_acl", list_resources_for_web_acl, raising=False)


@pytest.fixture
def waf(cloud):
    """The test's own client."""
    return cloud.client("wafv2")


def run(cloud, check_mode=False, params=None, **change):
    web_acl = {key: value for key, value in {**WEB_ACL, **change}.items() if value is not None}
    return cloud.run(MODULE, check_mode=check_mode, **{"web_acls": [web_acl], "tags": TAGS, **(params or {})})


def fail(cloud, params=None, **change):
    return cloud.run_failing(MODULE, **{"web_acls": [{**WEB_ACL, **change}], "tags": TAGS, **(params or {})})["msg"]


def live(waf, name=NAME):
    found = next(one for one in waf.list_web_acls(Scope="REGIONAL")["WebACLs"] if one["Name"] == name)
    return waf.get_web_acl(Scope="REGIONAL", Name=name, Id=found["Id"])


def change_by_hand(waf, **change):
    answer = live(waf)
    web_acl = answer["WebACL"]
    kept = {key: web_acl[key] for key in ("DefaultAction", "VisibilityConfig", "Rules", "Description")}
    key = {"Scope": "REGIONAL", "Name": NAME, "Id": web_acl["Id"], "LockToken": answer["LockToken"]}
    waf.update_web_acl(**{**kept, **change, **key})


def make_foreign(waf, name="foreign", **tags):
    metrics = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}
    listed = [{"Key": key, "Value": value} for key, value in tags.items()] or [{"Key": "Who", "Value": "Else"}]
    return waf.create_web_acl(
        Name=name, Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=metrics, Tags=listed
    )["Summary"]


def test_the_whole_life(life_cycle):
    web_acl = life_cycle(MODULE, "web_acls", web_acls=[WEB_ACL], tags=TAGS)[NAME]
    assert web_acl["arn"].endswith(f":regional/webacl/{NAME}/{web_acl['id']}")
    assert (web_acl["metric_name"], web_acl["default_action"], web_acl["capacity"]) == (NAME, "allow", 3)
    assert (web_acl["metrics"], web_acl["sampled_requests"]) == (True, True)
    assert web_acl["associated_arns"] == BALANCERS[:1]
    assert web_acl["logging"] == {"destination_arn": LOGS, "redacted_headers": ["authorization", "cookie"]}
    assert [rule["Name"] for rule in web_acl["rules"]] == ["common", "rate"]


def test_check_mode_predicts_what_others_need(cloud):
    balancer = planned.arn("elasticloadbalancing", "us-east-1", "1" * 12, f"loadbalancer/app/x/{planned.elb_id('x')}")
    web_acl = run(cloud, True, {"account_id": "123456789012"}, associated_arns=[balancer])["web_acls"][NAME]
    assert web_acl["arn"] == f"arn:aws:wafv2:us-east-1:123456789012:regional/webacl/{NAME}/{web_acl['id']}"
    assert planned.is_planned(web_acl["id"]) and web_acl["metric_name"] == NAME
    assert cloud.operations == ["ListWebACLs"]
    assert "planned id of a --check run" in fail(cloud, associated_arns=[balancer])


def test_created_in_few_calls_with_its_tags(cloud, waf):
    run(cloud)
    assert cloud.mutations == ["CreateWebACL", "PutLoggingConfiguration", "AssociateWebACL"]
    (call,) = cloud.parameters("CreateWebACL")
    assert {"Key": "Platform", "Value": "dougust"} in call["Tags"]
    common, rate = live(waf)["WebACL"]["Rules"]
    assert common["OverrideAction"] == {"None": {}} and rate["Action"] == {"Block": {}}
    scoped = rate["Statement"]["RateBasedStatement"]["ScopeDownStatement"]["ByteMatchStatement"]
    assert (scoped["SearchString"], scoped["PositionalConstraint"]) == (b"/api/", "STARTS_WITH")
    overrides = common["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"]
    assert [one["Name"] for one in overrides] == ["NoUserAgent_HEADER", "SizeRestrictions_BODY"]


def test_the_least(cloud, waf):
    assert cloud.run(MODULE, web_acls=[{"name": NAME}])["changed"]
    assert not cloud.run(MODULE, web_acls=[{"name": NAME}])["changed"]
    assert cloud.operations == ["ListWebACLs", "GetWebACL", "ListTagsForResource"]
    assert live(waf)["WebACL"]["DefaultAction"] == {"Allow": {}}


@pytest.mark.parametrize("killed_at", ["PutLoggingConfiguration", "AssociateWebACL"])
def test_a_killed_run_is_finished(cloud, killed_at):
    cloud.fail(killed_at, "AccessDeniedException", "as if killed")
    fail(cloud)
    cloud.heal()
    assert run(cloud)["actions"][0]["action"] == "update"
    assert "CreateWebACL" not in cloud.mutations
    assert not run(cloud)["changed"]


@pytest.mark.parametrize(
    "change, calls",
    [
        ({"description": "Something else"}, ["UpdateWebACL"]),
        ({"default_action": "block"}, ["UpdateWebACL"]),
        ({"metric_name": "other"}, ["UpdateWebACL"]),
        ({"rules": [{**COMMON, "count_rules": ["NoUserAgent_HEADER"]}, RATE]}, ["UpdateWebACL"]),
        ({"rules": [{**COMMON, "override_action": "count"}, RATE]}, ["UpdateWebACL"]),
        ({"rules": [{**COMMON, "version": "Version_1.0"}, RATE]}, ["UpdateWebACL"]),
        ({"rules": [COMMON, {**RATE, "rate_limit": 1000}]}, ["UpdateWebACL"]),
        ({"rules": [COMMON, {**RATE, "action": "count"}]}, ["UpdateWebACL"]),
        ({"rules": [COMMON, {**RATE, "aggregate_key": "FORWARDED_IP"}]}, ["UpdateWebACL"]),
        ({"rules": [COMMON]}, ["UpdateWebACL"]),
        ({"logging": {}}, ["DeleteLoggingConfiguration"]),
        ({"logging": {"destination_arn": LOGS}}, ["PutLoggingConfiguration"]),
        ({"associated_arns": BALANCERS[1:]}, ["DisassociateWebACL", "AssociateWebACL"]),
        ({"associated_arns": []}, ["DisassociateWebACL"]),
        ({"tags": {"Tier": "edge"}}, ["TagResource"]),
    ],
)
def test_fields_change_in_place(cloud, change, calls):
    run(cloud)
    assert run(cloud, True, **change)["actions"][0]["fields"] == list(change)
    assert cloud.mutations == []
    assert run(cloud, **change)["actions"][0]["fields"] == list(change)
    assert cloud.mutations == calls
    assert not run(cloud, **change)["changed"]
    if "tags" in change:
        run(cloud)
        assert cloud.mutations == ["UntagResource"]


def test_drift_by_hand_is_corrected(cloud, waf):
    run(cloud)
    dark = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": NAME}
    rules = live(waf)["WebACL"]["Rules"][:1]
    change_by_hand(
        waf, VisibilityConfig=dark, Rules=rules, DefaultAction={"Block": {"CustomResponse": {"ResponseCode": 451}}}
    )
    waf.disassociate_web_acl(ResourceArn=BALANCERS[0])
    result = run(cloud)
    fields = ["associated_arns", "default_action", "metrics", "rules", "sampled_requests"]
    assert result["actions"][0]["fields"] == fields
    assert cloud.mutations == ["UpdateWebACL", "AssociateWebACL"]
    assert not run(cloud)["changed"]


def test_an_update_keeps_what_it_does_not_manage(cloud, waf):
    run(cloud)
    change_by_hand(waf, TokenDomains=["example.com"])
    run(cloud, description="Something else", rules=None)
    (call,) = cloud.parameters("UpdateWebACL")
    assert call["TokenDomains"] == ["example.com"] and len(call["Rules"]) == 2
    assert call["VisibilityConfig"]["MetricName"] == NAME


def test_the_rule_of_shield_stays(cloud, waf):
    run(cloud)
    web_acl = live(waf)["WebACL"]
    shield = {**web_acl["Rules"][0], "Name": "ShieldMitigationRuleGroup_123_abc", "Priority": 10000000}
    change_by_hand(waf, Rules=[*web_acl["Rules"], shield])
    assert not run(cloud)["changed"]
    run(cloud, rules=[RATE])
    assert [rule["Name"] for rule in live(waf)["WebACL"]["Rules"]] == ["rate", shield["Name"]]


def test_a_change_in_between_is_read_again(cloud):
    run(cloud)
    cloud.fail("UpdateWebACL", "WAFOptimisticLockException", times=2)
    cloud.fail("UpdateWebACL", "WAFUnavailableEntityException", times=1)
    run(cloud, description="Something else")
    assert cloud.operations.count("UpdateWebACL") == 4
    assert cloud.operations.count("GetWebACL") == 4 + 2


def test_what_waf_does_not_see_yet_is_tried_again(cloud):
    cloud.fail("AssociateWebACL", "WAFUnavailableEntityException", times=30)
    cloud.fail("PutLoggingConfiguration", "WAFLogDestinationPermissionIssueException", times=2)
    run(cloud)
    assert cloud.operations.count("AssociateWebACL") == 31


def test_a_protected_load_balancer_is_not_stolen(cloud, waf):
    waf.associate_web_acl(WebACLArn=make_foreign(waf)["ARN"], ResourceArn=BALANCERS[0])
    for check_mode in (True, False):
        web_acls = {"web_acls": [WEB_ACL], "tags": TAGS}
        failed = cloud.run_failing(MODULE, check_mode=check_mode, **web_acls)
        assert f"web ACL {NAME} is to protect {BALANCERS[0]}, which web ACL foreign protects. Nothing" in failed["msg"]
        assert cloud.mutations == []
    run(cloud, associated_arns=BALANCERS[1:])
    assert waf.get_web_acl_for_resource(ResourceArn=BALANCERS[0])["WebACL"]["Name"] == "foreign"
    assert not run(cloud, associated_arns=BALANCERS[:1], params={"state": "gathered"})["changed"]


def test_a_load_balancer_that_is_not_there_yet_has_no_web_acl(cloud):
    cloud.fail("GetWebACLForResource", "WAFNonexistentItemException")
    assert run(cloud, check_mode=True)["changed"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_somebody_elses_is_not_touched(cloud, waf, state):
    make_foreign(waf, NAME, **{**TAGS, "Environment": "production"})
    assert "belongs to somebody else: it is tagged Environment=production" in fail(cloud, {"state": state})
    assert cloud.mutations == []


def test_what_is_not_given_is_left_alone(cloud):
    run(cloud)
    assert not cloud.run(MODULE, web_acls=[{"name": NAME}])["changed"]


def test_deletion_takes_everything_off_first(cloud):
    run(cloud)
    cloud.fail("DeleteWebACL", "WAFAssociatedItemException", times=2)
    run(cloud, params={"state": "absent"})
    assert cloud.mutations == ["DisassociateWebACL", "DeleteLoggingConfiguration"] + ["DeleteWebACL"] * 3
    assert "GetLoggingConfiguration" not in cloud.operations
    assert not run(cloud, params={"state": "absent"})["changed"]


def test_one_that_is_still_listed_after_its_end(cloud):
    run(cloud)
    cloud.fail("GetWebACL", "WAFNonexistentItemException")
    assert not run(cloud, params={"state": "absent"})["changed"]


def test_the_list_has_pages(cloud, waf):
    run(cloud)
    pages = [
        {"WebACLs": [{"Name": "x", "Id": "1"}], "NextMarker": "x"},
        {"WebACLs": [{"Name": NAME, "Id": live(waf)["WebACL"]["Id"]}], "NextMarker": NAME},
        {"WebACLs": [], "NextMarker": ""},
    ]
    cloud.answer("ListWebACLs", lambda params: pages.pop(0))
    assert not run(cloud)["changed"]
    assert cloud.parameters("ListWebACLs")[1]["NextMarker"] == "x"


def test_undeclared_web_acls_of_this_scope_only(cloud):
    tags = {**TAGS, "ManagedBy": "groundwork.aws", "Component": "firewall"}
    run(cloud, params={"tags": tags})
    prefix = "arn:aws:wafv2:us-east-1:123456789012:"
    arns = [f"regional/webacl/{NAME}/1", "regional/ipset/addresses/2", "global/webacl/other/3"]
    found = [{"ResourceARN": prefix + arn, "Tags": []} for arn in arns]
    cloud.answer("GetResources", lambda params: {"ResourceTagMappingList": found})
    other = {"web_acls": [{"name": "another"}], "tags": tags, "undeclared": "delete"}
    result = cloud.run(MODULE, **other)
    assert [(one["name"], one["action"]) for one in result["actions"]] == [("another", "create"), (NAME, "delete")]


def test_web_acls_of_cloudfront(cloud, waf):
    params = {"web_acls": [{"name": NAME, "rules": [COMMON]}], "scope": "CLOUDFRONT", "tags": TAGS}
    predicted = cloud.run(MODULE, check_mode=True, **params)["web_acls"][NAME]
    assert ":global/webacl/" in predicted["arn"]
    created = cloud.run(MODULE, **params)["web_acls"][NAME]
    assert ":global/webacl/" in created["arn"]
    assert wafv2_backends["123456789012"]["aws"].wacls
    assert not cloud.run(MODULE, **params)["changed"]
    cloud.run(MODULE, **params, state="absent")
    assert cloud.mutations == ["DeleteLoggingConfiguration", "DeleteWebACL"]
    failed = cloud.run_failing(MODULE, **{**params, "region": "eu-west-1"})
    assert "Web ACLs for CloudFront live in us-east-1. To fix:" in failed["msg"]
    assert "has associated_arns, which distributions do not use" in fail(cloud, {"scope": "CLOUDFRONT"})


def test_logging_is_compared_by_meaning(cloud, waf):
    arn = run(cloud)["web_acls"][NAME]["arn"]
    fields = [{"SingleHeader": {"Name": name}} for name in ("Cookie", "authorization")]
    by_hand = {"ResourceArn": arn, "LogDestinationConfigs": [f"{LOGS}:*"], "RedactedFields": fields}
    waf.put_logging_configuration(LoggingConfiguration=by_hand)
    assert not run(cloud)["changed"]
    by_hand["RedactedFields"] = [*fields, {"QueryString": {}}]
    waf.put_logging_configuration(LoggingConfiguration=by_hand)
    assert run(cloud)["actions"][0]["fields"] == ["logging"]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "a b"}, "web ACL a b is no name of a web ACL. To fix:"),
        ({"description": "x"}, "has an impossible description. To fix:"),
        ({"metric_name": "All"}, "has the metric_name All. To fix:"),
        ({"metric_name": "a b"}, "has the metric_name a b. To fix:"),
        (
            {"associated_arns": ["arn:x:loadbalancer/net/a/b"]},
            "something else than application load balancers. To fix:",
        ),
        ({"logging": {"destination_arn": f"{LOGS}:*"}}, "logs to an impossible destination_arn. To fix:"),
        ({"logging": {"destination_arn": LOGS.replace("aws-waf-logs-", "")}}, "logs to an impossible destination_arn."),
        ({"rules": [COMMON, {**RATE, "priority": 10}]}, "has two rules of the same priority. To fix:"),
        ({"rules": [COMMON, {**RATE, "name": "common"}]}, "has two rules of the same name. To fix:"),
        ({"rules": [{**RATE, "name": "All"}]}, "rule All has an impossible name. To fix:"),
        ({"rules": [{**RATE, "priority": -1}]}, "rule rate has priority -1. To fix:"),
        ({"rules": [{**RATE, "rate_limit": 9}]}, "has rate_limit 9. To fix: 10 to 2000000000"),
        ({"rules": [{**RATE, "version": "1"}]}, "limits a rate, and has a version, count_rules or override_action."),
        ({"rules": [{**RATE, "scope_down_path_prefix": "api"}]}, "has an impossible scope_down_path_prefix. To fix:"),
        (
            {"rules": [{**COMMON, "scope_down_path_prefix": "/"}]},
            "has a scope_down_path_prefix, which is for rate limits",
        ),
        ({"rules": [{**COMMON, "managed_group": "x y"}]}, "has the managed_group x y. To fix:"),
        ({"rules": [{**COMMON, "count_rules": list(map(str, range(101)))}]}, "has more than 100 count_rules. To fix:"),
        ({"rules": [{**COMMON, "rate_limit": 10}]}, "mutually exclusive"),
        ({"rules": [{"name": "a", "priority": 1}]}, "one of the following is required: managed_group, rate_limit"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    assert message in fail(cloud, **change)
    assert cloud.calls == []


def test_a_failed_call_is_one_clear_message(cloud):
    cloud.fail("CreateWebACL", "WAFLimitsExceededException", "You exceeded your resource limit")
    assert f"Could not create web ACL {NAME}: WAFLimitsExceededException: You exceeded your resource limit" in fail(
        cloud
    )


def test_rules_are_compared_without_what_aws_fills_in():
    rule = {
        "Name": "rate",
        "Priority": 1,
        "Statement": {"RateBasedStatement": {"Limit": 10, "AggregateKeyType": "IP", "CustomKeys": []}},
        "Action": {"Block": {}},
        "RuleLabels": [],
        "CaptchaConfig": None,
    }
    assert wafv2_rules.from_aws([rule]) == [
        {
            "Name": "rate",
            "Priority": 1,
            "Statement": {"RateBasedStatement": {"Limit": 10, "AggregateKeyType": "IP", "EvaluationWindowSec": 300}},
            "Action": {"Block": {}},
        }
    ]
