# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kms_keys against moto: keys by alias, adopted by tags, deleted and taken back."""

from __future__ import annotations

import datetime
import json

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned
from ansible_collections.groundwork.aws.plugins.modules import kms_keys
from moto.kms.responses import KmsResponse

NAME = "dougust-test-data"
ALIAS = f"alias/{NAME}"
TAGS = {"Platform": "dougust", "Environment": "test"}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ],
}
KEY = {"name": NAME, "description": "Data", "policy": POLICY, "rotation": True, "rotation_period_days": 180}


@pytest.fixture(autouse=True)
def rotation_periods(monkeypatch):
    """Let moto remember the period of rotation."""
    periods = {}
    enable, status = KmsResponse.enable_key_rotation, KmsResponse.get_key_rotation_status

    def enable_key_rotation(self):
        key_id = self._get_param("KeyId")
        periods[key_id] = self._get_param("RotationPeriodInDays") or periods.get(key_id, 365)
        return enable(self)

    def get_key_rotation_status(self):
        answer = json.loads(status(self))
        period = {"RotationPeriodInDays": periods.get(self._get_param("KeyId"), 365)}
        return json.dumps({**answer, **(period if answer["KeyRotationEnabled"] else {})})

    monkeypatch.setattr(KmsResponse, "enable_key_rotation", enable_key_rotation)
    monkeypatch.setattr(KmsResponse, "get_key_rotation_status", get_key_rotation_status)


def run(cloud, key=None, **params):
    return cloud.run("kms_keys", **{"keys": [key or KEY], "tags": TAGS, **params})


def fail(cloud, key=None, **params):
    return cloud.run_failing("kms_keys", **{"keys": [key or KEY], "tags": TAGS, **params})


def metadata(cloud, key_id=ALIAS):
    return cloud.client("kms").describe_key(KeyId=key_id)["KeyMetadata"]


def make_key(cloud, alias=None, name=NAME, **tags):
    listed = [{"TagKey": key, "TagValue": value} for key, value in {"Name": name, **TAGS, **tags}.items()]
    key_id = cloud.client("kms").create_key(Tags=listed)["KeyMetadata"]["KeyId"]
    if alias:
        cloud.client("kms").create_alias(AliasName=alias, TargetKeyId=key_id)
    return key_id


def test_check_mode_on_an_empty_account_predicts_the_key(cloud):
    result = run(cloud, check_mode=True, account_id="123456789012")
    key = result["kms_keys"][NAME]
    assert planned.is_planned(key["key_id"])
    assert key["key_arn"] == f"arn:aws:kms:us-east-1:123456789012:key/{key['key_id']}"
    assert (key["alias"], key["state"], key["rotation"]) == (ALIAS, "Enabled", True)
    assert [action["action"] for action in result["actions"]] == ["create"]
    assert result["diff"][0]["after"]["rotation_period_days"] == 180
    assert cloud.mutations == []
    china = run(cloud, check_mode=True, region="cn-north-1")["kms_keys"][NAME]
    assert china["key_arn"].startswith("arn:aws-cn:kms:cn-north-1:000000000000:key/dec1a4ed-")


def test_create_then_nothing_to_do(cloud):
    created = run(cloud)
    assert [action["action"] for action in created["actions"]] == ["create"]
    assert cloud.mutations[:2] == ["CreateKey", "CreateAlias"]
    (call,) = cloud.parameters("CreateKey")
    assert {"TagKey": "Name", "TagValue": NAME} in call["Tags"]
    assert not {"BypassPolicyLockoutSafetyCheck", "MultiRegion"} & set(call)
    assert metadata(cloud)["Description"] == "Data"
    status = cloud.client("kms").get_key_rotation_status(KeyId=metadata(cloud)["KeyId"])
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)
    for check_mode in (False, True):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
        assert again["kms_keys"] == created["kms_keys"]
        assert "ListKeys" not in cloud.operations


