# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ec2_network_acls against moto, and its rules as pure functions."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import acl_rules, planned
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError
from moto.ec2.responses.network_acls import NetworkACLs

TAGS = {"Platform": "dougust", "Environment": "test"}
WEB = {"rule_number": 100, "protocol": "tcp", "port": 443, "cidr": "0.0.0.0/0"}
PING = {"rule_number": 110, "protocol": "icmp", "icmp_type": 8, "cidr": "10.0.0.0/16"}
SIX = {"rule_number": 120, "protocol": "17", "ports": [1024, 65535], "ipv6_cidr": "2001:DB8::/32", "action": "deny"}
OUT = {"rule_number": 100, "cidr": "0.0.0.0/0"}
GIVEN = {key: None for key in ("cidr", "ipv6_cidr", "ports", "port", "icmp_type", "icmp_code")}


@pytest.fixture(autouse=True)
def icmp(monkeypatch):
    """moto 5.2.5 looks for the ICMP type under the wrong name and loses it."""
    get_param = NetworkACLs._get_param

    def get_by_model_name(self, name, *args, **kwargs):
        return get_param(self, name.replace("Icmp.", "IcmpTypeCode."), *args, **kwargs)

    monkeypatch.setattr(NetworkACLs, "_get_param", get_by_model_name)


@pytest.fixture
def params(vpc_id, subnet_ids):
    acls = [
        {"name": "t-public", "ingress": [WEB, PING, SIX], "egress": [OUT], "subnet_ids": subnet_ids[:2]},
        {"name": "t-database", "ingress": [], "egress": [], "subnet_ids": subnet_ids[2:]},
    ]
    return {"vpc_id": vpc_id, "network_acls": acls, "tags": TAGS}


def with_public(params, **fields):
    public, database = params["network_acls"]
    return {**params, "network_acls": [{**public, **fields}, database]}


def changed_fields(result):
    return [(one["name"], one["action"], one["fields"]) for one in result["actions"]]


def acl_of(cloud, subnet_id):
    filters = [{"Name": "association.subnet-id", "Values": [subnet_id]}]
    (acl,) = cloud.client("ec2").describe_network_acls(Filters=filters)["NetworkAcls"]
    return acl


def rule(**fields):
    return {**GIVEN, "rule_number": 1, "protocol": "all", "action": "allow", "cidr": "0.0.0.0/0", **fields}


def test_life_cycle(life_cycle, cloud, params, subnet_ids):
    acls = life_cycle("ec2_network_acls", "network_acls", **params)
    assert acls["t-public"]["ingress"] == [
        {"rule_number": 100, "protocol": "tcp", "action": "allow", "cidr": "0.0.0.0/0", "ports": [443, 443]},
        {
            "rule_number": 110,
            "protocol": "icmp",
            "action": "allow",
            "cidr": "10.0.0.0/16",
            "icmp_type": 8,
            "icmp_code": -1,
        },
        {"rule_number": 120, "protocol": "udp", "action": "deny", "ipv6_cidr": "2001:db8::/32", "ports": [1024, 65535]},
    ]
    assert acls["t-public"]["egress"] == [
        {"rule_number": 100, "protocol": "all", "action": "allow", "cidr": "0.0.0.0/0"}
    ]
    assert acl_of(cloud, subnet_ids[0])["IsDefault"]


def test_the_acls_of_the_vpc_are_read_once(cloud, params):
    cloud.run("ec2_network_acls", **params)
    assert cloud.operations.count("DescribeNetworkAcls") == 1
    cloud.run("ec2_network_acls", **params)
    assert cloud.operations == ["DescribeNetworkAcls"]


