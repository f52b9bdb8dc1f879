# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inputs that are wired from other roles' outputs, and variables that belong to nobody."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.roles import owner
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.unknown import (
    bad_patterns,
    tag_problems,
    unknown_variables,
)
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import (
    OMITTED,
    WIRED,
    Reference,
    holds_wired,
    order_problems,
    references,
    references_in_error,
    resolve,
)

OPTIONS = {"security": ["security_level"], "security_groups": ["security_groups_groups", "security_groups_tags"]}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("networking_outputs", set()),
        ("{{ platform_prefix }}", set()),
        ("{{ networking_outputs.vpc_id }}", {Reference("networking")}),
        ("{{ security_groups_outputs['ids'].app }}", {Reference("security_groups")}),
        ({"a": [{"b": "{{ cache_outputs.url | default(omit) }}"}]}, {Reference("cache", optional=True)}),
        (["{{ a_outputs }}", "{% if b_outputs %}x{% endif %}"], {Reference("a"), Reference("b")}),
    ],
)
def test_references_are_found_anywhere(raw, expected):
    assert references(raw) == expected


def test_an_error_names_the_outputs_that_were_missing():
    assert references_in_error("'networking_outputs' is undefined") == {Reference("networking")}
    assert references_in_error("'nonsense' is undefined") == frozenset()


def test_only_the_wired_part_of_a_value_waits():
    raw = [{"name": "a", "id": "{{ x_outputs.id }}", "gone": "{{ omit }}"}, {"name": "b"}]

    def render(value):
        return OMITTED if value == "{{ omit }}" else value

    value = resolve(raw, render)
    assert value == [{"name": "a", "id": WIRED}, {"name": "b"}]
    assert holds_wired(value) and not holds_wired(value[1])


@pytest.mark.parametrize(
    ("producer", "roles", "expected"),
    [
        (Reference("networking"), ["networking", "registry"], []),
        (Reference("preflight"), ["registry"], []),
        (Reference("cache", optional=True), ["registry"], []),
        (
            Reference("networking"),
            ["registry"],
            [
                "registry_x: it is wired to networking_outputs, and role networking is not among the roles of this"
                " platform. Fix: add networking before registry to platform_capabilities, or set the variable itself."
            ],
        ),
        (
            Reference("networking"),
            ["registry", "networking"],
            [
                "registry_x: it is wired to networking_outputs, and role networking does not run before role registry."
                " Fix: move networking before registry in platform_capabilities."
            ],
        ),
    ],
)
def test_a_producer_runs_before_its_consumer(producer, roles, expected):
    assert [problem.line() for problem in order_problems("registry_x", "registry", {producer}, roles)] == expected


def test_the_longest_prefix_owns_a_variable():
    assert owner("security_groups_groups", OPTIONS) == "security_groups"
    assert owner("security_level", OPTIONS) == "security"
    assert owner("securityx", OPTIONS) is None


def unknown(*variables, allowed=()):
    return [problem.line() for problem in unknown_variables(variables, OPTIONS, allowed)]


def test_a_slip_of_the_pen_is_refused_with_the_nearest_name():
    assert unknown("security_groups_gruops") == [
        "security_groups_gruops: it begins with security_groups_ and is no variable of security_groups."
        " Fix: did you mean security_groups_groups? Otherwise remove it, or name it in preflight_allow_unknown."
    ]


def test_an_internal_variable_cannot_come_from_outside():
    assert unknown("security_groups__state") == [
        "security_groups__state: it is an internal variable of role security_groups and cannot be set. Fix: remove it."
    ]


def test_what_is_known_allowed_or_nobodys_is_left_alone():
    assert unknown("security_groups_groups", "security_outputs", "security_groups_outputs", "other_x") == []
    assert (
        unknown("security_groups_a", "security_groups_b1", allowed=["security_groups_a", "security_groups_b.*"]) == []
    )
    assert unknown("security_groups_ab", allowed=["security_groups_a"]) != []


def test_a_broken_pattern_is_refused():
    assert "'a(' is no regular expression" in bad_patterns("preflight_allow_unknown", ["a("])[0].line()


def test_a_misspelt_tag_is_refused_with_the_nearest_one():
    assert tag_problems(["all", "networking", "never"], ["networking", "registry"]) == []
    lines = [problem.line() for problem in tag_problems(["netwroking", "x"], ["networking", "registry"])]
    assert lines == [
        "tag netwroking: nothing has it, so this run would do nothing. Fix: did you mean networking.",
        "tag x: nothing has it, so this run would do nothing. Fix: the tags are networking, registry.",
    ]
