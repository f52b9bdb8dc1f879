# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that go wrong on purpose."""

import contextlib
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

THROTTLED = [
    ("ec2", "describe_vpcs", "RequestLimitExceeded", 503),
    ("sts", "get_caller_identity", "Throttling", 400),
    ("kms", "list_keys", "ThrottlingException", 400),
    ("lambda", "list_functions", "TooManyRequestsException", 429),
    ("cloudfront", "list_distributions", "Throttling", 400),
    ("s3", "list_buckets", "SlowDown", 503),
]


@pytest.mark.parametrize("service, method, code, status", THROTTLED)
def test_throttling_in_the_shape_of_each_protocol(sandbox, service, method, code, status):
    sandbox.fault("error", service=service)
    call = getattr(sandbox.client(service), method)
    with pytest.raises(ClientError) as error:
        call()
    response = error.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)
    assert response["Error"]["Message"]
    call()
    assert [(entry["outcome"], entry["fault"]) for entry in sandbox.calls()] == [(code, "error"), ("ok", None)]


def test_any_error(sandbox, ec2):
    sandbox.fault("error", error={"code": "Nope", "message": "No.", "status": 418}, times=None)
    for _ in range(3):
        with pytest.raises(ClientError, match="No.") as error:
            ec2.create_internet_gateway()
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 418
    sandbox.clear_faults()
    assert len(ec2.describe_internet_gateways()["InternetGateways"]) == 0


def test_retries_get_past_it(sandbox):
    fault = sandbox.fault("error", operation="CreateVpc", times=2)
    client = sandbox.client("ec2", retries={"total_max_attempts": 3, "mode": "standard"})
    client.create_vpc(CidrBlock="10.0.0.0/16")
    assert fault.hits == 2 and len(sandbox.calls()) == 3


def test_a_share_of_the_calls(sandbox, ec2):
    """A fifth of them, and with the same seed the same ones."""
    struck = []
    for _ in range(2):
        sandbox.forget_calls()
        fault = sandbox.fault("error", rate=0.2, seed=7, times=None, error={"code": "Nope", "status": 400})
        for _ in range(100):
            with contextlib.suppress(ClientError):
                ec2.describe_vpcs()
        struck.append(fault.wait()["calls"])
        sandbox.clear_faults()
    assert struck[0] == struck[1] and 10 <= len(struck[0]) <= 30


def test_the_nth_mutating_call(sandbox, ec2):
    fault = sandbox.fault("error", mutating_n=2, error={"code": "Nope"})
    ec2.create_internet_gateway()
    ec2.describe_vpcs()
    with pytest.raises(ClientError, match="Nope"):
        ec2.create_internet_gateway()
    ec2.create_internet_gateway()
    assert fault.wait()["calls"] == [3]


def test_the_nth_matching_call(sandbox, ec2):
    sandbox.fault("error", operation="Create*", n=2, error={"code": "Nope"})
    ec2.describe_vpcs()
    ec2.create_internet_gateway()
    ec2.describe_vpcs()
    with pytest.raises(ClientError, match="Nope"):
        ec2.create_vpc(CidrBlock="10.0.0.0/16")


@pytest.mark.parametrize("action, executed", [("drop_before", 0), ("drop_after", 1)])
def test_drops(sandbox, ec2, action, executed):
    sandbox.fault(action, operation="CreateInternetGateway")
    with pytest.raises(ConnectionClosedError):
        ec2.create_internet_gateway()
    assert len(ec2.describe_internet_gateways()["InternetGateways"]) == executed
    call = sandbox.calls()[0]
    assert (call["fault"], call["outcome"]) == (action, "ok" if executed else "dropped")
    assert bool(call["created"]) is bool(executed)


def test_hold_until_released(sandbox, ec2):
    fault = sandbox.fault("hold_after", operation="CreateInternetGateway")
    answers = []
    thread = threading.Thread(target=lambda: answers.append(ec2.create_internet_gateway()))
    thread.start()
    assert fault.wait(10)["hits"] == 1
    # It was executed, and nobody else waits.
    assert len(ec2.describe_internet_gateways()["InternetGateways"]) == 1
    assert not answers and thread.is_alive()
    fault.release()
    thread.join(10)
    assert answers[0]["InternetGateway"]["InternetGatewayId"]


def test_hold_until_the_caller_is_gone(sandbox):
    fault = sandbox.fault("hold_after")
    url = urlsplit(sandbox.endpoint)
    with socket.create_connection((url.hostname, url.port)) as connection:
        connection.sendall(b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert fault.wait(10)["hits"] == 1
        assert fault.wait(0)["holding"] <= 1
    deadline = time.monotonic() + 5
    while fault.wait(0)["holding"] and time.monotonic() < deadline:
        pass
    assert fault.wait(0)["holding"] == 0


def test_delay(sandbox, ec2):
    sandbox.fault("delay", seconds=0.2)
    started = time.monotonic()
    ec2.describe_vpcs()
    assert time.monotonic() - started >= 0.2


def test_waiting_for_a_fault_that_does_not_strike(sandbox):
    assert sandbox.fault("error").wait(0.05)["hits"] == 0


def test_what_is_wrong_with_a_fault(sandbox):
    with pytest.raises(ValueError, match="action is one of"):
        sandbox.fault("explode")
    with pytest.raises(ValueError, match="action is one of"):
        sandbox._ask("POST", "faults", {"action": "error", "match": {"opration": "x"}})


def test_reset_removes_faults(sandbox, ec2):
    sandbox.fault("error", times=None)
    sandbox.reset()
    ec2.describe_vpcs()
