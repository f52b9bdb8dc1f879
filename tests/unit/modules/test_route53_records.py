# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""route53_records against moto: one batch a run, compared as DNS reads names and values."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned

MODULE = "route53_records"
ALIAS = {
    "name": "api.example.com",
    "type": "A",
    "alias": {"dns_name": "lb-1.us-east-1.elb.amazonaws.com", "zone_id": "Z35SXDOTRQ7X7K"},
}
PROOF = {"name": "_d9.api.example.com", "type": "CNAME", "values": ["_c9.acm-validations.aws"], "ttl": 60}
TEXT = {"name": "example.com", "type": "TXT", "values": ["v=spf1 -all", "other"]}
RECORDS = [ALIAS, PROOF, TEXT]


@pytest.fixture
def zone_id(cloud):
    zone = cloud.client("route53").create_hosted_zone(Name="example.com", CallerReference="test")["HostedZone"]
    return zone["Id"][12:]


@pytest.fixture(autouse=True)
def changes_settle(cloud):
    """Let changes be pending once, which moto never says."""
    answers = [{"ChangeInfo": {"Id": "C1", "Status": status}} for status in ("PENDING", "INSYNC")]
    cloud.answer("GetChange", lambda params: answers.pop(0), times=2)


@pytest.fixture
def run(cloud, zone_id):
    def go(*records, **params):
        return cloud.run(MODULE, **{"zone_id": zone_id, "records": list(records) or RECORDS, **params})

    return go


@pytest.fixture
def fail(cloud, zone_id):
    def go(*records, **params):
        return cloud.run_failing(MODULE, **{"zone_id": zone_id, "records": list(records) or RECORDS, **params})

    return go


def records(cloud, zone_id):
    found = cloud.client("route53").list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    return {(one["Name"], one["Type"]): one for one in found if one["Type"] not in ("NS", "SOA")}


def write(cloud, zone_id, **record):
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    cloud.client("route53").change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=batch)


def test_check_mode_in_a_planned_zone_asks_nothing(cloud):
    zone_id = planned.zone_id("example.com")
    alias = {**ALIAS["alias"], "dns_name": planned.elb_host("lb", "us-east-1")}
    result = cloud.run(MODULE, check_mode=True, zone_id=zone_id, records=[{**ALIAS, "alias": alias}, TEXT])
    assert list(result["records"]) == ["api.example.com A", "example.com TXT"]
    assert result["records"]["example.com TXT"]["values"] == ['"v=spf1 -all"', '"other"']
    assert [action["name"] for action in result["actions"]] == ["api.example.com A", "example.com TXT"]
    assert cloud.calls == []
    assert "planned id" in cloud.run_failing(MODULE, zone_id=zone_id, records=RECORDS)["msg"]


