# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values against argument specs."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import first_of_each, report
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.validate import option_problems
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import WIRED

GROUPS = {
    "type": "list",
    "elements": "dict",
    "options": {
        "name": {"type": "str", "required": True},
        "port": {"type": "int"},
        "ports": {"type": "list", "elements": "int"},
        "protocol": {"type": "str", "choices": ["tcp", "udp"]},
        "password": {"type": "str", "no_log": True},
    },
}


def lines(spec, value, name="x_y"):
    return [problem.line() for problem in option_problems(name, spec, value)]


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({}, "text"),
        ({"type": "int"}, 3),
        ({"type": "float"}, 3),
        ({"type": "bool"}, False),
        ({"type": "raw"}, 3),
        ({"type": "str"}, None),
        ({"type": "dict"}, {"free": 1}),
        ({"type": "list", "elements": "str"}, []),
        (GROUPS, [{"name": "a", "port": 80}, {"name": "b", "protocol": "udp"}]),
        (GROUPS, [{"name": "a", "port": WIRED}, WIRED]),
        (GROUPS, WIRED),
    ],
)
def test_what_fits_is_accepted(spec, value):
    assert lines(spec, value) == []


@pytest.mark.parametrize(
    ("spec", "value", "expected"),
    [
        (
            {"type": "list", "elements": "str"},
            [123456789012],
            "x_y[0]: it must be text and is a number (123456789012). Fix: put it in quotes: YAML reads it unquoted as"
            " a number, and leading zeros, final zeros or colons are lost.",
        ),
        ({"type": "str"}, 15.10, "x_y: it must be text and is a number (15.1). Fix: put it in quotes"),
        ({"type": "str"}, True, "x_y: it must be text and is a boolean (True). Fix: put it in quotes"),
        ({"type": "str"}, datetime.date(2026, 11, 21), "x_y: it must be text and is a date. Fix: put it in quotes"),
        ({"type": "str"}, ["a"], "x_y: it must be text and is a list. Fix: write it as text."),
        ({"type": "int"}, True, "x_y: it must be a whole number and is a boolean (True)"),
        ({"type": "int"}, "3", "x_y: it must be a whole number and is text (3). Fix: write the number without quotes"),
        ({"type": "bool"}, "false", "(on the command line: -e '{\"x_y\": true}')"),
        (
            {"type": "list", "elements": "str"},
            "a,b",
            "x_y: it must be a list and is text (a,b). Fix: write it as a list",
        ),
        ({"type": "list", "elements": "str"}, ["a", None], "x_y[1]: it is null, and a value is required."),
        ({"type": "dict"}, "a=b", "x_y: it must be a mapping and is text (a=b)."),
        ({"type": "str", "required": True}, None, "x_y: it is null, and a value is required. Fix: set it"),
        (
            {"type": "str", "choices": ["single", "per_zone"]},
            "per-zone",
            "x_y: it is none of its choices (per-zone). Fix: did you mean per_zone? Choose one of single, per_zone.",
        ),
        (GROUPS, [{"port": 80}], "x_y[0].name: it is required and missing. Fix: set it."),
        (GROUPS, [{"name": "a", "prot": "tcp"}], "x_y[a].prot: there is no such key. Fix: did you mean port?"),
        (GROUPS, [{"name": "a", "to HTTPS": None}], "put the text before it in quotes if it has a comma"),
        (GROUPS, [{"name": "a", "ports": [1, "2"]}], "x_y[a].ports[1]: it must be a whole number and is text (2)."),
        (
            GROUPS,
            [{"name": "a"}, {"name": "a"}],
            "x_y: more than one item is named a. Fix: give each item a name of its own.",
        ),
    ],
)
def test_what_does_not_fit_is_refused(spec, value, expected):
    assert any(expected in line for line in lines(spec, value)), lines(spec, value)


def test_ansibles_own_validation_adds_relations():
    spec = {"type": "dict", "options": {"a": {}, "b": {}}, "mutually_exclusive": [["a", "b"]]}
    assert lines(spec, {"a": "1", "b": "2"}) == [
        "x_y: parameters are mutually exclusive: a|b found in x_y. Fix: compare it with the role's README."
    ]


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({"type": "str", "no_log": True}, 271828182845),
        ({"type": "str", "no_log": True, "choices": ["a"]}, "271828182845"),
        (GROUPS, [{"name": "a", "password": 271828182845}]),
        ({"type": "int", "no_log": True}, "271828182845"),
        ({"type": "bits", "no_log": True}, "271828182845 x"),
    ],
)
def test_secrets_are_never_shown(spec, value):
    found = lines(spec, value)
    assert found
    assert "271828182845" not in " ".join(found)


def test_a_host_has_one_message_with_one_line_a_variable():
    problems = option_problems("b", {"type": "int"}, "x") + option_problems("a", {"type": "int"}, "y")
    problems += option_problems("a", {"type": "bool"}, "y")
    text = report("dougust-production", first_of_each(problems))
    assert text.splitlines()[0] == "dougust-production: preflight found 2 problems, nothing was started."
    assert [line.split(":")[0].strip() for line in text.splitlines()[1:]] == ["b", "a"]
