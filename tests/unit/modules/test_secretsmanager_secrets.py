# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""secretsmanager_secrets against moto: values made once and never seen, deleted and taken back."""

from __future__ import annotations

import json

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned
from ansible_collections.groundwork.aws.plugins.modules import secretsmanager_secrets

MODULE = "secretsmanager_secrets"
NAME = "test/dougust/jwt-secret"
TAGS = {"Platform": "dougust", "Environment": "test", "ManagedBy": "groundwork.aws", "Component": "secrets"}
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}
SECRET = {
    "name": NAME,
    "description": "Signs tokens",
    "kms_key_arn": KEY_ARN,
    "policy": POLICY,
    "generate": {"length": 48},
}


def run(cloud, *secrets, **params):
    return cloud.run(MODULE, **{"secrets": list(secrets) or [SECRET], "tags": TAGS, **params})


def fail(cloud, *secrets, **params):
    return cloud.run_failing(MODULE, **{"secrets": list(secrets) or [SECRET], "tags": TAGS, **params})


def value(cloud, name=NAME):
    return cloud.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]


def described(cloud, name=NAME):
    return cloud.client("secretsmanager").describe_secret(SecretId=name)


def test_from_nothing_to_a_secret_and_back(cloud, life_cycle):
    created = life_cycle(MODULE, "secrets", delete=False, secrets=[SECRET], tags=TAGS)[NAME]
    assert created == {**created, "has_value": True, "kms_key_arn": KEY_ARN, "policy": POLICY, "tags": TAGS}
    assert len(value(cloud)) == 48 and value(cloud).isalnum()
    stored = cloud.client("secretsmanager").get_resource_policy(SecretId=NAME)["ResourcePolicy"]
    assert json.loads(stored) == POLICY


def test_check_mode_on_an_empty_account_predicts_the_secret(cloud):
    result = run(cloud, check_mode=True, account_id="123456789012")
    secret = result["secrets"][NAME]
    assert secret["arn"] == f"arn:aws:secretsmanager:us-east-1:123456789012:secret:{NAME}-dec1a4"
    assert planned.is_planned(secret["arn"]) and secret["has_value"] is True
    assert cloud.mutations == []


def test_the_value_comes_with_the_creating_call_and_is_in_no_result(cloud):
    result = run(cloud)
    (call,) = cloud.parameters("CreateSecret")
    assert call["SecretString"] == value(cloud)
    assert "PutSecretValue" not in cloud.operations and "GetSecretValue" not in cloud.operations
    assert value(cloud) not in json.dumps(result)
    assert cloud.parameters("PutResourcePolicy")[0]["BlockPublicPolicy"] is True


def test_a_secret_for_an_operator_stays_as_the_operator_set_it(cloud):
    item = {"name": "test/dougust/mail"}
    assert run(cloud, item)["secrets"]["test/dougust/mail"]["has_value"] is False
    assert "SecretString" not in cloud.parameters("CreateSecret")[0]
    cloud.client("secretsmanager").put_secret_value(SecretId="test/dougust/mail", SecretString="by hand")
    for wish in (item, {**item, "generate": {}}):
        again = run(cloud, wish)
        assert (again["changed"], again["secrets"]["test/dougust/mail"]["has_value"]) == (False, True)
    assert value(cloud, "test/dougust/mail") == "by hand"


def test_a_value_is_made_where_there_is_none_yet(cloud):
    run(cloud, {"name": NAME})
    changed = run(cloud, {"name": NAME, "generate": {"characters": "hex", "length": 32}})
    assert (changed["actions"][0]["fields"], cloud.mutations) == (["has_value"], ["PutSecretValue"])
    assert len(value(cloud)) == 32 and set(value(cloud)) <= set("0123456789abcdef")
    assert value(cloud) not in json.dumps(changed)


@pytest.mark.parametrize(
    "change, fields, call",
    [
        ({"description": "Signs all tokens"}, ["description"], "UpdateSecret"),
        ({"kms_key_arn": KEY_ARN.replace("1234abcd", "4321abcd")}, ["kms_key_arn"], "UpdateSecret"),
        ({"policy": {}}, ["policy"], "DeleteResourcePolicy"),
        (
            {"policy": {**POLICY, "Statement": [{**POLICY["Statement"][0], "Sid": "S"}]}},
            ["policy"],
            "PutResourcePolicy",
        ),
        ({"tags": {"Tier": "data"}}, ["tags"], "TagResource"),
    ],
)
def test_fields_change_in_place_and_keep_the_value(cloud, change, fields, call):
    run(cloud)
    kept = value(cloud)
    assert run(cloud, {**SECRET, **change}, check_mode=True)["actions"][0]["fields"] == fields
    assert cloud.mutations == []
    assert run(cloud, {**SECRET, **change})["actions"][0]["fields"] == fields
    assert cloud.mutations == [call]
    assert not run(cloud, {**SECRET, **change})["changed"]
    assert value(cloud) == kept


