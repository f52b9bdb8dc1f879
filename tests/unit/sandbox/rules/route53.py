# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon Route 53 refuses."""

import json

from tests.unit.sandbox.edge import first, second
from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/Route53/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide"
TYPES = f"{GUIDE}/ResourceRecordTypes.html"
QUOTAS = f"{GUIDE}/DNSLimitations.html"

SERVICE = "route53"
HTTP = {"Type": "HTTP", "FullyQualifiedDomainName": "www.example.com"}
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:/dns"
WRITER = {
    "Effect": "Allow",
    "Principal": {"Service": "route53.amazonaws.com"},
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "*",
}


def _zone(world, name="example.com", **more):
    return world.route53.create_hosted_zone(Name=name, CallerReference=name, **more)["HostedZone"]["Id"]


def _vpc(world, block="10.0.0.0/16"):
    return {"VPCRegion": "eu-central-1", "VPCId": world.vpc(block)}


def _two_zones(world):
    """A zone, and one with a record."""
    zones = [_zone(world), _zone(world, "example.org")]
    world.route53.change_resource_record_sets(HostedZoneId=zones[1], ChangeBatch=_batch(_record("a.example.org")))
    return zones


def _private(world):
    """A private zone with two VPCs, and a third VPC; a public zone."""
    vpcs = [_vpc(world, f"10.{number}.0.0/16") for number in range(3)]
    number = _zone(world, "internal", VPC=vpcs[0])
    world.route53.associate_vpc_with_hosted_zone(HostedZoneId=number, VPC=vpcs[1])
    return {"private": number, "public": _zone(world), "vpcs": vpcs}


def _one_and_two_vpcs(world):
    """A private zone with one VPC, one with two, and the VPC that both have."""
    vpcs = [_vpc(world, f"10.{number}.0.0/16") for number in range(2)]
    zones = [_zone(world, name, VPC=vpcs[0]) for name in ("one", "two")]
    world.route53.associate_vpc_with_hosted_zone(HostedZoneId=zones[1], VPC=vpcs[1])
    return *zones, vpcs[0]


def _seen(zone, number):
    return lambda world: {"HostedZoneId": world.given[zone], "VPC": world.given["vpcs"][number]}


def _named(name, reference="one", **more):
    return {"Name": name, "CallerReference": reference, **more}


def _record(name="a.example.com", kind="A", *values, **more):
    values = values or ("192.0.2.1",)
    return {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value} for value in values], **more}


def _alias(target, zone="Z2FDTNDATAQYW2"):
    found = {"HostedZoneId": zone, "DNSName": target, "EvaluateTargetHealth": False}
    return {"Name": "a.example.com", "Type": "A", "AliasTarget": found}


def _batch(*records, action="CREATE"):
    return {"Changes": [{"Action": action, "ResourceRecordSet": record} for record in records]}


def _change(says, page, wrong, right, code="InvalidChangeBatch", records=()):
    """A rule for records: what is refused and what is not, as records or whole batches, in a zone with some."""

    def request(given):
        batch = given if "Changes" in given else _batch(given)
        return lambda world: {"HostedZoneId": world.given, "ChangeBatch": batch}

    def make(world):
        number = _zone(world)
        if records:
            world.route53.change_resource_record_sets(HostedZoneId=number, ChangeBatch=_batch(*records))
        return number

    return Rule(says, page, "change_resource_record_sets", code, request(wrong), request(right), make)


def _checked(reference="one", **config):
    return {"CallerReference": reference, "HealthCheckConfig": config}


def _checking(says, page, wrong, right, code="InvalidInput", given=lambda world: None):
    """A rule for health checks."""
    wrong, right = (
        (lambda world, parts=parts: _checked(**parts(world))) if callable(parts) else _checked(**parts)
        for parts in (wrong, right)
    )
    return Rule(says, page, "create_health_check", code, wrong, right, given)


def _check(world, reference="one", **config):
    return world.route53.create_health_check(**_checked(reference, **(config or HTTP)))["HealthCheck"]["Id"]


