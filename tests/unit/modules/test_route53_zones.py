# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""route53_zones against moto: adopted zones are left alone, created ones are created once and go with their creator."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned
from ansible_collections.groundwork.aws.plugins.modules import route53_zones

MODULE = "route53_zones"
NAME = "example.com"
TAGS = {"Platform": "dougust", "Environment": "test"}
ZONE = {"name": NAME, "create": True, "comment": "Dougust"}


def run(cloud, *zones, **params):
    return cloud.run(MODULE, **{"zones": list(zones) or [ZONE], "tags": TAGS, **params})


def fail(cloud, *zones, **params):
    return cloud.run_failing(MODULE, **{"zones": list(zones) or [ZONE], "tags": TAGS, **params})


def make_zone(cloud, caller_reference="by hand", **params):
    route53 = cloud.client("route53")
    return route53.create_hosted_zone(Name=NAME, CallerReference=caller_reference, **params)["HostedZone"]["Id"][12:]


def zones(cloud):
    return cloud.client("route53").list_hosted_zones()["HostedZones"]


def tags_of(cloud, zone_id):
    found = cloud.client("route53").list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id)
    return {tag["Key"]: tag["Value"] for tag in found["ResourceTagSet"]["Tags"]}


def test_check_mode_on_an_empty_account_predicts_the_zone(cloud):
    result = run(cloud, check_mode=True)
    zone = result["zones"][NAME]
    assert planned.is_planned(zone["zone_id"])
    assert (zone["found"], zone["created_here"], zone["comment"]) == (True, True, "Dougust")
    assert [action["action"] for action in result["actions"]] == ["create"]
    assert cloud.mutations == []


def test_create_then_nothing_to_do(cloud):
    created = run(cloud)
    zone = created["zones"][NAME]
    assert cloud.mutations == ["CreateHostedZone", "ChangeTagsForResource"]
    (found,) = zones(cloud)
    assert (found["Id"], found["Config"]["Comment"]) == (f"/hostedzone/{zone['zone_id']}", "Dougust")
    assert tags_of(cloud, zone["zone_id"]) == TAGS
    assert (len(zone["name_servers"]), zone["created_here"]) == (4, True)
    for check_mode in (False, True):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
        assert again["zones"] == created["zones"]


def test_a_missing_zone_is_created_only_when_asked(cloud):
    for params in ({}, {"check_mode": True}, {"state": "gathered"}, {"state": "gathered", "check_mode": True}):
        result = run(cloud, {"name": NAME}, **params)
        zone = result["zones"][NAME]
        assert (zone["zone_id"], zone["found"], result["changed"], cloud.mutations) == (None, False, False, [])
    assert run(cloud, {"name": NAME}, state="absent")["zones"] == {}
    assert run(cloud, state="gathered")["zones"][NAME]["zone_id"] is None
    assert planned.is_planned(run(cloud, state="gathered", check_mode=True)["zones"])


@pytest.mark.parametrize("create", [False, True])
def test_a_zone_that_is_there_is_adopted_as_it_is(cloud, create):
    zone_id = make_zone(cloud)
    adopted = run(cloud, {**ZONE, "create": create})
    zone = adopted["zones"][NAME]
    assert (zone["zone_id"], zone["found"], zone["created_here"]) == (zone_id, True, False)
    assert (adopted["changed"], len(zone["name_servers"]), tags_of(cloud, zone_id)) == (False, 4, {})
    assert not run(cloud, {**ZONE, "create": create}, state="absent")["changed"]
    assert len(zones(cloud)) == 1


def test_the_zone_of_another_environment_is_left_alone(cloud):
    run(cloud)
    other = {**TAGS, "Environment": "production"}
    assert not run(cloud, {**ZONE, "comment": "Other"}, tags=other)["changed"]
    assert not run(cloud, tags=other, state="absent")["changed"]
    assert not cloud.run(MODULE, zones=[ZONE], state="absent")["changed"]
    # The switch that made it may have been turned since.
    assert run(cloud, {"name": NAME}, state="absent")["changed"]
    assert zones(cloud) == []


@pytest.mark.parametrize(
    "change, field, call",
    [
        ({"comment": "More"}, "comment", "UpdateHostedZoneComment"),
        ({"tags": {"Tier": "dns"}}, "tags", "ChangeTagsForResource"),
    ],
)
def test_fields_change_in_place(cloud, change, field, call):
    run(cloud)
    assert run(cloud, {**ZONE, **change}, check_mode=True)["actions"][0]["fields"] == [field]
    assert cloud.mutations == []
    run(cloud, {**ZONE, **change})
    assert cloud.mutations == [call]
    assert not run(cloud, {**ZONE, **change})["changed"]


def test_what_is_not_given_is_left_alone(cloud):
    run(cloud)
    assert not run(cloud, {"name": NAME})["changed"]


