# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiters as tables: what to ask, and which answers mean done, failed or ask again."""

from __future__ import annotations

import time
from typing import Any, Iterator

try:
    from botocore.exceptions import WaiterError
except ImportError:
    pass  # AnsibleAWSModule reports that boto3 is missing.

from ansible_collections.amazon.aws.plugins.module_utils.waiter import BaseWaiterFactory

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call


def _all(path: str, expected: str) -> dict:
    return {"state": "success", "matcher": "pathAll", "argument": path, "expected": expected}


def _any(state: str, path: str, expected: str) -> dict:
    return {"state": state, "matcher": "pathAny", "argument": path, "expected": expected}


def _none_left(path: str) -> dict:
    return {"state": "success", "matcher": "path", "argument": f"length({path}) == `0`", "expected": True}


def _error(state: str, code: str) -> dict:
    return {"state": state, "matcher": "error", "expected": code}


# Seconds between two questions: at first, and the share of what was waited already. So nothing that ends soon is seen
# late, nothing that takes long is seen later than a tenth of its time, and ten minutes cost about 80 calls.
FIRST_PAUSE = 2
GROWTH = 0.1


def _waiter(operation: str, *acceptors: dict, delay: int = 10) -> dict:
    """A row; C(delay) is the longest pause. One attempt each, because wait() pauses itself."""
    return {"operation": operation, "delay": delay, "maxAttempts": 1, "acceptors": list(acceptors)}


# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html: what only a person can end.
DB_BROKEN = (
    "failed",
    "inaccessible-encryption-credentials",
    "inaccessible-encryption-credentials-recoverable",
    "incompatible-credentials",
    "incompatible-network",
    "incompatible-option-group",
    "incompatible-parameters",
    "incompatible-restore",
    "insufficient-capacity",
    "restore-error",
    "stopped",
    "storage-full",
)
_DB_STATUS = "DBInstances[].DBInstanceStatus"
_DB_BUSY = "DBInstanceStatus!='available' && DBInstanceStatus!='storage-optimization'"
# What an immediate modification leaves pending for a while; the rest may wait for a reboot.
_DB_PENDING = ("AllocatedStorage", "BackupRetentionPeriod", "DBInstanceClass", "EngineVersion", "Iops", "MultiAZ") + (
    "MasterUserPassword",
    "Port",
    "StorageThroughput",
    "StorageType",
)
_DB_CHANGING = f"not_null({', '.join(f'PendingModifiedValues.{field}' for field in _DB_PENDING)}) != `null`"

