# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes AWS minutes starts together, is waited for late, and holds up nobody else. Orders of calls, no clocks."""

import pytest

from tests.integration.account import Account, make_delegated_zone
from tests.integration.harness import environment_policy, inventory
from tests.integration.killing import await_hit

# The calls by which what takes minutes is started and asked for.
CALLS = {
    "NAT gateway": ("CreateNatGateway", "DescribeNatGateways"),
    "database": ("CreateDBInstance", "DescribeDBInstances"),
    "load balancer": ("CreateLoadBalancer", "DescribeLoadBalancers"),
    "certificate": ("RequestCertificate", "DescribeCertificate"),
    "service": ("CreateService", "DescribeServices"),
}
# Nothing of it is there at once; how long it takes does not matter to the order of the calls.
DELAYS = ("nat_gateway_create", "db_instance_create", "load_balancer_create", "ecs_service_stable")
CERTIFICATE_SECONDS = 5  # longer than the module run that requests it
SLOW = {
    "platform_capabilities": "encryption networking security_groups registry secrets database dns certificates "
    "load_balancer ecs".split(),
    "dougust_domain": "api.dougust.com",
    "dns_zone": "dougust.com",
    "networking_nat_gateways": "single",
    "networking_flow_logs": False,
    "networking_s3_endpoint": False,
    "networking_network_acls": [],
}
# Nothing to wait for, and its only capability of its own comes after what the slow one waits for.
QUICK = {
    "platform_name": "quick",
    "platform_capabilities": ["encryption", "monitoring"],
    "encryption_keys": [{"name": "alerts", "description": "Alerts", "services": ["cloudwatch"]}],
}


@pytest.fixture
def calls(sandbox, ansible, tmp_path):
    """The operations of a first converge in their order; the slow platform is held until the quick one is done."""
    make_delegated_zone(sandbox)
    sandbox.delays(**dict.fromkeys(DELAYS, 1), certificate_issue=CERTIFICATE_SECONDS)
    hosts = {"dougust-production": ("production", "dougust"), "quick-production": ("production", "quick")}
    files = {"group_vars/production": environment_policy("production"), "group_vars/quick": QUICK}
    folder = inventory(tmp_path / "inventory", hosts, **files, **{"host_vars/dougust-production": SLOW})
    held = sandbox.fault("hold_after", operation="DescribeDBInstances")
    done = sandbox.fault("delay", operation="PutDashboard")

    def let_the_slow_one_go_on():
        await_hit(done)
        held.release()

    run = ansible.converge(folder, meanwhile=let_the_slow_one_go_on).ok()
    assert held.hits == done.hits == 1
    return [call["operation"] for call in run.calls]


def test_all_starts_before_anything_is_waited_for_and_a_slow_platform_holds_up_no_other(sandbox, calls):
    started = {what: calls.index(start) for what, (start, _ask) in CALLS.items()}
    asked = {what: calls.index(ask, started[what]) for what, (_start, ask) in CALLS.items()}
    # A service needs the others but the database: it starts when those have been waited for, the database comes last.
    needed = [asked.pop(what) for what in ("NAT gateway", "load balancer", "certificate")]
    service = started.pop("service")
    assert max(started.values()) < min(needed) and max(needed) < service < min(asked.values()), calls
    assert calls.index("PutDashboard") < started["database"], "the quick platform waited for the slow one"
    ports = {listener["Port"] for listener in Account(sandbox).of("elbv2/listener").values()}
    assert ports == {80, 443}, "the certificate was not waited for"