def test_tags_beyond_ten_take_several_calls(cloud):
    many = {f"Tag{number}": "x" for number in range(12)}
    zone_id = run(cloud, {**ZONE, "tags": many})["zones"][NAME]["zone_id"]
    assert cloud.mutations.count("ChangeTagsForResource") == 2
    assert tags_of(cloud, zone_id) == {**TAGS, **many}
    run(cloud)
    assert cloud.mutations == ["ChangeTagsForResource"] * 2
    assert tags_of(cloud, zone_id) == TAGS


def test_a_run_that_was_killed_before_tagging_is_finished(cloud):
    cloud.fail("ChangeTagsForResource", "InternalError")
    assert [action["action"] for action in fail(cloud)["actions"]] == ["create"]
    cloud.heal()
    assert not run(cloud, {"name": NAME})["zones"][NAME]["created_here"]
    finished = run(cloud)
    assert (finished["actions"][0]["fields"], cloud.mutations) == (["tags"], ["ChangeTagsForResource"])
    assert finished["zones"][NAME]["created_here"]


def test_two_runs_at_the_same_time_create_one_zone(cloud):
    zone_id = make_zone(cloud, f"{route53_zones.reference(NAME)}1")
    empty = cloud.client("route53").list_hosted_zones_by_name(DNSName="none.example")
    cloud.answer("ListHostedZonesByName", lambda params: empty, times=1)
    cloud.fail("CreateHostedZone", "HostedZoneAlreadyExists")
    assert run(cloud)["zones"][NAME]["zone_id"] == zone_id
    assert cloud.mutations == ["CreateHostedZone", "UpdateHostedZoneComment", "ChangeTagsForResource"]


def test_a_zone_that_was_deleted_can_come_back(cloud):
    """Route 53 takes each caller reference once, also when its zone is gone."""
    cloud.fail("CreateHostedZone", "HostedZoneAlreadyExists", times=2)
    assert run(cloud)["zones"][NAME]["created_here"]
    references = [params["CallerReference"] for params in cloud.parameters("CreateHostedZone")]
    assert references == [f"{route53_zones.reference(NAME)}{number}" for number in (1, 2, 3)]
    cloud.heal()
    assert not run(cloud)["changed"]
    run(cloud, state="absent")
    cloud.fail("CreateHostedZone", "HostedZoneAlreadyExists")
    assert "has been created and deleted 100 times" in fail(cloud)["msg"]


def test_two_zones_of_one_name_need_an_id(cloud):
    ids = [make_zone(cloud, f"by hand {number}") for number in (1, 2)]
    failed = fail(cloud)
    assert "There are two: hosted zone example.com is" in failed["msg"] and "To fix: name the one" in failed["msg"]
    assert run(cloud, {**ZONE, "zone_id": ids[1]})["zones"][NAME]["zone_id"] == ids[1]


def test_private_zones_do_not_count(cloud, vpc_id):
    private = make_zone(
        cloud, VPC={"VPCRegion": "us-east-1", "VPCId": vpc_id}, HostedZoneConfig={"PrivateZone": True, "Comment": ""}
    )
    assert run(cloud, {"name": NAME})["zones"][NAME]["zone_id"] is None
    assert f"zone_id {private} is a private zone. To fix:" in fail(cloud, {**ZONE, "zone_id": private})["msg"]


def test_an_id_of_another_zone_is_refused(cloud):
    zone_id = make_zone(cloud)
    assert f"zone_id {zone_id} is example.com." in fail(cloud, {"name": "other.example", "zone_id": zone_id})["msg"]
    cloud.fail("GetHostedZone", "NoSuchHostedZone")
    assert "zone_id Z0 is nothing. To fix:" in fail(cloud, {**ZONE, "zone_id": "Z0"})["msg"]
    assert not run(cloud, {**ZONE, "zone_id": "Z0"}, state="absent")["changed"]


def test_delete_and_delete_again(cloud):
    run(cloud)
    assert run(cloud, state="absent", check_mode=True)["actions"][0]["action"] == "delete"
    assert cloud.mutations == []
    assert run(cloud, state="absent")["zones"] == {}
    assert zones(cloud) == []
    assert not run(cloud, state="absent")["changed"]


def test_a_zone_with_records_is_kept(cloud):
    zone_id = run(cloud)["zones"][NAME]["zone_id"]
    record = {"Name": "a.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "203.0.113.1"}]}
    change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    cloud.client("route53").change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=change)
    failed = fail(cloud, state="absent")
    assert "Could not delete hosted zone example.com: HostedZoneNotEmpty: " in failed["msg"]
    assert "To fix: delete its records other than NS and SOA first" in failed["msg"]
    assert len(zones(cloud)) == 1


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "example"}, "is no name of a domain. To fix:"),
        ({"name": "*.example.com"}, "is no name of a domain. To fix:"),
        ({"comment": "x" * 257}, "has too long a comment. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    assert message in fail(cloud, {**ZONE, **change})["msg"]
    assert cloud.calls == []
