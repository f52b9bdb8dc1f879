# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions and rules as AWS answers them, where moto answers otherwise."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import elbv2_actions, elbv2_rules

BLUE, GREEN, OTHER = ("arn:blue", "arn:green", "arn:other")
FORWARD = {"forward": {"target_groups": [{"arn": BLUE, "weight": 1}], "stickiness_seconds": 0}}


def tuples(*groups):
    return [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in groups]


def given(*groups, keep_weights=True):
    listed = [{"arn": arn, "weight": weight} for arn, weight in groups]
    forward = {"target_group_arn": None, "target_groups": listed, "stickiness_seconds": 0, "keep_weights": keep_weights}
    return {"forward": forward}


def live(*groups):
    return {"forward": {"target_groups": [{"arn": arn, "weight": weight} for arn, weight in groups]}}


@pytest.mark.parametrize(
    "action",
    [
        {"Type": "forward", "TargetGroupArn": BLUE},
        {
            "Type": "forward",
            "TargetGroupArn": BLUE,
            "ForwardConfig": {
                "TargetGroups": tuples((BLUE, 1)),
                "TargetGroupStickinessConfig": {"Enabled": False, "DurationSeconds": 3600},
            },
        },
    ],
)
def test_one_target_group_is_the_same_however_aws_says_it(action):
    assert elbv2_actions.from_aws([action]) == FORWARD


def test_what_no_item_can_ask_for_differs_from_all_of_them():
    oidc = {"Type": "authenticate-oidc", "AuthenticateOidcConfig": {}}
    assert elbv2_actions.from_aws([oidc, {"Type": "forward", "TargetGroupArn": BLUE}]) == {
        "other": ["authenticate-oidc", "forward"]
    }
    assert elbv2_actions.from_aws([oidc]) == {"other": ["authenticate-oidc"]}


@pytest.mark.parametrize(
    "action",
    [
        FORWARD,
        {
            "forward": {
                "target_groups": [{"arn": BLUE, "weight": 9}, {"arn": GREEN, "weight": 0}],
                "stickiness_seconds": 9,
            }
        },
        {"fixed_response": {"status_code": 503, "content_type": "text/html", "body": "Later"}},
        {
            "redirect": {
                "protocol": "HTTPS",
                "port": "443",
                "host": "#{host}",
                "path": "/#{path}",
                "query": "#{query}",
                "status_code": 302,
            }
        },
    ],
)
def test_what_is_sent_is_what_comes_back(action):
    assert elbv2_actions.from_aws(elbv2_actions.to_aws(action)) == action


def test_one_target_group_is_sent_as_network_load_balancers_know_it():
    assert elbv2_actions.to_aws(FORWARD) == [{"Type": "forward", "TargetGroupArn": BLUE}]


def test_defaults_that_aws_leaves_out():
    redirect = {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", "Port": "8443"}}
    assert elbv2_actions.from_aws([redirect])["redirect"]["path"] == "/#{path}"
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
    assert elbv2_actions.from_aws([fixed])["fixed_response"]["content_type"] == "text/plain"


@pytest.mark.parametrize(
    "now, result",
    [
        (None, [(BLUE, 100), (GREEN, 0)]),
        ({"redirect": {}}, [(BLUE, 100), (GREEN, 0)]),
        (live((BLUE, 0), (GREEN, 100)), [(BLUE, 0), (GREEN, 100)]),
        (live((GREEN, 1)), [(GREEN, 1)]),
        (live((OTHER, 1)), [(BLUE, 100), (GREEN, 0)]),
        (live((OTHER, 1), (GREEN, 5)), [(BLUE, 0), (GREEN, 5)]),
        (live((OTHER, 1), (GREEN, 0)), [(BLUE, 100), (GREEN, 0)]),
    ],
)
def test_releases_own_the_weights(now, result):
    groups = elbv2_actions.wanted(given((BLUE, 100), (GREEN, 0)), now)["forward"]["target_groups"]
    assert [(group["arn"], group["weight"]) for group in groups] == result


def test_without_keep_weights_the_inventory_owns_them():
    action = elbv2_actions.wanted(given((BLUE, 1), keep_weights=False), live((GREEN, 1)))
    assert action == FORWARD


def test_conditions_that_no_item_can_ask_for_are_seen():
    described = {
        "RuleArn": "arn:rule",
        "Priority": "7",
        "Conditions": [
            {"Field": "path-pattern", "RegexValues": ["^/a"], "PathPatternConfig": {"RegexValues": ["^/a"]}},
            {"Field": "host-header", "Values": ["a.example.com"]},
        ],
        "Actions": [{"Type": "forward", "TargetGroupArn": BLUE}],
    }
    rule = elbv2_rules.from_aws(described, {"Name": "seven"})
    assert (rule["name"], rule["priority"]) == ("seven", 7)
    assert rule["conditions"] == [
        {"field": "path-pattern", "values": [], "regex_values": ["^/a"]},
        {"field": "host-header", "values": ["a.example.com"]},
    ]


def test_pairs_prefer_both_then_the_name_then_the_priority():
    now = [{"name": name, "priority": priority} for name, priority in (("a", 1), ("b", 2), ("", 3), ("x", 4))]
    wanted = [{"name": name, "priority": priority} for name, priority in (("b", 1), ("a", 2), ("c", 3), ("d", 5))]
    pairs = [
        (rule["name"], found and (found["name"], found["priority"])) for rule, found in elbv2_rules.pair(wanted, now)
    ]
    assert pairs == [("b", ("b", 2)), ("a", ("a", 1)), ("c", ("", 3)), ("d", None)]
