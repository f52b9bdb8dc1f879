# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only someone who knows AWS would see."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight import conventions, network, rules

REGIONS = ["us-east-1", "us-west-2", "eu-central-1"]
TIERS = [{"name": "public", "internet": "gateway"}, {"name": "private", "internet": "nat"}]
VPC = {"networking_vpc_cidr": "10.0.0.0/16", "networking_availability_zone_count": 2, "networking_tiers": TIERS}


def lines(problems):
    return [problem.line() for problem in problems]


def test_the_regions_of_aws_are_known_without_a_network():
    assert {"us-east-1", "us-west-2", "cn-north-1", "us-gov-west-1"} <= conventions.known_regions()
    assert "aws-global" not in conventions.known_regions()


@pytest.mark.parametrize("said", [True, "true", "yes", "0", False, "{{ somewhere_else }}"])
def test_switches_are_on_or_off(said):
    assert conventions.switch_problems({"prune": said, "prune_data": said}) == []


@pytest.mark.parametrize("said", ["yess", "ture", "", 7, None])
def test_what_decides_about_deletions_is_not_guessed(said):
    problems = conventions.switch_problems({"prune": said, "prune_data": said})
    assert [problem.variable for problem in problems] == ["prune", "prune_data"]


def test_account_ids_have_twelve_digits():
    assert conventions.account_problems({"platform_account_ids": ["123456789012"]}) == []
    assert lines(conventions.account_problems({"platform_account_ids": []})) == [
        "platform_account_ids: it is empty, so no account may be touched."
        " Fix: name the 12 digits of the environment's account."
    ]
    assert lines(conventions.account_problems({"platform_account_ids": ["123456789012", "1234"]})) == [
        "platform_account_ids[1]: '1234' is no account id: it has 12 digits."
        " Fix: copy it from the AWS console, in quotes, because YAML reads unquoted ids as numbers."
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"platform_region": "us-east-1", "platform_regions": ["us-east-1"]}, []),
        (
            {"platform_region": "us-esat-1", "platform_regions": ["us-esat-1"]},
            ["platform_region: 'us-esat-1' is no AWS region. Fix: did you mean us-east-1?."],
        ),
        (
            {"platform_region": "us-west-2", "platform_regions": ["us-east-1"]},
            [
                "platform_region: us-west-2 is not among the regions of this environment (us-east-1)."
                " Fix: change it, or add the region to platform_regions."
            ],
        ),
    ],
)
def test_regions_exist_and_are_the_environments(values, expected):
    assert lines(conventions.region_problems(values, REGIONS))[: len(expected) or None] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ez-tracking-board", None),
        ("Dougust", "platform_name: 'Dougust' is no name: a lower-case letter, then"),
        ("1st", "call it for example st."),
        ("a" * 21, "must have at most 20 characters, single hyphens, and not end in a hyphen"),
        ("abc-", "Fix: call it for example abc."),
    ],
)
def test_names_can_be_part_of_every_aws_name(name, expected):
    found = lines(conventions.name_problems({"platform_name": name, "platform_environment": "production"}))
    assert (not found) if expected is None else expected in found[0]


def test_items_whose_aws_names_are_equal_are_refused():
    items = [{"name": "api"}, {"name": "API"}, {"name": "web"}]
    assert lines(conventions.derived_name_problems("dougust-production", "registry_repositories", items)) == [
        "registry_repositories: api and API would get one and the same name in AWS."
        " Fix: give them names that differ in more than upper and lower case."
    ]


def test_two_hosts_do_not_share_their_names_in_one_account():
    mine = {"platform_prefix": "a-b", "platform_region": "us-east-1", "platform_account_ids": ["1", "2"]}
    others = {
        "a2": {**mine, "platform_account_ids": ["2"]},
        "other-account": {**mine, "platform_account_ids": ["3"]},
        "other-region": {**mine, "platform_region": "us-west-2"},
        "a1": mine,
    }
    assert lines(conventions.neighbour_problems("a1", mine, others)) == [
        "platform_prefix: host a2 has the same prefix a-b in us-east-1 and an account in common."
        " Fix: give one of them another platform_name, environment, region or account."
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, None),
        ({"networking_vpc_cidr": "10.0.0.0/8"}, "networking_vpc_cidr: the VPC 10.0.0.0/8 must be between /16 and /24"),
        ({"networking_vpc_cidr": "8.8.0.0/16"}, "networking_vpc_cidr: 8.8.0.0/16 is not a private network."),
        ({"networking_availability_zone_count": 5}, "networking_availability_zone_count: 5 is not between 1 and 4."),
        ({"networking_availability_zones": ["us-east-1"]}, "'us-east-1' is no availability zone such as us-east-1a"),
        (
            {"networking_availability_zones": ["eu-west-1a"], "platform_region": "us-east-1"},
            "networking_availability_zones: eu-west-1a is not in us-east-1.",
        ),
        (
            {"networking_tiers": [{**TIERS[0], "cidrs": ["10.0.0.0/24"]}]},
            "networking_tiers: tier public names 1 cidrs for 2 availability zones",
        ),
        (
            {"networking_tiers": [{**TIERS[0], "cidrs": ["10.0.0.0/24", "10.0.0.128/25"]}]},
            "networking_tiers: subnets public-a (10.0.0.0/24) and public-b (10.0.0.128/25) overlap.",
        ),
        (
            {"networking_peer_cidrs": [{"name": "shared", "cidr": "10.0.128.0/17"}]},
            "networking_peer_cidrs[shared].cidr: 10.0.128.0/17 overlaps this platform's VPC 10.0.0.0/16",
        ),
        ({"networking_peer_cidrs": [{"name": "shared", "cidr": "10.1.0.0/16"}]}, None),
        ({"networking_peer_cidrs": [{"name": "x", "cidr": "10.1.0.0/33"}]}, "networking_peer_cidrs[x].cidr: "),
    ],
)
def test_the_network_can_exist(change, expected):
    found = lines(network.network_problems({**VPC, **change}))
    assert (found == []) if expected is None else any(expected in line for line in found), found


