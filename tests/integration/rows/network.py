# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows: network, security groups, flow logs."""

from tests.integration.harness import REGION

from .dougust import ACCOUNT, EVERYWHERE, PLACES, TIERS, ZONES


def vpc(dougust):
    account = dougust.account
    found = account.one("ec2/vpc")
    assert found["CidrBlock"] == "10.0.0.0/16"
    assert set(account.snapshot["ec2/vpc"]) == {f"{REGION}/{found['VpcId']}"}


def subnets(dougust):
    account, host = dougust.account, dougust.host
    found = {name.removeprefix(f"{host}-"): subnet for name, subnet in account.of("ec2/subnet").items()}
    assert {name: subnet["AvailabilityZone"] for name, subnet in found.items()} == {
        place: f"{REGION}{place[-1]}" for place in PLACES
    }
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in found.values())
    assert {subnet["VpcId"] for subnet in found.values()} == {account.one("ec2/vpc")["VpcId"]}


def gateways(dougust):
    account, host = dougust.account, dougust.host
    vpc_id = account.one("ec2/vpc")["VpcId"]
    assert [item["VpcId"] for item in account.one("ec2/internet-gateway")["Attachments"]] == [vpc_id]
    for zone in ZONES:
        nat = account.one("ec2/natgateway", f"{host}-nat-{zone}")
        assert nat["State"] == "available"
        assert nat["SubnetId"] == account.one("ec2/subnet", f"{host}-public-{zone}")["SubnetId"]
        assert [address["AllocationId"] for address in nat["NatGatewayAddresses"]] == [
            account.one("ec2/elastic-ip", f"{host}-nat-{zone}")["AllocationId"]
        ]


def routes(dougust):
    account, host = dougust.account, dougust.host
    endpoint = account.one("ec2/vpc-endpoint")["VpcEndpointId"]
    for place in PLACES:
        tier, zone = place.split("-")
        table = account.one("ec2/route-table", f"{host}-{place}")
        subnet = account.one("ec2/subnet", f"{host}-{place}")["SubnetId"]
        assert [association.get("SubnetId") for association in table["Associations"]] == [subnet], place
        targets = {
            route.get("DestinationCidrBlock")
            or route["DestinationPrefixListId"]: route.get("NatGatewayId")
            or route["GatewayId"]
            for route in table["Routes"]
        }
        to_s3 = [destination for destination in targets if destination.startswith("pl-")]
        assert [targets.pop(destination) for destination in to_s3] in ([], [endpoint]), place
        way_out = {
            "public": {EVERYWHERE: account.one("ec2/internet-gateway")["InternetGatewayId"]},
            "private": {EVERYWHERE: account.one("ec2/natgateway", f"{host}-nat-{zone}")["NatGatewayId"]},
            "database": {},
        }
        assert targets == {"10.0.0.0/16": "local"} | way_out[tier], place


def endpoint(dougust):
    account = dougust.account
    found = account.one("ec2/vpc-endpoint")
    assert (found["VpcEndpointType"], found["ServiceName"]) == ("Gateway", f"com.amazonaws.{REGION}.s3")
    assert set(found["RouteTableIds"]) == {table["RouteTableId"] for table in account.of("ec2/route-table").values()}


def network_acls(dougust):
    account, host = dougust.account, dougust.host
    subnet_names = {subnet["SubnetId"]: name for name, subnet in account.of("ec2/subnet").items()}
    for tier in TIERS:
        acl = account.one("ec2/network-acl", f"{host}-{tier}")
        associated = sorted(subnet_names[association["SubnetId"]] for association in acl["Associations"])
        assert associated == [f"{host}-{tier}-a", f"{host}-{tier}-b"]
    entries = account.one("ec2/network-acl", f"{host}-database")["Entries"]
    assert [entry["CidrBlock"] for entry in entries if entry["RuleAction"] == "allow"] == ["10.0.0.0/16"] * 2
    public = account.one("ec2/network-acl", f"{host}-public")["Entries"]
    ports = [
        entry["PortRange"]["From"]
        for entry in sorted(public, key=lambda entry: entry["RuleNumber"])
        if not entry["Egress"] and "PortRange" in entry
    ]
    assert ports == [80, 443, 1024, 1024]


def security_groups(dougust):
    account, host = dougust.account, dougust.host
    groups = {
        group["GroupId"]: name.removeprefix(f"{host}-") for name, group in account.of("ec2/security-group").items()
    }

    def rules(name):
        return sorted(
            (
                "out" if rule["IsEgress"] else "in",
                rule["IpProtocol"],
                rule.get("ToPort", -1),
                rule.get("CidrIpv4") or groups[rule["ReferencedGroupInfo"]["GroupId"]],
            )
            for rule in account.one("ec2/security-group", name)["Rules"]
        )

    assert rules("default") == []
    assert rules(f"{host}-alb") == [
        ("in", "tcp", 80, EVERYWHERE),
        ("in", "tcp", 443, EVERYWHERE),
        ("out", "tcp", 3000, "app"),
    ]
    assert rules(f"{host}-app") == [("in", "tcp", 3000, "alb"), ("out", "-1", -1, EVERYWHERE)]
    assert rules(f"{host}-database") == [("in", "tcp", 5432, "app")]


def flow_logs(dougust):
    account, host = dougust.account, dougust.host
    group = account.one("logs/log-group", f"/aws/vpc/flow-logs/{host}")
    assert group["retentionInDays"] == dougust.expected.retention
    assert group["kmsKeyId"] == dougust.key("logs")
    log, role = account.one("ec2/vpc-flow-log"), dougust.one("iam/role", "flow-logs")
    assert (log["ResourceId"], log["TrafficType"]) == (account.one("ec2/vpc")["VpcId"], "ALL")
    assert (log["LogGroupName"], log["FlowLogStatus"]) == (group["logGroupName"], "ACTIVE")
    assert log["DeliverLogsPermissionArn"] == role["Arn"]


def role_of_flow_logs(dougust):
    account = dougust.account
    role = dougust.one("iam/role", "flow-logs")
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert role["Attached"] == [] and list(role["Inline"]) == ["write-flow-logs"]
    statements = role["Inline"]["write-flow-logs"]["Statement"]
    assert all("*" not in action for statement in statements for action in statement["Action"])
    writing = [statement["Resource"] for statement in statements if "logs:PutLogEvents" in statement["Action"]]
    arn = account.one("logs/log-group", f"/aws/vpc/flow-logs/{dougust.host}")["arn"].removesuffix(":*")
    assert writing in ([f"{arn}:*"], [[f"{arn}:*"]])


ROWS = [
    vpc, subnets, gateways, routes, endpoint, network_acls, security_groups, flow_logs, role_of_flow_logs,
]  # fmt: skip
