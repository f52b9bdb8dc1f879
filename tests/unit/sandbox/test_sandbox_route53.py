# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route 53: zones, records, and what a batch of changes must not do."""

import pytest


@pytest.fixture
def route53(sandbox):
    """Route 53."""
    return sandbox.client("route53")


@pytest.fixture
def zone(route53):
    """The id of a zone."""
    return route53.create_hosted_zone(Name="Example.com", CallerReference="one")["HostedZone"]["Id"]


def record(name, kind="A", *values, **more):
    """A record."""
    return {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value} for value in values], **more}


def alias(name, target, zone_id="Z215JYRZR1TBD5", **more):
    """An alias, of a load balancer if nothing else is said."""
    found = {"HostedZoneId": zone_id, "DNSName": target, "EvaluateTargetHealth": True}
    return {"Name": name, "Type": "A", "AliasTarget": found, **more}


def change(route53, zone, *pairs):
    """The answer to changes, given as pairs of an action and a record."""
    changes = [{"Action": action, "ResourceRecordSet": item} for action, item in pairs]
    return route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def names(route53, zone, **more):
    """(name, type) of the records of a zone."""
    found = route53.list_resource_record_sets(HostedZoneId=zone, **more)["ResourceRecordSets"]
    return [(item["Name"], item["Type"]) for item in found]


def test_zones(route53, zone, refused):
    found = route53.get_hosted_zone(Id=zone)
    servers = found["DelegationSet"]["NameServers"]
    assert found["HostedZone"]["Name"] == "example.com." and len(set(servers)) == 4
    other = route53.create_hosted_zone(Name="example.com", CallerReference="two")
    assert other["DelegationSet"]["NameServers"] != servers
    (served,) = route53.list_resource_record_sets(HostedZoneId=zone, MaxItems="1")["ResourceRecordSets"]
    assert [item["Value"] for item in served["ResourceRecords"]] == [f"{server}." for server in servers]
    again = {"Name": "example.org", "CallerReference": "one"}
    assert refused(route53.create_hosted_zone, **again) == "HostedZoneAlreadyExists"
    assert refused(route53.create_hosted_zone, Name="a..b", CallerReference="x") == "InvalidDomainName"
    assert refused(route53.get_hosted_zone, Id="ZMISSING") == "NoSuchHostedZone"


def test_zones_by_name(route53, zone):
    for name in ("b.example.com", "example.org"):
        route53.create_hosted_zone(Name=name, CallerReference=name)
    found = route53.list_hosted_zones_by_name(DNSName="b.example.com", MaxItems="1")
    assert [item["Name"] for item in found["HostedZones"]] == ["b.example.com."]
    assert found["IsTruncated"] and found["NextDNSName"] == "example.org."
    everything = route53.list_hosted_zones_by_name()["HostedZones"]
    assert [item["Name"] for item in everything] == ["example.com.", "b.example.com.", "example.org."]
    assert everything[0]["ResourceRecordSetCount"] == 2


def test_zone_with_records_stays(route53, zone, refused):
    change(route53, zone, ("CREATE", record("a.example.com", "NS", "ns.example.net")))
    assert refused(route53.delete_hosted_zone, Id=zone) == "HostedZoneNotEmpty"
    change(route53, zone, ("DELETE", record("a.example.com", "NS", "ns.example.net")))
    route53.delete_hosted_zone(Id=zone)
    assert route53.list_hosted_zones()["HostedZones"] == []