def test_create_in_one_batch_then_nothing_to_do(cloud, zone_id, run):
    created = run()
    assert [action["action"] for action in created["actions"]] == ["create"] * 3
    assert cloud.mutations == ["ChangeResourceRecordSets"]
    assert cloud.operations.count("GetChange") == 2
    found = records(cloud, zone_id)
    assert found["api.example.com.", "A"]["AliasTarget"]["EvaluateTargetHealth"] is False
    assert found["_d9.api.example.com.", "CNAME"]["TTL"] == 60
    assert {one["Value"] for one in found["example.com.", "TXT"]["ResourceRecords"]} == {'"v=spf1 -all"', '"other"'}
    for check_mode in (False, True):
        again = run(check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
        assert again["records"] == created["records"]


def test_only_what_differs_is_sent(cloud, zone_id, run):
    run()
    changed = run(ALIAS, {**PROOF, "values": ["_c8.acm-validations.aws"]}, {**TEXT, "ttl": 600}, wait=False)
    assert [action["fields"] for action in changed["actions"]] == [["values"], ["ttl"]]
    assert "GetChange" not in cloud.operations
    (call,) = cloud.parameters("ChangeResourceRecordSets")
    sent = [(one["Action"], one["ResourceRecordSet"]["Type"]) for one in call["ChangeBatch"]["Changes"]]
    assert sent == [("UPSERT", "CNAME"), ("UPSERT", "TXT")]
    assert changed["records"]["_d9.api.example.com CNAME"]["values"] == ["_c8.acm-validations.aws"]
    assert records(cloud, zone_id)["example.com.", "TXT"]["TTL"] == 600


def test_spelling_and_order_do_not_count(cloud, run):
    run()
    alias = {**ALIAS["alias"], "dns_name": "LB-1.us-east-1.elb.amazonaws.com."}
    again = run(
        {**ALIAS, "name": "API.example.com.", "alias": alias},
        {**PROOF, "values": ["_C9.acm-validations.aws."]},
        {**TEXT, "values": ['"other"', '"v=spf1" " -all"']},
    )
    assert (again["changed"], cloud.mutations) == (False, [])


def test_wildcards_are_found_again(cloud, zone_id, run):
    star = {"name": "*.example.com", "type": "A", "values": ["203.0.113.1"]}
    run(star)
    cloud.adjust("ListResourceRecordSets", escape)
    assert not run(star)["changed"]
    assert list(run(star, state="gathered")["records"]) == ["*.example.com A"]


def escape(answer):
    for one in answer["ResourceRecordSets"]:
        one["Name"] = one["Name"].replace("*", r"\052")


def test_an_alias_becomes_values_and_back(cloud, zone_id, run):
    values = {"name": ALIAS["name"], "type": "A", "values": ["203.0.113.1"]}
    run(ALIAS, wait=False)
    changed = run(values, wait=False)
    assert changed["actions"][0]["fields"] == ["ttl", "values"]
    assert "alias" not in changed["records"]["api.example.com A"]
    assert "AliasTarget" not in records(cloud, zone_id)["api.example.com.", "A"]
    assert run(ALIAS, wait=False)["actions"][0]["fields"] == ["alias"]
    assert not run(ALIAS)["changed"]


def test_what_somebody_changed_is_put_back(cloud, zone_id, run):
    run(PROOF)
    write(cloud, zone_id, Name=PROOF["name"], Type="CNAME", TTL=5, ResourceRecords=[{"Value": "elsewhere.example.com"}])
    assert run(PROOF, wait=False)["actions"][0]["fields"] == ["ttl", "values"]
    assert not run(PROOF)["changed"]


def test_a_failed_batch_changes_nothing(cloud, zone_id, fail):
    cloud.fail("ChangeResourceRecordSets", "InvalidChangeBatch", "not permitted in zone example.org")
    failed = fail()
    assert failed["msg"] == (
        f"Could not change 3 records of hosted zone {zone_id}: InvalidChangeBatch: not permitted in zone example.org "
        "(region us-east-1)"
    )
    assert (failed["changed"], failed["actions"]) == (False, [])


def test_delete_exactly_the_named_and_delete_again(cloud, zone_id, run):
    run(wait=False)
    write(cloud, zone_id, Name="other.example.com", Type="A", TTL=5, ResourceRecords=[{"Value": "203.0.113.1"}])
    predicted = run(state="absent", check_mode=True)
    assert ([action["action"] for action in predicted["actions"]], cloud.mutations) == (["delete"] * 3, [])
    deleted = run(state="absent")
    assert (deleted["actions"], deleted["records"]) == (predicted["actions"], {})
    assert cloud.mutations == ["ChangeResourceRecordSets"] and cloud.operations.count("GetChange") == 2
    assert list(records(cloud, zone_id)) == [("other.example.com.", "A")]
    assert not run(state="absent")["changed"]


def test_records_of_a_zone_that_is_gone_are_gone(cloud, run):
    cloud.fail("ListResourceRecordSets", "NoSuchHostedZone")
    assert not run(state="absent")["changed"]


def test_without_a_zone_nothing_can_be_written(cloud):
    assert cloud.run(MODULE, records=RECORDS, state="absent")["records"] == {}
    assert "zone_id is not known: its role has not run yet." in cloud.run_failing(MODULE, records=RECORDS)["msg"]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_records_with_a_routing_policy_are_refused(cloud, zone_id, fail, state):
    write(
        cloud,
        zone_id,
        Name="api.example.com",
        Type="A",
        TTL=5,
        SetIdentifier="blue",
        Weight=1,
        ResourceRecords=[{"Value": "203.0.113.1"}],
    )
    failed = fail(ALIAS, state=state)
    assert (
        "record api.example.com A is one of several with a routing policy (blue). Nothing was changed." in failed["msg"]
    )
    assert cloud.mutations == []


def test_gathered_reads(cloud, run):
    assert run(state="gathered")["records"] == {}
    created = run()
    assert run(state="gathered")["records"] == created["records"]


def test_a_change_that_takes_too_long_says_so(cloud, zone_id, fail):
    cloud.heal()
    cloud.answer("GetChange", lambda params: {"ChangeInfo": {"Id": "C1", "Status": "PENDING"}})
    failed = fail(wait_timeout=10)
    expected = f"Could not see the records of hosted zone {zone_id} at all name servers within 10 seconds"
    assert expected in failed["msg"] and failed["changed"]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "api"}, "record api CNAME is no name of a host. To fix:"),
        ({"values": []}, "has nothing to answer. To fix:"),
        ({"ttl": -1}, "has a ttl of -1. To fix:"),
        ({"values": ["a.example.com", "b.example.com"]}, "has several values. To fix:"),
        ({"type": "A"}, "has _c9.acm-validations.aws as a value. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, fail, change, message):
    assert message in fail({**PROOF, **change})["msg"]
    assert cloud.calls == []
    assert "is listed twice" in fail(PROOF, {**PROOF, "name": "_D9.api.example.com."})["msg"]