@pytest.mark.parametrize(
    "change, fields, call",
    [
        ({"description": "More data"}, ["description"], "UpdateKeyDescription"),
        ({"rotation": False, "rotation_period_days": None}, ["rotation"], "DisableKeyRotation"),
        ({"rotation_period_days": 90}, ["rotation_period_days"], "EnableKeyRotation"),
        ({"tags": {"Tier": "data"}}, ["tags"], "TagResource"),
        ({"policy": {**POLICY, "Statement": [{**POLICY["Statement"][0], "Sid": "Other"}]}}, ["policy"], "PutKeyPolicy"),
    ],
)
def test_fields_change_in_place(cloud, change, fields, call):
    run(cloud)
    assert run(cloud, {**KEY, **change}, check_mode=True)["actions"][0]["fields"] == fields
    assert cloud.mutations == []
    assert run(cloud, {**KEY, **change})["actions"][0]["fields"] == fields
    assert cloud.mutations == [call]
    assert not run(cloud, {**KEY, **change})["changed"]


def test_tags_are_removed_and_name_stays(cloud):
    run(cloud, {**KEY, "tags": {"Tier": "data"}})
    run(cloud)
    assert cloud.mutations == ["UntagResource"]
    tags = cloud.client("kms").list_resource_tags(KeyId=metadata(cloud)["KeyId"])["Tags"]
    assert {tag["TagKey"]: tag["TagValue"] for tag in tags} == {**TAGS, "Name": NAME}


def test_policies_are_compared_by_meaning(cloud):
    run(cloud)
    same = json.loads(json.dumps(POLICY))
    same["Statement"][0].update(Action=["kms:*"], Principal={"AWS": ["123456789012"]})
    assert not run(cloud, {**KEY, "policy": same})["changed"]


def test_what_is_not_given_is_left_alone(cloud):
    created = run(cloud, {"name": NAME})
    assert run(cloud, {"name": NAME})["kms_keys"] == created["kms_keys"]
    run(cloud)
    assert not cloud.run("kms_keys", keys=[{"name": NAME}])["changed"]
    assert not {"GetKeyPolicy", "GetKeyRotationStatus"} & set(cloud.operations)


def test_a_key_without_its_alias_is_adopted(cloud):
    make_key(cloud, name="other")
    make_key(cloud, Environment="production")
    key_id = make_key(cloud)
    plan = run(cloud, {"name": NAME}, check_mode=True)
    assert (plan["actions"][0]["action"], plan["actions"][0]["fields"]) == ("update", ["alias"])
    assert run(cloud, {"name": NAME})["kms_keys"][NAME]["key_id"] == key_id
    assert cloud.mutations == ["CreateAlias"]
    assert metadata(cloud)["KeyId"] == key_id


def test_keys_whose_tags_cannot_be_read_are_skipped(cloud):
    make_key(cloud)
    cloud.fail("ListResourceTags", "AccessDeniedException")
    assert run(cloud, {"name": NAME})["actions"][0]["action"] == "create"


def test_a_key_that_waits_for_its_deletion_is_taken_back(cloud):
    key_id = run(cloud)["kms_keys"][NAME]["key_id"]
    deleted = run(cloud, state="absent", pending_window_days=7)
    assert cloud.mutations == ["ScheduleKeyDeletion", "DeleteAlias"]
    assert cloud.parameters("ScheduleKeyDeletion") == [{"KeyId": key_id, "PendingWindowInDays": 7}]
    (pending,) = deleted["pending_deletion"]
    date = datetime.datetime.fromisoformat(pending["deletion_date"])
    assert (pending["key_id"], deleted["kms_keys"]) == (key_id, {})
    assert 6 <= (date - datetime.datetime.now(date.tzinfo)).days <= 7
    back = run(cloud)
    assert (back["actions"][0]["action"], back["actions"][0]["fields"][:2]) == ("update", ["alias", "enabled"])
    assert cloud.mutations[:3] == ["CancelKeyDeletion", "EnableKey", "CreateAlias"]
    assert (back["kms_keys"][NAME]["key_id"], metadata(cloud)["KeyState"]) == (key_id, "Enabled")
    assert "deletion_date" not in back["kms_keys"][NAME]
    assert not run(cloud)["changed"]


def test_a_key_that_was_disabled_is_enabled(cloud):
    run(cloud)
    cloud.client("kms").disable_key(KeyId=metadata(cloud)["KeyId"])
    cloud.fail("EnableKey", "KMSInvalidStateException", times=1)
    assert run(cloud)["actions"][0]["fields"] == ["enabled"]
    assert cloud.mutations == ["EnableKey", "EnableKey"]


