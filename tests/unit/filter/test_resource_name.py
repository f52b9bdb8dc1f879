# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of AWS resources."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.groundwork.aws.plugins.filter.filters import FilterModule
from ansible_collections.groundwork.aws.plugins.plugin_utils.names import clashing_names

resource_name = FilterModule().filters()["resource_name"]


@pytest.mark.parametrize(
    ("prefix", "part", "limit", "expected"),
    [
        ("dougust-production", "alb", 32, "dougust-production-alb"),
        ("a" * 28, "alb", 32, "a" * 28 + "-alb"),
        ("ez-tracking-board-production", "backend-blue", 32, "ez-tracking-board-product-0df0c3"),
    ],
)
def test_a_name_fits(prefix, part, limit, expected):
    assert resource_name(prefix, part, limit=limit) == expected
    assert len(expected) <= limit


def test_the_head_never_ends_in_a_hyphen():
    name = resource_name("abcdefghijklmnopqrstuvwx", "y-backend", limit=32)
    assert "--" not in name and len(name) <= 32
    assert name.startswith("abcdefghijklmnopqrstuvwx-")


def test_long_names_with_one_head_stay_different():
    names = {resource_name("ez-tracking-board-production", f"backend-{colour}", 32) for colour in ("blue", "green")}
    assert len(names) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("", "alb"), "the prefix of a resource name must be a string that is not empty, got ''"),
        (("dougust", None), "the part of a resource name must be a string that is not empty, got None"),
        (("dougust", "alb", 7), "the limit of a resource name must be a number from 8, got 7"),
        (("dougust", "alb", True), "the limit of a resource name must be a number from 8, got True"),
    ],
)
def test_nonsense_is_refused(arguments, message):
    with pytest.raises(AnsibleFilterError, match="groundwork.aws.resource_name") as error:
        resource_name(*arguments)
    assert message in str(error.value)


def test_names_that_differ_in_case_alone_clash():
    assert clashing_names("p", ["api", "API", "web"], 32) == [["api", "API"]]
    assert clashing_names("p", ["api", "web"], 32) == []
