# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the way in: load balancer, domains, certificates."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.groundwork.aws.plugins.module_utils import dns, elbv2_rules
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.items import (
    Item,
    Platform,
    flaw_problem,
    inner,
    is_number,
    missing,
)
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, listed
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.references import wires
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import holds_wired

DOMAINS = "load_balancer_domains"
CERTIFICATES = "certificates_certificates"
CERTIFICATE_ARN = "load_balancer_certificate_arn"
LOGS_BUCKET = "load_balancer_access_logs_bucket"
# The first domain becomes the certificate's common name, which X.509 keeps to 64 characters.
LONGEST_COMMON_NAME = 64
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html: 200 to 499 for HTTP.
CODE = r"[2-4]\d\d"
MATCHER = re.compile(rf"{CODE}(-{CODE})?(,{CODE}(-{CODE})?)*")
INTERVAL, TIMEOUT = 30, 5
# An action that no check finds anything wrong with.
FORWARD = {"forward": {"target_group_arn": "arn", "target_groups": None, "stickiness_seconds": 0, "keep_weights": True}}
ZONES = "networking_availability_zone_count"
TWO_ZONES = {"database": "RDS", "load_balancer": "a load balancer"}


def covers(pattern: str, domain: str) -> bool:
    """Tell whether a certificate's domain is good for another; a wildcard stands for one label."""
    pattern, domain = dns.normal_name(pattern), dns.normal_name(domain)
    return pattern == domain or (pattern.startswith("*.") and domain.partition(".")[2] == pattern[2:])


def is_inside(domain: str, zone: str) -> bool:
    """Tell whether a domain can be a record of a zone."""
    domain, zone = dns.normal_name(domain), dns.normal_name(zone)
    return domain == zone or domain.endswith(f".{zone}")


def names_of(certificate: Item) -> list[str]:
    """Return the domains of a certificate."""
    names = [certificate.get("domain"), *inner(certificate, "alternative_domains")]
    return [name for name in names if isinstance(name, str)]


def all_domains(platform: Platform) -> list[tuple[str, str]]:
    """Return the domains of a platform, each with where it is."""
    served = platform.known(DOMAINS, [])
    found = [(f"{DOMAINS}[{index}]", name) for index, name in enumerate(served) if isinstance(name, str)]
    for path, certificate in platform.items(CERTIFICATES):
        places = [f"{path}.domain"] + [f"{path}.alternative_domains[{index}]" for index in range(100)]
        found += list(zip(places, names_of(certificate)))
    return found


def domain_problems(platform: Platform) -> list[Problem]:
    """Refuse what is no domain, and domains that the platform's zone cannot hold."""
    zone = platform.known("dns_zone", "") if "dns" in platform.roles else ""
    problems = []
    if zone and not dns.is_name(dns.normal_name(zone)):
        return [Problem("dns_zone", f"{zone!r} is no domain", "write it as example.com")]
    for path, name in all_domains(platform):
        if not dns.is_name(dns.normal_name(name)):
            problems.append(Problem(path, f"{name!r} is no domain", "write it as api.example.com"))
        elif zone and not is_inside(name, zone):
            wrong = f"{name} is not inside the zone {zone}, which cannot have its records"
            problems.append(Problem(path, wrong, f"use a name such as api.{zone}, or correct dns_zone"))
        elif path.endswith(".domain") and len(name) > LONGEST_COMMON_NAME:
            wrong = f"the first domain of a certificate has at most {LONGEST_COMMON_NAME} characters"
            problems.append(Problem(path, wrong, "name a shorter one first, and this one in alternative_domains"))
    return problems


def certificate_problems(platform: Platform) -> list[Problem]:
    """Refuse domains that the load balancer's certificate does not cover: browsers would refuse them."""
    served = [name for name in platform.known(DOMAINS, []) if isinstance(name, str)]
    wired = [wire.name for wire in wires(platform.raw.get(CERTIFICATE_ARN)) if wire.option == CERTIFICATES]
    if not served or (not wired and platform.values.get(CERTIFICATE_ARN) != ""):
        return []
    if not wired or "certificates" not in platform.roles:
        fix = f"add certificates to platform_capabilities, or set {CERTIFICATE_ARN}"
        return [Problem(DOMAINS, "the load balancer has no certificate for its domains", fix)]
    names = platform.names(CERTIFICATES)
    if names is None:
        return []
    if wired[0] not in names:
        return [missing(CERTIFICATE_ARN, wired[0], CERTIFICATES, names)]
    path, certificate = platform.items(CERTIFICATES)[names.index(wired[0])]
    problems = []
    for index, name in enumerate(served):
        if not holds_wired(certificate) and not any(covers(pattern, name) for pattern in names_of(certificate)):
            wrong = f"the certificate {wired[0]} is for {listed(names_of(certificate))}, not for {name}"
            problems.append(Problem(f"{DOMAINS}[{index}]", wrong, f"add {name} to {path}.alternative_domains"))
    return problems


