# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way in: load balancer, domains, certificates."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight import edge

EDGE = [
    (
        "load_balancer_domains",
        [],
        "load_balancer_domains: it is empty, and a platform with platform_deletion_protection "
        "must not serve plain HTTP",
    ),
    (
        "load_balancer_domains",
        ["api.other.com"],
        "load_balancer_domains[0]: api.other.com is not inside the zone dougust.com",
    ),
    (
        "load_balancer_domains",
        ["api.dougust.com", "www.dougust.com"],
        "load_balancer_domains[1]: the certificate load-balancer is for api.dougust.com, not for "
        "www.dougust.com. Fix: add www.dougust.com to "
        "certificates_certificates[load-balancer].alternative_domains.",
    ),
    (
        "certificates_certificates",
        {"name": "main"},
        "load_balancer_certificate_arn: there is no load-balancer in certificates_certificates",
    ),
    (
        "certificates_certificates",
        {"alternative_domains": ["a.b"]},
        "certificates_certificates[load-balancer].alternative_domains[0]: a.b is not inside the zone",
    ),
    (
        "certificates_certificates",
        {"domain": "api dougust"},
        "certificates_certificates[load-balancer].domain: 'api dougust' is no domain",
    ),
    (
        "certificates_certificates",
        {"domain": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.dougust.com"},
        "the first domain of a certificate has at most 64 characters",
    ),
    ("dns_zone", "dougust", "dns_zone: 'dougust' is no domain"),
    (
        "load_balancer_target_groups",
        {"health_check_timeout": 30},
        "health_check_timeout: 30 is not less than health_check_interval 30",
    ),
    ("load_balancer_target_groups", {"health_check_path": "health"}, "health_check_path: 'health' is no path"),
    ("load_balancer_target_groups", {"health_check_matcher": "2xx"}, "health_check_matcher: '2xx' are no status codes"),
    ("load_balancer_rules", {"paths": []}, "load_balancer_rules[static]: it has 0 values in its conditions"),
    ("load_balancer_rules", {"hosts": ["api"]}, "load_balancer_rules[static]: it has a host without a dot"),
    (
        "load_balancer_rules",
        [
            {"name": "a", "priority": 1, "paths": ["/"], "target_group": "api"},
            {"name": "b", "priority": 1, "paths": ["/"], "target_group": "api"},
        ],
        "load_balancer_rules[b].priority: 1 is the priority of load_balancer_rules[a] too",
    ),
    (
        "buckets_buckets",
        {"purpose": "private"},
        "buckets_buckets[access-logs].purpose: the load balancer writes its access logs there",
    ),
    ("networking_availability_zone_count", 1, "networking_availability_zone_count: RDS, a load balancer needs two"),
    ("networking_availability_zones", ["us-east-1a"], "networking_availability_zones: RDS, a load balancer needs two"),
]


@pytest.mark.parametrize(("option", "change", "expected"), EDGE)
def test_what_would_fail_later_is_refused(refused, option, change, expected):
    refused(option, change, expected)


def test_a_wildcard_covers_one_label(platform, lines):
    wildcard = {"domain": "*.dougust.com"}
    assert lines(platform(certificates_certificates=wildcard)) == []
    assert lines(platform(certificates_certificates=wildcard, load_balancer_domains=["a.b.dougust.com"])) != []


def test_a_certificate_of_ones_own_needs_no_other(platform, lines):
    own = {"load_balancer_certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/x"}
    assert lines(platform(without=["certificates"], raw=own, **own)) == []
    expected = "load_balancer_domains: the load balancer has no certificate for its domains"
    assert any(expected in line for line in lines(platform(without=["certificates"])))
    none = {"load_balancer_certificate_arn": ""}
    assert any(expected in line for line in lines(platform(raw=none, **none)))


def test_one_zone_is_enough_in_a_vpc_that_exists(platform, lines):
    one = {"networking_availability_zone_count": 1}
    assert lines(platform(**one)) != []
    assert lines(platform(**one, networking_existing_vpc_id="vpc-1")) == []


def test_a_platform_that_is_not_protected_is_only_warned(platform, lines):
    subject = platform(platform_deletion_protection=False, load_balancer_domains=[], dns_zone="")
    assert lines(subject) == []
    assert edge.warnings_of(subject) == [
        "load_balancer_domains: it is empty, so the load balancer serves plain HTTP by its own name.",
        "certificates_certificates: there is no dns_zone, so somebody has to write the validation records elsewhere;"
        " until then there is no HTTPS.",
    ]
