# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the waiter table, each against the answers that AWS gives."""

from __future__ import annotations

import time

import boto3
import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import errors, waiters
from botocore.exceptions import ClientError

SERVICES = {
    "certificate_issued": "acm",
    "certificate_records": "acm",
    "certificate_unused": "acm",
    "clusters_active": "ecs",
    "clusters_inactive": "ecs",
    "services_inactive": "ecs",
    "db_instance_available": "rds",
    "db_instance_deleted": "rds",
    "db_instance_modified": "rds",
    "db_snapshot_available": "rds",
    "db_snapshot_deleted": "rds",
    "key_enabled": "kms",
    "load_balancer_active": "elbv2",
    "log_stream_written": "logs",
    "records_in_sync": "route53",
    "schedule_group_deleted": "scheduler",
    "services_stable": "ecs",
    "tasks_stopped": "ecs",
}


class Answers:
    """Stands in for a client: gives one answer after the other, the last one for ever."""

    def __init__(self, monkeypatch, name, *answers):
        self.client = boto3.client(
            SERVICES.get(name, "ec2"),
            "us-east-1",
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="x" * 40,
        )
        self.answers = list(answers)
        self.calls = 0
        monkeypatch.setattr(self.client, "_make_api_call", self.answer)

    def answer(self, operation, params):
        self.calls += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, str):
            raise ClientError({"Error": {"Code": answer, "Message": "so"}}, operation)
        return answer


@pytest.fixture
def wait(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)

    def run(name, *answers, timeout=60):
        stand_in = Answers(monkeypatch, name, *answers)
        waiters.wait(stand_in.client, name, "it ready", timeout)
        return stand_in.calls

    return run


def states(key, *values):
    return {key: [{"State": value} for value in values]}


def ecs_service(state, running=1, status="ACTIVE"):
    counts = {"desiredCount": 1, "runningCount": running, "status": status}
    return {"services": [{**counts, "deployments": [{"status": "PRIMARY", "rolloutState": state}]}]}


def ecs_cluster(status):
    return {"clusters": [{"status": status}]}


def db_instance(status, **pending):
    return {"DBInstances": [{"DBInstanceStatus": status, "PendingModifiedValues": pending}]}


def db_snapshot(status):
    return {"DBSnapshots": [{"Status": status}]}


def certificate(status, *validations, **fields):
    return {"Certificate": {"Status": status, "DomainValidationOptions": list(validations), **fields}}


def load_balancers(*codes):
    return {"LoadBalancers": [{"State": {"Code": code}} for code in codes]}