def test_deleted_again_is_no_change_and_still_reported(cloud):
    run(cloud)
    assert run(cloud, state="absent", check_mode=True)["actions"][0]["action"] == "delete"
    assert cloud.mutations == []
    first = run(cloud, state="absent")
    for state in ("absent", "gathered"):
        again = run(cloud, state=state)
        assert (again["changed"], again["kms_keys"], cloud.mutations) == (False, {}, [])
        assert [one["key_id"] for one in again["pending_deletion"]] == [first["pending_deletion"][0]["key_id"]]


def test_an_interrupted_deletion_is_finished(cloud):
    key_id = make_key(cloud)
    deleted = run(cloud, state="absent")
    assert deleted["pending_deletion"][0]["key_id"] == key_id
    assert cloud.mutations == ["ScheduleKeyDeletion"]


def test_of_several_keys_the_usable_one_is_taken_and_two_are_refused(cloud):
    waiting, usable = make_key(cloud), make_key(cloud)
    cloud.client("kms").schedule_key_deletion(KeyId=waiting)
    assert run(cloud, {"name": NAME}, check_mode=True)["kms_keys"][NAME]["key_id"] == usable
    make_key(cloud)
    failed = fail(cloud, {"name": NAME})
    assert f"There are two: key {NAME} is " in failed["msg"] and "To fix:" in failed["msg"]
    assert cloud.mutations == []


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_key_of_somebody_else_is_not_touched(cloud, state):
    make_key(cloud, ALIAS, Platform="other")
    failed = fail(cloud, state=state)
    assert (
        f"key {NAME} belongs to somebody else: it is tagged Platform=other. Nothing was changed. To fix:"
        in failed["msg"]
    )
    assert cloud.mutations == []


def test_a_key_cannot_become_multi_region(cloud):
    run(cloud)
    failed = fail(cloud, multi_region=True)
    assert f"key {NAME}: multi_region is False and cannot become True. To fix:" in failed["msg"]
    assert run(cloud, {"name": "many"}, multi_region=True)["kms_keys"]["many"]["multi_region"] is True


def test_gathered_reads_and_plans_what_is_missing(cloud):
    assert run(cloud, state="gathered")["kms_keys"] == {}
    assert planned.is_planned(run(cloud, state="gathered", check_mode=True)["kms_keys"])
    created = run(cloud)
    assert run(cloud, state="gathered")["kms_keys"] == created["kms_keys"]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "aws/rds"}, "key aws/rds cannot be the name of an alias. To fix:"),
        ({"name": "a b"}, "key a b cannot be the name of an alias. To fix:"),
        ({"rotation_period_days": 30}, "cannot rotate every 30 days. To fix: 90 to 2560 days."),
        ({"rotation": None}, "rotation"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    assert message in fail(cloud, {key: value for key, value in {**KEY, **change}.items() if value is not None})["msg"]
    assert cloud.calls == []


def test_a_policy_may_name_a_role_that_was_just_created(cloud):
    cloud.fail("CreateKey", "MalformedPolicyDocumentException", times=2)
    cloud.fail("CreateAlias", "NotFoundException", times=1)
    assert run(cloud)["changed"]


def test_a_key_that_is_not_enabled_yet_is_waited_for(cloud):
    key_id = make_key(cloud, ALIAS)
    described = [
        {"KeyMetadata": {**metadata(cloud, key_id), "KeyState": state}} for state in ("Updating", "Updating", "Enabled")
    ]
    cloud.answer("DescribeKey", lambda params: described.pop(0))
    assert run(cloud, {"name": NAME})["kms_keys"][NAME]["state"] == "Enabled"
    assert described == []


def test_a_failed_call_is_one_clear_message(cloud):
    cloud.fail("CreateKey", "LimitExceededException", "The quota of keys has been reached")
    assert fail(cloud)["msg"] == (
        f"Could not create a KMS key for {NAME}: LimitExceededException: The quota of keys has been reached. "
        "To fix: ask AWS for a higher quota (Service Quotas console) or delete what is not used. (region us-east-1)"
    )


def test_the_preferred_key_is_the_one_nearest_to_being_usable():
    keys = [{"state": state} for state in ("PendingDeletion", "Disabled", "PendingDeletion")]
    assert kms_keys.preferred(keys) == [keys[1]]
    assert kms_keys.preferred(keys[:1] + keys[2:]) == [keys[0], keys[2]]
    assert kms_keys.preferred(keys + [{"state": "Updating"}]) == [{"state": "Updating"}]