def _alarm(world):
    world.cloudwatch.put_metric_alarm(
        AlarmName="down", MetricName="m", Namespace="n", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip


def _of_children(*numbers):
    return {"reference": "two", "Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": list(numbers)}


def _of_alarm(name):
    alarm = {"Region": "eu-central-1", "Name": name}
    return {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": alarm, "InsufficientDataHealthStatus": "Healthy"}


def _logged(policy=True):
    """A log group in us-east-1, that Route 53 may write to or not, and another one; a zone."""

    def make(world):
        logs = world.sandbox.client("logs", "us-east-1")
        for name in ("/dns", "/dns2"):
            logs.create_log_group(logGroupName=name)
        if policy:
            document = json.dumps({"Version": "2012-10-17", "Statement": WRITER})
            logs.put_resource_policy(policyName="dns", policyDocument=document)
        return _zone(world)

    return make


def _logging(arn=LOGS):
    return lambda world: {"HostedZoneId": world.given, "CloudWatchLogsLogGroupArn": arn}


def _now_permitted(world):
    logs = world.sandbox.client("logs", "us-east-1")
    logs.put_resource_policy(
        policyName="dns", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": WRITER})
    )
    return _logging()(world)


def _sets(world):
    """A reusable delegation set that a zone has, and another one."""
    made = [world.route53.create_reusable_delegation_set(CallerReference=name)["DelegationSet"]["Id"] for name in "ab"]
    _zone(world, DelegationSetId=made[0])
    return [{"Id": number} for number in made]


RULES = [
    Rule(
        "a caller reference is that of one zone", f"{API}/API_CreateHostedZone.html", "create_hosted_zone",
        "HostedZoneAlreadyExists", _named("example.org", "example.com"), _named("example.org", "example.org"), _zone,
    ),
    Rule(
        "the name of a zone is a domain name", f"{GUIDE}/DomainNameFormat.html", "create_hosted_zone",
        "InvalidDomainName", _named("exa..mple.com"), _named("example.com"),
    ),
    Rule(
        "the VPC of a private zone exists", f"{API}/API_CreateHostedZone.html", "create_hosted_zone", "InvalidVPCId",
        _named("internal", VPC={"VPCRegion": "eu-central-1", "VPCId": "vpc-0123456789abcdef0"}),
        lambda world: _named("internal", VPC=world.given), _vpc,
    ),
    Rule(
        "a VPC sees one zone of a name", f"{API}/API_CreateHostedZone.html", "create_hosted_zone",
        "ConflictingDomainExists", lambda world: _named("internal", VPC=world.given["vpcs"][1]),
        lambda world: _named("internal", VPC=world.given["vpcs"][2]), _private,
    ),
    Rule(
        "a public zone is seen by everybody", f"{API}/API_AssociateVPCWithHostedZone.html",
        "associate_vpc_with_hosted_zone", "PublicZoneVPCAssociation", _seen("public", 2), _seen("private", 2), _private,
    ),
    Rule(
        "a VPC that does not see a zone cannot be taken from it", f"{API}/API_DisassociateVPCFromHostedZone.html",
        "disassociate_vpc_from_hosted_zone", "VPCAssociationNotFound", _seen("private", 2), _seen("private", 1),
        _private,
    ),
    Rule(
        "a private zone keeps its last VPC", f"{API}/API_DisassociateVPCFromHostedZone.html",
        "disassociate_vpc_from_hosted_zone", "LastVPCAssociation",
        lambda world: {"HostedZoneId": world.given[0], "VPC": world.given[2]},
        lambda world: {"HostedZoneId": world.given[1], "VPC": world.given[2]},
        _one_and_two_vpcs,
    ),
    Rule(
        "a zone with records stays", f"{API}/API_DeleteHostedZone.html", "delete_hosted_zone", "HostedZoneNotEmpty",
        lambda world: {"Id": world.given[1]}, lambda world: {"Id": world.given[0]}, _two_zones,
    ),
    Rule(
        "a reusable delegation set in use stays", f"{API}/API_DeleteReusableDelegationSet.html",
        "delete_reusable_delegation_set", "DelegationSetInUse", first, second, _sets,
    ),
    _change(
        "what exists is not created", f"{API}/API_ChangeResourceRecordSets.html",
        _record(), _record("b.example.com"), records=[_record()],
    ),
    _change(
        "what is deleted is there", f"{API}/API_ChangeResourceRecordSets.html",
        _batch(_record("b.example.com"), action="DELETE"), _batch(_record(), action="DELETE"), records=[_record()],
    ),
    _change(
        "what is deleted is what is there", f"{API}/API_ChangeResourceRecordSets.html",
        _batch(_record("a.example.com", "A", "192.0.2.2"), action="DELETE"), _batch(_record(), action="DELETE"),
        records=[_record()],
    ),
    _change(
        "a record is in the domain of its zone", f"{API}/API_ChangeResourceRecordSets.html",
        _record("a.example.org"), _record("a.example.com"),
    ),
    _change(
        "a CNAME stands alone", TYPES, _record("a.example.com", "CNAME", "b.example.com"),
        _record("c.example.com", "CNAME", "b.example.com"), records=[_record()],
    ),
    _change(
        "the apex of a zone is no CNAME", TYPES, _record("example.com", "CNAME", "b.example.org"),
        _record("www.example.com", "CNAME", "b.example.org"),
    ),
    _change(
        "an A record is an address of IPv4", TYPES, _record("a.example.com", "A", "2001:db8::1"),
        _record("a.example.com", "AAAA", "2001:db8::1"),
    ),
    _change(
        "text is in quotation marks", TYPES, _record("a.example.com", "TXT", "v=spf1"),
        _record("a.example.com", "TXT", '"v=spf1"'),
    ),
    _change(
        "a string of text has at most 255 characters", TYPES, _record("a.example.com", "TXT", f'"{"t" * 256}"'),
        _record("a.example.com", "TXT", f'"{"t" * 255}" "t"'),
    ),
    _change(
        "an MX record has a priority", TYPES, _record("example.com", "MX", "mail.example.com"),
        _record("example.com", "MX", "10 mail.example.com"),
    ),
    _change(
        "an SRV record has four fields", TYPES, _record("_sip._tcp.example.com", "SRV", "10 5060 sip.example.com"),
        _record("_sip._tcp.example.com", "SRV", "10 5 5060 sip.example.com"),
    ),
    _change(
        "a CAA record has three fields", TYPES, _record("example.com", "CAA", '0 "amazon.com"'),
        _record("example.com", "CAA", '0 issue "amazon.com"'),
    ),
    _change(
        "an alias in the zone of CloudFront is of a distribution", f"{API}/API_AliasTarget.html",
        _alias("www.example.org"), _alias("d1234.cloudfront.net"),
    ),
    _change(
        "an alias has no TTL", f"{API}/API_ResourceRecordSet.html", _alias("d1234.cloudfront.net") | {"TTL": 60},
        _alias("d1234.cloudfront.net"), "InvalidInput",
    ),
    _change(
        "one of several records says which one it is", f"{API}/API_ResourceRecordSet.html", _record(Weight=10),
        _record(Weight=10, SetIdentifier="blue"), "InvalidInput",
    ),
    _change(
        "one of several records says how it is chosen", f"{API}/API_ResourceRecordSet.html",
        _record(SetIdentifier="blue"), _record(SetIdentifier="blue", Region="eu-central-1"), "InvalidInput",
    ),
    _change(
        "a record is chosen in one way", f"{API}/API_ResourceRecordSet.html",
        _record(SetIdentifier="blue", Weight=1, Failover="PRIMARY"), _record(SetIdentifier="blue", Weight=1),
        "InvalidInput",
    ),
    _change(
        "simple records and ones by latency do not mix", f"{API}/API_ResourceRecordSet.html",
        _record(SetIdentifier="blue", Region="eu-west-1"),
        _record("b.example.com", SetIdentifier="blue", Region="eu-west-1"),
        records=[_record()],
    ),
    _change(
        "a health check of a record exists", f"{API}/API_ChangeResourceRecordSets.html",
        _record(HealthCheckId="00000000-0000-4000-8000-000000000000"), _record(), "NoSuchHealthCheck",
    ),
    _change(
        "a change has at most 1000 values", QUOTAS,
        _batch(*(_record(f"a{number}.example.com") for number in range(1001))),
        _batch(*(_record(f"a{number}.example.com") for number in range(1000))),
    ),
    _change(
        "the last NS record of a zone stays", f"{GUIDE}/SOA-NSrecords.html",
        _batch(_record("example.com", "NS", "ns.example.org"), action="DELETE"),
        _batch(_record("sub.example.com", "NS", "ns.example.org"), action="DELETE"),
        records=[_record("sub.example.com", "NS", "ns.example.org")],
    ),
    _checking(
        "who checks an endpoint says which", f"{API}/API_HealthCheckConfig.html", {"Type": "HTTP"}, HTTP,
    ),
    _checking(
        "an endpoint has a public address", f"{API}/API_HealthCheckConfig.html",
        {"Type": "HTTP", "IPAddress": "10.0.0.1"}, {"Type": "HTTP", "IPAddress": "192.0.46.8"},
    ),
    _checking(
        "who searches an answer says for what", f"{API}/API_HealthCheckConfig.html",
        HTTP | {"Type": "HTTP_STR_MATCH"}, HTTP | {"Type": "HTTP_STR_MATCH", "SearchString": "fine"},
    ),
    _checking(
        "endpoints are asked every 10 or 30 seconds", f"{GUIDE}/health-checks-creating-values.html",
        HTTP | {"RequestInterval": 20}, HTTP | {"RequestInterval": 10},
    ),
    _checking(
        "a calculated health check has no port", f"{API}/API_HealthCheckConfig.html",
        {"Type": "CALCULATED", "HealthThreshold": 1, "Port": 80}, {"Type": "CALCULATED", "HealthThreshold": 1},
    ),
    _checking(
        "the children of a health check exist", f"{API}/API_HealthCheckConfig.html",
        _of_children("00000000-0000-4000-8000-000000000000"), lambda world: _of_children(world.given),
        given=_check,
    ),
    _checking(
        "the alarm of a health check exists", f"{API}/API_AlarmIdentifier.html", _of_alarm("up"), _of_alarm("down"),
        given=_alarm,
    ),
    _checking(
        "a caller reference is that of one health check", f"{API}/API_CreateHealthCheck.html", HTTP | {"Port": 81},
        HTTP | {"Port": 81, "reference": "two"}, "HealthCheckAlreadyExists", _check,
    ),
    Rule(
        "a health check is changed as it was seen", f"{API}/API_UpdateHealthCheck.html", "update_health_check",
        "HealthCheckVersionMismatch", lambda world: {"HealthCheckId": world.given, "HealthCheckVersion": 2},
        lambda world: {"HealthCheckId": world.given, "HealthCheckVersion": 1}, _check,
    ),
    Rule(
        "a health check that is deleted exists", f"{API}/API_DeleteHealthCheck.html", "delete_health_check",
        "NoSuchHealthCheck", {"HealthCheckId": "00000000-0000-4000-8000-000000000000"},
        lambda world: {"HealthCheckId": world.given}, _check,
    ),
    Rule(
        "Route 53 may write to the log group of queries", f"{API}/API_CreateQueryLoggingConfig.html",
        "create_query_logging_config", "InsufficientCloudWatchLogsResourcePolicy", _logging(), _now_permitted,
        _logged(policy=False),
    ),
    Rule(
        "the log group of queries exists", f"{API}/API_CreateQueryLoggingConfig.html", "create_query_logging_config",
        "NoSuchCloudWatchLogsLogGroup", _logging(f"{LOGS}3"), _logging(), _logged(),
    ),
    Rule(
        "the log group of queries is in us-east-1", f"{API}/API_CreateQueryLoggingConfig.html",
        "create_query_logging_config", "InvalidInput", _logging(LOGS.replace("us-east-1", "eu-central-1")), _logging(),
        _logged(),
    ),
    Rule(
        "tags of at most 10 zones are listed at once", f"{API}/API_ListTagsForResources.html",
        "list_tags_for_resources", "InvalidInput",
        lambda world: {"ResourceType": "hostedzone", "ResourceIds": 11 * [world.given.rpartition("/")[2]]},
        lambda world: {"ResourceType": "hostedzone", "ResourceIds": 10 * [world.given.rpartition("/")[2]]}, _zone,
    ),
]  # fmt: skip
