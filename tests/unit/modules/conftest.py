# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module's main() in this process against moto, and keeps account of the API calls that it makes."""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import json
import os
import time

import boto3
import botocore.client
import botocore.loaders
import pytest
from ansible.module_utils.testing import patch_module_args
from botocore.exceptions import ClientError
from ansible_collections.groundwork.aws.plugins.module_utils import planned
from moto import mock_aws

REGION = "us-east-1"
MODULES = "ansible_collections.groundwork.aws.plugins.modules"
READING = ("Describe", "Get", "List", "BatchGet", "Search")
IDENTITY = {"Platform": "dougust", "Environment": "test"}


class Cloud:
    """A mocked AWS account, and what a module does to it.

    calls: every API call of the modules, as (operation, parameters); the test's own are not in it.
    """

    def __init__(self):
        self.calls = []
        self._watching = False
        self._faults = []
        self._clients = {}
        self._make_api_call = botocore.client.BaseClient._make_api_call

    def client(self, service):
        """A boto3 client for the test itself."""
        if service not in self._clients:
            self._clients[service] = boto3.client(service, region_name=REGION)
        return self._clients[service]

    def run(self, module, check_mode=False, **params):
        """The result of a module that must succeed; C(module) is its short name."""
        result = self._run(module, check_mode, params)
        assert not result.get("failed"), result["msg"]
        return result

    def run_failing(self, module, check_mode=False, **params):
        """The result of a module that must fail."""
        result = self._run(module, check_mode, params)
        assert result.get("failed"), f"{module} did not fail: {result}"
        return result

    def fail(self, operation, code, message="as the test wants it", times=None, when=None):
        """Let the modules' calls of an operation fail: all, or the first C(times); C(when) sees the parameters."""
        error = ClientError({"Error": {"Code": code, "Message": message}}, operation)
        self.answer(operation, lambda params: _raise(error), times, when)

    def answer(self, operation, function, times=None, when=None):
        """Let C(function(parameters)) answer the modules' calls of an operation instead of moto."""
        self._faults.append({"operation": operation, "answer": function, "times": times, "when": when})

    def adjust(self, operation, function):
        """Let C(function(answer)) change moto's answers to the modules in place: for what moto leaves out."""
        self._faults.append({"operation": operation, "adjust": function, "times": None, "when": None})

    def heal(self):
        """Take back what fail, answer and adjust set."""
        self._faults.clear()

    @property
    def operations(self):
        """The names of the calls in order."""
        return [operation for operation, params in self.calls]

    @property
    def mutations(self):
        """The names of the calls that change something."""
        return [operation for operation in self.operations if not operation.startswith(READING)]

    def parameters(self, operation):
        """The parameters of every call of an operation."""
        return [params for name, params in self.calls if name == operation]

    def _run(self, module, check_mode, params):
        self.calls.clear()
        output = io.StringIO()
        main = importlib.import_module(f"{MODULES}.{module}").main
        arguments = {"region": REGION, **params, "_ansible_check_mode": check_mode, "_ansible_diff": True}
        self._watching = True
        try:
            with patch_module_args(arguments), contextlib.redirect_stdout(output), pytest.raises(SystemExit):
                main()
        finally:
            self._watching = False
        return json.loads(output.getvalue())

    def make_api_call(self, client, operation, params):
        """Stands in for botocore's method: records, and fails where a test wants it."""
        if not self._watching:
            return self._make_api_call(client, operation, params)
        self.calls.append((operation, params))
        fault = next((fault for fault in self._faults if _applies(fault, operation, params)), None)
        if fault and "answer" in fault:
            return fault["answer"](params)
        answer = self._make_api_call(client, operation, params)
        if fault:
            fault["adjust"](answer)
        return answer


def _raise(error):
    raise error


def _applies(fault, operation, params):
    if fault["operation"] != operation or fault["times"] == 0 or (fault["when"] and not fault["when"](params)):
        return False
    if fault["times"] is not None:
        fault["times"] -= 1
    return True


