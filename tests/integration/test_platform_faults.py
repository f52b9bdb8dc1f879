# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Production on an AWS that is busy, loses connections, refuses calls, or has a database that only a person can heal."""

import os
import signal

import pytest

from tests.integration.account import make_delegated_zone
from tests.integration.harness import REGION, TIMEOUT, environment_policy, inventory
from tests.integration.killing import await_hit

HOST = "dougust-production"
# As little of a network as will do.
NETWORK = {
    "networking_nat_gateways": "none",
    "networking_flow_logs": False,
    "networking_s3_endpoint": False,
    "networking_network_acls": [],
}
DATABASE = {"platform_capabilities": ["encryption", "networking", "security_groups", "database"], **NETWORK}


def test_a_busy_aws_with_a_bad_line(sandbox, ansible):
    """One run, unattended: a call in twenty is throttled, one in fifty loses its connection, what is new is not seen yet."""
    make_delegated_zone(sandbox)
    sandbox.hide_new(2)
    throttled = sandbox.fault("error", rate=0.05, seed=3, times=None)
    lost = [sandbox.fault(action, rate=0.01, seed=5, times=None) for action in ("drop_before", "drop_after")]
    ansible.converge("production").ok()
    assert throttled.hits >= 5 and sum(fault.hits for fault in lost) >= 1
    sandbox.clear_faults()
    sandbox.hide_new(0)
    ansible.converge("production").unchanged()


# AWS that refuses: service, operation, and how the message begins.

REFUSED_ALONE = {
    "secrets": ("secretsmanager", "CreateSecret", "create secret prod/secrets/jwt-secret"),
    "buckets": ("s3", "CreateBucket", "create S3 bucket buckets-production-exports"),
    "dns": ("route53", "CreateHostedZone", "create hosted zone dougust.com"),
    "monitoring": ("sns", "CreateTopic", "create SNS topic monitoring-production-alerts"),
}
# Each needs what the one before has made, so a run meets them one after the other.
REFUSED_IN_TURN = [
    ("rds", "CreateDBInstance", f"create DB instance {HOST}"),
    ("elbv2", "CreateLoadBalancer", f"create load balancer {HOST}"),
    ("acm", "RequestCertificate", f"request certificate {HOST}-load-balancer"),
    ("wafv2", "CreateWebACL", f"create web ACL {HOST}"),
    ("ecs", "CreateService", f"create ECS service {HOST}-api in cluster {HOST}"),
    ("application-autoscaling", "RegisterScalableTarget", f"register scalable target service/{HOST}/{HOST}-api"),
    ("scheduler", "CreateSchedule", f"create schedule weekly-export in group {HOST}"),
    ("logs", "PutMetricFilter", f"set metric filter {HOST}-application-errors"),
    ("cloudwatch", "PutMetricAlarm", f"set alarm {HOST}-api-unhealthy"),
]
SMALL = {
    "encryption_keys": [
        {"name": "data", "description": "Data"},
        {"name": "alerts", "description": "Alerts", "services": ["cloudwatch"]},
    ],
    "secrets_secrets": [{"name": "jwt-secret", "description": "Signs", "generate": {}}],
    "buckets_buckets": [{"name": "exports"}],
    "dns_zone": "dougust.com",
    "dns_create_zone": True,
}
FIX = "To fix: grant the caller this action"


def deny(sandbox, service, operation):
    """Let AWS refuse an operation."""
    message = f"User is not authorized to perform: {service}:{operation}"
    denied = {"code": "AccessDenied", "status": 403, "message": message}
    return sandbox.fault("error", service=service, operation=operation, times=None, error=denied)


def test_access_denied_to_platforms_side_by_side(sandbox, ansible, tmp_path):
    """Each says what was attempted, on what and what to do, in one run; none of them stops another."""
    files = {
        f"host_vars/{name}": {
            "platform_name": name,
            "platform_secret_prefix": f"prod/{name}",
            "platform_capabilities": ["encryption", name],
        }
        for name in REFUSED_ALONE
    }
    files["group_vars/production"] = environment_policy("production", **SMALL)
    folder = inventory(tmp_path / "inventory", {name: ("production",) for name in REFUSED_ALONE}, **files)
    for service, operation, _attempt in REFUSED_ALONE.values():
        deny(sandbox, service, operation)
    run = ansible.converge(folder)
    for service, operation, attempt in REFUSED_ALONE.values():
        run.refused(f"Could not {attempt}", f"{service}:{operation}", FIX)
    assert run.output.count("fatal:") == len(REFUSED_ALONE), run.report()
    sandbox.clear_faults()
    ansible.converge(folder).ok()


def test_access_denied_on_the_way(sandbox, ansible, subtests):
    make_delegated_zone(sandbox)
    for service, operation, attempt in REFUSED_IN_TURN:
        deny(sandbox, service, operation)
        run = ansible.converge("production", extra=NETWORK)
        with subtests.test(f"{service}.{operation}"):
            run.refused(f"Could not {attempt}", f"{service}:{operation}", REGION, FIX)
            assert run.output.count("fatal:") == 1, run.report()
            assert run.mutating[-1]["operation"] == operation
        sandbox.clear_faults()
    ansible.converge("production", extra=NETWORK).ok()


@pytest.mark.parametrize("status", ["storage-full", "incompatible-parameters"])
def test_a_database_that_only_a_person_can_heal(sandbox, ansible, status):
    """The run says so at once instead of waiting for an hour."""
    sandbox.delays(db_instance_create=600)
    created = sandbox.fault("hold_after", operation="CreateDBInstance")
    with ansible.start("site.yml", "production", extra=DATABASE) as process:
        try:
            await_hit(created)
            sandbox.database_status(HOST, status, region=REGION)
            created.release()
            output, _nothing = process.communicate(timeout=TIMEOUT)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    text = " ".join(output.split())
    assert process.returncode != 0 and output.count("fatal:") == 1, output[-6000:]
    assert f"DB instance {HOST} is {status}. To fix: see its events in the RDS console" in text, output[-6000:]
    sandbox.database_status(HOST, "available", region=REGION)
    ansible.converge("production", extra=DATABASE).ok()
