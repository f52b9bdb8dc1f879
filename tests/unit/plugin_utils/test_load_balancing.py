# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The items of load balancers, target groups, listeners and their records."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils import load_balancing

BALANCER = {
    "name": "",
    "scheme": "internet-facing",
    "subnet_ids": ["subnet-1", "subnet-2"],
    "security_group_ids": ["sg-1"],
    "access_logs_bucket": "logs",
    "deletion_protection": True,
    "idle_timeout": 60,
    "attributes": {},
}
GROUPS = {"api": "arn:api", "web": "arn:web"}
WANTED = {
    "domains": ["x.org"],
    "certificate_arn": "arn:cert",
    "ssl_policy": "",
    "default_target_group": "web",
    "rules": [{"name": "api", "priority": 10, "paths": ["/api/*"], "target_group": "api"}],
}


def listeners(**changes):
    return load_balancing.listener_items({**WANTED, **changes}, GROUPS)


def test_a_load_balancer_logs_protects_itself_and_drops_invalid_headers():
    (item,) = load_balancing.load_balancer_items(BALANCER, "dougust-production")
    assert item["name"] == "dougust-production"
    assert item["attributes"] == {
        "deletion_protection.enabled": True,
        "idle_timeout.timeout_seconds": 60,
        "routing.http.drop_invalid_header_fields.enabled": True,
        "access_logs.s3.enabled": True,
        "access_logs.s3.bucket": "logs",
        "access_logs.s3.prefix": "load-balancer",
    }


def test_without_a_bucket_there_are_no_logs_and_ones_own_attributes_win():
    changes = {"access_logs_bucket": "", "attributes": {"idle_timeout.timeout_seconds": 300}}
    (item,) = load_balancing.load_balancer_items({**BALANCER, **changes}, "x")
    assert item["attributes"]["access_logs.s3.enabled"] is False
    assert "access_logs.s3.bucket" not in item["attributes"]
    assert item["attributes"]["idle_timeout.timeout_seconds"] == 300


@pytest.mark.parametrize("name, prefix", [("mine", "x"), ("", "p" * 40)])
def test_names_are_as_long_as_aws_allows(name, prefix):
    (item,) = load_balancing.load_balancer_items({**BALANCER, "name": name}, prefix)
    assert len(item["name"]) <= 32 and (not name or item["name"] == name)
    (group,) = load_balancing.target_group_items([{"name": "api", "port": 1}], prefix)
    assert len(group["name"]) <= 32


def test_stickiness_is_on_only_where_it_is_asked_for():
    plain, sticky = load_balancing.target_group_items(
        [{"name": "a", "port": 80}, {"name": "b", "port": 3000, "stickiness_seconds": 60, "health_check_path": "/up"}],
        "x",
    )
    assert plain["attributes"]["stickiness.enabled"] is False and "stickiness.type" not in plain["attributes"]
    assert sticky["attributes"]["stickiness.type"] == "lb_cookie"
    assert sticky["attributes"]["stickiness.lb_cookie.duration_seconds"] == 60
    assert (sticky["health_check"]["path"], sticky["health_check"]["matcher"], sticky["port"]) == ("/up", "200", 3000)


def test_with_a_certificate_443_serves_and_80_leads_there():
    secure, plain = listeners()
    assert (secure["port"], secure["protocol"], secure["certificate_arns"]) == (443, "HTTPS", ["arn:cert"])
    assert secure["default_action"]["forward"]["target_group_arn"] == "arn:web"
    assert secure["default_action"]["forward"]["keep_weights"] is True
    (rule,) = secure["rules"]
    assert rule["conditions"] == {"path_patterns": ["/api/*"]}
    assert rule["action"]["forward"]["target_group_arn"] == "arn:api"
    assert plain["default_action"] == {"redirect": {"protocol": "HTTPS", "port": "443", "status_code": 301}}
    assert plain["rules"] == [] and "ssl_policy" not in secure
    assert listeners(ssl_policy="P")[0]["ssl_policy"] == "P"


@pytest.mark.parametrize("arn", ["", None])
def test_until_the_certificate_is_issued_nothing_is_served_and_every_group_hangs_somewhere(arn):
    (plain,) = listeners(certificate_arn=arn)
    assert plain["default_action"]["fixed_response"]["status_code"] == 503
    assert [rule["action"]["forward"]["target_group_arn"] for rule in plain["rules"]] == ["arn:api", "arn:web"]
    assert [rule["conditions"] for rule in plain["rules"]] == [
        {"host_headers": ["api.invalid"]},
        {"host_headers": ["web.invalid"]},
    ]
    assert len({rule["priority"] for rule in plain["rules"]}) == 2


def test_without_a_domain_80_serves():
    (plain,) = listeners(domains=[], certificate_arn="")
    assert plain["port"] == 80 and len(plain["rules"]) == 1
    assert plain["default_action"]["forward"]["target_group_arn"] == "arn:web"


def test_a_rule_may_ask_for_hosts():
    rule = {"name": "a", "priority": 1, "hosts": ["a.x.org"], "target_group": "api"}
    assert listeners(rules=[rule])[0]["rules"][0]["conditions"] == {"host_headers": ["a.x.org"]}


def test_each_domain_leads_here_by_both_protocols():
    records = load_balancing.alias_records(["x.org"], {"dns_name": "lb", "canonical_zone_id": "Z1"})
    assert [(record["name"], record["type"]) for record in records] == [("x.org", "A"), ("x.org", "AAAA")]
    assert records[0]["alias"] == {"dns_name": "lb", "zone_id": "Z1", "evaluate_target_health": True}


def test_health_is_counted_where_it_was_asked_for():
    groups, items = [{"name": "api"}, {"name": "web"}], [{"name": "x-api"}, {"name": "x-web"}]
    found = {"x-api": {"target_counts": {"healthy": 2, "draining": 1}}, "x-web": {}}
    assert load_balancing.target_health(groups, items, found) == {"api": {"healthy": 2, "unhealthy": 0}}
