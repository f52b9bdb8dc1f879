# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One decorator for every AWS call: what it retries, what it takes for an answer, and what it says."""

from __future__ import annotations

import time

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import errors
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, WaiterError


@pytest.fixture(autouse=True)
def slept(monkeypatch):
    pauses = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


def client_error(code, message="said so."):
    return ClientError({"Error": {"Code": code, "Message": message}}, "CreateThing")


class Api:
    """Calls that fail with the given errors, one after the other, and then succeed."""

    def __init__(self, *failures):
        self.failures = list(failures)
        self.calls = 0

    def answer(self):
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "done"


@errors.aws_call("make {name} in {VpcId}", missing=("Gone",), default=[], eventual=("NotYet", "Vague: Cannot assume"))
def make(api, name, **params):
    return api.answer()


@errors.aws_call("remove {name}")
def remove(api, name):
    return api.answer()


def test_an_answer_is_an_answer():
    assert make(Api(), "t") == "done"


def test_what_is_missing_is_the_default():
    assert make(Api(client_error("Gone")), "t") == []


@pytest.mark.parametrize("error", [client_error("NotYet"), client_error("Vague", "Cannot assume role x")])
def test_what_aws_does_not_see_yet_is_asked_for_again(slept, error):
    assert make(Api(error, error), "t") == "done"
    assert len(slept) == 2


def test_not_for_ever(slept):
    api = Api(*[client_error("NotYet")] * 20)
    with pytest.raises(errors.AwsCallError, match="Could not make t in VpcId: NotYet: said so"):
        make(api, "t")
    assert api.calls == 10 and sum(slept) <= 55


@pytest.mark.parametrize("error", [client_error("Vague", "Duplicate fields"), client_error("NotYetEither")])
def test_what_is_wrong_is_not_asked_for_again(slept, error):
    with pytest.raises(errors.AwsCallError):
        make(Api(error), "t")
    assert slept == []


def test_without_eventual_codes_nothing_is_retried_here(slept):
    with pytest.raises(errors.AwsCallError):
        remove(Api(client_error("NotYet")), "t")
    assert slept == []


def test_the_message_names_positional_and_keyword_arguments():
    with pytest.raises(errors.AwsCallError) as caught:
        make(Api(client_error("Wrong")), name="t", VpcId="vpc-1")
    assert caught.value.message == "Could not make t in vpc-1: Wrong: said so"
    assert caught.value.attempt == "make t in vpc-1"


@pytest.mark.parametrize(
    "error, said",
    [
        (client_error("UnauthorizedOperation"), "UnauthorizedOperation: said so. To fix: grant the caller this action"),
        (client_error("AccessDeniedException"), "To fix: grant the caller this action"),
        (client_error("VpcLimitExceeded"), "To fix: ask AWS for a higher quota"),
        (client_error("RouteTableLimitExceeded"), "To fix: ask AWS for a higher quota"),
        (client_error("RequestLimitExceeded"), "To fix: run again; AWS limits the rate of calls"),
        (client_error("ExpiredTokenException"), "To fix: renew the credentials"),
        (client_error("Strange", "two\nlines"), "Strange: two lines"),
        (NoCredentialsError(), "NoCredentialsError: Unable to locate credentials. To fix: give credentials"),
        (EndpointConnectionError(endpoint_url="http://x"), "To fix: check the network"),
        (WaiterError("x", "Max attempts exceeded", {}), "To fix: run again: the run continues to wait"),
    ],
)
def test_the_message_says_why_and_what_to_do(error, said):
    with pytest.raises(errors.AwsCallError) as caught:
        remove(Api(error), "t")
    assert caught.value.message.startswith("Could not remove t: ") and said in caught.value.message


def test_a_mistake_in_the_code_is_not_dressed_up():
    with pytest.raises(KeyError):
        remove(Api(KeyError("x")), "t")
