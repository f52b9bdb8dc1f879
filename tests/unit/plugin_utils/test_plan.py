# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a plan is made of, and how it reads."""

from __future__ import annotations

from ansible_collections.groundwork.aws.plugins.plugin_utils import plan

SUBNET = {"service": "ec2", "type": "subnet", "name": "a", "action": "create", "fields": []}


def change(**changes):
    return {"platform": "dougust-test", **SUBNET, **changes}


def test_our_modules_speak_for_themselves():
    assert plan.actions("groundwork.aws.ec2_subnets", {"changed": True, "actions": [SUBNET]}) == [SUBNET]
    assert plan.actions("groundwork.aws.ec2_subnets", {"changed": False, "actions": []}) == []


def test_a_silent_aws_module_is_listed_all_the_same():
    result = {"changed": True, "invocation": {"module_args": {"state": "absent", "name": "q", "timeout": 3}}}
    (action,) = plan.actions("community.aws.sqs_queue", result)
    assert action == {"service": "sqs", "type": "queue", "name": "q", "action": "delete", "fields": []}


def test_what_changes_no_aws_resource_is_not_listed():
    assert plan.actions("ansible.builtin.set_fact", {"changed": True}) == []


def test_a_resource_is_listed_once_with_all_its_fields():
    content = plan.plan([change(action="update", fields=["b"]), change(action="update", fields=["a"])], [])
    assert [entry["fields"] for entry in content["changes"]] == [["a", "b"]]
    assert (content["counts"], content["complete"]) == ({"update": 1}, True)


def test_equal_names_on_two_platforms_are_two_resources():
    assert len(plan.plan([change(), change(platform="acme-test")], [])["changes"]) == 2


def test_the_summary_names_platform_resource_and_fields():
    lines = plan.summary(plan.plan([change(), change(name="b", action="update", fields=["tags"])], []))
    assert lines == [
        "dougust-test:",
        "  + ec2 subnet a",
        "  ~ ec2 subnet b: tags",
        "A converge would create 1, update 1.",
    ]


def test_an_incomplete_plan_never_says_that_nothing_changes():
    assert plan.summary(plan.plan([], ["dougust-test"])) == [
        "dougust-test: the prediction failed, so its plan is incomplete"
    ]
    assert "Nothing to change" in plan.summary(plan.plan([], []))[0]


def test_what_is_no_longer_declared_is_told_beside_the_changes():
    entry = {"service": "s3", "type": "bucket", "name": "dougust-exports", "action": "undeclared"}
    (found,) = plan.undeclared({"undeclared": [entry]})
    content = plan.plan([], [], [{"platform": "dougust-test", **found}])
    assert (content["changes"], [one["name"] for one in content["undeclared"]]) == ([], ["dougust-exports"])
    assert "  ? s3 bucket dougust-exports (dougust-test)" in plan.summary(content)
    assert "prune" in plan.summary(content)[-1]
    assert plan.undeclared({"changed": True}) == []