RECORD = {"DomainName": "dougust.com", "ResourceRecord": {"Name": "_a.dougust.com.", "Type": "CNAME", "Value": "b."}}
NO_RECORD = {"DomainName": "www.dougust.com"}
WAITING = "PENDING_VALIDATION"
NAT, ENDPOINT = "NatGateways", "VpcEndpoints"
# Row, answers, and how many of them are needed; 0: the wait fails at once.
CASES = [
    ("nat_gateway_available", [states(NAT, "pending", "available"), states(NAT, "available", "available")], 2),
    ("nat_gateway_available", ["NatGatewayNotFound", states(NAT, "available")], 2),
    ("nat_gateway_available", [states(NAT, "pending", "failed")], 0),
    ("nat_gateway_deleted", [states(NAT, "deleting", "deleted"), states(NAT, "deleted", "deleted")], 2),
    ("nat_gateway_deleted", ["NatGatewayNotFound"], 1),
    ("vpc_available", ["InvalidVpcID.NotFound", states("Vpcs", "pending"), states("Vpcs", "available")], 3),
    ("subnet_available", ["InvalidSubnetID.NotFound", states("Subnets", "available")], 2),
    ("vpc_endpoint_available", [states(ENDPOINT, "pending", "available"), states(ENDPOINT, "available")], 2),
    ("vpc_endpoint_available", [states(ENDPOINT, "Pending"), states(ENDPOINT, "Available", "Available")], 2),
    ("vpc_endpoint_available", [states(ENDPOINT, "rejected")], 0),
    ("vpc_endpoint_available", [states(ENDPOINT, "Failed")], 0),
    ("vpc_endpoint_deleted", [states(ENDPOINT, "deleting", "deleted"), states(ENDPOINT, "deleted")], 2),
    ("vpc_endpoint_deleted", [states(ENDPOINT, "Deleting"), states(ENDPOINT, "Deleted")], 2),
    ("vpc_endpoint_deleted", [states(ENDPOINT)], 1),
    ("vpc_endpoint_deleted", ["InvalidVpcEndpointId.NotFound"], 1),
    ("clusters_active", [{"clusters": []}, ecs_cluster("PROVISIONING"), ecs_cluster("ACTIVE")], 3),
    ("clusters_active", [ecs_cluster("FAILED")], 0),
    ("clusters_inactive", [ecs_cluster("DEPROVISIONING"), ecs_cluster("INACTIVE")], 2),
    ("clusters_inactive", [{"clusters": []}], 1),
    ("services_inactive", [ecs_service("COMPLETED", 0, "DRAINING"), ecs_service("COMPLETED", 0, "INACTIVE")], 2),
    ("services_inactive", [{"services": []}], 1),
    ("services_inactive", ["ClusterNotFoundException"], 1),
    ("services_stable", [ecs_service("IN_PROGRESS"), ecs_service("COMPLETED", 0), ecs_service("COMPLETED")], 3),
    ("services_stable", [{"services": [], "failures": [{"reason": "MISSING"}]}, ecs_service("COMPLETED")], 2),
    ("services_stable", [ecs_service("FAILED")], 0),
    ("services_stable", [ecs_service("COMPLETED", 0, "DRAINING")], 0),
    ("services_stable", [ecs_service("COMPLETED", 0, "INACTIVE")], 0),
    (
        "tasks_stopped",
        [{"tasks": []}, {"tasks": [{"lastStatus": "RUNNING"}]}, {"tasks": [{"lastStatus": "STOPPED"}]}],
        3,
    ),
    ("log_stream_written", [{"logStreams": []}, {"logStreams": [{"logStreamName": "api/api/1"}]}], 2),
    ("log_stream_written", ["ResourceNotFoundException"], 0),
    ("db_instance_available", ["DBInstanceNotFound", db_instance("creating"), db_instance("available", Port=1)], 3),
    ("db_instance_available", [db_instance("storage-optimization")], 1),
    ("db_instance_available", [db_instance("incompatible-network")], 0),
    (
        "db_instance_modified",
        [db_instance("modifying"), db_instance("available", MultiAZ=False), db_instance("available")],
        3,
    ),
    ("db_instance_modified", [db_instance("available", MasterUserPassword="****"), db_instance("available")], 2),
    ("db_instance_modified", [db_instance("available", CACertificateIdentifier="waits for a reboot")], 1),
    ("db_instance_modified", [db_instance("storage-full")], 0),
    ("db_instance_deleted", [db_instance("deleting"), "DBInstanceNotFound"], 2),
    ("db_snapshot_available", ["DBSnapshotNotFound", db_snapshot("creating"), db_snapshot("available")], 3),
    ("db_snapshot_available", [db_snapshot("failed")], 0),
    ("db_snapshot_deleted", [db_snapshot("deleting"), "DBSnapshotNotFound"], 2),
    (
        "certificate_records",
        [
            "ResourceNotFoundException",
            {"Certificate": {"Status": WAITING}},
            certificate(WAITING),
            certificate(WAITING, RECORD, NO_RECORD),
            certificate(WAITING, RECORD, RECORD),
        ],
        5,
    ),
    ("certificate_records", [certificate("FAILED", RECORD)], 0),
    ("certificate_issued", ["ResourceNotFoundException", certificate(WAITING), certificate("ISSUED")], 3),
    ("certificate_issued", [certificate("FAILED")], 0),
    ("certificate_issued", [certificate("VALIDATION_TIMED_OUT")], 0),
    ("certificate_unused", [certificate("ISSUED", InUseBy=["arn"]), certificate("ISSUED", InUseBy=[])], 2),
    ("certificate_unused", [certificate("ISSUED")], 1),
    ("certificate_unused", ["ResourceNotFoundException"], 1),
    ("records_in_sync", [{"ChangeInfo": {"Status": state}} for state in ("PENDING", "INSYNC")], 2),
    (
        "load_balancer_active",
        ["LoadBalancerNotFound", load_balancers("active", "provisioning"), load_balancers("active", "active_impaired")],
        3,
    ),
    ("load_balancer_active", [load_balancers("active", "failed")], 0),
    ("network_interfaces_gone", [{"NetworkInterfaces": [{"Status": "in-use"}]}, {"NetworkInterfaces": []}], 2),
    ("schedule_group_deleted", [{"State": "DELETING"}, "ResourceNotFoundException"], 2),
    ("key_enabled", ["NotFoundException", {"KeyMetadata": {"KeyState": "Enabled"}}], 2),
]


@pytest.mark.parametrize("name, answers, needed", CASES)
def test_row(wait, name, answers, needed):
    if needed:
        assert wait(name, *answers) == needed
    else:
        with pytest.raises(errors.AwsCallError, match="Could not see it ready within 60 seconds: WaiterError"):
            wait(name, *answers)


def test_every_row_has_a_case():
    assert {name for name, answers, needed in CASES} == set(waiters.WAITERS)


@pytest.fixture
def in_vain(monkeypatch):
    """Waits for what never comes; the pauses, and how often AWS was asked."""

    def run(name, answer, timeout):
        slept = []
        monkeypatch.setattr(time, "sleep", slept.append)
        stand_in = Answers(monkeypatch, name, answer)
        with pytest.raises(errors.AwsCallError, match=f"within {timeout} seconds.*To fix: run again"):
            waiters.wait(stand_in.client, name, "it ready", timeout)
        return slept, stand_in.calls

    return run


@pytest.mark.parametrize("timeout", [1, 30, 600])
def test_waiting_ends_with_the_timeout(in_vain, timeout):
    slept, _calls = in_vain("nat_gateway_available", states(NAT, "pending"), timeout)
    assert sum(slept) == pytest.approx(timeout)


def test_what_takes_long_is_asked_for_less_often(in_vain):
    slept, calls = in_vain("db_instance_available", db_instance("creating"), 600)
    assert slept[0] == 2 and max(slept) == 10 and slept[:-1] == sorted(slept[:-1])
    assert all(pause <= max(2, sum(slept[:number]) / 10 + 0.001) for number, pause in enumerate(slept))
    assert calls == len(slept) + 1 <= 80


def test_what_takes_a_second_is_asked_for_every_second(in_vain):
    assert set(in_vain("vpc_available", states("Vpcs", "pending"), 10)[0]) == {1}


def test_an_error_that_no_row_knows_ends_the_wait(wait):
    with pytest.raises(errors.AwsCallError, match="AccessDenied"):
        wait("nat_gateway_available", "AccessDenied", states(NAT, "available"))


def test_throttled_questions_are_asked_again(wait):
    assert wait("nat_gateway_available", "Throttling", states(NAT, "available")) == 2
