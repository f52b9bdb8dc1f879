# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows: DNS zone, certificate, load balancer, web application firewall."""

import re

from sandbox.client import ACCOUNT
from tests.integration.harness import REGION

TLS_1_2 = re.compile(r"ELBSecurityPolicy-TLS13-1-[23]-.*20\d\d-\d\d")
RULE_GROUPS = ("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesSQLiRuleSet")


def zone(dougust):
    found = dougust.account.one("route53/zone", "dougust.com.")
    records = {(record["Name"].rstrip("."), record["Type"]): record for record in found["Records"]}
    if not dougust.https:
        assert sorted(kind for _name, kind in records) == ["NS", "SOA"]
        return
    balancer = dougust.one("elbv2/load-balancer")
    for kind in ("A", "AAAA"):
        alias = records[dougust.expected.domain, kind]["AliasTarget"]
        assert alias["DNSName"].rstrip(".") == balancer["DNSName"].lower()
        assert alias["HostedZoneId"] == balancer["CanonicalHostedZoneId"]
    (option,) = dougust.one("acm/certificate", "load-balancer")["DomainValidationOptions"]
    proof = option["ResourceRecord"]
    (value,) = records[proof["Name"].rstrip("."), "CNAME"]["ResourceRecords"]
    assert value["Value"].rstrip(".") == proof["Value"].rstrip(".")


def certificate(dougust):
    if not dougust.https:
        assert dougust.account.names("acm/certificate") == []
        return
    found = dougust.one("acm/certificate", "load-balancer")
    assert (found["Status"], found["DomainName"]) == ("ISSUED", dougust.expected.domain)
    assert found["InUseBy"] == [dougust.one("elbv2/load-balancer")["LoadBalancerArn"]]


def load_balancer(dougust):
    found = dougust.one("elbv2/load-balancer")
    assert (found["Scheme"], found["Type"], found["State"]["Code"]) == ("internet-facing", "application", "active")
    assert {zone["SubnetId"] for zone in found["AvailabilityZones"]} == dougust.subnets("public")
    assert found["SecurityGroups"] == [dougust.group("alb")]
    attributes = {one["Key"]: one["Value"] for one in found["Attributes"]}
    assert attributes["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert attributes["access_logs.s3.enabled"] == "true"
    assert attributes["access_logs.s3.bucket"] == f"{dougust.host}-access-logs-{ACCOUNT}-{REGION}"
    assert attributes["deletion_protection.enabled"] == str(dougust.expected.protected).lower()


def listeners(dougust):
    found = {listener["Port"]: listener for listener in dougust.account.of("elbv2/listener").values()}
    serving = found[443 if dougust.https else 80]
    (forward,) = serving["DefaultActions"]
    assert forward["TargetGroupArn"] == dougust.one("elbv2/target-group", "api")["TargetGroupArn"]
    assert dougust.account.snapshot.get("elbv2/rule", {}) == {}
    if not dougust.https:
        assert list(found) == [80]
        return
    assert sorted(found) == [80, 443]
    assert serving["Protocol"] == "HTTPS" and TLS_1_2.fullmatch(serving["SslPolicy"])
    certificate_arn = dougust.one("acm/certificate", "load-balancer")["CertificateArn"]
    assert [one["CertificateArn"] for one in serving["Certificates"]] == [certificate_arn]
    (redirect,) = (action["RedirectConfig"] for action in found[80]["DefaultActions"])
    assert (redirect["Protocol"], redirect["Port"], redirect["StatusCode"]) == ("HTTPS", "443", "HTTP_301")


def target_group(dougust):
    found = dougust.one("elbv2/target-group", "api")
    assert (found["Protocol"], found["Port"], found["TargetType"]) == ("HTTP", 3000, "ip")
    assert (found["HealthCheckPath"], found["Matcher"]["HttpCode"]) == ("/api/health", "200")
    attributes = {one["Key"]: one["Value"] for one in found["Attributes"]}
    assert (attributes["stickiness.enabled"], attributes["stickiness.type"]) == ("true", "lb_cookie")
    health = dougust.client("elbv2").describe_target_health(TargetGroupArn=found["TargetGroupArn"])
    states = [target["TargetHealth"]["State"] for target in health["TargetHealthDescriptions"]]
    assert states == ["healthy"] * dougust.expected.tasks


def firewall(dougust):
    if not dougust.expected.firewall:
        assert dougust.account.names("wafv2/web-acl") == []
        return
    found = dougust.one("wafv2/web-acl")
    assert found["Resources"] == [dougust.one("elbv2/load-balancer")["LoadBalancerArn"]]
    assert found["DefaultAction"] == {"Allow": {}}
    statements = [rule["Statement"] for rule in found["Rules"]]
    groups = [one["ManagedRuleGroupStatement"] for one in statements if "ManagedRuleGroupStatement" in one]
    assert sorted(group["Name"] for group in groups) == sorted(RULE_GROUPS)
    (rate,) = (one["RateBasedStatement"] for one in statements if "RateBasedStatement" in one)
    assert (rate["Limit"], rate["EvaluationWindowSec"], rate["AggregateKeyType"]) == (2000, 300, "IP")
    (destination,) = found["Logging"]["LogDestinationConfigs"]
    assert destination == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:aws-waf-logs-{dougust.host}"


ROWS = [zone, certificate, load_balancer, listeners, target_group, firewall]
