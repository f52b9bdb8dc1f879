# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of the Dougust platform in each of its environments: plan, converge, again, teardown, and once more.

Each life is one test, because every step stands on the one before it; what a converge made is looked at row by row.
"""

import json

import pytest

from tests.integration.account import Account, tags_of, without_kept
from tests.integration.attribution import planned_resources, resources
from tests.integration.harness import REGION

TIERS = ("public", "private", "database")
ZONES = ("a", "b")
PLACES = [f"{tier}-{zone}" for tier in TIERS for zone in ZONES]
EVERYWHERE = "0.0.0.0/0"
RETENTION = {"development": 7, "staging": 30, "production": 365}
DELETION_WINDOW = {"development": 7, "staging": 7, "production": 30}
MUTABILITY = {"development": "MUTABLE", "staging": "MUTABLE", "production": "IMMUTABLE_WITH_EXCLUSION"}

each_environment = pytest.mark.parametrize("environment", ["production", "staging", "development"])


@each_environment
def test_life(environment, sandbox, ansible, subtests):
    host, protected = f"dougust-{environment}", environment == "production"
    empty = sandbox.snapshot()

    run, plan = ansible.plan(environment)
    assert not run.ok().mutating
    assert plan["complete"] and {change["platform"] for change in plan["changes"]} == {host}
    # AWS makes the default security group together with the VPC, so it is emptied and not created.
    assert {change["name"] for change in plan["changes"] if change["action"] != "create"} == {"default"}

    run = ansible.converge(environment).ok()
    account = Account(sandbox)
    assert resources(run.mutating, account.snapshot) == planned_resources(plan)
    assert all(call["outcome"] == "ok" for call in run.mutating)

    for row in ROWS:
        with subtests.test(row.__name__):
            row(account, host, environment)

    ansible.converge(environment).unchanged()
    run, plan = ansible.plan(environment, extra={"plan_fail_on_changes": True})
    assert "Nothing to change" in run.unchanged().text and plan["changes"] == []

    assert not ansible.teardown(environment).refused(f"teardown_confirm={host}").calls
    assert not ansible.teardown(environment, "dougust").refused("was not confirmed").calls
    if protected:
        assert not ansible.teardown(environment, host).refused("protected", "teardown_force=true").calls
    assert sandbox.snapshot() == account.snapshot

    for _time in ("the first time", "after another converge"):
        run = ansible.teardown(environment, host, force=protected).ok()
        assert without_kept(sandbox.snapshot()) == empty
        for key in sandbox.snapshot()["kms/pending-deletion"].values():
            assert key["KeyId"] in run.text and key["DeletionDate"][:10] in run.text
        if _time == "the first time":
            ansible.converge(environment).ok()
            again = Account(sandbox)
            assert {kind: again.names(kind) for kind in again.snapshot} == {
                kind: account.names(kind) for kind in account.snapshot
            }
            assert (
                again.snapshot["kms/key"].keys() == account.snapshot["kms/key"].keys()
            ), "the keys were not taken back"


def test_teardown_of_an_empty_account_changes_nothing(sandbox, ansible):
    ansible.teardown("development", "dougust-development").unchanged()
    assert sandbox.snapshot() == {}


def test_plan_refuses_to_run_without_check(ansible, tmp_path):
    path = tmp_path / "plan.json"
    run = ansible.run("playbooks/plan.yml", "development", "--diff", extra={"plan_file": str(path)})
    assert not run.refused("plan only predicts", "make plan").calls
    assert json.loads(path.read_text())["complete"] is False


def test_a_plan_that_fails_says_so(ansible):
    run, plan = ansible.plan("development", extra={"networking_existing_vpc_id": "vpc-0123456789abcdef0"})
    assert not run.refused("There is no VPC vpc-0123456789abcdef0").mutating
    assert not plan["complete"] and plan["failed"] == ["dougust-development"]


# Rows: what a converge of Dougust makes, as PLATFORMS.md lists it.


def names(account, host, _environment):
    def prefixed(*parts):
        return sorted(f"{host}-{part}" for part in parts)

    assert {kind: account.names(kind) for kind in account.snapshot if kind != "ec2/network-interface"} == {
        "ec2/vpc": prefixed("vpc"),
        "ec2/subnet": prefixed(*PLACES),
        "ec2/internet-gateway": prefixed("igw"),
        "ec2/natgateway": prefixed("nat-a", "nat-b"),
        "ec2/elastic-ip": prefixed("nat-a", "nat-b"),
        "ec2/route-table": prefixed(*PLACES),
        "ec2/network-acl": prefixed(*TIERS),
        "ec2/security-group": sorted(["default", *prefixed("alb", "app", "database")]),
        "ec2/vpc-endpoint": prefixed("s3"),
        "ec2/vpc-flow-log": prefixed("flow-log"),
        "logs/log-group": [f"/aws/vpc/flow-logs/{host}"],
        "iam/role": prefixed("flow-logs"),
        "kms/key": prefixed("data", "logs"),
        "kms/alias": [f"alias/{name}" for name in prefixed("data", "logs")],
        "ecr/repository": prefixed("api"),
    }


def tags(account, _host, environment):
    component = {"kms": "encryption", "ecr": "registry"}
    untaggable = {"kms/alias", "ec2/network-interface"}
    checked = 0
    for kind in account.snapshot.keys() - untaggable:
        for name, item in account.of(kind).items():
            wanted = {"Platform": "dougust", "Environment": environment, "ManagedBy": "groundwork.aws"}
            wanted["Component"] = component.get(kind.partition("/")[0], "networking")
            if kind == "ec2/security-group" and name != "default":
                wanted["Component"] = "security-groups"
            assert wanted.items() <= tags_of(item).items(), f"{kind} {name}"
            checked += 1
    assert checked == 32


def vpc(account, _host, _environment):
    found = account.one("ec2/vpc")
    assert found["CidrBlock"] == "10.0.0.0/16"
    assert set(account.snapshot["ec2/vpc"]) == {f"{REGION}/{found['VpcId']}"}


def subnets(account, host, _environment):
    found = {name.removeprefix(f"{host}-"): subnet for name, subnet in account.of("ec2/subnet").items()}
    assert {name: subnet["AvailabilityZone"] for name, subnet in found.items()} == {
        place: f"{REGION}{place[-1]}" for place in PLACES
    }
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in found.values())
    assert {subnet["VpcId"] for subnet in found.values()} == {account.one("ec2/vpc")["VpcId"]}


def gateways(account, host, _environment):
    vpc_id = account.one("ec2/vpc")["VpcId"]
    assert [item["VpcId"] for item in account.one("ec2/internet-gateway")["Attachments"]] == [vpc_id]
    for zone in ZONES:
        nat = account.one("ec2/natgateway", f"{host}-nat-{zone}")
        assert nat["State"] == "available"
        assert nat["SubnetId"] == account.one("ec2/subnet", f"{host}-public-{zone}")["SubnetId"]
        assert [address["AllocationId"] for address in nat["NatGatewayAddresses"]] == [
            account.one("ec2/elastic-ip", f"{host}-nat-{zone}")["AllocationId"]
        ]


def routes(account, host, _environment):
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


def endpoint(account, _host, _environment):
    found = account.one("ec2/vpc-endpoint")
    assert (found["VpcEndpointType"], found["ServiceName"]) == ("Gateway", f"com.amazonaws.{REGION}.s3")
    assert set(found["RouteTableIds"]) == {table["RouteTableId"] for table in account.of("ec2/route-table").values()}


def network_acls(account, host, _environment):
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


def security_groups(account, host, _environment):
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


def flow_logs(account, host, environment):
    group = account.one("logs/log-group")
    assert group["retentionInDays"] == RETENTION[environment]
    assert group["kmsKeyId"] == account.one("kms/key", f"{host}-logs")["Arn"]
    log, role = account.one("ec2/vpc-flow-log"), account.one("iam/role")
    assert (log["ResourceId"], log["TrafficType"]) == (account.one("ec2/vpc")["VpcId"], "ALL")
    assert (log["LogGroupName"], log["FlowLogStatus"]) == (group["logGroupName"], "ACTIVE")
    assert log["DeliverLogsPermissionArn"] == role["Arn"]


def role_of_flow_logs(account, _host, _environment):
    role = account.one("iam/role")
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert role["Attached"] == [] and list(role["Inline"]) == ["write-flow-logs"]
    statements = role["Inline"]["write-flow-logs"]["Statement"]
    assert all("*" not in action for statement in statements for action in statement["Action"])
    writing = [statement["Resource"] for statement in statements if "logs:PutLogEvents" in statement["Action"]]
    arn = account.one("logs/log-group")["arn"].removesuffix(":*")
    assert writing in ([f"{arn}:*"], [[f"{arn}:*"]])


def keys(account, host, _environment):
    for part in ("data", "logs"):
        key = account.one("kms/key", f"{host}-{part}")
        assert key["KeyState"] == "Enabled"
        assert key["Rotation"] == {"KeyRotationEnabled": True, "RotationPeriodInDays": 365}
        assert account.one("kms/alias", f"alias/{host}-{part}")["TargetKeyId"] == key["KeyId"]
        principals = [statement["Principal"] for statement in json.loads(key["Policy"])["Statement"]]
        iam = [{"AWS": "arn:aws:iam::123456789012:root"}]
        assert principals == iam + ([{"Service": f"logs.{REGION}.amazonaws.com"}] if part == "logs" else [])
    of_logs = json.loads(account.one("kms/key", f"{host}-logs")["Policy"])["Statement"][1]
    assert of_logs["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:123456789012:log-group:*"}
    }


def repository(account, host, environment):
    found = account.one("ecr/repository")
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    key = account.one("kms/key", f"{host}-data")["Arn"]
    assert found["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": key}
    untagged, newest = json.loads(found["lifecyclePolicy"])["rules"]
    assert (untagged["selection"]["tagStatus"], untagged["selection"]["countNumber"]) == ("untagged", 7)
    assert (newest["selection"]["countType"], newest["selection"]["countNumber"]) == ("imageCountMoreThan", 10)
    assert found["imageTagMutability"] == MUTABILITY[environment]
    excluded = [item["filter"] for item in found.get("imageTagMutabilityExclusionFilters", [])]
    assert excluded == (["latest"] if environment == "production" else [])


ROWS = [
    names, tags, vpc, subnets, gateways, routes, endpoint, network_acls, security_groups, flow_logs,
    role_of_flow_logs, keys, repository,
]  # fmt: skip
