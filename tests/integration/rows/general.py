# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows about everything: names, tags, policies."""

import json
from typing import NamedTuple

import parliament

from tests.integration.account import BESIDE, tags_of

from .dougust import ACCOUNT, PLACES, TIERS, listed
from .observe import ALARMS, OF_AWS

# Kinds without tags of their own, those of AWS's own making, and the zone, which is somebody else's.
UNTAGGED = BESIDE | {
    "application-autoscaling/policy",
    "kms/alias",
    "logs/metric-filter",
    "route53/zone",
    "scheduler/schedule",
}
COMPONENTS = {
    "acm": "certificates",
    "application-autoscaling": "ecs",
    "cloudwatch": "monitoring",
    "ec2": "networking",
    "ecr": "registry",
    "ecs": "ecs",
    "elbv2": "load-balancer",
    "kms": "encryption",
    "rds": "database",
    "s3": "buckets",
    "scheduler": "schedules",
    "sns": "monitoring",
    "wafv2": "waf",
}
# The services whose resources belong to several components: the tag is one of these.
SHARED = {
    "ecs": {"ecs", "schedules"},
    "iam": {"ecs", "networking", "schedules"},
    "logs": {"database", "ecs", "networking", "schedules", "waf"},
    "secretsmanager": {"database", "secrets"},
}
WRONG = {"MEDIUM", "HIGH", "CRITICAL"}
# What parliament finds and AWS documents otherwise: (finding, a part of its detail).
EXPLAINED = {
    # Its table of actions is older than the resource types of this one.
    ("RESOURCE_MISMATCH", "logs:DescribeLogGroups"),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html has this very condition.
    ("UNKNOWN_CONDITION_FOR_ACTION", "kms:EncryptionContext:aws:logs:arn"),
    ("MISMATCHED_TYPE", "ArnLike requires a value of type Arn but given String"),
}
# Actions that AWS allows on all resources only.
ON_EVERYTHING = {"ecr:GetAuthorizationToken"}


def names(dougust):
    """Everything is called <platform>-<environment>-<part>, and nothing is there beside it."""
    expected, host, prefixed = dougust.expected, dougust.host, dougust.prefixed
    wanted = {
        "acm/certificate": prefixed("load-balancer") if dougust.https else [],
        "application-autoscaling/policy": ["cpu", "memory"],
        "application-autoscaling/target": [f"service/{host}/{host}-api"],
        "cloudwatch/dashboard": [host],
        "ec2/elastic-ip": prefixed("nat-a", "nat-b"),
        "ec2/internet-gateway": prefixed("igw"),
        "ec2/natgateway": prefixed("nat-a", "nat-b"),
        "ec2/network-acl": prefixed(*TIERS),
        "ec2/route-table": prefixed(*PLACES),
        "ec2/security-group": sorted(["default", *prefixed("alb", "app", "database")]),
        "ec2/subnet": prefixed(*PLACES),
        "ec2/vpc": prefixed("vpc"),
        "ec2/vpc-endpoint": prefixed("s3"),
        "ec2/vpc-flow-log": prefixed("flow-log"),
        "ecr/repository": prefixed("api"),
        "ecs/cluster": [host],
        "ecs/service": prefixed("api"),
        "ecs/task-definition": prefixed("api", "schedule-weekly-export"),
        "elbv2/listener": ["http", "https"] if dougust.https else ["http"],
        "elbv2/load-balancer": [host],
        "elbv2/target-group": prefixed("api"),
        "rds/db": [host],
        "rds/parameter-group": prefixed("postgres15"),
        "rds/subnet-group": [host],
        "route53/zone": ["dougust.com."],
        "sns/topic": prefixed("alerts"),
        "wafv2/web-acl": [host] if expected.firewall else [],
    }
    found = {kind: dougust.account.names(kind) for kind in dougust.account.snapshot}
    assert {kind: found.get(kind, []) for kind in wanted} == wanted
    alarms = [name for name in found["cloudwatch/alarm"] if not name.startswith(OF_AWS)]
    assert alarms == prefixed(*ALARMS)
    elsewhere = {
        "cloudwatch/alarm", "iam/role", "kms/alias", "kms/key", "logs/log-group", "logs/metric-filter", "s3/bucket",
        "scheduler/group", "scheduler/schedule", "secretsmanager/secret",
    }  # fmt: skip
    assert found.keys() - wanted.keys() <= elsewhere | BESIDE
    assert all(
        host in name
        for kind in elsewhere - {"secretsmanager/secret", "scheduler/schedule"}
        for name in found.get(kind, [])
    )