def test_changes_take_effect(sandbox, route53, zone, refused):
    sandbox.delays(dns_change=600)
    slow = change(route53, zone, ("UPSERT", record("a.example.com", "A", "192.0.2.1")))["ChangeInfo"]
    assert slow["Status"] == route53.get_change(Id=slow["Id"])["ChangeInfo"]["Status"] == "PENDING"
    sandbox.delays(dns_change=0)
    fast = change(route53, zone, ("UPSERT", record("a.example.com", "A", "192.0.2.2")))["ChangeInfo"]
    assert fast["Status"] == "PENDING" and fast["Id"] != slow["Id"]
    assert route53.get_change(Id=fast["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    assert refused(route53.get_change, Id="CMISSING") == "NoSuchChange"


def test_records_read_back(route53, zone):
    change(
        route53, zone,
        ("CREATE", record("*.Example.com", "CNAME", "Target.example.net")),
        ("CREATE", record("example.com", "TXT", '"v=spf1 -all"', '"more"')),
        ("CREATE", alias("www.example.com", "LB.eu-central-1.elb.amazonaws.com")),
    )  # fmt: skip
    found = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    by_name = {(item["Name"], item["Type"]): item for item in found}
    assert by_name[("\\052.example.com.", "CNAME")]["ResourceRecords"] == [{"Value": "Target.example.net"}]
    assert len(by_name[("example.com.", "TXT")]["ResourceRecords"]) == 2
    target = by_name[("www.example.com.", "A")]["AliasTarget"]
    assert target["DNSName"] == "lb.eu-central-1.elb.amazonaws.com." and target["EvaluateTargetHealth"] is True
    assert route53.get_hosted_zone(Id=zone)["HostedZone"]["ResourceRecordSetCount"] == 5


def test_pages(route53, zone):
    change(route53, zone, *(("CREATE", record(f"{letter}.example.com", "A", "192.0.2.1")) for letter in "abc"))
    first = route53.list_resource_record_sets(HostedZoneId=zone, MaxItems="3")
    assert first["IsTruncated"] and (first["NextRecordName"], first["NextRecordType"]) == ("b.example.com.", "A")
    assert names(route53, zone, StartRecordName="b.example.com") == [("b.example.com.", "A"), ("c.example.com.", "A")]
    pages = route53.get_paginator("list_resource_record_sets").paginate(
        HostedZoneId=zone, PaginationConfig={"PageSize": 2}
    )
    assert sum(len(page["ResourceRecordSets"]) for page in pages) == 5


A = record("a.example.com", "A", "192.0.2.1")
C = record("c.example.com", "CNAME", "x.example.net")
WRONG = [
    ([("CREATE", A)], "InvalidChangeBatch"),
    ([("DELETE", record("missing.example.com", "A", "192.0.2.1"))], "InvalidChangeBatch"),
    ([("DELETE", record("a.example.com", "A", "192.0.2.9"))], "InvalidChangeBatch"),
    ([("DELETE", {**A, "TTL": 61})], "InvalidChangeBatch"),
    ([("CREATE", record("a.example.org", "A", "192.0.2.1"))], "InvalidChangeBatch"),
    ([("CREATE", record("badexample.com", "A", "192.0.2.1"))], "InvalidChangeBatch"),
    ([("CREATE", record("a.example.com", "CNAME", "x.example.net"))], "InvalidChangeBatch"),
    ([("CREATE", record("c.example.com", "A", "192.0.2.1"))], "InvalidChangeBatch"),
    ([("CREATE", record("example.com", "CNAME", "x.example.net"))], "InvalidChangeBatch"),
    ([("CREATE", record("d.example.com", "CNAME", "x.example.net", "y.example.net"))], "InvalidChangeBatch"),
    ([("CREATE", record("d.example.com", "TXT", "unquoted"))], "InvalidChangeBatch"),
    ([("CREATE", record("d.example.com", "A", "192.0.2"))], "InvalidChangeBatch"),
    ([("CREATE", {"Name": "d.example.com", "Type": "A"})], "InvalidInput"),
    ([("CREATE", alias("d.example.com", "x.example.net", TTL=60))], "InvalidInput"),
    ([("UPSERT", A), ("UPSERT", A)], "InvalidChangeBatch"),
]


@pytest.mark.parametrize("wrong, code", WRONG)
def test_refused_as_a_whole(route53, zone, refused, wrong, code):
    change(route53, zone, ("CREATE", A), ("CREATE", C))
    before = names(route53, zone)
    good = ("CREATE", record("new.example.com", "A", "192.0.2.1"))
    with pytest.raises(route53.exceptions.ClientError) as error:
        change(route53, zone, good, *wrong)
    assert error.value.response["Error"]["Code"] == code
    assert names(route53, zone) == before


def test_apex_records_and_aliases_in_the_zone(route53, zone):
    (served,) = route53.list_resource_record_sets(HostedZoneId=zone, MaxItems="1")["ResourceRecordSets"]
    own = zone.removeprefix("/hostedzone/")
    for wrong in (("DELETE", served), ("CREATE", alias("b.example.com", "a.example.com", own))):
        with pytest.raises(route53.exceptions.InvalidChangeBatch):
            change(route53, zone, wrong)
    change(route53, zone, ("CREATE", A), ("CREATE", alias("b.example.com", "a.example.com", own)))
    change(route53, zone, ("DELETE", A), ("CREATE", C), ("DELETE", alias("b.example.com", "a.example.com", own)))
    assert ("c.example.com.", "CNAME") in names(route53, zone)


def test_weighted(route53, zone):
    for number in "12":
        more = {"SetIdentifier": number, "Weight": 10}
        change(route53, zone, ("UPSERT", record("w.example.com", "A", f"192.0.2.{number}", **more)))
    change(route53, zone, ("DELETE", record("w.example.com", "A", "192.0.2.1", SetIdentifier="1", Weight=10)))
    (left,) = route53.list_resource_record_sets(HostedZoneId=zone, StartRecordName="w.example.com")[
        "ResourceRecordSets"
    ]
    assert left["SetIdentifier"] == "2"
    with pytest.raises(route53.exceptions.InvalidChangeBatch):
        change(route53, zone, ("CREATE", record("w.example.com", "A", "192.0.2.3")))


def test_tags(route53, zone, refused):
    number = zone.removeprefix("/hostedzone/")
    kind = {"ResourceType": "hostedzone"}
    route53.change_tags_for_resource(**kind, ResourceId=number, AddTags=[{"Key": "a", "Value": "b"}])
    (found,) = route53.list_tags_for_resources(**kind, ResourceIds=[number])["ResourceTagSets"]
    assert found["Tags"] == [{"Key": "a", "Value": "b"}]
    assert refused(route53.list_tags_for_resources, **kind, ResourceIds=[number] * 11) == "InvalidInput"
    assert refused(route53.list_tags_for_resource, **kind, ResourceId="ZMISSING") == "NoSuchHostedZone"


def test_a_vpc_of_another_account(sandbox, route53, ec2, refused):
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    number = {"HostedZoneId": route53.create_hosted_zone(
        Name="internal", CallerReference="one", VPC={"VPCRegion": "eu-central-1", "VPCId": vpc}
    )["HostedZone"]["Id"]}  # fmt: skip
    theirs = sandbox.client("ec2", account="222222222222").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    seen = number | {"VPC": {"VPCRegion": "eu-central-1", "VPCId": theirs}}
    other = sandbox.client("route53", account="222222222222")
    assert refused(other.associate_vpc_with_hosted_zone, **seen) == "NotAuthorizedException"
    route53.create_vpc_association_authorization(**seen)
    other.associate_vpc_with_hosted_zone(**seen)
    assert [item["VPCId"] for item in route53.get_hosted_zone(Id=number["HostedZoneId"])["VPCs"]] == [vpc, theirs]


def test_health_checks_of_alarms_have_no_observations(route53, refused):
    config = {"Type": "CALCULATED", "HealthThreshold": 0}
    made = route53.create_health_check(CallerReference="one", HealthCheckConfig=config)["HealthCheck"]
    assert refused(route53.get_health_check_status, HealthCheckId=made["Id"]) == "InvalidInput"
    route53.delete_health_check(HealthCheckId=made["Id"])
    again = {"CallerReference": "one", "HealthCheckConfig": config}
    assert refused(route53.create_health_check, **again) == "HealthCheckAlreadyExists"
