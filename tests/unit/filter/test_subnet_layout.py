# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The subnets of a VPC."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.groundwork.aws.plugins.filter.filters import FilterModule

subnet_layout = FilterModule().filters()["subnet_layout"]

ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]
TIERS = [
    {"name": "public", "internet": "gateway"},
    {"name": "private", "internet": "nat"},
    {"name": "database", "internet": "none"},
]


def cidrs(subnets):
    return {subnet["name"]: subnet["cidr"] for subnet in subnets}


def test_a_16_gives_tiers_of_18_and_subnets_of_20():
    layout = subnet_layout("10.0.0.0/16", TIERS, ZONES[:2])
    assert cidrs(layout) == {
        "public-a": "10.0.0.0/20",
        "public-b": "10.0.16.0/20",
        "private-a": "10.0.64.0/20",
        "private-b": "10.0.80.0/20",
        "database-a": "10.0.128.0/20",
        "database-b": "10.0.144.0/20",
    }
    assert layout[3] == {
        "name": "private-b",
        "tier": "private",
        "zone": "us-east-1b",
        "cidr": "10.0.80.0/20",
        "internet": "nat",
    }


def test_a_zone_or_tier_that_is_appended_moves_nothing():
    before = cidrs(subnet_layout("10.0.0.0/16", TIERS, ZONES[:2])).items()
    more = [*TIERS, {"name": "cache", "internet": "none"}]
    assert before <= cidrs(subnet_layout("10.0.0.0/16", TIERS, ZONES[:3])).items()
    assert before <= cidrs(subnet_layout("10.0.0.0/16", more, ZONES)).items()


def test_more_than_four_tiers_cut_the_vpc_into_eight():
    tiers = [{"name": f"tier{number}", "internet": "none"} for number in range(5)]
    assert cidrs(subnet_layout("10.0.0.0/16", tiers, ZONES[:1]))["tier4-a"] == "10.0.128.0/21"


def test_explicit_cidrs_replace_the_computed_ones_and_leave_neighbours_alone():
    tiers = [TIERS[0], {**TIERS[1], "cidrs": ["10.0.64.0/24", "10.0.65.0/24"]}, TIERS[2]]
    layout = cidrs(subnet_layout("10.0.0.0/16", tiers, ZONES[:2]))
    assert layout["private-b"] == "10.0.65.0/24"
    assert layout["database-a"] == "10.0.128.0/20"


def test_the_smallest_vpc_has_subnets_of_28():
    assert cidrs(subnet_layout("10.0.0.0/24", TIERS, ZONES))["database-d"] == "10.0.0.176/28"


@pytest.mark.parametrize(
    ("vpc", "tiers", "zones", "message"),
    [
        ("10.0.0.0/8", TIERS, ZONES, "the VPC 10.0.0.0/8 must be between /16 and /24"),
        ("10.0.0.0/25", TIERS, ZONES, "the VPC 10.0.0.0/25 must be between /16 and /24"),
        ("10.0.0.1/16", TIERS, ZONES, "the VPC '10.0.0.1/16' is no IPv4 network: 10.0.0.1/16 has host bits set"),
        ("10.0.0.0/24", [*TIERS, *({"name": n, "internet": "none"} for n in "xy")], ZONES, "too small for 5 tiers"),
        ("10.0.0.0/16", [{"name": str(n), "internet": "none"} for n in range(9)], ZONES, "9 tiers are given"),
        ("10.0.0.0/16", TIERS, [*ZONES, "us-east-1e"], "5 availability zones are given, a layout has room for 4"),
        ("10.0.0.0/16", TIERS, [], "no availability zones are given"),
        ("10.0.0.0/16", TIERS, ["us-west-2-lax-1a"], "'us-west-2-lax-1a' is no availability zone such as us-east-1a"),
        ("10.0.0.0/16", TIERS, ["us-east-1a", "us-west-2b"], "are not all in one region"),
        ("10.0.0.0/16", TIERS, ["us-east-1a", "us-east-1a"], "an availability zone is named twice"),
        ("10.0.0.0/16", [], ZONES, "no tiers are given"),
        ("10.0.0.0/16", [{"internet": "nat"}], ZONES, "a tier has no name"),
        ("10.0.0.0/16", [TIERS[0], TIERS[0]], ZONES, "tier public is given twice"),
        ("10.0.0.0/16", [{"name": "a", "internet": "yes"}], ZONES, "tier a has internet 'yes'"),
        (
            "10.0.0.0/16",
            [{**TIERS[0], "cidrs": ["10.0.0.0/24"]}],
            ZONES[:2],
            "tier public names 1 cidrs for 2 availability zones: it needs one for each",
        ),
        (
            "10.0.0.0/16",
            [{**TIERS[0], "cidrs": ["10.1.0.0/24"]}],
            ZONES[:1],
            "subnet 10.1.0.0/24 of tier public is outside the VPC 10.0.0.0/16",
        ),
        (
            "10.0.0.0/16",
            [{**TIERS[0], "cidrs": ["10.0.0.0/29"]}],
            ZONES[:1],
            "must be between /16 and /28",
        ),
        (
            "10.0.0.0/16",
            [{**TIERS[0], "cidrs": ["10.0.64.0/24"]}, TIERS[1]],
            ZONES[:1],
            "subnets private-a (10.0.64.0/20) and public-a (10.0.64.0/24) overlap",
        ),
    ],
)
def test_what_cannot_be_laid_out_is_refused(vpc, tiers, zones, message):
    with pytest.raises(AnsibleFilterError) as error:
        subnet_layout(vpc, tiers, zones)
    assert message in str(error.value)
