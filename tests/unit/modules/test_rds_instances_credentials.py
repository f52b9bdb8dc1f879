# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rds_instances against moto: the secret before the instance, and every state that a killed run leaves."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest

from .rds_cloud import NAME, SECRET_NAME, TAGS, fail, instance, run, secret_text, teach_moto

HOST = f"{NAME}.aaaaaaaaaa.us-east-1.rds.amazonaws.com"
NEITHER = "is neither a URL with user, password and host nor JSON with these"
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def rds(cloud, monkeypatch):
    """What AWS says of instances beside what moto does."""
    return teach_moto(cloud, monkeypatch)


def password_in(text):
    return unquote(re.fullmatch(r"\w+://\w+:([^:@/]+)@[^@]+", text).group(1))


def url(password, host=HOST):
    return f"postgresql://dougust:{password}@{host}:5432/dougust?sslmode=require"


def put(cloud, text):
    cloud.client("secretsmanager").put_secret_value(SecretId=SECRET_NAME, SecretString=text)


def set_passwords(cloud):
    """The passwords that RDS was told, in order."""
    told = cloud.parameters("CreateDBInstance") + cloud.parameters("ModifyDBInstance")
    return [params["MasterUserPassword"] for params in told if "MasterUserPassword" in params]


def test_the_secret_comes_first_and_gets_the_endpoint_last(cloud, rds):
    created = run(cloud)
    assert cloud.mutations == ["CreateSecret", "CreateDBInstance", "PutSecretValue"]
    (first,) = cloud.parameters("CreateSecret")
    password = password_in(secret_text(cloud))
    assert len(password) == 40 and set_passwords(cloud) == [password]
    assert first["SecretString"] == url(password, "pending.invalid") and secret_text(cloud) == url(password)
    assert {tag["Key"]: tag["Value"] for tag in first["Tags"]} == TAGS
    assert created["instances"][NAME]["secret_arn"].startswith("arn:aws:secretsmanager:")
    assert created["instances"][NAME]["credentials"] == "fits the instance"
    assert password not in json.dumps(created)


def test_json_with_other_keys_keeps_what_somebody_added(cloud, rds):
    credentials = {"secret_name": SECRET_NAME, "secret_format": "json", "json_keys": {"host": "DB_HOST"}}
    credentials["secret_kms_key_arn"] = KEY_ARN
    run(cloud, instance(credentials=credentials))
    assert cloud.parameters("CreateSecret")[0]["KmsKeyId"] == KEY_ARN
    content = json.loads(secret_text(cloud))
    assert content == {
        "username": "dougust",
        "password": set_passwords(cloud)[0],
        "DB_HOST": HOST,
        "port": "5432",
        "dbname": "dougust",
        "engine": "postgres",
    }
    put(cloud, json.dumps({**content, "port": 5432, "extra": "mine"}))
    assert not run(cloud, instance(credentials=credentials))["changed"]
    put(cloud, json.dumps({**content, "DB_HOST": "elsewhere", "extra": "mine"}))
    assert run(cloud, instance(credentials=credentials))["actions"][0]["fields"] == ["credentials"]
    assert json.loads(secret_text(cloud)) == {**content, "extra": "mine"}


def test_killed_between_secret_and_instance_the_same_password_is_used(cloud, rds):
    cloud.fail("CreateDBInstance", "InsufficientDBInstanceCapacity", times=1)
    failed = fail(cloud)
    password = password_in(secret_text(cloud))
    assert password not in json.dumps(failed)
    run(cloud)
    assert cloud.mutations == ["CreateDBInstance", "PutSecretValue"]
    assert set_passwords(cloud) == [password] and secret_text(cloud) == url(password)


def test_killed_before_the_endpoint_was_stored(cloud, rds):
    run(cloud)
    password = password_in(secret_text(cloud))
    put(cloud, url(password, "pending.invalid"))
    finished = run(cloud)
    assert (finished["actions"][0]["fields"], cloud.mutations) == (["credentials"], ["PutSecretValue"])
    assert secret_text(cloud) == url(password)
    assert finished["diff"][0]["before"] == {"credentials": "does not fit the instance"}
    assert finished["diff"][0]["after"] == {"credentials": "fits the instance"}