def test_what_is_not_given_is_left_alone_and_drift_is_corrected(cloud):
    run(cloud)
    assert not run(cloud, {"name": NAME}, tags=None)["changed"]
    client = cloud.client("secretsmanager")
    client.update_secret(SecretId=NAME, Description="by hand")
    client.untag_resource(SecretId=NAME, TagKeys=["Component"])
    client.tag_resource(SecretId=NAME, Tags=[{"Key": "Mine", "Value": "yes"}])
    assert run(cloud)["actions"][0]["fields"] == ["description", "tags"]
    assert described(cloud)["Description"] == "Signs tokens"
    assert {tag["Key"]: tag["Value"] for tag in described(cloud)["Tags"]} == TAGS


def test_a_deleted_secret_is_restored_with_its_value(cloud):
    run(cloud)
    kept = value(cloud)
    deleted = run(cloud, state="absent", recovery_window_days=7)
    assert (cloud.parameters("DeleteSecret"), deleted["secrets"]) == (
        [{"SecretId": NAME, "RecoveryWindowInDays": 7}],
        {},
    )
    (waiting,) = deleted["pending_deletion"]
    assert (waiting["name"], set(waiting)) == (NAME, {"name", "arn", "deletion_date"})
    for state, check_mode in (("absent", False), ("absent", True), ("gathered", False)):
        again = run(cloud, state=state, check_mode=check_mode)
        assert (again["changed"], again["secrets"], cloud.mutations) == (False, {}, [])
        assert [one["arn"] for one in again["pending_deletion"]] == [waiting["arn"]]
    assert "restored" in run(cloud, check_mode=True)["actions"][0]["fields"] and cloud.mutations == []
    restored = run(cloud)
    assert restored["actions"][0]["action"] == "update" and cloud.mutations[0] == "RestoreSecret"
    assert (value(cloud), described(cloud).get("DeletedDate")) == (kept, None)
    assert "deletion_date" not in restored["secrets"][NAME]
    assert not run(cloud)["changed"]


def test_without_a_window_a_secret_is_gone_at_once_also_one_that_waits(cloud):
    run(cloud)
    run(cloud, state="absent")
    gone = run(cloud, state="absent", recovery_window_days=0)
    assert cloud.parameters("DeleteSecret") == [{"SecretId": NAME, "ForceDeleteWithoutRecovery": True}]
    assert (gone["changed"], gone["pending_deletion"]) == (True, [])
    assert not run(cloud, state="absent", recovery_window_days=0)["changed"]
    cloud.fail(
        "CreateSecret",
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
        times=2,
    )
    assert run(cloud)["actions"][0]["action"] == "create"


def test_a_run_killed_before_the_policy_is_finished(cloud):
    cloud.fail("PutResourcePolicy", "InternalServiceError")
    assert "Could not set the policy of secret" in fail(cloud)["msg"]
    kept = value(cloud)
    cloud.heal()
    assert run(cloud)["actions"][0]["fields"] == ["policy"]
    assert (value(cloud), run(cloud)["changed"]) == (kept, False)


def test_what_the_inventory_no_longer_names_is_reported_and_deleted_only_on_request(cloud):
    other = {"name": "test/dougust/old"}
    run(cloud, SECRET, other)
    reported = run(cloud, undeclared="delete")
    assert [one["name"] for one in reported["undeclared"]] == ["test/dougust/old"]
    assert not reported["changed"]
    deleted = run(cloud, undeclared="delete_with_data")
    assert [(one["action"], one["name"]) for one in deleted["actions"]] == [("delete", "test/dougust/old")]
    assert not run(cloud, undeclared="delete_with_data")["changed"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_secret_of_somebody_else_is_not_touched(cloud, state):
    run(cloud, tags={**TAGS, "Platform": "other"})
    assert f"secret {NAME} belongs to somebody else: it is tagged Platform=other." in fail(cloud, state=state)["msg"]
    assert cloud.mutations == []


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "a b"}, "secret a b is no name of a secret. To fix:"),
        ({"name": "x" * 513}, "is no name of a secret. To fix:"),
        ({"description": "x" * 2049}, "has a description that is too long. To fix:"),
        ({"generate": {"length": 15}}, "cannot get a value of 15 characters. To fix: 16 to 4096"),
        ({"generate": {"length": 4097}}, "cannot get a value of 4097 characters. To fix: 16 to 4096"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    assert message in fail(cloud, {**SECRET, **change})["msg"]
    assert cloud.calls == []


def test_a_failed_call_is_one_clear_message_without_the_value(cloud):
    cloud.fail("CreateSecret", "LimitExceededException", "Too many secrets")
    failed = fail(cloud)
    assert failed["msg"] == (
        f"Could not create secret {NAME}: LimitExceededException: Too many secrets. To fix: ask AWS for a higher quota "
        "(Service Quotas console) or delete what is not used. (region us-east-1)"
    )
    assert cloud.parameters("CreateSecret")[0]["SecretString"] not in json.dumps(failed)


def test_values_are_long_and_different():
    wish = {"length": 4096, "characters": "base64url"}
    one, other = secretsmanager_secrets.generated(wish), secretsmanager_secrets.generated(wish)
    assert len(one) == 4096 and one != other
    assert set(one) == set(secretsmanager_secrets.ALPHABETS["base64url"])
