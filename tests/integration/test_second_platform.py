# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up platform, unlike Dougust in everything that can be set, is a few pages of inventory and nothing else.

It is there twice in one account, as production and as a preview of it, and both are converged at once.
"""

import itertools

from tests.integration.account import Account, tags_of, without_kept
from tests.integration.attribution import planned_resources, resources
from tests.integration.harness import environment_policy, inventory

REGION = "eu-west-1"
ZONES = ("a", "b", "c")
TIERS = ("public", "private", "database", "cache")
SERVICES = ("ecr-api", "ecr-dkr", "logs", "secretsmanager", "ssm", "sts")
PRODUCTION, PREVIEW = "acme-production", "acme-preview"
ACME = {
    "platform_name": "acme",
    "platform_region": REGION,
    "platform_extra_tags": {"CostCenter": "4711"},
    "networking_vpc_cidr": "10.42.0.0/16",
    "networking_availability_zone_count": 3,
    "networking_nat_gateways": "single",
    "networking_tiers": [
        {"name": "public", "internet": "gateway"},
        {"name": "private", "internet": "nat"},
        {"name": "database", "internet": "none"},
        {"name": "cache", "internet": "none"},
    ],
    "networking_interface_endpoints": True,
    "networking_flow_logs_retention_days": 90,
    "security_groups_groups": [
        {
            "name": "worker",
            "description": "Jobs among themselves",
            "ingress": [{"port": 8080, "group": "worker"}],
            "egress": [{"port": 443, "cidr": "0.0.0.0/0"}],
        },
        {"name": "cache", "description": "Workers to the cache", "ingress": [{"port": 6379, "group": "worker"}]},
    ],
    "registry_repositories": [
        {"name": "web", "repository_name": "{{ platform_prefix }}/web"},
        {"name": "worker", "keep_images": 3},
    ],
}


def test_a_second_platform_twice_by_data_only(sandbox, ansible, tmp_path, subtests):
    acme = inventory(
        tmp_path / "inventory",
        {PRODUCTION: ("production", "acme"), PREVIEW: ("production", "acme")},
        **{
            "group_vars/production": environment_policy("production", platform_regions=[REGION]),
            "group_vars/acme": ACME,
            "host_vars/acme-preview": {"platform_environment": "preview"},
        },
    )
    run, plan = ansible.plan(acme)
    assert not run.ok().mutating and plan["complete"]
    run = ansible.converge(acme).ok()
    account = Account(sandbox)
    assert run.recap.keys() == {PRODUCTION, PREVIEW}
    assert resources(run.mutating, account.snapshot) == planned_resources(plan)
    assert {call["region"] for call in run.mutating if call["service"] != "iam"} == {REGION}
    for row in (names, every_resource_has_its_tags, subnets, routes, interface_endpoints, security_groups):
        with subtests.test(row.__name__):
            row(account)
    ansible.converge(acme).unchanged()

    production = {kind: of(account, kind, PRODUCTION) for kind in account.snapshot}
    ansible.run("playbooks/teardown.yml", acme, "--limit", PREVIEW, extra={"teardown_confirm": PREVIEW}).ok()
    rest = Account(sandbox)
    assert {kind: of(rest, kind, PRODUCTION) for kind in account.snapshot} == production
    assert not any(of(rest, kind, PREVIEW) for kind in rest.snapshot if kind != "kms/pending-deletion")
    ansible.teardown(acme, f"{PRODUCTION},{PREVIEW}").ok()
    assert without_kept(sandbox.snapshot()) == {}


def of(account, kind, host):
    """The resources of one of the two platforms, by name without their prefix."""
    mine = {"Platform": "acme", "Environment": host.removeprefix("acme-")}
    return {
        name.replace(host, ""): item
        for name, item in account.every(kind)
        if mine.items() <= tags_of(item).items() or host in name
    }


def names(account):
    expected = {
        "ec2/vpc": {"-vpc"},
        "ec2/subnet": {f"-{tier}-{zone}" for tier, zone in itertools.product(TIERS, ZONES)},
        "ec2/route-table": {f"-{tier}-{zone}" for tier, zone in itertools.product(TIERS, ZONES)},
        "ec2/natgateway": {"-nat-a"},
        "ec2/elastic-ip": {"-nat-a"},
        "ec2/network-acl": {"-public", "-private", "-database"},
        "ec2/vpc-endpoint": {"-s3", *(f"-{service}" for service in SERVICES)},
        "ec2/security-group": {"default", "-worker", "-cache", "-endpoints"},
        "ecr/repository": {"/web", "-worker"},
        "logs/log-group": {"/aws/vpc/flow-logs/"},
        "iam/role": {"-flow-logs"},
        "kms/key": {"-data", "-logs"},
    }
    for host in (PRODUCTION, PREVIEW):
        assert {kind: set(of(account, kind, host)) for kind in expected} == expected


def every_resource_has_its_tags(account):
    for kind in account.snapshot.keys() - {"kms/alias", "ec2/network-interface"}:
        for name, item in account.every(kind):
            if name:
                assert {"Platform": "acme", "CostCenter": "4711"}.items() <= tags_of(item).items(), f"{kind} {name}"


def subnets(account):
    for host in (PRODUCTION, PREVIEW):
        found = of(account, "ec2/subnet", host)
        assert {name: subnet["AvailabilityZone"] for name, subnet in found.items()} == {
            f"-{tier}-{zone}": f"{REGION}{zone}" for tier, zone in itertools.product(TIERS, ZONES)
        }
        assert len({subnet["CidrBlock"] for subnet in found.values()}) == 12


def routes(account):
    for host in (PRODUCTION, PREVIEW):
        (nat,) = of(account, "ec2/natgateway", host).values()
        for name, table in of(account, "ec2/route-table", host).items():
            nats = [route["NatGatewayId"] for route in table["Routes"] if "NatGatewayId" in route]
            assert nats == ([nat["NatGatewayId"]] if name.startswith("-private") else []), name
            assert len(table["Associations"]) == 1


def interface_endpoints(account):
    for host in (PRODUCTION, PREVIEW):
        private = {item["SubnetId"] for name, item in of(account, "ec2/subnet", host).items() if "private" in name}
        guard = of(account, "ec2/security-group", host)["-endpoints"]
        assert [(rule["ToPort"], rule["CidrIpv4"]) for rule in guard["Rules"]] == [(443, "10.42.0.0/16")]
        endpoints = of(account, "ec2/vpc-endpoint", host)
        del endpoints["-s3"]
        for name, endpoint in endpoints.items():
            assert endpoint["VpcEndpointType"] == "Interface" and endpoint["PrivateDnsEnabled"], name
            assert set(endpoint["SubnetIds"]) == private, name
            assert [group["GroupId"] for group in endpoint["Groups"]] == [guard["GroupId"]], name


def security_groups(account):
    for host in (PRODUCTION, PREVIEW):
        found = of(account, "ec2/security-group", host)
        worker = found["-worker"]["GroupId"]
        (rule,) = found["-cache"]["Rules"]
        assert (rule["ToPort"], rule["ReferencedGroupInfo"]["GroupId"]) == (6379, worker)
        assert worker in [rule.get("ReferencedGroupInfo", {}).get("GroupId") for rule in found["-worker"]["Rules"]]