@pytest.mark.parametrize("lost", ["deleted", "emptied"])
def test_a_lost_secret_gives_the_instance_a_new_password(cloud, rds, lost):
    run(cloud)
    old = password_in(secret_text(cloud))
    cloud.client("secretsmanager").delete_secret(SecretId=SECRET_NAME, ForceDeleteWithoutRecovery=True)
    if lost == "emptied":
        tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
        cloud.client("secretsmanager").create_secret(Name=SECRET_NAME, Tags=tags)
    predicted = run(cloud, check_mode=True)
    assert predicted["actions"][0]["fields"] == ["credentials"] and cloud.mutations == []
    run(cloud)
    stored_first = "CreateSecret" if lost == "deleted" else "PutSecretValue"
    assert cloud.mutations == [stored_first, "ModifyDBInstance", "PutSecretValue"]
    new = password_in(secret_text(cloud))
    assert cloud.parameters(stored_first)[0]["SecretString"] == url(new, "resetting.invalid")
    assert new != old and set_passwords(cloud) == [new] and secret_text(cloud) == url(new)
    assert cloud.parameters("ModifyDBInstance")[0]["ApplyImmediately"] is True
    assert not run(cloud)["changed"]


def test_a_reset_that_was_killed_is_repeated_with_the_same_password(cloud, rds):
    run(cloud)
    put(cloud, url("anotherpassword", "resetting.invalid"))
    run(cloud, apply_immediately=False)
    assert cloud.mutations == ["ModifyDBInstance", "PutSecretValue"]
    assert set_passwords(cloud) == ["anotherpassword"] and secret_text(cloud) == url("anotherpassword")


def test_a_reset_that_does_not_wait_says_that_something_is_left(cloud, rds):
    """Whoever starts it has to come back: the secret gets its host only when the instance has the password."""
    run(cloud)
    put(cloud, url("anotherpassword", "resetting.invalid"))
    assert run(cloud, wait=False)["instances"][NAME]["status"] == "modifying"
    assert secret_text(cloud) == url("anotherpassword", "resetting.invalid")
    run(cloud)
    assert secret_text(cloud) == url("anotherpassword")


def test_a_reset_waits_until_aws_has_done_it(cloud, rds):
    run(cloud)
    put(cloud, url("anotherpassword", "resetting.invalid"))
    rds["PendingModifiedValues"] = {"MasterUserPassword": "****"}
    failed = fail(cloud, wait_timeout=30)
    assert "Could not see DB instance" in failed["msg"]
    assert "resetting.invalid" in secret_text(cloud)


def test_a_reset_and_other_changes_are_one_call(cloud, rds):
    run(cloud)
    put(cloud, url("anotherpassword", "resetting.invalid"))
    run(cloud, instance(multi_az=True))
    (call,) = cloud.parameters("ModifyDBInstance")
    assert (call["MultiAZ"], call["MasterUserPassword"]) == (True, "anotherpassword")


def test_a_new_converge_restores_the_secret_and_its_password(cloud, rds):
    run(cloud)
    password = password_in(secret_text(cloud))
    run(cloud, state="absent", recovery_window_days=7)
    assert cloud.parameters("DeleteSecret") == [{"SecretId": SECRET_NAME, "RecoveryWindowInDays": 7}]
    run(cloud)
    assert cloud.mutations[:1] == ["RestoreSecret"] and "CreateSecret" not in cloud.mutations
    assert set_passwords(cloud) == [password] and secret_text(cloud) == url(password)


def test_a_secret_deleted_beside_its_instance_comes_back(cloud, rds):
    run(cloud)
    before = secret_text(cloud)
    cloud.client("secretsmanager").delete_secret(SecretId=SECRET_NAME)
    restored = run(cloud)
    assert (restored["actions"][0]["fields"], cloud.mutations) == (["credentials"], ["RestoreSecret"])
    assert secret_text(cloud) == before