def tags(dougust):
    for kind in dougust.account.snapshot.keys() - UNTAGGED:
        service = kind.partition("/")[0]
        for name, item in dougust.account.of(kind).items():
            if kind == "cloudwatch/alarm" and name.startswith(OF_AWS):
                continue
            found = tags_of(item)
            if kind == "cloudwatch/dashboard":
                described = dougust.client("cloudwatch").list_tags_for_resource(ResourceARN=item["DashboardArn"])
                found = tags_of(described)
            wanted = {"Platform": "dougust", "Environment": dougust.environment, "ManagedBy": "groundwork.aws"}
            assert wanted.items() <= found.items(), f"{kind} {name}"
            own = {"security-groups"} if kind == "ec2/security-group" and name != "default" else None
            allowed = own or SHARED.get(service) or {COMPONENTS[service]}
            assert found["Component"] in allowed, f"{kind} {name}"


def tags_find_the_platform(dougust):
    """What AWS's own search by tags finds, which budgets, backups and this collection's prune go by."""
    filters = [{"Key": "Platform", "Values": ["dougust"]}, {"Key": "Environment", "Values": [dougust.environment]}]
    pages = dougust.client("resourcegroupstaggingapi").get_paginator("get_resources").paginate(TagFilters=filters)
    arns = [one["ResourceARN"] for one in pages.build_full_result()["ResourceTagMappingList"]]
    services = {arn.split(":")[2] for arn in arns}
    assert {"ec2", "ecs", "elasticloadbalancing", "kms", "logs", "rds", "s3", "secretsmanager", "sns"} <= services
    assert all(f":{ACCOUNT}:" in arn or arn.startswith("arn:aws:s3:::") for arn in arns)


class Policy(NamedTuple):
    """A policy and whose it is."""

    owner: str
    document: dict


def policies(account):
    """Everything in the account that says who may do what with which resource."""
    for name, role in account.of("iam/role").items():
        yield from (Policy(f"{name}, {part}", document) for part, document in role["Inline"].items())
    for kind in ("kms/key", "s3/bucket", "sns/topic"):
        yield from (Policy(name, json.loads(item["Policy"])) for name, item in account.of(kind).items())


def policies_are_sound(dougust):
    found = list(policies(dougust.account))
    assert len(found) >= 8
    for policy in found:
        for finding in parliament.analyze_policy_string(json.dumps(policy.document)).findings:
            parliament.enhance_finding(finding)
            explained = any(issue == finding.issue and part in str(finding.detail) for issue, part in EXPLAINED)
            assert finding.severity not in WRONG or explained, f"{policy.owner}: {finding.issue} {finding.detail}"


def policies_name_resources(dougust):
    """No role may do anything to everything, but for what AWS allows in no other way."""
    for name, role in dougust.account.of("iam/role").items():
        assert role["Attached"] == [], name
        for document in role["Inline"].values():
            for statement in document["Statement"]:
                actions, resources = (listed(statement[part]) for part in ("Action", "Resource"))
                assert not [action for action in actions if "*" in action], name
                assert "*" not in resources or set(actions) <= ON_EVERYTHING, name


def trust(dougust):
    """Services may take roles for this account only."""
    for name, role in dougust.account.of("iam/role").items():
        for statement in role["AssumeRolePolicyDocument"]["Statement"]:
            assert list(statement["Principal"]) == ["Service"], name
            assert statement["Condition"]["StringEquals"]["aws:SourceAccount"] == ACCOUNT, name


ROWS = [
    names, tags, tags_find_the_platform, policies_are_sound, policies_name_resources, trust,
]  # fmt: skip
