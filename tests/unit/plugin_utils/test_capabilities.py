# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the lists of the roles to the items of their modules."""

from __future__ import annotations

from ansible_collections.groundwork.aws.plugins.plugin_utils import capabilities


def test_a_service_may_use_a_key_for_this_account_only():
    policy = capabilities.key_policy(["logs", "sns"], "123456789012", "eu-west-1", "aws")
    root, logs, sns = policy["Statement"]
    assert root["Principal"] == {"AWS": "arn:aws:iam::123456789012:root"}
    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert "arn:aws:logs:eu-west-1:123456789012:log-group:*" in str(logs["Condition"])
    assert sns["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert all("kms:*" not in statement["Action"] for statement in (logs, sns))


def test_groups_refer_to_each_other_by_their_full_names():
    groups = [
        {"name": "alb", "description": "d", "egress": [{"port": 3000, "group": "app"}]},
        {"name": "app", "description": "d", "ingress": [{"port": 3000, "group": "alb"}, {"port": 1, "group": "sg-1"}]},
    ]
    alb, app = capabilities.security_group_items(groups, "dougust-test")
    assert (alb["name"], alb["ingress"], alb["egress"][0]["group"]) == ("dougust-test-alb", [], "dougust-test-app")
    assert [rule["group"] for rule in app["ingress"]] == ["dougust-test-alb", "sg-1"]


def test_the_rule_for_any_image_comes_last():
    rules = capabilities.lifecycle_policy(10, 7)["rules"]
    assert [(rule["selection"]["tagStatus"], rule["selection"]["countNumber"]) for rule in rules] == [
        ("untagged", 7),
        ("any", 10),
    ]
    assert rules[0]["rulePriority"] < rules[1]["rulePriority"]


def test_exclusions_only_go_with_a_mutability_that_has_them():
    def item(mutability):
        return capabilities.registry_repositories([{"name": "api"}], "p", mutability, ["latest"], "")[0]

    assert item("IMMUTABLE_WITH_EXCLUSION")["tag_mutability_exclusions"] == ["latest"]
    assert item("MUTABLE")["tag_mutability_exclusions"] == []
    assert (item("MUTABLE")["name"], item("MUTABLE")["kms_key_arn"]) == ("p-api", None)


def test_outputs_name_what_is_missing_too():
    items = [{"name": "data"}, {"name": "logs"}]
    resources = {"p-data": {"arn": "arn:data"}}
    names = [{"name": "p-data"}, {"name": "p-logs"}]
    assert capabilities.outputs_by_name(items, resources, "arn", names) == {"data": "arn:data", "logs": None}