WAITERS = {
    "db_instance_available": _waiter(
        "DescribeDBInstances",
        *[_any("failure", _DB_STATUS, state) for state in DB_BROKEN],
        _none_left(f"DBInstances[?{_DB_BUSY}]"),
        _error("retry", "DBInstanceNotFound"),
    ),
    "db_instance_deleted": _waiter(
        "DescribeDBInstances", _none_left("DBInstances"), _error("success", "DBInstanceNotFound")
    ),
    "db_instance_modified": _waiter(
        "DescribeDBInstances",
        *[_any("failure", _DB_STATUS, state) for state in DB_BROKEN],
        _none_left(f"DBInstances[?{_DB_BUSY} || {_DB_CHANGING}]"),
    ),
    "db_snapshot_available": _waiter(
        "DescribeDBSnapshots",
        _all("DBSnapshots[].Status", "available"),
        _any("failure", "DBSnapshots[].Status", "failed"),
        _error("retry", "DBSnapshotNotFound"),
    ),
    "db_snapshot_deleted": _waiter(
        "DescribeDBSnapshots", _none_left("DBSnapshots"), _error("success", "DBSnapshotNotFound")
    ),
    # https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html: pending, failed, available, deleting, deleted
    "nat_gateway_available": _waiter(
        "DescribeNatGateways",
        _all("NatGateways[].State", "available"),
        _any("failure", "NatGateways[].State", "failed"),
        _error("retry", "NatGatewayNotFound"),
    ),
    "nat_gateway_deleted": _waiter(
        "DescribeNatGateways", _all("NatGateways[].State", "deleted"), _error("success", "NatGatewayNotFound")
    ),
    "vpc_available": _waiter(
        "DescribeVpcs", _all("Vpcs[].State", "available"), _error("retry", "InvalidVpcID.NotFound"), delay=1
    ),
    "subnet_available": _waiter(
        "DescribeSubnets", _all("Subnets[].State", "available"), _error("retry", "InvalidSubnetID.NotFound"), delay=1
    ),
    # https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    "vpc_endpoint_available": _waiter(
        "DescribeVpcEndpoints",
        # botocore's model names the states in capitals, AWS answers in small letters.
        _all("VpcEndpoints[].State", "available"),
        _all("VpcEndpoints[].State", "Available"),
        _any("failure", "VpcEndpoints[].State", "failed"),
        _any("failure", "VpcEndpoints[].State", "Failed"),
        _any("failure", "VpcEndpoints[].State", "rejected"),
        _any("failure", "VpcEndpoints[].State", "Rejected"),
        _error("retry", "InvalidVpcEndpointId.NotFound"),
    ),
    "vpc_endpoint_deleted": _waiter(
        "DescribeVpcEndpoints",
        _none_left("VpcEndpoints[?State!='deleted' && State!='Deleted']"),
        _error("success", "InvalidVpcEndpointId.NotFound"),
    ),
    "schedule_group_deleted": _waiter("GetScheduleGroup", _error("success", "ResourceNotFoundException")),
    "key_enabled": _waiter(
        "DescribeKey", _all("KeyMetadata.[KeyState]", "Enabled"), _error("retry", "NotFoundException"), delay=1
    ),
    # https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html: the records come some seconds later
    "certificate_records": _waiter(
        "DescribeCertificate",
        _any("failure", "Certificate.[Status]", "FAILED"),
        {
            "state": "success",
            "matcher": "path",
            "argument": "length(not_null(Certificate.DomainValidationOptions, `[]`)) > `0` && "
            "length(Certificate.DomainValidationOptions[?!ResourceRecord]) == `0`",
            "expected": True,
        },
        _error("retry", "ResourceNotFoundException"),
        delay=2,
    ),
    "certificate_issued": _waiter(
        "DescribeCertificate",
        _all("Certificate.[Status]", "ISSUED"),
        _any("failure", "Certificate.[Status]", "FAILED"),
        _any("failure", "Certificate.[Status]", "VALIDATION_TIMED_OUT"),
        _error("retry", "ResourceNotFoundException"),
    ),
    "certificate_unused": _waiter(
        "DescribeCertificate",
        _none_left("not_null(Certificate.InUseBy, `[]`)"),
        _error("success", "ResourceNotFoundException"),
    ),
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html: PENDING, INSYNC
    "records_in_sync": _waiter("GetChange", _all("ChangeInfo.[Status]", "INSYNC")),
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html
    "load_balancer_active": _waiter(
        "DescribeLoadBalancers",
        _any("failure", "LoadBalancers[].State.Code", "failed"),
        _none_left("LoadBalancers[?State.Code!='active' && State.Code!='active_impaired']"),
        _error("retry", "LoadBalancerNotFound"),
    ),
    "network_interfaces_gone": _waiter("DescribeNetworkInterfaces", _none_left("NetworkInterfaces")),
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html: PROVISIONING, ACTIVE, FAILED,
    # DEPROVISIONING, INACTIVE. Clusters and services are remembered for a while after their end, then unknown.
    "clusters_active": _waiter(
        "DescribeClusters", _any("failure", "clusters[].status", "FAILED"), _all("clusters[].status", "ACTIVE")
    ),
    "clusters_inactive": _waiter("DescribeClusters", _none_left("clusters[?status!='INACTIVE']")),
    "services_inactive": _waiter(
        "DescribeServices",
        _none_left("services[?status!='INACTIVE']"),
        _error("success", "ClusterNotFoundException"),
    ),
    # rolloutState: IN_PROGRESS, COMPLETED, FAILED. A service that was created a moment ago may be in failures.
    "services_stable": _waiter(
        "DescribeServices",
        _any("failure", "services[].status", "DRAINING"),
        _any("failure", "services[].status", "INACTIVE"),
        _any("failure", "services[].deployments[?status=='PRIMARY'][].rolloutState", "FAILED"),
        _none_left(
            "[not_null(failures, `[]`), services[?runningCount != desiredCount"
            " || !(deployments[?status=='PRIMARY' && rolloutState=='COMPLETED'])]][]"
        ),
    ),
    # What a container wrote last may reach CloudWatch Logs some seconds after its task stopped.
    "log_stream_written": _waiter(
        "DescribeLogStreams",
        _all("[type(logStreams[0])]", "object"),
        _error("failure", "ResourceNotFoundException"),
        delay=2,
    ),
    # PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING, STOPPED
    "tasks_stopped": _waiter("DescribeTasks", _all("tasks[].lastStatus", "STOPPED")),
}


class _Factory(BaseWaiterFactory):
    @property
    def _waiter_model_data(self) -> dict:
        return WAITERS


@aws_call("see {what} within {timeout} seconds")
def wait(client: Any, name: str, what: str, timeout: int, **params: Any) -> None:
    """Wait for the state that a row of C(WAITERS) describes.

    :param what: what is waited for, as the error message names it.
    :param timeout: seconds.
    """
    waiter = _Factory().get_waiter(client, name)
    pauses = _pauses(WAITERS[name]["delay"], timeout)
    while True:
        try:
            waiter.wait(**params)
            return
        except WaiterError as error:
            pause = next(pauses, None)
            if pause is None or _is_final(waiter, error.last_response):
                raise
        time.sleep(pause)


def _pauses(longest: float, timeout: float) -> Iterator[float]:
    waited = 0.0
    while waited < timeout:
        pause = min(longest, max(FIRST_PAUSE, waited * GROWTH), timeout - waited)
        yield pause
        waited += pause


def _is_final(waiter: Any, response: dict) -> bool:
    """Whether asking again is of no use: the answer means failure, or is an error that no acceptor knows."""
    matched = [acceptor.state for acceptor in waiter.config.acceptors if acceptor.matcher_func(response)]
    return matched[0] == "failure" if matched else "Error" in response
