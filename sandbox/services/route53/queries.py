# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked about zones: an answer of the DNS, limits; and where queries are logged."""

import json

from moto.backends import get_backend

from ...errors import AwsError
from .. import answer, backend, check
from .delegation import sets_of
from .records import name_of, records_of
from .zones import zone_of

# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
ZONES, CHECKS, SETS, POLICIES, INSTANCES, RECORDS, VPCS = 500, 200, 100, 50, 5, 10000, 300
LOGS_REGION = "us-east-1"
WRITING = {"logs:CreateLogStream", "logs:PutLogEvents"}


@check("route53", "CreateHostedZone")
def refuse_too_many(call):
    """An account has so many zones at first."""
    if len(backend(call).zones) >= ZONES:
        raise AwsError("TooManyHostedZones", f"Limits Exceeded: This account already has {ZONES} hosted zones.")


@answer("route53", "GetAccountLimit")
def account_limit(call):
    """A limit, and how much of it is used."""
    state, kind = backend(call), call.parameters["Type"]
    value, used = {
        "MAX_HOSTED_ZONES_BY_OWNER": (ZONES, len(state.zones)),
        "MAX_HEALTH_CHECKS_BY_OWNER": (CHECKS, len(state.health_checks)),
        "MAX_REUSABLE_DELEGATION_SETS_BY_OWNER": (SETS, len(sets_of(call))),
        "MAX_TRAFFIC_POLICIES_BY_OWNER": (POLICIES, 0),
        "MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER": (INSTANCES, 0),
    }[kind]
    return {"Limit": {"Type": kind, "Value": value}, "Count": used}


@answer("route53", "GetHostedZoneLimit")
def zone_limit(call):
    """The same for a zone."""
    zone, kind = zone_of(call, call.parameters["HostedZoneId"]), call.parameters["Type"]
    if kind == "MAX_RRSETS_BY_ZONE":
        return {"Limit": {"Type": kind, "Value": RECORDS}, "Count": len(records_of(zone))}
    if not zone.private_zone:
        raise AwsError("HostedZoneNotPrivate", "The specified hosted zone is a public hosted zone.")
    return {"Limit": {"Type": kind, "Value": VPCS}, "Count": len(zone.vpcs)}


@answer("route53", "TestDNSAnswer")
def test_answer(call):
    """What a name server of the zone answers: the first record of that name and type, by its set identifier."""
    zone = zone_of(call, call.parameters["HostedZoneId"])
    if zone.private_zone:
        raise AwsError("InvalidInput", "Answers can be tested for public hosted zones only.")
    name, kind = name_of(call.parameters["RecordName"]), call.parameters["RecordType"]
    records = records_of(zone)
    found = sorted((key, record) for key, record in records.items() if key[:2] == (name, kind))
    data = [item["Value"] for _key, record in found[:1] for item in record.get("ResourceRecords", [])]
    exists = any(key[0] == name for key in records)
    server = records[(zone.name, "NS", None)]["ResourceRecords"][0]["Value"].rstrip(".")
    return {
        "Nameserver": server,
        "RecordName": name.rstrip("."),
        "RecordType": kind,
        "RecordData": data,
        "ResponseCode": "NOERROR" if exists else "NXDOMAIN",
        "Protocol": "UDP",
    }


@check("route53", "CreateQueryLoggingConfig")
def check_logging(call):
    """moto asks for no policy that lets Route 53 write."""
    arn = call.parameters["CloudWatchLogsLogGroupArn"]
    logs = get_backend("logs")[call.account][LOGS_REGION]
    group = arn.removesuffix(":*").rpartition("log-group:")[2]
    zone = zone_of(call, call.parameters["HostedZoneId"])
    if arn.split(":")[3:4] != [LOGS_REGION] or group not in logs.groups:
        return  # moto refuses these itself
    if zone.private_zone:
        raise AwsError("InvalidInput", "Queries can be logged for public hosted zones only.")
    if not any(_lets_write(policy.policy_document) for policy in logs.resource_policies.values()):
        message = (
            "The resource policy that you're using for Route 53 query logging doesn't grant Route 53 sufficient"
            " permission to create a log stream in the specified log group."
        )
        raise AwsError("InsufficientCloudWatchLogsResourcePolicy", message)


def _lets_write(document):
    statements = json.loads(document)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        principals, actions = statement.get("Principal"), statement.get("Action", [])
        services = principals.get("Service", []) if isinstance(principals, dict) else principals
        allowed = {actions} if isinstance(actions, str) else set(actions)
        for_us = services == "*" or "route53.amazonaws.com" in services
        if statement.get("Effect") == "Allow" and for_us and (allowed & {"*", "logs:*"} or allowed >= WRITING):
            return True
    return False