@pytest.fixture(autouse=True)
def no_sleep(monkeypatch):
    """Retries and waiters sleep between attempts; a test has no time for that. The value lists what was slept."""
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.fixture
def cloud(monkeypatch):
    """An empty account: dummy credentials, no network, none of the user's own configuration."""
    for variable in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    # Parsing moto's list of AMIs takes longer than a test.
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    with mock_aws():
        account = Cloud()

        def make_api_call(client, operation, params):
            return account.make_api_call(client, operation, params)

        monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", make_api_call)
        yield account


@pytest.fixture
def vpc_id(cloud):
    """A VPC for what lives in one."""
    vpc = cloud.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]
    return vpc["VpcId"]


@pytest.fixture
def subnet_ids(cloud, vpc_id):
    """Three subnets in the VPC, one a zone."""
    return [
        cloud.client("ec2").create_subnet(
            VpcId=vpc_id, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}"
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate("abc")
    ]


@pytest.fixture
def life_cycle(cloud):
    """Takes a module from an empty account to its resources and back; returns what the creating run returned."""

    def go(module, key, delete=True, **params):
        predicted = cloud.run(module, check_mode=True, **params)
        assert {action["action"] for action in predicted["actions"]} == {"create"}
        assert planned.is_planned(predicted[key]) and predicted["diff"] and not cloud.mutations
        created = cloud.run(module, **params)
        assert created["actions"] == predicted["actions"]
        assert not planned.is_planned(created[key])
        for check_mode in (False, True):
            again = cloud.run(module, check_mode=check_mode, **params)
            assert (again["changed"], again["actions"], again["diff"], cloud.mutations) == (False, [], [], [])
            assert again[key] == created[key]
        assert cloud.run(module, **{**params, "state": "gathered"})[key] == created[key]
        if delete:
            _delete_twice(cloud, module, key, params, len(created["actions"]))
        return created[key]

    return go


def _delete_twice(cloud, module, key, params, count):
    absent = {**params, "state": "absent"}
    predicted = cloud.run(module, check_mode=True, **absent)
    assert ([action["action"] for action in predicted["actions"]], cloud.mutations) == (["delete"] * count, [])
    deleted = cloud.run(module, **absent)
    assert (deleted["actions"], bool(deleted[key])) == (predicted["actions"], False)
    again = cloud.run(module, **absent)
    assert (again["changed"], again["actions"], cloud.mutations) == (False, [], [])
    assert not cloud.run(module, **{**params, "state": "gathered"})[key]


@pytest.fixture
def planned_vpc(cloud):
    """Runs a module in check mode inside a VPC that check mode would create: it must not ask AWS anything."""

    def run(module, key, **params):
        result = cloud.run(module, check_mode=True, vpc_id=planned.ec2_id("vpc", "test"), **params)
        assert cloud.calls == []
        assert {action["action"] for action in result["actions"]} == {"create"}
        assert planned.is_planned(result[key])
        absent = cloud.run(module, check_mode=True, state="absent", vpc_id=planned.ec2_id("vpc", "test"), **params)
        assert (absent["changed"], cloud.calls) == (False, [])
        failed = cloud.run_failing(module, vpc_id=planned.ec2_id("vpc", "test"), **params)
        assert "a planned id of a --check run was passed to a real one. To fix:" in failed["msg"]
        assert cloud.calls == []
        return result[key]

    return run


@pytest.fixture(scope="session", autouse=True)
def parsed_models():
    """Parse botocore's data files once a process; botocore itself does it for every client (EC2's: 0.2 seconds)."""
    loader = botocore.loaders.Loader
    with pytest.MonkeyPatch.context() as monkeypatch:
        for method in ("load_service_model", "load_data_with_path"):
            monkeypatch.setattr(loader, method, _remembered(getattr(loader, method)))
        yield


def _remembered(method):
    answers = {}

    @functools.wraps(method)
    def remembering(self, *args, **kwargs):
        key = (args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = method(self, *args, **kwargs)
        return answers[key]

    return remembering