@pytest.mark.parametrize("changed", ["tags", "key"])
def test_tags_and_key_of_the_secret_are_kept(cloud, rds, changed):
    credentials = {"secret_name": SECRET_NAME, "secret_kms_key_arn": KEY_ARN}
    run(cloud, instance(credentials=credentials))
    client = cloud.client("secretsmanager")
    if changed == "tags":
        client.untag_resource(SecretId=SECRET_NAME, TagKeys=["Component"])
        client.tag_resource(SecretId=SECRET_NAME, Tags=[{"Key": "Mine", "Value": "1"}])
    else:
        client.update_secret(SecretId=SECRET_NAME, KmsKeyId=KEY_ARN.replace("1234abcd", "other"))
    corrected = run(cloud, instance(credentials=credentials))
    assert corrected["actions"][0]["fields"] == ["credentials"]
    secret = client.describe_secret(SecretId=SECRET_NAME)
    assert {tag["Key"]: tag["Value"] for tag in secret["Tags"]} == TAGS and secret["KmsKeyId"] == KEY_ARN
    assert not run(cloud, instance(credentials=credentials))["changed"]


@pytest.mark.parametrize(
    "text, message",
    [
        ("hunter2-not-a-url", NEITHER),
        ('{"password": "hunter2"', NEITHER),
        ('["hunter2"]', NEITHER),
        (url("hunter2"), "has a password that is not 8 to 128 characters long"),
        (url("hunter2hunter2%2F"), "has a password with a character that RDS refuses"),
    ],
)
def test_a_malformed_secret_is_an_error_that_does_not_show_it(cloud, rds, text, message):
    run(cloud)
    put(cloud, text)
    failed = fail(cloud)
    assert f"secret {SECRET_NAME} {message}; nothing was changed. To fix:" in failed["msg"]
    assert "hunter2" not in json.dumps(failed) and cloud.mutations == []


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_secret_of_somebody_else_is_not_touched(cloud, rds, state):
    tags = [{"Key": "Platform", "Value": "other"}]
    cloud.client("secretsmanager").create_secret(Name=SECRET_NAME, SecretString="x", Tags=tags)
    failed = fail(cloud, state=state)
    assert f"secret {SECRET_NAME} belongs to somebody else: it is tagged Platform=other." in failed["msg"]
    assert cloud.mutations == []


def test_rds_can_keep_the_password_itself_and_give_it_back(cloud, rds):
    key_arn = cloud.client("kms").create_key()["KeyMetadata"]["Arn"]
    by_rds = instance(credentials={"managed_by": "rds", "secret_kms_key_arn": key_arn})
    created = run(cloud, by_rds)["instances"][NAME]
    (call,) = cloud.parameters("CreateDBInstance")
    assert (call["ManageMasterUserPassword"], call["MasterUserSecretKmsKeyId"]) == (True, key_arn)
    assert "MasterUserPassword" not in call and "CreateSecret" not in cloud.operations
    assert created["master_secret_arn"] and created["secret_arn"] is None
    assert not run(cloud, by_rds)["changed"]
    changed = run(cloud)
    assert changed["diff"][0]["before"] == {"credentials": "is managed by RDS"}
    (call,) = cloud.parameters("ModifyDBInstance")
    assert call["ManageMasterUserPassword"] is False
    assert call["MasterUserPassword"] == password_in(secret_text(cloud))
    assert not run(cloud)["changed"]
    back = run(cloud, by_rds)
    assert back["diff"][0]["before"] == {"credentials": "is not managed by RDS"}
    assert back["instances"][NAME]["master_secret_arn"] and not run(cloud, by_rds)["changed"]


def test_without_credentials_nobody_asks_about_them(cloud, rds):
    run(cloud)
    assert not run(cloud, instance(credentials=None))["changed"]
    assert not [operation for operation in cloud.operations if "Secret" in operation]