def test_a_rule_added_by_hand_is_removed_and_a_changed_one_restored(cloud, params):
    acl_id = cloud.run("ec2_network_acls", **params)["network_acls"]["t-public"]["network_acl_id"]
    hand = {"NetworkAclId": acl_id, "Protocol": "-1", "RuleAction": "allow", "Egress": False, "CidrBlock": "0.0.0.0/0"}
    cloud.client("ec2").create_network_acl_entry(RuleNumber=50, **hand)
    cloud.client("ec2").replace_network_acl_entry(RuleNumber=100, **hand)
    predicted = cloud.run("ec2_network_acls", check_mode=True, **params)
    assert (changed_fields(predicted), cloud.mutations) == ([("t-public", "update", ["ingress"])], [])
    assert changed_fields(cloud.run("ec2_network_acls", **params)) == changed_fields(predicted)
    assert cloud.mutations == ["ReplaceNetworkAclEntry", "DeleteNetworkAclEntry"]
    assert not cloud.run("ec2_network_acls", **params)["changed"]


def test_a_direction_changes_alone(cloud, params):
    cloud.run("ec2_network_acls", **params)
    more = with_public(params, egress=[OUT, {**WEB, "rule_number": 90, "action": "deny"}])
    assert changed_fields(cloud.run("ec2_network_acls", **more)) == [("t-public", "update", ["egress"])]
    (call,) = cloud.parameters("CreateNetworkAclEntry")
    assert (call["Egress"], call["RuleNumber"], call["RuleAction"]) == (True, 90, "deny")


def test_old_rules_go_first_only_where_both_do_not_fit(cloud, params):
    def rules(first, count):
        return [{"rule_number": first + number, "cidr": "0.0.0.0/0"} for number in range(count)]

    cloud.run("ec2_network_acls", **with_public(params, ingress=rules(1, 8)))
    cloud.run("ec2_network_acls", **with_public(params, ingress=rules(101, 12)))
    assert cloud.mutations == ["CreateNetworkAclEntry"] * 12 + ["DeleteNetworkAclEntry"] * 8
    cloud.run("ec2_network_acls", **with_public(params, ingress=rules(201, 12)))
    assert cloud.mutations == ["DeleteNetworkAclEntry"] * 12 + ["CreateNetworkAclEntry"] * 12


def test_subnets_move_and_what_is_not_listed_goes_back_to_the_default(cloud, params, subnet_ids):
    acls = cloud.run("ec2_network_acls", **params)["network_acls"]
    public, database = params["network_acls"]
    moved = {
        **params,
        "network_acls": [{**public, "subnet_ids": subnet_ids[:1]}, {**database, "subnet_ids": subnet_ids[1:2]}],
    }
    result = cloud.run("ec2_network_acls", **moved)
    assert [one[2] for one in changed_fields(result)] == [["subnet_ids"], ["subnet_ids"]]
    assert acl_of(cloud, subnet_ids[0])["NetworkAclId"] == acls["t-public"]["network_acl_id"]
    assert acl_of(cloud, subnet_ids[1])["NetworkAclId"] == acls["t-database"]["network_acl_id"]
    assert acl_of(cloud, subnet_ids[2])["IsDefault"]
    assert not cloud.run("ec2_network_acls", **moved)["changed"]


def test_a_subnet_that_another_acl_of_the_run_took_is_not_sent_back(cloud, params, subnet_ids):
    cloud.run("ec2_network_acls", **params)
    public, database = params["network_acls"]
    taken = {**params, "network_acls": [{**public, "subnet_ids": subnet_ids}, {**database, "subnet_ids": []}]}
    cloud.run("ec2_network_acls", **taken)
    assert cloud.mutations == ["ReplaceNetworkAclAssociation"]
    assert not cloud.run("ec2_network_acls", **taken)["changed"]


def test_what_is_not_given_is_left_alone(cloud, params):
    cloud.run("ec2_network_acls", **params)
    names_only = {**params, "network_acls": [{"name": "t-public"}, {"name": "t-database"}]}
    assert not cloud.run("ec2_network_acls", **names_only)["changed"]


