# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rds_subnet_groups against moto: from nothing to groups, back, and what is refused."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned
from moto.rds.models import RDSBackend

MODULE = "rds_subnet_groups"
NAME = "dougust-test"
TAGS = {"Platform": "dougust", "Environment": "test", "ManagedBy": "groundwork.aws", "Component": "database"}


@pytest.fixture(autouse=True)
def modified_groups(monkeypatch):
    """Let moto keep a group that it modifies."""
    modify = RDSBackend.modify_db_subnet_group

    def modify_db_subnet_group(self, subnet_name, *args):
        self.subnet_groups[subnet_name] = modify(self, subnet_name, *args)
        return self.subnet_groups[subnet_name]

    monkeypatch.setattr(RDSBackend, "modify_db_subnet_group", modify_db_subnet_group)


@pytest.fixture
def group(subnet_ids):
    return {"name": NAME, "description": "Databases", "subnet_ids": subnet_ids[:2]}


def run(cloud, *groups, **params):
    return cloud.run(MODULE, **{"subnet_groups": list(groups), "tags": TAGS, **params})


def fail(cloud, *groups, **params):
    return cloud.run_failing(MODULE, **{"subnet_groups": list(groups), "tags": TAGS, **params})


def described(cloud, name=NAME):
    (found,) = cloud.client("rds").describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
    return found


def test_from_nothing_to_a_group_and_back(cloud, group):
    predicted = run(cloud, group, check_mode=True, account_id="123456789012")["subnet_groups"][NAME]
    assert cloud.mutations == []
    created = run(cloud, group)
    assert cloud.mutations == ["CreateDBSubnetGroup"]
    assert created["subnet_groups"][NAME]["arn"] == predicted["arn"]
    assert created["subnet_groups"][NAME]["tags"] == TAGS
    for check_mode in (False, True):
        again = run(cloud, group, check_mode=check_mode)
        assert (again["changed"], cloud.mutations) == (False, [])
        assert again["subnet_groups"] == created["subnet_groups"]
    assert run(cloud, group, state="gathered")["subnet_groups"] == created["subnet_groups"]
    assert run(cloud, group, state="absent")["changed"]
    assert not run(cloud, group, state="absent")["changed"]


def test_planned_subnets_are_named_to_nobody(cloud, group):
    wish = {**group, "subnet_ids": [planned.ec2_id("subnet", one) for one in "ab"]}
    assert run(cloud, wish, check_mode=True)["subnet_groups"][NAME]["subnet_ids"] == wish["subnet_ids"]
    assert cloud.operations == ["DescribeDBSubnetGroups"]


def test_fields_change_in_place(cloud, group, subnet_ids):
    run(cloud, group)
    for change, fields in (
        ({"description": "Other"}, ["description"]),
        ({"description": "Other", "subnet_ids": subnet_ids}, ["subnet_ids"]),
        ({"description": "Third", "subnet_ids": subnet_ids[:2]}, ["description", "subnet_ids"]),
        ({"description": "Third", "subnet_ids": subnet_ids[:2], "tags": {"Tier": "data"}}, ["tags"]),
    ):
        wish = {**group, **change}
        assert run(cloud, wish, check_mode=True)["actions"][0]["fields"] == fields and cloud.mutations == []
        assert run(cloud, wish)["actions"][0]["fields"] == fields
        assert not run(cloud, {**wish, "subnet_ids": wish["subnet_ids"][::-1]})["changed"]
    assert described(cloud)["DBSubnetGroupDescription"] == "Third"
    assert [one["SubnetIdentifier"] for one in described(cloud)["Subnets"]] == subnet_ids[:2]


def test_what_is_not_given_is_left_alone(cloud, group):
    run(cloud, group)
    assert not run(cloud, {"name": NAME, "subnet_ids": group["subnet_ids"]}, tags=None)["changed"]
    run(cloud, {"name": "plain", "subnet_ids": group["subnet_ids"]}, tags=None)
    assert described(cloud, "plain")["DBSubnetGroupDescription"] == "plain"


def test_what_the_inventory_no_longer_names_is_deleted_on_request(cloud, group):
    run(cloud, group, {**group, "name": "old"})
    arn = described(cloud, "old")["DBSubnetGroupArn"]  # moto does not know groups as something with tags
    tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
    found = {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": tags}]}
    cloud.answer("GetResources", lambda params: found)
    deleted = run(cloud, group, undeclared="delete")
    assert cloud.parameters("GetResources")[0]["ResourceTypeFilters"] == ["rds:subgrp"]
    assert [(one["action"], one["name"]) for one in deleted["actions"]] == [("delete", "old")]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_group_of_somebody_else_is_not_touched(cloud, group, state):
    run(cloud, group, tags={**TAGS, "Environment": "other"})
    failed = fail(cloud, group, state=state)
    assert f"DB subnet group {NAME} belongs to somebody else: it is tagged Environment=other." in failed["msg"]
    assert cloud.mutations == []


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "Upper"}, "DB subnet group Upper has no name that RDS takes. To fix:"),
        ({"name": "two--hyphens"}, "has no name that RDS takes. To fix:"),
        ({"name": "default"}, "has a name that AWS keeps for itself. To fix:"),
        ({"subnet_ids": ["subnet-1", "subnet-1"]}, "has fewer than two subnets. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    wish = {"name": NAME, "subnet_ids": ["subnet-1", "subnet-2"], **change}
    assert message in fail(cloud, wish)["msg"]
    assert cloud.calls == []


def test_a_group_in_use_is_one_clear_message(cloud, group):
    run(cloud, group)
    cloud.fail("DeleteDBSubnetGroup", "InvalidDBSubnetGroupStateFault", "instance x is still using it")
    assert fail(cloud, group, state="absent")["msg"] == (
        f"Could not delete DB subnet group {NAME}: InvalidDBSubnetGroupStateFault: instance x is still using it. "
        "To fix: delete what still uses it, or run teardown again once AWS has let go of it. (region us-east-1)"
    )