def plain_http_problems(platform: Platform) -> list[Problem]:
    """Refuse a protected platform that would serve plain HTTP."""
    if "load_balancer" not in platform.roles or platform.values.get(DOMAINS) != []:
        return []
    if platform.known("platform_deletion_protection") is not True:
        return []
    wrong = "it is empty, and a platform with platform_deletion_protection must not serve plain HTTP"
    return [Problem(DOMAINS, wrong, "name its domain, and a certificate for it")]


def health_check_problems(path: str, group: Item) -> list[Problem]:
    """Refuse health checks that AWS would."""
    problems = []
    interval, timeout = group.get("health_check_interval", INTERVAL), group.get("health_check_timeout", TIMEOUT)
    if is_number(interval) and is_number(timeout) and timeout >= interval:
        wrong = f"{timeout} is not less than health_check_interval {interval}"
        problems.append(Problem(f"{path}.health_check_timeout", wrong, "shorten it, or lengthen the interval"))
    asked, matcher = group.get("health_check_path"), group.get("health_check_matcher")
    if isinstance(asked, str) and not re.fullmatch(r"/\S{0,1023}", asked):
        problems.append(Problem(f"{path}.health_check_path", f"{asked!r} is no path", "write one such as /api/health"))
    if isinstance(matcher, str) and not MATCHER.fullmatch(matcher):
        wrong = f"{matcher!r} are no status codes"
        fix = "write 200, 200,204 or 200-299, from 200 to 499"
        problems.append(Problem(f"{path}.health_check_matcher", wrong, fix))
    return problems


def rule_problems(platform: Platform) -> list[Problem]:
    """Refuse rules that AWS would, and two of one priority."""
    problems = []
    seen: dict[int, str] = {}
    for path, rule in platform.items("load_balancer_rules"):
        if holds_wired(rule):
            continue
        if seen.setdefault(rule["priority"], path) != path:
            wrong = f"{rule['priority']} is the priority of {seen[rule['priority']]} too"
            problems.append(Problem(f"{path}.priority", wrong, "give each a priority of its own"))
        conditions = dict.fromkeys(elbv2_rules.CONDITIONS)
        conditions.update(host_headers=rule.get("hosts") or None, path_patterns=rule.get("paths") or None)
        # Its priority has been looked at.
        item = {"name": rule["name"], "priority": 1, "conditions": conditions, "action": FORWARD}
        flaw = elbv2_rules.flaw([item], "HTTP").removeprefix(f"rule {rule['name']} ")
        problems += flaw_problem(path, flaw)
    return problems


def load_balancer_problems(platform: Platform) -> list[Problem]:
    """Refuse a load balancer without anything behind it, and target groups that AWS would refuse."""
    if "load_balancer" not in platform.roles:
        return []
    problems = []
    if platform.values.get("load_balancer_default_target_group") == "":
        wrong = "it is empty, and requests that no rule is about would have nowhere to go"
        fix = "name one of load_balancer_target_groups"
        problems.append(Problem("load_balancer_default_target_group", wrong, fix))
    for path, group in platform.items("load_balancer_target_groups"):
        problems += health_check_problems(path, group)
    return problems + rule_problems(platform) + logs_problems(platform)


def logs_problems(platform: Platform) -> list[Problem]:
    """Refuse a bucket for access logs that load balancers may not write to."""
    wired = [wire.name for wire in wires(platform.raw.get(LOGS_BUCKET)) if wire.option == "buckets_buckets"]
    for path, bucket in platform.items("buckets_buckets"):
        if bucket.get("name") in wired and bucket.get("purpose", "private") == "private":
            wrong = "the load balancer writes its access logs there and may not write to a private bucket"
            return [Problem(f"{path}.purpose", wrong, "set load_balancer_logs")]
    return []


def zone_count_problems(platform: Platform) -> list[Problem]:
    """Refuse one zone for what AWS makes in two or more only."""
    zones = platform.known("networking_availability_zones", [])
    users = [words for role, words in TWO_ZONES.items() if role in platform.roles]
    count = len(zones) or platform.known(ZONES)
    if count != 1 or not users or platform.known("networking_existing_vpc_id", ""):
        return []
    return [Problem(ZONES if not zones else "networking_availability_zones", f"{listed(users)} needs two", "choose 2")]


def problems_of(platform: Platform) -> list[Problem]:
    """Return everything that is wrong with the way in."""
    problems = domain_problems(platform) + certificate_problems(platform) + plain_http_problems(platform)
    return problems + load_balancer_problems(platform) + zone_count_problems(platform)


def warnings_of(platform: Platform) -> list[str]:
    """Return what works and is not advisable."""
    warnings = []
    protected: t.Any = platform.known("platform_deletion_protection")
    if "load_balancer" in platform.roles and platform.values.get(DOMAINS) == [] and protected is not True:
        warnings.append(f"{DOMAINS}: it is empty, so the load balancer serves plain HTTP by its own name.")
    zone = platform.known("dns_zone", "") if "dns" in platform.roles else ""
    if "certificates" in platform.roles and platform.items(CERTIFICATES) and not zone:
        warnings.append(
            f"{CERTIFICATES}: there is no dns_zone, so somebody has to write the validation records elsewhere;"
            " until then there is no HTTPS."
        )
    return warnings