def rule_lines(direction="ingress", **rule):
    groups = [{"name": "alb", direction: [rule]}, {"name": "app"}]
    return lines(rules.security_group_problems(groups))


@pytest.mark.parametrize(
    "rule",
    [
        {"port": 443, "cidr": "0.0.0.0/0"},
        {"port": 80, "ipv6_cidr": "::/0"},
        {"ports": [1024, 65535], "cidr": "10.0.0.0/16"},
        {"port": 5432, "group": "app"},
        {"protocol": "all", "prefix_list": "pl-1234"},
        {"protocol": "icmp", "cidr": "10.0.0.0/8"},
    ],
)
def test_sound_rules_are_accepted(rule):
    assert rule_lines(**rule) == []


def test_egress_to_the_whole_internet_is_no_problem():
    assert rule_lines("egress", protocol="all", cidr="0.0.0.0/0") == []


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            {"port": 22, "cidr": "0.0.0.0/0"},
            "[alb].ingress[0]: it opens more than tcp 80 and 443 to the whole internet",
        ),
        ({"port": 22, "ipv6_cidr": "0::/0"}, "it opens more than tcp 80 and 443"),
        ({"protocol": "all", "cidr": "0.0.0.0/0"}, "it opens more than tcp 80 and 443"),
        ({"protocol": "udp", "port": 443, "cidr": "0.0.0.0/0"}, "it opens more than tcp 80 and 443"),
        ({"ports": [80, 443], "cidr": "0.0.0.0/0"}, "it opens more than tcp 80 and 443"),
        (
            {"port": 5432, "group": "ap"},
            "ingress[0].group: there is no group ap in security_groups_groups. Fix: did you mean app?",
        ),
        ({"port": 70000, "group": "app"}, "ingress[0].port: a port is a number from 0 to 65535"),
        ({"ports": [1], "group": "app"}, "ingress[0].ports: a port is a number from 0 to 65535"),
        ({"ports": [443, 80], "group": "app"}, "the range 443 to 80 is upside down"),
        ({"group": "app"}, "ingress[0]: it has no port. Fix: give port: 443, or ports: [1024, 65535]"),
        ({"port": 1, "ports": [1, 2], "group": "app"}, "ingress[0]: it has both port and ports"),
        ({"port": 1}, "it names nobody to talk to. Fix: name exactly one of cidr, ipv6_cidr, group, prefix_list."),
        ({"port": 1, "group": "app", "cidr": "10.0.0.0/8"}, "it names cidr, group"),
        ({"port": 1, "cidr": "10.0.0.0/33"}, "ingress[0].cidr: '10.0.0.0/33' does not appear to be"),
        ({"port": 1, "cidr": "2001:db8::/32"}, "2001:db8::/32 is an IPv6 network. Fix: put it in ipv6_cidr."),
        (
            {"protocol": "tpc", "port": 1, "group": "app"},
            "'tpc' is no protocol. Fix: choose one of tcp, udp, icmp, all.",
        ),
    ],
)
def test_unsound_rules_are_refused(rule, expected):
    found = rule_lines(**rule)
    assert any(expected in line for line in found), found


def test_checks_keep_quiet_where_the_spec_has_spoken():
    """A value of the wrong type is a problem already; no check may stumble over it."""
    odd = {"platform_account_ids": "x", "platform_region": 3, "platform_regions": 4, "platform_name": None}
    odd |= {"networking_vpc_cidr": 1, "networking_tiers": [3], "networking_peer_cidrs": ["x"]}
    assert conventions.account_problems(odd) == conventions.name_problems(odd) == []
    assert conventions.region_problems(odd, REGIONS) == network.network_problems(odd) == []
    assert rules.security_group_problems([3, {"name": "a", "ingress": "x", "egress": [3]}]) == []
