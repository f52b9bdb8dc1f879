# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the verbs say about a platform."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils import platform

SERVICE = {
    "arn": "arn:service",
    "status": "ACTIVE",
    "image": "repo@sha256:1",
    "bootstrap": False,
    "task_definition_arn": "arn:x:3",
    "running_count": 2,
    "desired_count": 2,
    "release": {"live_since": "2026-11-21T09:00:00Z", "pending": None},
}
HEALTHY = {
    "dns": {"zone": "x.org", "zone_id": "Z1", "name_servers": ["ns1", "ns2"]},
    "certificates": {"certificates": {"web": {"issued": True, "status": "ISSUED", "validation_records": []}}},
    "secrets": {"without_value": []},
    "database": {"arn": "arn:db", "identifier": "x", "status": "available", "endpoint": "h", "port": 5432},
    "load_balancer": {"arn": "arn:lb", "url": "https://x.org", "dns_name": "lb", "targets": {"api": {"healthy": 2}}},
    "ecs": {"services": {"api": SERVICE}},
    "monitoring": {"alarms_firing": [], "pending_subscriptions": []},
}
PENDING = {
    "issued": False,
    "status": "PENDING_VALIDATION",
    "validation_records": [{"name": "_1.x.org", "type": "CNAME", "value": "_2.acm"}],
}


def changed(capability, **changes):
    return {**HEALTHY, capability: {**HEALTHY[capability], **changes}}


@pytest.mark.parametrize(
    "run_tags, skip_tags, taken, read",
    [
        (["all"], [], ["dns", "ecs", "waf"], []),
        (["dns"], [], ["dns"], ["dns", "ecs", "waf"]),
        (["waf"], [], ["waf"], ["dns", "ecs"]),
        (["ecs", "waf"], [], ["ecs", "waf"], ["dns"]),
        (["all"], ["ecs"], ["dns", "waf"], ["dns", "ecs"]),
        (["tagged"], [], ["dns", "ecs", "waf"], []),
        (["untagged"], [], [], ["dns", "ecs", "waf"]),
        (["all"], ["all"], [], ["dns", "ecs", "waf"]),
    ],
)
def test_what_the_tags_leave(run_tags, skip_tags, taken, read):
    capabilities = ["dns", "ecs", "waf"]
    assert platform.selected(capabilities, run_tags, skip_tags) == taken
    steps = platform.steps_to_read(capabilities, run_tags, skip_tags)
    assert steps == [{"capability": one, "entry": "discover"} for one in read]


def test_steps_that_are_taken():
    class Unrendered(dict):
        """As Ansible hands it over: asking for what is undefined is an error."""

        def get(self, key, default=None):
            raise AssertionError(f"{key} was rendered")

    steps = [
        {"capability": "dns"},
        Unrendered(capability="certificates"),
        {"capability": "ecs", "entry": "settle", "needed": False},
        {"capability": "waf", "entry": "settle", "needed": True},
    ]
    assert platform.steps_to_take(steps, ["waf", "ecs", "dns"]) == [
        {"capability": "dns", "entry": "main"},
        {"capability": "waf", "entry": "settle", "needed": True},
    ]


BOOTSTRAP, NO_SERVICE = {**SERVICE, "bootstrap": True}, {**SERVICE, "arn": None}


@pytest.mark.parametrize(
    "status, managed_by, service, needed",
    [
        ("creating", "module", SERVICE, True),
        ("modifying", "module", SERVICE, True),
        ("available", "module", SERVICE, False),
        ("creating", "module", BOOTSTRAP, False),
        ("creating", "module", NO_SERVICE, False),
        ("creating", "rds", NO_SERVICE, True),
        ("available", "rds", BOOTSTRAP, False),
    ],
)
def test_services_need_the_database_where_a_release_runs_or_rds_makes_the_secret(status, managed_by, service, needed):
    outputs = {"database": {"status": status, "managed_by": managed_by}, "ecs": {"services": {"api": service}}}
    assert platform.services_need_database(outputs) is needed


def test_services_need_no_database_where_there_is_none():
    assert not platform.services_need_database({"database": {}, "ecs": {"services": {"api": SERVICE}}})
    assert not platform.services_need_database({})