def test_a_subnet_of_another_vpc_is_refused(cloud, params):
    foreign = with_public(params, subnet_ids=["subnet-0123456789abcdef0"])
    failed = cloud.run_failing("ec2_network_acls", **foreign)
    assert f"subnet-0123456789abcdef0 uses no network ACL of {params['vpc_id']}. To fix:" in failed["msg"]


def test_planned_vpc(planned_vpc):
    acl = {"name": "t", "ingress": [WEB], "egress": [OUT], "subnet_ids": [planned.ec2_id("subnet", "t")]}
    acls = planned_vpc("ec2_network_acls", "network_acls", network_acls=[acl])
    assert acls["t"]["ingress"][0]["ports"] == [443, 443]


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({**WEB, "rule_number": 32767}, "Rule 32767: the number has to be from 1 to 32766"),
        ({**WEB, "protocol": "quic"}, "Rule 100: there is no protocol quic. To fix:"),
        ({**WEB, "protocol": "all"}, "Rule 100: protocol all has no ports. To fix:"),
        (
            {"rule_number": 5, "protocol": "tcp", "ports": [9, 1], "cidr": "0.0.0.0/0"},
            "Rule 5: ports [9, 1] is no range",
        ),
        (
            {"rule_number": 5, "protocol": "tcp", "icmp_type": 8, "cidr": "0.0.0.0/0"},
            "Rule 5: protocol tcp has no ICMP",
        ),
        ({"rule_number": 5, "cidr": "2001:db8::/32"}, "Rule 5: cidr 2001:db8::/32 is no CIDR block"),
    ],
)
def test_rules_that_cannot_be_are_refused_before_any_call(cloud, params, wrong, message):
    failed = cloud.run_failing("ec2_network_acls", **with_public(params, ingress=[wrong]))
    assert failed["msg"].startswith("network ACL t-public, ingress: ") and message in failed["msg"]
    assert cloud.calls == []


@pytest.mark.parametrize("wrong", [{"rule_number": 1}, {**OUT, "ipv6_cidr": "::/0"}, {**WEB, "ports": [1, 2]}])
def test_a_rule_has_one_block_and_one_range(cloud, params, wrong):
    cloud.run_failing("ec2_network_acls", **with_public(params, ingress=[wrong]))
    assert cloud.calls == []


def test_a_failed_call_is_one_clear_message(cloud, params):
    cloud.fail("CreateNetworkAclEntry", "NetworkAclEntryLimitExceeded", "The limit has been reached.")
    failed = cloud.run_failing("ec2_network_acls", **params)
    assert "Could not add entry 100 to acl-" in failed["msg"]
    assert "NetworkAclEntryLimitExceeded: The limit has been reached. To fix: ask AWS" in failed["msg"]


# Pure functions


def test_two_rules_of_one_number():
    with pytest.raises(UserError, match="There are two rules 1 in one direction"):
        acl_rules.canonical_rules([rule(), rule(action="deny")])


def test_protocols_have_one_spelling():
    assert [acl_rules.canonical_rule(rule(protocol=one))["protocol"] for one in ("-1", "6", "TCP", "58", "50")] == [
        "all",
        "tcp",
        "tcp",
        "icmpv6",
        "50",
    ]


def test_tcp_without_ports_is_all_ports():
    assert acl_rules.canonical_rule(rule(protocol="tcp"))["ports"] == [0, 65535]


@pytest.mark.parametrize(
    "fields",
    [
        {"protocol": "tcp", "port": 80},
        {"protocol": "icmpv6", "cidr": None, "ipv6_cidr": "::/0", "icmp_type": 1},
        {"protocol": "50", "cidr": "10.0.0.1/8"},
    ],
)
def test_a_rule_comes_back_from_aws_as_it_went(fields):
    written = acl_rules.canonical_rule(rule(**fields))
    described = {"RuleNumber": 1, "Egress": False, **acl_rules.rule_to_aws(written)}
    assert acl_rules.rules_of([described, {**described, "RuleNumber": 32767}], egress=False) == [written]
    assert acl_rules.rules_of([described], egress=True) == []
