# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing what is wanted with what is there."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import compare


@pytest.mark.parametrize(
    "one, other",
    [
        ([1, 2], [2, 1]),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}),
        ([{"b": [2, 1], "a": 1}, {"a": 0}], [{"a": 0}, {"a": 1, "b": [1, 2]}]),
        ({"a", "b"}, ["b", "a"]),
        ((1, 2), [2, 1]),
        ([1, "1", None], [None, 1, "1"]),
    ],
)
def test_order_does_not_count(one, other):
    assert compare.same(one, other)


@pytest.mark.parametrize("one, other", [([1], [1, 1]), ({"a": 1}, {"a": 2}), ("1", 1), (None, []), (False, None)])
def test_anything_else_counts(one, other):
    assert not compare.same(one, other)


def test_fields_that_are_not_wanted_are_not_compared():
    assert compare.difference({"a": 1, "b": 2}, {"a": None}) == {}


def test_a_field_that_is_not_there_yet_changes():
    assert compare.difference({}, {"a": [1]}) == {"a": compare.Change(None, [1])}


def test_wanting_nothing_in_a_list_is_a_wish():
    assert compare.difference({"a": [1]}, {"a": []}) == {"a": compare.Change([1], [])}
    assert compare.difference({"a": True}, {"a": False}) == {"a": compare.Change(True, False)}


def test_a_field_can_have_a_comparison_of_its_own():
    def close(before, after):
        return abs(before - after) < 2

    assert compare.difference({"a": 1, "b": 1}, {"a": 2, "b": 3}, {"a": close, "b": close}) == {"b": (1, 3)}


def test_what_to_add_and_what_to_remove():
    assert compare.split(["a", "b"], ["b", "c"]) == (["c"], ["a"])
    assert compare.split(None, ["a"]) == (["a"], [])
    assert compare.split([{"a": [1, 2]}], [{"a": [2, 1]}]) == ([], [])


@pytest.mark.parametrize(
    "current, wanted, purge, final",
    [
        ({"a": "1"}, None, True, None),
        ({"a": "1"}, {}, True, {}),
        ({"a": "1"}, {}, False, {"a": "1"}),
        ({"a": "1", "b": "2"}, {"b": 3}, True, {"b": "3"}),
        ({"a": "1", "b": "2"}, {"b": "3"}, False, {"a": "1", "b": "3"}),
        (
            {"aws:cloudformation:stack-name": "s", "a": "1"},
            {"b": "2"},
            True,
            {"aws:cloudformation:stack-name": "s", "b": "2"},
        ),
        ({}, {"enabled": True}, True, {"enabled": "True"}),
    ],
)
def test_tags(current, wanted, purge, final):
    assert compare.final_tags(current, wanted, purge) == final


def test_policies_are_compared_by_meaning_and_none_is_not_any():
    policy = {"Statement": [{"Effect": "Allow", "Action": ["b:x", "a:y"], "Resource": "*"}]}
    other = {"Statement": {"Effect": "Allow", "Action": ["a:y", "b:x"], "Resource": ["*"]}}
    assert compare.same_policy(policy, other)
    assert compare.same_policy({}, {}) and compare.same_policy(None, {})
    assert not compare.same_policy({}, policy) and not compare.same_policy(policy, {})