def test_a_healthy_platform_says_what_is_live_since_when_and_where():
    status = platform.status(HEALTHY)
    assert (status["healthy"], status["problems"], status["next_steps"]) == (True, [], [])
    assert status["endpoints"] == {"url": "https://x.org", "load_balancer": "lb", "database": "h:5432"}
    assert status["live"]["api"] == {
        "image": "repo@sha256:1",
        "bootstrap": False,
        "task_definition": "arn:x:3",
        "since": "2026-11-21T09:00:00Z",
        "tasks": "2 of 2",
    }
    assert platform.status_lines(status)[0] == "Healthy."
    assert "api: repo@sha256:1, since 2026-11-21T09:00:00Z, 2 of 2 tasks" in platform.status_lines(status)


@pytest.mark.parametrize(
    "outputs, problem",
    [
        (changed("database", status="failed"), "database x: it is failed"),
        (changed("database", arn=None), "database: there is none"),
        (changed("load_balancer", arn=None), "load balancer: there is none"),
        (changed("load_balancer", targets={"api": {"healthy": 1, "unhealthy": 1}}), "target group api: 1 unhealthy"),
        (changed("load_balancer", targets={"api": {"healthy": 0}}), "target group api: none healthy"),
        (changed("ecs", services={"api": {**SERVICE, "arn": None}}), "service api: there is none"),
        (
            changed("ecs", services={"api": {**SERVICE, "running_count": 1, "last_event": "no capacity"}}),
            "service api: 1 of 2 tasks are running (no capacity)",
        ),
        (
            changed("ecs", services={"api": {**SERVICE, "release": {"pending": "x:4"}}}),
            "service api: release x:4 was begun and never finished",
        ),
        (changed("monitoring", alarms_firing=["x-cpu"]), "alarm x-cpu: it is in ALARM"),
    ],
)
def test_what_is_wrong_is_named(outputs, problem):
    status = platform.status(outputs)
    assert (status["healthy"], status["problems"]) == (False, [problem])
    assert platform.status_lines(status)[:2] == ["Not healthy:", f"  {problem}"]


def test_a_platform_without_a_capability_is_not_ill_for_it():
    assert platform.status({"networking": {}}) == {
        "healthy": True,
        "problems": [],
        "endpoints": {},
        "live": {},
        "next_steps": [],
    }


@pytest.mark.parametrize(
    "outputs, words",
    [
        (changed("dns", zone_id=None), "There is no public hosted zone x.org"),
        (changed("certificates", certificates={"web": PENDING}), "Delegate x.org"),
        (changed("certificates", certificates={"web": PENDING}), "NS records ns1, ns2"),
        (changed("certificates", certificates={"web": PENDING}), "HTTPS follows"),
        (
            {"certificates": {"certificates": {"web": PENDING}}},
            "Its validation records belong into your DNS: _1.x.org CNAME _2.acm.",
        ),
        (changed("secrets", without_value=["prod/x/stripe"]), "Secret prod/x/stripe has no value yet"),
        (changed("monitoring", pending_subscriptions=["a@x.org"]), "a@x.org is waiting for its confirmation"),
        (
            changed("ecs", services={"api": {**SERVICE, "bootstrap": True}}),
            "playbooks/deploy.yml -e deploy_service=api",
        ),
    ],
)
def test_what_only_a_person_can_do_is_said(outputs, words):
    assert words in " ".join(platform.next_steps(outputs))


def test_a_delegated_zone_is_not_mentioned():
    assert platform.next_steps(HEALTHY) == []


def test_what_aws_keeps_after_a_teardown_is_said():
    pending = {"name": "n", "deletion_date": "2026-12-01"}
    kept = platform.kept_by_aws(
        {
            "encryption": {"pending_deletion": [{**pending, "key_id": "k"}]},
            "secrets": {"pending_deletion": [pending]},
            "database": {"pending_deletion": [pending], "final_snapshots": ["x-final"]},
            "dns": {"kept": "x.org"},
        }
    )
    assert [one.split()[0] for one in kept] == ["KMS", "Secret", "Secret", "Snapshot", "Hosted"]
    assert platform.kept_by_aws({"registry": {}}) == []
