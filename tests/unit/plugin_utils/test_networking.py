# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a layout to the items of the network modules."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils import networking
from ansible_collections.groundwork.aws.plugins.plugin_utils.subnets import subnet_layout

TIERS = [
    {"name": "public", "internet": "gateway"},
    {"name": "private", "internet": "nat"},
    {"name": "database", "internet": "none"},
]
LAYOUT = subnet_layout("10.0.0.0/16", TIERS, ["us-east-1a", "us-east-1b"])
SUBNETS = {f"p-{subnet['name']}": {"subnet_id": f"subnet-{subnet['name']}"} for subnet in LAYOUT}
NATS = {f"p-nat-{zone}": {"nat_gateway_id": f"nat-{zone}"} for zone in "ab"}


def targets(mode):
    tables = networking.route_tables(LAYOUT, "p", mode, SUBNETS, "igw-1", NATS)
    return {table["name"]: [route["target"] for route in table["routes"]] for table in tables}


def test_no_subnet_hands_out_public_addresses():
    items = networking.subnets(LAYOUT, "p", {"public": {"kubernetes.io/role/elb": "1"}})
    assert not any(item["map_public_ip_on_launch"] for item in items)
    assert items[0]["tags"] == {"Tier": "public", "kubernetes.io/role/elb": "1"}
    assert items[-1]["tags"] == {"Tier": "database"}


@pytest.mark.parametrize("mode, names", [("none", []), ("single", ["p-nat-a"]), ("per_zone", ["p-nat-a", "p-nat-b"])])
def test_gateways_and_their_addresses_share_names(mode, names):
    assert [item["name"] for item in networking.elastic_ips(LAYOUT, "p", mode)] == names
    addresses = {name: {"allocation_id": f"eipalloc-{name}"} for name in names}
    gateways = networking.nat_gateways(LAYOUT, "p", mode, SUBNETS, addresses)
    assert [item["name"] for item in gateways] == names
    assert [item["allocation_id"] for item in gateways] == [f"eipalloc-{name}" for name in names]
    assert all(item["subnet_id"].startswith("subnet-public-") for item in gateways)


def test_a_zone_uses_its_own_nat_gateway():
    assert targets("per_zone") == {
        "p-public-a": ["igw-1"],
        "p-public-b": ["igw-1"],
        "p-private-a": ["nat-a"],
        "p-private-b": ["nat-b"],
        "p-database-a": [],
        "p-database-b": [],
    }


def test_routes_through_what_is_pending_are_left_alone():
    pending = {**NATS, "p-nat-b": {"nat_gateway_id": "nat-b", "state": "pending"}}
    tables = networking.route_tables(LAYOUT, "p", "per_zone", SUBNETS, "igw-1", pending)
    assert [table["name"] for table in tables if "routes" not in table] == ["p-private-b"]
    assert all(table["subnet_ids"] for table in tables)


def test_zones_without_a_nat_gateway_share_the_first():
    assert [targets("single")[f"p-private-{zone}"] for zone in "ab"] == [["nat-a"], ["nat-a"]]
    assert targets("none")["p-private-a"] == []


def test_two_tiers_that_face_the_internet_get_one_nat_gateway_a_zone():
    layout = subnet_layout("10.0.0.0/16", [*TIERS, {"name": "edge", "internet": "gateway"}], ["us-east-1a"])
    assert [place["name"] for place in networking.nat_places(layout, "per_zone")] == ["public-a"]


def test_ids_keep_the_order_of_the_zones_and_leave_out_what_is_missing():
    ids = networking.ids_by_tier(
        LAYOUT, "p", {"p-public-b": {"subnet_id": "2"}, "p-public-a": {"subnet_id": "1"}}, "subnet_id"
    )
    assert ids == {"public": ["1", "2"], "private": [], "database": []}


def test_acls_without_a_tier_are_left_out():
    acls = [{"name": name, "ingress": [], "egress": []} for name in ("public", "gone")]
    items = networking.network_acls(acls, LAYOUT, "p", SUBNETS)
    assert [(item["name"], item["subnet_ids"]) for item in items] == [
        ("p-public", ["subnet-public-a", "subnet-public-b"])
    ]


def test_interface_endpoints_are_called_after_their_service():
    (item,) = networking.interface_endpoints(["ecr.api"], "p", ["subnet-1"], {"g": {"group_id": "sg-1"}})
    assert (item["name"], item["service"], item["security_group_ids"]) == ("p-ecr-api", "ecr.api", ["sg-1"])
