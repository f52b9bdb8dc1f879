# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked about zones: an answer of the DNS, limits; and where queries are logged."""

import json
import re
import uuid

from moto.backends import get_backend
from moto.route53.models import QueryLoggingConfig

from ...errors import AwsError
from .. import answer, backend, check
from .delegation import sets_of
from .records import name_of, records_of
from .zones import zone_of

# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
ZONES, CHECKS, SETS, POLICIES, INSTANCES, RECORDS, VPCS = 500, 200, 100, 50, 5, 10000, 300
LOGS_REGION = "us-east-1"
LOG_GROUP = re.compile(rf"arn:aws:logs:{LOGS_REGION}:(?P<account>\d{{12}}):log-group:(?P<name>[\w./#-]+)(:\*)?")
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


@answer("route53", "CreateQueryLoggingConfig")
def create_logging(call):
    """moto asks for no policy that lets Route 53 write, and for an ARN that ends in an asterisk."""
    zone, arn = zone_of(call, call.parameters["HostedZoneId"]), call.parameters["CloudWatchLogsLogGroupArn"]
    match = LOG_GROUP.fullmatch(arn)
    if match is None or zone.private_zone:
        raise AwsError("InvalidInput", "The log group must be one in us-east-1, and the hosted zone a public one.")
    logs = get_backend("logs")[call.account][LOGS_REGION]
    if match["account"] != call.account or match["name"] not in logs.groups:
        raise AwsError("NoSuchCloudWatchLogsLogGroup", "The specified CloudWatch Logs log group doesn't exist.")
    if not any(_lets_write(policy.policy_document) for policy in logs.resource_policies.values()):
        message = (
            "The resource policy that you're using for Route 53 query logging doesn't grant Route 53 sufficient"
            " permission to create a log stream in the specified log group."
        )
        raise AwsError("InsufficientCloudWatchLogsResourcePolicy", message)
    known = backend(call).query_logging_configs
    if any(item.hosted_zone_id == zone.resource_id for item in known.values()):
        message = "A query logging configuration already exists for this hosted zone"
        raise AwsError("QueryLoggingConfigAlreadyExists", message)
    made = QueryLoggingConfig(str(uuid.uuid4()), zone.resource_id, arn)
    known[made.id] = made
    return {"QueryLoggingConfig": _logging(made), "Location": made.location}


def _logging(config):
    arn = config.cloud_watch_logs_log_group_arn
    return {"Id": config.id, "HostedZoneId": config.hosted_zone_id, "CloudWatchLogsLogGroupArn": arn}


@answer("route53", "ListQueryLoggingConfigs")
def list_logging(call):
    """Those of a zone, if one is named."""
    wanted = call.parameters.get("HostedZoneId")
    number = zone_of(call, wanted).resource_id if wanted else None
    found = [item for item in backend(call).query_logging_configs.values() if number in (None, item.hosted_zone_id)]
    start, size = int(call.parameters.get("NextToken") or 0), int(call.parameters.get("MaxResults") or 100)
    following = {"NextToken": str(start + size)} if start + size < len(found) else {}
    return {"QueryLoggingConfigs": [_logging(item) for item in found[start : start + size]], **following}


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
