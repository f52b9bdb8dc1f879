# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that cannot work: one message that says what, where, why and what to do, soon, and a next run that finishes."""

import re
import socket
import time

import pytest

from sandbox.client import ACCOUNT, Sandbox
from tests.integration.account import Account
from tests.integration.harness import REGION, SKELETON, Ansible, environment_policy, inventory

HOST = "dougust-development"
QUICK = 15
OTHER_ACCOUNT = "210987654321"


@pytest.fixture
def ansible(sandbox, tmp_path):
    """Runs what these tests are about, and not the whole platform."""
    return Ansible(sandbox, tmp_path, SKELETON)


def failing(ansible, *messages, inventory="development", seconds=QUICK, **options):
    """A run that fails with one message, which says all of this, in time."""
    begin = time.monotonic()
    run = ansible.converge(inventory, **options).refused(*messages)
    assert run.output.count("fatal:") == 1, run.report()
    assert time.monotonic() - begin < seconds, run.report()
    return run


def finishes(ansible):
    """What a failed run left is no obstacle to the next one."""
    ansible.converge("development").ok()
    ansible.converge("development").unchanged()


def closed_port():
    """A port of this machine where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


# Credentials and endpoints


def test_wrong_credentials(ansible, sandbox):
    sandbox.refuse_credentials()
    run = failing(ansible, HOST, "AWS credentials", REGION, "AWS does not know the access key", "AWS_ACCESS_KEY_ID")
    assert not run.mutating


def test_no_credentials(ansible):
    nobody = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    run = failing(ansible, HOST, "there are no credentials", "set AWS_PROFILE", environment=nobody)
    assert not run.calls


def test_expired_token(ansible, sandbox):
    expired = {"code": "ExpiredToken", "message": "The security token included in the request is expired"}
    sandbox.fault("error", service="sts", times=None, error=expired)
    assert not failing(ansible, HOST, "the credentials have expired", "sign in again").mutating


def test_token_that_expires_on_the_way(ansible, sandbox):
    expired = {"code": "RequestExpired", "message": "Request has expired."}
    sandbox.fault("error", operation="CreateInternetGateway", times=None, error=expired)
    failing(ansible, "Could not create an internet gateway", REGION, "renew the credentials and run again", seconds=30)
    sandbox.clear_faults()
    finishes(ansible)


def test_unreachable_endpoint(ansible):
    endpoint = f"http://127.0.0.1:{closed_port()}"
    environment = {"AWS_ENDPOINT_URL": endpoint}
    failing(ansible, HOST, endpoint, "it cannot be reached", "start it, or correct", environment=environment)


def test_wrong_account(tmp_path):
    with Sandbox.start(account=OTHER_ACCOUNT) as sandbox:
        run = failing(
            Ansible(sandbox, tmp_path, SKELETON), HOST, OTHER_ACCOUNT, ACCOUNT, REGION, "correct platform_account_ids"
        )
        assert run.calls and not run.mutating


@pytest.mark.parametrize(
    "region, messages",
    [("mars-north-1", ["is no AWS region"]), ("eu-central-1", ["is not among the regions", "add the region"])],
)
def test_wrong_region(ansible, region, messages):
    run = failing(ansible, HOST, "platform_region", region, *messages, extra={"platform_region": region})
    assert not run.calls


# AWS that refuses, or is busy


def test_access_denied_on_the_way(ansible, sandbox):
    """Nothing is started after it, and the next run finishes."""
    denied = {"code": "UnauthorizedOperation", "status": 403}
    denied["message"] = "User is not authorized to perform: ec2:CreateRouteTable on resource: route-table/*"
    sandbox.fault("error", operation="CreateRouteTable", times=None, error=denied)
    run = failing(ansible, "Could not create", "route table", "ec2:CreateRouteTable", REGION, "grant", seconds=30)
    assert run.mutating[-1]["operation"] == "CreateRouteTable"
    sandbox.clear_faults()
    finishes(ansible)


def test_throttling_that_persists(ansible, sandbox):
    # amazon.aws.aws_az_info comes first, and is patient for minutes in a way that nothing can shorten.
    sandbox.fault("error", service="ec2", operation="*Vpc*", times=None)
    patience = {"AWS_MAX_ATTEMPTS": "2"}
    failing(ansible, "Could not", "RequestLimitExceeded", "run again", environment=patience, seconds=30)
    sandbox.clear_faults()
    finishes(ansible)


def test_throttling_that_passes(ansible, sandbox):
    """Every kind of creating call is throttled once."""
    operations = ["CreateKey", "CreateVpc", "CreateSubnet", "AllocateAddress", "CreateNatGateway", "CreateRole"]
    faults = [sandbox.fault("error", operation=operation) for operation in operations]
    ansible.converge("development").ok()
    assert all(fault.hits for fault in faults)
    ansible.converge("development").unchanged()


# Careless users

SSH = {"port": 22, "cidr": "0.0.0.0/0", "description": "SSH"}
OVERLAPPING = [
    {"name": "public", "internet": "gateway", "cidrs": ["10.0.0.0/20", "10.0.8.0/21"]},
    {"name": "private", "internet": "nat"},
]
CARELESS = {
    "unquoted account": ({"platform_account_ids": [123456789012]}, ["platform_account_ids[0]", "quote"]),
    "no account": ({"platform_account_ids": []}, ["platform_account_ids", "it is empty", "12 digits"]),
    "misspelt": (
        {"networking_nat_gatway": "single"},
        ["networking_nat_gatway", "did you mean networking_nat_gateways"],
    ),
    "wrong type": ({"networking_availability_zone_count": "two"}, ["networking_availability_zone_count", "two"]),
    "not allowed": ({"registry_tag_mutability": "SOMETIMES"}, ["registry_tag_mutability", "SOMETIMES"]),
    "overlap": ({"networking_tiers": OVERLAPPING}, ["networking_tiers", "overlap"]),
    "open to the world": (
        {"security_groups_groups": [{"name": "ssh", "description": "SSH", "ingress": [SSH]}]},
        ["security_groups_groups[ssh].ingress[0]", "whole internet"],
    ),
    "twice": ({"registry_repositories": [{"name": "api"}, {"name": "api"}]}, ["registry_repositories", "api"]),
}


def careless(folder, **variables):
    """An inventory of production whose author was not careful."""
    files = {"group_vars/production": environment_policy("production"), f"host_vars/{HOST}": variables}
    return inventory(folder / "inventory", {HOST: ("production", "dougust")}, **files)


@pytest.mark.parametrize("case", CARELESS)
def test_preflight_refuses(ansible, tmp_path, case):
    variables, messages = CARELESS[case]
    run = failing(ansible, HOST, "1 problem", "Fix:", *messages, inventory=careless(tmp_path, **variables))
    assert not run.calls


def test_preflight_says_everything_at_once(ansible, tmp_path):
    """One case that is wrong in the same variable as another has to stand back."""
    cases = [CARELESS[case] for case in CARELESS if case not in ("no account", "wrong type")]
    variables = {name: value for case in cases for name, value in case[0].items()}
    expected = [text for case in cases for text in case[1]]
    run = failing(ansible, f"{len(cases)} problems", *expected, inventory=careless(tmp_path, **variables))
    assert not run.calls


def test_a_platform_that_fails_stops_no_other(ansible, sandbox, tmp_path):
    """One that preflight refuses, one that AWS refuses, and one that is fine, in one run."""
    hosts = {host: ("development", "dougust") for host in (HOST, "refused", "mistaken")}
    folder = inventory(
        tmp_path / "inventory",
        hosts,
        **{
            "group_vars/development": environment_policy("development"),
            "host_vars/refused": {"platform_name": "refused", "networking_nat_gatway": "single"},
            "host_vars/mistaken": {"platform_name": "mistaken", "networking_existing_vpc_id": "vpc-0123456789abcdef0"},
        },
    )
    run = ansible.converge(folder).refused("did you mean networking_nat_gateways", "vpc-0123456789abcdef0")
    assert len(re.findall(r"^fatal: ", run.output, re.MULTILINE)) == 2, run.report()
    assert {host: counts["failed"] for host, counts in run.recap.items()} == {HOST: 0, "refused": 1, "mistaken": 1}
    assert Account(sandbox, REGION).names("ec2/vpc") == [f"{HOST}-vpc"]
    ansible.converge(folder, "--limit", HOST).unchanged()
