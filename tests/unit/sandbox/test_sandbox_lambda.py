# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions, what they are kept ready with and what calls them, while they become what they are to be."""

import io
import json
import zipfile

import pytest

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:jobs"
CREATE = {
    "FunctionName": "f",
    "Runtime": "python3.13",
    "Handler": "app.handler",
    "Role": "arn:aws:iam::123456789012:role/f",
}
FUNCTION = {"FunctionName": "f"}


def package(text="x = 1"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("app.py", text)
    return stream.getvalue()


@pytest.fixture
def functions(sandbox):
    """Lambda, with a role for functions."""
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sandbox.client("iam").create_role(RoleName="f", AssumeRolePolicyDocument=trust)
    return sandbox.client("lambda")


def states(functions):
    found = functions.get_function_configuration(**FUNCTION)
    return found["State"], found["LastUpdateStatus"]


def test_a_function_is_pending_first(sandbox, functions):
    sandbox.delays(lambda_function_create=60, lambda_function_update=30)
    created = functions.create_function(**CREATE, Code={"ZipFile": package()})
    assert (created["State"], created["StateReasonCode"]) == ("Pending", "Creating")
    sandbox.advance(60)
    functions.get_waiter("function_active_v2").wait(**FUNCTION, WaiterConfig={"Delay": 0, "MaxAttempts": 1})
    functions.update_function_configuration(**FUNCTION, Timeout=5)
    assert states(functions) == ("Active", "InProgress")
    sandbox.advance(30)
    functions.get_waiter("function_updated_v2").wait(**FUNCTION, WaiterConfig={"Delay": 0, "MaxAttempts": 1})


def test_a_published_version_stays_as_it_was(functions):
    functions.create_function(**CREATE, Code={"ZipFile": package()}, TracingConfig={"Mode": "Active"}, Publish=True)
    functions.update_function_configuration(**FUNCTION, TracingConfig={"Mode": "PassThrough"})
    old = functions.get_function_configuration(**FUNCTION, Qualifier="1")
    assert (old["TracingConfig"]["Mode"], old["Version"]) == ("Active", "1")
    assert functions.get_function_configuration(**FUNCTION)["TracingConfig"]["Mode"] == "PassThrough"


def test_a_mapping_takes_a_while_and_calls_nothing(sandbox, functions, refused):
    functions.create_function(**CREATE, Code={"ZipFile": package()})
    url = sandbox.client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    sandbox.delays(lambda_event_source_mapping=30)
    made = functions.create_event_source_mapping(**FUNCTION, EventSourceArn=QUEUE)
    number = {"UUID": made["UUID"]}
    assert made["State"] == "Creating"
    assert refused(functions.update_event_source_mapping, **number, Enabled=False) == "ResourceConflictException"
    sandbox.advance(30)
    assert functions.get_event_source_mapping(**number)["State"] == "Enabled"
    sandbox.client("sqs").send_message(QueueUrl=url, MessageBody="m")
    assert sandbox.client("sqs").receive_message(QueueUrl=url)["Messages"][0]["Body"] == "m"
    assert functions.update_event_source_mapping(**number, Enabled=False)["State"] == "Disabling"
    sandbox.advance(30)
    assert functions.get_event_source_mapping(**number)["State"] == "Disabled"
    functions.delete_event_source_mapping(**number)
    assert functions.get_event_source_mapping(**number)["State"] == "Deleting"
    sandbox.advance(30)
    assert refused(functions.get_event_source_mapping, **number) == "ResourceNotFoundException"
    assert functions.list_event_source_mappings()["EventSourceMappings"] == []


def test_provisioned_concurrency_takes_a_while(sandbox, functions):
    functions.create_function(**CREATE, Code={"ZipFile": package()}, Publish=True)
    sandbox.delays(lambda_provisioned_concurrency=60)
    version = {**FUNCTION, "Qualifier": "1"}
    functions.put_provisioned_concurrency_config(**version, ProvisionedConcurrentExecutions=3)
    found = functions.get_provisioned_concurrency_config(**version)
    assert (found["Status"], found["AllocatedProvisionedConcurrentExecutions"]) == ("IN_PROGRESS", 0)
    sandbox.advance(60)
    found = functions.get_provisioned_concurrency_config(**version)
    assert (found["Status"], found["AllocatedProvisionedConcurrentExecutions"]) == ("READY", 3)


def test_settings_go_with_their_function(functions, refused):
    functions.create_function(**CREATE, Code={"ZipFile": package()})
    functions.create_function_url_config(**FUNCTION, AuthType="NONE")
    functions.delete_function(**FUNCTION)
    functions.create_function(**CREATE, Code={"ZipFile": package()})
    assert refused(functions.get_function_url_config, **FUNCTION) == "ResourceNotFoundException"


def test_functions_are_there_after_a_restart(sandbox, functions, tmp_path):
    functions.create_function(**CREATE, Code={"ZipFile": package()}, Publish=True)
    functions.create_alias(**FUNCTION, Name="live", FunctionVersion="1")
    functions.create_function_url_config(**FUNCTION, AuthType="NONE", Qualifier="live")
    sandbox.client("sqs").create_queue(QueueName="jobs")
    functions.create_event_source_mapping(**FUNCTION, EventSourceArn=QUEUE)
    before = sandbox.snapshot()
    sandbox.save(tmp_path / "state")
    sandbox.reset()
    sandbox.restore(tmp_path / "state")
    assert {"lambda/function", "lambda/event-source-mapping"} <= set(before)
    assert sandbox.snapshot() == before
    functions.update_function_configuration(**FUNCTION, Timeout=5)
    assert functions.get_function_configuration(**FUNCTION)["Timeout"] == 5


def test_nothing_is_invoked(functions, refused):
    functions.create_function(**CREATE, Code={"ZipFile": package()})
    assert refused(functions.invoke, **FUNCTION) == "NotImplemented"
    assert refused(functions.invoke, FunctionName="none") == "ResourceNotFoundException"
